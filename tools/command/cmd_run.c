/* flowcert run: judge claims on instances. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "certificates.h"
#include "checks.h"
#include "clock.h"
#include "command.h"
#include "folder.h"
#include "formats.h"
#include "options.h"
#include "plan.h"
#include "pool.h"
#include "progress.h"
#include "report.h"

static const fc_option options[] = {
    {"check", "GLOB", true, "only checks whose id matches, e.g. 'gif.vel*'"},
    {"claim", "GLOB", false,
     "only claims whose name or id matches, e.g. 'd.upper*'"},
    {"schedule", "S", false,
     "this schedule in place of the instances' own, NAME or NAME:key=value"},
    {"tier", "T", false,
     "double, mpfr (default) or certified (adds Arb enclosures)"},
    {"precision", "BITS", false, "stated precision, 24 to 65536; default 128"},
    {"jobs", "N", false, "processes at once; default: one a processor"},
    {"shard", "I/N", false, "only the I-th of N parts of the work"},
    {"seed", "S", false, "of the random search points; default 1"},
    {"time-budget", "SEC", false,
     "for one check on one instance and schedule; default 600"},
    {"out", "DIR", false,
     "folder for records and report; default: flowcert-out"},
    {"format", "LIST", false,
     "which files beside records.jsonl; default: md,html,json"},
    {"certificates", "DIR", false,
     "folder for one file a certified claim, for flowcert-recheck; needs "
     "--tier certified"},
    {"strict", NULL, false,
     "exit 1, not 3, where something stays inconclusive or fails"},
    {"quiet", NULL, false, "no progress and no summary"},
};

const fc_usage fc_usage_run = {
    "run",
    "[INSTANCE...]",
    0,
    (size_t)-1,
    "Judges every claim on each instance (a file, or a shipped instance's "
    "name;\n"
    "without one the shipped suite) under each of its schedules, and writes\n"
    "records.jsonl and the report into the folder DIR.\n\n" FC_FORMATS_HELP
    "Exit status: 0 every verdict is as expected; 1 some verdict contradicts\n"
    "its expectation; 2 wrong usage or input, nothing was run; 3 something\n"
    "stayed inconclusive or failed.",
    "  flowcert run                          the shipped suite\n"
    "  flowcert run my-target.yaml --out out\n"
    "  flowcert run two-bumps --claim 'd.*' --schedule follmer --tier "
    "certified\n",
    options,
    sizeof options / sizeof options[0],
};

typedef struct runner {
  fc_plan plan[1];
  fc_records records;
  fc_progress progress[1];
  fc_certificates certificates[1];
  unsigned formats; /* of the report */
  bool broken;      /* memory ran out in the parent */
} runner;

/* --- in the child ------------------------------------------------------------
 */

typedef struct child {
  int descriptor;
  double last;
} child;

static bool write_whole(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t n = write(descriptor, bytes, length);
    if (n <= 0)
      return false;
    bytes += n;
    length -= (size_t)n;
  }
  return true;
}

static fc_status emit(void *sink, fc_record *record) {
  child *c = sink;
  fc_text line[1];
  double time = fc_clock_now();
  record->seconds = time - c->last;
  c->last = time;
  fc_text_init(line);
  fc_status status = fc_record_write(line, record);
  if (status == FC_OK && line->failed)
    status = FC_MEMORY;
  if (status == FC_OK && !write_whole(c->descriptor, line->data, line->length))
    status = FC_IO;
  fc_text_clear(line);
  fc_record_clear(record);
  return status;
}

static fc_status certify(void *sink, const fc_certificate *certificate) {
  const child *c = sink;
  fc_text frame[1];
  fc_text_init(frame);
  fc_status status = fc_certificates_frame(frame, certificate);
  if (status == FC_OK &&
      !write_whole(c->descriptor, frame->data, frame->length))
    status = FC_IO;
  fc_text_clear(frame);
  return status;
}

static fc_job job_of(const runner *run, const fc_unit *unit) {
  return (fc_job){.check = unit->check,
                  .instance = unit->instance,
                  .reference = unit->reference,
                  .schedule = unit->schedule,
                  .claim_glob = run->plan->claim_glob,
                  .tier = run->plan->tier,
                  .precision = run->plan->precision,
                  .seed = run->plan->seed,
                  .emit = emit,
                  .certify = run->certificates->folder ? certify : NULL};
}

