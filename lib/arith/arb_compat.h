/* Private to lib/arith: Arb, whether it stands alone or in FLINT 3, and the
 * views of a number's storage as balls. */
#ifndef FC_ARITH_ARB_COMPAT_H
#define FC_ARITH_ARB_COMPAT_H

#ifdef FC_ARB_IN_FLINT
#include <flint/acb.h>
#include <flint/acb_hypgeom.h>
#include <flint/arb.h>
#include <flint/arb_hypgeom.h>
#include <flint/arb_mat.h>
#include <flint/fmpq.h>
#else
#include <acb.h>
#include <acb_hypgeom.h>
#include <arb.h>
#include <arb_hypgeom.h>
#include <arb_mat.h>
#include <flint/fmpq.h>
#endif

#include "arith/arith_private.h"

_Static_assert(sizeof(arb_t) <= sizeof(((fc_num_struct *)0)->as.words),
               "an arb_t must fit into an fc_num");
_Static_assert(sizeof(acb_t) <= sizeof(((fc_num_struct *)0)->as.words),
               "an acb_t must fit into an fc_num");

static inline arb_ptr fc_as_arb(fc_ptr x) { return (arb_ptr)x->as.words; }
static inline arb_srcptr fc_as_arb_src(fc_srcptr x) {
  return (arb_srcptr)x->as.words;
}
static inline acb_ptr fc_as_acb(fc_ptr x) { return (acb_ptr)x->as.words; }
static inline acb_srcptr fc_as_acb_src(fc_srcptr x) {
  return (acb_srcptr)x->as.words;
}

/* --- balls that Arb lacks or makes needlessly wide (ball_functions.c) --- */

void fc_arb_set_mpfr(arb_t z, mpfr_srcptr x);
void fc_arb_set_mpq(arb_t z, mpq_srcptr x, slong prec);
void fc_arb_set_interval(arb_t z, mpfr_srcptr low, mpfr_srcptr high,
                         slong prec);
void fc_arb_hull(arb_t z, const arb_t x, const arb_t y, slong prec);
void fc_arb_abs(arb_t z, const arb_t x, slong prec);
void fc_arb_sqr(arb_t z, const arb_t x, slong prec);
void fc_arb_pow(arb_t z, const arb_t x, const arb_t y, slong prec);
void fc_arb_pow_si(arb_t z, const arb_t x, slong n, slong prec);
void fc_arb_min(arb_t z, const arb_t x, const arb_t y, slong prec);
void fc_arb_max(arb_t z, const arb_t x, const arb_t y, slong prec);

/* exp(x^2) erfc(x) (ball_erfcx.c) */
void fc_arb_erfcx(arb_t z, const arb_t x, slong prec);
void fc_acb_erfcx(acb_t z, const acb_t x, slong prec);

/* Midpoint, radius, and both for one midpoint rounded to mid's precision
 * (ball_reading.c). */
void fc_arb_get_mid(mpfr_ptr mid, const arb_t x);
void fc_arb_get_rad(mpfr_ptr rad, const arb_t x);
void fc_arb_get_enclosure(mpfr_ptr mid, mpfr_ptr rad, const arb_t x);
int fc_arb_cmp_mid(const arb_t x, const arb_t y);

#endif
