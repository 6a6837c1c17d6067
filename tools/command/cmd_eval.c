/* flowcert eval: one quantity of one instance. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "evaluate.h"
#include "json_text.h"
#include "options.h"
#include "request.h"

static const fc_option options[] = {
    {"schedule", "S", false,
     "NAME or NAME:key=value; may be left out where the instance has one"},
    {"t", "T", false, "the time, in [0, 1]; an exact number such as 1-10^-12"},
    {"s", "S", false,
     "flows and bounds on them: the time at which they start, in [0, 1]; "
     "default 0"},
    {"x", "X1,X2,...", false,
     "the point (cdf: the place, quantile: the probability); in --tier "
     "certified also intervals [LO,HI] and MID+/-RAD"},
    {"claim", "ID", false, "bound: whose, e.g. gif.velocity-bounds/d.upper"},
    {"method", "M", false,
     "flows: auto (default: the first of closed, exact, taylor, validated that "
     "applies), closed, exact, taylor, direct, gsl or validated"},
    {"gap", "G", false,
     "suprema, certified: how wide the enclosure may be, relatively; default "
     "1/10^6"},
    {"tier", "T", false,
     "double, mpfr (default) or certified (with a proved radius)"},
    {"precision", "BITS", false, "24 to 65536; default 128"},
    {"digits", "N", false, "digits to print; default: as many as identify"},
    {"json", NULL, false, "one JSON object with exact numbers as text"},
};

const fc_usage fc_usage_eval = {
    "eval",
    "QUANTITY INSTANCE",
    2,
    2,
    "Evaluates a quantity (`flowcert list quantities`) of an instance, a file\n"
    "or a shipped instance's name.  Numbers are exact: decimals, p/q, "
    "constant\n"
    "formulas.  t may be 0 and 1 wherever the limit exists; where it is\n"
    "infinite the value is inf or -inf.  A stated radius is true: the value\n"
    "lies within it; without one nothing is promised beyond the digits, which\n"
    "in MPFR have settled under doubling of the working precision (of flows:\n"
    "whose stated error is below them).\n"
    "\n"
    "A flow goes forward where s < t and backward where s > t.  Methods:\n"
    "closed (one Gaussian), exact (on the line, by distribution functions),\n"
    "taylor and direct (Taylor integration in a regular coordinate and in t),\n"
    "gsl (Runge-Kutta, --tier double), validated (Taylor integration with "
    "proved\n"
    "remainders, mixtures in any dimension, --tier certified).\n"
    "\n"
    "velocity-lipschitz and flow-lipschitz are suprema over all x in R^d.  "
    "With\n"
    "--tier certified they are enclosed, else what a search finds: a lower\n"
    "estimate.\n"
    "\n"
    "With --tier certified a coordinate may be an interval, [LO,HI] or "
    "MID+/-RAD;\n"
    "the value encloses those at all its points.",
    "  flowcert eval velocity two-bumps --schedule linear --t 1/2 --x 3/10\n"
    "  flowcert eval velocity-jacobian two-bumps --schedule follmer "
    "--t 1-10^-12 \\\n"
    "      --x 40 --tier certified --precision 256\n"
    "  flowcert eval flow two-bumps --schedule linear --t 0.99 --x 0.3\n"
    "  flowcert eval flow-jacobian triangle --schedule linear --s 1/2 --t 0 "
    "--x 1,0\n"
    "  flowcert eval velocity-lipschitz three-bumps --schedule linear --t 1/2 "
    "\\\n"
    "      --tier certified --gap 1/100\n"
    "  flowcert eval flow-lipschitz two-bumps --schedule linear --t 0.99 "
    "\\\n"
    "      --tier certified --gap 1/100\n"
    "  flowcert eval flow-jacobian two-bumps --schedule linear --t 0.99 \\\n"
    "      --x '[-1/2,1/2]' --tier certified --digits 6\n"
    "  flowcert eval bound two-bumps --schedule linear --t 1/2 \\\n"
    "      --claim gif.velocity-bounds/d.upper\n"
    "  flowcert eval constants triangle --json\n",
    options,
    sizeof options / sizeof options[0],
};

/* --- printing ---------------------------------------------------------------
 */

/* A string, or null. */
static void json_string(fc_text *out, const char *string) {
  if (string)
    fc_json_string(out, string);
  else
    fc_text_append(out, "null");
}

static void json_exact(fc_text *out, const fc_exact *value) {
  fc_text_append(out, "\"mid\":");
  json_string(out, value->mid);
  fc_text_append(out, ",\"rad\":");
  json_string(out, value->rad);
}

/* Everything up to the value. */
static void json_head(fc_text *out, const fc_request *r) {
  fc_text_append(out, "{\"quantity\":");
  json_string(out, r->quantity_name);
  fc_text_append(out, ",\"instance\":");
  json_string(out, r->instance->name);
  fc_text_append(out, ",\"schedule\":");
  json_string(out, r->schedule ? fc_schedule_label(r->schedule) : NULL);
  fc_text_printf(
      out, ",\"tier\":\"%s\",\"precision\":%ld,\"t\":", fc_tier_name(r->tier),
      r->tier == FC_TIER_DOUBLE ? 53 : r->precision);
  json_string(out, r->t_text);
  fc_text_append(out, ",\"s\":");
  json_string(out, r->s_text);
  fc_text_append(out, ",\"x\":");
  if (!r->x_count)
    fc_text_append(out, "null");
  for (size_t i = 0; i < r->x_count; i++) {
    fc_text_append(out, i ? "," : "[");
    json_string(out, r->x_texts[i]);
  }
  if (r->x_count)
    fc_text_append(out, "]");
  if (r->claim_text) {
    fc_text_append(out, ",\"claim\":");
    json_string(out, r->claim_text);
  }
  size_t shape[2], extents = fc_request_shape(shape, r);
  fc_text_append(out, ",\"shape\":[");
  for (size_t i = 0; i < extents; i++)
    fc_text_printf(out, "%s%zu", i ? "," : "", shape[i]);
  fc_text_append(out, "],\"value\":");
}

