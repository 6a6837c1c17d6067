#include "proof/rational.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Beyond these an expression is none of ours. */
enum { MOST_PRODUCTS = 40000, MOST_POWER = 64 };

static void fail(fc_ring *ring, fc_status status) {
  if (ring->status == FC_OK)
    ring->status = status;
}

/* --- quotients ----------------------------------------------------------- */

void fc_rational_init(fc_rational *z, const fc_ring *ring) {
  fmpz_mpoly_init(z->top, ring->ctx);
  fmpz_mpoly_init(z->bottom, ring->ctx);
  fmpz_mpoly_one(z->bottom, ring->ctx);
}

void fc_rational_clear(fc_rational *z, const fc_ring *ring) {
  fmpz_mpoly_clear(z->top, ring->ctx);
  fmpz_mpoly_clear(z->bottom, ring->ctx);
}

void fc_rational_set(fc_rational *z, const fc_rational *x,
                     const fc_ring *ring) {
  fmpz_mpoly_set(z->top, x->top, ring->ctx);
  fmpz_mpoly_set(z->bottom, x->bottom, ring->ctx);
}

void fc_rational_set_mpq(fc_rational *z, mpq_srcptr q, const fc_ring *ring) {
  fmpz_t n;
  fmpz_init(n);
  fmpz_set_mpz(n, mpq_numref(q));
  fmpz_mpoly_set_fmpz(z->top, n, ring->ctx);
  fmpz_set_mpz(n, mpq_denref(q));
  fmpz_mpoly_set_fmpz(z->bottom, n, ring->ctx);
  fmpz_clear(n);
}

void fc_rational_set_symbol(fc_rational *z, long symbol, const fc_ring *ring) {
  fmpz_mpoly_gen(z->top, symbol, ring->ctx);
  fmpz_mpoly_one(z->bottom, ring->ctx);
}

bool fc_rational_is_zero(const fc_rational *x, const fc_ring *ring) {
  return fmpz_mpoly_is_zero(x->top, ring->ctx);
}

bool fc_rational_equal(const fc_rational *x, const fc_rational *y,
                       const fc_ring *ring) {
  return fmpz_mpoly_equal(x->top, y->top, ring->ctx) &&
         fmpz_mpoly_equal(x->bottom, y->bottom, ring->ctx);
}

static bool uses(const fmpz_mpoly_t x, long symbol, const fc_ring *ring) {
  return fmpz_mpoly_degree_si(x, symbol, ring->ctx) > 0;
}

bool fc_rational_has(const fc_rational *x, long symbol, const fc_ring *ring) {
  return uses(x->top, symbol, ring) || uses(x->bottom, symbol, ring);
}

/* Polynomials this large are refused before they are multiplied. */
static bool too_large(const fmpz_mpoly_t x, const fmpz_mpoly_t y,
                      fc_ring *ring) {
  slong n = fmpz_mpoly_length(x, ring->ctx),
        m = fmpz_mpoly_length(y, ring->ctx);
  bool large = n > MOST_PRODUCTS || m > MOST_PRODUCTS || n * m > MOST_PRODUCTS;
  if (large)
    fail(ring, FC_LIMIT);
  return large;
}

static void multiply(fmpz_mpoly_t z, const fmpz_mpoly_t x, const fmpz_mpoly_t y,
                     fc_ring *ring) {
  if (too_large(x, y, ring))
    fmpz_mpoly_one(z, ring->ctx);
  else
    fmpz_mpoly_mul(z, x, y, ring->ctx);
}

/* z = z with root^2 replaced by its argument. */
static void reduce_root(fmpz_mpoly_t z, long root, fc_ring *ring) {
  slong most = fmpz_mpoly_degree_si(z, root, ring->ctx);
  if (most < 2)
    return;
  ulong exponents[FC_RING_SYMBOLS];
  fmpz_t c;
  fmpz_mpoly_t part, power, sum;
  fmpz_init(c);
  fmpz_mpoly_init(part, ring->ctx);
  fmpz_mpoly_init(power, ring->ctx);
  fmpz_mpoly_init(sum, ring->ctx);
  fmpz_mpoly_one(power, ring->ctx);
  for (slong q = 0; q <= most / 2 && ring->status == FC_OK; q++) {
    fmpz_mpoly_zero(part, ring->ctx);
    for (slong i = 0; i < fmpz_mpoly_length(z, ring->ctx); i++) {
      fmpz_mpoly_get_term_exp_ui(exponents, z, i, ring->ctx);
      if (exponents[root] / 2 != (ulong)q)
        continue;
      exponents[root] %= 2;
      fmpz_mpoly_get_term_coeff_fmpz(c, z, i, ring->ctx);
      fmpz_mpoly_push_term_fmpz_ui(part, c, exponents, ring->ctx);
    }
    fmpz_mpoly_sort_terms(part, ring->ctx);
    fmpz_mpoly_combine_like_terms(part, ring->ctx);
    multiply(part, part, power, ring);
    fmpz_mpoly_add(sum, sum, part, ring->ctx);
    multiply(power, power, ring->symbols[root].argument.top, ring);
  }
  fmpz_mpoly_swap(z, sum, ring->ctx);
  fmpz_clear(c);
  fmpz_mpoly_clear(part, ring->ctx);
  fmpz_mpoly_clear(power, ring->ctx);
  fmpz_mpoly_clear(sum, ring->ctx);
}

