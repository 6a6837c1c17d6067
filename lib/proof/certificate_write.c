/* Certificates as JSON: keys in a fixed order, bytes that depend on nothing but
 * the certificate. */
#include <string.h>

#include "base/json.h"
#include "proof/certificate.h"

static const char *const kind_names[] = {"identity", "cover", "witness",
                                         "theorem"};
static const char *const why_names[] = {"positive", "cover", "domain"};
static const char *const quantity_names[] = {
    "velocity-jacobian", "posterior-covariance", "posterior-variance",
    "flow-jacobian", "inverse-flow-jacobian"};
static const char *const leaf_names[] = {"sign", "outside"};

static void append_key(fc_text *out, const char *key) {
  fc_text_append(out, ",\n\"");
  fc_text_append(out, key);
  fc_text_append(out, "\": ");
}

static void append_text(fc_text *out, const char *key, const char *text) {
  append_key(out, key);
  fc_json_append_string(out, text);
}

static void append_optional(fc_text *out, const char *key, const char *text) {
  if (text)
    append_text(out, key, text);
}

/* Within a line. */
static void append_inner(fc_text *out, const char *key, const char *text) {
  fc_text_printf(out, ", \"%s\": ", key);
  fc_json_append_string(out, text);
}

static void append_list(fc_text *out, char *const *texts, size_t count) {
  fc_text_append(out, "[");
  for (size_t i = 0; i < count; i++) {
    fc_text_append(out, i ? ", " : "");
    fc_json_append_string(out, texts[i]);
  }
  fc_text_append(out, "]");
}

/* --- parts ---------------------------------------------------------------- */

static void append_constants(fc_text *out, const fc_certificate *certificate) {
  append_key(out, "constants");
  fc_text_append(out, "{");
  for (size_t i = 0; i < certificate->constant_count; i++) {
    const fc_certificate_constant *constant = &certificate->constants[i];
    fc_text_append(out, i ? ", " : "");
    fc_json_append_string(out, constant->name);
    fc_text_append(out, ": ");
    if (constant->text) {
      fc_json_append_string(out, constant->text);
      continue;
    }
    fc_text_append(out, "{\"mid\": ");
    fc_json_append_string(out, constant->mid);
    append_inner(out, "rad", constant->rad);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "}");
  if (certificate->centre_weights) {
    append_key(out, "centre_weights");
    fc_text_append(out, certificate->centre_weights);
  }
}

static void append_conditions(fc_text *out, const fc_certificate_case *c) {
  fc_text_append(out, ",\n  \"conditions\": [");
  for (size_t i = 0; i < c->condition_count; i++) {
    fc_text_append(out, i ? ", {\"text\": " : "{\"text\": ");
    fc_json_append_string(out, c->conditions[i].text);
    fc_text_printf(out, ", \"sign\": %d}", c->conditions[i].sign);
  }
  fc_text_append(out, "]");
}

static void append_leaves(fc_text *out, const fc_certificate_cover *cover) {
  fc_text_append(out, ", \"leaves\": [");
  for (size_t i = 0; i < cover->leaf_count; i++) {
    const fc_certificate_leaf *leaf = &cover->leaves[i];
    fc_text_append(out, i ? ",\n      [" : "\n      [");
    fc_json_append_string(out, leaf->lower);
    fc_text_append(out, ", ");
    fc_json_append_string(out, leaf->upper);
    fc_text_printf(out, ", \"%s\"]", leaf_names[leaf->proves]);
  }
  fc_text_append(out, "]");
}

static void append_gap(fc_text *out, const fc_certificate_case *c) {
  fc_text_printf(out, ",\n  \"gap\": {\"sign\": %d, \"factors\": [",
                 c->gap_sign);
  for (size_t i = 0; i < c->factor_count; i++) {
    const fc_certificate_factor *factor = &c->factors[i];
    fc_text_append(out, i ? ",\n    {\"text\": " : "\n    {\"text\": ");
    fc_json_append_string(out, factor->text);
    fc_text_printf(out, ", \"power\": %ld, \"sign\": %d", factor->power,
                   factor->sign);
    append_inner(out, "why", why_names[factor->why]);
    for (size_t j = 0; j < c->cover_count; j++)
      if (c->covers[j].factor == i)
        append_leaves(out, &c->covers[j]);
    fc_text_append(out, "}");
  }
  fc_text_append(out, "]}");
}

static void append_case(fc_text *out, const fc_certificate_case *c,
                        const char *side) {
  fc_text_append(out, "\n {\"block\": ");
  if (c->block)
    fc_text_printf(out, "%zu", c->block);
  else
    fc_text_append(out, "null");
  append_conditions(out, c);
  fc_text_printf(out, ",\n  \"model\": {\"side\": \"%s\"", side);
  append_inner(out, "text", c->model);
  append_inner(out, "argument", c->argument);
  fc_text_append(out, "}");
  append_gap(out, c);
  fc_text_append(out, "}");
}

