/* Targets that are wrong on purpose. */
#ifndef FC_TOOLS_CANDIDATE_ALTERED_H
#define FC_TOOLS_CANDIDATE_ALTERED_H

#include "target/target.h"

/* NAME, what it looks like in a message */
#define FC_ALTERATION_LIST(X)                                                  \
  X(EQUAL, "equal weights in place of the target's")                           \
  X(BACKWARD, "the weights in the opposite order")                             \
  X(SQUARED, "the variances used as standard deviations")                      \
  X(ROOTED, "the standard deviations used as variances")                       \
  X(MIRRORED, "the means with the opposite sign")

typedef enum fc_alteration {
#define X(NAME, text) FC_ALTER_##NAME,
  FC_ALTERATION_LIST(X)
#undef X
      FC_ALTERATION_COUNT
} fc_alteration;

const char *fc_alteration_text(fc_alteration alteration);

/* A new target, of mixtures with at most 64 components; FC_UNSUPPORTED for
 * others, and where the alteration changes nothing or does not apply.  Its
 * numbers are those of the target to binary64. */
fc_status fc_alter_target(fc_target **altered, const fc_target *target,
                          fc_alteration alteration);

#endif
