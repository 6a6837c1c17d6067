#include "certificates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "instance/instance.h"

void fc_certificates_init(fc_certificates *c, const char *folder) {
  memset(c, 0, sizeof *c);
  c->folder = folder;
}

void fc_certificates_clear(fc_certificates *c) {
  for (size_t i = 0; i < c->count; i++)
    free(c->names[i]);
  free(c->names);
  free(c->digests);
  fc_certificates_init(c, NULL);
}

/* --- in the child --------------------------------------------------------- */

fc_status fc_certificates_frame(fc_text *out,
                                const fc_certificate *certificate) {
  fc_text body[1];
  char *name = fc_certificate_file_name(certificate);
  fc_text_init(body);
  fc_status status = name ? fc_certificate_write(body, certificate) : FC_MEMORY;
  if (status == FC_OK) {
    fc_text_printf(out, "%%%zu %s\n", body->length, name);
    fc_text_append_bytes(out, body->data, body->length);
    status = out->failed ? FC_MEMORY : FC_OK;
  }
  fc_text_clear(body);
  free(name);
  return status;
}

/* --- in the parent -------------------------------------------------------- */

void fc_certificates_drop(fc_certificates *c) {
  c->name = c->bytes = NULL;
  c->length = 0;
}

char *fc_certificates_receive(fc_certificates *c, char *output, char *end) {
  char *blank, *stop = strchr(output, '\n');
  unsigned long long length = strtoull(output + 1, &blank, 10);
  fc_certificates_drop(c);
  if (!stop || *blank != ' ' || length > (size_t)(end - stop) - 1)
    return NULL;
  *stop = '\0';
  c->name = blank + 1;
  c->bytes = stop + 1;
  c->length = (size_t)length;
  return stop + 1 + length;
}

static fc_status keep_failure(fc_certificates *c, fc_status status,
                              const fc_error *error) {
  if (c->status == FC_OK) {
    c->status = status;
    c->error = *error;
  }
  return status;
}

/* *known: the file was written by this run already.  Proofs of one claim that
 * differ would mean that one of them is not what its name says. */
static fc_status look_up(bool *known, fc_certificates *c, const char *digest,
                         fc_error *error) {
  *known = false;
  for (size_t i = 0; i < c->count; i++) {
    if (strcmp(c->names[i], c->name) != 0)
      continue;
    *known = true;
    if (strcmp(c->digests[i], digest) != 0)
      return fc_fail(error, FC_INTERNAL,
                     "two different certificates have the name %s", c->name);
  }
  return FC_OK;
}

static fc_status remember(fc_certificates *c, const char *digest,
                          fc_error *error) {
  if (c->count == c->capacity) {
    size_t room = c->capacity ? 2 * c->capacity : 64;
    char **names = realloc(c->names, room * sizeof *names);
    if (names)
      c->names = names;
    char(*digests)[65] = realloc(c->digests, room * sizeof *digests);
    if (digests)
      c->digests = digests;
    if (!names || !digests)
      return fc_fail(error, FC_MEMORY, "out of memory");
    c->capacity = room;
  }
  c->names[c->count] = fc_strdup(c->name);
  if (!c->names[c->count])
    return fc_fail(error, FC_MEMORY, "out of memory");
  memcpy(c->digests[c->count++], digest, 65);
  return FC_OK;
}

static fc_status write_file(const fc_certificates *c, fc_error *error) {
  fc_text path[1];
  fc_status status = fc_make_folder(c->folder, error);
  if (status)
    return status;
  fc_text_init(path);
  fc_text_printf(path, "%s/%s", c->folder, c->name);
  status = path->failed
               ? fc_fail(error, FC_MEMORY, "out of memory")
               : fc_write_atomically(path->data, c->bytes, c->length, error);
  fc_text_clear(path);
  return status;
}

static fc_status keep_file(fc_certificates *c, fc_error *error) {
  char digest[65];
  bool known;
  fc_sha256_hex(digest, c->bytes, c->length);
  fc_status status = look_up(&known, c, digest, error);
  if (status || known)
    return status;
  status = write_file(c, error);
  return status ? status : remember(c, digest, error);
}

void fc_certificates_settle(fc_certificates *c, const fc_record *record) {
  fc_error error = {0};
  if (!c->folder || record->basis != FC_BASIS_CERTIFIED) {
    fc_certificates_drop(c);
    return;
  }
  if (!c->bytes) {
    c->missing++;
    return;
  }
  fc_status status = keep_file(c, &error);
  if (status)
    keep_failure(c, status, &error);
  fc_certificates_drop(c);
}
