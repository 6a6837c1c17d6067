/* Certificates of kind `identity` and `cover`. */
#include <stdlib.h>
#include <string.h>

#include "recheck.h"

enum {
  MOST_CASES = 64,
  MOST_PARTS = 64,
  CONDITIONS = 8,
  DRAWS = 6,        /* points at which an identity is tested */
  MOST_POINTS = 64, /* that are looked for */
  EVERYWHERE = 5,   /* depth of the search for them, and where signs change */
  DEEP = 30,
  SPLITS = 8, /* how often a leaf is halved */
  POINT_BITS = 192
};

/* c = model + gap (upper) or model - gap where sign*condition >= 0. */
typedef struct one_case {
  const json_t *json;
  int bound, model, gap; /* nodes; bound -1: the claim's own */
  size_t block;
  mpq_t p[DRAWS]; /* random points of it; where none were found it proves nothing */
  int points;
  bool good; /* its identity was tested */
  int condition[CONDITIONS], sign[CONDITIONS], conditions;
  int factor[MOST_PARTS], factor_sign[MOST_PARTS], factors;
  const char *why[MOST_PARTS];
  long degrees[MOST_PARTS][2 * CONDITIONS + 2][2]; /* see test_domain */
  bool lost[MOST_PARTS][2 * CONDITIONS + 2];
} one_case;

typedef struct checker {
  rc_claim *claim;
  rc_graph *g;
  rc_verdict *verdict;
  one_case *cases;
  size_t count;
  int a, b, da, db, omega; /* nodes */
  uint64_t random;
} checker;

/* --- reading --- */

static bool read_sign(int *sign, const json_t *object, bool zero) {
  const json_t *json = json_object_get(object, "sign");
  *sign = (int)json_integer_value(json);
  return json_is_integer(json) && (*sign == 1 || *sign == -1 || (zero && *sign == 0));
}

static bool read_factor(one_case *c, checker *k, const json_t *json, int *sign) {
  int i = c->factors++;
  const json_t *power = json_object_get(json, "power");
  json_int_t n = json_integer_value(power);
  c->factor[i] = rc_text_node(k->g, json, "text");
  c->why[i] = rc_text(json, "why", k->verdict);
  if (c->factor[i] < 0 || !c->why[i]) return false;
  bool even = strcmp(c->why[i], "even") == 0;
  if (!json_is_integer(power) || n == 0 || n > 1000 || n < -1000 || (even && n % 2) ||
      !read_sign(&c->factor_sign[i], json, even))
    return rc_reject(k->verdict, "factor %d: its power or sign", i);
  if (n % 2) *sign *= c->factor_sign[i];
  int term = rc_combine(k->g, RC_POW, c->factor[i], rc_integer(k->g, (long)n));
  c->gap = rc_combine(k->g, RC_MUL, c->gap, term);
  return c->gap >= 0;
}

static bool read_conditions(one_case *c, checker *k, const json_t *list) {
  const json_t *json;
  size_t i;
  if (!json_is_array(list) || json_array_size(list) > CONDITIONS)
    return rc_reject(k->verdict, "conditions: expected a short list");
  json_array_foreach(list, i, json) {
    int n = c->conditions, node = c->condition[n] = rc_text_node(k->g, json, "text");
    if (node < 0 || !read_sign(&c->sign[n], json, false))
      return rc_reject(k->verdict, "condition %zu: its text or sign", i);
    const rc_node *number = &k->g->nodes[node]; /* 0 >= 0 restricts nothing */
    if (number->op != RC_NUMBER || mpq_sgn(number->q) * c->sign[n] < 0) c->conditions++;
  }
  return true;
}

