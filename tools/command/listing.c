#include "listing.h"

#include "checks.h"
#include "command.h"
#include "instances.h"
#include "quantities.h"

/* Adds a text; absent ones and what is no UTF-8 become null. */
static void put(json_t *object, const char *key, const char *text) {
  json_t *value = text ? json_string(text) : NULL;
  json_object_set_new(object, key, value ? value : json_null());
}

int fc_list_checks(json_t *array) {
  for (size_t i = 0; i < fc_check_count; i++) {
    const fc_check *check = fc_checks[i];
    json_t *object = json_object();
    put(object, "check", check->id);
    put(object, "source", check->source);
    put(object, "title", check->title);
    json_object_set_new(object, "claims",
                        json_integer((json_int_t)check->claim_count));
    json_array_append_new(array, object);
  }
  return FC_EXIT_EXPECTED;
}

static json_t *claim_object(const fc_check *check, const fc_claim *claim) {
  json_t *object = json_object();
  json_object_set_new(object, "claim",
                      json_sprintf("%s/%s", check->id, claim->name));
  put(object, "check", check->id);
  put(object, "kind", fc_kind_name(claim->kind));
  put(object, "source", claim->source);
  put(object, "statement", claim->statement);
  put(object, "relation", claim->relation);
  put(object, "formula", claim->formula);
  put(object, "hypotheses", claim->hypotheses);
  put(object, "control_of", claim->control_of);
  return object;
}

int fc_list_claims(json_t *array) {
  for (size_t i = 0; i < fc_check_count; i++)
    for (size_t k = 0; k < fc_checks[i]->claim_count; k++)
      json_array_append_new(
          array, claim_object(fc_checks[i], &fc_checks[i]->claims[k]));
  return FC_EXIT_EXPECTED;
}

static json_t *instance_object(const fc_instance *instance) {
  json_t *object = json_object();
  put(object, "instance", instance->name);
  put(object, "family", instance->family);
  put(object, "title", instance->title);
  put(object, "why", instance->why);
  json_object_set_new(
      object, "dimension",
      json_integer((json_int_t)fc_target_dimension(instance->target)));
  json_t *schedules = json_array();
  for (size_t i = 0; i < instance->schedule_count; i++)
    json_array_append_new(
        schedules, json_string(fc_schedule_label(instance->schedules[i])));
  json_object_set_new(object, "schedules", schedules);
  put(object, "path", instance->path);
  put(object, "sha256", instance->sha256);
  return object;
}

int fc_list_instances(json_t *array) {
  fc_suite suite;
  fc_error error;
  if (fc_suite_read(&suite, &error) != FC_OK)
    return fc_message_error(&error);
  int status = FC_EXIT_EXPECTED;
  for (size_t i = 0; i < suite.count; i++) {
    fc_instance *instance = NULL;
    if (fc_instance_read(&instance, suite.paths[i], &error) != FC_OK)
      status = fc_message_error(&error);
    else
      json_array_append_new(array, instance_object(instance));
    fc_instance_free(instance);
  }
  fc_suite_clear(&suite);
  return status;
}

int fc_list_families(json_t *array) {
  for (size_t i = 0; i < fc_family_count(); i++) {
    json_t *object = json_object();
    put(object, "family", fc_family_name(i));
    put(object, "keys", fc_family_help(i));
    json_array_append_new(array, object);
  }
  return FC_EXIT_EXPECTED;
}

int fc_list_schedules(json_t *array) {
  for (size_t i = 0; i < fc_schedule_known_count(); i++) {
    json_t *object = json_object();
    put(object, "schedule", fc_schedule_known_name(i));
    put(object, "help", fc_schedule_known_help(i));
    json_object_set_new(object, "default",
                        json_boolean(fc_schedule_known_default(i)));
    json_array_append_new(array, object);
  }
  return FC_EXIT_EXPECTED;
}

int fc_list_quantities(json_t *array) {
  static const struct {
    const char *name, *shape, *help;
  } quantities[] = {
#define X(NAME, name, shape, help) {name, shape, help},
      FC_QUANTITY_LIST(X)
#undef X
  };
  for (int i = 0; i < FC_QUANTITY_COUNT; i++) {
    json_t *object = json_object();
    put(object, "quantity", quantities[i].name);
    put(object, "shape", quantities[i].shape);
    put(object, "help", quantities[i].help);
    json_array_append_new(array, object);
  }
  return FC_EXIT_EXPECTED;
}
