/* A search in MPFR and binary64 (line_cells.h, line_panels.h) says where to
 * look; what is said rests on balls alone.
 *
 * Stations (line_station.h) cut (0, 1) into intervals of z.  On one whose ends
 * lie in the same stretches, D^2 dz is integrated by Taylor's formula
 * (line_taylor.h), halved until that is sharp.  On any other interval
 *   0 <= int D^2 dz - (dz) [min D^2] <= (dz) (max D^2 - min D^2),
 * D between what the monotone places at both ends allow: these are slivers at
 * events, and what could not be proved better.  Before the first and after the
 * last station, with D = shift + 2^e x - 2^f y,
 *   D^2 <= 3 (shift^2 + 4^e x^2 + 4^f y^2),
 * and the second moments of what lies there are known: int_{-oo}^B (m + s t)^2
 * phi = m^2 Phi(B) - 2 m s phi(B) + s^2 (Phi(B) - B phi(B)), B the end in
 * standard deviations.
 */
#include "transport/line_enclose.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "arith/balls.h"
#include "transport/line_panels.h"
#include "transport/line_taylor.h"

enum {
  GUARD_BITS = 32,
  MOST_HALVINGS = 14,
  SLACK_BITS = 12, /* of the working bits that the sum of radii may take */
  LEAST_GOAL = 64, /* bits of W_2^2 for which the cost is no reason to stop */
  MOST_STATIONS = 20000
};

typedef struct proof {
  fc_ctx ctx[1];             /* balls */
  fc_line_pair pair[1];      /* in balls */
  fc_ctx guide_ctx[1];       /* MPFR */
  fc_line_pair guide[1];     /* in MPFR */
  fc_line_pair coarse[1];    /* in binary64 */
  fc_line_cells cells[1];    /* of the guide */
  fc_line_panels panels[1];  /* of the coarse pair */
  fc_line_station *stations; /* in the order of z */
  size_t count, room;
  fc_num sum, part, t, u, v;
  long bits; /* of the working precision, without the guard bits */
  long goal; /* of W_2^2, relative */
  long order;
  double allowed; /* radius that a panel may have */
} proof;

/* --- stations ------------------------------------------------------------- */

static fc_line_station *next_station(proof *w) {
  if (w->count == w->room) {
    size_t room = 2 * w->room + 64;
    fc_line_station *larger = room > MOST_STATIONS
                                  ? NULL
                                  : realloc(w->stations, room * sizeof *larger);
    if (!larger)
      return NULL;
    w->stations = larger;
    w->room = room;
  }
  fc_line_station_init(w->stations + w->count, w->ctx);
  return w->stations + w->count;
}

static void keep_station(proof *w, bool proved, size_t section) {
  w->stations[w->count].section = section;
  if (proved)
    w->count++;
  else
    fc_line_station_clear(w->stations + w->count, w->ctx);
}

/* A station on a moving section at the curve's point u of the guide, within
 * [low, high]. */
static bool try_station(fc_line_station *station, proof *w, size_t k,
                        fc_srcptr u) {
  const fc_line_section *s = w->cells->sections + k;
  fc_line_pair *guide = w->guide;
  if (fc_line_pair_solve(guide, &s->cell, u, s->from[0], s->to[0], NULL))
    return false;
  int i = s->cell.fixed[0] ? 1 : 0;
  /* the law that moves more knows the level better */
  if (!s->cell.fixed[0] && !s->cell.fixed[1])
    i = fc_cmp_mid(guide->law[0].log_density, guide->law[1].log_density,
                   &guide->ctx) > 0;
  mpfr_t at, near;
  mpfr_init2(at, w->guide_ctx->precision);
  mpfr_init2(near, w->guide_ctx->precision);
  fc_get_mid(at, guide->x[i], &guide->ctx);
  fc_get_mid(near, guide->x[1 - i], &guide->ctx);
  bool proved = fc_line_station_at(station, w->pair, &s->cell, i, at, near);
  mpfr_clear(at);
  mpfr_clear(near);
  return proved;
}

static fc_status add_station(proof *w, size_t k, fc_srcptr u) {
  fc_line_station *station = next_station(w);
  if (!station)
    return FC_MEMORY;
  keep_station(w, try_station(station, w, k, u), k);
  return FC_OK;
}

