/* What the tests of lib/target share: targets written down as text, and
 * posteriors evaluated at exact points. */
#ifndef FC_CHECKS_TARGETS_H
#define FC_CHECKS_TARGETS_H

#include <stdio.h>
#include <string.h>

#include "formula/piecewise.h"
#include "numbers.h"
#include "target/posterior.h"

/* --- targets from text --------------------------------------------------- */

#define MAX_NUMBERS 512

/* Numbers of a target, parsed from text with blanks between them. */
typedef struct constants {
  fc_formula *list[MAX_NUMBERS];
  size_t count;
} constants;

static inline fc_formula *constant_of(const char *text) {
  fc_formula *formula = NULL;
  fc_error error;
  if (fc_constant_parse(&formula, text, NULL, &error))
    ck_abort_msg("%s: %s", text, error.message);
  return formula;
}

static inline void constants_init(constants *c, const char *text) {
  char copy[8192], *rest = copy;
  c->count = 0;
  if (!text)
    return;
  ck_assert_uint_lt(strlen(text), sizeof copy);
  strcpy(copy, text);
  for (char *word = strtok_r(copy, " ", &rest); word;
       word = strtok_r(NULL, " ", &rest)) {
    ck_assert_uint_lt(c->count, MAX_NUMBERS);
    c->list[c->count++] = constant_of(word);
  }
}

static inline void constants_clear(constants *c) {
  for (size_t i = 0; i < c->count; i++)
    fc_formula_free(c->list[i]);
}

/* weights NULL: equal */
static inline fc_status try_isotropic(fc_target **target, size_t d,
                                      const char *weights, const char *means,
                                      const char *stddevs, long *culprit,
                                      fc_error *error) {
  constants w, m, s;
  constants_init(&w, weights);
  constants_init(&m, means);
  constants_init(&s, stddevs);
  ck_assert_uint_eq(m.count, s.count * d);
  fc_status status =
      fc_target_new_isotropic(target, d, s.count, weights ? w.list : NULL,
                              m.list, s.list, culprit, error);
  constants_clear(&w);
  constants_clear(&m);
  constants_clear(&s);
  return status;
}

static inline fc_status try_mixture(fc_target **target, size_t d,
                                    const char *weights, const char *means,
                                    const char *covariances, long *culprit,
                                    fc_error *error) {
  constants w, m, s;
  constants_init(&w, weights);
  constants_init(&m, means);
  constants_init(&s, covariances);
  ck_assert_uint_eq(m.count * d, s.count);
  fc_status status =
      fc_target_new_mixture(target, d, m.count / d, weights ? w.list : NULL,
                            m.list, s.list, culprit, error);
  constants_clear(&w);
  constants_clear(&m);
  constants_clear(&s);
  return status;
}

/* Per piece five words: weight mean stddev lower upper; "-" for none. */
static inline fc_status try_pieces(fc_target **target, const char *text,
                                   long *culprit, fc_error *error) {
  char copy[2048], *rest = copy;
  fc_piece pieces[16];
  size_t words = 0;
  memset(pieces, 0, sizeof pieces);
  strcpy(copy, text);
  for (char *word = strtok_r(copy, " ", &rest); word;
       word = strtok_r(NULL, " ", &rest), words++) {
    fc_piece *piece = pieces + words / 5;
    fc_formula **const fields[5] = {&piece->weight, &piece->mean,
                                    &piece->stddev, &piece->lower,
                                    &piece->upper};
    if (strcmp(word, "-") != 0)
      *fields[words % 5] = constant_of(word);
  }
  ck_assert_uint_eq(words % 5, 0);
  fc_status status =
      fc_target_new_pieces(target, words / 5, pieces, culprit, error);
  for (size_t j = 0; j < words / 5; j++) {
    fc_formula_free(pieces[j].weight);
    fc_formula_free(pieces[j].mean);
    fc_formula_free(pieces[j].stddev);
    fc_formula_free(pieces[j].lower);
    fc_formula_free(pieces[j].upper);
  }
  return status;
}

#define CHECKED(call)                                                          \
  do {                                                                         \
    fc_error error_;                                                           \
    if (call)                                                                  \
      ck_abort_msg("%s", error_.message);                                      \
  } while (0)

