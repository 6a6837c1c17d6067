/* The posterior of pieces on the line: the working precision and the results.
 *
 * The guard bits depend on the point alone, never on what was evaluated
 * before, so that the same inputs give the same bits in every order. */
#include "target/pieces_double.h"
#include "target/pieces_level.h"

#include <math.h>
#include <stdlib.h>

/* Level i works with 64 * 2^i guard bits. */
#define FC_LEVELS 8
#define FC_GUARD_BITS 64

typedef struct piece_shape {
  double lower, upper, mean, rho; /* infinities where there is no end */
} piece_shape;

typedef struct pieces_state {
  fc_pieces_level *levels[FC_LEVELS]; /* made when first needed */
  piece_shape *shapes;
  fc_pieces_double *native; /* in binary64 */
} pieces_state;

/* What has no value in binary64 is NaN and no failure. */
static fc_status get_double(double *z, const fc_formula *constant) {
  fc_status status = fc_constant_eval_d(z, constant);
  return status == FC_MEMORY ? status : FC_OK;
}

static fc_status set_shape(piece_shape *shape, const fc_target *target,
                           size_t j) {
  *shape = (piece_shape){-INFINITY, INFINITY, 0, 0};
  fc_status status = FC_OK;
  if (target->lower[j])
    status = get_double(&shape->lower, target->lower[j]);
  if (!status && target->upper[j])
    status = get_double(&shape->upper, target->upper[j]);
  if (status || !target->spreads[j])
    return status;
  status = get_double(&shape->rho, target->spreads[j]);
  shape->rho = 1 / (shape->rho * shape->rho);
  return status ? status : get_double(&shape->mean, target->means[j]);
}

/* How many guard bits cover the loss at this point: about 6 log2 of the
 * distance, in posterior standard deviations, of the nearer end where the
 * posterior's centre is outside. */
static double guard_of(const piece_shape *p, double a, double b, double x) {
  if (a == 0)
    return 0;
  double d = b * b + p->rho * a * a;
  double mu = (b * x + p->rho * a * a * p->mean) / d;
  double tau = a / sqrt(d);
  if (mu > p->lower && mu < p->upper)
    return 0;
  double out = fmin(fabs(mu - p->lower), fabs(mu - p->upper)) / tau;
  return isnan(out) ? 0 : 7 * log2(1 + out);
}

static int level_of(const pieces_state *state, size_t count, double a, double b,
                    double x) {
  double guard = 0;
  for (size_t j = 0; j < count; j++)
    guard = fmax(guard, guard_of(state->shapes + j, a, b, x));
  int i = 0;
  while (i < FC_LEVELS - 1 && ldexp(FC_GUARD_BITS, i) < guard + 32)
    i++;
  return i;
}

static fc_status get_level(fc_pieces_level **level, fc_posterior *posterior,
                           int i) {
  pieces_state *state = posterior->state;
  fc_status status = FC_OK;
  if (!state->levels[i])
    status = fc_pieces_level_new(
        state->levels + i, posterior->target, &posterior->ctx,
        posterior->ctx.precision + ((long)FC_GUARD_BITS << i));
  *level = state->levels[i];
  return status;
}

static fc_status bind(fc_posterior *posterior) {
  const fc_target *target = posterior->target;
  pieces_state *state = calloc(1, sizeof *state);
  if (!state)
    return FC_MEMORY;
  posterior->state = state;
  state->shapes = calloc(target->count, sizeof *state->shapes);
  if (!state->shapes)
    return FC_MEMORY;
  fc_status status = FC_OK;
  for (size_t j = 0; j < target->count && !status; j++)
    status = set_shape(state->shapes + j, target, j);
  fc_pieces_level *level;
  if (!status)
    status = get_level(&level, posterior, 0);
  if (status || posterior->ctx.kind != FC_DOUBLE)
    return status;
  state->native = fc_pieces_double_new(level);
  return state->native ? FC_OK : FC_MEMORY;
}

static void release(fc_posterior *posterior) {
  pieces_state *state = posterior->state;
  for (int i = 0; i < FC_LEVELS; i++)
    fc_pieces_level_free(state->levels[i]);
  fc_pieces_double_free(state->native);
  free(state->shapes);
  free(state);
}

