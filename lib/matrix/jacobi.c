/* The cyclic Jacobi method for symmetric matrices. */
#include "matrix/jacobi.h"

#define MAX_SWEEPS 100

/* The matrix w on its way to the diagonal (both triangles kept), the rows of v
 * on their way to the eigenvectors, scratch. */
typedef struct jacobi {
  fc_ptr w, v;
  size_t d;
  const fc_ctx *ctx;
  fc_num c, s, t, x, y;
} jacobi;

static fc_ptr at(const jacobi *m, size_t i, size_t j) {
  return m->w + i * m->d + j;
}

/* |w_pq| <= 2^-bits sqrt(|w_pp w_qq|), or next to nothing where the matrix is
 * scaled to entries of at most 1. */
static bool is_negligible(jacobi *m, size_t p, size_t q) {
  const fc_ctx *ctx = m->ctx;
  fc_sqr(m->x, at(m, p, q), ctx);
  fc_set_si(m->y, 1, ctx);
  fc_mul_2exp_si(m->y, m->y, -4 * ctx->precision, ctx);
  if (fc_le(m->x, m->y, ctx) == FC_TRUE)
    return true;
  fc_mul(m->y, at(m, p, p), at(m, q, q), ctx);
  fc_abs(m->y, m->y, ctx);
  fc_mul_2exp_si(m->y, m->y, -2 * ctx->precision, ctx);
  return fc_le(m->x, m->y, ctx) == FC_TRUE;
}

/* theta = (w_qq - w_pp)/(2 w_pq), t = sign(theta)/(|theta| + sqrt(theta^2 +
 * 1)), c = 1/sqrt(t^2 + 1), s = t c (Golub, Van Loan, Section 8.5). */
static void choose_rotation(jacobi *m, size_t p, size_t q) {
  const fc_ctx *ctx = m->ctx;
  fc_sub(m->x, at(m, q, q), at(m, p, p), ctx);
  fc_mul_2exp_si(m->y, at(m, p, q), 1, ctx);
  fc_div(m->x, m->x, m->y, ctx);
  fc_sqr(m->y, m->x, ctx);
  fc_add_si(m->y, m->y, 1, ctx);
  fc_sqrt(m->y, m->y, ctx);
  fc_abs(m->t, m->x, ctx);
  fc_add(m->t, m->t, m->y, ctx);
  fc_inv(m->t, m->t, ctx);
  if (fc_is_negative(m->x, ctx) == FC_TRUE)
    fc_neg(m->t, m->t, ctx);
  fc_sqr(m->c, m->t, ctx);
  fc_add_si(m->c, m->c, 1, ctx);
  fc_sqrt(m->c, m->c, ctx);
  fc_inv(m->c, m->c, ctx);
  fc_mul(m->s, m->t, m->c, ctx);
}

/* (f, g) -> (c f - s g, s f + c g) */
static void rotate(jacobi *m, fc_ptr f, fc_ptr g) {
  const fc_ctx *ctx = m->ctx;
  fc_mul(m->x, m->c, f, ctx);
  fc_submul(m->x, m->s, g, ctx);
  fc_mul(m->y, m->c, g, ctx);
  fc_addmul(m->y, m->s, f, ctx);
  fc_swap(f, m->x);
  fc_swap(g, m->y);
}

static void annihilate(jacobi *m, size_t p, size_t q) {
  const fc_ctx *ctx = m->ctx;
  choose_rotation(m, p, q);
  fc_submul(at(m, p, p), m->t, at(m, p, q), ctx);
  fc_addmul(at(m, q, q), m->t, at(m, p, q), ctx);
  fc_set_si(at(m, p, q), 0, ctx);
  fc_set_si(at(m, q, p), 0, ctx);
  for (size_t k = 0; k < m->d; k++) {
    rotate(m, m->v + p * m->d + k, m->v + q * m->d + k);
    if (k == p || k == q)
      continue;
    rotate(m, at(m, p, k), at(m, q, k));
    fc_set(at(m, k, p), at(m, p, k), ctx);
    fc_set(at(m, k, q), at(m, q, k), ctx);
  }
}

static bool sweep_changes_nothing(jacobi *m) {
  bool nothing = true;
  for (size_t p = 0; p + 1 < m->d; p++)
    for (size_t q = p + 1; q < m->d; q++)
      if (!is_negligible(m, p, q)) {
        annihilate(m, p, q);
        nothing = false;
      }
  return nothing;
}

static fc_status diagonalise(jacobi *m) {
  for (int sweep = 0; sweep < MAX_SWEEPS; sweep++)
    if (sweep_changes_nothing(m))
      return FC_OK;
  return FC_BUDGET;
}

/* w = 2^-exponent times the lower triangle of a, mirrored; v = 1. */
static void load(jacobi *m, fc_srcptr a, long exponent) {
  for (size_t i = 0; i < m->d; i++)
    for (size_t j = 0; j < m->d; j++) {
      fc_srcptr lower = i >= j ? a + i * m->d + j : a + j * m->d + i;
      fc_mul_2exp_si(at(m, i, j), lower, -exponent, m->ctx);
      fc_set_si(m->v + i * m->d + j, i == j, m->ctx);
    }
}

/* Diagonal to values, and both in ascending order (by selection). */
static void deliver(fc_ptr values, jacobi *m, long exponent) {
  size_t d = m->d;
  for (size_t i = 0; i < d; i++)
    fc_mul_2exp_si(values + i, at(m, i, i), exponent, m->ctx);
  for (size_t i = 0; i < d; i++) {
    size_t least = i;
    for (size_t j = i + 1; j < d; j++)
      if (fc_cmp_mid(values + j, values + least, m->ctx) < 0)
        least = j;
    fc_swap(values + i, values + least);
    for (size_t k = 0; k < d; k++)
      fc_swap(m->v + i * d + k, m->v + least * d + k);
  }
}

/* The largest binary exponent of the entries: scaled by it, nothing
 * overflows. */
static long largest_exponent(fc_srcptr a, size_t d, const fc_ctx *ctx) {
  long exponent = 0;
  bool first = true;
  mpfr_t mid;
  mpfr_init2(mid, ctx->precision);
  for (size_t i = 0; i < d * d; i++) {
    fc_get_mid(mid, a + i, ctx);
    if (mpfr_regular_p(mid) && (first || mpfr_get_exp(mid) > exponent)) {
      exponent = mpfr_get_exp(mid);
      first = false;
    }
  }
  mpfr_clear(mid);
  return exponent;
}

fc_status fc_matrix_jacobi(fc_ptr values, fc_ptr vectors, fc_srcptr a, size_t d,
                           const fc_ctx *ctx) {
  jacobi m = {.w = fc_vec_new(d * d, ctx), .v = vectors, .d = d, .ctx = ctx};
  if (m.w == NULL)
    return FC_MEMORY;
  fc_ptr scratch[] = {m.c, m.s, m.t, m.x, m.y};
  for (size_t i = 0; i < sizeof scratch / sizeof scratch[0]; i++)
    fc_init(scratch[i], ctx);
  long exponent = largest_exponent(a, d, ctx);
  load(&m, a, exponent);
  fc_status status = diagonalise(&m);
  if (status == FC_OK)
    deliver(values, &m, exponent);
  for (size_t i = 0; i < sizeof scratch / sizeof scratch[0]; i++)
    fc_clear(scratch[i], ctx);
  fc_vec_free(m.w, d * d, ctx);
  return status;
}
