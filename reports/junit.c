/* JUnit XML as GitLab and Jenkins read it: a suite a check, a case a record,
 * and what they show of a case as text inside its element. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "escape.h"
#include "readable.h"
#include "view.h"

/* --- names ------------------------------------------------------------- */

static bool is_harmless(uint32_t code) {
  return code >= 0x20 && code != '|' && code != '\\' &&
         !(code >= 0x7f && code < 0xa0) && code != 0xfffe && code != 0xffff;
}

/* Different texts stay different: what XML cannot hold, and the bar between the
 * parts of a name, is written as \xNN. */
static void append_part(fc_text *out, const char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length;) {
    uint32_t code;
    char character[8] = "";
    size_t count = fc_utf8_next(&code, text + i, length - i);
    if (count && is_harmless(code)) {
      memcpy(character, text + i, count);
      fc_xml(out, character);
      i += count;
      continue;
    }
    for (count = count ? count : 1; count > 0; count--)
      fc_text_printf(out, "\\x%02x", (unsigned)(unsigned char)text[i++]);
  }
}

/* "d.upper | two-bumps | linear" */
static void append_name(fc_text *out, const fc_record *record) {
  const char *claim = fc_present(record->claim), *check = record->check;
  size_t length = check ? strlen(check) : 0;
  bool inside = length && strncmp(claim, check, length) == 0 &&
                claim[length] == '/' && claim[length + 1];
  append_part(out, inside ? claim + length + 1 : claim);
  fc_text_append(out, " | ");
  append_part(out, fc_present(record->instance));
  if (record->schedule && record->schedule[0]) {
    fc_text_append(out, " | ");
    append_part(out, record->schedule);
  }
}

/* --- counts and times -------------------------------------------------- */

typedef struct counts {
  size_t tests, failures, errors, skipped;
  double seconds;
} counts;

static void count(counts *c, const fc_record *record) {
  c->tests++;
  if (fc_record_undecided(record))
    c->errors++;
  else if (!fc_record_as_expected(record))
    c->failures++;
  else if (record->verdict == FC_VERDICT_NOT_APPLICABLE)
    c->skipped++;
  if (record->seconds > 0 && record->seconds < 1e9)
    c->seconds += record->seconds;
}

/* Microseconds by integers, as in any locale. */
static void append_time(fc_text *out, double seconds) {
  long long ticks = seconds > 0 && seconds < 1e12 ? llround(seconds * 1e6) : 0;
  fc_text_printf(out, " time=\"%lld.%06lld\"", ticks / 1000000,
                 ticks % 1000000);
}

static void append_counts(fc_text *out, const counts *c) {
  fc_text_printf(out,
                 " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
                 "skipped=\"%zu\"",
                 c->tests, c->failures, c->errors, c->skipped);
  append_time(out, c->seconds);
  fc_text_append(out, ">\n");
}

/* --- cases ------------------------------------------------------------- */

static void append_line(fc_text *out, const char *what, const char *text) {
  if (!text || !text[0])
    return;
  fc_text_printf(out, "%s: ", what);
  fc_xml(out, text);
  fc_text_append(out, "\n");
}

static void append_exact(fc_text *out, const char *what,
                         const fc_exact *exact) {
  if (!exact->mid)
    return;
  fc_text_printf(out, "%s: ", what);
  fc_xml(out, exact->mid);
  if (exact->rad) {
    fc_text_append(out, " ± ");
    fc_xml(out, exact->rad);
  }
  fc_text_append(out, "\n");
}

/* Everything that is needed to see and to repeat it. */
static void append_details(fc_text *out, const fc_record *record) {
  fc_text witness[1];
  fc_text_init(witness);
  fc_readable_witness(witness, record, true);
  append_line(out, "statement", record->statement);
  append_line(out, "formula", record->formula);
  append_exact(out, "measured", &record->measured);
  append_exact(out, "bound", &record->bound);
  append_exact(out, "slack", &record->slack);
  append_line(out, "witness", witness->data);
  append_line(out, "reason", record->reason);
  append_line(out, "replay", record->replay);
  fc_text_clear(witness);
}

static void append_outcome(fc_text *out, const char *element,
                           const fc_record *record) {
  const char *verdict = fc_verdict_name(record->verdict);
  fc_text_printf(out, ">\n<%s type=\"%s\" message=\"%s, expected ", element,
                 verdict, verdict);
  fc_xml(out, record->expectation ? record->expectation : "nothing");
  fc_text_append(out, "\">");
  append_details(out, record);
  fc_text_printf(out, "</%s>\n</testcase>\n", element);
}

static void append_skipped(fc_text *out, const fc_record *record) {
  fc_text_append(out, ">\n<skipped message=\"");
  fc_xml(out, fc_present(record->reason));
  fc_text_append(out, "\">");
  fc_xml(out, fc_present(record->reason));
  fc_text_append(out, "</skipped>\n</testcase>\n");
}

static void append_case(fc_text *out, const fc_record *record) {
  fc_text_append(out, "<testcase classname=\"");
  append_part(out, fc_present(record->check));
  fc_text_append(out, "\" name=\"");
  append_name(out, record);
  fc_text_append(out, "\"");
  append_time(out, record->seconds);
  if (fc_record_undecided(record))
    append_outcome(out, "error", record);
  else if (!fc_record_as_expected(record))
    append_outcome(out, "failure", record);
  else if (record->verdict == FC_VERDICT_NOT_APPLICABLE)
    append_skipped(out, record);
  else
    fc_text_append(out, "/>\n");
}

/* --- suites ------------------------------------------------------------ */

/* The records of the view are ordered by check. */
static size_t end_of_suite(const fc_view *view, size_t from, size_t total) {
  const char *check = fc_present(view->records[from]->check);
  size_t end = from + 1;
  while (end < total &&
         strcmp(check, fc_present(view->records[end]->check)) == 0)
    end++;
  return end;
}

static void append_suite(fc_text *out, const fc_record **records,
                         size_t record_count) {
  counts c = {0};
  for (size_t i = 0; i < record_count; i++)
    count(&c, records[i]);
  fc_text_append(out, "<testsuite name=\"");
  append_part(out, fc_present(records[0]->check));
  fc_text_append(out, "\"");
  append_counts(out, &c);
  for (size_t i = 0; i < record_count; i++)
    append_case(out, records[i]);
  fc_text_append(out, "</testsuite>\n");
}

fc_status fc_report_junit(fc_text *out, const fc_report *report) {
  fc_view view;
  counts c = {0};
  size_t total = report->records->count;
  fc_status status = fc_view_new(&view, report);
  if (status != FC_OK)
    return status;
  for (size_t i = 0; i < total; i++)
    count(&c, view.records[i]);
  fc_text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<testsuites name=\"flowcert\"");
  append_counts(out, &c);
  for (size_t i = 0, end; i < total; i = end) {
    end = end_of_suite(&view, i, total);
    append_suite(out, view.records + i, end - i);
  }
  fc_text_append(out, "</testsuites>\n");
  fc_view_clear(&view);
  return out->failed ? FC_MEMORY : FC_OK;
}
