/* Remark 3.7: the marginals p_tau of X_tau = a Z + b X_1, read backwards in
 * time, are those of the diffusion
 *
 *   dX_t = f X_t dt + sqrt(D) dW_t,   X_0 ~ nu,   t in [0, 1),
 *   f = -b'/b,   D = 2 ((b'/b) a^2 - a'a)   at tau = 1 - t.
 *
 * (The display lacks the dt of the drift.)  Derivation.  The density of X_t
 * solves the Fokker-Planck equation d/dt q = -div(f x q) + (D/2) Lapl q.  By
 * Theorem 3.1 and (3.9), v = (b'/b) x + K s with K = (b'/b) a^2 - a'a = D/2 and
 * s = grad log p, so that p s = grad p and q_t = p_{1-t} has
 *
 *   d/dt q = div(p v) = (b'/b) div(x q) + K Lapl q:
 *
 * both signs and the factor 2 are right as printed.  Divided by q > 0:
 *
 *   d/dt log q = (b'/b) (d + <x, s>) + K (Tr hess log q + |s|^2).
 *
 * Moments: the mean m and the covariance S of X_t solve m' = f m and
 * S' = 2 f S + D I; for Gaussian nu they determine q_t.  The root is real:
 * K = a omega/b >= 0.  Where b_0 = 0 the coefficients are singular at t = 1
 * only, which the interval leaves out.
 *
 * How each side is computed: diffusion_sides.h.
 */
#include "gif/diffusion_sides.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/series_probe.h"

#define K_TEXT "(db/b*a^2 - da*a)"

/* Controls are looked at where tau = 1/4 alone. */
static const char *no_drift(const fc_job *job) {
  double slope = fc_schedule_rough_at(job->schedule, 0.25, false).db;
  bool moves = slope < 0 || slope > 0;
  return moves ? NULL : "b is constant: the diffusion has no drift";
}

static const char *no_gaussian_drift(const fc_job *job) {
  const char *reason = fc_needs_gaussian(job);
  return reason ? reason : no_drift(job);
}

/* A mean that is zero stays zero with either sign. */
static const char *no_moving_mean(const fc_job *job) {
  const char *reason = no_gaussian_drift(job);
  if (reason)
    return reason;
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  size_t d = fc_target_dimension(job->instance->target);
  fc_ptr moments = fc_vec_new(d + d * d, ctx);
  bool moves = false;
  if (moments && fc_target_gaussian_get(moments, moments + d,
                                        job->instance->target, ctx) == FC_OK)
    for (size_t i = 0; i < d; i++)
      moves = moves || fc_is_zero(moments + i, ctx) == FC_FALSE;
  fc_vec_free(moments, d + d * d, ctx);
  return moves ? NULL : "the mean is zero";
}

#define SIDES(function, count, ...)                                            \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = function, .length = count, __VA_ARGS__                         \
  }
#define EQUATION(...)                                                          \
  .relation = "=", SIDES(fc_sides_fokker_planck, NULL, __VA_ARGS__)
#define MEAN(...)                                                              \
  .relation = "=", SIDES(fc_sides_diffusion_mean, fc_length_vector, __VA_ARGS__)
#define COVARIANCE(...)                                                        \
  .relation = "=",                                                             \
  SIDES(fc_sides_diffusion_covariance, fc_length_matrix, __VA_ARGS__)
#define COEFFICIENT(...)                                                       \
  .relation = ">=",                                                            \
  SIDES(fc_sides_diffusion_coefficient, NULL, .once = true, __VA_ARGS__)
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const char *const root[] = {K_TEXT};
static const char *const root_sign[] = {"db/b*a^2 + da*a"};

