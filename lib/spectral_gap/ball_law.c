/* W = U'^2/4 + U''/2 of a law on the line, and W from below in its tails (to
 * the right; on the left the mirror image):
 *
 * One piece.  p_t is log-concave (Prekopa) and U' increases: W >= U'(x)^2/4
 * from x on where U'(x) > 0.
 *
 * A mixture whose components are alike from x on.  U_k' = (x - m_k)/v_k of
 * component k, v the largest v_k, 0 < A <= U_k' <= B; U'' = sum_k r_k/v_k -
 * Var_r U_k' and Var_r U_k' <= (B - U')(U' - A) (Bhatia and Davis): W >= U'^2/4
 * - (B - U')(U' - A)/2 + 1/(2 v) >= A^2/16 + 1/(2 v) where B <= 7/2 A, the
 * least over U' in [A, B].  It is so from x on where U_k'
 * <= 7/2 U_j' there and 1/v_k <= 7/2 1/v_j for all j, k.
 *
 * A mixture in which the widest component n (among those the outermost) has
 * taken over.  D_k = U_k' - U_n', D_k' = c_k = 1/v_k - 1/v_n >= 0, q_k =
 * r_k/r_n, q_k' = -q_k D_k.  Where D_k >= 0 and D_k^2 >= 2 c_k at x both are so
 * beyond, and q_k D_k^2 falls: U' >= U_n', U'' >= 1/v_n - sum_k q_k D_k^2, W >=
 * U_n'(x)^2/4 + 1/(2 v_n) - sum_k q_k(x) D_k(x)^2/2.
 */
#include "spectral_gap/ball_law.h"

#include <math.h>
#include <stdlib.h>

#include "formula/formula.h"

enum {
  TERM_NUMBERS = 5,
  SPARE_NUMBERS = 8, /* behind those of the terms: a, b and room for six */
  SERIES_NUMBERS = 5
};

/* --- making one -------------------------------------------------------------
 */

static void give_numbers(fc_ball_law *law) {
  fc_ptr next = law->numbers;
  for (size_t k = 0; k < law->count; k++, next += TERM_NUMBERS) {
    law->terms[k].weight = next;
    law->terms[k].mean = next + 1;
    law->terms[k].variance = next + 2;
    law->terms[k].lower = next + 3;
    law->terms[k].upper = next + 4;
  }
  law->a = next;
  law->b = next + 1;
}

/* z = b^power times a constant. */
static fc_status scaled(fc_ptr z, const fc_formula *constant, long power,
                        const fc_ball_law *law) {
  fc_status status = fc_constant_eval(z, constant, law->real);
  for (long i = 0; i < power; i++)
    fc_mul(z, z, law->b, law->real);
  return status;
}

static fc_status set_term(fc_ball_term *t, const fc_line_term *from,
                          const fc_ball_law *law) {
  const fc_ctx *ctx = law->real;
  fc_status status = FC_OK;
  t->uniform = !from->spread;
  if (from->weight)
    status = fc_constant_eval(t->weight, from->weight, ctx);
  else
    fc_set_si(t->weight, 1, ctx);
  if (!status && from->lower)
    status = scaled(t->lower, from->lower, 1, law);
  if (!status && from->upper)
    status = scaled(t->upper, from->upper, 1, law);
  t->lower = from->lower ? t->lower : NULL;
  t->upper = from->upper ? t->upper : NULL;
  if (status || t->uniform)
    return status;
  status = scaled(t->mean, from->mean, 1, law);
  if (!status)
    status = fc_constant_eval(t->variance, from->spread, ctx);
  if (!from->spread_is_variance)
    fc_sqr(t->variance, t->variance, ctx);
  fc_mul(t->variance, t->variance, law->b, ctx);
  fc_mul(t->variance, t->variance, law->b, ctx);
  if (!law->piece)
    fc_addmul(t->variance, law->a, law->a, ctx);
  return status;
}

/* Two widths are provably one. */
static bool is_same_width(const fc_line_term *x, const fc_line_term *y,
                          const fc_target *target) {
  mpq_t p, q;
  if (fc_target_isotropic_count(target) > 0)
    return true;
  mpq_inits(p, q, (mpq_ptr)0);
  bool same = x->spread_is_variance == y->spread_is_variance &&
              fc_formula_get_mpq(p, x->spread) &&
              fc_formula_get_mpq(q, y->spread) && mpq_equal(p, q);
  mpq_clears(p, q, (mpq_ptr)0);
  return same;
}

static void mark_widest(fc_ball_law *law) {
  fc_line_term widest, term;
  size_t best = 0;
  for (size_t k = 1; k < law->count; k++)
    if (fc_cmp_mid(law->terms[k].variance, law->terms[best].variance,
                   law->real) > 0)
      best = k;
  fc_target_term_get(&widest, law->target, best);
  for (size_t k = 0; k < law->count; k++) {
    fc_target_term_get(&term, law->target, k);
    law->terms[k].widest =
        k == best ||
        (!law->piece && is_same_width(&term, &widest, law->target));
  }
}

