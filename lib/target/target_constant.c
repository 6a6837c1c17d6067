/* Class constants of targets: what can be derived, with its derivation. */
#include "matrix/matrix.h"
#include "target/density.h"
#include "target/enclosing.h"

#include <stdlib.h>

/* A constant on its way out: value, derivation, provenance. */
typedef struct answer {
  fc_ptr z;
  const char *why;
  const fc_ctx *ctx;
  fc_provenance provenance;
} answer;

static const char *const names[FC_CLASS_CONSTANT_COUNT] = {
    "kappa", "beta", "D", "sigma", "R", "L", "half-diam", "support-half-diam"};

const char *fc_class_constant_name(fc_class_constant which) {
  return (unsigned)which < FC_CLASS_CONSTANT_COUNT ? names[which] : "unknown";
}

const char *fc_provenance_name(fc_provenance provenance) {
  switch (provenance) {
  case FC_DERIVED:
    return "derived";
  case FC_VERIFIED:
    return "verified";
  case FC_DECLARED:
    return "declared";
  }
  return "unknown";
}

static fc_status absent(answer *out, const char *why) {
  out->why = why;
  return FC_UNSUPPORTED;
}

static fc_status present(answer *out, fc_status status, const char *why) {
  out->why = why;
  return status;
}

static fc_status zero(answer *out, const char *why) {
  fc_set_si(out->z, 0, out->ctx);
  return present(out, FC_OK, why);
}

/* --- mixtures ---------------------------------------------------------- */

/* least, most = extreme eigenvalues of S_k. */
static fc_status eigen_range(fc_ptr least, fc_ptr most, const fc_target *target,
                             size_t k, const fc_ctx *ctx) {
  size_t d = target->d;
  if (target->kind == FC_ISOTROPIC) {
    fc_status status = fc_target_variance(least, target, k, ctx);
    fc_set(most, least, ctx);
    return status;
  }
  fc_ptr s = fc_vec_new(d * d + d, ctx);
  if (!s)
    return FC_MEMORY;
  fc_status status = fc_target_covariance(s, target, k, ctx);
  if (!status)
    status = fc_matrix_eigen(s + d * d, NULL, s, d, ctx);
  fc_set(least, s + d * d, ctx);
  fc_set(most, s + d * d + d - 1, ctx);
  fc_vec_free(s, d * d + d, ctx);
  return status;
}

/* kappa >= 1/s^2 - R^2/s^4: the Hessian of U is I/s^2 - Cov_r(m)/s^4. */
static fc_status mixture_kappa(answer *out, const fc_target *target) {
  const fc_ctx *ctx = out->ctx;
  fc_num t, u;
  fc_init(t, ctx);
  fc_init(u, ctx);
  fc_status status;
  if (target->count == 1) {
    status = eigen_range(t, u, target, 0, ctx);
    fc_inv(out->z, u, ctx);
    present(out, status, "Gaussian: 1/lambda_max of the covariance");
  } else {
    status = fc_enclosing_radius(t, target, ctx);
    if (!status)
      status = fc_target_variance(u, target, 0, ctx);
    fc_div(t, t, u, ctx);
    fc_sqr(t, t, ctx);
    fc_inv(out->z, u, ctx);
    fc_sub(out->z, out->z, t, ctx);
    present(out, status,
            "equal isotropic mixture: 1/sigma^2 - R^2/sigma^4, as the Hessian "
            "of U is I/sigma^2 - Cov_r(m)/sigma^4");
  }
  fc_clear(t, ctx);
  fc_clear(u, ctx);
  return status;
}

/* beta = max_k 1/lambda_min(S_k): -hess log p = sum r_k P_k - Cov_r(g). */
static fc_status mixture_beta(answer *out, const fc_target *target) {
  const fc_ctx *ctx = out->ctx;
  fc_num least, t, u;
  fc_init(least, ctx);
  fc_init(t, ctx);
  fc_init(u, ctx);
  size_t distinct = target->equal_spread ? 1 : target->count;
  fc_status status = FC_OK;
  for (size_t k = 0; k < distinct && !status; k++) {
    status = eigen_range(t, u, target, k, ctx);
    if (k == 0)
      fc_set(least, t, ctx);
    else
      fc_min(least, least, t, ctx);
  }
  fc_inv(out->z, least, ctx);
  fc_clear(least, ctx);
  fc_clear(t, ctx);
  fc_clear(u, ctx);
  return present(out, status,
                 "Gaussian mixture: max_k 1/lambda_min(S_k), as the Hessian of "
                 "U is sum r_k S_k^-1 minus a covariance");
}

