#include "mutation.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name, *meaning;
} fates[] = {
#define X(name, text, meaning) {text, meaning},
    FC_FATE_LIST(X)
#undef X
};

const char *fc_fate_name(fc_fate fate) { return fates[fate].name; }

fc_fate fc_fate_of(const fc_subject *s) {
  fc_likeness likeness = s->mutant->likeness;
  if (s->killed)
    return FC_FATE_KILLED;
  if (likeness == FC_LIKE_EQUIVALENT)
    return FC_FATE_EQUIVALENT;
  if (s->missed)
    return FC_FATE_NOT_RUN;
  if (!s->compared)
    return FC_FATE_NOWHERE;
  if (s->implied)
    return FC_FATE_WEAKER;
  return likeness == FC_LIKE_LOOKS_WEAKER    ? FC_FATE_LOOKS_WEAKER
         : likeness == FC_LIKE_LOOKS_IMPLIED ? FC_FATE_LOOKS_IMPLIED
                                             : FC_FATE_SURVIVED;
}

size_t fc_count_fates(size_t counts[FC_FATE_COUNT], const fc_mutation *m,
                      size_t first, size_t last) {
  size_t total = 0;
  memset(counts, 0, FC_FATE_COUNT * sizeof *counts);
  for (size_t i = first; i < last; i++)
    if (m->subjects[i].mutant->number > 0) {
      counts[fc_fate_of(&m->subjects[i])]++;
      total++;
    }
  return total;
}

size_t fc_claim_end(const fc_mutation *m, size_t first) {
  size_t last = first + 1;
  while (last < m->mutants->count && m->subjects[last].mutant->number > 0)
    last++;
  return last;
}

/* killed/(all - equivalent - weaker - nowhere), in per cent; both may be 0. */
static void append_rate(fc_text *out, const size_t counts[FC_FATE_COUNT],
                        size_t total, bool weaker) {
  size_t of = total - counts[FC_FATE_EQUIVALENT] - counts[FC_FATE_NOWHERE] -
              counts[FC_FATE_WEAKER];
  if (weaker)
    of -= counts[FC_FATE_LOOKS_WEAKER] + counts[FC_FATE_LOOKS_IMPLIED];
  size_t killed = counts[FC_FATE_KILLED];
  fc_text_printf(out, "%zu of %zu", killed, of);
  if (of > 0) {
    size_t tenths = 1000 * killed / of;
    fc_text_printf(out, " (%zu.%zu %%)", tenths / 10, tenths % 10);
  }
}

/* --- JSON lines -------------------------------------------------------------
 */

static void put(json_t *object, const char *key, const char *text) {
  json_t *value = text ? json_string(text) : NULL;
  json_object_set_new(object, key, value ? value : json_null());
}

static void put_slack(json_t *object, const fc_subject *s) {
  char text[32];
  snprintf(text, sizeof text, "%.3g", s->slack);
  put(object, "slack", s->compared ? text : NULL);
}

static void put_witness(json_t *object, const fc_record *r) {
  json_t *x = json_array();
  put(object, "s", r->witness_s.mid);
  put(object, "t", r->witness_t.mid);
  for (size_t i = 0; i < r->witness_count; i++)
    json_array_append_new(x, json_string(r->witness_x[i].mid));
  json_object_set_new(object, "x", x);
  put(object, "measured", r->measured.mid);
  put(object, "bound", r->bound.mid);
  put(object, "basis", fc_basis_name(r->basis));
}

/* The command that tries the mutants of the claim there again. */
static void put_replay(json_t *object, const fc_subject *s) {
  fc_text text[1];
  fc_text_init(text);
  fc_text_printf(text, "flowcert mutate '%s' --claim '%s/%s'", s->reference,
                 s->mutant->check->id, s->mutant->original->name);
  if (s->record.schedule)
    fc_text_printf(text, " --schedule '%s'", s->record.schedule);
  fc_text_printf(text, " --tier %s --precision %ld --seed %" PRIu64,
                 s->record.tier, s->record.precision, s->record.seed);
  char *command = fc_text_take(text);
  put(object, "replay", command);
  free(command);
}

