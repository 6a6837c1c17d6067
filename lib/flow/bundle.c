/* Midpoints and parallelepipeds under linear maps. */
#include "flow/bundle.h"

enum { DIRECTION_BITS = 64 };

void fc_bundle_init(fc_bundle *z, size_t d, size_t columns) {
  *z = (fc_bundle){.d = d, .columns = columns};
  z->numbers = (slong)(3 * d * columns + 5 * d * d + 2 * d);
  z->storage = z->m = _arb_vec_init(z->numbers);
  z->r = z->m + d * columns;
  z->image = z->r + d * columns;
  z->b = z->image + d * columns;
  z->product = z->b + d * d;
  z->inverse = z->product + d * d;
  z->next = z->inverse + d * d;
  z->turned = z->next + d * d;
  z->error = z->turned + d * d;
  z->row = z->error + d;
}

void fc_bundle_clear(fc_bundle *bundle) {
  if (bundle->storage)
    _arb_vec_clear(bundle->storage, bundle->numbers);
}

void fc_bundle_set(fc_bundle *z, const fc_bundle *x) {
  _arb_vec_set(z->m, x->m, (slong)(x->d * x->columns));
  _arb_vec_set(z->r, x->r, (slong)(x->d * x->columns));
  _arb_vec_set(z->b, x->b, (slong)(x->d * x->d));
}

/* m = the midpoint, and r = a box about 0 with what is left. */
static void split(arb_ptr m, arb_ptr r, arb_srcptr x, slong precision) {
  arb_t midpoint, rest;
  arb_init(midpoint);
  arb_init(rest);
  arf_set_round(arb_midref(midpoint), arb_midref(x), precision, ARF_RND_NEAR);
  arb_sub(rest, x, midpoint, precision);
  arb_swap(m, midpoint);
  arb_swap(r, rest);
  arb_clear(midpoint);
  arb_clear(rest);
}

/* x = [-|x|, |x|] */
static void make_symmetric(arb_ptr x) {
  mag_t size;
  mag_init(size);
  arb_get_mag(size, x);
  arf_zero(arb_midref(x));
  mag_swap(arb_radref(x), size);
  mag_clear(size);
}

void fc_bundle_start(fc_bundle *z, arb_srcptr columns) {
  for (size_t i = 0; i < z->d * z->columns; i++) {
    arb_get_mid_arb(z->m + i, columns + i);
    arb_zero(z->r + i);
    mag_set(arb_radref(z->r + i), arb_radref(columns + i));
  }
  for (size_t i = 0; i < z->d * z->d; i++)
    arb_set_si(z->b + i, i % (z->d + 1) == 0);
}

void fc_bundle_hull(arb_ptr z, const fc_bundle *x, size_t c, slong precision) {
  size_t d = x->d;
  for (size_t i = 0; i < d; i++)
    arb_dot(z + i, x->m + c * d + i, 0, x->b + i * d, 1, x->r + c * d, 1,
            (slong)d, precision);
}

/* z = x y, d*d each, none of them the other. */
static void multiply(arb_ptr z, arb_srcptr x, arb_srcptr y, size_t d,
                     slong precision) {
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++)
      arb_dot(z + i * d + j, NULL, 0, x + i * d, 1, y + j, (slong)d, (slong)d,
              precision);
}

/* --- directions -----------------------------------------------------------*/

/* The column of `product` that carries most and is not used yet: its length
 * times the widest r along it. */
static size_t heaviest(const fc_bundle *z, const bool *used) {
  size_t d = z->d, best = d;
  mag_t most, size, length;
  mag_init(most);
  mag_init(size);
  mag_init(length);
  for (size_t j = 0; j < d; j++) {
    if (used[j])
      continue;
    mag_zero(length);
    for (size_t i = 0; i < d; i++) {
      arb_get_mag(size, z->product + i * d + j);
      mag_max(length, length, size);
    }
    mag_zero(size);
    for (size_t c = 0; c < z->columns; c++)
      mag_max(size, size, arb_radref(z->r + c * d + j));
    mag_mul(length, length, size);
    if (best == d || mag_cmp(length, most) > 0) {
      best = j;
      mag_set(most, length);
    }
  }
  mag_clear(most);
  mag_clear(size);
  mag_clear(length);
  return best;
}

/* Column `to` of `next` = column `from` of `product`, less its parts along the
 * columns before it, normed; exact numbers that need not be accurate.  False
 * where nothing is left of it. */
