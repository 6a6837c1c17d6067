/* Certificates of kind `witness`: the claim is false at one t and x. */
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum { FIRST_BITS = 256, MOST_BITS = 8192 };

/* --- schedules --- */

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

/* Defines "key=value,key=value"; keys that are there already stay. */
static bool define_parameters(rc_graph *g, const char *text) {
  char copy[1000], *rest = NULL;
  if (strlen(text) >= sizeof copy) return rc_reject(g->verdict, "schedule: a long label");
  strcpy(copy, text);
  for (char *part = strtok_r(copy, ",", &rest); part; part = strtok_r(NULL, ",", &rest)) {
    char *value = strchr(part, '='), key[40];
    if (!value || value - part > 20) return rc_reject(g->verdict, "schedule: parameters");
    *value = '\0';
    snprintf(key, sizeof key, "parameter_%s", part);
    if (!rc_knows(g, key) && !rc_define(g, key, rc_parse(g, value + 1, "schedule"))) return false;
  }
  return true;
}

/* The node of a formula whose parameters were defined: "a0" is spelt parameter_a0. */
static int with_parameters(rc_graph *g, const char *pattern) {
  static const char *const keys[] = {"a0", "zeta", "beta_min", "beta_max", "a", "b"};
  char text[400];
  size_t n = 0;
  while (*pattern && n + 50 < sizeof text) {
    size_t length = 0;
    for (int i = 0; i < 6 && !length; i++) {
      size_t m = strlen(keys[i]);
      bool inner = n && (text[n - 1] == '_' || (text[n - 1] >= 'a' && text[n - 1] <= 'z'));
      char after = pattern[m <= strlen(pattern) ? m : 0];
      if (!inner && strncmp(pattern, keys[i], m) == 0 && !(after >= 'a' && after <= 'z'))
        n += (size_t)snprintf(text + n, sizeof text - n, "parameter_%s", keys[i]), length = m;
    }
    pattern += length;
    if (!length) text[n++] = *pattern++;
  }
  text[n] = '\0';
  return rc_parse(g, text, "schedule");
}

/* The schedule by its label; the certificate's formulas must agree at t. */
static bool read_schedule(int *a, int *b, rc_graph *g, const char *label) {
  size_t length = strcspn(label, ":");
  for (size_t i = 0; i < sizeof schedules / sizeof *schedules; i++) {
    if (strncmp(schedules[i].name, label, length) != 0 || schedules[i].name[length]) continue;
    if ((label[length] && !define_parameters(g, label + length + 1)) ||
        !define_parameters(g, schedules[i].parameters))
      return false;
    *a = with_parameters(g, schedules[i].a);
    *b = with_parameters(g, schedules[i].b);
    return *a >= 0 && *b >= 0;
  }
  return rc_reject(g->verdict, "schedule: '%.40s' is not known", label);
}

/* --- the point --- */

typedef struct point {
  rc_graph schedule[1];
  int t, nodes[4], said[4]; /* a, b, a', b' */
  mpfi_t *x, *e;
  mpfi_t covariance, measured, size;
} point;

static bool read_point(point *p, rc_claim *claim, const json_t *json) {
  static const char *const keys[] = {"a", "b", "da", "db"};
  const char *label = rc_text(claim->json, "schedule", claim->verdict);
  rc_graph *g = p->schedule;
  p->t = rc_text_node(g, json, "t");
  if (!label || p->t < 0) return false;
  /* From here on t is a name, whose value is set. */
  if (!read_schedule(&p->nodes[0], &p->nodes[1], g, label)) return false;
  p->nodes[2] = rc_derivative(g, p->nodes[0], "t");
  p->nodes[3] = rc_derivative(g, p->nodes[1], "t");
  for (int i = 0; i < 4; i++)
    if (p->nodes[i] < 0 || (p->said[i] = rc_text_node(g, json, keys[i])) < 0) return false;
  const json_t *x = json_object_get(json, "x"), *e = json_object_get(json, "direction");
  return (json_array_size(x) == claim->target->d && json_array_size(e) == claim->target->d) ||
         rc_reject(claim->verdict, "witness: x or its direction has another dimension");
}

static bool set_vector(mpfi_t *z, rc_graph *g, const json_t *list, size_t d) {
  for (size_t i = 0; i < d; i++) {
    const char *text = json_string_value(json_array_get(list, i));
    mpfi_ptr value = text ? rc_value(g, rc_parse(g, text, "witness")) : NULL;
    if (!value || !mpfi_bounded_p(value)) return rc_reject(g->verdict, "witness: no number");
    mpfi_set(z[i], value);
  }
  return true;
}

static bool set_name(rc_graph *g, const char *name, mpfi_srcptr value) {
  int node = rc_name(g, name);
  mpfi_set(g->nodes[node].value, value);
  return true;
}

