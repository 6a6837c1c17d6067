/* The integral of exp(-U) times a factor, in balls: see density_balls.h.
 *
 * y = origin + 2^scale s, with the origin at x/b where the noise is narrow (so
 * that places keep their digits however small a/b is), else at the largest
 * weight that binary64 found; shift is the log of the weight there.
 */
#include <math.h>
#include <stdlib.h>

#include "arith/arb_compat.h"
#include "arith/balls.h"
#include "target/cdf.h"
#include "target/density_balls.h"

#ifdef FC_ARB_IN_FLINT
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

enum {
  MOST_EVALUATIONS = 200, /* of an integrand, a bit of precision */
  GUARD_NATS = 12, /* how much further than needed the window goes at first */
  LENGTHENINGS =
      90 /* of the window where no tail argument applies: doublings */
};

/* --- storage -------------------------------------------------------------- */

enum { NUMBERS = 5 + FC_BALL_MOMENTS };

fc_status fc_ball_integral_init(fc_ball_integral *z, fc_ball_level *level) {
  *z = (fc_ball_integral){.level = level};
  z->numbers = fc_vec_new(NUMBERS, level->real);
  if (!z->numbers)
    return FC_MEMORY;
  z->origin = z->numbers;
  z->shift = z->numbers + 1;
  z->rest = z->numbers + 2;
  z->knee = z->numbers + 3;
  z->short_of_1 = z->numbers + 4;
  z->sums = z->numbers + 5;
  z->place->density = level->density;
  return FC_OK;
}

void fc_ball_integral_clear(fc_ball_integral *z) {
  if (z->numbers)
    fc_vec_free(z->numbers, NUMBERS, z->level->real);
}

/* --- the frame -------------------------------------------------------------
 */

static void drop_radius(fc_ptr z) { mag_zero(arb_radref(fc_as_arb(z))); }

static fc_srcptr end_of(const fc_ball_integral *z, int side) {
  const fc_density *f = z->level->density;
  if (z->ends[side > 0])
    return z->ends[side > 0];
  if (side > 0)
    return f->upper ? z->level->breaks + f->count : NULL;
  return f->lower ? z->level->breaks : NULL;
}

static void set_place(fc_ball_integral *z) {
  const fc_ctx *ctx = z->level->real;
  fc_density_place *p = z->place;
  p->a = p->b = p->x = p->rest = p->origin = 0;
  if (p->factor != FC_FACTOR_NONE) {
    p->a = fc_get_d(z->a, ctx);
    p->b = fc_get_d(z->b, ctx);
    p->x = p->rest = fc_get_d(z->x, ctx);
  }
  for (int i = 0; i < 2; i++)
    p->ends[i] =
        z->ends[i]
            ? fc_get_d(z->ends[i], ctx)
            : z->level->density->breaks[i ? z->level->density->count : 0];
}

/* Moves the origin to the largest weight, where that is not near; exactly onto
 * a finite end. */
static void move_origin(fc_ball_integral *z) {
  enum { NEAR = 4 }; /* widths */
  const fc_ctx *ctx = z->level->real;
  fc_density_place *p = z->place;
  if (fabs(p->peak) <= NEAR * p->scale)
    return;
  fc_num peak;
  fc_init(peak, ctx);
  fc_set_d(peak, p->peak, ctx);
  fc_add(z->origin, z->origin, peak, ctx);
  fc_clear(peak, ctx);
  double at = p->origin + p->peak;
  for (int side = -1; side <= 1; side += 2)
    if (at == p->ends[side > 0] && end_of(z, side))
      fc_set(z->origin, end_of(z, side), ctx);
  drop_radius(z->origin);
  fc_place_move(p);
}

static bool set_frame(fc_ball_integral *z) {
  const fc_ctx *ctx = z->level->real;
  fc_density_place *p = z->place;
  set_place(z);
  fc_set_si(z->origin, 0, ctx);
  bool narrow = fc_place_is_narrow(p);
  if (narrow) {
    fc_div(z->origin, z->x, z->b, ctx);
    drop_radius(z->origin);
    p->origin = fc_get_d(z->origin, ctx);
    p->rest = 0;
  }
  if (!fc_place_search(p))
    return false;
  move_origin(z);
  z->scale = lround(log2(p->scale));
  if (p->factor != FC_FACTOR_NONE) {
    fc_mul(z->rest, z->b, z->origin, ctx);
    fc_sub(z->rest, z->x, z->rest, ctx);
  }
  return true;
}

