#include "target/ray_range.h"

#include <stdlib.h>

#include "formula/graph.h"

enum {
  BITS = 64,
  UNIT = 24,               /* exponents are multiples of 1/UNIT */
  LARGEST_POWER = 1000000, /* in these units */
  DEGREE = 8,              /* of exact polynomials */
  LONGEST = 4096           /* bits of their coefficients */
};

/* sum_n c[n] x^n; degree 0 for constants, 0 as well. */
typedef struct polynomial {
  int degree;
  mpq_t c[DEGREE + 1];
} polynomial;

/* exp(log) v^(power/UNIT) [low, high]; where `exact`, it is the polynomial
 * `equal`, and log is 0. */
typedef struct value {
  mpfr_t low, high;
  long power;
  bool exact;
  polynomial equal, log;
} value;

static void value_init(value *z) {
  mpfr_init2(z->low, BITS);
  mpfr_init2(z->high, BITS);
  for (int n = 0; n <= DEGREE; n++) {
    mpq_init(z->equal.c[n]);
    mpq_init(z->log.c[n]);
  }
  z->equal.degree = z->log.degree = 0;
  z->exact = false;
  z->power = 0;
}

static void value_clear(value *z) {
  mpfr_clear(z->low);
  mpfr_clear(z->high);
  for (int n = 0; n <= DEGREE; n++) {
    mpq_clear(z->equal.c[n]);
    mpq_clear(z->log.c[n]);
  }
}

/* The interval and the power alone. */
static void set(value *z, const value *x) {
  mpfr_set(z->low, x->low, MPFR_RNDD);
  mpfr_set(z->high, x->high, MPFR_RNDU);
  z->power = x->power;
}

static void set_unknown(value *z) {
  mpfr_set_inf(z->low, -1);
  mpfr_set_inf(z->high, 1);
  z->power = 0;
}

/* NaN, as of oo - oo, says nothing. */
static void tidy(value *z) {
  if (mpfr_nan_p(z->low))
    mpfr_set_inf(z->low, -1);
  if (mpfr_nan_p(z->high))
    mpfr_set_inf(z->high, 1);
}

/* --- intervals ------------------------------------------------------------ */

/* Infinite ends bound finite numbers: 0 times one is 0. */
static void product(mpfr_ptr z, mpfr_srcptr x, mpfr_srcptr y, mpfr_rnd_t to) {
  if (mpfr_zero_p(x) || mpfr_zero_p(y))
    mpfr_set_zero(z, 1);
  else
    mpfr_mul(z, x, y, to);
}

/* [low, high] = x y, powers aside. */
static void multiply(value *z, const value *x, const value *y) {
  mpfr_srcptr const p[2] = {x->low, x->high}, q[2] = {y->low, y->high};
  mpfr_t low, high, t;
  mpfr_inits2(BITS, low, high, t, (mpfr_ptr)NULL);
  mpfr_set_inf(low, 1);
  mpfr_set_inf(high, -1);
  for (int i = 0; i < 4; i++) {
    product(t, p[i & 1], q[i >> 1], MPFR_RNDD);
    mpfr_min(low, low, t, MPFR_RNDD);
    product(t, p[i & 1], q[i >> 1], MPFR_RNDU);
    mpfr_max(high, high, t, MPFR_RNDU);
  }
  mpfr_set(z->low, low, MPFR_RNDD);
  mpfr_set(z->high, high, MPFR_RNDU);
  mpfr_clears(low, high, t, (mpfr_ptr)NULL);
}

static bool has_zero(const value *x) {
  return mpfr_sgn(x->low) <= 0 && mpfr_sgn(x->high) >= 0;
}

/* [low, high] = 1/x for x without 0, powers aside. */
static void invert(value *z, const value *x) {
  mpfr_t low;
  mpfr_init2(low, BITS);
  mpfr_ui_div(low, 1, x->high, MPFR_RNDD);
  mpfr_ui_div(z->high, 1, x->low, MPFR_RNDU);
  mpfr_set(z->low, low, MPFR_RNDD);
  mpfr_clear(low);
}

static void add_ends(value *z, const value *x, const value *y) {
  mpfr_add(z->low, x->low, y->low, MPFR_RNDD);
  mpfr_add(z->high, x->high, y->high, MPFR_RNDU);
  tidy(z);
}

/* --- powers of v ---------------------------------------------------------- */

