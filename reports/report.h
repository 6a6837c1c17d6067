/* Records in, reports out: nothing here computes or judges anything anew.
 *
 *   fc_records records;              // read, or collected by a run
 *   fc_report_merge(&records, fc_checks, fc_check_count, error);
 *   fc_report report = {&records, &manifest, fc_checks, fc_check_count};
 *   fc_report_write("reports", &report, FC_FORMAT_BIT(MD), error);
 *   exit status: fc_summarize(&summary, &report) -> summary.exit_status
 */
#ifndef FC_REPORTS_REPORT_H
#define FC_REPORTS_REPORT_H

#include "claims/claim.h"
#include "manifest.h"
#include "record/record.h"

#define FC_REPORT_SCHEMA 1

typedef struct fc_report {
  const fc_records *records; /* merged: in canonical order, no duplicates */
  const fc_manifest *manifest;
  /* Every check module in the order of the reports, with the titles; records
   * of checks that are not there come after them, by name. */
  const fc_check *const *checks;
  size_t check_count;
} fc_report;

/* Sorts records into the canonical order (instance, check, schedule, claim;
 * checks and claims in the order of the modules), so that shards give what a
 * single run gives.  Records of equal check, claim, instance and schedule must
 * be equal apart from `seconds`, and become one; FC_VALUE where they contradict
 * each other. */
fc_status fc_report_merge(fc_records *records, const fc_check *const *checks,
                          size_t check_count, fc_error *error);

/* --- summary ---------------------------------------------------------- */

/* What the records of one claim say together, over every instance and schedule
 * to which it applies. */
#define FC_ANSWER_LIST(X)                                                      \
  X(CERTIFIED, "certified") /* holds, an enclosure everywhere */               \
  X(PARTLY, "partly-certified")                                                \
  X(NUMERICAL, "numerical") /* holds as far as the search went */              \
  X(FALSE, "false")         /* violated somewhere */                           \
  X(UNDECIDED, "undecided") /* inconclusive or error somewhere */              \
  X(NOT_APPLICABLE, "not-applicable")

#define X(name, text) FC_ANSWER_##name,
typedef enum fc_answer { FC_ANSWER_LIST(X) FC_ANSWER_COUNT } fc_answer;
#undef X

const char *fc_answer_name(fc_answer answer);

typedef struct fc_summary {
  size_t records;
  size_t as_expected;
  size_t contradicting; /* a verdict that is not the expected one */
  size_t undecided;     /* inconclusive or error */
  size_t verdicts[FC_KIND_COUNT][FC_VERDICT_COUNT];
  size_t planted; /* controls that apply */
  size_t bases[FC_BASIS_COUNT];
  size_t claims[FC_KIND_COUNT][FC_ANSWER_COUNT];
  double false_alarm; /* sum over the records: bounds the probability that any
                         statistical verdict is wrong */
  size_t attained; /* claims, controls and probes aside, attained somewhere */
  int exit_status; /* 0 as expected, 1 contradictions, 3 undecided */
} fc_summary;

/* FC_MEMORY is the only failure. */
fc_status fc_summarize(fc_summary *summary, const fc_report *report);

/* True for what ended without a verdict. */
static inline bool fc_record_undecided(const fc_record *record) {
  return record->verdict == FC_VERDICT_INCONCLUSIVE ||
         record->verdict == FC_VERDICT_ERROR;
}

/* --- rendering -------------------------------------------------------- */

/* {"schema":1,"manifest":{...},"summary":{...},"records":[...]}, one record a
 * line. */
fc_status fc_report_json(fc_text *out, const fc_report *report);

/* figures: whether to link the figures that fc_report_write puts beside it. */
fc_status fc_report_markdown(fc_text *out, const fc_report *report,
                             bool figures);

/* One self-contained page: no script, nothing loaded from elsewhere. */
fc_status fc_report_html(fc_text *out, const fc_report *report);

/* JUnit XML: a suite a check, a case a record with a name of its own. */
fc_status fc_report_junit(fc_text *out, const fc_report *report);

/* A screenful of Markdown for the page of a CI job. */
fc_status fc_report_summary(fc_text *out, const fc_report *report);

/* A table for LaTeX's \input. */
fc_status fc_report_tex(fc_text *out, const fc_report *report);

/* The records themselves, one a line. */
fc_status fc_report_records(fc_text *out, const fc_report *report);

/* Formats: what the command line calls them, and the file. */
#define FC_FORMAT_LIST(X)                                                      \
  X(MD, "md", "report.md") /* and figures/ */                                  \
  X(HTML, "html", "report.html")                                               \
  X(JSON, "json", "report.json")                                               \
  X(JSONL, "jsonl", "records.jsonl")                                           \
  X(JUNIT, "junit", "junit.xml")                                               \
  X(SUMMARY, "summary", "summary.md")                                          \
  X(TEX, "tex", "table.tex")                                                   \
  X(VERDICTS, "verdicts", "verdicts.tsv")                                      \
  X(INTOTO, "intoto", "test-result.intoto.json") /* about the files above */

#define X(name, word, file) FC_FORMAT_##name,
typedef enum fc_format { FC_FORMAT_LIST(X) FC_FORMAT_COUNT } fc_format;
#undef X

/* One bit a format. */
#define FC_FORMAT_BIT(name) (1u << FC_FORMAT_##name)

const char *fc_format_file(fc_format format);

/* Reads "md,html"; FC_NAME, saying which there are, for a word that is no
 * format. */
fc_status fc_formats_read(unsigned *formats, const char *list, fc_error *error);

/* Appends one format alone.  FC_UNSUPPORTED for INTOTO, which speaks of files.
 */
fc_status fc_report_render(fc_text *out, const fc_report *report,
                           fc_format format);

/* Writes the files of the formats into folder, which is made where it does not
 * exist, and SHA256SUMS of them.  Each file appears whole or not at all. */
fc_status fc_report_write(const char *folder, const fc_report *report,
                          unsigned formats, fc_error *error);

#endif
