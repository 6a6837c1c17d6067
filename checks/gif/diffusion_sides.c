#include "gif/diffusion_sides.h"

#include "gif/combination.h"
#include "gif/series_probe.h"
#include "matrix/matrix.h"

/* --- the Fokker-Planck equation ------------------------------------------- */

enum { DRIFT, DIFFUSION, TERMS };

/* total += x, size += |x| */
static void add_term(fc_ptr total, fc_ptr size, fc_ptr x, const fc_ctx *ctx) {
  fc_add(total, total, x, ctx);
  fc_abs(x, x, ctx);
  fc_add(size, size, x, ctx);
}

/* What coordinate j contributes: 1 + x_j s_j to the drift, S_jj + s_j^2 to the
 * diffusion, where log p(x + h e_j) = log p + s_j h + S_jj h^2/2 + ... */
static fc_status add_direction(fc_ptr terms, fc_ptr sizes, fc_probe *probe,
                               fc_ptr direction, size_t j) {
  const fc_workspace *w = probe->workspace;
  const fc_ctx *ctx = w->ctx;
  fc_vec_zero(direction, probe->d, ctx);
  fc_set_si(direction + j, 1, ctx);
  fc_probe_place(probe, direction);
  fc_status status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  fc_srcptr log_p = fc_posterior_values(probe->posterior)->log_density;
  fc_srcptr score = fc_series_coeff_src(log_p, 1);
  fc_num x;
  fc_init(x, ctx);
  fc_set_si(x, 1, ctx);
  add_term(terms + DRIFT, sizes + DRIFT, x, ctx);
  fc_mul(x, w->x + j, score, ctx);
  add_term(terms + DRIFT, sizes + DRIFT, x, ctx);
  fc_mul_2exp_si(x, fc_series_coeff_src(log_p, 2), 1, ctx);
  add_term(terms + DIFFUSION, sizes + DIFFUSION, x, ctx);
  fc_sqr(x, score, ctx);
  add_term(terms + DIFFUSION, sizes + DIFFUSION, x, ctx);
  fc_clear(x, ctx);
  return FC_OK;
}

static fc_status add_directions(fc_ptr terms, fc_ptr sizes, fc_workspace *w) {
  fc_probe probe[1];
  fc_ptr direction = fc_vec_new(w->d, w->ctx);
  if (!direction)
    return FC_MEMORY;
  fc_status status = fc_probe_init(probe, w, 3);
  if (status == FC_OK) {
    for (size_t j = 0; j < w->d && status == FC_OK; j++)
      status = add_direction(terms, sizes, probe, direction, j);
    fc_probe_clear(probe);
  }
  fc_vec_free(direction, w->d, w->ctx);
  return status;
}

/* z = d/dt log q = -(d/dtau log p). */
static fc_status rate(fc_ptr z, fc_workspace *w) {
  fc_probe probe[1];
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  status = fc_probe_density_rate(z, probe, NULL);
  fc_neg(z, z, w->ctx);
  fc_probe_clear(probe);
  return status;
}

fc_status fc_sides_fokker_planck(fc_ptr left, fc_ptr right, fc_ptr scale,
                                 fc_workspace *w) {
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_ptr terms = fc_vec_new(TERMS, w->ctx), sizes = fc_vec_new(TERMS, w->ctx);
  fc_status status = terms && sizes ? rate(left, w) : FC_MEMORY;
  if (status == FC_OK)
    status = add_directions(terms, sizes, w);
  if (status == FC_OK) {
    const fc_quantity quantities[] = {
        {"drift", terms + DRIFT, sizes + DRIFT},
        {"diffusion", terms + DIFFUSION, sizes + DIFFUSION}};
    status = fc_combine(right, 1, scale, w, w->claim->formula, quantities, 2);
  }
  fc_vec_free(terms, TERMS, w->ctx);
  fc_vec_free(sizes, TERMS, w->ctx);
  return status;
}

/* --- moments of Gaussians ------------------------------------------------- */

/* Mean and covariance of p_tau as series in tau, from its score and Hessian. */
typedef struct gaussian {
  fc_probe probe[1];
  size_t d;
  fc_ptr mean, covariance, factor; /* series */
  fc_ptr values, sizes, identity;  /* of the base; identity behind values */
} gaussian;

static void gaussian_clear(gaussian *g) {
  size_t d = g->d;
  const fc_ctx *base = g->probe->workspace->ctx;
  fc_vec_free(g->mean, d, g->probe->ctx);
  fc_vec_free(g->covariance, d * d, g->probe->ctx);
  fc_vec_free(g->factor, d * d, g->probe->ctx);
  fc_vec_free(g->values, d * d, base);
  fc_vec_free(g->sizes, 2, base);
  fc_vec_free(g->identity, d * d, base);
  fc_probe_clear(g->probe);
}

