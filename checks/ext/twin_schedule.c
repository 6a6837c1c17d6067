#include "ext/twin_schedule.h"

#include <stdlib.h>

#include "base/text.h"

/* *text = the value at t = 0 of a formula in t, as an exact constant. */
static fc_status start_text(char **text, const char *formula_text) {
  static const char *const names[] = {"t"};
  fc_formula *formula = NULL, *zero = NULL, *start = NULL;
  fc_status status =
      fc_formula_parse(&formula, formula_text, names, 1, NULL, NULL);
  if (status == FC_OK)
    status = fc_constant_new_si(&zero, 0, 1);
  if (status == FC_OK)
    status = fc_formula_substitute(&start, formula, "t", zero, NULL);
  if (status == FC_OK) {
    *text = fc_formula_print(start);
    status = *text ? FC_OK : FC_MEMORY;
  }
  fc_formula_free(formula);
  fc_formula_free(zero);
  fc_formula_free(start);
  return status;
}

static fc_status start_texts(char **a, char **b, const fc_schedule *schedule) {
  fc_status status = start_text(a, fc_schedule_text_a(schedule));
  return status ? status : start_text(b, fc_schedule_text_b(schedule));
}

fc_status fc_twin_schedule_new(fc_schedule **twin, const fc_schedule *schedule,
                               bool stretch) {
  char *a = NULL, *b = NULL;
  fc_text text_a[1], text_b[1];
  fc_text_init(text_a);
  fc_text_init(text_b);
  fc_status status = start_texts(&a, &b, schedule);
  if (status == FC_OK) {
    fc_text_printf(text_a, "%s(%s)*(1-t^2)", stretch ? "5/4*" : "", a);
    fc_text_printf(text_b, "(%s)*(1-t)+t", b);
    if (text_a->failed || text_b->failed)
      status = FC_MEMORY;
  }
  if (status == FC_OK) {
    const fc_schedule_parameter parameters[] = {
        {.key = "a", .text = text_a->data}, {.key = "b", .text = text_b->data}};
    status = fc_schedule_new(twin, "custom", parameters, 2, NULL, NULL);
  }
  fc_text_clear(text_a);
  fc_text_clear(text_b);
  free(a);
  free(b);
  return status;
}

/* The root, from u a_0 and b_0. */
static void solve(fc_time *time, fc_srcptr ua, fc_srcptr b, const fc_ctx *ctx) {
  fc_num slope, root, temp; /* slope = 1 - b_0 */
  fc_init(slope, ctx);
  fc_init(root, ctx);
  fc_init(temp, ctx);
  fc_neg(slope, b, ctx);
  fc_add_si(slope, slope, 1, ctx);
  fc_sub(temp, ua, b, ctx);
  fc_mul(root, ua, temp, ctx);
  fc_mul_si(root, root, 4, ctx);
  fc_addmul(root, slope, slope, ctx);
  fc_sqrt(root, root, ctx);
  fc_add(root, root, slope, ctx); /* t = 2 (u a_0 - b_0)/(slope + root) */
  fc_mul_si(temp, temp, 2, ctx);
  fc_div(time->t, temp, root, ctx);
  fc_neg(time->r, time->t, ctx);
  fc_add_si(time->r, time->r, 1, ctx);
  fc_clear(slope, ctx);
  fc_clear(root, ctx);
  fc_clear(temp, ctx);
}

fc_status fc_twin_time(fc_time *time, fc_srcptr u, const fc_schedule *schedule,
                       const fc_ctx *ctx) {
  fc_schedule_value at[1];
  fc_time start[1];
  fc_num ua;
  fc_schedule_value_init(at, ctx);
  fc_time_init(start, ctx);
  fc_init(ua, ctx);
  fc_time_set_d(start, 0, false, ctx);
  fc_status status = fc_schedule_eval(at, schedule, start, false, ctx);
  fc_mul(ua, u, at->a, ctx);
  if (status == FC_OK)
    solve(time, ua, at->b, ctx);
  fc_clear(ua, ctx);
  fc_time_clear(start, ctx);
  fc_schedule_value_clear(at, ctx);
  return status;
}
