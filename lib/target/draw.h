/* Random points of a law, in binary64. */
#ifndef FC_TARGET_DRAW_H
#define FC_TARGET_DRAW_H

#include "base/random.h"
#include "target/target.h"

/* count independent points, row by row, of a mixture of Gaussians (atoms
 * included): the component by its weight, then N(m_k, S_k).  The same stream
 * gives the same points.  FC_UNSUPPORTED for other laws. */
fc_status fc_target_draw(double *points, size_t count, const fc_target *target,
                         fc_random *random);

#endif
