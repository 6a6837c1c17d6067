/* Along the coupling x' = q/(p + q), y' = 1 - x', z' = p q/(p + q); where a law
 * stays at an event the other one's place is u and z' its density.  The series
 * of these about a point are found one coefficient after the other, at the
 * centre for the polynomial, and for the range of x and y for the remainder: x
 * and y increase, so that the ends bound them. */
#include "transport/line_taylor.h"

#include "arith/balls.h"

/* In the arithmetic of series of some length. */
typedef struct expansion {
  fc_ctx ctx; /* series over balls */
  fc_num x[2], p[2], integrand, t, s;
} expansion;

static void each(expansion *e, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {e->x[0],      e->x[1], e->p[0], e->p[1],
                            e->integrand, e->t,    e->s};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], &e->ctx);
}

/* p = the density of the law at the series x. */
static void set_density(fc_ptr p, expansion *e, const fc_line_law *law,
                        long stretch, fc_srcptr x) {
  const fc_ctx *ctx = &e->ctx, *base = &law->ctx;
  fc_set_si(p, 0, ctx);
  for (size_t k = 0; k < law->count; k++) {
    const fc_line_part *part = law->parts + k;
    if (!(part->first < stretch && stretch <= part->last))
      continue;
    fc_convert(e->t, ctx, part->height, base);
    if (!part->uniform) {
      fc_convert(e->s, ctx, part->mean, base);
      fc_sub(e->s, x, e->s, ctx);
      fc_sqr(e->s, e->s, ctx);
      fc_mul_2exp_si(e->s, e->s, -1, ctx);
      for (int twice = 0; twice < 2; twice++)
        for (long i = 0; i < ctx->length; i++)
          fc_div(fc_series_coeff(e->s, i), fc_series_coeff(e->s, i),
                 part->spread, base);
      fc_sub(e->t, e->t, e->s, ctx);
    }
    fc_exp(e->t, e->t, ctx);
    fc_add(p, p, e->t, ctx);
  }
}

/* Both densities, and t = x_0'. */
static void set_slopes(expansion *e, const fc_line_pair *pair,
                       const fc_line_cell *cell) {
  const fc_ctx *ctx = &e->ctx;
  for (int i = 0; i < 2; i++)
    if (!cell->fixed[i])
      set_density(e->p[i], e, pair->law + i, cell->at[i], e->x[i]);
  if (cell->fixed[0] || cell->fixed[1])
    return;
  fc_add(e->t, e->p[0], e->p[1], ctx);
  fc_div(e->t, e->p[1], e->t, ctx);
}

static void start_expansion(expansion *e, const fc_ctx *base, long length) {
  fc_ctx_init_series(&e->ctx, base, length);
  each(e, fc_init);
}

/* The first coefficients of x_0 and x_1, from what is known of x_0. */
static void load(expansion *e, fc_srcptr known, fc_srcptr other) {
  const fc_ctx *base = e->ctx.base;
  for (long i = 0; i < e->ctx.length; i++) {
    fc_set(fc_series_coeff(e->x[0], i), known + i, base);
    fc_neg(fc_series_coeff(e->x[1], i), known + i, base);
  }
  fc_set(fc_series_coeff(e->x[1], 0), other, base);
  if (e->ctx.length > 1)
    fc_add_si(fc_series_coeff(e->x[1], 1), fc_series_coeff(e->x[1], 1), 1,
              base);
}

/* One law moves, the other one stays. */
static void load_fixed(expansion *e, const fc_line_cell *cell, fc_num *start) {
  for (int i = 0; i < 2; i++) {
    fc_convert(e->x[i], &e->ctx, start[i], e->ctx.base);
    if (!cell->fixed[i] && e->ctx.length > 1)
      fc_set_si(fc_series_coeff(e->x[i], 1), 1, e->ctx.base);
  }
}

/* x_0 and x_1 as series: with its coefficients up to c_(j-1) those of x_0' are
 * right up to c_(j-1), too, and give c_j. */
static fc_status solve(expansion *e, const fc_line_pair *pair,
                       const fc_line_cell *cell, fc_num *start) {
  const fc_ctx *base = e->ctx.base;
  if (cell->fixed[0] || cell->fixed[1]) {
    load_fixed(e, cell, start);
    return FC_OK;
  }
  long full = e->ctx.length;
  fc_ptr known = fc_vec_new((size_t)full, base);
  if (!known)
    return FC_MEMORY;
  fc_set(known, start[0], base);
  for (long j = 1; j < full; j++) {
    expansion shorter;
    start_expansion(&shorter, base, j);
    load(&shorter, known, start[1]);
    set_slopes(&shorter, pair, cell);
    fc_div_si(known + j, fc_series_coeff_src(shorter.t, j - 1), j, base);
    each(&shorter, fc_clear);
  }
  load(e, known, start[1]);
  fc_vec_free(known, (size_t)full, base);
  return FC_OK;
}

