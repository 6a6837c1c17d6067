/* The distribution function of p_t for pieces.
 *
 * Uniform piece, u = (x - b y)/a at the ends, Psi(u) = u Phi(u) + phi(u):
 *   P(X_t <= x) = a (Psi(u_lo) - Psi(u_hi))/(b (hi - lo)).
 * Restricted normal piece: J/(sqrt(2 pi/rho) (Phi(B) - Phi(A))), J an integral
 * (cdf_restricted.c).  a = 0: the piece's own distribution function at x/b;
 * b = 0: Phi(x/a).  The complement is the distribution function of the
 * reflected target at -x.  Everything at a working precision that covers the
 * cancellation in Psi.
 */
#include "target/cdf.h"

#include <math.h>
#include <stdlib.h>

#define FC_CDF_GUARD 32
#define FC_CDF_MAX_GUARD 4096

typedef struct line_piece {
  fc_ctx ctx;
  bool has_lower, has_upper, uniform;
  fc_num weight, lower, upper, mean, rho, a, b, x;
  fc_num s, t, u;
} line_piece;

static void each(line_piece *p, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {p->weight, p->lower, p->upper, p->mean,
                            p->rho,    p->a,     p->b,     p->x,
                            p->s,      p->t,     p->u};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], &p->ctx);
}

static fc_status constant(fc_ptr z, const fc_formula *from, const fc_ctx *ctx) {
  return from ? fc_constant_eval(z, from, ctx) : FC_OK;
}

static fc_status read_piece(line_piece *p, const fc_target *target, size_t j) {
  const fc_ctx *ctx = &p->ctx;
  p->has_lower = target->lower[j] != NULL;
  p->has_upper = target->upper[j] != NULL;
  p->uniform = !target->spreads[j];
  fc_set_si(p->lower, 0, ctx);
  fc_set_si(p->upper, 0, ctx);
  fc_set_si(p->mean, 0, ctx);
  fc_set_si(p->rho, 0, ctx);
  fc_status status = constant(p->weight, target->weights[j], ctx);
  if (!status)
    status = constant(p->lower, target->lower[j], ctx);
  if (!status)
    status = constant(p->upper, target->upper[j], ctx);
  if (!status)
    status = constant(p->mean, target->means[j], ctx);
  if (!status)
    status = constant(p->rho, target->spreads[j], ctx);
  if (!p->uniform) {
    fc_sqr(p->rho, p->rho, ctx);
    fc_inv(p->rho, p->rho, ctx);
  }
  return status;
}

/* y -> -y, x -> -x. */
static void reflect(line_piece *p) {
  bool keep = p->has_lower;
  p->has_lower = p->has_upper;
  p->has_upper = keep;
  fc_swap(p->lower, p->upper);
  fc_neg(p->lower, p->lower, &p->ctx);
  fc_neg(p->upper, p->upper, &p->ctx);
  fc_neg(p->mean, p->mean, &p->ctx);
  fc_neg(p->x, p->x, &p->ctx);
}

/* z = Psi(u). */
static void psi(fc_ptr z, fc_srcptr u, line_piece *p) {
  const fc_ctx *ctx = &p->ctx;
  fc_normal_cdf(p->t, u, ctx);
  fc_mul(z, u, p->t, ctx);
  fc_sqr(p->t, u, ctx);
  fc_mul_2exp_si(p->t, p->t, -1, ctx);
  fc_neg(p->t, p->t, ctx);
  fc_exp(p->t, p->t, ctx);
  fc_set_pi(p->s, ctx);
  fc_mul_2exp_si(p->s, p->s, 1, ctx);
  fc_sqrt(p->s, p->s, ctx);
  fc_div(p->t, p->t, p->s, ctx);
  fc_add(z, z, p->t, ctx);
}

/* u = (x - b end)/a. */
static void scaled_end(fc_ptr u, fc_srcptr end, const line_piece *p) {
  fc_set(u, p->x, &p->ctx);
  fc_submul(u, p->b, end, &p->ctx);
  fc_div(u, u, p->a, &p->ctx);
}

static void uniform_below(fc_ptr z, line_piece *p) {
  const fc_ctx *ctx = &p->ctx;
  fc_num at_lower;
  fc_init(at_lower, ctx);
  scaled_end(p->u, p->lower, p);
  psi(at_lower, p->u, p);
  scaled_end(p->u, p->upper, p);
  psi(z, p->u, p);
  fc_sub(z, at_lower, z, ctx);
  fc_sub(p->t, p->upper, p->lower, ctx);
  fc_mul(p->t, p->t, p->b, ctx);
  fc_div(p->t, p->a, p->t, ctx);
  fc_mul(z, z, p->t, ctx);
  fc_clear(at_lower, ctx);
}

