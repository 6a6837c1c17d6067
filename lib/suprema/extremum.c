#include "suprema/extremum.h"

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "matrix/matrix.h"
#include "suprema/starts.h"
#include "velocity/velocity.h"

enum { RANDOM_STARTS = 24, LINE_STARTS = 160, DESCENTS = 3, FINALISTS = 6 };

/* A point of the binary64 search. */
typedef struct candidate {
  double value; /* larger is better: -inf where the Jacobian is not finite */
  long start;   /* index of the structured start, or -1 */
  double *x;    /* d */
} candidate;

struct fc_extremizer {
  const fc_target *target;
  const fc_schedule *schedule;
  fc_ctx ctx[1], fast[1];
  size_t d;
  fc_random random; /* from which each search branches off */
  fc_random drawn;
  fc_velocity *work, *quick; /* in ctx and in binary64 */
  fc_starts *starts, *quick_starts;
  fc_time time[1], quick_time[1];
  fc_side side;
  double sigma; /* of the components, 1 where there are none */
  double scale; /* length on which grad v varies at this time */
  fc_ptr quick_x;
  fc_ptr trial; /* d, working context */
  fc_ptr eigenvalues;
  gsl_matrix *matrix;
  gsl_vector *spectrum;
  gsl_eigen_symm_workspace *workspace;
  size_t count, capacity; /* candidates */
  candidate *candidates;
  double *points; /* capacity * d */
};

fc_status fc_extremum_init(fc_extremum *e, size_t d, const fc_ctx *ctx) {
  fc_init(e->value, ctx);
  e->x = fc_vec_new(d, ctx);
  e->value_d = e->noise_d = e->error_d = 0;
  e->found = false;
  return e->x ? FC_OK : FC_MEMORY;
}

void fc_extremum_clear(fc_extremum *e, size_t d, const fc_ctx *ctx) {
  fc_clear(e->value, ctx);
  fc_vec_free(e->x, d, ctx);
}

void fc_extremum_set(fc_extremum *e, const fc_extremum *from, size_t d,
                     const fc_ctx *ctx) {
  fc_set(e->value, from->value, ctx);
  fc_vec_set(e->x, from->x, d, ctx);
  e->value_d = from->value_d;
  e->noise_d = from->noise_d;
  e->error_d = from->error_d;
  e->found = from->found;
}

/* --- the objective in binary64 ---------------------------------------- */

static double signed_value(const fc_extremizer *e, double eigenvalue) {
  return e->side == FC_LARGEST ? eigenvalue : -eigenvalue;
}

static double quick_objective(fc_extremizer *e, const double *x) {
  size_t d = e->d;
  for (size_t i = 0; i < d; i++) {
    if (!isfinite(x[i]))
      return -INFINITY;
    fc_set_d(e->quick_x + i, x[i], e->fast);
  }
  if (fc_velocity_eval(e->quick, e->quick_x, FC_VELOCITY_JACOBIAN))
    return -INFINITY;
  fc_srcptr jacobian = fc_velocity_values(e->quick)->jacobian;
  for (size_t i = 0; i < d * d; i++) {
    double entry = fc_get_d(jacobian + i, e->fast);
    if (!isfinite(entry)) /* GSL must not see it */
      return -INFINITY;
    gsl_matrix_set(e->matrix, i / d, i % d, entry);
  }
  if (d == 1)
    return signed_value(e, gsl_matrix_get(e->matrix, 0, 0));
  gsl_eigen_symm(e->matrix, e->spectrum, e->workspace);
  return e->side == FC_LARGEST ? gsl_vector_max(e->spectrum)
                               : -gsl_vector_min(e->spectrum);
}

/* For GSL, which minimises and wants finite values. */
static double descent_objective(const gsl_vector *x, void *extremizer) {
  double value = quick_objective(extremizer, x->data);
  return isfinite(value) ? -value : 1e300;
}

