/* The union over cells of a box of starting points. */
#include "flow/cells.h"

#include <math.h>
#include <stdlib.h>

enum {
  MOST_CELLS = 512, /* and two for halves that are tried */
  FINE = -5, /* log2 of how far a cell may widen the union, of its width */
  FINE_ALONE = -10, /* and of the largest entry */
  HULL_BITS = 64
};

typedef struct cell {
  arb_ptr numbers; /* centre, box: d each; y: d; v: d*d */
  bool done;
} cell;

typedef struct cells {
  size_t d, entries, count; /* entries of y and v together */
  cell list[MOST_CELLS];
} cells;

static arb_ptr centre_of(const cell *c) { return c->numbers; }
static arb_ptr box_of(const cell *c, size_t d) { return c->numbers + d; }
static arb_ptr values_of(const cell *c, size_t d) { return c->numbers + 2 * d; }

static cell *new_cell(cells *all) {
  cell *c = all->list + all->count++;
  c->numbers = _arb_vec_init((slong)(2 * all->d + all->entries));
  c->done = false;
  return c;
}

static void free_cell(const cells *all, cell *c) {
  _arb_vec_clear(c->numbers, (slong)(2 * all->d + all->entries));
}

static void run(cell *c, fc_tube *tube, const arb_t start, const arb_t end,
                long *budget) {
  size_t d = tube->d;
  fc_tube_start(tube, start, centre_of(c), box_of(c, d), FC_TUBE_CELL);
  c->done = fc_tube_go(tube, end, budget) == FC_OK;
  if (c->done)
    fc_tube_hull(values_of(c, d), values_of(c, d) + d, tube);
}

/* --- which cell, and where ------------------------------------------------*/

/* The ends of the union and of the cells' midpoints in one entry. */
typedef struct range {
  arf_t low, high, least, most;
  size_t lowest, highest; /* the cells that reach furthest */
} range;

static void range_init(range *r) {
  arf_init(r->low);
  arf_init(r->high);
  arf_init(r->least);
  arf_init(r->most);
}

static void range_clear(range *r) {
  arf_clear(r->low);
  arf_clear(r->high);
  arf_clear(r->least);
  arf_clear(r->most);
}

static void find_range(range *r, const cells *all, size_t entry) {
  arf_t bound;
  arf_init(bound);
  for (size_t i = 0; i < all->count; i++) {
    arb_srcptr x = values_of(all->list + i, all->d) + entry;
    arb_get_lbound_arf(bound, x, HULL_BITS);
    if (i == 0 || arf_cmp(bound, r->low) < 0) {
      arf_set(r->low, bound);
      r->lowest = i;
    }
    arb_get_ubound_arf(bound, x, HULL_BITS);
    if (i == 0 || arf_cmp(bound, r->high) > 0) {
      arf_set(r->high, bound);
      r->highest = i;
    }
    if (i == 0 || arf_cmp(arb_midref(x), r->least) < 0)
      arf_set(r->least, arb_midref(x));
    if (i == 0 || arf_cmp(arb_midref(x), r->most) > 0)
      arf_set(r->most, arb_midref(x));
  }
  arf_clear(bound);
}

/* log2 |x - y| */
static double log2_gap(const arf_t x, const arf_t y) {
  arf_t gap;
  mag_t size;
  arf_init(gap);
  mag_init(size);
  arf_sub(gap, x, y, HULL_BITS, ARF_RND_UP);
  arf_get_mag(size, gap);
  double log2_size =
      mag_is_zero(size) ? -INFINITY : mag_get_d_log2_approx(size);
  arf_clear(gap);
  mag_clear(size);
  return log2_size;
}

/* How far one cell reaches over the midpoints of all, against what it may:
 * log2. */
static double excess_at(const cells *all, size_t entry, double log2_size,
                        size_t *worst) {
  range r;
  range_init(&r);
  find_range(&r, all, entry);
  double below = log2_gap(r.least, r.low), above = log2_gap(r.high, r.most),
         width = log2_gap(r.high, r.low);
  *worst = below > above ? r.lowest : r.highest;
  range_clear(&r);
  return fmax(below, above) - fmax(width + FINE, log2_size + FINE_ALONE);
}

/* log2 of the largest magnitude of the entries in [first, end). */
static double log2_largest(const cells *all, size_t first, size_t end) {
  double largest = -1e9;
  mag_t size;
  mag_init(size);
  for (size_t i = 0; i < all->count; i++)
    for (size_t k = first; k < end; k++) {
      arb_get_mag(size, values_of(all->list + i, all->d) + k);
      if (!mag_is_zero(size))
        largest = fmax(largest, mag_get_d_log2_approx(size));
    }
  mag_clear(size);
  return largest;
}

