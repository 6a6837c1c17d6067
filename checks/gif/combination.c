#include "gif/combination.h"

void fc_largest(fc_ptr z, fc_srcptr x, size_t count, const fc_ctx *ctx) {
  fc_num size;
  fc_init(size, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < count && fc_is_finite(z, ctx); i++) {
    fc_abs(size, x + i, ctx);
    if (!fc_is_finite(size, ctx) || fc_cmp_mid(size, z, ctx) > 0)
      fc_set(z, size, ctx);
  }
  fc_clear(size, ctx);
}

/* scale (not finite as soon as one term is not) = max_k |coefficient of
 * quantity k| size_k; the coefficient is the formula's value where that
 * quantity is 1 and the others are 0. */
static fc_status largest_term(fc_ptr scale, fc_workspace *w,
                              const fc_formula *formula,
                              const fc_quantity *quantities, fc_ptr values,
                              size_t count) {
  fc_status status = FC_OK;
  fc_num term;
  fc_init(term, w->ctx);
  for (size_t k = 0; k < count && fc_is_finite(scale, w->ctx); k++) {
    fc_vec_zero(values, count, w->ctx);
    fc_set_si(values + k, 1, w->ctx);
    status = fc_environment_eval_further(term, w->environment, formula, values,
                                         count);
    if (status)
      break;
    fc_abs(term, term, w->ctx);
    fc_mul(term, term, quantities[k].size, w->ctx);
    if (!fc_is_finite(term, w->ctx) || fc_cmp_mid(term, scale, w->ctx) > 0)
      fc_set(scale, term, w->ctx);
  }
  fc_clear(term, w->ctx);
  return status;
}

static fc_status combine(fc_ptr right, size_t length, fc_ptr scale,
                         fc_workspace *w, const fc_formula *formula,
                         const fc_quantity *quantities, size_t count) {
  fc_ptr values = fc_vec_new(count, w->ctx);
  if (!values)
    return FC_MEMORY;
  fc_status status = FC_OK;
  for (size_t i = 0; i < length && status == FC_OK; i++) {
    for (size_t k = 0; k < count; k++)
      fc_set(values + k, quantities[k].entries + i, w->ctx);
    status = fc_environment_eval_further(right + i, w->environment, formula,
                                         values, count);
  }
  if (status == FC_OK)
    status = largest_term(scale, w, formula, quantities, values, count);
  fc_vec_free(values, count, w->ctx);
  return status;
}

fc_status fc_combine(fc_ptr right, size_t length, fc_ptr scale, fc_workspace *w,
                     const char *text, const fc_quantity *quantities,
                     size_t count) {
  const char *names[FC_FURTHER_NAMES];
  fc_formula *formula = NULL;
  if (count > FC_FURTHER_NAMES)
    return FC_LIMIT;
  for (size_t k = 0; k < count; k++)
    names[k] = quantities[k].name;
  fc_status status = fc_bound_parse_further(&formula, text, names, count, NULL);
  if (status == FC_OK)
    status = combine(right, length, scale, w, formula, quantities, count);
  fc_formula_free(formula);
  return status;
}
