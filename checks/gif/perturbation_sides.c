#include "gif/perturbation_sides.h"

#include <stdlib.h>

#include "gif/combination.h"
#include "gif/flow_cost.h"
#include "gif/flow_symmetry.h"
#include "gif/path.h"

/* Fields and flows vary over lengths no shorter than this many bits below one:
 * errors of a point are multiplied so. */
enum { ROUGHNESS_BITS = 8, ROUNDING_BITS = 10 };

/* The printed formula is wrong by little for short times, and binary64 sees
 * little; where it is right by accident it is the same integral once more. */
static double literal_time(const fc_job *job) {
  if (fc_flow_is_symmetric(job))
    return 0.0625;
  return job->tier == FC_TIER_DOUBLE ? 0.5 : 0.25;
}

/* Flows are dear: one time. */
static double time_of(const fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  if (detail->variant == FC_PERTURBED_TRANSPOSED)
    return literal_time(w->job);
  return w->d > 1 || fc_flow_is_dear(w->job) ? 0.0625 : 0.25;
}

static bool is_spared(const fc_workspace *w) {
  return !fc_flow_is_judged_at(w) || fc_get_d(w->time->t, w->ctx) != time_of(w);
}

/* --- the perturbed field
 * ------------------------------------------------------ */

static void free_constants(fc_formula **list, size_t count) {
  for (size_t i = 0; i < count; i++)
    fc_formula_free(list[i]);
  free(list);
}

/* The d means 1/(i + 1), then the d*d entries of S. */
static fc_status make_constants(fc_formula **list, size_t d) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < d && status == FC_OK; i++)
    status = fc_constant_new_si(list + i, 1, (long)i + 2);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d && status == FC_OK; j++) {
      long quarters = i == j ? 3 : i + 1 == j || j + 1 == i ? 1 : 0;
      status = fc_constant_new_si(list + d + i * d + j, quarters, 4);
    }
  return status;
}

static fc_status new_law(fc_target **law, size_t d) {
  size_t count = d + d * d;
  fc_formula **list = calloc(count, sizeof *list);
  if (!list)
    return FC_MEMORY;
  fc_status status = make_constants(list, d);
  if (status == FC_OK)
    status = fc_target_new_mixture(law, d, 1, NULL, list, list + d, NULL, NULL);
  free_constants(list, count);
  return status;
}

/* Everything that the integrals need. */
typedef struct pair {
  fc_workspace *w;
  int variant;
  fc_target *law;
  fc_flow *flow;         /* Y */
  fc_velocity *velocity; /* w */
  fc_flow *job_flow;     /* X */
  fc_path *path;         /* X_{0,s}, for the second formula */
  fc_time zero[1];
  fc_ptr delta; /* d: v - w */
  fc_ptr point; /* d */
  fc_num size, temp;
} pair;

static void pair_clear(pair *p) {
  const fc_ctx *ctx = p->w->ctx;
  fc_flow_free(p->flow);
  fc_velocity_free(p->velocity);
  fc_target_free(p->law);
  fc_time_clear(p->zero, ctx);
  fc_vec_free(p->delta, p->w->d, ctx);
  fc_vec_free(p->point, p->w->d, ctx);
  fc_clear(p->size, ctx);
  fc_clear(p->temp, ctx);
}

static fc_status bind_law(pair *p) {
  const fc_job *job = p->w->job;
  const fc_ctx *ctx = p->w->ctx;
  fc_status status = new_law(&p->law, p->w->d);
  if (status == FC_OK)
    status =
        fc_flow_new(&p->flow, p->law, job->schedule, FC_FLOW_CLOSED, ctx, NULL);
  if (status == FC_OK)
    status = fc_velocity_new(&p->velocity, p->law, job->schedule, ctx, NULL);
  if (status == FC_OK)
    status = fc_workspace_flow(&p->job_flow, p->w, FC_FLOW_AUTO);
  return status;
}

static fc_status pair_init(pair *p, fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  *p = (pair){.w = w, .variant = detail->variant};
  fc_time_init(p->zero, w->ctx);
  fc_time_set_d(p->zero, 0, false, w->ctx);
  fc_init(p->size, w->ctx);
  fc_init(p->temp, w->ctx);
  p->delta = fc_vec_new(w->d, w->ctx);
  p->point = fc_vec_new(w->d, w->ctx);
  return p->delta && p->point ? bind_law(p) : FC_MEMORY;
}

