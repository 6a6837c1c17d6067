/* The chart of spectral.c as a program, without eigenbases (balls do not
 * enclose them): with a = cos(theta), b = sin(theta), E_k = S_k - I,
 *   Lambda_k  = (a^2 I + b^2 S_k)^-1,  Lambda_k' = -2ab Lambda_k E_k Lambda_k
 *   xi_k      = y - b m_k,             psi_k = Lambda_k xi_k
 *   log r_k'  = -ab (tr(E_k Lambda_k) - psi_k.E_k psi_k) - psi_k.xi_k', less
 *               their mean under r
 *   y'        = a mean,  mean = sum r_k m_k + b sum E_k (r_k psi_k)
 *   P'        = a G P,   G = b sum E_k (r_k Lambda_k - r_k psi_k psi_k^T)
 *                            + mean s^T - sum m_k (r_k psi_k)^T,
 *               s = sum r_k psi_k
 * Diagonal covariances have diagonal Lambda. */
#include <math.h>
#include <stdlib.h>

#include "flow/chart.h"

typedef struct spectral {
  arb_ptr means, excess, log_weights; /* count*d, count*d*d, count */
  arb_ptr e, r;                       /* count: exponents, shares */
  arb_ptr psi, level;                 /* count*d; count: log r_k at a point */
  arb_ptr xi;                         /* d */
  arb_mat_t matrix, inverse;          /* d x d */
  bool diagonal;                      /* all covariances are */
  int shares, lambda, a, b;           /* integrals */
} spectral;

enum { NONE = -1 };

/* Constants: m_k (count*d), -m_k, E_k (count*d*d). */
static int mean_of(const fc_chart *chart, size_t k, size_t i) {
  return (int)(k * chart->d + i);
}
static int negative_mean(const fc_chart *chart, size_t k, size_t i) {
  return (int)((chart->count + k) * chart->d + i);
}
static int excess_of(const fc_chart *chart, size_t k, size_t i, size_t j) {
  return (int)(2 * chart->count * chart->d + (k * chart->d + i) * chart->d + j);
}

/* Lambda_k,ij, or NONE where it is 0. */
static int lambda_of(const fc_chart *chart, size_t k, size_t i, size_t j) {
  const spectral *c = chart->state;
  size_t d = chart->d;
  if (c->diagonal)
    return i == j ? c->lambda + (int)(k * d + i) : NONE;
  size_t low = i < j ? i : j, high = i < j ? j : i;
  return c->lambda + (int)(k * d * (d + 1) / 2 + high * (high + 1) / 2 + low);
}

static bool has_excess(const fc_chart *chart, size_t i, size_t j) {
  const spectral *c = chart->state;
  return !c->diagonal || i == j;
}

/* --- the program ----------------------------------------------------------*/

/* Nodes of one component. */
typedef struct parts {
  int *psi, *r_psi, *e_psi, *xi; /* d each, for all k: k*d + i */
  int *slope;                    /* k */
  int ab;
} parts;

/* sum_j E_ij v_j for nodes v_j = v + j*stride, absent ones NONE. */
static void add_excess_row(fc_chart *chart, size_t k, size_t i, const int *v,
                           size_t stride) {
  for (size_t j = 0; j < chart->d; j++)
    if (has_excess(chart, i, j) && v[j * stride] != NONE)
      fc_tape_add(chart->tape, excess_of(chart, k, i, j), v[j * stride]);
}

/* psi_k, r_k psi_k and E_k psi_k. */
static void write_psi(fc_chart *chart, const parts *p, size_t k) {
  const spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  int products[FC_TARGET_MAX_DIMENSION];
  for (size_t i = 0; i < d; i++) {
    p->xi[k * d + i] = fc_tape_sum(tape);
    fc_tape_add(tape, FC_TAPE_PLUS, chart->y + (int)i);
    fc_tape_add(tape, negative_mean(chart, k, i), c->b);
  }
  for (size_t i = 0; i < d; i++) {
    for (size_t j = 0; j < d; j++) {
      int lambda = lambda_of(chart, k, i, j);
      products[j] = lambda == NONE
                        ? NONE
                        : fc_tape_product(tape, lambda, p->xi[k * d + j]);
    }
    p->psi[k * d + i] = fc_tape_sum(tape);
    for (size_t j = 0; j < d; j++)
      if (products[j] != NONE)
        fc_tape_add(tape, FC_TAPE_PLUS, products[j]);
  }
  for (size_t i = 0; i < d; i++) {
    p->r_psi[k * d + i] =
        fc_tape_product(tape, c->shares + (int)k, p->psi[k * d + i]);
    p->e_psi[k * d + i] = fc_tape_sum(tape);
    add_excess_row(chart, k, i, p->psi + k * d, 1);
  }
}

