#include "mutation/edits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/text.h"
#include "formula/formula.h"
#include "mutation/outline.h"

enum { SHOWN = 36 /* bytes of a part that a description quotes */ };

typedef struct editor {
  fc_edits *edits;
  const fc_edit_names *names;
  const char *text;
  fc_outline outline[1];
  char **prints; /* of the text and of every edit that was taken */
  size_t print_count, print_capacity;
  fc_status status;
} editor;

/* --- taking an edit ------------------------------------------------------ */

/* The print of a text's graph, NULL where it is no formula. */
static char *print_of(const char *text, const fc_edit_names *names,
                      fc_status *status, fc_error *error) {
  fc_formula *formula = NULL;
  *status = fc_formula_parse(&formula, text, names->known, names->known_count,
                             NULL, error);
  if (*status)
    return NULL;
  char *print = fc_formula_print(formula);
  fc_formula_free(formula);
  if (!print)
    *status = FC_MEMORY;
  return print;
}

static bool is_known(const editor *e, const char *print) {
  for (size_t i = 0; i < e->print_count; i++)
    if (strcmp(e->prints[i], print) == 0)
      return true;
  return false;
}

static bool remember(editor *e, char *print) {
  if (!fc_grow(&e->prints, &e->print_capacity, e->print_count,
               sizeof *e->prints))
    return false;
  e->prints[e->print_count++] = print;
  return true;
}

static bool append(fc_edits *edits, char *text, char *description) {
  if (!fc_grow(&edits->items, &edits->capacity, edits->count,
               sizeof *edits->items))
    return false;
  edits->items[edits->count++] = (fc_edit){text, description};
  return true;
}

/* Takes both strings (NULL: memory ran out). */
static void offer(editor *e, char *text, char *description) {
  fc_status status = text && description ? FC_OK : FC_MEMORY;
  char *print = status ? NULL : print_of(text, e->names, &status, NULL);
  bool taken = print && !is_known(e, print);
  bool kept = taken && remember(e, print);
  if (taken && (!kept || !append(e->edits, text, description)))
    status = FC_MEMORY;
  if (!kept)
    free(print);
  if (!taken || status) {
    free(text);
    free(description);
  }
  if (!e->status && status == FC_MEMORY) /* else it is no formula: no edit */
    e->status = status;
}

static char *format(const char *template, ...)
    __attribute__((format(printf, 1, 2)));

static char *format(const char *template, ...) {
  char buffer[512];
  va_list arguments;
  va_start(arguments, template);
  vsnprintf(buffer, sizeof buffer, template, arguments);
  va_end(arguments);
  return fc_strdup(buffer);
}

/* The text with text[start .. end) replaced; takes the description. */
static void replace(editor *e, size_t start, size_t end, const char *by,
                    char *description) {
  fc_text out[1];
  fc_text_init(out);
  fc_text_append_bytes(out, e->text, start);
  fc_text_append(out, by);
  fc_text_append(out, e->text + end);
  offer(e, fc_text_take(out), description);
}

/* Part of the text, shortened, for a description. */
typedef struct quote {
  char text[SHOWN + 8];
} quote;

static quote quoted(const editor *e, size_t start, size_t end) {
  quote q;
  size_t length = end - start < SHOWN ? end - start : SHOWN;
  memcpy(q.text, e->text + start, length);
  q.text[length] = '\0';
  if (length < end - start)
    strcat(q.text, "...");
  return q;
}

static quote quoted_part(const editor *e, const fc_part *part) {
  return quoted(e, part->start, part->end);
}

/* --- signs, terms, factors -------------------------------------------------
 */

static const fc_part *part_at(const editor *e, size_t i) {
  return i == FC_NO_PART ? NULL : &e->outline->parts[i];
}

static void edit_sign(editor *e, const fc_part *term) {
  const fc_part *sum = part_at(e, term->parent);
  quote q = quoted_part(e, term);
  if (term->previous != FC_NO_PART) {
    bool plus = e->text[term->operator_at] == '+';
    replace(e, term->operator_at, term->operator_at + 1, plus ? "-" : "+",
            format("%s becomes %s before %s", plus ? "+" : "-",
                   plus ? "-" : "+", q.text));
  } else if (term->next != FC_NO_PART || sum->parent == FC_NO_PART) {
    char first = e->text[term->start];
    if (first != '-' && first != '+')
      replace(e, term->start, term->start, "-", format("- before %s", q.text));
  }
}

/* The first item goes with the operator behind it, others with the one before
 * them. */
