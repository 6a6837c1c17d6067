/* The mathematics that constructors check, with exact or certified answers. */
#include "matrix/matrix.h"
#include "target/target_impl.h"

#include <string.h>

#define FC_WEIGHT_BITS 320          /* working precision of irrational sums */
#define FC_WEIGHT_TOLERANCE (-200)  /* log2 of what they may miss 1 by */
#define FC_WEIGHT_MAX_BITS 4000000u /* size of an exact sum of weights */

fc_status fc_target_check_sizes(size_t d, size_t count, fc_error *error) {
  if (d < 1 || d > FC_TARGET_MAX_DIMENSION)
    return fc_fail(error, FC_LIMIT,
                   "the dimension is %zu; it must be from 1 to %d", d,
                   FC_TARGET_MAX_DIMENSION);
  if (count < 1 || count > FC_TARGET_MAX_COMPONENTS)
    return fc_fail(error, FC_LIMIT,
                   "there are %zu components; there may be 1 to %d", count,
                   FC_TARGET_MAX_COMPONENTS);
  return FC_OK;
}

bool fc_target_same_constant(const fc_formula *x, const fc_formula *y) {
  if (x == y || strcmp(fc_formula_text(x), fc_formula_text(y)) == 0)
    return true;
  mpq_t p, q;
  mpq_init(p);
  mpq_init(q);
  bool same =
      fc_formula_get_mpq(p, x) && fc_formula_get_mpq(q, y) && mpq_equal(p, q);
  mpq_clear(p);
  mpq_clear(q);
  return same;
}

fc_status fc_target_check_finite(const fc_formula *constant, const char *what,
                                 fc_error *error) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, 64);
  fc_num z;
  fc_init(z, &ctx);
  fc_status status = fc_constant_eval(z, constant, &ctx);
  bool finite = fc_is_finite(z, &ctx);
  fc_clear(z, &ctx);
  if (status == FC_MEMORY)
    return fc_fail(error, status, "out of memory");
  if (status || !finite)
    return fc_fail(error, FC_VALUE, "the %s `%s' is not a finite number", what,
                   fc_formula_text(constant));
  return FC_OK;
}

static fc_status sign_of(int *sign, const fc_formula *constant,
                         const char *what, fc_error *error) {
  fc_status status = fc_target_check_finite(constant, what, error);
  if (status)
    return status;
  status = fc_constant_sign(sign, constant);
  if (status == FC_BUDGET)
    return fc_fail(error, FC_VALUE,
                   "the sign of the %s `%s' cannot be decided; write an exact "
                   "number",
                   what, fc_formula_text(constant));
  if (status)
    return fc_fail(error, status, "the %s `%s' cannot be evaluated", what,
                   fc_formula_text(constant));
  return FC_OK;
}

fc_status fc_target_check_stddev(int *sign, const fc_formula *stddev,
                                 fc_error *error) {
  fc_status status = sign_of(sign, stddev, "standard deviation", error);
  if (status == FC_OK && *sign < 0)
    return fc_fail(error, FC_VALUE,
                   "the standard deviation `%s' is negative; it must be >= 0",
                   fc_formula_text(stddev));
  return status;
}

/* Sum of rational weights, exactly; *rational tells whether all were. */
static fc_status exact_sum(mpq_ptr sum, bool *rational,
                           fc_formula *const *weights, size_t count,
                           fc_error *error) {
  mpq_t w;
  mpq_init(w);
  mpq_set_ui(sum, 0, 1);
  *rational = true;
  fc_status status = FC_OK;
  for (size_t k = 0; k < count && *rational && !status; k++) {
    *rational = fc_formula_get_mpq(w, weights[k]);
    if (*rational)
      mpq_add(sum, sum, w);
    if (mpz_sizeinbase(mpq_denref(sum), 2) > FC_WEIGHT_MAX_BITS)
      status = fc_fail(error, FC_LIMIT,
                       "the weights' common denominator is too large");
  }
  mpq_clear(w);
  return status;
}

static fc_status sum_near_one(fc_formula *const *weights, size_t count,
                              fc_error *error) {
  fc_ctx ctx;
  fc_ctx_init_mpfr(&ctx, FC_WEIGHT_BITS);
  fc_num sum, w, one;
  fc_init(sum, &ctx);
  fc_init(w, &ctx);
  fc_init(one, &ctx);
  fc_set_si(sum, -1, &ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < count && !status; k++) {
    status = fc_constant_eval(w, weights[k], &ctx);
    fc_add(sum, sum, w, &ctx);
  }
  fc_abs(sum, sum, &ctx);
  fc_set_si(one, 1, &ctx);
  fc_mul_2exp_si(one, one, FC_WEIGHT_TOLERANCE, &ctx);
  if (status)
    status = fc_fail(error, status, "the weights cannot be evaluated");
  else if (fc_lt(sum, one, &ctx) != FC_TRUE)
    status = fc_fail(error, FC_VALUE, "the weights do not sum to 1");
  fc_clear(sum, &ctx);
  fc_clear(w, &ctx);
  fc_clear(one, &ctx);
  return status;
}

