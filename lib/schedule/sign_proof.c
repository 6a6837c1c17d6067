#include "schedule/sign_proof.h"

#include <math.h>

#include "schedule/private.h"

enum { PARTS = 4096, SIGN_BITS = 128 };

#define NARROWEST 0x1p-24

typedef struct prover {
  const fc_schedule *schedule;
  fc_sign_condition condition;
  fc_ctx ctx[1];
  fc_schedule_value at[1];
  fc_time time[1];
  fc_num x, slope;
} prover;

static void prover_init(prover *p) {
  fc_schedule_value_init(p->at, p->ctx);
  fc_time_init(p->time, p->ctx);
  fc_init(p->x, p->ctx);
  fc_init(p->slope, p->ctx);
}

static void prover_clear(prover *p) {
  fc_schedule_value_clear(p->at, p->ctx);
  fc_time_clear(p->time, p->ctx);
  fc_clear(p->x, p->ctx);
  fc_clear(p->slope, p->ctx);
}

/* z = [low, high], both dyadic with few bits. */
static void set_range(fc_ptr z, double low, double high, const fc_ctx *ctx) {
  mpfr_t l, h;
  mpfr_init2(l, 53);
  mpfr_init2(h, 53);
  mpfr_set_d(l, low, MPFR_RNDD);
  mpfr_set_d(h, high, MPFR_RNDU);
  fc_set_interval(z, l, h, ctx);
  mpfr_clear(l);
  mpfr_clear(h);
}

/* The schedule on [low, high]; 1 - low and 1 - high are exact. */
static fc_status look(prover *p, double low, double high) {
  set_range(p->time->t, low, high, p->ctx);
  set_range(p->time->r, 1 - high, 1 - low, p->ctx);
  return fc_schedule_eval(p->at, p->schedule, p->time, false, p->ctx);
}

/* x = the quantity with the sign in which it should be positive. */
static void quantity(fc_ptr x, const prover *p) {
  const fc_schedule_value *at = p->at;
  const fc_num_struct *which[FC_SIGN_CONDITION_COUNT] = {at->a, at->b, at->da,
                                                         at->db, at->omega};
  fc_set(x, which[p->condition], p->ctx);
  if (p->condition == FC_DA_FALLS)
    fc_neg(x, x, p->ctx);
}

/* x = something of the same sign as the quantity where a > 0, regular at
 * t = 1: a b, b, -a a', b', a omega. */
static void regular_quantity(fc_ptr x, const prover *p) {
  const fc_schedule_value *at = p->at;
  quantity(x, p);
  if (p->condition == FC_DA_FALLS)
    fc_neg(x, at->ada, p->ctx);
  if (p->condition == FC_OMEGA_RISES)
    fc_set(x, at->aomega, p->ctx);
}

/* z = the derivative of the quantity; omega' = a b'' - a'' b. */
static void derivative(fc_ptr z, const prover *p) {
  const fc_schedule_value *at = p->at;
  const fc_num_struct *which[FC_SIGN_CONDITION_COUNT] = {
      at->da, at->db, at->d2a, at->d2b, at->d2b};
  fc_set(z, which[p->condition], p->ctx);
  if (p->condition == FC_DA_FALLS)
    fc_neg(z, z, p->ctx);
  if (p->condition == FC_OMEGA_RISES) {
    fc_mul(z, at->a, at->d2b, p->ctx);
    fc_submul(z, at->d2a, at->b, p->ctx);
  }
}

/* The same for a^2/2, regular at t = 1, in place of a. */
static void regular_derivative(fc_ptr z, const prover *p) {
  derivative(z, p);
  if (p->condition == FC_A_POSITIVE)
    fc_set(z, p->at->ada, p->ctx);
}

static bool is_strict(const prover *p) {
  return p->condition == FC_A_POSITIVE || p->condition == FC_B_POSITIVE;
}

/* x > 0, or x >= 0 where that is enough; surely. */
static bool is_good(fc_srcptr x, bool strict, const fc_ctx *ctx) {
  if (fc_is_positive(x, ctx) == FC_TRUE)
    return true;
  fc_num zero;
  fc_init(zero, ctx);
  bool good = !strict && fc_le(zero, x, ctx) == FC_TRUE;
  fc_clear(zero, ctx);
  return good;
}

