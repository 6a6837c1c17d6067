/* flowcert test: other people's code beside certified references. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "candidate/report.h"
#include "candidate/table.h"
#include "command.h"
#include "folder.h"
#include "instances.h"
#include "numbers.h"
#include "options.h"
#include "record/record.h"
#include "request.h"

static const fc_option options[] = {
    {"candidate", "KIND:WHAT", false,
     "program:COMMAND, library:FILE.so or table:FILE (CSV or NPY)"},
    {"quantity", "Q", false, "velocity (default), score, flow or w2"},
    {"schedule", "S", false,
     "NAME or NAME:key=value; may be left out where the instance has one"},
    {"rtol", "R", false,
     "the tolerance, relative to the field's scale; default 10^-6"},
    {"points", "N", false,
     "random points beside those chosen to hurt; default 256, flows 48, where "
     "densities are integrated 24"},
    {"seed", "S", false, "of the random points; default 0"},
    {"from", "T", false, "no times before this one; default 0"},
    {"to", "T", false, "no times after this one; default 1"},
    {"timeout", "SEC", false, "for one answer of the candidate; default 10"},
    {"batch", "N", false, "points a request, at most; default 128"},
    {"out", "DIR", false, "write test.txt and test.json there"},
    {"json", NULL, false, "the report as one JSON object"},
};

const fc_usage fc_usage_test = {
    "test",
    "INSTANCE",
    1,
    1,
    "Tests a velocity field, a score, a flow map or a W_2 routine that "
    "someone\n"
    "else wrote.  It is asked at points chosen to hurt (both ends of time, "
    "tails,\n"
    "midpoints between components, where the field is steepest) and at random\n"
    "ones, and compared with certified values.  The report says how large the\n"
    "error is and where, which usual mistake explains it (sign, factor, "
    "another\n"
    "schedule, clipped or reversed time, a and b swapped, weights, widths), "
    "and\n"
    "whether the field still keeps the bound theta_t on its slope and carries\n"
    "p_s to p_t.\n"
    "\n"
    "A program reads one JSON object a line and answers each with one line,\n"
    "  {\"id\":1,\"quantity\":\"velocity\",\"instance\":...,\"schedule\":...,\n"
    "   \"dimension\":2,\"t\":[0.5,...],\"x\":[[0.1,0.2],...]}   (flows: "
    "\"s\")\n"
    "  {\"id\":1,\"values\":[[0.3,-0.4],...]}     or "
    "{\"id\":1,\"error\":\"why\"}\n"
    "A library exports a function of flowcert_candidate.h.  A table has rows\n"
    "t, x, value (flows also s, t, x, value).  A candidate that crashes, "
    "hangs,\n"
    "prints garbage or returns NaN is reported.\n"
    "\n"
    "Exit status: 0 within the tolerance at every point; 1 beyond it "
    "somewhere;\n"
    "2 wrong usage; 3 nothing beyond it, but some points stayed without an "
    "answer.",
    "  flowcert test two-bumps --schedule linear --candidate "
    "'program:python3 field.py'\n"
    "  flowcert test my.yaml --candidate library:./field.so --rtol 1/10^12\n"
    "  flowcert test triangle --schedule follmer --candidate table:values.npy\n"
    "  flowcert test two-bumps --schedule linear --quantity flow \\\n"
    "      --candidate 'program:./gsl-flow rk8pd 1e-10' --rtol 1/10^10 --to "
    "0.99\n"
    "  flowcert test squares --quantity w2 --candidate 'program:./w2.py' "
    "--json\n",
    options,
    sizeof options / sizeof options[0],
};

/* --- reading ---------------------------------------------------------------
 */

static bool read_quantity(fc_test *t, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "quantity");
  const char *names[FC_ASKED_COUNT];
  t->subject.asked = FC_ASKED_VELOCITY;
  if (!text)
    return true;
  for (int i = 0; i < FC_ASKED_COUNT; i++) {
    names[i] = fc_asked_name((fc_asked)i);
    if (strcmp(names[i], text) == 0) {
      t->subject.asked = (fc_asked)i;
      return true;
    }
  }
  const char *closest = fc_closest_name(text, names, FC_ASKED_COUNT);
  fc_message("--quantity takes velocity, score, flow or w2, not '%s'%s%s%s",
             text, closest ? "; did you mean " : "", closest ? closest : "",
             closest ? "?" : "");
  return false;
}

