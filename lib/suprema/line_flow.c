/* Takes a target apart into laws on the line and Gaussians, and escalates the
 * precision of the search (line_search.c) for the former. */
#include <math.h>

#include "suprema/line_private.h"

/* The precisions that are tried: as many bits as the gap asks for, doubled
 * while more of them help. */
enum { BUDGET = 5000, DEAR_BUDGET = 500 };
enum { FIRST_BITS = 64, DOUBLINGS = 6, MOST_BITS = 1 << 14 };

/* The two ends of the flow in one context. */
typedef struct ends {
  fc_ctx ctx[1];
  fc_schedule_value from, to;
} ends;

static fc_status end_at(fc_schedule_value *value, const fc_schedule *schedule,
                        const fc_formula *time, const fc_ctx *ctx) {
  fc_time at[1];
  fc_time_init(at, ctx);
  fc_status status = fc_time_set(at, time, ctx);
  if (!status)
    status = fc_schedule_eval(value, schedule, at, false, ctx);
  fc_time_clear(at, ctx);
  return status;
}

static fc_status init_ends(ends *e, const fc_line_request *request, long bits,
                           fc_error *error) {
  fc_status status = fc_ctx_init_arb(e->ctx, bits, error);
  if (status)
    return status;
  fc_schedule_value_init(&e->from, e->ctx);
  fc_schedule_value_init(&e->to, e->ctx);
  status = end_at(&e->from, request->schedule, request->s, e->ctx);
  if (!status)
    status = end_at(&e->to, request->schedule, request->t, e->ctx);
  return status ? fc_fail(error, status, "the schedule has no value there")
                : FC_OK;
}

static void clear_ends(ends *e) {
  fc_schedule_value_clear(&e->from, e->ctx);
  fc_schedule_value_clear(&e->to, e->ctx);
}

/* --- outcomes ---------------------------------------------------------------
 */

static void init_outcome(fc_line_outcome *o) {
  *o = (fc_line_outcome){.way = FC_LINE_CLOSED};
  arf_init(o->low), arf_init(o->high), arf_init(o->x_low), arf_init(o->x_high);
  arf_neg_inf(o->low), arf_pos_inf(o->high);
  arf_neg_inf(o->x_low), arf_pos_inf(o->x_high);
}

static void clear_outcome(fc_line_outcome *o) {
  arf_clear(o->low), arf_clear(o->high);
  arf_clear(o->x_low), arf_clear(o->x_high);
}

static void set_ball(fc_line_outcome *o, const arb_t log, slong precision) {
  arb_get_lbound_arf(o->low, log, precision);
  arb_get_ubound_arf(o->high, log, precision);
}

/* What one part of the flow adds to the whole: the larger of both. */
static void join(fc_line_outcome *all, const fc_line_outcome *part,
                 bool first) {
  if (first || arf_cmp(part->low, all->low) > 0)
    arf_set(all->low, part->low);
  if (first || arf_cmp(part->high, all->high) > 0)
    arf_set(all->high, part->high);
  if (part->way > all->way)
    all->way = part->way;
  all->unbounded = all->unbounded || part->unbounded;
  all->stuck = all->stuck || part->stuck;
  all->points += part->points;
  all->leaves += part->leaves;
  all->failed += part->failed;
}

/* --- Gaussians --------------------------------------------------------------
 */

/* z = log sqrt((a_t^2 + b_t^2 l)/(a_s^2 + b_s^2 l)) */
static void stretch(arb_t z, const ends *e, const arb_t l) {
  slong precision = e->ctx->precision;
  arb_t v[2], t;
  arb_init(t);
  for (int i = 0; i < 2; i++) {
    const fc_schedule_value *at = i ? &e->to : &e->from;
    arb_init(v[i]);
    arb_mul(v[i], fc_as_arb_src(at->b), fc_as_arb_src(at->b), precision);
    arb_mul(v[i], v[i], l, precision);
    arb_mul(t, fc_as_arb_src(at->a), fc_as_arb_src(at->a), precision);
    arb_add(v[i], v[i], t, precision);
  }
  arb_div(z, v[1], v[0], precision);
  arb_log(z, z, precision);
  arb_mul_2exp_si(z, z, -1);
  arb_clear(v[0]), arb_clear(v[1]), arb_clear(t);
}

/* The stretch is monotone in the eigenvalue l of the covariance: the largest is
 * at 1/kappa or 1/beta. */
static fc_status gaussian(fc_line_outcome *o, const fc_target *target,
                          const ends *e, fc_error *error) {
  slong precision = e->ctx->precision;
  const fc_class_constant which[2] = {FC_KAPPA, FC_BETA};
  fc_num constant;
  arb_t l, z, most;
  fc_status status = FC_OK;
  fc_init(constant, e->ctx);
  arb_init(l), arb_init(z), arb_init(most);
  for (int i = 0; i < 2 && !status; i++) {
    status = fc_target_constant(constant, NULL, NULL, target, which[i], e->ctx);
    arb_inv(l, fc_as_arb(constant), precision);
    stretch(z, e, l);
    if (i)
      arb_max(most, most, z, precision);
    else
      arb_set(most, z);
  }
  if (!status && arb_is_finite(most))
    set_ball(o, most, precision);
  fc_clear(constant, e->ctx);
  arb_clear(l), arb_clear(z), arb_clear(most);
  return status ? fc_fail(error, status, "the covariance has no eigenvalues")
                : FC_OK;
}