static fc_status flow_at(const pair *p, fc_flow *flow, const fc_time *s,
                         const fc_time *t, fc_srcptr x, unsigned want) {
  fc_status status = fc_flow_set_times(flow, s, t, NULL);
  return status ? status : fc_workspace_eval_flow(p->w, flow, x, want);
}

/* delta = (v - w)(s, x), size = |v| + |w| (largest entries). */
static fc_status set_delta(pair *p, const fc_time *s, fc_srcptr x) {
  fc_workspace *w = p->w;
  fc_status status = fc_velocity_set_time(w->velocity, s);
  if (status == FC_OK)
    status = fc_velocity_set_time(p->velocity, s);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, x, FC_VELOCITY);
  if (status == FC_OK)
    status = fc_velocity_eval(p->velocity, x, FC_VELOCITY);
  if (status)
    return status;
  fc_srcptr v = fc_velocity_values(w->velocity)->velocity;
  fc_srcptr perturbed = fc_velocity_values(p->velocity)->velocity;
  for (size_t i = 0; i < w->d; i++)
    fc_sub(p->delta + i, v + i, perturbed + i, w->ctx);
  fc_largest(p->size, v, w->d, w->ctx);
  fc_largest(p->temp, perturbed, w->d, w->ctx);
  fc_add(p->size, p->size, p->temp, w->ctx);
  return FC_OK;
}

