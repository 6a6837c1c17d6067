#include "json_text.h"

#include <string.h>

#include "base/utf8.h"

void fc_json_string(fc_text *out, const char *text) {
  size_t length = strlen(text);
  fc_text_append(out, "\"");
  for (size_t i = 0; i < length;) {
    uint32_t code;
    size_t count = fc_utf8_next(&code, text + i, length - i);
    if (count == 0)
      fc_text_append(out, "?");
    else if (code == '"' || code == '\\')
      fc_text_printf(out, "\\%c", (int)code);
    else if (code < 0x20)
      fc_text_printf(out, "\\u%04x", (unsigned)code);
    else
      fc_text_append_bytes(out, text + i, count);
    i += count ? count : 1;
  }
  fc_text_append(out, "\"");
}
