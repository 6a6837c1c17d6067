/* What `flowcert mutate` knows of each mutant, and how it says so. */
#ifndef FC_TOOLS_COMMAND_MUTATION_H
#define FC_TOOLS_COMMAND_MUTATION_H

#include <jansson.h>

#include "base/text.h"
#include "mutation/trial.h"
#include "plan.h"

/* name, what it means */
#define FC_FATE_LIST(X)                                                        \
  X(KILLED, "killed", "refuted by an instance, with a witness")                \
  X(SURVIVED, "survived", "refuted by no instance that was tried")             \
  X(WEAKER, "weaker",                                                          \
    "proved to follow from the original, with the constants of every "         \
    "instance "                                                                \
    "that has them")                                                           \
  X(LOOKS_WEAKER, "looks-weaker",                                              \
    "survived, and says nothing beyond the original at any sampled point")     \
  X(LOOKS_IMPLIED, "looks-implied",                                            \
    "the same, beyond the original and the claims that hold beside it")        \
  X(EQUIVALENT, "equivalent", "the original, written otherwise")               \
  X(NOWHERE, "nowhere",                                                        \
    "compared on no instance: no value there, or it does not apply")           \
  X(NOT_RUN, "not-run", "survived, but some trial was not made")

#define X(name, text, meaning) FC_FATE_##name,
typedef enum fc_fate { FC_FATE_LIST(X) FC_FATE_COUNT } fc_fate;
#undef X

typedef struct fc_subject {
  const fc_mutant *mutant;
  bool killed;
  fc_record record;      /* where killed */
  const char *reference; /* likewise: the instance as the command line has it */
  bool compared;         /* with what was measured, somewhere */
  bool missed;           /* a trial had no result */
  bool implied;          /* proved to follow from the original */
  double slack;          /* the least of all trials */
  const fc_unit *nearest; /* where that was */
} fc_subject;

typedef struct fc_mutation {
  fc_plan plan[1];
  fc_mutants mutants[1];
  fc_subject *subjects; /* one a mutant */
  /* Claims that the filters admit and that have no mutants. */
  struct fc_left_out {
    const fc_check *check;
    const fc_claim *claim;
    const char *reason;
  } * left_out;
  size_t left_out_count;
} fc_mutation;

/* Sets `implied` of the survivors that look weaker, where that is proved. */
fc_status fc_mutation_prove(fc_mutation *mutation);

fc_fate fc_fate_of(const fc_subject *subject);
const char *fc_fate_name(fc_fate fate);

/* How often each fate is met by the mutants first .. last - 1 (the claims
 * themselves not counted); returns how many there are. */
size_t fc_count_fates(size_t counts[FC_FATE_COUNT], const fc_mutation *mutation,
                      size_t first, size_t last);

/* The first mutant behind those of the claim that begins at `first`. */
size_t fc_claim_end(const fc_mutation *mutation, size_t first);

/* One mutant as a JSON line. */
fc_status fc_mutation_line(fc_text *out, const fc_subject *subject);
/* A table for a terminal, and the whole account in Markdown. */
void fc_mutation_table(fc_text *out, const fc_mutation *mutation);
void fc_mutation_markdown(fc_text *out, const fc_mutation *mutation);

#endif
