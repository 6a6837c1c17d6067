/* Proofs that a quotient of polynomials is >= 0 for all a, b > 0; private to
 * this folder (and its tests).
 *
 * The quotient is factored.  Factors whose signs are evident (every term has
 * one sign, by the signs of the symbols), that stand to an even power, or whose
 * sign the domain itself gives, drop out.  The sign of each of the rest is
 * proved on p in [0, 1], (a, b) = (1 - p, p) up to a common factor, which a
 * homogeneous factor does not see; a cover of [0, 1] by dyadic intervals, made
 * by bisecting the widest undecided one, proves it.
 *
 * Intervals are evaluated in the chart a = 1, b = p/(1 - p) left of 1/2 and
 * b = 1, a = (1 - p)/p right of it: there log(sqrt(a^2 + b^2)/b) >= 0 is seen.
 */
#ifndef FC_PROOF_SIGN_H
#define FC_PROOF_SIGN_H

#include "proof/certificate.h"
#include "proof/rational.h"

/* Where a claim is made: all conditions are > 0 (strict) or >= 0. */
typedef struct fc_domain_condition {
  fc_rational value;
  bool strict;
} fc_domain_condition;

enum { FC_DOMAIN_CONDITIONS = 24, FC_SIGN_FACTORS = 32 };

typedef struct fc_domain_of_claim {
  fc_domain_condition items[FC_DOMAIN_CONDITIONS];
  long count;
} fc_domain_of_claim;

void fc_domain_clear(fc_domain_of_claim *domain, const fc_ring *ring);
/* Copies; false where there is no room. */
bool fc_domain_add(fc_domain_of_claim *domain, const fc_rational *value,
                   bool negated, bool strict, const fc_ring *ring);
/* condition >= 0 without the factors whose signs are evident, where one other
 * is left. */
void fc_sign_reduce_condition(fc_rational *condition, const fc_ring *ring);
/* True where no a, b > 0 satisfy the conditions, evidently (conditions on the
 * constants alone). */
bool fc_domain_is_empty(const fc_domain_of_claim *domain, const fc_ring *ring);

/* [index 2^-depth, (index + 1) 2^-depth] */
typedef struct fc_leaf {
  unsigned long index;
  int depth;
  bool outside; /* of the domain */
} fc_leaf;

typedef struct fc_sign_factor {
  fmpz_mpoly_t text;
  long power;
  int sign; /* 0 where the power is even */
  enum { FC_BY_TERMS, FC_BY_POWER, FC_BY_DOMAIN, FC_BY_COVER } why;
  fc_leaf *leaves; /* ascending; they tile [0, 1] */
  size_t leaf_count;
} fc_sign_factor;

typedef struct fc_sign_proof {
  bool proved;
  bool identity; /* the quotient is 0 */
  int sign;      /* of the constant factor */
  fc_sign_factor factors[FC_SIGN_FACTORS];
  long count;
  long leaves;
  long precision;   /* 0 without covers */
  double undecided; /* length in p; 1 where no cover was tried */
} fc_sign_proof;

fc_status fc_sign_prove(fc_sign_proof *proof, const fc_rational *quotient,
                        const fc_domain_of_claim *domain, fc_ring *ring);
void fc_sign_clear(fc_sign_proof *proof, const fc_ring *ring);

/* 1 or -1 where the signs of the terms leave that one (or 0), else 0. */
int fc_sign_evident(const fmpz_mpoly_t x, const fc_ring *ring);

/* True where every atom of the ring is a real number for all a, b > 0: the
 * arguments of roots and logarithms have the signs that they need. */
bool fc_atoms_are_real(fc_ring *ring);

#endif
