/* The two sides of Proposition 6.1, W_2(X_1#N(0, a_0^2 I), nu) and what its
 * bounds are made of, where W_2 is known as a number and not by sampling:
 *   one Gaussian   X_1 is affine, and commutes with the covariance
 *   the line       mixtures: monotone rearrangement
 *   products       squares add over the factors
 *   collinear      equal isotropic components with means on a line: the line,
 *                  and a Gaussian across it
 */
#ifndef FC_CHECKS_GIF_SOURCE_SIDES_H
#define FC_CHECKS_GIF_SOURCE_SIDES_H

#include "claims/claim.h"

/* Owned numbers of one context. */
typedef struct fc_source_sides {
  fc_ctx ctx[1];
  fc_num end;    /* W_2(X_1#N(0, a_0^2 I), nu) */
  fc_num start;  /* W_2(N(0, a_0^2 I), mu) */
  fc_num error;  /* how far either may be off */
  fc_num second; /* E|X_1|^2 */
  fc_num slope;  /* C_1 = sup|grad X_1|: itself for Gaussians, else at least
                    this much is certain */
  fc_num rate;   /* C_2 = sup|grad v|: at least this */
  fc_num a0, b0;
} fc_source_sides;

void fc_source_sides_init(fc_source_sides *sides, const fc_ctx *ctx);
void fc_source_sides_clear(fc_source_sides *sides);

/* NULL where fc_source_measure can, else why not. */
const char *fc_source_refuses(const fc_target *target);

/* Fills the sides.  FC_UNSUPPORTED in balls but for Gaussians. */
fc_status fc_source_measure(fc_source_sides *sides, const fc_job *job,
                            fc_error *error);

/* The parts that every target has: a0, b0, second, rate. */
fc_status fc_source_measure_common(fc_source_sides *sides, const fc_job *job);

/* C_1 in the same sense as `slope`, by the flow itself at structured points. */
fc_status fc_source_slope(fc_ptr slope, const fc_target *target,
                          const fc_schedule *schedule, const fc_ctx *ctx);

#endif
