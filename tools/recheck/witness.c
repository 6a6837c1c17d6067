/* Certificates of kind `witness`: the claim is false at one t and x. */
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum { MOST_BITS = 8192 };

static const struct {
  const char *name, *parameters, *a, *b;
} schedules[] = {
    {"ve", "a0=2", "a0*(1-t)", "1"},
    {"vp", "a0=99/100", "a0*(1-t)", "sqrt(1-(a0*(1-t))^2)"},
    {"linear", "", "1-t", "t"},
    {"follmer", "", "sqrt(1-t^2)", "t"},
    {"trigonometric", "", "cos(pi*t/2)", "sin(pi*t/2)"},
    {"shifted-linear", "", "(1-t)/(1+zeta)", "(t+zeta)/(1+zeta)"},
    {"vp-sde", "beta_min=1/10,beta_max=20",
     "sqrt(1-exp(2*(-(1-t)^2*(beta_max-beta_min)/4-(1-t)*beta_min/2)))",
     "exp(-(1-t)^2*(beta_max-beta_min)/4-(1-t)*beta_min/2)"},
    {"custom", "", "a", "b"},
};

/* Binds "key=value,key=value". */
static void bind_parameters(rc_graph *g, const char *text) {
  char copy[1000], *rest = NULL;
  if (strlen(text) >= sizeof copy) rc_reject(g, "schedule: a long label");
  snprintf(copy, sizeof copy, "%s", text);
  for (char *part = strtok_r(copy, ",", &rest); part; part = strtok_r(NULL, ",", &rest)) {
    char *value = strchr(part, '=');
    if (!value || strncmp(part, "t=", 2) == 0) {
      rc_reject(g, "schedule: its parameters");
      return;
    }
    *value = '\0';
    rc_bind(g, part, rc_parse(g, value + 1));
  }
}

/* Binds t, r = 1 - t, the schedule by its label, its derivatives and omega. */
static void bind_point(rc_claim *claim) {
  static const char *const names[] = {"t", "r", "a", "b", "da", "db"};
  rc_graph *g = claim->g;
  const char *label = rc_text(g, claim->json, "schedule");
  size_t length = strcspn(label, ":"), i = 0, count = sizeof schedules / sizeof *schedules;
  int t = rc_parse(g, rc_text(g, json_object_get(claim->json, "witness"), "t")),
      outer = g->name_count;
  while (i < count && (strncmp(schedules[i].name, label, length) != 0 || schedules[i].name[length]))
    i++;
  if (i == count) rc_reject(g, "schedule: '%.40s' is not known", label);
  if (i == count) return;
  rc_bind(g, "t", t);
  bind_parameters(g, schedules[i].parameters);
  if (label[length]) bind_parameters(g, label + length + 1);
  const int by[] = {t, rc_number(g, "1"), t, rc_number(g, "1")};
  int a = rc_parse(g, schedules[i].a), b = rc_parse(g, schedules[i].b);
  int da = rc_derivative(g, a, by, false), db = rc_derivative(g, b, by, false);
  g->name_count = outer; /* parameters are no names in formulas */
  const int nodes[] = {t, rc_form(g, "1 - t", "t", t), a, b, da, db};
  for (int j = 0; j < 6; j++) {
    if (!rc_has_sign(g, nodes[j], j == 4 ? -1 : 1, j == 1 || j == 2)) /* a' <= 0; r, a > 0 */
      rc_reject(g, "schedule: %s has not its sign at this t", names[j]);
    rc_bind(g, names[j], nodes[j]);
  }
  rc_bind(g, "omega", rc_parse(g, "a*db - da*b"));
}

/* sign*(e' grad v e/|e|^2 - bound). */
static int excess(rc_claim *claim, const json_t *json, int formula) {
  rc_graph *g = claim->g;
  size_t d = claim->target->d;
  int *x = rc_numbers(g, json_object_get(json, "x"), d, "witness: x");
  int *e = rc_numbers(g, json_object_get(json, "direction"), d, "witness: direction");
  int z = 0;
  if (rc_is_good(g))
    z = rc_form(g, "c/n", "cn", rc_covariance(g, claim->target, x, e), rc_squares(g, d, e, NULL));
  if (!claim->of_covariance) z = rc_form(g, "da/a + b*omega/a^3*z", "z", z);
  free(x);
  free(e);
  return rc_form(g, claim->upper ? "z - f" : "f - z", "zf", z, formula);
}

void rc_check_witness(rc_claim *claim) {
  rc_graph *g = claim->g;
  bind_point(claim);
  int where = rc_parse(g, claim->text[RC_WHERE]),
      late_where = rc_parse(g, claim->text[RC_LATE_WHERE]);
  bool late = late_where >= 0 && rc_has_sign(g, late_where, 1, true);
  if (late_where >= 0 && !late && !rc_has_sign(g, late_where, -1, false))
    rc_reject(g, "witness: between two stages");
  if (where >= 0 && !rc_has_sign(g, where, 1, true))
    rc_reject(g, "witness: the claim says nothing there");
  if (!rc_is_good(g)) return;
  int formula = rc_parse(g, claim->text[late ? RC_LATE_FORMULA : RC_FORMULA]);
  int beyond = excess(claim, json_object_get(claim->json, "witness"), formula);
  for (long bits = RC_BITS; bits <= MOST_BITS && rc_is_good(g); bits *= 2) {
    rc_set_bits(g, bits);
    if (rc_has_sign(g, beyond, 1, true)) return;
    if (rc_has_sign(g, beyond, -1, false)) rc_reject(g, "witness: the bound holds there");
  }
  rc_reject(g, "witness: not seen to be beyond the bound");
}
