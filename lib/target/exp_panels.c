#include "target/exp_panels.h"

#include <math.h>
#include <stdlib.h>

#include "arith/legendre.h"
#include "base/status.h"

enum {
  SCRATCH = 5,
  LEAST_NODES = 20,
  MOST_PANELS = 800,
  MOST_OCTAVES = 3, /* that an open side grows, a bit of the tolerance */
  MARGIN_BITS = 8,  /* between what one panel may miss and the whole */
  GUARD_BITS = 32   /* of the nodes and weights */
};

/* --- the rule ------------------------------------------------------------ */

/* Nodes x_i > 0 and -x_i, their weights w_i, and the functionals c_k = (2k+1)/2
 * sum w P_k f for k = n - 1 and n - 2; P_k is even or odd.  By the rule's
 * weights of interpolation through_i = (-1)^i sqrt((1 - x_i^2) w_i), as P_n =
 * 0: (2n-1)/2 w_i P_(n-1)(x_i) = (2n-1)/(sqrt(2) n) |through_i| (-1)^i,
 *   P_(n-2)(x_i) = (2n-1)/(n-1) x_i P_(n-1)(x_i). */
static void set_nodes(fc_exp_panels *s, const fc_legendre *rule, long i,
                      fc_ptr work) {
  const fc_ctx *ctx = &rule->ctx;
  long n = s->n, j = n - 1 - i; /* j: where x_i stands in the rule */
  fc_ptr c = work, root = work + 1;
  fc_set_si(root, 2, ctx);
  fc_sqrt(root, root, ctx);
  fc_convert(s->nodes + i, s->ctx, rule->node + j, ctx);
  fc_neg(s->nodes + j, s->nodes + i, s->ctx);
  fc_convert(s->weights + i, s->ctx, rule->weight + j, ctx);
  fc_set(s->weights + j, s->weights + i, s->ctx);
  fc_abs(c, rule->through + j, ctx);
  fc_mul_si(c, c, i % 2 ? 1 - 2 * n : 2 * n - 1, ctx);
  fc_div_si(c, c, n, ctx);
  fc_div(c, c, root, ctx);
  for (long k = 0; k < 2; k++) {
    fc_convert(s->last[k] + i, s->ctx, c, ctx);
    fc_set(s->last[k] + j, s->last[k] + i, s->ctx);
    if ((n - 1 - k) % 2)
      fc_neg(s->last[k] + j, s->last[k] + j, s->ctx);
    fc_mul(c, c, rule->node + j, ctx);
    fc_mul_si(c, c, 2 * n - 3, ctx);
    fc_div_si(c, c, n - 1, ctx);
  }
}

static fc_status set_rule(fc_exp_panels *s) {
  fc_ctx wide;
  fc_legendre rule[1];
  fc_ctx_init_mpfr(&wide, s->ctx->precision + GUARD_BITS);
  fc_ptr work = fc_vec_new(2, &wide);
  fc_status status = fc_legendre_init(rule, (size_t)s->n, &wide);
  if (!work)
    status = FC_MEMORY;
  for (long i = 0; i < s->n / 2 && !status; i++)
    set_nodes(s, rule, i, work);
  fc_legendre_clear(rule);
  fc_vec_free(work, 2, &wide);
  return status;
}

fc_status fc_exp_panels_new(fc_exp_panels **panels, const fc_ctx *ctx) {
  fc_exp_panels *s = calloc(1, sizeof *s);
  if (!s)
    return FC_MEMORY;
  s->ctx[0] = *ctx;
  s->n = 2 * (LEAST_NODES / 2 + 3 * (ctx->precision - 53) / 22);
  s->nodes = fc_vec_new((size_t)(4 * s->n), ctx);
  s->scratch = fc_vec_new(SCRATCH, ctx);
  if (!s->nodes || !s->scratch) {
    fc_exp_panels_free(s);
    return FC_MEMORY;
  }
  s->shift = s->scratch + 4;
  s->weights = s->nodes + s->n;
  s->last[0] = s->weights + s->n;
  s->last[1] = s->last[0] + s->n;
  fc_status status = set_rule(s);
  if (status)
    fc_exp_panels_free(s);
  else
    *panels = s;
  return status;
}

