/* One coordinate of a target. */
#include <stdlib.h>

#include "target/target_impl.h"

/* The variance of component k's coordinate i, or its standard deviation. */
static fc_formula *spread(const fc_target *t, size_t k, size_t i) {
  return t->kind == FC_FULL ? t->spreads[(k * t->d + i) * t->d + i]
                            : t->spreads[k];
}

static fc_status mixture(fc_target **line, const fc_target *t, size_t i,
                         fc_error *error) {
  fc_formula **means = malloc(t->count * sizeof *means);
  fc_formula **spreads = malloc(t->count * sizeof *spreads);
  fc_status status =
      means && spreads ? FC_OK : fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t k = 0; k < t->count && status == FC_OK; k++) {
    means[k] = t->means[k * t->d + i];
    spreads[k] = spread(t, k, i);
  }
  if (status == FC_OK)
    status = t->kind == FC_FULL || t->spread_is_variance
                 ? fc_target_new_mixture(line, 1, t->count, t->weights, means,
                                         spreads, NULL, error)
                 : fc_target_new_isotropic(line, 1, t->count, t->weights, means,
                                           spreads, NULL, error);
  free(means);
  free(spreads);
  return status;
}

fc_status fc_target_marginal(fc_target **line, const fc_target *t, size_t i,
                             fc_error *error) {
  if (i >= t->d)
    return fc_fail(error, FC_LIMIT, "no coordinate %zu in dimension %zu", i + 1,
                   t->d);
  if (t->kind == FC_PRODUCT)
    for (size_t f = 0; f < t->count; i -= t->factors[f++]->d)
      if (i < t->factors[f]->d)
        return fc_target_marginal(line, t->factors[f], i, error);
  if (t->d > 1)
    return mixture(line, t, i, error);
  *line = NULL;
  fc_status status = fc_target_copy(line, t);
  return status == FC_OK ? FC_OK : fc_fail(error, status, "out of memory");
}
