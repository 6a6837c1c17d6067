#include "gif/continuity_weak.h"

#include <math.h>

#include "gif/combination.h"
#include "gif/hypotheses.h"
#include "gif/series_probe.h"

enum { LANDMARKS = 64, DOUBLINGS = 60, MAX_NODES = 4000 };
enum {
  VERDICT_BITS = 24,
  GUARD_BITS = 32
}; /* fewer than a verdict gives
away; for the sums */

const char *fc_needs_line_mixture(const fc_job *job) {
  const char *reason = fc_needs_line(job);
  if (reason)
    return reason;
  return fc_target_isotropic_count(job->instance->target) > 0
             ? NULL
             : "the target is not a mixture of equal Gaussians";
}

size_t fc_length_complex(const fc_job *job) {
  (void)job;
  return 2;
}

/* --- the nodes, in binary64 --------------------------------------------------
 */

typedef struct nodes {
  double low, step;
  long count;
} nodes;

static double log_density(fc_posterior *posterior, fc_srcptr ab, double at,
                          const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  fc_set_d(x, at, ctx);
  double value = -INFINITY;
  if (fc_posterior_eval(posterior, ab, ab + 1, x, FC_WANT_LOG_DENSITY) == FC_OK)
    value = fc_get_d(fc_posterior_values(posterior)->log_density, ctx);
  fc_clear(x, ctx);
  return isfinite(value) ? value : -INFINITY;
}

/* The end of the range on one side: p_t < exp(-depth) beyond. */
static double reach(fc_posterior *posterior, fc_srcptr ab, double from,
                    double step, double depth, const fc_ctx *ctx) {
  for (int i = 0;
       i < DOUBLINGS && log_density(posterior, ab, from + step, ctx) > -depth;
       i++)
    step *= 1.5;
  return from + step;
}

static fc_status hull(double *low, double *high, const fc_target *target,
                      const fc_ctx *ctx) {
  fc_ptr points = NULL;
  size_t count = 0;
  fc_status status =
      fc_target_landmarks(&points, &count, target, LANDMARKS, ctx);
  *low = INFINITY;
  *high = -INFINITY;
  for (size_t i = 0; i < count && status == FC_OK; i++) {
    *low = fmin(*low, fc_get_d(points + i, ctx));
    *high = fmax(*high, fc_get_d(points + i, ctx));
  }
  fc_vec_free(points, count, ctx);
  return status || count ? status : FC_DOMAIN;
}

/* The smallest scale of p_t times a test function of scale 1/2: p_t is a
 * convolution with N(0, a^2), or N(0, a^2 + b^2 sigma^2). */
static double smallest_scale(const fc_job *job, double a, double b) {
  double sigma = 0;
  fc_job_constant(&sigma, job, FC_SIGMA);
  return 1 / sqrt(1 / (a * a + b * b * sigma * sigma) + 4);
}

/* The rule's error is about exp(-2 pi^2 scale^2/step^2). */
static fc_status place_nodes(nodes *n, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  const fc_target *target = w->job->instance->target;
  fc_ctx ctx[1];
  fc_posterior *posterior = NULL;
  double low, high, a = fc_get_d(at->a, w->ctx), b = fc_get_d(at->b, w->ctx);
  double depth = 0.7 * (double)(w->job->precision - VERDICT_BITS) + 20;
  fc_ctx_init_double(ctx);
  fc_ptr ab = fc_vec_new(2, ctx);
  fc_status status =
      ab ? fc_posterior_new(&posterior, target, ctx, NULL) : FC_MEMORY;
  if (status == FC_OK)
    status = hull(&low, &high, target, ctx);
  if (status == FC_OK) {
    fc_set_d(ab, a, ctx);
    fc_set_d(ab + 1, b, ctx);
    n->low = reach(posterior, ab, b * low, -a, depth, ctx);
    high = reach(posterior, ab, b * high, a, depth, ctx);
    n->step = smallest_scale(w->job, a, b) * acos(-1) * sqrt(2 / depth);
    double count = (high - n->low) / n->step;
    n->count = count < MAX_NODES ? (long)count + 1 : 0;
    status = n->count > 0 ? FC_OK : FC_DOMAIN;
  }
  fc_posterior_free(posterior);
  fc_vec_free(ab, 2, ctx);
  return status;
}

/* --- integrals over x
 * ------------------------------------------------------------ */

/* The factors f_0, ... at x. */
typedef fc_status test_function(fc_ptr values, fc_srcptr x, const void *data,
                                const fc_ctx *ctx);

/* What is summed: E[d/dt log p f_0], E[d/dt log p f_1], E[v f_2], E[v f_3] and
 * the same of the magnitudes. */