/* u at an end of a section of the guide. */
static void end_of(fc_ptr u, const fc_line_section *s, const fc_num *x,
                   const fc_ctx *ctx) {
  if (s->cell.fixed[0])
    fc_set(u, x[1], ctx);
  else if (s->cell.fixed[1])
    fc_set(u, x[0], ctx);
  else
    fc_add(u, x[0], x[1], ctx);
}

/* Stations just inside the ends of a moving section, and at the edges of its
 * panels. */
static fc_status add_moving(proof *w, size_t k) {
  const fc_line_section *s = w->cells->sections + k;
  const fc_ctx *ctx = w->guide_ctx;
  fc_num low, high, inset, u;
  fc_ptr const numbers[] = {low, high, inset, u};
  for (int i = 0; i < 4; i++)
    fc_init(numbers[i], ctx);
  end_of(low, s, s->from, ctx);
  end_of(high, s, s->to, ctx);
  fc_sub(inset, high, low, ctx);
  fc_mul_2exp_si(inset, inset, 40 - ctx->precision, ctx);
  fc_add(u, low, inset, ctx);
  fc_status status = add_station(w, k, u);
  fc_sub(high, high, inset, ctx);
  for (size_t i = 0; i < w->panels->count && !status; i++) {
    const fc_line_panel *panel = w->panels->panels + i;
    if (panel->section != k || panel->last)
      continue;
    fc_set_d(u, panel->to, ctx);
    bool inside =
        fc_lt(low, u, ctx) == FC_TRUE && fc_lt(u, high, ctx) == FC_TRUE;
    status = inside ? add_station(w, k, u) : FC_OK;
  }
  if (!status)
    status = add_station(w, k, high);
  for (int i = 0; i < 4; i++)
    fc_clear(numbers[i], ctx);
  return status;
}

/* Both laws stay: stations just inside the levels at the ends. */
static fc_status add_still(proof *w, size_t k, fc_srcptr below,
                           fc_srcptr above) {
  const fc_line_section *s = w->cells->sections + k;
  fc_status status = FC_OK;
  for (int end = 0; end < 2 && !status; end++) {
    fc_line_station *station = next_station(w);
    if (!station)
      return FC_MEMORY;
    fc_convert(w->t, w->ctx, s->mass, w->guide_ctx);
    fc_mul_2exp_si(w->u, w->t, 24 - w->guide_ctx->precision, w->ctx);
    if (end)
      fc_sub(w->u, w->t, w->u, w->ctx);
    fc_add(w->t, below, w->u, w->ctx);
    fc_sub(w->u, above, w->u, w->ctx);
    keep_station(
        w, fc_line_station_still(station, w->pair, &s->cell, w->t, w->u), k);
  }
  return status;
}

/* In the order of the sections; the level before each from the guide. */
static fc_status place_stations(proof *w) {
  fc_num below, above, mass;
  fc_init(below, w->ctx);
  fc_init(above, w->ctx);
  fc_init(mass, w->ctx);
  fc_set_si(above, 1, w->ctx);
  fc_status status = FC_OK;
  for (size_t k = 0; k < w->cells->count && !status; k++) {
    const fc_line_section *s = w->cells->sections + k;
    status = s->cell.fixed[0] && s->cell.fixed[1]
                 ? add_still(w, k, below, above)
                 : add_moving(w, k);
    fc_convert(mass, w->ctx, s->mass, w->guide_ctx);
    fc_add(below, below, mass, w->ctx);
    fc_sub(above, above, mass, w->ctx);
  }
  fc_clear(below, w->ctx);
  fc_clear(above, w->ctx);
  fc_clear(mass, w->ctx);
  return status;
}

/* --- between stations ------------------------------------------------------
 */

/* z = the mass between two stations, at least 0. */
static void mass_between(fc_ptr z, const fc_line_station *from,
                         const fc_line_station *to, const fc_ctx *ctx) {
  if (fc_get_d(from->level[0], ctx) <= 0.5)
    fc_sub(z, to->level[0], from->level[0], ctx);
  else
    fc_sub(z, from->level[1], to->level[1], ctx);
}

/* z = D at x_0 of one station and x_1 of another. */
static void set_gap(fc_ptr z, fc_ptr t, const proof *w, fc_srcptr x,
                    fc_srcptr y) {
  const fc_ctx *ctx = w->ctx;
  fc_mul_2exp_si(z, x, w->pair->exponent[0], ctx);
  fc_add(z, z, w->pair->shift, ctx);
  fc_mul_2exp_si(t, y, w->pair->exponent[1], ctx);
  fc_sub(z, z, t, ctx);
}

