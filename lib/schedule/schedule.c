/* Schedules from names and parameters. */
#include "schedule/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/text.h"
#include "schedule/private.h"

/* --- names ------------------------------------------------------------ */

size_t fc_schedule_known_count(void) { return fc_schedule_kind_count(); }

const char *fc_schedule_known_name(size_t i) {
  return fc_schedule_kind_at(i)->name;
}

const char *fc_schedule_known_help(size_t i) {
  return fc_schedule_kind_at(i)->help;
}

static size_t parameter_count(const fc_schedule_kind *kind) {
  size_t count = 0;
  while (count < FC_SCHEDULE_MAX_PARAMETERS && kind->parameters[count].key)
    count++;
  return count;
}

bool fc_schedule_known_default(size_t i) {
  const fc_schedule_kind *kind = fc_schedule_kind_at(i);
  if (strcmp(kind->name, "vp-sde") == 0)
    return false;
  for (size_t k = 0; k < parameter_count(kind); k++)
    if (!kind->parameters[k].text)
      return false;
  return true;
}

const char *fc_schedule_name(const fc_schedule *schedule) {
  return schedule->kind->name;
}

const char *fc_schedule_label(const fc_schedule *schedule) {
  return schedule->label;
}

const char *fc_schedule_text_a(const fc_schedule *schedule) {
  return schedule->text_a;
}

const char *fc_schedule_text_b(const fc_schedule *schedule) {
  return schedule->text_b;
}

/* " (did you mean 'x'? known: a, b, c)" */
static void append_known(fc_text *text, const char *word,
                         const char *const *known, size_t count) {
  const char *closest = fc_closest_name(word, known, count);
  fc_text_append(text, " (");
  if (closest)
    fc_text_printf(text, "did you mean '%s'? ", closest);
  fc_text_append(text, count ? "known: " : "there are none");
  for (size_t i = 0; i < count; i++)
    fc_text_printf(text, "%s%s", i ? ", " : "", known[i]);
  fc_text_append(text, ")");
}

static fc_status unknown(const char *what, const char *word,
                         const char *const *known, size_t count,
                         const fc_position *position, fc_error *error) {
  fc_text text;
  fc_text_init(&text);
  fc_text_printf(&text, "unknown %s '%.64s'", what, word);
  append_known(&text, word, known, count);
  char *message = fc_text_take(&text);
  fc_fail_at(error, FC_NAME, position, "%s", message ? message : what);
  free(message);
  return FC_NAME;
}

#define KNOWN_MAX 32

static fc_status find_kind(const fc_schedule_kind **kind, const char *name,
                           const fc_position *position, fc_error *error) {
  const char *known[KNOWN_MAX];
  size_t count = fc_schedule_kind_count();
  for (size_t i = 0; i < count && i < KNOWN_MAX; i++) {
    known[i] = fc_schedule_kind_at(i)->name;
    if (strcmp(known[i], name) == 0) {
      *kind = fc_schedule_kind_at(i);
      return FC_OK;
    }
  }
  return unknown("schedule", name, known, count, position, error);
}

/* --- parameters ------------------------------------------------------- */

static fc_status read_parameter(fc_schedule *s, size_t which, const char *text,
                                const fc_position *position, fc_error *error) {
  static const char *const time[] = {"t"};
  return fc_formula_parse(&s->parameters[which], text, time,
                          s->kind->eval == NULL, position, error);
}

static fc_status take_parameter(fc_schedule *s, const fc_position **at,
                                const fc_schedule_parameter *given,
                                fc_error *error) {
  const char *known[FC_SCHEDULE_MAX_PARAMETERS];
  size_t count = parameter_count(s->kind);
  const fc_position *position = &given->position;
  for (size_t i = 0; i < count; i++) {
    known[i] = s->kind->parameters[i].key;
    if (strcmp(known[i], given->key) != 0)
      continue;
    if (s->parameters[i])
      return fc_fail_at(error, FC_VALUE, position,
                        "the parameter %s is given twice", given->key);
    at[i] = position;
    return read_parameter(s, i, given->text, position, error);
  }
  fc_text what;
  fc_text_init(&what);
  fc_text_printf(&what, "parameter of the schedule %s", s->kind->name);
  char *text = fc_text_take(&what);
  fc_status status = unknown(text ? text : "parameter", given->key, known,
                             count, position, error);
  free(text);
  return status;
}

