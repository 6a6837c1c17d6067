/* Dot products of MPFR numbers of one precision: the mantissas are multiplied
 * as integers and the products added in fixed point, in two's complement, with
 * a limb more than the precision below the largest product.  Nothing is rounded
 * before the end, so that this is faster and closer than adding one by one.
 */
#include <gmp.h>
#include <limits.h>

#include "arith/arith_private.h"

enum {
  INTEGER_LIMBS = 1, /* above the largest product: room for 2^62 terms */
  MOST_LIMBS = 64    /* of a mantissa; beyond, one by one */
};

#if GMP_NAIL_BITS != 0
#error "GMP with nails is not supported"
#endif

static const mp_limb_t *limbs_of(mpfr_srcptr x) {
  return mpfr_custom_get_significand(x);
}

/* The largest sum of exponents of a product; false where a term is not a
 * finite number of that precision.  *top stays LONG_MIN where all products are
 * zero. */
static bool largest_exponent(long *top, fc_srcptr x, fc_srcptr y, long n,
                             long precision) {
  *top = LONG_MIN;
  for (long i = 0; i < n; i++) {
    mpfr_srcptr a = fc_as_mpfr_src(x + i), b = fc_as_mpfr_src(y - i);
    if (mpfr_nan_p(a) || mpfr_inf_p(a) || mpfr_nan_p(b) || mpfr_inf_p(b) ||
        mpfr_get_prec(a) != precision || mpfr_get_prec(b) != precision)
      return false;
    if (mpfr_zero_p(a) || mpfr_zero_p(b))
      continue;
    long exponent = (long)mpfr_get_exp(a) + (long)mpfr_get_exp(b);
    if (exponent > *top)
      *top = exponent;
  }
  return true;
}

/* sum += or -= (|a||b|) 2^-top, truncated to the sum's last limb.  The sum has
 * `size` fraction limbs and the integer limb. */
static void add_product(mp_limb_t *sum, mp_size_t size, mpfr_srcptr a,
                        mpfr_srcptr b, mp_size_t limbs, long top) {
  mp_limb_t product[2 * MOST_LIMBS];
  unsigned long shift =
      (unsigned long)(top - (long)mpfr_get_exp(a) - (long)mpfr_get_exp(b));
  if (shift / GMP_NUMB_BITS >= (unsigned long)size)
    return;
  mp_size_t whole = (mp_size_t)(shift / GMP_NUMB_BITS);
  /* Only so many limbs of the factors reach the sum. */
  mp_size_t use = size - whole < limbs ? size - whole : limbs;
  mp_size_t length = 2 * use;
  unsigned bits = (unsigned)(shift % GMP_NUMB_BITS);
  mpn_mul_n(product, limbs_of(a) + (limbs - use), limbs_of(b) + (limbs - use),
            use);
  if (bits)
    mpn_rshift(product, product, length, bits);
  mp_size_t count = length < size - whole ? length : size - whole;
  mp_limb_t *low = sum + (size - whole - count);
  const mp_limb_t *from = product + (length - count);
  mp_size_t above = whole + INTEGER_LIMBS;
  if ((mpfr_signbit(a) != 0) == (mpfr_signbit(b) != 0)) {
    mp_limb_t carry = mpn_add_n(low, low, from, count);
    mpn_add_1(low + count, low + count, above, carry);
  } else {
    mp_limb_t borrow = mpn_sub_n(low, low, from, count);
    mpn_sub_1(low + count, low + count, above, borrow);
  }
}

/* z = the sum times 2^top. */
static void round_sum(mpfr_ptr z, mp_limb_t *sum, mp_size_t size, long top) {
  mp_size_t all = size + INTEGER_LIMBS;
  bool negative = sum[all - 1] >> (GMP_NUMB_BITS - 1);
  if (negative)
    mpn_neg(sum, sum, all);
  while (all > 0 && sum[all - 1] == 0)
    all--;
  mpz_t integer;
  mpfr_set_z_2exp(z, mpz_roinit_n(integer, sum, negative ? -all : all),
                  top - (long)size * GMP_NUMB_BITS, MPFR_RNDN);
}

static void one_by_one(mpfr_ptr z, fc_srcptr x, fc_srcptr y, long n) {
  mpfr_set_zero(z, 1);
  for (long i = 0; i < n; i++)
    mpfr_fma(z, fc_as_mpfr_src(x + i), fc_as_mpfr_src(y - i), z, MPFR_RNDN);
}

void fc_mpfr_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long n,
                 const fc_ctx *ctx) {
  mp_size_t limbs = (ctx->precision + GMP_NUMB_BITS - 1) / GMP_NUMB_BITS;
  mp_size_t size = limbs + 1;
  mp_limb_t sum[MOST_LIMBS + 1 + INTEGER_LIMBS];
  long top;
  if (limbs > MOST_LIMBS || n <= 1 ||
      !largest_exponent(&top, x, y, n, ctx->precision)) {
    one_by_one(fc_as_mpfr(z), x, y, n);
    return;
  }
  if (top == LONG_MIN) {
    mpfr_set_zero(fc_as_mpfr(z), 1);
    return;
  }
  mpn_zero(sum, size + INTEGER_LIMBS);
  for (long i = 0; i < n; i++) {
    mpfr_srcptr a = fc_as_mpfr_src(x + i), b = fc_as_mpfr_src(y - i);
    if (!mpfr_zero_p(a) && !mpfr_zero_p(b))
      add_product(sum, size, a, b, limbs, top);
  }
  round_sum(fc_as_mpfr(z), sum, size, top);
}
