#include "json_text.h"
#include "record/decimal.h"
#include "report.h"

static void append_count(fc_text *out, const char *key, size_t count) {
  fc_text_printf(out, "    \"%s\": %zu,\n", key, count);
}

/* {"holds":3,...} with every name, zero counts too. */
static void append_counts(fc_text *out, const size_t *counts, int count,
                          const char *(*name)(int)) {
  fc_text_append(out, "{");
  for (int i = 0; i < count; i++)
    fc_text_printf(out, "%s\"%s\": %zu", i ? ", " : "", name(i), counts[i]);
  fc_text_append(out, "}");
}

static const char *verdict_name(int i) {
  return fc_verdict_name((fc_verdict)i);
}

static const char *basis_name(int i) { return fc_basis_name((fc_basis)i); }

static const char *answer_name(int i) { return fc_answer_name((fc_answer)i); }

static void append_kinds(fc_text *out, const char *key, const size_t *table,
                         int width, const char *(*name)(int)) {
  fc_text_printf(out, "    \"%s\": {", key);
  for (int kind = 0; kind < FC_KIND_COUNT; kind++) {
    fc_text_printf(out, "%s\n      \"%s\": ", kind ? "," : "",
                   fc_kind_name((fc_kind)kind));
    append_counts(out, table + kind * width, width, name);
  }
  fc_text_append(out, "\n    }");
}

/* One key a line: scripts read single counts with sed. */
static void append_summary(fc_text *out, const fc_summary *summary) {
  fc_text_append(out, "{\n");
  append_count(out, "records", summary->records);
  append_count(out, "as_expected", summary->as_expected);
  append_count(out, "contradictions", summary->contradicting);
  append_count(out, "undecided", summary->undecided);
  append_count(out, "exit_status", (size_t)summary->exit_status);
  append_count(out, "attained", summary->attained);
  fc_text_append(out, "    \"false_alarm\": ");
  fc_decimal_append_double(out, summary->false_alarm);
  fc_text_append(out, ",\n    \"bases\": ");
  append_counts(out, summary->bases, FC_BASIS_COUNT, basis_name);
  fc_text_append(out, ",\n");
  append_kinds(out, "verdicts", &summary->verdicts[0][0], FC_VERDICT_COUNT,
               verdict_name);
  fc_text_append(out, ",\n");
  append_kinds(out, "claims", &summary->claims[0][0], FC_ANSWER_COUNT,
               answer_name);
  fc_text_append(out, "\n  }");
}

static fc_status append_records(fc_text *out, const fc_records *records) {
  for (size_t i = 0; i < records->count; i++) {
    fc_status status = fc_record_write(out, &records->items[i]);
    if (status != FC_OK)
      return status;
    if (i + 1 < records->count && !out->failed && out->length) {
      out->data[out->length - 1] = ','; /* where the line ended */
      fc_text_append(out, "\n");
    }
  }
  return FC_OK;
}

fc_status fc_report_json(fc_text *out, const fc_report *report) {
  fc_summary summary;
  fc_status status = fc_summarize(&summary, report);
  if (status != FC_OK)
    return status;
  fc_text_printf(out,
                 "{\n  \"schema\": %d,\n  \"manifest\": ", FC_REPORT_SCHEMA);
  status = fc_manifest_json(out, report->manifest);
  if (status != FC_OK)
    return status;
  fc_text_append(out, ",\n  \"summary\": ");
  append_summary(out, &summary);
  fc_text_append(out, ",\n  \"records\": [\n");
  status = append_records(out, report->records);
  fc_text_append(out, "]\n}\n");
  if (status == FC_OK && out->failed)
    status = FC_MEMORY;
  return status;
}

fc_status fc_report_records(fc_text *out, const fc_report *report) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < report->records->count && status == FC_OK; i++)
    status = fc_record_write(out, &report->records->items[i]);
  return status == FC_OK && out->failed ? FC_MEMORY : status;
}
