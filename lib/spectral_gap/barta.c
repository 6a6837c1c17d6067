/* C_P <= 1/inf Q over the support,  Q = W - psi' - psi^2,  W = U'^2/4 + U''/2,
 * U = -log p, for any psi, piecewise C^1, or with jumps downwards.
 *
 * With L f = f'' - U' f', g = exp(U/2 + int psi) > 0 and f' = g w,
 *   int (L f)^2 p = int (f''^2 + U'' f'^2) p
 *                 = int g^2 w'^2 p + int Q f'^2 p + (jumps >= 0)
 *                >= inf Q int f'^2 p,
 * which is the spectral gap.  (psi = -U'/2: Bakry and Emery.)  Equality where g
 * is the derivative of the first eigenfunction: then Q = 1/C_P everywhere.
 * Where the support ends f' = 0 (Neumann), and psi may be infinite: psi = 1/z +
 * z q, z the distance from the end, has no boundary term.
 *
 * psi: the solution of Q = lambda, lambda just below 1/C_P, from both sides to
 * the zero of the eigenfunction, where it then jumps downwards; that direction
 * is the stable one.  From an end of the support it is integrated as q,
 *   Q = W - 3 q - z q' - z^2 q^2;
 * where there is none, or p is next to nothing, psi = 0 from some x on, as far
 * as W >= lambda beyond it (ball_law.c), and that start is soon forgotten.  In
 * binary64 at the ends of cells; inside the quintic polynomial through value
 * and two derivatives at both ends.  All that is proved in balls: on each cell
 * Q is a Taylor polynomial about the middle, its last coefficient enclosed over
 * the whole cell.
 *
 * z is counted inwards on both sides, and phi(z) = psi on the left, -psi on the
 * right, so that both are one case and psi jumps downwards where phi + phi >=
 * 0.
 */
#include <math.h>
#include <stdlib.h>

#include "spectral_gap/enclosure_private.h"

enum {
  SUBSTEPS = 8,      /* of Runge and Kutta in a cell */
  LENGTHENINGS = 24, /* of the way to where a tail begins, by a quarter each */
  MAX_CELLS = 4000,
  QUINTIC = 6 /* coefficients */
};

/* lambda = (1 - this)/C_P, one after the other until both sides meet. */
static const double below[] = {0x1p-18, 0x1p-13, 0x1p-8};

#define CELL 0.1     /* of the local length */
#define DEPTH 18.0   /* nats that p has fallen where a tail begins */
#define PAST 0x1p-40 /* the last cell ends this much beyond where both meet */

/* The end of a cell: where, q (or phi) and its derivatives. */
typedef struct node {
  double z, r, dr, ddr;
} node;

typedef struct side {
  fc_ball_law *law;
  bool right, cut; /* cut: the support ends here */
  double base, direction, lambda;
  double longest;   /* a cell at most */
  fc_srcptr origin; /* real: the exact base */
  node *nodes;
  size_t count; /* nodes */
} side;

/* --- the equation in binary64 -----------------------------------------------
 */

/* W and its derivatives in z. */
static void rough(double w[3], const side *s, double z) {
  fc_ball_law_rough(w, s->law, s->base + s->direction * z);
  w[1] *= s->direction;
}

static double slope_of(const side *s, double z, double r) {
  double w[3];
  rough(w, s, z);
  if (!s->cut)
    return w[0] - s->lambda - r * r;
  return z > 0 ? (w[0] - s->lambda - 3 * r - z * z * r * r) / z : w[1] / 4;
}

static void finish_node(node *n, const side *s) {
  double w[3];
  rough(w, s, n->z);
  n->dr = slope_of(s, n->z, n->r);
  if (!s->cut)
    n->ddr = w[1] - 2 * n->r * n->dr;
  else if (n->z > 0)
    n->ddr =
        (w[1] - 4 * n->dr - 2 * n->z * n->r * (n->r + n->z * n->dr)) / n->z;
  else
    n->ddr = (w[2] - 2 * n->r * n->r) / 5;
}

