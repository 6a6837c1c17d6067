/* C_P <= 1/inf Q over the whole line,
 *   Q = U'' + U' y - y' - y^2,   U = -log p,
 * for any continuous y, piecewise C^1, or with jumps downwards.  With L f = f''
 * - U' f' and f' = g w, g = exp(int y) > 0, int (L f)^2 p = int (f''^2 + U''
 * f'^2) p = int g^2 w'^2 p + int Q f'^2 p + (jumps >= 0)
 *                 >= inf Q int f'^2 p,
 * which is the spectral gap.  (y = 0: Bakry and Emery.)  Equality where g is
 * the derivative of the first eigenfunction: then Q = 1/C_P everywhere.
 *
 * y: the solution of Q = lambda, lambda just below 1/C_P, from both tails to
 * the zero of the eigenfunction, where it then jumps downwards; that direction
 * is the stable one.  In binary64 at the ends of cells; inside the quintic
 * polynomial through y, y', y'' at both ends.  All that is proved in balls: on
 * each cell Q is a Taylor polynomial about the middle, its last coefficient
 * enclosed over the whole cell.
 *
 * Tails: all components have the variance v.  For x >= X, with z = x - m_max,
 * d_k = m_max - m_k, r_k <= ratio_k = (w_k/w_max) exp(-((x-m_k)^2 -
 * (x-m_max)^2)/2v), which decrease in x, A = sum_k ratio_k d_k and B = sum_k
 * ratio_k d_k^2 at X, and y = -alpha/z,
 *   U' <= (z + A)/v,  U'' >= 1/v - B/v^2,
 *   Q >= 1/v - B/v^2 - alpha/v - alpha A/(v Z) - (alpha + alpha^2)/Z^2
 * with Z = z at X; on the left the mirror image.
 */
#include <math.h>
#include <stdlib.h>

#include "spectral_gap/enclosure_private.h"

enum {
  ORDER = 12,   /* of the Taylor polynomials */
  SUBSTEPS = 8, /* of Runge and Kutta in a cell */
  REACH = 16,   /* deviations from the outermost mean to where tails begin */
  LENGTHENINGS = 12, /* of that, by a quarter each */
  MAX_CELLS = 4000
};

#define CELL 0.1      /* of the local length */
#define BELOW 0x1p-18 /* lambda = (1 - this)/C_P */

/* --- the equation in binary64 ------------------------------------------------
 */

typedef struct slopes {
  double first, second, third; /* U', U'', U''' */
  double spread;               /* the variance of m_k under r */
} slopes;

/* Cumulants of the means under the responsibilities. */
static slopes slopes_at(const fc_poincare_guess *g, double x) {
  double top = -INFINITY, sum = 0, mean = 0, square = 0, cube = 0;
  for (size_t k = 0; k < g->count; k++) {
    double z = x - g->means[k];
    top = fmax(top, log(g->weights[k]) - z * z / (2 * g->variance));
  }
  for (int pass = 0; pass < 2; pass++)
    for (size_t k = 0; k < g->count; k++) {
      double z = x - g->means[k];
      double r = exp(log(g->weights[k]) - z * z / (2 * g->variance) - top);
      double m = g->means[k] - mean / sum;
      if (pass == 0) {
        sum += r;
        mean += r * g->means[k];
      } else {
        square += r * m * m / sum;
        cube += r * m * m * m / sum;
      }
    }
  double v = g->variance;
  return (slopes){(x - mean / sum) / v, 1 / v - square / (v * v),
                  -cube / (v * v * v), square};
}

static double slope_of(const fc_poincare_guess *g, double x, double y,
                       double lambda) {
  slopes u = slopes_at(g, x);
  return u.second + u.first * y - y * y - lambda;
}

/* A cell's end: where, y, y', y''. */
typedef struct node {
  double x, y, dy, ddy;
} node;

static void finish_node(node *n, const fc_poincare_guess *g, double lambda) {
  slopes u = slopes_at(g, n->x);
  n->dy = u.second + u.first * n->y - n->y * n->y - lambda;
  n->ddy = u.third + u.second * n->y + u.first * n->dy - 2 * n->y * n->dy;
}

static double runge_kutta(const fc_poincare_guess *g, double x, double y,
                          double h, double lambda) {
  double a = slope_of(g, x, y, lambda);
  double b = slope_of(g, x + h / 2, y + h / 2 * a, lambda);
  double c = slope_of(g, x + h / 2, y + h / 2 * b, lambda);
  double d = slope_of(g, x + h, y + h * c, lambda);
  return y + h / 6 * (a + 2 * b + 2 * c + d);
}

