/* Measured is E|Y_1(X_0) - X_1(X_0)|^2 by perturbed/deviation.h: W_2^2 itself
 * on the line, where both flows are increasing, and for Gaussians with affine
 * w, whose flows are commuting symmetric maps; it refutes and proves. Elsewhere
 * it is the cost of a coupling: at most the bound it proves, above it it
 * decides nothing.
 */
#include "gif/stability_measure.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "claims/decision.h"
#include "gif/stability_factors.h"

enum { ROUGH_BITS = 6 };
enum { FEW_BITS = 64 }; /* of the arithmetic in which 2^-ROUGH_BITS is plenty */
enum { LOST_BITS = 48, FIRST_GUARD_BITS = 32 };

/* --- what is measured, once for a field and an arithmetic ------------------
 */

typedef struct measured {
  fc_ctx ctx[1];
  fc_deviation deviation[1];
  fc_status status;
  bool made;
} measured;

typedef struct session {
  const fc_job *job;
  const fc_claim *claim;
  bool proved; /* C_3 of the present claim */
  measured fields[FC_FIELD_COUNT];
  enum { UNKNOWN, IDLE, BUSY } idle[FC_FIELD_COUNT];
} session;

static void forget(measured *m) {
  if (m->made)
    fc_deviation_clear(m->deviation, m->ctx);
  m->made = false;
}

static bool is_exact(const fc_job *job, const fc_stability_field *field) {
  return field->affine && fc_target_is_gaussian(job->instance->target);
}

/* The widest direction of a Gaussian; NULL (and no failure) elsewhere. */
static fc_ptr widest_axis(const fc_job *job, const fc_ctx *ctx) {
  const fc_target *target = job->instance->target;
  size_t d = fc_target_dimension(target);
  if (!fc_target_is_gaussian(target))
    return NULL;
  fc_ptr axis = fc_vec_new(d, ctx), rest = fc_vec_new(2 * d + d * d, ctx);
  if (axis && rest &&
      fc_gaussian_spectrum(rest, rest + d, rest + 2 * d, target, ctx) == FC_OK)
    fc_vec_set(axis, rest + 2 * d + (d - 1) * d, d, ctx);
  fc_vec_free(rest, 2 * d + d * d, ctx);
  return axis;
}

static void measure(measured *m, const fc_job *job,
                    const fc_stability_field *field, long bits) {
  const fc_ctx *ctx = m->ctx;
  size_t d = fc_target_dimension(job->instance->target);
  fc_ptr axis = widest_axis(job, ctx);
  const fc_deviation_plan plan = {.target = job->instance->target,
                                  .schedule = job->schedule,
                                  .perturbation = &field->how,
                                  .affine = field->affine,
                                  .axis = axis,
                                  .bits = bits};
  fc_deviation_init(m->deviation, ctx);
  m->made = true;
  m->status = fc_deviation_compute(m->deviation, &plan, ctx, NULL);
  fc_vec_free(axis, d, ctx);
}

/* Full precision where both sides of the statement are equal: by theory, or
 * because a first try could not tell them apart. */
static bool is_equality(const fc_job *job, const fc_stability_field *field,
                        const fc_ctx *ctx) {
  bool again = ctx->precision > job->precision + FIRST_GUARD_BITS;
  return is_exact(job, field) && (field->how.axis || again);
}

static const measured *recall(session *s, int which, const fc_ctx *ctx) {
  const fc_stability_field *field = fc_stability_field_of(s->job, which);
  measured *m = &s->fields[which];
  bool exact = is_equality(s->job, field, ctx), fast = ctx->kind == FC_DOUBLE;
  long bits = !is_exact(s->job, field) ? ROUGH_BITS
              : fast || !exact         ? FC_STABILITY_BITS
                                       : ctx->precision - LOST_BITS;
  long precision = fast ? 53 : exact ? ctx->precision : FEW_BITS;
  if (m->made && m->ctx->kind == ctx->kind && m->ctx->precision == precision)
    return m;
  forget(m);
  if (fast)
    fc_ctx_init_double(m->ctx);
  else
    fc_ctx_init_mpfr(m->ctx, precision);
  measure(m, s->job, field, bits);
  return m;
}

