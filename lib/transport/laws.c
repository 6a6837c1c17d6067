#include "transport/laws.h"

#include <stdlib.h>

#include "transport/components.h"
#include "transport/line.h"
#include "transport/means.h"
#include "transport/mixture.h"
#include "transport/value.h"

/* --- one law ---------------------------------------------------------------
 */

static fc_status between_same(fc_w2_value *value, const fc_ctx *ctx) {
  fc_set_si(value->w2, 0, ctx);
  fc_set_si(value->error, 0, ctx);
  value->kind = FC_W2_EXACT;
  value->proved = true;
  value->how = "the same law";
  return FC_OK;
}

/* --- laws on finitely many points -----------------------------------------
 */

static fc_status between_points(fc_w2_value *value, const fc_target *p,
                                const fc_target *q, const fc_ctx *ctx,
                                fc_error *error) {
  mpfr_t low, high;
  long bits = fc_w2_bits(ctx);
  mpfr_inits2(bits + 64, low, high, (mpfr_ptr)0);
  fc_status status = fc_means_transport(low, high, p, q, bits, error);
  if (status == FC_OK)
    fc_w2_value_set(value, low, high, FC_W2_EXACT, "transport plan", ctx);
  mpfr_clears(low, high, (mpfr_ptr)0);
  return status;
}

/* --- products -------------------------------------------------------------
 */

/* One law's coordinates: factors, or the whole as the only one. */
static size_t part_count(const fc_target *t) {
  size_t factors = fc_target_factor_count(t);
  return factors ? factors : 1;
}

static const fc_target *part(const fc_target *t, size_t i) {
  return fc_target_factor_count(t) ? fc_target_factor(t, i) : t;
}

/* Factors [begin, end) and the coordinates that they take. */
typedef struct block {
  size_t begin;
  size_t end;
  size_t dimension;
} block;

static void extend(block *b, const fc_target *t) {
  b->dimension += fc_target_dimension(part(t, b->end++));
}

/* The next blocks of both laws that take equally many coordinates. */
static void next_blocks(block *a, block *b, const fc_target *p,
                        const fc_target *q) {
  *a = (block){a->end, a->end, 0};
  *b = (block){b->end, b->end, 0};
  extend(a, p);
  extend(b, q);
  while (a->dimension != b->dimension) {
    if (a->dimension < b->dimension)
      extend(a, p);
    else
      extend(b, q);
  }
}

/* *law: the factors of a block; *own where it was made for that. */
static fc_status get_block(const fc_target **law, fc_target **own,
                           const fc_target *t, const block *b,
                           fc_error *error) {
  size_t count = b->end - b->begin;
  *own = NULL;
  *law = part(t, b->begin);
  if (count == 1)
    return FC_OK;
  const fc_target **factors = malloc(count * sizeof *factors);
  if (!factors)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < count; i++)
    factors[i] = part(t, b->begin + i);
  fc_status status = fc_target_new_product(own, count, factors, error);
  free(factors);
  *law = *own;
  return status;
}

/* Several pairs of blocks. */
static bool splits(const fc_target *p, const fc_target *q) {
  block a = {0, 0, 0}, b = {0, 0, 0};
  if (part_count(p) == 1 || part_count(q) == 1)
    return false;
  next_blocks(&a, &b, p, q);
  return a.end < part_count(p);
}

/* W_2^2 adds up; so do the squares of bounds. */
typedef struct sum {
  mpfr_t low;
  mpfr_t high;
  fc_w2_kind kind;
  bool proved, half;
} sum;

static void add_part(sum *s, const fc_w2_value *value, const fc_ctx *ctx) {
  mpfr_t low, high;
  mpfr_inits2(mpfr_get_prec(s->low), low, high, (mpfr_ptr)0);
  fc_w2_value_bounds(low, high, value, ctx);
  mpfr_sqr(low, low, MPFR_RNDD);
  mpfr_sqr(high, high, MPFR_RNDU);
  mpfr_add(s->low, s->low, low, MPFR_RNDD);
  mpfr_add(s->high, s->high, high, MPFR_RNDU);
  if (value->kind != FC_W2_EXACT)
    s->kind = value->kind;
  s->proved = s->proved && value->proved;
  s->half = s->half || value->half;
  mpfr_clears(low, high, (mpfr_ptr)0);
}

static fc_status between_blocks(sum *s, const fc_target *p, const block *a,
                                const fc_target *q, const block *b,
                                fc_w2_kind want, const fc_ctx *ctx,
                                fc_error *error) {
  const fc_target *first = NULL, *second = NULL;
  fc_target *own[2] = {NULL, NULL};
  fc_w2_value value;
  fc_w2_value_init(&value, ctx);
  fc_status status = get_block(&first, &own[0], p, a, error);
  if (status == FC_OK)
    status = get_block(&second, &own[1], q, b, error);
  if (status == FC_OK)
    status = fc_w2_laws(&value, first, second, want, ctx, error);
  if (status == FC_OK)
    add_part(s, &value, ctx);
  fc_w2_value_clear(&value, ctx);
  fc_target_free(own[0]);
  fc_target_free(own[1]);
  return status;
}

static void sum_init(sum *s, fc_w2_kind kind, const fc_ctx *ctx) {
  *s = (sum){.kind = kind, .proved = true};
  mpfr_inits2(ctx->precision + 32, s->low, s->high, (mpfr_ptr)0);
  mpfr_set_zero(s->low, 1);
  mpfr_set_zero(s->high, 1);
}

