/* Flow maps by every method against references made without the library
 * (data/references/flow.py).
 *
 * What is judged is the error that a flow states: the reference must lie within
 * it, and where the map is benign it must be small. */
#include <math.h>
#include <time.h>

#include "movers.h"
#include "references.h"

enum { FIELDS = 9, MOST_ENTRIES = 12 };

typedef struct reference {
  char line[REFERENCE_LINE];
  char *kind, *dimension, *target, *schedule, *s, *t, *x;
  char *values[2]; /* X, dX/dx */
  int number;
} reference;

/* The next line; false at the end. */
static bool next_reference(reference *r, FILE *file) {
  char *parts[FIELDS];
  if (!next_fields(parts, FIELDS, r->line, file))
    return false;
  char **const fields[FIELDS] = {&r->kind,     &r->dimension, &r->target,
                                 &r->schedule, &r->s,         &r->t,
                                 &r->x,        &r->values[0], &r->values[1]};
  for (int i = 0; i < FIELDS; i++)
    *fields[i] = parts[i];
  r->number++;
  return true;
}

static fc_target *target_of(const reference *r) {
  return target_of_fields(r->kind, r->dimension, r->target);
}

/* --- judgement -------------------------------------------------------------
 */

/* Disagreements of one course: all are printed before it fails. */
static size_t disagreements;

static void disagree(const reference *r, const mover *m, const char *what) {
  disagreements++;
  fprintf(stderr,
          "line %d, %s of %s %s under %s from %s to %s at %s by %s, %ld bits\n",
          r->number, what, r->kind, r->target, r->schedule, r->s, r->t, r->x,
          fc_flow_method_name(fc_flow_method_used(m->flow)), m->ctx->precision);
}

/* The numbers of a field, and the largest magnitude among them. */
typedef struct row {
  mpfr_t entry[MOST_ENTRIES];
  size_t count;
  mpfr_t size;
} row;

static void row_init(row *w, const char *text) {
  char copy[REFERENCE_LINE], *rest = copy;
  strcpy(copy, text);
  w->count = 0;
  mpfr_init2(w->size, 64);
  mpfr_set_zero(w->size, 1);
  for (char *word = strtok_r(copy, " ", &rest); word;
       word = strtok_r(NULL, " ", &rest)) {
    ck_assert_uint_lt(w->count, MOST_ENTRIES);
    mpfr_ptr x = w->entry[w->count++];
    mpfr_init2(x, 300);
    ck_assert_int_eq(mpfr_set_str(x, word, 10, MPFR_RNDN), 0);
    if (mpfr_cmpabs(x, w->size) > 0)
      mpfr_abs(w->size, x, MPFR_RNDU);
  }
}

static void row_clear(row *w) {
  for (size_t i = 0; i < w->count; i++)
    mpfr_clear(w->entry[i]);
  mpfr_clear(w->size);
}

/* Is the constant a number of the context? */
static bool fits(const char *text, const fc_ctx *ctx) {
  fc_ctx wide[1];
  fc_num x, y;
  mpfr_t difference, value;
  fc_formula *constant = constant_of(text);
  fc_ctx_init_mpfr(wide, 2000);
  fc_init(x, ctx);
  fc_init(y, wide);
  mpfr_inits2(2000, difference, value, (mpfr_ptr)0);
  ck_assert_int_eq(fc_constant_eval(x, constant, ctx), FC_OK);
  ck_assert_int_eq(fc_constant_eval(y, constant, wide), FC_OK);
  fc_get_mid(value, x, ctx);
  fc_get_mid(difference, y, wide);
  bool equal = mpfr_equal_p(value, difference);
  mpfr_clears(difference, value, (mpfr_ptr)0);
  fc_clear(x, ctx);
  fc_clear(y, wide);
  fc_formula_free(constant);
  return equal;
}

/* Starting point and times are exact in the context.  Times are of the form n/m
 * or 1-2^-n, of which the context knows one of t and 1-t exactly. */
static bool is_exact(const reference *r, const fc_ctx *ctx) {
  char copy[REFERENCE_LINE], *rest = copy;
  bool exact = true;
  if (ctx->kind == FC_ARB)
    return true;
  strcpy(copy, r->x);
  for (char *word = strtok_r(copy, " ", &rest); word;
       word = strtok_r(NULL, " ", &rest))
    exact = exact && fits(word, ctx);
  return exact && (strchr(r->s, '^') || fits(r->s, ctx)) &&
         (strchr(r->t, '^') || fits(r->t, ctx));
}

