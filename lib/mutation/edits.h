/* Mechanical edits of a formula's text, each of which changes one thing:
 *
 *   sign       + between two terms becomes -, - becomes +; a minus in front of
 *              a factor goes; the first term of a sum gets a minus
 *   term       one term of a sum is dropped
 *   factor     one factor of a product is dropped, one divisor
 *   exponent   a constant exponent n becomes n + 1, n - 1, and -n where n is
 *              negative or no integer
 *   constant   a number c becomes c + 1, c - 1, 101/100 c, 99/100 c
 *   swap       of two names that are exchangeable (a and b), one becomes the
 *              other in one place; all of them everywhere at once
 *   rename     a name becomes another of its kind, everywhere, and, where there
 *              are several, in one place
 *   function   f(x) becomes x; min and max lose one argument
 *
 * The order is that of the text, so that the same text gives the same list.
 */
#ifndef FC_MUTATION_EDITS_H
#define FC_MUTATION_EDITS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

typedef struct fc_edit {
  char *text;        /* the edited formula */
  char *description; /* "+ becomes - before R^2" */
} fc_edit;

typedef struct fc_edits {
  fc_edit *items;
  size_t count, capacity;
} fc_edits;

/* Which names may stand for one another; the strings are kept by reference. */
typedef struct fc_edit_names {
  const char *const *known; /* all names that the formula may use */
  size_t known_count;
  const char *const (*swaps)[2];
  size_t swap_count;
  const char *const (*renames)[2]; /* [0] becomes [1] */
  size_t rename_count;
} fc_edit_names;

/* Every edit of the text that is a formula again, prints otherwise than the
 * text and than every edit before it, once.  The text must be a formula over
 * the known names: otherwise as fc_formula_parse, with its message. */
fc_status fc_edits_init(fc_edits *edits, const char *text,
                        const fc_edit_names *names, fc_error *error);
void fc_edits_clear(fc_edits *edits); /* also after a failed init */

#endif
