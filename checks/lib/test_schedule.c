/* Unit tests of lib/schedule.
 *
 * Judges: the formulas of Table 1 written out below and evaluated at 3000 bits
 * with MPFR, their derivatives by series arithmetic and by central differences,
 * the definitions of the fused quantities, enclosures against points. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "schedule/schedule.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define JUDGE 3000

/* --- the schedules under test and Table 1 by hand ----------------------- */

typedef void judge(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t);

/* a = n/d (1-t) */
static void scaled(mpfr_ptr a, mpfr_srcptr t, unsigned long n,
                   unsigned long d) {
  mpfr_ui_sub(a, 1, t, MPFR_RNDN);
  mpfr_mul_ui(a, a, n, MPFR_RNDN);
  mpfr_div_ui(a, a, d, MPFR_RNDN);
}

/* y = sqrt(1-x^2) */
static void complement(mpfr_ptr y, mpfr_srcptr x) {
  mpfr_sqr(y, x, MPFR_RNDN);
  mpfr_ui_sub(y, 1, y, MPFR_RNDN);
  mpfr_sqrt(y, y, MPFR_RNDN);
}

static void judge_ve(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  scaled(a, t, 2, 1);
  mpfr_set_ui(b, 1, MPFR_RNDN);
}

static void judge_ve3(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  scaled(a, t, 1, 3);
  mpfr_set_ui(b, 1, MPFR_RNDN);
}

static void judge_vp(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  scaled(a, t, 99, 100);
  complement(b, a);
}

static void judge_vp2(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  mpfr_set_ui(b, 2, MPFR_RNDN);
  mpfr_sqrt(b, b, MPFR_RNDN);
  mpfr_ui_sub(a, 1, t, MPFR_RNDN);
  mpfr_div(a, a, b, MPFR_RNDN);
  complement(b, a);
}

static void judge_linear(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  scaled(a, t, 1, 1);
  mpfr_set(b, t, MPFR_RNDN);
}

static void judge_follmer(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  complement(a, t);
  mpfr_set(b, t, MPFR_RNDN);
}

static void judge_trigonometric(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  mpfr_const_pi(b, MPFR_RNDN);
  mpfr_div_ui(b, b, 2, MPFR_RNDN);
  mpfr_mul(b, b, t, MPFR_RNDN);
  mpfr_sin_cos(b, a, b, MPFR_RNDN);
}

static void judge_shifted(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  scaled(a, t, 10, 11);
  mpfr_ui_sub(b, 1, a, MPFR_RNDN);
}

/* log b = -r^2 (beta_max-beta_min)/4 - r beta_min/2, here over 40 */
static void vp_sde(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t, unsigned long square,
                   unsigned long plain) {
  mpfr_ui_sub(a, 1, t, MPFR_RNDN);
  mpfr_mul_ui(b, a, square, MPFR_RNDN);
  mpfr_add_ui(b, b, plain, MPFR_RNDN);
  mpfr_mul(b, b, a, MPFR_RNDN);
  mpfr_div_si(b, b, -40, MPFR_RNDN);
  mpfr_exp(b, b, MPFR_RNDN);
  complement(a, b);
}

static void judge_vp_sde(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  vp_sde(a, b, t, 199, 2);
}

static void judge_vp_sde0(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  vp_sde(a, b, t, 10, 0);
}

static void judge_vp_sde_flat(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  vp_sde(a, b, t, 0, 60);
}

/* a = (1-t)^2 (1+t), b = t^2 (3-2t) */
static void judge_smooth(mpfr_ptr a, mpfr_ptr b, mpfr_srcptr t) {
  mpfr_ui_sub(a, 1, t, MPFR_RNDN);
  mpfr_sqr(a, a, MPFR_RNDN);
  mpfr_add_ui(b, t, 1, MPFR_RNDN);
  mpfr_mul(a, a, b, MPFR_RNDN);
  mpfr_mul_2ui(b, t, 1, MPFR_RNDN);
  mpfr_ui_sub(b, 3, b, MPFR_RNDN);
  mpfr_mul(b, b, t, MPFR_RNDN);
  mpfr_mul(b, b, t, MPFR_RNDN);
}

static const struct {
  const char *text;
  judge *table;
  bool custom;
} cases[] = {
    {"ve", judge_ve, false},
    {"ve:a0=1/3", judge_ve3, false},
    {"vp", judge_vp, false},
    {"vp:a0=sqrt(2)/2", judge_vp2, false},
    {"linear", judge_linear, false},
    {"follmer", judge_follmer, false},
    {"trigonometric", judge_trigonometric, false},
    {"shifted-linear:zeta=1/10", judge_shifted, false},
    {"shifted-linear:zeta=0", judge_linear, false},
    {"vp-sde", judge_vp_sde, false},
    {"vp-sde:beta_min=0,beta_max=1", judge_vp_sde0, false},
    {"vp-sde:beta_min=3,beta_max=3", judge_vp_sde_flat, false},
    {"custom:a=1-t,b=t", judge_linear, true},
    {"custom:a=sqrt(1-t^2),b=t", judge_follmer, true},
    {"custom:a=cos(pi*t/2),b=sin(pi*t/2)", judge_trigonometric, true},
    {"custom:a=(1-t)^2*(1+t),b=t^2*(3-2*t)", judge_smooth, true},
};

static fc_schedule *parse(const char *text) {
  fc_schedule *schedule = NULL;
  fc_error error;
  fc_status status = fc_schedule_parse(&schedule, text, &error);
  ck_assert_msg(status == FC_OK, "%s: %s", text, error.message);
  return schedule;
}

