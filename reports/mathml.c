/* Tree to MathML. */
#include "mathml.h"

#include <string.h>

#include "escape.h"
#include "mathml_tree.h"

typedef struct setter {
  fc_text *out;
  const fc_shape_tree *tree;
  bool flat; /* inside an index or exponent: fractions are written a/b */
} setter;

static void set_node(const setter *s, int id);

static const fc_shape_node *node_of(const setter *s, int id) {
  return &s->tree->nodes[id];
}

static bool is(const fc_shape_node *node, const char *text) {
  return node->length == strlen(text) &&
         strncmp(node->text, text, node->length) == 0;
}

static void put(const setter *s, const char *text) {
  fc_text_append(s->out, text);
}

static void set_row(const setter *s, int id) {
  put(s, "<mrow>");
  set_node(s, id);
  put(s, "</mrow>");
}

/* What the element around it holds together needs no parentheses. */
static void set_bare(const setter *s, int id) {
  const fc_shape_node *node = node_of(s, id);
  set_row(s, node->shape == FC_SHAPE_PAREN ? node->left : id);
}

/* "(R)" is R. */
static int without_idle_parentheses(const setter *s, int id) {
  const fc_shape_node *node = node_of(s, id);
  if (node->shape != FC_SHAPE_PAREN)
    return id;
  fc_shape inside = node_of(s, node->left)->shape;
  return inside == FC_SHAPE_NAME || inside == FC_SHAPE_NUMBER ? node->left : id;
}

static void set_between(const setter *s, const char *open, int id,
                        const char *close) {
  fc_text_printf(s->out, "<mrow><mo>%s</mo>", open);
  set_node(s, id);
  fc_text_printf(s->out, "<mo>%s</mo></mrow>", close);
}

/* --- products ---------------------------------------------------------- */

static const fc_shape_node *last_factor(const setter *s,
                                        const fc_shape_node *node) {
  while (node->shape == FC_SHAPE_TIMES || node->shape == FC_SHAPE_BESIDE)
    node = node_of(s, node->right);
  return node;
}

static bool is_word(const fc_shape_node *node) {
  return node->shape == FC_SHAPE_NAME &&
         fc_mathml_is_word(node->text, node->length);
}

static bool begins_with_digit(const setter *s, const fc_shape_node *node) {
  while (node->shape == FC_SHAPE_POWER)
    node = node_of(s, node->left);
  return node->shape == FC_SHAPE_NUMBER;
}

static bool has_word(const setter *s, const fc_shape_node *node) {
  while (node->shape == FC_SHAPE_POWER || node->shape == FC_SHAPE_CALL)
    node = node_of(s, node->left);
  return is_word(node);
}

/* Nothing to see between factors, unless they would run together. */
static void set_times(const setter *s, const fc_shape_node *node) {
  const fc_shape_node *right = node_of(s, node->right);
  const fc_shape_node *left = last_factor(s, node_of(s, node->left));
  set_node(s, node->left);
  if (begins_with_digit(s, right) ||
      (left->shape == FC_SHAPE_OVER && right->shape == FC_SHAPE_OVER))
    put(s, "<mo>⋅</mo>");
  else if (has_word(s, left) || has_word(s, right))
    put(s, "<mo>⁢</mo><mspace width=\"0.2em\"/>");
  else
    put(s, "<mo>⁢</mo>");
  if (right->shape == FC_SHAPE_NEG)
    set_between(s, "(", node->right, ")");
  else
    set_node(s, node->right);
}

static void set_beside(const setter *s, const fc_shape_node *node) {
  const fc_shape_node *right = node_of(s, node->right);
  set_node(s, node->left);
  if (right->shape != FC_SHAPE_NAME || right->length > 0) /* no star */
    put(s, "<mspace width=\"0.28em\"/>");
  set_node(s, node->right);
}

/* -a/b is -(a/b). */
static void set_over(const setter *s, const fc_shape_node *node) {
  int above = node->left;
  if (s->flat) {
    set_node(s, above);
    put(s, "<mo lspace=\"0\" rspace=\"0\">/</mo>");
    set_node(s, node->right);
    return;
  }
  if (node_of(s, above)->shape == FC_SHAPE_NEG && is(node_of(s, above), "-")) {
    put(s, "<mo form=\"prefix\">−</mo>");
    above = node_of(s, above)->left;
  }
  put(s, "<mfrac>");
  set_bare(s, above);
  set_bare(s, node->right);
  put(s, "</mfrac>");
}

/* --- the others -------------------------------------------------------- */

static void set_base(const setter *s, const fc_shape_node *node,
                     size_t length) {
  if (node->tilde)
    put(s, "<mover>");
  fc_mathml_name(s->out, node->text, length, node->primes);
  if (node->tilde)
    put(s, "<mo>~</mo></mover>");
}

/* The base and the index of a name; an index of digits ("X1_{0,1}") joins the
 * other. */
