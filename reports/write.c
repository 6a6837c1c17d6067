#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "figure.h"

/* Makes one folder; one that is there already is fine. */
static fc_status make_one(const char *path, fc_error *error) {
  struct stat info;
  char reason[128];
  if (mkdir(path, 0777) == 0)
    return FC_OK;
  int number = errno;
  if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
    return FC_OK;
  return fc_fail(error, FC_IO, "cannot make the folder %s: %s", path,
                 strerror_r(number, reason, sizeof reason));
}

/* Makes the folder and those above it. */
static fc_status make_folder(const char *folder, fc_error *error) {
  char *path = fc_strdup(folder);
  if (!path)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = FC_OK;
  for (char *slash = path; status == FC_OK && *slash;) {
    slash++;
    slash += strcspn(slash, "/");
    char kept = *slash;
    *slash = '\0';
    status = make_one(path, error);
    *slash = kept;
  }
  free(path);
  return status;
}

/* Writes FOLDER/NAME and empties text. */
static fc_status write_file(const char *folder, const char *name, fc_text *text,
                            fc_error *error) {
  fc_text path[1];
  fc_text_init(path);
  fc_text_printf(path, "%s/%s", folder, name);
  fc_status status = FC_MEMORY;
  if (path->failed || text->failed)
    fc_fail(error, status, "out of memory");
  else
    status = fc_write_atomically(path->data, text->data ? text->data : "",
                                 text->length, error);
  fc_text_clear(path);
  fc_text_clear(text);
  return status;
}

static fc_status write_figure(const char *folder, const fc_claim_view *claim,
                              fc_error *error) {
  fc_text name[1], picture[1];
  fc_text_init(name);
  fc_text_init(picture);
  fc_text_append(name, "figures/");
  fc_figure_name(name, claim->claim);
  fc_status status = fc_figure(picture, fc_figure_choose(claim), 0);
  if (status == FC_OK && !name->failed)
    status = write_file(folder, name->data, picture, error);
  else
    status = fc_fail(error, FC_MEMORY, "out of memory");
  fc_text_clear(name);
  fc_text_clear(picture);
  return status;
}

static fc_status make_figure_folder(const char *folder, fc_error *error) {
  fc_text path[1];
  fc_text_init(path);
  fc_text_printf(path, "%s/figures", folder);
  fc_status status = path->failed ? fc_fail(error, FC_MEMORY, "out of memory")
                                  : make_folder(path->data, error);
  fc_text_clear(path);
  return status;
}

static fc_status write_figures(const char *folder, const fc_report *report,
                               fc_error *error) {
  fc_view view;
  bool made = false;
  if (fc_view_new(&view, report) != FC_OK)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = FC_OK;
  for (size_t i = 0; status == FC_OK && i < view.claim_count; i++) {
    if (!fc_figure_wanted(&view.claims[i]))
      continue;
    if (!made)
      status = make_figure_folder(folder, error);
    made = true;
    if (status == FC_OK)
      status = write_figure(folder, &view.claims[i], error);
  }
  fc_view_clear(&view);
  return status;
}

/* Markdown beside its figures. */
static fc_status markdown(fc_text *out, const fc_report *report) {
  return fc_report_markdown(out, report, true);
}

static const struct {
  unsigned format;
  const char *name;
  fc_status (*render)(fc_text *out, const fc_report *report);
} files[] = {
    {FC_REPORT_MD, "report.md", markdown},
    {FC_REPORT_HTML, "report.html", fc_report_html},
    {FC_REPORT_JSON, "report.json", fc_report_json},
};

static fc_status write_rendered(const char *folder, size_t i,
                                const fc_report *report, fc_error *error) {
  fc_text text[1];
  fc_text_init(text);
  fc_status status = files[i].render(text, report);
  if (status != FC_OK) {
    fc_text_clear(text);
    return fc_fail(error, status, "cannot render %s: %s", files[i].name,
                   fc_status_text(status));
  }
  return write_file(folder, files[i].name, text, error);
}

fc_status fc_report_write(const char *folder, const fc_report *report,
                          unsigned formats, fc_error *error) {
  if (!folder[0])
    return fc_fail(error, FC_IO, "the name of the folder is empty");
  fc_status status = make_folder(folder, error);
  if (status == FC_OK && (formats & FC_REPORT_MD))
    status = write_figures(folder, report, error);
  for (size_t i = 0; status == FC_OK && i < sizeof files / sizeof *files; i++)
    if (formats & files[i].format)
      status = write_rendered(folder, i, report, error);
  return status;
}
