/* e'Ce for the posterior ~ exp(-|x - b y|^2/(2a^2)) nu(dy).  Component k has a weight W, a mean mu
 * of e'y and a variance V:  e'Ce = S2/S0 - (S1/S0)^2, S0 = sum W, S1 = sum W mu, S2 = sum W (V +
 * mu^2). */
#include <stdlib.h>

#include "recheck.h"

typedef struct sums {
  mpfi_t s[3], weight, mean, variance, z;
} sums;

static void add(sums *s) {
  mpfi_add(s->s[0], s->s[0], s->weight);
  mpfi_mul(s->z, s->weight, s->mean);
  mpfi_add(s->s[1], s->s[1], s->z);
  mpfi_sqr(s->z, s->mean);
  mpfi_add(s->z, s->z, s->variance);
  mpfi_mul(s->z, s->z, s->weight);
  mpfi_add(s->s[2], s->s[2], s->z);
}

/* --- normal components --- */

/* Gauss-Jordan: m (d rows of d + 2) keeps its pivots; false where one may be 0. */
static bool eliminate(mpfi_t *m, size_t d, mpfi_ptr z) {
  size_t n = d + 2;
  for (size_t p = 0; p < d; p++) {
    if (!mpfi_is_strictly_pos(m[p * n + p])) return false;
    for (size_t i = 0; i < d; i++)
      for (size_t j = p + 1; j < n && i != p; j++) {
        mpfi_mul(z, m[i * n + p], m[p * n + j]);
        mpfi_div(z, z, m[p * n + p]);
        mpfi_sub(m[i * n + j], m[i * n + j], z);
      }
  }
  return true;
}

/* z = S_ij of component k. */
static void spread(mpfi_ptr z, const rc_target *t, const rc_law *law, size_t k, size_t i,
                   size_t j) {
  if (law->full) mpfi_set(z, rc_number(t, law->spreads[(k * law->d + i) * law->d + j]));
  else if (i == j) mpfi_set(z, rc_number(t, law->spreads[k]));
  else mpfi_set_ui(z, 0);
}

/* With A = a^2 I + b^2 S, y = x - b m:  log W = log w - y'A^-1 y/2 - log det(A)/2,
 * mu = e'm + b e'S A^-1 y, V = a^2 e'S A^-1 e.  m: d (d + 2) numbers, y: d. */
static bool normal(sums *s, const rc_target *t, const rc_law *law, size_t k, mpfi_srcptr a,
                   mpfi_srcptr b, mpfi_t *x, mpfi_t *e, mpfi_t *m, mpfi_t *y) {
  size_t d = law->d, n = d + 2;
  mpfi_ptr z = s->z;
  for (size_t i = 0; i < d; i++) {
    mpfi_mul(y[i], b, rc_number(t, law->means[k * d + i]));
    mpfi_sub(y[i], x[i], y[i]);
    mpfi_set(m[i * n + d], y[i]);
    mpfi_set(m[i * n + d + 1], e[i]);
    for (size_t j = 0; j < d; j++) {
      mpfi_ptr entry = m[i * n + j];
      spread(entry, t, law, k, i, j);
      mpfi_mul(entry, entry, b);
      mpfi_mul(entry, entry, b);
      mpfi_sqr(z, a);
      if (i == j) mpfi_add(entry, entry, z);
    }
  }
  if (!eliminate(m, d, z)) return false;
  mpfi_set_ui(s->weight, 0);
  mpfi_set_ui(s->mean, 0);
  mpfi_set_ui(s->variance, 0);
  for (size_t i = 0; i < d; i++) {
    mpfi_ptr pivot = m[i * n + i], along = m[i * n + d], across = m[i * n + d + 1];
    mpfi_log(z, pivot);
    mpfi_add(s->weight, s->weight, z);
    mpfi_div(along, along, pivot); /* A^-1 y, A^-1 e */
    mpfi_div(across, across, pivot);
    mpfi_mul(z, along, y[i]);
    mpfi_add(s->weight, s->weight, z);
  }
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      mpfi_t entry;
      mpfi_init2(entry, mpfi_get_prec(z));
      spread(entry, t, law, k, i, j);
      mpfi_mul(entry, entry, e[i]);
      mpfi_mul(z, entry, m[j * n + d]);
      mpfi_add(s->mean, s->mean, z);
      mpfi_mul(z, entry, m[j * n + d + 1]);
      mpfi_add(s->variance, s->variance, z);
      mpfi_clear(entry);
    }
  mpfi_mul(s->mean, s->mean, b);
  for (size_t i = 0; i < d; i++) {
    mpfi_mul(z, e[i], rc_number(t, law->means[k * d + i]));
    mpfi_add(s->mean, s->mean, z);
  }
  mpfi_sqr(z, a);
  mpfi_mul(s->variance, s->variance, z);
  mpfi_div_si(s->weight, s->weight, -2);
  mpfi_exp(s->weight, s->weight);
  if (law->weights[k] >= 0) mpfi_mul(s->weight, s->weight, rc_number(t, law->weights[k]));
  return true;
}

