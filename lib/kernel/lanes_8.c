#define FC_LANES 8
#define FC_TARGET __attribute__((target("avx512f")))
#define FC_VARIANT fc_kernel_lanes_8
#include "kernel/block.h"
