/* Certificates of kind `identity` and `cover`.  c, from formula = a'/a + (b omega/a^3) c, is model
 * and gap at (a, b) = (1 - p, p): the identity is tested at random p, a + b, a', b', so that c
 * depends on b/a alone, and p in [0, 1] is all there is. */
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum {
  MOST_CASES = 64,
  MOST_FACTORS = 64,
  MOST_CONDITIONS = 12,
  OCTAVES = 34, /* points lie at b/a = 2^-33 to 2^34 ... */
  DRAWS = 3,    /* so many in each octave; in three near 1 more */
  SPLITS = 8,   /* how often a leaf is halved */
  POINT_BITS = 192,
  IDENTITY_BITS = 2048,
  IDENTITY_ZERO = 1000 /* what is 0 to so many bits is 0 */
};

typedef struct part { /* a condition sign*text >= 0, or a factor of this sign */
  const char *text, *why;
  int node, sign;
} part;

/* c = model + gap (upper) or model - gap where the conditions hold. */
typedef struct one_case {
  const json_t *json;
  int model, gap, known[RC_MODELS]; /* nodes; known: inequalities, -1: none */
  size_t block;
  part conditions[MOST_CONDITIONS], factors[MOST_FACTORS];
  size_t condition_count, factor_count;
  bool found; /* points of it: else it proves nothing */
} one_case;

typedef struct checker {
  rc_claim *claim;
  rc_graph *g;
  one_case *cases;
  size_t count;
  part split[MOST_CONDITIONS]; /* the different conditions of all cases */
  size_t split_count;
  int a, b, da, db, omega, c, late_c, p, s; /* nodes: p, s are those that points are made of */
} checker;

void rc_bind_variables(rc_claim *claim) {
  static const char *const names[] = {"a", "b", "da", "db", "omega"};
  for (int i = 0; i < 5; i++) rc_bind(claim->g, names[i], rc_node_of(claim->g, RC_VARIABLE, 0, 0));
}

/* --- where formulas are evaluated --- */

static mpfi_ptr variable(checker *k, int node) { return k->g->nodes[node].value; }

/* (a, b) = (1 - p, p), p in [l, u]; omega = 1, only its sign matters; not a function of a', b'. */
static void set_leaf(checker *k, mpfr_srcptr l, mpfr_srcptr u) {
  mpfi_interv_fr(variable(k, k->b), l, u);
  mpfi_ui_sub(variable(k, k->a), 1, variable(k, k->b));
  mpfi_set_ui(variable(k, k->omega), 1);
  mpfr_set_nan(&variable(k, k->da)->left);
  mpfr_set_nan(&variable(k, k->db)->left);
}

static double uniform(checker *k) { return (double)(rc_random(&k->g->random) >> 11 | 1) * 0x1p-53; }

/* The same p, a random scale, random a' < 0 < b'. */
static void rescale(checker *k) {
  mpfi_ptr a = variable(k, k->a), b = variable(k, k->b), omega = variable(k, k->omega);
  double scale = uniform(k);
  mpfi_mul_d(a, a, scale);
  mpfi_mul_d(b, b, scale);
  mpfi_set_d(variable(k, k->da), -uniform(k));
  mpfi_set_d(variable(k, k->db), uniform(k));
  mpfi_mul(omega, variable(k, k->da), b);
  mpfi_neg(omega, omega);
  mpfi_t z;
  mpfi_init2(z, mpfi_get_prec(a));
  mpfi_mul(z, a, variable(k, k->db));
  mpfi_add(omega, omega, z);
  mpfi_clear(z);
}

/* --- reading --- */

static int read_sign(checker *k, const json_t *object) {
  json_int_t sign = json_integer_value(json_object_get(object, "sign"));
  if (sign != 1 && sign != -1) rc_reject(k->g, "a sign that is none");
  return sign < 0 ? -1 : 1;
}

static part read_part(checker *k, const json_t *json) {
  return (part){.text = rc_text(k->g, json, "text"),
                .node = rc_text_node(k->g, json, "text"),
                .sign = read_sign(k, json)};
}

