/* flowcert manual: the manual page, made of what `--help` says. */
#include <string.h>

#include "config.h"
#include "usages.h"

const fc_usage fc_usage_manual = {
    "manual",
    "",
    0,
    0,
    "Prints the manual page, which `meson install` puts in its place.",
    "  flowcert manual | man -l -\n",
    NULL,
    0,
};

/* Text for roff: backslashes, dashes and what only begins a request. */
static void append(fc_text *out, const char *text) {
  bool begins = true;
  for (; *text; text++) {
    if (begins && (*text == '.' || *text == '\''))
      fc_text_append(out, "\\&");
    if (*text == '\\')
      fc_text_append(out, "\\e");
    else if (*text == '-')
      fc_text_append(out, "\\-");
    else if (*text == '\'')
      fc_text_append(out, "\\(aq");
    else if (*text == '`')
      fc_text_append(out, "\\(ga");
    else
      fc_text_append_bytes(out, text, 1);
    begins = *text == '\n';
  }
}

/* As it stands, in the font of programs. */
static void append_verbatim(fc_text *out, const char *text) {
  fc_text_append(out, ".PP\n.EX\n");
  append(out, text);
  size_t length = strlen(text);
  fc_text_append(out, length && text[length - 1] == '\n' ? "" : "\n");
  fc_text_append(out, ".EE\n");
}

static void append_option(fc_text *out, const char *name, const char *value,
                          const char *help) {
  fc_text_append(out, ".TP\n\\fB\\-\\-");
  append(out, name);
  fc_text_append(out, "\\fR");
  if (value) {
    fc_text_append(out, " \\fI");
    append(out, value);
    fc_text_append(out, "\\fR");
  }
  fc_text_append(out, "\n");
  append(out, help);
  fc_text_append(out, "\n");
}

static void append_command(fc_text *out, const fc_command *command) {
  const fc_usage *usage = command->usage;
  fc_text_append(out, ".SH \"FLOWCERT ");
  for (const char *c = command->name; *c; c++)
    fc_text_printf(out, "%c", *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
  fc_text_append(out, "\"\n\\fBflowcert ");
  append(out, command->name);
  fc_text_append(out, "\\fR ");
  append(out, usage->operands);
  fc_text_append(out, usage->option_count ? " [OPTION...]\n" : "\n");
  append_verbatim(out, usage->text);
  for (size_t i = 0; i < usage->option_count; i++)
    append_option(out, usage->options[i].name, usage->options[i].value,
                  usage->options[i].help);
  append_option(out, "help", NULL, "what the command does");
  fc_text_append(out, ".PP\nExamples:\n");
  append_verbatim(out, usage->examples);
}

static const char surroundings[] =
    ".SH \"EXIT STATUS\"\n"
    ".TP\n0\nevery verdict is as expected\n"
    ".TP\n1\nsome verdict contradicts its expectation\n"
    ".TP\n2\nwrong usage or input; nothing was run\n"
    ".TP\n3\nsomething stayed inconclusive or failed\n"
    ".SH ENVIRONMENT\n"
    ".TP\n\\fBFLOWCERT_DATA\\fR\nthe folder that holds instances/, in place of "
    "the installed one\n"
    ".PP\nProgress is shown on a terminal only, unless \\fBTERM\\fR is not "
    "set.  No number depends on the locale.\n"
    ".SH FILES\nInstances are YAML files; \\fBflowcert new\\fR writes one with "
    "comments.\n";

static int print(void) {
  fc_text out[1];
  fc_text_init(out);
  fc_text_append(out, ".TH FLOWCERT 1 \"\" \"flowcert " FC_VERSION "\" "
                      "\"User Commands\"\n"
                      ".SH NAME\nflowcert \\- decides with numbers whether the "
                      "bounds of flow models hold\n"
                      ".SH SYNOPSIS\n\\fBflowcert\\fR COMMAND "
                      "[ARGUMENT...]\n.SH COMMANDS\n");
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++) {
    fc_text_printf(out, ".TP\n\\fB%s\\fR\n", fc_commands[i].name);
    append(out, fc_commands[i].summary);
    fc_text_append(out, "\n");
  }
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    append_command(out, &fc_commands[i]);
  fc_text_append(out, surroundings);
  return fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

int fc_cmd_manual(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_manual, argc, argv);
  if (status < 0)
    status = print();
  fc_arguments_clear(&arguments);
  return status;
}
