/* The quadratic Wasserstein distance
 *
 *     W_2(P, Q)^2 = inf E|X - Y|^2  over all couplings X ~ P, Y ~ Q,
 *
 * and what a number that some method gives says about it.
 */
#ifndef FC_TRANSPORT_TRANSPORT_H
#define FC_TRANSPORT_TRANSPORT_H

#include "arith/arith.h"
#include "base/status.h"

/* What a value is to the true W_2, apart from its stated error. */
typedef enum fc_w2_kind {
  FC_W2_EXACT, /* W_2 itself */
  FC_W2_UPPER, /* at least W_2: the cost of one coupling */
  FC_W2_LOWER  /* at most W_2 */
} fc_w2_kind;

const char *fc_w2_kind_name(fc_w2_kind kind); /* "exact", "upper", "lower" */

typedef struct fc_w2_value {
  fc_num w2;    /* W_2, not squared */
  fc_num error; /* how far w2 may be off, absolutely; 0 in balls, whose radius
                   says it */
  fc_w2_kind kind;
  bool proved;     /* the error (or radius) is a proved bound, no estimate */
  bool half;       /* in balls: half of the context's bits were aimed at */
  const char *how; /* the method in a few words, static: "quantiles" */
} fc_w2_value;

void fc_w2_value_init(fc_w2_value *value, const fc_ctx *ctx);
void fc_w2_value_clear(fc_w2_value *value, const fc_ctx *ctx);

#endif
