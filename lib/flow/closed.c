/* The flow of a single Gaussian N(m, Sigma):
 *   X_{s,t}(x) = b_t m + S_t S_s^-1 (x - b_s m),  S = (a^2 I + b^2 Sigma)^(1/2)
 * All S share the eigenvectors of Sigma, so that in that basis S_t S_s^-1 is
 * the diagonal of sqrt((a_t^2 + b_t^2 l)/(a_s^2 + b_s^2 l)), l an eigenvalue.
 */
#include <stdlib.h>

#include "flow/flow_impl.h"
#include "matrix/matrix.h"

typedef struct closed {
  fc_ptr storage;
  fc_ptr mean;       /* d */
  fc_ptr covariance; /* d*d */
  fc_ptr values;     /* d: eigenvalues */
  fc_ptr vectors;    /* d*d, one a row; unused where Sigma is a multiple of I */
  fc_ptr matrix;     /* d*d: S_t S_s^-1 */
  fc_ptr temp;       /* 2 */
  size_t count;
  bool scalar; /* Sigma = l I: no eigenvectors are needed */
} closed;

static bool is_scalar(const closed *c, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      if (i != j && fc_is_zero(c->covariance + i * d + j, ctx) != FC_TRUE)
        return false;
  for (size_t i = 1; i < d; i++)
    if (fc_cmp_mid(c->covariance, c->covariance + i * d + i, ctx) != 0)
      return false;
  return true;
}

static void divide_storage(closed *c, size_t d) {
  c->mean = c->storage;
  c->covariance = c->mean + d;
  c->values = c->covariance + d * d;
  c->vectors = c->values + d;
  c->matrix = c->vectors + d * d;
  c->temp = c->matrix + d * d;
}

static fc_status bind(fc_flow *flow, fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  closed *c = calloc(1, sizeof *c);
  if (!c)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->state = c;
  c->count = 2 * d + 3 * d * d + 2;
  c->storage = fc_vec_new(c->count, ctx);
  if (!c->storage)
    return fc_fail(error, FC_MEMORY, "out of memory");
  divide_storage(c, d);
  if (fc_target_gaussian_get(c->mean, c->covariance, flow->target, ctx))
    return fc_fail(error, FC_UNSUPPORTED,
                   "there is no closed form: the target is no Gaussian");
  c->scalar = is_scalar(c, d, ctx);
  if (c->scalar)
    return FC_OK;
  if (ctx->kind == FC_ARB) /* eigenvectors are not enclosed: see balls() */
    return FC_OK;
  fc_status status =
      fc_matrix_eigen(c->values, c->vectors, c->covariance, d, ctx);
  return status ? fc_fail(error, status, "the covariance has no eigenvalues")
                : FC_OK;
}

static void release(fc_flow *flow) {
  closed *c = flow->state;
  fc_vec_free(c->storage, c->count, &flow->ctx);
  free(c);
}

/* z = a^2 + b^2 l */
static void variance(fc_ptr z, const fc_schedule_value *at, fc_srcptr l,
                     fc_ptr temp, const fc_ctx *ctx) {
  fc_sqr(z, at->b, ctx);
  fc_mul(z, z, l, ctx);
  fc_sqr(temp, at->a, ctx);
  fc_add(z, z, temp, ctx);
}

/* z = sqrt((a_t^2 + b_t^2 l)/(a_s^2 + b_s^2 l)) */
static void ratio(fc_ptr z, const fc_flow *flow, fc_srcptr l) {
  const closed *c = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  variance(c->temp, flow->to, l, c->temp + 1, ctx);
  variance(z, flow->from, l, c->temp + 1, ctx);
  fc_div(z, c->temp, z, ctx);
  fc_sqrt(z, z, ctx);
}

/* z = a^2 I + b^2 Sigma */
static void variances(fc_ptr z, const closed *c, const fc_schedule_value *at,
                      size_t d, const fc_ctx *ctx) {
  fc_sqr(c->temp, at->b, ctx);
  for (size_t i = 0; i < d * d; i++)
    fc_mul(z + i, c->covariance + i, c->temp, ctx);
  fc_sqr(c->temp, at->a, ctx);
  for (size_t i = 0; i < d; i++)
    fc_add(z + i * (d + 1), z + i * (d + 1), c->temp, ctx);
}