fc_status fc_mutation_line(fc_text *out, const fc_subject *s) {
  const fc_mutant *m = s->mutant;
  json_t *object = json_object();
  put(object, "check", m->check->id);
  json_object_set_new(object, "claim",
                      json_sprintf("%s/%s", m->check->id, m->original->name));
  put(object, "mutant", m->name);
  put(object, "part", m->part);
  put(object, "change", m->description);
  put(object, "formula", m->text);
  put(object, "relation", m->original->relation);
  put(object, "verdict", fc_fate_name(fc_fate_of(s)));
  put_slack(object, s);
  const char *schedule = s->record.schedule;
  if (!s->killed && s->nearest && s->nearest->schedule)
    schedule = fc_schedule_label(s->nearest->schedule);
  put(object, "instance",
      s->killed    ? s->record.instance
      : s->nearest ? s->nearest->instance->name
                   : NULL);
  put(object, "schedule", schedule);
  if (s->killed) {
    put_witness(object, &s->record);
    put_replay(object, s);
  }
  char *line = json_dumps(object, JSON_COMPACT | JSON_PRESERVE_ORDER);
  json_decref(object);
  if (!line)
    return FC_MEMORY;
  fc_text_append(out, line);
  fc_text_append(out, "\n");
  free(line);
  return FC_OK;
}

/* --- the table ---------------------------------------------------------------
 */

static const fc_fate columns[] = {FC_FATE_KILLED,        FC_FATE_SURVIVED,
                                  FC_FATE_WEAKER,        FC_FATE_LOOKS_WEAKER,
                                  FC_FATE_LOOKS_IMPLIED, FC_FATE_EQUIVALENT,
                                  FC_FATE_NOWHERE,       FC_FATE_NOT_RUN};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* What is listed one by one. */
static bool is_survivor(const fc_subject *s) {
  fc_fate fate = fc_fate_of(s);
  return s->mutant->number > 0 && fate != FC_FATE_KILLED &&
         fate != FC_FATE_WEAKER && fate != FC_FATE_EQUIVALENT &&
         fate != FC_FATE_NOWHERE;
}

static void table_row(fc_text *out, const char *name, size_t total,
                      const size_t counts[FC_FATE_COUNT]) {
  fc_text_printf(out, "%-52s %7zu", name, total);
  for (int k = 0; k < COLUMNS; k++)
    fc_text_printf(out, " %*zu", (int)strlen(fc_fate_name(columns[k])),
                   counts[columns[k]]);
  fc_text_append(out, "\n");
}

static void claim_id(char *id, size_t size, const fc_subject *s) {
  snprintf(id, size, "%s/%s", s->mutant->check->id, s->mutant->original->name);
}

void fc_mutation_table(fc_text *out, const fc_mutation *m) {
  size_t counts[FC_FATE_COUNT], n = m->mutants->count, total;
  char id[160];
  fc_text_printf(out, "%-52s %7s", "claim", "mutants");
  for (int k = 0; k < COLUMNS; k++)
    fc_text_printf(out, " %s", fc_fate_name(columns[k]));
  fc_text_append(out, "\n");
  for (size_t i = 0; i < n; i = fc_claim_end(m, i)) {
    claim_id(id, sizeof id, &m->subjects[i]);
    total = fc_count_fates(counts, m, i, fc_claim_end(m, i));
    table_row(out, id, total, counts);
  }
  total = fc_count_fates(counts, m, 0, n);
  table_row(out, "all", total, counts);
  for (size_t i = 0; i < n; i++)
    if (is_survivor(&m->subjects[i])) {
      const fc_subject *s = &m->subjects[i];
      fc_text_printf(out, "%s %s/%s, %s: %s\n", fc_fate_name(fc_fate_of(s)),
                     s->mutant->check->id, s->mutant->name, s->mutant->part,
                     s->mutant->description);
    }
  fc_text_append(out,
                 "Kill rate, of what is not equivalent, weaker or nowhere: ");
  append_rate(out, counts, total, false);
  fc_text_append(out, "; without what looks weaker or implied: ");
  append_rate(out, counts, total, true);
  fc_text_append(out, "\n");
}

