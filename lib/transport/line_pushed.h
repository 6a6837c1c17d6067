/* The law T#N of an increasing map T = F_1^-1 o F_0; private to this folder.
 *
 * At x = T(w), F_1(x) = F_0(w), its masses are those of N at w, and its density
 * p_1(x) n(w)/p_0(w), since dw/dx = p_1/p_0. */
#ifndef FC_TRANSPORT_LINE_PUSHED_H
#define FC_TRANSPORT_LINE_PUSHED_H

#include "transport/line_law.h"

typedef struct fc_line_pushed {
  fc_line_law start, noise; /* F_0, N */
  fc_num w, low, high, slope, turn;
} fc_line_pushed;

/* From what the law's F_1 says at x to what T#N says. */
void fc_line_pushed_tails(fc_line_law *law);
void fc_line_pushed_at(fc_line_law *law);

void fc_line_pushed_free(fc_line_pushed *pushed, const fc_ctx *ctx);

#endif
