/* flowcert doctor: whether this build works here. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "clock.h"
#include "command.h"
#include "instances.h"
#include "manifest.h"
#include "options.h"
#include "self_test.h"

const fc_usage fc_usage_doctor = {
    "doctor",
    "",
    0,
    0,
    "Says which versions, features and surroundings this build has, and "
    "computes\n"
    "a few values that are known in closed form in each tier.  Takes a "
    "second.\n"
    "\nExit status: 0 all is well; 1 something is wrong, and said to be; 2 "
    "wrong\nusage.",
    "  flowcert doctor\n",
    NULL,
    0,
};

/* "libraries  GSL 2.7.1, MPFR 4.2.0" */
static void append_section(fc_text *out, const fc_manifest *manifest,
                           const char *section) {
  bool first = true;
  for (size_t i = 0; i < manifest->count; i++) {
    const fc_manifest_entry *entry = &manifest->entries[i];
    if (strcmp(entry->section, section) != 0)
      continue;
    fc_text_printf(out, first ? "%-11s" : ", ", section);
    if (strcmp(section, "libraries") == 0)
      fc_text_printf(out, "%s ", entry->key);
    fc_text_append(out, entry->value);
    first = false;
  }
  fc_text_append(out, first ? "" : "\n");
}

static bool append_versions(fc_text *out) {
  static const char *const sections[] = {"tool", "libraries", "compiler",
                                         "platform"};
  fc_manifest manifest;
  fc_manifest_init(&manifest);
  bool described = fc_manifest_describe(&manifest) == FC_OK;
  for (size_t i = 0; i < sizeof sections / sizeof *sections && described; i++)
    append_section(out, &manifest, sections[i]);
  fc_manifest_clear(&manifest);
  if (!described)
    fc_message("out of memory");
  return described;
}

static const char *variable(const char *name) {
  const char *value = getenv(name);
  return value && *value ? value : "not set";
}

static void append_surroundings(fc_text *out) {
  fc_text_printf(out,
                 "%-11sLC_ALL %s, LANG %s; numbers are read and written "
                 "with a point in any\n",
                 "locale", variable("LC_ALL"), variable("LANG"));
  fc_text_printf(out, "%-11sTZ %s; no result depends on it\n", "time zone",
                 variable("TZ"));
  fc_text_printf(out, "%-11s%ld\n", "processors",
                 sysconf(_SC_NPROCESSORS_ONLN));
}

static size_t count_claims(void) {
  size_t claims = 0;
  for (size_t i = 0; i < fc_check_count; i++)
    claims += fc_checks[i]->claim_count;
  return claims;
}

static bool append_content(fc_text *out) {
  fc_suite suite;
  fc_error error;
  bool found = fc_suite_read(&suite, &error) == FC_OK;
  fc_text_printf(out, "%-11s%zu checks, %zu claims", "content", fc_check_count,
                 count_claims());
  if (found) {
    fc_text_printf(out, ", %zu shipped instances\n", suite.count);
    fc_suite_clear(&suite);
    return true;
  }
  fc_text_append(out, "\n");
  fc_message_error(&error);
  return false;
}

static void append_failure(fc_text *out, const fc_self_test *test) {
  fc_text_printf(out, "WRONG: %s", test->wrong);
  if (test->error.status != FC_OK)
    fc_text_printf(out, " has no value: %s\n", test->error.message);
  else
    fc_text_printf(out, " = %s +/- %s\n",
                   test->got.mid ? test->got.mid : "nothing",
                   test->got.rad ? test->got.rad : "?");
}

static bool append_tier(fc_text *out, fc_tier tier) {
  double start = fc_clock_now();
  fc_text_printf(out, "%-11s%s: ", "self-test", fc_tier_name(tier));
  if (tier == FC_TIER_CERTIFIED && !fc_have_arb()) {
    fc_text_append(out, "not in this build, for want of FLINT/Arb\n");
    return true;
  }
  fc_self_test test;
  fc_self_test_run(&test, tier);
  bool right = test.right == test.values;
  if (right)
    fc_text_printf(out, "%zu of %zu values right (%.0f ms)\n", test.right,
                   test.values, 1e3 * (fc_clock_now() - start));
  else
    append_failure(out, &test);
  fc_self_test_clear(&test);
  return right;
}

static int examine(void) {
  static const fc_tier tiers[] = {FC_TIER_DOUBLE, FC_TIER_MPFR,
                                  FC_TIER_CERTIFIED};
  fc_text out[1];
  fc_text_init(out);
  bool well = append_versions(out);
  append_surroundings(out);
  well = append_content(out) && well;
  for (size_t i = 0; i < sizeof tiers / sizeof *tiers; i++)
    well = append_tier(out, tiers[i]) && well;
  fc_text_append(out, well ? "All is well.\n" : "Something is wrong.\n");
  if (!fc_emit(out))
    return FC_EXIT_USAGE;
  return well ? FC_EXIT_EXPECTED : FC_EXIT_CONTRADICTION;
}

int fc_cmd_doctor(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_doctor, argc, argv);
  if (status < 0)
    status = examine();
  fc_arguments_clear(&arguments);
  return status;
}
