/* |grad v| <= Theta(t) = max(|U|, |L|) where L I <= grad v <= U I by
 * Proposition 4.1, and |grad v| >= theta(t) = max(L, -U, 0): case i     U of
 * (c), L of (b) case iii   U and L of (d) case iv    U = the smaller of (e)
 * and, where kappa + u^2 > 0, (c) with min(kappa, 0); L of (b) Suprema over t
 * are taken over a mesh of times, both ends included, the witness's among them:
 * sup Theta is a lower estimate of a finite number, and still at least what is
 * measured at the witness.
 */
#include "gif/finite_velocity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/points.h"
#include "gif/hypotheses.h"
#include "suprema/mesh.h"

#define UPPER_I "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define LOWER_B "(beta*a*da + b*db)/(beta*a^2 + b^2)"
#define LOWER_D "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define UPPER_D LOWER_D " + a*omega*b*R^2/(a^2 + sigma^2*b^2)^2"
#define UPPER_E                                                                \
  "a*omega*5*L*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + b^2)/b)^(-1/2)) + "      \
  "(a*da + b*db)/(a^2 + b^2)"
#define UPPER_LATE "(min(kappa, 0)*a*da + b*db)/(min(kappa, 0)*a^2 + b^2)"
#define LATE_WHERE "min(kappa, 0)*a^2 + b^2"

enum { INTERIOR = 7, END_EXPONENT = 20 };

static const struct {
  const char *upper, *late, *lower;
} texts[] = {
    [FC_CASE_I] = {UPPER_I, NULL, LOWER_B},
    [FC_CASE_III] = {UPPER_D, NULL, LOWER_D},
    [FC_CASE_IV] = {UPPER_E, UPPER_LATE, LOWER_B},
};

fc_assumption fc_assumption_of(const fc_job *job) {
  double kappa = 0;
  bool beta =
      fc_job_constant(NULL, job, FC_BETA) && !fc_needs_full_support(job);
  bool curved = fc_job_constant(&kappa, job, FC_KAPPA);
  if (!fc_needs_component_ball(job))
    return FC_CASE_III;
  if (beta && curved && kappa > 0)
    return FC_CASE_I;
  if (beta && curved && fc_job_constant(NULL, job, FC_L))
    return FC_CASE_IV;
  return FC_CASE_NONE;
}

const char *fc_needs_finite_case(const fc_job *job) {
  if (fc_assumption_of(job) != FC_CASE_NONE)
    return NULL;
  return fc_job_constant(NULL, job, FC_D)
             ? "only case (ii) of Assumption 2.2 holds, which Corollary 6.3 "
               "excludes"
             : "none of cases (i), (iii), (iv) of Assumption 2.2 is known to "
               "hold";
}

/* --- the bound --------------------------------------------------------------
 */

typedef struct bounds {
  fc_formula *upper, *late, *late_where, *lower;
} bounds;

static void bounds_clear(bounds *b) {
  fc_formula_free(b->upper);
  fc_formula_free(b->late);
  fc_formula_free(b->late_where);
  fc_formula_free(b->lower);
}

static fc_status bounds_parse(bounds *b, fc_assumption which, fc_error *error) {
  memset(b, 0, sizeof *b);
  fc_status status = fc_bound_parse(&b->upper, texts[which].upper, error);
  if (!status)
    status = fc_bound_parse(&b->lower, texts[which].lower, error);
  if (!status && texts[which].late) {
    status = fc_bound_parse(&b->late, texts[which].late, error);
    if (!status)
      status = fc_bound_parse(&b->late_where, LATE_WHERE, error);
  }
  if (status)
    bounds_clear(b);
  return status;
}

/* upper, lower = U, L at the environment's time; U infinite where neither form
 * is finite. */
static fc_status eval_bounds(fc_ptr upper, fc_ptr lower, const bounds *b,
                             const fc_environment *environment, fc_ptr temp,
                             const fc_ctx *ctx) {
  fc_status status = fc_environment_eval(upper, environment, b->upper);
  if (!status)
    status = fc_environment_eval(lower, environment, b->lower);
  if (status || !b->late)
    return status;
  if (fc_environment_eval(temp, environment, b->late_where) == FC_OK &&
      fc_is_positive(temp, ctx) == FC_TRUE &&
      fc_environment_eval(temp, environment, b->late) == FC_OK) {
    if (fc_is_finite(upper, ctx))
      fc_min(upper, upper, temp, ctx);
    else
      fc_set(upper, temp, ctx);
  }
  return status;
}

/* --- the comparison ---------------------------------------------------------
 */

typedef struct closure {
  const fc_job *job;
  const fc_mesh *mesh;
  const fc_mesh_point *point; /* of the witness */
  const bounds *bounds;

  double *x;
  bool half; /* the control */
} closure;