/* The length on which U' varies about x. */
static double length_at(const fc_poincare_guess *g, double x) {
  double v = g->variance, most = 0, s = sqrt(v);
  for (int i = -4; i <= 4; i++)
    most = fmax(most, slopes_at(g, x + i * s / 8).spread);
  return 1 / sqrt(1 / v + most / (v * v));
}

/* moments[i] = sum_k ratio_k |d_k|^(i+1) at x: A and B of the tails. */
static void tail_moments(double moments[2], const fc_poincare_guess *g,
                         double x, size_t near) {
  moments[0] = moments[1] = 0;
  for (size_t k = 0; k < g->count; k++) {
    double d = g->means[near] - g->means[k];
    double ratio =
        g->weights[k] / g->weights[near] *
        exp(-d * (2 * x - g->means[k] - g->means[near]) / (2 * g->variance));
    moments[0] += ratio * fabs(d);
    moments[1] += ratio * d * d;
  }
}

/* Where the tail begins: so far out that B is small beside what it must leave
 * (components that overlap separate late). */
static double tail_begin(const fc_poincare_guess *g, size_t near, double sign,
                         double lambda) {
  double v = g->variance, moments[2], reach = REACH;
  for (int i = 0; i < LENGTHENINGS; i++) {
    tail_moments(moments, g, g->means[near] + sign * reach * sqrt(v), near);
    if (moments[1] / v <= (1 - lambda * v) / 16)
      break;
    reach *= 1.25;
  }
  return g->means[near] + sign * reach * sqrt(v);
}

/* y at the node where the tail begins, such that the bound on Q there is lambda
 * (the equation inwards forgets where it began). */
static double tail_start(const fc_poincare_guess *g, double x, size_t near,
                         double lambda) {
  double v = g->variance, z = x - g->means[near], moments[2];
  tail_moments(moments, g, x, near);
  double rest = 1 - lambda * v - moments[1] / v;
  double alpha =
      rest - rest * moments[0] / fabs(z) - (rest + rest * rest) * v / (z * z);
  return -fmax(alpha, 0) / z;
}

/* Cells from the tail beyond a component to the middle at to. */
static fc_status solve(node *nodes, size_t *count, const fc_poincare_guess *g,
                       size_t near, double from, double to, double lambda) {
  double sign = to > from ? 1 : -1;
  node n = {.x = from, .y = tail_start(g, from, near, lambda)};
  finish_node(&n, g, lambda);
  *count = 0;
  nodes[(*count)++] = n;
  while (n.x != to && *count < MAX_CELLS) {
    double h = sign * CELL * length_at(g, n.x), end = n.x + h;
    if (sign * (to - end) < fabs(h) / 2)
      end = to;
    double step = (end - n.x) / SUBSTEPS, x = n.x;
    for (int i = 0; i < SUBSTEPS; i++)
      n.y = runge_kutta(g, x + i * step, n.y, step, lambda);
    n.x = end;
    finish_node(&n, g, lambda);
    if (!isfinite(n.y))
      return FC_BUDGET;
    nodes[(*count)++] = n;
  }
  return n.x == to ? FC_OK : FC_BUDGET;
}

/* --- Q in balls --------------------------------------------------------------
 */

typedef struct prover {
  const fc_ctx *ctx; /* balls */
  fc_ctx series[1];  /* over them */
  const fc_line_mixture *mixture;
  fc_ptr least; /* 1: inf Q so far */
  bool any;
  fc_ptr v, t; /* series: v, and room for ROOM series */
} prover;

enum { ROOM = 12 };

static void lower_least(prover *p, fc_srcptr q) {
  if (p->any)
    fc_min(p->least, p->least, q, p->ctx);
  else
    fc_set(p->least, q, p->ctx);
  p->any = true;
}

/* The component of the largest responsibility at x. */
static size_t dominant(const fc_poincare_guess *g, double x) {
  size_t best = 0;
  double most = -INFINITY;
  for (size_t k = 0; k < g->count; k++) {
    double z = x - g->means[k];
    double size = log(g->weights[k]) - z * z / (2 * g->variance);
    if (size > most) {
      most = size;
      best = k;
    }
  }
  return best;
}

/* first = U', second = U'' as series in x; t: room for 5 series.  About the
 * dominant mean: r_k ~ (w_k/w_0) exp((m_k - m_0)(2x - m_k - m_0)/(2v)). */
