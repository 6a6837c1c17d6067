/* The velocity field against references made without the library
 * (data/references/velocity.py), closed forms, its own second form, series
 * arithmetic and balls. */
#include <math.h>

#include "fields.h"
#include "references.h"

/* --- the references --------------------------------------------------------
 */

enum { FIELDS = 9 };

typedef struct reference {
  char line[REFERENCE_LINE];
  char *kind, *dimension, *target, *schedule, *time, *x;
  char *values[3]; /* v, grad v, d/dt v */
} reference;

/* The next line; false at the end. */
static bool next_reference(reference *r, FILE *file) {
  char *parts[FIELDS];
  if (!next_fields(parts, FIELDS, r->line, file))
    return false;
  r->kind = parts[0];
  r->dimension = parts[1];
  r->target = parts[2];
  r->schedule = parts[3];
  r->time = parts[4];
  r->x = parts[5];
  for (int i = 0; i < 3; i++)
    r->values[i] = parts[6 + i];
  return true;
}

static fc_target *target_of(const reference *r) {
  return target_of_fields(r->kind, r->dimension, r->target);
}

static const char *const parts_of_value[] = {"v", "grad v", "d/dt v"};

/* |got - wanted| <= 10^-48 max(|wanted|, 10^-20), beyond the ball's radius; an
 * indeterminate ball contains everything. */
static void expect_reference(fc_srcptr got, const char *wanted,
                             const reference *r, int part, const fc_ctx *ctx) {
  mpfr_t mid, rad, value, gap;
  mpfr_inits2(1200, mid, rad, value, gap, (mpfr_ptr)0);
  ck_assert_int_eq(mpfr_set_str(value, wanted, 10, MPFR_RNDN), 0);
  fc_get_mid(mid, got, ctx);
  fc_get_rad(rad, got, ctx);
  mpfr_sub(gap, mid, value, MPFR_RNDN);
  mpfr_abs(gap, gap, MPFR_RNDN);
  if (!mpfr_nan_p(rad))
    mpfr_sub(gap, gap, rad, MPFR_RNDN);
  mpfr_abs(value, value, MPFR_RNDN);
  mpfr_mul_d(value, value, 1e-48, MPFR_RNDN);
  if (mpfr_cmp_d(value, 1e-68) < 0)
    mpfr_set_d(value, 1e-68, MPFR_RNDN);
  bool indeterminate = mpfr_inf_p(rad) && mpfr_sgn(rad) > 0;
  if (!indeterminate && !mpfr_lessequal_p(gap, value)) {
    char *text = fc_print_mpfr(mid, 50);
    ck_abort_msg("%s of %s %s under %s at t = %s, x = %s:\n  got    %s\n"
                 "  wanted %s",
                 parts_of_value[part], r->kind, r->target, r->schedule, r->time,
                 r->x, text, wanted);
  }
  mpfr_clears(mid, rad, value, gap, (mpfr_ptr)0);
}

/* Compares everything that the line has with what the field says now. */
static void compare(const reference *r, const field *f) {
  size_t index = 0;
  for (int part = 0; part < 3; part++) {
    char copy[REFERENCE_LINE], *rest = copy;
    strcpy(copy, r->values[part]);
    if (strcmp(copy, "-") == 0)
      continue;
    for (char *word = strtok_r(copy, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest))
      expect_reference(rate(f, index++), word, r, part, f->ctx);
  }
}

static bool is_last(const reference *r) { return strcmp(r->time, "1") == 0; }

/* b = 0: the score form does not exist. */
static bool starts_at_zero(const field *f) {
  return fc_is_zero(fc_velocity_schedule(f->velocity)->b, f->ctx) == FC_TRUE;
}

static unsigned wants(const reference *r) {
  return strcmp(r->values[2], "-") == 0 ? FC_VELOCITY | FC_VELOCITY_JACOBIAN
                                        : EVERY_RATE;
}

static void compare_form(const reference *r, field *f, fc_velocity_form form) {
  fc_velocity_set_form(f->velocity, form);
  field_time(f, r->time);
  if (form == FC_FORM_SCORE && starts_at_zero(f))
    return;
  field_point(f, r->x, wants(r));
  compare(r, f);
}