static bool read_case(one_case *c, checker *k, const json_t *json) {
  const json_t *gap = json_object_get(json, "gap"), *model = json_object_get(json, "model"), *item;
  const json_t *factors = json_object_get(gap, "factors"), *block = json_object_get(json, "block");
  const char *side = rc_text(model, "side", k->verdict);
  int sign;
  size_t i;
  c->json = json;
  c->block = (size_t)json_integer_value(block);
  if ((json_is_integer(block) && c->block < 1) || c->block > k->claim->target->count)
    return rc_reject(k->verdict, "there is no such block");
  c->bound =
      json_is_string(json_object_get(json, "bound")) ? rc_text_node(k->g, json, "bound") : -1;
  c->model = rc_text_node(k->g, model, "text");
  if (!side || c->model < 0 || strcmp(side, k->claim->upper ? "upper" : "lower") != 0)
    return rc_reject(k->verdict, "model: its text or side");
  if (!read_sign(&sign, gap, false) || !json_is_array(factors) ||
      json_array_size(factors) > MOST_PARTS)
    return rc_reject(k->verdict, "gap: its sign or factors");
  c->gap = rc_integer(k->g, json_array_size(factors) ? sign : 0);
  json_array_foreach(factors, i, item) if (!read_factor(c, k, item, &sign)) return false;
  if (sign != 1) return rc_reject(k->verdict, "the signs of the factors make the gap negative");
  return read_conditions(c, k, json_object_get(json, "conditions"));
}

/* --- numbers drawn at random --- */

static void set_q(checker *k, int node, mpq_srcptr q) { mpfi_set_q(k->g->nodes[node].value, q); }

/* (a, b) = (1 - p, p) times a random scale, random a', b'; omega.  All stay in q. */
static void draw(checker *k, mpq_t q[5], mpq_srcptr p) {
  for (int i = 0; i < 5; i++) rc_random(q[i], &k->random);
  mpq_mul(q[1], q[0], p);
  mpq_sub(q[0], q[0], q[1]);
  mpq_neg(q[2], q[2]);
  set_q(k, k->a, q[0]);
  set_q(k, k->b, q[1]);
  set_q(k, k->da, q[2]);
  set_q(k, k->db, q[3]);
  mpq_mul(q[4], q[0], q[3]);
  mpq_mul(q[2], q[2], q[1]);
  mpq_sub(q[4], q[4], q[2]);
  set_q(k, k->omega, q[4]);
}

/* Where sign*node > 0, by the interval; false too where it is not seen. */
static bool is_beyond(checker *k, int node, int sign) {
  mpfi_ptr x = rc_value(k->g, node);
  return x && (sign > 0 ? mpfi_is_strictly_pos(x) : mpfi_is_strictly_neg(x));
}

/* Points p of a case. */
typedef struct points {
  const one_case *c;
  mpq_t p[MOST_POINTS];
  int count, limit;
} points;

/* One digit for `where` and each condition: positive, negative, neither; *inside: p is in the case.
 */
static int pattern(bool *inside, const one_case *c, checker *k, mpq_srcptr p) {
  mpq_t q[5];
  int digits = 0;
  for (int i = 0; i < 5; i++) mpq_init(q[i]);
  draw(k, q, p);
  *inside = true;
  for (int i = -1; i < c->conditions; i++) {
    int node = i < 0 ? k->claim->where : c->condition[i], sign = i < 0 ? 1 : c->sign[i];
    bool plus = node < 0 || is_beyond(k, node, sign), minus = !plus && is_beyond(k, node, -sign);
    if (node >= 0 && rc_is_nan(k->g->nodes[node].value)) /* it has no sign to split by */
      rc_reject(k->verdict, "a condition is not defined somewhere");
    *inside = *inside && plus;
    digits = 3 * digits + (plus ? 2 : minus);
  }
  for (int i = 0; i < 5; i++) mpq_clear(q[i]);
  return digits;
}

/* Random points in [l, u]: everywhere down to some depth, beyond it where a sign changes. */
static void explore(points *at, checker *k, mpq_srcptr l, mpq_srcptr u, int left, int right,
                    int depth) {
  mpq_t m;
  bool inside;
  mpq_init(m);
  rc_random(m, &k->random);
  mpq_div_2exp(m, m, 1);
  mpq_t quarter;
  mpq_init(quarter);
  mpq_set_ui(quarter, 1, 4);
  mpq_add(m, m, quarter);
  mpq_sub(quarter, u, l);
  mpq_mul(m, m, quarter);
  mpq_add(m, m, l);
  mpq_clear(quarter);
  int middle = pattern(&inside, at->c, k, m);
  if (inside && at->count < MOST_POINTS) mpq_set(at->p[at->count++], m);
  if (depth < EVERYWHERE || (depth < at->limit && left != middle))
    explore(at, k, l, m, left, middle, depth + 1);
  if (depth < EVERYWHERE || (depth < at->limit && middle != right))
    explore(at, k, m, u, middle, right, depth + 1);
  mpq_clear(m);
}

