#include "claims/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "claims/pointwise.h"
#include "suprema/mesh.h"
#include "suprema/starts.h"

enum { RANDOM_TIMES = 2, STRUCTURED = 6, RANDOM_POINTS = 3 };
enum { MAX_TIMES = 16, PER_TIME = STRUCTURED + RANDOM_POINTS };

typedef struct moment {
  double time;
  bool from_end;
} moment;

/* What the points are drawn from at one time. */
typedef struct source {
  const fc_job *job;
  fc_ctx ctx[1];
  fc_schedule_value at[1];
  fc_time time[1];
  fc_starts *starts;
  fc_random random[1];
  fc_ptr x;
  double sigma;
} source;

static size_t choose_times(moment *times, unsigned which, fc_random *random) {
  size_t n = 0;
  if (which & FC_AT_START)
    times[n++] = (moment){0, false};
  if (which & FC_AT_INTERIOR) {
    static const moment fixed[] = {
        {0x1p-20, false}, {0x1p-4, false}, {0x1p-2, false}, {0x1p-1, false},
        {0x1p-2, true},   {0x1p-4, true},  {0x1p-20, true}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
      times[n++] = fixed[i];
    for (int i = 0; i < RANDOM_TIMES; i++)
      times[n++] = (moment){fc_mesh_round(fc_random_uniform(random)), false};
  }
  if (which & FC_AT_END)
    times[n++] = (moment){0, true};
  return n;
}

static bool all_finite(const double *x, size_t d) {
  for (size_t i = 0; i < d; i++)
    if (!isfinite(x[i]))
      return false;
  return true;
}

/* The i-th point at the source's time. */
static void place(double *x, source *s, size_t i, size_t d) {
  double a = fc_get_d(s->at->a, s->ctx), b = fc_get_d(s->at->b, s->ctx);
  size_t starts = fc_starts_count(s->starts), landmarks;
  fc_srcptr l = fc_starts_landmarks(s->starts, &landmarks);
  double scale = hypot(a, b * s->sigma);
  /* centre, first image, last image, first pair point, then clouds */
  size_t which[] = {0, 1, landmarks,
                    landmarks + 1 < starts ? landmarks + 1 : 0};
  if (i < 4) {
    fc_starts_get(s->x, s->starts, which[i], s->at->a, s->at->b);
    for (size_t k = 0; k < d; k++)
      x[k] = fc_get_d(s->x + k, s->ctx);
    return;
  }
  /* the first two clouds are tails: five and twelve standard deviations out */
  double reach = i == 4 ? 5 : i == 5 ? 12 : 1;
  size_t k0 = fc_random_bits(s->random) % landmarks;
  for (size_t k = 0; k < d; k++)
    x[k] = b * fc_get_d(l + k0 * d + k, s->ctx) +
           reach * scale * fc_random_normal(s->random);
}

static fc_status add_points(fc_points *points, source *s, moment m, bool once) {
  fc_time_set_d(s->time, m.time, m.from_end, s->ctx);
  fc_status status =
      fc_schedule_eval(s->at, s->job->schedule, s->time, false, s->ctx);
  for (size_t i = 0; i < (once ? 1 : PER_TIME) && status == FC_OK; i++) {
    fc_point *point = &points->items[points->count];
    point->time = m.time;
    point->from_end = m.from_end;
    point->x = points->coordinates + points->count * points->d;
    place(point->x, s, i, points->d);
    if (all_finite(point->x, points->d))
      points->count++;
  }
  return status;
}

fc_status fc_points_init(fc_points *points, const fc_job *job, unsigned times,
                         bool once) {
  source s[1];
  moment moments[MAX_TIMES];
  memset(points, 0, sizeof *points);
  memset(s, 0, sizeof *s);
  s->job = job;
  fc_ctx_init_double(s->ctx);
  fc_random_init(s->random, job->seed, job->check->id, job->instance->name);
  points->d = fc_target_dimension(job->instance->target);
  points->capacity = (size_t)MAX_TIMES * PER_TIME;
  points->items = calloc(points->capacity, sizeof *points->items);
  points->coordinates =
      calloc(points->capacity * points->d, sizeof *points->coordinates);
  s->x = fc_vec_new(points->d, s->ctx);
  s->sigma = fc_starts_deviation(job->instance->target, s->ctx);
  fc_schedule_value_init(s->at, s->ctx);
  fc_time_init(s->time, s->ctx);
  fc_status status =
      points->items && points->coordinates && s->x ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_starts_new(&s->starts, job->instance->target, s->ctx);
  size_t count = choose_times(moments, times, s->random);
  for (size_t i = 0; i < count && status == FC_OK; i++)
    status = add_points(points, s, moments[i], once);
  fc_starts_free(s->starts);
  fc_vec_free(s->x, points->d, s->ctx);
  fc_schedule_value_clear(s->at, s->ctx);
  fc_time_clear(s->time, s->ctx);
  if (status)
    fc_points_clear(points);
  return status;
}

void fc_points_clear(fc_points *points) {
  free(points->items);
  free(points->coordinates);
  memset(points, 0, sizeof *points);
}

fc_status fc_point_state(fc_record *record, const fc_point *point, size_t d) {
  fc_ctx exact[1];
  fc_time time[1];
  fc_num x;
  fc_ctx_init_mpfr(exact, 160);
  fc_time_init(time, exact);
  fc_init(x, exact);
  fc_time_set_d(time, point->time, point->from_end, exact);
  fc_status status = fc_exact_set(&record->witness_t, time->t, 160, exact);
  record->witness_x = calloc(d, sizeof *record->witness_x);
  if (!record->witness_x)
    status = FC_MEMORY;
  for (size_t i = 0; i < d && status == FC_OK; i++) {
    fc_set_d(x, point->x[i], exact);
    status = fc_exact_set(&record->witness_x[i], x, 160, exact);
    record->witness_count++;
  }
  fc_clear(x, exact);
  fc_time_clear(time, exact);
  return status;
}
