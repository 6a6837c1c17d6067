/* A law on the line as the quadrature of W_2 needs it; private to this folder.
 *
 * X = centre + 2^scale xi: all positions here are xi, so that neither a huge
 * mean nor a tiny width costs digits.  The law is analytic between its events:
 * atoms, and ends of its pieces.  Stretch i lies between event i - 1 and event
 * i (stretch 0 begins, the last one ends, at infinity).
 */
#ifndef FC_TRANSPORT_LINE_LAW_H
#define FC_TRANSPORT_LINE_LAW_H

#include "transport/line_frame.h"

/* weight times a normal or uniform law, perhaps restricted. */
typedef struct fc_line_part {
  fc_num weight, mean, spread;
  fc_num lower, upper; /* ends: of a normal law (end - mean)/spread */
  fc_num mass;         /* of the unrestricted law between the ends */
  fc_num height;       /* log of the density's factor */
  bool uniform, has_lower, has_upper;
  long first, last; /* the events at its ends; -1, event_count: infinite */
} fc_line_part;

typedef struct fc_line_law fc_line_law;
struct fc_line_law {
  fc_ctx ctx;
  fc_line_part *parts; /* without atoms */
  size_t count;
  long event_count;
  fc_ptr event;        /* event_count positions, increasing */
  fc_ptr past, future; /* the mass left and right of stretch i in whole parts */
  double *marks;       /* places where something happens, increasing */
  size_t mark_count;
  double low, high; /* what lies beyond is negligible */
  double moved;     /* the square of how far in W_2 simplifying it moved it */
  /* what fc_line_law_at finds: both tails, log p, its first two derivatives */
  fc_num below, above, log_density, score, bend;
  struct fc_line_pushed *pushed; /* NULL, or what changes its masses */
  fc_num root;                   /* sqrt(2) */
  fc_num t, u, v;                /* scratch */
};

/* The law in a real context; reach: how many standard deviations out a normal
 * law is followed.  FC_UNSUPPORTED for targets that are no sums of terms.  To
 * be cleared also after a failure. */
fc_status fc_line_law_init(fc_line_law *law, const fc_target *target,
                           const fc_line_frame *frame, double reach,
                           const fc_ctx *ctx, fc_error *error);
void fc_line_law_clear(fc_line_law *law);

/* A mixture of count normal laws in coordinates of its own: weights, means and
 * standard deviations > 0. */
fc_status fc_line_law_init_normals(fc_line_law *law, size_t count,
                                   fc_srcptr weights, fc_srcptr means,
                                   fc_srcptr spreads, double reach,
                                   const fc_ctx *ctx, fc_error *error);

/* Q = T#N for T = F_1^-1 o F_0: F_1 is the law as it is, which becomes Q;
 * F_0 and N (both taken over, also after a failure) are mixtures of normal
 * laws. */
fc_status fc_line_law_push(fc_line_law *law, fc_line_law *start,
                           fc_line_law *noise, fc_error *error);

/* part->mass from its ends. */
void fc_line_part_set_mass(fc_line_part *part, const fc_line_law *law);

/* z += the second moment of an unrestricted normal part below x, with its
 * weight; mirrored: above it. */
void fc_line_part_add_moment(fc_ptr z, const fc_line_part *part,
                             const fc_line_law *law, fc_srcptr x,
                             bool mirrored);

/* Fills below, above, log_density (-infinity where nothing is), score and bend
 * at x in the closure of a stretch. */
void fc_line_law_at(fc_line_law *law, long stretch, fc_srcptr x);

/* The largest 1/(|x - m| + s) of the normal parts of a stretch: a part may be
 * too far in standard deviations to show in the density's derivatives, and yet
 * so near that a short step leads across it. */
double fc_line_law_nearness(const fc_line_law *law, long stretch, fc_srcptr x);

/* The tails alone. */
void fc_line_law_tails(fc_line_law *law, long stretch, fc_srcptr x);

#endif
