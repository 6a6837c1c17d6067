/* The families uniform-box and truncated-gaussian. */
#include <string.h>

#include "base/utf8.h"
#include "instance/reader.h"

fc_status fc_yaml_check_order(fc_yaml *r, const fc_yaml_node *node,
                              const fc_formula *lower,
                              const fc_formula *upper) {
  int sign = 0;
  fc_status status = fc_constant_compare(&sign, lower, upper);
  if (status == FC_OK && sign < 0)
    return FC_OK;
  char low[48], high[48];
  fc_utf8_quote(low, sizeof low, fc_formula_text(lower));
  fc_utf8_quote(high, sizeof high, fc_formula_text(upper));
  if (status != FC_OK)
    return FC_FAIL_NODE(r, node, status,
                        "which of lower = %s and upper = %s is larger cannot "
                        "be decided; write them in a simpler way",
                        low, high);
  return FC_FAIL_NODE(r, node, FC_VALUE,
                      "lower = %s is not below upper = %s; raise upper or "
                      "lower lower",
                      low, high);
}

static fc_status push_piece(fc_factors *factors, fc_yaml *r,
                            const fc_yaml_node *node, const fc_piece *piece) {
  fc_target *target = NULL;
  fc_error reason = {0};
  fc_status status = fc_target_new_pieces(&target, 1, piece, NULL, &reason);
  if (status != FC_OK)
    return fc_yaml_refused(r, node, status, &reason);
  return fc_factors_push(factors, r, node, target);
}

/* --- uniform-box ------------------------------------------------------ */

static fc_status read_box(fc_constants *lower, fc_constants *upper, size_t *d,
                          fc_yaml *r, const fc_yaml_node *map) {
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_require(&node, r, map, "lower",
                                     "a number or a list of coordinates");
  if (status == FC_OK)
    status = fc_yaml_point(lower, d, r, node, "lower");
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "upper",
                             "a number or a list of coordinates");
  if (status == FC_OK)
    status = fc_yaml_point(upper, d, r, node, "upper");
  const fc_yaml_node *at = NULL;
  if (status == FC_OK)
    at = node->kind == FC_SEQUENCE ? node->first : node;
  for (size_t i = 0; i < *d && status == FC_OK; i++, at = at->next)
    status = fc_yaml_check_order(r, at, lower->items[i], upper->items[i]);
  return status;
}

fc_status fc_yaml_uniform_box(fc_factors *factors, fc_yaml *r,
                              const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "lower", "upper"};
  fc_constants lower = {NULL, 0, 0}, upper = {NULL, 0, 0};
  size_t d = 0;
  fc_status status = fc_yaml_check_keys(r, map, keys, 3);
  if (status == FC_OK)
    status = read_box(&lower, &upper, &d, r, map);
  for (size_t i = 0; i < d && status == FC_OK; i++) {
    const fc_piece piece = {.lower = lower.items[i], .upper = upper.items[i]};
    status = push_piece(factors, r, map, &piece);
  }
  fc_constants_clear(&lower);
  fc_constants_clear(&upper);
  return status;
}

/* --- truncated-gaussian ----------------------------------------------- */

static bool is_infinity(const fc_yaml_node *node, bool upper) {
  static const char *const words[] = {"infinity", "inf", ".inf"};
  if (node->kind != FC_SCALAR)
    return false;
  const char *text = node->text;
  if (!upper && *text != '-')
    return false;
  if (*text == '-' && upper)
    return false;
  text += *text == '-' || *text == '+';
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(text, words[i]) == 0)
      return true;
  return false;
}

fc_status fc_yaml_end(fc_formula **bound, fc_yaml *r, const fc_yaml_node *map,
                      const char *key) {
  const fc_yaml_node *node = fc_yaml_get(map, key);
  if (!node || is_infinity(node, strcmp(key, "upper") == 0))
    return FC_OK;
  return fc_yaml_constant(bound, r, node, key);
}

static fc_status read_sides(fc_piece *piece, fc_yaml *r,
                            const fc_yaml_node *map) {
  fc_status status = fc_yaml_end(&piece->lower, r, map, "lower");
  if (status == FC_OK)
    status = fc_yaml_end(&piece->upper, r, map, "upper");
  if (status != FC_OK)
    return status;
  if (!piece->lower && !piece->upper)
    return FC_FAIL_NODE(r, map, FC_VALUE,
                        "neither lower nor upper is finite; give one, or use "
                        "the family gaussian");
  if (piece->lower && piece->upper)
    return fc_yaml_check_order(r, fc_yaml_get(map, "upper"), piece->lower,
                               piece->upper);
  return FC_OK;
}

fc_status fc_yaml_truncated(fc_factors *factors, fc_yaml *r,
                            const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "mean", "stddev", "lower",
                                     "upper"};
  fc_piece piece = {NULL, NULL, NULL, NULL, NULL};
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_check_keys(r, map, keys, 5);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "mean", "a number");
  if (status == FC_OK)
    status = fc_yaml_constant(&piece.mean, r, node, "mean");
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "stddev", "a positive number");
  if (status == FC_OK)
    status = fc_yaml_positive(&piece.stddev, r, node, "stddev");
  if (status == FC_OK)
    status = read_sides(&piece, r, map);
  if (status == FC_OK)
    status = push_piece(factors, r, map, &piece);
  fc_formula_free(piece.mean);
  fc_formula_free(piece.stddev);
  fc_formula_free(piece.lower);
  fc_formula_free(piece.upper);
  return status;
}
