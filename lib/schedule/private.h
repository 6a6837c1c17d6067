/* What the files of lib/schedule share. */
#ifndef FC_SCHEDULE_PRIVATE_H
#define FC_SCHEDULE_PRIVATE_H

#include "schedule/schedule.h"

#define FC_SCHEDULE_MAX_PARAMETERS 2
#define FC_SCHEDULE_MAX_CONSTANTS 2

/* Closed forms of a built-in schedule: fills all of value save rho and theta.
 * k are the constants of the kind. */
typedef void fc_closed_forms(fc_schedule_value *value, const fc_time *time,
                             fc_srcptr k, const fc_ctx *ctx);

/* What is known of a name.  All texts are formulas. */
typedef struct fc_schedule_kind {
  const char *name;
  const char *help;
  const char *a, *b; /* in t and the parameters; NULL for custom */
  struct {
    const char *key;
    const char *text; /* default, NULL where there is none */
  } parameters[FC_SCHEDULE_MAX_PARAMETERS];
  /* what the closed forms need, in the parameters */
  const char *constants[FC_SCHEDULE_MAX_CONSTANTS];
  /* conditions on the parameters: text must be > 0 (strict) or >= 0 */
  struct {
    const char *text;
    bool strict;
    const char *message;
  } conditions[3];
  fc_closed_forms *eval; /* NULL for custom */
  /* Guard bits that the closed forms need at this time (NULL: none). */
  long (*guard)(const fc_time *time, const fc_ctx *ctx);
} fc_schedule_kind;

size_t fc_schedule_kind_count(void);
const fc_schedule_kind *fc_schedule_kind_at(size_t i);

/* Formulas of a custom schedule in t. */
enum {
  FC_CUSTOM_A,
  FC_CUSTOM_B,
  FC_CUSTOM_DA,
  FC_CUSTOM_DB,
  FC_CUSTOM_D2A,
  FC_CUSTOM_D2B,
  FC_CUSTOM_A2,   /* a^2 */
  FC_CUSTOM_ADA,  /* (a^2)' */
  FC_CUSTOM_DADA, /* (a^2)'' */
  FC_CUSTOM_COUNT
};

struct fc_schedule {
  const fc_schedule_kind *kind;
  char *label, *text_a, *text_b;
  fc_formula *parameters[FC_SCHEDULE_MAX_PARAMETERS];
  fc_formula *constants[FC_SCHEDULE_MAX_CONSTANTS];
  fc_formula *custom[FC_CUSTOM_COUNT];
};

/* Derives the formulas of a custom schedule from its parameters a and b and
 * checks the end values of (3.2). */
fc_status fc_custom_derive(fc_schedule *schedule, const fc_position *const *at,
                           fc_error *error);

/* Evaluates a custom schedule; the context has been raised by the caller. */
fc_status fc_custom_eval(fc_schedule_value *value, const fc_schedule *schedule,
                         const fc_time *time, const fc_ctx *ctx);

/* z = sqrt(x) for x >= 0 (root.c): a ball that only its width carries below 0
 * has a root too, it covers [0, sqrt(max x)]. */
void fc_sqrt_nonnegative(fc_ptr z, fc_srcptr x, const fc_ctx *ctx);

/* --- more precise contexts (lift.c) ----------------------------------- */

/* A context of the same kind (MPFR for binary64) with more bits. */
typedef struct fc_lift {
  fc_ctx ctx;
  fc_ctx base; /* of a series */
} fc_lift;

fc_status fc_lift_init(fc_lift *lift, const fc_ctx *ctx, long guard);
void fc_schedule_value_convert(fc_schedule_value *to, const fc_ctx *to_ctx,
                               const fc_schedule_value *from,
                               const fc_ctx *from_ctx);

/* Leading zeros of the smaller one of t and 1 - t, within reason: the bits that
 * the other one loses. */
long fc_time_lost_bits(const fc_time *time, const fc_ctx *ctx);

#endif
