#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/utf8.h"
#include "checks.h"
#include "command.h"
#include "instances.h"
#include "names.h"
#include "numbers.h"

enum {
  NEEDS_SCHEDULE = 1,
  NEEDS_X = 2,
  NEEDS_CLAIM = 4,
  NEEDS_LINE = 8,
  NEEDS_FLOW = 16,
  NEEDS_GAP = 32
};

static const char *const names[] = {
#define X(NAME, name, shape, help) name,
    FC_QUANTITY_LIST(X)
#undef X
};

const char *fc_quantity_name(fc_quantity quantity) { return names[quantity]; }

static unsigned needs(fc_quantity quantity) {
  switch (quantity) {
  case FC_QUANTITY_CONSTANTS:
    return 0;
  case FC_QUANTITY_SCHEDULE:
    return NEEDS_SCHEDULE;
  case FC_QUANTITY_BOUND:
    return NEEDS_SCHEDULE | NEEDS_CLAIM;
  case FC_QUANTITY_VELOCITY_LIPSCHITZ:
    return NEEDS_SCHEDULE | NEEDS_GAP;
  case FC_QUANTITY_FLOW:
  case FC_QUANTITY_FLOW_JACOBIAN:
    return NEEDS_SCHEDULE | NEEDS_X | NEEDS_FLOW;
  case FC_QUANTITY_FLOW_LIPSCHITZ:
    return NEEDS_SCHEDULE | NEEDS_FLOW | NEEDS_GAP;
  case FC_QUANTITY_CDF:
  case FC_QUANTITY_QUANTILE:
    return NEEDS_SCHEDULE | NEEDS_X | NEEDS_LINE;
  default:
    return NEEDS_SCHEDULE | NEEDS_X;
  }
}

static int read_quantity(fc_request *r, const char *name) {
  for (int i = 0; i < FC_QUANTITY_COUNT; i++)
    if (strcmp(name, names[i]) == 0) {
      r->quantity = (fc_quantity)i;
      r->quantity_name = names[i];
      return -1;
    }
  const char *closest = fc_closest_name(name, names, FC_QUANTITY_COUNT);
  if (closest)
    fc_message("unknown quantity '%s'; did you mean '%s'?", name, closest);
  else
    fc_message("unknown quantity '%s'; `flowcert list quantities` lists them",
               name);
  return FC_EXIT_USAGE;
}

int fc_choose_schedule(const fc_schedule **schedule, fc_schedule **own,
                       const fc_instance *instance,
                       const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "schedule");
  fc_error error;
  if (text) {
    if (fc_schedule_parse(own, text, &error) != FC_OK)
      return fc_message_error(&error);
    *schedule = *own;
    return -1;
  }
  if (instance->schedule_count == 1) {
    *schedule = instance->schedules[0];
    return -1;
  }
  fc_text list[1];
  fc_text_init(list);
  for (size_t i = 0; i < instance->schedule_count; i++)
    fc_text_printf(list, "%s%s", i ? ", " : "",
                   fc_schedule_label(instance->schedules[i]));
  fc_message("which schedule? %s has several: add --schedule with one of %s",
             instance->name, list->data ? list->data : "");
  fc_text_clear(list);
  return FC_EXIT_USAGE;
}

/* A constant among the options; the message names the option. */
static int read_constant(fc_formula **constant, const char *option,
                         const char *text) {
  fc_error error;
  char shown[80];
  if (fc_constant_parse(constant, text, NULL, &error) == FC_OK)
    return -1;
  fc_message("--%s %s: column %u: %s", option,
             fc_utf8_quote(shown, sizeof shown, text), error.column,
             error.message);
  return FC_EXIT_USAGE;
}

/* -1 where the constant has a finite value, else the exit status. */
static int expect_number(const fc_formula *constant, const char *option,
                         const char *text) {
  fc_ctx ctx[1];
  fc_num value;
  char shown[80];
  fc_ctx_init_mpfr(ctx, 64);
  fc_init(value, ctx);
  fc_status status = fc_constant_eval(value, constant, ctx);
  fc_clear(value, ctx);
  if (status != FC_VALUE)
    return -1;
  fc_message("--%s %s: undefined, or not finite", option,
             fc_utf8_quote(shown, sizeof shown, text));
  return FC_EXIT_USAGE;
}

