/* Decimal text of numbers, the same in every locale. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arith/arith.h"
#include "base/text.h"

static void append_zeros(fc_text *text, long count) {
  for (long i = 0; i < count; i++)
    fc_text_append(text, "0");
}

/* 0.d1 d2 ... times 10^exponent, without an exponent. */
static void append_positional(fc_text *text, const char *d, size_t count,
                              long exponent) {
  if (exponent <= 0) {
    fc_text_append(text, "0.");
    append_zeros(text, -exponent);
    fc_text_append_bytes(text, d, count);
  } else if ((size_t)exponent >= count) {
    fc_text_append_bytes(text, d, count);
    append_zeros(text, exponent - (long)count);
  } else {
    fc_text_append_bytes(text, d, (size_t)exponent);
    fc_text_append(text, ".");
    fc_text_append_bytes(text, d + exponent, count - (size_t)exponent);
  }
}

static void append_scientific(fc_text *text, const char *d, size_t count,
                              long exponent) {
  fc_text_append_bytes(text, d, 1);
  if (count > 1) {
    fc_text_append(text, ".");
    fc_text_append_bytes(text, d + 1, count - 1);
  }
  fc_text_printf(text, "e%ld", exponent - 1);
}

/* digits: a sign perhaps, then the significant digits of mpfr_get_str. */
static char *format(const char *digits, long exponent) {
  fc_text text[1];
  fc_text_init(text);
  if (*digits == '-')
    fc_text_append_bytes(text, digits++, 1);
  size_t count = strlen(digits);
  while (count > 1 && digits[count - 1] == '0')
    count--;
  if (-6 < exponent && exponent <= 21)
    append_positional(text, digits, count, exponent);
  else
    append_scientific(text, digits, count, exponent);
  return fc_text_take(text);
}

char *fc_print_mpfr(mpfr_srcptr x, int digits) {
  mpfr_exp_t exponent;
  if (mpfr_nan_p(x))
    return fc_strdup("nan");
  if (mpfr_inf_p(x))
    return fc_strdup(mpfr_sgn(x) > 0 ? "inf" : "-inf");
  if (mpfr_zero_p(x))
    return fc_strdup("0");
  char *text = mpfr_get_str(NULL, &exponent, 10,
                            digits > 0 ? (size_t)digits : 0, x, MPFR_RNDN);
  if (text == NULL)
    return NULL;
  char *result = format(text, exponent);
  mpfr_free_str(text);
  return result;
}

char *fc_print_mid(fc_srcptr x, int digits, const fc_ctx *ctx) {
  mpfr_t mid;
  mpfr_init2(mid, ctx->precision);
  fc_get_mid(mid, x, ctx);
  char *text = fc_print_mpfr(mid, digits);
  mpfr_clear(mid);
  return text;
}
