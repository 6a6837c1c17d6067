/* W_2 along the monotone coupling in binary64 and MPFR: sections
 * (line_cells.h), panels (line_panels.h), two Gauss-Legendre rules on each. */
#include "transport/line_quadrature.h"

#include "transport/line_panels.h"

#include <math.h>

enum {
  GUARD_BITS = 32,   /* beyond the precision of the context */
  MOST_PASSES = 4,   /* where W_2 turns out far smaller than thought */
  MOST_HALVINGS = 24 /* of a panel on which the rules differ */
};

typedef struct quadrature {
  fc_ctx ctx[1]; /* the working one */
  fc_line_pair pair[1], coarse[1];
  fc_line_cells cells[1];
  fc_line_panels panels[1];
  fc_legendre few[1], many[1];
  fc_ptr values; /* x[0] at the nodes of `few` */
  long bits;
  fc_num sum, part[2], mass, seen, from, to, low, high, u, half, middle, start,
      t;
  double error;   /* of the sum */
  double widest;  /* |D| at the nodes of a section */
  double allowed; /* that two rules may differ on a panel */
} quadrature;

static void each(quadrature *q, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {q->sum,  q->part[0], q->part[1], q->mass, q->seen,
                            q->from, q->to,      q->low,     q->high, q->u,
                            q->half, q->middle,  q->start,   q->t};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], q->ctx);
}

/* --- nodes ------------------------------------------------------------- */

/* start = x[0] at u, to binary64. */
static void guess(quadrature *q, const fc_line_cell *cell) {
  fc_line_pair *coarse = q->coarse;
  fc_num number[3];
  fc_srcptr const from[3] = {q->u, q->low, q->high};
  for (int i = 0; i < 3; i++) {
    fc_init(number[i], &coarse->ctx);
    fc_convert(number[i], &coarse->ctx, from[i], q->ctx);
  }
  fc_set_d(q->start, NAN, q->ctx);
  if (fc_line_pair_solve(coarse, cell, number[0], number[1], number[2], NULL) ==
      FC_OK)
    fc_convert(q->start, q->ctx, coarse->x[0], &coarse->ctx);
  for (int i = 0; i < 3; i++)
    fc_clear(number[i], &coarse->ctx);
}

/* The curve at node i of a rule; from the other rule's solutions where there
 * are such. */
static fc_status solve_node(quadrature *q, const fc_line_cell *cell,
                            const fc_legendre *rule, size_t i, bool second) {
  const fc_ctx *ctx = q->ctx;
  fc_mul(q->u, rule->node + i, q->half, ctx);
  fc_add(q->u, q->u, q->middle, ctx);
  bool moving = !cell->fixed[0] && !cell->fixed[1];
  if (second && moving)
    fc_legendre_interpolate(q->start, q->few, q->values, rule->node + i);
  else if (moving)
    guess(q, cell);
  bool started = fc_is_finite(q->start, ctx) &&
                 fc_le(q->low, q->start, ctx) == FC_TRUE &&
                 fc_le(q->start, q->high, ctx) == FC_TRUE;
  fc_status status = fc_line_pair_solve(q->pair, cell, q->u, q->low, q->high,
                                        started ? q->start : NULL);
  if (!second)
    fc_set(q->values + i, q->pair->x[0], ctx);
  return status;
}

/* z = int D^2 dz over [from, to] by a rule, mass = int dz. */
static fc_status apply(fc_ptr z, quadrature *q, const fc_line_cell *cell,
                       const fc_legendre *rule, bool second, double *noise) {
  const fc_ctx *ctx = q->ctx;
  fc_status status = FC_OK;
  *noise = 0;
  fc_set_si(z, 0, ctx);
  fc_set_si(q->mass, 0, ctx);
  for (size_t i = 0; i < rule->count && !status; i++) {
    status = solve_node(q, cell, rule, i, second);
    fc_mul(q->t, q->pair->flow, rule->weight + i, ctx);
    fc_add(q->mass, q->mass, q->t, ctx);
    double gap = fabs(fc_get_d(q->pair->gap, ctx)), blur = q->pair->blur;
    *noise += fc_get_d(q->t, ctx) *
              ((2 * gap + blur) * blur + q->pair->waver * gap * gap);
    q->widest = fmax(q->widest, gap);
    fc_mul(q->t, q->t, q->pair->gap, ctx);
    fc_addmul(z, q->t, q->pair->gap, ctx);
  }
  fc_mul(z, z, q->half, ctx);
  fc_mul(q->mass, q->mass, q->half, ctx);
  *noise *= fabs(fc_get_d(q->half, ctx));
  return status;
}

