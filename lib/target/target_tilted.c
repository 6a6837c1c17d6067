/* Tilted Gaussians: nu ~ exp(f) gamma_1 with f piecewise affine.
 *
 * Where f(y) = s y + c on [lo, hi],
 *   exp(f(y)) phi(y) = exp(c + s^2/2) phi(y - s):
 * the piece is N(s, 1) restricted to [lo, hi], of weight in proportion to
 * exp(c + s^2/2) (Phi(hi - s) - Phi(lo - s)).
 * U'' = 1 - f'': f concave gives kappa = 1, f convex gives beta = 1, and a jump
 * of f' leaves the other side unbounded.  log d nu/d gamma = f + const, so that
 * L = max |s|.
 */
#include "target/target_impl.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/utf8.h"

#define FC_TILT_LIMIT 1000 /* of slopes and breaks: weights stay in range */

static const fc_affine_piece *next_piece(const fc_piecewise *f, size_t j) {
  return j + 1 < f->count ? &f->pieces[j + 1] : NULL;
}

/* --- exponents, exactly ------------------------------------------------- */

/* z = the largest value of s y + c - y^2/2 on piece j. */
static void peak(mpq_ptr z, const fc_piecewise *f, size_t j) {
  const fc_affine_piece *p = &f->pieces[j], *q = next_piece(f, j);
  mpq_t y;
  mpq_init(y);
  mpq_set(y, p->slope);
  if (j > 0 && mpq_cmp(y, p->from) < 0)
    mpq_set(y, p->from);
  if (q && mpq_cmp(y, q->from) > 0)
    mpq_set(y, q->from);
  mpq_div_2exp(z, y, 1);
  mpq_sub(z, p->slope, z);
  mpq_mul(z, z, y);
  mpq_add(z, z, p->intercept);
  mpq_clear(y);
}

static void highest_peak(mpq_ptr z, const fc_piecewise *f) {
  mpq_t t;
  mpq_init(t);
  peak(z, f, 0);
  for (size_t j = 1; j < f->count; j++) {
    peak(t, f, j);
    if (mpq_cmp(t, z) > 0)
      mpq_set(z, t);
  }
  mpq_clear(t);
}

/* --- weights ------------------------------------------------------------ */

static void append(fc_text *text, const char *before, mpq_srcptr q,
                   const char *after) {
  char *digits = mpq_get_str(NULL, 10, q);
  fc_text_printf(text, "%s%s%s", before, digits, after);
  free(digits);
}

/* "erfc((z)/sqrt(2))", which is 2 Phi(-z); erf where function says so. */
static void append_tail(fc_text *text, const char *function, mpq_srcptr z) {
  fc_text_append(text, function);
  append(text, "((", z, ")/sqrt(2))");
}

/* 2 (Phi(z2) - Phi(z1)), without cancellation of numbers close to 1. */
static void append_normal(fc_text *text, mpq_ptr z1, mpq_ptr z2) {
  if (mpq_sgn(z1) >= 0 || mpq_sgn(z2) <= 0) {
    if (mpq_sgn(z1) < 0) {
      mpq_neg(z1, z1);
      mpq_neg(z2, z2);
      mpq_swap(z1, z2);
    }
    append_tail(text, "erfc", z1);
    append_tail(text, "-erfc", z2);
  } else {
    append_tail(text, "erf", z2);
    append_tail(text, "-erf", z1);
  }
}

/* "exp(c + s^2/2 - shift)*(2 Phi(hi - s) - 2 Phi(lo - s))"; count > 1. */
static void append_mass(fc_text *text, const fc_piecewise *f, size_t j,
                        mpq_srcptr shift) {
  const fc_affine_piece *p = &f->pieces[j], *q = next_piece(f, j);
  mpq_t z1, z2;
  mpq_inits(z1, z2, (mpq_ptr)NULL);
  mpq_mul(z1, p->slope, p->slope);
  mpq_div_2exp(z1, z1, 1);
  mpq_add(z1, z1, p->intercept);
  mpq_sub(z1, z1, shift);
  append(text, "exp(", z1, ")*(");
  mpq_sub(z1, p->from, p->slope);
  if (q)
    mpq_sub(z2, q->from, p->slope);
  if (j > 0 && q) {
    append_normal(text, z1, z2);
  } else if (j > 0) {
    append_tail(text, "erfc", z1);
  } else {
    mpq_neg(z2, z2);
    append_tail(text, "erfc", z2);
  }
  fc_text_append(text, ")");
  mpq_clears(z1, z2, (mpq_ptr)NULL);
}

