#include "proof/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "proof/certificate.h"

enum { CONSTANT_BITS = 256, SUFFIX = 24, MOST_EXPONENT = 256 };

const fc_class_name fc_class_names[FC_CLASS_NAMES] = {
    {"kappa", FC_KAPPA, 1},
    {"beta", FC_BETA, 1},
    {"D", FC_D, 1},
    {"sigma", FC_SIGMA, 1},
    {"R", FC_R, 1},
    {"L", FC_L, 1},
    {"diam_nu", FC_SUPPORT_HALF_DIAM, 2},
    {"diam_rho", FC_HALF_DIAM, 2},
};
enum { KAPPA, BETA, D, SIGMA, R, L, DIAM_NU, DIAM_RHO };

bool fc_class_value(fc_interval *z, const fc_target *target,
                    const fc_class_name *name) {
  fc_ctx balls[1];
  fc_num x;
  if (fc_ctx_init_arb(balls, CONSTANT_BITS, NULL))
    return false;
  fc_init(x, balls);
  bool there =
      fc_target_constant(x, NULL, NULL, target, name->which, balls) == FC_OK;
  if (there) {
    fc_mul_si(x, x, name->factor, balls);
    fc_interval_set_number(z, x, balls);
    there = fc_interval_is_known(z);
  }
  fc_clear(x, balls);
  return there;
}

/* --- the kind of law --------------------------------------------------------
 */

typedef enum shape {
  SHAPE_OTHER,
  SHAPE_ATOMS,
  SHAPE_ISOTROPIC, /* equal isotropic components */
  SHAPE_GAUSSIAN,  /* one component, any covariance */
  SHAPE_MIXTURE,   /* any covariances, none 0 */
  SHAPE_CUT,       /* N(m, s^2) or uniform, on an interval or half line */
  SHAPE_TILTED     /* N(0, 1) tilted by a piecewise affine function */
} shape;

/* One term on the line that has an end. */
static bool is_cut(const fc_target *target) {
  fc_line_term term;
  if (fc_target_mixture_count(target) > 0 || fc_target_term_count(target) != 1)
    return false;
  fc_target_term_get(&term, target, 0);
  return term.lower || term.upper;
}

static shape shape_of(const fc_target *target) {
  if (fc_target_factor_count(target) > 0)
    return SHAPE_OTHER;
  if (fc_target_isotropic_count(target) > 0)
    return fc_target_has_density(target) ? SHAPE_ISOTROPIC : SHAPE_ATOMS;
  if (fc_target_is_gaussian(target))
    return fc_target_mixture_count(target) > 0 ? SHAPE_GAUSSIAN
                                               : SHAPE_ISOTROPIC;
  if (fc_target_mixture_count(target) > 0)
    return fc_target_has_density(target) ? SHAPE_MIXTURE : SHAPE_OTHER;
  if (is_cut(target))
    return SHAPE_CUT;
  /* Of laws that are sums of terms only tilted ones have an L here. */
  return fc_target_term_count(target) > 1 &&
                 fc_target_constant_d(NULL, target, FC_L)
             ? SHAPE_TILTED
             : SHAPE_OTHER;
}

/* --- constants ---------------------------------------------------------- */

/* One block: its law, its own constants, and how their names end. */
typedef struct block {
  const fc_target *law;
  shape shape;
  size_t components; /* of equal isotropic mixtures */
  char suffix[SUFFIX];
  bool exact;
  bool has[FC_CLASS_NAMES];
  bool named[FC_CLASS_NAMES];
  fc_interval values[FC_CLASS_NAMES];
  fc_ring *ring;
  fc_error *error;
} block;

static void own_name(char name[FC_RING_LONGEST], const block *b, int which) {
  snprintf(name, FC_RING_LONGEST, "%s%s", fc_class_names[which].name,
           b->suffix);
}

/* text with every '@' replaced by the suffix. */
static void with_suffix(char out[FC_MODEL_LENGTH], const char *text,
                        const char *suffix) {
  size_t n = 0;
  for (; *text && n + SUFFIX < FC_MODEL_LENGTH; text++)
    if (*text == '@')
      n += (size_t)snprintf(out + n, SUFFIX, "%s", suffix);
    else
      out[n++] = *text;
  out[n] = '\0';
}

