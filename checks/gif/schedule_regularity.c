#include "gif/schedule_regularity.h"

#include <math.h>

#include "claims/decision.h"
#include "claims/points.h"
#include "gif/schedule_expansion.h"

enum { BITS = 480, LOST = 2048 }; /* two derivatives at distance 2^-960 */

typedef struct closure {
  const fc_job *job;
  const fc_claim *claim;
  const fc_formula *quantity, *modulus;
} closure;

static fc_status precise(fc_ctx *ctx, const fc_ctx *out) {
  if (out->kind == FC_ARB)
    return fc_ctx_init_arb(ctx, out->precision + LOST, NULL);
  fc_ctx_init_mpfr(ctx, out->precision + LOST);
  return FC_OK;
}

/* F, in out's arithmetic. */
static fc_status end_value(fc_ptr z, const closure *k, const fc_ctx *ctx) {
  const fc_regularity_detail *detail = k->claim->detail;
  fc_schedule_value v[1];
  fc_time time[1];
  fc_num shift;
  fc_schedule_value_init(v, ctx);
  fc_time_init(time, ctx);
  fc_init(shift, ctx);
  fc_time_set_d(time, 0, detail->at_end, ctx);
  fc_status status = fc_schedule_eval(v, k->job->schedule, time, false, ctx);
  fc_set_d(shift, detail->shift, ctx);
  fc_add(z, detail->square ? v->ada : v->db, shift, ctx);
  fc_clear(shift, ctx);
  fc_time_clear(time, ctx);
  fc_schedule_value_clear(v, ctx);
  return status;
}

/* f(h), f(h^2) and the modulus at h, in the precise arithmetic. */
static fc_status expand(fc_ptr f, fc_ptr f2, fc_ptr modulus, const closure *k,
                        const fc_ctx *ctx) {
  const fc_regularity_detail *detail = k->claim->detail;
  fc_expansion *expansion = NULL;
  fc_status status = fc_expansion_new(&expansion, k->job->schedule, ctx, NULL);
  if (status == FC_OK)
    status = fc_expansion_set(expansion, ldexp(1, -2 * BITS), detail->at_end);
  if (status == FC_OK)
    status = fc_expansion_eval(f2, expansion, k->quantity);
  if (status == FC_OK)
    status = fc_expansion_set(expansion, ldexp(1, -BITS), detail->at_end);
  if (status == FC_OK)
    status = fc_expansion_eval(f, expansion, k->quantity);
  if (status == FC_OK)
    status = fc_expansion_eval(modulus, expansion, k->modulus);
  fc_expansion_free(expansion);
  return status;
}

/* measured = the larger distance.  Where F is infinite the other one refutes
 * the claim if it can; else nothing is said. */
static fc_status take_larger(fc_comparison *c, fc_srcptr cauchy,
                             fc_srcptr distance, const fc_ctx *ctx) {
  bool larger = fc_cmp_mid(cauchy, distance, ctx) >= 0;
  if (fc_is_finite(distance, ctx)) {
    fc_set(c->measured, larger ? cauchy : distance, ctx);
    return FC_OK;
  }
  fc_set(c->measured, cauchy, ctx);
  return fc_cmp_mid(cauchy, c->bound, ctx) > 0 ? FC_OK : FC_DOMAIN;
}

static fc_status compare_limit(fc_comparison *c, void *data,
                               const fc_ctx *ctx) {
  const closure *k = data;
  fc_ctx high[1];
  fc_status status = precise(high, ctx);
  if (status)
    return status;
  fc_num f, f2, modulus, end, far, distance;
  fc_ptr precise_numbers[] = {f, f2, modulus};
  fc_ptr numbers[] = {end, far, distance};
  for (int i = 0; i < 3; i++) {
    fc_init(precise_numbers[i], high);
    fc_init(numbers[i], ctx);
  }
  status = expand(f, f2, modulus, k, high);
  if (status == FC_OK)
    status = end_value(end, k, ctx);
  if (status == FC_OK) {
    fc_convert(distance, ctx, f, high);
    fc_sub(f2, f2, f, high);
    fc_abs(f2, f2, high);
    fc_convert(far, ctx, f2, high);
    fc_convert(c->bound, ctx, modulus, high);
    fc_sub(distance, distance, end, ctx);
    fc_abs(distance, distance, ctx);
    fc_set_si(c->scale, 1, ctx);
    status = take_larger(c, far, distance, ctx);
  }
  for (int i = 0; i < 3; i++) {
    fc_clear(precise_numbers[i], high);
    fc_clear(numbers[i], ctx);
  }
  return status;
}

static fc_status emit(const fc_job *job, const fc_claim *claim, closure *k,
                      fc_error *error) {
  const fc_regularity_detail *detail = claim->detail;
  fc_record record[1];
  fc_point point = {ldexp(1, -BITS), detail->at_end, NULL};
  fc_status status = fc_job_record(record, job, claim);
  if (status)
    return fc_fail(error, status, "out of memory");
  status = fc_point_state(record, &point, 0);
  if (status == FC_OK)
    status = fc_decide(record, job, FC_AT_MOST, compare_limit, k);
  if (status == FC_OK)
    status = job->emit(job->sink, record);
  fc_record_clear(record);
  return status ? fc_fail(error, status, "%s: %s", claim->name,
                          fc_status_text(status))
                : FC_OK;
}

fc_status fc_measure_regularity(const fc_job *job, const fc_claim *claim,
                                fc_error *error) {
  const fc_regularity_detail *detail = claim->detail;
  fc_formula *quantity = NULL, *modulus = NULL;
  fc_status status = fc_expansion_parse(&quantity, detail->quantity, error);
  if (status == FC_OK)
    status = fc_expansion_parse(&modulus, claim->formula, error);
  if (status == FC_OK) {
    closure k = {job, claim, quantity, modulus};
    status = emit(job, claim, &k, error);
  }
  fc_formula_free(quantity);
  fc_formula_free(modulus);
  return status;
}
