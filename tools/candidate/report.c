#include "candidate/report.h"

#include <math.h>
#include <string.h>

#include "candidate/number.h"

static bool is_w2(const fc_test *test) {
  return test->subject.asked == FC_ASKED_W2;
}

const char *fc_test_verdict(const fc_test *test) {
  size_t wrong = is_w2(test) ? test->distances.wrong : test->comparison.wrong;
  size_t right = is_w2(test) ? test->distances.right : test->comparison.right;
  size_t silent =
      is_w2(test) ? test->distances.silent : test->comparison.silent;
  if (wrong)
    return "beyond";
  return silent || !right ? "silent" : "within";
}

/* --- head ------------------------------------------------------------------
 */

static void print_head(fc_text *out, const fc_test *t) {
  fc_text_printf(out, "%s of %s on %s", fc_asked_name(t->subject.asked),
                 t->candidate_text, t->subject.name);
  if (!is_w2(t))
    fc_text_printf(out, ", schedule %s",
                   fc_schedule_label(t->subject.schedule));
  fc_text_append(out, "\n\n");
}

static void print_counts(fc_text *out, size_t right, size_t wrong,
                         size_t silent, size_t none, double rtol) {
  fc_text_printf(out, "  within the tolerance ");
  fc_number(out, rtol, 3);
  fc_text_printf(out, "   %zu\n  beyond it                    %zu\n", right,
                 wrong);
  if (silent)
    fc_text_printf(out, "  without an answer            %zu\n", silent);
  if (none)
    fc_text_printf(out, "  without a reference          %zu\n", none);
}

static void print_verdict(fc_text *out, const fc_test *t) {
  const char *verdict = fc_test_verdict(t);
  fc_text_append(
      out, strcmp(verdict, "within") == 0 ? "WITHIN the tolerance everywhere\n"
           : strcmp(verdict, "beyond") == 0 ? "BEYOND the tolerance\n"
                                            : "NO ANSWER at some points\n");
}

/* --- fields and flows ------------------------------------------------------
 */

static void print_errors(fc_text *out, const fc_test *t) {
  const fc_errors *c = &t->comparison;
  size_t random = 0;
  for (size_t i = 0; i < t->spots.count; i++)
    random += t->spots.random[i];
  if (t->candidate->kind == FC_CANDIDATE_TABLE)
    fc_text_printf(out, "  points: %zu row%s of the table", t->spots.count,
                   t->spots.count == 1 ? "" : "s");
  else
    fc_text_printf(out, "  points: %zu, of which %zu chosen to hurt",
                   t->spots.count, t->spots.count - random);
  fc_text_printf(out, "; references: %zu certified, %zu in MPFR\n",
                 t->reference.certified, t->reference.stated);
  print_counts(out, c->right, c->wrong, c->silent, c->none, c->rtol);
  if (c->right + c->wrong == 0)
    return;
  fc_text_append(out, "  largest error  ");
  fc_number(out, c->worst, 3);
  fc_text_append(out, " of the field's scale, ");
  fc_number(out, c->worst_ulps, 3);
  fc_text_append(out, " ulps\n  median error   ");
  fc_number(out, c->median, 3);
  fc_text_append(out, ", ");
  fc_number(out, c->median_ulps, 3);
  fc_text_append(out, " ulps\n");
}

static void print_vector(fc_text *out, const double *x, size_t d, int digits) {
  if (d > 1)
    fc_text_append(out, "(");
  for (size_t k = 0; k < d && k < 4; k++) {
    if (k)
      fc_text_append(out, ", ");
    fc_number(out, x[k], digits);
  }
  if (d > 1)
    fc_text_append(out, d > 4 ? ", ...)" : ")");
}

static void print_place(fc_text *out, const fc_test *t, size_t i) {
  if (t->subject.asked == FC_ASKED_FLOW) {
    fc_text_append(out, "s = ");
    fc_number_time(out, t->spots.s[i]);
    fc_text_append(out, ", ");
  }
  fc_text_append(out, "t = ");
  fc_number_time(out, t->spots.t[i]);
  fc_text_append(out, ", x = ");
  print_vector(out, t->spots.x + i * t->spots.d, t->spots.d, 6);
}

