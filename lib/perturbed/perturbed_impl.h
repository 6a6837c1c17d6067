/* What the files of this folder share. */
#ifndef FC_PERTURBED_PERTURBED_IMPL_H
#define FC_PERTURBED_PERTURBED_IMPL_H

#include "perturbed/perturbed.h"

enum { FC_PERTURBED_NAMES = 8 }; /* t r a b x kappa sigma R */

struct fc_perturbed {
  const fc_target *target;
  const fc_schedule *schedule;
  const fc_perturbation *how;
  fc_ctx ctx[1];
  size_t d;
  fc_velocity *velocity;   /* v at the time; euler: at t_k, when inverting */
  fc_posterior *posterior; /* noise: of the other noise level */
  fc_formula *delta, *slope, *size;
  long step;     /* euler: the one that is meant; -1: by the time */
  fc_num factor; /* 1 + eps */
  fc_ptr names;  /* values of the names of delta */
  fc_ptr axis;   /* d, or NULL */
  fc_time time[1];
  fc_num temp, other;
  fc_ptr work; /* 3 d + d*d */
  fc_perturbed_value value;
};

/* w and grad w of euler at x: perturbed_step.c */
fc_status fc_perturbed_euler(fc_perturbed *field, fc_srcptr x, bool jacobian);

#endif
