#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/grow.h"
#include "base/utf8.h"
#include "instance/reader.h"

/* YAML's and other tools' words for what no parameter may be. */
static bool is_not_finite_word(const char *text) {
  static const char *const words[] = {"nan", "inf", "infinity"};
  if (*text == '+' || *text == '-')
    text++;
  if (*text == '.')
    text++;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcasecmp(text, words[i]) == 0)
      return true;
  return false;
}

/* Exact rationals are finite; other constants are evaluated once to see. */
static bool is_finite_constant(const fc_formula *constant) {
  mpq_t q;
  mpq_init(q);
  bool finite = fc_formula_get_mpq(q, constant);
  mpq_clear(q);
  if (finite)
    return true;
  fc_ctx ctx[1];
  fc_num x;
  fc_ctx_init_mpfr(ctx, 64);
  fc_init(x, ctx);
  finite =
      fc_formula_eval(x, constant, NULL, ctx) == FC_OK && fc_is_finite(x, ctx);
  fc_clear(x, ctx);
  return finite;
}

/* Some limits of formulas have no place of their own: then it is the node's. */
static fc_status unreadable(fc_yaml *r, const fc_yaml_node *node,
                            const char *what, fc_status status,
                            const fc_error *reason) {
  const fc_position at = {r->path, reason->line ? reason->line : node->line,
                          reason->line ? reason->column : node->column};
  return fc_fail_at(r->error, status, &at, "%s: %s", what, reason->message);
}

fc_status fc_yaml_constant(fc_formula **constant, fc_yaml *r,
                           const fc_yaml_node *node, const char *what) {
  fc_status status = fc_yaml_scalar(r, node, what);
  if (status != FC_OK)
    return status;
  char quoted[48];
  fc_utf8_quote(quoted, sizeof quoted, node->text);
  if (!node->one_line)
    return FC_FAIL_NODE(r, node, FC_PARSE,
                        "%s must stand on one line without line breaks", what);
  if (is_not_finite_word(node->text))
    return FC_FAIL_NODE(r, node, FC_VALUE,
                        "%s is %s; it must be a finite number", what, quoted);
  const fc_position at = {r->path, node->line, node->column};
  fc_formula *parsed = NULL;
  fc_error reason = {0};
  status = fc_constant_parse(&parsed, node->text, &at, &reason);
  if (status != FC_OK)
    return unreadable(r, node, what, status, &reason);
  if (!is_finite_constant(parsed)) {
    fc_formula_free(parsed);
    return FC_FAIL_NODE(r, node, FC_VALUE,
                        "%s: %s is not a finite number; give one", what,
                        quoted);
  }
  *constant = parsed;
  return FC_OK;
}

fc_status fc_yaml_positive(fc_formula **constant, fc_yaml *r,
                           const fc_yaml_node *node, const char *what) {
  fc_formula *parsed = NULL;
  fc_status status = fc_yaml_constant(&parsed, r, node, what);
  if (status != FC_OK)
    return status;
  int sign = 0;
  char quoted[48];
  fc_utf8_quote(quoted, sizeof quoted, node->text);
  status = fc_constant_sign(&sign, parsed);
  if (status != FC_OK)
    status = FC_FAIL_NODE(r, node, status,
                          "the sign of %s = %s cannot be decided; write the "
                          "number in a simpler way",
                          what, quoted);
  else if (sign <= 0)
    status = FC_FAIL_NODE(r, node, FC_VALUE, "%s is %s; it must be positive",
                          what, quoted);
  if (status != FC_OK)
    fc_formula_free(parsed);
  else
    *constant = parsed;
  return status;
}

/* --- lists ------------------------------------------------------------ */

void fc_constants_clear(fc_constants *list) {
  for (size_t i = 0; i < list->count; i++)
    fc_formula_free(list->items[i]);
  free(list->items);
  *list = (fc_constants){NULL, 0, 0};
}

fc_status fc_constants_push(fc_constants *list, fc_yaml *r,
                            fc_formula *constant) {
  if (!fc_grow(&list->items, &list->capacity, list->count,
               sizeof *list->items)) {
    fc_formula_free(constant);
    return fc_yaml_no_memory(r);
  }
  list->items[list->count++] = constant;
  return FC_OK;
}

static fc_status push_node(fc_constants *list, fc_yaml *r,
                           const fc_yaml_node *node, const char *what,
                           fc_constant_reader read) {
  fc_formula *constant = NULL;
  fc_status status = read(&constant, r, node, what);
  return status == FC_OK ? fc_constants_push(list, r, constant) : status;
}

/* The node is a list of 1 to limit entries. */
static fc_status check_list(fc_yaml *r, const fc_yaml_node *node, size_t limit,
                            const char *what) {
  if (node->kind != FC_SEQUENCE)
    return FC_FAIL_NODE(r, node, FC_SHAPE, "%s must be a list [.., ..]", what);
  if (node->count == 0)
    return FC_FAIL_NODE(r, node, FC_SHAPE, "%s is an empty list", what);
  if (node->count > limit)
    return FC_FAIL_NODE(r, node, FC_LIMIT,
                        "%s has %zu entries; at most %zu are possible", what,
                        node->count, limit);
  return FC_OK;
}