/* a = 0: the law of the piece itself at y = x/b, moved into its support. */
static void end_below(fc_ptr z, line_piece *p) {
  const fc_ctx *ctx = &p->ctx;
  fc_num mass;
  fc_div(p->u, p->x, p->b, ctx);
  if (p->has_lower && fc_le(p->u, p->lower, ctx) == FC_TRUE) {
    fc_set_si(z, 0, ctx); /* balls of equal ends would not cancel */
    return;
  }
  if (p->has_upper)
    fc_min(p->u, p->u, p->upper, ctx);
  if (p->has_lower)
    fc_max(p->u, p->u, p->lower, ctx);
  if (p->uniform) {
    fc_sub(z, p->u, p->lower, ctx);
    fc_sub(p->t, p->upper, p->lower, ctx);
    fc_div(z, z, p->t, ctx);
    return;
  }
  fc_init(mass, ctx);
  fc_sqrt(p->s, p->rho, ctx);
  fc_sub(p->u, p->u, p->mean, ctx);
  fc_mul(p->u, p->u, p->s, ctx);
  fc_sub(p->t, p->lower, p->mean, ctx);
  fc_mul(p->t, p->t, p->s, ctx);
  fc_normal_mass(z, p->has_lower ? p->t : NULL, p->u, ctx);
  fc_sub(p->u, p->upper, p->mean, ctx);
  fc_mul(p->u, p->u, p->s, ctx);
  fc_normal_mass(mass, p->has_lower ? p->t : NULL, p->has_upper ? p->u : NULL,
                 ctx);
  fc_div(z, z, mass, ctx);
  fc_clear(mass, ctx);
}

static fc_status normal_below(fc_ptr z, line_piece *p) {
  const fc_ctx *ctx = &p->ctx;
  fc_restricted law = {.ctx = ctx,
                       .lower = p->has_lower ? p->lower : NULL,
                       .upper = p->has_upper ? p->upper : NULL,
                       .mean = p->mean,
                       .rho = p->rho,
                       .a = p->a,
                       .b = p->b,
                       .x = p->x};
  fc_status status = ctx->kind == FC_ARB ? fc_restricted_below_ball(z, &law)
                                         : fc_restricted_below(z, &law);
  fc_sqrt(p->s, p->rho, ctx);
  fc_mul(z, z, p->s, ctx);
  fc_sub(p->t, p->lower, p->mean, ctx);
  fc_mul(p->t, p->t, p->s, ctx);
  fc_sub(p->u, p->upper, p->mean, ctx);
  fc_mul(p->u, p->u, p->s, ctx);
  fc_normal_mass(p->t, p->has_lower ? p->t : NULL, p->has_upper ? p->u : NULL,
                 ctx);
  fc_set_pi(p->s, ctx);
  fc_mul_2exp_si(p->s, p->s, 1, ctx);
  fc_sqrt(p->s, p->s, ctx);
  fc_mul(p->t, p->t, p->s, ctx);
  fc_div(z, z, p->t, ctx);
  return status;
}

static fc_status piece_below(fc_ptr z, line_piece *p) {
  const fc_ctx *ctx = &p->ctx;
  if (fc_is_zero(p->a, ctx) == FC_TRUE) {
    end_below(z, p);
  } else if (fc_is_zero(p->b, ctx) == FC_TRUE) {
    fc_div(p->t, p->x, p->a, ctx);
    fc_normal_cdf(z, p->t, ctx);
  } else if (p->uniform) {
    uniform_below(z, p);
  } else {
    return normal_below(z, p);
  }
  return FC_OK;
}

/* How far the ends of a normal piece are from x and how wide it is, in units of
 * the noise: the mass within the noise's reach of an end loses log2 of that. */
static double distance(const fc_target *target, size_t j, double a, double b,
                       double x) {
  fc_ctx ctx;
  fc_num t;
  fc_ctx_init_double(&ctx);
  fc_init(t, &ctx);
  fc_constant_eval(t, target->spreads[j], &ctx);
  double far = fabs(b * fc_get_d(t, &ctx)) / a;
  for (int side = 0; side < 2; side++) {
    const fc_formula *end = side ? target->upper[j] : target->lower[j];
    if (end && fc_constant_eval(t, end, &ctx) == FC_OK)
      far = fmax(far, (fabs(x) + fabs(b * fc_get_d(t, &ctx))) / a);
  }
  fc_clear(t, &ctx);
  return far;
}

