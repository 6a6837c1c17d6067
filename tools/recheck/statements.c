/* The paper's statements about grad v and C, transcribed once more, and elementary bounds on C
 * (README.md has their proofs). */
#include <stdio.h>
#include <string.h>

#include "recheck.h"

#define V "velocity-jacobian"
#define C "posterior-covariance"
#define GAUSS "(a*da + b*db)/(a^2 + b^2)"
#define KAPPA "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define D_LOWER "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define E_K "((db/b)*a^2 - a*da)"
#define E_B "5*L*b*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + b^2)/b)^(-1/2))"
#define TAU "a/sqrt(a^2 + b^2)"
#define BOUNDS "gif.velocity-bounds/"
#define ENVELOPE "gif.velocity-envelope/"
#define ENVELOPE_E E_K "*" E_B " + " GAUSS
#define CONVEX "(min(kappa, 0)*a*da + b*db)/(min(kappa, 0)*a^2 + b^2)"

static const rc_statement statements[] = {
    {{BOUNDS "a.lower", ">=", V, "da/a"}},
    {{BOUNDS "a.upper", "<=", V, "b*omega*D^2/a^3 + da/a"}},
    {{BOUNDS "a.upper.sharp", "<=", V, "b*omega*(diam_nu/2)^2/a^3 + da/a"}},
    {{BOUNDS "b.lower", ">=", V, "(beta*a*da + b*db)/(beta*a^2 + b^2)"}},
    {{BOUNDS "c.upper", "<=", V, KAPPA, "kappa + b^2/a^2"}},
    {{BOUNDS "d.lower", ">=", V, D_LOWER}},
    {{BOUNDS "d.upper", "<=", V, "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER}},
    {{BOUNDS "d.upper.sharp", "<=", V,
      "a*b*omega*(diam_rho/2)^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER}},
    {{BOUNDS "e.lower", ">=", V, E_K "*(-" E_B " - L^2*b^2/(a^2 + b^2)^2) + " GAUSS}},
    {{BOUNDS "e.upper", "<=", V, E_K "*" E_B " + " GAUSS}},
    {{BOUNDS "e.lower.sharp", ">=", V, "da/a + b*omega/a^3*max(0, " TAU " - L*a^2/(a^2 + b^2))^2"}},
    {{BOUNDS "e.upper.sharp", "<=", V, "da/a + b*omega/a^3*(" TAU " + L*a^2/(a^2 + b^2))^2"}},
    {{ENVELOPE "log-concave", "<=", V, KAPPA}},
    {{ENVELOPE "support", "<=", V, "b^2/a^2*(db/b - da/a)*D^2 + da/a", 0, KAPPA,
      "b^2/a^2 - (1/D^2 - kappa)"}},
    {{ENVELOPE "mixture", "<=", V, D_LOWER " + a*b*(a*db - da*b)/(a^2 + sigma^2*b^2)^2*R^2"}},
    {{ENVELOPE "log-lipschitz", "<=", V, ENVELOPE_E, 0, "min(" ENVELOPE_E ", " CONVEX ")",
      "min(kappa, 0) + b^2/a^2"}},
    {{"gif.variance/uniform.upper", "<=", C, "1/(kappa + b^2/a^2)", "1/(kappa + b^2/a^2)"}},
    {{"gif.variance/uniform.lower", ">=", C, "1/(beta + b^2/a^2)", "1/(beta + b^2/a^2)"}},
};

const rc_statement *rc_statement_find(const char *claim) {
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
    if (strcmp(claim, statements[i].text[RC_CLAIM]) == 0) return &statements[i];
  return NULL;
}

#define NOISE "sigma^2*a^2/(a^2 + sigma^2*b^2)"
#define MEANS(square) NOISE " + (a^2/(a^2 + sigma^2*b^2))^2*" square

/* A law has an inequality where it has the constant, which target.c gives to no others. */
static const struct {
  bool upper;
  const char *constant, *text;
} models[RC_MODELS] = {
    {false, "zero", "zero"},
    {false, "lambda_min", "lambda_min*a^2/(a^2 + lambda_min*b^2)"},
    {true, "lambda_max", "lambda_max*a^2/(a^2 + lambda_max*b^2)"},
    {true, "half_diam", MEANS("half_diam^2")},
    {true, "R", MEANS("R^2")},
    {true, "L", MEANS("L^2")},
    {true, "precision", "a^2/(precision*a^2 + b^2)"},
    {true, "support_half_diam", "support_half_diam^2"},
};

int rc_model(rc_graph *g, size_t i, size_t k, bool upper) {
  const char *const names[] = {"sigma", models[i].constant};
  int outer = g->name_count, node = -1;
  for (int j = 0; j < 2; j++) {
    char own[40];
    snprintf(own, sizeof own, "%s_%zu", names[j], k + 1);
    node = rc_find(g, own);
    if (node >= 0) rc_bind(g, names[j], node);
  }
  if (node >= 0) node = models[i].upper == upper ? rc_parse(g, models[i].text) : -1;
  g->name_count = outer;
  return node;
}
