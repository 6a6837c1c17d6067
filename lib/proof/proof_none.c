/* Without FLINT there is no exact algebra of polynomials. */
#include "proof/proof.h"

#include <string.h>

fc_status fc_prove_covariance_bound(fc_bound_proof *proof,
                                    fc_certificate *certificate,
                                    const fc_bound_statement *statement,
                                    const fc_target *target, fc_error *error) {
  (void)certificate, (void)statement, (void)target;
  memset(proof, 0, sizeof *proof);
  proof->outcome = FC_OUTCOME_UNDECIDED;
  return fc_fail(error, FC_UNSUPPORTED, "this build has no FLINT");
}

fc_status fc_prove_implied(fc_bound_proof *proof,
                           const fc_bound_statement *weaker,
                           const fc_bound_statement *stronger,
                           const fc_target *target, fc_error *error) {
  (void)stronger;
  return fc_prove_covariance_bound(proof, NULL, weaker, target, error);
}

fc_status fc_prove_inequality(fc_bound_proof *proof, const char *upper,
                              const char *lower, const fc_target *target,
                              fc_error *error) {
  (void)upper, (void)lower;
  return fc_prove_covariance_bound(proof, NULL, NULL, target, error);
}

fc_status fc_prove_dominates(fc_bound_proof *proof, const char *upper,
                             const char *lower, const fc_assumed_name *names,
                             size_t count, fc_error *error) {
  (void)upper, (void)lower, (void)names, (void)count;
  return fc_prove_covariance_bound(proof, NULL, NULL, NULL, error);
}
