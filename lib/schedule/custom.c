/* Schedules that a user writes as formulas in t. */
#include "schedule/private.h"

/* --- end values of (3.2) ---------------------------------------------- */

/* The sign of formula(at) - shift.  Where FC_CONSTANT_MAX_BITS bits cannot tell
 * it from 0 it counts as 0: a user cannot be asked to prove identities such as
 * (exp(1)-1)/(exp(1)-1) = 1. */
static fc_status end_sign(int *sign, const fc_formula *formula, long at,
                          long shift) {
  fc_formula *time = NULL, *value = NULL, *wanted = NULL;
  fc_status status = fc_constant_new_si(&time, at, 1);
  if (status == FC_OK)
    status = fc_constant_new_si(&wanted, shift, 1);
  if (status == FC_OK)
    status = fc_formula_substitute(&value, formula, "t", time, NULL);
  if (status == FC_OK)
    status = fc_constant_compare(sign, value, wanted);
  if (status == FC_BUDGET) {
    *sign = 0;
    status = FC_OK;
  }
  fc_formula_free(time);
  fc_formula_free(value);
  fc_formula_free(wanted);
  return status;
}

static fc_status check_end(const fc_formula *formula, const char *key, long at,
                           long shift, const char *relation,
                           const fc_position *position, fc_error *error) {
  int sign;
  fc_status status = end_sign(&sign, formula, at, shift);
  if (status == FC_VALUE)
    return fc_fail_at(error, FC_VALUE, position,
                      "%s(%ld) is not a finite number: %s = %s", key, at, key,
                      fc_formula_text(formula));
  if (status != FC_OK)
    return fc_fail_at(error, status, position, "%s", fc_status_text(status));
  bool fits = relation[0] == '='   ? sign == 0
              : relation[1] == '=' ? sign >= 0
                                   : sign > 0;
  if (fits)
    return FC_OK;
  return fc_fail_at(error, FC_VALUE, position,
                    "a schedule needs %s(%ld) %s %ld, but %s = %s", key, at,
                    relation, shift, key, fc_formula_text(formula));
}

static fc_status check_ends(const fc_schedule *s, const fc_position *const *at,
                            fc_error *error) {
  const fc_formula *a = s->custom[FC_CUSTOM_A], *b = s->custom[FC_CUSTOM_B];
  fc_status status = check_end(a, "a", 1, 0, "=", at[0], error);
  if (status == FC_OK)
    status = check_end(b, "b", 1, 1, "=", at[1], error);
  if (status == FC_OK)
    status = check_end(a, "a", 0, 0, ">", at[0], error);
  if (status == FC_OK)
    status = check_end(b, "b", 0, 0, ">=", at[1], error);
  return status;
}

/* --- derivatives ------------------------------------------------------ */

/* custom[to] = custom[from]' */
static fc_status derive(fc_schedule *s, int to, int from,
                        const fc_position *position, fc_error *error) {
  fc_error inner;
  fc_status status =
      fc_formula_diff(&s->custom[to], s->custom[from], "t", &inner);
  if (status == FC_OK)
    return FC_OK;
  return fc_fail_at(error, status, position, "%s", inner.message);
}

/* a^2 */
static fc_status derive_square(fc_schedule *s, const fc_position *position,
                               fc_error *error) {
  fc_error inner;
  fc_status status = fc_formula_square(&s->custom[FC_CUSTOM_A2],
                                       s->custom[FC_CUSTOM_A], &inner);
  if (status == FC_OK)
    return FC_OK;
  return fc_fail_at(error, status, position, "%s", inner.message);
}