static fc_status mixture_sigma(answer *out, const fc_target *target) {
  const fc_ctx *ctx = out->ctx;
  if (target->kind == FC_ISOTROPIC)
    return present(out, fc_target_stddev(out->z, target, 0, ctx),
                   "isotropic components: the common standard deviation");
  fc_num most;
  fc_init(most, ctx);
  fc_status status = eigen_range(out->z, most, target, 0, ctx);
  fc_sqrt(out->z, out->z, ctx);
  fc_clear(most, ctx);
  return present(out, status,
                 "Gaussian: the root of lambda_min of the covariance");
}

/* log dnu/dgamma = log sum w_k exp(m_k.x - |m_k|^2/2): its gradient is a mean
 * of the m_k. */
static fc_status mixture_lipschitz(answer *out, const fc_target *target) {
  const fc_ctx *ctx = out->ctx;
  size_t d = target->d;
  fc_ptr m = fc_vec_new(d + 1, ctx);
  if (!m)
    return present(out, FC_MEMORY, "out of memory");
  fc_status status = FC_OK;
  fc_set_si(out->z, 0, ctx);
  for (size_t k = 0; k < target->count && !status; k++) {
    status = fc_target_mean(m, target, k, ctx);
    fc_enclosing_norm(m + d, m, d, ctx);
    fc_max(out->z, out->z, m + d, ctx);
  }
  fc_vec_free(m, d + 1, ctx);
  return present(
      out, status,
      "unit-variance mixture: max_k |m_k|, as grad log dnu/dgamma is "
      "an average of the m_k");
}

static bool unit_spread(const fc_target *target) {
  mpq_t q;
  mpq_init(q);
  bool one = target->equal_spread || target->count == 1;
  bool unit = one && target->spreads[0] &&
              fc_formula_get_mpq(q, target->spreads[0]) &&
              mpq_cmp_ui(q, 1, 1) == 0;
  mpq_clear(q);
  return unit;
}

static fc_status half_diameter(answer *out, const fc_target *target,
                               const char *why) {
  bool exact;
  fc_status status = fc_enclosing_diameter(out->z, &exact, target, out->ctx);
  fc_mul_2exp_si(out->z, out->z, -1, out->ctx);
  return present(out, status,
                 exact ? why
                       : "many points: the radius of an enclosing ball, which "
                         "half the diameter does not exceed");
}

/* z = half diameter -> D = diam/sqrt 2. */
static void half_to_d(fc_ptr z, const fc_ctx *ctx) {
  fc_num root;
  fc_init(root, ctx);
  fc_set_si(root, 2, ctx);
  fc_sqrt(root, root, ctx);
  fc_mul(z, z, root, ctx);
  fc_clear(root, ctx);
}

static fc_status atoms_constant(answer *out, const fc_target *target,
                                fc_class_constant which) {
  if (target->atom_count < target->count)
    return absent(out, "some components are atoms, some are not");
  if (which != FC_D && which != FC_SUPPORT_HALF_DIAM)
    return absent(out, "atoms have no density");
  fc_status status = half_diameter(
      out, target, "atoms: half the largest distance between two of them");
  if (which == FC_D) {
    half_to_d(out->z, out->ctx);
    if (!status)
      out->why = "atoms: the largest distance between two of them / sqrt 2";
  }
  return status;
}

static fc_status mixture_constant(answer *out, const fc_target *target,
                                  fc_class_constant which) {
  bool gaussian = target->count == 1;
  bool equal = target->kind == FC_ISOTROPIC && target->equal_spread;
  if (target->atom_count)
    return atoms_constant(out, target, which);
  switch (which) {
  case FC_KAPPA:
    return gaussian || equal
               ? mixture_kappa(out, target)
               : absent(out, "components of different covariances: no lower "
                             "bound on the Hessian of U is derived");
  case FC_BETA:
    return mixture_beta(out, target);
  case FC_SIGMA:
    return gaussian || equal
               ? mixture_sigma(out, target)
               : absent(out, "components of different covariances");
  case FC_R:
    return equal ? present(out, fc_enclosing_radius(out->z, target, out->ctx),
                           "radius of the smallest ball around the means")
                 : absent(out, "nu is not N(0, sigma^2 I) * rho with rho of "
                               "bounded support");
  case FC_HALF_DIAM:
    return equal ? half_diameter(out, target,
                                 "half the largest distance of two means")
                 : absent(out, "nu is not N(0, sigma^2 I) * rho with rho of "
                               "bounded support");
  case FC_L:
    return equal && unit_spread(target)
               ? mixture_lipschitz(out, target)
               : absent(out, "log dnu/dgamma is Lipschitz only where all "
                             "components have unit covariance");
  case FC_D:
  case FC_SUPPORT_HALF_DIAM:
  case FC_CLASS_CONSTANT_COUNT:
    break;
  }
  return absent(out, "the support is unbounded");
}

