/* Vector fields in a chart: dy/dtau = f(tau, y), in Taylor coefficients;
 * private to this folder.
 *
 * A chart says what tau, its complement and y are for a time and a point: at
 * the time t the point is x = scale(t) y, and tau + co is constant, so that
 * neither end of [0, 1] loses digits.
 *
 *   component  nu = N(0, sigma^2 I) * rho, rho on the means of an equal
 * isotropic mixture: scale = sqrt(a^2 + sigma^2 b^2), tau = b/scale, and
 *              dy/dtau = E[m | tau m + noise = y]  (component.c)
 *   spectral   scale = sqrt(a^2 + b^2), tau = atan2(b, a), any mixture
 *              (spectral.c)
 *   angle      the same chart, any target (angle.c)
 *   direct     scale = 1, tau = t: (3.10) as it is written (direct.c)
 */
#ifndef FC_FLOW_FIELD_H
#define FC_FLOW_FIELD_H

#include "schedule/schedule.h"
#include "target/target.h"

typedef struct fc_field fc_field;

typedef struct fc_field_kind {
  /* Binds target and schedule in field->ctx for expansions of field->order;
   * FC_UNSUPPORTED where the chart does not apply. */
  fc_status (*bind)(fc_field *field, const fc_target *target,
                    const fc_schedule *schedule);
  void (*release)(fc_field *field);
  /* tau, co and scale at a time, at which the schedule has the values at. */
  void (*locate)(fc_ptr tau, fc_ptr co, fc_ptr scale, const fc_field *field,
                 const fc_time *time, const fc_schedule_value *at);
  /* From the coefficients of order 0 of y (d series of order+1 coefficients,
   * y[i*(order+1) + k]) and P (d*columns series) those of the orders 1 to
   * `order` about tau, with dP/dtau = grad f P. */
  fc_status (*expand)(fc_ptr y, fc_ptr p, fc_field *field, fc_srcptr tau,
                      fc_srcptr co);
  /* The longest |step| from the place of the last expansion that its last
   * coefficients can speak for, bits being what may be neglected: a term that
   * is negligible there but grows may rule before the step ends.  NULL: they
   * see everything. */
  double (*reach)(const fc_field *field, long bits);
  /* b/a at tau, co in binary64, to say how far one got; NaN where tau is the
   * time itself. */
  double (*snr_root)(const fc_field *field, double tau, double co);
} fc_field_kind;

struct fc_field {
  const fc_field_kind *kind;
  fc_ctx ctx[1];
  size_t d;
  long order;
  /* Directions in which f moves: P is wanted on an orthonormal basis of them (d
   * numbers each, one after the other, room for d), and is the identity across;
   * NULL: all d coordinates. */
  size_t columns;
  fc_ptr basis;
  void *state;
};

/* Numbers that one field may keep (about half a gigabyte in MPFR); binding more
 * is FC_BUDGET. */
enum { FC_FIELD_MOST_NUMBERS = 1 << 22 };

extern const fc_field_kind fc_field_component;
extern const fc_field_kind fc_field_spectral;
extern const fc_field_kind fc_field_angle;
extern const fc_field_kind fc_field_direct;

/* The chart of the angle, in both. */
void fc_angle_locate(fc_ptr tau, fc_ptr co, fc_ptr scale, const fc_field *field,
                     const fc_time *time, const fc_schedule_value *at);
double fc_angle_snr_root(const fc_field *field, double tau, double co);

/* The next `count` numbers of a storage that is being laid out. */
fc_ptr fc_take(fc_ptr *next, size_t count);

/* V = a^2 + sigma^2 b^2: the variance of equal isotropic components. */
void fc_component_variance(fc_ptr V, const fc_schedule_value *at,
                           fc_srcptr sigma2, const fc_ctx *ctx);

fc_status fc_field_new(fc_field **field, const fc_field_kind *kind,
                       const fc_target *target, const fc_schedule *schedule,
                       long order, const fc_ctx *ctx);
void fc_field_free(fc_field *field); /* NULL is allowed */

#endif
