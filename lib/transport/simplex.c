#include "transport/simplex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE FC_SIMPLEX_NONE

/* --- the tree -------------------------------------------------------------
 */

static void unlink_node(fc_simplex *s, uint32_t node) {
  fc_simplex_node *n = &s->nodes[node];
  if (n->before == NONE)
    s->nodes[n->parent].first = n->next;
  else
    s->nodes[n->before].next = n->next;
  if (n->next != NONE)
    s->nodes[n->next].before = n->before;
}

static void link_node(fc_simplex *s, uint32_t node, uint32_t parent,
                      uint32_t arc, int64_t flow) {
  fc_simplex_node *n = &s->nodes[node], *p = &s->nodes[parent];
  n->parent = parent;
  n->arc = arc;
  n->flow = flow;
  n->before = NONE;
  n->next = p->first;
  if (p->first != NONE)
    s->nodes[p->first].before = node;
  p->first = node;
}

uint32_t fc_simplex_after(const fc_simplex *s, uint32_t node, uint32_t top) {
  if (s->nodes[node].first != NONE)
    return s->nodes[node].first;
  while (node != top) {
    if (s->nodes[node].next != NONE)
      return s->nodes[node].next;
    node = s->nodes[node].parent;
  }
  return NONE;
}

/* --- making one -----------------------------------------------------------
 */

fc_status fc_simplex_add(fc_simplex *s, size_t from, size_t to, double cost) {
  if (s->arc_count == s->arc_capacity) {
    size_t capacity = 2 * s->arc_capacity + 64;
    if (capacity >= UINT32_MAX)
      return FC_LIMIT;
    fc_simplex_arc *moved = realloc(s->arcs, capacity * sizeof *moved);
    if (!moved)
      return FC_MEMORY;
    s->arcs = moved;
    s->arc_capacity = capacity;
  }
  s->arcs[s->arc_count++] =
      (fc_simplex_arc){(uint32_t)from, (uint32_t)(s->sources + to), cost};
  return FC_OK;
}

static void count_sizes(fc_simplex *s) {
  /* The corner's tree hangs every node from one made before it: the order of
   * making, reversed, meets children before parents.  Arcs are in that
   * order. */
  size_t count = s->sources + s->sinks;
  for (size_t i = 0; i < count; i++)
    s->nodes[i].size = 1;
  for (size_t e = s->arc_count; e-- > 0;) {
    uint32_t from = s->arcs[e].from, to = s->arcs[e].to;
    if (s->nodes[from].parent == to && s->nodes[from].arc == e)
      s->nodes[to].size += s->nodes[from].size;
    else
      s->nodes[from].size += s->nodes[to].size;
  }
}

/* Where a source and a sink run out together the next source is hung from the
 * sink with no flow: such arcs lead to the root, as strong feasibility asks. */
static fc_status north_west(fc_simplex *s, const int64_t *a, const int64_t *b) {
  int64_t source = a[0], sink = b[0];
  bool hang_sink = true; /* which of the two is new */
  fc_status status = FC_OK;
  for (size_t i = 0, j = 0; status == FC_OK;) {
    int64_t flow = source < sink ? source : sink;
    uint32_t from = (uint32_t)i, to = (uint32_t)(s->sources + j);
    uint32_t arc = (uint32_t)s->arc_count;
    status = fc_simplex_add(s, i, j, 0);
    if (status == FC_OK && hang_sink)
      link_node(s, to, from, arc, flow);
    else if (status == FC_OK)
      link_node(s, from, to, arc, flow);
    source -= flow;
    sink -= flow;
    hang_sink = source > 0 || i + 1 == s->sources;
    if (hang_sink && ++j == s->sinks)
      break;
    if (hang_sink)
      sink = b[j];
    else
      source = a[++i];
  }
  return status;
}

fc_status fc_simplex_init(fc_simplex *s, size_t sources, size_t sinks,
                          const int64_t *source_masses,
                          const int64_t *sink_masses) {
  size_t count = sources + sinks;
  memset(s, 0, sizeof *s);
  if (count >= UINT32_MAX / 2)
    return FC_LIMIT;
  s->sources = sources;
  s->sinks = sinks;
  s->nodes = malloc(count * sizeof *s->nodes);
  s->potentials = calloc(count, sizeof *s->potentials);
  fc_status status = s->nodes && s->potentials ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < count && status == FC_OK; i++)
    s->nodes[i] = (fc_simplex_node){NONE, NONE, NONE, NONE, 1, NONE, 0};
  if (status == FC_OK)
    status = north_west(s, source_masses, sink_masses);
  if (status == FC_OK)
    count_sizes(s);
  else
    fc_simplex_clear(s);
  return status;
}

void fc_simplex_clear(fc_simplex *s) {
  free(s->nodes);
  free(s->potentials);
  free(s->arcs);
  memset(s, 0, sizeof *s);
}

/* --- potentials -----------------------------------------------------------
 */

void fc_simplex_price(fc_simplex *s) {
  s->potentials[0] = 0;
  uint32_t node = 0;
  while ((node = fc_simplex_after(s, node, 0)) != NONE) {
    double cost = s->arcs[s->nodes[node].arc].cost;
    double p = s->potentials[s->nodes[node].parent];
    s->potentials[node] = node < s->sources ? p + cost : p - cost;
  }
}

/* Adds shift to all potentials below top, or, where that is less work, takes
 * it from all others. */
