/* NPY, versions 1 and 2: little-endian binary32 or binary64, row by row, one or
 * two axes.  The header is a Python dictionary with three known keys; it is
 * searched for them rather than evaluated. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "instance/reader.h"

#define HEADER_MAX 4096

typedef struct layout {
  size_t width; /* bytes a number */
  size_t rows;
  size_t columns;
} layout;

static fc_status fail(fc_yaml *r, fc_status status, const char *message) {
  const fc_position at = {r->path, 0, 0};
  return fc_fail_at(r->error, status, &at, "NPY: %s", message);
}

static size_t little_endian(const char *bytes, size_t count) {
  size_t value = 0;
  for (size_t i = count; i-- > 0;)
    value = value << 8 | (unsigned char)bytes[i];
  return value;
}

/* Just behind "'key':" and blanks, or NULL. */
static const char *find_key(const char *header, const char *quoted_key) {
  const char *at = strstr(header, quoted_key);
  if (!at)
    return NULL;
  at += strlen(quoted_key);
  at += strspn(at, " ");
  if (*at++ != ':')
    return NULL;
  return at + strspn(at, " ");
}

static bool starts_with(const char *text, const char *prefix) {
  return text && strncmp(text, prefix, strlen(prefix)) == 0;
}

/* A decimal axis length up to limit + 1; false where there is none. */
static bool read_axis(size_t *value, const char **at, size_t limit) {
  const char *digit = *at + strspn(*at, " ");
  if (*digit < '0' || *digit > '9')
    return false;
  *value = 0;
  for (; *digit >= '0' && *digit <= '9'; digit++)
    if (*value <= limit)
      *value = 10 * *value + (size_t)(*digit - '0');
  *at = digit + strspn(digit, " ");
  return true;
}

/* "(n,)" or "(n, d)" */
static fc_status read_shape(layout *l, fc_yaml *r, const char *at) {
  l->columns = 1;
  if (!at || *at++ != '(' ||
      !read_axis(&l->rows, &at, FC_TARGET_MAX_COMPONENTS) || *at++ != ',')
    return fail(r, FC_SHAPE, "the array must have one or two axes");
  if (*at != ')' && read_axis(&l->columns, &at, FC_TARGET_MAX_DIMENSION) &&
      *at == ',')
    at++;
  if (*at != ')')
    return fail(r, FC_SHAPE, "the array must have one or two axes");
  if (l->rows == 0 || l->columns == 0)
    return fail(r, FC_SHAPE, "the array is empty");
  if (l->rows > FC_TARGET_MAX_COMPONENTS)
    return fail(r, FC_LIMIT, "more than 100000 points");
  if (l->columns > FC_TARGET_MAX_DIMENSION)
    return fail(r, FC_LIMIT, "more than 64 dimensions");
  return FC_OK;
}

static fc_status read_header(layout *l, fc_yaml *r, const char *header) {
  const char *type = find_key(header, "'descr'");
  if (starts_with(type, "'<f8'"))
    l->width = 8;
  else if (starts_with(type, "'<f4'"))
    l->width = 4;
  else
    return fail(r, FC_UNSUPPORTED,
                "only little-endian binary32 and binary64 arrays ('<f4', "
                "'<f8') can be read");
  if (!starts_with(find_key(header, "'fortran_order'"), "False"))
    return fail(r, FC_UNSUPPORTED,
                "only arrays stored row by row (fortran_order False) can be "
                "read; save numpy.ascontiguousarray(x)");
  return read_shape(l, r, find_key(header, "'shape'"));
}

