#include "transport/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- ordering -------------------------------------------------------------
 */

typedef struct keyed {
  double key;
  uint32_t point;
} keyed;

typedef struct cloud {
  const double *points;
  const int64_t *masses;
  fc_cells *cells;
} cloud;

typedef struct orderer {
  cloud clouds[2];
  size_t dimension;
  keyed *keys;
} orderer;

static int compare_keys(const void *x, const void *y) {
  const keyed *a = x, *b = y;
  if (a->key != b->key)
    return a->key < b->key ? -1 : 1;
  return a->point < b->point ? -1 : a->point > b->point;
}

/* A range of places of both clouds. */
typedef struct range {
  size_t begin[2];
  size_t end[2];
} range;

static size_t widest_axis(const orderer *o, const range *r) {
  size_t best = 0;
  double most = -1;
  for (size_t k = 0; k < o->dimension; k++) {
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (int c = 0; c < 2; c++)
      for (size_t i = r->begin[c]; i < r->end[c]; i++) {
        const cloud *cl = &o->clouds[c];
        double x = cl->points[cl->cells->order[i] * o->dimension + k];
        low = x < low ? x : low;
        high = x > high ? x : high;
      }
    if (high - low > most) {
      most = high - low;
      best = k;
    }
  }
  return best;
}

/* Sorts a range of one cloud along an axis; returns where half its mass is,
 * within the middle three quarters of its places. */
static size_t cut_cloud(orderer *o, const range *r, int which, size_t axis) {
  cloud *cl = &o->clouds[which];
  size_t begin = r->begin[which], count = r->end[which] - begin;
  uint32_t *order = cl->cells->order + begin;
  double total = 0, sum = 0;
  if (count < 2)
    return begin + count;
  for (size_t i = 0; i < count; i++) {
    o->keys[i].point = order[i];
    o->keys[i].key = cl->points[order[i] * o->dimension + axis];
    total += (double)cl->masses[order[i]];
  }
  qsort(o->keys, count, sizeof *o->keys, compare_keys);
  for (size_t i = 0; i < count; i++)
    order[i] = o->keys[i].point;
  size_t least = count / 8 ? count / 8 : 1;
  size_t most = count - least, cut = 0;
  while (cut < most && (cut < least || sum < total / 2))
    sum += (double)cl->masses[order[cut++]];
  return begin + cut;
}

static void end_cell(fc_cells *cells, size_t end) {
  if (end > cells->start[cells->cell_count])
    cells->start[++cells->cell_count] = end;
}

static void order_range(orderer *o, const range *r) {
  size_t sizes[2] = {r->end[0] - r->begin[0], r->end[1] - r->begin[1]};
  if (sizes[0] <= FC_CELL_SIZE && sizes[1] <= FC_CELL_SIZE) {
    end_cell(o->clouds[0].cells, r->end[0]);
    end_cell(o->clouds[1].cells, r->end[1]);
    return;
  }
  size_t axis = widest_axis(o, r);
  range first = *r, second = *r;
  for (int c = 0; c < 2; c++)
    first.end[c] = second.begin[c] = cut_cloud(o, r, c, axis);
  order_range(o, &first);
  order_range(o, &second);
}

/* --- making them ----------------------------------------------------------
 */

static fc_status allocate(fc_cells *c, size_t d, size_t count) {
  memset(c, 0, sizeof *c);
  c->count = count;
  c->dimension = d;
  c->order = malloc(count * sizeof *c->order);
  c->x = malloc(count * d * sizeof *c->x);
  c->masses = malloc(count * sizeof *c->masses);
  c->weights = calloc(count, sizeof *c->weights);
  c->start = calloc(count + 1, sizeof *c->start);
  if (!c->order || !c->x || !c->masses || !c->weights || !c->start)
    return FC_MEMORY;
  for (size_t i = 0; i < count; i++)
    c->order[i] = (uint32_t)i;
  return FC_OK;
}

static fc_status fill(fc_cells *c, const double *points,
                      const int64_t *masses) {
  size_t d = c->dimension, n = c->cell_count;
  for (size_t i = 0; i < c->count; i++) {
    c->masses[i] = masses[c->order[i]];
    for (size_t k = 0; k < d; k++)
      c->x[k * c->count + i] = points[c->order[i] * d + k];
  }
  c->low = malloc(n * d * sizeof *c->low);
  c->high = malloc(n * d * sizeof *c->high);
  c->top = calloc(n, sizeof *c->top);
  if (!c->low || !c->high || !c->top)
    return FC_MEMORY;
  for (size_t b = 0; b < n; b++)
    for (size_t k = 0; k < d; k++) {
      const double *x = c->x + k * c->count;
      double low = x[c->start[b]], high = low;
      for (size_t i = c->start[b]; i < c->start[b + 1]; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
      }
      c->low[b * d + k] = low;
      c->high[b * d + k] = high;
    }
  return FC_OK;
}

