/* flowcert-recheck FILE|DIR...: one line a certificate, "accepted" or "rejected: why". */
#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#include "recheck.h"

enum { MOST_BYTES = 64 << 20, EXIT_REJECTED = 1, EXIT_USAGE = 2 };

static const char help[] =
    "Usage: flowcert-recheck FILE|DIR...\n"
    "\n"
    "Verifies certificates that `flowcert run --certificates DIR` wrote (of a folder: all files\n"
    "*.json), with MPFI intervals and without the library that wrote them.  Prints one line a "
    "file:\n"
    "\"accepted\" or \"rejected: reason\".\n"
    "\n"
    "That a stated bound is the sum of a known inequality and a gap is tested at random rational\n"
    "points with 8192 bits, equality to 2^-4000: a randomised identity test.  Signs are evaluated\n"
    "on every leaf; README.md beside the sources says what is checked and what is trusted.\n"
    "\n"
    "Exit status: 0 all accepted; 1 some rejected; 2 wrong usage, or a file that cannot be read.\n";

bool rc_reject(rc_verdict *verdict, const char *format, ...) {
  va_list arguments;
  if (verdict->reason[0]) return false;
  va_start(arguments, format);
  vsnprintf(verdict->reason, sizeof verdict->reason, format, arguments);
  va_end(arguments);
  for (char *c = verdict->reason; *c; c++)
    if ((unsigned char)*c < 0x20 || *c == 0x7f) *c = '?';
  return false;
}

const char *rc_text(const json_t *object, const char *key, rc_verdict *verdict) {
  const char *text = json_string_value(json_object_get(object, key));
  if (!text) rc_reject(verdict, "%.40s: expected a text", key);
  return text;
}

int rc_text_node(rc_graph *g, const json_t *object, const char *key) {
  const char *text = rc_text(object, key, g->verdict);
  return text ? rc_parse(g, text, key) : -1;
}

bool rc_names_known(rc_graph *g, int bound) {
  for (int i = bound; i < g->name_count; i++)
    if (g->alias[i] < 0)
      return rc_reject(g->verdict, "the target has no constant '%.40s', nor is it an atom",
                       g->names[i]);
  return true;
}

/* --- one certificate --- */

/* The certificate's constants agree with those of the target. */
static bool check_constants(rc_claim *claim) {
  const json_t *constants = json_object_get(claim->json, "constants"), *item;
  static const char *const other[][2] = {{"half-diam", "half_diam"},
                                         {"support-half-diam", "support_half"}};
  const char *key;
  if (!json_is_object(constants)) return rc_reject(claim->verdict, "constants: expected an object");
  json_object_foreach((json_t *)constants, key, item) {
    const char *name = key;
    const char *mid = json_string_value(json_is_object(item) ? json_object_get(item, "mid") : item);
    const char *rad = json_string_value(json_object_get(item, "rad"));
    for (int i = 0; i < 2; i++)
      if (strcmp(name, other[i][0]) == 0) name = other[i][1];
    if (!mid || (json_is_object(item) && !rad))
      return rc_reject(claim->verdict, "constant '%.40s': expected its value", name);
    if (!rc_knows(claim->graph, name))
      return rc_reject(claim->verdict, "the target has no constant '%.40s'", name);
    int middle = rc_parse(claim->graph, mid, name),
        radius = rc_parse(claim->graph, rad ? rad : "0", name);
    int far = rc_combine(claim->graph, RC_SUB, rc_name(claim->graph, name), middle);
    far = rc_combine(claim->graph, RC_SUB, rc_combine(claim->graph, RC_ABS, far, -1), radius);
    mpfi_ptr value = rc_value(claim->graph, far);
    if (!value) return false;
    if (!rc_is_nan(value) && mpfr_sgn(&value->left) > 0)
      return rc_reject(claim->verdict, "constant '%.40s': the target's is another", name);
  }
  return true;
}

static bool same_text(const json_t *json, const char *key, const char *expected) {
  const char *text = json_string_value(json_object_get(json, key));
  return expected ? text && strcmp(text, expected) == 0 : !text;
}

/* A claim that is known must be stated as it is known. */
static bool check_statement(const rc_claim *claim, const char *id, bool proof) {
  const rc_statement *s = rc_statement_find(id);
  const char *check = rc_text(claim->json, "check", claim->verdict);
  if (!check || strncmp(id, check, strlen(check)) != 0 || id[strlen(check)] != '/')
    return rc_reject(claim->verdict, "the claim is not of its check");
  if (!s) return !proof || rc_reject(claim->verdict, "no such claim is known: '%.80s'", id);
  return (same_text(claim->json, "relation", s->relation) &&
          same_text(claim->json, "quantity", s->quantity) &&
          same_text(claim->json, "formula", s->formula) &&
          same_text(claim->json, "where", s->where) &&
          same_text(claim->json, "late_formula", s->late_formula) &&
          same_text(claim->json, "late_where", s->late_where)) ||
         rc_reject(claim->verdict, "the claim is not stated as it is known");
}