/* One piece with an end, or components without. */
static bool is_supported(bool *piece, const fc_target *target) {
  size_t count = fc_target_term_count(target);
  for (size_t k = 0; k < count; k++) {
    fc_line_term term;
    fc_target_term_get(&term, target, k);
    *piece = !term.spread || term.lower || term.upper;
    if (*piece && count > 1)
      return false;
  }
  return count > 0;
}

static fc_status bind(fc_ball_law *law, const fc_target *target) {
  fc_status status = FC_OK;
  fc_line_term term;
  for (size_t k = 0; k < law->count && !status; k++) {
    fc_target_term_get(&term, target, k);
    status = set_term(&law->terms[k], &term, law);
    if (!status && !law->piece &&
        fc_is_positive(law->terms[k].variance, law->real) != FC_TRUE)
      status = FC_DOMAIN; /* an atom */
  }
  if (status)
    return status;
  mark_widest(law);
  status = fc_posterior_new(&law->posterior, target, law->series, NULL);
  return status ? status
                : fc_posterior_new(&law->rough, target, law->plain, NULL);
}

fc_status fc_ball_law_new(fc_ball_law **out, const fc_target *target,
                          fc_srcptr a, fc_srcptr b, const fc_ctx *ctx) {
  bool piece = false;
  if (ctx->kind != FC_ARB || !is_supported(&piece, target))
    return FC_UNSUPPORTED;
  fc_ball_law *law = calloc(1, sizeof *law);
  if (!law)
    return FC_MEMORY;
  fc_status status = fc_ctx_init_arb(law->real, FC_BALL_PRECISION, NULL);
  if (!status)
    status = fc_ctx_init_acb(law->complex, FC_BALL_PRECISION, NULL);
  if (status) {
    free(law);
    return status;
  }
  fc_ctx_init_series(law->series, law->real, FC_BALL_ORDER + 2);
  fc_ctx_init_double(law->plain);
  law->target = target;
  law->piece = piece;
  law->count = fc_target_term_count(target);
  law->terms = calloc(law->count, sizeof *law->terms);
  law->numbers =
      fc_vec_new(TERM_NUMBERS * law->count + SPARE_NUMBERS, law->real);
  law->room = fc_vec_new(SERIES_NUMBERS, law->series);
  status = law->terms && law->numbers && law->room ? FC_OK : FC_MEMORY;
  if (!status) {
    give_numbers(law);
    fc_convert(law->a, law->real, a, ctx);
    fc_convert(law->b, law->real, b, ctx);
    law->rough_a = fc_get_d(a, ctx);
    law->rough_b = fc_get_d(b, ctx);
    law->end = fc_is_zero(law->a, law->real) == FC_TRUE;
    status = bind(law, target);
  }
  if (!status && fc_is_positive(law->b, law->real) != FC_TRUE)
    status = FC_DOMAIN;
  if (status)
    fc_ball_law_free(law);
  else
    *out = law;
  return status;
}

void fc_ball_law_free(fc_ball_law *law) {
  if (!law)
    return;
  fc_posterior_free(law->posterior);
  fc_posterior_free(law->rough);
  fc_vec_free(law->numbers, TERM_NUMBERS * law->count + SPARE_NUMBERS,
              law->real);
  fc_vec_free(law->room, SERIES_NUMBERS, law->series);
  free(law->terms);
  free(law);
}

/* Room for six real numbers. */
static fc_ptr spare(const fc_ball_law *law) { return law->b + 1; }

/* --- inside -----------------------------------------------------------------
 */

fc_srcptr fc_ball_law_end(const fc_ball_law *law, int side) {
  if (!law->piece || !law->end)
    return NULL;
  return side ? law->terms->upper : law->terms->lower;
}

/* first = U' about x: at a = 0 on a piece (x - m)/v or 0, elsewhere minus the
 * score. */
static fc_status slope_series(fc_ptr first, fc_ball_law *law, fc_srcptr x) {
  const fc_ctx *ctx = law->series;
  fc_ptr at = law->room + 1, a = law->room + 2, b = law->room + 3;
  fc_ptr one = spare(law);
  const fc_ball_term *t = law->terms;
  fc_set_si(one, 1, law->real);
  fc_series_set_linear(at, x, one, ctx);
  if (law->piece && law->end && t->uniform) {
    fc_set_si(first, 0, ctx);
    return FC_OK;
  }
  if (law->piece && law->end) {
    fc_convert(a, ctx, t->mean, law->real);
    fc_sub(first, at, a, ctx);
    fc_convert(a, ctx, t->variance, law->real);
    fc_div(first, first, a, ctx);
    return FC_OK;
  }
  fc_convert(a, ctx, law->a, law->real);
  fc_convert(b, ctx, law->b, law->real);
  fc_status status = fc_posterior_eval(law->posterior, a, b, at, FC_WANT_SCORE);
  fc_neg(first, fc_posterior_values(law->posterior)->score, ctx);
  return status;
}

