#include "suprema/line_flow.h"

fc_status fc_line_flow_supremum(fc_line_supremum *supremum,
                                const fc_line_request *request,
                                fc_error *error) {
  (void)supremum;
  (void)request;
  return fc_fail(error, FC_UNSUPPORTED,
                 "certified suprema need a build with FLINT/Arb");
}
