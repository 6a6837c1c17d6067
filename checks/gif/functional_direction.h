/* Directions in which a Gaussian mixture is looked at: f(<e, x>) as test
 * functions, or the line that its means lie on.  binary64, of any length. */
#ifndef FC_CHECKS_GIF_FUNCTIONAL_DIRECTION_H
#define FC_CHECKS_GIF_FUNCTIONAL_DIRECTION_H

#include "target/target.h"

/* direction (d numbers) = the direction of the largest variance. */
fc_status fc_direction_widest(double *direction, const fc_target *target);

/* direction = m_tip - m_0 of equal isotropic components. */
fc_status fc_direction_along(double *direction, const fc_target *target,
                             size_t tip);

#endif
