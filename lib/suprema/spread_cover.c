/* The largest eigenvalue of Cov_r(m) where the means span a line or a plane: by
 * branch and bound.  Three and more means on a line in the plane may be all
 * that is left far out: what they can do is a search of its own, along that
 * line. */
#include <math.h>
#include <stdlib.h>

#include "suprema/certified_private.h"
#include "suprema/mixture_cover.h"
#include "suprema/span.h"

/* --- branch and bound over the span ------------------------------------- */

typedef struct loader {
  const fc_spread_question *question;
  const fc_span *span;
  unsigned members; /* of a face; 0: all means */
  size_t first;     /* the first two of them */
  size_t second;
} loader;

/* A_k = log w_k - q^2 |m_k|^2/2, B_k = m_k. */
static fc_status load(fc_mixture_numbers *numbers, void *closure,
                      const fc_ctx *ctx) {
  const loader *l = closure;
  const fc_target *target = l->question->target;
  size_t d = fc_target_dimension(target), n = fc_span_dimension(l->span),
         count = fc_target_isotropic_count(target);
  fc_num q2, weight;
  fc_ptr mean = fc_vec_new(d, ctx);
  fc_init(q2, ctx);
  fc_init(weight, ctx);
  fc_status status =
      mean ? l->question->q2(q2, l->question->closure, ctx) : FC_MEMORY;
  if (status == FC_OK)
    status = fc_span_coordinates(numbers->m, l->span, ctx);
  for (size_t k = 0; k < count && status == FC_OK; k++) {
    fc_target_isotropic_get(mean, weight, target, k, ctx);
    fc_log(numbers->A + k, weight, ctx);
    for (size_t i = 0; i < n; i++) {
      fc_srcptr m = numbers->m + k * n + i;
      fc_set(numbers->B + k * n + i, m, ctx);
      fc_sqr(weight, m, ctx);
      fc_mul(weight, weight, q2, ctx);
      fc_mul_2exp_si(weight, weight, -1, ctx);
      fc_sub(numbers->A + k, numbers->A + k, weight, ctx);
    }
  }
  fc_set_si(numbers->factor, 1, ctx);
  fc_clear(weight, ctx);
  fc_clear(q2, ctx);
  fc_vec_free(mean, d, ctx);
  return status;
}

/* The power of 2 above 8/diameter + q^2 radius, where responsibilities change
 * sides. */
static fc_status choose_scale(double *scale, const loader *l, fc_srcptr high,
                              const fc_ctx *ctx) {
  fc_num q2;
  fc_init(q2, ctx);
  fc_status status = l->question->q2(q2, l->question->closure, ctx);
  double diameter = 2 * sqrt(fc_get_d(high, ctx)),
         size = 8 / diameter + fc_get_d(q2, ctx) * diameter / 2;
  int exponent = 0;
  if (isfinite(size))
    frexp(size, &exponent);
  *scale = ldexp(1, exponent);
  fc_clear(q2, ctx);
  return isfinite(size) && exponent < 500 ? status : FC_LIMIT;
}

/* --- faces -------------------------------------------------------------- */

/* z = m_k - m_j in coordinate i; false where that is no visible rational. */
static bool exact_gap(mpq_ptr z, const fc_target *target, size_t k, size_t j,
                      size_t i) {
  mpq_t from;
  mpq_init(from);
  bool rational = fc_target_mean_exact(z, target, k, i) &&
                  fc_target_mean_exact(from, target, j, i);
  if (rational)
    mpq_sub(z, z, from);
  mpq_clear(from);
  return rational;
}

/* m_l - m_j is a multiple of m_k - m_j: every 2 x 2 minor vanishes. */
static bool on_line(const fc_target *target, size_t j, size_t k, size_t l) {
  size_t d = fc_target_dimension(target);
  mpq_t one, other, left, right;
  mpq_inits(one, other, left, right, NULL);
  bool on = true;
  for (size_t i = 0; i < d && on; i++)
    for (size_t p = 0; p < i && on; p++) {
      on = exact_gap(one, target, k, j, i) && exact_gap(other, target, l, j, p);
      mpq_mul(left, one, other);
      on = on && exact_gap(one, target, k, j, p) &&
           exact_gap(other, target, l, j, i);
      mpq_mul(right, one, other);
      on = on && mpq_equal(left, right);
    }
  mpq_clears(one, other, left, right, NULL);
  return on;
}

static bool are_apart(const fc_target *target, size_t j, size_t k) {
  mpq_t gap;
  mpq_init(gap);
  bool apart = false;
  for (size_t i = 0; i < fc_target_dimension(target) && !apart; i++)
    apart = exact_gap(gap, target, k, j, i) && mpq_sgn(gap) != 0;
  mpq_clear(gap);
  return apart;
}

/* The means on the line through j and k; 0 where these are not the first two of
 * them, or the only ones. */
static unsigned line_through(const fc_target *target, size_t j, size_t k) {
  size_t count = fc_target_isotropic_count(target);
  unsigned members = 0;
  if (!are_apart(target, j, k))
    return 0;
  for (size_t l = 0; l < count; l++)
    if (l == j || l == k || on_line(target, j, k, l)) {
      if (l < k && l != j)
        return 0;
      members |= 1u << l;
    }
  return members == (1u << j | 1u << k) ? 0 : members;
}

