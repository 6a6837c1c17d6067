#include "readable.h"

#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 40
#define EXPONENT_MAX 1000000000000

/* 0.DIGITS times ten to the power exponent. */
typedef struct decimal {
  bool negative;
  int count;
  char digits[DIGITS_MAX + 2];
  bool rest; /* non-zero digits were left out */
  long exponent;
} decimal;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Reads "[-+]digits[.digits][e[-+]digits]" and nothing else. */
static bool read_decimal(decimal *d, const char *text) {
  memset(d, 0, sizeof *d);
  d->negative = *text == '-';
  text += *text == '-' || *text == '+';
  bool point = false, any = false;
  for (; is_digit(*text) || (*text == '.' && !point); text++) {
    if (*text == '.') {
      point = true;
      continue;
    }
    any = true;
    bool leading = d->count == 0 && *text == '0';
    if (!point && !leading)
      d->exponent++;
    if (point && leading)
      d->exponent--;
    if (!leading && d->count <= DIGITS_MAX)
      d->digits[d->count++] = *text;
    else if (!leading && *text != '0')
      d->rest = true;
  }
  if (any && (*text == 'e' || *text == 'E')) {
    char *end;
    text++;
    if (!is_digit(text[*text == '-' || *text == '+']))
      return false;
    long exponent = strtol(text, &end, 10);
    if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX)
      return false;
    d->exponent += exponent;
    text = end;
  }
  return any && *text == '\0';
}

/* Rounds to nearest, halves away from zero (rest breaks no tie upwards that
 * the next digit has not decided). */
static void round_decimal(decimal *d, int digits) {
  if (d->count > digits) {
    bool up = d->digits[digits] >= '5';
    d->count = digits;
    for (int i = digits - 1; up && i >= 0; i--) {
      up = d->digits[i] == '9';
      d->digits[i] = (char)(up ? '0' : d->digits[i] + 1);
    }
    if (up) { /* 999.. became 1000.. */
      d->digits[0] = '1';
      d->exponent++;
    }
  }
  while (d->count > 1 && d->digits[d->count - 1] == '0')
    d->count--;
  d->digits[d->count] = '\0';
}

static void append_decimal(fc_text *out, const decimal *d) {
  const char *sign = d->negative ? "-" : "";
  long e = d->exponent;
  if (d->count == 0)
    fc_text_append(out, "0");
  else if (e > 7 || e < -3)
    fc_text_printf(out, "%s%c%s%se%ld", sign, d->digits[0],
                   d->count > 1 ? "." : "", d->digits + 1, e - 1);
  else if (e <= 0)
    fc_text_printf(out, "%s0.%.*s%s", sign, (int)-e, "000", d->digits);
  else if (e >= d->count)
    fc_text_printf(out, "%s%s%.*s", sign, d->digits, (int)e - d->count,
                   "0000000");
  else
    fc_text_printf(out, "%s%.*s.%s", sign, (int)e, d->digits, d->digits + e);
}

void fc_readable(fc_text *out, const char *text, int digits) {
  decimal d;
  if (!text)
    return;
  if (!read_decimal(&d, text)) {
    fc_text_append(out, text);
    return;
  }
  round_decimal(&d, digits < DIGITS_MAX ? digits : DIGITS_MAX);
  append_decimal(out, &d);
}

double fc_approximate(const char *text) {
  mpfr_t x;
  char *end;
  if (!text || !text[0])
    return (double)NAN;
  /* mpfr_strtofr takes the point in any locale, strtod does not. */
  mpfr_init2(x, 53);
  mpfr_strtofr(x, text, &end, 10, MPFR_RNDN);
  double value = *end ? (double)NAN : mpfr_get_d(x, MPFR_RNDN);
  mpfr_clear(x);
  return value;
}

void fc_readable_exact(fc_text *out, const fc_exact *exact) {
  if (!exact->mid)
    return;
  fc_readable(out, exact->mid, FC_READABLE_DIGITS);
  double mid = fabs(fc_approximate(exact->mid));
  double rad = fc_approximate(exact->rad);
  if (rad > 0 && !(rad < mid * 1e-6)) {
    fc_text_append(out, " ± ");
    fc_readable(out, exact->rad, 2);
  }
}

void fc_readable_time(fc_text *out, const char *text, int digits) {
  mpfr_t r;
  if (!text)
    return;
  double t = fc_approximate(text);
  mpfr_init2(r, (mpfr_prec_t)(4 * strlen(text) + 64));
  mpfr_set_str(r, text, 10, MPFR_RNDN);
  mpfr_ui_sub(r, 1, r, MPFR_RNDN);
  double rest = mpfr_get_d(r, MPFR_RNDN);
  mpfr_clear(r);
  if (t > 0.5 && rest > 0 && rest < 0.5 * pow(10, -digits)) {
    fc_text_append(out, "1 − ");
    fc_readable_double(out, rest, 3);
  } else
    fc_readable(out, text, digits);
}

void fc_readable_double(fc_text *out, double value, int digits) {
  if (!isfinite(value)) {
    fc_text_append(out, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
    return;
  }
  mpfr_t x;
  mpfr_exp_t exponent;
  mpfr_init2(x, 53);
  mpfr_set_d(x, value, MPFR_RNDN);
  char *shown = mpfr_get_str(NULL, &exponent, 10, 17, x, MPFR_RNDN);
  if (shown) {
    bool negative = shown[0] == '-';
    fc_text number[1];
    fc_text_init(number);
    fc_text_printf(number, "%s0.%se%ld", negative ? "-" : "", shown + negative,
                   (long)exponent);
    if (number->data)
      fc_readable(out, number->data, digits);
    fc_text_clear(number);
    mpfr_free_str(shown);
  }
  mpfr_clear(x);
}