fc_status fc_custom_derive(fc_schedule *s, const fc_position *const *at,
                           fc_error *error) {
  static const struct {
    int to, from;
  } steps[] = {{FC_CUSTOM_DA, FC_CUSTOM_A},   {FC_CUSTOM_DB, FC_CUSTOM_B},
               {FC_CUSTOM_D2A, FC_CUSTOM_DA}, {FC_CUSTOM_D2B, FC_CUSTOM_DB},
               {FC_CUSTOM_ADA, FC_CUSTOM_A2}, {FC_CUSTOM_DADA, FC_CUSTOM_ADA}};
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && status == FC_OK; i++)
    status = fc_formula_copy(&s->custom[i], s->parameters[i]);
  if (status != FC_OK)
    return fc_fail(error, status, "out of memory");
  status = derive_square(s, at[0], error);
  for (size_t i = 0; i < sizeof steps / sizeof steps[0] && status == FC_OK; i++)
    status = derive(
        s, steps[i].to, steps[i].from,
        at[steps[i].to == FC_CUSTOM_DB || steps[i].to == FC_CUSTOM_D2B], error);
  return status == FC_OK ? check_ends(s, at, error) : status;
}

/* --- values ----------------------------------------------------------- */

/* t, taken from r where that says more. */
static void accurate_time(fc_ptr t, const fc_time *time, const fc_ctx *ctx) {
  fc_set(t, time->t, ctx);
  if (fc_get_d(time->r, ctx) >= 0.5)
    return;
  fc_neg(t, time->r, ctx);
  fc_add_si(t, t, 1, ctx);
}

/* At t = 1 (3.2) gives a = 0 and b = 1; what the formulas of the derivatives
 * cannot say there diverges.  Series keep their coefficients. */
static void set_end(fc_schedule_value *v, const fc_ctx *ctx) {
  if (ctx->kind != FC_SERIES) {
    fc_set_si(v->a, 0, ctx);
    fc_set_si(v->b, 1, ctx);
    fc_neg(v->aomega, v->ada, ctx);
    fc_set_si(v->rho2, 1, ctx);
    fc_neg(v->omega, v->da, ctx);
  }
  if (fc_is_finite(v->da, ctx))
    return;
  fc_set_inf(v->da, -1, ctx);
  fc_set_inf(v->d2a, -1, ctx);
  fc_set_inf(v->omega, 1, ctx);
}

/* omega = a b' - a' b, a omega = a^2 b' - (a a') b, rho^2 = a^2 + b^2 */
static void combine(fc_schedule_value *v, fc_srcptr a2, const fc_ctx *ctx) {
  fc_mul(v->omega, v->a, v->db, ctx);
  fc_submul(v->omega, v->da, v->b, ctx);
  fc_mul(v->aomega, a2, v->db, ctx);
  fc_submul(v->aomega, v->ada, v->b, ctx);
  fc_sqr(v->rho2, v->b, ctx);
  fc_add(v->rho2, v->rho2, a2, ctx);
}

fc_status fc_custom_eval(fc_schedule_value *v, const fc_schedule *s,
                         const fc_time *time, const fc_ctx *ctx) {
  fc_num t, a2;
  fc_init(t, ctx);
  fc_init(a2, ctx);
  accurate_time(t, time, ctx);
  fc_ptr to[FC_CUSTOM_COUNT] = {v->a,   v->b, v->da,  v->db,  v->d2a,
                                v->d2b, a2,   v->ada, v->dada};
  fc_status status = FC_OK;
  for (int i = 0; i < FC_CUSTOM_COUNT && status == FC_OK; i++)
    status = fc_formula_eval(to[i], s->custom[i], t, ctx);
  if (status == FC_OK) {
    fc_mul_2exp_si(v->ada, v->ada, -1, ctx); /* (a^2)' and (a^2)'' */
    fc_mul_2exp_si(v->dada, v->dada, -1, ctx);
    if (!fc_is_finite(v->a, ctx))
      fc_sqrt_nonnegative(v->a, a2, ctx); /* a ball that reaches t = 1 */
    combine(v, a2, ctx);
    if (fc_is_zero(time->r, ctx) == FC_TRUE)
      set_end(v, ctx);
  }
  fc_clear(t, ctx);
  fc_clear(a2, ctx);
  return status;
}