/* The length on which grad v varies: sqrt(a^2 + sigma^2 b^2). */
static void set_scale(fc_extremizer *e) {
  const fc_schedule_value *at = fc_velocity_schedule(e->quick);
  e->scale =
      hypot(fc_get_d(at->a, e->fast), e->sigma * fc_get_d(at->b, e->fast));
}

/* --- making one ------------------------------------------------------- */

static fc_status allocate(fc_extremizer *e) {
  size_t d = e->d;
  e->capacity = fc_starts_count(e->quick_starts) + RANDOM_STARTS + LINE_STARTS +
                DESCENTS + 2;
  e->quick_x = fc_vec_new(d, e->fast);
  e->trial = fc_vec_new(d, e->ctx);
  e->eigenvalues = fc_vec_new(d, e->ctx);
  e->matrix = gsl_matrix_alloc(d, d);
  e->spectrum = gsl_vector_alloc(d);
  e->workspace = gsl_eigen_symm_alloc(d);
  e->candidates = calloc(e->capacity, sizeof *e->candidates);
  e->points = calloc(e->capacity * d, sizeof *e->points);
  if (!e->quick_x || !e->trial || !e->eigenvalues || !e->matrix ||
      !e->spectrum || !e->workspace || !e->candidates || !e->points)
    return FC_MEMORY;
  return FC_OK;
}

fc_status fc_extremizer_new(fc_extremizer **extremizer, const fc_target *target,
                            const fc_schedule *schedule, const fc_ctx *ctx,
                            const fc_random *random, fc_error *error) {
  fc_extremizer *e = calloc(1, sizeof *e);
  if (!e)
    return fc_fail(error, FC_MEMORY, "out of memory");
  e->target = target;
  e->schedule = schedule;
  e->ctx[0] = *ctx;
  fc_ctx_init_double(e->fast);
  e->d = fc_target_dimension(target);
  e->random = *random;
  e->sigma = fc_starts_deviation(target, e->fast);
  fc_time_init(e->time, e->ctx);
  fc_time_init(e->quick_time, e->fast);
  fc_status status =
      fc_velocity_new(&e->quick, target, schedule, e->fast, error);
  if (status == FC_OK)
    status = fc_velocity_new(&e->work, target, schedule, e->ctx, error);
  if (status == FC_OK)
    status = fc_starts_new(&e->quick_starts, target, e->fast);
  if (status == FC_OK)
    status = fc_starts_new(&e->starts, target, e->ctx);
  if (status == FC_OK)
    status = allocate(e);
  if (status)
    fc_extremizer_free(e);
  else
    *extremizer = e;
  return status;
}

void fc_extremizer_free(fc_extremizer *e) {
  if (!e)
    return;
  fc_velocity_free(e->quick);
  fc_velocity_free(e->work);
  fc_starts_free(e->quick_starts);
  fc_starts_free(e->starts);
  fc_vec_free(e->quick_x, e->d, e->fast);
  fc_vec_free(e->trial, e->d, e->ctx);
  fc_vec_free(e->eigenvalues, e->d, e->ctx);
  fc_time_clear(e->time, e->ctx);
  fc_time_clear(e->quick_time, e->fast);
  gsl_matrix_free(e->matrix);
  gsl_vector_free(e->spectrum);
  gsl_eigen_symm_free(e->workspace);
  free(e->candidates);
  free(e->points);
  free(e);
}

/* --- global search in binary64 ---------------------------------------- */

static candidate *next_candidate(fc_extremizer *e, long start) {
  candidate *c = &e->candidates[e->count++];
  c->start = start;
  return c;
}

static void add_structured(fc_extremizer *e) {
  const fc_schedule_value *at = fc_velocity_schedule(e->quick);
  size_t count = fc_starts_count(e->quick_starts);
  for (size_t i = 0; i < count; i++) {
    candidate *c = next_candidate(e, (long)i);
    fc_starts_get(e->quick_x, e->quick_starts, i, at->a, at->b);
    for (size_t k = 0; k < e->d; k++)
      c->x[k] = fc_get_d(e->quick_x + k, e->fast);
  }
}

