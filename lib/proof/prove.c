/* From a statement to quotients whose signs decide it. */
#include <stdlib.h>
#include <string.h>

#include "proof/case.h"
#include "proof/model.h"
#include "proof/proof.h"

enum { MOST_BITS = 6 }; /* choices among operands of min, max, abs */

static const char everywhere_text[] =
    "every schedule; all x in R^d; all u = b/a > 0";
static const char somewhere_text[] =
    "every schedule; all x in R^d; all u = b/a > 0 in the claim's domain";

/* One block of C, its ring and its bounds. */
typedef struct prover {
  fc_bound_proof *proof;
  fc_certificate *certificate;
  const fc_bound_statement *statement;
  fc_ring ring[1];
  fc_models models[1];
  size_t block;
  fc_error *error;
  bool identity; /* in every case so far */
  bool recheckable;
  long cases;
} prover;

static void undecided(fc_bound_proof *proof, const char *reason, double left) {
  proof->outcome = FC_OUTCOME_UNDECIDED;
  proof->reason = reason;
  if (left > proof->undecided)
    proof->undecided = left;
}

/* z = c where formula = k + w b/a^3 c; for statements on C the formula itself.
 * False where there is no such c free of k and w. */
static bool reduce(fc_rational *z, const prover *p) {
  fc_ring *ring = (fc_ring *)p->ring;
  fc_rational t;
  fc_rational_init(&t, ring);
  if (!p->statement->of_covariance) {
    fc_rational_set_symbol(&t, FC_K, ring);
    fc_rational_sub(z, z, &t, ring);
    fc_rational_set_symbol(&t, FC_W, ring);
    fc_rational_div(z, z, &t, ring);
    fc_rational_set_symbol(&t, FC_B, ring);
    fc_rational_div(z, z, &t, ring);
    fc_rational_set_symbol(&t, FC_A, ring);
    fc_rational_pow(&t, &t, 3, ring);
    fc_rational_mul(z, z, &t, ring);
  }
  fc_rational_clear(&t, ring);
  bool free_of = ring->status == FC_OK && !fc_rational_has(z, FC_K, ring) &&
                 !fc_rational_has(z, FC_W, ring);
  ring->status = FC_OK;
  return free_of;
}

/* --- one case ------------------------------------------------------------ */

/* c - model for upper bounds, model - c for lower ones. */
static fc_status set_gap(fc_rational *gap, const fc_rational *c,
                         const fc_model *model, prover *p) {
  int bit = 0;
  fc_status status =
      fc_rational_read(gap, model->text, 0, &bit, NULL, p->ring, p->error);
  if (status)
    return status;
  if (model->upper)
    fc_rational_sub(gap, c, gap, p->ring);
  else
    fc_rational_sub(gap, gap, c, p->ring);
  status = p->ring->status;
  p->ring->status = FC_OK;
  return status;
}

typedef struct attempt {
  fc_sign_proof sign[1];
  const fc_model *model;
} attempt;

/* Tries one bound on C: proof->outcome says whether it served. */
static fc_status try_model(attempt *best, const fc_model *model,
                           const fc_rational *c,
                           const fc_domain_of_claim *domain, prover *p,
                           double box[2], bool *refuted) {
  fc_rational gap;
  fc_sign_proof sign[1] = {{.undecided = 1}};
  fc_rational_init(&gap, p->ring);
  fc_status status = set_gap(&gap, c, model, p);
  if (status == FC_OK)
    status = fc_sign_prove(sign, &gap, domain, p->ring);
  if (status == FC_OK && !sign->proved && model->exact)
    *refuted = *refuted || fc_cover_refute(box, &gap, domain, p->ring);
  fc_rational_clear(&gap, p->ring);
  if (status == FC_LIMIT || status == FC_UNSUPPORTED)
    status = FC_OK;
  bool better = status == FC_OK && (!best->model || sign->proved ||
                                    sign->undecided < best->sign->undecided);
  if (better) {
    fc_sign_clear(best->sign, p->ring);
    *best->sign = *sign;
    best->model = model;
  } else {
    fc_sign_clear(sign, p->ring);
  }
  return status;
}

static void note_success(prover *p, const attempt *found) {
  fc_bound_proof *proof = p->proof;
  proof->leaves += found->sign->leaves;
  if (found->sign->precision > proof->precision)
    proof->precision = found->sign->precision;
  if (!proof->argument)
    proof->argument = found->model->argument;
  p->identity = p->identity && found->sign->identity;
  p->recheckable = p->recheckable && found->model->recheckable;
  p->cases++;
}

