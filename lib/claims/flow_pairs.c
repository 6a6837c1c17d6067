#include "claims/flow_pairs.h"

#include <math.h>
#include <string.h>

#include "suprema/mesh.h"

enum { POINT_BITS = 64 }; /* least bits of x: narrow modes need them */
static const double HALF_PI = 1.5707963267948966;

/* Times as fractions of the range of the angle atan2(b, a). */
static const double fractions[] = {0, 0.25, 0.5, 0.75, 0.875, 1};
static const double ATOMS_END = 0.9375; /* in place of 1 where nu is atoms */
static const struct {
  int s, t;
} table[FC_FLOW_PAIRS] = {{0, 5}, {0, 3}, {2, 4}, {0, 1},
                          {0, 2}, {0, 4}, {2, 5}};

/* How many pairs are affordable. */
static size_t affordable(const fc_target *target) {
  size_t factors = fc_target_factor_count(target), least = FC_FLOW_PAIRS;
  if (fc_target_is_gaussian(target))
    return FC_FLOW_PAIRS;
  if (fc_target_dimension(target) == 1) /* equal components: F_t is cheap */
    return fc_target_isotropic_count(target) > 0 ? FC_FLOW_PAIRS : 1;
  for (size_t i = 0; i < factors; i++) {
    size_t here = affordable(fc_target_factor(target, i));
    least = here < least ? here : least;
  }
  if (factors > 0)
    return least;
  /* two components: a flow along one line */
  return fc_target_isotropic_count(target) == 2 ? 3 : 1;
}

static fc_flow_moment moment_at(const fc_job *job, double start, int i) {
  double fraction = fractions[i], t, r;
  if (fraction == 1 && !fc_target_has_density(job->instance->target))
    fraction = ATOMS_END;
  if (fraction == 0 || fraction == 1)
    return (fc_flow_moment){0, fraction == 1};
  double theta = start + (HALF_PI - start) * fraction;
  if (fc_schedule_time_of_snr(&t, &r, job->schedule, pow(tan(theta), 2)))
    return (fc_flow_moment){fraction, false};
  bool from_end = r < t;
  return (fc_flow_moment){fc_mesh_round(from_end ? r : t), from_end};
}

fc_status fc_flow_pairs_init(fc_flow_pairs *pairs, const fc_job *job,
                             const fc_ctx *ctx, fc_error *error) {
  memset(pairs, 0, sizeof *pairs);
  const fc_target *target = job->instance->target;
  pairs->ctx[0] = *ctx;
  pairs->d = fc_target_dimension(target);
  double start = fc_mesh_start_angle(job->schedule);
  size_t count = affordable(target);
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && !status; i++) {
    fc_flow_pair *pair = &pairs->items[i];
    pairs->count++;
    pair->s = moment_at(job, start, table[i].s);
    pair->t = moment_at(job, start, table[i].t);
    for (int k = 0; k < 2; k++)
      if (fc_flow_extremum_init(&pair->extremum[k], pairs->d, ctx))
        status = FC_MEMORY;
  }
  if (status)
    return status;
  fc_random random[1];
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  long bits = job->precision < POINT_BITS ? POINT_BITS : job->precision;
  return fc_flow_extremizer_new(&pairs->extremizer, target, job->schedule, ctx,
                                bits, random, error);
}

void fc_flow_pairs_clear(fc_flow_pairs *pairs) {
  for (size_t i = 0; i < pairs->count; i++)
    for (int k = 0; k < 2; k++)
      fc_flow_extremum_clear(&pairs->items[i].extremum[k], pairs->d,
                             pairs->ctx);
  fc_flow_extremizer_free(pairs->extremizer);
  memset(pairs, 0, sizeof *pairs);
}

fc_status fc_flow_pairs_at(const fc_flow_extremum **extremum,
                           fc_flow_pairs *pairs, size_t i, bool reverse) {
  fc_flow_pair *pair = &pairs->items[i];
  fc_flow_extremum *found = &pair->extremum[reverse];
  *extremum = found;
  if (pair->known[reverse])
    return FC_OK;
  fc_status status = fc_flow_extremizer_at(found, pairs->extremizer,
                                           reverse ? &pair->t : &pair->s,
                                           reverse ? &pair->s : &pair->t);
  pair->known[reverse] = !status;
  return status;
}
