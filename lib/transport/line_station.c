#include "transport/line_station.h"

#include "arith/balls.h"

enum { MOST_WIDENINGS = 40 };

static void each(fc_line_station *s, const fc_ctx *ctx,
                 void (*act)(fc_ptr, const fc_ctx *)) {
  for (int i = 0; i < 2; i++) {
    act(s->x[i], ctx);
    act(s->level[i], ctx);
  }
}

void fc_line_station_init(fc_line_station *s, const fc_ctx *ctx) {
  s->section = 0;
  each(s, ctx, fc_init);
}

void fc_line_station_clear(fc_line_station *s, const fc_ctx *ctx) {
  each(s, ctx, fc_clear);
}

/* x lies certainly inside the open stretch of the law. */
static bool is_inside(const fc_line_law *law, long stretch, fc_srcptr x) {
  const fc_ctx *ctx = &law->ctx;
  return (stretch == 0 || fc_lt(law->event + stretch - 1, x, ctx) == FC_TRUE) &&
         (stretch == law->event_count ||
          fc_lt(x, law->event + stretch, ctx) == FC_TRUE);
}

/* A level is below another where the masses on the left say so, or those on the
 * right. */
static bool is_before(fc_srcptr below, fc_srcptr above, fc_srcptr other_below,
                      fc_srcptr other_above, const fc_ctx *ctx) {
  return fc_lt(below, other_below, ctx) == FC_TRUE ||
         fc_lt(other_above, above, ctx) == FC_TRUE;
}

/* The station's level is certainly inside the jump of the law at an event. */
static bool is_in_jump(fc_line_law *law, long event, const fc_line_station *s) {
  const fc_ctx *ctx = &law->ctx;
  fc_line_law_tails(law, event, law->event + event);
  if (!is_before(law->below, law->above, s->level[0], s->level[1], ctx))
    return false;
  fc_line_law_tails(law, event + 1, law->event + event);
  return is_before(s->level[0], s->level[1], law->below, law->above, ctx);
}

/* x = near -+ delta with the quantile at the station's level proved inside. */
static bool enclose(fc_ptr x, fc_line_law *law, long stretch,
                    const fc_line_station *s, mpfr_srcptr near) {
  const fc_ctx *ctx = &law->ctx;
  fc_num middle, delta, end;
  fc_init(middle, ctx);
  fc_init(delta, ctx);
  fc_init(end, ctx);
  fc_set_mpfr(middle, near, ctx);
  fc_abs(delta, middle, ctx);
  fc_add_si(delta, delta, 1, ctx);
  fc_mul_2exp_si(delta, delta, 12 - ctx->precision, ctx);
  bool found = false, allowed = true;
  for (int i = 0; i < MOST_WIDENINGS && !found && allowed; i++) {
    fc_sub(end, middle, delta, ctx);
    allowed = is_inside(law, stretch, end);
    fc_line_law_tails(law, stretch, end);
    found = is_before(law->below, law->above, s->level[0], s->level[1], ctx);
    fc_add(end, middle, delta, ctx);
    allowed = allowed && is_inside(law, stretch, end);
    fc_line_law_tails(law, stretch, end);
    found = found &&
            is_before(s->level[0], s->level[1], law->below, law->above, ctx);
    if (!found)
      fc_mul_2exp_si(delta, delta, 2, ctx);
  }
  fc_set(x, middle, ctx);
  fc_widen(x, delta, ctx);
  fc_clear(middle, ctx);
  fc_clear(delta, ctx);
  fc_clear(end, ctx);
  return found && allowed;
}

bool fc_line_station_at(fc_line_station *s, fc_line_pair *pair,
                        const fc_line_cell *cell, int i, mpfr_srcptr at,
                        mpfr_srcptr near) {
  const fc_ctx *ctx = &pair->ctx;
  fc_line_law *law = pair->law + i, *other = pair->law + 1 - i;
  s->cell = *cell;
  fc_set_mpfr(s->x[i], at, ctx);
  if (!is_inside(law, cell->at[i], s->x[i]))
    return false;
  fc_line_law_tails(law, cell->at[i], s->x[i]);
  fc_set(s->level[0], law->below, ctx);
  fc_set(s->level[1], law->above, ctx);
  if (!cell->fixed[1 - i])
    return enclose(s->x[1 - i], other, cell->at[1 - i], s, near);
  fc_set(s->x[1 - i], other->event + cell->at[1 - i], ctx);
  return is_in_jump(other, cell->at[1 - i], s);
}

bool fc_line_station_still(fc_line_station *s, fc_line_pair *pair,
                           const fc_line_cell *cell, fc_srcptr below,
                           fc_srcptr above) {
  const fc_ctx *ctx = &pair->ctx;
  s->cell = *cell;
  fc_set(s->level[0], below, ctx);
  fc_set(s->level[1], above, ctx);
  for (int i = 0; i < 2; i++) {
    fc_set(s->x[i], pair->law[i].event + cell->at[i], ctx);
    if (!is_in_jump(pair->law + i, cell->at[i], s))
      return false;
  }
  return true;
}
