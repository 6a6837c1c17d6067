/* With V_0 = a_0^2 + sigma^2 b_0^2 and q = b/sqrt(V), z = x/sqrt(V), the flow
 * is dz/dq = sum_k r_k m_k (flow/component.c), a point of the convex hull of
 * the means.  So from q_0 = b_0/sqrt(V_0) to 1/sigma two trajectories end at
 * most |X_1(x) - X_1(x')| <= sigma |x - x'|/sqrt(V_0) + (1 - sigma q_0) diam
 * apart, diam the diameter of the means, and by Proposition 5.2 at most
 * sup|grad X_1| |x - x'| apart.  With x - x' = b_0 X_1 and |X_1| <= R + sigma
 * |G|, G ~ N(0, I), the draws are bounded but for |G| > rho = sqrt(d) + 9,
 * which has probability at most exp(-81/2) (concentration of |G|).  What that
 * may add to the mean of the square is E[B(G)^2; |G| > rho] <= sqrt(E B^4)
 * e^(-81/4) < 8 (c^2 + s^2 (d + 2)) e^(-81/4) for B(G) = c + s |G|.
 */
#include "gif/source_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "kernel/kernel.h"

enum {
  LEAST_DRAWS = 384,
  MOST_DRAWS = 16384,
  MOST_MEANS = 64,
  TAIL = 9,        /* rho - sqrt(d) */
  MOST_PLACES = 64 /* structured points for C_1, and steep ones */
};

/* The mixture in the span of its means' differences, in binary64. */
typedef struct span {
  size_t d, r, count; /* of nu, of the span */
  double mean[MOST_MEANS][FC_KERNEL_MAX_DIMENSION];
  double weight[MOST_MEANS];
  double sigma, diameter, radius;
  double across; /* |the means' common part across the span|^2 */
} span;

static double dot(const double *x, const double *y, size_t d) {
  double sum = 0;
  for (size_t i = 0; i < d; i++)
    sum += x[i] * y[i];
  return sum;
}

/* means = count*d numbers, weights. */
static fc_status read_means(double *means, span *s, const fc_target *target) {
  fc_ctx ctx[1];
  fc_num weight;
  fc_ctx_init_double(ctx);
  fc_ptr mean = fc_vec_new(s->d, ctx);
  if (!mean)
    return FC_MEMORY;
  fc_init(weight, ctx);
  for (size_t k = 0; k < s->count; k++) {
    fc_target_isotropic_get(mean, weight, target, k, ctx);
    s->weight[k] = fc_get_d(weight, ctx);
    for (size_t i = 0; i < s->d; i++)
      means[k * s->d + i] = fc_get_d(mean + i, ctx);
  }
  fc_clear(weight, ctx);
  fc_vec_free(mean, s->d, ctx);
  return FC_OK;
}

/* Gram-Schmidt on m_k - m_0; false where more than the kernel's dimensions are
 * needed. */
static bool make_basis(double *basis, span *s, const double *means,
                       double *rest) {
  for (size_t k = 1; k < s->count; k++) {
    double size = 0;
    for (size_t i = 0; i < s->d; i++) {
      rest[i] = means[k * s->d + i] - means[i];
      size = fmax(size, fabs(rest[i]));
    }
    for (int again = 0; again < 2; again++)
      for (size_t j = 0; j < s->r; j++) {
        double c = dot(rest, basis + j * s->d, s->d);
        for (size_t i = 0; i < s->d; i++)
          rest[i] -= c * basis[j * s->d + i];
      }
    double left = sqrt(dot(rest, rest, s->d));
    if (left <= 1e-12 * size)
      continue;
    if (s->r == FC_KERNEL_MAX_DIMENSION)
      return false;
    for (size_t i = 0; i < s->d; i++)
      basis[s->r * s->d + i] = rest[i] / left;
    s->r++;
  }
  return s->r > 0;
}

static void project(span *s, const double *means, const double *basis) {
  s->across = dot(means, means, s->d);
  for (size_t k = 0; k < s->count; k++)
    for (size_t j = 0; j < s->r; j++)
      s->mean[k][j] = dot(means + k * s->d, basis + j * s->d, s->d);
  s->across = fmax(0, s->across - dot(s->mean[0], s->mean[0], s->r));
  for (size_t k = 0; k < s->count; k++) {
    s->radius = fmax(s->radius, sqrt(dot(s->mean[k], s->mean[k], s->r)));
    for (size_t j = 0; j < k; j++) {
      double gap[FC_KERNEL_MAX_DIMENSION];
      for (size_t i = 0; i < s->r; i++)
        gap[i] = s->mean[k][i] - s->mean[j][i];
      s->diameter = fmax(s->diameter, sqrt(dot(gap, gap, s->r)));
    }
  }
}

