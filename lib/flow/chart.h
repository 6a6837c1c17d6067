/* Charts for the validated integrator: what field.h says of tau, scale and y,
 * as power series programs; private to this folder, Arb only.
 *
 *   component  equal isotropic mixtures, atoms included (chart_component.c)
 *   spectral   any mixture (chart_spectral.c)
 */
#ifndef FC_FLOW_CHART_H
#define FC_FLOW_CHART_H

#include "flow/tape.h"
#include "schedule/schedule.h"
#include "target/target.h"

typedef struct fc_chart fc_chart;

typedef struct fc_chart_kind {
  /* Writes the program; FC_UNSUPPORTED where the chart does not apply. */
  fc_status (*bind)(fc_chart *chart, const fc_target *target);
  /* The constants of the target, once there is room for them. */
  fc_status (*set_constants)(fc_chart *chart, const fc_target *target);
  void (*release)(fc_chart *chart); /* state may be partly made */
  /* tau and scale at a time at which the schedule has the values at. */
  void (*locate)(fc_ptr tau, fc_ptr scale, const fc_chart *chart,
                 const fc_schedule_value *at, const fc_ctx *ctx);
  /* The coefficients of order 0 of all nodes about tau, for every y in the
   * balls y (d of them), with P = I. */
  void (*place)(fc_chart *chart, const arb_t tau, arb_srcptr y,
                slong precision);
  /* b/a at tau in binary64, to say how far one got. */
  double (*snr_root)(const fc_chart *chart, double tau);
} fc_chart_kind;

struct fc_chart {
  const fc_chart_kind *kind;
  fc_ctx ctx[1];   /* balls */
  size_t d, count; /* dimension; components */
  fc_tape tape[1];
  int positions;  /* the nodes that y needs come before those of P */
  int time, y, p; /* nodes: y_i = y + i, P_ij = p + i*d + j */
  void *state;
};

extern const fc_chart_kind fc_chart_component;
extern const fc_chart_kind fc_chart_spectral;

/* For series of orders up to `order`; precision: of the target's constants. */
fc_status fc_chart_new(fc_chart **chart, const fc_chart_kind *kind,
                       const fc_target *target, long order, slong precision);
void fc_chart_free(fc_chart *chart); /* NULL is allowed */

/* --- for the charts -------------------------------------------------------*/

/* r_k = exp(e_k)/sum exp(e_j), in enclosures that are as tight as independent
 * e_k allow, however wide: r_k grows with e_k and falls with the others.  e_k
 * <= 0 or so: relative to the largest. */
void fc_chart_shares(arb_ptr r, arb_srcptr e, size_t count, slong precision);

/* A ball is wide where its end points must be told apart. */
bool fc_chart_is_wide(const arb_t x);

/* `count` integrals in a row; the first. */
int fc_chart_integrals(fc_tape *tape, size_t count);

/* A sum of one constant times one node, or of two nodes. */
int fc_chart_scaled(fc_tape *tape, int coefficient, int node);
int fc_chart_sum(fc_tape *tape, int x, int second_coefficient, int y);

#endif
