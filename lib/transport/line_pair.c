/* Points of the monotone coupling.
 *
 * At u, solved for is f(x) = log F(x) - log G(u - x) = 0, or with the tails on
 * the right where those are smaller.  With r = f', kappa = f''/(2 f'),
 *   x + d - kappa d^2,  d = -f/f',
 * is right to the third order; densities follow by their own expansions, so
 * that the last point need not be evaluated again.
 */
#include "transport/line_pair.h"

#include <math.h>

enum { SOLVE_STEPS = 400, PATIENCE = 40 };

static void each(fc_line_pair *pair, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {pair->shift, pair->x[0], pair->x[1],  pair->gap,
                            pair->flow,  pair->f,    pair->slope, pair->turn,
                            pair->step,  pair->low,  pair->high,  pair->t,
                            pair->w};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], &pair->ctx);
}

/* The binary exponent of the distance of the centres, at least `least`. */
static long shift_exponent(const fc_line_frame frames[2], long least) {
  fc_ctx ctx;
  fc_num z;
  mpfr_t size;
  fc_ctx_init_mpfr(&ctx, 64);
  fc_init(z, &ctx);
  mpfr_init2(size, 64);
  if (!fc_line_difference(z, frames[0].centre, frames[1].centre, 0, &ctx)) {
    fc_get_mid(size, z, &ctx);
    if (mpfr_regular_p(size) && (long)mpfr_get_exp(size) > least)
      least = (long)mpfr_get_exp(size);
  }
  mpfr_clear(size);
  fc_clear(z, &ctx);
  return least;
}

fc_status fc_line_pair_init(fc_line_pair *pair, const fc_target *p,
                            const fc_target *q, double reach, const fc_ctx *ctx,
                            fc_error *error) {
  const fc_target *const targets[2] = {p, q};
  fc_line_frame frames[2] = {{NULL, 0}, {NULL, 0}};
  *pair = (fc_line_pair){.ctx = *ctx};
  each(pair, fc_init);
  fc_status status = FC_OK;
  for (int i = 0; i < 2; i++) {
    fc_status found = fc_line_frame_of(frames + i, targets[i], error);
    status = status ? status : found;
  }
  for (int i = 0; i < 2; i++) {
    fc_status made = status ? status
                            : fc_line_law_init(pair->law + i, targets[i],
                                               frames + i, reach, ctx, error);
    status = status ? status : made;
  }
  if (!status) {
    long most =
        frames[0].scale > frames[1].scale ? frames[0].scale : frames[1].scale;
    pair->scale = shift_exponent(frames, most);
    for (int i = 0; i < 2; i++)
      pair->exponent[i] = frames[i].scale - pair->scale;
    status = fc_line_difference(pair->shift, frames[0].centre, frames[1].centre,
                                pair->scale, ctx);
  }
  fc_line_frame_clear(frames);
  fc_line_frame_clear(frames + 1);
  return status;
}

void fc_line_pair_start(fc_line_pair *pair, long scale, const fc_ctx *ctx) {
  *pair = (fc_line_pair){.ctx = *ctx, .scale = scale};
  each(pair, fc_init);
}

void fc_line_pair_clear(fc_line_pair *pair) {
  for (int i = 0; i < 2; i++)
    if (pair->law[i].ctx.ops)
      fc_line_law_clear(pair->law + i);
  each(pair, fc_clear);
}

void fc_line_pair_set_gap(fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  fc_mul_2exp_si(pair->gap, pair->x[0], pair->exponent[0], ctx);
  fc_add(pair->gap, pair->gap, pair->shift, ctx);
  fc_mul_2exp_si(pair->t, pair->x[1], pair->exponent[1], ctx);
  fc_sub(pair->gap, pair->gap, pair->t, ctx);
}

/* What rounding of u does to a density with this (log dz/du)': next to a narrow
 * part far from the origin, much. */
static double waver(const fc_line_pair *pair, fc_srcptr u, double rate) {
  const fc_ctx *ctx = &pair->ctx;
  double unit = ldexp(1, (int)fmax(3 - (double)ctx->precision, -1000));
  double part = unit * fabs(fc_get_d(u, ctx)) * fabs(rate);
  return part < 1 ? part : 1;
}

/* --- one law fixed ----------------------------------------------------- */