/* mean_i, then a mean_i = y_i': d nodes in a row each; the first mean. */
static int write_velocity(fc_chart *chart, const parts *p) {
  const spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  int drift = tape->count;
  for (size_t i = 0; i < d; i++) {
    fc_tape_sum(tape);
    for (size_t k = 0; k < chart->count; k++)
      add_excess_row(chart, k, i, p->r_psi + k * d, 1);
  }
  int moved = tape->count;
  for (size_t i = 0; i < d; i++)
    fc_tape_product(tape, c->b, drift + (int)i);
  int mean = tape->count;
  for (size_t i = 0; i < d; i++) {
    fc_tape_sum(tape);
    fc_tape_add(tape, FC_TAPE_PLUS, moved + (int)i);
    for (size_t k = 0; k < chart->count; k++)
      fc_tape_add(tape, mean_of(chart, k, i), c->shares + (int)k);
  }
  for (size_t i = 0; i < d; i++)
    fc_tape_close(tape, chart->y + (int)i,
                  fc_tape_product(tape, c->a, mean + (int)i));
  return mean;
}

/* log r_k' up to the mean. */
static void write_slope(fc_chart *chart, const parts *p, size_t k,
                        int velocity) {
  const spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  int products[2 * FC_TARGET_MAX_DIMENSION];
  for (size_t i = 0; i < d; i++) {
    int moved = fc_tape_sum(tape);
    fc_tape_add(tape, FC_TAPE_PLUS, velocity + (int)i);
    fc_tape_add(tape, negative_mean(chart, k, i), c->a);
    products[i] = fc_tape_product(tape, p->psi[k * d + i], moved);
    products[d + i] =
        fc_tape_product(tape, p->psi[k * d + i], p->e_psi[k * d + i]);
  }
  int widening = fc_tape_sum(tape);
  for (size_t i = 0; i < d; i++)
    fc_tape_add(tape, FC_TAPE_MINUS, products[d + i]);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      if (has_excess(chart, i, j))
        fc_tape_add(tape, excess_of(chart, k, i, j), lambda_of(chart, k, i, j));
  int widened = fc_tape_product(tape, p->ab, widening);
  p->slope[k] = fc_tape_sum(tape);
  fc_tape_add(tape, FC_TAPE_MINUS, widened);
  for (size_t i = 0; i < d; i++)
    fc_tape_add(tape, FC_TAPE_MINUS, products[i]);
}

static void write_shares(fc_chart *chart, const parts *p) {
  const spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  int first = tape->count;
  for (size_t k = 0; k < chart->count; k++)
    fc_tape_product(tape, c->shares + (int)k, p->slope[k]);
  int mean = fc_tape_sum(tape);
  for (size_t k = 0; k < chart->count; k++)
    fc_tape_add(tape, FC_TAPE_PLUS, first + (int)k);
  for (size_t k = 0; k < chart->count; k++) {
    int deviation = fc_chart_sum(tape, p->slope[k], FC_TAPE_MINUS, mean);
    fc_tape_close(tape, c->shares + (int)k,
                  fc_tape_product(tape, c->shares + (int)k, deviation));
  }
}

/* Lambda_k' = -2ab Lambda_k (E_k Lambda_k), the lower triangle of it. */
static void write_lambda(fc_chart *chart, const parts *p, size_t k) {
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  int column[FC_TARGET_MAX_DIMENSION] = {0}, right[FC_TARGET_MAX_DIMENSION],
      products[FC_TARGET_MAX_DIMENSION];
  for (size_t j = 0; j < d; j++) {
    for (size_t i = 0; i < d; i++)
      column[i] = lambda_of(chart, k, i, j);
    for (size_t i = 0; i < d; i++) {
      right[i] = fc_tape_sum(tape);
      add_excess_row(chart, k, i, column, 1);
    }
    for (size_t i = j; i < d; i++) {
      if (lambda_of(chart, k, i, j) == NONE)
        continue;
      for (size_t m = 0; m < d; m++) {
        int lambda = lambda_of(chart, k, i, m);
        products[m] =
            lambda == NONE ? NONE : fc_tape_product(tape, lambda, right[m]);
      }
      int sum = fc_tape_sum(tape);
      for (size_t m = 0; m < d; m++)
        if (products[m] != NONE)
          fc_tape_add(tape, FC_TAPE_MINUS, products[m]);
      int change = fc_tape_product(tape, p->ab, sum);
      fc_tape_close(tape, lambda_of(chart, k, i, j),
                    fc_chart_sum(tape, change, FC_TAPE_PLUS, change));
    }
  }
}

