/* Pointwise comparison for claims whose sides are dear: the points are scanned
 * in binary64, and only the worst one is decided in full precision.  The
 * claim's detail is an fc_pointwise_detail. */
#ifndef FC_CHECKS_GIF_SCAN_H
#define FC_CHECKS_GIF_SCAN_H

#include "claims/pointwise.h"

fc_status fc_scan_measure(const fc_job *job, const fc_claim *claim,
                          fc_error *error);

#endif
