/* Arithmetic contexts: one way to write an algorithm for every arithmetic.
 *
 * A number is an fc_num (an array of one, so that it is passed by reference,
 * as in FLINT and MPFR).  What it holds is decided by the fc_ctx with which it
 * was initialised; every operation takes that same ctx last.  Numbers of
 * different contexts must not be mixed, save through the conversions below.
 *
 *   fc_ctx ctx[1];
 *   fc_ctx_init_mpfr(ctx, 128);
 *   fc_num x, y;
 *   fc_init(x, ctx); fc_init(y, ctx);
 *   fc_set_si(x, 2, ctx);
 *   fc_sqrt(y, x, ctx);
 *   fc_clear(x, ctx); fc_clear(y, ctx);
 *
 * Contexts:
 *   FC_DOUBLE  binary64; functions through libm and GSL
 *   FC_MPFR    binary floating point of any precision, each operation
 *              correctly rounded to nearest
 *   FC_ARB     real balls: the result contains the exact result for every
 *              point of the operands
 *   FC_ACB     complex balls (for rigorous quadrature); order comparisons and
 *              the non-holomorphic functions give indeterminate results
 *   FC_SERIES  truncated power series c_0 + c_1 h + ... + c_{n-1} h^{n-1} over
 *              one of the contexts above; comparisons and the like look at c_0
 *
 * An operation outside its domain yields NaN (an indeterminate ball in Arb);
 * nothing aborts.  Outputs may alias inputs in every operation.
 * Contexts are small values that may be copied; a series context points at its
 * base context, which must outlive it.  Thread-safe: no global state.
 */
#ifndef FC_ARITH_ARITH_H
#define FC_ARITH_ARITH_H

#include <gmp.h>
#include <mpfr.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

typedef enum fc_arith {
  FC_DOUBLE,
  FC_MPFR,
  FC_ARB,
  FC_ACB,
  FC_SERIES
} fc_arith;

/* Answers of comparisons.  In balls a question can have no answer; a question
 * about NaN has none in any context. */
typedef enum fc_truth { FC_FALSE = 0, FC_TRUE = 1, FC_UNKNOWN = 2 } fc_truth;

typedef struct fc_num_struct {
  union {
    double d;
    void *pointer;
    mpfr_t mpfr;
    uint64_t words[12]; /* room for an acb_struct, the largest kind */
  } as;
} fc_num_struct;

typedef fc_num_struct fc_num[1];
typedef fc_num_struct *fc_ptr; /* also a vector of numbers: v, v + 1, ... */
typedef const fc_num_struct *fc_srcptr;

typedef struct fc_ctx fc_ctx;

