/* No include guard: the part of block.h that integrates flows, FC_LANES
 * trajectories at a time, each with steps of its own.
 *
 * Taylor's method of fixed order for dz/dq = sum r_k m_k and dP/dq = q Cov_r(m)
 * P as in flow/component.c, with all components relative to the one of largest
 * responsibility at the lane's point.  Every lane computes what it would
 * compute alone, so that the same points give the same bits whatever FC_LANES
 * is.
 */

enum {
  FLOW_ORDER = 18,    /* costs least for 53 bits: half of them in units of e */
  FLOW_STEPS = 20000, /* of one trajectory */
  FLOW_TERMS = FLOW_ORDER + 1
};

/* The series of all components, FLOW_TERMS lanes each. */
typedef struct flow_work {
  fc_lanes *e, *r, *slope, *g, *deviation; /* count, count, count, count*d x2 */
  fc_lanes *rate, *bend;                   /* count: |L'_0|, |L'_1|/2 */
  fc_lanes z[FC_KERNEL_MAX_DIMENSION][FLOW_TERMS];
  fc_lanes p[FC_KERNEL_MAX_DIMENSION * FC_KERNEL_MAX_DIMENSION][FLOW_TERMS];
  fc_lanes product[FC_KERNEL_MAX_DIMENSION]
                  [FLOW_TERMS]; /* one column of P'/q */
  fc_lanes q, top[FC_KERNEL_MAX_DIMENSION], top_weight;
} flow_work;

/* z = sum_{i<=j} x_i y_{j-i} */
FC_INLINE void flow_dot(fc_lanes *z, const fc_lanes *x, const fc_lanes *y,
                        int j) {
  fc_lanes even = x[0] * y[j], odd = {0};
  int i = 1;
  for (; i + 1 <= j; i += 2) {
    odd += x[i] * y[j - i];
    even += x[i + 1] * y[j - i - 1];
  }
  if (i <= j)
    odd += x[i] * y[j - i];
  *z = even + odd;
}

/* log2 |x|, up to 0.09: the exponent, and the mantissa as a straight line. */
FC_INLINE void flow_log2(fc_lanes *y, const fc_lanes *x) {
  fc_masks bits = (fc_masks)((fc_words)*x & 0x7fffffffffffffff);
  *y = __builtin_convertvector(bits, fc_lanes) * 0x1p-52 - 1023;
}

FC_INLINE void flow_larger(fc_lanes *z, const fc_lanes *x) {
  fc_lanes size = (fc_lanes)((fc_words)*x & 0x7fffffffffffffff);
  fc_masks more = size > *z;
  fc_lanes_select(z, &more, &size, z);
}

FC_INLINE void flow_choose_top(flow_work *w, const fc_kernel *kernel,
                               size_t d) {
  const fc_lanes zero = {0};
  fc_lanes largest = zero - INFINITY;
  for (size_t k = 0; k < kernel->count; k++) {
    const double *m = kernel->means + k * d;
    fc_lanes weight = zero + kernel->log_weights[k], image = zero;
    double square = 0;
    for (size_t i = 0; i < d; i++) {
      image += m[i] * w->z[i][0];
      square += m[i] * m[i];
    }
    fc_lanes value = weight + w->q * (image - w->q * (square / 2));
    fc_masks better = value > largest;
    fc_lanes_select(&largest, &better, &value, &largest);
    fc_lanes_select(&w->top_weight, &better, &weight, &w->top_weight);
    for (size_t i = 0; i < d; i++) {
      fc_lanes mean = zero + m[i];
      fc_lanes_select(w->top + i, &better, &mean, w->top + i);
    }
  }
}

/* eta = m_k - top. */
FC_INLINE void flow_eta(fc_lanes *eta, const flow_work *w,
                        const fc_kernel *kernel, size_t k, size_t d) {
  for (size_t i = 0; i < d; i++)
    eta[i] = kernel->means[k * d + i] - w->top[i];
}