/* The sign of x - n: exact for rationals, however small; FC_BUDGET, FC_VALUE
 * where it cannot be told. */
static fc_status compare(int *sign, const fc_formula *x, long n) {
  mpq_t exact;
  mpq_init(exact);
  fc_formula *integer = NULL;
  fc_status status = FC_OK;
  if (fc_formula_get_mpq(exact, x))
    *sign = mpq_cmp_si(exact, n, 1);
  else if ((status = fc_constant_new_si(&integer, n, 1)) == FC_OK)
    status = fc_constant_compare(sign, x, integer);
  fc_formula_free(integer);
  mpq_clear(exact);
  return status;
}

/* -1 where 0 <= x <= 1 (or strictly), else the exit status, said what it should
 * be. */
static int in_unit_interval(const fc_formula *x, bool strictly,
                            const char *option, const char *text,
                            const char *what) {
  int above, below;
  char shown[80];
  fc_utf8_quote(shown, sizeof shown, text);
  if (compare(&above, x, 0) != FC_OK || compare(&below, x, 1) != FC_OK)
    fc_message("--%s %s: undefined, or too close to 0 or 1 to tell on which "
               "side; %s",
               option, shown, what);
  else if (above < strictly || -below < strictly)
    fc_message("--%s %s: %s", option, shown, what);
  else
    return -1;
  return FC_EXIT_USAGE;
}

static int read_moment(fc_formula **time, const char *option,
                       const char *text) {
  int status = read_constant(time, option, text);
  return status < 0 ? in_unit_interval(*time, false, option, text,
                                       "a time lies in [0, 1]")
                    : status;
}

static int read_time(fc_request *r, const fc_arguments *arguments) {
  r->t_text = fc_arguments_value(arguments, "t");
  if (!r->t_text) {
    fc_message("%s needs a time: add --t T with 0 <= T <= 1", r->quantity_name);
    return FC_EXIT_USAGE;
  }
  return read_moment(&r->t, "t", r->t_text);
}

/* Where a flow starts. */
static int read_start(fc_request *r, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "s");
  r->s_text = text ? text : "0";
  return read_moment(&r->s, "s", r->s_text);
}

/* How close an enclosure of a supremum should be. */
static int read_gap(fc_request *r, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "gap");
  fc_formula *gap = NULL;
  r->gap = 1e-6;
  if (!text)
    return -1;
  int status = read_constant(&gap, "gap", text);
  if (status < 0)
    status = in_unit_interval(gap, true, "gap", text,
                              "a relative gap lies between 0 and 1");
  if (status < 0 && fc_constant_eval_d(&r->gap, gap) != FC_OK)
    status = FC_EXIT_USAGE;
  fc_formula_free(gap);
  return status;
}

/* How a flow is to be computed. */
static int read_method(fc_request *r, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "method");
  const char *known[FC_FLOW_METHOD_COUNT];
  r->method = FC_FLOW_AUTO;
  if (!text)
    return -1;
  for (int i = 0; i < FC_FLOW_METHOD_COUNT; i++) {
    known[i] = fc_flow_method_name((fc_flow_method)i);
    if (strcmp(text, known[i]) == 0) {
      r->method = (fc_flow_method)i;
      return -1;
    }
  }
  const char *closest = fc_closest_name(text, known, FC_FLOW_METHOD_COUNT);
  fc_message("--method takes auto, closed, exact, taylor, direct, gsl or "
             "validated, not '%s'%s%s%s",
             text, closest ? "; did you mean " : "", closest ? closest : "",
             closest ? "?" : "");
  return FC_EXIT_USAGE;
}

/* The number of parts between commas that stand outside brackets. */
static int depth_of(char c) {
  return (c == '(' || c == '[') - (c == ')' || c == ']');
}

static size_t count_parts(const char *text) {
  size_t parts = 1;
  int depth = 0;
  for (; *text; text++) {
    depth += depth_of(*text);
    parts += *text == ',' && depth == 0;
  }
  return parts;
}

