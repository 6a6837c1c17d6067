/* C_P >= Var f/int p f'^2 for a trigonometric polynomial
 *   f = sum_{0 < j <= J} alpha_j cos j theta + beta_j sin j theta,
 *   theta = omega (x - c),
 * whose integrals are sums of E cos n theta, E sin n theta: values of the
 * characteristic function (characteristic.c), so that nothing is rounded but
 * the last digits of balls.  alpha, beta are exact numbers, chosen in binary64
 * so that f' fits the derivative of the first eigenfunction.
 */
#include <math.h>
#include <stdlib.h>

#include "matrix/matrix.h"
#include "spectral_gap/enclosure_private.h"

enum { J = 40, UNKNOWNS = 2 * J, MOMENTS = 2 * J + 1 };

typedef struct fit {
  double omega, centre;
  int used; /* of the coefficients: no more than the nodes tell apart */
  double coefficients[UNKNOWNS]; /* alpha_j, beta_j in turn */
} fit;

/* row = f' for each unknown at x. */
static void derivatives(double row[UNKNOWNS], const fit *y, double x) {
  double theta = y->omega * (x - y->centre);
  for (int j = 1; j <= J; j++) {
    bool used = 2 * j <= y->used;
    row[2 * j - 2] = used ? -j * y->omega * sin(j * theta) : 0;
    row[2 * j - 1] = used ? j * y->omega * cos(j * theta) : 0;
  }
}

/* Least squares with the weight p, lightly damped. */
static fc_status choose(fit *y, const fc_poincare_guess *guess) {
  const fc_panels *panels = guess->panels;
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  double first = panels->x[0], last = panels->x[panels->nodes - 1];
  y->centre = (first + last) / 2;
  y->omega = acos(-1) / (0.65 * (last - first));
  y->used = (int)fmin(UNKNOWNS, 0.75 * (double)panels->nodes);
  double *sums = calloc(UNKNOWNS * (UNKNOWNS + 1), sizeof *sums);
  fc_ptr a = fc_vec_new(UNKNOWNS * (UNKNOWNS + 1), ctx);
  fc_status status = sums && a ? FC_OK : FC_MEMORY;
  for (size_t n = 0; n < panels->nodes && !status; n++) {
    double row[UNKNOWNS], weight = panels->w[n] * panels->p[n];
    derivatives(row, y, panels->x[n]);
    for (int i = 0; i < UNKNOWNS; i++) {
      for (int k = 0; k <= i; k++)
        sums[i * UNKNOWNS + k] += weight * row[i] * row[k];
      sums[UNKNOWNS * UNKNOWNS + i] += weight * row[i] * guess->df[n];
    }
  }
  double damp = 0;
  for (int i = 0; i < UNKNOWNS && !status; i++)
    damp = fmax(damp, sums[i * UNKNOWNS + i]);
  for (int i = 0; i < UNKNOWNS && !status; i++)
    sums[i * UNKNOWNS + i] += 1e-13 * damp;
  for (int i = 0; i < UNKNOWNS * (UNKNOWNS + 1) && !status; i++)
    fc_set_d(a + i, sums[i], ctx);
  if (!status)
    status = fc_matrix_cholesky(a, a, UNKNOWNS, ctx);
  if (!status) {
    fc_ptr x = a + UNKNOWNS * UNKNOWNS;
    fc_matrix_cholesky_solve(x, a, x, UNKNOWNS, ctx);
    for (int i = 0; i < UNKNOWNS; i++)
      y->coefficients[i] = fc_get_d(x + i, ctx);
  }
  free(sums);
  fc_vec_free(a, UNKNOWNS * (UNKNOWNS + 1), ctx);
  return status == FC_DOMAIN ? FC_BUDGET : status;
}

/* z += E (a cos j theta + b sin j theta)(c cos k theta + d sin k theta), k <= j
 */