static void set_indexed(const setter *s, const fc_shape_node *node) {
  setter small = *s;
  small.flat = true;
  size_t letters = fc_mathml_letters(node->text, node->length);
  set_base(s, node, letters);
  put(s, "<mrow>");
  if (letters < node->length)
    fc_text_printf(s->out, "<mn>%.*s</mn><mo separator=\"true\">;</mo>",
                   (int)(node->length - letters), node->text + letters);
  set_node(&small, node->left);
  put(s, "</mrow>");
}

static void set_name(const setter *s, const fc_shape_node *node) {
  if (node->left < 0) {
    set_base(s, node, node->length);
    return;
  }
  put(s, "<msub>");
  set_indexed(s, node);
  put(s, "</msub>");
}

static void set_power(const setter *s, const fc_shape_node *node) {
  setter small = *s;
  small.flat = true;
  int base = without_idle_parentheses(s, node->left);
  const fc_shape_node *name = node_of(s, base);
  bool indexed = name->shape == FC_SHAPE_NAME && name->left >= 0;
  put(s, indexed ? "<msubsup>" : "<msup>");
  if (indexed)
    set_indexed(s, name);
  else
    set_row(s, base);
  set_bare(&small, node->right);
  put(s, indexed ? "</msubsup>" : "</msup>");
}

static void set_call(const setter *s, const fc_shape_node *node) {
  const fc_shape_node *name = node_of(s, node->left);
  int arguments = node_of(s, node->right)->left;
  bool plain = name->shape == FC_SHAPE_NAME && name->left < 0;
  if (plain && is(name, "sqrt")) {
    put(s, "<msqrt>");
    set_row(s, arguments);
    put(s, "</msqrt>");
  } else if (plain && is(name, "abs"))
    set_between(s, "|", arguments, "|");
  else {
    set_node(s, node->left);
    put(s, "<mo>⁡</mo>");
    set_between(s, "(", arguments, ")");
  }
}

static const char *sign_of(const fc_shape_node *node) {
  return is(node, "-") ? "−" : "+";
}

static void set_list(const setter *s, const fc_shape_node *node) {
  set_node(s, node->left);
  put(s, is(node, ";")    ? "<mo separator=\"true\">;</mo>"
         : is(node, ",")  ? "<mo separator=\"true\">,</mo>"
         : is(node, "<=") ? "<mo>≤</mo>"
         : is(node, ">=") ? "<mo>≥</mo>"
         : is(node, "<")  ? "<mo>&lt;</mo>"
         : is(node, ">")  ? "<mo>&gt;</mo>"
                          : "<mo>=</mo>");
  set_node(s, node->right);
}

static void set_sum(const setter *s, const fc_shape_node *node) {
  set_node(s, node->left);
  fc_text_printf(s->out, "<mo>%s</mo>", sign_of(node));
  set_node(s, node->right);
}

static void set_sign(const setter *s, const fc_shape_node *node) {
  fc_text_printf(s->out, "<mo form=\"prefix\">%s</mo>", sign_of(node));
  set_node(s, node->left);
}

static void set_node(const setter *s, int id) {
  const fc_shape_node *node = node_of(s, id);
  switch (node->shape) {
  case FC_SHAPE_NUMBER:
    fc_text_printf(s->out, "<mn>%.*s</mn>", (int)node->length, node->text);
    break;
  case FC_SHAPE_NAME:
    set_name(s, node);
    break;
  case FC_SHAPE_SYMBOL:
    fc_text_printf(s->out, "<mo>%.*s</mo>", (int)node->length, node->text);
    break;
  case FC_SHAPE_PAREN:
    if (without_idle_parentheses(s, id) == id)
      set_between(s, "(", node->left, ")");
    else
      set_node(s, node->left);
    break;
  case FC_SHAPE_BARS:
    set_between(s, "|", node->left, "|");
    break;
  case FC_SHAPE_CALL:
    set_call(s, node);
    break;
  case FC_SHAPE_NEG:
    set_sign(s, node);
    break;
  case FC_SHAPE_POWER:
    set_power(s, node);
    break;
  case FC_SHAPE_SUM:
    set_sum(s, node);
    break;
  case FC_SHAPE_TIMES:
    set_times(s, node);
    break;
  case FC_SHAPE_BESIDE:
    set_beside(s, node);
    break;
  case FC_SHAPE_OVER:
    set_over(s, node);
    break;
  case FC_SHAPE_LIST:
    set_list(s, node);
    break;
  }
}

bool fc_mathml(fc_text *out, const char *text, const char *relation,
               bool display) {
  fc_shape_tree tree;
  if (!fc_shape_read(&tree, text))
    return false;
  const setter s = {out, &tree, false};
  fc_text_printf(out,
                 "<math xmlns=\"http://www.w3.org/1998/Math/MathML\"%s><mrow>",
                 display ? " display=\"block\"" : "");
  if (relation) {
    fc_text_append(out, "<mtext>measured</mtext><mo>");
    fc_xml(out, relation);
    fc_text_append(out, "</mo>");
  }
  set_node(&s, tree.root);
  fc_text_append(out, "</mrow></math>");
  fc_shape_clear(&tree);
  return true;
}
