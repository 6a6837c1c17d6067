#include "suprema/span.h"

#include <stdlib.h>

struct fc_span {
  const fc_target *target;
  size_t d, count, n;
  bool whole;     /* the coordinates are those of R^d */
  size_t *basis;  /* n: m_basis[i] - m_0 are independent */
  double *origin; /* n: about the middle of the coordinates; exact numbers */
};

/* --- the dimension ------------------------------------------------------ */

/* rows (count*d) = m_k - m_0; false where some mean is irrational. */
static bool set_rows(mpq_t *rows, const fc_target *target) {
  size_t d = fc_target_dimension(target),
         count = fc_target_isotropic_count(target);
  bool rational = true;
  for (size_t i = 0; i < d && rational; i++)
    for (size_t k = 0; k < count && rational; k++)
      rational = fc_target_mean_exact(rows[k * d + i], target, k, i);
  for (size_t k = count; rational && k-- > 0;)
    for (size_t i = 0; i < d; i++)
      mpq_sub(rows[k * d + i], rows[k * d + i], rows[i]);
  return rational;
}

/* row -= (row[pivot]/base[pivot]) base */
static void eliminate(mpq_t *row, mpq_t *base, size_t pivot, size_t d) {
  mpq_t factor, term;
  mpq_init(factor);
  mpq_init(term);
  mpq_div(factor, row[pivot], base[pivot]);
  for (size_t i = 0; i < d; i++) {
    mpq_mul(term, factor, base[i]);
    mpq_sub(row[i], row[i], term);
  }
  mpq_clear(factor);
  mpq_clear(term);
}

/* Gauss elimination; basis gets the indices of independent rows. */
static size_t rank_of(size_t *basis, mpq_t *rows, size_t count, size_t d,
                      size_t most) {
  size_t rank = 0;
  for (size_t k = 1; k < count; k++) {
    size_t pivot = 0;
    while (pivot < d && mpq_sgn(rows[k * d + pivot]) == 0)
      pivot++;
    if (pivot == d)
      continue;
    if (rank == most)
      return most + 1;
    basis[rank++] = k;
    for (size_t l = k + 1; l < count; l++)
      eliminate(rows + l * d, rows + k * d, pivot, d);
  }
  return rank;
}

static fc_status find_rank(fc_span *span, size_t most) {
  size_t entries = span->count * span->d;
  mpq_t *rows = malloc(entries * sizeof *rows);
  if (!rows)
    return FC_MEMORY;
  for (size_t i = 0; i < entries; i++)
    mpq_init(rows[i]);
  fc_status status = FC_OK;
  if (set_rows(rows, span->target)) {
    span->n = rank_of(span->basis, rows, span->count, span->d, most);
    span->whole = span->n == span->d;
    status = span->n > most ? FC_UNSUPPORTED : FC_OK;
  } else {
    span->n = span->d;
    span->whole = true;
    status = span->d > most ? FC_UNSUPPORTED : FC_OK;
  }
  for (size_t i = 0; i < entries; i++)
    mpq_clear(rows[i]);
  free(rows);
  return status;
}

/* --- coordinates -------------------------------------------------------- */

static void dot(fc_ptr z, fc_srcptr x, fc_srcptr y, size_t d,
                const fc_ctx *ctx) {
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < d; i++)
    fc_addmul(z, x + i, y + i, ctx);
}

/* q (n*d) = an orthonormal basis, by Gram and Schmidt; rows = m_k - m_0. */
static void orthonormalise(fc_ptr q, fc_srcptr rows, const fc_span *span,
                           const fc_ctx *ctx) {
  size_t d = span->d;
  fc_num part;
  fc_init(part, ctx);
  for (size_t i = 0; i < span->n; i++) {
    fc_vec_set(q + i * d, rows + span->basis[i] * d, d, ctx);
    for (size_t j = 0; j < i; j++) {
      dot(part, q + j * d, rows + span->basis[i] * d, d, ctx);
      for (size_t l = 0; l < d; l++)
        fc_submul(q + i * d + l, part, q + j * d + l, ctx);
    }
    dot(part, q + i * d, q + i * d, d, ctx);
    fc_sqrt(part, part, ctx);
    for (size_t l = 0; l < d; l++)
      fc_div(q + i * d + l, q + i * d + l, part, ctx);
  }
  fc_clear(part, ctx);
}