/* Conditions that hold everywhere restrict nothing. */
static void read_conditions(one_case *c, checker *k, const json_t *list) {
  const json_t *json;
  size_t i;
  if (!json_is_array(list) || json_array_size(list) > MOST_CONDITIONS)
    rc_reject(k->g, "conditions: expected a short list");
  else json_array_foreach(list, i, json) c->conditions[c->condition_count++] = read_part(k, json);
}

static void read_gap(one_case *c, checker *k, const json_t *gap) {
  const json_t *factors = json_object_get(gap, "factors"), *json;
  int sign = read_sign(k, gap);
  size_t i;
  if (!json_is_array(factors) || json_array_size(factors) > MOST_FACTORS) {
    rc_reject(k->g, "gap: its factors");
    return;
  }
  c->gap = json_array_size(factors) ? rc_form(k->g, sign > 0 ? "1" : "-1", "") : 0;
  json_array_foreach(factors, i, json) {
    part *factor = &c->factors[c->factor_count++];
    json_int_t n = json_integer_value(json_object_get(json, "power"));
    char text[40];
    if (n == 0 || n > 1000 || n < -1000) rc_reject(k->g, "factor %zu: its power", i);
    *factor = read_part(k, json);
    factor->why = rc_text(k->g, json, "why");
    if (n % 2) sign *= factor->sign;
    snprintf(text, sizeof text, "g*f^(%d)", (int)n);
    c->gap = rc_form(k->g, text, "gf", c->gap, factor->node);
  }
  if (sign != 1) rc_reject(k->g, "the signs of the factors make the gap negative");
}

static void read_case(one_case *c, checker *k, const json_t *json) {
  const json_t *model = json_object_get(json, "model"), *block = json_object_get(json, "block");
  const char *side = rc_text(k->g, model, "side");
  bool product = k->claim->target->count > 1;
  c->json = json;
  c->block = (size_t)json_integer_value(block);
  if (product != json_is_integer(block) || c->block > k->claim->target->count)
    rc_reject(k->g, "there is no such block");
  c->block -= product; /* now an index */
  c->model = rc_text_node(k->g, model, "text");
  if (strcmp(side, k->claim->upper ? "upper" : "lower") != 0) rc_reject(k->g, "model: its side");
  for (size_t i = 0; i < RC_MODELS && rc_is_good(k->g); i++)
    c->known[i] = rc_model(k->g, i, k->claim->target, c->block, k->claim->upper);
  read_gap(c, k, json_object_get(json, "gap"));
  read_conditions(c, k, json_object_get(json, "conditions"));
}

static void read_cases(checker *k) {
  const json_t *cases = json_object_get(k->claim->json, "cases"), *json;
  const json_t *atoms = json_object_get(k->claim->json, "atoms");
  const char *name;
  size_t i;
  if (json_object_size(atoms) > MOST_FACTORS) rc_reject(k->g, "atoms: too many");
  json_object_foreach((json_t *)atoms, name, json) {
    if (!rc_is_good(k->g)) break;
    if (rc_find(k->g, name) >= 0) rc_reject(k->g, "'%.40s' has a meaning already", name);
    rc_bind(k->g, name, rc_text_node(k->g, atoms, name));
  }
  size_t count = json_array_size(cases);
  if (count == 0 || count > MOST_CASES || !(k->cases = calloc(count, sizeof *k->cases)))
    rc_reject(k->g, "cases: expected a list that is not too long");
  for (i = 0; i < count && rc_is_good(k->g); i++)
    read_case(&k->cases[k->count++], k, json_array_get(cases, i));
}

/* --- identities --- */

/* At the present leaf, a point of the case. */
static bool is_inside(const one_case *c, checker *k) {
  bool inside = k->claim->where < 0 || rc_has_sign(k->g, k->claim->where, 1, true);
  for (size_t i = 0; i < c->condition_count && inside; i++)
    inside = rc_has_sign(k->g, c->conditions[i].node, c->conditions[i].sign, true);
  return inside;
}

