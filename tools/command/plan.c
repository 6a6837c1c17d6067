#include "plan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "command.h"
#include "instances.h"
#include "names.h"
#include "numbers.h"

bool fc_plan_wants(const fc_plan *plan, const fc_check *check) {
  if (!plan->claim_glob)
    return true;
  for (size_t i = 0; i < check->claim_count; i++)
    if (fc_claim_matches(plan->claim_glob, check->id, check->claims[i].name))
      return true;
  return false;
}

/* --- instances ------------------------------------------------------------ */

static int add_instance(fc_plan *plan, const char *name,
                        const char *reference) {
  fc_error error;
  fc_instance *instance = NULL;
  if (fc_find_instance(&instance, name, &error) != FC_OK)
    return fc_message_error(&error);
  for (size_t i = 0; i < plan->instance_count; i++)
    if (strcmp(plan->instances[i]->name, instance->name) == 0) {
      fc_message("two instances have the name '%s' (%s and %s); records could "
                 "not tell them apart",
                 instance->name, plan->references[i], reference);
      fc_instance_free(instance);
      return FC_EXIT_USAGE;
    }
  plan->references[plan->instance_count] = fc_strdup(reference);
  plan->instances[plan->instance_count++] = instance;
  return -1;
}

static bool reserve_instances(fc_plan *plan, size_t count) {
  plan->instances = calloc(count + 1, sizeof *plan->instances);
  plan->references = calloc(count + 1, sizeof *plan->references);
  if (plan->instances && plan->references)
    return true;
  fc_message("out of memory");
  return false;
}

static int read_suite(fc_plan *plan) {
  fc_error error;
  fc_suite suite;
  if (fc_suite_read(&suite, &error) != FC_OK)
    return fc_message_error(&error);
  int status = reserve_instances(plan, suite.count) ? -1 : FC_EXIT_USAGE;
  for (size_t i = 0; i < suite.count && status < 0; i++)
    status = add_instance(plan, suite.paths[i], suite.names[i]);
  fc_suite_clear(&suite);
  return status;
}

static int read_instances(fc_plan *plan, const fc_arguments *arguments) {
  if (arguments->operand_count == 0)
    return read_suite(plan);
  int status =
      reserve_instances(plan, arguments->operand_count) ? -1 : FC_EXIT_USAGE;
  for (size_t i = 0; i < arguments->operand_count && status < 0; i++)
    status = add_instance(plan, arguments->operands[i], arguments->operands[i]);
  return status;
}

/* --- units -----------------------------------------------------------------
 */

static bool named_by_option(const fc_check *check,
                            const fc_arguments *arguments) {
  if (!fc_arguments_has(arguments, "check"))
    return true;
  const char *glob;
  for (size_t i = 0; (glob = fc_arguments_nth(arguments, "check", i)); i++)
    if (fc_glob_matches(glob, check->id))
      return true;
  return false;
}

static bool named_by_instance(const fc_check *check,
                              const fc_instance *instance) {
  for (size_t i = 0; i < instance->check_count; i++)
    if (fc_glob_matches(instance->checks[i], check->id))
      return true;
  return instance->check_count == 0;
}

/* True where a check that judges the schedule alone has a unit already. */
static bool is_repeated(const fc_plan *plan, const fc_unit *unit) {
  if (!unit->check->target_free)
    return false;
  const char *label = fc_schedule_label(unit->schedule);
  for (size_t i = 0; i < plan->count; i++)
    if (plan->units[i].check == unit->check &&
        strcmp(fc_schedule_label(plan->units[i].schedule), label) == 0)
      return true;
  return false;
}

static void add_check(fc_plan *plan, const fc_check *check, size_t i) {
  const fc_instance *instance = plan->instances[i];
  size_t schedules = plan->schedule ? 1 : instance->schedule_count;
  for (size_t j = 0; j < schedules; j++) {
    const fc_unit unit = {check, instance, plan->references[i],
                          plan->schedule ? plan->schedule
                                         : instance->schedules[j]};
    if (!is_repeated(plan, &unit))
      plan->units[plan->count++] = unit;
  }
}

static bool add_units(fc_plan *plan, const fc_arguments *arguments) {
  size_t most = 0;
  for (size_t i = 0; i < plan->instance_count; i++)
    most += fc_check_count *
            (plan->schedule ? 1 : plan->instances[i]->schedule_count);
  plan->units = calloc(most + 1, sizeof *plan->units);
  if (!plan->units)
    return false;
  for (size_t i = 0; i < plan->instance_count; i++)
    for (size_t k = 0; k < fc_check_count; k++)
      if (named_by_option(fc_checks[k], arguments) &&
          named_by_instance(fc_checks[k], plan->instances[i]) &&
          fc_plan_wants(plan, fc_checks[k]))
        add_check(plan, fc_checks[k], i);
  return true;
}

/* Keeps every N-th unit, beginning with the I-th. */
static void take_shard(fc_plan *plan, long index, long count) {
  size_t kept = 0;
  for (size_t i = (size_t)index - 1; i < plan->count; i += (size_t)count)
    plan->units[kept++] = plan->units[i];
  plan->count = kept;
}

static bool read_numbers(fc_plan *plan, long *index, long *count,
                         const fc_arguments *arguments) {
  long jobs = sysconf(_SC_NPROCESSORS_ONLN);
  plan->precision = 128;
  plan->seed = 1;
  plan->tier = FC_TIER_MPFR;
  plan->time_budget = 600;
  plan->claim_glob = fc_arguments_value(arguments, "claim");
  if (jobs < 1)
    jobs = 1;
  bool ok = fc_option_tier(&plan->tier, arguments) &&
            fc_option_long(&plan->precision, arguments, "precision",
                           FC_PRECISION_MIN, FC_PRECISION_MAX) &&
            fc_option_long(&jobs, arguments, "jobs", 1, 1024) &&
            fc_option_shard(index, count, arguments) &&
            fc_option_seed(&plan->seed, arguments) &&
            fc_option_seconds(&plan->time_budget, arguments, "time-budget");
  plan->jobs = (int)jobs;
  return ok;
}

int fc_plan_make(fc_plan *plan, const fc_arguments *arguments) {
  long index = 1, count = 1;
  fc_error error;
  memset(plan, 0, sizeof *plan);
  if (!read_numbers(plan, &index, &count, arguments) ||
      !fc_names_options(arguments))
    return FC_EXIT_USAGE;
  const char *schedule = fc_arguments_value(arguments, "schedule");
  if (schedule && fc_schedule_parse(&plan->schedule, schedule, &error) != FC_OK)
    return fc_message_error(&error);
  int status = read_instances(plan, arguments);
  if (status >= 0)
    return status;
  for (size_t i = 0; i < plan->instance_count; i++)
    if (!fc_names_instance(plan->instances[i]))
      return FC_EXIT_USAGE;
  if (!add_units(plan, arguments)) {
    fc_message("out of memory");
    return FC_EXIT_USAGE;
  }
  if (plan->count == 0) {
    fc_message("no check and claim fits the filters; `flowcert list claims` "
               "lists them");
    return FC_EXIT_USAGE;
  }
  take_shard(plan, index, count);
  return -1;
}

void fc_plan_clear(fc_plan *plan) {
  for (size_t i = 0; i < plan->instance_count; i++) {
    fc_instance_free(plan->instances[i]);
    free(plan->references[i]);
  }
  free(plan->instances);
  free(plan->references);
  free(plan->units);
  fc_schedule_free(plan->schedule);
}