static const char *part_end(const char *text) {
  int depth = 0;
  for (; *text && (*text != ',' || depth > 0); text++)
    depth += depth_of(*text);
  return text;
}

/* A constant among the options that is a finite number: text[0..length). */
static int read_number(fc_formula **constant, const char *text, size_t length) {
  fc_text part[1];
  fc_text_init(part);
  fc_text_append_bytes(part, text, length);
  char *copy = fc_text_take(part);
  int status = copy ? read_constant(constant, "x", copy) : FC_EXIT_USAGE;
  if (status < 0)
    status = expect_number(*constant, "x", copy);
  free(copy);
  return status;
}

/* low <= high (0 <= radius), or the exit status. */
static int in_order(const fc_formula *low, const fc_formula *high,
                    const char *text) {
  int sign = 0;
  char shown[80];
  fc_status status =
      low ? fc_constant_compare(&sign, low, high) : compare(&sign, high, 0);
  if (!low)
    sign = -sign;
  if (status == FC_OK && sign <= 0)
    return -1;
  fc_message("--x %s: an interval is [LO,HI] with LO <= HI, or MID+/-RAD with "
             "RAD >= 0",
             fc_utf8_quote(shown, sizeof shown, text));
  return FC_EXIT_USAGE;
}

/* NUMBER, [LO,HI] or MID+/-RAD. */
static int read_coordinate(fc_request *r, size_t i) {
  const char *text = r->x_texts[i], *second = strstr(text, "+/-");
  size_t length = strlen(text);
  if (text[0] == '[' && text[length - 1] == ']' && count_parts(text + 1) == 2) {
    const char *comma = part_end(text + 1);
    int status = read_number(&r->x[i], text + 1, (size_t)(comma - text - 1));
    if (status < 0)
      status = read_number(&r->x_other[i], comma + 1,
                           (size_t)(text + length - 1 - (comma + 1)));
    return status < 0 ? in_order(r->x[i], r->x_other[i], text) : status;
  }
  if (!second)
    return read_number(&r->x[i], text, length);
  r->x_about[i] = true;
  int status = read_number(&r->x[i], text, (size_t)(second - text));
  if (status < 0)
    status = read_number(&r->x_other[i], second + 3, strlen(second + 3));
  return status < 0 ? in_order(NULL, r->x_other[i], text) : status;
}

/* Intervals need balls, and a quantity that takes them. */
static int may_be_intervals(fc_request *r) {
  for (size_t i = 0; i < r->x_count; i++)
    r->has_interval = r->has_interval || r->x_other[i];
  if (!r->has_interval ||
      (r->tier == FC_TIER_CERTIFIED && r->quantity != FC_QUANTITY_QUANTILE))
    return -1;
  if (r->quantity == FC_QUANTITY_QUANTILE)
    fc_message("quantile takes a number, no interval");
  else
    fc_message("an interval in --x needs --tier certified: only balls enclose "
               "what it may be");
  return FC_EXIT_USAGE;
}

static bool new_point(fc_request *r, size_t d) {
  r->x = calloc(d, sizeof *r->x);
  r->x_other = calloc(d, sizeof *r->x_other);
  r->x_about = calloc(d, sizeof *r->x_about);
  r->x_texts = calloc(d, sizeof *r->x_texts);
  return r->x && r->x_other && r->x_about && r->x_texts;
}

static int read_point(fc_request *r, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "x");
  size_t d = fc_target_dimension(r->instance->target);
  if (!text || count_parts(text) != d) {
    fc_message("%s on %s needs a point of %zu coordinate%s: add --x X1,X2,...",
               r->quantity_name, r->instance->name, d, d == 1 ? "" : "s");
    return FC_EXIT_USAGE;
  }
  if (!new_point(r, d)) {
    fc_message("out of memory");
    return FC_EXIT_USAGE;
  }
  int status = -1;
  for (; r->x_count < d && status < 0; r->x_count++) {
    const char *end = part_end(text);
    fc_text part[1];
    fc_text_init(part);
    fc_text_append_bytes(part, text, (size_t)(end - text));
    r->x_texts[r->x_count] = fc_text_take(part);
    status =
        r->x_texts[r->x_count] ? read_coordinate(r, r->x_count) : FC_EXIT_USAGE;
    text = *end ? end + 1 : end;
  }
  if (status < 0)
    status = may_be_intervals(r);
  if (status < 0 && r->quantity == FC_QUANTITY_QUANTILE)
    status = in_unit_interval(r->x[0], true, "x", r->x_texts[0],
                              "quantile takes a probability between 0 and 1");
  return status;
}

