/* W_2 on the line between two targets. */
#include "transport/line.h"

#include "transport/line_quadrature.h"

typedef struct laws {
  const fc_target *p, *q;
} laws;

/* An fc_line_pair_maker. */
static fc_status make(fc_line_pair *pair, void *data, double reach,
                      const fc_ctx *ctx, fc_error *error) {
  const laws *both = data;
  return fc_line_pair_init(pair, both->p, both->q, reach, ctx, error);
}

fc_status fc_w2_line(fc_w2_value *value, const fc_target *p, const fc_target *q,
                     const fc_ctx *ctx, fc_error *error) {
  laws both = {p, q};
  if (fc_target_dimension(p) != 1 || fc_target_dimension(q) != 1)
    return fc_fail(error, FC_SHAPE, "quantiles are for laws on the line");
  return fc_line_quadrature(value, make, &both, ctx, error);
}
