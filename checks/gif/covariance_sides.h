/* The two sides of the claims of gif.covariance, as pointwise functions.  The
 * right sides are the claims' formulas; the left sides are derivatives by
 * series arithmetic (of log p_t, of v from M alone, of the schedule) that know
 * nothing of C.  Symmetric matrices are compared through e^T A e for e = e_i
 * and e_i + e_j, which determines them, or entry by entry.
 */
#ifndef FC_CHECKS_GIF_COVARIANCE_SIDES_H
#define FC_CHECKS_GIF_COVARIANCE_SIDES_H

#include "claims/pointwise.h"

/* In e^T C e and |e|^2, named C and I: hess log p_t; fc_length_directions. */
fc_pointwise_function fc_sides_score;
/* The same for hess_x log p(y|t,x) and the y's one after another. */
fc_pointwise_function fc_sides_posterior;
size_t fc_length_posterior(const fc_job *job);
/* In e^T H e, H = hess log p_t + I/(a^2+b^2), and |e|^2, named H and I: e^T
 * grad v e; fc_length_directions. */
fc_pointwise_function fc_sides_tilted;
/* In x and Qf, by quadrature from its definition: p_t (d = 1); one number. */
fc_pointwise_function fc_sides_tilted_density;
/* In the entries of C and I: grad v; fc_length_matrix. */
fc_pointwise_function fc_sides_velocity;
/* d(b^2/a^2)/dt; one number. */
fc_pointwise_function fc_sides_snr;
/* In Sv = grad s v, Js = grad v s, G = grad Tr grad v: d/dt s;
 * fc_length_vector. */
fc_pointwise_function fc_sides_score_rate;
/* In M3, M2M1, CM1: grad Tr C; fc_length_vector. */
fc_pointwise_function fc_sides_trace;

#endif
