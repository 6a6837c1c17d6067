#include "proof/certificate.h"

#include <stdlib.h>
#include <string.h>

bool fc_certificate_knows(const fc_target *target) {
  size_t factors = fc_target_factor_count(target);
  for (size_t i = 0; i < factors; i++)
    if (!fc_certificate_knows(fc_target_factor(target, i)))
      return false;
  return factors > 0 || fc_target_mixture_count(target) > 0 ||
         fc_target_isotropic_count(target) > 0 ||
         fc_target_term_count(target) == 1;
}

void fc_certificate_init(fc_certificate *certificate) {
  memset(certificate, 0, sizeof *certificate);
}

/* --- releasing ------------------------------------------------------------ */

static void free_texts(char **texts, size_t count) {
  for (size_t i = 0; texts && i < count; i++)
    free(texts[i]);
  free(texts);
}

static void clear_cover(fc_certificate_cover *cover) {
  for (size_t i = 0; i < cover->leaf_count; i++) {
    free(cover->leaves[i].lower);
    free(cover->leaves[i].upper);
  }
  free(cover->leaves);
}

static void clear_case(fc_certificate_case *c) {
  free(c->model);
  free(c->argument);
  for (size_t i = 0; i < c->condition_count; i++)
    free(c->conditions[i].text);
  for (size_t i = 0; i < c->factor_count; i++)
    free(c->factors[i].text);
  for (size_t i = 0; i < c->cover_count; i++)
    clear_cover(&c->covers[i]);
  free(c->conditions);
  free(c->factors);
  free(c->covers);
}

static void clear_names(fc_certificate *certificate) {
  for (size_t i = 0; i < certificate->constant_count; i++) {
    fc_certificate_constant *constant = &certificate->constants[i];
    free(constant->name);
    free(constant->text);
    free(constant->mid);
    free(constant->rad);
  }
  for (size_t i = 0; i < certificate->atom_count; i++) {
    free(certificate->atoms[i].name);
    free(certificate->atoms[i].text);
  }
  free(certificate->constants);
  free(certificate->atoms);
}

static void clear_witness(fc_certificate_witness *witness) {
  free(witness->t);
  free_texts(witness->x, witness->dimension);
  free_texts(witness->direction, witness->dimension);
}

void fc_certificate_clear(fc_certificate *certificate) {
  char *texts[] = {certificate->check,         certificate->claim,
                   certificate->instance,      certificate->schedule,
                   certificate->statement,     certificate->relation,
                   certificate->formula,       certificate->late_formula,
                   certificate->where,         certificate->late_where,
                   certificate->domain,        certificate->target,
                   certificate->centre_weights};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    free(texts[i]);
  clear_names(certificate);
  for (size_t i = 0; i < certificate->case_count; i++)
    clear_case(&certificate->cases[i]);
  free(certificate->cases);
  clear_witness(certificate->witness);
  for (size_t i = 0; i < certificate->part_count; i++)
    fc_certificate_clear(&certificate->parts[i]);
  free(certificate->parts);
  fc_certificate_init(certificate);
}

/* --- filling -------------------------------------------------------------- */

/* Room for one more item, zeroed, in *items of *count items of the given size
 * (the room doubles: it is full where the count is a power of two); NULL where
 * memory ran out. */
static void *grow(void *items, size_t *count, size_t size) {
  void **array = items;
  size_t n = *count;
  if ((n & (n - 1)) == 0) {
    size_t room = n ? 2 * n : 1;
    void *larger =
        room > (size_t)-1 / size ? NULL : realloc(*array, room * size);
    if (!larger)
      return NULL;
    *array = larger;
  }
  ++*count;
  return memset((char *)*array + n * size, 0, size);
}

fc_status fc_certificate_set(char **to, const char *text) {
  char *copy = text ? fc_strdup(text) : NULL;
  if (text && !copy)
    return FC_MEMORY;
  free(*to);
  *to = copy;
  return FC_OK;
}

/* Several in one: FC_OK where all are copied. */
static fc_status set_both(char **to, const char *text, char **other,
                          const char *other_text) {
  fc_status status = fc_certificate_set(to, text);
  return status ? status : fc_certificate_set(other, other_text);
}

