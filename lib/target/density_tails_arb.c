/* What exp(-U) times a factor of the noise can weigh beyond a window.
 *
 * With v = side (y - c) and W the log of the integrand at the cut v_0:
 *   dU/dv + g >= r > 0 beyond     int |s|^k <= e^W sum_j k!/(k-j)! |s_0|^(k-j)
 *                                 /(2^scale r)^(j+1)
 *   v dU/dv >= q > k + 1 beyond   int |s|^k <= e^W kappa^k v_0^(k+1)
 *                                 /((q-k-1) 2^(scale (k+1))),
 * g >= 0 the slope of (x - b y)^2/(2 a^2) at the cut, which increases outwards;
 * it counts where the factor is at most exp(-w^2/2), which then is what W has.
 * kappa = 1 + |c - origin|/v_0, so that |y - origin| <= kappa v.  Next to an
 * end at which U is singular, v the distance from it: v d(U - log factor)/dv <=
 * q < 1 up to v_0   int <= e^W v_0/(1-q)/2^scale. The ranges of dU/dv and v
 * dU/dv are those of ray_range.h.
 */
#include <math.h>

#include "arith/arb_compat.h"
#include "arith/balls.h"
#include "target/cdf.h"
#include "target/density_balls.h"
#include "target/ray_range.h"

enum { TAIL_BITS = 64 };

typedef struct tail {
  const fc_ball_integral *z;
  int side;
  fc_num y, slope, weight;  /* the cut, g, W */
  arb_t size;               /* 2^scale */
  mpq_t centre;             /* c */
  mpfr_t near, far;         /* v */
  mpfr_t least, least_rate; /* of dU/dv and v dU/dv */
  arb_t v0, bound, t;       /* bound = e^W */
} tail;

static void tail_init(tail *t, const fc_ball_integral *z, int side) {
  *t = (tail){.z = z, .side = side};
  fc_init(t->y, z->level->real);
  fc_init(t->slope, z->level->real);
  fc_init(t->weight, z->level->real);
  arb_init(t->size);
  arb_one(t->size);
  arb_mul_2exp_si(t->size, t->size, z->scale);
  mpq_init(t->centre);
  mpfr_inits2(TAIL_BITS, t->near, t->far, t->least, t->least_rate,
              (mpfr_ptr)NULL);
  arb_init(t->v0);
  arb_init(t->bound);
  arb_init(t->t);
}

static void tail_clear(tail *t) {
  fc_clear(t->y, t->z->level->real);
  fc_clear(t->slope, t->z->level->real);
  fc_clear(t->weight, t->z->level->real);
  arb_clear(t->size);
  mpq_clear(t->centre);
  mpfr_clears(t->near, t->far, t->least, t->least_rate, (mpfr_ptr)NULL);
  arb_clear(t->v0);
  arb_clear(t->bound);
  arb_clear(t->t);
}

/* y keeps the digits of a small v. */
void fc_ball_log_weight(fc_ptr z, const fc_ball_integral *f, fc_srcptr start,
                        fc_srcptr v, size_t branch) {
  const fc_ctx *ctx = f->level->real;
  fc_noise_factor factor = f->place->factor;
  fc_num y, w;
  fc_init(y, ctx);
  fc_init(w, ctx);
  arb_add(fc_as_arb(y), fc_as_arb_src(start), fc_as_arb_src(v),
          FC_BALL_SPAN * ctx->precision);
  fc_ball_derivative(z, f->level, 0, branch, y);
  fc_neg(z, z, ctx);
  fc_sub(z, z, f->shift, ctx);
  if (factor != FC_FACTOR_NONE) {
    fc_sub(w, start, f->origin, ctx);
    fc_add(w, w, v, ctx);
    fc_mul(w, f->b, w, ctx);
    fc_sub(w, f->rest, w, ctx);
    fc_div(w, w, f->a, ctx);
  }
  if (factor == FC_FACTOR_NOISE) {
    fc_sqr(w, w, ctx);
    fc_mul_2exp_si(w, w, -1, ctx);
    fc_sub(z, z, w, ctx);
  } else if (factor != FC_FACTOR_NONE) {
    if (factor == FC_FACTOR_ABOVE)
      fc_neg(w, w, ctx);
    fc_normal_cdf(w, w, ctx);
    fc_log(w, w, ctx);
    fc_add(z, z, w, ctx);
  }
  fc_clear(y, ctx);
  fc_clear(w, ctx);
}

