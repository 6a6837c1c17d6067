/* What `flowcert new` writes: an instance of each family, with comments. */
#ifndef FC_TOOLS_COMMAND_TEMPLATES_H
#define FC_TOOLS_COMMAND_TEMPLATES_H

#include "base/text.h"

typedef struct fc_template {
  const char *family;
  const char *title;
  const char *target; /* lines of YAML, indented by two */
  const char *sample; /* of smoothed-sample: the rows of NAME.csv, else NULL */
} fc_template;

/* NULL where no family is called so. */
const fc_template *fc_template_of(const char *family);

/* Appends the instance file. */
void fc_template_write(fc_text *out, const fc_template *form, const char *name);

#endif
