/* Table 1 and what the project adds to it.  r = 1 - t throughout; every form
 * below is free of cancellation on [0, 1] unless it says otherwise.  Where a'
 * diverges at t = 1 (r = 0 exactly), a', a'' and omega are set to their limits.
 */
#include "schedule/private.h"

#define VP_SDE_GUARD 32

/* a' = a'' = -infinity, omega = +infinity */
static void set_divergent(fc_schedule_value *v, const fc_ctx *ctx) {
  fc_set_inf(v->da, -1, ctx);
  fc_set_inf(v->d2a, -1, ctx);
  fc_set_inf(v->omega, 1, ctx);
}

/* rho^2 = a^2 + b^2 */
static void set_rho2(fc_schedule_value *v, const fc_ctx *ctx) {
  fc_sqr(v->rho2, v->a, ctx);
  fc_addmul(v->rho2, v->b, v->b, ctx);
}

/* a = a0 r, b = 1; k = (a0) */
static void eval_ve(fc_schedule_value *v, const fc_time *time, fc_srcptr k,
                    const fc_ctx *ctx) {
  fc_mul(v->a, k, time->r, ctx);
  fc_set_si(v->b, 1, ctx);
  fc_neg(v->da, k, ctx);
  fc_set_si(v->db, 0, ctx);
  fc_set_si(v->d2a, 0, ctx);
  fc_set_si(v->d2b, 0, ctx);
  fc_mul(v->ada, v->a, v->da, ctx);
  fc_sqr(v->dada, k, ctx);
  fc_set(v->omega, k, ctx);
  fc_mul(v->aomega, v->a, k, ctx);
  set_rho2(v, ctx);
}

/* a = a0 r, b = sqrt(1-a^2) = sqrt(((1-a0) + a0 t)(1+a)); b' = a0 a/b,
 * b'' = -a0^2/b^3, omega = a0/b; k = (a0, 1-a0) */
static void eval_vp(fc_schedule_value *v, const fc_time *time, fc_srcptr k,
                    const fc_ctx *ctx) {
  fc_num x;
  fc_init(x, ctx);
  fc_mul(v->a, k, time->r, ctx);
  fc_mul(v->b, k, time->t, ctx);
  fc_add(v->b, v->b, k + 1, ctx);
  fc_add_si(x, v->a, 1, ctx);
  fc_mul(v->b, v->b, x, ctx);
  fc_sqrt(v->b, v->b, ctx);
  fc_neg(v->da, k, ctx);
  fc_set_si(v->d2a, 0, ctx);
  fc_mul(v->ada, v->a, v->da, ctx);
  fc_sqr(v->dada, k, ctx);
  fc_div(v->omega, k, v->b, ctx);
  fc_mul(v->aomega, v->omega, v->a, ctx);
  fc_set(v->db, v->aomega, ctx);
  fc_sqr(x, v->omega, ctx);
  fc_div(x, x, v->b, ctx);
  fc_neg(v->d2b, x, ctx);
  fc_set_si(v->rho2, 1, ctx);
  fc_clear(x, ctx);
}

/* a = r, b = t */
static void eval_linear(fc_schedule_value *v, const fc_time *time, fc_srcptr k,
                        const fc_ctx *ctx) {
  (void)k;
  fc_set(v->a, time->r, ctx);
  fc_set(v->b, time->t, ctx);
  fc_set_si(v->da, -1, ctx);
  fc_set_si(v->db, 1, ctx);
  fc_set_si(v->d2a, 0, ctx);
  fc_set_si(v->d2b, 0, ctx);
  fc_neg(v->ada, v->a, ctx);
  fc_set_si(v->dada, 1, ctx);
  fc_set_si(v->omega, 1, ctx);
  fc_set(v->aomega, v->a, ctx);
  set_rho2(v, ctx);
}

