/* Values of formulas as intervals.  What is not defined all over an interval is NaN and stays it;
 * end points may be infinite, infinity - infinity is the whole line. */
#include <math.h>

#include "recheck.h"

enum { MOST_POWER = 200000 };

bool rc_is_nan(mpfi_srcptr x) { return mpfr_nan_p(&x->left) || mpfr_nan_p(&x->right); }

static void set_ends(mpfi_ptr z, double left, double right) {
  mpfr_set_d(&z->left, left, MPFR_RNDD);
  mpfr_set_d(&z->right, right, MPFR_RNDU);
}

static void set_nan(mpfi_ptr z) { set_ends(z, NAN, NAN); }

/* z = x/y; z is neither of them. */
static void divide(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y) {
  if (mpfr_sgn(&y->left) > 0 || mpfr_sgn(&y->right) < 0) mpfi_div(z, x, y);
  else if (mpfi_is_zero(y)) set_nan(z);
  else if (mpfr_sgn(&y->left) < 0 && mpfr_sgn(&y->right) > 0) set_ends(z, -INFINITY, INFINITY);
  else {
    set_ends(z, -INFINITY, INFINITY);
    if (!mpfr_zero_p(&y->right)) mpfr_ui_div(&z->left, 1, &y->right, MPFR_RNDD);
    if (!mpfr_zero_p(&y->left)) mpfr_ui_div(&z->right, 1, &y->left, MPFR_RNDU);
    mpfi_mul(z, x, z);
  }
}

/* x^(n/2), n an integer. */
static void half_power(mpfi_ptr z, mpfi_srcptr x, long n) {
  mpfi_t base, one;
  unsigned long m = (unsigned long)(n < 0 ? -n : n);
  mpfi_init2(base, mpfi_get_prec(z));
  mpfi_init2(one, 2);
  mpfi_set_ui(one, 1);
  if (m % 2) mpfi_sqrt(base, x);
  else mpfi_set(base, x);
  if (m % 2 == 0) m /= 2;
  if (m % 2 == 0) mpfi_abs(base, base);
  mpfr_pow_ui(&base->left, &base->left, m, MPFR_RNDD);
  mpfr_pow_ui(&base->right, &base->right, m, MPFR_RNDU);
  if (n < 0) divide(z, one, base);
  else mpfi_set(z, base);
  mpfi_clear(base);
  mpfi_clear(one);
}

static void power(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y) {
  mpfi_mul_2ui(z, y, 1);
  bool half = mpfr_equal_p(&z->left, &z->right) && mpfr_integer_p(&z->left) &&
              mpfr_cmpabs_ui(&z->left, MOST_POWER) <= 0;
  long n = half ? mpfr_get_si(&z->left, MPFR_RNDN) : 1;
  if (mpfr_sgn(&x->left) < (half ? 0 : 1) && n % 2) set_nan(z);
  else if (half) half_power(z, x, n);
  else {
    mpfi_log(z, x);
    mpfi_mul(z, z, y);
    mpfi_exp(z, z);
  }
}

static void order(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y, bool least) {
  int (*take)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t) = least ? mpfr_min : mpfr_max;
  take(&z->left, &x->left, &y->left, MPFR_RNDD);
  take(&z->right, &x->right, &y->right, MPFR_RNDU);
}

/* Arguments so large that reducing them would cost too much tell nothing. */
static void wave(mpfi_ptr z, mpfi_srcptr x, bool sine) {
  if (!mpfi_bounded_p(x) || mpfr_get_exp(&x->left) > 4096 || mpfr_get_exp(&x->right) > 4096)
    set_ends(z, -1, 1);
  else if (sine) mpfi_sin(z, x);
  else mpfi_cos(z, x);
}

static void error_function(mpfi_ptr z, mpfi_srcptr x, bool complement) {
  if (complement) {
    mpfr_erfc(&z->left, &x->right, MPFR_RNDD);
    mpfr_erfc(&z->right, &x->left, MPFR_RNDU);
  } else {
    mpfr_erf(&z->left, &x->left, MPFR_RNDD);
    mpfr_erf(&z->right, &x->right, MPFR_RNDU);
  }
}

