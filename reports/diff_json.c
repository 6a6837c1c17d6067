/* Changes for programs. */
#include <math.h>

#include "diff.h"
#include "json_text.h"
#include "record/decimal.h"

static void append_text(fc_text *out, const char *key, const char *text) {
  fc_text_printf(out, "\"%s\": ", key);
  if (text)
    fc_json_string(out, text);
  else
    fc_text_append(out, "null");
}

static void append_exact(fc_text *out, const char *key, const fc_exact *exact) {
  fc_text_printf(out, ", \"%s\": ", key);
  if (!exact->mid) {
    fc_text_append(out, "null");
    return;
  }
  fc_text_append(out, "{");
  append_text(out, "mid", exact->mid);
  fc_text_append(out, ", ");
  append_text(out, "rad", exact->rad);
  fc_text_append(out, "}");
}

static void append_side(fc_text *out, const char *key,
                        const fc_record *record) {
  fc_text_printf(out, ",\n     \"%s\": ", key);
  if (!record) {
    fc_text_append(out, "null");
    return;
  }
  fc_text_append(out, "{");
  append_text(out, "verdict", fc_verdict_name(record->verdict));
  fc_text_append(out, ", ");
  append_text(out, "expectation", record->expectation);
  fc_text_append(out, ", ");
  append_text(out, "basis", fc_basis_name(record->basis));
  fc_text_append(out, ", ");
  append_text(out, "formula", record->formula);
  append_exact(out, "measured", &record->measured);
  append_exact(out, "bound", &record->bound);
  append_exact(out, "slack", &record->slack);
  fc_text_append(out, "}");
}

static void append_change(fc_text *out, const fc_change *change) {
  const fc_record *record = change->after ? change->after : change->before;
  fc_text_append(out, "    {");
  append_text(out, "change", fc_change_name(change->kind));
  fc_text_printf(out, ", \"regression\": %s,\n     ",
                 fc_change_is_regression(change->kind) ? "true" : "false");
  append_text(out, "claim", record->claim);
  fc_text_append(out, ", ");
  append_text(out, "instance", record->instance);
  fc_text_append(out, ", ");
  append_text(out, "schedule", record->schedule);
  if (!isnan(change->by)) {
    fc_text_append(out, ", \"by\": \"");
    fc_decimal_append_double(out, change->by);
    fc_text_append(out, "\"");
  }
  append_side(out, "old", change->before);
  append_side(out, "new", change->after);
  fc_text_append(out, "}");
}

fc_status fc_diff_json(fc_text *out, const fc_diff *diff) {
  fc_text_printf(out,
                 "{\n  \"schema\": 1,\n  \"compared\": %zu,\n"
                 "  \"same\": %zu,\n  \"regressions\": %zu,\n  \"counts\": {",
                 diff->compared, diff->same, diff->regressions);
  for (int i = 0; i < FC_CHANGE_COUNT; i++)
    fc_text_printf(out, "%s\"%s\": %zu", i ? ", " : "",
                   fc_change_name((fc_change_kind)i), diff->counts[i]);
  fc_text_append(out, "},\n  \"changes\": [");
  for (size_t i = 0; i < diff->count; i++) {
    fc_text_append(out, i ? ",\n" : "\n");
    append_change(out, &diff->changes[i]);
  }
  fc_text_append(out, diff->count ? "\n  ]\n}\n" : "]\n}\n");
  return out->failed ? FC_MEMORY : FC_OK;
}
