/* flowcert w2: the Wasserstein distance between two laws. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "instances.h"
#include "json_text.h"
#include "numbers.h"
#include "options.h"
#include "transport/laws.h"

enum { GUARD_BITS = 32, DOUBLINGS = 6 };

static const fc_option options[] = {
    {"bound", "KIND", false,
     "exact, upper or lower; default: exact where there is a method, else "
     "upper"},
    {"tier", "T", false,
     "double, mpfr (default) or certified (with a proved radius)"},
    {"precision", "BITS", false,
     "24 to 65536; default 128; half of them are proved on the line"},
    {"digits", "N", false, "digits to print; default: as many as identify"},
    {"json", NULL, false, "one JSON object with exact numbers as text"},
};

const fc_usage fc_usage_w2 = {
    "w2",
    "A B",
    2,
    2,
    "Computes the Wasserstein distance W_2 between the laws A and B: shipped\n"
    "instances, instance files, or samples (.csv or .npy, one point a row, at\n"
    "most 100000 points; their numbers are exact).\n"
    "\n"
    "W_2 itself between samples and atoms (by a transport plan whose "
    "optimality\n"
    "dual potentials prove), on the line (by quantiles), between Gaussians\n"
    "(Bures), and factor by factor between products of those.  Upper bounds\n"
    "between other mixtures couple their components; lower bounds compare\n"
    "means and covariances.  Laws given by a potential (family density) have\n"
    "lower bounds alone.  A stated radius is proved, in every tier: the\n"
    "value lies within it; without one nothing is promised beyond the digits.",
    "  flowcert w2 two-bumps standard-normal\n"
    "  flowcert w2 mine.csv theirs.npy --json\n"
    "  flowcert w2 triangle eight-gaussians --bound upper\n"
    "  flowcert w2 normal-2d-full unit-normal-plane --tier certified "
    "--digits 30\n",
    options,
    sizeof options / sizeof options[0],
};

/* One of the two laws. */
typedef struct law {
  const char *name;
  fc_instance *instance; /* NULL: a sample */
  fc_target *sample;
  const fc_target *target;
} law;

typedef struct request {
  law laws[2];
  bool any_kind; /* exact, else upper */
  fc_w2_kind kind;
  fc_tier tier;
  long precision;
  long digits;
  bool json;
} request;

/* What came out, in MPFR. */
typedef struct answer {
  mpfr_t w2;
  mpfr_t error; /* NaN where nothing is promised */
  mpfr_t estimate;
  bool half; /* of the bits were aimed at */
  fc_w2_kind kind;
  const char *how;
} answer;

/* --- reading --------------------------------------------------------------
 */

static bool ends_with(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n > m && strcmp(text + n - m, end) == 0;
}

static fc_status read_law(law *l, const char *name, fc_error *error) {
  fc_status status;
  l->name = name;
  if (ends_with(name, ".csv") || ends_with(name, ".npy")) {
    status = fc_sample_read(&l->sample, name, error);
    l->target = l->sample;
    return status;
  }
  status = fc_find_instance(&l->instance, name, error);
  if (status == FC_OK) {
    l->name = l->instance->name;
    l->target = l->instance->target;
  }
  return status;
}

static bool read_kind(request *r, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "bound");
  r->any_kind = text == NULL;
  r->kind = FC_W2_EXACT;
  for (int k = FC_W2_EXACT; text && k <= FC_W2_LOWER; k++)
    if (strcmp(text, fc_w2_kind_name((fc_w2_kind)k)) == 0) {
      r->kind = (fc_w2_kind)k;
      return true;
    }
  if (text)
    fc_message("--bound takes exact, upper or lower, not '%s'", text);
  return text == NULL;
}

