/* Certificates of kind `identity` and `cover`.  c, from formula = a'/a + (b omega/a^3) c, is model
 * and gap at (a, b) = (1 - p, p): the identity is tested at random p, a + b, a' < 0 < b', so that c
 * depends on b/a alone, and p in [0, 1] is all there is. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum {
  MOST_CASES = 64,
  MOST_PARTS = 64,
  MOST_SPLITS = 12,
  OCTAVES = 34, /* points lie at b/a from 2^-34 to 2^34, so many in each octave: */
  DRAWS = 4,
  HALVINGS = 40,       /* and where signs change, so often between two of them */
  DEPTH = 8,           /* how often a leaf is halved */
  IDENTITY_BITS = 2048 /* what is 0 to 2^-1000 is 0 */
};

typedef struct part { /* a condition sign*text >= 0, or a factor of this sign */
  const char *text, *why;
  const json_t *leaves;
  int node, sign;
} part;

/* c = model + gap (upper) or model - gap where the conditions hold. */
typedef struct one_case {
  int wrong[2][RC_MODELS]; /* by stage and known inequality: nodes that are 0 where all is right */
  size_t block;
  part conditions[MOST_PARTS], factors[MOST_PARTS];
  size_t condition_count, factor_count;
  unsigned plus, minus; /* see collect_conditions */
  bool found;           /* there are points of it: else it proves nothing */
} one_case;

typedef struct checker {
  rc_graph *g;
  const rc_claim *claim;
  one_case *cases;
  size_t count;
  const char *split[MOST_SPLITS]; /* the different conditions of all cases */
  size_t split_count;
  int p, scale, da, db;  /* variables */
  int where, late_where; /* -1: none */
  int stated[2];         /* c by the claim's formula and its late formula */
} checker;

/* --- reading --- */

/* The claim's own texts, at any a, b, a', b'; conditions of known claims depend on b/a alone. */
static void read_claim(checker *k) {
  rc_graph *g = k->g;
  const rc_claim *claim = k->claim;
  int *variables[] = {&k->p, &k->scale, &k->da, &k->db}, outer = g->name_count;
  for (int i = 0; i < 4; i++) *variables[i] = rc_node_of(g, RC_VARIABLE, 0, 0);
  rc_bind(g, "a", rc_form(g, "s*(1 - p)", "sp", k->scale, k->p));
  rc_bind(g, "b", rc_form(g, "s*p", "sp", k->scale, k->p));
  rc_bind(g, "da", rc_form(g, "-x", "x", k->da));
  rc_bind(g, "db", k->db);
  rc_bind(g, "omega", rc_parse(g, "a*db - da*b"));
  const char *texts[] = {claim->formula, claim->late_formula};
  for (int i = 0; i < 2; i++) {
    k->stated[i] = texts[i] ? rc_parse(g, texts[i]) : -1;
    if (texts[i] && !claim->of_covariance)
      k->stated[i] = rc_form(g, "(f - da/a)*a^3/(b*omega)", "f", k->stated[i]);
  }
  g->name_count = outer; /* the cases know no a', b'; of omega only its sign matters */
  rc_bind(g, "a", rc_form(g, "1 - p", "p", k->p));
  rc_bind(g, "b", k->p);
  rc_bind(g, "omega", rc_number(g, "1"));
  k->where = claim->where ? rc_parse(g, claim->where) : -1;
  k->late_where = claim->late_where ? rc_parse(g, claim->late_where) : -1;
}

static part read_part(checker *k, const json_t *json) {
  json_int_t sign = json_integer_value(json_object_get(json, "sign"));
  if (sign != 1 && sign != -1) rc_reject(k->g, "a sign that is none");
  return (part){.text = rc_text(k->g, json, "text"),
                .node = rc_text_node(k->g, json, "text"),
                .sign = (int)sign};
}

