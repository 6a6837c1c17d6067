/* E exp(i s (x - c)) of p_t, term by term:
 *   N(m, v)            exp(i s (m - c) - s^2 v/2)
 *   uniform on [l, u]  (exp(i s (u - c)) - exp(i s (l - c)))/(i s (u - l))
 *   N(m, v) on [l, u]  exp(i s (m - c)) (G(B) - G(A))/(Phi(B) - Phi(A)),
 * with A = (l - m)/sqrt v, B = (u - m)/sqrt v, p = s sqrt v and
 *   G(y) = exp(-p^2/2) Phi(y - i p)
 *        = exp(-y^2/2 + i y p) erfcx(-(y - i p)/sqrt 2)/2             (y <= 0)
 *        = exp(-p^2/2) - exp(-y^2/2 + i y p) erfcx((y - i p)/sqrt 2)/2 (y > 0),
 * times exp(-s^2 a^2/2) for the noise of a piece.
 */
#include <stdlib.h>

#include "arith/balls.h"
#include "spectral_gap/ball_law.h"

enum { COMPLEX_ROOM = 3, REAL_ROOM = 8 };

typedef struct transform {
  const fc_ball_law *law;
  fc_ptr z; /* complex: COMPLEX_ROOM */
  fc_ptr x; /* real: REAL_ROOM */
} transform;

/* z = exp(-p^2/2). */
static void set_gauss(fc_ptr z, fc_srcptr p, const transform *w) {
  const fc_ctx *real = w->law->real;
  fc_ptr x = w->x;
  fc_sqr(x, p, real);
  fc_mul_2exp_si(x, x, -1, real);
  fc_neg(x, x, real);
  fc_exp(x, x, real);
  fc_convert(z, w->law->complex, x, real);
}

/* w->z[0] = the part with erfcx of G(y). */
static void set_tail(fc_srcptr y, fc_srcptr p, bool above, const transform *w) {
  const fc_ctx *complex = w->law->complex, *real = w->law->real;
  fc_ptr root = w->z, t = w->z + 1, x = w->x, imaginary = w->x + 1;
  fc_set_si(x, 2, real);
  fc_sqrt(x, x, real);
  fc_div(imaginary, p, x, real);
  fc_neg(imaginary, imaginary, real);
  fc_div(x, y, x, real);
  fc_complex_join(root, x, imaginary); /* (y - i p)/sqrt 2 */
  if (!above)
    fc_neg(root, root, complex);
  fc_erfcx(root, root, complex);
  fc_mul_2exp_si(root, root, -1, complex);
  if (above)
    fc_neg(root, root, complex);
  set_gauss(t, y, w);
  fc_mul(root, root, t, complex);
  fc_mul(x, y, p, real);
  fc_sin(imaginary, x, real);
  fc_cos(x, x, real);
  fc_complex_join(t, x, imaginary);
  fc_mul(root, root, t, complex);
}

/* z = G(B) - G(A) at p; exp(-p^2/2) is not there where it would cancel. */
static void set_between(fc_ptr z, const fc_ball_term *t, fc_srcptr p,
                        const transform *w) {
  const fc_ctx *real = w->law->real, *complex = w->law->complex;
  fc_srcptr const ends[2] = {t->lower, t->upper};
  fc_ptr y = w->x + 2, spread = w->x + 3;
  bool above[2] = {false, true}; /* of infinite ends */
  fc_set_si(z, 0, complex);
  fc_sqrt(spread, t->variance, real);
  for (int side = 0; side < 2; side++) {
    if (!ends[side])
      continue;
    fc_sub(y, ends[side], t->mean, real);
    fc_div(y, y, spread, real);
    above[side] = fc_is_positive(y, real) == FC_TRUE;
    set_tail(y, p, above[side], w);
    if (side)
      fc_add(z, z, w->z, complex);
    else
      fc_sub(z, z, w->z, complex);
  }
  if (above[0] == above[1])
    return;
  set_gauss(w->z, p, w);
  if (above[1])
    fc_add(z, z, w->z, complex);
  else
    fc_sub(z, z, w->z, complex);
}

