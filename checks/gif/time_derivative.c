/* Proposition F.1: the time derivative of the velocity field through moments
 * of X_1 given X_t = x, for t in (0, 1):
 *
 *   d/dt v = (a''/a - a'^2/a^2) x
 *          + (a^2 b''/b - a a' b'/b - a a'' + a'^2)(b/a^2) M1
 *          + (b^2/a^2)(b'/b - a'/a)(b'/b - 2a'/a) M2c x
 *          - (b^3/a^2)(b'/b - a'/a)^2 (M3 - M2 M1)
 *   M1 = E[X_1|x], M2 = E[X_1^T X_1|x], M2c = Cov(X_1|x),
 *   M3 = E[X_1 X_1^T X_1|x]; nu with a third moment.
 * Regular at b = 0, so that t = 0 is included (omega = a b' - a' b):
 *   d/dt v = (a''/a - a'^2/a^2) x + (b'' - a'b'/a - a''b/a + a'^2 b/a^2) M1
 *          + (omega/a^4)(a b' - 2 a' b) M2c x - (b omega^2/a^4)(M3 - M2 M1)
 *
 * The judge is d/dt of v = a' (x - b M1)/a + b' M1 in series arithmetic at
 * t + h, which uses neither the formula nor moments beyond the mean.
 */
#include "gif/combination.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/moments.h"
#include "gif/series_probe.h"

#define TERM_X "(d2a/a - da^2/a^2)*x"
#define TERM_M "(a^2*d2b/b - a*da*db/b - a*d2a + da^2)*b/a^2*M1"
#define C_FACTOR "b^2/a^2*(db/b - da/a)*(db/b - 2*da/a)"
#define TERM_C C_FACTOR "*M2cx"
#define T_FACTOR "b^3/a^2*(db/b - da/a)^2"
#define TERM_T T_FACTOR "*(M3 - M2M1)"
#define STATED TERM_X " + " TERM_M " + " TERM_C " - " TERM_T

#define REGULAR_M "(d2b - da*db/a - d2a*b/a + da^2*b/a^2)*M1"
#define REGULAR_C "omega/a^4*(a*db - 2*da*b)*M2cx"
#define REGULAR_T "b*omega^2/a^4*(M3 - M2M1)"
#define REGULAR TERM_X " + " REGULAR_M " + " REGULAR_C " - " REGULAR_T

/* z = d/dt v by series. */
static fc_status series_rate(fc_ptr z, fc_workspace *w) {
  fc_probe probe[1];
  fc_status status = fc_probe_init(probe, w, 2);
  if (status)
    return status;
  status = fc_probe_move_time(probe);
  if (status == FC_OK)
    status = fc_probe_velocity(probe);
  for (size_t i = 0; i < w->d && status == FC_OK; i++)
    fc_set(z + i, fc_series_coeff(probe->v + i, 1), w->ctx);
  fc_probe_clear(probe);
  return status;
}

/* z = the formula's value. */
static fc_status formula_rate(fc_ptr z, fc_ptr scale, fc_workspace *w,
                              const char *text) {
  fc_moments m[1];
  fc_status status = fc_moments_init(m, w);
  if (status)
    return status;
  const fc_quantity quantities[] = {
      {"x", w->x, m->size_x},        {"M1", m->M1, m->root},
      {"M2cx", m->Cx, m->size_Cx},   {"M3", m->M3, m->size_M3},
      {"M2M1", m->M2M1, m->size_M3}, {"M2x", m->M2x, m->size_M2x},
  };
  status = fc_combine(z, w->d, scale, w, text, quantities,
                      sizeof quantities / sizeof *quantities);
  fc_moments_clear(m);
  return status;
}

/* left = d/dt v by series, right = the claim's formula. */
static fc_status compare_formula(fc_ptr left, fc_ptr right, fc_ptr scale,
                                 fc_workspace *w) {
  fc_status status = fc_point_rests(w) ? FC_DOMAIN : series_rate(left, w);
  return status ? status : formula_rate(right, scale, w, w->claim->formula);
}

/* left = the library's d/dt v in the form `variant`, right = the claim's
 * formula in dv, the one by series. */
