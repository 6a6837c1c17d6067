/* The representations behind fc_target; private to this folder. */
#ifndef FC_TARGET_TARGET_IMPL_H
#define FC_TARGET_TARGET_IMPL_H

#include "target/target.h"

typedef enum fc_representation {
  FC_ISOTROPIC, /* mixture, S_k = s_k^2 I */
  FC_FULL,      /* mixture, any S_k */
  FC_PIECES,    /* d = 1, restricted normals */
  FC_DENSITY,   /* d = 1, exp(-U) with U a formula */
  FC_PRODUCT    /* independent factors, none of them a product */
} fc_representation;

/* Of a tilted Gaussian's log-ratio, where it is piecewise affine. */
typedef enum fc_tilt {
  FC_TILT_NONE, /* no tilted Gaussian */
  FC_TILT_CONCAVE,
  FC_TILT_CONVEX,
  FC_TILT_OTHER
} fc_tilt;

typedef struct fc_density fc_density; /* density.h */

struct fc_target {
  fc_representation kind;
  size_t d;
  size_t count;            /* components, pieces or factors */
  fc_formula **weights;    /* count; NULL: equal */
  fc_formula **means;      /* count*d; a NULL entry: uniform piece */
  fc_formula **spreads;    /* count, or count*d*d covariances where full */
  bool spread_is_variance; /* spreads are s_k^2 instead of s_k */
  bool equal_spread;       /* provably one S_k */
  size_t atom_count;       /* components with S_k = 0 */
  fc_formula **lower;      /* pieces: count; a NULL entry: -infinity */
  fc_formula **upper;      /* pieces: count; a NULL entry: +infinity */
  fc_target **factors;     /* products: count */
  fc_tilt tilt;            /* pieces that are a tilted Gaussian */
  fc_formula *lipschitz;   /* tilted: L */
  bool lipschitz_declared; /* by the user, and large enough */
  fc_density *density;     /* of FC_DENSITY */
};

/* target_check.c: the mathematics that constructors check. */
fc_status fc_target_check_sizes(size_t d, size_t count, fc_error *error);
fc_status fc_target_check_weights(fc_formula *const *weights, size_t count,
                                  long *culprit, fc_error *error);
fc_status fc_target_check_finite(const fc_formula *constant, const char *what,
                                 fc_error *error);
fc_status fc_target_check_stddev(int *sign, const fc_formula *stddev,
                                 fc_error *error);
fc_status fc_target_check_covariance(fc_formula *const *covariance, size_t d,
                                     fc_error *error);
fc_status fc_target_check_ends(const fc_piece *piece, fc_error *error);
fc_status fc_target_check_piece(const fc_piece *piece, fc_error *error);

/* True where two constants are provably equal: equal rationals or equal text.
 * (Two spellings of one irrational number count as different, which only
 * forgoes what is known for equal numbers.) */
bool fc_target_same_constant(const fc_formula *x, const fc_formula *y);

/* target_tilted.c: fc_target_constant of tilted Gaussians. */
fc_status fc_target_tilted_constant(fc_ptr z, fc_provenance *provenance,
                                    const char **why, const fc_target *target,
                                    fc_class_constant which, const fc_ctx *ctx);

/* target_values.c: the numbers of component k in a context. */
fc_status fc_target_weight(fc_ptr z, const fc_target *target, size_t k,
                           const fc_ctx *ctx);
fc_status fc_target_log_weight(fc_ptr z, const fc_target *target, size_t k,
                               const fc_ctx *ctx);
fc_status fc_target_mean(fc_ptr z, const fc_target *target, size_t k,
                         const fc_ctx *ctx);
fc_status fc_target_variance(fc_ptr z, const fc_target *target, size_t k,
                             const fc_ctx *ctx);
fc_status fc_target_stddev(fc_ptr z, const fc_target *target, size_t k,
                           const fc_ctx *ctx);
fc_status fc_target_covariance(fc_ptr z, const fc_target *target, size_t k,
                               const fc_ctx *ctx);

#endif
