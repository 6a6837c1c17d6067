#include "target/ray_range.h"

#include <stdlib.h>

#include "formula/graph.h"

enum {
  BITS = 64,
  UNIT = 24,              /* exponents are multiples of 1/UNIT */
  LARGEST_POWER = 1000000 /* in these units */
};

/* v^(power/UNIT) [low, high]; affine: exactly slope x + shift. */
typedef struct value {
  mpfr_t low, high;
  long power;
  bool affine;
  mpq_t slope, shift;
} value;

static void value_init(value *z) {
  mpfr_init2(z->low, BITS);
  mpfr_init2(z->high, BITS);
  mpq_init(z->slope);
  mpq_init(z->shift);
  z->affine = false;
  z->power = 0;
}

static void value_clear(value *z) {
  mpfr_clear(z->low);
  mpfr_clear(z->high);
  mpq_clear(z->slope);
  mpq_clear(z->shift);
}

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
  case FC_OP_LOG:
    if (mpfr_sgn(z->low) < 0)
      mpfr_set_zero(z->low, 1);
    increasing(z, z, mpfr_log);
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
    bool fits = y->affine && mpq_sgn(y->slope) == 0 &&
                mpz_fits_sint_p(mpq_numref(y->shift)) &&
                mpz_fits_sint_p(mpq_denref(y->shift));
    long n = fits ? mpz_get_si(mpq_numref(y->shift)) : 0,
         d = fits ? mpz_get_si(mpq_denref(y->shift)) : 1;
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

/* --- affine parts --------------------------------------------------------- */

/* Whether the node is affine in x, and how: v is not lost in c - c. */
static bool set_affine(value *z, const fc_formula *f, const fc_node *node,
                       const value *x, const value *y) {
  bool both = x && y && x->affine && y->affine;
  bool flat_x = both && mpq_sgn(x->slope) == 0,
       flat_y = both && mpq_sgn(y->slope) == 0;
  switch (node->op) {
  case FC_OP_NUMBER:
    mpq_set(z->shift, f->numbers[node->n]);
    return true;
  case FC_OP_VARIABLE:
    mpq_set_si(z->slope, 1, 1);
    return true;
  case FC_OP_NEG:
    mpq_neg(z->slope, x->slope);
    mpq_neg(z->shift, x->shift);
    return x->affine;
  case FC_OP_ADD:
  case FC_OP_SUB:
    if (both) {
      (node->op == FC_OP_ADD ? mpq_add : mpq_sub)(z->slope, x->slope, y->slope);
      (node->op == FC_OP_ADD ? mpq_add : mpq_sub)(z->shift, x->shift, y->shift);
    }
    return both;
  case FC_OP_MUL:
    if (flat_x || flat_y) {
      const value *c = flat_x ? x : y, *line = flat_x ? y : x;
      mpq_mul(z->slope, c->shift, line->slope);
      mpq_mul(z->shift, c->shift, line->shift);
    }
    return flat_x || flat_y;
  case FC_OP_DIV:
    if (!flat_y || mpq_sgn(y->shift) == 0)
      return false;
    mpq_div(z->slope, x->slope, y->shift);
    mpq_div(z->shift, x->shift, y->shift);
    return true;
  default:
    return false;
  }
}

/* slope x + shift = side slope v + (slope c + shift). */
static void put_affine(value *z, const fc_ray *ray) {
  value rest;
  mpq_t t;
  value_init(&rest);
  mpq_init(t);
  mpq_mul(t, z->slope, ray->centre);
  mpq_add(t, t, z->shift);
  mpfr_set_q(rest.low, t, MPFR_RNDD);
  mpfr_set_q(rest.high, t, MPFR_RNDU);
  mpq_set(t, z->slope);
  if (ray->side < 0)
    mpq_neg(t, t);
  mpfr_set_q(z->low, t, MPFR_RNDD);
  mpfr_set_q(z->high, t, MPFR_RNDU);
  z->power = UNIT;
  if (mpq_sgn(t) == 0)
    set(z, &rest);
  else if (!mpfr_zero_p(rest.low) || !mpfr_zero_p(rest.high))
    add(z, z, &rest, ray);
  value_clear(&rest);
  mpq_clear(t);
}

/* --- the graph ------------------------------------------------------------ */

static void set_pi(value *z) {
  mpfr_const_pi(z->low, MPFR_RNDD);
  mpfr_const_pi(z->high, MPFR_RNDU);
}

static void eval_node(value *z, const fc_formula *f, const fc_node *node,
                      const value *x, const value *y, const fc_ray *ray) {
  z->affine = set_affine(z, f, node, x, y);
  if (z->affine) {
    put_affine(z, ray);
    return;
  }
  switch (node->op) {
  case FC_OP_PI:
    set_pi(z);
    break;
  case FC_OP_NEG:
    negate(z, x);
    break;
  case FC_OP_POW_SI:
    pow_si(z, x, node->n);
    break;
  case FC_OP_ADD:
    add(z, x, y, ray);
    break;
  case FC_OP_SUB:
    negate(z, y);
    add(z, x, z, ray);
    break;
  case FC_OP_MUL:
    mul(z, x, y);
    break;
  case FC_OP_DIV:
    divide(z, x, y);
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
  z->power += power * UNIT;
  move_power(z, z, 0, ray);
  mpfr_set(low, z->low, MPFR_RNDD);
  mpfr_set(high, z->high, MPFR_RNDU);
  for (size_t i = 0; i < f->count; i++)
    value_clear(values + i);
  free(values);
  return FC_OK;
}
