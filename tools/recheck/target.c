/* Targets as certificates write them, and what class constants are made of, computed afresh: half
 * diameters and L by their definitions; R between (sum lambda |m|^2 - |sum lambda m|^2)^(1/2) and
 * max |m - sum lambda m|; eigenvalues between shifts that are definite and shifts that are not. */
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum { EIGEN_BITS = 320 };

mpfi_ptr rc_number(const rc_target *t, int node) { return t->graph->nodes[node].value; }

/* --- reading --- */

/* The node of a constant text, squared where `square`; -1 for null where that is allowed. */
static bool read_number(int *node, rc_target *t, const json_t *json, bool optional, bool square,
                        const char *what) {
  *node = -1;
  if (optional && (!json || json_is_null(json))) return true;
  if (!json_is_string(json))
    return rc_reject(t->graph->verdict, "%s: expected a number as text", what);
  mpfi_ptr value = rc_value(t->graph, *node = rc_parse(t->graph, json_string_value(json), what));
  if (!value) return false;
  if (!mpfi_bounded_p(value) || (square && mpfr_sgn(&value->left) < 0))
    return rc_reject(t->graph->verdict, "%s: '%.60s'", what, json_string_value(json));
  if (square) *node = rc_combine(t->graph, RC_POW, *node, rc_integer(t->graph, 2));
  return rc_value(t->graph, *node) != NULL;
}

/* count numbers; with `optional` and null all -1. */
static bool read_list(int *nodes, rc_target *t, const json_t *json, size_t count, bool optional,
                      bool square, const char *what) {
  bool none = optional && (!json || json_is_null(json));
  if (!nodes || (!none && json_array_size(json) != count))
    return rc_reject(t->graph->verdict, "%s: expected a list of %zu", what, count);
  for (size_t i = 0; i < count; i++)
    if (!read_number(&nodes[i], t, json_array_get(json, i), none, square, what)) return false;
  return true;
}

static int *room(size_t count) { return calloc(count + 1, sizeof(int)); }

static bool read_mixture(rc_law *law, rc_target *t, const json_t *json) {
  const json_t *means = json_object_get(json, "means"),
               *full = json_object_get(json, "covariances");
  const json_t *roots = json_object_get(json, "stddevs");
  size_t d = law->d, n = law->count;
  law->full = full != NULL;
  law->weights = room(n);
  law->means = room(n * d);
  law->spreads = room(n * (full ? d * d : 1));
  if (!law->means || !law->spreads ||
      !read_list(law->weights, t, json_object_get(json, "weights"), n, true, false, "weights") ||
      (!full && !read_list(law->spreads, t, roots ? roots : json_object_get(json, "variances"), n,
                           false, roots, "spreads")))
    return rc_reject(t->graph->verdict, "target: weights or spreads");
  law->equal = !full;
  for (size_t k = 0; k < n; k++) {
    if (!read_list(law->means + k * d, t, json_array_get(means, k), d, false, false, "means"))
      return false;
    for (size_t i = 0; full && i < d; i++)
      if (!read_list(law->spreads + (k * d + i) * d, t, json_array_get(json_array_get(full, k), i),
                     d, false, false, "covariances"))
        return false;
    law->equal = law->equal && law->spreads[k] == law->spreads[0];
  }
  mpfi_ptr first = rc_number(t, law->spreads[0]);
  law->atomic = law->bounded = law->equal && mpfi_is_zero(first);
  law->gaussian = n == 1 && !law->atomic;
  return true;
}

