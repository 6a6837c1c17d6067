#include "proof/case.h"

#include <stdlib.h>
#include <string.h>

/* --- cases ---------------------------------------------------------------- */

/* A condition is written with a positive leading coefficient, so that both
 * sides of a split have one text. */
static fc_status write_condition(fc_certificate_case *to,
                                 const fc_rational *condition,
                                 const fc_ring *ring) {
  fc_rational x;
  fmpz_t lead;
  int sign = 1;
  fmpz_init(lead);
  fc_rational_init(&x, ring);
  fc_rational_set(&x, condition, ring);
  if (!fc_rational_is_zero(&x, ring)) {
    fmpz_mpoly_get_term_coeff_fmpz(lead, x.top, 0, ring->ctx);
    if (fmpz_sgn(lead) < 0) {
      fc_rational_neg(&x, &x, ring);
      sign = -1;
    }
  }
  char *text = fc_rational_print(&x, ring);
  fc_status status =
      text ? fc_certificate_case_condition(to, text, sign) : FC_MEMORY;
  free(text);
  fmpz_clear(lead);
  fc_rational_clear(&x, ring);
  return status;
}

static fc_status write_conditions(fc_certificate_case *to,
                                  const fc_case_texts *texts,
                                  const fc_ring *ring) {
  fc_status status = FC_OK;
  if (texts->late_where)
    status = fc_certificate_case_condition(to, texts->late_where,
                                           texts->late ? 1 : -1);
  for (long i = texts->first; i < texts->domain->count && status == FC_OK; i++)
    status = write_condition(to, &texts->domain->items[i].value, ring);
  return status;
}

/* "3/8" */
static fc_status write_leaf(fc_certificate_cover *cover, const fc_leaf *leaf) {
  char ends[2][48];
  for (unsigned i = 0; i < 2; i++) {
    unsigned long top = leaf->index + i;
    int depth = leaf->depth;
    while (depth > 0 && top % 2 == 0) {
      top /= 2;
      depth--;
    }
    if (depth > 0)
      snprintf(ends[i], sizeof ends[i], "%lu/%lu", top, 1ul << depth);
    else
      snprintf(ends[i], sizeof ends[i], "%lu", top);
  }
  return fc_certificate_cover_leaf(
      cover, ends[0], ends[1], leaf->outside ? FC_LEAF_OUTSIDE : FC_LEAF_SIGN);
}

static fc_status write_cover(fc_certificate_case *to, size_t index,
                             const fc_sign_factor *factor) {
  fc_certificate_cover *cover;
  fc_status status = fc_certificate_case_cover(&cover, to, index);
  for (size_t i = 0; i < factor->leaf_count && status == FC_OK; i++)
    status = write_leaf(cover, &factor->leaves[i]);
  return status;
}

static fc_certificate_why why_of(const fc_sign_factor *factor) {
  switch (factor->why) {
  case FC_BY_POWER:
    return FC_WHY_EVEN;
  case FC_BY_DOMAIN:
    return FC_WHY_DOMAIN;
  case FC_BY_COVER:
    return FC_WHY_COVER;
  case FC_BY_TERMS:
    break;
  }
  return FC_WHY_POSITIVE;
}

static fc_status write_factor(fc_certificate_case *to,
                              const fc_sign_factor *factor,
                              const fc_ring *ring) {
  char *text = fc_polynomial_print(factor->text, ring);
  size_t index = to->factor_count;
  fc_status status =
      text ? fc_certificate_case_factor(to, text, factor->power, factor->sign,
                                        why_of(factor))
           : FC_MEMORY;
  free(text);
  if (status == FC_OK && factor->why == FC_BY_COVER)
    status = write_cover(to, index, factor);
  return status;
}

fc_status fc_case_write(fc_certificate *certificate, const fc_case_texts *texts,
                        const fc_model *model, const fc_sign_proof *sign,
                        size_t block, const fc_ring *ring) {
  fc_certificate_case *to;
  if (!certificate)
    return FC_OK;
  fc_status status =
      fc_certificate_add_case(&to, certificate, model->text, model->argument);
  if (status)
    return status;
  to->block = block;
  to->gap_sign = sign->identity ? 1 : sign->sign;
  status = write_conditions(to, texts, ring);
  for (long i = 0; i < sign->count && status == FC_OK; i++)
    status = write_factor(to, &sign->factors[i], ring);
  return status;
}

/* --- atoms ------------------------------------------------------------------
 */

static fc_status write_atom(fc_certificate *certificate, const char *name,
                            const char *text) {
  for (size_t i = 0; i < certificate->atom_count; i++)
    if (strcmp(certificate->atoms[i].name, name) == 0)
      return strcmp(certificate->atoms[i].text, text) == 0 ? FC_OK : FC_LIMIT;
  return fc_certificate_add_atom(certificate, name, text);
}

