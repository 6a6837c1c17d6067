/* (3.2) and Table 1: the conditions on a schedule (a_t, b_t).
 *
 *   a' <= 0, b' >= 0, omega = a b' - a' b >= 0, a, b > 0 on (0, 1);
 *   a_0 > 0, b_0 >= 0, a_1 = 0, b_1 = 1;
 *   a, b in C^2[0, 1), a^2, b in C^1[0, 1].
 *
 * Hypotheses: none; this is what all other results assume.
 * The left sides are what lib/schedule computes by closed forms.  The right
 * sides are the formulas below, in a, b, da, db, d2a, d2b that Taylor
 * arithmetic makes from the text of a_t and b_t (schedule_expansion.h).
 * Signs are searched on a fine mesh, which can refute; in the certified tier
 * schedule/sign_proof.h proves them on all of (0, 1).
 */
#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "claims/decision.h"
#include "claims/points.h"
#include "gif/modules.h"
#include "gif/schedule_expansion.h"
#include "gif/schedule_regularity.h"
#include "schedule/sign_proof.h"

/* The quantities of fc_schedule_value. */
#define FIELDS(X)                                                              \
  X(a)                                                                         \
  X(b)                                                                         \
  X(da)                                                                        \
  X(db) X(d2a) X(d2b) X(ada) X(dada) X(omega) X(aomega) X(rho2) X(rho) X(theta)

enum {
#define X(name) F_##name,
  FIELDS(X)
#undef X
};

typedef enum when {
  WHEN_INSIDE, /* at chosen times in (0, 1) */
  WHEN_MESH,   /* wherever in (0, 1) a fine mesh finds the least gap */
  WHEN_START,
  WHEN_END
} when;

typedef struct schedule_detail {
  int field;
  when when;
  bool strict;   /* equality violates the claim */
  bool provable; /* `condition` is what the claim says */
  fc_sign_condition condition;
  bool needs_nonzero; /* a control: void where the field vanishes */
} schedule_detail;

typedef struct moment {
  double time;
  bool from_end;
} moment;

/* --- one comparison ------------------------------------------------------- */

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  const fc_formula *formula;
  moment at;
} closure;

static fc_status get_field(fc_ptr z, const fc_schedule *schedule, int field,
                           moment at, const fc_ctx *ctx) {
  fc_schedule_value v[1];
  fc_time time[1];
  fc_schedule_value_init(v, ctx);
  fc_time_init(time, ctx);
  fc_time_set_d(time, at.time, at.from_end, ctx);
  fc_status status = fc_schedule_eval(v, schedule, time, true, ctx);
  const fc_num_struct *fields[] = {
#define X(name) v->name,
      FIELDS(X)
#undef X
  };
  fc_set(z, fields[field], ctx);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(v, ctx);
  return status;
}

/* z = the formula's value in the Taylor arithmetic; made is NULL, or an
 * expansion over ctx to use. */
static fc_status get_formula(fc_ptr z, const closure *k, moment at,
                             fc_expansion *made, const fc_ctx *ctx) {
  if (fc_formula_is_constant(k->formula))
    return fc_formula_eval(z, k->formula, NULL, ctx);
  fc_expansion *expansion = made;
  fc_status status = FC_OK;
  if (!made)
    status = fc_expansion_new(&expansion, k->job->schedule, ctx, NULL);
  if (status == FC_OK)
    status = fc_expansion_set(expansion, at.time, at.from_end);
  if (status == FC_OK)
    status = fc_expansion_eval(z, expansion, k->formula);
  if (!made)
    fc_expansion_free(expansion);
  return status;
}

enum { SMALL_BITS = 32 };

/* Signs and end values are judged as they stand, identities relative to their
 * size, but not to what cancellation leaves where both sides vanish. */
