#define FC_LANES 4
#define FC_TARGET __attribute__((target("avx2")))
#define FC_VARIANT fc_kernel_lanes_4
#include "kernel/block.h"
