#include "candidate/diagnosis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "candidate/altered.h"
#include "candidate/variant.h"

/* A variant explains a value where it misses it by no more than this part of
 * the error; it is named where it does so for this share of the wrong values,
 * and keeps this share of the right ones. */
static const double MISS = 0.02, SHARE = 0.9;

enum { CLIP_POINTS = 24, CLIP_STEPS = 300 };

typedef struct study {
  fc_diagnosis *diagnosis;
  const double *values;
  const fc_spots *spots;
  const fc_reference *reference;
  const fc_errors *comparison;
  const fc_subject *subject;
  size_t d;
  double *trial; /* d */
} study;

static double distance(const double *x, const double *y, size_t d) {
  double sum = 0;
  for (size_t k = 0; k < d; k++)
    sum = hypot(sum, x[k] - y[k]);
  return sum;
}

static bool is_wrong(const study *w, size_t i) {
  return w->comparison->marks[i] == FC_MARK_WRONG;
}

/* What is left of the error at a wrong point, as a part of it. */
static double left_over(const study *w, size_t i, const double *trial) {
  double off = distance(w->values + i * w->d, trial, w->d);
  double error = w->comparison->relative[i] * w->reference->scale[i];
  return off <= 1e300 ? off / error : INFINITY;
}

static bool keeps(const study *w, size_t i, const double *trial) {
  double off = distance(w->values + i * w->d, trial, w->d);
  return off <= 10 * w->comparison->rtol * w->reference->scale[i];
}

/* --- findings --------------------------------------------------------------
 */

static bool is_enough(const study *w, size_t explained, size_t kept) {
  return (double)explained >= SHARE * (double)w->comparison->wrong &&
         (double)kept >= SHARE * (double)w->comparison->right;
}

/* In order of what they explain; equal ones as they were tried. */
static void add(study *w, const char *mistake, const char *text,
                size_t explained) {
  fc_diagnosis *g = w->diagnosis;
  size_t place = g->count;
  while (place > 0 && g->findings[place - 1].explained < explained)
    place--;
  if (place == FC_FINDINGS_MAX)
    return;
  if (g->count < FC_FINDINGS_MAX)
    g->count++;
  for (size_t k = g->count - 1; k > place; k--)
    g->findings[k] = g->findings[k - 1];
  fc_finding *f = &g->findings[place];
  f->explained = explained;
  f->wrong = w->comparison->wrong;
  snprintf(f->mistake, sizeof f->mistake, "%s", mistake);
  snprintf(f->text, sizeof f->text, "%s", text);
}

/* True where it was worth a finding. */
static bool try_variant(study *w, const fc_variant *variant,
                        const char *mistake, const char *text) {
  fc_variant_engine *engine = NULL;
  size_t explained = 0, kept = 0;
  if (fc_variant_new(&engine, variant, w->subject) != FC_OK)
    return false;
  for (size_t i = 0; i < w->spots->count; i++) {
    fc_mark mark = w->comparison->marks[i];
    if (mark > FC_MARK_WRONG)
      continue;
    fc_variant_eval(w->trial, engine, w->spots->s[i], w->spots->t[i],
                    w->spots->x + i * w->d);
    if (mark == FC_MARK_WRONG)
      explained += left_over(w, i, w->trial) <= MISS;
    else
      kept += keeps(w, i, w->trial);
  }
  fc_variant_free(engine);
  if (!is_enough(w, explained, kept))
    return false;
  add(w, mistake, text, explained);
  return true;
}

/* --- factors ---------------------------------------------------------------
 */

static int by_value(const void *p, const void *q) {
  double a = *(const double *)p, b = *(const double *)q;
  return (a > b) - (a < b);
}

/* The factor by which a value is its reference; NaN where that is small. */
static double ratio_at(const study *w, size_t i) {
  const double *c = w->values + i * w->d, *v = w->reference->rounded + i * w->d;
  double dot = 0, square = 0;
  for (size_t k = 0; k < w->d; k++) {
    dot += c[k] * v[k];
    square += v[k] * v[k];
  }
  return sqrt(square) >= 0.1 * w->reference->scale[i] ? dot / square : NAN;
}

