/* What a proof leaves in a certificate; private to this folder.  All functions
 * do nothing where the certificate is NULL. */
#ifndef FC_PROOF_CASE_H
#define FC_PROOF_CASE_H

#include "proof/cover.h"
#include "proof/model.h"

/* Where a case is made, apart from the statement's own `where`. */
typedef struct fc_case_texts {
  const char *where, *late_where; /* NULL: none */
  bool late;
  const fc_domain_of_claim *domain;
  long first; /* of the conditions of the domain that split the formula */
} fc_case_texts;

/* A factor whose sign the domain gives is written as the condition that does,
 * by that one's text, over its other factors.  Clears *recheckable where the
 * format has no words for a factor's sign. */
fc_status fc_case_write(bool *recheckable, fc_certificate *certificate,
                        const fc_case_texts *texts, const fc_model *model,
                        const fc_sign_proof *sign, size_t block,
                        const fc_ring *ring);

/* The atoms of a ring; FC_LIMIT where one has the name of another. */
fc_status fc_case_write_atoms(fc_certificate *certificate, const fc_ring *ring);

/* The class constants of the target, and of a product's factors. */
fc_status fc_case_write_constants(fc_certificate *certificate,
                                  const fc_target *target);

/* Moves atoms, constants, cases, kind and precision. */
void fc_case_move(fc_certificate *to, fc_certificate *from);

#endif
