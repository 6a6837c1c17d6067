/* Statements that tests of proofs share, edits that make them false, and a
 * judge that knows nothing of proofs: the posterior itself at random points. */
#ifndef FC_CHECKS_PROOF_STATEMENTS_H
#define FC_CHECKS_PROOF_STATEMENTS_H

#include <math.h>
#include <stdio.h>

#include "targets.h"

#include "base/text.h"
#include "matrix/matrix.h"
#include "proof/model.h"
#include "proof/proof.h"

#define GAUSS "(a*da + b*db)/(a^2 + b^2)"
#define CAPITAL_B "5*L*b*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + b^2)/b)^(-1/2))"
#define CAPITAL_K "((db/b)*a^2 - a*da)"
#define D_LOWER "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define KAPPA_BOUND "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define TAU "a/sqrt(a^2 + b^2)"

/* Proposition 4.1 with its sharper forms, and the late bound of (4.10). */
static const fc_bound_statement statements[] = {
    {false, false, "da/a", NULL, NULL, NULL},
    {true, false, "b*omega*D^2/a^3 + da/a", NULL, NULL, NULL},
    {true, false, "b*omega*(diam_nu/2)^2/a^3 + da/a", NULL, NULL, NULL},
    {false, false, "(beta*a*da + b*db)/(beta*a^2 + b^2)", NULL, NULL, NULL},
    {true, false, KAPPA_BOUND, "kappa + b^2/a^2", NULL, NULL},
    {false, false, D_LOWER, NULL, NULL, NULL},
    {true, false, "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER, NULL, NULL,
     NULL},
    {true, false, "a*b*omega*(diam_rho/2)^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER,
     NULL, NULL, NULL},
    {true, false, CAPITAL_K "*" CAPITAL_B " + " GAUSS, NULL, NULL, NULL},
    {false, false,
     CAPITAL_K "*(-" CAPITAL_B " - L^2*b^2/(a^2 + b^2)^2) + " GAUSS, NULL, NULL,
     NULL},
    {true, false, "da/a + b*omega/a^3*(" TAU " + L*a^2/(a^2 + b^2))^2", NULL,
     NULL, NULL},
    {false, false, "da/a + b*omega/a^3*max(0, " TAU " - L*a^2/(a^2 + b^2))^2",
     NULL, NULL, NULL},
    {true, false, CAPITAL_K "*" CAPITAL_B " + " GAUSS, NULL,
     "(min(kappa, 0)*a*da + b*db)/(min(kappa, 0)*a^2 + b^2)",
     "min(kappa, 0) + b^2/a^2"},
    {true, false, "b^2/a^2*(db/b - da/a)*D^2 + da/a", NULL, KAPPA_BOUND,
     "b^2/a^2 - (1/D^2 - kappa)"},
    {true, true, "1/(kappa + b^2/a^2)", "1/(kappa + b^2/a^2)", NULL, NULL},
    {false, true, "1/(beta + b^2/a^2)", NULL, NULL, NULL},
};
enum { STATEMENT_COUNT = sizeof statements / sizeof *statements };

static inline bool mentions(const fc_bound_statement *s, const char *name) {
  return strstr(s->formula, name) ||
         (s->late_formula && strstr(s->late_formula, name));
}

/* The target has every constant that the statement names. */
static inline bool applies(const fc_bound_statement *s,
                           const fc_target *target) {
  for (int i = 0; i < FC_CLASS_NAMES; i++)
    if (mentions(s, fc_class_names[i].name) &&
        !fc_target_constant_d(NULL, target, fc_class_names[i].which))
      return false;
  return true;
}

/* --- edits -----------------------------------------------------------------
 */

/* A text with one edit, number `edit` of those that there are: a sign, a
 * factor, an exponent, a name. */
