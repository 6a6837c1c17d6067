#include <math.h>
#include <stdlib.h>

#include "candidate/number.h"
#include "candidate/report.h"
#include "json_text.h"

static void key(fc_text *out, const char *name) {
  fc_text_printf(out, ",\"%s\":", name);
}

static void number(fc_text *out, const char *name, double value) {
  key(out, name);
  fc_json_number(out, value, 17);
}

static void string(fc_text *out, const char *name, const char *text) {
  key(out, name);
  if (text)
    fc_json_string(out, text);
  else
    fc_text_append(out, "null");
}

static void count(fc_text *out, const char *name, size_t value) {
  fc_text_printf(out, ",\"%s\":%zu", name, value);
}

static void vector(fc_text *out, const char *name, const double *x, size_t d) {
  key(out, name);
  for (size_t k = 0; k < d; k++) {
    fc_text_append(out, k ? "," : "[");
    fc_json_number(out, x[k], 17);
  }
  fc_text_append(out, "]");
}

/* The reference to 40 digits. */
static void exact_vector(fc_text *out, const char *name, mpfr_t *x, size_t d) {
  key(out, name);
  for (size_t k = 0; k < d; k++) {
    char *text = fc_print_mpfr(x[k], 40);
    fc_text_append(out, k ? "," : "[");
    fc_json_string(out, text ? text : "");
    free(text);
  }
  fc_text_append(out, "]");
}

static void worst_points(fc_text *out, const fc_test *t) {
  const fc_errors *c = &t->comparison;
  size_t d = t->spots.d;
  key(out, "worst");
  fc_text_append(out, "[");
  for (size_t n = 0; n < c->worst_count; n++) {
    size_t i = c->worst_points[n];
    fc_text_printf(out, "%s{\"why\":", n ? "," : "");
    fc_json_string(out, t->spots.why[i]);
    number(out, "s", t->spots.s[i]);
    number(out, "t", t->spots.t[i]);
    vector(out, "x", t->spots.x + i * d, d);
    vector(out, "value", t->values + i * d, d);
    exact_vector(out, "reference", t->reference.values + i * d, d);
    number(out, "reference_error", t->reference.error[i]);
    string(out, "basis",
           t->reference.footing[i] == FC_FOOTING_CERTIFIED ? "certified"
                                                           : "mpfr");
    number(out, "error", c->relative[i]);
    number(out, "ulps", c->ulps[i]);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "]");
}

static void times(fc_text *out, const fc_errors *c) {
  key(out, "times");
  fc_text_append(out, "[");
  for (size_t i = 0; i < c->row_count; i++) {
    const fc_row *row = &c->rows[i];
    fc_text_printf(out, "%s{\"points\":%zu", i ? "," : "", row->points);
    number(out, "s", row->s);
    number(out, "t", row->t);
    count(out, "wrong", row->wrong);
    count(out, "silent", row->silent);
    number(out, "error", row->error);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "]");
}

static void diagnosis(fc_text *out, const fc_diagnosis *g) {
  key(out, "diagnosis");
  fc_text_append(out, "[");
  for (size_t i = 0; i < g->count; i++) {
    fc_text_append(out, i ? ",{\"mistake\":" : "{\"mistake\":");
    fc_json_string(out, g->findings[i].mistake);
    string(out, "text", g->findings[i].text);
    count(out, "explained", g->findings[i].explained);
    count(out, "wrong", g->findings[i].wrong);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "]");
}

static const char *kept_name(fc_kept kept) {
  static const char *const names[] = {"not-asked", "kept", "broken", "unknown"};
  return names[kept];
}

