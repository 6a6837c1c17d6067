/* Proposition 4.1: spatial Lipschitz bounds of the velocity field.
 *
 * For every x and t in (0, 1), with D = diam(supp nu)/sqrt 2, omega = a b' -
 * a' b, V = a^2 + sigma^2 b^2:
 *   (a)  a'/a  <=  grad v  <=  b omega D^2/a^3 + a'/a
 *   (b)  (beta a a' + b b')/(beta a^2 + b^2)  <=  grad v
 *        (nu beta-semi-log-convex, supp nu = R^d; t = 1 included)
 *   (c)  grad v  <=  (kappa a a' + b b')/(kappa a^2 + b^2)
 *        (nu kappa-semi-log-concave; where kappa + b^2/a^2 > 0; t = 1 included)
 *   (d)  (a a' + sigma^2 b b')/V  <=  grad v
 *            <=  a b omega R^2/V^2 + (a a' + sigma^2 b b')/V
 *        (nu = N(0, sigma^2 I) * rho, supp rho in a ball of radius R)
 *   (e)  K (-B - L^2 b^2/(a^2+b^2)^2) + (a a' + b b')/(a^2 + b^2)  <=  grad v
 *            <=  K B + (a a' + b b')/(a^2 + b^2),
 *        K = (b'/b) a^2 - a' a,
 *        B = 5 L b (a^2+b^2)^(-3/2) (L + (log(sqrt(a^2+b^2)/b))^(-1/2))
 *        (d nu/d gamma_d is L-log-Lipschitz)
 *
 * Sharper forms, from grad v = (a'/a) I + (b omega/a^3) C and
 *   C <= (diam(supp nu)/2)^2          Popoviciu along each direction; equality
 *                                     for two atoms, half way between them
 *   C <= V-part + (..)(diam(supp rho)/2)^2   the same for rho
 *   (tau - L tau^2)_+^2 <= C <= (tau + L tau^2)^2,  tau = (1 + u^2)^(-1/2):
 *       the posterior is N(., tau^2 I) tilted by an L-Lipschitz function.
 * Equality: (b), (c) Gaussians (extreme directions); (d) lower: far out in the
 * direction of an outermost component, and Gaussians; (d) upper: two
 * components, where their responsibilities are equal, and Gaussians.
 */
#include "claims/bound.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/velocity_ends.h"

#define A_LOWER "da/a"
#define A_UPPER "b*omega*D^2/a^3 + da/a"
#define A_SHARP "b*omega*(diam_nu/2)^2/a^3 + da/a"
#define B_LOWER "(beta*a*da + b*db)/(beta*a^2 + b^2)"
#define C_UPPER "(kappa*a*da + b*db)/(kappa*a^2 + b^2)"
#define C_WHERE "kappa + b^2/a^2"
#define D_LOWER "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define D_UPPER "a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER
#define D_SHARP "a*b*omega*(diam_rho/2)^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER
#define E_K "((db/b)*a^2 - a*da)"
#define E_B "5*L*b*(a^2 + b^2)^(-3/2)*(L + log(sqrt(a^2 + b^2)/b)^(-1/2))"
#define E_GAUSS "(a*da + b*db)/(a^2 + b^2)"
#define E_UPPER E_K "*" E_B " + " E_GAUSS
#define E_LOWER E_K "*(-" E_B " - L^2*b^2/(a^2 + b^2)^2) + " E_GAUSS
#define E_TAU "a/sqrt(a^2 + b^2)"
#define E_UPPER_SHARP "da/a + b*omega/a^3*(" E_TAU " + L*a^2/(a^2 + b^2))^2"
#define E_LOWER_SHARP                                                          \
  "da/a + b*omega/a^3*max(0, " E_TAU " - L*a^2/(a^2 + b^2))^2"

static const char *no_ball(const fc_job *job) {
  return fc_needs_component_ball(job);
}

/* Controls that drop the Lipschitz term need L > 0; those that drop what L
 * adds to a Gaussian need a second component. */
static const char *no_slope(const fc_job *job) {
  double slope = 0;
  fc_job_constant(&slope, job, FC_L);
  return slope > 0 ? NULL : "L = 0";
}