static size_t through_references(const fc_ctx *ctx,
                                 const fc_velocity_form *forms, size_t count) {
  reference r[1];
  size_t lines = 0;
  FILE *file = open_references("velocity");
  for (; next_reference(r, file); lines++) {
    field f[1];
    field_init(f, target_of(r), r->schedule, ctx);
    for (size_t i = 0; i < count; i++)
      if (forms[i] != FC_FORM_MOMENTS || !is_last(r))
        compare_form(r, f, forms[i]);
    field_clear(f);
  }
  fclose(file);
  return lines;
}

START_TEST(references_in_mpfr) {
  static const fc_velocity_form forms[] = {FC_FORM_AUTO, FC_FORM_MOMENTS,
                                           FC_FORM_SCORE};
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 900);
  ck_assert_uint_gt(through_references(ctx, forms, 3), 600);
}
END_TEST

/* Balls contain the references at every precision, however low. */
START_TEST(references_in_balls) {
  static const fc_velocity_form forms[] = {FC_FORM_AUTO, FC_FORM_MOMENTS,
                                           FC_FORM_SCORE};
  static const long precisions[] = {53, 128, 900};
  fc_ctx ctx[1];
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, precisions[_i], NULL), FC_OK);
  ck_assert_uint_gt(through_references(ctx, forms, 3), 600);
}
END_TEST

/* ... and with enough bits they are small, in the form that is chosen. */
START_TEST(balls_become_small) {
  reference r[1];
  fc_ctx ctx[1];
  mpfr_t rad;
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, 900, NULL), FC_OK);
  mpfr_init2(rad, 53);
  FILE *file = open_references("velocity");
  while (next_reference(r, file)) {
    field f[1];
    field_init(f, target_of(r), r->schedule, ctx);
    field_time(f, r->time);
    field_point(f, r->x, wants(r));
    for (size_t i = 0; i < f->d + f->d * f->d; i++) {
      fc_get_rad(rad, rate(f, i), ctx);
      ck_assert_msg(mpfr_cmp_d(rad, 1e-60) <= 0,
                    "%s under %s at t = %s, x = %s: radius %g", r->target,
                    r->schedule, r->time, r->x, mpfr_get_d(rad, MPFR_RNDU));
    }
    field_clear(f);
  }
  fclose(file);
  mpfr_clear(rad);
}
END_TEST

/* binary64 keeps nine digits of v on mixtures away from the last 1e-6. */
START_TEST(references_in_double) {
  reference r[1];
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  FILE *file = open_references("velocity");
  while (next_reference(r, file)) {
    if (strcmp(r->kind, "piece") == 0 || strchr(r->time, '^'))
      continue;
    field f[1];
    field_init(f, target_of(r), r->schedule, ctx);
    field_time(f, r->time);
    field_point(f, r->x, FC_VELOCITY);
    char *rest = r->values[0];
    double norm = 1;
    for (size_t i = 0; i < f->d; i++)
      norm = fmax(norm, fabs(fc_get_d(f->x + i, ctx)));
    for (size_t i = 0; i < f->d; i++) {
      double wanted = strtod(rest, &rest), got = fc_get_d(rate(f, i), ctx);
      ck_assert_msg(fabs(got - wanted) <= 1e-9 * (fabs(wanted) + norm),
                    "%s under %s at t = %s, x = %s: got %.17g, wanted %.17g",
                    r->target, r->schedule, r->time, r->x, got, wanted);
    }
    field_clear(f);
  }
  fclose(file);
}
END_TEST

/* --- closed forms ------------------------------------------------------------
 */

/* N(m, s^2): v = b' m + (a a' + s^2 b b')/V (x - b m), V = a^2 + s^2 b^2, and
 * so grad v; d/dt v under `linear` by hand:
 *   with g = (s^2 t - r)/V, r = 1 - t:  d/dt v = g' (x - t m) - g m,
 *   g' = (s^2 + 1)/V - g (2 s^2 t - 2 r)/V. */
