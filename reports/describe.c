/* What made the records: versions of everything that computes. */
#include <gmp.h>
#include <gsl/gsl_version.h>
#include <jansson.h>
#include <mpfr.h>
#include <sys/utsname.h>
#include <yaml.h>

#include "flint_version.h"
#include "manifest.h"
#include "versions.h"

static fc_status add_platform(fc_manifest *manifest) {
  struct utsname name;
  if (uname(&name) != 0)
    return FC_OK;
  fc_status status =
      fc_manifest_add(manifest, "platform", "system", name.sysname);
  if (status == FC_OK)
    status = fc_manifest_add(manifest, "platform", "release", name.release);
  if (status == FC_OK)
    status = fc_manifest_add(manifest, "platform", "machine", name.machine);
  return status;
}

fc_status fc_manifest_describe(fc_manifest *manifest) {
  const struct {
    const char *section, *key, *value;
  } entries[] = {
      {"tool", "name", "flowcert"},
      {"tool", "version", FC_TOOL_VERSION},
      {"libraries", "GSL", gsl_version},
      {"libraries", "MPFR", mpfr_get_version()},
      {"libraries", "GMP", gmp_version},
      {"libraries", "FLINT", fc_flint_version()},
      {"libraries", "Arb", fc_arb_version()},
      {"libraries", "libyaml", yaml_get_version_string()},
      {"libraries", "jansson", jansson_version_str()},
      {"compiler", "version", FC_COMPILER},
  };
  for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
    fc_status status = fc_manifest_add(manifest, entries[i].section,
                                       entries[i].key, entries[i].value);
    if (status != FC_OK)
      return status;
  }
  return add_platform(manifest);
}
