/* Completion for zsh. */
#include <string.h>

#include "completion.h"

static const char beginning[] =
    "#compdef flowcert\n"
    "# Completion of flowcert for zsh, written by `flowcert completion zsh`.\n"
    "_flowcert_names() {\n"
    "  compadd -- ${(f)\"$($words[1] list $1 2>/dev/null | awk '{ print $1 "
    "}')\"}\n"
    "}\n\n"
    "_flowcert() {\n"
    "  local previous=$words[CURRENT-1]\n"
    "  local -a entries\n";

static const char ending[] = "  _files\n"
                             "}\n\n"
                             "_flowcert \"$@\"\n";

static void append_set(fc_text *out, fc_completion value) {
  switch (value.kind) {
  case FC_COMPLETE_WORDS:
    fc_text_printf(out, "compadd -- %s; return", value.words);
    break;
  case FC_COMPLETE_TOPIC:
    fc_text_printf(out, "_flowcert_names %s", value.words);
    break;
  case FC_COMPLETE_FOLDER:
    fc_text_append(out, "_files -/; return");
    break;
  default:
    fc_text_append(out, "return");
  }
}

/* 'NAME:HELP' for _describe. */
static void append_entry(fc_text *out, const char *dashes, const char *name,
                         const char *help) {
  fc_text entry[1];
  fc_text_init(entry);
  fc_text_printf(entry, "%s%s:%s", dashes, name, help);
  fc_text_append(out, "    ");
  fc_completion_quote(out, entry->data ? entry->data : "");
  fc_text_append(out, "\n");
  out->failed = out->failed || entry->failed;
  fc_text_clear(entry);
}

static void append_commands(fc_text *out) {
  fc_text_append(out, "  if (( CURRENT == 2 )); then\n    entries=(\n");
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    append_entry(out, "", fc_commands[i].name, fc_commands[i].summary);
  fc_text_append(out, "    )\n    _describe command entries\n    return\n"
                      "  fi\n");
}

static void append_values(fc_text *out, const fc_command *command) {
  for (size_t i = 0; i < command->usage->option_count; i++) {
    const fc_option *option = &command->usage->options[i];
    if (!option->value)
      continue;
    fc_completion value = fc_completion_of_option(option->name);
    fc_text_printf(out, "  '%s --%s') ", command->name, option->name);
    append_set(out, value);
    fc_text_append(out,
                   value.kind == FC_COMPLETE_TOPIC ? "; return ;;\n" : " ;;\n");
  }
}

static void append_options(fc_text *out, const fc_command *command) {
  fc_text_printf(out, "  %s) entries=(\n", command->name);
  for (size_t i = 0; i < command->usage->option_count; i++)
    append_entry(out, "--", command->usage->options[i].name,
                 command->usage->options[i].help);
  append_entry(out, "--", "help", "what the command does");
  fc_text_append(out, "    ) ;;\n");
}

/* Files go with them. */
static void append_operands(fc_text *out, const fc_command *command) {
  for (int first = 1; first >= 0; first--) {
    fc_completion value = fc_completion_of_operand(command->name, first);
    if (value.kind == FC_COMPLETE_NOTHING)
      continue;
    fc_text_printf(out, "  '%s '%s) ", command->name, first ? "3" : "*");
    append_set(out, value);
    fc_text_append(out, " ;;\n");
  }
}

static void append_each(fc_text *out,
                        void (*append)(fc_text *, const fc_command *)) {
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    append(out, &fc_commands[i]);
}

void fc_completion_zsh(fc_text *out) {
  fc_text_append(out, beginning);
  append_commands(out);
  fc_text_append(out, "  case \"$words[2] $previous\" in\n");
  append_each(out, append_values);
  fc_text_append(out, "  esac\n  case $words[2] in\n");
  append_each(out, append_options);
  fc_text_append(out, "  esac\n"
                      "  if [[ $words[CURRENT] == -* ]]; then\n"
                      "    _describe -o option entries\n    return\n  fi\n"
                      "  case \"$words[2] $CURRENT\" in\n");
  append_each(out, append_operands);
  fc_text_append(out, "  esac\n");
  fc_text_append(out, ending);
}