/* The gap as a node; its factors' signs must make it >= 0. */
static int read_gap(one_case *c, checker *k, const json_t *gap) {
  const json_t *factors = json_object_get(gap, "factors"), *json;
  json_int_t sign = json_integer_value(json_object_get(gap, "sign")), stated = sign;
  int product = rc_number(k->g, "1");
  size_t i;
  if (json_array_size(factors) > MOST_PARTS) rc_reject(k->g, "gap: too many factors");
  json_array_foreach(factors, i, json) {
    json_int_t n = json_integer_value(json_object_get(json, "power"));
    char text[40];
    if (!rc_is_good(k->g)) break;
    if (n == 0 || n > 1000 || n < -1000) rc_reject(k->g, "factor %zu: its power", i);
    part *factor = &c->factors[c->factor_count++];
    *factor = read_part(k, json);
    factor->why = rc_text(k->g, json, "why");
    factor->leaves = json_object_get(json, "leaves");
    if (n % 2) sign *= factor->sign;
    snprintf(text, sizeof text, "g*f^(%d)", (int)n);
    product = rc_form(k->g, text, "gf", product, factor->node);
  }
  if (sign != 1) rc_reject(k->g, "the signs of the factors make the gap negative");
  return !c->factor_count ? 0 : rc_form(k->g, stated > 0 ? "g" : "-g", "g", product);
}

static void read_case(one_case *c, checker *k, const json_t *json) {
  const json_t *model = json_object_get(json, "model"), *block = json_object_get(json, "block");
  const json_t *conditions = json_object_get(json, "conditions"), *item;
  bool product = k->claim->target->count > 1, upper = k->claim->upper;
  size_t i;
  c->block = (size_t)json_integer_value(block) - product; /* from 0 */
  if (product != json_is_integer(block) || c->block >= k->claim->target->count)
    rc_reject(k->g, "there is no such block");
  int stated = rc_text_node(k->g, model, "text");
  if (strcmp(rc_text(k->g, model, "side"), upper ? "upper" : "lower") != 0)
    rc_reject(k->g, "model: its side");
  int bound = rc_form(k->g, upper ? "m + g" : "m - g", "mg", stated,
                      read_gap(c, k, json_object_get(json, "gap")));
  for (i = 0; i < RC_MODELS && rc_is_good(k->g); i++) {
    int known = rc_model(k->g, i, c->block, upper);
    for (int late = 0; late < 2; late++)
      c->wrong[late][i] = known < 0 || k->stated[late] < 0
                              ? -1
                              : rc_form(k->g, "(abs(m - k) + abs(c - x))/(1 + abs(c))", "mkcx",
                                        stated, known, k->stated[late], bound);
  }
  if (json_array_size(conditions) > MOST_PARTS) rc_reject(k->g, "conditions: too many");
  json_array_foreach(conditions, i, item) {
    if (rc_is_good(k->g)) c->conditions[c->condition_count++] = read_part(k, item);
  }
}

static void read_cases(checker *k) {
  const json_t *cases = json_object_get(k->claim->json, "cases"), *json;
  const json_t *atoms = json_object_get(k->claim->json, "atoms");
  const char *name;
  json_object_foreach((json_t *)atoms, name, json) {
    if (!rc_is_good(k->g)) break;
    if (rc_find(k->g, name) >= 0) rc_reject(k->g, "'%.40s' has a meaning already", name);
    rc_bind(k->g, name, rc_text_node(k->g, atoms, name));
  }
  size_t count = json_array_size(cases);
  if (count == 0 || count > MOST_CASES || !(k->cases = calloc(count, sizeof *k->cases)))
    rc_reject(k->g, "cases: expected a list that is not too long");
  while (k->count < count && rc_is_good(k->g)) {
    read_case(&k->cases[k->count], k, json_array_get(cases, k->count));
    k->count++;
  }
}

/* --- identities --- */

static double uniform(checker *k) { return (double)(rc_random(&k->g->random) | 1) * 0x1p-64; }

/* At the present p, a random scale, a' and b': the claim's c is model and gap, and the model is
 * known. */