/* The one table behind which every arithmetic stands. */
typedef struct fc_ops {
  void (*init)(fc_ptr, const fc_ctx *); /* to zero */
  void (*clear)(fc_ptr, const fc_ctx *);
  void (*set)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*set_si)(fc_ptr, long, const fc_ctx *);
  void (*set_d)(fc_ptr, double, const fc_ctx *); /* exactly where it fits */
  void (*set_mpfr)(fc_ptr, mpfr_srcptr, const fc_ctx *);
  void (*set_mpq)(fc_ptr, mpq_srcptr, const fc_ctx *);
  void (*set_inf)(fc_ptr, int sign, const fc_ctx *);
  void (*set_pi)(fc_ptr, const fc_ctx *);
  void (*set_interval)(fc_ptr, mpfr_srcptr low, mpfr_srcptr high,
                       const fc_ctx *);

  void (*neg)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*abs)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*inv)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*sqr)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*sqrt)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*exp)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*expm1)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*log)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*log1p)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*sin)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*cos)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*sin_pi)(fc_ptr, fc_srcptr, const fc_ctx *); /* sin(pi x) */
  void (*cos_pi)(fc_ptr, fc_srcptr, const fc_ctx *); /* cos(pi x) */
  void (*tan)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*atan)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*erf)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*erfc)(fc_ptr, fc_srcptr, const fc_ctx *);
  void (*erfcx)(fc_ptr, fc_srcptr, const fc_ctx *); /* exp(x^2) erfc(x) */

  void (*add)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*sub)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*mul)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*div)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*pow)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*min)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*max)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*hull)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *);
  void (*addmul)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *); /* z += x y */
  void (*submul)(fc_ptr, fc_srcptr, fc_srcptr, const fc_ctx *); /* z -= x y */
  /* z = x_0 y_0 + x_1 y_(-1) + ... : see fc_dot_reversed */
  void (*dot)(fc_ptr, fc_srcptr, fc_srcptr, long, const fc_ctx *);

  void (*add_si)(fc_ptr, fc_srcptr, long, const fc_ctx *);
  void (*mul_si)(fc_ptr, fc_srcptr, long, const fc_ctx *);
  void (*div_si)(fc_ptr, fc_srcptr, long, const fc_ctx *);
  void (*mul_2exp_si)(fc_ptr, fc_srcptr, long, const fc_ctx *);
  void (*pow_si)(fc_ptr, fc_srcptr, long, const fc_ctx *);

  fc_truth (*lt)(fc_srcptr, fc_srcptr, const fc_ctx *);
  fc_truth (*le)(fc_srcptr, fc_srcptr, const fc_ctx *);
  fc_truth (*eq)(fc_srcptr, fc_srcptr, const fc_ctx *);
  fc_truth (*is_zero)(fc_srcptr, const fc_ctx *);
  fc_truth (*is_positive)(fc_srcptr, const fc_ctx *);
  fc_truth (*is_negative)(fc_srcptr, const fc_ctx *);
  bool (*is_finite)(fc_srcptr, const fc_ctx *);
  int (*cmp_mid)(fc_srcptr, fc_srcptr, const fc_ctx *);

  double (*get_d)(fc_srcptr, const fc_ctx *);
  void (*get_mid)(mpfr_ptr, fc_srcptr, const fc_ctx *);
  void (*get_rad)(mpfr_ptr, fc_srcptr, const fc_ctx *);
  void (*get_enclosure)(mpfr_ptr, mpfr_ptr, fc_srcptr, const fc_ctx *);
} fc_ops;

struct fc_ctx {
  const fc_ops *ops;
  fc_arith kind;
  long precision;     /* bits: 53 for binary64 */
  const fc_ctx *base; /* series only: arithmetic of the coefficients */
  long length;        /* series only: number of coefficients, >= 1 */
};

/* --- contexts --------------------------------------------------------- */

#define FC_PRECISION_MIN 24
#define FC_PRECISION_MAX 65536

/* True where the library was built with FLINT/Arb. */
bool fc_have_arb(void);

void fc_ctx_init_double(fc_ctx *ctx);

/* precision in bits, FC_PRECISION_MIN <= precision; a caller that escalates
 * may exceed FC_PRECISION_MAX, which bounds only what users may ask for. */
void fc_ctx_init_mpfr(fc_ctx *ctx, long precision);

/* FC_UNSUPPORTED in a build without Arb. */
fc_status fc_ctx_init_arb(fc_ctx *ctx, long precision, fc_error *error);
fc_status fc_ctx_init_acb(fc_ctx *ctx, long precision, fc_error *error);

/* Series of the given length (number of coefficients, 1 <= length <= 4096). */
void fc_ctx_init_series(fc_ctx *ctx, const fc_ctx *base, long length);

/* --- vectors ---------------------------------------------------------- */

/* malloc'd vector of count zeros; NULL when memory ran out. */
fc_ptr fc_vec_new(size_t count, const fc_ctx *ctx);

/* Clears the numbers and frees the vector; NULL is allowed. */
void fc_vec_free(fc_ptr vector, size_t count, const fc_ctx *ctx);

void fc_vec_set(fc_ptr z, fc_srcptr x, size_t count, const fc_ctx *ctx);
void fc_vec_zero(fc_ptr z, size_t count, const fc_ctx *ctx);

