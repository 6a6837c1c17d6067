/* Where a record was measured: times and point. */
#include "readable.h"
#include "view.h"

#define COORDINATES_SHOWN 3

static void append_number(fc_text *out, const fc_exact *exact, bool in_full) {
  if (!in_full)
    fc_readable(out, exact->mid, FC_READABLE_DIGITS);
  else
    fc_text_append(out, fc_present(exact->mid));
}

static void append_point(fc_text *out, const fc_record *record, bool in_full) {
  size_t shown = record->witness_count;
  if (!in_full && shown > COORDINATES_SHOWN)
    shown = COORDINATES_SHOWN;
  fc_text_append(out, record->witness_count > 1 ? "x = (" : "x = ");
  for (size_t i = 0; i < shown; i++) {
    fc_text_append(out, i ? ", " : "");
    append_number(out, &record->witness_x[i], in_full);
  }
  if (shown < record->witness_count)
    fc_text_append(out, ", …");
  if (record->witness_count > 1)
    fc_text_append(out, ")");
}

static void append_time(fc_text *out, const char *name, const fc_exact *time,
                        bool in_full) {
  fc_text_append(out, name);
  if (in_full)
    fc_text_append(out, time->mid);
  else
    fc_readable_time(out, time->mid, FC_READABLE_DIGITS);
}

void fc_readable_witness(fc_text *out, const fc_record *record, bool in_full) {
  if (record->witness_s.mid)
    append_time(out, "s = ", &record->witness_s, in_full);
  if (record->witness_t.mid)
    append_time(out,
                record->witness_s.mid ? ", t = " : "t = ", &record->witness_t,
                in_full);
  if (record->witness_t.mid && record->witness_count)
    fc_text_append(out, ", ");
  if (record->witness_count)
    append_point(out, record, in_full);
}