/* a, b, a', b', omega, t, r in the claim's formulas. */
static bool set_names(point *p, rc_claim *claim) {
  static const char *const names[] = {"a", "b", "da", "db"};
  rc_graph *g = p->schedule, *to = claim->graph;
  mpfi_t t;
  mpfi_ptr value = rc_value(g, p->t);
  if (!value || !mpfi_is_nonneg(value) || mpfr_cmp_ui(&value->right, 1) >= 0)
    return rc_reject(claim->verdict, "witness: t is not in [0, 1)");
  mpfi_init2(t, (mpfr_prec_t)g->bits);
  mpfi_set(t, value);
  set_name(g, "t", t);
  set_name(to, "t", t);
  mpfi_ui_sub(t, 1, t);
  set_name(to, "r", t);
  bool good = true;
  for (int i = 0; i < 4 && good; i++) {
    if (!(good = (value = rc_value(g, p->nodes[i])) != NULL)) break;
    mpfi_set(t, value);
    set_name(to, names[i], t);
    if (!(good = (value = rc_value(g, p->said[i])) != NULL)) break;
    mpfi_sub(t, t, value);
    good = (!rc_is_nan(t) && mpfi_has_zero(t) && (i > 1 || mpfi_is_nonneg(value))) ||
           rc_reject(claim->verdict, "witness: %s is not that of the schedule", names[i]);
  }
  int omega = rc_parse(to, "a*db - da*b", "");
  if (good && (good = (value = rc_value(to, omega)) != NULL)) {
    mpfi_set(t, value);
    set_name(to, "omega", t);
  }
  mpfi_clear(t);
  return good;
}

/* 1: e' grad v e is beyond the bound by intervals, -1: it is not, 0: not seen. */
static int decide(point *p, rc_claim *claim) {
  rc_graph *g = claim->graph;
  size_t d = claim->target->d;
  mpfi_ptr value;
  int f = claim->formula, factor;
  if (claim->where >= 0 && (!(value = rc_value(g, claim->where)) || mpfr_sgn(&value->left) <= 0))
    return 0;
  if (claim->late_where >= 0) {
    if (!(value = rc_value(g, claim->late_where))) return 0;
    if (rc_is_nan(value) || (mpfr_sgn(&value->left) <= 0 && mpfr_sgn(&value->right) > 0)) return 0;
    if (mpfr_sgn(&value->left) > 0) f = claim->late_formula;
  }
  if (!rc_covariance(p->covariance, claim->target, g->nodes[rc_name(g, "a")].value,
                     g->nodes[rc_name(g, "b")].value, p->x, p->e))
    return 0;
  mpfi_set_ui(p->size, 0);
  for (size_t i = 0; i < d; i++) {
    mpfi_sqr(p->measured, p->e[i]);
    mpfi_add(p->size, p->size, p->measured);
  }
  mpfi_div(p->measured, p->covariance, p->size);
  factor = rc_parse(g, "b*omega/a^3", "");
  if (!claim->of_covariance) {
    if (!(value = rc_value(g, factor))) return 0;
    mpfi_mul(p->measured, p->measured, value);
    if (!(value = rc_value(g, rc_parse(g, "da/a", "")))) return 0;
    mpfi_add(p->measured, p->measured, value);
  }
  if (!(value = rc_value(g, f))) return 0;
  mpfi_sub(p->measured, p->measured, value);
  if (!claim->upper) mpfi_neg(p->measured, p->measured);
  if (rc_is_nan(p->measured)) return 0;
  return mpfi_is_strictly_pos(p->measured) ? 1 : mpfi_is_nonpos(p->measured) ? -1 : 0;
}

static bool settle(point *p, rc_claim *claim, const json_t *json) {
  size_t d = claim->target->d;
  int answer = 0;
  for (long bits = FIRST_BITS; bits <= MOST_BITS && !answer; bits *= 2) {
    rc_graph_set_bits(claim->graph, bits);
    rc_graph_set_bits(p->schedule, bits);
    if (!rc_target_set_bits(claim->target, bits, false)) return false;
    rc_set_constants(claim->graph, claim->target);
    for (size_t i = 0; i < d; i++) mpfi_set_prec(p->x[i], (mpfr_prec_t)bits);
    for (size_t i = 0; i < d; i++) mpfi_set_prec(p->e[i], (mpfr_prec_t)bits);
    mpfi_set_prec(p->covariance, (mpfr_prec_t)bits);
    mpfi_set_prec(p->measured, (mpfr_prec_t)bits);
    mpfi_set_prec(p->size, (mpfr_prec_t)bits);
    if (!set_vector(p->x, p->schedule, json_object_get(json, "x"), d) ||
        !set_vector(p->e, p->schedule, json_object_get(json, "direction"), d) ||
        !set_names(p, claim))
      return false;
    answer = decide(p, claim);
    if (claim->verdict->reason[0]) return false;
  }
  if (answer < 0) return rc_reject(claim->verdict, "witness: the bound holds there");
  return answer > 0 || rc_reject(claim->verdict, "witness: not seen to be beyond the bound");
}

static mpfi_t *new_vector(size_t n) {
  mpfi_t *z = malloc(n * sizeof *z);
  for (size_t i = 0; z && i < n; i++) mpfi_init(z[i]);
  return z;
}

static void free_vector(mpfi_t *z, size_t n) {
  for (size_t i = 0; z && i < n; i++) mpfi_clear(z[i]);
  free(z);
}

bool rc_check_witness(rc_claim *claim) {
  const json_t *json = json_object_get(claim->json, "witness");
  size_t d = claim->target->d;
  point p[1] = {{.x = new_vector(d), .e = new_vector(d)}};
  mpfi_ptr own[] = {p->covariance, p->measured, p->size};
  for (int i = 0; i < 3; i++) mpfi_init(own[i]);
  rc_graph_init(p->schedule, claim->verdict);
  bool good = p->x && p->e && read_point(p, claim, json) && settle(p, claim, json);
  rc_graph_clear(p->schedule);
  for (int i = 0; i < 3; i++) mpfi_clear(own[i]);
  free_vector(p->x, d);
  free_vector(p->e, d);
  return good;
}
