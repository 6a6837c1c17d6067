/* Pieces in binary64.
 *
 * On its piece [lo, hi] the posterior of y is exp(-q(y)) up to a factor, with
 *   q(y) = (x - b y)^2/(2 a^2) + rho (y - m)^2/2,
 *   q'(y) = rho (y - m) - b (x - b y)/a^2,  q'' = D/a^2,  D = b^2 + rho a^2.
 * About an anchor y_0, y = y_0 + w, the exponent is -(g w + q'' w^2/2), and
 *   p(x) = exp(log_norm - q(y_0)) I/(sqrt(2 pi) a),  I = its integral over w,
 *   M = y_0 + E w,  C = Var w,  third cumulant of w.
 * The anchor is the end next to the mode mu where mu is not inside; there
 *   s = (b E w - (x - b y_0))/a^2,  S = (b^2 C/a^2 - 1)/a^2,
 *   G = (b/a^2)^3 (third cumulant).
 * Inside, the anchor is mu, and with tau = a/sqrt D, e = b tau/a^2, A = q'(lo)
 * tau, B = q'(hi) tau, u_A = exp(-A^2/2) tau/I and u_B alike,
 *   s = e k1 - rho (x - b m)/D,  S = e^2 k2 - rho/D,  G = e^3 k3,
 *   k1 = u_A - u_B,  k2 = A u_A - B u_B - k1^2,
 *   k3 = (A^2-1) u_A - (B^2-1) u_B - 3 k1 (A u_A - B u_B) + 2 k1^3,
 * in which nothing is left of 1 where the ends are far away; where they are
 * not, k1 = E w/tau, k2 = Var w/tau^2 - 1, k3 lose nothing.
 */
#include "target/pieces_double.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>

/* exp(-45) is below 2^-64, also when it is multiplied by a third power. */
#define FC_NODES 64
#define FC_EXPONENT 45.0
#define FC_REACH 9.5 /* sqrt(2 * 45) */

/* What rounding may do: 2^-52 times this is 2^-38. */
#define FC_LOSS 0x1p14

/* A constant to twice the precision: high + low. */
typedef struct twofold {
  double high, low;
} twofold;

typedef struct piece {
  twofold lower, upper, mean; /* ends infinite where there is none */
  double width, rho, log_norm;
} piece;

/* What a piece contributes at (a, b, x). */
typedef struct terms {
  double log_r; /* log of w_j p_j(x), then the responsibility */
  double depth; /* q(y_0): what log_r is a difference with */
  double moment[3], score[3];
} terms;

struct fc_pieces_double {
  size_t count;
  piece *pieces;
  terms *terms;
  double half_node[FC_NODES], half_weight[FC_NODES]; /* on [-1, 1], halved */
};

typedef struct point {
  double a, b, x, a2;
} point;

/* --- binding ----------------------------------------------------------- */

static twofold round_twofold(fc_srcptr z, const fc_ctx *ctx) {
  twofold result = {fc_get_d(z, ctx), 0};
  fc_num t, u;
  fc_init(t, ctx);
  fc_init(u, ctx);
  fc_set_d(t, result.high, ctx);
  fc_sub(u, z, t, ctx);
  result.low = fc_get_d(u, ctx);
  fc_clear(t, ctx);
  fc_clear(u, ctx);
  return result;
}

static void set_piece(piece *z, const fc_piece_terms *p, const fc_ctx *ctx) {
  z->lower = p->has_lower ? round_twofold(p->lower, ctx)
                          : (twofold){.high = -INFINITY};
  z->upper =
      p->has_upper ? round_twofold(p->upper, ctx) : (twofold){.high = INFINITY};
  z->mean = round_twofold(p->mean, ctx);
  z->rho = fc_get_d(p->rho, ctx);
  z->log_norm = fc_get_d(p->log_norm, ctx);
  z->width = p->has_lower && p->has_upper ? 2 * fc_get_d(p->half, ctx)
                                          : (double)INFINITY;
}

static bool set_rule(fc_pieces_double *pieces) {
  gsl_integration_glfixed_table *table =
      gsl_integration_glfixed_table_alloc(FC_NODES);
  if (!table)
    return false;
  for (size_t i = 0; i < FC_NODES; i++)
    gsl_integration_glfixed_point(-0.5, 0.5, i, pieces->half_node + i,
                                  pieces->half_weight + i, table);
  gsl_integration_glfixed_table_free(table);
  return true;
}

