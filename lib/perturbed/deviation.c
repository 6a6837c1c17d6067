#include "perturbed/deviation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flow.h"
#include "matrix/matrix.h"

enum {
  TOTALS = 3, /* distance, along Y, along X */
  LESS_BITS = 10,
  LEAST_BITS = 12,   /* of a trajectory */
  ROUNDING_BITS = 8, /* that a trajectory may lose of the context's */
  /* of the second run */
  DOUBLE_BITS = 30, /* that binary64 can tell */
  LINE_NODES = 1536,
  PLANE_NODES = 96 /* along one axis */
};

static void each(fc_deviation *m, void (*act)(fc_ptr, const fc_ctx *),
                 const fc_ctx *ctx) {
  fc_ptr const numbers[] = {m->distance,      m->along_y,
                            m->along_x,       m->distance_error,
                            m->along_y_error, m->along_x_error};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

void fc_deviation_init(fc_deviation *m, const fc_ctx *ctx) {
  each(m, fc_init, ctx);
  m->optimal = false;
  m->nodes = 0;
}

void fc_deviation_clear(fc_deviation *m, const fc_ctx *ctx) {
  each(m, fc_clear, ctx);
}

/* --- Gaussians ------------------------------------------------------------ */

/* mean (d) and covariance (d*d), 0 so far, of a Gaussian or a product of them.
 */
static fc_status gaussian_of(fc_ptr mean, fc_ptr covariance,
                             const fc_target *target, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target), first = 0;
  size_t factors = fc_target_factor_count(target);
  fc_status status = FC_OK;
  if (factors == 0)
    return fc_target_gaussian_get(mean, covariance, target, ctx);
  fc_ptr block = fc_vec_new(d * d, ctx);
  if (!block)
    return FC_MEMORY;
  for (size_t k = 0; k < factors && !status; k++) {
    const fc_target *factor = fc_target_factor(target, k);
    size_t n = fc_target_dimension(factor);
    status = gaussian_of(mean + first, block, factor, ctx);
    for (size_t i = 0; i < n; i++)
      fc_vec_set(covariance + (first + i) * d + first, block + i * n, n, ctx);
    fc_vec_zero(block, n * n, ctx);
    first += n;
  }
  fc_vec_free(block, d * d, ctx);
  return status;
}

fc_status fc_gaussian_spectrum(fc_ptr mean, fc_ptr values, fc_ptr vectors,
                               const fc_target *target, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_ptr covariance = fc_vec_new(d * d, ctx);
  if (!covariance)
    return FC_MEMORY;
  fc_status status = gaussian_of(mean, covariance, target, ctx);
  if (!status)
    status = fc_matrix_eigen(values, vectors, covariance, d, ctx);
  fc_vec_free(covariance, d * d, ctx);
  return status;
}

/* --- sums over starting points -------------------------------------------- */

typedef struct work {
  const fc_deviation_plan *plan;
  const fc_ctx *ctx;
  size_t d;
  fc_trajectory *trajectory;
  fc_trajectory *other; /* of the second run: in binary64 where that will do */
  fc_ctx other_ctx[1];
  fc_posterior *end; /* nu */
  fc_flow *back;     /* X_{1,0} */
  fc_num a, b, temp, weight;
  fc_ptr x;      /* d */
  fc_ptr totals; /* TOTALS: the finer run; TOTALS: what the other changes */
  fc_num mass;
  size_t nodes;
  bool at_edge;        /* the node lies where the mesh ends */
  double edge[TOTALS]; /* the largest values there */
} work;

static void work_clear(work *w) {
  const fc_ctx *ctx = w->ctx;
  fc_trajectory_free(w->trajectory);
  fc_trajectory_free(w->other);
  fc_posterior_free(w->end);
  fc_flow_free(w->back);
  fc_clear(w->a, ctx);
  fc_clear(w->b, ctx);
  fc_clear(w->temp, ctx);
  fc_clear(w->weight, ctx);
  fc_clear(w->mass, ctx);
  fc_vec_free(w->x, w->d, ctx);
  fc_vec_free(w->totals, 2 * TOTALS, ctx);
}

