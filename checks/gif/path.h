/* The trajectory X_{s,r}(x) through the places of a time quadrature, kept so
 * that each is reached from the place before it where the flow is integrated.
 */
#ifndef FC_CHECKS_GIF_PATH_H
#define FC_CHECKS_GIF_PATH_H

#include "gif/time_quadrature.h"

typedef struct fc_path {
  fc_workspace *workspace;
  fc_flow *flow;
  bool step_by_step; /* else each place is reached from s */
  size_t d;
  fc_ptr x;      /* d for each place */
  fc_ptr error;  /* one for each place: how far X_r may be off */
  fc_ptr growth; /* one for each place: |grad v| there (Frobenius) */
  fc_time *times;
  bool *known;
  fc_num temp;
} fc_path;

/* The trajectory that is at the workspace's x where the quadrature begins. */
fc_status fc_path_init(fc_path *path, fc_workspace *workspace);
void fc_path_clear(fc_path *path); /* also after a failed init */

/* *x = X_r at a place, *error how far it may be off (both the path's); the
 * workspace's velocity is left at (r, X_r), evaluated with its Jacobian. */
fc_status fc_path_visit(fc_srcptr *x, fc_srcptr *error, fc_path *path,
                        const fc_time *r, size_t place);

#endif
