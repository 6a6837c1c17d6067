/* Exact decimal numbers in few digits, for people.  Text to text: no locale,
 * no binary rounding on the way. */
#ifndef FC_REPORTS_READABLE_H
#define FC_REPORTS_READABLE_H

#include "base/text.h"
#include "record/record.h"

#define FC_READABLE_DIGITS 6

/* Appends the decimal number text ("-0.0012345678e-3", "inf") rounded to
 * nearest with the given number of significant digits; what is no number is
 * appended as it is.  NULL: nothing. */
void fc_readable(fc_text *out, const char *text, int digits);

/* The midpoint in FC_READABLE_DIGITS, followed by " ± radius" where the radius
 * is large enough to touch those digits. */
void fc_readable_exact(fc_text *out, const fc_exact *exact);

/* A time: as fc_readable, but "1 − 9.5e-7" where rounding would make 1 of what
 * is below it. */
void fc_readable_time(fc_text *out, const char *text, int digits);

/* A double in as many digits; nan and inf as such. */
void fc_readable_double(fc_text *out, double value, int digits);

/* "s = 0, t = 0.5, x = (1, 2, 3, …)" of the record's witness with few digits
 * and coordinates, or all of them; nothing where it has none. */
void fc_readable_witness(fc_text *out, const fc_record *record, bool in_full);

/* The nearest double; NaN for what is no number.  Not for deciding. */
double fc_approximate(const char *text);

#endif
