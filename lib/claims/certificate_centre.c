/* The weights in a certificate by which R is verified. */
#include "claims/claim.h"

#include <stdlib.h>

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

/* All but the greatest are rounded; that one is 1 minus the others. */
static fc_status add_weights(fc_certificate *certificate, fc_srcptr weights,
                             size_t count, const fc_ctx *ctx) {
  size_t most = greatest(weights, count, ctx);
  fc_text rest[1];
  fc_text_init(rest);
  fc_text_append(rest, "1");
  fc_status status = FC_OK;
  for (size_t k = 0; k < count && status == FC_OK; k++) {
    char *text = k == most ? fc_strdup("") : weight_text(weights + k, ctx);
    status =
        text ? fc_certificate_add_centre_weight(certificate, text) : FC_MEMORY;
    if (status == FC_OK && k != most && (text[0] != '0' || text[1]))
      fc_text_printf(rest, " - %s", text);
    free(text);
  }
  if (status == FC_OK)
    status = rest->failed ? FC_MEMORY
                          : fc_certificate_set(
                                &certificate->centre_weights[most], rest->data);
  fc_text_clear(rest);
  return status;
}

fc_status fc_certificate_add_centre(fc_certificate *certificate,
                                    const fc_target *target) {
  fc_ctx ctx[1];
  size_t count = fc_target_isotropic_count(target);
  if (count < 3 || fc_target_dimension(target) < 2)
    return FC_OK;
  fc_ctx_init_mpfr(ctx, WEIGHT_BITS);
  fc_ptr weights = fc_vec_new(count, ctx);
  fc_status status =
      weights ? fc_target_centre_weights(weights, target, ctx) : FC_MEMORY;
  if (status == FC_OK)
    status = add_weights(certificate, weights, count, ctx);
  else if (status != FC_MEMORY)
    status = FC_OK; /* the checker says what it misses */
  fc_vec_free(weights, count, ctx);
  return status;
}
