/* Mixtures on the line whose components differ in width.  With V_k = a^2 + b^2
 * s_k^2,
 *   grad v = sum_k r_k (a a' + b b' s_k^2)/V_k
 *            + a b omega sum_{j<k} r_j r_k delta_jk^2,
 *   delta_jk = (m_j V_k - m_k V_j + b x (s_j^2 - s_k^2))/(V_j V_k),
 * regular up to t = 1 where every s_k > 0.  x is taken relative to b times the
 * middle of the means. */
#include <math.h>
#include <stdlib.h>

#include "suprema/certified_private.h"
#include "suprema/mixture_cover.h"

typedef struct line {
  const fc_eigenvalue_question *question;
  size_t count;
  double origin; /* of the means: an exact number */
  bool *same;    /* count*count: equal widths, exactly */
} line;

/* --- widths that are equal ---------------------------------------------- */

/* Certainly the same; false says nothing. */
static bool same_width(const fc_target *target, size_t j, size_t k) {
  fc_line_term one, other;
  int sign = 1;
  fc_target_term_get(&one, target, j);
  fc_target_term_get(&other, target, k);
  return one.spread && other.spread &&
         one.spread_is_variance == other.spread_is_variance &&
         fc_constant_compare(&sign, one.spread, other.spread) == FC_OK &&
         sign == 0;
}

static fc_status line_init(line *l, const fc_eigenvalue_question *question) {
  const fc_target *target = question->target;
  fc_ctx ctx[1];
  fc_num mean, variance, weight;
  double low = INFINITY, high = -INFINITY;
  *l = (line){question, fc_target_mixture_count(target), 0, NULL};
  l->same = calloc(l->count * l->count, sizeof *l->same);
  if (!l->same)
    return FC_MEMORY;
  fc_ctx_init_double(ctx);
  fc_init(mean, ctx);
  fc_init(variance, ctx);
  fc_init(weight, ctx);
  fc_status status = FC_OK;
  for (size_t j = 0; j < l->count && status == FC_OK; j++) {
    status = fc_target_mixture_get(mean, variance, weight, target, j, ctx);
    low = fmin(low, fc_get_d(mean, ctx));
    high = fmax(high, fc_get_d(mean, ctx));
    for (size_t k = 0; k < l->count; k++)
      l->same[j * l->count + k] = j == k || same_width(target, j, k);
  }
  l->origin = low + (high - low) / 2;
  if (!isfinite(l->origin))
    l->origin = 0;
  fc_clear(weight, ctx);
  fc_clear(variance, ctx);
  fc_clear(mean, ctx);
  return status;
}

/* --- numbers ------------------------------------------------------------ */

typedef struct widths {
  fc_schedule_value at[1];
  fc_ptr m, s2, V, logw; /* count */
  fc_num temp, other;
} widths;

static void widths_clear(widths *w, size_t count, const fc_ctx *ctx) {
  fc_schedule_value_clear(w->at, ctx);
  fc_vec_free(w->m, count, ctx);
  fc_vec_free(w->s2, count, ctx);
  fc_vec_free(w->V, count, ctx);
  fc_vec_free(w->logw, count, ctx);
  fc_clear(w->temp, ctx);
  fc_clear(w->other, ctx);
}

static fc_status widths_init(widths *w, const line *l, const fc_ctx *ctx) {
  fc_schedule_value_init(w->at, ctx);
  fc_init(w->temp, ctx);
  fc_init(w->other, ctx);
  w->m = fc_vec_new(l->count, ctx);
  w->s2 = fc_vec_new(l->count, ctx);
  w->V = fc_vec_new(l->count, ctx);
  w->logw = fc_vec_new(l->count, ctx);
  if (!w->m || !w->s2 || !w->V || !w->logw)
    return FC_MEMORY;
  fc_status status = fc_certified_schedule(w->at, l->question, ctx);
  fc_set_d(w->temp, l->origin, ctx);
  for (size_t k = 0; k < l->count && status == FC_OK; k++) {
    status = fc_target_mixture_get(w->m + k, w->s2 + k, w->logw + k,
                                   l->question->target, k, ctx);
    fc_sub(w->m + k, w->m + k, w->temp, ctx);
    fc_sqr(w->V + k, w->at->b, ctx);
    fc_mul(w->V + k, w->V + k, w->s2 + k, ctx);
    fc_addmul(w->V + k, w->at->a, w->at->a, ctx);
    if (status == FC_OK && fc_is_positive(w->V + k, ctx) != FC_TRUE)
      status = FC_DOMAIN;
  }
  return status;
}