/* Proves c on its domain by any of the bounds. */
static fc_status prove_case(const fc_rational *c,
                            const fc_domain_of_claim *domain,
                            const fc_case_texts *texts, prover *p) {
  attempt best = {.sign = {{.undecided = 1}}};
  bool refuted = false;
  double box[2] = {0, 0};
  fc_status status = FC_OK;
  for (int i = 0; i < p->models->count && status == FC_OK; i++) {
    const fc_model *model = &p->models->items[i];
    if (model->upper != p->statement->upper || best.sign->proved)
      continue;
    status = try_model(&best, model, c, domain, p, box, &refuted);
  }
  if (status == FC_OK && best.sign->proved) {
    note_success(p, &best);
    status = fc_case_write(&p->recheckable, p->certificate, texts, best.model,
                           best.sign, p->block, p->ring);
  } else if (status == FC_OK && refuted) {
    p->proof->outcome = FC_OUTCOME_REFUTED;
    p->proof->box[0] = box[0];
    p->proof->box[1] = box[1];
    p->proof->reason = NULL;
  } else if (status == FC_OK) {
    undecided(p->proof,
              best.model ? "no elementary bound on C is seen to be tight enough"
                         : "no elementary bound on C is known for this law",
              best.sign->undecided);
  }
  fc_sign_clear(best.sign, p->ring);
  return status;
}

/* --- one formula, with the choices of its minima and maxima ----------------
 */

/* Which of the statement's formulas, and where it is used. */
typedef struct stage {
  const char *formula;
  const char *where;      /* > 0; NULL: everywhere */
  const char *late_where; /* NULL: none */
  bool late;
} stage;

/* The conditions under which a formula was read. */
static fc_status add_conditions(fc_domain_of_claim *domain,
                                fc_conditions *conditions,
                                const fc_ring *ring) {
  for (long i = 0; i < conditions->count; i++) {
    fc_sign_reduce_condition(&conditions->items[i], ring);
    if (!fc_domain_add(domain, &conditions->items[i], false, false, ring))
      return FC_LIMIT;
  }
  return FC_OK;
}

/* Reads text (NULL: nothing to do) as a condition of the domain. */
static fc_status add_where(fc_domain_of_claim *domain, const char *text,
                           bool negated, unsigned choice, int *bit,
                           fc_conditions *conditions, prover *p) {
  fc_rational x;
  if (!text)
    return FC_OK;
  fc_rational_init(&x, p->ring);
  fc_status status =
      fc_rational_read(&x, text, choice, bit, conditions, p->ring, p->error);
  if (status == FC_OK && !fc_domain_add(domain, &x, negated, !negated, p->ring))
    status = FC_LIMIT;
  fc_rational_clear(&x, p->ring);
  return status;
}

static fc_status read_case(fc_rational *c, fc_domain_of_claim *domain,
                           const stage *s, unsigned choice, int *bit,
                           prover *p) {
  fc_conditions conditions = {.count = 0};
  *bit = 0;
  fc_status status = fc_rational_read(c, s->formula, choice, bit, &conditions,
                                      p->ring, p->error);
  if (status == FC_OK)
    status = add_where(domain, s->where, false, choice, bit, &conditions, p);
  if (status == FC_OK)
    status =
        add_where(domain, s->late_where, !s->late, choice, bit, &conditions, p);
  if (status == FC_OK)
    status = add_conditions(domain, &conditions, p->ring);
  fc_conditions_clear(&conditions, p->ring);
  return status;
}

static fc_status prove_choice(const stage *s, unsigned choice, int *bit,
                              prover *p) {
  fc_rational c;
  fc_domain_of_claim domain = {.count = 0};
  fc_rational_init(&c, p->ring);
  fc_status status = read_case(&c, &domain, s, choice, bit, p);
  const fc_case_texts texts = {.where = s->where,
                               .late_where = s->late_where,
                               .late = s->late,
                               .domain = &domain,
                               .first = (s->where != NULL) +
                                        (s->late_where != NULL)};
  if (status == FC_OK && !fc_domain_is_empty(&domain, p->ring)) {
    if (!reduce(&c, p))
      undecided(p->proof,
                "the bound is not a'/a + (b omega/a^3) c with c free of a', b'",
                1);
    else if (!fc_atoms_are_real(p->ring))
      undecided(p->proof, "the bound may be no real number somewhere", 1);
    else
      status = prove_case(&c, &domain, &texts, p);
  }
  fc_domain_clear(&domain, p->ring);
  fc_rational_clear(&c, p->ring);
  return status;
}

/* What this algebra does not read is not proved, and no failure. */
static fc_status forgive(fc_status status, fc_bound_proof *proof) {
  if (status != FC_UNSUPPORTED && status != FC_LIMIT && status != FC_DOMAIN &&
      status != FC_NAME)
    return status;
  undecided(proof, "the bound is beyond the algebra used", 1);
  return FC_OK;
}