/* A failure's message goes to the parent as a last line that is no JSON. */
static int work(void *closure, size_t i, int descriptor) {
  const runner *run = closure;
  const fc_unit *unit = &run->plan->units[i];
  child c = {descriptor, fc_clock_now()};
  fc_error error = {0};
  fc_job job = job_of(run, unit);
  job.sink = &c;
  fc_status status = unit->check->run(&job, &error);
  if (status == FC_OK)
    return 0;
  const char *text = error.message[0] ? error.message : fc_status_text(status);
  write_whole(descriptor, "#", 1);
  write_whole(descriptor, text, strlen(text));
  write_whole(descriptor, "\n", 1);
  return 1;
}

/* --- in the parent
 * ------------------------------------------------------------ */

static void keep(runner *run, fc_record *record) {
  if (fc_records_append(&run->records, record) != FC_OK)
    run->broken = true;
}

static bool has_record(const fc_records *records, size_t from,
                       const fc_check *check, const fc_claim *claim) {
  size_t length = strlen(check->id);
  for (size_t i = from; i < records->count; i++) {
    const char *id = records->items[i].claim;
    if (strncmp(id, check->id, length) == 0 && id[length] == '/' &&
        strcmp(id + length + 1, claim->name) == 0)
      return true;
  }
  return false;
}

/* A record with this verdict for each wanted claim that got none; controls,
 * too, for what was not refuted was not caught. */
static void blame(runner *run, const fc_unit *unit, size_t from,
                  fc_verdict verdict, const char *reason) {
  fc_job job = job_of(run, unit);
  for (size_t i = 0; i < unit->check->claim_count; i++) {
    const fc_claim *claim = &unit->check->claims[i];
    fc_record record[1];
    if (!fc_job_wants(&job, claim) ||
        has_record(&run->records, from, unit->check, claim))
      continue;
    if (fc_job_record(record, &job, claim) != FC_OK) {
      run->broken = true;
      return;
    }
    record->verdict = verdict;
    record->reason = fc_strdup(reason);
    keep(run, record);
  }
}

static void explain(char *text, size_t size, fc_unit_end end, int status,
                    const char *message, const runner *run) {
  if (end == FC_UNIT_CRASHED)
    snprintf(text, size, "the check ended with signal %d", status);
  else if (end == FC_UNIT_TIMEOUT)
    snprintf(text, size, "the check exceeded its time of %ld s",
             (long)run->plan->time_budget);
  else
    snprintf(text, size, "%s", message[0] ? message : "the check failed");
}

static void take(void *closure, size_t i, fc_unit_end end, int status,
                 fc_text *output) {
  runner *run = closure;
  const fc_unit *unit = &run->plan->units[i];
  size_t from = run->records.count;
  char message[512] = "";
  char *line = output->data, *stop;
  char *last = line ? line + output->length : NULL;
  bool readable = true;
  for (; line && (stop = strchr(line, '\n')); line = stop + 1) {
    if (line[0] == '%') {
      stop = fc_certificates_receive(run->certificates, line, last);
      readable = readable && stop;
      if (!stop)
        break;
      stop--; /* the loop steps over a line's end */
      continue;
    }
    *stop = '\0';
    fc_record record[1];
    fc_record_init(record);
    if (line[0] == '#')
      snprintf(message, sizeof message, "%s", line + 1);
    else if (fc_record_read(record, line, NULL, NULL) == FC_OK) {
      fc_certificates_settle(run->certificates, record);
      keep(run, record);
    } else
      readable = false;
  }
  fc_certificates_drop(run->certificates);
  if (end == FC_UNIT_DONE && readable)
    return;
  char reason[600];
  explain(reason, sizeof reason, end, status, message, run);
  /* A budget that is spent decides nothing; all else is a fault. */
  blame(run, unit, from,
        end == FC_UNIT_TIMEOUT ? FC_VERDICT_INCONCLUSIVE : FC_VERDICT_ERROR,
        reason);
}

