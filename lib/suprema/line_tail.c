/* log X' beyond a point, for every x there: no tail is cut off.
 *
 * With lambda = phi/Q (Q the upper tail of N(0, 1)): lambda > 0, 0 < lambda' <
 * 1 and lambda(z) > z; h = p/(1 - F) is the hazard; X' = h_s(x)/h_t(y), since
 * 1 - F_s(x) = 1 - F_t(y).  The right end; the left one is its mirror image.
 *
 * Unbounded support.  One part dominates: of those without an upper end the one
 * with the largest variance, then mean (equal ones add up).  For all x >= X
 *   p = W N(x; mu, V) (1 - e)(1 + eta),  0 <= e <= E, 0 <= eta <= H,
 * and the same of 1 - F: eta is a sum of ratios of densities that decrease from
 * X on, so that ratios of tails are smaller yet; a part that ends at h has
 * density at most w N(x; b h, a^2) beyond b h; e, where the dominant part
 * starts at some l, is P(X_1 < l | X_t = x) for the part not cut, which
 * decreases.  At b = 0: W = 1, E = H = 0.  Then h_s <= lambda(z_s)/V_s^(1/2) (1
 * + H_s)/(1 - E_s), h_t >= lambda(z_t)/V_t^(1/2) (1 - E_t)/(1 + H_t),   z = (x
 * - mu)/V^(1/2), Q(z_t) <= Q(z_s) e^c,  c = log((W_s/W_t) (1 + H_s)/(1 - E_t)),
 * and where z_t < z_s: (z_s - z_t) lambda(z_t) <= log Q(z_t)/Q(z_s) <= c, hence
 *   lambda(z_s)/lambda(z_t) <= 1 + max(0, c)/lambda(z_t)^2.
 *
 * All parts Gaussian.  With q = 1 - F_s(x) = 1 - F_t(y), z_q = Q^-1(q): as a
 * function of -log Q, lambda increases and is concave (its derivative is
 * lambda(z) - z).  h_s = sum r_k lambda(z_k)/V_k^(1/2), r_k = w_k Q(z_k)/q, so
 * that -log Q(z_k) = -log q + log(w_k/r_k), and sum r_k log(w_k/r_k) <= 0: by
 * Jensen h_s <= lambda(z_q)/(least V_s)^(1/2).  And w_k Q(z_k) <= q gives, as
 * above, lambda(z_q) <= lambda(z_k) (1 + log(1/w_k)/lambda(z_k)^2).  Hence
 *   X' <= max_k (V_kt/least V_s)^(1/2) (1 + log(1/w_k)/lambda(z_kt)^2),
 * without any part being dominant yet.
 *
 * Support that ends at h (one part), a > 0, u = (x - b h)/a, d = h - X_1: the
 * hazard is the mean of lambda(u + b d/a)/a under weights f Q(u + b d/a), so
 *   lambda(u)/a <= hazard <= (lambda(u) + b E d/a)/a,
 *   E d <= 1/(lambda(u) b/a - g), g = max(0, (h - m)/s^2) >= (log f)' in d,
 * and E d <= h - l; the weights fall faster than exp(-(lambda(u) b/a - g) d).
 * 1 - F = Q(u) r(u), r = E_f[Q(u + b d/a)/Q(u)] <= 1, and with f between its
 * least and largest value, over d <= D = min(h - l, a/b),
 *   least (a/b) exp(-1/2) (1 - exp(-lambda(u) b D/a))/lambda(u)
 *     <= r <= largest (a/b)/lambda(u),
 * for lambda(u) v <= -log Q(u + v)/Q(u) <= lambda(u) v + v^2/2.  As above with
 * e^c = r_s/r_t.
 *
 * p_t on its support at a = 0: p_t >= its value at y or at the end, whichever
 * is less (log-concave), and p_s falls beyond a point with negative score.
 */
#include "suprema/line_private.h"

#include <math.h>

enum { NONE = -1 };

/* --- parts seen from the end in question -----------------------------------
 */

static bool is_open(const fc_line_part *part, bool left) {
  return left ? !part->has_lower : !part->has_upper;
}

static bool has_start(const fc_line_part *part, bool left) {
  return left ? part->has_upper : part->has_lower;
}