/* re, im of a restricted normal law but for exp(i s (m - c)). */
static void restricted(fc_ptr re, fc_ptr im, const fc_ball_term *t, fc_srcptr s,
                       const transform *w) {
  const fc_ctx *real = w->law->real;
  fc_ptr p = w->x + 4, z = w->z + 2, mass = w->x + 5;
  fc_set_si(p, 0, real);
  set_between(z, t, p, w);
  fc_convert(mass, real, z, w->law->complex);
  fc_sqrt(p, t->variance, real);
  fc_mul(p, p, s, real);
  set_between(z, t, p, w);
  fc_complex_split(re, im, z);
  fc_div(re, re, mass, real);
  fc_div(im, im, mass, real);
}

/* re, im of a uniform law but for exp(i s m), m its middle:
 * sin(s h)/(s h), h half its width. */
static void flat(fc_ptr re, fc_ptr im, const fc_ball_term *t, fc_srcptr s,
                 const transform *w) {
  const fc_ctx *real = w->law->real;
  fc_ptr h = w->x;
  fc_set_si(im, 0, real);
  fc_set_si(re, 1, real);
  if (fc_is_zero(s, real) == FC_TRUE)
    return;
  fc_sub(h, t->upper, t->lower, real);
  fc_mul_2exp_si(h, h, -1, real);
  fc_mul(h, h, s, real);
  fc_sin(re, h, real);
  fc_div(re, re, h, real);
}

/* size = exp(-s^2 v/2). */
static void damp(fc_ptr size, fc_srcptr s, fc_srcptr variance,
                 const fc_ctx *real) {
  fc_sqr(size, s, real);
  fc_mul(size, size, variance, real);
  fc_mul_2exp_si(size, size, -1, real);
  fc_neg(size, size, real);
  fc_exp(size, size, real);
}

/* cosine += w Re, sine += w Im of one term. */
static void add_term(fc_ptr cosine, fc_ptr sine, const fc_ball_term *t,
                     fc_srcptr s, double c, const transform *w) {
  const fc_ball_law *law = w->law;
  const fc_ctx *real = law->real;
  fc_ptr re = w->x + 6, im = w->x + 7, turn = w->x, x = w->x + 1, y = w->x + 2,
         size = w->x + 3;
  if (!law->piece) {
    fc_set_si(re, 1, real);
    fc_set_si(im, 0, real);
  } else if (t->uniform) {
    flat(re, im, t, s, w);
  } else {
    restricted(re, im, t, s, w);
  }
  if (law->piece) {
    fc_sqr(y, law->a, real);
    damp(size, s, y, real);
  } else {
    damp(size, s, t->variance, real);
  }
  fc_mul(size, size, t->weight, real);
  fc_set_d(turn, c, real);
  if (t->uniform) {
    fc_add(x, t->lower, t->upper, real);
    fc_mul_2exp_si(x, x, -1, real);
  } else {
    fc_set(x, t->mean, real);
  }
  fc_sub(turn, x, turn, real);
  fc_mul(turn, turn, s, real);
  fc_sin(x, turn, real);
  fc_cos(turn, turn, real);
  fc_mul(y, re, turn, real); /* (re + i im)(turn + i x) */
  fc_submul(y, im, x, real);
  fc_addmul(cosine, size, y, real);
  fc_mul(y, re, x, real);
  fc_addmul(y, im, turn, real);
  fc_addmul(sine, size, y, real);
}

fc_status fc_ball_law_moments(fc_ptr cosines, fc_ptr sines, size_t count,
                              const fc_ball_law *law, double omega, double c) {
  const fc_ctx *real = law->real;
  fc_ptr x = fc_vec_new(REAL_ROOM + 2, real);
  fc_ptr z = fc_vec_new(COMPLEX_ROOM, law->complex);
  fc_status status = x && z ? FC_OK : FC_MEMORY;
  const transform w = {law, z, x};
  if (!status) {
    fc_ptr s = x + REAL_ROOM, total = x + REAL_ROOM + 1;
    for (size_t k = 0; k < law->count; k++)
      fc_add(total, total, law->terms[k].weight, real);
    for (size_t n = 0; n < count; n++) {
      fc_set_d(s, omega, real);
      fc_mul_si(s, s, (long)n, real);
      fc_set_si(cosines + n, 0, real);
      fc_set_si(sines + n, 0, real);
      for (size_t k = 0; k < law->count; k++)
        add_term(cosines + n, sines + n, &law->terms[k], s, c, &w);
      fc_div(cosines + n, cosines + n, total, real);
      fc_div(sines + n, sines + n, total, real);
    }
  }
  fc_vec_free(x, REAL_ROOM + 2, real);
  fc_vec_free(z, COMPLEX_ROOM, law->complex);
  return status;
}
