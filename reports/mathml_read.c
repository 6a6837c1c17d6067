/* Text to tree: see the grammar in mathml.h. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "mathml_tree.h"

typedef struct reader {
  fc_shape_tree *tree;
  const char *text;
  size_t at, length;
  int nested; /* calls of read_list that are open */
  bool bars;  /* the next bar closes */
  bool failed;
} reader;

static int read_list(reader *r);
static int read_unary(reader *r);

static int fail(reader *r) {
  r->failed = true;
  return -1;
}

static int depth_of(const reader *r, int node) {
  return node < 0 ? 0 : r->tree->nodes[node].depth;
}

/* A node over two others; the text is the formula's from `at` on. */
static int make(reader *r, fc_shape shape, size_t at, size_t length, int left,
                int right) {
  fc_shape_tree *tree = r->tree;
  if (r->failed || tree->count == FC_SHAPE_MAX)
    return fail(r);
  int deeper = depth_of(r, left), other = depth_of(r, right);
  deeper = deeper > other ? deeper : other;
  /* Sums and products stand in a row, whatever their length. */
  bool flat = shape == FC_SHAPE_SUM || shape == FC_SHAPE_TIMES ||
              shape == FC_SHAPE_BESIDE || shape == FC_SHAPE_LIST;
  tree->nodes[tree->count] = (fc_shape_node){.shape = shape,
                                             .text = r->text + at,
                                             .length = length,
                                             .left = left,
                                             .right = right,
                                             .depth = deeper + !flat};
  if (deeper + !flat > FC_SHAPE_NESTED)
    return fail(r);
  return tree->count++;
}

/* --- characters -------------------------------------------------------- */

static char here(const reader *r) {
  return r->at < r->length ? r->text[r->at] : '\0';
}

