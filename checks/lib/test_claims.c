/* Verdicts on made-up comparisons and spent budgets, names and expectations of
 * claims, exact texts, values behind bounds, points and random numbers. */
#include <math.h>

#include "base/random.h"
#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/points.h"
#include "claims/pointwise.h"
#include "fields.h"
#include "instance/instance.h"

/* --- an instance, a check, a job -------------------------------------------
 */

static const char instance_text[] =
    "name: made-up\n"
    "schedule: [linear, follmer, ve]\n"
    "target: {family: gaussian, mean: 5/4, stddev: 1/3}\n"
    "expect:\n"
    "  'test.check/first': violated\n"
    "  'test.check/sec*': {linear: violated, '*': attained, 'fol*': "
    "inconclusive}\n"
    "  'third': not-applicable\n"
    "  'test.other/*': error\n";

static const fc_claim claims[] = {
    {.name = "first", .kind = FC_KIND_STATEMENT, .relation = "<="},
    {.name = "second", .kind = FC_KIND_STATEMENT, .relation = "<="},
    {.name = "third", .kind = FC_KIND_CONTROL, .relation = "<="},
    {.name = "fourth", .kind = FC_KIND_CONTROL, .relation = ">="},
    {.name = "fifth", .kind = FC_KIND_PROBE, .relation = "="},
    {.name = "sixth", .kind = FC_KIND_STATEMENT, .relation = "="}};

static const fc_check check = {.id = "test.check",
                               .claims = claims,
                               .claim_count = sizeof claims / sizeof *claims};

typedef struct setting {
  fc_instance *instance;
  fc_job job[1];
} setting;

static void setting_init(setting *s, fc_tier tier, long precision) {
  fc_error error = {0};
  s->instance = NULL;
  if (fc_instance_parse(&s->instance, instance_text, sizeof instance_text - 1,
                        NULL, &error))
    ck_abort_msg("%u: %s", error.line, error.message);
  *s->job = (fc_job){.check = &check,
                     .instance = s->instance,
                     .schedule = s->instance->schedules[0],
                     .tier = tier,
                     .precision = precision,
                     .seed = 1};
}

static void setting_clear(setting *s) { fc_instance_free(s->instance); }

/* --- verdicts ----------------------------------------------------------------
 */

/* What a made-up comparison answers. */
typedef struct script {
  const char *measured, *bound, *scale; /* "nan", "inf" or constants */
  const char *in_balls;                 /* measured in balls, if it differs */
  const char *ball_radius;              /* added to it there */
  long noise; /* > 0: one is added for each doubling of this precision */
  fc_status status, ball_status;
} script;

static void read_number(fc_ptr z, const char *text, const fc_ctx *ctx) {
  if (strcmp(text, "nan") == 0 || strcmp(text, "inf") == 0) {
    fc_set_inf(z, 1, ctx);
    if (text[0] == 'n')
      fc_sub(z, z, z, ctx);
    return;
  }
  fc_formula *constant = constant_of(text);
  ck_assert_int_eq(fc_constant_eval(z, constant, ctx), FC_OK);
  fc_formula_free(constant);
}

static void widen(fc_ptr z, const char *radius, const fc_ctx *ctx) {
  fc_num low, high;
  fc_init(low, ctx);
  fc_init(high, ctx);
  read_number(high, radius, ctx);
  fc_sub(low, z, high, ctx);
  fc_add(high, z, high, ctx);
  fc_hull(z, low, high, ctx);
  fc_clear(low, ctx);
  fc_clear(high, ctx);
}

static fc_status act(fc_comparison *c, void *closure, const fc_ctx *ctx) {
  const script *s = closure;
  bool balls = ctx->kind == FC_ARB;
  fc_status status = balls ? s->ball_status : s->status;
  if (status)
    return status;
  read_number(c->measured, balls && s->in_balls ? s->in_balls : s->measured,
              ctx);
  if (balls && s->ball_radius)
    widen(c->measured, s->ball_radius, ctx);
  for (long bits = s->noise; bits > 0 && bits < ctx->precision; bits *= 2)
    fc_add_si(c->measured, c->measured, 1, ctx);
  read_number(c->bound, s->bound, ctx);
  read_number(c->scale, s->scale ? s->scale : "1", ctx);
  return FC_OK;
}

static fc_status decide(fc_record *record, fc_tier tier, long precision,
                        fc_relation relation, script s) {
  setting at[1];
  setting_init(at, tier, precision);
  fc_record_init(record);
  record->verdict = FC_VERDICT_ERROR;
  fc_status status = fc_decide(record, at->job, relation, act, &s);
  setting_clear(at);
  return status;
}

static void expect_verdict(fc_tier tier, long precision, fc_relation relation,
                           script s, fc_verdict verdict, fc_basis basis) {
  fc_record record[1];
  ck_assert_int_eq(decide(record, tier, precision, relation, s), FC_OK);
  ck_assert_msg(record->verdict == verdict && record->basis == basis,
                "%s %s %s (scale %s) at %ld bits, %s: %s on %s, wanted %s on "
                "%s (%s)",
                s.measured,
                relation == FC_AT_MOST    ? "<="
                : relation == FC_AT_LEAST ? ">="
                                          : "=",
                s.bound, s.scale ? s.scale : "1", precision, fc_tier_name(tier),
                fc_verdict_name(record->verdict), fc_basis_name(record->basis),
                fc_verdict_name(verdict), fc_basis_name(basis),
                record->reason ? record->reason : "-");
  fc_record_clear(record);
}

