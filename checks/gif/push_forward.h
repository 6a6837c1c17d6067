/* X_{s,t} carries the law p_s to p_t, at a point: through the change of
 * variables in any dimension, and through the distribution functions on the
 * line.
 *
 *   log p_t(X(x)) + log |det grad X(x)| = log p_s(x)
 *   d = 1:  log F_t(X(x)) = log F_s(x), of the smaller tail
 *
 * X comes from an integrator, so that neither is true by construction.
 */
#ifndef FC_CHECKS_GIF_PUSH_FORWARD_H
#define FC_CHECKS_GIF_PUSH_FORWARD_H

#include "claims/pointwise.h"

typedef enum fc_push_alteration {
  FC_PUSH_AS_STATED,
  FC_PUSH_WIDER,         /* the law at t with (1 + 2^-16) a_t for a_t */
  FC_PUSH_NO_DETERMINANT /* without log |det grad X| */
} fc_push_alteration;

/* 1; 2 on the line, unless the derivative would be dear (then the tails). */
size_t fc_push_forward_length(const fc_job *job);

/* NULL, or why neither is affordable. */
const char *fc_push_forward_refuses(const fc_job *job);

/* Fills both sides at the workspace's x by fc_integrator, for given times, and
 * states the error. */
fc_status fc_push_forward(fc_ptr left, fc_ptr right, fc_ptr scale,
                          fc_workspace *w, const fc_time *s, const fc_time *t,
                          fc_push_alteration alteration);

#endif
