/* Lemma 4.1, Remark 4.1, Lemma C.2 and Appendix F: score and velocity through
 * the posterior covariance C = Cov(X_1 | X_t = x), for t in (0, 1) and every nu
 * with a second moment (Appendix F: a third).
 *
 *   (4.1)  hess_x log p(y|t,x) = -(b^2/a^4) C  for every y
 *   (4.2)  grad s = (b^2/a^4) C - I/a^2
 *   (4.3)  grad v = (b^2/a^2)(b'/b - a'/a) C + (a'/a) I
 *   Remark 4.1  d(b^2/a^2)/dt = 2 (b^2/a^2)(b'/b - a'/a)
 *   Lemma C.2   p_t = (a^2+b^2)^(-d/2) phi(x/sqrt(a^2+b^2)) Q f,
 *               f = d nu/d gamma_d,
 *               Q f(x) = E f(b x/(a^2+b^2) + a Z/sqrt(a^2+b^2));
 *               grad v = ((b'/b)a^2 - a'a)(hess log Q f - I/(a^2+b^2))
 *                        + (b'/b) I
 *   Appendix F  d/dt s = -(grad s v + grad v s + grad Tr grad v)
 *               grad Tr C = (b/a^2)(M3 - M2 M1 - 2 C M1)
 *
 * How each side is computed: covariance_sides.h.
 */
#include "gif/covariance_sides.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/scan.h"
#include "gif/series_probe.h"

#define SCORE_C "b^2/a^4*C"
#define VELOCITY_C "b^2/a^2*(db/b - da/a)*C"
#define SNR_RATE "b^2/a^2*(db/b - da/a)"
#define TILTED_K "(db/b*a^2 - da*a)"
#define TILTED_GAUSS "I/(a^2 + b^2)"
#define TILTED_DENSITY                                                         \
  "(a^2 + b^2)^(-1/2)*exp(-x^2/(2*(a^2 + b^2)))/sqrt(2*pi)*Qf"

/* Q f is integrated over the line. */
static const char *no_integral(const fc_job *job) {
  const char *reason = fc_needs_line(job);
  return reason ? reason : fc_needs_density(job);
}

/* Gaussians have terms that vanish (N(0, I) where a^2 + b^2 = 1 does not move
 * at all). */
static const char *no_shape(const fc_job *job) {
  return fc_needs_gaussian(job) ? NULL : "the target is a Gaussian";
}

/* (4.1) and Lemma C.2 repeat the second derivatives of (4.2) and (4.3), so they
 * are looked at in one x a time. */
#define SIDES(function, count, ...)                                            \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = function, .length = count, __VA_ARGS__                         \
  }
#define SCORE SIDES(fc_sides_score, fc_length_directions, .refuses = NULL)
#define VELOCITY SIDES(fc_sides_velocity, fc_length_matrix, .refuses = NULL)
#define SNR SIDES(fc_sides_snr, NULL, .once = true)
#define POSTERIOR SIDES(fc_sides_posterior, fc_length_posterior, .once = true)
#define TILTED SIDES(fc_sides_tilted, fc_length_directions, .once = true)
#define DENSITY                                                                \
  .measure = fc_scan_measure,                                                  \
  SIDES(fc_sides_tilted_density, NULL, .refuses = no_integral)
#define SCORE_RATE(...)                                                        \
  SIDES(fc_sides_score_rate, fc_length_vector, __VA_ARGS__)