/* --- times -------------------------------------------------------------- */

/* x = t, or 1 - t where from_end; dyadic with few bits, so exact */
static const struct {
  double x;
  bool from_end;
} times[] = {{0x1p-100, false},   {0x1.8p-40, false},   {0x1.1p-20, false},
             {0x1.5p-7, false},   {0.140625, false},    {0.3125, false},
             {0.4375, false},     {0.53125, false},     {0.65625, false},
             {0.8125, false},     {0x1.9p-4, true},     {0x1.3p-9, true},
             {0x1.bp-20, true},   {0x1.7p-50, true},    {0x1p-100, true},
             {0x1.44p-100, true}, {0x1.44p-100, false}, {0x1p-300, true}};

#define POINT_COUNT (sizeof times / sizeof times[0])

/* --- what the judge says ------------------------------------------------ */

enum {
  A,
  B,
  DA,
  DB,
  D2A,
  D2B,
  ADA,
  DADA,
  OMEGA,
  AOMEGA,
  RHO2,
  RHO,
  THETA,
  ALL
};

static const char *const field_names[ALL] = {
    "a",    "b",     "da",     "db",   "d2a", "d2b",  "ada",
    "dada", "omega", "aomega", "rho2", "rho", "theta"};

static fc_srcptr field(const fc_schedule_value *v, int which) {
  const fc_srcptr all[ALL] = {v->a,    v->b,   v->da,   v->db,    v->d2a,
                              v->d2b,  v->ada, v->dada, v->omega, v->aomega,
                              v->rho2, v->rho, v->theta};
  return all[which];
}

/* Central differences with h = 2^-700 of the table's a and b: right to h^2
 * relative to third derivatives, which stay below 2^900 at the times above;
 * rounding: 2^-3000/h^2. */
static void differences(mpfr_t *z, judge *table, mpfr_srcptr t) {
  mpfr_t h, s, a[3], b[3];
  mpfr_inits2(JUDGE, h, s, a[0], a[1], a[2], b[0], b[1], b[2], NULL);
  mpfr_set_ui_2exp(h, 1, -1000, MPFR_RNDN);
  for (int i = 0; i < 3; i++) {
    mpfr_mul_si(s, h, i - 1, MPFR_RNDN);
    mpfr_add(s, s, t, MPFR_RNDN);
    table(a[i], b[i], s);
  }
  mpfr_set(z[A], a[1], MPFR_RNDN);
  mpfr_set(z[B], b[1], MPFR_RNDN);
  mpfr_sub(z[DA], a[2], a[0], MPFR_RNDN);
  mpfr_sub(z[DB], b[2], b[0], MPFR_RNDN);
  mpfr_mul_2si(z[DA], z[DA], 999, MPFR_RNDN);
  mpfr_mul_2si(z[DB], z[DB], 999, MPFR_RNDN);
  mpfr_sub(z[D2A], a[2], a[1], MPFR_RNDN);
  mpfr_sub(z[D2A], z[D2A], a[1], MPFR_RNDN);
  mpfr_add(z[D2A], z[D2A], a[0], MPFR_RNDN);
  mpfr_mul_2si(z[D2A], z[D2A], 2000, MPFR_RNDN);
  mpfr_sub(z[D2B], b[2], b[1], MPFR_RNDN);
  mpfr_sub(z[D2B], z[D2B], b[1], MPFR_RNDN);
  mpfr_add(z[D2B], z[D2B], b[0], MPFR_RNDN);
  mpfr_mul_2si(z[D2B], z[D2B], 2000, MPFR_RNDN);
  mpfr_clears(h, s, a[0], a[1], a[2], b[0], b[1], b[2], NULL);
}

/* z = p q + r s (signs: the sign of the second product) */
static void two_products(mpfr_ptr z, mpfr_srcptr p, mpfr_srcptr q, int sign,
                         mpfr_srcptr r, mpfr_srcptr s) {
  if (sign > 0)
    mpfr_fmma(z, p, q, r, s, MPFR_RNDN);
  else
    mpfr_fmms(z, p, q, r, s, MPFR_RNDN);
}

/* Every field from the definitions. */
static void judge_all(mpfr_t *z, judge *table, mpfr_srcptr t) {
  differences(z, table, t);
  mpfr_mul(z[ADA], z[A], z[DA], MPFR_RNDN);
  two_products(z[DADA], z[DA], z[DA], 1, z[A], z[D2A]);
  two_products(z[OMEGA], z[A], z[DB], -1, z[DA], z[B]);
  mpfr_mul(z[AOMEGA], z[A], z[OMEGA], MPFR_RNDN);
  two_products(z[RHO2], z[A], z[A], 1, z[B], z[B]);
  mpfr_hypot(z[RHO], z[A], z[B], MPFR_RNDN);
  mpfr_atan2(z[THETA], z[B], z[A], MPFR_RNDN);
}

static void point(mpfr_ptr t, size_t i) {
  mpfr_set_d(t, times[i].x, MPFR_RNDN);
  if (times[i].from_end)
    mpfr_ui_sub(t, 1, t, MPFR_RNDN);
}

/* |x - y| <= 2^-bits |y|, with a floor: quantities that are zero, and b'' of
 * vp-sde and (a a')' beside their zeros, are judged against `floor`. */