/* z = an end of v = side (y - c), rounded in one direction. */
static void set_v(mpfr_ptr z, fc_srcptr y, const tail *t, mpfr_rnd_t to) {
  arb_t v, c;
  fmpq_t q;
  arb_init(v);
  arb_init(c);
  fmpq_init(q);
  fmpq_set_mpq(q, t->centre);
  arb_set_fmpq(c, q, t->z->level->real->precision);
  arb_sub(v, fc_as_arb_src(y), c, t->z->level->real->precision);
  if (t->side < 0)
    arb_neg(v, v);
  arf_t end;
  arf_init(end);
  if (to == MPFR_RNDD)
    arb_get_lbound_arf(end, v, TAIL_BITS);
  else
    arb_get_ubound_arf(end, v, TAIL_BITS);
  arf_get_mpfr(z, end, to);
  arf_clear(end);
  arb_clear(v);
  arb_clear(c);
  fmpq_clear(q);
}

/* z = the least value of v^power dU/dv on the ray (t->near, t->far). */
static bool least_slope(mpfr_ptr z, const tail *t, size_t branch, long power) {
  const fc_ray ray = {t->centre, t->side, t->near, t->far};
  mpfr_t other;
  mpfr_init2(other, TAIL_BITS);
  const fc_formula *slope = t->z->level->density->u[1][branch];
  fc_status status = t->side > 0 ? fc_ray_range(z, other, slope, power, &ray)
                                 : fc_ray_range(other, z, slope, power, &ray);
  if (t->side < 0)
    mpfr_neg(z, z, MPFR_RNDD);
  mpfr_clear(other);
  return status == FC_OK;
}

/* dU/dv at the beginning of the ray, where U'' >= 0 on all of it. */
static void improve_slope(mpfr_ptr z, const tail *t, size_t branch,
                          fc_srcptr from) {
  fc_ball_level *level = t->z->level;
  const fc_ray ray = {t->centre, t->side, t->near, t->far};
  mpfr_t low, high;
  mpfr_inits2(TAIL_BITS, low, high, (mpfr_ptr)NULL);
  if (fc_ray_range(low, high, level->density->u[2][branch], 0, &ray) == FC_OK &&
      mpfr_sgn(low) >= 0) {
    fc_num slope;
    arf_t end;
    fc_init(slope, level->real);
    arf_init(end);
    fc_ball_derivative(slope, level, 1, branch, from);
    if (t->side < 0)
      fc_neg(slope, slope, level->real);
    arb_get_lbound_arf(end, fc_as_arb(slope), TAIL_BITS);
    arf_get_mpfr(high, end, MPFR_RNDD);
    if (mpfr_greater_p(high, z))
      mpfr_set(z, high, MPFR_RNDD);
    arf_clear(end);
    fc_clear(slope, level->real);
  }
  mpfr_clears(low, high, (mpfr_ptr)NULL);
}

/* Lowers least and least_rate to what they are between near and far. */
static bool look_at(tail *t, size_t branch, fc_srcptr from) {
  mpfr_t low;
  mpfr_init2(low, TAIL_BITS);
  bool fine = least_slope(low, t, branch, 0);
  if (fine && from && !(mpfr_sgn(low) > 0))
    improve_slope(low, t, branch, from);
  mpfr_min(t->least, t->least, low, MPFR_RNDD);
  fine = fine && least_slope(low, t, branch, 1);
  mpfr_min(t->least_rate, t->least_rate, low, MPFR_RNDD);
  mpfr_clear(low);
  return fine;
}

