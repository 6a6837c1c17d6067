/* What the readers of an instance's parts share: failing at a node, looking up
 * keys, reading numbers and lists.  Private to this folder. */
#ifndef FC_INSTANCE_READER_H
#define FC_INSTANCE_READER_H

#include "formula/formula.h"
#include "instance/instance.h"
#include "instance/tree.h"

typedef struct fc_yaml {
  const char *path; /* may be NULL */
  fc_error *error;  /* may be NULL */
  fc_instance *instance;
} fc_yaml;

/* Fails with the position of a node, or of a node's key. */
#define FC_FAIL_NODE(reader, node, status, ...)                                \
  fc_fail_at(                                                                  \
      (reader)->error, status,                                                 \
      &(const fc_position){(reader)->path, (node)->line, (node)->column},      \
      __VA_ARGS__)
#define FC_FAIL_KEY(reader, node, status, ...)                                 \
  fc_fail_at((reader)->error, status,                                          \
             &(const fc_position){(reader)->path, (node)->key_line,            \
                                  (node)->key_column},                         \
             __VA_ARGS__)
fc_status fc_yaml_no_memory(fc_yaml *r);

/* --- maps ------------------------------------------------------------- */

/* FC_NAME at the first key that is not among keys, with the closest one. */
fc_status fc_yaml_check_keys(fc_yaml *r, const fc_yaml_node *map,
                             const char *const *keys, size_t count);

/* The value of a key, or NULL. */
fc_yaml_node *fc_yaml_get(const fc_yaml_node *map, const char *key);

/* The same; where the key is missing FC_PARSE at the map, with the hint. */
fc_status fc_yaml_require(fc_yaml_node **value, fc_yaml *r,
                          const fc_yaml_node *map, const char *key,
                          const char *hint);

/* --- scalars ---------------------------------------------------------- */

/* The node is a scalar with text (not empty, not ~ or null). */
fc_status fc_yaml_scalar(fc_yaml *r, const fc_yaml_node *node,
                         const char *what);

/* A finite constant; what names it in messages ("stddev"). */
fc_status fc_yaml_constant(fc_formula **constant, fc_yaml *r,
                           const fc_yaml_node *node, const char *what);

/* A constant that must be positive. */
fc_status fc_yaml_positive(fc_formula **constant, fc_yaml *r,
                           const fc_yaml_node *node, const char *what);

/* --- lists of constants ----------------------------------------------- */

typedef struct fc_constants {
  fc_formula **items;
  size_t count;
  size_t capacity;
} fc_constants;

void fc_constants_clear(fc_constants *list);
/* Takes the constant, also on failure. */
fc_status fc_constants_push(fc_constants *list, fc_yaml *r,
                            fc_formula *constant);

typedef fc_status (*fc_constant_reader)(fc_formula **, fc_yaml *,
                                        const fc_yaml_node *, const char *);

/* Appends the numbers of a list (any length > 0 but no more than limit). */
fc_status fc_yaml_list(fc_constants *list, fc_yaml *r, const fc_yaml_node *node,
                       size_t limit, const char *what, fc_constant_reader read);

/* A point: a list of numbers, or where *d is 0 or 1 a single number.  *d = 0
 * takes the dimension from the point; otherwise it must fit. */
fc_status fc_yaml_point(fc_constants *list, size_t *d, fc_yaml *r,
                        const fc_yaml_node *node, const char *what);

/* A list of points, one row a component; *count gets their number. */
fc_status fc_yaml_points(fc_constants *list, size_t *d, size_t *count,
                         fc_yaml *r, const fc_yaml_node *node,
                         const char *what);

/* A symmetric d*d matrix with positive diagonal (a number where d = 1). */
fc_status fc_yaml_covariance(fc_constants *list, size_t d, fc_yaml *r,
                             const fc_yaml_node *node);

/* Positive weights, one a component, that sum to 1. */
fc_status fc_yaml_weights(fc_constants *list, size_t count, fc_yaml *r,
                          const fc_yaml_node *node);

/* --- parts of an instance --------------------------------------------- */

/* Independent factors of a target, in order. */
typedef struct fc_factors {
  fc_target **items;
  size_t count;
  size_t dimension;
} fc_factors;

/* Takes the target, also on failure; node is where it stands. */
fc_status fc_factors_push(fc_factors *factors, fc_yaml *r,
                          const fc_yaml_node *node, fc_target *target);
void fc_factors_clear(fc_factors *factors);

/* Appends the factors of a target map. */
fc_status fc_yaml_family(fc_factors *factors, fc_yaml *r,
                         const fc_yaml_node *map);

/* One family each (families.c dispatches). */
fc_status fc_yaml_gaussian(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_mixture(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_uniform_box(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_truncated(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_atoms(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_sample(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_tilted(fc_factors *, fc_yaml *, const fc_yaml_node *map);
fc_status fc_yaml_density(fc_factors *, fc_yaml *, const fc_yaml_node *map);

/* An end of an interval under a key; *end stays NULL where the key is missing
 * or says infinity.  And lower < upper, at the node of upper. */
fc_status fc_yaml_end(fc_formula **end, fc_yaml *r, const fc_yaml_node *map,
                      const char *key);
fc_status fc_yaml_check_order(fc_yaml *r, const fc_yaml_node *node,
                              const fc_formula *lower, const fc_formula *upper);

/* Reports what a constructor of target.h said at the node it is about. */
fc_status fc_yaml_refused(fc_yaml *r, const fc_yaml_node *node,
                          fc_status status, const fc_error *reason);

/* Points of a sample file; *d and *count as in fc_yaml_points.  node names
 * the file. */
fc_status fc_yaml_sample_file(fc_constants *list, size_t *d, size_t *count,
                              fc_yaml *r, const fc_yaml_node *node);
fc_status fc_sample_csv(fc_constants *list, size_t *d, size_t *count,
                        fc_yaml *r, char *bytes, size_t length);
fc_status fc_sample_npy(fc_constants *list, size_t *d, size_t *count,
                        fc_yaml *r, const char *bytes, size_t length);

/* name, title, why, checks, expect; schedule; target. */
fc_status fc_yaml_texts(fc_yaml *r, const fc_yaml_node *root);
fc_status fc_yaml_checks(fc_yaml *r, const fc_yaml_node *root);
fc_status fc_yaml_expectations(fc_yaml *r, const fc_yaml_node *root);
fc_status fc_yaml_schedules(fc_yaml *r, const fc_yaml_node *root);
fc_status fc_yaml_target(fc_yaml *r, const fc_yaml_node *root);

#endif
