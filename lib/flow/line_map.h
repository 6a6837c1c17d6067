/* The monotone map F_t^-1(F_s(x)) of laws on the line; private to this folder.
 *
 * Mass keeps its order, so that F_t(X) = F_s(x) and dX/dx = p_s(x)/p_t(X). Both
 * the probability below and that above are carried: neither tail loses digits.
 */
#ifndef FC_FLOW_LINE_MAP_H
#define FC_FLOW_LINE_MAP_H

#include "target/posterior.h"

typedef struct fc_line_map {
  fc_ctx ctx[1];
  fc_posterior *posterior;
  fc_num below, above, density, depth, temp;
  /* what comes out: X, its derivative, and how far they may be off, absolutely
   * (an estimate: the working precision times the condition of the map; 0 in
   * balls, where the quantile is enclosed by the signs of F_t - p) */
  fc_num x, slope, x_error, slope_error;
} fc_line_map;

fc_status fc_line_map_init(fc_line_map *map, const fc_target *target,
                           const fc_ctx *ctx, fc_error *error);
void fc_line_map_clear(fc_line_map *map); /* also after a failed init */

/* From noise level and signal (a_s, b_s) to (a_t, b_t). */
fc_status fc_line_map_eval(fc_line_map *map, fc_srcptr a_s, fc_srcptr b_s,
                           fc_srcptr a_t, fc_srcptr b_t, fc_srcptr x,
                           fc_error *error);

#endif
