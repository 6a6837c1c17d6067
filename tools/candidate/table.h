/* Candidates given as a table: a row a point, CSV or NPY. */
#ifndef FC_TOOLS_CANDIDATE_TABLE_H
#define FC_TOOLS_CANDIDATE_TABLE_H

#include "candidate/points.h"

/* Rows t, x_1..x_d, value_1..value_d; of flows also s, t, x, value (rows
 * without s start at 0).  CSV may have one line of names first and empty lines;
 * nan and inf are values that are missing.  Numbers are read as binary64: write
 * 17 digits.  Points come sorted by (t, s); *values (malloc'd) has d numbers a
 * point. */
fc_status fc_table_read(fc_spots *spots, double **values, const char *path,
                        const fc_subject *subject, fc_error *error);

#endif
