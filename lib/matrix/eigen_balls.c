/* Certified eigenvalues of symmetric ball matrices.
 *
 * Jacobi on the midpoint gives rows V that are nearly orthonormal.  With
 * B = V A V^T and G = V V^T = I + E, the matrix M = V A V^-1 = B G^-1 is
 * similar to A, and G^-1 = I - E + F,  |F_ij| <= |E|^2/(1 - |E|)     (row sum
 * norm |E| < 1). Gershgorin: k discs of M that meet no other disc hold k
 * eigenvalues, all of them real. */
#include "matrix/jacobi.h"
#include "matrix/matrix.h"

typedef struct discs {
  fc_ptr v, b, g, m; /* d*d each */
  fc_ptr low, high;  /* d each */
  size_t d;
  const fc_ctx *ctx;
} discs;

static bool discs_init(discs *s, size_t d, const fc_ctx *ctx) {
  *s = (discs){.d = d, .ctx = ctx};
  s->v = fc_vec_new(d * d, ctx);
  s->b = fc_vec_new(d * d, ctx);
  s->g = fc_vec_new(d * d, ctx);
  s->m = fc_vec_new(d * d, ctx);
  s->low = fc_vec_new(d, ctx);
  s->high = fc_vec_new(d, ctx);
  return s->v && s->b && s->g && s->m && s->low && s->high;
}

static void discs_clear(discs *s) {
  size_t d = s->d;
  fc_vec_free(s->v, d * d, s->ctx);
  fc_vec_free(s->b, d * d, s->ctx);
  fc_vec_free(s->g, d * d, s->ctx);
  fc_vec_free(s->m, d * d, s->ctx);
  fc_vec_free(s->low, d, s->ctx);
  fc_vec_free(s->high, d, s->ctx);
}

/* --- the midpoint ----------------------------------------------------------
 */

static void convert_all(fc_ptr z, const fc_ctx *zctx, fc_srcptr x,
                        const fc_ctx *xctx, size_t count) {
  for (size_t i = 0; i < count; i++)
    fc_convert(z + i, zctx, x + i, xctx);
}

/* v = rows of eigenvectors of the midpoint, exact numbers. */
static fc_status midpoint_vectors(fc_ptr v, fc_srcptr a, size_t d,
                                  const fc_ctx *ctx) {
  fc_ctx mpfr[1];
  fc_ctx_init_mpfr(mpfr, ctx->precision + 10);
  fc_ptr mid = fc_vec_new(d * d, mpfr), rows = fc_vec_new(d * d, mpfr);
  fc_ptr values = fc_vec_new(d, mpfr);
  fc_status status = FC_MEMORY;
  if (mid != NULL && rows != NULL && values != NULL) {
    convert_all(mid, mpfr, a, ctx, d * d);
    status = fc_matrix_jacobi(values, rows, mid, d, mpfr);
    if (status == FC_OK)
      convert_all(v, ctx, rows, mpfr, d * d);
  }
  fc_vec_free(mid, d * d, mpfr);
  fc_vec_free(rows, d * d, mpfr);
  fc_vec_free(values, d, mpfr);
  return status;
}

/* --- the similar matrix -----------------------------------------------------
 */

/* z = x y^T */
static void multiply_transposed(fc_ptr z, fc_srcptr x, fc_srcptr y, size_t d,
                                const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_set_si(z + i * d + j, 0, ctx);
      for (size_t k = 0; k < d; k++)
        fc_addmul(z + i * d + j, x + i * d + k, y + j * d + k, ctx);
    }
}

/* z = x a with the symmetric a given by its lower triangle */
static void multiply_symmetric(fc_ptr z, fc_srcptr x, fc_srcptr a, size_t d,
                               const fc_ctx *ctx) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) {
      fc_set_si(z + i * d + j, 0, ctx);
      for (size_t k = 0; k < d; k++)
        fc_addmul(z + i * d + j, x + i * d + k,
                  k >= j ? a + k * d + j : a + j * d + k, ctx);
    }
}

/* f = the ball of all |F_ij| <= e^2/(1 - e); false where e < 1 is not certain.
 */
static bool tail_of_inverse(fc_ptr f, fc_srcptr e, const fc_ctx *ctx) {
  fc_num rest, negative;
  fc_init(rest, ctx);
  fc_init(negative, ctx);
  fc_neg(rest, e, ctx);
  fc_add_si(rest, rest, 1, ctx);
  bool small = fc_is_positive(rest, ctx) == FC_TRUE;
  fc_sqr(f, e, ctx);
  fc_div(f, f, rest, ctx);
  fc_neg(negative, f, ctx);
  fc_hull(f, f, negative, ctx);
  fc_clear(rest, ctx);
  fc_clear(negative, ctx);
  return small;
}

