/* The family tilted-gaussian: nu ~ exp(log_ratio(x)) gamma_1. */
#include "formula/piecewise.h"
#include "instance/reader.h"

/* A failure's position: the reason's own, or the node. */
static fc_status refuse(fc_yaml *r, const fc_yaml_node *node, fc_status status,
                        const fc_error *reason) {
  bool placed = reason->line != 0;
  const fc_position at = {r->path, placed ? reason->line : node->line,
                          placed ? reason->column : node->column};
  return fc_fail_at(r->error, status, &at, "log_ratio: %s", reason->message);
}

static fc_status read_log_ratio(fc_piecewise *log_ratio, fc_yaml *r,
                                const fc_yaml_node *node) {
  static const char *const names[] = {"x"};
  fc_status status = fc_yaml_scalar(r, node, "log_ratio");
  if (status != FC_OK)
    return status;
  if (!node->one_line)
    return FC_FAIL_NODE(r, node, FC_PARSE,
                        "log_ratio must stand on one line without line breaks");
  const fc_position at = {r->path, node->line, node->column};
  fc_formula *formula = NULL;
  fc_error reason = {0};
  status = fc_formula_parse(&formula, node->text, names, 1, &at, &reason);
  if (status == FC_OK)
    status = fc_piecewise_init(log_ratio, formula, &reason);
  fc_formula_free(formula);
  return status == FC_OK ? FC_OK : refuse(r, node, status, &reason);
}

static fc_status push_tilted(fc_factors *factors, fc_yaml *r,
                             const fc_yaml_node *map,
                             const fc_piecewise *log_ratio,
                             const fc_formula *lipschitz) {
  fc_target *target = NULL;
  fc_error reason = {0};
  long culprit = -1;
  fc_status status =
      fc_target_new_tilted(&target, log_ratio, lipschitz, &culprit, &reason);
  if (status == FC_OK)
    return fc_factors_push(factors, r, map, target);
  return fc_yaml_refused(r, fc_yaml_get(map, culprit == 1 ? "L" : "log_ratio"),
                         status, &reason);
}

fc_status fc_yaml_tilted(fc_factors *factors, fc_yaml *r,
                         const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "log_ratio", "L"};
  fc_piecewise log_ratio = {NULL, 0};
  fc_formula *lipschitz = NULL;
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_check_keys(r, map, keys, 3);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "log_ratio",
                             "a piecewise affine formula in x such as "
                             "\"log_ratio: -abs(x)\"");
  if (status == FC_OK)
    status = read_log_ratio(&log_ratio, r, node);
  const fc_yaml_node *declared = fc_yaml_get(map, "L");
  if (status == FC_OK && declared)
    status = fc_yaml_constant(&lipschitz, r, declared, "L");
  if (status == FC_OK)
    status = push_tilted(factors, r, map, &log_ratio, lipschitz);
  fc_formula_free(lipschitz);
  fc_piecewise_clear(&log_ratio);
  return status;
}
