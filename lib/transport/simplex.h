/* The transportation problem on a sparse bipartite graph by the network
 * simplex method,
 *
 *     minimise  Sum cost_e flow_e,  flow >= 0,  with given masses at the nodes,
 *
 * with strongly feasible bases (Cunningham 1976), which do not cycle however
 * degenerate the problem is (that of assignment always is).  Private to this
 * folder.  Costs are binary64 and so are potentials: what comes out is a
 * spanning tree with non-negative integer flows and as good as optimal; the
 * proof is somebody else's (proof.h).
 *
 * Nodes are 0..sources-1 and sources..sources+sinks-1; an arc goes from a
 * source to a sink.  The reduced cost of an arc is cost - p[from] + p[to]: u =
 * p on sources and v = -p on sinks are the dual potentials.
 */
#ifndef FC_TRANSPORT_SIMPLEX_H
#define FC_TRANSPORT_SIMPLEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define FC_SIMPLEX_NONE UINT32_MAX

typedef struct fc_simplex_node {
  uint32_t parent; /* FC_SIMPLEX_NONE at the root */
  uint32_t first;  /* child */
  uint32_t next;   /* sibling */
  uint32_t before; /* sibling */
  uint32_t size;   /* of the subtree */
  uint32_t arc;    /* to the parent */
  int64_t flow;    /* on that arc */
} fc_simplex_node;

typedef struct fc_simplex_arc {
  uint32_t from;
  uint32_t to; /* counted among all nodes */
  double cost;
} fc_simplex_arc;

typedef struct fc_simplex {
  size_t sources;
  size_t sinks;
  fc_simplex_node *nodes;
  double *potentials;
  fc_simplex_arc *arcs;
  size_t arc_count;
  size_t arc_capacity;
  size_t next; /* where the search for the next entering arc begins */
  size_t pivots;
} fc_simplex;

/* masses > 0 with equal totals, sources first; the basis is that of the
 * north-west corner: masses laid side by side in the given order.  Its
 * arcs (sources + sinks - 1) get the cost 0, to be set by the caller. */
fc_status fc_simplex_init(fc_simplex *simplex, size_t sources, size_t sinks,
                          const int64_t *source_masses,
                          const int64_t *sink_masses);
void fc_simplex_clear(fc_simplex *simplex);

/* FC_MEMORY, FC_LIMIT */
fc_status fc_simplex_add(fc_simplex *simplex, size_t from, size_t to,
                         double cost);

/* Potentials from the costs on the tree; 0 at the root. */
void fc_simplex_price(fc_simplex *simplex);

/* The node after this one in the tree below top, parents before children;
 * FC_SIMPLEX_NONE at the end. */
uint32_t fc_simplex_after(const fc_simplex *simplex, uint32_t node,
                          uint32_t top);

/* Pivots until no arc has a reduced cost below -tolerance (> 0): true; false
 * after `limit` pivots. */
bool fc_simplex_run(fc_simplex *simplex, double tolerance, size_t limit);

#endif
