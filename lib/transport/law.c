#include "transport/law.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "transport/masses.h"

static fc_status check(const fc_sample *p, const fc_sample *q,
                       fc_error *error) {
  if (p->count == 0 || q->count == 0)
    return fc_fail(error, FC_SHAPE, "a sample without points");
  if (p->count > FC_DISCRETE_MAX_POINTS || q->count > FC_DISCRETE_MAX_POINTS)
    return fc_fail(error, FC_LIMIT, "a sample of more than %d points",
                   FC_DISCRETE_MAX_POINTS);
  if (p->dimension != q->dimension)
    return fc_fail(error, FC_SHAPE,
                   "points in dimension %zu against points in dimension %zu",
                   p->dimension, q->dimension);
  if (p->dimension == 0 || p->dimension > FC_DISCRETE_MAX_DIMENSION)
    return fc_fail(error, FC_SHAPE, "points in dimension %zu", p->dimension);
  return FC_OK;
}

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

static fc_status new_masses(fc_laws *l, const fc_sample *p, const fc_sample *q,
                            fc_error *error) {
  mpq_t *weights[2] = {NULL, NULL};
  fc_status status = new_weights(&weights[0], p, error);
  if (status == FC_OK)
    status = new_weights(&weights[1], q, error);
  if (status == FC_OK)
    status = fc_masses_new(l->masses, l->defect,
                           (size_t[2]){p->count, q->count}, weights, error);
  free_weights(weights[0], p->count);
  free_weights(weights[1], q->count);
  return status;
}

static fc_status set_law(fc_discrete *law, fc_laws *l, int s,
                         const fc_sample *p, fc_error *error) {
  size_t d = p->dimension, count = 0;
  int64_t *masses = l->masses[s];
  l->sizes[s] = p->count * d;
  l->points[s] = fc_vec_new(l->sizes[s], l->ctx);
  if (!l->points[s])
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < p->count; i++) {
    if (masses[i] == 0)
      continue;
    masses[count] = masses[i];
    for (size_t k = 0; k < d; k++)
      fc_set_d(l->points[s] + count * d + k, p->points[i * d + k], l->ctx);
    count++;
  }
  *law = (fc_discrete){count, d, l->points[s], l->ctx, masses};
  return FC_OK;
}

fc_status fc_laws_init(fc_laws *l, const fc_sample *p, const fc_sample *q,
                       fc_error *error) {
  memset(l, 0, sizeof *l);
  fc_status status = check(p, q, error);
  if (status != FC_OK)
    return status;
  fc_ctx_init_double(l->ctx);
  mpfr_init2(l->defect, 64);
  status = new_masses(l, p, q, error);
  if (status == FC_OK)
    status = set_law(&l->p, l, 0, p, error);
  if (status == FC_OK)
    status = set_law(&l->q, l, 1, q, error);
  if (status != FC_OK)
    fc_laws_clear(l);
  return status;
}

void fc_laws_clear(fc_laws *l) {
  for (int s = 0; s < 2; s++) {
    fc_vec_free(l->points[s], l->sizes[s], l->ctx);
    free(l->masses[s]);
  }
  mpfr_clear(l->defect);
}