/* In balls the matrix is enclosed as the root of S_t^2 S_s^-2: both commute. */
static fc_status balls(fc_flow *flow) {
  closed *c = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  fc_ptr late = c->vectors, inverse = c->matrix;
  fc_ptr ratio = fc_vec_new(2 * d * d, ctx);
  if (!ratio)
    return FC_MEMORY;
  fc_ptr early = ratio + d * d;
  variances(late, c, flow->to, d, ctx);
  variances(early, c, flow->from, d, ctx);
  fc_status status = fc_matrix_cholesky(early, early, d, ctx);
  if (!status) {
    fc_matrix_cholesky_inverse(inverse, early, d, ctx);
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j < d; j++)
        for (size_t k = 0; k < d; k++)
          fc_addmul(ratio + i * d + j, late + i * d + k, inverse + k * d + j,
                    ctx);
    status = fc_matrix_root_enclosed(c->matrix, ratio, d, ctx);
  }
  fc_vec_free(ratio, 2 * d * d, ctx);
  return status;
}

static fc_status set_times(fc_flow *flow, fc_error *error) {
  closed *c = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  fc_num factor;
  if (ctx->kind == FC_ARB && !c->scalar) {
    fc_status status = balls(flow);
    return status ? fc_fail(error, status,
                            "S_t S_s^-1 cannot be enclosed at this precision")
                  : FC_OK;
  }
  fc_init(factor, ctx);
  fc_vec_zero(c->matrix, d * d, ctx);
  for (size_t k = 0; k < d; k++) {
    ratio(factor, flow, c->scalar ? c->covariance : c->values + k);
    if (c->scalar) {
      fc_set(c->matrix + k * d + k, factor, ctx);
      continue;
    }
    fc_srcptr v = c->vectors + k * d;
    for (size_t i = 0; i < d; i++) {
      fc_mul(c->temp, factor, v + i, ctx);
      for (size_t j = 0; j < d; j++)
        fc_addmul(c->matrix + i * d + j, c->temp, v + j, ctx);
    }
  }
  fc_clear(factor, ctx);
  return FC_OK;
}

/* The terms b_t m, S (x - b_s m) may cancel: their sizes count, not that of the
 * sum. */
static void set_cancellation(fc_flow *flow, fc_srcptr x) {
  const closed *c = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  fc_ptr size = c->temp, part = c->temp + 1, error = flow->value.x_error;
  if (ctx->kind == FC_ARB)
    return;
  fc_largest_magnitude(size, x, d, ctx);
  fc_largest_magnitude(part, c->mean, d, ctx);
  fc_addmul(size, part, flow->from->b, ctx);
  fc_largest_magnitude(part, c->matrix, d * d, ctx);
  fc_mul(size, size, part, ctx);
  fc_largest_magnitude(part, c->mean, d, ctx);
  fc_addmul(size, part, flow->to->b, ctx);
  fc_mul_2exp_si(size, size, 10 - ctx->precision, ctx);
  fc_max(error, error, size, ctx);
}

static fc_status eval(fc_flow *flow, fc_srcptr x, unsigned want,
                      fc_error *error) {
  const closed *c = flow->state;
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  (void)error;
  for (size_t i = 0; i < d; i++)
    fc_mul(flow->value.x + i, flow->to->b, c->mean + i, ctx);
  for (size_t j = 0; j < d; j++) {
    fc_set(c->temp, x + j, ctx);
    fc_submul(c->temp, flow->from->b, c->mean + j, ctx);
    for (size_t i = 0; i < d; i++)
      fc_addmul(flow->value.x + i, c->matrix + i * d + j, c->temp, ctx);
  }
  if (want & FC_FLOW_JACOBIAN)
    fc_vec_set(flow->value.jacobian, c->matrix, d * d, ctx);
  fc_flow_set_rounding(flow, want, 10);
  set_cancellation(flow, x);
  return FC_OK;
}

const fc_flow_kind fc_flow_closed = {bind, set_times, eval, release};