/* z = v^(power/UNIT) rounded in one direction. */
static void power_at(mpfr_ptr z, mpfr_srcptr v, long power, mpfr_rnd_t to) {
  bool down = (to == MPFR_RNDD) == (power > 0);
  long n = power;
  if (power % UNIT == 0) {
    mpfr_set(z, v, down ? MPFR_RNDD : MPFR_RNDU);
    n = power / UNIT;
  } else {
    mpfr_rootn_ui(z, v, UNIT, down ? MPFR_RNDD : MPFR_RNDU);
  }
  mpfr_pow_si(z, z, n, to);
}

/* z = the range of v^(power/UNIT) on the ray. */
static void power_range(value *z, long power, const fc_ray *ray) {
  if (power == 0) {
    mpfr_set_ui(z->low, 1, MPFR_RNDD);
    mpfr_set_ui(z->high, 1, MPFR_RNDU);
  } else {
    power_at(z->low, power > 0 ? ray->near : ray->far, power, MPFR_RNDD);
    power_at(z->high, power > 0 ? ray->far : ray->near, power, MPFR_RNDU);
  }
}

/* z = x with the power `power` in place of its own. */
static void move_power(value *z, const value *x, long power,
                       const fc_ray *ray) {
  value factor;
  value_init(&factor);
  power_range(&factor, x->power - power, ray);
  multiply(z, x, &factor);
  z->power = power;
  value_clear(&factor);
}

/* The power of a sum: the largest leads far out, the smallest next to 0; where
 * v is bounded on both sides none does. */
static long leading(const value *x, const value *y, const fc_ray *ray) {
  if (x->power == y->power)
    return x->power;
  if (mpfr_zero_p(ray->near))
    return x->power < y->power ? x->power : y->power;
  if (mpfr_inf_p(ray->far))
    return x->power > y->power ? x->power : y->power;
  return 0;
}

static void add(value *z, const value *x, const value *y, const fc_ray *ray) {
  value p, q;
  value_init(&p);
  value_init(&q);
  long power = leading(x, y, ray);
  move_power(&p, x, power, ray);
  move_power(&q, y, power, ray);
  add_ends(z, &p, &q);
  z->power = power;
  value_clear(&p);
  value_clear(&q);
}

static void negate(value *z, const value *x) {
  mpfr_t low;
  mpfr_init2(low, BITS);
  mpfr_neg(low, x->high, MPFR_RNDD);
  mpfr_neg(z->high, x->low, MPFR_RNDU);
  mpfr_set(z->low, low, MPFR_RNDD);
  z->power = x->power;
  mpfr_clear(low);
}

static void set_power(value *z, long power) {
  if (labs(power) > LARGEST_POWER)
    set_unknown(z);
  else
    z->power = power;
}

static void mul(value *z, const value *x, const value *y) {
  multiply(z, x, y);
  set_power(z, x->power + y->power);
}

static void divide(value *z, const value *x, const value *y) {
  if (has_zero(y)) {
    set_unknown(z);
    return;
  }
  value inverse;
  value_init(&inverse);
  invert(&inverse, y);
  multiply(z, x, &inverse);
  set_power(z, x->power - y->power);
  value_clear(&inverse);
}

/* Even powers of what has both signs begin at 0. */
static void pow_si(value *z, const value *x, long n) {
  if (labs(n) > LARGEST_POWER / UNIT || (n < 0 && has_zero(x))) {
    set_unknown(z);
    return;
  }
  mpfr_t p, q;
  mpfr_inits2(BITS, p, q, (mpfr_ptr)NULL);
  bool swapped = n % 2 == 0 ? mpfr_sgn(x->high) <= 0 : false;
  bool falls = n < 0;
  mpfr_srcptr first = swapped != falls ? x->high : x->low,
              second = swapped != falls ? x->low : x->high;
  mpfr_pow_si(p, first, n, MPFR_RNDD);
  mpfr_pow_si(q, second, n, MPFR_RNDU);
  if (n % 2 == 0 && mpfr_sgn(x->low) < 0 && mpfr_sgn(x->high) > 0) {
    mpfr_pow_si(p, x->low, n, MPFR_RNDU);
    mpfr_max(q, p, q, MPFR_RNDU);
    mpfr_set_zero(p, 1);
  }
  long power = x->power;
  mpfr_set(z->low, p, MPFR_RNDD);
  mpfr_set(z->high, q, MPFR_RNDU);
  tidy(z);
  mpfr_clears(p, q, (mpfr_ptr)NULL);
  set_power(z, labs(power) > LARGEST_POWER / (labs(n) + 1) ? LARGEST_POWER + 1
                                                           : power * n);
}