static bool close_to(mpfr_srcptr x, mpfr_srcptr y, double floor, long bits) {
  mpfr_t d, s;
  mpfr_inits2(64, d, s, NULL);
  mpfr_sub(d, x, y, MPFR_RNDA);
  mpfr_abs(d, d, MPFR_RNDN);
  mpfr_abs(s, y, MPFR_RNDN);
  if (mpfr_cmp_d(s, floor) < 0)
    mpfr_set_d(s, floor, MPFR_RNDN);
  mpfr_mul_2si(s, s, -bits, MPFR_RNDN);
  bool close = mpfr_number_p(x) && mpfr_lessequal_p(d, s);
  mpfr_clears(d, s, NULL);
  return close;
}

/* What counts as zero: the judge itself is right to about 2^-900; b'' and
 * (a a')' of vp-sde have zeros inside and are judged by their larger term. */
static double floor_of(size_t c, int which) {
  if (strncmp(cases[c].text, "vp-sde", 6) == 0 &&
      (which == D2B || which == DADA))
    return 0.5;
  return 0x1p-600;
}

/* --- values against the judge ------------------------------------------- */

static void check_point(const fc_ctx *ctx, size_t c, size_t i, long bits) {
  fc_schedule *schedule = parse(cases[c].text);
  mpfr_t t, got, expected[ALL];
  mpfr_inits2(JUDGE, t, got, NULL);
  for (int k = 0; k < ALL; k++)
    mpfr_init2(expected[k], JUDGE);
  point(t, i);
  judge_all(expected, cases[c].table, t);
  fc_schedule_value value;
  fc_time time;
  fc_schedule_value_init(&value, ctx);
  fc_time_init(&time, ctx);
  fc_time_set_d(&time, times[i].x, times[i].from_end, ctx);
  ck_assert_int_eq(fc_schedule_eval(&value, schedule, &time, true, ctx), FC_OK);
  for (int k = 0; k < ALL; k++) {
    fc_get_mid(got, field(&value, k), ctx);
    if (!close_to(got, expected[k], floor_of(c, k), bits))
      mpfr_printf("got      %.60Rg\nexpected %.60Rg\n", got, expected[k]);
    ck_assert_msg(close_to(got, expected[k], floor_of(c, k), bits),
                  "%s: %s at %s%a, %ld bits", cases[c].text, field_names[k],
                  times[i].from_end ? "1-" : "", times[i].x, bits);
  }
  fc_time_clear(&time, ctx);
  fc_schedule_value_clear(&value, ctx);
  mpfr_clears(t, got, NULL);
  for (int k = 0; k < ALL; k++)
    mpfr_clear(expected[k]);
  fc_schedule_free(schedule);
}

/* A few units in the last place: 4 bits for all of them. */
START_TEST(doubles_are_right_to_a_few_ulps) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  for (size_t i = 0; i < POINT_COUNT; i++)
    check_point(ctx, (size_t)_i, i, 53 - 4);
}
END_TEST

START_TEST(mpfr_is_right_to_a_few_ulps) {
  const long precisions[] = {53, 128, 400};
  for (size_t p = 0; p < COUNT(precisions); p++) {
    fc_ctx ctx[1];
    fc_ctx_init_mpfr(ctx, precisions[p]);
    for (size_t i = 0; i < POINT_COUNT; i++)
      check_point(ctx, (size_t)_i, i, precisions[p] - 4);
  }
}
END_TEST

static void check_containment(const fc_ctx *ctx, size_t c, size_t i) {
  fc_schedule *schedule = parse(cases[c].text);
  mpfr_t t, mid, rad, expected[ALL];
  mpfr_inits2(JUDGE, t, mid, rad, NULL);
  for (int k = 0; k < ALL; k++)
    mpfr_init2(expected[k], JUDGE);
  point(t, i);
  judge_all(expected, cases[c].table, t);
  fc_schedule_value value;
  fc_time time;
  fc_schedule_value_init(&value, ctx);
  fc_time_init(&time, ctx);
  fc_time_set_d(&time, times[i].x, times[i].from_end, ctx);
  ck_assert_int_eq(fc_schedule_eval(&value, schedule, &time, true, ctx), FC_OK);
  for (int k = 0; k < ALL; k++) {
    fc_get_enclosure(mid, rad, field(&value, k), ctx);
    ck_assert_msg(
        close_to(mid, expected[k], floor_of(c, k), ctx->precision - 8),
        "%s: %s at %s%a is wide", cases[c].text, field_names[k],
        times[i].from_end ? "1-" : "", times[i].x);
    mpfr_sub(mid, mid, expected[k], MPFR_RNDN);
    mpfr_abs(expected[k], expected[k], MPFR_RNDN);
    mpfr_add_d(expected[k], expected[k], 0x1p-600, MPFR_RNDN);
    mpfr_mul_2si(expected[k], expected[k], -320, MPFR_RNDN);
    mpfr_add(rad, rad, expected[k], MPFR_RNDU); /* the judge's own error */
    ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0, "%s: %s at %s%a", cases[c].text,
                  field_names[k], times[i].from_end ? "1-" : "", times[i].x);
  }
  fc_time_clear(&time, ctx);
  fc_schedule_value_clear(&value, ctx);
  mpfr_clears(t, mid, rad, NULL);
  for (int k = 0; k < ALL; k++)
    mpfr_clear(expected[k]);
  fc_schedule_free(schedule);
}

START_TEST(balls_contain_the_truth) {
  fc_ctx ctx[1];
  if (fc_ctx_init_arb(ctx, 128, NULL) != FC_OK)
    return;
  for (size_t i = 0; i < POINT_COUNT; i++)
    check_containment(ctx, (size_t)_i, i);
}
END_TEST

/* --- series ------------------------------------------------------------- */

/* d/dt of a, b, a', b', a a', a omega ... in series arithmetic must be what the
 * closed forms of the derivatives say: pairs (field, its derivative). */
