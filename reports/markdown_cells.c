#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "markdown.h"
#include "readable.h"

void fc_markdown_claim_name(fc_text *out, const fc_record *record) {
  fc_markdown_code(out, fc_present(record->claim), true);
  if (record->source && record->source[0]) {
    fc_text_append(out, " (");
    fc_markdown(out, record->source);
    fc_text_append(out, ")");
  }
}

void fc_markdown_verdict(fc_text *out, const fc_record *record) {
  const char *verdict = fc_verdict_name(record->verdict);
  if (!fc_record_as_expected(record)) {
    fc_text_printf(out, "**%s** (expected ", verdict);
    fc_markdown(out, record->expectation ? record->expectation : "nothing");
    fc_text_append(out, ")");
  } else if (record->verdict == FC_VERDICT_VIOLATED &&
             record->kind != FC_KIND_PROBE)
    fc_text_printf(out, "%s (as expected)", verdict);
  else
    fc_text_append(out, verdict);
}

void fc_markdown_exception(fc_text *out, const fc_record *record) {
  fc_text_append(out, "- ");
  fc_markdown_claim_name(out, record);
  fc_text_append(out, " on ");
  fc_markdown(out, fc_present(record->instance));
  if (record->schedule) {
    fc_text_append(out, ", ");
    fc_markdown(out, record->schedule);
  }
  fc_text_append(out, ": ");
  fc_markdown_verdict(out, record);
}

void fc_markdown_basis(fc_text *out, const fc_record *record) {
  fc_text_append(out, fc_basis_name(record->basis));
  if (record->false_alarm > 0) {
    fc_text_append(out, " (false alarm ≤ ");
    fc_readable_double(out, record->false_alarm, 2);
    fc_text_append(out, ")");
  }
  if (record->proof_domain) { /* "certified: every schedule" */
    char brief[64];
    size_t length = strcspn(record->proof_domain, ";");
    snprintf(brief, sizeof brief, "%.*s", (int)(length < 63 ? length : 63),
             record->proof_domain);
    fc_text_append(out, ": ");
    fc_markdown(out, brief);
  }
}