static fc_status take_defaults(fc_schedule *s, const fc_position *position,
                               fc_error *error) {
  size_t count = parameter_count(s->kind);
  for (size_t i = 0; i < count; i++) {
    const char *text = s->kind->parameters[i].text;
    if (s->parameters[i])
      continue;
    if (!text)
      return fc_fail_at(error, FC_VALUE, position,
                        "the schedule %s needs the parameter %s: %s",
                        s->kind->name, s->kind->parameters[i].key,
                        s->kind->help);
    fc_status status = read_parameter(s, i, text, NULL, error);
    if (status != FC_OK)
      return status;
  }
  return FC_OK;
}

/* *result = the formula `text` with the parameters' values put in. */
static fc_status fill_in(fc_formula **result, const fc_schedule *s,
                         const char *text, fc_error *error) {
  const char *names[FC_SCHEDULE_MAX_PARAMETERS + 1] = {"t"};
  size_t count = parameter_count(s->kind);
  for (size_t i = 0; i < count; i++)
    names[1 + i] = s->kind->parameters[i].key;
  fc_formula *formula;
  fc_status status =
      fc_formula_parse(&formula, text, names, 1 + count, NULL, error);
  for (size_t i = 0; i < count && status == FC_OK; i++) {
    fc_formula *next = NULL;
    status = fc_formula_substitute(&next, formula, names[1 + i],
                                   s->parameters[i], error);
    fc_formula_free(formula);
    formula = next;
  }
  if (status == FC_OK)
    *result = formula;
  return status;
}

/* The sign of a condition's formula; 2 where it is no finite number. */
static fc_status condition_sign(int *sign, const fc_schedule *s,
                                const char *text, fc_error *error) {
  fc_formula *formula;
  fc_status status = fill_in(&formula, s, text, error);
  if (status != FC_OK)
    return status;
  status = fc_constant_sign(sign, formula);
  fc_formula_free(formula);
  if (status == FC_OK)
    return FC_OK;
  if (status == FC_VALUE)
    return fc_fail(error, status,
                   "a parameter of the schedule %s is not a finite number",
                   s->kind->name);
  return fc_fail(error, status, "cannot decide the sign of %s: %s", text,
                 fc_status_text(status));
}

static fc_status check_parameters(const fc_schedule *s,
                                  const fc_position *position,
                                  fc_error *error) {
  const size_t count =
      sizeof s->kind->conditions / sizeof s->kind->conditions[0];
  for (size_t i = 0; i < count && s->kind->conditions[i].text; i++) {
    int sign = 0;
    fc_error inner;
    fc_status status =
        condition_sign(&sign, s, s->kind->conditions[i].text, &inner);
    if (status != FC_OK)
      return fc_fail_at(error, status, position, "%s", inner.message);
    if (sign < (s->kind->conditions[i].strict ? 1 : 0))
      return fc_fail_at(error, FC_VALUE, position, "schedule %s: %s",
                        s->kind->name, s->kind->conditions[i].message);
  }
  return FC_OK;
}

/* --- texts ------------------------------------------------------------ */

static void append_without_blanks(fc_text *text, const char *from) {
  for (; *from; from++)
    if (!strchr(" \t\r\n", *from))
      fc_text_append_bytes(text, from, 1);
}

/* True where the parameter has its default's value. */
static bool is_default(const fc_schedule *s, size_t i) {
  fc_formula *usual;
  const char *text = s->kind->parameters[i].text;
  if (!text || fc_constant_parse(&usual, text, NULL, NULL) != FC_OK)
    return false;
  int sign = 1;
  bool same =
      fc_constant_compare(&sign, s->parameters[i], usual) == FC_OK && sign == 0;
  fc_formula_free(usual);
  return same;
}

static void append_parameter(fc_text *text, const fc_schedule *s, size_t i) {
  char *printed = NULL;
  const char *value = fc_formula_text(s->parameters[i]);
  if (s->kind->eval)
    value = printed = fc_formula_print(s->parameters[i]);
  if (value)
    append_without_blanks(text, value);
  else
    text->failed = true;
  free(printed);
}

static fc_status make_label(fc_schedule *s, fc_error *error) {
  fc_text text;
  fc_text_init(&text);
  fc_text_append(&text, s->kind->name);
  size_t shown = 0;
  for (size_t i = 0; i < parameter_count(s->kind); i++) {
    if (is_default(s, i))
      continue;
    fc_text_printf(&text, "%c%s=", shown++ ? ',' : ':',
                   s->kind->parameters[i].key);
    append_parameter(&text, s, i);
  }
  s->label = fc_text_take(&text);
  return s->label ? FC_OK : fc_fail(error, FC_MEMORY, "out of memory");
}