/* -1 to go on, else the exit status. */
static int read_request(request *r, const fc_arguments *arguments) {
  fc_error error;
  memset(r, 0, sizeof *r);
  r->tier = FC_TIER_MPFR;
  r->precision = 128;
  r->json = fc_arguments_has(arguments, "json");
  if (!read_kind(r, arguments) || !fc_option_tier(&r->tier, arguments) ||
      !fc_option_long(&r->precision, arguments, "precision", FC_PRECISION_MIN,
                      FC_PRECISION_MAX) ||
      !fc_option_long(&r->digits, arguments, "digits", 1, 20000))
    return FC_EXIT_USAGE;
  for (int s = 0; s < 2; s++)
    if (read_law(&r->laws[s], arguments->operands[s], &error) != FC_OK)
      return fc_message_error(&error);
  size_t d = fc_target_dimension(r->laws[0].target);
  size_t other = fc_target_dimension(r->laws[1].target);
  if (d == other)
    return -1;
  fc_message("%s is a law in dimension %zu, %s one in dimension %zu; W_2 "
             "compares laws in one space",
             r->laws[0].name, d, r->laws[1].name, other);
  return FC_EXIT_USAGE;
}

static void clear_request(request *r) {
  for (int s = 0; s < 2; s++) {
    fc_instance_free(r->laws[s].instance);
    fc_target_free(r->laws[s].sample);
  }
}

/* --- computing ------------------------------------------------------------
 */

static fc_status compute(fc_w2_value *value, const request *r,
                         const fc_ctx *ctx, fc_error *error) {
  const fc_target *p = r->laws[0].target, *q = r->laws[1].target;
  fc_status status = fc_w2_laws(value, p, q, r->kind, ctx, error);
  if (status == FC_UNSUPPORTED && r->any_kind)
    status = fc_w2_laws(value, p, q, FC_W2_UPPER, ctx, error);
  bool integrated = fc_target_is_integrated(p) || fc_target_is_integrated(q);
  if (status == FC_UNSUPPORTED && integrated && ctx->kind == FC_ARB)
    fc_fail(error, status,
            "neither a value nor an upper bound can be proved where a density "
            "is given by a formula; --bound lower gives a proved lower bound");
  else if (status == FC_UNSUPPORTED && r->any_kind && ctx->kind == FC_ARB)
    fc_fail(error, status,
            "neither a value nor an upper bound can be proved for these two "
            "laws; use --tier mpfr, or --bound lower for a proved lower bound");
  return status;
}

/* In the certified tier only a proof counts. */
static fc_status expect_proof(const fc_w2_value *value, const request *r,
                              fc_error *error) {
  if (value->proved || r->tier != FC_TIER_CERTIFIED)
    return FC_OK;
  return fc_fail(error, FC_UNSUPPORTED,
                 "no proved enclosure for these laws; use --tier mpfr");
}

static void set_answer(answer *a, const fc_w2_value *value, const fc_ctx *ctx) {
  mpfr_set_prec(a->w2, ctx->precision);
  fc_get_enclosure(a->w2, a->error, value->w2, ctx);
  if (ctx->kind == FC_ARB)
    mpfr_set(a->estimate, a->error, MPFR_RNDU);
  else
    fc_get_mid(a->estimate, value->error, ctx);
  if (value->proved)
    mpfr_set(a->error, a->estimate, MPFR_RNDU);
  else
    mpfr_set_nan(a->error);
  a->half = value->half;
  a->kind = value->kind;
  a->how = value->how;
}

/* The error is below the last bit that is asked for; where half of the bits are
 * aimed at, of these, and of a W_2 that cannot be told from 0 none is. */
static bool settled(const answer *a, const request *r) {
  long bits = a->half ? r->precision / 2 : r->precision;
  return mpfr_zero_p(a->estimate) ||
         (a->half && mpfr_cmpabs(a->w2, a->estimate) <= 0) ||
         (mpfr_regular_p(a->w2) && mpfr_regular_p(a->estimate) &&
          mpfr_get_exp(a->estimate) <= mpfr_get_exp(a->w2) - bits - 1);
}

