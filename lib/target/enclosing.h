/* Smallest enclosing ball and diameter of the means of a mixture; private to
 * this folder. */
#ifndef FC_TARGET_ENCLOSING_H
#define FC_TARGET_ENCLOSING_H

#include "target/target_impl.h"

/* radius = max_k |m_k - c| with c close to the centre of the smallest enclosing
 * ball: a valid radius whatever c, and the smallest one to working precision
 * where the support set was found. */
fc_status fc_enclosing_radius(fc_ptr radius, const fc_target *target,
                              const fc_ctx *ctx);

/* diameter = max |m_j - m_k|, or where there are too many points twice the
 * enclosing radius, an upper bound (*exact tells). */
fc_status fc_enclosing_diameter(fc_ptr diameter, bool *exact,
                                const fc_target *target, const fc_ctx *ctx);

/* z = |v|; where the ball of |v|^2 reaches 0 an upper bound, sum |v_i|. */
void fc_enclosing_norm(fc_ptr z, fc_srcptr v, size_t d, const fc_ctx *ctx);

/* The support set in binary64: points (count*d doubles), at most d + 1 indices
 * into support; returns how many. */
size_t fc_enclosing_support(size_t *support, double *centre,
                            const double *points, size_t count, size_t d);

#endif
