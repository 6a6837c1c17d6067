#include "claims/bound_formulas.h"

#include <string.h>

void fc_bound_formulas_clear(fc_bound_formulas *f) {
  fc_formula_free(f->bound);
  fc_formula_free(f->where);
  fc_formula_free(f->late_bound);
  fc_formula_free(f->late_where);
}

fc_status fc_bound_formulas_parse(fc_bound_formulas *f, const char *bound,
                                  const char *where, const char *late_bound,
                                  const char *late_where, fc_error *error) {
  const struct {
    fc_formula **formula;
    const char *text;
  } parts[] = {{&f->bound, bound},
               {&f->where, where},
               {&f->late_bound, late_bound},
               {&f->late_where, late_where}};
  memset(f, 0, sizeof *f);
  fc_status status = FC_OK;
  for (int i = 0; i < 4 && !status; i++)
    if (parts[i].text)
      status = fc_bound_parse(parts[i].formula, parts[i].text, error);
  if (status)
    fc_bound_formulas_clear(f);
  return status;
}

/* Where a constant is missing (NaN), not positive. */
static bool positive(const fc_formula *f, const fc_environment *environment,
                     const fc_ctx *ctx) {
  fc_num z;
  fc_init(z, ctx);
  bool answer = fc_environment_eval(z, environment, f) == FC_OK &&
                fc_is_positive(z, ctx) == FC_TRUE;
  fc_clear(z, ctx);
  return answer;
}

bool fc_bound_formulas_apply(const fc_bound_formulas *f,
                             const fc_environment *environment,
                             const fc_ctx *ctx) {
  return !f->where || positive(f->where, environment, ctx);
}

fc_status fc_bound_formulas_eval(fc_ptr z, const fc_bound_formulas *f,
                                 const fc_environment *environment,
                                 const fc_ctx *ctx) {
  if (!fc_bound_formulas_apply(f, environment, ctx))
    return FC_DOMAIN;
  bool late = f->late_where && positive(f->late_where, environment, ctx);
  return fc_environment_eval(z, environment, late ? f->late_bound : f->bound);
}
