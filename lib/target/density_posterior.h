/* The posterior of a density: storage; private to this folder. */
#ifndef FC_TARGET_DENSITY_POSTERIOR_H
#define FC_TARGET_DENSITY_POSTERIOR_H

#include "target/density.h"
#include "target/posterior_impl.h"

#define FC_DENSITY_LEVELS 7

/* What a coefficient of a series may weigh more at the edge of the range than
 * in its middle. */
#define FC_DENSITY_SERIES_BITS 4

enum {
  FC_DENSITY_A,
  FC_DENSITY_B,
  FC_DENSITY_X,
  FC_DENSITY_INVERSE_A,
  FC_DENSITY_REST, /* x - b origin */
  FC_DENSITY_TEMP,
  FC_DENSITY_WEIGHT,
  FC_DENSITY_A2,
  FC_DENSITY_SUMS,
  FC_DENSITY_CUMULANTS = FC_DENSITY_SUMS + 4,
  FC_DENSITY_NUMBERS = FC_DENSITY_CUMULANTS + 4
};

/* One working precision; ctx is a series over that of the level where asked. */
typedef struct fc_density_work {
  fc_ctx ctx[1];
  fc_density_level *level;
  fc_ptr numbers;
  fc_srcptr base_a, base_b, base_x, rest, inverse_a; /* first coefficients */
} fc_density_work;

typedef struct fc_density_state {
  fc_density_work *work[FC_DENSITY_LEVELS]; /* made when first needed */
} fc_density_state;

/* Level 0 is binary64 itself, level i > 0 MPFR with 32 * 2^i guard bits. */
fc_status fc_density_get_work(fc_density_work **work, fc_posterior *posterior,
                              int i);

/* cdf_density.c: see fc_posterior_cdf. */
fc_status fc_density_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                         fc_srcptr a, fc_srcptr b, fc_srcptr x,
                         fc_error *error);

/* density_end.c: everything wanted at a = 0. */
fc_status fc_density_end(fc_posterior *posterior, fc_srcptr b, fc_srcptr x,
                         unsigned want);

#endif
