/* The chart of component.c as a program: with eta_k = m_k - m_top,
 *   z'   = m_top + sum r_k eta_k
 *   L_k' = eta_k.z + q eta_k.z' - q (|m_k|^2 - |m_top|^2)
 *   r_k' = r_k (L_k' - sum_j r_j L_j')
 *   P'   = q sum_k eta_k (r_k (g_k - gbar))^T,  g_k = P^T eta_k
 * top is the component of largest share where the series start. */
#include <math.h>
#include <stdlib.h>

#include "flow/chart.h"
#include "flow/field.h"

typedef struct component {
  fc_ptr sigma2;
  arb_ptr means, log_weights, squares; /* count*d, count, count */
  arb_ptr e, r;     /* count: exponents relative to the top's, shares */
  size_t terms;     /* count - 1 */
  int shares;       /* r_k, the top left out */
  int spread;       /* of two components: r - r^2 */
  int *covariances; /* d*d, column by column: the nodes P'/q, at P = I those of
                       Cov_r(m) */
  arb_ptr half;     /* d: half the range of the means in each coordinate */
} component;

/* Constants: m_top (d), eta (terms*d), -rise (terms). */
static int top_mean(size_t i) { return (int)i; }
static int eta(const fc_chart *chart, size_t k, size_t i) {
  return (int)(chart->d * (k + 1) + i);
}
static int negative_rise(const fc_chart *chart, size_t k) {
  return (int)(chart->d * chart->count + k);
}

/* --- the program ----------------------------------------------------------*/

/* sum_i eta_ki v_(i*stride) */
static int along(fc_chart *chart, size_t k, int v, size_t stride) {
  int sum = fc_tape_sum(chart->tape);
  for (size_t i = 0; i < chart->d; i++)
    fc_tape_add(chart->tape, eta(chart, k, i), v + (int)(i * stride));
  return sum;
}

/* z': d sums in a row. */
static int write_velocity(fc_chart *chart, const component *c) {
  int first = chart->tape->count;
  for (size_t i = 0; i < chart->d; i++) {
    fc_tape_sum(chart->tape);
    fc_tape_add(chart->tape, top_mean(i), FC_TAPE_ONE);
    for (size_t k = 0; k < c->terms; k++)
      fc_tape_add(chart->tape, eta(chart, k, i), c->shares + (int)k);
  }
  return first;
}

/* L_k' */
static int write_slope(fc_chart *chart, size_t k, int velocity) {
  fc_tape *tape = chart->tape;
  int e = along(chart, k, chart->y, 1);
  int de = along(chart, k, velocity, 1);
  int moved = fc_tape_product(tape, chart->time, de);
  int slope = fc_chart_sum(tape, e, FC_TAPE_PLUS, moved);
  fc_tape_add(tape, negative_rise(chart, k), chart->time);
  return slope;
}

/* x_k - sum_j r_j x_j times r_k, for nodes x_k = x[k*stride]; z gets the nodes.
 */
static void write_deviations(fc_chart *chart, const component *c, int *z,
                             const int *x) {
  fc_tape *tape = chart->tape;
  for (size_t k = 0; k < c->terms; k++)
    z[k] = fc_tape_product(tape, c->shares + (int)k, x[k]);
  int mean = fc_tape_sum(tape);
  for (size_t k = 0; k < c->terms; k++)
    fc_tape_add(tape, FC_TAPE_PLUS, z[k]);
  for (size_t k = 0; k < c->terms; k++) {
    int deviation = fc_chart_sum(tape, x[k], FC_TAPE_MINUS, mean);
    z[k] = fc_tape_product(tape, c->shares + (int)k, deviation);
  }
}