#define HOLDS FC_VERDICT_HOLDS
#define ATTAINED FC_VERDICT_ATTAINED
#define VIOLATED FC_VERDICT_VIOLATED
#define OPEN FC_VERDICT_INCONCLUSIVE
#define WRONG FC_VERDICT_ERROR

/* limit = 2^(32 - precision), at most 2^-34: 1.3e-29 at 128 bits */
static const struct {
  fc_relation relation;
  const char *measured, *bound, *scale;
  long precision;
  fc_verdict verdict;
} decided[] = {
    {FC_AT_MOST, "1", "2", NULL, 128, HOLDS},
    {FC_AT_MOST, "2", "1", NULL, 128, VIOLATED},
    {FC_AT_MOST, "1", "1", NULL, 128, ATTAINED},
    {FC_AT_LEAST, "1", "2", NULL, 128, VIOLATED},
    {FC_AT_LEAST, "2", "1", NULL, 128, HOLDS},
    {FC_AT_LEAST, "-2", "-1", NULL, 128, VIOLATED},
    {FC_AT_LEAST, "1", "1", NULL, 128, ATTAINED},
    {FC_EQUAL, "1", "1", NULL, 128, HOLDS},
    {FC_EQUAL, "1", "2", NULL, 128, VIOLATED},
    {FC_EQUAL, "2", "1", NULL, 128, VIOLATED},
    /* about the limit */
    {FC_AT_MOST, "1+1.2e-29", "1", NULL, 128, ATTAINED},
    {FC_AT_MOST, "1+1.4e-29", "1", NULL, 128, VIOLATED},
    {FC_AT_MOST, "1-1.2e-29", "1", NULL, 128, ATTAINED},
    {FC_AT_MOST, "1-1.4e-29", "1", NULL, 128, HOLDS},
    {FC_AT_LEAST, "1-1.2e-29", "1", NULL, 128, ATTAINED},
    {FC_AT_LEAST, "1-1.4e-29", "1", NULL, 128, VIOLATED},
    {FC_EQUAL, "1+1.2e-29", "1", NULL, 128, HOLDS},
    {FC_EQUAL, "1+1.4e-29", "1", NULL, 128, VIOLATED},
    {FC_EQUAL, "1-1.4e-29", "1", NULL, 128, VIOLATED},
    {FC_AT_MOST, "1+1.2e-29", "1", NULL, 256, VIOLATED},
    /* gaps count by their scale, not by the size of the two numbers */
    {FC_AT_MOST, "1+1e-20", "1", "1e10", 128, ATTAINED},
    {FC_AT_MOST, "1+1e-20", "1", "1e-20", 128, VIOLATED},
    {FC_AT_MOST, "1e20+1", "1e20", NULL, 128, VIOLATED},
    {FC_AT_MOST, "1e-40", "0", NULL, 128, ATTAINED},
    {FC_AT_MOST, "1e-40", "0", "1e-30", 128, VIOLATED},
    {FC_AT_MOST, "1e-400", "0", "1e-390", 128, VIOLATED},
    {FC_AT_MOST, "1e-420", "0", "1e-390", 128, ATTAINED},
    /* few bits must not make everything equal */
    {FC_AT_MOST, "2", "1", NULL, 24, VIOLATED},
    {FC_AT_MOST, "1+1e-9", "1", NULL, 24, VIOLATED},
    {FC_AT_MOST, "1-1e-9", "1", NULL, 33, HOLDS},
    {FC_EQUAL, "1+1e-9", "1", NULL, 40, VIOLATED},
    {FC_AT_MOST, "1+1e-12", "1", NULL, 24, ATTAINED},
    /* beyond the range of binary64 */
    {FC_AT_MOST, "1", "exp(100000)", NULL, 128, HOLDS},
    {FC_AT_MOST, "exp(100000)", "1", NULL, 128, VIOLATED},
    {FC_AT_MOST, "exp(100000)", "exp(100000)*(1-1e-10)", "exp(100000)", 128,
     VIOLATED},
    {FC_AT_MOST, "1", "1", "exp(-100000)", 128, ATTAINED},
    {FC_AT_MOST, "1", "1", NULL, 4096, ATTAINED},
    {FC_AT_MOST, "1+1e-300", "1", NULL, 4096, VIOLATED},
    /* no comparison */
    {FC_AT_MOST, "nan", "1", NULL, 128, OPEN},
    {FC_AT_MOST, "1", "nan", NULL, 128, OPEN},
    {FC_AT_MOST, "1", "2", "nan", 128, OPEN},
    {FC_AT_MOST, "inf", "1", NULL, 128, OPEN},
    {FC_AT_MOST, "1", "inf", NULL, 128, OPEN},
    {FC_AT_MOST, "1", "2", "inf", 128, OPEN},
    {FC_AT_MOST, "1", "2", "0", 128, OPEN},
    {FC_AT_MOST, "2", "1", "0", 128, OPEN},
    {FC_EQUAL, "1", "1", "0", 128, OPEN},
    {FC_AT_MOST, "1", "2", "-1", 128, OPEN}};
enum { DECIDED_COUNT = sizeof decided / sizeof *decided };

START_TEST(verdicts_in_mpfr) {
  script s = {decided[_i].measured,
              decided[_i].bound,
              decided[_i].scale,
              NULL,
              NULL,
              0,
              FC_OK,
              FC_OK};
  expect_verdict(FC_TIER_MPFR, decided[_i].precision, decided[_i].relation, s,
                 decided[_i].verdict, FC_BASIS_MPFR);
}
END_TEST

