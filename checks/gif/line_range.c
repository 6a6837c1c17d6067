#include "gif/line_range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BISECTIONS = 80, DOUBLINGS = 200, LANDMARKS = FC_LINE_SEGMENTS };

static double log_nu(fc_line_range *r, double y) {
  fc_set_d(r->place, y, r->ctx);
  if (fc_posterior_eval(r->nu, r->zero, r->one, r->place, FC_WANT_LOG_DENSITY))
    return -INFINITY;
  double value = fc_get_d(fc_posterior_values(r->nu)->log_density, r->ctx);
  return isfinite(value) ? value : -INFINITY;
}

double fc_line_log_weight(fc_line_range *r, double y) {
  double z = (r->x - r->b * y) / r->a;
  return log_nu(r, y) - z * z / 2;
}

/* Raises the top where y is higher. */
static void consider(fc_line_range *r, double y) {
  double value = isfinite(y) ? fc_line_log_weight(r, y) : -INFINITY;
  if (value > r->top) {
    r->top = value;
    r->centre = y;
  }
}

/* A landmark and its index in fc_target_landmarks. */
typedef struct mark {
  double y;
  long index;
} mark;

static int ascending(const void *x, const void *y) {
  double p = ((const mark *)x)->y, q = ((const mark *)y)->y;
  return (p > q) - (p < q);
}

/* --- nu smooth on the whole line ------------------------------------------ */

/* How far beyond `end` (side -1 or 1) log nu falls below the level. */
static double reach(fc_line_range *r, double end, int side, double step,
                    double level) {
  for (int i = 0; i < DOUBLINGS && log_nu(r, end + side * step) > level; i++)
    step *= 2;
  return end + side * step;
}

/* w <= nu and w <= sup nu exp(-u^2 (y - x/b)^2/2), sup nu <= sqrt(beta/2pi). */
static void whole_line(fc_line_range *r, const mark *l, size_t count,
                       double beta) {
  double u = r->b / r->a, pi = acos(-1);
  r->width = 1 / sqrt(beta + u * u);
  double level = r->top - r->depth;
  double above = log(beta / (2 * pi)) / 2 - level;
  double radius = sqrt(2 * fmax(above, 1)) / u;
  double low = reach(r, l[0].y, -1, 1 / sqrt(beta), level);
  double high = reach(r, l[count - 1].y, 1, 1 / sqrt(beta), level);
  r->segments[0] = (fc_line_segment){fmax(low, r->x / r->b - radius),
                                     fmin(high, r->x / r->b + radius), -1, -1};
  r->count = 1;
}

/* --- nu in pieces --------------------------------------------------------- */

/* A step into [p, q] that keeps off its ends, where nu may not be defined. */
static double inset(double p, double q) {
  return fmax((q - p) * 1e-13, 4e-16 * fmax(fabs(p), fabs(q)));
}

/* The maximiser of the weight, log-concave on (p, q). */
static double mode(fc_line_range *r, double p, double q) {
  const double golden = (sqrt(5) - 1) / 2, step = inset(p, q);
  const double first = p + step, last = q - step;
  for (int i = 0; i < BISECTIONS; i++) {
    double m1 = q - golden * (q - p), m2 = p + golden * (q - p);
    if (fc_line_log_weight(r, m1) < fc_line_log_weight(r, m2))
      p = m1;
    else
      q = m2;
  }
  return fmin(fmax((p + q) / 2, first), last);
}

/* Between `inside` and `outside`: where the weight falls below the level. */
static double cut(fc_line_range *r, double inside, double outside,
                  double level) {
  for (int i = 0; i < BISECTIONS; i++) {
    double middle = (inside + outside) / 2;
    if (fc_line_log_weight(r, middle) < level)
      outside = middle;
    else
      inside = middle;
  }
  return outside;
}

/* A finite stand-in for an infinite end, beyond all that counts. */
static double far(fc_line_range *r, double end, int side) {
  double step = 1;
  for (int i = 0; i < DOUBLINGS && (fc_line_log_weight(r, end + side * step) >
                                        r->top - 2 * r->depth ||
                                    side * (r->x / r->b - end) > step);
       i++)
    step *= 2;
  return end + side * step;
}

/* Keeps what counts of the stretch between two neighbouring ends, of which
 * `peak` is the mode. */
static void add_stretch(fc_line_range *r, const fc_line_segment *stretch,
                        double peak) {
  double p = stretch->lower, q = stretch->upper, step = inset(p, q);
  double level = r->top - r->depth;
  if (!(fc_line_log_weight(r, peak) > level) || r->count == FC_LINE_SEGMENTS)
    return;
  fc_line_segment *s = &r->segments[r->count++];
  *s = *stretch;
  if (s->lower_landmark < 0 || fc_line_log_weight(r, p + step) < level) {
    s->lower = cut(r, peak, p, level);
    s->lower_landmark = -1;
  }
  if (s->upper_landmark < 0 || fc_line_log_weight(r, q - step) < level) {
    s->upper = cut(r, peak, q, level);
    s->upper_landmark = -1;
  }
}

/* The stretches between neighbouring landmarks, and beyond the outer ones where
 * there is support. */
static void in_pieces(fc_line_range *r, const mark *l, size_t count) {
  fc_line_segment s[LANDMARKS + 1];
  double peaks[LANDMARKS + 1];
  size_t n = 0;
  for (size_t i = 0; i <= count; i++) {
    fc_line_segment *z = &s[n];
    *z = (fc_line_segment){0, 0, i ? l[i - 1].index : -1,
                           i < count ? l[i].index : -1};
    z->lower = i ? l[i - 1].y : far(r, l[0].y, -1);
    z->upper = i < count ? l[i].y : far(r, l[count - 1].y, 1);
    bool empty = !isfinite(log_nu(r, (z->lower + z->upper) / 2));
    if (empty || !(z->lower < z->upper))
      continue;
    peaks[n] = mode(r, z->lower, z->upper);
    consider(r, peaks[n++]);
  }
  for (size_t i = 0; i < n; i++)
    add_stretch(r, &s[i], peaks[i]);
}

