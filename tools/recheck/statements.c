/* The paper's statements about grad v, C and the flow, transcribed once more, and elementary bounds
 * on C (README.md has their proofs). */
#include <stdio.h>
#include <string.h>

#include "recheck.h"

#define V "velocity-jacobian"
#define C "posterior-covariance"
#define VAR "posterior-variance"
#define GAUSS "(a*da + b*db)/(a^2 + b^2)"
#define KAPPA "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define D_LOWER "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define E_K "((db/b)*a^2 - a*da)"
#define E_TAIL "(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + b^2)/b)^(-1/2))"
#define E_B "5*L*b*" E_TAIL
#define TAU "a/sqrt(a^2 + b^2)"
#define ENVELOPE_E E_K "*" E_B " + " GAUSS

#define CURVED "sqrt((kappa*a^2 + b^2)/(kappa*a_s^2 + b_s^2))"
#define CONCAVE "kappa*a^2 + b^2" /* > 0: so is the posterior */
#define CONVEX_BACK "sqrt((beta*a_s^2 + b_s^2)/(beta*a^2 + b^2))"
#define V_T "(a^2 + sigma^2*b^2)"
#define V_S "(a_s^2 + sigma^2*b_s^2)"
#define COMPONENT_BACK "sqrt(" V_S "/" V_T ")"
#define COMPONENTS(r)                                                                              \
  "sqrt(" V_T "/" V_S ")*exp((" r ")^2/2*(a_s^2*b^2 - a^2*b_s^2)/(" V_S "*" V_T "))"
#define SUPPORT(w) "a/a_s*exp((" w ")^2/2*(b^2/a^2 - b_s^2/a_s^2))"
#define LATE(w)                                                                                    \
  "sqrt(kappa*a^2 + b^2)/(a_s*sqrt(kappa + max(b_s^2/a_s^2, 1/(" w ")^2 - kappa)))*exp((" w        \
  ")^2/2*max(0, 1/(" w ")^2 - kappa - b_s^2/a_s^2))",                                              \
      "b^2 - (1/(" w ")^2 - kappa)*a^2"
#define RHO "sqrt(a^2 + b^2)"
#define RHO_S "sqrt(a_s^2 + b_s^2)"
#define SLOPE                                                                                      \
  RHO "/" RHO_S "*exp(2*L*((a_s/" RHO_S ") - (a/" RHO ")) + L^2/2*((a_s/" RHO_S ")^2 - (a/" RHO    \
      ")^2))"
#define TOP "max(" RHO_S ", L*a_s)"
#define SLOPE_BACK                                                                                 \
  TOP "/" RHO "*exp(2*L*((a_s/" TOP ") - (a/" RHO ")) - L^2/2*((a_s/" TOP ")^2 - (a/" RHO ")^2))"
#define THETA_A "b*omega*D^2/a^3 + da/a"
#define THETA_D D_LOWER " + a*omega*b*R^2/(a^2 + sigma^2*b^2)^2"
#define THETA_E "a*omega*5*L*" E_TAIL " + " GAUSS
#define MASTER "integral of u*c(u) from u_s to u), c the "
#define BOUND(name) .text = {"gif.velocity-bounds/" name
#define ENVELOPE(name) .text = {"gif.velocity-envelope/" name
#define VARIANCE(name) .text = {"gif.variance/" name
#define FORWARD(name) .flow = true, .text = {"gif.flow-lipschitz/" name, "<=", "flow-jacobian"
#define BACK(name) .flow = true, .text = {"gif.flow-lipschitz/" name, "<=", "inverse-flow-jacobian"
#define MADE_OF(...) .bounds = {__VA_ARGS__}

