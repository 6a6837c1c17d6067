/* Certificates of kind `identity` and `cover`.  c, from formula = a'/a + (b omega/a^3) c, is model
 * and gap at (a, b) = (1 - p, p): the identity is tested at random p, a + b, a' < 0 < b', so that c
 * depends on b/a alone, and p in [0, 1] is all there is.  Of a bound B on the flow the formula is
 * d log B/dt (of its inverse: minus it), at random a_s, b_s, and B(s, s) = 1 is tested, too. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum {
  MOST_PARTS = 64, /* cases, conditions of one, factors of one */
  MOST_SPLITS = 13,
  OCTAVES = 34, /* points lie at b/a from 2^-34 to 2^34, so many in each octave: */
  DRAWS = 4,
  HALVINGS = 40,       /* and where signs change, so often between two of them */
  DEPTH = 8,           /* how often a leaf is halved */
  IDENTITY_BITS = 2048 /* what is 0 to 2^-1000 is 0 */
};

typedef struct part { /* a condition sign*text >= 0, or a factor of this sign and its power */
  const char *text, *why;
  json_t *leaves;
  json_int_t sign, power;
  int node;
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

enum { P, SCALE, DA, DB, A_S, B_S, VARIABLES };

typedef struct checker {
  rc_graph *g;
  const rc_claim *claim;
  const char *const *bound; /* RC_BOUND texts */
  const json_t *json;
  one_case *cases;
  size_t count;
  const char *split[MOST_SPLITS]; /* the different conditions of all cases */
  size_t split_count;
  int variable[VARIABLES];
  int where, late_where; /* -1: none */
  int stated[2];         /* c by the formula and the late formula; -1: none */
  int start;             /* B(s, s) - 1 */
} checker;

/* --- reading --- */

/* c by a text: a bound on C, on grad v, or on the flow (or its logarithmic derivative). */
static int read_formula(checker *k, const char *text, int a, int b) {
  rc_graph *g = k->g;
  int f = rc_parse(g, text);
  const int *v = k->variable, by[] = {a, rc_form(g, "-x", "x", v[DA]), b, v[DB]};
  if (k->claim->known->flow && !k->claim->known->rates) f = rc_derivative(g, f, by, true);
  if (k->claim->known->flow && !k->claim->upper) f = rc_form(g, "-f", "f", f);
  return k->claim->of_covariance ? f : rc_form(g, "(f - da/a)*a^3/(b*omega)", "f", f);
}

/* The texts at any a, b, a', b'; conditions of known claims depend on b/a alone. */
static void read_bound(checker *k) {
  rc_graph *g = k->g;
  const char *texts[] = {k->bound[0], k->bound[2]};
  int outer = g->name_count, *v = k->variable;
  for (int i = 0; i < VARIABLES; i++) v[i] = rc_node_of(g, RC_VARIABLE, 0, 0);
  int a = rc_form(g, "s*(1 - p)", "sp", v[SCALE], v[P]),
      b = rc_form(g, "s*p", "sp", v[SCALE], v[P]);
  rc_bind(g, "a", a);
  rc_bind(g, "b", b);
  rc_bind(g, "da", rc_form(g, "-x", "x", v[DA]));
  rc_bind(g, "db", v[DB]);
  rc_bind(g, "omega", rc_parse(g, "a*db - da*b"));
  for (int start = 1; start >= 0 && k->claim->known->flow; start--) {
    rc_bind(g, "a_s", start ? a : v[A_S]);
    rc_bind(g, "b_s", start ? b : v[B_S]);
    if (start && !k->claim->known->rates) k->start = rc_form(g, "x - 1", "x", rc_parse(g, *texts));
  }
  for (int i = 0; i < 2; i++) k->stated[i] = texts[i] ? read_formula(k, texts[i], a, b) : -1;
  g->name_count = outer; /* the cases know no a', b'; of omega only its sign matters */
  rc_bind(g, "a", rc_form(g, "1 - p", "p", v[P]));
  rc_bind(g, "b", v[P]);
  rc_bind(g, "omega", rc_number(g, "1"));
  k->where = rc_parse(g, k->bound[1]);
  k->late_where = rc_parse(g, k->bound[3]);
}

/* Reads parts of a list; their number. */
static size_t read_parts(part *parts, checker *k, const json_t *list, const char *format) {
  const json_t *json;
  size_t i;
  if (json_array_size(list) > MOST_PARTS) rc_reject(k->g, "too many conditions or factors");
  json_array_foreach(list, i, json) {
    if (!rc_is_good(k->g)) return 0;
    part *p = memset(&parts[i], 0, sizeof *p);
    rc_unpack(k->g, json, format, "text", &p->text, "sign", &p->sign, "power", &p->power, "why",
              &p->why, "leaves", &p->leaves);
    p->node = rc_parse(k->g, p->text ? p->text : "");
    if (p->sign != 1 && p->sign != -1) rc_reject(k->g, "a sign that is none");
  }
  return i;
}

/* The gap as a node; its factors' signs must make it >= 0. */
static int read_gap(one_case *c, checker *k, const json_t *factors, json_int_t stated) {
  int product = rc_number(k->g, "1"), sign = 1;
  c->factor_count = read_parts(c->factors, k, factors, "{s:s, s:I, s:I, s:s, s?o}");
  for (size_t i = 0; i < c->factor_count; i++) {
    json_int_t n = c->factors[i].power;
    char text[40];
    if (n == 0 || n > 1000 || n < -1000) rc_reject(k->g, "factor %zu: its power", i);
    if (n % 2 && c->factors[i].sign < 0) sign = -sign;
    snprintf(text, sizeof text, "g*f^(%lld)", (long long)n);
    product = rc_form(k->g, text, "gf", product, c->factors[i].node);
  }
  if (sign != stated) rc_reject(k->g, "the signs of the factors make the gap negative");
  return !c->factor_count ? 0 : rc_form(k->g, stated > 0 ? "g" : "-g", "g", product);
}

static void read_case(one_case *c, checker *k, const json_t *json) {
  json_t *block = NULL, *conditions = NULL, *factors = NULL;
  const char *side = "", *text = "";
  bool product = k->claim->target->count > 1, upper = k->claim->upper;
  json_int_t sign = 0;
  rc_unpack(k->g, json, "{s:o, s:o, s:{s:s, s:s}, s:{s:I, s:o}}", "block", &block, "conditions",
            &conditions, "model", "side", &side, "text", &text, "gap", "sign", &sign, "factors",
            &factors);
  c->block = (size_t)json_integer_value(block) - product; /* from 0 */
  if (product != json_is_integer(block) || c->block >= k->claim->target->count)
    rc_reject(k->g, "there is no such block");
  if (strcmp(side, upper ? "upper" : "lower") != 0) rc_reject(k->g, "model: its side");
  c->condition_count = read_parts(c->conditions, k, conditions, "{s:s, s:I}");
  int stated = rc_parse(k->g, text), gap = read_gap(c, k, factors, sign);
  int bound = rc_form(k->g, upper ? "m + g" : "m - g", "mg", stated, gap);
  int least = rc_number(k->g, "1e-270"); /* scale beside the model 0; of others it is their size */
  for (size_t i = 0; i < RC_MODELS && rc_is_good(k->g); i++) {
    int known = rc_model(k->g, i, c->block, upper);
    for (int late = 0; late < 2; late++)
      c->wrong[late][i] =
          known < 0 || k->stated[late] < 0
              ? -1
              : rc_form(k->g, "(abs(m - k) + abs(c - x))/(abs(k) + abs(c) + z) + abs(y)", "mkcxzy",
                        stated, known, k->stated[late], bound, i ? 0 : least, k->start);
  }
}

static void read_cases(checker *k) {
  json_t *cases = NULL, *atoms = NULL, *json;
  const char *name;
  rc_unpack(k->g, k->json, "{s:o, s:o}", "cases", &cases, "atoms", &atoms);
  json_object_foreach(atoms, name, json) {
    if (rc_find(k->g, name) >= 0 || strchr(name, '_'))
      rc_reject(k->g, "'%.40s' has a meaning already", name);
    rc_bind(k->g, name, rc_parse(k->g, rc_text(k->g, atoms, name)));
  }
  size_t count = json_array_size(cases);
  if (count == 0 || count > MOST_PARTS || !(k->cases = calloc(count, sizeof *k->cases)))
    rc_reject(k->g, "cases: expected a list that is not too long");
  for (; k->count < count && rc_is_good(k->g); k->count++)
    read_case(&k->cases[k->count], k, json_array_get(cases, k->count));
}

/* --- identities --- */

static double uniform(checker *k) { return (double)(rc_random(&k->g->random) | 1) * 0x1p-64; }

static void set(checker *k, int variable, double value) {
  mpfi_set_d(k->g->nodes[k->variable[variable]].value, value);
}

/* At p, a random scale, a', b' and a_s/b_s < a/b: the claim's c is model and gap, and the model is
 * known. */
static void test_point(const one_case *c, checker *k, double p) {
  bool right = false, late = k->late_where >= 0 && rc_has_sign(k->g, k->late_where, 1, true);
  double scale = uniform(k);
  set(k, SCALE, scale);
  set(k, DA, uniform(k));
  set(k, DB, uniform(k));
  set(k, A_S, uniform(k) * scale * (1 - p));
  set(k, B_S, scale * p);
  for (size_t i = 0; i < RC_MODELS && !right; i++)
    if (c->wrong[late][i] >= 0) {
      mpfi_srcptr error = rc_value(k->g, c->wrong[late][i]);
      right = !rc_is_nan(error) && mpfr_cmp_ui_2exp(&error->right, 1, -1000) < 0;
    }
  if (!right)
    rc_reject(k->g, "case %d: the formula is no known model and the gap", (int)(c - k->cases));
}

/* Tests p where it is in the case; which signs there are. */
static unsigned long visit(one_case *c, checker *k, double p) {
  unsigned long signs = 0;
  bool inside = true;
  set(k, P, p);
  for (size_t i = 0; i <= c->condition_count; i++) {
    int node = i ? c->conditions[i - 1].node : k->where, sign = i ? c->conditions[i - 1].sign : 1;
    bool plus = node < 0 || rc_has_sign(k->g, node, sign, i == 0);
    if (!plus && !rc_has_sign(k->g, node, -sign, false))
      rc_reject(k->g, "a condition without a sign at p = %g", p);
    inside = inside && plus;
    signs = 2 * signs + plus;
  }
  c->found = c->found || inside;
  if (inside) test_point(c, k, p);
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
  mpfi_interv_d(k->g->nodes[k->variable[P]].value, l, u);
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
  bool found = f->sign > 0 && rc_is_text(f->text, k->bound[1]);
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
  for (size_t i = 0; i < c->condition_count && k->split_count < MOST_SPLITS; i++) {
    const part *condition = &c->conditions[i];
    size_t j = 0;
    while (j < k->split_count && strcmp(condition->text, k->split[j]) != 0) j++;
    if (has_sign_everywhere(k, condition)) continue;
    if (j == k->split_count) k->split[k->split_count++] = condition->text;
    *(condition->sign > 0 ? &c->plus : &c->minus) |= 1u << j;
  }
}

static void check_coverage(checker *k) {
  for (size_t i = 0; i < k->count; i++)
    if (k->cases[i].found) collect_conditions(&k->cases[i], k);
  if (k->split_count == MOST_SPLITS) rc_reject(k->g, "conditions: too many");
  for (size_t block = 0; block < k->claim->target->count; block++)
    for (unsigned signs = 0; signs < 1u << k->split_count; signs++) {
      bool covered = false;
      for (const one_case *c = k->cases; c < k->cases + k->count && !covered; c++)
        covered = c->found && c->block == block && (c->plus & ~signs) == 0 && !(c->minus & signs);
      if (!covered) rc_reject(k->g, "the cases do not cover the claim");
    }
}

static void check_bound(const rc_claim *claim, rc_graph *g, const char *const *bound,
                        const json_t *json) {
  checker k[1] = {{.claim = claim, .g = g, .bound = bound, .json = json}};
  json_int_t bits = json_integer_value(json_object_get(claim->json, "precision"));
  int outer = g->name_count;
  read_bound(k);
  read_cases(k);
  g->symbolic = true;
  rc_set_bits(g, IDENTITY_BITS);
  for (size_t i = 0; i < k->count && rc_is_good(g); i++) test_case(&k->cases[i], k);
  g->symbolic = false;
  rc_set_bits(g, bits < 64 ? 128 : bits > 4096 ? 4096 : (long)bits + 64);
  for (size_t i = 0; i < k->count && rc_is_good(g); i++)
    if (k->cases[i].found) check_factors(&k->cases[i], k);
  if (rc_is_good(g)) check_coverage(k);
  free(k->cases);
  g->name_count = outer;
}

/* The target has the constants of a text. */
static bool is_known(rc_graph *g, const char *text) {
  static const char *const always[] = {"a", "b", "da", "db", "omega", "a_s", "b_s"};
  int outer = g->name_count;
  for (int i = 0; i < 7; i++) rc_bind(g, always[i], 0);
  rc_parse(g, text);
  bool known = rc_is_good(g);
  if (strstr(g->reason, "is no constant")) g->reason[0] = '\0';
  g->name_count = outer;
  return known;
}

/* A bound on the flow: every one that it is made of and that the target has the constants for. */
static void check_flow(rc_claim *claim) {
  const json_t *parts = json_object_get(claim->json, "parts"), *json;
  const char *const itself[2][RC_BOUND] = {{claim->text[RC_FORMULA]}};
  const char *const(*b)[RC_BOUND] = **claim->known->bounds ? claim->known->bounds : itself;
  size_t given = 0;
  for (; **b && rc_is_good(claim->g); b++) {
    bool late = is_known(claim->g, (*b)[2]);
    if (!is_known(claim->g, (*b)[0]) || !is_known(claim->g, (*b)[1])) continue;
    const char *const bound[] = {(*b)[0], (*b)[1], late ? (*b)[2] : NULL, late ? (*b)[3] : NULL};
    json = json_array_get(parts, given++);
    for (int i = 0; i < RC_BOUND; i++)
      if (!rc_is_text(json_string_value(json_object_get(json, rc_keys[RC_FORMULA + i])), bound[i]))
        rc_reject(claim->g, "part %zu: its %s is another", given, rc_keys[RC_FORMULA + i]);
    check_bound(claim, claim->g, bound, json);
  }
  if (given == 0 || given != json_array_size(parts))
    rc_reject(claim->g, "parts: not those of the claim");
}

/* Lemmas 2.1 and 2.2, for U smooth on all of R^d or, from above, cut to an interval. */
static void check_theorem(rc_claim *claim) {
  int least = rc_find(claim->g, "lambda_min"); /* none: atoms, or a law that is cut */
  bool cut = claim->target->count == 1 && claim->target->laws->cut && claim->upper;
  if ((!cut && (least < 0 || !rc_has_sign(claim->g, least, 1, true))) ||
      (claim->upper && rc_find(claim->g, "kappa") < 0))
    rc_reject(claim->g, "the target has not what this theorem assumes");
}

void rc_check_proof(rc_claim *claim) {
  if (claim->known->theorem) check_theorem(claim);
  else if (claim->known->flow) check_flow(claim);
  else check_bound(claim, claim->g, claim->text + RC_FORMULA, claim->json);
}