static fc_status set_start(work *w) {
  const fc_ctx *ctx = w->ctx;
  fc_schedule_value at[1];
  fc_time zero[1];
  fc_schedule_value_init(at, ctx);
  fc_time_init(zero, ctx);
  fc_time_set_d(zero, 0, false, ctx);
  fc_status status = fc_schedule_eval(at, w->plan->schedule, zero, false, ctx);
  fc_set(w->a, at->a, ctx);
  fc_set(w->b, at->b, ctx);
  fc_schedule_value_clear(at, ctx);
  fc_time_clear(zero, ctx);
  return status;
}

static fc_status set_axis(work *w) {
  fc_ptr axis = fc_vec_new(w->d, w->other_ctx);
  if (!axis)
    return FC_MEMORY;
  for (size_t i = 0; i < w->d; i++)
    fc_convert(axis + i, w->other_ctx, w->plan->axis + i, w->ctx);
  fc_trajectory_set_axis(w->trajectory, w->plan->axis);
  fc_trajectory_set_axis(w->other, axis);
  fc_vec_free(axis, w->d, w->other_ctx);
  return FC_OK;
}

static fc_status work_init(work *w, fc_error *error) {
  const fc_ctx *ctx = w->ctx;
  const fc_deviation_plan *plan = w->plan;
  fc_init(w->a, ctx);
  fc_init(w->b, ctx);
  fc_init(w->temp, ctx);
  fc_init(w->weight, ctx);
  fc_init(w->mass, ctx);
  w->x = fc_vec_new(w->d, ctx);
  w->totals = fc_vec_new(2 * TOTALS, ctx);
  if (!w->x || !w->totals)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status =
      fc_trajectory_new(&w->trajectory, plan->target, plan->schedule,
                        plan->perturbation, ctx, error);
  if (!status)
    status = fc_trajectory_new(&w->other, plan->target, plan->schedule,
                               plan->perturbation, w->other_ctx, error);
  if (!status && plan->axis)
    status = set_axis(w);
  return status ? status : set_start(w);
}

/* values = |Y_1 - X_1|^2 and both integrals by the second run, from the same x.
 */
static fc_status run_other(fc_ptr values, work *w, long bits) {
  const fc_ctx *ctx = w->other_ctx;
  fc_ptr own = fc_vec_new(TOTALS + w->d, ctx);
  if (!own)
    return FC_MEMORY;
  for (size_t i = 0; i < w->d; i++)
    fc_convert(own + TOTALS + i, ctx, w->x + i, w->ctx);
  fc_status status = fc_trajectory_compare(own, w->other, own + TOTALS, bits);
  for (size_t i = 0; i < TOTALS; i++)
    fc_convert(values + i, w->ctx, own + i, ctx);
  fc_vec_free(own, TOTALS + w->d, ctx);
  return status;
}

/* Adds the node w->x with w->weight. */
static fc_status add_node(work *w) {
  const fc_ctx *ctx = w->ctx;
  long least = w->plan->bits > LEAST_BITS ? w->plan->bits : LEAST_BITS;
  long bits = least + LESS_BITS;
  fc_ptr values = fc_vec_new(2 * TOTALS, ctx);
  if (!values)
    return FC_MEMORY;
  fc_status status = fc_trajectory_compare(values, w->trajectory, w->x, bits);
  if (!status)
    status = run_other(values + TOTALS, w, bits - LESS_BITS);
  for (size_t i = 0; i < TOTALS && !status; i++) {
    fc_ptr other = values + TOTALS + i;
    fc_sub(other, other, values + i, ctx);
    fc_abs(other, other, ctx);
    fc_addmul(w->totals + i, values + i, w->weight, ctx);
    fc_addmul(w->totals + TOTALS + i, other, w->weight, ctx);
  }
  fc_trajectory_rounding(w->temp, values, w->trajectory, ROUNDING_BITS);
  fc_addmul(w->totals + TOTALS, w->temp, w->weight, ctx);
  for (size_t i = 0; i < TOTALS && w->at_edge && !status; i++)
    w->edge[i] = fmax(w->edge[i], fc_get_d(values + i, ctx));
  fc_add(w->mass, w->mass, w->weight, ctx);
  w->nodes++;
  fc_vec_free(values, 2 * TOTALS, ctx);
  return status;
}

