#include <stdint.h>

#define MPFR_USE_INTMAX_T /* mpfr_set_sj */

#include "transport/frame.h"

#include <stdlib.h>
#include <string.h>

/* --- reading --------------------------------------------------------------
 */

static fc_status no_memory(fc_error *error) {
  return fc_fail(error, FC_MEMORY, "out of memory");
}

static fc_status check_cloud(int64_t *total, const fc_discrete *p,
                             fc_error *error) {
  if (p->count == 0 || p->dimension == 0)
    return fc_fail(error, FC_SHAPE, "a law on no points");
  if (p->count > FC_DISCRETE_MAX_POINTS)
    return fc_fail(error, FC_LIMIT, "more than %d points",
                   FC_DISCRETE_MAX_POINTS);
  if (p->dimension > FC_DISCRETE_MAX_DIMENSION)
    return fc_fail(error, FC_LIMIT, "more than %d dimensions",
                   FC_DISCRETE_MAX_DIMENSION);
  *total = 0;
  for (size_t i = 0; i < p->count; i++) {
    int64_t mass = p->masses ? p->masses[i] : 1;
    if (mass <= 0 || mass > (INT64_C(1) << 62) - *total)
      return fc_fail(error, FC_VALUE,
                     "mass %zu is not positive, or the total exceeds 2^62", i);
    *total += mass;
  }
  for (size_t i = 0; i < p->count * p->dimension; i++)
    if (!fc_is_finite(p->points + i, p->ctx))
      return fc_fail(error, FC_VALUE,
                     "coordinate %zu of point %zu is not finite",
                     i % p->dimension + 1, i / p->dimension + 1);
  return FC_OK;
}

static fc_status check(int64_t *total, const fc_discrete *p,
                       const fc_discrete *q, fc_error *error) {
  int64_t other = 0;
  if (p->dimension != q->dimension)
    return fc_fail(error, FC_SHAPE,
                   "points in dimension %zu against points in dimension %zu",
                   p->dimension, q->dimension);
  fc_status status = check_cloud(total, p, error);
  if (status == FC_OK)
    status = check_cloud(&other, q, error);
  if (status == FC_OK && *total != other)
    status = fc_fail(error, FC_VALUE, "the laws differ in total mass");
  return status;
}

static mpfr_t *new_numbers(size_t count, long precision) {
  mpfr_t *numbers = malloc(count * sizeof *numbers);
  for (size_t i = 0; numbers && i < count; i++)
    mpfr_init2(numbers[i], precision);
  return numbers;
}

static fc_status load(fc_frame_cloud *c, const fc_discrete *p, long precision) {
  size_t size = p->count * p->dimension;
  long own = p->ctx->kind == FC_DOUBLE ? 53 : p->ctx->precision;
  c->count = p->count;
  c->exact = new_numbers(size, precision > own ? precision : own);
  c->rounded = malloc(size * sizeof *c->rounded);
  c->masses = malloc(p->count * sizeof *c->masses);
  c->member = malloc(p->count * sizeof *c->member);
  c->first = malloc((p->count + 1) * sizeof *c->first);
  if (!c->exact || !c->rounded || !c->masses || !c->member || !c->first)
    return FC_MEMORY;
  for (size_t i = 0; i < size; i++)
    fc_get_mid(c->exact[i], p->points + i, p->ctx);
  for (size_t i = 0; i < p->count; i++)
    c->masses[i] = p->masses ? p->masses[i] : 1;
  return FC_OK;
}

/* --- centring -------------------------------------------------------------
 */

/* Middle and half width of coordinate k, about. */
static void span(mpfr_t middle, mpfr_t half, const fc_frame_cloud *c, size_t d,
                 size_t k) {
  size_t low = k, high = k;
  for (size_t i = 1; i < c->count; i++) {
    if (mpfr_less_p(c->exact[i * d + k], c->exact[low]))
      low = i * d + k;
    if (mpfr_greater_p(c->exact[i * d + k], c->exact[high]))
      high = i * d + k;
  }
  mpfr_sub(half, c->exact[high], c->exact[low], MPFR_RNDU);
  mpfr_add(middle, c->exact[high], c->exact[low], MPFR_RNDN);
  mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
  mpfr_div_2ui(half, half, 1, MPFR_RNDU);
}

/* A cloud near the origin for its size stays where it is. */
static void settle(mpfr_t shift, const mpfr_t middle, const mpfr_t half) {
  mpfr_t much;
  mpfr_init2(much, 53);
  mpfr_mul_ui(much, half, 4, MPFR_RNDU);
  if (mpfr_cmpabs(middle, much) <= 0)
    mpfr_set_zero(shift, 1);
  else
    mpfr_set(shift, middle, MPFR_RNDN);
  mpfr_clear(much);
}