static void set_scale(fc_comparison *c, const schedule_detail *detail,
                      const fc_ctx *ctx) {
  fc_num size;
  fc_init(size, ctx);
  fc_abs(c->scale, c->measured, ctx);
  fc_abs(size, c->bound, ctx);
  if (fc_cmp_mid(size, c->scale, ctx) > 0)
    fc_set(c->scale, size, ctx);
  fc_set_si(size, 1, ctx);
  fc_mul_2exp_si(size, size, -SMALL_BITS, ctx);
  if (detail->when != WHEN_INSIDE)
    fc_set_si(c->scale, 1, ctx);
  else if (fc_cmp_mid(size, c->scale, ctx) > 0)
    fc_set(c->scale, size, ctx);
  fc_clear(size, ctx);
}

static fc_status compare_field(fc_comparison *c, void *data,
                               const fc_ctx *ctx) {
  const closure *k = data;
  const schedule_detail *detail = k->claim->detail;
  fc_status status =
      get_field(c->measured, k->job->schedule, detail->field, k->at, ctx);
  if (status == FC_OK)
    status = get_formula(c->bound, k, k->at, NULL, ctx);
  if (status == FC_OK)
    set_scale(c, detail, ctx);
  return status;
}

/* --- where ------------------------------------------------------------------
 */

enum { INSIDE_FIXED = 13, INSIDE_RANDOM = 5, MESH = 1024, REFINEMENTS = 48 };

/* The gap in the direction of the claim, in binary64 (its own verdict is not
 * used); NaN where it is not defined. */
static double rough_gap(const closure *k, moment at, fc_expansion *expansion) {
  fc_ctx ctx[1];
  fc_comparison c[1];
  const schedule_detail *detail = k->claim->detail;
  fc_ctx_init_double(ctx);
  fc_comparison_init(c, ctx);
  double gap = NAN;
  if (get_field(c->measured, k->job->schedule, detail->field, at, ctx) ==
          FC_OK &&
      get_formula(c->bound, k, at, expansion, ctx) == FC_OK) {
    set_scale(c, detail, ctx);
    fc_compare(c, fc_relation_of(k->claim), ctx);
    if (c->valid)
      gap = c->relative;
  }
  fc_comparison_clear(c, ctx);
  return gap;
}

/* Takes the moment where it is worse; an undefined gap is the worst. */
static void take_worse(moment *worst, double *least, const closure *k,
                       moment at, fc_expansion *expansion) {
  if (isnan(*least))
    return;
  double gap = rough_gap(k, at, expansion);
  if (!(gap >= *least)) {
    *least = gap;
    *worst = at;
  }
}

static void search_inside(moment *worst, double *least, const closure *k,
                          fc_expansion *expansion) {
  static const moment fixed[INSIDE_FIXED] = {
      {0x1p-20, false}, {0x1p-10, false}, {0x1p-4, false}, {0x1p-2, false},
      {0.3125, false},  {0.375, false},   {0x1p-1, false}, {0.375, true},
      {0.3125, true},   {0x1p-2, true},   {0x1p-4, true},  {0x1p-10, true},
      {0x1p-20, true}};
  fc_random random[1];
  fc_random_init(random, k->job->seed, k->job->check->id,
                 k->job->instance->name);
  for (int i = 0; i < INSIDE_FIXED; i++)
    take_worse(worst, least, k, fixed[i], expansion);
  for (int i = 0; i < INSIDE_RANDOM; i++) {
    moment at = {ldexp(1 + floor(fc_random_uniform(random) * 0x1p20), -21),
                 (fc_random_bits(random) & 1) != 0};
    take_worse(worst, least, k, at, expansion);
  }
}

/* A uniform mesh, points towards both ends, and halving steps about the best.
 */
