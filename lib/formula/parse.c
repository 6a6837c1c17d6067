#include "formula/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/text.h"

#define MAX_NAME 64

/* --- errors ----------------------------------------------------------- */

/* The place of text[at], counted from the origin. */
static fc_position position_of(const fc_reader *r, size_t at) {
  fc_position p = {NULL, 1, 1};
  if (r->origin)
    p = *r->origin;
  if (p.line == 0)
    return p;
  for (size_t i = 0; i < at; i++) {
    p.column = r->text[i] == '\n' ? 1 : p.column + 1;
    p.line += r->text[i] == '\n';
  }
  return p;
}

fc_node_id fc_reader_fail(fc_reader *r, fc_status status, size_t at,
                          const char *format, ...) {
  if (r->status != FC_OK)
    return FC_NO_NODE;
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  fc_position position = position_of(r, at);
  r->status = fc_fail_at(r->error, status, &position, "%s", message);
  return FC_NO_NODE;
}

fc_character fc_reader_character(const fc_reader *r, size_t at) {
  fc_character c;
  unsigned byte = (unsigned char)r->text[at];
  if (byte == 0)
    snprintf(c.text, sizeof c.text, "the end of the formula");
  else if (byte >= 0x80)
    snprintf(c.text, sizeof c.text, "the byte 0x%02x, which is not ASCII",
             byte);
  else if (byte < 0x20 || byte == 0x7f)
    snprintf(c.text, sizeof c.text, "the control character 0x%02x", byte);
  else
    snprintf(c.text, sizeof c.text, "'%c'", r->text[at]);
  return c;
}

/* Turns a failure inside the graph into an error at this place. */
static fc_node_id checked(fc_reader *r, size_t at, fc_node_id node) {
  if (r->status == FC_OK && r->graph->status == FC_LIMIT)
    fc_reader_fail(r, FC_LIMIT, at,
                   "here the formula grows beyond %d nodes or beyond exact "
                   "numbers of %d bits",
                   FC_FORMULA_MAX_NODES, FC_FORMULA_MAX_BITS);
  else if (r->status == FC_OK && r->graph->status != FC_OK)
    fc_reader_fail(r, r->graph->status, at, "%s",
                   fc_status_text(r->graph->status));
  return r->status == FC_OK ? node : FC_NO_NODE;
}

/* --- characters ------------------------------------------------------- */

bool fc_is_digit(char c) { return c >= '0' && c <= '9'; }

bool fc_is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

void fc_reader_skip_blanks(fc_reader *r) {
  while (r->text[r->at] != '\0' && strchr(" \t\n\r", r->text[r->at]))
    r->at++;
}

static bool accept(fc_reader *r, char c) {
  fc_reader_skip_blanks(r);
  if (r->status != FC_OK || r->text[r->at] != c)
    return false;
  r->at++;
  return true;
}

static bool enter(fc_reader *r, size_t at) {
  if (++r->depth <= FC_FORMULA_MAX_DEPTH)
    return true;
  fc_reader_fail(r, FC_LIMIT, at, "more than %d nested parentheses or powers",
                 FC_FORMULA_MAX_DEPTH);
  return false;
}

/* --- names ------------------------------------------------------------ */

static const struct {
  const char *name;
  fc_op op;
} functions[] = {
#define X(name, op, function) {name, FC_OP_##op},
    FC_FUNCTION_LIST(X)
#undef X
        {"min", FC_OP_MIN},
    {"max", FC_OP_MAX},
};
#define FUNCTION_COUNT (sizeof functions / sizeof functions[0])

static bool find_function(fc_op *op, const char *name) {
  for (size_t i = 0; i < FUNCTION_COUNT; i++)
    if (strcmp(functions[i].name, name) == 0) {
      *op = functions[i].op;
      return true;
    }
  return false;
}

/* "kappa, beta, pi", as far as the room goes */
static void list_names(char *buffer, size_t size, const fc_formula *graph,
                       bool call) {
  size_t used = 0;
  size_t count = call ? FUNCTION_COUNT : graph->name_count;
  for (size_t i = 0; i < count && used < size; i++)
    used += (size_t)snprintf(buffer + used, size - used, "%s, ",
                             call ? functions[i].name : graph->names[i]);
  if (call && used >= 2 && used < size)
    buffer[used - 2] = '\0';
  else if (!call && used < size)
    snprintf(buffer + used, size - used, "pi");
}

