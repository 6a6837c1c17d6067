#include "candidate/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "suprema/extremum.h"
#include "suprema/starts.h"
#include "target/draw.h"

enum { IMAGES = 4, PAIRS = 4, TAILS = 4, RANDOM_HERE = 8 };

void fc_spots_clear(fc_spots *p) {
  free(p->s);
  free(p->t);
  free(p->x);
  free(p->why);
  free(p->random);
  memset(p, 0, sizeof *p);
}

/* Makes room for a point; what is there stays valid on failure. */
static bool grow(fc_spots *p) {
  size_t room = p->capacity ? 2 * p->capacity : 256;
  double *s = realloc(p->s, room * sizeof *s);
  p->s = s ? s : p->s;
  double *t = realloc(p->t, room * sizeof *t);
  p->t = t ? t : p->t;
  double *x = realloc(p->x, room * p->d * sizeof *x);
  p->x = x ? x : p->x;
  const char **why = realloc(p->why, room * sizeof *why);
  p->why = why ? why : p->why;
  bool *random = realloc(p->random, room * sizeof *random);
  p->random = random ? random : p->random;
  if (!s || !t || !x || !why || !random)
    return false;
  p->capacity = room;
  return true;
}

fc_status fc_spots_add(fc_spots *p, double s, double t, const double *x,
                       const char *why, bool random) {
  for (size_t k = 0; k < p->d; k++)
    if (!isfinite(x[k]))
      return FC_OK; /* a start that does not exist */
  if (p->count == p->capacity && !grow(p))
    return FC_MEMORY;
  p->s[p->count] = s;
  p->t[p->count] = t;
  memcpy(p->x + p->count * p->d, x, p->d * sizeof *x);
  p->why[p->count] = why;
  p->random[p->count++] = random;
  return FC_OK;
}

size_t fc_spots_group_end(const fc_spots *p, size_t i) {
  size_t end = i + 1;
  while (end < p->count && p->t[end] == p->t[i] && p->s[end] == p->s[i])
    end++;
  return end;
}

/* --- random points ---------------------------------------------------------
 */

/* Landmarks with a standard normal displacement, where nothing can be drawn. */
static fc_status draw_about(double *x, size_t count, const fc_target *target,
                            fc_random *random) {
  fc_ctx ctx[1];
  fc_ptr marks = NULL;
  size_t marks_count = 0, d = fc_target_dimension(target);
  fc_ctx_init_double(ctx);
  fc_status status = fc_target_landmarks(&marks, &marks_count, target, 64, ctx);
  if (status)
    return status;
  for (size_t i = 0; i < count; i++) {
    size_t m = marks_count ? fc_random_bits(random) % marks_count : 0;
    for (size_t k = 0; k < d; k++) {
      double centre = marks_count ? fc_get_d(marks + m * d + k, ctx) : 0;
      x[i * d + k] = centre + fc_random_normal(random);
    }
  }
  fc_vec_free(marks, marks_count * d, ctx);
  return FC_OK;
}

fc_status fc_spots_draw(double *x, size_t count, const fc_subject *subject,
                        double t, fc_random *random) {
  fc_schedule_rough at = fc_schedule_rough_at(subject->schedule, t, false);
  fc_status status = fc_target_draw(x, count, subject->target, random);
  if (status == FC_UNSUPPORTED)
    status = draw_about(x, count, subject->target, random);
  for (size_t i = 0; i < count * subject->d && status == FC_OK; i++)
    x[i] = at.b * x[i] + at.a * fc_random_normal(random);
  return status;
}

static fc_status add_random(fc_spots *p, const fc_subject *subject, double s,
                            double t, size_t count, fc_random *random) {
  double *x = malloc(count * subject->d * sizeof *x);
  if (!x)
    return FC_MEMORY;
  double at = subject->asked == FC_ASKED_FLOW ? s : t;
  fc_status status = fc_spots_draw(x, count, subject, at, random);
  for (size_t i = 0; i < count && status == FC_OK; i++)
    status = fc_spots_add(p, s, t, x + i * subject->d, "random", true);
  free(x);
  return status;
}