enum { S_RATE, S_FLUX = FC_TEST_FUNCTIONS, S_COUNT = 2 * FC_TEST_FUNCTIONS };

typedef struct sums {
  fc_ptr value, size; /* S_COUNT */
} sums;

static void add_term(sums *s, int which, fc_srcptr density, fc_srcptr factor,
                     fc_srcptr f, const fc_ctx *ctx) {
  fc_num term;
  fc_init(term, ctx);
  fc_mul(term, density, factor, ctx);
  fc_mul(term, term, f, ctx);
  fc_add(s->value + which, s->value + which, term, ctx);
  fc_abs(term, term, ctx);
  fc_add(s->size + which, s->size + which, term, ctx);
  fc_clear(term, ctx);
}

/* Adds what the node w->x contributes. */
static fc_status add_node(sums *s, fc_probe *probe, test_function *function,
                          const void *data, fc_ptr f) {
  fc_workspace *w = probe->workspace;
  const fc_ctx *ctx = w->ctx;
  fc_num density;
  fc_probe_place(probe, NULL);
  fc_status status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, w->x, FC_VELOCITY);
  if (status == FC_OK)
    status = function(f, w->x, data, ctx);
  if (status)
    return status;
  fc_init(density, ctx);
  fc_ptr log_p = fc_posterior_values(probe->posterior)->log_density;
  fc_srcptr v = fc_velocity_values(w->velocity)->velocity;
  fc_exp(density, fc_series_coeff(log_p, 0), ctx);
  for (int i = 0; i < S_COUNT; i++)
    add_term(s, i, density, i < S_FLUX ? fc_series_coeff(log_p, 1) : v, f + i,
             ctx);
  fc_clear(density, ctx);
  return FC_OK;
}

/* The sums over the nodes, in the workspace's context. */
static fc_status add_nodes(sums *s, const nodes *n, fc_workspace *w,
                           test_function *function, const void *data) {
  fc_probe probe[1];
  fc_num step;
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  fc_init(step, w->ctx);
  fc_ptr f = fc_vec_new(S_COUNT, w->ctx);
  status = f ? fc_probe_move_time(probe) : FC_MEMORY;
  for (long j = 0; j < n->count && status == FC_OK; j++) {
    fc_set_d(w->x, n->low, w->ctx);
    fc_set_d(step, n->step, w->ctx);
    fc_mul_si(step, step, j, w->ctx);
    fc_add(w->x, w->x, step, w->ctx);
    status = add_node(s, probe, function, data, f);
  }
  fc_set_d(step, n->step, w->ctx);
  for (int i = 0; i < S_COUNT; i++) {
    fc_mul(s->value + i, s->value + i, step, w->ctx);
    fc_mul(s->size + i, s->size + i, step, w->ctx);
  }
  fc_vec_free(f, S_COUNT, w->ctx);
  fc_clear(step, w->ctx);
  fc_probe_clear(probe);
  return status;
}

static void workspace_clear(fc_workspace *w) {
  fc_vec_free(w->x, w->d, w->ctx);
  fc_time_clear(w->time, w->ctx);
  fc_velocity_free(w->velocity);
}

/* A workspace of its own for t = 1/2, with as many bits as the nodes deserve:
 * their spacing is chosen for the job's precision, so that more of them would
 * not make the sums better. */
static fc_status workspace_init(fc_workspace *w, const fc_workspace *model) {
  *w = (fc_workspace){.job = model->job, .claim = model->claim, .d = 1};
  if (model->ctx->kind == FC_DOUBLE)
    fc_ctx_init_double(w->ctx);
  else
    fc_ctx_init_mpfr(w->ctx, model->job->precision + GUARD_BITS);
  fc_time_init(w->time, w->ctx);
  fc_time_set_d(w->time, 0.5, false, w->ctx);
  w->x = fc_vec_new(w->d, w->ctx);
  fc_status status = w->x ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_velocity_new(&w->velocity, w->job->instance->target,
                             w->job->schedule, w->ctx, NULL);
  if (status == FC_OK)
    status = fc_velocity_set_time(w->velocity, w->time);
  if (status)
    workspace_clear(w);
  return status;
}

static fc_status sums_init(sums *s, const fc_ctx *ctx) {
  s->value = fc_vec_new(S_COUNT, ctx);
  s->size = fc_vec_new(S_COUNT, ctx);
  return s->value && s->size ? FC_OK : FC_MEMORY;
}

static void sums_clear(sums *s, const fc_ctx *ctx) {
  fc_vec_free(s->value, S_COUNT, ctx);
  fc_vec_free(s->size, S_COUNT, ctx);
}

