/* Decimal texts: what an exact number may look like, how it is shortened for
 * people, and doubles as text that no locale touches.  Private to this folder.
 */
#ifndef FC_RECORD_DECIMAL_H
#define FC_RECORD_DECIMAL_H

#include <stdbool.h>

#include "base/text.h"

/* True for [+-]digits[.digits][e[+-]digits], "inf", "-inf" and "nan". */
bool fc_decimal_is_number(const char *text);

/* Appends text rounded to eight significant digits ("45.008566",
 * "1.2345e-30"); a text that is no number is appended as it is. */
void fc_decimal_append_short(fc_text *out, const char *text);

/* Appends the shortest decimal that reads back as value; "inf", "-inf", "nan"
 * where it is not finite. */
void fc_decimal_append_double(fc_text *out, double value);

#endif
