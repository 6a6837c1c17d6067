#include "mutation/mutant.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "formula/formula.h"
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

/* What a claim's hypotheses say of the class constants, as a formula that is
 * positive: fewer points to look at, more mutants that say nothing new. */
static const struct {
  const char *claims, *assumed;
} assumptions[] = {
    {"gif.velocity-envelope/log-concave", "kappa*D^2 - 1"},
    {"gif.velocity-envelope/support", "1 - kappa*D^2"},
    {"gif.flow-lipschitz/log-concave.forward", "kappa"},
    {"gif.functional-inequalities/*.transfer.log-concave", "kappa"},
};

static const char *assumption_of(const fc_check *check, const fc_claim *claim) {
  for (size_t i = 0; i < sizeof assumptions / sizeof *assumptions; i++)
    if (fc_claim_matches(assumptions[i].claims, check->id, claim->name))
      return assumptions[i].assumed;
  return NULL;
}

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
  if (!fc_grow(&mutants->items, &mutants->capacity, mutants->count,
               sizeof *mutants->items)) {
    mutant_free(m);
    return FC_MEMORY;
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

enum { CLAIMS_MAX = 32 };

typedef struct maker {
  fc_mutants *mutants;
  const fc_check *check;
  const fc_claim *claim;
  reach reach;
  fc_bound_texts claims[CLAIMS_MAX]; /* the claim's and its neighbours' */
  size_t claim_count;
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
  fc_bound_texts altered = texts_of(&m->claim, k->reach);
  bool at_least = strcmp(k->claim->relation, ">=") == 0;
  k->status = fc_likeness_of(&m->likeness, k->claims, k->claim_count, &altered,
                             assumption_of(k->check, k->claim), at_least,
                             k->reach == FLOW, k->error);
}

/* --- neighbours: claims that hold wherever the claim does -------------------
 */

/* R exists where diam_rho does, D where diam_nu does. */
static const char *const constants[][2] = {
    {"kappa", "kappa"}, {"beta", "beta"},  {"sigma", "sigma"},
    {"L", "L"},         {"R", "diam_rho"}, {"D", "diam_nu"}};
enum { CONSTANT_COUNT = sizeof constants / sizeof *constants };

static unsigned constants_of_text(const char *text) {
  unsigned found = 0;
  fc_formula *formula = NULL;
  if (!text || fc_formula_parse(&formula, text, fc_likeness_names,
                                fc_likeness_name_count, NULL, NULL))
    return 0;
  for (unsigned i = 0; i < CONSTANT_COUNT; i++)
    if (fc_formula_depends(formula, constants[i][0]) ||
        fc_formula_depends(formula, constants[i][1]))
      found |= 1u << i;
  fc_formula_free(formula);
  return found;
}

static unsigned constants_of(const fc_bound_texts *texts) {
  return constants_of_text(texts->bound) | constants_of_text(texts->where) |
         constants_of_text(texts->late_bound) |
         constants_of_text(texts->late_where);
}

/* The same eigenvalue, or the same direction of the flow from all times. */
static bool same_number(const fc_claim *x, const fc_claim *y, reach engine) {
  if (engine == SPECTRAL) {
    const fc_bound_detail *p = x->detail, *q = y->detail;
    return p->side == q->side;
  }
  const fc_flow_bound_detail *p = x->detail, *q = y->detail;
  return p->reverse == q->reverse && !q->evaluate &&
         (p->from_start || !q->from_start);
}

/* No hypothesis on the target beyond those of x, as far as can be seen. */
static bool asks_no_more(const fc_claim *x, const fc_claim *y, reach engine) {
  size_t length = strlen(x->name);
  if (strncmp(x->name, y->name, length) == 0 &&
      strcmp(y->name + length, ".sharp") == 0)
    return true;
  if (engine == SPECTRAL) {
    const fc_bound_detail *p = x->detail, *q = y->detail;
    return !q->refuses || p->refuses == q->refuses;
  }
  const fc_flow_bound_detail *p = x->detail, *q = y->detail;
  return !q->refuses || p->refuses == q->refuses;
}

static void add_neighbours(maker *k, const fc_check *check) {
  unsigned own = constants_of(&k->claims[0]);
  for (size_t i = 0; i < check->claim_count; i++) {
    const fc_claim *claim = &check->claims[i];
    if (claim == k->claim || k->claim_count == CLAIMS_MAX ||
        fc_mutation_refusal(check, claim) ||
        reach_of(check, claim) != k->reach ||
        !same_number(k->claim, claim, k->reach) ||
        !asks_no_more(k->claim, claim, k->reach))
      continue;
    fc_bound_texts texts = texts_of(claim, k->reach);
    if ((constants_of(&texts) & ~own) == 0)
      k->claims[k->claim_count++] = texts;
  }
}

/* --- making them ------------------------------------------------------------
 */

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
                         const fc_claim *claim, const fc_check *const *checks,
                         size_t check_count, fc_error *error) {
  maker k = {.mutants = mutants,
             .check = check,
             .claim = claim,
             .reach = reach_of(check, claim),
             .error = error};
  if (k.reach == NONE)
    return fc_fail(error, FC_UNSUPPORTED, "%s: %s", claim->name,
                   fc_mutation_refusal(check, claim));
  fc_bound_texts texts = k.claims[0] = texts_of(claim, k.reach);
  k.claim_count = 1;
  for (size_t i = 0; i < check_count; i++)
    if (k.reach == SPECTRAL || k.reach == FLOW)
      add_neighbours(&k, checks[i]);
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