static bool mixture(sums *s, const rc_target *t, const rc_law *law, mpfi_srcptr a, mpfi_srcptr b,
                    mpfi_t *x, mpfi_t *e) {
  size_t n = law->d * (law->d + 3);
  mpfi_t *m = malloc(n * sizeof *m);
  bool good = m != NULL;
  for (size_t i = 0; m && i < n; i++) mpfi_init2(m[i], mpfi_get_prec(s->z));
  for (size_t k = 0; k < law->count && good; k++) {
    good = normal(s, t, law, k, a, b, x, e, m, m + law->d * (law->d + 2));
    if (good) add(s);
  }
  for (size_t i = 0; m && i < n; i++) mpfi_clear(m[i]);
  free(m);
  return good;
}

/* --- pieces: N(m, 1/i), or uniform (i = 0), restricted to [l, h] --- */

/* exp(x^2/2) int_x^inf exp(-y^2/2) dy for x >= 0: far out by its asymptotic series, whose partial
 * sums lie on both sides in turn. */
static void mills(mpfi_ptr z, mpfi_srcptr x) {
  mpfi_t y, term;
  mpfi_init2(y, mpfi_get_prec(z));
  mpfi_init2(term, mpfi_get_prec(z));
  mpfi_sqr(y, x);
  if (mpfr_inf_p(&x->right)) mpfi_set_ui(z, 0);
  else if (mpfr_cmp_ui(&x->left, 1000) < 0) {
    mpfi_div_2ui(y, y, 1);
    mpfi_exp(y, y);
    mpfi_const_pi(term);
    mpfi_div_2ui(term, term, 1);
    mpfi_sqrt(term, term);
    mpfi_mul(y, y, term);
    mpfi_set_ui(term, 2);
    mpfi_sqrt(term, term);
    mpfi_div(term, x, term);
    mpfr_erfc(&z->left, &term->right, MPFR_RNDD);
    mpfr_erfc(&z->right, &term->left, MPFR_RNDU);
    mpfi_mul(z, z, y);
  } else {
    mpfi_inv(term, x);
    mpfi_set(z, term);
    for (long n = 1; n < 400; n++) {
      mpfi_mul_si(term, term, 1 - 2 * n);
      mpfi_div(term, term, y);
      mpfi_add(z, z, term);
    }
    mpfi_sub(term, z, term); /* the sum before the last */
    mpfi_union(z, z, term);
  }
  mpfi_clear(y);
  mpfi_clear(term);
}

static bool assign(rc_graph *g, const char *name, const char *text) {
  mpfi_ptr value = rc_value(g, rc_parse(g, text, "piece"));
  if (value) mpfi_set(g->nodes[rc_name(g, name)].value, value);
  return value != NULL;
}

static mpfi_ptr named(rc_graph *g, const char *name) { return g->nodes[rc_name(g, name)].value; }

/* p exp(e) = int_j^k exp(-y^2/2) dy, fj exp(e) and fk exp(e) the integrand at the ends: e is the
 * exponent of the nearer one, so that far tails neither underflow nor cancel. */
static bool mass(rc_graph *g) {
  if (mpfr_sgn(&named(g, "j")->left) >= 0) {
    mills(named(g, "u"), named(g, "j"));
    mills(named(g, "v"), named(g, "k"));
    return assign(g, "fj", "1") && assign(g, "fk", "exp((j - k)*(j + k)/2)") &&
           assign(g, "p", "u - fk*v") && assign(g, "e", "-j^2/2");
  }
  if (mpfr_sgn(&named(g, "k")->right) <= 0) {
    mpfi_neg(named(g, "u"), named(g, "k"));
    mills(named(g, "u"), named(g, "u"));
    mpfi_neg(named(g, "v"), named(g, "j"));
    mills(named(g, "v"), named(g, "v"));
    return assign(g, "fk", "1") && assign(g, "fj", "exp((k - j)*(k + j)/2)") &&
           assign(g, "p", "u - fj*v") && assign(g, "e", "-k^2/2");
  }
  return assign(g, "fj", "exp(-j^2/2)") && assign(g, "fk", "exp(-k^2/2)") &&
         assign(g, "p", "sqrt(pi/2)*(erf(k/sqrt(2)) - erf(j/sqrt(2)))") && assign(g, "e", "0");
}