/* More bits, until the error is small enough or helps no more. */
static fc_status answer_within(answer *a, const request *r, fc_error *error) {
  long precision = r->precision + GUARD_BITS;
  fc_status status = FC_OK;
  mpfr_t last;
  mpfr_init2(last, 53);
  mpfr_set_inf(last, 1);
  for (int n = 0; n < DOUBLINGS && status == FC_OK; n++, precision *= 2) {
    fc_ctx ctx[1];
    fc_w2_value value;
    status = fc_tier_context(ctx, r->tier, precision, error);
    if (status != FC_OK)
      break;
    fc_w2_value_init(&value, ctx);
    status = compute(&value, r, ctx, error);
    if (status == FC_OK)
      status = expect_proof(&value, r, error);
    if (status == FC_OK && fc_is_finite(value.w2, ctx))
      set_answer(a, &value, ctx);
    else if (status == FC_OK)
      status =
          fc_fail(error, FC_VALUE, "W_2 is no finite number of this tier%s",
                  r->tier == FC_TIER_DOUBLE ? "; use --tier mpfr" : "");
    fc_w2_value_clear(&value, ctx);
    if (status != FC_OK || r->tier == FC_TIER_DOUBLE || settled(a, r))
      break;
    bool lost = mpfr_nan_p(a->error) && mpfr_cmpabs(a->w2, a->estimate) <= 0;
    if (lost && n >= 2) /* 0, perhaps */
      break;
    mpfr_div_2ui(last, last, 8, MPFR_RNDD);
    if (mpfr_greaterequal_p(a->estimate, last))
      break;
    mpfr_set(last, a->estimate, MPFR_RNDU);
  }
  mpfr_clear(last);
  return status;
}

/* --- printing -------------------------------------------------------------
 */

static void print_text(fc_text *out, const fc_exact *value, const answer *a) {
  fc_text_append(out, value->mid);
  if (value->rad && strcmp(value->rad, "0") != 0)
    fc_text_printf(out, " +/- %s", value->rad);
  fc_text_printf(out, " (%s: %s)\n", fc_w2_kind_name(a->kind), a->how);
}

static void print_json(fc_text *out, const fc_exact *value, const answer *a,
                       const request *r) {
  fc_text_append(out, "{\"quantity\":\"w2\",\"a\":");
  fc_json_string(out, r->laws[0].name);
  fc_text_append(out, ",\"b\":");
  fc_json_string(out, r->laws[1].name);
  fc_text_printf(out, ",\"tier\":\"%s\",\"precision\":%ld,\"shape\":[]",
                 fc_tier_name(r->tier),
                 r->tier == FC_TIER_DOUBLE ? 53 : r->precision);
  fc_text_append(out, ",\"value\":[{\"mid\":");
  fc_json_string(out, value->mid);
  fc_text_append(out, ",\"rad\":");
  if (value->rad)
    fc_json_string(out, value->rad);
  else
    fc_text_append(out, "null");
  fc_text_printf(out, "}],\"bound\":\"%s\",\"how\":", fc_w2_kind_name(a->kind));
  fc_json_string(out, a->how);
  fc_text_append(out, "}\n");
}

static int print(const answer *a, const request *r) {
  fc_text out[1];
  fc_exact value = {NULL, NULL};
  long bits = r->tier == FC_TIER_DOUBLE ? 53 : r->precision;
  fc_text_init(out);
  if (fc_exact_set_enclosure(&value, a->w2, a->error, bits, (int)r->digits))
    out->failed = true;
  else if (r->json)
    print_json(out, &value, a, r);
  else
    print_text(out, &value, a);
  fc_exact_clear(&value);
  int code = fc_emit(out) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
  fc_text_clear(out);
  return code;
}

static int run(const request *r) {
  fc_error error;
  answer a = {.how = ""};
  mpfr_inits2(53, a.w2, a.error, a.estimate, (mpfr_ptr)0);
  fc_status status = answer_within(&a, r, &error);
  int code = status == FC_OK ? print(&a, r) : fc_message_error(&error);
  mpfr_clears(a.w2, a.error, a.estimate, (mpfr_ptr)0);
  return status == FC_BUDGET ? FC_EXIT_UNDECIDED : code;
}

int fc_cmd_w2(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_w2, argc, argv);
  if (status < 0) {
    request r;
    status = read_request(&r, &arguments);
    if (status < 0)
      status = run(&r);
    clear_request(&r);
  }
  fc_arguments_clear(&arguments);
  return status;
}