/* The value at one end t of a part; 0 is enough at t = 0 and t = 1, which do
 * not belong to the domain. */
static fc_status good_end(bool *good, prover *p, double t) {
  fc_status status = look(p, t, t);
  if (status)
    return status;
  quantity(p->x, p);
  *good = is_good(p->x, is_strict(p) && t > 0 && t < 1, p->ctx);
  return FC_OK;
}

/* What the slope says. */
static void add_directions(bool *rises, bool *falls, prover *p) {
  *rises = *rises || is_good(p->slope, is_strict(p), p->ctx);
  fc_neg(p->slope, p->slope, p->ctx);
  *falls = *falls || is_good(p->slope, is_strict(p), p->ctx);
}

static fc_status part(fc_proof *proof, prover *p, double low, double high) {
  *proof = FC_UNDECIDED;
  fc_status status = look(p, low, high);
  if (status)
    return status;
  quantity(p->x, p);
  bool good = is_good(p->x, is_strict(p), p->ctx);
  if (!good && fc_is_negative(p->x, p->ctx) == FC_TRUE)
    *proof = FC_REFUTED;
  regular_quantity(p->x, p);
  good = good || is_good(p->x, is_strict(p), p->ctx);
  bool rises = false, falls = false;
  derivative(p->slope, p);
  add_directions(&rises, &falls, p);
  regular_derivative(p->slope, p);
  add_directions(&rises, &falls, p);
  if (!good && (rises || falls))
    status = good_end(&good, p, rises ? low : high);
  if (good)
    *proof = FC_PROVED;
  return status;
}

/* Where the widest dyadic part that starts at `low` may end. */
static double widest(double low, double width) {
  while (width < 0.5 && low / (2 * width) == floor(low / (2 * width)))
    width *= 2;
  return width;
}

static fc_status bisect(fc_proof *proof, double *t, prover *p) {
  fc_status status = FC_OK;
  double low = 0, width = 0.5;
  bool going = true;
  for (int parts = 0; going && low < 1 && status == FC_OK; parts++) {
    fc_proof here = FC_UNDECIDED;
    status = part(&here, p, low, low + width);
    going = status == FC_OK && here != FC_REFUTED && parts < PARTS;
    if (here == FC_REFUTED) {
      *proof = FC_REFUTED;
      *t = low + width / 2;
    } else if (here == FC_PROVED) {
      low += width;
      width = widest(low, width);
    } else {
      width /= 2;
      going = going && width >= NARROWEST;
    }
  }
  if (going && status == FC_OK)
    *proof = FC_PROVED;
  return status;
}

fc_status fc_schedule_prove(fc_proof *proof, double *t,
                            const fc_schedule *schedule,
                            fc_sign_condition condition, long precision) {
  prover p[1] = {{.schedule = schedule, .condition = condition}};
  *proof = FC_PROVED;
  fc_status status = FC_OK;
  if (condition != FC_A_POSITIVE) /* regular_quantity rests on a > 0 */
    status = fc_schedule_prove(proof, t, schedule, FC_A_POSITIVE, precision);
  if (status || *proof != FC_PROVED) {
    *proof = FC_UNDECIDED;
    return status;
  }
  *proof = FC_UNDECIDED;
  status = fc_ctx_init_arb(p->ctx, precision, NULL);
  if (status)
    return status;
  prover_init(p);
  status = bisect(proof, t, p);
  prover_clear(p);
  return status;
}

fc_status fc_schedule_prove_signs(bool *proved, const fc_schedule *schedule) {
  static const fc_sign_condition needed[] = {FC_B_POSITIVE, FC_OMEGA_RISES};
  *proved = true;
  if (schedule->kind->eval)
    return FC_OK;
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && *proved && status == FC_OK; i++) {
    fc_proof proof;
    double t;
    status = fc_schedule_prove(&proof, &t, schedule, needed[i], SIGN_BITS);
    *proved = status == FC_OK && proof == FC_PROVED;
  }
  return status == FC_MEMORY ? status : FC_OK;
}