/* A_k as for all means, B_k = m_k along the line. */
static fc_status load_face(fc_mixture_numbers *numbers, void *closure,
                           const fc_ctx *ctx) {
  const loader *l = closure;
  size_t n = fc_span_dimension(l->span),
         count = fc_target_isotropic_count(l->question->target), next = 0;
  fc_mixture_numbers all = {.A = fc_vec_new(count, ctx),
                            .B = fc_vec_new(count * n, ctx),
                            .m = fc_vec_new(count * n, ctx),
                            .factor = fc_vec_new(1, ctx)};
  fc_num length, gap, part;
  fc_init(length, ctx);
  fc_init(gap, ctx);
  fc_init(part, ctx);
  fc_status status = all.A && all.B && all.m && all.factor
                         ? load(&all, closure, ctx)
                         : FC_MEMORY;
  for (size_t i = 0; i < n && status == FC_OK; i++) {
    fc_sub(gap, all.m + l->second * n + i, all.m + l->first * n + i, ctx);
    fc_addmul(length, gap, gap, ctx);
  }
  fc_sqrt(length, length, ctx);
  for (size_t k = 0; k < count && status == FC_OK; k++) {
    if (!(l->members >> k & 1))
      continue;
    fc_ptr m = numbers->m + next;
    for (size_t i = 0; i < n; i++) {
      fc_srcptr first = all.m + l->first * n + i;
      fc_sub(gap, all.m + l->second * n + i, first, ctx);
      fc_sub(part, all.m + k * n + i, first, ctx);
      fc_addmul(m, gap, part, ctx);
    }
    fc_div(m, m, length, ctx);
    fc_set(numbers->B + next, m, ctx);
    fc_set(numbers->A + next, all.A + k, ctx);
    next++;
  }
  fc_set_si(numbers->factor, 1, ctx);
  fc_clear(part, ctx);
  fc_clear(gap, ctx);
  fc_clear(length, ctx);
  fc_vec_free(all.A, count, ctx);
  fc_vec_free(all.B, count * n, ctx);
  fc_vec_free(all.m, count * n, ctx);
  fc_vec_free(all.factor, 1, ctx);
  return status;
}

static fc_status add_face(fc_mixture_cover *cover, const loader *face,
                          double scale, fc_spread_answer *answer,
                          fc_error *error) {
  fc_mixture_cover *line = NULL;
  fc_cover_result result[1];
  size_t count = 0;
  for (unsigned members = face->members; members; members >>= 1)
    count += members & 1;
  fc_mixture_shape shape = {.n = 1,
                            .count = count,
                            .one_width = true,
                            .scale = scale,
                            .load = load_face,
                            .closure = (void *)face};
  fc_cover_result_init(result);
  fc_status status = fc_mixture_cover_new(&line, &shape);
  if (status == FC_OK)
    status = fc_mixture_cover_run(result, line, &face->question->goal, error);
  if (status == FC_OK) {
    answer->boxes += result->enclosed;
    status = fc_mixture_cover_add_face(cover, face->members, result->high);
    if (status == FC_LIMIT)
      status = FC_OK; /* a face that is not known costs sharpness alone */
  }
  fc_mixture_cover_free(line);
  fc_cover_result_clear(result);
  return status;
}

static fc_status add_faces(fc_mixture_cover *cover, const loader *l,
                           double scale, fc_spread_answer *answer,
                           fc_error *error) {
  const fc_target *target = l->question->target;
  size_t count = fc_target_isotropic_count(target);
  fc_status status = FC_OK;
  for (size_t j = 0; j < count; j++)
    for (size_t k = j + 1; k < count && status == FC_OK; k++) {
      loader face = *l;
      face.members = line_through(target, j, k);
      face.first = j;
      face.second = k;
      if (face.members)
        status = add_face(cover, &face, scale, answer, error);
    }
  return status;
}

/* --- the search --------------------------------------------------------- */

static fc_status search(fc_spread_answer *answer, const loader *l,
                        fc_srcptr high, const fc_ctx *ctx, fc_error *error) {
  fc_mixture_cover *cover = NULL;
  fc_cover_result result[1];
  fc_mixture_shape shape = {.n = fc_span_dimension(l->span),
                            .count =
                                fc_target_isotropic_count(l->question->target),
                            .one_width = true,
                            .load = load,
                            .closure = (void *)l};
  fc_status status = choose_scale(&shape.scale, l, high, ctx);
  if (status == FC_OK)
    status = fc_mixture_cover_new(&cover, &shape);
  fc_cover_result_init(result);
  if (status == FC_OK && shape.n == 2)
    status = add_faces(cover, l, shape.scale, answer, error);
  if (status == FC_OK)
    status = fc_mixture_cover_run(result, cover, &l->question->goal, error);
  if (status == FC_OK) {
    if (mpfr_cmp(result->low, answer->low) > 0)
      mpfr_set(answer->low, result->low, MPFR_RNDD);
    if (mpfr_cmp(result->high, answer->high) < 0)
      mpfr_set(answer->high, result->high, MPFR_RNDU);
    answer->reached = result->verdict == FC_COVER_REACHED;
    answer->boxes += result->enclosed;
    answer->argument = shape.n == 1
                           ? "branch and bound over the line of the means"
                           : "branch and bound over the plane of the means";
  }
  fc_cover_result_clear(result);
  fc_mixture_cover_free(cover);
  return status;
}

fc_status fc_spread_by_cover(fc_spread_answer *answer,
                             const fc_spread_question *question,
                             const fc_ctx *ctx, fc_error *error) {
  fc_span *span = NULL;
  fc_num high;
  fc_status status = fc_span_new(&span, question->target, 2);
  if (status)
    return status == FC_UNSUPPORTED ? FC_OK : status;
  fc_init(high, ctx);
  fc_set_mpfr(high, answer->high, ctx);
  loader l = {.question = question, .span = span};
  if (fc_span_dimension(span) > 0)
    status = search(answer, &l, high, ctx, error);
  fc_clear(high, ctx);
  fc_span_free(span);
  return status;
}
