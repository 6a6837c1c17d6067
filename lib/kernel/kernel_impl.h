/* What the kernel's files share; private to this folder. */
#ifndef FC_KERNEL_KERNEL_IMPL_H
#define FC_KERNEL_KERNEL_IMPL_H

#include "kernel/kernel.h"
#include "kernel/lanes.h"

struct fc_kernel {
  size_t d, count;
  double variance;     /* s^2 */
  double *means;       /* count*d */
  double *log_weights; /* count */
  /* of the time */
  double b, db;
  double precision; /* P = 1/V */
  double gradient;  /* g = (a a' + s^2 b b') P */
  double spread;    /* b (a omega) P^2 */
};

/* v and grad v at FC_LANES points: lane l of x[i] is coordinate i of point l;
 * jacobian has d*d entries. */
void fc_kernel_block(fc_lanes *velocity, fc_lanes *jacobian,
                     const fc_kernel *kernel, const fc_lanes *x);

#endif
