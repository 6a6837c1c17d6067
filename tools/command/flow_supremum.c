#include <stdlib.h>

#include "numbers.h"
#include "suprema/flow_extremum.h"
#include "suprema/line_flow.h"
#include "supremum.h"

enum { GUARD_BITS = 64 };

/* --- certified ---------------------------------------------------------------
 */

/* value = [low, high] as a ball; one infinite end alone cannot be stated so. */
static fc_status state(fc_exact *value, const fc_line_supremum *found,
                       const fc_request *r, fc_error *error) {
  fc_ctx ctx[1];
  fc_num ball;
  bool unbounded = mpfr_inf_p(found->high);
  if (unbounded && !mpfr_inf_p(found->low)) {
    char *low = fc_print_mpfr(found->low, 10);
    fc_status status = fc_fail(error, FC_BUDGET,
                               "the supremum is at least %s; no finite upper "
                               "bound was proved",
                               low ? low : "?");
    free(low);
    return status;
  }
  fc_status status = fc_ctx_init_arb(ctx, r->precision + GUARD_BITS, error);
  if (status)
    return status;
  fc_init(ball, ctx);
  if (unbounded)
    fc_set_inf(ball, 1, ctx);
  else
    fc_set_interval(ball, found->low, found->high, ctx);
  status = fc_exact_set_digits(value, ball, r->precision, (int)r->digits, ctx);
  fc_clear(ball, ctx);
  return status;
}

static fc_status certified(fc_exact *value, const fc_request *r,
                           fc_error *error) {
  const fc_line_request request = {.target = r->instance->target,
                                   .schedule = r->schedule,
                                   .s = r->s,
                                   .t = r->t,
                                   .gap = r->gap};
  fc_line_supremum found[1];
  fc_line_supremum_init(found);
  fc_status status = fc_line_flow_supremum(found, &request, error);
  if (status == FC_OK)
    status = state(value, found, r, error);
  fc_line_supremum_clear(found);
  return status;
}

/* --- the other tiers
 * ----------------------------------------------------------
 */

static fc_flow_moment moment(const fc_time *time, const fc_ctx *ctx) {
  double t = fc_get_d(time->t, ctx), rest = fc_get_d(time->r, ctx);
  return rest < t ? (fc_flow_moment){rest, true} : (fc_flow_moment){t, false};
}

/* What the search finds at the times in binary64. */
static fc_status search(fc_flow_extremum *found, const fc_request *r,
                        const fc_time *s, const fc_time *t, const fc_ctx *ctx,
                        fc_error *error) {
  fc_flow_extremizer *extremizer = NULL;
  fc_random random[1];
  fc_random_init(random, 1, "eval", r->instance->name);
  const fc_flow_moment from = moment(s, ctx), to = moment(t, ctx);
  fc_status status =
      fc_flow_extremizer_new(&extremizer, r->instance->target, r->schedule, ctx,
                             ctx->precision, random, error);
  if (status == FC_OK)
    status = fc_flow_extremizer_at(found, extremizer, &from, &to);
  if (status == FC_OK && !found->found)
    status = fc_fail(error, FC_DOMAIN, "%s",
                     found->failure.message[0]
                         ? found->failure.message
                         : "the flow does not reach one of the times");
  fc_flow_extremizer_free(extremizer);
  return status;
}

/* value = the norm there, at the very times. */
static fc_status evaluate(fc_ptr value, const fc_flow_extremum *found,
                          const fc_request *r, const fc_time *s,
                          const fc_time *t, const fc_ctx *ctx,
                          fc_error *error) {
  fc_flow_norm *norm = NULL;
  fc_num off;
  bool forward = fc_lt(s->t, t->t, ctx) == FC_TRUE;
  fc_flow_end start = forward ? FC_EARLIER : FC_LATER;
  fc_flow_end image = forward ? FC_LATER : FC_EARLIER;
  fc_status status =
      fc_flow_norm_new(&norm, r->instance->target, r->schedule, ctx, error);
  if (status)
    return status;
  fc_init(off, ctx);
  status =
      fc_flow_norm_set_times(norm, forward ? s : t, forward ? t : s, error);
  if (status == FC_OK)
    status = fc_flow_norm_at(value, off, norm, found->point,
                             found->at_image ? image : start, start, error);
  fc_clear(off, ctx);
  fc_flow_norm_free(norm);
  return status;
}

static fc_status estimated(fc_exact *value, const fc_request *r,
                           fc_error *error) {
  fc_ctx ctx[1];
  fc_time s[1], t[1];
  fc_flow_extremum found[1];
  fc_num z;
  size_t d = fc_target_dimension(r->instance->target);
  fc_status status =
      fc_tier_context(ctx, r->tier, r->precision + GUARD_BITS, error);
  if (status == FC_OK)
    status = fc_flow_extremum_init(found, d, ctx);
  if (status)
    return status;
  fc_init(z, ctx);
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  status = fc_time_set(s, r->s, ctx);
  if (status == FC_OK)
    status = fc_time_set(t, r->t, ctx);
  if (status == FC_OK && fc_eq(s->t, t->t, ctx) == FC_TRUE)
    status = fc_fail(error, FC_DOMAIN,
                     "s and t must differ: X_{t,t} is the identity");
  if (status == FC_OK)
    status = search(found, r, s, t, ctx, error);
  if (status == FC_OK)
    status = evaluate(z, found, r, s, t, ctx, error);
  if (status == FC_OK)
    status = fc_exact_set_digits(value, z,
                                 ctx->kind == FC_DOUBLE ? 53 : r->precision,
                                 (int)r->digits, ctx);
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  fc_clear(z, ctx);
  fc_flow_extremum_clear(found, d, ctx);
  return status;
}

fc_status fc_request_flow_supremum(fc_exact *value, const fc_request *r,
                                   fc_error *error) {
  return r->tier == FC_TIER_CERTIFIED ? certified(value, r, error)
                                      : estimated(value, r, error);
}