fc_status fc_ball_law_potential(fc_ptr w, fc_ball_law *law, fc_srcptr x) {
  const fc_ctx *ctx = law->series, *real = law->real;
  fc_ptr first = law->room, term = spare(law);
  fc_status status = slope_series(first, law, x);
  fc_sqr(w, first, ctx);
  fc_mul_2exp_si(w, w, -2, ctx);
  for (long i = 0; i <= FC_BALL_ORDER; i++) {
    fc_mul_si(term, fc_series_coeff(first, i + 1), i + 1, real);
    fc_mul_2exp_si(term, term, -1, real);
    fc_add(fc_series_coeff(w, i), fc_series_coeff(w, i), term, real);
  }
  return status;
}

void fc_ball_law_rough(double w[3], fc_ball_law *law, double x) {
  const fc_ctx *ctx = law->plain;
  const fc_ball_term *t = law->terms;
  double first = 0, second = 0, third = 0;
  w[2] = 0;
  if (law->piece && law->end) {
    if (!t->uniform) {
      second = 1 / fc_get_d(t->variance, law->real);
      first = (x - fc_get_d(t->mean, law->real)) * second;
    }
    w[2] = second * second / 2;
  } else {
    fc_num a, b, at;
    fc_init(a, ctx);
    fc_init(b, ctx);
    fc_init(at, ctx);
    fc_set_d(a, law->rough_a, ctx);
    fc_set_d(b, law->rough_b, ctx);
    fc_set_d(at, x, ctx);
    const fc_posterior_value *value = fc_posterior_values(law->rough);
    if (fc_posterior_eval(law->rough, a, b, at,
                          FC_WANT_SCORE | FC_WANT_SCORE_JACOBIAN |
                              FC_WANT_SCORE_THIRD)) {
      first = NAN;
    } else {
      first = -fc_get_d(value->score, ctx);
      second = -fc_get_d(value->score_jacobian, ctx);
      third = -fc_get_d(value->score_third, ctx);
    }
    fc_clear(a, ctx);
    fc_clear(b, ctx);
    fc_clear(at, ctx);
  }
  w[0] = first * first / 4 + second / 2;
  w[1] = first * second / 2 + third / 2;
}

/* --- tails ------------------------------------------------------------------
 */

/* The widest component, the outermost among those. */
static size_t leader(const fc_ball_law *law, int side) {
  size_t best = law->count;
  for (size_t k = 0; k < law->count; k++) {
    if (!law->terms[k].widest)
      continue;
    int order =
        best == law->count
            ? 1
            : fc_cmp_mid(law->terms[k].mean, law->terms[best].mean, law->real);
    if (best == law->count || (side ? order > 0 : order < 0))
      best = k;
  }
  return best;
}

/* z = U_k' outwards. */
static void outward(fc_ptr z, const fc_ball_law *law, size_t k, fc_srcptr x,
                    int side) {
  const fc_ctx *ctx = law->real;
  fc_sub(z, x, law->terms[k].mean, ctx);
  fc_div(z, z, law->terms[k].variance, ctx);
  if (!side)
    fc_neg(z, z, ctx);
}

/* z = q_k, from log q_k = log(w_k/w_n) + log(v_n/v_k)/2 - (x - m_k)^2/(2 v_k)
 * + (x - m_n)^2/(2 v_n); t is room. */
