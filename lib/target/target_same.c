/* Targets that are provably one law. */
#include "target/density.h"

enum { MOST_MERGED = 256 }; /* terms that are compared with each other */

/* NULL (an infinite end, a uniform piece) is itself alone. */
static bool same_or_none(const fc_formula *x, const fc_formula *y) {
  return x && y ? fc_target_same_constant(x, y) : x == y;
}

static bool same_list(fc_formula *const *x, fc_formula *const *y,
                      size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!same_or_none(x[i], y[i]))
      return false;
  return true;
}

/* The weight, or 1/count, is a rational number. */
static bool get_weight(mpq_ptr weight, const fc_target *t, size_t k) {
  if (t->weights)
    return fc_formula_get_mpq(weight, t->weights[k]);
  mpq_set_ui(weight, 1, t->count);
  return true;
}

static bool same_weight(const fc_target *p, size_t k, const fc_target *q,
                        size_t l) {
  mpq_t x, y;
  if (p->weights && q->weights)
    return fc_target_same_constant(p->weights[k], q->weights[l]);
  mpq_inits(x, y, (mpq_ptr)0);
  bool same = get_weight(x, p, k) && get_weight(y, q, l) && mpq_equal(x, y);
  mpq_clears(x, y, (mpq_ptr)0);
  return same;
}

/* Component or piece k of the one and l of the other, but for their weights. */
static bool same_shape(const fc_target *p, size_t k, const fc_target *q,
                       size_t l) {
  size_t d = p->d, block = p->kind == FC_FULL ? d * d : 1;
  return same_list(p->means + k * d, q->means + l * d, d) &&
         same_list(p->spreads + k * block, q->spreads + l * block, block) &&
         (p->kind != FC_PIECES || (same_or_none(p->lower[k], q->lower[l]) &&
                                   same_or_none(p->upper[k], q->upper[l])));
}

/* sum = what the terms of q like p's term k weigh; false where that is not seen
 * to be rational. */
static bool weigh(mpq_ptr sum, const fc_target *p, size_t k,
                  const fc_target *q) {
  mpq_t weight;
  bool rational = true;
  mpq_init(weight);
  mpq_set_ui(sum, 0, 1);
  for (size_t l = 0; l < q->count && rational; l++)
    if (same_shape(p, k, q, l)) {
      rational = get_weight(weight, q, l);
      mpq_add(sum, sum, weight);
    }
  mpq_clear(weight);
  return rational;
}

/* Every kind of term in p weighs as much in q, which has room for no other. */
static bool same_merged(const fc_target *p, const fc_target *q) {
  bool same = p->count <= MOST_MERGED && q->count <= MOST_MERGED;
  mpq_t x, y;
  mpq_inits(x, y, (mpq_ptr)0);
  for (size_t k = 0; k < p->count && same; k++)
    same = weigh(x, p, k, p) && weigh(y, p, k, q) && mpq_equal(x, y);
  mpq_clears(x, y, (mpq_ptr)0);
  return same;
}

static bool same_terms(const fc_target *p, const fc_target *q) {
  bool same = p->count == q->count;
  for (size_t k = 0; k < p->count && same; k++)
    same = same_shape(p, k, q, k) && same_weight(p, k, q, k);
  return same || same_merged(p, q);
}

static bool same_density(const fc_density *p, const fc_density *q) {
  return fc_target_same_constant(p->potential, q->potential) &&
         same_or_none(p->lower, q->lower) && same_or_none(p->upper, q->upper);
}

bool fc_target_is_same(const fc_target *p, const fc_target *q) {
  if (p == q)
    return true;
  if (p->kind != q->kind || p->d != q->d)
    return false;
  if (p->kind == FC_DENSITY)
    return same_density(p->density, q->density);
  if (p->kind != FC_PRODUCT)
    return p->spread_is_variance == q->spread_is_variance && same_terms(p, q);
  for (size_t i = 0; i < p->count; i++)
    if (i == q->count || !fc_target_is_same(p->factors[i], q->factors[i]))
      return false;
  return true;
}
