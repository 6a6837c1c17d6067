#include "candidate/claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidate/variant.h"
#include "target/posterior.h"

enum { PLACES = 32, STEPS = 64 };

/* Where a field comes from: the candidate, or the right one in binary64. */
typedef struct source {
  fc_candidate *candidate; /* NULL: engine */
  fc_variant_engine *engine;
  size_t d;
} source;

static fc_status field_at(double *v, source *from, double t, const double *x) {
  double times[PLACES];
  for (size_t i = 0; i < PLACES; i++)
    times[i] = t;
  if (!from->candidate) {
    for (size_t i = 0; i < PLACES; i++)
      fc_variant_eval(v + i * from->d, from->engine, 0, t, x + i * from->d);
    return FC_OK;
  }
  const fc_question question = {.asked = FC_ASKED_VELOCITY,
                                .n = PLACES,
                                .d = from->d,
                                .t = times,
                                .x = x};
  return fc_candidate_ask(v, from->candidate, &question, NULL);
}

static bool all_finite(const double *x, size_t size) {
  for (size_t i = 0; i < size; i++)
    if (!isfinite(x[i]))
      return false;
  return true;
}

/* The classical Runge-Kutta method in equal steps; x is carried from s to t. */
static fc_status integrate(double *x, source *from, double s, double t) {
  static const double nodes[] = {0, 0.5, 0.5, 1};
  static const double weights[] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
  size_t size = PLACES * from->d;
  double h = (t - s) / STEPS, *room = malloc(3 * size * sizeof *room);
  fc_status status = room ? FC_OK : FC_MEMORY;
  double *stage = room, *slope = room + size, *sum = slope + size;
  for (int n = 0; n < STEPS && status == FC_OK; n++) {
    double at = s + (t - s) * n / STEPS;
    memset(room, 0, 3 * size * sizeof *room);
    for (int k = 0; k < 4 && status == FC_OK; k++) {
      for (size_t i = 0; i < size; i++)
        stage[i] = x[i] + h * nodes[k] * slope[i];
      if (all_finite(stage, size))
        status = field_at(slope, from, at + nodes[k] * h, stage);
      for (size_t i = 0; i < size; i++)
        sum[i] += weights[k] * slope[i];
    }
    for (size_t i = 0; i < size; i++)
      x[i] += h * sum[i];
    if (!all_finite(x, size)) /* a value is missing: nothing to go on with */
      break;
  }
  free(room);
  return status;
}

/* --- levels on the line ----------------------------------------------------
 */

static bool level_of(double *level, const fc_subject *subject, double t,
                     double x) {
  fc_ctx ctx[1];
  fc_posterior *posterior = NULL;
  fc_num below, above, place, a, b;
  fc_ctx_init_double(ctx);
  fc_schedule_rough at = fc_schedule_rough_at(subject->schedule, t, false);
  if (!isfinite(x) || fc_posterior_new(&posterior, subject->target, ctx, NULL))
    return false;
  fc_ptr numbers[] = {below, above, place, a, b};
  for (int i = 0; i < 5; i++)
    fc_init(numbers[i], ctx);
  fc_set_d(place, x, ctx);
  fc_set_d(a, at.a, ctx);
  fc_set_d(b, at.b, ctx);
  bool good =
      fc_posterior_cdf(below, above, posterior, a, b, place, NULL) == FC_OK;
  *level = fc_get_d(below, ctx);
  for (int i = 0; i < 5; i++)
    fc_clear(numbers[i], ctx);
  fc_posterior_free(posterior);
  return good && isfinite(*level);
}

static double largest_level_gap(const fc_subject *subject,
                                const fc_law_verdict *v, const double *from,
                                const double *to) {
  double most = 0, before, after;
  for (size_t i = 0; i < PLACES; i++)
    if (level_of(&before, subject, v->s, from[i]) &&
        level_of(&after, subject, v->t, to[i]))
      most = fmax(most, fabs(after - before));
  return most;
}

/* --- distances -------------------------------------------------------------
 */

static double gap_at(const double *x, const double *y, size_t i, size_t d) {
  double sum = 0;
  for (size_t k = 0; k < d; k++)
    sum = hypot(sum, x[i * d + k] - y[i * d + k]);
  return sum;
}

/* NaN where any is. */
static double largest_gap(const double *x, const double *y, size_t d,
                          size_t *where) {
  double most = 0;
  *where = 0;
  for (size_t i = 0; i < PLACES; i++) {
    double gap = gap_at(x, y, i, d);
    if (isnan(gap))
      return NAN;
    if (gap > most) {
      most = gap;
      *where = i;
    }
  }
  return most;
}