/* Finds the header; *data is where the numbers begin. */
static fc_status open_header(char header[HEADER_MAX + 1], size_t *data,
                             fc_yaml *r, const char *bytes, size_t length) {
  if (length < 6 || memcmp(bytes, "\x93NUMPY", 6) != 0)
    return fail(r, FC_PARSE,
                "not in NumPy's .npy format; write it with numpy.save, or give "
                "the points as a .csv file");
  if (length < 12)
    return fail(r, FC_PARSE, "the file ends within its header");
  unsigned version = (unsigned char)bytes[6];
  if (version != 1 && version != 2)
    return fail(r, FC_UNSUPPORTED, "only format versions 1 and 2 can be read");
  size_t start = version == 1 ? 10 : 12;
  size_t size = little_endian(bytes + 8, start - 8);
  if (size > HEADER_MAX)
    return fail(r, FC_LIMIT, "the header is longer than 4096 bytes");
  if (size > length - start)
    return fail(r, FC_PARSE, "the file ends within its header");
  memcpy(header, bytes + start, size);
  header[size] = '\0';
  *data = start + size;
  return FC_OK;
}

static double read_number(const char *bytes, size_t width) {
  uint64_t bits = 0;
  for (size_t i = width; i-- > 0;)
    bits = bits << 8 | (unsigned char)bytes[i];
  if (width == 8) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
  }
  uint32_t half = (uint32_t)bits;
  float value;
  memcpy(&value, &half, sizeof value);
  return (double)value;
}

/* The constant that is exactly value. */
static fc_status exact_constant(fc_formula **constant, fc_yaml *r,
                                double value) {
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  mpq_t q;
  mpq_init(q);
  mpq_set_d(q, value);
  char *text = mpq_get_str(NULL, 10, q);
  fc_status status = fc_constant_parse(constant, text, NULL, r->error);
  release(text, strlen(text) + 1);
  mpq_clear(q);
  return status;
}

static fc_status add_number(fc_constants *list, fc_yaml *r, double value,
                            size_t row, size_t column) {
  const fc_position at = {r->path, 0, 0};
  if (!isfinite(value))
    return fc_fail_at(r->error, FC_VALUE, &at,
                      "NPY: row %zu, column %zu is %s; remove it", row + 1,
                      column + 1, isnan(value) ? "NaN" : "infinite");
  fc_formula *constant = NULL;
  fc_status status = exact_constant(&constant, r, value);
  return status == FC_OK ? fc_constants_push(list, r, constant) : status;
}

/* Header and length; *data is where the numbers begin. */
static fc_status open_file(layout *l, size_t *data, fc_yaml *r,
                           const char *bytes, size_t length) {
  char header[HEADER_MAX + 1];
  fc_status status = open_header(header, data, r, bytes, length);
  if (status == FC_OK)
    status = read_header(l, r, header);
  if (status == FC_OK && length - *data != l->rows * l->columns * l->width)
    status = fail(r, FC_PARSE,
                  "the file's length does not fit its shape; it is cut off or "
                  "damaged");
  return status;
}

fc_status fc_npy_numbers(double **numbers, size_t *rows, size_t *columns,
                         const char *path, const char *bytes, size_t length,
                         fc_error *error) {
  fc_yaml reader = {path, error, NULL};
  size_t data = 0;
  layout l = {0, 0, 0};
  fc_status status = open_file(&l, &data, &reader, bytes, length);
  if (status != FC_OK)
    return status;
  double *values = malloc(l.rows * l.columns * sizeof *values);
  if (!values)
    return fail(&reader, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < l.rows * l.columns; i++)
    values[i] = read_number(bytes + data + i * l.width, l.width);
  *numbers = values;
  *rows = l.rows;
  *columns = l.columns;
  return FC_OK;
}

fc_status fc_sample_npy(fc_constants *list, size_t *d, size_t *count,
                        fc_yaml *r, const char *bytes, size_t length) {
  size_t data = 0;
  layout l = {0, 0, 0};
  fc_status status = open_file(&l, &data, r, bytes, length);
  for (size_t i = 0; i < l.rows * l.columns && status == FC_OK; i++)
    status =
        add_number(list, r, read_number(bytes + data + i * l.width, l.width),
                   i / l.columns, i % l.columns);
  if (status == FC_OK) {
    *d = l.columns;
    *count = l.rows;
  }
  return status;
}