/* part = (mass) (every D^2 in between). */
static void set_crude(proof *w, const fc_line_station *from,
                      const fc_line_station *to) {
  const fc_ctx *ctx = w->ctx;
  set_gap(w->t, w->v, w, from->x[0], to->x[1]);
  set_gap(w->u, w->v, w, to->x[0], from->x[1]);
  fc_hull(w->t, w->t, w->u, ctx);
  fc_sqr(w->t, w->t, ctx);
  mass_between(w->u, from, to, ctx);
  fc_mul(w->part, w->t, w->u, ctx);
}

static double radius_of(fc_srcptr x, const fc_ctx *ctx) {
  mpfr_t r;
  mpfr_init2(r, 53);
  fc_get_rad(r, x, ctx);
  double radius = mpfr_get_d(r, MPFR_RNDU);
  mpfr_clear(r);
  return radius;
}

static bool same_part(const fc_line_station *x, const fc_line_station *y) {
  return x->section == y->section && !(x->cell.fixed[0] && x->cell.fixed[1]);
}

/* A station half way between two of one section. */
static bool middle_station(fc_line_station *middle, proof *w,
                           const fc_line_station *from,
                           const fc_line_station *to) {
  const fc_ctx *ctx = w->guide_ctx;
  fc_num u, t;
  fc_init(u, ctx);
  fc_init(t, ctx);
  for (int i = 0; i < 2; i++) {
    if (from->cell.fixed[i])
      continue;
    fc_convert(t, ctx, from->x[i], w->ctx);
    fc_add(u, u, t, ctx);
    fc_convert(t, ctx, to->x[i], w->ctx);
    fc_add(u, u, t, ctx);
  }
  fc_mul_2exp_si(u, u, -1, ctx);
  middle->section = from->section;
  bool proved = try_station(middle, w, from->section, u);
  fc_clear(u, ctx);
  fc_clear(t, ctx);
  return proved;
}

static fc_status add_interval(proof *w, const fc_line_station *from,
                              const fc_line_station *to, int depth);

/* By Taylor's formula about the middle, or in halves where that is not sharp.
 */
static fc_status add_smooth(proof *w, const fc_line_station *from,
                            const fc_line_station *to,
                            const fc_line_station *middle, int depth) {
  double crude = radius_of(w->part, w->ctx);
  fc_status status =
      fc_line_taylor(w->part, w->pair, from, to, middle, w->order);
  double radius = radius_of(w->part, w->ctx);
  if (status)
    return status;
  if (radius <= w->allowed || (depth >= MOST_HALVINGS && radius <= crude)) {
    fc_add(w->sum, w->sum, w->part, w->ctx);
    return FC_OK;
  }
  if (depth >= MOST_HALVINGS) {
    set_crude(w, from, to);
    fc_add(w->sum, w->sum, w->part, w->ctx);
    return FC_OK;
  }
  status = add_interval(w, from, middle, depth + 1);
  return status ? status : add_interval(w, middle, to, depth + 1);
}

static fc_status add_interval(proof *w, const fc_line_station *from,
                              const fc_line_station *to, int depth) {
  set_crude(w, from, to);
  fc_line_station middle;
  bool sharp = !same_part(from, to) || radius_of(w->part, w->ctx) <= w->allowed;
  if (sharp) {
    fc_add(w->sum, w->sum, w->part, w->ctx);
    return FC_OK;
  }
  fc_line_station_init(&middle, w->ctx);
  fc_status status = FC_OK;
  if (middle_station(&middle, w, from, to))
    status = add_smooth(w, from, to, &middle, depth);
  else
    fc_add(w->sum, w->sum, w->part, w->ctx);
  fc_line_station_clear(&middle, w->ctx);
  return status;
}

/* --- beyond the stations ---------------------------------------------------
 */

/* z = at least int x^2 over the law beyond the end station's place, an infinite
 * ball where a part there is no normal law reaching to infinity. */
