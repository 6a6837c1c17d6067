/* flowcert report: records of one or several runs become one report. */
#include <string.h>

#include "checks.h"
#include "command.h"
#include "formats.h"
#include "options.h"
#include "report.h"

static const fc_option options[] = {
    {"format", "LIST", false,
     "which files, e.g. html,junit; default: md,html,json with --out, else md"},
    {"out", "DIR", false, "folder to write into; default: standard output"},
};

const fc_usage fc_usage_report = {
    "report",
    "RECORDS...",
    1,
    (size_t)-1,
    "Merges records (records.jsonl or report.json files, such as the shards "
    "of\n"
    "a run), assesses them and renders the report.  A record that comes twice\n"
    "counts once; two that contradict each other are an "
    "error.\n\n" FC_FORMATS_HELP
    "Exit status: 0 every verdict is as expected; 1 some verdict contradicts\n"
    "its expectation; 2 wrong usage or input; 3 something stayed inconclusive\n"
    "or failed.",
    "  flowcert report reports/records.jsonl --out reports\n"
    "  flowcert report shard-*/records.jsonl --format md > report.md\n"
    "  flowcert report shard-*/records.jsonl --format html,junit --out out\n",
    options,
    sizeof options / sizeof options[0],
};

/* The one format that is wanted; -1 where there are several. */
static int single(unsigned wanted) {
  for (int i = 0; i < FC_FORMAT_COUNT; i++)
    if (wanted == 1u << i)
      return i;
  return -1;
}

static int print(const fc_report *report, unsigned wanted) {
  fc_text out[1];
  fc_text_init(out);
  if (fc_report_render(out, report, (fc_format)single(wanted)) != FC_OK)
    out->failed = true;
  return fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

static int render(const fc_report *report, const char *folder,
                  unsigned wanted) {
  fc_error error;
  fc_summary summary;
  if (fc_summarize(&summary, report) != FC_OK) {
    fc_message("out of memory");
    return FC_EXIT_USAGE;
  }
  if (!folder && print(report, wanted) != FC_EXIT_EXPECTED)
    return FC_EXIT_USAGE;
  if (folder && fc_report_write(folder, report, wanted, &error) != FC_OK)
    return fc_message_error(&error);
  return summary.exit_status;
}

static fc_status read_all(fc_records *records, fc_manifest *manifest,
                          const fc_arguments *arguments, fc_error *error) {
  for (size_t i = 0; i < arguments->operand_count; i++) {
    fc_status status =
        fc_records_read_file(records, arguments->operands[i], error);
    if (status == FC_OK)
      status = fc_manifest_read_file(manifest, arguments->operands[i], error);
    if (status != FC_OK)
      return status;
  }
  if (records->count == 0)
    return fc_fail(error, FC_VALUE, "there is no record to report on");
  return fc_report_merge(records, fc_checks, fc_check_count, error);
}

static int report_on(const fc_arguments *arguments, unsigned wanted) {
  fc_error error;
  fc_records records;
  fc_manifest manifest;
  fc_records_init(&records);
  fc_manifest_init(&manifest);
  int status;
  if (read_all(&records, &manifest, arguments, &error) != FC_OK)
    status = fc_message_error(&error);
  else {
    const fc_report report = {&records, &manifest, fc_checks, fc_check_count};
    status = render(&report, fc_arguments_value(arguments, "out"), wanted);
  }
  fc_records_clear(&records);
  fc_manifest_clear(&manifest);
  return status;
}

/* Reads the formats; says what is wrong with them. */
static bool choose_formats(unsigned *wanted, const fc_arguments *arguments) {
  fc_error error;
  const char *list = fc_arguments_value(arguments, "format");
  bool to_folder = fc_arguments_has(arguments, "out");
  if (!list)
    list = to_folder ? FC_FORMATS_USUAL : "md";
  if (fc_formats_read(wanted, list, &error) != FC_OK) {
    fc_message_error(&error);
    return false;
  }
  if (!to_folder && single(*wanted) < 0) {
    fc_message("several formats need a folder: add --out DIR");
    return false;
  }
  if (*wanted == FC_FORMAT_BIT(INTOTO)) {
    fc_message("intoto is a statement about other files: add their formats and "
               "--out DIR");
    return false;
  }
  return true;
}

int fc_cmd_report(int argc, char **argv) {
  fc_arguments arguments;
  unsigned wanted;
  int status = fc_arguments_parse(&arguments, &fc_usage_report, argc, argv);
  if (status < 0)
    status = choose_formats(&wanted, &arguments) ? report_on(&arguments, wanted)
                                                 : FC_EXIT_USAGE;
  fc_arguments_clear(&arguments);
  return status;
}