/* Balls that agree leave verdicts alone; a violation that they prove becomes
 * certified. */
START_TEST(verdicts_with_balls) {
  if (!fc_have_arb())
    return;
  script s = {decided[_i].measured,
              decided[_i].bound,
              decided[_i].scale,
              NULL,
              NULL,
              0,
              FC_OK,
              FC_OK};
  fc_verdict verdict = decided[_i].verdict;
  expect_verdict(FC_TIER_CERTIFIED, decided[_i].precision, decided[_i].relation,
                 s, verdict,
                 verdict == VIOLATED ? FC_BASIS_CERTIFIED : FC_BASIS_MPFR);
}
END_TEST

/* binary64: equal up to 2^-34 of scale and of both numbers. */
START_TEST(verdicts_in_double) {
  static const struct {
    fc_relation relation;
    const char *measured, *bound, *scale;
    fc_verdict verdict;
  } list[] = {{FC_AT_MOST, "1", "2", NULL, HOLDS},
              {FC_AT_MOST, "2", "1", NULL, VIOLATED},
              {FC_AT_MOST, "1+1e-11", "1", NULL, ATTAINED},
              {FC_AT_MOST, "1+1e-9", "1", NULL, VIOLATED},
              {FC_AT_LEAST, "1-1e-9", "1", NULL, VIOLATED},
              {FC_EQUAL, "1", "1", NULL, HOLDS},
              {FC_EQUAL, "1+1e-9", "1", NULL, VIOLATED},
              {FC_AT_MOST, "1+1e-9", "1", "1e-9", VIOLATED},
              {FC_AT_MOST, "1+1e-13", "1", "1e-9", ATTAINED},
              {FC_AT_MOST, "nan", "1", NULL, OPEN},
              {FC_AT_MOST, "1", "inf", NULL, OPEN},
              {FC_AT_MOST, "1", "2", "0", OPEN}};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    expect_verdict(FC_TIER_DOUBLE, 128, list[i].relation,
                   (script){.measured = list[i].measured,
                            .bound = list[i].bound,
                            .scale = list[i].scale},
                   list[i].verdict, FC_BASIS_DOUBLE);
}
END_TEST

/* Balls that exclude what MPFR saw: an error, whatever the verdict. */
START_TEST(balls_contradict) {
  static const struct {
    fc_relation relation;
    const char *measured, *bound, *in_balls, *radius;
    fc_verdict verdict;
    fc_basis basis;
  } list[] = {{FC_AT_MOST, "2", "1", "1/2", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_MOST, "2", "1", "1", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_MOST, "1/2", "1", "2", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_MOST, "1/2", "1", "1", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_MOST, "1", "1", "2", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_MOST, "1", "1", "1/2", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_MOST, "1", "1", "1+1e-20", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_LEAST, "1/2", "1", "2", NULL, WRONG, FC_BASIS_MPFR},
              {FC_AT_LEAST, "1", "1", "1/2", NULL, WRONG, FC_BASIS_MPFR},
              {FC_EQUAL, "1", "1", "1+1e-20", NULL, WRONG, FC_BASIS_MPFR},
              {FC_EQUAL, "1", "1", "1-1e-20", NULL, WRONG, FC_BASIS_MPFR},
              {FC_EQUAL, "1", "2", "2", NULL, WRONG, FC_BASIS_MPFR},
              /* too wide to say anything */
              {FC_AT_MOST, "2", "1", "2", "5", VIOLATED, FC_BASIS_MPFR},
              {FC_AT_MOST, "1/2", "1", "2", "5", HOLDS, FC_BASIS_MPFR},
              {FC_AT_MOST, "1", "1", "2", "5", ATTAINED, FC_BASIS_MPFR},
              {FC_EQUAL, "1", "1", "2", "5", HOLDS, FC_BASIS_MPFR},
              {FC_AT_MOST, "2", "1", "nan", NULL, VIOLATED, FC_BASIS_MPFR},
              {FC_AT_MOST, "1/2", "1", "inf", NULL, HOLDS, FC_BASIS_MPFR},
              /* within the limit of equality */
              {FC_AT_MOST, "1", "1", "1+1e-30", NULL, ATTAINED, FC_BASIS_MPFR},
              {FC_AT_MOST, "1", "1", "1-1e-30", NULL, ATTAINED, FC_BASIS_MPFR},
              {FC_EQUAL, "1", "1", "1+1e-30", NULL, HOLDS, FC_BASIS_MPFR}};
  if (!fc_have_arb())
    return;
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    expect_verdict(FC_TIER_CERTIFIED, 128, list[i].relation,
                   (script){.measured = list[i].measured,
                            .bound = list[i].bound,
                            .in_balls = list[i].in_balls,
                            .ball_radius = list[i].radius},
                   list[i].verdict, list[i].basis);
}
END_TEST

