#include "transport/samples.h"

#include <math.h>

#include "transport/law.h"
#include "transport/value.h"

fc_status fc_w2_samples(fc_w2_value *value, const fc_sample *p,
                        const fc_sample *q, const fc_ctx *ctx,
                        fc_error *error) {
  fc_laws laws;
  fc_transport t;
  fc_status status = fc_laws_init(&laws, p, q, error);
  if (status != FC_OK)
    return status;
  status = fc_transport_solve(&t, &laws.p, &laws.q, fc_w2_bits(ctx), error);
  if (status == FC_OK) {
    fc_transport_misplace(&t, &laws.p, &laws.q, laws.defect);
    fc_w2_value_set(value, t.lower, t.upper, FC_W2_EXACT, "transport plan",
                    ctx);
    fc_transport_clear(&t);
  }
  fc_laws_clear(&laws);
  return status;
}

/* --- a given coupling -----------------------------------------------------
 */

/* |x - y|^2, scaled */
static double paired_cost(const double *x, const double *y, size_t d,
                          int scale) {
  double sum = 0;
  for (size_t k = 0; k < d; k++) {
    double gap = ldexp(x[k], -scale) - ldexp(y[k], -scale);
    sum += gap * gap;
  }
  return sum;
}

/* An exponent that makes all differences at most 2^1. */
static int find_scale(const double *x, const double *y, size_t size) {
  double most = 0;
  int scale = 0;
  for (size_t i = 0; i < size; i++)
    most = fmax(most, fabs(x[i] / 2 - y[i] / 2));
  frexp(most, &scale);
  return scale;
}

fc_status fc_w2_paired(fc_w2_value *value, const double *x, const double *y,
                       size_t count, size_t d, const fc_ctx *ctx,
                       fc_error *error) {
  if (count < 2 || d == 0)
    return fc_fail(error, FC_SHAPE, "fewer than two pairs of points");
  for (size_t i = 0; i < count * d; i++)
    if (!isfinite(x[i]) || !isfinite(y[i]))
      return fc_fail(error, FC_VALUE,
                     "coordinate %zu of pair %zu is not finite", i % d + 1,
                     i / d + 1);
  int scale = find_scale(x, y, count * d);
  double mean = 0, spread = 0; /* Welford's recurrences */
  for (size_t i = 0; i < count; i++) {
    double cost = paired_cost(x + i * d, y + i * d, d, scale);
    double gap = cost - mean;
    mean += gap / (double)(i + 1);
    spread += gap * (cost - mean);
  }
  double n = (double)count, deviation = sqrt(spread / (n - 1) / n);
  double root = sqrt(mean);
  double off = root > 0 ? 4 * deviation / (2 * root) : 0;
  fc_set_d(value->w2, ldexp(root, scale), ctx);
  fc_set_d(value->error, ldexp(off, scale), ctx);
  value->kind = FC_W2_UPPER;
  value->proved = false;
  value->how = "paired samples";
  return FC_OK;
}
