#include "gif/moments.h"

#include <string.h>

#include "gif/combination.h"

enum { VECTORS = 6 };

static void each_number(fc_moments *m, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {m->trace,   m->second,  m->root,     m->size_x,
                            m->size_M3, m->size_Cx, m->size_CM1, m->size_M2x};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], m->ctx);
}

/* z += A y. */
static void add_product(fc_ptr z, fc_srcptr A, fc_srcptr y, size_t d,
                        const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      fc_addmul(z + i, A + i * d + j, y + j, ctx);
}

/* M2 = Tr C + |M1|^2, M3 = Cov(X_1, |X_1|^2 | x) + M2 M1,
 * E[X_1 X_1^T] x = C x + M1 (M1^T x). */
static void fill(fc_moments *m, const fc_posterior_value *p, fc_srcptr x) {
  const fc_ctx *ctx = m->ctx;
  fc_num inner;
  fc_init(inner, ctx);
  for (size_t i = 0; i < m->d; i++) {
    fc_set(m->M1 + i, p->mean + i, ctx);
    fc_add(m->trace, m->trace, p->covariance + i * (m->d + 1), ctx);
    fc_addmul(m->second, m->M1 + i, m->M1 + i, ctx);
    fc_addmul(inner, m->M1 + i, x + i, ctx);
  }
  fc_add(m->second, m->second, m->trace, ctx);
  add_product(m->Cx, p->covariance, x, m->d, ctx);
  add_product(m->CM1, p->covariance, m->M1, m->d, ctx);
  for (size_t i = 0; i < m->d; i++) {
    fc_mul(m->M2M1 + i, m->second, m->M1 + i, ctx);
    fc_add(m->M3 + i, p->third + i, m->M2M1 + i, ctx);
    fc_set(m->M2x + i, m->Cx + i, ctx);
    fc_addmul(m->M2x + i, m->M1 + i, inner, ctx);
  }
  fc_clear(inner, ctx);
}

static void fill_sizes(fc_moments *m, fc_srcptr x) {
  const fc_ctx *ctx = m->ctx;
  fc_sqrt(m->root, m->second, ctx);
  fc_largest(m->size_x, x, m->d, ctx);
  /* E|X_1|^3 >= M2^(3/2), and far more where a far atom has little weight. */
  fc_largest(m->size_M3, m->M3, m->d, ctx);
  fc_addmul(m->size_M3, m->second, m->root, ctx);
  fc_mul(m->size_Cx, m->trace, m->size_x, ctx);
  fc_mul(m->size_CM1, m->trace, m->root, ctx);
  fc_mul(m->size_M2x, m->second, m->size_x, ctx);
}

fc_status fc_moments_init(fc_moments *m, fc_workspace *w) {
  memset(m, 0, sizeof *m);
  m->ctx = w->ctx;
  m->d = w->d;
  each_number(m, fc_init);
  m->M1 = fc_vec_new(VECTORS * w->d, w->ctx);
  fc_status status = m->M1 ? FC_OK : FC_MEMORY;
  if (status == FC_OK) {
    const fc_schedule_value *at = fc_velocity_schedule(w->velocity);
    fc_posterior *posterior = fc_velocity_posterior(w->velocity);
    m->M3 = m->M1 + w->d;
    m->M2M1 = m->M3 + w->d;
    m->Cx = m->M2M1 + w->d;
    m->CM1 = m->Cx + w->d;
    m->M2x = m->CM1 + w->d;
    status =
        fc_posterior_eval(posterior, at->a, at->b, w->x,
                          FC_WANT_MEAN | FC_WANT_COVARIANCE | FC_WANT_THIRD);
    if (status == FC_OK) {
      fill(m, fc_posterior_values(posterior), w->x);
      fill_sizes(m, w->x);
      return FC_OK;
    }
  }
  fc_moments_clear(m);
  return status;
}

void fc_moments_clear(fc_moments *m) {
  fc_vec_free(m->M1, VECTORS * m->d, m->ctx);
  each_number(m, fc_clear);
}