static fc_status prove_stage(const stage *s, prover *p) {
  unsigned choices = 1;
  fc_status status = FC_OK;
  for (unsigned i = 0;
       i < choices && status == FC_OK && p->proof->outcome == FC_OUTCOME_PROVED;
       i++) {
    int bit = 0;
    status = prove_choice(s, i, &bit, p);
    if (bit > MOST_BITS)
      status = FC_LIMIT;
    else
      choices = 1u << bit;
  }
  return forgive(status, p->proof);
}

/* --- blocks --------------------------------------------------------------- */

static fc_status prove_block(prover *p, const fc_target *target, bool exact) {
  const fc_bound_statement *s = p->statement;
  const char *late_where = s->late_formula ? s->late_where : NULL;
  const stage early = {s->formula, s->where, late_where, false},
              late = {s->late_formula, s->where, late_where, true};
  fc_ring_init(p->ring);
  fc_status status = forgive(
      fc_models_make(p->models, p->ring, target, p->block, exact, p->error),
      p->proof);
  if (!s->of_covariance) {
    fc_ring_name_derivatives(p->ring);
    fc_ring_name_start(p->ring);
  }
  if (status == FC_OK && p->proof->outcome == FC_OUTCOME_PROVED)
    status = prove_stage(&early, p);
  if (status == FC_OK && p->proof->outcome == FC_OUTCOME_PROVED && late_where)
    status = prove_stage(&late, p);
  if (status == FC_OK)
    status = forgive(fc_case_write_atoms(p->certificate, p->ring), p->proof);
  fc_ring_clear(p->ring);
  return status;
}

static fc_status prove_blocks(fc_bound_proof *proof,
                              fc_certificate *certificate,
                              const fc_bound_statement *statement,
                              const fc_target *target, bool exact,
                              fc_error *error) {
  prover p[1] = {{.proof = proof,
                  .certificate = certificate,
                  .statement = statement,
                  .error = error,
                  .identity = true,
                  .recheckable = true}};
  size_t factors = fc_target_factor_count(target);
  fc_status status = FC_OK;
  *proof = (fc_bound_proof){.outcome = FC_OUTCOME_PROVED};
  for (size_t i = 0; i < (factors ? factors : 1) && status == FC_OK &&
                     proof->outcome == FC_OUTCOME_PROVED;
       i++) {
    p->block = factors ? i + 1 : 0;
    status = prove_block(p, target, exact);
  }
  if (status == FC_OK && proof->outcome == FC_OUTCOME_PROVED && p->cases == 0)
    undecided(proof, "the claim is made nowhere", 0);
  if (proof->outcome == FC_OUTCOME_PROVED) {
    proof->identity = p->identity;
    proof->recheckable = p->recheckable;
    proof->domain = statement->where ? somewhere_text : everywhere_text;
    proof->undecided = 0;
  }
  return status;
}

/* Into a certificate of its own, which the caller's gets where it is proved. */
static fc_status prove_apart(fc_bound_proof *proof, fc_certificate *certificate,
                             const fc_bound_statement *statement,
                             const fc_target *target, bool exact,
                             fc_error *error) {
  fc_certificate own[1];
  fc_certificate_init(own);
  fc_status status = prove_blocks(proof, certificate ? own : NULL, statement,
                                  target, exact, error);
  if (status == FC_OK && proof->outcome == FC_OUTCOME_PROVED && certificate) {
    own->kind =
        proof->identity ? FC_CERTIFICATE_IDENTITY : FC_CERTIFICATE_COVER;
    own->precision = proof->precision;
    own->quantity = statement->of_covariance ? FC_CERTIFIED_COVARIANCE
                                             : FC_CERTIFIED_JACOBIAN;
    status = fc_case_write_constants(own, target);
    if (status == FC_OK)
      fc_case_move(certificate, own);
  }
  fc_certificate_clear(own);
  return status;
}

fc_status fc_prove_covariance_bound(fc_bound_proof *proof,
                                    fc_certificate *certificate,
                                    const fc_bound_statement *statement,
                                    const fc_target *target, fc_error *error) {
  /* Symbols first: what is proved then is proved for all values of the
   * constants that their derivations admit.  Where numbers happen to make two
   * things equal, only numbers show it. */
  fc_bound_proof again[1];
  fc_status status =
      prove_apart(proof, certificate, statement, target, false, error);
  if (status || proof->outcome != FC_OUTCOME_UNDECIDED)
    return status;
  status = prove_apart(again, certificate, statement, target, true, error);
  if (status == FC_OK && again->outcome != FC_OUTCOME_UNDECIDED)
    *proof = *again;
  return status;
}

/* --- one bound from another --------------------------------------------------
 */

