/* Intervals from random samples, and verdicts on them. */
#include "claims/statistical.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"

/* Roundings are far below any statistical width; this covers them. */
static double widened(double value, double by, double size) {
  return value + by * (1 + 0x1p-40) + copysign(size, by) * 0x1p-40;
}

fc_estimate fc_estimate_exact(double value, double error) {
  return (fc_estimate){value, value - error, value + error, 0};
}

static fc_status check_alarm(double false_alarm, fc_error *error) {
  if (!(false_alarm > 0 && false_alarm < 1))
    return fc_fail(error, FC_VALUE,
                   "the false-alarm probability is to lie in (0, 1)");
  return FC_OK;
}

static double mean_of(const double *draws, size_t count) {
  double sum = 0, lost = 0; /* compensated */
  for (size_t i = 0; i < count; i++) {
    double term = draws[i] - lost, next = sum + term;
    lost = (next - sum) - term;
    sum = next;
  }
  return sum / (double)count;
}

static double variance_of(const double *draws, size_t count, double mean) {
  double sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += (draws[i] - mean) * (draws[i] - mean);
  return sum / (double)(count - 1);
}

fc_status fc_estimate_bounded(fc_estimate *estimate, const double *draws,
                              size_t count, double least, double most,
                              double false_alarm, fc_error *error) {
  fc_status status = check_alarm(false_alarm, error);
  if (status != FC_OK)
    return status;
  if (count < 2)
    return fc_fail(error, FC_VALUE, "a mean takes two draws or more");
  for (size_t i = 0; i < count; i++)
    if (!(draws[i] >= least && draws[i] <= most))
      return fc_fail(error, FC_VALUE, "draw %zu is outside its range", i);
  /* Each side with half of the probability: ln(2/(delta/2)). */
  double mean = mean_of(draws, count), n = (double)count,
         log_term = log(4 / false_alarm), range = most - least;
  double width = sqrt(2 * variance_of(draws, count, mean) * log_term / n) +
                 7 * range * log_term / (3 * (n - 1));
  double size = fmax(fabs(least), fabs(most));
  *estimate =
      (fc_estimate){mean, fmax(least, widened(mean, -width, size)),
                    fmin(most, widened(mean, width, size)), false_alarm};
  return FC_OK;
}

/* The least odd k for which a majority of k blocks is bad, each with
 * probability 1/4, with probability at most false_alarm. */
static size_t block_count(double false_alarm) {
  unsigned k = 1;
  while (gsl_cdf_binomial_Q(k / 2, 0.25, k) > false_alarm && k < 10000)
    k += 2;
  return k;
}

fc_status fc_estimate_moments(fc_estimate *estimate, const double *draws,
                              size_t count, double variance, double false_alarm,
                              fc_error *error) {
  fc_status status = check_alarm(false_alarm, error);
  if (status != FC_OK)
    return status;
  size_t blocks = block_count(false_alarm), each = count / blocks;
  if (each == 0)
    return fc_fail(error, FC_VALUE,
                   "%zu draws are too few for %zu blocks of one or more", count,
                   blocks);
  if (!(variance >= 0 && variance < HUGE_VAL))
    return fc_fail(error, FC_VALUE, "the bound on the variance is no number");
  double *means = malloc(blocks * sizeof *means);
  if (!means)
    return FC_MEMORY;
  for (size_t i = 0; i < blocks; i++)
    means[i] = mean_of(draws + i * each, each);
  fc_sort_doubles(means, blocks);
  double value = means[blocks / 2], width = 2 * sqrt(variance / (double)each),
         size = fmax(fabs(means[0]), fabs(means[blocks - 1]));
  free(means);
  if (!isfinite(size))
    return fc_fail(error, FC_VALUE, "a draw is no number");
  *estimate = (fc_estimate){value, widened(value, -width, size),
                            widened(value, width, size), false_alarm};
  return FC_OK;
}

fc_status fc_estimate_proportion(fc_estimate *estimate, size_t hits,
                                 size_t count, double false_alarm,
                                 fc_error *error) {
  fc_status status = check_alarm(false_alarm, error);
  if (status != FC_OK)
    return status;
  if (count == 0 || hits > count)
    return fc_fail(error, FC_VALUE, "%zu hits in %zu trials", hits, count);
  double k = (double)hits, n = (double)count, half = false_alarm / 2;
  double low = hits ? gsl_cdf_beta_Pinv(half, k, n - k + 1) : 0;
  double high = hits < count ? gsl_cdf_beta_Qinv(half, k + 1, n - k) : 1;
  /* The quantiles are good to about 1e-8 relative. */
  *estimate = (fc_estimate){k / n, low * (1 - 1e-6),
                            fmin(1, high + 1e-6 * (1 - high)), false_alarm};
  return FC_OK;
}

