/* The flow in the angle (see angle.c) of any mixture of Gaussians, in the
 * eigenbases S_k = Q_k diag(l_ki) Q_k^T of its components.  With
 * a = cos(theta), b = sin(theta):
 *   D_ki = a^2 + b^2 l_ki,  p_ki = 1/D_ki,  xi_k = Q_k^T (y - b m_k),
 *   phi_ki = p_ki xi_ki,    psi_k = Q_k phi_k,
 *   L_k = log w_k - sum_i (log D_ki + xi_ki phi_ki)/2,
 *   r_k = exp(L_k)/sum exp(L_j),
 *   E[Z|k] = a psi_k,       E[X_1|k] = m_k + b S_k psi_k,
 *   w = E[a X_1 - b Z] = a sum_k r_k h_k,  h_k = m_k + b (S_k - I) psi_k,
 * regular at both ends without a division; and with grad log r_k = s - psi_k,
 * s = sum_j r_j psi_j,
 *   grad w = a sum_k r_k (b Q_k diag((l_k - 1) p_k) Q_k^T - h_k psi_k^T)
 *          + a (sum_k r_k h_k) s^T.
 * All series grow by one coefficient at a time.
 */
#include <math.h>
#include <stdlib.h>

#include "flow/field.h"
#include "flow/magnitude.h"
#include "matrix/matrix.h"

typedef struct spectral {
  size_t count, d;
  long stride; /* order + 1 */
  fc_ptr storage;
  size_t storage_count;
  fc_ptr temp; /* 4 */
  /* numbers */
  fc_ptr means;       /* count*d */
  fc_ptr log_weights; /* count */
  fc_ptr logs;        /* count: log r_k at h = 0, up to the sum */
  fc_ptr values;      /* count*d: l_ki - 1 */
  fc_ptr vectors;     /* count*d*d: row i is column i of Q_k */
  fc_ptr excess;      /* count*d*d: S_k - I */
  /* series of order+1 coefficients */
  fc_ptr a, b, b2, db2;      /* 1 each; db2 = (b^2)' */
  fc_ptr p, xi, phi;         /* count*d each, in the eigenbases */
  fc_ptr psi, r_psi;         /* count*d each: Q_k phi_k, r_k Q_k phi_k */
  fc_ptr square;             /* count: sum_i xi_ki phi_ki */
  fc_ptr slope, r;           /* count each: L'_k, then less the mean; r_k */
  fc_ptr drift, mean, score; /* d each: sum r (S_k-I) psi; sum r h; s */
  fc_ptr r_p;                /* count*d: r_k p_ki */
  fc_ptr pairs;              /* count*d*d: r_k psi_ki psi_kj */
  fc_ptr inner;              /* d*d: what comes with b in grad w/a */
  fc_ptr outer;              /* d*d: grad w/a */
  fc_ptr jacobian;           /* d*d: grad w */
} spectral;

/* Lays out the storage; returns how many numbers it takes. */
static size_t lay_out(spectral *c, fc_ptr start) {
  size_t n = c->count, d = c->d, length = (size_t)c->stride;
  fc_ptr next = start;
  c->temp = fc_take(&next, 4);
  c->means = fc_take(&next, n * d);
  c->log_weights = fc_take(&next, n);
  c->logs = fc_take(&next, n);
  c->values = fc_take(&next, n * d);
  c->vectors = fc_take(&next, n * d * d);
  c->excess = fc_take(&next, n * d * d);
  c->a = fc_take(&next, length);
  c->b = fc_take(&next, length);
  c->b2 = fc_take(&next, length);
  c->db2 = fc_take(&next, length);
  c->p = fc_take(&next, n * d * length);
  c->xi = fc_take(&next, n * d * length);
  c->phi = fc_take(&next, n * d * length);
  c->psi = fc_take(&next, n * d * length);
  c->r_psi = fc_take(&next, n * d * length);
  c->square = fc_take(&next, n * length);
  c->slope = fc_take(&next, n * length);
  c->r = fc_take(&next, n * length);
  c->drift = fc_take(&next, d * length);
  c->mean = fc_take(&next, d * length);
  c->score = fc_take(&next, d * length);
  c->r_p = fc_take(&next, n * d * length);
  c->pairs = fc_take(&next, n * d * d * length);
  c->inner = fc_take(&next, d * d * length);
  c->outer = fc_take(&next, d * d * length);
  c->jacobian = fc_take(&next, d * d * length);
  return (size_t)(next - start);
}