static const int derivative_of[][2] = {
    {A, DA}, {B, DB}, {DA, D2A}, {DB, D2B}, {ADA, DADA}};

START_TEST(series_know_the_derivatives) {
  fc_ctx base[1], ctx[1];
  fc_ctx_init_mpfr(base, 200);
  fc_ctx_init_series(ctx, base, 3);
  fc_schedule *schedule = parse(cases[_i].text);
  mpfr_t x, y;
  mpfr_inits2(200, x, y, NULL);
  for (size_t i = 3; i < 12; i++) {
    fc_schedule_value value;
    fc_time at, time;
    fc_time_init(&at, base);
    fc_time_init(&time, ctx);
    fc_schedule_value_init(&value, ctx);
    fc_time_set_d(&at, times[i].x, times[i].from_end, base);
    fc_time_set_series(&time, &at, ctx);
    ck_assert_int_eq(fc_schedule_eval(&value, schedule, &time, true, ctx),
                     FC_OK);
    for (size_t k = 0; k < COUNT(derivative_of); k++) {
      fc_srcptr f = field(&value, derivative_of[k][0]);
      fc_srcptr d = field(&value, derivative_of[k][1]);
      for (long n = 0; n < 2; n++) {
        fc_get_mid(x, fc_series_coeff_src(f, n + 1), base);
        mpfr_mul_si(x, x, n + 1, MPFR_RNDN);
        fc_get_mid(y, fc_series_coeff_src(d, n), base);
        ck_assert_msg(close_to(x, y, 1e-3, 160), "%s: (%s)' at %zu, order %ld",
                      cases[_i].text, field_names[derivative_of[k][0]], i, n);
      }
    }
    fc_time_clear(&at, base);
    fc_time_clear(&time, ctx);
    fc_schedule_value_clear(&value, ctx);
  }
  mpfr_clears(x, y, NULL);
  fc_schedule_free(schedule);
}
END_TEST

/* --- ends --------------------------------------------------------------- */