/* NOLINTBEGIN(bugprone-suspicious-missing-comma) */
/* clang-format off */
#define INTEGRAL FORWARD("envelope"), "exp(integral of theta from s to t)"}, .rates = true
static const rc_statement statements[] = {
    {BOUND("a.lower"), ">=", V, "da/a"}},
    {BOUND("a.upper"), "<=", V, THETA_A}},
    {BOUND("a.upper.sharp"), "<=", V, "b*omega*(diam_nu/2)^2/a^3 + da/a"}},
    {BOUND("b.lower"), ">=", V, "(beta*a*da + b*db)/(beta*a^2 + b^2)"}},
    {BOUND("c.upper"), "<=", V, KAPPA, "kappa + b^2/a^2"}},
    {BOUND("d.lower"), ">=", V, D_LOWER}},
    {BOUND("d.upper"), "<=", V, "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER}},
    {BOUND("d.upper.sharp"), "<=", V, "a*b*omega*(diam_rho/2)^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER}},
    {BOUND("e.lower"), ">=", V, E_K "*(-" E_B " - L^2*b^2/(a^2 + b^2)^2) + " GAUSS}},
    {BOUND("e.upper"), "<=", V, E_K "*" E_B " + " GAUSS}},
    {BOUND("e.lower.sharp"), ">=", V, "da/a + b*omega/a^3*max(0, " TAU " - L*a^2/(a^2 + b^2))^2"}},
    {BOUND("e.upper.sharp"), "<=", V, "da/a + b*omega/a^3*(" TAU " + L*a^2/(a^2 + b^2))^2"}},
    {ENVELOPE("log-concave"), "<=", V, KAPPA}},
    {ENVELOPE("support"), "<=", V, "b^2/a^2*(db/b - da/a)*D^2 + da/a", 0, KAPPA,
      "b^2/a^2 - (1/D^2 - kappa)"}},
    {ENVELOPE("mixture"), "<=", V, D_LOWER " + a*b*(a*db - da*b)/(a^2 + sigma^2*b^2)^2*R^2"}},
    {ENVELOPE("log-lipschitz"), "<=", V, ENVELOPE_E, 0, "min(" ENVELOPE_E
      ", (min(kappa, 0)*a*da + b*db)/(min(kappa, 0)*a^2 + b^2))", "min(kappa, 0) + b^2/a^2"}},
    {VARIANCE("uniform.upper"), "<=", C, "1/(kappa + b^2/a^2)", "1/(kappa + b^2/a^2)"}},
    {VARIANCE("uniform.lower"), ">=", C, "1/(beta + b^2/a^2)", "1/(beta + b^2/a^2)"}},
    {VARIANCE("brascamp-lieb"), "<=", VAR, "df^2/(ddU + b^2/a^2)", CONCAVE}, .theorem = true},
    {VARIANCE("brascamp-lieb.covariance"), "<=", C, "1/(ddU + b^2/a^2)", CONCAVE}, .theorem = true},
    {VARIANCE("cramer-rao"), ">=", VAR, "Edf^2/(EddU + b^2/a^2)"}, .theorem = true},
    {VARIANCE("cramer-rao.covariance"), ">=", C, "1/(EddU + b^2/a^2)"}, .theorem = true},
    {FORWARD("log-concave.forward"), CURVED, "kappa*a_s^2 + b_s^2"}},
    {BACK("log-concave.reverse"), CONVEX_BACK}},
    {FORWARD("mixture.forward"), COMPONENTS("R")}},
    {BACK("mixture.reverse"), COMPONENT_BACK}},
    {FORWARD("support"), SUPPORT("D"), 0, LATE("D")}, MADE_OF({SUPPORT("D")}, {CURVED, CONCAVE})},
    {FORWARD("support.sharp"), SUPPORT("diam_nu/2"), 0, LATE("diam_nu/2")},
      MADE_OF({SUPPORT("diam_nu/2")}, {CURVED, CONCAVE})},
    {FORWARD("log-lipschitz"), RHO "/" RHO_S "*exp(5*L^2 + 5*sqrt(pi)*L)"}, MADE_OF({SLOPE})},
    {FORWARD("log-lipschitz.sharp"), SLOPE}},
    {FORWARD("master.forward"), "(a/a_s)*exp(" MASTER "least of the known"},
      MADE_OF({CURVED, CONCAVE}, {SUPPORT("diam_nu/2")}, {COMPONENTS("diam_rho/2")}, {SLOPE})},
    {BACK("master.reverse"), "(a_s/a)*exp(-" MASTER "greatest of the known"},
      MADE_OF({CONVEX_BACK}, {COMPONENT_BACK}, {"a_s/a", 0, SLOPE_BACK, RHO " - L*a"}, {"a_s/a"})},
    {INTEGRAL, MADE_OF({THETA_D})},
    {INTEGRAL, MADE_OF({KAPPA})},
    {INTEGRAL, MADE_OF({THETA_A}, {KAPPA, CONCAVE})},
    {INTEGRAL, MADE_OF({THETA_E}, {KAPPA, CONCAVE})},
};
/* clang-format on */
/* NOLINTEND(bugprone-suspicious-missing-comma) */

bool rc_is_text(const char *text, const char *known) {
  return text && known ? strcmp(text, known) == 0 : !text && !known;
}

/* Of several with one name, that of which the certificate begins with the first bound. */
const rc_statement *rc_statement_find(const rc_claim *claim) {
  const json_t *part = json_array_get(json_object_get(claim->json, "parts"), 0);
  const char *first = json_string_value(json_object_get(part, "formula"));
  for (const rc_statement *s = statements; s < statements + sizeof statements / sizeof *statements;
       s++)
    if (strcmp(claim->text[RC_CLAIM], s->text[RC_CLAIM]) == 0 &&
        (!s->rates || rc_is_text(first, **s->bounds)))
      return s;
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
