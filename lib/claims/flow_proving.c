#include "claims/flow_proving.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "claims/decision.h"
#include "claims/environment.h"
#include "claims/flow_bound.h"
#include "claims/proving.h"

static const char *const names[] = {"a",     "b",    "a_s",     "b_s",
                                    "kappa", "beta", "D",       "sigma",
                                    "R",     "L",    "diam_nu", "diam_rho"};
enum { NAMES = sizeof names / sizeof *names };

/* Every schedule is covered, and with it every pair of times. */
static const char domain[] =
    "every schedule; all x in R^d; all 0 <= s < t <= 1 in the claim's domain";

/* --- from a bound to its rate ------------------------------------------------
 */

/* *log = log(bound), taken apart. */
static fc_status log_of(fc_formula **log, const char *bound) {
  fc_formula *formula = NULL;
  fc_status status =
      fc_formula_parse(&formula, bound, names, NAMES, NULL, NULL);
  if (!status)
    status = fc_formula_log(log, formula, NULL);
  fc_formula_free(formula);
  return status;
}

static fc_status append_derivative(fc_text *out, const fc_formula *log,
                                   const char *variable,
                                   const char *derivative) {
  fc_formula *d = NULL;
  fc_status status = fc_formula_diff(&d, log, variable, NULL);
  char *printed = status ? NULL : fc_formula_print(d);
  if (printed)
    fc_text_printf(out, "(%s)*%s", printed, derivative);
  else if (!status)
    status = FC_MEMORY;
  free(printed);
  fc_formula_free(d);
  return status;
}

/* *rate = d log bound/dt (negative: minus it) as text. */
static fc_status rate_of(char **rate, const char *bound, bool negative) {
  fc_formula *log = NULL;
  fc_text out[1];
  fc_status status = log_of(&log, bound);
  fc_text_init(out);
  fc_text_append(out, negative ? "-(" : "(");
  if (!status)
    status = append_derivative(out, log, "a", "da");
  fc_text_append(out, " + ");
  if (!status)
    status = append_derivative(out, log, "b", "db");
  fc_text_append(out, ")");
  if (!status && (out->failed || !(*rate = fc_text_take(out))))
    status = FC_MEMORY;
  fc_text_clear(out);
  fc_formula_free(log);
  return status;
}

/* a for a_s and b for b_s, in place. */
static void set_start(char *text) {
  size_t to = 0;
  for (size_t i = 0; text[i]; i++) {
    if (text[i] == '_' && text[i + 1] == 's')
      i++;
    else
      text[to++] = text[i];
  }
  text[to] = '\0';
}

/* True where B(s, s) >= 1 is proved, for kappa where kappa a^2 + b^2 > 0. */
static fc_status starts_at_one(bool *proved, const char *bound) {
  static const fc_assumed_name assumed[] = {
      {"a", NULL, true},
      {"b", NULL, true},
      {"beta", NULL, true},
      {"D", NULL, true},
      {"sigma", NULL, true},
      {"R", NULL, true},
      {"L", NULL, true},
      {"diam_nu", NULL, true},
      {"diam_rho", NULL, true},
      {"v", NULL, true},
      {"kappa", "(v - b^2)/a^2", false},
  };
  fc_bound_proof proof[1];
  fc_formula *log = NULL;
  *proved = false;
  fc_status status = log_of(&log, bound);
  char *text = status ? NULL : fc_formula_print(log);
  if (text) {
    set_start(text);
    status = fc_prove_dominates(proof, text, "0", assumed,
                                sizeof assumed / sizeof *assumed, NULL);
    *proved = !status && proof->outcome == FC_OUTCOME_PROVED;
  }
  free(text);
  fc_formula_free(log);
  return status == FC_MEMORY ? status : FC_OK;
}

/* --- parts -------------------------------------------------------------------
 */

typedef struct statement {
  fc_flow_statement s;
  char *rate, *late_rate; /* owned */
} statement;

static void statement_clear(statement *s) {
  free(s->rate);
  free(s->late_rate);
}

static fc_status statement_init(statement *s, bool *complete,
                                const fc_flow_part *part, bool reverse) {
  *s = (statement){.s = {.formula = part->bound ? part->bound : part->rate,
                         .late_formula = part->late_bound ? part->late_bound
                                                          : part->late_rate,
                         .on_velocity = {.upper = !reverse,
                                         .formula = part->rate,
                                         .where = part->where,
                                         .late_formula = part->late_rate,
                                         .late_where = part->late_where}}};
  fc_status status = FC_OK;
  *complete = true;
  if (part->bound) {
    status = starts_at_one(complete, part->bound);
    if (!status)
      status = rate_of(&s->rate, part->bound, reverse);
    s->s.on_velocity.formula = s->rate;
  }
  if (!status && part->late_bound) {
    status = rate_of(&s->late_rate, part->late_bound, reverse);
    s->s.on_velocity.late_formula = s->late_rate;
  }
  return status;
}

/* The target has what the text needs. */
static bool has_constants(const char *text, const fc_target *target) {
  fc_formula *formula = NULL;
  if (!text)
    return true;
  bool known = fc_bound_parse(&formula, text, NULL) == FC_OK &&
               fc_bound_has_constants(NULL, formula, target);
  fc_formula_free(formula);
  return known;
}

static bool applies(const fc_flow_part *part, const fc_target *target) {
  return has_constants(part->bound, target) &&
         has_constants(part->rate, target) &&
         has_constants(part->where, target);
}

/* A later part that the target has no constants for is none. */
static void drop_late(fc_flow_part *part, const fc_target *target) {
  if (has_constants(part->late_bound, target) &&
      has_constants(part->late_rate, target) &&
      has_constants(part->late_where, target))
    return;
  part->late_bound = part->late_rate = part->late_where = NULL;
}

static size_t parts_of(fc_flow_part parts[FC_FLOW_PARTS], const fc_job *job,
                       const fc_claim *claim) {
  const fc_flow_bound_detail *detail = claim->detail;
  if (detail->parts)
    return detail->parts(parts, job, claim);
  if (detail->evaluate || detail->late_formula)
    return 0;
  parts[0] = (fc_flow_part){.bound = claim->formula};
  return 1;
}

fc_status fc_prove_flow_claim(fc_record *record, const fc_job *job,
                              const fc_claim *claim) {
  const fc_flow_bound_detail *detail = claim->detail;
  fc_flow_part parts[FC_FLOW_PARTS];
  statement statements[FC_FLOW_PARTS];
  fc_flow_statement all[FC_FLOW_PARTS];
  const fc_bound_statement whole = {.upper = !detail->reverse,
                                    .where = detail->where,
                                    .late_formula = detail->late_formula,
                                    .late_where = detail->late_where};
  size_t count = 0;
  bool complete =
      fc_relation_of(claim) == FC_AT_MOST && fc_proof_is_tried(record, job);
  size_t given = complete ? parts_of(parts, job, claim) : 0;
  fc_status status = FC_OK;
  for (size_t i = 0; i < given && complete && !status; i++) {
    drop_late(&parts[i], job->instance->target);
    if (!applies(&parts[i], job->instance->target))
      continue;
    status = statement_init(&statements[count], &complete, &parts[i],
                            detail->reverse);
    all[count] = statements[count].s;
    count++;
  }
  if (status == FC_UNSUPPORTED) { /* no derivative: nothing is proved */
    status = FC_OK;
    complete = false;
  }
  if (!status && complete && count > 0)
    status = fc_prove_flow_statements(record, job, claim, &whole, all, count,
                                      domain);
  for (size_t i = 0; i < count; i++)
    statement_clear(&statements[i]);
  return status;
}