START_TEST(gaussian_by_hand) {
  fc_ctx ctx[1];
  field f[1];
  fc_num V, g, v, s2, temp;
  fc_ctx_init_mpfr(ctx, 300);
  fc_init(V, ctx);
  fc_init(g, ctx);
  fc_init(v, ctx);
  fc_init(s2, ctx);
  fc_init(temp, ctx);
  field_init(f, isotropic(1, NULL, "5/4", "1/3"), every_schedule[_i], ctx);
  static const char *const times[] = {"1/1000", "2/7", "1/2", "6/7", "1"};
  for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
    field_time(f, times[k]);
    field_point(f, "-9/2", FC_VELOCITY | FC_VELOCITY_JACOBIAN);
    const fc_schedule_value *at = fc_velocity_schedule(f->velocity);
    fc_set_si(s2, 1, ctx);
    fc_div_si(s2, s2, 9, ctx);
    fc_sqr(V, at->b, ctx);
    fc_mul(V, V, s2, ctx);
    fc_addmul(V, at->a, at->a, ctx);
    fc_mul(g, at->b, at->db, ctx);
    fc_mul(g, g, s2, ctx);
    fc_add(g, g, at->ada, ctx);
    fc_div(g, g, V, ctx);
    expect_close(f->value->jacobian, ctx, g, ctx, 250, 1e-30, times[k]);
    fc_mul_si(temp, at->b, 5, ctx); /* b m = 5 b/4 */
    fc_div_si(temp, temp, 4, ctx);
    fc_sub(temp, f->x, temp, ctx);
    fc_mul(v, g, temp, ctx);
    fc_mul_si(temp, at->db, 5, ctx);
    fc_div_si(temp, temp, 4, ctx);
    fc_add(v, v, temp, ctx);
    expect_close(f->value->velocity, ctx, v, ctx, 250, 1e-30, times[k]);
  }
  field_clear(f);
  fc_clear(V, ctx);
  fc_clear(g, ctx);
  fc_clear(v, ctx);
  fc_clear(s2, ctx);
  fc_clear(temp, ctx);
}
END_TEST

/* N(1, 1/4) under linear at t = 2/5, x = 3: V = 9/25 + 1/25 = 2/5, g = (1/10 -
 * 3/5)/V = -5/4, v = 1 - (5/4)(3 - 2/5) = -9/4, g' = (5/4)/V + (5/4)(1/5 -
 * 6/5)/V = 0, d/dt v = -g m = 5/4. */
START_TEST(gaussian_in_fractions) {
  static const char *const wanted[] = {"-9/4", "-5/4", "5/4"};
  contexts c;
  contexts_init(&c, 128);
  for (size_t k = 0; k < (fc_have_arb() ? 3 : 2); k++) {
    field f[1];
    field_init(f, isotropic(1, NULL, "1", "1/2"), "linear", &c.list[k]);
    for (int form = FC_FORM_AUTO; form <= FC_FORM_SCORE; form++) {
      fc_velocity_set_form(f->velocity, (fc_velocity_form)form);
      field_time(f, "2/5");
      field_point(f, "3", EVERY_RATE);
      for (size_t i = 0; i < 3; i++) {
        fc_num y;
        fc_formula *constant = constant_of(wanted[i]);
        fc_init(y, f->ctx);
        ck_assert_int_eq(fc_constant_eval(y, constant, f->ctx), FC_OK);
        expect_close(rate(f, i), f->ctx, y, f->ctx, k == 0 ? 45 : 115, 1,
                     c.names[k]);
        fc_formula_free(constant);
        fc_clear(y, f->ctx);
      }
    }
    field_clear(f);
  }
}
END_TEST

/* --- the two forms, and series
 * ------------------------------------------------
 */

static const char *zoo_point(size_t d) {
  return d == 1 ? "3/7" : d == 2 ? "3/7 -5/8" : "3/7 -5/8 1/9";
}

/* For every kind of target with a density both forms agree. */
START_TEST(forms_agree) {
  static const char *const times[] = {"1/4096", "1/3", "9/10", "4095/4096"};
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 500);
  for (size_t s = 0; s < SCHEDULE_COUNT; s++) {
    field f[1], g[1];
    fc_target *target = zoo((size_t)_i);
    if (!fc_target_has_density(target)) {
      fc_target_free(target);
      return;
    }
    field_init(f, target, every_schedule[s], ctx);
    field_init(g, zoo((size_t)_i), every_schedule[s], ctx);
    fc_velocity_set_form(f->velocity, FC_FORM_MOMENTS);
    fc_velocity_set_form(g->velocity, FC_FORM_SCORE);
    for (size_t k = 0; k < sizeof times / sizeof *times; k++) {
      field_time(f, times[k]);
      field_time(g, times[k]);
      field_point(f, zoo_point(f->d), EVERY_RATE);
      field_point(g, zoo_point(f->d), EVERY_RATE);
      for (size_t i = 0; i < rate_count(f->d); i++)
        expect_close(rate(f, i), ctx, rate(g, i), ctx, 350, 1e-6, times[k]);
    }
    field_clear(f);
    field_clear(g);
  }
}
END_TEST

