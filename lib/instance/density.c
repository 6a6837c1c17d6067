/* The family density: nu ~ exp(-potential(x)) between lower and upper. */
#include <string.h>

#include "base/text.h"
#include "formula/polynomial.h"
#include "instance/reader.h"

/* A failure's position: the reason's own, or the node. */
static fc_status refuse(fc_yaml *r, const fc_yaml_node *node, fc_status status,
                        const fc_error *reason) {
  bool placed = reason->line != 0;
  const fc_position at = {r->path, placed ? reason->line : node->line,
                          placed ? reason->column : node->column};
  return fc_fail_at(r->error, status, &at, "potential: %s", reason->message);
}

static fc_status read_potential(fc_formula **potential, fc_yaml *r,
                                const fc_yaml_node *node) {
  static const char *const names[] = {"x"};
  fc_status status = fc_yaml_scalar(r, node, "potential");
  if (status != FC_OK)
    return status;
  if (!node->one_line)
    return FC_FAIL_NODE(r, node, FC_PARSE,
                        "potential must stand on one line without line breaks");
  const fc_position at = {r->path, node->line, node->column};
  fc_error reason = {0};
  status = fc_formula_parse(potential, node->text, names, 1, &at, &reason);
  return status == FC_OK ? FC_OK : refuse(r, node, status, &reason);
}

/* coefficients of a potential that is a quadratic polynomial with a minimum. */
static bool is_quadratic(mpq_t *c, const fc_formula *potential) {
  if (!fc_formula_polynomial(c, potential) || mpq_sgn(c[2]) <= 0)
    return false;
  for (int i = 3; i < FC_POLYNOMIAL_SIZE; i++)
    if (mpq_sgn(c[i]) != 0)
      return false;
  return true;
}

/* N(-c_1/(2 c_2), 1/(2 c_2)), whose deviation is the root of a rational. */
static fc_status new_normal(fc_target **target, mpq_t *c, fc_error *error) {
  fc_formula *mean = NULL, *stddev = NULL;
  fc_text text[1];
  mpq_mul_2exp(c[2], c[2], 1);
  mpq_inv(c[2], c[2]);
  mpq_mul(c[1], c[1], c[2]);
  mpq_neg(c[1], c[1]);
  char *variance = mpq_get_str(NULL, 10, c[2]);
  fc_text_init(text);
  fc_text_printf(text, "sqrt(%s)", variance ? variance : "");
  fc_status status =
      !variance || text->failed ? FC_MEMORY : fc_constant_new_mpq(&mean, c[1]);
  if (status == FC_OK)
    status = fc_constant_parse(&stddev, text->data, NULL, error);
  if (status == FC_OK)
    status = fc_target_new_isotropic(target, 1, 1, NULL, &mean, &stddev, NULL,
                                     error);
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  if (variance)
    release(variance, strlen(variance) + 1);
  fc_text_clear(text);
  fc_formula_free(mean);
  fc_formula_free(stddev);
  return status;
}

/* A quadratic potential on the whole line is a normal law: as that it has
 * closed forms for what would be integrals. */
static fc_status new_target(fc_target **target, const fc_formula *potential,
                            const fc_formula *lower, const fc_formula *upper,
                            long *culprit, fc_error *error) {
  mpq_t c[FC_POLYNOMIAL_SIZE];
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    mpq_init(c[i]);
  bool normal = !lower && !upper && is_quadratic(c, potential);
  fc_status status = normal ? new_normal(target, c, error)
                            : fc_target_new_density(target, potential, lower,
                                                    upper, culprit, error);
  for (int i = 0; i < FC_POLYNOMIAL_SIZE; i++)
    mpq_clear(c[i]);
  return status;
}

static fc_status push_density(fc_factors *factors, fc_yaml *r,
                              const fc_yaml_node *map,
                              const fc_formula *potential,
                              const fc_formula *lower,
                              const fc_formula *upper) {
  fc_target *target = NULL;
  fc_error reason = {0};
  long culprit = -1;
  fc_status status =
      new_target(&target, potential, lower, upper, &culprit, &reason);
  if (status == FC_OK)
    return fc_factors_push(factors, r, map, target);
  if (culprit == 1)
    return fc_yaml_refused(r, map, status, &reason);
  return refuse(r, fc_yaml_get(map, "potential"), status, &reason);
}

fc_status fc_yaml_density(fc_factors *factors, fc_yaml *r,
                          const fc_yaml_node *map) {
  static const char *const keys[] = {"family", "potential", "lower", "upper"};
  fc_formula *potential = NULL, *lower = NULL, *upper = NULL;
  fc_yaml_node *node = NULL;
  fc_status status = fc_yaml_check_keys(r, map, keys, 4);
  if (status == FC_OK)
    status = fc_yaml_require(&node, r, map, "potential",
                             "a formula in x such as \"potential: x^4/4\"");
  if (status == FC_OK)
    status = read_potential(&potential, r, node);
  if (status == FC_OK)
    status = fc_yaml_end(&lower, r, map, "lower");
  if (status == FC_OK)
    status = fc_yaml_end(&upper, r, map, "upper");
  if (status == FC_OK && lower && upper)
    status = fc_yaml_check_order(r, fc_yaml_get(map, "upper"), lower, upper);
  if (status == FC_OK)
    status = push_density(factors, r, map, potential, lower, upper);
  fc_formula_free(potential);
  fc_formula_free(lower);
  fc_formula_free(upper);
  return status;
}
