/* The in-toto test-result statement about a report. */
#ifndef FC_REPORTS_INTOTO_H
#define FC_REPORTS_INTOTO_H

#include "report.h"
#include "written.h"

/* Appends the statement about the files that were written: one at least, for a
 * statement has a subject. */
fc_status fc_report_intoto(fc_text *out, const fc_report *report,
                           const fc_written *written);

#endif
