/* Records seen claim by claim, in the order of the check modules. */
#ifndef FC_REPORTS_VIEW_H
#define FC_REPORTS_VIEW_H

#include "report.h"

/* Every record of one claim, ordered by instance and schedule. */
typedef struct fc_claim_view {
  const char *check;
  const char *claim;         /* the whole id */
  const fc_record *first;    /* source, statement, formula, hypotheses */
  const fc_record **records; /* into the view's own array */
  size_t count;
  fc_answer answer;
  bool attained;
} fc_claim_view;

typedef struct fc_view {
  const fc_record **records;
  fc_claim_view *claims;
  size_t claim_count;
} fc_view;

/* FC_MEMORY is the only failure. */
fc_status fc_view_new(fc_view *view, const fc_report *report);
/* The same, and what it comes to. */
fc_status fc_view_summarized(fc_view *view, fc_summary *summary,
                             const fc_report *report);
void fc_view_clear(fc_view *view);

/* The position of a check in the order of the modules (check_count where it is
 * not there), and of a claim in its check. */
size_t fc_check_rank(const char *check, const fc_check *const *checks,
                     size_t check_count);
size_t fc_claim_rank(const char *claim, size_t check_rank,
                     const fc_check *const *checks, size_t check_count);

/* The relation "measured RELATION bound" as a reader expects it: "≤". */
const char *fc_relation_symbol(const fc_record *record);

/* The text, or "" where it is absent. */
static inline const char *fc_present(const char *text) {
  return text ? text : "";
}

#endif
