#include "suprema/flow_search.h"

#include <gsl/gsl_multimin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  GRID = 48,   /* points on the line at each end */
  TAILS = 3,   /* points beyond the grid on each side, each twice as far */
  RANDOM = 6,  /* points in R^d at each end */
  PEAKS = 3,   /* local maxima of the grid that are refined at each end */
  GOLDEN = 36, /* steps of golden section */
  DEAR_GRID = 14,
  DEAR_GOLDEN = 14,
  MANY = 4,     /* components, beyond which not all pairs are tried */
  IMPROVED = 16 /* room for what local search finds */
};
static const double REACH = 8; /* of the grid, in standard deviations */

/* On the line: laws whose F_t is dear.  Gaussian mixtures, whose F_t is cheap,
 * have beta, and no L unless all components are of unit variance. */
static bool is_cut_or_tilted(const fc_target *target) {
  if (fc_target_dimension(target) > 1 || fc_target_is_gaussian(target) ||
      fc_target_isotropic_count(target) > 0)
    return false;
  return !fc_target_constant_d(NULL, target, FC_BETA) ||
         fc_target_constant_d(NULL, target, FC_L);
}

fc_status fc_flow_search_init(fc_flow_search *s, const fc_target *target,
                              const fc_schedule *schedule,
                              const fc_random *random, fc_error *error) {
  memset(s, 0, sizeof *s);
  s->target = target;
  s->schedule = schedule;
  fc_ctx_init_double(s->ctx);
  s->d = fc_target_dimension(target);
  s->single = fc_target_is_gaussian(target);
  s->dear = is_cut_or_tilted(target);
  s->random = *random;
  s->sigma = fc_starts_deviation(target, s->ctx);
  for (int end = 0; end < 2; end++) {
    fc_time_init(s->time[end], s->ctx);
    fc_schedule_value_init(s->at[end], s->ctx);
  }
  fc_status status = fc_starts_new(&s->starts, target, s->ctx);
  if (!status)
    status = fc_flow_norm_new(&s->norm, target, schedule, s->ctx, error);
  if (status)
    return status;
  s->capacity =
      2 * (fc_starts_count(s->starts) + GRID + 2 * TAILS + RANDOM) + IMPROVED;
  s->x = fc_vec_new(s->d, s->ctx);
  s->candidates = calloc(s->capacity, sizeof *s->candidates);
  s->points = calloc(s->capacity * s->d, sizeof *s->points);
  return s->x && s->candidates && s->points ? FC_OK : FC_MEMORY;
}

void fc_flow_search_clear(fc_flow_search *s) {
  for (int end = 0; end < 2; end++) {
    fc_time_clear(s->time[end], s->ctx);
    fc_schedule_value_clear(s->at[end], s->ctx);
  }
  fc_starts_free(s->starts);
  fc_flow_norm_free(s->norm);
  fc_vec_free(s->x, s->d, s->ctx);
  free(s->candidates);
  free(s->points);
}

/* --- scores ----------------------------------------------------------------
 */

/* log of a norm; NaN where its error is not small against it. */
static double score_of(fc_srcptr value, fc_srcptr error, const fc_ctx *ctx) {
  double v = fc_get_d(value, ctx), e = fc_get_d(error, ctx);
  return isinf(v) || v == 0 || e <= ldexp(v, -6) ? log(v) : NAN;
}

static fc_status set_scores(double score[2], fc_flow_search *s, const double *x,
                            fc_flow_end end, fc_error *failure) {
  score[0] = score[1] = NAN;
  for (size_t k = 0; k < s->d; k++) {
    if (!isfinite(x[k]))
      return FC_DOMAIN;
    fc_set_d(s->x + k, x[k], s->ctx);
  }
  const fc_flow_norm_value *v = fc_flow_norm_values(s->norm);
  fc_set_si(v->largest, 0, s->ctx);
  fc_status status = fc_flow_norm_eval(s->norm, s->x, end, failure);
  bool overflow =
      status == FC_DOMAIN && s->d == 1 && isinf(fc_get_d(v->largest, s->ctx));
  if (status && !overflow)
    return status;
  score[end] = score_of(v->largest, v->largest_error, s->ctx);
  score[!end] = -score_of(v->least, v->least_error, s->ctx);
  return FC_OK;
}

/* The next candidate, its x to be filled; NULL where there is no room. */
static fc_flow_candidate *next(fc_flow_search *s, fc_flow_end end, long start) {
  if (s->count == s->capacity)
    return NULL;
  fc_flow_candidate *c = &s->candidates[s->count];
  c->x = s->points + s->count * s->d;
  c->end = end;
  c->start = start;
  c->order = s->count++;
  return c;
}

/* --- starts -----------------------------------------------------------------
 */

