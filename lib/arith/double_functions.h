/* Private to lib/arith: binary64 functions that libm lacks. */
#ifndef FC_ARITH_DOUBLE_FUNCTIONS_H
#define FC_ARITH_DOUBLE_FUNCTIONS_H

/* sin(pi x) and cos(pi x) with exact reduction of the argument. */
double fc_double_sin_pi(double x);
double fc_double_cos_pi(double x);

/* exp(x^2) erfc(x) to a few units in the last place, for every x. */
double fc_double_erfcx(double x);

/* x^n for every long n. */
double fc_double_pow_si(double x, long n);

#endif
