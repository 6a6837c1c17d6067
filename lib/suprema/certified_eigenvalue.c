#include "suprema/certified_eigenvalue.h"

#include <string.h>

#include "suprema/certified_private.h"

enum { GUARD = 64, MOST_DOUBLINGS = 4 };

/* --- answers ------------------------------------------------------------ */

void fc_eigenvalue_answer_init(fc_eigenvalue_answer *answer) {
  memset(answer, 0, sizeof *answer);
  mpfr_init2(answer->low, 53);
  mpfr_init2(answer->high, 53);
}

void fc_eigenvalue_answer_clear(fc_eigenvalue_answer *answer) {
  mpfr_clear(answer->low);
  mpfr_clear(answer->high);
}

/* z = the upper (sign > 0) or lower end of a ball; infinite where it says
 * nothing. */
static void ball_end(mpfr_ptr z, fc_srcptr x, int sign, const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpfr_init2(mid, ctx->precision);
  mpfr_init2(rad, 53);
  fc_get_enclosure(mid, rad, x, ctx);
  if (mpfr_nan_p(mid) || mpfr_nan_p(rad) || mpfr_inf_p(rad))
    mpfr_set_inf(z, sign);
  else if (sign > 0)
    mpfr_add(z, mid, rad, MPFR_RNDU);
  else
    mpfr_sub(z, mid, rad, MPFR_RNDD);
  mpfr_clear(mid);
  mpfr_clear(rad);
}

void fc_certified_raise_low(fc_eigenvalue_answer *answer, fc_srcptr least,
                            const fc_ctx *ctx) {
  mpfr_t end;
  mpfr_init2(end, mpfr_get_prec(answer->low));
  ball_end(end, least, -1, ctx);
  if (mpfr_cmp(end, answer->low) > 0)
    mpfr_set(answer->low, end, MPFR_RNDD);
  mpfr_clear(end);
}

void fc_certified_lower_high(fc_eigenvalue_answer *answer, fc_srcptr most,
                             const fc_ctx *ctx) {
  mpfr_t end;
  mpfr_init2(end, mpfr_get_prec(answer->high));
  ball_end(end, most, 1, ctx);
  if (mpfr_cmp(end, answer->high) < 0)
    mpfr_set(answer->high, end, MPFR_RNDU);
  mpfr_clear(end);
}

void fc_certified_set(fc_eigenvalue_answer *answer, fc_srcptr least,
                      fc_srcptr most, const fc_ctx *ctx) {
  ball_end(answer->low, least, -1, ctx);
  ball_end(answer->high, most, 1, ctx);
}

void fc_certified_goal(fc_cover_goal *goal,
                       const fc_eigenvalue_question *question) {
  *goal = (fc_cover_goal){.relative = question->gap,
                          .boxes = question->boxes,
                          .precision = 64,
                          .most_precision = 4 * (question->precision + GUARD)};
}

/* --- time --------------------------------------------------------------- */

fc_status fc_certified_time(fc_time *time,
                            const fc_eigenvalue_question *question,
                            const fc_ctx *ctx) {
  if (question->time)
    return fc_time_set(time, question->time, ctx);
  fc_time_set_d(time, question->moment, question->from_end, ctx);
  return FC_OK;
}

/* b >= 0 and omega >= 0, as (3.2) demands and every argument here uses: known
 * of the built-in schedules, to be seen of custom ones. */
static bool is_forward(const fc_schedule_value *at, const fc_schedule *schedule,
                       const fc_ctx *ctx) {
  fc_truth behind = fc_is_negative(at->b, ctx),
           backward = fc_is_negative(at->aomega, ctx);
  if (strcmp(fc_schedule_name(schedule), "custom") == 0)
    return behind == FC_FALSE && backward == FC_FALSE;
  return behind != FC_TRUE && backward != FC_TRUE;
}

fc_status fc_certified_schedule(fc_schedule_value *at,
                                const fc_eigenvalue_question *question,
                                const fc_ctx *ctx) {
  fc_time time[1];
  fc_time_init(time, ctx);
  fc_status status = fc_certified_time(time, question, ctx);
  if (status == FC_OK)
    status = fc_schedule_eval(at, question->schedule, time, false, ctx);
  if (status == FC_OK && !is_forward(at, question->schedule, ctx))
    status = FC_DOMAIN;
  fc_time_clear(time, ctx);
  return status;
}

