#include "formula/ziv.h"

/* x = the value in balls of precision p; x is initialised here. */
static fc_status eval_ball(fc_num x, fc_ctx *ball, const fc_formula *constant,
                           long p) {
  fc_status status = fc_ctx_init_arb(ball, p, NULL);
  if (status != FC_OK)
    return status;
  fc_init(x, ball);
  status = fc_formula_eval(x, constant, NULL, ball);
  if (status != FC_OK)
    fc_clear(x, ball);
  return status;
}

fc_status fc_ziv_interval(mpfr_ptr lower, mpfr_ptr upper,
                          const fc_formula *constant, long p) {
  fc_num x;
  fc_ctx ball[1];
  fc_status status = eval_ball(x, ball, constant, p);
  if (status != FC_OK)
    return status;
  mpfr_t mid, rad;
  mpfr_inits2((mpfr_prec_t)p, mid, rad, NULL);
  fc_get_enclosure(mid, rad, x, ball);
  mpfr_set_prec(lower, (mpfr_prec_t)p);
  mpfr_set_prec(upper, (mpfr_prec_t)p);
  if (mpfr_number_p(mid) && mpfr_number_p(rad)) {
    mpfr_sub(lower, mid, rad, MPFR_RNDD);
    mpfr_add(upper, mid, rad, MPFR_RNDU);
  } /* mpfr_set_prec left NaN in both */
  mpfr_clears(mid, rad, NULL);
  fc_clear(x, ball);
  return FC_OK;
}

static bool is_accurate(fc_srcptr x, const fc_ctx *ball, long precision) {
  mpfr_t mid, rad;
  mpfr_inits2(FC_PRECISION_MIN, mid, rad, NULL);
  fc_get_mid(mid, x, ball);
  fc_get_rad(rad, x, ball);
  mpfr_mul_2si(rad, rad, precision, MPFR_RNDU);
  bool accurate = mpfr_number_p(rad) && mpfr_cmpabs(rad, mid) <= 0;
  mpfr_clears(mid, rad, NULL);
  return accurate;
}

fc_status fc_ziv_ball(fc_ptr z, const fc_formula *constant, long limit,
                      const fc_ctx *ctx) {
  bool done = false;
  fc_status status = FC_BUDGET;
  for (long p = ctx->precision + 64; p <= limit && !done; p *= 2) {
    fc_num x;
    fc_ctx ball[1];
    status = eval_ball(x, ball, constant, p);
    if (status != FC_OK)
      return status;
    status = fc_is_finite(x, ball) ? FC_OK : FC_VALUE;
    done = status == FC_OK && is_accurate(x, ball, ctx->precision);
    fc_convert(z, ctx, x, ball);
    fc_clear(x, ball);
  }
  return status;
}