/* M, C and T = 2 C M + third cumulant; overwrites the level's third. */
static void deliver(fc_posterior *posterior, fc_pieces_level *level,
                    unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx, *from = &level->ctx;
  fc_ptr t = level->scratch[0];
  fc_mul(t, level->moment[0], level->moment[1], from);
  fc_mul_2exp_si(t, t, 1, from);
  fc_add(t, t, level->moment[2], from);
  if (want & FC_WANT_MEAN)
    fc_convert(value->mean, ctx, level->moment[0], from);
  if (want & FC_WANT_COVARIANCE)
    fc_convert(value->covariance, ctx, level->moment[1], from);
  if (want & FC_WANT_THIRD)
    fc_convert(value->third, ctx, t, from);
  if (want & FC_WANT_LOG_DENSITY)
    fc_convert(value->log_density, ctx, level->log_density, from);
  if (want & FC_WANT_SCORE)
    fc_convert(value->score, ctx, level->score[0], from);
  if (want & FC_WANT_SCORE_JACOBIAN)
    fc_convert(value->score_jacobian, ctx, level->score[1], from);
  if (want & FC_WANT_SCORE_THIRD)
    fc_convert(value->score_third, ctx, level->score[2], from);
}

static void deliver_native(fc_posterior *posterior,
                           const fc_pieces_values *from, unsigned want) {
  const fc_posterior_value *value = &posterior->value;
  const fc_ctx *ctx = &posterior->ctx;
  const struct {
    unsigned wanted;
    fc_ptr to;
    double number;
  } results[] = {
      {FC_WANT_MEAN, value->mean, from->moment[0]},
      {FC_WANT_COVARIANCE, value->covariance, from->moment[1]},
      {FC_WANT_THIRD, value->third,
       2 * from->moment[0] * from->moment[1] + from->moment[2]},
      {FC_WANT_LOG_DENSITY, value->log_density, from->log_density},
      {FC_WANT_SCORE, value->score, from->score[0]},
      {FC_WANT_SCORE_JACOBIAN, value->score_jacobian, from->score[1]},
      {FC_WANT_SCORE_THIRD, value->score_third, from->score[2]}};
  for (size_t i = 0; i < sizeof results / sizeof *results; i++)
    if (want & results[i].wanted)
      fc_set_d(results[i].to, results[i].number, ctx);
}

/* b lower <= x <= b upper for some piece, certainly. */
static bool in_support(fc_pieces_level *level) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr t = level->scratch[0];
  for (size_t j = 0; j < level->count; j++) {
    const fc_piece_terms *p = level->pieces + j;
    fc_mul(t, level->b, p->lower, ctx);
    bool above = !p->has_lower || fc_le(t, level->x, ctx) == FC_TRUE;
    fc_mul(t, level->b, p->upper, ctx);
    if (above && (!p->has_upper || fc_le(level->x, t, ctx) == FC_TRUE))
      return true;
  }
  return false;
}

static fc_status eval(fc_posterior *posterior, fc_srcptr a, fc_srcptr b,
                      fc_srcptr x, unsigned want) {
  const fc_ctx *ctx = &posterior->ctx;
  const pieces_state *state = posterior->state;
  fc_pieces_values native;
  if (state->native &&
      fc_pieces_double_eval(&native, state->native, fc_get_d(a, ctx),
                            fc_get_d(b, ctx), fc_get_d(x, ctx))) {
    deliver_native(posterior, &native, want);
    return FC_OK;
  }
  fc_pieces_level *level;
  int i = level_of(state, posterior->target->count, fc_get_d(a, ctx),
                   fc_get_d(b, ctx), fc_get_d(x, ctx));
  fc_status status = get_level(&level, posterior, i);
  if (status)
    return status;
  fc_convert(level->a, &level->ctx, a, ctx);
  fc_convert(level->b, &level->ctx, b, ctx);
  fc_convert(level->x, &level->ctx, x, ctx);
  if (!fc_pieces_level_eval(level)) {
    deliver(posterior, level, want);
    return FC_OK;
  }
  fc_posterior_undefined(posterior, want);
  if (!fc_is_end(a, ctx))
    return FC_OK;
  if (in_support(level))
    fc_posterior_point(posterior, b, x, want);
  else if (fc_pieces_level_beyond(level))
    deliver(posterior, level, want);
  return FC_OK;
}

const fc_posterior_kind fc_posterior_pieces = {bind, eval, release};
