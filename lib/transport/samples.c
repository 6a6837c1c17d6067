#include "transport/samples.h"

#include <math.h>
#include <stdlib.h>

#include "transport/discrete.h"
#include "transport/masses.h"
#include "transport/value.h"

/* A sample whose points all have mass. */
typedef struct law {
  fc_ctx ctx[1];
  fc_ptr points;
  size_t capacity;
  int64_t *masses;
  fc_discrete discrete;
} law;

static fc_status new_weights(mpq_t **weights, const fc_sample *p,
                             fc_error *error) {
  *weights = NULL;
  if (!p->weights)
    return FC_OK;
  for (size_t i = 0; i < p->count; i++)
    if (!isfinite(p->weights[i]))
      return fc_fail(error, FC_VALUE, "weight %zu is not finite", i + 1);
  *weights = malloc(p->count * sizeof **weights);
  if (!*weights)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < p->count; i++) {
    mpq_init((*weights)[i]);
    mpq_set_d((*weights)[i], p->weights[i]);
  }
  return FC_OK;
}

static void free_weights(mpq_t *weights, size_t count) {
  for (size_t i = 0; weights && i < count; i++)
    mpq_clear(weights[i]);
  free(weights);
}

static fc_status new_masses(law laws[2], mpfr_t defect, const fc_sample *p,
                            const fc_sample *q, fc_error *error) {
  mpq_t *weights[2] = {NULL, NULL};
  int64_t *masses[2] = {NULL, NULL};
  fc_status status = new_weights(&weights[0], p, error);
  if (status == FC_OK)
    status = new_weights(&weights[1], q, error);
  if (status == FC_OK)
    status = fc_masses_new(masses, defect, (size_t[2]){p->count, q->count},
                           weights, error);
  laws[0].masses = masses[0];
  laws[1].masses = masses[1];
  free_weights(weights[0], p->count);
  free_weights(weights[1], q->count);
  return status;
}

/* Leaves out what has no mass. */
static fc_status set_law(law *l, const fc_sample *p, fc_error *error) {
  size_t d = p->dimension, count = 0;
  fc_ctx_init_double(l->ctx);
  l->capacity = p->count * d;
  l->points = fc_vec_new(l->capacity, l->ctx);
  if (!l->points)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < p->count; i++) {
    if (l->masses[i] == 0)
      continue;
    l->masses[count] = l->masses[i];
    for (size_t k = 0; k < d; k++)
      fc_set_d(l->points + count * d + k, p->points[i * d + k], l->ctx);
    count++;
  }
  l->discrete = (fc_discrete){count, d, l->points, l->ctx, l->masses};
  return FC_OK;
}

static void clear_law(law *l) {
  fc_vec_free(l->points, l->capacity, l->ctx);
  free(l->masses);
}

fc_status fc_w2_samples(fc_w2_value *value, const fc_sample *p,
                        const fc_sample *q, const fc_ctx *ctx,
                        fc_error *error) {
  law laws[2] = {{.points = NULL}, {.points = NULL}};
  mpfr_t defect;
  fc_transport t;
  if (p->count == 0 || q->count == 0)
    return fc_fail(error, FC_SHAPE, "a sample without points");
  if (p->count > FC_DISCRETE_MAX_POINTS || q->count > FC_DISCRETE_MAX_POINTS)
    return fc_fail(error, FC_LIMIT, "a sample of more than %d points",
                   FC_DISCRETE_MAX_POINTS);
  if (p->dimension != q->dimension)
    return fc_fail(error, FC_SHAPE,
                   "points in dimension %zu against points in dimension %zu",
                   p->dimension, q->dimension);
  mpfr_init2(defect, 64);
  fc_status status = new_masses(laws, defect, p, q, error);
  if (status == FC_OK)
    status = set_law(&laws[0], p, error);
  if (status == FC_OK)
    status = set_law(&laws[1], q, error);
  if (status == FC_OK)
    status = fc_transport_solve(&t, &laws[0].discrete, &laws[1].discrete,
                                fc_w2_bits(ctx), error);
  if (status == FC_OK) {
    fc_transport_misplace(&t, &laws[0].discrete, &laws[1].discrete, defect);
    fc_w2_value_set(value, t.lower, t.upper, FC_W2_EXACT, "transport plan",
                    ctx);
    fc_transport_clear(&t);
  }
  clear_law(&laws[0]);
  clear_law(&laws[1]);
  mpfr_clear(defect);
  return status;
}
