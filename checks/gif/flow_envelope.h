/* Lemma 5.1 with the envelopes of Corollaries 4.1-4.4:
 *   |grad X_{s,t}| <= exp(int_s^t theta_u du),
 * the integral by quadrature, independent of the closed forms of
 * flow_forms.h. */
#ifndef FC_CHECKS_GIF_FLOW_ENVELOPE_H
#define FC_CHECKS_GIF_FLOW_ENVELOPE_H

#include "claims/flow_bound.h"

/* Binary64 and MPFR; FC_DOMAIN where no corollary applies or the integral does
 * not converge. */
fc_flow_bound_function fc_envelope_integral;

/* NULL where one of the corollaries applies, else why not. */
const char *fc_needs_envelope(const fc_job *job);

/* The one or two theta that the envelope of the target is put together from,
 * each where it is one. */
size_t fc_envelope_parts(fc_flow_part parts[FC_FLOW_PARTS], const fc_job *job,
                         const fc_claim *claim);

#endif
