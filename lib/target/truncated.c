#include "target/truncated.h"
#include "arith/balls.h"

#include <math.h>

#define FC_SCRATCH (sizeof((fc_truncated *)0)->scratch / sizeof(fc_num))

void fc_truncated_init(fc_truncated *law, const fc_ctx *ctx) {
  law->ctx = *ctx;
  fc_init(law->log_mass, ctx);
  fc_init(law->first, ctx);
  fc_init(law->second, ctx);
  fc_init(law->third, ctx);
  for (size_t i = 0; i < FC_SCRATCH; i++)
    fc_init(law->scratch[i], ctx);
}

void fc_truncated_clear(fc_truncated *law) {
  const fc_ctx *ctx = &law->ctx;
  fc_clear(law->log_mass, ctx);
  fc_clear(law->first, ctx);
  fc_clear(law->second, ctx);
  fc_clear(law->third, ctx);
  for (size_t i = 0; i < FC_SCRATCH; i++)
    fc_clear(law->scratch[i], ctx);
}

/* --- narrow ------------------------------------------------------------ */

/* exp(alpha z - beta z^2/2) = sum c_k z^k, (k+1) c_{k+1} = alpha c_k
 * - beta c_{k-1}, hence I_n = int_{-1}^1 z^n exp(...) dz = sum over even n + k
 * of 2 c_k/(n+k+1).  The |c_k| are at most the coefficients of
 * exp(|alpha| z + |beta| z^2/2), so for every rho >= 1 what is left out from
 * k = N on is at most 2 rho^-N exp(|alpha| rho + |beta| rho^2/2); in a series
 * context this holds coefficient by coefficient with absolute values of the
 * coefficients.  rho = 2^j below. */
typedef struct expansion {
  long terms; /* N */
  long j;
} expansion;

static expansion plan(double alpha, double beta, long precision) {
  expansion best = {4 * precision + 64, 1};
  for (long j = 1; j <= 64; j++) {
    double rho = ldexp(1, (int)j);
    double bits = (fabs(alpha) * rho + fabs(beta) * rho * rho / 2) / log(2);
    double terms = ceil(((double)precision + 10 + bits) / (double)j) + 4;
    if (terms < (double)best.terms)
      best = (expansion){(long)terms, j};
  }
  return best;
}

/* z += 2 c/n. */
static void add_term(fc_ptr z, fc_ptr t, fc_srcptr c, long n,
                     const fc_ctx *ctx) {
  fc_div_si(t, c, n, ctx);
  fc_mul_2exp_si(t, t, 1, ctx);
  fc_add(z, z, t, ctx);
}

/* bound = 2 rho^-N exp(|alpha| rho + |beta| rho^2/2). */
static void remainder_bound(fc_ptr bound, fc_ptr t, fc_srcptr alpha,
                            fc_srcptr beta, expansion n, const fc_ctx *ctx) {
  fc_majorant(bound, alpha, ctx);
  fc_mul_2exp_si(bound, bound, n.j, ctx);
  fc_majorant(t, beta, ctx);
  fc_mul_2exp_si(t, t, 2 * n.j - 1, ctx);
  fc_add(bound, bound, t, ctx);
  fc_exp(bound, bound, ctx);
  fc_mul_2exp_si(bound, bound, 1 - n.j * n.terms, ctx);
}

/* I_0 .. I_3 into integral[0..3]. */
static void integrals(fc_truncated *law, fc_num *integral, fc_srcptr alpha,
                      fc_srcptr beta) {
  const fc_ctx *ctx = &law->ctx;
  fc_ptr c = law->scratch[4], before = law->scratch[5], t = law->scratch[6],
         next = law->scratch[7];
  expansion n = plan(fc_get_d(alpha, ctx), fc_get_d(beta, ctx), ctx->precision);
  for (int i = 0; i < 4; i++)
    fc_set_si(integral[i], 0, ctx);
  fc_set_si(before, 0, ctx);
  fc_set_si(c, 1, ctx);
  for (long k = 0; k < n.terms; k++) {
    int odd = k % 2;
    add_term(integral[odd], t, c, k + odd + 1, ctx);
    add_term(integral[odd + 2], t, c, k + odd + 3, ctx);
    fc_mul(next, alpha, c, ctx);
    fc_submul(next, beta, before, ctx);
    fc_div_si(next, next, k + 1, ctx);
    fc_swap(before, c);
    fc_swap(c, next);
  }
  if (!fc_is_rigorous(ctx))
    return;
  remainder_bound(c, t, alpha, beta, n, ctx);
  for (int i = 0; i < 4; i++)
    fc_widen(integral[i], c, ctx);
}