/* --- exact polynomials ---------------------------------------------------- */

static void trim(polynomial *p) {
  while (p->degree > 0 && mpq_sgn(p->c[p->degree]) == 0)
    p->degree--;
}

static void poly_set(polynomial *z, const polynomial *x) {
  for (int n = 0; n <= x->degree; n++)
    mpq_set(z->c[n], x->c[n]);
  z->degree = x->degree;
}

static void poly_constant(polynomial *z, mpq_srcptr c) {
  mpq_set(z->c[0], c);
  z->degree = 0;
}

static bool is_zero(const polynomial *p) {
  return p->degree == 0 && mpq_sgn(p->c[0]) == 0;
}

/* z += factor x. */
static void poly_add(polynomial *z, const polynomial *x, long factor) {
  mpq_t t, n;
  mpq_inits(t, n, (mpq_ptr)NULL);
  mpq_set_si(n, factor, 1);
  for (int i = z->degree + 1; i <= x->degree; i++)
    mpq_set_si(z->c[i], 0, 1);
  if (x->degree > z->degree)
    z->degree = x->degree;
  for (int i = 0; i <= x->degree; i++) {
    mpq_mul(t, x->c[i], n);
    mpq_add(z->c[i], z->c[i], t);
  }
  trim(z);
  mpq_clears(t, n, (mpq_ptr)NULL);
}

static void poly_scale(polynomial *z, mpq_srcptr factor) {
  for (int i = 0; i <= z->degree; i++)
    mpq_mul(z->c[i], z->c[i], factor);
  trim(z);
}

/* z = x y, z none of them; false where that is too large. */
static bool poly_mul(polynomial *z, const polynomial *x, const polynomial *y) {
  if (x->degree + y->degree > DEGREE)
    return false;
  mpq_t t;
  mpq_init(t);
  z->degree = x->degree + y->degree;
  for (int n = 0; n <= z->degree; n++)
    mpq_set_si(z->c[n], 0, 1);
  bool fits = true;
  for (int i = 0; i <= x->degree; i++)
    for (int j = 0; j <= y->degree && fits; j++) {
      mpq_mul(t, x->c[i], y->c[j]);
      mpq_add(z->c[i + j], z->c[i + j], t);
      fits = mpz_sizeinbase(mpq_numref(z->c[i + j]), 2) < LONGEST &&
             mpz_sizeinbase(mpq_denref(z->c[i + j]), 2) < LONGEST;
    }
  trim(z);
  mpq_clear(t);
  return fits;
}

/* c[n] = the coefficient of v^n of p(centre + side v). */
static void shift(polynomial *p, const fc_ray *ray) {
  mpq_t t;
  mpq_init(t);
  for (int i = 0; i < p->degree; i++)
    for (int n = p->degree - 1; n >= i; n--) {
      mpq_mul(t, p->c[n + 1], ray->centre);
      mpq_add(p->c[n], p->c[n], t);
    }
  for (int n = 1; n <= p->degree && ray->side < 0; n += 2)
    mpq_neg(p->c[n], p->c[n]);
  mpq_clear(t);
}

/* The interval and the power of a polynomial. */
static void enclose(value *z, const polynomial *p, const fc_ray *ray) {
  value sum, term;
  value_init(&sum);
  value_init(&term);
  poly_set(&sum.equal, p);
  shift(&sum.equal, ray);
  for (int n = p->degree; n >= 0; n--) {
    mpq_srcptr c = sum.equal.c[n];
    mpfr_set_q(term.low, c, MPFR_RNDD);
    mpfr_set_q(term.high, c, MPFR_RNDU);
    term.power = (long)n * UNIT;
    if (n == p->degree)
      set(&sum, &term);
    else if (mpq_sgn(c) != 0)
      add(&sum, &sum, &term, ray);
  }
  set(z, &sum);
  value_clear(&sum);
  value_clear(&term);
}

/* --- functions ------------------------------------------------------------ */

typedef int (*mpfr_function)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

static void increasing(value *z, const value *x, mpfr_function f) {
  f(z->low, x->low, MPFR_RNDD);
  f(z->high, x->high, MPFR_RNDU);
  tidy(z);
}

