/* The engine for claims that compare two vectors at each point (t, x):
 * identities such as (4.3), judged by a second way to compute the same thing,
 * and inequalities that are checked at points.
 *
 * The points are those that hurt (next to both ends, images of the landmarks,
 * points between them, tails) and random ones.  The worst point and component
 * go to fc_decide (decision.h).  What was seen at finitely many points is
 * what a `holds` says; it refutes, it does not prove.
 */
#ifndef FC_CLAIMS_POINTWISE_H
#define FC_CLAIMS_POINTWISE_H

#include "claims/claim.h"
#include "claims/workspace.h"

/* Fills left and right (length numbers each).  scale (one number) is preset to
 * zero: left so, gaps are judged relative to the largest entry of both sides
 * (1 where all are zero).  FC_DOMAIN: not defined at this point (it is then
 * skipped). */
typedef fc_status fc_pointwise_function(fc_ptr left, fc_ptr right, fc_ptr scale,
                                        fc_workspace *workspace);

enum {
  FC_AT_INTERIOR = 1, /* times in (0, 1), next to both ends included */
  FC_AT_START = 2,    /* t = 0 */
  FC_AT_END = 4       /* t = 1 */
};

/* Tries to prove the claim of a record that has its verdict (proving.h). */
typedef fc_status fc_pointwise_prover(fc_record *record, const fc_job *job,
                                      const fc_claim *claim);

typedef struct fc_pointwise_detail {
  fc_pointwise_function *evaluate;
  size_t (*length)(const fc_job *job); /* NULL: 1 */
  unsigned times;                      /* FC_AT_... ored; 0: interior */
  /* NULL where the hypotheses hold, else the reason why not. */
  const char *(*refuses)(const fc_job *job);
  int variant; /* free for the module: which alteration a control is */
  const char *const *text; /* free for the module: formulas that it evaluates */
  bool once;               /* does not depend on x: one point a time */
  /* evaluate sets workspace->error: the points are scanned in binary64 (flows
   * are dear), and the worst few decided where the stated error is small
   * enough for a verdict, not by doubling the precision. */
  bool stated;
  /* At most so many of the points, spread over times and kinds; NULL: all. */
  size_t (*limit)(const fc_job *job);
  fc_pointwise_prover *prove; /* NULL: nothing is proved */
} fc_pointwise_detail;

/* Measures every wanted claim of the job's check that has no measure function
 * of its own; their detail is an fc_pointwise_detail. */
fc_status fc_pointwise_run(const fc_job *job, fc_error *error);

/* The same for one claim: a measure function for modules with mixed claims. */
fc_status fc_pointwise_measure(const fc_job *job, const fc_claim *claim,
                               fc_error *error);

/* Lengths for fc_pointwise_detail. */
size_t fc_length_vector(const fc_job *job); /* d */
size_t fc_length_matrix(const fc_job *job); /* d*d */

#endif