/* r_k and e_k = eta.z at order 0. */
FC_INLINE void flow_begin(flow_work *w, const fc_kernel *kernel, size_t d) {
  fc_lanes sum = {0};
  flow_choose_top(w, kernel, d);
  for (size_t k = 0; k < kernel->count; k++) {
    fc_lanes eta[FC_KERNEL_MAX_DIMENSION], exponent = {0}, image = {0};
    flow_eta(eta, w, kernel, k, d);
    for (size_t i = 0; i < d; i++) {
      image += eta[i] * w->z[i][0];
      exponent += eta[i] * (w->z[i][0] - w->q * (w->top[i] + eta[i] / 2));
    }
    exponent = w->q * exponent + (kernel->log_weights[k] - w->top_weight);
    fc_lanes_clamp(&exponent, -708, 708);
    fc_lanes_exp(&w->r[k * FLOW_TERMS], &exponent);
    w->e[k * FLOW_TERMS] = image;
    sum += w->r[k * FLOW_TERMS];
  }
  for (size_t k = 0; k < kernel->count; k++)
    w->r[k * FLOW_TERMS] /= sum;
}

/* z_{j+1}, e_{j+1}, L'_j and r_{j+1}. */
FC_INLINE void flow_next(flow_work *w, const fc_kernel *kernel, int j,
                         size_t d) {
  const double next = 1.0 / (j + 1);
  fc_lanes mean = {0}, term;
  for (size_t i = 0; i < d; i++) {
    const fc_lanes zero = {0};
    w->z[i][j + 1] = j == 0 ? w->top[i] : zero;
  }
  for (size_t k = 0; k < kernel->count; k++) {
    fc_lanes eta[FC_KERNEL_MAX_DIMENSION];
    flow_eta(eta, w, kernel, k, d);
    for (size_t i = 0; i < d; i++)
      w->z[i][j + 1] += w->r[k * FLOW_TERMS + j] * eta[i];
  }
  for (size_t i = 0; i < d; i++)
    w->z[i][j + 1] *= next;
  for (size_t k = 0; k < kernel->count; k++) {
    fc_lanes *e = w->e + k * FLOW_TERMS, *slope = w->slope + k * FLOW_TERMS;
    fc_lanes eta[FC_KERNEL_MAX_DIMENSION], image = {0}, rise = {0};
    flow_eta(eta, w, kernel, k, d);
    for (size_t i = 0; i < d; i++) {
      image += eta[i] * w->z[i][j + 1];
      rise += eta[i] * (2 * w->top[i] + eta[i]);
    }
    e[j + 1] = image;
    slope[j] = (j + 1.0) * (e[j] + w->q * image);
    if (j == 0)
      slope[j] -= w->q * rise;
    if (j == 1)
      slope[j] -= rise;
    if (j == 0)
      w->rate[k] = (fc_lanes)((fc_words)slope[j] & 0x7fffffffffffffff);
    if (j == 1)
      w->bend[k] = (fc_lanes)((fc_words)slope[j] & 0x7fffffffffffffff) / 2;
    flow_dot(&term, w->r + k * FLOW_TERMS, slope, j);
    mean += term;
  }
  for (size_t k = 0; k < kernel->count; k++) {
    fc_lanes *slope = w->slope + k * FLOW_TERMS, *r = w->r + k * FLOW_TERMS;
    slope[j] -= mean;
    flow_dot(&term, r, slope, j);
    r[j + 1] = term * next;
  }
}

/* P_{j+1} */
FC_INLINE void flow_next_jacobian(flow_work *w, const fc_kernel *kernel, int j,
                                  size_t d) {
  const double next = 1.0 / (j + 1);
  for (size_t column = 0; column < d; column++) {
    fc_lanes mean = {0}, term, sum[FC_KERNEL_MAX_DIMENSION];
    memset(sum, 0, sizeof sum);
    for (size_t k = 0; k < kernel->count; k++) {
      fc_lanes eta[FC_KERNEL_MAX_DIMENSION], image = {0};
      fc_lanes *g = w->g + (k * d + column) * FLOW_TERMS;
      flow_eta(eta, w, kernel, k, d);
      for (size_t i = 0; i < d; i++)
        image += eta[i] * w->p[i * d + column][j];
      g[j] = image;
      flow_dot(&term, w->r + k * FLOW_TERMS, g, j);
      mean += term;
    }
    for (size_t k = 0; k < kernel->count; k++) {
      fc_lanes eta[FC_KERNEL_MAX_DIMENSION];
      size_t row = (k * d + column) * FLOW_TERMS;
      w->deviation[row + j] = w->g[row + j] - mean;
      flow_dot(&term, w->r + k * FLOW_TERMS, w->deviation + row, j);
      flow_eta(eta, w, kernel, k, d);
      for (size_t i = 0; i < d; i++)
        sum[i] += eta[i] * term;
    }
    /* P'_j = q S_j + S_{j-1}; S_{j-1} is kept in product */
    for (size_t i = 0; i < d; i++) {
      fc_lanes *kept = &w->product[i][column];
      fc_lanes rise = w->q * sum[i];
      if (j > 0)
        rise += *kept;
      *kept = sum[i];
      w->p[i * d + column][j + 1] = rise * next;
    }
  }
}

