/* flowcert-recheck FILE|DIR...: one line a certificate, "accepted" or "rejected: why". */
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "recheck.h"

enum { MOST_BYTES = 64 << 20, EXIT_REJECTED = 1, EXIT_USAGE = 2 };

static const char help[] =
    "Usage: flowcert-recheck FILE|DIR...\n\n"
    "Verifies certificates that `flowcert run --certificates DIR` wrote (of a folder: all *.json)\n"
    "with MPFI intervals, without the library that wrote them: README.md beside the sources says\n"
    "what is checked and what is trusted.  One line a file: \"accepted\", \"rejected: reason\".\n\n"
    "Exit status: 0 all accepted; 1 some rejected; 2 wrong usage, or a file that cannot be read.\n";

/* --- JSON --- */

void rc_unpack(rc_graph *g, const json_t *json, const char *format, ...) {
  va_list to;
  json_error_t error;
  va_start(to, format);
  if (json_vunpack_ex((json_t *)json, &error, 0, format, to) != 0) rc_reject(g, "%s", error.text);
  va_end(to);
}

const char *rc_text(rc_graph *g, const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  if (!text) rc_reject(g, "%.40s: expected a text", key);
  return text ? text : "";
}

/* --- one certificate --- */

/* The certificate's constants, exact or as `mid` and `rad`, agree with those of the target. */
static void check_constants(rc_claim *claim) {
  json_t *constants = json_object_get(claim->json, "constants"), *item;
  rc_graph *g = claim->g;
  const char *key;
  if (!json_is_object(constants)) rc_reject(g, "constants: expected an object");
  json_object_foreach(constants, key, item) {
    bool exact = json_is_string(item);
    int node = rc_find(g, key), radius = exact ? 0 : rc_parse(g, rc_text(g, item, "rad"));
    int mid = rc_parse(g, rc_text(g, exact ? constants : item, exact ? key : "mid"));
    int apart = node < 0 ? 0 : rc_form(g, "abs(x - m) - r", "xmr", node, mid, radius);
    int wide = rc_form(g, "x - (1 + abs(m))/2^20", "xm", apart, mid);
    if (node < 0 || rc_has_sign(g, apart, 1, true) || !rc_has_sign(g, wide, -1, true))
      rc_reject(g, "constant '%.40s': not that of the target", key);
  }
}

const char *const rc_keys[] = {"claim", "relation",     "quantity",  "formula",
                               "where", "late_formula", "late_where"};

/* Reads the claim.  One that is known must be stated as it is known; of others there are only
 * witnesses. */
static void read_statement(rc_claim *claim, bool witness) {
  const char **texts = claim->text, *check = rc_text(claim->g, claim->json, "check");
  for (int i = RC_CLAIM; i < RC_TEXTS; i++)
    texts[i] = i <= RC_FORMULA ? rc_text(claim->g, claim->json, rc_keys[i])
                               : json_string_value(json_object_get(claim->json, rc_keys[i]));
  bool at_most = strcmp(texts[RC_RELATION], "<=") == 0;
  claim->upper = at_most && strcmp(texts[RC_QUANTITY], "inverse-flow-jacobian") != 0;
  claim->of_covariance = strcmp(texts[RC_QUANTITY], "posterior-covariance") == 0;
  claim->known = rc_statement_find(claim);
  if (strncmp(texts[RC_CLAIM], check, strlen(check)) != 0 || texts[RC_CLAIM][strlen(check)] != '/')
    rc_reject(claim->g, "the claim is not of its check");
  if (!claim->known && !witness)
    rc_reject(claim->g, "no such claim is known: '%.80s'", texts[RC_CLAIM]);
  for (int i = RC_CLAIM; i < RC_TEXTS && claim->known; i++)
    if (!rc_is_text(texts[i], claim->known->text[i]))
      rc_reject(claim->g, "the claim is not stated as it is known: %s", rc_keys[i]);
  if ((!at_most && strcmp(texts[RC_RELATION], ">=") != 0) ||
      (witness && !claim->of_covariance && strcmp(texts[RC_QUANTITY], "velocity-jacobian") != 0) ||
      !texts[RC_LATE_FORMULA] != !texts[RC_LATE_WHERE])
    rc_reject(claim->g, "the claim has another form than is known");
}