static void test_point(const one_case *c, checker *k) {
  bool right = false, late = k->late_where >= 0 && rc_has_sign(k->g, k->late_where, 1, true);
  mpfi_set_d(k->g->nodes[k->scale].value, uniform(k));
  mpfi_set_d(k->g->nodes[k->da].value, uniform(k));
  mpfi_set_d(k->g->nodes[k->db].value, uniform(k));
  for (size_t i = 0; i < RC_MODELS && !right; i++)
    if (c->wrong[late][i] >= 0) {
      mpfi_srcptr error = rc_value(k->g, c->wrong[late][i]);
      right = mpfr_cmp_ui_2exp(&error->right, 1, -1000) < 0; /* not of NaN */
      right = right && !rc_is_nan(error);
    }
  if (!right)
    rc_reject(k->g, "case %d: the formula is no known model and the gap", (int)(c - k->cases));
}

/* Tests p where it is in the case; which signs there are. */
static unsigned long visit(one_case *c, checker *k, double p) {
  unsigned long signs = 0;
  bool inside = true;
  mpfi_set_d(k->g->nodes[k->p].value, p);
  for (size_t i = 0; i <= c->condition_count; i++) {
    int node = i ? c->conditions[i - 1].node : k->where, sign = i ? c->conditions[i - 1].sign : 1;
    bool plus = node < 0 || rc_has_sign(k->g, node, sign, true);
    inside = inside && plus;
    signs = 3 * signs + (plus ? 2 : rc_has_sign(k->g, node, -sign, true));
  }
  c->found = c->found || inside;
  if (inside) test_point(c, k);
  return signs;
}

/* Visits random p in every octave of b/a = p/(1 - p), and between two of them with other signs. */
static void test_case(one_case *c, checker *k) {
  double last = 0;
  unsigned long before = 0;
  for (int i = -OCTAVES * DRAWS; i < OCTAVES * DRAWS && rc_is_good(k->g); i++) {
    double u = exp2((i + uniform(k)) / DRAWS), p = u / (1 + u), next = p;
    unsigned long now = visit(c, k, p);
    for (int n = 0; n < HALVINGS && now != before && rc_is_good(k->g); n++) {
      double middle = last + (next - last) * (1 + uniform(k)) / 3;
      *(visit(c, k, middle) == before ? &last : &next) = middle;
    }
    last = p;
    before = now;
  }
}

/* --- signs --- */

/* sign*node >= 0 (strict: > 0) on [l, u], which is halved up to `depth` times. */
static bool has_sign(checker *k, int node, int sign, bool strict, double l, double u, int depth) {
  double middle = l + (u - l) / 2;
  mpfi_interv_d(k->g->nodes[k->p].value, l, u);
  if (rc_has_sign(k->g, node, sign, strict)) return true;
  return depth > 0 && rc_is_good(k->g) && has_sign(k, node, sign, strict, l, middle, depth - 1) &&
         has_sign(k, node, sign, strict, middle, u, depth - 1);
}

static bool has_sign_everywhere(checker *k, const part *f) {
  return has_sign(k, f->node, f->sign, false, 0, 1, DEPTH);
}

/* All of [l, u] is where the claim says nothing, or another case speaks. */
static bool is_outside(const one_case *c, checker *k, double l, double u) {
  bool outside = k->where >= 0 && has_sign(k, k->where, -1, false, l, u, DEPTH);
  for (size_t i = 0; i < c->condition_count && !outside; i++)
    outside = has_sign(k, c->conditions[i].node, -c->conditions[i].sign, true, l, u, DEPTH);
  return outside;
}

/* The end of a leaf: a constant that is exact in binary; else NaN. */
static double read_end(checker *k, const json_t *json) {
  const char *text = json_string_value(json);
  mpfi_srcptr value = rc_value(k->g, text ? rc_parse(k->g, text) : 0);
  double x = mpfr_get_d(&value->left, MPFR_RNDN);
  return text && mpfr_cmp_d(&value->left, x) == 0 && mpfr_cmp_d(&value->right, x) == 0 ? x : NAN;
}

