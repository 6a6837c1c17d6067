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

/* z = 1/z */
static void reciprocal(mpfi_ptr z) {
  int low = mpfr_sgn(&z->left), high = mpfr_sgn(&z->right);
  if (low == 0 && high == 0) set_ends(z, NAN, NAN);
  else if (low < 0 && high > 0) set_ends(z, -INFINITY, INFINITY);
  else {
    mpfr_swap(&z->left, &z->right);
    mpfr_ui_div(&z->left, 1, &z->left, MPFR_RNDD);
    mpfr_ui_div(&z->right, 1, &z->right, MPFR_RNDU);
    if (high == 0) mpfr_set_inf(&z->left, -1);
    if (low == 0) mpfr_set_inf(&z->right, 1);
  }
}

/* x^(n/2), n an integer. */
static void half_power(mpfi_ptr z, mpfi_srcptr x, long n) {
  unsigned long m = (unsigned long)(n < 0 ? -n : n);
  if (m % 2) mpfi_sqrt(z, x);
  else mpfi_set(z, x);
  if (m % 2 == 0) m /= 2;
  if (m % 2 == 0) mpfi_abs(z, z);
  mpfr_pow_ui(&z->left, &z->left, m, MPFR_RNDD);
  mpfr_pow_ui(&z->right, &z->right, m, MPFR_RNDU);
  if (n < 0) reciprocal(z);
}

static void power(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y) {
  mpfi_mul_2ui(z, y, 1);
  bool half = mpfr_equal_p(&z->left, &z->right) && mpfr_integer_p(&z->left) &&
              mpfr_cmpabs_ui(&z->left, MOST_POWER) <= 0;
  long n = half ? mpfr_get_si(&z->left, MPFR_RNDN) : 1;
  if (mpfr_sgn(&x->left) < (half ? 0 : 1) && n % 2) set_ends(z, NAN, NAN);
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
  if (mpfr_sgn(&x->left) < 0 && (op == RC_SQRT || op == RC_LOG)) set_ends(z, NAN, NAN);
  else if (op == RC_NEG) mpfi_neg(z, x);
  else if (op == RC_SQRT) mpfi_sqrt(z, x);
  else if (op == RC_LOG) mpfi_log(z, x);
  else if (op == RC_EXP) mpfi_exp(z, x);
  else if (op == RC_ABS) mpfi_abs(z, x);
  else if (op == RC_SIN || op == RC_COS) wave(z, x, op == RC_SIN);
  else {
    mpfr_erfc(&z->left, &x->right, MPFR_RNDD);
    mpfr_erfc(&z->right, &x->left, MPFR_RNDU);
  }
}

static void apply_two(rc_op op, mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y) {
  if (op == RC_MIN || op == RC_MAX) order(z, x, y, op == RC_MIN);
  else if (op == RC_POW) power(z, x, y);
  else if (op == RC_ADD) mpfi_add(z, x, y);
  else if (op == RC_SUB && x == y) mpfi_set_ui(z, 0);
  else if (op == RC_SUB) mpfi_sub(z, x, y);
  else if (op == RC_MUL) mpfi_mul(z, x, y);
  else {
    mpfi_set(z, y);
    reciprocal(z);
    mpfi_mul(z, x, z);
  }
  if (op <= RC_MUL && rc_is_nan(z)) set_ends(z, -INFINITY, INFINITY);
}

static void evaluate(rc_graph *g, int i) {
  rc_node *n = &g->nodes[i];
  mpfi_srcptr x = g->nodes[n->x].value, y = g->nodes[n->y].value;
  if (n->op == RC_NUMBER) {
    mpfr_set_str(&n->value->left, n->text, 0, MPFR_RNDD);
    mpfr_set_str(&n->value->right, n->text, 0, MPFR_RNDU);
  } else if (n->op == RC_PI) mpfi_const_pi(n->value);
  else if (n->op != RC_VARIABLE) {
    if (rc_is_nan(x) || (n->op < RC_NEG && rc_is_nan(y))) set_ends(n->value, NAN, NAN);
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
  g->work += root / 64; /* the walk itself */
  if (g->work > RC_MOST_WORK) {
    rc_reject(g, "more work than is allowed");
    set_ends(g->nodes[root].value, NAN, NAN);
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