static void write_position(fc_chart *chart, component *c, int *z, int *x) {
  fc_tape *tape = chart->tape;
  chart->time = fc_tape_time(tape);
  chart->y = fc_chart_integrals(tape, chart->d);
  c->shares = fc_chart_integrals(tape, c->terms);
  int velocity = write_velocity(chart, c);
  for (size_t i = 0; i < chart->d; i++)
    fc_tape_close(tape, chart->y + (int)i, velocity + (int)i);
  if (c->terms == 1) {
    int square = fc_tape_product(tape, c->shares, c->shares);
    c->spread = fc_chart_sum(tape, c->shares, FC_TAPE_MINUS, square);
  }
  for (size_t k = 0; k < c->terms; k++)
    x[k] = write_slope(chart, k, velocity);
  if (c->terms == 1)
    z[0] = fc_tape_product(tape, c->spread, x[0]);
  else
    write_deviations(chart, c, z, x);
  for (size_t k = 0; k < c->terms; k++)
    fc_tape_close(tape, c->shares + (int)k, z[k]);
  chart->positions = tape->count;
}

/* One column of P. */
static void write_column(fc_chart *chart, const component *c, size_t column,
                         int *z, int *x) {
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  for (size_t k = 0; k < c->terms; k++)
    x[k] = along(chart, k, chart->p + (int)column, d);
  if (c->terms == 1)
    z[0] = fc_tape_product(tape, c->spread, x[0]);
  else
    write_deviations(chart, c, z, x);
  for (size_t i = 0; i < d; i++) {
    int sum = fc_tape_sum(tape);
    c->covariances[column * d + i] = sum;
    for (size_t k = 0; k < c->terms; k++)
      fc_tape_add(tape, eta(chart, k, i), z[k]);
    fc_tape_close(tape, chart->p + (int)(i * d + column),
                  fc_tape_product(tape, chart->time, sum));
  }
}

static fc_status write_program(fc_chart *chart, component *c) {
  c->covariances = calloc(chart->d * chart->d, sizeof *c->covariances);
  int *z = calloc(2 * c->terms + 2, sizeof *z), *x = z + c->terms + 1;
  if (!z || !c->covariances) {
    free(z);
    return FC_MEMORY;
  }
  write_position(chart, c, z, x);
  chart->p = fc_chart_integrals(chart->tape, chart->d * chart->d);
  for (size_t column = 0; column < chart->d; column++)
    write_column(chart, c, column, z, x);
  free(z);
  return FC_OK;
}

/* --- binding --------------------------------------------------------------*/

static fc_status bind(fc_chart *chart, const fc_target *target) {
  size_t count = fc_target_isotropic_count(target);
  if (count == 0)
    return FC_UNSUPPORTED;
  if (count * chart->d > 100000)
    return FC_BUDGET;
  component *c = calloc(1, sizeof *c);
  if (!c)
    return FC_MEMORY;
  chart->state = c;
  chart->count = count;
  c->terms = count - 1;
  fc_tape_init(chart->tape, (int)(count * (chart->d + 1)));
  return write_program(chart, c);
}

static void set_half_ranges(fc_chart *chart) {
  const component *c = chart->state;
  size_t d = chart->d;
  arb_t low, high;
  arb_init(low);
  arb_init(high);
  for (size_t i = 0; i < d; i++) {
    arb_set(low, c->means + i);
    arb_set(high, c->means + i);
    for (size_t k = 1; k < chart->count; k++) {
      fc_arb_min(low, low, c->means + k * d + i, chart->ctx->precision);
      fc_arb_max(high, high, c->means + k * d + i, chart->ctx->precision);
    }
    arb_sub(c->half + i, high, low, chart->ctx->precision);
    arb_mul_2exp_si(c->half + i, c->half + i, -1);
  }
  arb_clear(low);
  arb_clear(high);
}

