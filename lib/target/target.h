/* Target laws nu on R^d and their class constants.
 *
 * Families (DESIGN) are only ways to write down one of four representations;
 * nothing outside this folder knows families:
 *   mixture   sum_k w_k N(m_k, S_k) in R^d; S_k = s_k^2 I or full; S_k = 0 for
 *             atoms
 *   pieces    d = 1: sum_j w_j (N(m_j, s_j^2) restricted to [lo_j, hi_j]),
 *             s_j = infinity: uniform; also Gaussians tilted by exp(piecewise
 *             affine function)
 *   density   d = 1: exp(-U) on [lower, upper], U a formula in x; integrated in
 *             binary64, MPFR, series over them, and real balls (README.md)
 *   product   independent factors, each one of the above
 * All numbers are exact constants (fc_formula).
 */
#ifndef FC_TARGET_TARGET_H
#define FC_TARGET_TARGET_H

#include "arith/arith.h"
#include "base/status.h"
#include "base/text.h"
#include "formula/formula.h"
#include "formula/piecewise.h"

typedef struct fc_target fc_target;

#define FC_TARGET_MAX_DIMENSION 64
#define FC_TARGET_MAX_COMPONENTS 100000

/* --- making one ------------------------------------------------------- */
/* All constructors copy the constants.  They check mathematics (weights > 0
 * that sum to 1 exactly or, where they are not rational, to 2^-200; variances
 * >= 0, covariances symmetric positive definite; lower < upper) and say
 * in error->message what is wrong; positions are the instance reader's job:
 * *culprit (may be NULL) gets the index of the offending component or -1. */

/* Gaussian mixture with isotropic components: count weights (NULL: equal),
 * count*d means row by row, count standard deviations >= 0 (all zero: atoms).
 */
fc_status fc_target_new_isotropic(fc_target **target, size_t d, size_t count,
                                  fc_formula *const *weights,
                                  fc_formula *const *means,
                                  fc_formula *const *stddevs, long *culprit,
                                  fc_error *error);

/* Gaussian mixture with full covariances: count*d*d entries. */
fc_status fc_target_new_mixture(fc_target **target, size_t d, size_t count,
                                fc_formula *const *weights,
                                fc_formula *const *means,
                                fc_formula *const *covariances, long *culprit,
                                fc_error *error);

/* One piece on the line: N(mean, stddev^2) restricted to [lower, upper].
 * stddev NULL: uniform (then both ends must be given).  lower, upper NULL:
 * -infinity, +infinity. */
typedef struct fc_piece {
  fc_formula *weight; /* NULL: 1 */
  fc_formula *mean;   /* NULL where uniform */
  fc_formula *stddev;
  fc_formula *lower;
  fc_formula *upper;
} fc_piece;

fc_status fc_target_new_pieces(fc_target **target, size_t count,
                               const fc_piece *pieces, long *culprit,
                               fc_error *error);

/* nu ~ exp(log_ratio) gamma_1 on the line.  lipschitz (may be NULL): the L that
 * the user declares, which must be at least the largest |slope|; without it
 * that slope is L.  *culprit: 0 where the log-ratio is refused (FC_LIMIT: a
 * slope or a break beyond 1000 in size), 1 where L is (FC_VALUE). */
fc_status fc_target_new_tilted(fc_target **target,
                               const fc_piecewise *log_ratio,
                               const fc_formula *lipschitz, long *culprit,
                               fc_error *error);

/* nu ~ exp(-potential) on the line, between lower and upper (NULL: infinite).
 * The potential's only variable is names[0], "x"; abs, min and max may be taken
 * of piecewise affine parts with rational coefficients (FC_UNSUPPORTED).
 * FC_VALUE where exp(-potential) or its second moment is not seen to be
 * integrable, or the potential is undefined somewhere between the ends.
 * *culprit: 0 where the potential is refused, 1 where the ends are. */
fc_status fc_target_new_density(fc_target **target, const fc_formula *potential,
                                const fc_formula *lower,
                                const fc_formula *upper, long *culprit,
                                fc_error *error);

