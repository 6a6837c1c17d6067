/* A density bound to balls of one precision. */
#include <stdlib.h>

#include "target/density_balls.h"

void fc_ball_level_free(fc_ball_level *level) {
  if (!level)
    return;
  fc_vec_free(level->breaks, level->density->count + 1, level->real);
  fc_vec_free(level->nodes[0], level->size, level->real);
  fc_vec_free(level->nodes[1], level->size, level->complex);
  fc_vec_free(level->log_norm, 1, level->real);
  free(level);
}

static fc_status set_breaks(fc_ball_level *level) {
  const fc_density *f = level->density;
  fc_status status = FC_OK;
  for (size_t i = 0; i <= f->count && !status; i++) {
    const fc_formula *from = i == 0          ? f->lower
                             : i == f->count ? f->upper
                                             : f->kinks[i - 1];
    if (from)
      status = fc_constant_eval(level->breaks + i, from, level->real);
  }
  return status;
}

fc_status fc_ball_level_new(fc_ball_level **level, const fc_density *density,
                            long precision) {
  fc_ball_level *made = calloc(1, sizeof *made);
  if (!made)
    return FC_MEMORY;
  made->density = density;
  made->size = fc_density_size(density);
  fc_status status = fc_ctx_init_arb(made->real, precision, NULL);
  if (!status)
    status = fc_ctx_init_acb(made->complex, precision, NULL);
  if (status) {
    free(made);
    return status;
  }
  made->breaks = fc_vec_new(density->count + 1, made->real);
  made->nodes[0] = fc_vec_new(made->size, made->real);
  made->nodes[1] = fc_vec_new(made->size, made->complex);
  made->log_norm = fc_vec_new(1, made->real);
  if (!made->breaks || !made->nodes[0] || !made->nodes[1] || !made->log_norm)
    status = FC_MEMORY;
  if (!status)
    status = set_breaks(made);
  if (status)
    fc_ball_level_free(made);
  else
    *level = made;
  return status;
}

void fc_ball_derivative(fc_ptr z, fc_ball_level *level, int k, size_t branch,
                        fc_srcptr y) {
  fc_formula_eval_in(z, level->density->u[k][branch], y, level->nodes[0],
                     level->real);
}

bool fc_ball_branch(size_t *branch, const fc_ball_level *level, fc_srcptr y) {
  const fc_density *f = level->density;
  for (*branch = 0; *branch + 1 < f->count; ++*branch) {
    fc_srcptr kink = level->breaks + *branch + 1;
    if (fc_lt(y, kink, level->real) == FC_TRUE)
      return true;
    if (fc_le(kink, y, level->real) != FC_TRUE)
      return false;
  }
  return true;
}

bool fc_ball_branch_left(size_t *branch, const fc_ball_level *level,
                         fc_srcptr y) {
  const fc_density *f = level->density;
  for (*branch = 0; *branch + 1 < f->count; ++*branch) {
    fc_srcptr kink = level->breaks + *branch + 1;
    if (fc_le(y, kink, level->real) == FC_TRUE)
      return true;
    if (fc_lt(kink, y, level->real) != FC_TRUE)
      return false;
  }
  return true;
}
