/* Instances from text, for tests of what works on whole jobs. */
#ifndef FC_CHECKS_INSTANCES_H
#define FC_CHECKS_INSTANCES_H

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "instance/instance.h"

/* target: the keys of the mapping, "family: gaussian, mean: 0, stddev: 1". */
static inline fc_instance *instance_of(const char *target,
                                       const char *schedule) {
  char text[1024];
  fc_instance *instance = NULL;
  fc_error error;
  snprintf(text, sizeof text, "name: x\ntarget: {%s}\nschedule: %s\n", target,
           schedule);
  ck_assert_msg(fc_instance_parse(&instance, text, strlen(text), "x.yaml",
                                  &error) == FC_OK,
                "%s", error.message);
  return instance;
}

#endif