static fc_status compare_library(fc_ptr left, fc_ptr right, fc_ptr scale,
                                 fc_workspace *w) {
  const fc_pointwise_detail *detail = w->claim->detail;
  fc_status status = fc_point_rests(w)
                         ? FC_DOMAIN
                         : formula_rate(left, scale, w, REGULAR); /* scale */
  fc_ptr rate = status ? NULL : fc_vec_new(w->d, w->ctx);
  fc_num size;
  if (!rate)
    return status ? status : FC_MEMORY;
  fc_init(size, w->ctx);
  fc_velocity_set_form(w->velocity, (fc_velocity_form)detail->variant);
  status = fc_velocity_set_time(w->velocity, w->time);
  if (status == FC_OK)
    status = fc_velocity_eval(w->velocity, w->x, FC_VELOCITY_TIME_DERIVATIVE);
  if (status == FC_OK) {
    fc_vec_set(left, fc_velocity_values(w->velocity)->time_derivative, w->d,
               w->ctx);
    status = series_rate(rate, w);
  }
  const fc_quantity quantity = {"dv", rate, size};
  if (status == FC_OK)
    status = fc_combine(right, w->d, scale, w, w->claim->formula, &quantity, 1);
  fc_velocity_set_form(w->velocity, FC_FORM_AUTO);
  fc_clear(size, w->ctx);
  fc_vec_free(rate, w->d, w->ctx);
  return status;
}

/* The velocity of some targets vanishes for all t: N(0, I) where a^2 + b^2
 * = 1. */
static const char *no_shape(const fc_job *job) {
  return fc_needs_gaussian(job) ? NULL : "the target is a Gaussian";
}

/* On a sphere, as for two opposite atoms, |X_1|^2 is constant and M3 = M2 M1.
 */
static const char *no_third(const fc_job *job) { return fc_needs_density(job); }

#define POINTWISE(function, ...)                                               \
  .relation = "=", .detail = &(const fc_pointwise_detail) {                    \
    .evaluate = function, .length = fc_length_vector, __VA_ARGS__              \
  }
#define STATED_FORM POINTWISE(compare_formula, .times = FC_AT_INTERIOR)
#define STATED_THIRD                                                           \
  POINTWISE(compare_formula, .times = FC_AT_INTERIOR, .refuses = no_third)
#define REGULAR_THIRD                                                          \
  POINTWISE(compare_formula, .times = FC_AT_INTERIOR, .refuses = no_third)
#define REGULAR_FORM                                                           \
  POINTWISE(compare_formula, .times = FC_AT_INTERIOR | FC_AT_START)
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of

