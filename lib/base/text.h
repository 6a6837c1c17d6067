/* A growing text buffer.
 *
 *   fc_text t[1];
 *   fc_text_init(t);
 *   fc_text_printf(t, "%s=%d", name, n);
 *   char *s = fc_text_take(t);     // caller frees with free()
 *
 * Out of memory is sticky: later appends do nothing, fc_text_take returns
 * NULL.  Numbers must not be printed with %f or %g here when the locale could
 * matter: use fc_num_print or integers.
 */
#ifndef FC_BASE_TEXT_H
#define FC_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct fc_text {
  char *data; /* terminated, or NULL while empty */
  size_t length;
  size_t capacity;
  bool failed;
} fc_text;

void fc_text_init(fc_text *text);
void fc_text_clear(fc_text *text);
void fc_text_append(fc_text *text, const char *string);
void fc_text_append_bytes(fc_text *text, const char *bytes, size_t count);
void fc_text_printf(fc_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Hands the string over to the caller and leaves text empty ("" for an empty
 * buffer); NULL when memory ran out. */
char *fc_text_take(fc_text *text);

/* malloc'd copy of a string; NULL when memory ran out. */
char *fc_strdup(const char *string);

#endif
