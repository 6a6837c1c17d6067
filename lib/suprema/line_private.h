/* What the parts of line_flow.h share; private to this folder, needs Arb. */
#ifndef FC_SUPREMA_LINE_PRIVATE_H
#define FC_SUPREMA_LINE_PRIVATE_H

#include "arith/arb_compat.h"
#include "suprema/line_flow.h"
#include "target/posterior.h"

/* log p, (log p)', (log p)'' at a ball, or over an interval. */
typedef struct fc_line_jet {
  arb_t log, score, slope;
} fc_line_jet;

void fc_line_jet_init(fc_line_jet *jet);
void fc_line_jet_clear(fc_line_jet *jet);

/* A term of the law, in balls: weight times N(mean, variance) restricted to
 * [lower, upper]; `exact` has the constants. */
typedef struct fc_line_part {
  fc_line_term exact;
  bool uniform, has_lower, has_upper;
  arb_t weight, mean, variance, lower, upper;
} fc_line_part;

/* p_t of a law on the line at one time. */
typedef struct fc_line_side {
  fc_ctx ctx[1];
  slong precision;
  const fc_target *target;
  fc_posterior *posterior;
  fc_num a, b;
  bool ends;    /* a = 0 */
  bool starts;  /* b = 0 */
  double scale; /* length on which p varies, roughly */
  fc_line_part *parts;
  size_t count;
  bool gaussian;             /* parts are Gaussians, atoms or not */
  bool equal;                /* with one variance */
  arb_ptr centre, spread;    /* gaussian: b m_k, a^2 + b^2 s_k^2 */
  arb_ptr log_weight;        /* log(w_k (2 pi spread)^(-1/2)) */
  arb_ptr room;              /* 6 count */
  arb_t slope_low, slope_up; /* known bounds on (log p)'', maybe infinite */
} fc_line_side;

/* Binds the target to (a, b) in balls of this precision.  To be cleared also
 * after a failure. */
fc_status fc_line_side_init(fc_line_side *side, const fc_target *target,
                            fc_srcptr a, fc_srcptr b, const fc_ctx *ctx,
                            fc_error *error);
void fc_line_side_clear(fc_line_side *side);

/* jet at the ball x. */
fc_status fc_line_side_at(fc_line_jet *jet, fc_line_side *side, fc_srcptr x);

/* jet over everything between the balls x0 and x1, whose jets are known. */
void fc_line_side_over(fc_line_jet *jet, fc_line_side *side, const arb_t x0,
                       const arb_t x1, const fc_line_jet *at0,
                       const fc_line_jet *at1);

/* A class constant of the target; false where there is none that is finite. */
bool fc_line_constant(arb_t z, const fc_line_side *side,
                      fc_class_constant which);

/* --- intervals as balls --------------------------------------------------- */

/* z = z cut with y; z where they do not meet, or y says nothing. */
void fc_line_cut(arb_t z, const arb_t y, slong precision);
/* z = [0, 1] */
void fc_line_unit(arb_t z);
/* z = -v (left) or v, so that the end in question lies on the right. */
void fc_line_facing(arb_t z, const arb_t v, bool left);
/* z = the lower or upper end of x, rounded outward. */
void fc_line_low(arb_t z, const arb_t x, slong precision);
void fc_line_up(arb_t z, const arb_t x, slong precision);
/* bound = the upper end of z where that is finite and less. */
void fc_line_lower(arf_t bound, const arb_t z, slong precision);
/* f, a range over an interval of width w, cut with what the values f0 and f1 at
 * its ends and the range of the derivative say; up (may be NULL) gets the upper
 * bound, finer than a ball holds it, where that is less. */
void fc_line_two_lines(arb_t f, arf_t up, arf_t low, const arb_t f0,
                       const arb_t f1, const arb_t slope, const arb_t w,
                       slong precision);

/* --- a point of the flow, and what is known beyond it --------------------- */

typedef struct fc_line_node {
  fc_num at[2]; /* x and y */
  fc_line_jet jet[2];
  arb_t log;      /* log X' */
  arb_t slope[2]; /* of log X' in x, of -log X' in y */
} fc_line_node;

void fc_line_node_init(fc_line_node *node, const fc_ctx *ctx);
void fc_line_node_clear(fc_line_node *node, const fc_ctx *ctx);

/* log and slope from both jets. */
void fc_line_node_derive(fc_line_node *node, slong precision);

/* bound = an upper bound of log X' between two nodes, left before right; halve
 * = the coordinate (0 or 1) in which log p varies more. */
void fc_line_leaf(arf_t bound, int *halve, fc_line_side side[2],
                  const fc_line_node *left, const fc_line_node *right);

/* bound = an upper bound of log X' for all x >= node (or, on the left, <=);
 * +inf where nothing is proved. */
void fc_line_tail(arf_t bound, fc_line_side side[2], const fc_line_node *node,
                  bool left);

/* z = phi(x)/Q(x), Q the upper tail of N(0, 1). */
void fc_line_mills(arb_t z, const arb_t x, slong precision);

/* bound = an upper bound of log X' between two nodes, from the parts that
 * dominate the tails to the right (left) of it, where that is less; Gaussian
 * parts only. */
void fc_line_dominated(arf_t bound, const fc_line_side side[2],
                       const fc_line_node *from, const fc_line_node *to,
                       bool left);

/* limit = lim log X' at the end; false where it is not known. unbounded: the
 * supremum is infinite. */
bool fc_line_limit(arb_t limit, bool *unbounded, fc_line_side side[2],
                   bool left);

/* bound = log of the least bound that class constants give; +inf where there is
 * none.  forward: side[0] is the earlier. */
void fc_line_integrated(arf_t bound, fc_line_side side[2], bool forward);

/* The sign of x - y, or 2 where that is not known; NULLs equal. */
int fc_line_compare(const fc_formula *x, const fc_formula *y);

/* --- the search ----------------------------------------------------------- */

typedef struct fc_line_outcome {
  arf_t low, high; /* of log sup */
  arf_t x_low, x_high;
  bool reached, unbounded, stuck; /* stuck: more bits are needed */
  fc_line_way way;
  size_t points, leaves, failed;
} fc_line_outcome;

/* One round at the precision of the sides.  gap: on the logarithm. */
fc_status fc_line_search(fc_line_outcome *outcome, fc_line_side side[2],
                         bool forward, double gap, bool search_only,
                         long budget, fc_error *error);

#endif
