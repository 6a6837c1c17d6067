/* Certificates: why a verdict with basis `certified` is true, in a form that a
 * program without this library can verify (tools/recheck).  One JSON file a
 * claim, instance and, where it matters, schedule; the format is in
 * tools/recheck/README.md.
 *
 * All strings are malloc'd and owned; NULL means absent.  A certificate is
 * filled by whoever decides the claim, and only where somebody wants it
 * (fc_job's `certify`).
 */
#ifndef FC_PROOF_CERTIFICATE_H
#define FC_PROOF_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/text.h"
#include "target/target.h"

#define FC_CERTIFICATE_SCHEMA "flowcert-certificate/1"

typedef enum fc_certificate_kind {
  FC_CERTIFICATE_IDENTITY, /* the gap is identically 0 in every case */
  FC_CERTIFICATE_COVER,    /* the gap is factored, its factors' signs proved */
  FC_CERTIFICATE_WITNESS,  /* the claim is false at a point */
  FC_CERTIFICATE_THEOREM   /* a theorem whose hypotheses the target has */
} fc_certificate_kind;

/* A formula and its name: an atom of the gap, or a class constant. */
typedef struct fc_certificate_name {
  char *name; /* "r" */
  char *text; /* "sqrt(a^2 + b^2)" */
} fc_certificate_name;

/* A class constant by name: exact text, or (text NULL) an enclosure. */
typedef struct fc_certificate_constant {
  char *name; /* "sigma", as formulas spell it */
  char *text; /* "1/2", "6*sqrt(2)" */
  char *mid;
  char *rad;
} fc_certificate_constant;

/* A restriction of a case to where sign*text >= 0.  The same text with both
 * signs is how a case is split in two. */
typedef struct fc_certificate_condition {
  char *text;
  int sign; /* 1 or -1 */
} fc_certificate_condition;

typedef enum fc_certificate_why {
  FC_WHY_POSITIVE, /* > 0 (or < 0: sign -1) wherever a, b > 0, evidently */
  FC_WHY_COVER,    /* sign proved by a cover */
  FC_WHY_DOMAIN    /* its text is that of `where`, or its text and sign are
                      those of a condition */
} fc_certificate_why;

/* One factor of the gap: text^power, text of the given sign. */
typedef struct fc_certificate_factor {
  char *text; /* formula in a, b, constants and atoms */
  long power; /* may be negative */
  int sign;   /* of text: 1 or -1 */
  fc_certificate_why why;
} fc_certificate_factor;

typedef enum fc_certificate_leaf_proves {
  FC_LEAF_SIGN,   /* the factor has its sign (>= 0 or <= 0) all over the leaf */
  FC_LEAF_OUTSIDE /* the leaf is outside the claim's domain or the case */
} fc_certificate_leaf_proves;

/* An interval of p in [0, 1], (a, b) = (1 - p, p); dyadic texts ("3/8"). */
typedef struct fc_certificate_leaf {
  char *lower;
  char *upper;
  fc_certificate_leaf_proves proves;
} fc_certificate_leaf;

/* The leaves tile [0, 1] in ascending order. */
typedef struct fc_certificate_cover {
  size_t factor; /* index into the case's factors */
  fc_certificate_leaf *leaves;
  size_t leaf_count;
} fc_certificate_cover;

/* Within a case, with c the bound on C that the claim states in the form
 *   formula = a'/a + (b omega/a^3) c        (grad v)   or   formula = c  (C):
 *   c = model + gap (relation "<=") or model - gap (">="),
 *   gap = gap_sign * product factor^power  >= 0   (no factors: gap = 0). */
typedef struct fc_certificate_case {
  /* Products: 1 + the index of the factor whose block this is about; 0: all of
   * C. */
  size_t block;
  fc_certificate_condition *conditions;
  size_t condition_count;
  char *model;    /* formula in a, b and constants; of a block's own constants
                     NAME_k, k = block */
  char *argument; /* the name of its elementary argument */
  int gap_sign;   /* 1 or -1 */
  fc_certificate_factor *factors;
  size_t factor_count;
  fc_certificate_cover *covers;
  size_t cover_count;
} fc_certificate_case;

/* A point at which e' grad v e (|e| need not be 1: the Rayleigh quotient) is
 * beyond the bound.  All numbers exact texts. */
typedef struct fc_certificate_witness {
  char *t;
  char **x; /* dimension */
  char **direction;
  size_t dimension;
} fc_certificate_witness;