/* shift = log of the weight at the peak, as far as one number says that. */
static bool set_shift(fc_ball_integral *z) {
  const fc_ctx *ctx = z->level->real;
  fc_num offset, shift;
  fc_init(offset, ctx);
  fc_init(shift, ctx);
  fc_set_d(offset, z->place->peak, ctx);
  fc_set_si(z->shift, 0, ctx);
  size_t branch =
      fc_density_branch(z->level->density, z->place->origin + z->place->peak);
  fc_ball_log_weight(shift, z, z->origin, offset, branch);
  bool fine = fc_is_finite(shift, ctx);
  arf_set_round(arb_midref(fc_as_arb(z->shift)), arb_midref(fc_as_arb(shift)),
                53, ARF_RND_NEAR);
  fc_clear(offset, ctx);
  fc_clear(shift, ctx);
  return fine;
}

/* --- the integrand ----------------------------------------------------------
 */

typedef struct integrand {
  const fc_ball_integral *z;
  size_t branch;
  int power;       /* of s */
  bool plain;      /* without Phi */
  fc_srcptr start; /* places are offsets from here */
  acb_ptr y, offset, rise, middle, exponent, t;
  arb_t lag; /* start - origin */
} integrand;

enum { ROOM = 6 };

static void integrand_init(integrand *f, const fc_ball_integral *z,
                           size_t branch, fc_srcptr start) {
  acb_ptr room = _acb_vec_init(ROOM);
  *f = (integrand){.z = z,
                   .branch = branch,
                   .start = start,
                   .y = room,
                   .offset = room + 1,
                   .rise = room + 2,
                   .middle = room + 3,
                   .exponent = room + 4,
                   .t = room + 5};
  arb_init(f->lag);
  arb_sub(f->lag, fc_as_arb_src(start), fc_as_arb(z->origin),
          z->level->real->precision);
}

static void integrand_clear(integrand *f) {
  _acb_vec_clear(f->y, ROOM);
  arb_clear(f->lag);
}

/* z = U^(k) at the offset. */
static void potential(acb_t z, integrand *f, int k, const acb_t offset,
                      slong precision) {
  fc_ball_level *level = f->z->level;
  fc_num at;
  fc_init(at, level->complex);
  acb_add_arb(fc_as_acb(at), offset, fc_as_arb_src(f->start),
              FC_BALL_SPAN * precision);
  fc_formula_eval_in(at, level->density->u[k][f->branch], at, level->nodes[1],
                     level->complex);
  acb_set(z, fc_as_acb(at));
  fc_clear(at, level->complex);
}

/* z = -w = (b (y - origin) - rest)/a. */
static void set_minus_w(acb_t z, const acb_t offset, const integrand *f,
                        slong precision) {
  const fc_ball_integral *g = f->z;
  acb_add_arb(z, offset, f->lag, precision);
  acb_mul_arb(z, z, fc_as_arb_src(g->b), precision);
  acb_sub_arb(z, z, fc_as_arb_src(g->rest), precision);
  acb_div_arb(z, z, fc_as_arb_src(g->a), precision);
}

/* z = -U - shift, and -w^2/2 of the noise. */
static void direct(acb_t z, integrand *f, const acb_t offset, slong precision) {
  potential(z, f, 0, offset, precision);
  acb_add_arb(z, z, fc_as_arb_src(f->z->shift), precision);
  acb_neg(z, z);
  if (f->z->place->factor == FC_FACTOR_NOISE) {
    set_minus_w(f->t, offset, f, precision);
    acb_mul(f->t, f->t, f->t, precision);
    acb_mul_2exp_si(f->t, f->t, -1);
    acb_sub(z, z, f->t, precision);
  }
}

/* z -= derivative k of w^2/2, k = 1, 2. */
static void sub_noise(acb_t z, integrand *f, int k, const acb_t offset,
                      slong precision) {
  const fc_ball_integral *g = f->z;
  if (g->place->factor != FC_FACTOR_NOISE)
    return;
  if (k == 1) {
    set_minus_w(f->t, offset, f, precision);
  } else {
    acb_set_arb(f->t, fc_as_arb_src(g->b));
    acb_div_arb(f->t, f->t, fc_as_arb_src(g->a), precision);
  }
  acb_mul_arb(f->t, f->t, fc_as_arb_src(g->b), precision);
  acb_div_arb(f->t, f->t, fc_as_arb_src(g->a), precision);
  acb_sub(z, z, f->t, precision);
}

