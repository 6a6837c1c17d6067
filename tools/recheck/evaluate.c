/* Values of formulas as intervals.  What is not defined all over an interval is
 * NaN and stays it; end points may be infinite, infinity - infinity is the whole
 * line. */
#include <stdlib.h>

#include "recheck.h"

bool rc_is_nan(mpfi_srcptr x) { return mpfr_nan_p(&x->left) || mpfr_nan_p(&x->right); }

void rc_set_nan(mpfi_ptr z) {
  mpfr_set_nan(&z->left);
  mpfr_set_nan(&z->right);
}

static void set_whole(mpfi_ptr z) {
  mpfr_set_inf(&z->left, -1);
  mpfr_set_inf(&z->right, 1);
}

/* 1/x, x without zero inside. */
static void reciprocal(mpfi_ptr z, mpfi_srcptr x) {
  mpfr_t low;
  mpfr_init2(low, mpfi_get_prec(z));
  if (mpfr_zero_p(&x->right)) mpfr_set_inf(low, -1);
  else mpfr_ui_div(low, 1, &x->right, MPFR_RNDD);
  if (mpfr_zero_p(&x->left)) mpfr_set_inf(&z->right, 1);
  else mpfr_ui_div(&z->right, 1, &x->left, MPFR_RNDU);
  mpfr_set(&z->left, low, MPFR_RNDD);
  mpfr_clear(low);
}

static void divide(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y) {
  if (mpfr_sgn(&y->left) > 0 || mpfr_sgn(&y->right) < 0) mpfi_div(z, x, y);
  else if (mpfi_is_zero(y)) rc_set_nan(z);
  else if (mpfr_sgn(&y->left) < 0 && mpfr_sgn(&y->right) > 0) set_whole(z);
  else {
    mpfi_t inverse;
    mpfi_init2(inverse, mpfi_get_prec(z));
    reciprocal(inverse, y);
    mpfi_mul(z, x, inverse);
    mpfi_clear(inverse);
  }
}

/* x^n for n >= 0; z may be x. */
static void whole_power(mpfi_ptr z, mpfi_srcptr x, unsigned long n) {
  mpfi_t base;
  mpfi_init2(base, mpfi_get_prec(z));
  mpfi_set(base, x);
  if (n % 2 == 0) mpfi_abs(base, base);
  mpfr_pow_ui(&z->left, &base->left, n, MPFR_RNDD);
  mpfr_pow_ui(&z->right, &base->right, n, MPFR_RNDU);
  mpfi_clear(base);
}

static void power(mpfi_ptr z, mpfi_srcptr x, mpq_srcptr exponent) {
  bool whole = mpz_cmp_ui(mpq_denref(exponent), 1) == 0;
  bool half = mpz_cmp_ui(mpq_denref(exponent), 2) == 0;
  mpfi_t base;
  mpfi_init2(base, mpfi_get_prec(z));
  if (mpz_cmpabs_ui(mpq_numref(exponent), 100000) > 0 || (!whole && mpfr_sgn(&x->left) < 0))
    rc_set_nan(z);
  else if (whole || half) {
    unsigned long n = mpz_get_ui(mpq_numref(exponent));
    if (half) mpfi_sqrt(base, x);
    else mpfi_set(base, x);
    whole_power(z, base, n);
    mpfi_set_ui(base, 1);
    if (mpq_sgn(exponent) < 0) divide(z, base, z);
  } else {
    mpfi_log(base, x);
    mpfi_mul_q(base, base, exponent);
    mpfi_exp(z, base);
  }
  mpfi_clear(base);
}

static void order(mpfi_ptr z, mpfi_srcptr x, mpfi_srcptr y, bool least) {
  int (*take)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t) = least ? mpfr_min : mpfr_max;
  if (rc_is_nan(x) || rc_is_nan(y)) {
    rc_set_nan(z);
    return;
  }
  take(&z->left, &x->left, &y->left, MPFR_RNDD);
  take(&z->right, &x->right, &y->right, MPFR_RNDU);
}

