#include "candidate/candidate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const asked_names[] = {"velocity", "score", "flow", "w2"};
static const char *const trouble_names[] = {
    "start", "crash", "timeout", "garbage", "shape", "refused", "nan", "left"};

const char *fc_asked_name(fc_asked asked) { return asked_names[asked]; }
const char *fc_trouble_name(fc_trouble trouble) {
  return trouble_names[trouble];
}

fc_status fc_candidate_init(fc_candidate *c, const char *text,
                            fc_error *error) {
  static const char *const kinds[] = {"program:", "library:", "table:"};
  memset(c, 0, sizeof *c);
  c->timeout = 10;
  c->batch = 128;
  int kind = 0;
  while (kind < 3 && strncmp(text, kinds[kind], strlen(kinds[kind])) != 0)
    kind++;
  if (kind == 3)
    return fc_fail(error, FC_NAME,
                   "--candidate takes program:COMMAND, library:FILE.so or "
                   "table:FILE, not '%s'",
                   text);
  c->kind = (fc_kind_of_candidate)kind;
  c->target = text + strlen(kinds[kind]);
  if (!*c->target)
    return fc_fail(error, FC_VALUE, "--candidate %s needs a %s after the colon",
                   text, kind == FC_CANDIDATE_PROGRAM ? "command" : "file");
  if (kind != FC_CANDIDATE_PROGRAM && access(c->target, R_OK) != 0)
    return fc_fail(error, FC_IO, "--candidate %s: there is no such file", text);
  return FC_OK;
}

void fc_candidate_clear(fc_candidate *c) {
  fc_channel_stop(c->channel, 1, NULL, 0);
}

void fc_explain_start(fc_problem *problem, bool *lost, const fc_error *error) {
  *lost = true;
  problem->trouble = FC_TROUBLE_START;
  snprintf(problem->text, sizeof problem->text, "%.200s", error->message);
}

static void explain(fc_problem *problem, fc_exchange state, fc_candidate *c) {
  char how[96] = "";
  switch (state) {
  case FC_EXCHANGE_TIMEOUT:
    problem->trouble = FC_TROUBLE_TIMEOUT;
    snprintf(problem->text, sizeof problem->text,
             "no answer within %g s; it was killed", c->timeout);
    fc_channel_stop(c->channel, 0, NULL, 0);
    return;
  case FC_EXCHANGE_CLOSED:
    fc_channel_stop(c->channel, 0.5, how, sizeof how);
    problem->trouble = strcmp(how, "exit status 127") == 0 ||
                               strcmp(how, "exit status 126") == 0
                           ? FC_TROUBLE_START /* so says the shell */
                           : FC_TROUBLE_CRASH;
    snprintf(problem->text, sizeof problem->text,
             "it ended without an answer: %s", how);
    return;
  default:
    problem->trouble = FC_TROUBLE_GARBAGE;
    snprintf(problem->text, sizeof problem->text, "%s",
             state == FC_EXCHANGE_LONG ? "an answer without end (above 64 MB)"
                                       : "the answer cannot be read");
  }
}

bool fc_candidate_exchange(fc_text *answer, fc_problem *problem, bool *lost,
                           fc_candidate *c, const fc_text *request,
                           size_t expected) {
  fc_exchange state = FC_EXCHANGE_FAILED;
  if (!request->failed)
    state = fc_channel_exchange(c->channel, request->data, request->length,
                                answer, expected, c->timeout);
  if (state == FC_EXCHANGE_DONE)
    return true;
  *lost = true;
  explain(problem, state, c);
  return false;
}

/* --- what goes wrong -------------------------------------------------------
 */

static void note(fc_candidate *c, const fc_problem *problem) {
  fc_problem *last =
      c->problem_count ? &c->problems[c->problem_count - 1] : NULL;
  c->missing += problem->count;
  if (last && last->trouble == FC_TROUBLE_LEFT &&
      problem->trouble == FC_TROUBLE_LEFT) {
    last->count += problem->count;
    return;
  }
  c->problems_in_all++;
  if (c->problem_count < FC_PROBLEMS_MAX)
    c->problems[c->problem_count++] = *problem;
}