fc_status fc_case_write_atoms(fc_certificate *certificate,
                              const fc_ring *ring) {
  fc_status status = FC_OK;
  for (long i = 0; certificate && i < ring->count && status == FC_OK; i++) {
    fc_symbol_kind kind = ring->symbols[i].kind;
    if (kind == FC_SYMBOL_PLAIN || kind == FC_SYMBOL_CONSTANT)
      continue;
    char *text = fc_atom_print(i, ring);
    status =
        text ? write_atom(certificate, ring->symbols[i].name, text) : FC_MEMORY;
    free(text);
  }
  return status;
}

/* --- constants --------------------------------------------------------------
 */

enum { DIGITS = 50 };

static fc_status write_number(fc_certificate *certificate, const char *name,
                              mpfr_srcptr value) {
  mpq_t q;
  mpq_init(q);
  mpfr_get_q(q, value);
  char *text = mpq_get_str(NULL, 10, q);
  fc_status status =
      text ? fc_certificate_add_constant(certificate, name, text, NULL, NULL)
           : FC_MEMORY;
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  if (text)
    release(text, strlen(text) + 1);
  mpq_clear(q);
  return status;
}

/* mid as decimal digits, rad such that [lower, upper] lies within rad of what
 * the digits say: a twentieth more than needed, for its own three digits. */
static fc_status write_enclosure(fc_certificate *certificate, const char *name,
                                 const fc_interval *x) {
  mpfr_t mid, rad, other;
  mpfr_inits2(320, mid, rad, other, (mpfr_ptr)0);
  mpfr_add(mid, x->lower, x->upper, MPFR_RNDN);
  mpfr_div_2ui(mid, mid, 1, MPFR_RNDN);
  char *middle = fc_print_mpfr(mid, DIGITS), *radius = NULL;
  fc_status status = FC_MEMORY;
  if (middle && mpfr_set_str(mid, middle, 10, MPFR_RNDN) == 0) {
    mpfr_sub(rad, x->upper, mid, MPFR_RNDU);
    mpfr_sub(other, mid, x->lower, MPFR_RNDU);
    mpfr_max(rad, rad, other, MPFR_RNDU);
    mpfr_abs(other, mid, MPFR_RNDU); /* what reading the digits rounds */
    mpfr_div_2ui(other, other, 300, MPFR_RNDU);
    mpfr_add(rad, rad, other, MPFR_RNDU);
    mpfr_mul_ui(rad, rad, 21, MPFR_RNDU);
    mpfr_div_ui(rad, rad, 20, MPFR_RNDU);
    radius = fc_print_mpfr(rad, 3);
    if (radius)
      status =
          fc_certificate_add_constant(certificate, name, NULL, middle, radius);
  }
  free(middle);
  free(radius);
  mpfr_clears(mid, rad, other, (mpfr_ptr)0);
  return status;
}

static fc_status write_all(fc_certificate *certificate, const fc_target *law,
                           size_t block) {
  fc_status status = FC_OK;
  fc_interval value;
  fc_interval_init(&value, 256);
  for (int i = 0; i < FC_CLASS_NAMES && status == FC_OK; i++) {
    char name[FC_RING_LONGEST];
    if (!fc_class_value(&value, law, &fc_class_names[i]))
      continue;
    if (block)
      snprintf(name, sizeof name, "%s_%zu", fc_class_names[i].name, block);
    else
      snprintf(name, sizeof name, "%s", fc_class_names[i].name);
    status = mpfr_equal_p(value.lower, value.upper)
                 ? write_number(certificate, name, value.lower)
                 : write_enclosure(certificate, name, &value);
  }
  fc_interval_clear(&value);
  return status;
}

fc_status fc_case_write_constants(fc_certificate *certificate,
                                  const fc_target *target) {
  if (!certificate)
    return FC_OK;
  fc_status status = write_all(certificate, target, 0);
  for (size_t i = 0; i < fc_target_factor_count(target) && status == FC_OK; i++)
    status = write_all(certificate, fc_target_factor(target, i), i + 1);
  return status;
}

/* --- moving -----------------------------------------------------------------
 */

#define SWAP(type, x, y)                                                       \
  do {                                                                         \
    type kept = (x);                                                           \
    (x) = (y);                                                                 \
    (y) = kept;                                                                \
  } while (0)

void fc_case_move(fc_certificate *to, fc_certificate *from) {
  SWAP(fc_certificate_name *, to->atoms, from->atoms);
  SWAP(size_t, to->atom_count, from->atom_count);
  SWAP(fc_certificate_constant *, to->constants, from->constants);
  SWAP(size_t, to->constant_count, from->constant_count);
  SWAP(fc_certificate_case *, to->cases, from->cases);
  SWAP(size_t, to->case_count, from->case_count);
  to->kind = from->kind;
  to->precision = from->precision;
  to->of_covariance = from->of_covariance;
}
