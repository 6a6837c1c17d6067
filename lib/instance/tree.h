/* A YAML text as a plain tree of scalars, sequences and mappings with the
 * positions of everything.  What instances have no use for and attackers have
 * (anchors, aliases, tags, directives, several documents, repeated keys) is
 * refused here, so that the readers behind see only data. */
#ifndef FC_INSTANCE_TREE_H
#define FC_INSTANCE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

#define FC_TREE_MAX_DEPTH 16
#define FC_TREE_MAX_NODES 400000
#define FC_TREE_MAX_KEYS 512

typedef enum fc_yaml_kind { FC_SCALAR, FC_SEQUENCE, FC_MAPPING } fc_yaml_kind;

typedef struct fc_yaml_node fc_yaml_node;
struct fc_yaml_node {
  fc_yaml_kind kind;
  char *text;    /* scalars: terminated, no zeros or control characters */
  bool one_line; /* scalars: written on one line, character by character */
  bool plain;    /* scalars: without quotes */
  unsigned line; /* of the first character (inside the quotes) */
  unsigned column;
  char *key; /* values in a mapping: their key and where it stands */
  unsigned key_line;
  unsigned key_column;
  size_t count;        /* children */
  fc_yaml_node *first; /* children in order */
  fc_yaml_node *next;
  fc_yaml_node *last; /* while building */
  fc_yaml_node *parent;
  fc_yaml_node *made; /* the node made before this one */
};

typedef struct fc_tree {
  fc_yaml_node *root;
  fc_yaml_node *made;
  size_t count;
} fc_tree;

/* Checks that bytes are UTF-8 text without byte order mark and control
 * characters. */
fc_status fc_tree_check_text(const char *bytes, size_t length, const char *path,
                             fc_error *error);

/* Builds the tree; on failure nothing is left to free. */
fc_status fc_tree_parse(fc_tree *tree, const char *bytes, size_t length,
                        const char *path, fc_error *error);

void fc_tree_clear(fc_tree *tree);

#endif
