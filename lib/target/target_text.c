/* A target as JSON, every number as the exact text that it was given by. */
#include "base/json.h"
#include "target/density.h"

static void append_constant(fc_text *out, const fc_formula *constant) {
  fc_json_append_string(out, constant ? fc_formula_text(constant) : NULL);
}

static void append_list(fc_text *out, fc_formula *const *constants,
                        size_t count) {
  fc_text_append(out, "[");
  for (size_t i = 0; i < count; i++) {
    fc_text_append(out, i ? "," : "");
    append_constant(out, constants[i]);
  }
  fc_text_append(out, "]");
}

/* count rows of the given width. */
static void append_rows(fc_text *out, fc_formula *const *constants,
                        size_t count, size_t width) {
  fc_text_append(out, "[");
  for (size_t i = 0; i < count; i++) {
    fc_text_append(out, i ? "," : "");
    append_list(out, constants + i * width, width);
  }
  fc_text_append(out, "]");
}

static void append_spreads(fc_text *out, const fc_target *target) {
  size_t d = target->d;
  if (target->kind != FC_FULL) {
    fc_text_append(out, target->spread_is_variance ? ",\"variances\":"
                                                   : ",\"stddevs\":");
    append_list(out, target->spreads, target->count);
    return;
  }
  fc_text_append(out, ",\"covariances\":[");
  for (size_t k = 0; k < target->count; k++) {
    fc_text_append(out, k ? "," : "");
    append_rows(out, target->spreads + k * d * d, d, d);
  }
  fc_text_append(out, "]");
}

static void append_mixture(fc_text *out, const fc_target *target) {
  fc_text_append(out, ",\"weights\":");
  if (target->weights)
    append_list(out, target->weights, target->count);
  else
    fc_text_append(out, "null");
  fc_text_append(out, ",\"means\":");
  append_rows(out, target->means, target->count, target->d);
  append_spreads(out, target);
}

static void append_piece(fc_text *out, const fc_target *target, size_t j) {
  fc_text_append(out, "{\"weight\":");
  append_constant(out, target->weights ? target->weights[j] : NULL);
  fc_text_append(out, ",\"mean\":");
  append_constant(out, target->means[j]);
  fc_text_append(out, target->spread_is_variance ? ",\"variance\":"
                                                 : ",\"stddev\":");
  append_constant(out, target->spreads[j]);
  fc_text_append(out, ",\"lower\":");
  append_constant(out, target->lower[j]);
  fc_text_append(out, ",\"upper\":");
  append_constant(out, target->upper[j]);
  fc_text_append(out, "}");
}

static void append_pieces(fc_text *out, const fc_target *target) {
  fc_text_append(out, ",\"pieces\":[");
  for (size_t j = 0; j < target->count; j++) {
    fc_text_append(out, j ? "," : "");
    append_piece(out, target, j);
  }
  fc_text_append(out, "]");
}

static void append_density(fc_text *out, const fc_target *target) {
  fc_text_append(out, ",\"potential\":");
  append_constant(out, target->density->potential);
}

static void append_single(fc_text *out, const fc_target *target) {
  static const char *const families[] = {"mixture", "mixture", "pieces",
                                         "density"};
  fc_text_printf(out, "{\"family\":\"%s\",\"dimension\":%zu",
                 families[target->kind], target->d);
  if (target->kind == FC_PIECES)
    append_pieces(out, target);
  else if (target->kind == FC_DENSITY)
    append_density(out, target);
  else
    append_mixture(out, target);
  fc_text_append(out, "}");
}

fc_status fc_target_append_json(fc_text *out, const fc_target *target) {
  if (target->kind != FC_PRODUCT) {
    append_single(out, target);
    return out->failed ? FC_MEMORY : FC_OK;
  }
  fc_text_printf(out, "{\"family\":\"product\",\"dimension\":%zu,\"factors\":[",
                 target->d);
  for (size_t i = 0; i < target->count; i++) {
    fc_text_append(out, i ? "," : "");
    append_single(out, target->factors[i]); /* no factor is a product */
  }
  fc_text_append(out, "]}");
  return out->failed ? FC_MEMORY : FC_OK;
}
