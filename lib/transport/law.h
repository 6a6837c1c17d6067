/* Two weighted samples as laws of integer masses.  Private to this folder. */
#ifndef FC_TRANSPORT_LAW_H
#define FC_TRANSPORT_LAW_H

#include "transport/discrete.h"
#include "transport/samples.h"

typedef struct fc_laws {
  fc_ctx ctx[1]; /* binary64 */
  fc_discrete p;
  fc_discrete q;
  mpfr_t defect; /* see masses.h */
  fc_ptr points[2];
  size_t sizes[2];
  int64_t *masses[2];
} fc_laws;

/* Points without mass are left out; the others keep their order.  Must not be
 * moved.  Clear on FC_OK. */
fc_status fc_laws_init(fc_laws *laws, const fc_sample *p, const fc_sample *q,
                       fc_error *error);
void fc_laws_clear(fc_laws *laws);

#endif