/* data may hold numbers of the inner workspace's context. */
static fc_status integrate(sums *s, fc_workspace *outer, fc_workspace *inner,
                           test_function *function, const void *data) {
  nodes n;
  sums exact[1];
  fc_status status = place_nodes(&n, inner);
  if (status)
    return status;
  status = sums_init(exact, inner->ctx);
  if (status == FC_OK)
    status = add_nodes(exact, &n, inner, function, data);
  for (int i = 0; i < S_COUNT && status == FC_OK; i++) {
    fc_convert(s->value + i, outer->ctx, exact->value + i, inner->ctx);
    fc_convert(s->size + i, outer->ctx, exact->size + i, inner->ctx);
  }
  sums_clear(exact, inner->ctx);
  return status;
}

/* Only at t = 1/2, for one integral costs as much as a hundred points; balls
 * would need a bound for the rule's error. */
static bool is_spared(const fc_workspace *w) {
  return w->ctx->kind == FC_ARB || fc_get_d(w->time->t, w->ctx) != 0.5;
}

/* scale = max(scale, size) */
static void raise_to(fc_ptr scale, fc_srcptr size, const fc_ctx *ctx) {
  if (fc_cmp_mid(size, scale, ctx) > 0)
    fc_set(scale, size, ctx);
}

/* How large expectations of v are where nothing cancels: |a'| + |b'|. */
static void raise_to_speed(fc_ptr scale, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_num speed;
  fc_init(speed, w->ctx);
  fc_sub(speed, at->db, at->da, w->ctx);
  fc_abs(speed, speed, w->ctx);
  raise_to(scale, speed, w->ctx);
  fc_clear(speed, w->ctx);
}

/* --- the weak form ---------------------------------------------------------
 */

typedef struct functions {
  fc_formula *phi[FC_TEST_FUNCTIONS], *dphi[FC_TEST_FUNCTIONS];
} functions;

static void functions_clear(functions *p) {
  for (int i = 0; i < FC_TEST_FUNCTIONS; i++) {
    fc_formula_free(p->phi[i]);
    fc_formula_free(p->dphi[i]);
  }
}

static fc_status functions_parse(functions *p, const char *const *text) {
  static const char *const names[] = {"x"};
  fc_status status = FC_OK;
  *p = (functions){{NULL}, {NULL}};
  for (int i = 0; i < FC_TEST_FUNCTIONS && status == FC_OK; i++) {
    status = fc_formula_parse(&p->phi[i], text[i], names, 1, NULL, NULL);
    if (status == FC_OK)
      status = fc_formula_diff(&p->dphi[i], p->phi[i], "x", NULL);
  }
  if (status)
    functions_clear(p);
  return status;
}

static fc_status evaluate_functions(fc_ptr values, fc_srcptr x,
                                    const void *data, const fc_ctx *ctx) {
  const functions *p = data;
  fc_status status = FC_OK;
  for (int i = 0; i < FC_TEST_FUNCTIONS && status == FC_OK; i++) {
    status = fc_formula_eval(values + S_RATE + i, p->phi[i], x, ctx);
    if (status == FC_OK)
      status = fc_formula_eval(values + S_FLUX + i, p->dphi[i], x, ctx);
  }
  return status;
}

size_t fc_length_weak(const fc_job *job) {
  (void)job;
  return FC_TEST_FUNCTIONS;
}

fc_status fc_sides_weak(fc_ptr left, fc_ptr right, fc_ptr scale,
                        fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  if (is_spared(w))
    return FC_DOMAIN;
  sums s[1];
  functions p;
  fc_status status = functions_parse(&p, detail->text);
  if (status)
    return status;
  fc_workspace inner[1];
  status = sums_init(s, w->ctx);
  if (status == FC_OK)
    status = workspace_init(inner, w);
  if (status == FC_OK) {
    status = integrate(s, w, inner, evaluate_functions, &p);
    workspace_clear(inner);
  }
  if (status == FC_OK) {
    const fc_quantity flux = {"flux", s->value + S_FLUX, s->size + S_FLUX};
    fc_vec_set(left, s->value + S_RATE, FC_TEST_FUNCTIONS, w->ctx);
    status = fc_combine(right, FC_TEST_FUNCTIONS, scale, w, w->claim->formula,
                        &flux, 1);
    raise_to_speed(scale, w);
  }
  functions_clear(&p);
  sums_clear(s, w->ctx);
  return status;
}

/* --- the characteristic function
 * ------------------------------------------------------ */

/* Nothing, nothing, -sin(w x), cos(w x): i exp(i w x). */
static fc_status evaluate_wave(fc_ptr values, fc_srcptr x, const void *data,
                               const fc_ctx *ctx) {
  fc_num angle;
  fc_init(angle, ctx);
  fc_mul(angle, x, data, ctx);
  fc_vec_zero(values, S_FLUX, ctx);
  fc_sin(values + S_FLUX, angle, ctx);
  fc_neg(values + S_FLUX, values + S_FLUX, ctx);
  fc_cos(values + S_FLUX + 1, angle, ctx);
  fc_clear(angle, ctx);
  return FC_OK;
}