static void get_start(arb_t z, const fc_line_part *part, bool left) {
  fc_line_facing(z, left ? part->upper : part->lower, left);
}

static void get_end(arb_t z, const fc_line_part *part, bool left) {
  fc_line_facing(z, left ? part->lower : part->upper, left);
}

/* The sign of spread, then mean, of k against i; 2: not known. */
static int rank(const fc_line_side *side, size_t k, size_t i, bool left) {
  const fc_line_term *p = &side->parts[k].exact, *q = &side->parts[i].exact;
  int sign = fc_line_compare(p->spread, q->spread);
  if (sign)
    return sign;
  sign = fc_line_compare(p->mean, q->mean);
  return left && sign != 2 ? -sign : sign;
}

/* The part that dominates at infinity, or NONE. */
static long dominant(const fc_line_side *side, bool left) {
  long most = NONE;
  for (size_t k = 0; k < side->count; k++) {
    if (!is_open(&side->parts[k], left) || side->parts[k].uniform)
      continue;
    if (most == NONE || rank(side, k, (size_t)most, left) == 1)
      most = (long)k;
  }
  return most;
}

/* --- normal tails ----------------------------------------------------------
 */

/* z = lambda(x) = sqrt(2/pi)/erfcx(x/sqrt 2) */
void fc_line_mills(arb_t z, const arb_t x, slong precision) {
  arb_t t;
  arb_init(t);
  arb_sqrt_ui(t, 2, precision);
  arb_div(t, x, t, precision);
  fc_arb_erfcx(z, t, precision);
  arb_const_pi(t, precision);
  arb_mul_2exp_si(t, t, -1);
  arb_sqrt(t, t, precision);
  arb_mul(z, z, t, precision);
  arb_inv(z, z, precision);
  arb_clear(t);
}

/* z = Q(x) */
static void upper_tail(arb_t z, const arb_t x, slong precision) {
  arb_t t;
  arb_init(t);
  arb_sqrt_ui(t, 2, precision);
  arb_div(t, x, t, precision);
  arb_hypgeom_erfc(z, t, precision);
  arb_mul_2exp_si(z, z, -1);
  arb_clear(t);
}

/* --- unbounded support ------------------------------------------------------
 */

/* What is known of one side beyond X. */
typedef struct reach {
  arb_t weight, mean, variance; /* W, mu, V */
  arb_t missing, extra;         /* E, H */
  arb_t z;                      /* (X - mu)/V^(1/2) */
  bool known;
} reach;

static void each(reach *r, void (*act)(arb_t)) {
  act(r->weight), act(r->mean), act(r->variance);
  act(r->missing), act(r->extra), act(r->z);
}

/* V = a^2 + b^2 s^2 */
static void variance_of(arb_t z, const fc_line_side *side, const arb_t s2) {
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  arb_mul(z, b, b, side->precision);
  arb_mul(z, z, s2, side->precision);
  arb_addmul(z, a, a, side->precision);
}

/* weight /= P(N(m, s^2) > start) */
static void normalise(arb_t weight, const fc_line_part *part, bool left,
                      slong precision) {
  if (!has_start(part, left))
    return;
  arb_t t, m;
  arb_init(t);
  arb_init(m);
  get_start(t, part, left);
  fc_line_facing(m, part->mean, left);
  arb_sub(t, t, m, precision);
  arb_sqrt(m, part->variance, precision);
  arb_div(t, t, m, precision);
  upper_tail(m, t, precision);
  arb_div(weight, weight, m, precision);
  arb_clear(t);
  arb_clear(m);
}

/* z = P(X_1 < start | X_t = x) of the part not cut. */
static void missing_at(arb_t z, const fc_line_side *side,
                       const fc_line_part *part, bool left, const arb_t x,
                       const reach *r) {
  slong precision = side->precision;
  arb_zero(z);
  if (!has_start(part, left))
    return;
  arb_t m, t;
  arb_init(m);
  arb_init(t);
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  fc_line_facing(m, part->mean, left);
  arb_sub(t, x, r->mean, precision);
  arb_mul(t, t, b, precision);
  arb_mul(t, t, part->variance, precision);
  arb_div(t, t, r->variance, precision);
  arb_add(m, m, t, precision); /* posterior mean */
  get_start(t, part, left);
  arb_sub(m, m, t, precision);
  if (side->ends) {
    if (!arb_is_positive(m))
      arb_one(z);
  } else {
    arb_mul(t, part->variance, a, precision);
    arb_mul(t, t, a, precision);
    arb_div(t, t, r->variance, precision);
    arb_sqrt(t, t, precision);
    arb_div(m, m, t, precision);
    upper_tail(z, m, precision);
  }
  arb_clear(m);
  arb_clear(t);
}

