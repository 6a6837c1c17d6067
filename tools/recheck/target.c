/* Targets as certificates write them, and their class constants, computed afresh as formulas: half
 * diameters and L by their definitions; R between (sum lambda |m|^2 - |sum lambda m|^2)^(1/2) and
 * max |m - sum lambda m|; eigenvalues between shifts that are definite and shifts that are not. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum { MOST_FACTORS = 16, MOST_DIMENSION = 64, MOST_COMPONENTS = 5000, EIGEN_STEPS = 100 };

/* --- reading --- */

/* A constant, known to 2^-100 of itself or, about 0, of 1; -1: null, where that is allowed. */
static int read_number(rc_graph *g, const json_t *json, bool optional, const char *what) {
  const char *text = json_string_value(json);
  MPFR_DECL_INIT(width, 64);
  if (optional && (!json || json_is_null(json))) return -1;
  if (!text) rc_reject(g, "%s: expected numbers as texts", what);
  int node = text ? rc_parse(g, text) : 0;
  mpfi_diam(width, rc_value(g, node));
  if (!(mpfr_cmp_d(width, 0x1p-100) < 0)) rc_reject(g, "%s: '%.60s'", what, text);
  return node;
}

/* The numbers in nested lists, as far as there is room; their number. */
static size_t flatten(rc_graph *g, const json_t *json, int *to, size_t room, const char *what) {
  const json_t *item;
  size_t i, count = 0;
  if (!json_is_array(json)) {
    if (room && rc_is_good(g)) *to = read_number(g, json, false, what);
    return 1;
  }
  json_array_foreach(json, i, item) {
    if (count <= room) count += flatten(g, item, to + count, room - count, what);
  }
  return count;
}

int *rc_numbers(rc_graph *g, const json_t *list, size_t count, const char *what) {
  int *to = calloc(count + 1, sizeof *to);
  if (!to || flatten(g, list, to, count, what) != count)
    rc_reject(g, "%s: expected a list with %zu numbers", what, count);
  return to;
}

/* Variances by a text in x, what is written. */
static void read_spreads(rc_graph *g, int *nodes, size_t count, const char *text, bool strict) {
  for (size_t k = 0; nodes && k < count; k++)
    if (nodes[k] >= 0) {
      if (!rc_has_sign(g, nodes[k], 1, strict)) rc_reject(g, "target: a spread that is none");
      nodes[k] = rc_form(g, text, "x", nodes[k]);
    }
}

/* Numbers >= 0 whose sum is 1. */
static int *read_weights(rc_graph *g, const json_t *json, size_t count, const char *what) {
  int *weights = rc_numbers(g, json, count, what), sum = 0;
  for (size_t k = 0; k < count && rc_is_good(g); k++) {
    if (!rc_has_sign(g, weights[k], 1, false)) rc_reject(g, "%s: < 0", what);
    sum = rc_node_of(g, RC_ADD, sum, weights[k]);
  }
  if (!mpfi_has_zero(rc_value(g, rc_form(g, "s - 1", "s", sum))))
    rc_reject(g, "%s: their sum is not 1", what);
  return weights;
}

static void read_mixture(rc_law *law, rc_graph *g, const json_t *json) {
  const json_t *full = json_object_get(json, "covariances"), *item;
  const json_t *squares = json_object_get(json, "variances");
  const json_t *roots = squares ? squares : json_object_get(json, "stddevs");
  size_t i, d = law->d, n = law->count;
  law->full = full != NULL;
  if (!json_is_null(json_object_get(json, "weights")))
    law->weights = read_weights(g, json_object_get(json, "weights"), n, "weights");
  law->means = rc_numbers(g, json_object_get(json, "means"), n * d, "means");
  law->spreads = rc_numbers(g, full ? full : roots, full ? n * d * d : n, "spreads");
  law->stddev = full || squares ? NULL : json_array_get(roots, 0);
  law->equal = !full && json_array_size(roots) == n; /* each item one number */
  json_array_foreach(roots, i, item) {
    law->equal = law->equal && json_equal(item, json_array_get(roots, 0));
  }
  if (!full) read_spreads(g, law->spreads, n, squares ? "x" : "x^2", false);
  law->atomic = law->equal && law->spreads && mpfi_is_zero(rc_value(g, law->spreads[0]));
  law->gaussian = n == 1 && !law->atomic;
}

