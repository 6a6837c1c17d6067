#include "claims/flow_formulas.h"

#include <string.h>

void fc_flow_formulas_clear(fc_flow_formulas *f) {
  fc_formula_free(f->bound);
  fc_formula_free(f->where);
  fc_formula_free(f->late_bound);
  fc_formula_free(f->late_where);
}

fc_status fc_flow_formulas_parse(fc_flow_formulas *f, const fc_claim *claim,
                                 fc_error *error) {
  const fc_flow_bound_detail *detail = claim->detail;
  memset(f, 0, sizeof *f);
  fc_status status = FC_OK;
  if (!detail->evaluate)
    status = fc_bound_parse(&f->bound, claim->formula, error);
  if (!status && detail->where)
    status = fc_bound_parse(&f->where, detail->where, error);
  if (!status && detail->late_formula)
    status = fc_bound_parse(&f->late_bound, detail->late_formula, error);
  if (!status && detail->late_where)
    status = fc_bound_parse(&f->late_where, detail->late_where, error);
  if (status)
    fc_flow_formulas_clear(f);
  return status;
}

const char *fc_flow_formulas_missing(const fc_flow_formulas *f,
                                     const fc_target *target) {
  const char *missing = NULL;
  if (f->bound && !fc_bound_has_constants(&missing, f->bound, target))
    return missing;
  if (f->where && !fc_bound_has_constants(&missing, f->where, target))
    return missing;
  return NULL;
}

/* Outside its domain, or where a constant is missing (NaN), not positive. */
static bool positive(const fc_formula *f, const fc_environment *environment,
                     fc_ptr temp, const fc_ctx *ctx) {
  return f && fc_environment_eval(temp, environment, f) == FC_OK &&
         fc_is_positive(temp, ctx) == FC_TRUE;
}

fc_status fc_flow_formulas_eval(fc_ptr bound, fc_ptr error,
                                const fc_claim *claim,
                                const fc_flow_formulas *f,
                                const fc_environment *environment,
                                const fc_ctx *ctx) {
  const fc_flow_bound_detail *detail = claim->detail;
  fc_num temp;
  fc_init(temp, ctx);
  fc_status status = FC_OK;
  fc_set_si(error, 0, ctx);
  if (f->where && !positive(f->where, environment, temp, ctx))
    status = FC_DOMAIN;
  else if (detail->evaluate)
    status = detail->evaluate(bound, error, environment, ctx);
  else {
    bool late = positive(f->late_where, environment, temp, ctx);
    status = fc_environment_eval(bound, environment,
                                 late ? f->late_bound : f->bound);
  }
  fc_clear(temp, ctx);
  return status;
}

static bool in_order(const fc_environment *environment, const fc_ctx *ctx) {
  fc_time s[1], t[1];
  fc_time_init(s, ctx);
  fc_time_init(t, ctx);
  fc_environment_times(s, t, environment);
  bool ordered = fc_lt(t->t, s->t, ctx) != FC_TRUE;
  fc_time_clear(s, ctx);
  fc_time_clear(t, ctx);
  return ordered;
}

fc_status fc_flow_bound_value(fc_ptr z, const fc_claim *claim,
                              const fc_environment *environment,
                              const fc_ctx *ctx, fc_error *error) {
  fc_flow_formulas f[1];
  fc_num off;
  fc_status status = fc_flow_formulas_parse(f, claim, error);
  if (status)
    return status;
  fc_init(off, ctx);
  const char *missing =
      fc_flow_formulas_missing(f, fc_environment_target(environment));
  if (missing)
    status = fc_fail(error, FC_UNSUPPORTED,
                     "the target has no class constant %s, which %s needs",
                     missing, claim->name);
  else if (!in_order(environment, ctx))
    status = fc_fail(error, FC_DOMAIN,
                     "%s bounds flows from s to t, s <= t, and their inverses",
                     claim->name);
  else {
    status = fc_flow_formulas_eval(z, off, claim, f, environment, ctx);
    if (status == FC_UNSUPPORTED)
      fc_fail(error, status, "%s has no enclosure; binary64 and MPFR have it",
              claim->name);
    else if (status)
      fc_fail(error, status,
              "these times are outside the domain of %s, or what it needs is "
              "not known for this target",
              claim->name);
  }
  fc_clear(off, ctx);
  fc_flow_formulas_clear(f);
  return status;
}