static inline bool mutate(fc_text *out, const char *text, int edit) {
  static const char *const names[] = {
      "kappa", "beta", "sigma", "D", "diam_nu", "diam_rho", "omega", "L",
      "R",     "da",   "db",    "a", "b",       "a_s",      "b_s"};
  bool done = false;
  for (const char *at = text; *at;) {
    char one[2] = {*at, '\0'};
    size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyzDLR_");
    if (length > 0) {
      char name[16];
      snprintf(name, sizeof name, "%.*s", (int)length, at);
      bool known = false;
      for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        known = known || strcmp(name, names[i]) == 0;
      bool swappable = strcmp(name, "a") == 0 || strcmp(name, "b") == 0;
      if (known && !done && edit-- == 0) {
        fc_text_printf(out, "(101/100*%s)", name);
        done = true;
      } else if (known && !done && edit-- == 0) {
        fc_text_printf(out, "(99/100*%s)", name);
        done = true;
      } else if (swappable && !done && edit-- == 0) {
        fc_text_append(out, *name == 'a' ? "b" : "a");
        done = true;
      } else if (known && !done && edit-- == 0) {
        fc_text_append(out, "1");
        done = true;
      } else
        fc_text_append(out, name);
      at += length;
      continue;
    }
    if (strchr("+-*/", *at) && !done && edit-- == 0) {
      fc_text_append(out, *at == '+'   ? "-"
                          : *at == '-' ? "+"
                          : *at == '*' ? "/"
                                       : "*");
      done = true;
    } else if (*at >= '2' && *at <= '5' && !done && edit-- == 0) {
      fc_text_printf(out, "%c", *at + 1);
      done = true;
    } else if (*at >= '2' && *at <= '5' && !done && edit-- == 0) {
      fc_text_printf(out, "%c", *at - 1);
      done = true;
    } else
      fc_text_append(out, one);
    at++;
  }
  return done;
}

/* --- the judge -------------------------------------------------------------
 */

static const char *const statement_names[] = {
    "a", "b",     "da", "db", "omega",   "kappa",   "beta",
    "D", "sigma", "R",  "L",  "diam_nu", "diam_rho"};
enum { NAMES = sizeof statement_names / sizeof *statement_names, JUDGED = 48 };

/* a, b, da, db, omega, then the constants. */
static inline void set_values(fc_ptr values, const fc_target *target, double a,
                              double b, double k, double w, const fc_ctx *ctx) {
  fc_ptr da = values + 2, db = values + 3;
  fc_set_d(values, a, ctx);
  fc_set_d(values + 1, b, ctx);
  fc_set_d(values + 4, w, ctx);
  fc_set_d(da, k, ctx);
  fc_mul(db, da, values + 1, ctx); /* k b + w/a */
  fc_mul(da, da, values, ctx);     /* k a */
  fc_div(values + 5, values + 4, values, ctx);
  fc_add(db, db, values + 5, ctx);
  for (int i = 5; i < NAMES; i++) {
    fc_set_d(values + i, NAN, ctx);
    for (int j = 0; j < FC_CLASS_NAMES; j++)
      if (strcmp(fc_class_names[j].name, statement_names[i]) == 0 &&
          fc_target_constant(values + i, NULL, NULL, target,
                             fc_class_names[j].which, ctx) == FC_OK)
        fc_mul_si(values + i, values + i, fc_class_names[j].factor, ctx);
  }
}

/* z = the text's value; false where it is none. */
static inline bool value_of(fc_ptr z, const char *text, fc_srcptr values,
                            const fc_ctx *ctx) {
  fc_formula *f = NULL;
  fc_error error = {.message = ""};
  if (fc_formula_parse(&f, text, statement_names, NAMES, NULL, &error))
    ck_abort_msg("%s: %s", text, error.message);
  bool there = fc_formula_eval(z, f, values, ctx) == FC_OK &&
               fc_is_finite(z, ctx) == FC_TRUE;
  fc_formula_free(f);
  return there;
}

static inline bool is_positive_at(const char *text, fc_srcptr values,
                                  const fc_ctx *ctx) {
  fc_num z;
  fc_init(z, ctx);
  bool positive =
      value_of(z, text, values, ctx) && fc_is_positive(z, ctx) == FC_TRUE;
  fc_clear(z, ctx);
  return positive;
}

/* The statement's bound where (a, b) is; NULL outside its domain. */
static inline const char *text_at(const fc_bound_statement *s, fc_srcptr values,
                                  const fc_ctx *ctx) {
  if (s->where && !is_positive_at(s->where, values, ctx))
    return NULL;
  return s->late_formula && is_positive_at(s->late_where, values, ctx)
             ? s->late_formula
             : s->formula;
}

