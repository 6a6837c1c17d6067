#include "formula/graph.h"

static void eval_number(fc_ptr z, const fc_formula *f, const fc_node *node,
                        const fc_ctx *ctx) {
  mpq_srcptr q = f->numbers[node->n];
  if (mpz_cmp_ui(mpq_denref(q), 1) == 0 && mpz_fits_slong_p(mpq_numref(q)))
    fc_set_si(z, mpz_get_si(mpq_numref(q)), ctx);
  else
    fc_set_mpq(z, q, ctx);
}

/* z = the node's value from the values of its operands, which stand in v. */
static void eval_node(fc_ptr z, const fc_formula *f, const fc_node *node,
                      fc_srcptr v, fc_srcptr values, const fc_ctx *ctx) {
  fc_srcptr x = node->left == FC_NO_NODE ? NULL : v + node->left;
  fc_srcptr y = node->right == FC_NO_NODE ? NULL : v + node->right;
  switch (node->op) {
  case FC_OP_NUMBER:
    eval_number(z, f, node, ctx);
    break;
  case FC_OP_PI:
    fc_set_pi(z, ctx);
    break;
  case FC_OP_VARIABLE:
    fc_set(z, values + node->n, ctx);
    break;
  case FC_OP_NEG:
    fc_neg(z, x, ctx);
    break;
  case FC_OP_POW_SI:
    if (node->n == 2)
      fc_sqr(z, x, ctx);
    else
      fc_pow_si(z, x, node->n, ctx);
    break;
  case FC_OP_ADD:
    fc_add(z, x, y, ctx);
    break;
  case FC_OP_SUB:
    fc_sub(z, x, y, ctx);
    break;
  case FC_OP_MUL:
    fc_mul(z, x, y, ctx);
    break;
  case FC_OP_DIV:
    fc_div(z, x, y, ctx);
    break;
  case FC_OP_POW:
    fc_pow(z, x, y, ctx);
    break;
  case FC_OP_MIN:
    fc_min(z, x, y, ctx);
    break;
  case FC_OP_MAX:
    fc_max(z, x, y, ctx);
    break;
  case FC_OP_SIN_PI:
    fc_sin_pi(z, x, ctx);
    break;
  case FC_OP_COS_PI:
    fc_cos_pi(z, x, ctx);
    break;
#define X(name, op, function)                                                  \
  case FC_OP_##op:                                                             \
    fc_##function(z, x, ctx);                                                  \
    break;
    FC_FUNCTION_LIST(X)
#undef X
  }
}

size_t fc_formula_size(const fc_formula *formula) { return formula->count; }

void fc_formula_eval_in(fc_ptr z, const fc_formula *formula, fc_srcptr values,
                        fc_ptr room, const fc_ctx *ctx) {
  for (size_t i = 0; i < formula->count; i++)
    eval_node(room + i, formula, &formula->nodes[i], room, values, ctx);
  fc_set(z, room + formula->root, ctx);
}

fc_status fc_formula_eval(fc_ptr z, const fc_formula *formula, fc_srcptr values,
                          const fc_ctx *ctx) {
  fc_ptr room = fc_vec_new(formula->count, ctx);
  if (!room)
    return FC_MEMORY;
  fc_formula_eval_in(z, formula, values, room, ctx);
  fc_vec_free(room, formula->count, ctx);
  return FC_OK;
}