/* extra += weight N(x; mean, variance)/(W N(x; mu, V)(1 - E)); false where that
 * is not seen to decrease from x on (variance <= V is known). */
static bool add_ratio(reach *r, const arb_t weight, const arb_t mean,
                      const arb_t variance, const arb_t x, slong precision) {
  arb_t own, other, t;
  arb_init(own), arb_init(other), arb_init(t);
  arb_sub(own, x, r->mean, precision);
  arb_sub(other, x, mean, precision);
  arb_div(t, own, r->variance, precision);
  arb_mul(own, own, t, precision);
  arb_t u;
  arb_init(u);
  arb_div(u, other, variance, precision);
  arb_mul(other, other, u, precision);
  arb_sub(u, u, t, precision);
  bool falls = arb_is_nonnegative(u);
  arb_sub(t, own, other, precision);
  arb_mul_2exp_si(t, t, -1);
  arb_exp(t, t, precision);
  arb_mul(t, t, weight, precision);
  arb_div(t, t, r->weight, precision);
  arb_div(u, r->variance, variance, precision);
  arb_sqrt(u, u, precision);
  arb_mul(t, t, u, precision);
  arb_sub_ui(u, r->missing, 1, precision);
  arb_neg(u, u);
  arb_div(t, t, u, precision);
  arb_add(r->extra, r->extra, t, precision);
  arb_clear(own), arb_clear(other), arb_clear(t), arb_clear(u);
  return falls;
}

/* A part that is not dominant and has no end. */
static bool add_open(reach *r, const fc_line_side *side, size_t k, size_t top,
                     bool left, const arb_t x) {
  const fc_line_part *part = &side->parts[k];
  slong precision = side->precision;
  if (rank(side, k, top, left) != -1)
    return false;
  arb_t w, m, v;
  arb_init(w), arb_init(m), arb_init(v);
  arb_set(w, part->weight);
  normalise(w, part, left, precision);
  fc_line_facing(m, part->mean, left);
  arb_mul(m, m, fc_as_arb_src(side->b), precision);
  if (fc_line_compare(part->exact.spread, side->parts[top].exact.spread) == 0)
    arb_set(v, r->variance);
  else
    variance_of(v, side, part->variance);
  bool falls = add_ratio(r, w, m, v, x, precision);
  arb_clear(w), arb_clear(m), arb_clear(v);
  return falls;
}

/* One that ends at h, seen from beyond b h. */
static bool add_ending(reach *r, const fc_line_side *side, size_t k, bool left,
                       const arb_t x) {
  const fc_line_part *part = &side->parts[k];
  slong precision = side->precision;
  arb_t h, v;
  arb_init(h), arb_init(v);
  get_end(h, part, left);
  arb_mul(h, h, fc_as_arb_src(side->b), precision);
  bool falls = arb_gt(x, h);
  if (falls && !side->ends) {
    arb_mul(v, fc_as_arb_src(side->a), fc_as_arb_src(side->a), precision);
    falls = add_ratio(r, part->weight, h, v, x, precision);
  }
  arb_clear(h), arb_clear(v);
  return falls;
}

/* Neither part is cut, and they are equal: one weight does for both. */
static bool is_like(const fc_line_side *side, size_t k, size_t top, bool left) {
  const fc_line_part *part = &side->parts[k];
  return is_open(part, left) && !has_start(part, left) &&
         !has_start(&side->parts[top], left) && rank(side, k, top, left) == 0;
}

static bool add_others(reach *r, const fc_line_side *side, size_t top,
                       bool left, const arb_t x) {
  bool falls = true;
  for (size_t k = 0; k < side->count && falls; k++) {
    if (k == top || is_like(side, k, top, left))
      continue;
    falls = is_open(&side->parts[k], left) ? add_open(r, side, k, top, left, x)
                                           : add_ending(r, side, k, left, x);
  }
  return falls;
}

