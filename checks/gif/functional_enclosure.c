#include "gif/functional_enclosure.h"

#include "spectral_gap/enclosure.h"

/* means = <b (m_k - m_0), e>, e along m_tip - m_0 (d = 1: b m_k); weights.
 * room: 4 d + 2 numbers. */
static void project(fc_line_mixture *m, const fc_target *target, size_t tip,
                    fc_srcptr b, fc_ptr room, const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  fc_ptr first = room, axis = room + d, mean = room + 2 * d;
  fc_ptr length = room + 4 * d, unused = length + 1;
  if (d > 1) {
    fc_target_isotropic_get(first, unused, target, 0, ctx);
    fc_target_isotropic_get(axis, unused, target, tip, ctx);
  } else {
    fc_set_si(axis, 1, ctx);
  }
  for (size_t i = 0; i < d; i++) {
    fc_sub(axis + i, axis + i, first + i, ctx);
    fc_addmul(length, axis + i, axis + i, ctx);
  }
  fc_sqrt(length, length, ctx);
  for (size_t k = 0; k < m->count; k++) {
    fc_target_isotropic_get(mean, m->weights + k, target, k, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_sub(mean + i, mean + i, first + i, ctx);
      fc_addmul(m->means + k, mean + i, axis + i, ctx);
    }
    fc_div(m->means + k, m->means + k, length, ctx);
    fc_mul(m->means + k, m->means + k, b, ctx);
  }
}

fc_status fc_functional_enclose(fc_ptr z, const fc_target *target, size_t tip,
                                const fc_schedule_value *at,
                                const fc_ctx *ctx) {
  size_t d = fc_target_dimension(target);
  size_t count = fc_target_isotropic_count(target);
  size_t size = 2 * count + 1 + 4 * d + 2;
  if (count == 0)
    return FC_UNSUPPORTED;
  fc_ptr room = fc_vec_new(size, ctx);
  if (!room)
    return FC_MEMORY;
  fc_line_mixture m = {count, room, room + count, room + 2 * count};
  project(&m, target, tip, at->b, m.variance + 1, ctx);
  fc_status status =
      fc_target_constant(m.variance, NULL, NULL, target, FC_SIGMA, ctx);
  fc_mul(m.variance, m.variance, at->b, ctx);
  fc_sqr(m.variance, m.variance, ctx);
  fc_addmul(m.variance, at->a, at->a, ctx);
  if (!status)
    status = fc_poincare_enclose(z, &m, ctx);
  fc_vec_free(room, size, ctx);
  return status;
}
