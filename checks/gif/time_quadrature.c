#include "gif/time_quadrature.h"

#include <math.h>

#include "gif/combination.h"

enum { FIRST_NODES = 16, LEVELS = 4, MARGIN_BITS = 3 };
enum { SCAN_BITS = 40, COARSE_BITS = 24, SPARE_BITS = 6 };

typedef struct rule {
  const fc_ctx *ctx;
  fc_time_integrand *integrand;
  void *data;
  size_t count, nodes; /* nodes: N */
  fc_ptr values;       /* count for each place */
  fc_ptr cosines;      /* cos(pi m/FC_TIME_PLACES), m = 0 ... */
  fc_ptr sums;         /* count for N, N/2, N/4, N/8 */
  fc_num input;        /* the largest error of a value */
  fc_num largest;      /* the largest value */
  fc_num work, weight;
  fc_num start, width; /* s, t - s */
  fc_time at[1];
} rule;

static void rule_clear(rule *r) {
  fc_vec_free(r->values, r->count * (FC_TIME_PLACES + 1), r->ctx);
  fc_vec_free(r->cosines, FC_TIME_PLACES + 1, r->ctx);
  fc_vec_free(r->sums, LEVELS * r->count, r->ctx);
  fc_clear(r->input, r->ctx);
  fc_clear(r->largest, r->ctx);
  fc_clear(r->work, r->ctx);
  fc_clear(r->weight, r->ctx);
  fc_clear(r->start, r->ctx);
  fc_clear(r->width, r->ctx);
  fc_time_clear(r->at, r->ctx);
}

static fc_status rule_init(rule *r) {
  const fc_ctx *ctx = r->ctx;
  fc_init(r->input, ctx);
  fc_init(r->largest, ctx);
  fc_init(r->work, ctx);
  fc_init(r->weight, ctx);
  fc_init(r->start, ctx);
  fc_init(r->width, ctx);
  fc_time_init(r->at, ctx);
  r->values = fc_vec_new(r->count * (FC_TIME_PLACES + 1), ctx);
  r->cosines = fc_vec_new(FC_TIME_PLACES + 1, ctx);
  r->sums = fc_vec_new(LEVELS * r->count, ctx);
  if (!r->values || !r->cosines || !r->sums)
    return FC_MEMORY;
  for (long m = 0; m <= FC_TIME_PLACES; m++) {
    fc_set_si(r->work, m, ctx);
    fc_div_si(r->work, r->work, FC_TIME_PLACES, ctx);
    fc_cos_pi(r->cosines + m, r->work, ctx);
  }
  return FC_OK;
}

/* at = s + (t - s)(1 - cos)/2 */
static fc_status visit(rule *r, size_t place) {
  const fc_ctx *ctx = r->ctx;
  fc_ptr values = r->values + place * r->count;
  fc_neg(r->at->t, r->cosines + place, ctx);
  fc_add_si(r->at->t, r->at->t, 1, ctx);
  fc_mul(r->at->t, r->at->t, r->width, ctx);
  fc_mul_2exp_si(r->at->t, r->at->t, -1, ctx);
  fc_add(r->at->t, r->at->t, r->start, ctx);
  fc_neg(r->at->r, r->at->t, ctx);
  fc_add_si(r->at->r, r->at->r, 1, ctx);
  fc_set_si(r->work, 0, ctx);
  fc_status status = r->integrand(values, r->work, r->at, place, r->data);
  if (status)
    return status;
  fc_max(r->input, r->input, r->work, ctx);
  for (size_t i = 0; i < r->count; i++) {
    if (!fc_is_finite(values + i, ctx))
      return FC_DOMAIN;
    fc_abs(r->work, values + i, ctx);
    fc_max(r->largest, r->largest, r->work, ctx);
  }
  return FC_OK;
}

/* The places of N that those of N/2 are not among, from left to right. */
static fc_status visit_new(rule *r, size_t nodes, bool all) {
  size_t step = FC_TIME_PLACES / nodes;
  fc_status status = FC_OK;
  for (size_t j = all ? 0 : 1; j <= nodes && status == FC_OK; j += all ? 1 : 2)
    status = visit(r, j * step);
  return status;
}

/* weight = (t - s)/2 times that of node j on [-1, 1]:
 * c_j/N (1 - Sum_{k<=N/2} b_k cos(2 pi j k/N)/(4 k^2 - 1)), c = 1 at both ends,
 * else 2; b = 1 at k = N/2, else 2. */
static void set_weight(rule *r, size_t j, size_t nodes) {
  const fc_ctx *ctx = r->ctx;
  size_t step = FC_TIME_PLACES / nodes;
  fc_set_si(r->weight, 1, ctx);
  for (size_t k = 1; k <= nodes / 2; k++) {
    size_t m = 2 * j * k % (2 * nodes); /* cos(pi m/N) */
    m = m > nodes ? 2 * nodes - m : m;
    fc_div_si(r->work, r->cosines + m * step, (long)(4 * k * k - 1), ctx);
    if (k < nodes / 2)
      fc_mul_2exp_si(r->work, r->work, 1, ctx);
    fc_sub(r->weight, r->weight, r->work, ctx);
  }
  fc_div_si(r->weight, r->weight, (long)nodes, ctx);
  if (j == 0 || j == nodes)
    fc_mul_2exp_si(r->weight, r->weight, -1, ctx);
  fc_mul(r->weight, r->weight, r->width, ctx);
}

