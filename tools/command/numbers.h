/* Numbers among the options. */
#ifndef FC_TOOLS_COMMAND_NUMBERS_H
#define FC_TOOLS_COMMAND_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "arith/arith.h"
#include "claims/claim.h"
#include "options.h"

/* Each reads an option where it is given and leaves *value alone otherwise;
 * false, with a message, where it is no number in the range. */
bool fc_option_long(long *value, const fc_arguments *arguments,
                    const char *name, long least, long most);
bool fc_option_seed(uint64_t *value, const fc_arguments *arguments);
bool fc_option_seconds(double *value, const fc_arguments *arguments,
                       const char *name);

/* --tier and --precision, with what the build can do. */
bool fc_option_tier(fc_tier *tier, const fc_arguments *arguments);

/* A context of the tier; in binary64 precision is ignored. */
fc_status fc_tier_context(fc_ctx *ctx, fc_tier tier, long precision,
                          fc_error *error);

/* "I/N", 1 <= I <= N. */
bool fc_option_shard(long *index, long *count, const fc_arguments *arguments);

#endif