/* step = the largest |h| for which the last two terms of count series are below
 * 2^-53 of their sizes (of `floor`, where that is more), or what it was. */
FC_INLINE void flow_limit(fc_lanes *step, const fc_lanes (*series)[FLOW_TERMS],
                          size_t count, double floor) {
  const fc_lanes zero = {0};
  fc_lanes size = zero + floor, last = zero, other = zero;
  for (size_t i = 0; i < count; i++) {
    flow_larger(&size, &series[i][0]);
    flow_larger(&last, &series[i][FLOW_ORDER]);
    flow_larger(&other, &series[i][FLOW_ORDER - 1]);
  }
  flow_log2(&size, &size);
  flow_log2(&last, &last);
  flow_log2(&other, &other);
  last = (size - 53 - last) * (0.6931471805599453 / FLOW_ORDER);
  other = (size - 53 - other) * (0.6931471805599453 / (FLOW_ORDER - 1));
  fc_masks less = other < last;
  fc_lanes_select(&last, &less, &other, &last);
  fc_lanes_clamp(&last, -700, 700);
  fc_lanes_exp(&last, &last);
  less = last < *step;
  fc_lanes_select(step, &less, &last, step);
}

/* step = the longest |h| for which these terms can speak: see reach() in
 * flow/component.c. */
FC_INLINE void flow_reach(fc_lanes *step, const flow_work *w,
                          const fc_kernel *kernel) {
  const fc_lanes zero = {0};
  const double log2_count = log2((double)kernel->count);
  for (size_t k = 0; k < kernel->count; k++) {
    fc_lanes room, growth = zero + FLOW_ORDER / 2.0;
    flow_log2(&room, &w->r[k * FLOW_TERMS]);
    room = (-room - (log2_count + 53 + 40)) * 0.6931471805599453;
    fc_masks more = room > growth;
    fc_lanes_select(&growth, &more, &room, &growth);
    fc_lanes rate = w->rate[k], bend = w->bend[k];
    fc_lanes under = rate * rate + 4 * bend * growth, root = zero;
    for (int lane = 0; lane < FC_LANES; lane++)
      root[lane] = sqrt(under[lane]);
    fc_lanes h = 2 * growth / (rate + root);
    fc_masks less = h < *step;
    fc_lanes_select(step, &less, &h, step);
  }
}

/* The series at h become their terms of order 0. */
FC_INLINE void flow_advance(fc_lanes (*series)[FLOW_TERMS], size_t count,
                            const fc_lanes *h) {
  for (size_t i = 0; i < count; i++) {
    fc_lanes sum = series[i][FLOW_ORDER];
    for (int k = FLOW_ORDER - 1; k >= 0; k--)
      sum = sum * *h + series[i][k];
    series[i][0] = sum;
  }
}

/* h = the step of each lane towards end, 0 where it is there. */
FC_INLINE void flow_step(fc_lanes *h, const flow_work *w,
                         const fc_kernel *kernel, double end, size_t d,
                         bool jacobian) {
  const fc_lanes zero = {0};
  fc_lanes step = zero + 0x1p1000, left = end - w->q;
  flow_limit(&step, (const fc_lanes(*)[FLOW_TERMS])w->z, d, 1);
  if (jacobian)
    flow_limit(&step, (const fc_lanes(*)[FLOW_TERMS])w->p, d * d, 0x1p-1000);
  flow_reach(&step, w, kernel);
  fc_lanes back = zero - step;
  fc_masks over = left > step, under = left < back;
  fc_lanes_select(&left, &over, &step, &left);
  fc_lanes_select(&left, &under, &back, &left);
  *h = (w->q + left) - w->q; /* what q really moves by */
}