/* w/(Phi(h - m) - Phi(l - m)) exp(-(y - m)^2/2), twice, of piece j at its end y. */
static int density_at(rc_target *t, const rc_law *law, size_t j, int y) {
  rc_graph *g = t->graph;
  char text[300], low[60] = "-1", high[60] = "1", name[40];
  const struct {
    char letter;
    int node;
  } of[] = {
      {'w', law->weights[j]}, {'m', law->means[j]}, {'l', law->lower[j]}, {'h', law->upper[j]}};
  for (int i = 0; i < 4; i++) {
    snprintf(name, sizeof name, "%c%zu", of[i].letter, j);
    if (of[i].node >= 0 && !rc_knows(g, name) && !rc_define(g, name, of[i].node)) return -1;
  }
  snprintf(name, sizeof name, "y%d", y);
  if (!rc_knows(g, name) && !rc_define(g, name, y)) return -1;
  if (law->lower[j] >= 0) snprintf(low, sizeof low, "erf((l%zu - m%zu)/sqrt(2))", j, j);
  if (law->upper[j] >= 0) snprintf(high, sizeof high, "erf((h%zu - m%zu)/sqrt(2))", j, j);
  snprintf(text, sizeof text, "w%zu/(%s - (%s))*exp(-(y%d - m%zu)^2/2)", j, high, low, y, j);
  return rc_parse(g, text, "pieces");
}

/* N(m_j, 1) on adjoining intervals that fill the line, with densities that meet. */
static bool is_tilted(const rc_law *law, rc_target *t) {
  bool fits = t->count == 1 && law->count > 1 && law->lower[0] < 0 && law->weights[0] >= 0 &&
              law->upper[law->count - 1] < 0;
  for (size_t j = 0; j < law->count && fits; j++) {
    fits = law->spreads[j] >= 0 && mpfi_cmp_ui(rc_number(t, law->spreads[j]), 1) == 0;
    if (!j || !fits) continue;
    int end = law->lower[j];
    if (!(fits = end >= 0 && end == law->upper[j - 1])) continue;
    mpfi_ptr z = rc_value(t->graph, rc_combine(t->graph, RC_SUB, density_at(t, law, j, end),
                                               density_at(t, law, j - 1, end)));
    fits = z && mpfi_has_zero(z) && mpfr_cmp_d(&z->right, 1e-30) < 0;
  }
  return fits;
}

static bool read_pieces(rc_law *law, rc_target *t, const json_t *pieces) {
  int **lists[] = {&law->weights, &law->means, &law->spreads, &law->lower, &law->upper};
  law->pieces = law->bounded = true;
  for (int i = 0; i < 5; i++)
    if (!(*lists[i] = room(law->count))) return rc_reject(t->graph->verdict, "out of memory");
  for (size_t j = 0; j < law->count; j++) {
    const json_t *piece = json_array_get(pieces, j);
    bool root = json_object_get(piece, "stddev") != NULL;
    const char *keys[] = {"weight", "mean", root ? "stddev" : "variance", "lower", "upper"};
    for (int i = 0; i < 5; i++)
      if (!read_number(&(*lists[i])[j], t, json_object_get(piece, keys[i]), true, root && i == 2,
                       "target, piece"))
        return false;
    bool ends = law->lower[j] >= 0 && law->upper[j] >= 0;
    law->bounded = law->bounded && ends;
    if ((law->means[j] < 0) != (law->spreads[j] < 0) || (law->spreads[j] < 0 && !ends))
      return rc_reject(t->graph->verdict, "target: a piece without a law");
  }
  law->gaussian = law->count == 1 && law->lower[0] < 0 && law->upper[0] < 0;
  law->tilted = is_tilted(law, t);
  return true;
}

/* Weights are > 0 and sum to 1, variances >= 0: as far as intervals see. */
static bool is_sound(const rc_law *law, rc_target *t) {
  mpfi_t sum;
  bool sound = true, given = law->weights[0] >= 0;
  mpfi_init2(sum, (mpfr_prec_t)t->graph->bits);
  mpfi_set_si(sum, given ? -1 : 0);
  for (size_t k = 0; k < law->count && sound; k++) {
    if (given) sound = law->weights[k] >= 0 && mpfi_is_strictly_pos(rc_number(t, law->weights[k]));
    if (given && sound) mpfi_add(sum, sum, rc_number(t, law->weights[k]));
    if (!law->full && law->spreads[k] >= 0)
      sound = sound && mpfi_is_nonneg(rc_number(t, law->spreads[k]));
  }
  sound = sound && mpfi_has_zero(sum);
  mpfi_clear(sum);
  return sound || rc_reject(t->graph->verdict, "target: weights or variances that are none");
}