/* gap = upper - lower for one choice of operands, where the domain says. */
static fc_status read_difference(fc_rational *gap, fc_domain_of_claim *domain,
                                 const char *upper, const char *lower,
                                 unsigned choice, int *bit, fc_ring *ring,
                                 fc_error *error) {
  fc_conditions conditions = {.count = 0};
  fc_rational y;
  *bit = 0;
  fc_rational_init(&y, ring);
  fc_status status =
      fc_rational_read(gap, upper, choice, bit, &conditions, ring, error);
  if (status == FC_OK)
    status = fc_rational_read(&y, lower, choice, bit, &conditions, ring, error);
  if (status == FC_OK) {
    fc_rational_sub(gap, gap, &y, ring);
    status = ring->status;
  }
  if (status == FC_OK)
    status = add_conditions(domain, &conditions, ring);
  fc_conditions_clear(&conditions, ring);
  fc_rational_clear(&y, ring);
  return status;
}

/* One choice: proof->outcome stays where it is proved. */
static fc_status prove_difference(fc_bound_proof *proof, const char *upper,
                                  const char *lower, unsigned choice, int *bit,
                                  fc_ring *ring, fc_error *error) {
  fc_domain_of_claim domain = {.count = 0};
  fc_rational gap;
  fc_sign_proof sign[1] = {{.undecided = 1}};
  fc_rational_init(&gap, ring);
  fc_status status =
      read_difference(&gap, &domain, upper, lower, choice, bit, ring, error);
  bool nowhere = status == FC_OK && fc_domain_is_empty(&domain, ring);
  if (status == FC_OK && !nowhere && fc_atoms_are_real(ring))
    status = fc_sign_prove(sign, &gap, &domain, ring);
  if (status == FC_OK && sign->proved) {
    proof->identity = proof->identity && sign->identity;
    proof->leaves += sign->leaves;
    if (sign->precision > proof->precision)
      proof->precision = sign->precision;
  } else if (status == FC_OK && !nowhere) {
    undecided(proof, "the difference of the two is not seen to have a sign",
              sign->undecided);
  }
  fc_sign_clear(sign, ring);
  fc_domain_clear(&domain, ring);
  fc_rational_clear(&gap, ring);
  return status;
}

/* upper >= lower in a ring, for all choices. */
static fc_status prove_differences(fc_bound_proof *proof, const char *upper,
                                   const char *lower, fc_ring *ring,
                                   fc_error *error) {
  unsigned choices = 1;
  fc_status status = FC_OK;
  *proof = (fc_bound_proof){.outcome = FC_OUTCOME_PROVED, .identity = true};
  for (unsigned i = 0;
       i < choices && status == FC_OK && proof->outcome == FC_OUTCOME_PROVED;
       i++) {
    int bit = 0;
    status = prove_difference(proof, upper, lower, i, &bit, ring, error);
    if (bit > MOST_BITS)
      status = FC_LIMIT;
    else
      choices = 1u << bit;
  }
  return forgive(status, proof);
}

fc_status fc_prove_inequality(fc_bound_proof *proof, const char *upper,
                              const char *lower, const fc_target *target,
                              fc_error *error) {
  fc_ring ring[1];
  fc_models models[1];
  fc_ring_init(ring);
  *proof = (fc_bound_proof){.outcome = FC_OUTCOME_UNDECIDED, .undecided = 1};
  fc_status status = fc_models_make(models, ring, target, 0, false, error);
  fc_ring_name_derivatives(ring);
  if (status == FC_OK)
    status = prove_differences(proof, upper, lower, ring, error);
  fc_ring_clear(ring);
  if (proof->outcome == FC_OUTCOME_PROVED)
    proof->domain = "every schedule; all u = b/a > 0";
  return forgive(status, proof);
}

fc_status fc_prove_implied(fc_bound_proof *proof,
                           const fc_bound_statement *weaker,
                           const fc_bound_statement *stronger,
                           const fc_target *target, fc_error *error) {
  bool upper = weaker->upper;
  return fc_prove_inequality(proof, (upper ? weaker : stronger)->formula,
                             (upper ? stronger : weaker)->formula, target,
                             error);
}

fc_status fc_prove_dominates(fc_bound_proof *proof, const char *upper,
                             const char *lower, const fc_assumed_name *names,
                             size_t count, fc_error *error) {
  fc_ring ring[1];
  fc_ring_init(ring);
  fc_status status = FC_OK;
  *proof = (fc_bound_proof){.outcome = FC_OUTCOME_UNDECIDED, .undecided = 1};
  for (size_t i = 0; i < count && status == FC_OK; i++)
    if (names[i].text)
      status = fc_ring_define(ring, names[i].name, names[i].text, error);
    else if (fc_ring_add_constant(ring, names[i].name,
                                  names[i].positive ? FC_MAY_RISE : FC_MAY_ALL,
                                  NULL) < 0)
      status = FC_LIMIT;
  if (status == FC_OK)
    status = prove_differences(proof, upper, lower, ring, error);
  fc_ring_clear(ring);
  return forgive(status, proof);
}
