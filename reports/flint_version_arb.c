#include <flint/flint.h>

#ifndef FC_ARB_IN_FLINT
#include <arb.h>
#endif

#include "flint_version.h"

const char *fc_flint_version(void) { return FLINT_VERSION; }

const char *fc_arb_version(void) {
#ifdef FC_ARB_IN_FLINT
  return "in FLINT";
#else
  return arb_version;
#endif
}
