#include "candidate/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/grow.h"
#include "base/text.h"

enum { BYTES_MAX = 1 << 26, ROWS_MAX = 1000000 };

/* Numbers as they stand in the file. */
typedef struct grid {
  double *numbers;
  size_t rows, columns, capacity;
} grid;

/* --- CSV -------------------------------------------------------------------
 */

static bool push(grid *g, size_t count, double value) {
  if (!fc_grow(&g->numbers, &g->capacity, count, sizeof *g->numbers))
    return false;
  g->numbers[count] = value;
  return true;
}

/* One field; false where it is no number. */
static bool read_field(double *value, const char *field) {
  char *end;
  *value = strtod(field, &end);
  end += strspn(end, " \t\r");
  return end != field && *end == '\0';
}

/* One row; *bad is the first field that is no number. */
static fc_status read_row(grid *g, size_t *fields, char *row,
                          const char **bad) {
  *fields = 0;
  *bad = NULL;
  for (char *field = row; field;) {
    char *comma = strchr(field, ',');
    double value;
    if (comma)
      *comma = '\0';
    field += strspn(field, " \t");
    if (!read_field(&value, field)) {
      *bad = field;
      return FC_PARSE;
    }
    if (!push(g, g->rows * g->columns + *fields, value))
      return FC_MEMORY;
    ++*fields;
    field = comma ? comma + 1 : NULL;
  }
  return FC_OK;
}

static fc_status read_csv(grid *g, const char *path, char *bytes, size_t length,
                          fc_error *error) {
  unsigned line = 1;
  for (char *row = bytes; row < bytes + length; line++) {
    char *end = strchr(row, '\n'), *next = end ? end + 1 : bytes + length;
    const fc_position at = {path, line, 0};
    const char *bad;
    size_t fields;
    if (end)
      *end = '\0';
    if (row[strspn(row, " \t\r")] == '\0' || *row == '#') {
      row = next;
      continue;
    }
    fc_status status = read_row(g, &fields, row, &bad);
    if (status == FC_PARSE && g->rows == 0 && line == 1 && bad == row) {
      row = next; /* names */
      continue;
    }
    if (status == FC_PARSE)
      return fc_fail_at(error, status, &at, "'%.40s' is no number", bad);
    if (status != FC_OK)
      return fc_fail(error, status, "out of memory");
    if (g->columns && fields != g->columns)
      return fc_fail_at(error, FC_SHAPE, &at,
                        "the row has %zu numbers, those before have %zu",
                        fields, g->columns);
    if (g->rows == ROWS_MAX)
      return fc_fail_at(error, FC_LIMIT, &at, "more than %d rows", ROWS_MAX);
    g->columns = fields;
    g->rows++;
    row = next;
  }
  return FC_OK;
}

/* --- rows into points ------------------------------------------------------
 */

static int by_time(const void *p, const void *q) {
  const double *a = *(const double *const *)p, *b = *(const double *const *)q;
  for (int k = 0; k < 2; k++) /* t, then s */
    if (a[k] != b[k])
      return a[k] < b[k] ? -1 : 1;
  return (a > b) - (a < b); /* then as in the file */
}

/* Rows as (t, s, x, value), sorted. */
static fc_status sort_rows(const double ***order, double **flat, const grid *g,
                           bool has_s) {
  size_t width = g->columns + !has_s;
  *flat = malloc((g->rows * width + 1) * sizeof **flat);
  *order = malloc((g->rows + 1) * sizeof **order);
  if (!*flat || !*order)
    return FC_MEMORY;
  for (size_t i = 0; i < g->rows; i++) {
    const double *row = g->numbers + i * g->columns;
    double *to = *flat + i * width;
    to[0] = has_s ? row[1] : row[0];
    to[1] = has_s ? row[0] : 0;
    memcpy(to + 2, row + 1 + has_s, (width - 2) * sizeof *to);
    (*order)[i] = to;
  }
  qsort(*order, g->rows, sizeof **order, by_time);
  return FC_OK;
}

static fc_status check_row(const double *row, size_t d, const char *path,
                           fc_error *error) {
  const fc_position at = {path, 0, 0};
  if (!(row[0] >= 0 && row[0] <= 1 && row[1] >= 0 && row[1] <= 1))
    return fc_fail_at(error, FC_VALUE, &at,
                      "a time in the table is %g; times lie in [0, 1]",
                      row[0] >= 0 && row[0] <= 1 ? row[1] : row[0]);
  for (size_t k = 0; k < d; k++)
    if (!isfinite(row[2 + k]))
      return fc_fail_at(error, FC_VALUE, &at,
                        "a point in the table is not finite");
  return FC_OK;
}

static fc_status take(fc_spots *spots, double **values, const grid *g,
                      const char *path, const fc_subject *subject,
                      fc_error *error) {
  const fc_position at = {path, 0, 0};
  const double **order = NULL;
  double *flat = NULL;
  size_t d = subject->d;
  bool has_s = subject->asked == FC_ASKED_FLOW && g->columns == 2 + 2 * d;
  if (g->columns != 1 + 2 * d && !has_s)
    return fc_fail_at(error, FC_SHAPE, &at,
                      "the table has %zu columns; t, x and the value make %zu "
                      "in dimension %zu",
                      g->columns, 1 + 2 * d, d);
  fc_status status = sort_rows(&order, &flat, g, has_s);
  *values = malloc((g->rows * d + 1) * sizeof **values);
  if (!*values || status != FC_OK) {
    fc_fail(error, FC_MEMORY, "out of memory");
    status = FC_MEMORY;
  }
  for (size_t i = 0; i < g->rows && status == FC_OK; i++) {
    status = check_row(order[i], d, path, error);
    if (status != FC_OK || order[i][0] < subject->from ||
        order[i][0] > subject->to)
      continue;
    memcpy(*values + spots->count * d, order[i] + 2 + d, d * sizeof **values);
    status = fc_spots_add(spots, order[i][1], order[i][0], order[i] + 2,
                          "in the table", true);
  }
  free(order);
  free(flat);
  if (status == FC_OK && spots->count == 0)
    status = fc_fail_at(error, FC_VALUE, &at,
                        "no row with a time between --from and --to");
  return status;
}

fc_status fc_table_read(fc_spots *spots, double **values, const char *path,
                        const fc_subject *subject, fc_error *error) {
  char *bytes = NULL;
  size_t length = 0;
  grid g = {NULL, 0, 0, 0};
  memset(spots, 0, sizeof *spots);
  spots->d = subject->d;
  fc_status status =
      fc_file_read(&bytes, &length, path, BYTES_MAX, true, error);
  if (status == FC_OK && length >= 6 && memcmp(bytes, "\x93NUMPY", 6) == 0)
    status = fc_npy_numbers(&g.numbers, &g.rows, &g.columns, path, bytes,
                            length, error);
  else if (status == FC_OK)
    status = read_csv(&g, path, bytes, length, error);
  if (status == FC_OK)
    status = take(spots, values, &g, path, subject, error);
  free(g.numbers);
  free(bytes);
  return status;
}
