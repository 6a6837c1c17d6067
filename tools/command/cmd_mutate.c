/* flowcert mutate: how much do the instances see of each bound? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "checks.h"
#include "clock.h"
#include "command.h"
#include "folder.h"
#include "instances.h"
#include "mutation.h"
#include "options.h"
#include "pool.h"
#include "progress.h"

enum { FLOW_COST = 8 }; /* of a shipped instance, at most, for flows */

static const fc_option options[] = {
    {"check", "GLOB", true, "only checks whose id matches, e.g. 'gif.vel*'"},
    {"claim", "GLOB", false,
     "only claims whose name or id matches, e.g. 'd.upper*'"},
    {"schedule", "S", false,
     "this schedule in place of the instances' own, NAME or NAME:key=value"},
    {"tier", "T", false,
     "what confirms a kill: mpfr (default) or certified (in Arb balls)"},
    {"precision", "BITS", false, "stated precision, 24 to 65536; default 128"},
    {"jobs", "N", false, "processes at once; default: one a processor"},
    {"seed", "S", false, "of the random search points; default 1"},
    {"time-budget", "SEC", false,
     "start nothing more after that time; what was not tried is not-run"},
    {"thorough", NULL, false, "search in that tier, too, not in binary64"},
    {"out", "DIR", false,
     "write mutants.jsonl (a line a mutant) and mutation.md into the folder"},
    {"json", NULL, false, "print a line of JSON a mutant, not the table"},
    {"quiet", NULL, false, "no progress and no table"},
};

const fc_usage fc_usage_mutate = {
    "mutate",
    "[INSTANCE...]",
    0,
    (size_t)-1,
    "Changes one thing in a claim, a sign, a factor, a term, an exponent, a\n"
    "constant, a name, a hypothesis, and looks for an instance (a file, or a\n"
    "shipped instance's name; without one the shipped suite and the instances\n"
    "of data/mutation, cheap ones first) that refutes the altered claim, "
    "until\n"
    "the first does. Bounds on flows are dear: without a name they see the\n"
    "cheap instances only. The search runs in binary64; a mutant is killed by\n"
    "a witness in MPFR or in balls only.\n"
    "\n"
    "Claims are statements and sharper forms whose formula is what is\n"
    "evaluated as a bound; mutation.md lists those that are not.\n"
    "\n"
    "Verdicts: killed; survived; weaker (proved to follow from the original\n"
    "with the constants of every instance that has them); looks-weaker "
    "(survived, and says nothing\n"
    "beyond the original at any of hundreds of random points, which proves\n"
    "nothing); looks-implied (the same with the claims beside it that hold of\n"
    "the same targets); equivalent (the same values at all of the points);\n"
    "nowhere (it was compared on no instance); not-run. Survivors are true, "
    "or\n"
    "show what the instances do not see.\n"
    "\n"
    "Exit status: 0 everything was run; 1 an unaltered claim was refuted;\n"
    "2 wrong usage or input, nothing was run; 3 something was not run.",
    "  flowcert mutate --out mutation        the shipped suite\n"
    "  flowcert mutate two-bumps --claim d.upper --schedule linear\n"
    "  flowcert mutate --check gif.flow-lipschitz --time-budget 60 --json\n",
    options,
    sizeof options / sizeof options[0],
};

typedef struct runner {
  fc_mutation *mutation;
  fc_progress progress[1];
  size_t *order;       /* the plan's units, cheap ones first */
  size_t *rounds;      /* of each unit: rounds are done one after the other */
  size_t first, count; /* the units of this round: order[first ..] */
  bool thorough, broken;
  double deadline; /* infinite: none */
} runner;

/* --- in the child ------------------------------------------------------------
 */

static bool write_whole(int descriptor, const fc_text *text) {
  const char *bytes = text->data;
  size_t length = text->length;
  while (length > 0) {
    ssize_t n = write(descriptor, bytes, length);
    if (n <= 0)
      return false;
    bytes += n;
    length -= (size_t)n;
  }
  return true;
}

static const fc_unit *unit_of(const runner *run, size_t i) {
  return &run->mutation->plan->units[run->order[run->first + i]];
}

/* Those of the unit's check that are still to be tried. */
static bool is_alive(const fc_mutation *m, size_t i, const fc_check *check) {
  const fc_subject *s = &m->subjects[i];
  return s->mutant->check == check && !s->killed &&
         (s->mutant->number == 0 || s->mutant->likeness != FC_LIKE_EQUIVALENT);
}