static void find_points(one_case *c, checker *k) {
  points at[1] = {{.c = c}};
  mpq_t zero, one;
  mpq_inits(zero, one, (mpq_ptr)0);
  mpq_set_ui(one, 1, 1);
  for (int i = 0; i < MOST_POINTS; i++) mpq_init(at->p[i]);
  for (at->limit = EVERYWHERE; at->limit <= DEEP; at->limit += DEEP - EVERYWHERE) {
    at->count = 0;
    explore(at, k, zero, one, -1, -1, 0);
    if (at->count >= DRAWS) break;
  }
  c->points = at->count < DRAWS ? at->count : DRAWS;
  for (int i = 0; i < c->points; i++) /* spread over what was found */
    mpq_set(c->p[i], at->p[at->count > DRAWS ? i * at->count / DRAWS : i]);
  for (int i = 0; i < MOST_POINTS; i++) mpq_clear(at->p[i]);
  mpq_clears(zero, one, (mpq_ptr)0);
}

/* |x| is 0 to RC_IDENTITY_ZERO bits beside a number of size 1 + |y|. */
static bool is_zero(mpfi_srcptr x, mpfi_srcptr y) {
  mpfr_t size, scale;
  mpfr_inits2(64, size, scale, (mpfr_ptr)0);
  mpfi_mag(size, x);
  mpfi_mag(scale, y);
  mpfr_add_ui(scale, scale, 1, MPFR_RNDD);
  mpfr_div_2ui(scale, scale, RC_IDENTITY_ZERO, MPFR_RNDD);
  bool zero = !rc_is_nan(x) && !rc_is_nan(y) && mpfr_lessequal_p(size, scale);
  mpfr_clears(size, scale, (mpfr_ptr)0);
  return zero;
}

static bool vanishes(checker *k, int node, int beside) {
  mpfi_t y;
  mpfi_ptr x = rc_value(k->g, beside);
  if (!x) return false;
  mpfi_init2(y, 64);
  mpfi_set(y, x);
  bool zero = (x = rc_value(k->g, node)) && is_zero(x, y);
  mpfi_clear(y);
  return zero;
}

/* --- the identity --- */

/* The node of the c that the claim states in this case, at the present point. */
static int stated(const one_case *c, checker *k) {
  const rc_claim *claim = k->claim;
  int f = claim->formula;
  if (c->bound >= 0) f = c->bound;
  else if (claim->late_formula >= 0 && is_beyond(k, claim->late_where, 1)) f = claim->late_formula;
  if (claim->of_covariance) return f;
  int rest = rc_combine(k->g, RC_SUB, f, rc_parse(k->g, "da/a", ""));
  return rc_combine(k->g, RC_MUL, rest, rc_parse(k->g, "a^3/(b*omega)", ""));
}

static bool is_known_model(const one_case *c, checker *k) {
  char text[200];
  const rc_target *t = k->claim->target;
  const rc_law *law = c->block ? &t->laws[c->block - 1] : t->count == 1 ? t->laws : NULL;
  for (size_t i = 0; rc_model(text, i, t, law, k->claim->upper); i++) {
    if (!text[0]) continue;
    int known = rc_parse(k->g, text, "model");
    if (known < 0) return false;
    if (vanishes(k, rc_combine(k->g, RC_SUB, known, c->model), known)) return true;
  }
  return false;
}

/* x is an integer (stored to *n), to RC_IDENTITY_ZERO bits. */
static bool is_integer(long *n, mpfi_ptr x) {
  mpfr_t middle;
  mpfr_init2(middle, 64);
  mpfi_mid(middle, x);
  *n = mpfr_get_si(middle, MPFR_RNDN);
  mpfr_clear(middle);
  mpfi_sub_si(x, x, *n);
  return is_zero(x, x);
}

/* x(8a, 8b)/x(a, b) = 8^degree, or so with omega alone; of the gap with degree 0.  What holds for
 * a + b = omega = 1 then holds for all a, b, omega > 0.  q: the last point drawn, which moves. */