fc_pieces_double *fc_pieces_double_new(const fc_pieces_level *level) {
  fc_pieces_double *made = calloc(1, sizeof *made);
  if (!made)
    return NULL;
  made->count = level->count;
  made->pieces = calloc(level->count, sizeof *made->pieces);
  made->terms = calloc(level->count, sizeof *made->terms);
  if (!made->pieces || !made->terms || !set_rule(made)) {
    fc_pieces_double_free(made);
    return NULL;
  }
  for (size_t j = 0; j < level->count; j++)
    set_piece(made->pieces + j, level->pieces + j, &level->ctx);
  return made;
}

void fc_pieces_double_free(fc_pieces_double *pieces) {
  if (!pieces)
    return;
  free(pieces->pieces);
  free(pieces->terms);
  free(pieces);
}

/* --- one piece --------------------------------------------------------- */

/* The integral of exp(-(g w + curvature w^2/2)) over [from, to], and the mean,
 * variance and third central moment of w under it. */
static double integrate(double *moment, const fc_pieces_double *rule, double g,
                        double curvature, double from, double to) {
  double w[FC_NODES], f[FC_NODES];
  double middle = from + (to - from) / 2, width = to - from;
  double sum = 0, first = 0, second = 0, third = 0;
  for (size_t i = 0; i < FC_NODES; i++) {
    w[i] = middle + width * rule->half_node[i];
    f[i] = rule->half_weight[i] * exp(-w[i] * (g + curvature / 2 * w[i]));
  }
  for (size_t i = 0; i < FC_NODES; i++) {
    sum += f[i];
    first += f[i] * w[i];
  }
  first /= sum;
  for (size_t i = 0; i < FC_NODES; i++) {
    double v = w[i] - first;
    second += f[i] * v * v;
    third += f[i] * v * v * v;
  }
  moment[0] = first;
  moment[1] = second / sum;
  moment[2] = third / sum;
  return width * sum;
}

/* x - b y, rounded about once. */
static double offset(const point *at, twofold y) {
  return fma(-at->b, y.high, at->x) - at->b * y.low;
}

/* y - m */
static double distance(twofold y, twofold m) {
  return (y.high - m.high) + (y.low - m.low);
}

/* q'(y); false where too little is left of its terms. */
static bool slope(double *z, const piece *p, twofold y, double curvature,
                  const point *at) {
  if (isinf(y.high)) {
    *z = y.high;
    return true;
  }
  double pull = p->rho * distance(y, p->mean);
  double push = at->b * offset(at, y) / at->a2;
  *z = pull - push;
  return fabs(pull) + fabs(push) <=
         FC_LOSS * fmax(fabs(*z), fmax(sqrt(curvature), 1 / p->width));
}

/* From an end inwards: side is 1 at lo, -1 at hi; g = side q' >= 0, or the
 * interval is narrow. */
static void from_end(terms *z, const fc_pieces_double *rule, const piece *p,
                     int side, double g, double curvature, const point *at) {
  twofold end = side > 0 ? p->lower : p->upper;
  double reach =
      2 * FC_EXPONENT / (g + sqrt(g * g + 2 * curvature * FC_EXPONENT));
  double to = g >= 0 ? fmin(p->width, reach) : p->width; /* g = 0: an edge */
  double mass = integrate(z->moment, rule, g, curvature, 0, to);
  double gap = offset(at, end), gain = at->b / at->a2;
  z->moment[0] *= side;
  z->moment[2] *= side;
  z->score[0] = gain * z->moment[0] - gap / at->a2;
  z->score[1] = (at->b * gain * z->moment[1] - 1) / at->a2;
  z->score[2] = gain * gain * gain * z->moment[2];
  z->moment[0] = end.high + (z->moment[0] + end.low);
  double far = distance(end, p->mean);
  z->depth = gap * gap / at->a2 / 2 + p->rho * far * far / 2;
  z->log_r = p->log_norm - z->depth + log(mass / at->a);
}

/* k1, k2, k3 from the ends at a, b with u = exp(-y^2/2)/mass. */
static void from_ends(double *k, double a, double b, double mass) {
  double first = 0, second = 0, third = 0;
  if (!isinf(a)) {
    double u = exp(-a * a / 2) / mass;
    first += u;
    second += a * u;
    third += (a * a - 1) * u;
  }
  if (!isinf(b)) {
    double u = exp(-b * b / 2) / mass;
    first -= u;
    second -= b * u;
    third -= (b * b - 1) * u;
  }
  k[0] = first;
  k[1] = second - first * first;
  k[2] = third - 3 * first * second + 2 * first * first * first;
}

/* With the mode m + b (x - b m)/D inside: lower = q'(lo) < 0 < upper = q'(hi).
 * False where too little is left of it. */