/* Text: a number, inf or -inf; NULL: not checked. */
static const struct {
  const char *text;
  const char *at0[AOMEGA + 1];
  const char *at1[AOMEGA + 1];
} ends[] = {
    /* a b a' b' a'' b'' aa' (aa')' omega a*omega */
    {"ve",
     {"2", "1", "-2", "0", "0", "0", "-4", "4", "2", "4"},
     {"0", "1", "-2", "0", "0", "0", "0", "4", "2", "0"}},
    {"vp:a0=3/5",
     {"0.6", "0.8", "-0.6", "0.45", "0", "-0.703125", "-0.36", "0.36", "0.75",
      "0.45"},
     {"0", "1", "-0.6", "0", "0", "-0.36", "0", "0.36", "0.6", "0"}},
    {"linear",
     {"1", "0", "-1", "1", "0", "0", "-1", "1", "1", "1"},
     {"0", "1", "-1", "1", "0", "0", "0", "1", "1", "0"}},
    {"follmer",
     {"1", "0", "0", "1", "-1", "0", "0", "-1", "1", "1"},
     {"0", "1", "-inf", "1", "-inf", "0", "-1", "-1", "inf", "1"}},
    {"shifted-linear:zeta=1",
     {"0.5", "0.5", "-0.5", "0.5", "0", "0", "-0.25", "0.25", "0.5", "0.25"},
     {"0", "1", "-0.5", "0.5", "0", "0", "0", "0.25", "0.5", "0"}},
    {"vp-sde:beta_min=1/2,beta_max=4",
     {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
     {"0", "1", "-inf", "0.25", "-inf", "-1.6875", "-0.25", "1.625", "inf",
      "0.25"}},
    {"vp-sde:beta_min=0,beta_max=8",
     {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
     {"0", "1", "-2", "0", "0", "-4", "0", "4", "2", "0"}},
    {"custom:a=sqrt(1-t^2),b=t",
     {"1", "0", "0", "1", "-1", "0", "0", "-1", "1", "1"},
     {"0", "1", "-inf", "1", "-inf", "0", "-1", "-1", "inf", "1"}},
    {"custom:a=1-t,b=t^2",
     {"1", "0", "-1", "0", "0", "2", "-1", "1", "0", "0"},
     {"0", "1", "-1", "2", "0", "2", "0", "1", "1", "0"}},
};

static void check_end(const fc_schedule *schedule, const char *const *expected,
                      double t, const fc_ctx *ctx) {
  fc_schedule_value value;
  fc_time time;
  mpfr_t x, y;
  mpfr_inits2(200, x, y, NULL);
  fc_schedule_value_init(&value, ctx);
  fc_time_init(&time, ctx);
  fc_time_set_d(&time, t, false, ctx);
  ck_assert_int_eq(fc_schedule_eval(&value, schedule, &time, true, ctx), FC_OK);
  for (int k = 0; k <= AOMEGA; k++) {
    if (!expected[k])
      continue;
    fc_get_mid(x, field(&value, k), ctx);
    mpfr_set_str(y, expected[k], 10, MPFR_RNDN);
    bool fits =
        mpfr_inf_p(y) ? mpfr_equal_p(x, y) : close_to(x, y, 0x1p-600, 50);
    /* an infinite ball has no midpoint that must be an infinity */
    if (mpfr_inf_p(y) && ctx->kind >= FC_ARB)
      fits = !fc_is_finite(field(&value, k), ctx);
    if (!fits)
      mpfr_printf("got %.40Rg\n", x);
    ck_assert_msg(fits, "%s at %g: %s is not %s (context %d)",
                  fc_schedule_label(schedule), t, field_names[k], expected[k],
                  (int)ctx->kind);
  }
  fc_get_mid(x, value.theta, ctx);
  if (t == 1.0)
    ck_assert(fabs(mpfr_get_d(x, MPFR_RNDN) - 1.5707963267948966) < 1e-15);
  fc_schedule_u(value.a, &value, ctx);
  if (t == 1.0)
    ck_assert(!fc_is_finite(value.a, ctx));
  fc_time_clear(&time, ctx);
  fc_schedule_value_clear(&value, ctx);
  mpfr_clears(x, y, NULL);
}

START_TEST(ends_are_exact) {
  fc_schedule *schedule = parse(ends[_i].text);
  fc_ctx contexts[4];
  size_t count = 2;
  fc_ctx_init_double(&contexts[0]);
  fc_ctx_init_mpfr(&contexts[1], 128);
  if (fc_ctx_init_arb(&contexts[2], 128, NULL) == FC_OK &&
      fc_ctx_init_acb(&contexts[3], 128, NULL) == FC_OK)
    count = 4;
  for (size_t i = 0; i < count; i++) {
    check_end(schedule, ends[_i].at0, 0.0, &contexts[i]);
    check_end(schedule, ends[_i].at1, 1.0, &contexts[i]);
  }
  fc_schedule_free(schedule);
}
END_TEST

/* --- enclosures over intervals ------------------------------------------ */

/* A ball of times gives balls that hold the values at points inside it. */
START_TEST(wide_balls_contain_points) {
  fc_ctx ctx[1], point_ctx[1];
  if (fc_ctx_init_arb(ctx, 64, NULL) != FC_OK)
    return;
  fc_ctx_init_mpfr(point_ctx, 200);
  fc_schedule *schedule = parse(cases[_i].text);
  fc_schedule_value wide, exact;
  fc_time interval, inside;
  fc_schedule_value_init(&wide, ctx);
  fc_schedule_value_init(&exact, point_ctx);
  fc_time_init(&interval, ctx);
  fc_time_init(&inside, point_ctx);
  fc_ctx coarse[1];
  ck_assert_int_eq(fc_ctx_init_arb(coarse, 24, NULL), FC_OK);
  fc_num third;
  fc_init(third, ctx);
  fc_set_si(third, 1, coarse);
  fc_div_si(third, third, 3, coarse); /* 1/3 with a radius of 2^-25 or so */
  fc_set(interval.t, third, ctx);
  fc_neg(interval.r, third, ctx);
  fc_add_si(interval.r, interval.r, 1, ctx);
  ck_assert_int_eq(fc_schedule_eval(&wide, schedule, &interval, true, ctx),
                   FC_OK);
  fc_formula *constant;
  ck_assert_int_eq(fc_constant_new_si(&constant, 1, 3), FC_OK);
  ck_assert_int_eq(fc_time_set(&inside, constant, point_ctx), FC_OK);
  ck_assert_int_eq(fc_schedule_eval(&exact, schedule, &inside, true, point_ctx),
                   FC_OK);
  mpfr_t mid, rad, x;
  mpfr_inits2(200, mid, rad, x, NULL);
  for (int k = 0; k < ALL; k++) {
    fc_get_enclosure(mid, rad, field(&wide, k), ctx);
    fc_get_mid(x, field(&exact, k), point_ctx);
    mpfr_sub(mid, mid, x, MPFR_RNDN);
    mpfr_add_d(rad, rad, 1e-50, MPFR_RNDU);
    ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0, "%s: %s", cases[_i].text,
                  field_names[k]);
    ck_assert_msg(mpfr_cmp_d(rad, 1e-3) < 0, "%s: %s is wide", cases[_i].text,
                  field_names[k]);
  }
  mpfr_clears(mid, rad, x, NULL);
  fc_formula_free(constant);
  fc_clear(third, ctx);
  fc_time_clear(&interval, ctx);
  fc_time_clear(&inside, point_ctx);
  fc_schedule_value_clear(&wide, ctx);
  fc_schedule_value_clear(&exact, point_ctx);
  fc_schedule_free(schedule);
}
END_TEST

/* A ball of times that reaches beyond t = 1 holds what lies before it. */
START_TEST(balls_reach_the_end) {
  fc_ctx ctx[1], coarse[1], point_ctx[1];
  if (fc_ctx_init_arb(ctx, 64, NULL) != FC_OK ||
      fc_ctx_init_arb(coarse, 24, NULL) != FC_OK)
    return;
  fc_ctx_init_mpfr(point_ctx, 200);
  fc_schedule *schedule = parse(cases[_i].text);
  fc_schedule_value wide, exact;
  fc_time interval, inside;
  fc_schedule_value_init(&wide, ctx);
  fc_schedule_value_init(&exact, point_ctx);
  fc_time_init(&interval, ctx);
  fc_time_init(&inside, point_ctx);
  fc_set_si(interval.r, 1, coarse); /* 3 (1/3) - 1 = 0 +- 2^-23 or so */
  fc_div_si(interval.r, interval.r, 3, coarse);
  fc_mul_si(interval.r, interval.r, 3, ctx);
  fc_add_si(interval.r, interval.r, -1, ctx);
  fc_neg(interval.t, interval.r, ctx);
  fc_add_si(interval.t, interval.t, 1, ctx);
  ck_assert(fc_is_zero(interval.r, ctx) == FC_UNKNOWN);
  ck_assert_int_eq(fc_schedule_eval(&wide, schedule, &interval, true, ctx),
                   FC_OK);
  fc_time_set_d(&inside, 0x1p-30, true, point_ctx);
  ck_assert_int_eq(fc_schedule_eval(&exact, schedule, &inside, true, point_ctx),
                   FC_OK);
  static const int finite[] = {A, B, DB, ADA, DADA, AOMEGA, RHO2, RHO, THETA};
  mpfr_t mid, rad, x;
  mpfr_inits2(200, mid, rad, x, NULL);
  for (size_t k = 0; k < COUNT(finite); k++) {
    fc_get_enclosure(mid, rad, field(&wide, finite[k]), ctx);
    fc_get_mid(x, field(&exact, finite[k]), point_ctx);
    mpfr_sub(mid, mid, x, MPFR_RNDN);
    mpfr_add_d(rad, rad, 1e-50, MPFR_RNDU);
    ck_assert_msg(mpfr_cmpabs(mid, rad) <= 0 && mpfr_cmp_d(rad, 0.01) < 0,
                  "%s: %s", cases[_i].text, field_names[finite[k]]);
  }
  mpfr_clears(mid, rad, x, NULL);
  fc_time_clear(&interval, ctx);
  fc_time_clear(&inside, point_ctx);
  fc_schedule_value_clear(&wide, ctx);
  fc_schedule_value_clear(&exact, point_ctx);
  fc_schedule_free(schedule);
}
END_TEST

/* --- times -------------------------------------------------------------- */

START_TEST(times_round_each_end_once) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_time time;
  fc_time_init(&time, ctx);
  fc_formula *constant;
  ck_assert_int_eq(fc_constant_parse(&constant, "1-1e-30", NULL, NULL), FC_OK);
  ck_assert_int_eq(fc_time_set(&time, constant, ctx), FC_OK);
  ck_assert(fc_get_d(time.t, ctx) == 1.0);
  ck_assert(fc_get_d(time.r, ctx) == 1e-30);
  fc_formula_free(constant);
  ck_assert_int_eq(fc_constant_parse(&constant, "1/3", NULL, NULL), FC_OK);
  ck_assert_int_eq(fc_time_set(&time, constant, ctx), FC_OK);
  ck_assert(fc_get_d(time.t, ctx) == 1.0 / 3.0);
  ck_assert(fc_get_d(time.r, ctx) == 2.0 / 3.0);
  fc_formula_free(constant);
  fc_time_set_d(&time, 0x1p-60, true, ctx);
  ck_assert(fc_get_d(time.t, ctx) == 1.0);
  ck_assert(fc_get_d(time.r, ctx) == 0x1p-60);
  fc_time_clear(&time, ctx);
}
END_TEST