static const fc_claim claims[] = {
    {.name = "fokker-planck",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 3.7",
     .statement = "q_t = p_{1−t} solves the Fokker–Planck equation of dX = "
                  "−(b′/b)X dt + √(2((b′/b)a² − a′a)) dW at 1−t: ∂ₜ log q = "
                  "(b′/b)(d + ⟨x,∇log q⟩) + ((b′/b)a² − a′a)Δq/q (the "
                  "witness's t is 1−t)",
     .formula = "db/b*drift + " K_TEXT "*diffusion",
     .hypotheses = "t in (0,1)",
     EQUATION(.refuses = NULL)},
    {.name = "fokker-planck.control.drift-sign",
     .source = "Remark 3.7, sign of the drift flipped",
     .statement = "q_t solves the Fokker–Planck equation of dX = +(b′/b)X dt + "
                  "√(2((b′/b)a² − a′a)) dW",
     .formula = "-db/b*drift + " K_TEXT "*diffusion",
     CONTROL("fokker-planck"),
     EQUATION(.refuses = no_drift)},
    {.name = "fokker-planck.control.no-drift",
     .source = "Remark 3.7, drift dropped",
     .statement = "q_t solves the Fokker–Planck equation of dX = √(2((b′/b)a² "
                  "− a′a)) dW",
     .formula = "0*drift + " K_TEXT "*diffusion",
     CONTROL("fokker-planck"),
     EQUATION(.refuses = no_drift)},
    {.name = "fokker-planck.control.factor-two",
     .source = "Remark 3.7, the factor 2 under the root dropped",
     .statement = "q_t solves the Fokker–Planck equation of dX = −(b′/b)X dt + "
                  "√((b′/b)a² − a′a) dW",
     .formula = "db/b*drift + " K_TEXT "/2*diffusion",
     CONTROL("fokker-planck"),
     EQUATION(.refuses = NULL)},
    {.name = "fokker-planck.control.no-noise-rate",
     .source = "Remark 3.7, the term −a′a dropped",
     .statement = "q_t solves the Fokker–Planck equation of dX = −(b′/b)X dt + "
                  "√(2(b′/b)a²) dW",
     .formula = "db/b*drift + db/b*a^2*diffusion",
     CONTROL("fokker-planck"),
     EQUATION(.refuses = NULL)},

    {.name = "gaussian.mean",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 3.7, mean of a Gaussian",
     .statement = "the mean m_t of q_t = p_{1−t} solves that of the diffusion, "
                  "m′ = −(b′/b)m at 1−t",
     .formula = "-db/b*mean",
     .hypotheses = "ν Gaussian; t in (0,1)",
     MEAN(.refuses = fc_needs_gaussian)},
    {.name = "gaussian.mean.control.sign",
     .source = "Remark 3.7, sign of the drift flipped",
     .statement = "m′ = (b′/b)m at 1−t",
     .formula = "db/b*mean",
     CONTROL("gaussian.mean"),
     MEAN(.refuses = no_moving_mean)},

    {.name = "gaussian.covariance",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 3.7, covariance of a Gaussian",
     .statement = "the covariance S of q_t = p_{1−t} solves that of the "
                  "diffusion, S′ = −2(b′/b)S + 2((b′/b)a² − a′a)I at 1−t",
     .formula = "-2*db/b*covariance + 2*" K_TEXT "*I",
     .hypotheses = "ν Gaussian; t in (0,1)",
     COVARIANCE(.refuses = fc_needs_gaussian)},
    {.name = "gaussian.covariance.control.drift-once",
     .source = "Remark 3.7, the drift counted once",
     .statement = "S′ = −(b′/b)S + 2((b′/b)a² − a′a)I at 1−t",
     .formula = "-db/b*covariance + 2*" K_TEXT "*I",
     CONTROL("gaussian.covariance"),
     COVARIANCE(.refuses = no_gaussian_drift)},
    {.name = "gaussian.covariance.control.factor-two",
     .source = "Remark 3.7, the factor 2 under the root dropped",
     .statement = "S′ = −2(b′/b)S + ((b′/b)a² − a′a)I at 1−t",
     .formula = "-2*db/b*covariance + " K_TEXT "*I",
     CONTROL("gaussian.covariance"),
     COVARIANCE(.refuses = fc_needs_gaussian)},

    {.name = "diffusion-nonnegative",
     .kind = FC_KIND_STATEMENT,
     .source = "Remark 3.7",
     .statement = "(b′/b)a² − a′a ≥ 0: the root is real",
     .formula = "0",
     .hypotheses = "t in (0,1)",
     COEFFICIENT(.text = root)},
    {.name = "diffusion-nonnegative.control.sign",
     .source = "Remark 3.7, sign of a′a flipped",
     .statement = "(b′/b)a² + a′a ≥ 0",
     .formula = "0",
     CONTROL("diffusion-nonnegative"),
     COEFFICIENT(.text = root_sign)},
};

const fc_check fc_check_diffusion = {
    .id = "gif.diffusion",
    .title = "The diffusion with the same marginals",
    .source = "Remark 3.7",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_pointwise_run,
};
