/* A velocity field in a shared library, as a candidate for `flowcert test`.
 *
 *   cc -shared -fPIC -O2 -I tools/candidate field.c -o field.so -lm
 *   flowcert test triangle --schedule linear --candidate library:./field.so
 *
 * The target is the mixture of three N(m_k, I/4) of equal weight in the plane,
 * m_k the corners of an equilateral triangle, under the schedule linear. */
#include <math.h>

#include "flowcert_candidate.h"

enum { COMPONENTS = 3 };

int flowcert_velocity(size_t n, size_t d, const double *t, const double *x,
                      double *v) {
  const double root = sqrt(3) / 2;
  const double means[COMPONENTS][2] = {{1, 0}, {-0.5, root}, {-0.5, -root}};
  const double s2 = 0.25;
  if (d != 2)
    return 1; /* not this target */
  for (size_t i = 0; i < n; i++) {
    double a = 1 - t[i], b = t[i];
    double variance = a * a + b * b * s2, slope = (-a + b * s2) / variance;
    double logs[COMPONENTS], top = -INFINITY, total = 0;
    const double *at = x + 2 * i;
    for (int k = 0; k < COMPONENTS; k++) {
      double p = at[0] - b * means[k][0], q = at[1] - b * means[k][1];
      logs[k] = -(p * p + q * q) / (2 * variance);
      top = fmax(top, logs[k]);
    }
    v[2 * i] = v[2 * i + 1] = 0;
    for (int k = 0; k < COMPONENTS; k++) {
      double r = exp(logs[k] - top);
      total += r;
      for (int j = 0; j < 2; j++)
        v[2 * i + j] += r * (means[k][j] + slope * (at[j] - b * means[k][j]));
    }
    v[2 * i] /= total;
    v[2 * i + 1] /= total;
  }
  return 0;
}
