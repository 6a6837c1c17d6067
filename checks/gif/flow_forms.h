/* Bounds on |grad X_{s,t}| and |grad X_{s,t}^-1| in closed form, as formula
 * text over the names of claims/environment.h; derived in flow_lipschitz.c. */
#ifndef FC_CHECKS_GIF_FLOW_FORMS_H
#define FC_CHECKS_GIF_FLOW_FORMS_H

#define FC_FLOW_CURVATURE "sqrt((kappa*a^2 + b^2)/(kappa*a_s^2 + b_s^2))"
#define FC_FLOW_CURVATURE_WHERE "kappa*a_s^2 + b_s^2"
#define FC_FLOW_CONVEX "sqrt((beta*a_s^2 + b_s^2)/(beta*a^2 + b^2))"

#define FC_FLOW_V "(a^2 + sigma^2*b^2)"
#define FC_FLOW_V_S "(a_s^2 + sigma^2*b_s^2)"
#define FC_FLOW_COMPONENT "sqrt(" FC_FLOW_V "/" FC_FLOW_V_S ")"
#define FC_FLOW_COMPONENT_BACK "sqrt(" FC_FLOW_V_S "/" FC_FLOW_V ")"
/* (a_s^2/V_s - a^2/V)/sigma^2 with the difference taken: for a small sigma its
 * terms would cancel to nothing at any precision. */
#define FC_FLOW_MIXTURE(radius)                                                \
  FC_FLOW_COMPONENT "*exp((" radius                                            \
                    ")^2/2*(a_s^2*b^2 - a^2*b_s^2)/(" FC_FLOW_V_S              \
                    "*" FC_FLOW_V "))"

/* Support: up to t_1, and from there on.  width2 = D^2. */
#define FC_FLOW_SUPPORT(width)                                                 \
  "a/a_s*exp((" width ")^2/2*(b^2/a^2 - b_s^2/a_s^2))"
#define FC_FLOW_LATE_SUPPORT(width)                                            \
  "sqrt(kappa*a^2 + b^2)/(a_s*sqrt(kappa + max(b_s^2/a_s^2, 1/(" width         \
  ")^2 - kappa)))*exp((" width ")^2/2*max(0, 1/(" width                        \
  ")^2 - kappa - b_s^2/a_s^2))"
#define FC_FLOW_LATE_WHERE(width) "b^2 - (1/(" width ")^2 - kappa)*a^2"

#define FC_FLOW_RHO "sqrt(a^2 + b^2)"
#define FC_FLOW_RHO_S "sqrt(a_s^2 + b_s^2)"
#define FC_FLOW_TAU "(a/" FC_FLOW_RHO ")"
#define FC_FLOW_TAU_S "(a_s/" FC_FLOW_RHO_S ")"
#define FC_FLOW_SLOPE                                                          \
  FC_FLOW_RHO "/" FC_FLOW_RHO_S "*exp(2*L*(" FC_FLOW_TAU_S " - " FC_FLOW_TAU   \
              ") + L^2/2*(" FC_FLOW_TAU_S "^2 - " FC_FLOW_TAU "^2))"
/* m_s = min(tau_s, 1/L) = a_s/max(rho_s, L a_s), where tau <= 1/L. */
#define FC_FLOW_SLOPE_TOP "max(" FC_FLOW_RHO_S ", L*a_s)"
#define FC_FLOW_SLOPE_M "(a_s/" FC_FLOW_SLOPE_TOP ")"
#define FC_FLOW_SLOPE_BACK                                                     \
  FC_FLOW_SLOPE_TOP "/" FC_FLOW_RHO "*exp(2*L*(" FC_FLOW_SLOPE_M               \
                    " - " FC_FLOW_TAU ") - L^2/2*(" FC_FLOW_SLOPE_M            \
                    "^2 - " FC_FLOW_TAU "^2))"
#define FC_FLOW_SLOPE_BACK_WHERE FC_FLOW_RHO " - L*a"

#endif
