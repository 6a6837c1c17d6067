#include "templates.h"

#include <string.h>

static const fc_template templates[] = {
    {"gaussian", "A normal law in the plane",
     "  mean: [0, 1]           # as many numbers as dimensions\n"
     "  covariance: [[1, 1/2], [1/2, 2]]   # or stddev: one number\n",
     NULL},
    {"gaussian-mixture", "Two bumps on the line",
     "  weights: [1/3, 2/3]    # they sum to 1; default: equal\n"
     "  means: [[-1], [1]]     # one row a component\n"
     "  stddev: 1/2            # or a list, one a component, or covariances:\n"
     "                         # a list of matrices\n",
     NULL},
    {"smoothed-sample", "A sample in the plane, smoothed",
     "  file: %s.csv   # CSV or NPY beside this file: one point a row, no "
     "header\n"
     "  stddev: 1/4    # of the normal law that is put about each point\n",
     "0, 0\n1, 1/2\n2, 0\n1, -1/2\n"},
    {"uniform-box", "The uniform law on a rectangle",
     "  lower: [-1, 0]         # numbers on the line, else a list each\n"
     "  upper: [1, 1/2]\n",
     NULL},
    {"truncated-gaussian", "A normal law, cut off",
     "  mean: 0\n"
     "  stddev: 1\n"
     "  lower: -1              # one of the two may be left out: infinite\n"
     "  upper: 2\n",
     NULL},
    {"atoms", "Three atoms in the plane",
     "  weights: [1/2, 1/4, 1/4]   # they sum to 1; default: equal\n"
     "  points: [[0, 0], [2, 0], [1, 3/2]]   # one row an atom\n",
     NULL},
    {"density", "A law on the line, given by its potential",
     "  potential: x^2/2 + abs(x)   # U of the density exp(-U), up to a "
     "factor\n"
     "  # lower: -10           # of the support; default: infinite\n"
     "  # upper: 10\n",
     NULL},
    {"tilted-gaussian", "N(0, 1), tilted",
     "  log_ratio: -abs(x)/2   # log of the density over that of N(0, 1):\n"
     "                         # piecewise affine in x\n",
     NULL},
    {"product", "A product of two laws",
     "  factors:\n"
     "    - {family: gaussian-mixture, means: [[-1], [1]], stddev: 1/2}\n"
     "    - {family: gaussian, mean: 0, stddev: 3/4}\n",
     NULL},
};

const fc_template *fc_template_of(const char *family) {
  for (size_t i = 0; i < sizeof templates / sizeof *templates; i++)
    if (strcmp(templates[i].family, family) == 0)
      return &templates[i];
  return NULL;
}

/* Where a density is integrated, all checks together take minutes. */
static const char *checks_of(const fc_template *form) {
  return strcmp(form->family, "density") == 0
             ? "checks: [gif.variance]   # the others cost minutes: every "
               "number is an integral\n"
             : "# checks: [gif.velocity-bounds, 'gif.flow-*']   # default: "
               "all; "
               "`flowcert list checks`\n";
}

/* target with NAME for its one %s, if it has one. */
static void append_target(fc_text *out, const char *target, const char *name) {
  const char *mark = strstr(target, "%s");
  size_t length = mark ? (size_t)(mark - target) : strlen(target);
  fc_text_append_bytes(out, target, length);
  if (!mark)
    return;
  fc_text_append(out, name);
  fc_text_append(out, mark + 2);
}

void fc_template_write(fc_text *out, const fc_template *form,
                       const char *name) {
  fc_text_printf(
      out,
      "# An instance of flowcert: a target law and the schedules that lead to "
      "it.\n"
      "#   flowcert run %s.yaml --out out        judges every claim on it\n"
      "#   flowcert eval constants %s.yaml       its class constants\n"
      "# Numbers are exact: decimals, fractions, formulas such as 6*sqrt(2).\n"
      "name: %s\n"
      "title: %s\n"
      "target:\n"
      "  family: %s   # `flowcert list families` shows all, with their keys\n",
      name, name, name, form->title, form->family);
  append_target(out, form->target, name);
  fc_text_printf(
      out,
      "schedule: linear   # or a list; `flowcert list schedules`; with "
      "parameters:\n"
      "#   schedule: [follmer, {name: shifted-linear, zeta: 1/10}]\n"
      "%s"
      "# What it should show; a verdict that contradicts it fails the run:\n"
      "# expect:\n"
      "#   gif.velocity-bounds/d.upper: attained\n",
      checks_of(form));
}
