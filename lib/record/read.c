/* Records from JSON, which anybody may have edited. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "record/decimal.h"
#include "record/read.h"

typedef struct reading {
  const json_t *object;
  fc_record *record;
  const fc_position *position;
  fc_error *error;
} reading;

static fc_status fail(const reading *r, const char *key, const char *expected) {
  return fc_fail_at(r->error, FC_PARSE, r->position,
                    "not a record: \"%s\" must be %s", key, expected);
}

static fc_status fail_memory(const reading *r) {
  return fc_fail_at(r->error, FC_MEMORY, r->position, "not enough memory");
}

/* --- values ----------------------------------------------------------- */

static bool is_absent(const json_t *value) {
  return !value || json_is_null(value);
}

static fc_status copy_string(char **copy, const reading *r, const char *key,
                             const json_t *value, bool required) {
  if (is_absent(value) && !required)
    return FC_OK;
  if (!json_is_string(value))
    return fail(r, key, required ? "a string" : "a string or null");
  *copy = fc_strdup(json_string_value(value));
  return *copy ? FC_OK : fail_memory(r);
}

static fc_status copy_number(char **copy, const reading *r, const char *key,
                             const json_t *value, bool required) {
  fc_status status = copy_string(copy, r, key, value, required);
  if (status == FC_OK && *copy && !fc_decimal_is_number(*copy))
    status = fail(r, key, "a decimal number, \"inf\" or \"-inf\" as a string");
  return status;
}

static fc_status read_exact(fc_exact *exact, const reading *r, const char *key,
                            const json_t *value) {
  if (is_absent(value))
    return FC_OK;
  if (!json_is_object(value))
    return fail(r, key, "an object {\"mid\", \"rad\"} or null");
  fc_status status =
      copy_number(&exact->mid, r, key, json_object_get(value, "mid"), true);
  if (status == FC_OK)
    status =
        copy_number(&exact->rad, r, key, json_object_get(value, "rad"), false);
  return status;
}

/* A JSON number, or a string where it is not finite. */
static bool read_real(double *real, const json_t *value) {
  const char *text = json_string_value(value);
  if (json_is_number(value))
    *real = json_number_value(value);
  else if (text && strcmp(text, "nan") == 0)
    *real = (double)NAN;
  else if (text && (strcmp(text, "inf") == 0 || strcmp(text, "-inf") == 0))
    *real = text[0] == '-' ? -(double)INFINITY : (double)INFINITY;
  else
    return false;
  return true;
}

static fc_status read_long(long *number, const reading *r, const char *key) {
  const json_t *value = json_object_get(r->object, key);
  if (!json_is_integer(value) || json_integer_value(value) < 0 ||
      json_integer_value(value) > 1000000000)
    return fail(r, key, "a whole number that is not negative");
  *number = (long)json_integer_value(value);
  return FC_OK;
}

/* --- parts ------------------------------------------------------------ */

static fc_status read_texts(const reading *r) {
  fc_record *x = r->record;
  const struct {
    const char *key;
    char **text;
    bool required;
  } fields[] = {
      {"check", &x->check, true},
      {"claim", &x->claim, true},
      {"source", &x->source, false},
      {"statement", &x->statement, false},
      {"formula", &x->formula, false},
      {"hypotheses", &x->hypotheses, false},
      {"instance", &x->instance, true},
      {"family", &x->family, false},
      {"schedule", &x->schedule, false},
      {"relation", &x->relation, false},
      {"tier", &x->tier, false},
      {"expectation", &x->expectation, false},
      {"reason", &x->reason, false},
      {"replay", &x->replay, false},
      {"abscissa", &x->abscissa, false},
  };
  fc_status status = FC_OK;
  for (size_t i = 0; i < sizeof fields / sizeof *fields && status == FC_OK; i++)
    status = copy_string(fields[i].text, r, fields[i].key,
                         json_object_get(r->object, fields[i].key),
                         fields[i].required);
  return status;
}

static const char *string_of(const reading *r, const char *key) {
  const char *text = json_string_value(json_object_get(r->object, key));
  return text ? text : "";
}

static fc_status read_names(const reading *r) {
  fc_record *x = r->record;
  fc_verdict expected;
  if (!fc_kind_from_name(&x->kind, string_of(r, "kind")))
    return fail(r, "kind", "a kind such as \"statement\"");
  if (!fc_verdict_from_name(&x->verdict, string_of(r, "verdict")))
    return fail(r, "verdict", "a verdict such as \"holds\"");
  if (!fc_basis_from_name(&x->basis, string_of(r, "basis")))
    return fail(r, "basis", "a basis such as \"mpfr\"");
  if (x->expectation && strcmp(x->expectation, "none") != 0 &&
      !fc_verdict_from_name(&expected, x->expectation))
    return fail(r, "expectation", "a verdict, \"none\" or null");
  return FC_OK;
}

