#include "mutation/likeness.h"

#include <math.h>
#include <string.h>

#include "base/random.h"
#include "formula/formula.h"

enum {
  POINTS = 600,
  ENOUGH = 20, /* points at which both claim something, for an answer */
  BITS = 192,
  EQUAL_BITS = 100
};

/* clang-format off */
#define NAMES(X) \
  X(t) X(r) X(a) X(b) X(da) X(db) X(omega) X(a0) X(b0) X(a_s) X(b_s) \
  X(kappa) X(beta) X(D) X(sigma) X(R) X(L) X(diam_nu) X(diam_rho) \
  X(C) X(Lip) X(C1) X(C2) X(m2) X(m1) X(W0) X(d) X(df) X(ddU) X(Edf) X(EddU)
/* clang-format on */

enum {
#define X(name) V_##name,
  NAMES(X)
#undef X
      V_COUNT
};

const char *const fc_likeness_names[] = {
#define X(name) #name,
    NAMES(X)
#undef X
};
const size_t fc_likeness_name_count = V_COUNT;

/* --- random points ----------------------------------------------------------
 */

/* Positive, of any order of magnitude; now and then far from 1. */
static double positive(fc_random *random) {
  double exponent = 1.5 * fc_random_normal(random);
  uint64_t rare = fc_random_bits(random) % 8;
  if (rare < 2)
    exponent += rare == 0 ? 8 : -8;
  return exp2(exponent);
}

static void set_product(fc_ptr values, int z, int x, double factor,
                        const fc_ctx *ctx) {
  fc_set_d(values + z, factor, ctx);
  fc_mul(values + z, values + z, values + x, ctx);
}

static void draw_schedule(fc_ptr values, bool flow, fc_random *random,
                          const fc_ctx *ctx) {
  fc_num temp;
  fc_init(temp, ctx);
  fc_neg(values + V_da, values + V_da, ctx);
  if (flow) {
    bool from_nothing = fc_random_bits(random) % 4 == 0;
    set_product(values, V_a, V_a_s, fc_random_uniform(random), ctx);
    set_product(values, V_b_s, V_b,
                from_nothing ? 0 : fc_random_uniform(random), ctx);
  }
  fc_mul(values + V_omega, values + V_a, values + V_db, ctx);
  fc_mul(temp, values + V_da, values + V_b, ctx);
  fc_sub(values + V_omega, values + V_omega, temp, ctx);
  fc_clear(temp, ctx);
}

static void draw_constants(fc_ptr values, fc_random *random,
                           const fc_ctx *ctx) {
  fc_num temp;
  fc_init(temp, ctx);
  if (fc_random_bits(random) % 2)
    fc_neg(values + V_kappa, values + V_kappa, ctx);
  else if (fc_cmp_mid(values + V_kappa, values + V_beta, ctx) > 0)
    fc_set(values + V_kappa, values + V_beta, ctx);
  fc_set_si(temp, 2, ctx);
  fc_sqrt(temp, temp, ctx);
  fc_mul(values + V_diam_nu, values + V_D, temp, ctx);
  /* Jung: R <= diam_rho/sqrt 2 in any dimension */
  bool on_line = fc_random_bits(random) % 4 == 0;
  double share = on_line ? 0 : 0.207 * fc_random_uniform(random);
  set_product(values, V_R, V_diam_rho, 0.5 + share, ctx);
  set_product(values, V_m1, V_m2, fc_random_uniform(random), ctx);
  fc_set_si(values + V_d, 1 + (long)(fc_random_bits(random) % 8), ctx);
  fc_set_d(values + V_t, fc_random_uniform(random), ctx);
  fc_set_si(values + V_r, 1, ctx);
  fc_sub(values + V_r, values + V_r, values + V_t, ctx);
  fc_clear(temp, ctx);
}

static void draw(fc_ptr values, bool flow, fc_random *random,
                 const fc_ctx *ctx) {
  for (int i = 0; i < V_COUNT; i++)
    fc_set_d(values + i, positive(random), ctx);
  draw_schedule(values, flow, random, ctx);
  draw_constants(values, random, ctx);
}

/* --- a bound at a point --------------------------------------------------- */

typedef struct bound {
  fc_formula *formula[4]; /* bound, where, late bound, late where, or NULL */
} bound;

static void bound_clear(bound *b) {
  for (int i = 0; i < 4; i++)
    fc_formula_free(b->formula[i]);
}