/* "s INDEX SLACK", or "k INDEX SLACK" and the record's line. */
static fc_status tell(fc_text *out, size_t index, fc_trial *trial) {
  if (!trial->compared)
    return FC_OK;
  fc_text_printf(out, "%c %zu %a\n", trial->killed ? 'k' : 's', index,
                 trial->slack);
  if (!trial->killed)
    return FC_OK;
  trial->record.profile_count = 0;
  return fc_record_write(out, &trial->record);
}

static fc_status try_unit(fc_text *out, const runner *run, const fc_unit *unit,
                          fc_mutant **mutants, size_t *indices,
                          fc_trial *trials, fc_error *error) {
  const fc_mutation *m = run->mutation;
  size_t count = 0;
  for (size_t i = 0; i < m->mutants->count; i++)
    if (is_alive(m, i, unit->check)) {
      mutants[count] = m->mutants->items[i];
      indices[count++] = i;
    }
  fc_job job = {.check = unit->check,
                .instance = unit->instance,
                .reference = unit->reference,
                .schedule = unit->schedule,
                .tier = m->plan->tier,
                .precision = m->plan->precision,
                .seed = m->plan->seed};
  fc_status status =
      fc_mutants_try(trials, &job, mutants, count, run->thorough, error);
  for (size_t i = 0; i < count && !status; i++)
    status = tell(out, indices[i], &trials[i]);
  fc_trials_clear(trials, count);
  return status;
}

/* Ends the process at the deadline, however late in the round it began. */
static bool set_alarm(const runner *run) {
  double left = run->deadline - fc_clock_now();
  if (left > 0 && isfinite(left))
    alarm((unsigned)ceil(left));
  return left > 0;
}

static int work(void *closure, size_t i, int descriptor) {
  const runner *run = closure;
  if (!set_alarm(run))
    return 1;
  size_t n = run->mutation->mutants->count;
  fc_text out[1];
  fc_error error = {0};
  fc_mutant **mutants = calloc(n, sizeof *mutants);
  size_t *indices = calloc(n, sizeof *indices);
  fc_trial *trials = calloc(n, sizeof *trials);
  fc_text_init(out);
  fc_status status = FC_MEMORY;
  if (mutants && indices && trials)
    status =
        try_unit(out, run, unit_of(run, i), mutants, indices, trials, &error);
  free(mutants);
  free(indices);
  free(trials);
  bool written = !status && !out->failed && write_whole(descriptor, out);
  fc_text_clear(out);
  return written ? 0 : 1;
}

/* --- in the parent -----------------------------------------------------------
 */

/* Every mutant that the unit should have tried. */
static void miss(runner *run, const fc_unit *unit) {
  fc_mutation *m = run->mutation;
  for (size_t i = 0; i < m->mutants->count; i++)
    if (is_alive(m, i, unit->check))
      m->subjects[i].missed = true;
}

static void survive(fc_subject *s, double slack, const fc_unit *unit) {
  if (!s->compared || slack < s->slack) {
    s->slack = slack;
    s->nearest = unit;
  }
  s->compared = true;
}

/* The first kill counts. */
static bool kill_with(fc_subject *s, double slack, const fc_unit *unit,
                      const char *line) {
  if (s->killed)
    return true;
  if (fc_record_read(&s->record, line, NULL, NULL) != FC_OK)
    return false;
  s->killed = s->compared = true;
  s->slack = slack;
  s->nearest = unit;
  s->reference = unit->reference;
  return true;
}

static bool take_lines(runner *run, const fc_unit *unit, char *line) {
  fc_mutation *m = run->mutation;
  char *stop;
  for (; line && (stop = strchr(line, '\n')); line = stop + 1) {
    char what;
    size_t index;
    double slack;
    *stop = '\0';
    if (sscanf(line, "%c %zu %la", &what, &index, &slack) != 3 ||
        index >= m->mutants->count)
      return false;
    fc_subject *s = &m->subjects[index];
    if (what == 's') {
      if (!s->killed)
        survive(s, slack, unit);
      continue;
    }
    line = stop + 1;
    if (!(stop = strchr(line, '\n')))
      return false;
    *stop = '\0';
    if (!kill_with(s, slack, unit, line))
      return false;
  }
  return true;
}

