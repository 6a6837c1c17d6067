#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "command.h"

void fc_message(const char *format, ...) {
  char text[2048], shown[2048];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  fprintf(stderr, "flowcert: %s\n", fc_utf8_quote(shown, sizeof shown, text));
}

int fc_message_error(const fc_error *error) {
  char text[1200];
  fc_message("%s", fc_error_text(text, sizeof text, error));
  return FC_EXIT_USAGE;
}

bool fc_emit(fc_text *text) {
  bool failed = text->failed;
  errno = 0;
  if (failed)
    fc_message("out of memory");
  else if (fwrite(text->data ? text->data : "", 1, text->length, stdout) !=
               text->length ||
           fflush(stdout) != 0) {
    failed = true;
    fc_message("cannot write to standard output: %s",
               errno ? strerror(errno) : "write error");
  }
  fc_text_clear(text);
  return !failed;
}