/* --- the comparison ------------------------------------------------------- */

/* z = the factor, *error how far it may be off. */
static fc_status set_factor(fc_ptr z, fc_ptr error, session *s,
                            const fc_ctx *ctx) {
  const fc_stability_detail *detail = s->claim->detail;
  const fc_stability_field *field =
      fc_stability_field_of(s->job, detail->field);
  long power = detail->factor == FC_FACTOR_SINGLE ? 1 : 2;
  long bits = ctx->kind == FC_DOUBLE            ? FC_STABILITY_BITS
              : is_equality(s->job, field, ctx) ? ctx->precision - LOST_BITS
                                                : FC_STABILITY_BITS;
  fc_set_si(error, 0, ctx);
  if (detail->factor == FC_FACTOR_ONE) {
    fc_set_si(z, 1, ctx);
    return FC_OK;
  }
  if (detail->form == FC_STABILITY_SHARP && field->how.kind == FC_PERTURB_EULER)
    return fc_stability_polygon(z, error, s->job, field, ctx);
  if (detail->form != FC_STABILITY_II)
    return fc_stability_integrate(z, error, s->job, s->claim,
                                  detail->form == FC_STABILITY_I
                                      ? fc_stability_growth(s->job)
                                      : field->growth,
                                  (int)power, bits, ctx);
  fc_status status = fc_stability_lipschitz(z, &s->proved, s->job, field, ctx);
  fc_exponential_mean(z, z, power, ctx);
  fc_mul_2exp_si(error, z, 16 - ctx->precision, ctx);
  return status;
}

/* z (1 - 2^-20) or z/2 for controls. */
static void alter(fc_ptr z, fc_stability_factor factor, const fc_ctx *ctx) {
  fc_num part;
  fc_init(part, ctx);
  if (factor == FC_FACTOR_TIGHTER || factor == FC_FACTOR_HALF) {
    fc_mul_2exp_si(part, z, factor == FC_FACTOR_HALF ? -1 : -20, ctx);
    fc_sub(z, z, part, ctx);
  }
  fc_clear(part, ctx);
}

/* bound = factor along, stated = what all three are off by. */
static void put(fc_comparison *c, fc_srcptr factor, fc_srcptr factor_error,
                const measured *m, bool along_x, const fc_ctx *ctx) {
  const fc_deviation *deviation = m->deviation;
  fc_num along, error;
  fc_init(along, ctx);
  fc_init(error, ctx);
  fc_convert(c->measured, ctx, deviation->distance, m->ctx);
  fc_convert(c->stated, ctx, deviation->distance_error, m->ctx);
  fc_convert(along, ctx, along_x ? deviation->along_x : deviation->along_y,
             m->ctx);
  fc_mul(c->bound, factor, along, ctx);
  fc_mul(along, along, factor_error, ctx);
  fc_add(c->stated, c->stated, along, ctx);
  fc_convert(error, ctx,
             along_x ? deviation->along_x_error : deviation->along_y_error,
             m->ctx);
  fc_mul(error, error, factor, ctx);
  fc_add(c->stated, c->stated, error, ctx);
  fc_clear(along, ctx);
  fc_clear(error, ctx);
}

/* An fc_compare_function. */
static fc_status compare(fc_comparison *c, void *data, const fc_ctx *ctx) {
  session *s = data;
  const fc_stability_detail *detail = s->claim->detail;
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  const measured *m = recall(s, detail->field, ctx);
  if (m->status)
    return m->status;
  fc_num factor, error;
  fc_init(factor, ctx);
  fc_init(error, ctx);
  fc_status status = set_factor(factor, error, s, ctx);
  alter(factor, detail->factor, ctx);
  put(c, factor, error, m, detail->form != FC_STABILITY_I, ctx);
  fc_set(c->scale, c->bound, ctx);
  c->states = true;
  c->as_ratio = true;
  fc_clear(factor, ctx);
  fc_clear(error, ctx);
  return status;
}