/* --- pieces ------------------------------------------------------------ */

/* z = (max of the upper ends - min of the lower ends)/2. */
static fc_status hull_half(answer *out, const fc_target *target) {
  const fc_ctx *ctx = out->ctx;
  fc_num least, t;
  for (size_t j = 0; j < target->count; j++)
    if (!target->lower[j] || !target->upper[j])
      return absent(out, "the support is unbounded");
  fc_init(least, ctx);
  fc_init(t, ctx);
  fc_status status = fc_constant_eval(out->z, target->upper[0], ctx);
  if (!status)
    status = fc_constant_eval(least, target->lower[0], ctx);
  for (size_t j = 1; j < target->count && !status; j++) {
    status = fc_constant_eval(t, target->upper[j], ctx);
    fc_max(out->z, out->z, t, ctx);
    if (!status)
      status = fc_constant_eval(t, target->lower[j], ctx);
    fc_min(least, least, t, ctx);
  }
  fc_sub(out->z, out->z, least, ctx);
  fc_mul_2exp_si(out->z, out->z, -1, ctx);
  fc_clear(least, ctx);
  fc_clear(t, ctx);
  return present(out, status, "half the length of the support's hull");
}

static fc_status inverse_variance(answer *out, const fc_target *target,
                                  const char *why) {
  fc_status status = fc_target_variance(out->z, target, 0, out->ctx);
  fc_inv(out->z, out->z, out->ctx);
  return present(out, status, why);
}

/* A single piece without ends is N(m, s^2). */
static fc_status line_constant(answer *out, const fc_target *target,
                               fc_class_constant which) {
  switch (which) {
  case FC_KAPPA:
  case FC_BETA:
    return inverse_variance(out, target, "Gaussian: 1/s^2");
  case FC_SIGMA:
    return present(out, fc_target_stddev(out->z, target, 0, out->ctx),
                   "Gaussian: its standard deviation");
  case FC_R:
  case FC_HALF_DIAM:
    return zero(out, "Gaussian: rho is a point");
  case FC_L:
    return unit_spread(target)
               ? mixture_lipschitz(out, target)
               : absent(out, "log dnu/dgamma is Lipschitz only for s = 1");
  case FC_D:
  case FC_SUPPORT_HALF_DIAM:
  case FC_CLASS_CONSTANT_COUNT:
    break;
  }
  return absent(out, "the support is unbounded");
}

static fc_status pieces_constant(answer *out, const fc_target *target,
                                 fc_class_constant which) {
  bool single = target->count == 1;
  fc_status status;
  if (target->tilt && (which == FC_L || !single))
    return fc_target_tilted_constant(out->z, &out->provenance, &out->why,
                                     target, which, out->ctx);
  if (single && !target->lower[0] && !target->upper[0])
    return line_constant(out, target, which);
  switch (which) {
  case FC_KAPPA:
    if (!single)
      return absent(out, "several pieces: log-concavity across their ends is "
                         "not derived");
    return target->spreads[0]
               ? inverse_variance(out, target,
                                  "restricted normal law: 1/s^2 on an interval")
               : zero(out, "uniform on an interval: U is constant there");
  case FC_D:
    status = hull_half(out, target);
    if (!status) {
      half_to_d(out->z, out->ctx);
      out->why = "the length of the support's hull / sqrt 2";
    }
    return status;
  case FC_SUPPORT_HALF_DIAM:
    return hull_half(out, target);
  case FC_BETA:
    return absent(out, single ? "the support is not the whole line"
                              : "several pieces: the Hessian of U may be "
                                "unbounded at their ends");
  case FC_SIGMA:
  case FC_R:
  case FC_HALF_DIAM:
    return absent(out, "not known to be a Gaussian convolution");
  case FC_L:
  case FC_CLASS_CONSTANT_COUNT:
    break;
  }
  return absent(out, "log dnu/dgamma is not known to be Lipschitz on the line");
}