/* Evaluates v along t_0 + h (index d) or x_j + h and compares its first
 * coefficient with the derivative that the field states. */
static void compare_slope(const field *plain, const field *series, size_t i,
                          size_t entry, const char *what) {
  fc_srcptr slope = fc_series_coeff_src(series->value->velocity + i, 1);
  expect_close(slope, plain->ctx, rate(plain, entry), plain->ctx, 330, 1e-6,
               what);
}

START_TEST(derivatives_by_series) {
  fc_ctx ctx[1], sctx[1];
  fc_ctx_init_mpfr(ctx, 500);
  fc_ctx_init_series(sctx, ctx, 2);
  for (size_t s = 0; s < SCHEDULE_COUNT; s++) {
    field f[1], g[1];
    fc_num one, zero;
    fc_init(one, ctx);
    fc_init(zero, ctx);
    fc_set_si(one, 1, ctx);
    field_init(f, zoo((size_t)_i), every_schedule[s], ctx);
    field_init(g, zoo((size_t)_i), every_schedule[s], sctx);
    field_time(f, "5/16");
    field_point(f, zoo_point(f->d), EVERY_RATE);
    for (size_t j = 0; j <= f->d; j++) { /* j = d: along t */
      fc_time_set_series(g->time, f->time, sctx);
      for (size_t i = 0; i < f->d; i++)
        fc_series_set_linear(g->x + i, f->x + i, i == j ? one : zero, sctx);
      if (j < f->d) {
        fc_num_struct *coefficients[] = {fc_series_coeff(g->time->t, 1),
                                         fc_series_coeff(g->time->r, 1)};
        fc_set_si(coefficients[0], 0, ctx);
        fc_set_si(coefficients[1], 0, ctx);
      }
      ck_assert_int_eq(fc_velocity_set_time(g->velocity, g->time), FC_OK);
      field_eval(g, FC_VELOCITY);
      for (size_t i = 0; i < f->d; i++)
        compare_slope(f, g, i,
                      j < f->d ? f->d + i * f->d + j : f->d + f->d * f->d + i,
                      every_schedule[s]);
    }
    field_clear(f);
    field_clear(g);
    fc_clear(one, ctx);
    fc_clear(zero, ctx);
  }
}
END_TEST

/* The limit does not exist: no number comes out, at any form. */
START_TEST(no_limit_no_number) {
  static const struct {
    const char *schedule, *x;
  } nowhere[] = {{"linear", "2"},
                 {"linear", "0"},
                 {"follmer", "-1"},
                 {"ve", "3/2"},
                 {"vp-sde", "7"}};
  contexts c;
  contexts_init(&c, 128);
  for (size_t k = 0; k < (fc_have_arb() ? 3 : 2); k++)
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
      field f[1];
      field_init(f, pieces("1 - - 0 1"), nowhere[i].schedule, &c.list[k]);
      field_time(f, "1");
      field_point(f, nowhere[i].x, FC_VELOCITY | FC_VELOCITY_JACOBIAN);
      ck_assert_msg(!fc_is_finite(f->value->velocity, f->ctx),
                    "%s: v(1, %s) in %s", nowhere[i].schedule, nowhere[i].x,
                    c.names[k]);
      field_clear(f);
    }
}
END_TEST

int main(void) {
  Suite *suite = suite_create("velocity");
  TCase *slow = tcase_create("references"), *rest = tcase_create("relations");
  tcase_set_timeout(slow, 200);
  tcase_set_timeout(rest, 100);
  tcase_add_test(slow, references_in_mpfr);
  tcase_add_loop_test(slow, references_in_balls, 0, 3);
  tcase_add_test(slow, balls_become_small);
  tcase_add_test(slow, references_in_double);
  tcase_add_loop_test(rest, gaussian_by_hand, 0, SCHEDULE_COUNT);
  tcase_add_test(rest, gaussian_in_fractions);
  tcase_add_loop_test(rest, forms_agree, 0, ZOO_SIZE);
  tcase_add_loop_test(rest, derivatives_by_series, 0, ZOO_SIZE);
  tcase_add_test(rest, no_limit_no_number);
  suite_add_tcase(suite, slow);
  suite_add_tcase(suite, rest);
  return run_suite(suite);
}