/* sqrt(v^e c) = v^(e/2) sqrt(c). */
static void root(value *z, const value *x, const fc_ray *ray) {
  set(z, x);
  if (z->power % 2 != 0)
    move_power(z, z, 0, ray);
  if (mpfr_sgn(z->low) < 0)
    mpfr_set_zero(z->low, 1);
  increasing(z, z, mpfr_sqrt);
  z->power /= 2;
}

static void between(value *z, long low, long high) {
  mpfr_set_si(z->low, low, MPFR_RNDD);
  mpfr_set_si(z->high, high, MPFR_RNDU);
}

static void magnitude(value *z, const value *x) {
  value minus;
  value_init(&minus);
  negate(&minus, x);
  if (mpfr_sgn(x->high) <= 0) {
    set(z, &minus);
  } else if (mpfr_sgn(x->low) < 0) {
    mpfr_max(z->high, x->high, minus.high, MPFR_RNDU);
    mpfr_set_zero(z->low, 1);
    z->power = x->power;
  } else {
    set(z, x);
  }
  value_clear(&minus);
}

/* A function of one argument. */
static void apply(value *z, fc_op op, const value *x, const fc_ray *ray) {
  if (op == FC_OP_SQRT) {
    root(z, x, ray);
    return;
  }
  if (op == FC_OP_ABS) {
    magnitude(z, x);
    return;
  }
  move_power(z, x, 0, ray);
  switch (op) {
  case FC_OP_EXP:
    increasing(z, z, mpfr_exp);
    break;
  case FC_OP_ATAN:
    increasing(z, z, mpfr_atan);
    break;
  case FC_OP_ERF:
    increasing(z, z, mpfr_erf);
    break;
  case FC_OP_ERFC:
    negate(z, z);
    increasing(z, z, mpfr_erf);
    mpfr_add_ui(z->low, z->low, 1, MPFR_RNDD);
    mpfr_add_ui(z->high, z->high, 1, MPFR_RNDU);
    break;
  case FC_OP_SIN:
  case FC_OP_COS:
  case FC_OP_SIN_PI:
  case FC_OP_COS_PI:
    between(z, -1, 1);
    break;
  default:
    set_unknown(z);
  }
}

/* x^y with a constant y = n/d: v^(e y) exp(y log c) where e y is a multiple of
 * the unit. */
static void raise(value *z, const value *x, const value *y, const fc_ray *ray) {
  value base, exponent;
  value_init(&base);
  value_init(&exponent);
  long power = 0;
  set(&base, x);
  move_power(&exponent, y, 0, ray);
  if (x->power != 0) {
    mpq_srcptr q = y->equal.c[0];
    bool fits = y->exact && y->equal.degree == 0 &&
                mpz_fits_sint_p(mpq_numref(q)) &&
                mpz_fits_sint_p(mpq_denref(q));
    long n = fits ? mpz_get_si(mpq_numref(q)) : 0,
         d = fits ? mpz_get_si(mpq_denref(q)) : 1;
    if (fits && x->power % d == 0 && labs(n) < LARGEST_POWER)
      power = x->power / d * n;
    else
      move_power(&base, x, 0, ray);
  }
  if (mpfr_sgn(base.low) <= 0) {
    set_unknown(z);
  } else {
    increasing(&base, &base, mpfr_log);
    multiply(z, &base, &exponent);
    increasing(z, z, mpfr_exp);
    set_power(z, power);
  }
  value_clear(&base);
  value_clear(&exponent);
}

static void extreme(value *z, bool most, const value *x, const value *y,
                    const fc_ray *ray) {
  value p;
  value_init(&p);
  move_power(&p, x, 0, ray);
  move_power(z, y, 0, ray);
  (most ? mpfr_max : mpfr_min)(z->low, z->low, p.low, MPFR_RNDD);
  (most ? mpfr_max : mpfr_min)(z->high, z->high, p.high, MPFR_RNDU);
  value_clear(&p);
}

/* --- exact parts ------------------------------------------------------------
 */

