#include "self_test.h"

#include <mpfr.h>
#include <stdlib.h>
#include <string.h>

#include "evaluate.h"
#include "request.h"

/* N(0, 1/4) and 1/2 N(-3/2, 1/4) + 1/2 N(3/2, 1/4), under a = 1 - t, b = t. */
static const char normal[] =
    "name: normal\n"
    "target: {family: gaussian, mean: 0, stddev: 1/2}\n"
    "schedule: linear\n";
static const char bumps[] = "name: bumps\n"
                            "target: {family: gaussian-mixture, "
                            "means: [[-3/2], [3/2]], stddev: 1/2}\n"
                            "schedule: linear\n";

static const struct {
  const char *what, *target;
  fc_quantity quantity;
  const char *s, *t, *x, *value;
} cases[] = {
    /* (a a' + sigma^2 b b')/V x, V = a^2 + sigma^2 b^2 */
    {"v(1/2, 1) of N(0, 1/4)", normal, FC_QUANTITY_VELOCITY, NULL, "1/2", "1",
     "-1.2"},
    /* sqrt(V_t/V_s) x */
    {"X_{0,1/2}(1) of N(0, 1/4)", normal, FC_QUANTITY_FLOW, "0", "1/2", "1",
     "0.55901699437494742410229341718281905886015458990288"},
    /* a b omega R^2/V^2 + (a a' + sigma^2 b b')/V at x = 0 */
    {"grad v(1/2, 0) of two bumps", bumps, FC_QUANTITY_VELOCITY_JACOBIAN, NULL,
     "1/2", "0", "4.56"},
    /* F_t^-1(F_s(x)), computed outside this program */
    {"X_{0,99/100}(3/10) of two bumps", bumps, FC_QUANTITY_FLOW, "0", "99/100",
     "3/10", "1.1286244300103414688517892334267607496397"},
};

enum { CASE_COUNT = sizeof cases / sizeof *cases };

/* |mid - value| <= what the tier promises; a ball must hold the value, whose
 * text is off by half its last place at most, and be small. */
static bool is_right(const fc_exact *got, const char *value, fc_tier tier) {
  mpfr_t distance, error, printed;
  mpfr_inits2(256, distance, error, printed, (mpfr_ptr)NULL);
  bool read = got->mid &&
              mpfr_set_str(distance, got->mid, 10, MPFR_RNDN) == 0 &&
              mpfr_set_str(error, value, 10, MPFR_RNDN) == 0;
  mpfr_sub(distance, distance, error, MPFR_RNDN);
  mpfr_abs(distance, distance, MPFR_RNDU);
  mpfr_set_d(printed, 1e-39, MPFR_RNDU);
  bool right = false;
  if (tier == FC_TIER_CERTIFIED && got->rad) {
    read = read && mpfr_set_str(error, got->rad, 10, MPFR_RNDU) == 0;
    right = mpfr_cmp_d(error, 1e-20) < 0;
    mpfr_add(error, error, printed, MPFR_RNDU);
  } else if (tier != FC_TIER_CERTIFIED) {
    mpfr_set_d(error, tier == FC_TIER_DOUBLE ? 1e-11 : 1e-30, MPFR_RNDU);
    right = true;
  }
  right = read && right && mpfr_cmp(distance, error) <= 0;
  mpfr_clears(distance, error, printed, (mpfr_ptr)NULL);
  return right;
}

static fc_status read_point(fc_request *r, const char *text, fc_error *error) {
  r->x = calloc(1, sizeof *r->x);
  r->x_other = calloc(1, sizeof *r->x_other);
  r->x_about = calloc(1, sizeof *r->x_about);
  r->x_texts = calloc(1, sizeof *r->x_texts);
  if (!r->x || !r->x_other || !r->x_about || !r->x_texts)
    return fc_fail(error, FC_MEMORY, "out of memory");
  r->x_count = 1;
  r->x_texts[0] = fc_strdup(text);
  return fc_constant_parse(&r->x[0], text, NULL, error);
}

static fc_status ask(fc_request *r, size_t i, fc_tier tier, fc_error *error) {
  memset(r, 0, sizeof *r);
  r->quantity = cases[i].quantity;
  r->quantity_name = fc_quantity_name(r->quantity);
  r->tier = tier;
  r->precision = 128;
  r->method = FC_FLOW_AUTO;
  r->t_text = cases[i].t;
  r->s_text = cases[i].s;
  fc_status status = fc_instance_parse(&r->instance, cases[i].target,
                                       strlen(cases[i].target), NULL, error);
  if (status == FC_OK)
    r->schedule = r->instance->schedules[0];
  if (status == FC_OK)
    status = fc_constant_parse(&r->t, cases[i].t, NULL, error);
  if (status == FC_OK && cases[i].s)
    status = fc_constant_parse(&r->s, cases[i].s, NULL, error);
  return status == FC_OK ? read_point(r, cases[i].x, error) : status;
}

/* True where the value is right; otherwise *got, or error, says what it is. */
static bool try(fc_exact *got, size_t i, fc_tier tier, fc_error *error) {
  fc_request request;
  fc_status status = ask(&request, i, tier, error);
  if (status == FC_OK)
    status = fc_request_evaluate(got, &request, error);
  fc_request_clear(&request);
  error->status = status;
  return status == FC_OK && is_right(got, cases[i].value, tier);
}

void fc_self_test_run(fc_self_test *test, fc_tier tier) {
  memset(test, 0, sizeof *test);
  for (size_t i = 0; i < CASE_COUNT; i++) {
    fc_exact got = {NULL, NULL};
    fc_error error = {0};
    bool right = try(&got, i, tier, &error);
    test->values++;
    test->right += right;
    if (right || test->wrong) {
      free(got.mid);
      free(got.rad);
      continue;
    }
    test->wrong = cases[i].what;
    test->got = got;
    test->error = error;
  }
}

void fc_self_test_clear(fc_self_test *test) {
  free(test->got.mid);
  free(test->got.rad);
}