/* Arguments so large that reducing them would cost too much tell nothing. */
static void wave(mpfi_ptr z, mpfi_srcptr x, bool sine) {
  if (!mpfi_bounded_p(x) || mpfr_get_exp(&x->left) > 4096 || mpfr_get_exp(&x->right) > 4096)
    mpfi_interv_si(z, -1, 1);
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

static void apply_one(rc_node *n, mpfi_srcptr x) {
  bool negative = mpfr_sgn(&x->left) < 0;
  if (rc_is_nan(x) || (negative && (n->op == RC_SQRT || n->op == RC_LOG))) rc_set_nan(n->value);
  else if (n->op == RC_NEG) mpfi_neg(n->value, x);
  else if (n->op == RC_SQRT) mpfi_sqrt(n->value, x);
  else if (n->op == RC_LOG) mpfi_log(n->value, x);
  else if (n->op == RC_EXP) mpfi_exp(n->value, x);
  else if (n->op == RC_ABS) mpfi_abs(n->value, x);
  else if (n->op == RC_SIN || n->op == RC_COS) wave(n->value, x, n->op == RC_SIN);
  else error_function(n->value, x, n->op == RC_ERFC);
}

static void general_power(rc_node *n, mpfi_srcptr x, mpfi_srcptr y) {
  if (mpfr_sgn(&x->left) <= 0) rc_set_nan(n->value);
  else {
    mpfi_log(n->value, x);
    mpfi_mul(n->value, n->value, y);
    mpfi_exp(n->value, n->value);
  }
}

static void apply_two(rc_node *n, mpfi_srcptr x, mpfi_srcptr y) {
  if (rc_is_nan(x) || rc_is_nan(y)) rc_set_nan(n->value);
  else if (n->op == RC_MIN || n->op == RC_MAX) order(n->value, x, y, n->op == RC_MIN);
  else if (n->op == RC_DIV) divide(n->value, x, y);
  else if (n->op == RC_POW && n->q) power(n->value, x, n->q);
  else if (n->op == RC_POW) general_power(n, x, y);
  else {
    if (n->op == RC_ADD) mpfi_add(n->value, x, y);
    else if (n->op == RC_SUB) mpfi_sub(n->value, x, y);
    else mpfi_mul(n->value, x, y);
    if (rc_is_nan(n->value)) set_whole(n->value);
  }
}

/* a or b, which are > 0. */
static bool is_scale(const rc_node *n) { return n->op == RC_NAME && n->x < 2; }

/* sqrt(a^2 + b^2)/a and /b, which are > 1. */
static bool is_secant(const rc_graph *g, const rc_node *n) {
  return n->op == RC_DIV && n->x == g->rho && is_scale(&g->nodes[n->y]);
}

/* --- the loop -------------------------------------------------------------- */

static void mark(rc_graph *g, int root) {
  for (int i = 0; i < root; i++) g->nodes[i].needed = false;
  g->nodes[root].needed = true;
  for (int i = root; i >= 0; i--) {
    const rc_node *n = &g->nodes[i];
    if (!n->needed || n->op <= RC_NAME) continue;
    g->nodes[n->x].needed = true;
    if (n->y >= 0) g->nodes[n->y].needed = true;
  }
}

static void evaluate_node(rc_graph *g, rc_node *n) {
  if (n->op == RC_NUMBER) mpfi_set_q(n->value, n->q);
  else if (n->op == RC_PI) mpfi_const_pi(n->value);
  else if (n->op >= RC_NEG) apply_one(n, g->nodes[n->x].value);
  else if (n->op != RC_NAME) apply_two(n, g->nodes[n->x].value, g->nodes[n->y].value);
  if (is_secant(g, n) && mpfr_cmp_ui(&n->value->left, 1) < 0)
    mpfr_set_ui(&n->value->left, 1, MPFR_RNDD);
}

static bool spend(rc_graph *g, long operations) {
  g->work += operations * (1 + g->bits / 128);
  return g->work <= RC_MOST_WORK || rc_reject(g->verdict, "more work than is allowed");
}

mpfi_ptr rc_value(rc_graph *g, int root) {
  if (root < 0) return NULL;
  mark(g, root);
  long operations = 0;
  for (int i = 0; i <= root; i++)
    if (g->nodes[i].needed) {
      evaluate_node(g, &g->nodes[i]);
      operations++;
    }
  return spend(g, operations) ? g->nodes[root].value : NULL;
}

bool rc_value_all(rc_graph *g) {
  for (int i = 0; i < g->count; i++) evaluate_node(g, &g->nodes[i]);
  return spend(g, g->count);
}

void rc_enclose_least(mpfi_ptr z, mpfi_srcptr x) { order(z, z, x, true); }
void rc_enclose_most(mpfi_ptr z, mpfi_srcptr x) { order(z, z, x, false); }

void rc_random(mpq_ptr q, uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15u; /* splitmix64 */
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  mpq_set_ui(q, (unsigned long)(z >> 40) | 1u, 1ul << 24);
  mpq_canonicalize(q);
}
