#include "flint_version.h"

const char *fc_flint_version(void) { return "none"; }

const char *fc_arb_version(void) { return "none"; }