static void at_event(fc_line_pair *pair, const fc_line_cell *cell,
                     fc_srcptr u) {
  int moving = cell->fixed[0] ? 1 : 0;
  fc_line_law *law = pair->law + moving, *rest = pair->law + 1 - moving;
  fc_set(pair->x[moving], u, &pair->ctx);
  fc_set(pair->x[1 - moving], rest->event + cell->at[1 - moving], &pair->ctx);
  fc_line_law_at(law, cell->at[moving], u);
  fc_exp(pair->flow, law->log_density, &pair->ctx);
  fc_line_pair_set_gap(pair);
  pair->blur = 0;
  pair->waver = waver(pair, u, fc_get_d(law->score, &pair->ctx));
}

/* --- both moving ------------------------------------------------------- */

/* h = p/F or p/(1 - F), and h (s -+ h), its part of f''; both 0 where there is
 * no density. */
static void hazard(fc_ptr h, fc_ptr turn, const fc_line_law *law, bool left) {
  const fc_ctx *ctx = &law->ctx;
  fc_srcptr tail = left ? law->below : law->above;
  fc_exp(h, law->log_density, ctx);
  fc_div(h, h, tail, ctx);
  if (left)
    fc_sub(turn, law->score, h, ctx);
  else
    fc_add(turn, law->score, h, ctx);
  fc_mul(turn, turn, h, ctx);
}

/* f, f' and f'' at x. */
static void evaluate(fc_line_pair *pair, const fc_line_cell *cell) {
  const fc_ctx *ctx = &pair->ctx;
  fc_line_law *p = pair->law, *q = pair->law + 1;
  fc_line_law_at(p, cell->at[0], pair->x[0]);
  fc_line_law_at(q, cell->at[1], pair->x[1]);
  bool left = fc_cmp_mid(p->below, p->above, ctx) <= 0;
  if (left)
    fc_div(pair->f, p->below, q->below, ctx);
  else
    fc_div(pair->f, q->above, p->above, ctx);
  fc_log(pair->f, pair->f, ctx);
  hazard(pair->slope, pair->turn, p, left);
  hazard(pair->t, pair->w, q, left);
  fc_add(pair->slope, pair->slope, pair->t, ctx);
  fc_sub(pair->turn, pair->turn, pair->w, ctx);
}

/* How fast things change: the largest of |f''/f'|, |s|, sqrt|s'|, f', and of
 * what the nearest parts say. */
static double rate(const fc_line_pair *pair, const fc_line_cell *cell) {
  const fc_ctx *ctx = &pair->ctx;
  double slope = fabs(fc_get_d(pair->slope, ctx));
  double most = fmax(slope, fabs(fc_get_d(pair->turn, ctx)) / slope);
  for (int i = 0; i < 2; i++) {
    most = fmax(most, fabs(fc_get_d(pair->law[i].score, ctx)));
    most = fmax(most, sqrt(fabs(fc_get_d(pair->law[i].bend, ctx))));
    most = fmax(most,
                fc_line_law_nearness(pair->law + i, cell->at[i], pair->x[i]));
  }
  return most;
}

/* step = d - kappa d^2. */
static void set_step(fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  fc_div(pair->step, pair->f, pair->slope, ctx);
  fc_neg(pair->step, pair->step, ctx);
  fc_div(pair->t, pair->turn, pair->slope, ctx);
  fc_mul_2exp_si(pair->t, pair->t, -1, ctx);
  fc_mul(pair->t, pair->t, pair->step, ctx);
  if (fabs(fc_get_d(pair->t, ctx)) < 0.25) {
    fc_mul(pair->t, pair->t, pair->step, ctx);
    fc_sub(pair->step, pair->step, pair->t, ctx);
  }
}

/* log p(x + step) from log p(x). */
static void advance_density(fc_line_law *law, fc_srcptr step, bool forward,
                            fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  fc_mul(pair->t, law->bend, step, ctx);
  fc_mul_2exp_si(pair->t, pair->t, -1, ctx);
  if (forward)
    fc_add(pair->t, law->score, pair->t, ctx);
  else
    fc_sub(pair->t, pair->t, law->score, ctx);
  fc_addmul(law->log_density, pair->t, step, ctx);
}