/* One shift for both clouds, unless they are far apart. */
static void choose_shifts(mpfr_t p_shift, mpfr_t q_shift, const fc_frame *f,
                          size_t k) {
  mpfr_t p_middle, p_half, q_middle, q_half, middle, half;
  mpfr_inits2(53, p_middle, p_half, q_middle, q_half, middle, half,
              (mpfr_ptr)0);
  span(p_middle, p_half, &f->p, f->dimension, k);
  span(q_middle, q_half, &f->q, f->dimension, k);
  mpfr_sub(half, p_middle, q_middle, MPFR_RNDA);
  mpfr_abs(half, half, MPFR_RNDN);
  mpfr_add(middle, p_half, q_half, MPFR_RNDU);
  bool apart = mpfr_cmp(half, middle) > 0;
  if (apart) {
    settle(p_shift, p_middle, p_half);
    settle(q_shift, q_middle, q_half);
  } else {
    mpfr_add(half, half, middle, MPFR_RNDU);
    mpfr_div_2ui(half, half, 1, MPFR_RNDU);
    mpfr_add(middle, p_middle, q_middle, MPFR_RNDN);
    mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
    settle(p_shift, middle, half);
    mpfr_set(q_shift, p_shift, MPFR_RNDN);
  }
  mpfr_clears(p_middle, p_half, q_middle, q_half, middle, half, (mpfr_ptr)0);
}

/* Subtracts; false where a difference was rounded. */
static bool subtract(fc_frame_cloud *c, const mpfr_t shift, size_t d,
                     size_t k) {
  bool exact = true;
  for (size_t i = 0; i < c->count; i++) {
    mpfr_ptr x = c->exact[i * d + k];
    exact &= mpfr_sub(x, x, shift, MPFR_RNDN) == 0;
  }
  return exact;
}

/* mean of X_k between two bounds */
static void mean(mpfr_t low, mpfr_t high, const fc_frame *f,
                 const fc_frame_cloud *c, size_t k) {
  mpfr_t term, total;
  mpfr_init2(term, f->precision);
  mpfr_init2(total, 64);
  mpfr_set_sj(total, f->total, MPFR_RNDN);
  for (int up = 0; up < 2; up++) {
    mpfr_ptr sum = up ? high : low;
    mpfr_rnd_t rounding = up ? MPFR_RNDU : MPFR_RNDD;
    mpfr_set_zero(sum, 1);
    for (size_t i = 0; i < c->count; i++) {
      mpfr_t mass;
      mpfr_init2(mass, 64);
      mpfr_set_sj(mass, c->masses[i], MPFR_RNDN);
      mpfr_mul(term, c->exact[i * f->dimension + k], mass, rounding);
      mpfr_add(sum, sum, term, rounding);
      mpfr_clear(mass);
    }
    mpfr_div(sum, sum, total, rounding);
  }
  mpfr_clears(term, total, (mpfr_ptr)0);
}

/* offset += D (D + 2 (mean X_k - mean Y_k)), between bounds */
static void add_offset(fc_frame *f, const mpfr_t p_shift, const mpfr_t q_shift,
                       size_t k) {
  mpfr_t d, p_low, p_high, q_low, q_high, term;
  if (mpfr_equal_p(p_shift, q_shift))
    return;
  mpfr_inits2(f->precision, p_low, p_high, q_low, q_high, term, (mpfr_ptr)0);
  mpfr_init2(d, 4096);
  f->exact &= mpfr_sub(d, p_shift, q_shift, MPFR_RNDN) == 0;
  mean(p_low, p_high, f, &f->p, k);
  mean(q_low, q_high, f, &f->q, k);
  mpfr_sub(p_low, p_low, q_high, MPFR_RNDD);
  mpfr_sub(p_high, p_high, q_low, MPFR_RNDU);
  mpfr_mul_2ui(p_low, p_low, 1, MPFR_RNDD);
  mpfr_mul_2ui(p_high, p_high, 1, MPFR_RNDU);
  mpfr_add(p_low, p_low, d, MPFR_RNDD);
  mpfr_add(p_high, p_high, d, MPFR_RNDU);
  bool up = mpfr_sgn(d) > 0;
  mpfr_mul(term, up ? p_low : p_high, d, MPFR_RNDD);
  mpfr_add(f->offset_lower, f->offset_lower, term, MPFR_RNDD);
  mpfr_mul(term, up ? p_high : p_low, d, MPFR_RNDU);
  mpfr_add(f->offset_upper, f->offset_upper, term, MPFR_RNDU);
  mpfr_clears(d, p_low, p_high, q_low, q_high, term, (mpfr_ptr)0);
}