static fc_status read_constants(const reading *r) {
  json_t *map = json_object_get(r->object, "constants");
  if (is_absent(map))
    return FC_OK;
  if (!json_is_object(map))
    return fail(r, "constants", "an object");
  fc_record *x = r->record;
  x->constants = calloc(json_object_size(map) + 1, sizeof *x->constants);
  if (!x->constants)
    return fail_memory(r);
  const char *key;
  json_t *value;
  json_object_foreach(map, key, value) {
    fc_record_constant *constant = &x->constants[x->constant_count++];
    constant->name = fc_strdup(key);
    if (!constant->name)
      return fail_memory(r);
    if (!json_is_object(value))
      return fail(r, "constants", "an object of numbers with provenance");
    fc_status status = read_exact(&constant->value, r, "constants", value);
    if (status == FC_OK)
      status = copy_string(&constant->provenance, r, "provenance",
                           json_object_get(value, "provenance"), false);
    if (status != FC_OK)
      return status;
  }
  return FC_OK;
}

static fc_status read_numbers(const reading *r) {
  fc_record *x = r->record;
  const json_t *slack = json_object_get(r->object, "slack");
  fc_status status = read_exact(&x->measured, r, "measured",
                                json_object_get(r->object, "measured"));
  if (status == FC_OK)
    status =
        read_exact(&x->bound, r, "bound", json_object_get(r->object, "bound"));
  if (status == FC_OK)
    status = read_exact(&x->slack, r, "slack", slack);
  if (status == FC_OK && json_is_object(slack))
    status = copy_string(&x->slack_kind, r, "kind",
                         json_object_get(slack, "kind"), false);
  if (status == FC_OK)
    status = read_long(&x->dimension, r, "dimension");
  if (status == FC_OK)
    status = read_long(&x->precision, r, "precision");
  return status;
}

static fc_status read_witness(const reading *r) {
  const json_t *witness = json_object_get(r->object, "witness");
  if (is_absent(witness))
    return FC_OK;
  const json_t *points = json_object_get(witness, "x");
  if (!json_is_object(witness) ||
      (!is_absent(points) && !json_is_array(points)))
    return fail(r, "witness", "an object {\"s\", \"t\", \"x\"} or null");
  fc_record *x = r->record;
  fc_status status =
      read_exact(&x->witness_s, r, "s", json_object_get(witness, "s"));
  if (status == FC_OK)
    status = read_exact(&x->witness_t, r, "t", json_object_get(witness, "t"));
  x->witness_x = calloc(json_array_size(points) + 1, sizeof *x->witness_x);
  if (status == FC_OK && !x->witness_x)
    status = fail_memory(r);
  for (size_t i = 0; i < json_array_size(points) && status == FC_OK; i++) {
    x->witness_count++;
    status = read_exact(&x->witness_x[i], r, "x", json_array_get(points, i));
  }
  return status;
}

static fc_status read_profile(const reading *r) {
  const json_t *list = json_object_get(r->object, "profile");
  size_t count = json_array_size(list);
  if (is_absent(list))
    return FC_OK;
  if (!json_is_array(list))
    return fail(r, "profile", "a list of [t, measured, bound]");
  fc_record *x = r->record;
  x->profile = calloc(count + 1, sizeof *x->profile);
  if (!x->profile)
    return fail_memory(r);
  for (x->profile_count = 0; x->profile_count < count; x->profile_count++) {
    const json_t *entry = json_array_get(list, x->profile_count);
    fc_record_point *point = &x->profile[x->profile_count];
    if (json_array_size(entry) != 3 ||
        !read_real(&point->t, json_array_get(entry, 0)) ||
        !read_real(&point->measured, json_array_get(entry, 1)) ||
        !read_real(&point->bound, json_array_get(entry, 2)))
      return fail(r, "profile", "a list of [t, measured, bound]");
  }
  return FC_OK;
}

