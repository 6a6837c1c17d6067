#include "gif/series_probe.h"

#include <string.h>

fc_status fc_probe_init(fc_probe *p, fc_workspace *w, long length) {
  memset(p, 0, sizeof *p);
  p->workspace = w;
  p->d = w->d;
  fc_ctx_init_series(p->ctx, w->ctx, length);
  fc_time_init(p->time, p->ctx);
  fc_schedule_value_init(p->at, p->ctx);
  fc_init(p->keep, p->ctx);
  fc_init(p->rest, p->ctx);
  p->x = fc_vec_new(p->d, p->ctx);
  p->v = fc_vec_new(p->d, p->ctx);
  fc_status status = p->x && p->v ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status =
        fc_posterior_new(&p->posterior, w->job->instance->target, p->ctx, NULL);
  if (status) {
    fc_probe_clear(p);
    return status;
  }
  fc_probe_fix_time(p);
  fc_probe_place(p, NULL);
  return FC_OK;
}

void fc_probe_clear(fc_probe *p) {
  fc_posterior_free(p->posterior);
  fc_vec_free(p->x, p->d, p->ctx);
  fc_vec_free(p->v, p->d, p->ctx);
  fc_clear(p->keep, p->ctx);
  fc_clear(p->rest, p->ctx);
  fc_schedule_value_clear(p->at, p->ctx);
  fc_time_clear(p->time, p->ctx);
}

void fc_probe_fix_time(fc_probe *p) {
  const fc_ctx *base = p->workspace->ctx;
  const fc_schedule_value *at = fc_velocity_schedule(p->workspace->velocity);
  fc_convert(p->at->a, p->ctx, at->a, base);
  fc_convert(p->at->b, p->ctx, at->b, base);
  fc_convert(p->at->da, p->ctx, at->da, base);
  fc_convert(p->at->db, p->ctx, at->db, base);
}

fc_status fc_probe_move_time(fc_probe *p) {
  fc_time_set_series(p->time, p->workspace->time, p->ctx);
  return fc_schedule_eval(p->at, p->workspace->job->schedule, p->time, false,
                          p->ctx);
}

void fc_probe_place(fc_probe *p, fc_srcptr direction) {
  const fc_workspace *w = p->workspace;
  for (size_t i = 0; i < p->d; i++)
    if (direction)
      fc_series_set_linear(p->x + i, w->x + i, direction + i, p->ctx);
    else
      fc_convert(p->x + i, p->ctx, w->x + i, w->ctx);
}

fc_status fc_probe_posterior(fc_probe *p, unsigned want) {
  return fc_posterior_eval(p->posterior, p->at->a, p->at->b, p->x, want);
}

fc_status fc_probe_density_rate(fc_ptr rate, fc_probe *probe,
                                fc_srcptr direction) {
  fc_probe_place(probe, direction);
  fc_status status = fc_probe_move_time(probe);
  if (status == FC_OK)
    status = fc_probe_posterior(probe, FC_WANT_LOG_DENSITY);
  if (status == FC_OK)
    fc_set(
        rate,
        fc_series_coeff(fc_posterior_values(probe->posterior)->log_density, 1),
        probe->workspace->ctx);
  return status;
}

fc_status fc_probe_velocity(fc_probe *p) {
  const fc_ctx *ctx = p->ctx;
  fc_status status = fc_probe_posterior(p, FC_WANT_MEAN);
  if (status)
    return status;
  fc_srcptr mean = fc_posterior_values(p->posterior)->mean;
  for (size_t i = 0; i < p->d; i++) {
    fc_set(p->keep, p->x + i, ctx);
    fc_submul(p->keep, p->at->b, mean + i, ctx);
    fc_div(p->keep, p->keep, p->at->a, ctx);
    fc_mul(p->v + i, p->at->da, p->keep, ctx);
    fc_addmul(p->v + i, p->at->db, mean + i, ctx);
  }
  return FC_OK;
}

bool fc_point_rests(const fc_workspace *w) {
  double t = fc_get_d(w->time->t, w->ctx), r = fc_get_d(w->time->r, w->ctx);
  if (w->claim->kind == FC_KIND_CONTROL)
    return t != 0.25;
  return w->job->tier == FC_TIER_DOUBLE && (t < 0.0625 || r < 0.0625);
}

size_t fc_length_directions(const fc_job *job) {
  size_t d = fc_target_dimension(job->instance->target);
  return d * (d + 1) / 2;
}

void fc_direction(fc_ptr e, size_t k, size_t d, const fc_ctx *ctx) {
  size_t i = k, j = k;
  if (k >= d) { /* the pair number k - d in the order (0,1), (0,2), ... */
    size_t row = d - 1;
    i = 0;
    for (k -= d; k >= row; row--) {
      k -= row;
      i++;
    }
    j = i + 1 + k;
  }
  fc_vec_zero(e, d, ctx);
  fc_set_si(e + i, 1, ctx);
  fc_set_si(e + j, 1, ctx);
}

void fc_quadratic_form(fc_ptr z, fc_srcptr A, fc_srcptr e, size_t d,
                       const fc_ctx *ctx) {
  fc_num row, sum;
  fc_init(row, ctx);
  fc_init(sum, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set_si(row, 0, ctx);
    for (size_t j = 0; j < d; j++)
      fc_addmul(row, A + i * d + j, e + j, ctx);
    fc_addmul(sum, e + i, row, ctx);
  }
  fc_set(z, sum, ctx);
  fc_clear(row, ctx);
  fc_clear(sum, ctx);
}
