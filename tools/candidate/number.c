#include "candidate/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void fc_number(fc_text *out, double value, int digits) {
  char text[48];
  if (!isfinite(value)) {
    fc_text_append(out, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    return;
  }
  snprintf(text, sizeof text, "%.*g", digits, value);
  char *comma = strchr(text, ','); /* of a locale that someone set */
  if (comma)
    *comma = '.';
  fc_text_append(out, text);
}

void fc_json_number(fc_text *out, double value, int digits) {
  if (isfinite(value))
    fc_number(out, value, digits);
  else
    fc_text_append(out, "null");
}

void fc_number_time(fc_text *out, double t) {
  if (t < 1 && t > 0.9999) {
    fc_text_append(out, "1 - ");
    fc_number(out, 1 - t, 3);
  } else
    fc_number(out, t, 5);
}
