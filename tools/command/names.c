#include "names.h"

#include <stdlib.h>
#include <string.h>

#include "base/closest.h"
#include "base/utf8.h"
#include "checks.h"
#include "command.h"

static void complain(const char *where, const char *kind, const char *word,
                     const char *closest) {
  char shown[120];
  fc_utf8_quote(shown, sizeof shown, word);
  if (closest)
    fc_message("%s: no %s is called '%s'; did you mean '%s'?", where, kind,
               shown, closest);
  else
    fc_message("%s: no %s fits '%s'; `flowcert list %ss` lists them", where,
               kind, shown, kind);
}

bool fc_names_check(const char *glob, const char *where) {
  const char **names = calloc(fc_check_count + 1, sizeof *names);
  for (size_t i = 0; i < fc_check_count; i++) {
    if (names)
      names[i] = fc_checks[i]->id;
    if (fc_glob_matches(glob, fc_checks[i]->id)) {
      free(names);
      return true;
    }
  }
  complain(where, "check", glob,
           names ? fc_closest_name(glob, names, fc_check_count) : NULL);
  free(names);
  return false;
}

static size_t claim_count(void) {
  size_t count = 0;
  for (size_t i = 0; i < fc_check_count; i++)
    count += fc_checks[i]->claim_count;
  return count;
}

/* The closest claim's own name; where word has a check before it, of that check
 * if it exists. */
static const char *closest_claim(const char *word, const char **names) {
  const char *slash = strchr(word, '/');
  size_t count = 0;
  for (size_t i = 0; i < fc_check_count; i++) {
    const char *id = fc_checks[i]->id;
    size_t length = slash ? (size_t)(slash - word) : 0;
    if (slash && (strlen(id) != length || strncmp(id, word, length) != 0))
      continue;
    for (size_t k = 0; k < fc_checks[i]->claim_count; k++)
      names[count++] = fc_checks[i]->claims[k].name;
  }
  return fc_closest_name(slash ? slash + 1 : word, names, count);
}

bool fc_names_claim(const char *glob, const char *where) {
  for (size_t i = 0; i < fc_check_count; i++)
    for (size_t k = 0; k < fc_checks[i]->claim_count; k++)
      if (fc_claim_matches(glob, fc_checks[i]->id,
                           fc_checks[i]->claims[k].name))
        return true;
  const char **names = calloc(claim_count() + 1, sizeof *names);
  const char *closest = names ? closest_claim(glob, names) : NULL;
  const char *slash = strchr(glob, '/');
  fc_text whole[1];
  fc_text_init(whole);
  if (closest && slash)
    fc_text_printf(whole, "%.*s/%s", (int)(slash - glob), glob, closest);
  complain(where, "claim", glob, whole->data ? whole->data : closest);
  fc_text_clear(whole);
  free(names);
  return false;
}

bool fc_names_options(const fc_arguments *arguments) {
  const char *glob = fc_arguments_value(arguments, "claim");
  bool known = !glob || fc_names_claim(glob, "--claim");
  for (size_t i = 0;
       known && (glob = fc_arguments_nth(arguments, "check", i)) != NULL; i++)
    known = fc_names_check(glob, "--check");
  return known;
}

/* "FILE: KEY" */
static char *place_of(const fc_instance *instance, const char *key) {
  fc_text place[1];
  fc_text_init(place);
  fc_text_printf(place, "%s: %s",
                 instance->path ? instance->path : instance->name, key);
  return fc_text_take(place);
}

bool fc_names_instance(const fc_instance *instance) {
  char *checks = place_of(instance, "checks");
  char *expect = place_of(instance, "expect");
  bool known = checks && expect;
  if (!known)
    fc_message("out of memory");
  for (size_t i = 0; i < instance->check_count && known; i++)
    known = fc_names_check(instance->checks[i], checks);
  for (size_t i = 0; i < instance->expectation_count && known; i++)
    known = fc_names_claim(instance->expectations[i].claim, expect);
  free(checks);
  free(expect);
  return known;
}
