/* Candidates in a shared library, loaded by a child process. */
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidate/candidate.h"

/* A request: this, then s (flows), t, x (and y for W_2).  An answer: `reply`,
 * then the values. */
typedef struct call {
  uint64_t asked, n, d, m;
} call;

typedef struct reply {
  int64_t status; /* what the function returned */
  int64_t loaded; /* the library and the function are there */
  char text[240]; /* else why not */
} reply;

typedef int (*field_function)(size_t, size_t, const double *, const double *,
                              double *);
typedef int (*flow_function)(size_t, size_t, const double *, const double *,
                             const double *, double *);
typedef int (*w2_function)(size_t, size_t, size_t, const double *,
                           const double *, double *);

static size_t input_size(const call *c) {
  return c->asked == FC_ASKED_W2
             ? (c->n + c->m) * c->d
             : c->n * (c->d + 1 + (c->asked == FC_ASKED_FLOW));
}

static size_t output_size(const call *c) {
  return c->asked == FC_ASKED_W2 ? 1 : c->n * c->d;
}

/* --- the child -------------------------------------------------------------
 */

/* Pointers to functions and to data have one size here (POSIX). */
static void *find(void *library, fc_asked asked, reply *answer) {
  char name[32];
  snprintf(name, sizeof name, "flowcert_%s", fc_asked_name(asked));
  void *function = library ? dlsym(library, name) : NULL;
  const char *reason = dlerror();
  answer->loaded = function != NULL;
  if (!function)
    snprintf(answer->text, sizeof answer->text, "%s",
             reason ? reason : "the function is not there");
  return function;
}

static int64_t run(void *function, const call *c, const double *in,
                   double *out) {
  size_t n = c->n, d = c->d;
  field_function field;
  flow_function flow;
  w2_function w2;
  memcpy(&field, &function, sizeof field);
  memcpy(&flow, &function, sizeof flow);
  memcpy(&w2, &function, sizeof w2);
  if (c->asked == FC_ASKED_W2)
    return w2(n, c->m, d, in, in + n * d, out);
  if (c->asked == FC_ASKED_FLOW)
    return flow(n, d, in, in + n, in + 2 * n, out);
  return field(n, d, in, in + n, out);
}

static void serve(int in, int out, void *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  char failure[240] = "";
  if (!library)
    snprintf(failure, sizeof failure, "%s", dlerror());
  call c;
  while (fc_read_exactly(in, &c, sizeof c)) {
    reply answer = {0};
    size_t given = input_size(&c), wanted = output_size(&c);
    double *numbers = malloc((given + wanted) * sizeof *numbers);
    if (!numbers || !fc_read_exactly(in, numbers, given * sizeof *numbers))
      return;
    double *values = numbers + given;
    for (size_t i = 0; i < wanted; i++)
      values[i] = NAN;
    if (!library)
      memcpy(answer.text, failure, sizeof failure);
    else {
      void *function = find(library, (fc_asked)c.asked, &answer);
      if (function)
        answer.status = run(function, &c, numbers, values);
    }
    bool sent = fc_write_exactly(out, &answer, sizeof answer) &&
                fc_write_exactly(out, values, wanted * sizeof *values);
    free(numbers);
    if (!sent)
      return;
  }
}

/* --- the parent ------------------------------------------------------------
 */

static void append(fc_text *text, const double *numbers, size_t count) {
  fc_text_append_bytes(text, (const char *)numbers, count * sizeof *numbers);
}

static bool judge(double *values, fc_problem *problem, bool *lost,
                  const fc_text *answer, const call *c) {
  reply got;
  memcpy(&got, answer->data, sizeof got);
  if (!got.loaded) {
    *lost = true;
    problem->trouble = FC_TROUBLE_START;
    snprintf(problem->text, sizeof problem->text, "%.*s", (int)sizeof got.text,
             got.text);
    return false;
  }
  if (got.status != 0) {
    problem->trouble = FC_TROUBLE_REFUSED;
    snprintf(problem->text, sizeof problem->text, "the function returned %lld",
             (long long)got.status);
    return false;
  }
  memcpy(values, answer->data + sizeof got, output_size(c) * sizeof *values);
  return true;
}

bool fc_library_ask(double *values, fc_problem *problem, bool *lost,
                    fc_candidate *candidate, const fc_question *q) {
  call c = {q->asked, q->n, q->d, q->m};
  fc_error error;
  if (!candidate->channel->pid &&
      fc_channel_start_function(candidate->channel, serve,
                                (void *)(uintptr_t)candidate->target,
                                &error) != FC_OK) {
    fc_explain_start(problem, lost, &error);
    return false;
  }
  fc_text request[1], answer[1];
  fc_text_init(request);
  fc_text_init(answer);
  fc_text_append_bytes(request, (const char *)&c, sizeof c);
  if (q->s && q->asked == FC_ASKED_FLOW)
    append(request, q->s, q->n);
  if (q->asked != FC_ASKED_W2)
    append(request, q->t, q->n);
  append(request, q->x, q->n * q->d);
  if (q->asked == FC_ASKED_W2)
    append(request, q->y, q->m * q->d);
  bool good = fc_candidate_exchange(answer, problem, lost, candidate, request,
                                    sizeof(reply) + 8 * output_size(&c)) &&
              judge(values, problem, lost, answer, &c);
  fc_text_clear(request);
  fc_text_clear(answer);
  return good;
}
