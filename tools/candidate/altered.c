#include "candidate/altered.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidate/number.h"

enum { MOST = 64 };

/* A mixture in numbers. */
typedef struct parts {
  size_t n, d;
  mpq_t *weights;
  double *means, *covariances;
  bool round; /* every covariance is a multiple of I */
} parts;

static const char *const texts[] = {
#define X(NAME, text) text,
    FC_ALTERATION_LIST(X)
#undef X
};

const char *fc_alteration_text(fc_alteration alteration) {
  return texts[alteration];
}

static void parts_clear(parts *p) {
  for (size_t k = 0; p->weights && k < p->n; k++)
    mpq_clear(p->weights[k]);
  free(p->weights);
  free(p->means);
  free(p->covariances);
}

static bool is_round(const double *covariance, size_t d) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      if (covariance[i * d + j] != (i == j ? covariance[0] : 0))
        return false;
  return true;
}

static fc_status read_component(parts *p, const fc_target *target, size_t k,
                                fc_ptr numbers, const fc_ctx *ctx) {
  size_t d = p->d;
  fc_ptr covariance = numbers + d, weight = covariance + d * d;
  fc_status status =
      fc_target_mixture_get(numbers, covariance, weight, target, k, ctx);
  for (size_t i = 0; i < d; i++)
    p->means[k * d + i] = fc_get_d(numbers + i, ctx);
  for (size_t i = 0; i < d * d; i++)
    p->covariances[k * d * d + i] = fc_get_d(covariance + i, ctx);
  p->round = p->round && is_round(p->covariances + k * d * d, d);
  if (status == FC_OK && !fc_target_weight_exact(p->weights[k], target, k))
    status = FC_UNSUPPORTED;
  return status;
}

static fc_status parts_read(parts *p, const fc_target *target) {
  fc_ctx ctx[1];
  memset(p, 0, sizeof *p);
  size_t n = fc_target_mixture_count(target), d = fc_target_dimension(target);
  if (n == 0 || n > MOST)
    return FC_UNSUPPORTED;
  fc_ctx_init_double(ctx);
  fc_ptr numbers = fc_vec_new(d + d * d + 1, ctx);
  p->weights = malloc(n * sizeof *p->weights);
  p->means = malloc(n * d * sizeof *p->means);
  p->covariances = malloc(n * d * d * sizeof *p->covariances);
  fc_status status = FC_MEMORY;
  if (numbers && p->weights && p->means && p->covariances) {
    *p = (parts){n, d, p->weights, p->means, p->covariances, true};
    for (size_t k = 0; k < n; k++)
      mpq_init(p->weights[k]);
    status = FC_OK;
  }
  for (size_t k = 0; k < n && status == FC_OK; k++)
    status = read_component(p, target, k, numbers, ctx);
  fc_vec_free(numbers, d + d * d + 1, ctx);
  return status;
}

/* --- altering --------------------------------------------------------------
 */

/* False where nothing changes. */
static bool change_weights(parts *p, fc_alteration alteration) {
  bool changed = false;
  for (size_t k = 0; k < p->n; k++)
    changed = changed || !mpq_equal(p->weights[k], p->weights[p->n - 1 - k]);
  if (alteration == FC_ALTER_BACKWARD) {
    for (size_t k = 0; k < p->n / 2; k++)
      mpq_swap(p->weights[k], p->weights[p->n - 1 - k]);
    return changed;
  }
  changed = false;
  for (size_t k = 0; k < p->n; k++) {
    changed = changed || !mpq_equal(p->weights[k], p->weights[0]);
    mpq_set_ui(p->weights[k], 1, p->n);
  }
  for (size_t k = 0; k < p->n; k++)
    mpq_canonicalize(p->weights[k]);
  return changed;
}

static bool change_widths(parts *p, bool squared) {
  bool changed = false;
  size_t size = p->d * p->d;
  for (size_t i = 0; i < p->n * size; i++) {
    double old = p->covariances[i];
    p->covariances[i] = squared ? old * old : sqrt(old);
    changed = changed || p->covariances[i] != old;
  }
  return changed && p->round;
}

static bool mirror(parts *p) {
  bool changed = false;
  for (size_t i = 0; i < p->n * p->d; i++) {
    changed = changed || p->means[i] != 0;
    p->means[i] = -p->means[i];
  }
  return changed;
}

/* --- making ----------------------------------------------------------------
 */

static fc_status constant_of(fc_formula **constant, double value) {
  fc_text text[1];
  fc_text_init(text);
  fc_number(text, value, 17);
  char *written = fc_text_take(text);
  fc_status status = FC_MEMORY;
  if (written)
    status = fc_constant_parse(constant, written, NULL, NULL);
  free(written);
  return status;
}

static fc_status weight_of(fc_formula **constant, mpq_srcptr weight) {
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  char *written = mpq_get_str(NULL, 10, weight);
  fc_status status = fc_constant_parse(constant, written, NULL, NULL);
  release(written, strlen(written) + 1);
  return status;
}

static fc_status make(fc_target **altered, const parts *p) {
  size_t n = p->n, d = p->d, spread = p->round ? 1 : d * d;
  fc_formula **all = calloc(n * (1 + d + spread), sizeof *all);
  if (!all)
    return FC_MEMORY;
  fc_formula **means = all + n, **spreads = means + n * d;
  fc_status status = FC_OK;
  for (size_t k = 0; k < n && status == FC_OK; k++)
    status = weight_of(&all[k], p->weights[k]);
  for (size_t i = 0; i < n * d && status == FC_OK; i++)
    status = constant_of(&means[i], p->means[i]);
  for (size_t i = 0; i < n * spread && status == FC_OK; i++)
    status = constant_of(&spreads[i], p->round ? sqrt(p->covariances[i * d * d])
                                               : p->covariances[i]);
  if (status == FC_OK)
    status = p->round ? fc_target_new_isotropic(altered, d, n, all, means,
                                                spreads, NULL, NULL)
                      : fc_target_new_mixture(altered, d, n, all, means,
                                              spreads, NULL, NULL);
  for (size_t i = 0; i < n * (1 + d + spread); i++)
    fc_formula_free(all[i]);
  free(all);
  return status;
}

fc_status fc_alter_target(fc_target **altered, const fc_target *target,
                          fc_alteration alteration) {
  parts p;
  bool changed = false;
  fc_status status = parts_read(&p, target);
  if (status == FC_OK) {
    if (alteration == FC_ALTER_EQUAL || alteration == FC_ALTER_BACKWARD)
      changed = change_weights(&p, alteration);
    else if (alteration == FC_ALTER_MIRRORED)
      changed = mirror(&p);
    else
      changed = change_widths(&p, alteration == FC_ALTER_SQUARED);
    status = changed ? make(altered, &p) : FC_UNSUPPORTED;
  }
  parts_clear(&p);
  return status;
}
