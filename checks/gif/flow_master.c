#include "gif/flow_master.h"

#include <string.h>

#include "gif/flow_forms.h"
#include "gif/flow_parts.h"

enum { CELLS = 16 };

/* Forms of one cell: a closed form of |grad X_{s,t}| (or of the inverse) and
 * where it is valid; those whose constants the target lacks are NaN. */
typedef struct form {
  const char *bound, *where;
} form;

static const form forward[] = {
    {FC_FLOW_CURVATURE, FC_FLOW_CURVATURE_WHERE},
    {FC_FLOW_SUPPORT("diam_nu/2"), NULL},
    {FC_FLOW_MIXTURE("diam_rho/2"), NULL},
    {FC_FLOW_SLOPE, NULL},
};
static const form reverse[] = {
    {FC_FLOW_CONVEX, NULL},
    {FC_FLOW_COMPONENT_BACK, NULL},
    {FC_FLOW_SLOPE_BACK, FC_FLOW_SLOPE_BACK_WHERE},
    {"a_s/a", NULL}, /* C >= 0 */
};
enum { FORMS = 4 };

typedef struct cells {
  fc_ctx ctx[1];
  fc_environment *environment;
  fc_formula *bound[FORMS], *where[FORMS];
  fc_num from[2], to[2]; /* (a, b) at both ends of the whole */
  fc_num left[2], right[2];
  fc_num value, least, temp;
} cells;

static void each(cells *c, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {c->from[0], c->from[1], c->to[0],    c->to[1],
                            c->left[0], c->left[1], c->right[0], c->right[1],
                            c->value,   c->least,   c->temp};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], c->ctx);
}

static fc_status read_end(fc_num end[2], const fc_environment *environment,
                          const char *a, const char *b) {
  const char *texts[] = {a, b};
  fc_status status = FC_OK;
  for (int i = 0; i < 2 && !status; i++)
    status = fc_environment_eval_text(end[i], environment, texts[i]);
  return status;
}

static void cells_clear(cells *c) {
  for (int i = 0; i < FORMS; i++) {
    fc_formula_free(c->bound[i]);
    fc_formula_free(c->where[i]);
  }
  fc_environment_free(c->environment);
  each(c, fc_clear);
}

static fc_status cells_init(cells *c, const form *forms,
                            const fc_environment *environment,
                            const fc_ctx *ctx) {
  memset(c, 0, sizeof *c);
  c->ctx[0] = *ctx;
  each(c, fc_init);
  fc_status status =
      fc_environment_new(&c->environment, fc_environment_target(environment),
                         fc_environment_schedule(environment), ctx);
  for (int i = 0; i < FORMS && !status; i++) {
    status = fc_bound_parse(&c->bound[i], forms[i].bound, NULL);
    if (!status && forms[i].where)
      status = fc_bound_parse(&c->where[i], forms[i].where, NULL);
  }
  if (!status)
    status = read_end(c->from, environment, "a_s", "b_s");
  if (!status)
    status = read_end(c->to, environment, "a", "b");
  if (status)
    cells_clear(c);
  return status;
}

/* (a, b) at i/CELLS of the way. */
static void set_knot(fc_num knot[2], cells *c, int i) {
  for (int k = 0; k < 2; k++) {
    fc_mul_si(knot[k], c->from[k], CELLS - i, c->ctx);
    fc_mul_si(c->temp, c->to[k], i, c->ctx);
    fc_add(knot[k], knot[k], c->temp, c->ctx);
    fc_div_si(knot[k], knot[k], CELLS, c->ctx);
  }
}

/* c->least = the least of the forms in the i-th cell. */
static fc_status take_cell(cells *c, int i) {
  const fc_ctx *ctx = c->ctx;
  bool any = false;
  set_knot(c->left, c, i);
  set_knot(c->right, c, i + 1);
  fc_environment_set_pair(c->environment, c->left[0], c->left[1], c->right[0],
                          c->right[1]);
  for (int k = 0; k < FORMS; k++) {
    if (c->where[k] &&
        (fc_environment_eval(c->value, c->environment, c->where[k]) ||
         fc_is_positive(c->value, ctx) != FC_TRUE))
      continue;
    if (fc_environment_eval(c->value, c->environment, c->bound[k]) ||
        !fc_is_finite(c->value, ctx) ||
        fc_is_positive(c->value, ctx) != FC_TRUE)
      continue;
    if (any)
      fc_min(c->least, c->least, c->value, ctx);
    else
      fc_set(c->least, c->value, ctx);
    any = true;
  }
  return any ? FC_OK : FC_DOMAIN;
}

static fc_status product(fc_ptr bound, const form *forms,
                         const fc_environment *environment, const fc_ctx *ctx) {
  cells c[1];
  fc_status status = cells_init(c, forms, environment, ctx);
  if (status)
    return status;
  fc_set_si(bound, 1, ctx);
  for (int i = 0; i < CELLS && !status; i++) {
    status = take_cell(c, i);
    fc_mul(bound, bound, c->least, ctx);
  }
  cells_clear(c);
  return status;
}

fc_status fc_master_forward(fc_ptr bound, fc_ptr error,
                            const fc_environment *environment,
                            const fc_ctx *ctx) {
  (void)error;
  return product(bound, forward, environment, ctx);
}

fc_status fc_master_reverse(fc_ptr bound, fc_ptr error,
                            const fc_environment *environment,
                            const fc_ctx *ctx) {
  (void)error;
  return product(bound, reverse, environment, ctx);
}

/* |grad X^-1| >= 1/|grad X| at every x. */
static fc_status half_inverse(fc_ptr bound, const form *forms,
                              const fc_environment *environment,
                              const fc_ctx *ctx) {
  fc_status status = product(bound, forms, environment, ctx);
  fc_inv(bound, bound, ctx);
  fc_mul_2exp_si(bound, bound, -1, ctx);
  return status;
}

fc_status fc_master_reverse_false(fc_ptr bound, fc_ptr error,
                                  const fc_environment *environment,
                                  const fc_ctx *ctx) {
  (void)error;
  return half_inverse(bound, forward, environment, ctx);
}

fc_status fc_master_forward_false(fc_ptr bound, fc_ptr error,
                                  const fc_environment *environment,
                                  const fc_ctx *ctx) {
  (void)error;
  return half_inverse(bound, reverse, environment, ctx);
}

size_t fc_master_forward_parts(fc_flow_part parts[FC_FLOW_PARTS],
                               const fc_job *job, const fc_claim *claim) {
  (void)job;
  (void)claim;
  parts[0] = fc_flow_curvature_part();
  for (size_t i = 1; i < FORMS; i++)
    parts[i] = (fc_flow_part){.bound = forward[i].bound};
  return FORMS;
}

/* tau - L tau^2 <= 0 where C >= 0 is all that is known. */
size_t fc_master_reverse_parts(fc_flow_part parts[FC_FLOW_PARTS],
                               const fc_job *job, const fc_claim *claim) {
  (void)job;
  (void)claim;
  for (size_t i = 0; i < FORMS; i++)
    parts[i] = (fc_flow_part){.bound = reverse[i].bound};
  parts[2] = (fc_flow_part){.bound = "a_s/a",
                            .late_bound = FC_FLOW_SLOPE_BACK,
                            .late_where = FC_FLOW_SLOPE_BACK_WHERE};
  return FORMS;
}