static bool read_statement(rc_claim *claim, bool witness) {
  const char *relation = rc_text(claim->json, "relation", claim->verdict);
  const char *quantity = rc_text(claim->json, "quantity", claim->verdict);
  const char *keys[] = {"formula", "late_formula", "where", "late_where"};
  int *nodes[] = {&claim->formula, &claim->late_formula, &claim->where, &claim->late_where};
  static const char *const names[] = {"a", "b", "da", "db", "omega", "t", "r"};
  for (int i = 0; i < (witness ? 7 : 5); i++) rc_name(claim->graph, names[i]);
  int bound = claim->graph->name_count;
  if (!relation || !quantity) return false;
  claim->upper = strcmp(relation, "<=") == 0;
  claim->of_covariance = strcmp(quantity, "posterior-covariance") == 0;
  if (!claim->upper && strcmp(relation, ">=") != 0)
    return rc_reject(claim->verdict, "relation: expected <= or >=");
  if (!claim->of_covariance && strcmp(quantity, "velocity-jacobian") != 0)
    return rc_reject(claim->verdict, "quantity: '%.40s' is not known", quantity);
  for (int i = 0; i < 4; i++) {
    *nodes[i] = -1;
    if (i && !json_object_get(claim->json, keys[i])) continue;
    if ((*nodes[i] = rc_text_node(claim->graph, claim->json, keys[i])) < 0) return false;
  }
  return ((claim->late_formula < 0) == (claim->late_where < 0) ||
          rc_reject(claim->verdict, "a late formula without its place")) &&
         rc_names_known(claim->graph, bound);
}

static bool check_claim(rc_claim *claim) {
  const char *kind = rc_text(claim->json, "kind", claim->verdict);
  const char *id = rc_text(claim->json, "claim", claim->verdict);
  if (!kind || !id ||
      !rc_target_read(claim->target, json_object_get(claim->json, "target"),
                      json_object_get(claim->json, "centre_weights"), claim->verdict) ||
      !rc_target_set_bits(claim->target, 256, false) ||
      !rc_bind_constants(claim->graph, claim->target))
    return false;
  rc_graph_set_bits(claim->graph, 256);
  rc_set_constants(claim->graph, claim->target);
  bool witness = strcmp(kind, "witness") == 0, identity = strcmp(kind, "identity") == 0;
  if (!read_statement(claim, witness) || !check_constants(claim)) return false;
  if (!check_statement(claim, id, !witness)) return false;
  if (witness) return rc_check_witness(claim);
  if (!identity && strcmp(kind, "cover") != 0)
    return rc_reject(claim->verdict, "kind: '%.40s' is not known", kind);
  return rc_check_proof(claim, identity);
}

static bool check_json(const json_t *json, rc_verdict *verdict) {
  rc_claim claim = {.json = json, .verdict = verdict};
  const char *schema = rc_text(json, "schema", verdict);
  if (!schema) return false;
  if (strcmp(schema, "flowcert-certificate/1") != 0)
    return rc_reject(verdict, "schema: '%.40s' is not known", schema);
  uint64_t seed = (uint64_t)time(NULL);
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) < 0) seed ^= (uint64_t)clock() << 32;
  claim.target->random = seed;
  rc_graph_init(claim.graph, verdict);
  bool accepted = check_claim(&claim) && !verdict->reason[0];
  if (!accepted) rc_reject(verdict, "it is not understood");
  rc_graph_clear(claim.graph);
  rc_target_clear(claim.target);
  mpfr_free_cache();
  return accepted;
}

/* --- files --- */

static json_t *load(const char *path, char reason[200]) {
  struct stat info;
  json_error_t error;
  if (stat(path, &info) != 0) snprintf(reason, 200, "%s", strerror(errno));
  else if (!S_ISREG(info.st_mode)) snprintf(reason, 200, "not a regular file");
  else if (info.st_size > MOST_BYTES) snprintf(reason, 200, "larger than 64 MiB");
  else {
    json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!json)
      snprintf(reason, 200, "line %d, column %d: %.150s", error.line, error.column, error.text);
    return json;
  }
  return NULL;
}

static int check_file(const char *path) {
  rc_verdict verdict = {""};
  char reason[200];
  json_t *json = load(path, reason);
  if (!json) {
    fprintf(stderr, "flowcert-recheck: %s: %s\n", path, reason);
    return EXIT_USAGE;
  }
  bool accepted = check_json(json, &verdict);
  json_decref(json);
  if (accepted) printf("%s: accepted\n", path);
  else printf("%s: rejected: %s\n", path, verdict.reason);
  return accepted ? 0 : EXIT_REJECTED;
}

static int is_json(const struct dirent *entry) {
  size_t n = strlen(entry->d_name);
  return n > 5 && strcmp(entry->d_name + n - 5, ".json") == 0;
}

static int check_path(const char *path) {
  struct stat info;
  struct dirent **entries;
  if (stat(path, &info) != 0 || !S_ISDIR(info.st_mode)) return check_file(path);
  int worst = 0, count = scandir(path, &entries, is_json, alphasort);
  if (count <= 0) {
    fprintf(stderr, "flowcert-recheck: %s: no certificates in this folder\n", path);
    if (count == 0) free(entries);
    return EXIT_USAGE;
  }
  for (int i = 0; i < count; i++) {
    char *file = NULL;
    int status = EXIT_USAGE;
    if (asprintf(&file, "%s/%s", path, entries[i]->d_name) >= 0) status = check_file(file);
    worst = status > worst ? status : worst;
    free(file);
    free(entries[i]);
  }
  free(entries);
  return worst;
}

int main(int argc, char **argv) {
  int worst = 0;
  mpfr_set_emin(mpfr_get_emin_min()); /* weights of far components are tiny */
  mpfr_set_emax(mpfr_get_emax_max());
  for (int i = 1; i < argc; i++)
    if (strcmp(argv[i], "--help") == 0) return fputs(help, stdout) < 0 ? EXIT_USAGE : 0;
  if (argc < 2 || argv[1][0] == '-') {
    fprintf(stderr, "flowcert-recheck: %s; see `flowcert-recheck --help`\n",
            argc < 2 ? "no certificate given" : "unknown option");
    return EXIT_USAGE;
  }
  for (int i = 1; i < argc; i++) {
    int status = check_path(argv[i]);
    worst = status > worst ? status : worst;
  }
  return fflush(stdout) == 0 ? worst : EXIT_USAGE;
}