/* A decimal text, because JSON numbers lose 64-bit integers elsewhere. */
static fc_status read_seed(const reading *r) {
  const json_t *value = json_object_get(r->object, "seed");
  const char *text = json_string_value(value);
  uint64_t seed = 0;
  if (is_absent(value))
    return FC_OK;
  if (!text || !*text)
    return fail(r, "seed", "a whole number as a string");
  for (; *text >= '0' && *text <= '9'; text++) {
    uint64_t digit = (uint64_t)(*text - '0');
    if (seed > (UINT64_MAX - digit) / 10)
      return fail(r, "seed", "below 2^64");
    seed = 10 * seed + digit;
  }
  if (*text)
    return fail(r, "seed", "a whole number as a string");
  r->record->seed = seed;
  return FC_OK;
}

static fc_status read_seconds(const reading *r) {
  const json_t *value = json_object_get(r->object, "seconds");
  if (is_absent(value))
    return FC_OK;
  if (!json_is_number(value) || !(json_number_value(value) >= 0))
    return fail(r, "seconds", "a number that is not negative");
  r->record->seconds = json_number_value(value);
  return FC_OK;
}

static fc_status read_false_alarm(const reading *r) {
  const json_t *value = json_object_get(r->object, "false_alarm");
  if (is_absent(value))
    return FC_OK;
  double probability = json_number_value(value);
  if (!json_is_number(value) || !(probability >= 0 && probability <= 1))
    return fail(r, "false_alarm", "a probability between 0 and 1");
  r->record->false_alarm = probability;
  return FC_OK;
}

static fc_status read_proof_count(long *count, const reading *r,
                                  const json_t *proof, const char *key) {
  const json_t *value = json_object_get(proof, key);
  if (!json_is_integer(value) || json_integer_value(value) < 0 ||
      json_integer_value(value) > 1000000000)
    return fail(r, key, "a whole number that is not negative");
  *count = (long)json_integer_value(value);
  return FC_OK;
}

static fc_status read_proof(const reading *r) {
  const json_t *proof = json_object_get(r->object, "proof");
  fc_record *x = r->record;
  if (is_absent(proof))
    return FC_OK;
  if (!json_is_object(proof))
    return fail(r, "proof", "an object {\"domain\", \"argument\", ...}");
  fc_status status = copy_string(&x->proof_domain, r, "domain",
                                 json_object_get(proof, "domain"), true);
  if (status == FC_OK)
    status = copy_string(&x->proof_argument, r, "argument",
                         json_object_get(proof, "argument"), true);
  if (status == FC_OK)
    status = read_proof_count(&x->proof_leaves, r, proof, "leaves");
  if (status == FC_OK)
    status = read_proof_count(&x->proof_precision, r, proof, "precision");
  if (status == FC_OK)
    status = copy_number(&x->proof_undecided, r, "undecided",
                         json_object_get(proof, "undecided"), true);
  return status;
}

static fc_status read_schema(const reading *r) {
  const json_t *schema = json_object_get(r->object, "schema");
  if (!json_is_integer(schema))
    return fail(r, "schema", "a whole number");
  if (json_integer_value(schema) != FC_RECORD_SCHEMA)
    return fc_fail_at(r->error, FC_UNSUPPORTED, r->position,
                      "the record follows schema %lld; this version reads %d",
                      (long long)json_integer_value(schema), FC_RECORD_SCHEMA);
  return FC_OK;
}

fc_status fc_record_from_json(fc_record *record, const json_t *object,
                              const fc_position *position, fc_error *error) {
  static fc_status (*const parts[])(const reading *) = {
      read_schema,  read_texts,       read_names,   read_constants,
      read_numbers, read_witness,     read_profile, read_seed,
      read_seconds, read_false_alarm, read_proof};
  fc_record made;
  const reading r = {object, &made, position, error};
  if (!json_is_object(object))
    return fc_fail_at(error, FC_PARSE, position,
                      "not a record: a JSON object is expected");
  fc_record_init(&made);
  fc_status status = FC_OK;
  for (size_t i = 0; i < sizeof parts / sizeof *parts && status == FC_OK; i++)
    status = parts[i](&r);
  if (status != FC_OK) {
    fc_record_clear(&made);
    return status;
  }
  fc_record_clear(record);
  *record = made;
  return FC_OK;
}

fc_status fc_record_read(fc_record *record, const char *line,
                         const fc_position *position, fc_error *error) {
  json_error_t problem;
  json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, &problem);
  if (!object) {
    fc_position at = position ? *position : (fc_position){NULL, 1, 1};
    at.line += problem.line > 0 ? (unsigned)problem.line - 1 : 0;
    at.column = problem.column > 0 ? (unsigned)problem.column : 1;
    return fc_fail_at(error, FC_PARSE, &at, "not valid JSON: %s", problem.text);
  }
  fc_status status = fc_record_from_json(record, object, position, error);
  json_decref(object);
  return status;
}