static void centre(fc_frame *f) {
  mpfr_t p_shift, q_shift;
  mpfr_inits2(53, p_shift, q_shift, (mpfr_ptr)0);
  for (size_t k = 0; k < f->dimension; k++) {
    choose_shifts(p_shift, q_shift, f, k);
    f->exact &= subtract(&f->p, p_shift, f->dimension, k);
    f->exact &= subtract(&f->q, q_shift, f->dimension, k);
    add_offset(f, p_shift, q_shift, k);
  }
  mpfr_clears(p_shift, q_shift, (mpfr_ptr)0);
}

/* --- scaling --------------------------------------------------------------
 */

static void find_exponent(long *scale, bool *any, const fc_frame_cloud *c,
                          size_t d) {
  for (size_t i = 0; i < c->count * d; i++)
    if (mpfr_regular_p(c->exact[i]) &&
        (!*any || mpfr_get_exp(c->exact[i]) > *scale)) {
      *scale = mpfr_get_exp(c->exact[i]);
      *any = true;
    }
}

static void scale_cloud(fc_frame_cloud *c, size_t d, long scale) {
  for (size_t i = 0; i < c->count * d; i++) {
    mpfr_mul_2si(c->exact[i], c->exact[i], -scale, MPFR_RNDN);
    c->rounded[i] = mpfr_get_d(c->exact[i], MPFR_RNDN);
  }
}

static void scale_frame(fc_frame *f) {
  bool any = false;
  f->scale = 0;
  find_exponent(&f->scale, &any, &f->p, f->dimension);
  find_exponent(&f->scale, &any, &f->q, f->dimension);
  scale_cloud(&f->p, f->dimension, f->scale);
  scale_cloud(&f->q, f->dimension, f->scale);
  mpfr_mul_2si(f->offset_lower, f->offset_lower, -2 * f->scale, MPFR_RNDD);
  mpfr_mul_2si(f->offset_upper, f->offset_upper, -2 * f->scale, MPFR_RNDU);
}

/* --- points that coincide -------------------------------------------------
 */

typedef struct ranked {
  const double *rounded;
  mpfr_t *exact;
  size_t dimension;
  uint32_t point;
} ranked;

static int compare_points(const void *x, const void *y) {
  const ranked *a = x, *b = y;
  for (size_t k = 0; k < a->dimension; k++)
    if (a->rounded[k] != b->rounded[k])
      return a->rounded[k] < b->rounded[k] ? -1 : 1;
  for (size_t k = 0; k < a->dimension; k++)
    if (!mpfr_equal_p(a->exact[k], b->exact[k]))
      return mpfr_less_p(a->exact[k], b->exact[k]) ? -1 : 1;
  return 0;
}

static void merge_sorted(fc_frame_cloud *c, const ranked *list, size_t d,
                         mpfr_t *exact, double *rounded, int64_t *masses) {
  size_t count = 0, kept = 0;
  for (size_t i = 0; i < c->count; i++) {
    if (i == 0 || compare_points(&list[kept], &list[i]) != 0) {
      kept = i;
      for (size_t k = 0; k < d; k++) {
        exact[count * d + k][0] = list[i].exact[k][0];
        rounded[count * d + k] = list[i].rounded[k];
      }
      masses[count] = 0;
      c->first[count++] = (uint32_t)i;
    } else
      for (size_t k = 0; k < d; k++)
        mpfr_clear(list[i].exact[k]);
    masses[count - 1] += c->masses[list[i].point];
    c->member[i] = list[i].point;
  }
  c->first[count] = (uint32_t)c->count;
  c->count = count;
}

static fc_status merge(fc_frame_cloud *c, size_t d) {
  size_t size = c->count * d;
  ranked *list = malloc(c->count * sizeof *list);
  mpfr_t *exact = malloc(size * sizeof *exact);
  double *rounded = malloc(size * sizeof *rounded);
  int64_t *masses = malloc(c->count * sizeof *masses);
  bool fine = list && exact && rounded && masses;
  if (fine) {
    for (size_t i = 0; i < c->count; i++)
      list[i] = (ranked){c->rounded + i * d, c->exact + i * d, d, (uint32_t)i};
    qsort(list, c->count, sizeof *list, compare_points);
    merge_sorted(c, list, d, exact, rounded, masses);
    free(c->exact);
    free(c->rounded);
    free(c->masses);
    c->exact = exact;
    c->rounded = rounded;
    c->masses = masses;
  } else {
    free(exact);
    free(rounded);
    free(masses);
  }
  free(list);
  return fine ? FC_OK : FC_MEMORY;
}

/* --- together -------------------------------------------------------------
 */

