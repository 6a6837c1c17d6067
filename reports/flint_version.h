/* Versions of FLINT and Arb; "none" in a build without the certified tier. */
#ifndef FC_REPORTS_FLINT_VERSION_H
#define FC_REPORTS_FLINT_VERSION_H

const char *fc_flint_version(void);
const char *fc_arb_version(void);

#endif
