/* Completion for bash. */
#include "completion.h"

static const char beginning[] =
    "# Completion of flowcert for bash, written by `flowcert completion "
    "bash`.\n"
    "_flowcert_names() {\n"
    "  \"${COMP_WORDS[0]}\" list \"$1\" 2>/dev/null | awk '{ print $1 }'\n"
    "}\n\n"
    "_flowcert() {\n"
    "  local word=${COMP_WORDS[COMP_CWORD]} words=\n"
    "  local previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
    "  COMPREPLY=()\n"
    "  if [ \"$word\" = = ]; then # --tier=\n"
    "    word=\n"
    "  elif [ \"$previous\" = = ]; then # --tier=mp\n"
    "    previous=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "  fi\n";

static const char ending[] =
    "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
    "}\n\n"
    "complete -o default -F _flowcert flowcert\n";

static void append_set(fc_text *out, fc_completion value) {
  switch (value.kind) {
  case FC_COMPLETE_WORDS:
    fc_text_append(out, "words=");
    fc_completion_quote(out, value.words);
    break;
  case FC_COMPLETE_TOPIC:
    fc_text_printf(out, "words=$(_flowcert_names %s)", value.words);
    break;
  case FC_COMPLETE_FOLDER:
    fc_text_append(out, "compopt -o dirnames; return");
    break;
  default:
    fc_text_append(out, "return");
  }
  fc_text_append(out, " ;;\n");
}

/* Whatever follows an option that takes a value is that value. */
static void append_values(fc_text *out, const fc_command *command) {
  for (size_t i = 0; i < command->usage->option_count; i++) {
    const fc_option *option = &command->usage->options[i];
    if (!option->value)
      continue;
    fc_text_printf(out, "  '%s --%s') ", command->name, option->name);
    append_set(out, fc_completion_of_option(option->name));
  }
}

static void append_options(fc_text *out, const fc_command *command) {
  fc_text_printf(out, "  '%s -'*) words='", command->name);
  for (size_t i = 0; i < command->usage->option_count; i++)
    fc_text_printf(out, "--%s ", command->usage->options[i].name);
  fc_text_append(out, "--help' ;;\n");
}

static void append_operands(fc_text *out, const fc_command *command) {
  for (int first = 1; first >= 0; first--) {
    fc_completion value = fc_completion_of_operand(command->name, first);
    if (value.kind == FC_COMPLETE_NOTHING)
      continue;
    fc_text_printf(out, "  '%s '%s) ", command->name, first ? "2" : "*");
    append_set(out, value);
  }
}

static void append_each(fc_text *out,
                        void (*append)(fc_text *, const fc_command *)) {
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    append(out, &fc_commands[i]);
}

void fc_completion_bash(fc_text *out) {
  fc_text_append(out, beginning);
  fc_text_append(out, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words='");
  for (size_t i = 0; i < FC_COMMAND_COUNT; i++)
    fc_text_printf(out, "%s ", fc_commands[i].name);
  fc_text_append(out, "--help --version'\n    command=\n  fi\n"
                      "  case \"$command $previous\" in\n");
  append_each(out, append_values);
  fc_text_append(out, "  *)\n  case \"$command $word\" in\n");
  append_each(out, append_options);
  fc_text_append(out, "  *)\n  case \"$command $COMP_CWORD\" in\n");
  append_each(out, append_operands);
  fc_text_append(out, "  esac ;;\n  esac ;;\n  esac\n");
  fc_text_append(out, ending);
}