/* The next cell to halve; count where the union is tight. */
static size_t choose_cell(const cells *all) {
  for (size_t i = 0; i < all->count; i++)
    if (!all->list[i].done)
      return i;
  double most = 0, y = log2_largest(all, 0, all->d),
         v = log2_largest(all, all->d, all->entries);
  size_t worst = all->count;
  for (size_t entry = 0; entry < all->entries; entry++) {
    size_t at;
    double excess = excess_at(all, entry, entry < all->d ? y : v, &at);
    if (excess > most) {
      most = excess;
      worst = at;
    }
  }
  return worst;
}

/* The side of the box that counts most: its length times what V makes of it. */
static size_t choose_side(const cell *c, size_t d) {
  arb_srcptr v = values_of(c, d) + d;
  size_t best = 0;
  mag_t most, size, part;
  mag_init(most);
  mag_init(size);
  mag_init(part);
  for (size_t j = 0; j < d; j++) {
    mag_zero(size);
    for (size_t i = 0; i < d && c->done; i++) {
      arb_get_mag(part, v + i * d + j);
      mag_max(size, size, part);
    }
    if (!c->done)
      mag_one(size);
    mag_mul(size, size, arb_radref(box_of(c, d) + j));
    if (mag_cmp(size, most) > 0) {
      mag_set(most, size);
      best = j;
    }
  }
  mag_clear(most);
  mag_clear(size);
  mag_clear(part);
  return best;
}

/* The half of c on one side of its centre, in z. */
static void set_half(cell *z, const cell *c, size_t d, size_t side, bool upper,
                     slong precision) {
  arb_t half;
  arb_init(half);
  _arb_vec_set(z->numbers, c->numbers, (slong)(2 * d));
  mag_mul_2exp_si(arb_radref(box_of(z, d) + side),
                  arb_radref(box_of(z, d) + side), -1);
  arf_set_mag(arb_midref(half), arb_radref(box_of(z, d) + side));
  if (!upper)
    arb_neg(half, half);
  arb_add(centre_of(z) + side, centre_of(z) + side, half, precision);
  arb_clear(half);
}

/* Replaces cell `at` by its halves; false, and it stays as it was, where it was
 * done and a half is not (the budget was spent in it). */
static bool halve(cells *all, size_t at, fc_tube *tube, const arb_t start,
                  const arb_t end, long *budget) {
  size_t d = all->d, side = choose_side(all->list + at, d);
  cell *lower = new_cell(all), *upper = new_cell(all), *whole = all->list + at;
  set_half(lower, whole, d, side, false, tube->precision);
  set_half(upper, whole, d, side, true, tube->precision);
  run(lower, tube, start, end, budget);
  if (lower->done || !whole->done)
    run(upper, tube, start, end, budget);
  bool better = (lower->done && upper->done) || !whole->done;
  if (better) {
    cell keep = *whole;
    *whole = *lower;
    *lower = keep;
    cell last = *upper;
    *upper = *lower;
    *lower = last;
  } else {
    free_cell(all, upper);
    all->count--;
    upper = lower;
  }
  free_cell(all, upper);
  all->count--;
  return better;
}

/* --- the union ------------------------------------------------------------*/

static void unite(arb_ptr y, arb_ptr v, const cells *all) {
  size_t d = all->d;
  for (size_t entry = 0; entry < all->entries; entry++) {
    arb_ptr z = entry < d ? y + entry : v + entry - d;
    arb_set(z, values_of(all->list, d) + entry);
    for (size_t i = 1; i < all->count; i++)
      arb_union(z, z, values_of(all->list + i, d) + entry, HULL_BITS);
  }
}

fc_status fc_cells_run(arb_ptr y, arb_ptr v, fc_tube *tube, const arb_t start,
                       const arb_t end, arb_srcptr centre, arb_srcptr box,
                       long *budget) {
  size_t d = tube->d;
  cells *all = calloc(1, sizeof *all);
  if (!all)
    return FC_MEMORY;
  all->d = d;
  all->entries = d + d * d;
  cell *whole = new_cell(all);
  _arb_vec_set(centre_of(whole), centre, (slong)d);
  _arb_vec_set(box_of(whole, d), box, (slong)d);
  run(whole, tube, start, end, budget);
  bool better = true;
  while (better && all->count + 2 <= MOST_CELLS && *budget > 0) {
    size_t at = choose_cell(all);
    if (at == all->count)
      break;
    better = halve(all, at, tube, start, end, budget);
  }
  bool done = true;
  for (size_t i = 0; i < all->count; i++)
    done = done && all->list[i].done;
  if (done)
    unite(y, v, all);
  for (size_t i = 0; i < all->count; i++)
    free_cell(all, all->list + i);
  free(all);
  return done ? FC_OK : FC_BUDGET;
}
