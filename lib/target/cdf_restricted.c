/* J = int_{lo}^{hi} exp(-rho (y-m)^2/2) Phi((x - b y)/a) dy in MPFR.
 *
 * Written as sqrt(2 pi/rho) P(Y in [lo, hi], a Z + b Y <= x) with a normal Y,
 * it is an integral over y, smooth on the scale min(s, a/b), or over z,
 *   phi(z) P(lo <= Y <= min(hi, (x - a z)/b)),
 * smooth on the scale min(1, b s/a): the first where b s <= a, else the
 * second, so that nothing steep remains.  Both integrands are log-concave with
 * a Gaussian factor of the scale on which they are integrated, hence fall at
 * least like that factor away from their maximum, which bounds the window.
 */
#include "target/cdf.h"

#include <math.h>

void fc_normal_cdf(fc_ptr z, fc_srcptr u, const fc_ctx *ctx) {
  fc_num t;
  fc_init(t, ctx);
  fc_set_si(t, 2, ctx);
  fc_sqrt(t, t, ctx);
  fc_div(t, u, t, ctx);
  fc_neg(t, t, ctx);
  fc_erfc(z, t, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_clear(t, ctx);
}

/* Both from the tail nearer to them: Phi(-lower) - Phi(-upper) on the right. */
void fc_normal_mass(fc_ptr z, fc_srcptr lower, fc_srcptr upper,
                    const fc_ctx *ctx) {
  bool right = lower && fc_get_d(lower, ctx) > 0;
  fc_num outer, inner;
  fc_init(outer, ctx);
  fc_init(inner, ctx);
  fc_set_si(outer, right ? 0 : 1, ctx);
  if (upper) {
    fc_set(outer, upper, ctx);
    if (right)
      fc_neg(outer, outer, ctx);
    fc_normal_cdf(outer, outer, ctx);
  }
  fc_set_si(inner, right ? 1 : 0, ctx);
  if (lower) {
    fc_set(inner, lower, ctx);
    if (right)
      fc_neg(inner, inner, ctx);
    fc_normal_cdf(inner, inner, ctx);
  }
  if (right)
    fc_sub(z, inner, outer, ctx);
  else
    fc_sub(z, outer, inner, ctx);
  fc_clear(outer, ctx);
  fc_clear(inner, ctx);
}

typedef struct problem {
  const fc_restricted *law;
  fc_num root_rho; /* sqrt rho */
  fc_num base;     /* P(Y < lo), on the right of the mean P(Y > lo) */
  bool right;
  fc_num t, u, v;
} problem;

/* z = sqrt(rho) (y - m). */
static void standardise(fc_ptr z, fc_srcptr y, problem *p) {
  const fc_ctx *ctx = p->law->ctx;
  fc_sub(z, y, p->law->mean, ctx);
  fc_mul(z, z, p->root_rho, ctx);
}

/* z = exp(-y^2/2). */
static void gaussian(fc_ptr z, fc_srcptr y, const fc_ctx *ctx) {
  fc_sqr(z, y, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_neg(z, z, ctx);
  fc_exp(z, z, ctx);
}

/* exp(-rho (y-m)^2/2) Phi((x - b y)/a). */
static void in_y(fc_ptr z, fc_srcptr y, void *data) {
  problem *p = data;
  const fc_restricted *law = p->law;
  const fc_ctx *ctx = law->ctx;
  fc_set(p->u, law->x, ctx);
  fc_submul(p->u, law->b, y, ctx);
  fc_div(p->u, p->u, law->a, ctx);
  fc_normal_cdf(p->u, p->u, ctx);
  standardise(p->t, y, p);
  gaussian(p->t, p->t, ctx);
  fc_mul(z, p->t, p->u, ctx);
}

static void set_base(problem *p) {
  const fc_ctx *ctx = p->law->ctx;
  fc_set_si(p->base, 0, ctx);
  p->right = false;
  if (!p->law->lower)
    return;
  standardise(p->base, p->law->lower, p);
  p->right = fc_get_d(p->base, ctx) > 0;
  if (p->right)
    fc_neg(p->base, p->base, ctx);
  fc_normal_cdf(p->base, p->base, ctx);
}

/* u = P(lo <= Y <= u) for a standardised u: fc_normal_mass with the end that is
 * always the same. */
static void mass_from_lower(fc_ptr u, problem *p) {
  const fc_ctx *ctx = p->law->ctx;
  if (p->right)
    fc_neg(u, u, ctx);
  fc_normal_cdf(u, u, ctx);
  if (p->right)
    fc_sub(u, p->base, u, ctx);
  else
    fc_sub(u, u, p->base, ctx);
}

/* exp(-v^2/2) P(lo <= Y <= min(hi, (x - a v)/b)). */
static void in_z(fc_ptr z, fc_srcptr v, void *data) {
  problem *p = data;
  const fc_restricted *law = p->law;
  const fc_ctx *ctx = law->ctx;
  fc_set(p->u, law->x, ctx);
  fc_submul(p->u, law->a, v, ctx);
  fc_div(p->u, p->u, law->b, ctx);
  if (law->upper)
    fc_min(p->u, p->u, law->upper, ctx);
  if (law->lower)
    fc_max(p->u, p->u, law->lower, ctx);
  standardise(p->u, p->u, p);
  mass_from_lower(p->u, p);
  gaussian(p->t, v, ctx);
  fc_mul(z, p->t, p->u, ctx);
}

static double log_at(fc_integrand f, double y, problem *p) {
  const fc_ctx *ctx = p->law->ctx;
  fc_num z;
  fc_init(z, ctx);
  fc_set_d(p->v, y, ctx);
  f(z, p->v, p);
  fc_log(z, z, ctx);
  double value = fc_get_d(z, ctx);
  fc_clear(z, ctx);
  return isnan(value) ? -INFINITY : value;
}

/* The maximum of a log-concave f in [left, right], to a quarter of scale.
 * Where f is too small for the exponents of MPFR on both sides the maximum is
 * sought towards `near`. */
static double peak(fc_integrand f, double left, double right, double near,
                   double scale, problem *p) {
  for (int i = 0; i < 400 && right - left > scale / 4; i++) {
    double third = (right - left) / 3;
    double at_left = log_at(f, left + third, p);
    double at_right = log_at(f, right - third, p);
    bool rising =
        at_left == at_right ? near > left + right - near : at_left < at_right;
    if (rising)
      left += third;
    else
      right -= third;
  }
  return (left + right) / 2;
}

/* Integrates f from lower to upper (NULL: infinite) within reach of its peak,
 * which without ends lies near first or second or between them. */
static fc_status integrate(fc_ptr z, fc_integrand f, fc_srcptr lower,
                           fc_srcptr upper, double first, double second,
                           double scale, problem *p) {
  const fc_ctx *ctx = p->law->ctx;
  double reach = scale * (sqrt(2 * log(2) * (double)(ctx->precision + 20)) + 2);
  double left = lower ? fc_get_d(lower, ctx) : fmin(first, second) - reach;
  double right = upper ? fc_get_d(upper, ctx) : fmax(first, second) + reach;
  if (lower && !upper)
    right = fmax(right, left + reach);
  if (upper && !lower)
    left = fmin(left, right - reach);
  double top = peak(f, left, right, (first + second) / 2, scale, p);
  fc_num from, to;
  fc_init(from, ctx);
  fc_init(to, ctx);
  fc_set_d(from, top - reach, ctx);
  fc_set_d(to, top + reach, ctx);
  if (lower)
    fc_max(from, from, lower, ctx);
  if (upper)
    fc_min(to, to, upper, ctx);
  fc_status status = fc_quadrature(z, f, p, from, to, ctx);
  fc_clear(from, ctx);
  fc_clear(to, ctx);
  return status;
}

/* end = (x - b edge)/a. */
static void noise_end(fc_ptr end, fc_srcptr edge, const fc_restricted *law) {
  fc_set(end, law->x, law->ctx);
  fc_submul(end, law->b, edge, law->ctx);
  fc_div(end, end, law->a, law->ctx);
}

/* z = sqrt(2 pi) P(lo <= Y <= hi) Phi((x - b hi)/a): where the noise is so far
 * left that every Y will do. */
static void whole_piece(fc_ptr z, fc_srcptr end, problem *p) {
  const fc_restricted *law = p->law;
  const fc_ctx *ctx = law->ctx;
  standardise(p->u, law->upper, p);
  if (law->lower)
    standardise(p->t, law->lower, p);
  fc_normal_mass(p->u, law->lower ? p->t : NULL, p->u, ctx);
  fc_normal_cdf(p->t, end, ctx);
  fc_mul(z, p->t, p->u, ctx);
  fc_set_pi(p->t, ctx);
  fc_mul_2exp_si(p->t, p->t, 1, ctx);
  fc_sqrt(p->t, p->t, ctx);
  fc_mul(z, z, p->t, ctx);
}

/* J sqrt(rho) over the noise. */
static fc_status over_noise(fc_ptr z, double centre, problem *p) {
  const fc_restricted *law = p->law;
  const fc_ctx *ctx = law->ctx;
  fc_num from, to, whole;
  fc_init(from, ctx);
  fc_init(to, ctx);
  fc_init(whole, ctx);
  if (law->upper) {
    noise_end(from, law->upper, law);
    whole_piece(whole, from, p);
  }
  if (law->lower)
    noise_end(to, law->lower, law);
  fc_status status = integrate(z, in_z, law->upper ? from : NULL,
                               law->lower ? to : NULL, 0, centre, 1, p);
  fc_add(z, z, whole, ctx);
  fc_clear(from, ctx);
  fc_clear(to, ctx);
  fc_clear(whole, ctx);
  return status;
}

fc_status fc_restricted_below(fc_ptr z, const fc_restricted *law) {
  const fc_ctx *ctx = law->ctx;
  problem p = {.law = law};
  fc_init(p.root_rho, ctx);
  fc_init(p.base, ctx);
  fc_init(p.t, ctx);
  fc_init(p.u, ctx);
  fc_init(p.v, ctx);
  fc_sqrt(p.root_rho, law->rho, ctx);
  set_base(&p);
  double a = fc_get_d(law->a, ctx), b = fc_get_d(law->b, ctx),
         m = fc_get_d(law->mean, ctx), s = 1 / fc_get_d(p.root_rho, ctx);
  double slope = (fc_get_d(law->x, ctx) - b * m) / (a * a + b * b * s * s);
  fc_status status;
  if (b * s <= a) {
    status = integrate(z, in_y, law->lower, law->upper, m,
                       m + b * s * s * slope, s, &p);
  } else {
    status = over_noise(z, a * slope, &p);
    fc_div(z, z, p.root_rho, ctx);
  }
  fc_clear(p.root_rho, ctx);
  fc_clear(p.base, ctx);
  fc_clear(p.t, ctx);
  fc_clear(p.u, ctx);
  fc_clear(p.v, ctx);
  return status;
}
