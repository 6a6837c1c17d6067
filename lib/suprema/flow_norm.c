#include "suprema/flow_norm.h"

#include <stdlib.h>

#include "matrix/matrix.h"

enum { ROUNDING_BITS = 6 }; /* that the eigenvalues may lose */

struct fc_flow_norm {
  fc_ctx ctx[1];
  size_t d;
  fc_flow *flows[2]; /* by the end at which they start */
  fc_flow_norm_value value;
  fc_ptr storage;
  size_t count;
  fc_ptr scaled, square, spectrum; /* d*d, d*d, d */
  fc_ptr scale, temp;
};

fc_status fc_flow_norm_new(fc_flow_norm **norm, const fc_target *target,
                           const fc_schedule *schedule, const fc_ctx *ctx,
                           fc_error *error) {
  fc_flow_norm *n = calloc(1, sizeof *n);
  if (!n)
    return fc_fail(error, FC_MEMORY, "out of memory");
  size_t d = n->d = fc_target_dimension(target);
  n->ctx[0] = *ctx;
  n->count = 2 * d * d + d + 6;
  n->storage = fc_vec_new(n->count, ctx);
  fc_status status = n->storage ? FC_OK : FC_MEMORY;
  for (int end = 0; end < 2 && !status; end++)
    status =
        fc_flow_new(&n->flows[end], target, schedule, FC_FLOW_AUTO, ctx, error);
  if (status) {
    fc_flow_norm_free(n);
    return status;
  }
  n->scaled = n->storage;
  n->square = n->scaled + d * d;
  n->spectrum = n->square + d * d;
  n->value = (fc_flow_norm_value){n->spectrum + d, n->spectrum + d + 1,
                                  n->spectrum + d + 2, n->spectrum + d + 3};
  n->scale = n->spectrum + d + 4;
  n->temp = n->spectrum + d + 5;
  *norm = n;
  return FC_OK;
}

void fc_flow_norm_free(fc_flow_norm *n) {
  if (!n)
    return;
  fc_flow_free(n->flows[0]);
  fc_flow_free(n->flows[1]);
  fc_vec_free(n->storage, n->count, n->ctx);
  free(n);
}

fc_status fc_flow_norm_set_times(fc_flow_norm *n, const fc_time *earlier,
                                 const fc_time *later, fc_error *error) {
  fc_status status =
      fc_flow_set_times(n->flows[FC_EARLIER], earlier, later, error);
  return status ? status
                : fc_flow_set_times(n->flows[FC_LATER], later, earlier, error);
}

const fc_flow_norm_value *fc_flow_norm_values(const fc_flow_norm *n) {
  return &n->value;
}

/* On the line both singular values are |dX/dx|. */
static void take_line(fc_flow_norm *n, const fc_flow_value *flow) {
  fc_abs(n->value.largest, flow->jacobian, n->ctx);
  fc_set(n->value.least, n->value.largest, n->ctx);
  fc_set(n->value.largest_error, flow->jacobian_error, n->ctx);
  fc_set(n->value.least_error, flow->jacobian_error, n->ctx);
}

/* One number along a line and one across: where the first is far below the
 * second, the entries of the derivative do not tell it. */
static void take_stretch(fc_flow_norm *n, const fc_flow_stretch *s) {
  const fc_ctx *ctx = n->ctx;
  bool along = fc_cmp_mid(s->along, s->across, ctx) > 0;
  fc_max(n->value.largest, s->along, s->across, ctx);
  fc_min(n->value.least, s->along, s->across, ctx);
  fc_set(n->value.largest_error, along ? s->along_error : s->across_error, ctx);
  fc_set(n->value.least_error, along ? s->across_error : s->along_error, ctx);
}

