/* Each law is a sequence: stretch 0, event 0, stretch 1, ..., the last stretch.
 * Both sequences are passed together, from level to level: the next to end is
 * the one whose mass on the left is less. */
#include "transport/line_cells.h"

#include <math.h>
#include <stdlib.h>

typedef struct walk {
  fc_line_pair *pair;
  fc_line_cells *cells;
  long at[2];
  bool fixed[2];
  fc_num level[2];   /* the mass left and right of where the walk is */
  fc_num x[2];       /* where it is; meaningless while `open` */
  bool open[2];      /* still at -infinity */
  fc_num ends[2][2]; /* the levels at which the laws' present parts end */
} walk;

static void each_section(fc_line_section *s, const fc_ctx *ctx,
                         void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {s->from[0], s->from[1], s->to[0],   s->to[1],
                            s->mass,    s->low_cut, s->high_cut};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

static void each_number(walk *w, void (*act)(fc_ptr, const fc_ctx *)) {
  for (int i = 0; i < 2; i++) {
    act(w->level[i], &w->pair->ctx);
    act(w->x[i], &w->pair->ctx);
    act(w->ends[i][0], &w->pair->ctx);
    act(w->ends[i][1], &w->pair->ctx);
  }
}

static bool ends_at_infinity(const walk *w, int i) {
  return !w->fixed[i] && w->at[i] == w->pair->law[i].event_count;
}

/* The level at which law i leaves the part in which it is. */
static void set_end(walk *w, int i) {
  fc_line_law *law = w->pair->law + i;
  const fc_ctx *ctx = &w->pair->ctx;
  if (ends_at_infinity(w, i)) {
    fc_set_si(w->ends[i][0], 1, ctx);
    fc_set_si(w->ends[i][1], 0, ctx);
    return;
  }
  fc_line_law_tails(law, w->at[i] + (w->fixed[i] ? 1 : 0),
                    law->event + w->at[i]);
  fc_set(w->ends[i][0], law->below, ctx);
  fc_set(w->ends[i][1], law->above, ctx);
}

/* -1, 0, 1: which of two levels comes first, seen from the nearer end. */
static int compare_levels(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  if (fc_get_d(x, ctx) <= 0.5)
    return fc_cmp_mid(x, y, ctx);
  return fc_cmp_mid(y + 1, x + 1, ctx);
}

/* z = the mass between two levels. */
static void mass_between(fc_ptr z, fc_srcptr from, fc_srcptr to,
                         const fc_ctx *ctx) {
  if (fc_get_d(from, ctx) <= 0.5)
    fc_sub(z, to, from, ctx);
  else
    fc_sub(z, from + 1, to + 1, ctx);
}

/* --- where the curve is cut off ---------------------------------------- */

/* The bracket in which law i has its quantiles in this part. */
static void bracket(fc_ptr low, fc_ptr high, const walk *w, int i) {
  const fc_line_law *law = w->pair->law + i;
  const fc_ctx *ctx = &w->pair->ctx;
  long at = w->at[i];
  double reach = law->high - law->low;
  if (w->open[i])
    fc_set_d(low, law->low - reach, ctx);
  else
    fc_set(low, w->x[i], ctx);
  if (ends_at_infinity(w, i))
    fc_set_d(high, law->high + reach, ctx);
  else
    fc_set(high, law->event + at, ctx);
}

static fc_status quantile(fc_ptr x, const walk *w, int i, fc_srcptr level) {
  const fc_ctx *ctx = &w->pair->ctx;
  fc_num low, high;
  fc_init(low, ctx);
  fc_init(high, ctx);
  bracket(low, high, w, i);
  fc_status status = fc_line_quantile(x, w->pair->law + i, w->at[i], level,
                                      level + 1, low, high);
  fc_clear(low, ctx);
  fc_clear(high, ctx);
  return status;
}

/* The level at law i's own cut, on the left or on the right. */
static void level_of_cut(fc_ptr level, const walk *w, int i, bool left) {
  fc_line_law *law = w->pair->law + i;
  fc_set_d(level, left ? law->low : law->high, &w->pair->ctx);
  fc_line_law_tails(law, w->at[i], level);
  fc_set(level, law->below, &w->pair->ctx);
  fc_set(level + 1, law->above, &w->pair->ctx);
}

/* positions = the curve's point where the first of the laws that reach infinity
 * is cut off; cut = the mass beyond. */
static fc_status cut_off(fc_num *positions, fc_ptr cut, const walk *w,
                         bool left) {
  const fc_ctx *ctx = &w->pair->ctx;
  fc_ptr levels = fc_vec_new(4, ctx);
  if (!levels)
    return FC_MEMORY;
  fc_srcptr level = NULL;
  for (int i = 0; i < 2; i++) {
    bool infinite =
        !w->fixed[i] && (left ? w->open[i] : ends_at_infinity(w, i));
    if (!infinite)
      continue;
    fc_ptr own = levels + 2 * i;
    level_of_cut(own, w, i, left);
    bool nearer = !level || (left ? compare_levels(level, own, ctx) < 0
                                  : compare_levels(own, level, ctx) < 0);
    level = nearer ? own : level;
  }
  fc_status status = FC_OK;
  fc_set(cut, level + (left ? 0 : 1), ctx);
  for (int i = 0; i < 2 && !status; i++) {
    if (w->fixed[i])
      fc_set(positions[i], w->pair->law[i].event + w->at[i], ctx);
    else
      status = quantile(positions[i], w, i, level);
  }
  fc_vec_free(levels, 4, ctx);
  return status;
}

/* --- sections ------------------------------------------------------------- */

static fc_status enter(fc_line_section *s, const walk *w) {
  const fc_ctx *ctx = &w->pair->ctx;
  bool open = (w->open[0] && !w->fixed[0]) || (w->open[1] && !w->fixed[1]);
  if (open)
    return cut_off(s->from, s->low_cut, w, true);
  for (int i = 0; i < 2; i++)
    fc_set(s->from[i], w->x[i], ctx);
  return FC_OK;
}

/* to = where the section ends at the level `end`; ended[i]: law i ends there.
 */
static fc_status leave(fc_line_section *s, const walk *w, fc_srcptr end,
                       const bool ended[2]) {
  const fc_ctx *ctx = &w->pair->ctx;
  fc_status status = FC_OK;
  bool infinite = (ended[0] && ends_at_infinity(w, 0)) ||
                  (ended[1] && ends_at_infinity(w, 1));
  if (infinite)
    return cut_off(s->to, s->high_cut, w, false);
  for (int i = 0; i < 2 && !status; i++) {
    if (ended[i] || w->fixed[i])
      fc_set(s->to[i], w->pair->law[i].event + w->at[i], ctx);
    else
      status = quantile(s->to[i], w, i, end);
  }
  return status;
}

static fc_status add_section(walk *w, fc_srcptr end, const bool ended[2]) {
  const fc_ctx *ctx = &w->pair->ctx;
  fc_line_section *s = w->cells->sections + w->cells->count;
  each_section(s, ctx, fc_init);
  w->cells->count++;
  for (int i = 0; i < 2; i++) {
    s->cell.at[i] = w->at[i];
    s->cell.fixed[i] = w->fixed[i];
  }
  mass_between(s->mass, w->level[0], end, ctx);
  fc_status status = enter(s, w);
  if (!status)
    status = leave(s, w, end, ended);
  for (int i = 0; i < 2; i++) {
    fc_set(w->x[i], s->to[i], ctx);
    w->open[i] = false;
  }
  return status;
}

/* The next part of law i. */
static void advance(walk *w, int i) {
  const fc_line_law *law = w->pair->law + i;
  if (w->fixed[i]) {
    w->fixed[i] = false;
    w->at[i]++;
  } else {
    w->fixed[i] = true;
  }
  w->open[i] = false;
  fc_set(w->x[i], law->event + (w->fixed[i] ? w->at[i] : w->at[i] - 1),
         &w->pair->ctx);
  set_end(w, i);
}

static fc_status pass(walk *w) {
  const fc_ctx *ctx = &w->pair->ctx;
  for (;;) {
    fc_ptr const ends[2] = {w->ends[0][0], w->ends[1][0]};
    int order = compare_levels(ends[0], ends[1], ctx);
    bool ended[2] = {order <= 0, order >= 0};
    fc_srcptr end = order <= 0 ? ends[0] : ends[1];
    fc_status status = FC_OK;
    if (compare_levels(w->level[0], end, ctx) < 0) {
      status = add_section(w, end, ended);
      fc_set(w->level[0], end, ctx);
      fc_set(w->level[1], end + 1, ctx);
    }
    bool last[2] = {ends_at_infinity(w, 0), ends_at_infinity(w, 1)};
    /* the second case: one at 1, the other one beyond it by rounding */
    bool over = (last[0] && last[1]) || (last[0] && !ended[1]) ||
                (last[1] && !ended[0]);
    if (status || over)
      return status;
    for (int i = 0; i < 2; i++)
      if (ended[i] && !last[i])
        advance(w, i);
  }
}

fc_status fc_line_cells_find(fc_line_cells *cells, fc_line_pair *pair,
                             fc_error *error) {
  const fc_ctx *ctx = &pair->ctx;
  size_t most =
      4 + 4 * (size_t)(pair->law[0].event_count + pair->law[1].event_count);
  walk w = {.pair = pair, .cells = cells, .open = {true, true}};
  *cells = (fc_line_cells){.ctx = *ctx};
  cells->sections = calloc(most, sizeof *cells->sections);
  if (!cells->sections)
    return fc_fail(error, FC_MEMORY, "out of memory");
  each_number(&w, fc_init);
  fc_set_si(w.level[1], 1, ctx);
  set_end(&w, 0);
  set_end(&w, 1);
  fc_status status = pass(&w);
  each_number(&w, fc_clear);
  return status ? fc_fail(error, status, "the laws could not be coupled")
                : FC_OK;
}

void fc_line_cells_clear(fc_line_cells *cells) {
  for (size_t i = 0; cells->sections && i < cells->count; i++)
    each_section(cells->sections + i, &cells->ctx, fc_clear);
  free(cells->sections);
}