/* True where every term has the root to the first power. */
static bool is_multiple_of(const fmpz_mpoly_t x, long root,
                           const fc_ring *ring) {
  slong n = fmpz_mpoly_length(x, ring->ctx);
  for (slong i = 0; i < n; i++)
    if (fmpz_mpoly_get_term_var_exp_ui(x, i, root, ring->ctx) != 1)
      return false;
  return n > 0;
}

/* Roots to powers below 2, and none that divides the denominator. */
static void reduce_roots(fc_rational *z, fc_ring *ring) {
  for (long i = ring->count; i-- > FC_W;) {
    if (!ring->symbols[i].reduces)
      continue;
    reduce_root(z->top, i, ring);
    reduce_root(z->bottom, i, ring);
    if (ring->status == FC_OK && is_multiple_of(z->bottom, i, ring)) {
      fmpz_mpoly_t root;
      fmpz_mpoly_init(root, ring->ctx);
      fmpz_mpoly_gen(root, i, ring->ctx);
      multiply(z->top, z->top, root, ring);
      multiply(z->bottom, z->bottom, root, ring);
      fmpz_mpoly_clear(root, ring->ctx);
      reduce_root(z->top, i, ring);
      reduce_root(z->bottom, i, ring);
    }
  }
}

static void cancel(fc_rational *z, const fc_ring *ring) {
  fmpz_mpoly_t common;
  if (fmpz_mpoly_is_one(z->bottom, ring->ctx))
    return;
  fmpz_mpoly_init(common, ring->ctx);
  if (fmpz_mpoly_gcd(common, z->top, z->bottom, ring->ctx) &&
      !fmpz_mpoly_is_zero(common, ring->ctx) &&
      !fmpz_mpoly_is_one(common, ring->ctx)) {
    fmpz_mpoly_t top, bottom;
    fmpz_mpoly_init(top, ring->ctx);
    fmpz_mpoly_init(bottom, ring->ctx);
    if (fmpz_mpoly_divides(top, z->top, common, ring->ctx) &&
        fmpz_mpoly_divides(bottom, z->bottom, common, ring->ctx)) {
      fmpz_mpoly_swap(z->top, top, ring->ctx);
      fmpz_mpoly_swap(z->bottom, bottom, ring->ctx);
    }
    fmpz_mpoly_clear(top, ring->ctx);
    fmpz_mpoly_clear(bottom, ring->ctx);
  }
  fmpz_mpoly_clear(common, ring->ctx);
}

static void normalise(fc_rational *z, fc_ring *ring) {
  fmpz_t lead;
  reduce_roots(z, ring);
  if (fmpz_mpoly_is_zero(z->bottom, ring->ctx)) {
    fail(ring, FC_DOMAIN);
    fmpz_mpoly_one(z->bottom, ring->ctx);
    return;
  }
  if (fmpz_mpoly_is_zero(z->top, ring->ctx)) {
    fmpz_mpoly_one(z->bottom, ring->ctx);
    return;
  }
  cancel(z, ring);
  fmpz_init(lead);
  fmpz_mpoly_get_term_coeff_fmpz(lead, z->bottom, 0, ring->ctx);
  if (fmpz_sgn(lead) < 0) {
    fmpz_mpoly_neg(z->top, z->top, ring->ctx);
    fmpz_mpoly_neg(z->bottom, z->bottom, ring->ctx);
  }
  fmpz_clear(lead);
}