/* flow = p q/(p + q) = p/(1 + p/q); 0 where either vanishes. */
static void set_flow(fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  fc_srcptr p = pair->law[0].log_density, q = pair->law[1].log_density;
  if (!fc_is_finite(p, ctx) || !fc_is_finite(q, ctx)) {
    fc_set_si(pair->flow, 0, ctx);
    return;
  }
  bool first = fc_cmp_mid(p, q, ctx) <= 0;
  fc_sub(pair->t, first ? p : q, first ? q : p, ctx);
  fc_exp(pair->t, pair->t, ctx);
  fc_add_si(pair->t, pair->t, 1, ctx);
  fc_exp(pair->flow, first ? p : q, ctx);
  fc_div(pair->flow, pair->flow, pair->t, ctx);
}

/* Shrinks [low, high] by the sign of f at x; what is no number says nothing. */
static void shrink(fc_line_pair *pair) {
  double f = fc_get_d(pair->f, &pair->ctx);
  if (f < 0)
    fc_set(pair->low, pair->x[0], &pair->ctx);
  else if (f > 0)
    fc_set(pair->high, pair->x[0], &pair->ctx);
}

static bool is_inside(const fc_line_pair *pair, fc_srcptr x) {
  const fc_ctx *ctx = &pair->ctx;
  return fc_is_finite(x, ctx) && fc_le(pair->low, x, ctx) == FC_TRUE &&
         fc_le(x, pair->high, ctx) == FC_TRUE;
}

/* w = Newton's step from x on F - G in place of log F - log G: right at once
 * next to an end, where F is linear and its logarithm is steep. */
static void plain_newton(fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  const fc_line_law *p = pair->law, *q = pair->law + 1;
  fc_exp(pair->t, p->log_density, ctx);
  fc_exp(pair->w, q->log_density, ctx);
  fc_add(pair->t, pair->t, pair->w, ctx);
  if (fc_cmp_mid(p->below, p->above, ctx) <= 0)
    fc_sub(pair->w, q->below, p->below, ctx);
  else
    fc_sub(pair->w, p->above, q->above, ctx);
  fc_div(pair->w, pair->w, pair->t, ctx);
  fc_add(pair->w, pair->w, pair->x[0], ctx);
}

/* x += step; where that is outside the step of plain_newton if wanted (x has
 * been evaluated), and else the middle. */
static void take_step(fc_line_pair *pair, fc_srcptr u, bool plain) {
  const fc_ctx *ctx = &pair->ctx;
  fc_add(pair->w, pair->x[0], pair->step, ctx);
  if (plain && !is_inside(pair, pair->w))
    plain_newton(pair);
  if (!is_inside(pair, pair->w)) {
    fc_add(pair->w, pair->low, pair->high, ctx);
    fc_mul_2exp_si(pair->w, pair->w, -1, ctx);
  }
  fc_set(pair->x[0], pair->w, ctx);
  fc_sub(pair->x[1], u, pair->x[0], ctx);
}

/* The bracket is as short as rounding lets it be. */
static bool is_closed(fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  fc_sub(pair->t, pair->high, pair->low, ctx);
  double size =
      fmax(fabs(fc_get_d(pair->low, ctx)), fabs(fc_get_d(pair->high, ctx)));
  return fc_get_d(pair->t, ctx) <=
         ldexp(size, (int)fmax(2 - (double)ctx->precision, -1000));
}

/* The step is less than rounding of x. */
static bool is_still(const fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  double size = fabs(fc_get_d(pair->x[0], ctx));
  return fabs(fc_get_d(pair->step, ctx)) <=
         ldexp(size, (int)fmax(-(double)ctx->precision, -1000));
}

/* Rounding of f moves x by 1/f' as much, but not out of [low, high]. */
static void set_blur(fc_line_pair *pair, fc_srcptr low, fc_srcptr high) {
  const fc_ctx *ctx = &pair->ctx;
  double unit = ldexp(1, (int)fmax(6 - (double)ctx->precision, -1000));
  double range = fc_get_d(high, ctx) - fc_get_d(low, ctx);
  double loose = unit / fc_get_d(pair->slope, ctx);
  loose = loose < range ? loose : range;
  pair->blur = unit * fabs(fc_get_d(pair->shift, ctx));
  for (int i = 0; i < 2; i++)
    pair->blur += ldexp(unit * fabs(fc_get_d(pair->x[i], ctx)) + loose,
                        (int)fmax((double)pair->exponent[i], -2000));
}