static void set_moment(fc_ptr z, proof *w, int i, const fc_line_station *end,
                       fc_srcptr mass, bool mirrored) {
  const fc_ctx *ctx = w->ctx;
  const fc_line_law *law = w->pair->law + i;
  long at = end->cell.at[i], last = law->event_count;
  bool outermost = !end->cell.fixed[i] && at == (mirrored ? last : 0);
  fc_set_si(z, 0, ctx);
  if (outermost) {
    for (size_t k = 0; k < law->count; k++)
      if (mirrored ? law->parts[k].last == last : law->parts[k].first == -1)
        fc_line_part_add_moment(z, law->parts + k, law, end->x[i], mirrored);
    return;
  }
  /* all of it lies between the law's outermost event and the station, if no
   * part reaches beyond that event */
  bool reaches = last == 0;
  for (size_t k = 0; k < law->count; k++)
    reaches = reaches ||
              (mirrored ? law->parts[k].last == last : law->parts[k].first < 0);
  if (reaches) {
    fc_set_inf(z, 1, ctx);
    return;
  }
  fc_hull(z, law->event + (mirrored ? last - 1 : 0), end->x[i], ctx);
  fc_sqr(z, z, ctx);
  fc_mul(z, z, mass, ctx);
}

/* sum is widened by what lies beyond a station. */
static void add_tail(proof *w, const fc_line_station *end, bool mirrored) {
  const fc_ctx *ctx = w->ctx;
  fc_srcptr mass = end->level[mirrored ? 1 : 0];
  fc_sqr(w->t, w->pair->shift, ctx);
  fc_mul(w->t, w->t, mass, ctx);
  for (int i = 0; i < 2; i++) {
    set_moment(w->u, w, i, end, mass, mirrored);
    fc_mul_2exp_si(w->u, w->u, 2 * w->pair->exponent[i], ctx);
    fc_add(w->t, w->t, w->u, ctx);
  }
  fc_mul_si(w->t, w->t, 3, ctx);
  fc_majorant(w->t, w->t, ctx);
  fc_widen(w->sum, w->t, ctx);
}

/* --- the whole --------------------------------------------------------------
 */

/* The bits of W_2^2 that are aimed at: all where they are few, else half of
 * them, since the cost is about their cube. */
static long goal_bits(const fc_ctx *ctx) {
  long all = ctx->precision - SLACK_BITS, half = all - ctx->precision / 2;
  long least = all < LEAST_GOAL ? all : LEAST_GOAL;
  return half > least ? half : least;
}

static fc_status set_precision(proof *w, long bits, fc_error *error) {
  w->bits = bits;
  w->order = 8 + bits / 5;
  fc_ctx_init_mpfr(w->guide_ctx, bits + GUARD_BITS);
  return fc_ctx_init_arb(w->ctx, bits + GUARD_BITS, error);
}

/* The coupling, as far as a search sees it. */
static fc_status find_panels(proof *w, const fc_target *p, const fc_target *q,
                             fc_error *error) {
  fc_ctx near;
  double reach = sqrt(4 * log(2) * ((double)w->ctx->precision + 10));
  if (reach < 35)
    fc_ctx_init_double(&near);
  else
    fc_ctx_init_mpfr(&near, 64);
  fc_status status = fc_line_pair_init(w->pair, p, q, reach, w->ctx, error);
  fc_status guide =
      fc_line_pair_init(w->guide, p, q, reach, w->guide_ctx, error);
  fc_status coarse = fc_line_pair_init(w->coarse, p, q, reach, &near, error);
  status = status ? status : guide ? guide : coarse;
  if (!status)
    status = fc_line_cells_find(w->cells, w->guide, error);
  if (!status)
    status =
        fc_line_panels_find(w->panels, w->coarse, w->cells, w->bits, error);
  return status;
}

static void release_search(proof *w) {
  fc_line_panels_clear(w->panels);
  fc_line_cells_clear(w->cells);
  *w->panels = (fc_line_panels){.count = 0};
  *w->cells = (fc_line_cells){.count = 0};
  fc_line_pair *const pairs[] = {w->pair, w->guide, w->coarse};
  for (int i = 0; i < 3; i++) {
    if (pairs[i]->ctx.ops)
      fc_line_pair_clear(pairs[i]);
    *pairs[i] = (fc_line_pair){.scale = 0};
  }
}

/* As many working bits as the goal takes; more, up to `most`, where W_2^2 is
 * small next to the squares of what it is a difference of. */
static fc_status prepare(proof *w, const fc_target *p, const fc_target *q,
                         long most, fc_error *error) {
  long bits = w->goal + SLACK_BITS;
  fc_status status = set_precision(w, bits, error);
  if (!status)
    status = find_panels(w, p, q, error);
  double total = status ? 1 : fmax(w->panels->total, DBL_MIN);
  long lost = (long)fmax(0, -log2(total));
  if (!status && lost > 0 && bits < most) {
    release_search(w);
    bits = bits + lost < most ? bits + lost : most;
    status = set_precision(w, bits, error);
    if (!status)
      status = find_panels(w, p, q, error);
  }
  return status;
}

