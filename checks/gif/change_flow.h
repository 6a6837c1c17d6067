/* What the claims of gif.change-of-variables that follow a flow share: its
 * times and its log-determinant.  At their witness (t, x), t = 1/2 and x is
 * where the trajectory starts at the time s. */
#ifndef FC_CHECKS_GIF_CHANGE_FLOW_H
#define FC_CHECKS_GIF_CHANGE_FLOW_H

#include "claims/pointwise.h"

/* Flows vary with where they start over lengths no shorter than this many bits
 * below one; errors of a starting point are multiplied so in Jacobians. */
enum { FC_ROUGHNESS_BITS = 8 };

/* True away from t = 1/2, and where flows are not judged: they are dear. */
bool fc_change_is_spared(const fc_workspace *workspace);

/* Initialises s: 0 on the line, 3/8 where flows are dearer. */
void fc_change_start(fc_time *s, const fc_workspace *workspace);

/* log_det = log |det grad X_{s,t}(x)| and how far it may be off, where x is off
 * by x_error (or NULL); *value is the flow there, owned by the workspace. */
fc_status fc_change_log_det(fc_ptr log_det, fc_ptr error,
                            const fc_flow_value **value,
                            fc_workspace *workspace, const fc_time *s,
                            const fc_time *t, fc_srcptr x, fc_srcptr x_error);

#endif
