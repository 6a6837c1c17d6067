/* Doubles as text, whatever the locale. */
#ifndef FC_TOOLS_CANDIDATE_NUMBER_H
#define FC_TOOLS_CANDIDATE_NUMBER_H

#include "base/text.h"

/* At most 17 significant digits; "nan", "inf". */
void fc_number(fc_text *out, double value, int digits);

/* The same as JSON: null where it is not finite. */
void fc_json_number(fc_text *out, double value, int digits);

/* A time: "1 - 9.1e-13" where fewer digits would make 1 of it. */
void fc_number_time(fc_text *out, double t);

#endif