/* --- points that hurt ------------------------------------------------------
 */

/* Which sort the i-th start is: images, pairs, the centre, tails. */
typedef struct sorts {
  size_t images, pairs, tails;
} sorts;

static const char *sort_of(sorts *seen, fc_starts *starts, size_t i) {
  size_t landmarks;
  fc_starts_landmarks(starts, &landmarks);
  if (i < landmarks)
    return seen->images++ < IMAGES ? "at the image of a component" : NULL;
  if (fc_starts_is_pair(starts, i))
    return seen->pairs++ < PAIRS ? "between two components" : NULL;
  if (i + landmarks < fc_starts_count(starts))
    return "at the centre";
  return seen->tails++ < TAILS ? "far out in a tail" : NULL;
}

/* Tails are where nothing but one component is left, which for small b is
 * farther out than any code needs to be right. */
static double farthest(fc_starts *starts, size_t d, const fc_ctx *ctx) {
  size_t count;
  fc_srcptr marks = fc_starts_landmarks(starts, &count);
  double most = 0;
  for (size_t i = 0; i < count * d; i++)
    most = fmax(most, fabs(fc_get_d(marks + i, ctx)));
  return 1000 + 100 * most;
}

static void draw_in(double *x, size_t d, double limit) {
  double most = 0;
  for (size_t k = 0; k < d; k++)
    most = fmax(most, fabs(x[k]));
  for (size_t k = 0; k < d && most > limit; k++)
    x[k] *= limit / most;
}

static fc_status add_structured(fc_spots *p, fc_starts *starts, double s,
                                double t, const fc_schedule_rough *at,
                                const fc_ctx *ctx) {
  fc_num a, b;
  double x[FC_TARGET_MAX_DIMENSION];
  sorts seen = {0, 0, 0};
  double limit = farthest(starts, p->d, ctx);
  fc_ptr start = fc_vec_new(p->d, ctx);
  fc_status status = start ? FC_OK : FC_MEMORY;
  fc_init(a, ctx);
  fc_init(b, ctx);
  fc_set_d(a, at->a, ctx);
  fc_set_d(b, at->b, ctx);
  for (size_t i = 0; i < fc_starts_count(starts) && status == FC_OK; i++) {
    const char *why = sort_of(&seen, starts, i);
    if (!why)
      continue;
    fc_starts_get(start, starts, i, a, b);
    for (size_t k = 0; k < p->d; k++)
      x[k] = fc_get_d(start + k, ctx);
    draw_in(x, p->d, limit);
    status = fc_spots_add(p, s, t, x, why, false);
  }
  fc_clear(a, ctx);
  fc_clear(b, ctx);
  fc_vec_free(start, p->d, ctx);
  return status;
}

/* Where grad v is largest and smallest, as a search finds it. */
static fc_status add_extremes(fc_spots *p, const fc_subject *subject, double s,
                              double t, const fc_random *random,
                              const fc_ctx *ctx) {
  fc_extremizer *search = NULL;
  fc_extremum found[1];
  double x[FC_TARGET_MAX_DIMENSION];
  fc_status status = fc_extremum_init(found, p->d, ctx);
  if (status == FC_OK)
    status = fc_extremizer_new(&search, subject->target, subject->schedule, ctx,
                               random, NULL);
  for (int side = FC_SMALLEST; side <= FC_LARGEST && status == FC_OK; side++) {
    fc_status searched =
        fc_extremizer_at(found, search, subject->asked == FC_ASKED_FLOW ? s : t,
                         false, (fc_side)side, NULL);
    if (searched == FC_MEMORY)
      status = searched;
    if (searched != FC_OK || !found->found)
      continue;
    for (size_t k = 0; k < p->d; k++)
      x[k] = fc_get_d(found->x + k, ctx);
    status = fc_spots_add(p, s, t, x,
                          side == FC_LARGEST ? "where the slope is largest"
                                             : "where the slope is smallest",
                          false);
  }
  fc_extremizer_free(search);
  fc_extremum_clear(found, p->d, ctx);
  return status;
}

