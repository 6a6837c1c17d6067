#include "gif/continuity_sides.h"

#include "gif/combination.h"
#include "gif/series_probe.h"

/* terms[0] += d_j v_j, terms[1] += v_j d_j log p_t; sizes likewise. */
static fc_status add_direction(fc_ptr terms, fc_ptr sizes, fc_probe *probe,
                               fc_ptr direction, size_t j) {
  const fc_ctx *ctx = probe->workspace->ctx;
  fc_vec_zero(direction, probe->d, ctx);
  fc_set_si(direction + j, 1, ctx);
  fc_probe_place(probe, direction);
  fc_status status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  if (status)
    return status;
  fc_num x;
  fc_init(x, ctx);
  fc_set(x,
         fc_series_coeff(fc_posterior_values(probe->posterior)->log_density, 1),
         ctx);
  status = fc_probe_velocity(probe);
  if (status == FC_OK) {
    fc_srcptr slope = fc_series_coeff_src(probe->v + j, 1);
    fc_add(terms, terms, slope, ctx);
    fc_mul(x, x, fc_series_coeff_src(probe->v + j, 0), ctx);
    fc_add(terms + 1, terms + 1, x, ctx);
    fc_abs(x, x, ctx);
    fc_add(sizes + 1, sizes + 1, x, ctx);
    fc_abs(x, slope, ctx);
    fc_add(sizes, sizes, x, ctx);
  }
  fc_clear(x, ctx);
  return status;
}

/* Rounding errors of x - b M are multiplied by a'/a, those of M by b', and the
 * same holds for their derivatives. */
static void add_cancelled(fc_ptr sizes, const fc_workspace *w) {
  const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
  fc_num x;
  fc_init(x, w->ctx);
  fc_div(x, at->da, at->a, w->ctx);
  fc_abs(x, x, w->ctx);
  fc_add(sizes, sizes, x, w->ctx);
  fc_add(sizes + 1, sizes + 1, x, w->ctx);
  fc_abs(x, at->db, w->ctx);
  fc_add(sizes, sizes, x, w->ctx);
  fc_add(sizes + 1, sizes + 1, x, w->ctx);
  fc_clear(x, w->ctx);
}

static fc_status collect(fc_ptr rate, fc_ptr terms, fc_ptr sizes,
                         fc_workspace *w) {
  fc_probe probe[1];
  fc_ptr direction = fc_vec_new(w->d, w->ctx);
  if (!direction)
    return FC_MEMORY;
  fc_status status = fc_probe_init(probe, w, 2);
  if (status == FC_OK) {
    for (size_t j = 0; j < w->d && status == FC_OK; j++)
      status = add_direction(terms, sizes, probe, direction, j);
    if (status == FC_OK)
      status = fc_probe_density_rate(rate, probe, NULL);
    fc_probe_clear(probe);
  }
  add_cancelled(sizes, w);
  fc_vec_free(direction, w->d, w->ctx);
  return status;
}

/* Controls need to be caught once only: they look about t = 1/4. */
static bool is_spared(const fc_workspace *w) {
  double t = fc_get_d(w->time->t, w->ctx);
  return w->claim->kind == FC_KIND_CONTROL && !(t >= 0.125 && t <= 0.375);
}

fc_status fc_sides_continuity(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  if (is_spared(w))
    return FC_DOMAIN;
  fc_ptr terms = fc_vec_new(2, w->ctx), sizes = fc_vec_new(2, w->ctx);
  fc_status status =
      terms && sizes ? collect(left, terms, sizes, w) : FC_MEMORY;
  if (status == FC_OK) {
    const fc_quantity quantities[] = {{"divergence", terms, sizes},
                                      {"transport", terms + 1, sizes + 1}};
    status = fc_combine(right, 1, scale, w, w->claim->formula, quantities, 2);
  }
  fc_vec_free(terms, 2, w->ctx);
  fc_vec_free(sizes, 2, w->ctx);
  return status;
}
