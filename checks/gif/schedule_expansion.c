#include "gif/schedule_expansion.h"

#include <stdlib.h>

enum { V_T, V_R, V_A, V_B, V_DA, V_DB, V_D2A, V_D2B, V_COUNT };

static const char *const names[V_COUNT] = {"t",  "r",  "a",   "b",
                                           "da", "db", "d2a", "d2b"};

enum { GUARD = 192, TERMS = 3 };

struct fc_expansion {
  fc_ctx out[1];    /* the caller's */
  fc_ctx ctx[1];    /* the working one */
  fc_ctx series[1]; /* over ctx, in t */
  fc_formula *a, *b;
  fc_ptr values; /* V_COUNT numbers of ctx */
};

static fc_status working_context(fc_ctx *ctx, const fc_ctx *out) {
  if (out->kind == FC_ARB)
    return fc_ctx_init_arb(ctx, out->precision + GUARD, NULL);
  fc_ctx_init_mpfr(ctx, out->precision + GUARD);
  return FC_OK;
}

fc_status fc_expansion_new(fc_expansion **expansion,
                           const fc_schedule *schedule, const fc_ctx *ctx,
                           fc_error *error) {
  fc_expansion *s = calloc(1, sizeof *s);
  if (!s)
    return fc_fail(error, FC_MEMORY, "out of memory");
  s->out[0] = *ctx;
  fc_status status = working_context(s->ctx, ctx);
  if (status) {
    free(s);
    return fc_fail(error, status, "%s", fc_status_text(status));
  }
  fc_ctx_init_series(s->series, s->ctx, TERMS);
  s->values = fc_vec_new(V_COUNT, s->ctx);
  if (!s->values)
    status = fc_fail(error, FC_MEMORY, "out of memory");
  if (status == FC_OK)
    status = fc_formula_parse(&s->a, fc_schedule_text_a(schedule), names, 1,
                              NULL, error);
  if (status == FC_OK)
    status = fc_formula_parse(&s->b, fc_schedule_text_b(schedule), names, 1,
                              NULL, error);
  if (status) {
    fc_expansion_free(s);
    return status;
  }
  *expansion = s;
  return FC_OK;
}

void fc_expansion_free(fc_expansion *s) {
  if (!s)
    return;
  fc_vec_free(s->values, V_COUNT, s->ctx);
  fc_formula_free(s->a);
  fc_formula_free(s->b);
  free(s);
}

/* f, f', f'' at t_0 from the formula's series in t = t_0 + h; f by itself,
 * since a series of sqrt(1-t^2) does not exist at t = 1. */
static fc_status expand(fc_ptr f, fc_ptr df, fc_ptr d2f,
                        const fc_formula *formula, fc_srcptr t,
                        const fc_expansion *s) {
  fc_num z;
  fc_init(z, s->series);
  fc_status status = fc_formula_eval(f, formula, s->values + V_T, s->ctx);
  if (status == FC_OK)
    status = fc_formula_eval(z, formula, t, s->series);
  fc_set(df, fc_series_coeff(z, 1), s->ctx);
  fc_mul_si(d2f, fc_series_coeff(z, 2), 2, s->ctx);
  fc_clear(z, s->series);
  return status;
}

fc_status fc_expansion_set(fc_expansion *s, double time, bool from_end) {
  const fc_ctx *ctx = s->ctx;
  fc_ptr v = s->values, near = v + (from_end ? V_R : V_T),
         far = v + (from_end ? V_T : V_R);
  fc_num t, one;
  fc_init(t, s->series);
  fc_init(one, ctx);
  fc_set_d(near, time, ctx);
  fc_neg(far, near, ctx);
  fc_add_si(far, far, 1, ctx);
  fc_set_si(one, 1, ctx);
  fc_series_set_linear(t, v + V_T, one, s->series);
  fc_status status = expand(v + V_A, v + V_DA, v + V_D2A, s->a, t, s);
  if (status == FC_OK)
    status = expand(v + V_B, v + V_DB, v + V_D2B, s->b, t, s);
  fc_clear(one, ctx);
  fc_clear(t, s->series);
  return status;
}

fc_status fc_expansion_parse(fc_formula **formula, const char *string,
                             fc_error *error) {
  return fc_formula_parse(formula, string, names, V_COUNT, NULL, error);
}

fc_status fc_expansion_eval(fc_ptr z, const fc_expansion *s,
                            const fc_formula *formula) {
  fc_num value;
  fc_init(value, s->ctx);
  fc_status status = fc_formula_eval(value, formula, s->values, s->ctx);
  fc_convert(z, s->out, value, s->ctx);
  fc_clear(value, s->ctx);
  return status;
}