/* Normal clouds about the images of the landmarks. */
static void add_random(fc_extremizer *e) {
  size_t count;
  fc_srcptr landmarks = fc_starts_landmarks(e->quick_starts, &count);
  double b = fc_get_d(fc_velocity_schedule(e->quick)->b, e->fast);
  for (int i = 0; i < RANDOM_STARTS; i++) {
    candidate *c = next_candidate(e, -1);
    size_t k = fc_random_bits(&e->drawn) % count;
    for (size_t j = 0; j < e->d; j++)
      c->x[j] = b * fc_get_d(landmarks + k * e->d + j, e->fast) +
                2 * e->scale * fc_random_normal(&e->drawn);
  }
}

/* On the line: a grid from the leftmost to the rightmost image and beyond. */
static void add_line(fc_extremizer *e) {
  size_t count;
  fc_srcptr landmarks = fc_starts_landmarks(e->quick_starts, &count);
  double b = fc_get_d(fc_velocity_schedule(e->quick)->b, e->fast);
  double low = INFINITY, high = -INFINITY;
  for (size_t k = 0; k < count; k++) {
    double image = b * fc_get_d(landmarks + k, e->fast);
    low = fmin(low, image);
    high = fmax(high, image);
  }
  low -= 8 * e->scale;
  high += 8 * e->scale;
  for (int i = 0; i < LINE_STARTS; i++)
    next_candidate(e, -1)->x[0] = low + (high - low) * (i + 0.5) / LINE_STARTS;
}

static int by_value(const void *p, const void *q) {
  const candidate *x = p, *y = q;
  if (x->value != y->value)
    return x->value < y->value ? 1 : -1;
  return (x->x > y->x) - (x->x < y->x); /* a total order: the same everywhere */
}

/* Improves a candidate by the simplex method; the result is a new candidate. */
static void descend(fc_extremizer *e, const candidate *from) {
  gsl_multimin_function objective = {descent_objective, e->d, e};
  gsl_multimin_fminimizer *minimizer =
      gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, e->d);
  gsl_vector *x = gsl_vector_alloc(e->d), *step = gsl_vector_alloc(e->d);
  if (minimizer && x && step) {
    memcpy(x->data, from->x, e->d * sizeof(double));
    gsl_vector_set_all(step, 0.25 * e->scale);
    gsl_multimin_fminimizer_set(minimizer, &objective, x, step);
    for (size_t i = 0; i < 60 + 50 * e->d; i++)
      if (gsl_multimin_fminimizer_iterate(minimizer) ||
          gsl_multimin_fminimizer_size(minimizer) < 1e-9 * e->scale)
        break;
    candidate *c = next_candidate(e, -1);
    memcpy(c->x, gsl_multimin_fminimizer_x(minimizer)->data,
           e->d * sizeof(double));
    c->value = quick_objective(e, c->x);
  }
  gsl_multimin_fminimizer_free(minimizer);
  gsl_vector_free(x);
  gsl_vector_free(step);
}

static void search(fc_extremizer *e, const fc_extremum *warm) {
  e->count = 0;
  for (size_t i = 0; i < e->capacity; i++) /* sorting has moved them */
    e->candidates[i].x = e->points + i * e->d;
  add_structured(e);
  add_random(e);
  if (e->d == 1)
    add_line(e);
  if (warm && warm->found) {
    candidate *c = next_candidate(e, -1);
    for (size_t k = 0; k < e->d; k++)
      c->x[k] = fc_get_d(warm->x + k, e->ctx);
  }
  for (size_t i = 0; i < e->count; i++)
    e->candidates[i].value = quick_objective(e, e->candidates[i].x);
  qsort(e->candidates, e->count, sizeof *e->candidates, by_value);
  for (int i = 0; i < DESCENTS; i++)
    if (isfinite(e->candidates[i].value))
      descend(e, &e->candidates[i]);
  qsort(e->candidates, e->count, sizeof *e->candidates, by_value);
}