/* FC_UNSUPPORTED where the target has no such span. */
static fc_status read_span(span *s, const fc_target *target) {
  memset(s, 0, sizeof *s);
  s->d = fc_target_dimension(target);
  s->count = fc_target_isotropic_count(target);
  if (!fc_target_is_isotropic(target) || s->count < 2 || s->count > MOST_MEANS)
    return FC_UNSUPPORTED;
  fc_target_constant_d(&s->sigma, target, FC_SIGMA);
  size_t size = s->d * (s->count + FC_KERNEL_MAX_DIMENSION + 1);
  double *means = calloc(size, sizeof *means);
  if (!means)
    return FC_MEMORY;
  double *basis = means + s->d * s->count;
  double *rest = basis + s->d * FC_KERNEL_MAX_DIMENSION;
  fc_status status = read_means(means, s, target);
  if (!status && !make_basis(basis, s, means, rest))
    status = FC_UNSUPPORTED;
  if (!status)
    project(s, means, basis);
  free(means);
  return status;
}

const char *fc_source_sample_refuses(const fc_target *target) {
  span *s = malloc(sizeof *s);
  fc_status status = s ? read_span(s, target) : FC_MEMORY;
  free(s);
  return status ? "flows are sampled for equal isotropic components whose "
                  "means span at most three dimensions"
                : NULL;
}

/* --- the reduced target ----------------------------------------------------
 */

static fc_status constant(fc_formula **f, double x) {
  mpq_t q;
  mpq_init(q);
  mpq_set_d(q, x);
  fc_status status = fc_constant_new_mpq(f, q);
  mpq_clear(q);
  return status;
}

/* The mixture in the span with equal numbers of its weights: the kernel needs
 * them to sum to 1 exactly, so the last one is the rest. */
static fc_status make_target(fc_target **target, const span *s,
                             fc_error *error) {
  size_t n = s->count, total = n * (s->r + 2);
  fc_formula **f = calloc(total, sizeof *f);
  if (!f)
    return FC_MEMORY;
  fc_status status = FC_OK;
  mpq_t rest, part;
  mpq_init(rest);
  mpq_init(part);
  mpq_set_ui(rest, 1, 1);
  for (size_t k = 0; k < n && !status; k++) {
    mpq_set_d(part, s->weight[k]);
    status = fc_constant_new_mpq(f + k, k + 1 < n ? part : rest);
    mpq_sub(rest, rest, part);
    if (!status)
      status = constant(f + n + k, s->sigma);
    for (size_t i = 0; i < s->r && !status; i++)
      status = constant(f + 2 * n + k * s->r + i, s->mean[k][i]);
  }
  mpq_clear(rest);
  mpq_clear(part);
  if (!status)
    status = fc_target_new_isotropic(target, s->r, n, f, f + 2 * n, f + n, NULL,
                                     error);
  for (size_t i = 0; i < total; i++)
    fc_formula_free(f[i]);
  free(f);
  return status;
}

/* --- draws ------------------------------------------------------------------
 */

typedef struct cloud {
  size_t n;
  double *from, *to; /* 2 n points: with X_1 and without */
  double *shift;     /* |b_0 X_1| of each */
  double *square;    /* the draws */
  double a0, b0, slope;
} cloud;

static size_t pick(const span *s, double u) {
  size_t k = 0;
  while (k + 1 < s->count && u >= s->weight[k]) {
    u -= s->weight[k];
    k++;
  }
  return k;
}

static void draw(cloud *c, const span *s, fc_random *random) {
  size_t n = c->n;
  for (size_t p = 0; p < n; p++) {
    fc_random stream = fc_random_branch(random, p);
    size_t k = pick(s, fc_random_uniform(&stream));
    double square = 0;
    for (size_t i = 0; i < s->r; i++) {
      double noise = c->a0 * fc_random_normal(&stream);
      double x = s->mean[k][i] + s->sigma * fc_random_normal(&stream);
      c->from[i * 2 * n + p] = noise + c->b0 * x;
      c->from[i * 2 * n + n + p] = noise;
      square += x * x;
    }
    c->shift[p] = c->b0 * sqrt(square);
  }
}

/* Narrow components far apart make flows dear and C_1 so large that little
 * needs to be known of W_2. */
static size_t draws_for(const span *s) {
  double width = fmin(1, 8 * s->sigma / s->diameter);
  return (size_t)fmax(LEAST_DRAWS, MOST_DRAWS * width * width);
}

/* The largest column of a Jacobian is no longer than its norm. */
static double longest_column(const double *jacobian, size_t n, size_t r) {
  double most = 0;
  for (size_t p = 0; p < n; p++)
    for (size_t j = 0; j < r; j++) {
      double square = 0;
      for (size_t i = 0; i < r; i++)
        square += pow(jacobian[(i * r + j) * n + p], 2);
      if (isfinite(square))
        most = fmax(most, sqrt(square));
    }
  return most;
}

