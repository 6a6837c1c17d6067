/* What is measured where no case of Assumption 2.2 is known to hold: heavy
 * tails, kinks, atoms.  Probes only: each compares a measured number with what
 * the theory would say if its hypotheses held, and its verdict counts for
 * nothing.  Suprema over x are searched, so that they are lower estimates, and
 * exponents are fitted to a few times: numbers to look at, no statements.
 *
 *   velocity-growth    p in sup_x |grad v(1-r, x)| ~ r^(-p): 0 where sup|grad
 * v| is finite (Corollary 6.3)
 *   linear-growth      sup_x |v(t, x)|/(1 + |x|) against K = max(|v(t, 0)|,
 *                      sup_x |grad v(t, x)|) (Theorem 5.1), next to t = 1
 *   lipschitz-of-flow  p in sup_x |dX_{0,1-r}/dx| ~ r^(-p), on the line
 */
#include <math.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "claims/points.h"
#include "ext/modules.h"
#include "flow/flow.h"
#include "gif/finite_velocity.h"
#include "gif/hypotheses.h"
#include "suprema/extremum.h"
#include "velocity/velocity.h"

enum {
  TIMES = 4,
  FIRST_EXPONENT = 6, /* r = 2^-6, 2^-9, 2^-12, 2^-15 */
  STEP = 3,
  FLOW_FIRST = 4, /* r = 2^-4, 2^-6, 2^-8, 2^-10 */
  FLOW_STEP = 2,
  GROWTH_EXPONENT = 10,
  FAR_OUT = 16 /* |x| up to 2^16 */
};

static const char *needs_no_case(const fc_job *job) {
  if (fc_needs_density(job))
    return NULL;
  bool bounded =
      fc_job_constant(NULL, job, FC_D) && fc_job_constant(NULL, job, FC_KAPPA);
  return bounded || fc_assumption_of(job) != FC_CASE_NONE
             ? "a case of Assumption 2.2 holds: its statements are judged"
             : NULL;
}

static const char *needs_no_case_on_line(const fc_job *job) {
  const char *reason = needs_no_case(job);
  if (!reason)
    reason = fc_needs_line(job);
  if (!reason && fc_needs_density(job))
    reason = "no density: between atoms the derivative grows faster than any "
             "power of 1/r";
  return reason;
}

/* Where the numbers are taken; time k is 1 - r_k. */
typedef struct probe {
  const fc_job *job;
  size_t d;
  int first, step;     /* r_k = 2^-(first + k step) */
  double *x;           /* TIMES*d */
  double *far;         /* d: of linear growth */
  fc_side side[TIMES]; /* which eigenvalue is the larger one in size */
} probe;

static double distance(const probe *p, int k) {
  return ldexp(1, -(p->first + k * p->step));
}

static fc_status probe_init(probe *p, const fc_job *job, int first, int step) {
  *p = (probe){.job = job, .first = first, .step = step};
  p->d = fc_target_dimension(job->instance->target);
  p->x = calloc(TIMES * p->d, sizeof *p->x);
  p->far = calloc(p->d, sizeof *p->far);
  return p->x && p->far ? FC_OK : FC_MEMORY;
}

static void probe_clear(probe *p) {
  free(p->x);
  free(p->far);
}

/* z = the slope of log2 of the sizes against -log2 r, by least squares; the
 * sizes are replaced. */
static void fit(fc_ptr z, fc_ptr sizes, const probe *p, const fc_ctx *ctx) {
  long squares = 0;
  fc_num t;
  fc_init(t, ctx);
  fc_set_si(z, 0, ctx);
  for (long k = 0; k < TIMES; k++) {
    long twice = 2 * k - (TIMES - 1); /* twice the distance from the mean */
    fc_log(sizes + k, sizes + k, ctx);
    fc_mul_si(sizes + k, sizes + k, 2 * twice, ctx);
    fc_add(z, z, sizes + k, ctx);
    squares += twice * twice * p->step;
  }
  fc_div_si(z, z, squares, ctx);
  fc_set_si(t, 2, ctx);
  fc_log(t, t, ctx);
  fc_div(z, z, t, ctx);
  fc_clear(t, ctx);
}