/* Something known to lie between x and y. */
static void hull(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y, const rc_graph *g, int at) {
  uint64_t state = g->seed + (uint64_t)at;
  mpfi_union(z, x, y);
  if (!g->symbolic) return;
  mpfi_sub(z, y, x);
  mpfi_mul_d(z, z, (double)(rc_random(&state) >> 11) * 0x1p-53);
  mpfi_add(z, z, x);
}

static void apply_one(rc_op op, mpfi_ptr z, mpfi_srcptr x) {
  if (mpfr_sgn(&x->left) < 0 && (op == RC_SQRT || op == RC_LOG)) set_nan(z);
  else if (op == RC_NEG) mpfi_neg(z, x);
  else if (op == RC_SQRT) mpfi_sqrt(z, x);
  else if (op == RC_LOG) mpfi_log(z, x);
  else if (op == RC_EXP) mpfi_exp(z, x);
  else if (op == RC_ABS) mpfi_abs(z, x);
  else if (op == RC_SIN || op == RC_COS) wave(z, x, op == RC_SIN);
  else error_function(z, x, op == RC_ERFC);
}

static void apply_two(rc_op op, mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y) {
  if (op == RC_MIN || op == RC_MAX) order(z, x, y, op == RC_MIN);
  else if (op == RC_POW) power(z, x, y);
  else {
    if (op == RC_ADD) mpfi_add(z, x, y);
    else if (op == RC_SUB) mpfi_sub(z, x, y);
    else if (op == RC_MUL) mpfi_mul(z, x, y);
    else divide(z, x, y);
    if (rc_is_nan(z) && !(op == RC_DIV && mpfi_is_zero(y))) set_ends(z, -INFINITY, INFINITY);
  }
}

static void evaluate(rc_graph *g, int i) {
  rc_node *n = &g->nodes[i];
  mpfi_srcptr x = g->nodes[n->x].value, y = g->nodes[n->y].value;
  if (n->op == RC_NUMBER) {
    mpfr_set_str(&n->value->left, n->text, 0, MPFR_RNDD);
    mpfr_set_str(&n->value->right, n->text, 0, MPFR_RNDU);
  } else if (n->op == RC_PI) mpfi_const_pi(n->value);
  else if (n->op != RC_VARIABLE) {
    if (rc_is_nan(x) || (n->op < RC_NEG && rc_is_nan(y))) set_nan(n->value);
    else if (n->op == RC_HULL) hull(n->value, x, y, g, i);
    else if (n->op < RC_NEG) apply_two(n->op, n->value, x, y);
    else apply_one(n->op, n->value, x);
  }
  g->work += (n->op < RC_SQRT ? 1 : 20) * (1 + g->bits / 128);
}

mpfi_ptr rc_value(rc_graph *g, int root) {
  rc_node *n = g->nodes;
  for (int i = 0; i <= root; i++) n[i].needed = i == root && !n[i].done;
  for (int i = root; i >= 0; i--)
    if (n[i].needed) {
      n[n[i].x].needed = !n[n[i].x].done;
      n[n[i].y].needed = !n[n[i].y].done;
    }
  for (int i = 0; i <= root && g->work <= RC_MOST_WORK; i++)
    if (n[i].needed) {
      evaluate(g, i);
      n[i].done = n[i].constant;
    }
  if (g->work > RC_MOST_WORK) {
    rc_reject(g, "more work than is allowed");
    set_nan(g->nodes[root].value);
  }
  return g->nodes[root].value;
}

bool rc_has_sign(rc_graph *g, int node, int sign, bool strict) {
  mpfi_srcptr x = rc_value(g, node);
  int end = rc_is_nan(x) ? -1 : sign * mpfr_sgn(sign > 0 ? &x->left : &x->right);
  return end > 0 || (!strict && end == 0);
}

uint64_t rc_random(uint64_t *state) { /* splitmix64 */
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}