/* Whether the node is a polynomial in x, and which: v is not lost in c - c. */
static bool set_exact(value *z, const fc_formula *f, const fc_node *node,
                      const value *x, const value *y) {
  bool left = x && x->exact, both = left && y && y->exact;
  mpq_t t;
  switch (node->op) {
  case FC_OP_NUMBER:
    poly_constant(&z->equal, f->numbers[node->n]);
    return true;
  case FC_OP_VARIABLE:
    z->equal.degree = 1;
    mpq_set_si(z->equal.c[1], 1, 1);
    return true;
  case FC_OP_NEG:
    if (left)
      poly_add(&z->equal, &x->equal, -1);
    return left;
  case FC_OP_ADD:
  case FC_OP_SUB:
    if (both) {
      poly_add(&z->equal, &x->equal, 1);
      poly_add(&z->equal, &y->equal, node->op == FC_OP_ADD ? 1 : -1);
    }
    return both;
  case FC_OP_MUL:
    return both && poly_mul(&z->equal, &x->equal, &y->equal);
  case FC_OP_DIV:
    if (!both || y->equal.degree > 0 || is_zero(&y->equal))
      return false;
    mpq_init(t);
    mpq_inv(t, y->equal.c[0]);
    poly_set(&z->equal, &x->equal);
    poly_scale(&z->equal, t);
    mpq_clear(t);
    return true;
  case FC_OP_POW_SI:
    if (!left || node->n < 2 || node->n > DEGREE)
      return false;
    poly_set(&z->log, &x->equal); /* room */
    for (long n = 2; n <= node->n; n++) {
      if (!poly_mul(&z->equal, &z->log, &x->equal))
        return false;
      poly_set(&z->log, &z->equal);
    }
    return true;
  default:
    return false;
  }
}

static void no_log(value *z) {
  z->log.degree = 0;
  mpq_set_si(z->log.c[0], 0, 1);
}

/* v^e exp(p) falls on the ray: v p' + e <= 0. */
static bool falls(long power, const polynomial *p, const fc_ray *ray) {
  value slope;
  mpq_t n;
  value_init(&slope);
  mpq_init(n);
  poly_set(&slope.equal, p);
  for (int i = 1; i <= p->degree; i++) {
    mpq_set_si(n, ray->side * i, 1);
    mpq_mul(slope.equal.c[i - 1], p->c[i], n);
  }
  if (p->degree > 0)
    slope.equal.degree = p->degree - 1;
  trim(&slope.equal);
  enclose(&slope, &slope.equal, ray);
  slope.power += UNIT;
  move_power(&slope, &slope, 0, ray);
  mpfr_mul_si(slope.high, slope.high, UNIT, MPFR_RNDU);
  bool falling = mpfr_cmp_si(slope.high, -power) <= 0;
  value_clear(&slope);
  mpq_clear(n);
  return falling;
}

/* z times exp(p), as an interval; of a product that falls the power is bounded
 * where the ray begins. */
static void times_exp(value *z, const polynomial *p, const fc_ray *ray) {
  value factor, power;
  value_init(&factor);
  value_init(&power);
  enclose(&factor, p, ray);
  move_power(&factor, &factor, 0, ray);
  increasing(&factor, &factor, mpfr_exp);
  if (z->power > 0 && !mpfr_zero_p(ray->near) && falls(z->power, p, ray)) {
    power_at(power.high, ray->near, z->power, MPFR_RNDU);
    mpfr_mul(factor.high, factor.high, power.high, MPFR_RNDU);
    mpfr_set_zero(factor.low, 1);
    z->power = 0;
  }
  multiply(z, z, &factor);
  value_clear(&factor);
  value_clear(&power);
}

/* z = x without its exponential. */
static void flatten(value *z, const value *x, const fc_ray *ray) {
  set(z, x);
  if (!is_zero(&x->log))
    times_exp(z, &x->log, ray);
}

/* z = x + y: the exponential that leads is taken out. */
static void add_values(value *z, const value *x, const value *y,
                       const fc_ray *ray) {
  value p, q, gap;
  value_init(&p);
  value_init(&q);
  value_init(&gap);
  poly_set(&gap.log, &y->log);
  poly_add(&gap.log, &x->log, -1);
  set(&p, x);
  set(&q, y);
  poly_set(&z->log, &x->log);
  if (!is_zero(&gap.log)) {
    enclose(&gap, &gap.log, ray);
    move_power(&gap, &gap, 0, ray);
    if (mpfr_inf_p(gap.high)) { /* y leads */
      poly_set(&z->log, &y->log);
      mpq_t minus;
      mpq_init(minus);
      mpq_set_si(minus, -1, 1);
      poly_scale(&gap.log, minus);
      mpq_clear(minus);
      times_exp(&p, &gap.log, ray);
    } else {
      times_exp(&q, &gap.log, ray);
    }
  }
  add(z, &p, &q, ray);
  value_clear(&p);
  value_clear(&q);
  value_clear(&gap);
}

