/* The flow in the angle theta = atan2(b, a), y = x/sqrt(a^2 + b^2):
 *   dy/dtheta = w(theta, y) = E[-sin(theta) Z + cos(theta) X_1 |
 *                               cos(theta) Z + sin(theta) X_1 = y]
 * whatever the schedule.  With a = cos(theta), b = sin(theta):
 *   moments  w = (M - b y)/a,       grad w = (b/a)(C/a^2 - I)
 *   score    w = (a/b)(y + s),      grad w = (a/b)(I + S)
 * the first regular down to b = 0, the second down to a = 0 where log p_1 is
 * smooth.
 */
#include <math.h>
#include <stdlib.h>

#include "flow/newton.h"
#include "target/posterior.h"

typedef struct source {
  fc_posterior *posterior;
  bool density; /* the score form is available */
  fc_num a, b, ratio, temp;
} source;

static fc_status side_bind(fc_level *level, const fc_target *target,
                           const fc_schedule *schedule) {
  source *s = calloc(1, sizeof *s);
  (void)schedule;
  if (!s)
    return FC_MEMORY;
  level->source = s;
  s->density = fc_target_has_density(target);
  fc_init(s->a, level->series);
  fc_init(s->b, level->series);
  fc_init(s->ratio, level->series);
  fc_init(s->temp, level->series);
  return fc_posterior_new(&s->posterior, target, level->series, NULL);
}

static void side_release(fc_level *level) {
  source *s = level->source;
  if (!s)
    return;
  fc_clear(s->a, level->series);
  fc_clear(s->b, level->series);
  fc_clear(s->ratio, level->series);
  fc_clear(s->temp, level->series);
  fc_posterior_free(s->posterior);
  free(s);
}

/* a = cos(theta + h), b = sin(theta + h); co = pi/2 - theta, so that neither
 * loses digits where it is small. */
static void set_waves(source *s, fc_srcptr tau, fc_srcptr co,
                      const fc_ctx *series) {
  const fc_ctx *ctx = series->base;
  fc_ptr a = fc_series_coeff(s->a, 0), b = fc_series_coeff(s->b, 0);
  fc_sin(b, tau, ctx);
  fc_sin(a, co, ctx);
  for (long k = 1; k < series->length; k++) { /* a' = -b, b' = a */
    fc_div_si(b + k, a + k - 1, k, ctx);
    fc_div_si(a + k, b + k - 1, k, ctx);
    fc_neg(a + k, a + k, ctx);
  }
}

/* value = (M - b y)/a, slope = (b/a)(C/a^2 - I) */
static void by_moments(fc_level *level) {
  source *s = level->source;
  const fc_ctx *ctx = level->series;
  const fc_posterior_value *p = fc_posterior_values(s->posterior);
  size_t d = level->d;
  fc_inv(s->ratio, s->a, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_set(s->temp, p->mean + i, ctx);
    fc_submul(s->temp, s->b, level->y + i, ctx);
    fc_mul(level->value + i, s->temp, s->ratio, ctx);
  }
  fc_sqr(s->temp, s->ratio, ctx);
  fc_mul(s->ratio, s->ratio, s->b, ctx);
  fc_mul(s->temp, s->temp, s->ratio, ctx); /* b/a^3 */
  for (size_t i = 0; i < d * d; i++)
    fc_mul(level->slope + i, p->covariance + i, s->temp, ctx);
  for (size_t i = 0; i < d; i++)
    fc_sub(level->slope + i * (d + 1), level->slope + i * (d + 1), s->ratio,
           ctx);
}

/* value = (a/b)(y + s), slope = (a/b)(I + S) */
static void by_score(fc_level *level) {
  source *s = level->source;
  const fc_ctx *ctx = level->series;
  const fc_posterior_value *p = fc_posterior_values(s->posterior);
  size_t d = level->d;
  fc_div(s->ratio, s->a, s->b, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_add(s->temp, level->y + i, p->score + i, ctx);
    fc_mul(level->value + i, s->temp, s->ratio, ctx);
  }
  for (size_t i = 0; i < d * d; i++)
    fc_mul(level->slope + i, p->score_jacobian + i, s->ratio, ctx);
  for (size_t i = 0; i < d; i++)
    fc_add(level->slope + i * (d + 1), level->slope + i * (d + 1), s->ratio,
           ctx);
}

static fc_status side_eval(fc_level *level, fc_srcptr tau, fc_srcptr co) {
  source *s = level->source;
  set_waves(s, tau, co, level->series);
  bool late = s->density && fc_cmp_mid(s->b, s->a, level->series) >= 0;
  fc_status status =
      fc_posterior_eval(s->posterior, s->a, s->b, level->y,
                        late ? FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN
                             : FC_WANT_MEAN | FC_WANT_COVARIANCE);
  if (!status)
    (late ? by_score : by_moments)(level);
  return status;
}

static const fc_right_side right_side = {side_bind, side_release, side_eval};

/* --- the chart ------------------------------------------------------------ */

static fc_status bind(fc_field *field, const fc_target *target,
                      const fc_schedule *schedule) {
  return fc_newton_new((fc_newton **)&field->state, &right_side, field, target,
                       schedule);
}

/* z = atan(x/y), z + rest = pi/2. */
static void angles(fc_ptr z, fc_ptr rest, fc_srcptr x, fc_srcptr y,
                   const fc_ctx *ctx) {
  fc_div(z, x, y, ctx);
  fc_atan(z, z, ctx);
  fc_set_pi(rest, ctx);
  fc_mul_2exp_si(rest, rest, -1, ctx);
  fc_sub(rest, rest, z, ctx);
}

void fc_angle_locate(fc_ptr tau, fc_ptr co, fc_ptr scale, const fc_field *field,
                     const fc_time *time, const fc_schedule_value *at) {
  const fc_ctx *ctx = field->ctx;
  (void)time;
  if (fc_cmp_mid(at->b, at->a, ctx) >= 0)
    angles(co, tau, at->a, at->b, ctx);
  else
    angles(tau, co, at->b, at->a, ctx);
  fc_sqr(scale, at->a, ctx);
  fc_addmul(scale, at->b, at->b, ctx);
  fc_sqrt(scale, scale, ctx);
}

double fc_angle_snr_root(const fc_field *field, double tau, double co) {
  (void)field;
  return co > 0 ? sin(tau) / sin(co) : INFINITY;
}

const fc_field_kind fc_field_angle = {
    bind, fc_newton_release, fc_angle_locate, fc_newton_expand,
    NULL, fc_angle_snr_root};