/* What never settles, is not defined, or fails. */
START_TEST(no_verdict) {
  fc_record record[1];
  expect_verdict(FC_TIER_MPFR, 128, FC_AT_MOST,
                 (script){.measured = "1/2", .bound = "1", .noise = 288}, OPEN,
                 FC_BASIS_MPFR);
  static const fc_tier tiers[] = {FC_TIER_DOUBLE, FC_TIER_MPFR};
  for (int i = 0; i < 2; i++)
    expect_verdict(tiers[i], 128, FC_AT_MOST,
                   (script){.measured = "1", .bound = "2", .status = FC_DOMAIN},
                   OPEN, i == 0 ? FC_BASIS_DOUBLE : FC_BASIS_MPFR);
  for (int i = 0; i < 2; i++) {
    fc_status status =
        decide(record, tiers[i], 128, FC_AT_MOST,
               (script){.measured = "1", .bound = "2", .status = FC_MEMORY});
    ck_assert_int_eq(status, FC_MEMORY);
    fc_record_clear(record);
  }
  if (fc_have_arb()) /* balls that are undefined there: MPFR stands */
    expect_verdict(
        FC_TIER_CERTIFIED, 128, FC_AT_MOST,
        (script){.measured = "1", .bound = "2", .ball_status = FC_DOMAIN},
        HOLDS, FC_BASIS_MPFR);
}
END_TEST

/* A radius is stated in the certified tier alone, and it is true. */
START_TEST(stated_numbers) {
  fc_record record[1];
  script s = {.measured = "1/3", .bound = "2/3"};
  ck_assert_int_eq(decide(record, FC_TIER_MPFR, 128, FC_AT_MOST, s), FC_OK);
  ck_assert_ptr_null(record->measured.rad);
  ck_assert_str_eq(record->slack_kind, "gap");
  ck_assert_int_eq(strncmp(record->slack.mid, "0.33333333333333", 16), 0);
  fc_record_clear(record);
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(decide(record, FC_TIER_CERTIFIED, 128, FC_AT_MOST, s),
                   FC_OK);
  ck_assert_ptr_nonnull(record->measured.rad);
  ck_assert_ptr_nonnull(record->slack.rad);
  fc_record_clear(record);
}
END_TEST

/* An invalid comparison has no verdict, however it came about. */
START_TEST(nothing_compared) {
  fc_ctx ctx[1];
  fc_comparison c[1];
  fc_ctx_init_mpfr(ctx, 128);
  fc_comparison_init(c, ctx);
  ck_assert_int_eq(fc_judge(c, FC_AT_MOST, 128, ctx), OPEN);
  fc_set_si(c->measured, 1, ctx);
  fc_compare(c, FC_AT_MOST, ctx); /* the scale is zero */
  ck_assert(!c->valid);
  ck_assert_int_eq(fc_judge(c, FC_AT_MOST, 128, ctx), OPEN);
  fc_comparison_clear(c, ctx);
}
END_TEST

/* --- names and expectations
 * --------------------------------------------------- */

START_TEST(globs) {
  static const struct {
    const char *glob, *check, *name;
    bool matches;
  } list[] = {{"d.upper", "gif.velocity-bounds", "d.upper", true},
              {"d.upper", "gif.velocity-bounds", "d.upper.sharp", false},
              {"d.*", "gif.velocity-bounds", "d.upper.sharp", true},
              {"d.upper", "gif.velocity-bounds", "xd.upper", false},
              {"*", "a", "b", true},
              {"*/*", "a", "b", true},
              {"a/b", "a", "b", true},
              {"a/b", "a", "bc", false},
              {"gif.*/d.upper", "gif.velocity-bounds", "d.upper", true},
              {"gif.*/d.upper", "ext.velocity-bounds", "d.upper", false},
              {"?.upper", "x", "d.upper", true},
              {"[a-d].upper", "x", "d.upper", true},
              {"[a-c].upper", "x", "d.upper", false},
              {"gif.velocity-bounds", "gif.velocity-bounds", "d.upper", false},
              {"", "x", "d.upper", false},
              {"[", "x", "d.upper", false},
              {"D.UPPER", "x", "d.upper", false}};
  for (size_t i = 0; i < sizeof list / sizeof *list; i++)
    ck_assert_msg(fc_claim_matches(list[i].glob, list[i].check, list[i].name) ==
                      list[i].matches,
                  "'%s' against %s/%s", list[i].glob, list[i].check,
                  list[i].name);
}
END_TEST

/* The last entry that matches wins; then the claim's own, then its kind's. */
START_TEST(expectations) {
  static const char *const wanted[3][6] = {
      {"violated", "attained", "not-applicable", "violated", "none", "holds"},
      {"violated", "inconclusive", "not-applicable", "violated", "none",
       "holds"},
      {"violated", "attained", "not-applicable", "violated", "none", "holds"}};
  setting s[1];
  setting_init(s, FC_TIER_MPFR, 128);
  for (size_t k = 0; k < 3; k++) {
    s->job->schedule = s->instance->schedules[k];
    for (size_t i = 0; i < check.claim_count; i++)
      ck_assert_str_eq(fc_job_expectation(s->job, &claims[i]), wanted[k][i]);
  }
  setting_clear(s);
}
END_TEST

static fc_status keep(void *sink, fc_record *record) {
  *(fc_record *)sink = *record;
  fc_record_init(record);
  return FC_OK;
}

/* "Not applicable" is then what was expected, unless the instance says
 * otherwise. */
START_TEST(not_applicable) {
  static const bool as_expected[] = {false, false, true, true, true, true};
  setting s[1];
  fc_record record[1];
  setting_init(s, FC_TIER_MPFR, 128);
  s->job->emit = keep;
  s->job->sink = record;
  for (size_t i = 0; i < check.claim_count; i++) {
    ck_assert_int_eq(fc_job_not_applicable(s->job, &claims[i], "because"),
                     FC_OK);
    ck_assert_int_eq(record->verdict, FC_VERDICT_NOT_APPLICABLE);
    ck_assert_str_eq(record->reason, "because");
    ck_assert_int_eq(fc_record_as_expected(record), as_expected[i]);
    fc_record_clear(record);
    ck_assert_int_eq(fc_job_inconclusive(s->job, &claims[i], "spent"), FC_OK);
    ck_assert(!fc_record_as_expected(record) ||
              claims[i].kind == FC_KIND_PROBE);
    fc_record_clear(record);
  }
  setting_clear(s);
}
END_TEST

