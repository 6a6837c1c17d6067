/* The first screen, and the exceptions. */
#include <string.h>

#include "escape.h"
#include "html.h"
#include "readable.h"

/* So many exceptions are shown; the summary counts all. */
#define EXCEPTIONS_MAX 100

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

static void append_headline(fc_html *page) {
  const fc_summary *summary = page->summary;
  if (summary->exit_status == 0)
    fc_text_printf(page->out,
                   "<p class=\"headline\"><span class=\"good\">Every verdict "
                   "is as expected</span> (%zu).</p>\n",
                   summary->records);
  else
    fc_text_printf(page->out,
                   "<p class=\"headline\"><span class=\"bad\">Of %zu "
                   "verdict%s, %zu contradict%s the expectation and %zu %s not "
                   "reached.</span></p>\n",
                   summary->records, plural(summary->records),
                   summary->contradicting,
                   summary->contradicting == 1 ? "s" : "", summary->undecided,
                   summary->undecided == 1 ? "was" : "were");
}

/* --- the answer -------------------------------------------------------- */

static size_t claims_with(const fc_summary *summary, fc_answer answer) {
  size_t count = 0;
  for (int kind = 0; kind < FC_KIND_COUNT; kind++)
    if (fc_kind_is_claim((fc_kind)kind))
      count += summary->claims[kind][answer];
  return count;
}

static void append_tile(fc_html *page, size_t count, const char *text) {
  fc_text_printf(page->out, "<li><b>%zu</b> %s</li>\n", count, text);
}

static void append_tiles(fc_html *page) {
  const fc_summary *summary = page->summary;
  fc_text_append(page->out,
                 "<p>Of the claims about the theory, each over every "
                 "instance to which it applies:</p>\n"
                 "<ul class=\"tiles\">\n");
  append_tile(page, claims_with(summary, FC_ANSWER_CERTIFIED),
              "proved on every instance");
  append_tile(page, claims_with(summary, FC_ANSWER_PARTLY),
              "proved on some, hold numerically on the others");
  append_tile(page, claims_with(summary, FC_ANSWER_NUMERICAL),
              "hold numerically");
  append_tile(page, claims_with(summary, FC_ANSWER_FALSE),
              "<a href=\"#errata\">false as literally stated</a>");
  append_tile(page, claims_with(summary, FC_ANSWER_UNDECIDED), "inconclusive");
  append_tile(page, summary->attained,
              "<a href=\"#attained\">attained</a>: equality on some instance");
  fc_text_printf(page->out,
                 "<li><b>%zu</b> of %zu <a href=\"#controls\">planted false "
                 "bounds</a> refuted</li>\n</ul>\n",
                 summary->verdicts[FC_KIND_CONTROL][FC_VERDICT_VIOLATED],
                 summary->planted);
}

static void append_kinds(fc_html *page) {
  static const char *const rows[FC_ANSWER_COUNT] = {
      "proved on every instance", "proved on some instances",
      "holds numerically",        "false on some instance",
      "inconclusive somewhere",   "applies to no instance here"};
  fc_html_table_begin(page, "Claims by kind and answer");
  fc_text_append(page->out, "<thead><tr><td></td>"
                            "<th scope=\"col\">statements</th>"
                            "<th scope=\"col\">sharper forms</th>"
                            "<th scope=\"col\">literal sentences</th>"
                            "<th scope=\"col\">identities</th></tr></thead>\n"
                            "<tbody class=\"numbers\">\n");
  for (int i = 0; i < FC_ANSWER_COUNT; i++) {
    fc_text_printf(page->out, "<tr><th scope=\"row\">%s</th>", rows[i]);
    for (int kind = 0; kind < FC_KIND_COUNT; kind++)
      if (fc_kind_is_claim((fc_kind)kind))
        fc_text_printf(page->out, "<td>%zu</td>",
                       page->summary->claims[kind][i]);
    fc_text_append(page->out, "</tr>\n");
  }
  fc_html_table_end(page);
}

/* --- what it rests on -------------------------------------------------- */

static void append_tiers(fc_html *page) {
  const char *separator = "";
  for (int tier = FC_TIER_DOUBLE; tier <= FC_TIER_CERTIFIED; tier++) {
    const char *name = fc_tier_name((fc_tier)tier);
    size_t count = 0;
    for (size_t i = 0; i < page->report->records->count; i++) {
      const char *own = page->report->records->items[i].tier;
      count += strcmp(fc_present(own), name) == 0;
    }
    if (!count)
      continue;
    fc_text_printf(page->out, "%s%s (%zu)", separator, name, count);
    separator = ", ";
  }
}

