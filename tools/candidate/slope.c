#include "candidate/claims.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "claims/bound.h"
#include "matrix/matrix.h"
#include "suprema/starts.h"

enum { PLACES_MAX = 96, NUMBERS_MAX = 1 << 20 };

/* theta_t at any time; what costs (class constants) is worked out once. */
typedef struct envelope {
  const fc_subject *subject;
  fc_ctx ctx[1];
  fc_environment *environment;
  const fc_claim *claims[8]; /* the statements that apply */
  size_t count;
} envelope;

static bool applies(const fc_claim *claim, const fc_job *job) {
  const fc_bound_detail *detail = claim->detail;
  return claim->kind == FC_KIND_STATEMENT && !claim->measure &&
         !(detail->refuses && detail->refuses(job));
}

static fc_status envelope_init(envelope *e, const fc_subject *subject) {
  const fc_job job = {.instance = subject->instance,
                      .schedule = subject->schedule,
                      .tier = FC_TIER_MPFR,
                      .precision = 128};
  *e = (envelope){.subject = subject};
  fc_ctx_init_mpfr(e->ctx, 128);
  for (size_t i = 0; i < fc_check_count; i++)
    for (size_t k = 0; k < fc_checks[i]->claim_count; k++)
      if (strcmp(fc_checks[i]->id, "gif.velocity-envelope") == 0 &&
          e->count < 8 && applies(&fc_checks[i]->claims[k], &job))
        e->claims[e->count++] = &fc_checks[i]->claims[k];
  return fc_environment_new(&e->environment, subject->target, subject->schedule,
                            e->ctx);
}

/* The smallest of them; NULL where there is none. */
static const char *envelope_at(double *theta, const envelope *e, double t) {
  fc_schedule_value at[1];
  fc_time time[1];
  fc_num bound;
  const char *which = NULL;
  fc_schedule_value_init(at, e->ctx);
  fc_time_init(time, e->ctx);
  fc_init(bound, e->ctx);
  fc_time_set_d(time, t, false, e->ctx);
  *theta = INFINITY;
  if (fc_schedule_eval(at, e->subject->schedule, time, false, e->ctx) == FC_OK)
    fc_environment_set_time(e->environment, at, time);
  for (size_t i = 0; i < e->count; i++)
    if (fc_bound_value(bound, e->claims[i], e->environment, e->subject->target,
                       e->ctx, NULL) == FC_OK &&
        fc_is_finite(bound, e->ctx) && fc_get_d(bound, e->ctx) < *theta) {
      *theta = fc_get_d(bound, e->ctx);
      which = e->claims[i]->name;
    }
  fc_clear(bound, e->ctx);
  fc_time_clear(time, e->ctx);
  fc_schedule_value_clear(at, e->ctx);
  return which;
}

/* --- differences -----------------------------------------------------------
 */

typedef struct places {
  size_t count, d;
  size_t spots[PLACES_MAX];
  double step[PLACES_MAX];
} places;

/* Points that hurt, and the first random one of a group. */
static void choose_places(places *p, const fc_spots *spots,
                          const fc_subject *subject) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  double sigma = fc_starts_deviation(subject->target, ctx);
  p->count = 0;
  p->d = spots->d;
  size_t most = NUMBERS_MAX / (4 * spots->d * spots->d);
  most = most < PLACES_MAX ? most : PLACES_MAX;
  for (size_t i = 0; i < spots->count && p->count < most; i++) {
    bool first = i == 0 || spots->t[i] != spots->t[i - 1];
    if (spots->random[i] && !first)
      continue;
    if (spots->t[i] < 0x1p-10 || spots->t[i] > 1 - 0x1p-10)
      continue;
    fc_schedule_rough at =
        fc_schedule_rough_at(subject->schedule, spots->t[i], false);
    double length = hypot(at.a, sigma * at.b), size = 0;
    for (size_t k = 0; k < spots->d; k++)
      size = fmax(size, fabs(spots->x[i * spots->d + k]));
    p->spots[p->count] = i;
    p->step[p->count++] = 0x1p-14 * length + 0x1p-34 * size;
  }
}

/* x +- h e_k and x +- 2 h e_k for each k: 4 d points a place. */
static void displace(double *t, double *x, const places *p,
                     const fc_spots *spots) {
  static const double moves[] = {1, -1, 2, -2};
  size_t d = p->d, row = 0;
  for (size_t i = 0; i < p->count; i++)
    for (size_t k = 0; k < d; k++)
      for (int m = 0; m < 4; m++, row++) {
        t[row] = spots->t[p->spots[i]];
        memcpy(x + row * d, spots->x + p->spots[i] * d, d * sizeof *x);
        x[row * d + k] += moves[m] * p->step[i];
      }
}

/* The symmetric part of the derivative at place i from the values there, and
 * how far its entries may be off; false where a value is missing. */
