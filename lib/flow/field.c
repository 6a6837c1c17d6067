#include "flow/field.h"

#include <stdlib.h>

fc_status fc_field_new(fc_field **result, const fc_field_kind *kind,
                       const fc_target *target, const fc_schedule *schedule,
                       long order, const fc_ctx *ctx) {
  fc_field *field = calloc(1, sizeof *field);
  if (!field)
    return FC_MEMORY;
  field->kind = kind;
  field->ctx[0] = *ctx;
  field->d = fc_target_dimension(target);
  field->order = order;
  field->columns = field->d;
  fc_status status = kind->bind(field, target, schedule);
  if (status)
    fc_field_free(field);
  else
    *result = field;
  return status;
}

void fc_field_free(fc_field *field) {
  if (!field)
    return;
  if (field->state)
    field->kind->release(field);
  if (field->basis)
    fc_vec_free(field->basis, field->d * field->d, field->ctx);
  free(field);
}
