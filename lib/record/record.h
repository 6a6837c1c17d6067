/* Records: one per claim, instance and schedule; every report derives from
 * them alone.  Written as one JSON line each, keys in a fixed order, so that
 * the same inputs give the same bytes apart from `seconds`.
 */
#ifndef FC_RECORD_RECORD_H
#define FC_RECORD_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "base/text.h"

#define FC_RECORD_SCHEMA 1

#define FC_KIND_LIST(X)                                                        \
  X(STATEMENT, "statement") /* as the paper states it */                       \
  X(SHARPER, "sharper")     /* a stronger form that this project proves */     \
  X(LITERAL, "literal")     /* a sentence of the paper taken by the word */    \
  X(IDENTITY, "identity")   /* an equation */                                  \
  X(CONTROL, "control")     /* a planted false bound that must be refuted */   \
  X(PROBE, "probe")         /* measured only */

#define FC_VERDICT_LIST(X)                                                     \
  X(HOLDS, "holds")                                                            \
  X(ATTAINED, "attained") /* equal to working precision */                     \
  X(VIOLATED, "violated")                                                      \
  X(INCONCLUSIVE, "inconclusive")                                              \
  X(NOT_APPLICABLE, "not-applicable")                                          \
  X(ERROR, "error")

#define FC_BASIS_LIST(X)                                                       \
  X(CERTIFIED, "certified") /* Arb enclosure over the whole stated domain */   \
  X(MPFR, "mpfr")                                                              \
  X(DOUBLE, "double")                                                          \
  X(STATISTICAL, "statistical")                                                \
  X(NONE, "none") /* nothing was computed: not-applicable, error */

#define X(name, text) FC_KIND_##name,
typedef enum fc_kind { FC_KIND_LIST(X) FC_KIND_COUNT } fc_kind;
#undef X
#define X(name, text) FC_VERDICT_##name,
typedef enum fc_verdict { FC_VERDICT_LIST(X) FC_VERDICT_COUNT } fc_verdict;
#undef X
#define X(name, text) FC_BASIS_##name,
typedef enum fc_basis { FC_BASIS_LIST(X) FC_BASIS_COUNT } fc_basis;
#undef X

const char *fc_kind_name(fc_kind kind);
const char *fc_verdict_name(fc_verdict verdict);
const char *fc_basis_name(fc_basis basis);
/* Return false for an unknown name. */
bool fc_kind_from_name(fc_kind *kind, const char *name);
bool fc_verdict_from_name(fc_verdict *verdict, const char *name);
bool fc_basis_from_name(fc_basis *basis, const char *name);

/* An exact number as text: the true value lies within rad of mid; rad NULL
 * where nothing is promised.  mid may be "inf", "-inf".  mid NULL: absent. */
typedef struct fc_exact {
  char *mid;
  char *rad;
} fc_exact;

typedef struct fc_record_constant {
  char *name; /* "kappa" */
  fc_exact value;
  char *provenance; /* "derived", "verified", "declared" */
} fc_record_constant;

/* One point of a profile: bound and measured against t (or against what the
 * record's `abscissa` says), for plots. */
typedef struct fc_record_point {
  double t;
  double measured;
  double bound;
} fc_record_point;

/* Strings are malloc'd and owned; NULL means absent ("" for schedule where the
 * claim does not depend on one is written as null too). */
typedef struct fc_record {
  char *check; /* gif.velocity-bounds */
  char *claim; /* gif.velocity-bounds/d.upper */
  fc_kind kind;
  char *source;     /* Proposition 4.1(d) */
  char *statement;  /* one sentence */
  char *formula;    /* the bound or equation that was evaluated */
  char *hypotheses; /* what the statement assumes */
  char *instance;
  char *family;
  char *schedule;
  long dimension;
  fc_record_constant *constants;
  size_t constant_count;
  char *relation; /* "<=", ">=", "=" : measured relation bound */
  fc_exact measured;
  fc_exact bound;
  fc_exact slack;   /* gap in the direction of the claim: >= 0 where it holds */
  char *slack_kind; /* "gap" or "ratio" */
  fc_exact witness_s; /* claims about flows: the earlier time, else none */
  fc_exact witness_t;
  fc_exact *witness_x;
  size_t witness_count;
  fc_basis basis;
  char *tier;     /* double, mpfr, certified: what was asked for */
  long precision; /* bits */
  fc_verdict verdict;
  char *expectation;  /* a verdict's name, or "none" for probes */
  char *reason;       /* why not applicable, inconclusive or error; or a note */
  double false_alarm; /* basis statistical: the probability, over the choice of
                         the seed, that the verdict is wrong; else 0 */
  /* What is proved where the basis is `certified` by a proof over a whole
   * domain, else NULL: the domain and the argument in words, the leaves and
   * bits that it took, and the length of the domain left undecided ("0"). */
  char *proof_domain;
  char *proof_argument;
  long proof_leaves;
  long proof_precision;
  char *proof_undecided;
  fc_record_point *profile;
  size_t profile_count;
  char *abscissa; /* what the profile's `t` is where it is no time: "b₀" */
  uint64_t seed;
  double seconds;
  char *replay; /* the command that replays it */
} fc_record;

void fc_record_init(fc_record *record);
void fc_record_clear(fc_record *record);

/* True where the verdict meets the expectation: holds admits attained; probes
 * ("none") admit anything but error; inconclusive and error meet nothing. */
bool fc_record_as_expected(const fc_record *record);

/* Appends the record as one JSON line (with '\n'). */
fc_status fc_record_write(fc_text *out, const fc_record *record);

/* Replaces record (initialised) by what one JSON line says.  Hostile input:
 * FC_PARSE with a position (FC_UNSUPPORTED for another schema) and record as it
 * was. */
fc_status fc_record_read(fc_record *record, const char *line,
                         const fc_position *position, fc_error *error);

typedef struct fc_records {
  fc_record *items;
  size_t count;
  size_t capacity;
} fc_records;

void fc_records_init(fc_records *records);
void fc_records_clear(fc_records *records);
/* Moves record in (record is left initialised and empty). */
fc_status fc_records_append(fc_records *records, fc_record *record);
/* Appends the records of a records.jsonl or a report.json (at most 256 MiB);
 * on failure records is as it was. */
fc_status fc_records_read_file(fc_records *records, const char *path,
                               fc_error *error);

/* Writes bytes to path atomically: a temporary file beside it (unique per
 * process), fsync, rename; nothing under the final name on any failure, and
 * the temporary removed.  Full disk and unwritable folders give FC_IO. */
fc_status fc_write_atomically(const char *path, const void *bytes,
                              size_t length, fc_error *error);

/* Makes the folder and those above it that are missing; FC_IO, FC_MEMORY. */
fc_status fc_make_folder(const char *folder, fc_error *error);

#endif