fc_status fc_estimate_median(fc_estimate *estimate, double *lower,
                             double *upper, unsigned count, double false_alarm,
                             fc_error *error) {
  fc_status status = check_alarm(false_alarm, error);
  if (status != FC_OK)
    return status;
  unsigned k = 0;
  while (2 * gsl_cdf_binomial_P(k, 0.5, count) <= false_alarm)
    k++;
  if (k == 0)
    return fc_fail(error, FC_VALUE, "%u draws are too few for a median", count);
  fc_sort_doubles(lower, count);
  fc_sort_doubles(upper, count);
  *estimate = (fc_estimate){(lower[count / 2] + upper[count / 2]) / 2,
                            lower[k - 1], upper[count - k], false_alarm};
  return FC_OK;
}

fc_estimate fc_estimate_map(const fc_estimate *estimate,
                            double (*increasing)(double)) {
  return (fc_estimate){increasing(estimate->value), increasing(estimate->low),
                       increasing(estimate->high), estimate->false_alarm};
}

fc_estimate fc_estimate_quotient(const fc_estimate *x, const fc_estimate *y) {
  return (fc_estimate){x->value / y->value, x->low / y->high, x->high / y->low,
                       x->false_alarm + y->false_alarm};
}

/* --- verdicts --------------------------------------------------------- */

/* The verdict where `left <= right` is claimed. */
static fc_verdict judge_order(const fc_estimate *left,
                              const fc_estimate *right) {
  if (left->high <= right->low)
    return FC_VERDICT_HOLDS;
  if (left->low > right->high)
    return FC_VERDICT_VIOLATED;
  return FC_VERDICT_INCONCLUSIVE;
}

/* Intervals can contradict an equation, never prove it. */
static fc_verdict judge(fc_relation relation, const fc_estimate *measured,
                        const fc_estimate *bound) {
  if (!(measured->low <= measured->high && bound->low <= bound->high))
    return FC_VERDICT_INCONCLUSIVE;
  switch (relation) {
  case FC_AT_MOST:
    return judge_order(measured, bound);
  case FC_AT_LEAST:
    return judge_order(bound, measured);
  default:
    return measured->low > bound->high || measured->high < bound->low
               ? FC_VERDICT_VIOLATED
               : FC_VERDICT_INCONCLUSIVE;
  }
}

static fc_status state(fc_exact *exact, const fc_estimate *estimate) {
  double below = estimate->value - estimate->low,
         above = estimate->high - estimate->value;
  return fc_exact_set_double(exact, estimate->value, fmax(below, above));
}

static double slack_of(fc_relation relation, double measured, double bound,
                       bool as_ratio) {
  double sign = relation == FC_AT_LEAST ? -1 : 1;
  if (relation == FC_EQUAL)
    return -fabs(measured - bound);
  if (!as_ratio)
    return sign * (bound - measured);
  return relation == FC_AT_LEAST ? measured / bound : bound / measured;
}

fc_status fc_decide_statistical(fc_record *record, fc_relation relation,
                                const fc_estimate *measured,
                                const fc_estimate *bound, bool as_ratio) {
  double alarm = measured->false_alarm + bound->false_alarm,
         slack = slack_of(relation, measured->value, bound->value, as_ratio);
  record->verdict = judge(relation, measured, bound);
  record->basis = alarm > 0 ? FC_BASIS_STATISTICAL : FC_BASIS_DOUBLE;
  record->false_alarm = alarm;
  fc_status status = state(&record->measured, measured);
  if (status == FC_OK)
    status = state(&record->bound, bound);
  if (status == FC_OK && !isnan(slack))
    status = fc_exact_set_double(&record->slack, slack, HUGE_VAL);
  free(record->slack_kind);
  record->slack_kind =
      fc_strdup(as_ratio && relation != FC_EQUAL ? "ratio" : "gap");
  if (!record->slack_kind)
    status = FC_MEMORY;
  if (status == FC_OK && record->verdict == FC_VERDICT_INCONCLUSIVE)
    status = fc_record_reason(record, FC_VERDICT_INCONCLUSIVE,
                              "the intervals overlap: more samples are wanted");
  return status;
}
