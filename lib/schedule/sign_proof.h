/* Proofs of the sign conditions of (3.2) on all of (0, 1), in balls. */
#ifndef FC_SCHEDULE_SIGN_PROOF_H
#define FC_SCHEDULE_SIGN_PROOF_H

#include "schedule/schedule.h"

typedef enum fc_sign_condition {
  FC_A_POSITIVE,  /* a > 0 */
  FC_B_POSITIVE,  /* b > 0 */
  FC_DA_FALLS,    /* a' <= 0 */
  FC_DB_RISES,    /* b' >= 0 */
  FC_OMEGA_RISES, /* omega >= 0 */
  FC_SIGN_CONDITION_COUNT
} fc_sign_condition;

typedef enum fc_proof { FC_PROVED, FC_REFUTED, FC_UNDECIDED } fc_proof;

/* Bisects [0, 1] until on every part the condition follows from an enclosure:
 * of the quantity, of a times the quantity (regular at t = 1), or of its
 * derivative together with its value at an end.  FC_REFUTED: *t lies in a part
 * in which the condition fails everywhere. */
fc_status fc_schedule_prove(fc_proof *proof, double *t,
                            const fc_schedule *schedule,
                            fc_sign_condition condition, long precision);

/* *proved = a > 0, b > 0 and omega >= 0 on all of (0, 1): what every statement
 * for all schedules assumes.  Built-in schedules have it by their formulas (the
 * ranges of their parameters are checked), custom ones where it is proved. */
fc_status fc_schedule_prove_signs(bool *proved, const fc_schedule *schedule);

#endif