/* Follmer at r = 1e-30: a = sqrt(r(2-r)) to the last of 128 bits. */
START_TEST(follmer_close_to_the_end) {
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 128);
  fc_schedule *schedule = parse("follmer");
  fc_schedule_value value;
  fc_time time;
  fc_formula *constant;
  fc_schedule_value_init(&value, ctx);
  fc_time_init(&time, ctx);
  ck_assert_int_eq(fc_constant_parse(&constant, "1-1e-30", NULL, NULL), FC_OK);
  ck_assert_int_eq(fc_time_set(&time, constant, ctx), FC_OK);
  ck_assert_int_eq(fc_schedule_eval(&value, schedule, &time, false, ctx),
                   FC_OK);
  mpfr_t r, a, x;
  mpfr_inits2(400, r, a, x, NULL);
  mpfr_ui_pow_ui(r, 10, 30, MPFR_RNDN);
  mpfr_ui_div(r, 1, r, MPFR_RNDN);
  mpfr_ui_sub(a, 2, r, MPFR_RNDN);
  mpfr_mul(a, a, r, MPFR_RNDN);
  mpfr_sqrt(a, a, MPFR_RNDN);
  fc_get_mid(x, value.a, ctx);
  ck_assert(close_to(x, a, 0, 126));
  mpfr_ui_sub(r, 1, r, MPFR_RNDN);
  mpfr_neg(r, r, MPFR_RNDN);
  mpfr_div(r, r, a, MPFR_RNDN);
  fc_get_mid(x, value.da, ctx);
  ck_assert(close_to(x, r, 0, 125));
  fc_formula_free(constant);
  mpfr_clears(r, a, x, NULL);
  fc_time_clear(&time, ctx);
  fc_schedule_value_clear(&value, ctx);
  fc_schedule_free(schedule);
}
END_TEST

/* --- signal-to-noise ratio ---------------------------------------------- */

/* Where u^2 = w has a closed form: t and 1 - t. */
static void closed_linear(double *t, double *r, double w) {
  *t = sqrt(w) / (1 + sqrt(w));
  *r = 1 / (1 + sqrt(w));
}

static void closed_follmer(double *t, double *r, double w) {
  *t = sqrt(w / (1 + w));
  *r = 1 / ((1 + w) * (1 + *t)); /* 1 - t = (1-t^2)/(1+t) */
}

static void closed_trigonometric(double *t, double *r, double w) {
  *t = atan(sqrt(w)) / 1.5707963267948966;
  *r = atan(1 / sqrt(w)) / 1.5707963267948966;
}

static void closed_ve(double *t, double *r, double w) {
  *r = 0.5 / sqrt(w);
  *t = 1 - *r;
}

static const struct {
  const char *text;
  void (*closed)(double *, double *, double);
  double least; /* w from which on the root exists */
} ratios[] = {{"linear", closed_linear, 0},
              {"follmer", closed_follmer, 0},
              {"trigonometric", closed_trigonometric, 0},
              {"custom:a=sqrt(1-t^2),b=t", closed_follmer, 0},
              {"ve", closed_ve, 0.25}};

