/* Where a rule with 10 nodes is right to 40 bits, one with 10 n/40 nodes is
 * right to n bits: convergence is geometric.  So panels are found in a coarse
 * arithmetic, and serve any precision. */
#include "transport/line_panels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"

enum {
  COARSE_NODES = 10,
  CHECK_NODES = 14,
  COARSE_BITS = 40,
  MOST_PANELS = 200000,
  MOST_DEPTH = 60
};

/* D matters relative to this (of its scale) when panels are chosen: below it
 * binary64 sees rounding, and the shape of dz/du decides alone. */
static const double FLOOR = 1e-3;

typedef struct edge {
  double u, x;
  double place[2];    /* x_i */
  double tails[2][2]; /* of both laws; of one that stays they say nothing */
  double position[2]; /* 2^e_i x_i, with the shift in the first */
} edge;

typedef struct finder {
  fc_line_pair *pair;
  const fc_line_section *section;
  const fc_line_cell *cell;
  fc_line_panels *panels;
  fc_legendre rules[2];
  double *marks;
  size_t mark_count;
  long bits;
  size_t index;
  fc_num u, low, high, start;
} finder;

static double scaled(const fc_line_pair *pair, int i, double x) {
  return ldexp(x, (int)fmax((double)pair->exponent[i], -4000));
}

static void describe(edge *e, fc_line_pair *pair, const fc_line_cell *cell) {
  const fc_ctx *ctx = &pair->ctx;
  e->x = fc_get_d(pair->x[0], ctx);
  for (int i = 0; i < 2; i++) {
    fc_line_law *law = pair->law + i;
    e->place[i] = fc_get_d(pair->x[i], ctx);
    e->position[i] = scaled(pair, i, e->place[i]);
    if (cell->fixed[i])
      continue;
    fc_line_law_tails(law, cell->at[i], pair->x[i]);
    e->tails[i][0] = fc_get_d(law->below, ctx);
    e->tails[i][1] = fc_get_d(law->above, ctx);
  }
  e->position[0] += fc_get_d(pair->shift, ctx);
}

/* The curve at u between two edges. */
static fc_status locate(finder *f, double u, double low, double high,
                        double start) {
  const fc_ctx *ctx = &f->pair->ctx;
  fc_set_d(f->u, u, ctx);
  fc_set_d(f->low, low, ctx);
  fc_set_d(f->high, high, ctx);
  fc_set_d(f->start, start, ctx);
  return fc_line_pair_solve(f->pair, f->cell, f->u, f->low, f->high, f->start);
}

static fc_status make_edge(edge *e, finder *f, double u, double low,
                           double high) {
  fc_status status = locate(f, u, low, high, (low + high) / 2);
  e->u = u;
  describe(e, f->pair, f->cell);
  return status;
}

/* As the law says that moves more: its places are known better. */
static double mass_of(const edge *from, const edge *to) {
  int i = to->place[0] - from->place[0] < to->place[1] - from->place[1];
  const double *low = from->tails[i], *high = to->tails[i];
  double mass = low[0] <= 0.5 ? high[0] - low[0] : low[1] - high[1];
  return fmax(mass, 0);
}

/* What rounding in binary64 makes of it. */
static double mass_noise(const edge *from, const edge *to) {
  int i = to->place[0] - from->place[0] < to->place[1] - from->place[1];
  const double *low = from->tails[i], *high = to->tails[i];
  return 8 * DBL_EPSILON *
         (low[0] <= 0.5 ? fmax(low[0], high[0]) : fmax(low[1], high[1]));
}

/* D is between what the positions at the edges allow. */
static double most_of(const edge *from, const edge *to) {
  return fmax(fabs(from->position[0] - to->position[1]),
              fabs(to->position[0] - from->position[1]));
}

/* sums = the integrals of D^2 dz and dz by one of the rules, and what rounding
 * of u may do to them. */
static fc_status apply(double sums[4], finder *f, const fc_legendre *rule,
                       const edge *from, const edge *to) {
  const fc_ctx *ctx = &f->pair->ctx;
  double half = (to->u - from->u) / 2;
  sums[0] = sums[1] = sums[2] = sums[3] = 0;
  double x = from->x;
  fc_status status = FC_OK;
  for (size_t i = 0; i < rule->count && !status; i++) {
    double t = fc_get_d(rule->node + i, &rule->ctx);
    double u = from->u + half * (1 + t);
    double share = (1 + t) / 2;
    status =
        locate(f, u, x, to->x, fmax(x, from->x + share * (to->x - from->x)));
    x = fc_get_d(f->pair->x[0], ctx);
    double w = half * fc_get_d(rule->weight + i, &rule->ctx) *
               fc_get_d(f->pair->flow, ctx);
    double gap = fc_get_d(f->pair->gap, ctx);
    sums[0] += w * gap * gap;
    sums[1] += w;
    sums[2] += w * gap * gap * f->pair->waver;
    sums[3] += w * f->pair->waver;
  }
  return status;
}

