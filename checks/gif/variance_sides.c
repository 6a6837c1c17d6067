#include "gif/variance_sides.h"

#include "claims/decision.h"
#include "gif/line_quadrature.h"
#include "gif/series_probe.h"
#include "matrix/matrix.h"

enum { FUNCTIONS = 3 }; /* y, y^2, sin y */

/* E 1 and E U''; then per function E f, E f^2, E f' and E of the formula. */
enum { E_ONE, E_CURVATURE, COMMON };
enum { E_F, E_FF, E_DF, E_FORMULA, PER_FUNCTION };
enum { INTEGRALS = COMMON + FUNCTIONS * PER_FUNCTION };

static const char *const inside_names[] = {"df", "ddU"};
static const char *const outside_names[] = {"Edf", "EddU"};

size_t fc_length_variance(const fc_job *job) {
  (void)job;
  return FUNCTIONS;
}

/* --- functions f and their derivatives ------------------------------------ */

static void function(fc_ptr f, fc_ptr df, fc_srcptr y, int which,
                     const fc_ctx *ctx) {
  if (which == 0) {
    fc_set(f, y, ctx);
    fc_set_si(df, 1, ctx);
  } else if (which == 1) {
    fc_sqr(f, y, ctx);
    fc_mul_2exp_si(df, y, 1, ctx);
  } else {
    fc_sin(f, y, ctx);
    fc_cos(df, y, ctx);
  }
}

/* --- expectations on the line --------------------------------------------- */

typedef struct expectations {
  fc_workspace *w;
  fc_formula *formula; /* inside: in df, ddU; outside: in Edf, EddU */
  bool inside;
  int functions;  /* how many of them are needed */
  fc_ptr further; /* df, ddU */
  fc_num f;
  fc_ptr centre; /* f at a point where the weight is large, per function */
  fc_ptr E;      /* INTEGRALS */
} expectations;

static void expectations_clear(expectations *e) {
  const fc_ctx *ctx = e->w->ctx;
  fc_formula_free(e->formula);
  fc_vec_free(e->further, 2, ctx);
  fc_vec_free(e->centre, FUNCTIONS, ctx);
  fc_vec_free(e->E, INTEGRALS, ctx);
  fc_clear(e->f, ctx);
}

/* An fc_line_integrand. */
static fc_status integrand(fc_ptr values, const fc_line_node *node,
                           void *data) {
  expectations *e = data;
  const fc_ctx *ctx = e->w->ctx;
  fc_status status = FC_OK;
  for (int k = 0; k < e->functions && status == FC_OK; k++) {
    fc_ptr z = values + COMMON + k * PER_FUNCTION;
    function(e->f, e->further, node->y, k, ctx);
    fc_sub(e->f, e->f, e->centre + k, ctx);
    fc_mul(z + E_F, e->f, node->weight, ctx);
    fc_mul(z + E_FF, z + E_F, e->f, ctx);
    fc_mul(z + E_DF, e->further, node->weight, ctx);
    if (!e->inside)
      continue;
    fc_set(e->further + 1, node->ddU, ctx);
    status = fc_environment_eval_further(z + E_FORMULA, e->w->environment,
                                         e->formula, e->further, 2);
    fc_mul(z + E_FORMULA, z + E_FORMULA, node->weight, ctx);
  }
  fc_set(values + E_ONE, node->weight, ctx);
  fc_mul(values + E_CURVATURE, node->weight, node->ddU, ctx);
  return status;
}

/* The functions' values at the posterior mean: subtracting a constant does not
 * change a variance, and keeps the digits of small ones. */
static fc_status choose_centre(expectations *e) {
  fc_workspace *w = e->w;
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  fc_status status =
      fc_posterior_eval(posterior, at->a, at->b, w->x, FC_WANT_MEAN);
  for (int k = 0; k < e->functions && status == FC_OK; k++)
    function(e->centre + k, e->further, fc_posterior_values(posterior)->mean, k,
             w->ctx);
  return status;
}

