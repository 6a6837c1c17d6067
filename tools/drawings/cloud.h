/* Points of the plane carried by the exact flow of a target, a mixture of equal
 * isotropic Gaussians in the plane (kernel/kernel.h). */
#ifndef FC_TOOLS_DRAWINGS_CLOUD_H
#define FC_TOOLS_DRAWINGS_CLOUD_H

#include "canvas.h"
#include "instance/instance.h"

typedef struct fc_cloud {
  size_t count;
  double *x; /* count first coordinates, then as many second ones */
} fc_cloud;

/* FC_MEMORY */
fc_status fc_cloud_init(fc_cloud *cloud, size_t count);
void fc_cloud_clear(fc_cloud *cloud);

/* The means of the instance's components: the sample that was smoothed. */
fc_status fc_cloud_means(fc_cloud *cloud, const fc_instance *instance);

/* Counter-based draws of N(0, I), keyed by seed and name. */
fc_status fc_cloud_normal(fc_cloud *cloud, size_t count, uint64_t seed,
                          const char *name);

/* to (made here) = X_{s,t} of the instance's target under its first schedule,
 * s and t in [0, 1]. */
fc_status fc_cloud_carry(fc_cloud *to, const fc_cloud *from,
                         const fc_instance *instance, double s, double t,
                         fc_error *error);

/* max_p |x_p - y_p| */
double fc_cloud_distance(const fc_cloud *x, const fc_cloud *y);

/* A colour for each point by where it lies: hue by direction from the middle,
 * lightness by distance from it in steps; count colours, malloc'd. */
fc_rgb *fc_cloud_colours(const fc_cloud *cloud);

#endif