static void start_node(node *n, const side *s) {
  double w[3];
  rough(w, s, 0);
  *n = (node){.r = s->cut ? (w[0] - s->lambda) / 3 : 0};
  finish_node(n, s);
}

static double runge_kutta(const side *s, double z, double r, double h) {
  double a = slope_of(s, z, r);
  double b = slope_of(s, z + h / 2, r + h / 2 * a);
  double c = slope_of(s, z + h / 2, r + h / 2 * b);
  double d = slope_of(s, z + h, r + h * c);
  return r + h / 6 * (a + 2 * b + 2 * c + d);
}

/* r at the other end of a cell; next to an end of the support the first step is
 * Taylor's, as the equation is singular there. */
static double cross(const side *s, const node *n, double h) {
  double step = h / SUBSTEPS, r = n->r;
  int first = 0;
  if (s->cut && n->z == 0) {
    r += step * (n->dr + step / 2 * n->ddr);
    first = 1;
  }
  for (int i = first; i < SUBSTEPS; i++)
    r = runge_kutta(s, n->z + i * step, r, step);
  return r;
}

/* The length on which things vary at z, shorter where W is large beside lambda:
 * the quintic's error in Q, of the fifth order, is in units of W. */
static double length_at(const side *s, double z, double r) {
  double w[3], phi = s->cut ? z * r : r;
  rough(w, s, z);
  double size = fabs(w[0]) + s->lambda + phi * phi + cbrt(w[1] * w[1]);
  return fmin(1, pow(16 * s->lambda / size, 0.2)) / sqrt(size);
}

static double cell_at(const side *s, const node *n) {
  double h = fmin(CELL * length_at(s, n->z, n->r), s->longest);
  for (int i = 0; i < 2; i++)
    h = fmin(h, CELL * fmin(length_at(s, n->z + h / 2, n->r),
                            length_at(s, n->z + h, n->r)));
  return h;
}

/* Cells from the side to z = to, or a little beyond. */
static fc_status solve(side *s, double to) {
  node n;
  start_node(&n, s);
  s->count = 0;
  s->nodes[s->count++] = n;
  while (n.z < to && s->count <= MAX_CELLS) {
    double h = cell_at(s, &n);
    if (to - n.z < 1.5 * h)
      h = to * (1 + PAST) - n.z;
    n.r = cross(s, &n, h);
    n.z += h;
    finish_node(&n, s);
    if (!isfinite(n.r) || !isfinite(n.ddr))
      return FC_BUDGET;
    s->nodes[s->count++] = n;
  }
  return n.z >= to ? FC_OK : FC_BUDGET;
}

/* --- Q in balls -------------------------------------------------------------
 */

typedef struct prover {
  fc_ball_law *law;
  const fc_ctx *ctx; /* balls */
  fc_ptr least;      /* inf Q so far */
  bool any;
  fc_ptr real, series; /* room */
} prover;

enum { REAL_ROOM = QUINTIC + 8, SERIES_ROOM = 6 };

static void lower_least(prover *p, fc_srcptr q) {
  if (p->any)
    fc_min(p->least, p->least, q, p->ctx);
  else
    fc_set(p->least, q, p->ctx);
  p->any = true;
}

/* The coefficients in (z - z_0)/h of the quintic through both ends; t: room for
 * 5 numbers. */
