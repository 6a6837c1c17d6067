/* CSV: one point a row, numbers between commas, no header.  Each field is an
 * exact constant, as everywhere in an instance. */
#include <string.h>

#include "instance/reader.h"

/* A field as the scalar that the readers of numbers expect. */
static fc_status read_field(fc_constants *list, fc_yaml *r, char *field,
                            unsigned line, unsigned column) {
  while (*field == ' ' || *field == '\t') {
    field++;
    column++;
  }
  size_t length = strlen(field);
  while (length > 0 && strchr(" \t\r", field[length - 1]))
    field[--length] = '\0';
  const fc_yaml_node node = {.kind = FC_SCALAR,
                             .text = field,
                             .one_line = true,
                             .plain = true,
                             .line = line,
                             .column = column};
  fc_formula *constant = NULL;
  fc_status status = fc_yaml_constant(&constant, r, &node, "a coordinate");
  return status == FC_OK ? fc_constants_push(list, r, constant) : status;
}

static fc_status read_row(fc_constants *list, size_t *fields, fc_yaml *r,
                          char *row, unsigned line) {
  char *field = row;
  *fields = 0;
  while (field) {
    char *comma = strchr(field, ',');
    if (comma)
      *comma = '\0';
    const fc_position at = {r->path, line, (unsigned)(field - row) + 1};
    if (*fields == FC_TARGET_MAX_DIMENSION)
      return fc_fail_at(r->error, FC_LIMIT, &at,
                        "the row has more than %d numbers",
                        FC_TARGET_MAX_DIMENSION);
    fc_status status = read_field(list, r, field, line, at.column);
    if (status != FC_OK)
      return status;
    ++*fields;
    field = comma ? comma + 1 : NULL;
  }
  return FC_OK;
}

static bool is_blank(const char *row) {
  return row[strspn(row, " \t\r")] == '\0';
}

static fc_status add_row(fc_constants *list, size_t *d, size_t *count,
                         fc_yaml *r, char *row, unsigned line) {
  const fc_position at = {r->path, line, 1};
  size_t fields;
  if (is_blank(row))
    return fc_fail_at(r->error, FC_PARSE, &at,
                      "the row is empty; remove it (one point a row)");
  if (*count == FC_TARGET_MAX_COMPONENTS)
    return fc_fail_at(r->error, FC_LIMIT, &at, "more than %d points",
                      FC_TARGET_MAX_COMPONENTS);
  fc_status status = read_row(list, &fields, r, row, line);
  if (status != FC_OK)
    return status;
  if (*d != 0 && fields != *d)
    return fc_fail_at(r->error, FC_SHAPE, &at,
                      "the row has %zu number%s, but the rows before have %zu",
                      fields, fields == 1 ? "" : "s", *d);
  *d = fields;
  ++*count;
  return FC_OK;
}

fc_status fc_sample_csv(fc_constants *list, size_t *d, size_t *count,
                        fc_yaml *r, char *bytes, size_t length) {
  fc_status status = fc_tree_check_text(bytes, length, r->path, r->error);
  unsigned line = 1;
  for (char *row = bytes; status == FC_OK && row < bytes + length; line++) {
    char *end = strchr(row, '\n');
    if (end)
      *end = '\0';
    status = add_row(list, d, count, r, row, line);
    row = end ? end + 1 : bytes + length;
  }
  if (status == FC_OK && *count == 0) {
    const fc_position at = {r->path, 1, 1};
    status = fc_fail_at(r->error, FC_PARSE, &at,
                        "the file is empty; give one point a row");
  }
  return status;
}