/* --- numbers: thin names for the table -------------------------------- */

#define FC_UNARY(name)                                                         \
  static inline void fc_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx) {     \
    ctx->ops->name(z, x, ctx);                                                 \
  }
#define FC_BINARY(name)                                                        \
  static inline void fc_##name(fc_ptr z, fc_srcptr x, fc_srcptr y,             \
                               const fc_ctx *ctx) {                            \
    ctx->ops->name(z, x, y, ctx);                                              \
  }
#define FC_MIXED(name)                                                         \
  static inline void fc_##name(fc_ptr z, fc_srcptr x, long n,                  \
                               const fc_ctx *ctx) {                            \
    ctx->ops->name(z, x, n, ctx);                                              \
  }
#define FC_ASK(name)                                                           \
  static inline fc_truth fc_##name(fc_srcptr x, fc_srcptr y,                   \
                                   const fc_ctx *ctx) {                        \
    return ctx->ops->name(x, y, ctx);                                          \
  }

FC_UNARY(set)
FC_UNARY(neg)
FC_UNARY(abs)
FC_UNARY(inv)
FC_UNARY(sqr)
FC_UNARY(sqrt)
FC_UNARY(exp)
FC_UNARY(expm1)
FC_UNARY(log)
FC_UNARY(log1p)
FC_UNARY(sin)
FC_UNARY(cos)
FC_UNARY(sin_pi)
FC_UNARY(cos_pi)
FC_UNARY(tan)
FC_UNARY(atan)
FC_UNARY(erf)
FC_UNARY(erfc)
FC_UNARY(erfcx)
FC_BINARY(add)
FC_BINARY(sub)
FC_BINARY(mul)
FC_BINARY(div)
FC_BINARY(pow)
FC_BINARY(min)
FC_BINARY(max)
/* A ball that contains both; the mean where numbers have no radius. */
FC_BINARY(hull)
FC_BINARY(addmul)
FC_BINARY(submul)
FC_MIXED(add_si)
FC_MIXED(mul_si)
FC_MIXED(div_si)
FC_MIXED(mul_2exp_si)
FC_MIXED(pow_si)
FC_ASK(lt)
FC_ASK(le)
FC_ASK(eq)

#undef FC_UNARY
#undef FC_BINARY
#undef FC_MIXED
#undef FC_ASK

/* z = Sum_{i<n} x[i] y[-i], n >= 0: the terms of a Cauchy product.  z is none
 * of the operands.  In MPFR the products are summed with more bits than the
 * precision and rounded once: the error is about a unit in the last place of
 * the largest term. */
static inline void fc_dot_reversed(fc_ptr z, fc_srcptr x, fc_srcptr y, long n,
                                   const fc_ctx *ctx) {
  ctx->ops->dot(z, x, y, n, ctx);
}

static inline void fc_init(fc_ptr z, const fc_ctx *ctx) {
  ctx->ops->init(z, ctx);
}
static inline void fc_clear(fc_ptr z, const fc_ctx *ctx) {
  ctx->ops->clear(z, ctx);
}
static inline void fc_swap(fc_ptr x, fc_ptr y) {
  fc_num_struct keep = *x;
  *x = *y;
  *y = keep;
}
static inline void fc_set_si(fc_ptr z, long n, const fc_ctx *ctx) {
  ctx->ops->set_si(z, n, ctx);
}
static inline void fc_set_d(fc_ptr z, double d, const fc_ctx *ctx) {
  ctx->ops->set_d(z, d, ctx);
}
/* Rounds to nearest (binary64, MPFR) or encloses exactly (balls). */
static inline void fc_set_mpfr(fc_ptr z, mpfr_srcptr x, const fc_ctx *ctx) {
  ctx->ops->set_mpfr(z, x, ctx);
}
static inline void fc_set_mpq(fc_ptr z, mpq_srcptr x, const fc_ctx *ctx) {
  ctx->ops->set_mpq(z, x, ctx);
}
/* sign > 0: +infinity, otherwise -infinity. */
static inline void fc_set_inf(fc_ptr z, int sign, const fc_ctx *ctx) {
  ctx->ops->set_inf(z, sign, ctx);
}
static inline void fc_set_pi(fc_ptr z, const fc_ctx *ctx) {
  ctx->ops->set_pi(z, ctx);
}
/* A ball that contains [low, high]; the midpoint where numbers have no radius;
 * NaN unless low <= high. */