static void quintic(fc_ptr c, const node *left, const node *right, fc_ptr t,
                    const fc_ctx *ctx) {
  fc_ptr h = t, x = t + 1;
  fc_ptr e = t + 2; /* what is left at the far end of value, slope, second */
  fc_set_d(h, right->z, ctx);
  fc_set_d(x, left->z, ctx);
  fc_sub(h, h, x, ctx);
  fc_set_d(c, left->r, ctx);
  fc_set_d(c + 1, left->dr, ctx);
  fc_mul(c + 1, c + 1, h, ctx);
  fc_set_d(c + 2, left->ddr, ctx);
  fc_mul(c + 2, c + 2, h, ctx);
  fc_mul(c + 2, c + 2, h, ctx); /* r'' h^2 = 2 c_2 */
  fc_set_d(e, right->r, ctx);
  fc_set_d(e + 1, right->dr, ctx);
  fc_mul(e + 1, e + 1, h, ctx);
  fc_set_d(e + 2, right->ddr, ctx);
  fc_mul(e + 2, e + 2, h, ctx);
  fc_mul(e + 2, e + 2, h, ctx);
  fc_sub(e, e, c, ctx);
  fc_sub(e, e, c + 1, ctx);
  fc_sub(e + 1, e + 1, c + 1, ctx);
  fc_sub(e + 1, e + 1, c + 2, ctx);
  fc_sub(e + 2, e + 2, c + 2, ctx);
  fc_mul_2exp_si(c + 2, c + 2, -1, ctx);
  fc_sub(e, e, c + 2, ctx);
  /* c_3 + c_4 + c_5 = e_0, 3 c_3 + 4 c_4 + 5 c_5 = e_1, 6, 12, 20: e_2 */
  fc_mul_2exp_si(e + 2, e + 2, -1, ctx);
  for (int i = 0; i < 3; i++) {
    static const long rows[3][3] = {{10, -4, 1}, {-15, 7, -2}, {6, -3, 1}};
    fc_set_si(c + 3 + i, 0, ctx);
    for (int k = 0; k < 3; k++) {
      fc_mul_si(x, e + k, rows[i][k], ctx);
      fc_add(c + 3 + i, c + 3 + i, x, ctx);
    }
  }
}

/* value = r, slope = r' as series in z; t: room for 2 series. */
static void polynomial_series(fc_ptr value, fc_ptr slope, fc_srcptr z,
                              fc_srcptr c, const node *left, const node *right,
                              fc_ptr t, const fc_ball_law *law) {
  const fc_ctx *ctx = law->series;
  fc_ptr s = t, h = t + 1;
  fc_set_d(h, right->z, ctx);
  fc_set_d(s, left->z, ctx);
  fc_sub(h, h, s, ctx);
  fc_sub(s, z, s, ctx);
  fc_div(s, s, h, ctx);
  fc_set_si(value, 0, ctx);
  fc_set_si(slope, 0, ctx);
  for (int i = QUINTIC - 1; i >= 0; i--) {
    fc_mul(slope, slope, s, ctx);
    fc_add(slope, slope, value, ctx);
    fc_mul(value, value, s, ctx);
    fc_add(fc_series_coeff(value, 0), fc_series_coeff(value, 0), c + i,
           law->real);
  }
  fc_div(slope, slope, h, ctx);
}

/* q = Q as a series about z (a ball, not a series); x, one: room. */
static fc_status gap_series(fc_ptr q, fc_srcptr z, fc_srcptr c,
                            const node *left, const node *right, const side *s,
                            prover *p, fc_ptr x, fc_ptr one) {
  const fc_ctx *ctx = p->law->series;
  fc_ptr at = p->series + 2, value = p->series + 3, slope = p->series + 4;
  if (s->right)
    fc_sub(x, s->origin, z, p->ctx);
  else
    fc_add(x, s->origin, z, p->ctx);
  fc_status status = fc_ball_law_potential(q, p->law, x);
  for (long i = 1; i <= FC_BALL_ORDER && s->right; i += 2)
    fc_neg(fc_series_coeff(q, i), fc_series_coeff(q, i), p->ctx);
  fc_set_si(one, 1, p->ctx);
  fc_series_set_linear(at, z, one, ctx);
  polynomial_series(value, slope, at, c, left, right, p->law->room, p->law);
  if (s->cut) {
    fc_submul(q, at, slope, ctx);
    fc_mul_si(slope, value, 3, ctx);
    fc_sub(q, q, slope, ctx);
    fc_mul(value, value, at, ctx);
  } else {
    fc_sub(q, q, slope, ctx);
  }
  fc_submul(q, value, value, ctx);
  return status;
}