static bool is_homogeneous(const one_case *c, checker *k, mpq_t q[5], bool in_omega) {
  mpfi_t z[CONDITIONS + 1];
  bool same = true;
  for (int i = 0; i <= c->conditions; i++) mpfi_init2(z[i], RC_IDENTITY_BITS);
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i <= c->conditions && same; i++) {
      long degree;
      mpfi_ptr x = rc_value(k->g, i ? c->condition[i - 1] : c->gap);
      if (!(same = x != NULL)) break;
      if (pass == 0) mpfi_set(z[i], x);
      else if (i == 0) {
        mpfi_sub(z[i], z[i], x);
        same = is_zero(z[i], x);
      } else {
        mpfi_div(z[i], x, z[i]);
        mpfi_log2(z[i], z[i]);
        same = is_integer(&degree, z[i]) && degree % 3 == 0;
      }
    }
    for (int i = in_omega ? 4 : 0; i < (in_omega ? 5 : 2); i++) {
      mpq_mul_2exp(q[i], q[i], 3);
      set_q(k, i == 4 ? k->omega : i ? k->b : k->a, q[i]);
    }
  }
  for (int i = 0; i <= c->conditions; i++) mpfi_clear(z[i]);
  return same;
}

/* At this point of the case: the factor has its sign, and a d/da, b d/db log(factor/e) are
 * integers, those stored in n (at the first point: to be stored).  At all points: factor = C a^n
 * b^m e. */
static bool is_multiple(checker *k, int factor, int sign, int e, int power, long n[2], bool first) {
  static const char *const names[] = {"a", "b"};
  if (!is_beyond(k, factor, sign)) return false;
  for (int i = 0; i < 2; i++) {
    long found;
    int x = rc_combine(k->g, RC_DIV, rc_derivative(k->g, factor, names[i]), factor);
    int y = rc_combine(k->g, RC_DIV, rc_derivative(k->g, e, names[i]), e);
    x = rc_combine(k->g, RC_MUL, rc_name(k->g, names[i]),
                   rc_combine(k->g, power > 0 ? RC_SUB : RC_ADD, x, y));
    mpfi_ptr value = rc_value(k->g, x);
    if (!value || !is_integer(&found, value) || (!first && found != n[i])) return false;
    n[i] = found;
  }
  return true;
}

/* Factors that owe their sign to the domain: multiples of `where` or of a condition. */
static bool test_domain(one_case *c, checker *k, bool first) {
  for (int i = 0; i < c->factors; i++) {
    bool found = strcmp(c->why[i], "domain") != 0;
    for (int j = 0; j < 2 * (c->conditions + 1) && !found; j++) {
      int e = j < 2 ? k->claim->where : c->condition[j / 2 - 1];
      if (first) c->lost[i][j] = false;
      if (e < 0 || c->lost[i][j]) continue;
      found = is_multiple(k, c->factor[i], c->factor_sign[i], e, j % 2 ? -1 : 1, c->degrees[i][j],
                          first);
      c->lost[i][j] = !found;
    }
    if (!found) return false;
  }
  return true;
}

static bool test_identity(one_case *c, checker *k, const char **wrong) {
  mpq_t q[5];
  bool holds = true;
  for (int i = 0; i < 5; i++) mpq_init(q[i]);
  for (int i = 0; i < c->points && holds; i++) {
    draw(k, q, c->p[i]);
    int f = stated(c, k);
    int right = rc_combine(k->g, k->claim->upper ? RC_ADD : RC_SUB, c->model, c->gap);
    if (!(holds = is_known_model(c, k)))
      *wrong = "its model is no known inequality for this target";
    else if (!(holds = vanishes(k, rc_combine(k->g, RC_SUB, f, right), f)))
      *wrong = "the formula is not model and gap";
    else if (!(holds = test_domain(c, k, i == 0)))
      *wrong = "a factor is no multiple of what the domain makes positive";
    else if (!(holds = is_homogeneous(c, k, q, false) && is_homogeneous(c, k, q, true)))
      *wrong = "the gap depends on more than b/a";
  }
  for (int i = 0; i < 5; i++) mpq_clear(q[i]);
  return holds;
}

static bool set_bits(checker *k, long bits, bool symbolic) {
  rc_graph_set_bits(k->g, bits);
  if (!rc_target_set_bits(k->claim->target, bits, symbolic)) return false;
  rc_set_constants(k->g, k->claim->target);
  return true;
}

/* With the constants' values, and where they are not known well enough with symbols. */
static bool check_identities(checker *k) {
  const char *wrong = "";
  for (int symbolic = 0; symbolic < 2; symbolic++) {
    size_t last = k->count;
    if (!set_bits(k, RC_IDENTITY_BITS, symbolic)) return false;
    for (size_t i = 0; i < k->count; i++) {
      one_case *c = &k->cases[i];
      if (!c->good) c->good = test_identity(c, k, &wrong);
      if (!c->good) last = i;
    }
    if (last == k->count) return true;
    if (symbolic) rc_reject(k->verdict, "case %zu: %s", last, wrong);
  }
  return false;
}

