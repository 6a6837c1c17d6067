#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "instance/reader.h"

/* Sums of hostile fractions grow without end; honest weights do not. */
#define MAX_SUM_BITS 20000

typedef enum sum_result { SUM_EXACT, SUM_IRRATIONAL, SUM_TOO_LONG } sum_result;

static sum_result exact_sum(mpq_ptr sum, const fc_constants *list) {
  sum_result result = SUM_EXACT;
  mpq_t term;
  mpq_init(term);
  for (size_t i = 0; i < list->count && result == SUM_EXACT; i++) {
    if (!fc_formula_get_mpq(term, list->items[i]))
      result = SUM_IRRATIONAL;
    else if (mpz_sizeinbase(mpq_denref(term), 2) > MAX_SUM_BITS ||
             mpz_sizeinbase(mpq_denref(sum), 2) > MAX_SUM_BITS)
      result = SUM_TOO_LONG;
    else
      mpq_add(sum, sum, term);
  }
  mpq_clear(term);
  return result;
}

static fc_status check_exact(fc_yaml *r, const fc_yaml_node *node,
                             mpq_srcptr sum) {
  if (mpq_cmp_ui(sum, 1, 1) == 0)
    return FC_OK;
  char quoted[64];
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  char *text = mpq_get_str(NULL, 10, sum);
  size_t size = strlen(text) + 1;
  fc_utf8_quote(quoted, sizeof quoted, text);
  release(text, size);
  return FC_FAIL_NODE(r, node, FC_VALUE,
                      "the weights sum to %s; they must sum to exactly 1 "
                      "(leave the key out for equal weights)",
                      quoted);
}

/* |sum - 1| < 2^-200 for weights that are not all rational. */
static fc_status check_rounded(fc_yaml *r, const fc_yaml_node *node,
                               const fc_constants *list) {
  fc_ctx ctx[1];
  fc_num sum, term, tiny;
  fc_ctx_init_mpfr(ctx, 320);
  fc_init(sum, ctx);
  fc_init(term, ctx);
  fc_init(tiny, ctx);
  fc_status status = FC_OK;
  for (size_t i = 0; i < list->count && status == FC_OK; i++) {
    status = fc_formula_eval(term, list->items[i], NULL, ctx);
    fc_add(sum, sum, term, ctx);
  }
  fc_add_si(term, sum, -1, ctx);
  fc_abs(term, term, ctx);
  fc_set_si(tiny, 1, ctx);
  fc_mul_2exp_si(tiny, tiny, -200, ctx);
  if (status == FC_OK && fc_lt(term, tiny, ctx) != FC_TRUE) {
    char *text = fc_print_mid(sum, 10, ctx);
    status = FC_FAIL_NODE(r, node, FC_VALUE,
                          "the weights sum to about %s; they must sum to 1",
                          text ? text : "?");
    free(text);
  }
  fc_clear(sum, ctx);
  fc_clear(term, ctx);
  fc_clear(tiny, ctx);
  return status;
}

static fc_status check_sum(fc_yaml *r, const fc_yaml_node *node,
                           const fc_constants *list) {
  mpq_t sum;
  mpq_init(sum);
  sum_result result = exact_sum(sum, list);
  fc_status status;
  if (result == SUM_TOO_LONG)
    status = FC_FAIL_NODE(r, node, FC_LIMIT,
                          "the exact sum of the weights has more than %d bits; "
                          "use fractions with a common denominator",
                          MAX_SUM_BITS);
  else if (result == SUM_EXACT)
    status = check_exact(r, node, sum);
  else
    status = check_rounded(r, node, list);
  mpq_clear(sum);
  return status;
}

fc_status fc_yaml_weights(fc_constants *list, size_t count, fc_yaml *r,
                          const fc_yaml_node *node) {
  fc_status status = fc_yaml_list(list, r, node, FC_TARGET_MAX_COMPONENTS,
                                  "weights", fc_yaml_positive);
  if (status != FC_OK)
    return status;
  if (list->count != count)
    return FC_FAIL_NODE(r, node, FC_SHAPE,
                        "there are %zu weights for %zu components; give one "
                        "a component",
                        list->count, count);
  return check_sum(r, node, list);
}