/* --- panels ------------------------------------------------------------ */

static void set_range(quadrature *q) {
  fc_add(q->middle, q->from, q->to, q->ctx);
  fc_mul_2exp_si(q->middle, q->middle, -1, q->ctx);
  fc_sub(q->half, q->to, q->from, q->ctx);
  fc_mul_2exp_si(q->half, q->half, -1, q->ctx);
}

/* Both rules on [from, to]; what they differ by is returned through *gap, what
 * they may differ by through *enough: no less than rounding. */
static fc_status both_rules(quadrature *q, const fc_line_cell *cell,
                            double *gap, double *noise, double *enough) {
  set_range(q);
  fc_status status = apply(q->part[0], q, cell, q->few, false, noise);
  if (!status)
    status = apply(q->part[1], q, cell, q->many, true, noise);
  fc_sub(q->t, q->part[0], q->part[1], q->ctx);
  *gap = fabs(fc_get_d(q->t, q->ctx));
  *enough = q->allowed + 2 * *noise;
  return status;
}

/* [from, to] halved until the rules agree on every part. */
static fc_status integrate(quadrature *q, const fc_line_cell *cell) {
  const fc_ctx *ctx = q->ctx;
  fc_ptr stack = fc_vec_new(MOST_HALVINGS + 1, ctx);
  if (!stack)
    return FC_MEMORY;
  size_t depth = 0;
  fc_status status = FC_OK;
  fc_set(stack + depth++, q->to, ctx);
  while (depth > 0 && !status) {
    double gap, noise, enough;
    fc_set(q->to, stack + depth - 1, ctx);
    status = both_rules(q, cell, &gap, &noise, &enough);
    if (!(gap <= enough) && depth <= MOST_HALVINGS &&
        fc_get_d(q->half, ctx) >
            ldexp(fabs(fc_get_d(q->middle, ctx)), 4 - (int)ctx->precision)) {
      fc_set(stack + depth++, q->middle, ctx);
      continue;
    }
    fc_add(q->sum, q->sum, q->part[1], ctx);
    fc_add(q->seen, q->seen, q->mass, ctx);
    q->error += gap;
    q->error += noise;
    fc_set(q->from, q->to, ctx);
    depth--;
  }
  fc_vec_free(stack, MOST_HALVINGS + 1, ctx);
  return status;
}

/* z = u at an end of a section. */
static void end_of(fc_ptr z, const fc_line_section *s, const fc_num *x,
                   const fc_ctx *ctx) {
  if (s->cell.fixed[0])
    fc_set(z, x[1], ctx);
  else if (s->cell.fixed[1])
    fc_set(z, x[0], ctx);
  else
    fc_add(z, x[0], x[1], ctx);
}

static fc_status add_panel(quadrature *q, const fc_line_panel *panel) {
  const fc_ctx *ctx = q->ctx;
  const fc_line_section *s = q->cells->sections + panel->section;
  double bound = panel->mass * panel->most * panel->most;
  if (bound <= q->allowed / 4) {
    q->error += bound;
    return FC_OK;
  }
  fc_set_d(q->from, panel->from, ctx);
  fc_set_d(q->to, panel->to, ctx);
  if (panel->first)
    end_of(q->from, s, s->from, ctx);
  if (panel->last)
    end_of(q->to, s, s->to, ctx);
  fc_set(q->low, s->from[0], ctx);
  fc_set(q->high, s->to[0], ctx);
  return integrate(q, &s->cell);
}

/* --- sections ------------------------------------------------------------- */

