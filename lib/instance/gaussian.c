/* The families gaussian, gaussian-mixture and atoms. */
#include <stdlib.h>

#include "instance/reader.h"

/* Exactly one of two keys, the first that is present; NULL after failing. */
static const fc_yaml_node *either(fc_yaml *r, const fc_yaml_node *map,
                                  const char *one, const char *other) {
  const fc_yaml_node *first = fc_yaml_get(map, one);
  const fc_yaml_node *second = fc_yaml_get(map, other);
  if (first && second)
    FC_FAIL_KEY(r, second, FC_PARSE,
                "both \"%s\" and \"%s\" are given; keep one of them", one,
                other);
  else if (!first && !second)
    FC_FAIL_NODE(r, map, FC_PARSE,
                 "the key \"%s\" (or \"%s\") is missing; add one of them", one,
                 other);
  else
    return first ? first : second;
  return NULL;
}

fc_status fc_yaml_refused(fc_yaml *r, const fc_yaml_node *node,
                          fc_status status, const fc_error *reason) {
  return FC_FAIL_NODE(r, node, status, "%s",
                      reason->message[0] ? reason->message
                                         : fc_status_text(status));
}

/* --- gaussian --------------------------------------------------------- */

static fc_status make_gaussian(fc_target **target, size_t d, bool full,
                               const fc_constants *mean,
                               const fc_constants *spread, fc_error *error) {
  if (full)
    return fc_target_new_mixture(target, d, 1, NULL, mean->items, spread->items,
                                 NULL, error);
  return fc_target_new_isotropic(target, d, 1, NULL, mean->items, spread->items,
                                 NULL, error);
}

static fc_status read_spread(fc_constants *spread, bool *full, size_t d,
                             fc_yaml *r, const fc_yaml_node *map,
                             const fc_yaml_node *node) {
  *full = node == fc_yaml_get(map, "covariance");
  if (*full)
    return fc_yaml_covariance(spread, d, r, node);
  if (node->kind == FC_SEQUENCE)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "stddev must be one number; give \"covariance\" for a "
                        "Gaussian that is not isotropic");
  fc_formula *stddev = NULL;
  fc_status status = fc_yaml_positive(&stddev, r, node, "stddev");
  return status == FC_OK ? fc_constants_push(spread, r, stddev) : status;
}

fc_status fc_yaml_gaussian(fc_factors *factors, fc_yaml *r,
                           const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "mean", "stddev", "covariance"};
  fc_constants mean = {NULL, 0, 0}, spread = {NULL, 0, 0};
  fc_target *target = NULL;
  fc_yaml_node *node = NULL;
  size_t d = 0;
  bool full = false;
  fc_error reason = {0};
  fc_status status = fc_yaml_check_keys(r, map, keys, 4);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "mean",
                             "a number or a list of coordinates");
  if (status == FC_OK)
    status = fc_yaml_point(&mean, &d, r, node, "mean");
  const fc_yaml_node *given =
      status == FC_OK ? either(r, map, "stddev", "covariance") : NULL;
  if (status == FC_OK)
    status = given ? read_spread(&spread, &full, d, r, map, given) : FC_PARSE;
  if (status == FC_OK) {
    status = make_gaussian(&target, d, full, &mean, &spread, &reason);
    status = status == FC_OK ? fc_factors_push(factors, r, map, target)
                             : fc_yaml_refused(r, given, status, &reason);
  }
  fc_constants_clear(&mean);
  fc_constants_clear(&spread);
  return status;
}

/* --- gaussian-mixture ------------------------------------------------- */

typedef struct mixture {
  size_t d, count;
  bool full;
  fc_constants weights; /* empty: equal */
  fc_constants means;
  fc_constants spread;
  const fc_yaml_node *spread_node;
} mixture;

static void mixture_clear(mixture *m) {
  fc_constants_clear(&m->weights);
  fc_constants_clear(&m->means);
  fc_constants_clear(&m->spread);
}

/* One stddev for all, repeated, or one a component. */
static fc_status read_stddevs(mixture *m, fc_yaml *r,
                              const fc_yaml_node *node) {
  if (node->kind == FC_SEQUENCE) {
    fc_status status =
        fc_yaml_list(&m->spread, r, node, FC_TARGET_MAX_COMPONENTS, "stddev",
                     fc_yaml_positive);
    if (status == FC_OK && m->spread.count != m->count)
      status = FC_FAIL_NODE(r, node, FC_SHAPE,
                            "there are %zu stddevs for %zu components; give "
                            "one number or one a component",
                            m->spread.count, m->count);
    return status;
  }
  fc_formula *first = NULL;
  fc_status status = fc_yaml_positive(&first, r, node, "stddev");
  if (status == FC_OK)
    status = fc_constants_push(&m->spread, r, first);
  while (status == FC_OK && m->spread.count < m->count) {
    fc_formula *copy = NULL;
    status = fc_formula_copy(&copy, m->spread.items[0]);
    status = status == FC_OK ? fc_constants_push(&m->spread, r, copy)
                             : fc_yaml_no_memory(r);
  }
  return status;
}