void fc_exp_panels_free(fc_exp_panels *s) {
  if (!s)
    return;
  for (size_t i = 0; i < s->capacity; i++)
    fc_vec_free(s->panels[i].ends, (size_t)(2 * s->n + 2), s->ctx);
  free(s->panels);
  fc_vec_free(s->nodes, (size_t)(4 * s->n), s->ctx);
  fc_vec_free(s->scratch, SCRATCH, s->ctx);
  free(s);
}

void fc_exp_panels_clear(fc_exp_panels *s) { s->count = 0; }

/* --- panels --------------------------------------------------------------- */

/* Room for one more; the numbers of panels that were used before are kept. */
static fc_status reserve(fc_exp_panels *s) {
  if (s->count < s->capacity)
    return FC_OK;
  if (s->count >= MOST_PANELS)
    return FC_BUDGET;
  fc_exp_panel *moved = realloc(s->panels, (s->capacity + 1) * sizeof *moved);
  if (!moved)
    return FC_MEMORY;
  s->panels = moved;
  fc_exp_panel *panel = &moved[s->capacity];
  panel->ends = fc_vec_new((size_t)(2 * s->n + 2), s->ctx);
  if (!panel->ends)
    return FC_MEMORY;
  panel->y = panel->ends + 2;
  panel->f = panel->y + s->n;
  s->capacity++;
  return FC_OK;
}

fc_status fc_exp_panels_add(fc_exp_panels *s, fc_srcptr from, fc_srcptr to,
                            size_t branch) {
  fc_status status = reserve(s);
  if (status)
    return status;
  fc_exp_panel *panel = &s->panels[s->count++];
  fc_set(panel->ends, from, s->ctx);
  fc_set(panel->ends + 1, to, s->ctx);
  panel->branch = branch;
  panel->depth = 0;
  panel->done = panel->negligible = false;
  panel->peak = NAN;
  return FC_OK;
}

/* log2 |x|, of numbers beyond the range of binary64, too. */
static double log2_of(fc_srcptr x, const fc_ctx *ctx) {
  if (ctx->kind != FC_MPFR)
    return log2(fabs(fc_get_d(x, ctx)));
  long exponent;
  if (!mpfr_regular_p(x->as.mpfr))
    return mpfr_zero_p(x->as.mpfr) ? -INFINITY : INFINITY;
  double mantissa = mpfr_get_d_2exp(&exponent, x->as.mpfr, MPFR_RNDN);
  return log2(fabs(mantissa)) + (double)exponent;
}

/* How far what is integrated against exp(f) grows up to this panel. */
static double growth_of(const fc_exp_panels *s, const fc_exp_panel *panel,
                        const fc_exp_panel_task *task) {
  double low = fc_get_d(panel->ends, s->ctx),
         high = fc_get_d(panel->ends + 1, s->ctx);
  double far = fmax(fabs(low - task->centre), fabs(high - task->centre));
  double growth = log2(1 + far / task->scale);
  if (!isfinite(growth))
    growth =
        fmax(log2_of(panel->ends, s->ctx), log2_of(panel->ends + 1, s->ctx)) -
        log2(task->scale);
  return task->order * growth;
}

/* rest = 2 log2(|c_(n-1)| + |c_(n-2)|), of exp(f - peak). */
static void set_rest(fc_exp_panels *s, fc_exp_panel *panel) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr peak = s->scratch, e = s->scratch + 1, first = s->scratch + 2,
         second = s->scratch + 3;
  fc_set_d(peak, panel->peak, ctx);
  fc_set_si(first, 0, ctx);
  fc_set_si(second, 0, ctx);
  for (long i = 0; i < s->n; i++) {
    fc_sub(e, panel->f + i, peak, ctx);
    fc_exp(e, e, ctx);
    fc_addmul(first, e, s->last[0] + i, ctx);
    fc_addmul(second, e, s->last[1] + i, ctx);
  }
  fc_abs(first, first, ctx);
  fc_abs(second, second, ctx);
  fc_add(first, first, second, ctx);
  panel->rest = 2 * fmax(log2_of(first, ctx), -(double)ctx->precision);
}

/* peak; false where f is NaN or +infinity. */
static bool set_peak_of(const fc_exp_panels *s, fc_exp_panel *panel) {
  panel->peak = -INFINITY;
  panel->rest = NAN;
  for (long i = 0; i < s->n; i++) {
    double f = fc_get_d(panel->f + i, s->ctx);
    if (isnan(f) || f == INFINITY)
      return false;
    panel->peak = fmax(panel->peak, f);
  }
  return true;
}

