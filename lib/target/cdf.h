/* Distribution functions of pieces, and the quadrature behind them; private to
 * this folder. */
#ifndef FC_TARGET_CDF_H
#define FC_TARGET_CDF_H

#include "target/posterior_impl.h"

/* P(X_t <= x) and P(X_t > x) for pieces; NULL: not wanted. */
fc_status fc_pieces_cdf(fc_ptr below, fc_ptr above, fc_posterior *posterior,
                        fc_srcptr a, fc_srcptr b, fc_srcptr x, fc_error *error);

/* The only factor of a product on the line, else the posterior itself. */
fc_posterior *fc_line_part(fc_posterior *posterior);

/* posterior->line = (w_k, m_k, s_k^2) of every component, made when first asked
 * for. */
fc_status fc_line_bind(fc_posterior *posterior);

/* Between which x the quantile with exp(log_tail) on its left (or right)
 * probably is: for mixtures certainly, but for rounding.  False where binary64
 * cannot tell. */
bool fc_line_guess(double range[2], fc_posterior *posterior, double a, double b,
                   double log_tail, bool left);

/* One restricted normal law N(m, 1/rho) on [lower, upper] and the noise, in a
 * context; NULL ends are infinite. */
typedef struct fc_restricted {
  const fc_ctx *ctx;
  fc_ptr lower, upper, mean, rho;
  fc_srcptr a, b, x;
} fc_restricted;

/* z = integral over the piece of exp(-rho (y-m)^2/2) Phi((x - b y)/a), in
 * binary floating point by quadrature, in balls rigorously. */
fc_status fc_restricted_below(fc_ptr z, const fc_restricted *law);
fc_status fc_restricted_below_ball(fc_ptr z, const fc_restricted *law);

/* z = Phi(u), Phi(upper) - Phi(lower) (NULL: infinite). */
void fc_normal_cdf(fc_ptr z, fc_srcptr u, const fc_ctx *ctx);
void fc_normal_mass(fc_ptr z, fc_srcptr lower, fc_srcptr upper,
                    const fc_ctx *ctx);

/* Double exponential quadrature of a smooth f over [lower, upper] in MPFR, with
 * step halving until two results agree to the precision; FC_BUDGET where they
 * do not. */
typedef void (*fc_integrand)(fc_ptr z, fc_srcptr y, void *data);
fc_status fc_quadrature(fc_ptr z, fc_integrand f, void *data, fc_srcptr lower,
                        fc_srcptr upper, const fc_ctx *ctx);

#endif