fc_status fc_certificate_set_where(fc_certificate *certificate,
                                   const char *where, const char *late_formula,
                                   const char *late_where) {
  fc_status status = fc_certificate_set(&certificate->where, where);
  return status ? status
                : set_both(&certificate->late_formula, late_formula,
                           &certificate->late_where, late_where);
}

fc_status fc_certificate_set_target(fc_certificate *certificate,
                                    const fc_target *target) {
  fc_text text[1];
  fc_text_init(text);
  fc_status status = fc_target_append_json(text, target);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->target, text->data);
  fc_text_clear(text);
  return status;
}

fc_status fc_certificate_add_constant(fc_certificate *certificate,
                                      const char *name, const char *text,
                                      const char *mid, const char *rad) {
  fc_certificate_constant *constant = grow(
      &certificate->constants, &certificate->constant_count, sizeof *constant);
  if (!constant)
    return FC_MEMORY;
  fc_status status = set_both(&constant->name, name, &constant->text, text);
  for (char *c = constant->name; c && *c; c++)
    if (*c == '-')
      *c = '_';
  return status ? status : set_both(&constant->mid, mid, &constant->rad, rad);
}

fc_status fc_certificate_add_atom(fc_certificate *certificate, const char *name,
                                  const char *text) {
  fc_certificate_name *atom =
      grow(&certificate->atoms, &certificate->atom_count, sizeof *atom);
  return atom ? set_both(&atom->name, name, &atom->text, text) : FC_MEMORY;
}

fc_status fc_certificate_add_case(fc_certificate_case **added,
                                  fc_certificate *certificate,
                                  const char *model, const char *argument) {
  fc_certificate_case *c =
      grow(&certificate->cases, &certificate->case_count, sizeof *c);
  if (!c)
    return FC_MEMORY;
  c->gap_sign = 1;
  fc_status status = set_both(&c->model, model, &c->argument, argument);
  if (status == FC_OK)
    *added = c;
  return status;
}

fc_status fc_certificate_add_part(fc_certificate **added,
                                  fc_certificate *certificate) {
  fc_certificate *part =
      grow(&certificate->parts, &certificate->part_count, sizeof *part);
  if (!part)
    return FC_MEMORY;
  *added = part;
  return FC_OK;
}

fc_status fc_certificate_case_condition(fc_certificate_case *c,
                                        const char *text, int sign) {
  fc_certificate_condition *condition =
      grow(&c->conditions, &c->condition_count, sizeof *condition);
  if (!condition)
    return FC_MEMORY;
  condition->sign = sign;
  return fc_certificate_set(&condition->text, text);
}

fc_status fc_certificate_case_factor(fc_certificate_case *c, const char *text,
                                     long power, int sign,
                                     fc_certificate_why why) {
  fc_certificate_factor *factor =
      grow(&c->factors, &c->factor_count, sizeof *factor);
  if (!factor)
    return FC_MEMORY;
  factor->power = power;
  factor->sign = sign;
  factor->why = why;
  return fc_certificate_set(&factor->text, text);
}

fc_status fc_certificate_case_cover(fc_certificate_cover **added,
                                    fc_certificate_case *c, size_t factor) {
  fc_certificate_cover *cover =
      grow(&c->covers, &c->cover_count, sizeof *cover);
  if (!cover)
    return FC_MEMORY;
  cover->factor = factor;
  *added = cover;
  return FC_OK;
}

fc_status fc_certificate_cover_leaf(fc_certificate_cover *cover,
                                    const char *lower, const char *upper,
                                    fc_certificate_leaf_proves proves) {
  fc_certificate_leaf *leaf =
      grow(&cover->leaves, &cover->leaf_count, sizeof *leaf);
  if (!leaf)
    return FC_MEMORY;
  leaf->proves = proves;
  return set_both(&leaf->lower, lower, &leaf->upper, upper);
}

fc_status fc_certificate_witness_point(fc_certificate_witness *witness,
                                       const char *const *x,
                                       const char *const *direction,
                                       size_t count) {
  free_texts(witness->x, witness->dimension);
  free_texts(witness->direction, witness->dimension);
  witness->dimension = count;
  witness->x = calloc(count, sizeof *witness->x);
  witness->direction = calloc(count, sizeof *witness->direction);
  if (!witness->x || !witness->direction)
    return FC_MEMORY;
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && status == FC_OK; i++)
    status =
        set_both(&witness->x[i], x[i], &witness->direction[i], direction[i]);
  return status;
}