/* The same in PARTS between near and far, both finite. */
static bool look_at_parts(tail *t, size_t branch, fc_srcptr from) {
  enum { PARTS = 16 };
  mpfr_t step, end;
  mpfr_inits2(TAIL_BITS, step, end, (mpfr_ptr)NULL);
  mpfr_set(end, t->far, MPFR_RNDU);
  mpfr_sub(step, t->far, t->near, MPFR_RNDU);
  mpfr_div_ui(step, step, PARTS, MPFR_RNDU);
  bool fine = true;
  for (int i = 0; i < PARTS && fine && mpfr_less_p(t->near, end); i++) {
    mpfr_add(t->far, t->near, step, MPFR_RNDU);
    if (i + 1 == PARTS)
      mpfr_max(t->far, t->far, end, MPFR_RNDU);
    fine = look_at(t, branch, i == 0 ? from : NULL);
    mpfr_set(t->near, t->far, MPFR_RNDD);
  }
  mpfr_clears(step, end, (mpfr_ptr)NULL);
  return fine;
}

/* The same between near and far, in one or, where split > 0, in parts: an
 * infinite ray up to there. */
static bool look_at_branch(tail *t, size_t branch, fc_srcptr from,
                           double split) {
  if (!(mpfr_sgn(t->near) > 0 && mpfr_less_p(t->near, t->far)))
    return false;
  if (!(split > 0))
    return look_at(t, branch, from);
  if (!mpfr_inf_p(t->far))
    return look_at_parts(t, branch, from);
  if (mpfr_cmp_d(t->near, split) >= 0)
    return look_at(t, branch, from);
  mpfr_set_d(t->far, split, MPFR_RNDU);
  bool fine = look_at_parts(t, branch, from);
  mpfr_set_d(t->near, split, MPFR_RNDD);
  mpfr_set_inf(t->far, 1);
  return fine && look_at(t, branch, NULL);
}

/* least and least_rate over all branches beyond the cut; false where v is not
 * positive there. */
static bool look_outwards(tail *t, size_t branch, double split) {
  const fc_ball_level *level = t->z->level;
  const fc_density *f = level->density;
  mpfr_set_inf(t->least, 1);
  mpfr_set_inf(t->least_rate, 1);
  bool fine = true;
  size_t last = t->side > 0 ? f->count - 1 : 0;
  fc_srcptr from = t->y;
  for (size_t i = branch; fine; i = t->side > 0 ? i + 1 : i - 1) {
    size_t outer = t->side > 0 ? i + 1 : i;
    set_v(t->near, from, t, MPFR_RNDD);
    if (i == last && !(t->side > 0 ? f->upper : f->lower))
      mpfr_set_inf(t->far, 1);
    else
      set_v(t->far, level->breaks + outer, t, MPFR_RNDU);
    fine = look_at_branch(t, i, from, split);
    from = level->breaks + outer;
    if (i == last)
      break;
  }
  return fine;
}

/* Phi(w) or Phi(-w) that increases outwards: known to be at most 1. */
static bool factor_grows(const tail *t) {
  fc_noise_factor factor = t->z->place->factor;
  return factor == (t->side > 0 ? FC_FACTOR_ABOVE : FC_FACTOR_BELOW);
}

/* slope = g, or 0 where the factor only does not increase. */
static void set_noise_slope(tail *t, fc_srcptr offset) {
  const fc_ball_integral *z = t->z;
  const fc_ctx *ctx = z->level->real;
  fc_noise_factor factor = z->place->factor;
  fc_set_si(t->slope, 0, ctx);
  if (factor == FC_FACTOR_NONE || factor_grows(t))
    return;
  fc_mul(t->slope, z->b, offset, ctx);
  fc_sub(t->slope, t->slope, z->rest, ctx);
  fc_div(t->slope, t->slope, z->a, ctx);
  fc_mul(t->slope, t->slope, z->b, ctx);
  fc_div(t->slope, t->slope, z->a, ctx);
  if (t->side < 0)
    fc_neg(t->slope, t->slope, ctx);
  if (factor != FC_FACTOR_NOISE && fc_is_negative(t->slope, ctx) != FC_FALSE)
    fc_set_si(t->slope, 0, ctx);
}