/* One piece: a law cut to an interval, or a normal one in disguise. */
static void read_piece(rc_law *law, rc_graph *g, const json_t *piece) {
  static const char *const keys[] = {"lower", "upper", "mean", "stddev"};
  int *to[] = {&law->ends[0], &law->ends[1], NULL, NULL};
  to[2] = law->means = calloc(1, sizeof(int));
  to[3] = law->spreads = calloc(1, sizeof(int));
  if (!law->means || !law->spreads) rc_reject(g, "out of memory");
  for (int i = 0; i < 4 && rc_is_good(g); i++)
    *to[i] = read_number(g, json_object_get(piece, keys[i]), true, "target, piece");
  if (!rc_is_good(g)) return;
  law->stddev = json_object_get(piece, "stddev");
  bool bounded = law->ends[0] >= 0 && law->ends[1] >= 0;
  law->gaussian = law->equal = law->ends[0] < 0 && law->ends[1] < 0;
  law->cut = !law->gaussian;
  if ((*law->means < 0) != (*law->spreads < 0) || (*law->spreads < 0 && !bounded))
    rc_reject(g, "target: a piece without a law");
  if (bounded && !rc_has_sign(g, rc_form(g, "u - l", "ul", law->ends[1], law->ends[0]), 1, true))
    rc_reject(g, "target: a piece without an interval");
  read_spreads(g, law->spreads, 1, "x^2", true);
}

static void read_law(rc_law *law, rc_graph *g, const json_t *json) {
  const char *family = rc_text(g, json, "family");
  json_int_t d = json_integer_value(json_object_get(json, "dimension"));
  bool mixture = strcmp(family, "mixture") == 0;
  const json_t *items = json_object_get(json, mixture ? "means" : "pieces");
  law->count = json_array_size(items);
  if (!mixture && (strcmp(family, "pieces") != 0 || d != 1 || law->count != 1))
    rc_reject(g, "target: nothing is known of this '%.40s'", family);
  if (d < 1 || d > MOST_DIMENSION || !law->count || law->count > MOST_COMPONENTS)
    rc_reject(g, "target: its size");
  if (!rc_is_good(g)) return;
  law->d = (size_t)d;
  if (mixture) read_mixture(law, g, json);
  else read_piece(law, g, json_array_get(items, 0));
}

/* --- distances --- */

int rc_squares(rc_graph *g, size_t d, const int *x, const int *y) {
  int sum = 0;
  for (size_t i = 0; i < d; i++) sum = rc_form(g, "s + (x - y)^2", "sxy", sum, x[i], y ? y[i] : 0);
  return sum;
}

/* The largest of |m_k - centre|. */
static int farthest(rc_graph *g, const rc_law *law, const int *centre) {
  int most = 0;
  for (size_t k = 0; k < law->count; k++)
    most = rc_node_of(g, RC_MAX, most, rc_squares(g, law->d, law->means + k * law->d, centre));
  return rc_node_of(g, RC_SQRT, most, 0);
}

/* Half the diameter of the means: the largest distance of pairs, but for those that rounded numbers
 * show to be shorter than one before. */
static int half_diameter(rc_graph *g, const rc_law *law) {
  int result = 0;
  double most = 0, size = 1e-20, d = (double)law->d;
  if (law->count > RC_MOST_WORK / (law->count * law->d)) rc_reject(g, "target: too many means");
  for (size_t i = 0; i < law->count && rc_is_good(g); i++)
    for (size_t j = 0; j < i; j++) {
      const int *x = law->means + i * law->d, *y = law->means + j * law->d;
      double sum = 0;
      for (size_t k = 0; k < law->d; k++) {
        double u = mpfi_get_d(g->nodes[x[k]].value), v = mpfi_get_d(g->nodes[y[k]].value);
        sum += (u - v) * (u - v);
        size = fmax(size, u * u + v * v);
      }
      if (sum < most - 1e-12 * d * size) continue;
      result = rc_node_of(g, RC_MAX, result, rc_squares(g, law->d, x, y));
      most = fmax(most, sum);
    }
  g->work += (long)(law->count * law->count * law->d);
  return rc_form(g, "sqrt(x)/2", "x", result);
}

/* R by the centre weights lambda. */
static int ball_radius(rc_graph *g, const rc_law *law, const json_t *weights) {
  size_t d = law->d;
  int *lambda = read_weights(g, weights, law->count, "centre_weights");
  int *centre = calloc(d, sizeof *centre), second = 0, result = 0;
  if (!centre) rc_reject(g, "out of memory");
  for (size_t k = 0; k < law->count && rc_is_good(g); k++) {
    const int *m = law->means + k * d;
    second = rc_form(g, "s + l*m", "slm", second, lambda[k], rc_squares(g, d, m, NULL));
    for (size_t i = 0; i < d; i++)
      centre[i] = rc_form(g, "c + l*m", "clm", centre[i], lambda[k], m[i]);
  }
  if (rc_is_good(g)) {
    int least = rc_form(g, "sqrt(max(0, s - c))", "sc", second, rc_squares(g, d, centre, NULL));
    result = rc_node_of(g, RC_HULL, least, farthest(g, law, centre));
  }
  free(lambda);
  free(centre);
  return result;
}