static fc_status write_coordinates(fc_ptr z, const fc_span *span,
                                   const fc_ctx *ctx) {
  size_t d = span->d, count = span->count, n = span->n;
  fc_num weight;
  fc_ptr rows = fc_vec_new(count * d, ctx), q = fc_vec_new(n * d + 1, ctx);
  if (!rows || !q) {
    fc_vec_free(rows, count * d, ctx);
    fc_vec_free(q, n * d + 1, ctx);
    return FC_MEMORY;
  }
  fc_init(weight, ctx);
  for (size_t k = 0; k < count; k++)
    fc_target_isotropic_get(rows + k * d, weight, span->target, k, ctx);
  if (span->whole)
    fc_vec_set(z, rows, count * d, ctx);
  else {
    for (size_t k = count; k-- > 0;)
      for (size_t i = 0; i < d; i++)
        fc_sub(rows + k * d + i, rows + k * d + i, rows + i, ctx);
    orthonormalise(q, rows, span, ctx);
    for (size_t k = 0; k < count; k++)
      for (size_t i = 0; i < n; i++)
        dot(z + k * n + i, rows + k * d, q + i * d, d, ctx);
  }
  fc_clear(weight, ctx);
  fc_vec_free(q, n * d + 1, ctx);
  fc_vec_free(rows, count * d, ctx);
  return FC_OK;
}

fc_status fc_span_coordinates(fc_ptr z, const fc_span *span,
                              const fc_ctx *ctx) {
  fc_num origin;
  fc_status status = write_coordinates(z, span, ctx);
  fc_init(origin, ctx);
  for (size_t i = 0; i < span->n && status == FC_OK; i++) {
    fc_set_d(origin, span->origin[i], ctx);
    for (size_t k = 0; k < span->count; k++)
      fc_sub(z + k * span->n + i, z + k * span->n + i, origin, ctx);
  }
  fc_clear(origin, ctx);
  return status;
}

/* Halfway between the least and the largest coordinate, in binary64. */
static fc_status set_origin(fc_span *span) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  size_t entries = span->count * span->n;
  fc_ptr z = fc_vec_new(entries + 1, ctx);
  fc_status status = z ? write_coordinates(z, span, ctx) : FC_MEMORY;
  for (size_t i = 0; i < span->n && status == FC_OK; i++) {
    double low = fc_get_d(z + i, ctx), high = low;
    for (size_t k = 1; k < span->count; k++) {
      double x = fc_get_d(z + k * span->n + i, ctx);
      low = x < low ? x : low;
      high = x > high ? x : high;
    }
    span->origin[i] = low + (high - low) / 2;
    if (!(span->origin[i] - span->origin[i] == 0)) /* not finite */
      span->origin[i] = 0;
  }
  fc_vec_free(z, entries + 1, ctx);
  return status;
}

/* --- the contract ------------------------------------------------------- */

fc_status fc_span_new(fc_span **span, const fc_target *target, size_t most) {
  fc_span *s = calloc(1, sizeof *s);
  if (!s)
    return FC_MEMORY;
  s->target = target;
  s->d = fc_target_dimension(target);
  s->count = fc_target_isotropic_count(target);
  s->basis = calloc(most + 1, sizeof *s->basis);
  s->origin = calloc(most + 1, sizeof *s->origin);
  fc_status status = s->basis && s->origin ? find_rank(s, most) : FC_MEMORY;
  if (status == FC_OK)
    status = set_origin(s);
  if (status)
    fc_span_free(s);
  else
    *span = s;
  return status;
}

void fc_span_free(fc_span *s) {
  if (!s)
    return;
  free(s->basis);
  free(s->origin);
  free(s);
}

size_t fc_span_dimension(const fc_span *s) { return s->n; }
