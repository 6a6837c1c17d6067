/* Proofs of bounds on the posterior covariance C and on grad v, for every
 * schedule, every x and every u = b/a > 0 at once (README.md beside this file
 * has the mathematics).
 *
 *   grad v = (a'/a) I + (b omega/a^3) C(u, x/a),    b omega >= 0.
 *
 * A statement is text, as check modules have it: a bound in a, b, da, db, omega
 * and class constants.  It is proved where its difference from an elementary
 * bound on C (model.h) has a sign, which exact algebra and intervals with
 * directed rounding decide.  Nothing here is a search: what is not proved is
 * `undecided`, and may well be true.
 */
#ifndef FC_PROOF_PROOF_H
#define FC_PROOF_PROOF_H

#include "proof/certificate.h"
#include "target/target.h"

typedef enum fc_outcome {
  FC_OUTCOME_PROVED,
  FC_OUTCOME_REFUTED,  /* false for all u in the box, by a bound on C that is
                          its exact supremum (infimum) over x */
  FC_OUTCOME_UNDECIDED /* nothing is said */
} fc_outcome;

const char *fc_outcome_name(fc_outcome outcome); /* "proved", ... */

/* What is claimed, for all x, wherever `where` > 0:
 *   upper:  grad v <= formula      else  grad v >= formula,
 * late_formula in place of formula where late_where > 0; of_covariance: of C in
 * place of grad v (then formulas are in a, b and class constants alone). */
typedef struct fc_bound_statement {
  bool upper;
  bool of_covariance;
  const char *formula;
  const char *where;        /* NULL: everywhere */
  const char *late_formula; /* NULL: none */
  const char *late_where;
} fc_bound_statement;

typedef struct fc_bound_proof {
  fc_outcome outcome;
  bool identity;        /* proved, and the gap is identically 0 throughout */
  const char *domain;   /* static text: what is covered; NULL unless proved */
  const char *argument; /* static text: the names of the bounds on C used (of
                           the first case) */
  const char *reason;   /* static text: why undecided, else NULL */
  bool recheckable;     /* proved, by bounds that tools/recheck knows */
  long leaves;          /* of all covers */
  long precision;       /* bits that sufficed; 0: exact algebra alone */
  double undecided;     /* length in p in [0, 1], u = p/(1-p), that is left of
                           the worst case */
  double box[2];        /* refuted: the interval of p (exact dyadic numbers) */
} fc_bound_proof;

/* Decides a statement for a target.  certificate (may be NULL; initialised)
 * receives what makes the proof checkable: atoms, constants, cases, precision,
 * kind and quantity; the rest is the caller's.  Failures are FC_MEMORY
 * and what parsing says; FC_UNSUPPORTED in a build without FLINT. */
fc_status fc_prove_covariance_bound(fc_bound_proof *proof,
                                    fc_certificate *certificate,
                                    const fc_bound_statement *statement,
                                    const fc_target *target, fc_error *error);

/* Decides whether `stronger` implies `weaker`, both upper or both lower bounds
 * (`where` and late parts of both are ignored: compare them one by one): that
 * weaker - stronger (lower: stronger - weaker) >= 0 for all a, b > 0, all real
 * da, db with omega = a db - da b >= 0, given the constants of the target.
 * Only FC_OUTCOME_PROVED and FC_OUTCOME_UNDECIDED are returned. */
fc_status fc_prove_implied(fc_bound_proof *proof,
                           const fc_bound_statement *weaker,
                           const fc_bound_statement *stronger,
                           const fc_target *target, fc_error *error);

/* Decides upper >= lower, two formulas in a, b, da, db, omega and class
 * constants of the target, for all values as above. */
fc_status fc_prove_inequality(fc_bound_proof *proof, const char *upper,
                              const char *lower, const fc_target *target,
                              fc_error *error);

/* A name of fc_prove_dominates: what it stands for, and what is assumed. */
typedef struct fc_assumed_name {
  const char *name;
  const char *text; /* a formula in the names before it; NULL: a symbol */
  bool positive;    /* a symbol > 0, else any real number; not for texts */
} fc_assumed_name;

/* Decides upper >= lower, two formulas in the given names, for all values that
 * the assumptions admit. */
fc_status fc_prove_dominates(fc_bound_proof *proof, const char *upper,
                             const char *lower, const fc_assumed_name *names,
                             size_t count, fc_error *error);

#endif
