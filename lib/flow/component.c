/* The flow of an equal isotropic mixture without its noise.
 *
 * X_t = a Z + b (sigma xi + m_K) = sqrt(V) Z' + b m_K with V = a^2 + sigma^2
 * b^2: the flow is that of the means alone under the noise level sqrt(V), since
 * E[a' Z + b' sigma xi | X_t] = (V'/(2 V)) (X_t - b E[m_K | X_t]) depends on Z
 * and xi through their sum only.  With q = b/sqrt(V), z = x/sqrt(V) that is
 *   dz/dq = sum_k r_k m_k,  r_k ~ w_k exp(q m_k.z - q^2 |m_k|^2/2),
 *   dP/dq = q Cov_r(m) P,
 * regular at both ends (q = 1/sigma at t = 1) and the same for every schedule.
 *
 * Taylor coefficients, relative to the component of largest responsibility,
 * eta_k = m_k - m_top, k != top:
 *   z'   = m_top + sum r_k eta_k
 *   L_k' = (q eta_k.z - q^2 (|m_k|^2 - |m_top|^2)/2)'
 *   r_k' = r_k (L_k' - sum_j r_j L_j')
 *   P'   = q sum_k r_k eta_k (g_k - gbar)^T,
 *          g_k = P^T eta_k, gbar = sum r_k g_k
 * each by comparing coefficients of h^j.  With two components, s = r (1 - r)
 * spares one product in three: r' = s L', P' = q s eta g^T.  Only directions in
 * the span of the eta_k are moved: P is carried on an orthonormal basis of it.
 */
#include <math.h>
#include <stdlib.h>

#include "flow/field.h"
#include "flow/magnitude.h"

/* Of a difference of means, what is left beyond its last bits. */
enum { SPAN_BITS = 6 };

typedef struct component {
  size_t count; /* components */
  size_t terms; /* count - 1 */
  size_t d;
  size_t columns; /* of P: the rank of the means' differences, at least 1 */
  long stride;    /* order + 1 */
  fc_ptr storage;
  size_t storage_count;
  fc_ptr sigma2;      /* 1 */
  fc_ptr means;       /* count*d */
  fc_ptr log_weights; /* count */
  fc_ptr squares;     /* count: |m_k|^2 */
  fc_ptr logs;        /* count: log(w_k exp(...)) */
  fc_ptr eta;         /* terms*d */
  fc_ptr rise;        /* terms: |m_k|^2 - |m_top|^2 */
  fc_ptr temp;        /* 3 */
  /* series of order+1 coefficients */
  fc_ptr e;       /* terms: eta_k.z */
  fc_ptr r;       /* terms */
  fc_ptr slope;   /* terms: L_k' */
  fc_ptr excess;  /* terms: L_k' - sum r_j L_j'; of two components r - r^2 */
  fc_ptr g;       /* terms*columns */
  fc_ptr g_dev;   /* terms*columns: g_k - gbar */
  fc_ptr product; /* d*columns: P'/q */
  size_t top;
} component;

/* z = x . y over d numbers, x with the given stride. */
static void inner(fc_ptr z, fc_srcptr x, size_t stride, fc_srcptr y, size_t d,
                  const fc_ctx *ctx) {
  fc_mul(z, x, y, ctx);
  for (size_t i = 1; i < d; i++)
    fc_addmul(z, x + i * stride, y + i, ctx);
}

static void divide_storage(component *c) {
  size_t n = c->terms, d = c->d, length = (size_t)c->stride;
  fc_ptr next = c->storage;
  c->sigma2 = fc_take(&next, 1);
  c->means = fc_take(&next, c->count * d);
  c->log_weights = fc_take(&next, c->count);
  c->squares = fc_take(&next, c->count);
  c->logs = fc_take(&next, c->count);
  c->eta = fc_take(&next, n * d);
  c->rise = fc_take(&next, n);
  c->temp = fc_take(&next, 3);
  c->e = fc_take(&next, n * length);
  c->r = fc_take(&next, n * length);
  c->slope = fc_take(&next, n * length);
  c->excess = fc_take(&next, n * length);
  c->g = fc_take(&next, n * c->columns * length);
  c->g_dev = fc_take(&next, n * c->columns * length);
  c->product = fc_take(&next, d * c->columns * length);
}