/* --- search ------------------------------------------------------------- */

/* The time in binary64, from the nearer end. */
static fc_status rough_time(double *moment, bool *from_end,
                            const fc_eigenvalue_question *question) {
  *moment = question->moment;
  *from_end = question->from_end;
  if (!question->time)
    return FC_OK;
  fc_ctx ctx[1];
  fc_time time[1];
  fc_ctx_init_mpfr(ctx, 128);
  fc_time_init(time, ctx);
  fc_status status = fc_time_set(time, question->time, ctx);
  double t = fc_get_d(time->t, ctx), r = fc_get_d(time->r, ctx);
  *from_end = r < t;
  *moment = *from_end ? r : t;
  fc_time_clear(time, ctx);
  return status;
}

static fc_status look(fc_extremum *found,
                      const fc_eigenvalue_question *question,
                      const fc_ctx *fast) {
  fc_random random[1];
  fc_extremizer *extremizer = NULL;
  double moment;
  bool from_end;
  fc_random_init(random, 1, "suprema", "certified-eigenvalue");
  fc_status status = fc_extremizer_new(&extremizer, question->target,
                                       question->schedule, fast, random, NULL);
  if (status == FC_OK)
    status = rough_time(&moment, &from_end, question);
  if (status == FC_OK)
    status = fc_extremizer_at(found, extremizer, moment, from_end,
                              question->side, NULL);
  fc_extremizer_free(extremizer);
  return status;
}

/* The eigenvalue at the exact time, where the search ended. */
static fc_status confirm(fc_eigenvalue_answer *answer, const fc_extremum *found,
                         const fc_ctx *fast,
                         const fc_eigenvalue_question *question,
                         const fc_ctx *ctx) {
  size_t d = fc_target_dimension(question->target);
  fc_time time[1];
  fc_num value;
  fc_ptr x = fc_vec_new(d, ctx);
  if (!x)
    return FC_MEMORY;
  fc_time_init(time, ctx);
  fc_init(value, ctx);
  for (size_t i = 0; i < d; i++)
    fc_convert(x + i, ctx, found->x + i, fast);
  fc_status status = fc_certified_time(time, question, ctx);
  if (status == FC_OK)
    status = fc_eigenvalue_at(value, question->target, question->schedule, time,
                              x, question->side, ctx);
  if (status == FC_OK && question->side == FC_LARGEST)
    fc_certified_raise_low(answer, value, ctx);
  else if (status == FC_OK)
    fc_certified_lower_high(answer, value, ctx);
  fc_clear(value, ctx);
  fc_time_clear(time, ctx);
  fc_vec_free(x, d, ctx);
  return status;
}

fc_status fc_certified_search(fc_eigenvalue_answer *answer,
                              const fc_eigenvalue_question *question,
                              const fc_ctx *ctx) {
  fc_ctx fast[1];
  fc_extremum found[1];
  size_t d = fc_target_dimension(question->target);
  fc_ctx_init_double(fast);
  fc_status status = fc_extremum_init(found, d, fast);
  if (status == FC_OK)
    status = look(found, question, fast);
  if (status == FC_OK && found->found)
    status = confirm(answer, found, fast, question, ctx);
  fc_extremum_clear(found, d, fast);
  /* What a search does not find is no failure. */
  return status == FC_MEMORY ? status : FC_OK;
}

/* --- what every target has ---------------------------------------------- */

/* z = a'/a + (b omega/a^3) c = (a a')/a^2 + b (a omega) c/a^4. */
static void rate_of(fc_ptr z, fc_srcptr c, const fc_schedule_value *at,
                    const fc_ctx *ctx) {
  fc_num a2, part;
  fc_init(a2, ctx);
  fc_init(part, ctx);
  fc_sqr(a2, at->a, ctx);
  fc_mul(part, at->b, at->aomega, ctx);
  fc_mul(part, part, c, ctx);
  fc_div(part, part, a2, ctx);
  fc_add(part, part, at->ada, ctx);
  fc_div(z, part, a2, ctx);
  fc_clear(part, ctx);
  fc_clear(a2, ctx);
}

/* c = 1/(constant + u^2) = a^2/(constant a^2 + b^2); false where there is no
 * constant but one that was only declared, or the sum is not certainly
 * positive.
 */