/* third = E z^3 - 3 z1 E z^2 + 2 z1^3 from E z^3 in third. */
static void central_third(fc_ptr third, fc_srcptr z1, fc_srcptr raw2, fc_ptr t,
                          fc_ptr u, const fc_ctx *ctx) {
  fc_mul(t, z1, raw2, ctx);
  fc_mul_si(t, t, 3, ctx);
  fc_sub(third, third, t, ctx);
  fc_sqr(t, z1, ctx);
  fc_mul(t, t, z1, ctx);
  fc_mul_2exp_si(u, t, 1, ctx);
  fc_add(third, third, u, ctx);
}

void fc_truncated_narrow(fc_truncated *law, fc_srcptr alpha, fc_srcptr beta) {
  const fc_ctx *ctx = &law->ctx;
  fc_num *integral = law->scratch;
  integrals(law, integral, alpha, beta);
  fc_log(law->log_mass, integral[0], ctx);
  fc_div(law->first, integral[1], integral[0], ctx);
  fc_div(integral[2], integral[2], integral[0], ctx);
  fc_div(law->third, integral[3], integral[0], ctx);
  fc_sqr(law->second, law->first, ctx);
  fc_sub(law->second, integral[2], law->second, ctx);
  central_third(law->third, law->first, integral[2], integral[1], integral[3],
                ctx);
}

/* --- normal ------------------------------------------------------------ */

