#include "arith/double_functions.h"

#include <math.h>

static const double pi = 0x1.921fb54442d18p+1;

/* r in [-1/2, 1/2] and *odd with x = r + n, n even or odd; exact. */
static double nearest_integer_rest(double x, int *odd) {
  double y = fmod(x, 2);
  double n = nearbyint(y);
  *odd = fabs(n) == 1;
  return y - n;
}

/* sin(pi r) for |r| <= 1/2. */
static double sin_pi_reduced(double r) {
  if (fabs(r) <= 0.25)
    return sin(pi * r);
  return copysign(cos(pi * (0.5 - fabs(r))), r);
}

double fc_double_sin_pi(double x) {
  int odd;
  double r = nearest_integer_rest(x, &odd);
  double s = sin_pi_reduced(r);
  return odd ? -s : s;
}

double fc_double_cos_pi(double x) {
  int odd;
  double r = fabs(nearest_integer_rest(x, &odd));
  double c = r <= 0.25 ? cos(pi * r) : sin(pi * (0.5 - r));
  return odd ? -c : c;
}

/* 1/(x sqrt(pi)) sum_k (-1)^k (2k-1)!! / (2 x^2)^k; for x >= 10 the terms
 * fall below 2^-53 before k = 13. */
static double erfcx_asymptotic(double x) {
  const double inverse_sqrt_pi = 0x1.20dd750429b6dp-1;
  double q = 1 / x;
  q = q * q / 2;
  double sum = 1;
  for (int k = 13; k >= 1; k--)
    sum = 1 - (2 * k - 1) * q * sum;
  return inverse_sqrt_pi / x * sum;
}

double fc_double_erfcx(double x) {
  if (x >= 10)
    return erfcx_asymptotic(x);
  if (x < -27)
    return INFINITY;
  /* x^2 = high + low exactly; without low, exp would lose x^2 ulps. */
  double high = x * x;
  double low = fma(x, x, -high);
  double value = exp(high) * erfc(x);
  return isinf(value) ? value : fma(value, low, value);
}

static double small_power(double x, unsigned n) {
  double square = x * x;
  switch (n) {
  case 0:
    return 1;
  case 1:
    return x;
  case 2:
    return square;
  case 3:
    return square * x;
  default:
    return square * square;
  }
}

double fc_double_pow_si(double x, long n) {
  if (0 <= n && n <= 4)
    return small_power(x, (unsigned)n);
  if (n == -1)
    return 1 / x;
  /* The sign apart, for (double)n may be even where n is odd. */
  double value = pow(fabs(x), (double)n);
  return n % 2 != 0 && signbit(x) ? -value : value;
}
