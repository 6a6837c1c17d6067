/* The table of families, and targets made of independent factors. */
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/text.h"
#include "base/utf8.h"
#include "instance/reader.h"

static fc_status read_product(fc_factors *, fc_yaml *, const fc_yaml_node *map);

typedef struct family {
  const char *name;
  const char *help;
  fc_status (*read)(fc_factors *, fc_yaml *, const fc_yaml_node *map);
} family;

static const family families[] = {
    {"gaussian", "mean, and stddev (one number) or covariance (matrix)",
     fc_yaml_gaussian},
    {"gaussian-mixture",
     "means (one row a component), stddev (one number or a list) or "
     "covariances (a list of matrices), weights (default: equal)",
     fc_yaml_mixture},
    {"smoothed-sample",
     "file (CSV or NPY, one point a row, relative to the instance's folder), "
     "stddev",
     fc_yaml_sample},
    {"uniform-box", "lower, upper (numbers or lists)", fc_yaml_uniform_box},
    {"truncated-gaussian",
     "mean, stddev, lower, upper (one of them may be infinite); 1-D",
     fc_yaml_truncated},
    {"atoms", "points (one row an atom), weights (default: equal)",
     fc_yaml_atoms},
    {"density",
     "potential (U of the density exp(-U) up to a factor: a formula in x; abs, "
     "min, max of piecewise affine parts), lower, upper (default: infinite); "
     "1-D, integrated numerically",
     fc_yaml_density},
    {"tilted-gaussian",
     "log_ratio (of the density to that of N(0, 1): a formula in x, piecewise "
     "affine with rational coefficients), L (its Lipschitz constant, default: "
     "derived); 1-D",
     fc_yaml_tilted},
    {"product", "factors (a list of targets)", read_product},
};

#define FAMILY_COUNT (sizeof families / sizeof *families)

size_t fc_family_count(void) { return FAMILY_COUNT; }

const char *fc_family_name(size_t i) {
  return i < FAMILY_COUNT ? families[i].name : NULL;
}

const char *fc_family_help(size_t i) {
  return i < FAMILY_COUNT ? families[i].help : NULL;
}

static fc_status fail_family(fc_yaml *r, const fc_yaml_node *node) {
  const char *names[FAMILY_COUNT];
  char quoted[48], known[256] = "";
  for (size_t i = 0; i < FAMILY_COUNT; i++) {
    names[i] = families[i].name;
    strcat(strcat(known, i ? ", " : ""), names[i]);
  }
  fc_utf8_quote(quoted, sizeof quoted, node->text);
  const char *close = fc_closest_name(node->text, names, FAMILY_COUNT);
  return FC_FAIL_NODE(
      r, node, FC_NAME, "unknown family \"%s\"; %s%s%s%s", quoted,
      close ? "did you mean \"" : "available: ", close ? close : known,
      close ? "\"? available: " : "", close ? known : "");
}

static fc_status find_family(const family **found, fc_yaml *r,
                             const fc_yaml_node *map) {
  fc_yaml_node *node = NULL;
  if (map->kind != FC_MAPPING)
    return FC_FAIL_NODE(r, map, FC_SHAPE,
                        "a target must be a map with the key \"family\"");
  fc_status status = fc_yaml_require(&node, r, map, "family",
                                     "for example \"family: gaussian\"");
  if (status == FC_OK)
    status = fc_yaml_scalar(r, node, "family");
  if (status != FC_OK)
    return status;
  for (size_t i = 0; i < FAMILY_COUNT; i++)
    if (strcmp(node->text, families[i].name) == 0) {
      *found = &families[i];
      return FC_OK;
    }
  return fail_family(r, node);
}

fc_status fc_yaml_family(fc_factors *factors, fc_yaml *r,
                         const fc_yaml_node *map) {
  const family *found = NULL;
  fc_status status = find_family(&found, r, map);
  return status == FC_OK ? found->read(factors, r, map) : status;
}

/* Nesting is bounded by FC_TREE_MAX_DEPTH. */
static fc_status read_product(fc_factors *factors, fc_yaml *r,
                              const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "factors"};
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_check_keys(r, map, keys, 2);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "factors", "a list of target maps");
  if (status != FC_OK)
    return status;
  if (node->kind != FC_SEQUENCE || node->count == 0)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "factors must be a list of target maps");
  for (const fc_yaml_node *child = node->first; child && status == FC_OK;
       child = child->next)
    status = fc_yaml_family(factors, r, child);
  return status;
}

/* --- factors ---------------------------------------------------------- */

void fc_factors_clear(fc_factors *factors) {
  for (size_t i = 0; i < factors->count; i++)
    fc_target_free(factors->items[i]);
  free(factors->items);
  *factors = (fc_factors){NULL, 0, 0};
}

fc_status fc_factors_push(fc_factors *factors, fc_yaml *r,
                          const fc_yaml_node *node, fc_target *target) {
  size_t dimension = factors->dimension + fc_target_dimension(target);
  if (dimension > FC_TARGET_MAX_DIMENSION) {
    fc_target_free(target);
    return FC_FAIL_NODE(r, node, FC_LIMIT,
                        "the target has more than %d dimensions",
                        FC_TARGET_MAX_DIMENSION);
  }
  fc_target **moved =
      realloc(factors->items, (factors->count + 1) * sizeof *moved);
  if (!moved) {
    fc_target_free(target);
    return fc_yaml_no_memory(r);
  }
  factors->items = moved;
  factors->items[factors->count++] = target;
  factors->dimension = dimension;
  return FC_OK;
}

/* One factor is the target itself; several make their product. */
static fc_status combine(fc_target **target, fc_yaml *r,
                         const fc_yaml_node *node, fc_factors *factors) {
  if (factors->count == 1) {
    *target = factors->items[0];
    factors->count = 0;
    return FC_OK;
  }
  fc_error reason = {0};
  fc_status status =
      fc_target_new_product(target, factors->count,
                            (const fc_target *const *)factors->items, &reason);
  return status == FC_OK ? FC_OK : fc_yaml_refused(r, node, status, &reason);
}

fc_status fc_yaml_target(fc_yaml *r, const fc_yaml_node *root) {
  fc_factors factors = {NULL, 0, 0};
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_require(
      &node, r, root, "target",
      "for example \"target: {family: gaussian, mean: 0, stddev: 1}\"");
  if (status == FC_OK)
    status = fc_yaml_family(&factors, r, node);
  if (status == FC_OK)
    status = combine(&r->instance->target, r, node, &factors);
  fc_factors_clear(&factors);
  if (status != FC_OK)
    return status;
  r->instance->family = fc_strdup(fc_yaml_get(node, "family")->text);
  return r->instance->family ? FC_OK : fc_yaml_no_memory(r);
}
