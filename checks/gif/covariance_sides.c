#include "gif/covariance_sides.h"

#include "gif/combination.h"
#include "gif/moments.h"
#include "gif/series_probe.h"

/* C at the workspace's point, owned by its posterior. */
static fc_status covariance(fc_srcptr *C, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  *C = fc_posterior_values(posterior)->covariance;
  return fc_posterior_eval(posterior, at->a, at->b, w->x, FC_WANT_COVARIANCE);
}

/* z = 1/a^2, to which curvatures of log p_t are known. */
static void noise_curvature(fc_ptr z, const fc_workspace *w) {
  fc_sqr(z, fc_velocity_schedule(w->velocity)->a, w->ctx);
  fc_inv(z, z, w->ctx);
}

/* z[i*d+j] = d v_i/d x_j by series. */
static fc_status jacobian(fc_ptr z, fc_workspace *w) {
  fc_probe probe[1];
  size_t d = w->d;
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  fc_ptr e = fc_vec_new(d, w->ctx);
  status = e ? FC_OK : FC_MEMORY;
  for (size_t j = 0; j < d && status == FC_OK; j++) {
    fc_direction(e, j, d, w->ctx);
    fc_probe_place(probe, e);
    status = fc_probe_velocity(probe);
    for (size_t i = 0; i < d && status == FC_OK; i++)
      fc_set(z + i * d + j, fc_series_coeff(probe->v + i, 1), w->ctx);
  }
  fc_vec_free(e, d, w->ctx);
  fc_probe_clear(probe);
  return status;
}