/* z = what grad v has for an eigenvalue of C, k + (w b/a^3) c; c itself for
 * statements on C. */
static inline void set_measured(fc_ptr z, const fc_bound_statement *s,
                                fc_srcptr c, fc_srcptr values, fc_srcptr k,
                                const fc_ctx *ctx) {
  fc_set(z, c, ctx);
  if (s->of_covariance)
    return;
  fc_mul(z, z, values + 4, ctx);
  fc_mul(z, z, values + 1, ctx);
  for (int i = 0; i < 3; i++)
    fc_div(z, z, values, ctx);
  fc_add(z, z, k, ctx);
}

/* The bound is broken by more than tolerance times the sizes of what it is made
 * of; eigenvalues: those of C, ascending. */
static inline bool is_beyond(const fc_bound_statement *s, fc_srcptr eigenvalues,
                             size_t d, fc_srcptr values, double k_d,
                             double tolerance, const fc_ctx *ctx) {
  const char *text = text_at(s, values, ctx);
  fc_num bound, measured, most, k;
  bool beyond = false;
  fc_init(bound, ctx);
  fc_init(measured, ctx);
  fc_init(most, ctx);
  fc_init(k, ctx);
  fc_set_d(k, k_d, ctx);
  set_measured(most, s, eigenvalues + d - 1, values, k, ctx);
  set_measured(measured, s, eigenvalues + (s->upper ? d - 1 : 0), values, k,
               ctx);
  if (text && value_of(bound, text, values, ctx)) {
    double size =
        fabs(fc_get_d(bound, ctx)) + fabs(fc_get_d(most, ctx)) + 2 * fabs(k_d);
    fc_sub(measured, measured, bound, ctx);
    if (!s->upper)
      fc_neg(measured, measured, ctx);
    beyond = fc_get_d(measured, ctx) > tolerance * size;
  }
  fc_clear(bound, ctx);
  fc_clear(measured, ctx);
  fc_clear(most, ctx);
  fc_clear(k, ctx);
  return beyond;
}

/* p at a random point: u and x about the support and far out; *k, *w random.
 */
static inline void choose_place(probe *p, double *k, double *w, int i,
                                fc_ptr values, const fc_target *target,
                                generator *g) {
  double u = ldexp((double)next_long(g, 8, 15), (int)next_long(g, -8, 4)),
         a = ldexp(1, (int)next_long(g, -2, 2)), b = u * a;
  *k = (double)next_long(g, -8, 8) / 4;
  *w = (double)next_long(g, 1, 16) / 8;
  set_values(values, target, a, b, *k, *w, &p->ctx);
  fc_set_d(p->a, a, &p->ctx);
  fc_set_d(p->b, b, &p->ctx);
  for (size_t j = 0; j < p->d; j++)
    fc_set_d(p->x + j, b * (double)next_long(g, -96, 96) / (i % 4 ? 32 : 4),
             &p->ctx);
}

/* True where one of `points` random points was found at which the bound is
 * broken by more than rounding. */
static inline bool is_broken_in(const fc_bound_statement *s,
                                const fc_target *target, int points,
                                generator *g, double tolerance,
                                const fc_ctx *ctx) {
  probe p[1];
  bool broken = false;
  probe_init(p, target, ctx);
  size_t d = p->d;
  fc_ptr values = fc_vec_new(NAMES, ctx), low = fc_vec_new(d, ctx);
  for (int i = 0; i < points && !broken; i++) {
    double k, w;
    choose_place(p, &k, &w, i, values, target, g);
    if (fc_posterior_eval(p->posterior, p->a, p->b, p->x, FC_WANT_COVARIANCE) ||
        fc_matrix_eigen(low, NULL, p->value->covariance, d, ctx))
      continue;
    broken = is_beyond(s, low, d, values, k, tolerance, ctx);
  }
  fc_vec_free(low, d, ctx);
  fc_vec_free(values, NAMES, ctx);
  probe_clear(p);
  return broken;
}

/* The same in binary64. */
static inline bool is_broken(const fc_bound_statement *s,
                             const fc_target *target, generator *g) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  return is_broken_in(s, target, JUDGED, g, 1e-9, ctx);
}

#endif
