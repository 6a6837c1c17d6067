#include "verdicts.h"

#include <stdlib.h>
#include <string.h>

#include "view.h"

int fc_record_compare_keys(const fc_record *x, const fc_record *y) {
  int order = strcmp(fc_present(x->claim), fc_present(y->claim));
  if (!order)
    order = strcmp(fc_present(x->instance), fc_present(y->instance));
  return order ? order
               : strcmp(fc_present(x->schedule), fc_present(y->schedule));
}

/* As the lines are sorted: schedules of one outcome stand together. */
static int by_line(const void *left, const void *right) {
  const fc_record *x = *(const fc_record *const *)left;
  const fc_record *y = *(const fc_record *const *)right;
  int order = strcmp(fc_present(x->claim), fc_present(y->claim));
  if (!order)
    order = strcmp(fc_present(x->instance), fc_present(y->instance));
  if (!order)
    order = (int)x->verdict - (int)y->verdict;
  if (!order)
    order = (int)x->basis - (int)y->basis;
  return order ? order
               : strcmp(fc_present(x->schedule), fc_present(y->schedule));
}

static bool same(const char *x, const char *y) {
  return strcmp(fc_present(x), fc_present(y)) == 0;
}

static bool same_line(const fc_record *x, const fc_record *y) {
  return same(x->claim, y->claim) && same(x->instance, y->instance) &&
         x->verdict == y->verdict && x->basis == y->basis;
}

/* A field may be empty only where that means something else. */
static bool is_field(const char *text) {
  return text && *text && !strpbrk(text, "\t\r\n");
}

static bool append(fc_text *out, const fc_record *previous,
                   const fc_record *record) {
  if (!is_field(record->claim) || !is_field(record->instance) ||
      (record->schedule && !is_field(record->schedule)))
    return false;
  if (!previous || !same_line(previous, record))
    fc_text_printf(
        out, "%s%s\t%s\t%s\t%s", previous ? "\n" : "",
        previous && same(previous->claim, record->claim) ? "" : record->claim,
        record->instance, fc_verdict_name(record->verdict),
        fc_basis_name(record->basis));
  fc_text_printf(out, "\t%s", record->schedule ? record->schedule : "-");
  return true;
}

fc_status fc_verdicts_write(fc_text *out, const fc_records *records) {
  size_t count = records->count;
  const fc_record **order = malloc((count + 1) * sizeof *order);
  if (!order)
    return FC_MEMORY;
  for (size_t i = 0; i < count; i++)
    order[i] = &records->items[i];
  qsort(order, count, sizeof *order, by_line);
  const char *tier = count && is_field(order[0]->tier) ? order[0]->tier : "-";
  fc_text_printf(out, FC_VERDICTS_START "1, tier %s\n", tier);
  bool fine = true;
  for (size_t i = 0; i < count && fine; i++)
    fine = append(out, i ? order[i - 1] : NULL, order[i]);
  if (count)
    fc_text_append(out, "\n");
  free(order);
  return !fine ? FC_VALUE : out->failed ? FC_MEMORY : FC_OK;
}