static fc_status keep(finder *f, const edge *from, const edge *to, double mass,
                      double part) {
  fc_line_panels *p = f->panels;
  if (p->count == MOST_PANELS)
    return FC_BUDGET;
  if (p->count == p->room) {
    size_t room = 2 * p->room + 64;
    fc_line_panel *larger = realloc(p->panels, room * sizeof *larger);
    if (!larger)
      return FC_MEMORY;
    p->panels = larger;
    p->room = room;
  }
  p->panels[p->count++] = (fc_line_panel){.from = from->u,
                                          .to = to->u,
                                          .low = from->x,
                                          .high = to->x,
                                          .mass = mass,
                                          .most = most_of(from, to),
                                          .part = part,
                                          .section = f->index};
  p->total += part;
  return FC_OK;
}

/* True where the rule of few nodes is good enough: to COARSE_BITS of what a
 * final error of 2^-bits of the whole asks of this panel. */
static bool is_smooth(const double few[4], const double many[4], double mass,
                      double noise, const finder *f) {
  double floor = FLOOR * FLOOR;
  double local = many[0] + floor * fmax(mass, many[1]);
  double total = fmax(f->panels->total, local) + floor;
  double typical = mass > 0 ? 4 * many[0] / mass : 0; /* of D^2 */
  double error = fabs(few[0] - many[0]) + floor * fabs(few[1] - many[1]) +
                 (floor + typical) * fmax(fabs(many[1] - mass) - noise, 0);
  double ratio = fmin(1, (double)COARSE_BITS / (double)f->bits);
  double allowed =
      ldexp(pow(local, 1 - ratio) * pow(total, ratio), -COARSE_BITS);
  /* what binary64 cannot see: rounding of the mass, through the places, and of
   * u */
  double unseen = 64 * noise * (floor + typical) + 4 * many[2] +
                  (4 * floor + typical) * many[3];
  return error <= allowed + unseen;
}

static fc_status divide(finder *f, const edge *first, const edge *last) {
  edge stack[MOST_DEPTH + 2];
  size_t depth = 0;
  edge from = *first;
  stack[depth++] = *last;
  fc_status status = FC_OK;
  while (depth > 0 && !status) {
    const edge to = stack[depth - 1];
    double few[4], many[4] = {0}, mass = mass_of(&from, &to),
                   noise = mass_noise(&from, &to), most = most_of(&from, &to);
    double middle = (from.u + to.u) / 2;
    /* nothing that a sum of 2^bits such panels would show */
    bool slight = (mass + noise) * (most * most + FLOOR * FLOOR) <=
                  ldexp(f->panels->total + FLOOR * FLOOR, (int)-f->bits - 16);
    bool small = slight || depth > MOST_DEPTH ||
                 !(from.u < middle && middle < to.u) ||
                 to.u - from.u <= 16 * DBL_EPSILON * fabs(middle);
    many[0] = mass * most * most / 2;
    many[1] = mass + noise;
    if (!small) {
      status = apply(few, f, f->rules, &from, &to);
      if (!status)
        status = apply(many, f, f->rules + 1, &from, &to);
    }
    if (status)
      break;
    /* where rounding hides the mass the places are not known, either: the
     * working precision will look closer */
    bool hidden = mass <= noise;
    if (small || hidden || is_smooth(few, many, mass, noise, f)) {
      double bound = hidden ? mass + noise : 2 * many[1];
      status = keep(f, &from, &to, bound, slight ? 0 : many[0]);
      from = to;
      depth--;
    } else {
      status = make_edge(stack + depth, f, middle, from.x, to.x);
      depth++;
    }
  }
  return status;
}

/* --- a section -------------------------------------------------------------
 */

/* Marks of law i that lie in the section, as places in u. */
static fc_status add_marks(finder *f, int i, const edge *first,
                           const edge *last) {
  const fc_ctx *ctx = &f->pair->ctx;
  fc_line_law *law = f->pair->law + i, *other = f->pair->law + 1 - i;
  if (f->cell->fixed[i])
    return FC_OK;
  double low = fc_get_d(f->section->from[i], ctx),
         high = fc_get_d(f->section->to[i], ctx);
  double after = -INFINITY;
  (void)first;
  (void)last;
  for (size_t k = 0; k < law->mark_count; k++) {
    double x = law->marks[k];
    if (!(low < x && x < high) || x <= after)
      continue;
    double u = x;
    if (!f->cell->fixed[1 - i]) {
      fc_set_d(f->u, x, ctx);
      fc_line_law_tails(law, f->cell->at[i], f->u);
      fc_status status = fc_line_quantile(
          f->start, other, f->cell->at[1 - i], law->below, law->above,
          f->section->from[1 - i], f->section->to[1 - i]);
      if (status)
        continue;
      u += fc_get_d(f->start, ctx);
    }
    f->marks[f->mark_count++] = u;
  }
  return FC_OK;
}