static void slopes_series(fc_ptr first, fc_ptr second, fc_srcptr x, prover *p,
                          size_t top, fc_ptr t) {
  const fc_ctx *ctx = p->series;
  const fc_line_mixture *m = p->mixture;
  fc_ptr sum = t, mean = t + 1, square = t + 2, r = t + 3, d = t + 4;
  fc_set_si(sum, 0, ctx);
  fc_set_si(mean, 0, ctx);
  fc_set_si(square, 0, ctx);
  for (size_t k = 0; k < m->count; k++) {
    fc_convert(d, ctx, m->means + k, p->ctx);
    fc_convert(r, ctx, m->means + top, p->ctx);
    fc_sub(d, d, r, ctx); /* m_k - m_0 */
    fc_sub(r, x, r, ctx);
    fc_mul_2exp_si(r, r, 1, ctx);
    fc_sub(r, r, d, ctx);
    fc_mul(r, r, d, ctx);
    fc_div(r, r, p->v, ctx);
    fc_mul_2exp_si(r, r, -1, ctx);
    fc_exp(r, r, ctx);
    fc_convert(first, ctx, m->weights + k, p->ctx);
    fc_mul(r, r, first, ctx);
    fc_add(sum, sum, r, ctx);
    fc_mul(r, r, d, ctx);
    fc_add(mean, mean, r, ctx);
    fc_mul(r, r, d, ctx);
    fc_add(square, square, r, ctx);
  }
  fc_div(mean, mean, sum, ctx);
  fc_div(square, square, sum, ctx);
  fc_convert(d, ctx, m->means + top, p->ctx);
  fc_sub(first, x, d, ctx);
  fc_sub(first, first, mean, ctx);
  fc_div(first, first, p->v, ctx);
  fc_sqr(mean, mean, ctx);
  fc_sub(square, square, mean, ctx); /* the variance of m_k under r */
  fc_div(square, square, p->v, ctx);
  fc_set_si(second, 1, ctx);
  fc_sub(second, second, square, ctx);
  fc_div(second, second, p->v, ctx);
}

/* The coefficients in s = (x - x_0)/h of the quintic through both ends. */
static void quintic(fc_ptr c, const node *left, const node *right,
                    const fc_ctx *ctx) {
  fc_num h, x;
  fc_num e[3]; /* what is left at s = 1 of value, s-derivative, second */
  fc_init(h, ctx);
  fc_init(x, ctx);
  for (int i = 0; i < 3; i++)
    fc_init(e[i], ctx);
  fc_set_d(h, right->x, ctx);
  fc_set_d(x, left->x, ctx);
  fc_sub(h, h, x, ctx);
  fc_set_d(c, left->y, ctx);
  fc_set_d(c + 1, left->dy, ctx);
  fc_mul(c + 1, c + 1, h, ctx);
  fc_set_d(c + 2, left->ddy, ctx);
  fc_mul(c + 2, c + 2, h, ctx);
  fc_mul(c + 2, c + 2, h, ctx); /* y'' h^2 = 2 c_2 */
  fc_set_d(e[0], right->y, ctx);
  fc_set_d(e[1], right->dy, ctx);
  fc_mul(e[1], e[1], h, ctx);
  fc_set_d(e[2], right->ddy, ctx);
  fc_mul(e[2], e[2], h, ctx);
  fc_mul(e[2], e[2], h, ctx);
  fc_sub(e[0], e[0], c, ctx);
  fc_sub(e[0], e[0], c + 1, ctx);
  fc_sub(e[1], e[1], c + 1, ctx);
  fc_sub(e[1], e[1], c + 2, ctx);
  fc_sub(e[2], e[2], c + 2, ctx);
  fc_mul_2exp_si(c + 2, c + 2, -1, ctx);
  fc_sub(e[0], e[0], c + 2, ctx);
  /* c_3 + c_4 + c_5 = e_0, 3 c_3 + 4 c_4 + 5 c_5 = e_1, 6, 12, 20: e_2 */
  fc_mul_2exp_si(e[2], e[2], -1, ctx);
  for (int i = 0; i < 3; i++) {
    static const long rows[3][3] = {{10, -4, 1}, {-15, 7, -2}, {6, -3, 1}};
    fc_set_si(c + 3 + i, 0, ctx);
    for (int k = 0; k < 3; k++) {
      fc_mul_si(x, e[k], rows[i][k], ctx);
      fc_add(c + 3 + i, c + 3 + i, x, ctx);
    }
  }
  fc_clear(h, ctx);
  fc_clear(x, ctx);
  for (int i = 0; i < 3; i++)
    fc_clear(e[i], ctx);
}