fc_status fc_cells_init(fc_cells *p, fc_cells *q, size_t dimension,
                        size_t p_count, const double *p_points,
                        const int64_t *p_masses, size_t q_count,
                        const double *q_points, const int64_t *q_masses) {
  fc_status status = allocate(p, dimension, p_count);
  fc_status second = allocate(q, dimension, q_count);
  orderer o = {{{p_points, p_masses, p}, {q_points, q_masses, q}},
               dimension,
               malloc((p_count + q_count) * sizeof(keyed))};
  if (status == FC_OK)
    status = o.keys ? second : FC_MEMORY;
  if (status == FC_OK) {
    order_range(&o, &(range){{0, 0}, {p_count, q_count}});
    status = fill(p, p_points, p_masses);
  }
  if (status == FC_OK)
    status = fill(q, q_points, q_masses);
  free(o.keys);
  if (status != FC_OK) {
    fc_cells_clear(p);
    fc_cells_clear(q);
  }
  return status;
}

void fc_cells_clear(fc_cells *c) {
  free(c->order);
  free(c->x);
  free(c->masses);
  free(c->weights);
  free(c->start);
  free(c->low);
  free(c->high);
  free(c->top);
  memset(c, 0, sizeof *c);
}

void fc_cells_refresh(fc_cells *c) {
  for (size_t b = 0; b < c->cell_count; b++) {
    double top = -HUGE_VAL;
    for (size_t i = c->start[b]; i < c->start[b + 1]; i++)
      top = c->weights[i] > top ? c->weights[i] : top;
    c->top[b] = top;
  }
}

/* --- searching ------------------------------------------------------------
 */

/* No |x - y|^2 with x, y in two boxes is smaller. */
static double box_distance(const fc_cells *p, size_t a, const fc_cells *q,
                           size_t b) {
  double sum = 0;
  size_t d = p->dimension;
  for (size_t k = 0; k < d; k++) {
    double gap = fmax(p->low[a * d + k] - q->high[b * d + k],
                      q->low[b * d + k] - p->high[a * d + k]);
    if (gap > 0)
      sum += gap * gap;
  }
  return sum;
}

static double point_distance(const fc_cells *p, size_t i, const fc_cells *q,
                             size_t b) {
  double sum = 0;
  size_t d = p->dimension;
  for (size_t k = 0; k < d; k++) {
    double x = p->x[k * p->count + i];
    double gap = fmax(x - q->high[b * d + k], q->low[b * d + k] - x);
    if (gap > 0)
      sum += gap * gap;
  }
  return sum;
}

/* values[j] for the whole of cell b. */
static void cell_values(double values[FC_CELL_SIZE], const fc_cells *p,
                        size_t i, const fc_cells *q, size_t b) {
  size_t begin = q->start[b], n = q->start[b + 1] - begin;
  for (size_t j = 0; j < n; j++)
    values[j] = 0;
  for (size_t k = 0; k < p->dimension; k++) {
    double x = p->x[k * p->count + i];
    const double *y = q->x + k * q->count + begin;
    for (size_t j = 0; j < n; j++)
      values[j] += (x - y[j]) * (x - y[j]);
  }
  for (size_t j = 0; j < n; j++)
    values[j] -= q->weights[begin + j];
}

static double visit_cell(const fc_cells *p, size_t i, const fc_cells *q,
                         size_t b, double limit, fc_cells_visitor visit,
                         void *data) {
  double values[FC_CELL_SIZE] = {0};
  size_t begin = q->start[b], n = q->start[b + 1] - begin;
  cell_values(values, p, i, q, b);
  for (size_t j = 0; j < n; j++)
    if (values[j] < limit)
      limit = visit(data, i, begin + j, values[j], limit);
  return limit;
}

fc_status fc_cells_search(const fc_cells *p, const fc_cells *q, double *limits,
                          fc_cells_visitor visit, void *data) {
  keyed *keys = malloc(q->cell_count * sizeof *keys);
  if (!keys)
    return FC_MEMORY;
  for (size_t a = 0; a < p->cell_count; a++) {
    double most = -HUGE_VAL;
    size_t count = 0;
    for (size_t i = p->start[a]; i < p->start[a + 1]; i++)
      most = limits[i] > most ? limits[i] : most;
    for (size_t b = 0; b < q->cell_count; b++) {
      double key = box_distance(p, a, q, b) - q->top[b];
      if (key < most)
        keys[count++] = (keyed){key, (uint32_t)b};
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = p->start[a]; i < p->start[a + 1]; i++)
      for (size_t c = 0; c < count && keys[c].key < limits[i]; c++) {
        size_t b = keys[c].point;
        if (point_distance(p, i, q, b) - q->top[b] < limits[i])
          limits[i] = visit_cell(p, i, q, b, limits[i], visit, data);
      }
  }
  free(keys);
  return FC_OK;
}