static void search_mesh(moment *worst, double *least, const closure *k,
                        fc_expansion *expansion) {
  for (int i = 1; i < MESH; i++)
    take_worse(worst, least, k, (moment){(double)i / MESH, false}, expansion);
  for (int e = 11; e <= 20; e++) {
    take_worse(worst, least, k, (moment){ldexp(1, -e), false}, expansion);
    take_worse(worst, least, k, (moment){ldexp(1, -e), true}, expansion);
  }
  double step = 0.5 / MESH;
  for (int i = 0; i < REFINEMENTS && step > 0x1p-32; i++) {
    double before = *least;
    moment centre = *worst;
    for (int side = -1; side <= 1; side += 2) {
      moment at = {centre.time + side * step, centre.from_end};
      if (at.time > 0 && at.time < 1)
        take_worse(worst, least, k, at, expansion);
    }
    if (!(*least < before))
      step /= 2;
  }
}

static fc_status find_moment(closure *k, fc_error *error) {
  const schedule_detail *detail = k->claim->detail;
  fc_ctx ctx[1];
  fc_expansion *expansion = NULL;
  double least = INFINITY;
  k->at = (moment){0.5, false};
  if (detail->when == WHEN_START || detail->when == WHEN_END) {
    k->at = (moment){0, detail->when == WHEN_END};
    return FC_OK;
  }
  fc_ctx_init_double(ctx);
  fc_status status = fc_expansion_new(&expansion, k->job->schedule, ctx, error);
  if (status)
    return status;
  if (detail->when == WHEN_MESH)
    search_mesh(&k->at, &least, k, expansion);
  else
    search_inside(&k->at, &least, k, expansion);
  fc_expansion_free(expansion);
  return FC_OK;
}

/* --- verdicts ---------------------------------------------------------------
 */

static fc_status decide_at(fc_record *record, closure *k) {
  const schedule_detail *detail = k->claim->detail;
  fc_point point = {k->at.time, k->at.from_end, NULL};
  fc_exact_clear(&record->witness_t);
  free(record->witness_x);
  record->witness_x = NULL;
  fc_status status = fc_point_state(record, &point, 0);
  if (status == FC_OK)
    status =
        fc_decide(record, k->job, fc_relation_of(k->claim), compare_field, k);
  if (status == FC_OK && detail->strict &&
      record->verdict == FC_VERDICT_ATTAINED)
    record->verdict = FC_VERDICT_VIOLATED;
  return status;
}

/* Certified: the sign condition on all of (0, 1). */
static fc_status prove(fc_record *record, closure *k) {
  const schedule_detail *detail = k->claim->detail;
  fc_proof proof;
  double t;
  bool good = record->verdict == FC_VERDICT_HOLDS ||
              record->verdict == FC_VERDICT_ATTAINED;
  if (!detail->provable || !good || k->job->tier != FC_TIER_CERTIFIED)
    return FC_OK;
  fc_status status =
      fc_schedule_prove(&proof, &t, k->job->schedule, detail->condition,
                        k->job->precision + FC_GUARD_BITS);
  if (status == FC_UNSUPPORTED)
    return FC_OK;
  if (status == FC_OK && proof == FC_PROVED)
    record->basis = FC_BASIS_CERTIFIED;
  if (status == FC_OK && proof == FC_REFUTED) {
    k->at = (moment){t, false};
    status = decide_at(record, k);
  }
  return status;
}

