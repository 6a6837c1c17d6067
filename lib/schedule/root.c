/* Square roots of what is known not to be negative. */
#include "schedule/private.h"

/* z covers sqrt(x) for the x >= 0 of a ball that holds 0.  Let y be the one of
 * x, -x that reaches farther to the right, to h say: as a set y covers [0, h],
 * so that y/sqrt(h) covers [0, sqrt(h)].  h is known to 2^-20; 1025/1024 makes
 * up for that. */
static void cover_root(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpfr_inits2((mpfr_prec_t)ctx->precision, mid, rad, NULL);
  fc_get_enclosure(mid, rad, x, ctx);
  bool left = mpfr_sgn(mid) < 0;
  mpfr_abs(mid, mid, MPFR_RNDN);
  mpfr_add(mid, mid, rad, MPFR_RNDU);
  mpfr_sqrt(mid, mid, MPFR_RNDD);
  mpfr_mul_ui(mid, mid, 1024, MPFR_RNDD);
  fc_num h;
  fc_init(h, ctx);
  fc_set_mpfr(h, mid, ctx);
  fc_div(h, x, h, ctx);
  fc_mul_si(z, h, left ? -1025 : 1025, ctx);
  fc_clear(h, ctx);
  mpfr_clears(mid, rad, NULL);
}

void fc_sqrt_nonnegative(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  bool touches_zero = ctx->kind == FC_ARB && fc_is_finite(x, ctx) &&
                      fc_is_zero(x, ctx) == FC_UNKNOWN;
  if (touches_zero)
    cover_root(z, x, ctx);
  else
    fc_sqrt(z, x, ctx);
}