static inline fc_target *isotropic(size_t d, const char *weights,
                                   const char *means, const char *stddevs) {
  fc_target *target = NULL;
  CHECKED(try_isotropic(&target, d, weights, means, stddevs, NULL, &error_));
  return target;
}

static inline fc_target *mixture(size_t d, const char *weights,
                                 const char *means, const char *covariances) {
  fc_target *target = NULL;
  CHECKED(try_mixture(&target, d, weights, means, covariances, NULL, &error_));
  return target;
}

static inline fc_target *pieces(const char *text) {
  fc_target *target = NULL;
  CHECKED(try_pieces(&target, text, NULL, &error_));
  return target;
}

/* exp(-potential); lower, upper NULL: infinite. */
static inline fc_status try_density(fc_target **target, const char *text,
                                    const char *lower, const char *upper,
                                    long *culprit, fc_error *error) {
  static const char *const names[] = {"x"};
  fc_formula *potential = NULL, *low = lower ? constant_of(lower) : NULL,
             *high = upper ? constant_of(upper) : NULL;
  CHECKED(fc_formula_parse(&potential, text, names, 1, NULL, &error_));
  fc_status status =
      fc_target_new_density(target, potential, low, high, culprit, error);
  fc_formula_free(potential);
  fc_formula_free(low);
  fc_formula_free(high);
  return status;
}

/* Through a copy, so that copying is tested, too. */
static inline fc_target *density(const char *text, const char *lower,
                                 const char *upper) {
  fc_target *target = NULL, *copy = NULL;
  CHECKED(try_density(&target, text, lower, upper, NULL, &error_));
  ck_assert_int_eq(fc_target_copy(&copy, target), FC_OK);
  fc_target_free(target);
  return copy;
}

/* Consumes its factors. */
static inline fc_target *product(fc_target *first, fc_target *second) {
  const fc_target *factors[2] = {first, second};
  fc_target *target = NULL;
  CHECKED(fc_target_new_product(&target, 2, factors, &error_));
  fc_target_free(first);
  fc_target_free(second);
  return target;
}

/* One of every kind, for tests that go through all of them. */
#define ZOO_SIZE 12

static inline fc_target *zoo(size_t i) {
  switch (i) {
  case 0:
    return isotropic(1, NULL, "-3/2 3/2", "1/2 1/2");
  case 1:
    return isotropic(1, "1/2 1/3 1/6", "-1 1/3 2", "1/2 1 1/5");
  case 2:
    return isotropic(2, "1/8 3/8 1/2", "-1 0 1 1/2 0 3/4", "1/3 1/3 1/3");
  case 3:
    return mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5");
  case 4:
    return mixture(3, NULL, "1 2 -1/2", "2 1/2 0 1/2 1 1/4 0 1/4 1/2");
  case 5:
    return isotropic(1, "1/4 3/4", "-1 1", "0 0");
  case 6:
    return pieces("1 - - 0 1");
  case 7:
    return pieces("1 1/2 3/4 -1/4 2");
  case 8:
    return pieces("1/2 -1 1 0 - 1/2 1 1 - 0");
  case 9:
    return pieces("1/4 - - -2 -1 3/4 1/3 1/2 -1/2 3");
  case 10:
    return product(isotropic(1, NULL, "-3/2 3/2", "1/2 1/2"),
                   pieces("1 - - 0 1"));
  default:
    return product(
        mixture(2, "1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5"),
        isotropic(1, "1/2 1/2", "0 1", "1/2 1/4"));
  }
}

/* --- posteriors at points ------------------------------------------------ */

#define EVERYTHING 127

/* A posterior with its point, all in one context. */
typedef struct probe {
  fc_ctx ctx;
  size_t d;
  fc_posterior *posterior;
  const fc_posterior_value *value;
  fc_ptr a, b, x; /* x: d numbers */
} probe;

static inline void probe_init(probe *p, const fc_target *target,
                              const fc_ctx *ctx) {
  p->ctx = *ctx;
  p->d = fc_target_dimension(target);
  CHECKED(fc_posterior_new(&p->posterior, target, ctx, &error_));
  p->value = fc_posterior_values(p->posterior);
  p->a = fc_vec_new(2 + p->d, ctx);
  p->b = p->a + 1;
  p->x = p->a + 2;
}