/* z = |the eigenvalue| at the witness of time k. */
static fc_status slope_at(fc_ptr z, const probe *p, int k, const fc_ctx *ctx) {
  fc_time time[1];
  fc_ptr x = fc_vec_new(p->d, ctx);
  if (!x)
    return FC_MEMORY;
  fc_time_init(time, ctx);
  fc_time_set_d(time, distance(p, k), true, ctx);
  for (size_t i = 0; i < p->d; i++)
    fc_set_d(x + i, p->x[(size_t)k * p->d + i], ctx);
  fc_status status = fc_eigenvalue_at(
      z, p->job->instance->target, p->job->schedule, time, x, p->side[k], ctx);
  fc_abs(z, z, ctx);
  fc_time_clear(time, ctx);
  fc_vec_free(x, p->d, ctx);
  return status;
}

static fc_status compare_growth(fc_comparison *c, void *data,
                                const fc_ctx *ctx) {
  const probe *p = data;
  fc_ptr sizes = fc_vec_new(TIMES, ctx);
  fc_status status = sizes ? FC_OK : FC_MEMORY;
  for (int k = 0; k < TIMES && !status; k++)
    status = slope_at(sizes + k, p, k, ctx);
  if (!status)
    fit(c->measured, sizes, p, ctx);
  fc_vec_free(sizes, TIMES, ctx);
  fc_set_si(c->bound, 1, ctx);
  fc_mul_2exp_si(c->bound, c->bound, -2, ctx);
  fc_set_si(c->scale, 1, ctx);
  return status;
}

/* The x at which |grad v| is largest at each of the first `count` times. */
static fc_status search(probe *p, int count, fc_error *error) {
  const fc_job *job = p->job;
  fc_ctx fast[1];
  fc_random random[1];
  fc_extremizer *extremizer = NULL;
  fc_extremum found[2];
  fc_ctx_init_double(fast);
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  fc_status status = fc_extremizer_new(&extremizer, job->instance->target,
                                       job->schedule, fast, random, error);
  if (status)
    return status;
  for (int side = 0; side < 2; side++)
    if (fc_extremum_init(found + side, p->d, fast))
      status = FC_MEMORY;
  for (int k = 0; k < count && !status; k++) {
    for (int side = 0; side < 2 && !status; side++)
      status = fc_extremizer_at(found + side, extremizer, distance(p, k), true,
                                (fc_side)side, NULL);
    if (!status && !(found[0].found && found[1].found))
      status = FC_DOMAIN;
    if (status)
      break;
    p->side[k] = fabs(found[0].value_d) > fabs(found[1].value_d) ? FC_SMALLEST
                                                                 : FC_LARGEST;
    for (size_t i = 0; i < p->d; i++)
      p->x[(size_t)k * p->d + i] = fc_get_d(found[p->side[k]].x + i, fast);
  }
  for (int side = 0; side < 2; side++)
    fc_extremum_clear(found + side, p->d, fast);
  fc_extremizer_free(extremizer);
  return status;
}

/* The record, with the witness of the last time. */
static fc_status emit(const fc_job *job, const fc_claim *claim, probe *p,
                      int last, double *x, fc_compare_function *function) {
  fc_record record[1];
  fc_point point = {distance(p, last), true, x};
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return status;
  status = fc_point_state(record, &point, p->d);
  if (!status)
    status = fc_decide(record, job, fc_relation_of(claim), function, p);
  if (!status)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status;
}

static fc_status conclude(fc_status status, const fc_job *job,
                          const fc_claim *claim, fc_error *error) {
  if (status == FC_DOMAIN || status == FC_BUDGET)
    status = fc_job_inconclusive(job, claim, "no finite numbers were found");
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

static fc_status measure_growth(const fc_job *job, const fc_claim *claim,
                                fc_error *error) {
  const char *reason = needs_no_case(job);
  if (reason)
    return fc_job_not_applicable(job, claim, reason);
  probe p;
  fc_status status = probe_init(&p, job, FIRST_EXPONENT, STEP);
  if (!status)
    status = search(&p, TIMES, error);
  if (!status)
    status = emit(job, claim, &p, TIMES - 1, p.x + (TIMES - 1) * p.d,
                  compare_growth);
  probe_clear(&p);
  return conclude(status, job, claim, error);
}

/* --- linear growth ---------------------------------------------------------
 */

/* z = |v(t, x)| at the probe's first time. */
static fc_status speed(fc_ptr z, fc_velocity *velocity, const double *x,
                       size_t d, const fc_ctx *ctx) {
  fc_ptr at = fc_vec_new(d, ctx);
  if (!at)
    return FC_MEMORY;
  for (size_t i = 0; i < d; i++)
    fc_set_d(at + i, x[i], ctx);
  fc_status status = fc_velocity_eval(velocity, at, FC_VELOCITY);
  const fc_velocity_value *value = fc_velocity_values(velocity);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d && !status; i++)
    fc_addmul(z, value->velocity + i, value->velocity + i, ctx);
  fc_sqrt(z, z, ctx);
  fc_vec_free(at, d, ctx);
  return status;
}