static bool is_diagonal(fc_srcptr matrix, size_t d, const fc_ctx *ctx) {
  for (size_t i = 0; i < d * d; i++)
    if (i % (d + 1) != 0 && fc_is_zero(matrix + i, ctx) != FC_TRUE)
      return false;
  return true;
}

static fc_status set_component(spectral *c, const fc_target *target, size_t k,
                               const fc_ctx *ctx) {
  size_t d = c->d;
  fc_ptr values = c->values + k * d, vectors = c->vectors + k * d * d,
         covariance = c->excess + k * d * d;
  fc_status status = fc_target_mixture_get(c->means + k * d, covariance,
                                           c->log_weights + k, target, k, ctx);
  if (status)
    return status;
  if (is_diagonal(covariance, d, ctx)) {
    for (size_t i = 0; i < d; i++) {
      fc_set(values + i, covariance + i * (d + 1), ctx);
      fc_set_si(vectors + i * (d + 1), 1, ctx);
    }
  } else {
    status = fc_matrix_eigen(values, vectors, covariance, d, ctx);
  }
  for (size_t i = 0; i < d; i++)
    fc_add_si(values + i, values + i, -1, ctx);
  for (size_t i = 0; i < d; i++)
    fc_add_si(covariance + i * (d + 1), covariance + i * (d + 1), -1, ctx);
  return status;
}

static fc_status bind(fc_field *field, const fc_target *target,
                      const fc_schedule *schedule) {
  (void)schedule;
  if (fc_target_mixture_count(target) == 0)
    return FC_UNSUPPORTED;
  spectral *c = calloc(1, sizeof *c);
  if (!c)
    return FC_MEMORY;
  field->state = c;
  c->count = fc_target_mixture_count(target);
  c->d = field->d;
  c->stride = field->order + 1;
  size_t d = c->d, each = (size_t)c->stride;
  c->storage_count =
      4 + c->count * (2 + 2 * d + 2 * d * d) +
      each * (4 + c->count * (3 + 6 * d + d * d) + 3 * d + 3 * d * d);
  if (c->storage_count > FC_FIELD_MOST_NUMBERS)
    return FC_BUDGET;
  c->storage = fc_vec_new(c->storage_count, field->ctx);
  if (!c->storage)
    return FC_MEMORY;
  if (lay_out(c, c->storage) != c->storage_count)
    return FC_INTERNAL;
  fc_status status = FC_OK;
  for (size_t k = 0; k < c->count && !status; k++)
    status = set_component(c, target, k, field->ctx);
  return status;
}

static void release(fc_field *field) {
  spectral *c = field->state;
  fc_vec_free(c->storage, c->storage_count, field->ctx);
  free(c);
}

/* --- one coefficient more ---------------------------------------------------
 */

/* a = cos(theta + h), b = sin(theta + h), b^2. */
static void set_waves(spectral *c, fc_srcptr tau, fc_srcptr co, long order,
                      const fc_ctx *ctx) {
  fc_sin(c->b, tau, ctx);
  fc_sin(c->a, co, ctx);
  for (long k = 1; k <= order; k++) { /* a' = -b, b' = a */
    fc_div_si(c->b + k, c->a + k - 1, k, ctx);
    fc_div_si(c->a + k, c->b + k - 1, k, ctx);
    fc_neg(c->a + k, c->a + k, ctx);
  }
  for (long k = 0; k <= order; k++)
    fc_dot_reversed(c->b2 + k, c->b, c->b + k, k + 1, ctx);
  for (long k = 0; k < order; k++)
    fc_mul_si(c->db2 + k, c->b2 + k + 1, k + 1, ctx);
}

