#define FC_LANES 2
#define FC_TARGET
#define FC_VARIANT fc_kernel_lanes_2
#include "kernel/block.h"