/* least = min(least, Q over the cell). */
static fc_status prove_cell(prover *p, const side *s, const node *left,
                            const node *right) {
  const fc_ctx *ctx = p->ctx;
  fc_ptr c = p->real, t = p->real + QUINTIC, middle = t, cell = t + 1,
         h = t + 2, x = t + 3, one = t + 4, q = p->series, wide = p->series + 1;
  quintic(c, left, right, t, ctx);
  fc_set_d(middle, left->z + (right->z - left->z) / 2, ctx);
  fc_set_d(cell, left->z, ctx);
  fc_set_d(h, right->z, ctx);
  fc_hull(cell, cell, h, ctx);
  fc_sub(h, cell, middle, ctx);
  fc_status status = gap_series(q, middle, c, left, right, s, p, x, one);
  if (!status)
    status = gap_series(wide, cell, c, left, right, s, p, x, one);
  if (status)
    return status;
  fc_set(x, fc_series_coeff(wide, FC_BALL_ORDER), ctx);
  for (long i = FC_BALL_ORDER - 1; i >= 0; i--) {
    fc_mul(x, x, h, ctx);
    fc_add(x, x, fc_series_coeff(q, i), ctx);
  }
  if (fc_is_positive(x, ctx) != FC_TRUE)
    return FC_BUDGET; /* NaN, too */
  lower_least(p, x);
  return FC_OK;
}

/* phi at the distance z (a ball) from the base; FC_BUDGET where that is not
 * certainly in the last cell (nor the way there in the cells). */
static fc_status last_value(fc_ptr phi, fc_srcptr z, const side *s, prover *p) {
  const fc_ctx *ctx = p->ctx;
  const node *left = &s->nodes[s->count - 2], *right = left + 1;
  fc_ptr c = p->real, t = p->real + QUINTIC, h = t, x = t + 1;
  quintic(c, left, right, t, ctx);
  fc_set_d(h, right->z, ctx);
  fc_set_d(x, left->z, ctx);
  if (fc_le(x, z, ctx) != FC_TRUE || fc_le(z, h, ctx) != FC_TRUE)
    return FC_BUDGET;
  fc_sub(h, h, x, ctx);
  fc_sub(x, z, x, ctx);
  fc_div(x, x, h, ctx);
  fc_set_si(phi, 0, ctx);
  for (int i = QUINTIC - 1; i >= 0; i--) {
    fc_mul(phi, phi, x, ctx);
    fc_add(phi, phi, c + i, ctx);
  }
  if (s->cut) {
    fc_mul(phi, phi, z, ctx);
    fc_inv(x, z, ctx);
    fc_add(phi, phi, x, ctx);
  }
  return FC_OK;
}

/* --- one side ---------------------------------------------------------------
 */

/* The outermost node on a side where p has not fallen by DEPTH. */
static size_t last_seen(const fc_panels *panels, bool right) {
  double most = 0;
  size_t last = panels->nodes - 1, j = 0;
  for (size_t i = 0; i <= last; i++)
    most = fmax(most, panels->p[i]);
  while (j < last && panels->p[right ? last - j : j] < most * exp(-DEPTH))
    j++;
  return right ? last - j : j;
}

/* Where p has fallen by DEPTH on a side, or the last node. */
static double fallen(const fc_panels *panels, bool right) {
  size_t j = last_seen(panels, right), last = panels->nodes - 1;
  if (right)
    return panels->x[j < last ? j + 1 : j];
  return panels->x[j ? j - 1 : j];
}

/* p is still to be seen where the support ends. */
static bool is_cut(const fc_panels *panels, fc_srcptr end, bool right) {
  return end && last_seen(panels, right) == (right ? panels->nodes - 1 : 0);
}

/* base = where the tail begins: W is at least lambda beyond; least likewise. */
static fc_status begin_tail(prover *p, side *s, const fc_panels *panels,
                            double middle) {
  fc_ptr w = p->real;
  double x = fallen(panels, s->right);
  for (int i = 0; i < LENGTHENINGS; i++) {
    if (fc_ball_law_tail(w, p->law, x, s->right) == FC_OK &&
        fc_get_d(w, p->ctx) >= s->lambda) {
      s->base = x;
      lower_least(p, w);
      return FC_OK;
    }
    x += (x - middle) / 4;
  }
  return FC_BUDGET;
}