static void end_edge(edge *e, finder *f, const fc_num *x) {
  const fc_ctx *ctx = &f->pair->ctx;
  const fc_line_cell *cell = f->cell;
  int moving = cell->fixed[0] ? 1 : 0;
  bool both = !cell->fixed[0] && !cell->fixed[1];
  for (int i = 0; i < 2; i++)
    fc_set(f->pair->x[i], x[i], ctx);
  describe(e, f->pair, cell);
  e->u = both ? fc_get_d(x[0], ctx) + fc_get_d(x[1], ctx)
              : fc_get_d(x[moving], ctx);
}

static fc_status find_in_section(finder *f) {
  edge from, last, to;
  size_t before = f->panels->count;
  end_edge(&from, f, f->section->from);
  end_edge(&last, f, f->section->to);
  f->mark_count = 0;
  fc_status status = add_marks(f, 0, &from, &last);
  if (!status)
    status = add_marks(f, 1, &from, &last);
  if (f->mark_count)
    fc_sort_doubles(f->marks, f->mark_count);
  double least = 1e-9 * (last.u - from.u);
  for (size_t k = 0; k < f->mark_count && !status; k++) {
    double u = f->marks[k];
    if (!(from.u + least < u && u < last.u - least))
      continue;
    status = make_edge(&to, f, u, from.x, last.x);
    if (!status)
      status = divide(f, &from, &to);
    from = to;
  }
  if (!status && from.u < last.u)
    status = divide(f, &from, &last);
  if (f->panels->count > before) {
    f->panels->panels[before].first = true;
    f->panels->panels[f->panels->count - 1].last = true;
  }
  return status;
}

/* A section whose laws both stay contributes D^2 mass. */
static bool is_still(const fc_line_cell *cell) {
  return cell->fixed[0] && cell->fixed[1];
}

static void convert_section(fc_line_section *to, const fc_line_section *from,
                            const fc_ctx *to_ctx, const fc_ctx *ctx) {
  to->cell = from->cell;
  for (int i = 0; i < 2; i++) {
    fc_init(to->from[i], to_ctx);
    fc_init(to->to[i], to_ctx);
    fc_convert(to->from[i], to_ctx, from->from[i], ctx);
    fc_convert(to->to[i], to_ctx, from->to[i], ctx);
  }
}

static fc_status find_everywhere(finder *f, const fc_line_cells *cells) {
  const fc_ctx *ctx = &f->pair->ctx;
  fc_status status = FC_OK;
  for (size_t k = 0; k < cells->count && !status; k++) {
    fc_line_section section;
    if (is_still(&cells->sections[k].cell))
      continue;
    convert_section(&section, cells->sections + k, ctx, &cells->ctx);
    f->section = &section;
    f->cell = &section.cell;
    f->index = k;
    status = find_in_section(f);
    for (int i = 0; i < 2; i++) {
      fc_clear(section.from[i], ctx);
      fc_clear(section.to[i], ctx);
    }
  }
  return status;
}

fc_status fc_line_panels_find(fc_line_panels *panels, fc_line_pair *coarse,
                              const fc_line_cells *cells, long bits,
                              fc_error *error) {
  fc_ctx plain;
  finder f = {.pair = coarse, .panels = panels, .bits = bits};
  fc_ctx_init_double(&plain);
  *panels = (fc_line_panels){.panels = NULL};
  size_t marks = coarse->law[0].mark_count + coarse->law[1].mark_count + 1;
  f.marks = calloc(marks, sizeof *f.marks);
  fc_ptr const numbers[] = {f.u, f.low, f.high, f.start};
  for (int i = 0; i < 4; i++)
    fc_init(numbers[i], &coarse->ctx);
  fc_status status = f.marks ? FC_OK : FC_MEMORY;
  fc_status made[2] = {fc_legendre_init(f.rules, COARSE_NODES, &plain),
                       fc_legendre_init(f.rules + 1, CHECK_NODES, &plain)};
  if (!status)
    status = made[0] ? made[0] : made[1];
  if (!status)
    status = find_everywhere(&f, cells);
  for (int i = 0; i < 4; i++)
    fc_clear(numbers[i], &coarse->ctx);
  fc_legendre_clear(f.rules);
  fc_legendre_clear(f.rules + 1);
  free(f.marks);
  return status ? fc_fail(error, status,
                          status == FC_BUDGET
                              ? "the coupling has too much structure"
                              : "the coupling: %s",
                          fc_status_text(status))
                : FC_OK;
}

void fc_line_panels_clear(fc_line_panels *panels) { free(panels->panels); }