static int read_claim(fc_request *r, const fc_arguments *arguments) {
  r->claim_text = fc_arguments_value(arguments, "claim");
  if (!r->claim_text) {
    fc_message("bound needs a claim: add --claim ID, for instance "
               "gif.velocity-bounds/d.upper");
    return FC_EXIT_USAGE;
  }
  for (size_t i = 0; i < fc_check_count; i++)
    for (size_t k = 0; k < fc_checks[i]->claim_count; k++) {
      const fc_claim *claim = &fc_checks[i]->claims[k];
      if (!fc_claim_matches(r->claim_text, fc_checks[i]->id, claim->name))
        continue;
      if ((fc_checks[i]->spectral || claim->flow) && !claim->measure) {
        r->claim = claim;
        return claim->flow ? read_start(r, arguments) : -1;
      }
      fc_message("%s states no bound on the velocity Jacobian or a flow",
                 r->claim_text);
      return FC_EXIT_USAGE;
    }
  fc_names_claim(r->claim_text, "--claim");
  return FC_EXIT_USAGE;
}

static bool read_numbers(fc_request *r, const fc_arguments *arguments) {
  r->tier = FC_TIER_MPFR;
  r->precision = 128;
  r->json = fc_arguments_has(arguments, "json");
  return fc_option_tier(&r->tier, arguments) &&
         fc_option_long(&r->precision, arguments, "precision", FC_PRECISION_MIN,
                        FC_PRECISION_MAX) &&
         fc_option_long(&r->digits, arguments, "digits", 1, 20000);
}

int fc_request_read(fc_request *r, const fc_arguments *arguments) {
  fc_error error;
  memset(r, 0, sizeof *r);
  if (!read_numbers(r, arguments))
    return FC_EXIT_USAGE;
  int status = read_quantity(r, arguments->operands[0]);
  if (status >= 0)
    return status;
  if (fc_find_instance(&r->instance, arguments->operands[1], &error) != FC_OK)
    return fc_message_error(&error);
  unsigned need = needs(r->quantity);
  if (need & NEEDS_LINE && fc_target_dimension(r->instance->target) != 1) {
    fc_message("%s needs a target in dimension 1", r->quantity_name);
    return FC_EXIT_USAGE;
  }
  if (status < 0 && need & NEEDS_SCHEDULE)
    status = fc_choose_schedule(&r->schedule, &r->own_schedule, r->instance,
                                arguments);
  if (status < 0 && need & NEEDS_SCHEDULE)
    status = read_time(r, arguments);
  if (status < 0 && need & NEEDS_FLOW)
    status = read_start(r, arguments);
  if (status < 0 && need & NEEDS_FLOW)
    status = read_method(r, arguments);
  if (status < 0 && need & NEEDS_GAP)
    status = read_gap(r, arguments);
  if (status < 0 && need & NEEDS_X)
    status = read_point(r, arguments);
  if (status < 0 && need & NEEDS_CLAIM)
    status = read_claim(r, arguments);
  return status;
}

void fc_request_clear(fc_request *r) {
  for (size_t i = 0; i < r->x_count; i++) {
    fc_formula_free(r->x[i]);
    fc_formula_free(r->x_other[i]);
    free(r->x_texts[i]);
  }
  free(r->x);
  free(r->x_other);
  free(r->x_about);
  free(r->x_texts);
  fc_formula_free(r->t);
  fc_formula_free(r->s);
  fc_schedule_free(r->own_schedule);
  fc_instance_free(r->instance);
}
