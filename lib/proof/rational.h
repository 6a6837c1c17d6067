/* Formulas as quotients of polynomials with whole coefficients; private to this
 * folder (and its tests).  Needs FLINT.
 *
 * A ring has symbols: a, b > 0; k any real number; w >= 0; constants, each with
 * the signs that its values may have and, where known, an enclosure; and atoms,
 * subexpressions that are no quotients of polynomials (square roots,
 * logarithms), each with its argument.  Names stand for quotients: a name of a
 * constant that has a derivation is put in by it, so that what is equal cancels
 * exactly.
 *
 * Normal form: numerator and denominator without a common factor (up to powers
 * of roots, which are reduced by r^2 = argument), the denominator's leading
 * coefficient positive.  Two formulas may be equal without having one normal
 * form where they have different atoms; nothing is concluded from that.
 */
#ifndef FC_PROOF_RATIONAL_H
#define FC_PROOF_RATIONAL_H

#include <flint/fmpz_mpoly.h>

#include "base/status.h"
#include "proof/interval.h"

enum {
  FC_RING_SYMBOLS = 28,
  FC_RING_NAMES = 40,
  FC_RING_LONGEST = 64, /* bytes of a name, the final 0 included */
  FC_A = 0,
  FC_B = 1,
  FC_K = 2,
  FC_W = 3
};

typedef struct fc_rational {
  fmpz_mpoly_t top, bottom;
} fc_rational;

typedef enum fc_symbol_kind {
  FC_SYMBOL_PLAIN, /* a, b, k, w */
  FC_SYMBOL_CONSTANT,
  FC_SYMBOL_ROOT,         /* sqrt(argument) */
  FC_SYMBOL_INVERSE_ROOT, /* argument^(-1/2) */
  FC_SYMBOL_LOG
} fc_symbol_kind;

typedef struct fc_symbol {
  char name[FC_RING_LONGEST]; /* may be a formula, "(kappa_1-kappa)" */
  fc_symbol_kind kind;
  unsigned signs; /* FC_MAY_... of interval.h, for all a, b > 0 */
  bool has_value;
  fc_interval value; /* constants */
  fc_rational argument;
  bool reduces;     /* roots of polynomials: root^2 is argument.top */
  bool homogeneous; /* of some degree in (a, b) */
  long degree;
} fc_symbol;

typedef struct fc_ring {
  fmpz_mpoly_ctx_t ctx;
  fc_symbol symbols[FC_RING_SYMBOLS];
  long count;
  struct {
    char name[FC_RING_LONGEST];
    fc_rational value;
  } names[FC_RING_NAMES];
  long name_count;
  fc_status status; /* sticky: the first thing that could not be done */
} fc_ring;

/* a, b, k, w, and the names a, b. */
void fc_ring_init(fc_ring *ring);
void fc_ring_clear(fc_ring *ring);

/* A new constant, which is a name, too; its index, -1 where there is no room.
 * value (may be NULL) is copied. */
long fc_ring_add_constant(fc_ring *ring, const char *name, unsigned signs,
                          const fc_interval *value);
/* A constant under another name: what is printed as `name` has the value. */
long fc_ring_add_symbol(fc_ring *ring, const char *name, unsigned signs,
                        const fc_interval *value);
/* The name stands for what a formula in the names so far says. */
fc_status fc_ring_define(fc_ring *ring, const char *name, const char *text,
                         fc_error *error);
/* The names da = k a, db = k b + w/a, omega = w. */
void fc_ring_name_derivatives(fc_ring *ring);
/* The names a_s > 0, b_s >= 0 of an earlier time: rates of bounds on the flow
 * are free of them once their fractions are reduced. */
void fc_ring_name_start(fc_ring *ring);

/* --- quotients (z may alias) ------------------------------------------ */

void fc_rational_init(fc_rational *z, const fc_ring *ring); /* 0 */
void fc_rational_clear(fc_rational *z, const fc_ring *ring);
void fc_rational_set(fc_rational *z, const fc_rational *x, const fc_ring *ring);
void fc_rational_set_mpq(fc_rational *z, mpq_srcptr q, const fc_ring *ring);
void fc_rational_set_symbol(fc_rational *z, long symbol, const fc_ring *ring);
/* These set ring->status where numbers grow too long or a divisor is 0. */
void fc_rational_add(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring);
void fc_rational_sub(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring);
void fc_rational_mul(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring);
void fc_rational_div(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring);
void fc_rational_neg(fc_rational *z, const fc_rational *x, const fc_ring *ring);
void fc_rational_pow(fc_rational *z, const fc_rational *x, long n,
                     fc_ring *ring);
/* z = x^(n/2), n odd, in terms of an atom (an existing one where there is one
 * of that argument). */
void fc_rational_half_power(fc_rational *z, const fc_rational *x, long n,
                            fc_ring *ring);
void fc_rational_log(fc_rational *z, const fc_rational *x, fc_ring *ring);
bool fc_rational_is_zero(const fc_rational *x, const fc_ring *ring);
bool fc_rational_equal(const fc_rational *x, const fc_rational *y,
                       const fc_ring *ring);
/* True where the symbol occurs. */
bool fc_rational_has(const fc_rational *x, long symbol, const fc_ring *ring);

/* --- reading formulas (read.c) ------------------------------------------ */

/* What a formula says where its minima, maxima and absolute values take the
 * operand that `choice` names, bit by bit from *bit on (*bit moves past the
 * bits used): in each case conditions are added, quotients that must be >= 0
 * there. */
typedef struct fc_conditions {
  fc_rational items[16];
  long count;
} fc_conditions;

fc_status fc_rational_read(fc_rational *z, const char *text, unsigned choice,
                           int *bit, fc_conditions *conditions, fc_ring *ring,
                           fc_error *error);
void fc_conditions_clear(fc_conditions *conditions, const fc_ring *ring);

/* --- printing (malloc'd; NULL when memory ran out) ----------------------- */

char *fc_polynomial_print(const fmpz_mpoly_t x, const fc_ring *ring);
char *fc_rational_print(const fc_rational *x, const fc_ring *ring);
/* "sqrt(a^2 + b^2)" */
char *fc_atom_print(long symbol, const fc_ring *ring);

/* --- signs and enclosures (enclose.c) ------------------------------------ */

/* The signs that a polynomial may have, from the signs of its symbols, term by
 * term. */
unsigned fc_polynomial_signs(const fmpz_mpoly_t x, const fc_ring *ring);

/* True where all terms have one degree in (a, b). */
bool fc_polynomial_degree(long *degree, const fmpz_mpoly_t x,
                          const fc_ring *ring);

/* Enclosures of all symbols: values[FC_A], values[FC_B] are given, the rest is
 * filled. */
void fc_ring_enclose(fc_interval values[FC_RING_SYMBOLS], const fc_ring *ring);
void fc_polynomial_enclose(fc_interval *z, const fmpz_mpoly_t x,
                           const fc_interval *values, const fc_ring *ring);

#endif
