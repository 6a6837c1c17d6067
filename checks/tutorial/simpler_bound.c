/* A check module to copy: a bound that follows from Proposition 4.1(d).
 *
 * Let nu = N(0, sigma^2 I) * rho, supp rho in a ball of radius R, V = a^2 +
 * sigma^2 b^2.  4.1(d) says
 *
 *   grad v <= a b omega R^2/V^2 + (a a' + sigma^2 b b')/V.
 *
 * As a^4 + sigma^4 b^4 <= V^2 <= 2 (a^4 + sigma^4 b^4), with equality on the
 * right where a = sigma b, the simpler denominator D = a^4 + sigma^4 b^4 gives
 * a bound, and 2 D, the inequality used the wrong way round, gives none: two
 * components attain 4.1(d), so that they refute it at every t but one.
 */
#include "simpler_bound.h"
#include "claims/bound.h"
#include "gif/hypotheses.h"

/* a*omega and a*da are read as single regular quantities, also at t = 1. */
#define SLOPE "(a*da + sigma^2*b*db)/(a^2 + sigma^2*b^2)"
#define SPREAD "a*omega*b*R^2/(a^4 + sigma^4*b^4)"

static const fc_claim claims[] = {
    /* What is claimed: for all x and all t in (0, 1). */
    {.name = "upper",
     .kind = FC_KIND_SHARPER, /* proved here, not stated in the paper */
     .source = "Proposition 4.1(d) with V² ≥ a⁴ + σ⁴b⁴",
     .statement = "∇v(t,x) ≼ abωR²/(a⁴ + σ⁴b⁴) + (aa′ + σ²bb′)/(a² + σ²b²)",
     .relation = "<=",
     .formula = SPREAD " + " SLOPE,
     .hypotheses = "ν = N(0,σ²I) ∗ ρ, supp ρ in a ball of radius R",
     .detail = &(const fc_bound_detail){.side = FC_LARGEST,
                                        .refuses = fc_needs_component_ball}},
    /* What must be caught: false wherever it applies, hence its refusal. */
    {.name = "upper.control.half",
     .kind = FC_KIND_CONTROL,
     .control_of = "upper",
     .source = "the same with V² ≤ 2(a⁴ + σ⁴b⁴), the wrong way round",
     .statement = "∇v(t,x) ≼ abωR²/(2(a⁴ + σ⁴b⁴)) + (aa′ + σ²bb′)/(a² + σ²b²)",
     .relation = "<=",
     .formula = SPREAD "/2 + " SLOPE,
     .detail = &(const fc_bound_detail){.side = FC_LARGEST,
                                        .refuses = fc_needs_two_components}},
};

const fc_check fc_check_simpler_bound = {
    .id = "tutorial.simpler-bound",
    .title = "Proposition 4.1(d) with a simpler denominator",
    .source = "a corollary of Proposition 4.1(d)",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .spectral = true, /* `flowcert eval bound` knows its claims */
    .run = fc_bounds_run,
};
