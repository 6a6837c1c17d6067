/* The certified tier's second look at a claim on the spectrum of grad v: the
 * extremum over all x at the time of the witness, proved.
 */
#ifndef FC_CLAIMS_SUPREMUM_CHECK_H
#define FC_CLAIMS_SUPREMUM_CHECK_H

#include "claims/claim.h"
#include "suprema/mesh.h"

/* For a record that is decided, and says `holds` or `attained`, in the
 * certified tier, where it costs little (the line; means that span a plane, at
 * most four): what the search measured beyond the proved extremum (by more than
 * noise, what rounding may do) makes an error, and so does a proved extremum
 * beyond the bound that the search did not see; else the record's reason, if it
 * has none yet, says within what the extremum lies.  Does nothing elsewhere. */
fc_status fc_check_supremum(fc_record *record, const fc_job *job,
                            const fc_mesh_point *point, fc_side side,
                            double noise);

#endif