/* values = A delta, or what the variant makes of it. */
static void apply(fc_ptr values, const pair *p, fc_srcptr A) {
  const fc_ctx *ctx = p->w->ctx;
  size_t d = p->w->d;
  if (p->variant == FC_PERTURBED_NO_JACOBIAN) {
    fc_vec_set(values, p->delta, d, ctx);
    return;
  }
  bool transposed = p->variant == FC_PERTURBED_TRANSPOSED;
  fc_vec_zero(values, d, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      fc_addmul(values + i, A + (transposed ? j * d + i : i * d + j),
                p->delta + j, ctx);
}

/* How far A delta may be off: d (|delta| error(A) + (|A| + |delta|) what the
 * point's error makes of both + |A| rounding of v and w). */
static void set_error(fc_ptr error, pair *p, const fc_flow_value *value,
                      fc_srcptr point_error) {
  const fc_ctx *ctx = p->w->ctx;
  size_t d = p->w->d;
  fc_num A;
  fc_init(A, ctx);
  fc_largest(A, value->jacobian, d * d, ctx);
  fc_mul(error, value->jacobian_error, p->size, ctx);
  fc_add(p->temp, p->size, A, ctx);
  fc_mul(p->temp, p->temp, point_error, ctx);
  fc_mul_2exp_si(p->temp, p->temp, ROUGHNESS_BITS, ctx);
  fc_add(error, error, p->temp, ctx);
  fc_mul(p->temp, A, p->size, ctx);
  fc_mul_2exp_si(p->temp, p->temp, ROUNDING_BITS - ctx->precision, ctx);
  fc_add(error, error, p->temp, ctx);
  fc_mul_si(error, error, (long)d, ctx);
  fc_clear(A, ctx);
}

/* --- the integrands
 * -------------------------------------------------------------- */

/* grad X_{s,t}(Y_s) (v - w)(s, Y_s) */
static fc_status first_integrand(fc_ptr values, fc_ptr error, const fc_time *s,
                                 size_t place, void *data) {
  pair *p = data;
  fc_workspace *w = p->w;
  fc_num point_error;
  (void)place;
  fc_status status = flow_at(p, p->flow, p->zero, s, w->x, FC_FLOW_POSITION);
  if (status)
    return status;
  fc_init(point_error, w->ctx);
  fc_set(point_error, fc_flow_values(p->flow)->x_error, w->ctx);
  fc_vec_set(p->point, fc_flow_values(p->flow)->x, w->d, w->ctx);
  status =
      set_delta(p, s, p->variant == FC_PERTURBED_WRONG_POINT ? w->x : p->point);
  if (status == FC_OK)
    status = flow_at(p, p->job_flow, s, w->time, p->point,
                     FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status == FC_OK) {
    const fc_flow_value *value = fc_flow_values(p->job_flow);
    apply(values, p, value->jacobian);
    set_error(error, p, value, point_error);
  }
  fc_clear(point_error, w->ctx);
  return status;
}

/* grad Y_{s,t}(X_s) (w - v)(s, X_s) */
static fc_status second_integrand(fc_ptr values, fc_ptr error, const fc_time *s,
                                  size_t place, void *data) {
  pair *p = data;
  fc_workspace *w = p->w;
  fc_srcptr x, x_error;
  fc_status status = fc_path_visit(&x, &x_error, p->path, s, place);
  if (status == FC_OK)
    status = set_delta(p, s, p->variant == FC_PERTURBED_WRONG_POINT ? w->x : x);
  if (status == FC_OK)
    status =
        flow_at(p, p->flow, s, w->time, x, FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status)
    return status;
  const fc_flow_value *value = fc_flow_values(p->flow);
  apply(values, p, value->jacobian);
  for (size_t i = 0; i < w->d; i++)
    fc_neg(values + i, values + i, w->ctx);
  set_error(error, p, value, x_error);
  return FC_OK;
}

/* --- the sides
 * -------------------------------------------------------------------- */

/* left = X_t - Y_t; *error. */
static fc_status difference(fc_ptr left, fc_ptr error, pair *p) {
  fc_workspace *w = p->w;
  fc_status status =
      flow_at(p, p->job_flow, p->zero, w->time, w->x, FC_FLOW_POSITION);
  if (status == FC_OK)
    status = flow_at(p, p->flow, p->zero, w->time, w->x, FC_FLOW_POSITION);
  if (status)
    return status;
  const fc_flow_value *X = fc_flow_values(p->job_flow);
  const fc_flow_value *Y = fc_flow_values(p->flow);
  for (size_t i = 0; i < w->d; i++)
    fc_sub(left + i, X->x + i, Y->x + i, w->ctx);
  fc_add(error, X->x_error, Y->x_error, w->ctx);
  return FC_OK;
}

/* Wrong formulas are wrong by much. */
static bool is_coarse(const fc_workspace *w, const pair *p) {
  return w->claim->kind == FC_KIND_CONTROL ||
         (p->variant == FC_PERTURBED_TRANSPOSED &&
          !fc_flow_is_symmetric(w->job));
}

static fc_status integrate(fc_ptr integral, fc_ptr error, pair *p,
                           fc_time_integrand *integrand) {
  fc_workspace *w = p->w;
  fc_status status =
      fc_time_integrate(integral, error, w->d, integrand, p, w, p->zero,
                        fc_time_bits(w, is_coarse(w, p)), NULL);
  /* The nodes moved the velocity to other times. */
  fc_status back = fc_velocity_set_time(w->velocity, w->time);
  return status ? status : back;
}

static fc_status compare(fc_ptr left, fc_ptr right, fc_ptr scale, pair *p,
                         fc_time_integrand *integrand) {
  fc_workspace *w = p->w;
  fc_num error;
  fc_ptr integral = fc_vec_new(w->d, w->ctx);
  if (!integral)
    return FC_MEMORY;
  fc_init(error, w->ctx);
  fc_status status = difference(left, error, p);
  if (status == FC_OK) {
    fc_workspace_raise_error(w, error);
    status = integrate(integral, error, p, integrand);
  }
  if (status == FC_OK) {
    fc_add(error, error, w->error, w->ctx);
    fc_workspace_raise_error(w, error);
    fc_largest(error, integral, w->d, w->ctx);
    const fc_quantity quantities[] = {{"integral", integral, error}};
    status =
        fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 1);
  }
  fc_clear(error, w->ctx);
  fc_vec_free(integral, w->d, w->ctx);
  return status;
}

fc_status fc_sides_first_formula(fc_ptr left, fc_ptr right, fc_ptr scale,
                                 fc_workspace *w) {
  pair p[1];
  if (is_spared(w))
    return FC_DOMAIN;
  fc_status status = pair_init(p, w);
  if (status == FC_OK)
    status = compare(left, right, scale, p, first_integrand);
  pair_clear(p);
  return status;
}

fc_status fc_sides_second_formula(fc_ptr left, fc_ptr right, fc_ptr scale,
                                  fc_workspace *w) {
  pair p[1];
  fc_path path[1];
  if (is_spared(w))
    return FC_DOMAIN;
  fc_status status = pair_init(p, w);
  fc_status made = fc_path_init(path, w);
  p->path = path;
  if (status == FC_OK)
    status = made;
  if (status == FC_OK)
    status = compare(left, right, scale, p, second_integrand);
  for (size_t i = 0; i < w->d && status == FC_OK; i++)
    fc_neg(left + i, left + i, w->ctx); /* Y_t - X_t */
  fc_path_clear(path);
  pair_clear(p);
  return status;
}