static fc_status new_mass(fc_formula **mass, const fc_piecewise *f, size_t j,
                          mpq_srcptr shift, fc_error *error) {
  fc_text text[1];
  fc_text_init(text);
  append_mass(text, f, j, shift);
  char *taken = fc_text_take(text);
  fc_status status = taken ? fc_constant_parse(mass, taken, NULL, error)
                           : fc_fail(error, FC_MEMORY, "out of memory");
  free(taken);
  return status;
}

/* z = shape with the constants p and q for its variables of these names. */
static fc_status combine(fc_formula **z, const char *shape, const fc_formula *p,
                         const fc_formula *q, fc_error *error) {
  static const char *const names[] = {"p", "q"};
  fc_formula *whole = NULL, *half = NULL;
  fc_status status = fc_formula_parse(&whole, shape, names, 2, NULL, error);
  if (!status)
    status = fc_formula_substitute(&half, whole, "p", p, error);
  if (!status)
    status = fc_formula_substitute(z, half, "q", q, error);
  fc_formula_free(whole);
  fc_formula_free(half);
  return status;
}

/* Two pieces that are each other's mirror image have weight 1/2 exactly. */
static bool is_even_pair(const fc_piecewise *f) {
  mpq_t t;
  mpq_init(t);
  bool even = f->count == 2 && mpq_sgn(f->pieces[1].from) == 0;
  if (even)
    mpq_neg(t, f->pieces[0].slope);
  even = even && mpq_equal(t, f->pieces[1].slope);
  mpq_clear(t);
  return even;
}

/* pieces[j].weight = mass_j/(sum of masses). */
static fc_status weigh(fc_piece *pieces, const fc_piecewise *f,
                       fc_error *error) {
  mpq_t shift;
  fc_formula *total = NULL;
  fc_status status = FC_OK;
  mpq_init(shift);
  highest_peak(shift, f);
  for (size_t j = 0; j < f->count && !status; j++) {
    status = new_mass(&pieces[j].weight, f, j, shift, error);
    fc_formula *sum = NULL;
    if (!status && j == 0)
      status = fc_formula_copy(&sum, pieces[0].weight);
    else if (!status)
      status = combine(&sum, "p+q", total, pieces[j].weight, error);
    fc_formula_free(total);
    total = sum;
  }
  for (size_t j = 0; j < f->count && !status; j++) {
    fc_formula *mass = pieces[j].weight;
    pieces[j].weight = NULL;
    status = combine(&pieces[j].weight, "p/q", mass, total, error);
    fc_formula_free(mass);
  }
  fc_formula_free(total);
  mpq_clear(shift);
  return status;
}

/* --- pieces ------------------------------------------------------------- */

static fc_status set_piece(fc_piece *piece, const fc_piecewise *f, size_t j) {
  const fc_affine_piece *q = next_piece(f, j);
  fc_status status = fc_constant_new_mpq(&piece->mean, f->pieces[j].slope);
  if (!status)
    status = fc_constant_new_si(&piece->stddev, 1, 1);
  if (!status && j > 0)
    status = fc_constant_new_mpq(&piece->lower, f->pieces[j].from);
  if (!status && q)
    status = fc_constant_new_mpq(&piece->upper, q->from);
  if (!status && is_even_pair(f))
    status = fc_constant_new_si(&piece->weight, 1, 2);
  return status;
}

static void free_pieces(fc_piece *pieces, size_t count) {
  for (size_t j = 0; pieces && j < count; j++) {
    fc_formula_free(pieces[j].weight);
    fc_formula_free(pieces[j].mean);
    fc_formula_free(pieces[j].stddev);
    fc_formula_free(pieces[j].lower);
    fc_formula_free(pieces[j].upper);
  }
  free(pieces);
}

static fc_status new_pieces(fc_target **target, const fc_piecewise *f,
                            fc_error *error) {
  fc_piece *pieces = calloc(f->count, sizeof *pieces);
  fc_status status = pieces ? FC_OK : FC_MEMORY;
  for (size_t j = 0; j < f->count && !status; j++)
    status = set_piece(pieces + j, f, j);
  if (status)
    status = fc_fail(error, status, "%s", fc_status_text(status));
  else if (f->count > 1 && !is_even_pair(f))
    status = weigh(pieces, f, error);
  if (!status)
    status = fc_target_new_pieces(target, f->count, pieces, NULL, error);
  free_pieces(pieces, f->count);
  return status;
}

static bool within_limit(mpq_srcptr q) {
  return mpq_cmp_si(q, FC_TILT_LIMIT, 1) <= 0 &&
         mpq_cmp_si(q, -FC_TILT_LIMIT, 1) >= 0;
}