static fc_status set_constants(component *c, const fc_target *target,
                               const fc_ctx *ctx) {
  size_t d = c->d;
  for (size_t k = 0; k < c->count; k++) {
    fc_srcptr m = c->means + k * d;
    fc_target_isotropic_get(c->means + k * d, c->log_weights + k, target, k,
                            ctx);
    fc_log(c->log_weights + k, c->log_weights + k, ctx);
    for (size_t i = 0; i < d; i++)
      fc_addmul(c->squares + k, m + i, m + i, ctx);
  }
  if (!fc_target_has_density(target))
    return FC_OK; /* atoms: sigma = 0 */
  fc_status status =
      fc_target_constant(c->sigma2, NULL, NULL, target, FC_SIGMA, ctx);
  fc_sqr(c->sigma2, c->sigma2, ctx);
  return status;
}

/* Takes w apart from the first `count` directions of the basis; twice, for
 * rounding. */
static void make_orthogonal(fc_ptr w, fc_srcptr basis, size_t count, size_t d,
                            fc_ptr temp, const fc_ctx *ctx) {
  for (size_t j = 0; j < 2 * count; j++) {
    fc_srcptr e = basis + j % count * d;
    inner(temp, w, 1, e, d, ctx);
    for (size_t i = 0; i < d; i++)
      fc_submul(w + i, temp, e + i, ctx);
  }
}

/* An orthonormal basis of the span of m_k - m_0 (of e_1, where that is
 * nothing): what is left of a difference after the others counts where it is
 * more than rounding. */
static void set_basis(fc_field *field, fc_srcptr means, size_t count,
                      fc_ptr temp) {
  const fc_ctx *ctx = field->ctx;
  size_t d = field->d, rank = 0;
  for (size_t k = 1; k < count && rank < d; k++) {
    fc_ptr w = field->basis + rank * d;
    for (size_t i = 0; i < d; i++)
      fc_sub(w + i, means + k * d + i, means + i, ctx);
    inner(temp + 1, w, 1, w, d, ctx);
    make_orthogonal(w, field->basis, rank, d, temp, ctx);
    inner(temp, w, 1, w, d, ctx);
    fc_mul_2exp_si(temp + 1, temp + 1, 2 * (SPAN_BITS - ctx->precision), ctx);
    if (fc_lt(temp + 1, temp, ctx) != FC_TRUE)
      continue;
    fc_sqrt(temp, temp, ctx);
    for (size_t i = 0; i < d; i++)
      fc_div(w + i, w + i, temp, ctx);
    rank++;
  }
  if (rank == 0) {
    fc_vec_zero(field->basis, d, ctx);
    fc_set_si(field->basis, 1, ctx);
  }
  field->columns = rank ? rank : 1;
  if (field->columns == d) { /* all of R^d: P itself keeps small entries */
    fc_vec_free(field->basis, d * d, ctx);
    field->basis = NULL;
  }
}

/* The means come first of all: they say how many columns P has. */
static fc_status find_columns(fc_field *field, const fc_target *target,
                              size_t count) {
  const fc_ctx *ctx = field->ctx;
  size_t d = field->d, numbers = count * d + 3;
  fc_ptr means = fc_vec_new(numbers, ctx);
  field->basis = fc_vec_new(d * d, ctx);
  field->columns = d;
  bool made = means && field->basis;
  if (made) {
    for (size_t k = 0; k < count; k++)
      fc_target_isotropic_get(means + k * d, means + count * d, target, k, ctx);
    set_basis(field, means, count, means + count * d);
  }
  fc_vec_free(means, numbers, ctx);
  return made ? FC_OK : FC_MEMORY;
}

