#include "gif/trajectory_series.h"

#include "gif/combination.h"
#include "gif/series_probe.h"
#include "gif/trace_integral.h"

/* left = d/dt log p_t(X_t): log p at t + h, x + h v. */
static fc_status rate_along(fc_ptr left, fc_workspace *w, fc_srcptr v) {
  fc_probe probe[1];
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  status = fc_probe_density_rate(left, probe, v);
  fc_probe_clear(probe);
  return status;
}

/* Rounding errors are multiplied by a'/a and b', and count where v stands
 * still. */
static void add_coefficients(fc_ptr size, fc_ptr temp, const fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_div(temp, at->da, at->a, w->ctx);
  fc_abs(temp, temp, w->ctx);
  fc_add(size, size, temp, w->ctx);
  fc_abs(temp, at->db, w->ctx);
  fc_add(size, size, temp, w->ctx);
}

fc_status fc_sides_trajectory(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  if (fc_point_rests(w))
    return FC_DOMAIN;
  fc_ptr s = fc_vec_new(3, w->ctx);
  fc_status status = s ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_velocity_eval(w->velocity, w->x, FC_VELOCITY | FC_VELOCITY_JACOBIAN);
  const fc_velocity_value *value = fc_velocity_values(w->velocity);
  if (status == FC_OK)
    status = rate_along(left, w, value->velocity);
  if (status == FC_OK) {
    fc_trace(s, s + 1, value->jacobian, w->d, w->ctx);
    add_coefficients(s + 1, s + 2, w);
    const fc_quantity quantities[] = {{"trace", s, s + 1}};
    status = fc_combine(right, 1, scale, w, w->claim->formula, quantities, 1);
  }
  fc_vec_free(s, 3, w->ctx);
  return status;
}