START_TEST(times_of_ratios) {
  fc_schedule *schedule = parse(ratios[_i].text);
  for (int e = -240; e <= 240; e += 12) {
    double w = 1.3 * pow(10, e), t, r, x, y;
    fc_status status = fc_schedule_time_of_snr(&t, &r, schedule, w);
    if (w <= ratios[_i].least) {
      ck_assert_int_eq(status, FC_DOMAIN);
      continue;
    }
    ck_assert_int_eq(status, FC_OK);
    ratios[_i].closed(&x, &y, w);
    ck_assert_msg(fabs(t - x) <= 1e-15 * x && fabs(r - y) <= 1e-15 * y,
                  "%s w=%g: t %.17g %.17g, r %.17g %.17g", ratios[_i].text, w,
                  t, x, r, y);
  }
  double t, r;
  ck_assert_int_eq(fc_schedule_time_of_snr(&t, &r, schedule, 0), FC_VALUE);
  ck_assert_int_eq(fc_schedule_time_of_snr(&t, &r, schedule, -1), FC_VALUE);
  ck_assert_int_eq(fc_schedule_time_of_snr(&t, &r, schedule, NAN), FC_VALUE);
  ck_assert_int_eq(fc_schedule_time_of_snr(&t, &r, schedule, INFINITY),
                   FC_VALUE);
  fc_schedule_free(schedule);
}
END_TEST

/* --- names, labels, texts ----------------------------------------------- */

static const struct {
  const char *text, *label, *a, *b;
} labels[] = {
    {"ve", "ve", "2*(1 - t)", "1"},
    {"ve:a0=4/2", "ve", "2*(1 - t)", "1"},
    {"ve:a0=max(1, 3)", "ve:a0=3", "3*(1 - t)", "1"},
    {"vp:a0=0.5", "vp:a0=1/2", "(1 - t)/2", "sqrt(1 - ((1 - t)/2)^2)"},
    {"linear", "linear", "1 - t", "t"},
    {"follmer", "follmer", "sqrt(1 - t^2)", "t"},
    {"trigonometric", "trigonometric", "cos(pi*t/2)", "sin(pi*t/2)"},
    {"shifted-linear:zeta=1/10", "shifted-linear:zeta=1/10", NULL, NULL},
    {"vp-sde:beta_max=20,beta_min=0.1", "vp-sde", NULL, NULL},
    {"vp-sde:beta_max=10", "vp-sde:beta_max=10", NULL, NULL},
    {"custom:b=t, a=1 - t", NULL, NULL, NULL},
    {"custom:a=1 - t,b=t", "custom:a=1-t,b=t", "1 - t", "t"},
};

/* as formulas print, without blanks */
static void without_blanks(char *to, const char *from) {
  for (; *from; from++)
    if (*from != ' ')
      *to++ = *from;
  *to = '\0';
}

START_TEST(labels_make_the_schedule_again) {
  fc_schedule *schedule = NULL;
  fc_status status = fc_schedule_parse(&schedule, labels[_i].text, NULL);
  if (!labels[_i].label) { /* a blank before a key is no part of its name */
    fc_schedule_free(schedule);
    return;
  }
  ck_assert_int_eq(status, FC_OK);
  ck_assert_str_eq(fc_schedule_label(schedule), labels[_i].label);
  char got[512], expected[512];
  if (labels[_i].a) {
    without_blanks(got, fc_schedule_text_a(schedule));
    without_blanks(expected, labels[_i].a);
    ck_assert_str_eq(got, expected);
    without_blanks(got, fc_schedule_text_b(schedule));
    without_blanks(expected, labels[_i].b);
    ck_assert_str_eq(got, expected);
  }
  fc_schedule *again = parse(fc_schedule_label(schedule)), *copy;
  ck_assert_str_eq(fc_schedule_label(again), fc_schedule_label(schedule));
  ck_assert_int_eq(fc_schedule_copy(&copy, again), FC_OK);
  fc_schedule_free(again);
  ck_assert_str_eq(fc_schedule_label(copy), labels[_i].label);
  ck_assert_str_eq(fc_schedule_name(copy), fc_schedule_name(schedule));
  fc_schedule_free(copy);
  fc_schedule_free(schedule);
}
END_TEST

/* The texts of a and b mean what is evaluated: read them as formulas. */
START_TEST(texts_are_the_formulas) {
  fc_schedule *schedule = parse(cases[_i].text);
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 300);
  const char *const t_name[] = {"t"};
  const char *const texts[] = {fc_schedule_text_a(schedule),
                               fc_schedule_text_b(schedule)};
  fc_schedule_value value;
  fc_time time;
  fc_num z;
  mpfr_t x, y;
  mpfr_inits2(300, x, y, NULL);
  fc_init(z, ctx);
  fc_schedule_value_init(&value, ctx);
  fc_time_init(&time, ctx);
  fc_time_set_d(&time, 0.37, false, ctx);
  ck_assert_int_eq(fc_schedule_eval(&value, schedule, &time, false, ctx),
                   FC_OK);
  for (int k = 0; k < 2; k++) {
    fc_formula *formula;
    ck_assert_int_eq(
        fc_formula_parse(&formula, texts[k], t_name, 1, NULL, NULL), FC_OK);
    ck_assert_int_eq(fc_formula_eval(z, formula, time.t, ctx), FC_OK);
    fc_get_mid(x, z, ctx);
    fc_get_mid(y, field(&value, k), ctx);
    ck_assert_msg(close_to(x, y, 0, 280), "%s", texts[k]);
    fc_formula_free(formula);
  }
  fc_clear(z, ctx);
  fc_time_clear(&time, ctx);
  fc_schedule_value_clear(&value, ctx);
  mpfr_clears(x, y, NULL);
  fc_schedule_free(schedule);
}
END_TEST