/* square = (J/m)^T (J/m), m the largest entry: nothing overflows. */
static bool set_square(fc_flow_norm *n, fc_srcptr jacobian) {
  const fc_ctx *ctx = n->ctx;
  size_t d = n->d;
  fc_set_si(n->scale, 0, ctx);
  for (size_t i = 0; i < d * d; i++) {
    if (!fc_is_finite(jacobian + i, ctx))
      return false;
    fc_abs(n->temp, jacobian + i, ctx);
    if (fc_cmp_mid(n->temp, n->scale, ctx) > 0)
      fc_set(n->scale, n->temp, ctx);
  }
  if (fc_is_positive(n->scale, ctx) != FC_TRUE)
    return false;
  for (size_t i = 0; i < d * d; i++)
    fc_div(n->scaled + i, jacobian + i, n->scale, ctx);
  fc_vec_zero(n->square, d * d, ctx);
  for (size_t k = 0; k < d; k++)
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++)
        fc_addmul(n->square + i * d + j, n->scaled + k * d + i,
                  n->scaled + k * d + j, ctx);
  return true;
}

/* A perturbation of entries by e moves singular values by at most d e; that of
 * the eigenvalues of J^T J by h moves a root s by h/(2 s). */
static void set_errors(fc_flow_norm *n, fc_srcptr entry_error) {
  const fc_ctx *ctx = n->ctx;
  long shift = ROUNDING_BITS - ctx->precision;
  fc_mul_si(n->value.largest_error, entry_error, (long)n->d, ctx);
  fc_set(n->value.least_error, n->value.largest_error, ctx);
  if (ctx->kind == FC_ARB)
    return;
  fc_mul_si(n->temp, n->value.largest, (long)n->d, ctx);
  fc_mul_2exp_si(n->temp, n->temp, shift, ctx);
  fc_add(n->value.largest_error, n->value.largest_error, n->temp, ctx);
  fc_mul(n->temp, n->temp, n->value.largest, ctx);
  fc_div(n->temp, n->temp, n->value.least, ctx);
  fc_add(n->value.least_error, n->value.least_error, n->temp, ctx);
}

fc_status fc_flow_norm_eval(fc_flow_norm *n, fc_srcptr x, fc_flow_end end,
                            fc_error *failure) {
  const fc_ctx *ctx = n->ctx;
  fc_flow *flow = n->flows[end];
  fc_status status = fc_flow_eval(flow, x, FC_FLOW_JACOBIAN, failure);
  if (status)
    return status;
  const fc_flow_value *at = fc_flow_values(flow);
  if (n->d == 1) {
    take_line(n, at);
    return fc_is_finite(n->value.largest, ctx) ? FC_OK : FC_DOMAIN;
  }
  fc_flow_stretch stretch;
  if (fc_flow_get_stretch(&stretch, flow)) {
    take_stretch(n, &stretch);
    return fc_is_finite(n->value.largest, ctx) ? FC_OK : FC_DOMAIN;
  }
  if (!set_square(n, at->jacobian)) {
    fc_set_inf(n->value.largest, 1, ctx);
    return FC_DOMAIN;
  }
  status = fc_matrix_eigen(n->spectrum, NULL, n->square, n->d, ctx);
  if (status)
    return status;
  fc_sqrt(n->value.largest, n->spectrum + n->d - 1, ctx);
  fc_mul(n->value.largest, n->value.largest, n->scale, ctx);
  fc_sqrt(n->value.least, n->spectrum, ctx);
  fc_mul(n->value.least, n->value.least, n->scale, ctx);
  set_errors(n, at->jacobian_error);
  return FC_OK;
}

fc_status fc_flow_norm_at(fc_ptr value, fc_ptr error, fc_flow_norm *n,
                          fc_srcptr x, fc_flow_end end, fc_flow_end start,
                          fc_error *failure) {
  const fc_ctx *ctx = n->ctx;
  fc_status status = fc_flow_norm_eval(n, x, end, failure);
  if (status)
    return status;
  if (end == start) {
    fc_set(value, n->value.largest, ctx);
    fc_set(error, n->value.largest_error, ctx);
  } else { /* 1/(s -+ e) is within e/(s (s - e)) of 1/s */
    fc_inv(value, n->value.least, ctx);
    fc_sub(n->temp, n->value.least, n->value.least_error, ctx);
    fc_div(error, n->value.least_error, n->temp, ctx);
    fc_mul(error, error, value, ctx);
    if (ctx->kind != FC_ARB && fc_is_positive(n->temp, ctx) != FC_TRUE)
      fc_set_inf(error, 1, ctx);
  }
  return fc_is_finite(value, ctx) ? FC_OK : FC_DOMAIN;
}
