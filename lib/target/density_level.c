/* Quadrature of a density and what multiplies it. */
#include "target/density.h"

#include <math.h>
#include <stdlib.h>

#include "base/grow.h"

enum { ROOM = 8, GRID_STEPS = 9, OPEN_OCTAVES = 3, NORM_MARGIN = 8 };

/* Panels about a narrow part are this many of its widths long: exp(-z^2/2) is
 * then resolved without halving. */
#define PANEL_WIDTHS 2.4

fc_status fc_density_level_new(fc_density_level **out,
                               const fc_density *density, const fc_ctx *ctx) {
  fc_density_level *level = calloc(1, sizeof *level);
  if (!level)
    return FC_MEMORY;
  level->ctx[0] = *ctx;
  level->density = density;
  size_t count = density->count;
  level->breaks = fc_vec_new(2 * count + 4 + ROOM, ctx);
  level->nodes = fc_vec_new(fc_density_size(density), ctx);
  fc_status status = level->breaks && level->nodes ? FC_OK : FC_MEMORY;
  if (!status)
    status = fc_exp_panels_new(&level->panels, ctx);
  if (!status) {
    level->offsets = level->breaks + count + 1;
    level->origin = level->offsets + count + 1;
    level->log_norm = level->origin + 1;
    level->room = level->log_norm + 1;
  }
  if (!status && density->lower)
    status = fc_constant_eval(level->breaks, density->lower, ctx);
  if (!status && density->upper)
    status = fc_constant_eval(level->breaks + count, density->upper, ctx);
  for (size_t i = 1; i < count && !status; i++)
    status = fc_constant_eval(level->breaks + i, density->kinks[i - 1], ctx);
  if (status)
    fc_density_level_free(level);
  else
    *out = level;
  return status;
}

void fc_density_level_free(fc_density_level *level) {
  if (!level)
    return;
  fc_vec_free(level->breaks, 2 * level->density->count + 4 + ROOM, level->ctx);
  fc_vec_free(level->nodes, fc_density_size(level->density), level->ctx);
  fc_exp_panels_free(level->panels);
  free(level);
}

/* --- the first panels ----------------------------------------------------- */

typedef struct mark {
  double at;
  fc_srcptr exact;   /* NULL: anywhere about there */
  long branch;       /* that begins here, or -1 */
  const fc_ctx *ctx; /* of exact */
} mark;

typedef struct marks {
  mark *items;
  size_t count, capacity;
  double low, high;
  const fc_ctx *ctx;
  bool failed;
} marks;

static void push(marks *m, double at, fc_srcptr exact, long branch) {
  bool inside = at > m->low && at < m->high;
  if (!isfinite(at) || (!inside && !exact))
    return;
  if (!fc_grow(&m->items, &m->capacity, m->count, sizeof *m->items)) {
    m->failed = true;
    return;
  }
  m->items[m->count++] = (mark){at, exact, branch, m->ctx};
}

/* Two exact places may be one number in binary64 and yet be apart. */
static int compare(const void *p, const void *q) {
  const mark *x = p, *y = q;
  if (x->at != y->at)
    return x->at < y->at ? -1 : 1;
  if (!x->exact || !y->exact)
    return (x->exact == NULL) - (y->exact == NULL);
  return fc_cmp_mid(x->exact, y->exact, x->ctx);
}

/* About a mode, at doubling distances; a few where the range is infinite, as
 * open sides grow by themselves. */
static void push_mode(marks *m, double at, double scale) {
  bool open = isinf(m->low) || isinf(m->high);
  double far = fmax(fabs(m->low - at), fabs(m->high - at));
  push(m, at, NULL, -1);
  for (int k = 0; k < (open ? OPEN_OCTAVES : 2000); k++) {
    double step = ldexp(1.5 * scale, k);
    if (!open && step >= far)
      break;
    push(m, at - step, NULL, -1);
    push(m, at + step, NULL, -1);
  }
}