static void shift_potentials(fc_simplex *s, uint32_t top, double shift) {
  size_t count = s->sources + s->sinks;
  if (2 * (size_t)s->nodes[top].size <= count) {
    for (uint32_t node = top; node != NONE;
         node = fc_simplex_after(s, node, top))
      s->potentials[node] += shift;
    return;
  }
  for (uint32_t node = 0; node != NONE;) {
    if (node != top) {
      s->potentials[node] -= shift;
      node = fc_simplex_after(s, node, 0);
      continue;
    }
    /* past the subtree */
    while (node != 0 && s->nodes[node].next == NONE)
      node = s->nodes[node].parent;
    node = node == 0 ? NONE : s->nodes[node].next;
  }
}

/* --- a pivot --------------------------------------------------------------
 */

static uint32_t find_join(const fc_simplex *s, uint32_t x, uint32_t y) {
  while (x != y) {
    if (s->nodes[x].size <= s->nodes[y].size)
      x = s->nodes[x].parent;
    else
      y = s->nodes[y].parent;
  }
  return x;
}

/* What happens around the cycle that an entering arc closes. */
typedef struct cycle {
  uint32_t join;
  uint32_t leaving; /* the node whose arc to the parent leaves */
  int64_t flow;     /* how much goes round */
  bool at_source;   /* the leaving arc is on the entering arc's source side */
} cycle;

/* Around the cycle, from the join down to the source, over the arc and up, the
 * last arc that runs empty leaves: that keeps the basis strongly feasible. */
static cycle find_leaving(const fc_simplex *s, uint32_t from, uint32_t to) {
  cycle c = {find_join(s, from, to), NONE, INT64_MAX, true};
  for (uint32_t x = from; x != c.join; x = s->nodes[x].parent)
    if (x < s->sources && s->nodes[x].flow < c.flow) {
      c.flow = s->nodes[x].flow;
      c.leaving = x;
    }
  for (uint32_t x = to; x != c.join; x = s->nodes[x].parent)
    if (x >= s->sources && s->nodes[x].flow <= c.flow) {
      c.flow = s->nodes[x].flow;
      c.leaving = x;
      c.at_source = false;
    }
  return c;
}

static void push_flow(fc_simplex *s, uint32_t from, uint32_t to,
                      const cycle *c) {
  if (c->flow == 0)
    return;
  for (uint32_t x = from; x != c->join; x = s->nodes[x].parent)
    s->nodes[x].flow += x < s->sources ? -c->flow : c->flow;
  for (uint32_t x = to; x != c->join; x = s->nodes[x].parent)
    s->nodes[x].flow += x < s->sources ? c->flow : -c->flow;
}

/* Cuts the tree above leaving and hangs the part by top from the node foot. */
static void rehang(fc_simplex *s, uint32_t arc, uint32_t foot, uint32_t top,
                   const cycle *c) {
  fc_simplex_node *nodes = s->nodes;
  uint32_t part = nodes[c->leaving].size;
  for (uint32_t x = nodes[c->leaving].parent; x != c->join; x = nodes[x].parent)
    nodes[x].size -= part;
  for (uint32_t x = foot; x != c->join; x = nodes[x].parent)
    nodes[x].size += part;
  uint32_t node = top, parent = foot, below = 0;
  int64_t flow = c->flow;
  for (bool done = false; !done;) {
    uint32_t old_parent = nodes[node].parent, old_arc = nodes[node].arc;
    uint32_t old_size = nodes[node].size;
    int64_t old_flow = nodes[node].flow;
    done = node == c->leaving;
    unlink_node(s, node);
    link_node(s, node, parent, arc, flow);
    nodes[node].size = part - below;
    below = old_size;
    parent = node;
    node = old_parent;
    arc = old_arc;
    flow = old_flow;
  }
}

static bool pivot(fc_simplex *s, uint32_t arc, double reduced) {
  uint32_t from = s->arcs[arc].from, to = s->arcs[arc].to;
  cycle c = find_leaving(s, from, to);
  if (c.leaving == NONE)
    return false; /* an arc of the tree, whose cost rounding spoilt */
  push_flow(s, from, to, &c);
  uint32_t top = c.at_source ? from : to, foot = c.at_source ? to : from;
  rehang(s, arc, foot, top, &c);
  shift_potentials(s, top, c.at_source ? reduced : -reduced);
  s->pivots++;
  return true;
}

/* --- pivots ---------------------------------------------------------------
 */

/* The most negative reduced cost of the next block that has one. */
static uint32_t find_entering(fc_simplex *s, double *reduced, size_t block,
                              double tolerance) {
  const double *p = s->potentials;
  uint32_t best = NONE;
  double least = -tolerance;
  size_t left = block, e = s->next;
  for (size_t seen = 0; seen < s->arc_count; seen++) {
    const fc_simplex_arc *arc = &s->arcs[e];
    double r = arc->cost - p[arc->from] + p[arc->to];
    if (r < least) {
      least = r;
      best = (uint32_t)e;
    }
    if (++e == s->arc_count)
      e = 0;
    if (--left == 0) {
      if (best != NONE)
        break;
      left = block;
    }
  }
  s->next = e;
  *reduced = least;
  return best;
}

bool fc_simplex_run(fc_simplex *s, double tolerance, size_t limit) {
  size_t block = (size_t)sqrt((double)s->arc_count);
  block = block < 10 ? 10 : block;
  for (size_t i = 0; i < limit; i++) {
    double reduced;
    uint32_t arc = find_entering(s, &reduced, block, tolerance);
    if (arc == NONE)
      return true;
    if (!pivot(s, arc, reduced))
      return false;
  }
  return false;
}