/* On a wide box (which is convex, and on which U is holomorphic as `exponent`
 * is finite) Taylor's formula about its middle, to the second order: U and the
 * noise may cancel, which enclosures of either do not see. */
static void centre(integrand *f, slong precision) {
  acb_t sum;
  acb_init(sum);
  acb_get_mid(f->middle, f->offset);
  acb_sub(f->rise, f->offset, f->middle, precision);
  direct(sum, f, f->middle, precision);
  for (int k = 1; k <= 2; k++) {
    acb_srcptr at = k == 1 ? f->middle : f->offset;
    potential(f->y, f, k, at, precision);
    acb_neg(f->y, f->y);
    sub_noise(f->y, f, k, at, precision);
    if (k == 2)
      acb_mul_2exp_si(f->y, f->y, -1);
    acb_pow_ui(f->t, f->rise, (ulong)k, precision);
    acb_addmul(sum, f->y, f->t, precision);
  }
  /* the better one; both are true */
  if (acb_is_finite(sum) && mag_cmp(arb_radref(acb_realref(sum)),
                                    arb_radref(acb_realref(f->exponent))) < 0)
    acb_swap(sum, f->exponent);
  acb_clear(sum);
}

/* z *= Phi. */
static void put_phi(acb_t z, integrand *f, slong precision) {
  arb_t root;
  arb_init(root);
  set_minus_w(f->t, f->offset, f, precision);
  arb_sqrt_ui(root, 2, precision);
  acb_div_arb(f->t, f->t, root, precision);
  arb_clear(root);
  if (f->z->place->factor == FC_FACTOR_ABOVE)
    acb_neg(f->t, f->t);
  acb_hypgeom_erfc(f->t, f->t, precision);
  acb_mul(z, z, f->t, precision);
  acb_mul_2exp_si(z, z, -1);
}

static bool is_wide(const acb_t s) {
  return mag_cmp_2exp_si(arb_radref(acb_realref(s)), -10) > 0;
}

/* Complex numbers off the real axis go through functions that are
 * indeterminate where they might not be holomorphic (arith_acb.c), so that
 * order > 0 asks for nothing more, unless the enclosure is real. */
static int evaluate(acb_ptr value, const acb_t s, void *data, slong order,
                    slong precision) {
  integrand *f = data;
  const fc_ball_integral *z = f->z;
  if (order > 0 && arb_is_zero(acb_imagref(s))) {
    acb_indeterminate(value);
    return 0;
  }
  acb_mul_2exp_si(f->offset, s, z->scale);
  direct(f->exponent, f, f->offset, precision);
  if (is_wide(s) && acb_is_finite(f->exponent))
    centre(f, precision);
  acb_add_arb(f->t, f->offset, f->lag, precision);
  acb_mul_2exp_si(f->t, f->t, -z->scale);
  acb_pow_ui(f->t, f->t, (ulong)f->power, precision);
  acb_exp(value, f->exponent, precision);
  acb_mul(value, value, f->t, precision);
  if (!f->plain && (z->place->factor == FC_FACTOR_BELOW ||
                    z->place->factor == FC_FACTOR_ABOVE))
    put_phi(value, f, precision);
  return 0;
}

/* sums[k] += the integral over a part of a branch, between two offsets from a
 * place; without Phi where `plain`, which is 1 to within short_of_1 there.
 * False where that is not finite. */
static bool add_part(fc_ball_integral *z, size_t branch, fc_srcptr start,
                     fc_srcptr from, fc_srcptr to, bool plain) {
  slong precision = z->level->real->precision;
  acb_t left, right, value;
  mag_t tolerance;
  acb_init(left);
  acb_init(right);
  acb_init(value);
  mag_init(tolerance);
  mag_set_ui_2exp_si(tolerance, 1, -precision);
  arb_mul_2exp_si(acb_realref(left), fc_as_arb_src(from), -z->scale);
  arb_mul_2exp_si(acb_realref(right), fc_as_arb_src(to), -z->scale);
  acb_calc_integrate_opt_t options;
  acb_calc_integrate_opt_init(options);
  options->eval_limit = MOST_EVALUATIONS * precision;
  bool finite = true;
  integrand f;
  integrand_init(&f, z, branch, start);
  for (int k = 0; k <= z->order && finite; k++) {
    f.power = k;
    f.plain = plain;
    acb_calc_integrate(value, evaluate, &f, left, right, precision, tolerance,
                       options, precision);
    finite = acb_is_finite(value) != 0;
    arb_add(fc_as_arb(z->sums + k), fc_as_arb(z->sums + k), acb_realref(value),
            precision);
    if (plain) {
      arb_mul(acb_realref(value), acb_realref(value), fc_as_arb(z->short_of_1),
              precision);
      fc_num_struct gap = {0};
      fc_init(&gap, z->level->real);
      arb_swap(fc_as_arb(&gap), acb_realref(value));
      fc_widen(z->sums + k, &gap, z->level->real);
      fc_clear(&gap, z->level->real);
    }
  }
  integrand_clear(&f);
  mag_clear(tolerance);
  acb_clear(left);
  acb_clear(right);
  acb_clear(value);
  return finite;
}

