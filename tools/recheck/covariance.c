/* e'Ce for the posterior ~ exp(-|x - b y|^2/(2a^2)) nu(dy), as a formula in a and b.  Component k
 * has a weight W, a mean M of e'y and a variance V:  e'Ce = S2/S0 - (S1/S0)^2, S0 = sum W,
 * S1 = sum W M, S2 = sum W (V + M^2).  Weights of far components are tiny; exponents are not
 * limited. */
#include <stdlib.h>

#include "recheck.h"

typedef struct component {
  int weight, mean, variance;
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
  int power = 0, det = rc_number(g, "1"), shift = 0, mean = 0, variance = 0;
  for (size_t i = 0; i < d; i++) {
    for (size_t j = 0; j < d; j++) {
      int s = rc_spread(law, k, i, j);
      m[i * n + j] = i == j ? rc_form(g, "a^2 + b^2*s", "s", s)
                     : s    ? rc_form(g, "b^2*s", "s", s)
                            : 0;
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
  return (component){rc_form(g, "w*exp(-p/2)/sqrt(d)", "wpd", law->weights[k], power, det),
                     rc_form(g, "m + b*s", "ms", mean, shift), rc_form(g, "a^2*v", "v", variance)};
}

/* --- pieces: N(m, 1/i), or uniform (i = 0), restricted to [l, h] --- */

/* int_j^k exp(-y^2/2) dy, in a form that does not cancel far out. */
static int mass(rc_graph *g, int j, int k) {
  const char *text = "sqrt(pi/2)*(erf(k/sqrt(2)) - erf(j/sqrt(2)))";
  if (rc_has_sign(g, j, 1, true)) text = "sqrt(pi/2)*(erfc(j/sqrt(2)) - erfc(k/sqrt(2)))";
  if (rc_has_sign(g, k, -1, true)) text = "sqrt(pi/2)*(erfc(-k/sqrt(2)) - erfc(-j/sqrt(2)))";
  return rc_form(g, text, "jk", j, k);
}

/* The posterior is N(c, s) restricted to [l, h], which are j and k in units of s^(1/2). */
static component piece(rc_graph *g, const rc_law *law, size_t k, int x, int e) {
  bool flat = law->spreads[k] < 0, low = law->lower[k] >= 0, high = law->upper[k] >= 0;
  int l = low ? law->lower[k] : rc_number(g, "-inf"),
      h = high ? law->upper[k] : rc_number(g, "inf");
  int m = flat ? 0 : law->means[k], i = flat ? 0 : rc_form(g, "1/v", "v", law->spreads[k]);
  int s = rc_form(g, "1/(i + b^2/a^2)", "i", i);
  int c = rc_form(g, "s*(i*m + b*x/a^2)", "simx", s, i, m, x);
  int from = rc_form(g, "(l - c)/sqrt(s)", "lcs", l, c, s);
  int to = rc_form(g, "(h - c)/sqrt(s)", "hcs", h, c, s);
  int own = flat ? 0
                 : mass(g, rc_form(g, "(l - m)*sqrt(i)", "lmi", l, m, i),
                        rc_form(g, "(h - m)*sqrt(i)", "hmi", h, m, i));
  int p = mass(g, from, to), f = rc_form(g, "exp(-j^2/2)", "j", from);
  int q = rc_form(g, "exp(-j^2/2)", "j", to);
  int u = rc_form(g, "(f - q)/p", "fqp", f, q, p);
  int v = rc_form(g, "(f - q)/p", "fqp", low ? rc_node_of(g, RC_MUL, from, f) : 0,
                  high ? rc_node_of(g, RC_MUL, to, q) : 0, p);
  int weight = flat ? rc_form(g, "w/(h - l)*p*sqrt(s)", "whlps", law->weights[k], h, l, p, s)
                    : rc_form(g, "w/o*p*sqrt(i*s)*exp(-(x - b*m)^2/(2*(a^2 + b^2/i)))", "wopisxm",
                              law->weights[k], own, p, i, s, x, m);
  return (component){weight, rc_form(g, "e*(c + sqrt(s)*u)", "ecsu", e, c, s, u),
                     rc_form(g, "e^2*s*(1 + v - u^2)", "esvu", e, s, v, u)};
}

/* --- all --- */

static int of_law(rc_graph *g, const rc_law *law, const int *x, const int *e) {
  int sums[3] = {0, 0, 0}, *room = calloc(law->d * (law->d + 2), sizeof *room);
  if (!room) rc_reject(g, "out of memory");
  for (size_t k = 0; k < law->count && rc_is_good(g); k++) {
    component c = law->pieces ? piece(g, law, k, *x, *e) : normal(g, law, k, x, e, room);
    sums[0] = rc_form(g, "s + w", "sw", sums[0], c.weight);
    sums[1] = rc_form(g, "s + w*m", "swm", sums[1], c.weight, c.mean);
    sums[2] = rc_form(g, "s + w*(v + m^2)", "swvm", sums[2], c.weight, c.variance, c.mean);
  }
  free(room);
  int z = rc_form(g, "z/x - (y/x)^2", "xyz", sums[0], sums[1], sums[2]);
  if (!law->pieces || law->count > 1 || mpfi_bounded_p(rc_value(g, z))) return z;
  /* So far out that exponents do not suffice: that of the law before it was cut is larger. */
  int i = law->spreads[0] < 0 ? 0 : rc_form(g, "1/v", "v", law->spreads[0]);
  return rc_node_of(g, RC_HULL, 0, rc_form(g, "e^2/(i + b^2/a^2)", "ei", *e, i));
}

int rc_covariance(rc_graph *g, const rc_target *t, const int *x, const int *e) {
  int sum = 0;
  for (size_t i = 0, at = 0; i < t->count && rc_is_good(g); at += t->laws[i++].d)
    sum = rc_node_of(g, RC_ADD, sum, of_law(g, &t->laws[i], x + at, e + at));
  return sum;
}