static bool read_law(rc_law *law, rc_target *t, const json_t *json) {
  const char *family = rc_text(json, "family", t->graph->verdict);
  json_int_t d = json_integer_value(json_object_get(json, "dimension"));
  if (!family) return false;
  bool mixture = strcmp(family, "mixture") == 0;
  const json_t *items = json_object_get(json, mixture ? "means" : "pieces");
  if (!mixture && (strcmp(family, "pieces") != 0 || d != 1))
    return rc_reject(t->graph->verdict, "target: nothing is known of '%.40s'", family);
  if (d < 1 || d > RC_MOST_DIMENSION || json_array_size(items) == 0 ||
      json_array_size(items) > RC_MOST_COMPONENTS)
    return rc_reject(t->graph->verdict, "target: its size");
  law->d = (size_t)d;
  law->count = json_array_size(items);
  return (mixture ? read_mixture(law, t, json) : read_pieces(law, t, items)) && is_sound(law, t);
}

bool rc_target_read(rc_target *t, const json_t *json, const json_t *centre, rc_verdict *verdict) {
  const json_t *factors = json_object_get(json, "factors");
  rc_graph_init(t->graph, verdict);
  rc_graph_set_bits(t->graph, 256);
  t->count = factors ? json_array_size(factors) : 1;
  t->centre = centre;
  if (t->count == 0 || t->count > RC_MOST_DIMENSION ||
      !(t->laws = calloc(t->count, sizeof *t->laws)))
    return rc_reject(verdict, "target: the number of its factors");
  for (size_t i = 0; i < t->count; i++)
    for (int k = 0; k < RC_PRIMITIVES; k++) mpfi_init(t->laws[i].primitive[k]);
  for (size_t i = 0; i < t->count; i++) {
    if (!read_law(&t->laws[i], t, factors ? json_array_get(factors, i) : json)) return false;
    t->d += t->laws[i].d;
  }
  return t->d == (size_t)json_integer_value(json_object_get(json, "dimension")) ||
         rc_reject(verdict, "target: its dimension is not that of its factors");
}

void rc_target_clear(rc_target *t) {
  for (size_t i = 0; t->laws && i < t->count; i++) {
    rc_law *law = &t->laws[i];
    int *lists[] = {law->weights, law->means, law->spreads, law->lower, law->upper};
    for (int k = 0; k < 5; k++) free(lists[k]);
    for (int k = 0; k < RC_PRIMITIVES; k++) mpfi_clear(law->primitive[k]);
  }
  free(t->laws);
  rc_graph_clear(t->graph);
}

/* --- distances --- */

/* z = |m_i - m_j|^2; |m_i|^2 where j < 0; |m_i - centre|^2 where a centre is given. */
static void distance(mpfi_ptr z, const rc_target *t, const rc_law *law, size_t i, long j,
                     mpfi_t *centre) {
  mpfi_t x;
  mpfi_init2(x, mpfi_get_prec(z));
  mpfi_set_ui(z, 0);
  for (size_t k = 0; k < law->d; k++) {
    mpfi_set(x, rc_number(t, law->means[i * law->d + k]));
    if (centre) mpfi_sub(x, x, centre[k]);
    else if (j >= 0) mpfi_sub(x, x, rc_number(t, law->means[(size_t)j * law->d + k]));
    mpfi_sqr(x, x);
    mpfi_add(z, z, x);
  }
  mpfi_clear(x);
}

static double rough_distance(const rc_target *t, const rc_law *law, size_t i, size_t j) {
  double sum = 0;
  for (size_t k = 0; k < law->d; k++) {
    double x = mpfi_get_d(rc_number(t, law->means[i * law->d + k])) -
               mpfi_get_d(rc_number(t, law->means[j * law->d + k]));
    sum += x * x;
  }
  return sum;
}