static fc_status bound_init(bound *b, const fc_bound_texts *texts,
                            fc_error *error) {
  const char *const all[] = {texts->bound, texts->where, texts->late_bound,
                             texts->late_where};
  fc_status status = FC_OK;
  *b = (bound){0};
  for (int i = 0; i < 4 && !status; i++)
    if (all[i])
      status = fc_formula_parse(&b->formula[i], all[i], fc_likeness_names,
                                V_COUNT, NULL, error);
  return status;
}

static bool is_positive(fc_ptr room, const fc_formula *formula,
                        fc_srcptr values, const fc_ctx *ctx) {
  return fc_formula_eval(room, formula, values, ctx) == FC_OK &&
         fc_is_positive(room, ctx) == FC_TRUE;
}

/* z = the bound; false where nothing is claimed. */
static bool bound_value(fc_ptr z, const bound *b, fc_srcptr values,
                        const fc_ctx *ctx) {
  if (b->formula[1] && !is_positive(z, b->formula[1], values, ctx))
    return false;
  bool late = b->formula[3] && is_positive(z, b->formula[3], values, ctx);
  return fc_formula_eval(z, b->formula[late ? 2 : 0], values, ctx) == FC_OK &&
         fc_is_finite(z, ctx);
}

/* --- comparing ---------------------------------------------------------------
 */

typedef struct seen {
  size_t compared; /* points at which both claim something */
  size_t claimed;  /* at which the altered one does */
  bool differ;     /* somewhere */
  bool stronger;   /* the altered one says more somewhere */
} seen;

/* x = y to EQUAL_BITS; temp is room. */
static bool is_equal(fc_srcptr x, fc_srcptr y, fc_ptr temp, fc_ptr size,
                     const fc_ctx *ctx) {
  fc_sub(temp, x, y, ctx);
  fc_abs(temp, temp, ctx);
  fc_mul_2exp_si(temp, temp, EQUAL_BITS, ctx);
  fc_abs(size, x, ctx);
  return fc_cmp_mid(temp, size, ctx) <= 0;
}

/* room: four numbers. */
static void look(seen *s, const bound *original, const bound *altered,
                 bool at_least, fc_srcptr values, fc_ptr room,
                 const fc_ctx *ctx) {
  fc_ptr x = room, y = room + 1;
  bool first = bound_value(x, original, values, ctx);
  bool second = bound_value(y, altered, values, ctx);
  s->claimed += second;
  s->compared += first && second;
  if (first != second)
    s->differ = true;
  if (!second)
    return;
  if (!first) {
    s->stronger = true;
  } else if (!is_equal(x, y, room + 2, room + 3, ctx)) {
    s->differ = true;
    int order = fc_cmp_mid(y, x, ctx);
    s->stronger = s->stronger || (at_least ? order > 0 : order < 0);
  }
}

static fc_likeness answer(const seen *s) {
  if (s->claimed == 0)
    return FC_LIKE_NO_VALUE;
  if (s->stronger)
    return FC_LIKE_NEITHER;
  if (s->compared < ENOUGH)
    return FC_LIKE_NEITHER;
  return s->differ ? FC_LIKE_LOOKS_WEAKER : FC_LIKE_EQUIVALENT;
}

fc_status fc_likeness_of(fc_likeness *likeness, const fc_bound_texts *original,
                         const fc_bound_texts *altered, bool at_least,
                         bool flow, fc_error *error) {
  fc_ctx ctx[1];
  fc_random random[1];
  bound both[2] = {{{0}}, {{0}}};
  seen s = {0};
  fc_ctx_init_mpfr(ctx, BITS);
  fc_random_init(random, 1, "mutation", "likeness");
  fc_ptr values = fc_vec_new(V_COUNT, ctx), room = fc_vec_new(4, ctx);
  fc_status status = values && room ? FC_OK : FC_MEMORY;
  if (!status)
    status = bound_init(&both[0], original, error);
  if (!status)
    status = bound_init(&both[1], altered, error);
  for (int i = 0; i < POINTS && !status && !s.stronger; i++) {
    draw(values, flow, random, ctx);
    look(&s, &both[0], &both[1], at_least, values, room, ctx);
  }
  bound_clear(&both[0]);
  bound_clear(&both[1]);
  fc_vec_free(room, 4, ctx);
  fc_vec_free(values, V_COUNT, ctx);
  if (!status)
    *likeness = answer(&s);
  return status;
}
