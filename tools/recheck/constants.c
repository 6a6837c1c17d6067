/* Class constants as formulas in what target.c computes. */
#include <stdio.h>
#include <string.h>

#include "recheck.h"

/* NAME_k of factor k; "whole" names without a suffix. */
static const char *const primitives[RC_PRIMITIVES] = {"lambda_min", "lambda_max",   "R",
                                                      "half_diam",  "support_half", "L"};

static bool define(rc_graph *g, size_t k, const char *name, const char *pattern) {
  char full[40], text[120] = "";
  size_t n = 0;
  snprintf(full, sizeof full, "%s_%zu", name, k);
  for (; *pattern; pattern++) /* '#' stands for the suffix */
    n += (size_t)(*pattern == '#' ? snprintf(text + n, sizeof text - n, "_%zu", k)
                                  : snprintf(text + n, sizeof text - n, "%c", *pattern));
  return rc_define(g, full, rc_parse(g, text, "constant"));
}

static bool bind_law(rc_graph *g, const rc_law *law, size_t k) {
  bool equal = law->gaussian || (law->equal && !law->atomic), ok = true;
  bool cut = law->pieces && law->count == 1 && !law->gaussian;
  for (int i = 0; i < RC_PRIMITIVES; i++) {
    char name[40];
    bool there = !rc_is_nan(law->primitive[i]);
    if (i == RC_LEAST)
      there = there && !law->atomic && (!law->pieces || law->gaussian || law->tilted);
    if (i == RC_MOST) there = there && (law->gaussian || cut || law->tilted);
    if (i == RC_RADIUS || i == RC_HALF) there = there && equal;
    snprintf(name, sizeof name, "%s_%zu", primitives[i], k);
    if (there && rc_name(g, name) < 0) return false;
    if (there && i == RC_LEAST)
      ok = define(g, k, "beta", "1/lambda_min#") &&
           (!equal || define(g, k, "sigma", "sqrt(lambda_min#)"));
    if (there && i == RC_MOST) ok = ok && define(g, k, "kappa", "1/lambda_max#");
    if (there && i == RC_RADIUS && !law->gaussian)
      ok = ok && define(g, k, "kappa", "1/lambda_min# - R#^2/lambda_min#^2");
    if (there && i == RC_HALF) ok = ok && define(g, k, "diam_rho", "2*half_diam#");
    if (there && i == RC_SUPPORT)
      ok = ok && define(g, k, "diam_nu", "2*support_half#") &&
           define(g, k, "D", "sqrt(2)*support_half#");
  }
  if (cut && law->spreads[0] < 0) ok = ok && define(g, k, "kappa", "0");
  return ok;
}

static bool common_sigma(const rc_target *t) {
  for (size_t i = 0; i < t->count; i++)
    if (t->laws[i].full || t->laws[i].spreads[0] != t->laws[0].spreads[0]) return false;
  return true;
}

/* The whole's constant: the least kappa and lambda_min, the greatest beta and lambda_max, the
 * common sigma, roots of sums of squares. */
static bool gather(rc_graph *g, const rc_target *t, const char *name) {
  bool least = !strcmp(name, "kappa") || !strcmp(name, "lambda_min");
  bool most = !strcmp(name, "beta") || !strcmp(name, "lambda_max");
  bool sigma = !strcmp(name, "sigma");
  bool spread = sigma || strstr("R half_diam diam_rho", name) != NULL;
  int whole = -1;
  for (size_t k = 1; k <= t->count; k++) {
    char own[40];
    snprintf(own, sizeof own, "%s_%zu", name, k);
    if (!rc_knows(g, own) || (spread && t->count > 1 && !common_sigma(t))) return true; /* none */
    int node = rc_name(g, own);
    if (t->count == 1) return rc_define(g, name, node);
    if (!least && !most && !sigma) node = rc_combine(g, RC_POW, node, rc_integer(g, 2));
    if (k == 1 || sigma) whole = node;
    else whole = rc_combine(g, least ? RC_MIN : most ? RC_MAX : RC_ADD, whole, node);
  }
  return rc_define(g, name, least || most || sigma ? whole : rc_combine(g, RC_SQRT, whole, -1));
}

bool rc_bind_constants(rc_graph *g, const rc_target *t) {
  static const char *const names[] = {"lambda_min",   "lambda_max", "R",       "half_diam",
                                      "support_half", "L",          "kappa",   "beta",
                                      "sigma",        "D",          "diam_nu", "diam_rho"};
  for (size_t i = 0; i < t->count; i++)
    if (!bind_law(g, &t->laws[i], i + 1)) return false;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!gather(g, t, names[i])) return false;
  return true;
}

void rc_set_constants(rc_graph *g, const rc_target *t) {
  char name[40];
  for (size_t k = 1; k <= t->count; k++)
    for (int i = 0; i < RC_PRIMITIVES; i++) {
      snprintf(name, sizeof name, "%s_%zu", primitives[i], k);
      if (rc_knows(g, name))
        mpfi_set(g->nodes[rc_name(g, name)].value, t->laws[k - 1].primitive[i]);
    }
}