static fc_status set_constants(fc_chart *chart, const fc_target *target) {
  component *c = chart->state;
  const fc_ctx *ctx = chart->ctx;
  size_t d = chart->d, count = chart->count;
  c->sigma2 = fc_vec_new(1, ctx);
  c->means = _arb_vec_init((slong)(count * (d + 4) + d));
  fc_ptr mean = fc_vec_new(d + 1, ctx);
  if (!c->sigma2 || !mean || !c->means) {
    fc_vec_free(mean, d + 1, ctx);
    return FC_MEMORY;
  }
  c->log_weights = c->means + count * d;
  c->squares = c->log_weights + count;
  c->e = c->squares + count;
  c->r = c->e + count;
  c->half = c->r + count;
  for (size_t k = 0; k < count; k++) {
    fc_target_isotropic_get(mean, mean + d, target, k, ctx);
    arb_log(c->log_weights + k, fc_as_arb(mean + d), ctx->precision);
    for (size_t i = 0; i < d; i++) {
      arb_ptr m = c->means + k * d + i;
      arb_set(m, fc_as_arb(mean + i));
      arb_addmul(c->squares + k, m, m, ctx->precision);
    }
  }
  set_half_ranges(chart);
  fc_vec_free(mean, d + 1, ctx);
  if (!fc_target_has_density(target))
    return FC_OK; /* atoms: sigma = 0 */
  fc_status status =
      fc_target_constant(c->sigma2, NULL, NULL, target, FC_SIGMA, ctx);
  fc_sqr(c->sigma2, c->sigma2, ctx);
  return status;
}

static void release(fc_chart *chart) {
  component *c = chart->state;
  fc_vec_free(c->sigma2, 1, chart->ctx);
  free(c->covariances);
  if (c->means)
    _arb_vec_clear(c->means, (slong)(chart->count * (chart->d + 4) + chart->d));
  free(c);
}

static void locate(fc_ptr tau, fc_ptr scale, const fc_chart *chart,
                   const fc_schedule_value *at, const fc_ctx *ctx) {
  const component *c = chart->state;
  fc_component_variance(scale, at, c->sigma2, ctx);
  fc_sqrt(scale, scale, ctx);
  fc_div(tau, at->b, scale, ctx);
}

static double snr_root(const fc_chart *chart, double tau) {
  const component *c = chart->state;
  double left = 1 - fc_get_d(c->sigma2, chart->ctx) * tau * tau;
  return left > 0 ? tau / sqrt(left) : INFINITY;
}

/* --- order 0 --------------------------------------------------------------*/

/* z = log w_k + q (m_k.y - q |m_k|^2/2): to find the largest. */
static void exponent(arb_t z, const fc_chart *chart, size_t k, const arb_t q,
                     arb_srcptr y, slong precision) {
  const component *c = chart->state;
  arb_dot(z, NULL, 0, c->means + k * chart->d, 1, y, 1, (slong)chart->d,
          precision);
  arb_t half;
  arb_init(half);
  arb_mul(half, q, c->squares + k, precision);
  arb_mul_2exp_si(half, half, -1);
  arb_sub(z, z, half, precision);
  arb_mul(z, z, q, precision);
  arb_add(z, z, c->log_weights + k, precision);
  arb_clear(half);
}

static size_t find_top(fc_chart *chart, const arb_t q, arb_srcptr y) {
  component *c = chart->state;
  size_t top = 0;
  for (size_t k = 0; k < chart->count; k++) {
    exponent(c->e + k, chart, k, q, y, 64);
    if (fc_arb_cmp_mid(c->e + k, c->e + top) > 0)
      top = k;
  }
  return top;
}

/* m_top, eta and -rise; the top is left out. */
static void set_relative(fc_chart *chart, size_t top, slong precision) {
  component *c = chart->state;
  size_t d = chart->d, n = 0;
  arb_ptr constants = chart->tape->constants;
  for (size_t i = 0; i < d; i++)
    arb_set(constants + top_mean(i), c->means + top * d + i);
  for (size_t k = 0; k < chart->count; k++) {
    if (k == top)
      continue;
    for (size_t i = 0; i < d; i++)
      arb_sub(constants + eta(chart, n, i), c->means + k * d + i,
              c->means + top * d + i, precision);
    arb_sub(constants + negative_rise(chart, n), c->squares + top,
            c->squares + k, precision);
    n++;
  }
}

/* e_k = log w_k/w_top + q (eta_k.y - q rise/2): its dependence on y is linear,
 * so that its range over a box is exact. */