fc_status fc_frame_init(fc_frame *f, const fc_discrete *p, const fc_discrete *q,
                        long precision, fc_error *error) {
  memset(f, 0, sizeof *f);
  fc_status status = check(&f->total, p, q, error);
  if (status != FC_OK)
    return status;
  f->dimension = p->dimension;
  f->precision = precision;
  f->exact = true;
  mpfr_inits2(precision, f->offset_lower, f->offset_upper, (mpfr_ptr)0);
  mpfr_set_zero(f->offset_lower, 1);
  mpfr_set_zero(f->offset_upper, 1);
  status = load(&f->p, p, precision);
  fc_status second = load(&f->q, q, precision);
  status = status == FC_OK ? second : status;
  if (status == FC_OK) {
    centre(f);
    scale_frame(f);
    status = merge(&f->p, f->dimension);
  }
  if (status == FC_OK)
    status = merge(&f->q, f->dimension);
  if (status == FC_OK)
    return FC_OK;
  fc_frame_clear(f);
  return no_memory(error);
}

static void clear_cloud(fc_frame_cloud *c, size_t d) {
  for (size_t i = 0; c->exact && i < c->count * d; i++)
    mpfr_clear(c->exact[i]);
  free(c->exact);
  free(c->rounded);
  free(c->masses);
  free(c->member);
  free(c->first);
}

void fc_frame_clear(fc_frame *f) {
  clear_cloud(&f->p, f->dimension);
  clear_cloud(&f->q, f->dimension);
  mpfr_clears(f->offset_lower, f->offset_upper, (mpfr_ptr)0);
}

void fc_frame_cost(mpfr_t z, const fc_frame *f, size_t i, size_t j,
                   mpfr_rnd_t rounding) {
  mpfr_t gap;
  size_t d = f->dimension;
  mpfr_rnd_t away = rounding == MPFR_RNDN   ? MPFR_RNDN
                    : rounding == MPFR_RNDU ? MPFR_RNDA
                                            : MPFR_RNDZ;
  mpfr_init2(gap, mpfr_get_prec(z));
  mpfr_set_zero(z, 1);
  for (size_t k = 0; k < d; k++) {
    mpfr_sub(gap, f->p.exact[i * d + k], f->q.exact[j * d + k], away);
    mpfr_sqr(gap, gap, rounding);
    mpfr_add(z, z, gap, rounding);
  }
  mpfr_clear(gap);
}

/* Coordinates of X and Y that were rounded are off by at most 2^-precision; a
 * point by e = sqrt(d) 2^-precision.  With D = shift_p - shift_q, itself off by
 * at most 2^-4095 |D|, no coupling's cost changes by more than
 *
 *     4 e W + 4 e^2 + 4 e |D| + 2^-4090 |D| (|D| + 4 sqrt d),
 *
 * W^2 = E|X - Y|^2 <= 4 d, and |D| <= 4 sqrt d + sqrt(max(0, offset)). */
void fc_frame_widen(mpfr_ptr lower, mpfr_ptr upper, mpfr_srcptr cost,
                    const fc_frame *f) {
  if (f->exact)
    return;
  mpfr_t e, root, distance, sum;
  mpfr_inits2(64, e, root, distance, sum, (mpfr_ptr)0);
  mpfr_set_ui(root, f->dimension, MPFR_RNDU);
  mpfr_sqrt(root, root, MPFR_RNDU);
  mpfr_mul_2si(e, root, -f->precision, MPFR_RNDU);
  mpfr_mul_ui(root, root, 4, MPFR_RNDU);
  mpfr_set_zero(distance, 1);
  if (mpfr_sgn(f->offset_upper) > 0)
    mpfr_sqrt(distance, f->offset_upper, MPFR_RNDU);
  mpfr_add(distance, distance, root, MPFR_RNDU);
  mpfr_set(sum, root, MPFR_RNDU);
  if (cost)
    mpfr_sqrt(sum, cost, MPFR_RNDU);
  mpfr_add(sum, sum, e, MPFR_RNDU);
  mpfr_add(sum, sum, distance, MPFR_RNDU);
  mpfr_mul(sum, sum, e, MPFR_RNDU);
  mpfr_mul_ui(sum, sum, 4, MPFR_RNDU);
  mpfr_add(root, root, distance, MPFR_RNDU);
  mpfr_mul(root, root, distance, MPFR_RNDU);
  mpfr_mul_2si(root, root, -4090, MPFR_RNDU);
  mpfr_add(sum, sum, root, MPFR_RNDU);
  if (lower)
    mpfr_sub(lower, lower, sum, MPFR_RNDD);
  if (upper)
    mpfr_add(upper, upper, sum, MPFR_RNDU);
  mpfr_clears(e, root, distance, sum, (mpfr_ptr)0);
}