/* Product of independent factors (copied). */
fc_status fc_target_new_product(fc_target **target, size_t count,
                                const fc_target *const *factors,
                                fc_error *error);

fc_status fc_target_copy(fc_target **copy, const fc_target *target);
void fc_target_free(fc_target *target); /* NULL is allowed */

/* --- asking it -------------------------------------------------------- */

size_t fc_target_dimension(const fc_target *target);
bool fc_target_has_density(const fc_target *target); /* Assumption 2.1 */
bool fc_target_has_full_support(const fc_target *target);
/* A density that is analytic and positive on all of R^d: mixtures without
 * atoms, and products of them. */
bool fc_target_is_smooth(const fc_target *target);
bool fc_target_is_gaussian(const fc_target *target); /* one component */
/* True where both are provably one law: the same terms (equal rationals or
 * equal text; up to 256 with rational weights in any order, equal ones in
 * parts), the same potential, the same factors.  false says nothing. */
bool fc_target_is_same(const fc_target *p, const fc_target *q);
bool fc_target_is_isotropic(
    const fc_target *target); /* mixture, all S_k = s^2 I, one s > 0 */
/* A density exp(-U) given by a formula, or a product with such a factor: every
 * number of it costs an integral. */
bool fc_target_is_integrated(const fc_target *target);
/* The number of kinks of such a U inside the support; 0 for other targets. */
size_t fc_target_kink_count(const fc_target *target);
/* Appends the target as one JSON object (no line breaks), every number as the
 * exact text that it was given by:
 *   {"family": "mixture", "dimension", "weights": null (equal) or [...],
 *    "means": [[...], ...], and "stddevs" or "variances": [...], or
 *    "covariances": [[[...], ...], ...]}
 *   {"family": "pieces", "dimension": 1, "pieces": [{"weight", "mean",
 *    "stddev" (or "variance"), "lower", "upper"}, ...]}: null where equal,
 *    uniform, infinite
 *   {"family": "density", "dimension": 1, "potential"}
 *   {"family": "product", "dimension", "factors": [...]}, none a product. */
fc_status fc_target_append_json(fc_text *out, const fc_target *target);
/* Points at which something may happen, for search and for tests: component
 * means of a mixture, ends and middles of pieces, combinations for products
 * (at most limit).  Row by row, fc_vec_free(points, *count * d, ctx). */
fc_status fc_target_landmarks(fc_ptr *points, size_t *count,
                              const fc_target *target, size_t limit,
                              const fc_ctx *ctx);
/* Mixtures with equal isotropic components (S_k = s^2 I with one s >= 0: atoms
 * count, too): the number of components (0 for other targets), and component
 * k's mean (d numbers) and weight. */
size_t fc_target_isotropic_count(const fc_target *target);
void fc_target_isotropic_get(fc_ptr mean, fc_ptr weight,
                             const fc_target *target, size_t k,
                             const fc_ctx *ctx);

/* Equal isotropic mixtures in R^d, d > 1, whose means lie on one line, m_k =
 * m_0 + c_k eta with eta = m_tip - m_0: the law sum_k w_k N(c_k, s^2/|eta|^2)
 * of the coordinate along it (a new target; the noise in that coordinate is
 * Z/|eta|). FC_UNSUPPORTED where they do not; with more than two components
 * that is decided for rational means only. */
fc_status fc_target_line(fc_target **line, size_t *tip, const fc_target *target,
                         fc_error *error);
/* Mixtures of any Gaussians: the number of components (0 for other targets),
 * and component k's mean (d), covariance (d*d) and log weight. */
size_t fc_target_mixture_count(const fc_target *target);
fc_status fc_target_mixture_get(fc_ptr mean, fc_ptr covariance,
                                fc_ptr log_weight, const fc_target *target,
                                size_t k, const fc_ctx *ctx);
/* Laws on finitely many points that are no products (atoms). */
bool fc_target_is_discrete(const fc_target *target);
/* Mixtures: component k's weight, and coordinate i of its mean, as exact
 * numbers; false where they are irrational (or the target is no mixture). */
