#include "claims/claim.h"

#include <fnmatch.h>
#include <string.h>

static const char *const tiers[] = {"double", "mpfr", "certified"};

const char *fc_tier_name(fc_tier tier) {
  return (unsigned)tier < 3 ? tiers[tier] : "unknown";
}

bool fc_tier_from_name(fc_tier *tier, const char *name) {
  for (int i = 0; i < 3; i++)
    if (strcmp(name, tiers[i]) == 0) {
      *tier = (fc_tier)i;
      return true;
    }
  return false;
}

bool fc_glob_matches(const char *glob, const char *string) {
  return fnmatch(glob, string, 0) == 0;
}

bool fc_claim_matches(const char *glob, const char *check_id,
                      const char *claim_name) {
  if (!strchr(glob, '/'))
    return fc_glob_matches(glob, claim_name);
  char id[256];
  size_t check_length = strlen(check_id), name_length = strlen(claim_name);
  if (check_length + name_length + 2 > sizeof id)
    return false;
  memcpy(id, check_id, check_length);
  id[check_length] = '/';
  memcpy(id + check_length + 1, claim_name, name_length + 1);
  return fc_glob_matches(glob, id);
}