/* The replay command survives a shell. */
START_TEST(replay_is_quoted) {
  setting s[1];
  fc_record record[1];
  setting_init(s, FC_TIER_CERTIFIED, 200);
  s->job->reference = "my file's $(name).yaml";
  if (!fc_have_arb())
    s->job->tier = FC_TIER_MPFR;
  ck_assert_int_eq(fc_job_record(record, s->job, claims), FC_OK);
  ck_assert_msg(strstr(record->replay,
                       "flowcert run 'my file'\\''s "
                       "$(name).yaml' --claim "
                       "test.check/first --schedule linear") == record->replay,
                "%s", record->replay);
  ck_assert_int_eq(record->verdict, FC_VERDICT_ERROR); /* until decided */
  fc_record_clear(record);
  setting_clear(s);
}
END_TEST

/* --- budgets -----------------------------------------------------------------
 */

static const char SPENT[] = "the 7 steps were spent at t = 0.25";

/* left = right, unless the budget is spent. */
static fc_status equal_sides(fc_ptr left, fc_ptr right, const fc_workspace *w) {
  fc_set_si(left, 1, w->ctx);
  fc_set_si(right, 1, w->ctx);
  return FC_OK;
}

static fc_status always_spent(fc_ptr left, fc_ptr right, fc_ptr scale,
                              fc_workspace *w) {
  (void)scale;
  equal_sides(left, right, w);
  return fc_fail(&w->failure, FC_BUDGET, "%s", SPENT);
}

/* Known in binary64, where the points are scanned. */
static fc_status spent_beyond_double(fc_ptr left, fc_ptr right, fc_ptr scale,
                                     fc_workspace *w) {
  (void)scale;
  equal_sides(left, right, w);
  return w->ctx->kind == FC_DOUBLE
             ? FC_OK
             : fc_fail(&w->failure, FC_BUDGET, "%s", SPENT);
}

/* The same, and nobody says why. */
static fc_status spent_in_silence(fc_ptr left, fc_ptr right, fc_ptr scale,
                                  fc_workspace *w) {
  (void)scale;
  equal_sides(left, right, w);
  return w->ctx->kind == FC_DOUBLE ? FC_OK : FC_BUDGET;
}

static fc_status carry(fc_workspace *w, fc_srcptr x, long steps) {
  const fc_flow_value *value;
  fc_flow *flow = NULL;
  fc_time start[1];
  fc_status status = fc_workspace_flow(&flow, w, FC_FLOW_TAYLOR);
  if (status)
    return status;
  fc_flow_set_budget(flow, steps);
  fc_time_init(start, w->ctx);
  fc_time_set_d(start, 0, false, w->ctx);
  status = fc_workspace_carry(&value, w, FC_FLOW_TAYLOR, start, w->time, x,
                              FC_FLOW_POSITION);
  fc_time_clear(start, w->ctx);
  return status;
}

static fc_status flow_without_steps(fc_ptr left, fc_ptr right, fc_ptr scale,
                                    fc_workspace *w) {
  (void)scale;
  equal_sides(left, right, w);
  return carry(w, w->x, 0);
}

/* What failed otherwise is no reason why the budget was spent. */
static fc_status spent_after_a_failure(fc_ptr left, fc_ptr right, fc_ptr scale,
                                       fc_workspace *w) {
  (void)scale;
  equal_sides(left, right, w);
  fc_ptr nowhere = fc_vec_new(w->d, w->ctx);
  fc_set_inf(nowhere, 1, w->ctx);
  ck_assert_int_eq(carry(w, nowhere, 100), FC_DOMAIN);
  fc_vec_free(nowhere, w->d, w->ctx);
  return FC_BUDGET;
}

static const char GENERIC[] = "the budget was spent before the quantities were "
                              "known at the witness";
static const char NOWHERE[] = "the quantities are not finite at any point";

/* How the reason begins; in_double is NULL where the claim holds there. */
static const struct {
  fc_pointwise_function *evaluate;
  bool stated;
  const char *reason, *in_double;
} budgets[] = {
    {always_spent, false, SPENT, SPENT},
    {always_spent, true, SPENT, SPENT},
    {spent_beyond_double, true, SPENT, NULL},
    {spent_in_silence, true, GENERIC, NULL},
    {flow_without_steps, true,
     "the 0 steps were spent at t = ", "the 0 steps were spent at t = "},
    {spent_after_a_failure, true, NOWHERE, NOWHERE},
};
enum { BUDGETS = sizeof budgets / sizeof *budgets };

static void expect_spent(fc_tier tier, size_t i, const char *reason) {
  const fc_pointwise_detail detail = {.evaluate = budgets[i].evaluate,
                                      .stated = budgets[i].stated};
  const fc_claim claim = {.name = "spent",
                          .kind = FC_KIND_STATEMENT,
                          .relation = "=",
                          .detail = &detail};
  setting s[1];
  fc_record record[1];
  setting_init(s, tier, 128);
  s->job->emit = keep;
  s->job->sink = record;
  ck_assert_int_eq(fc_pointwise_measure(s->job, &claim, NULL), FC_OK);
  ck_assert_int_eq(record->verdict, FC_VERDICT_INCONCLUSIVE);
  ck_assert_msg(strncmp(record->reason, reason, strlen(reason)) == 0, "%s",
                record->reason);
  fc_record_clear(record);
  setting_clear(s);
}