static inline void probe_clear(probe *p) {
  fc_posterior_free(p->posterior);
  fc_vec_free(p->a, 2 + p->d, &p->ctx);
}

/* point: a, b, x_1, ..., x_d as exact binary numbers */
static inline void probe_at(probe *p, mpfr_t *point, unsigned want) {
  for (size_t i = 0; i < 2 + p->d; i++)
    fc_set_mpfr(p->a + i, point[i], &p->ctx);
  ck_assert_int_eq(fc_posterior_eval(p->posterior, p->a, p->b, p->x, want),
                   FC_OK);
}

/* The same at constants: "a b x_1 ... x_d". */
static inline void probe_text(probe *p, const char *point, unsigned want) {
  constants c;
  constants_init(&c, point);
  ck_assert_uint_eq(c.count, 2 + p->d);
  for (size_t i = 0; i < c.count; i++) {
    fc_num t;
    const fc_ctx *base = p->ctx.kind == FC_SERIES ? p->ctx.base : &p->ctx;
    fc_init(t, base);
    ck_assert_int_eq(fc_constant_eval(t, c.list[i], base), FC_OK);
    fc_convert(p->a + i, &p->ctx, t, base);
    fc_clear(t, base);
  }
  constants_clear(&c);
  ck_assert_int_eq(fc_posterior_eval(p->posterior, p->a, p->b, p->x, want),
                   FC_OK);
}

/* All results as one vector, with names for messages. */
static inline size_t result_count(size_t d) { return 4 * d + 2 * d * d + 1; }

static inline fc_srcptr result(const probe *p, size_t i, const char **name) {
  size_t d = p->d;
  const struct {
    const char *name;
    fc_srcptr at;
    size_t count;
  } parts[] = {{"mean", p->value->mean, d},
               {"covariance", p->value->covariance, d * d},
               {"third", p->value->third, d},
               {"log density", p->value->log_density, 1},
               {"score", p->value->score, d},
               {"score Jacobian", p->value->score_jacobian, d * d},
               {"score third", p->value->score_third, d}};
  for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
    if (i < parts[k].count) {
      *name = parts[k].name;
      return parts[k].at + i;
    }
    i -= parts[k].count;
  }
  ck_abort_msg("no such result");
  return NULL;
}

/* |x - y| <= 2^-bits max(|y|, floor): fails the test with all digits. */
static inline void expect_close(fc_srcptr x, const fc_ctx *xctx, fc_srcptr y,
                                const fc_ctx *yctx, long bits, double floor,
                                const char *what) {
  mpfr_t got, wanted, gap, size;
  mpfr_inits2(2000, got, wanted, gap, size, (mpfr_ptr)0);
  fc_get_mid(got, x, xctx);
  fc_get_mid(wanted, y, yctx);
  mpfr_sub(gap, got, wanted, MPFR_RNDU);
  mpfr_abs(gap, gap, MPFR_RNDU);
  mpfr_abs(size, wanted, MPFR_RNDD);
  if (mpfr_cmp_d(size, floor) < 0)
    mpfr_set_d(size, floor, MPFR_RNDD);
  mpfr_mul_2si(size, size, -bits, MPFR_RNDD);
  bool close = mpfr_lessequal_p(gap, size);
  if (!close) {
    char *left = fc_print_mpfr(got, 50), *right = fc_print_mpfr(wanted, 50);
    ck_abort_msg("%s: got %s, wanted %s (to %ld bits)", what, left, right,
                 bits);
  }
  mpfr_clears(got, wanted, gap, size, (mpfr_ptr)0);
}

/* A tilted normal law, from its log-ratio as text. */
static inline fc_target *tilted_by(const char *text) {
  static const char *const names[] = {"x"};
  fc_formula *formula = NULL;
  fc_piecewise f;
  fc_target *target = NULL;
  CHECKED(fc_formula_parse(&formula, text, names, 1, NULL, &error_));
  CHECKED(fc_piecewise_init(&f, formula, &error_));
  CHECKED(fc_target_new_tilted(&target, &f, NULL, NULL, &error_));
  fc_piecewise_clear(&f);
  fc_formula_free(formula);
  return target;
}

#endif