/* The same, cut at the knee: next to where Phi rises on the scale a/b its
 * enclosures far away are poor, and it is 1. */
static bool add_piece(fc_ball_integral *z, size_t branch, fc_srcptr start,
                      fc_srcptr from, fc_srcptr to) {
  const fc_ctx *ctx = z->level->real;
  if (!z->has_knee)
    return add_part(z, branch, start, from, to, false);
  bool below = z->place->factor == FC_FACTOR_BELOW, fine;
  fc_num knee;
  fc_init(knee, ctx);
  fc_add(knee, z->origin, z->knee, ctx);
  fc_sub(knee, knee, start, ctx);
  if (fc_le(to, knee, ctx) == FC_TRUE)
    fine = add_part(z, branch, start, from, to, below);
  else if (fc_le(knee, from, ctx) == FC_TRUE)
    fine = add_part(z, branch, start, from, to, !below);
  else /* or so nearly that parts of either sign say the same */
    fine = add_part(z, branch, start, from, knee, below) &&
           add_part(z, branch, start, knee, to, !below);
  fc_clear(knee, ctx);
  return fine;
}

/* knee: an offset beyond which Phi is 1 to within short_of_1, which is next to
 * nothing. */
static void set_knee(fc_ball_integral *z) {
  const fc_ctx *ctx = z->level->real;
  const fc_density_place *p = z->place;
  z->has_knee = z->order == 0 && p->b > 0 &&
                (p->factor == FC_FACTOR_BELOW || p->factor == FC_FACTOR_ABOVE);
  if (!z->has_knee)
    return;
  double far = sqrt(2 * log(2) * (double)ctx->precision) + 1,
         sign = p->factor == FC_FACTOR_BELOW ? -1 : 1,
         at = (p->rest + sign * far * p->a) / p->b;
  z->has_knee = isfinite(at);
  if (!z->has_knee)
    return;
  fc_set_d(z->knee, at, ctx);
  fc_ptr w = z->short_of_1;
  fc_mul(w, z->b, z->knee, ctx);
  fc_sub(w, w, z->rest, ctx);
  fc_div(w, w, z->a, ctx); /* -w: below 0 for Phi(w) */
  if (p->factor == FC_FACTOR_ABOVE)
    fc_neg(w, w, ctx);
  z->has_knee = fc_is_negative(w, ctx) == FC_TRUE;
  fc_normal_cdf(w, w, ctx);
}

/* --- the window --------------------------------------------------------------
 */

/* Small beside the whole, which is about 1. */
static bool is_small(fc_srcptr tail, const fc_ball_integral *z) {
  mag_t most;
  mag_init(most);
  arb_get_mag(most, fc_as_arb_src(tail));
  bool small = mag_cmp_2exp_si(most, -z->level->real->precision) <= 0;
  mag_clear(most);
  return small;
}

static void widen_by(fc_ball_integral *z, fc_srcptr tails) {
  for (int k = 0; k <= z->order; k++)
    fc_widen(z->sums + k, tails + k, z->level->real);
}

/* The cut lies certainly inside the support. */
static bool is_inside(const fc_ball_integral *z, fc_srcptr cut, int side) {
  const fc_ctx *ctx = z->level->real;
  fc_srcptr end = end_of(z, side);
  if (!end)
    return true;
  fc_num y;
  fc_init(y, ctx);
  fc_add(y, z->origin, cut, ctx);
  bool inside = (side > 0 ? fc_lt(y, end, ctx) : fc_lt(end, y, ctx)) == FC_TRUE;
  fc_clear(y, ctx);
  return inside;
}