/* True where all lanes have arrived, or are no numbers. */
FC_INLINE bool flow_arrived(const flow_work *w, double end) {
  for (int lane = 0; lane < FC_LANES; lane++)
    if (w->q[lane] != end && w->q[lane] == w->q[lane])
      return false;
  return true;
}

FC_INLINE void flow_block(flow_work *w, const fc_kernel *kernel,
                          const fc_kernel_flow *flow, size_t d, bool jacobian) {
  const fc_lanes zero = {0};
  w->q = zero + flow->start;
  for (size_t i = 0; i < d * d; i++)
    w->p[i][0] = zero + (i % (d + 1) == 0 ? 1.0 : 0.0);
  for (long count = 0; !flow_arrived(w, flow->end); count++) {
    fc_lanes h;
    if (count == FLOW_STEPS) {
      for (size_t i = 0; i < d; i++)
        w->z[i][0] = zero + NAN;
      return;
    }
    flow_begin(w, kernel, d);
    for (int j = 0; j < FLOW_ORDER; j++) {
      flow_next(w, kernel, j, d);
      if (jacobian)
        flow_next_jacobian(w, kernel, j, d);
    }
    flow_step(&h, w, kernel, flow->end, d, jacobian);
    flow_advance(w->z, d, &h);
    if (jacobian)
      flow_advance(w->p, d * d, &h);
    w->q += h;
  }
}

FC_INLINE void flow_all(double *to, double *jacobian, flow_work *w,
                        const fc_kernel *kernel, const fc_kernel_flow *flow,
                        const double *x, size_t n, size_t d, bool second) {
  for (size_t p = 0; p < n; p += FC_LANES) {
    size_t bytes = (n - p < FC_LANES ? n - p : FC_LANES) * sizeof *x;
    for (size_t i = 0; i < d; i++) {
      fc_lanes point = {0};
      memcpy(&point, x + i * n + p, bytes);
      w->z[i][0] = point / flow->from;
    }
    flow_block(w, kernel, flow, d, second);
    for (size_t i = 0; i < d; i++) {
      fc_lanes point = w->z[i][0] * flow->to;
      memcpy(to + i * n + p, &point, bytes);
    }
    for (size_t i = 0; second && i < d * d; i++) {
      fc_lanes entry = w->p[i][0] * (flow->to / flow->from);
      memcpy(jacobian + i * n + p, &entry, bytes);
    }
  }
}

FC_TARGET
static bool flow_batch(double *to, double *jacobian, const fc_kernel *kernel,
                       const fc_kernel_flow *flow, const double *x, size_t n) {
  size_t d = kernel->d, each = kernel->count * FLOW_TERMS;
  size_t size = sizeof(flow_work) +
                (each * (3 + 2 * d) + 2 * kernel->count) * sizeof(fc_lanes);
  void *memory = NULL;
  if (posix_memalign(&memory, sizeof(fc_lanes), size))
    return false;
  memset(memory, 0, size);
  flow_work *w = memory;
  w->e = (fc_lanes *)(w + 1);
  w->r = w->e + each;
  w->slope = w->r + each;
  w->g = w->slope + each;
  w->deviation = w->g + each * d;
  w->rate = w->deviation + each * d;
  w->bend = w->rate + kernel->count;
  switch (d + (jacobian ? 3 : 0)) { /* constants, to be unrolled */
  case 1:
    flow_all(to, NULL, w, kernel, flow, x, n, 1, false);
    break;
  case 2:
    flow_all(to, NULL, w, kernel, flow, x, n, 2, false);
    break;
  case 3:
    flow_all(to, NULL, w, kernel, flow, x, n, 3, false);
    break;
  case 4:
    flow_all(to, jacobian, w, kernel, flow, x, n, 1, true);
    break;
  case 5:
    flow_all(to, jacobian, w, kernel, flow, x, n, 2, true);
    break;
  default:
    flow_all(to, jacobian, w, kernel, flow, x, n, 3, true);
    break;
  }
  free(memory);
  return true;
}
