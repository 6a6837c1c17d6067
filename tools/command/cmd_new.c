/* flowcert new: a commented instance file to begin with. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/closest.h"
#include "base/utf8.h"
#include "command.h"
#include "instance/instance.h"
#include "options.h"
#include "record/record.h"
#include "templates.h"

#define NAME_MAX_LENGTH 64
#define USUAL_NAME "my-target"
#define USUAL_FAMILY "gaussian-mixture"

static const fc_option options[] = {
    {"family", "F", false,
     "kind of target, see `flowcert list families`; default: gaussian-mixture"},
};

const fc_usage fc_usage_new = {
    "new",
    "[NAME]",
    0,
    1,
    "Writes NAME.yaml into the current folder, a commented instance file that\n"
    "runs as it is; without a name, prints one.  For smoothed-sample NAME.csv\n"
    "goes with it.  Files that are there are left alone.\n\n"
    "Exit status: 0 done; 2 wrong usage, or nothing could be written.",
    "  flowcert new my-target\n"
    "  flowcert new my-sample --family smoothed-sample\n"
    "  flowcert new --family atoms > corners.yaml\n",
    options,
    sizeof options / sizeof options[0],
};

static const fc_template *find_template(const char *family) {
  const fc_template *found = fc_template_of(family);
  if (found)
    return found;
  const char **names = calloc(fc_family_count() + 1, sizeof *names);
  for (size_t i = 0; names && i < fc_family_count(); i++)
    names[i] = fc_family_name(i);
  const char *closest =
      names ? fc_closest_name(family, names, fc_family_count()) : NULL;
  if (closest)
    fc_message("unknown family '%s'; did you mean '%s'?", family, closest);
  else
    fc_message("unknown family '%s'; `flowcert list families` lists them",
               family);
  free(names);
  return NULL;
}

/* [a-z0-9][a-z0-9-]*, at most 64 characters. */
static bool is_name(const char *name) {
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
  size_t length = strlen(name);
  return length > 0 && length <= NAME_MAX_LENGTH && name[0] != '-' &&
         strspn(name, allowed) == length;
}

static bool is_free(const char *path) {
  struct stat info;
  if (lstat(path, &info) != 0)
    return true;
  fc_message("%s is there already; choose another name", path);
  return false;
}

static bool write_file(const char *path, const fc_text *text) {
  fc_error error;
  if (fc_write_atomically(path, text->data ? text->data : "", text->length,
                          &error) == FC_OK)
    return true;
  fc_message_error(&error);
  return false;
}

/* NAME.yaml, and what goes with it. */
static bool write_files(const fc_template *form, const char *name) {
  char yaml[NAME_MAX_LENGTH + 8], csv[NAME_MAX_LENGTH + 8];
  strcat(strcpy(yaml, name), ".yaml");
  strcat(strcpy(csv, name), ".csv");
  if (!is_free(yaml) || (form->sample && !is_free(csv)))
    return false;
  fc_text text[1], sample[1], out[1];
  fc_text_init(text);
  fc_text_init(sample);
  fc_text_init(out);
  fc_template_write(text, form, name);
  if (form->sample)
    fc_text_append(sample, form->sample);
  bool done = !text->failed && !sample->failed;
  if (!done)
    fc_message("out of memory");
  done = done && (!form->sample || write_file(csv, sample)) &&
         write_file(yaml, text);
  fc_text_clear(text);
  fc_text_clear(sample);
  if (!done)
    return false;
  fc_text_printf(out, "Wrote %s%s%s.  Next: flowcert run %s --out out\n", yaml,
                 form->sample ? " and " : "", form->sample ? csv : "", yaml);
  return fc_emit(out);
}

static bool print_file(const fc_template *form) {
  if (form->sample) {
    fc_message("%s needs a file of points as well: give a NAME", form->family);
    return false;
  }
  fc_text out[1];
  fc_text_init(out);
  fc_template_write(out, form, USUAL_NAME);
  return fc_emit(out);
}

static int make(const fc_arguments *arguments) {
  const char *family = fc_arguments_value(arguments, "family");
  const fc_template *form = find_template(family ? family : USUAL_FAMILY);
  if (!form)
    return FC_EXIT_USAGE;
  if (arguments->operand_count == 0)
    return print_file(form) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
  const char *name = arguments->operands[0];
  if (!is_name(name)) {
    fc_message("'%s' is no name of an instance: small letters, digits and "
               "hyphens, at most %d of them; the file is then NAME.yaml",
               name, NAME_MAX_LENGTH);
    return FC_EXIT_USAGE;
  }
  return write_files(form, name) ? FC_EXIT_EXPECTED : FC_EXIT_USAGE;
}

int fc_cmd_new(int argc, char **argv) {
  fc_arguments arguments;
  int status = fc_arguments_parse(&arguments, &fc_usage_new, argc, argv);
  if (status < 0)
    status = make(&arguments);
  fc_arguments_clear(&arguments);
  return status;
}