static void print_worst(fc_text *out, const fc_test *t) {
  const fc_errors *c = &t->comparison;
  size_t d = t->spots.d;
  if (!c->wrong)
    return;
  fc_text_append(out, "\nWhere it is worst\n");
  for (size_t n = 0; n < c->worst_count; n++) {
    size_t i = c->worst_points[n];
    if (c->marks[i] != FC_MARK_WRONG)
      continue;
    fc_text_append(out, "  ");
    print_place(out, t, i);
    fc_text_printf(out, " (%s)\n    it says ", t->spots.why[i]);
    print_vector(out, t->values + i * d, d, 9);
    fc_text_append(out, ", it is ");
    print_vector(out, t->reference.rounded + i * d, d, 9);
    fc_text_append(out, ": error ");
    fc_number(out, c->relative[i], 3);
    fc_text_append(out, "\n");
  }
}

static void print_range(fc_text *out, const fc_test *t) {
  const fc_errors *c = &t->comparison;
  size_t first = c->row_count, last = 0, wrong = 0;
  for (size_t i = 0; i < c->row_count; i++) {
    if (!c->rows[i].wrong)
      continue;
    first = i < first ? i : first;
    last = i;
    wrong++;
  }
  if (!wrong)
    return;
  fc_text_append(out, "\n  wrong at times from ");
  fc_number_time(out, c->rows[first].t);
  fc_text_append(out, " to ");
  fc_number_time(out, c->rows[last].t);
  fc_text_printf(out, " (%zu of %zu times)\n", wrong, c->row_count);
}

/* Whether anything is amiss at a time. */
static bool is_amiss(const fc_row *row) { return row->wrong || row->silent; }

/* One past the last row from i on that is like row i. */
static size_t stretch_end(const fc_errors *c, size_t i, fc_row *sum) {
  *sum = c->rows[i];
  size_t end = i + 1;
  for (; end < c->row_count && is_amiss(&c->rows[end]) == is_amiss(sum);
       end++) {
    const fc_row *row = &c->rows[end];
    sum->points += row->points;
    sum->wrong += row->wrong;
    sum->silent += row->silent;
    sum->error = fmax(sum->error, row->error);
  }
  return end;
}

/* Neighbouring times of one kind are a line; at most 24 lines. */
static void print_rows(fc_text *out, const fc_test *t) {
  const fc_errors *c = &t->comparison;
  size_t lines = 0, i = 0;
  if (!c->wrong && !c->silent)
    return;
  fc_text_append(out, "\nBy time\n");
  while (i < c->row_count && lines++ < 24) {
    fc_row sum;
    size_t end = stretch_end(c, i, &sum);
    fc_text_append(out, "  t = ");
    fc_number_time(out, c->rows[i].t);
    if (end > i + 1) {
      fc_text_append(out, " to ");
      fc_number_time(out, c->rows[end - 1].t);
    }
    fc_text_printf(out, ": %zu of %zu wrong", sum.wrong, sum.points);
    if (sum.silent)
      fc_text_printf(out, ", %zu without an answer", sum.silent);
    fc_text_append(out, ", largest error ");
    fc_number(out, sum.error, 2);
    fc_text_append(out, "\n");
    i = end;
  }
  if (i < c->row_count)
    fc_text_append(out, "  ... (all in test.json)\n");
}

static void print_diagnosis(fc_text *out, const fc_test *t) {
  if (!t->comparison.wrong)
    return;
  fc_text_append(out, "\nLikely mistake\n");
  if (!t->diagnosis.count)
    fc_text_append(out,
                   "  none of the usual ones (sign, factor, schedule, clipped "
                   "or reversed time,\n  a and b swapped, weights, widths) "
                   "explains the values\n");
  for (size_t i = 0; i < t->diagnosis.count; i++) {
    const fc_finding *f = &t->diagnosis.findings[i];
    fc_text_printf(out, "  %s%s\n    (explains %zu of %zu wrong values)\n",
                   i ? "or: " : "", f->text, f->explained, f->wrong);
  }
}

/* --- claims ----------------------------------------------------------------
 */

static const char *kept_word(fc_kept kept) {
  return kept == FC_KEPT_YES  ? "kept"
         : kept == FC_KEPT_NO ? "BROKEN"
                              : "not known";
}

static void print_slope(fc_text *out, const fc_slope_verdict *v) {
  fc_text_append(out, "  Lipschitz constant: ");
  if (v->why_not) {
    fc_text_printf(out, "not asked (%s)\n", v->why_not);
    return;
  }
  fc_text_append(out, kept_word(v->kept));
  if (!v->places) {
    fc_text_append(out, " (no derivative could be taken)\n");
    return;
  }
  fc_text_append(out, ". At t = ");
  fc_number_time(out, v->t);
  fc_text_append(out, ", x_1 = ");
  fc_number(out, v->x0, 6);
  fc_text_append(out, " its slope is ");
  fc_number(out, v->slope, 7);
  fc_text_append(out, " (+/- ");
  fc_number(out, v->doubt, 2);
  fc_text_append(out, "),\n    theta_t = ");
  fc_number(out, v->bound, 7);
  fc_text_printf(out, " (gif.velocity-envelope/%s; %zu places)\n", v->claim,
                 v->places);
}