static void drop_term(editor *e, const fc_part *term) {
  const fc_part *previous = part_at(e, term->previous);
  const fc_part *next = part_at(e, term->next);
  quote q = quoted_part(e, term);
  char *description = format("term %s dropped", q.text);
  if (previous)
    replace(e, previous->end, term->end, "", description);
  else if (next)
    replace(e, term->start, next->start,
            e->text[next->operator_at] == '-' ? "-" : "", description);
  else
    free(description);
}

static void drop_factor(editor *e, const fc_part *factor) {
  const fc_part *previous = part_at(e, factor->previous);
  const fc_part *next = part_at(e, factor->next);
  quote q = quoted(e, factor->core, factor->end);
  char *description = format(
      "%s %s dropped",
      previous && e->text[factor->operator_at] == '/' ? "divisor" : "factor",
      q.text);
  if (previous)
    replace(e, previous->end, factor->end, "", description);
  else if (next && e->text[next->operator_at] == '*')
    replace(e, factor->core, next->start, "", description);
  else if (next)
    replace(e, factor->core, factor->end, "1", description);
  else
    free(description);
}

static void drop_minus(editor *e, const fc_part *factor) {
  for (size_t i = factor->start; i < factor->core; i++)
    if (e->text[i] == '-') {
      quote q = quoted(e, factor->core, factor->end);
      replace(e, i, i + 1, "", format("minus before %s dropped", q.text));
      return;
    }
}

/* --- numbers ----------------------------------------------------------------
 */

/* q = the rational that text[start .. end) is; false where it is none. */
static bool read_rational(mpq_ptr q, const editor *e, size_t start,
                          size_t end) {
  fc_text text[1];
  fc_formula *formula = NULL;
  fc_text_init(text);
  fc_text_append_bytes(text, e->text + start, end - start);
  char *copy = fc_text_take(text);
  bool ok = copy && fc_constant_parse(&formula, copy, NULL, NULL) == FC_OK &&
            fc_formula_get_mpq(q, formula);
  fc_formula_free(formula);
  free(copy);
  return ok;
}

/* "3", "(-1/2)": text that binds like an atom. */
static char *atom_of(mpq_srcptr q) {
  char *digits = mpq_get_str(NULL, 10, q);
  bool plain = mpz_cmp_ui(mpq_denref(q), 1) == 0 && mpq_sgn(q) >= 0;
  fc_text out[1];
  fc_text_init(out);
  if (digits)
    fc_text_printf(out, plain ? "%s" : "(%s)", digits);
  void (*release)(void *, size_t);
  mp_get_memory_functions(NULL, NULL, &release);
  if (digits)
    release(digits, strlen(digits) + 1);
  return fc_text_take(out);
}

/* text[start .. end), of value old, becomes the number. */
static void replace_number(editor *e, size_t start, size_t end, mpq_srcptr by,
                           const char *what, const char *of) {
  char *atom = atom_of(by);
  if (!atom) {
    e->status = FC_MEMORY;
    return;
  }
  quote q = quoted(e, start, end);
  replace(e, start, end, atom,
          format("%s %s%s becomes %s", what, q.text, of, atom));
  free(atom);
}

static void edit_exponent(editor *e, const fc_part *factor) {
  const fc_part *exponent = part_at(e, factor->exponent);
  mpq_t n, by;
  mpq_init(n);
  mpq_init(by);
  if (read_rational(n, e, exponent->start, exponent->end)) {
    size_t caret = exponent->start;
    while (e->text[caret] != '^')
      caret--;
    quote base = quoted(e, factor->core, caret);
    char of[SHOWN + 16];
    snprintf(of, sizeof of, " of %s", base.text);
    mpq_set_si(by, 1, 1);
    mpq_add(by, n, by);
    replace_number(e, exponent->start, exponent->end, by, "exponent", of);
    mpq_set_si(by, -1, 1);
    mpq_add(by, n, by);
    replace_number(e, exponent->start, exponent->end, by, "exponent", of);
    if (mpq_sgn(n) < 0 || mpz_cmp_ui(mpq_denref(n), 1) != 0) {
      mpq_neg(by, n);
      replace_number(e, exponent->start, exponent->end, by, "exponent", of);
    }
  }
  mpq_clear(n);
  mpq_clear(by);
}