static void append_proof(fc_text *out, const fc_certificate *certificate,
                         const char *side) {
  append_key(out, "atoms");
  fc_text_append(out, "{");
  for (size_t i = 0; i < certificate->atom_count; i++) {
    fc_text_append(out, i ? ", " : "");
    fc_json_append_string(out, certificate->atoms[i].name);
    fc_text_append(out, ": ");
    fc_json_append_string(out, certificate->atoms[i].text);
  }
  fc_text_append(out, "}");
  append_key(out, "cases");
  fc_text_append(out, "[");
  for (size_t i = 0; i < certificate->case_count; i++) {
    fc_text_append(out, i ? "," : "");
    append_case(out, &certificate->cases[i], side);
  }
  fc_text_append(out, "]");
}

static void append_part(fc_text *out, const fc_certificate *part,
                        const char *side) {
  fc_text_append(out, "\n{\"formula\": ");
  fc_json_append_string(out, part->formula);
  append_optional(out, "late_formula", part->late_formula);
  append_optional(out, "where", part->where);
  append_optional(out, "late_where", part->late_where);
  append_proof(out, part, side);
  fc_text_append(out, "}");
}

/* The side on which C or grad v is bounded: the inverse of a flow is bounded by
 * a velocity field that is bounded from below. */
static const char *side_of(const fc_certificate *certificate) {
  bool below = certificate->quantity == FC_CERTIFIED_INVERSE_FLOW ||
               (certificate->relation && certificate->relation[0] == '>');
  return below ? "lower" : "upper";
}

static void append_parts(fc_text *out, const fc_certificate *certificate) {
  append_key(out, "parts");
  fc_text_append(out, "[");
  for (size_t i = 0; i < certificate->part_count; i++) {
    fc_text_append(out, i ? "," : "");
    append_part(out, &certificate->parts[i], side_of(certificate));
  }
  fc_text_append(out, "]");
}

static void append_witness(fc_text *out,
                           const fc_certificate_witness *witness) {
  append_key(out, "witness");
  fc_text_append(out, "{\"t\": ");
  fc_json_append_string(out, witness->t);
  fc_text_append(out, ", \"x\": ");
  append_list(out, witness->x, witness->dimension);
  fc_text_append(out, ", \"direction\": ");
  append_list(out, witness->direction, witness->dimension);
  fc_text_append(out, "}");
}

/* --- the whole ------------------------------------------------------------ */

static void append_claim(fc_text *out, const fc_certificate *certificate) {
  fc_text_append(out, "{\"schema\": \"" FC_CERTIFICATE_SCHEMA "\"");
  append_text(out, "check", certificate->check);
  append_text(out, "claim", certificate->claim);
  append_text(out, "instance", certificate->instance);
  append_text(out, "schedule", certificate->schedule);
  append_text(out, "statement", certificate->statement);
  append_text(out, "relation", certificate->relation);
  append_text(out, "quantity", quantity_names[certificate->quantity]);
  append_text(out, "formula", certificate->formula);
  append_optional(out, "late_formula", certificate->late_formula);
  append_optional(out, "where", certificate->where);
  append_optional(out, "late_where", certificate->late_where);
  append_text(out, "domain", certificate->domain);
  append_key(out, "target");
  fc_text_append(out, certificate->target ? certificate->target : "null");
}

fc_status fc_certificate_write(fc_text *out,
                               const fc_certificate *certificate) {
  append_claim(out, certificate);
  append_constants(out, certificate);
  append_text(out, "kind", kind_names[certificate->kind]);
  if (certificate->kind == FC_CERTIFICATE_WITNESS)
    append_witness(out, certificate->witness);
  else if (certificate->part_count)
    append_parts(out, certificate);
  else if (certificate->kind != FC_CERTIFICATE_THEOREM)
    append_proof(out, certificate, side_of(certificate));
  append_key(out, "precision");
  fc_text_printf(out, "%ld}\n", certificate->precision);
  return out->failed ? FC_MEMORY : FC_OK;
}

/* --- its name ------------------------------------------------------------- */

static void append_safe(fc_text *out, const char *name) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=,+";
  for (; *name; name++) {
    const char letter = strchr(plain, *name) ? *name : '-';
    fc_text_append_bytes(out, &letter, 1);
  }
}

char *fc_certificate_file_name(const fc_certificate *certificate) {
  fc_text out[1];
  fc_text_init(out);
  const char *claim = certificate->claim ? certificate->claim : "";
  const char *slash = strrchr(claim, '/');
  append_safe(out, certificate->check ? certificate->check : "");
  fc_text_append(out, ".");
  append_safe(out, slash ? slash + 1 : claim);
  fc_text_append(out, ".");
  append_safe(out, certificate->instance ? certificate->instance : "");
  if (certificate->schedule) {
    fc_text_append(out, ".");
    append_safe(out, certificate->schedule);
  }
  fc_text_append(out, ".json");
  return fc_text_take(out);
}
