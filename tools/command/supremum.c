#include "supremum.h"

#include <stdlib.h>

#include "numbers.h"
#include "suprema/certified_eigenvalue.h"

enum { GUARD_BITS = 64, BOXES = 200000 };

/* --- certified ---------------------------------------------------------- */

static fc_status state_half_known(const fc_eigenvalue_answer *answer,
                                  fc_error *error) {
  char *low = fc_print_mpfr(answer->low, 10);
  fc_status status = fc_fail(
      error, FC_BUDGET,
      "the supremum is at least %s; no finite upper bound is known (%s)",
      low ? low : "?", answer->argument);
  free(low);
  return status;
}

static fc_status certified(fc_exact *value, const fc_request *r,
                           fc_error *error) {
  fc_eigenvalue_answer answer[1];
  fc_eigenvalue_question question = {.target = r->instance->target,
                                     .schedule = r->schedule,
                                     .time = r->t,
                                     .side = FC_LARGEST,
                                     .gap = r->gap,
                                     .boxes = BOXES,
                                     .precision = r->precision};
  fc_ctx ctx[1];
  fc_num ball;
  fc_eigenvalue_answer_init(answer);
  fc_status status = fc_certified_eigenvalue(answer, &question, error);
  if (status == FC_OK)
    status = fc_ctx_init_arb(ctx, r->precision + GUARD_BITS, error);
  if (status == FC_OK && mpfr_inf_p(answer->high) &&
      !mpfr_equal_p(answer->low, answer->high))
    status = state_half_known(answer, error);
  if (status == FC_OK) {
    fc_init(ball, ctx);
    if (mpfr_inf_p(answer->high))
      fc_set_inf(ball, mpfr_sgn(answer->high), ctx);
    else
      fc_set_interval(ball, answer->low, answer->high, ctx);
    status =
        fc_exact_set_digits(value, ball, r->precision, (int)r->digits, ctx);
    fc_clear(ball, ctx);
  }
  fc_eigenvalue_answer_clear(answer);
  return status;
}

/* --- the other tiers ---------------------------------------------------- */

/* The search's extremum, polished, and there the eigenvalue at the very time.
 */
static fc_status search(fc_ptr value, const fc_request *r, const fc_time *time,
                        const fc_ctx *ctx, fc_error *error) {
  const fc_target *target = r->instance->target;
  size_t d = fc_target_dimension(target);
  fc_extremizer *extremizer = NULL;
  fc_extremum found[1];
  fc_random random[1];
  double t = fc_get_d(time->t, ctx), rest = fc_get_d(time->r, ctx);
  bool from_end = rest < t;
  fc_random_init(random, 1, "eval", r->instance->name);
  fc_status status = fc_extremum_init(found, d, ctx);
  if (status == FC_OK)
    status =
        fc_extremizer_new(&extremizer, target, r->schedule, ctx, random, error);
  if (status == FC_OK)
    status = fc_extremizer_at(found, extremizer, from_end ? rest : t, from_end,
                              FC_LARGEST, NULL);
  if (status == FC_OK && !found->found)
    status = FC_DOMAIN;
  if (status == FC_OK)
    status = fc_extremizer_polish(found, extremizer, from_end ? rest : t,
                                  from_end, FC_LARGEST);
  if (status == FC_OK)
    status = fc_eigenvalue_at(value, target, r->schedule, time, found->x,
                              FC_LARGEST, ctx);
  fc_extremizer_free(extremizer);
  fc_extremum_clear(found, d, ctx);
  return status;
}

static fc_status estimated(fc_exact *value, const fc_request *r,
                           fc_error *error) {
  fc_ctx ctx[1];
  fc_time time[1];
  fc_num z;
  fc_status status =
      fc_tier_context(ctx, r->tier, r->precision + GUARD_BITS, error);
  if (status)
    return status;
  fc_time_init(time, ctx);
  fc_init(z, ctx);
  status = fc_time_set(time, r->t, ctx);
  if (status == FC_OK)
    status = search(z, r, time, ctx, error);
  if (status == FC_OK)
    status = fc_exact_set_digits(value, z,
                                 ctx->kind == FC_DOUBLE ? 53 : r->precision,
                                 (int)r->digits, ctx);
  if (status == FC_DOMAIN)
    fc_fail(error, status, "%s does not exist there, or its limit is not known",
            r->quantity_name);
  fc_clear(z, ctx);
  fc_time_clear(time, ctx);
  return status;
}

static fc_status velocity_supremum(fc_exact *value, const fc_request *r,
                                   fc_error *error) {
  return r->tier == FC_TIER_CERTIFIED ? certified(value, r, error)
                                      : estimated(value, r, error);
}

fc_status fc_request_supremum(fc_exact *value, const fc_request *r,
                              fc_error *error) {
  fc_fail(error, FC_OK, "%s", "");
  fc_status status = r->quantity == FC_QUANTITY_FLOW_LIPSCHITZ
                         ? fc_request_flow_supremum(value, r, error)
                         : velocity_supremum(value, r, error);
  if (status && !error->message[0])
    fc_fail(error, status, "%s", fc_status_text(status));
  return status;
}
