/* flowcert: decides with numbers whether the bounds of flow models hold. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>
#include <mpfr.h>
#include <string.h>

#include "arith/arith.h"
#include "base/closest.h"
#include "config.h"
#include "usages.h"

static int print_help(void) {
  fc_text out[1];
  fc_text_init(out);
  fc_text_append(
      out, "Usage: flowcert COMMAND [ARGUMENT...]\n\n"
           "Decides with numbers that anyone can recheck whether the stated "
           "bounds of\nflow-model theory hold: in binary64, in MPFR, and as "
           "certified enclosures.\n\nCommands:\n");
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    fc_text_printf(out, "  %-10s %s\n", fc_commands[i].name,
                   fc_commands[i].summary);
  fc_text_append(
      out,
      "\n`flowcert COMMAND --help` explains a command; `flowcert --version` "
      "prints\nversions.\n\n"
      "Exit status: 0 every verdict is as expected; 1 some verdict contradicts "
      "its\nexpectation; 2 wrong usage or input, nothing was run; 3 something "
      "stayed\ninconclusive or failed.\n\n"
      "Examples:\n"
      "  flowcert list instances\n"
      "  flowcert run --out reports          judge the shipped suite\n"
      "  flowcert run my-target.yaml --check 'gif.velocity-*'\n"
      "  flowcert eval velocity two-bumps --schedule linear --t 1/2 --x 0.3\n"
      "  flowcert w2 two-bumps standard-normal\n");
  return fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

static int print_version(void) {
  fc_text out[1];
  fc_text_init(out);
  fc_text_printf(out,
                 "flowcert %s\nGSL %s, MPFR %s, GMP %s, certified tier %s\n",
                 FC_VERSION, gsl_version, mpfr_get_version(), gmp_version,
                 fc_have_arb() ? "(FLINT/Arb) included" : "not included");
  return fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

static int unknown_command(const char *word) {
  const char *names[FC_COMMAND_COUNT + 2] = {"--help", "--version"};
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    names[i + 2] = fc_commands[i].name;
  const char *closest = fc_closest_name(word, names, FC_COMMAND_COUNT + 2);
  if (closest)
    fc_message("unknown command '%s'; did you mean '%s'?", word, closest);
  else
    fc_message("unknown command '%s'", word);
  fc_message("see `flowcert --help`");
  return FC_EXIT_USAGE;
}

int main(int argc, char **argv) {
  gsl_set_error_handler_off(); /* GSL aborts by default */
  if (argc < 2) {
    fc_message("no command given; see `flowcert --help`");
    return FC_EXIT_USAGE;
  }
  const char *word = argv[1];
  if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
    return print_help();
  if (strcmp(word, "--version") == 0)
    return print_version();
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    if (strcmp(word, fc_commands[i].name) == 0)
      return fc_commands[i].run(argc - 1, argv + 1);
  return unknown_command(word);
}