/* value = |grad v| at the witness. */
static fc_status measure(fc_ptr value, const closure *w, const fc_ctx *ctx) {
  const fc_job *job = w->job;
  size_t d = fc_target_dimension(job->instance->target);
  fc_time time[1];
  fc_num low;
  fc_ptr x = fc_vec_new(d, ctx);
  if (!x)
    return FC_MEMORY;
  fc_time_init(time, ctx);
  fc_init(low, ctx);
  fc_mesh_time(time, w->point, ctx);
  for (size_t i = 0; i < d; i++)
    fc_set_d(x + i, w->x[i], ctx);
  fc_status status = fc_eigenvalue_at(value, job->instance->target,
                                      job->schedule, time, x, FC_LARGEST, ctx);
  if (!status)
    status = fc_eigenvalue_at(low, job->instance->target, job->schedule, time,
                              x, FC_SMALLEST, ctx);
  fc_abs(value, value, ctx);
  fc_abs(low, low, ctx);
  fc_max(value, value, low, ctx);
  fc_time_clear(time, ctx);
  fc_clear(low, ctx);
  fc_vec_free(x, d, ctx);
  return status;
}

/* bound = max(bound, Theta or theta) at the i-th time of the mesh. */
static fc_status raise_bound(fc_ptr bound, const closure *w, size_t i,
                             fc_environment *environment, fc_ptr temps,
                             const fc_ctx *ctx) {
  fc_schedule_value at[1];
  fc_time time[1];
  fc_ptr upper = temps, lower = temps + 1, temp = temps + 2;
  fc_schedule_value_init(at, ctx);
  fc_time_init(time, ctx);
  fc_mesh_time(time, w->mesh->points[i], ctx);
  fc_status status = fc_schedule_eval(at, w->job->schedule, time, false, ctx);
  if (!status) {
    fc_environment_set_time(environment, at, time);
    status = eval_bounds(upper, lower, w->bounds, environment, temp, ctx);
  }
  if (w->half) {
    fc_neg(upper, upper, ctx);
  } else {
    fc_abs(upper, upper, ctx);
    fc_abs(lower, lower, ctx);
  }
  fc_max(upper, upper, lower, ctx);
  if (!status && fc_is_finite(upper, ctx))
    fc_max(bound, bound, upper, ctx);
  else if (!status && !w->half)
    status = FC_DOMAIN; /* not finite: nothing was bounded */
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const closure *w = data;
  fc_environment *environment = NULL;
  fc_status status = measure(c->measured, w, ctx);
  fc_ptr temps = fc_vec_new(3, ctx);
  if (!status && !temps)
    status = FC_MEMORY;
  if (!status)
    status = fc_environment_new(&environment, w->job->instance->target,
                                w->job->schedule, ctx);
  fc_set_si(c->bound, 0, ctx);
  for (size_t i = 0; i < w->mesh->count && !status; i++)
    status = raise_bound(c->bound, w, i, environment, temps, ctx);
  if (w->half)
    fc_mul_2exp_si(c->bound, c->bound, -1, ctx);
  fc_set_si(c->scale, 1, ctx);
  fc_max(c->scale, c->scale, c->bound, ctx);
  c->error = ldexp(fc_get_d(c->measured, ctx), -20);
  fc_environment_free(environment);
  fc_vec_free(temps, 3, ctx);
  return status;
}

/* The probe: r^(-1/2) at the witness. */
static fc_status compare_end(fc_comparison *c, void *data, const fc_ctx *ctx) {
  const closure *w = data;
  fc_status status = measure(c->measured, w, ctx);
  fc_set_si(c->bound, 1, ctx);
  fc_mul_2exp_si(c->bound, c->bound, END_EXPONENT / 2, ctx);
  fc_set(c->scale, c->bound, ctx);
  return status;
}

/* --- measuring --------------------------------------------------------------
 */

static fc_status emit(const fc_job *job, const fc_claim *claim, closure *w,
                      fc_compare_function *function) {
  fc_record record[1];
  size_t d = fc_target_dimension(job->instance->target);
  fc_point point = {w->point->time, w->point->from_end, w->x};
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return status;
  status = fc_point_state(record, &point, d);
  if (!status)
    status = fc_decide(record, job, fc_relation_of(claim), function, w);
  if (!status)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status;
}

static double size_of(const fc_extremum *e, const fc_ctx *ctx) {
  return e->found ? fabs(fc_get_d(e->value, ctx)) : -1;
}

