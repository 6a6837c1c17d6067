#include "proof/cover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_LEAVES = 1200, /* of one cover, undecided ones included */
  MOST_DEPTH = 40,
  MOST_BITS = 256,
  REFUTING_DEPTH = 6
};

/* --- evaluating on a leaf ---------------------------------------------------
 */

/* A condition can be looked at in a chart where it is homogeneous. */
static bool is_homogeneous(const fc_rational *x, const fc_ring *ring) {
  long degree;
  return fc_polynomial_degree(&degree, x->top, ring) &&
         fc_polynomial_degree(&degree, x->bottom, ring);
}

void fc_cover_room_init(fc_cover_room *room, const fc_ring *ring,
                        const fc_domain_of_claim *domain, long precision) {
  room->ring = ring;
  room->domain = domain;
  room->precision = precision;
  for (long i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_init(&room->values[i], precision);
  for (long i = 0; i < domain->count; i++) {
    const fc_rational *value = &domain->items[i].value;
    room->conditions[i].count = 0;
    room->usable[i] = !fc_rational_is_zero(value, ring) &&
                      is_homogeneous(value, ring) &&
                      fc_product_of(&room->conditions[i], value, ring) == FC_OK;
  }
}

void fc_cover_room_clear(fc_cover_room *room) {
  for (long i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_clear(&room->values[i]);
  for (long i = 0; i < room->domain->count; i++)
    if (room->usable[i])
      fc_product_clear(&room->conditions[i], room->ring);
}

/* z = the end number `end` of the leaf, as a quotient p/(1 - p) or its
 * inverse. */
static void set_end(mpq_ptr z, unsigned long end, int depth, bool inverse) {
  mpz_set_ui(mpq_numref(z), end);
  mpz_set_ui(mpq_denref(z), 1);
  mpz_mul_2exp(mpq_denref(z), mpq_denref(z), (mp_bitcnt_t)depth);
  mpz_sub(mpq_denref(z), mpq_denref(z), mpq_numref(z));
  if (inverse)
    mpz_swap(mpq_numref(z), mpq_denref(z));
  mpq_canonicalize(z);
}

void fc_cover_move(fc_cover_room *room, const fc_leaf *leaf) {
  bool right = leaf->index >> (leaf->depth - 1);
  fc_interval *one = &room->values[right ? FC_B : FC_A],
              *ratio = &room->values[right ? FC_A : FC_B];
  mpq_t end;
  mpq_init(end);
  mpfr_set_ui(one->lower, 1, MPFR_RNDD);
  mpfr_set_ui(one->upper, 1, MPFR_RNDU);
  set_end(end, leaf->index + (right ? 1 : 0), leaf->depth, right);
  mpfr_set_q(ratio->lower, end, MPFR_RNDD);
  set_end(end, leaf->index + (right ? 0 : 1), leaf->depth, right);
  mpfr_set_q(ratio->upper, end, MPFR_RNDU);
  mpq_clear(end);
  fc_ring_enclose(room->values, room->ring);
}

unsigned fc_cover_signs(const fc_cover_room *room, const fmpz_mpoly_t x) {
  fc_interval z;
  fc_interval_init(&z, room->precision);
  fc_polynomial_enclose(&z, x, room->values, room->ring);
  unsigned signs = fc_interval_signs(&z);
  fc_interval_clear(&z);
  return signs;
}

/* Signs that a product may have on the leaf; where_finite: where its
 * denominator is not 0. */
static unsigned product_signs(const fc_cover_room *room,
                              const fc_product *product, bool where_finite) {
  unsigned signs = product->sign > 0 ? FC_MAY_RISE : FC_MAY_FALL;
  for (long k = 0; k < product->count; k++) {
    long power = product->items[k].power;
    unsigned factor =
        fc_signs_power(fc_cover_signs(room, product->items[k].text),
                       (unsigned long)labs(power));
    if (power < 0 && where_finite)
      factor &= ~(unsigned)FC_MAY_VANISH;
    signs = fc_signs_product(signs, factor);
  }
  return signs;
}

/* A condition says nothing where it is no number. */
static unsigned condition_signs(const fc_cover_room *room, long i) {
  return product_signs(room, &room->conditions[i], true);
}

bool fc_cover_outside(const fc_cover_room *room) {
  for (long i = 0; i < room->domain->count; i++) {
    if (!room->usable[i])
      continue;
    unsigned signs = condition_signs(room, i);
    if (!(signs & FC_MAY_RISE) &&
        (room->domain->items[i].strict || !(signs & FC_MAY_VANISH)))
      return true;
  }
  return false;
}

bool fc_cover_inside(const fc_cover_room *room) {
  for (long i = 0; i < room->domain->count; i++)
    if (!room->usable[i] || condition_signs(room, i) != FC_MAY_RISE)
      return false;
  return true;
}

/* --- covers ------------------------------------------------------------ */

typedef struct making {
  fc_cover_room room[1];
  fc_sign_factor *factor;
  fc_leaf *queue; /* MOST_LEAVES; undecided ones, the widest first */
  fc_leaf *done;  /* MOST_LEAVES */
  size_t count;   /* done */
  int most_depth;
  int sign;      /* that decided leaves agree on */
  bool conflict; /* they do not */
} making;

static double width(const fc_leaf *leaf) { return ldexp(1, -leaf->depth); }

/* Decides a leaf, or not. */
static bool decide(making *m, fc_leaf *leaf) {
  fc_cover_move(m->room, leaf);
  leaf->outside = fc_cover_outside(m->room);
  if (leaf->outside)
    return true;
  unsigned signs = fc_cover_signs(m->room, m->factor->text);
  bool strict = m->factor->power < 0;
  bool up = !(signs & FC_MAY_FALL), down = !(signs & FC_MAY_RISE);
  if ((strict && signs & FC_MAY_VANISH) || up == down)
    return false;
  int sign = up ? 1 : -1;
  m->conflict = m->conflict || (m->sign && m->sign != sign);
  m->sign = sign;
  return true;
}

/* Bisects the widest undecided leaf until none is left; returns the length
 * that stays undecided. */
static double bisect(making *m) {
  size_t head = 0, tail = 2;
  double left = 1;
  m->queue[0] = (fc_leaf){0, 1, false};
  m->queue[1] = (fc_leaf){1, 1, false};
  m->count = 0;
  m->sign = 0;
  m->conflict = false;
  while (head < tail && !m->conflict) {
    fc_leaf leaf = m->queue[head++];
    if (decide(m, &leaf)) {
      left -= width(&leaf);
      m->done[m->count++] = leaf;
      continue;
    }
    if (tail + 2 > MOST_LEAVES || leaf.depth == m->most_depth)
      break;
    m->queue[tail++] = (fc_leaf){2 * leaf.index, leaf.depth + 1, false};
    m->queue[tail++] = (fc_leaf){2 * leaf.index + 1, leaf.depth + 1, false};
  }
  return m->conflict ? 1 : left;
}

static int by_place(const void *x, const void *y) {
  const fc_leaf *left = x, *right = y;
  double p = ldexp((double)left->index, -left->depth),
         q = ldexp((double)right->index, -right->depth);
  return (p > q) - (p < q);
}

static fc_status keep_leaves(fc_sign_factor *factor, making *m) {
  factor->leaves = malloc(m->count * sizeof *factor->leaves);
  if (!factor->leaves)
    return FC_MEMORY;
  qsort(m->done, m->count, sizeof *m->done, by_place);
  memcpy(factor->leaves, m->done, m->count * sizeof *m->done);
  factor->leaf_count = m->count;
  factor->why = FC_BY_COVER;
  factor->sign = m->sign ? m->sign : 1; /* nothing is inside: any will do */
  return FC_OK;
}

/* Doubles the precision as long as what is left is so little that rounding may
 * be what leaves it. */
static double escalate(making *m, long *precision,
                       const fc_domain_of_claim *domain, const fc_ring *ring) {
  double left = 1;
  for (long bits = FC_COVER_BITS; bits <= MOST_BITS; bits *= 2) {
    fc_cover_room_init(m->room, ring, domain, bits);
    left = bisect(m);
    fc_cover_room_clear(m->room);
    if (left == 0 && *precision < bits)
      *precision = bits;
    if (left == 0 || left > ldexp(1, -20))
      break;
  }
  return left;
}

/* A constant: one evaluation decides, or nothing does. */
static bool is_constant(const fmpz_mpoly_t x, const fc_ring *ring) {
  for (long i = 0; i < ring->count; i++)
    if (ring->symbols[i].kind != FC_SYMBOL_CONSTANT &&
        fmpz_mpoly_degree_si(x, i, ring->ctx) > 0)
      return false;
  return true;
}

fc_status fc_cover_make(fc_sign_factor *factor, double *undecided,
                        long *precision, const fc_domain_of_claim *domain,
                        const fc_ring *ring) {
  long degree;
  making m = {.factor = factor,
              .queue = malloc(MOST_LEAVES * sizeof *m.queue),
              .done = malloc(MOST_LEAVES * sizeof *m.done)};
  fc_status status = m.queue && m.done ? FC_OK : FC_MEMORY;
  *undecided = 1;
  m.most_depth = is_constant(factor->text, ring) ? 1 : MOST_DEPTH;
  if (status == FC_OK && fc_polynomial_degree(&degree, factor->text, ring)) {
    *undecided = escalate(&m, precision, domain, ring);
    if (*undecided == 0)
      status = keep_leaves(factor, &m);
  }
  free(m.queue);
  free(m.done);
  return status;
}

/* --- boxes on which a quotient is negative ---------------------------------
 */

bool fc_cover_refute(double box[2], const fc_rational *quotient,
                     const fc_domain_of_claim *domain, const fc_ring *ring) {
  fc_cover_room room[1];
  fc_product product[1];
  bool found = false;
  if (fc_rational_is_zero(quotient, ring) || !is_homogeneous(quotient, ring) ||
      fc_product_of(product, quotient, ring))
    return false;
  fc_cover_room_init(room, ring, domain, FC_COVER_BITS);
  for (unsigned long i = 0; i < 1u << REFUTING_DEPTH; i++) {
    fc_leaf leaf = {i, REFUTING_DEPTH, false};
    fc_cover_move(room, &leaf);
    bool here = fc_cover_inside(room) &&
                product_signs(room, product, false) == FC_MAY_FALL;
    if (here && !found)
      box[0] = ldexp((double)i, -REFUTING_DEPTH);
    if (here)
      box[1] = ldexp((double)(i + 1), -REFUTING_DEPTH);
    else if (found)
      break;
    found = found || here;
  }
  fc_cover_room_clear(room);
  fc_product_clear(product, ring);
  return found;
}