static fc_status check_range(const fc_piecewise *f, fc_error *error) {
  for (size_t j = 0; j < f->count; j++)
    if (!within_limit(f->pieces[j].slope) ||
        (j > 0 && !within_limit(f->pieces[j].from)))
      return fc_fail(error, FC_LIMIT,
                     "a slope or a break of the log-ratio is beyond %d in size",
                     FC_TILT_LIMIT);
  return FC_OK;
}

/* --- the Lipschitz constant ---------------------------------------------- */

static fc_status check_lipschitz(const fc_formula *declared,
                                 const fc_formula *least, fc_error *error) {
  int sign = 0;
  char given[48], needed[48];
  fc_status status = fc_constant_compare(&sign, declared, least);
  if (!status && sign >= 0)
    return FC_OK;
  fc_utf8_quote(given, sizeof given, fc_formula_text(declared));
  fc_utf8_quote(needed, sizeof needed, fc_formula_text(least));
  if (!status)
    return fc_fail(error, FC_VALUE,
                   "L is %s; it must be at least %s, the largest slope of the "
                   "log-ratio in size",
                   given, needed);
  return fc_fail(error, status,
                 "whether L = %s is at least %s cannot be decided; write L in "
                 "a simpler way",
                 given, needed);
}

static fc_status set_lipschitz(fc_target *target, const fc_piecewise *f,
                               const fc_formula *declared, long *culprit,
                               fc_error *error) {
  mpq_t least;
  mpq_init(least);
  fc_piecewise_lipschitz(least, f);
  fc_status status = fc_constant_new_mpq(&target->lipschitz, least);
  mpq_clear(least);
  if (status || !declared)
    return status;
  *culprit = 1;
  status = check_lipschitz(declared, target->lipschitz, error);
  if (status)
    return status;
  *culprit = -1;
  fc_formula_free(target->lipschitz);
  target->lipschitz = NULL;
  target->lipschitz_declared = true;
  return fc_formula_copy(&target->lipschitz, declared);
}

fc_status fc_target_new_tilted(fc_target **target,
                               const fc_piecewise *log_ratio,
                               const fc_formula *lipschitz, long *culprit,
                               fc_error *error) {
  fc_target *made = NULL;
  long ignored, *where = culprit ? culprit : &ignored;
  *where = 0;
  fc_status status = check_range(log_ratio, error);
  if (!status)
    status = new_pieces(&made, log_ratio, error);
  if (status)
    return status;
  *where = -1;
  made->tilt = fc_piecewise_is_concave(log_ratio)  ? FC_TILT_CONCAVE
               : fc_piecewise_is_convex(log_ratio) ? FC_TILT_CONVEX
                                                   : FC_TILT_OTHER;
  status = set_lipschitz(made, log_ratio, lipschitz, where, error);
  if (status) {
    fc_target_free(made);
    return status;
  }
  *target = made;
  return FC_OK;
}

/* --- class constants ------------------------------------------------------ */

static fc_status one_where(fc_ptr z, const char **why, bool there,
                           const char *reason, const char *absent,
                           const fc_ctx *ctx) {
  *why = there ? reason : absent;
  if (!there)
    return FC_UNSUPPORTED;
  fc_set_si(z, 1, ctx);
  return FC_OK;
}

fc_status fc_target_tilted_constant(fc_ptr z, fc_provenance *provenance,
                                    const char **why, const fc_target *target,
                                    fc_class_constant which,
                                    const fc_ctx *ctx) {
  switch (which) {
  case FC_KAPPA:
    return one_where(z, why, target->tilt == FC_TILT_CONCAVE,
                     "tilted Gaussian, log-ratio f concave: U'' = 1 - f''",
                     "the log-ratio is not concave: its kinks leave U'' "
                     "unbounded below",
                     ctx);
  case FC_BETA:
    return one_where(z, why, target->tilt == FC_TILT_CONVEX,
                     "tilted Gaussian, log-ratio f convex: U'' = 1 - f''",
                     "the log-ratio is not convex: its kinks leave U'' "
                     "unbounded above",
                     ctx);
  case FC_L:
    *why = target->lipschitz_declared
               ? "tilted Gaussian: declared, at least every |slope| of the "
                 "log-ratio"
               : "tilted Gaussian: the largest |slope| of the log-ratio";
    *provenance = target->lipschitz_declared ? FC_VERIFIED : FC_DERIVED;
    return fc_constant_eval(z, target->lipschitz, ctx);
  case FC_D:
  case FC_SUPPORT_HALF_DIAM:
    *why = "the support is unbounded";
    return FC_UNSUPPORTED;
  case FC_SIGMA:
  case FC_R:
  case FC_HALF_DIAM:
  case FC_CLASS_CONSTANT_COUNT:
    break;
  }
  *why = "not known to be a Gaussian convolution";
  return FC_UNSUPPORTED;
}