START_TEST(spent_budgets_say_so) {
  expect_spent(FC_TIER_MPFR, (size_t)_i, budgets[_i].reason);
  expect_spent(FC_TIER_CERTIFIED, (size_t)_i, budgets[_i].reason);
  if (budgets[_i].in_double)
    expect_spent(FC_TIER_DOUBLE, (size_t)_i, budgets[_i].in_double);
}
END_TEST

/* --- exact texts
 * ---------------------------------------------------------------- */

/* q = the decimal text, exactly. */
static void read_exactly(mpq_ptr q, const char *text) {
  fc_formula *constant = constant_of(text);
  ck_assert_msg(fc_formula_get_mpq(q, constant), "%s", text);
  fc_formula_free(constant);
}

/* Every point of the ball lies within rad of mid as they are printed. */
static void expect_enclosed(const fc_exact *exact, fc_srcptr ball,
                            const fc_ctx *ctx) {
  mpfr_t mid, rad;
  mpq_t m, r, text_m, text_r;
  mpfr_init2(mid, 8000);
  mpfr_init2(rad, 64);
  mpq_inits(m, r, text_m, text_r, NULL);
  fc_get_mid(mid, ball, ctx);
  fc_get_rad(rad, ball, ctx);
  mpfr_get_q(m, mid);
  mpfr_get_q(r, rad);
  read_exactly(text_m, exact->mid);
  read_exactly(text_r, exact->rad);
  mpq_sub(m, m, text_m);
  mpq_abs(m, m);
  mpq_add(m, m, r);
  ck_assert_msg(mpq_cmp(m, text_r) <= 0, "%s +/- %s leaves out an end",
                exact->mid, exact->rad);
  mpq_clears(m, r, text_m, text_r, NULL);
  mpfr_clears(mid, rad, (mpfr_ptr)0);
}

static void next_ball(fc_ptr z, generator *g, const fc_ctx *ctx) {
  mpfr_t low, width;
  mpfr_init2(low, 64);
  mpfr_init2(width, 64);
  next_dyadic(low, g, 60, -900, 900);
  long gap = next_long(g, -300, 20);
  mpfr_set_ui_2exp(width, (unsigned long)next_long(g, 0, 1000),
                   (mpfr_regular_p(low) ? mpfr_get_exp(low) : 0) + gap,
                   MPFR_RNDN);
  fc_set_mpfr(z, low, ctx);
  fc_num other;
  fc_init(other, ctx);
  fc_set_mpfr(other, width, ctx);
  fc_add(other, z, other, ctx);
  fc_hull(z, z, other, ctx);
  fc_clear(other, ctx);
  mpfr_clears(low, width, (mpfr_ptr)0);
}

START_TEST(printed_balls_enclose) {
  static const long bits[] = {24, 53, 128, 333};
  static const int digits[] = {0, 1, 2, 5, 17, 60, 300};
  generator g = {20240601};
  fc_ctx ctx[1];
  fc_num z;
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, 400, NULL), FC_OK);
  fc_init(z, ctx);
  fc_exact exact = {NULL, NULL};
  for (int i = 0; i < 4000; i++) {
    next_ball(z, &g, ctx);
    ck_assert_int_eq(
        fc_exact_set_digits(&exact, z, bits[i % 4], digits[i % 7], ctx), FC_OK);
    expect_enclosed(&exact, z, ctx);
  }
  fc_exact_clear(&exact);
  fc_clear(z, ctx);
}
END_TEST

/* ... and waste little: an exact short number has no error at all. */
START_TEST(printed_balls_are_tight) {
  static const struct {
    const char *value, *mid, *rad;
    int digits;
  } list[] = {{"3/8", "0.375", "0", 0},
              {"0", "0", "0", 0},
              {"-5", "-5", "0", 0},
              {"3/8", "0.375", "0", 3},
              {"1/1024", "0.0009765625", "0", 0}};
  fc_ctx ctx[1];
  fc_num z;
  if (!fc_have_arb())
    return;
  ck_assert_int_eq(fc_ctx_init_arb(ctx, 200, NULL), FC_OK);
  fc_init(z, ctx);
  fc_exact exact = {NULL, NULL};
  mpq_t m, r, wanted;
  mpq_inits(m, r, wanted, NULL);
  for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
    read_number(z, list[i].value, ctx);
    ck_assert_int_eq(fc_exact_set_digits(&exact, z, 128, list[i].digits, ctx),
                     FC_OK);
    read_exactly(m, exact.mid);
    read_exactly(r, exact.rad);
    read_exactly(wanted, list[i].mid);
    ck_assert_msg(mpq_equal(m, wanted), "%s", exact.mid);
    ck_assert_msg(mpq_sgn(r) == 0, "%s", exact.rad);
  }
  /* two digits of 1/3: the radius is that of the text */
  read_number(z, "1/3", ctx);
  ck_assert_int_eq(fc_exact_set_digits(&exact, z, 128, 2, ctx), FC_OK);
  read_exactly(r, exact.rad);
  ck_assert_double_le(mpq_get_d(r), 0.0034);
  mpq_clears(m, r, wanted, NULL);
  fc_exact_clear(&exact);
  fc_clear(z, ctx);
}
END_TEST