/* p = 1/D, D = 1 + (l - 1) b^2: D p = 1. */
static void next_precision(spectral *c, size_t at, long j, const fc_ctx *ctx) {
  fc_ptr p = c->p + at * (size_t)c->stride, level = c->temp, sum = c->temp + 1;
  fc_srcptr value = c->values + at;
  if (j == 0) {
    fc_mul(level, value, c->b2, ctx);
    fc_add_si(level, level, 1, ctx);
    fc_inv(p, level, ctx);
    return;
  }
  fc_dot_reversed(sum, c->b2 + 1, p + j - 1, j, ctx);
  fc_mul(sum, sum, value, ctx);
  fc_mul(sum, sum, p, ctx);
  fc_neg(p + j, sum, ctx);
}

/* xi_ki = (column i of Q_k).(y - b m_k) */
static void next_offset(spectral *c, fc_srcptr y, size_t k, size_t i, long j,
                        const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  fc_ptr xi = c->xi + (k * d + i) * length + j;
  fc_srcptr column = c->vectors + (k * d + i) * d;
  fc_set_si(xi, 0, ctx);
  for (size_t m = 0; m < d; m++) {
    fc_set(c->temp, y + m * length + j, ctx);
    fc_submul(c->temp, c->b + j, c->means + k * d + m, ctx);
    fc_addmul(xi, column + m, c->temp, ctx);
  }
}

/* Everything that hangs on y_j alone. */
static void next_offsets(spectral *c, fc_srcptr y, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t k = 0; k < c->count; k++) {
    fc_ptr square = c->square + k * length + j;
    fc_set_si(square, 0, ctx);
    for (size_t i = 0; i < d; i++) {
      size_t at = k * d + i;
      fc_ptr phi = c->phi + at * length + j;
      next_precision(c, at, j, ctx);
      next_offset(c, y, k, i, j, ctx);
      fc_dot_reversed(phi, c->p + at * length, c->xi + at * length + j, j + 1,
                      ctx);
      fc_dot_reversed(c->temp, c->xi + at * length, phi, j + 1, ctx);
      fc_add(square, square, c->temp, ctx);
    }
  }
}

/* r_k at h = 0. */
static void set_responsibilities(spectral *c, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride, top = 0;
  fc_ptr sum = c->temp + 1;
  for (size_t k = 0; k < c->count; k++) {
    fc_ptr log = c->r + k * length;
    fc_set_si(log, 1, ctx); /* prod p */
    for (size_t i = 0; i < d; i++)
      fc_mul(log, log, c->p + (k * d + i) * length, ctx);
    fc_log(log, log, ctx);
    fc_sub(log, log, c->square + k * length, ctx);
    fc_mul_2exp_si(log, log, -1, ctx);
    fc_add(log, log, c->log_weights + k, ctx);
    if (fc_cmp_mid(log, c->r + top * length, ctx) > 0)
      top = k;
  }
  fc_set(c->temp, c->r + top * length, ctx);
  fc_set_si(sum, 0, ctx);
  for (size_t k = 0; k < c->count; k++) {
    fc_ptr r = c->r + k * length;
    fc_sub(c->logs + k, r, c->temp, ctx);
    fc_exp(r, c->logs + k, ctx);
    fc_add(sum, sum, r, ctx);
  }
  for (size_t k = 0; k < c->count; k++)
    fc_div(c->r + k * length, c->r + k * length, sum, ctx);
}

/* L'_j = -((j+1) square_{j+1} + sum_i (D'_i p_i)_j)/2, D' = (l - 1) (b^2)';
 * then r_{j+1} = (r (L' - sum r L'))_j/(j+1). */
