/* Without Arb there are no balls, and nobody gets here. */
#include "target/density_balls.h"

static fc_status bind(fc_posterior *posterior) {
  (void)posterior;
  return FC_UNSUPPORTED;
}

const fc_posterior_kind fc_posterior_density_balls = {bind, NULL, NULL};

fc_status fc_density_cdf_balls(fc_ptr below, fc_ptr above,
                               fc_posterior *posterior, fc_srcptr a,
                               fc_srcptr b, fc_srcptr x, fc_error *error) {
  (void)below;
  (void)above;
  (void)posterior;
  (void)a;
  (void)b;
  (void)x;
  return fc_fail(error, FC_UNSUPPORTED, "there are no balls in this build");
}

fc_status fc_ball_level_new(fc_ball_level **level, const fc_density *density,
                            long precision) {
  (void)level;
  (void)density;
  (void)precision;
  return FC_UNSUPPORTED;
}

void fc_ball_level_free(fc_ball_level *level) { (void)level; }

fc_status fc_ball_integral_init(fc_ball_integral *z, fc_ball_level *level) {
  (void)z;
  (void)level;
  return FC_UNSUPPORTED;
}

void fc_ball_integral_clear(fc_ball_integral *z) { (void)z; }

fc_status fc_ball_integrate(fc_ball_integral *z) {
  (void)z;
  return FC_UNSUPPORTED;
}

fc_status fc_ball_norm(fc_ball_level *level) {
  (void)level;
  return FC_UNSUPPORTED;
}

bool fc_ball_tail(fc_ptr tails, const fc_ball_integral *z, fc_srcptr offset,
                  int side) {
  (void)tails;
  (void)z;
  (void)offset;
  (void)side;
  return false;
}

bool fc_ball_singular_end(fc_ptr tails, const fc_ball_integral *z,
                          const fc_formula *place, fc_srcptr start,
                          fc_srcptr distance, int side, size_t branch) {
  (void)tails;
  (void)z;
  (void)place;
  (void)start;
  (void)distance;
  (void)side;
  (void)branch;
  return false;
}
