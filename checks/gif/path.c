#include "gif/path.h"

#include <stdlib.h>

fc_status fc_path_init(fc_path *p, fc_workspace *w) {
  const fc_ctx *ctx = w->ctx;
  *p = (fc_path){.workspace = w, .d = w->d};
  fc_init(p->temp, ctx);
  p->x = fc_vec_new((FC_TIME_PLACES + 1) * p->d, ctx);
  p->error = fc_vec_new(FC_TIME_PLACES + 1, ctx);
  p->growth = fc_vec_new(FC_TIME_PLACES + 1, ctx);
  p->times = calloc(FC_TIME_PLACES + 1, sizeof *p->times);
  p->known = calloc(FC_TIME_PLACES + 1, sizeof *p->known);
  if (!p->x || !p->error || !p->growth || !p->times || !p->known)
    return FC_MEMORY;
  fc_status status = fc_workspace_flow(&p->flow, w, FC_FLOW_AUTO);
  if (status == FC_OK)
    p->step_by_step = fc_flow_method_used(p->flow) == FC_FLOW_TAYLOR;
  return status;
}

void fc_path_clear(fc_path *p) {
  const fc_ctx *ctx = p->workspace->ctx;
  for (size_t i = 0; p->known && i <= FC_TIME_PLACES; i++)
    if (p->known[i])
      fc_time_clear(p->times + i, ctx);
  free(p->times);
  free(p->known);
  fc_vec_free(p->x, (FC_TIME_PLACES + 1) * p->d, ctx);
  fc_vec_free(p->error, FC_TIME_PLACES + 1, ctx);
  fc_vec_free(p->growth, FC_TIME_PLACES + 1, ctx);
  fc_clear(p->temp, ctx);
}

/* error = that of the step + exp(|grad v| (r - r_from)) error_from, with a
 * margin for how grad v changes on the way. */
static void carry_error(fc_path *p, size_t from, size_t place) {
  const fc_ctx *ctx = p->workspace->ctx;
  fc_ptr error = p->error + place;
  fc_sub(p->temp, p->times[place].t, p->times[from].t, ctx);
  fc_mul(p->temp, p->temp, p->growth + from, ctx);
  fc_mul_si(p->temp, p->temp, 5, ctx);
  fc_div_si(p->temp, p->temp, 4, ctx);
  fc_exp(p->temp, p->temp, ctx);
  fc_mul(error, p->temp, p->error + from, ctx);
  fc_add(error, error, fc_flow_values(p->flow)->x_error, ctx);
}

static fc_status step(fc_path *p, size_t from, size_t place) {
  fc_workspace *w = p->workspace;
  fc_status status =
      fc_flow_set_times(p->flow, p->times + from, p->times + place, NULL);
  if (status == FC_OK)
    status = fc_workspace_eval_flow(w, p->flow, p->x + from * p->d,
                                    FC_FLOW_POSITION);
  if (status)
    return status;
  fc_vec_set(p->x + place * p->d, fc_flow_values(p->flow)->x, p->d, w->ctx);
  carry_error(p, from, place);
  return FC_OK;
}

/* The known place to start from: 0 unless step by step. */
static size_t before(const fc_path *p, size_t place) {
  size_t from = p->step_by_step ? place - 1 : 0;
  while (!p->known[from])
    from--;
  return from;
}

static fc_status look(fc_path *p, size_t place) {
  fc_workspace *w = p->workspace;
  fc_status status = fc_velocity_set_time(w->velocity, p->times + place);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, p->x + place * p->d,
                              FC_VELOCITY | FC_VELOCITY_JACOBIAN);
  if (status)
    return status;
  fc_ptr growth = p->growth + place;
  fc_srcptr J = fc_velocity_values(w->velocity)->jacobian;
  fc_set_si(growth, 0, w->ctx);
  for (size_t i = 0; i < p->d * p->d; i++)
    fc_addmul(growth, J + i, J + i, w->ctx);
  fc_sqrt(growth, growth, w->ctx);
  return FC_OK;
}

fc_status fc_path_visit(fc_srcptr *x, fc_srcptr *error, fc_path *p,
                        const fc_time *r, size_t place) {
  const fc_workspace *w = p->workspace;
  fc_status status = FC_OK;
  if (!p->known[place]) {
    fc_time_init(p->times + place, w->ctx);
    p->known[place] = true;
    fc_set(p->times[place].t, r->t, w->ctx);
    fc_set(p->times[place].r, r->r, w->ctx);
    if (place == 0)
      fc_vec_set(p->x, w->x, p->d, w->ctx);
    else
      status = step(p, before(p, place), place);
  }
  if (status == FC_OK)
    status = look(p, place);
  *x = p->x + place * p->d;
  *error = p->error + place;
  return status;
}