/* value = y, slope = y' as series in x; t: room for 2 series. */
static void polynomial_series(fc_ptr value, fc_ptr slope, fc_srcptr x,
                              fc_srcptr c, const node *left, const node *right,
                              prover *p, fc_ptr t) {
  const fc_ctx *ctx = p->series;
  fc_ptr s = t, h = t + 1;
  fc_set_d(h, right->x, ctx);
  fc_set_d(s, left->x, ctx);
  fc_sub(h, h, s, ctx);
  fc_sub(s, x, s, ctx);
  fc_div(s, s, h, ctx);
  fc_set_si(value, 0, ctx);
  fc_set_si(slope, 0, ctx);
  for (int i = 5; i >= 0; i--) {
    fc_mul(slope, slope, s, ctx);
    fc_add(slope, slope, value, ctx);
    fc_mul(value, value, s, ctx);
    fc_add(fc_series_coeff(value, 0), fc_series_coeff(value, 0), c + i, p->ctx);
  }
  fc_div(slope, slope, h, ctx);
}

/* q = Q as a series about x_0 (a ball). */
static void gap_series(fc_ptr q, fc_srcptr x0, fc_srcptr c, const node *left,
                       const node *right, size_t top, prover *p) {
  const fc_ctx *ctx = p->series;
  fc_ptr t = p->t, x = t, first = t + 1, second = t + 2, value = t + 3,
         slope = t + 4, room = t + 5;
  fc_num one;
  fc_init(one, p->ctx);
  fc_set_si(one, 1, p->ctx);
  fc_series_set_linear(x, x0, one, ctx);
  fc_clear(one, p->ctx);
  slopes_series(first, second, x, p, top, room);
  polynomial_series(value, slope, x, c, left, right, p, room);
  fc_sub(first, first, value, ctx);
  fc_mul(q, first, value, ctx); /* U' y - y^2 */
  fc_add(q, q, second, ctx);
  fc_sub(q, q, slope, ctx);
}

/* least = min(least, Q over the cell). */
static fc_status prove_cell(prover *p, const fc_poincare_guess *g,
                            const node *left, const node *right) {
  const fc_ctx *ctx = p->ctx;
  fc_ptr room = fc_vec_new(6 + 4, ctx);
  fc_ptr q = fc_vec_new(2, p->series);
  if (!room || !q) {
    fc_vec_free(room, 10, ctx);
    fc_vec_free(q, 2, p->series);
    return FC_MEMORY;
  }
  fc_ptr c = room, middle = room + 6, cell = room + 7, h = room + 8,
         sum = room + 9;
  quintic(c, left, right, ctx);
  double centre = left->x + (right->x - left->x) / 2;
  size_t top = dominant(g, centre);
  fc_set_d(middle, centre, ctx);
  fc_set_d(cell, left->x, ctx);
  fc_set_d(h, right->x, ctx);
  fc_hull(cell, cell, h, ctx);
  fc_sub(h, cell, middle, ctx);
  gap_series(q, middle, c, left, right, top, p);
  gap_series(q + 1, cell, c, left, right, top, p);
  fc_set(sum, fc_series_coeff(q + 1, ORDER), ctx);
  for (long i = ORDER - 1; i >= 0; i--) {
    fc_mul(sum, sum, h, ctx);
    fc_add(sum, sum, fc_series_coeff(q, i), ctx);
  }
  lower_least(p, sum);
  fc_vec_free(room, 10, ctx);
  fc_vec_free(q, 2, p->series);
  return FC_OK;
}

/* --- tails -------------------------------------------------------------------
 */

/* The outermost component on a side. */
static size_t outermost(const fc_poincare_guess *g, bool right) {
  size_t best = 0;
  for (size_t k = 1; k < g->count; k++)
    if (right ? g->means[k] > g->means[best] : g->means[k] < g->means[best])
      best = k;
  return best;
}