static void exponential_bounds(fc_ptr tails, const tail *t, arb_srcptr rate,
                               fc_srcptr offset) {
  arb_t s, term, power;
  arb_init(s);
  arb_init(term);
  arb_init(power);
  arb_div(s, fc_as_arb_src(offset), t->size, TAIL_BITS);
  arb_abs(s, s);
  for (int k = 0; k <= t->z->order; k++) {
    arb_ptr sum = fc_as_arb(tails + k);
    arb_zero(sum);
    arb_inv(term, rate, TAIL_BITS);
    for (int j = 0; j <= k; j++) { /* term = k!/(k-j)!/rate^(j+1) */
      arb_pow_ui(power, s, (ulong)(k - j), TAIL_BITS);
      arb_addmul(sum, power, term, TAIL_BITS);
      arb_mul_ui(term, term, (ulong)(k - j), TAIL_BITS);
      arb_div(term, term, rate, TAIL_BITS);
    }
    arb_mul(sum, sum, t->bound, TAIL_BITS);
  }
  arb_clear(s);
  arb_clear(term);
  arb_clear(power);
}

static void algebraic_bounds(fc_ptr tails, const tail *t, arb_srcptr q) {
  arb_t kappa, ratio, rest;
  arb_init(kappa);
  arb_init(ratio);
  arb_init(rest);
  fmpq_t c;
  fmpq_init(c);
  fmpq_set_mpq(c, t->centre);
  arb_set_fmpq(kappa, c, TAIL_BITS);
  fmpq_clear(c);
  arb_sub(kappa, kappa, fc_as_arb_src(t->z->origin), TAIL_BITS);
  arb_abs(kappa, kappa);
  arb_div(kappa, kappa, t->v0, TAIL_BITS);
  arb_add_ui(kappa, kappa, 1, TAIL_BITS);
  arb_div(ratio, t->v0, t->size, TAIL_BITS);
  for (int k = 0; k <= t->z->order; k++) {
    arb_ptr sum = fc_as_arb(tails + k);
    arb_mul(sum, kappa, ratio, TAIL_BITS);
    arb_pow_ui(sum, sum, (ulong)k, TAIL_BITS);
    arb_mul(sum, sum, ratio, TAIL_BITS);
    arb_sub_ui(rest, q, (ulong)k + 1, TAIL_BITS);
    arb_div(sum, sum, rest, TAIL_BITS);
    arb_mul(sum, sum, t->bound, TAIL_BITS);
  }
  arb_clear(kappa);
  arb_clear(ratio);
  arb_clear(rest);
}

static void set_lower(arb_t z, mpfr_srcptr from) { fc_arb_set_mpfr(z, from); }

/* The better of both arguments about one centre; tails is replaced where that
 * is an improvement.  True where tails holds a bound. */
