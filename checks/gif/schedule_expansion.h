/* The judge of gif.schedule: a, b and their derivatives from the schedule's own
 * formulas alone, by Taylor arithmetic in t.  It shares nothing with the closed
 * forms of lib/schedule but the text of a_t and b_t.
 */
#ifndef FC_CHECKS_GIF_SCHEDULE_EXPANSION_H
#define FC_CHECKS_GIF_SCHEDULE_EXPANSION_H

#include "schedule/schedule.h"

typedef struct fc_expansion fc_expansion;

/* Works with more bits than ctx has, so that what the formulas lose to
 * cancellation next to t = 1 (sqrt(1-t^2)) is not seen. */
fc_status fc_expansion_new(fc_expansion **expansion,
                           const fc_schedule *schedule, const fc_ctx *ctx,
                           fc_error *error);
void fc_expansion_free(fc_expansion *expansion); /* NULL is allowed */

/* Takes the time t = time, or 1 - time where from_end. */
fc_status fc_expansion_set(fc_expansion *expansion, double time, bool from_end);

/* A formula over t r a b da db d2a d2b, and its value at the time taken, in the
 * context given to fc_expansion_new. */
fc_status fc_expansion_parse(fc_formula **formula, const char *string,
                             fc_error *error);
fc_status fc_expansion_eval(fc_ptr z, const fc_expansion *expansion,
                            const fc_formula *formula);

#endif
