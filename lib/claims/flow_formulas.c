#include "claims/flow_formulas.h"

fc_status fc_flow_formulas_parse(fc_bound_formulas *f, const fc_claim *claim,
                                 fc_error *error) {
  const fc_flow_bound_detail *detail = claim->detail;
  return fc_bound_formulas_parse(f, detail->evaluate ? NULL : claim->formula,
                                 detail->where, detail->late_formula,
                                 detail->late_where, error);
}

const char *fc_flow_formulas_missing(const fc_bound_formulas *f,
                                     const fc_target *target) {
  const char *missing = NULL;
  if (f->bound && !fc_bound_has_constants(&missing, f->bound, target))
    return missing;
  if (f->where && !fc_bound_has_constants(&missing, f->where, target))
    return missing;
  return NULL;
}

fc_status fc_flow_formulas_eval(fc_ptr bound, fc_ptr error,
                                const fc_claim *claim,
                                const fc_bound_formulas *f,
                                const fc_environment *environment,
                                const fc_ctx *ctx) {
  const fc_flow_bound_detail *detail = claim->detail;
  fc_set_si(error, 0, ctx);
  if (!detail->evaluate)
    return fc_bound_formulas_eval(bound, f, environment, ctx);
  return fc_bound_formulas_apply(f, environment, ctx)
             ? detail->evaluate(bound, error, environment, ctx)
             : FC_DOMAIN;
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
  fc_bound_formulas f[1];
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
  fc_bound_formulas_clear(f);
  return status;
}