static void write_waves(fc_chart *chart) {
  spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  chart->time = fc_tape_time(tape);
  c->a = fc_tape_integral(tape);
  c->b = fc_tape_integral(tape);
  fc_tape_close(tape, c->a, fc_chart_scaled(tape, FC_TAPE_MINUS, c->b));
  fc_tape_close(tape, c->b, c->a);
}

static void write_position(fc_chart *chart, parts *p, int *mean) {
  spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d, count = chart->count;
  write_waves(chart);
  chart->y = fc_chart_integrals(tape, d);
  c->shares = fc_chart_integrals(tape, count);
  c->lambda =
      fc_chart_integrals(tape, count * (c->diagonal ? d : d * (d + 1) / 2));
  p->ab = fc_tape_product(tape, c->a, c->b);
  for (size_t k = 0; k < count; k++)
    write_psi(chart, p, k);
  *mean = write_velocity(chart, p);
  int velocity = *mean + (int)d;
  for (size_t k = 0; k < count; k++)
    write_slope(chart, p, k, velocity);
  write_shares(chart, p);
  for (size_t k = 0; k < count; k++)
    write_lambda(chart, p, k);
  chart->positions = tape->count;
}

/* r_k Lambda_k - r_k psi_k psi_k^T for all k: entries k*d*d + i*d + j. */
static void write_spreads(fc_chart *chart, const parts *p, int *spread) {
  const spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  for (size_t k = 0; k < chart->count; k++)
    for (size_t i = 0; i < d; i++)
      for (size_t j = 0; j <= i; j++) {
        int lambda = lambda_of(chart, k, i, j);
        int pair =
            fc_tape_product(tape, p->r_psi[k * d + i], p->psi[k * d + j]);
        int node =
            lambda == NONE
                ? fc_chart_scaled(tape, FC_TAPE_MINUS, pair)
                : fc_chart_sum(
                      tape, fc_tape_product(tape, c->shares + (int)k, lambda),
                      FC_TAPE_MINUS, pair);
        spread[(k * d + i) * d + j] = spread[(k * d + j) * d + i] = node;
      }
}

/* a G: d*d products in a row. */
static int write_gradient(fc_chart *chart, const parts *p, const int *spread,
                          int mean) {
  const spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  int score = tape->count;
  for (size_t i = 0; i < d; i++) {
    fc_tape_sum(tape);
    for (size_t k = 0; k < chart->count; k++)
      fc_tape_add(tape, FC_TAPE_PLUS, p->r_psi[k * d + i]);
  }
  int inner = tape->count;
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      fc_tape_sum(tape);
      for (size_t k = 0; k < chart->count; k++)
        add_excess_row(chart, k, u, spread + k * d * d + v, d);
    }
  int outer = tape->count;
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      fc_tape_product(tape, c->b, inner + (int)(u * d + v));
      fc_tape_product(tape, mean + (int)u, score + (int)v);
    }
  int whole = tape->count;
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      int at = outer + 2 * (int)(u * d + v);
      fc_chart_sum(tape, at, FC_TAPE_PLUS, at + 1);
      for (size_t k = 0; k < chart->count; k++)
        fc_tape_add(tape, negative_mean(chart, k, u), p->r_psi[k * d + v]);
    }
  int gradient = tape->count;
  for (size_t i = 0; i < d * d; i++)
    fc_tape_product(tape, c->a, whole + (int)i);
  return gradient;
}

static void write_jacobian(fc_chart *chart, const parts *p, int *spread,
                           int mean) {
  fc_tape *tape = chart->tape;
  size_t d = chart->d;
  chart->p = fc_chart_integrals(tape, d * d);
  write_spreads(chart, p, spread);
  int gradient = write_gradient(chart, p, spread, mean);
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      int first = tape->count;
      for (size_t m = 0; m < d; m++)
        fc_tape_product(tape, gradient + (int)(u * d + m),
                        chart->p + (int)(m * d + v));
      int sum = fc_tape_sum(tape);
      for (size_t m = 0; m < d; m++)
        fc_tape_add(tape, FC_TAPE_PLUS, first + (int)m);
      fc_tape_close(tape, chart->p + (int)(u * d + v), sum);
    }
}