/* z = max(z, x). */
static void raise(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {
  if (!fc_is_finite(x, ctx) || fc_cmp_mid(x, z, ctx) > 0)
    fc_set(z, x, ctx);
}

/* --- along directions ----------------------------------------------------- */

/* z = d^2/dh^2 log p_t(x + h e); the probe has length 3. */
static fc_status density_along(fc_ptr z, fc_probe *probe, fc_srcptr e) {
  fc_probe_place(probe, e);
  fc_status status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  if (status == FC_OK)
    fc_mul_2exp_si(
        z,
        fc_series_coeff(fc_posterior_values(probe->posterior)->log_density, 2),
        1, probe->workspace->ctx);
  return status;
}

/* Per direction: e, then e^T C e or e^T H e, and |e|^2. */
typedef struct directions {
  fc_workspace *w;
  fc_probe probe[1];
  size_t count;
  fc_ptr e, A, I;
  fc_num size_A, size_I;
} directions;

static void directions_clear(directions *s) {
  const fc_ctx *ctx = s->w->ctx;
  fc_vec_free(s->e, s->w->d, ctx);
  fc_vec_free(s->A, s->count, ctx);
  fc_vec_free(s->I, s->count, ctx);
  fc_clear(s->size_A, ctx);
  fc_clear(s->size_I, ctx);
  fc_probe_clear(s->probe);
}

static fc_status directions_init(directions *s, fc_workspace *w) {
  if (fc_point_rests(w))
    return FC_DOMAIN;
  s->w = w;
  fc_status status = fc_probe_init(s->probe, w, 3);
  if (status)
    return status;
  s->count = fc_length_directions(w->job);
  fc_init(s->size_A, w->ctx);
  fc_init(s->size_I, w->ctx);
  s->e = fc_vec_new(w->d, w->ctx);
  s->A = fc_vec_new(s->count, w->ctx);
  s->I = fc_vec_new(s->count, w->ctx);
  if (!s->e || !s->A || !s->I)
    status = FC_MEMORY;
  if (status)
    directions_clear(s);
  return status;
}

/* Points e at direction k and fills I there. */
static void choose(directions *s, size_t k) {
  const fc_ctx *ctx = s->w->ctx;
  fc_direction(s->e, k, s->w->d, ctx);
  fc_set_si(s->I + k, 0, ctx);
  for (size_t i = 0; i < s->w->d; i++)
    fc_addmul(s->I + k, s->e + i, s->e + i, ctx);
}

/* right = the formula in `name` (A) and I. */
static fc_status finish(fc_ptr right, fc_ptr scale, directions *s,
                        const char *name) {
  fc_largest(s->size_I, s->I, s->count, s->w->ctx);
  const fc_quantity quantities[] = {{name, s->A, s->size_A},
                                    {"I", s->I, s->size_I}};
  return fc_combine(right, s->count, scale, s->w, s->w->claim->formula,
                    quantities, 2);
}

fc_status fc_sides_score(fc_ptr left, fc_ptr right, fc_ptr scale,
                         fc_workspace *w) {
  directions s[1];
  fc_srcptr C;
  fc_status status = directions_init(s, w);
  if (status)
    return status;
  status = covariance(&C, w);
  for (size_t k = 0; k < s->count && status == FC_OK; k++) {
    choose(s, k);
    fc_quadratic_form(s->A + k, C, s->e, w->d, w->ctx);
    status = density_along(left + k, s->probe, s->e);
  }
  fc_largest(s->size_A, s->A, s->count, w->ctx);
  if (status == FC_OK)
    status = finish(right, scale, s, "C");
  directions_clear(s);
  return status;
}

fc_status fc_sides_tilted(fc_ptr left, fc_ptr right, fc_ptr scale,
                          fc_workspace *w) {
  directions s[1];
  fc_num gauss;
  fc_status status = directions_init(s, w);
  if (status)
    return status;
  fc_ptr J = fc_vec_new(w->d * w->d, w->ctx);
  fc_init(gauss, w->ctx);
  status = J ? jacobian(J, w) : FC_MEMORY;
  for (size_t k = 0; k < s->count && status == FC_OK; k++) {
    choose(s, k);
    fc_quadratic_form(left + k, J, s->e, w->d, w->ctx);
    status = density_along(s->A + k, s->probe, s->e);
    fc_div(gauss, s->I + k, fc_velocity_schedule(w->velocity)->rho2, w->ctx);
    fc_add(s->A + k, s->A + k, gauss, w->ctx);
  }
  fc_largest(s->size_A, s->A, s->count, w->ctx);
  noise_curvature(gauss, w);
  fc_add(s->size_A, s->size_A, gauss, w->ctx);
  if (status == FC_OK)
    status = finish(right, scale, s, "H");
  fc_clear(gauss, w->ctx);
  fc_vec_free(J, w->d * w->d, w->ctx);
  directions_clear(s);
  return status;
}

/* --- (4.1) ---------------------------------------------------------------- */

/* The y at which log p(y|t,x) is differentiated: 0, (1, ..., 1) and x. */
enum { Y_COUNT = 3 };

size_t fc_length_posterior(const fc_job *job) {
  return Y_COUNT * fc_length_directions(job);
}

/* rest = |x + h e - b y|^2/(2a^2). */
static void noise_exponent(fc_probe *probe, int which) {
  const fc_ctx *ctx = probe->ctx;
  const fc_workspace *w = probe->workspace;
  fc_set_si(probe->rest, 0, ctx);
  for (size_t i = 0; i < probe->d; i++) {
    if (which == 2)
      fc_convert(probe->keep, ctx, w->x + i, w->ctx);
    else
      fc_set_si(probe->keep, which, ctx);
    fc_mul(probe->keep, probe->keep, probe->at->b, ctx);
    fc_sub(probe->keep, probe->x + i, probe->keep, ctx);
    fc_addmul(probe->rest, probe->keep, probe->keep, ctx);
  }
  fc_div(probe->rest, probe->rest, probe->at->a, ctx);
  fc_div(probe->rest, probe->rest, probe->at->a, ctx);
  fc_mul_2exp_si(probe->rest, probe->rest, -1, ctx);
}

/* z, z + stride, ... = d^2/dh^2 of log p(y|t,x+he) = log nu(y)
 * - |x + h e - b y|^2/(2a^2) - log p_t(x + h e) + const for each y; log nu(y)
 * does not depend on x. */
static fc_status posterior_along(fc_ptr z, size_t stride, fc_probe *probe,
                                 fc_srcptr e) {
  fc_srcptr log_density = fc_posterior_values(probe->posterior)->log_density;
  fc_probe_place(probe, e);
  fc_status status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  for (int which = 0; which < Y_COUNT && status == FC_OK; which++) {
    noise_exponent(probe, which);
    fc_add(probe->rest, probe->rest, log_density, probe->ctx);
    fc_mul_si(z + (size_t)which * stride, fc_series_coeff(probe->rest, 2), -2,
              probe->workspace->ctx);
  }
  return status;
}

fc_status fc_sides_posterior(fc_ptr left, fc_ptr right, fc_ptr scale,
                             fc_workspace *w) {
  directions s[1];
  fc_srcptr C;
  fc_status status = directions_init(s, w);
  if (status)
    return status;
  status = covariance(&C, w);
  for (size_t k = 0; k < s->count && status == FC_OK; k++) {
    choose(s, k);
    fc_quadratic_form(s->A + k, C, s->e, w->d, w->ctx);
    status = posterior_along(left + k, s->count, s->probe, s->e);
  }
  fc_largest(s->size_A, s->A, s->count, w->ctx);
  if (status == FC_OK)
    status = finish(right, scale, s, "C");
  for (size_t y = 1; y < Y_COUNT && status == FC_OK; y++)
    fc_vec_set(right + y * s->count, right, s->count, w->ctx);
  noise_curvature(s->size_A, w);
  raise(scale, s->size_A, w->ctx);
  directions_clear(s);
  return status;
}

/* --- (4.3) and Remark 4.1 ------------------------------------------------- */

fc_status fc_sides_velocity(fc_ptr left, fc_ptr right, fc_ptr scale,
                            fc_workspace *w) {
  fc_srcptr C;
  fc_num size, one;
  fc_status status = fc_point_rests(w) ? FC_DOMAIN : jacobian(left, w);
  if (status == FC_OK)
    status = covariance(&C, w);
  fc_ptr I = status ? NULL : fc_vec_new(w->d * w->d, w->ctx);
  if (!I)
    return status ? status : FC_MEMORY;
  fc_init(size, w->ctx);
  fc_init(one, w->ctx);
  fc_set_si(one, 1, w->ctx);
  for (size_t i = 0; i < w->d; i++)
    fc_set_si(I + i * (w->d + 1), 1, w->ctx);
  fc_largest(size, C, w->d * w->d, w->ctx);
  const fc_quantity quantities[] = {{"C", C, size}, {"I", I, one}};
  status = fc_combine(right, w->d * w->d, scale, w, w->claim->formula,
                      quantities, 2);
  fc_clear(size, w->ctx);
  fc_clear(one, w->ctx);
  fc_vec_free(I, w->d * w->d, w->ctx);
  return status;
}

fc_status fc_sides_snr(fc_ptr left, fc_ptr right, fc_ptr scale,
                       fc_workspace *w) {
  fc_probe probe[1];
  (void)scale;
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  status = fc_probe_move_time(probe);
  if (status == FC_OK) {
    fc_div(probe->keep, probe->at->b, probe->at->a, probe->ctx);
    fc_sqr(probe->keep, probe->keep, probe->ctx);
    fc_set(left, fc_series_coeff(probe->keep, 1), w->ctx);
  }
  fc_probe_clear(probe);
  return status ? status
                : fc_environment_eval_text(right, w->environment,
                                           w->claim->formula);
}

/* --- Appendix F ----------------------------------------------------------- */

/* z_j = d/dx_j Tr C by series. */
static fc_status trace_gradient(fc_ptr z, fc_workspace *w) {
  fc_probe probe[1];
  size_t d = w->d;
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  fc_ptr e = fc_vec_new(d, w->ctx);
  status = e ? FC_OK : FC_MEMORY;
  for (size_t j = 0; j < d && status == FC_OK; j++) {
    fc_direction(e, j, d, w->ctx);
    fc_probe_place(probe, e);
    status = fc_probe_posterior(probe, FC_WANT_COVARIANCE);
    fc_ptr C = fc_posterior_values(probe->posterior)->covariance;
    fc_set_si(z + j, 0, w->ctx);
    for (size_t i = 0; i < d && status == FC_OK; i++)
      fc_add(z + j, z + j, fc_series_coeff(C + i * (d + 1), 1), w->ctx);
  }
  fc_vec_free(e, d, w->ctx);
  fc_probe_clear(probe);
  return status;
}

fc_status fc_sides_trace(fc_ptr left, fc_ptr right, fc_ptr scale,
                         fc_workspace *w) {
  fc_moments m[1];
  fc_status status = fc_point_rests(w) ? FC_DOMAIN : trace_gradient(left, w);
  if (status == FC_OK)
    status = fc_moments_init(m, w);
  if (status)
    return status;
  const fc_quantity quantities[] = {{"M3", m->M3, m->size_M3},
                                    {"M2M1", m->M2M1, m->size_M3},
                                    {"CM1", m->CM1, m->size_CM1}};
  status = fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 3);
  fc_moments_clear(m);
  return status;
}

