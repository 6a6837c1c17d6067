#include "gif/change_flow.h"

#include "gif/combination.h"
#include "gif/flow_cost.h"
#include "matrix/matrix.h"

bool fc_change_is_spared(const fc_workspace *w) {
  return !fc_flow_is_judged_at(w) || fc_get_d(w->time->t, w->ctx) != 0.5;
}

void fc_change_start(fc_time *s, const fc_workspace *w) {
  bool dear = w->d > 1 || fc_flow_is_dear(w->job);
  fc_time_init(s, w->ctx);
  fc_time_set_d(s, dear ? 0.375 : 0, false, w->ctx);
}

/* Along a line of means the closed form is made of the densities that it is
 * compared with; an integrated flow is not. */
static fc_flow_method method_of(const fc_workspace *w) {
  return w->d > 1 && !fc_target_is_gaussian(w->job->instance->target)
             ? FC_FLOW_TAYLOR
             : FC_FLOW_AUTO;
}

fc_status fc_change_log_det(fc_ptr log_det, fc_ptr error,
                            const fc_flow_value **value, fc_workspace *w,
                            const fc_time *s, const fc_time *t, fc_srcptr x,
                            fc_srcptr x_error) {
  fc_num entry, size;
  fc_status status = fc_workspace_carry(value, w, method_of(w), s, t, x,
                                        FC_FLOW_POSITION | FC_FLOW_JACOBIAN);
  if (status)
    return status;
  fc_init(entry, w->ctx);
  fc_init(size, w->ctx);
  fc_set(entry, (*value)->jacobian_error, w->ctx);
  if (x_error) {
    fc_largest(size, (*value)->jacobian, w->d * w->d, w->ctx);
    fc_mul(size, size, x_error, w->ctx);
    fc_mul_2exp_si(size, size, FC_ROUGHNESS_BITS, w->ctx);
    fc_add(entry, entry, size, w->ctx);
  }
  status = fc_matrix_log_determinant(log_det, error, (*value)->jacobian, entry,
                                     w->d, w->ctx);
  fc_clear(entry, w->ctx);
  fc_clear(size, w->ctx);
  return status;
}