/* What f is rounded to. */
static double noise(const fc_ctx *ctx) {
  return ldexp(1, (int)fmax(6 - (double)ctx->precision, -1000));
}

/* |s_p| dx/du + |s_q| dy/du, at least half of |(log dz/du)'|. */
static double flow_rate(const fc_line_pair *pair) {
  const fc_ctx *ctx = &pair->ctx;
  double share = 1 / (1 + exp(fc_get_d(pair->law[0].log_density, ctx) -
                              fc_get_d(pair->law[1].log_density, ctx)));
  return share * fabs(fc_get_d(pair->law[0].score, ctx)) +
         (1 - share) * fabs(fc_get_d(pair->law[1].score, ctx));
}

static void finish(fc_line_pair *pair, fc_srcptr u, fc_srcptr low,
                   fc_srcptr high, bool expanded) {
  if (expanded) {
    fc_add(pair->x[0], pair->x[0], pair->step, &pair->ctx);
    fc_sub(pair->x[1], u, pair->x[0], &pair->ctx);
    for (int i = 0; i < 2; i++)
      advance_density(pair->law + i, pair->step, i == 0, pair);
  }
  set_flow(pair);
  fc_line_pair_set_gap(pair);
  set_blur(pair, low, high);
  pair->waver = waver(pair, u, flow_rate(pair));
}

/* [low, high] is cut to where law 1 is in its stretch: x = u - y. */
static void cut_bracket(fc_line_pair *pair, const fc_line_cell *cell,
                        fc_srcptr u) {
  const fc_ctx *ctx = &pair->ctx;
  const fc_line_law *law = pair->law + 1;
  if (cell->at[1] > 0) {
    fc_sub(pair->t, u, law->event + cell->at[1] - 1, ctx);
    fc_min(pair->high, pair->high, pair->t, ctx);
  }
  if (cell->at[1] < law->event_count) {
    fc_sub(pair->t, u, law->event + cell->at[1], ctx);
    fc_max(pair->low, pair->low, pair->t, ctx);
  }
}

fc_status fc_line_pair_solve(fc_line_pair *pair, const fc_line_cell *cell,
                             fc_srcptr u, fc_srcptr low, fc_srcptr high,
                             fc_srcptr start) {
  const fc_ctx *ctx = &pair->ctx;
  if (cell->fixed[0] || cell->fixed[1]) {
    at_event(pair, cell, u);
    return FC_OK;
  }
  double settled = ldexp(1, (int)fmax(-(double)ctx->precision / 3 - 2, -1000));
  fc_set(pair->low, low, ctx);
  fc_set(pair->high, high, ctx);
  cut_bracket(pair, cell, u);
  fc_set_inf(pair->step, 1, ctx);
  if (start) {
    fc_sub(pair->step, start, low, ctx);
    fc_set(pair->x[0], low, ctx);
  }
  take_step(pair, u, false);
  for (int i = 0; i < SOLVE_STEPS + 2 * ctx->precision; i++) {
    evaluate(pair, cell);
    shrink(pair);
    set_step(pair);
    double size = fabs(fc_get_d(pair->step, ctx)) * rate(pair, cell);
    bool quiet = fabs(fc_get_d(pair->f, ctx)) <= noise(ctx);
    if (size <= settled || quiet || is_closed(pair) || is_still(pair)) {
      finish(pair, u, low, high, size <= settled);
      return FC_OK;
    }
    if (i >= PATIENCE && i % 2) /* rounding has the steps run in circles */
      fc_set_inf(pair->step, 1, ctx);
    take_step(pair, u, i % 2 == 0);
  }
  return FC_BUDGET;
}

/* --- quantiles ----------------------------------------------------------- */

typedef struct inverse {
  fc_num from, to, x, f, step, rate, t;
} inverse;