static inline void fc_set_interval(fc_ptr z, mpfr_srcptr low, mpfr_srcptr high,
                                   const fc_ctx *ctx) {
  ctx->ops->set_interval(z, low, high, ctx);
}
/* Every value that the number stands for is finite (no NaN, no infinity). */
static inline bool fc_is_finite(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->ops->is_finite(x, ctx);
}
/* Nearest double of the value or midpoint (c_0 for series, real part for
 * complex): for choosing a strategy, never for deciding a verdict. */
static inline double fc_get_d(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->ops->get_d(x, ctx);
}
/* The value or midpoint, rounded to the precision of mid. */
static inline void fc_get_mid(mpfr_ptr mid, fc_srcptr x, const fc_ctx *ctx) {
  ctx->ops->get_mid(mid, x, ctx);
}
/* The radius about the exact midpoint, rounded up.  NaN where nothing is
 * promised (binary64, MPFR); +infinity for indeterminate balls. */
static inline void fc_get_rad(mpfr_ptr rad, fc_srcptr x, const fc_ctx *ctx) {
  ctx->ops->get_rad(rad, x, ctx);
}

/* mid = midpoint rounded to the precision of mid, and rad (rounded up) such
 * that the true value lies within rad of that very mid; NaN and +infinity as
 * in fc_get_rad. */
static inline void fc_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, fc_srcptr x,
                                    const fc_ctx *ctx) {
  ctx->ops->get_enclosure(mid, rad, x, ctx);
}

static inline fc_truth fc_is_zero(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->ops->is_zero(x, ctx);
}
static inline fc_truth fc_is_positive(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->ops->is_positive(x, ctx);
}
static inline fc_truth fc_is_negative(fc_srcptr x, const fc_ctx *ctx) {
  return ctx->ops->is_negative(x, ctx);
}

/* Compares midpoints in full precision: -1, 0, 1.  A heuristic for pivots and
 * for picking the largest term; NaN compares as the smallest. */
static inline int fc_cmp_mid(fc_srcptr x, fc_srcptr y, const fc_ctx *ctx) {
  return ctx->ops->cmp_mid(x, y, ctx);
}

/* --- series ----------------------------------------------------------- */

/* The coefficient c_i (0 <= i < length), a number of ctx->base; owned by x. */
fc_ptr fc_series_coeff(fc_ptr x, long i);
fc_srcptr fc_series_coeff_src(fc_srcptr x, long i);

/* z = x_0 + slope h with x_0, slope numbers of ctx->base. */
void fc_series_set_linear(fc_ptr z, fc_srcptr x0, fc_srcptr slope,
                          const fc_ctx *ctx);

/* --- conversion between contexts -------------------------------------- */

/* z (in zctx) = x (in xctx).  From balls to binary64 or MPFR: the midpoint.
 * From numbers to balls: the exact point.  From a real context to a series
 * over it: a constant series. */
void fc_convert(fc_ptr z, const fc_ctx *zctx, fc_srcptr x, const fc_ctx *xctx);

/* --- printing --------------------------------------------------------- */

/* malloc'd decimal text of the value or midpoint with the given number of
 * significant digits (0: as many as identify the value), locale-independent;
 * "nan", "inf", "-inf" otherwise.  NULL when memory ran out. */
char *fc_print_mid(fc_srcptr x, int digits, const fc_ctx *ctx);

/* The same for an MPFR number. */
char *fc_print_mpfr(mpfr_srcptr x, int digits);

#endif