/* z = 1/sqrt(2), 1/sqrt(2 pi), sqrt(pi/2). */
static void inv_sqrt2(fc_ptr z, const fc_ctx *ctx) {
  fc_set_si(z, 2, ctx);
  fc_sqrt(z, z, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
}

static void sqrt_half_pi(fc_ptr z, const fc_ctx *ctx) {
  fc_set_pi(z, ctx);
  fc_mul_2exp_si(z, z, -1, ctx);
  fc_sqrt(z, z, ctx);
}

/* ends[0] = phi(A)/Z, ends[1] = phi(B)/Z and log_mass, for A > 0 or at least
 * not far below: with R(y) = (1 - Phi(y))/phi(y) = sqrt(pi/2) erfcx(y/sqrt 2),
 *   Z/phi(A) = R(A) - exp(-(B^2 - A^2)/2) R(B),
 * in which nothing underflows. */
static void tail_ends(fc_truncated *law, fc_num *ends, fc_srcptr a,
                      fc_srcptr b) {
  const fc_ctx *ctx = &law->ctx;
  fc_ptr scale = law->scratch[2], root = law->scratch[3], t = law->scratch[4],
         mass = law->scratch[5];
  inv_sqrt2(scale, ctx);
  sqrt_half_pi(root, ctx);
  fc_mul(t, a, scale, ctx);
  fc_erfcx(mass, t, ctx);
  fc_mul(mass, mass, root, ctx);
  fc_set_si(ends[1], 0, ctx);
  if (b) {
    fc_sub(ends[1], a, b, ctx);
    fc_add(t, a, b, ctx);
    fc_mul(ends[1], ends[1], t, ctx);
    fc_mul_2exp_si(ends[1], ends[1], -1, ctx);
    fc_exp(ends[1], ends[1], ctx);
    fc_mul(t, b, scale, ctx);
    fc_erfcx(t, t, ctx);
    fc_mul(t, t, root, ctx);
    fc_submul(mass, ends[1], t, ctx);
  }
  fc_inv(ends[0], mass, ctx);
  fc_mul(ends[1], ends[1], ends[0], ctx);
  /* log Z = log mass - A^2/2 - log(2 pi)/2, sqrt(2 pi) = 2 root */
  fc_mul(mass, mass, scale, ctx);
  fc_div(mass, mass, root, ctx);
  fc_mul(mass, mass, scale, ctx);
  fc_log(law->log_mass, mass, ctx);
  fc_sqr(t, a, ctx);
  fc_mul_2exp_si(t, t, -1, ctx);
  fc_sub(law->log_mass, law->log_mass, t, ctx);
}

/* end = phi(y) and half += sign erf(y/sqrt 2)/2; y NULL: infinite. */
static void straddle_end(fc_truncated *law, fc_ptr end, fc_ptr mass,
                         fc_srcptr y, int sign) {
  const fc_ctx *ctx = &law->ctx;
  fc_ptr scale = law->scratch[2], root = law->scratch[3], t = law->scratch[4];
  fc_set_si(end, 0, ctx);
  fc_set_si(t, sign, ctx);
  if (y) {
    fc_sqr(end, y, ctx);
    fc_mul_2exp_si(end, end, -1, ctx);
    fc_neg(end, end, ctx);
    fc_exp(end, end, ctx);
    fc_div(end, end, root, ctx);
    fc_mul_2exp_si(end, end, -1, ctx);
    fc_mul(t, y, scale, ctx);
    fc_erf(t, t, ctx);
  }
  if (sign > 0)
    fc_add(mass, mass, t, ctx);
  else
    fc_sub(mass, mass, t, ctx);
}

/* The same for A <= 0 <= B: Z = (erf(B/sqrt 2) - erf(A/sqrt 2))/2 adds. */
static void straddle_ends(fc_truncated *law, fc_num *ends, fc_srcptr a,
                          fc_srcptr b) {
  const fc_ctx *ctx = &law->ctx;
  fc_ptr mass = law->scratch[5];
  inv_sqrt2(law->scratch[2], ctx);
  sqrt_half_pi(law->scratch[3], ctx);
  fc_set_si(mass, 0, ctx);
  straddle_end(law, ends[1], mass, b, 1);
  straddle_end(law, ends[0], mass, a, -1);
  fc_mul_2exp_si(mass, mass, -1, ctx);
  fc_log(law->log_mass, mass, ctx);
  fc_div(ends[0], ends[0], mass, ctx);
  fc_div(ends[1], ends[1], mass, ctx);
}

/* With u = phi/Z at the ends: Z'/Z = u_A - u_B, Z''/Z = A u_A - B u_B,
 * Z'''/Z = (A^2-1) u_A - (B^2-1) u_B, and k1, k2, k3 are the derivatives of
 * log Z. */
static void add_end(fc_truncated *law, fc_srcptr y, fc_srcptr u, int sign) {
  const fc_ctx *ctx = &law->ctx;
  fc_ptr t = law->scratch[2], v = law->scratch[3];
  if (sign > 0)
    fc_set(v, u, ctx);
  else
    fc_neg(v, u, ctx);
  fc_add(law->first, law->first, v, ctx);
  if (!y)
    return;
  fc_mul(t, y, v, ctx);
  fc_add(law->second, law->second, t, ctx);
  fc_addmul(law->third, y, t, ctx);
  fc_sub(law->third, law->third, v, ctx);
}

static void cumulants(fc_truncated *law, fc_num *ends, fc_srcptr a,
                      fc_srcptr b) {
  const fc_ctx *ctx = &law->ctx;
  fc_ptr t = law->scratch[2], raw2 = law->scratch[3], u = law->scratch[4];
  fc_set_si(law->first, 0, ctx);
  fc_set_si(law->second, 0, ctx);
  fc_set_si(law->third, 0, ctx);
  add_end(law, a, ends[0], 1);
  add_end(law, b, ends[1], -1);
  fc_set(raw2, law->second, ctx);
  central_third(law->third, law->first, raw2, t, u, ctx);
  fc_sqr(t, law->first, ctx);
  fc_sub(law->second, law->second, t, ctx);
}

/* True where the middle of [A, B] lies left of 0. */
static bool leans_left(fc_srcptr lower, fc_srcptr upper, const fc_ctx *ctx) {
  if (!lower || !upper)
    return upper != NULL;
  return fc_get_d(lower, ctx) + fc_get_d(upper, ctx) < 0;
}

void fc_truncated_normal(fc_truncated *law, fc_srcptr lower, fc_srcptr upper) {
  const fc_ctx *ctx = &law->ctx;
  fc_num *ends = law->scratch;
  fc_ptr reflected_a = NULL, reflected_b = NULL;
  bool left = leans_left(lower, upper, ctx);
  fc_srcptr a = lower, b = upper;
  if (left) { /* reflect: A, B = -B, -A */
    a = b = NULL;
    if (upper) {
      a = reflected_a = law->scratch[10];
      fc_neg(reflected_a, upper, ctx);
    }
    if (lower) {
      b = reflected_b = law->scratch[11];
      fc_neg(reflected_b, lower, ctx);
    }
  }
  if (a && fc_get_d(a, ctx) > 0.5)
    tail_ends(law, ends, a, b);
  else
    straddle_ends(law, ends, a, b);
  cumulants(law, ends, a, b);
  if (left) {
    fc_neg(law->first, law->first, ctx);
    fc_neg(law->third, law->third, ctx);
  }
}