static void inverse_each(inverse *v, const fc_ctx *ctx,
                         void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {v->from, v->to, v->x, v->f, v->step, v->rate, v->t};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

/* f = log F(x) - log p or log q - log(1 - F(x)), and step = d - kappa d^2; how
 * far that is in units of the length on which things change. */
static double inverse_step(inverse *v, fc_line_law *law, long stretch,
                           fc_srcptr aim, bool left) {
  const fc_ctx *ctx = &law->ctx;
  fc_line_law_at(law, stretch, v->x);
  if (left)
    fc_div(v->f, law->below, aim, ctx);
  else
    fc_div(v->f, aim, law->above, ctx);
  fc_log(v->f, v->f, ctx);
  hazard(v->rate, v->t, law, left);
  fc_div(v->step, v->f, v->rate, ctx);
  fc_neg(v->step, v->step, ctx);
  fc_div(v->t, v->t, v->rate, ctx); /* 2 kappa, but for the sign */
  double rate = fmax(fabs(fc_get_d(v->rate, ctx)), fabs(fc_get_d(v->t, ctx)));
  rate = fmax(rate, fabs(fc_get_d(law->score, ctx)));
  rate = fmax(rate, sqrt(fabs(fc_get_d(law->bend, ctx))));
  rate = fmax(rate, fc_line_law_nearness(law, stretch, v->x));
  fc_mul_2exp_si(v->t, v->t, -1, ctx);
  fc_mul(v->t, v->t, v->step, ctx);
  if (fabs(fc_get_d(v->t, ctx)) < 0.25) {
    fc_mul(v->t, v->t, v->step, ctx);
    fc_sub(v->step, v->step, v->t, ctx);
  }
  return fabs(fc_get_d(v->step, ctx)) * rate;
}

/* x += step, or the middle where that is outside. */
static void inverse_move(inverse *v, const fc_ctx *ctx) {
  fc_add(v->t, v->x, v->step, ctx);
  bool inside = fc_is_finite(v->t, ctx) &&
                fc_lt(v->from, v->t, ctx) == FC_TRUE &&
                fc_lt(v->t, v->to, ctx) == FC_TRUE;
  if (!inside) {
    fc_add(v->t, v->from, v->to, ctx);
    fc_mul_2exp_si(v->t, v->t, -1, ctx);
  }
  fc_swap(v->x, v->t);
}

/* No double lies between the ends, nearly. */
static bool inverse_closed(const inverse *v, const fc_ctx *ctx) {
  double low = fc_get_d(v->from, ctx), high = fc_get_d(v->to, ctx);
  fc_num width;
  fc_init(width, ctx);
  fc_sub(width, v->to, v->from, ctx);
  bool closed = fc_get_d(width, ctx) <=
                ldexp(fmax(fabs(low), fabs(high)),
                      (int)fmax(2 - (double)ctx->precision, -1000));
  fc_clear(width, ctx);
  return closed;
}

fc_status fc_line_quantile(fc_ptr x, fc_line_law *law, long stretch,
                           fc_srcptr below, fc_srcptr above, fc_srcptr low,
                           fc_srcptr high) {
  const fc_ctx *ctx = &law->ctx;
  inverse v;
  inverse_each(&v, ctx, fc_init);
  fc_set(v.from, low, ctx);
  fc_set(v.to, high, ctx);
  bool left = fc_cmp_mid(below, above, ctx) <= 0;
  double settled = ldexp(1, (int)fmax(-(double)ctx->precision / 3 - 2, -1000));
  fc_set(v.x, x, ctx);
  fc_set_si(v.step, 0, ctx);
  inverse_move(&v, ctx);
  fc_status status = FC_BUDGET;
  for (long i = 0; i < SOLVE_STEPS + 4 * ctx->precision && status; i++) {
    double size = inverse_step(&v, law, stretch, left ? below : above, left);
    double f = fc_get_d(v.f, ctx);
    if (f < 0)
      fc_set(v.from, v.x, ctx);
    else if (f > 0)
      fc_set(v.to, v.x, ctx);
    if (size <= settled || fabs(f) <= noise(ctx) || inverse_closed(&v, ctx))
      status = FC_OK;
    if (size <= settled) {
      fc_add(v.x, v.x, v.step, ctx);
      fc_max(v.x, v.x, low, ctx);
      fc_min(v.x, v.x, high, ctx);
    } else if (status) {
      if (i >= PATIENCE && i % 2)
        fc_set_inf(v.step, 1, ctx);
      inverse_move(&v, ctx);
    }
  }
  fc_set(x, v.x, ctx);
  inverse_each(&v, ctx, fc_clear);
  return status;
}
