/* The outline of a formula's text: which bytes are which sum, term, factor,
 * number, name or call.  The graph of lib/formula shares equal subexpressions
 * and simplifies; an edit of one occurrence needs the text as it was written.
 *
 * The parts follow the grammar of formula/formula.h, each before its own parts:
 *   SUM     one or more TERMs with + or - between them
 *   TERM    one or more FACTORs with * or / between them
 *   FACTOR  signs, a base and, where there is a ^, an exponent (a FACTOR)
 * and a base is a NUMBER, a NAME, a CALL (its arguments are SUMs) or a GROUP
 * (parentheses about a SUM).
 */
#ifndef FC_MUTATION_OUTLINE_H
#define FC_MUTATION_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

typedef enum fc_part_kind {
  FC_PART_SUM,
  FC_PART_TERM,
  FC_PART_FACTOR,
  FC_PART_NUMBER,
  FC_PART_NAME,
  FC_PART_CALL,
  FC_PART_GROUP
} fc_part_kind;

#define FC_NO_PART ((size_t)-1)

typedef struct fc_part {
  fc_part_kind kind;
  size_t start, end;     /* text[start .. end), without blanks around it */
  size_t core;           /* FACTOR: where its base starts, after the signs */
  size_t exponent;       /* FACTOR: the part that is its exponent */
  size_t parent;         /* FC_NO_PART for the whole */
  size_t previous, next; /* siblings in a SUM, TERM or CALL */
  size_t operator_at;    /* where the operator before it stands; only where
                            there is a previous one */
  size_t name_end;       /* CALL: text[start .. name_end) is the name */
} fc_part;

typedef struct fc_outline {
  const char *text; /* by reference */
  fc_part *parts;
  size_t count, capacity;
} fc_outline;

/* The outline of a text that fc_formula_parse reads without an error; its
 * limits hold for the text (FC_LIMIT, FC_PARSE where they do not). */
fc_status fc_outline_init(fc_outline *outline, const char *text);
void fc_outline_clear(fc_outline *outline); /* also after a failed init */

#endif
