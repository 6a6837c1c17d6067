/* Class constants of exp(-U): where U is a polynomial of degree 4 or less
 * between its kinks, U'' is quadratic there and its extremes are known exactly;
 * a kink at which U' jumps up leaves U'' unbounded above, one at which it jumps
 * down unbounded below.
 */
#include "target/density.h"

#include "formula/polynomial.h"

/* Extremes of U'' so far. */
typedef struct range {
  mpq_t low, high;
  bool any, has_low, has_high;
} range;

static void include(range *r, mpq_srcptr value) {
  if (!r->any || mpq_cmp(value, r->low) < 0)
    mpq_set(r->low, value);
  if (!r->any || mpq_cmp(value, r->high) > 0)
    mpq_set(r->high, value);
  r->any = true;
}

/* z = c_0 + c_1 y + c_2 y^2. */
static void quadratic(mpq_ptr z, mpq_t *c, mpq_srcptr y) {
  mpq_set(z, c[2]);
  mpq_mul(z, z, y);
  mpq_add(z, z, c[1]);
  mpq_mul(z, z, y);
  mpq_add(z, z, c[0]);
}

/* U'' on [from, to] (NULL: infinite). */
static void scan(range *r, mpq_t *c, mpq_srcptr from, mpq_srcptr to) {
  mpq_t y, z;
  mpq_inits(y, z, (mpq_ptr)NULL);
  mpq_srcptr const ends[2] = {from, to};
  for (int side = 0; side < 2; side++) {
    int slope = mpq_sgn(c[1]) * (side ? 1 : -1), bend = mpq_sgn(c[2]);
    int sign = bend ? bend : slope;
    if (ends[side]) {
      quadratic(z, c, ends[side]);
      include(r, z);
    } else if (sign > 0) {
      r->has_high = false;
    } else if (sign < 0) {
      r->has_low = false;
    }
  }
  mpq_set_si(y, 0, 1);
  if (mpq_sgn(c[2]) != 0) {
    mpq_div(y, c[1], c[2]);
    mpq_div_2exp(y, y, 1);
    mpq_neg(y, y);
  }
  bool constant = mpq_sgn(c[1]) == 0 && mpq_sgn(c[2]) == 0;
  bool inside = (!from || mpq_cmp(from, y) < 0) && (!to || mpq_cmp(y, to) < 0);
  if (constant || (mpq_sgn(c[2]) != 0 && inside)) {
    quadratic(z, c, y);
    include(r, z);
  }
  mpq_clears(y, z, (mpq_ptr)NULL);
}

/* The coefficients of the derivative of a polynomial. */
static void differentiate(mpq_t *c) {
  mpq_t n;
  mpq_init(n);
  for (int i = 1; i < FC_POLYNOMIAL_SIZE; i++) {
    mpq_set_si(n, i, 1);
    mpq_mul(c[i - 1], c[i], n);
  }
  mpq_set_si(c[FC_POLYNOMIAL_SIZE - 1], 0, 1);
  mpq_clear(n);
}

/* z = the polynomial at y. */
static void value_at(mpq_ptr z, mpq_t *c, mpq_srcptr y) {
  mpq_set_si(z, 0, 1);
  for (int i = FC_POLYNOMIAL_DEGREE; i >= 0; i--) {
    mpq_mul(z, z, y);
    mpq_add(z, z, c[i]);
  }
}

typedef struct analysis {
  range second; /* of U'' */
  mpq_t tilt;   /* the largest |d/dy (U - y^2/2)| */
  bool tilted;  /* U - y^2/2 is piecewise affine */
  mpq_t left[FC_POLYNOMIAL_SIZE], here[FC_POLYNOMIAL_SIZE];
  mpq_t ends[2], jump, t;
} analysis;

static void each(analysis *a, void (*act)(mpq_ptr)) {
  mpq_ptr const single[] = {a->second.low, a->second.high, a->tilt, a->ends[0],
                            a->ends[1],    a->jump,        a->t};
  for (size_t i = 0; i < sizeof single / sizeof *single; i++)
    act(single[i]);
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++) {
    act(a->left[i]);
    act(a->here[i]);
  }
}

/* The end of a branch as a rational; false where it is none, *end = NULL where
 * it is infinite. */
static bool get_end(mpq_srcptr *end, mpq_ptr room, const fc_formula *from) {
  *end = from ? room : NULL;
  return !from || fc_formula_get_mpq(room, from);
}

/* U' jumps at the kink from the left branch to this one. */
static void look_at_kink(analysis *a, mpq_srcptr kink) {
  value_at(a->jump, a->here, kink);
  value_at(a->t, a->left, kink);
  mpq_sub(a->jump, a->jump, a->t);
  if (mpq_sgn(a->jump) > 0)
    a->second.has_high = false;
  if (mpq_sgn(a->jump) < 0)
    a->second.has_low = false;
}