/* --- Markdown ----------------------------------------------------------------
 */

static void markdown_claims(fc_text *out, const fc_mutation *m) {
  size_t counts[FC_FATE_COUNT], n = m->mutants->count;
  fc_text_append(out, "| claim | mutants |");
  for (int k = 0; k < COLUMNS; k++)
    fc_text_printf(out, " %s |", fc_fate_name(columns[k]));
  fc_text_append(out, " kill rate |\n|---|--:|");
  for (int k = 0; k < COLUMNS; k++)
    fc_text_append(out, "--:|");
  fc_text_append(out, "--:|\n");
  for (size_t i = 0, next; i < n; i = next) {
    next = fc_claim_end(m, i);
    size_t total = fc_count_fates(counts, m, i, next);
    const fc_mutant *mutant = m->subjects[i].mutant;
    fc_text_printf(out, "| %s/%s | %zu |", mutant->check->id,
                   mutant->original->name, total);
    for (int k = 0; k < COLUMNS; k++)
      fc_text_printf(out, " %zu |", counts[columns[k]]);
    fc_text_append(out, " ");
    append_rate(out, counts, total, false);
    fc_text_append(out, " |\n");
  }
}

static void markdown_survivors(fc_text *out, const fc_mutation *m) {
  fc_text_append(out, "| mutant | change | formula | verdict | least slack | "
                      "where |\n|---|---|---|---|--:|---|\n");
  for (size_t i = 0; i < m->mutants->count; i++) {
    const fc_subject *s = &m->subjects[i];
    if (!is_survivor(s))
      continue;
    const fc_mutant *mutant = s->mutant;
    fc_text_printf(out, "| %s/%s | %s: %s | ", mutant->check->id, mutant->name,
                   mutant->part, mutant->description);
    if (mutant->text)
      fc_text_printf(out, "`%s`", mutant->text);
    fc_text_printf(out, " | %s | ", fc_fate_name(fc_fate_of(s)));
    char slack[32];
    snprintf(slack, sizeof slack, "%.3g", s->slack);
    fc_text_append(out, s->compared ? slack : "");
    fc_text_append(out, " | ");
    if (s->nearest)
      fc_text_printf(
          out, "%s, %s", s->nearest->instance->name,
          s->nearest->schedule ? fc_schedule_label(s->nearest->schedule) : "-");
    fc_text_append(out, " |\n");
  }
}

static void markdown_left_out(fc_text *out, const fc_mutation *m) {
  for (size_t i = 0; i < m->left_out_count; i++)
    fc_text_printf(out, "- %s/%s: %s\n", m->left_out[i].check->id,
                   m->left_out[i].claim->name, m->left_out[i].reason);
}

void fc_mutation_markdown(fc_text *out, const fc_mutation *m) {
  size_t counts[FC_FATE_COUNT], n = m->mutants->count;
  size_t total = fc_count_fates(counts, m, 0, n);
  fc_text_append(out, "# Mutants of the stated bounds\n\nEvery bound with one "
                      "thing changed in it, tried on the instances.\n\n");
  for (int k = 0; k < FC_FATE_COUNT; k++)
    fc_text_printf(out, "- %s: %s (%zu)\n", fates[k].name, fates[k].meaning,
                   counts[k]);
  fc_text_append(out,
                 "\nKill rate, of what is not equivalent, weaker or nowhere: ");
  append_rate(out, counts, total, false);
  fc_text_append(out, ".\nWithout what looks weaker or implied, too: ");
  append_rate(out, counts, total, true);
  fc_text_append(out, ".\n\n## Claims\n\n");
  markdown_claims(out, m);
  fc_text_append(out, "\n## Survivors\n\nThe least slack is (bound - measured)/"
                      "max(|bound|, |measured|) in the direction of the claim, "
                      "over all trials.\n\n");
  markdown_survivors(out, m);
  fc_text_append(out, "\n## Without mutants\n\n");
  markdown_left_out(out, m);
}