/* Half the diameter of the means: the pairs that come into question, then those as intervals. */
static void half_diameter(mpfi_ptr z, const rc_target *t, const rc_law *law) {
  mpfi_t square;
  double most = 0, here;
  mpfi_init2(square, mpfi_get_prec(z));
  mpfi_set_ui(z, 0);
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 1; i < law->count; i++)
      for (size_t j = 0; j < i; j++) {
        if ((here = rough_distance(t, law, i, j)) < most * (1 - 1e-9)) continue;
        if (pass == 0) {
          most = here > most ? here : most;
          continue;
        }
        distance(square, t, law, i, (long)j, NULL);
        rc_enclose_most(z, square);
      }
  mpfi_sqrt(z, z);
  mpfi_div_2ui(z, z, 1);
  mpfi_clear(square);
}

/* R by the centre weights lambda; m has room for d + 3 numbers. */
static bool ball_radius(mpfi_ptr radius, rc_target *t, const rc_law *law, mpfi_t *m) {
  mpfi_ptr z = m[0], sum = m[1], weighted = m[2];
  mpfi_t *centre = m + 3;
  for (size_t k = 0; k < law->count; k++) {
    int node;
    if (!read_number(&node, t, json_array_get(t->centre, k), false, false, "centre_weights"))
      return false;
    mpfi_srcptr lambda = rc_number(t, node);
    if (mpfr_sgn(&lambda->left) < 0) return rc_reject(t->graph->verdict, "centre_weights: < 0");
    distance(z, t, law, k, -1, NULL);
    mpfi_mul(z, z, lambda);
    mpfi_add(weighted, weighted, z);
    mpfi_add(sum, sum, lambda);
    for (size_t i = 0; i < law->d; i++) {
      mpfi_mul(z, lambda, rc_number(t, law->means[k * law->d + i]));
      mpfi_add(centre[i], centre[i], z);
    }
  }
  mpfi_sub_ui(sum, sum, 1);
  for (size_t i = 0; i < law->d; i++) {
    mpfi_sqr(z, centre[i]);
    mpfi_sub(weighted, weighted, z);
  }
  mpfi_set_ui(radius, 0);
  for (size_t k = 0; k < law->count; k++) {
    distance(z, t, law, k, -1, centre);
    rc_enclose_most(radius, z);
  }
  mpfr_max(&radius->left, &weighted->left, &sum->left, MPFR_RNDD);
  if (!mpfi_has_zero(sum) || mpfr_sgn(&weighted->left) < 0 ||
      mpfr_greater_p(&weighted->left, &radius->right))
    return rc_reject(t->graph->verdict, "centre_weights: they are none");
  mpfr_set(&radius->left, &weighted->left, MPFR_RNDD);
  mpfi_sqrt(radius, radius);
  return true;
}

static bool find_radius(mpfi_ptr radius, rc_target *t, const rc_law *law) {
  size_t n = law->d + 3;
  if (law->d == 1 || law->count <= 2) {
    mpfi_set(radius, law->primitive[RC_HALF]);
    return true;
  }
  if (t->count > 1 || !t->centre) return true;
  mpfi_t *m = malloc(n * sizeof *m);
  for (size_t i = 0; m && i < n; i++) mpfi_init2(m[i], mpfi_get_prec(radius));
  for (size_t i = 0; m && i < n; i++) mpfi_set_ui(m[i], 0);
  bool done = m ? ball_radius(radius, t, law, m) : rc_reject(t->graph->verdict, "out of memory");
  for (size_t i = 0; m && i < n; i++) mpfi_clear(m[i]);
  free(m);
  return done;
}

static void support_half(mpfi_ptr z, const rc_target *t, const rc_law *law) {
  mpfi_t end;
  mpfi_init2(end, mpfi_get_prec(z));
  mpfi_set(end, rc_number(t, law->lower[0]));
  mpfi_set(z, rc_number(t, law->upper[0]));
  for (size_t j = 1; j < law->count; j++) {
    rc_enclose_least(end, rc_number(t, law->lower[j]));
    rc_enclose_most(z, rc_number(t, law->upper[j]));
  }
  mpfi_sub(z, z, end);
  mpfi_div_2ui(z, z, 1);
  mpfi_clear(end);
}

/* --- eigenvalues --- */