static bool derivative(fc_ptr matrix, double *doubt, const double *values,
                       const double *x, const places *p, size_t i,
                       const fc_ctx *ctx) {
  size_t d = p->d;
  const double *v = values + 4 * d * d * i, *at = x + 4 * d * d * i;
  double *jacobian = calloc(d * d, sizeof *jacobian), most = 0;
  bool whole = jacobian != NULL;
  for (size_t k = 0; k < d && whole; k++) {
    const double *row = v + 4 * d * k, *place = at + 4 * d * k;
    double near = place[k] - place[d + k];
    double far = place[2 * d + k] - place[3 * d + k];
    for (size_t j = 0; j < d; j++) {
      double one = (row[j] - row[d + j]) / near;
      double two = (row[2 * d + j] - row[3 * d + j]) / far;
      double noise = 0x1p-50 * (fabs(row[j]) + fabs(row[d + j])) / near;
      whole = whole && isfinite(one) && isfinite(two);
      jacobian[j * d + k] = one;
      most = fmax(most, fabs(one - two) + noise);
    }
  }
  for (size_t k = 0; k < d && whole; k++)
    for (size_t j = 0; j < d; j++)
      fc_set_d(matrix + k * d + j,
               (jacobian[k * d + j] + jacobian[j * d + k]) / 2, ctx);
  free(jacobian);
  *doubt = 2 * (double)d * most;
  return whole;
}

/* --- the verdict -----------------------------------------------------------
 */

/* Beyond what differences may do, and what the tolerance on values allows. */
static bool exceeds(const fc_slope_verdict *v, double rtol) {
  return v->slope - v->bound >
         v->doubt + rtol * (fabs(v->slope) + fabs(v->bound));
}

/* What a change of order one in the shape of nu does to grad v. */
static double scale_at(const fc_subject *subject, double t) {
  fc_schedule_rough at = fc_schedule_rough_at(subject->schedule, t, false);
  double rho2 = at.a * at.a + at.b * at.b;
  return at.b * (at.a * at.a * at.db - at.ada * at.b) / (rho2 * rho2);
}

static fc_status judge(fc_slope_verdict *verdict, const double *values,
                       const double *x, const places *p, const fc_spots *spots,
                       const envelope *theta, double rtol) {
  fc_ctx ctx[1];
  size_t d = p->d;
  double least = INFINITY;
  fc_ctx_init_double(ctx);
  fc_ptr matrix = fc_vec_new(d * d + d, ctx);
  if (!matrix)
    return FC_MEMORY;
  bool broken = false;
  for (size_t i = 0; i < p->count; i++) {
    fc_slope_verdict here = {.t = spots->t[p->spots[i]],
                             .x0 = spots->x[p->spots[i] * d]};
    here.claim = envelope_at(&here.bound, theta, here.t);
    if (!here.claim || !derivative(matrix, &here.doubt, values, x, p, i, ctx) ||
        fc_matrix_eigen(matrix + d * d, NULL, matrix, d, ctx) != FC_OK)
      continue;
    here.slope = fc_get_d(matrix + d * d + d - 1, ctx);
    here.places = verdict->places + 1;
    bool worse = exceeds(&here, rtol);
    double gap = (here.bound - here.slope + here.doubt) /
                 (scale_at(theta->subject, here.t) + here.doubt);
    verdict->places = here.places;
    if ((worse && !broken) || (worse == broken && gap < least)) {
      *verdict = here;
      least = gap;
      broken = worse;
    }
    verdict->places = here.places;
  }
  verdict->kept = broken            ? FC_KEPT_NO
                  : verdict->places ? FC_KEPT_YES
                                    : FC_KEPT_UNKNOWN;
  fc_vec_free(matrix, d * d + d, ctx);
  return FC_OK;
}

fc_status fc_test_slope(fc_slope_verdict *verdict, fc_candidate *candidate,
                        const fc_spots *spots, const fc_subject *subject,
                        double rtol, fc_error *error) {
  places p[1];
  envelope theta[1];
  double middle = (subject->from + subject->to) / 2, bound;
  memset(verdict, 0, sizeof *verdict);
  fc_status status = envelope_init(theta, subject);
  if (status != FC_OK)
    return status;
  if (!envelope_at(&bound, theta, middle)) {
    verdict->why_not = "none of Corollaries 4.1 to 4.4 applies to the target";
    fc_environment_free(theta->environment);
    return FC_OK;
  }
  choose_places(p, spots, subject);
  size_t rows = 4 * p->d * p->count;
  double *t = malloc((rows + 1) * sizeof *t);
  double *x = malloc((rows * p->d + 1) * sizeof *x);
  double *values = malloc((rows * p->d + 1) * sizeof *values);
  status = t && x && values ? FC_OK : FC_MEMORY;
  if (status == FC_OK) {
    displace(t, x, p, spots);
    const fc_question question = {
        .asked = subject->asked, .n = rows, .d = p->d, .t = t, .x = x};
    status = fc_candidate_ask(values, candidate, &question, error);
  }
  if (status == FC_OK)
    status = judge(verdict, values, x, p, spots, theta, rtol);
  fc_environment_free(theta->environment);
  free(t);
  free(x);
  free(values);
  return status;
}