/* |got - wanted| <= stated error or radius + 10^-48 of the largest entry. */
static void expect_entry(const reference *r, const mover *m, fc_srcptr got,
                         fc_srcptr stated, const row *wanted, size_t i,
                         const char *what) {
  mpfr_t gap, allowed, rad;
  mpfr_init2(gap, 600);
  mpfr_inits2(64, allowed, rad, (mpfr_ptr)0);
  fc_get_mid(gap, got, m->ctx);
  mpfr_sub(gap, gap, wanted->entry[i], MPFR_RNDA);
  mpfr_abs(gap, gap, MPFR_RNDU);
  magnitude(allowed, stated, m->ctx);
  fc_get_rad(rad, got, m->ctx);
  if (m->ctx->kind == FC_ARB)
    mpfr_set(allowed, rad, MPFR_RNDU);
  mpfr_mul_d(rad, wanted->size, 1e-48, MPFR_RNDU);
  mpfr_add(rad, rad, allowed, MPFR_RNDU);
  if (!mpfr_lessequal_p(gap, rad)) {
    char *left = fc_print_mid(got, 50, m->ctx),
         *right = fc_print_mpfr(wanted->entry[i], 50),
         *error = fc_print_mpfr(allowed, 5), *by = fc_print_mpfr(gap, 5);
    disagree(r, m, what);
    fprintf(stderr, "  got    %s +- %s\n  wanted %s\n  off by %s\n", left,
            error, right, by);
    free(left);
    free(right);
    free(error);
    free(by);
  }
  mpfr_clears(gap, allowed, rad, (mpfr_ptr)0);
}

/* The map neither stretches nor squeezes by more than 2^20, and stays near. */
static bool is_benign(const row *x, const row *jacobian) {
  mpfr_t large, small;
  mpfr_inits2(64, large, small, (mpfr_ptr)0);
  mpfr_set_ui_2exp(large, 1, 20, MPFR_RNDN);
  mpfr_set_ui_2exp(small, 1, -20, MPFR_RNDN);
  bool benign = mpfr_lessequal_p(jacobian->size, large) &&
                mpfr_greaterequal_p(jacobian->size, small) &&
                mpfr_lessequal_p(x->size, large);
  mpfr_clears(large, small, (mpfr_ptr)0);
  return benign;
}

/* error <= 2^(40 - precision) (size + 1); of balls the radius. */
static void expect_useful(const reference *r, const mover *m, fc_srcptr value,
                          fc_srcptr error, const row *wanted,
                          const char *what) {
  mpfr_t stated, limit;
  mpfr_inits2(64, stated, limit, (mpfr_ptr)0);
  magnitude(stated, error, m->ctx);
  if (m->ctx->kind == FC_ARB)
    fc_get_rad(stated, value, m->ctx);
  mpfr_add_ui(limit, wanted->size, 1, MPFR_RNDD);
  mpfr_mul_2si(limit, limit, 40 - m->ctx->precision, MPFR_RNDD);
  if (!mpfr_lessequal_p(stated, limit)) {
    disagree(r, m, what);
    fprintf(stderr, "  a useless error: %g\n", mpfr_get_d(stated, MPFR_RNDU));
  }
  mpfr_clears(stated, limit, (mpfr_ptr)0);
}

static void judge(const reference *r, const mover *m) {
  row x, jacobian;
  row_init(&x, r->values[0]);
  row_init(&jacobian, r->values[1]);
  ck_assert_uint_eq(x.count, m->d);
  ck_assert_uint_eq(jacobian.count, m->d * m->d);
  const fc_flow_value *v = m->value;
  for (size_t i = 0; i < x.count; i++)
    expect_entry(r, m, v->x + i, v->x_error, &x, i, "X");
  for (size_t i = 0; i < jacobian.count; i++)
    expect_entry(r, m, v->jacobian + i, v->jacobian_error, &jacobian, i,
                 "dX/dx");
  if (is_benign(&x, &jacobian)) {
    expect_useful(r, m, v->x, v->x_error, &x, "X");
    expect_useful(r, m, v->jacobian, v->jacobian_error, &jacobian, "dX/dx");
  }
  row_clear(&x);
  row_clear(&jacobian);
}

/* --- every line by one method in one context -------------------------------
 */

/* What is left out in MPFR because it is dear: restricted laws at 300 bits and
 * their posteriors in series, and of other series all but every second or third
 * line. */
