#include "numbers.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "command.h"

/* A whole decimal number and nothing else. */
static bool read_long(long *value, const char *text) {
  char *end;
  if (!*text || strspn(text, "-0123456789") != strlen(text))
    return false;
  errno = 0;
  *value = strtol(text, &end, 10);
  return !errno && !*end;
}

bool fc_option_long(long *value, const fc_arguments *arguments,
                    const char *name, long least, long most) {
  const char *text = fc_arguments_value(arguments, name);
  if (!text)
    return true;
  long n;
  if (!read_long(&n, text) || n < least || n > most) {
    fc_message("--%s takes a whole number from %ld to %ld, not '%s'", name,
               least, most, text);
    return false;
  }
  *value = n;
  return true;
}

bool fc_option_seed(uint64_t *value, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "seed");
  if (!text)
    return true;
  char *end;
  errno = 0;
  uintmax_t n = strtoumax(text, &end, 10);
  if (!*text || strspn(text, "0123456789") != strlen(text) || errno || *end ||
      n > UINT64_MAX) {
    fc_message("--seed takes a whole number from 0 to 2^64 - 1, not '%s'",
               text);
    return false;
  }
  *value = (uint64_t)n;
  return true;
}

bool fc_option_seconds(double *value, const fc_arguments *arguments,
                       const char *name) {
  long n;
  const char *text = fc_arguments_value(arguments, name);
  if (!text)
    return true;
  if (!read_long(&n, text) || n < 1 || n > 1000000) {
    fc_message("--%s takes whole seconds from 1 to 1000000, not '%s'", name,
               text);
    return false;
  }
  *value = (double)n;
  return true;
}

bool fc_option_tier(fc_tier *tier, const fc_arguments *arguments) {
  static const char *const names[] = {"double", "mpfr", "certified"};
  const char *text = fc_arguments_value(arguments, "tier");
  if (!text)
    return true;
  if (!fc_tier_from_name(tier, text)) {
    const char *closest = fc_closest_name(text, names, 3);
    fc_message("--tier takes double, mpfr or certified, not '%s'%s%s%s", text,
               closest ? "; did you mean " : "", closest ? closest : "",
               closest ? "?" : "");
    return false;
  }
  if (*tier == FC_TIER_CERTIFIED && !fc_have_arb()) {
    fc_message("--tier certified needs FLINT/Arb, without which this flowcert "
               "was built; use --tier mpfr");
    return false;
  }
  return true;
}

fc_status fc_tier_context(fc_ctx *ctx, fc_tier tier, long precision,
                          fc_error *error) {
  if (tier == FC_TIER_CERTIFIED)
    return fc_ctx_init_arb(ctx, precision, error);
  if (tier == FC_TIER_DOUBLE)
    fc_ctx_init_double(ctx);
  else
    fc_ctx_init_mpfr(ctx, precision);
  return FC_OK;
}

bool fc_option_shard(long *index, long *count, const fc_arguments *arguments) {
  const char *text = fc_arguments_value(arguments, "shard");
  if (!text)
    return true;
  char first[24];
  const char *slash = strchr(text, '/');
  size_t length = slash ? (size_t)(slash - text) : 0;
  if (!slash || length >= sizeof first)
    goto wrong;
  memcpy(first, text, length);
  first[length] = '\0';
  if (read_long(index, first) && read_long(count, slash + 1) && *index >= 1 &&
      *index <= *count && *count <= 100000)
    return true;
wrong:
  fc_message("--shard takes I/N with 1 <= I <= N, such as 2/5, not '%s'", text);
  return false;
}