/* --- the record ----------------------------------------------------------- */

static fc_status note(fc_record *record, const measured *m, const session *s) {
  char text[240];
  if (record->reason)
    return FC_OK;
  const fc_stability_detail *detail = s->claim->detail;
  bool euler = detail->field == FC_FIELD_EULER;
  bool second =
      detail->form == FC_STABILITY_II && detail->factor != FC_FACTOR_ONE;
  snprintf(text, sizeof text, "measured is %s%s",
           m->deviation->optimal
               ? "W₂² itself: it refutes and proves"
               : "the cost of a coupling, at least W₂²: it proves, it "
                 "does not refute",
           !second ? ""
           : euler ? "; C₃ is taken at both ends of each step, where it is "
                     "largest"
           : s->proved ? "; balls over all of [0, 1] prove C₃"
                       : "; C₃ is seen on a mesh of times");
  record->reason = fc_strdup(text);
  return record->reason ? FC_OK : FC_MEMORY;
}

/* Above the bound a coupling decides nothing. */
static fc_status emit(session *s) {
  const fc_job *job = s->job;
  const fc_stability_detail *detail = s->claim->detail;
  fc_record record[1];
  fc_status status = fc_job_record(record, job, s->claim);
  if (status)
    return status;
  fc_job alone = *job;
  const fc_target *target = job->instance->target;
  if (fc_target_dimension(target) > 1 && !fc_target_is_gaussian(target))
    alone.tier = FC_TIER_DOUBLE; /* many starting points */
  status = fc_decide_stated(record, &alone, FC_AT_MOST, compare, s);
  const measured *m = &s->fields[detail->field];
  if (!status && m->made && !m->deviation->optimal &&
      record->verdict == FC_VERDICT_VIOLATED)
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                              "the coupling costs more than the bound, which "
                              "does not refute it");
  if (!status)
    status = note(record, m, s);
  if (!status)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status;
}

/* Where w = v for all that matters nothing is perturbed; binary64 sees it. */
static const char *is_idle(session *s, int which) {
  fc_ctx fast[1];
  fc_ctx_init_double(fast);
  const fc_stability_field *field = fc_stability_field_of(s->job, which);
  if (s->idle[which] == UNKNOWN) {
    s->idle[which] = BUSY;
    if (is_exact(s->job, field)) {
      const measured *m = recall(s, which, fast);
      if (!m->status && fc_get_d(m->deviation->along_y, m->ctx) < 0x1p-80)
        s->idle[which] = IDLE;
    }
  }
  return s->idle[which] == IDLE
             ? "the perturbation does nothing to this field under this schedule"
             : NULL;
}

static fc_status judge(session *s) {
  const fc_stability_detail *detail = s->claim->detail;
  const char *reason = detail->refuses ? detail->refuses(s->job) : NULL;
  if (!reason)
    reason = is_idle(s, detail->field);
  if (!reason)
    return emit(s);
  return s->claim->kind == FC_KIND_CONTROL
             ? FC_OK
             : fc_job_not_applicable(s->job, s->claim, reason);
}

fc_status fc_stability_run(const fc_job *job, fc_error *error) {
  session *s = calloc(1, sizeof *s);
  if (!s)
    return fc_fail(error, FC_MEMORY, "out of memory");
  s->job = job;
  fc_status status = FC_OK;
  for (size_t i = 0; i < job->check->claim_count && !status; i++) {
    s->claim = &job->check->claims[i];
    if (!s->claim->measure && fc_job_wants(job, s->claim))
      status = judge(s);
  }
  for (int i = 0; i < FC_FIELD_COUNT; i++)
    forget(&s->fields[i]);
  free(s);
  return status ? fc_fail(error, status, "%s", fc_status_text(status)) : FC_OK;
}
