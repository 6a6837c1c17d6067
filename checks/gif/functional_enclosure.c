#include "gif/functional_enclosure.h"

#include "spectral_gap/enclosure.h"

/* size = |m_tip - m_0|^2; room: 2 d + 1 numbers. */
static void set_size(fc_ptr size, const fc_target *target, size_t tip,
                     fc_ptr room, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_ptr first = room, last = room + d, unused = room + 2 * d;
  fc_target_isotropic_get(first, unused, target, 0, ctx);
  fc_target_isotropic_get(last, unused, target, tip, ctx);
  fc_set_si(size, 0, ctx);
  for (size_t i = 0; i < d; i++) {
    fc_sub(last + i, last + i, first + i, ctx);
    fc_addmul(size, last + i, last + i, ctx);
  }
}

/* In the coordinate along eta = m_tip - m_0, in units of |eta|: the noise is
 * Z/|eta|, and C_P |eta|^-2 of what it is. */
static fc_status enclose_along(fc_ptr z, const fc_target *target,
                               const fc_target *line, size_t tip,
                               const fc_schedule_value *at, const fc_ctx *ctx) {
  size_t count = 2 * fc_target_dimension(target) + 1;
  fc_ptr room = fc_vec_new(count + 2, ctx);
  if (!room)
    return FC_MEMORY;
  fc_ptr size = room + count, noise = room + count + 1;
  set_size(size, target, tip, room, ctx);
  fc_sqrt(noise, size, ctx);
  fc_div(noise, at->a, noise, ctx);
  fc_status status = fc_poincare_enclose(z, line, noise, at->b, ctx);
  fc_mul(z, z, size, ctx);
  fc_vec_free(room, count + 2, ctx);
  return status;
}

fc_status fc_functional_enclose(fc_ptr z, const fc_target *target,
                                const fc_schedule_value *at,
                                const fc_ctx *ctx) {
  fc_target *line = NULL;
  size_t tip;
  if (fc_target_dimension(target) == 1)
    return fc_poincare_enclose(z, target, at->a, at->b, ctx);
  fc_status status = fc_target_line(&line, &tip, target, NULL);
  if (!status)
    status = enclose_along(z, target, line, tip, at, ctx);
  fc_target_free(line);
  return status;
}
