/* Reading the text of a formula; private to lib/formula. */
#ifndef FC_FORMULA_PARSE_H
#define FC_FORMULA_PARSE_H

#include "formula/graph.h"

/* Where reading stands.  After an error `status` is set, the message is
 * written, and every step returns at once. */
typedef struct fc_reader {
  fc_formula *graph;
  const char *text;
  size_t at;
  unsigned depth;
  const fc_position *origin;
  fc_error *error;
  fc_status status;
} fc_reader;

/* Reports an error at the given offset of the text; returns FC_NO_NODE. */
fc_node_id fc_reader_fail(fc_reader *reader, fc_status status, size_t at,
                          const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Describes the character at an offset in words: "'x'", "the end". */
typedef struct fc_character {
  char text[64];
} fc_character;
fc_character fc_reader_character(const fc_reader *reader, size_t at);

void fc_reader_skip_blanks(fc_reader *reader);

/* Character classes that no locale changes. */
bool fc_is_digit(char c);
bool fc_is_letter(char c); /* letters and '_' */

/* Reads an exact number (number.c). */
fc_node_id fc_read_number(fc_reader *reader);

#endif
