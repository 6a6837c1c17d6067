/* Intervals with directed rounding whose ends may be infinite; private to
 * this folder.
 *
 * Balls do not serve here: the atom log(sqrt(a^2 + b^2)/b)^(-1/2) runs over
 * [y, infinity) where a -> 0, and the end 0 of its argument must stay exactly
 * 0.  An infinite end stands for values as large as one likes, never for
 * infinity itself, so that 0 * infinity = 0 in products of ends.
 */
#ifndef FC_PROOF_INTERVAL_H
#define FC_PROOF_INTERVAL_H

#include <gmp.h>
#include <mpfr.h>
#include <stdbool.h>

#include "arith/arith.h"

typedef struct fc_interval {
  mpfr_t lower, upper; /* NaN in both: nothing is known */
} fc_interval;

/* To [0, 0]; results are rounded outwards to the precision of z.  Outputs may
 * alias inputs. */
void fc_interval_init(fc_interval *z, long precision);
void fc_interval_clear(fc_interval *z);
void fc_interval_set(fc_interval *z, const fc_interval *x);
void fc_interval_set_mpz(fc_interval *z, mpz_srcptr x);
/* What a number of a context stands for; nothing known unless it is a ball. */
void fc_interval_set_number(fc_interval *z, fc_srcptr x, const fc_ctx *ctx);
/* [0, infinity), or the whole line. */
void fc_interval_set_unknown(fc_interval *z, bool not_negative);
bool fc_interval_is_known(const fc_interval *x);

void fc_interval_add(fc_interval *z, const fc_interval *x,
                     const fc_interval *y);
void fc_interval_sub(fc_interval *z, const fc_interval *x,
                     const fc_interval *y);
void fc_interval_mul(fc_interval *z, const fc_interval *x,
                     const fc_interval *y);
/* Nothing known where y has both signs; an end 0 of y gives an infinite end. */
void fc_interval_div(fc_interval *z, const fc_interval *x,
                     const fc_interval *y);
void fc_interval_pow(fc_interval *z, const fc_interval *x, unsigned long n);
/* Nothing known where x reaches below 0. */
void fc_interval_sqrt(fc_interval *z, const fc_interval *x);
void fc_interval_log(fc_interval *z, const fc_interval *x);

/* z = z without what is below 0, where z is known not to be negative. */
void fc_interval_clip(fc_interval *z);

/* Signs that the values may have: FC_MAY_... ored. */
enum { FC_MAY_FALL = 1, FC_MAY_VANISH = 2, FC_MAY_RISE = 4, FC_MAY_ALL = 7 };
unsigned fc_interval_signs(const fc_interval *x);
/* Of products, sums and powers of numbers that may have such signs. */
unsigned fc_signs_product(unsigned x, unsigned y);
unsigned fc_signs_sum(unsigned x, unsigned y);
unsigned fc_signs_power(unsigned x, unsigned long n);
bool fc_interval_overlap(const fc_interval *x, const fc_interval *y);

/* The lower end, which is finite, as a fraction; malloc'd, NULL when memory ran
 * out. */
char *fc_interval_lower_text(const fc_interval *x);

#endif
