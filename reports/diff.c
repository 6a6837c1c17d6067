#include "diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "diff_values.h"
#include "verdicts.h"
#include "view.h"

static const struct {
  const char *name;
  bool regression;
  const char *heading;
} kinds[FC_CHANGE_COUNT] = {
#define X(NAME, name, regression, heading) {name, regression, heading},
    FC_CHANGE_LIST(X)
#undef X
};

const char *fc_change_name(fc_change_kind kind) { return kinds[kind].name; }

const char *fc_change_heading(fc_change_kind kind) {
  return kinds[kind].heading;
}

bool fc_change_is_regression(fc_change_kind kind) {
  return kinds[kind].regression;
}

/* --- what a pair says ------------------------------------------------------
 */

/* How much a verdict leaves open: 0 for one that was reached. */
static int openness(fc_verdict verdict) {
  switch (verdict) {
  case FC_VERDICT_NOT_APPLICABLE:
    return 1;
  case FC_VERDICT_INCONCLUSIVE:
    return 2;
  case FC_VERDICT_ERROR:
    return 3;
  default:
    return 0;
  }
}

static bool is_probe(const fc_record *x, const fc_record *y) {
  return x->kind == FC_KIND_PROBE || y->kind == FC_KIND_PROBE;
}

/* Less is decided, or one run says yes and the other no: one of them is wrong,
 * and nothing says that it is the old one. */
static bool is_worse(const fc_record *before, const fc_record *after) {
  int was = openness(before->verdict), is = openness(after->verdict);
  if (was || is)
    return is > was;
  bool violated = before->verdict == FC_VERDICT_VIOLATED;
  return violated != (after->verdict == FC_VERDICT_VIOLATED) &&
         !is_probe(before, after);
}

/* Verdicts alone do not say what was expected; what is published met it. */
static bool met(const fc_record *record) {
  return !record->expectation || fc_record_as_expected(record);
}

/* A weaker tier that was asked for loses nothing. */
static bool weaker_tier(const fc_record *before, const fc_record *after) {
  return strcmp(fc_present(before->tier), "certified") == 0 &&
         strcmp(fc_present(after->tier), "certified") != 0;
}

static fc_change_kind basis_change(const fc_record *before,
                                   const fc_record *after) {
  return before->basis == FC_BASIS_CERTIFIED && !weaker_tier(before, after)
             ? FC_CHANGE_UNCERTIFIED
             : FC_CHANGE_BASIS;
}

static bool restated(const fc_record *x, const fc_record *y) {
  return x->formula && y->formula &&
         (strcmp(x->formula, y->formula) != 0 ||
          strcmp(fc_present(x->relation), fc_present(y->relation)) != 0);
}

/* --- collecting them -------------------------------------------------------
 */

typedef struct collecting {
  fc_diff *diff;
  size_t capacity;
  bool failed;
} collecting;

static void put(collecting *c, fc_change change) {
  fc_diff *diff = c->diff;
  if (!fc_grow(&diff->changes, &c->capacity, diff->count,
               sizeof *diff->changes)) {
    c->failed = true;
    return;
  }
  diff->changes[diff->count++] = change;
  diff->counts[change.kind]++;
  diff->regressions += fc_change_is_regression(change.kind);
}

static void put_kind(collecting *c, fc_change_kind kind,
                     const fc_record *before, const fc_record *after,
                     double severity) {
  put(c, (fc_change){.kind = kind,
                     .before = before,
                     .after = after,
                     .by = (double)NAN,
                     .severity = severity});
}

static double severity_of(const fc_record *after) {
  int open = openness(after->verdict);
  return open == 3 ? 4 : open ? open : 3;
}

