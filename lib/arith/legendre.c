/* Newton's method on P_n from Tricomi's starting values; w = 2/((1 - x^2)
 * P_n'(x)^2), and (-1)^i sqrt((1 - x_i^2) w_i) for interpolation (Wang and
 * Xiang 2012). */
#include "arith/legendre.h"

#include <math.h>

typedef struct polynomial {
  fc_num value, before, slope, next, step;
} polynomial;

static void each(polynomial *p, const fc_ctx *ctx,
                 void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {p->value, p->before, p->slope, p->next, p->step};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

/* value = P_n(x), before = P_(n-1)(x), slope = P_n'(x). */
static void evaluate(polynomial *p, size_t n, fc_srcptr x, const fc_ctx *ctx) {
  fc_set_si(p->before, 1, ctx);
  fc_set(p->value, x, ctx);
  for (long k = 2; k <= (long)n; k++) {
    fc_mul(p->next, x, p->value, ctx);
    fc_mul_si(p->next, p->next, 2 * k - 1, ctx);
    fc_mul_si(p->before, p->before, k - 1, ctx);
    fc_sub(p->next, p->next, p->before, ctx);
    fc_div_si(p->next, p->next, k, ctx);
    fc_set(p->before, p->value, ctx);
    fc_set(p->value, p->next, ctx);
  }
  fc_mul(p->slope, x, p->value, ctx);
  fc_sub(p->slope, p->before, p->slope, ctx);
  fc_mul_si(p->slope, p->slope, (long)n, ctx);
  fc_sqr(p->next, x, ctx);
  fc_neg(p->next, p->next, ctx);
  fc_add_si(p->next, p->next, 1, ctx); /* 1 - x^2 */
  fc_div(p->slope, p->slope, p->next, ctx);
}

static void polish(fc_ptr x, polynomial *p, size_t n, const fc_ctx *ctx) {
  for (int i = 0; i < 60; i++) {
    evaluate(p, n, x, ctx);
    fc_div(p->step, p->value, p->slope, ctx);
    fc_sub(x, x, p->step, ctx);
    /* the next error is about n^2 times the square of this step */
    double size = fabs(fc_get_d(p->step, ctx)) * (double)n;
    if (size == 0 || 2 * log2(size) < -(double)ctx->precision - 4)
      break;
  }
}

static void set_node(fc_legendre *rule, size_t i, polynomial *p) {
  const fc_ctx *ctx = &rule->ctx;
  size_t n = rule->count;
  fc_ptr x = rule->node + i, w = rule->weight + i;
  double angle = acos(-1) * (4 * (double)(n - i) - 1) / (4 * (double)n + 2);
  fc_set_d(x, cos(angle) * (1 - 1 / (8.0 * (double)n * (double)n)), ctx);
  polish(x, p, n, ctx);
  evaluate(p, n, x, ctx); /* next = 1 - x^2 */
  fc_sqr(p->slope, p->slope, ctx);
  fc_mul(p->slope, p->slope, p->next, ctx);
  fc_inv(w, p->slope, ctx);
  fc_mul_2exp_si(w, w, 1, ctx);
  fc_mul(rule->through + i, w, p->next, ctx);
  fc_sqrt(rule->through + i, rule->through + i, ctx);
  if (i % 2)
    fc_neg(rule->through + i, rule->through + i, ctx);
}

static void single_node(fc_legendre *rule) {
  fc_set_si(rule->node, 0, &rule->ctx);
  fc_set_si(rule->weight, 2, &rule->ctx);
  fc_set_si(rule->through, 1, &rule->ctx);
}

fc_status fc_legendre_init(fc_legendre *rule, size_t count, const fc_ctx *ctx) {
  polynomial p;
  *rule = (fc_legendre){.ctx = *ctx, .count = count};
  rule->node = fc_vec_new(count, ctx);
  rule->weight = fc_vec_new(count, ctx);
  rule->through = fc_vec_new(count, ctx);
  if (!rule->node || !rule->weight || !rule->through)
    return FC_MEMORY;
  each(&p, ctx, fc_init);
  if (count == 1)
    single_node(rule);
  for (size_t i = 0; count > 1 && i < count; i++)
    set_node(rule, i, &p);
  each(&p, ctx, fc_clear);
  return FC_OK;
}

void fc_legendre_clear(fc_legendre *rule) {
  fc_vec_free(rule->node, rule->count, &rule->ctx);
  fc_vec_free(rule->weight, rule->count, &rule->ctx);
  fc_vec_free(rule->through, rule->count, &rule->ctx);
}

void fc_legendre_interpolate(fc_ptr z, const fc_legendre *rule,
                             fc_srcptr values, fc_srcptr x) {
  const fc_ctx *ctx = &rule->ctx;
  fc_num share, total, above;
  bool hit = false;
  fc_init(share, ctx);
  fc_init(total, ctx);
  fc_init(above, ctx);
  for (size_t i = 0; i < rule->count && !hit; i++) {
    fc_sub(share, x, rule->node + i, ctx);
    hit = fc_is_zero(share, ctx) == FC_TRUE;
    if (hit) {
      fc_set(above, values + i, ctx);
      fc_set_si(total, 1, ctx);
    } else {
      fc_div(share, rule->through + i, share, ctx);
      fc_add(total, total, share, ctx);
      fc_addmul(above, share, values + i, ctx);
    }
  }
  fc_div(z, above, total, ctx);
  fc_clear(share, ctx);
  fc_clear(total, ctx);
  fc_clear(above, ctx);
}
