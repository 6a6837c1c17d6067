/* The parts of JSON that writers share. */
#ifndef FC_BASE_JSON_H
#define FC_BASE_JSON_H

#include "base/text.h"

/* Appends string in quotes, escaped; null for NULL.  A byte that is not UTF-8
 * becomes U+FFFD. */
void fc_json_append_string(fc_text *out, const char *string);

#endif