static fc_status expectations_init(expectations *e, fc_workspace *w,
                                   int functions) {
  const fc_pointwise_detail *detail = w->claim->detail;
  *e = (expectations){.w = w,
                      .inside = detail->variant == FC_VARIANCE_INSIDE,
                      .functions = functions,
                      .further = fc_vec_new(2, w->ctx),
                      .centre = fc_vec_new(FUNCTIONS, w->ctx),
                      .E = fc_vec_new(INTEGRALS, w->ctx)};
  fc_init(e->f, w->ctx);
  fc_status status = e->further && e->centre && e->E ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = fc_bound_parse_further(&e->formula, w->claim->formula,
                                    e->inside ? inside_names : outside_names, 2,
                                    NULL);
  if (status == FC_OK)
    status = choose_centre(e);
  int count = COMMON + functions * PER_FUNCTION;
  if (status == FC_OK)
    status = fc_line_integrate(e->E, (size_t)count, integrand, e, w,
                               fc_line_bits(w));
  for (int i = 0; i < count && status == FC_OK; i++)
    if (i != E_ONE)
      fc_div(e->E + i, e->E + i, e->E + E_ONE, w->ctx);
  if (status)
    expectations_clear(e);
  return status;
}

/* z = the right side for function k. */
static fc_status right_side(fc_ptr z, expectations *e, int k) {
  const fc_ctx *ctx = e->w->ctx;
  fc_srcptr E = e->E + COMMON + k * PER_FUNCTION;
  if (e->inside) {
    fc_set(z, E + E_FORMULA, ctx);
    return FC_OK;
  }
  fc_set(e->further, E + E_DF, ctx);
  fc_set(e->further + 1, e->E + E_CURVATURE, ctx);
  return fc_environment_eval_further(z, e->w->environment, e->formula,
                                     e->further, 2);
}

/* True where U_post'' = U'' + u^2 is known to be positive everywhere: kappa +
 * u^2 > 0.  What stands outside the expectation needs no such thing. */
static bool strictly_convex(const fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  fc_num z;
  if (detail->variant != FC_VARIANCE_INSIDE)
    return true;
  fc_init(z, w->ctx);
  bool positive =
      fc_environment_eval_text(z, w->environment, "kappa + b^2/a^2") == FC_OK &&
      fc_is_positive(z, w->ctx) == FC_TRUE;
  fc_clear(z, w->ctx);
  return positive;
}

static bool rests(const fc_workspace *w) {
  return (w->claim->kind != FC_KIND_CONTROL && fc_point_rests(w)) ||
         !strictly_convex(w);
}

fc_status fc_sides_variance(fc_ptr left, fc_ptr right, fc_ptr scale,
                            fc_workspace *w) {
  expectations e[1];
  (void)scale;
  fc_status status = rests(w) ? FC_DOMAIN : expectations_init(e, w, FUNCTIONS);
  if (status)
    return status;
  for (int k = 0; k < FUNCTIONS && status == FC_OK; k++) {
    fc_srcptr E = e->E + COMMON + k * PER_FUNCTION;
    fc_set(left + k, E + E_FF, w->ctx);
    fc_submul(left + k, E + E_F, E + E_F, w->ctx);
    status = right_side(right + k, e, k);
  }
  expectations_clear(e);
  return status;
}

/* --- the covariance ------------------------------------------------------- */

static fc_status covariance(fc_srcptr *C, fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  *C = fc_posterior_values(posterior)->covariance;
  return fc_posterior_eval(posterior, at->a, at->b, w->x, FC_WANT_COVARIANCE);
}

static fc_status covariance_line(fc_ptr left, fc_ptr right, fc_workspace *w) {
  expectations e[1];
  fc_srcptr C;
  fc_status status = expectations_init(e, w, 1);
  if (status)
    return status;
  status = covariance(&C, w);
  if (status == FC_OK) {
    fc_set(left, C, w->ctx);
    status = right_side(right, e, 0);
  }
  expectations_clear(e);
  return status;
}

/* values, vectors = eigenvalues and eigenvectors of hess U, constant for a
 * Gaussian: minus the score's Jacobian at a = 0, b = 1. */
static fc_status target_curvature(fc_ptr values, fc_ptr vectors,
                                  fc_workspace *w) {
  fc_posterior *posterior = fc_velocity_posterior(w->velocity);
  size_t d = w->d;
  fc_num zero, one;
  fc_ptr H = fc_vec_new(d * d, w->ctx);
  fc_init(zero, w->ctx);
  fc_init(one, w->ctx);
  fc_set_si(one, 1, w->ctx);
  fc_status status =
      H ? fc_posterior_eval(posterior, zero, one, w->x, FC_WANT_SCORE_JACOBIAN)
        : FC_MEMORY;
  for (size_t i = 0; i < d * d && status == FC_OK; i++)
    fc_neg(H + i, fc_posterior_values(posterior)->score_jacobian + i, w->ctx);
  if (status == FC_OK)
    status = fc_matrix_eigen(values, vectors, H, d, w->ctx);
  fc_clear(zero, w->ctx);
  fc_clear(one, w->ctx);
  fc_vec_free(H, d * d, w->ctx);
  return status;
}

