/* Right sides of identities written as one formula over the names of bounds
 * and a few quantities in which it is linear, such as "b^2/a^4*C - I/a^2". */
#ifndef FC_CHECKS_GIF_COMBINATION_H
#define FC_CHECKS_GIF_COMBINATION_H

#include "claims/pointwise.h"

/* A quantity: its name in the formula, its entries, and how large entries of
 * its kind are at this point (so that an entry that happens to vanish is not
 * judged by its own rounding error). */
typedef struct fc_quantity {
  const char *name;
  fc_srcptr entries; /* as many as the claim has components */
  fc_srcptr size;    /* one number, >= 0 */
} fc_quantity;

/* right[i] = the formula with entry i of every quantity; scale = the largest
 * term, |coefficient| size, which is what rounding errors are relative to.  At
 * most FC_FURTHER_NAMES quantities. */
fc_status fc_combine(fc_ptr right, size_t length, fc_ptr scale,
                     fc_workspace *workspace, const char *text,
                     const fc_quantity *quantities, size_t count);

/* z = the largest magnitude among count numbers. */
void fc_largest(fc_ptr z, fc_srcptr x, size_t count, const fc_ctx *ctx);

#endif