/* Points between the modes of a large mixture, traced back, are dear. */
static bool is_dear(const fc_flow_search *s, fc_flow_end end, size_t i) {
  size_t landmarks;
  fc_starts_landmarks(s->starts, &landmarks);
  return end == FC_LATER && s->d > 1 && landmarks > MANY &&
         fc_starts_is_pair(s->starts, i);
}

static void add_structured(fc_flow_search *s, fc_flow_end end) {
  size_t count = s->single ? 1 : fc_starts_count(s->starts);
  for (size_t i = 0; i < count; i++) {
    if (is_dear(s, end, i))
      continue;
    fc_flow_candidate *c = next(s, end, (long)i);
    fc_starts_get(s->x, s->starts, i, s->at[end]->a, s->at[end]->b);
    for (size_t k = 0; k < s->d; k++)
      c->x[k] = fc_get_d(s->x + k, s->ctx);
  }
}

/* From the leftmost to the rightmost image and beyond. */
static void add_grid(fc_flow_search *s, fc_flow_end end) {
  size_t count;
  fc_srcptr landmarks = fc_starts_landmarks(s->starts, &count);
  double b = fc_get_d(s->at[end]->b, s->ctx), low = INFINITY, high = -INFINITY;
  for (size_t k = 0; k < count; k++) {
    double image = b * fc_get_d(landmarks + k, s->ctx);
    low = fmin(low, image);
    high = fmax(high, image);
  }
  double reach = REACH * s->scale[end];
  for (int i = 0; i < (s->dear ? 0 : TAILS); i++) {
    next(s, end, -1)->x[0] = low - ldexp(reach, i + 1);
    next(s, end, -1)->x[0] = high + ldexp(reach, i + 1);
  }
  low -= reach;
  high += reach;
  int grid = s->dear ? DEAR_GRID : GRID;
  for (int i = 0; i < grid; i++)
    next(s, end, -1)->x[0] = low + (high - low) * (i + 0.5) / grid;
}

/* Normal clouds about the images of the landmarks. */
static void add_random(fc_flow_search *s, fc_flow_end end) {
  size_t count;
  fc_srcptr landmarks = fc_starts_landmarks(s->starts, &count);
  double b = fc_get_d(s->at[end]->b, s->ctx);
  for (int i = 0; i < RANDOM; i++) {
    fc_flow_candidate *c = next(s, end, -1);
    size_t k = fc_random_bits(&s->drawn) % count;
    for (size_t j = 0; j < s->d; j++)
      c->x[j] = b * fc_get_d(landmarks + k * s->d + j, s->ctx) +
                s->scale[end] * fc_random_normal(&s->drawn);
  }
}

static void branch_off(fc_flow_search *s, const fc_flow_moment *moments[2]) {
  s->drawn = s->random;
  for (int end = 0; end < 2; end++) {
    uint64_t place;
    memcpy(&place, &moments[end]->time, sizeof place);
    s->drawn = fc_random_branch(&s->drawn, place);
    s->drawn = fc_random_branch(&s->drawn, moments[end]->from_end);
  }
}

fc_status fc_flow_search_begin(fc_flow_search *s, const fc_flow_moment *earlier,
                               const fc_flow_moment *later) {
  const fc_flow_moment *moments[2] = {earlier, later};
  fc_status status = FC_OK;
  s->count = 0;
  s->failure.message[0] = '\0';
  for (int end = 0; end < 2 && !status; end++) {
    fc_flow_moment_time(s->time[end], moments[end], s->ctx);
    status =
        fc_schedule_eval(s->at[end], s->schedule, s->time[end], false, s->ctx);
    s->scale[end] = hypot(fc_get_d(s->at[end]->a, s->ctx),
                          s->sigma * fc_get_d(s->at[end]->b, s->ctx));
  }
  if (!status)
    status = fc_flow_norm_set_times(s->norm, s->time[0], s->time[1], NULL);
  if (status)
    return status;
  branch_off(s, moments);
  for (int end = 0; end < 2; end++) {
    add_structured(s, (fc_flow_end)end);
    if (!s->single && s->d == 1)
      add_grid(s, (fc_flow_end)end);
    if (!s->single && s->d > 1)
      add_random(s, (fc_flow_end)end);
  }
  for (size_t i = 0; i < s->count; i++) {
    fc_flow_candidate *c = &s->candidates[i];
    fc_error failure = {0};
    if (set_scores(c->score, s, c->x, c->end, &failure) == FC_BUDGET)
      s->failure = failure;
  }
  return FC_OK;
}

/* --- local search on the line ------------------------------------------------
 */

static int by_place(const void *p, const void *q) {
  const fc_flow_candidate *const *x = p, *const *y = q;
  double u = (*x)->x[0], v = (*y)->x[0];
  if (u != v)
    return u < v ? -1 : 1;
  return (*x)->order < (*y)->order ? -1 : 1;
}

static double score_at(fc_flow_search *s, double x) {
  double score[2];
  set_scores(score, s, &x, s->end, NULL);
  return isnan(score[s->start]) ? -INFINITY : score[s->start];
}

