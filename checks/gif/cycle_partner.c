#include "gif/cycle_partner.h"

static fc_status line_partner(fc_target **partner) {
  static const struct {
    long n, d;
  } numbers[] = {{1, 3}, {2, 3}, {-1, 1}, {3, 2}, {3, 4}, {3, 4}};
  enum { COUNT = sizeof numbers / sizeof *numbers };
  fc_formula *constants[COUNT] = {NULL};
  fc_status status = FC_OK;
  for (int i = 0; i < COUNT && status == FC_OK; i++)
    status = fc_constant_new_si(constants + i, numbers[i].n, numbers[i].d);
  if (status == FC_OK)
    status = fc_target_new_isotropic(partner, 1, 2, constants, constants + 2,
                                     constants + 4, NULL, NULL);
  for (int i = 0; i < COUNT; i++)
    fc_formula_free(constants[i]);
  return status;
}

fc_status fc_cycle_partner_new(fc_target **partner, size_t d) {
  fc_target *line = NULL;
  const fc_target *copies[FC_TARGET_MAX_DIMENSION];
  if (d > FC_TARGET_MAX_DIMENSION)
    return FC_LIMIT;
  fc_status status = line_partner(&line);
  if (status || d == 1) {
    *partner = line;
    return status;
  }
  for (size_t i = 0; i < d; i++)
    copies[i] = line;
  status = fc_target_new_product(partner, d, copies, NULL);
  fc_target_free(line);
  return status;
}