/* The totals times a factor. */
static void deliver(fc_deviation *m, work *w, fc_srcptr factor) {
  const fc_ctx *ctx = w->ctx;
  fc_ptr const values[] = {m->distance, m->along_y, m->along_x};
  fc_ptr const errors[] = {m->distance_error, m->along_y_error,
                           m->along_x_error};
  for (size_t i = 0; i < TOTALS; i++) {
    fc_mul(values[i], w->totals + i, factor, ctx);
    fc_mul(errors[i], w->totals + TOTALS + i, factor, ctx);
    fc_mul_2exp_si(w->temp, values[i], 12 - ctx->precision, ctx);
    fc_add(errors[i], errors[i], w->temp, ctx);
  }
  m->nodes = w->nodes;
}

/* --- the points of degree two --------------------------------------------- */

/* ends = Y_1 and X_1 (2 d) of the last node. */
static void keep_ends(fc_ptr ends, const work *w) {
  const fc_trajectory_value *t = fc_trajectory_values(w->trajectory);
  fc_vec_set(ends, t->y, w->d, w->ctx);
  fc_vec_set(ends + w->d, t->x, w->d, w->ctx);
}

/* Whether Y_1 keeps the sense in which X_1 maps the line from the node before
 * to the last one: on each axis of commuting symmetric maps this is optimality.
 */
static bool keeps_sense(fc_srcptr before, work *w) {
  const fc_trajectory_value *t = fc_trajectory_values(w->trajectory);
  const fc_ctx *ctx = w->ctx;
  fc_num product, gap;
  fc_init(product, ctx);
  fc_init(gap, ctx);
  for (size_t i = 0; i < w->d; i++) {
    fc_sub(gap, t->y + i, before + i, ctx);
    fc_sub(w->temp, t->x + i, before + w->d + i, ctx);
    fc_addmul(product, gap, w->temp, ctx);
  }
  bool keeps = fc_is_negative(product, ctx) != FC_TRUE;
  fc_clear(product, ctx);
  fc_clear(gap, ctx);
  return keeps;
}

static fc_status by_cubature(fc_deviation *m, work *w) {
  const fc_ctx *ctx = w->ctx;
  size_t d = w->d;
  fc_ptr mean = fc_vec_new(4 * d + d * d, ctx);
  if (!mean)
    return FC_MEMORY;
  fc_ptr values = mean + d, vectors = values + d, ends = vectors + d * d;
  fc_status status =
      fc_gaussian_spectrum(mean, values, vectors, w->plan->target, ctx);
  m->optimal = true;
  fc_set_si(w->weight, 1, ctx);
  fc_div_si(w->weight, w->weight, 2 * (long)d, ctx);
  for (size_t k = 0; k < 2 * d && !status; k++) {
    fc_sqr(w->temp, w->b, ctx); /* V = a^2 + lambda b^2 */
    fc_mul(w->temp, w->temp, values + k / 2, ctx);
    fc_addmul(w->temp, w->a, w->a, ctx);
    fc_mul_si(w->temp, w->temp, (long)d, ctx);
    fc_sqrt(w->temp, w->temp, ctx);
    if (k % 2)
      fc_neg(w->temp, w->temp, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_mul(w->x + i, vectors + k / 2 * d + i, w->temp, ctx);
      fc_addmul(w->x + i, w->b, mean + i, ctx);
    }
    status = add_node(w);
    if (!status && k % 2)
      m->optimal = m->optimal && keeps_sense(ends, w);
    else if (!status)
      keep_ends(ends, w);
  }
  fc_set_si(w->mass, 1, ctx);
  deliver(m, w, w->mass);
  fc_vec_free(mean, 4 * d + d * d, ctx);
  return status;
}

/* --- the trapezoidal rule ------------------------------------------------- */

/* Where nu is, and on what scale it varies, along one axis. */
typedef struct span {
  double low, high, scale;
} span;