static void put_verdict(collecting *c, const fc_record *before,
                        const fc_record *after) {
  bool broke = met(before) && !met(after);
  if (is_worse(before, after))
    put_kind(c, FC_CHANGE_VERDICT_WORSE, before, after,
             severity_of(after) + (broke ? 4 : 0));
  else if (broke)
    put_kind(c, FC_CHANGE_BROKEN, before, after, severity_of(after));
  else if (before->verdict != after->verdict)
    put_kind(c, FC_CHANGE_VERDICT, before, after, severity_of(after));
}

static void put_values(collecting *c, const fc_record *before,
                       const fc_record *after) {
  fc_movement m = fc_record_movement(before, after);
  if (m.measured || m.bound)
    put(c, (fc_change){FC_CHANGE_MOVED, before, after, m.measured, m.bound,
                       m.by, m.by});
  else if (m.slack)
    put(c, (fc_change){FC_CHANGE_SLACK, before, after, false, false, m.shrunk,
                       m.shrunk});
}

static void put_pair(collecting *c, const fc_record *before,
                     const fc_record *after) {
  size_t count = c->diff->count;
  put_verdict(c, before, after);
  if (before->basis != after->basis && !openness(before->verdict) &&
      !openness(after->verdict))
    put_kind(c, basis_change(before, after), before, after, 0);
  put_values(c, before, after);
  if (restated(before, after))
    put_kind(c, FC_CHANGE_RESTATED, before, after, 0);
  c->diff->compared++;
  c->diff->same += c->diff->count == count;
}

static void put_new(collecting *c, const fc_record *record) {
  put_kind(c, met(record) ? FC_CHANGE_NEW : FC_CHANGE_BROKEN, NULL, record,
           severity_of(record));
}

/* --- pairing ---------------------------------------------------------------
 */

static int by_key(const void *left, const void *right) {
  return fc_record_compare_keys(*(const fc_record *const *)left,
                                *(const fc_record *const *)right);
}

static const fc_record **sorted(const fc_records *records) {
  const fc_record **order = malloc((records->count + 1) * sizeof *order);
  for (size_t i = 0; order && i < records->count; i++)
    order[i] = &records->items[i];
  if (order)
    qsort(order, records->count, sizeof *order, by_key);
  return order;
}

static void pair_up(collecting *c, const fc_record **x, size_t x_count,
                    const fc_record **y, size_t y_count, bool partial) {
  for (size_t i = 0, k = 0; i < x_count || k < y_count;) {
    int order = i == x_count   ? 1
                : k == y_count ? -1
                               : fc_record_compare_keys(x[i], y[k]);
    if (order > 0)
      put_new(c, y[k++]);
    else if (order == 0)
      put_pair(c, x[i++], y[k++]);
    else {
      if (!partial)
        put_kind(c, FC_CHANGE_VANISHED, x[i], NULL, 0);
      i++;
    }
  }
}

static const fc_record *present(const fc_change *change) {
  return change->after ? change->after : change->before;
}

static int worst_first(const void *left, const void *right) {
  const fc_change *x = left, *y = right;
  if (x->kind != y->kind)
    return (int)x->kind - (int)y->kind;
  if (x->severity > y->severity || x->severity < y->severity)
    return x->severity > y->severity ? -1 : 1;
  return fc_record_compare_keys(present(x), present(y));
}

fc_status fc_diff_make(fc_diff *diff, const fc_records *before,
                       const fc_records *after, bool partial) {
  memset(diff, 0, sizeof *diff);
  collecting c = {diff, 0, false};
  const fc_record **x = sorted(before), **y = sorted(after);
  if (x && y)
    pair_up(&c, x, before->count, y, after->count, partial);
  else
    c.failed = true;
  free(x);
  free(y);
  if (c.failed) {
    fc_diff_clear(diff);
    return FC_MEMORY;
  }
  if (diff->count)
    qsort(diff->changes, diff->count, sizeof *diff->changes, worst_first);
  return FC_OK;
}

void fc_diff_clear(fc_diff *diff) {
  free(diff->changes);
  memset(diff, 0, sizeof *diff);
}
