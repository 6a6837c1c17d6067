#include "transport/line_frame.h"

#include <limits.h>
#include <stdlib.h>

#include "base/text.h"

/* --- constants -------------------------------------------------------- */

static void append(fc_text *text, const fc_formula *formula) {
  char *printed = fc_formula_print(formula);
  if (printed)
    fc_text_printf(text, "(%s)", printed);
  else
    text->failed = true;
  free(printed);
}

/* x - y as one constant, so that it is rounded once. */
static fc_status difference(fc_formula **gap, const fc_formula *x,
                            const fc_formula *y) {
  fc_text text[1];
  fc_text_init(text);
  append(text, x);
  fc_text_append(text, "-");
  append(text, y);
  fc_status status = text->failed || !text->data
                         ? FC_MEMORY
                         : fc_constant_parse(gap, text->data, NULL, NULL);
  fc_text_clear(text);
  return status;
}

/* z = x 2^-scale. */
static fc_status scaled(fc_ptr z, const fc_formula *x, long scale,
                        const fc_ctx *ctx) {
  if (ctx->kind != FC_DOUBLE) {
    fc_status status = fc_constant_eval(z, x, ctx);
    fc_mul_2exp_si(z, z, -scale, ctx);
    return status;
  }
  fc_ctx wide;
  fc_num value;
  fc_ctx_init_mpfr(&wide, 96);
  fc_init(value, &wide);
  fc_status status = fc_constant_eval(value, x, &wide);
  fc_mul_2exp_si(value, value, -scale, &wide);
  fc_convert(z, ctx, value, &wide);
  fc_clear(value, &wide);
  return status;
}

/* The difference of what is rounded before: where no more is known. */
static fc_status plain_difference(fc_ptr z, const fc_formula *x,
                                  const fc_formula *y, long scale,
                                  const fc_ctx *ctx) {
  fc_num other;
  fc_init(other, ctx);
  fc_status status = scaled(z, x, scale, ctx);
  if (!status)
    status = scaled(other, y, scale, ctx);
  fc_sub(z, z, other, ctx);
  fc_clear(other, ctx);
  return status;
}

fc_status fc_line_difference(fc_ptr z, const fc_formula *x, const fc_formula *y,
                             long scale, const fc_ctx *ctx) {
  fc_formula *gap = NULL;
  int sign = 1;
  if (!y)
    return scaled(z, x, scale, ctx);
  if (!fc_constant_compare(&sign, x, y) && sign == 0) {
    fc_set_si(z, 0, ctx);
    return FC_OK;
  }
  fc_status status = difference(&gap, x, y);
  if (!status)
    status = scaled(z, gap, scale, ctx);
  fc_formula_free(gap);
  return status ? plain_difference(z, x, y, scale, ctx) : FC_OK;
}

/* --- frames ----------------------------------------------------------- */

/* *most = max(*most, binary exponent of |x - y|); y NULL: 0. */
static void raise_exponent(long *most, const fc_formula *x, const fc_formula *y,
                           bool is_square) {
  fc_ctx ctx;
  fc_num z;
  mpfr_t size;
  if (!x)
    return;
  fc_ctx_init_mpfr(&ctx, 64);
  fc_init(z, &ctx);
  mpfr_init2(size, 64);
  if (!fc_line_difference(z, x, y, 0, &ctx)) {
    fc_get_mid(size, z, &ctx);
    if (mpfr_regular_p(size)) {
      long exponent = (long)mpfr_get_exp(size);
      exponent = is_square ? exponent / 2 : exponent;
      *most = exponent > *most ? exponent : *most;
    }
  }
  mpfr_clear(size);
  fc_clear(z, &ctx);
}

fc_status fc_line_frame_of(fc_line_frame *frame, const fc_target *target,
                           fc_error *error) {
  fc_line_term term;
  size_t count = fc_target_term_count(target);
  frame->centre = NULL;
  frame->scale = 0;
  if (!count)
    return fc_fail(error, FC_UNSUPPORTED,
                   "the law is no sum of terms on the line");
  fc_target_term_get(&term, target, 0);
  const fc_formula *centre = term.mean    ? term.mean
                             : term.lower ? term.lower
                                          : term.upper;
  long most = LONG_MIN;
  for (size_t k = 0; k < count; k++) {
    fc_target_term_get(&term, target, k);
    raise_exponent(&most, term.mean, centre, false);
    raise_exponent(&most, term.lower, centre, false);
    raise_exponent(&most, term.upper, centre, false);
    raise_exponent(&most, term.spread, NULL, term.spread_is_variance);
  }
  frame->scale = most == LONG_MIN ? 0 : most;
  return fc_formula_copy(&frame->centre, centre)
             ? fc_fail(error, FC_MEMORY, "out of memory")
             : FC_OK;
}

void fc_line_frame_clear(fc_line_frame *frame) {
  fc_formula_free(frame->centre);
  frame->centre = NULL;
}
