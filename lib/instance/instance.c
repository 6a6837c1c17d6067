#include "instance/instance.h"

#include <nettle/sha2.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/text.h"
#include "instance/reader.h"

void fc_sha256_hex(char hex[65], const void *bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  struct sha256_ctx state;
  uint8_t digest[SHA256_DIGEST_SIZE];
  sha256_init(&state);
  sha256_update(&state, length, bytes);
  sha256_digest(&state, sizeof digest, digest);
  for (size_t i = 0; i < sizeof digest; i++) {
    hex[2 * i] = digits[digest[i] >> 4];
    hex[2 * i + 1] = digits[digest[i] & 15];
  }
  hex[64] = '\0';
}

static fc_status read_root(fc_yaml *r, const fc_yaml_node *root) {
  static const char *const keys[] = {"name",     "title",  "why",   "target",
                                     "schedule", "checks", "expect"};
  if (root->kind != FC_MAPPING)
    return FC_FAIL_NODE(r, root, FC_SHAPE,
                        "an instance must be a map with the keys name, target "
                        "and, if wanted, title, why, schedule, checks, expect");
  fc_status status = fc_yaml_check_keys(r, root, keys, 7);
  if (status == FC_OK)
    status = fc_yaml_texts(r, root);
  if (status == FC_OK)
    status = fc_yaml_target(r, root);
  if (status == FC_OK)
    status = fc_yaml_schedules(r, root);
  if (status == FC_OK)
    status = fc_yaml_checks(r, root);
  if (status == FC_OK)
    status = fc_yaml_expectations(r, root);
  return status;
}

/* What is known of the bytes themselves. */
static fc_status read_origin(fc_yaml *r, const char *bytes, size_t length) {
  char hex[65];
  fc_sha256_hex(hex, bytes, length);
  r->instance->sha256 = fc_strdup(hex);
  if (r->path)
    r->instance->path = fc_strdup(r->path);
  return r->instance->sha256 && (!r->path || r->instance->path)
             ? FC_OK
             : fc_yaml_no_memory(r);
}

static fc_status read_tree(fc_yaml *r, const fc_tree *tree, const char *bytes,
                           size_t length) {
  const fc_position start = {r->path, 1, 1};
  if (!tree->root || (tree->root->kind == FC_SCALAR && !tree->root->text[0]))
    return fc_fail_at(r->error, FC_PARSE, &start,
                      "the file is empty; an instance is a map with the keys "
                      "name and target");
  fc_status status = read_origin(r, bytes, length);
  return status == FC_OK ? read_root(r, tree->root) : status;
}

fc_status fc_instance_parse(fc_instance **instance, const char *bytes,
                            size_t length, const char *path, fc_error *error) {
  const fc_position whole = {path, 0, 0};
  if (length > FC_INSTANCE_MAX_BYTES)
    return fc_fail_at(error, FC_LIMIT, &whole,
                      "is larger than the limit of %d bytes",
                      FC_INSTANCE_MAX_BYTES);
  fc_tree tree = {NULL, NULL, 0};
  fc_status status = fc_tree_parse(&tree, bytes, length, path, error);
  if (status != FC_OK)
    return status;
  fc_instance *made = calloc(1, sizeof *made);
  fc_yaml r = {path, error, made};
  status = made ? read_tree(&r, &tree, bytes, length) : fc_yaml_no_memory(&r);
  fc_tree_clear(&tree);
  if (status == FC_OK)
    *instance = made;
  else
    fc_instance_free(made);
  return status;
}

fc_status fc_instance_read(fc_instance **instance, const char *path,
                           fc_error *error) {
  char *bytes = NULL;
  size_t length = 0;
  fc_status status =
      fc_file_read(&bytes, &length, path, FC_INSTANCE_MAX_BYTES, false, error);
  if (status != FC_OK)
    return status;
  status = fc_instance_parse(instance, bytes, length, path, error);
  free(bytes);
  return status;
}

static void free_schedules(fc_instance *instance) {
  for (size_t i = 0; i < instance->schedule_count; i++)
    fc_schedule_free(instance->schedules[i]);
  free(instance->schedules);
}

static void free_filters(fc_instance *instance) {
  for (size_t i = 0; i < instance->check_count; i++)
    free(instance->checks[i]);
  free(instance->checks);
  for (size_t i = 0; i < instance->expectation_count; i++) {
    free(instance->expectations[i].claim);
    free(instance->expectations[i].schedule);
    free(instance->expectations[i].verdict);
  }
  free(instance->expectations);
}

static void free_data(fc_instance *instance) {
  for (size_t i = 0; i < instance->data_count; i++) {
    free(instance->data[i].path);
    free(instance->data[i].sha256);
  }
  free(instance->data);
}

void fc_instance_free(fc_instance *instance) {
  if (!instance)
    return;
  free(instance->name);
  free(instance->title);
  free(instance->why);
  free(instance->path);
  free(instance->family);
  free(instance->sha256);
  fc_target_free(instance->target);
  free_schedules(instance);
  free_filters(instance);
  free_data(instance);
  free(instance);
}