/* --- covers --- */

/* (a, b) = (1 - p, p), p in [l, u]. */
static void set_leaf(checker *k, mpq_srcptr l, mpq_srcptr u) {
  mpfi_ptr a = k->g->nodes[k->a].value, b = k->g->nodes[k->b].value;
  mpfr_set_q(&b->left, l, MPFR_RNDD);
  mpfr_set_q(&b->right, u, MPFR_RNDU);
  mpfi_ui_sub(a, 1, b);
}

/* sign*node >= 0 (strict: > 0) on [l, u], which is halved up to `depth` times. */
static bool has_sign(checker *k, int node, int sign, bool strict, mpq_srcptr l, mpq_srcptr u,
                     int depth) {
  set_leaf(k, l, u);
  mpfi_ptr x = rc_value(k->g, node);
  if (!x) return false;
  mpfr_srcptr end = sign > 0 ? &x->left : &x->right;
  if (!rc_is_nan(x) && (strict ? mpfr_sgn(end) * sign > 0 : mpfr_sgn(end) * sign >= 0)) return true;
  if (depth == 0) return false;
  mpq_t middle;
  mpq_init(middle);
  mpq_add(middle, l, u);
  mpq_div_2exp(middle, middle, 1);
  bool holds = has_sign(k, node, sign, strict, l, middle, depth - 1) &&
               has_sign(k, node, sign, strict, middle, u, depth - 1);
  mpq_clear(middle);
  return holds;
}

/* All of [l, u] is where the claim says nothing, or another case speaks.  Conditions may depend on
 * omega, to a power. */
static bool is_outside(const one_case *c, checker *k, mpq_srcptr l, mpq_srcptr u) {
  bool outside = k->claim->where >= 0 && has_sign(k, k->claim->where, -1, false, l, u, SPLITS);
  mpfi_set_ui(k->g->nodes[k->omega].value, 1);
  for (int i = 0; i < c->conditions && !outside; i++)
    outside = has_sign(k, c->condition[i], -c->sign[i], true, l, u, SPLITS);
  rc_set_nan(k->g->nodes[k->omega].value);
  return outside;
}

static bool read_end(mpq_ptr q, const json_t *json) {
  const char *text = json_string_value(json);
  if (!text || strlen(text) > 4000 || mpq_set_str(q, text, 10) != 0 || mpz_sgn(mpq_denref(q)) <= 0)
    return false;
  mpq_canonicalize(q);
  return mpz_popcount(mpq_denref(q)) == 1; /* dyadic */
}

static bool check_leaf(const one_case *c, checker *k, int factor, const json_t *leaf, mpq_ptr last,
                       size_t i) {
  mpq_t l, u;
  const char *proves = json_string_value(json_array_get(leaf, 2));
  mpq_inits(l, u, (mpq_ptr)0);
  bool good = json_array_size(leaf) == 3 && proves && read_end(l, json_array_get(leaf, 0)) &&
              read_end(u, json_array_get(leaf, 1));
  if (!good) rc_reject(k->verdict, "leaf %zu: expected two dyadic numbers and a word", i);
  else if (!(good = mpq_equal(l, last) && mpq_cmp(l, u) < 0))
    rc_reject(k->verdict, "leaf %zu: there is a hole or an overlap before it", i);
  else if (strcmp(proves, "sign") == 0) {
    if (!(good = has_sign(k, c->factor[factor], c->factor_sign[factor], false, l, u, SPLITS)))
      rc_reject(k->verdict, "leaf %zu: factor %d is not seen to have its sign there", i, factor);
  } else if (!(good = strcmp(proves, "outside") == 0 && is_outside(c, k, l, u)))
    rc_reject(k->verdict, "leaf %zu: it is not seen to be outside of the domain", i);
  mpq_set(last, u);
  mpq_clears(l, u, (mpq_ptr)0);
  return good;
}

