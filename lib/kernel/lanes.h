/* FC_LANES binary64 numbers side by side, in the vector types of gcc and clang;
 * private to this folder.  The including file sets FC_LANES to what the
 * processor's registers hold; each lane computes the same bits in any case.
 * Passed by pointer: how vectors travel by value depends on the processor.
 */
#ifndef FC_KERNEL_LANES_H
#define FC_KERNEL_LANES_H

#include <stdint.h>
#include <string.h>

typedef double fc_lanes __attribute__((vector_size(8 * FC_LANES)));
typedef int64_t fc_masks __attribute__((vector_size(8 * FC_LANES)));
typedef uint64_t fc_words __attribute__((vector_size(8 * FC_LANES)));

#define FC_INLINE static inline __attribute__((always_inline))

/* z = where the mask is set x, elsewhere y. */
FC_INLINE void fc_lanes_select(fc_lanes *z, const fc_masks *mask,
                               const fc_lanes *x, const fc_lanes *y) {
  *z = (fc_lanes)((*mask & (fc_masks)*x) | (~*mask & (fc_masks)*y));
}

/* y = exp(x), -708 <= x <= 709.  x = n log 2 + r, |r| <= 0.3466; n log 2 in two
 * parts, of which n times the first is exact; Taylor's polynomial leaves
 * r^14/14! < 5e-18. */
FC_INLINE void fc_lanes_exp(fc_lanes *y, const fc_lanes *x) {
  const double shift = 0x1.8p52, log2_high = 0x1.62e42fefa38p-1,
               log2_low = 0x1.ef35793c7673p-45;
  fc_lanes high = *x * 0x1.71547652b82fep+0 + shift;
  fc_lanes n = high - shift;
  fc_lanes r = (*x - n * log2_high) - n * log2_low;
  fc_lanes s = r * r, q = s * s;
  fc_lanes low = (1.0 / 2 + r * (1.0 / 6)) + s * (1.0 / 24 + r * (1.0 / 120));
  fc_lanes middle =
      (1.0 / 720 + r * (1.0 / 5040)) + s * (1.0 / 40320 + r * (1.0 / 362880));
  fc_lanes top = (1.0 / 3628800 + r * (1.0 / 39916800)) +
                 s * (1.0 / 479001600 + r * (1.0 / 6227020800.0));
  fc_lanes p = 1 + (r + s * (low + q * (middle + q * top)));
  /* The low bits of high are n: 2^n by way of the exponent. */
  fc_words power = ((fc_words)high + 1023) << 52;
  *y = p * (fc_lanes)power;
}

/* x moved into [low, high]; NaN stays. */
FC_INLINE void fc_lanes_clamp(fc_lanes *x, double low, double high) {
  const fc_lanes zero = {0};
  fc_lanes floor = zero + low, ceiling = zero + high;
  fc_masks below = *x<low, above = *x> high;
  fc_lanes_select(x, &below, &floor, x);
  fc_lanes_select(x, &above, &ceiling, x);
}

#endif
