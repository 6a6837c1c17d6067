#include "flow/newton.h"

#include <stdlib.h>

enum { MOST_LEVELS = 16 };

struct fc_newton {
  const fc_right_side *side;
  const fc_ctx *ctx;
  size_t d;
  long order;
  size_t count; /* levels, the last for the Jacobian P */
  fc_level levels[MOST_LEVELS];
};

static fc_status level_init(fc_level *level, const fc_newton *newton,
                            long length, const fc_target *target,
                            const fc_schedule *schedule) {
  size_t d = newton->d;
  fc_ctx_init_series(level->series, newton->ctx, length);
  level->d = d;
  level->y = fc_vec_new(d, level->series);
  level->value = fc_vec_new(d, level->series);
  level->slope = fc_vec_new(d * d, level->series);
  if (!level->y || !level->value || !level->slope)
    return FC_MEMORY;
  return newton->side->bind(level, target, schedule);
}

static void level_clear(fc_level *level, const fc_newton *newton) {
  size_t d = newton->d;
  fc_vec_free(level->y, d, level->series);
  fc_vec_free(level->value, d, level->series);
  fc_vec_free(level->slope, d * d, level->series);
  newton->side->release(level);
}

/* The numbers of right coefficients after each round, the last first: each is
 * at most twice the one before it. */
static size_t plan(long *known, long order) {
  size_t rounds = 0;
  for (long n = order + 1; n > 1; n = (n + 1) / 2)
    known[rounds++] = n;
  return rounds;
}

static void newton_free(fc_newton *newton) {
  if (!newton)
    return;
  for (size_t i = 0; i < newton->count; i++)
    level_clear(&newton->levels[i], newton);
  free(newton);
}

fc_status fc_newton_new(fc_newton **result, const fc_right_side *side,
                        const fc_field *field, const fc_target *target,
                        const fc_schedule *schedule) {
  long known[MOST_LEVELS];
  fc_newton *newton = calloc(1, sizeof *newton);
  if (!newton)
    return FC_MEMORY;
  newton->side = side;
  newton->ctx = field->ctx;
  newton->d = field->d;
  newton->order = field->order;
  size_t rounds = plan(known, field->order);
  fc_status status = FC_OK;
  for (size_t i = rounds; i-- > 0 && !status;) {
    status = level_init(&newton->levels[newton->count++], newton, known[i] - 1,
                        target, schedule);
  }
  if (status)
    newton_free(newton);
  else
    *result = newton;
  return status;
}

void fc_newton_release(fc_field *field) { newton_free(field->state); }

/* The first `known` coefficients of y into the level, zeros after them. */
static void load(fc_level *level, fc_srcptr y, long known,
                 const fc_newton *newton) {
  size_t stride = (size_t)newton->order + 1;
  for (size_t i = 0; i < newton->d; i++)
    for (long k = 0; k < level->series->length; k++) {
      fc_ptr c = fc_series_coeff(level->y + i, k);
      if (k < known)
        fc_set(c, y + i * stride + k, newton->ctx);
      else
        fc_set_si(c, 0, newton->ctx);
    }
}

/* y_{k+1} = (f_k + sum_j (grad f_ij * y_j)_k over what is new in y)/(k+1): the
 * correction solves delta' = grad f delta + f - y' and begins at `known`. */
static void correct(fc_ptr y, const fc_level *level, long known,
                    const fc_newton *newton) {
  const fc_ctx *ctx = newton->ctx;
  size_t d = newton->d, stride = (size_t)newton->order + 1;
  fc_num term;
  fc_init(term, ctx);
  for (long k = known - 1; k < level->series->length; k++)
    for (size_t i = 0; i < d; i++) {
      fc_ptr next = y + i * stride + k + 1;
      fc_set(next, fc_series_coeff_src(level->value + i, k), ctx);
      for (size_t j = 0; j < d && k >= known; j++) {
        fc_dot_reversed(term, fc_series_coeff_src(level->slope + i * d + j, 0),
                        y + j * stride + k, k - known + 1, ctx);
        fc_add(next, next, term, ctx);
      }
      fc_div_si(next, next, k + 1, ctx);
    }
  fc_clear(term, ctx);
}

/* P_{k+1} = (grad f P)_k/(k+1) */
static void propagate(fc_ptr p, const fc_level *level,
                      const fc_newton *newton) {
  const fc_ctx *ctx = newton->ctx;
  size_t d = newton->d, stride = (size_t)newton->order + 1;
  fc_num term;
  fc_init(term, ctx);
  for (long k = 0; k < newton->order; k++)
    for (size_t i = 0; i < d; i++)
      for (size_t column = 0; column < d; column++) {
        fc_ptr next = p + (i * d + column) * stride + k + 1;
        fc_set_si(next, 0, ctx);
        for (size_t j = 0; j < d; j++) {
          fc_dot_reversed(term,
                          fc_series_coeff_src(level->slope + i * d + j, 0),
                          p + (j * d + column) * stride + k, k + 1, ctx);
          fc_add(next, next, term, ctx);
        }
        fc_div_si(next, next, k + 1, ctx);
      }
  fc_clear(term, ctx);
}

fc_status fc_newton_expand(fc_ptr y, fc_ptr p, fc_field *field, fc_srcptr tau,
                           fc_srcptr co) {
  fc_newton *newton = field->state;
  long known = 1;
  fc_status status = FC_OK;
  for (size_t i = 0; i < newton->count && !status; i++) {
    fc_level *level = &newton->levels[i];
    load(level, y, known, newton);
    status = newton->side->eval(level, tau, co);
    if (!status)
      correct(y, level, known, newton);
    known = level->series->length + 1;
  }
  if (status)
    return status;
  fc_level *last = &newton->levels[newton->count - 1];
  load(last, y, known, newton);
  status = newton->side->eval(last, tau, co);
  if (!status)
    propagate(p, last, newton);
  return status;
}
