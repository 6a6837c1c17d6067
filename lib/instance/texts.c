/* name, title, why: what the instance says about itself; checks and expect:
 * what it is for. */
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/text.h"
#include "base/utf8.h"
#include "instance/reader.h"
#include "record/record.h"

#define MAX_NAME 64
#define MAX_LINE 500
#define MAX_GLOB 128
#define MAX_GLOBS 256

static fc_status copy_text(char **copy, fc_yaml *r, const char *text) {
  *copy = fc_strdup(text);
  return *copy ? FC_OK : fc_yaml_no_memory(r);
}

/* --- name ------------------------------------------------------------- */

static bool is_name(const char *text) {
  size_t length = strlen(text);
  return length > 0 && length <= MAX_NAME && text[0] != '-' &&
         strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static fc_status read_name(fc_yaml *r, const fc_yaml_node *root) {
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_require(&node, r, root, "name",
                                     "for example \"name: my-target\"");
  if (status == FC_OK)
    status = fc_yaml_scalar(r, node, "name");
  if (status != FC_OK)
    return status;
  char quoted[80];
  fc_utf8_quote(quoted, sizeof quoted, node->text);
  if (!is_name(node->text))
    return FC_FAIL_NODE(r, node, FC_VALUE,
                        "the name \"%s\" must consist of a-z, 0-9 and -, start "
                        "with a letter or digit and have at most %d characters",
                        quoted, MAX_NAME);
  return copy_text(&r->instance->name, r, node->text);
}

/* --- title and why ---------------------------------------------------- */

static fc_status read_line(char **copy, fc_yaml *r, const fc_yaml_node *root,
                           const char *key) {
  const fc_yaml_node *node = fc_yaml_get(root, key);
  if (!node)
    return FC_OK;
  fc_status status = fc_yaml_scalar(r, node, key);
  if (status != FC_OK)
    return status;
  if (strchr(node->text, '\n'))
    return FC_FAIL_NODE(r, node, FC_VALUE,
                        "%s must be one line; join the lines (or use >-)", key);
  if (strlen(node->text) > MAX_LINE)
    return FC_FAIL_NODE(r, node, FC_LIMIT, "%s has more than %d bytes", key,
                        MAX_LINE);
  return copy_text(copy, r, node->text);
}

fc_status fc_yaml_texts(fc_yaml *r, const fc_yaml_node *root) {
  fc_status status = read_name(r, root);
  if (status == FC_OK)
    status = read_line(&r->instance->title, r, root, "title");
  if (status == FC_OK && !r->instance->title)
    status = copy_text(&r->instance->title, r, "");
  if (status == FC_OK)
    status = read_line(&r->instance->why, r, root, "why");
  return status;
}

/* --- globs ------------------------------------------------------------ */

/* Characters of ids and schedule labels, and of patterns over them. */
static bool is_glob(const char *text) {
  size_t length = strlen(text);
  return length > 0 && length <= MAX_GLOB &&
         strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789-._/*?[]!:=,+^() ") == length;
}

static fc_status check_glob(fc_yaml *r, const fc_position *at, const char *text,
                            const char *what) {
  char quoted[48];
  fc_utf8_quote(quoted, sizeof quoted, text);
  const fc_position position = {r->path, at->line, at->column};
  if (is_glob(text))
    return FC_OK;
  return fc_fail_at(r->error, FC_VALUE, &position,
                    "\"%s\" is not a pattern for %s; write something like %s",
                    quoted, what,
                    strcmp(what, "schedules") == 0 ? "\"vp*\"" : "\"gif.*\"");
}

static fc_status push_check(fc_yaml *r, const fc_yaml_node *node) {
  fc_instance *instance = r->instance;
  fc_status status = fc_yaml_scalar(r, node, "a check's pattern");
  const fc_position at = {r->path, node->line, node->column};
  if (status == FC_OK)
    status = check_glob(r, &at, node->text, "checks");
  if (status != FC_OK)
    return status;
  size_t size = (instance->check_count + 1) * sizeof *instance->checks;
  char **moved = realloc(instance->checks, size);
  if (!moved)
    return fc_yaml_no_memory(r);
  instance->checks = moved;
  status = copy_text(&instance->checks[instance->check_count], r, node->text);
  if (status == FC_OK)
    instance->check_count++;
  return status;
}

fc_status fc_yaml_checks(fc_yaml *r, const fc_yaml_node *root) {
  const fc_yaml_node *node = fc_yaml_get(root, "checks");
  if (!node)
    return FC_OK;
  if (node->kind == FC_SCALAR)
    return push_check(r, node);
  if (node->kind == FC_MAPPING || node->count == 0)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "checks must be a list of patterns such as [gif.*]; "
                        "leave the key out for every check");
  if (node->count > MAX_GLOBS)
    return FC_FAIL_NODE(r, node, FC_LIMIT, "more than %d patterns", MAX_GLOBS);
  fc_status status = FC_OK;
  for (const fc_yaml_node *child = node->first; child && status == FC_OK;
       child = child->next)
    status = push_check(r, child);
  return status;
}

/* --- expectations ----------------------------------------------------- */

static fc_status check_verdict(fc_yaml *r, const fc_yaml_node *node) {
  const char *names[FC_VERDICT_COUNT];
  fc_verdict verdict;
  fc_status status = fc_yaml_scalar(r, node, "a verdict");
  if (status != FC_OK || fc_verdict_from_name(&verdict, node->text))
    return status;
  for (int i = 0; i < FC_VERDICT_COUNT; i++)
    names[i] = fc_verdict_name((fc_verdict)i);
  const char *close = fc_closest_name(node->text, names, FC_VERDICT_COUNT);
  char quoted[48];
  fc_utf8_quote(quoted, sizeof quoted, node->text);
  return FC_FAIL_NODE(r, node, FC_NAME,
                      "unknown verdict \"%s\"; %s%s%sknown: holds, attained, "
                      "violated, inconclusive, not-applicable, error",
                      quoted, close ? "did you mean \"" : "",
                      close ? close : "", close ? "\"? " : "");
}

static fc_status push_expectation(fc_yaml *r, const char *claim,
                                  const char *schedule, const char *verdict) {
  fc_instance *instance = r->instance;
  size_t size =
      (instance->expectation_count + 1) * sizeof *instance->expectations;
  fc_expectation *moved = realloc(instance->expectations, size);
  if (!moved)
    return fc_yaml_no_memory(r);
  instance->expectations = moved;
  fc_expectation made = {fc_strdup(claim), fc_strdup(schedule),
                         fc_strdup(verdict)};
  if (!made.claim || !made.schedule || !made.verdict) {
    free(made.claim);
    free(made.schedule);
    free(made.verdict);
    return fc_yaml_no_memory(r);
  }
  moved[instance->expectation_count++] = made;
  return FC_OK;
}

static fc_status read_per_schedule(fc_yaml *r, const fc_yaml_node *map) {
  fc_status status = FC_OK;
  for (const fc_yaml_node *child = map->first; child && status == FC_OK;
       child = child->next) {
    const fc_position at = {r->path, child->key_line, child->key_column};
    status = check_glob(r, &at, child->key, "schedules");
    if (status == FC_OK)
      status = check_verdict(r, child);
    if (status == FC_OK)
      status = push_expectation(r, map->key, child->key, child->text);
  }
  return status;
}

static fc_status read_expectation(fc_yaml *r, const fc_yaml_node *node) {
  const fc_position at = {r->path, node->key_line, node->key_column};
  fc_status status = check_glob(r, &at, node->key, "claims");
  if (status != FC_OK)
    return status;
  if (node->kind == FC_MAPPING)
    return read_per_schedule(r, node);
  status = check_verdict(r, node);
  if (status == FC_OK)
    status = push_expectation(r, node->key, "*", node->text);
  return status;
}

fc_status fc_yaml_expectations(fc_yaml *r, const fc_yaml_node *root) {
  const fc_yaml_node *node = fc_yaml_get(root, "expect");
  if (!node)
    return FC_OK;
  if (node->kind != FC_MAPPING)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "expect must be a map from claims to verdicts");
  fc_status status = FC_OK;
  for (const fc_yaml_node *child = node->first; child && status == FC_OK;
       child = child->next)
    status = read_expectation(r, child);
  return status;
}
