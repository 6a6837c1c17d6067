/* Status codes and error messages of libflowcert.
 *
 * Every function that can fail returns an fc_status and delivers its values
 * through out-parameters, which come first.  A function that fails leaves its
 * out-parameters untouched unless its contract says otherwise, and explains
 * itself in the fc_error that the caller passed last (NULL is allowed: no
 * message wanted).
 */
#ifndef FC_BASE_STATUS_H
#define FC_BASE_STATUS_H

#include <stddef.h>

/* name, exit-worthy description */
#define FC_STATUS_LIST(X)                                                      \
  X(OK, "success")                                                             \
  X(PARSE, "the text cannot be read")                                          \
  X(VALUE, "a value is outside its admissible range")                          \
  X(SHAPE, "a shape or dimension does not fit")                                \
  X(NAME, "an unknown name")                                                   \
  X(LIMIT, "a size or depth limit is exceeded")                                \
  X(IO, "a file cannot be read or written")                                    \
  X(MEMORY, "out of memory")                                                   \
  X(DOMAIN, "the quantity is not defined there")                               \
  X(UNSUPPORTED, "not available for this target, schedule or arithmetic")      \
  X(BUDGET, "the budget was spent before the precision was reached")           \
  X(INTERNAL, "an internal invariant failed")

typedef enum fc_status {
#define X(name, text) FC_##name,
  FC_STATUS_LIST(X)
#undef X
      FC_STATUS_COUNT
} fc_status;

/* Where and why something failed.  line and column count from 1; 0 means that
 * the position is unknown.  file is empty where there is no file. */
typedef struct fc_error {
  fc_status status;
  unsigned line;
  unsigned column;
  char file[256];
  char message[768];
} fc_error;

/* A position in a text that a user wrote; file may be NULL. */
typedef struct fc_position {
  const char *file;
  unsigned line;
  unsigned column;
} fc_position;

/* Returns the fixed description of a status, never NULL. */
const char *fc_status_text(fc_status status);

/* Returns the identifier of a status ("PARSE"), never NULL. */
const char *fc_status_name(fc_status status);

/* Writes message (printf-like) into error, if any; returns status. */
fc_status fc_fail(fc_error *error, fc_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a position (may be NULL). */
fc_status fc_fail_at(fc_error *error, fc_status status,
                     const fc_position *position, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Writes "file:line:column: message" (the parts that are known) to buffer,
 * always terminated; returns buffer. */
char *fc_error_text(char *buffer, size_t size, const fc_error *error);

#endif