static bool check_cover(const one_case *c, checker *k, int factor) {
  const json_t *cover = NULL, *item, *leaf;
  size_t i, found = 0;
  json_array_foreach(json_object_get(c->json, "cover"), i, item) {
    const json_t *index = json_object_get(item, "factor");
    if (!json_is_integer(index) || json_integer_value(index) != factor) continue;
    cover = item;
    found++;
  }
  if (found != 1) return rc_reject(k->verdict, "factor %d: %zu covers", factor, found);
  mpq_t last;
  bool good = true;
  mpq_init(last);
  json_array_foreach(json_object_get(cover, "leaves"), i, leaf) {
    good = check_leaf(c, k, factor, leaf, last, i);
    if (!good) break;
  }
  if (good && mpq_cmp_ui(last, 1, 1) != 0)
    good = rc_reject(k->verdict, "factor %d: its leaves do not reach 1", factor);
  mpq_clear(last);
  return good;
}

/* min, max or abs of something that depends on a or b: a formula that may be flat somewhere.  The
 * node was the last to be evaluated. */
static bool has_kinks(const rc_graph *g, int node) {
  bool *on = calloc((size_t)node + 1, sizeof *on), kinks = !on;
  for (int i = 0; i <= node && on; i++) {
    const rc_node *n = &g->nodes[i];
    if (n->op == RC_NAME) on[i] = n->x < 2;
    else if (n->op > RC_NAME) on[i] = on[n->x] || (n->y >= 0 && on[n->y]);
    if (on[i] && n->needed && (n->op == RC_MIN || n->op == RC_MAX || n->op == RC_ABS)) kinks = true;
  }
  free(on);
  return kinks;
}

/* sign*node >= 0 nowhere, or at most on a set without interior, where continuity decides. */
static bool is_empty(checker *k, int node, int sign) {
  mpq_t zero, one;
  mpq_inits(zero, one, (mpq_ptr)0);
  mpq_set_ui(one, 1, 1);
  bool empty = has_sign(k, node, -sign, true, zero, one, 2) ||
               (has_sign(k, node, -sign, false, zero, one, 2) && !has_kinks(k->g, node));
  mpq_set_ui(zero, 1, 3); /* not 0 throughout */
  empty = empty && has_sign(k, node, -sign, true, zero, zero, 0);
  mpq_clears(zero, one, (mpq_ptr)0);
  return empty;
}

static bool check_factors(const one_case *c, checker *k, size_t number) {
  mpq_t zero, one, third;
  bool good = true;
  mpq_inits(zero, one, third, (mpq_ptr)0);
  mpq_set_ui(third, 1, 3);
  mpq_set_ui(one, 1, 1);
  for (int i = 0; i < c->factors && good; i++) {
    set_leaf(k, third, third); /* a', b' and omega are NaN: it must not depend on them */
    mpfi_ptr x = rc_value(k->g, c->factor[i]);
    if (!x || rc_is_nan(x))
      good = rc_reject(k->verdict, "case %zu, factor %d: not of a and b alone", number, i);
    else if (strcmp(c->why[i], "cover") == 0) good = check_cover(c, k, i);
    else if (strcmp(c->why[i], "positive") == 0) {
      if (!(good = has_sign(k, c->factor[i], c->factor_sign[i], false, zero, one, SPLITS)))
        rc_reject(k->verdict, "case %zu, factor %d: not seen to have its sign", number, i);
    } else if (strcmp(c->why[i], "even") != 0 && strcmp(c->why[i], "domain") != 0)
      good = rc_reject(k->verdict, "case %zu, factor %d: why?", number, i);
  }
  mpq_clears(zero, one, third, (mpq_ptr)0);
  return good;
}

/* --- all of the claim is covered by cases --- */

typedef struct branch {
  int node[CONDITIONS], sign[CONDITIONS], count;
} branch;

static int sign_in(const branch *at, int node) {
  for (int i = 0; i < at->count; i++)
    if (at->node[i] == node) return at->sign[i];
  return 0;
}

static bool is_case_for(const one_case *c, const branch *at, int bound, size_t block) {
  if (!c->points || (c->bound >= 0 && c->bound != bound) || (c->block && c->block != block))
    return false;
  for (int i = 0; i < c->conditions; i++)
    if (sign_in(at, c->condition[i]) != c->sign[i]) return false;
  return true;
}

/* The bound is proved in the branch: by a case, by its operands, or on both sides of a condition.
 */