/* z = d/dt s by series. */
static fc_status score_rate(fc_ptr z, fc_workspace *w) {
  fc_probe probe[1];
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  status = fc_probe_move_time(probe);
  if (status == FC_OK)
    status = fc_probe_posterior(probe, FC_WANT_SCORE);
  fc_ptr score = fc_posterior_values(probe->posterior)->score;
  for (size_t i = 0; i < w->d && status == FC_OK; i++)
    fc_set(z + i, fc_series_coeff(score + i, 1), w->ctx);
  fc_probe_clear(probe);
  return status;
}

/* z = A y. */
static void product(fc_ptr z, fc_srcptr A, fc_srcptr y, size_t d,
                    const fc_ctx *ctx) {
  fc_vec_zero(z, d, ctx);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      fc_addmul(z + i, A + i * d + j, y + j, ctx);
}

/* Sv, Js and G one after another; G = grad of Tr grad v = (b omega/a^3) Tr C
 * + d a'/a. */
static fc_status rate_terms(fc_ptr terms, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  size_t d = w->d;
  fc_status status =
      fc_velocity_eval(w->velocity, w->x, FC_VELOCITY | FC_VELOCITY_JACOBIAN);
  if (status == FC_OK)
    status = fc_posterior_eval(posterior, at->a, at->b, w->x,
                               FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN);
  if (status == FC_OK)
    status = trace_gradient(terms + 2 * d, w);
  if (status)
    return status;
  const fc_velocity_value *v = fc_velocity_values(w->velocity);
  const fc_posterior_value *p = fc_posterior_values(posterior);
  product(terms, p->score_jacobian, v->velocity, d, w->ctx);
  product(terms + d, v->jacobian, p->score, d, w->ctx);
  for (size_t j = 0; j < d; j++) {
    fc_ptr G = terms + 2 * d + j;
    fc_mul(G, G, at->b, w->ctx);
    fc_mul(G, G, at->omega, w->ctx);
    for (int i = 0; i < 3; i++)
      fc_div(G, G, at->a, w->ctx);
  }
  return FC_OK;
}