/* g: from G = I + E to the enclosure of its inverse, I - E + F. */
static bool invert_near_identity(fc_ptr g, size_t d, const fc_ctx *ctx) {
  fc_num norm, tail;
  fc_init(norm, ctx);
  fc_init(tail, ctx);
  for (size_t i = 0; i < d; i++)
    fc_add_si(g + i * d + i, g + i * d + i, -1, ctx);
  fc_matrix_row_sum_norm(norm, g, d, ctx);
  bool small = tail_of_inverse(tail, norm, ctx);
  for (size_t i = 0; i < d * d; i++) {
    fc_sub(g + i, tail, g + i, ctx);
    if (i % (d + 1) == 0)
      fc_add_si(g + i, g + i, 1, ctx);
  }
  fc_clear(norm, ctx);
  fc_clear(tail, ctx);
  return small;
}

/* m = V A V^-1 = (V A V^T) (V V^T)^-1 */
static bool similar_matrix(discs *s, fc_srcptr a) {
  multiply_symmetric(s->m, s->v, a, s->d, s->ctx);
  multiply_transposed(s->b, s->m, s->v, s->d, s->ctx);
  multiply_transposed(s->g, s->v, s->v, s->d, s->ctx);
  bool small = invert_near_identity(s->g, s->d, s->ctx);
  multiply_symmetric(s->m, s->b, s->g, s->d, s->ctx);
  return small;
}

/* --- discs ------------------------------------------------------------------
 */

static void find_discs(discs *s) {
  fc_num radius, entry;
  fc_init(radius, s->ctx);
  fc_init(entry, s->ctx);
  for (size_t i = 0; i < s->d; i++) {
    fc_srcptr row = s->m + i * s->d;
    fc_set_si(radius, 0, s->ctx);
    for (size_t j = 0; j < s->d; j++) {
      if (j == i)
        continue;
      fc_abs(entry, row + j, s->ctx);
      fc_add(radius, radius, entry, s->ctx);
    }
    fc_sub(s->low + i, row + i, radius, s->ctx);
    fc_add(s->high + i, row + i, radius, s->ctx);
    fc_hull(s->low + i, s->low + i, s->high + i, s->ctx);
  }
  fc_clear(radius, s->ctx);
  fc_clear(entry, s->ctx);
}

/* low: the discs, now ascending by their centres. */
static void sort_discs(discs *s) {
  for (size_t i = 0; i < s->d; i++)
    for (size_t j = i;
         j > 0 && fc_cmp_mid(s->low + j, s->low + j - 1, s->ctx) < 0; j--)
      fc_swap(s->low + j, s->low + j - 1);
}

/* values: each disc, or the hull of the chain of discs of which it is one.
 * high + i: the hull of the discs up to i of the present chain. */
static void join_chains(fc_ptr values, discs *s) {
  size_t start = 0;
  for (size_t i = 0; i < s->d; i++) {
    if (i == start)
      fc_set(s->high + i, s->low + i, s->ctx);
    else
      fc_hull(s->high + i, s->high + i - 1, s->low + i, s->ctx);
    bool ends = true;
    for (size_t j = i + 1; j < s->d; j++)
      ends = ends && fc_lt(s->high + i, s->low + j, s->ctx) == FC_TRUE;
    if (!ends)
      continue;
    for (; start <= i; start++)
      fc_set(values + start, s->high + i, s->ctx);
  }
}

static fc_status enclose(fc_ptr values, discs *s, fc_srcptr a) {
  fc_status status = midpoint_vectors(s->v, a, s->d, s->ctx);
  if (status != FC_OK)
    return status;
  if (!similar_matrix(s, a))
    return FC_BUDGET;
  find_discs(s);
  sort_discs(s);
  join_chains(values, s);
  return FC_OK;
}

fc_status fc_matrix_eigen_balls(fc_ptr values, fc_ptr vectors, fc_srcptr a,
                                size_t d, const fc_ctx *ctx) {
  discs s;
  fc_status status = FC_MEMORY;
  if (discs_init(&s, d, ctx))
    status = enclose(values, &s, a);
  if (status == FC_OK && vectors != NULL)
    fc_vec_set(vectors, s.v, d * d, ctx);
  discs_clear(&s);
  return status;
}