/* z = x + y or x - y. */
static void combine(fc_rational *z, const fc_rational *x, const fc_rational *y,
                    bool minus, fc_ring *ring) {
  fmpz_mpoly_t left, right, bottom;
  fmpz_mpoly_init(left, ring->ctx);
  fmpz_mpoly_init(right, ring->ctx);
  fmpz_mpoly_init(bottom, ring->ctx);
  if (fmpz_mpoly_equal(x->bottom, y->bottom, ring->ctx)) {
    fmpz_mpoly_set(left, x->top, ring->ctx);
    fmpz_mpoly_set(right, y->top, ring->ctx);
    fmpz_mpoly_set(bottom, x->bottom, ring->ctx);
  } else {
    multiply(left, x->top, y->bottom, ring);
    multiply(right, y->top, x->bottom, ring);
    multiply(bottom, x->bottom, y->bottom, ring);
  }
  (minus ? fmpz_mpoly_sub : fmpz_mpoly_add)(z->top, left, right, ring->ctx);
  fmpz_mpoly_swap(z->bottom, bottom, ring->ctx);
  fmpz_mpoly_clear(left, ring->ctx);
  fmpz_mpoly_clear(right, ring->ctx);
  fmpz_mpoly_clear(bottom, ring->ctx);
  normalise(z, ring);
}

void fc_rational_add(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring) {
  combine(z, x, y, false, ring);
}

void fc_rational_sub(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring) {
  combine(z, x, y, true, ring);
}

void fc_rational_neg(fc_rational *z, const fc_rational *x,
                     const fc_ring *ring) {
  fmpz_mpoly_neg(z->top, x->top, ring->ctx);
  fmpz_mpoly_set(z->bottom, x->bottom, ring->ctx);
}

void fc_rational_mul(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring) {
  multiply(z->top, x->top, y->top, ring);
  multiply(z->bottom, x->bottom, y->bottom, ring);
  normalise(z, ring);
}

void fc_rational_div(fc_rational *z, const fc_rational *x, const fc_rational *y,
                     fc_ring *ring) {
  fmpz_mpoly_t top;
  fmpz_mpoly_init(top, ring->ctx);
  multiply(top, x->top, y->bottom, ring);
  multiply(z->bottom, x->bottom, y->top, ring);
  fmpz_mpoly_swap(z->top, top, ring->ctx);
  fmpz_mpoly_clear(top, ring->ctx);
  normalise(z, ring);
}

void fc_rational_pow(fc_rational *z, const fc_rational *x, long n,
                     fc_ring *ring) {
  fc_rational power, base;
  if (n > MOST_POWER || n < -MOST_POWER) {
    fail(ring, FC_LIMIT);
    return;
  }
  fc_rational_init(&power, ring);
  fc_rational_init(&base, ring);
  fc_rational_set(&base, x, ring);
  fmpz_mpoly_one(power.top, ring->ctx);
  for (long i = 0; i < labs(n) && ring->status == FC_OK; i++)
    if (n > 0)
      fc_rational_mul(&power, &power, &base, ring);
    else
      fc_rational_div(&power, &power, &base, ring);
  fc_rational_set(z, &power, ring);
  fc_rational_clear(&power, ring);
  fc_rational_clear(&base, ring);
}

/* --- atoms -----------------------------------------------------------------
 */

static long find_atom(const fc_ring *ring, fc_symbol_kind kind,
                      const fc_rational *argument) {
  for (long i = 0; i < ring->count; i++)
    if (ring->symbols[i].kind == kind &&
        fc_rational_equal(&ring->symbols[i].argument, argument, ring))
      return i;
  return -1;
}

/* "r", "r2", "r3"... for roots, "y" for inverse roots, "l" for logarithms. */
static void name_atom(char name[FC_RING_LONGEST], fc_symbol_kind kind,
                      const fc_ring *ring) {
  const char *letter = kind == FC_SYMBOL_ROOT           ? "r"
                       : kind == FC_SYMBOL_INVERSE_ROOT ? "y"
                                                        : "l";
  int same = 1;
  for (long i = 0; i < ring->count; i++)
    same += ring->symbols[i].kind == kind;
  if (same == 1)
    snprintf(name, FC_RING_LONGEST, "%s", letter);
  else
    snprintf(name, FC_RING_LONGEST, "%s%d", letter, same);
}

/* The degree of an argument, where it has one; logarithms need degree 0. */
static void set_degree(fc_symbol *atom, const fc_ring *ring) {
  long top = 0, bottom = 0;
  atom->homogeneous =
      fc_polynomial_degree(&top, atom->argument.top, ring) &&
      fc_polynomial_degree(&bottom, atom->argument.bottom, ring);
  long degree = top - bottom;
  if (atom->kind == FC_SYMBOL_LOG)
    atom->homogeneous = atom->homogeneous && degree == 0;
  else
    atom->homogeneous = atom->homogeneous && degree % 2 == 0;
  atom->degree = atom->kind == FC_SYMBOL_LOG    ? 0
                 : atom->kind == FC_SYMBOL_ROOT ? degree / 2
                                                : -degree / 2;
}

