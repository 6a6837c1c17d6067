/* Private to lib/arith: truncated power series.
 *
 * A number of a series context points at a vector of ctx->length coefficients
 * in ctx->base.  The pointer is NULL only where memory ran out at init: such a
 * number reads as NaN and swallows what is written to it. */
#ifndef FC_ARITH_SERIES_PRIVATE_H
#define FC_ARITH_SERIES_PRIVATE_H

#include "arith/arith_private.h"

static inline fc_ptr fc_coeffs(fc_ptr x) { return x->as.pointer; }
static inline fc_srcptr fc_coeffs_src(fc_srcptr x) { return x->as.pointer; }

/* Are all coefficients after c_0 exactly zero? */
bool fc_series_is_constant(fc_srcptr x, const fc_ctx *ctx);

/* The largest i with x_i not exactly zero, at least 0. */
long fc_series_degree(fc_srcptr x, const fc_ctx *ctx);

void fc_series_set_nan(fc_ptr z, const fc_ctx *ctx);

/* z = Sum_{j=from}^{to} x_j y_{k-j} over coefficient vectors. */
void fc_series_dot(fc_ptr z, fc_srcptr x, fc_srcptr y, long from, long to,
                   long k, const fc_ctx *base);

/* A kernel computes the coefficients z (fresh zeros, no alias) of a function of
 * the series x; it returns false where memory ran out. */
typedef bool (*fc_series_kernel)(fc_ptr z, fc_srcptr x, const fc_ctx *ctx);

/* z = f(x): through at_constant where x is a constant, which no recurrence
 * disturbs; otherwise through kernel. */
void fc_series_apply(fc_ptr z, fc_srcptr x,
                     void (*at_constant)(fc_ptr, fc_srcptr, const fc_ctx *),
                     fc_series_kernel kernel, const fc_ctx *ctx);

/* Parts of the table. */
#define FC_SERIES_UNARY(name)                                                  \
  void fc_series_##name(fc_ptr z, fc_srcptr x, const fc_ctx *ctx);
#define FC_SERIES_BINARY(name)                                                 \
  void fc_series_##name(fc_ptr z, fc_srcptr x, fc_srcptr y, const fc_ctx *ctx);
FC_SERIES_UNARY(inv)
FC_SERIES_UNARY(sqr)
FC_SERIES_UNARY(sqrt)
FC_SERIES_UNARY(exp)
FC_SERIES_UNARY(expm1)
FC_SERIES_UNARY(log)
FC_SERIES_UNARY(log1p)
FC_SERIES_UNARY(sin)
FC_SERIES_UNARY(cos)
FC_SERIES_UNARY(sin_pi)
FC_SERIES_UNARY(cos_pi)
FC_SERIES_UNARY(tan)
FC_SERIES_UNARY(atan)
FC_SERIES_UNARY(erf)
FC_SERIES_UNARY(erfc)
FC_SERIES_UNARY(erfcx)
FC_SERIES_BINARY(mul)
FC_SERIES_BINARY(div)
FC_SERIES_BINARY(pow)
FC_SERIES_BINARY(addmul)
FC_SERIES_BINARY(submul)
void fc_series_pow_si(fc_ptr z, fc_srcptr x, long n, const fc_ctx *ctx);
#undef FC_SERIES_UNARY
#undef FC_SERIES_BINARY

#endif
