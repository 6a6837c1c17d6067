/* Elementary bounds on the posterior covariance C of a target, for all x and
 * all a, b > 0; private to this folder (and its tests).  README.md has their
 * short proofs, by the names given here as arguments.
 */
#ifndef FC_PROOF_MODEL_H
#define FC_PROOF_MODEL_H

#include "proof/rational.h"
#include "target/target.h"

enum { FC_MODEL_LENGTH = 200, FC_MODELS = 8, FC_CLASS_NAMES = 8 };

typedef struct fc_model {
  bool upper; /* C <= text I, else C >= text I */
  /* text is sup over x of lambda_max(C) (inf of lambda_min) for every u. */
  bool exact;
  bool recheckable; /* tools/recheck knows it, too */
  char text[FC_MODEL_LENGTH];
  const char *argument;
} fc_model;

typedef struct fc_models {
  fc_model items[FC_MODELS];
  int count;
} fc_models;

/* The names of class constants in formulas, and how they are read from a
 * target: name, constant, factor (diam_nu is twice half-diam). */
typedef struct fc_class_name {
  const char *name;
  fc_class_constant which;
  long factor;
} fc_class_name;
extern const fc_class_name fc_class_names[FC_CLASS_NAMES];

/* Makes the class constants of a target names of the ring, with their signs,
 * enclosures and, where they have one, their derivations from others (verified
 * by enclosures), and lists the bounds on C; for products on the block of
 * factor block - 1 >= 0 (0: the target is no product), whose own constants get
 * the names NAME_block.  exact: constants that are known exactly are put in as
 * numbers.  FC_UNSUPPORTED where an enclosure contradicts what is assumed. */
fc_status fc_models_make(fc_models *models, fc_ring *ring,
                         const fc_target *target, size_t block, bool exact,
                         fc_error *error);

/* z = the enclosure of a constant, times its factor; false where the target
 * has none, or it cannot be enclosed. */
bool fc_class_value(fc_interval *z, const fc_target *target,
                    const fc_class_name *name);

#endif