/* W with all parts like the dominant one. */
static void set_weight(reach *r, const fc_line_side *side, size_t top,
                       bool left) {
  arb_set(r->weight, side->parts[top].weight);
  normalise(r->weight, &side->parts[top], left, side->precision);
  for (size_t k = 0; k < side->count; k++)
    if (k != top && is_like(side, k, top, left))
      arb_add(r->weight, r->weight, side->parts[k].weight, side->precision);
}

/* x: the point, seen from the end. */
static void set_reach(reach *r, const fc_line_side *side, size_t top, bool left,
                      const arb_t x) {
  slong precision = side->precision;
  const fc_line_part *part = &side->parts[top];
  r->known = true;
  if (side->starts) {
    arb_one(r->weight);
    arb_mul(r->variance, fc_as_arb_src(side->a), fc_as_arb_src(side->a),
            precision);
  } else {
    set_weight(r, side, top, left);
    fc_line_facing(r->mean, part->mean, left);
    arb_mul(r->mean, r->mean, fc_as_arb_src(side->b), precision);
    variance_of(r->variance, side, part->variance);
    missing_at(r->missing, side, part, left, x, r);
    r->known = add_others(r, side, top, left, x);
  }
  arb_t t;
  arb_init(t);
  arb_sub(r->z, x, r->mean, precision);
  arb_sqrt(t, r->variance, precision);
  arb_div(r->z, r->z, t, precision);
  arb_clear(t);
}

/* bound = sqrt(V_t/V_s) (1 + H_s)(1 + H_t)/((1 - E_s)(1 - E_t))
 *         (1 + max(0, c)/lambda(z_t)^2) */
static void open_bound(arb_t bound, const reach r[2], slong precision) {
  arb_t c, t;
  arb_init(c), arb_init(t);
  arb_div(bound, r[1].variance, r[0].variance, precision);
  arb_sqrt(bound, bound, precision);
  arb_div(c, r[0].weight, r[1].weight, precision);
  for (int i = 0; i < 2; i++) {
    arb_add_ui(t, r[i].extra, 1, precision);
    arb_mul(bound, bound, t, precision);
    if (i == 0)
      arb_mul(c, c, t, precision);
    arb_sub_ui(t, r[i].missing, 1, precision);
    arb_neg(t, t);
    if (!arb_is_positive(t))
      arb_zero_pm_inf(bound);
    arb_div(bound, bound, t, precision);
    if (i == 1)
      arb_div(c, c, t, precision);
  }
  arb_log(c, c, precision);
  arb_zero(t);
  arb_max(c, c, t, precision);
  fc_line_mills(t, r[1].z, precision);
  arb_div(c, c, t, precision);
  arb_div(c, c, t, precision);
  arb_add_ui(c, c, 1, precision);
  arb_mul(bound, bound, c, precision);
  arb_clear(c), arb_clear(t);
}

static void open_tail(arb_t bound, const fc_line_side side[2], size_t top,
                      bool left, arb_srcptr at) {
  reach r[2];
  for (int i = 0; i < 2; i++) {
    each(&r[i], arb_init);
    set_reach(&r[i], &side[i], top, left, at + i);
  }
  if (r[0].known && r[1].known)
    open_bound(bound, r, side->precision);
  else
    arb_zero_pm_inf(bound);
  for (int i = 0; i < 2; i++)
    each(&r[i], arb_clear);
}