/* f_k = the formula at the k-th eigenvalue of hess U, with f' = 1. */
static fc_status of_eigenvalues(fc_ptr f, fc_srcptr values, fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  bool inside = detail->variant == FC_VARIANCE_INSIDE;
  fc_formula *formula = NULL;
  fc_ptr further = fc_vec_new(2, w->ctx);
  fc_status status = further ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_bound_parse_further(&formula, w->claim->formula,
                               inside ? inside_names : outside_names, 2, NULL);
  for (size_t k = 0; k < w->d && status == FC_OK; k++) {
    fc_set_si(further, 1, w->ctx);
    fc_set(further + 1, values + k, w->ctx);
    status =
        fc_environment_eval_further(f + k, w->environment, formula, further, 2);
  }
  fc_formula_free(formula);
  fc_vec_free(further, 2, w->ctx);
  return status;
}

/* left, right = e^T A e for e = sum of the eigenvectors that direction k names.
 */
static void along(fc_ptr left, fc_ptr right, size_t k, fc_srcptr C,
                  fc_srcptr vectors, fc_srcptr f, fc_ptr names, fc_ptr e,
                  fc_workspace *w) {
  size_t d = w->d;
  fc_direction(names, k, d, w->ctx);
  fc_vec_zero(e, d, w->ctx);
  fc_set_si(right, 0, w->ctx);
  for (size_t i = 0; i < d; i++) {
    fc_addmul(right, names + i, f + i, w->ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(e + j, names + i, vectors + i * d + j, w->ctx);
  }
  fc_quadratic_form(left, C, e, d, w->ctx);
}

static fc_status covariance_gaussian(fc_ptr left, fc_ptr right,
                                     fc_workspace *w) {
  size_t d = w->d;
  if (w->ctx->kind == FC_ARB) /* eigenvectors are not enclosed there */
    return FC_DOMAIN;
  fc_ptr all = fc_vec_new(d * (d + 4), w->ctx);
  if (!all)
    return FC_MEMORY;
  fc_ptr vectors = all, values = all + d * d, f = values + d;
  fc_srcptr C;
  fc_status status = target_curvature(values, vectors, w);
  if (status == FC_OK)
    status = of_eigenvalues(f, values, w);
  if (status == FC_OK)
    status = covariance(&C, w);
  for (size_t k = 0; k < d * (d + 1) / 2 && status == FC_OK; k++)
    along(left + k, right + k, k, C, vectors, f, f + d, f + 2 * d, w);
  fc_vec_free(all, d * (d + 4), w->ctx);
  return status;
}

fc_status fc_sides_variance_covariance(fc_ptr left, fc_ptr right, fc_ptr scale,
                                       fc_workspace *w) {
  (void)scale;
  if (rests(w))
    return FC_DOMAIN;
  return w->d == 1 ? covariance_line(left, right, w)
                   : covariance_gaussian(left, right, w);
}

/* --- uniform bounds ------------------------------------------------------- */

fc_status fc_sides_uniform(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  bool largest = fc_relation_of(w->claim) == FC_AT_MOST;
  fc_srcptr C;
  (void)scale;
  fc_ptr values = fc_vec_new(w->d, w->ctx);
  fc_status status = values ? covariance(&C, w) : FC_MEMORY;
  if (status == FC_OK)
    status = fc_matrix_eigen(values, NULL, C, w->d, w->ctx);
  if (status == FC_OK)
    status = fc_environment_eval_text(right, w->environment, w->claim->formula);
  if (status == FC_OK) {
    fc_set(left, values + (largest ? w->d - 1 : 0), w->ctx);
    if (fc_is_positive(right, w->ctx) != FC_TRUE)
      status = FC_DOMAIN; /* kappa + u^2 <= 0: nothing is claimed */
  }
  fc_vec_free(values, w->d, w->ctx);
  return status;
}