/* sign*(S_k - shift I): 1 positive definite, -1 not, 0 not seen.  m: d*d + 1 numbers. */
static int definite(mpfi_t *m, const rc_target *t, const rc_law *law, size_t k, mpfr_srcptr shift,
                    int sign) {
  size_t d = law->d;
  mpfi_ptr z = m[d * d];
  for (size_t i = 0; i < d * d; i++) {
    mpfi_set(m[i], rc_number(t, law->spreads[k * d * d + i]));
    if (i % (d + 1) == 0) mpfi_sub_fr(m[i], m[i], shift);
    if (sign < 0) mpfi_neg(m[i], m[i]);
  }
  for (size_t p = 0; p < d; p++) {
    mpfi_ptr pivot = m[p * d + p];
    if (!mpfi_is_strictly_pos(pivot)) return mpfi_is_strictly_neg(pivot) ? -1 : 0;
    for (size_t i = p + 1; i < d; i++)
      for (size_t j = p + 1; j < d; j++) {
        mpfi_mul(z, m[i * d + p], m[p * d + j]);
        mpfi_div(z, z, pivot);
        mpfi_sub(m[i * d + j], m[i * d + j], z);
      }
  }
  return 1;
}

/* The least (sign 1) or greatest (-1) eigenvalue of S_k by bisection of [0, trace]. */
static bool eigenvalue(mpfi_ptr z, rc_target *t, const rc_law *law, size_t k, int sign) {
  size_t d = law->d, n = d * d + 1;
  mpfi_t *m = malloc(n * sizeof *m);
  mpfr_t middle;
  if (!m) return rc_reject(t->graph->verdict, "out of memory");
  mpfr_init2(middle, EIGEN_BITS);
  for (size_t i = 0; i < n; i++) mpfi_init2(m[i], 2 * EIGEN_BITS);
  mpfi_set_prec(z, EIGEN_BITS);
  mpfi_set_ui(z, 0);
  bool sound = true;
  for (size_t i = 0; i < d; i++) {
    mpfi_add(z, z, rc_number(t, law->spreads[(k * d + i) * d + i]));
    for (size_t j = 0; j < i; j++)
      sound = sound && law->spreads[(k * d + i) * d + j] == law->spreads[(k * d + j) * d + i];
  }
  mpfr_set_zero(&z->left, 1);
  sound = sound && definite(m, t, law, k, &z->left, 1) == 1;
  for (int step = 0, failed = 0; step < EIGEN_BITS && sound && failed < 3; step++) {
    mpfr_sub(middle, &z->right, &z->left, MPFR_RNDN);
    mpfr_div_ui(middle, middle, 2 + (unsigned)failed, MPFR_RNDN); /* beside a pivot that is 0 */
    mpfr_add(middle, middle, &z->left, MPFR_RNDN);
    int answer = definite(m, t, law, k, middle, sign);
    failed = answer ? 0 : failed + 1;
    if (answer) mpfr_set(answer * sign > 0 ? &z->left : &z->right, middle, MPFR_RNDN);
  }
  for (size_t i = 0; i < n; i++) mpfi_clear(m[i]);
  free(m);
  mpfr_clear(middle);
  t->graph->work += EIGEN_BITS * (long)(d * d * d);
  return sound || rc_reject(t->graph->verdict, "target: a covariance that is none");
}

static bool find_eigenvalues(rc_law *law, rc_target *t) {
  mpfi_t z;
  bool sound = true;
  mpfi_ptr least = law->primitive[RC_LEAST];
  mpfi_init2(z, (mpfr_prec_t)t->graph->bits);
  for (size_t k = 0; k < law->count && sound; k++) {
    if (law->full) sound = eigenvalue(z, t, law, k, 1);
    else if (law->spreads[k] < 0) break; /* uniform */
    else mpfi_set(z, rc_number(t, law->spreads[k]));
    if (k == 0) mpfi_set(least, z);
    else rc_enclose_least(least, z);
    if (k == 0 && law->full) sound = sound && eigenvalue(law->primitive[RC_MOST], t, law, k, -1);
    else if (k == 0) mpfi_set(law->primitive[RC_MOST], z);
  }
  mpfi_clear(z);
  return sound;
}

/* --- all of it at one precision --- */