static void tick(void *closure, size_t finished, size_t running) {
  runner *run = closure;
  (void)running;
  char current[128] = "";
  if (finished < run->plan->count) {
    const fc_unit *unit = &run->plan->units[finished];
    snprintf(current, sizeof current, "%s on %s", unit->check->id,
             unit->instance->name);
  }
  fc_progress_show(run->progress, finished, current);
}

/* --- what comes out
 * ------------------------------------------------------------ */

/* The digests of an instance's file and of the data that it refers to. */
static fc_status describe_input(fc_manifest *manifest,
                                const fc_instance *instance) {
  fc_status status =
      fc_manifest_add(manifest, "inputs", instance->name, instance->sha256);
  for (size_t i = 0; i < instance->data_count && status == FC_OK; i++) {
    const char *path = instance->data[i].path, *slash = strrchr(path, '/');
    fc_text key[1];
    fc_text_init(key);
    fc_text_printf(key, "%s: %s", instance->name, slash ? slash + 1 : path);
    char *text = fc_text_take(key);
    status = text ? fc_manifest_add(manifest, "inputs", text,
                                    instance->data[i].sha256)
                  : FC_MEMORY;
    free(text);
  }
  return status;
}

static fc_status describe(fc_manifest *manifest, const runner *run,
                          const fc_arguments *arguments) {
  const fc_plan *plan = run->plan;
  char number[32];
  fc_status status = fc_manifest_describe(manifest);
#define SETTING(key, value)                                                    \
  if (status == FC_OK)                                                         \
  status = fc_manifest_add(manifest, "settings", key, value)
  SETTING("tier", fc_tier_name(plan->tier));
  snprintf(number, sizeof number, "%ld", plan->precision);
  SETTING("precision", number);
  snprintf(number, sizeof number, "%" PRIu64, plan->seed);
  SETTING("seed", number);
  /* Not the shard: merged, the shards' report is that of the whole. */
  static const char *const filters[] = {"check", "claim", "schedule"};
  for (int k = 0; k < 3; k++) {
    const char *value;
    for (size_t i = 0; (value = fc_arguments_nth(arguments, filters[k], i));
         i++)
      SETTING(filters[k], value);
  }
#undef SETTING
  for (size_t i = 0; i < plan->instance_count && status == FC_OK; i++)
    status = describe_input(manifest, plan->instances[i]);
  return status;
}

/* What a person should open first. */
static const char *best_file(unsigned formats) {
  static const fc_format order[] = {FC_FORMAT_HTML, FC_FORMAT_MD,
                                    FC_FORMAT_SUMMARY, FC_FORMAT_JSON};
  for (size_t i = 0; i < sizeof order / sizeof *order; i++)
    if (formats & (1u << order[i]))
      return fc_format_file(order[i]);
  return fc_format_file(FC_FORMAT_JSONL);
}

/* The summary for a person at the terminal. */
static void summarize(fc_text *out, const fc_report *report,
                      const fc_summary *summary, const char *folder,
                      const char *file) {
  for (size_t i = 0; i < report->records->count; i++) {
    const fc_record *r = &report->records->items[i];
    if (fc_record_as_expected(r))
      continue;
    fc_text_printf(out, "%s on %s (%s): %s, expected %s%s%s\n  %s\n", r->claim,
                   r->instance, r->schedule ? r->schedule : "-",
                   fc_verdict_name(r->verdict), r->expectation,
                   r->reason ? ": " : "", r->reason ? r->reason : "",
                   r->replay);
    if (r->measured.mid && r->bound.mid)
      fc_text_printf(out, "  measured %s\n  bound    %s\n  at t = %s\n",
                     r->measured.mid, r->bound.mid,
                     r->witness_t.mid ? r->witness_t.mid : "-");
  }
  fc_text_printf(out,
                 "%zu verdicts: %zu as expected, %zu against expectation, "
                 "%zu undecided\nReport: %s/%s\n",
                 summary->records, summary->as_expected, summary->contradicting,
                 summary->undecided, folder, file);
}

/* What was certified without saying why, too: nobody should take silence for a
 * proof. */
static void tell_certificates(const fc_certificates *certificates) {
  if (certificates->folder)
    fc_message("%zu certificates written to %s; %zu certified verdicts have "
               "none",
               certificates->count, certificates->folder,
               certificates->missing);
}

