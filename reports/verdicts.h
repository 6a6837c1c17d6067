/* The verdicts of a run and nothing else: small enough to be kept.
 *
 *   # flowcert verdicts 1, tier certified
 *   CLAIM <tab> INSTANCE <tab> VERDICT <tab> BASIS <tab> SCHEDULE [<tab>
 * SCHEDULE ...]
 *
 * Sorted by bytes; CLAIM is empty where it is that of the line above, SCHEDULE
 * is "-" where the claim depends on none.
 */
#ifndef FC_REPORTS_VERDICTS_H
#define FC_REPORTS_VERDICTS_H

#include "record/record.h"

#define FC_VERDICTS_START "# flowcert verdicts "

/* Appends the verdicts of records, in whatever order these come.  FC_VALUE for
 * names that hold a tab or the end of a line, FC_MEMORY. */
fc_status fc_verdicts_write(fc_text *out, const fc_records *records);

/* Appends a record with check, claim, instance, schedule, tier, verdict and
 * basis for each verdict of the file; on failure records is as it was. */
fc_status fc_verdicts_read_file(fc_records *records, const char *path,
                                fc_error *error);

/* Order by claim, instance and schedule, in bytes; absent texts first. */
int fc_record_compare_keys(const fc_record *x, const fc_record *y);

#endif