/* No radius where nothing is promised; infinities and NaN by name. */
START_TEST(printed_without_radius) {
  contexts c;
  fc_exact exact = {NULL, NULL};
  contexts_init(&c, 128);
  for (size_t k = 0; k < (fc_have_arb() ? 3 : 2); k++) {
    fc_num z;
    fc_init(z, &c.list[k]);
    read_number(z, "1/3", &c.list[k]);
    ck_assert_int_eq(fc_exact_set(&exact, z, 53, &c.list[k]), FC_OK);
    ck_assert((exact.rad != NULL) == (k == 2));
    ck_assert_str_eq(exact.mid, "0.33333333333333331");
    fc_set_inf(z, -1, &c.list[k]);
    ck_assert_int_eq(fc_exact_set(&exact, z, 53, &c.list[k]), FC_OK);
    if (k < 2)
      ck_assert_str_eq(exact.mid, "-inf");
    fc_clear(z, &c.list[k]);
  }
  fc_exact_clear(&exact);
}
END_TEST

/* --- values behind bounds
 * ------------------------------------------------------- */

/* Follmer at t = 1, N(5/4, 1/9): a = 0, a' = -inf, a a' = -1, a omega = a^2 b'
 * - a a' b = 1, kappa = beta = 9; linear at 1: a' = -1, a a' = 0. */
static const struct {
  const char *schedule, *formula, *value; /* NULL: not finite */
} at_end[] = {{"follmer", "a*da", "-1"},
              {"follmer", "da*a", "-1"},
              {"follmer", "a*omega", "1"},
              {"follmer", "3*a*b*omega*da*a/7", "-3/7"},
              {"follmer", "3*b*a*(1/7)*da", "-3/7"},
              {"follmer",
               "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + (a*da + "
               "sigma^2*b*db)/(a^2 + sigma^2*b^2)",
               "-8"},
              {"follmer", "(kappa*a*da + b*db)/(kappa*a^2 + b^2)", "-8"},
              {"follmer", "da", NULL},
              {"follmer", "da1", NULL},
              {"follmer", "ada1", "-1"},
              {"follmer", "t - r + b + db", "3"},
              {"follmer", "-(a*da)^2", "-1"},
              {"linear", "da/1 + a*da + a*omega + omega", "0"},
              {"linear", "a0 + 10*b0 + 100*da1 + 1000*db1 + 10000*ada1", "901"},
              {"linear", "kappa*sigma^2 + beta*sigma^2", "2"},
              {"linear", "D", NULL},
              {"linear", "dada + d2a + d2b", "1"},
              {"ve", "a0 + 10*b0 + 100*da1 + 1000*db1", "-188"}};

START_TEST(environment_at_the_end) {
  fc_ctx ctx[1];
  fc_num z, wanted;
  field f[1];
  fc_environment *environment = NULL;
  fc_formula *bound = NULL;
  fc_ctx_init_mpfr(ctx, 200);
  fc_init(z, ctx);
  fc_init(wanted, ctx);
  field_init(f, isotropic(1, NULL, "5/4", "1/3"), at_end[_i].schedule, ctx);
  field_time(f, "1");
  ck_assert_int_eq(
      fc_environment_new(&environment, f->target, f->schedule, ctx), FC_OK);
  fc_environment_set_time(environment, fc_velocity_schedule(f->velocity),
                          f->time);
  CHECKED(fc_bound_parse(&bound, at_end[_i].formula, &error_));
  ck_assert_int_eq(fc_environment_eval(z, environment, bound), FC_OK);
  if (at_end[_i].value) {
    read_number(wanted, at_end[_i].value, ctx);
    expect_close(z, ctx, wanted, ctx, 180, 1, at_end[_i].formula);
  } else
    ck_assert_msg(!fc_is_finite(z, ctx), "%s", at_end[_i].formula);
  fc_formula_free(bound);
  fc_environment_free(environment);
  field_clear(f);
  fc_clear(z, ctx);
  fc_clear(wanted, ctx);
}
END_TEST

START_TEST(missing_constants) {
  fc_target *line = isotropic(1, NULL, "5/4", "1/3"),
            *box = pieces("1 - - 0 1");
  fc_formula *bound = NULL;
  const char *missing = NULL;
  CHECKED(fc_bound_parse(&bound, "kappa*D + a - a", &error_));
  ck_assert(!fc_bound_has_constants(&missing, bound, line));
  ck_assert_str_eq(missing, "D");
  ck_assert(fc_bound_has_constants(&missing, bound, box));
  fc_formula_free(bound);
  ck_assert_int_eq(fc_bound_parse(&bound, "kapa + 1", NULL), FC_NAME);
  ck_assert_int_eq(fc_bound_parse(&bound, "a +", NULL), FC_PARSE);
  fc_target_free(line);
  fc_target_free(box);
}
END_TEST

/* --- points and random numbers
 * ---------------------------------------------------- */

static bool same_points(const fc_points *p, const fc_points *q) {
  if (p->count != q->count || p->d != q->d)
    return false;
  for (size_t i = 0; i < p->count; i++) {
    if (p->items[i].time != q->items[i].time ||
        p->items[i].from_end != q->items[i].from_end)
      return false;
    for (size_t k = 0; k < p->d; k++)
      if (p->items[i].x[k] != q->items[i].x[k])
        return false;
  }
  return true;
}