static fc_node_id unknown_name(fc_reader *r, size_t at, const char *name,
                               bool call) {
  const char **known =
      malloc((r->graph->name_count + FUNCTION_COUNT + 1) * sizeof *known);
  if (!known)
    return fc_reader_fail(r, FC_MEMORY, at, "out of memory");
  size_t count = 0;
  for (size_t i = 0; !call && i < r->graph->name_count; i++)
    known[count++] = r->graph->names[i];
  for (size_t i = 0; i < FUNCTION_COUNT; i++)
    known[count++] = functions[i].name;
  if (!call)
    known[count++] = "pi";
  const char *closest = fc_closest_name(name, known, count);
  free(known);
  char valid[256];
  list_names(valid, sizeof valid, r->graph, call);
  if (closest)
    return fc_reader_fail(r, FC_NAME, at,
                          "unknown %s '%s'; did you mean '%s'? (known: %s)",
                          call ? "function" : "name", name, closest, valid);
  return fc_reader_fail(r, FC_NAME, at, "unknown %s '%s' (known: %s)",
                        call ? "function" : "name", name, valid);
}

/* --- grammar, see formula.h ------------------------------------------- */

static fc_node_id expression(fc_reader *r);

static bool is_min_max(fc_op op) { return op == FC_OP_MIN || op == FC_OP_MAX; }

/* The arguments behind '(' up to ')'. */
static fc_node_id arguments(fc_reader *r, fc_op op, const char *name,
                            size_t at) {
  size_t count = 1;
  if (accept(r, ')'))
    return fc_reader_fail(r, FC_PARSE, at, "%s needs %s", name,
                          is_min_max(op) ? "two or more arguments"
                                         : "an argument");
  fc_node_id node = expression(r);
  while (accept(r, ',')) {
    if (!is_min_max(op))
      return fc_reader_fail(r, FC_PARSE, r->at - 1, "%s takes one argument",
                            name);
    size_t place = r->at;
    node =
        checked(r, place, fc_build_min_max(r->graph, op, node, expression(r)));
    count++;
  }
  if (!accept(r, ')'))
    return fc_reader_fail(r, FC_PARSE, r->at,
                          "expected ')' or ',' in the arguments of %s, found "
                          "%s",
                          name, fc_reader_character(r, r->at).text);
  if (!is_min_max(op))
    return checked(r, at, fc_build_function(r->graph, op, node));
  if (count < 2)
    return fc_reader_fail(r, FC_PARSE, at, "%s needs two or more arguments",
                          name);
  return node;
}

static fc_node_id call(fc_reader *r, const char *name, size_t at) {
  fc_op op;
  if (!find_function(&op, name)) {
    if (fc_graph_name(r->graph, name) < 0 && strcmp(name, "pi") != 0)
      return unknown_name(r, at, name, true);
    return fc_reader_fail(r, FC_PARSE, r->at - 1,
                          "'%s' is not a function; a product is written %s*(",
                          name, name);
  }
  if (!enter(r, at))
    return FC_NO_NODE;
  fc_node_id node = arguments(r, op, name, at);
  r->depth--;
  return node;
}

static fc_node_id read_name(fc_reader *r) {
  char name[MAX_NAME + 1];
  size_t at = r->at, length = 0;
  while (fc_is_letter(r->text[at + length]) ||
         fc_is_digit(r->text[at + length]))
    length++;
  if (length > MAX_NAME)
    return fc_reader_fail(r, FC_NAME, at, "a name of more than %d letters",
                          MAX_NAME);
  memcpy(name, r->text + at, length);
  name[length] = '\0';
  r->at += length;
  if (accept(r, '('))
    return call(r, name, at);
  long index = fc_graph_name(r->graph, name);
  if (index >= 0)
    return checked(
        r, at,
        fc_graph_node(r->graph, FC_OP_VARIABLE, FC_NO_NODE, FC_NO_NODE, index));
  if (strcmp(name, "pi") == 0)
    return checked(
        r, at, fc_graph_node(r->graph, FC_OP_PI, FC_NO_NODE, FC_NO_NODE, 0));
  fc_op op;
  if (find_function(&op, name))
    return fc_reader_fail(r, FC_PARSE, r->at,
                          "the function %s needs its argument in parentheses, "
                          "found %s",
                          name, fc_reader_character(r, r->at).text);
  return unknown_name(r, at, name, false);
}

static fc_node_id parenthesis(fc_reader *r) {
  size_t at = r->at++;
  if (!enter(r, at))
    return FC_NO_NODE;
  fc_node_id node = expression(r);
  r->depth--;
  if (r->status == FC_OK && !accept(r, ')'))
    return fc_reader_fail(r, FC_PARSE, r->at,
                          "expected an operator or ')', found %s",
                          fc_reader_character(r, r->at).text);
  return node;
}