bool fc_target_weight_exact(mpq_ptr weight, const fc_target *target, size_t k);
bool fc_target_mean_exact(mpq_ptr coordinate, const fc_target *target, size_t k,
                          size_t i);
/* Laws on the line, spelled out: the number of terms (0 where d > 1, and for
 * targets that are no sums of terms), and term k, whose constants belong to the
 * target: `weight` times N(mean, spread^2) restricted to [lower, upper]. */
typedef struct fc_line_term {
  const fc_formula *weight; /* NULL: 1/count */
  const fc_formula *mean;   /* NULL: uniform on [lower, upper] */
  const fc_formula *spread; /* NULL: uniform; 0: an atom */
  bool spread_is_variance;
  const fc_formula *lower; /* NULL: -infinity */
  const fc_formula *upper; /* NULL: +infinity */
} fc_line_term;
size_t fc_target_term_count(const fc_target *target);
void fc_target_term_get(fc_line_term *term, const fc_target *target, size_t k);
/* The law of coordinate i (a new target).  FC_LIMIT where i is out of range. */
fc_status fc_target_marginal(fc_target **line, const fc_target *target,
                             size_t i, fc_error *error);
/* The mean (d) and covariance (d*d) of a single Gaussian that is no product;
 * FC_UNSUPPORTED for other targets. */
fc_status fc_target_gaussian_get(fc_ptr mean, fc_ptr covariance,
                                 const fc_target *target, const fc_ctx *ctx);
/* Products: the number of factors (0 for other targets), and factor i, which
 * belongs to the target. */
size_t fc_target_factor_count(const fc_target *target);
const fc_target *fc_target_factor(const fc_target *target, size_t i);

/* --- class constants -------------------------------------------------- */

typedef enum fc_class_constant {
  FC_KAPPA,             /* Hessian of U >= kappa I, convex support */
  FC_BETA,              /* Hessian of U <= beta I, full support */
  FC_D,                 /* diam(supp nu)/sqrt 2 */
  FC_SIGMA,             /* nu = N(0, sigma^2 I) * rho */
  FC_R,                 /* supp rho in a ball of radius R */
  FC_L,                 /* log d nu/d gamma_d is L-Lipschitz */
  FC_HALF_DIAM,         /* diam(supp rho)/2 (sigma > 0) */
  FC_SUPPORT_HALF_DIAM, /* diam(supp nu)/2 */
  FC_CLASS_CONSTANT_COUNT
} fc_class_constant;

typedef enum fc_provenance {
  FC_DERIVED,
  FC_VERIFIED,
  FC_DECLARED
} fc_provenance;

const char *fc_class_constant_name(fc_class_constant which); /* "kappa", ... */
const char *fc_provenance_name(fc_provenance provenance);

/* z = the constant.  In balls an enclosure of a valid constant (R, D, L are
 * then enclosures of valid upper bounds, kappa of a valid lower bound).
 * FC_UNSUPPORTED where the target has none; *provenance (may be NULL) says
 * where it comes from; *why (may be NULL) gets a static one-line derivation or,
 * on FC_UNSUPPORTED, the reason. */
fc_status fc_target_constant(fc_ptr z, fc_provenance *provenance,
                             const char **why, const fc_target *target,
                             fc_class_constant which, const fc_ctx *ctx);

/* Weights (one a component; nearly: sums of 1, none negative) with which the
 * means of a mixture of equal isotropic components make the centre of the
 * smallest ball around them; with them anyone can bound R from both sides.
 * FC_UNSUPPORTED for other targets, FC_DOMAIN where they are not found. */
fc_status fc_target_centre_weights(fc_ptr weights, const fc_target *target,
                                   const fc_ctx *ctx);

/* A class constant in binary64: *value (may be NULL) is left alone, and false
 * is returned, where the target has none. */
bool fc_target_constant_d(double *value, const fc_target *target,
                          fc_class_constant which);

#endif
