#include "completion.h"

#include <string.h>

#include "listing.h"
#include "report.h"

#define X(name, word, file) " " word
static const char format_words[] = FC_FORMAT_LIST(X);
#undef X
#define X(name, first, second, third) " " #name
static const char topic_words[] = FC_TOPIC_LIST(X);
#undef X

static const struct {
  const char *option;
  fc_completion value;
} options[] = {
    {"bound", {FC_COMPLETE_WORDS, "exact upper lower"}},
    {"certificates", {FC_COMPLETE_FOLDER, ""}},
    {"check", {FC_COMPLETE_TOPIC, "checks"}},
    {"claim", {FC_COMPLETE_TOPIC, "claims"}},
    {"family", {FC_COMPLETE_TOPIC, "families"}},
    {"format", {FC_COMPLETE_WORDS, format_words + 1}},
    {"method",
     {FC_COMPLETE_WORDS, "auto closed exact taylor direct gsl validated"}},
    {"out", {FC_COMPLETE_FOLDER, ""}},
    {"quantity", {FC_COMPLETE_WORDS, "velocity score flow w2"}},
    {"schedule", {FC_COMPLETE_TOPIC, "schedules"}},
    {"tier", {FC_COMPLETE_WORDS, "double mpfr certified"}},
};

static const struct {
  const char *command;
  fc_completion first, others;
} operands[] = {
    {"completion", {FC_COMPLETE_WORDS, "bash zsh"}, {FC_COMPLETE_NOTHING, ""}},
    {"eval",
     {FC_COMPLETE_TOPIC, "quantities"},
     {FC_COMPLETE_TOPIC, "instances"}},
    {"list", {FC_COMPLETE_WORDS, topic_words + 1}, {FC_COMPLETE_NOTHING, ""}},
    {"mutate",
     {FC_COMPLETE_TOPIC, "instances"},
     {FC_COMPLETE_TOPIC, "instances"}},
    {"run", {FC_COMPLETE_TOPIC, "instances"}, {FC_COMPLETE_TOPIC, "instances"}},
    {"test", {FC_COMPLETE_TOPIC, "instances"}, {FC_COMPLETE_NOTHING, ""}},
    {"w2", {FC_COMPLETE_TOPIC, "instances"}, {FC_COMPLETE_TOPIC, "instances"}},
};

static const fc_completion nothing = {FC_COMPLETE_NOTHING, ""};

fc_completion fc_completion_of_option(const char *option) {
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    if (strcmp(options[i].option, option) == 0)
      return options[i].value;
  return nothing;
}

fc_completion fc_completion_of_operand(const char *command, bool first) {
  for (size_t i = 0; i < sizeof operands / sizeof *operands; i++)
    if (strcmp(operands[i].command, command) == 0)
      return first ? operands[i].first : operands[i].others;
  return nothing;
}

void fc_completion_quote(fc_text *out, const char *text) {
  fc_text_append(out, "'");
  for (; *text; text++)
    if (*text == '\'')
      fc_text_append(out, "'\\''");
    else
      fc_text_append_bytes(out, text, 1);
  fc_text_append(out, "'");
}
