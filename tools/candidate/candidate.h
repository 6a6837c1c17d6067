/* Other people's code under test: what it computes, how it is reached, and what
 * it answers.  Nothing that it does ends the test: a crash, a loop without end,
 * garbage and NaN become problems of a request. */
#ifndef FC_TOOLS_CANDIDATE_CANDIDATE_H
#define FC_TOOLS_CANDIDATE_CANDIDATE_H

#include <stdbool.h>

#include "base/status.h"
#include "base/text.h"
#include "candidate/channel.h"

typedef enum fc_kind_of_candidate {
  FC_CANDIDATE_PROGRAM, /* speaks JSON, one line a request */
  FC_CANDIDATE_LIBRARY, /* flowcert_candidate.h, in a child process */
  FC_CANDIDATE_TABLE    /* rows of a file: answers at its own points alone */
} fc_kind_of_candidate;

typedef enum fc_asked {
  FC_ASKED_VELOCITY,
  FC_ASKED_SCORE,
  FC_ASKED_FLOW,
  FC_ASKED_W2,
  FC_ASKED_COUNT
} fc_asked;

const char *fc_asked_name(fc_asked asked); /* "velocity", ... */

/* A batch.  Flows have s; W_2 has m points y beside the n points x, and no
 * times. */
typedef struct fc_question {
  fc_asked asked;
  size_t n, d;
  const double *s, *t, *x;
  size_t m;
  const double *y;
} fc_question;

typedef enum fc_trouble {
  FC_TROUBLE_START,   /* it cannot be started or loaded */
  FC_TROUBLE_CRASH,   /* it ended */
  FC_TROUBLE_TIMEOUT, /* it did not answer in time */
  FC_TROUBLE_GARBAGE, /* the answer is no answer */
  FC_TROUBLE_SHAPE,   /* the wrong number of values */
  FC_TROUBLE_REFUSED, /* it says that it cannot */
  FC_TROUBLE_NAN,     /* values that are no finite numbers */
  FC_TROUBLE_LEFT     /* not asked any more after too many failures */
} fc_trouble;

const char *fc_trouble_name(fc_trouble trouble); /* "crash", ... */

typedef struct fc_problem {
  fc_trouble trouble;
  long request;    /* its id, from 1 */
  size_t count;    /* points that stay without an answer */
  double s, t, x0; /* the first of them */
  char text[256];  /* what happened */
} fc_problem;

enum { FC_PROBLEMS_MAX = 64, FC_FAILURES_MAX = 6 };

typedef struct fc_candidate {
  fc_kind_of_candidate kind;
  const char *target;              /* command or path */
  const char *instance, *schedule; /* told to programs */
  double timeout;                  /* seconds a request */
  size_t batch;                    /* points a request, at most */
  fc_channel channel[1];
  long requests;
  int failures; /* that cost a restart */
  fc_problem problems[FC_PROBLEMS_MAX];
  size_t problem_count, problems_in_all;
  size_t missing; /* points without an answer */
} fc_candidate;

/* From "program:COMMAND", "library:PATH" or "table:PATH"; nothing is started.
 * FC_NAME, FC_IO where the file is not there. */
fc_status fc_candidate_init(fc_candidate *candidate, const char *text,
                            fc_error *error);
void fc_candidate_clear(fc_candidate *candidate);

/* values: n*d numbers (1 for W_2), NaN where there is no answer.  Batches that
 * fail are asked again in halves, to find the point that is to blame, until
 * FC_FAILURES_MAX restarts.  Fails where memory runs out alone. */
fc_status fc_candidate_ask(double *values, fc_candidate *candidate,
                           const fc_question *question, fc_error *error);

/* It has failed so often that it is asked no more. */
bool fc_candidate_has_given_up(const fc_candidate *candidate);

/* --- one request each; private to this folder ------------------------------
 */

/* False where a problem was found (described, not yet counted); *lost tells
 * whether the process can be used no longer. */
bool fc_program_ask(double *values, fc_problem *problem, bool *lost,
                    fc_candidate *candidate, const fc_question *question);
bool fc_library_ask(double *values, fc_problem *problem, bool *lost,
                    fc_candidate *candidate, const fc_question *question);

/* A channel that could not be started: its problem. */
void fc_explain_start(fc_problem *problem, bool *lost, const fc_error *error);

/* Sends the request (which may have run out of memory) and takes the answer, of
 * `expected` bytes or (0) one line; false, with the problem in words and *lost
 * set, where that went wrong. */
bool fc_candidate_exchange(fc_text *answer, fc_problem *problem, bool *lost,
                           fc_candidate *candidate, const fc_text *request,
                           size_t expected);

#endif