static long add_atom(fc_ring *ring, fc_symbol_kind kind,
                     const fc_rational *argument) {
  long found = find_atom(ring, kind, argument);
  if (found >= 0)
    return found;
  if (ring->count == FC_RING_SYMBOLS) {
    fail(ring, FC_LIMIT);
    return -1;
  }
  fc_symbol *atom = &ring->symbols[ring->count];
  unsigned inside = fc_polynomial_signs(argument->top, ring),
           under = fc_polynomial_signs(argument->bottom, ring);
  name_atom(atom->name, kind, ring);
  atom->kind = kind;
  atom->signs =
      kind == FC_SYMBOL_LOG ? FC_MAY_ALL
      : kind == FC_SYMBOL_ROOT && inside == FC_MAY_RISE && under == FC_MAY_RISE
          ? FC_MAY_RISE
      : kind == FC_SYMBOL_ROOT ? FC_MAY_RISE | FC_MAY_VANISH
                               : FC_MAY_RISE;
  fc_rational_init(&atom->argument, ring);
  fc_rational_set(&atom->argument, argument, ring);
  atom->reduces =
      kind == FC_SYMBOL_ROOT && fmpz_mpoly_is_one(argument->bottom, ring->ctx);
  set_degree(atom, ring);
  return ring->count++;
}

/* z^2 = x for a single term x whose coefficient is a square. */
static bool monomial_root(fmpz_mpoly_t z, const fmpz_mpoly_t x,
                          const fc_ring *ring) {
  ulong exponents[FC_RING_SYMBOLS];
  fmpz_t c;
  if (fmpz_mpoly_length(x, ring->ctx) != 1)
    return false;
  fmpz_init(c);
  fmpz_mpoly_get_term_coeff_fmpz(c, x, 0, ring->ctx);
  fmpz_mpoly_get_term_exp_ui(exponents, x, 0, ring->ctx);
  bool even = fmpz_sgn(c) > 0 && fmpz_is_square(c);
  for (long i = 0; i < FC_RING_SYMBOLS; i++) {
    even = even && exponents[i] % 2 == 0;
    exponents[i] /= 2;
  }
  if (even) {
    fmpz_sqrt(c, c);
    fmpz_mpoly_zero(z, ring->ctx);
    fmpz_mpoly_push_term_fmpz_ui(z, c, exponents, ring->ctx);
  }
  fmpz_clear(c);
  return even;
}

/* z = sqrt(x) where x is the square of a quotient of single terms that is
 * evidently positive: true. */
static bool square_root(fc_rational *z, const fc_rational *x, fc_ring *ring) {
  fc_rational root;
  fc_rational_init(&root, ring);
  bool exact = (fmpz_mpoly_is_zero(x->top, ring->ctx) ||
                monomial_root(root.top, x->top, ring)) &&
               monomial_root(root.bottom, x->bottom, ring);
  unsigned top = exact ? fc_polynomial_signs(root.top, ring) : 0,
           bottom = exact ? fc_polynomial_signs(root.bottom, ring) : 0;
  if (exact && !(top & FC_MAY_RISE)) { /* the other root */
    fmpz_mpoly_neg(root.top, root.top, ring->ctx);
    top = fc_polynomial_signs(root.top, ring);
  }
  if (exact && !(bottom & FC_MAY_RISE)) {
    fmpz_mpoly_neg(root.bottom, root.bottom, ring->ctx);
    bottom = fc_polynomial_signs(root.bottom, ring);
  }
  exact = exact && !(top & FC_MAY_FALL) && bottom == FC_MAY_RISE;
  if (exact)
    fc_rational_set(z, &root, ring);
  fc_rational_clear(&root, ring);
  return exact;
}

void fc_rational_half_power(fc_rational *z, const fc_rational *x, long n,
                            fc_ring *ring) {
  fc_rational root;
  fc_rational_init(&root, ring);
  if (square_root(&root, x, ring)) {
    fc_rational_pow(z, &root, n, ring);
  } else {
    /* The inverse root of what is no polynomial stays below the line as it is
     * written: its square root is then infinite where it is 0. */
    bool plain = fmpz_mpoly_is_one(x->bottom, ring->ctx) &&
                 fc_polynomial_signs(x->top, ring) == FC_MAY_RISE;
    bool inverse = n < 0 && !plain;
    long atom =
        add_atom(ring, inverse ? FC_SYMBOL_INVERSE_ROOT : FC_SYMBOL_ROOT, x);
    if (atom >= 0) {
      fc_rational_set_symbol(&root, atom, ring);
      fc_rational_pow(z, &root, inverse ? -n : n, ring);
    }
  }
  fc_rational_clear(&root, ring);
}

void fc_rational_log(fc_rational *z, const fc_rational *x, fc_ring *ring) {
  long atom = add_atom(ring, FC_SYMBOL_LOG, x);
  if (atom >= 0)
    fc_rational_set_symbol(z, atom, ring);
}