/* Middles of pairs of means, and the middle of all: where mass is torn apart.
 */
static size_t set_places(double *y, const span *s) {
  size_t n = s->count * (s->count - 1) / 2 + 1, p = 1;
  n = n < MOST_PLACES ? n : MOST_PLACES;
  for (size_t i = 0; i < s->r; i++) {
    y[i * n] = 0;
    for (size_t k = 0; k < s->count; k++)
      y[i * n] += s->mean[k][i] / (double)s->count;
  }
  for (size_t k = 0; k < s->count; k++)
    for (size_t j = 0; j < k && p < n; j++, p++)
      for (size_t i = 0; i < s->r; i++)
        y[i * n + p] = (s->mean[k][i] + s->mean[j][i]) / 2;
  return n;
}

/* The draws, none above `most`; a flow that did not end counts as that. */
static void set_squares(cloud *c, const span *s, double most) {
  size_t n = c->n;
  for (size_t p = 0; p < n; p++) {
    double square = 0;
    for (size_t i = 0; i < s->r; i++)
      square += pow(c->to[i * 2 * n + p] - c->to[i * 2 * n + n + p], 2);
    c->square[p] = square <= most ? square : most;
  }
}

/* c->slope = the largest derivative found where X_1 ends at the places, by the
 * flow back from there and forward again. */
static fc_status set_slope(cloud *c, const fc_kernel *kernel, const fc_job *job,
                           const span *s, const fc_time *start,
                           const fc_time *end) {
  double y[MOST_PLACES * FC_KERNEL_MAX_DIMENSION],
      x[MOST_PLACES * FC_KERNEL_MAX_DIMENSION],
      jacobian[MOST_PLACES * FC_KERNEL_MAX_DIMENSION * FC_KERNEL_MAX_DIMENSION];
  size_t n = set_places(y, s);
  fc_status status =
      fc_kernel_flow_batch(x, NULL, kernel, job->schedule, end, start, y, n);
  if (!status)
    status = fc_kernel_flow_batch(y, jacobian, kernel, job->schedule, start,
                                  end, x, n);
  c->slope = status ? 0 : longest_column(jacobian, n, s->r);
  return status;
}

/* A draw and |X_1(x) - X_1(x')|/|x - x'| of its pair. */
typedef struct pair {
  size_t place;
  double ratio;
} pair;

static int steeper_first(const void *p, const void *q) {
  const pair *x = p, *y = q;
  if (x->ratio != y->ratio)
    return x->ratio > y->ratio ? -1 : 1;
  return (x->place > y->place) - (x->place < y->place);
}

/* All pairs, the steepest first; what is no number comes last. */
static pair *sorted_pairs(const cloud *c, size_t r) {
  size_t n = c->n;
  pair *pairs = calloc(n, sizeof *pairs);
  for (size_t p = 0; p < n && pairs; p++) {
    double square = 0;
    for (size_t i = 0; i < r; i++)
      square += pow(c->to[i * 2 * n + p] - c->to[i * 2 * n + n + p], 2);
    double ratio = sqrt(square) / c->shift[p];
    pairs[p] = (pair){p, isfinite(ratio) ? ratio : 0};
  }
  if (pairs)
    qsort(pairs, n, sizeof *pairs, steeper_first);
  return pairs;
}

/* The same at the draws whose pairs end farthest apart: derivatives at all of
 * them would cost as much again.  The ratios themselves say as much. */
static fc_status raise_slope(cloud *c, const fc_kernel *kernel,
                             const fc_job *job, size_t r, const fc_time *start,
                             const fc_time *end) {
  double y[MOST_PLACES * FC_KERNEL_MAX_DIMENSION],
      x[MOST_PLACES * FC_KERNEL_MAX_DIMENSION],
      jacobian[MOST_PLACES * FC_KERNEL_MAX_DIMENSION * FC_KERNEL_MAX_DIMENSION];
  const size_t n = MOST_PLACES;
  pair *pairs = sorted_pairs(c, r);
  if (!pairs)
    return FC_MEMORY;
  for (size_t i = 0; i < r; i++)
    for (size_t p = 0; p < n; p++)
      x[i * n + p] = c->from[i * 2 * c->n + c->n + pairs[p].place];
  c->slope = fmax(c->slope, pairs[0].ratio);
  free(pairs);
  fc_status status = fc_kernel_flow_batch(y, jacobian, kernel, job->schedule,
                                          start, end, x, n);
  if (!status)
    c->slope = fmax(c->slope, longest_column(jacobian, n, r));
  return status;
}

