/* Best-first branch and bound in balls: the supremum of a function over boxes
 * in R^n (n <= 4), enclosed; or whether it stays below a threshold, proved.
 *
 * The function is known through a callback that encloses it on a box.  Boxes
 * have exact dyadic end points (doubles), and belong to charts, so that a chart
 * that runs to infinity (fc_cover_stretch) makes "all of R^n" a box.  The box
 * with the largest upper bound is split first.  What decides is rounding that
 * no split removes: then the precision is doubled, up to a limit.
 *
 * The order of work depends on the question alone; there are no threads and no
 * global state.  Whatever the budget, what comes out is true: the supremum lies
 * in [low, high]; `proved` and `refuted` are proofs.
 */
#ifndef FC_SUPREMA_COVER_H
#define FC_SUPREMA_COVER_H

#include "arith/arith.h"
#include "base/status.h"

#define FC_COVER_DIMENSIONS 4

/* low[i] <= high[i], i < n; `chart` is the problem's own (what the coordinates
 * mean); depth counts splits. */
typedef struct fc_cover_box {
  int chart;
  int depth;
  double low[FC_COVER_DIMENSIONS], high[FC_COVER_DIMENSIONS];
} fc_cover_box;

/* What is known about the function f on one box: numbers of the ball context.
 * Each is preset to what says nothing; `upper` must be set to be of use. */
typedef struct fc_cover_view {
  fc_num upper; /* f <= upper on the box (preset: infinity) */
  fc_num lower; /* f >= lower on all of the box (preset: -infinity) */
  fc_num value; /* sup f >= value: f at a point, or a limit (preset: -infinity)
                 */
  bool discard; /* the supremum over all boxes is that over the others (f has
                   no maximiser here), or the box is outside the domain */
  int split;    /* the coordinate to halve; -1: the engine's choice */
} fc_cover_view;

typedef enum fc_cover_leaf {
  FC_LEAF_PROVED, /* f <= threshold there */
  FC_LEAF_BEATEN, /* f <= low there: it decides nothing */
  FC_LEAF_DISCARDED,
  FC_LEAF_LEFT /* still open */
} fc_cover_leaf;

typedef struct fc_cover_problem {
  size_t n;
  const fc_cover_box *roots; /* disjoint but for their boundaries */
  size_t root_count;
  /* Called before the first box of each precision; may be NULL. */
  fc_status (*prepare)(void *closure, const fc_ctx *ctx);
  fc_status (*enclose)(fc_cover_view *view, const fc_cover_box *box,
                       void *closure, const fc_ctx *ctx);
  /* May be NULL: takes every leaf once it is one (FC_LEAF_LEFT at the end): the
   * leaves tile the roots. */
  fc_status (*take_leaf)(const fc_cover_box *box, fc_cover_leaf kind,
                         void *closure);
  void *closure;
} fc_cover_problem;

typedef struct fc_cover_goal {
  mpfr_srcptr threshold; /* is sup f <= threshold?  NULL: enclose sup f */
  /* Enclosing: until high - low <= absolute + relative |high|. */
  double absolute, relative;
  size_t boxes; /* budget: how often `enclose` may be called */
  long precision, most_precision; /* bits; doubled in between */
} fc_cover_goal;

typedef enum fc_cover_verdict {
  FC_COVER_REACHED, /* enclosed as closely as was asked for */
  FC_COVER_PROVED,  /* sup f <= threshold */
  FC_COVER_REFUTED, /* sup f > threshold */
  FC_COVER_UNDECIDED
} fc_cover_verdict;

#define FC_COVER_KEPT 64

typedef struct fc_cover_result {
  fc_cover_verdict verdict;
  mpfr_t low, high; /* sup f lies within */
  /* Refuted: a box on which f > threshold everywhere, where has_box. */
  bool has_box;
  fc_cover_box box;
  /* Enclosing: boxes outside of which f <= low (every maximiser is in one of
   * them); `kept` may be less than the number that is left: those with the
   * largest upper bounds. */
  fc_cover_box boxes[FC_COVER_KEPT];
  size_t kept, left;
  double undecided; /* volume that is left, as a part of that of the roots,
                       rounded up */
  size_t enclosed;  /* boxes */
  long precision;   /* the largest that was used */
} fc_cover_result;

void fc_cover_result_init(fc_cover_result *result);
void fc_cover_result_clear(fc_cover_result *result);

/* FC_UNSUPPORTED in a build without balls; what callbacks fail with ends the
 * search. */
fc_status fc_cover_run(fc_cover_result *result, const fc_cover_problem *problem,
                       const fc_cover_goal *goal, fc_error *error);

/* z = scale p/(1 - |p|), increasing in p: the chart of a whole line, -1 and 1
 * being its infinite ends.  -1 <= p <= 1. */
void fc_cover_stretch(fc_ptr z, double p, double scale, const fc_ctx *ctx);

#endif
