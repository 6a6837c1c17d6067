/* J = int_{lo}^{hi} exp(-rho (y-m)^2/2) Phi((x - b y)/a) dy enclosed.
 *
 * The integrand is entire; acb_calc_integrate bisects and encloses.  Infinite
 * ends are cut at m -+ s sqrt(2 E + 2 ln 2 (precision + 20)), where exp(-E) is
 * the order of the integrand's maximum; what is cut off lies between 0 and the
 * normal mass out there, as 0 <= Phi <= 1.
 */
#include "arith/arb_compat.h"
#include "arith/balls.h"
#include "target/cdf.h"

#ifdef FC_ARB_IN_FLINT
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

#include <math.h>

static int integrand(acb_ptr z, const acb_t y, void *data, slong order,
                     slong precision) {
  const fc_restricted *law = data;
  (void)order; /* entire: analytic everywhere */
  acb_t t, u;
  arb_t root;
  acb_init(t);
  acb_init(u);
  arb_init(root);
  acb_sub_arb(t, y, fc_as_arb_src(law->mean), precision);
  acb_mul(t, t, t, precision);
  acb_mul_arb(t, t, fc_as_arb_src(law->rho), precision);
  acb_mul_2exp_si(t, t, -1);
  acb_neg(t, t);
  acb_exp(t, t, precision);
  acb_mul_arb(u, y, fc_as_arb_src(law->b), precision);
  acb_sub_arb(u, u, fc_as_arb_src(law->x), precision);
  arb_sqrt_ui(root, 2, precision);
  arb_mul(root, root, fc_as_arb_src(law->a), precision);
  acb_div_arb(u, u, root, precision);
  acb_hypgeom_erfc(u, u, precision);
  acb_mul(z, t, u, precision);
  acb_mul_2exp_si(z, z, -1);
  acb_clear(t);
  acb_clear(u);
  arb_clear(root);
  return 0;
}

typedef struct window {
  double m, s, reach, log2_size; /* of J, roughly */
} window;

/* E = rho (y-m)^2/2 + (x - b y)_-^2/(2 a^2) at the y of the piece nearest to
 * the mean of Y given X_t = x. */
static window window_of(const fc_restricted *law) {
  const fc_ctx *ctx = law->ctx;
  double a = fc_get_d(law->a, ctx), b = fc_get_d(law->b, ctx),
         m = fc_get_d(law->mean, ctx), s = 1 / sqrt(fc_get_d(law->rho, ctx)),
         x = fc_get_d(law->x, ctx);
  double y = m + b * s * s * fmin(0, x - b * m) / (a * a + b * b * s * s);
  if (law->lower)
    y = fmax(y, fc_get_d(law->lower, ctx));
  if (law->upper)
    y = fmin(y, fc_get_d(law->upper, ctx));
  double prior = (y - m) / s, noise = fmin(0, x - b * y) / a;
  double far = prior * prior + noise * noise;
  double reach = s * sqrt(far + 2 * log(2) * ((double)ctx->precision + 20)) + s;
  return (window){m, s, reach, -far / (2 * log(2))};
}

/* z widened by [0, mass of the normal law beyond end] sqrt(2 pi/rho). */
static void add_cut(fc_ptr z, fc_srcptr end, bool right,
                    const fc_restricted *law) {
  const fc_ctx *ctx = law->ctx;
  fc_num t, root;
  fc_init(t, ctx);
  fc_init(root, ctx);
  fc_sqrt(root, law->rho, ctx);
  fc_sub(t, end, law->mean, ctx);
  fc_mul(t, t, root, ctx);
  if (right)
    fc_neg(t, t, ctx);
  fc_normal_cdf(t, t, ctx);
  fc_div(t, t, root, ctx);
  fc_set_pi(root, ctx);
  fc_mul_2exp_si(root, root, 1, ctx);
  fc_sqrt(root, root, ctx);
  fc_mul(t, t, root, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_add(z, z, t, ctx);
  fc_widen(z, t, ctx);
  fc_clear(t, ctx);
  fc_clear(root, ctx);
}

static void integrate(fc_ptr z, fc_srcptr from, fc_srcptr to, window w,
                      const fc_restricted *law) {
  slong precision = law->ctx->precision;
  acb_t left, right, value;
  mag_t tolerance;
  acb_init(left);
  acb_init(right);
  acb_init(value);
  mag_init(tolerance);
  arb_set(acb_realref(left), fc_as_arb_src(from));
  arb_set(acb_realref(right), fc_as_arb_src(to));
  double bits = fmax(w.log2_size, -1e9) - 40;
  mag_set_ui_2exp_si(tolerance, 1, (slong)bits - precision);
  acb_calc_integrate(value, integrand, (void *)law, left, right, precision,
                     tolerance, NULL, precision);
  arb_set(fc_as_arb(z), acb_realref(value));
  mag_clear(tolerance);
  acb_clear(left);
  acb_clear(right);
  acb_clear(value);
}

fc_status fc_restricted_below_ball(fc_ptr z, const fc_restricted *law) {
  const fc_ctx *ctx = law->ctx;
  window w = window_of(law);
  if (!isfinite(w.m) || !isfinite(w.reach)) {
    arb_indeterminate(fc_as_arb(z));
    return FC_OK;
  }
  double left = w.m - w.reach, right = w.m + w.reach;
  if (law->lower)
    right = fmax(right, fc_get_d(law->lower, ctx) + w.reach);
  if (law->upper)
    left = fmin(left, fc_get_d(law->upper, ctx) - w.reach);
  fc_num from, to, value;
  fc_init(from, ctx);
  fc_init(to, ctx);
  fc_init(value, ctx);
  fc_set_d(from, left, ctx);
  fc_set_d(to, right, ctx);
  /* An end beyond the window is cut off like an infinite one. */
  bool cut_left = !law->lower || fc_lt(law->lower, from, ctx) == FC_TRUE;
  bool cut_right = !law->upper || fc_lt(to, law->upper, ctx) == FC_TRUE;
  if (!cut_left)
    fc_set(from, law->lower, ctx);
  if (!cut_right)
    fc_set(to, law->upper, ctx);
  integrate(value, from, to, w, law);
  if (cut_left)
    add_cut(value, from, false, law);
  if (cut_right)
    add_cut(value, to, true, law);
  fc_set(z, value, ctx);
  fc_clear(from, ctx);
  fc_clear(to, ctx);
  fc_clear(value, ctx);
  return FC_OK;
}
