/* What `flowcert eval` was asked for, read and checked. */
#ifndef FC_TOOLS_COMMAND_REQUEST_H
#define FC_TOOLS_COMMAND_REQUEST_H

#include "claims/claim.h"
#include "flow/flow.h"
#include "options.h"
#include "quantities.h"

typedef struct fc_request {
  fc_quantity quantity;
  const char *quantity_name;
  fc_instance *instance;
  const fc_schedule *schedule; /* NULL where the quantity needs none */
  fc_schedule *own_schedule;   /* from --schedule */
  fc_formula *t;               /* NULL where the quantity needs none */
  const char *t_text;
  fc_formula *s; /* of flows and bounds on them: where they start; else NULL */
  const char *s_text;
  fc_flow_method method; /* of flows */
  /* x_count constants; NULL where the quantity needs none.  Where x_other[i] is
   * not NULL coordinate i is an interval: [x, x_other], or x +- x_other. */
  fc_formula **x, **x_other;
  bool *x_about; /* the second kind */
  bool has_interval;
  char **x_texts;
  size_t x_count;
  double gap; /* of suprema in the certified tier: how close, relatively */
  const fc_claim *claim; /* quantity bound */
  const char *claim_text;
  fc_tier tier;
  long precision;
  long digits; /* 0: as many as identify the value */
  bool json;
} fc_request;

/* -1 to go on, else the exit status, the message being written. */
int fc_request_read(fc_request *request, const fc_arguments *arguments);
void fc_request_clear(fc_request *request);

/* --schedule, else the only one of the instance; an instance with several is
 * asked back.  *own is what was made for --schedule, to be freed.  -1 to go on,
 * else the exit status. */
int fc_choose_schedule(const fc_schedule **schedule, fc_schedule **own,
                       const fc_instance *instance,
                       const fc_arguments *arguments);

/* The name of a quantity as written. */
const char *fc_quantity_name(fc_quantity quantity);

#endif
