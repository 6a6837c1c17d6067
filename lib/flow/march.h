/* Taylor steps along a field; private to this folder. */
#ifndef FC_FLOW_MARCH_H
#define FC_FLOW_MARCH_H

#include "flow/field.h"

/* A place on the way: numbers of the field's context. */
typedef struct fc_march {
  fc_field *field;
  fc_num tau, co;
  fc_ptr y; /* d series of order+1 coefficients; those of order 0 are y */
  fc_ptr p; /* d*d series: P */
  fc_ptr next_y, next_p; /* the same one step further */
  fc_num next_tau, next_co, rate;
  fc_ptr powers; /* order+1: h^k from the last to the first */
  fc_num temp, step;
} fc_march;

fc_status fc_march_init(fc_march *march, fc_field *field);
void fc_march_clear(fc_march *march); /* also after a failed init */

/* After each step the field there is compared with that of the series: a step
 * that passes over what its coefficients do not see is taken back and halved.
 *
 * From the place and order 0 of y (and P, where `jacobian`) to (tau_end,
 * co_end), forward or backward, in steps after which the neglected terms are
 * below 2^-bits of the size of y (of 1, where y is small) and of P, shortened
 * by the factor `shrink`.  Takes the steps from *budget; FC_BUDGET where they
 * run out: the place is then how far it got.  FC_DOMAIN where a coefficient is
 * no number. */
fc_status fc_march_to(fc_march *march, fc_srcptr tau_end, fc_srcptr co_end,
                      bool jacobian, long bits, double shrink, long *budget);

#endif