static void set_first(fc_problem *problem, const fc_question *q, size_t i) {
  problem->s = q->s ? q->s[i] : 0;
  problem->t = q->t ? q->t[i] : 0;
  problem->x0 = q->x[i * q->d];
}

static size_t width(const fc_question *q) {
  return q->asked == FC_ASKED_W2 ? 1 : q->d;
}

static size_t rows(const fc_question *q) {
  return q->asked == FC_ASKED_W2 ? 1 : q->n;
}

/* Points some of whose values are no finite numbers count as missing. */
static void look_for_nan(double *values, fc_candidate *c,
                         const fc_question *q) {
  fc_problem problem = {.trouble = FC_TROUBLE_NAN, .request = c->requests};
  for (size_t i = 0; i < rows(q); i++) {
    bool finite = true;
    for (size_t k = 0; k < width(q); k++)
      finite = finite && isfinite(values[i * width(q) + k]);
    if (finite)
      continue;
    if (!problem.count++)
      set_first(&problem, q, i);
    for (size_t k = 0; k < width(q); k++)
      values[i * width(q) + k] = NAN;
  }
  if (!problem.count)
    return;
  snprintf(problem.text, sizeof problem.text,
           "%zu of %zu answers are no finite numbers", problem.count, rows(q));
  note(c, &problem);
}

/* --- batches ---------------------------------------------------------------
 */

static fc_question part_of(const fc_question *q, size_t from, size_t n) {
  fc_question part = *q;
  part.n = n;
  part.x += from * q->d;
  part.t = q->t ? q->t + from : NULL;
  part.s = q->s ? q->s + from : NULL;
  return part;
}

static void give_up(double *values, fc_candidate *c, const fc_question *q,
                    fc_problem *problem) {
  problem->request = c->requests;
  problem->count = rows(q);
  set_first(problem, q, 0);
  for (size_t i = 0; i < rows(q) * width(q); i++)
    values[i] = NAN;
  note(c, problem);
}

static void ask_part(double *values, fc_candidate *c, const fc_question *q) {
  fc_problem problem = {0};
  bool lost = false;
  if (c->failures >= FC_FAILURES_MAX) {
    problem.trouble = FC_TROUBLE_LEFT;
    snprintf(problem.text, sizeof problem.text,
             "not asked: it has failed too often");
    give_up(values, c, q, &problem);
    return;
  }
  c->requests++;
  bool good = c->kind == FC_CANDIDATE_PROGRAM
                  ? fc_program_ask(values, &problem, &lost, c, q)
                  : fc_library_ask(values, &problem, &lost, c, q);
  if (good) {
    look_for_nan(values, c, q);
    return;
  }
  c->failures += lost;
  if (problem.trouble == FC_TROUBLE_START)
    c->failures = FC_FAILURES_MAX; /* it will not start the next time */
  if (lost)
    fc_channel_stop(c->channel, 0, NULL, 0);
  bool split = lost && rows(q) > 1 && c->failures < FC_FAILURES_MAX;
  if (!split) {
    give_up(values, c, q, &problem);
    return;
  }
  size_t half = q->n / 2;
  fc_question first = part_of(q, 0, half);
  fc_question second = part_of(q, half, q->n - half);
  ask_part(values, c, &first);
  ask_part(values + half * q->d, c, &second);
}

bool fc_candidate_has_given_up(const fc_candidate *c) {
  return c->failures >= FC_FAILURES_MAX;
}

fc_status fc_candidate_ask(double *values, fc_candidate *c,
                           const fc_question *q, fc_error *error) {
  if (c->kind == FC_CANDIDATE_TABLE)
    return fc_fail(error, FC_UNSUPPORTED, "a table answers no questions");
  if (q->asked == FC_ASKED_W2) {
    ask_part(values, c, q);
    return FC_OK;
  }
  for (size_t from = 0; from < q->n; from += c->batch) {
    size_t n = q->n - from < c->batch ? q->n - from : c->batch;
    fc_question part = part_of(q, from, n);
    ask_part(values + from * q->d, c, &part);
  }
  return FC_OK;
}