/* Both laws stay at atoms. */
static void add_still(quadrature *q, const fc_line_section *s) {
  const fc_ctx *ctx = q->ctx;
  for (int i = 0; i < 2; i++)
    fc_set(q->pair->x[i], s->from[i], ctx);
  fc_line_pair_set_gap(q->pair);
  fc_sqr(q->t, q->pair->gap, ctx);
  fc_addmul(q->sum, q->t, s->mass, ctx);
}

/* What lies beyond a cut: D there is about what it is at the cut, and grows
 * more slowly than the mass falls. */
static void add_cut(quadrature *q, const fc_num *x, fc_srcptr mass) {
  const fc_ctx *ctx = q->ctx;
  double beyond = fc_get_d(mass, ctx);
  for (int i = 0; i < 2; i++)
    fc_set(q->pair->x[i], x[i], ctx);
  fc_line_pair_set_gap(q->pair);
  double gap = fc_get_d(q->pair->gap, ctx);
  q->error += 4 * beyond * (gap * gap + 1);
}

/* The levels of the sections are rounded. */
static void add_levels(quadrature *q, const fc_line_section *s) {
  const fc_ctx *ctx = q->ctx;
  double most = 0;
  if (q->cells->count == 1)
    return;
  for (int end = 0; end < 2; end++) {
    for (int i = 0; i < 2; i++)
      fc_set(q->pair->x[i], end ? s->to[i] : s->from[i], ctx);
    fc_line_pair_set_gap(q->pair);
    most = fmax(most, fabs(fc_get_d(q->pair->gap, ctx)));
  }
  q->error += ldexp(most * most, (int)fmax(3 - (double)ctx->precision, -1000));
}

/* What the panels of a section have not seen of its mass may be anywhere; if it
 * is what rounding makes of the mass, then where the nodes are. */
static void add_unseen(quadrature *q, const fc_line_section *s, double most) {
  const fc_ctx *ctx = q->ctx;
  fc_sub(q->t, s->mass, q->seen, ctx);
  fc_sub(q->t, q->t, s->low_cut, ctx);
  fc_sub(q->t, q->t, s->high_cut, ctx);
  double unseen = fabs(fc_get_d(q->t, ctx));
  bool rounding =
      unseen <= ldexp(1, (int)fmax(12 - (double)ctx->precision, -1000));
  double gap = rounding ? q->widest : most;
  q->error += unseen * gap * gap;
  q->widest = 0;
  fc_set_si(q->seen, 0, ctx);
}

static fc_status pass(quadrature *q, double total) {
  fc_set_si(q->sum, 0, q->ctx);
  q->error = q->widest = 0;
  q->allowed = ldexp(total, (int)fmax(-(double)q->bits, -1000)) /
               (double)(q->panels->count + 1);
  for (size_t k = 0; k < q->cells->count; k++) {
    const fc_line_section *s = q->cells->sections + k;
    if (s->cell.fixed[0] && s->cell.fixed[1])
      add_still(q, s);
    add_cut(q, s->from, s->low_cut);
    add_cut(q, s->to, s->high_cut);
    add_levels(q, s);
  }
  fc_status status = FC_OK;
  fc_set_si(q->seen, 0, q->ctx);
  double most = 0;
  for (size_t k = 0; k < q->panels->count && !status; k++) {
    const fc_line_panel *panel = q->panels->panels + k;
    status = add_panel(q, panel);
    most = fmax(most, panel->most);
    if (panel->last) {
      add_unseen(q, q->cells->sections + panel->section, most);
      most = 0;
    }
  }
  return status;
}

static fc_status integrate_all(quadrature *q) {
  double total = q->panels->total;
  for (int i = 0; i < MOST_PASSES; i++) {
    fc_status status = pass(q, total);
    double found = fabs(fc_get_d(q->sum, q->ctx));
    if (status || found >= total / 16 || found == 0)
      return status;
    total = found;
  }
  return FC_OK;
}

/* --- the whole ----------------------------------------------------------- */