/* How long panels about y may be. */
static double local_length(const fc_density_level *level,
                           const fc_density_window *window, double y) {
  const fc_density *f = level->density;
  double origin = fc_get_d(level->origin, level->ctx);
  double length = INFINITY;
  if (window->step > 0 &&
      fabs(y - window->centre) < (GRID_STEPS + 1) * PANEL_WIDTHS * window->step)
    length = PANEL_WIDTHS * window->step;
  for (size_t i = 0; i < f->mode_count; i++) {
    double far = fabs(y + origin - f->modes[i].at);
    length = fmin(length, fmax(1.5 * f->modes[i].scale, far / 2));
  }
  return length;
}

/* Drops marks that stand too close to the one before or to an exact one. */
static void thin(marks *m, const fc_density_level *level,
                 const fc_density_window *window) {
  size_t kept = 0;
  for (size_t i = 0; i < m->count; i++) {
    mark here = m->items[i];
    double room = 0.5 * local_length(level, window, here.at);
    if (kept > 0 && here.at - m->items[kept - 1].at < room) {
      bool same = here.exact && m->items[kept - 1].exact &&
                  compare(&here, &m->items[kept - 1]) == 0;
      if (!here.exact)
        continue;
      if (!m->items[kept - 1].exact)
        kept--; /* the exact one takes its place */
      else if (same && here.branch < 0)
        continue;
    }
    m->items[kept++] = here;
  }
  m->count = kept;
}

/* Whether a break lies in the window, whose ends may be the same number in
 * binary64 and yet before or behind it. */
static bool is_inside(fc_srcptr offset, const fc_density_window *window,
                      const fc_ctx *ctx) {
  const fc_srcptr *ends = window->exact;
  return (!ends[0] || fc_cmp_mid(ends[0], offset, ctx) <= 0) &&
         (!ends[1] || fc_cmp_mid(offset, ends[1], ctx) <= 0);
}

/* The offset of break i, where it is finite. */
static double offset_of(const fc_density_level *level, size_t i) {
  double at = level->density->breaks[i];
  return isfinite(at) ? fc_get_d(level->offsets + i, level->ctx) : at;
}

/* Whether the window ends inside the support on a side. */
static bool cuts(const fc_density_level *level, const fc_density_window *window,
                 int side) {
  const fc_density *f = level->density;
  double at = side ? window->high : window->low;
  fc_srcptr exact = window->exact[side], low = level->offsets,
            high = level->offsets + f->count;
  if (!isfinite(at))
    return false;
  if (!exact)
    return at > offset_of(level, 0) && at < offset_of(level, f->count);
  return (!f->lower || fc_cmp_mid(low, exact, level->ctx) < 0) &&
         (!f->upper || fc_cmp_mid(exact, high, level->ctx) < 0);
}

static void set_marks(marks *m, const fc_density_level *level,
                      const fc_density_window *window) {
  const fc_density *f = level->density;
  double origin = fc_get_d(level->origin, level->ctx);
  double low = offset_of(level, 0), high = offset_of(level, f->count);
  m->low = fmax(low, window->low);
  m->high = fmin(high, window->high);
  for (size_t i = 0; i <= f->count; i++) {
    double at = offset_of(level, i);
    if (isfinite(at) && at >= m->low && at <= m->high &&
        is_inside(level->offsets + i, window, level->ctx))
      push(m, at, level->offsets + i, i < f->count ? (long)i : -1);
  }
  for (int side = 0; side < 2; side++) {
    double at = side ? window->high : window->low;
    if (!cuts(level, window, side))
      continue;
    push(m, at, window->exact[side] ? window->exact[side] : level->room + side,
         -1);
    if (!window->exact[side])
      fc_set_d(level->room + side, at, level->ctx);
  }
  if (isinf(m->low)) /* something to grow from, should no mode be inside */
    push(m, m->high - local_length(level, window, m->high), NULL, -1);
  if (isinf(m->high))
    push(m, m->low + local_length(level, window, m->low), NULL, -1);
  for (size_t i = 0; i < f->mode_count; i++)
    push_mode(m, f->modes[i].at - origin, f->modes[i].scale);
  for (int j = -GRID_STEPS; j <= GRID_STEPS && window->step > 0; j++)
    push(m, window->centre + j * PANEL_WIDTHS * window->step, NULL, -1);
  if (m->count && !m->failed)
    qsort(m->items, m->count, sizeof *m->items, compare);
  thin(m, level, window);
}