/* z is 0 to IDENTITY_ZERO bits beside a number of size 1 + |x|; z changes. */
static bool is_zero(mpfi_ptr z, mpfi_srcptr x) {
  mpfr_t size, scale;
  mpfr_inits2(64, size, scale, (mpfr_ptr)0);
  mpfi_mag(size, z);
  mpfi_mag(scale, x);
  mpfr_add_ui(scale, scale, 1, MPFR_RNDD);
  mpfr_div_2ui(scale, scale, IDENTITY_ZERO, MPFR_RNDD);
  bool zero = !rc_is_nan(z) && !rc_is_nan(x) && mpfr_lessequal_p(size, scale);
  mpfr_clears(size, scale, (mpfr_ptr)0);
  return zero;
}

/* At one point: the claim's c there is model and gap, and the model is known. */
static void test_point(const one_case *c, checker *k, size_t number) {
  const rc_claim *claim = k->claim;
  bool late = claim->late_where >= 0 && rc_has_sign(k->g, claim->late_where, 1, true);
  bool known = false;
  mpfi_t model, sum, difference;
  mpfi_init2(model, IDENTITY_BITS);
  mpfi_init2(sum, IDENTITY_BITS);
  mpfi_init2(difference, IDENTITY_BITS);
  mpfi_set(model, rc_value(k->g, c->model));
  mpfi_set(sum, rc_value(k->g, c->gap));
  if (claim->upper) mpfi_add(sum, model, sum);
  else mpfi_sub(sum, model, sum);
  for (size_t i = 0; i < RC_MODELS && !known; i++) {
    if (c->known[i] < 0) continue;
    mpfi_ptr z = rc_value(k->g, c->known[i]);
    mpfi_sub(difference, z, model);
    known = is_zero(difference, model);
  }
  if (!known) rc_reject(k->g, "case %zu: its model is no known inequality for this law", number);
  rescale(k);
  mpfi_sub(sum, rc_value(k->g, late ? k->late_c : k->c), sum);
  if (!is_zero(sum, model)) rc_reject(k->g, "case %zu: the formula is not model and gap", number);
  mpfi_clear(model);
  mpfi_clear(sum);
  mpfi_clear(difference);
}

/* b/a = p/(1 - p) = 2^octave times a random number in [1, 2]. */
static void draw(checker *k, int octave) {
  mpfr_t p, q;
  mpfr_inits2(POINT_BITS, p, q, (mpfr_ptr)0);
  mpfr_set_d(p, 1 + uniform(k), MPFR_RNDN);
  mpfr_mul_2si(p, p, octave, MPFR_RNDN);
  mpfr_add_ui(q, p, 1, MPFR_RNDN);
  mpfr_div(p, p, q, MPFR_RNDN);
  set_leaf(k, p, p);
  mpfr_clears(p, q, (mpfr_ptr)0);
}

static void test_case(one_case *c, checker *k, size_t number) {
  for (int octave = -OCTAVES; octave < OCTAVES; octave++)
    for (int i = 0; i < (abs(octave) < 3 ? 20 : 1) * DRAWS && rc_is_good(k->g); i++) {
      draw(k, octave);
      if (!is_inside(c, k)) continue;
      c->found = true;
      test_point(c, k, number);
    }
}

/* --- signs --- */

/* sign*node >= 0 (strict: > 0) on [l, u], which is halved up to `depth` times. */
static bool has_sign(checker *k, int node, int sign, bool strict, mpfr_srcptr l, mpfr_srcptr u,
                     int depth) {
  set_leaf(k, l, u);
  if (rc_has_sign(k->g, node, sign, strict)) return true;
  if (depth == 0 || !rc_is_good(k->g)) return false;
  mpfr_t middle;
  mpfr_init2(middle, mpfr_get_prec(l) + 1);
  mpfr_add(middle, l, u, MPFR_RNDN);
  mpfr_div_2ui(middle, middle, 1, MPFR_RNDN);
  bool holds = has_sign(k, node, sign, strict, l, middle, depth - 1) &&
               has_sign(k, node, sign, strict, middle, u, depth - 1);
  mpfr_clear(middle);
  return holds;
}

