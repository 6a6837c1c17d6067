/* Reading records from parsed JSON.  Private to this folder. */
#ifndef FC_RECORD_READ_H
#define FC_RECORD_READ_H

#include <jansson.h>

#include "record/record.h"

/* Replaces record (initialised) by the one that object describes. */
fc_status fc_record_from_json(fc_record *record, const json_t *object,
                              const fc_position *position, fc_error *error);

#endif
