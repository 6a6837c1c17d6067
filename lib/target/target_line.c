/* Mixtures whose means lie on one line, seen along it. */
#include "target/target_impl.h"

#include <stdlib.h>

#include "base/text.h"

/* Some coordinate of the means of the two components certainly differs. */
static bool are_apart(const fc_target *target, size_t j, size_t k) {
  for (size_t i = 0; i < target->d; i++) {
    int sign = 0;
    if (fc_constant_compare(&sign, target->means[j * target->d + i],
                            target->means[k * target->d + i]) == FC_OK &&
        sign != 0)
      return true;
  }
  return false;
}

static void append(fc_text *text, const char *before, const fc_formula *formula,
                   const char *after) {
  char *printed = fc_formula_print(formula);
  if (printed)
    fc_text_printf(text, "%s(%s)%s", before, printed, after);
  else
    text->failed = true;
  free(printed);
}

/* s/|eta| as a constant, eta = m_tip - m_0. */
static fc_status unit_spread(fc_formula **spread, const fc_target *target,
                             size_t tip, fc_error *error) {
  size_t d = target->d;
  fc_text text[1];
  fc_text_init(text);
  append(text, target->spread_is_variance ? "sqrt" : "", target->spreads[0],
         "/sqrt(");
  for (size_t i = 0; i < d; i++) {
    append(text, i ? "+(" : "(", target->means[tip * d + i], "-");
    append(text, "", target->means[i], ")^2");
  }
  fc_text_append(text, ")");
  fc_status status = text->failed || !text->data
                         ? fc_fail(error, FC_MEMORY, "out of memory")
                         : fc_constant_parse(spread, text->data, NULL, error);
  fc_text_clear(text);
  return status;
}

/* z = m_k - m_0 in coordinate i; false where that is no visible rational. */
static bool difference(mpq_ptr z, const fc_target *target, size_t k, size_t i) {
  mpq_t first;
  mpq_init(first);
  bool rational = fc_formula_get_mpq(z, target->means[k * target->d + i]) &&
                  fc_formula_get_mpq(first, target->means[i]);
  if (rational)
    mpq_sub(z, z, first);
  mpq_clear(first);
  return rational;
}

/* c with m_k = m_0 + c (m_tip - m_0); false where there is none, or none that
 * exact arithmetic sees. */
static bool position(mpq_ptr c, const fc_target *target, size_t tip, size_t k) {
  mpq_t eta, gap;
  mpq_init(eta);
  mpq_init(gap);
  bool found = false, on_line = true;
  for (size_t i = 0; i < target->d && on_line && !found; i++) {
    on_line = difference(eta, target, tip, i) && difference(gap, target, k, i);
    if (on_line && mpq_sgn(eta) != 0) {
      mpq_div(c, gap, eta);
      found = true;
    }
  }
  for (size_t i = 0; i < target->d && on_line && found; i++) {
    on_line = difference(eta, target, tip, i) && difference(gap, target, k, i);
    if (on_line) {
      mpq_mul(eta, eta, c);
      on_line = mpq_equal(eta, gap);
    }
  }
  mpq_clear(eta);
  mpq_clear(gap);
  return found && on_line;
}

static fc_status coordinate(fc_formula **c, const fc_target *target, size_t tip,
                            size_t k) {
  if (k == 0 || k == tip)
    return fc_constant_new_si(c, k == tip, 1);
  mpq_t q;
  mpq_init(q);
  fc_status status =
      position(q, target, tip, k) ? fc_constant_new_mpq(c, q) : FC_UNSUPPORTED;
  mpq_clear(q);
  return status;
}

static fc_status make(fc_target **line, fc_formula **means,
                      fc_formula **spreads, const fc_target *target, size_t tip,
                      fc_error *error) {
  fc_status status = FC_OK;
  for (size_t k = 0; k < target->count && !status; k++) {
    status = coordinate(&means[k], target, tip, k);
    if (!status)
      status = k ? fc_formula_copy(&spreads[k], spreads[0])
                 : unit_spread(&spreads[0], target, tip, error);
  }
  return status
             ? status
             : fc_target_new_isotropic(line, 1, target->count, target->weights,
                                       means, spreads, NULL, error);
}

fc_status fc_target_line(fc_target **line, size_t *tip, const fc_target *target,
                         fc_error *error) {
  size_t count = fc_target_isotropic_count(target);
  *tip = 1;
  while (*tip < count && !are_apart(target, 0, *tip))
    ++*tip;
  if (target->d < 2 || count < 2 || *tip >= count)
    return fc_fail(error, FC_UNSUPPORTED,
                   "not several components on a line in the plane or beyond");
  fc_formula **means = calloc(count, sizeof(fc_formula *)),
             **spreads = calloc(count, sizeof(fc_formula *));
  fc_status status = means && spreads
                         ? make(line, means, spreads, target, *tip, error)
                         : fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t k = 0; k < count && means && spreads; k++) {
    fc_formula_free(means[k]);
    fc_formula_free(spreads[k]);
  }
  free(means);
  free(spreads);
  return status == FC_UNSUPPORTED
             ? fc_fail(error, status, "the means lie on no line, visibly")
             : status;
}
