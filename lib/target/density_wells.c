/* Wells of a potential between the points of a grid, by balls.
 *
 * A cell of the grid hides none where in balls U' has one sign over it, where
 * half its width times |U'| is at most SLACK, or where U over it is no less
 * than at its ends, SLACK aside.  Any other cell is halved; where the middle
 * turns out to be lower than both ends, all three are places for the grid.
 *
 * Left alone are cells at whose ends U is beyond binary64, or FAR_ABOVE its
 * least value where balls do not say what U is: exp(x^2) grows out of both.
 */
#include <math.h>
#include <stdlib.h>

#include "target/density.h"

#include "base/grow.h"

enum { BALL_BITS = 64, MOST_CELLS = 200000, MOST_HALVINGS = 60 };

#define SLACK 0.25
/* Higher than this above the least value nothing counts (density_modes.c). */
#define FAR_ABOVE 1e5

typedef struct sweep {
  const fc_density *f;
  fc_ctx balls[1];
  fc_num cell, value;
  mpfr_t low, high;
  double least;
  long left; /* cells that may still be looked at */
  double *places;
  size_t count, capacity;
  double where; /* of the cell that could not be settled */
} sweep;

static bool keep(sweep *s, double y) {
  if (!fc_grow(&s->places, &s->capacity, s->count, sizeof *s->places))
    return false;
  s->places[s->count++] = y;
  return true;
}

/* [low, high] = the k-th derivative of U over the cell, outwards and within the
 * range of binary64; false where balls do not say. */
static bool range(double *low, double *high, sweep *s, int k, size_t branch) {
  mpfr_t end;
  if (fc_density_derivative(s->value, s->f, k, branch, s->cell, s->balls) ||
      !fc_is_finite(s->value, s->balls))
    return false;
  mpfr_init2(end, BALL_BITS);
  fc_get_enclosure(s->low, s->high, s->value, s->balls);
  mpfr_sub(end, s->low, s->high, MPFR_RNDD);
  *low = mpfr_get_d(end, MPFR_RNDD);
  mpfr_add(end, s->low, s->high, MPFR_RNDU);
  *high = mpfr_get_d(end, MPFR_RNDU);
  mpfr_clear(end);
  return true;
}

/* No well in [from, to], where U is at least `ends` at both. */
static bool is_plain(sweep *s, double from, double to, double ends) {
  double low, high;
  if (ends == INFINITY)
    return true;
  mpfr_set_d(s->low, from, MPFR_RNDD);
  mpfr_set_d(s->high, to, MPFR_RNDU);
  fc_set_interval(s->cell, s->low, s->high, s->balls);
  size_t branch = fc_density_branch(s->f, from + (to - from) / 2);
  if (range(&low, &high, s, 1, branch)) {
    double steepest = fmax(fabs(low), fabs(high));
    if (low >= 0 || high <= 0 || steepest * (to - from) / 2 <= SLACK)
      return true;
  }
  if (!range(&low, &high, s, 0, branch))
    return ends >= s->least + FAR_ABOVE;
  return low >= ends - SLACK - 1e-9 * fabs(ends) || low >= s->least + FAR_ABOVE;
}

static fc_status look(sweep *s, double from, double to, double at_from,
                      double at_to, int depth) {
  double ends = fmin(at_from, at_to);
  if (is_plain(s, from, to, ends))
    return FC_OK;
  double middle = from + (to - from) / 2;
  if (--s->left < 0 || depth == MOST_HALVINGS || !(middle > from) ||
      !(middle < to)) {
    s->where = middle;
    return FC_LIMIT;
  }
  double there =
      fc_density_derivative_d(s->f, 0, fc_density_branch(s->f, middle), middle);
  if (there < ends - SLACK / 4 &&
      !(keep(s, from) && keep(s, middle) && keep(s, to)))
    return FC_MEMORY;
  fc_status status = look(s, from, middle, at_from, there, depth + 1);
  return status ? status : look(s, middle, to, there, at_to, depth + 1);
}

fc_status fc_density_find_wells(double **places, size_t *count,
                                const fc_density *f, const double *at,
                                const double *u, size_t points,
                                fc_error *error) {
  sweep s = {.f = f, .least = INFINITY, .left = MOST_CELLS};
  *places = NULL;
  *count = 0;
  if (fc_ctx_init_arb(s.balls, BALL_BITS, NULL))
    return FC_OK; /* the grid has to do */
  fc_init(s.cell, s.balls);
  fc_init(s.value, s.balls);
  mpfr_init2(s.low, BALL_BITS);
  mpfr_init2(s.high, BALL_BITS);
  for (size_t i = 0; i < points; i++)
    s.least = fmin(s.least, u[i]);
  fc_status status = FC_OK;
  for (size_t i = 0; i + 1 < points && !status; i++)
    status = look(&s, at[i], at[i + 1], u[i], u[i + 1], 0);
  fc_clear(s.cell, s.balls);
  fc_clear(s.value, s.balls);
  mpfr_clear(s.low);
  mpfr_clear(s.high);
  if (status) {
    free(s.places);
    return fc_fail(error, status,
                   status == FC_LIMIT
                       ? "near x = %.6g a narrow well of U cannot be ruled "
                         "out; write U in a simpler form, or give a lower and "
                         "an upper that leave the place out"
                       : "out of memory",
                   s.where);
  }
  *places = s.places;
  *count = s.count;
  return FC_OK;
}
