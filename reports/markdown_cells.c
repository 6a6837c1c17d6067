#include <stdio.h>
#include <string.h>

#include "escape.h"
#include "markdown.h"
#include "readable.h"

#define COORDINATES_SHOWN 3

bool fc_kind_is_claim(fc_kind kind) {
  return kind != FC_KIND_CONTROL && kind != FC_KIND_PROBE;
}

void fc_markdown_claim_name(fc_text *out, const fc_record *record) {
  fc_markdown_code(out, fc_present(record->claim), true);
  if (record->source && record->source[0]) {
    fc_text_append(out, " (");
    fc_markdown(out, record->source);
    fc_text_append(out, ")");
  }
}

static void append_number(fc_text *out, const fc_exact *exact, bool in_full) {
  if (!in_full)
    fc_readable(out, exact->mid, FC_READABLE_DIGITS);
  else
    fc_text_append(out, fc_present(exact->mid));
}

static void append_point(fc_text *out, const fc_record *record, bool in_full) {
  size_t shown = record->witness_count;
  if (!in_full && shown > COORDINATES_SHOWN)
    shown = COORDINATES_SHOWN;
  fc_text_append(out, record->witness_count > 1 ? "x = (" : "x = ");
  for (size_t i = 0; i < shown; i++) {
    fc_text_append(out, i ? ", " : "");
    append_number(out, &record->witness_x[i], in_full);
  }
  if (shown < record->witness_count)
    fc_text_append(out, ", …");
  if (record->witness_count > 1)
    fc_text_append(out, ")");
}

static void append_time(fc_text *out, const char *name, const fc_exact *time,
                        bool in_full) {
  fc_text_append(out, name);
  if (in_full)
    fc_text_append(out, time->mid);
  else
    fc_readable_time(out, time->mid, FC_READABLE_DIGITS);
}

void fc_markdown_witness(fc_text *out, const fc_record *record, bool in_full) {
  if (record->witness_s.mid)
    append_time(out, "s = ", &record->witness_s, in_full);
  if (record->witness_t.mid)
    append_time(out,
                record->witness_s.mid ? ", t = " : "t = ", &record->witness_t,
                in_full);
  if (record->witness_t.mid && record->witness_count)
    fc_text_append(out, ", ");
  if (record->witness_count)
    append_point(out, record, in_full);
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