static void add_product(fc_ptr z, const double ab[2], int j, const double cd[2],
                        int k, fc_srcptr cosines, fc_srcptr sines, fc_ptr temp,
                        const fc_ctx *ctx) {
  const double terms[4][2] = {{ab[0], cd[0]},  /* (C_- + C_+)/2 */
                              {ab[1], cd[1]},  /* (C_- - C_+)/2 */
                              {ab[1], cd[0]},  /* (S_+ + S_-)/2 */
                              {ab[0], cd[1]}}; /* (S_+ - S_-)/2 */
  fc_ptr x = temp, y = temp + 1;
  for (int i = 0; i < 4; i++) {
    fc_srcptr from = i < 2 ? cosines : sines;
    fc_srcptr minus = from + (j - k), plus = from + (j + k);
    if (i == 0)
      fc_add(x, minus, plus, ctx);
    else if (i == 1)
      fc_sub(x, minus, plus, ctx);
    else if (i == 2)
      fc_add(x, plus, minus, ctx);
    else
      fc_sub(x, plus, minus, ctx);
    fc_set_d(y, terms[i][0], ctx);
    fc_mul(x, x, y, ctx);
    fc_set_d(y, terms[i][1], ctx);
    fc_mul(x, x, y, ctx);
    fc_mul_2exp_si(x, x, -1, ctx);
    fc_add(z, z, x, ctx);
  }
}

/* z = E (sum_j a_j cos j theta + b_j sin j theta)^2. */
static void square(fc_ptr z, const double *pairs, fc_srcptr cosines,
                   fc_srcptr sines, fc_ptr temp, const fc_ctx *ctx) {
  fc_set_si(z, 0, ctx);
  for (int j = 1; j <= J; j++)
    for (int k = 1; k <= j; k++) {
      double twice[2] = {pairs[2 * j - 2], pairs[2 * j - 1]};
      if (k < j) {
        twice[0] *= 2;
        twice[1] *= 2;
      }
      add_product(z, twice, j, pairs + 2 * k - 2, k, cosines, sines, temp, ctx);
    }
}

/* z = E f */
static void mean(fc_ptr z, const fit *y, fc_srcptr cosines, fc_srcptr sines,
                 fc_ptr temp, const fc_ctx *ctx) {
  fc_set_si(z, 0, ctx);
  for (int j = 1; j <= J; j++) {
    fc_set_d(temp, y->coefficients[2 * j - 2], ctx);
    fc_addmul(z, temp, cosines + j, ctx);
    fc_set_d(temp, y->coefficients[2 * j - 1], ctx);
    fc_addmul(z, temp, sines + j, ctx);
  }
}

/* f'/omega has the coefficients j beta_j, -j alpha_j; 53 bits do not hold the
 * products: the energy of the rounded ones is not that of f'.  So the
 * coefficients of f are cut to 45 bits, and j has 6. */
static void round_coefficients(fit *y) {
  double most = 0;
  for (int i = 0; i < UNKNOWNS; i++)
    most = fmax(most, fabs(y->coefficients[i]));
  int exponent;
  frexp(most, &exponent);
  double unit = ldexp(1, exponent - 45);
  for (int i = 0; i < UNKNOWNS; i++)
    y->coefficients[i] = rint(y->coefficients[i] / unit) * unit;
}

fc_status fc_rayleigh_below(fc_ptr low, const fc_ball_law *law,
                            const fc_poincare_guess *guess) {
  const fc_ctx *ctx = law->real;
  fit y;
  double slopes[UNKNOWNS];
  fc_status status = choose(&y, guess);
  if (status)
    return status;
  round_coefficients(&y);
  for (int j = 1; j <= J; j++) {
    slopes[2 * j - 2] = j * y.coefficients[2 * j - 1];
    slopes[2 * j - 1] = -j * y.coefficients[2 * j - 2];
  }
  fc_ptr room = fc_vec_new(2 * MOMENTS + 4, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr cosines = room, sines = room + MOMENTS, temp = sines + MOMENTS;
  fc_ptr energy = temp + 2, middle = temp + 3;
  status = fc_ball_law_moments(cosines, sines, MOMENTS, law, y.omega, y.centre);
  square(low, y.coefficients, cosines, sines, temp, ctx);
  mean(middle, &y, cosines, sines, temp, ctx);
  fc_submul(low, middle, middle, ctx);
  square(energy, slopes, cosines, sines, temp, ctx);
  fc_div(low, low, energy, ctx);
  fc_set_d(temp, y.omega, ctx);
  fc_sqr(temp, temp, ctx);
  fc_div(low, low, temp, ctx);
  if (!status && fc_is_positive(low, ctx) != FC_TRUE)
    status = FC_BUDGET;
  fc_vec_free(room, 2 * MOMENTS + 4, ctx);
  return status;
}
