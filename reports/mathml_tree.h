/* The tree of a formula that is to be typeset; private to mathml*.c. */
#ifndef FC_REPORTS_MATHML_TREE_H
#define FC_REPORTS_MATHML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define FC_SHAPE_MAX 4096  /* nodes, and bytes of text */
#define FC_SHAPE_NESTED 24 /* levels of parentheses, fractions, powers */

typedef enum fc_shape {
  FC_SHAPE_NUMBER, /* text */
  FC_SHAPE_NAME,   /* text; left: its index, or none */
  FC_SHAPE_SYMBOL, /* text: one character that is no letter of ASCII */
  FC_SHAPE_PAREN,  /* ( left ) */
  FC_SHAPE_BARS,   /* | left | */
  FC_SHAPE_CALL,   /* left ( right ); right: a list */
  FC_SHAPE_NEG,    /* text: the sign; left */
  FC_SHAPE_POWER,  /* left ^ right */
  FC_SHAPE_SUM,    /* left, text: + or -, right */
  FC_SHAPE_TIMES,  /* left * right */
  FC_SHAPE_BESIDE, /* left right, without an operator between */
  FC_SHAPE_OVER,   /* left / right */
  FC_SHAPE_LIST    /* left, text: a comma or a relation, right */
} fc_shape;

typedef struct fc_shape_node {
  fc_shape shape;
  const char *text; /* into the formula */
  size_t length;
  int primes;
  bool tilde;
  int left, right; /* -1: none */
  int depth;       /* of the elements that it needs */
} fc_shape_node;

typedef struct fc_shape_tree {
  fc_shape_node *nodes; /* FC_SHAPE_MAX of them */
  int count;
  int root;
} fc_shape_tree;

/* Reads text; false where it cannot be read or memory ran out.  Clear after
 * true only. */
bool fc_shape_read(fc_shape_tree *tree, const char *text);
void fc_shape_clear(fc_shape_tree *tree);

/* Appends the <mi> (or <msub>, <mtext>) of a name without its index. */
void fc_mathml_name(fc_text *out, const char *name, size_t length, int primes);

/* The letters that an index of digits follows in a name such as "M3" or "X1";
 * the whole length for other names. */
size_t fc_mathml_letters(const char *name, size_t length);

/* True for a name that is a word: more than one letter, and no name of the
 * paper. */
bool fc_mathml_is_word(const char *name, size_t length);

#endif
