/* The records of a claim as a table: worst first, one row for those of one
 * instance that came out alike. */
#include <string.h>

#include "html.h"
#include "readable.h"

enum { ROWS_OPEN = 6, ROWS_MAX = 40 };

typedef struct row {
  const fc_record *record; /* the worst of them */
  size_t others;
} row;

static bool alike(const fc_record *x, const fc_record *y) {
  return x->verdict == y->verdict && x->basis == y->basis &&
         fc_record_as_expected(x) == fc_record_as_expected(y) &&
         strcmp(fc_present(x->instance), fc_present(y->instance)) == 0;
}

/* Fills rows; *left_out counts the records that found no place. */
static size_t group(row rows[ROWS_MAX], size_t *left_out,
                    const fc_record *const *records, size_t count) {
  size_t row_count = 0;
  *left_out = 0;
  for (size_t i = 0; i < count; i++) {
    size_t k = 0;
    while (k < row_count && !alike(rows[k].record, records[i]))
      k++;
    if (k < row_count)
      rows[k].others++;
    else if (row_count < ROWS_MAX)
      rows[row_count++] = (row){records[i], 0};
    else
      (*left_out)++;
  }
  return row_count;
}

static void append_schedule(fc_html *page, const row *r) {
  fc_html_text(page, r->record->schedule ? r->record->schedule : "—");
  if (r->others)
    fc_text_printf(page->out, " <small>and %zu more</small>", r->others);
}

static void append_slack(fc_html *page, const fc_record *record, bool mixed) {
  fc_html_number(page, &record->slack);
  if (mixed && record->slack.mid) {
    fc_text_append(page->out, " (");
    fc_html_text(page, record->slack_kind);
    fc_text_append(page->out, ")");
  }
}

static void append_row(fc_html *page, const row *r, bool mixed) {
  const fc_record *record = r->record;
  fc_text witness[1];
  fc_text_init(witness);
  fc_readable_witness(witness, record, false);
  fc_text_append(page->out, "<tr><th scope=\"row\">");
  fc_html_text(page, record->instance);
  fc_text_append(page->out, "</th><td>");
  append_schedule(page, r);
  fc_text_append(page->out, "</td><td>");
  fc_html_number(page, &record->measured);
  fc_text_append(page->out, "</td><td>");
  fc_html_number(page, &record->bound);
  fc_text_append(page->out, "</td><td>");
  append_slack(page, record, mixed);
  fc_text_append(page->out, "</td><td>");
  fc_html_text(page, witness->data);
  fc_text_append(page->out, "</td><td>");
  fc_html_basis(page, record);
  fc_text_append(page->out, "</td><td>");
  fc_html_verdict(page, record);
  if (record->reason && record->reason[0]) {
    fc_text_append(page->out, " <small>");
    fc_html_text(page, record->reason);
    fc_text_append(page->out, "</small>");
  }
  fc_text_append(page->out, "</td></tr>\n");
  fc_text_clear(witness);
}

static void append_rows(fc_html *page, const char *caption, const char *kind,
                        bool mixed, const row *rows, size_t count) {
  fc_html_table_begin(page, caption);
  fc_text_append(page->out, "<thead><tr><th scope=\"col\">instance</th>"
                            "<th scope=\"col\">schedule</th>"
                            "<th scope=\"col\">measured</th>"
                            "<th scope=\"col\">bound</th>"
                            "<th scope=\"col\">slack");
  if (*kind) {
    fc_text_append(page->out, " (");
    fc_html_text(page, kind);
    fc_text_append(page->out, ")");
  }
  fc_text_append(page->out, "</th><th scope=\"col\">witness</th>"
                            "<th scope=\"col\">basis</th>"
                            "<th scope=\"col\">verdict</th></tr></thead>\n"
                            "<tbody class=\"records\">\n");
  for (size_t i = 0; i < count; i++)
    append_row(page, &rows[i], mixed);
  fc_html_table_end(page);
}

void fc_html_table(fc_html *page, const fc_claim_view *claim,
                   const fc_record *const *records, size_t count) {
  row rows[ROWS_MAX];
  size_t left_out, row_count = group(rows, &left_out, records, count);
  bool mixed;
  const char *kind = fc_claim_slack_kind(&mixed, claim);
  /* One row more is no reason for a fold. */
  size_t open = row_count <= ROWS_OPEN + 1 ? row_count : ROWS_OPEN;
  append_rows(page, "Instances, the worst first", kind, mixed, rows, open);
  if (row_count > open) {
    fc_text_printf(page->out, "<details><summary>%zu more rows</summary>\n",
                   row_count - open);
    append_rows(page, "The other instances", kind, mixed, rows + open,
                row_count - open);
    fc_text_append(page->out, "</details>\n");
  }
  if (left_out)
    fc_text_printf(page->out,
                   "<p class=\"muted\">%zu of the %zu records, none worse than "
                   "these, are left out here; all are in records.jsonl.</p>\n",
                   left_out, count);
}