/* integrand = D^2 z'. */
static void set_integrand(expansion *e, const fc_line_pair *pair,
                          const fc_line_cell *cell) {
  const fc_ctx *ctx = &e->ctx;
  set_slopes(e, pair, cell);
  if (cell->fixed[0])
    fc_set(e->integrand, e->p[1], ctx);
  else if (cell->fixed[1])
    fc_set(e->integrand, e->p[0], ctx);
  else
    fc_mul(e->integrand, e->t, e->p[0], ctx);
  fc_convert(e->t, ctx, pair->shift, &pair->ctx);
  fc_mul_2exp_si(e->s, e->x[0], pair->exponent[0], ctx);
  fc_add(e->t, e->t, e->s, ctx);
  fc_mul_2exp_si(e->s, e->x[1], pair->exponent[1], ctx);
  fc_sub(e->t, e->t, e->s, ctx);
  fc_sqr(e->t, e->t, ctx);
  fc_mul(e->integrand, e->integrand, e->t, ctx);
}

static fc_status expand(expansion *e, const fc_line_pair *pair,
                        const fc_line_cell *cell, fc_num *start) {
  fc_status status = solve(e, pair, cell, start);
  if (!status)
    set_integrand(e, pair, cell);
  return status;
}

/* h = u(station) - u(centre). */
static void distance(fc_ptr h, fc_ptr t, const fc_line_station *station,
                     const fc_line_station *centre, const fc_ctx *ctx) {
  fc_set_si(h, 0, ctx);
  for (int i = 0; i < 2; i++) {
    if (centre->cell.fixed[i])
      continue;
    fc_sub(t, station->x[i], centre->x[i], ctx);
    fc_add(h, h, t, ctx);
  }
}

/* z += sign sum_j c_j h^(j+1)/(j+1). */
static void add_polynomial(fc_ptr z, const expansion *e, fc_srcptr h, int sign,
                           fc_ptr power, fc_ptr t, const fc_ctx *ctx) {
  fc_set_si(power, sign, ctx);
  for (long j = 0; j + 1 < e->ctx.length; j++) {
    fc_mul(power, power, h, ctx);
    fc_mul(t, power, fc_series_coeff_src(e->integrand, j), ctx);
    fc_div_si(t, t, j + 1, ctx);
    fc_add(z, z, t, ctx);
  }
}

/* z is widened by |c_n| |h|^(n+1)/(n+1). */
static void add_remainder(fc_ptr z, expansion *e, fc_srcptr h, fc_ptr power,
                          const fc_ctx *ctx) {
  long n = e->ctx.length - 1;
  fc_abs(power, h, ctx);
  fc_pow_si(power, power, n + 1, ctx);
  fc_mul(power, power, fc_series_coeff_src(e->integrand, n), ctx);
  fc_div_si(power, power, n + 1, ctx);
  fc_majorant(power, power, ctx);
  fc_widen(z, power, ctx);
}

fc_status fc_line_taylor(fc_ptr z, fc_line_pair *pair,
                         const fc_line_station *from, const fc_line_station *to,
                         const fc_line_station *centre, long order) {
  const fc_ctx *ctx = &pair->ctx;
  expansion e;
  fc_num low, high, power, t, range[2], place[2];
  fc_ptr const numbers[] = {low,      high,     power,    t,
                            range[0], range[1], place[0], place[1]};
  for (int i = 0; i < 8; i++)
    fc_init(numbers[i], ctx);
  start_expansion(&e, ctx, order + 1);
  distance(low, t, from, centre, ctx);
  distance(high, t, to, centre, ctx);
  for (int i = 0; i < 2; i++)
    fc_hull(range[i], from->x[i], to->x[i], ctx);
  for (int i = 0; i < 2; i++)
    fc_set(place[i], centre->x[i], ctx);
  fc_status status = expand(&e, pair, &centre->cell, place);
  fc_set_si(z, 0, ctx);
  add_polynomial(z, &e, high, 1, power, t, ctx);
  add_polynomial(z, &e, low, -1, power, t, ctx);
  if (!status)
    status = expand(&e, pair, &centre->cell, range);
  add_remainder(z, &e, high, power, ctx);
  add_remainder(z, &e, low, power, ctx);
  each(&e, fc_clear);
  for (int i = 0; i < 8; i++)
    fc_clear(numbers[i], ctx);
  return status;
}
