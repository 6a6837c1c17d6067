/* The components of a mixture, or of a product of mixtures, as numbers of a
 * context.  Private to this folder. */
#ifndef FC_TRANSPORT_COMPONENTS_H
#define FC_TRANSPORT_COMPONENTS_H

#include "target/target.h"

typedef struct fc_components {
  size_t count;
  size_t d;
  const fc_ctx *ctx;
  mpq_t *weights;
  bool rounded;       /* some weight is off by up to 2^-precision of itself */
  fc_ptr means;       /* count*d */
  fc_ptr covariances; /* count*d*d */
} fc_components;

/* How many components a target has; 0 where it is no mixture, SIZE_MAX where
 * there are too many to count. */
size_t fc_components_count(const fc_target *target);

/* FC_UNSUPPORTED, FC_MEMORY, or what the constants say.  Clear on FC_OK. */
fc_status fc_components_init(fc_components *components, const fc_target *target,
                             const fc_ctx *ctx);
void fc_components_clear(fc_components *components);

#endif