static void next_responsibilities(spectral *c, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  fc_ptr mean = c->temp, term = c->temp + 1, sum = c->temp + 2;
  fc_set_si(mean, 0, ctx);
  for (size_t k = 0; k < c->count; k++) {
    fc_ptr slope = c->slope + k * length;
    fc_mul_si(sum, c->square + k * length + j + 1, j + 1, ctx);
    for (size_t i = 0; i < d; i++) {
      fc_dot_reversed(term, c->db2, c->p + (k * d + i) * length + j, j + 1,
                      ctx);
      fc_addmul(sum, term, c->values + k * d + i, ctx);
    }
    fc_mul_2exp_si(sum, sum, -1, ctx);
    fc_neg(slope + j, sum, ctx);
    fc_dot_reversed(term, c->r + k * length, slope + j, j + 1, ctx);
    fc_add(mean, mean, term, ctx);
  }
  for (size_t k = 0; k < c->count; k++) {
    fc_ptr slope = c->slope + k * length, next = c->r + k * length + j + 1;
    fc_sub(slope + j, slope + j, mean, ctx);
    fc_dot_reversed(next, c->r + k * length, slope + j, j + 1, ctx);
    fc_div_si(next, next, j + 1, ctx);
  }
}

/* psi = Q_k phi and r psi. */
static void next_psi(spectral *c, size_t k, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t m = 0; m < d; m++) {
    size_t at = (k * d + m) * length + j;
    fc_set_si(c->psi + at, 0, ctx);
    for (size_t i = 0; i < d; i++)
      fc_addmul(c->psi + at, c->vectors + (k * d + i) * d + m,
                c->phi + (k * d + i) * length + j, ctx);
    fc_dot_reversed(c->r_psi + at, c->r + k * length, c->psi + at, j + 1, ctx);
  }
}

/* drift, score and mean = sum r m + b drift; then y_{j+1} = (a mean)_j/(j+1).
 */
static void next_point(spectral *c, fc_ptr y, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t m = 0; m < d; m++) {
    fc_set_si(c->drift + m * length + j, 0, ctx);
    fc_set_si(c->score + m * length + j, 0, ctx);
    fc_set_si(c->mean + m * length + j, 0, ctx);
  }
  for (size_t k = 0; k < c->count; k++) {
    next_psi(c, k, j, ctx);
    for (size_t m = 0; m < d; m++) {
      fc_srcptr r_psi = c->r_psi + k * d * length + j;
      fc_ptr drift = c->drift + m * length + j,
             score = c->score + m * length + j;
      for (size_t i = 0; i < d; i++)
        fc_addmul(drift, c->excess + (k * d + m) * d + i, r_psi + i * length,
                  ctx);
      fc_add(score, score, r_psi + m * length, ctx);
      fc_addmul(c->mean + m * length + j, c->r + k * length + j,
                c->means + k * d + m, ctx);
    }
  }
  for (size_t m = 0; m < d; m++) {
    fc_ptr mean = c->mean + m * length, next = y + m * length + j + 1;
    fc_dot_reversed(c->temp, c->b, c->drift + m * length + j, j + 1, ctx);
    fc_add(mean + j, mean + j, c->temp, ctx);
    fc_dot_reversed(next, c->a, mean + j, j + 1, ctx);
    fc_div_si(next, next, j + 1, ctx);
  }
}

/* Q_k diag((l - 1) r p) Q_k^T - (S_k - I) r psi psi^T is added to `inner`, and
 * -m_k (r psi)^T to `outer`. */
static void add_component(spectral *c, size_t k, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  fc_ptr weight = c->temp, half = c->temp + 1;
  for (size_t i = 0; i < d; i++) {
    fc_srcptr column = c->vectors + (k * d + i) * d;
    fc_mul(weight, c->values + k * d + i, c->r_p + (k * d + i) * length + j,
           ctx);
    for (size_t u = 0; u < d; u++) {
      fc_mul(half, weight, column + u, ctx);
      for (size_t v = 0; v < d; v++)
        fc_addmul(c->inner + (u * d + v) * length + j, half, column + v, ctx);
    }
  }
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      fc_ptr inner = c->inner + (u * d + v) * length + j;
      for (size_t i = 0; i < d; i++)
        fc_submul(inner, c->excess + (k * d + u) * d + i,
                  c->pairs + ((k * d + i) * d + v) * length + j, ctx);
      fc_submul(c->outer + (u * d + v) * length + j, c->means + k * d + u,
                c->r_psi + (k * d + v) * length + j, ctx);
    }
}

