/* The family density: nu ~ exp(-potential(x)) between lower and upper. */
#include "instance/reader.h"

/* A failure's position: the reason's own, or the node. */
static fc_status refuse(fc_yaml *r, const fc_yaml_node *node, fc_status status,
                        const fc_error *reason) {
  bool placed = reason->line != 0;
  const fc_position at = {r->path, placed ? reason->line : node->line,
                          placed ? reason->column : node->column};
  return fc_fail_at(r->error, status, &at, "potential: %s", reason->message);
}

static fc_status read_potential(fc_formula **potential, fc_yaml *r,
                                const fc_yaml_node *node) {
  static const char *const names[] = {"x"};
  fc_status status = fc_yaml_scalar(r, node, "potential");
  if (status != FC_OK)
    return status;
  if (!node->one_line)
    return FC_FAIL_NODE(r, node, FC_PARSE,
                        "potential must stand on one line without line breaks");
  const fc_position at = {r->path, node->line, node->column};
  fc_error reason = {0};
  status = fc_formula_parse(potential, node->text, names, 1, &at, &reason);
  return status == FC_OK ? FC_OK : refuse(r, node, status, &reason);
}

static fc_status push_density(fc_factors *factors, fc_yaml *r,
                              const fc_yaml_node *map,
                              const fc_formula *potential,
                              const fc_formula *lower,
                              const fc_formula *upper) {
  fc_target *target = NULL;
  fc_error reason = {0};
  long culprit = -1;
  fc_status status =
      fc_target_new_density(&target, potential, lower, upper, &culprit,
                            &reason);
  if (status == FC_OK)
    return fc_factors_push(factors, r, map, target);
  if (culprit == 1)
    return fc_yaml_refused(r, map, status, &reason);
  return refuse(r, fc_yaml_get(map, "potential"), status, &reason);
}

fc_status fc_yaml_density(fc_factors *factors, fc_yaml *r,
                          const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "potential", "lower", "upper"};
  fc_formula *potential = NULL, *lower = NULL, *upper = NULL;
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_check_keys(r, map, keys, 4);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "potential",
                             "a formula in x such as \"potential: x^4/4\"");
  if (status == FC_OK)
    status = read_potential(&potential, r, node);
  if (status == FC_OK)
    status = fc_yaml_end(&lower, r, map, "lower");
  if (status == FC_OK)
    status = fc_yaml_end(&upper, r, map, "upper");
  if (status == FC_OK && lower && upper)
    status =
        fc_yaml_check_order(r, fc_yaml_get(map, "upper"), lower, upper);
  if (status == FC_OK)
    status = push_density(factors, r, map, potential, lower, upper);
  fc_formula_free(potential);
  fc_formula_free(lower);
  fc_formula_free(upper);
  return status;
}