/* Psi(u) loses about 3 log2 |u| bits on the left, the difference of two
 * log2(a/(b length)). */
static long guard_of(const fc_target *target, double a, double b, double x) {
  fc_ctx ctx;
  fc_num t;
  fc_ctx_init_double(&ctx);
  fc_init(t, &ctx);
  double guard = 0;
  for (size_t j = 0; j < target->count && a > 0 && b > 0; j++) {
    if (target->spreads[j]) {
      guard = fmax(guard, 2 * log2(1 + distance(target, j, a, b, x)));
      continue;
    }
    fc_constant_eval(t, target->lower[j], &ctx);
    double lower = fc_get_d(t, &ctx);
    fc_constant_eval(t, target->upper[j], &ctx);
    double upper = fc_get_d(t, &ctx);
    double u = fmax(fabs(x - b * lower), fabs(x - b * upper)) / a;
    double need = 4 * log2(1 + u) + 2 * log2(1 + a / (b * fabs(upper - lower)));
    guard = fmax(guard, need);
  }
  fc_clear(t, &ctx);
  return FC_CDF_GUARD + (long)fmin(guard, FC_CDF_MAX_GUARD);
}

static fc_status init_ctx(fc_ctx *inner, const fc_ctx *ctx, long guard) {
  if (ctx->kind == FC_ARB)
    return fc_ctx_init_arb(inner, ctx->precision + guard, NULL);
  if (ctx->kind != FC_DOUBLE && ctx->kind != FC_MPFR)
    return FC_UNSUPPORTED;
  fc_ctx_init_mpfr(inner, ctx->precision + guard);
  return FC_OK;
}

/* sums[0] += w P(X_t <= x), sums[1] += w P(X_t > x) over the pieces, those that
 * are wanted. */
static fc_status sum_pieces(fc_ptr const sums[2], const bool wanted[2],
                            line_piece *p, fc_ptr value,
                            const fc_target *target, fc_srcptr x) {
  fc_status status = FC_OK;
  for (size_t j = 0; j < target->count && !status; j++) {
    status = read_piece(p, target, j);
    fc_set(p->x, x, &p->ctx);
    for (int side = 0; side < 2 && !status; side++) {
      if (wanted[side]) {
        status = piece_below(value, p);
        fc_addmul(sums[side], p->weight, value, &p->ctx);
      }
      reflect(p);
    }
  }
  return status;
}

static fc_status explain(fc_status status, fc_error *error) {
  if (status == FC_UNSUPPORTED)
    return fc_fail(
        error, status,
        "distribution functions of pieces are available in binary64, "
        "MPFR and (where built with Arb) real balls");
  if (status)
    return fc_fail(error, status, "the distribution function: %s",
                   fc_status_text(status));
  return FC_OK;
}

fc_status fc_pieces_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                        fc_srcptr a, fc_srcptr b, fc_srcptr x,
                        fc_error *error) {
  const fc_target *target = posterior->target;
  const fc_ctx *ctx = &posterior->ctx;
  line_piece p;
  fc_status status = init_ctx(
      &p.ctx, ctx,
      guard_of(target, fc_get_d(a, ctx), fc_get_d(b, ctx), fc_get_d(x, ctx)));
  if (status)
    return explain(status, error);
  each(&p, fc_init);
  fc_ptr work = fc_vec_new(4, &p.ctx);
  fc_ptr const sums[2] = {work, work + 1};
  const bool wanted[2] = {below != NULL, above != NULL};
  status = work ? FC_OK : FC_MEMORY;
  fc_convert(p.a, &p.ctx, a, ctx);
  fc_convert(p.b, &p.ctx, b, ctx);
  if (!status) {
    fc_convert(work + 3, &p.ctx, x, ctx);
    status = sum_pieces(sums, wanted, &p, work + 2, target, work + 3);
  }
  if (!status) {
    if (below)
      fc_convert(below, ctx, sums[0], &p.ctx);
    if (above)
      fc_convert(above, ctx, sums[1], &p.ctx);
  }
  fc_vec_free(work, 4, &p.ctx);
  each(&p, fc_clear);
  return explain(status, error);
}