static fc_status prepare(quadrature *q, fc_line_pair_maker *make, void *data,
                         fc_error *error) {
  fc_ctx near;
  /* beyond reach the mass is 2^(-2 bits): its share of D^2 is nothing even
   * where W_2 is as small as rounding */
  double reach = sqrt(4 * log(2) * ((double)q->ctx->precision + 10));
  if (reach < 35)
    fc_ctx_init_double(&near);
  else
    fc_ctx_init_mpfr(&near, 64);
  fc_status status = make(q->pair, data, reach, q->ctx, error);
  fc_status rough = make(q->coarse, data, reach, &near, error);
  if (!status)
    status = rough;
  if (!status)
    status = fc_line_cells_find(q->cells, q->pair, error);
  if (!status)
    status =
        fc_line_panels_find(q->panels, q->coarse, q->cells, q->bits, error);
  double order = 10 * (double)q->bits / 40 * 1.15 + 4;
  if (!status)
    status = fc_legendre_init(q->few, (size_t)order, q->ctx);
  if (!status)
    status = fc_legendre_init(q->many, (size_t)(order * 1.1) + 4, q->ctx);
  q->values = status ? NULL : fc_vec_new(q->few->count, q->ctx);
  return !status && !q->values ? FC_MEMORY : status;
}

static void release(quadrature *q) {
  if (q->values)
    fc_vec_free(q->values, q->few->count, q->ctx);
  if (q->few->ctx.ops)
    fc_legendre_clear(q->few);
  if (q->many->ctx.ops)
    fc_legendre_clear(q->many);
  fc_line_panels_clear(q->panels);
  fc_line_cells_clear(q->cells);
  if (q->coarse->ctx.ops)
    fc_line_pair_clear(q->coarse);
  if (q->pair->ctx.ops)
    fc_line_pair_clear(q->pair);
  each(q, fc_clear);
}

/* w2 = 2^scale sqrt(sum); a disturbance of D in L^2 moves W_2 by as much, an
 * error e of W_2^2 by min(e/W_2, sqrt(e)). */
static void finish(fc_w2_value *value, const quadrature *q, const fc_ctx *ctx) {
  fc_num w, e;
  fc_init(w, q->ctx);
  fc_init(e, q->ctx);
  bool positive = fc_is_positive(q->sum, q->ctx) == FC_TRUE;
  if (positive)
    fc_sqrt(w, q->sum, q->ctx);
  double size = fc_get_d(w, q->ctx);
  double off = sqrt(q->error);
  if (size > 0)
    off = fmin(off, q->error / size);
  for (int i = 0; i < 2; i++)
    off += ldexp(sqrt(q->pair->law[i].moved),
                 (int)fmax((double)q->pair->exponent[i], -2000));
  off += ldexp(size, 4 - (int)fmin((double)ctx->precision, 900));
  fc_set_d(e, off, q->ctx);
  fc_mul_2exp_si(w, w, q->pair->scale, q->ctx);
  fc_mul_2exp_si(e, e, q->pair->scale, q->ctx);
  fc_convert(value->w2, ctx, w, q->ctx);
  fc_convert(value->error, ctx, e, q->ctx);
  fc_clear(w, q->ctx);
  fc_clear(e, q->ctx);
}

fc_status fc_line_quadrature(fc_w2_value *value, fc_line_pair_maker *make,
                             void *data, const fc_ctx *ctx, fc_error *error) {
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return fc_fail(error, FC_UNSUPPORTED,
                   "W2 by quadrature is available in binary64 and MPFR");
  quadrature q = {.bits = ctx->kind == FC_DOUBLE ? 46 : ctx->precision + 8};
  if (ctx->kind == FC_DOUBLE)
    fc_ctx_init_double(q.ctx);
  else
    fc_ctx_init_mpfr(q.ctx, ctx->precision + GUARD_BITS);
  each(&q, fc_init);
  fc_status status = prepare(&q, make, data, error);
  if (!status)
    status = integrate_all(&q);
  if (!status)
    finish(value, &q, ctx);
  value->kind = FC_W2_EXACT;
  value->proved = false;
  value->how = "quantiles";
  release(&q);
  return status ? fc_fail(error, status, "W2 on the line: %s",
                          fc_status_text(status))
                : FC_OK;
}
