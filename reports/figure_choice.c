/* Which record of a claim is worth a figure, and what the file is called. */
#include <math.h>

#include "figure.h"

/* Below this, relative to their size, two numbers count as the same. */
#define SAME 1e-6
/* Profiles are rates over a unit of time: below this they are rounding. */
#define NOTHING 1e-12

/* The size of a profile: its largest magnitude, and how far the bound ranges.
 */
static void extent(double *size, double *range, const fc_record *record) {
  double low = INFINITY, high = -INFINITY;
  *size = 0;
  for (size_t i = 0; i < record->profile_count; i++) {
    double measured = fabs(record->profile[i].measured);
    double bound = record->profile[i].bound;
    if (!isfinite(measured) || !isfinite(bound))
      continue;
    *size = fmax(*size, fmax(measured, fabs(bound)));
    low = fmin(low, bound);
    high = fmax(high, bound);
  }
  *range = high > low ? high - low : 0;
}

/* The smallest and the largest distance between measured and bound, relative
 * to the size of the profile.  False where the bound does not move: there is
 * nothing to see. */
static bool distances(double *least, double *largest, const fc_record *record) {
  double size, range;
  extent(&size, &range, record);
  *least = INFINITY;
  *largest = 0;
  if (!(size > NOTHING && range > SAME * size))
    return false;
  for (size_t i = 0; i < record->profile_count; i++) {
    double distance =
        fabs(record->profile[i].bound - record->profile[i].measured) / size;
    if (!isfinite(distance))
      continue;
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
