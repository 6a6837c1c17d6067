#include "kernel/kernel_impl.h"

FC_CLONED
void fc_kernel_exp_batch(double *y, const double *x, size_t n) {
  for (size_t p = 0; p < n; p += FC_LANES) {
    size_t lanes = n - p < FC_LANES ? n - p : FC_LANES;
    fc_lanes z = {0};
    memcpy(&z, x + p, lanes * sizeof *x);
    fc_lanes_clamp(&z, -708, 709);
    fc_lanes_exp(&z, &z);
    memcpy(y + p, &z, lanes * sizeof *y);
  }
}
