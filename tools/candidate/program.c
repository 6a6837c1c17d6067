/* Candidates that speak JSON, one line a request and one line an answer. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidate/candidate.h"
#include "candidate/number.h"
#include "json_text.h"

/* --- requests --------------------------------------------------------------
 */

static void append_list(fc_text *out, const char *name, const double *numbers,
                        size_t n) {
  fc_text_printf(out, ",\"%s\":[", name);
  for (size_t i = 0; i < n; i++) {
    if (i)
      fc_text_append(out, ",");
    fc_number(out, numbers[i], 17);
  }
  fc_text_append(out, "]");
}

static void append_points(fc_text *out, const char *name, const double *x,
                          size_t n, size_t d) {
  fc_text_printf(out, ",\"%s\":[", name);
  for (size_t i = 0; i < n; i++) {
    fc_text_append(out, i ? ",[" : "[");
    for (size_t k = 0; k < d; k++) {
      if (k)
        fc_text_append(out, ",");
      fc_number(out, x[i * d + k], 17);
    }
    fc_text_append(out, "]");
  }
  fc_text_append(out, "]");
}

static void append_request(fc_text *out, const fc_candidate *c,
                           const fc_question *q) {
  fc_text_printf(out,
                 "{\"id\":%ld,\"quantity\":\"%s\",\"instance\":", c->requests,
                 fc_asked_name(q->asked));
  fc_json_string(out, c->instance);
  fc_text_append(out, ",\"schedule\":");
  fc_json_string(out, c->schedule);
  fc_text_printf(out, ",\"dimension\":%zu", q->d);
  if (q->asked == FC_ASKED_FLOW)
    append_list(out, "s", q->s, q->n);
  if (q->asked != FC_ASKED_W2)
    append_list(out, "t", q->t, q->n);
  append_points(out, "x", q->x, q->n, q->d);
  if (q->asked == FC_ASKED_W2)
    append_points(out, "y", q->y, q->m, q->d);
  fc_text_append(out, "}\n");
}

/* --- answers ---------------------------------------------------------------
 */

/* NaN and Infinity are no JSON, but many programs write them: null instead. */
static void forgive(char *line) {
  static const char *const words[] = {"-Infinity", "Infinity", "NaN", "-inf",
                                      "inf",       "-nan",     "nan"};
  bool quoted = false;
  for (char *at = line; *at; at++) {
    if (*at == '\\' && quoted && at[1])
      at++;
    else if (*at == '"')
      quoted = !quoted;
    for (int i = 0; !quoted && i < 7; i++) {
      size_t length = strlen(words[i]);
      if (strncmp(at, words[i], length) != 0)
        continue;
      if (length == 3) { /* no room for null; any list of a list will do */
        memcpy(at, "\"\" ", 3);
      } else {
        memset(at, ' ', length);
        memcpy(at, "null", 4);
      }
      at += length - 1;
      break;
    }
  }
}

static double number_of(const json_t *value) {
  return json_is_number(value) ? json_number_value(value) : NAN;
}

/* A number, or what stands for one that is not finite. */
static bool is_scalar(const json_t *value) {
  return json_is_number(value) || json_is_null(value) ||
         (json_is_string(value) && !json_string_value(value)[0]);
}

/* One row of the answer; a bare number where one is expected. */
static bool take_row(double *to, const json_t *row, size_t width) {
  if (width == 1 && is_scalar(row)) {
    *to = number_of(row);
    return true;
  }
  if (!json_is_array(row) || json_array_size(row) != width)
    return false;
  for (size_t k = 0; k < width; k++) {
    if (!is_scalar(json_array_get(row, k)))
      return false;
    to[k] = number_of(json_array_get(row, k));
  }
  return true;
}

static bool complain(fc_problem *problem, fc_trouble trouble,
                     const char *text) {
  problem->trouble = trouble;
  snprintf(problem->text, sizeof problem->text, "%s", text);
  return false;
}

static bool take_values(double *values, fc_problem *problem, const json_t *list,
                        const fc_question *q) {
  size_t n = q->asked == FC_ASKED_W2 ? 1 : q->n;
  size_t width = q->asked == FC_ASKED_W2 ? 1 : q->d;
  if (!json_is_array(list))
    return complain(problem, FC_TROUBLE_SHAPE, "no list \"values\"");
  if (json_array_size(list) != n) {
    problem->trouble = FC_TROUBLE_SHAPE;
    snprintf(problem->text, sizeof problem->text, "%zu values for %zu points",
             json_array_size(list), n);
    return false;
  }
  for (size_t i = 0; i < n; i++)
    if (!take_row(values + i * width, json_array_get(list, i), width)) {
      problem->trouble = FC_TROUBLE_SHAPE;
      snprintf(problem->text, sizeof problem->text,
               "value %zu is not a list of %zu number%s", i + 1, width,
               width == 1 ? "" : "s");
      return false;
    }
  return true;
}

/* Quotes the beginning of what is no answer. */
static bool garbage(fc_problem *problem, bool *lost, const char *what,
                    const char *line) {
  char shown[61];
  size_t i = 0;
  for (; line[i] && line[i] != '\n' && i < 60; i++)
    shown[i] = line[i] >= ' ' && line[i] <= '~' ? line[i] : '?';
  shown[i] = '\0';
  *lost = true;
  problem->trouble = FC_TROUBLE_GARBAGE;
  snprintf(problem->text, sizeof problem->text, "%s: %s%s", what, shown,
           i == 60 ? "..." : "");
  return false;
}

static bool read_answer(double *values, fc_problem *problem, bool *lost,
                        fc_text *answer, const fc_candidate *c,
                        const fc_question *q) {
  char *end = memchr(answer->data, '\n', answer->length);
  if (end + 1 != answer->data + answer->length)
    return garbage(problem, lost, "more than one line", end + 1);
  *end = '\0';
  if (strlen(answer->data) != (size_t)(end - answer->data))
    return garbage(problem, lost, "a zero byte in the answer", answer->data);
  char *copy = fc_strdup(answer->data);
  forgive(answer->data);
  json_t *root = json_loads(answer->data, 0, NULL);
  bool good = false;
  const json_t *said = json_object_get(root, "error");
  if (!json_is_object(root))
    garbage(problem, lost, "no JSON object", copy ? copy : "");
  else if (json_integer_value(json_object_get(root, "id")) != c->requests)
    garbage(problem, lost, "the id is not that of the request",
            copy ? copy : "");
  else if (json_is_string(said)) {
    problem->trouble = FC_TROUBLE_REFUSED;
    snprintf(problem->text, sizeof problem->text, "it says: %.200s",
             json_string_value(said));
  } else
    good = take_values(values, problem, json_object_get(root, "values"), q);
  json_decref(root);
  free(copy);
  return good;
}

bool fc_program_ask(double *values, fc_problem *problem, bool *lost,
                    fc_candidate *c, const fc_question *q) {
  fc_error error;
  if (!c->channel->pid &&
      fc_channel_start_program(c->channel, c->target, &error) != FC_OK) {
    fc_explain_start(problem, lost, &error);
    return false;
  }
  fc_text request[1], answer[1];
  fc_text_init(request);
  fc_text_init(answer);
  append_request(request, c, q);
  bool good = fc_candidate_exchange(answer, problem, lost, c, request, 0) &&
              read_answer(values, problem, lost, answer, c, q);
  fc_text_clear(request);
  fc_text_clear(answer);
  return good;
}
