/* Lemma 6.1 (Alekseev and Groebner): X and Y solve dX/dt = v(t, X), dY/dt =
 * w(t, Y) from the same point, w the perturbed field (the paper's v with a
 * tilde).  Where v, respectively w, is C^1 in x,
 *
 *   (6.4)  X_t - Y_t = int_0^t grad X_{s,t}(Y_s) (v - w)(s, Y_s) ds
 *   (6.6)  Y_t - X_t = int_0^t grad Y_{s,t}(X_s) (w - v)(s, X_s) ds
 *
 * with grad X_{s,t} the solution of (6.5), d/dt grad X_{s,t} = grad v grad
 * X_{s,t}, grad X_{s,s} = I.
 *
 * Derivation of (6.4).  Let F(s) = X_{s,t}(Y_s), so that F(t) - F(0) = Y_t -
 * X_t.  As X_{s,t}(X_{0,s}(x)) does not depend on s, d/ds X_{s,t}(y) = -grad
 * X_{s,t}(y) v(s, y), hence F'(s) = grad X_{s,t}(Y_s)(w - v)(s, Y_s).  The
 * Jacobian is that of (6.5), entry (i, j) the derivative of component i in
 * direction j, and it is applied as it is.
 *
 * The paper prints its transpose.  With (6.5) as it defines grad X_{s,t} that
 * is false unless grad X_{s,t} is symmetric, as it is on the line, for
 * Gaussians, and for equal isotropic components with means on a line; grad v is
 * symmetric, but products of symmetric matrices are not.
 *
 * How each side is computed: perturbation_sides.h.
 */
#include "gif/flow_cost.h"
#include "gif/flow_symmetry.h"
#include "gif/hypotheses.h"
#include "gif/modules.h"
#include "gif/perturbation_sides.h"

/* The flow of a Gaussian may be a translation, grad X = I, or stand still. */
static const char *no_shape(const fc_job *job) {
  const char *reason = fc_flow_too_dear(job);
  if (reason)
    return reason;
  return fc_needs_gaussian(job) ? NULL : "the target is a Gaussian";
}

static const char *expect_literal(const fc_job *job) {
  return fc_flow_is_symmetric(job) ? "holds" : "violated";
}

#define SIDES(function, ...)                                                   \
  .relation = "=", .measure = fc_flow_measure,                                 \
  .detail = &(const fc_pointwise_detail) {                                     \
    .evaluate = function, .length = fc_length_vector, .stated = true,          \
    __VA_ARGS__                                                                \
  }
#define FIRST(...) SIDES(fc_sides_first_formula, __VA_ARGS__)
#define SECOND(...) SIDES(fc_sides_second_formula, __VA_ARGS__)
#define CONTROL(of) .kind = FC_KIND_CONTROL, .control_of = of
#define PERTURBED                                                                  \
  "ṽ the velocity field of N(m,S), m = (1/2, 1/3, …), S tridiagonal with 3/4 " \
  "and 1/4; t = 1/4 on the line, 1/16 where flows are dearer"

static const fc_claim claims[] = {
    {.name = "first",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 6.1(i) without the transpose",
     .statement = "X_t − Y_t = ∫₀ᵗ ∇X_{s,t}(Y_s)(v − ṽ)(s,Y_s)ds",
     .formula = "integral",
     .hypotheses = PERTURBED,
     FIRST(.refuses = fc_flow_too_dear)},
    {.name = "first.control.factor-two",
     .source = "Lemma 6.1(i), twice the integral",
     .statement = "X_t − Y_t = 2∫₀ᵗ ∇X_{s,t}(Y_s)(v − ṽ)(s,Y_s)ds",
     .formula = "2*integral",
     CONTROL("first"),
     FIRST(.refuses = fc_flow_too_dear)},
    {.name = "first.control.no-jacobian",
     .source = "Lemma 6.1(i), ∇X dropped",
     .statement = "X_t − Y_t = ∫₀ᵗ (v − ṽ)(s,Y_s)ds",
     .formula = "integral",
     CONTROL("first"),
     FIRST(.refuses = no_shape, .variant = FC_PERTURBED_NO_JACOBIAN)},
    {.name = "first.control.wrong-point",
     .source = "Lemma 6.1(i), fields at the starting point",
     .statement = "X_t − Y_t = ∫₀ᵗ ∇X_{s,t}(Y_s)(v − ṽ)(s,Y₀)ds",
     .formula = "integral",
     CONTROL("first"),
     FIRST(.refuses = fc_flow_too_dear, .variant = FC_PERTURBED_WRONG_POINT)},

    {.name = "second",
     .kind = FC_KIND_STATEMENT,
     .source = "Lemma 6.1(ii) without the transpose",
     .statement = "Y_t − X_t = ∫₀ᵗ ∇Y_{s,t}(X_s)(ṽ − v)(s,X_s)ds",
     .formula = "integral",
     .hypotheses = PERTURBED,
     SECOND(.refuses = fc_flow_too_dear)},
    {.name = "second.control.factor-two",
     .source = "Lemma 6.1(ii), twice the integral",
     .statement = "Y_t − X_t = 2∫₀ᵗ ∇Y_{s,t}(X_s)(ṽ − v)(s,X_s)ds",
     .formula = "2*integral",
     CONTROL("second"),
     SECOND(.refuses = fc_flow_too_dear)},
    {.name = "second.control.no-jacobian",
     .source = "Lemma 6.1(ii), ∇Y dropped",
     .statement = "Y_t − X_t = ∫₀ᵗ (ṽ − v)(s,X_s)ds",
     .formula = "integral",
     CONTROL("second"),
     SECOND(.refuses = fc_flow_too_dear, .variant = FC_PERTURBED_NO_JACOBIAN)},
    {.name = "second.control.wrong-point",
     .source = "Lemma 6.1(ii), fields at the starting point",
     .statement = "Y_t − X_t = ∫₀ᵗ ∇Y_{s,t}(X_s)(ṽ − v)(s,X₀)ds",
     .formula = "integral",
     CONTROL("second"),
     SECOND(.refuses = no_shape, .variant = FC_PERTURBED_WRONG_POINT)},

    {.name = "literal",
     .kind = FC_KIND_LITERAL,
     .source = "Lemma 6.1(i), (6.4) as printed",
     .statement = "X_t − Y_t = ∫₀ᵗ (∇X_{s,t}(Y_s))ᵀ(v − ṽ)(s,Y_s)ds",
     .formula = "integral",
     .hypotheses =
         PERTURBED ", and 1/4 (in binary64 1/2) where ∇X is not symmetric",
     .expect = expect_literal,
     FIRST(.refuses = fc_flow_too_dear, .variant = FC_PERTURBED_TRANSPOSED)},
};

const fc_check fc_check_perturbation_formula = {
    .id = "gif.perturbation-formula",
    .title = "The difference of two flows",
    .source = "Lemma 6.1",
    .claims = claims,
    .claim_count = sizeof claims / sizeof *claims,
    .run = fc_job_measure,
};