/* The point of the mesh at which |grad v| is largest, or NULL. */
static const fc_mesh_point *largest(const fc_extremum **extremum,
                                    const fc_mesh *mesh) {
  const fc_mesh_point *best = NULL;
  double most = -1;
  for (size_t i = 0; i < mesh->count; i++)
    for (int side = 0; side < 2; side++) {
      const fc_extremum *e = &mesh->points[i]->extremum[side];
      double size = size_of(e, mesh->ctx);
      if (size > most) {
        most = size;
        best = mesh->points[i];
        *extremum = e;
      }
    }
  return best;
}

/* Whether the control says anything: theta > 0 somewhere. */
static bool is_false(const fc_comparison *c, const fc_ctx *ctx) {
  return fc_get_d(c->bound, ctx) > 0x1p-20;
}

static fc_status decide(const fc_job *job, const fc_claim *claim,
                        const fc_mesh *mesh, const bounds *b, bool half) {
  fc_ctx fast[1];
  fc_comparison c[1];
  const fc_extremum *extremum = NULL;
  fc_ctx_init_double(fast);
  size_t d = mesh->d;
  closure w = {.job = job, .mesh = mesh, .bounds = b, .half = half};
  w.point = largest(&extremum, mesh);
  if (!w.point)
    return fc_job_inconclusive(job, claim,
                               "no point with finite values was found");
  w.x = calloc(d, sizeof *w.x);
  if (!w.x)
    return FC_MEMORY;
  for (size_t i = 0; i < d; i++)
    w.x[i] = fc_get_d(extremum->x + i, mesh->ctx);
  fc_comparison_init(c, fast);
  fc_status status = FC_OK;
  bool silent = half && (compare(c, &w, fast) || !is_false(c, fast));
  if (!silent)
    status = emit(job, claim, &w, compare);
  fc_comparison_clear(c, fast);
  free(w.x);
  return status;
}

static fc_status measure_c2(const fc_job *job, const fc_claim *claim, bool half,
                            fc_error *error) {
  const char *reason = fc_needs_finite_case(job);
  if (reason)
    return half ? FC_OK : fc_job_not_applicable(job, claim, reason);
  fc_ctx fast[1];
  fc_mesh mesh[1];
  fc_random random[1];
  bounds b[1];
  fc_ctx_init_double(fast);
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  fc_status status = bounds_parse(b, fc_assumption_of(job), error);
  if (status)
    return status;
  status =
      fc_mesh_init(mesh, job->instance->target, job->schedule,
                   (bool[]){true, true}, INTERIOR, true, random, fast, error);
  if (!status) {
    status = decide(job, claim, mesh, b, half);
    fc_mesh_clear(mesh);
  }
  bounds_clear(b);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

fc_status fc_measure_c2(const fc_job *job, const fc_claim *claim,
                        fc_error *error) {
  return measure_c2(job, claim, false, error);
}

fc_status fc_measure_c2_half(const fc_job *job, const fc_claim *claim,
                             fc_error *error) {
  return measure_c2(job, claim, true, error);
}

/* --- the probe --------------------------------------------------------------
 */

static const char *needs_bounded_law(const fc_job *job) {
  const char *reason = fc_needs_density(job);
  if (reason)
    return reason;
  return fc_job_constant(NULL, job, FC_D) ? NULL : "the support is unbounded";
}

/* The smallest eigenvalue next to t = 1: a'/a off the support. */
static fc_status probe_end(const fc_job *job, const fc_claim *claim,
                           fc_error *error) {
  fc_ctx fast[1];
  fc_random random[1];
  fc_extremizer *extremizer = NULL;
  fc_extremum low[1];
  size_t d = fc_target_dimension(job->instance->target);
  fc_mesh_point point = {.time = ldexp(1, -END_EXPONENT), .from_end = true};
  fc_ctx_init_double(fast);
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  fc_status status = fc_extremizer_new(&extremizer, job->instance->target,
                                       job->schedule, fast, random, error);
  if (status)
    return status;
  status = fc_extremum_init(low, d, fast);
  closure w = {.job = job, .point = &point, .x = calloc(d, sizeof(double))};
  if (!w.x)
    status = FC_MEMORY;
  if (!status)
    status =
        fc_extremizer_at(low, extremizer, point.time, true, FC_SMALLEST, NULL);
  for (size_t i = 0; i < d && !status; i++)
    w.x[i] = fc_get_d(low->x + i, fast);
  if (!status)
    status = low->found ? emit(job, claim, &w, compare_end)
                        : fc_job_inconclusive(job, claim,
                                              "no finite Jacobian was found");
  free(w.x);
  fc_extremum_clear(low, d, fast);
  fc_extremizer_free(extremizer);
  return status;
}

fc_status fc_measure_c2_bounded(const fc_job *job, const fc_claim *claim,
                                fc_error *error) {
  const char *reason = needs_bounded_law(job);
  return reason ? fc_job_not_applicable(job, claim, reason)
                : probe_end(job, claim, error);
}