/* A constant between low and high. */
static bool read_number(double *value, const fc_arguments *arguments,
                        const char *name, double low, double high,
                        const char *what) {
  const char *text = fc_arguments_value(arguments, name);
  fc_formula *constant = NULL;
  fc_error error;
  if (!text)
    return true;
  bool good = fc_constant_parse(&constant, text, NULL, &error) == FC_OK &&
              fc_constant_eval_d(value, constant) == FC_OK && *value >= low &&
              *value <= high;
  fc_formula_free(constant);
  if (!good)
    fc_message("--%s takes %s, not '%s'", name, what, text);
  return good;
}

static bool read_numbers(fc_test *t, const fc_arguments *arguments) {
  fc_subject *s = &t->subject;
  long batch = 128;
  s->random_points = s->asked == FC_ASKED_FLOW ? 48 : 256;
  s->to = 1;
  t->rtol = 1e-6;
  bool good =
      fc_option_long(&s->random_points, arguments, "points", 0, 100000) &&
      fc_option_long(&batch, arguments, "batch", 1, 100000) &&
      fc_option_seed(&s->seed, arguments) &&
      fc_option_seconds(&t->candidate->timeout, arguments, "timeout") &&
      read_number(&t->rtol, arguments, "rtol", 0, 1, "a number in [0, 1]") &&
      read_number(&s->from, arguments, "from", 0, 1, "a time in [0, 1]") &&
      read_number(&s->to, arguments, "to", 0, 1, "a time in [0, 1]");
  t->candidate->batch = (size_t)batch;
  if (good && s->from > s->to) {
    fc_message("--from is after --to");
    return false;
  }
  return good;
}

static bool read_candidate(fc_test *t, const fc_arguments *arguments) {
  fc_error error;
  t->candidate_text = fc_arguments_value(arguments, "candidate");
  if (!t->candidate_text) {
    fc_message("what is to be tested? add --candidate program:COMMAND, "
               "library:FILE.so or table:FILE");
    return false;
  }
  if (fc_candidate_init(t->candidate, t->candidate_text, &error) != FC_OK) {
    fc_message_error(&error);
    return false;
  }
  if (t->candidate->kind == FC_CANDIDATE_TABLE &&
      t->subject.asked == FC_ASKED_W2) {
    fc_message("a table has values at points; W_2 needs a program or a "
               "library");
    return false;
  }
  return true;
}

/* What takes the test up again. */
static char *replay_of(int argc, char **argv) {
  fc_text text[1];
  fc_text_init(text);
  fc_text_append(text, "flowcert");
  for (int i = 0; i < argc; i++) {
    bool plain =
        argv[i][0] && strspn(argv[i], "abcdefghijklmnopqrstuvwxyz"
                                      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                      "-_./:=+,^") == strlen(argv[i]);
    fc_text_append(text, plain ? " " : " '");
    for (const char *at = argv[i]; *at; at++)
      if (*at == '\'')
        fc_text_append(text, "'\\''");
      else
        fc_text_append_bytes(text, at, 1);
    fc_text_append(text, plain ? "" : "'");
  }
  return fc_text_take(text);
}

/* --- testing ---------------------------------------------------------------
 */

static fc_status find_points(fc_test *t, fc_error *error) {
  if (t->candidate->kind == FC_CANDIDATE_TABLE)
    return fc_table_read(&t->spots, &t->values, t->candidate->target,
                         &t->subject, error);
  fc_status status = fc_spots_choose(&t->spots, &t->subject, error);
  if (status != FC_OK)
    return status;
  t->values = malloc(t->spots.count * t->spots.d * sizeof *t->values);
  if (!t->values)
    return fc_fail(error, FC_MEMORY, "out of memory");
  const fc_question question = {.asked = t->subject.asked,
                                .n = t->spots.count,
                                .d = t->spots.d,
                                .s = t->spots.s,
                                .t = t->spots.t,
                                .x = t->spots.x};
  return fc_candidate_ask(t->values, t->candidate, &question, error);
}

static fc_status test_claims(fc_test *t, fc_error *error) {
  if (t->candidate->kind == FC_CANDIDATE_TABLE) {
    t->slope.why_not = t->law.why_not = "a table answers at its points alone";
    return FC_OK;
  }
  if (fc_candidate_has_given_up(t->candidate)) {
    t->slope.why_not = t->law.why_not = "it has failed too often";
    return FC_OK;
  }
  fc_status status = fc_test_slope(&t->slope, t->candidate, &t->spots,
                                   &t->subject, t->rtol, error);
  if (status == FC_OK)
    status = fc_test_law(&t->law, t->candidate, &t->subject, t->rtol, error);
  return status;
}

