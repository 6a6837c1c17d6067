/* The key `schedule`: a name (also NAME:key=value), a map with the key name and
 * parameters, or a list of these. */
#include <stdlib.h>
#include <string.h>

#include "instance/reader.h"

#define MAX_SCHEDULES 64
#define MAX_PARAMETERS 16

/* Takes the schedule, also on failure. */
static fc_status push(fc_yaml *r, const fc_yaml_node *node,
                      fc_schedule *schedule) {
  fc_instance *instance = r->instance;
  const char *label = fc_schedule_label(schedule);
  fc_status status = FC_OK;
  for (size_t i = 0; i < instance->schedule_count && status == FC_OK; i++)
    if (strcmp(fc_schedule_label(instance->schedules[i]), label) == 0)
      status =
          FC_FAIL_NODE(r, node, FC_VALUE,
                       "the schedule %.64s is listed twice; keep one", label);
  size_t size = (instance->schedule_count + 1) * sizeof *instance->schedules;
  fc_schedule **moved =
      status == FC_OK ? realloc(instance->schedules, size) : NULL;
  if (status == FC_OK && !moved)
    status = fc_yaml_no_memory(r);
  if (status != FC_OK) {
    fc_schedule_free(schedule);
    return status;
  }
  instance->schedules = moved;
  instance->schedules[instance->schedule_count++] = schedule;
  return FC_OK;
}

/* The parser of schedules does not know where its text stands; where it says
 * in which column of the text it failed, that counts from the node. */
static fc_status read_scalar(fc_yaml *r, const fc_yaml_node *node) {
  fc_schedule *schedule = NULL;
  fc_error reason = {0};
  fc_status status = fc_yaml_scalar(r, node, "schedule");
  if (status != FC_OK)
    return status;
  status = fc_schedule_parse(&schedule, node->text, &reason);
  if (status == FC_OK)
    return push(r, node, schedule);
  unsigned shift = reason.line == 1 && reason.column && node->one_line
                       ? reason.column - 1
                       : 0;
  const fc_position at = {r->path, node->line, node->column + shift};
  return fc_fail_at(r->error, status, &at, "%s", reason.message);
}

static fc_status read_map(fc_yaml *r, const fc_yaml_node *map) {
  fc_schedule_parameter parameters[MAX_PARAMETERS];
  size_t count = 0;
  fc_yaml_node *name;
  fc_status status =
      fc_yaml_require(&name, r, map, "name", "for example \"name: linear\"");
  if (status == FC_OK)
    status = fc_yaml_scalar(r, name, "name");
  for (const fc_yaml_node *child = map->first; child && status == FC_OK;
       child = child->next) {
    if (child == name)
      continue;
    status = fc_yaml_scalar(r, child, "a schedule's parameter");
    if (status == FC_OK && count == MAX_PARAMETERS)
      status = FC_FAIL_KEY(r, child, FC_LIMIT, "too many parameters");
    if (status == FC_OK)
      parameters[count++] = (fc_schedule_parameter){
          child->key, child->text, {r->path, child->line, child->column}};
  }
  if (status != FC_OK)
    return status;
  fc_schedule *schedule = NULL;
  const fc_position at = {r->path, name->line, name->column};
  status =
      fc_schedule_new(&schedule, name->text, parameters, count, &at, r->error);
  return status == FC_OK ? push(r, map, schedule) : status;
}

static fc_status read_one(fc_yaml *r, const fc_yaml_node *node) {
  if (node->kind == FC_MAPPING)
    return read_map(r, node);
  if (node->kind == FC_SCALAR)
    return read_scalar(r, node);
  return FC_FAIL_NODE(r, node, FC_SHAPE,
                      "a schedule must be a name or a map with the key "
                      "\"name\", not a list");
}

static fc_status read_defaults(fc_yaml *r, const fc_yaml_node *root) {
  fc_status status = FC_OK;
  r->instance->schedules_defaulted = true;
  for (size_t i = 0; i < fc_schedule_known_count() && status == FC_OK; i++) {
    fc_schedule *schedule = NULL;
    if (!fc_schedule_known_default(i))
      continue;
    status = fc_schedule_new(&schedule, fc_schedule_known_name(i), NULL, 0,
                             NULL, r->error);
    if (status == FC_OK)
      status = push(r, root, schedule);
  }
  return status;
}

fc_status fc_yaml_schedules(fc_yaml *r, const fc_yaml_node *root) {
  const fc_yaml_node *node = fc_yaml_get(root, "schedule");
  if (!node)
    return read_defaults(r, root);
  if (node->kind != FC_SEQUENCE)
    return read_one(r, node);
  if (node->count == 0)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "the list of schedules is empty; leave the key out "
                        "for the default ones");
  if (node->count > MAX_SCHEDULES)
    return FC_FAIL_NODE(r, node, FC_LIMIT, "more than %d schedules",
                        MAX_SCHEDULES);
  fc_status status = FC_OK;
  for (const fc_yaml_node *child = node->first; child && status == FC_OK;
       child = child->next)
    status = read_one(r, child);
  return status;
}