static fc_status new_velocity(fc_velocity **velocity, const probe *p,
                              const fc_ctx *ctx) {
  fc_time time[1];
  fc_time_init(time, ctx);
  fc_time_set_d(time, distance(p, 0), true, ctx);
  fc_status status = fc_velocity_new(velocity, p->job->instance->target,
                                     p->job->schedule, ctx, NULL);
  if (!status) {
    status = fc_velocity_set_time(*velocity, time);
    if (status)
      fc_velocity_free(*velocity);
  }
  fc_time_clear(time, ctx);
  return status;
}

static double one_plus_norm(const double *x, size_t d) {
  double sum = 0;
  for (size_t i = 0; i < d; i++)
    sum += x[i] * x[i];
  return 1 + sqrt(sum);
}

/* The far point e_1 2^j or its opposite at which |v|/(1 + |x|) is largest. */
static fc_status search_far(probe *p) {
  fc_ctx fast[1];
  fc_num size;
  fc_velocity *velocity = NULL;
  fc_ctx_init_double(fast);
  fc_status status = new_velocity(&velocity, p, fast);
  if (status)
    return status;
  double most = -1, best = 0;
  fc_init(size, fast);
  for (int j = -3; j <= FAR_OUT && !status; j++)
    for (int sign = -1; sign <= 1 && !status; sign += 2) {
      p->far[0] = ldexp(sign, j);
      status = speed(size, velocity, p->far, p->d, fast);
      double ratio = fc_get_d(size, fast) / one_plus_norm(p->far, p->d);
      if (ratio > most) {
        most = ratio;
        best = p->far[0];
      }
    }
  p->far[0] = best;
  fc_clear(size, fast);
  fc_velocity_free(velocity);
  return status || most >= 0 ? status : FC_DOMAIN;
}

static fc_status compare_linear(fc_comparison *c, void *data,
                                const fc_ctx *ctx) {
  const probe *p = data;
  fc_velocity *velocity = NULL;
  fc_num t;
  double *origin = calloc(p->d, sizeof *origin);
  if (!origin)
    return FC_MEMORY;
  fc_init(t, ctx);
  fc_status status = new_velocity(&velocity, p, ctx);
  if (!status) {
    status = speed(c->measured, velocity, p->far, p->d, ctx);
    fc_set_d(t, one_plus_norm(p->far, p->d), ctx);
    fc_div(c->measured, c->measured, t, ctx);
    if (!status)
      status = speed(c->bound, velocity, origin, p->d, ctx);
    fc_velocity_free(velocity);
  }
  if (!status)
    status = slope_at(t, p, 0, ctx);
  fc_max(c->bound, c->bound, t, ctx);
  fc_set(c->scale, c->bound, ctx);
  fc_clear(t, ctx);
  free(origin);
  return status;
}

static fc_status measure_linear(const fc_job *job, const fc_claim *claim,
                                fc_error *error) {
  const char *reason = needs_no_case(job);
  if (reason)
    return fc_job_not_applicable(job, claim, reason);
  probe p;
  fc_status status = probe_init(&p, job, GROWTH_EXPONENT, STEP);
  if (!status)
    status = search(&p, 1, error);
  if (!status)
    status = search_far(&p);
  if (!status)
    status = emit(job, claim, &p, 0, p.far, compare_linear);
  probe_clear(&p);
  return conclude(status, job, claim, error);
}

/* --- the flow ---------------------------------------------------------------
 */

/* z = |dX_{0,1-r_k}/dx| at x, in binary64. */
static fc_status stretch(double *z, fc_flow *flow, const probe *p, int k,
                         double x, const fc_ctx *ctx) {
  fc_time s[1], t[1];
  fc_num at;
  fc_init(at, ctx);
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_time_set_d(s, 0, false, ctx);
  fc_time_set_d(t, distance(p, k), true, ctx);
  fc_set_d(at, x, ctx);
  fc_status status = fc_flow_set_times(flow, s, t, NULL);
  if (!status)
    status = fc_flow_eval(flow, at, FC_FLOW_JACOBIAN, NULL);
  if (!status)
    *z = fabs(fc_get_d(fc_flow_values(flow)->jacobian, ctx));
  fc_clear(at, ctx);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  return status;
}

