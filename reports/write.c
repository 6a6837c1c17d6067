#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "intoto.h"

/* Where files go, and what went there. */
typedef struct place {
  const char *folder;
  fc_written written[1];
} place;

/* Writes FOLDER/NAME and empties text. */
static fc_status write_file(place *p, const char *name, fc_text *text,
                            fc_error *error) {
  fc_text path[1];
  fc_text_init(path);
  fc_text_printf(path, "%s/%s", p->folder, name);
  const char *bytes = text->data ? text->data : "";
  fc_status status = FC_MEMORY;
  if (path->failed || text->failed)
    fc_fail(error, status, "out of memory");
  else
    status = fc_write_atomically(path->data, bytes, text->length, error);
  if (status == FC_OK &&
      (status = fc_written_add(p->written, name, bytes, text->length)) != FC_OK)
    fc_fail(error, status, "out of memory");
  fc_text_clear(path);
  fc_text_clear(text);
  return status;
}

static fc_status write_figure(place *p, const fc_claim_view *claim,
                              fc_error *error) {
  fc_text name[1], picture[1];
  fc_text_init(name);
  fc_text_init(picture);
  fc_text_append(name, "figures/");
  fc_figure_name(name, claim->claim);
  fc_status status = fc_figure(picture, fc_figure_choose(claim), 0);
  if (status == FC_OK && !name->failed)
    status = write_file(p, name->data, picture, error);
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
                                  : fc_make_folder(path->data, error);
  fc_text_clear(path);
  return status;
}

static fc_status write_figures(place *p, const fc_report *report,
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
      status = make_figure_folder(p->folder, error);
    made = true;
    if (status == FC_OK)
      status = write_figure(p, &view.claims[i], error);
  }
  fc_view_clear(&view);
  return status;
}

static fc_status render(fc_text *out, const fc_report *report, fc_format format,
                        const fc_written *written) {
  if (format == FC_FORMAT_INTOTO)
    return fc_report_intoto(out, report, written);
  if (format == FC_FORMAT_MD) /* it has its figures beside it */
    return fc_report_markdown(out, report, true);
  return fc_report_render(out, report, format);
}

static fc_status write_rendered(place *p, fc_format format,
                                const fc_report *report, fc_error *error) {
  fc_text text[1];
  const char *name = fc_format_file(format);
  fc_text_init(text);
  fc_status status = render(text, report, format, p->written);
  if (status != FC_OK) {
    fc_text_clear(text);
    return fc_fail(error, status, "cannot render %s: %s", name,
                   fc_status_text(status));
  }
  return write_file(p, name, text, error);
}

static fc_status write_sums(place *p, fc_error *error) {
  fc_text sums[1];
  fc_text_init(sums);
  fc_written_sums(sums, p->written);
  return write_file(p, "SHA256SUMS", sums, error);
}

fc_status fc_report_write(const char *folder, const fc_report *report,
                          unsigned formats, fc_error *error) {
  place p = {.folder = folder};
  if (!folder[0])
    return fc_fail(error, FC_IO, "the name of the folder is empty");
  fc_written_init(p.written);
  fc_status status = fc_make_folder(folder, error);
  if (status == FC_OK && (formats & FC_FORMAT_BIT(MD)))
    status = write_figures(&p, report, error);
  for (int i = 0; status == FC_OK && i < FC_FORMAT_COUNT; i++)
    if (formats & (1u << i))
      status = write_rendered(&p, (fc_format)i, report, error);
  if (status == FC_OK)
    status = write_sums(&p, error);
  fc_written_clear(p.written);
  return status;
}