static bool inverse_sum(fc_ptr c, const fc_target *target,
                        fc_class_constant which, const fc_schedule_value *at,
                        const fc_ctx *ctx) {
  fc_num a2, sum;
  fc_init(a2, ctx);
  fc_init(sum, ctx);
  bool positive = false;
  fc_provenance provenance = FC_DECLARED;
  if (fc_target_constant(sum, &provenance, NULL, target, which, ctx) == FC_OK &&
      provenance != FC_DECLARED) {
    fc_sqr(a2, at->a, ctx);
    fc_mul(sum, sum, a2, ctx);
    fc_addmul(sum, at->b, at->b, ctx);
    positive = fc_is_positive(sum, ctx) == FC_TRUE;
    fc_div(c, a2, sum, ctx);
  }
  fc_clear(sum, ctx);
  fc_clear(a2, ctx);
  return positive;
}

static void bound_above(fc_eigenvalue_answer *answer, const fc_target *target,
                        const fc_schedule_value *at, const fc_ctx *ctx) {
  fc_num c;
  fc_init(c, ctx);
  if (inverse_sum(c, target, FC_KAPPA, at, ctx)) { /* Lemma 2.1 */
    rate_of(c, c, at, ctx);
    fc_certified_lower_high(answer, c, ctx);
  }
  if (fc_target_constant(c, NULL, NULL, target, FC_SUPPORT_HALF_DIAM, ctx) ==
      FC_OK) { /* Popoviciu */
    fc_sqr(c, c, ctx);
    rate_of(c, c, at, ctx);
    fc_certified_lower_high(answer, c, ctx);
  }
  fc_clear(c, ctx);
}

/* Support that is bounded is seen from far out as a point of its boundary: in
 * that direction C -> 0, which is its infimum. */
static void bound_below(fc_eigenvalue_answer *answer, const fc_target *target,
                        const fc_schedule_value *at, const fc_ctx *ctx) {
  fc_num c, half;
  fc_init(c, ctx);
  fc_init(half, ctx);
  rate_of(c, c, at, ctx);
  fc_certified_raise_low(answer, c, ctx);
  if (fc_target_constant(half, NULL, NULL, target, FC_SUPPORT_HALF_DIAM, ctx) ==
      FC_OK) {
    fc_certified_lower_high(answer, c, ctx);
    answer->reached = true;
    answer->argument = "bounded support: the infimum is approached far out";
  } else if (inverse_sum(c, target, FC_BETA, at, ctx)) { /* Lemma 2.2 */
    rate_of(c, c, at, ctx);
    fc_certified_raise_low(answer, c, ctx);
  }
  fc_clear(half, ctx);
  fc_clear(c, ctx);
}