static void edit_number(editor *e, const fc_part *part) {
  static const long percents[] = {101, 99};
  mpq_t c, by;
  mpq_init(c);
  mpq_init(by);
  if (read_rational(c, e, part->start, part->end)) {
    for (long step = 1; step >= -1; step -= 2) {
      mpq_set_si(by, step, 1);
      mpq_add(by, c, by);
      replace_number(e, part->start, part->end, by, "constant", "");
    }
    for (int i = 0; i < 2; i++) {
      mpq_set_si(by, percents[i], 100);
      mpq_canonicalize(by);
      mpq_mul(by, c, by);
      replace_number(e, part->start, part->end, by, "constant", "");
    }
  }
  mpq_clear(c);
  mpq_clear(by);
}

/* --- names -------------------------------------------------------------------
 */

static bool is_name(const editor *e, const fc_part *part, const char *name) {
  size_t length = part->end - part->start;
  return part->kind == FC_PART_NAME && strlen(name) == length &&
         strncmp(e->text + part->start, name, length) == 0;
}

/* What the name becomes in an exchange of all pairs, or NULL. */
static const char *partner(const editor *e, const fc_part *part) {
  for (size_t i = 0; i < e->names->swap_count; i++)
    for (int k = 0; k < 2; k++)
      if (is_name(e, part, e->names->swaps[i][k]))
        return e->names->swaps[i][1 - k];
  return NULL;
}

/* Where the name stands, told by its neighbours. */
static quote place_of(const editor *e, const fc_part *part) {
  const fc_part *factor = part_at(e, part->parent);
  return quoted_part(e, part_at(e, factor->parent));
}

static size_t occurrences(const editor *e, const char *name) {
  size_t count = 0;
  for (size_t i = 0; i < e->outline->count; i++)
    count += is_name(e, &e->outline->parts[i], name);
  return count;
}

static void edit_name(editor *e, const fc_part *part) {
  const char *other = partner(e, part);
  quote name = quoted_part(e, part), place = place_of(e, part);
  if (other)
    replace(e, part->start, part->end, other,
            format("%s becomes %s in %s", name.text, other, place.text));
  for (size_t i = 0; i < e->names->rename_count; i++) {
    const char *const *rename = e->names->renames[i];
    if (is_name(e, part, rename[0]) && occurrences(e, rename[0]) > 1)
      replace(e, part->start, part->end, rename[1],
              format("%s becomes %s in %s", rename[0], rename[1], place.text));
  }
}

/* Every name for which `other` has one becomes that; takes the description. */
static void replace_names(editor *e,
                          const char *other(const editor *e,
                                            const fc_part *part,
                                            const char *const *rename),
                          const char *const *rename, char *description) {
  fc_text out[1];
  size_t done = 0;
  fc_text_init(out);
  for (size_t i = 0; i < e->outline->count; i++) {
    const fc_part *part = &e->outline->parts[i];
    const char *by = part->kind == FC_PART_NAME ? other(e, part, rename) : NULL;
    if (!by)
      continue;
    fc_text_append_bytes(out, e->text + done, part->start - done);
    fc_text_append(out, by);
    done = part->end;
  }
  fc_text_append(out, e->text + done);
  offer(e, fc_text_take(out), description);
}

static const char *swapped(const editor *e, const fc_part *part,
                           const char *const *rename) {
  (void)rename;
  return partner(e, part);
}

static const char *renamed(const editor *e, const fc_part *part,
                           const char *const *rename) {
  return is_name(e, part, rename[0]) ? rename[1] : NULL;
}

static void edit_all_names(editor *e) {
  fc_text pairs[1];
  fc_text_init(pairs);
  for (size_t i = 0; i < e->names->swap_count; i++) {
    const char *const *swap = e->names->swaps[i];
    if (occurrences(e, swap[0]) + occurrences(e, swap[1]) > 0)
      fc_text_printf(pairs, "%s%s and %s", pairs->length ? ", " : "", swap[0],
                     swap[1]);
  }
  if (pairs->length > 0) {
    fc_text_append(pairs, " swapped everywhere");
    replace_names(e, swapped, NULL, fc_text_take(pairs));
  }
  fc_text_clear(pairs);
  for (size_t i = 0; i < e->names->rename_count; i++) {
    const char *const *rename = e->names->renames[i];
    size_t count = occurrences(e, rename[0]);
    if (count > 0)
      replace_names(e, renamed, rename,
                    format("%s becomes %s%s", rename[0], rename[1],
                           count > 1 ? " everywhere" : ""));
  }
}

/* --- functions ---------------------------------------------------------------
 */

static size_t first_argument(const editor *e, size_t call) {
  for (size_t i = call + 1; i < e->outline->count; i++)
    if (e->outline->parts[i].parent == call)
      return i;
  return FC_NO_PART;
}

