#include "mutation/likeness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "formula/formula.h"

enum {
  POINTS = 2000,
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

/* x = min(x, 1): b increases to b_1 = 1, and is 1 for `ve`. */
static void set_one_at_most(fc_ptr x, const fc_ctx *ctx) {
  fc_num one;
  fc_init(one, ctx);
  fc_set_si(one, 1, ctx);
  if (fc_cmp_mid(x, one, ctx) > 0)
    fc_set(x, one, ctx);
  fc_clear(one, ctx);
}

static void draw_schedule(fc_ptr values, bool flow, fc_random *random,
                          const fc_ctx *ctx) {
  fc_num temp;
  fc_init(temp, ctx);
  fc_neg(values + V_da, values + V_da, ctx);
  set_one_at_most(values + V_b, ctx);
  set_one_at_most(values + V_b0, ctx);
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

typedef struct comparer {
  const fc_ctx *ctx;
  bound *claims; /* the original first */
  size_t count;
  bound altered[1];
  bool at_least;
  fc_ptr values;   /* V_COUNT */
  fc_ptr room;     /* 5 */
  size_t compared; /* points at which both claim something */
  size_t claimed;  /* at which the altered one does */
  bool differ;     /* from the original, somewhere */
  bool stronger;   /* than the original, somewhere */
  bool novel;      /* than all claims */
} comparer;

/* x = y to EQUAL_BITS; room: two numbers. */
static bool is_equal(fc_srcptr x, fc_srcptr y, fc_ptr room, const fc_ctx *ctx) {
  fc_sub(room, x, y, ctx);
  fc_abs(room, room, ctx);
  fc_mul_2exp_si(room, room, EQUAL_BITS, ctx);
  fc_abs(room + 1, x, ctx);
  return fc_cmp_mid(room, room + 1, ctx) <= 0;
}

/* True where the bound y says more than the claim. */
static bool says_more(comparer *c, fc_srcptr y, const bound *claim,
                      bool *equal) {
  fc_ptr x = c->room + 1;
  *equal = false;
  if (!bound_value(x, claim, c->values, c->ctx))
    return true;
  *equal = is_equal(x, y, c->room + 2, c->ctx);
  int order = fc_cmp_mid(y, x, c->ctx);
  return !*equal && (c->at_least ? order > 0 : order < 0);
}

static void look(comparer *c) {
  fc_ptr x = c->room + 1, y = c->room;
  bool equal, first = bound_value(x, &c->claims[0], c->values, c->ctx);
  bool second = bound_value(y, c->altered, c->values, c->ctx);
  c->claimed += second;
  c->compared += first && second;
  c->differ = c->differ || first != second;
  if (!second)
    return;
  bool more = says_more(c, y, &c->claims[0], &equal);
  c->differ = c->differ || !equal;
  c->stronger = c->stronger || more;
  for (size_t i = 1; i < c->count && more; i++)
    more = says_more(c, y, &c->claims[i], &equal);
  c->novel = c->novel || more;
}

static fc_likeness answer(const comparer *c) {
  if (c->claimed == 0)
    return FC_LIKE_NO_VALUE;
  if (c->novel || c->compared < ENOUGH)
    return FC_LIKE_NEITHER;
  if (c->stronger)
    return FC_LIKE_LOOKS_IMPLIED;
  return c->differ ? FC_LIKE_LOOKS_WEAKER : FC_LIKE_EQUIVALENT;
}

static fc_status read_bounds(comparer *c, const fc_bound_texts *claims,
                             const fc_bound_texts *altered, fc_error *error) {
  fc_status status = c->values && c->room && c->claims ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < c->count && !status; i++)
    status = bound_init(&c->claims[i], &claims[i], error);
  return status ? status : bound_init(c->altered, altered, error);
}

fc_status fc_likeness_of(fc_likeness *likeness, const fc_bound_texts *claims,
                         size_t count, const fc_bound_texts *altered,
                         const char *assumed, bool at_least, bool flow,
                         fc_error *error) {
  fc_ctx ctx[1];
  fc_random random[1];
  fc_ctx_init_mpfr(ctx, BITS);
  fc_random_init(random, 1, "mutation", "likeness");
  comparer c = {.ctx = ctx,
                .claims = calloc(count, sizeof *c.claims),
                .count = count,
                .altered = {{{0}}},
                .at_least = at_least,
                .values = fc_vec_new(V_COUNT, ctx),
                .room = fc_vec_new(5, ctx)};
  fc_formula *premise = NULL;
  fc_status status = read_bounds(&c, claims, altered, error);
  if (!status && assumed)
    status = fc_formula_parse(&premise, assumed, fc_likeness_names, V_COUNT,
                              NULL, error);
  for (int i = 0; i < POINTS && !status && !c.novel; i++) {
    draw(c.values, flow, random, ctx);
    if (!premise || is_positive(c.room, premise, c.values, ctx))
      look(&c);
  }
  if (!status)
    *likeness = answer(&c);
  for (size_t i = 0; c.claims && i < count; i++)
    bound_clear(&c.claims[i]);
  bound_clear(c.altered);
  fc_formula_free(premise);
  free(c.claims);
  fc_vec_free(c.room, 5, ctx);
  fc_vec_free(c.values, V_COUNT, ctx);
  return status;
}
