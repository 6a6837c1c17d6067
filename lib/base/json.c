#include "base/json.h"

#include <string.h>

#include "base/utf8.h"

static void append_escaped(fc_text *out, uint32_t code, const char *bytes,
                           size_t count) {
  static const char plain[] = "\"\\\b\f\n\r\t";
  static const char letter[] = "\"\\bfnrt";
  const char *at = code && code < 0x80 ? strchr(plain, (int)code) : NULL;
  if (at)
    fc_text_printf(out, "\\%c", letter[at - plain]);
  else if (code < 0x20 || code == 0x7f)
    fc_text_printf(out, "\\u%04x", (unsigned)code);
  else
    fc_text_append_bytes(out, bytes, count);
}

void fc_json_append_string(fc_text *out, const char *string) {
  if (!string) {
    fc_text_append(out, "null");
    return;
  }
  size_t length = strlen(string);
  fc_text_append(out, "\"");
  for (size_t i = 0; i < length;) {
    uint32_t code;
    size_t count = fc_utf8_next(&code, string + i, length - i);
    if (count == 0)
      fc_text_append(out, "\xef\xbf\xbd");
    else
      append_escaped(out, code, string + i, count);
    i += count ? count : 1;
  }
  fc_text_append(out, "\"");
}
