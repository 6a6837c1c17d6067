/* Changes for people. */
#include <math.h>
#include <string.h>

#include "diff.h"
#include "readable.h"
#include "view.h"

static const fc_record *present(const fc_change *change) {
  return change->after ? change->after : change->before;
}

static void append_both(fc_text *out, const char *x, const char *y) {
  fc_text_append(out, x);
  if (strcmp(x, y) != 0)
    fc_text_printf(out, " -> %s", y);
}

static void append_number(fc_text *out, const char *name, const fc_exact *x,
                          const fc_exact *y) {
  if (!x->mid && !y->mid)
    return;
  fc_text_printf(out, "%s ", name);
  fc_readable(out, x->mid ? x->mid : "none", FC_READABLE_DIGITS);
  if (x->mid && y->mid && strcmp(x->mid, y->mid) == 0)
    return;
  fc_text_append(out, " -> ");
  fc_readable(out, y->mid ? y->mid : "none", FC_READABLE_DIGITS);
}

static void append_verdicts(fc_text *out, const fc_change *change) {
  const fc_record *before = change->before, *after = change->after;
  if (before)
    append_both(out, fc_verdict_name(before->verdict),
                fc_verdict_name(after->verdict));
  else
    fc_text_append(out, fc_verdict_name(after->verdict));
  if (after->expectation)
    fc_text_printf(out, ", expected %s", after->expectation);
  if (after->reason)
    fc_text_printf(out, " (%s)", after->reason);
}

static void append_moved(fc_text *out, const fc_change *change) {
  if (change->measured)
    append_number(out, "measured", &change->before->measured,
                  &change->after->measured);
  if (change->bound) {
    fc_text_append(out, change->measured ? ", " : "");
    append_number(out, "bound", &change->before->bound, &change->after->bound);
  }
  if (isfinite(change->by)) {
    fc_text_append(out, ", by ");
    fc_readable_double(out, change->by, 2);
    fc_text_append(out, " of it");
  }
}

/* What happened, without the names. */
static void append_what(fc_text *out, const fc_change *change) {
  const fc_record *before = change->before, *after = change->after;
  switch (change->kind) {
  case FC_CHANGE_MOVED:
    append_moved(out, change);
    break;
  case FC_CHANGE_SLACK:
    append_number(out, "slack", &before->slack, &after->slack);
    break;
  case FC_CHANGE_UNCERTIFIED:
  case FC_CHANGE_BASIS:
    append_both(out, fc_basis_name(before->basis), fc_basis_name(after->basis));
    break;
  case FC_CHANGE_RESTATED:
    fc_text_printf(out, "%s %s -> %s %s", fc_present(before->relation),
                   before->formula, fc_present(after->relation),
                   after->formula);
    break;
  case FC_CHANGE_VANISHED:
    fc_text_printf(out, "was %s", fc_verdict_name(before->verdict));
    break;
  default:
    append_verdicts(out, change);
  }
}

/* How many changes from i on say the same of the same claim. */
static size_t alike(const fc_diff *diff, size_t i, const fc_text *what) {
  const fc_change *first = &diff->changes[i];
  size_t end = i + 1;
  for (; end < diff->count; end++) {
    const fc_change *change = &diff->changes[end];
    if (change->kind != first->kind ||
        strcmp(fc_present(present(change)->claim),
               fc_present(present(first)->claim)) != 0)
      break;
    fc_text other[1];
    fc_text_init(other);
    append_what(other, change);
    bool equal = strcmp(fc_present(other->data), fc_present(what->data)) == 0;
    fc_text_clear(other);
    if (!equal)
      break;
  }
  return end - i;
}

/* One line; returns how many changes it speaks of. */
static size_t append_line(fc_text *out, const fc_diff *diff, size_t i) {
  const fc_record *record = present(&diff->changes[i]);
  fc_text what[1];
  fc_text_init(what);
  append_what(what, &diff->changes[i]);
  size_t count = alike(diff, i, what);
  fc_text_printf(out, "  %s on %s", fc_present(record->claim),
                 fc_present(record->instance));
  if (record->schedule)
    fc_text_printf(out, ", %s", record->schedule);
  if (count > 1)
    fc_text_printf(out, ", and %zu more", count - 1);
  fc_text_printf(out, ": %s\n", fc_present(what->data));
  out->failed = out->failed || what->failed;
  fc_text_clear(what);
  return count;
}

/* The changes of one kind from i on; returns where they end. */
static size_t append_kind(fc_text *out, const fc_diff *diff, size_t i,
                          size_t limit) {
  fc_change_kind kind = diff->changes[i].kind;
  size_t end = i + diff->counts[kind];
  fc_text_printf(out, "%s%s: %zu\n", fc_change_heading(kind),
                 fc_change_is_regression(kind) ? " (regressions)" : "",
                 diff->counts[kind]);
  for (size_t lines = 0; i < end && (limit == 0 || lines < limit); lines++)
    i += append_line(out, diff, i);
  if (i < end)
    fc_text_printf(out, "  ... and %zu more\n", end - i);
  fc_text_append(out, "\n");
  return end;
}

fc_status fc_diff_text(fc_text *out, const fc_diff *diff, size_t limit) {
  for (size_t i = 0; i < diff->count;)
    i = append_kind(out, diff, i, limit);
  fc_text_printf(out, "%zu records compared, %zu the same; regressions: %zu\n",
                 diff->compared, diff->same, diff->regressions);
  return out->failed ? FC_MEMORY : FC_OK;
}
