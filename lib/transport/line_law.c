/* P(xi <= x) and p(x) of a sum of restricted normal and uniform laws. */
#include "transport/line_law.h"

#include "transport/line_pushed.h"

#include <math.h>
#include <stdlib.h>

/* z = P(t < N(0,1)), or with `left` P(N(0,1) < t); root = sqrt(2). */
static void tail(fc_ptr z, fc_srcptr t, bool left, fc_srcptr root,
                 const fc_ctx *ctx) {
  fc_div(z, t, root, ctx);
  if (left)
    fc_neg(z, z, ctx);
  fc_erfc(z, z, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
}

/* z = P(a < N(0,1) < b), from the tails on the side where they are small; NULL:
 * infinite.  z is neither a nor b. */
static void normal_mass(fc_ptr z, fc_srcptr a, fc_srcptr b, fc_srcptr root,
                        const fc_ctx *ctx) {
  fc_num other;
  if (!a && !b) {
    fc_set_si(z, 1, ctx);
    return;
  }
  if (!a || !b) {
    tail(z, a ? a : b, !a, root, ctx);
    return;
  }
  fc_init(other, ctx);
  double low = fc_get_d(a, ctx), high = fc_get_d(b, ctx);
  if (low <= 0 && high >= 0) { /* nothing cancels in a sum */
    fc_div(z, b, root, ctx);
    fc_erf(z, z, ctx);
    fc_div(other, a, root, ctx);
    fc_erf(other, other, ctx);
    fc_sub(z, z, other, ctx);
    fc_mul_2exp_si(z, z, -1, ctx);
  } else {
    bool left = low < 0;
    tail(z, left ? b : a, left, root, ctx);
    tail(other, left ? a : b, left, root, ctx);
    fc_sub(z, z, other, ctx);
  }
  fc_clear(other, ctx);
}

/* --- parts ------------------------------------------------------------- */

void fc_line_part_set_mass(fc_line_part *part, const fc_line_law *law) {
  const fc_ctx *ctx = &law->ctx;
  if (part->uniform)
    fc_sub(part->mass, part->upper, part->lower, ctx);
  else
    normal_mass(part->mass, part->has_lower ? part->lower : NULL,
                part->has_upper ? part->upper : NULL, law->root, ctx);
}

/* law->t = (x - mean)/spread; of a uniform law x itself. */
static void standardise(fc_line_law *law, const fc_line_part *part,
                        fc_srcptr x) {
  if (part->uniform) {
    fc_set(law->t, x, &law->ctx);
    return;
  }
  fc_sub(law->t, x, part->mean, &law->ctx);
  fc_div(law->t, law->t, part->spread, &law->ctx);
}

/* z = weight P(part between a and b), both standardised. */
static void part_mass(fc_ptr z, const fc_line_part *part, fc_srcptr a,
                      fc_srcptr b, const fc_line_law *law) {
  const fc_ctx *ctx = &law->ctx;
  if (part->uniform)
    fc_sub(z, b, a, ctx);
  else
    normal_mass(z, a, b, law->root, ctx);
  fc_mul(z, z, part->weight, ctx);
  if (part->uniform || part->has_lower || part->has_upper)
    fc_div(z, z, part->mass, ctx);
}

/* The smaller of the tails by itself, the other one as the rest of the weight
 * (where both ends are infinite). */
static void add_tails(fc_line_law *law, const fc_line_part *part) {
  const fc_ctx *ctx = &law->ctx;
  if (part->has_lower || part->has_upper) {
    part_mass(law->u, part, part->has_lower ? part->lower : NULL, law->t, law);
    fc_add(law->below, law->below, law->u, ctx);
    part_mass(law->u, part, law->t, part->has_upper ? part->upper : NULL, law);
    fc_add(law->above, law->above, law->u, ctx);
    return;
  }
  bool left = fc_get_d(law->t, ctx) < 0;
  tail(law->u, law->t, left, law->root, ctx);
  fc_mul(law->u, law->u, part->weight, ctx);
  fc_ptr near = left ? law->below : law->above;
  fc_ptr far = left ? law->above : law->below;
  fc_add(near, near, law->u, ctx);
  fc_sub(law->u, part->weight, law->u, ctx);
  fc_add(far, far, law->u, ctx);
}

static bool is_active(const fc_line_part *part, long stretch) {
  return part->first < stretch && stretch <= part->last;
}

static void own_tails(fc_line_law *law, long stretch, fc_srcptr x) {
  fc_set(law->below, law->past + stretch, &law->ctx);
  fc_set(law->above, law->future + stretch, &law->ctx);
  for (size_t k = 0; k < law->count; k++)
    if (is_active(law->parts + k, stretch)) {
      standardise(law, law->parts + k, x);
      add_tails(law, law->parts + k);
    }
}

void fc_line_law_tails(fc_line_law *law, long stretch, fc_srcptr x) {
  own_tails(law, stretch, x);
  if (law->pushed)
    fc_line_pushed_tails(law);
}

/* u = log of the part's density at x; t stays standardised. */
static void log_of_part(fc_line_law *law, const fc_line_part *part,
                        fc_srcptr x) {
  const fc_ctx *ctx = &law->ctx;
  standardise(law, part, x);
  fc_set(law->u, part->height, ctx);
  if (part->uniform)
    return;
  fc_sqr(law->v, law->t, ctx);
  fc_mul_2exp_si(law->v, law->v, -1, ctx);
  fc_sub(law->u, law->u, law->v, ctx);
}

/* bend += e (t^2 - 1)/s^2, score -= e t/s for the share e in u. */
static void add_slopes(fc_line_law *law, const fc_line_part *part) {
  const fc_ctx *ctx = &law->ctx;
  if (part->uniform)
    return;
  fc_div(law->t, law->t, part->spread, ctx);
  fc_mul(law->v, law->u, law->t, ctx);
  fc_sub(law->score, law->score, law->v, ctx);
  fc_addmul(law->bend, law->v, law->t, ctx);
  fc_div(law->u, law->u, part->spread, ctx);
  fc_div(law->u, law->u, part->spread, ctx);
  fc_sub(law->bend, law->bend, law->u, ctx);
}

/* p''/p - (p'/p)^2 and p'/p from the sums, whose total is `sum`. */
static void finish_slopes(fc_line_law *law, fc_srcptr sum) {
  const fc_ctx *ctx = &law->ctx;
  fc_div(law->score, law->score, sum, ctx);
  fc_div(law->bend, law->bend, sum, ctx);
  fc_sqr(law->v, law->score, ctx);
  fc_sub(law->bend, law->bend, law->v, ctx);
}

void fc_line_law_at(fc_line_law *law, long stretch, fc_srcptr x) {
  const fc_ctx *ctx = &law->ctx;
  bool any = false;
  fc_num top, sum;
  fc_init(top, ctx);
  fc_init(sum, ctx);
  own_tails(law, stretch, x);
  for (size_t k = 0; k < law->count; k++)
    if (is_active(law->parts + k, stretch)) {
      log_of_part(law, law->parts + k, x);
      if (!any || fc_cmp_mid(top, law->u, ctx) < 0)
        fc_set(top, law->u, ctx);
      any = true;
    }
  fc_set_si(law->score, 0, ctx);
  fc_set_si(law->bend, 0, ctx);
  for (size_t k = 0; any && k < law->count; k++)
    if (is_active(law->parts + k, stretch)) {
      log_of_part(law, law->parts + k, x);
      fc_sub(law->u, law->u, top, ctx);
      fc_exp(law->u, law->u, ctx);
      fc_add(sum, sum, law->u, ctx);
      add_slopes(law, law->parts + k);
    }
  if (any) {
    finish_slopes(law, sum);
    fc_log(law->log_density, sum, ctx);
    fc_add(law->log_density, law->log_density, top, ctx);
  } else {
    fc_set_inf(law->log_density, -1, ctx);
  }
  fc_clear(top, ctx);
  fc_clear(sum, ctx);
  if (law->pushed)
    fc_line_pushed_at(law);
}

void fc_line_part_add_moment(fc_ptr z, const fc_line_part *part,
                             const fc_line_law *law, fc_srcptr x,
                             bool mirrored) {
  const fc_ctx *ctx = &law->ctx;
  fc_num m, b, below, density, t;
  fc_ptr const numbers[] = {m, b, below, density, t};
  for (int i = 0; i < 5; i++)
    fc_init(numbers[i], ctx);
  fc_set(m, part->mean, ctx);
  fc_sub(b, x, part->mean, ctx);
  fc_div(b, b, part->spread, ctx);
  if (mirrored) {
    fc_neg(m, m, ctx);
    fc_neg(b, b, ctx);
  }
  fc_div(below, b, law->root, ctx);
  fc_neg(below, below, ctx);
  fc_erfc(below, below, ctx);
  fc_mul_2exp_si(below, below, -1, ctx);
  fc_sqr(density, b, ctx);
  fc_mul_2exp_si(density, density, -1, ctx);
  fc_neg(density, density, ctx);
  fc_exp(density, density, ctx);
  fc_set_pi(t, ctx);
  fc_mul_2exp_si(t, t, 1, ctx);
  fc_sqrt(t, t, ctx);
  fc_div(density, density, t, ctx);
  fc_mul(t, b, density, ctx); /* s^2 (Phi - B phi) */
  fc_sub(t, below, t, ctx);
  fc_mul(t, t, part->spread, ctx);
  fc_mul(t, t, part->spread, ctx);
  fc_mul(below, below, m, ctx); /* m^2 Phi - 2 m s phi */
  fc_mul(density, density, part->spread, ctx);
  fc_mul_2exp_si(density, density, 1, ctx);
  fc_sub(below, below, density, ctx);
  fc_addmul(t, below, m, ctx);
  fc_mul(t, t, part->weight, ctx);
  fc_div(t, t, part->mass, ctx);
  fc_abs(t, t, ctx);
  fc_add(z, z, t, ctx);
  for (int i = 0; i < 5; i++)
    fc_clear(numbers[i], ctx);
}

double fc_line_law_nearness(const fc_line_law *law, long stretch, fc_srcptr x) {
  const fc_ctx *ctx = &law->ctx;
  double at = fc_get_d(x, ctx), most = 0;
  for (size_t k = 0; k < law->count; k++) {
    const fc_line_part *part = law->parts + k;
    if (part->uniform || !is_active(part, stretch))
      continue;
    double away = fabs(at - fc_get_d(part->mean, ctx));
    most = fmax(most, 1 / (away + fc_get_d(part->spread, ctx)));
  }
  return most;
}
