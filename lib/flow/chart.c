/* What the charts of the validated integrator share. */
#include "flow/chart.h"

#include <stdlib.h>

enum { WIDE = -12 }; /* log2 of the radius from which a ball is wide */

fc_status fc_chart_new(fc_chart **result, const fc_chart_kind *kind,
                       const fc_target *target, long order, slong precision) {
  fc_chart *chart = calloc(1, sizeof *chart);
  if (!chart)
    return FC_MEMORY;
  chart->kind = kind;
  chart->d = fc_target_dimension(target);
  fc_status status = fc_ctx_init_arb(chart->ctx, precision, NULL);
  if (!status)
    status = kind->bind(chart, target);
  if (!status)
    status = fc_tape_ready(chart->tape, order);
  if (!status)
    status = kind->set_constants(chart, target);
  if (status)
    fc_chart_free(chart);
  else
    *result = chart;
  return status;
}

void fc_chart_free(fc_chart *chart) {
  if (!chart)
    return;
  if (chart->state)
    chart->kind->release(chart);
  fc_tape_clear(chart->tape);
  free(chart);
}

bool fc_chart_is_wide(const arb_t x) {
  return mag_cmp_2exp_si(arb_radref(x), WIDE) > 0;
}

int fc_chart_integrals(fc_tape *tape, size_t count) {
  int first = tape->count;
  for (size_t i = 0; i < count; i++)
    fc_tape_integral(tape);
  return first;
}

int fc_chart_scaled(fc_tape *tape, int coefficient, int node) {
  int sum = fc_tape_sum(tape);
  fc_tape_add(tape, coefficient, node);
  return sum;
}

int fc_chart_sum(fc_tape *tape, int x, int second_coefficient, int y) {
  int sum = fc_tape_sum(tape);
  fc_tape_add(tape, FC_TAPE_PLUS, x);
  fc_tape_add(tape, second_coefficient, y);
  return sum;
}

/* --- shares ---------------------------------------------------------------*/

/* z = 1/(1 + exp(-own) sum of exp(others)), own and others at one end. */
static void share_at(arb_t z, const arb_t own, const arb_t others,
                     slong precision) {
  arb_neg(z, own);
  arb_exp(z, z, precision);
  arb_mul(z, z, others, precision);
  arb_add_si(z, z, 1, precision);
  arb_inv(z, z, precision);
}

static void end_of(arb_t z, const arb_t x, bool upper) {
  if (upper)
    arb_get_ubound_arf(arb_midref(z), x, 64);
  else
    arb_get_lbound_arf(arb_midref(z), x, 64);
  mag_zero(arb_radref(z));
}

/* One end of the share of k: its own exponent at that end, the others at the
 * other one. */
static void share_end(arb_t z, arb_srcptr e, size_t count, size_t k, bool upper,
                      slong precision) {
  arb_t end, sum;
  arb_init(end);
  arb_init(sum);
  for (size_t j = 0; j < count; j++) {
    if (j == k)
      continue;
    end_of(end, e + j, !upper);
    arb_exp(end, end, precision);
    arb_add(sum, sum, end, precision);
  }
  end_of(end, e + k, upper);
  share_at(z, end, sum, precision);
  arb_clear(end);
  arb_clear(sum);
}

static void wide_shares(arb_ptr r, arb_srcptr e, size_t count,
                        slong precision) {
  arb_t low, high;
  arb_init(low);
  arb_init(high);
  for (size_t k = 0; k < count; k++) {
    share_end(low, e, count, k, false, precision);
    share_end(high, e, count, k, true, precision);
    arb_union(r + k, low, high, precision);
  }
  arb_clear(low);
  arb_clear(high);
}

void fc_chart_shares(arb_ptr r, arb_srcptr e, size_t count, slong precision) {
  bool wide = false;
  for (size_t k = 0; k < count; k++)
    wide = wide || fc_chart_is_wide(e + k);
  if (wide) {
    wide_shares(r, e, count, precision);
    return;
  }
  arb_t sum;
  arb_init(sum);
  for (size_t k = 0; k < count; k++) {
    arb_exp(r + k, e + k, precision);
    arb_add(sum, sum, r + k, precision);
  }
  for (size_t k = 0; k < count; k++)
    arb_div(r + k, r + k, sum, precision);
  arb_clear(sum);
}