static void name_factor(char *text, size_t size, double factor) {
  static const struct {
    double value;
    const char *name;
  } known[] = {{M_PI, " (pi)"},
               {M_PI / 2, " (pi/2)"},
               {M_SQRT2, " (sqrt 2)"},
               {M_SQRT1_2, " (1/sqrt 2)"}};
  const char *name = "";
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (fabs(fabs(factor) - known[i].value) < 1e-6 * known[i].value)
      name = known[i].name;
  snprintf(text, size, "every value is the right one times %.8g%s", factor,
           name);
}

static fc_status try_factor(study *w) {
  double *ratios = malloc((w->comparison->wrong + 1) * sizeof *ratios);
  size_t n = 0;
  char text[200];
  if (!ratios)
    return FC_MEMORY;
  for (size_t i = 0; i < w->spots->count; i++)
    if (is_wrong(w, i) && !isnan(ratio_at(w, i)))
      ratios[n++] = ratio_at(w, i);
  qsort(ratios, n, sizeof *ratios, by_value);
  fc_variant variant = fc_variant_plain(w->subject);
  variant.factor = n ? ratios[n / 2] : 1;
  free(ratios);
  if (fabs(variant.factor + 1) < 1e-4)
    variant.factor = -1;
  name_factor(text, sizeof text, variant.factor);
  if (variant.factor == -1)
    try_variant(w, &variant, "sign", "the sign is flipped");
  else if (fabs(variant.factor) > 1e-6 && variant.factor != 1)
    try_variant(w, &variant, "factor", text);
  return FC_OK;
}

/* The ratio at a group's time, by least squares; NaN for few points. */
static double group_ratio(const study *w, size_t i, size_t end) {
  double dot = 0, square = 0;
  size_t n = 0;
  for (; i < end; i++) {
    if (w->comparison->marks[i] > FC_MARK_WRONG)
      continue;
    const double *c = w->values + i * w->d;
    const double *v = w->reference->rounded + i * w->d;
    double weight = 1 / (w->reference->scale[i] * w->reference->scale[i]);
    for (size_t k = 0; k < w->d; k++) {
      dot += weight * c[k] * v[k];
      square += weight * v[k] * v[k];
    }
    n++;
  }
  return n >= 4 && square > 0 ? dot / square : NAN;
}

/* A factor that depends on the time alone. */
static void try_factor_of_time(study *w) {
  size_t explained = 0;
  double least = INFINITY, most = -INFINITY, least_t = 0, most_t = 0;
  for (size_t i = 0; i < w->spots->count;) {
    size_t end = fc_spots_group_end(w->spots, i);
    double ratio = group_ratio(w, i, end);
    for (; i < end; i++) {
      if (!is_wrong(w, i) || isnan(ratio))
        continue;
      for (size_t k = 0; k < w->d; k++)
        w->trial[k] = ratio * w->reference->rounded[i * w->d + k];
      explained += left_over(w, i, w->trial) <= MISS;
      if (ratio < least)
        least = ratio, least_t = w->spots->t[i];
      if (ratio > most)
        most = ratio, most_t = w->spots->t[i];
    }
  }
  char text[200];
  if (!is_enough(w, explained, w->comparison->right) ||
      most - least < 1e-3 * fabs(most))
    return;
  snprintf(text, sizeof text,
           "every value is the right one times a factor of the time alone, "
           "from %.4g at t = %.6g to %.4g at t = %.6g",
           least, least_t, most, most_t);
  add(w, "factor-of-time", text, explained);
}

/* --- clipped times ---------------------------------------------------------
 */

/* The wrong points with the latest (earliest) times. */
static size_t extreme_points(size_t points[CLIP_POINTS], const study *w,
                             bool late) {
  size_t n = 0;
  for (size_t i = 0; i < w->spots->count; i++) {
    if (!is_wrong(w, i))
      continue;
    size_t place = n;
    double t = w->spots->t[i];
    while (place > 0 && (late ? w->spots->t[points[place - 1]] < t
                              : w->spots->t[points[place - 1]] > t))
      place--;
    if (place >= CLIP_POINTS)
      continue;
    n += n < CLIP_POINTS;
    for (size_t k = n - 1; k > place; k--)
      points[k] = points[k - 1];
    points[place] = i;
  }
  return n;
}