static const double starts[] = {0, 1, 2, 3, -1, -2};
enum { STARTS = sizeof starts / sizeof *starts };

/* The start of the largest derivative at each time, which also is the number:
 * the search is in binary64, and so is the comparison. */
static fc_status compare_flow(fc_comparison *c, void *data, const fc_ctx *ctx) {
  probe *p = data;
  fc_flow *flow = NULL;
  fc_ptr sizes = fc_vec_new(TIMES, ctx);
  fc_status status = sizes ? FC_OK : FC_MEMORY;
  if (!status)
    status = fc_flow_new(&flow, p->job->instance->target, p->job->schedule,
                         FC_FLOW_AUTO, ctx, NULL);
  for (int k = 0; k < TIMES && !status; k++) {
    double most = -1, size = 0;
    for (int i = 0; i < STARTS && !status; i++) {
      status = stretch(&size, flow, p, k, starts[i], ctx);
      if (size > most) {
        most = size;
        p->x[k] = starts[i];
      }
    }
    if (!status)
      fc_set_d(sizes + k, most, ctx);
  }
  if (!status)
    fit(c->measured, sizes, p, ctx);
  fc_set_si(c->bound, 1, ctx);
  fc_mul_2exp_si(c->bound, c->bound, -2, ctx);
  fc_set_si(c->scale, 1, ctx);
  fc_flow_free(flow);
  fc_vec_free(sizes, TIMES, ctx);
  return status;
}

static fc_status measure_flow(const fc_job *job, const fc_claim *claim,
                              fc_error *error) {
  const char *reason = needs_no_case_on_line(job);
  if (reason)
    return fc_job_not_applicable(job, claim, reason);
  probe p;
  fc_job fast = *job;
  fast.tier = FC_TIER_DOUBLE; /* of any tier: a fitted number asks for no more
                               */
  fc_status status = probe_init(&p, job, FLOW_FIRST, FLOW_STEP);
  fc_record record[1];
  if (!status)
    status = fc_job_record(record, job, claim);
  if (!status) {
    status = fc_decide(record, &fast, fc_relation_of(claim), compare_flow, &p);
    fc_point point = {distance(&p, TIMES - 1), true, p.x + TIMES - 1};
    if (!status)
      status = fc_point_state(record, &point, 1);
    if (!status)
      status = job->emit(job->sink, record);
    fc_record_clear(record);
  }
  probe_clear(&p);
  return conclude(status, job, claim, error);
}

/* --- the claims -------------------------------------------------------------
 */

static const fc_claim claims[] = {
    {.name = "velocity-growth",
     .kind = FC_KIND_PROBE,
     .source = "Corollary 6.3 without its hypotheses",
     .statement = "sup_x|∇v(1−r,x)| grows no faster than r^(−1/4) as r → 0: "
                  "the exponent fitted to r = 2^(−6), …, 2^(−15)",
     .relation = "<=",
     .formula = "1/4",
     .hypotheses = "no case of Assumption 2.2 is known to hold; measured only: "
                   "the suprema are searched",
     .measure = measure_growth},
    {.name = "linear-growth",
     .kind = FC_KIND_PROBE,
     .source = "Theorem 5.1 without its hypotheses",
     .statement = "|v(t,x)| ≤ K(1+|x|) at 1−t = 2^(−10) along an axis, K = "
                  "max(|v(t,0)|, sup|∇v(t,·)|) as measured",
     .relation = "<=",
     .formula = "max(|v(t,0)|, sup|grad v(t,.)|)",
     .hypotheses = "no case of Assumption 2.2 is known to hold; measured only: "
                   "the suprema are searched",
     .measure = measure_linear},
    {.name = "lipschitz-of-flow",
     .kind = FC_KIND_PROBE,
     .source = "Propositions 5.1, 5.2 without their hypotheses",
     .statement = "sup_x|∇X_{0,1−r}(x)| grows no faster than r^(−1/4) as r → "
                  "0: the exponent fitted to r = 2^(−4), …, 2^(−10) over "
                  "starting points in [−3, 3]",
     .relation = "<=",
     .formula = "1/4",
     .hypotheses = "d = 1, a density, no case of Assumption 2.2 known to hold; "
                   "measured only, in binary64",
     .measure = measure_flow},
};

const fc_check fc_check_beyond_assumptions = {
    .id = "ext.beyond-assumptions",
    .title = "Beyond the assumptions",
    .source = "Assumption 2.2, where no case of it holds",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_job_measure,
};
