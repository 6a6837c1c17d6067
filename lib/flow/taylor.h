/* Taylor integration of a field in any chart, for the methods that differ in
 * the chart; private to this folder. */
#ifndef FC_FLOW_TAYLOR_H
#define FC_FLOW_TAYLOR_H

#include "flow/field.h"
#include "flow/flow_impl.h"

fc_status fc_taylor_bind(fc_flow *flow, const fc_field_kind *kind,
                         fc_error *error);
void fc_taylor_release(fc_flow *flow);
fc_status fc_taylor_set_times(fc_flow *flow, fc_error *error);
fc_status fc_taylor_eval(fc_flow *flow, fc_srcptr x, unsigned want,
                         fc_error *error);

#endif