/* a = sqrt(r(1+t)), b = t; a' = -t/a, a'' = -1/a^3, omega = 1/a */
static void eval_follmer(fc_schedule_value *v, const fc_time *time, fc_srcptr k,
                         const fc_ctx *ctx) {
  (void)k;
  fc_add_si(v->a, time->t, 1, ctx);
  fc_mul(v->a, v->a, time->r, ctx);
  fc_sqrt_nonnegative(v->a, v->a, ctx);
  fc_set(v->b, time->t, ctx);
  fc_set_si(v->db, 1, ctx);
  fc_set_si(v->d2b, 0, ctx);
  fc_neg(v->ada, time->t, ctx);
  fc_set_si(v->dada, -1, ctx);
  fc_set_si(v->aomega, 1, ctx);
  fc_set_si(v->rho2, 1, ctx);
  if (fc_is_zero(time->r, ctx) == FC_TRUE) {
    set_divergent(v, ctx);
    return;
  }
  fc_div(v->da, v->ada, v->a, ctx);
  fc_inv(v->omega, v->a, ctx);
  fc_pow_si(v->d2a, v->omega, 3, ctx);
  fc_neg(v->d2a, v->d2a, ctx);
}

/* a = sin(pi r/2), b = sin(pi t/2); (a^2)''/2 = -(pi/2)^2 cos(pi t) */
static void eval_trigonometric(fc_schedule_value *v, const fc_time *time,
                               fc_srcptr k, const fc_ctx *ctx) {
  (void)k;
  fc_num c; /* pi/2 */
  fc_init(c, ctx);
  fc_set_pi(c, ctx);
  fc_mul_2exp_si(c, c, -1, ctx);
  fc_mul_2exp_si(v->a, time->r, -1, ctx);
  fc_sin_pi(v->a, v->a, ctx);
  fc_mul_2exp_si(v->b, time->t, -1, ctx);
  fc_sin_pi(v->b, v->b, ctx);
  fc_mul(v->db, c, v->a, ctx);
  fc_mul(v->da, c, v->b, ctx);
  fc_neg(v->da, v->da, ctx);
  fc_mul(v->d2b, v->da, c, ctx);
  fc_mul(v->d2a, v->db, c, ctx);
  fc_neg(v->d2a, v->d2a, ctx);
  fc_mul(v->ada, v->a, v->da, ctx);
  fc_cos_pi(v->dada, time->t, ctx);
  fc_mul(v->dada, v->dada, c, ctx);
  fc_mul(v->dada, v->dada, c, ctx);
  fc_neg(v->dada, v->dada, ctx);
  fc_set(v->aomega, v->db, ctx);
  fc_set(v->omega, c, ctx);
  fc_set_si(v->rho2, 1, ctx);
  fc_clear(c, ctx);
}

/* a = r/(1+zeta), b = (t+zeta)/(1+zeta); k = (zeta, 1+zeta) */
static void eval_shifted_linear(fc_schedule_value *v, const fc_time *time,
                                fc_srcptr k, const fc_ctx *ctx) {
  fc_div(v->a, time->r, k + 1, ctx);
  fc_add(v->b, time->t, k, ctx);
  fc_div(v->b, v->b, k + 1, ctx);
  fc_inv(v->omega, k + 1, ctx);
  fc_set(v->db, v->omega, ctx);
  fc_neg(v->da, v->omega, ctx);
  fc_set_si(v->d2a, 0, ctx);
  fc_set_si(v->d2b, 0, ctx);
  fc_mul(v->aomega, v->a, v->omega, ctx);
  fc_neg(v->ada, v->aomega, ctx);
  fc_sqr(v->dada, v->omega, ctx);
  set_rho2(v, ctx);
}

