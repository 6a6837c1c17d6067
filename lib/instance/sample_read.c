/* A sample file as a law of its own. */
#include <stdlib.h>

#include "base/text.h"
#include "instance/reader.h"

static fc_status make(fc_target **target, const fc_constants *points, size_t d,
                      size_t count, fc_error *error) {
  fc_yaml none = {NULL, error, NULL};
  fc_constants zeros = {NULL, 0, 0};
  fc_status status = FC_OK;
  for (size_t k = 0; k < count && status == FC_OK; k++) {
    fc_formula *zero = NULL;
    status = fc_constant_new_si(&zero, 0, 1);
    if (status == FC_OK)
      status = fc_constants_push(&zeros, &none, zero);
  }
  if (status == FC_OK)
    status = fc_target_new_isotropic(target, d, count, NULL, points->items,
                                     zeros.items, NULL, error);
  else
    fc_fail(error, status, "out of memory");
  fc_constants_clear(&zeros);
  return status;
}

fc_status fc_sample_read(fc_target **target, const char *path,
                         fc_error *error) {
  fc_instance files = {.name = NULL};
  fc_constants points = {NULL, 0, 0};
  size_t d = 0, count = 0;
  char *text = fc_strdup(path);
  fc_yaml reader = {NULL, error, &files};
  const fc_yaml_node node = {
      .kind = FC_SCALAR, .text = text, .one_line = true, .plain = true};
  fc_status status =
      text ? fc_yaml_sample_file(&points, &d, &count, &reader, &node)
           : fc_fail(error, FC_MEMORY, "out of memory");
  if (status == FC_OK)
    status = make(target, &points, d, count, error);
  for (size_t i = 0; i < files.data_count; i++) {
    free(files.data[i].path);
    free(files.data[i].sha256);
  }
  free(files.data);
  free(text);
  fc_constants_clear(&points);
  return status;
}