static void print_law(fc_text *out, const fc_law_verdict *v) {
  fc_text_append(out, "  Flow: ");
  if (v->why_not) {
    fc_text_printf(out, "not asked (%s)\n", v->why_not);
    return;
  }
  fc_text_append(out, kept_word(v->kept));
  if (v->kept == FC_KEPT_UNKNOWN) {
    fc_text_append(out, " (values are missing on the way)\n");
    return;
  }
  fc_text_append(out, ". From ");
  fc_number_time(out, v->s);
  fc_text_append(out, " to ");
  fc_number_time(out, v->t);
  fc_text_printf(out,
                 ", %d Runge-Kutta steps, %zu points: off the right flow by ",
                 v->steps, v->places);
  fc_number(out, v->deviation, 3);
  fc_text_append(out, " of its size;\n    the right field by ");
  fc_number(out, v->method, 3);
  fc_text_append(out, " (the method's share), the two apart by ");
  fc_number(out, v->from_field, 3);
  fc_text_append(out, " (the field's share)\n");
  if (!v->has_levels)
    return;
  fc_text_append(out, "    largest |F_t(Y) - F_s(x)|: ");
  fc_number(out, v->level, 3);
  fc_text_append(out, ", with the right field ");
  fc_number(out, v->level_method, 3);
  fc_text_append(out, "\n");
}

static void print_claims(fc_text *out, const fc_test *t) {
  if (t->subject.asked != FC_ASKED_VELOCITY)
    return;
  fc_text_append(out, "\nThe paper's claims about this field\n");
  print_slope(out, &t->slope);
  print_law(out, &t->law);
}

/* --- W_2 -------------------------------------------------------------------
 */

static void print_distances(fc_text *out, const fc_test *t) {
  const fc_distances *all = &t->distances;
  print_counts(out, all->right, all->wrong, all->silent, all->none, t->rtol);
  if (all->squared)
    fc_text_append(out, "\nLikely mistake\n  it is W_2 squared\n");
  fc_text_append(out, "\nBy pair of samples\n");
  for (size_t i = 0; i < all->count; i++) {
    const fc_distance *item = &all->items[i];
    fc_text_printf(out, "  %s (%zu and %zu points): it says ", item->why,
                   item->n, item->m);
    fc_number(out, item->value, 10);
    fc_text_append(out, ", it is ");
    fc_number(out, item->right, 10);
    fc_text_append(out, ", error ");
    fc_number(out, item->relative, 3);
    fc_text_append(out, "\n");
  }
}

/* --- problems --------------------------------------------------------------
 */

static void print_problems(fc_text *out, const fc_test *t) {
  const fc_candidate *c = t->candidate;
  if (!c->problems_in_all)
    return;
  fc_text_append(out, "\nRequests that went wrong\n");
  for (size_t i = 0; i < c->problem_count && i < 12; i++) {
    const fc_problem *p = &c->problems[i];
    fc_text_printf(out, "  request %ld: %s: %s\n    %zu point%s from ",
                   p->request, fc_trouble_name(p->trouble), p->text, p->count,
                   p->count == 1 ? "" : "s");
    if (!is_w2(t)) {
      fc_text_append(out, "t = ");
      fc_number_time(out, p->t);
      fc_text_append(out, ", ");
    }
    fc_text_append(out, "x_1 = ");
    fc_number(out, p->x0, 6);
    fc_text_append(out, "\n");
  }
  if (c->problems_in_all > 12)
    fc_text_printf(out, "  and %zu more\n", c->problems_in_all - 12);
}

void fc_test_text(fc_text *out, const fc_test *t) {
  print_head(out, t);
  print_verdict(out, t);
  if (is_w2(t))
    print_distances(out, t);
  else {
    print_errors(out, t);
    print_range(out, t);
    print_diagnosis(out, t);
    print_worst(out, t);
    print_rows(out, t);
    print_claims(out, t);
  }
  print_problems(out, t);
  fc_text_printf(out, "\nAgain: %s\n", t->replay);
}
