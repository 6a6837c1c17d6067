#include "proof/proof.h"

const char *fc_outcome_name(fc_outcome outcome) {
  switch (outcome) {
  case FC_OUTCOME_PROVED:
    return "proved";
  case FC_OUTCOME_REFUTED:
    return "refuted";
  case FC_OUTCOME_UNDECIDED:
    break;
  }
  return "undecided";
}
