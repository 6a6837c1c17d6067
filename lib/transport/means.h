/* Optimal transport between the discrete laws Sum w_k delta(m_k) of two
 * mixtures.  Private to this folder. */
#ifndef FC_TRANSPORT_MEANS_H
#define FC_TRANSPORT_MEANS_H

#include "target/target.h"
#include "transport/transport.h"

/* low <= W_2^2 <= high, proved, to about the given bits; the numbers keep their
 * own precision.  Means and weights are exact, or rounded to many more bits,
 * which the bounds include.  Targets are mixtures (fc_target_mixture_count >
 * 0).  Errors as fc_transport_solve. */
fc_status fc_means_transport(mpfr_t low, mpfr_t high, const fc_target *p,
                             const fc_target *q, long bits, fc_error *error);

/* malloc'd weights as rational numbers; *rounded where some are not exact but
 * within 2^-bits of themselves.  NULL when memory ran out. */
mpq_t *fc_means_weights(bool *rounded, const fc_target *target, long bits);
void fc_means_weights_free(mpq_t *weights, size_t count);

/* [low, high] becomes the squares of the roots of [low, high], less and more
 * eta (>= 0). */
void fc_means_widen(mpfr_t low, mpfr_t high, const mpfr_t eta);

#endif
