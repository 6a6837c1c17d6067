#include "base/utf8.h"

#include <string.h>

static size_t sequence_length(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xc2 && lead < 0xe0)
    return 2;
  if (lead >= 0xe0 && lead < 0xf0)
    return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

size_t fc_utf8_next(uint32_t *code, const char *bytes, size_t length) {
  static const unsigned char masks[5] = {0, 0x7f, 0x1f, 0x0f, 0x07};
  static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
  const unsigned char *u = (const unsigned char *)bytes;
  size_t count = sequence_length(u[0]);
  if (count == 0 || count > length)
    return 0;
  uint32_t value = u[0] & masks[count];
  for (size_t i = 1; i < count; i++) {
    if ((u[i] & 0xc0) != 0x80)
      return 0;
    value = value << 6 | (u[i] & 0x3f);
  }
  if (value < smallest[count] || value > 0x10ffff ||
      (value >= 0xd800 && value < 0xe000))
    return 0;
  *code = value;
  return count;
}

char *fc_utf8_quote(char *buffer, size_t size, const char *text) {
  size_t length = strlen(text), from = 0, to = 0;
  while (from < length) {
    uint32_t code;
    size_t count = fc_utf8_next(&code, text + from, length - from);
    size_t rest = length - from - (count ? count : 1);
    if (to + (count ? count : 1) + (rest ? 4 : 1) > size) {
      memcpy(buffer + to, "...", 3);
      to += 3;
      break;
    }
    if (count == 0 || code < 0x20 || (code >= 0x7f && code < 0xa0))
      buffer[to++] = '?';
    else {
      memcpy(buffer + to, text + from, count);
      to += count;
    }
    from += count ? count : 1;
  }
  buffer[to] = '\0';
  return buffer;
}