static fc_status bind(fc_field *field, const fc_target *target,
                      const fc_schedule *schedule) {
  (void)schedule;
  size_t count = fc_target_isotropic_count(target), d = field->d;
  if (count == 0)
    return FC_UNSUPPORTED;
  fc_status status = find_columns(field, target, count);
  if (status)
    return status;
  component *c = calloc(1, sizeof *c);
  if (!c)
    return FC_MEMORY;
  field->state = c;
  c->count = count;
  c->terms = count - 1;
  c->d = d;
  c->columns = field->columns;
  c->stride = field->order + 1;
  c->storage_count =
      4 + count * (d + 3) + c->terms * (d + 1) +
      (size_t)c->stride * (c->terms * (4 + 2 * c->columns) + d * c->columns);
  if (c->storage_count > FC_FIELD_MOST_NUMBERS)
    return FC_BUDGET;
  c->storage = fc_vec_new(c->storage_count, field->ctx);
  if (!c->storage)
    return FC_MEMORY;
  divide_storage(c);
  return set_constants(c, target, field->ctx);
}

static void release(fc_field *field) {
  component *c = field->state;
  fc_vec_free(c->storage, c->storage_count, field->ctx);
  free(c);
}

static void locate(fc_ptr tau, fc_ptr co, fc_ptr scale, const fc_field *field,
                   const fc_time *time, const fc_schedule_value *at) {
  const component *c = field->state;
  const fc_ctx *ctx = field->ctx;
  (void)time;
  fc_component_variance(scale, at, c->sigma2, ctx);
  fc_sqrt(scale, scale, ctx);
  fc_div(tau, at->b, scale, ctx);
  fc_neg(co, tau, ctx); /* tau + co = 0: no complement is needed */
}

static double snr_root(const fc_field *field, double tau, double co) {
  const component *c = field->state;
  double left = 1 - fc_get_d(c->sigma2, field->ctx) * tau * tau;
  (void)co;
  return left > 0 ? tau / sqrt(left) : INFINITY;
}

/* The component of largest responsibility at (q, z), and everything relative to
 * it. */
static void choose_top(component *c, fc_srcptr q, fc_srcptr y,
                       const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  c->top = 0;
  for (size_t k = 0; k < c->count; k++) {
    fc_ptr log = c->logs + k;
    fc_mul(c->temp, q, c->squares + k, ctx);
    fc_mul_2exp_si(c->temp, c->temp, -1, ctx);
    inner(c->temp + 1, y, length, c->means + k * d, d, ctx);
    fc_sub(c->temp, c->temp + 1, c->temp, ctx);
    fc_mul(c->temp, c->temp, q, ctx);
    fc_add(log, c->log_weights + k, c->temp, ctx);
    if (fc_cmp_mid(log, c->logs + c->top, ctx) > 0)
      c->top = k;
  }
  size_t n = 0;
  for (size_t k = 0; k < c->count; k++) {
    if (k == c->top)
      continue;
    for (size_t i = 0; i < d; i++)
      fc_sub(c->eta + n * d + i, c->means + k * d + i,
             c->means + c->top * d + i, ctx);
    fc_sub(c->rise + n, c->squares + k, c->squares + c->top, ctx);
    n++;
  }
}

/* r_k at h = 0: exp of the differences to the top, divided by their sum. */
static void set_responsibilities(component *c, fc_srcptr q, fc_srcptr y,
                                 const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride, n = 0;
  fc_ptr sum = c->temp + 2;
  fc_set_si(sum, 1, ctx);
  for (size_t k = 0; k < c->count; k++) {
    if (k == c->top)
      continue;
    fc_ptr r = c->r + n * length;
    /* q (eta.z - q rise/2), which does not cancel |z|^2 */
    inner(c->temp, y, length, c->eta + n * d, d, ctx);
    fc_mul(c->temp + 1, q, c->rise + n, ctx);
    fc_mul_2exp_si(c->temp + 1, c->temp + 1, -1, ctx);
    fc_sub(c->temp, c->temp, c->temp + 1, ctx);
    fc_mul(c->temp, c->temp, q, ctx);
    fc_sub(c->temp + 1, c->log_weights + k, c->log_weights + c->top, ctx);
    fc_add(c->temp, c->temp, c->temp + 1, ctx);
    fc_exp(r, c->temp, ctx);
    fc_add(sum, sum, r, ctx);
    n++;
  }
  for (n = 0; n < c->terms; n++)
    fc_div(c->r + n * length, c->r + n * length, sum, ctx);
}