/* --- is nu smooth? ---------------------------------------------------------
 */

/* |s(y + e) - s(y - e)| for s = (log nu)'. */
static double score_step(fc_line_range *r, double y, double e) {
  double s[2];
  for (int side = 0; side < 2; side++) {
    fc_set_d(r->place, side ? y + e : y - e, r->ctx);
    if (fc_posterior_eval(r->nu, r->zero, r->one, r->place, FC_WANT_SCORE))
      return INFINITY;
    s[side] = fc_get_d(fc_posterior_values(r->nu)->score, r->ctx);
  }
  return fabs(s[1] - s[0]);
}

/* A jump stays when the step shrinks, what is smooth shrinks with it. */
static bool jumps(fc_line_range *r, double y) {
  double wide = score_step(r, y, 0x1p-20), narrow = score_step(r, y, 0x1p-30);
  return !isfinite(wide) || (narrow > 0x1p-15 && narrow > wide / 4);
}

static bool smooth(fc_line_range *r, const fc_target *target, const mark *l,
                   size_t count) {
  fc_num beta;
  fc_init(beta, r->ctx);
  bool is = !fc_target_constant(beta, NULL, NULL, target, FC_BETA, r->ctx);
  fc_clear(beta, r->ctx);
  for (size_t i = 0; i < count && is; i++)
    is = !jumps(r, l[i].y);
  return is;
}

/* --- setting up ----------------------------------------------------------- */

static fc_status landmarks(mark *l, size_t *count, fc_line_range *r,
                           const fc_target *target) {
  fc_ptr points = NULL;
  fc_status status =
      fc_target_landmarks(&points, count, target, LANDMARKS, r->ctx);
  for (size_t i = 0; i < *count && status == FC_OK; i++)
    l[i] = (mark){fc_get_d(points + i, r->ctx), (long)i};
  fc_vec_free(points, *count, r->ctx);
  return status || *count ? status : FC_DOMAIN;
}

static void range_begin(fc_line_range *r) {
  memset(r, 0, sizeof *r);
  fc_ctx_init_double(r->ctx);
  fc_init(r->zero, r->ctx);
  fc_init(r->one, r->ctx);
  fc_init(r->place, r->ctx);
  fc_set_si(r->one, 1, r->ctx);
  r->top = -INFINITY;
}

/* nu, its landmarks in ascending order, and whether it is smooth. */
static fc_status bind(fc_line_range *r, mark *l, size_t *count,
                      const fc_target *target) {
  fc_status status = fc_posterior_new(&r->nu, target, r->ctx, NULL);
  if (status == FC_OK)
    status = landmarks(l, count, r, target);
  if (status)
    return status;
  qsort(l, *count, sizeof *l, ascending);
  r->smooth = smooth(r, target, l, *count);
  return FC_OK;
}

bool fc_line_is_smooth(const fc_target *target) {
  fc_line_range r[1];
  mark l[LANDMARKS];
  size_t count = 0;
  range_begin(r);
  bool is = bind(r, l, &count, target) == FC_OK && r->smooth;
  fc_line_range_clear(r);
  return is;
}

/* Points where the weight may be large; beta is 0 where nu is not smooth. */
static void consider_all(fc_line_range *r, fc_workspace *w, const mark *l,
                         size_t count, double beta) {
  double u2 = r->b * r->b / (r->a * r->a);
  for (size_t i = 0; i < count; i++) {
    consider(r, l[i].y);
    consider(r, l[i].y - 0x1p-20); /* nu may be undefined at an end itself */
    consider(r, l[i].y + 0x1p-20);
    consider(r, (beta * l[i].y + u2 * r->x / r->b) / (beta + u2));
  }
  consider(r, r->x / r->b);
  /* The library's mean only says where to look. */
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  if (!fc_posterior_eval(posterior, at->a, at->b, w->x, FC_WANT_MEAN))
    consider(r, fc_get_d(fc_posterior_values(posterior)->mean, w->ctx));
}

static fc_status set_up(fc_line_range *r, fc_workspace *w) {
  const fc_target *target = w->job->instance->target;
  mark l[LANDMARKS];
  size_t count = 0;
  fc_status status = bind(r, l, &count, target);
  if (status)
    return status;
  fc_num z;
  fc_init(z, r->ctx);
  double beta = 0;
  if (r->smooth && !fc_target_constant(z, NULL, NULL, target, FC_BETA, r->ctx))
    beta = fc_get_d(z, r->ctx);
  fc_clear(z, r->ctx);
  consider_all(r, w, l, count, beta);
  if (r->smooth)
    whole_line(r, l, count, beta);
  else
    in_pieces(r, l, count);
  return r->count > 0 && isfinite(r->top) ? FC_OK : FC_DOMAIN;
}

fc_status fc_line_range_init(fc_line_range *r, fc_workspace *w, double depth) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  range_begin(r);
  r->a = fc_get_d(at->a, w->ctx);
  r->b = fc_get_d(at->b, w->ctx);
  r->x = fc_get_d(w->x, w->ctx);
  r->depth = depth;
  fc_status status = set_up(r, w);
  if (status)
    fc_line_range_clear(r);
  return status;
}

void fc_line_range_clear(fc_line_range *r) {
  fc_posterior_free(r->nu);
  r->nu = NULL;
  fc_clear(r->zero, r->ctx);
  fc_clear(r->one, r->ctx);
  fc_clear(r->place, r->ctx);
}
