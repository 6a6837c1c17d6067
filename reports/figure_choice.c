/* Which record of a claim is worth a figure, and what the file is called. */
#include <math.h>

#include "figure.h"

/* Below this, relative to their size, two profiles count as the same. */
#define SAME 1e-6

/* The smallest and the largest relative distance between measured and bound.
 * False where no point has both. */
static bool distances(double *least, double *largest, const fc_record *record) {
  *least = INFINITY;
  *largest = 0;
  for (size_t i = 0; i < record->profile_count; i++) {
    double measured = record->profile[i].measured;
    double bound = record->profile[i].bound;
    double size = fmax(fabs(measured), fabs(bound));
    if (!isfinite(size) || isnan(measured) || isnan(bound))
      continue;
    double distance = size > 0 ? fabs(bound - measured) / size : 0;
    *least = fmin(*least, distance);
    *largest = fmax(*largest, distance);
  }
  return isfinite(*least);
}

const fc_record *fc_figure_choose(const fc_claim_view *claim) {
  const fc_record *best = NULL, *any = NULL;
  double best_distance = INFINITY;
  for (size_t i = 0; i < claim->count; i++) {
    const fc_record *record = claim->records[i];
    double least, largest;
    if (!fc_figure_possible(record) ||
        record->verdict == FC_VERDICT_NOT_APPLICABLE)
      continue;
    if (!any)
      any = record;
    if (distances(&least, &largest, record) && largest > SAME &&
        least < best_distance) {
      best = record;
      best_distance = least;
    }
  }
  return best ? best : any;
}

bool fc_figure_wanted(const fc_claim_view *claim) {
  fc_kind kind = claim->first->kind;
  return (kind == FC_KIND_STATEMENT || kind == FC_KIND_SHARPER ||
          kind == FC_KIND_LITERAL) &&
         fc_figure_choose(claim);
}

static bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '.' || c == '-';
}

void fc_figure_name(fc_text *out, const char *claim) {
  if (*claim == '.' || *claim == '-' || *claim == '\0')
    fc_text_append(out, "_"); /* neither hidden, nor an option, nor empty */
  for (int i = 0; claim[i] && i < 120; i++)
    fc_text_append_bytes(out, is_plain(claim[i]) ? &claim[i] : "_", 1);
  fc_text_append(out, ".svg");
}