static fc_status contradiction(const block *b, const char *name) {
  return fc_fail(b->error, FC_UNSUPPORTED,
                 "the enclosure of %s contradicts what a proof assumes of it",
                 name);
}

/* The value of a quotient of constants. */
static void enclose_constant(fc_interval *z, const fc_rational *x,
                             const fc_ring *ring) {
  fc_interval values[FC_RING_SYMBOLS], bottom;
  for (int i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_init(&values[i], CONSTANT_BITS);
  fc_interval_init(&bottom, CONSTANT_BITS);
  fc_ring_enclose(values, ring);
  fc_polynomial_enclose(z, x->top, values, ring);
  fc_polynomial_enclose(&bottom, x->bottom, values, ring);
  fc_interval_div(z, z, &bottom);
  for (int i = 0; i < FC_RING_SYMBOLS; i++)
    fc_interval_clear(&values[i]);
  fc_interval_clear(&bottom);
}

/* The name stands for a derivation, whose value must meet the constant's. */
static fc_status derive_named(block *b, const char *name, const char *text,
                              const fc_interval *value) {
  fc_interval derived;
  fc_status status = fc_ring_define(b->ring, name, text, b->error);
  if (status)
    return status;
  fc_interval_init(&derived, CONSTANT_BITS);
  enclose_constant(&derived, &b->ring->names[b->ring->name_count - 1].value,
                   b->ring);
  if (!fc_interval_overlap(&derived, value))
    status = contradiction(b, name);
  fc_interval_clear(&derived);
  return status;
}

static fc_status derive(block *b, int which, const char *pattern) {
  char name[FC_RING_LONGEST], text[FC_MODEL_LENGTH];
  own_name(name, b, which);
  with_suffix(text, pattern, b->suffix);
  b->named[which] = true;
  return derive_named(b, name, text, &b->values[which]);
}

/* The name stands for the number at the lower end of an exact value. */
static fc_status define_number(block *b, const char *name,
                               const fc_interval *value) {
  char *text = fc_interval_lower_text(value);
  fc_status status =
      text ? fc_ring_define(b->ring, name, text, b->error) : FC_MEMORY;
  free(text);
  return status;
}

/* A constant becomes a symbol, 0 the number 0.  Constants other than kappa are
 * never negative by what they mean. */
static fc_status add_symbol(block *b, int which) {
  char name[FC_RING_LONGEST];
  own_name(name, b, which);
  b->named[which] = true;
  fc_interval *value = &b->values[which];
  if (which != KAPPA) {
    if (mpfr_sgn(value->upper) < 0)
      return contradiction(b, name);
    fc_interval_clip(value);
  }
  unsigned signs = fc_interval_signs(value);
  if ((which == SIGMA || which == BETA) && signs != FC_MAY_RISE)
    return contradiction(b, name);
  /* Numbers of many digits would only make the algebra slow. */
  bool number = mpfr_equal_p(value->lower, value->upper) &&
                (mpfr_zero_p(value->lower) ||
                 labs((long)mpfr_get_exp(value->lower)) < MOST_EXPONENT);
  if (number && (b->exact || mpfr_zero_p(value->lower)))
    return define_number(b, name, value);
  return fc_ring_add_constant(b->ring, name, signs, value) < 0 ? FC_LIMIT
                                                               : FC_OK;
}

static bool is_one(const fc_interval *x) {
  return mpfr_cmp_ui(x->lower, 1) == 0 && mpfr_cmp_ui(x->upper, 1) == 0;
}

/* The smallest ball around the means has the farthest two on its ends. */
static bool on_one_ball(const block *b) {
  return b->components == 2 || fc_target_dimension(b->law) == 1;
}

/* sigma; R, diam_rho; kappa = 1/sigma^2 - R^2/sigma^4, beta = 1/sigma^2. */
static fc_status isotropic_constants(block *b) {
  bool unit = b->has[L] && is_one(&b->values[SIGMA]);
  bool single = b->components == 1;
  fc_status status = unit ? derive(b, SIGMA, "1") : add_symbol(b, SIGMA);
  if (status == FC_OK)
    status = single ? derive(b, DIAM_RHO, "0") : add_symbol(b, DIAM_RHO);
  if (status == FC_OK)
    status = single           ? derive(b, R, "0")
             : on_one_ball(b) ? derive(b, R, "diam_rho@/2")
                              : add_symbol(b, R);
  if (status == FC_OK)
    status =
        derive(b, KAPPA, single ? "1/sigma@^2" : "1/sigma@^2 - R@^2/sigma@^4");
  return status ? status : derive(b, BETA, "1/sigma@^2");
}

static bool has_all(const block *b, const int *which, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (!b->has[which[i]])
      return false;
  return true;
}

/* All own constants: derivations where the kind of law has them, else symbols.
 */
static fc_status own_constants(block *b) {
  static const int isotropic[] = {SIGMA, R, DIAM_RHO, KAPPA, BETA},
                   gaussian[] = {SIGMA, KAPPA, BETA};
  fc_status status = FC_OK;
  if (b->shape == SHAPE_ISOTROPIC) {
    if (has_all(b, isotropic, 5))
      status = isotropic_constants(b);
    else
      b->shape = SHAPE_OTHER;
  } else if (b->shape == SHAPE_GAUSSIAN) {
    if (has_all(b, gaussian, 3)) {
      status = add_symbol(b, SIGMA);
      if (status == FC_OK)
        status = derive(b, BETA, "1/sigma@^2");
    } else
      b->shape = SHAPE_OTHER;
  }
  for (int i = 0; i < FC_CLASS_NAMES && status == FC_OK; i++)
    if (b->has[i] && !b->named[i])
      status = add_symbol(b, i);
  return status;
}

static void block_init(block *b, fc_ring *ring, const fc_target *law,
                       size_t index, bool exact, fc_error *error) {
  *b = (block){.law = law,
               .shape = shape_of(law),
               .exact = exact,
               .ring = ring,
               .error = error};
  b->components = fc_target_isotropic_count(law);
  if (b->shape == SHAPE_ISOTROPIC && b->components == 0)
    b->components = 1; /* a normal law written as a piece without ends */
  if (index > 0)
    snprintf(b->suffix, sizeof b->suffix, "_%zu", index);
  for (int i = 0; i < FC_CLASS_NAMES; i++) {
    fc_interval_init(&b->values[i], CONSTANT_BITS);
    b->has[i] = fc_class_value(&b->values[i], law, &fc_class_names[i]);
  }
}

static void block_clear(block *b) {
  for (int i = 0; i < FC_CLASS_NAMES; i++)
    fc_interval_clear(&b->values[i]);
}

/* --- constants of products ---------------------------------------------- */

/* kappa of the product is at most the block's, all others at least; sigma is
 * common.  The difference is a symbol >= 0, printed as what it is. */
static fc_status relate(block *b, int which, const fc_interval *whole) {
  char name[FC_RING_LONGEST], own[FC_RING_LONGEST], difference[FC_RING_LONGEST],
      text[FC_MODEL_LENGTH];
  bool least = which == KAPPA;
  const char *plain = fc_class_names[which].name;
  own_name(own, b, which);
  if (which == SIGMA)
    return derive_named(b, plain, own, whole);
  snprintf(difference, sizeof difference, "(%.28s-%.28s)", least ? own : plain,
           least ? plain : own);
  fc_interval gap;
  fc_interval_init(&gap, CONSTANT_BITS);
  if (least)
    fc_interval_sub(&gap, &b->values[which], whole);
  else
    fc_interval_sub(&gap, whole, &b->values[which]);
  fc_status status = FC_OK;
  if (mpfr_sgn(gap.upper) < 0)
    status = contradiction(b, plain);
  else
    fc_interval_clip(&gap);
  snprintf(name, sizeof name, "rest_%s", plain); /* only to define by */
  bool zero = mpfr_zero_p(gap.upper);
  if (status == FC_OK && !zero) {
    long symbol =
        fc_ring_add_constant(b->ring, name, fc_interval_signs(&gap), &gap);
    if (symbol < 0)
      status = FC_LIMIT;
    else
      memcpy(b->ring->symbols[symbol].name, difference, sizeof difference);
  }
  snprintf(text, sizeof text, "%s%s%s", own,
           zero ? "" : (least ? " - " : " + "), zero ? "" : name);
  if (status == FC_OK)
    status = derive_named(b, plain, text, whole);
  fc_interval_clear(&gap);
  return status;
}

static fc_status relate_all(block *b, const fc_target *product) {
  fc_interval whole;
  fc_interval_init(&whole, CONSTANT_BITS);
  fc_status status = FC_OK;
  for (int i = 0; i < FC_CLASS_NAMES && status == FC_OK; i++)
    if (b->has[i] && fc_class_value(&whole, product, &fc_class_names[i]))
      status = relate(b, i, &whole);
  fc_interval_clear(&whole);
  return status;
}

/* --- bounds ------------------------------------------------------------- */

static void add(fc_models *models, const block *b, bool upper, bool exact,
                const char *pattern, const char *argument) {
  if (models->count == FC_MODELS)
    return;
  fc_model *model = &models->items[models->count++];
  model->upper = upper;
  model->exact = exact;
  model->recheckable = fc_certificate_knows(b->law);
  model->argument = argument;
  with_suffix(model->text, pattern, b->suffix);
}

#define ISOTROPIC_PART "sigma@^2*a^2/(a^2 + sigma@^2*b^2)"
#define MEANS_PART(square)                                                     \
  ISOTROPIC_PART " + " square "*a^4/(a^2 + sigma@^2*b^2)^2"

static void isotropic_models(fc_models *models, const block *b) {
  bool single = b->components == 1;
  add(models, b, false, true, ISOTROPIC_PART,
      single ? "gaussian" : "covariance of responsibilities >= 0");
  if (single) {
    add(models, b, true, true, ISOTROPIC_PART, "gaussian");
    return;
  }
  add(models, b, true, b->components == 2, MEANS_PART("R@^2"),
      "second moment about the centre of a ball around the means");
  add(models, b, true, b->components == 2, MEANS_PART("(diam_rho@/2)^2"),
      "popoviciu for the means along each direction");
  if (b->has[L])
    add(models, b, true, false, MEANS_PART("L@^2"),
        "second moment of the means about 0");
}

static void gaussian_models(fc_models *models, const block *b) {
  add(models, b, false, true, ISOTROPIC_PART, "gaussian");
  add(models, b, true, true, "a^2/(kappa@*a^2 + b^2)", "gaussian");
}

static void bounded_models(fc_models *models, const block *b) {
  bool two = b->shape == SHAPE_ATOMS && b->components == 2;
  if (b->has[D])
    add(models, b, true, two, "D@^2/2",
        "popoviciu for the support along each direction");
  if (b->has[DIAM_NU])
    add(models, b, true, two, "(diam_nu@/2)^2",
        "popoviciu for the support along each direction");
}

static void tilted_models(fc_models *models, const block *b) {
  if (b->has[KAPPA])
    add(models, b, true, false, "a^2/(kappa@*a^2 + b^2)",
        "concave tilt by parts");
  if (b->has[BETA])
    add(models, b, false, false, "a^2/(beta@*a^2 + b^2)",
        "convex tilt by parts");
  add(models, b, true, false, "(a/sqrt(a^2 + b^2) + L@*a^2/(a^2 + b^2))^2",
      "log-lipschitz by parts");
  add(models, b, false, false, "a^2/(sqrt(a^2 + b^2) + L@*a)^2",
      "log-lipschitz by parts");
}

static void list_models(fc_models *models, const block *b) {
  models->count = 0;
  if (b->shape == SHAPE_ISOTROPIC)
    isotropic_models(models, b);
  if (b->shape == SHAPE_GAUSSIAN)
    gaussian_models(models, b);
  if (b->shape == SHAPE_MIXTURE && b->has[BETA])
    add(models, b, false, false, "a^2/(beta@*a^2 + b^2)",
        "least covariance of a component");
  if (b->shape == SHAPE_TILTED)
    tilted_models(models, b);
  if (b->shape == SHAPE_CUT && b->has[KAPPA])
    add(models, b, true, false, "a^2/(kappa@*a^2 + b^2)",
        "cut normal law by parts");
  if (b->shape == SHAPE_ATOMS || fc_target_dimension(b->law) == 1)
    bounded_models(models, b);
  add(models, b, false, b->shape == SHAPE_ATOMS, "0", "covariance >= 0");
}

fc_status fc_models_make(fc_models *models, fc_ring *ring,
                         const fc_target *target, size_t index, bool exact,
                         fc_error *error) {
  const fc_target *law =
      index > 0 ? fc_target_factor(target, index - 1) : target;
  block b[1];
  block_init(b, ring, law, index, exact, error);
  fc_status status = own_constants(b);
  if (status == FC_OK && index > 0)
    status = relate_all(b, target);
  if (status == FC_OK)
    list_models(models, b);
  block_clear(b);
  return status;
}