/* A group with everything. */
static fc_status add_group(fc_spots *p, const fc_subject *subject,
                           fc_starts *starts, double s, double t,
                           fc_random *random, const fc_ctx *ctx) {
  double place = subject->asked == FC_ASKED_FLOW ? s : t;
  fc_schedule_rough at = fc_schedule_rough_at(subject->schedule, place, false);
  fc_status status = add_structured(p, starts, s, t, &at, ctx);
  bool inside = place >= 1.0 / 1024 && place <= 1 - 1.0 / 1024;
  if (status == FC_OK && inside && !fc_target_is_integrated(subject->target))
    status = add_extremes(p, subject, s, t, random, ctx);
  if (status == FC_OK)
    status = add_random(p, subject, s, t, RANDOM_HERE, random);
  return status;
}

/* --- times -----------------------------------------------------------------
 */

static bool within(const fc_subject *subject, double t) {
  return t >= subject->from && t <= subject->to;
}

static fc_status at_times(fc_spots *p, const fc_subject *subject,
                          fc_starts *starts, fc_random *random,
                          const fc_ctx *ctx) {
  const double times[] = {0,   0x1p-40,       0x1p-10,     0.125,
                          0.5, 0.875,         1 - 0x1p-10, 1 - 0x1p-40,
                          1,   subject->from, subject->to};
  fc_status status = FC_OK;
  for (size_t i = 0; i < 11 && status == FC_OK; i++) {
    bool again =
        (i == 9 && subject->from <= 0) || (i == 10 && subject->to >= 1);
    if (within(subject, times[i]) && !again)
      status = add_group(p, subject, starts, 0, times[i], random, ctx);
  }
  double width = subject->to - subject->from;
  long groups = (subject->random_points + RANDOM_HERE - 1) / RANDOM_HERE;
  for (long i = 0; i < groups && status == FC_OK; i++) {
    double t = subject->from + width * fc_random_uniform(random);
    status = add_random(p, subject, 0, t, RANDOM_HERE, random);
  }
  return status;
}

static fc_status at_pairs(fc_spots *p, const fc_subject *subject,
                          fc_starts *starts, fc_random *random,
                          const fc_ctx *ctx) {
  static const double pairs[][2] = {
      {0, 0.125}, {0, 0.5},       {0, 0.875}, {0, 1 - 0x1p-10},
      {0, 1},     {0.125, 0.875}, {0.5, 0},   {0.875, 0.125}};
  fc_status status = FC_OK;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs && status == FC_OK; i++)
    if (within(subject, pairs[i][0]) && within(subject, pairs[i][1]))
      status =
          add_group(p, subject, starts, pairs[i][0], pairs[i][1], random, ctx);
  double width = subject->to - subject->from;
  long groups = (subject->random_points + RANDOM_HERE - 1) / RANDOM_HERE;
  for (long i = 0; i < groups && status == FC_OK; i++) {
    double s = subject->from + width * fc_random_uniform(random);
    double t = subject->from + width * fc_random_uniform(random);
    status = add_random(p, subject, s, t, RANDOM_HERE, random);
  }
  return status;
}

fc_status fc_spots_choose(fc_spots *p, const fc_subject *subject,
                          fc_error *error) {
  fc_ctx ctx[1];
  fc_random random[1];
  fc_starts *starts = NULL;
  memset(p, 0, sizeof *p);
  p->d = subject->d;
  fc_ctx_init_double(ctx);
  fc_random_init(random, subject->seed, "candidate", subject->name);
  fc_status status = fc_starts_new(&starts, subject->target, ctx);
  if (status == FC_OK)
    status = subject->asked == FC_ASKED_FLOW
                 ? at_pairs(p, subject, starts, random, ctx)
                 : at_times(p, subject, starts, random, ctx);
  fc_starts_free(starts);
  if (status == FC_OK && p->count == 0)
    return fc_fail(error, FC_VALUE, "no time lies between --from and --to");
  return status == FC_OK
             ? FC_OK
             : fc_fail(error, status, "points: %s", fc_status_text(status));
}