/* z_{j+1} and e_{j+1} from r_j. */
static void next_point(component *c, fc_ptr y, long j, const fc_ctx *ctx) {
  size_t d = c->d, length = (size_t)c->stride;
  for (size_t i = 0; i < d; i++) {
    fc_ptr z = y + i * length + j + 1;
    if (j == 0)
      fc_set(z, c->means + c->top * d + i, ctx);
    else
      fc_set_si(z, 0, ctx);
    for (size_t k = 0; k < c->terms; k++)
      fc_addmul(z, c->r + k * length + j, c->eta + k * d + i, ctx);
    if (j > 0)
      fc_div_si(z, z, j + 1, ctx);
  }
  for (size_t k = 0; k < c->terms; k++)
    inner(c->e + k * length + j + 1, y + j + 1, length, c->eta + k * d, d, ctx);
}

/* L'_j = (j+1) (e_j + q e_{j+1}) - (q rise, rise, 0, ...)_j */
static void next_slope(component *c, fc_srcptr q, long j, const fc_ctx *ctx) {
  size_t length = (size_t)c->stride;
  for (size_t k = 0; k < c->terms; k++) {
    fc_srcptr e = c->e + k * length;
    fc_ptr slope = c->slope + k * length + j;
    fc_mul(slope, q, e + j + 1, ctx);
    fc_add(slope, slope, e + j, ctx);
    if (j > 0)
      fc_mul_si(slope, slope, j + 1, ctx);
    if (j == 0)
      fc_submul(slope, q, c->rise + k, ctx);
    else if (j == 1)
      fc_sub(slope, slope, c->rise + k, ctx);
  }
}

/* z_j = (r - r^2)_j, the products r_i r_{j-i} each taken once. */
static void spread_of_two(fc_ptr z, fc_srcptr r, long j, fc_ptr temp,
                          const fc_ctx *ctx) {
  long pairs = (j + 1) / 2;
  fc_dot_reversed(temp, r, r + j, pairs, ctx);
  fc_mul_2exp_si(temp, temp, 1, ctx);
  if (j % 2 == 0)
    fc_addmul(temp, r + pairs, r + pairs, ctx);
  fc_sub(z, r + j, temp, ctx);
}

/* r_{j+1} = (s L')_j/(j+1) */
static void next_of_two(component *c, long j, const fc_ctx *ctx) {
  fc_ptr next = c->r + j + 1;
  spread_of_two(c->excess + j, c->r, j, c->temp, ctx);
  fc_dot_reversed(next, c->excess, c->slope + j, j + 1, ctx);
  if (j > 0)
    fc_div_si(next, next, j + 1, ctx);
}

/* r_{j+1} = (r (L' - sum r L'))_j/(j+1) */
static void next_responsibilities(component *c, long j, const fc_ctx *ctx) {
  size_t length = (size_t)c->stride;
  fc_ptr mean = c->temp;
  if (c->terms == 1) {
    next_of_two(c, j, ctx);
    return;
  }
  fc_set_si(mean, 0, ctx);
  for (size_t k = 0; k < c->terms; k++) {
    fc_dot_reversed(c->temp + 1, c->r + k * length, c->slope + k * length + j,
                    j + 1, ctx);
    fc_add(mean, mean, c->temp + 1, ctx);
  }
  for (size_t k = 0; k < c->terms; k++)
    fc_sub(c->excess + k * length + j, c->slope + k * length + j, mean, ctx);
  for (size_t k = 0; k < c->terms; k++) {
    fc_ptr next = c->r + k * length + j + 1;
    fc_dot_reversed(next, c->r + k * length, c->excess + k * length + j, j + 1,
                    ctx);
    if (j > 0)
      fc_div_si(next, next, j + 1, ctx);
  }
}