/* f - shift at the nodes centre + half x_i. */
static fc_status evaluate(fc_exp_panels *s, fc_exp_panel *panel,
                          const fc_exp_panel_task *task) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr centre = s->scratch, half = s->scratch + 1;
  fc_add(centre, panel->ends, panel->ends + 1, ctx);
  fc_mul_2exp_si(centre, centre, -1, ctx);
  fc_sub(half, panel->ends + 1, panel->ends, ctx);
  fc_mul_2exp_si(half, half, -1, ctx);
  panel->extent = log2_of(half, ctx) + 1;
  panel->growth = growth_of(s, panel, task);
  for (long i = 0; i < s->n; i++) {
    fc_mul(panel->y + i, half, s->nodes + i, ctx);
    fc_add(panel->y + i, panel->y + i, centre, ctx);
    fc_status status =
        task->f(panel->f + i, panel->y + i, panel->branch, task->data);
    if (status)
      return status;
    fc_sub(panel->f + i, panel->f + i, s->shift, ctx);
  }
  return set_peak_of(s, panel) ? FC_OK : FC_DOMAIN;
}

/* shift = the largest f so far. */
static void set_shift(fc_exp_panels *s) {
  fc_srcptr best = s->panels[0].f;
  for (size_t i = 0; i < s->count; i++)
    for (long j = 0; j < s->n; j++)
      if (fc_cmp_mid(s->panels[i].f + j, best, s->ctx) > 0)
        best = s->panels[i].f + j;
  if (!fc_is_finite(best, s->ctx))
    return;
  fc_set(s->shift, best, s->ctx);
  for (size_t i = 0; i < s->count; i++) {
    for (long j = 0; j < s->n; j++)
      fc_sub(s->panels[i].f + j, s->panels[i].f + j, s->shift, s->ctx);
    set_peak_of(s, &s->panels[i]);
  }
}

/* --- the whole ------------------------------------------------------------ */

static fc_status evaluate_new(fc_exp_panels *s, const fc_exp_panel_task *task) {
  for (size_t i = 0; i < s->count; i++) {
    fc_exp_panel *panel = &s->panels[i];
    if (!isnan(panel->peak))
      continue;
    fc_status status = evaluate(s, panel, task);
    if (status)
      return status;
  }
  return FC_OK;
}

/* log2 of about the integral, from the peaks alone: never too large by much
 * where the peaks are resolved. */
static double log2_total(const fc_exp_panels *s) {
  double total = 0;
  for (size_t i = 0; i < s->count; i++) {
    const fc_exp_panel *panel = &s->panels[i];
    total += exp2((panel->peak - s->peak) / log(2) + panel->extent -
                  log2(1 + (double)s->n));
  }
  return log2(total);
}

static void set_peak(fc_exp_panels *s) {
  s->peak = -INFINITY;
  for (size_t i = 0; i < s->count; i++)
    s->peak = fmax(s->peak, s->panels[i].peak);
}

/* log2 of at most what a panel holds, beside the whole. */
static double share(const fc_exp_panels *s, const fc_exp_panel *panel,
                    double total) {
  return (panel->peak - s->peak) / log(2) + panel->extent + panel->growth -
         total;
}

/* Whether the panel is negligible, or resolved. */
static bool is_done(fc_exp_panels *s, fc_exp_panel *panel, double total) {
  double part = share(s, panel, total);
  panel->negligible = part < -s->bits - MARGIN_BITS || panel->peak == -INFINITY;
  if (panel->negligible)
    return true;
  if (isnan(panel->rest))
    set_rest(s, panel);
  return part + panel->rest < -s->bits - MARGIN_BITS;
}

/* The panel becomes its left half; its right half is appended. */
static fc_status halve(fc_exp_panels *s, size_t i) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = reserve(s);
  if (status)
    return status;
  fc_exp_panel *left = &s->panels[i], *right = &s->panels[s->count];
  if (left->depth > 4 * s->bits)
    return FC_BUDGET;
  fc_set(right->ends + 1, left->ends + 1, ctx);
  fc_add(left->ends + 1, left->ends, left->ends + 1, ctx);
  fc_mul_2exp_si(left->ends + 1, left->ends + 1, -1, ctx);
  fc_set(right->ends, left->ends + 1, ctx);
  if (fc_lt(left->ends, left->ends + 1, ctx) != FC_TRUE ||
      fc_lt(right->ends, right->ends + 1, ctx) != FC_TRUE)
    return FC_BUDGET;
  left->depth = right->depth = left->depth + 1;
  left->done = right->done = false;
  left->peak = right->peak = NAN;
  right->branch = left->branch;
  s->count++;
  return FC_OK;
}

