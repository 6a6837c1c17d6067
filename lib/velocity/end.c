#include "velocity/end.h"

#include <string.h>

/* Balls that are not finite but of certain sign are exact infinities. */
static int infinite_sign(fc_srcptr x, const fc_ctx *ctx) {
  if (fc_is_finite(x, ctx))
    return 0;
  if (fc_is_positive(x, ctx) == FC_TRUE)
    return 1;
  return fc_is_negative(x, ctx) == FC_TRUE ? -1 : 0;
}

bool fc_end_is_apart(fc_srcptr A, fc_srcptr x, const fc_ctx *ctx) {
  return fc_is_zero(A, ctx) == FC_TRUE && infinite_sign(x, ctx) != 0;
}

static bool is_built_in(const fc_schedule *schedule) {
  return strcmp(fc_schedule_name(schedule), "custom") != 0;
}

bool fc_end_drift_is_known(const fc_schedule *schedule,
                           const fc_schedule_value *at, const fc_ctx *ctx) {
  return is_built_in(schedule) || fc_is_negative(at->da, ctx) == FC_TRUE;
}

bool fc_end_rate_is_known(const fc_schedule *schedule,
                          const fc_schedule_value *at, const fc_ctx *ctx) {
  return is_built_in(schedule) ||
         (fc_is_negative(at->da, ctx) == FC_TRUE && fc_is_finite(at->da, ctx) &&
          fc_is_finite(at->d2a, ctx) && fc_is_finite(at->d2b, ctx));
}

void fc_end_put(fc_ptr z, fc_srcptr from, size_t count, size_t stride,
                bool known, const fc_ctx *ctx) {
  for (size_t i = 0; i < count * stride; i += stride) {
    int sign = infinite_sign(from + i, ctx);
    if (sign == 0)
      continue;
    fc_set_inf(z + i, sign, ctx);
    if (!known) /* inf - inf: NaN */
      fc_sub(z + i, z + i, z + i, ctx);
  }
}