/* log(exp(p) v^e c) = p + log(v^e c). */
static void logarithm(value *z, const value *x, const fc_ray *ray) {
  value p;
  value_init(&p);
  enclose(&p, &x->log, ray);
  move_power(z, x, 0, ray);
  if (mpfr_sgn(z->low) < 0)
    mpfr_set_zero(z->low, 1);
  increasing(z, z, mpfr_log);
  if (!is_zero(&x->log))
    add(z, &p, z, ray);
  value_clear(&p);
}

/* --- the graph ------------------------------------------------------------ */

static void set_pi(value *z) {
  mpfr_const_pi(z->low, MPFR_RNDD);
  mpfr_const_pi(z->high, MPFR_RNDU);
}

/* Nodes that keep an exponential; false for the others. */
static bool eval_scaled(value *z, const fc_node *node, const value *x,
                        const value *y, const fc_ray *ray) {
  mpq_t n;
  switch (node->op) {
  case FC_OP_NEG:
    negate(z, x);
    poly_set(&z->log, &x->log);
    return true;
  case FC_OP_POW_SI:
    pow_si(z, x, node->n);
    mpq_init(n);
    mpq_set_si(n, node->n, 1);
    poly_set(&z->log, &x->log);
    poly_scale(&z->log, n);
    mpq_clear(n);
    return true;
  case FC_OP_ADD:
    add_values(z, x, y, ray);
    return true;
  case FC_OP_SUB: {
    value minus;
    value_init(&minus);
    negate(&minus, y);
    poly_set(&minus.log, &y->log);
    add_values(z, x, &minus, ray);
    value_clear(&minus);
    return true;
  }
  case FC_OP_MUL:
  case FC_OP_DIV:
    (node->op == FC_OP_MUL ? mul : divide)(z, x, y);
    poly_set(&z->log, &x->log);
    poly_add(&z->log, &y->log, node->op == FC_OP_MUL ? 1 : -1);
    return true;
  case FC_OP_LOG:
    logarithm(z, x, ray);
    return true;
  case FC_OP_EXP:
    if (!x->exact)
      return false;
    poly_set(&z->log, &x->equal);
    between(z, 1, 1);
    return true;
  default:
    return false;
  }
}

static void eval_flat(value *z, const fc_node *node, const value *x,
                      const value *y, const fc_ray *ray) {
  switch (node->op) {
  case FC_OP_PI:
    set_pi(z);
    break;
  case FC_OP_POW:
    raise(z, x, y, ray);
    break;
  case FC_OP_MIN:
  case FC_OP_MAX:
    extreme(z, node->op == FC_OP_MAX, x, y, ray);
    break;
  default:
    apply(z, node->op, x, ray);
  }
}

static void eval_node(value *z, const fc_formula *f, const fc_node *node,
                      const value *x, const value *y, const fc_ray *ray) {
  z->exact = set_exact(z, f, node, x, y);
  no_log(z);
  if (z->exact) {
    enclose(z, &z->equal, ray);
    return;
  }
  if (eval_scaled(z, node, x, y, ray))
    return;
  value p, q;
  value_init(&p);
  value_init(&q);
  if (x) {
    flatten(&p, x, ray);
    p.exact = x->exact;
    poly_set(&p.equal, &x->equal);
  }
  if (y) {
    flatten(&q, y, ray);
    q.exact = y->exact;
    poly_set(&q.equal, &y->equal);
  }
  eval_flat(z, node, &p, &q, ray);
  value_clear(&p);
  value_clear(&q);
}

fc_status fc_ray_range(mpfr_ptr low, mpfr_ptr high, const fc_formula *f,
                       long power, const fc_ray *ray) {
  value *values = malloc(f->count * sizeof *values);
  if (!values)
    return FC_MEMORY;
  for (size_t i = 0; i < f->count; i++) {
    const fc_node *node = f->nodes + i;
    value_init(values + i);
    eval_node(values + i, f, node,
              node->left == FC_NO_NODE ? NULL : values + node->left,
              node->right == FC_NO_NODE ? NULL : values + node->right, ray);
  }
  value *z = values + f->root;
  flatten(z, z, ray);
  z->power += power * UNIT;
  move_power(z, z, 0, ray);
  mpfr_set(low, z->low, MPFR_RNDD);
  mpfr_set(high, z->high, MPFR_RNDU);
  for (size_t i = 0; i < f->count; i++)
    value_clear(values + i);
  free(values);
  return FC_OK;
}