static void append_bases(fc_html *page) {
  const fc_summary *summary = page->summary;
  fc_text_append(page->out, "<p><strong>Rests on:</strong> ");
  for (int i = 0; i < FC_BASIS_NONE; i++)
    fc_text_printf(page->out, "%zu %s, ", summary->bases[i],
                   fc_basis_name((fc_basis)i));
  fc_text_printf(page->out, "%zu nothing (not applicable or failed). Tier: ",
                 summary->bases[FC_BASIS_NONE]);
  append_tiers(page);
  fc_text_append(page->out, ".");
  if (summary->false_alarm > 0) {
    fc_text_append(page->out,
                   " The probability, over the choice of the seed, that any "
                   "statistical verdict is wrong is at most ");
    fc_readable_double(page->out, summary->false_alarm, 2);
    fc_text_append(page->out, ".");
  }
  fc_text_append(page->out, "</p>\n");
}

static void append_words(fc_html *page) {
  fc_text_append(
      page->out,
      "<p class=\"muted\"><em>certified</em> is a proof over the whole stated "
      "domain, by enclosures; of a violation one enclosed point is enough. "
      "<em>mpfr</em> and <em>double</em> are values "
      "in that arithmetic at points that a search chose: they can refute a "
      "bound, but not prove it. <em>statistical</em> rests on random samples, "
      "with a stated probability of a false alarm. <em>attained</em> means "
      "equal to working precision.</p>\n");
}

static void append_versions(fc_html *page) {
  const fc_manifest *manifest = page->report->manifest;
  const char *version = fc_manifest_get(manifest, "tool", "version");
  fc_text_append(page->out, "<p><strong>Made with:</strong> ");
  if (!version) {
    fc_text_append(page->out, "not recorded; the records came without a "
                              "manifest.</p>\n");
    return;
  }
  fc_text_append(page->out, "flowcert ");
  fc_html_text(page, version);
  fc_text_append(page->out, "; ");
  fc_manifest_words(page->out, manifest, "libraries", fc_xml);
  fc_text_append(page->out, "; compiler ");
  fc_manifest_words(page->out, manifest, "compiler", fc_xml);
  fc_text_append(page->out, "; platform ");
  fc_manifest_words(page->out, manifest, "platform", fc_xml);
  fc_text_append(page->out, ". Settings: ");
  fc_manifest_words(page->out, manifest, "settings", fc_xml);
  fc_text_append(page->out, ".</p>\n");
}

void fc_html_answer(fc_html *page) {
  fc_text_append(page->out, "<header>\n<h1>flowcert report</h1>\n");
  append_headline(page);
  append_tiles(page);
  append_bases(page);
  append_versions(page);
  append_words(page);
  append_kinds(page);
  fc_text_append(page->out, "</header>\n");
}

/* --- exceptions -------------------------------------------------------- */

static void append_all(fc_html *page, bool undecided, const char *title) {
  size_t count = 0;
  fc_text_printf(page->out, "<h2>%s</h2>\n", title);
  for (size_t i = 0; i < page->report->records->count; i++) {
    const fc_record *record = &page->report->records->items[i];
    if (fc_record_as_expected(record) ||
        fc_record_undecided(record) != undecided || ++count > EXCEPTIONS_MAX)
      continue;
    fc_text_append(page->out, "<h3>");
    fc_html_source(page, record);
    fc_text_append(page->out, " ");
    fc_html_element(page, "code", record->claim);
    fc_text_append(page->out, "</h3>\n");
    fc_html_in_full(page, record);
  }
  if (count > EXCEPTIONS_MAX)
    fc_text_printf(page->out,
                   "<p>%zu more are left out here; all are in "
                   "records.jsonl.</p>\n",
                   count - EXCEPTIONS_MAX);
}

void fc_html_exceptions(fc_html *page) {
  if (!page->summary->contradicting && !page->summary->undecided)
    return;
  fc_text_append(page->out, "<section id=\"exceptions\">\n");
  if (page->summary->contradicting)
    append_all(page, false, "Verdicts that contradict the expectation");
  if (page->summary->undecided)
    append_all(page, true, "Verdicts that were not reached");
  fc_text_append(page->out, "</section>\n");
}