/* Leaves tile [0, 1], and the factor has its sign on each, or it is outside. */
static bool check_cover(const one_case *c, checker *k, const part *f) {
  const json_t *leaf;
  size_t i;
  double last = 0;
  json_array_foreach(f->leaves, i, leaf) {
    double l = read_end(k, json_array_get(leaf, 0)), u = read_end(k, json_array_get(leaf, 1));
    const char *proves = json_string_value(json_array_get(leaf, 2));
    if (!(l == last && l < u && u <= 1))
      rc_reject(k->g, "leaf %zu: there is a hole or an overlap, or an end that is not dyadic", i);
    else if (!proves ||
             (!(strcmp(proves, "sign") == 0 && has_sign(k, f->node, f->sign, false, l, u, DEPTH)) &&
              !(strcmp(proves, "outside") == 0 && is_outside(c, k, l, u))))
      rc_reject(k->g, "leaf %zu: it is not seen to be what it says", i);
    if (!rc_is_good(k->g)) return false;
    last = u;
  }
  return last == 1;
}

/* The factor is, by its text, `where` or a condition of the case. */
static bool is_of_domain(const one_case *c, const checker *k, const part *f) {
  const char *where = k->claim->where;
  bool found = where && f->sign > 0 && strcmp(f->text, where) == 0;
  for (size_t i = 0; i < c->condition_count && !found; i++)
    found = f->sign == c->conditions[i].sign && strcmp(f->text, c->conditions[i].text) == 0;
  return found;
}

static void check_factors(const one_case *c, checker *k) {
  for (size_t i = 0; i < c->factor_count && rc_is_good(k->g); i++) {
    const part *f = &c->factors[i];
    if (!(strcmp(f->why, "positive") == 0 && has_sign_everywhere(k, f)) &&
        !(strcmp(f->why, "domain") == 0 && is_of_domain(c, k, f)) &&
        !(strcmp(f->why, "cover") == 0 && check_cover(c, k, f)))
      rc_reject(k->g, "case %d, factor %zu: not seen to have its sign", (int)(c - k->cases), i);
  }
}

/* --- the cases cover the claim --- */

/* Conditions that hold everywhere restrict nothing; the others split the claim: bit j of c->plus
 * and c->minus says that the case needs the j-th to be >= 0 or <= 0. */
static void collect_conditions(one_case *c, checker *k) {
  for (size_t i = 0; i < c->condition_count; i++) {
    const part *condition = &c->conditions[i];
    size_t j = 0;
    while (j < k->split_count && strcmp(condition->text, k->split[j]) != 0) j++;
    if (has_sign_everywhere(k, condition)) continue;
    if (j == MOST_SPLITS) rc_reject(k->g, "conditions: too many");
    if (j == MOST_SPLITS) return;
    if (j == k->split_count) k->split[k->split_count++] = condition->text;
    *(condition->sign > 0 ? &c->plus : &c->minus) |= 1u << j;
  }
}

static void check_coverage(checker *k) {
  for (size_t i = 0; i < k->count; i++)
    if (k->cases[i].found) collect_conditions(&k->cases[i], k);
  for (size_t block = 0; block < k->claim->target->count; block++)
    for (unsigned signs = 0; signs < 1u << k->split_count; signs++) {
      bool covered = false;
      for (const one_case *c = k->cases; c < k->cases + k->count && !covered; c++)
        covered = c->found && c->block == block && (c->plus & ~signs) == 0 && !(c->minus & signs);
      if (!covered) rc_reject(k->g, "the cases do not cover the claim");
    }
}

void rc_check_proof(rc_claim *claim) {
  checker k[1] = {{.claim = claim, .g = claim->g}};
  json_int_t bits = json_integer_value(json_object_get(claim->json, "precision"));
  read_claim(k);
  read_cases(k);
  k->g->symbolic = true;
  rc_set_bits(k->g, IDENTITY_BITS);
  for (size_t i = 0; i < k->count && rc_is_good(k->g); i++) test_case(&k->cases[i], k);
  k->g->symbolic = false;
  rc_set_bits(k->g, bits < 64 ? 128 : bits > 4096 ? 4096 : (long)bits + 64);
  for (size_t i = 0; i < k->count && rc_is_good(k->g); i++)
    if (k->cases[i].found) check_factors(&k->cases[i], k);
  if (rc_is_good(k->g)) check_coverage(k);
  free(k->cases);
}