typedef struct clip {
  const size_t *points;
  size_t count;
  bool late;
} clip;

/* How badly clipping at a distance r from the end explains these points. */
static double clip_misfit(study *w, fc_variant_engine *engine, const clip *c,
                          double r) {
  double sum = 0;
  fc_variant_clip(engine, c->late ? 0 : r, c->late ? 1 - r : 1);
  for (size_t k = 0; k < c->count; k++) {
    size_t i = c->points[k];
    fc_variant_eval(w->trial, engine, w->spots->s[i], w->spots->t[i],
                    w->spots->x + i * w->d);
    sum += fmin(1, left_over(w, i, w->trial));
  }
  return sum;
}

/* The distance that explains them best: a scan, then golden sections. */
static double find_clip(study *w, fc_variant_engine *engine, bool late) {
  size_t points[CLIP_POINTS];
  clip c = {points, extreme_points(points, w, late), late};
  double best = INFINITY, at = 0, low = log(0x1p-46), high = log(0.5);
  double step = (high - low) / CLIP_STEPS;
  for (int i = 0; i <= CLIP_STEPS; i++) {
    double misfit = clip_misfit(w, engine, &c, exp(low + i * step));
    if (misfit < best)
      best = misfit, at = low + i * step;
  }
  double from = at - step, to = at + step;
  for (int i = 0; i < 60; i++) {
    double one = from + 0.381966 * (to - from), two = from + to - one;
    if (clip_misfit(w, engine, &c, exp(one)) <
        clip_misfit(w, engine, &c, exp(two)))
      to = two;
    else
      from = one;
  }
  return exp((from + to) / 2);
}

/* 0.001 where the search found 0.00099999998. */
static double rounded(double x) {
  char text[32];
  snprintf(text, sizeof text, "%.5g", x);
  return atof(text);
}

static void try_clips(study *w) {
  fc_variant plain = fc_variant_plain(w->subject), variant = plain;
  fc_variant_engine *engine = NULL;
  char text[200];
  if (fc_variant_new(&engine, &plain, w->subject) != FC_OK)
    return;
  double late = rounded(find_clip(w, engine, true));
  double early = rounded(find_clip(w, engine, false));
  fc_variant_free(engine);
  variant.high = 1 - late;
  snprintf(text, sizeof text,
           "the time is clipped: constant in t beyond t = %.6g (1 - %.3g)",
           1 - late, late);
  if (try_variant(w, &variant, "clipped-time", text))
    return;
  variant.high = 1;
  variant.low = early;
  snprintf(text, sizeof text,
           "the time is clipped: constant in t before t = %.6g", early);
  if (try_variant(w, &variant, "clipped-time", text))
    return;
  if (!(early < 1 - late))
    return;
  variant.high = 1 - late;
  snprintf(text, sizeof text,
           "the time is clipped: constant in t before %.6g and beyond %.6g",
           early, 1 - late);
  try_variant(w, &variant, "clipped-time", text);
}

/* --- lost digits -----------------------------------------------------------
 */

/* Errors that are rounding divided by the distance from an end. */
static void try_rounding(study *w) {
  size_t at_start = 0, at_end = 0;
  for (size_t i = 0; i < w->spots->count; i++) {
    double t = w->spots->t[i], error = w->comparison->relative[i];
    if (!is_wrong(w, i))
      continue;
    at_start += t > 0 && t < 0x1p-8 && error * t < 0x1p-45;
    at_end += t < 1 && 1 - t < 0x1p-8 && error * (1 - t) < 0x1p-45;
  }
  bool late = at_end > at_start;
  if (at_start + at_end < w->comparison->wrong)
    return;
  add(w, "cancellation",
      late ? "digits cancel near t = 1: the errors are rounding divided by 1 - "
             "t; use a form without a difference of large terms, or end earlier"
           : "digits cancel near t = 0: the errors are rounding divided by t; "
             "use a form without a difference of large terms, or begin later",
      at_start + at_end);
}