/* --- vp-sde ----------------------------------------------------------- */
/* b = exp(-y/2) with y = 2 A r^2 + 2 B r, a = sqrt(1-b^2), A, B = k;
 * with g = (log b)' = 2 A r + B:
 *   b' = g b                     b'' = (g^2 - 2A) b
 *   (a^2)'/2 = -g b^2            (a^2)''/2 = -2 (g^2 - A) b^2
 *   omega = g b/a                a' = -g b^2/a
 *   a'' = -b^2 (B^2 (1+a^2) + 2A (y a^2 + (y - a^2)))/a^3,
 * the last because g^2 = 2A y + B^2; there y - a^2 = y - 1 + exp(-y) cancels
 * for small y, for which the guard bits are.  b'' and (a^2)'' have zeros inside
 * (0, 1); beside those they are right to a few units of their larger term. */

/* y - 1 + exp(-y) < y^2/2: as many bits are lost as y has leading zeros, and
 * exp(-y) loses those of a large y. */
static long guard_vp_sde(const fc_time *time, const fc_ctx *ctx) {
  return VP_SDE_GUARD + 2 * fc_time_lost_bits(time, ctx);
}

/* a'' as above; a2 = a^2, b2 = b^2 */
static void set_vp_sde_d2a(fc_schedule_value *v, fc_srcptr y, fc_srcptr a2,
                           fc_srcptr b2, fc_srcptr k, const fc_ctx *ctx) {
  fc_num x, z;
  fc_init(x, ctx);
  fc_init(z, ctx);
  fc_sub(x, y, a2, ctx);
  fc_addmul(x, y, a2, ctx);
  fc_mul(x, x, k, ctx);
  fc_mul_2exp_si(x, x, 1, ctx);
  fc_add_si(z, a2, 1, ctx);
  fc_mul(z, z, k + 1, ctx);
  fc_addmul(x, z, k + 1, ctx);
  fc_mul(x, x, b2, ctx);
  fc_pow_si(z, v->a, 3, ctx);
  fc_div(x, x, z, ctx);
  fc_neg(v->d2a, x, ctx);
  fc_clear(x, ctx);
  fc_clear(z, ctx);
}

/* The limits at t = 1: a ~ sqrt(2Br), or a ~ sqrt(2A) r where B = 0. */
static void set_vp_sde_end(fc_schedule_value *v, fc_srcptr k,
                           const fc_ctx *ctx) {
  if (fc_is_zero(k + 1, ctx) != FC_TRUE) {
    set_divergent(v, ctx);
    return;
  }
  fc_mul_2exp_si(v->omega, k, 1, ctx);
  fc_sqrt(v->omega, v->omega, ctx);
  fc_neg(v->da, v->omega, ctx);
  fc_set_si(v->d2a, 0, ctx);
}

static void eval_vp_sde(fc_schedule_value *v, const fc_time *time, fc_srcptr k,
                        const fc_ctx *ctx) {
  fc_num g, y, a2, b2, x;
  fc_ptr all[] = {g, y, a2, b2, x};
  for (int i = 0; i < 5; i++)
    fc_init(all[i], ctx);
  fc_mul(x, k, time->r, ctx); /* A r */
  fc_add(y, x, k + 1, ctx);
  fc_mul(y, y, time->r, ctx);
  fc_mul_2exp_si(y, y, 1, ctx);
  fc_mul_2exp_si(g, x, 1, ctx);
  fc_add(g, g, k + 1, ctx);
  fc_neg(x, y, ctx);
  fc_exp(b2, x, ctx);
  fc_expm1(a2, x, ctx);
  fc_neg(a2, a2, ctx);
  fc_mul_2exp_si(x, x, -1, ctx);
  fc_exp(v->b, x, ctx);
  fc_sqrt_nonnegative(v->a, a2, ctx);
  fc_mul(v->db, g, v->b, ctx);
  fc_set(v->aomega, v->db, ctx);
  fc_mul(v->ada, g, b2, ctx);
  fc_neg(v->ada, v->ada, ctx);
  fc_sqr(x, g, ctx);
  fc_sub(v->dada, k, x, ctx);
  fc_mul(v->dada, v->dada, b2, ctx);
  fc_mul_2exp_si(v->dada, v->dada, 1, ctx);
  fc_sub(x, x, k, ctx);
  fc_sub(x, x, k, ctx);
  fc_mul(v->d2b, x, v->b, ctx);
  fc_set_si(v->rho2, 1, ctx);
  if (fc_is_zero(time->r, ctx) == FC_TRUE) {
    set_vp_sde_end(v, k, ctx);
  } else {
    fc_div(v->omega, v->aomega, v->a, ctx);
    fc_div(v->da, v->ada, v->a, ctx);
    set_vp_sde_d2a(v, y, a2, b2, k, ctx);
  }
  for (int i = 0; i < 5; i++)
    fc_clear(all[i], ctx);
}

