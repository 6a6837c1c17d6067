#include <string.h>

#include "record/record.h"

#define X(name, text) text,
static const char *const kinds[] = {FC_KIND_LIST(X)};
static const char *const verdicts[] = {FC_VERDICT_LIST(X)};
static const char *const bases[] = {FC_BASIS_LIST(X)};
#undef X

static int find(const char *name, const char *const *names, int count) {
  for (int i = 0; i < count; i++)
    if (strcmp(name, names[i]) == 0)
      return i;
  return -1;
}

const char *fc_kind_name(fc_kind kind) {
  return (unsigned)kind < FC_KIND_COUNT ? kinds[kind] : "unknown";
}

const char *fc_verdict_name(fc_verdict verdict) {
  return (unsigned)verdict < FC_VERDICT_COUNT ? verdicts[verdict] : "unknown";
}

const char *fc_basis_name(fc_basis basis) {
  return (unsigned)basis < FC_BASIS_COUNT ? bases[basis] : "unknown";
}

bool fc_kind_from_name(fc_kind *kind, const char *name) {
  int i = find(name, kinds, FC_KIND_COUNT);
  if (i >= 0)
    *kind = (fc_kind)i;
  return i >= 0;
}

bool fc_verdict_from_name(fc_verdict *verdict, const char *name) {
  int i = find(name, verdicts, FC_VERDICT_COUNT);
  if (i >= 0)
    *verdict = (fc_verdict)i;
  return i >= 0;
}

bool fc_basis_from_name(fc_basis *basis, const char *name) {
  int i = find(name, bases, FC_BASIS_COUNT);
  if (i >= 0)
    *basis = (fc_basis)i;
  return i >= 0;
}