/* The outermost panel on a side. */
static size_t outermost(const fc_exp_panels *s, int side) {
  size_t best = 0;
  for (size_t i = 1; i < s->count; i++) {
    fc_srcptr one = s->panels[i].ends + side,
              other = s->panels[best].ends + side;
    int order = fc_cmp_mid(one, other, s->ctx);
    if (side ? order > 0 : order < 0)
      best = i;
  }
  return best;
}

/* One more panel beyond the outermost, as far out again. */
static fc_status extend(fc_exp_panels *s, const fc_exp_panel_task *task,
                        int side) {
  const fc_ctx *ctx = s->ctx;
  fc_status status = reserve(s);
  if (status)
    return status;
  size_t i = outermost(s, side);
  if (s->panels[i].extent > MOST_OCTAVES * s->bits + log2(task->scale))
    return FC_BUDGET;
  fc_exp_panel *last = &s->panels[i], *next = &s->panels[s->count++];
  fc_ptr edge = last->ends + side, centre = s->scratch;
  fc_set_d(centre, task->centre, ctx);
  fc_sub(next->ends + side, edge, centre, ctx);
  fc_mul_2exp_si(next->ends + side, next->ends + side, 1, ctx);
  fc_add(next->ends + side, next->ends + side, centre, ctx);
  fc_set(next->ends + 1 - side, edge, ctx);
  next->branch = last->branch;
  next->depth = 0;
  next->done = false;
  next->peak = NAN;
  return FC_OK;
}

/* Extends where what lies beyond may count. */
static fc_status grow(fc_exp_panels *s, const fc_exp_panel_task *task,
                      bool *grown) {
  double total = log2_total(s);
  *grown = false;
  for (int side = 0; side < 2; side++) {
    if (!task->open[side])
      continue;
    const fc_exp_panel *last = &s->panels[outermost(s, side)];
    if (share(s, last, total) < -s->bits - MARGIN_BITS)
      continue;
    fc_status status = extend(s, task, side);
    if (status)
      return status;
    *grown = true;
  }
  return FC_OK;
}

/* Halves what is not resolved. */
static fc_status refine(fc_exp_panels *s, bool *halved) {
  double total = log2_total(s);
  size_t count = s->count;
  *halved = false;
  for (size_t i = 0; i < count; i++) {
    fc_exp_panel *panel = &s->panels[i];
    panel->done = panel->done || is_done(s, panel, total);
    if (panel->done)
      continue;
    fc_status status = halve(s, i);
    if (status)
      return status;
    *halved = true;
  }
  return FC_OK;
}

/* f = exp(f - peak) weight half. */
static void weigh(fc_exp_panels *s) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr peak = s->scratch, half = s->scratch + 1;
  fc_set_d(peak, s->peak, ctx);
  for (size_t i = 0; i < s->count; i++) {
    fc_exp_panel *panel = &s->panels[i];
    if (panel->negligible)
      continue;
    fc_sub(half, panel->ends + 1, panel->ends, ctx);
    fc_mul_2exp_si(half, half, -1, ctx);
    for (long j = 0; j < s->n; j++) {
      fc_sub(panel->f + j, panel->f + j, peak, ctx);
      fc_exp(panel->f + j, panel->f + j, ctx);
      fc_mul(panel->f + j, panel->f + j, s->weights + j, ctx);
      fc_mul(panel->f + j, panel->f + j, half, ctx);
    }
  }
}

fc_status fc_exp_panels_run(fc_exp_panels *s, const fc_exp_panel_task *task) {
  bool moved = true;
  s->bits = task->bits;
  fc_set_si(s->shift, 0, s->ctx);
  fc_status status = s->count ? evaluate_new(s, task) : FC_DOMAIN;
  if (!status)
    set_shift(s);
  while (moved && !status) {
    bool grown = true;
    while (grown && !status) {
      set_peak(s);
      if (!isfinite(s->peak))
        return FC_DOMAIN;
      status = grow(s, task, &grown);
      if (!status && grown)
        status = evaluate_new(s, task);
    }
    if (!status)
      status = refine(s, &moved);
    if (!status && moved)
      status = evaluate_new(s, task);
  }
  if (!status)
    weigh(s);
  return status;
}
