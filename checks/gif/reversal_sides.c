#include "gif/reversal_sides.h"

#include "gif/flow_legs.h"
#include "gif/push_forward.h"

static int variant(const fc_workspace *w) {
  return ((const fc_pointwise_detail *)w->claim->detail)->variant;
}

fc_status fc_sides_reversed_push(fc_ptr left, fc_ptr right, fc_ptr scale,
                                 fc_workspace *w) {
  fc_legs legs[1];
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = fc_push_forward(left, right, scale, w, legs->end, legs->back,
                             (fc_push_alteration)variant(w));
  fc_legs_clear(legs);
  return status;
}

/* --- X*_1 = X_1^-1 ---------------------------------------------------------
 */

/* left = X_{0,1}(X_{1,0}(x)) at t = 1, X_{1,0}(X_{0,1}(x)) at t = 0. */
static fc_status there_and_back(fc_legs *legs) {
  bool at_end = fc_is_zero(legs->now->r, legs->ctx) == FC_TRUE;
  bool stretched = variant(legs->w) == FC_REVERSAL_STRETCHED;
  fc_status status =
      at_end
          ? fc_legs_carry(legs, fc_integrator(legs->w), legs->end, legs->start)
          : fc_legs_carry(legs, FC_FLOW_AUTO, legs->start, legs->end);
  if (at_end && stretched)
    fc_stretch(legs->x, legs->d, legs->ctx);
  if (status == FC_OK)
    status = at_end ? fc_legs_carry(legs, FC_FLOW_AUTO, legs->start, legs->end)
                    : fc_legs_carry(legs, fc_integrator(legs->w), legs->end,
                                    legs->start);
  if (!at_end && stretched)
    fc_stretch(legs->x, legs->d, legs->ctx);
  return status;
}

/* left = X_{1,0}(x), right = X_{0,1}(x) */
static fc_status both_ways(fc_ptr left, fc_ptr right, fc_legs *legs) {
  fc_status status =
      fc_legs_carry(legs, fc_integrator(legs->w), legs->end, legs->start);
  fc_legs_arrive(left, legs);
  fc_legs_begin(legs, legs->w->x);
  if (status == FC_OK)
    status = fc_legs_carry(legs, FC_FLOW_AUTO, legs->start, legs->end);
  fc_legs_arrive(right, legs);
  return status;
}

fc_status fc_sides_inverse(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  fc_legs legs[1];
  (void)scale;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK && variant(w) == FC_REVERSAL_OTHER_MAP) {
    status = both_ways(left, right, legs);
  } else if (status == FC_OK) {
    status = there_and_back(legs);
    fc_legs_arrive(left, legs);
    fc_vec_set(right, w->x, w->d, w->ctx);
  }
  fc_legs_clear(legs);
  return status ? status : fc_legs_check(w, left, right, w->d, false);
}

/* --- 0 < t < 1 -------------------------------------------------------------
 */

fc_status fc_sides_literal(fc_ptr left, fc_ptr right, fc_ptr scale,
                           fc_workspace *w) {
  fc_legs legs[1];
  (void)scale;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = fc_legs_carry(legs, FC_FLOW_AUTO, legs->end, legs->back);
  if (status == FC_OK) {
    fc_legs_arrive(left, legs);
    fc_legs_begin(legs, w->x);
    status = fc_legs_carry(legs, FC_FLOW_AUTO, legs->now, legs->start);
  }
  if (status == FC_OK)
    fc_legs_arrive(right, legs);
  fc_legs_clear(legs);
  return status ? status : fc_legs_check(w, left, right, w->d, false);
}

/* left = X_{s,1-t}(x), right = X_{0,u}(X_{r,0}(x)): in the corrected form s = r
 * and u = 1-t. */
static fc_status compare(fc_ptr left, fc_ptr right, fc_legs *legs,
                         const fc_time *s, const fc_time *r, const fc_time *u) {
  fc_workspace *w = legs->w;
  fc_status status = fc_legs_carry(legs, fc_integrator(w), s, legs->back);
  if (status)
    return status;
  fc_legs_arrive(left, legs);
  fc_legs_begin(legs, w->x);
  status = fc_legs_carry(legs, FC_FLOW_AUTO, r, legs->start);
  if (variant(w) == FC_REVERSAL_STRETCHED)
    fc_stretch(legs->x, legs->d, legs->ctx);
  if (status == FC_OK)
    status = fc_legs_carry(legs, FC_FLOW_AUTO, legs->start, u);
  fc_legs_arrive(right, legs);
  return status;
}

fc_status fc_sides_corrected(fc_ptr left, fc_ptr right, fc_ptr scale,
                             fc_workspace *w) {
  fc_legs legs[1];
  fc_time half[1]; /* 1 - t/2 */
  (void)scale;
  fc_time_init(half, w->ctx);
  fc_mul_2exp_si(half->r, w->time->t, -1, w->ctx);
  fc_add_si(half->t, w->time->r, 1, w->ctx);
  fc_mul_2exp_si(half->t, half->t, -1, w->ctx);
  bool altered = variant(w) == FC_REVERSAL_OTHER_MAP;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status = compare(left, right, legs, legs->end, legs->end,
                     altered ? half : legs->back);
  fc_legs_clear(legs);
  fc_time_clear(half, w->ctx);
  return status ? status : fc_legs_check(w, left, right, w->d, false);
}

#define EPSILON 0x1p-4

fc_status fc_sides_early(fc_ptr left, fc_ptr right, fc_ptr scale,
                         fc_workspace *w) {
  fc_legs legs[1];
  fc_time stop[1], late[1]; /* 1 - eps, 1 - eps/2 */
  (void)scale;
  if (fc_get_d(w->time->t, w->ctx) < EPSILON)
    return FC_DOMAIN;
  fc_time_init(stop, w->ctx);
  fc_time_init(late, w->ctx);
  fc_time_set_d(stop, EPSILON, true, w->ctx);
  fc_time_set_d(late, EPSILON / 2, true, w->ctx);
  bool altered = variant(w) == FC_REVERSAL_OTHER_MAP;
  fc_status status = fc_legs_init(legs, w);
  if (status == FC_OK)
    status =
        compare(left, right, legs, stop, altered ? late : stop, legs->back);
  fc_legs_clear(legs);
  fc_time_clear(stop, w->ctx);
  fc_time_clear(late, w->ctx);
  return status ? status : fc_legs_check(w, left, right, w->d, false);
}