static const char *no_mixture_slope(const fc_job *job) {
  const char *reason = no_slope(job);
  return reason ? reason : fc_needs_several_components(job);
}

static const char *expect_a_sharp(const fc_job *job) {
  return fc_needs_two_atoms(job) ? "holds" : "attained";
}

static const char *no_support(const fc_job *job) {
  double width = 0;
  if (!fc_job_constant(&width, job, FC_D))
    return "the support is unbounded";
  return width > 0 ? NULL : "the support is a point";
}

/* a omega D^2/b^3 is too small only where u = b/a > D: with a wide support that
 * is closer to t = 1 than the mesh of times goes. */
static const char *no_narrow_support(const fc_job *job) {
  double width = 0;
  const char *reason = no_support(job);
  if (!reason && fc_job_constant(&width, job, FC_D) && width > 100)
    reason = "D > 100";
  return reason;
}

#define LOWER(...)                                                             \
  .relation = ">=", .detail = &(const fc_bound_detail) {                       \
    .side = FC_SMALLEST, __VA_ARGS__                                           \
  }
#define UPPER(...)                                                             \
  .relation = "<=", .detail = &(const fc_bound_detail) {                       \
    .side = FC_LARGEST, __VA_ARGS__                                            \
  }
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "a.lower",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(a)",
     .statement = "∇v(t,x) ≽ a′/a for all x and t in (0,1)",
     .formula = A_LOWER,
     .hypotheses = "none beyond a posterior covariance",
     LOWER(.refuses = NULL)},
    {.name = "a.lower.control.sign",
     .source = "Proposition 4.1(a), sign of a′ flipped",
     .statement = "∇v(t,x) ≽ −a′/a",
     .formula = "-da/a",
     CONTROL("a.lower"),
     LOWER(.refuses = NULL)},
    {.name = "a.upper",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(a)",
     .statement = "∇v(t,x) ≼ bωD²/a³ + a′/a for all x and t in (0,1)",
     .formula = A_UPPER,
     .hypotheses = "D = diam(supp ν)/√2 finite",
     UPPER(.refuses = NULL)},
    {.name = "a.upper.control.no-support-term",
     .source = "Proposition 4.1(a), the term with D² dropped",
     .statement = "∇v(t,x) ≼ a′/a",
     .formula = "da/a",
     CONTROL("a.upper"),
     UPPER(.refuses = no_support)},
    {.name = "a.upper.control.swapped",
     .source = "Proposition 4.1(a), a and b swapped in the first term",
     .statement = "∇v(t,x) ≼ aωD²/b³ + a′/a",
     .formula = "a*omega*D^2/b^3 + da/a",
     CONTROL("a.upper"),
     UPPER(.refuses = no_narrow_support)},
    {.name = "a.upper.sharp",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 4.1(a) with D² replaced by (diam/2)²",
     .statement = "∇v(t,x) ≼ bω(diam(supp ν)/2)²/a³ + a′/a",
     .formula = A_SHARP,
     .hypotheses = "diam(supp ν) finite",
     .expect = expect_a_sharp,
     UPPER(.refuses = NULL)},
    {.name = "a.upper.sharp.control.tightened",
     .source = "the sharper form of 4.1(a), tightened by one part in 2^20",
     .statement = "∇v(t,x) ≼ (sharper bound)(1 ∓ 2⁻²⁰)",
     .formula = FC_TIGHTER_UPPER(A_SHARP),
     CONTROL("a.upper.sharp"),
     UPPER(.refuses = fc_needs_two_atoms)},
    {.name = "a.upper.sharp.control.no-support-term",
     .source = "the sharper form of 4.1(a) without its first term",
     .statement = "∇v(t,x) ≼ a′/a",
     .formula = "da/a",
     CONTROL("a.upper.sharp"),
     UPPER(.refuses = no_support)},

    {.name = "b.lower",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(b)",
     .statement = "∇v(t,x) ≽ (βaa′ + bb′)/(βa² + b²) for all x, t in (0,1]",
     .formula = B_LOWER,
     .hypotheses = "ν β-semi-log-convex, β > 0, supp ν = R^d",
     .expect = fc_expect_attained_gaussian,
     LOWER(.closed_end = true, .refuses = fc_needs_full_support)},
    {.name = "b.lower.control.tightened",
     .source = "Proposition 4.1(b), tightened by one part in 2^20",
     .statement = "∇v(t,x) ≽ (stated bound)(1 ± 2⁻²⁰)",
     .formula = FC_TIGHTER_LOWER(B_LOWER),
     CONTROL("b.lower"),
     LOWER(.closed_end = true, .refuses = fc_needs_gaussian)},
    {.name = "b.lower.control.no-beta-terms",
     .source = "Proposition 4.1(b), the terms with β dropped",
     .statement = "∇v(t,x) ≽ b′/b",
     .formula = "db/b",
     CONTROL("b.lower"),
     LOWER(.refuses = fc_needs_full_support)},

    {.name = "c.upper",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(c)",
     .statement = "∇v(t,x) ≼ (κaa′ + bb′)/(κa² + b²) for all x, t in (t₀,1]",
     .formula = C_UPPER,
     .hypotheses = "ν κ-semi-log-concave; t₀ solves κ + b²/a² = 0, or t₀ = 0 "
                   "where κ + b₀²/a₀² ≥ 0",
     .expect = fc_expect_attained_gaussian,
     UPPER(.closed_end = true, .where = C_WHERE)},
    {.name = "c.upper.control.tightened",
     .source = "Proposition 4.1(c), tightened by one part in 2^20",
     .statement = "∇v(t,x) ≼ (stated bound)(1 ∓ 2⁻²⁰)",
     .formula = FC_TIGHTER_UPPER(C_UPPER),
     CONTROL("c.upper"),
     UPPER(.closed_end = true, .where = C_WHERE, .refuses = fc_needs_gaussian)},
    {.name = "c.upper.control.no-b-terms",
     .source = "Proposition 4.1(c), the terms with b dropped",
     .statement = "∇v(t,x) ≼ a′/a",
     .formula = "da/a",
     CONTROL("c.upper"),
     UPPER(.where = C_WHERE)},

    {.name = "d.lower",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(d)",
     .statement = "∇v(t,x) ≽ (aa′ + σ²bb′)/(a² + σ²b²) for all x, t in (0,1)",
     .formula = D_LOWER,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball of radius R",
     .expect = fc_expect_attained_isotropic,
     LOWER(.refuses = no_ball)},
    {.name = "d.lower.control.tightened",
     .source = "Proposition 4.1(d), lower bound tightened by one part in 2^20",
     .statement = "∇v(t,x) ≽ (stated bound)(1 ± 2⁻²⁰)",
     .formula = FC_TIGHTER_LOWER(D_LOWER),
     CONTROL("d.lower"),
     LOWER(.refuses = no_ball)},
    {.name = "d.lower.control.sign",
     .source = "Proposition 4.1(d), lower bound, sign of a a′ flipped",
     .statement = "∇v(t,x) ≽ (−aa′ + σ²bb′)/(a² + σ²b²)",
     .formula = "(-a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)",
     CONTROL("d.lower"),
     LOWER(.refuses = no_ball)},
    {.name = "d.upper",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(d)",
     .statement = "∇v(t,x) ≼ abωR²/(a² + σ²b²)² + (aa′ + σ²bb′)/(a² + σ²b²) "
                  "for all x, t in (0,1)",
     .formula = D_UPPER,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball of radius R",
     .expect = fc_expect_attained_two_components,
     UPPER(.refuses = no_ball)},
    {.name = "d.upper.control.tightened",
     .source = "Proposition 4.1(d), upper bound tightened by one part in 2^20",
     .statement = "∇v(t,x) ≼ (stated bound)(1 ∓ 2⁻²⁰)",
     .formula = FC_TIGHTER_UPPER(D_UPPER),
     CONTROL("d.upper"),
     UPPER(.refuses = fc_needs_two_components)},
    {.name = "d.upper.control.no-radius-term",
     .source = "Proposition 4.1(d), the term with R² dropped",
     .statement = "∇v(t,x) ≼ (aa′ + σ²bb′)/(a² + σ²b²)",
     .formula = D_LOWER,
     CONTROL("d.upper"),
     UPPER(.refuses = fc_needs_several_components)},
    {.name = "d.upper.control.sign",
     .source = "Proposition 4.1(d), sign of the term with R² flipped",
     .statement = "∇v(t,x) ≼ −abωR²/(a² + σ²b²)² + (aa′ + σ²bb′)/(a² + σ²b²)",
     .formula = "-a*b*omega*R^2/(a^2 + sigma^2*b^2)^2 + " D_LOWER,
     CONTROL("d.upper"),
     UPPER(.refuses = fc_needs_several_components)},
    {.name = "d.upper.sharp",
     .kind = FC_KIND_SHARPER,
     .source = "Proposition 4.1(d) with R replaced by diam(supp ρ)/2",
     .statement = "∇v(t,x) ≼ abω(diam(supp ρ)/2)²/(a² + σ²b²)² + (aa′ + "
                  "σ²bb′)/(a² + σ²b²)",
     .formula = D_SHARP,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, diam(supp ρ) finite",
     .expect = fc_expect_attained_two_components,
     UPPER(.refuses = no_ball)},
    {.name = "d.upper.sharp.control.tightened",
     .source = "the sharper form of 4.1(d), tightened by one part in 2^20",
     .statement = "∇v(t,x) ≼ (sharper bound)(1 ∓ 2⁻²⁰)",
     .formula = FC_TIGHTER_UPPER(D_SHARP),
     CONTROL("d.upper.sharp"),
     UPPER(.refuses = fc_needs_two_components)},
    {.name = "d.upper.sharp.control.no-radius-term",
     .source = "the sharper form of 4.1(d) without its first term",
     .statement = "∇v(t,x) ≼ (aa′ + σ²bb′)/(a² + σ²b²)",
     .formula = D_LOWER,
     CONTROL("d.upper.sharp"),
     UPPER(.refuses = fc_needs_several_components)},

    {.name = "e.lower",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(e)",
     .statement = "∇v(t,x) ≽ K(−B − L²b²/(a²+b²)²) + (aa′+bb′)/(a²+b²) for all "
                  "x, t in (0,1)",
     .formula = E_LOWER,
     .hypotheses = "dν/dγ_d is L-log-Lipschitz",
     LOWER(.refuses = fc_needs_full_support)},
    {.name = "e.lower.control.sign",
     .source = "Proposition 4.1(e), lower bound, signs of both terms flipped",
     .statement = "∇v(t,x) ≽ K(B + L²b²/(a²+b²)²) + (aa′+bb′)/(a²+b²)",
     .formula = E_K "*(" E_B " + L^2*b^2/(a^2 + b^2)^2) + " E_GAUSS,
     CONTROL("e.lower"),
     LOWER(.refuses = no_slope)},
    {.name = "e.upper",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition 4.1(e)",
     .statement = "∇v(t,x) ≼ KB + (aa′+bb′)/(a²+b²) for all x, t in (0,1)",
     .formula = E_UPPER,
     .hypotheses = "dν/dγ_d is L-log-Lipschitz",
     UPPER(.refuses = fc_needs_full_support)},
    {.name = "e.upper.control.no-B",
     .source = "Proposition 4.1(e), upper bound, the term KB dropped",
     .statement = "∇v(t,x) ≼ (aa′+bb′)/(a²+b²)",
     .formula = E_GAUSS,
     CONTROL("e.upper"),
     UPPER(.refuses = no_mixture_slope)},
    {.name = "e.upper.control.sign",
     .source = "Proposition 4.1(e), upper bound, sign of KB flipped",
     .statement = "∇v(t,x) ≼ −KB + (aa′+bb′)/(a²+b²)",
     .formula = "-" E_K "*" E_B " + " E_GAUSS,
     CONTROL("e.upper"),
     UPPER(.refuses = no_slope)},
    {.name = "e.lower.sharp",
     .kind = FC_KIND_SHARPER,
     .source = "C ≽ ((τ − Lτ²)₊)², τ = (1+u²)^(−1/2)",
     .statement = "∇v(t,x) ≽ a′/a + (bω/a³)((τ − Lτ²)₊)²",
     .formula = E_LOWER_SHARP,
     .hypotheses = "dν/dγ_d is L-log-Lipschitz",
     LOWER(.refuses = fc_needs_full_support)},
    {.name = "e.lower.sharp.control.sign",
     .source = "the sharper lower form with τ + Lτ²",
     .statement = "∇v(t,x) ≽ a′/a + (bω/a³)(τ + Lτ²)²",
     .formula = E_UPPER_SHARP,
     CONTROL("e.lower.sharp"),
     LOWER(.refuses = no_slope)},
    {.name = "e.upper.sharp",
     .kind = FC_KIND_SHARPER,
     .source = "C ≼ (τ + Lτ²)², τ = (1+u²)^(−1/2)",
     .statement = "∇v(t,x) ≼ a′/a + (bω/a³)(τ + Lτ²)²",
     .formula = E_UPPER_SHARP,
     .hypotheses = "dν/dγ_d is L-log-Lipschitz",
     UPPER(.refuses = fc_needs_full_support)},
    {.name = "e.upper.sharp.control.no-L",
     .source = "the sharper upper form with L = 0",
     .statement = "∇v(t,x) ≼ a′/a + (bω/a³)τ²",
     .formula = "da/a + b*omega/a^3*(" E_TAU ")^2",
     CONTROL("e.upper.sharp"),
     UPPER(.refuses = no_mixture_slope)},
    {.name = "e.upper.sharp.control.no-tau",
     .source = "the sharper upper form without τ",
     .statement = "∇v(t,x) ≼ a′/a + (bω/a³)(Lτ²)²",
     .formula = "da/a + b*omega/a^3*(L*a^2/(a^2 + b^2))^2",
     CONTROL("e.upper.sharp"),
     UPPER(.refuses = NULL)},

    {.name = "e.upper.blow-up.literal",
     .kind = FC_KIND_LITERAL,
     .source = "after Proposition 4.1, p. 14",
     .statement = "the upper bound (e) blows up at t = 1: with r = 1−t it "
                  "exceeds r^(−1/4) as r → 0",
     .relation = ">=",
     .formula = "r^(-1/4)",
     .hypotheses =
         "dν/dγ_d is L-log-Lipschitz, L > 0; false where a′ is finite "
         "at t = 1",
     .expect = fc_expect_blow_up,
     .measure = fc_measure_e_blow_up,
     .detail = E_UPPER},
    {.name = "e.upper.end-value",
     .kind = FC_KIND_SHARPER,
     .source = "corrects the sentence after Proposition 4.1, p. 14",
     .statement = "where a′₁ is finite the upper bound (e) tends to b′₁ + 5√2 "
                  "L|a′₁| as t → 1",
     .relation = "=",
     .formula = "db1 + 5*sqrt(2)*L*abs(da1)",
     .hypotheses = "dν/dγ_d is L-log-Lipschitz; a′ finite at t = 1",
     .measure = fc_measure_e_end_value,
     .detail = E_UPPER},
    {.name = "e.upper.end-value.control.no-slope",
     .source = "the end value without the term with L",
     .statement = "the upper bound (e) tends to b′₁ as t → 1",
     .relation = "=",
     .formula = "db1",
     CONTROL("e.upper.end-value"),
     .measure = fc_measure_e_end_value,
     .detail = E_UPPER},
    {.name = "lipschitz-score.literal",
     .kind = FC_KIND_LITERAL,
     .source = "after Proposition 4.1, p. 14",
     .statement = "∇v stays bounded at t = 1 only if the score of ν is "
                  "Lipschitz: where it is not, sup|∇v| exceeds r^(−1/4) as "
                  "r = 1−t → 0",
     .relation = ">=",
     .formula = "r^(-1/4)",
     .hypotheses = "d = 1, supp ν = R, a score with jumps; a′ finite at t = 1",
     .expect = fc_expect_violated,
     .measure = fc_measure_lipschitz_score},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_bounds_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_velocity_bounds = {
    .id = "gif.velocity-bounds",
    .title = "Spatial Lipschitz bounds of the velocity field",
    .source = "Proposition 4.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .spectral = true,
    .run = run,
};