static bool is_covered(checker *k, const branch *at, int bound, size_t block) {
  rc_node n = k->g->nodes[bound];
  int next = -1;
  for (size_t i = 0; i < k->count; i++) {
    const one_case *c = &k->cases[i];
    if (is_case_for(c, at, bound, block)) return true;
    for (int j = 0; j < c->conditions && (!c->block || c->block == block); j++)
      if (!sign_in(at, c->condition[j])) next = c->condition[j];
  }
  if (n.op == (k->claim->upper ? RC_MIN : RC_MAX) && is_covered(k, at, n.x, block) &&
      is_covered(k, at, n.y, block))
    return true;
  if (next < 0 || at->count == CONDITIONS) return false;
  branch further = *at;
  further.node[further.count++] = next;
  for (int sign = -1; sign <= 1; sign += 2) {
    further.sign[further.count - 1] = sign;
    if (!is_empty(k, next, sign) && !is_covered(k, &further, bound, block)) return false;
  }
  return true;
}

static bool check_coverage(checker *k) {
  const rc_claim *claim = k->claim;
  for (size_t block = 1; block <= claim->target->count; block++) {
    branch at = {.count = 0};
    if (claim->late_formula >= 0) at = (branch){{claim->late_where}, {-1}, 1};
    bool late = claim->late_formula >= 0;
    bool good =
        (late && is_empty(k, claim->late_where, -1)) || is_covered(k, &at, claim->formula, block);
    at.sign[0] = 1;
    if (late && good && !is_empty(k, claim->late_where, 1))
      good = is_covered(k, &at, claim->late_formula, block);
    if (!good) return rc_reject(k->verdict, "the cases do not cover the claim");
  }
  return true;
}

/* --- the whole --- */

static bool read_cases(checker *k, const json_t *json, bool identity) {
  const json_t *cases = json_object_get(json, "cases"), *atoms = json_object_get(json, "atoms");
  const json_t *item;
  const char *name;
  size_t i;
  void *at;
  json_object_foreach_safe(
      (json_t *)atoms, at, name,
      item) if (!rc_define(k->g, name, rc_text_node(k->g, atoms, name))) return false;
  if (json_array_size(cases) == 0 || json_array_size(cases) > MOST_CASES ||
      !(k->cases = calloc(json_array_size(cases), sizeof *k->cases)))
    return rc_reject(k->verdict, "cases: expected a list that is not too long");
  json_array_foreach(cases, i, item) {
    for (int j = 0; j < DRAWS; j++) mpq_init(k->cases[i].p[j]);
    k->count++;
    if (!read_case(&k->cases[i], k, item)) return false;
    if (identity && k->cases[i].factors) return rc_reject(k->verdict, "an identity with a gap");
  }
  return true;
}

static bool check(checker *k, bool identity) {
  int bound = k->g->name_count;
  json_int_t bits = json_integer_value(json_object_get(k->claim->json, "precision"));
  bits = bits < 64 ? 128 : bits > 4096 ? 4096 : bits + 64;
  if (!read_cases(k, k->claim->json, identity) || !rc_names_known(k->g, bound) ||
      !set_bits(k, POINT_BITS, false))
    return false;
  for (size_t i = 0; i < k->count; i++) find_points(&k->cases[i], k);
  if (!check_identities(k) || !set_bits(k, (long)bits, false)) return false;
  rc_set_nan(k->g->nodes[k->da].value);
  rc_set_nan(k->g->nodes[k->db].value);
  rc_set_nan(k->g->nodes[k->omega].value);
  for (size_t i = 0; i < k->count; i++)
    if (k->cases[i].points && !check_factors(&k->cases[i], k, i)) return false;
  mpfi_set_ui(k->g->nodes[k->omega].value, 1);
  return check_coverage(k);
}

bool rc_check_proof(rc_claim *claim, bool identity) {
  checker k = {.claim = claim, .g = claim->graph, .verdict = claim->verdict};
  k.a = rc_name(k.g, "a");
  k.b = rc_name(k.g, "b");
  k.da = rc_name(k.g, "da");
  k.db = rc_name(k.g, "db");
  k.omega = rc_name(k.g, "omega");
  k.random = claim->target->random ^ 0x5851f42d4c957f2du;
  bool good = check(&k, identity);
  for (size_t i = 0; i < k.count; i++)
    for (int j = 0; j < DRAWS; j++) mpq_clear(k.cases[i].p[j]);
  free(k.cases);
  return good;
}
