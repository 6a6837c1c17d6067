/* What a run is to do: units of one check on one instance under one schedule,
 * in a fixed order.
 */
#ifndef FC_TOOLS_COMMAND_PLAN_H
#define FC_TOOLS_COMMAND_PLAN_H

#include "claims/claim.h"
#include "options.h"

typedef struct fc_unit {
  const fc_check *check;
  const fc_instance *instance;
  const char *reference; /* how the command line names the instance */
  const fc_schedule *schedule;
} fc_unit;

typedef struct fc_plan {
  fc_instance **instances;
  char **references;
  size_t instance_count;
  fc_schedule *schedule; /* from --schedule, or NULL */
  fc_unit *units;
  size_t count;
  fc_tier tier;
  long precision;
  uint64_t seed;
  const char *claim_glob;
  int jobs;
  double time_budget;
} fc_plan;

/* Reads every instance and option; nothing runs where one of them is wrong:
 * -1 to go on, else the exit status, the message being written. */
int fc_plan_make(fc_plan *plan, const fc_arguments *arguments);
void fc_plan_clear(fc_plan *plan);

/* True where the unit's check has a claim that the filters admit. */
bool fc_plan_wants(const fc_plan *plan, const fc_check *check);

#endif