/* r p and r psi psi^T of component k, of which the latter is symmetric. */
static void next_products(spectral *c, size_t k, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t i = 0; i < d; i++) {
    size_t row = (k * d + i) * length;
    fc_dot_reversed(c->r_p + row + j, c->r + k * length, c->p + row + j, j + 1,
                    ctx);
    for (size_t m = 0; m <= i; m++) {
      fc_ptr pair = c->pairs + ((k * d + i) * d + m) * length + j;
      fc_dot_reversed(pair, c->r_psi + row, c->psi + (k * d + m) * length + j,
                      j + 1, ctx);
      fc_set(c->pairs + ((k * d + m) * d + i) * length + j, pair, ctx);
    }
  }
}

/* grad w at order j. */
static void next_gradient(spectral *c, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t i = 0; i < d * d; i++) {
    fc_set_si(c->inner + i * length + j, 0, ctx);
    fc_set_si(c->outer + i * length + j, 0, ctx);
  }
  for (size_t k = 0; k < c->count; k++) {
    next_products(c, k, j, ctx);
    add_component(c, k, j, ctx);
  }
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      size_t at = (u * d + v) * length;
      fc_dot_reversed(c->temp, c->b, c->inner + at + j, j + 1, ctx);
      fc_add(c->outer + at + j, c->outer + at + j, c->temp, ctx);
      fc_dot_reversed(c->temp, c->mean + u * length, c->score + v * length + j,
                      j + 1, ctx);
      fc_add(c->outer + at + j, c->outer + at + j, c->temp, ctx);
      fc_dot_reversed(c->jacobian + at + j, c->a, c->outer + at + j, j + 1,
                      ctx);
    }
}

/* P_{j+1} = (grad w P)_j/(j+1) */
static void next_jacobian(spectral *c, fc_ptr p, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t u = 0; u < d; u++)
    for (size_t v = 0; v < d; v++) {
      fc_ptr next = p + (u * d + v) * length + j + 1;
      fc_set_si(next, 0, ctx);
      for (size_t m = 0; m < d; m++) {
        fc_dot_reversed(c->temp, c->jacobian + (u * d + m) * length,
                        p + (m * d + v) * length + j, j + 1, ctx);
        fc_add(next, next, c->temp, ctx);
      }
      fc_div_si(next, next, j + 1, ctx);
    }
}

static fc_status expand(fc_ptr y, fc_ptr p, fc_field *field, fc_srcptr tau,
                        fc_srcptr co) {
  spectral *c = field->state;
  const fc_ctx *ctx = field->ctx;
  set_waves(c, tau, co, field->order, ctx);
  for (long j = 0; j < field->order; j++) {
    next_offsets(c, y, j, ctx);
    if (j == 0)
      set_responsibilities(c, ctx);
    else
      next_responsibilities(c, j - 1, ctx);
    next_point(c, y, j, ctx);
    next_gradient(c, j, ctx);
    next_jacobian(c, p, j, ctx);
  }
  return FC_OK;
}

static double reach(const fc_field *field, long bits) {
  const spectral *c = field->state;
  const fc_ctx *ctx = field->ctx;
  double least = INFINITY;
  for (size_t k = 0; k < c->count; k++) {
    size_t at = k * (size_t)c->stride;
    double h =
        fc_reach(fc_get_d(c->logs + k, ctx), fc_get_d(c->slope + at, ctx),
                 fabs(fc_get_d(c->slope + at + 1, ctx)) / 2, c->count,
                 field->order, bits);
    least = fmin(least, h);
  }
  return least;
}

const fc_field_kind fc_field_spectral = {bind,   release, fc_angle_locate,
                                         expand, reach,   fc_angle_snr_root};
