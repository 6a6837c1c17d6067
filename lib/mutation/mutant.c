#include "mutation/mutant.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "mutation/edits.h"

/* --- which claims ----------------------------------------------------------
 */

typedef enum reach { NONE, SPECTRAL, FLOW, FORMULA, POSITIVE } reach;

/* Claims with an engine of their own that reads `formula`.  POSITIVE: nothing
 * is claimed where the bound is not positive. */
static const struct {
  const char *claims;
  reach reach;
} further[] = {
    {"gif.variance/uniform.*", POSITIVE},
    {"gif.variance/brascamp-lieb*", FORMULA},
    {"gif.variance/cramer-rao*", FORMULA},
    {"gif.functional-inequalities/poincare*", FORMULA},
    {"gif.functional-inequalities/log-sobolev*", FORMULA},
    {"gif.source-stability/*", FORMULA},
};

static reach reach_of(const fc_check *check, const fc_claim *claim) {
  if (check->spectral && !claim->measure)
    return SPECTRAL;
  if (claim->flow && !claim->measure)
    return ((const fc_flow_bound_detail *)claim->detail)->evaluate ? NONE
                                                                   : FLOW;
  for (size_t i = 0; i < sizeof further / sizeof *further; i++)
    if (fc_claim_matches(further[i].claims, check->id, claim->name))
      return further[i].reach;
  return NONE;
}

const char *fc_mutation_refusal(const fc_check *check, const fc_claim *claim) {
  if (claim->kind != FC_KIND_STATEMENT && claim->kind != FC_KIND_SHARPER)
    return claim->kind == FC_KIND_CONTROL    ? "a control: false on purpose"
           : claim->kind == FC_KIND_IDENTITY ? "an equation, no bound"
                                             : "no claim that must hold";
  if (claim->relation && strcmp(claim->relation, "=") == 0)
    return "an equation, no bound";
  if (reach_of(check, claim) == NONE)
    return "its bound is computed by a function, not read from its formula";
  return NULL;
}

/* --- names that may stand for one another ----------------------------------
 */

static const char *const swaps[][2] = {
    {"a", "b"}, {"da", "db"}, {"a_s", "b_s"}, {"a0", "b0"}};
static const char *const renames[][2] = {
    {"R", "sigma"},    {"R", "diam_rho"},
    {"R", "D"},        {"sigma", "R"},
    {"diam_rho", "R"}, {"diam_rho", "sigma"},
    {"D", "diam_nu"},  {"D", "R"},
    {"diam_nu", "D"},  {"diam_nu", "diam_rho"},
    {"kappa", "beta"}, {"beta", "kappa"},
    {"C1", "C2"},      {"C2", "C1"}};

static fc_edit_names edit_names(void) {
  return (fc_edit_names){.known = fc_likeness_names,
                         .known_count = fc_likeness_name_count,
                         .swaps = swaps,
                         .swap_count = sizeof swaps / sizeof *swaps,
                         .renames = renames,
                         .rename_count = sizeof renames / sizeof *renames};
}

/* --- making one --------------------------------------------------------------
 */

static void mutant_free(fc_mutant *m) {
  if (!m)
    return;
  free(m->text);
  free(m->description);
  free(m->name);
  free(m);
}

static fc_mutant *mutant_new(const fc_check *check, const fc_claim *claim,
                             size_t number) {
  fc_mutant *m = calloc(1, sizeof *m);
  fc_text name[1];
  fc_text_init(name);
  fc_text_printf(name, "%s~%zu", claim->name, number);
  if (m)
    m->name = fc_text_take(name);
  if (!m || !m->name) {
    fc_text_clear(name);
    free(m);
    return NULL;
  }
  m->check = check;
  m->original = claim;
  m->number = number;
  m->claim = *claim;
  m->claim.name = m->name;
  m->claim.expect = NULL;
  switch (reach_of(check, claim)) {
  case SPECTRAL:
    m->bound = *(const fc_bound_detail *)claim->detail;
    m->claim.detail = &m->bound;
    break;
  case FLOW:
    m->flow = *(const fc_flow_bound_detail *)claim->detail;
    m->claim.detail = &m->flow;
    break;
  default:
    break;
  }
  return m;
}

static fc_status append(fc_mutants *mutants, fc_mutant *m) {
  if (mutants->count == mutants->capacity) {
    size_t capacity = mutants->capacity ? 2 * mutants->capacity : 256;
    fc_mutant **items = realloc(mutants->items, capacity * sizeof *items);
    if (!items) {
      mutant_free(m);
      return FC_MEMORY;
    }
    mutants->items = items;
    mutants->capacity = capacity;
  }
  mutants->items[mutants->count++] = m;
  return FC_OK;
}

void fc_mutants_clear(fc_mutants *mutants) {
  for (size_t i = 0; i < mutants->count; i++)
    mutant_free(mutants->items[i]);
  free(mutants->items);
  *mutants = (fc_mutants){0};
}

/* --- all of a claim ------------------------------------------------------- */

typedef struct maker {
  fc_mutants *mutants;
  const fc_check *check;
  const fc_claim *claim;
  reach reach;
  size_t number;
  fc_status status;
  fc_error *error;
} maker;

static fc_bound_texts texts_of(const fc_claim *claim, reach engine) {
  fc_bound_texts texts = {.bound = claim->formula};
  if (engine == SPECTRAL) {
    const fc_bound_detail *d = claim->detail;
    texts = (fc_bound_texts){claim->formula, d->where, d->late_formula,
                             d->late_where};
  } else if (engine == FLOW) {
    const fc_flow_bound_detail *d = claim->detail;
    texts = (fc_bound_texts){claim->formula, d->where, d->late_formula,
                             d->late_where};
  } else if (engine == POSITIVE) {
    texts.where = claim->formula;
  }
  return texts;
}

