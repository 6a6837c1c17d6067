#include "flow/magnitude.h"

#include <math.h>

/* Responsibilities so far below what may be neglected have no effect, not even
 * on the Jacobian, where they come with squared distances of components. */
enum { NEGLIGIBLE_BITS = 40 };

double fc_log2_magnitude(fc_srcptr x, const fc_ctx *ctx) {
  if (ctx->kind == FC_DOUBLE) {
    double size = fabs(fc_get_d(x, ctx));
    return isfinite(size) ? log2(size) : NAN;
  }
  mpfr_t mid;
  mpfr_init2(mid, 53);
  fc_get_mid(mid, x, ctx);
  double size = mpfr_zero_p(mid) ? -INFINITY : NAN;
  if (mpfr_regular_p(mid)) {
    long exponent = (long)mpfr_get_exp(mid);
    mpfr_set_exp(mid, 0);
    size = (double)exponent + log2(fabs(mpfr_get_d(mid, MPFR_RNDN)));
  }
  mpfr_clear(mid);
  return size;
}

double fc_reach(fc_srcptr r, double rate, double bend, size_t count, long order,
                long bits, const fc_ctx *ctx) {
  double room = -fc_log2_magnitude(r, ctx) - log2((double)count) -
                (double)(bits + NEGLIGIBLE_BITS);
  double growth = fmax((double)order / 2, room * 0.6931471805599453);
  if (isinf(growth)) /* r = 0 */
    return growth;
  rate = fabs(rate);
  /* the positive root of bend h^2 + rate h = growth */
  return 2 * growth / (rate + sqrt(rate * rate + 4 * bend * growth));
}