static fc_node_id atom(fc_reader *r) {
  fc_reader_skip_blanks(r);
  if (r->status != FC_OK)
    return FC_NO_NODE;
  size_t at = r->at;
  char c = r->text[at];
  if (fc_is_digit(c) || c == '.')
    return checked(r, at, fc_read_number(r));
  if (fc_is_letter(c))
    return read_name(r);
  if (c == '(')
    return parenthesis(r);
  if (c == '*' && at > 0 && r->text[at - 1] == '*')
    return fc_reader_fail(r, FC_PARSE, at - 1, "powers are written with ^");
  return fc_reader_fail(r, FC_PARSE, at,
                        "expected a number, a name or '(', found %s",
                        fc_reader_character(r, at).text);
}

static fc_node_id unary(fc_reader *r);

static fc_node_id power(fc_reader *r) {
  fc_node_id base = atom(r);
  if (!accept(r, '^'))
    return base;
  size_t at = r->at - 1;
  if (!enter(r, at))
    return FC_NO_NODE;
  fc_node_id exponent = unary(r);
  r->depth--;
  return checked(r, at, fc_build_pow(r->graph, base, exponent));
}

static fc_node_id unary(fc_reader *r) {
  bool negative = false;
  fc_reader_skip_blanks(r);
  size_t at = r->at;
  for (;;) {
    if (accept(r, '-'))
      negative = !negative;
    else if (!accept(r, '+'))
      break;
  }
  fc_node_id node = power(r);
  return negative ? checked(r, at, fc_build_neg(r->graph, node)) : node;
}

static fc_node_id term(fc_reader *r) {
  fc_node_id node = unary(r);
  for (;;) {
    if (accept(r, '*')) {
      size_t at = r->at - 1;
      node = checked(r, at, fc_build_mul(r->graph, node, unary(r)));
    } else if (accept(r, '/')) {
      size_t at = r->at - 1;
      node = checked(r, at, fc_build_div(r->graph, node, unary(r)));
    } else {
      return node;
    }
  }
}

static fc_node_id expression(fc_reader *r) {
  fc_node_id node = term(r);
  for (;;) {
    if (accept(r, '+')) {
      size_t at = r->at - 1;
      node = checked(r, at, fc_build_add(r->graph, node, term(r)));
    } else if (accept(r, '-')) {
      size_t at = r->at - 1;
      node = checked(r, at, fc_build_sub(r->graph, node, term(r)));
    } else {
      return node;
    }
  }
}

/* --- the whole text --------------------------------------------------- */

/* What stands behind a complete formula is an error; says which. */
static void expect_end(fc_reader *r) {
  fc_reader_skip_blanks(r);
  char c = r->text[r->at];
  if (r->status != FC_OK || c == '\0')
    return;
  const char *hint = "";
  if (c == ')')
    hint = " (a ')' without its '(')";
  else if (c == ',')
    hint = " (a comma stands only between the arguments of min and max)";
  else if (c == '(' || fc_is_letter(c) || fc_is_digit(c))
    hint = " (a product is written with *)";
  fc_reader_fail(r, FC_PARSE, r->at,
                 "expected an operator or the end, found %s%s",
                 fc_reader_character(r, r->at).text, hint);
}

static bool is_short_enough(fc_reader *r) {
  if (strnlen(r->text, FC_FORMULA_MAX_LENGTH + 1) <= FC_FORMULA_MAX_LENGTH)
    return true;
  fc_reader_fail(r, FC_LIMIT, 0, "a formula has at most %d characters",
                 FC_FORMULA_MAX_LENGTH);
  return false;
}

fc_status fc_formula_parse(fc_formula **formula, const char *text,
                           const char *const *names, size_t count,
                           const fc_position *origin, fc_error *error) {
  fc_formula *graph = fc_graph_new(names, count);
  if (!graph)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_reader r = {graph, text, 0, 0, origin, error, FC_OK};
  fc_node_id root = FC_NO_NODE;
  if (is_short_enough(&r))
    root = expression(&r);
  expect_end(&r);
  if (r.status != FC_OK) {
    fc_formula_free(graph);
    return r.status;
  }
  return fc_graph_finish(formula, graph, root, text, error);
}

fc_status fc_constant_parse(fc_formula **constant, const char *text,
                            const fc_position *origin, fc_error *error) {
  return fc_formula_parse(constant, text, NULL, 0, origin, error);
}
