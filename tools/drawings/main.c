/* Draws the figures into a folder; see tools/pictures. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "drawings.h"

enum { FIRST = 2, LAST = 6, USAGE = 2 };

static const char usage[] =
    "Usage: tools/pictures [--out DIR] [--records FILE] [2|3|4|5|6]...\n"
    "\n"
    "Draws figures of \"Gaussian Interpolation Flows\" as SVG, computed over "
    "again.\n"
    "\n"
    "  2  snapshots of the flow of six Gaussians (instance six-gaussians)\n"
    "  3  auto-encoding of three rings (instance rings)\n"
    "  4  moons to squares and back (instances moons, squares)\n"
    "  5  W2 against b0            } from the records of gif.experiments,\n"
    "  6  W2^2 against 2 epsilon^2 } made here unless --records names them\n"
    "\n"
    "Without numbers all five.  DIR: default pictures/.  Each picture's name "
    "and what\n"
    "was measured goes to standard output.\n";

typedef struct request {
  const char *out;
  const char *data;    /* the folder of the instances' folder */
  const char *records; /* NULL: none */
  bool wanted[LAST + 1];
} request;

static int complain(const fc_error *error) {
  char text[1200];
  fprintf(stderr, "pictures: %s\n", fc_error_text(text, sizeof text, error));
  return USAGE;
}

static fc_status read_instance(fc_instance **instance, const request *r,
                               const char *name, fc_error *error) {
  fc_text path[1];
  fc_text_init(path);
  fc_text_printf(path, "%s/instances/%s.yaml", r->data, name);
  fc_status status = path->data ? fc_instance_read(instance, path->data, error)
                                : fc_fail(error, FC_MEMORY, "out of memory");
  fc_text_clear(path);
  return status;
}

static fc_status draw_flows(fc_text *out, fc_text *note, const request *r,
                            int figure, fc_error *error) {
  static const char *const names[] = {"six-gaussians", "rings", "moons"};
  fc_instance *first = NULL, *second = NULL;
  fc_status status = read_instance(&first, r, names[figure - FIRST], error);
  if (!status && figure == 4)
    status = read_instance(&second, r, "squares", error);
  if (!status && figure == 2)
    status = fc_draw_snapshots(out, note, first, error);
  else if (!status && figure == 3)
    status = fc_draw_autoencoding(out, note, first, error);
  else if (!status)
    status = fc_draw_cycle(out, note, first, second, error);
  fc_instance_free(first);
  fc_instance_free(second);
  return status;
}

static fc_status draw_records(fc_text *out, fc_text *note, const request *r,
                              int figure, fc_error *error) {
  fc_records records[1];
  if (!r->records)
    return fc_fail(error, FC_VALUE,
                   "figure %d needs the records of gif.experiments (--records "
                   "FILE)",
                   figure);
  fc_records_init(records);
  fc_status status = fc_records_read_file(records, r->records, error);
  if (!status && figure == 5)
    status = fc_draw_source(out, note, records, error);
  else if (!status)
    status = fc_draw_noise(out, note, records, error);
  fc_records_clear(records);
  return status;
}

static fc_status draw(const request *r, int figure, fc_error *error) {
  static const char *const names[] = {"figure-2", "figure-3", "figure-4",
                                      "figure-5", "figure-6"};
  fc_text out[1], note[1], path[1];
  fc_text_init(out);
  fc_text_init(note);
  fc_text_init(path);
  fc_status status = figure <= 4 ? draw_flows(out, note, r, figure, error)
                                 : draw_records(out, note, r, figure, error);
  fc_text_printf(path, "%s/%s.svg", r->out, names[figure - FIRST]);
  if (!status && (out->failed || note->failed || path->failed))
    status = fc_fail(error, FC_MEMORY, "out of memory");
  if (!status)
    status = fc_write_atomically(path->data, out->data, out->length, error);
  if (!status)
    printf("%s  %s\n", path->data, note->data ? note->data : "");
  fc_text_clear(out);
  fc_text_clear(note);
  fc_text_clear(path);
  return status;
}

/* False with a message where the arguments make no sense. */
static bool read_arguments(request *r, int argc, char **argv) {
  bool any = false;
  for (int i = 1; i < argc; i++) {
    const char **value = strcmp(argv[i], "--out") == 0       ? &r->out
                         : strcmp(argv[i], "--data") == 0    ? &r->data
                         : strcmp(argv[i], "--records") == 0 ? &r->records
                                                             : NULL;
    if (value && i + 1 < argc) {
      *value = argv[++i];
    } else if (strlen(argv[i]) == 1 && argv[i][0] >= '0' + FIRST &&
               argv[i][0] <= '0' + LAST) {
      r->wanted[argv[i][0] - '0'] = any = true;
    } else {
      fputs(usage, stderr);
      return false;
    }
  }
  for (int i = FIRST; i <= LAST; i++)
    r->wanted[i] = r->wanted[i] || !any;
  return true;
}

int main(int argc, char **argv) {
  request r = {.out = "pictures", .data = getenv("FLOWCERT_DATA")};
  fc_error error = {0};
  if (argc == 2 &&
      (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
    fputs(usage, stdout);
    return 0;
  }
  if (!read_arguments(&r, argc, argv))
    return USAGE;
  if (!r.data)
    r.data = "data";
  if (mkdir(r.out, 0777) != 0 && errno != EEXIST) {
    fprintf(stderr, "pictures: the folder %s cannot be made: %s\n", r.out,
            strerror(errno));
    return USAGE;
  }
  for (int i = FIRST; i <= LAST; i++)
    if (r.wanted[i] && draw(&r, i, &error) != FC_OK)
      return complain(&error);
  return 0;
}