/* The smallest width of what the density is made of. */
static double narrowest(const fc_ball_law *law) {
  double least = law->rough_a;
  if (law->piece)
    return law->end ? INFINITY : least;
  least = INFINITY;
  for (size_t k = 0; k < law->count; k++)
    least = fmin(least, sqrt(fc_get_d(law->terms[k].variance, law->real)));
  return least;
}

/* phi = the value where both sides meet. */
static fc_status prove_side(fc_ptr phi, prover *p, node *nodes, bool right,
                            const fc_poincare_guess *g, double lambda,
                            double middle) {
  const fc_ctx *ctx = p->ctx;
  fc_srcptr end = fc_ball_law_end(p->law, right);
  side s = {.law = p->law,
            .right = right,
            .cut = is_cut(g->panels, end, right),
            .direction = right ? -1 : 1,
            .lambda = lambda,
            .longest = narrowest(p->law) / 2,
            .nodes = nodes};
  fc_num origin, z;
  fc_status status = FC_OK;
  fc_init(origin, ctx);
  fc_init(z, ctx);
  s.origin = origin;
  if (s.cut) {
    fc_set(origin, end, ctx);
    s.base = fc_get_d(end, ctx);
  } else {
    status = begin_tail(p, &s, g->panels, middle);
    fc_set_d(origin, s.base, ctx);
  }
  if (!status)
    status = solve(&s, s.direction * (middle - s.base));
  for (size_t i = 0; i + 1 < s.count && !status; i++)
    status = prove_cell(p, &s, &nodes[i], &nodes[i + 1]);
  if (!status && s.count < 2)
    status = FC_BUDGET;
  if (!status) {
    fc_set_d(z, middle, ctx);
    fc_sub(z, z, origin, ctx);
    if (right)
      fc_neg(z, z, ctx);
    status = last_value(phi, z, &s, p);
  }
  fc_clear(origin, ctx);
  fc_clear(z, ctx);
  return status;
}

/* --- all --------------------------------------------------------------------
 */

/* Where the eigenfunction vanishes. */
static double zero_of(const fc_poincare_guess *g) {
  size_t j = 0;
  while (j + 1 < g->panels->nodes && g->f[j] < 0)
    j++;
  return g->panels->x[j];
}

static fc_status prove(fc_ptr high, prover *p, node *nodes,
                       const fc_poincare_guess *g, double lambda) {
  const fc_ctx *ctx = p->ctx;
  double middle = zero_of(g);
  fc_num left, right;
  fc_init(left, ctx);
  fc_init(right, ctx);
  p->any = false;
  fc_status status = prove_side(left, p, nodes, false, g, lambda, middle);
  if (!status)
    status = prove_side(right, p, nodes, true, g, lambda, middle);
  fc_add(left, left, right, ctx);
  if (!status && (fc_is_negative(left, ctx) != FC_FALSE ||
                  fc_is_positive(p->least, ctx) != FC_TRUE))
    status = FC_BUDGET;
  if (!status)
    fc_inv(high, p->least, ctx);
  fc_clear(left, ctx);
  fc_clear(right, ctx);
  return status;
}

fc_status fc_barta_above(fc_ptr high, fc_ball_law *law,
                         const fc_poincare_guess *guess) {
  prover p = {.law = law, .ctx = law->real};
  node *nodes = calloc(MAX_CELLS + 2, sizeof *nodes);
  p.real = fc_vec_new(REAL_ROOM + 1, law->real);
  p.series = fc_vec_new(SERIES_ROOM, law->series);
  fc_status status = nodes && p.real && p.series ? FC_OK : FC_MEMORY;
  if (!status)
    p.least = p.real + REAL_ROOM;
  bool again = !status;
  for (size_t i = 0; i < sizeof below / sizeof *below && again; i++) {
    status = prove(high, &p, nodes, guess, (1 - below[i]) / guess->lower);
    again = status == FC_BUDGET;
  }
  free(nodes);
  fc_vec_free(p.real, REAL_ROOM + 1, law->real);
  fc_vec_free(p.series, SERIES_ROOM, law->series);
  return status;
}
