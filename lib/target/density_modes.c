/* Where a potential is low: a search on a grid, in binary64. */
#include "target/density.h"

#include <math.h>
#include <stdlib.h>

#include "base/grow.h"
#include "base/sort.h"

enum {
  OCTAVES = 40, /* on either side of 1 */
  POINTS = 64,  /* an octave */
  MOST_MODES = 32,
  GOLDEN_STEPS = 120,
  SCALE_STEPS = 200
};

/* Deeper modes alone count: exp(-U) beside exp(-U_min). */
#define DEPTH 1e5

typedef struct grid {
  double *at;
  size_t count, capacity;
} grid;

static bool inside(const fc_density *f, double y) {
  return y > f->breaks[0] && y < f->breaks[f->count] && isfinite(y);
}

/* U(y); MPFR decides where binary64 meets inf - inf or inf/inf. */
static double potential(const fc_density *f, double y) {
  size_t branch = fc_density_branch(f, y);
  double value = fc_density_derivative_d(f, 0, branch, y);
  if (!isnan(value))
    return value;
  fc_ctx ctx;
  fc_num at, z;
  fc_ctx_init_mpfr(&ctx, 64);
  fc_init(at, &ctx);
  fc_init(z, &ctx);
  fc_set_d(at, y, &ctx);
  if (fc_density_derivative(z, f, 0, branch, at, &ctx) == FC_OK)
    value = fc_get_d(z, &ctx);
  fc_clear(at, &ctx);
  fc_clear(z, &ctx);
  return value;
}

static bool push(grid *g, const fc_density *f, double y) {
  if (!inside(f, y))
    return true;
  if (!fc_grow(&g->at, &g->capacity, g->count, sizeof *g->at))
    return false;
  g->at[g->count++] = y;
  return true;
}

/* A place and octaves on both sides of it. */
static bool push_octaves(grid *g, const fc_density *f, double centre,
                         int points) {
  bool pushed = push(g, f, centre);
  for (int i = -OCTAVES * points; i <= OCTAVES * points && pushed; i++) {
    double step = exp2((double)i / points);
    pushed = push(g, f, centre - step) && push(g, f, centre + step);
  }
  return pushed;
}

static void put_in_order(grid *g) {
  fc_sort_doubles(g->at, g->count);
  size_t kept = 0;
  for (size_t i = 0; i < g->count; i++)
    if (kept == 0 || g->at[i] > g->at[kept - 1])
      g->at[kept++] = g->at[i];
  g->count = kept;
}

static bool fill(grid *g, const fc_density *f) {
  double low = f->breaks[0], high = f->breaks[f->count];
  bool pushed = push_octaves(g, f, 0, POINTS);
  for (size_t i = 0; i <= f->count && pushed; i++)
    if (isfinite(f->breaks[i]))
      pushed = push_octaves(g, f, f->breaks[i], POINTS / 4);
  if (isfinite(low) && isfinite(high))
    for (int i = 1; i < 1024 && pushed; i++)
      pushed = push(g, f, low + (high - low) * i / 1024);
  if (!pushed)
    return false;
  put_in_order(g);
  return true;
}

/* A minimum of U between low and high. */
static double golden(const fc_density *f, double low, double high, int steps) {
  const double ratio = (sqrt(5) - 1) / 2;
  double p = high - ratio * (high - low), q = low + ratio * (high - low);
  double at_p = potential(f, p), at_q = potential(f, q);
  for (int i = 0; i < steps; i++) {
    if (at_p <= at_q) {
      high = q;
      q = p;
      at_q = at_p;
      p = high - ratio * (high - low);
      at_p = potential(f, p);
    } else {
      low = p;
      p = q;
      at_p = at_q;
      q = low + ratio * (high - low);
      at_q = potential(f, q);
    }
  }
  return at_p <= at_q ? p : q;
}

/* How far on one side of a mode U rises by 1/2 (or the support ends). */
static double rise(const fc_density *f, const fc_mode *mode, int sign) {
  double step = exp2(-OCTAVES) * fmax(1, fabs(mode->at));
  for (int i = 0; i < SCALE_STEPS; i++) {
    double y = mode->at + sign * step;
    if (!inside(f, y) || !(potential(f, y) < mode->potential + 0.5))
      return step;
    step *= 1.5;
  }
  return step;
}

static fc_status add_mode(fc_density *f, double low, double at, double high,
                          fc_error *error) {
  fc_mode mode = {at, 0, potential(f, at)};
  double better = golden(f, low, high, GOLDEN_STEPS),
         there = potential(f, better),
         half_way = potential(f, golden(f, low, high, GOLDEN_STEPS / 2));
  if (there < half_way - 0.5 - 1e-9 * fabs(there)) /* still falling */
    return fc_fail(error, FC_VALUE,
                   "U falls to -infinity near x = %.6g; give a lower and an "
                   "upper between which it is finite",
                   better);
  if (there < mode.potential)
    mode = (fc_mode){better, 0, there};
  mode.scale = fmax(rise(f, &mode, -1), rise(f, &mode, 1));
  fc_mode *moved = realloc(f->modes, (f->mode_count + 1) * sizeof *moved);
  if (!moved)
    return FC_MEMORY;
  f->modes = moved;
  f->modes[f->mode_count++] = mode;
  return FC_OK;
}