/* --- laws on the line -------------------------------------------------------
 */

/* The distribution function of a cut normal law is an integral. */
static long budget_of(const fc_line_side *side) {
  for (size_t k = 0; k < side->count; k++)
    if (!side->gaussian && !side->parts[k].uniform)
      return DEAR_BUDGET;
  return BUDGET;
}

/* The noise is Z/unit. */
static fc_status line(fc_line_outcome *o, const fc_target *target,
                      const ends *e, const arb_t unit,
                      const fc_line_request *request, bool forward,
                      fc_error *error) {
  fc_line_side side[2];
  fc_num a[2];
  fc_status status = FC_OK;
  for (int i = 0; i < 2; i++) {
    const fc_schedule_value *at = i ? &e->to : &e->from;
    fc_init(a[i], e->ctx);
    arb_div(fc_as_arb(a[i]), fc_as_arb_src(at->a), unit, e->ctx->precision);
    fc_status here =
        fc_line_side_init(&side[i], target, a[i], at->b, e->ctx, error);
    status = status ? status : here;
  }
  long budget = request->budget > 0 ? request->budget : budget_of(side);
  if (!status)
    status = fc_line_search(o, side, forward, log1p(request->gap),
                            request->search_only, budget, error);
  for (int i = 0; i < 2; i++) {
    fc_line_side_clear(&side[i]);
    fc_clear(a[i], e->ctx);
  }
  return status;
}

/* |m_tip - m_0| and the stretch across the line. */
static fc_status across(arb_t unit, arb_t z, const fc_target *target,
                        size_t tip, const ends *e) {
  slong precision = e->ctx->precision;
  size_t d = fc_target_dimension(target);
  fc_ptr means = fc_vec_new(2 * d + 2, e->ctx);
  if (!means)
    return FC_MEMORY;
  fc_ptr other = means + d, weight = means + 2 * d, sigma = weight + 1;
  fc_target_isotropic_get(means, weight, target, 0, e->ctx);
  fc_target_isotropic_get(other, weight, target, tip, e->ctx);
  arb_zero(unit);
  for (size_t i = 0; i < d; i++) {
    fc_sub(other + i, other + i, means + i, e->ctx);
    arb_addmul(unit, fc_as_arb(other + i), fc_as_arb(other + i), precision);
  }
  arb_sqrt(unit, unit, precision);
  fc_status status = FC_OK;
  if (fc_target_has_density(target))
    status = fc_target_constant(sigma, NULL, NULL, target, FC_SIGMA, e->ctx);
  arb_mul(fc_as_arb(sigma), fc_as_arb(sigma), fc_as_arb(sigma), precision);
  stretch(z, e, fc_as_arb(sigma));
  fc_vec_free(means, 2 * d + 2, e->ctx);
  return status;
}

static fc_status collinear(fc_line_outcome *o, const fc_target *target,
                           const ends *e, const fc_line_request *request,
                           bool forward, fc_error *error) {
  fc_target *along = NULL;
  size_t tip;
  fc_status status = fc_target_line(&along, &tip, target, error);
  if (status)
    return fc_fail(error, status,
                   "a certified supremum over all x is for laws on the line, "
                   "Gaussians, equal isotropic components with collinear "
                   "means, and products of these");
  fc_line_outcome part;
  arb_t unit, z;
  init_outcome(&part);
  arb_init(unit), arb_init(z);
  status = across(unit, z, target, tip, e);
  if (!status)
    status = line(o, along, e, unit, request, forward, error);
  if (!status) {
    set_ball(&part, z, e->ctx->precision);
    join(o, &part, false);
  }
  clear_outcome(&part);
  arb_clear(unit), arb_clear(z);
  fc_target_free(along);
  return status;
}

static fc_status one(fc_line_outcome *o, const fc_target *target, const ends *e,
                     const fc_line_request *request, bool forward,
                     fc_error *error) {
  if (fc_target_is_gaussian(target) && !request->search_only)
    return gaussian(o, target, e, error);
  if (fc_target_dimension(target) > 1)
    return collinear(o, target, e, request, forward, error);
  arb_t unit;
  arb_init(unit);
  arb_one(unit);
  fc_status status = line(o, target, e, unit, request, forward, error);
  arb_clear(unit);
  return status;
}