#define TRACE SIDES(fc_sides_trace, fc_length_vector, .refuses = NULL)
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "posterior",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 4.1, (4.1)",
     .statement = "∇ₓ² log p(y|t,x) = −(b²/a⁴) Cov(X₁|X_t=x) for every y",
     .formula = "-" SCORE_C,
     .hypotheses = "t in (0,1); judged for three y",
     POSTERIOR},
    {.name = "posterior.control.sign",
     .source = "(4.1), sign flipped",
     .statement = "∇ₓ² log p(y|t,x) = (b²/a⁴)C",
     .formula = SCORE_C,
     CONTROL("posterior"),
     POSTERIOR},
    {.name = "posterior.control.power",
     .source = "(4.1), a² in place of a⁴",
     .statement = "∇ₓ² log p(y|t,x) = −(b²/a²)C",
     .formula = "-b^2/a^2*C",
     CONTROL("posterior"),
     POSTERIOR},

    {.name = "score",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 4.1, (4.2)",
     .statement = "∇s = (b²/a⁴)C − I/a²",
     .formula = SCORE_C " - I/a^2",
     .hypotheses = "t in (0,1)",
     SCORE},
    {.name = "score.control.sign",
     .source = "(4.2), sign of I/a² flipped",
     .statement = "∇s = (b²/a⁴)C + I/a²",
     .formula = SCORE_C " + I/a^2",
     CONTROL("score"),
     SCORE},
    {.name = "score.control.sign-covariance",
     .source = "(4.2), sign of the covariance flipped",
     .statement = "∇s = −(b²/a⁴)C − I/a²",
     .formula = "-" SCORE_C " - I/a^2",
     CONTROL("score"),
     SCORE},
    {.name = "score.control.power",
     .source = "(4.2), a² in place of a⁴",
     .statement = "∇s = (b²/a²)C − I/a²",
     .formula = "b^2/a^2*C - I/a^2",
     CONTROL("score"),
     SCORE},

    {.name = "velocity",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 4.1, (4.3)",
     .statement = "∇v = (b²/a²)(b′/b − a′/a)C + (a′/a)I",
     .formula = VELOCITY_C " + da/a*I",
     .hypotheses = "t in (0,1)",
     VELOCITY},
    {.name = "velocity.control.sign",
     .source = "(4.3), sign of the last term flipped",
     .statement = "∇v = (b²/a²)(b′/b − a′/a)C − (a′/a)I",
     .formula = VELOCITY_C " - da/a*I",
     CONTROL("velocity"),
     VELOCITY},
    {.name = "velocity.control.sum",
     .source = "(4.3), b′/b + a′/a in place of the difference",
     .statement = "∇v = (b²/a²)(b′/b + a′/a)C + (a′/a)I",
     .formula = "b^2/a^2*(db/b + da/a)*C + da/a*I",
     CONTROL("velocity"),
     VELOCITY},
    {.name = "velocity.control.power",
     .source = "(4.3), a in place of a²",
     .statement = "∇v = (b²/a)(b′/b − a′/a)C + (a′/a)I",
     .formula = "b^2/a*(db/b - da/a)*C + da/a*I",
     CONTROL("velocity"),
     VELOCITY},

    {.name = "snr",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 4.1",
     .statement = "∂ₜ(b²/a²) = 2(b²/a²)(b′/b − a′/a)",
     .formula = "2*" SNR_RATE,
     .hypotheses = "t in (0,1)",
     SNR},
    {.name = "snr.control.factor-two",
     .source = "Remark 4.1, the factor 2 dropped",
     .statement = "∂ₜ(b²/a²) = (b²/a²)(b′/b − a′/a)",
     .formula = SNR_RATE,
     CONTROL("snr"),
     SNR},
    {.name = "snr.control.sum",
     .source = "Remark 4.1, b′/b + a′/a in place of the difference",
     .statement = "∂ₜ(b²/a²) = 2(b²/a²)(b′/b + a′/a)",
     .formula = "2*b^2/a^2*(db/b + da/a)",
     CONTROL("snr"),
     SNR},

    {.name = "lemma-c2",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma C.2, its proof",
     .statement = "p_t(x) = (a²+b²)^(−d/2) φ(x/√(a²+b²)) Q̃f(x), f = dν/dγ_d",
     .formula = TILTED_DENSITY,
     .hypotheses = "ν has a density; t in (0,1); d = 1",
     DENSITY},
    {.name = "lemma-c2.control.exponent",
     .source = "Lemma C.2, the factor 1/2 in φ dropped",
     .statement = "p_t(x) = (a²+b²)^(−1/2) exp(−x²/(a²+b²))/√(2π) Q̃f(x)",
     .formula = "(a^2 + b^2)^(-1/2)*exp(-x^2/(a^2 + b^2))/sqrt(2*pi)*Qf",
     CONTROL("lemma-c2"),
     DENSITY},
    {.name = "lemma-c2.jacobian",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma C.2",
     .statement = "∇v = ((b′/b)a² − a′a)(∇² log Q̃f − I/(a²+b²)) + (b′/b)I, "
                  "log Q̃f = log p_t + |x|²/(2(a²+b²)) + const",
     .formula = TILTED_K "*(H - " TILTED_GAUSS ") + db/b*I",
     .hypotheses = "t in (0,1)",
     TILTED},
    {.name = "lemma-c2.jacobian.control.sign",
     .source = "Lemma C.2, sign of a′a flipped",
     .statement = "∇v = ((b′/b)a² + a′a)(∇² log Q̃f − I/(a²+b²)) + (b′/b)I",
     .formula = "(db/b*a^2 + da*a)*(H - " TILTED_GAUSS ") + db/b*I",
     CONTROL("lemma-c2.jacobian"),
     TILTED},
    {.name = "lemma-c2.jacobian.control.no-gaussian-term",
     .source = "Lemma C.2, the term I/(a²+b²) dropped",
     .statement = "∇v = ((b′/b)a² − a′a)∇² log Q̃f + (b′/b)I",
     .formula = TILTED_K "*H + db/b*I",
     CONTROL("lemma-c2.jacobian"),
     TILTED},

    {.name = "score-rate",
     .kind = FC_KIND_STATEMENT,
     .source = "Appendix F, p. 41",
     .statement = "∂ₜs = −(∇s v + ∇v s + ∇Tr∇v)",
     .formula = "-(Sv + Js + G)",
     .hypotheses = "t in (0,1); ν has a third moment",
     SCORE_RATE(.refuses = NULL)},
    {.name = "score-rate.control.sign-first",
     .source = "Appendix F, sign of ∇s v flipped",
     .statement = "∂ₜs = −(−∇s v + ∇v s + ∇Tr∇v)",
     .formula = "-(-Sv + Js + G)",
     CONTROL("score-rate"),
     SCORE_RATE(.refuses = no_shape)},
    {.name = "score-rate.control.sign-second",
     .source = "Appendix F, sign of ∇v s flipped",
     .statement = "∂ₜs = −(∇s v − ∇v s + ∇Tr∇v)",
     .formula = "-(Sv - Js + G)",
     CONTROL("score-rate"),
     SCORE_RATE(.refuses = no_shape)},
    {.name = "score-rate.control.no-trace",
     .source = "Appendix F, the term ∇Tr∇v dropped",
     .statement = "∂ₜs = −(∇s v + ∇v s)",
     .formula = "-(Sv + Js + 0*G)",
     CONTROL("score-rate"),
     SCORE_RATE(.refuses = no_shape)},

    {.name = "covariance-trace-gradient",
     .kind = FC_KIND_STATEMENT,
     .source = "Appendix F, p. 42",
     .statement = "∇Tr C = (b/a²)(M₃ − M₂M₁ − 2CM₁)",
     .formula = "b/a^2*(M3 - M2M1 - 2*CM1)",
     .hypotheses = "t in (0,1); ν has a third moment",
     TRACE},
    {.name = "covariance-trace-gradient.control.factor-two",
     .source = "Appendix F, the factor 2 of CM₁ dropped",
     .statement = "∇Tr C = (b/a²)(M₃ − M₂M₁ − CM₁)",
     .formula = "b/a^2*(M3 - M2M1 - CM1)",
     CONTROL("covariance-trace-gradient"),
     TRACE},
    {.name = "covariance-trace-gradient.control.no-product",
     .source = "Appendix F, M₂M₁ dropped",
     .statement = "∇Tr C = (b/a²)(M₃ − 2CM₁)",
     .formula = "b/a^2*(M3 - 2*CM1)",
     CONTROL("covariance-trace-gradient"),
     TRACE},
};

static fc_status run(const fc_job *job, fc_error *error) {
  fc_status status = fc_pointwise_run(job, error);
  return status ? status : fc_job_measure(job, error);
}

const fc_check fc_check_covariance = {
    .id = "gif.covariance",
    .title = "Score and velocity Jacobians through the posterior covariance",
    .source = "Lemma 4.1, Remark 4.1, Lemma C.2, Appendix F",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = run,
};