/* --- products ---------------------------------------------------------- */

static bool same_sigma(const fc_target *x, const fc_target *y) {
  return x->spread_is_variance == y->spread_is_variance &&
         fc_target_same_constant(x->spreads[0], y->spreads[0]);
}

/* All factors isotropic mixtures (or normal laws on the line) of one sigma. */
static bool common_sigma(const fc_target *product) {
  for (size_t i = 0; i < product->count; i++) {
    const fc_target *factor = product->factors[i];
    bool line = factor->kind == FC_PIECES && factor->count == 1 &&
                !factor->lower[0] && !factor->upper[0];
    if (!line && !fc_target_is_isotropic(factor))
      return false;
    if (!same_sigma(factor, product->factors[0]))
      return false;
  }
  return true;
}

static const char *product_why(fc_class_constant which) {
  switch (which) {
  case FC_KAPPA:
    return "product: the least of the factors' kappa";
  case FC_BETA:
    return "product: the greatest of the factors' beta";
  case FC_SIGMA:
    return "product: the factors' common sigma";
  default:
    return "product: the root of the sum of squares over the factors";
  }
}

/* z = the factors' constants put together. */
static void gather(fc_ptr z, fc_srcptr parts, size_t count,
                   fc_class_constant which, const fc_ctx *ctx) {
  if (which != FC_KAPPA && which != FC_BETA && which != FC_SIGMA) {
    fc_enclosing_norm(z, parts, count, ctx);
    return;
  }
  fc_set(z, parts, ctx);
  for (size_t i = 1; i < count; i++)
    if (which == FC_KAPPA)
      fc_min(z, z, parts + i, ctx);
    else if (which == FC_BETA)
      fc_max(z, z, parts + i, ctx);
}

static fc_status factor_constant(answer *out, const fc_target *factor,
                                 fc_class_constant which);

static fc_status product_constant(answer *out, const fc_target *target,
                                  fc_class_constant which) {
  const fc_ctx *ctx = out->ctx;
  bool convolution =
      which == FC_SIGMA || which == FC_R || which == FC_HALF_DIAM;
  if (convolution && !common_sigma(target))
    return absent(out, "the factors have no common sigma");
  fc_ptr parts = fc_vec_new(target->count, ctx);
  if (!parts)
    return present(out, FC_MEMORY, "out of memory");
  fc_status status = FC_OK;
  for (size_t i = 0; i < target->count && !status; i++) {
    answer part = {parts + i, NULL, ctx, FC_DERIVED};
    status = factor_constant(&part, target->factors[i], which);
    out->why = part.why;
    if (part.provenance != FC_DERIVED)
      out->provenance = part.provenance;
  }
  if (!status) {
    gather(out->z, parts, target->count, which, ctx);
    out->why = product_why(which);
  }
  fc_vec_free(parts, target->count, ctx);
  return status;
}

static fc_status factor_constant(answer *out, const fc_target *factor,
                                 fc_class_constant which) {
  if (factor->kind == FC_DENSITY)
    return fc_density_constant(out->z, &out->why, factor->density, which,
                               out->ctx);
  return factor->kind == FC_PIECES ? pieces_constant(out, factor, which)
                                   : mixture_constant(out, factor, which);
}

fc_status fc_target_constant(fc_ptr z, fc_provenance *provenance,
                             const char **why, const fc_target *target,
                             fc_class_constant which, const fc_ctx *ctx) {
  fc_num value;
  fc_init(value, ctx);
  answer out = {value, "", ctx, FC_DERIVED};
  fc_status status;
  if ((unsigned)which >= FC_CLASS_CONSTANT_COUNT)
    status = absent(&out, "no such constant");
  else if (target->kind == FC_PRODUCT)
    status = product_constant(&out, target, which);
  else
    status = factor_constant(&out, target, which);
  if (!status)
    fc_set(z, value, ctx);
  fc_clear(value, ctx);
  if (provenance && !status)
    *provenance = out.provenance;
  if (why)
    *why = out.why;
  return status;
}

bool fc_target_constant_d(double *value, const fc_target *target,
                          fc_class_constant which) {
  fc_ctx ctx[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  bool there = fc_target_constant(z, NULL, NULL, target, which, ctx) == FC_OK;
  if (there && value)
    *value = fc_get_d(z, ctx);
  fc_clear(z, ctx);
  return there;
}