static fc_status write_program(fc_chart *chart) {
  size_t d = chart->d, n = chart->count;
  size_t room = 4 * n * d + n + n * d * d;
  int *numbers = room > 0 ? calloc(room, sizeof *numbers) : NULL, mean;
  if (!numbers)
    return FC_MEMORY;
  parts p = {.psi = numbers,
             .r_psi = numbers + n * d,
             .e_psi = numbers + 2 * n * d,
             .xi = numbers + 3 * n * d,
             .slope = numbers + 4 * n * d};
  write_position(chart, &p, &mean);
  write_jacobian(chart, &p, numbers + 4 * n * d + n, mean);
  free(numbers);
  return FC_OK;
}

/* --- binding --------------------------------------------------------------*/

static fc_status read_target(fc_chart *chart, const fc_target *target) {
  spectral *c = chart->state;
  const fc_ctx *ctx = chart->ctx;
  size_t d = chart->d, count = chart->count;
  fc_ptr room = fc_vec_new(d + d * d + 1, ctx);
  if (!room)
    return FC_MEMORY;
  fc_status status = FC_OK;
  c->diagonal = true;
  for (size_t k = 0; k < count && !status; k++) {
    status =
        fc_target_mixture_get(room, room + d, room + d + d * d, target, k, ctx);
    for (size_t i = 0; i < d; i++)
      arb_set(c->means + k * d + i, fc_as_arb(room + i));
    for (size_t i = 0; i < d * d; i++) {
      arb_ptr e = c->excess + k * d * d + i;
      arb_sub_si(e, fc_as_arb(room + d + i), i % (d + 1) == 0, ctx->precision);
      c->diagonal = c->diagonal && (i % (d + 1) == 0 || arb_is_zero(e));
    }
    arb_set(c->log_weights + k, fc_as_arb(room + d + d * d));
  }
  fc_vec_free(room, d + d * d + 1, ctx);
  return status;
}

static slong number_count(const fc_chart *chart) {
  size_t d = chart->d;
  return (slong)(chart->count * (d * d + 2 * d + 4) + d);
}

static fc_status bind(fc_chart *chart, const fc_target *target) {
  size_t d = chart->d, count = fc_target_mixture_count(target);
  if (count == 0)
    return FC_UNSUPPORTED;
  if (count * d * d > 20000)
    return FC_BUDGET;
  spectral *c = calloc(1, sizeof *c);
  if (!c)
    return FC_MEMORY;
  chart->state = c;
  chart->count = count;
  arb_mat_init(c->matrix, (slong)d, (slong)d);
  arb_mat_init(c->inverse, (slong)d, (slong)d);
  c->means = _arb_vec_init(number_count(chart));
  c->excess = c->means + count * d;
  c->psi = c->excess + count * d * d;
  c->log_weights = c->psi + count * d;
  c->e = c->log_weights + count;
  c->r = c->e + count;
  c->level = c->r + count;
  c->xi = c->level + count;
  fc_tape_init(chart->tape, (int)(count * (2 * d + d * d)));
  fc_status status = read_target(chart, target);
  return status ? status : write_program(chart);
}

static fc_status set_constants(fc_chart *chart, const fc_target *target) {
  const spectral *c = chart->state;
  size_t d = chart->d, n = chart->count;
  arb_ptr constants = chart->tape->constants;
  (void)target;
  for (size_t i = 0; i < n * d; i++) {
    arb_set(constants + i, c->means + i);
    arb_neg(constants + n * d + i, c->means + i);
  }
  for (size_t i = 0; i < n * d * d; i++)
    arb_set(constants + 2 * n * d + i, c->excess + i);
  return FC_OK;
}

static void release(fc_chart *chart) {
  spectral *c = chart->state;
  arb_mat_clear(c->matrix);
  arb_mat_clear(c->inverse);
  _arb_vec_clear(c->means, number_count(chart));
  free(c);
}

static void locate(fc_ptr tau, fc_ptr scale, const fc_chart *chart,
                   const fc_schedule_value *at, const fc_ctx *ctx) {
  (void)chart;
  fc_set(tau, at->theta, ctx);
  fc_set(scale, at->rho, ctx);
}

static double snr_root(const fc_chart *chart, double tau) {
  (void)chart;
  return cos(tau) > 0x1p-50 ? tan(tau) : INFINITY;
}

/* --- order 0 --------------------------------------------------------------*/

/* Lambda_k and log w_k + log det(Lambda_k)/2 at theta; false where no ball
 * says that the matrix is regular. */
