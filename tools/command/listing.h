/* What `flowcert list` lists, as arrays of JSON objects. */
#ifndef FC_TOOLS_COMMAND_LISTING_H
#define FC_TOOLS_COMMAND_LISTING_H

#include <jansson.h>

/* name, the keys that make the columns of the readable form ("" for none) */
#define FC_TOPIC_LIST(X)                                                       \
  X(checks, "check", "source", "title")                                        \
  X(claims, "claim", "source", "statement")                                    \
  X(instances, "instance", "family", "title")                                  \
  X(families, "family", "keys", "")                                            \
  X(schedules, "schedule", "help", "")                                         \
  X(quantities, "quantity", "shape", "help")

/* Appends the objects; returns an exit status, after a message where something
 * could not be read (the rest is listed all the same). */
#define X(name, first, second, third) int fc_list_##name(json_t *array);
FC_TOPIC_LIST(X)
#undef X

#endif