static bool try_centre(fc_ptr tails, bool have, tail *t, fc_srcptr offset,
                       size_t branch, double split) {
  const fc_ball_integral *z = t->z;
  if (!look_outwards(t, branch, split))
    return have;
  fc_num_struct other[FC_BALL_MOMENTS];
  for (int k = 0; k < FC_BALL_MOMENTS; k++)
    fc_init(other + k, z->level->real);
  set_v(t->near, t->y, t, MPFR_RNDU);
  set_lower(t->v0, t->near);
  for (int way = 0; way < 2; way++) {
    mpfr_srcptr from = way ? t->least_rate : t->least;
    if (!mpfr_number_p(from) && !(mpfr_inf_p(from) && mpfr_sgn(from) > 0))
      continue;
    if (mpfr_inf_p(from))
      mpfr_set_ui_2exp(way ? t->least_rate : t->least, 1, 60, MPFR_RNDD);
    set_lower(t->t, from);
    if (way == 0) {
      arb_add(t->t, t->t, fc_as_arb(t->slope), TAIL_BITS);
      arb_mul(t->t, t->t, t->size, TAIL_BITS);
      if (!arb_is_positive(t->t))
        continue;
      exponential_bounds(other, t, t->t, offset);
    } else {
      if (mpfr_cmp_si(t->least_rate, z->order + 1) <= 0 ||
          !arb_is_nonnegative(fc_as_arb(t->slope)))
        continue;
      algebraic_bounds(other, t, t->t);
    }
    int k = z->order;
    if (fc_is_finite(other + k, z->level->real) &&
        (!have || fc_cmp_mid(other + k, tails + k, z->level->real) < 0)) {
      fc_vec_set(tails, other, (size_t)k + 1, z->level->real);
      have = true;
    }
  }
  for (int k = 0; k < FC_BALL_MOMENTS; k++)
    fc_clear(other + k, z->level->real);
  return have;
}

/* At least W: a factor Phi counts as exp(-w^2/2) where it is that small, and as
 * 1 where it increases outwards or is large. */
static void set_weight(tail *t, fc_srcptr offset, size_t branch) {
  const fc_ball_integral *z = t->z;
  const fc_ctx *ctx = z->level->real;
  fc_noise_factor factor = z->place->factor;
  fc_num w;
  fc_init(w, ctx);
  fc_ball_derivative(t->weight, z->level, 0, branch, t->y);
  fc_add(t->weight, t->weight, z->shift, ctx);
  if (factor != FC_FACTOR_NONE && !factor_grows(t)) {
    fc_mul(w, z->b, offset, ctx);
    fc_sub(w, z->rest, w, ctx);
    fc_div(w, w, z->a, ctx);
    if (factor == FC_FACTOR_ABOVE)
      fc_neg(w, w, ctx);
    bool small = fc_is_negative(w, ctx) == FC_TRUE;
    fc_sqr(w, w, ctx);
    fc_mul_2exp_si(w, w, -1, ctx);
    if (small || factor == FC_FACTOR_NOISE)
      fc_add(t->weight, t->weight, w, ctx);
  }
  fc_neg(t->weight, t->weight, ctx);
  fc_clear(w, ctx);
}

bool fc_ball_tail(fc_ptr tails, const fc_ball_integral *z, fc_srcptr offset,
                  int side) {
  const fc_ctx *ctx = z->level->real;
  size_t branch;
  tail t;
  tail_init(&t, z, side);
  fc_add(t.y, z->origin, offset, ctx);
  bool have = false;
  if ((side > 0 ? fc_ball_branch : fc_ball_branch_left)(&branch, z->level,
                                                        t.y)) {
    set_noise_slope(&t, offset);
    set_weight(&t, offset, branch);
    arb_exp(t.bound, fc_as_arb(t.weight), TAIL_BITS);
    const fc_density *f = z->level->density;
    double peak = z->place->origin + z->place->peak,
           wide = 4 * (fabs(peak) + fabs(f->modes[f->deepest].at) +
                       f->modes[f->deepest].scale);
    bool known = arb_is_finite(t.bound) && isfinite(wide);
    for (int i = 0; i < 4 && known && (i < 2 || !have); i++) {
      mpq_set_d(t.centre, i & 1 ? peak : 0);
      have = try_centre(tails, have, &t, offset, branch, i & 2 ? wide : 0);
    }
  }
  tail_clear(&t);
  return have;
}

/* --- singular ends ---------------------------------------------------------
 */

/* z += v_0 times the most that the log of the factor changes by per unit of v,
 * b (|w| + 1)/a. */