/* z = ratio_k at x, as in slopes_series; d = |d_k|. */
static void ratio_at(fc_ptr z, fc_ptr d, fc_srcptr x, const fc_line_mixture *m,
                     size_t k, size_t near, const fc_ctx *ctx) {
  fc_sub(d, m->means + k, m->means + near, ctx);
  fc_mul_2exp_si(z, x, 1, ctx);
  fc_sub(z, z, m->means + k, ctx);
  fc_sub(z, z, m->means + near, ctx);
  fc_mul(z, z, d, ctx);
  fc_div(z, z, m->variance, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_exp(z, z, ctx);
  fc_mul(z, z, m->weights + k, ctx);
  fc_div(z, z, m->weights + near, ctx);
  fc_abs(d, d, ctx);
}

/* q = the bound on Q beyond the node. */
static fc_status tail_bound(fc_ptr q, const prover *p, const node *end,
                            size_t near) {
  const fc_ctx *ctx = p->ctx;
  const fc_line_mixture *m = p->mixture;
  fc_ptr t = fc_vec_new(7, ctx);
  if (!t)
    return FC_MEMORY;
  fc_ptr x = t, z = t + 1, alpha = t + 2, first = t + 3, second = t + 4,
         r = t + 5, d = t + 6, v = m->variance;
  fc_set_d(x, end->x, ctx);
  fc_sub(z, x, m->means + near, ctx);
  fc_set_d(alpha, end->y, ctx);
  fc_mul(alpha, alpha, z, ctx);
  fc_neg(alpha, alpha, ctx);
  fc_abs(z, z, ctx);
  for (size_t k = 0; k < m->count; k++) {
    if (k == near)
      continue;
    ratio_at(r, d, x, m, k, near, ctx);
    fc_mul(r, r, d, ctx);
    fc_add(first, first, r, ctx); /* A */
    fc_mul(r, r, d, ctx);
    fc_add(second, second, r, ctx); /* B */
  }
  fc_set_si(q, 1, ctx);
  fc_div(second, second, v, ctx);
  fc_sub(q, q, second, ctx);
  fc_sub(q, q, alpha, ctx);
  fc_mul(first, first, alpha, ctx);
  fc_div(first, first, z, ctx);
  fc_sub(q, q, first, ctx);
  fc_div(q, q, v, ctx); /* (1 - B/v - alpha - alpha A/Z)/v */
  fc_sqr(r, alpha, ctx);
  fc_add(r, r, alpha, ctx);
  fc_sqr(z, z, ctx);
  fc_div(r, r, z, ctx);
  fc_sub(q, q, r, ctx); /* - (alpha + alpha^2)/Z^2 */
  bool sound = fc_is_negative(alpha, ctx) == FC_FALSE;
  fc_vec_free(t, 7, ctx);
  return sound ? FC_OK : FC_BUDGET;
}

/* One side: its tail and its cells. */
static fc_status prove_side(prover *p, double *y, node *nodes,
                            const fc_poincare_guess *g, bool right,
                            double middle, double lambda) {
  size_t near = outermost(g, right), count;
  double begin = tail_begin(g, near, right ? 1 : -1, lambda);
  fc_num q;
  fc_status status = solve(nodes, &count, g, near, begin, middle, lambda);
  if (status)
    return status;
  fc_init(q, p->ctx);
  status = tail_bound(q, p, &nodes[0], near);
  lower_least(p, q);
  fc_clear(q, p->ctx);
  for (size_t i = 0; i + 1 < count && !status; i++)
    status = right ? prove_cell(p, g, &nodes[i + 1], &nodes[i])
                   : prove_cell(p, g, &nodes[i], &nodes[i + 1]);
  *y = nodes[count - 1].y;
  return status;
}

/* --- all ---------------------------------------------------------------------
 */

/* Where the eigenfunction vanishes. */
static double zero_of(const fc_poincare_guess *g) {
  size_t j = 0;
  while (j + 1 < g->panels->nodes && g->f[j] < 0)
    j++;
  return g->panels->x[j];
}

static fc_status prove(fc_ptr high, prover *p, node *nodes,
                       const fc_poincare_guess *g) {
  double lambda = (1 - BELOW) / g->lower, middle = zero_of(g), left, right;
  fc_status status = prove_side(p, &left, nodes, g, false, middle, lambda);
  if (!status)
    status = prove_side(p, &right, nodes, g, true, middle, lambda);
  if (status)
    return status;
  if (!(left >= right) || fc_is_positive(p->least, p->ctx) != FC_TRUE)
    return FC_BUDGET;
  fc_inv(high, p->least, p->ctx);
  return FC_OK;
}

fc_status fc_barta_above(fc_ptr high, const fc_line_mixture *mixture,
                         const fc_poincare_guess *guess, const fc_ctx *ctx) {
  prover p = {.ctx = ctx, .mixture = mixture};
  fc_ctx_init_series(p.series, ctx, ORDER + 1);
  node *nodes = calloc(MAX_CELLS + 1, sizeof *nodes);
  p.least = fc_vec_new(1, ctx);
  p.v = fc_vec_new(1, p.series);
  p.t = fc_vec_new(ROOM, p.series);
  fc_status status = nodes && p.least && p.v && p.t ? FC_OK : FC_MEMORY;
  if (!status) {
    fc_convert(p.v, p.series, mixture->variance, ctx);
    status = prove(high, &p, nodes, guess);
  }
  free(nodes);
  fc_vec_free(p.least, 1, ctx);
  fc_vec_free(p.v, 1, p.series);
  fc_vec_free(p.t, ROOM, p.series);
  return status;
}