static void skip_blanks(reader *r) {
  while (here(r) == ' ')
    r->at++;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* --- atoms ------------------------------------------------------------- */

static size_t digits_from(const reader *r, size_t at) {
  while (at < r->length && is_digit(r->text[at]))
    at++;
  return at;
}

static int read_number(reader *r) {
  size_t start = r->at, end = digits_from(r, start);
  if (end < r->length && r->text[end] == '.')
    end = digits_from(r, end + 1);
  if (end == start + 1 && r->text[start] == '.') {
    r->at = end; /* a place that an argument takes: f(t,.) */
    return make(r, FC_SHAPE_SYMBOL, start, 1, -1, -1);
  }
  if (end < r->length && (r->text[end] == 'e' || r->text[end] == 'E')) {
    size_t digits = end + 1;
    if (digits < r->length &&
        (r->text[digits] == '-' || r->text[digits] == '+'))
      digits++;
    if (digits_from(r, digits) > digits)
      end = digits_from(r, digits);
  }
  r->at = end;
  return make(r, FC_SHAPE_NUMBER, start, end - start, -1, -1);
}

/* What stands behind '_': {list}, a number or a name without index. */
static int read_index(reader *r) {
  size_t start = r->at;
  if (here(r) == '{') {
    r->at++;
    int inside = read_list(r);
    if (here(r) != '}')
      return fail(r);
    r->at++;
    return inside;
  }
  if (is_digit(here(r)))
    return read_number(r);
  while (is_letter(here(r)))
    r->at++;
  return r->at > start ? make(r, FC_SHAPE_NAME, start, r->at - start, -1, -1)
                       : fail(r);
}

static bool is_inner_dot(const reader *r) { /* "d.upper" */
  return here(r) == '.' && r->at + 1 < r->length &&
         is_letter(r->text[r->at + 1]);
}

/* Primes may stand before or behind the index, and a star before it. */
static int read_name(reader *r) {
  size_t start = r->at;
  int primes = 0, index = -1;
  while (is_letter(here(r)) || is_digit(here(r)) || is_inner_dot(r))
    r->at++;
  size_t length = r->at - start;
  bool tilde = here(r) == '~';
  r->at += tilde;
  for (; here(r) == '\''; r->at++)
    primes++;
  if (here(r) == '_') {
    r->at++;
    index = read_index(r);
  }
  for (; here(r) == '\''; r->at++)
    primes++;
  int name = make(r, FC_SHAPE_NAME, start, length, index, -1);
  if (name >= 0) {
    r->tree->nodes[name].primes = primes;
    r->tree->nodes[name].tilde = tilde;
  }
  return name;
}

/* '(' list ')' */
static int read_enclosed(reader *r, fc_shape shape, char closing) {
  size_t start = r->at++;
  bool outer = r->bars;
  r->bars = closing == '|';
  int inside = read_list(r);
  r->bars = outer;
  if (r->failed || here(r) != closing)
    return fail(r);
  r->at++;
  return make(r, shape, start, 1, inside, -1);
}

/* One character outside ASCII, or the sign of a push-forward. */
static int read_symbol(reader *r) {
  uint32_t code;
  if (here(r) == '#')
    return make(r, FC_SHAPE_SYMBOL, r->at++, 1, -1, -1);
  size_t count = fc_utf8_next(&code, r->text + r->at, r->length - r->at);
  if (count < 2 || code < 0xa0 || code == 0xfffe || code == 0xffff)
    return fail(r);
  r->at += count;
  return make(r, FC_SHAPE_SYMBOL, r->at - count, count, -1, -1);
}

static int read_atom(reader *r) {
  char c = here(r);
  if (is_digit(c) || c == '.')
    return read_number(r);
  if (c == '(')
    return read_enclosed(r, FC_SHAPE_PAREN, ')');
  if (c == '|' && !r->bars)
    return read_enclosed(r, FC_SHAPE_BARS, '|');
  if (!is_letter(c))
    return read_symbol(r);
  int name = read_name(r);
  if (here(r) == '*' && r->at + 1 < r->length && r->text[r->at + 1] == '_') {
    r->at++; /* "X*_t": a star that is no product */
    r->at++;
    int index = read_index(r);
    int star = make(r, FC_SHAPE_NAME, r->at, 0, index, -1);
    name = make(r, FC_SHAPE_BESIDE, r->at, 0, name, star);
  }
  if (r->failed || here(r) != '(')
    return name;
  int arguments = read_enclosed(r, FC_SHAPE_PAREN, ')');
  return make(r, FC_SHAPE_CALL, r->at, 0, name, arguments);
}

/* --- operators --------------------------------------------------------- */

static int read_power(reader *r) {
  int base = read_atom(r);
  size_t end = r->at;
  skip_blanks(r);
  if (r->failed || here(r) != '^') {
    r->at = end;
    return base;
  }
  r->at++;
  skip_blanks(r);
  int exponent = read_unary(r);
  return make(r, FC_SHAPE_POWER, end, 0, base, exponent);
}

static int read_unary(reader *r) {
  skip_blanks(r);
  if (here(r) != '-' && here(r) != '+')
    return read_power(r);
  size_t start = r->at++;
  if (++r->nested > 4 * FC_SHAPE_NESTED)
    return fail(r);
  int operand = read_unary(r);
  r->nested--;
  return make(r, FC_SHAPE_NEG, start, 1, operand, -1);
}

/* True where an operand follows that no operator announces. */
static bool operand_follows(const reader *r) {
  char c = here(r);
  return is_letter(c) || is_digit(c) || c == '(' || c == '#' ||
         (c == '|' && !r->bars) || (unsigned char)c >= 0x80;
}

static int read_product(reader *r) {
  int left = read_unary(r);
  while (!r->failed) {
    skip_blanks(r);
    char c = here(r);
    fc_shape shape = c == '*'   ? FC_SHAPE_TIMES
                     : c == '/' ? FC_SHAPE_OVER
                                : FC_SHAPE_BESIDE;
    if (shape == FC_SHAPE_BESIDE && !operand_follows(r))
      return left;
    r->at += shape != FC_SHAPE_BESIDE;
    int right = read_unary(r);
    left = make(r, shape, r->at, 0, left, right);
  }
  return -1;
}

static int read_sum(reader *r) {
  int left = read_product(r);
  while (!r->failed) {
    skip_blanks(r);
    if (here(r) != '+' && here(r) != '-')
      return left;
    size_t sign = r->at++;
    int right = read_product(r);
    left = make(r, FC_SHAPE_SUM, sign, 1, left, right);
  }
  return -1;
}

static size_t relation_length(const reader *r) {
  char c = here(r);
  if ((c == '<' || c == '>') && r->at + 1 < r->length &&
      r->text[r->at + 1] == '=')
    return 2;
  return c == ',' || c == ';' || c == '=' || c == '<' || c == '>';
}

static int read_list(reader *r) {
  if (++r->nested > 4 * FC_SHAPE_NESTED)
    return fail(r);
  int left = read_sum(r);
  while (!r->failed) {
    size_t length = relation_length(r), start = r->at;
    if (length == 0)
      break;
    r->at += length;
    int right = read_sum(r);
    left = make(r, FC_SHAPE_LIST, start, length, left, right);
  }
  r->nested--;
  return r->failed ? -1 : left;
}

bool fc_shape_read(fc_shape_tree *tree, const char *text) {
  reader r = {.tree = tree, .text = text, .length = strlen(text)};
  if (r.length == 0 || r.length > FC_SHAPE_MAX)
    return false;
  tree->count = 0;
  tree->nodes = malloc(FC_SHAPE_MAX * sizeof *tree->nodes);
  if (!tree->nodes)
    return false;
  tree->root = read_list(&r);
  if (!r.failed && r.at == r.length)
    return true;
  fc_shape_clear(tree);
  return false;
}

void fc_shape_clear(fc_shape_tree *tree) {
  free(tree->nodes);
  tree->nodes = NULL;
}