static bool set_lambda(fc_chart *chart, size_t k, slong precision) {
  spectral *c = chart->state;
  const fc_tape *tape = chart->tape;
  size_t d = chart->d;
  arb_srcptr b = fc_tape_series(tape, c->b);
  arb_t square;
  arb_init(square);
  arb_sqr(square, b, precision);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      arb_ptr z = arb_mat_entry(c->matrix, i, j);
      arb_mul(z, square, c->excess + (k * d + i) * d + j, precision);
      if (i == j)
        arb_add_si(z, z, 1, precision);
    }
  bool regular = arb_mat_spd_inv(c->inverse, c->matrix, precision) != 0;
  if (regular)
    arb_mat_det(square, c->inverse, precision);
  else
    arb_mat_indeterminate(c->inverse);
  if (!regular)
    arb_indeterminate(square);
  arb_log(square, square, precision);
  arb_mul_2exp_si(square, square, -1);
  arb_add(c->level + k, c->log_weights + k, square, precision);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j <= i; j++)
      if (lambda_of(chart, k, i, j) != NONE)
        arb_set(fc_tape_series(tape, lambda_of(chart, k, i, j)),
                arb_mat_entry(c->inverse, i, j));
  arb_clear(square);
  return regular;
}

/* psi_k over the balls y, and level_k - xi.psi/2 at their midpoints. */
static void set_level(fc_chart *chart, size_t k, arb_srcptr y,
                      slong precision) {
  spectral *c = chart->state;
  size_t d = chart->d;
  arb_srcptr b = fc_tape_series(chart->tape, c->b);
  arb_t part;
  arb_init(part);
  for (int wide = 0; wide < 2; wide++) { /* first at the midpoints */
    for (size_t i = 0; i < d; i++) {
      if (wide)
        arb_set(c->xi + i, y + i);
      else
        arb_get_mid_arb(c->xi + i, y + i);
      arb_submul(c->xi + i, b, c->means + k * d + i, precision);
    }
    for (size_t i = 0; i < d; i++)
      arb_dot(c->psi + k * d + i, NULL, 0, arb_mat_entry(c->inverse, i, 0), 1,
              c->xi, 1, (slong)d, precision);
    if (wide)
      continue;
    arb_dot(part, NULL, 0, c->psi + k * d, 1, c->xi, 1, (slong)d, precision);
    arb_mul_2exp_si(part, part, -1);
    arb_sub(c->level + k, c->level + k, part, precision);
  }
  arb_clear(part);
}

/* e_k = log r_k/r_top over the balls y: at their midpoints, and its gradient
 * psi_top - psi_k times what is left (mean value form). */
static void set_exponents(fc_chart *chart, size_t top, arb_srcptr y,
                          slong precision) {
  spectral *c = chart->state;
  size_t d = chart->d;
  arb_t slope, offset;
  arb_init(slope);
  arb_init(offset);
  for (size_t k = 0; k < chart->count; k++) {
    arb_zero(c->e + k);
    if (k == top)
      continue;
    arb_sub(c->e + k, c->level + k, c->level + top, precision);
    for (size_t i = 0; i < d; i++) {
      arb_sub(slope, c->psi + top * d + i, c->psi + k * d + i, precision);
      arb_zero(offset);
      mag_set(arb_radref(offset), arb_radref(y + i));
      arb_addmul(c->e + k, slope, offset, precision);
    }
  }
  arb_clear(slope);
  arb_clear(offset);
}

static void place(fc_chart *chart, const arb_t tau, arb_srcptr y,
                  slong precision) {
  spectral *c = chart->state;
  fc_tape *tape = chart->tape;
  size_t d = chart->d, top = 0;
  arb_set(fc_tape_series(tape, chart->time), tau);
  arb_sin_cos(fc_tape_series(tape, c->b), fc_tape_series(tape, c->a), tau,
              precision);
  for (size_t k = 0; k < chart->count; k++) {
    set_lambda(chart, k, precision);
    set_level(chart, k, y, precision);
    if (fc_arb_cmp_mid(c->level + k, c->level + top) > 0)
      top = k;
  }
  set_exponents(chart, top, y, precision);
  fc_chart_shares(c->r, c->e, chart->count, precision);
  for (size_t i = 0; i < d; i++)
    arb_set(fc_tape_series(tape, chart->y + (int)i), y + i);
  for (size_t k = 0; k < chart->count; k++)
    arb_set(fc_tape_series(tape, c->shares + (int)k), c->r + k);
  for (size_t i = 0; i < d * d; i++)
    arb_set_si(fc_tape_series(tape, chart->p + (int)i), i % (d + 1) == 0);
  fc_tape_expand(tape, 0, tape->count, 0, 0, precision);
}

const fc_chart_kind fc_chart_spectral = {bind,   set_constants, release,
                                         locate, place,         snr_root};