/* z = log of the bound for Gaussian parts, y seen from the end. */
static void gaussian_tail(arb_t z, const fc_line_side side[2], bool left,
                          const arb_t y) {
  slong precision = side->precision;
  arb_t least, here, t, u;
  arb_init(least), arb_init(here), arb_init(t), arb_init(u);
  arb_set(least, side[0].spread);
  for (size_t k = 1; k < side[0].count; k++)
    arb_min(least, least, side[0].spread + k, precision);
  size_t count = side[1].starts ? 1 : side[1].count;
  for (size_t k = 0; k < count; k++) {
    arb_srcptr v = side[1].spread + k;
    fc_line_facing(t, side[1].centre + k, left);
    arb_sub(t, y, t, precision);
    arb_sqrt(u, v, precision);
    arb_div(t, t, u, precision);
    fc_line_mills(u, t, precision);
    if (side[1].starts)
      arb_zero(t);
    else
      arb_log(t, side[1].parts[k].weight, precision);
    arb_neg(t, t);
    arb_div(t, t, u, precision);
    arb_div(t, t, u, precision);
    arb_log1p(t, t, precision);
    arb_div(u, v, least, precision);
    arb_log(u, u, precision);
    arb_mul_2exp_si(u, u, -1);
    arb_add(here, t, u, precision);
    if (k)
      arb_max(z, z, here, precision);
    else
      arb_set(z, here);
  }
  arb_clear(least), arb_clear(here), arb_clear(t), arb_clear(u);
}

/* --- support that ends ------------------------------------------------------
 */

/* z = log f at y, f the part's own density. */
static void log_density(arb_t z, const fc_line_part *part, const arb_t y,
                        slong precision) {
  arb_t t, s, mass;
  arb_init(t), arb_init(s), arb_init(mass);
  if (part->uniform) {
    arb_sub(z, part->upper, part->lower, precision);
    arb_log(z, z, precision);
    arb_neg(z, z);
  } else {
    arb_sqrt(s, part->variance, precision);
    arb_one(mass);
    if (part->has_lower) {
      arb_sub(t, part->lower, part->mean, precision);
      arb_div(t, t, s, precision);
      upper_tail(mass, t, precision);
    }
    if (part->has_upper) {
      arb_sub(t, part->upper, part->mean, precision);
      arb_div(t, t, s, precision);
      upper_tail(t, t, precision);
      arb_sub(mass, mass, t, precision);
    }
    arb_mul(mass, mass, s, precision);
    arb_const_pi(t, precision);
    arb_mul_2exp_si(t, t, 1);
    arb_sqrt(t, t, precision);
    arb_mul(mass, mass, t, precision);
    arb_log(mass, mass, precision);
    arb_sub(t, y, part->mean, precision);
    arb_div(t, t, s, precision);
    arb_mul(t, t, t, precision);
    arb_mul_2exp_si(t, t, -1);
    arb_add(t, t, mass, precision);
    arb_neg(z, t);
  }
  arb_clear(t), arb_clear(s), arb_clear(mass);
}

/* Numbers of the part, seen from its end. */
typedef struct ending {
  arb_t h, length; /* its end; its length, maybe infinite */
  arb_t gain;      /* g */
  arb_t ratio;     /* a/b */
  arb_t u, lambda; /* (X - b h)/a, lambda(u) */
} ending;

static void each_number(ending *e, void (*act)(arb_t)) {
  act(e->h), act(e->length), act(e->gain), act(e->ratio);
  act(e->u), act(e->lambda);
}

static void set_ending(ending *e, const fc_line_side *side, bool left,
                       const arb_t x) {
  const fc_line_part *part = side->parts;
  slong precision = side->precision;
  arb_srcptr a = fc_as_arb_src(side->a), b = fc_as_arb_src(side->b);
  get_end(e->h, part, left);
  arb_pos_inf(e->length);
  if (part->has_lower && part->has_upper)
    arb_sub(e->length, part->upper, part->lower, precision);
  if (!part->uniform) {
    fc_line_facing(e->gain, part->mean, left);
    arb_sub(e->gain, e->h, e->gain, precision);
    arb_div(e->gain, e->gain, part->variance, precision);
    arb_zero(e->u);
    arb_max(e->gain, e->gain, e->u, precision);
  }
  arb_div(e->ratio, a, b, precision);
  arb_mul(e->u, b, e->h, precision);
  arb_sub(e->u, x, e->u, precision);
  arb_div(e->u, e->u, a, precision);
  fc_line_mills(e->lambda, e->u, precision);
}

/* z = (b/a) E d at most. */
static void set_excess(arb_t z, const fc_line_side *side, const ending *e) {
  slong precision = side->precision;
  if (side->starts) {
    arb_zero(z);
    return;
  }
  arb_t t;
  arb_init(t);
  arb_div(z, e->lambda, e->ratio, precision);
  arb_sub(z, z, e->gain, precision);
  arb_inv(t, z, precision);
  if (arb_is_positive(z) && arb_is_finite(e->length))
    arb_min(z, t, e->length, precision);
  else
    arb_set(z, arb_is_positive(z) ? t : e->length);
  arb_div(z, z, e->ratio, precision);
  arb_clear(t);
}

