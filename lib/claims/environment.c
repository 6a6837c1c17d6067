#include "claims/environment.h"

#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define NAMES(X) \
  X(t) X(r) X(a) X(b) X(da) X(db) X(d2a) X(d2b) X(omega) X(ada) X(dada) X(aomega) \
  X(a0) X(b0) X(a_s) X(b_s) X(da1) X(db1) X(ada1) \
  X(kappa) X(beta) X(D) X(sigma) X(R) X(L) X(diam_nu) X(diam_rho)
/* clang-format on */

enum {
#define X(name) V_##name,
  NAMES(X)
#undef X
      V_COUNT
};

static const char *const names[] = {
#define X(name) #name,
    NAMES(X)
#undef X
};

/* Which class constant stands behind a name, and its factor. */
static const struct {
  int name;
  fc_class_constant constant;
  long factor;
} constants[] = {
    {V_kappa, FC_KAPPA, 1},
    {V_beta, FC_BETA, 1},
    {V_D, FC_D, 1},
    {V_sigma, FC_SIGMA, 1},
    {V_R, FC_R, 1},
    {V_L, FC_L, 1},
    {V_diam_nu, FC_SUPPORT_HALF_DIAM, 2},
    {V_diam_rho, FC_HALF_DIAM, 2},
};
enum { CONSTANT_COUNT = sizeof constants / sizeof *constants };

struct fc_environment {
  fc_ctx ctx[1];
  const fc_target *target;
  const fc_schedule *schedule;
  fc_time start[1]; /* s */
  fc_ptr values;    /* V_COUNT */
};

static void set_nan(fc_ptr z, const fc_ctx *ctx) {
  fc_set_inf(z, 1, ctx);
  fc_sub(z, z, z, ctx);
}

static void set_constants(fc_environment *e, const fc_target *target) {
  for (int i = 0; i < CONSTANT_COUNT; i++) {
    fc_ptr z = e->values + constants[i].name;
    if (fc_target_constant(z, NULL, NULL, target, constants[i].constant,
                           e->ctx) == FC_OK)
      fc_mul_si(z, z, constants[i].factor, e->ctx);
    else
      set_nan(z, e->ctx);
  }
}

static fc_status set_ends(fc_environment *e, const fc_schedule *schedule) {
  fc_schedule_value at[1];
  fc_time time[1];
  fc_schedule_value_init(at, e->ctx);
  fc_time_init(time, e->ctx);
  fc_time_set_d(time, 0, false, e->ctx);
  fc_status status = fc_schedule_eval(at, schedule, time, false, e->ctx);
  fc_set(e->values + V_a0, at->a, e->ctx);
  fc_set(e->values + V_b0, at->b, e->ctx);
  fc_environment_set_start(e, at, time);
  if (status == FC_OK) {
    fc_time_set_d(time, 0, true, e->ctx);
    status = fc_schedule_eval(at, schedule, time, false, e->ctx);
  }
  fc_set(e->values + V_da1, at->da, e->ctx);
  fc_set(e->values + V_db1, at->db, e->ctx);
  fc_set(e->values + V_ada1, at->ada, e->ctx);
  fc_time_clear(time, e->ctx);
  fc_schedule_value_clear(at, e->ctx);
  return status;
}

fc_status fc_environment_new(fc_environment **environment,
                             const fc_target *target,
                             const fc_schedule *schedule, const fc_ctx *ctx) {
  fc_environment *e = malloc(sizeof *e);
  if (!e)
    return FC_MEMORY;
  e->ctx[0] = *ctx;
  e->target = target;
  e->schedule = schedule;
  fc_time_init(e->start, ctx);
  e->values = fc_vec_new(V_COUNT, ctx);
  fc_status status = e->values ? set_ends(e, schedule) : FC_MEMORY;
  if (status) {
    fc_environment_free(e);
    return status;
  }
  set_constants(e, target);
  *environment = e;
  return FC_OK;
}

void fc_environment_free(fc_environment *e) {
  if (!e)
    return;
  fc_vec_free(e->values, e->values ? V_COUNT : 0, e->ctx);
  fc_time_clear(e->start, e->ctx);
  free(e);
}

void fc_environment_set_time(fc_environment *e, const fc_schedule_value *at,
                             const fc_time *time) {
  fc_set(e->values + V_t, time->t, e->ctx);
  fc_set(e->values + V_r, time->r, e->ctx);
  fc_set(e->values + V_a, at->a, e->ctx);
  fc_set(e->values + V_b, at->b, e->ctx);
  fc_set(e->values + V_da, at->da, e->ctx);
  fc_set(e->values + V_db, at->db, e->ctx);
  fc_set(e->values + V_d2a, at->d2a, e->ctx);
  fc_set(e->values + V_d2b, at->d2b, e->ctx);
  fc_set(e->values + V_omega, at->omega, e->ctx);
  fc_set(e->values + V_dada, at->dada, e->ctx);
  fc_set(e->values + V_ada, at->ada, e->ctx);
  fc_set(e->values + V_aomega, at->aomega, e->ctx);
}

