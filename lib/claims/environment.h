/* The names that the formulas of bounds may use, and their values for one
 * target, schedule and time.
 *
 *   t r              time and 1 - t
 *   a b da db        a_t, b_t and their derivatives
 *   d2a d2b          a'', b''
 *   omega            a b' - a' b
 *   dada             (a a')' = a'^2 + a a''
 *   a0 b0            start values of the schedule
 *   a_s b_s          a and b at the start time s of a flow from s to t (s = 0
 *                    until fc_environment_set_start)
 *   da1 db1 ada1     a', b', a a' at t = 1 (da1 may be -infinity)
 *   kappa beta D sigma R L      class constants (NaN where the target has none)
 *   diam_nu diam_rho            diam(supp nu), diam(supp rho)
 *
 * Products a*da and a*omega are read as the single regular quantities
 * (a^2)'/2 and a^2 b' - (a a') b: they stay finite at t = 1 where a = 0 and
 * a' may be infinite.
 */
#ifndef FC_CLAIMS_ENVIRONMENT_H
#define FC_CLAIMS_ENVIRONMENT_H

#include "schedule/schedule.h"
#include "target/target.h"

typedef struct fc_environment fc_environment;

/* Target and schedule are kept by reference. */
fc_status fc_environment_new(fc_environment **environment,
                             const fc_target *target,
                             const fc_schedule *schedule, const fc_ctx *ctx);
void fc_environment_free(fc_environment *environment); /* NULL is allowed */

/* Takes the values of the schedule at a time. */
void fc_environment_set_time(fc_environment *environment,
                             const fc_schedule_value *at, const fc_time *time);

/* Takes the values at the time s at which a flow X_{s,t} starts. */
void fc_environment_set_start(fc_environment *environment,
                              const fc_schedule_value *at, const fc_time *time);

/* Takes a, b (t) and a_s, b_s (s) alone, as numbers. */
void fc_environment_set_pair(fc_environment *environment, fc_srcptr a_s,
                             fc_srcptr b_s, fc_srcptr a, fc_srcptr b);

/* The times s and t, and what the environment was made for. */
void fc_environment_times(fc_time *s, fc_time *t,
                          const fc_environment *environment);
const fc_target *fc_environment_target(const fc_environment *environment);
const fc_schedule *fc_environment_schedule(const fc_environment *environment);

/* Parses the formula of a bound over these names. */
fc_status fc_bound_parse(fc_formula **bound, const char *text, fc_error *error);

/* z = the bound's value here. */
fc_status fc_environment_eval(fc_ptr z, const fc_environment *environment,
                              const fc_formula *bound);

/* Both in one, for a text that is used once. */
fc_status fc_environment_eval_text(fc_ptr z, const fc_environment *environment,
                                   const char *text);

/* The same for formulas with up to FC_FURTHER_NAMES names of the caller's own
 * beside these, such as C for an entry of the posterior covariance; further[i]
 * is the value of names[i]. */
enum { FC_FURTHER_NAMES = 8 };
fc_status fc_bound_parse_further(fc_formula **bound, const char *text,
                                 const char *const *names, size_t count,
                                 fc_error *error);
fc_status fc_environment_eval_further(fc_ptr z,
                                      const fc_environment *environment,
                                      const fc_formula *bound,
                                      fc_srcptr further, size_t count);

/* True where every class constant in the formula exists for the target; else
 * *missing (may be NULL) is the name of one that does not. */
bool fc_bound_has_constants(const char **missing, const fc_formula *bound,
                            const fc_target *target);

#endif
