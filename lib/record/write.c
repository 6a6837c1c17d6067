/* Records as JSON lines: keys in a fixed order, bytes that depend on nothing
 * but the record. */
#include <math.h>
#include <string.h>

#include "base/json.h"
#include "record/decimal.h"
#include "record/record.h"

/* --- JSON ------------------------------------------------------------- */

/* JSON has no infinities: what is not finite becomes a string. */
static void append_real(fc_text *out, double value) {
  const char *quote = isfinite(value) ? "" : "\"";
  fc_text_append(out, quote);
  fc_decimal_append_double(out, value);
  fc_text_append(out, quote);
}

static void append_key(fc_text *out, const char *key) {
  fc_text_append(out, ",");
  fc_json_append_string(out, key);
  fc_text_append(out, ":");
}

static void append_text(fc_text *out, const char *key, const char *text) {
  append_key(out, key);
  fc_json_append_string(out, text);
}

/* --- parts ------------------------------------------------------------ */

/* The object without its closing brace, so that more keys may follow. */
static void open_exact(fc_text *out, const fc_exact *exact) {
  fc_text brief[1];
  fc_text_init(brief);
  fc_decimal_append_short(brief, exact->mid);
  fc_text_append(out, "{\"mid\":");
  fc_json_append_string(out, exact->mid);
  append_text(out, "rad", exact->rad);
  append_text(out, "text", brief->data ? brief->data : "");
  if (brief->failed)
    out->failed = true;
  fc_text_clear(brief);
}

static void append_exact(fc_text *out, const fc_exact *exact) {
  if (!exact->mid) {
    fc_text_append(out, "null");
    return;
  }
  open_exact(out, exact);
  fc_text_append(out, "}");
}

static void append_constants(fc_text *out, const fc_record *record) {
  fc_text_append(out, ",\"constants\":{");
  const char *comma = "";
  for (size_t i = 0; i < record->constant_count; i++) {
    const fc_record_constant *constant = &record->constants[i];
    if (!constant->name || !constant->value.mid)
      continue;
    fc_text_append(out, comma);
    fc_json_append_string(out, constant->name);
    fc_text_append(out, ":");
    open_exact(out, &constant->value);
    append_text(out, "provenance", constant->provenance);
    fc_text_append(out, "}");
    comma = ",";
  }
  fc_text_append(out, "}");
}

static void append_slack(fc_text *out, const fc_record *record) {
  append_key(out, "slack");
  if (!record->slack.mid) {
    fc_text_append(out, "null");
    return;
  }
  open_exact(out, &record->slack);
  append_text(out, "kind", record->slack_kind);
  fc_text_append(out, "}");
}

static void append_witness(fc_text *out, const fc_record *record) {
  append_key(out, "witness");
  if (!record->witness_t.mid && record->witness_count == 0) {
    fc_text_append(out, "null");
    return;
  }
  fc_text_append(out, "{");
  if (record->witness_s.mid) {
    fc_text_append(out, "\"s\":");
    append_exact(out, &record->witness_s);
    fc_text_append(out, ",");
  }
  fc_text_append(out, "\"t\":");
  append_exact(out, &record->witness_t);
  fc_text_append(out, ",\"x\":[");
  for (size_t i = 0; i < record->witness_count; i++) {
    fc_text_append(out, i ? "," : "");
    append_exact(out, &record->witness_x[i]);
  }
  fc_text_append(out, "]}");
}

static void append_profile(fc_text *out, const fc_record *record) {
  fc_text_append(out, ",\"profile\":[");
  for (size_t i = 0; i < record->profile_count; i++) {
    const fc_record_point *point = &record->profile[i];
    fc_text_append(out, i ? ",[" : "[");
    append_real(out, point->t);
    fc_text_append(out, ",");
    append_real(out, point->measured);
    fc_text_append(out, ",");
    append_real(out, point->bound);
    fc_text_append(out, "]");
  }
  fc_text_append(out, "]");
}

/* Microseconds, so that no rounding of doubles shows. */
static void append_seconds(fc_text *out, double seconds) {
  long long micro = 0;
  if (seconds > 0 && seconds < 1e12)
    micro = (long long)(seconds * 1e6 + 0.5);
  fc_text_printf(out, ",\"seconds\":%lld.%06lld", micro / 1000000,
                 micro % 1000000);
}

/* --- the line --------------------------------------------------------- */

static void append_subject(fc_text *out, const fc_record *record) {
  fc_text_printf(out, "{\"schema\":%d", FC_RECORD_SCHEMA);
  append_text(out, "check", record->check);
  append_text(out, "claim", record->claim);
  append_text(out, "kind", fc_kind_name(record->kind));
  append_text(out, "source", record->source);
  append_text(out, "statement", record->statement);
  append_text(out, "formula", record->formula);
  append_text(out, "hypotheses", record->hypotheses);
  append_text(out, "instance", record->instance);
  append_text(out, "family", record->family);
  append_text(out, "schedule",
              record->schedule && record->schedule[0] ? record->schedule
                                                      : NULL);
  fc_text_printf(out, ",\"dimension\":%ld", record->dimension);
}

static void append_finding(fc_text *out, const fc_record *record) {
  append_constants(out, record);
  append_text(out, "relation", record->relation);
  append_key(out, "measured");
  append_exact(out, &record->measured);
  append_key(out, "bound");
  append_exact(out, &record->bound);
  append_slack(out, record);
  append_witness(out, record);
}

static void append_judgement(fc_text *out, const fc_record *record) {
  append_text(out, "basis", fc_basis_name(record->basis));
  append_text(out, "tier", record->tier);
  fc_text_printf(out, ",\"precision\":%ld", record->precision);
  append_text(out, "verdict", fc_verdict_name(record->verdict));
  append_text(out, "expectation", record->expectation);
  append_text(out, "reason", record->reason);
  if (record->false_alarm > 0) {
    append_key(out, "false_alarm");
    append_real(out, record->false_alarm);
  }
}

static void append_proof(fc_text *out, const fc_record *record) {
  if (!record->proof_domain)
    return;
  append_key(out, "proof");
  fc_text_append(out, "{\"domain\":");
  fc_json_append_string(out, record->proof_domain);
  append_text(out, "argument", record->proof_argument);
  fc_text_printf(out, ",\"leaves\":%ld,\"precision\":%ld", record->proof_leaves,
                 record->proof_precision);
  append_text(out, "undecided", record->proof_undecided);
  fc_text_append(out, "}");
}

fc_status fc_record_write(fc_text *out, const fc_record *record) {
  append_subject(out, record);
  append_finding(out, record);
  append_judgement(out, record);
  append_proof(out, record);
  append_profile(out, record);
  if (record->abscissa)
    append_text(out, "abscissa", record->abscissa);
  fc_text_printf(out, ",\"seed\":\"%llu\"", (unsigned long long)record->seed);
  append_text(out, "replay", record->replay);
  append_seconds(out, record->seconds);
  fc_text_append(out, "}\n");
  return out->failed ? FC_MEMORY : FC_OK;
}