static bool is_dear(const reference *r, fc_flow_method method,
                    const fc_ctx *ctx) {
  bool restricted =
      strcmp(r->kind, "piece") == 0 || strcmp(r->kind, "tilted") == 0;
  bool series = method == FC_FLOW_TAYLOR || method == FC_FLOW_DIRECT;
  if (ctx->precision == 53)
    return false;
  if (restricted)
    return ctx->precision == 300 || series;
  if (method == FC_FLOW_DIRECT)
    return r->number % 3 != 0 || r->dimension[0] > '1';
  if (method == FC_FLOW_TAYLOR && strcmp(r->kind, "full") == 0)
    return ctx->precision == 300 || r->number % 2 != 0;
  return method == FC_FLOW_TAYLOR && ctx->precision == 300 &&
         r->number % 2 != 0;
}

/* Judges all lines that the method takes; how many. */
static size_t through_references(fc_flow_method method, const fc_ctx *ctx) {
  reference r[1] = {{.number = 0}};
  size_t judged = 0;
  FILE *file = open_references("flow");
  while (next_reference(r, file)) {
    mover m[1];
    if (is_dear(r, method, ctx) || !is_exact(r, ctx) ||
        mover_try(m, target_of(r), r->schedule, method, ctx))
      continue;
    fc_status status = mover_times(m, r->s, r->t);
    if (!status) {
      mover_at(m, r->x);
      status = mover_go(m, POSITION_AND_JACOBIAN);
    }
    if (status != FC_OK && status != FC_DOMAIN && status != FC_BUDGET)
      ck_abort_msg("line %d: %s", r->number, m->error.message);
    if (!status) {
      judge(r, m);
      judged++;
    } else {
      ck_assert_msg(m->error.message[0] != '\0', "a refusal says why");
      if (getenv("FLOWCERT_VERBOSE"))
        fprintf(stderr, "%s, %ld bits, line %d: %s\n",
                fc_flow_method_name(method), ctx->precision, r->number,
                m->error.message);
    }
    mover_clear(m);
  }
  fclose(file);
  return judged;
}

/* What is run, and how many lines it judges at least. */
typedef struct course {
  fc_flow_method method;
  fc_arith kind;
  long precision;
  size_t least;
} course;

static const course courses[] = {
    {FC_FLOW_CLOSED, FC_DOUBLE, 53, 7},  {FC_FLOW_CLOSED, FC_MPFR, 128, 7},
    {FC_FLOW_CLOSED, FC_MPFR, 300, 7},   {FC_FLOW_CLOSED, FC_ARB, 128, 3},
    {FC_FLOW_EXACT, FC_DOUBLE, 53, 36},  {FC_FLOW_EXACT, FC_MPFR, 128, 43},
    {FC_FLOW_EXACT, FC_MPFR, 300, 25},   {FC_FLOW_EXACT, FC_ARB, 128, 30},
    {FC_FLOW_EXACT, FC_ARB, 300, 25},    {FC_FLOW_TAYLOR, FC_DOUBLE, 53, 40},
    {FC_FLOW_TAYLOR, FC_MPFR, 128, 36},  {FC_FLOW_TAYLOR, FC_MPFR, 300, 15},
    {FC_FLOW_DIRECT, FC_DOUBLE, 53, 30}, {FC_FLOW_DIRECT, FC_MPFR, 128, 6},
    {FC_FLOW_AUTO, FC_DOUBLE, 53, 60},   {FC_FLOW_GSL, FC_DOUBLE, 53, 45},
};
enum { COURSES = sizeof courses / sizeof *courses };

START_TEST(references) {
  const course *c = &courses[_i];
  fc_ctx ctx[1];
  if (c->kind == FC_DOUBLE)
    fc_ctx_init_double(ctx);
  else if (c->kind == FC_MPFR)
    fc_ctx_init_mpfr(ctx, c->precision);
  else if (fc_ctx_init_arb(ctx, c->precision, NULL))
    return;
  disagreements = 0;
  size_t judged = through_references(c->method, ctx);
  ck_assert_msg(disagreements == 0, "%zu disagreements by %s at %ld bits",
                disagreements, fc_flow_method_name(c->method), c->precision);
  ck_assert_msg(judged >= c->least, "only %zu lines by %s at %ld bits", judged,
                fc_flow_method_name(c->method), c->precision);
  if (getenv("FLOWCERT_VERBOSE"))
    fprintf(stderr, "%s, %ld bits: %zu lines\n", fc_flow_method_name(c->method),
            c->precision, judged);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("flow");
  TCase *all = tcase_create("all");
  tcase_set_timeout(all, 120);
  tcase_add_loop_test(all, references, 0, COURSES);
  suite_add_tcase(suite, all);
  return run_suite(suite);
}
