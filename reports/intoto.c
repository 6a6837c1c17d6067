/* The in-toto statement about a run: files of the report as subjects, claims as
 * tests.  Statement v1, predicate test-result v0.1 (in-toto/attestation,
 * spec/v1/statement.md and spec/predicates/test-result.md).  Unsigned: signing
 * it is up to whoever publishes it. */
#include "intoto.h"

#include <string.h>

#include "json_text.h"
#include "pick.h"

static void append_digest(fc_text *out, const char *name, const char *sha256) {
  fc_text_append(out, "{\"name\": ");
  fc_json_string(out, name);
  fc_text_append(out, ", \"digest\": {\"sha256\": ");
  fc_json_string(out, sha256);
  fc_text_append(out, "}}");
}

static void append_subjects(fc_text *out, const fc_written *written) {
  fc_text_append(out, "  \"subject\": [");
  for (size_t i = 0; i < written->count; i++) {
    fc_text_append(out, i ? ",\n    " : "\n    ");
    append_digest(out, written->files[i].name, written->files[i].sha256);
  }
  fc_text_append(out, "\n  ],\n");
}

/* --- configuration ----------------------------------------------------- */

static bool is_digest(const char *text) {
  return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

/* The tool with its settings as annotations. */
static void append_tool(fc_text *out, const fc_manifest *manifest,
                        const char *version) {
  const char *separator = "";
  fc_text_append(out, "\n      {\"name\": \"flowcert\", \"uri\": ");
  fc_text uri[1];
  fc_text_init(uri);
  fc_text_printf(uri, "pkg:generic/flowcert@%s", version);
  fc_json_string(out, uri->data ? uri->data : "");
  fc_text_clear(uri);
  fc_text_append(out, ", \"annotations\": {");
  for (size_t i = 0; i < manifest->count; i++) {
    const fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, "settings") != 0)
      continue;
    fc_text_append(out, separator);
    fc_json_string(out, entry->key);
    fc_text_append(out, ": ");
    fc_json_string(out, entry->value);
    separator = ", ";
  }
  fc_text_append(out, "}}");
}

/* The tool and the instance files; nothing where the records came without a
 * manifest. */
static void append_configuration(fc_text *out, const fc_manifest *manifest) {
  const char *version = fc_manifest_get(manifest, "tool", "version");
  const char *separator = "";
  fc_text_append(out, "    \"configuration\": [");
  if (version) {
    append_tool(out, manifest, version);
    separator = ",";
  }
  for (size_t i = 0; i < manifest->count; i++) {
    const fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, "inputs") != 0 || !is_digest(entry->value))
      continue;
    fc_text_printf(out, "%s\n      ", separator);
    append_digest(out, entry->key, entry->value);
    separator = ",";
  }
  fc_text_append(out, *separator ? "\n    ],\n" : "],\n");
}

/* --- tests ------------------------------------------------------------- */

typedef enum outcome { PASSED, WARNED, FAILED } outcome;

/* A claim fails where a verdict contradicts its expectation, and warns where
 * one was not reached. */
static outcome outcome_of(const fc_claim_view *claim) {
  const fc_tally tally = fc_claim_tally(claim);
  if (tally.unexpected > tally.undecided)
    return FAILED;
  return tally.undecided ? WARNED : PASSED;
}

static void append_tests(fc_text *out, const fc_view *view, const char *key,
                         outcome wanted, const char *end) {
  const char *separator = "\n      ";
  fc_text_printf(out, "    \"%s\": [", key);
  for (size_t i = 0; i < view->claim_count; i++) {
    if (outcome_of(&view->claims[i]) != wanted)
      continue;
    fc_text_append(out, separator);
    fc_json_string(out, view->claims[i].claim);
    separator = ",\n      ";
  }
  fc_text_printf(out, "%s]%s", *separator == ',' ? "\n    " : "", end);
}

fc_status fc_report_intoto(fc_text *out, const fc_report *report,
                           const fc_written *written) {
  fc_view view;
  fc_summary summary;
  fc_status status = fc_view_summarized(&view, &summary, report);
  if (status != FC_OK)
    return status;
  fc_text_append(out, "{\n  \"_type\": \"https://in-toto.io/Statement/v1\",\n");
  append_subjects(out, written);
  fc_text_printf(out,
                 "  \"predicateType\": "
                 "\"https://in-toto.io/attestation/test-result/v0.1\",\n"
                 "  \"predicate\": {\n    \"result\": \"%s\",\n",
                 summary.contradicting ? "FAILED"
                 : summary.undecided   ? "WARNED"
                                       : "PASSED");
  append_configuration(out, report->manifest);
  append_tests(out, &view, "passedTests", PASSED, ",\n");
  append_tests(out, &view, "warnedTests", WARNED, ",\n");
  append_tests(out, &view, "failedTests", FAILED, "\n  }\n}\n");
  fc_view_clear(&view);
  return out->failed ? FC_MEMORY : FC_OK;
}
