/* What of a claim's records a report shows first, and which claims stand beside
 * each other; shared by the forms of the report. */
#ifndef FC_REPORTS_PICK_H
#define FC_REPORTS_PICK_H

#include "view.h"

/* True for kinds that say something about the theory: neither a control nor a
 * probe. */
bool fc_kind_is_claim(fc_kind kind);

typedef struct fc_tally {
  size_t applicable; /* any verdict but not-applicable */
  size_t violated;
  size_t undecided;
  size_t certified;  /* of the applicable ones */
  size_t unexpected; /* the verdict is not the expected one */
} fc_tally;

fc_tally fc_claim_tally(const fc_claim_view *claim);

/* The first record that is violated, or undecided; NULL where none is. */
const fc_record *fc_claim_example(const fc_claim_view *claim, bool undecided);

/* What the slack of every record with numbers is ("gap", "ratio"); "" where
 * they differ (*mixed) or there are none. */
const char *fc_claim_slack_kind(bool *mixed, const fc_claim_view *claim);

/* How far a record is from its bound, relative to the larger of |measured| and
 * |bound|; of a ratio what it exceeds 1 by.  Negative only where violated, NaN
 * where there is no slack.  For ordering, not for deciding. */
double fc_record_margin(const fc_record *record);

/* The records to which the claim applies, those that ask for attention first:
 * against expectation, undecided, violated, then by margin.  malloc'd, *count
 * of them; NULL when memory ran out. */
const fc_record **fc_claim_worst_first(size_t *count,
                                       const fc_claim_view *claim);

/* The records to which the claim does not apply, by reason and instance.
 * malloc'd, *count of them; NULL when memory ran out. */
const fc_record **fc_claim_by_reason(size_t *count, const fc_claim_view *claim);

/* Why a record does not apply; never NULL. */
const char *fc_reason_shown(const fc_record *record);

/* The claim that says what is true in place of a false one: "x.corrected" for
 * "x.literal"; else the one whose source names the same result ("Lemma 6.1(i)
 * without the transpose" for "Lemma 6.1(i), (6.4) as printed"); else the first
 * of the same check that `corrects` something below the same name ("e.").  NULL
 * where there is none. */
const fc_claim_view *fc_claim_correction(const fc_view *view,
                                         const fc_claim_view *literal);

/* The stronger form "x.sharp" of a statement "x", where no record refutes it;
 * NULL where there is none. */
const fc_claim_view *fc_claim_sharper(const fc_view *view,
                                      const fc_claim_view *statement);

#endif