static void edit_call(editor *e, size_t i) {
  const fc_part *call = &e->outline->parts[i];
  const fc_part *first = part_at(e, first_argument(e, i));
  quote name = quoted(e, call->start, call->name_end);
  if (first && first->next == FC_NO_PART) {
    replace(e, call->start, call->name_end, "",
            format("%s(x) becomes x, x = %s", name.text,
                   quoted_part(e, first).text));
    return;
  }
  for (const fc_part *p = first; p; p = part_at(e, p->next)) {
    const fc_part *next = part_at(e, p->next);
    quote q = quoted_part(e, p);
    char *description = format("argument %s of %s dropped", q.text, name.text);
    if (p->previous != FC_NO_PART)
      replace(e, part_at(e, p->previous)->end, p->end, "", description);
    else
      replace(e, p->start, next->start, "", description);
  }
}

/* --- all of them -------------------------------------------------------------
 */

/* min(x) is no formula: with one argument left the name goes, too. */
static void edit_pair(editor *e, size_t i) {
  const fc_part *call = &e->outline->parts[i];
  const fc_part *first = part_at(e, first_argument(e, i));
  const fc_part *second = first ? part_at(e, first->next) : NULL;
  if (!second || second->next != FC_NO_PART) {
    edit_call(e, i);
    return;
  }
  quote name = quoted(e, call->start, call->name_end);
  const fc_part *both[] = {first, second};
  for (int k = 0; k < 2; k++) {
    const fc_part *left = both[1 - k];
    quote q = quoted_part(e, both[k]);
    fc_text by[1];
    fc_text_init(by);
    fc_text_append(by, "(");
    fc_text_append_bytes(by, e->text + left->start, left->end - left->start);
    fc_text_append(by, ")");
    char *text = fc_text_take(by);
    if (text)
      replace(e, call->start, call->end, text,
              format("argument %s of %s dropped", q.text, name.text));
    else
      e->status = FC_MEMORY;
    free(text);
  }
}

/* True within an exponent that is a constant: edited as a whole. */
static bool is_in_exponent(const editor *e, const fc_part *part) {
  for (size_t i = part->parent; i != FC_NO_PART;
       i = e->outline->parts[i].parent) {
    const fc_part *above = &e->outline->parts[i];
    const fc_part *exponent = part_at(e, above->exponent);
    if (!exponent || part->start < exponent->start)
      continue;
    mpq_t q;
    mpq_init(q);
    bool constant = read_rational(q, e, exponent->start, exponent->end);
    mpq_clear(q);
    if (constant)
      return true;
  }
  return false;
}

static void edit_part(editor *e, size_t i) {
  const fc_part *part = &e->outline->parts[i];
  switch (part->kind) {
  case FC_PART_TERM:
    edit_sign(e, part);
    drop_term(e, part);
    return;
  case FC_PART_FACTOR:
    drop_minus(e, part);
    if (part_at(e, part->parent)->kind == FC_PART_TERM)
      drop_factor(e, part);
    if (part->exponent != FC_NO_PART)
      edit_exponent(e, part);
    return;
  case FC_PART_NUMBER:
    edit_number(e, part);
    return;
  case FC_PART_NAME:
    edit_name(e, part);
    return;
  case FC_PART_CALL:
    edit_pair(e, i);
    return;
  default:
    return;
  }
}

fc_status fc_edits_init(fc_edits *edits, const char *text,
                        const fc_edit_names *names, fc_error *error) {
  *edits = (fc_edits){0};
  editor e = {.edits = edits, .names = names, .text = text};
  char *print = print_of(text, names, &e.status, error);
  if (e.status)
    return e.status;
  if (!remember(&e, print)) {
    free(print);
    e.status = FC_MEMORY;
  }
  if (!e.status)
    e.status = fc_outline_init(e.outline, text);
  for (size_t i = 0; i < e.outline->count && !e.status; i++)
    if (!is_in_exponent(&e, &e.outline->parts[i]))
      edit_part(&e, i);
  if (!e.status)
    edit_all_names(&e);
  fc_outline_clear(e.outline);
  for (size_t i = 0; i < e.print_count; i++)
    free(e.prints[i]);
  free(e.prints);
  return e.status ? fc_fail(error, e.status, "%s", fc_status_text(e.status))
                  : FC_OK;
}

void fc_edits_clear(fc_edits *edits) {
  for (size_t i = 0; i < edits->count; i++) {
    free(edits->items[i].text);
    free(edits->items[i].description);
  }
  free(edits->items);
  *edits = (fc_edits){0};
}