/* g_j = P_j^T eta, and its deviation from the mean under r. */
static void next_images(component *c, fc_srcptr p, long j, const fc_ctx *ctx) {
  size_t d = c->d, columns = c->columns, length = (size_t)c->stride;
  for (size_t column = 0; column < columns; column++) {
    fc_ptr mean = c->temp;
    fc_set_si(mean, 0, ctx);
    for (size_t k = 0; k < c->terms; k++) {
      fc_ptr g = c->g + (k * columns + column) * length;
      inner(g + j, p + column * length + j, columns * length, c->eta + k * d, d,
            ctx);
      if (c->terms == 1)
        continue;
      fc_dot_reversed(c->temp + 1, c->r + k * length, g + j, j + 1, ctx);
      fc_add(mean, mean, c->temp + 1, ctx);
    }
    for (size_t k = 0; k < c->terms && c->terms > 1; k++)
      fc_sub(c->g_dev + (k * columns + column) * length + j,
             c->g + (k * columns + column) * length + j, mean, ctx);
  }
}

/* P_{j+1} = (q S_j + S_{j-1})/(j+1), S = sum_k eta_k (r_k (g_k - gbar))^T */
static void next_jacobian(component *c, fc_ptr p, fc_srcptr q, long j,
                          const fc_ctx *ctx) {
  size_t d = c->d, columns = c->columns, length = (size_t)c->stride;
  for (size_t column = 0; column < columns; column++) {
    for (size_t i = 0; i < d; i++)
      fc_set_si(c->product + (i * columns + column) * length + j, 0, ctx);
    for (size_t k = 0; k < c->terms; k++) {
      size_t row = (k * columns + column) * length;
      if (c->terms == 1)
        fc_dot_reversed(c->temp, c->excess, c->g + row + j, j + 1, ctx);
      else
        fc_dot_reversed(c->temp, c->r + k * length, c->g_dev + row + j, j + 1,
                        ctx);
      for (size_t i = 0; i < d; i++)
        fc_addmul(c->product + (i * columns + column) * length + j,
                  c->eta + k * d + i, c->temp, ctx);
    }
    for (size_t i = 0; i < d; i++) {
      fc_srcptr s = c->product + (i * columns + column) * length;
      fc_ptr next = p + (i * columns + column) * length + j + 1;
      fc_mul(next, q, s + j, ctx);
      if (j > 0) {
        fc_add(next, next, s + j - 1, ctx);
        fc_div_si(next, next, j + 1, ctx);
      }
    }
  }
}

static fc_status expand(fc_ptr y, fc_ptr p, fc_field *field, fc_srcptr tau,
                        fc_srcptr co) {
  component *c = field->state;
  const fc_ctx *ctx = field->ctx;
  size_t d = c->d, length = (size_t)c->stride;
  (void)co;
  choose_top(c, tau, y, ctx);
  set_responsibilities(c, tau, y, ctx);
  for (size_t k = 0; k < c->terms; k++)
    inner(c->e + k * length, y, length, c->eta + k * d, d, ctx);
  for (long j = 0; j < field->order; j++) {
    next_point(c, y, j, ctx);
    next_slope(c, tau, j, ctx);
    next_responsibilities(c, j, ctx);
    next_images(c, p, j, ctx);
    next_jacobian(c, p, tau, j, ctx);
  }
  return FC_OK;
}

/* L'_k is the slope of log r_k relative to the top, whose share is at least
 * 1/count. */
static double reach(const fc_field *field, long bits) {
  const component *c = field->state;
  const fc_ctx *ctx = field->ctx;
  double least = INFINITY, top = fc_get_d(c->logs + c->top, ctx);
  size_t n = 0;
  for (size_t k = 0; k < c->count; k++) {
    if (k == c->top)
      continue;
    fc_srcptr slope = c->slope + n++ * (size_t)c->stride;
    double h = fc_reach(fc_get_d(c->logs + k, ctx) - top, fc_get_d(slope, ctx),
                        fabs(fc_get_d(slope + 1, ctx)) / 2, c->count,
                        field->order, bits);
    least = fmin(least, h);
  }
  return least;
}

const fc_field_kind fc_field_component = {bind,   release, locate,
                                          expand, reach,   snr_root};