static const char *folder_of(const fc_arguments *arguments) {
  const char *folder = fc_arguments_value(arguments, "out");
  return folder ? folder : "flowcert-out";
}

static int finish(runner *run, const fc_arguments *arguments) {
  const char *folder = folder_of(arguments);
  fc_error error;
  fc_manifest manifest;
  fc_summary summary;
  fc_text out[1];
  fc_manifest_init(&manifest);
  fc_text_init(out);
  const fc_report report = {&run->records, &manifest, fc_checks,
                            fc_check_count};
  fc_status status = describe(&manifest, run, arguments);
  if (status)
    fc_fail(&error, status, "out of memory");
  else
    status = fc_report_merge(&run->records, fc_checks, fc_check_count, &error);
  if (status == FC_OK)
    status = fc_report_write(folder, &report, run->formats, &error);
  if (status == FC_OK && (status = run->certificates->status) != FC_OK)
    error = run->certificates->error;
  if (status == FC_OK && (status = fc_summarize(&summary, &report)) != FC_OK)
    fc_fail(&error, status, "out of memory");
  int code = status ? fc_message_error(&error) : summary.exit_status;
  if (status == FC_OK && !fc_arguments_has(arguments, "quiet")) {
    summarize(out, &report, &summary, folder, best_file(run->formats));
    tell_certificates(run->certificates);
    if (!fc_emit(out))
      code = FC_EXIT_USAGE;
  }
  if (code == FC_EXIT_UNDECIDED && fc_arguments_has(arguments, "strict"))
    code = FC_EXIT_CONTRADICTION;
  fc_text_clear(out);
  fc_manifest_clear(&manifest);
  return code;
}

static int run_plan(runner *run, const fc_arguments *arguments) {
  const fc_pool pool = {.count = run->plan->count,
                        .jobs = run->plan->jobs,
                        .time_budget = run->plan->time_budget,
                        .work = work,
                        .done = take,
                        .tick = tick,
                        .closure = run};
  fc_progress_start(run->progress, pool.count,
                    fc_arguments_has(arguments, "quiet"));
  bool ran = fc_pool_run(&pool);
  fc_progress_end(run->progress);
  if (!ran || run->broken) {
    fc_message("out of memory or processes");
    return FC_EXIT_UNDECIDED;
  }
  return finish(run, arguments);
}

static bool choose_formats(runner *run, const fc_arguments *arguments) {
  fc_error error;
  const char *list = fc_arguments_value(arguments, "format");
  if (fc_formats_read(&run->formats, list ? list : FC_FORMATS_USUAL, &error) !=
      FC_OK) {
    fc_message_error(&error);
    return false;
  }
  run->formats |= FC_FORMAT_BIT(JSONL);
  return true;
}

/* True where certificates are not wanted, or can be made and written. */
static bool certificates_usable(const runner *run) {
  const char *folder = run->certificates->folder;
  if (!folder)
    return true;
  if (run->plan->tier != FC_TIER_CERTIFIED) {
    fc_message("--certificates needs --tier certified: the other tiers prove "
               "nothing");
    return false;
  }
  return fc_folder_usable(folder);
}

int fc_cmd_run(int argc, char **argv) {
  fc_arguments arguments;
  runner run[1];
  memset(run, 0, sizeof run);
  int status = fc_arguments_parse(&arguments, &fc_usage_run, argc, argv);
  if (status < 0) {
    fc_records_init(&run->records);
    fc_certificates_init(run->certificates,
                         fc_arguments_value(&arguments, "certificates"));
    if (!choose_formats(run, &arguments))
      status = FC_EXIT_USAGE;
    if (status < 0)
      status = fc_plan_make(run->plan, &arguments);
    if (status < 0 &&
        (!fc_folder_usable(folder_of(&arguments)) || !certificates_usable(run)))
      status = FC_EXIT_USAGE;
    if (status < 0)
      status = run_plan(run, &arguments);
    fc_certificates_clear(run->certificates);
    fc_plan_clear(run->plan);
    fc_records_clear(&run->records);
  }
  fc_arguments_clear(&arguments);
  return status;
}
