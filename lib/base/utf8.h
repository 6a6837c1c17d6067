/* UTF-8, strictly: no overlong forms, no surrogates, nothing past U+10FFFF. */
#ifndef FC_BASE_UTF8_H
#define FC_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The number of bytes (1 to 4) of the character at bytes[0], of which length
 * > 0 may be read, and its code point; 0 where they are not valid UTF-8. */
size_t fc_utf8_next(uint32_t *code, const char *bytes, size_t length);

/* Copies text into buffer for a message: control and invalid bytes become
 * '?', and what does not fit ends in "...".  size >= 8.  Returns buffer. */
char *fc_utf8_quote(char *buffer, size_t size, const char *text);

#endif
