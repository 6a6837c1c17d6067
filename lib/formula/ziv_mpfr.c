/* Without Arb nothing is proved: the values at p and at 2 p bits, each moved
 * outwards by their distance, are taken for the ends of an interval.  Where
 * everything cancels the distance is as large as the value, so that no sign is
 * read off rounding errors. */
#include "formula/ziv.h"

static fc_status eval_at(mpfr_ptr z, const fc_formula *constant, long p) {
  fc_num x;
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, p);
  fc_init(x, ctx);
  fc_status status = fc_formula_eval(x, constant, NULL, ctx);
  mpfr_set_prec(z, (mpfr_prec_t)p);
  if (status == FC_OK)
    fc_get_mid(z, x, ctx);
  fc_clear(x, ctx);
  return status;
}

fc_status fc_ziv_interval(mpfr_ptr lower, mpfr_ptr upper,
                          const fc_formula *constant, long p) {
  fc_status status = eval_at(lower, constant, p);
  if (status == FC_OK)
    status = eval_at(upper, constant, 2 * p);
  if (status != FC_OK || mpfr_nan_p(lower) || mpfr_nan_p(upper))
    return status;
  if (mpfr_cmp(lower, upper) > 0)
    mpfr_swap(lower, upper);
  mpfr_t distance;
  mpfr_init2(distance, (mpfr_prec_t)p);
  mpfr_sub(distance, upper, lower, MPFR_RNDU);
  mpfr_sub(lower, lower, distance, MPFR_RNDD);
  mpfr_add(upper, upper, distance, MPFR_RNDU);
  mpfr_clear(distance);
  return status;
}

fc_status fc_ziv_ball(fc_ptr z, const fc_formula *constant, long limit,
                      const fc_ctx *ctx) {
  (void)limit;
  (void)z;
  (void)constant;
  (void)ctx;
  return FC_UNSUPPORTED;
}
