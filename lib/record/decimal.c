#include "record/decimal.h"

#include <math.h>
#include <mpfr.h>
#include <stdio.h>
#include <string.h>

#define SHORT_DIGITS 8
#define HUGE_EXPONENT 1000000000000000L

/* 0.d1 d2 d3 ... times 10^point, d1 != 0; no digits: zero. */
typedef struct decimal {
  bool negative;
  char digits[SHORT_DIGITS + 1]; /* one more than shown, for rounding */
  int count;
  long point;
} decimal;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static void add_digit(decimal *x, char c, bool fraction) {
  bool leading = x->count == 0 && c == '0';
  if (!leading && x->count < SHORT_DIGITS + 1)
    x->digits[x->count++] = c;
  if (fraction && leading)
    x->point--;
  else if (!fraction && !leading)
    x->point++;
}

static const char *scan_exponent(decimal *x, const char *at) {
  bool negative = *at == '-';
  long value = 0;
  if (*at == '-' || *at == '+')
    at++;
  if (!is_digit(*at))
    return NULL;
  for (; is_digit(*at); at++)
    if (value < HUGE_EXPONENT)
      value = 10 * value + (*at - '0');
  x->point += negative ? -value : value;
  return at;
}

static bool scan(decimal *x, const char *text) {
  *x = (decimal){.negative = *text == '-'};
  if (*text == '-' || *text == '+')
    text++;
  if (!is_digit(*text))
    return false;
  for (; is_digit(*text); text++)
    add_digit(x, *text, false);
  if (*text == '.') {
    if (!is_digit(*++text))
      return false;
    for (; is_digit(*text); text++)
      add_digit(x, *text, true);
  }
  if (*text == 'e' || *text == 'E')
    text = scan_exponent(x, text + 1);
  return text && *text == '\0';
}

bool fc_decimal_is_number(const char *text) {
  decimal x;
  return strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0 ||
         strcmp(text, "nan") == 0 || scan(&x, text);
}

/* To SHORT_DIGITS digits, halves away from zero, without zeros at the end. */
static void shorten(decimal *x) {
  if (x->count > SHORT_DIGITS) {
    bool up = x->digits[SHORT_DIGITS] >= '5';
    x->count = SHORT_DIGITS;
    while (up && x->count > 0 && x->digits[x->count - 1] == '9')
      x->count--;
    if (up && x->count > 0)
      x->digits[x->count - 1]++;
    else if (up) {
      x->digits[x->count++] = '1';
      x->point++;
    }
  }
  while (x->count > 0 && x->digits[x->count - 1] == '0')
    x->count--;
}

static void append_zeros(fc_text *out, long count) {
  for (; count > 0; count--)
    fc_text_append(out, "0");
}

static void append_plain(fc_text *out, const decimal *x) {
  int whole = x->point > 0 ? (int)x->point : 0;
  int shown = whole < x->count ? whole : x->count;
  fc_text_append_bytes(out, x->digits, (size_t)shown);
  append_zeros(out, whole - shown);
  if (whole == 0)
    fc_text_append(out, "0");
  if (shown == x->count)
    return;
  fc_text_append(out, ".");
  append_zeros(out, -x->point);
  fc_text_append_bytes(out, x->digits + shown, (size_t)(x->count - shown));
}

static void append_scientific(fc_text *out, const decimal *x) {
  fc_text_append_bytes(out, x->digits, 1);
  if (x->count > 1) {
    fc_text_append(out, ".");
    fc_text_append_bytes(out, x->digits + 1, (size_t)x->count - 1);
  }
  fc_text_printf(out, "e%ld", x->point - 1);
}

static void append_decimal(fc_text *out, const decimal *x) {
  if (x->count == 0) {
    fc_text_append(out, "0");
    return;
  }
  if (x->negative)
    fc_text_append(out, "-");
  if (x->point > -5 && x->point <= SHORT_DIGITS)
    append_plain(out, x);
  else
    append_scientific(out, x);
}

void fc_decimal_append_short(fc_text *out, const char *text) {
  decimal x;
  if (!scan(&x, text)) {
    fc_text_append(out, text);
    return;
  }
  shorten(&x);
  append_decimal(out, &x);
}

/* MPFR reads and writes decimals without asking the locale, and rounds
 * correctly: the fewest digits that come back as the same double. */
static size_t shortest_digits(char digits[32], mpfr_exp_t *exponent,
                              mpfr_srcptr x) {
  mpfr_t back;
  char text[64];
  size_t count = 15;
  mpfr_init2(back, 53);
  for (;; count++) {
    mpfr_get_str(digits, exponent, 10, count, x, MPFR_RNDN);
    bool negative = digits[0] == '-';
    snprintf(text, sizeof text, "%s0.%se%ld", negative ? "-" : "",
             digits + negative, (long)*exponent);
    mpfr_strtofr(back, text, NULL, 10, MPFR_RNDN);
    if (count == 17 || mpfr_equal_p(back, x))
      break;
  }
  mpfr_clear(back);
  return count;
}

void fc_decimal_append_double(fc_text *out, double value) {
  if (isnan(value) || isinf(value)) {
    fc_text_append(out, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return;
  }
  if (value == 0) {
    fc_text_append(out, signbit(value) ? "-0.0" : "0");
    return;
  }
  char digits[32];
  mpfr_exp_t point;
  mpfr_t x;
  mpfr_init2(x, 53);
  mpfr_set_d(x, value, MPFR_RNDN);
  size_t count = shortest_digits(digits, &point, x);
  mpfr_clear(x);
  const char *first = digits + (digits[0] == '-');
  while (count > 1 && first[count - 1] == '0')
    count--;
  fc_text_append(out, value < 0 ? "-" : "");
  fc_text_append_bytes(out, first, 1);
  fc_text_append(out, count > 1 ? "." : "");
  fc_text_append_bytes(out, first + 1, count - 1);
  if (point != 1)
    fc_text_printf(out, "e%ld", (long)point - 1);
}
