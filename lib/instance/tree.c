#include "instance/tree.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "base/utf8.h"

typedef struct builder {
  fc_tree *tree;
  fc_yaml_node *open; /* the collection that is being filled */
  size_t depth;
  char *key; /* read, its value is still to come */
  fc_position key_at;
  const char *path;
  fc_error *error;
} builder;

/* --- text ------------------------------------------------------------- */

static bool has_byte_order_mark(const char *bytes, size_t length) {
  return (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) ||
         (length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 ||
                          memcmp(bytes, "\xfe\xff", 2) == 0));
}

static bool is_control(uint32_t code) {
  return (code < 0x20 && code != '\n' && code != '\t' && code != '\r') ||
         (code >= 0x7f && code < 0xa0) || code == 0xfffe || code == 0xffff;
}

fc_status fc_tree_check_text(const char *bytes, size_t length, const char *path,
                             fc_error *error) {
  fc_position at = {path, 1, 1};
  if (has_byte_order_mark(bytes, length))
    return fc_fail_at(error, FC_PARSE, &at,
                      "the file starts with a byte order mark; save it as "
                      "UTF-8 without one");
  for (size_t i = 0; i < length;) {
    uint32_t code;
    size_t count = fc_utf8_next(&code, bytes + i, length - i);
    if (count == 0)
      return fc_fail_at(error, FC_PARSE, &at,
                        "byte 0x%02x is not valid UTF-8; save the file as "
                        "UTF-8 text",
                        (unsigned)(unsigned char)bytes[i]);
    if (is_control(code))
      return fc_fail_at(error, FC_PARSE, &at,
                        "control character U+%04X; an instance is plain text",
                        (unsigned)code);
    i += count;
    at.column++;
    if (code == '\n') {
      at.line++;
      at.column = 1;
    }
  }
  return FC_OK;
}

/* --- failing ---------------------------------------------------------- */

static fc_position position_of(const builder *b, yaml_mark_t mark) {
  return (fc_position){b->path, (unsigned)mark.line + 1,
                       (unsigned)mark.column + 1};
}

static fc_status fail(builder *b, fc_status status, yaml_mark_t mark,
                      const char *message) {
  const fc_position at = position_of(b, mark);
  return fc_fail_at(b->error, status, &at, "%s", message);
}

static fc_status fail_memory(builder *b) {
  const fc_position at = {b->path, 0, 0};
  return fc_fail_at(b->error, FC_MEMORY, &at, "not enough memory");
}

static fc_status fail_yaml(builder *b, const yaml_parser_t *parser) {
  if (parser->error == YAML_MEMORY_ERROR)
    return fail_memory(b);
  const fc_position at = position_of(b, parser->problem_mark);
  return fc_fail_at(b->error, FC_PARSE, &at,
                    "not valid YAML: %s%s%s; check indentation, quotes, "
                    "brackets and colons",
                    parser->problem ? parser->problem : "unreadable",
                    parser->context ? " " : "",
                    parser->context ? parser->context : "");
}

/* --- building --------------------------------------------------------- */

static bool has_key(const fc_yaml_node *map, const char *key) {
  for (const fc_yaml_node *child = map->first; child; child = child->next)
    if (strcmp(child->key, key) == 0)
      return true;
  return false;
}

static void attach(builder *b, fc_yaml_node *node) {
  fc_yaml_node *parent = b->open;
  node->parent = parent;
  node->key = b->key;
  node->key_line = b->key_at.line;
  node->key_column = b->key_at.column;
  b->key = NULL;
  if (!parent)
    b->tree->root = node;
  else if (parent->last)
    parent->last->next = node;
  else
    parent->first = node;
  if (parent) {
    parent->last = node;
    parent->count++;
  }
}

static fc_status new_node(fc_yaml_node **result, builder *b, fc_yaml_kind kind,
                          yaml_mark_t mark) {
  if (b->tree->count >= FC_TREE_MAX_NODES)
    return fail(b, FC_LIMIT, mark,
                "more values than an instance may hold (400000); give large "
                "samples as a file (family smoothed-sample)");
  if (kind != FC_SCALAR && b->depth >= FC_TREE_MAX_DEPTH)
    return fail(b, FC_LIMIT, mark, "lists and maps nest more than 16 deep");
  fc_yaml_node *node = calloc(1, sizeof *node);
  if (!node)
    return fail_memory(b);
  node->kind = kind;
  node->line = (unsigned)mark.line + 1;
  node->column = (unsigned)mark.column + 1;
  node->made = b->tree->made;
  b->tree->made = node;
  b->tree->count++;
  attach(b, node);
  *result = node;
  return FC_OK;
}

/* The text of a scalar without zeros and control characters. */
static fc_status scalar_text(char **text, builder *b, const yaml_event_t *e) {
  const char *value = (const char *)e->data.scalar.value;
  size_t length = e->data.scalar.length;
  for (size_t i = 0; i < length;) {
    uint32_t code = 0;
    size_t count = fc_utf8_next(&code, value + i, length - i);
    if (count == 0 || is_control(code) || code == '\r')
      return fail(b, FC_PARSE, e->start_mark,
                  "the text contains a control character; remove the escape");
    i += count;
  }
  *text = fc_strdup(value);
  return *text ? FC_OK : fail_memory(b);
}

