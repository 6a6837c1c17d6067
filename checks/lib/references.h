/* Reading data/references/NAME.txt: lines of fields between bars, the kind, the
 * dimension and the target's numbers among them. */
#ifndef FC_CHECKS_REFERENCES_H
#define FC_CHECKS_REFERENCES_H

#include "targets.h"

enum { REFERENCE_LINE = 8192 };

static inline FILE *open_references(const char *name) {
  char path[1024];
  const char *source = getenv("FLOWCERT_SOURCE");
  snprintf(path, sizeof path, "%s/data/references/%s.txt",
           source ? source : ".", name);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot read %s", path);
  return file;
}

/* Takes blanks off both ends. */
static inline char *trimmed(char *text) {
  text += strspn(text, " ");
  for (char *end = text + strlen(text); end > text && strchr(" \n", end[-1]);)
    *--end = '\0';
  return text;
}

/* The fields of the next line that is no comment, in line (REFERENCE_LINE
 * characters); false at the end.  The bars of abs are written abs(): a bar only
 * divides fields. */
static inline bool next_fields(char **fields, int count, char *line,
                               FILE *file) {
  do
    if (!fgets(line, REFERENCE_LINE, file))
      return false;
  while (line[0] == '#');
  char *rest = line;
  for (int i = 0; i < count; i++) {
    char *part = strsep(&rest, "|");
    ck_assert_msg(part != NULL, "a line with too few fields");
    fields[i] = trimmed(part);
  }
  ck_assert_msg(rest == NULL, "a line with too many fields");
  return true;
}

/* The target of a kind from its numbers, lists between semicolons. */
static inline fc_target *
target_of_fields(const char *kind, const char *dimension, const char *numbers) {
  char copy[REFERENCE_LINE], *parts[4] = {NULL}, *rest = copy;
  strcpy(copy, numbers);
  for (int i = 0; i < 4 && rest; i++)
    parts[i] = trimmed(strsep(&rest, ";"));
  size_t d = (size_t)strtol(dimension, NULL, 10);
  if (strcmp(kind, "tilted") == 0)
    return tilted_by(parts[0]);
  const char *weights = strcmp(parts[0], "-") == 0 ? NULL : parts[0];
  if (strcmp(kind, "isotropic") == 0)
    return isotropic(d, weights, parts[1], parts[2]);
  if (strcmp(kind, "full") == 0)
    return mixture(d, weights, parts[1], parts[2]);
  char text[REFERENCE_LINE];
  snprintf(text, sizeof text, "1 %s %s %s %s", parts[0], parts[1], parts[2],
           parts[3]);
  return pieces(text);
}

#endif