/* --- the table -------------------------------------------------------- */

#define A0 "a0*(1-t)"
#define LOG_B "-(1-t)^2*(beta_max-beta_min)/4-(1-t)*beta_min/2"

static const fc_schedule_kind kinds[] = {
    {.name = "ve",
     .help = "a = a0*(1-t), b = 1; a0 > 0, default 2",
     .a = A0,
     .b = "1",
     .parameters = {{"a0", "2"}},
     .constants = {"a0"},
     .conditions = {{"a0", true, "a0 must be positive"}},
     .eval = eval_ve},
    {.name = "vp",
     .help = "a = a0*(1-t), b = sqrt(1-a^2); 0 < a0 < 1, default 99/100",
     .a = A0,
     .b = "sqrt(1-(" A0 ")^2)",
     .parameters = {{"a0", "99/100"}},
     .constants = {"a0", "1-a0"},
     .conditions = {{"a0", true, "a0 must lie between 0 and 1"},
                    {"1-a0", true, "a0 must lie between 0 and 1"}},
     .eval = eval_vp},
    {.name = "linear",
     .help = "a = 1-t, b = t",
     .a = "1-t",
     .b = "t",
     .eval = eval_linear},
    {.name = "follmer",
     .help = "a = sqrt(1-t^2), b = t",
     .a = "sqrt(1-t^2)",
     .b = "t",
     .eval = eval_follmer},
    {.name = "trigonometric",
     .help = "a = cos(pi*t/2), b = sin(pi*t/2)",
     .a = "cos(pi*t/2)",
     .b = "sin(pi*t/2)",
     .eval = eval_trigonometric},
    {.name = "shifted-linear",
     .help = "a = (1-t)/(1+zeta), b = (t+zeta)/(1+zeta); zeta >= 0",
     .a = "(1-t)/(1+zeta)",
     .b = "(t+zeta)/(1+zeta)",
     .parameters = {{"zeta", NULL}},
     .constants = {"zeta", "1+zeta"},
     .conditions = {{"zeta", false, "zeta must not be negative"}},
     .eval = eval_shifted_linear},
    {.name = "vp-sde",
     .help =
         "a = sqrt(1-b^2), b = exp(-r^2*(beta_max-beta_min)/4-r*beta_min/2),"
         " r = 1-t; 0 <= beta_min <= beta_max, default 1/10 and 20",
     .a = "sqrt(1-exp(2*(" LOG_B ")))",
     .b = "exp(" LOG_B ")",
     .parameters = {{"beta_min", "1/10"}, {"beta_max", "20"}},
     .constants = {"(beta_max-beta_min)/4", "beta_min/2"},
     .conditions = {{"beta_min", false, "beta_min must not be negative"},
                    {"beta_max-beta_min", false,
                     "beta_max must not be less than beta_min"},
                    {"beta_max", true, "beta_max must be positive"}},
     .eval = eval_vp_sde,
     .guard = guard_vp_sde},
    {.name = "custom",
     .help = "a, b: formulas in t with a(1) = 0, b(1) = 1, a(0) > 0, b(0) >= 0",
     .parameters = {{"a", NULL}, {"b", NULL}}},
};

size_t fc_schedule_kind_count(void) { return sizeof kinds / sizeof kinds[0]; }

const fc_schedule_kind *fc_schedule_kind_at(size_t i) { return &kinds[i]; }