/* The branch to the right of a place that is no break. */
static size_t branch_at(const fc_density_level *level, const mark *here) {
  size_t i = 0;
  while (i + 1 < level->density->count &&
         (here->exact
              ? fc_cmp_mid(level->offsets + i + 1, here->exact, level->ctx) <= 0
              : offset_of(level, i + 1) <= here->at))
    i++;
  return i;
}

static fc_status add_panels(fc_density_level *level, const marks *m) {
  fc_ptr from = level->room + 2, to = level->room + 3;
  fc_status status = m->count > 1 ? FC_OK : FC_DOMAIN;
  size_t branch = 0;
  for (size_t i = 0; i < m->count && !status; i++) {
    const mark *here = m->items + i;
    if (here->exact)
      fc_set(to, here->exact, level->ctx);
    else
      fc_set_d(to, here->at, level->ctx);
    if (i > 0 && fc_lt(from, to, level->ctx) == FC_TRUE)
      status = fc_exp_panels_add(level->panels, from, to, branch);
    if (here->branch >= 0)
      branch = (size_t)here->branch;
    else if (i == 0)
      branch = branch_at(level, here);
    fc_swap(from, to);
  }
  return status;
}

/* --- the integrand -------------------------------------------------------- */

typedef struct integrand {
  const fc_density_level *level;
  const fc_density_window *window;
} integrand;

static fc_status exponent(fc_ptr z, fc_srcptr offset, size_t branch,
                          void *data) {
  const integrand *g = data;
  const fc_density_level *level = g->level;
  fc_ptr y = level->room + 4;
  fc_add(y, offset, level->origin, level->ctx);
  fc_formula_eval_in(z, level->density->u[0][branch], y, level->nodes,
                     level->ctx);
  fc_neg(z, z, level->ctx);
  if (g->window->add)
    g->window->add(z, offset, g->window->data);
  return FC_OK;
}

fc_status fc_density_integrate(fc_density_level *level,
                               const fc_density_window *window) {
  const fc_density *f = level->density;
  const fc_mode *mode = f->modes + f->deepest;
  marks m = {.ctx = level->ctx};
  for (size_t i = 0; i <= f->count; i++)
    fc_sub(level->offsets + i, level->breaks + i, level->origin, level->ctx);
  fc_exp_panels_clear(level->panels);
  set_marks(&m, level, window);
  fc_status status = m.failed ? FC_MEMORY : add_panels(level, &m);
  integrand g = {level, window};
  const fc_exp_panel_task task = {.f = exponent,
                                  .data = &g,
                                  .centre = mode->at -
                                            fc_get_d(level->origin, level->ctx),
                                  .scale = mode->scale,
                                  .order = window->order,
                                  .bits = window->bits,
                                  .open = {isinf(m.low), isinf(m.high)}};
  free(m.items);
  return status ? status : fc_exp_panels_run(level->panels, &task);
}

void fc_density_log_mass(fc_ptr z, const fc_density_level *level) {
  const fc_exp_panels *s = level->panels;
  fc_ptr sum = level->room + 5;
  fc_set_si(sum, 0, level->ctx);
  for (size_t i = 0; i < s->count; i++)
    for (long j = 0; j < s->n && !s->panels[i].negligible; j++)
      fc_add(sum, sum, s->panels[i].f + j, level->ctx);
  fc_log(sum, sum, level->ctx);
  fc_set_d(z, s->peak, level->ctx);
  fc_add(z, z, s->shift, level->ctx);
  fc_add(z, z, sum, level->ctx);
}

fc_status fc_density_norm(fc_density_level *level) {
  if (level->normed)
    return FC_OK;
  const fc_density_window window = {.low = -INFINITY,
                                    .high = INFINITY,
                                    .bits = (double)level->ctx->precision -
                                            NORM_MARGIN};
  fc_set_si(level->origin, 0, level->ctx);
  fc_status status = fc_density_integrate(level, &window);
  if (!status) {
    fc_density_log_mass(level->log_norm, level);
    level->normed = true;
  }
  return status;
}