static void set_likeness(maker *k, fc_mutant *m) {
  fc_bound_texts original = texts_of(k->claim, k->reach);
  fc_bound_texts altered = texts_of(&m->claim, k->reach);
  bool at_least = strcmp(k->claim->relation, ">=") == 0;
  k->status = fc_likeness_of(&m->likeness, &original, &altered, at_least,
                             k->reach == FLOW, k->error);
}

/* A mutant with these words (taken); NULL where memory ran out. */
static fc_mutant *begin(maker *k, const char *part, char *text,
                        char *description) {
  fc_mutant *m = description ? mutant_new(k->check, k->claim, k->number) : NULL;
  if (!m) {
    k->status = FC_MEMORY;
    free(text);
    free(description);
    return NULL;
  }
  m->part = part;
  m->text = text;
  m->description = description;
  k->number++;
  return m;
}

/* Takes the finished mutant (NULL: there is none). */
static void finish(maker *k, fc_mutant *m) {
  if (!m)
    return;
  if (!k->status && !m->elsewhere)
    set_likeness(k, m);
  if (k->status)
    mutant_free(m);
  else
    k->status = append(k->mutants, m);
}

typedef void put(fc_mutant *m, const char *text);

static void put_bound(fc_mutant *m, const char *text) {
  m->claim.formula = text;
}

static void put_where(fc_mutant *m, const char *text) {
  m->bound.where = m->flow.where = text;
}

static void put_late_bound(fc_mutant *m, const char *text) {
  m->bound.late_formula = m->flow.late_formula = text;
}

static void put_late_where(fc_mutant *m, const char *text) {
  m->bound.late_where = m->flow.late_where = text;
}

static void edit(maker *k, const char *part, const char *text, put *where) {
  const fc_edit_names names = edit_names();
  fc_edits edits = {0};
  if (!text || k->status)
    return;
  k->status = fc_edits_init(&edits, text, &names, k->error);
  for (size_t i = 0; i < edits.count && !k->status; i++) {
    fc_edit *e = &edits.items[i];
    fc_mutant *m = begin(k, part, e->text, e->description);
    e->text = e->description = NULL; /* taken */
    if (m)
      where(m, m->text);
    finish(k, m);
  }
  fc_edits_clear(&edits);
}

static fc_mutant *drop(maker *k, const char *description) {
  return k->status ? NULL
                   : begin(k, "hypotheses", NULL, fc_strdup(description));
}

static void drop_hypotheses(maker *k, const fc_bound_texts *texts, bool refuses,
                            bool from_start) {
  fc_mutant *m;
  if (texts->where && (m = drop(k, "where dropped"))) {
    put_where(m, NULL);
    finish(k, m);
  }
  if (texts->late_bound &&
      (m = drop(k, "switch dropped: the first formula everywhere"))) {
    put_late_bound(m, NULL);
    put_late_where(m, NULL);
    finish(k, m);
  }
  if (texts->late_bound &&
      (m = drop(k, "switch dropped: the second formula everywhere"))) {
    put_bound(m, texts->late_bound);
    put_late_bound(m, NULL);
    put_late_where(m, NULL);
    finish(k, m);
  }
  if (refuses && (m = drop(k, "hypothesis on the target dropped"))) {
    m->bound.refuses = m->flow.refuses = NULL;
    m->elsewhere = true;
    finish(k, m);
  }
  if (from_start && (m = drop(k, "s = 0 dropped"))) {
    m->flow.from_start = false;
    m->likeness = FC_LIKE_NEITHER;
    k->status = append(k->mutants, m);
  }
}

static void drop_all(maker *k, const fc_bound_texts *texts) {
  if (k->reach == SPECTRAL) {
    const fc_bound_detail *d = k->claim->detail;
    drop_hypotheses(k, texts, d->refuses != NULL, false);
  } else if (k->reach == FLOW) {
    const fc_flow_bound_detail *d = k->claim->detail;
    drop_hypotheses(k, texts, d->refuses != NULL, d->from_start);
  }
}

fc_status fc_mutants_add(fc_mutants *mutants, const fc_check *check,
                         const fc_claim *claim, fc_error *error) {
  maker k = {.mutants = mutants,
             .check = check,
             .claim = claim,
             .reach = reach_of(check, claim),
             .error = error};
  if (k.reach == NONE)
    return fc_fail(error, FC_UNSUPPORTED, "%s: %s", claim->name,
                   fc_mutation_refusal(check, claim));
  fc_bound_texts texts = texts_of(claim, k.reach);
  fc_mutant *original =
      begin(&k, "formula", fc_strdup(claim->formula), fc_strdup("unaltered"));
  if (original)
    original->likeness = FC_LIKE_EQUIVALENT;
  if (original)
    k.status = append(mutants, original);
  edit(&k, "formula", texts.bound, put_bound);
  edit(&k, "late formula", texts.late_bound, put_late_bound);
  if (k.reach != POSITIVE)
    edit(&k, "where", texts.where, put_where);
  edit(&k, "late where", texts.late_where, put_late_where);
  if (!k.status)
    drop_all(&k, &texts);
  if (k.status == FC_MEMORY)
    fc_fail(error, k.status, "out of memory");
  return k.status;
}
