/* Double exponential ("tanh-sinh") quadrature (Takahasi and Mori 1974):
 * y = c + h tanh(pi/2 sinh t), trapezoidal rule in t. */
#include "target/cdf.h"

#include <math.h>

#define FC_MAX_LEVEL 12

typedef struct rule {
  fc_integrand f;
  void *data;
  const fc_ctx *ctx;
  fc_num centre, half, sum, t, u, node, weight;
} rule;

static void rule_each(rule *r, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {r->centre, r->half, r->sum,   r->t,
                            r->u,      r->node, r->weight};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], r->ctx);
}

/* node = 1 - tanh(s) = 2/(1 + exp(2 s)), s = (pi/2) sinh t, and
 * weight = (pi/2) cosh t / cosh^2 s = (pi/2) cosh t node (2 - node). */
static void set_node(rule *r, double t) {
  const fc_ctx *ctx = r->ctx;
  fc_set_d(r->t, t, ctx);
  fc_exp(r->t, r->t, ctx);
  fc_inv(r->u, r->t, ctx);
  fc_sub(r->node, r->t, r->u, ctx);
  fc_add(r->weight, r->t, r->u, ctx);
  fc_set_pi(r->t, ctx);
  fc_mul(r->node, r->node, r->t, ctx);
  fc_mul_2exp_si(r->node, r->node, -1, ctx); /* 2 s */
  fc_mul(r->weight, r->weight, r->t, ctx);
  fc_mul_2exp_si(r->weight, r->weight, -2, ctx);
  fc_exp(r->node, r->node, ctx);
  fc_add_si(r->node, r->node, 1, ctx);
  fc_inv(r->node, r->node, ctx);
  fc_mul_2exp_si(r->node, r->node, 1, ctx);
  fc_mul(r->weight, r->weight, r->node, ctx);
  fc_neg(r->t, r->node, ctx);
  fc_add_si(r->t, r->t, 2, ctx);
  fc_mul(r->weight, r->weight, r->t, ctx);
}

/* sum += weight f at both nodes c -+ h (1 - node). */
static void add_pair(rule *r, double t) {
  const fc_ctx *ctx = r->ctx;
  set_node(r, t);
  fc_neg(r->node, r->node, ctx);
  fc_add_si(r->node, r->node, 1, ctx);
  fc_mul(r->node, r->node, r->half, ctx);
  for (int sign = -1; sign <= (t > 0 ? 1 : -1); sign += 2) {
    if (sign > 0)
      fc_add(r->t, r->centre, r->node, ctx);
    else
      fc_sub(r->t, r->centre, r->node, ctx);
    r->f(r->u, r->t, r->data);
    fc_addmul(r->sum, r->weight, r->u, ctx);
  }
}

/* |a - b| <= 2^-bits |a|. */
static bool agree(fc_srcptr a, fc_srcptr b, long bits, const fc_ctx *ctx) {
  fc_num gap, size;
  fc_init(gap, ctx);
  fc_init(size, ctx);
  fc_sub(gap, a, b, ctx);
  fc_abs(gap, gap, ctx);
  fc_abs(size, a, ctx);
  fc_mul_2exp_si(size, size, -bits, ctx);
  bool close = fc_le(gap, size, ctx) == FC_TRUE;
  fc_clear(gap, ctx);
  fc_clear(size, ctx);
  return close;
}

/* Weights fall below 2^-precision at t_end: pi exp(t)/2 ~ precision ln 2. */
static fc_status refine(fc_ptr z, rule *r) {
  const fc_ctx *ctx = r->ctx;
  double t_end = log(2 * ((double)ctx->precision + 20) * log(2) / acos(-1)) + 1;
  fc_set_si(z, 0, ctx);
  add_pair(r, 0);
  for (int level = 1; level <= FC_MAX_LEVEL; level++) {
    double step = ldexp(1, -level);
    long stride = level == 1 ? 1 : 2; /* odd multiples are new */
    for (long i = 1; (double)i * step < t_end; i += stride)
      add_pair(r, (double)i * step);
    fc_mul(r->weight, r->sum, r->half, ctx);
    fc_mul_2exp_si(r->weight, r->weight, -level, ctx);
    /* Convergence doubles the digits: half of them agreeing is enough, two
     * thirds are asked for. */
    bool done = level > 3 && agree(r->weight, z, 2 * ctx->precision / 3, ctx);
    fc_set(z, r->weight, ctx);
    if (done)
      return FC_OK;
  }
  return FC_BUDGET;
}

fc_status fc_quadrature(fc_ptr z, fc_integrand f, void *data, fc_srcptr lower,
                        fc_srcptr upper, const fc_ctx *ctx) {
  rule r = {.f = f, .data = data, .ctx = ctx};
  rule_each(&r, fc_init);
  fc_add(r.centre, lower, upper, ctx);
  fc_mul_2exp_si(r.centre, r.centre, -1, ctx);
  fc_sub(r.half, upper, lower, ctx);
  fc_mul_2exp_si(r.half, r.half, -1, ctx);
  fc_status status = refine(z, &r);
  rule_each(&r, fc_clear);
  return status;
}
