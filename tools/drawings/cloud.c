#include "cloud.h"

#include <math.h>
#include <stdlib.h>

#include "base/random.h"
#include "kernel/kernel.h"

#define TURN 6.283185307179586

enum { HUES = 48, LIGHTNESSES = 3 };

fc_status fc_cloud_init(fc_cloud *cloud, size_t count) {
  cloud->count = count;
  cloud->x = calloc(2 * count + 1, sizeof *cloud->x);
  return cloud->x ? FC_OK : FC_MEMORY;
}

void fc_cloud_clear(fc_cloud *cloud) {
  free(cloud->x);
  *cloud = (fc_cloud){0, NULL};
}

fc_status fc_cloud_means(fc_cloud *cloud, const fc_instance *instance) {
  size_t count = fc_target_isotropic_count(instance->target);
  fc_status status = fc_cloud_init(cloud, count);
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  fc_num weight;
  fc_ptr mean = fc_vec_new(2, ctx);
  fc_init(weight, ctx);
  for (size_t k = 0; k < count && !status && mean; k++) {
    fc_target_isotropic_get(mean, weight, instance->target, k, ctx);
    cloud->x[k] = fc_get_d(mean, ctx);
    cloud->x[count + k] = fc_get_d(mean + 1, ctx);
  }
  if (!mean)
    status = FC_MEMORY;
  fc_clear(weight, ctx);
  fc_vec_free(mean, 2, ctx);
  return status;
}

fc_status fc_cloud_normal(fc_cloud *cloud, size_t count, uint64_t seed,
                          const char *name) {
  fc_status status = fc_cloud_init(cloud, count);
  fc_random random[1];
  fc_random_init(random, seed, "pictures", name);
  for (size_t i = 0; i < 2 * count && !status; i++)
    cloud->x[i] = fc_random_normal(random);
  return status;
}

fc_status fc_cloud_carry(fc_cloud *to, const fc_cloud *from,
                         const fc_instance *instance, double s, double t,
                         fc_error *error) {
  fc_kernel *kernel = NULL;
  fc_ctx ctx[1];
  fc_time begin[1], end[1];
  *to = (fc_cloud){0, NULL};
  fc_status status = fc_kernel_new(&kernel, instance->target, error);
  if (status)
    return status;
  fc_ctx_init_double(ctx);
  fc_time_init(begin, ctx);
  fc_time_init(end, ctx);
  fc_time_set_d(begin, s, false, ctx);
  fc_time_set_d(end, t, false, ctx);
  status = fc_cloud_init(to, from->count);
  if (!status)
    status = fc_kernel_flow_batch(to->x, NULL, kernel, instance->schedules[0],
                                  begin, end, from->x, from->count);
  fc_time_clear(begin, ctx);
  fc_time_clear(end, ctx);
  fc_kernel_free(kernel);
  return status ? fc_fail(error, status, "%s: %s", instance->name,
                          fc_status_text(status))
                : FC_OK;
}

double fc_cloud_distance(const fc_cloud *x, const fc_cloud *y) {
  double largest = 0;
  for (size_t p = 0; p < x->count; p++)
    largest = fmax(largest, hypot(x->x[p] - y->x[p],
                                  x->x[x->count + p] - y->x[y->count + p]));
  return largest;
}

fc_rgb *fc_cloud_colours(const fc_cloud *cloud) {
  fc_rgb *colours = calloc(cloud->count + 1, sizeof *colours);
  double reach = 0;
  for (size_t p = 0; p < cloud->count; p++)
    reach = fmax(reach, hypot(cloud->x[p], cloud->x[cloud->count + p]));
  for (size_t p = 0; p < cloud->count && colours; p++) {
    double x = cloud->x[p], y = cloud->x[cloud->count + p];
    double hue = floor(HUES * (atan2(y, x) / TURN + 1)) / HUES;
    double level = floor(LIGHTNESSES * hypot(x, y) / reach);
    level = fmin(level, LIGHTNESSES - 1) / (LIGHTNESSES - 1);
    colours[p] = fc_rgb_from_hue(hue, 0.46 + 0.28 * level, 0.15);
  }
  return colours;
}