static void claims(fc_text *out, const fc_test *t) {
  key(out, "claims");
  fc_text_append(out, "{\"lipschitz\":{\"verdict\":");
  fc_json_string(out, kept_name(t->slope.kept));
  string(out, "why_not", t->slope.why_not);
  string(out, "claim", t->slope.claim);
  number(out, "t", t->slope.t);
  number(out, "x1", t->slope.x0);
  number(out, "slope", t->slope.slope);
  number(out, "doubt", t->slope.doubt);
  number(out, "bound", t->slope.bound);
  count(out, "places", t->slope.places);
  fc_text_append(out, "},\"flow\":{\"verdict\":");
  fc_json_string(out, kept_name(t->law.kept));
  string(out, "why_not", t->law.why_not);
  number(out, "s", t->law.s);
  number(out, "t", t->law.t);
  number(out, "deviation", t->law.deviation);
  number(out, "method", t->law.method);
  number(out, "field", t->law.from_field);
  number(out, "level", t->law.has_levels ? t->law.level : NAN);
  number(out, "level_method", t->law.has_levels ? t->law.level_method : NAN);
  fc_text_append(out, "}}");
}

static void field(fc_text *out, const fc_test *t) {
  const fc_errors *c = &t->comparison;
  count(out, "points", t->spots.count);
  count(out, "right", c->right);
  count(out, "wrong", c->wrong);
  count(out, "silent", c->silent);
  count(out, "no_reference", c->none);
  count(out, "certified", t->reference.certified);
  count(out, "mpfr", t->reference.stated);
  number(out, "error", c->worst);
  number(out, "ulps", c->worst_ulps);
  number(out, "median_error", c->median);
  number(out, "median_ulps", c->median_ulps);
  worst_points(out, t);
  times(out, c);
  diagnosis(out, &t->diagnosis);
  if (t->subject.asked == FC_ASKED_VELOCITY)
    claims(out, t);
}

static void distances(fc_text *out, const fc_distances *all) {
  count(out, "right", all->right);
  count(out, "wrong", all->wrong);
  count(out, "silent", all->silent);
  count(out, "no_reference", all->none);
  fc_text_printf(out, ",\"diagnosis\":[%s],\"pairs\":[",
                 all->squared ? "{\"mistake\":\"squared\",\"text\":\"it is W_2 "
                                "squared\"}"
                              : "");
  for (size_t i = 0; i < all->count; i++) {
    const fc_distance *item = &all->items[i];
    fc_text_append(out, i ? ",{\"why\":" : "{\"why\":");
    fc_json_string(out, item->why);
    count(out, "n", item->n);
    count(out, "m", item->m);
    number(out, "value", item->value);
    number(out, "reference", item->right);
    number(out, "error", item->relative);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "]");
}

static void problems(fc_text *out, const fc_candidate *c) {
  fc_text_printf(out, ",\"problems\":[");
  for (size_t i = 0; i < c->problem_count; i++) {
    const fc_problem *p = &c->problems[i];
    fc_text_printf(out, "%s{\"request\":%ld,\"kind\":\"%s\"", i ? "," : "",
                   p->request, fc_trouble_name(p->trouble));
    string(out, "text", p->text);
    count(out, "points", p->count);
    number(out, "t", p->t);
    number(out, "x1", p->x0);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "]");
}

void fc_test_json(fc_text *out, const fc_test *t) {
  fc_text_append(out, "{\"test\":");
  fc_json_string(out, t->candidate_text);
  string(out, "quantity", fc_asked_name(t->subject.asked));
  string(out, "instance", t->subject.name);
  string(out, "schedule",
         t->subject.schedule ? fc_schedule_label(t->subject.schedule) : NULL);
  string(out, "verdict", fc_test_verdict(t));
  number(out, "rtol", t->rtol);
  number(out, "from", t->subject.from);
  number(out, "to", t->subject.to);
  fc_text_printf(out, ",\"seed\":%llu", (unsigned long long)t->subject.seed);
  if (t->subject.asked == FC_ASKED_W2)
    distances(out, &t->distances);
  else
    field(out, t);
  problems(out, t->candidate);
  string(out, "replay", t->replay);
  fc_text_append(out, "}\n");
}