static void set_exponents(fc_chart *chart, size_t top, const arb_t q,
                          arb_srcptr y, slong precision) {
  component *c = chart->state;
  size_t d = chart->d, n = 0;
  arb_srcptr constants = chart->tape->constants;
  arb_t part;
  arb_init(part);
  for (size_t k = 0; k < chart->count; k++) {
    arb_ptr e = c->e + k;
    arb_zero(e);
    if (k == top)
      continue;
    arb_dot(e, NULL, 0, constants + eta(chart, n, 0), 1, y, 1, (slong)d,
            precision);
    arb_mul(part, q, constants + negative_rise(chart, n), precision);
    arb_mul_2exp_si(part, part, -1);
    arb_add(e, e, part, precision);
    arb_mul(e, e, q, precision);
    arb_sub(part, c->log_weights + k, c->log_weights + top, precision);
    arb_add(e, e, part, precision);
    n++;
  }
  arb_clear(part);
}

/* s = r - r^2 over a wide r: between its values at the ends, or 1/4. */
static void set_wide_spread(arb_t s, const arb_t r, slong precision) {
  arb_t low, high, half;
  arb_init(low);
  arb_init(high);
  arb_init(half);
  arb_get_lbound_arf(arb_midref(low), r, precision);
  arb_get_ubound_arf(arb_midref(high), r, precision);
  arb_sub_si(half, low, 1, precision);
  arb_mul(low, low, half, precision);
  arb_sub_si(half, high, 1, precision);
  arb_mul(high, high, half, precision);
  arb_union(s, low, high, precision);
  arb_neg(s, s);
  arb_set_d(half, 0.5);
  if (arb_overlaps(r, half)) {
    arb_set_d(half, 0.25);
    arb_union(s, s, half, precision);
  }
  arb_clear(low);
  arb_clear(high);
  arb_clear(half);
}

/* An entry of a covariance of the means that is only known widely: it lies in
 * [0, h_i^2] or [-h_i h_j, h_i h_j], h half the range (Popoviciu). */
static void narrow_covariance(arb_t z, const component *c, size_t i, size_t j,
                              slong precision) {
  arb_t most, least;
  if (!arb_is_finite(z))
    return;
  arb_init(most);
  arb_init(least);
  arb_mul(most, c->half + i, c->half + j, precision);
  if (i != j)
    arb_neg(least, most);
  arb_union(most, least, most, precision);
  arb_intersection(z, z, most, precision);
  arb_clear(most);
  arb_clear(least);
}

static void place(fc_chart *chart, const arb_t tau, arb_srcptr y,
                  slong precision) {
  component *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d, n = 0, top = find_top(chart, tau, y);
  set_relative(chart, top, precision);
  set_exponents(chart, top, tau, y, precision);
  fc_chart_shares(c->r, c->e, chart->count, precision);
  arb_set(fc_tape_series(tape, chart->time), tau);
  for (size_t i = 0; i < d; i++)
    arb_set(fc_tape_series(tape, chart->y + (int)i), y + i);
  for (size_t k = 0; k < chart->count; k++)
    if (k != top)
      arb_set(fc_tape_series(tape, c->shares + (int)n++), c->r + k);
  for (size_t i = 0; i < d * d; i++)
    arb_set_si(fc_tape_series(tape, chart->p + (int)i), i % (d + 1) == 0);
  size_t entry = 0;
  for (int i = 0; i < tape->count; i++) {
    fc_tape_coefficient(tape, i, 0, precision);
    arb_ptr z = fc_tape_series(tape, i);
    if (entry < d * d && i == c->covariances[entry]) {
      if (fc_chart_is_wide(z))
        narrow_covariance(z, c, entry / d, entry % d, precision);
      entry++;
    }
    arb_srcptr r = fc_tape_series(tape, c->shares);
    if (c->terms == 1 && i == c->spread && fc_chart_is_wide(r))
      set_wide_spread(z, r, precision);
  }
}

const fc_chart_kind fc_chart_component = {bind,   set_constants, release,
                                          locate, place,         snr_root};