static bool has_sign_everywhere(checker *k, int node, int sign) {
  mpfr_t zero, one;
  mpfr_inits2(POINT_BITS, zero, one, (mpfr_ptr)0);
  mpfr_set_ui(zero, 0, MPFR_RNDN);
  mpfr_set_ui(one, 1, MPFR_RNDN);
  bool holds = has_sign(k, node, sign, false, zero, one, SPLITS);
  mpfr_clears(zero, one, (mpfr_ptr)0);
  return holds;
}

/* All of [l, u] is where the claim says nothing, or another case speaks. */
static bool is_outside(const one_case *c, checker *k, mpfr_srcptr l, mpfr_srcptr u) {
  bool outside = k->claim->where >= 0 && has_sign(k, k->claim->where, -1, false, l, u, SPLITS);
  for (size_t i = 0; i < c->condition_count && !outside; i++)
    outside = has_sign(k, c->conditions[i].node, -c->conditions[i].sign, true, l, u, SPLITS);
  return outside;
}

/* The end of a leaf: a constant that is exact in binary. */
static bool read_end(mpfr_ptr x, checker *k, const json_t *json) {
  const char *text = json_string_value(json);
  mpfi_srcptr value = rc_value(k->g, text ? rc_parse(k->g, text) : k->da);
  mpfr_set(x, &value->left, MPFR_RNDN);
  return mpfr_equal_p(&value->left, &value->right) && mpfr_equal_p(x, &value->left);
}

static void check_leaf(const one_case *c, checker *k, size_t factor, const json_t *leaf,
                       mpfr_ptr last) {
  mpfr_t l, u;
  const char *proves = json_string_value(json_array_get(leaf, 2));
  const part *f = &c->factors[factor];
  mpfr_inits2(mpfr_get_prec(last), l, u, (mpfr_ptr)0);
  if (!proves || !read_end(l, k, json_array_get(leaf, 0)) ||
      !read_end(u, k, json_array_get(leaf, 1)))
    rc_reject(k->g, "factor %zu: a leaf is two dyadic numbers and a word", factor);
  else if (!mpfr_equal_p(l, last) || !mpfr_less_p(l, u))
    rc_reject(k->g, "factor %zu: there is a hole or an overlap before a leaf", factor);
  else if (!(strcmp(proves, "sign") == 0
                 ? has_sign(k, f->node, f->sign, false, l, u, SPLITS)
                 : strcmp(proves, "outside") == 0 && is_outside(c, k, l, u)))
    rc_reject(k->g, "factor %zu: a leaf is not seen to be what it says: '%.20s'", factor, proves);
  mpfr_set(last, u, MPFR_RNDN);
  mpfr_clears(l, u, (mpfr_ptr)0);
}

static void check_cover(const one_case *c, checker *k, size_t factor) {
  const json_t *cover, *leaf, *leaves = NULL;
  size_t i;
  json_array_foreach(json_object_get(c->json, "cover"), i, cover) {
    if (json_integer_value(json_object_get(cover, "factor")) == (json_int_t)factor)
      leaves = json_object_get(cover, "leaves");
  }
  mpfr_t last;
  mpfr_init2(last, (mpfr_prec_t)k->g->bits);
  mpfr_set_ui(last, 0, MPFR_RNDN);
  json_array_foreach(leaves, i, leaf) {
    if (rc_is_good(k->g)) check_leaf(c, k, factor, leaf, last);
  }
  if (mpfr_cmp_ui(last, 1) != 0) rc_reject(k->g, "factor %zu: its leaves do not reach 1", factor);
  mpfr_clear(last);
}

/* The text is that of where, or of a condition of the case. */
static bool is_of_domain(const one_case *c, const checker *k, const part *f) {
  const char *where = json_string_value(json_object_get(k->claim->json, "where"));
  bool found = where && f->sign > 0 && strcmp(f->text, where) == 0;
  for (size_t i = 0; i < c->condition_count && !found; i++)
    found = f->sign == c->conditions[i].sign && strcmp(f->text, c->conditions[i].text) == 0;
  return found;
}