static void check_claim(rc_claim *claim) {
  rc_graph *g = claim->g;
  const char *kind = rc_text(g, claim->json, "kind");
  bool witness = strcmp(kind, "witness") == 0;
  if (!witness && strcmp(kind, "identity") != 0 && strcmp(kind, "cover") != 0 &&
      strcmp(kind, "theorem") != 0)
    rc_reject(g, "kind: '%.40s' is not known", kind);
  if (strcmp(rc_text(g, claim->json, "schema"), "flowcert-certificate/1") != 0)
    rc_reject(g, "its schema is not known");
  if (rc_is_good(g))
    rc_target_read(claim->target, g, json_object_get(claim->json, "target"),
                   json_object_get(claim->json, "centre_weights"));
  if (rc_is_good(g)) check_constants(claim);
  if (rc_is_good(g)) read_statement(claim, witness);
  if (rc_is_good(g)) (witness ? rc_check_witness : rc_check_proof)(claim);
}

/* --- files --- */

static int worse(int one, int other) { return one > other ? one : other; }

static int check_file(const char *path) {
  struct stat info;
  json_error_t error = {.text = "no regular file of at most 64 MiB"};
  bool fits = stat(path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size <= MOST_BYTES;
  json_t *json = fits ? json_load_file(path, JSON_REJECT_DUPLICATES, &error) : NULL;
  rc_claim *claim = json ? calloc(1, sizeof *claim) : NULL;
  if (!claim) {
    fprintf(stderr, "flowcert-recheck: %s: %s (line %d)\n", path, json ? "no memory" : error.text,
            error.line);
    json_decref(json);
    return EXIT_USAGE;
  }
  claim->json = json;
  rc_graph_init(claim->g);
  if (rc_is_good(claim->g)) check_claim(claim);
  bool accepted = rc_is_good(claim->g);
  printf("%s: %s%s\n", path, accepted ? "accepted" : "rejected: ", claim->g->reason);
  rc_target_clear(claim->target);
  rc_graph_clear(claim->g);
  free(claim);
  json_decref(json);
  mpfr_free_cache();
  return accepted ? 0 : EXIT_REJECTED;
}

/* A file, or all *.json of a folder in order. */
static int check_path(const char *path) {
  struct stat info;
  glob_t found = {0};
  char *pattern = NULL;
  int worst = 0;
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) return check_file(path);
  if (asprintf(&pattern, "%s/*.json", path) < 0 || glob(pattern, 0, NULL, &found) != 0) {
    fprintf(stderr, "flowcert-recheck: %s: no certificates in this folder\n", path);
    worst = EXIT_USAGE;
  }
  for (size_t i = 0; i < found.gl_pathc; i++) worst = worse(worst, check_file(found.gl_pathv[i]));
  globfree(&found);
  free(pattern);
  return worst;
}

int main(int argc, char **argv) {
  int worst = 0;
  mpfr_set_emin(mpfr_get_emin_min()); /* weights of far components are tiny */
  mpfr_set_emax(mpfr_get_emax_max());
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "--help") == 0) return fputs(help, stdout) < 0 ? EXIT_USAGE : 0;
  if (argc < 2 || argv[1][0] == '-') {
    fprintf(stderr, "flowcert-recheck: expected certificates; see `flowcert-recheck --help`\n");
    return EXIT_USAGE;
  }
  for (int i = 1; i < argc; i++) worst = worse(worst, check_path(argv[i]));
  return fflush(stdout) == 0 ? worst : EXIT_USAGE;
}