/* value = the root of the sum unless something failed. */
static fc_status sum_deliver(fc_w2_value *value, sum *s, const char *how,
                             fc_status status, const fc_ctx *ctx) {
  if (status == FC_OK) {
    fc_w2_value_set(value, s->low, s->high, s->kind, how, ctx);
    value->proved = s->proved;
    value->half = s->half;
  }
  mpfr_clears(s->low, s->high, (mpfr_ptr)0);
  return status;
}

static fc_status between_products(fc_w2_value *value, const fc_target *p,
                                  const fc_target *q, fc_w2_kind want,
                                  const fc_ctx *ctx, fc_error *error) {
  block a = {0, 0, 0}, b = {0, 0, 0};
  sum s;
  fc_status status = FC_OK;
  sum_init(&s, FC_W2_EXACT, ctx);
  while (a.end < part_count(p) && status == FC_OK) {
    next_blocks(&a, &b, p, q);
    status = between_blocks(&s, p, &a, q, &b, want, ctx, error);
  }
  return sum_deliver(value, &s, "factor by factor", status, ctx);
}

/* --- coordinate by coordinate ---------------------------------------------
 */

/* Every coupling's E|X - Y|^2 is the sum over the coordinates: a lower bound
 * from the marginals on the line. */
static fc_status between_marginals(fc_w2_value *value, const fc_target *p,
                                   const fc_target *q, const fc_ctx *ctx,
                                   fc_error *error) {
  sum s;
  fc_status status = FC_OK;
  sum_init(&s, FC_W2_LOWER, ctx);
  for (size_t i = 0; i < fc_target_dimension(p) && status == FC_OK; i++) {
    fc_target *first = NULL, *second = NULL;
    fc_w2_value part_value;
    fc_w2_value_init(&part_value, ctx);
    status = fc_target_marginal(&first, p, i, error);
    if (status == FC_OK)
      status = fc_target_marginal(&second, q, i, error);
    if (status == FC_OK)
      status = fc_w2_laws(&part_value, first, second, FC_W2_EXACT, ctx, error);
    if (status == FC_OK)
      add_part(&s, &part_value, ctx);
    fc_w2_value_clear(&part_value, ctx);
    fc_target_free(first);
    fc_target_free(second);
  }
  return sum_deliver(value, &s, "marginals", status, ctx);
}

/* In binary64 the larger of two lower bounds (quantiles to many digits, once a
 * coordinate, are too dear for a bound). */
static fc_status from_below(fc_w2_value *value, const fc_target *p,
                            const fc_target *q, const fc_ctx *ctx,
                            fc_error *error) {
  fc_w2_value other;
  fc_status status = fc_w2_gelbrich(value, p, q, ctx, error);
  if (status != FC_OK || fc_target_dimension(p) == 1 || ctx->kind != FC_DOUBLE)
    return status;
  fc_w2_value_init(&other, ctx);
  if (between_marginals(&other, p, q, ctx, NULL) == FC_OK &&
      fc_get_d(other.w2, ctx) > fc_get_d(value->w2, ctx)) {
    fc_set(value->w2, other.w2, ctx);
    fc_set(value->error, other.error, ctx);
    value->proved = other.proved;
    value->how = other.how;
  }
  fc_w2_value_clear(&other, ctx);
  return FC_OK;
}

/* --- together -------------------------------------------------------------
 */

static fc_status no_method(const fc_target *p, const fc_target *q,
                           fc_w2_kind want, fc_error *error) {
  if (fc_target_is_integrated(p) || fc_target_is_integrated(q))
    return fc_fail(error, FC_UNSUPPORTED,
                   "no %s for these two laws: quantiles of a density given by "
                   "a formula are not integrated here; ask for a lower bound",
                   want == FC_W2_EXACT ? "exact method" : "upper bound");
  return fc_fail(error, FC_UNSUPPORTED,
                 want == FC_W2_EXACT
                     ? "no exact method for these two laws: there are some for "
                       "samples and atoms, on the line, for Gaussians, and for "
                       "products of those; ask for an upper or a lower bound"
                     : "no upper bound for these two laws: both must be "
                       "mixtures, or products of mixtures and laws on the "
                       "line; ask for a lower bound");
}

fc_status fc_w2_laws(fc_w2_value *value, const fc_target *p, const fc_target *q,
                     fc_w2_kind want, const fc_ctx *ctx, fc_error *error) {
  size_t d = fc_target_dimension(p), m = fc_components_count(p);
  size_t n = fc_components_count(q);
  if (d != fc_target_dimension(q))
    return fc_fail(error, FC_SHAPE, "a law in dimension %zu and one in %zu", d,
                   fc_target_dimension(q));
  if (fc_target_is_same(p, q))
    return between_same(value, ctx);
  if (fc_target_is_discrete(p) && fc_target_is_discrete(q))
    return between_points(value, p, q, ctx, error);
  if (m == 1 && n == 1)
    return fc_w2_mixtures_upper(value, p, q, ctx, error); /* exact */
  if (d == 1) {
    fc_status status = fc_w2_line(value, p, q, ctx, error);
    if (status != FC_UNSUPPORTED || want == FC_W2_EXACT)
      return status;
  }
  if (splits(p, q))
    return between_products(value, p, q, want, ctx, error);
  if (want == FC_W2_UPPER && m > 0 && n > 0)
    return fc_w2_mixtures_upper(value, p, q, ctx, error);
  if (want == FC_W2_LOWER)
    return from_below(value, p, q, ctx, error);
  return no_method(p, q, want, error);
}