static fc_status take_key(builder *b, const yaml_event_t *e) {
  char *key;
  fc_status status = scalar_text(&key, b, e);
  if (status != FC_OK)
    return status;
  char quoted[48];
  fc_utf8_quote(quoted, sizeof quoted, key);
  const fc_position at = position_of(b, e->start_mark);
  if (has_key(b->open, key))
    status =
        fc_fail_at(b->error, FC_PARSE, &at,
                   "the key \"%s\" occurs twice; keep one of them", quoted);
  else if (b->open->count >= FC_TREE_MAX_KEYS)
    status = fc_fail_at(b->error, FC_LIMIT, &at, "a map has more than %d keys",
                        FC_TREE_MAX_KEYS);
  if (status != FC_OK) {
    free(key);
    return status;
  }
  b->key = key;
  b->key_at = at;
  return FC_OK;
}

static bool awaits_key(const builder *b) {
  return b->open && b->open->kind == FC_MAPPING && !b->key;
}

static fc_status refuse_extras(builder *b, const yaml_event_t *e,
                               const yaml_char_t *anchor,
                               const yaml_char_t *tag) {
  if (anchor)
    return fail(b, FC_PARSE, e->start_mark,
                "anchors (&name) are not allowed; write the value out");
  if (tag)
    return fail(b, FC_PARSE, e->start_mark,
                "tags (!name) are not allowed; remove it");
  return FC_OK;
}

static fc_status on_scalar(builder *b, const yaml_event_t *e) {
  fc_status status =
      refuse_extras(b, e, e->data.scalar.anchor, e->data.scalar.tag);
  if (status != FC_OK)
    return status;
  if (awaits_key(b))
    return take_key(b, e);
  fc_yaml_node *node = NULL;
  status = new_node(&node, b, FC_SCALAR, e->start_mark);
  if (status != FC_OK)
    return status;
  yaml_scalar_style_t style = e->data.scalar.style;
  node->plain = style == YAML_PLAIN_SCALAR_STYLE;
  node->one_line = e->start_mark.line == e->end_mark.line;
  if (node->one_line && !node->plain)
    node->column++; /* past the opening quote */
  return scalar_text(&node->text, b, e);
}

static fc_status on_open(builder *b, const yaml_event_t *e, fc_yaml_kind kind) {
  fc_status status = kind == FC_MAPPING
                         ? refuse_extras(b, e, e->data.mapping_start.anchor,
                                         e->data.mapping_start.tag)
                         : refuse_extras(b, e, e->data.sequence_start.anchor,
                                         e->data.sequence_start.tag);
  if (status != FC_OK)
    return status;
  if (awaits_key(b))
    return fail(b, FC_PARSE, e->start_mark,
                "a key must be a word, not a list or a map");
  fc_yaml_node *node = NULL;
  status = new_node(&node, b, kind, e->start_mark);
  if (status != FC_OK)
    return status;
  b->open = node;
  b->depth++;
  return FC_OK;
}

static fc_status on_close(builder *b) {
  b->open = b->open->parent;
  b->depth--;
  return FC_OK;
}

static fc_status on_document(builder *b, const yaml_event_t *e) {
  if (b->tree->root)
    return fail(b, FC_PARSE, e->start_mark,
                "a second document starts here; one instance a file");
  if (e->data.document_start.tag_directives.start !=
      e->data.document_start.tag_directives.end)
    return fail(b, FC_PARSE, e->start_mark,
                "%TAG directives are not allowed; remove it");
  return FC_OK;
}

static fc_status on_event(builder *b, const yaml_event_t *e) {
  switch (e->type) {
  case YAML_DOCUMENT_START_EVENT:
    return on_document(b, e);
  case YAML_ALIAS_EVENT:
    return fail(b, FC_PARSE, e->start_mark,
                "aliases (*name) are not allowed; write the value out");
  case YAML_SCALAR_EVENT:
    return on_scalar(b, e);
  case YAML_SEQUENCE_START_EVENT:
    return on_open(b, e, FC_SEQUENCE);
  case YAML_MAPPING_START_EVENT:
    return on_open(b, e, FC_MAPPING);
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT:
    return on_close(b);
  default:
    return FC_OK;
  }
}

static fc_status run(builder *b, yaml_parser_t *parser) {
  bool done = false;
  fc_status status = FC_OK;
  while (status == FC_OK && !done) {
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event))
      return fail_yaml(b, parser);
    done = event.type == YAML_STREAM_END_EVENT;
    status = on_event(b, &event);
    yaml_event_delete(&event);
  }
  return status;
}

fc_status fc_tree_parse(fc_tree *tree, const char *bytes, size_t length,
                        const char *path, fc_error *error) {
  fc_tree made = {NULL, NULL, 0};
  builder b = {&made, NULL, 0, NULL, {path, 0, 0}, path, error};
  fc_status status = fc_tree_check_text(bytes, length, path, error);
  if (status != FC_OK)
    return status;
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser))
    return fail_memory(&b);
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
  status = run(&b, &parser);
  yaml_parser_delete(&parser);
  free(b.key);
  if (status != FC_OK)
    fc_tree_clear(&made);
  else
    *tree = made;
  return status;
}

void fc_tree_clear(fc_tree *tree) {
  fc_yaml_node *node = tree->made;
  while (node) {
    fc_yaml_node *before = node->made;
    free(node->text);
    free(node->key);
    free(node);
    node = before;
  }
  *tree = (fc_tree){NULL, NULL, 0};
}