static fc_status move(cloud *c, const fc_job *job, const span *s,
                      fc_error *error) {
  fc_ctx ctx[1];
  fc_time start[1], end[1];
  fc_target *target = NULL;
  fc_kernel *kernel = NULL;
  fc_ctx_init_double(ctx);
  fc_time_init(start, ctx);
  fc_time_init(end, ctx);
  fc_time_set_d(start, 0, false, ctx);
  fc_time_set_d(end, 0, true, ctx);
  fc_status status = make_target(&target, s, error);
  if (!status)
    status = fc_kernel_new(&kernel, target, error);
  if (!status)
    status = fc_kernel_flow_batch(c->to, NULL, kernel, job->schedule, start,
                                  end, c->from, 2 * c->n);
  if (!status)
    status = set_slope(c, kernel, job, s, start, end);
  if (!status)
    status = raise_slope(c, kernel, job, s->r, start, end);
  fc_kernel_free(kernel);
  fc_target_free(target);
  fc_time_clear(start, ctx);
  fc_time_clear(end, ctx);
  return status;
}

/* Across the span: as for one Gaussian (source_sides.c). */
static double square_across(const span *s, double a0, double b0) {
  double v = sqrt(a0 * a0 + s->sigma * s->sigma * b0 * b0);
  double shift = b0 * s->sigma / v, width = s->sigma * (1 - a0 / v);
  return shift * shift * s->across + (double)(s->d - s->r) * width * width;
}

/* Proposition 5.2, with the ball about 0 that holds the means: a judge of the
 * sampled derivatives. */
static double slope_bound(const span *s, double a0, double b0) {
  double v2 = a0 * a0 + s->sigma * s->sigma * b0 * b0;
  double ratio = a0 * s->radius / s->sigma;
  return s->sigma / sqrt(v2) * exp(ratio * ratio / (2 * v2)) * (1 + 1e-9);
}

/* |X_1(x) - X_1(x')| <= most unless |G| > rho, and what that may add. */
static void set_bounds(double *most, double *excess, const cloud *c,
                       const span *s) {
  double v = sqrt(c->a0 * c->a0 + s->sigma * s->sigma * c->b0 * c->b0);
  double stretch = s->sigma / v * c->b0, r = (double)s->r;
  double apart = (1 - s->sigma * c->b0 / v) * s->diameter;
  double size = s->radius + s->sigma * (sqrt(r) + TAIL); /* of X_1 */
  double constant = apart + stretch * s->radius, slope = stretch * s->sigma;
  *most =
      fmin(apart + stretch * size, slope_bound(s, c->a0, c->b0) * c->b0 * size);
  *excess = 8 * (constant * constant + slope * slope * (r + 2)) *
            exp(-TAIL * TAIL / 4.0);
}

static fc_status estimate(fc_source_sample *sample, const cloud *c,
                          const span *s, double most, double excess,
                          fc_error *error) {
  fc_estimate mean;
  fc_status status = fc_estimate_bounded(&mean, c->square, c->n, 0, most,
                                         FC_FALSE_ALARM, error);
  double across = square_across(s, c->a0, c->b0);
  sample->distance = (fc_estimate){
      .value = sqrt(mean.value + across),
      .low = 0, /* the cost of a coupling says nothing from below */
      .high = sqrt((mean.high + excess + across) * (1 + 0x1p-40)),
      .false_alarm = mean.false_alarm};
  /* flows in binary64: errors are far below this margin */
  sample->slope = c->slope * (1 - 0x1p-20);
  if (sample->slope > slope_bound(s, c->a0, c->b0))
    return fc_fail(error, FC_INTERNAL,
                   "a sampled derivative exceeds Proposition 5.2");
  return status;
}

fc_status fc_source_sample_draw(fc_source_sample *sample, const fc_job *job,
                                fc_error *error) {
  fc_schedule_rough at = fc_schedule_rough_at(job->schedule, 0, false);
  cloud c = {.a0 = at.a, .b0 = at.b};
  fc_random random[1];
  fc_random_init(random, job->seed, job->check->id, job->instance->name);
  span *s = malloc(sizeof *s);
  size_t n = 2 * MOST_DRAWS;
  size_t size = n * (2 * FC_KERNEL_MAX_DIMENSION + 1);
  c.from = calloc(size, sizeof *c.from);
  fc_status status =
      s && c.from ? read_span(s, job->instance->target) : FC_MEMORY;
  if (!status) {
    c.to = c.from + n * FC_KERNEL_MAX_DIMENSION;
    c.shift = c.to + n * FC_KERNEL_MAX_DIMENSION;
    c.square = c.shift + MOST_DRAWS;
    c.n = draws_for(s);
    draw(&c, s, random);
    status = move(&c, job, s, error);
  }
  if (!status) {
    double most, excess;
    set_bounds(&most, &excess, &c, s);
    set_squares(&c, s, most * most);
    status = estimate(sample, &c, s, most * most, excess, error);
  }
  free(c.from);
  free(s);
  return status;
}
