/* JSON strings. */
#ifndef FC_REPORTS_JSON_TEXT_H
#define FC_REPORTS_JSON_TEXT_H

#include "base/text.h"

/* Appends text as a JSON string, quotes included.  What is not UTF-8 becomes
 * question marks. */
void fc_json_string(fc_text *out, const char *text);

#endif