/* Between the class constants and what a search finds. */
static fc_status answer_any(fc_eigenvalue_answer *answer,
                            const fc_eigenvalue_question *question,
                            const fc_ctx *ctx, fc_error *error) {
  fc_schedule_value at[1];
  (void)error;
  fc_schedule_value_init(at, ctx);
  fc_status status = fc_certified_schedule(at, question, ctx);
  answer->argument = "between what a search finds and what the class constants "
                     "imply";
  if (status == FC_OK && fc_is_positive(at->a, ctx) != FC_TRUE)
    status = FC_DOMAIN;
  if (status == FC_OK) {
    bound_below(answer, question->target, at, ctx);
    if (question->side == FC_LARGEST) {
      answer->reached = false;
      mpfr_set_inf(answer->high, 1);
      answer->argument =
          "between what a search finds and what the class constants imply";
      bound_above(answer, question->target, at, ctx);
    }
    if (!answer->reached)
      status = fc_certified_search(answer, question, ctx);
  }
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* b = 0: the posterior is nu itself, and its weight b omega/a^3 is 0. */
static fc_status answer_start(fc_eigenvalue_answer *answer,
                              const fc_eigenvalue_question *question,
                              const fc_ctx *ctx, fc_error *error) {
  fc_schedule_value at[1];
  fc_num value;
  (void)error;
  fc_schedule_value_init(at, ctx);
  fc_init(value, ctx);
  fc_status status = fc_certified_schedule(at, question, ctx);
  if (status == FC_OK && fc_is_zero(at->b, ctx) != FC_TRUE)
    status = FC_UNSUPPORTED;
  if (status == FC_OK) {
    rate_of(value, value, at, ctx);
    fc_certified_set(answer, value, value, ctx);
    answer->reached = true;
    answer->argument = "b = 0: grad v = (a'/a) I";
  }
  fc_clear(value, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}

/* --- products ----------------------------------------------------------- */

/* grad v is block diagonal: an answer for a factor is taken in. */
static void merge(fc_eigenvalue_answer *answer,
                  const fc_eigenvalue_answer *factor, fc_side side,
                  bool first) {
  int sign = side == FC_LARGEST ? 1 : -1;
  if (first || sign * mpfr_cmp(factor->low, answer->low) > 0)
    mpfr_set(answer->low, factor->low, MPFR_RNDD);
  if (first || sign * mpfr_cmp(factor->high, answer->high) > 0)
    mpfr_set(answer->high, factor->high, MPFR_RNDU);
  answer->reached = (first || answer->reached) && factor->reached;
  answer->boxes += factor->boxes;
}

static fc_status answer_product(fc_eigenvalue_answer *answer,
                                const fc_eigenvalue_question *question,
                                const fc_ctx *ctx, fc_error *error);

static fc_status answer_target(fc_eigenvalue_answer *answer,
                               const fc_eigenvalue_question *question,
                               const fc_ctx *ctx, fc_error *error) {
  static const fc_certified_family families[] = {
      answer_start,        answer_product,           fc_certified_one_width,
      fc_certified_widths, fc_certified_covariances, fc_certified_piece,
      answer_any};
  fc_status status = FC_UNSUPPORTED;
  for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
    mpfr_set_inf(answer->low, -1); /* families sharpen what they are given */
    mpfr_set_inf(answer->high, 1);
    answer->reached = false;
    answer->boxes = 0;
    status = families[i](answer, question, ctx, error);
    if (status != FC_UNSUPPORTED)
      break;
  }
  return status;
}

static fc_status answer_product(fc_eigenvalue_answer *answer,
                                const fc_eigenvalue_question *question,
                                const fc_ctx *ctx, fc_error *error) {
  size_t count = fc_target_factor_count(question->target);
  if (count == 0)
    return FC_UNSUPPORTED;
  fc_eigenvalue_answer factor[1];
  fc_eigenvalue_question part = *question;
  fc_eigenvalue_answer_init(factor);
  mpfr_set_prec(factor->low, mpfr_get_prec(answer->low));
  mpfr_set_prec(factor->high, mpfr_get_prec(answer->high));
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && status == FC_OK; i++) {
    part.target = fc_target_factor(question->target, i);
    status = answer_target(factor, &part, ctx, error);
    if (status == FC_OK)
      merge(answer, factor, question->side, i == 0);
  }
  answer->argument = count == 1 ? factor->argument : "factor by factor";
  fc_eigenvalue_answer_clear(factor);
  /* what a factor does not support, the product does not */
  return status;
}

/* --- the contract ------------------------------------------------------- */

/* Closed forms to the stated bits; what cancels costs more of them. */
static bool is_sharp(const fc_eigenvalue_answer *answer, long precision) {
  mpfr_t gap;
  if (!mpfr_number_p(answer->low) || !mpfr_number_p(answer->high))
    return true;
  mpfr_init2(gap, 53);
  mpfr_sub(gap, answer->high, answer->low, MPFR_RNDU);
  bool sharp = mpfr_zero_p(gap) || mpfr_zero_p(answer->high) ||
               mpfr_get_exp(gap) <= mpfr_get_exp(answer->high) - precision;
  mpfr_clear(gap);
  return sharp;
}

fc_status fc_certified_eigenvalue(fc_eigenvalue_answer *answer,
                                  const fc_eigenvalue_question *question,
                                  fc_error *error) {
  long precision = question->precision + GUARD;
  fc_status status = FC_OK;
  for (int i = 0; i < MOST_DOUBLINGS; i++, precision *= 2) {
    fc_ctx ctx[1];
    status = fc_ctx_init_arb(ctx, precision, error);
    if (status)
      return status;
    mpfr_set_prec(answer->low, precision);
    mpfr_set_prec(answer->high, precision);
    status = answer_target(answer, question, ctx, error);
    if (status || answer->boxes || !answer->reached ||
        is_sharp(answer, question->precision))
      break;
  }
  if (status == FC_OK && (mpfr_nan_p(answer->low) || mpfr_nan_p(answer->high)))
    status = FC_DOMAIN;
  if (status == FC_DOMAIN)
    fc_fail(error, status, "grad v has no limit there that is known");
  return status;
}