static fc_status make_text(char **text, const fc_schedule *s,
                           const char *pattern, fc_error *error) {
  fc_formula *formula;
  fc_status status = fill_in(&formula, s, pattern, error);
  if (status != FC_OK)
    return status;
  *text = fc_strdup(fc_formula_text(formula));
  fc_formula_free(formula);
  return *text ? FC_OK : fc_fail(error, FC_MEMORY, "out of memory");
}

static fc_status make_texts(fc_schedule *s, fc_error *error) {
  fc_status status = make_label(s, error);
  if (status != FC_OK)
    return status;
  if (s->kind->eval) {
    status = make_text(&s->text_a, s, s->kind->a, error);
    return status == FC_OK ? make_text(&s->text_b, s, s->kind->b, error)
                           : status;
  }
  s->text_a = fc_strdup(fc_formula_text(s->parameters[0]));
  s->text_b = fc_strdup(fc_formula_text(s->parameters[1]));
  return s->text_a && s->text_b ? FC_OK
                                : fc_fail(error, FC_MEMORY, "out of memory");
}

/* --- whole schedules -------------------------------------------------- */

static fc_status build(fc_schedule *s, const fc_schedule_parameter *parameters,
                       size_t count, const fc_position *position,
                       fc_error *error) {
  const fc_position *at[FC_SCHEDULE_MAX_PARAMETERS] = {position, position};
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && status == FC_OK; i++)
    status = take_parameter(s, at, &parameters[i], error);
  if (status == FC_OK)
    status = take_defaults(s, position, error);
  if (status == FC_OK)
    status = check_parameters(s, at[0], error);
  if (status == FC_OK && !s->kind->eval)
    status = fc_custom_derive(s, at, error);
  for (int i = 0; i < FC_SCHEDULE_MAX_CONSTANTS && status == FC_OK; i++)
    if (s->kind->constants[i])
      status = fill_in(&s->constants[i], s, s->kind->constants[i], error);
  return status == FC_OK ? make_texts(s, error) : status;
}

fc_status fc_schedule_new(fc_schedule **schedule, const char *name,
                          const fc_schedule_parameter *parameters, size_t count,
                          const fc_position *position, fc_error *error) {
  const fc_schedule_kind *kind;
  fc_status status = find_kind(&kind, name, position, error);
  if (status != FC_OK)
    return status;
  fc_schedule *s = calloc(1, sizeof *s);
  if (!s)
    return fc_fail_at(error, FC_MEMORY, position, "out of memory");
  s->kind = kind;
  status = build(s, parameters, count, position, error);
  if (status == FC_OK)
    *schedule = s;
  else
    fc_schedule_free(s);
  return status;
}

void fc_schedule_free(fc_schedule *schedule) {
  if (!schedule)
    return;
  for (int i = 0; i < FC_SCHEDULE_MAX_PARAMETERS; i++)
    fc_formula_free(schedule->parameters[i]);
  for (int i = 0; i < FC_SCHEDULE_MAX_CONSTANTS; i++)
    fc_formula_free(schedule->constants[i]);
  for (int i = 0; i < FC_CUSTOM_COUNT; i++)
    fc_formula_free(schedule->custom[i]);
  free(schedule->label);
  free(schedule->text_a);
  free(schedule->text_b);
  free(schedule);
}

static fc_status copy_formulas(fc_formula **to, fc_formula *const *from,
                               size_t count) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && status == FC_OK; i++)
    if (from[i])
      status = fc_formula_copy(&to[i], from[i]);
  return status;
}

fc_status fc_schedule_copy(fc_schedule **copy, const fc_schedule *schedule) {
  fc_schedule *s = calloc(1, sizeof *s);
  if (!s)
    return FC_MEMORY;
  s->kind = schedule->kind;
  s->label = fc_strdup(schedule->label);
  s->text_a = fc_strdup(schedule->text_a);
  s->text_b = fc_strdup(schedule->text_b);
  fc_status status = s->label && s->text_a && s->text_b ? FC_OK : FC_MEMORY;
  if (status == FC_OK)
    status = copy_formulas(s->parameters, schedule->parameters,
                           FC_SCHEDULE_MAX_PARAMETERS);
  if (status == FC_OK)
    status = copy_formulas(s->constants, schedule->constants,
                           FC_SCHEDULE_MAX_CONSTANTS);
  if (status == FC_OK)
    status = copy_formulas(s->custom, schedule->custom, FC_CUSTOM_COUNT);
  if (status == FC_OK)
    *copy = s;
  else
    fc_schedule_free(s);
  return status;
}
