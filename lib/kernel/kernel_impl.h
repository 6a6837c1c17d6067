/* What the kernel's files share; private to this folder. */
#ifndef FC_KERNEL_KERNEL_IMPL_H
#define FC_KERNEL_KERNEL_IMPL_H

#include "kernel/kernel.h"

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

/* From where to where: q = b/sqrt(V), V = a^2 + s^2 b^2, and sqrt(V). */
typedef struct fc_kernel_flow {
  double start, end; /* q at s and t */
  double from, to;   /* sqrt(V) at s and t */
} fc_kernel_flow;

/* The loops as compiled for one kind of processor; arguments as in kernel.h. */
typedef struct fc_kernel_variant {
  void (*velocity)(double *velocity, double *jacobian, const fc_kernel *kernel,
                   const double *x, size_t n);
  void (*exp)(double *y, const double *x, size_t n);
  /* false where memory ran out */
  bool (*flow)(double *to, double *jacobian, const fc_kernel *kernel,
               const fc_kernel_flow *flow, const double *x, size_t n);
} fc_kernel_variant;

extern const fc_kernel_variant fc_kernel_lanes_2; /* every processor */
extern const fc_kernel_variant fc_kernel_lanes_4; /* AVX2 */
extern const fc_kernel_variant fc_kernel_lanes_8; /* AVX-512 */

/* The widest that this processor runs. */
const fc_kernel_variant *fc_kernel_choose(void);

#endif