static void check_factors(const one_case *c, checker *k, size_t number) {
  for (size_t i = 0; i < c->factor_count && rc_is_good(k->g); i++) {
    const part *f = &c->factors[i];
    bool positive = strcmp(f->why, "positive") == 0, domain = strcmp(f->why, "domain") == 0;
    if (strcmp(f->why, "cover") == 0) check_cover(c, k, i);
    else if (!(positive && has_sign_everywhere(k, f->node, f->sign)) &&
             !(domain && is_of_domain(c, k, f)))
      rc_reject(k->g, "case %zu, factor %zu: not seen to have its sign", number, i);
  }
}

/* --- the cases cover the claim --- */

/* Conditions that hold everywhere restrict nothing; the others split the claim. */
static void collect_conditions(checker *k) {
  for (size_t i = 0; i < k->count; i++)
    for (size_t j = 0; j < k->cases[i].condition_count && k->cases[i].found; j++) {
      part *condition = &k->cases[i].conditions[j];
      size_t same = 0;
      while (same < k->split_count && strcmp(condition->text, k->split[same].text) != 0) same++;
      if (has_sign_everywhere(k, condition->node, condition->sign)) condition->text = NULL;
      else if (same == MOST_CONDITIONS) rc_reject(k->g, "conditions: too many");
      else if (same == k->split_count) k->split[k->split_count++] = *condition;
    }
}

/* Bit j of `signs`: the j-th condition is >= 0. */
static bool is_case_for(const one_case *c, const checker *k, unsigned signs, size_t block) {
  bool fits = c->found && c->block == block;
  for (size_t i = 0; i < c->condition_count && fits; i++)
    for (size_t j = 0; j < k->split_count && c->conditions[i].text; j++)
      if (strcmp(c->conditions[i].text, k->split[j].text) == 0)
        fits = fits && (c->conditions[i].sign > 0) == (signs >> j & 1);
  return fits;
}

static void check_coverage(checker *k) {
  collect_conditions(k);
  for (size_t block = 0; block < k->claim->target->count; block++)
    for (unsigned signs = 0; signs < 1u << k->split_count; signs++) {
      bool covered = false;
      for (size_t i = 0; i < k->count && !covered; i++)
        covered = is_case_for(&k->cases[i], k, signs, block);
      if (!covered) rc_reject(k->g, "the cases do not cover the claim");
    }
}

/* --- the whole --- */

/* The c of a bound on grad v; a bound on C is one. */
static int stated(const checker *k, int formula) {
  if (formula < 0 || k->claim->of_covariance) return formula;
  return rc_form(k->g, "(f - da/a)*a^3/(b*omega)", "f", formula);
}

void rc_check_proof(rc_claim *claim) {
  checker k[1] = {{.claim = claim, .g = claim->g}};
  json_int_t bits = json_integer_value(json_object_get(claim->json, "precision"));
  k->a = rc_find(k->g, "a");
  k->b = rc_find(k->g, "b");
  k->da = rc_find(k->g, "da");
  k->db = rc_find(k->g, "db");
  k->omega = rc_find(k->g, "omega");
  k->c = stated(k, claim->formula);
  k->late_c = stated(k, claim->late_formula);
  read_cases(k);
  rc_set_bits(k->g, IDENTITY_BITS);
  k->g->symbolic = true;
  for (size_t i = 0; i < k->count && rc_is_good(k->g); i++) test_case(&k->cases[i], k, i);
  k->g->symbolic = false;
  rc_set_bits(k->g, bits < 64 ? 128 : bits > 4096 ? 4096 : (long)bits + 64);
  for (size_t i = 0; i < k->count && rc_is_good(k->g); i++)
    if (k->cases[i].found) check_factors(&k->cases[i], k, i);
  if (rc_is_good(k->g)) check_coverage(k);
  free(k->cases);
}