/* --- eigenvalues --- */

int rc_spread(const rc_law *law, size_t k, size_t i, size_t j) {
  if (law->full) return law->spreads[(k * law->d + i) * law->d + j];
  return i == j ? law->spreads[k] : 0;
}

/* 1: all pivots are > 0, -1: one is not, 0: not seen. */
static int definite(rc_graph *g, const int *m, size_t d) {
  for (size_t p = 0; p < d; p++)
    if (!rc_has_sign(g, m[p * d + p], 1, true))
      return rc_has_sign(g, m[p * d + p], -1, true) ? -1 : 0;
  return 1;
}

/* The least (sign 1) or greatest (-1) eigenvalue of S_k: S_k - s I is definite or not, s by
 * bisection of [0, trace], unevenly, beside pivots that are 0. */
static int eigenvalue(rc_graph *g, const rc_law *law, size_t k, int sign) {
  size_t d = law->d;
  int s = rc_node_of(g, RC_VARIABLE, 0, 0), *m = calloc(d * d, sizeof *m), trace = 0, answer = 1;
  if (!m) rc_reject(g, "out of memory");
  for (size_t i = 0; m && i < d * d; i++) {
    int x = rc_spread(law, k, i / d, i % d), y = rc_spread(law, k, i % d, i / d);
    if (!mpfi_has_zero(rc_value(g, rc_form(g, "x - y", "xy", x, y))))
      rc_reject(g, "target: a covariance that is not symmetric");
    m[i] = rc_form(g, sign > 0 ? "x - s" : "s - x", "xs", x, i % (d + 1) ? 0 : s);
    if (i % (d + 1) == 0) trace = rc_node_of(g, RC_ADD, trace, x);
  }
  if (m) rc_eliminate(g, m, d, d);
  double low = 0, high = mpfr_get_d(&rc_value(g, trace)->right, MPFR_RNDU);
  for (int step = 0; step < EIGEN_STEPS && answer && rc_is_good(g); step++) {
    double middle = step ? low + 0.4882 * (high - low) : 0;
    mpfi_set_d(g->nodes[s].value, middle);
    answer = definite(g, m, d);
    if (step == 0 && sign > 0 && answer < 1) rc_reject(g, "target: a covariance that is none");
    if (answer) *(answer * sign > 0 ? &low : &high) = middle;
  }
  free(m);
  char ends[2][40];
  snprintf(ends[0], sizeof ends[0], "%a", low);
  snprintf(ends[1], sizeof ends[1], "%a", high);
  return rc_node_of(g, RC_HULL, rc_number(g, ends[0]), rc_number(g, ends[1]));
}

static int least_variance(rc_graph *g, const rc_law *law) {
  int least = -1;
  for (size_t k = 0; k < law->count && rc_is_good(g); k++) {
    int own = law->full ? eigenvalue(g, law, k, 1) : law->spreads[k];
    least = least < 0 ? own : rc_node_of(g, RC_MIN, least, own);
  }
  return least;
}

/* --- class constants --- */

/* What they are made of; -1: none. */
/* clang-format off */
typedef enum primitive {
  ZERO, LEAST, MOST, SIGMA, RADIUS, HALF, SUPPORT, SLOPE, CUT, CURVED, PRIMITIVES
} primitive;
/* clang-format on */

#define NORM "sqrt(x^2 + y^2)"

/* NAME_k of the k-th law, and NAME of the whole from those of two: the least kappa, the greatest
 * beta, the common sigma, roots of sums of squares. */
static const struct {
  const char *name, *own, *whole; /* own: in x, the primitive, and s, the least variance */
  primitive x;
  bool of_means; /* only where sigma is common */
} constants[] = {{"zero", "x", "x", ZERO, false},
                 {"precision", "x", "x", CUT, false},
                 {"lambda_min", "x", "min(x, y)", LEAST, false},
                 {"lambda_max", "x", "max(x, y)", MOST, false},
                 {"beta", "1/x", "max(x, y)", LEAST, false},
                 {"sigma", "sqrt(x)", "x", SIGMA, true},
                 {"kappa", "1/x", "min(x, y)", MOST, false},
                 {"kappa", "1/s - x^2/s^2", "min(x, y)", CURVED, false},
                 {"kappa", "x", "min(x, y)", CUT, false},
                 {"R", "x", NORM, RADIUS, true},
                 {"half_diam", "x", NORM, HALF, true},
                 {"diam_rho", "2*x", NORM, HALF, true},
                 {"support_half_diam", "x", NORM, SUPPORT, false},
                 {"diam_nu", "2*x", NORM, SUPPORT, false},
                 {"D", "sqrt(2)*x", NORM, SUPPORT, false},
                 {"L", "x", NORM, SLOPE, false}};
