/* Where the quantile of p_t on the line may be, from the quantiles of its
 * components. */
#include "target/cdf.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

/* The z < 0 or so with Phi(z) = exp(log_p), log_p <= 0; far out from
 * Phi(z) = phi(z)/|z| (1 - 1/z^2 + ...). */
static double normal_quantile(double log_p) {
  if (log_p > -600)
    return gsl_cdf_ugaussian_Pinv(exp(log_p));
  double square = -2 * log_p, z2 = square;
  for (int i = 0; i < 6; i++)
    z2 = square - log(2 * acos(-1) * z2) + 2 * log1p(-1 / z2);
  return -sqrt(z2);
}

static void include(double range[2], double low, double high) {
  range[0] = fmin(range[0], low);
  range[1] = fmax(range[1], high);
}

/* Where all components have mass p on the left, so does the mixture. */
static bool mixture_range(double range[2], fc_posterior *posterior, double a,
                          double b, double z) {
  const fc_ctx *ctx = &posterior->ctx;
  if (fc_line_bind(posterior) != FC_OK)
    return false;
  for (size_t k = 0; k < posterior->target->count; k++) {
    fc_srcptr component = posterior->line + 3 * k;
    double m = fc_get_d(component + 1, ctx), v = fc_get_d(component + 2, ctx);
    double x = b * m + z * sqrt(a * a + b * b * v);
    include(range, x, x);
  }
  return true;
}

static double value_of(const fc_formula *formula, double missing) {
  fc_ctx ctx;
  fc_num x;
  if (!formula)
    return missing;
  fc_ctx_init_double(&ctx);
  fc_init(x, &ctx);
  double value =
      fc_constant_eval(x, formula, &ctx) == FC_OK ? fc_get_d(x, &ctx) : missing;
  fc_clear(x, &ctx);
  return value;
}

/* a Z + b Y with Y between the ends of a piece, or where they are infinite
 * about as far out as its normal law. */
static void piece_range(double range[2], const fc_target *target, size_t j,
                        double a, double b, double z) {
  double m = value_of(target->means[j], 0), s = value_of(target->spreads[j], 1),
         reach = s * (fabs(z) + 3);
  double low = value_of(target->lower[j], -INFINITY),
         high = value_of(target->upper[j], INFINITY);
  double first = isinf(low) ? fmin(m, high) - reach : low,
         last = isinf(high) ? fmax(m, low) + reach : high;
  include(range, b * first + a * z, b * last + a * z);
}

bool fc_line_guess(double range[2], fc_posterior *posterior, double a, double b,
                   double log_tail, bool left) {
  fc_posterior *line = fc_line_part(posterior);
  const fc_target *target = line->target;
  if (target->kind == FC_DENSITY) /* nothing is known of its quantiles */
    return false;
  double z = normal_quantile(log_tail) * (left ? 1 : -1);
  range[0] = INFINITY;
  range[1] = -INFINITY;
  if (target->kind != FC_PIECES && !mixture_range(range, line, a, b, z))
    return false;
  for (size_t j = 0; j < target->count && target->kind == FC_PIECES; j++)
    piece_range(range, target, j, a, b, z);
  double margin = 1e-9 * (fabs(range[0]) + fabs(range[1]) + a + b);
  range[0] -= margin;
  range[1] += margin;
  return isfinite(range[0]) && isfinite(range[1]) && range[0] < range[1];
}
