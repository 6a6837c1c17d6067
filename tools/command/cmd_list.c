/* flowcert list: what there is, for people or as JSON. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "command.h"
#include "listing.h"
#include "options.h"

#define COLUMNS 3

static const struct {
  const char *name;
  const char *columns[COLUMNS];
  int (*list)(json_t *array);
} topics[] = {
#define X(name, first, second, third)                                          \
  {#name, {first, second, third}, fc_list_##name},
    FC_TOPIC_LIST(X)
#undef X
};

enum { TOPIC_COUNT = sizeof topics / sizeof topics[0] };

static const fc_option options[] = {
    {"json", NULL, false, "as JSON"},
};

const fc_usage fc_usage_list = {
    "list",
    "[checks|claims|instances|families|schedules|quantities]",
    0,
    1,
    "Lists what there is; without an argument, everything in short.\n\n"
    "  checks      one module a result of the theory\n"
    "  claims      what the checks judge, with the bound of each as a formula\n"
    "  instances   the shipped targets\n"
    "  families    kinds of targets, with the keys of their instance files\n"
    "  schedules   the interpolation schedules, with their parameters\n"
    "  quantities  what `flowcert eval` evaluates (W_2 of two laws: "
    "`flowcert w2`)",
    "  flowcert list claims\n"
    "  flowcert list instances --json\n",
    options,
    sizeof options / sizeof options[0],
};

static int find_topic(const char *word) {
  const char *names[TOPIC_COUNT];
  for (int i = 0; i < TOPIC_COUNT; i++) {
    names[i] = topics[i].name;
    if (strcmp(word, names[i]) == 0)
      return i;
  }
  const char *closest = fc_closest_name(word, names, TOPIC_COUNT);
  if (closest)
    fc_message("nothing called '%s' to list; did you mean '%s'?", word,
               closest);
  else
    fc_message("nothing called '%s' to list; there are checks, claims, "
               "instances, families, schedules and quantities",
               word);
  return -1;
}

static const char *cell(const json_t *row, const char *key) {
  const char *text = json_string_value(json_object_get(row, key));
  return text ? text : "";
}

/* Characters, not bytes: what is listed is UTF-8. */
static int width_of(const char *text) {
  int width = 0;
  for (; *text; text++)
    width += (*text & 0xc0) != 0x80;
  return width;
}

static int column_width(const json_t *rows, const char *key) {
  int width = 0;
  for (size_t i = 0; i < json_array_size(rows); i++) {
    int one = width_of(cell(json_array_get(rows, i), key));
    width = one > width ? one : width;
  }
  return width;
}

/* Aligned columns; the last one that is not empty is left as it is. */
static void append_rows(fc_text *out, const json_t *rows,
                        const char *const columns[COLUMNS]) {
  int widths[COLUMNS];
  for (int k = 0; k < COLUMNS; k++)
    widths[k] = column_width(rows, columns[k]);
  for (size_t i = 0; i < json_array_size(rows); i++) {
    int blanks = 2;
    for (int k = 0; k < COLUMNS; k++) {
      const char *text = cell(json_array_get(rows, i), columns[k]);
      if (*text)
        fc_text_printf(out, "%*s%s", blanks, "", text);
      blanks = (*text ? 2 : blanks + 2) + widths[k] - width_of(text);
    }
    fc_text_append(out, "\n");
  }
}

static void append_json(fc_text *out, const json_t *value) {
  char *dumped = json_dumps(value, JSON_INDENT(2));
  if (dumped)
    fc_text_printf(out, "%s\n", dumped);
  else
    out->failed = true;
  free(dumped);
}

/* Lists one topic, or all of them where topic < 0. */
static int list(int topic, bool as_json) {
  json_t *all = json_object();
  fc_text out[1];
  fc_text_init(out);
  int status = FC_EXIT_EXPECTED;
  for (int i = 0; i < TOPIC_COUNT; i++) {
    if (topic >= 0 && i != topic)
      continue;
    json_t *rows = json_array();
    int one = topics[i].list(rows);
    status = one > status ? one : status;
    if (!as_json && topic < 0)
      fc_text_printf(out, "%s%s:\n", i ? "\n" : "", topics[i].name);
    if (!as_json)
      append_rows(out, rows, topics[i].columns);
    else if (topic >= 0)
      append_json(out, rows);
    json_object_set_new(all, topics[i].name, rows);
  }
  if (as_json && topic < 0)
    append_json(out, all);
  json_decref(all);
  return fc_emit(out) ? status : FC_EXIT_USAGE;
}

int fc_cmd_list(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_list, argc, argv);
  int topic = -1;
  if (status < 0 && arguments.operand_count) {
    topic = find_topic(arguments.operands[0]);
    if (topic < 0)
      status = FC_EXIT_USAGE;
  }
  if (status < 0)
    status = list(topic, fc_arguments_has(&arguments, "json"));
  fc_arguments_clear(&arguments);
  return status;
}
