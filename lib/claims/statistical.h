/* Verdicts that rest on random samples.
 *
 * An estimate is an interval [low, high] that misses the number it is about
 * with at most the stated probability, over the draw of the samples, under the
 * hypotheses of the function that made it.  The bounds are finite-sample
 * inequalities, not limits: nothing here takes a sum for normal.
 *
 * A verdict says `holds` where the whole interval of what was measured is on
 * the right side of the whole interval of the bound, `violated` where it is on
 * the wrong side, and is inconclusive otherwise; its false-alarm probability,
 * the record's `false_alarm`, is the sum of both intervals'.  Seeds are fixed
 * (lib/base/random.h): the probability is over the choice of the seed.
 */
#ifndef FC_CLAIMS_STATISTICAL_H
#define FC_CLAIMS_STATISTICAL_H

#include "claims/decision.h"

/* What one interval of a shipped check may take: a run of the shipped suite has
 * fewer than 500 and stays below 10^-6 (its report adds them up). */
#define FC_FALSE_ALARM 1e-9

typedef struct fc_estimate {
  double value;       /* what is stated as the number; within [low, high] */
  double low, high;   /* -HUGE_VAL or HUGE_VAL: nothing is known on that side */
  double false_alarm; /* 0: the interval is no matter of chance */
} fc_estimate;

/* An exact number, or one known to lie within error of value. */
fc_estimate fc_estimate_exact(double value, double error);

/* The mean of independent draws of one law that lies in [least, most], by the
 * empirical Bernstein inequality (Maurer and Pontil 2009, Theorem 4, on both
 * sides).  FC_VALUE for fewer than two draws, draws outside [least, most], or
 * false_alarm outside (0, 1). */
fc_status fc_estimate_bounded(fc_estimate *estimate, const double *draws,
                              size_t count, double least, double most,
                              double false_alarm, fc_error *error);

/* The mean of independent draws of one law whose variance is at most
 * `variance`, by the median of the means of k blocks: a block's mean is off by
 * more than 2 sqrt(variance k/n) with probability at most 1/4 (Chebyshev), and
 * k is the least odd number for which more than k/2 of k blocks are so with
 * probability at most false_alarm.  FC_VALUE for fewer than k draws. */
fc_status fc_estimate_moments(fc_estimate *estimate, const double *draws,
                              size_t count, double variance, double false_alarm,
                              fc_error *error);

/* A probability from `hits` in `count` independent trials (Clopper and Pearson
 * 1934).  FC_VALUE unless hits <= count and count > 0. */
fc_status fc_estimate_proportion(fc_estimate *estimate, size_t hits,
                                 size_t count, double false_alarm,
                                 fc_error *error);

/* The median of one law from independent draws of which only bounds are known,
 * lower[i] <= draw i <= upper[i]: the k-th least and the k-th largest of n
 * draws enclose it but with probability 2 P(Binomial(n, 1/2) < k), and k is the
 * largest for which that is at most false_alarm.  Sorts both.  FC_VALUE where
 * even k = 1 is too much. */
fc_status fc_estimate_median(fc_estimate *estimate, double *lower,
                             double *upper, unsigned count, double false_alarm,
                             fc_error *error);

/* f(estimate) for an increasing f, such as the square root. */
fc_estimate fc_estimate_map(const fc_estimate *estimate,
                            double (*increasing)(double));

/* x/y of positive estimates. */
fc_estimate fc_estimate_quotient(const fc_estimate *x, const fc_estimate *y);

/* Verdict, basis `statistical` (`double` where neither side is a matter of
 * chance), measured, bound, slack and false alarm of the record.  as_ratio: the
 * slack is bound/measured ("<=") or measured/bound (">="), else the gap. */
fc_status fc_decide_statistical(fc_record *record, fc_relation relation,
                                const fc_estimate *measured,
                                const fc_estimate *bound, bool as_ratio);

#endif
