/* The formats by name. */
#include <string.h>

#include "base/closest.h"
#include "report.h"
#include "verdicts.h"

static const struct {
  const char *name;
  const char *file;
} formats[FC_FORMAT_COUNT] = {
#define X(name, word, file) {word, file},
    FC_FORMAT_LIST(X)
#undef X
};

const char *fc_format_file(fc_format format) {
  return (unsigned)format < FC_FORMAT_COUNT ? formats[format].file : "";
}

static unsigned bit_of(const char *word, size_t length) {
  for (int i = 0; i < FC_FORMAT_COUNT; i++)
    if (strlen(formats[i].name) == length &&
        strncmp(formats[i].name, word, length) == 0)
      return 1u << i;
  return 0;
}

static fc_status unknown(fc_error *error, const char *word, size_t length) {
  fc_text list[1];
  fc_text_init(list);
  for (int i = 0; i < FC_FORMAT_COUNT; i++)
    fc_text_printf(list, "%s%s",
                   i == 0                     ? ""
                   : i == FC_FORMAT_COUNT - 1 ? " and "
                                              : ", ",
                   formats[i].name);
  const char *names[FC_FORMAT_COUNT], *closest;
  for (int i = 0; i < FC_FORMAT_COUNT; i++)
    names[i] = formats[i].name;
  char copy[81] = "";
  memcpy(copy, word, length < 80 ? length : 80);
  closest = fc_closest_name(copy, names, FC_FORMAT_COUNT);
  fc_status status =
      fc_fail(error, FC_NAME, "unknown format '%s'%s%s%s; there are %s", copy,
              closest ? ", did you mean " : "", closest ? closest : "",
              closest ? "?" : "", list->data ? list->data : "others");
  fc_text_clear(list);
  return status;
}

fc_status fc_formats_read(unsigned *wanted, const char *list, fc_error *error) {
  *wanted = 0;
  for (const char *word = list;; word++) {
    size_t length = strcspn(word, ",");
    unsigned bit = bit_of(word, length);
    if (!bit)
      return unknown(error, word, length);
    *wanted |= bit;
    word += length;
    if (!*word)
      return FC_OK;
  }
}

fc_status fc_report_render(fc_text *out, const fc_report *report,
                           fc_format format) {
  switch (format) {
  case FC_FORMAT_MD:
    return fc_report_markdown(out, report, false);
  case FC_FORMAT_HTML:
    return fc_report_html(out, report);
  case FC_FORMAT_JSON:
    return fc_report_json(out, report);
  case FC_FORMAT_JSONL:
    return fc_report_records(out, report);
  case FC_FORMAT_JUNIT:
    return fc_report_junit(out, report);
  case FC_FORMAT_SUMMARY:
    return fc_report_summary(out, report);
  case FC_FORMAT_TEX:
    return fc_report_tex(out, report);
  case FC_FORMAT_VERDICTS:
    return fc_verdicts_write(out, report->records);
  default:
    return FC_UNSUPPORTED;
  }
}