/* z = log(largest f) */
static void most_density(arb_t z, const fc_line_part *part, slong precision) {
  arb_t t;
  arb_init(t);
  if (part->uniform) {
    log_density(z, part, t, precision);
  } else if (part->has_upper && arb_lt(part->upper, part->mean)) {
    log_density(z, part, part->upper, precision);
  } else if (part->has_lower && arb_gt(part->lower, part->mean)) {
    log_density(z, part, part->lower, precision);
  } else {
    log_density(z, part, part->mean, precision);
  }
  arb_clear(t);
}

/* z = log(least f) within D of the end. */
static void least_density(arb_t z, const fc_line_part *part, bool left,
                          const arb_t h, const arb_t d, slong precision) {
  arb_t y, t;
  arb_init(y), arb_init(t);
  fc_line_facing(y, h, left);
  log_density(z, part, y, precision);
  arb_sub(y, h, d, precision);
  fc_line_facing(y, y, left);
  log_density(t, part, y, precision);
  arb_min(z, z, t, precision);
  arb_clear(y), arb_clear(t);
}

/* z = log of the lower bound of r_t times lambda(u_t); its sign is free. */
static void least_share(arb_t z, const fc_line_side *side, const ending *e,
                        bool left) {
  slong precision = side->precision;
  arb_t d, t;
  arb_init(d), arb_init(t);
  arb_set(d, e->ratio);
  if (arb_is_finite(e->length))
    arb_min(d, d, e->length, precision);
  least_density(z, side->parts, left, e->h, d, precision);
  arb_div(t, d, e->ratio, precision);
  arb_mul(t, t, e->lambda, precision);
  arb_neg(t, t);
  arb_expm1(t, t, precision);
  arb_neg(t, t);
  arb_mul(t, t, e->ratio, precision);
  arb_log(t, t, precision);
  arb_add(z, z, t, precision);
  arb_one(t);
  arb_mul_2exp_si(t, t, -1);
  arb_sub(z, z, t, precision);
  arb_clear(d), arb_clear(t);
}

/* c <= log(r_s/r_t) for all points beyond, over lambda(u_t)^2; false where that
 * is not seen. */
static bool set_shift(arb_t c, const fc_line_side side[2], const ending e[2],
                      bool left) {
  slong precision = side->precision;
  arb_zero(c);
  if (side[1].starts)
    return true; /* r_t = 1 >= r_s */
  arb_t t;
  arb_init(t);
  least_share(t, &side[1], &e[1], left);
  bool known = true;
  if (side[0].starts) { /* log(lambda/K)/lambda^2 falls where log >= 1/2 */
    arb_log(c, e[1].lambda, precision);
    arb_sub(c, c, t, precision);
    arb_mul_2exp_si(c, c, 1);
    arb_sub_ui(t, c, 1, precision);
    known = arb_is_nonnegative(t);
    arb_mul_2exp_si(c, c, -1);
  } else {
    most_density(c, side->parts, precision);
    arb_sub(c, c, t, precision);
    arb_log(t, e[0].ratio, precision);
    arb_add(c, c, t, precision);
  }
  arb_zero(t);
  arb_max(c, c, t, precision);
  arb_div(c, c, e[1].lambda, precision);
  arb_div(c, c, e[1].lambda, precision);
  arb_clear(t);
  return known;
}

/* bound = (a_t/a_s)(1 + c/lambda_t^2 + e_s/lambda_t) */
static void ending_tail(arb_t bound, const fc_line_side side[2], bool left,
                        arb_srcptr at) {
  slong precision = side->precision;
  ending e[2];
  arb_t t;
  arb_init(t);
  for (int i = 0; i < 2; i++) {
    each_number(&e[i], arb_init);
    set_ending(&e[i], &side[i], left, at + i);
  }
  bool known = set_shift(bound, side, e, left);
  set_excess(t, &side[0], &e[0]);
  arb_div(t, t, e[1].lambda, precision);
  arb_add(bound, bound, t, precision);
  arb_add_ui(bound, bound, 1, precision);
  arb_div(t, fc_as_arb_src(side[1].a), fc_as_arb_src(side[0].a), precision);
  arb_mul(bound, bound, t, precision);
  if (!known)
    arb_zero_pm_inf(bound);
  for (int i = 0; i < 2; i++)
    each_number(&e[i], arb_clear);
  arb_clear(t);
}