static bool direct(fc_bundle *z, size_t to, size_t from) {
  size_t d = z->d;
  arb_ptr row = z->row;
  arb_t part, length;
  arb_init(part);
  arb_init(length);
  for (size_t i = 0; i < d; i++)
    arb_get_mid_arb(row + i, z->product + i * d + from);
  for (size_t again = 0; again < 2 * to; again++) {
    arb_srcptr column = z->next + again % to;
    arb_dot(part, NULL, 0, row, 1, column, (slong)d, (slong)d, DIRECTION_BITS);
    for (size_t i = 0; i < d; i++) {
      arb_submul(row + i, part, column + i * d, DIRECTION_BITS);
      arb_get_mid_arb(row + i, row + i);
    }
  }
  arb_dot(length, NULL, 0, row, 1, row, 1, (slong)d, DIRECTION_BITS);
  arb_sqrt(length, length, DIRECTION_BITS);
  bool left = arb_is_positive(length) && arb_is_finite(length);
  for (size_t i = 0; i < d && left; i++) {
    arb_ptr entry = z->next + i * d + to;
    arb_div(entry, row + i, length, DIRECTION_BITS);
    arb_get_mid_arb(entry, entry);
  }
  arb_clear(part);
  arb_clear(length);
  return left;
}

/* inverse = (I + [e]) Q^T, from |I - Q^T Q| <= n in the row-sum norm, e =
 * n/(1 - n); false where n is not small. */
static bool invert(fc_bundle *z, slong precision) {
  size_t d = z->d;
  mag_t norm, sum, size;
  arb_t entry;
  mag_init(norm);
  mag_init(sum);
  mag_init(size);
  arb_init(entry);
  for (size_t i = 0; i < d; i++) {
    mag_zero(sum);
    for (size_t j = 0; j < d; j++) {
      arb_dot(entry, NULL, 0, z->next + i, (slong)d, z->next + j, (slong)d,
              (slong)d, precision);
      arb_sub_si(entry, entry, i == j, precision);
      arb_get_mag(size, entry);
      mag_add(sum, sum, size);
    }
    mag_max(norm, norm, sum);
  }
  bool small = mag_cmp_2exp_si(norm, -20) < 0;
  mag_mul_2exp_si(size, norm, 1); /* n/(1 - n) <= 2 n */
  for (size_t i = 0; i < d && small; i++)
    for (size_t j = 0; j < d; j++) {
      arb_ptr w = z->inverse + i * d + j;
      mag_zero(sum);
      for (size_t k = 0; k < d; k++) {
        arb_get_mag(norm, z->next + j * d + k);
        mag_addmul(sum, size, norm);
      }
      arb_set(w, z->next + j * d + i);
      arb_add_error_mag(w, sum);
    }
  mag_clear(norm);
  mag_clear(sum);
  mag_clear(size);
  arb_clear(entry);
  return small;
}

/* next and inverse from product. */
static void set_directions(fc_bundle *z, slong precision) {
  size_t d = z->d;
  bool used[64] = {false}, good = d > 1 && d <= 64;
  for (size_t to = 0; to < d && good; to++) {
    size_t from = heaviest(z, used);
    used[from] = true;
    good = direct(z, to, from);
  }
  if (good && invert(z, precision))
    return;
  for (size_t i = 0; i < d * d; i++) {
    arb_set_si(z->next + i, i % (d + 1) == 0);
    arb_set(z->inverse + i, z->next + i);
  }
}

/* --- a step ---------------------------------------------------------------*/

/* r_c = turned r_c + inverse error */
static void carry(fc_bundle *z, size_t c, slong precision) {
  size_t d = z->d;
  arb_ptr r = z->r + c * d;
  for (size_t i = 0; i < d; i++) {
    arb_dot(z->row + i, NULL, 0, z->turned + i * d, 1, r, 1, (slong)d,
            precision);
    arb_dot(z->row + i, z->row + i, 0, z->inverse + i * d, 1, z->error, 1,
            (slong)d, precision);
  }
  for (size_t i = 0; i < d; i++) {
    make_symmetric(z->row + i);
    arb_swap(r + i, z->row + i);
  }
}

void fc_bundle_advance(fc_bundle *z, arb_srcptr a, arb_srcptr image,
                       slong precision) {
  size_t d = z->d;
  multiply(z->product, a, z->b, d, precision);
  set_directions(z, precision);
  multiply(z->turned, z->inverse, z->product, d, precision);
  _arb_vec_set(z->image, image, (slong)d);
  for (size_t c = 1; c < z->columns; c++)
    for (size_t i = 0; i < d; i++)
      arb_dot(z->image + c * d + i, NULL, 0, a + i * d, 1, z->m + c * d, 1,
              (slong)d, precision);
  for (size_t c = 0; c < z->columns; c++) {
    for (size_t i = 0; i < d; i++)
      split(z->m + c * d + i, z->error + i, z->image + c * d + i, precision);
    carry(z, c, precision);
  }
  arb_ptr keep = z->b;
  z->b = z->next;
  z->next = keep;
}
