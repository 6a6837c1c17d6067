/* From two numbers that can be evaluated at any precision to a verdict.
 *
 * With gap = bound - measured ("<="), measured - bound (">=") or
 * -|measured - bound| ("="), and a positive scale on which gaps matter:
 *   |gap| <= limit scale   attained ("=": holds), limit = 2^(32 - precision),
 *                          at most 2^-34 and at least 2^-1074 (binary64)
 *   gap < that             violated
 *   gap > that             holds
 * The precision is doubled until two precisions agree, or, where the comparison
 * states how far it may be off, until that cannot change the verdict; in the
 * certified tier a ball enclosure that excludes the verdict makes it an error,
 * and a violation that it proves makes the record's basis `certified`.
 */
#ifndef FC_CLAIMS_DECISION_H
#define FC_CLAIMS_DECISION_H

#include "claims/claim.h"

enum { FC_GUARD_BITS = 160 }; /* working precision beyond what is stated */

typedef enum fc_relation { FC_AT_MOST, FC_AT_LEAST, FC_EQUAL } fc_relation;

/* From "<=", ">=", "=". */
fc_relation fc_relation_of(const fc_claim *claim);

typedef struct fc_comparison {
  fc_num measured, bound, scale;
  double error;  /* binary64: how far measured and bound may be off, set by
                    who fills them; 0: not known */
  fc_num stated; /* how far measured - bound may be off, absolutely; set by
                    who fills them where `states`, in every arithmetic */
  bool states;
  double stated_relative; /* stated/scale, filled by fc_compare; infinite where
                             that is no number, 0 where nothing is stated */
  bool as_ratio;          /* the slack to state: bound/measured ("<=") or
                             measured/bound in place of the gap; set by who fills */
  fc_num gap;             /* filled by fc_compare */
  double relative;        /* gap/scale */
  bool valid;             /* everything is finite and the scale positive */
} fc_comparison;

void fc_comparison_init(fc_comparison *comparison, const fc_ctx *ctx);
void fc_comparison_clear(fc_comparison *comparison, const fc_ctx *ctx);

/* gap, relative and valid from measured, bound and scale. */
void fc_compare(fc_comparison *comparison, fc_relation relation,
                const fc_ctx *ctx);

/* The verdict on a comparison in binary64 or MPFR; `inconclusive` where it is
 * not valid. */
fc_verdict fc_judge(const fc_comparison *comparison, fc_relation relation,
                    long precision, const fc_ctx *ctx);

/* Fills measured, bound and scale in a context; FC_DOMAIN where that is not
 * possible there. */
typedef fc_status fc_compare_function(fc_comparison *comparison, void *closure,
                                      const fc_ctx *ctx);

/* Verdict, basis, measured, bound and slack of the record by the rules above,
 * in the job's tier. */
fc_status fc_decide(fc_record *record, const fc_job *job, fc_relation relation,
                    fc_compare_function *function, void *closure);

/* The same for comparisons that state their error: begins with fewer bits. */
fc_status fc_decide_stated(fc_record *record, const fc_job *job,
                           fc_relation relation, fc_compare_function *function,
                           void *closure);

/* Sets a verdict that needs a reason. */
fc_status fc_record_reason(fc_record *record, fc_verdict verdict,
                           const char *reason);

#endif