/* With V = a^2 + b^2 sigma^2 and the k-th mean m,
 *   Psi  = sum_k w_k exp(-V w^2/2 + i b w m)
 *   Psi' = sum_k w_k exp(-V w^2/2 + i b w m) (-(V'/2) w^2 + i b' w m),
 * V'/2 = a a' + b b' sigma^2. */
static fc_status characteristic_rate(fc_ptr z, fc_srcptr frequency,
                                     fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  const fc_target *target = w->job->instance->target;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_num sigma2, damping, decay, mean, weight, turn, angle, c, s;
  fc_ptr all[] = {sigma2, damping, decay, mean, weight, turn, angle, c, s};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    fc_init(all[i], ctx);
  if (fc_target_constant(sigma2, NULL, NULL, target, FC_SIGMA, ctx) == FC_OK)
    fc_sqr(sigma2, sigma2, ctx);
  else
    fc_set_si(sigma2, 0, ctx); /* atoms */
  fc_sqr(damping, at->b, ctx); /* exp(-V w^2/2) */
  fc_mul(damping, damping, sigma2, ctx);
  fc_addmul(damping, at->a, at->a, ctx);
  fc_mul(damping, damping, frequency, ctx);
  fc_mul(damping, damping, frequency, ctx);
  fc_mul_2exp_si(damping, damping, -1, ctx);
  fc_neg(damping, damping, ctx);
  fc_exp(damping, damping, ctx);
  fc_mul(decay, at->b, at->db, ctx); /* -(V'/2) w^2 */
  fc_mul(decay, decay, sigma2, ctx);
  fc_add(decay, decay, at->ada, ctx);
  fc_mul(decay, decay, frequency, ctx);
  fc_mul(decay, decay, frequency, ctx);
  fc_neg(decay, decay, ctx);
  fc_vec_zero(z, 2, ctx);
  for (size_t k = 0; k < fc_target_isotropic_count(target); k++) {
    fc_target_isotropic_get(mean, weight, target, k, ctx);
    fc_mul(weight, weight, damping, ctx);
    fc_mul(turn, mean, frequency, ctx);
    fc_mul(angle, turn, at->b, ctx);
    fc_mul(turn, turn, at->db, ctx);
    fc_cos(c, angle, ctx);
    fc_sin(s, angle, ctx);
    fc_mul(c, c, weight, ctx);
    fc_mul(s, s, weight, ctx);
    fc_addmul(z, c, decay, ctx);
    fc_submul(z, s, turn, ctx);
    fc_addmul(z + 1, s, decay, ctx);
    fc_addmul(z + 1, c, turn, ctx);
  }
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    fc_clear(all[i], ctx);
  return FC_OK;
}

/* z = the constant w. */
static fc_status frequency_of(fc_ptr z, const fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  fc_formula *constant = NULL;
  fc_status status = fc_constant_parse(&constant, detail->text[0], NULL, NULL);
  if (status == FC_OK)
    status = fc_constant_eval(z, constant, w->ctx);
  fc_formula_free(constant);
  return status;
}

static fc_status integrate_wave(sums *s, fc_workspace *w) {
  fc_workspace inner[1];
  fc_num frequency;
  fc_status status = workspace_init(inner, w);
  if (status)
    return status;
  fc_init(frequency, inner->ctx);
  status = frequency_of(frequency, inner);
  if (status == FC_OK)
    status = integrate(s, w, inner, evaluate_wave, frequency);
  fc_clear(frequency, inner->ctx);
  workspace_clear(inner);
  return status;
}

fc_status fc_sides_characteristic(fc_ptr left, fc_ptr right, fc_ptr scale,
                                  fc_workspace *w) {
  if (is_spared(w))
    return FC_DOMAIN;
  sums s[1];
  fc_num frequency;
  fc_init(frequency, w->ctx);
  fc_status status = sums_init(s, w->ctx);
  if (status == FC_OK)
    status = frequency_of(frequency, w);
  if (status == FC_OK)
    status = integrate_wave(s, w);
  if (status == FC_OK)
    status = characteristic_rate(left, frequency, w);
  if (status == FC_OK) {
    raise_to(s->size + S_FLUX, s->size + S_FLUX + 1, w->ctx);
    const fc_quantity flux = {"flux", s->value + S_FLUX, s->size + S_FLUX};
    status = fc_combine(right, 2, scale, w, w->claim->formula, &flux, 1);
    raise_to_speed(scale, w);
  }
  fc_clear(frequency, w->ctx);
  sums_clear(s, w->ctx);
  return status;
}