/* --- the winners in the working context -------------------------------- */

static bool eigenvalue(fc_ptr value, fc_velocity *velocity, fc_ptr spectrum,
                       fc_srcptr x, size_t d, fc_side side, const fc_ctx *ctx) {
  if (fc_velocity_eval(velocity, x, FC_VELOCITY_JACOBIAN))
    return false;
  fc_srcptr jacobian = fc_velocity_values(velocity)->jacobian;
  for (size_t i = 0; i < d * d; i++)
    if (!fc_is_finite(jacobian + i, ctx))
      return false;
  if (fc_matrix_eigen(spectrum, NULL, jacobian, d, ctx))
    return false;
  fc_set(value, spectrum + (side == FC_LARGEST ? d - 1 : 0), ctx);
  return true;
}

static bool better(const fc_extremizer *e, fc_srcptr x, fc_srcptr y) {
  int order = fc_cmp_mid(x, y, e->ctx);
  return e->side == FC_LARGEST ? order > 0 : order < 0;
}

/* Takes e->trial as the new extremum where it is better. */
static void consider(fc_extremizer *e, fc_extremum *best, fc_ptr value) {
  if (!eigenvalue(value, e->work, e->eigenvalues, e->trial, e->d, e->side,
                  e->ctx))
    return;
  if (best->found && !better(e, value, best->value))
    return;
  best->found = true;
  fc_set(best->value, value, e->ctx);
  fc_vec_set(best->x, e->trial, e->d, e->ctx);
}

/* One Newton step for the maximum along coordinate k, from the values at
 * x - h, x, x + h; h is small enough that its error is below the precision. */
static void newton_along(fc_extremizer *e, fc_extremum *best, size_t k,
                         fc_ptr temps) {
  const fc_ctx *ctx = e->ctx;
  fc_ptr h = temps, left = temps + 1, right = temps + 2, slope = temps + 3,
         curve = temps + 4, value = temps + 5;
  fc_set_d(h, e->scale, ctx);
  fc_mul_2exp_si(h, h, -ctx->precision / 4, ctx);
  fc_vec_set(e->trial, best->x, e->d, ctx);
  fc_sub(e->trial + k, best->x + k, h, ctx);
  if (!eigenvalue(left, e->work, e->eigenvalues, e->trial, e->d, e->side, ctx))
    return;
  fc_add(e->trial + k, best->x + k, h, ctx);
  if (!eigenvalue(right, e->work, e->eigenvalues, e->trial, e->d, e->side, ctx))
    return;
  fc_sub(slope, right, left, ctx);
  fc_mul_2exp_si(slope, slope, -1, ctx);
  fc_add(curve, left, right, ctx);
  fc_sub(curve, curve, best->value, ctx);
  fc_sub(curve, curve, best->value, ctx);
  fc_div(slope, slope, curve, ctx);
  fc_mul(slope, slope, h, ctx);
  if (!(fabs(fc_get_d(slope, ctx)) < e->scale)) /* flat, or not a maximum */
    return;
  fc_sub(e->trial + k, best->x + k, slope, ctx);
  consider(e, best, value);
}

static fc_status set_time(fc_extremizer *e, double time, bool from_end) {
  fc_time_set_d(e->quick_time, time, from_end, e->fast);
  fc_time_set_d(e->time, time, from_end, e->ctx);
  fc_status status = fc_velocity_set_time(e->quick, e->quick_time);
  return status ? status : fc_velocity_set_time(e->work, e->time);
}