/* What the terms are known to: a gradient of s to (b^2/a^4) Tr C + 1/a^2, v to
 * |a'| + |b'| sqrt(M2), G to (b^2 omega/a^5) (Tr C)^(3/2). */
#define SIZE_PRODUCTS "(b^2/a^4*trace + 1/a^2)*(abs(da) + db*root)"
#define SIZE_G "b^2*omega/a^5*trace^(3/2)"

static fc_status rate_size(fc_ptr size, fc_srcptr terms, fc_workspace *w) {
  static const char *const names[] = {"trace", "root"};
  fc_moments m[1];
  fc_formula *formula = NULL;
  fc_status status = fc_moments_init(m, w);
  if (status)
    return status;
  fc_ptr values = fc_vec_new(2, w->ctx);
  if (!values)
    status = FC_MEMORY;
  if (status == FC_OK)
    status = fc_bound_parse_further(&formula, SIZE_PRODUCTS " + " SIZE_G, names,
                                    2, NULL);
  if (status == FC_OK) {
    fc_set(values, m->trace, w->ctx);
    fc_set(values + 1, m->root, w->ctx);
    status =
        fc_environment_eval_further(size, w->environment, formula, values, 2);
    fc_largest(values, terms, 3 * w->d, w->ctx);
    raise(size, values, w->ctx);
  }
  fc_formula_free(formula);
  fc_vec_free(values, 2, w->ctx);
  fc_moments_clear(m);
  return status;
}

fc_status fc_sides_score_rate(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  fc_num size;
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_ptr terms = fc_vec_new(3 * w->d, w->ctx);
  if (!terms)
    return FC_MEMORY;
  fc_init(size, w->ctx);
  fc_status status = score_rate(left, w);
  if (status == FC_OK)
    status = rate_terms(terms, w);
  if (status == FC_OK)
    status = rate_size(size, terms, w);
  const fc_quantity quantities[] = {{"Sv", terms, size},
                                    {"Js", terms + w->d, size},
                                    {"G", terms + 2 * w->d, size}};
  if (status == FC_OK)
    status =
        fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 3);
  fc_clear(size, w->ctx);
  fc_vec_free(terms, 3 * w->d, w->ctx);
  return status;
}