static fc_status weights_sum_to_one(fc_formula *const *weights, size_t count,
                                    fc_error *error) {
  mpq_t sum;
  bool rational;
  mpq_init(sum);
  fc_status status = exact_sum(sum, &rational, weights, count, error);
  if (!status && rational && mpq_cmp_ui(sum, 1, 1) != 0) {
    bool shown = mpz_sizeinbase(mpq_numref(sum), 10) < 40 &&
                 mpz_sizeinbase(mpq_denref(sum), 10) < 40;
    char text[96] = "another number";
    if (shown)
      mpq_get_str(text, 10, sum);
    status =
        fc_fail(error, FC_VALUE, "the weights sum to %s instead of 1", text);
  } else if (!status && !rational) {
    status = sum_near_one(weights, count, error);
  }
  mpq_clear(sum);
  return status;
}

fc_status fc_target_check_weights(fc_formula *const *weights, size_t count,
                                  long *culprit, fc_error *error) {
  for (size_t k = 0; k < count; k++) {
    int sign;
    fc_status status = sign_of(&sign, weights[k], "weight", error);
    if (status == FC_OK && sign <= 0)
      status = fc_fail(error, FC_VALUE,
                       "the weight `%s' is not positive; leave the component "
                       "out or give it a positive weight",
                       fc_formula_text(weights[k]));
    if (status) {
      *culprit = (long)k;
      return status;
    }
  }
  return weights_sum_to_one(weights, count, error);
}

static fc_status symmetric(fc_formula *const *s, size_t d, fc_error *error) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < i; j++) {
      const fc_formula *x = s[i * d + j], *y = s[j * d + i];
      int sign = 0;
      if (fc_target_same_constant(x, y))
        continue;
      if (fc_constant_compare(&sign, x, y) || sign != 0)
        return fc_fail(error, FC_VALUE,
                       "the covariance is not symmetric: entry (%zu,%zu) is "
                       "`%s' but entry (%zu,%zu) is `%s'",
                       i + 1, j + 1, fc_formula_text(x), j + 1, i + 1,
                       fc_formula_text(y));
    }
  return FC_OK;
}

/* A ball Cholesky factorisation proves positive definiteness; in a build
 * without balls 256 bits decide. */
fc_status fc_target_check_covariance(fc_formula *const *covariance, size_t d,
                                     fc_error *error) {
  fc_ctx ctx;
  fc_status status = FC_OK;
  for (size_t i = 0; i < d * d && !status; i++)
    status = fc_target_check_finite(covariance[i], "covariance", error);
  if (!status)
    status = symmetric(covariance, d, error);
  if (status)
    return status;
  if (fc_ctx_init_arb(&ctx, 256, NULL))
    fc_ctx_init_mpfr(&ctx, 256);
  fc_ptr s = fc_vec_new(d * d, &ctx);
  if (!s)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < d * d && !status; i++)
    status = fc_constant_eval(s + i, covariance[i], &ctx);
  if (!status)
    status = fc_matrix_cholesky(s, s, d, &ctx);
  fc_vec_free(s, d * d, &ctx);
  if (status)
    return fc_fail(error, FC_VALUE, "the covariance is not positive definite");
  return FC_OK;
}

fc_status fc_target_check_ends(const fc_piece *piece, fc_error *error) {
  fc_status status = FC_OK;
  int sign = -1;
  if (piece->lower)
    status = fc_target_check_finite(piece->lower, "lower end", error);
  if (!status && piece->upper)
    status = fc_target_check_finite(piece->upper, "upper end", error);
  if (status || !piece->lower || !piece->upper)
    return status;
  if (fc_target_same_constant(piece->lower, piece->upper) ||
      fc_constant_compare(&sign, piece->lower, piece->upper) || sign >= 0)
    return fc_fail(
        error, FC_VALUE, "the lower end `%s' is not below the upper end `%s'",
        fc_formula_text(piece->lower), fc_formula_text(piece->upper));
  return FC_OK;
}

fc_status fc_target_check_piece(const fc_piece *piece, fc_error *error) {
  int sign;
  fc_status status = fc_target_check_ends(piece, error);
  if (status)
    return status;
  if (!piece->stddev) {
    if (!piece->lower || !piece->upper)
      return fc_fail(error, FC_VALUE,
                     "a uniform piece needs both a lower and an upper end");
    return FC_OK;
  }
  if (!piece->mean)
    return fc_fail(error, FC_VALUE,
                   "a piece with a standard deviation needs a mean");
  status = fc_target_check_finite(piece->mean, "mean", error);
  if (!status)
    status = fc_target_check_stddev(&sign, piece->stddev, error);
  if (!status && sign == 0)
    return fc_fail(error, FC_VALUE,
                   "the standard deviation of a piece must be positive");
  return status;
}