/* What is not known to RC_IDENTITY_ZERO bits becomes a random number within its enclosure. */
static void make_symbol(mpfi_ptr x, rc_target *t) {
  mpfr_t z;
  mpq_t q;
  mpfr_init2(z, mpfi_get_prec(x));
  mpq_init(q);
  mpfi_diam_abs(z, x);
  if (mpfr_regular_p(z) && mpfr_get_exp(z) > -RC_IDENTITY_ZERO - 100) {
    rc_random(q, &t->random);
    mpfr_mul_q(z, z, q, MPFR_RNDN);
    mpfr_add(z, z, &x->left, MPFR_RNDN);
    mpfi_set_fr(x, z);
  }
  mpq_clear(q);
  mpfr_clear(z);
}

/* exp(f) gamma_1, f continuous and affine on pieces of slope m_j.  L = max |m_j|; hess U <= 1 where
 * the slopes ascend (least eigenvalue 1), >= 1 where they descend (greatest 1). */
static bool tilted(rc_law *law, rc_target *t) {
  bool ascends = true, descends = true, fits = law->tilted;
  mpfi_ptr slope = law->primitive[RC_SLOPE];
  mpfi_set_ui(slope, 0);
  for (size_t j = 0; j < law->count && fits; j++) {
    mpfi_t z;
    mpfi_init2(z, mpfi_get_prec(slope));
    fits = law->spreads[j] >= 0 && mpfi_cmp_ui(rc_number(t, law->spreads[j]), 1) == 0;
    if (fits) mpfi_abs(z, rc_number(t, law->means[j]));
    if (fits) rc_enclose_most(slope, z);
    if (j && fits) {
      int sign = mpfi_cmp(rc_number(t, law->means[j]), rc_number(t, law->means[j - 1]));
      ascends = ascends && sign > 0;
      descends = descends && sign < 0;
    }
    mpfi_clear(z);
  }
  if (!fits) rc_set_nan(slope);
  if (fits && ascends) mpfi_set_ui(law->primitive[RC_LEAST], 1);
  else rc_set_nan(law->primitive[RC_LEAST]);
  if (fits && descends) mpfi_set_ui(law->primitive[RC_MOST], 1);
  else rc_set_nan(law->primitive[RC_MOST]);
  return fits;
}

static bool find_primitives(rc_law *law, rc_target *t) {
  mpfi_t z;
  mpfi_ptr half = law->primitive[RC_HALF], slope = law->primitive[RC_SLOPE];
  if (!find_eigenvalues(law, t)) return false;
  if (law->pieces && law->bounded) support_half(law->primitive[RC_SUPPORT], t, law);
  if (law->pieces && law->gaussian) mpfi_set_ui(law->primitive[RC_RADIUS], 0);
  if (law->pieces && law->gaussian) mpfi_set_ui(half, 0);
  if (law->tilted) return tilted(law, t);
  if (law->pieces || !law->equal) return true;
  half_diameter(half, t, law);
  if (law->atomic) mpfi_set(law->primitive[RC_SUPPORT], half);
  mpfi_init2(z, (mpfr_prec_t)t->graph->bits);
  mpfi_set_ui(slope, 0);
  for (size_t k = 0; k < law->count; k++) {
    distance(z, t, law, k, -1, NULL);
    rc_enclose_most(slope, z);
  }
  mpfi_clear(z);
  mpfi_sqrt(slope, slope);
  if (mpfi_cmp_ui(rc_number(t, law->spreads[0]), 1) != 0) rc_set_nan(slope);
  return find_radius(law->primitive[RC_RADIUS], t, law);
}

bool rc_target_set_bits(rc_target *t, long bits, bool symbolic) {
  rc_graph_set_bits(t->graph, bits);
  if (!rc_value_all(t->graph)) return false;
  for (size_t i = 0; i < t->count; i++) {
    rc_law *law = &t->laws[i];
    for (int k = 0; k < RC_PRIMITIVES; k++) mpfi_set_prec(law->primitive[k], (mpfr_prec_t)bits);
    if (!find_primitives(law, t)) return false;
    for (int k = 0; k < RC_PRIMITIVES && symbolic; k++) make_symbol(law->primitive[k], t);
  }
  return true;
}