/* From the components of the mixture: m_k -+ reach deviations. */
static fc_status set_span(span *s, work *w, size_t axis, double reach) {
  const fc_target *target = w->plan->target;
  size_t d = w->d, count = fc_target_mixture_count(target);
  fc_ctx fast[1];
  fc_ctx_init_double(fast);
  fc_ptr mean = fc_vec_new(d + d * d + 1, fast);
  if (!mean)
    return FC_MEMORY;
  *s = (span){INFINITY, -INFINITY, INFINITY};
  fc_status status = count ? FC_OK : FC_UNSUPPORTED;
  for (size_t k = 0; k < count && !status; k++) {
    status = fc_target_mixture_get(mean, mean + d, mean + d + d * d, target, k,
                                   fast);
    double centre = fc_get_d(mean + axis, fast);
    double deviation = sqrt(fc_get_d(mean + d + axis * (d + 1), fast));
    s->low = fmin(s->low, centre - reach * deviation);
    s->high = fmax(s->high, centre + reach * deviation);
    s->scale = fmin(s->scale, deviation);
  }
  fc_vec_free(mean, d + d * d + 1, fast);
  return status;
}

/* Adds the start that X carries to w->x, weighted with the density there. */
static fc_status add_weighted(work *w) {
  const fc_ctx *ctx = w->ctx;
  fc_set_si(w->a, 0, ctx);
  fc_set_si(w->b, 1, ctx);
  fc_status status =
      fc_posterior_eval(w->end, w->a, w->b, w->x, FC_WANT_LOG_DENSITY);
  fc_exp(w->weight, fc_posterior_values(w->end)->log_density, ctx);
  if (!status)
    status = fc_flow_eval(w->back, w->x, FC_FLOW_POSITION, NULL);
  if (!status)
    fc_vec_set(w->x, fc_flow_values(w->back)->x, w->d, ctx);
  return status ? status : add_node(w);
}

static void place(work *w, size_t axis, const span *s, size_t i, size_t parts) {
  double x = s->low + (s->high - s->low) * (double)i / (double)parts;
  fc_set_d(w->x + axis, x, w->ctx);
}

/* The nodes i/parts, of which the even ones are there already unless first. */
static fc_status add_line(work *w, const span *s, size_t parts, bool first) {
  fc_status status = FC_OK;
  for (size_t i = first ? 0 : 1; i <= parts && !status; i += first ? 1 : 2) {
    place(w, 0, s, i, parts);
    w->at_edge = i == 0 || i == parts;
    status = add_weighted(w);
  }
  return status;
}

static fc_status add_plane(work *w, const span *s, size_t parts, bool first) {
  fc_status status = FC_OK;
  for (size_t i = 0; i <= parts && !status; i++)
    for (size_t j = 0; j <= parts && !status; j++) {
      if (!first && i % 2 == 0 && j % 2 == 0)
        continue;
      place(w, 0, s, i, parts);
      place(w, 1, s + 1, j, parts);
      w->at_edge = i == 0 || i == parts || j == 0 || j == parts;
      status = add_weighted(w);
    }
  return status;
}

/* What halving changed: relative, over the totals that are wanted. */
static double raise_errors(fc_deviation *m, const double before[TOTALS],
                           const fc_ctx *ctx) {
  fc_ptr const values[] = {m->distance, m->along_y, m->along_x};
  fc_ptr const errors[] = {m->distance_error, m->along_y_error,
                           m->along_x_error};
  double most = 0;
  fc_num change;
  fc_init(change, ctx);
  for (size_t i = 0; i < TOTALS; i++) {
    double value = fc_get_d(values[i], ctx), off = fabs(value - before[i]);
    fc_set_d(change, off, ctx);
    fc_add(errors[i], errors[i], change, ctx);
    if (value == value) /* along_x of euler may be NaN */
      most = fmax(most, value > 0 ? off / value : 0);
  }
  fc_clear(change, ctx);
  return most;
}

/* What lies beyond the mesh: a mass of at most d erfc(reach/sqrt 2), with twice
 * the largest values that were seen at its edge. */