static void add_noise_rate(arb_t z, tail *t, fc_srcptr start,
                           fc_srcptr distance) {
  const fc_ball_integral *f = t->z;
  const fc_ctx *ctx = f->level->real;
  if (f->place->factor == FC_FACTOR_NONE)
    return;
  fc_num w;
  fc_init(w, ctx);
  fc_sub(w, start, f->origin, ctx);
  fc_widen(w, distance, ctx);
  fc_mul(w, f->b, w, ctx);
  fc_sub(w, f->rest, w, ctx);
  fc_div(w, w, f->a, ctx);
  fc_abs(w, w, ctx);
  fc_add_si(w, w, 1, ctx);
  fc_mul(w, w, f->b, ctx);
  fc_div(w, w, f->a, ctx);
  fc_mul(w, w, distance, ctx);
  arb_add(z, z, fc_as_arb(w), TAIL_BITS);
  fc_clear(w, ctx);
}

/* tails[k] = e^W v_0/(1-q)/2^scale max |s|^k. */
static void singular_bounds(fc_ptr tails, tail *t, arb_srcptr q,
                            fc_srcptr start, fc_srcptr distance) {
  arb_t factor, far;
  arb_init(factor);
  arb_init(far);
  arb_sub_ui(factor, q, 1, TAIL_BITS);
  arb_neg(factor, factor);
  arb_div(factor, fc_as_arb_src(distance), factor, TAIL_BITS);
  arb_div(factor, factor, t->size, TAIL_BITS);
  arb_mul(factor, factor, t->bound, TAIL_BITS);
  arb_sub(far, fc_as_arb_src(start), fc_as_arb(t->z->origin), TAIL_BITS);
  arb_abs(far, far);
  arb_add(far, far, fc_as_arb_src(distance), TAIL_BITS);
  arb_div(far, far, t->size, TAIL_BITS);
  for (int k = 0; k <= t->z->order; k++) {
    arb_set(fc_as_arb(tails + k), factor);
    arb_mul(factor, factor, far, TAIL_BITS);
  }
  arb_clear(factor);
  arb_clear(far);
}

/* least_rate = the most that v dU/dv can be up to the distance; false where
 * that is not known. */
static bool set_most_rate(tail *t, size_t branch, fc_srcptr distance) {
  const fc_formula *slope = t->z->level->density->u[1][branch];
  mpfr_set_zero(t->near, 1);
  fc_get_mid(t->far, distance, t->z->level->real); /* a power of 2 */
  const fc_ray ray = {t->centre, t->side, t->near, t->far};
  fc_status status = fc_ray_range(t->least, t->least_rate, slope, 1, &ray);
  if (t->side < 0)
    mpfr_neg(t->least_rate, t->least, MPFR_RNDU);
  if (mpfr_inf_p(t->least_rate) && mpfr_sgn(t->least_rate) < 0)
    mpfr_set_si(t->least_rate, -1, MPFR_RNDU);
  return status == FC_OK && mpfr_number_p(t->least_rate);
}

bool fc_ball_singular_end(fc_ptr tails, const fc_ball_integral *z,
                          const fc_formula *place, fc_srcptr start,
                          fc_srcptr distance, int side, size_t branch) {
  const fc_ctx *ctx = z->level->real;
  tail t;
  tail_init(&t, z, side);
  bool fine = fc_formula_get_mpq(t.centre, place) &&
              set_most_rate(&t, branch, distance);
  if (fine) {
    fc_set(t.y, distance, ctx);
    if (side < 0)
      fc_neg(t.y, t.y, ctx);
    fc_ball_log_weight(t.weight, z, start, t.y, branch);
    arb_exp(t.bound, fc_as_arb(t.weight), TAIL_BITS);
    set_lower(t.v0, t.least_rate);
    add_noise_rate(t.v0, &t, start, distance);
    arb_sub_ui(t.t, t.v0, 1, TAIL_BITS);
    fine = arb_is_finite(t.t) && arb_is_negative(t.t) && arb_is_finite(t.bound);
  }
  if (fine)
    singular_bounds(tails, &t, t.v0, start, distance);
  tail_clear(&t);
  return fine;
}