static fc_status every(fc_line_outcome *all, const fc_target *target,
                       const ends *e, const fc_line_request *request,
                       bool forward, fc_error *error) {
  size_t count = fc_target_factor_count(target);
  if (count == 0)
    return one(all, target, e, request, forward, error);
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && !status; i++) {
    fc_line_outcome part;
    init_outcome(&part);
    status =
        every(&part, fc_target_factor(target, i), e, request, forward, error);
    if (!status)
      join(all, &part, i == 0);
    clear_outcome(&part);
  }
  return status;
}

/* --- answers ----------------------------------------------------------------
 */

/* z = exp(log), rounded; an infinite logarithm says it. */
static void set_exp(mpfr_t z, const arf_t log, long bits, mpfr_rnd_t rounding) {
  mpfr_t exact;
  mpfr_init2(exact, arf_is_special(log) ? 64 : arf_bits(log) + 2);
  arf_get_mpfr(exact, log, MPFR_RNDN);
  mpfr_set_prec(z, bits);
  mpfr_exp(z, exact, rounding);
  mpfr_clear(exact);
}

/* What a round says, cut with what earlier ones said. */
static void take_round(fc_line_supremum *supremum, const fc_line_outcome *o,
                       long bits, bool first) {
  mpfr_t low, high;
  mpfr_inits2(64, low, high, (mpfr_ptr)0);
  set_exp(low, o->low, bits, MPFR_RNDD);
  set_exp(high, o->high, bits, MPFR_RNDU);
  if (o->unbounded)
    mpfr_set_inf(low, 1);
  if (first || mpfr_greater_p(low, supremum->low))
    mpfr_swap(low, supremum->low);
  if (first || mpfr_less_p(high, supremum->high))
    mpfr_swap(high, supremum->high);
  mpfr_set_prec(supremum->x_low, 64);
  mpfr_set_prec(supremum->x_high, 64);
  arf_get_mpfr(supremum->x_low, o->x_low, MPFR_RNDD);
  arf_get_mpfr(supremum->x_high, o->x_high, MPFR_RNDU);
  supremum->way = o->way;
  supremum->precision = bits;
  supremum->points += o->points;
  supremum->leaves = o->leaves;
  supremum->failed = o->failed;
  mpfr_clears(low, high, (mpfr_ptr)0);
}

/* high <= (1 + gap) low, or the supremum is infinite. */
static bool is_reached(const fc_line_supremum *supremum, double gap) {
  mpfr_t most;
  mpfr_init2(most, mpfr_get_prec(supremum->low) + 64);
  mpfr_mul_d(most, supremum->low, gap, MPFR_RNDD);
  mpfr_add(most, most, supremum->low, MPFR_RNDD);
  bool reached =
      mpfr_inf_p(supremum->low) ||
      (mpfr_number_p(supremum->high) && mpfr_lessequal_p(supremum->high, most));
  mpfr_clear(most);
  return reached;
}

static fc_status round_at(fc_line_supremum *supremum, bool *more,
                          const fc_line_request *request, bool forward,
                          long bits, bool first, fc_error *error) {
  ends e[1];
  fc_status status = init_ends(e, request, bits, error);
  if (status == FC_UNSUPPORTED)
    return status;
  fc_line_outcome o;
  init_outcome(&o);
  if (!status)
    status = every(&o, request->target, e, request, forward, error);
  if (!status) {
    take_round(supremum, &o, bits, first);
    *more = o.stuck || o.way == FC_LINE_CLOSED;
  }
  clear_outcome(&o);
  clear_ends(e);
  return status;
}

static fc_status escalate(fc_line_supremum *supremum,
                          const fc_line_request *request, bool forward,
                          fc_error *error) {
  long bits = FIRST_BITS + (long)fmax(0, -2 * log2(request->gap));
  bool more = true;
  fc_status status = FC_OK;
  for (int i = 0; i < DOUBLINGS && more && bits <= MOST_BITS && !status; i++) {
    status = round_at(supremum, &more, request, forward, bits, i == 0, error);
    supremum->reached = !status && is_reached(supremum, request->gap);
    more = more && !supremum->reached;
    bits *= 2;
  }
  return status;
}

/* --- the question ------------------------------------------------------------
 */

static bool is_one(const fc_formula *time) {
  fc_formula *last = NULL;
  bool same = fc_constant_new_si(&last, 1, 1) == FC_OK &&
              fc_line_compare(time, last) == 0;
  fc_formula_free(last);
  return same;
}

fc_status fc_line_flow_supremum(fc_line_supremum *supremum,
                                const fc_line_request *request,
                                fc_error *error) {
  int order = fc_line_compare(request->s, request->t);
  if (!(request->gap > 0) || !isfinite(request->gap))
    return fc_fail(error, FC_VALUE, "a relative gap is a positive number");
  if (order == 0 || order == 2)
    return fc_fail(error, FC_DOMAIN,
                   "s and t must differ: X_{t,t} is the identity");
  if (!fc_target_has_density(request->target) &&
      (is_one(request->s) || is_one(request->t)))
    return fc_fail(error, FC_DOMAIN,
                   "the law has point masses: the flow ends before t = 1");
  supremum->points = 0;
  return escalate(supremum, request, order < 0, error);
}