static void sum(rule *r, fc_ptr sums, size_t nodes) {
  fc_vec_zero(sums, r->count, r->ctx);
  for (size_t j = 0; j <= nodes; j++) {
    fc_srcptr values = r->values + j * (FC_TIME_PLACES / nodes) * r->count;
    set_weight(r, j, nodes);
    for (size_t i = 0; i < r->count; i++)
      fc_addmul(sums + i, r->weight, values + i, r->ctx);
  }
}

/* z = max_i |x_i - y_i| */
static void distance(fc_ptr z, rule *r, fc_srcptr x, fc_srcptr y) {
  fc_set_si(z, 0, r->ctx);
  for (size_t i = 0; i < r->count; i++) {
    fc_sub(r->work, x + i, y + i, r->ctx);
    fc_abs(r->work, r->work, r->ctx);
    fc_max(z, z, r->work, r->ctx);
  }
}

/* What the values are off by and what their sum rounds, times t - s <= 1. */
static void add_input(fc_ptr error, rule *r) {
  const fc_ctx *ctx = r->ctx;
  fc_mul_2exp_si(r->work, r->largest, 8 - ctx->precision, ctx);
  fc_add(r->work, r->work, r->input, ctx);
  fc_add(error, error, r->work, ctx);
}

/* rate = max(D/D', (D'/D'')^2): both are rho^(N/4) for an error rho^N; the
 * second, of fewer nodes, doubts a D' that is large by chance. */
static void set_rate(fc_ptr rate, rule *r, fc_srcptr D) {
  const fc_ctx *ctx = r->ctx;
  fc_num before, first;
  fc_init(before, ctx);
  fc_init(first, ctx);
  distance(before, r, r->sums + r->count, r->sums + 2 * r->count);
  distance(first, r, r->sums + 2 * r->count, r->sums + 3 * r->count);
  fc_div(rate, D, before, ctx);
  fc_div(before, before, first, ctx);
  fc_sqr(before, before, ctx);
  fc_max(rate, rate, before, ctx);
  fc_clear(before, ctx);
  fc_clear(first, ctx);
}

/* error = 8 D rate^(3/2), or D where nothing converges (or all is zero). */
static void estimate(fc_ptr error, rule *r) {
  const fc_ctx *ctx = r->ctx;
  fc_num rate, one;
  fc_init(rate, ctx);
  fc_init(one, ctx);
  fc_set_si(one, 1, ctx);
  distance(error, r, r->sums, r->sums + r->count);
  set_rate(rate, r, error);
  if (fc_lt(rate, one, ctx) == FC_TRUE) {
    fc_mul(error, error, rate, ctx);
    fc_sqrt(rate, rate, ctx);
    fc_mul(error, error, rate, ctx);
    fc_mul_2exp_si(error, error, MARGIN_BITS, ctx);
  }
  fc_clear(rate, ctx);
  fc_clear(one, ctx);
}

static bool is_enough(rule *r, fc_srcptr error, long bits, fc_srcptr size) {
  fc_num limit;
  fc_init(limit, r->ctx);
  fc_largest(limit, r->sums, r->count, r->ctx);
  if (size)
    fc_max(limit, limit, size, r->ctx);
  fc_mul_2exp_si(limit, limit, -bits, r->ctx);
  bool enough = fc_le(error, limit, r->ctx) == FC_TRUE;
  fc_clear(limit, r->ctx);
  return enough;
}

static fc_status refine(fc_ptr error, rule *r, long bits, fc_srcptr size) {
  for (size_t nodes = FIRST_NODES; nodes <= FC_TIME_PLACES; nodes *= 2) {
    fc_status status = visit_new(r, nodes, nodes == FIRST_NODES);
    if (status)
      return status;
    for (int level = 0; level < LEVELS; level++)
      sum(r, r->sums + level * r->count, nodes >> level);
    estimate(error, r);
    if (is_enough(r, error, bits, size)) {
      add_input(error, r);
      return FC_OK;
    }
  }
  return FC_BUDGET;
}

fc_status fc_time_integrate(fc_ptr integrals, fc_ptr error, size_t count,
                            fc_time_integrand *integrand, void *data,
                            fc_workspace *w, const fc_time *s, long bits,
                            fc_srcptr size) {
  if (w->ctx->kind != FC_DOUBLE && w->ctx->kind != FC_MPFR)
    return FC_DOMAIN;
  rule r[1] = {
      {.ctx = w->ctx, .integrand = integrand, .data = data, .count = count}};
  fc_status status = rule_init(r);
  fc_set(r->start, s->t, w->ctx);
  fc_sub(r->width, w->time->t, s->t, w->ctx);
  if (status == FC_OK)
    status = refine(error, r, bits, size);
  if (status == FC_OK)
    fc_vec_set(integrals, r->sums, count, w->ctx);
  rule_clear(r);
  return status;
}

long fc_time_bits(const fc_workspace *w, bool coarse) {
  if (w->ctx->kind == FC_DOUBLE)
    return SCAN_BITS;
  /* More where the context has more: that is where a first try failed. */
  long spare = w->ctx->precision - w->job->precision;
  long bits = w->job->precision - 32 + SPARE_BITS;
  bits = bits > 34 + SPARE_BITS ? bits : 34 + SPARE_BITS;
  return coarse ? COARSE_BITS * (1 + w->ctx->precision / 512)
                : bits + (spare > 64 ? 32 : 0);
}