enum { CONSTANTS = sizeof constants / sizeof *constants };

static void find_primitives(int of[], rc_graph *g, const rc_law *law, const json_t *centre) {
  bool smooth = law->equal && !law->atomic, ball = law->d > 1 && law->count > 2;
  int half = law->equal ? half_diameter(g, law) : -1;
  for (int i = 0; i < PRIMITIVES; i++) of[i] = -1;
  of[ZERO] = 0;
  if (law->cut) {
    of[CUT] = *law->spreads < 0 ? 0 : rc_form(g, "1/v", "v", *law->spreads);
    if (law->ends[0] >= 0 && law->ends[1] >= 0)
      of[SUPPORT] = rc_form(g, "(h - l)/2", "lh", law->ends[0], law->ends[1]);
  } else if (law->atomic) of[SUPPORT] = half;
  else of[LEAST] = least_variance(g, law);
  if (law->gaussian) of[MOST] = law->full ? eigenvalue(g, law, 0, -1) : *law->spreads;
  if (smooth || law->gaussian) of[SIGMA] = of[LEAST];
  if (!smooth) return;
  of[HALF] = half;
  of[RADIUS] = !ball ? half : json_is_array(centre) ? ball_radius(g, law, centre) : -1;
  if (!law->gaussian) of[CURVED] = of[RADIUS];
  if (mpfi_is_zero(rc_value(g, rc_form(g, "x - 1", "x", *law->spreads))))
    of[SLOPE] = farthest(g, law, NULL);
}

static void bind_law(rc_graph *g, const rc_law *law, size_t k, const json_t *centre) {
  int of[PRIMITIVES];
  find_primitives(of, g, law, centre);
  for (size_t i = 0; i < CONSTANTS; i++) {
    char name[40];
    int x = of[constants[i].x];
    snprintf(name, sizeof name, "%s_%zu", constants[i].name, k);
    if (x >= 0)
      rc_bind(g, name, rc_form(g, constants[i].own, "xs", x, of[LEAST] < 0 ? 0 : of[LEAST]));
  }
}

static void bind_whole(rc_graph *g, const rc_target *t, size_t i) {
  bool norm = strcmp(constants[i].whole, NORM) == 0;
  int whole = 0; /* of a norm of x and 0 just x */
  for (size_t k = 0; k < t->count; k++) {
    char own[40];
    snprintf(own, sizeof own, "%s_%zu", constants[i].name, k + 1);
    int node = rc_find(g, own);
    if (node < 0 || (constants[i].of_means && k && !json_equal(t->laws[k].stddev, t->laws->stddev)))
      return;
    if (k == 0 || (norm && mpfi_is_zero(rc_value(g, whole)))) whole = node;
    else if (!norm || !mpfi_is_zero(rc_value(g, node)))
      whole = rc_form(g, constants[i].whole, "xy", whole, node);
  }
  rc_bind(g, constants[i].name, whole);
}

/* --- all --- */

void rc_target_read(rc_target *t, rc_graph *g, const json_t *json, const json_t *centre) {
  bool product = strcmp(rc_text(g, json, "family"), "product") == 0;
  const json_t *factors = product ? json_object_get(json, "factors") : NULL;
  t->count = factors ? json_array_size(factors) : 1;
  if (t->count > MOST_FACTORS) t->count = 0;
  if (t->count == 0) rc_reject(g, "target: the number of its factors");
  if (!(t->laws = calloc(t->count + 1, sizeof *t->laws))) rc_reject(g, "out of memory");
  for (size_t i = 0; i < t->count && rc_is_good(g); i++) {
    read_law(&t->laws[i], g, factors ? json_array_get(factors, i) : json);
    t->d += t->laws[i].d;
  }
  if (t->d != (size_t)json_integer_value(json_object_get(json, "dimension")))
    rc_reject(g, "target: its dimension is not that of its factors");
  for (size_t i = 0; i < t->count && rc_is_good(g); i++)
    bind_law(g, &t->laws[i], i + 1, factors ? json_array_get(centre, i) : centre);
  for (size_t i = 0; i < CONSTANTS && rc_is_good(g); i++) bind_whole(g, t, i);
}

void rc_target_clear(rc_target *t) {
  for (size_t i = 0; t->laws && i < t->count; i++) {
    free(t->laws[i].weights);
    free(t->laws[i].means);
    free(t->laws[i].spreads);
  }
  free(t->laws);
}