static fc_status run(fc_test *t, fc_error *error) {
  fc_fail(error, FC_OK, "%s", "");
  if (t->subject.asked == FC_ASKED_W2)
    return fc_test_distances(&t->distances, t->candidate, &t->subject, t->rtol,
                             error);
  fc_status status = find_points(t, error);
  if (status == FC_OK)
    status = fc_reference_make(&t->reference, &t->spots, &t->subject, error);
  if (status == FC_OK)
    status = fc_errors_measure(&t->comparison, t->values, &t->spots,
                               &t->reference, t->rtol);
  if (status == FC_OK)
    status = fc_diagnose(&t->diagnosis, t->values, &t->spots, &t->reference,
                         &t->comparison, &t->subject);
  if (status == FC_OK && t->subject.asked == FC_ASKED_VELOCITY)
    status = test_claims(t, error);
  return status;
}

static bool write_one(const char *folder, const char *name,
                      const fc_text *text) {
  fc_text path[1];
  fc_error error;
  fc_text_init(path);
  fc_text_printf(path, "%s/%s", folder, name);
  bool good = !path->failed && !text->failed &&
              fc_write_atomically(path->data, text->data, text->length,
                                  &error) == FC_OK;
  if (!good)
    fc_message_error(&error);
  fc_text_clear(path);
  return good;
}

/* To stdout and into the folder; the exit status. */
static int deliver(const fc_test *t, const fc_arguments *arguments) {
  fc_text text[1], json[1];
  fc_error error;
  const char *folder = fc_arguments_value(arguments, "out");
  fc_text_init(text);
  fc_text_init(json);
  fc_test_text(text, t);
  fc_test_json(json, t);
  bool good = true;
  if (folder && fc_make_folder(folder, &error) != FC_OK) {
    fc_message_error(&error);
    good = false;
  } else if (folder)
    good = write_one(folder, "test.txt", text) &&
           write_one(folder, "test.json", json);
  good = fc_emit(fc_arguments_has(arguments, "json") ? json : text) && good;
  fc_text_clear(text);
  fc_text_clear(json);
  const char *verdict = fc_test_verdict(t);
  return !good                            ? FC_EXIT_USAGE
         : strcmp(verdict, "within") == 0 ? FC_EXIT_EXPECTED
         : strcmp(verdict, "beyond") == 0 ? FC_EXIT_CONTRADICTION
                                          : FC_EXIT_UNDECIDED;
}

static int test(fc_test *t, const fc_arguments *arguments) {
  fc_error error;
  signal(SIGPIPE, SIG_IGN); /* a candidate that is gone is met when reading */
  fc_status status = run(t, &error);
  if (status != FC_OK && !error.message[0])
    fc_fail(&error, status, "%s", fc_status_text(status));
  if (status != FC_OK)
    return fc_message_error(&error);
  return deliver(t, arguments);
}

static int prepare(fc_test *t, fc_instance **instance, fc_schedule **own,
                   const fc_arguments *arguments) {
  fc_error error;
  const char *folder = fc_arguments_value(arguments, "out");
  if (!read_quantity(t, arguments) || !read_candidate(t, arguments) ||
      !read_numbers(t, arguments) || (folder && !fc_folder_usable(folder)))
    return FC_EXIT_USAGE;
  if (fc_find_instance(instance, arguments->operands[0], &error) != FC_OK)
    return fc_message_error(&error);
  t->subject.instance = *instance;
  t->subject.target = (*instance)->target;
  t->subject.name = (*instance)->name;
  t->subject.d = fc_target_dimension((*instance)->target);
  int status =
      fc_choose_schedule(&t->subject.schedule, own, *instance, arguments);
  if (status >= 0)
    return status;
  t->candidate->instance = (*instance)->name;
  t->candidate->schedule = fc_schedule_label(t->subject.schedule);
  return -1;
}

static void clear(fc_test *t) {
  fc_candidate_clear(t->candidate);
  fc_errors_clear(&t->comparison);
  fc_reference_clear(&t->reference);
  fc_spots_clear(&t->spots);
  free(t->values);
  free(t->replay);
}

int fc_cmd_test(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_test, argc, argv);
  if (status < 0) {
    fc_test *t = calloc(1, sizeof *t);
    fc_instance *instance = NULL;
    fc_schedule *own = NULL;
    if (t)
      t->replay = replay_of(argc, argv);
    if (!t || !t->replay) {
      fc_message("out of memory");
      status = FC_EXIT_USAGE;
    } else
      status = prepare(t, &instance, &own, &arguments);
    if (status < 0)
      status = test(t, &arguments);
    if (t)
      clear(t);
    free(t);
    fc_schedule_free(own);
    fc_instance_free(instance);
  }
  fc_arguments_clear(&arguments);
  return status;
}
