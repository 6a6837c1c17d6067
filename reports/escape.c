#include "escape.h"

#include <string.h>

#include "base/utf8.h"

/* Calls append for each character; control characters and line breaks become
 * blanks, what is not UTF-8 question marks. */
static void for_each(fc_text *out, const char *text,
                     void (*append)(fc_text *out, const char *bytes,
                                    size_t count)) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length;) {
    uint32_t code;
    size_t count = fc_utf8_next(&code, text + i, length - i);
    if (count == 0)
      append(out, "?", 1);
    else if (code < 0x20 || (code >= 0x7f && code < 0xa0))
      append(out, " ", 1);
    else if (code == 0xfffe || code == 0xffff)
      append(out, "?", 1);
    else
      append(out, text + i, count);
    i += count ? count : 1;
  }
}

static void markdown_character(fc_text *out, const char *bytes, size_t count) {
  if (*bytes == '<')
    fc_text_append(out, "&lt;");
  else if (*bytes == '>')
    fc_text_append(out, "&gt;");
  else if (*bytes == '&')
    fc_text_append(out, "&amp;");
  else {
    if (strchr("\\`*_[]#|~$", *bytes))
      fc_text_append(out, "\\");
    fc_text_append_bytes(out, bytes, count);
  }
}

void fc_markdown(fc_text *out, const char *text) {
  for_each(out, text, markdown_character);
}

static void code_character(fc_text *out, const char *bytes, size_t count) {
  fc_text_append_bytes(out, bytes, count);
}

static void cell_character(fc_text *out, const char *bytes, size_t count) {
  if (*bytes == '|')
    fc_text_append(out, "\\");
  fc_text_append_bytes(out, bytes, count);
}

static size_t longest_run(const char *text, char c) {
  size_t longest = 0, run = 0;
  for (; *text; text++) {
    run = *text == c ? run + 1 : 0;
    longest = run > longest ? run : longest;
  }
  return longest;
}

void fc_markdown_code(fc_text *out, const char *text, bool in_table) {
  if (!text[0])
    return;
  size_t fence = longest_run(text, '`') + 1;
  for (size_t i = 0; i < fence; i++)
    fc_text_append(out, "`");
  if (fence > 1) /* a blank keeps the text's own marks apart from the fence */
    fc_text_append(out, " ");
  for_each(out, text, in_table ? cell_character : code_character);
  if (fence > 1)
    fc_text_append(out, " ");
  for (size_t i = 0; i < fence; i++)
    fc_text_append(out, "`");
}

static void xml_character(fc_text *out, const char *bytes, size_t count) {
  switch (*bytes) {
  case '<':
    fc_text_append(out, "&lt;");
    break;
  case '>':
    fc_text_append(out, "&gt;");
    break;
  case '&':
    fc_text_append(out, "&amp;");
    break;
  case '"':
    fc_text_append(out, "&quot;");
    break;
  default:
    fc_text_append_bytes(out, bytes, count);
  }
}

void fc_xml(fc_text *out, const char *text) {
  for_each(out, text, xml_character);
}
