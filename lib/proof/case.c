#include "proof/case.h"

#include <stdlib.h>
#include <string.h>

#include "proof/factor.h"

/* --- cases ---------------------------------------------------------------- */

/* A condition is printed with a positive leading coefficient, so that both
 * sides of a split have one text: sign*text >= 0. */
static char *printed_condition(int *sign, const fc_rational *condition,
                               const fc_ring *ring) {
  fc_rational x;
  fmpz_t lead;
  fmpz_init(lead);
  fc_rational_init(&x, ring);
  fc_rational_set(&x, condition, ring);
  *sign = 1;
  if (!fc_rational_is_zero(&x, ring)) {
    fmpz_mpoly_get_term_coeff_fmpz(lead, x.top, 0, ring->ctx);
    if (fmpz_sgn(lead) < 0) {
      fc_rational_neg(&x, &x, ring);
      *sign = -1;
    }
  }
  char *text = fc_rational_print(&x, ring);
  fmpz_clear(lead);
  fc_rational_clear(&x, ring);
  return text;
}

static fc_status write_condition(fc_certificate_case *to,
                                 const fc_rational *condition,
                                 const fc_ring *ring) {
  int sign;
  char *text = printed_condition(&sign, condition, ring);
  fc_status status =
      text ? fc_certificate_case_condition(to, text, sign) : FC_MEMORY;
  free(text);
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

/* The text and sign of the i-th condition of the domain: sign*text >= 0. */
static char *condition_text(int *sign, const fc_case_texts *texts, long i,
                            const fc_ring *ring) {
  *sign = 1;
  if (i >= texts->first)
    return printed_condition(sign, &texts->domain->items[i].value, ring);
  if (texts->where && i == 0)
    return fc_strdup(texts->where);
  *sign = texts->late ? 1 : -1;
  return fc_strdup(texts->late_where);
}

/* Where x is in the product, to the power 1 or -1, and the signs of all others
 * are evident; else -1. */
static long position(const fc_product *product, const fmpz_mpoly_t x,
                     const fc_ring *ring) {
  long at = -1;
  for (long i = 0; i < product->count; i++) {
    long power = product->items[i].power;
    if (fmpz_mpoly_equal(product->items[i].text, x, ring->ctx))
      at = power == 1 || power == -1 ? i : -1;
    else if (!fc_sign_evident(product->items[i].text, ring))
      return -1;
  }
  return at;
}

/* x^power as the condition, which is known by its text, over its other factors.
 */
static fc_status write_by_condition(fc_certificate_case *to,
                                    const fc_product *product, long at,
                                    long power, const fc_case_texts *texts,
                                    long condition, const fc_ring *ring) {
  int sign;
  long n = power * product->items[at].power;
  char *text = condition_text(&sign, texts, condition, ring);
  fc_status status =
      text ? fc_certificate_case_factor(to, text, n, sign, FC_WHY_DOMAIN)
           : FC_MEMORY;
  free(text);
  if (n % 2 != 0)
    to->gap_sign *= sign * product->sign;
  for (long i = 0; i < product->count && status == FC_OK; i++) {
    const fmpz_mpoly_struct *x = product->items[i].text;
    if (i == at)
      continue;
    text = fc_polynomial_print(x, ring);
    status = text ? fc_certificate_case_factor(
                        to, text, -n * product->items[i].power,
                        fc_sign_evident(x, ring), FC_WHY_POSITIVE)
                  : FC_MEMORY;
    free(text);
  }
  return status;
}

/* *written: the domain has a condition by which it can be written. */
static fc_status write_domain_factor(bool *written, fc_certificate_case *to,
                                     const fc_sign_factor *factor,
                                     const fc_case_texts *texts,
                                     const fc_ring *ring) {
  fc_status status = FC_OK;
  *written = false;
  for (long i = 0; i < texts->domain->count && status == FC_OK && !*written;
       i++) {
    fc_product product[1];
    const fc_rational *value = &texts->domain->items[i].value;
    if (fc_rational_is_zero(value, ring) ||
        fc_product_of(product, value, ring) != FC_OK)
      continue;
    long at = position(product, factor->text, ring);
    *written = at >= 0;
    if (*written)
      status =
          write_by_condition(to, product, at, factor->power, texts, i, ring);
    fc_product_clear(product, ring);
  }
  return status;
}

static fc_status write_factor(fc_certificate_case *to,
                              const fc_sign_factor *factor,
                              const fc_ring *ring) {
  char *text = fc_polynomial_print(factor->text, ring);
  size_t index = to->factor_count;
  fc_certificate_why why =
      factor->why == FC_BY_COVER ? FC_WHY_COVER : FC_WHY_POSITIVE;
  fc_status status = text ? fc_certificate_case_factor(to, text, factor->power,
                                                       factor->sign, why)
                          : FC_MEMORY;
  free(text);
  if (status == FC_OK && why == FC_WHY_COVER)
    status = write_cover(to, index, factor);
  return status;
}

fc_status fc_case_write(bool *recheckable, fc_certificate *certificate,
                        const fc_case_texts *texts, const fc_model *model,
                        const fc_sign_proof *sign, size_t block,
                        const fc_ring *ring) {
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
  for (long i = 0; i < sign->count && status == FC_OK; i++) {
    const fc_sign_factor *factor = &sign->factors[i];
    bool written = factor->why != FC_BY_POWER;
    status = factor->why == FC_BY_DOMAIN
                 ? write_domain_factor(&written, to, factor, texts, ring)
                 : write_factor(to, factor, ring);
    *recheckable = *recheckable && written;
  }
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

/* log x as log(1 + (x^2 - 1))/2: where x^2 - 1 is a square of something simple,
 * intervals see that it is >= 0. */
static char *logarithm_text(const fc_rational *x, const fc_ring *ring) {
  fc_rational square, one;
  fc_text text[1];
  fc_ring *own = (fc_ring *)ring;
  fc_rational_init(&square, ring);
  fc_rational_init(&one, ring);
  fc_rational_pow(&one, x, 0, own);
  fc_rational_pow(&square, x, 2, own);
  fc_rational_sub(&square, &square, &one, own);
  char *inside = fc_rational_print(&square, ring);
  fc_text_init(text);
  if (inside)
    fc_text_printf(text, "log(1+%s)/2", inside);
  free(inside);
  fc_rational_clear(&square, ring);
  fc_rational_clear(&one, ring);
  return fc_text_take(text);
}

fc_status fc_case_write_atoms(fc_certificate *certificate,
                              const fc_ring *ring) {
  fc_status status = FC_OK;
  for (long i = 0; certificate && i < ring->count && status == FC_OK; i++) {
    fc_symbol_kind kind = ring->symbols[i].kind;
    if (kind == FC_SYMBOL_PLAIN || kind == FC_SYMBOL_CONSTANT)
      continue;
    char *text = kind == FC_SYMBOL_LOG
                     ? logarithm_text(&ring->symbols[i].argument, ring)
                     : fc_atom_print(i, ring);
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
                              const fc_interval *value) {
  char *text = fc_interval_lower_text(value);
  fc_status status =
      text ? fc_certificate_add_constant(certificate, name, text, NULL, NULL)
           : FC_MEMORY;
  free(text);
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
                 ? write_number(certificate, name, &value)
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
  to->quantity = from->quantity;
}
