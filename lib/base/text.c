#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fc_text_init(fc_text *text) { memset(text, 0, sizeof *text); }

void fc_text_clear(fc_text *text) {
  free(text->data);
  fc_text_init(text);
}

/* Makes room for count more bytes and a terminator. */
static bool reserve(fc_text *text, size_t count) {
  if (text->failed)
    return false;
  size_t wanted = text->length + count + 1;
  if (wanted <= text->capacity)
    return true;
  size_t capacity = text->capacity ? text->capacity : 64;
  while (capacity < wanted)
    capacity *= 2;
  char *data = realloc(text->data, capacity);
  if (!data) {
    text->failed = true;
    return false;
  }
  text->data = data;
  text->capacity = capacity;
  return true;
}

void fc_text_append_bytes(fc_text *text, const char *bytes, size_t count) {
  if (!reserve(text, count))
    return;
  memcpy(text->data + text->length, bytes, count);
  text->length += count;
  text->data[text->length] = '\0';
}

void fc_text_append(fc_text *text, const char *string) {
  fc_text_append_bytes(text, string, strlen(string));
}

void fc_text_printf(fc_text *text, const char *format, ...) {
  va_list arguments, again;
  va_start(arguments, format);
  va_copy(again, arguments);
  int count = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (count < 0)
    text->failed = true;
  else if (reserve(text, (size_t)count)) {
    vsnprintf(text->data + text->length, (size_t)count + 1, format, again);
    text->length += (size_t)count;
  }
  va_end(again);
}

char *fc_text_take(fc_text *text) {
  char *data = text->failed ? NULL : text->data;
  if (!text->failed && !data)
    return fc_strdup("");
  if (text->failed)
    free(text->data);
  fc_text_init(text);
  return data;
}

char *fc_strdup(const char *string) {
  size_t size = strlen(string) + 1;
  char *copy = malloc(size);
  if (copy)
    memcpy(copy, string, size);
  return copy;
}