/* Where W_2 is next to 0 nothing is gained by more than 3/4 of the bits. */
static void set_allowed(proof *w) {
  double least = ldexp(1, (int)fmax(-1.5 * (double)w->bits, -1000));
  w->allowed =
      fmax(ldexp(w->panels->total, (int)fmax(-(double)w->goal, -1000)), least) /
      (double)(w->panels->count + 1);
}

static fc_status add_all(proof *w) {
  fc_status status = FC_OK;
  fc_set_si(w->sum, 0, w->ctx);
  if (w->count == 0)
    return FC_BUDGET;
  for (size_t i = 0; i + 1 < w->count && !status; i++)
    status = add_interval(w, w->stations + i, w->stations + i + 1, 0);
  add_tail(w, w->stations, false);
  add_tail(w, w->stations + w->count - 1, true);
  return status;
}

/* w2 = 2^scale sqrt(sum), at least 0, widened by what simplified laws were
 * moved by. */
static void finish(fc_w2_value *value, proof *w, const fc_ctx *ctx) {
  mpfr_t low, high, radius;
  mpfr_init2(low, ctx->precision + GUARD_BITS);
  mpfr_init2(high, ctx->precision + GUARD_BITS);
  mpfr_init2(radius, ctx->precision + GUARD_BITS);
  fc_get_enclosure(low, radius, w->sum, w->ctx);
  mpfr_add(high, low, radius, MPFR_RNDU);
  mpfr_sub(low, low, radius, MPFR_RNDD);
  if (!(mpfr_sgn(low) > 0))
    mpfr_set_zero(low, 1);
  mpfr_sqrt(low, low, MPFR_RNDD);
  mpfr_sqrt(high, high, MPFR_RNDU);
  fc_set_interval(value->w2, low, high, ctx);
  for (int i = 0; i < 2; i++) {
    mpfr_set_d(radius, w->pair->law[i].moved * (1 + 0x1p-40), MPFR_RNDU);
    mpfr_sqrt(radius, radius, MPFR_RNDU);
    mpfr_mul_2si(radius, radius, w->pair->exponent[i], MPFR_RNDU);
    fc_num moved;
    fc_init(moved, ctx);
    fc_set_mpfr(moved, radius, ctx);
    fc_widen(value->w2, moved, ctx);
    fc_clear(moved, ctx);
  }
  fc_mul_2exp_si(value->w2, value->w2, w->pair->scale, ctx);
  fc_set_si(value->error, 0, ctx);
  value->kind = FC_W2_EXACT;
  value->proved = true;
  value->half = true;
  value->how = "quantiles";
  mpfr_clear(low);
  mpfr_clear(high);
  mpfr_clear(radius);
}

static void start(proof *w) {
  fc_ptr const numbers[] = {w->sum, w->part, w->t, w->u, w->v};
  for (int i = 0; i < 5; i++)
    fc_init(numbers[i], w->ctx);
}

static void release(proof *w) {
  fc_ptr const numbers[] = {w->sum, w->part, w->t, w->u, w->v};
  for (int i = 0; i < 5; i++)
    fc_clear(numbers[i], w->ctx);
  for (size_t i = 0; i < w->count; i++)
    fc_line_station_clear(w->stations + i, w->ctx);
  free(w->stations);
}

static fc_status enclose(fc_w2_value *value, proof *w, const fc_ctx *ctx) {
  set_allowed(w);
  start(w);
  fc_status status = place_stations(w);
  if (!status)
    status = add_all(w);
  if (!status)
    finish(value, w, ctx);
  release(w);
  return status;
}

fc_status fc_line_enclose(fc_w2_value *value, const fc_target *p,
                          const fc_target *q, const fc_ctx *ctx,
                          fc_error *error) {
  proof w = {.count = 0, .goal = goal_bits(ctx)};
  fc_status status = prepare(&w, p, q, ctx->precision, error);
  if (!status)
    status = enclose(value, &w, ctx);
  release_search(&w);
  return status ? fc_fail(error, status, "W2 on the line in balls: %s",
                          fc_status_text(status))
                : FC_OK;
}