/* |d/dy (U - y^2/2)|, where that is constant. */
static void look_at_tilt(analysis *a) {
  a->tilted = a->tilted && mpq_cmp_si(a->here[1], 1, 1) == 0 &&
              mpq_sgn(a->here[2]) == 0 && mpq_sgn(a->here[3]) == 0;
  mpq_abs(a->t, a->here[0]);
  if (mpq_cmp(a->t, a->tilt) > 0)
    mpq_set(a->tilt, a->t);
}

/* False where the branch says nothing that is known exactly. */
static bool look_at_branch(analysis *a, const fc_density *f, size_t i) {
  mpq_srcptr from, to;
  if (!fc_formula_polynomial(a->here, f->u[0][i]))
    return false;
  differentiate(a->here); /* U' */
  bool exact =
      get_end(&from, a->ends[0], i ? f->kinks[i - 1] : f->lower) &&
      get_end(&to, a->ends[1], i + 1 < f->count ? f->kinks[i] : f->upper);
  if (!exact)
    return false;
  if (i > 0)
    look_at_kink(a, from);
  look_at_tilt(a);
  for (int k = 0; k < FC_POLYNOMIAL_SIZE; k++)
    mpq_set(a->left[k], a->here[k]);
  differentiate(a->here); /* U'' */
  scan(&a->second, a->here, from, to);
  return true;
}

fc_status fc_density_derive(fc_density *f) {
  analysis a = {.second = {.has_low = true, .has_high = true}, .tilted = true};
  each(&a, mpq_init);
  bool known = true;
  for (size_t i = 0; i < f->count && known; i++)
    known = look_at_branch(&a, f, i);
  bool full = !f->lower && !f->upper;
  fc_status status = FC_OK;
  if (known && a.second.has_low)
    status = fc_constant_new_mpq(&f->kappa, a.second.low);
  if (known && a.second.has_high && full && !status)
    status = fc_constant_new_mpq(&f->beta, a.second.high);
  if (known && a.tilted && full && !status)
    status = fc_constant_new_mpq(&f->lipschitz, a.tilt);
  each(&a, mpq_clear);
  return status;
}

/* --- asking --------------------------------------------------------------- */

/* z = (upper - lower)/2, or over sqrt 2. */
static fc_status width(fc_ptr z, const char **why, const fc_density *f,
                       bool half, const fc_ctx *ctx) {
  *why = "the support is unbounded";
  if (!f->lower || !f->upper)
    return FC_UNSUPPORTED;
  fc_num t;
  fc_init(t, ctx);
  fc_status status = fc_constant_eval(z, f->upper, ctx);
  if (!status)
    status = fc_constant_eval(t, f->lower, ctx);
  fc_sub(z, z, t, ctx);
  fc_set_si(t, 2, ctx);
  if (!half)
    fc_sqrt(t, t, ctx);
  fc_div(z, z, t, ctx);
  fc_clear(t, ctx);
  *why = half ? "half the length of the support"
              : "the length of the support / sqrt 2";
  return status;
}

static fc_status known(fc_ptr z, const char **why, const fc_formula *constant,
                       const char *there, const char *absent,
                       const fc_ctx *ctx) {
  *why = constant ? there : absent;
  return constant ? fc_constant_eval(z, constant, ctx) : FC_UNSUPPORTED;
}

fc_status fc_density_constant(fc_ptr z, const char **why, const fc_density *f,
                              fc_class_constant which, const fc_ctx *ctx) {
  switch (which) {
  case FC_KAPPA:
    return known(z, why, f->kappa,
                 "the least U'', as U is a polynomial between its kinks and "
                 "convex at them",
                 "U'' is unbounded below, or U is no polynomial of degree 4 or "
                 "less between its kinks and its least curvature not derived",
                 ctx);
  case FC_BETA:
    return known(z, why, f->beta,
                 "the greatest U'', as U is a polynomial between its kinks and "
                 "concave at them",
                 "U'' is unbounded above, or the support is not the whole "
                 "line, or U is no polynomial of degree 4 or less between its "
                 "kinks and its greatest curvature not derived",
                 ctx);
  case FC_L:
    return known(z, why, f->lipschitz,
                 "U - x^2/2 is piecewise affine: its largest |slope|",
                 "log dnu/dgamma is not known to be Lipschitz on the line",
                 ctx);
  case FC_D:
  case FC_SUPPORT_HALF_DIAM:
    return width(z, why, f, which == FC_SUPPORT_HALF_DIAM, ctx);
  case FC_SIGMA:
  case FC_R:
  case FC_HALF_DIAM:
  case FC_CLASS_CONSTANT_COUNT:
    break;
  }
  *why = "not known to be a Gaussian convolution";
  return FC_UNSUPPORTED;
}