static void take(void *closure, size_t i, fc_unit_end end, int status,
                 fc_text *output) {
  runner *run = closure;
  (void)status;
  if (end != FC_UNIT_DONE || output->failed ||
      !take_lines(run, unit_of(run, i), output->data))
    miss(run, unit_of(run, i));
}

static void tick(void *closure, size_t finished, size_t running) {
  runner *run = closure;
  (void)running;
  char current[128] = "";
  if (finished < run->count) {
    const fc_unit *unit = unit_of(run, finished);
    snprintf(current, sizeof current, "%s on %s", unit->check->id,
             unit->instance->name);
  }
  fc_progress_show(run->progress, run->first + finished, current);
}

/* --- what is to be done ------------------------------------------------------
 */

/* The claims that the filters admit, of the checks in the plan. */
static fc_status add_check(fc_mutation *m, const fc_check *check,
                           fc_error *error) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < check->claim_count && !status; i++) {
    const fc_claim *claim = &check->claims[i];
    if (m->plan->claim_glob &&
        !fc_claim_matches(m->plan->claim_glob, check->id, claim->name))
      continue;
    const char *reason = fc_mutation_refusal(check, claim);
    if (!reason)
      status = fc_mutants_add(m->mutants, check, claim, fc_checks,
                              fc_check_count, error);
    else if (claim->kind == FC_KIND_STATEMENT || claim->kind == FC_KIND_SHARPER)
      m->left_out[m->left_out_count++] =
          (struct fc_left_out){check, claim, reason};
  }
  return status;
}

static bool in_plan(const fc_plan *plan, const fc_check *check) {
  for (size_t i = 0; i < plan->count; i++)
    if (plan->units[i].check == check)
      return true;
  return false;
}

static size_t most_claims(void) {
  size_t count = 0;
  for (size_t k = 0; k < fc_check_count; k++)
    count += fc_checks[k]->claim_count;
  return count;
}

static fc_status make_mutants(fc_mutation *m, fc_error *error) {
  m->left_out = calloc(most_claims() + 1, sizeof *m->left_out);
  fc_status status = m->left_out ? FC_OK : FC_MEMORY;
  for (size_t k = 0; k < fc_check_count && !status; k++)
    if (in_plan(m->plan, fc_checks[k]))
      status = add_check(m, fc_checks[k], error);
  if (!status)
    m->subjects = calloc(m->mutants->count + 1, sizeof *m->subjects);
  if (!status && !m->subjects)
    status = FC_MEMORY;
  for (size_t i = 0; i < m->mutants->count && !status; i++) {
    m->subjects[i].mutant = m->mutants->items[i];
    fc_record_init(&m->subjects[i].record);
  }
  return status;
}

/* How dear an instance is, roughly. */
static size_t cost_of(const fc_instance *instance) {
  const fc_target *target = instance->target;
  size_t d = fc_target_dimension(target);
  size_t components = fc_target_mixture_count(target);
  return (fc_target_is_integrated(target) ? 1000 : 0) + d * d +
         (components > 0 ? components : 4);
}

/* Instances in the order of their cost where the shipped suite is meant, else
 * as they were given. */
static void rank_instances(size_t *rank, const fc_plan *plan, bool by_cost) {
  for (size_t i = 0; i < plan->instance_count; i++) {
    rank[i] = i;
    if (!by_cost)
      continue;
    rank[i] = 0;
    size_t own = cost_of(plan->instances[i]);
    for (size_t j = 0; j < plan->instance_count; j++) {
      size_t other = cost_of(plan->instances[j]);
      rank[i] += other < own || (other == own && j < i);
    }
  }
}

static size_t instance_index(const fc_plan *plan, const fc_instance *instance) {
  size_t i = 0;
  while (plan->instances[i] != instance)
    i++;
  return i;
}

/* An instance's first schedule makes a round, the others the next. */
static void set_rounds(runner *run, const size_t *rank) {
  const fc_plan *plan = run->mutation->plan;
  size_t placed = 0;
  for (size_t k = 0; k < plan->count; k++) {
    const fc_unit *unit = &plan->units[k];
    bool first =
        plan->schedule || unit->schedule == unit->instance->schedules[0];
    run->rounds[k] = 2 * rank[instance_index(plan, unit->instance)] + !first;
  }
  for (size_t round = 0; round < 2 * plan->instance_count; round++)
    for (size_t k = 0; k < plan->count; k++)
      if (run->rounds[k] == round)
        run->order[placed++] = k;
}