/* The cut on one side, where the window does not reach the end: as far out as
 * it takes for a small bound.  False where there is none before the end. */
static bool set_cut(fc_ptr cut, fc_ball_integral *z, int side) {
  const fc_ctx *ctx = z->level->real;
  const fc_density_place *p = z->place;
  double nats = (double)ctx->precision * log(2) + GUARD_NATS,
         at = fc_place_reach(p, side, nats, z->order);
  fc_num_struct tails[FC_BALL_MOMENTS];
  for (int k = 0; k < FC_BALL_MOMENTS; k++)
    fc_init(tails + k, ctx);
  bool have = false, small = false;
  for (int i = 0; i < LENGTHENINGS && isfinite(at) && !small; i++) {
    if (side * (p->origin + at - p->ends[side > 0]) >= 0)
      break;
    fc_set_d(cut, at, ctx);
    have = is_inside(z, cut, side) && fc_ball_tail(tails, z, cut, side);
    small = have && is_small(tails + z->order, z) && is_small(tails, z);
    at = p->peak + 2 * (at - p->peak) + side * p->scale;
  }
  have = have && (small || !end_of(z, side));
  if (have)
    widen_by(z, tails);
  for (int k = 0; k < FC_BALL_MOMENTS; k++)
    fc_clear(tails + k, ctx);
  return have;
}

/* --- pieces ------------------------------------------------------------------
 */

/* The end of a piece: an offset, and where it is an end of the branch, which
 * one. */
typedef struct piece_end {
  fc_num offset;
  const fc_formula *place; /* NULL: a cut */
  fc_srcptr start;         /* the place in balls */
} piece_end;

/* U is not seen to be holomorphic about the place. */
static bool is_singular(fc_ball_integral *z, size_t branch,
                        const piece_end *end) {
  fc_ball_level *level = z->level;
  fc_num y;
  if (!end->place)
    return false;
  fc_init(y, level->complex);
  acb_set_arb(fc_as_acb(y), fc_as_arb_src(end->start));
  mag_t size;
  mag_init(size);
  mag_set_ui_2exp_si(size, 1, z->scale - level->real->precision);
  arb_add_error_mag(acb_realref(fc_as_acb(y)), size);
  arb_add_error_mag(acb_imagref(fc_as_acb(y)), size);
  mag_clear(size);
  fc_formula_eval_in(y, level->density->u[0][branch], y, level->nodes[1],
                     level->complex);
  bool singular = !fc_is_finite(y, level->complex);
  fc_clear(y, level->complex);
  return singular;
}

/* distance = a power of 2, how far from the place the integral may begin; what
 * it leaves out is added to the radii. */
static bool leave_out(fc_ptr distance, fc_ball_integral *z, size_t branch,
                      const piece_end *end, int side) {
  const fc_ctx *ctx = z->level->real;
  fc_num_struct tails[FC_BALL_MOMENTS];
  for (int k = 0; k < FC_BALL_MOMENTS; k++)
    fc_init(tails + k, ctx);
  bool fine = true, small = false;
  for (long bits = ctx->precision;
       fine && !small && bits <= 16 * ctx->precision; bits *= 2) {
    fc_set_si(distance, 1, ctx);
    fc_mul_2exp_si(distance, distance, z->scale - bits, ctx);
    fine = fc_ball_singular_end(tails, z, end->place, end->start, distance,
                                side, branch);
    small = fine && is_small(tails, z);
  }
  if (fine)
    widen_by(z, tails);
  for (int k = 0; k < FC_BALL_MOMENTS; k++)
    fc_clear(tails + k, ctx);
  return fine;
}

/* The part next to a singular end, `step` long, in the frame of that end (side:
 * inwards); the end becomes a cut. */
static bool add_singular(fc_ball_integral *z, size_t branch, piece_end *end,
                         int side, double step) {
  const fc_ctx *ctx = z->level->real;
  fc_num from, to;
  fc_init(from, ctx);
  fc_init(to, ctx);
  bool fine = leave_out(from, z, branch, end, side);
  if (side < 0)
    fc_neg(from, from, ctx);
  fc_set_d(to, side * step, ctx);
  if (fine)
    fine = side > 0 ? add_piece(z, branch, end->start, from, to)
                    : add_piece(z, branch, end->start, to, from);
  fc_add(end->offset, end->offset, to, ctx);
  fc_clear(from, ctx);
  fc_clear(to, ctx);
  return fine;
}