static fc_status check(const grid *g, const double *u, fc_error *error) {
  for (size_t i = 0; i < g->count; i++)
    if (isnan(u[i]))
      return fc_fail(error, FC_VALUE,
                     "U is not a number at x = %.6g; give a lower and an upper "
                     "between which it is defined",
                     g->at[i]);
  if (g->count == 0)
    return fc_fail(error, FC_VALUE,
                   "no number lies clearly between lower and upper; move them "
                   "apart");
  return FC_OK;
}

/* A minimum counts where U rises by this above it on both sides. */
static double least_rise(double u) { return 1.0 / 16 + 1e-9 * fabs(u); }

static fc_status take(fc_density *f, const grid *g, const double *u, size_t i,
                      double least, fc_error *error) {
  if (!(u[i] <= least + DEPTH))
    return FC_OK;
  if (f->mode_count == MOST_MODES)
    return fc_fail(error, FC_LIMIT, "U has more than %d minima", MOST_MODES);
  return add_mode(f, g->at[i ? i - 1 : i], g->at[i],
                  g->at[i + 1 < g->count ? i + 1 : i], error);
}

/* The local minima of u, up to DEPTH above the least: walks down to a minimum,
 * up to a maximum, and so on. */
static fc_status collect(fc_density *f, const grid *g, const double *u,
                         fc_error *error) {
  double least = INFINITY;
  for (size_t i = 0; i < g->count; i++)
    least = fmin(least, u[i]);
  if (!isfinite(least))
    return fc_fail(error, FC_VALUE,
                   least > 0 ? "U is +infinity wherever it was looked at"
                             : "U falls to -infinity: exp(-U) is not "
                               "integrable; give a lower and an upper between "
                               "which it is finite");
  fc_status status = FC_OK;
  size_t extreme = 0;
  bool down = true;
  for (size_t i = 1; i < g->count && !status; i++) {
    bool further = down ? u[i] < u[extreme] : u[i] > u[extreme];
    double rise = down ? u[i] - u[extreme] : u[extreme] - u[i];
    if (further) {
      extreme = i;
    } else if (rise > least_rise(fmin(u[i], u[extreme]))) {
      if (down)
        status = take(f, g, u, extreme, least, error);
      down = !down;
      extreme = i;
    }
  }
  if (down && !status)
    status = take(f, g, u, extreme, least, error);
  for (size_t i = 0; i < f->mode_count; i++)
    if (f->modes[i].potential < f->modes[f->deepest].potential)
      f->deepest = i;
  return status;
}

/* malloc'd: U at the points. */
static double *evaluate(const grid *g, const fc_density *f) {
  double *u = calloc(g->count + 1, sizeof *u);
  for (size_t i = 0; i < g->count && u; i++)
    u[i] = potential(f, g->at[i]);
  return u;
}

/* Adds the wells between the points; *u anew where there are any. */
static fc_status refine(grid *g, double **u, const fc_density *f,
                        fc_error *error) {
  double *places;
  size_t count;
  fc_status status =
      fc_density_find_wells(&places, &count, f, g->at, *u, g->count, error);
  bool pushed = true;
  for (size_t i = 0; i < count && pushed && !status; i++)
    pushed = push(g, f, places[i]);
  free(places);
  if (status || count == 0)
    return status;
  put_in_order(g);
  free(*u);
  *u = pushed ? evaluate(g, f) : NULL;
  return *u ? FC_OK : FC_MEMORY;
}

/* Where wells cannot be ruled out, what is wrong with the grid's own minima, if
 * anything, says more. */
static fc_status search(fc_density *f, grid *g, double **u, fc_error *error) {
  fc_error own = {0};
  fc_status status = refine(g, u, f, &own);
  if (status && status != FC_LIMIT)
    return status;
  fc_status collected = collect(f, g, *u, error);
  if (!collected && status && error)
    *error = own;
  return collected ? collected : status;
}

fc_status fc_density_find_modes(fc_density *f, fc_error *error) {
  grid g = {NULL, 0, 0};
  double *u = fill(&g, f) ? evaluate(&g, f) : NULL;
  fc_status status = u ? FC_OK : FC_MEMORY;
  if (!status)
    status = check(&g, u, error);
  if (!status)
    status = search(f, &g, &u, error);
  free(g.at);
  free(u);
  return status;
}