/* True where the field is 0 at two times: no control can alter it then. */
static bool vanishes(const fc_job *job, const schedule_detail *detail) {
  static const moment times[] = {{0.3125, false}, {0.3125, true}};
  fc_ctx ctx[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  bool zero = true;
  for (int i = 0; i < 2; i++)
    zero = zero &&
           get_field(z, job->schedule, detail->field, times[i], ctx) == FC_OK &&
           fabs(fc_get_d(z, ctx)) < 0x1p-30;
  fc_clear(z, ctx);
  return zero;
}

static fc_status measure(const fc_job *job, const fc_claim *claim,
                         fc_error *error) {
  const schedule_detail *detail = claim->detail;
  if (detail->needs_nonzero && vanishes(job, detail))
    return FC_OK;
  closure k = {job, claim, NULL, {0, false}};
  fc_formula *formula = NULL;
  fc_record record[1];
  fc_status status = fc_expansion_parse(&formula, claim->formula, error);
  k.formula = formula;
  if (status == FC_OK)
    status = find_moment(&k, error);
  if (status == FC_OK)
    status = fc_job_record(record, job, claim);
  if (status) {
    fc_formula_free(formula);
    return status;
  }
  status = decide_at(record, &k);
  if (status == FC_OK)
    status = prove(record, &k);
  if (status == FC_OK)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  fc_formula_free(formula);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

/* --- the claims -------------------------------------------------------------
 */

#define DETAIL(...)                                                            \
  .measure = measure, .detail = &(const schedule_detail) { __VA_ARGS__ }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

/* A condition on a sign over (0, 1) and its opposite, which must be refuted. */
#define SIGN(id, text, over, proof, altered, altered_relation, ...)            \
  {.name = id,                                                                 \
   .kind = FC_KIND_STATEMENT,                                                  \
   .source = "(3.2)",                                                          \
   .statement = text " on (0,1)",                                              \
   .relation = over,                                                           \
   .formula = "0",                                                             \
   DETAIL(.when = WHEN_MESH, .provable = true, .condition = proof,             \
          __VA_ARGS__)},                                                       \
  {                                                                            \
    .name = id ".control.opposite", .source = "(3.2), turned round",           \
    .statement = altered, .relation = altered_relation, .formula = "0",        \
    CONTROL(id), DETAIL(.needs_nonzero = true, __VA_ARGS__)                    \
  }

/* A quantity by two ways, and a false formula for it. */
#define SAME(id, which, text, right, altered, altered_formula)                 \
  {.name = id,                                                                 \
   .kind = FC_KIND_IDENTITY,                                                   \
   .source = "Table 1",                                                        \
   .statement = text ", by closed forms and by Taylor arithmetic on the "      \
                     "formulas of a and b",                                    \
   .relation = "=",                                                            \
   .formula = right,                                                           \
   DETAIL(.field = which)},                                                    \
  {                                                                            \
    .name = id ".control." altered, .source = "Table 1, altered",              \
    .statement = text ", " altered, .relation = "=",                           \
    .formula = altered_formula, CONTROL(id),                                   \
    DETAIL(.field = which, .needs_nonzero = true)                              \
  }

#define END(id, which, place, text, over, right, is_strict, altered,           \
            altered_over, altered_formula)                                     \
  {.name = id,                                                                 \
   .kind = FC_KIND_STATEMENT,                                                  \
   .source = "(3.2)",                                                          \
   .statement = text,                                                          \
   .relation = over,                                                           \
   .formula = right,                                                           \
   DETAIL(.field = which, .when = place, .strict = is_strict)},                \
  {                                                                            \
    .name = id ".control." altered, .source = "(3.2), altered",                \
    .statement = text ", " altered, .relation = altered_over,                  \
    .formula = altered_formula, CONTROL(id),                                   \
    DETAIL(.field = which, .when = place)                                      \
  }

/* A derivative with a limit at an end, and a false limit. */
#define LIMIT(id, text, formula_of, is_square, end, modulus)                   \
  {.name = id,                                                                 \
   .kind = FC_KIND_STATEMENT,                                                  \
   .source = "(3.2)",                                                          \
   .statement = text " tends to its finite value at that end",                 \
   .relation = "<=",                                                           \
   .formula = modulus,                                                         \
   .hypotheses = "the limit is approached at least like h^(1/32)",             \
   .measure = fc_measure_regularity,                                           \
   .detail = &(const fc_regularity_detail){formula_of, is_square, end, 0}},    \
  {                                                                            \
    .name = id ".control.shifted",                                             \
    .source = "(3.2), the limit shifted by 1/8",                               \
    .statement = text " tends to its value at that end plus 1/8",              \
    .relation = "<=", .formula = modulus, CONTROL(id),                         \
    .measure = fc_measure_regularity,                                          \
    .detail = &(const fc_regularity_detail) {                                  \
      formula_of, is_square, end, 0.125                                        \
    }                                                                          \
  }

static const fc_claim claims[] = {
    SIGN("signs.da", "a′ ≤ 0", "<=", FC_DA_FALLS, "a′ ≥ 0",
         ">=", .field = F_da),
    SIGN("signs.db", "b′ ≥ 0", ">=", FC_DB_RISES, "b′ ≤ 0",
         "<=", .field = F_db),
    SIGN("signs.omega", "ω = ab′ − a′b ≥ 0", ">=", FC_OMEGA_RISES, "ω ≤ 0",
         "<=", .field = F_omega),
    SIGN("positive.a", "a > 0", ">=", FC_A_POSITIVE, "a ≤ 0",
         "<=", .field = F_a, .strict = true),
    SIGN("positive.b", "b > 0", ">=", FC_B_POSITIVE, "b ≤ 0",
         "<=", .field = F_b, .strict = true),
    END("ends.a0", F_a, WHEN_START, "a₀ > 0", ">=", "0", true, "opposite",
        "<=", "0"),
    END("ends.b0", F_b, WHEN_START, "b₀ ≥ 0", ">=", "0", false, "shifted",
        ">=", "b + 1/2"),
    END("ends.a1", F_a, WHEN_END, "a₁ = 0", "=", "0", false, "shifted", "=",
        "1/2"),
    END("ends.b1", F_b, WHEN_END, "b₁ = 1", "=", "1", false, "zero", "=", "0"),
    LIMIT("regularity.a2.start", "(a²)′/2 as t → 0", "a*da", true, false,
          "t^(1/32)"),
    LIMIT("regularity.a2.end", "(a²)′/2 as t → 1", "a*da", true, true,
          "r^(1/32)"),
    LIMIT("regularity.b.start", "b′ as t → 0", "db", false, false, "t^(1/32)"),
    LIMIT("regularity.b.end", "b′ as t → 1", "db", false, true, "r^(1/32)"),
    SAME("value.a", F_a, "a", "a", "of-b", "b + 1/8"),
    SAME("value.b", F_b, "b", "b", "squared", "b + b^2/8"),
    SAME("derivative.a", F_da, "a′", "da", "sign", "-da"),
    SAME("derivative.b", F_db, "b′", "db", "sign", "-db"),
    SAME("second-derivative.a", F_d2a, "a″", "d2a", "sign", "-d2a"),
    SAME("second-derivative.b", F_d2b, "b″", "d2b", "sign", "-d2b"),
    SAME("fused.ada", F_ada, "(a²)′/2", "a*da", "factor", "2*a*da"),
    SAME("fused.dada", F_dada, "(a²)″/2", "da^2 + a*d2a", "sign",
         "-(da^2 + a*d2a)"),
    SAME("fused.omega", F_omega, "ω", "a*db - da*b", "sign", "da*b - a*db"),
    SAME("fused.aomega", F_aomega, "aω", "a*(a*db - da*b)", "sign",
         "-a*(a*db - da*b)"),
    SAME("polar.rho2", F_rho2, "ρ²", "a^2 + b^2", "no-b", "a^2"),
    SAME("polar.rho", F_rho, "ρ", "sqrt(a^2 + b^2)", "sum", "a + b"),
    SAME("polar.theta", F_theta, "ϑ", "atan(b/a)", "sign", "-atan(b/a)"),
};

static fc_status run(const fc_job *job, fc_error *error) {
  return fc_job_measure(job, error);
}

const fc_check fc_check_schedule = {
    .id = "gif.schedule",
    .title = "Schedules: signs, ends, smoothness and derivatives",
    .source = "(3.2), Table 1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .target_free = true,
    .run = run,
};
