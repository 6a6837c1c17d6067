/* e'Ce for the posterior ~ exp(-|x - b y|^2/(2a^2)) nu(dy), as a formula in a and b.  Component k
 * has a weight W, a mean M of e'y and a variance V:  e'Ce = S2/S0 - (S1/S0)^2, S0 = sum W,
 * S1 = sum W M, S2 = sum W (V + M^2).  Weights of far components are tiny; exponents are not
 * limited. */
#include <stdlib.h>

#include "recheck.h"

typedef struct component {
  int exponent, weight, mean, variance; /* W = weight exp(-exponent/2) */
} component;

/* --- normal components --- */

void rc_eliminate(rc_graph *g, int *m, size_t d, size_t width) {
  for (size_t p = 0; p < d; p++)
    for (size_t i = 0; i < d; i++)
      for (size_t j = p + 1; j < width && i != p && m[i * width + p]; j++)
        if (m[p * width + j])
          m[i * width + j] = rc_form(g, "z - x*y/p", "zxyp", m[i * width + j], m[i * width + p],
                                     m[p * width + j], m[p * width + p]);
}

/* With A = a^2 I + b^2 S, y = x - b m:  W = w exp(-y'A^-1 y/2)/sqrt(det A),
 * M = e'm + b e'S A^-1 y, V = a^2 e'S A^-1 e.  m: room for d (d + 2). */
static component normal(rc_graph *g, const rc_law *law, size_t k, const int *x, const int *e,
                        int *m) {
  size_t d = law->d, n = d + 2;
  int power = 0, one = rc_number(g, "1"), det = one, shift = 0, mean = 0, variance = 0;
  for (size_t i = 0; i < d; i++) {
    for (size_t j = 0; j < d; j++) {
      int s = rc_spread(law, k, i, j);
      m[i * n + j] = s || i == j ? rc_form(g, i == j ? "a^2 + b^2*s" : "b^2*s", "s", s) : 0;
    }
    m[i * n + d] = rc_form(g, "x - b*m", "xm", x[i], law->means[k * d + i]);
    m[i * n + d + 1] = e[i];
  }
  rc_eliminate(g, m, d, n);
  for (size_t i = 0; i < d; i++) {
    int pivot = m[i * n + i], along = m[i * n + d], across = m[i * n + d + 1];
    det = rc_node_of(g, RC_MUL, det, pivot);
    power =
        rc_form(g, "p + (x - b*m)*z/d", "pxmzd", power, x[i], law->means[k * d + i], along, pivot);
    mean = rc_form(g, "s + e*m", "sem", mean, e[i], law->means[k * d + i]);
    for (size_t j = 0; j < d; j++) {
      int s = rc_spread(law, k, j, i);
      if (!s) continue;
      shift = rc_form(g, "t + e*s*z/d", "teszd", shift, e[j], s, along, pivot);
      variance = rc_form(g, "t + e*s*z/d", "teszd", variance, e[j], s, across, pivot);
    }
  }
  return (component){power,
                     rc_form(g, "w/sqrt(d)", "wd", law->weights ? law->weights[k] : one, det),
                     rc_form(g, "m + b*s", "ms", mean, shift), rc_form(g, "a^2*v", "v", variance)};
}

/* --- N(m, 1/i), or a uniform law (i = 0), restricted to [l, h] --- */

/* int_j^k exp(-y^2/2) dy, in a form that does not cancel far out. */
static int mass(rc_graph *g, int j, int k) {
  const char *text = "erfc(j/sqrt(2)) - erfc(k/sqrt(2))";
  if (rc_has_sign(g, k, -1, true)) text = "erfc(-k/sqrt(2)) - erfc(-j/sqrt(2))";
  return rc_form(g, "sqrt(pi/2)*p", "p", rc_form(g, text, "jk", j, k));
}

/* Its variance, less than that of N(c, s): the posterior is N(c, s) restricted to [l, h], which are
 * j and k in units of s^(1/2). */
static int cut(rc_graph *g, const rc_law *law, const int *x, const int *e) {
  bool flat = law->spreads[0] < 0;
  int i = flat ? 0 : rc_form(g, "1/v", "v", law->spreads[0]);
  int s = rc_form(g, "1/(i + b^2/a^2)", "i", i);
  int c = rc_form(g, "s*(i*m + b*x/a^2)", "simx", s, i, flat ? 0 : law->means[0], *x);
  int ends[2], density[2], moment[2];
  for (int k = 0; k < 2; k++) {
    int end = law->ends[k] < 0 ? rc_number(g, k ? "inf" : "-inf") : law->ends[k];
    ends[k] = rc_form(g, "(l - c)/sqrt(s)", "lcs", end, c, s);
    density[k] = rc_form(g, "exp(-j^2/2)", "j", ends[k]);
    moment[k] = law->ends[k] < 0 ? 0 : rc_node_of(g, RC_MUL, ends[k], density[k]);
  }
  int p = mass(g, ends[0], ends[1]);
  int v = rc_form(g, "s*(1 + (m - n)/p - ((d - e)/p)^2)", "spmnde", s, p, moment[0], moment[1],
                  density[0], density[1]);
  if (!mpfi_bounded_p(rc_value(g, v))) v = rc_node_of(g, RC_HULL, 0, s); /* exponents overflow */
  return rc_form(g, "e^2*v", "ev", *e, v);
}

/* Exponents are taken relative to the least one, so that not all weights are 0 far out. */
static int mixture(rc_graph *g, const rc_law *law, const int *x, const int *e) {
  int sums[3] = {0, 0, 0}, least = -1, *room = calloc(law->d * (law->d + 2), sizeof *room);
  component *all = calloc(law->count, sizeof *all);
  if (!room || !all) rc_reject(g, "out of memory");
  for (size_t k = 0; k < law->count && rc_is_good(g); k++) {
    all[k] = normal(g, law, k, x, e, room);
    mpfi_srcptr p = rc_value(g, all[k].exponent);
    if (least < 0 || mpfr_less_p(&p->left, &g->nodes[least].value->left)) least = all[k].exponent;
  }
  for (size_t k = 0; k < law->count && rc_is_good(g); k++) {
    const component *c = &all[k];
    int w = rc_form(g, "w*exp((l - p)/2)", "wlp", c->weight, least, c->exponent);
    sums[0] = rc_form(g, "s + w", "sw", sums[0], w);
    sums[1] = rc_form(g, "s + w*m", "swm", sums[1], w, c->mean);
    sums[2] = rc_form(g, "s + w*(v + m^2)", "swvm", sums[2], w, c->variance, c->mean);
  }
  free(room);
  free(all);
  return rc_form(g, "z/x - (y/x)^2", "xyz", sums[0], sums[1], sums[2]);
}

int rc_covariance(rc_graph *g, const rc_target *t, const int *x, const int *e) {
  int sum = 0;
  for (size_t i = 0, at = 0; i < t->count && rc_is_good(g); at += t->laws[i++].d)
    sum = rc_form(g, "s + v", "sv", sum,
                  (t->laws[i].cut ? cut : mixture)(g, &t->laws[i], x + at, e + at));
  return sum;
}
