/* What the kinds of posterior share; private to this folder. */
#ifndef FC_TARGET_POSTERIOR_IMPL_H
#define FC_TARGET_POSTERIOR_IMPL_H

#include "target/posterior.h"
#include "target/target_impl.h"

#define FC_WANT_MOMENTS (FC_WANT_MEAN | FC_WANT_COVARIANCE | FC_WANT_THIRD)
#define FC_WANT_SCORES                                                         \
  (FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN | FC_WANT_SCORE_THIRD)

/* One kind of target: how to bind it, evaluate it and let it go.  state is
 * whatever bind put into posterior->state. */
typedef struct fc_posterior_kind {
  fc_status (*bind)(fc_posterior *posterior);
  fc_status (*eval)(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                    fc_srcptr x, unsigned want);
  void (*release)(fc_posterior *posterior); /* state may be partly made */
} fc_posterior_kind;

/* Mixtures on the line: 3 numbers a component, and 5 for scratch. */
#define FC_LINE_SIZE(target) (3 * (target)->count + 5)

struct fc_posterior {
  fc_ctx ctx;
  const fc_target *target;
  size_t d;
  fc_posterior_value value;
  fc_ptr storage; /* behind value */
  size_t storage_count;
  const fc_posterior_kind *kind;
  void *state;
  fc_ptr line; /* mixtures on the line: FC_LINE_SIZE numbers, or NULL */
  fc_posterior *coarse; /* for quantiles: in a cheaper context, or NULL */
};

extern const fc_posterior_kind fc_posterior_equal;   /* equal isotropic */
extern const fc_posterior_kind fc_posterior_mixture; /* any mixture */
extern const fc_posterior_kind fc_posterior_pieces;
extern const fc_posterior_kind fc_posterior_density;
extern const fc_posterior_kind fc_posterior_product;

/* z = NaN (an indeterminate ball). */
void fc_set_undefined(fc_ptr z, const fc_ctx *ctx);

/* Everything wanted = NaN. */
void fc_posterior_undefined(fc_posterior *posterior, unsigned want);

/* a is exactly 0 and not the start of a series: the end t = 1 itself. */
bool fc_is_end(fc_srcptr a, const fc_ctx *ctx);

/* M = x/b, C = 0, T = 0: the posterior at a = 0 is the point x/b. */
void fc_posterior_point(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                        unsigned want);

/* posterior_atoms.c: everything wanted at a = 0, b > 0 where all components are
 * atoms; means are count*d numbers, scratch three. */
void fc_posterior_end_of_atoms(fc_posterior *posterior, fc_srcptr means,
                               fc_srcptr b, fc_srcptr x, unsigned want,
                               fc_ptr const *scratch);

/* The upper triangle of a d*d matrix = its lower triangle. */
void fc_mirror(fc_ptr z, size_t d, const fc_ctx *ctx);

/* The order of the cumulants of the posterior that a wish needs, up to 3. */
static inline int fc_want_order(unsigned want) {
  if (want & (FC_WANT_THIRD | FC_WANT_SCORE_THIRD))
    return 3;
  if (want & (FC_WANT_COVARIANCE | FC_WANT_SCORE_JACOBIAN))
    return 2;
  return want & (FC_WANT_MEAN | FC_WANT_SCORE) ? 1 : 0;
}

#endif