static void ratio(fc_ptr z, fc_ptr t, const fc_ball_law *law, size_t k,
                  size_t n, fc_srcptr x) {
  const fc_ctx *ctx = law->real;
  const fc_ball_term *p = &law->terms[k], *q = &law->terms[n];
  fc_sub(z, x, q->mean, ctx);
  fc_sqr(z, z, ctx);
  fc_div(z, z, q->variance, ctx);
  fc_sub(t, x, p->mean, ctx);
  fc_sqr(t, t, ctx);
  fc_div(t, t, p->variance, ctx);
  fc_sub(z, z, t, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_exp(z, z, ctx);
  fc_mul(z, z, p->weight, ctx);
  fc_div(z, z, q->weight, ctx);
  fc_div(t, q->variance, p->variance, ctx);
  fc_sqrt(t, t, ctx);
  fc_mul(z, z, t, ctx);
}

/* sum += q_k D_k^2; false where it is not seen to fall beyond x. */
static bool add_excess(fc_ptr sum, const fc_ball_law *law, size_t k, size_t n,
                       fc_srcptr x, int side, fc_ptr room) {
  const fc_ctx *ctx = law->real;
  fc_ptr gap = room, slope = room + 1, t = room + 2;
  outward(gap, law, k, x, side);
  outward(t, law, n, x, side);
  fc_sub(gap, gap, t, ctx);
  if (law->terms[k].widest) { /* D_k does not depend on x */
    fc_sub(gap, law->terms[n].mean, law->terms[k].mean, ctx);
    fc_div(gap, gap, law->terms[n].variance, ctx);
    if (!side)
      fc_neg(gap, gap, ctx);
    fc_set_si(slope, 0, ctx);
  } else {
    fc_inv(slope, law->terms[k].variance, ctx);
    fc_inv(t, law->terms[n].variance, ctx);
    fc_sub(slope, slope, t, ctx);
    if (fc_is_positive(slope, ctx) != FC_TRUE)
      return false;
  }
  if (fc_is_negative(gap, ctx) != FC_FALSE)
    return false;
  fc_sqr(gap, gap, ctx);
  fc_mul_2exp_si(slope, slope, 1, ctx);
  if (fc_le(slope, gap, ctx) != FC_TRUE)
    return false;
  ratio(slope, t, law, k, n, x);
  fc_addmul(sum, slope, gap, ctx);
  return true;
}

/* z = 7/2 y - x is certainly not negative. */
static bool is_alike(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  fc_mul_si(z, y, 7, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_sub(z, z, x, ctx);
  return fc_is_negative(z, ctx) == FC_FALSE;
}

/* All components are alike from x on; false where they are not. */
static bool alike_tail(fc_ptr w, const fc_ball_law *law, fc_srcptr x, int side,
                       fc_ptr room) {
  const fc_ctx *ctx = law->real;
  fc_ptr one = room, other = room + 1, t = room + 2, least = room + 3;
  fc_ptr widest = room + 4;
  fc_set(widest, law->terms[0].variance, ctx);
  for (size_t k = 0; k < law->count; k++) {
    outward(one, law, k, x, side);
    if (fc_is_positive(one, ctx) != FC_TRUE)
      return false;
    if (k == 0)
      fc_set(least, one, ctx);
    fc_min(least, least, one, ctx);
    for (size_t j = 0; j < law->count; j++) {
      outward(other, law, j, x, side);
      if (j != k &&
          (!is_alike(t, one, other, ctx) ||
           !is_alike(t, law->terms[j].variance, law->terms[k].variance, ctx)))
        return false;
    }
    fc_max(widest, widest, law->terms[k].variance, ctx);
  }
  fc_sqr(w, least, ctx);
  fc_mul_2exp_si(w, w, -3, ctx);
  fc_inv(t, widest, ctx);
  fc_add(w, w, t, ctx);
  fc_mul_2exp_si(w, w, -1, ctx);
  return true;
}

static fc_status mixture_tail(fc_ptr w, const fc_ball_law *law, fc_srcptr x,
                              int side, fc_ptr room) {
  if (alike_tail(w, law, x, side, room))
    return FC_OK;
  const fc_ctx *ctx = law->real;
  fc_ptr slope = room, sum = room + 1;
  size_t n = leader(law, side);
  fc_set_si(sum, 0, ctx);
  for (size_t k = 0; k < law->count; k++)
    if (k != n && !add_excess(sum, law, k, n, x, side, room + 2))
      return FC_BUDGET;
  outward(slope, law, n, x, side);
  if (fc_is_positive(slope, ctx) != FC_TRUE)
    return FC_BUDGET;
  fc_sqr(w, slope, ctx);
  fc_mul_2exp_si(w, w, -1, ctx);
  fc_inv(slope, law->terms[n].variance, ctx);
  fc_add(w, w, slope, ctx);
  fc_sub(w, w, sum, ctx);
  fc_mul_2exp_si(w, w, -1, ctx);
  return FC_OK;
}

/* U' is that of the series. */
static fc_status piece_tail(fc_ptr w, fc_ball_law *law, fc_srcptr x, int side) {
  const fc_ctx *ctx = law->real;
  fc_status status = slope_series(law->room, law, x);
  fc_set(w, fc_series_coeff(law->room, 0), ctx);
  if (!side)
    fc_neg(w, w, ctx);
  bool outwards = fc_is_positive(w, ctx) == FC_TRUE;
  fc_sqr(w, w, ctx);
  fc_mul_2exp_si(w, w, -2, ctx);
  return status || outwards ? status : FC_BUDGET;
}

fc_status fc_ball_law_tail(fc_ptr w, fc_ball_law *law, double x, int side) {
  fc_ptr at = spare(law) + 5;
  fc_set_d(at, x, law->real);
  return law->piece ? piece_tail(w, law, at, side)
                    : mixture_tail(w, law, at, side, spare(law));
}