/* A piece between two ends in one branch. */
static bool add_between(fc_ball_integral *z, size_t branch, piece_end *left,
                        piece_end *right) {
  const fc_ctx *ctx = z->level->real;
  double length = fc_get_d(right->offset, ctx) - fc_get_d(left->offset, ctx),
         step = fmin(length / 2, ldexp(1, (int)z->scale));
  bool fine = true;
  if (is_singular(z, branch, left))
    fine = step > 0 && add_singular(z, branch, left, 1, step);
  if (fine && is_singular(z, branch, right))
    fine = step > 0 && add_singular(z, branch, right, -1, step);
  return fine && add_piece(z, branch, z->origin, left->offset, right->offset);
}

static const fc_formula *break_of(const fc_density *f, size_t i) {
  return i == 0 ? f->lower : i == f->count ? f->upper : f->kinks[i - 1];
}

/* end = break i of the density. */
static void set_break(piece_end *end, fc_ball_integral *z, size_t i) {
  end->place = break_of(z->level->density, i);
  end->start = z->level->breaks + i;
  fc_sub(end->offset, end->start, z->origin, z->level->real);
}

/* The end of the range, where no cut was set. */
static bool set_end(piece_end *end, fc_ball_integral *z, int side) {
  end->place = NULL;
  if (!end_of(z, side))
    return false;
  if (z->ends[side > 0])
    fc_sub(end->offset, z->ends[side > 0], z->origin, z->level->real);
  else
    set_break(end, z, side > 0 ? z->level->density->count : 0);
  return true;
}

/* Piece after piece, from one kink to the next. */
static fc_status add_pieces(fc_ball_integral *z, piece_end ends[2]) {
  const fc_ctx *ctx = z->level->real;
  piece_end from, to;
  size_t first, last;
  fc_init(from.offset, ctx);
  fc_init(to.offset, ctx);
  fc_add(to.offset, z->origin, ends[0].offset, ctx);
  bool fine = fc_ball_branch(&first, z->level, to.offset);
  fc_add(to.offset, z->origin, ends[1].offset, ctx);
  fine = fc_ball_branch_left(&last, z->level, to.offset) && fine;
  fine = fine && first <= last;
  for (size_t i = first; fine && i <= last; i++) {
    if (i == first) {
      fc_set(from.offset, ends[0].offset, ctx);
      from.place = ends[0].place;
      from.start = ends[0].start;
    } else {
      set_break(&from, z, i);
    }
    if (i == last) {
      fc_set(to.offset, ends[1].offset, ctx);
      to.place = ends[1].place;
      to.start = ends[1].start;
    } else {
      set_break(&to, z, i + 1);
    }
    fine = add_between(z, i, &from, &to);
  }
  fc_clear(from.offset, ctx);
  fc_clear(to.offset, ctx);
  return fine ? FC_OK : FC_BUDGET;
}

fc_status fc_ball_integrate(fc_ball_integral *z) {
  const fc_ctx *ctx = z->level->real;
  if (!set_frame(z) || !set_shift(z))
    return FC_DOMAIN;
  piece_end ends[2] = {{.place = NULL}, {.place = NULL}};
  fc_init(ends[0].offset, ctx);
  fc_init(ends[1].offset, ctx);
  for (int k = 0; k <= z->order; k++)
    fc_set_si(z->sums + k, 0, ctx);
  set_knee(z);
  bool placed = true;
  for (int i = 0; i < 2 && placed; i++)
    placed = set_cut(ends[i].offset, z, 2 * i - 1) ||
             set_end(ends + i, z, 2 * i - 1);
  fc_status status = placed ? add_pieces(z, ends) : FC_BUDGET;
  fc_clear(ends[0].offset, ctx);
  fc_clear(ends[1].offset, ctx);
  return status;
}

fc_status fc_ball_norm(fc_ball_level *level) {
  fc_ball_integral z[1];
  const fc_ctx *ctx = level->real;
  if (level->normed)
    return FC_OK;
  fc_status status = fc_ball_integral_init(z, level);
  if (!status)
    status = fc_ball_integrate(z);
  if (!status) {
    fc_mul_2exp_si(z->sums, z->sums, z->scale, ctx);
    fc_log(level->log_norm, z->sums, ctx);
    fc_add(level->log_norm, level->log_norm, z->shift, ctx);
    level->normed = true;
  }
  fc_ball_integral_clear(z);
  return status;
}
