#include "transport/source.h"

#include <math.h>

#include "transport/line_quadrature.h"

typedef struct problem {
  size_t count;
  fc_srcptr weights, means, spreads, a, b;
  const fc_ctx *ctx; /* of these */
} problem;

/* weights, means and standard deviations in another context: of nu divided by
 * 2^scale (start: false), or of a Z + b X_1. */
static void set_terms(fc_ptr terms, const problem *p, bool start, long scale,
                      const fc_ctx *ctx) {
  fc_num a, b, t;
  size_t n = p->count;
  fc_init(a, ctx);
  fc_init(b, ctx);
  fc_init(t, ctx);
  fc_convert(a, ctx, p->a, p->ctx);
  fc_convert(b, ctx, p->b, p->ctx);
  fc_sqr(a, a, ctx);
  for (size_t k = 0; k < n; k++) {
    fc_ptr mean = terms + n + k, spread = terms + 2 * n + k;
    fc_convert(terms + k, ctx, p->weights + k, p->ctx);
    fc_convert(mean, ctx, p->means + k, p->ctx);
    fc_convert(spread, ctx, p->spreads + k, p->ctx);
    if (start) {
      fc_mul(mean, mean, b, ctx);
      fc_mul(t, spread, b, ctx);
      fc_sqr(t, t, ctx);
      fc_add(t, t, a, ctx);
      fc_sqrt(spread, t, ctx);
    }
    fc_mul_2exp_si(mean, mean, -scale, ctx);
    fc_mul_2exp_si(spread, spread, -scale, ctx);
  }
  fc_clear(a, ctx);
  fc_clear(b, ctx);
  fc_clear(t, ctx);
}

static fc_status make_mixture(fc_line_law *law, const problem *p, bool start,
                              long scale, double reach, const fc_ctx *ctx,
                              fc_error *error) {
  size_t n = p->count;
  fc_ptr terms = fc_vec_new(3 * n, ctx);
  if (!terms)
    return fc_fail(error, FC_MEMORY, "out of memory");
  set_terms(terms, p, start, scale, ctx);
  fc_status status = fc_line_law_init_normals(law, n, terms, terms + n,
                                              terms + 2 * n, reach, ctx, error);
  fc_vec_free(terms, 3 * n, ctx);
  return status;
}

/* N(0, a^2), divided by 2^scale. */
static fc_status make_noise(fc_line_law *law, const problem *p, long scale,
                            double reach, const fc_ctx *ctx, fc_error *error) {
  fc_num weight, mean, spread;
  fc_init(weight, ctx);
  fc_init(mean, ctx);
  fc_init(spread, ctx);
  fc_set_si(weight, 1, ctx);
  fc_convert(spread, ctx, p->a, p->ctx);
  fc_mul_2exp_si(spread, spread, -scale, ctx);
  fc_status status =
      fc_line_law_init_normals(law, 1, weight, mean, spread, reach, ctx, error);
  fc_clear(weight, ctx);
  fc_clear(mean, ctx);
  fc_clear(spread, ctx);
  return status;
}

/* The binary exponent of the largest mean or standard deviation. */
static long exponent_of(const problem *p, bool start) {
  double most = fabs(fc_get_d(p->a, p->ctx)) * start;
  double b = start ? fc_get_d(p->b, p->ctx) : 1;
  for (size_t k = 0; k < p->count; k++) {
    most = fmax(most, fabs(b * fc_get_d(p->means + k, p->ctx)));
    most = fmax(most, fabs(b * fc_get_d(p->spreads + k, p->ctx)));
  }
  int exponent = 0;
  frexp(most, &exponent);
  return exponent;
}

/* An fc_line_pair_maker: N(0, a^2) and mu. */
static fc_status make_start(fc_line_pair *pair, void *data, double reach,
                            const fc_ctx *ctx, fc_error *error) {
  const problem *p = data;
  long scale = exponent_of(p, true);
  fc_line_pair_start(pair, scale, ctx);
  fc_status status = make_noise(pair->law, p, scale, reach, ctx, error);
  return status
             ? status
             : make_mixture(pair->law + 1, p, true, scale, reach, ctx, error);
}

/* An fc_line_pair_maker: X_1#N(0, a^2) and nu. */
static fc_status make_end(fc_line_pair *pair, void *data, double reach,
                          const fc_ctx *ctx, fc_error *error) {
  const problem *p = data;
  long scale = exponent_of(p, false);
  fc_line_law start = {.mark_count = 0}, noise = {.mark_count = 0};
  fc_line_pair_start(pair, scale, ctx);
  fc_status status =
      make_mixture(pair->law, p, false, scale, reach, ctx, error);
  if (!status)
    status = make_mixture(pair->law + 1, p, false, scale, reach, ctx, error);
  if (!status)
    status = make_mixture(&start, p, true, 0, reach, ctx, error);
  if (!status)
    status = make_noise(&noise, p, 0, reach, ctx, error);
  if (!status)
    return fc_line_law_push(pair->law, &start, &noise, error);
  if (start.ctx.ops)
    fc_line_law_clear(&start);
  if (noise.ctx.ops)
    fc_line_law_clear(&noise);
  return status;
}

fc_status fc_w2_line_source(fc_w2_value *end, fc_w2_value *start, size_t count,
                            fc_srcptr weights, fc_srcptr means,
                            fc_srcptr spreads, fc_srcptr a, fc_srcptr b,
                            const fc_ctx *ctx, fc_error *error) {
  problem p = {count, weights, means, spreads, a, b, ctx};
  fc_status status = FC_OK;
  if (start)
    status = fc_line_quadrature(start, make_start, &p, ctx, error);
  if (!status && end)
    status = fc_line_quadrature(end, make_end, &p, ctx, error);
  return status;
}
