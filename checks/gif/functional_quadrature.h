/* Integrals against a law on the line that the displayed steps of p. 38 need
 * for f = sin kx and f = exp(cx), by Gauss-Legendre quadrature in binary64. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_QUADRATURE_H
#define FC_CHECKS_GIF_FUNCTIONAL_QUADRATURE_H

#include "target/target.h"

/* With theta = 2 k b x, all of them means under nu: */
enum {
  FC_STEP_COSINE,    /* cos theta */
  FC_STEP_TWICE,     /* cos 2 theta */
  FC_STEP_KERNEL,    /* 1/(1 - q cos theta) */
  FC_STEP_ONCE_EXP,  /* exp(rate (x - shift)), shift of its own choice */
  FC_STEP_TWICE_EXP, /* its square */
  FC_STEP_DIRECT,    /* |grad (P f^2)^(1/2)|^2/(b k)^2, from its definition */
  FC_STEP_INTEGRALS
};

typedef struct fc_step_integrand {
  double k, b, q, rate;
  double poles; /* how far off the line those of the kernel are, a/b */
  double noise; /* k a; 0 where FC_STEP_DIRECT is not wanted */
} fc_step_integrand;

/* log2 of the relative error that may be relied on. */
enum { FC_STEP_EXPONENT = -28 };

/* target: d = 1, with a density.  Failures are those of fc_panels_init, and
 * FC_BUDGET where k is too large for the width of the law. */
fc_status fc_step_integrals(double means[FC_STEP_INTEGRALS],
                            const fc_step_integrand *integrand,
                            const fc_target *target);

#endif
