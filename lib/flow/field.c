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

fc_ptr fc_take(fc_ptr *next, size_t count) {
  fc_ptr start = *next;
  *next += count;
  return start;
}

void fc_component_variance(fc_ptr V, const fc_schedule_value *at,
                           fc_srcptr sigma2, const fc_ctx *ctx) {
  fc_sqr(V, at->b, ctx);
  fc_mul(V, V, sigma2, ctx);
  fc_addmul(V, at->a, at->a, ctx);
}
