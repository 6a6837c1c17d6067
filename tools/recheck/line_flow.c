#include "recheck.h"
bool rc_check_line_flow(rc_claim *claim) {
  return rc_reject(claim->verdict, "kind: line-flow is not known");
}