static fc_status read_covariances(mixture *m, fc_yaml *r,
                                  const fc_yaml_node *node) {
  if (node->kind != FC_SEQUENCE || node->count != m->count)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "covariances must be a list of %zu matrices, one a "
                        "component",
                        m->count);
  fc_status status = FC_OK;
  for (const fc_yaml_node *child = node->first; child && status == FC_OK;
       child = child->next)
    status = fc_yaml_covariance(&m->spread, m->d, r, child);
  return status;
}

static fc_status read_means(mixture *m, fc_yaml *r, const fc_yaml_node *map,
                            const char *key) {
  fc_yaml_node *node = NULL;
  fc_status status =
      fc_yaml_require(&node, r, map, key, "a list with one point a component");
  if (status == FC_OK)
    status = fc_yaml_points(&m->means, &m->d, &m->count, r, node, key);
  const fc_yaml_node *weights =
      status == FC_OK ? fc_yaml_get(map, "weights") : NULL;
  if (weights)
    status = fc_yaml_weights(&m->weights, m->count, r, weights);
  return status;
}

/* The child that component k of a list is about, else the list itself. */
static const fc_yaml_node *component_node(const fc_yaml_node *node, long k) {
  const fc_yaml_node *child = node->kind == FC_SEQUENCE ? node->first : NULL;
  while (child && k-- > 0)
    child = child->next;
  return child ? child : node;
}

static fc_status finish(fc_factors *factors, fc_yaml *r,
                        const fc_yaml_node *map, const mixture *m) {
  fc_formula *const *weights = m->weights.count ? m->weights.items : NULL;
  fc_target *target = NULL;
  fc_error reason = {0};
  long culprit = -1;
  fc_status status =
      m->full ? fc_target_new_mixture(&target, m->d, m->count, weights,
                                      m->means.items, m->spread.items, &culprit,
                                      &reason)
              : fc_target_new_isotropic(&target, m->d, m->count, weights,
                                        m->means.items, m->spread.items,
                                        &culprit, &reason);
  if (status == FC_OK)
    return fc_factors_push(factors, r, map, target);
  const fc_yaml_node *at =
      culprit >= 0 ? component_node(m->spread_node, culprit) : m->spread_node;
  return fc_yaml_refused(r, at, status, &reason);
}

fc_status fc_yaml_mixture(fc_factors *factors, fc_yaml *r,
                          const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "weights", "means", "stddev",
                                     "covariances"};
  mixture m = {0};
  fc_status status = fc_yaml_check_keys(r, map, keys, 5);
  if (status == FC_OK)
    status = read_means(&m, r, map, "means");
  if (status == FC_OK) {
    m.spread_node = either(r, map, "stddev", "covariances");
    status = m.spread_node ? FC_OK : FC_PARSE;
  }
  if (status == FC_OK) {
    m.full = m.spread_node == fc_yaml_get(map, "covariances");
    status = m.full ? read_covariances(&m, r, m.spread_node)
                    : read_stddevs(&m, r, m.spread_node);
  }
  if (status == FC_OK)
    status = finish(factors, r, map, &m);
  mixture_clear(&m);
  return status;
}

/* --- atoms: a mixture whose components have no spread ------------------ */

fc_status fc_yaml_atoms(fc_factors *factors, fc_yaml *r,
                        const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "weights", "points"};
  mixture m = {0};
  fc_status status = fc_yaml_check_keys(r, map, keys, 3);
  if (status == FC_OK)
    status = read_means(&m, r, map, "points");
  while (status == FC_OK && m.spread.count < m.count) {
    fc_formula *zero = NULL;
    status = fc_constant_new_si(&zero, 0, 1);
    status = status == FC_OK ? fc_constants_push(&m.spread, r, zero)
                             : fc_yaml_no_memory(r);
  }
  if (status == FC_OK) {
    m.spread_node = fc_yaml_get(map, "points");
    status = finish(factors, r, map, &m);
  }
  mixture_clear(&m);
  return status;
}
