/* Claims and checks: what a check module is made of.
 *
 * One way through: instance -> target x schedule -> check -> claims -> records
 * -> report.  A check module (checks/gif/NAME.c) is a constant fc_check: a
 * table of claims and a function that measures them for one instance under one
 * schedule and emits one record a claim.
 */
#ifndef FC_CLAIMS_CLAIM_H
#define FC_CLAIMS_CLAIM_H

#include "instance/instance.h"
#include "proof/certificate.h"
#include "record/record.h"

typedef enum fc_tier {
  FC_TIER_DOUBLE,
  FC_TIER_MPFR,
  FC_TIER_CERTIFIED
} fc_tier;

const char *fc_tier_name(fc_tier tier); /* "double", "mpfr", "certified" */
bool fc_tier_from_name(fc_tier *tier, const char *name);

struct fc_check;

/* What to do: one instance under one schedule, and how. */
typedef struct fc_job {
  const struct fc_check *check;
  const fc_instance *instance;
  const char *reference; /* how the command line names the instance */
  const fc_schedule *schedule;
  const char *claim_glob; /* NULL: every claim of the check */
  fc_tier tier;
  long precision; /* bits that results are stated to */
  uint64_t seed;
  /* Takes a finished record (moves it). */
  fc_status (*emit)(void *sink, fc_record *record);
  /* Takes the certificate of the next record (leaves it alone); NULL where
   * nobody wants certificates, and then none is made. */
  fc_status (*certify)(void *sink, const fc_certificate *certificate);
  void *sink;
} fc_job;

typedef struct fc_claim fc_claim;
struct fc_claim {
  const char *name; /* "d.upper": the id is CHECK/NAME */
  fc_kind kind;
  const char *source;     /* "Proposition 4.1(d)" */
  const char *statement;  /* one sentence */
  const char *relation;   /* measured RELATION bound: "<=", ">=", "=" */
  const char *formula;    /* the bound or equation that is evaluated */
  const char *hypotheses; /* what the statement assumes */
  const char *control_of; /* controls: the claim beside which it is planted */
  /* The expectation that theory gives for this job; NULL: `violated` for
   * controls, `none` for probes, `holds` otherwise. */
  const char *(*expect)(const fc_job *job);
  /* How to measure it alone (emits one record); NULL: the engine that the
   * check's run function calls takes it together with its neighbours. */
  fc_status (*measure)(const fc_job *job, const fc_claim *claim,
                       fc_error *error);
  const void *detail; /* what that engine needs to know */
  /* Without a measure function: a bound on the derivative of the flow, with an
   * fc_flow_bound_detail (flow_bound.h). */
  bool flow;
};

typedef struct fc_check {
  const char *id;     /* "gif.velocity-bounds" */
  const char *title;  /* "Spatial Lipschitz bounds of the velocity field" */
  const char *source; /* "Proposition 4.1" */
  const fc_claim *claims;
  size_t claim_count;
  /* Claims without a measure function are bounds on the spectrum of grad v,
   * with an fc_bound_detail (bound.h). */
  bool spectral;
  /* Judges the schedule alone: a run does it once for each schedule, on the
   * first instance that has it. */
  bool target_free;
  /* Emits a record for every claim that fc_job_wants.  A failure (an error
   * record for the whole check will be written) only for what makes all
   * claims impossible. */
  fc_status (*run)(const fc_job *job, fc_error *error);
} fc_check;

/* Runs measure for each wanted claim that has one. */
fc_status fc_job_measure(const fc_job *job, fc_error *error);

/* True where the job's claim filter admits the claim; controls are not wanted
 * where the target is a single point and nothing can refute them. */
bool fc_job_wants(const fc_job *job, const fc_claim *claim);

/* The expectation: the instance's own `expect` entry for this claim and
 * schedule where there is one (the last match wins), else theory's. */
const char *fc_job_expectation(const fc_job *job, const fc_claim *claim);

/* Fills everything of a record that is known before measuring: names, texts,
 * class constants with provenance, tier, precision, seed, expectation and the
 * replay command; verdict `error`, basis `none` until somebody decides. */
fc_status fc_job_record(fc_record *record, const fc_job *job,
                        const fc_claim *claim);

/* Fills what a certificate says before its proof: check, claim, instance,
 * schedule (where of_schedule; otherwise the proof is good for every one),
 * statement, relation, formula, target and kind. */
fc_status fc_job_certificate(fc_certificate *certificate, const fc_job *job,
                             const fc_claim *claim, fc_certificate_kind kind,
                             bool of_schedule);

/* Adds the centre weights by which R of the target is verified, where it takes
 * any: three means or more in R^d, d > 1. */
fc_status fc_certificate_add_centre(fc_certificate *certificate,
                                    const fc_target *target);

/* Emits a record that says why the claim does not apply here (that is then also
 * the expectation, unless the instance has its own), or that it ended without a
 * verdict. */
fc_status fc_job_not_applicable(const fc_job *job, const fc_claim *claim,
                                const char *reason);
fc_status fc_job_inconclusive(const fc_job *job, const fc_claim *claim,
                              const char *reason);

/* Glob match of the kind that users write for --check and --claim: '*', '?',
 * '[...]', over the whole string; a claim glob matches the id ("gif.x/d.upper")
 * or, where it has no '/', the claim's name alone. */
bool fc_glob_matches(const char *glob, const char *string);
bool fc_claim_matches(const char *glob, const char *check_id,
                      const char *claim_name);

/* Exact text of a number rounded to the given bits: mid with as many digits as
 * identify it, rad from balls (rounded up, the error of the decimal text
 * included), NULL where nothing is promised.  Replaces what exact held. */
fc_status fc_exact_set(fc_exact *exact, fc_srcptr x, long bits,
                       const fc_ctx *ctx);
/* The same with a number of significant digits (0: as many as identify). */
fc_status fc_exact_set_digits(fc_exact *exact, fc_srcptr x, long bits,
                              int digits, const fc_ctx *ctx);
/* x rounded to bits, within error (NaN: nothing promised) of the true value;
 * the radius includes the rounding. */
fc_status fc_exact_set_enclosure(fc_exact *exact, mpfr_srcptr x,
                                 mpfr_srcptr error, long bits, int digits);

/* Exact text of value +- error, the error rounded up; error infinite or NaN: no
 * radius. */
fc_status fc_exact_set_double(fc_exact *exact, double value, double error);
void fc_exact_clear(fc_exact *exact);

#endif
