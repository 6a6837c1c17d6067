/* The weights in a certificate by which R is verified. */
#include "claims/claim.h"

#include <stdlib.h>
#include <string.h>

enum { WEIGHT_BITS = 192, WEIGHT_DIGITS = 50 };

static size_t greatest(fc_srcptr weights, size_t count, const fc_ctx *ctx) {
  size_t most = 0;
  for (size_t k = 1; k < count; k++)
    if (fc_lt(weights + most, weights + k, ctx) == FC_TRUE)
      most = k;
  return most;
}

/* "0.25"; "0" for what is not positive; malloc'd. */
static char *weight_text(fc_srcptr weight, const fc_ctx *ctx) {
  return fc_is_positive(weight, ctx) == FC_TRUE
             ? fc_print_mid(weight, WEIGHT_DIGITS, ctx)
             : fc_strdup("0");
}

/* Appends the text of a weight behind `before`, nothing for "0" where that is
 * left out. */
static fc_status append_weight(fc_text *out, const char *before,
                               fc_srcptr weight, bool with_zero,
                               const fc_ctx *ctx) {
  char *text = weight_text(weight, ctx);
  if (!text)
    return FC_MEMORY;
  if (with_zero || strcmp(text, "0") != 0)
    fc_text_printf(out, "%s%s", before, text);
  free(text);
  return FC_OK;
}

/* All but the greatest are rounded; that one is 1 minus the others. */
static fc_status append_weights(fc_text *out, fc_srcptr weights, size_t count,
                                const fc_ctx *ctx) {
  size_t most = greatest(weights, count, ctx);
  fc_text rest[1];
  fc_status status = FC_OK;
  fc_text_init(rest);
  fc_text_append(rest, "1");
  for (size_t k = 0; k < count && status == FC_OK; k++)
    if (k != most)
      status = append_weight(rest, " - ", weights + k, false, ctx);
  if (status == FC_OK && rest->failed)
    status = FC_MEMORY;
  fc_text_append(out, "[");
  for (size_t k = 0; k < count && status == FC_OK; k++) {
    fc_text_append(out, k ? ", \"" : "\"");
    if (k == most)
      fc_text_append(out, rest->data);
    else
      status = append_weight(out, "", weights + k, true, ctx);
    fc_text_append(out, "\"");
  }
  fc_text_append(out, "]");
  fc_text_clear(rest);
  return status;
}

/* Of one law: null where R needs none, or its checker has to miss them. */
static fc_status append_centre(fc_text *out, const fc_target *law) {
  fc_ctx ctx[1];
  size_t count = fc_target_isotropic_count(law);
  fc_status status = FC_UNSUPPORTED;
  fc_ctx_init_mpfr(ctx, WEIGHT_BITS);
  bool needed = count > 2 && fc_target_dimension(law) > 1;
  fc_ptr weights = needed ? fc_vec_new(count, ctx) : NULL;
  if (needed)
    status = weights ? fc_target_centre_weights(weights, law, ctx) : FC_MEMORY;
  if (status == FC_OK)
    status = append_weights(out, weights, count, ctx);
  else if (status != FC_MEMORY) {
    fc_text_append(out, "null");
    status = FC_OK;
  }
  fc_vec_free(weights, count, ctx);
  return status;
}

fc_status fc_certificate_add_centre(fc_certificate *certificate,
                                    const fc_target *target) {
  size_t factors = fc_target_factor_count(target);
  fc_text out[1];
  fc_text_init(out);
  fc_status status = factors ? FC_OK : append_centre(out, target);
  for (size_t i = 0; i < factors && status == FC_OK; i++) {
    fc_text_append(out, i ? ", " : "[");
    status = append_centre(out, fc_target_factor(target, i));
  }
  fc_text_append(out, factors ? "]" : "");
  if (status == FC_OK)
    status = out->failed
                 ? FC_MEMORY
                 : fc_certificate_set(&certificate->centre_weights, out->data);
  fc_text_clear(out);
  return status;
}