void fc_environment_set_start(fc_environment *e, const fc_schedule_value *at,
                              const fc_time *time) {
  fc_set(e->start->t, time->t, e->ctx);
  fc_set(e->start->r, time->r, e->ctx);
  fc_set(e->values + V_a_s, at->a, e->ctx);
  fc_set(e->values + V_b_s, at->b, e->ctx);
}

void fc_environment_set_pair(fc_environment *e, fc_srcptr a_s, fc_srcptr b_s,
                             fc_srcptr a, fc_srcptr b) {
  fc_set(e->values + V_a_s, a_s, e->ctx);
  fc_set(e->values + V_b_s, b_s, e->ctx);
  fc_set(e->values + V_a, a, e->ctx);
  fc_set(e->values + V_b, b, e->ctx);
}

void fc_environment_times(fc_time *s, fc_time *t, const fc_environment *e) {
  fc_set(s->t, e->start->t, e->ctx);
  fc_set(s->r, e->start->r, e->ctx);
  fc_set(t->t, e->values + V_t, e->ctx);
  fc_set(t->r, e->values + V_r, e->ctx);
}

const fc_target *fc_environment_target(const fc_environment *e) {
  return e->target;
}

const fc_schedule *fc_environment_schedule(const fc_environment *e) {
  return e->schedule;
}

fc_status fc_bound_parse_further(fc_formula **bound, const char *text,
                                 const char *const *further, size_t count,
                                 fc_error *error) {
  const char *all[V_COUNT + FC_FURTHER_NAMES];
  if (count > FC_FURTHER_NAMES)
    return fc_fail(error, FC_LIMIT, "more than %d further names",
                   (int)FC_FURTHER_NAMES);
  memcpy(all, names, sizeof names);
  for (size_t i = 0; i < count; i++)
    all[V_COUNT + i] = further[i];
  fc_formula *plain = NULL, *once = NULL;
  fc_status status =
      fc_formula_parse(&plain, text, all, V_COUNT + count, NULL, error);
  if (status == FC_OK)
    status = fc_formula_fuse(&once, plain, "a", "da", "ada", error);
  if (status == FC_OK)
    status = fc_formula_fuse(bound, once, "a", "omega", "aomega", error);
  fc_formula_free(plain);
  fc_formula_free(once);
  return status;
}

fc_status fc_bound_parse(fc_formula **bound, const char *text,
                         fc_error *error) {
  return fc_bound_parse_further(bound, text, NULL, 0, error);
}

fc_status fc_environment_eval(fc_ptr z, const fc_environment *e,
                              const fc_formula *bound) {
  return fc_formula_eval(z, bound, e->values, e->ctx);
}

fc_status fc_environment_eval_further(fc_ptr z, const fc_environment *e,
                                      const fc_formula *bound,
                                      fc_srcptr further, size_t count) {
  /* Borrowed, not copied: read only, and never cleared. */
  fc_num_struct all[V_COUNT + FC_FURTHER_NAMES];
  if (count > FC_FURTHER_NAMES)
    return FC_LIMIT;
  memcpy(all, e->values, V_COUNT * sizeof *all);
  if (count > 0)
    memcpy(all + V_COUNT, further, count * sizeof *all);
  return fc_formula_eval(z, bound, all, e->ctx);
}

bool fc_bound_has_constants(const char **missing, const fc_formula *bound,
                            const fc_target *target) {
  fc_ctx ctx[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  bool complete = true;
  for (int i = 0; i < CONSTANT_COUNT && complete; i++) {
    const char *name = names[constants[i].name];
    if (fc_formula_depends(bound, name) &&
        fc_target_constant(z, NULL, NULL, target, constants[i].constant, ctx)) {
      complete = false;
      if (missing)
        *missing = name;
    }
  }
  fc_clear(z, ctx);
  return complete;
}

fc_status fc_environment_eval_text(fc_ptr z, const fc_environment *environment,
                                   const char *text) {
  fc_formula *formula = NULL;
  fc_status status = fc_bound_parse(&formula, text, NULL);
  if (status == FC_OK)
    status = fc_environment_eval(z, environment, formula);
  fc_formula_free(formula);
  return status;
}