typedef enum fc_certificate_quantity {
  FC_CERTIFIED_JACOBIAN,    /* grad v */
  FC_CERTIFIED_COVARIANCE,  /* C */
  FC_CERTIFIED_VARIANCE,    /* of a function, under the posterior */
  FC_CERTIFIED_FLOW,        /* |grad X_{s,t}| */
  FC_CERTIFIED_INVERSE_FLOW /* |grad X_{s,t}^-1| */
} fc_certificate_quantity;

typedef struct fc_certificate {
  char *check;    /* gif.velocity-bounds */
  char *claim;    /* gif.velocity-bounds/d.upper */
  char *instance; /* two-bumps */
  char *schedule; /* label; NULL: every schedule */
  char *statement;
  char *relation; /* "<=", ">=" */
  char *formula;
  char *late_formula; /* used where late_where > 0 */
  char *where;        /* the domain is where this is > 0 */
  char *late_where;
  char *domain;                     /* in words */
  fc_certificate_quantity quantity; /* that the formula bounds */
  char *target;                     /* a JSON object (fc_target_append_json) */
  fc_certificate_constant *constants;
  size_t constant_count;
  /* R: lambda, the centre is sum lambda_k m_k.  JSON: a list of texts or null,
   * of a product a list of these. */
  char *centre_weights;
  fc_certificate_kind kind;
  fc_certificate_name *atoms; /* each in terms of a, b, constants and those
                                 before it */
  size_t atom_count;
  fc_certificate_case *cases;
  size_t case_count;
  long precision; /* bits that sufficed */
  fc_certificate_witness witness[1];
  /* Of a bound on the flow, in place of cases: the bounds that it is made of
   * (claims/flow_proving.h); of each the formulas, atoms and cases. */
  struct fc_certificate *parts;
  size_t part_count;
} fc_certificate;

/* Targets that tools/recheck reads: mixtures, one law cut to an interval,
 * products of these. */
bool fc_certificate_knows(const fc_target *target);

void fc_certificate_init(fc_certificate *certificate);
void fc_certificate_clear(fc_certificate *certificate);

/* --- filling it ----------------------------------------------------------
 * Texts are copied.  FC_MEMORY leaves the certificate clearable. */

/* *to = a copy of text (NULL allowed); what it held is freed. */
fc_status fc_certificate_set(char **to, const char *text);
/* Where the formula is claimed, and what takes its place where late_where > 0;
 * NULL: nothing. */
fc_status fc_certificate_set_where(fc_certificate *certificate,
                                   const char *where, const char *late_formula,
                                   const char *late_where);
fc_status fc_certificate_set_target(fc_certificate *certificate,
                                    const fc_target *target);
/* Of a class constant's name, formulas' spelling is written: half_diam. */
fc_status fc_certificate_add_constant(fc_certificate *certificate,
                                      const char *name, const char *text,
                                      const char *mid, const char *rad);
fc_status fc_certificate_add_atom(fc_certificate *certificate, const char *name,
                                  const char *text);
/* An empty case (gap_sign 1); it belongs to the certificate and moves when the
 * next one is added. */
fc_status fc_certificate_add_case(fc_certificate_case **added,
                                  fc_certificate *certificate,
                                  const char *model, const char *argument);
/* An empty part, likewise. */
fc_status fc_certificate_add_part(fc_certificate **added,
                                  fc_certificate *certificate);
fc_status fc_certificate_case_condition(fc_certificate_case *c,
                                        const char *text, int sign);
fc_status fc_certificate_case_factor(fc_certificate_case *c, const char *text,
                                     long power, int sign,
                                     fc_certificate_why why);
/* A cover without leaves; moves when the next one is added. */
fc_status fc_certificate_case_cover(fc_certificate_cover **added,
                                    fc_certificate_case *c, size_t factor);
fc_status fc_certificate_cover_leaf(fc_certificate_cover *cover,
                                    const char *lower, const char *upper,
                                    fc_certificate_leaf_proves proves);
/* The witness's point: count coordinates and as many of the direction. */
fc_status fc_certificate_witness_point(fc_certificate_witness *witness,
                                       const char *const *x,
                                       const char *const *direction,
                                       size_t count);
/* --- writing it ---------------------------------------------------------- */

/* Appends the certificate as JSON, keys in a fixed order, ends in '\n'. */
fc_status fc_certificate_write(fc_text *out, const fc_certificate *certificate);

/* CHECK.CLAIM.INSTANCE[.SCHEDULE].json, claim without its check; characters
 * other than letters, digits and "-_.=,+" become '-'.  malloc'd; NULL when
 * memory ran out. */
char *fc_certificate_file_name(const fc_certificate *certificate);

#endif