fc_status fc_yaml_list(fc_constants *list, fc_yaml *r, const fc_yaml_node *node,
                       size_t limit, const char *what,
                       fc_constant_reader read) {
  fc_status status = check_list(r, node, limit, what);
  for (const fc_yaml_node *child = status == FC_OK ? node->first : NULL;
       child && status == FC_OK; child = child->next)
    status = push_node(list, r, child, what, read);
  return status;
}

fc_status fc_yaml_point(fc_constants *list, size_t *d, fc_yaml *r,
                        const fc_yaml_node *node, const char *what) {
  size_t found = node->kind == FC_SEQUENCE ? node->count : 1;
  if (node->kind == FC_SEQUENCE) {
    fc_status status = check_list(r, node, FC_TARGET_MAX_DIMENSION, what);
    if (status != FC_OK)
      return status;
  }
  if (*d != 0 && found != *d)
    return FC_FAIL_NODE(
        r, node, FC_SHAPE, "%s has %zu coordinate%s, but %zu %s expected", what,
        found, found == 1 ? "" : "s", *d, *d == 1 ? "is" : "are");
  *d = found;
  if (node->kind != FC_SEQUENCE)
    return push_node(list, r, node, what, fc_yaml_constant);
  return fc_yaml_list(list, r, node, FC_TARGET_MAX_DIMENSION, what,
                      fc_yaml_constant);
}

fc_status fc_yaml_points(fc_constants *list, size_t *d, size_t *count,
                         fc_yaml *r, const fc_yaml_node *node,
                         const char *what) {
  fc_status status = check_list(r, node, FC_TARGET_MAX_COMPONENTS, what);
  for (const fc_yaml_node *row = status == FC_OK ? node->first : NULL;
       row && status == FC_OK; row = row->next)
    status = fc_yaml_point(list, d, r, row, what);
  *count = node->count;
  return status;
}

/* --- covariances ------------------------------------------------------ */

static fc_status check_symmetric(fc_yaml *r, const fc_yaml_node *node,
                                 const fc_formula *entry,
                                 const fc_formula *mirror, size_t i, size_t j) {
  int sign = 0;
  if (strcmp(fc_formula_text(entry), fc_formula_text(mirror)) == 0)
    return FC_OK;
  fc_status status = fc_constant_compare(&sign, entry, mirror);
  if (status == FC_OK && sign == 0)
    return FC_OK;
  char quoted[48], other[48];
  fc_utf8_quote(quoted, sizeof quoted, fc_formula_text(entry));
  fc_utf8_quote(other, sizeof other, fc_formula_text(mirror));
  return FC_FAIL_NODE(r, node, status == FC_OK ? FC_VALUE : status,
                      "the covariance is not symmetric: row %zu, column %zu "
                      "is %s, but row %zu, column %zu is %s%s",
                      i + 1, j + 1, quoted, j + 1, i + 1, other,
                      status == FC_OK ? ""
                                      : " (equality cannot be decided; write "
                                        "both in the same way)");
}

static fc_status read_row(fc_constants *list, size_t d, size_t i, fc_yaml *r,
                          const fc_yaml_node *row) {
  if (row->kind != FC_SEQUENCE || row->count != d)
    return FC_FAIL_NODE(r, row, FC_SHAPE,
                        "row %zu of the covariance must be a list of %zu "
                        "number%s",
                        i + 1, d, d == 1 ? "" : "s");
  size_t start = list->count - i * d, j = 0;
  for (const fc_yaml_node *entry = row->first; entry;
       entry = entry->next, j++) {
    fc_status status =
        push_node(list, r, entry, i == j ? "a variance" : "a covariance",
                  i == j ? fc_yaml_positive : fc_yaml_constant);
    if (status == FC_OK && j < i)
      status = check_symmetric(r, entry, list->items[start + i * d + j],
                               list->items[start + j * d + i], i, j);
    if (status != FC_OK)
      return status;
  }
  return FC_OK;
}

fc_status fc_yaml_covariance(fc_constants *list, size_t d, fc_yaml *r,
                             const fc_yaml_node *node) {
  if (d == 1 && node->kind == FC_SCALAR)
    return push_node(list, r, node, "a variance", fc_yaml_positive);
  if (node->kind != FC_SEQUENCE || node->count != d)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "the covariance must be %zu row%s of %zu number%s, "
                        "because the mean has %zu coordinate%s",
                        d, d == 1 ? "" : "s", d, d == 1 ? "" : "s", d,
                        d == 1 ? "" : "s");
  size_t i = 0;
  for (const fc_yaml_node *row = node->first; row; row = row->next, i++) {
    fc_status status = read_row(list, d, i, r, row);
    if (status != FC_OK)
      return status;
  }
  return FC_OK;
}