/* binary64 at the same point, for the two to be compared. */
static void set_double(fc_extremizer *e, fc_extremum *best) {
  double *x = e->points; /* the candidates are no longer needed */
  for (size_t k = 0; k < e->d; k++)
    x[k] = fc_get_d(best->x + k, e->ctx);
  best->value_d = signed_value(e, quick_objective(e, x));
  fc_srcptr jacobian = fc_velocity_values(e->quick)->jacobian;
  best->noise_d = 0;
  for (size_t i = 0; i < e->d * e->d; i++) /* eigenvalues feel the norm */
    best->noise_d += ldexp(fabs(fc_get_d(jacobian + i, e->fast)), -36);
  best->error_d = ldexp(1 + fabs(best->value_d), -20) + best->noise_d;
}

fc_status fc_extremizer_polish(fc_extremum *best, fc_extremizer *e, double time,
                               bool from_end, fc_side side) {
  if (!best->found || e->ctx->kind != FC_MPFR)
    return FC_OK;
  fc_status status = set_time(e, time, from_end);
  fc_ptr temps = status ? NULL : fc_vec_new(6, e->ctx);
  if (!temps)
    return status ? status : FC_MEMORY;
  set_scale(e);
  e->side = side;
  int sweeps = e->d == 1 ? 4 : 2;
  for (int sweep = 0; sweep < sweeps; sweep++)
    for (size_t k = 0; k < e->d; k++)
      newton_along(e, best, k, temps);
  fc_vec_free(temps, 6, e->ctx);
  set_double(e, best);
  return FC_OK;
}

/* Candidates within rounding of the best, and the best few, are evaluated in
 * the working context: structured ones at their exact place. */
static void finals(fc_extremizer *e, fc_extremum *best) {
  const fc_schedule_value *at = fc_velocity_schedule(e->work);
  double top = e->candidates[0].value;
  double tie = 1e-7 * (fabs(top) + 1e-300);
  fc_num value;
  fc_init(value, e->ctx);
  for (size_t i = 0; i < e->count; i++) {
    const candidate *c = &e->candidates[i];
    bool tied = c->value >= top - tie;
    if (!isfinite(c->value) || (i >= FINALISTS && !(tied && c->start >= 0)))
      continue;
    if (c->start >= 0)
      fc_starts_get(e->trial, e->starts, (size_t)c->start, at->a, at->b);
    else
      for (size_t k = 0; k < e->d; k++)
        fc_set_d(e->trial + k, c->x[k], e->ctx);
    consider(e, best, value);
  }
  fc_clear(value, e->ctx);
}

/* Random starts of their own for each time and side. */
static void branch_off(fc_extremizer *e, double time, bool from_end) {
  uint64_t place;
  memcpy(&place, &time, sizeof place);
  e->drawn = fc_random_branch(&e->random, place);
  e->drawn = fc_random_branch(&e->drawn, (uint64_t)from_end * 2 + e->side);
}

fc_status fc_extremizer_at(fc_extremum *best, fc_extremizer *e, double time,
                           bool from_end, fc_side side,
                           const fc_extremum *warm) {
  fc_status status = set_time(e, time, from_end);
  if (status)
    return status;
  set_scale(e);
  e->side = side;
  best->found = false;
  branch_off(e, time, from_end);
  search(e, warm);
  if (e->count == 0 || !isfinite(e->candidates[0].value))
    return FC_OK;
  finals(e, best);
  if (best->found)
    set_double(e, best);
  return FC_OK;
}

fc_status fc_eigenvalue_at(fc_ptr value, const fc_target *target,
                           const fc_schedule *schedule, const fc_time *time,
                           fc_srcptr x, fc_side side, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_velocity *velocity = NULL;
  fc_status status = fc_velocity_new(&velocity, target, schedule, ctx, NULL);
  if (status)
    return status;
  fc_ptr spectrum = fc_vec_new(d, ctx);
  status = spectrum ? fc_velocity_set_time(velocity, time) : FC_MEMORY;
  if (status == FC_OK &&
      !eigenvalue(value, velocity, spectrum, x, d, side, ctx))
    status = FC_DOMAIN;
  fc_vec_free(spectrum, d, ctx);
  fc_velocity_free(velocity);
  return status;
}
