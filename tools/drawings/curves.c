/* Figures 5 and 6. */
#include "drawings.h"

fc_status fc_draw_source(fc_text *out, fc_text *note, const fc_records *records,
                         fc_error *error) {
  (void)out, (void)note, (void)records;
  return fc_fail(error, FC_VALUE, "not yet");
}
fc_status fc_draw_noise(fc_text *out, fc_text *note, const fc_records *records,
                        fc_error *error) {
  (void)out, (void)note, (void)records;
  return fc_fail(error, FC_VALUE, "not yet");
}