static void print_exact(fc_text *out, const fc_exact *value) {
  fc_text_append(out, value->mid);
  if (value->rad && strcmp(value->rad, "0") != 0)
    fc_text_printf(out, " +/- %s", value->rad);
}

/* What a search found. */
static bool is_lower_estimate(const fc_request *r) {
  return r->tier != FC_TIER_CERTIFIED &&
         r->quantity == FC_QUANTITY_FLOW_LIPSCHITZ;
}

static void print_values(fc_text *out, const fc_request *r,
                         const fc_exact *values) {
  size_t shape[2], extents = fc_request_shape(shape, r);
  size_t columns = extents == 2 ? shape[1] : 1;
  if (r->json) {
    json_head(out, r);
    for (size_t i = 0; i < fc_request_size(r); i++) {
      fc_text_append(out, i ? ",{" : "[{");
      json_exact(out, &values[i]);
      fc_text_append(out, "}");
    }
    fc_text_append(out, "]}\n");
    return;
  }
  for (size_t i = 0; i < fc_request_size(r); i++) {
    print_exact(out, &values[i]);
    if (is_lower_estimate(r))
      fc_text_append(out, " (lower estimate)");
    fc_text_append(out, (i + 1) % columns ? "  " : "\n");
  }
}

static int evaluate(const fc_request *r) {
  fc_error error;
  fc_text out[1];
  size_t size = fc_request_size(r);
  fc_exact *values = calloc(size, sizeof *values);
  fc_text_init(out);
  fc_status status = values ? fc_request_evaluate(values, r, &error)
                            : fc_fail(&error, FC_MEMORY, "out of memory");
  int code;
  if (status == FC_BUDGET) {
    fc_message_error(&error);
    code = FC_EXIT_UNDECIDED;
  } else if (status)
    code = fc_message_error(&error);
  else {
    print_values(out, r, values);
    code = fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
  }
  for (size_t i = 0; values && i < size; i++)
    fc_exact_clear(&values[i]);
  free(values);
  fc_text_clear(out);
  return code;
}

/* --- class constants ---------------------------------------------------------
 */

/* Constants come at the stated precision in the tier's context. */
static fc_status constants_context(fc_ctx *ctx, const fc_request *r,
                                   fc_error *error) {
  if (r->tier == FC_TIER_CERTIFIED)
    return fc_ctx_init_arb(ctx, r->precision + 32, error);
  if (r->tier == FC_TIER_DOUBLE)
    fc_ctx_init_double(ctx);
  else
    fc_ctx_init_mpfr(ctx, r->precision + 32);
  return FC_OK;
}

static void print_constant(fc_text *out, const fc_request *r, bool first,
                           const char *name, const fc_exact *value,
                           fc_provenance provenance, const char *why) {
  if (r->json) {
    fc_text_printf(out, "%s\"%s\":{", first ? "{" : ",", name);
    json_exact(out, value);
    fc_text_printf(out, ",\"provenance\":\"%s\"}",
                   fc_provenance_name(provenance));
    return;
  }
  fc_text_printf(out, "%-18s ", name);
  print_exact(out, value);
  fc_text_printf(out, "  (%s%s%s)\n", fc_provenance_name(provenance),
                 why ? ": " : "", why ? why : "");
}

static int constants(const fc_request *r) {
  fc_ctx ctx[1];
  fc_error error;
  fc_num value;
  fc_text out[1];
  if (constants_context(ctx, r, &error) != FC_OK)
    return fc_message_error(&error);
  long bits = r->tier == FC_TIER_DOUBLE ? 53 : r->precision;
  fc_init(value, ctx);
  fc_text_init(out);
  bool first = true;
  if (r->json)
    json_head(out, r);
  for (int i = 0; i < FC_CLASS_CONSTANT_COUNT; i++) {
    fc_provenance provenance;
    const char *why = NULL;
    fc_exact exact = {NULL, NULL};
    if (fc_target_constant(value, &provenance, &why, r->instance->target,
                           (fc_class_constant)i, ctx) != FC_OK)
      continue;
    if (fc_exact_set_digits(&exact, value, bits, (int)r->digits, ctx))
      out->failed = true;
    else
      print_constant(out, r, first,
                     fc_class_constant_name((fc_class_constant)i), &exact,
                     provenance, why);
    fc_exact_clear(&exact);
    first = false;
  }
  if (r->json)
    fc_text_append(out, first ? "{}}\n" : "}}\n");
  fc_clear(value, ctx);
  int code = fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
  fc_text_clear(out);
  return code;
}

int fc_cmd_eval(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_eval, argc, argv);
  if (status < 0) {
    fc_request request[1];
    status = fc_request_read(request, &arguments);
    if (status < 0)
      status = request->quantity == FC_QUANTITY_CONSTANTS ? constants(request)
                                                          : evaluate(request);
    fc_request_clear(request);
  }
  fc_arguments_clear(&arguments);
  return status;
}
