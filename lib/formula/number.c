/* Decimal numbers, exactly: 0.1 is one tenth. */
#include <stdlib.h>
#include <string.h>

#include "formula/parse.h"

static size_t count_digits(const char *text) {
  size_t count = 0;
  while (fc_is_digit(text[count]))
    count++;
  return count;
}

/* Reads the exponent behind 'e', if any, into *exponent. */
static bool read_exponent(fc_reader *r, long *exponent) {
  *exponent = 0;
  if (r->text[r->at] != 'e' && r->text[r->at] != 'E')
    return true;
  size_t start = r->at++;
  bool negative = r->text[r->at] == '-';
  if (negative || r->text[r->at] == '+')
    r->at++;
  size_t count = count_digits(r->text + r->at);
  if (count == 0) {
    fc_reader_fail(r, FC_PARSE, r->at,
                   "the exponent behind '%c' needs digits, found %s (a product "
                   "is written with *)",
                   r->text[start], fc_reader_character(r, r->at).text);
    return false;
  }
  for (size_t i = 0; i < count; i++) {
    *exponent = 10 * *exponent + (r->text[r->at + i] - '0');
    if (*exponent > FC_FORMULA_MAX_EXPONENT) {
      fc_reader_fail(r, FC_LIMIT, start, "decimal exponents go from -%d to %d",
                     FC_FORMULA_MAX_EXPONENT, FC_FORMULA_MAX_EXPONENT);
      return false;
    }
  }
  r->at += count;
  if (negative)
    *exponent = -*exponent;
  return true;
}

/* q = digits 10^exponent */
static void set_decimal(mpq_ptr q, const char *digits, long exponent) {
  mpz_set_str(mpq_numref(q), digits, 10);
  unsigned long size =
      exponent < 0 ? 0 - (unsigned long)exponent : (unsigned long)exponent;
  mpz_t power;
  mpz_init(power);
  mpz_ui_pow_ui(power, 10, size);
  if (exponent < 0)
    mpz_set(mpq_denref(q), power);
  else
    mpz_mul(mpq_numref(q), mpq_numref(q), power);
  mpz_clear(power);
  mpq_canonicalize(q);
}

static bool is_odd_tail(fc_reader *r) {
  char c = r->text[r->at];
  if (c == '.')
    fc_reader_fail(r, FC_PARSE, r->at,
                   "a number has at most one decimal point");
  else if (fc_is_letter(c) || fc_is_digit(c))
    fc_reader_fail(r, FC_PARSE, r->at,
                   "expected an operator between a number and '%c' (a product "
                   "is written with *)",
                   c);
  return r->status != FC_OK;
}

fc_node_id fc_read_number(fc_reader *r) {
  size_t start = r->at;
  size_t whole = count_digits(r->text + start);
  size_t fraction = 0;
  bool point = r->text[start + whole] == '.';
  if (point)
    fraction = count_digits(r->text + start + whole + 1);
  if (whole + fraction == 0)
    return fc_reader_fail(r, FC_PARSE, start,
                          "a decimal point needs digits beside it");
  r->at = start + whole + (point ? 1 + fraction : 0);
  long exponent;
  if (!read_exponent(r, &exponent) || is_odd_tail(r))
    return FC_NO_NODE;
  char *digits = malloc(whole + fraction + 1);
  if (!digits)
    return fc_reader_fail(r, FC_MEMORY, start, "out of memory");
  memcpy(digits, r->text + start, whole);
  memcpy(digits + whole, r->text + start + whole + 1, fraction);
  digits[whole + fraction] = '\0';
  mpq_t q;
  mpq_init(q);
  set_decimal(q, digits, exponent - (long)fraction);
  fc_node_id node = fc_graph_number(r->graph, q);
  mpq_clear(q);
  free(digits);
  return node;
}
