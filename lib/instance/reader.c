#include "instance/reader.h"

#include <string.h>

#include "base/closest.h"
#include "base/utf8.h"

fc_status fc_yaml_no_memory(fc_yaml *r) {
  const fc_position at = {r->path, 0, 0};
  return fc_fail_at(r->error, FC_MEMORY, &at, "not enough memory");
}

fc_yaml_node *fc_yaml_get(const fc_yaml_node *map, const char *key) {
  for (fc_yaml_node *child = map->first; child; child = child->next)
    if (strcmp(child->key, key) == 0)
      return child;
  return NULL;
}

static bool is_among(const char *word, const char *const *words, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(word, words[i]) == 0)
      return true;
  return false;
}

/* "a, b, c" */
static const char *join(char *buffer, size_t size, const char *const *words,
                        size_t count) {
  size_t used = 0;
  buffer[0] = '\0';
  for (size_t i = 0; i < count; i++) {
    size_t length = strlen(words[i]);
    if (used + length + 3 > size)
      break;
    if (i > 0) {
      memcpy(buffer + used, ", ", 2);
      used += 2;
    }
    memcpy(buffer + used, words[i], length + 1);
    used += length;
  }
  return buffer;
}

fc_status fc_yaml_check_keys(fc_yaml *r, const fc_yaml_node *map,
                             const char *const *keys, size_t count) {
  for (const fc_yaml_node *child = map->first; child; child = child->next) {
    if (is_among(child->key, keys, count))
      continue;
    char quoted[48], known[256];
    fc_utf8_quote(quoted, sizeof quoted, child->key);
    join(known, sizeof known, keys, count);
    const char *close = fc_closest_name(child->key, keys, count);
    if (close)
      return FC_FAIL_KEY(r, child, FC_NAME,
                         "unknown key \"%s\"; did you mean \"%s\"? (known "
                         "here: %s)",
                         quoted, close, known);
    return FC_FAIL_KEY(r, child, FC_NAME, "unknown key \"%s\"; known here: %s",
                       quoted, known);
  }
  return FC_OK;
}

fc_status fc_yaml_require(fc_yaml_node **value, fc_yaml *r,
                          const fc_yaml_node *map, const char *key,
                          const char *hint) {
  *value = fc_yaml_get(map, key);
  if (*value)
    return FC_OK;
  return FC_FAIL_NODE(r, map, FC_PARSE, "the key \"%s\" is missing; add %s",
                      key, hint);
}

/* What YAML reads as nothing. */
static bool is_null(const fc_yaml_node *node) {
  return node->plain &&
         (node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
          strcmp(node->text, "null") == 0);
}

fc_status fc_yaml_scalar(fc_yaml *r, const fc_yaml_node *node,
                         const char *what) {
  if (node->kind != FC_SCALAR)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "%s must be a single value, not a %s", what,
                        node->kind == FC_MAPPING ? "map" : "list");
  if (is_null(node) || node->text[0] == '\0')
    return FC_FAIL_NODE(r, node, FC_PARSE, "%s is empty; give a value", what);
  return FC_OK;
}