/* Mean, variance, weight exp(-shift) and (e) the weight's exponent. */
static bool piece(sums *s, rc_graph *g, const rc_target *t, const rc_law *law, size_t k) {
  const int ends[] = {law->lower[k], law->upper[k]};
  bool flat = law->spreads[k] < 0;
  for (int i = 0; i < 2; i++) {
    mpfi_ptr end = named(g, i ? "h" : "l");
    if (ends[i] >= 0) mpfi_set(end, rc_number(t, ends[i]));
    else mpfr_set_inf(&end->left, i ? 1 : -1), mpfr_set_inf(&end->right, i ? 1 : -1);
  }
  if (flat) mpfi_set_ui(named(g, "m"), 0);
  else mpfi_set(named(g, "m"), rc_number(t, law->means[k]));
  if (flat) mpfi_set_ui(named(g, "i"), 0);
  else mpfi_inv(named(g, "i"), rc_number(t, law->spreads[k]));
  mpfi_set_ui(named(g, "w"), 1);
  if (law->weights[k] >= 0) mpfi_set(named(g, "w"), rc_number(t, law->weights[k]));
  bool good = flat ? assign(g, "w", "w/(h - l)/sqrt(i + b^2/a^2)") /* over the law's own mass */
                   : assign(g, "j", "(l - m)*sqrt(i)") && assign(g, "k", "(h - m)*sqrt(i)") &&
                         mass(g) && assign(g, "w", "w/p*exp(-e)*sqrt(i/(i + b^2/a^2))");
  good = good && assign(g, "s", "1/(i + b^2/a^2)") && assign(g, "c", "s*(i*m + b*x/a^2)") &&
         assign(g, "j", "(l - c)/sqrt(s)") && assign(g, "k", "(h - c)/sqrt(s)") && mass(g);
  if (!flat) good = good && assign(g, "e", "e - (x - b*m)^2/(2*(a^2 + b^2/i))");
  good = good && assign(g, "gj", ends[0] < 0 ? "0" : "j*fj") &&
         assign(g, "gk", ends[1] < 0 ? "0" : "k*fk") &&
         assign(g, "mean", "c + sqrt(s)*(fj - fk)/p") &&
         assign(g, "variance", "s*(1 + (gj - gk)/p - ((fj - fk)/p)^2)") &&
         assign(g, "weight", "w*p*exp(e - shift)");
  mpfi_set(s->mean, named(g, "mean"));
  mpfi_set(s->variance, named(g, "variance"));
  mpfi_set(s->weight, named(g, "weight"));
  return good;
}

static bool pieces(sums *s, const rc_target *t, const rc_law *law, mpfi_srcptr a, mpfi_srcptr b,
                   mpfi_srcptr x) {
  rc_graph g[1];
  mpfr_t most;
  bool good = true;
  rc_graph_init(g, t->graph->verdict);
  rc_graph_set_bits(g, (long)mpfi_get_prec(s->z));
  mpfr_init2(most, 64);
  mpfr_set_inf(most, -1);
  mpfi_set(named(g, "a"), a);
  mpfi_set(named(g, "b"), b);
  mpfi_set(named(g, "x"), x);
  mpfi_set_ui(named(g, "shift"), 0);
  for (size_t i = 0; i < 2 * law->count && good; i++) { /* the greatest exponent, then the sums */
    good = piece(s, g, t, law, i % law->count);
    if (i >= law->count) add(s);
    else mpfr_max(most, most, &named(g, "e")->left, MPFR_RNDN);
    if (i + 1 == law->count && mpfr_number_p(most)) mpfi_set_fr(named(g, "shift"), most);
  }
  mpfr_clear(most);
  rc_graph_clear(g);
  return good;
}

/* --- all --- */

/* z = e'Ce for one law. */
static bool of_law(mpfi_ptr z, const rc_target *t, const rc_law *law, mpfi_srcptr a, mpfi_srcptr b,
                   mpfi_t *x, mpfi_t *e) {
  sums s[1];
  mpfi_ptr all[] = {s->s[0], s->s[1], s->s[2], s->weight, s->mean, s->variance, s->z};
  for (int i = 0; i < 7; i++) mpfi_init2(all[i], mpfi_get_prec(z));
  for (int i = 0; i < 7; i++) mpfi_set_ui(all[i], 0);
  bool good = law->pieces ? pieces(s, t, law, a, b, x[0]) : mixture(s, t, law, a, b, x, e);
  mpfi_div(s->s[1], s->s[1], s->s[0]);
  mpfi_sqr(s->s[1], s->s[1]);
  mpfi_div(z, s->s[2], s->s[0]);
  mpfi_sub(z, z, s->s[1]);
  if (law->pieces) mpfi_mul(z, z, e[0]);
  if (law->pieces) mpfi_mul(z, z, e[0]);
  for (int i = 0; i < 7; i++) mpfi_clear(all[i]);
  return good;
}

bool rc_covariance(mpfi_ptr z, rc_target *t, mpfi_srcptr a, mpfi_srcptr b, mpfi_t *x, mpfi_t *e) {
  mpfi_t part;
  bool good = mpfi_is_strictly_pos(a) && mpfi_is_strictly_pos(b);
  mpfi_init2(part, mpfi_get_prec(z));
  mpfi_set_ui(z, 0);
  size_t at = 0;
  for (size_t i = 0; i < t->count && good; at += t->laws[i++].d) {
    size_t d = t->laws[i].d;
    good = of_law(part, t, &t->laws[i], a, b, x + at, e + at);
    t->graph->work += (long)(t->laws[i].count * d * d * (d + 8)) * mpfi_get_prec(z) / 128;
    mpfi_add(z, z, part);
  }
  mpfi_clear(part);
  return good;
}