/* --- other fields ----------------------------------------------------------
 */

static void try_schedules(study *w) {
  char text[200];
  const char *own = fc_schedule_name(w->subject->schedule);
  for (size_t i = 0; i < fc_schedule_known_count(); i++) {
    fc_schedule *other = NULL;
    const char *name = fc_schedule_known_name(i);
    const char *label =
        strcmp(name, "shifted-linear") == 0 ? "shifted-linear:zeta=1/10" : name;
    if (strcmp(name, own) == 0 || fc_schedule_parse(&other, label, NULL))
      continue;
    fc_variant variant = fc_variant_plain(w->subject);
    variant.schedule = other;
    snprintf(text, sizeof text, "it is the field of the schedule %s, not of %s",
             label, own);
    try_variant(w, &variant, "schedule", text);
    fc_schedule_free(other);
  }
}

static void try_direction(study *w) {
  fc_variant variant = fc_variant_plain(w->subject);
  if (w->subject->asked == FC_ASKED_FLOW) {
    variant.output = FC_OUTPUT_BACKWARD;
    try_variant(w, &variant, "direction",
                "s and t are swapped: it is the inverse map");
    variant.output = FC_OUTPUT_POINT;
    try_variant(w, &variant, "identity", "it returns the points themselves");
    return;
  }
  variant.swapped = true;
  try_variant(w, &variant, "a-b-swapped",
              "a_t and b_t have changed places: noise and data are swapped");
  variant.swapped = false;
  variant.reversed = true;
  try_variant(w, &variant, "direction",
              "the time runs backwards: it is the field at 1 - t");
  variant.factor = -1;
  try_variant(w, &variant, "direction",
              "the time runs backwards: it is minus the field at 1 - t");
}

static void try_outputs(study *w) {
  fc_variant variant = fc_variant_plain(w->subject);
  if (w->subject->asked == FC_ASKED_FLOW)
    return;
  variant.output = FC_OUTPUT_SCORE;
  if (w->subject->asked == FC_ASKED_VELOCITY)
    try_variant(w, &variant, "quantity", "it is the score, not the velocity");
  variant.output = FC_OUTPUT_VELOCITY;
  if (w->subject->asked == FC_ASKED_SCORE)
    try_variant(w, &variant, "quantity", "it is the velocity, not the score");
  variant.output = FC_OUTPUT_MEAN;
  try_variant(w, &variant, "quantity",
              "it is the posterior mean E[X_1 | X_t = x]");
}

static void try_targets(study *w) {
  static const char *const names[] = {"weights", "weights", "width", "width",
                                      "means"};
  char text[200];
  for (int i = 0; i < FC_ALTERATION_COUNT; i++) {
    fc_target *altered = NULL;
    if (fc_alter_target(&altered, w->subject->target, (fc_alteration)i))
      continue;
    fc_variant variant = fc_variant_plain(w->subject);
    variant.target = altered;
    snprintf(text, sizeof text, "it has %s",
             fc_alteration_text((fc_alteration)i));
    try_variant(w, &variant, names[i], text);
    fc_target_free(altered);
  }
}

fc_status fc_diagnose(fc_diagnosis *diagnosis, const double *values,
                      const fc_spots *spots, const fc_reference *reference,
                      const fc_errors *comparison, const fc_subject *subject) {
  study w = {diagnosis,  values,  spots,    reference,
             comparison, subject, spots->d, NULL};
  diagnosis->count = 0;
  if (!comparison->wrong)
    return FC_OK;
  w.trial = malloc(spots->d * sizeof *w.trial);
  if (!w.trial)
    return FC_MEMORY;
  fc_status status = try_factor(&w);
  if (status == FC_OK) {
    try_direction(&w);
    try_schedules(&w);
    try_outputs(&w);
    try_targets(&w);
    try_rounding(&w);
    if (subject->asked != FC_ASKED_FLOW)
      try_clips(&w);
    if (diagnosis->count == 0)
      try_factor_of_time(&w);
  }
  free(w.trial);
  return status;
}