START_TEST(known_names) {
  size_t count = fc_schedule_known_count();
  ck_assert_int_eq((int)count, 8);
  ck_assert_str_eq(fc_schedule_known_name(0), "ve");
  for (size_t i = 0; i < count; i++) {
    fc_schedule *schedule = NULL;
    fc_status status =
        fc_schedule_parse(&schedule, fc_schedule_known_name(i), NULL);
    /* By default: ve, vp and those without parameters; vp-sde needs none to be
     * given, but is not among them. */
    bool sde = strcmp(fc_schedule_known_name(i), "vp-sde") == 0;
    ck_assert_int_eq(status == FC_OK, fc_schedule_known_default(i) || sde);
    ck_assert(!(sde && fc_schedule_known_default(i)));
    ck_assert(fc_schedule_known_help(i)[0] != '\0');
    fc_schedule_free(schedule);
  }
}
END_TEST

static const struct {
  const char *text;
  fc_status status;
  const char *part;
} errors[] = {
    {"lineer", FC_NAME, "'linear'"},
    {"", FC_NAME, "known: ve"},
    {"xyzzy", FC_NAME, "known: ve"},
    {"vp:b0=1/2", FC_NAME, "'a0'"},
    {"linear:a0=1", FC_NAME, "there are none"},
    {"ve:a0", FC_PARSE, "KEY=VALUE"},
    {"ve:", FC_PARSE, "KEY=VALUE"},
    {"ve:=2", FC_PARSE, "KEY=VALUE"},
    {"ve:a0=2,a0=3", FC_VALUE, "twice"},
    {"ve:a0=0", FC_VALUE, "positive"},
    {"ve:a0=log(0)", FC_VALUE, "finite"},
    {"ve:a0=t", FC_NAME, "unknown name"},
    {"vp:a0=1", FC_VALUE, "between 0 and 1"},
    {"vp:a0=-1/2", FC_VALUE, "between 0 and 1"},
    {"shifted-linear", FC_VALUE, "zeta"},
    {"shifted-linear:zeta=-1e-30", FC_VALUE, "negative"},
    {"vp-sde:beta_min=-1", FC_VALUE, "negative"},
    {"vp-sde:beta_min=2,beta_max=1", FC_VALUE, "less"},
    {"vp-sde:beta_min=0,beta_max=0", FC_VALUE, "positive"},
    {"custom", FC_VALUE, "parameter a"},
    {"custom:a=1-t", FC_VALUE, "parameter b"},
    {"custom:a=1-t,b=1+t", FC_VALUE, "b(1) = 1"},
    {"custom:a=1-t+1e-99,b=t", FC_VALUE, "a(1) = 0"},
    {"custom:a=t*(1-t),b=t", FC_VALUE, "a(0) > 0"},
    {"custom:a=1-t,b=2*t-1", FC_VALUE, "b(0) >= 0"},
    {"custom:a=(1-t)/t,b=t", FC_VALUE, "finite"},
    {"custom:a=abs(1-t),b=t", FC_UNSUPPORTED, "derivative"},
    {"custom:a=1-x,b=t", FC_NAME, "'x'"},
    {"ve:a=1,b=1,c=1,d=1,e=1,f=1,g=1,h=1,i=1", FC_LIMIT, "parameters"},
};

START_TEST(errors_say_what_is_wrong) {
  fc_schedule *schedule = NULL;
  fc_error error;
  fc_status status = fc_schedule_parse(&schedule, errors[_i].text, &error);
  ck_assert_msg(status == errors[_i].status, "'%s': %s %s", errors[_i].text,
                fc_status_name(status), error.message);
  ck_assert_ptr_null(schedule);
  ck_assert_msg(strstr(error.message, errors[_i].part) != NULL, "'%s': %s",
                errors[_i].text, error.message);
}
END_TEST

/* --- all ---------------------------------------------------------------- */

static void add_all(TCase *tests, const TTest *test, size_t count) {
  tcase_add_loop_test(tests, test, 0, (int)count);
}

static Suite *schedule_suite(void) {
  Suite *suite = suite_create("schedule");
  TCase *tests = tcase_create("schedule");
  tcase_set_timeout(tests, 200);
  add_all(tests, doubles_are_right_to_a_few_ulps, COUNT(cases));
  add_all(tests, mpfr_is_right_to_a_few_ulps, COUNT(cases));
  add_all(tests, balls_contain_the_truth, COUNT(cases));
  add_all(tests, wide_balls_contain_points, COUNT(cases));
  add_all(tests, balls_reach_the_end, COUNT(cases));
  add_all(tests, series_know_the_derivatives, COUNT(cases));
  add_all(tests, texts_are_the_formulas, COUNT(cases));
  add_all(tests, ends_are_exact, COUNT(ends));
  tcase_add_test(tests, times_round_each_end_once);
  tcase_add_test(tests, follmer_close_to_the_end);
  add_all(tests, times_of_ratios, COUNT(ratios));
  add_all(tests, labels_make_the_schedule_again, COUNT(labels));
  tcase_add_test(tests, known_names);
  add_all(tests, errors_say_what_is_wrong, COUNT(errors));
  suite_add_tcase(suite, tests);
  return suite;
}

int main(void) {
  SRunner *runner = srunner_create(schedule_suite());
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
