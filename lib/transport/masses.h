/* Weights as integer masses with equal totals, as fc_transport_solve takes
 * them. */
#ifndef FC_TRANSPORT_MASSES_H
#define FC_TRANSPORT_MASSES_H

#include <gmp.h>
#include <mpfr.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* masses[0], masses[1]: malloc'd, count[0] and count[1] of them, >= 0, with one
 * total <= 2^62.  weights[s] (NULL: equal ones): rational numbers >= 0, not all
 * 0, which are divided by their sum.  *defect is rounded up: by this much, in
 * total variation and both sides together, masses/total may differ from the
 * weights; 0 wherever the weights have a common denominator below 2^62.
 * FC_VALUE, FC_MEMORY. */
fc_status fc_masses_new(int64_t *masses[2], mpfr_t defect,
                        const size_t count[2], mpq_t *const weights[2],
                        fc_error *error);

#endif
