/* Where a law on the line is put so that neither a huge mean nor a tiny width
 * costs digits; private to this folder. */
#ifndef FC_TRANSPORT_LINE_FRAME_H
#define FC_TRANSPORT_LINE_FRAME_H

#include "target/posterior.h"

/* Where a law is put: its centre and scale. */
typedef struct fc_line_frame {
  fc_formula *centre;
  long scale;
} fc_line_frame;

/* The frame that suits a target: about its first term, as wide as it is. */
fc_status fc_line_frame_of(fc_line_frame *frame, const fc_target *target,
                           fc_error *error);
void fc_line_frame_clear(fc_line_frame *frame);

/* z = (x - y) 2^-scale (y NULL: 0), as good as the context allows also where
 * both are huge. */
fc_status fc_line_difference(fc_ptr z, const fc_formula *x, const fc_formula *y,
                             long scale, const fc_ctx *ctx);

#endif