static void add_cut(fc_deviation *m, const work *w, double reach) {
  fc_ptr const errors[] = {m->distance_error, m->along_y_error,
                           m->along_x_error};
  double beyond = 2 * (double)w->d * erfc(reach / sqrt(2));
  fc_num cut;
  fc_init(cut, w->ctx);
  for (size_t i = 0; i < TOTALS; i++) {
    fc_set_d(cut, beyond * w->edge[i], w->ctx);
    fc_add(errors[i], errors[i], cut, w->ctx);
  }
  fc_clear(cut, w->ctx);
}

/* X_{1,0} and the density of nu. */
static fc_status set_end(work *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_deviation_plan *plan = w->plan;
  fc_time zero[1], one[1];
  fc_time_init(zero, ctx);
  fc_time_init(one, ctx);
  fc_time_set_d(zero, 0, false, ctx);
  fc_time_set_d(one, 0, true, ctx);
  fc_status status = fc_posterior_new(&w->end, plan->target, ctx, NULL);
  if (!status)
    status = fc_flow_new(&w->back, plan->target, plan->schedule, FC_FLOW_AUTO,
                         ctx, NULL);
  if (!status)
    status = fc_flow_set_times(w->back, one, zero, NULL);
  fc_time_clear(zero, ctx);
  fc_time_clear(one, ctx);
  return status;
}

static fc_status by_trapezia(fc_deviation *m, work *w) {
  const fc_ctx *ctx = w->ctx;
  size_t most = w->d == 1 ? LINE_NODES : PLANE_NODES;
  span s[2] = {{0, 0, 1}, {0, 0, 1}};
  double before[TOTALS] = {0, 0, 0};
  double reach = sqrt(2 * 0.6931 * (double)(w->plan->bits + 6));
  fc_status status = set_end(w);
  for (size_t axis = 0; axis < w->d && !status; axis++)
    status = set_span(&s[axis], w, axis, reach);
  if (status)
    return status;
  double width = s[0].high - s[0].low;
  for (size_t axis = 1; axis < w->d; axis++)
    width = fmax(width, s[axis].high - s[axis].low);
  size_t parts = (size_t)fmin(ceil(width / s[0].scale / 2) * 2, 1e6);
  for (bool first = true; parts <= most && !status; parts *= 2, first = false) {
    status = (w->d == 1 ? add_line : add_plane)(w, s, parts, first);
    if (status)
      return status;
    fc_inv(w->weight, w->mass, ctx); /* nu has the mass 1 */
    deliver(m, w, w->weight);
    double change = raise_errors(m, before, ctx);
    add_cut(m, w, reach);
    if (!first && change <= ldexp(1, (int)-w->plan->bits))
      return FC_OK;
    before[0] = fc_get_d(m->distance, ctx);
    before[1] = fc_get_d(m->along_y, ctx);
    before[2] = fc_get_d(m->along_x, ctx);
  }
  return status ? status : FC_BUDGET;
}

/* On the line both flows are increasing where w is a Lipschitz field. */
fc_status fc_deviation_compute(fc_deviation *m, const fc_deviation_plan *plan,
                               const fc_ctx *ctx, fc_error *error) {
  work w[1] = {{.plan = plan, .ctx = ctx}};
  w->d = fc_target_dimension(plan->target);
  if (plan->bits <= DOUBLE_BITS)
    fc_ctx_init_double(w->other_ctx);
  else
    w->other_ctx[0] = *ctx;
  bool exact = plan->affine && fc_target_is_gaussian(plan->target);
  if (!exact && w->d > 2)
    return fc_fail(error, FC_UNSUPPORTED,
                   "beyond the plane only Gaussians with affine fields");
  fc_status status = work_init(w, error);
  if (!status)
    status = exact ? by_cubature(m, w) : by_trapezia(m, w);
  if (!exact)
    m->optimal = w->d == 1 && plan->perturbation->kind != FC_PERTURB_EULER;
  work_clear(w);
  return status ? fc_fail(error, status, "the starting points: %s",
                          fc_status_text(status))
                : FC_OK;
}
