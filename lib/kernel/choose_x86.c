#include "kernel/kernel_impl.h"

const fc_kernel_variant *fc_kernel_choose(void) {
  if (__builtin_cpu_supports("avx512f"))
    return &fc_kernel_lanes_8;
  return __builtin_cpu_supports("avx2") ? &fc_kernel_lanes_4
                                        : &fc_kernel_lanes_2;
}
