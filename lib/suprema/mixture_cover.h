/* What depends on x in grad v of a Gaussian mixture, on boxes; private to this
 * folder.  With responsibilities r_k ~ exp(g_k(xi)),
 *
 *     H(xi) = sum_k r_k c_k I + factor sum_{j<k} r_j r_k delta_jk delta_jk',
 *     g_k = A_k + B_k.xi + Q_k xi^2,      delta_jk = D_jk + E_jk xi,
 *
 * in two shapes: one width (n <= 2; Q = E = c = 0, factor = 1, D_jk = m_j -
 * m_k: H = Cov_r(m)), and any widths on the line (n = 1).  Maximised is
 * lambda_max(H), or (n = 1) minimised H.
 *
 * On a box the log-ratios g_j - g_k are enclosed by their exact ranges, from
 * them the r_k, and H three ways: naturally; about the midpoint with the
 * derivatives of H over the box (third cumulants, where the widths agree), in
 * the eigenvectors of H at the midpoint, so that the excess is of second order
 * about a maximum; and by Popoviciu's inequality on the components that matter,
 *     lambda_max(Cov_r) <= diam^2(S)/4 + diam^2 sum_{k not in S} r_k,
 * which closes the gap along bisectors, where two components stay for ever.
 *
 * Charts: n = 1: the whole line, xi = scale p/(1-|p|), p in [-1, 1].  n = 2:
 * the square |xi_i| <= scale, and four sectors xi = +-(x, x s) (or with the
 * coordinates swapped), x = scale/p >= scale, s in [-1, 1]; p = 0 is infinity.
 */
#ifndef FC_SUPREMA_MIXTURE_COVER_H
#define FC_SUPREMA_MIXTURE_COVER_H

#include "suprema/cover.h"

#define FC_MIXTURE_COVER_MOST 16 /* components */

typedef struct fc_mixture_cover fc_mixture_cover;

/* What a loader fills for a context: zeros beforehand. */
typedef struct fc_mixture_numbers {
  fc_ptr A, Q, c; /* count */
  fc_ptr B, m;    /* count*n; m: one width only */
  fc_ptr D, E;    /* count*count: any widths only */
  fc_ptr factor;  /* 1 */
} fc_mixture_numbers;

typedef struct fc_mixture_shape {
  size_t n, count;
  bool one_width;
  bool minimise;
  double scale;     /* a power of 2: the size of the region of interest */
  const bool *same; /* any widths: count*count, components of equal width */
  fc_status (*load)(fc_mixture_numbers *numbers, void *closure,
                    const fc_ctx *ctx);
  void *closure;
} fc_mixture_shape;

/* Takes the shape by value; `same` and closure must outlive it. */
fc_status fc_mixture_cover_new(fc_mixture_cover **cover,
                               const fc_mixture_shape *shape);
void fc_mixture_cover_free(fc_mixture_cover *cover); /* NULL is allowed */

/* Bounds for faces of three and more means on a line, so that they do not hold
 * the gap open at infinity (n = 2): the largest variance along the face. */
fc_status fc_mixture_cover_add_face(fc_mixture_cover *cover, unsigned members,
                                    mpfr_srcptr most);

/* The search.  result as fc_cover_run has it; where H is minimised it encloses
 * sup -H. */
fc_status fc_mixture_cover_run(fc_cover_result *result, fc_mixture_cover *cover,
                               const fc_cover_goal *goal, fc_error *error);

#endif
