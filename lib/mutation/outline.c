#include "mutation/outline.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "formula/formula.h"

/* Reads like lib/formula/parse.c, but builds no values.  A failure is sticky:
 * every step then returns FC_NO_PART. */
typedef struct reader {
  fc_outline *outline;
  const char *text;
  size_t at, depth;
  size_t last; /* the end of what was read last */
  fc_status status;
} reader;

static size_t fail(reader *r, fc_status status) {
  if (!r->status)
    r->status = status;
  return FC_NO_PART;
}

static void skip_blanks(reader *r) {
  while (r->text[r->at] != '\0' && strchr(" \t\n\r", r->text[r->at]))
    r->at++;
}

static bool accept(reader *r, char c) {
  skip_blanks(r);
  if (r->status || r->text[r->at] != c)
    return false;
  r->last = ++r->at;
  return true;
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool enter(reader *r) {
  if (r->depth++ < FC_FORMULA_MAX_DEPTH)
    return true;
  fail(r, FC_LIMIT);
  return false;
}

/* --- parts ------------------------------------------------------------- */

static size_t add(reader *r, fc_part_kind kind, size_t parent) {
  fc_outline *o = r->outline;
  if (r->status)
    return FC_NO_PART;
  if (!fc_grow(&o->parts, &o->capacity, o->count, sizeof *o->parts))
    return fail(r, FC_MEMORY);
  skip_blanks(r);
  o->parts[o->count] = (fc_part){.kind = kind,
                                 .start = r->at,
                                 .core = r->at,
                                 .exponent = FC_NO_PART,
                                 .parent = parent,
                                 .previous = FC_NO_PART,
                                 .next = FC_NO_PART};
  return o->count++;
}

static void end(reader *r, size_t part) {
  if (!r->status)
    r->outline->parts[part].end = r->last;
}

static void link_siblings(reader *r, size_t before, size_t part, size_t at) {
  if (r->status || before == FC_NO_PART)
    return;
  r->outline->parts[before].next = part;
  r->outline->parts[part].previous = before;
  r->outline->parts[part].operator_at = at;
}

/* --- the grammar --------------------------------------------------------- */

static size_t sum(reader *r, size_t parent);
static size_t factor(reader *r, size_t parent);

static void number(reader *r, size_t parent) {
  size_t part = add(r, FC_PART_NUMBER, parent);
  while (is_digit(r->text[r->at]) || r->text[r->at] == '.')
    r->at++;
  if (r->text[r->at] == 'e' || r->text[r->at] == 'E') {
    r->at++;
    if (r->text[r->at] == '+' || r->text[r->at] == '-')
      r->at++;
    while (is_digit(r->text[r->at]))
      r->at++;
  }
  r->last = r->at;
  end(r, part);
}

static void arguments(reader *r, size_t part) {
  size_t before = FC_NO_PART, at = 0;
  do {
    size_t argument = sum(r, part);
    link_siblings(r, before, argument, at);
    before = argument;
    at = r->at;
  } while (accept(r, ','));
  if (!accept(r, ')'))
    fail(r, FC_PARSE);
}

static void name(reader *r, size_t parent) {
  size_t part = add(r, FC_PART_NAME, parent);
  while (is_letter(r->text[r->at]) || is_digit(r->text[r->at]))
    r->at++;
  size_t name_end = r->last = r->at;
  if (accept(r, '(')) {
    if (!r->status) {
      r->outline->parts[part].kind = FC_PART_CALL;
      r->outline->parts[part].name_end = name_end;
    }
    if (enter(r))
      arguments(r, part);
    r->depth--;
  } else {
    r->last = name_end;
  }
  end(r, part);
}

static void group(reader *r, size_t parent) {
  size_t part = add(r, FC_PART_GROUP, parent);
  r->at++;
  if (enter(r))
    sum(r, part);
  r->depth--;
  if (!accept(r, ')'))
    fail(r, FC_PARSE);
  end(r, part);
}

static void base(reader *r, size_t parent) {
  skip_blanks(r);
  char c = r->text[r->at];
  if (is_digit(c) || c == '.')
    number(r, parent);
  else if (is_letter(c))
    name(r, parent);
  else if (c == '(')
    group(r, parent);
  else
    fail(r, FC_PARSE);
}

static size_t factor(reader *r, size_t parent) {
  size_t part = add(r, FC_PART_FACTOR, parent);
  while (accept(r, '-') || accept(r, '+'))
    ;
  skip_blanks(r);
  if (!r->status)
    r->outline->parts[part].core = r->at;
  base(r, part);
  size_t base_end = r->last;
  if (accept(r, '^')) {
    if (enter(r)) {
      size_t exponent = factor(r, part);
      if (!r->status)
        r->outline->parts[part].exponent = exponent;
    }
    r->depth--;
  } else {
    r->last = base_end;
  }
  end(r, part);
  return part;
}

/* part := item (first item | second item)* */
static size_t list(reader *r, size_t parent, fc_part_kind kind,
                   size_t item(reader *r, size_t parent), char first,
                   char second) {
  size_t part = add(r, kind, parent);
  size_t before = item(r, part);
  for (;;) {
    size_t item_end = r->last;
    if (!accept(r, first) && !accept(r, second)) {
      r->last = item_end;
      break;
    }
    size_t at = r->at - 1, next = item(r, part);
    link_siblings(r, before, next, at);
    before = next;
  }
  end(r, part);
  return part;
}

static size_t term(reader *r, size_t parent) {
  return list(r, parent, FC_PART_TERM, factor, '*', '/');
}

static size_t sum(reader *r, size_t parent) {
  return list(r, parent, FC_PART_SUM, term, '+', '-');
}

fc_status fc_outline_init(fc_outline *outline, const char *text) {
  *outline = (fc_outline){.text = text};
  if (strnlen(text, FC_FORMULA_MAX_LENGTH + 1) > FC_FORMULA_MAX_LENGTH)
    return FC_LIMIT;
  reader r = {.outline = outline, .text = text};
  sum(&r, FC_NO_PART);
  skip_blanks(&r);
  if (!r.status && text[r.at] != '\0')
    fail(&r, FC_PARSE);
  return r.status;
}

void fc_outline_clear(fc_outline *outline) {
  free(outline->parts);
  *outline = (fc_outline){0};
}