/* Golden section between two neighbours of a maximum. */
static void golden(fc_flow_search *s, double low, double high) {
  const double ratio = 0.6180339887498949;
  double left = high - ratio * (high - low), right = low + ratio * (high - low);
  double at_left = score_at(s, left), at_right = score_at(s, right);
  for (int i = 0; i < (s->dear ? DEAR_GOLDEN : GOLDEN); i++) {
    if (at_left > at_right) {
      high = right;
      right = left;
      at_right = at_left;
      left = high - ratio * (high - low);
      at_left = score_at(s, left);
    } else {
      low = left;
      left = right;
      at_left = at_right;
      right = low + ratio * (high - low);
      at_right = score_at(s, right);
    }
  }
  fc_flow_candidate *c = next(s, s->end, -1);
  if (!c)
    return;
  c->x[0] = at_left > at_right ? left : right;
  set_scores(c->score, s, c->x, s->end, NULL);
}

/* The highest local maximum below `under`, or 0. */
static size_t highest_peak(fc_flow_candidate **sorted, size_t count,
                           fc_flow_end start, double under) {
  size_t best = 0;
  for (size_t i = 1; i + 1 < count; i++) {
    double here = sorted[i]->score[start];
    bool peak = here >= sorted[i - 1]->score[start] &&
                here >= sorted[i + 1]->score[start] && here < under;
    if (peak && (best == 0 || here > sorted[best]->score[start]))
      best = i;
  }
  return best;
}

static void climb_line(fc_flow_search *s, fc_flow_candidate **sorted) {
  size_t count = 0, made = s->count;
  for (size_t i = 0; i < made; i++)
    if (s->candidates[i].end == s->end &&
        isfinite(s->candidates[i].score[s->start]))
      sorted[count++] = &s->candidates[i];
  qsort(sorted, count, sizeof *sorted, by_place);
  double under = INFINITY;
  for (int peak = 0; peak < (s->dear ? 1 : PEAKS); peak++) {
    size_t i = highest_peak(sorted, count, s->start, under);
    if (i == 0)
      return;
    under = sorted[i]->score[s->start];
    golden(s, sorted[i - 1]->x[0], sorted[i + 1]->x[0]);
  }
}

/* --- local search in R^d -----------------------------------------------------
 */

/* For GSL, which minimises and wants finite values. */
static double descent_objective(const gsl_vector *x, void *search) {
  fc_flow_search *s = search;
  double score[2];
  set_scores(score, s, x->data, s->end, NULL);
  return isfinite(score[s->start]) ? -score[s->start] : 1e300;
}

static void climb_space(fc_flow_search *s, const double *from) {
  gsl_multimin_function objective = {descent_objective, s->d, s};
  gsl_multimin_fminimizer *minimizer =
      gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, s->d);
  gsl_vector *x = gsl_vector_alloc(s->d), *step = gsl_vector_alloc(s->d);
  fc_flow_candidate *c = NULL;
  if (minimizer && x && step) {
    memcpy(x->data, from, s->d * sizeof(double));
    gsl_vector_set_all(step, 0.25 * s->scale[s->end]);
    gsl_multimin_fminimizer_set(minimizer, &objective, x, step);
    for (size_t i = 0; i < 20 + 15 * s->d; i++)
      if (gsl_multimin_fminimizer_iterate(minimizer) ||
          gsl_multimin_fminimizer_size(minimizer) < 1e-7 * s->scale[s->end])
        break;
    c = next(s, s->end, -1);
  }
  if (c) {
    memcpy(c->x, gsl_multimin_fminimizer_x(minimizer)->data,
           s->d * sizeof(double));
    set_scores(c->score, s, c->x, s->end, NULL);
  }
  gsl_multimin_fminimizer_free(minimizer);
  gsl_vector_free(x);
  gsl_vector_free(step);
}

/* The best candidate with a finite score, or NULL. */
static const fc_flow_candidate *best_finite(const fc_flow_search *s,
                                            fc_flow_end start) {
  const fc_flow_candidate *best = NULL;
  for (size_t i = 0; i < s->count; i++) {
    const fc_flow_candidate *c = &s->candidates[i];
    if (isfinite(c->score[start]) &&
        (!best || c->score[start] > best->score[start]))
      best = c;
  }
  return best;
}

void fc_flow_search_improve(fc_flow_search *s, fc_flow_end start) {
  s->start = start;
  if (s->single)
    return;
  if (s->d > 1) {
    const fc_flow_candidate *best = best_finite(s, start);
    if (!best)
      return;
    s->end = best->end;
    climb_space(s, best->x);
    return;
  }
  fc_flow_candidate **sorted = calloc(s->capacity, sizeof(fc_flow_candidate *));
  for (int end = 0; sorted && end < 2; end++) {
    s->end = (fc_flow_end)end;
    climb_line(s, sorted);
  }
  free(sorted);
}
