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
    {BOUNDS "a.lower", V, ">=", "da/a", 0, 0, 0},
    {BOUNDS "a.upper", V, "<=", "b*omega*D^2/a^3 + da/a", 0, 0, 0},
    {BOUNDS "a.upper.sharp", V, "<=", "b*omega*(diam_nu/2)^2/a^3 + da/a", 0, 0, 0},
    {BOUNDS "b.lower", V, ">=", "(beta*a*da + b*db)/(beta*a^2 + b^2)", 0, 0, 0},
    {BOUNDS "c.upper", V, "<=", KAPPA, "kappa + b^2/a^2", 0, 0},
    {BOUNDS "d.lower", V, ">=", D_LOWER, 0, 0, 0},
    {BOUNDS "d.upper", V, "<=", "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER, 0, 0, 0},
    {BOUNDS "d.upper.sharp", V, "<=", "a*b*omega*(diam_rho/2)^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER,
     0, 0, 0},
    {BOUNDS "e.lower", V, ">=", E_K "*(-" E_B " - L^2*b^2/(a^2 + b^2)^2) + " GAUSS, 0, 0, 0},
    {BOUNDS "e.upper", V, "<=", E_K "*" E_B " + " GAUSS, 0, 0, 0},
    {BOUNDS "e.lower.sharp", V, ">=", "da/a + b*omega/a^3*max(0, " TAU " - L*a^2/(a^2 + b^2))^2", 0,
     0, 0},
    {BOUNDS "e.upper.sharp", V, "<=", "da/a + b*omega/a^3*(" TAU " + L*a^2/(a^2 + b^2))^2", 0, 0,
     0},
    {ENVELOPE "log-concave", V, "<=", KAPPA, 0, 0, 0},
    {ENVELOPE "support", V, "<=", "b^2/a^2*(db/b - da/a)*D^2 + da/a", 0, KAPPA,
     "b^2/a^2 - (1/D^2 - kappa)"},
    {ENVELOPE "mixture", V, "<=", D_LOWER " + a*b*(a*db - da*b)/(a^2 + sigma^2*b^2)^2*R^2", 0, 0,
     0},
    {ENVELOPE "log-lipschitz", V, "<=", ENVELOPE_E, 0, "min(" ENVELOPE_E ", " CONVEX ")",
     "min(kappa, 0) + b^2/a^2"},
    {"gif.variance/uniform.upper", C, "<=", "1/(kappa + b^2/a^2)", "1/(kappa + b^2/a^2)", 0, 0},
    {"gif.variance/uniform.lower", C, ">=", "1/(beta + b^2/a^2)", "1/(beta + b^2/a^2)", 0, 0},
};

const rc_statement *rc_statement_find(const char *claim) {
  for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
    if (strcmp(claim, statements[i].claim) == 0) return &statements[i];
  return NULL;
}

/* For which laws a bound holds; a whole product only has ANY and BOUNDED. */
typedef enum scope { ANY, GAUSSIAN, EQUAL, UNIT, MIXTURE, CUT, BOUNDED } scope;

#define NOISE "sigma#^2*a^2/(a^2 + sigma#^2*b^2)"
#define MEANS(square) NOISE " + (a^2/(a^2 + sigma#^2*b^2))^2*" square

static const struct {
  bool upper;
  scope scope;
  const char *text; /* '#' stands for the suffix of the factor's constants */
} models[] = {
    {false, ANY, "0"},
    {false, GAUSSIAN, "lambda_min#*a^2/(a^2 + lambda_min#*b^2)"},
    {true, GAUSSIAN, "lambda_max#*a^2/(a^2 + lambda_max#*b^2)"},
    {false, EQUAL, NOISE},
    {true, EQUAL, MEANS("half_diam#^2")},
    {true, EQUAL, MEANS("R#^2")},
    {true, UNIT, MEANS("L#^2")},
    {false, MIXTURE, "lambda_min#*a^2/(a^2 + lambda_min#*b^2)"},
    {true, CUT, "a^2/(kappa#*a^2 + b^2)"},
    {true, BOUNDED, "support_half#^2"},
};

static bool applies(scope kind, const rc_target *t, const rc_law *law) {
  bool bounded = true;
  for (size_t i = 0; i < t->count && !law; i++) bounded = bounded && t->laws[i].bounded;
  if (kind == ANY) return true;
  if (!law) return kind == BOUNDED && bounded;
  bool equal = law->equal && !law->atomic;
  switch (kind) {
  case GAUSSIAN:
    return law->gaussian;
  case EQUAL:
    return equal || (law->gaussian && law->pieces);
  case UNIT:
    return equal && !rc_is_nan(law->primitive[RC_SLOPE]);
  case MIXTURE:
    return !law->pieces && !law->atomic;
  case CUT:
    return law->pieces && law->count == 1;
  default:
    return law->bounded;
  }
}

const char *rc_model(char text[200], size_t i, const rc_target *t, const rc_law *law, bool upper) {
  if (i >= sizeof models / sizeof *models) return NULL;
  text[0] = '\0';
  if (models[i].upper != upper || !applies(models[i].scope, t, law)) return text;
  char suffix[24] = "";
  size_t n = 0;
  if (law) snprintf(suffix, sizeof suffix, "_%zu", (size_t)(law - t->laws) + 1);
  for (const char *from = models[i].text; *from; from++)
    n += (size_t)(*from == '#' ? snprintf(text + n, 200 - n, "%s", suffix)
                               : snprintf(text + n, 200 - n, "%c", *from));
  return text;
}