/* covariance = (-S)^-1, mean = x + covariance s. */
static fc_status read_moments(gaussian *g) {
  fc_probe *probe = g->probe;
  size_t d = g->d;
  fc_status status = fc_probe_move_time(probe);
  if (status == FC_OK)
    status = fc_probe_posterior(probe, FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN);
  if (status)
    return status;
  const fc_posterior_value *at = fc_posterior_values(probe->posterior);
  for (size_t i = 0; i < d * d; i++)
    fc_neg(g->factor + i, at->score_jacobian + i, probe->ctx);
  status = fc_matrix_cholesky(g->factor, g->factor, d, probe->ctx);
  if (status)
    return status;
  fc_matrix_cholesky_inverse(g->covariance, g->factor, d, probe->ctx);
  fc_matrix_cholesky_solve(g->mean, g->factor, at->score, d, probe->ctx);
  for (size_t i = 0; i < d; i++)
    fc_add(g->mean + i, g->mean + i, probe->x + i, probe->ctx);
  return FC_OK;
}

static fc_status gaussian_init(gaussian *g, fc_workspace *w) {
  size_t d = w->d;
  *g = (gaussian){.d = d};
  fc_status status = fc_probe_init(g->probe, w, 2);
  if (status)
    return status;
  g->mean = fc_vec_new(d, g->probe->ctx);
  g->covariance = fc_vec_new(d * d, g->probe->ctx);
  g->factor = fc_vec_new(d * d, g->probe->ctx);
  g->values = fc_vec_new(d * d, w->ctx);
  g->sizes = fc_vec_new(2, w->ctx);
  g->identity = fc_vec_new(d * d, w->ctx);
  bool made = g->mean && g->covariance && g->factor && g->values && g->sizes &&
              g->identity;
  status = made ? read_moments(g) : FC_MEMORY;
  if (status)
    gaussian_clear(g);
  return status;
}

/* left = -(coefficient 1), values = coefficient 0 of each moment. */
static void split(fc_ptr left, gaussian *g, fc_srcptr moments, size_t count) {
  const fc_ctx *ctx = g->probe->workspace->ctx;
  for (size_t i = 0; i < count; i++) {
    fc_neg(left + i, fc_series_coeff_src(moments + i, 1), ctx);
    fc_set(g->values + i, fc_series_coeff_src(moments + i, 0), ctx);
  }
  fc_largest(g->sizes, g->values, count, ctx);
}

fc_status fc_sides_diffusion_mean(fc_ptr left, fc_ptr right, fc_ptr scale,
                                  fc_workspace *w) {
  gaussian g[1];
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_status status = gaussian_init(g, w);
  if (status)
    return status;
  split(left, g, g->mean, w->d);
  /* The mean is a difference of numbers of the size of x. */
  fc_largest(g->sizes + 1, w->x, w->d, w->ctx);
  fc_max(g->sizes, g->sizes, g->sizes + 1, w->ctx);
  const fc_quantity quantities[] = {{"mean", g->values, g->sizes}};
  status = fc_combine(right, w->d, scale, w, w->claim->formula, quantities, 1);
  /* Where the mean stays 0 under ve, nothing has a size. */
  if (fc_is_zero(scale, w->ctx) == FC_TRUE)
    fc_set_si(scale, 1, w->ctx);
  gaussian_clear(g);
  return status;
}

fc_status fc_sides_diffusion_covariance(fc_ptr left, fc_ptr right, fc_ptr scale,
                                        fc_workspace *w) {
  gaussian g[1];
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_status status = gaussian_init(g, w);
  if (status)
    return status;
  split(left, g, g->covariance, w->d * w->d);
  for (size_t i = 0; i < w->d; i++)
    fc_set_si(g->identity + i * w->d + i, 1, w->ctx);
  fc_set_si(g->sizes + 1, 1, w->ctx);
  const fc_quantity quantities[] = {{"covariance", g->values, g->sizes},
                                    {"I", g->identity, g->sizes + 1}};
  status = fc_combine(right, w->d * w->d, scale, w, w->claim->formula,
                      quantities, 2);
  gaussian_clear(g);
  return status;
}

/* --- the coefficient under the root ----------------------------------------
 */

static fc_status value_of(fc_ptr z, const char *text, fc_workspace *w) {
  return fc_environment_eval_text(z, w->environment, text);
}

fc_status fc_sides_diffusion_coefficient(fc_ptr left, fc_ptr right,
                                         fc_ptr scale, fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  (void)scale;
  fc_status status = value_of(left, detail->text[0], w);
  return status ? status : value_of(right, w->claim->formula, w);
}