/* The same for the same seed, check and instance; others for another seed; with
 * few bits in the time, and finite. */
START_TEST(points_are_determined) {
  setting s[1];
  fc_points p[1], q[1];
  setting_init(s, FC_TIER_MPFR, 128);
  for (unsigned times = 1; times < 8; times++) {
    ck_assert_int_eq(fc_points_init(p, s->job, times, false), FC_OK);
    ck_assert_int_eq(fc_points_init(q, s->job, times, false), FC_OK);
    ck_assert(same_points(p, q));
    ck_assert_uint_gt(p->count, 0);
    for (size_t i = 0; i < p->count; i++) {
      double t = p->items[i].time;
      ck_assert(t >= 0 && t < 1 && isfinite(p->items[i].x[0]));
      ck_assert(ldexp(t, 60) == rint(ldexp(t, 60)));
      bool start = t == 0 && !p->items[i].from_end,
           end = t == 0 && p->items[i].from_end;
      ck_assert(!start || times & FC_AT_START);
      ck_assert(!end || times & FC_AT_END);
      ck_assert(start || end || times & FC_AT_INTERIOR);
    }
    fc_points_clear(q);
    if (times & FC_AT_INTERIOR) {
      s->job->seed = 2;
      ck_assert_int_eq(fc_points_init(q, s->job, times, false), FC_OK);
      ck_assert(!same_points(p, q));
      s->job->seed = 1;
      fc_points_clear(q);
    }
    fc_points_clear(p);
  }
  setting_clear(s);
}
END_TEST

START_TEST(random_streams) {
  fc_random a[1], b[1];
  fc_random_init(a, 1, "check", "instance");
  fc_random_init(b, 1, "check", "instance");
  uint64_t seen[64];
  for (int i = 0; i < 64; i++)
    seen[i] = fc_random_bits(a);
  b->counter = 40; /* the i-th number is a function of i */
  ck_assert_uint_eq(fc_random_bits(b), seen[40]);
  fc_random branch = fc_random_branch(a, 7);
  uint64_t first = fc_random_bits(&branch);
  fc_random_bits(a);
  branch = fc_random_branch(a, 7);
  ck_assert_uint_eq(fc_random_bits(&branch), first);
  branch = fc_random_branch(a, 8);
  ck_assert_uint_ne(fc_random_bits(&branch), first);
  static const struct {
    uint64_t seed;
    const char *check, *instance;
  } others[] = {{2, "check", "instance"},
                {1, "chec", "kinstance"},
                {1, "instance", "check"},
                {1, "check", ""},
                {1, "check", "instanc"}};
  for (size_t k = 0; k < sizeof others / sizeof *others; k++) {
    fc_random_init(b, others[k].seed, others[k].check, others[k].instance);
    ck_assert_uint_ne(fc_random_bits(b), seen[0]);
  }
}
END_TEST

/* Moments of 10^5 numbers, five standard errors wide. */
START_TEST(random_laws) {
  enum { N = 100000 };
  fc_random r[1];
  fc_random_init(r, 3, "test", "laws");
  double sum = 0, square = 0, fourth = 0, mean = 0;
  for (int i = 0; i < N; i++) {
    double u = fc_random_uniform(r), z = fc_random_normal(r);
    ck_assert(u >= 0 && u < 1 && isfinite(z));
    mean += u / N;
    sum += z / N;
    square += z * z / N;
    fourth += z * z * z * z / N;
  }
  double error = 5 / sqrt(N);
  ck_assert_double_eq_tol(mean, 0.5, error * sqrt(1.0 / 12));
  ck_assert_double_eq_tol(sum, 0, error);
  ck_assert_double_eq_tol(square, 1, error * sqrt(2));
  ck_assert_double_eq_tol(fourth, 3, error * sqrt(96));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("claims");
  TCase *verdicts = tcase_create("verdicts"), *names = tcase_create("names"),
        *texts = tcase_create("texts"), *rest = tcase_create("rest");
  tcase_set_timeout(verdicts, 60);
  tcase_add_loop_test(verdicts, verdicts_in_mpfr, 0, DECIDED_COUNT);
  tcase_add_loop_test(verdicts, verdicts_with_balls, 0, DECIDED_COUNT);
  tcase_add_test(verdicts, verdicts_in_double);
  tcase_add_test(verdicts, balls_contradict);
  tcase_add_test(verdicts, no_verdict);
  tcase_add_test(verdicts, stated_numbers);
  tcase_add_test(verdicts, nothing_compared);
  tcase_add_loop_test(verdicts, spent_budgets_say_so, 0, BUDGETS);
  tcase_add_test(names, globs);
  tcase_add_test(names, expectations);
  tcase_add_test(names, not_applicable);
  tcase_add_test(names, replay_is_quoted);
  tcase_set_timeout(texts, 60);
  tcase_add_test(texts, printed_balls_enclose);
  tcase_add_test(texts, printed_balls_are_tight);
  tcase_add_test(texts, printed_without_radius);
  tcase_add_loop_test(rest, environment_at_the_end, 0,
                      sizeof at_end / sizeof *at_end);
  tcase_add_test(rest, missing_constants);
  tcase_add_test(rest, points_are_determined);
  tcase_add_test(rest, random_streams);
  tcase_add_test(rest, random_laws);
  suite_add_tcase(suite, verdicts);
  suite_add_tcase(suite, names);
  suite_add_tcase(suite, texts);
  suite_add_tcase(suite, rest);
  return run_suite(suite);
}