static bool from_mode(terms *z, const fc_pieces_double *rule, const piece *p,
                      double lower, double upper, const point *at) {
  double d = at->b * at->b + p->rho * at->a2, tau = at->a / sqrt(d);
  double a = lower * tau, b = upper * tau;
  double k[3], w[3];
  double mass = integrate(w, rule, 0, 1, fmax(a, -FC_REACH), fmin(b, FC_REACH));
  for (int i = 0; i < 3; i++)
    k[i] = i == 1 ? w[i] - 1 : w[i];
  if (w[1] > 0.5)
    from_ends(k, a, b, mass);
  double e = at->b * tau / at->a2, gap = offset(at, p->mean);
  double pull = p->rho * gap / d;
  z->score[0] = e * k[0] - pull;
  z->score[1] = e * e * k[1] - p->rho / d;
  z->score[2] = e * e * e * k[2];
  double mean = p->mean.high + p->mean.low, shift = at->b * gap / d;
  double mode = mean + shift;
  z->moment[0] = mode + tau * (w[1] > 0.5 ? k[0] : w[0]);
  z->moment[1] = tau * tau * w[1];
  z->moment[2] = tau * tau * tau * k[2];
  z->depth = pull * gap / 2;
  z->log_r = p->log_norm - z->depth + log(mass) - log(d) / 2;
  return fabs(mean) + fabs(shift) <= FC_LOSS * fmax(fabs(mode), tau);
}

static bool eval_piece(terms *z, const fc_pieces_double *rule, const piece *p,
                       const point *at) {
  double curvature = (at->b * at->b + p->rho * at->a2) / at->a2;
  double lower, upper;
  if (!slope(&lower, p, p->lower, curvature, at) ||
      !slope(&upper, p, p->upper, curvature, at))
    return false;
  bool narrow = curvature * p->width * p->width <= 4;
  if (lower >= 0 || (narrow && upper > 0))
    from_end(z, rule, p, 1, lower, curvature, at);
  else if (upper <= 0)
    from_end(z, rule, p, -1, -upper, curvature, at);
  else if (!from_mode(z, rule, p, lower, upper, at))
    return false;
  return isfinite(z->log_r);
}

/* --- all pieces -------------------------------------------------------- */

/* Responsibilities by log-sum-exp, and log p; false where log_r is a
 * difference of numbers too large. */
static bool set_responsibilities(double *log_density,
                                 fc_pieces_double *pieces) {
  const double half_log_two_pi = 0.91893853320467274178;
  terms *top = pieces->terms;
  double sum = 0;
  for (size_t j = 1; j < pieces->count; j++)
    if (pieces->terms[j].log_r > top->log_r)
      top = pieces->terms + j;
  if (pieces->count > 1 && top->depth > FC_LOSS)
    return false;
  double log_top = top->log_r;
  for (size_t j = 0; j < pieces->count; j++) {
    pieces->terms[j].log_r = exp(pieces->terms[j].log_r - log_top);
    sum += pieces->terms[j].log_r;
  }
  for (size_t j = 0; j < pieces->count; j++)
    pieces->terms[j].log_r /= sum;
  *log_density = log(sum) + log_top - half_log_two_pi;
  return true;
}

/* Total cumulance, as in pieces_level.c: f = sum r f_j,
 * F = sum r (F_j + phi^2), h = sum r (h_j + 3 F_j phi + phi^3).  False where
 * too little is left of F. */
static bool combine(double *total, const fc_pieces_double *pieces, bool score) {
  double first = 0, second = 0, third = 0, size = 0;
  for (size_t j = 0; j < pieces->count; j++) {
    const terms *p = pieces->terms + j;
    first += p->log_r * (score ? p->score : p->moment)[0];
  }
  for (size_t j = 0; j < pieces->count; j++) {
    const terms *p = pieces->terms + j;
    const double *own = score ? p->score : p->moment;
    double phi = own[0] - first;
    second += p->log_r * (own[1] + phi * phi);
    size += p->log_r * (fabs(own[1]) + phi * phi);
    third += p->log_r * (own[2] + (3 * own[1] + phi * phi) * phi);
  }
  total[0] = first;
  total[1] = second;
  total[2] = third;
  return size <= FC_LOSS * fabs(second) && isfinite(first) && isfinite(third);
}

bool fc_pieces_double_eval(fc_pieces_values *values, fc_pieces_double *pieces,
                           double a, double b, double x) {
  point at = {a, b, x, a * a};
  if (!(at.a2 > 0x1p-900 && at.a2 < 0x1p900))
    return false;
  for (size_t j = 0; j < pieces->count; j++)
    if (!eval_piece(pieces->terms + j, pieces, pieces->pieces + j, &at))
      return false;
  return set_responsibilities(&values->log_density, pieces) &&
         combine(values->moment, pieces, false) &&
         combine(values->score, pieces, true);
}
