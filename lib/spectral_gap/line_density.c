#include "spectral_gap/line_density.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"

enum { MARKS = 256 };

struct fc_line_density {
  fc_ctx ctx[1]; /* binary64 */
  double *marks;
  size_t mark_count;
  fc_posterior *posterior; /* NULL: the mixture below */
  fc_num a, b, x;
  size_t count; /* components */
  double *log_weights, *means, *variances;
};

static fc_line_density *allocate(size_t marks, size_t components) {
  fc_line_density *law = calloc(1, sizeof *law);
  if (!law)
    return NULL;
  fc_ctx_init_double(law->ctx);
  fc_init(law->a, law->ctx);
  fc_init(law->b, law->ctx);
  fc_init(law->x, law->ctx);
  law->mark_count = marks;
  law->count = components;
  law->marks = calloc(marks, sizeof *law->marks);
  law->log_weights = calloc(components + 1, 3 * sizeof *law->log_weights);
  if (!law->marks || !law->log_weights) {
    fc_line_density_free(law);
    return NULL;
  }
  law->means = law->log_weights + components;
  law->variances = law->means + components;
  return law;
}

void fc_line_density_free(fc_line_density *law) {
  if (!law)
    return;
  fc_posterior_free(law->posterior);
  fc_clear(law->a, law->ctx);
  fc_clear(law->b, law->ctx);
  fc_clear(law->x, law->ctx);
  free(law->marks);
  free(law->log_weights);
  free(law);
}

/* Component k of <e, a Z + b X_1>: N(b <e, m>, a^2 + b^2 <e, S e>). */
static fc_status set_component(fc_line_density *law, const fc_target *target,
                               size_t k, const double *e, fc_ptr room, double a,
                               double b) {
  const fc_ctx *ctx = law->ctx;
  size_t d = fc_target_dimension(target);
  fc_ptr mean = room, covariance = room + d, weight = room + d + d * d;
  fc_status status =
      fc_target_mixture_get(mean, covariance, weight, target, k, ctx);
  double along = 0, spread = 0;
  for (size_t i = 0; i < d && !status; i++) {
    along += e[i] * fc_get_d(mean + i, ctx);
    for (size_t j = 0; j < d; j++)
      spread += e[i] * e[j] * fc_get_d(covariance + i * d + j, ctx);
  }
  law->log_weights[k] = fc_get_d(weight, ctx);
  law->means[k] = b * along;
  law->variances[k] = a * a + b * b * spread;
  return status;
}

/* All of them, the marks left alone. */
static fc_status set_components(fc_line_density *law, const fc_target *target,
                                const double *e, double a, double b) {
  size_t d = fc_target_dimension(target);
  fc_ptr room = fc_vec_new(d + d * d + 1, law->ctx);
  fc_status status = room ? FC_OK : FC_MEMORY;
  for (size_t k = 0; k < law->count && !status; k++)
    status = set_component(law, target, k, e, room, a, b);
  fc_vec_free(room, d + d * d + 1, law->ctx);
  return status;
}

fc_status fc_line_density_new(fc_line_density **out, const fc_target *target,
                              double a, double b, fc_error *error) {
  fc_ctx ctx[1];
  fc_ptr landmarks = NULL;
  size_t count = 0;
  const double one = 1;
  if (fc_target_dimension(target) != 1)
    return fc_fail(error, FC_SHAPE, "a law on the line has dimension 1");
  fc_ctx_init_double(ctx);
  fc_status status =
      fc_target_landmarks(&landmarks, &count, target, MARKS, ctx);
  if (status)
    return fc_fail(error, status, "%s", fc_status_text(status));
  fc_line_density *law = allocate(count, fc_target_mixture_count(target));
  status = law ? fc_posterior_new(&law->posterior, target, ctx, error)
               : fc_fail(error, FC_MEMORY, "out of memory");
  if (!status)
    status = set_components(law, target, &one, a, b);
  if (!status) {
    for (size_t i = 0; i < count; i++)
      law->marks[i] = b * fc_get_d(landmarks + i, ctx);
    fc_sort_doubles(law->marks, count);
    fc_set_d(law->a, a, ctx);
    fc_set_d(law->b, b, ctx);
    *out = law;
  } else {
    fc_line_density_free(law);
  }
  fc_vec_free(landmarks, count, ctx);
  return status;
}

fc_status fc_line_density_new_marginal(fc_line_density **out,
                                       const fc_target *target,
                                       const double *direction, double a,
                                       double b, fc_error *error) {
  size_t count = fc_target_mixture_count(target);
  size_t d = fc_target_dimension(target);
  if (count == 0)
    return fc_fail(error, FC_UNSUPPORTED, "the target is no Gaussian mixture");
  fc_line_density *law = allocate(count, count);
  double *e = calloc(d, sizeof *e), length = 0;
  fc_status status = law && e ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < d; i++)
    length = hypot(length, direction[i]);
  for (size_t i = 0; i < d && !status; i++)
    e[i] = direction[i] / length;
  if (!status)
    status = set_components(law, target, e, a, b);
  for (size_t k = 0; k < count && !status; k++)
    law->marks[k] = law->means[k];
  free(e);
  if (status) {
    fc_line_density_free(law);
    return fc_fail(error, status, "%s", fc_status_text(status));
  }
  fc_sort_doubles(law->marks, count);
  *out = law;
  return FC_OK;
}

fc_status fc_line_density_new_mixture(fc_line_density **out, size_t count,
                                      const double *weights,
                                      const double *means,
                                      const double *variances,
                                      fc_error *error) {
  fc_line_density *law = allocate(count, count);
  if (!law)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t k = 0; k < count; k++) {
    law->log_weights[k] = log(weights[k]);
    law->means[k] = law->marks[k] = means[k];
    law->variances[k] = variances[k];
  }
  fc_sort_doubles(law->marks, count);
  *out = law;
  return FC_OK;
}

static double term(const fc_line_density *law, size_t k, double x) {
  double z = x - law->means[k];
  return law->log_weights[k] - z * z / (2 * law->variances[k]) -
         log(2 * acos(-1) * law->variances[k]) / 2;
}

static double mixture_log_density(const fc_line_density *law, double x) {
  double most = -INFINITY, sum = 0;
  for (size_t k = 0; k < law->count; k++)
    most = fmax(most, term(law, k, x));
  for (size_t k = 0; k < law->count; k++)
    sum += exp(term(law, k, x) - most);
  return most + log(sum);
}

double fc_line_density_log(fc_line_density *law, double x) {
  if (!law->posterior)
    return mixture_log_density(law, x);
  fc_set_d(law->x, x, law->ctx);
  if (fc_posterior_eval(law->posterior, law->a, law->b, law->x,
                        FC_WANT_LOG_DENSITY))
    return NAN;
  return fc_get_d(fc_posterior_values(law->posterior)->log_density, law->ctx);
}

double fc_line_density_widest(const fc_line_density *law) {
  double most = 0;
  for (size_t k = 0; k < law->count; k++)
    most = fmax(most, law->variances[k]);
  return most;
}

double fc_line_density_hidden(const fc_line_density *law, double x,
                              double variance) {
  double most = 0;
  for (size_t k = 0; k < law->count; k++)
    if (law->variances[k] > variance && law->log_weights[k] > -INFINITY)
      most = fmax(most, fabs(law->variances[k] / (x - law->means[k])));
  return most * most;
}

const double *fc_line_density_marks(size_t *count, const fc_line_density *law) {
  *count = law->mark_count;
  return law->marks;
}
