/* The family smoothed-sample: a sample's points, each with a Gaussian of the
 * same standard deviation. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/utf8.h"
#include "instance/reader.h"

/* file, relative to the instance's folder; malloc'd. */
static char *resolve(const char *path, const char *file) {
  const char *slash = path ? strrchr(path, '/') : NULL;
  if (file[0] == '/' || !slash)
    return fc_strdup(file);
  fc_text text[1];
  fc_text_init(text);
  fc_text_append_bytes(text, path, (size_t)(slash - path) + 1);
  fc_text_append(text, file);
  return fc_text_take(text);
}

/* Remembers which bytes the sample was. */
static fc_status keep_digest(fc_yaml *r, const char *path, const char *bytes,
                             size_t length) {
  fc_instance *instance = r->instance;
  char hex[65];
  size_t size = (instance->data_count + 1) * sizeof *instance->data;
  fc_data_file *moved = realloc(instance->data, size);
  if (!moved)
    return fc_yaml_no_memory(r);
  instance->data = moved;
  fc_sha256_hex(hex, bytes, length);
  fc_data_file *file = &moved[instance->data_count++];
  *file = (fc_data_file){fc_strdup(path), fc_strdup(hex)};
  return file->path && file->sha256 ? FC_OK : fc_yaml_no_memory(r);
}

/* By its first bytes, or by its name. */
static bool is_npy(const char *path, const char *bytes, size_t length) {
  size_t name = strlen(path);
  return (length >= 6 && memcmp(bytes, "\x93NUMPY", 6) == 0) ||
         (name >= 4 && strcmp(path + name - 4, ".npy") == 0);
}

static fc_status read_points(fc_constants *list, size_t *d, size_t *count,
                             fc_yaml *r, const fc_yaml_node *node,
                             const char *path) {
  char *bytes = NULL;
  size_t length = 0;
  fc_error reason = {0};
  fc_status status =
      fc_file_read(&bytes, &length, path, FC_INSTANCE_MAX_BYTES, true, &reason);
  if (status != FC_OK) {
    char quoted[256];
    fc_utf8_quote(quoted, sizeof quoted, path);
    return FC_FAIL_NODE(r, node, status, "file %s: %s", quoted, reason.message);
  }
  fc_yaml inside = {path, r->error, r->instance};
  status = keep_digest(r, path, bytes, length);
  if (status == FC_OK && is_npy(path, bytes, length))
    status = fc_sample_npy(list, d, count, &inside, bytes, length);
  else if (status == FC_OK)
    status = fc_sample_csv(list, d, count, &inside, bytes, length);
  free(bytes);
  return status;
}

fc_status fc_yaml_sample_file(fc_constants *list, size_t *d, size_t *count,
                              fc_yaml *r, const fc_yaml_node *node) {
  fc_status status = fc_yaml_scalar(r, node, "file");
  if (status != FC_OK)
    return status;
  char *path = resolve(r->path, node->text);
  if (!path)
    return fc_yaml_no_memory(r);
  status = read_points(list, d, count, r, node, path);
  free(path);
  return status;
}

static fc_status read_stddev(fc_constants *stddevs, size_t count, fc_yaml *r,
                             const fc_yaml_node *map) {
  fc_yaml_node *node = NULL;
  fc_formula *stddev = NULL;
  fc_status status =
      fc_yaml_require(&node, r, map, "stddev", "a positive number");
  if (status == FC_OK)
    status = fc_yaml_positive(&stddev, r, node, "stddev");
  if (status == FC_OK)
    status = fc_constants_push(stddevs, r, stddev);
  while (status == FC_OK && stddevs->count < count) {
    fc_formula *copy = NULL;
    status = fc_formula_copy(&copy, stddevs->items[0]);
    status = status == FC_OK ? fc_constants_push(stddevs, r, copy)
                             : fc_yaml_no_memory(r);
  }
  return status;
}

fc_status fc_yaml_sample(fc_factors *factors, fc_yaml *r,
                         const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "file", "stddev"};
  fc_constants points = {NULL, 0, 0}, stddevs = {NULL, 0, 0};
  size_t d = 0, count = 0;
  fc_target *target = NULL;
  fc_yaml_node *node = NULL;
  fc_error reason = {0};
  fc_status status = fc_yaml_check_keys(r, map, keys, 3);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "file", "a CSV or NPY file");
  if (status == FC_OK)
    status = fc_yaml_sample_file(&points, &d, &count, r, node);
  if (status == FC_OK)
    status = read_stddev(&stddevs, count, r, map);
  if (status == FC_OK) {
    status = fc_target_new_isotropic(&target, d, count, NULL, points.items,
                                     stddevs.items, NULL, &reason);
    status = status == FC_OK ? fc_factors_push(factors, r, map, target)
                             : fc_yaml_refused(r, node, status, &reason);
  }
  fc_constants_clear(&points);
  fc_constants_clear(&stddevs);
  return status;
}