static bool has_mutants(const fc_mutation *m, const fc_check *check) {
  for (size_t i = 0; i < m->mutants->count; i++)
    if (m->mutants->items[i]->check == check)
      return true;
  return false;
}

/* Units whose check has nothing to try do nothing; flows are dear, and are
 * looked at on the cheap ones of the shipped instances only. */
static void choose_units(fc_mutation *m, bool shipped) {
  size_t kept = 0;
  for (size_t k = 0; k < m->plan->count; k++) {
    const fc_unit unit = m->plan->units[k];
    bool dear =
        unit.check->claims[0].flow && cost_of(unit.instance) > FLOW_COST;
    if (has_mutants(m, unit.check) && !(shipped && dear))
      m->plan->units[kept++] = unit;
  }
  m->plan->count = kept;
}

static int prepare(runner *run, bool by_cost) {
  fc_mutation *m = run->mutation;
  fc_error error = {0};
  fc_status status = make_mutants(m, &error);
  if (status == FC_MEMORY)
    fc_fail(&error, status, "out of memory");
  if (status)
    return fc_message_error(&error);
  size_t *rank = calloc(m->plan->instance_count + 1, sizeof *rank);
  if (rank) {
    rank_instances(rank, m->plan, by_cost);
    choose_units(m, by_cost);
  }
  if (rank && m->plan->count == 0) {
    free(rank);
    fc_message("no claim that the filters admit has mutants: their formulas "
               "are not what is evaluated as a bound");
    return FC_EXIT_USAGE;
  }
  run->order = calloc(m->plan->count + 1, sizeof *run->order);
  run->rounds = calloc(m->plan->count + 1, sizeof *run->rounds);
  if (rank && run->order && run->rounds) {
    set_rounds(run, rank);
  } else {
    fc_message("out of memory");
    run->broken = true;
  }
  free(rank);
  return run->broken ? FC_EXIT_USAGE : -1;
}

/* --- doing it ----------------------------------------------------------------
 */

static void run_round(runner *run) {
  const fc_plan *plan = run->mutation->plan;
  double left = run->deadline - fc_clock_now();
  const fc_pool pool = {.count = run->count,
                        .jobs = plan->jobs,
                        .work = work,
                        .done = take,
                        .tick = tick,
                        .closure = run};
  if (left <= 0)
    for (size_t i = 0; i < run->count; i++)
      miss(run, unit_of(run, i));
  else if (!fc_pool_run(&pool))
    run->broken = true;
}

static void run_rounds(runner *run, bool quiet) {
  const fc_plan *plan = run->mutation->plan;
  fc_progress_start(run->progress, plan->count, quiet);
  for (run->first = 0; run->first < plan->count && !run->broken;
       run->first += run->count) {
    size_t round = run->rounds[run->order[run->first]];
    run->count = 0;
    while (run->first + run->count < plan->count &&
           run->rounds[run->order[run->first + run->count]] == round)
      run->count++;
    run_round(run);
  }
  fc_progress_end(run->progress);
}

/* --- what comes out ----------------------------------------------------------
 */

static fc_status write_lines(fc_text *out, const fc_mutation *m) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < m->mutants->count && !status; i++)
    if (m->mutants->items[i]->number > 0)
      status = fc_mutation_line(out, &m->subjects[i]);
  return status;
}

static fc_status write_file(const char *folder, const char *name,
                            const fc_text *text, fc_error *error) {
  fc_text path[1];
  fc_text_init(path);
  fc_text_printf(path, "%s/%s", folder, name);
  fc_status status =
      text->failed || path->failed
          ? fc_fail(error, FC_MEMORY, "out of memory")
          : fc_write_atomically(path->data, text->data ? text->data : "",
                                text->length, error);
  fc_text_clear(path);
  return status;
}

static int blame_originals(const fc_mutation *m) {
  int code = FC_EXIT_EXPECTED;
  for (size_t i = 0; i < m->mutants->count; i++) {
    const fc_subject *s = &m->subjects[i];
    if (s->mutant->number == 0 && s->killed) {
      fc_message("%s/%s itself, unaltered, is violated on %s (%s)",
                 s->mutant->check->id, s->mutant->original->name,
                 s->record.instance,
                 s->record.schedule ? s->record.schedule : "-");
      code = FC_EXIT_CONTRADICTION;
    }
  }
  size_t counts[FC_FATE_COUNT];
  fc_count_fates(counts, m, 0, m->mutants->count);
  return code == FC_EXIT_EXPECTED && counts[FC_FATE_NOT_RUN] > 0
             ? FC_EXIT_UNDECIDED
             : code;
}