/* A, B, Q and c of component k: g = log w - log(V)/2 - (x - b m)^2/(2 V). */
static void load_component(fc_mixture_numbers *z, widths *w, size_t k,
                           const fc_ctx *ctx) {
  fc_srcptr V = w->V + k, b = w->at->b;
  fc_ptr temp = w->temp;
  fc_mul(temp, b, w->m + k, ctx);
  fc_div(z->B + k, temp, V, ctx);
  fc_sqr(temp, temp, ctx);
  fc_div(temp, temp, V, ctx);
  fc_log(z->A + k, V, ctx);
  fc_add(z->A + k, z->A + k, temp, ctx);
  fc_mul_2exp_si(z->A + k, z->A + k, -1, ctx);
  fc_sub(z->A + k, w->logw + k, z->A + k, ctx);
  fc_inv(z->Q + k, V, ctx);
  fc_mul_2exp_si(z->Q + k, z->Q + k, -1, ctx);
  fc_neg(z->Q + k, z->Q + k, ctx);
  fc_mul(temp, b, w->at->db, ctx);
  fc_mul(temp, temp, w->s2 + k, ctx);
  fc_add(temp, temp, w->at->ada, ctx);
  fc_div(z->c + k, temp, V, ctx);
}

static void load_pair(fc_mixture_numbers *z, widths *w, const line *l, size_t j,
                      size_t k, const fc_ctx *ctx) {
  size_t i = j * l->count + k;
  fc_mul(w->temp, w->V + j, w->V + k, ctx);
  fc_mul(z->D + i, w->m + j, w->V + k, ctx);
  fc_submul(z->D + i, w->m + k, w->V + j, ctx);
  fc_div(z->D + i, z->D + i, w->temp, ctx);
  fc_set_si(z->E + i, 0, ctx);
  if (l->same[i])
    return;
  fc_sub(w->other, w->s2 + j, w->s2 + k, ctx);
  fc_mul(w->other, w->other, w->at->b, ctx);
  fc_div(z->E + i, w->other, w->temp, ctx);
}

static fc_status load(fc_mixture_numbers *z, void *closure, const fc_ctx *ctx) {
  const line *l = closure;
  widths w[1];
  fc_status status = widths_init(w, l, ctx);
  if (status == FC_OK) {
    fc_mul(z->factor, w->at->b, w->at->aomega, ctx);
    for (size_t j = 0; j < l->count; j++) {
      load_component(z, w, j, ctx);
      for (size_t k = 0; k < l->count; k++)
        load_pair(z, w, l, j, k, ctx);
    }
  }
  widths_clear(w, l->count, ctx);
  return status;
}

/* The power of 2 above b times the range of the means and a few widths. */
static fc_status choose_scale(double *scale, const line *l) {
  fc_ctx ctx[1];
  widths w[1];
  double size = 0;
  int exponent = 0;
  fc_ctx_init_double(ctx);
  fc_status status = widths_init(w, l, ctx);
  for (size_t k = 0; k < l->count && status == FC_OK; k++)
    size = fmax(size, fabs(fc_get_d(w->at->b, ctx) * fc_get_d(w->m + k, ctx)) +
                          4 * sqrt(fc_get_d(w->V + k, ctx)));
  widths_clear(w, l->count, ctx);
  if (isfinite(size) && size > 0)
    frexp(size, &exponent);
  *scale = ldexp(1, exponent);
  return status ? status : isfinite(size) && size > 0 ? FC_OK : FC_DOMAIN;
}

/* --- the contract ------------------------------------------------------- */

static void take(fc_eigenvalue_answer *answer, const fc_cover_result *result,
                 fc_side side) {
  if (side == FC_LARGEST) {
    mpfr_set(answer->low, result->low, MPFR_RNDD);
    mpfr_set(answer->high, result->high, MPFR_RNDU);
  } else {
    mpfr_neg(answer->low, result->high, MPFR_RNDD);
    mpfr_neg(answer->high, result->low, MPFR_RNDU);
  }
  answer->reached = result->verdict == FC_COVER_REACHED;
  answer->boxes = result->enclosed;
  answer->argument = "branch and bound over the whole line";
}

fc_status fc_certified_widths(fc_eigenvalue_answer *answer,
                              const fc_eigenvalue_question *question,
                              const fc_ctx *ctx, fc_error *error) {
  const fc_target *target = question->target;
  size_t count = fc_target_mixture_count(target);
  (void)ctx;
  if (fc_target_dimension(target) != 1 || count < 2 ||
      count > FC_MIXTURE_COVER_MOST || fc_target_term_count(target) != count)
    return FC_UNSUPPORTED;
  line l[1];
  fc_mixture_cover *cover = NULL;
  fc_cover_result result[1];
  fc_cover_goal goal;
  fc_status status = line_init(l, question);
  fc_mixture_shape shape = {.n = 1,
                            .count = count,
                            .minimise = question->side == FC_SMALLEST,
                            .same = l->same,
                            .load = load,
                            .closure = l};
  fc_certified_goal(&goal, question);
  fc_cover_result_init(result);
  if (status == FC_OK)
    status = choose_scale(&shape.scale, l);
  if (status == FC_OK)
    status = fc_mixture_cover_new(&cover, &shape);
  if (status == FC_OK)
    status = fc_mixture_cover_run(result, cover, &goal, error);
  if (status == FC_OK)
    take(answer, result, question->side);
  fc_cover_result_clear(result);
  fc_mixture_cover_free(cover);
  free(l->same);
  return status;
}
