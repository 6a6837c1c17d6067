#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "command.h"

static const fc_option *find_option(const fc_usage *usage, const char *name,
                                    size_t length) {
  for (size_t i = 0; i < usage->option_count; i++)
    if (strlen(usage->options[i].name) == length &&
        strncmp(usage->options[i].name, name, length) == 0)
      return &usage->options[i];
  return NULL;
}

/* Ends a complaint: where the command's help is. */
static int see_help(const fc_usage *usage) {
  fc_message("see `flowcert %s --help`", usage->command);
  return FC_EXIT_USAGE;
}

static int unknown_option(const fc_usage *usage, const char *word) {
  const char *names[64] = {"help"};
  size_t count = 1;
  char name[65] = "";
  size_t length = strcspn(word + 2, "=");
  if (word[1] == '-' && length < sizeof name)
    memcpy(name, word + 2, length);
  for (size_t i = 0; i < usage->option_count && count < 64; i++)
    names[count++] = usage->options[i].name;
  const char *closest = fc_closest_name(name, names, count);
  if (closest)
    fc_message("unknown option %s; did you mean --%s?", word, closest);
  else
    fc_message("unknown option %s", word);
  return see_help(usage);
}

static void print_option(fc_text *out, const char *name, const char *value,
                         bool repeatable, const char *help) {
  int width = (int)strlen(name) + (value ? 1 + (int)strlen(value) : 0);
  fc_text_printf(out, "  --%s%s%s%*s%s%s\n", name, value ? " " : "",
                 value ? value : "", width < 24 ? 24 - width : 1, "", help,
                 repeatable ? " (may be repeated)" : "");
}

static int print_help(const fc_usage *usage) {
  fc_text out[1];
  fc_text_init(out);
  fc_text_printf(out, "Usage: flowcert %s%s%s%s\n\n%s\n", usage->command,
                 usage->operands[0] ? " " : "", usage->operands,
                 usage->option_count ? " [OPTION...]" : "", usage->text);
  fc_text_append(out, "\nOptions:\n");
  for (size_t i = 0; i < usage->option_count; i++) {
    const fc_option *option = &usage->options[i];
    print_option(out, option->name, option->value, option->repeatable,
                 option->help);
  }
  print_option(out, "help", NULL, false, "this text");
  fc_text_printf(out, "\nExamples:\n%s", usage->examples);
  return fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

static void give(fc_arguments *arguments, const fc_option *option,
                 const char *value) {
  arguments->given[arguments->given_count].option = option;
  arguments->given[arguments->given_count++].value = value;
}

/* Takes the option at argv[*i], and its value where that is the next word. */
static int take_option(fc_arguments *arguments, int argc, char **argv, int *i) {
  const fc_usage *usage = arguments->usage;
  const char *word = argv[*i];
  size_t length = strcspn(word + 2, "=");
  const fc_option *option =
      word[1] == '-' ? find_option(usage, word + 2, length) : NULL;
  if (!option)
    return unknown_option(usage, word);
  if (!option->repeatable && fc_arguments_has(arguments, option->name)) {
    fc_message("--%s is given twice", option->name);
    return see_help(usage);
  }
  const char *value = word[2 + length] ? word + 2 + length + 1 : NULL;
  if (!option->value && value) {
    fc_message("--%s takes no value", option->name);
    return see_help(usage);
  }
  if (option->value && !value) {
    if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0) {
      fc_message("--%s needs a value: --%s %s", option->name, option->name,
                 option->value);
      return see_help(usage);
    }
    value = argv[++*i];
  }
  give(arguments, option, value);
  return -1;
}

static int check_operands(const fc_arguments *arguments) {
  const fc_usage *usage = arguments->usage;
  if (arguments->operand_count < usage->min_operands) {
    fc_message("too few arguments: flowcert %s %s", usage->command,
               usage->operands);
    return see_help(usage);
  }
  if (arguments->operand_count > usage->max_operands) {
    fc_message("unexpected argument '%s'",
               arguments->operands[usage->max_operands]);
    return see_help(usage);
  }
  return -1;
}

/* Help is help wherever it stands, but not as the value of an option. */
static bool is_help(const char *word) {
  return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int fc_arguments_parse(fc_arguments *arguments, const fc_usage *usage, int argc,
                       char **argv) {
  memset(arguments, 0, sizeof *arguments);
  arguments->usage = usage;
  arguments->operands = calloc((size_t)argc + 1, sizeof *arguments->operands);
  arguments->given = calloc((size_t)argc + 1, sizeof *arguments->given);
  if (!arguments->operands || !arguments->given) {
    fc_message("out of memory");
    return FC_EXIT_USAGE;
  }
  bool options_ended = false;
  for (int i = 1; i < argc; i++) {
    if (options_ended || argv[i][0] != '-' || argv[i][1] == '\0')
      arguments->operands[arguments->operand_count++] = argv[i];
    else if (strcmp(argv[i], "--") == 0)
      options_ended = true;
    else if (is_help(argv[i]))
      return print_help(usage);
    else {
      int status = take_option(arguments, argc, argv, &i);
      if (status >= 0)
        return status;
    }
  }
  return check_operands(arguments);
}

void fc_arguments_clear(fc_arguments *arguments) {
  free(arguments->operands);
  free(arguments->given);
  memset(arguments, 0, sizeof *arguments);
}

static bool is_given(const struct fc_given *given, const char *name) {
  return given->option && strcmp(given->option->name, name) == 0;
}

const char *fc_arguments_nth(const fc_arguments *arguments, const char *name,
                             size_t i) {
  for (size_t k = 0; k < arguments->given_count; k++)
    if (is_given(&arguments->given[k], name) && i-- == 0)
      return arguments->given[k].value;
  return NULL;
}

const char *fc_arguments_value(const fc_arguments *arguments,
                               const char *name) {
  return fc_arguments_nth(arguments, name, 0);
}

bool fc_arguments_has(const fc_arguments *arguments, const char *name) {
  for (size_t k = 0; k < arguments->given_count; k++)
    if (is_given(&arguments->given[k], name))
      return true;
  return false;
}