static const fc_claim claims[] = {
    {.name = "stated",
     .kind = FC_KIND_STATEMENT,
     .source = "Proposition F.1",
     .statement =
         "∂ₜv = (a″/a − a′²/a²)x + (a²b″/b − aa′b′/b − aa″ + a′²)(b/a²)M₁ + "
         "(b²/a²)(b′/b − a′/a)(b′/b − 2a′/a)M₂ᶜx − (b³/a²)(b′/b − a′/a)²(M₃ − "
         "M₂M₁)",
     .formula = STATED,
     .hypotheses = "ν has a third moment; t in (0,1)",
     STATED_FORM},
    {.name = "stated.control.sign-x",
     .source = "Proposition F.1, sign of the first term flipped",
     .statement = "∂ₜv = −(a″/a − a′²/a²)x + …",
     .formula = "-" TERM_X " + " TERM_M " + " TERM_C " - " TERM_T,
     CONTROL("stated"),
     STATED_FORM},
    {.name = "stated.control.sign-mean",
     .source = "Proposition F.1, sign of the term with M₁ flipped",
     .statement = "∂ₜv = … − (a²b″/b − aa′b′/b − aa″ + a′²)(b/a²)M₁ + …",
     .formula = TERM_X " - " TERM_M " + " TERM_C " - " TERM_T,
     CONTROL("stated"),
     STATED_FORM},
    {.name = "stated.control.sign-covariance",
     .source = "Proposition F.1, sign of the term with M₂ᶜ flipped",
     .statement = "∂ₜv = … − (b²/a²)(b′/b − a′/a)(b′/b − 2a′/a)M₂ᶜx − …",
     .formula = TERM_X " + " TERM_M " - " TERM_C " - " TERM_T,
     CONTROL("stated"),
     STATED_FORM},
    {.name = "stated.control.sign-third",
     .source = "Proposition F.1, sign of the last term flipped",
     .statement = "∂ₜv = … + (b³/a²)(b′/b − a′/a)²(M₃ − M₂M₁)",
     .formula = TERM_X " + " TERM_M " + " TERM_C " + " TERM_T,
     CONTROL("stated"),
     STATED_THIRD},
    {.name = "stated.control.raw-second-moment",
     .source = "Proposition F.1, E[X₁X₁ᵀ|x] in place of the covariance M₂ᶜ",
     .statement = "∂ₜv = … + (b²/a²)(b′/b − a′/a)(b′/b − 2a′/a)E[X₁X₁ᵀ|x]x − …",
     .formula = TERM_X " + " TERM_M " + " C_FACTOR "*M2x - " TERM_T,
     CONTROL("stated"),
     STATED_FORM},
    {.name = "stated.control.raw-third-moment",
     .source = "Proposition F.1, M₃ in place of M₃ − M₂M₁",
     .statement = "∂ₜv = … − (b³/a²)(b′/b − a′/a)²M₃",
     .formula = TERM_X " + " TERM_M " + " TERM_C " - " T_FACTOR "*M3",
     CONTROL("stated"),
     STATED_FORM},

    {.name = "regular",
     .kind = FC_KIND_IDENTITY,
     .source = "Proposition F.1, written regularly at b = 0",
     .statement =
         "∂ₜv = (a″/a − a′²/a²)x + (b″ − a′b′/a − a″b/a + a′²b/a²)M₁ + "
         "(ω/a⁴)(ab′ − 2a′b)M₂ᶜx − (bω²/a⁴)(M₃ − M₂M₁) on [0,1)",
     .formula = REGULAR,
     .hypotheses = "ν has a third moment; t in [0,1)",
     REGULAR_FORM},
    {.name = "regular.control.factor-two",
     .source = "the regular form, the factor 2 of the third term dropped",
     .statement = "∂ₜv = … + (ω/a⁴)(ab′ − a′b)M₂ᶜx − …",
     .formula =
         TERM_X " + " REGULAR_M " + omega/a^4*(a*db - da*b)*M2cx - " REGULAR_T,
     CONTROL("regular"),
     REGULAR_FORM},
    {.name = "regular.control.sign-third",
     .source = "the regular form, sign of the last term flipped",
     .statement = "∂ₜv = … + (bω²/a⁴)(M₃ − M₂M₁)",
     .formula = TERM_X " + " REGULAR_M " + " REGULAR_C " + " REGULAR_T,
     CONTROL("regular"),
     REGULAR_THIRD},

    {.name = "lib.moments",
     .kind = FC_KIND_IDENTITY,
     .source = "Proposition F.1 as the library evaluates it",
     .statement = "the velocity's time derivative through M, C and T is the "
                  "derivative of v by series arithmetic",
     .formula = "dv",
     .hypotheses = "t in [0,1)",
     POINTWISE(compare_library, .variant = FC_FORM_MOMENTS,
               .times = FC_AT_INTERIOR | FC_AT_START)},
    {.name = "lib.moments.control.scaled",
     .source = "the same, one part in 2^20 off",
     .statement = "∂ₜv through moments is (1 + 2⁻²⁰) times its value",
     .formula = "(1 + 1/2^20)*dv",
     CONTROL("lib.moments"),
     POINTWISE(compare_library, .variant = FC_FORM_MOMENTS,
               .refuses = no_shape)},
    {.name = "lib.score",
     .kind = FC_KIND_IDENTITY,
     .source = "(3.9) and Appendix F as the library evaluates them",
     .statement = "the velocity's time derivative through the score and its "
                  "derivatives is the derivative of v by series arithmetic",
     .formula = "dv",
     .hypotheses = "t in (0,1)",
     POINTWISE(compare_library, .variant = FC_FORM_SCORE)},
    {.name = "lib.score.control.scaled",
     .source = "the same, one part in 2^20 off",
     .statement = "∂ₜv through the score is (1 + 2⁻²⁰) times its value",
     .formula = "(1 + 1/2^20)*dv",
     CONTROL("lib.score"),
     POINTWISE(compare_library, .variant = FC_FORM_SCORE, .refuses = no_shape)},
};

const fc_check fc_check_time_derivative = {
    .id = "gif.time-derivative",
    .title = "The time derivative of the velocity field through moments",
    .source = "Proposition F.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_pointwise_run,
};
