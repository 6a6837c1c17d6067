/* No include guard: this is the body of the files lanes_*.c, FC_LANES points at
 * a time against all components.  They set FC_LANES, FC_TARGET (the processor)
 * and FC_VARIANT (the name).
 *
 * Relative to the component k* with the largest responsibility at that point,
 * with xi = x - b m_k*, eta = m_k - m_k*:
 *   log(r_k/r_k*) = b P eta . (xi - b eta/2) + log(w_k/w_k*),
 * so that the exponents of components that matter lose nothing, and sums of
 * eta and eta eta^T have no cancellation worth the name.
 */
#include <math.h>
#include <stdlib.h>

#include "kernel/kernel_impl.h"
#include "kernel/lanes.h"

typedef struct top {
  fc_lanes mean[FC_KERNEL_MAX_DIMENSION], log_weight;
} top;

typedef struct sums {
  fc_lanes mass, first[FC_KERNEL_MAX_DIMENSION];
  fc_lanes second[FC_KERNEL_MAX_DIMENSION * FC_KERNEL_MAX_DIMENSION];
} sums;

FC_INLINE void find_top(top *best, const fc_kernel *kernel, const fc_lanes *x,
                        size_t d) {
  const fc_lanes zero = {0};
  const double *m = kernel->means;
  fc_lanes largest = zero;
  for (size_t k = 0; k < kernel->count; k++, m += d) {
    fc_lanes square = zero, log_weight = zero + kernel->log_weights[k];
    for (size_t i = 0; i < d; i++) {
      fc_lanes gap = x[i] - kernel->b * m[i];
      square += gap * gap;
    }
    fc_lanes value = log_weight - kernel->precision / 2 * square;
    fc_masks better = value > largest;
    if (k == 0)
      better = ~(fc_masks)zero;
    fc_lanes_select(&largest, &better, &value, &largest);
    fc_lanes_select(&best->log_weight, &better, &log_weight, &best->log_weight);
    for (size_t i = 0; i < d; i++) {
      fc_lanes mean = zero + m[i];
      fc_lanes_select(best->mean + i, &better, &mean, best->mean + i);
    }
  }
}

FC_INLINE void add_component(sums *z, const fc_lanes *eta, const fc_lanes *r,
                             size_t d, bool second) {
  z->mass += *r;
  for (size_t i = 0; i < d; i++) {
    fc_lanes t = *r * eta[i];
    z->first[i] += t;
    for (size_t j = 0; second && j <= i; j++)
      z->second[i * d + j] += t * eta[j];
  }
}

FC_INLINE void add_up(sums *z, const top *best, const fc_kernel *kernel,
                      const fc_lanes *xi, size_t d, bool second) {
  const double *m = kernel->means;
  double gain = kernel->b * kernel->precision, half = kernel->b / 2;
  memset(z, 0, sizeof *z);
  for (size_t k = 0; k < kernel->count; k++, m += d) {
    fc_lanes eta[FC_KERNEL_MAX_DIMENSION], exponent = {0}, r;
    for (size_t i = 0; i < d; i++) {
      eta[i] = m[i] - best->mean[i];
      exponent += eta[i] * (xi[i] - half * eta[i]);
    }
    exponent = gain * exponent + (kernel->log_weights[k] - best->log_weight);
    fc_lanes_clamp(&exponent, -708, 708);
    fc_lanes_exp(&r, &exponent);
    add_component(z, eta, &r, d, second);
  }
}

/* m = m_k* + E eta, Q = E eta eta^T - E eta (E eta)^T. */
FC_INLINE void finish(fc_lanes *velocity, fc_lanes *jacobian, sums *z,
                      const top *best, const fc_kernel *kernel,
                      const fc_lanes *xi, size_t d) {
  for (size_t i = 0; i < d; i++) {
    z->first[i] /= z->mass;
    velocity[i] = kernel->db * (best->mean[i] + z->first[i]) +
                  kernel->gradient * (xi[i] - kernel->b * z->first[i]);
  }
  for (size_t i = 0; jacobian && i < d; i++)
    for (size_t j = 0; j <= i; j++) {
      fc_lanes q = z->second[i * d + j] / z->mass - z->first[i] * z->first[j];
      fc_lanes entry = kernel->spread * q;
      if (i == j)
        entry += kernel->gradient;
      jacobian[i * d + j] = jacobian[j * d + i] = entry;
    }
}

FC_INLINE void block(fc_lanes *velocity, fc_lanes *jacobian,
                     const fc_kernel *kernel, const fc_lanes *x, size_t d,
                     bool second) {
  top best;
  sums z;
  fc_lanes xi[FC_KERNEL_MAX_DIMENSION];
  memset(&best, 0, sizeof best);
  find_top(&best, kernel, x, d);
  for (size_t i = 0; i < d; i++)
    xi[i] = x[i] - kernel->b * best.mean[i];
  add_up(&z, &best, kernel, xi, d, second);
  finish(velocity, second ? jacobian : NULL, &z, &best, kernel, xi, d);
}

FC_INLINE void batch(double *velocity, double *jacobian,
                     const fc_kernel *kernel, const double *x, size_t n,
                     size_t d, bool second) {
  enum { D = FC_KERNEL_MAX_DIMENSION };
  for (size_t p = 0; p < n; p += FC_LANES) {
    size_t bytes = (n - p < FC_LANES ? n - p : FC_LANES) * sizeof *x;
    fc_lanes points[D], v[D], grad[D * D];
    memset(points, 0, sizeof points);
    for (size_t i = 0; i < d; i++)
      memcpy(points + i, x + i * n + p, bytes);
    block(v, grad, kernel, points, d, second);
    for (size_t i = 0; i < d; i++)
      memcpy(velocity + i * n + p, v + i, bytes);
    for (size_t i = 0; second && i < d * d; i++)
      memcpy(jacobian + i * n + p, grad + i, bytes);
  }
}

FC_TARGET
static void velocity_batch(double *velocity, double *jacobian,
                           const fc_kernel *kernel, const double *x, size_t n) {
  switch (kernel->d + (jacobian ? 3 : 0)) { /* constants, to be unrolled */
  case 1:
    batch(velocity, NULL, kernel, x, n, 1, false);
    break;
  case 2:
    batch(velocity, NULL, kernel, x, n, 2, false);
    break;
  case 3:
    batch(velocity, NULL, kernel, x, n, 3, false);
    break;
  case 4:
    batch(velocity, jacobian, kernel, x, n, 1, true);
    break;
  case 5:
    batch(velocity, jacobian, kernel, x, n, 2, true);
    break;
  default:
    batch(velocity, jacobian, kernel, x, n, 3, true);
    break;
  }
}

FC_TARGET
static void exp_batch(double *y, const double *x, size_t n) {
  for (size_t p = 0; p < n; p += FC_LANES) {
    size_t bytes = (n - p < FC_LANES ? n - p : FC_LANES) * sizeof *x;
    fc_lanes z = {0};
    memcpy(&z, x + p, bytes);
    fc_lanes_clamp(&z, -708, 709);
    fc_lanes_exp(&z, &z);
    memcpy(y + p, &z, bytes);
  }
}

#include "kernel/flow_block.h"

const fc_kernel_variant FC_VARIANT = {velocity_batch, exp_batch, flow_batch};