/* --- a = 0 ------------------------------------------------------------------
 */

/* log p_s(x) - log min(p_t(y), p_t(end)), p_s falling and log-concave. */
static bool cut_tail(arb_t bound, const fc_line_side side[2], bool left,
                     const fc_line_node *node) {
  const fc_line_part *part = side[1].parts;
  slong precision = side->precision;
  arb_t score, end;
  arb_init(score), arb_init(end);
  fc_line_facing(score, node->jet[0].score, left);
  bool falls = arb_is_nonpositive(score);
  log_density(end, part, left ? part->lower : part->upper, precision);
  arb_log(score, fc_as_arb_src(side[1].b), precision);
  arb_sub(end, end, score, precision);
  arb_min(end, end, node->jet[1].log, precision);
  arb_sub(bound, node->jet[0].log, end, precision);
  arb_clear(score), arb_clear(end);
  return falls;
}

static bool ends_here(const fc_line_side *side, bool left) {
  return side->count == 1 && !is_open(side->parts, left);
}

void fc_line_tail(arf_t bound, fc_line_side side[2], const fc_line_node *node,
                  bool left) {
  slong precision = side->precision;
  long top = dominant(&side[0], left);
  arb_t z, at[2];
  arb_init(z), arb_init(at[0]), arb_init(at[1]);
  for (int i = 0; i < 2; i++) { /* the nearest that the point may be */
    fc_line_facing(at[i], fc_as_arb_src(node->at[i]), left);
    fc_line_low(at[i], at[i], precision);
  }
  bool logarithm = false, known = true;
  if (top != NONE)
    open_tail(z, side, (size_t)top, left, at[0]);
  else if (ends_here(side, left) && side[1].ends)
    known = logarithm = cut_tail(z, side, left, node);
  else if (ends_here(side, left) && !side[0].ends)
    ending_tail(z, side, left, at[0]);
  else
    known = false;
  if (known && !logarithm)
    arb_log(z, z, precision);
  arf_pos_inf(bound);
  if (known && arb_is_finite(z))
    arb_get_ubound_arf(bound, z, precision);
  if (side[0].gaussian) {
    gaussian_tail(z, side, left, at[1]);
    fc_line_lower(bound, z, precision);
  }
  arb_clear(z), arb_clear(at[0]), arb_clear(at[1]);
}

/* No spread is left that might be larger than that of the part. */
static bool is_widest(const fc_line_side *side, size_t top, bool left) {
  bool widest = true;
  for (size_t k = 0; k < side->count && widest; k++)
    widest = !is_open(&side->parts[k], left) || side->parts[k].uniform ||
             fc_line_compare(side->parts[k].exact.spread,
                             side->parts[top].exact.spread) <= 0;
  return widest;
}

bool fc_line_limit(arb_t limit, bool *unbounded, fc_line_side side[2],
                   bool left) {
  slong precision = side->precision;
  long top = dominant(&side[0], left);
  arb_t v[2];
  arb_init(v[0]), arb_init(v[1]);
  bool known = true;
  *unbounded = false;
  if (top != NONE) {
    known = is_widest(&side[0], (size_t)top, left);
    for (int i = 0; i < 2; i++)
      variance_of(v[i], &side[i], side[i].parts[top].variance);
    arb_div(limit, v[1], v[0], precision);
    arb_log(limit, limit, precision);
    arb_mul_2exp_si(limit, limit, -1);
  } else if (ends_here(side, left) && side[0].ends) {
    *unbounded = true;
    known = false;
  } else if (ends_here(side, left) && !side[1].ends) {
    arb_div(limit, fc_as_arb_src(side[1].a), fc_as_arb_src(side[0].a),
            precision);
    arb_log(limit, limit, precision);
  } else {
    known = false;
  }
  arb_clear(v[0]), arb_clear(v[1]);
  return known && arb_is_finite(limit);
}
