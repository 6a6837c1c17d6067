/* Quadrature of exp(f) over panels; private to this folder.
 *
 * Gauss-Legendre's rule on each panel.  A panel is halved until the last
 * Legendre coefficients of its integrand are so small that their square, which
 * is about what the rule misses, is below the tolerance; what is negligible
 * beside the whole is left as it is.  An open side grows by panels of doubling
 * length until the last one is negligible.  Where that does not end the answer
 * is FC_BUDGET, never a number.
 */
#ifndef FC_TARGET_EXP_PANELS_H
#define FC_TARGET_EXP_PANELS_H

#include "arith/arith.h"
#include "base/status.h"

/* z = f(y); branch is the one that the panel was given. */
typedef fc_status (*fc_log_integrand)(fc_ptr z, fc_srcptr y, size_t branch,
                                      void *data);

typedef struct fc_exp_panel {
  fc_ptr ends; /* 2 */
  fc_ptr y, f; /* nodes, and f there; after fc_exp_panels_run exp(f - shift -
                  peak) times the weights */
  size_t branch;
  int depth;
  bool done, negligible;
  double peak;   /* the largest f among the nodes */
  double rest;   /* log2 of what the rule misses over exp(peak) */
  double extent; /* log2 of the length */
  double growth; /* log2 of the growth of what is integrated against it */
} fc_exp_panel;

typedef struct fc_exp_panels {
  fc_ctx ctx[1]; /* binary64 or MPFR */
  long n;        /* nodes a panel */
  fc_ptr nodes, weights, last[2];
  fc_exp_panel *panels;
  size_t count, capacity;
  fc_ptr scratch; /* 4 */
  fc_ptr shift;   /* taken from every f, so that binary64 can compare them */
  double peak;    /* of the whole, beyond shift */
  double bits;
} fc_exp_panels;

/* What is integrated: exp(f) times polynomials of degree `order` in
 * (y - centre)/scale. */
typedef struct fc_exp_panel_task {
  fc_log_integrand f;
  void *data;
  double centre, scale;
  int order;
  double bits;  /* relative tolerance 2^-bits */
  bool open[2]; /* the left and the right side grow */
} fc_exp_panel_task;

fc_status fc_exp_panels_new(fc_exp_panels **panels, const fc_ctx *ctx);
void fc_exp_panels_free(fc_exp_panels *panels); /* NULL is allowed */

/* Forgets all panels. */
void fc_exp_panels_clear(fc_exp_panels *panels);

/* One more panel to the right of the others (copied ends). */
fc_status fc_exp_panels_add(fc_exp_panels *panels, fc_srcptr from, fc_srcptr to,
                            size_t branch);

/* Makes the panels fit the task.  FC_BUDGET where they do not, FC_DOMAIN where
 * f is NaN or +infinity. */
fc_status fc_exp_panels_run(fc_exp_panels *panels,
                            const fc_exp_panel_task *task);

#endif