static double typical_size(const double *x, size_t d) {
  double sum = 0;
  for (size_t i = 0; i < PLACES * d; i++)
    sum += x[i] * x[i];
  return sqrt(sum / PLACES);
}

/* X_{s,t}(x): certified on the line; elsewhere, where proofs take seconds a
 * point, in binary64 with an error far below that of the Runge-Kutta method. */
static fc_status right_ends(double *ends, const double *x,
                            const fc_law_verdict *v, const fc_subject *subject,
                            fc_error *error) {
  fc_subject flow = *subject;
  fc_spots spots = {.d = subject->d};
  fc_reference reference = {.count = 0};
  fc_variant_engine *engine = NULL;
  flow.asked = FC_ASKED_FLOW;
  fc_variant plain = fc_variant_plain(&flow);
  fc_status status = FC_OK;
  if (subject->d > 1) {
    status = fc_variant_new(&engine, &plain, &flow);
    for (size_t i = 0; i < PLACES && status == FC_OK; i++)
      fc_variant_eval(ends + i * flow.d, engine, v->s, v->t, x + i * flow.d);
    fc_variant_free(engine);
    return status;
  }
  for (size_t i = 0; i < PLACES && status == FC_OK; i++)
    status = fc_spots_add(&spots, v->s, v->t, x + i, "", true);
  if (status == FC_OK)
    status = fc_reference_make(&reference, &spots, &flow, error);
  if (status == FC_OK && spots.count == PLACES)
    memcpy(ends, reference.rounded, PLACES * sizeof *ends);
  fc_reference_clear(&reference);
  fc_spots_clear(&spots);
  return status;
}

static void judge(fc_law_verdict *v, const double *start, const double *theirs,
                  const double *ours, const double *ends,
                  const fc_subject *subject, double rtol) {
  size_t where, d = subject->d;
  double scale = typical_size(ends, d);
  if (!(scale > 0))
    scale = typical_size(ours, d);
  v->places = PLACES;
  v->steps = STEPS;
  v->deviation = largest_gap(theirs, ends, d, &where) / scale;
  v->method = largest_gap(ours, ends, d, &where) / scale;
  v->from_field = largest_gap(theirs, ours, d, &where) / scale;
  v->x0 = start[where * d];
  v->kept = isnan(v->from_field)          ? FC_KEPT_UNKNOWN
            : v->from_field <= 100 * rtol ? FC_KEPT_YES
                                          : FC_KEPT_NO;
  v->has_levels = d == 1 && !isnan(v->from_field);
  if (!v->has_levels)
    return;
  v->level = largest_level_gap(subject, v, start, theirs);
  v->level_method = largest_level_gap(subject, v, start, ours);
}

fc_status fc_test_law(fc_law_verdict *v, fc_candidate *candidate,
                      const fc_subject *subject, double rtol, fc_error *error) {
  memset(v, 0, sizeof *v);
  v->s = subject->from;
  v->t = fmin(subject->to, 1 - 0x1p-6);
  if (!(v->s < v->t)) {
    v->why_not = "the range of times ends where it begins, or beyond 63/64";
    return FC_OK;
  }
  size_t size = PLACES * subject->d;
  double *room = malloc(4 * size * sizeof *room);
  if (!room)
    return FC_MEMORY;
  double *start = room, *theirs = start + size, *ours = theirs + size,
         *ends = ours + size;
  fc_random random;
  fc_random_init(&random, subject->seed, "candidate-law", subject->name);
  fc_variant plain = fc_variant_plain(subject);
  source from = {NULL, NULL, subject->d}, asked = {candidate, NULL, subject->d};
  fc_status status = fc_variant_new(&from.engine, &plain, subject);
  if (status == FC_OK)
    status = fc_spots_draw(start, PLACES, subject, v->s, &random);
  if (status == FC_OK) {
    memcpy(theirs, start, size * sizeof *start);
    memcpy(ours, start, size * sizeof *start);
    for (size_t i = 0; i < size; i++)
      ends[i] = NAN;
    status = right_ends(ends, start, v, subject, error);
  }
  if (status == FC_OK)
    status = integrate(ours, &from, v->s, v->t);
  if (status == FC_OK)
    status = integrate(theirs, &asked, v->s, v->t);
  if (status == FC_OK)
    judge(v, start, theirs, ours, ends, subject, rtol);
  fc_variant_free(from.engine);
  free(room);
  return status;
}