static int finish(const fc_mutation *m, const fc_arguments *arguments) {
  const char *folder = fc_arguments_value(arguments, "out");
  fc_error error = {0};
  fc_text lines[1], text[1];
  fc_text_init(lines);
  fc_text_init(text);
  fc_status status = write_lines(lines, m);
  if (status || lines->failed)
    status = fc_fail(&error, FC_MEMORY, "out of memory");
  if (folder && !status)
    status = fc_make_folder(folder, &error);
  if (folder && !status)
    status = write_file(folder, "mutants.jsonl", lines, &error);
  fc_mutation_markdown(text, m);
  if (folder && !status)
    status = write_file(folder, "mutation.md", text, &error);
  fc_text_clear(text);
  fc_mutation_table(text, m);
  int code = status ? fc_message_error(&error) : blame_originals(m);
  if (!status && fc_arguments_has(arguments, "json"))
    code = fc_emit(lines) ? code : FC_EXIT_USAGE;
  else if (!status && !fc_arguments_has(arguments, "quiet"))
    code = fc_emit(text) ? code : FC_EXIT_USAGE;
  fc_text_clear(lines);
  fc_text_clear(text);
  return code;
}

static void clear(runner *run) {
  fc_mutation *m = run->mutation;
  for (size_t i = 0; m->subjects && i < m->mutants->count; i++)
    fc_record_clear(&m->subjects[i].record);
  free(m->subjects);
  free(m->left_out);
  fc_mutants_clear(m->mutants);
  fc_plan_clear(m->plan);
  free(run->order);
  free(run->rounds);
}

/* The shipped suite and the instances for mutants, as if they had been named;
 * false, after a message, where they cannot be read. */
static bool name_all(fc_arguments *arguments, fc_suite *suites) {
  fc_error error = {0};
  if (fc_suite_read(&suites[0], &error) ||
      fc_suite_read_mutation(&suites[1], &error)) {
    fc_message_error(&error);
    return false;
  }
  size_t count = suites[0].count + suites[1].count;
  const char **names = calloc(count + 1, sizeof *names);
  if (!names) {
    fc_message("out of memory");
    return false;
  }
  for (size_t i = 0; i < count; i++)
    names[i] = i < suites[0].count ? suites[0].names[i]
                                   : suites[1].names[i - suites[0].count];
  free(arguments->operands);
  arguments->operands = names;
  arguments->operand_count = count;
  return true;
}

static int mutate(const fc_arguments *arguments, bool shipped) {
  fc_mutation mutation = {0};
  runner run = {.mutation = &mutation, .deadline = INFINITY};
  bool quiet = fc_arguments_has(arguments, "quiet");
  int status = fc_plan_make(mutation.plan, arguments);
  if (status < 0 && mutation.plan->tier == FC_TIER_DOUBLE) {
    fc_message("a kill must be confirmed: --tier mpfr or certified");
    status = FC_EXIT_USAGE;
  }
  if (status < 0)
    status = prepare(&run, shipped);
  if (status < 0) {
    run.thorough = fc_arguments_has(arguments, "thorough");
    if (fc_arguments_has(arguments, "time-budget"))
      run.deadline = fc_clock_now() + mutation.plan->time_budget;
    run_rounds(&run, quiet);
    if (!run.broken && fc_mutation_prove(&mutation))
      run.broken = true;
    if (run.broken) {
      fc_message("out of memory or processes");
      status = FC_EXIT_UNDECIDED;
    } else {
      status = finish(&mutation, arguments);
    }
  }
  clear(&run);
  return status;
}

int fc_cmd_mutate(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_mutate, argc, argv);
  const char *folder =
      status < 0 ? fc_arguments_value(&arguments, "out") : NULL;
  if (folder && !fc_folder_usable(folder))
    status = FC_EXIT_USAGE;
  fc_suite suites[2] = {{0}};
  bool shipped = status < 0 && arguments.operand_count == 0;
  if (shipped && !name_all(&arguments, suites))
    status = FC_EXIT_USAGE;
  if (status < 0)
    status = mutate(&arguments, shipped);
  fc_suite_clear(&suites[0]);
  fc_suite_clear(&suites[1]);
  fc_arguments_clear(&arguments);
  return status;
}
