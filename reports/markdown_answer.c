#include <string.h>

#include "escape.h"
#include "markdown.h"
#include "pick.h"
#include "readable.h"

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

void fc_markdown_headline(fc_text *out, const fc_summary *summary) {
  if (summary->exit_status == 0) {
    fc_text_printf(out, "**Every verdict is as expected (%zu).**\n\n",
                   summary->records);
    return;
  }
  fc_text_printf(out, "**Of %zu verdict%s, %zu contradict%s the expectation",
                 summary->records, plural(summary->records),
                 summary->contradicting,
                 summary->contradicting == 1 ? "s" : "");
  fc_text_printf(out, " and %zu %s not reached.**\n\n", summary->undecided,
                 summary->undecided == 1 ? "was" : "were");
}

static void append_answers(fc_text *out, const fc_summary *summary) {
  static const char *const rows[FC_ANSWER_COUNT] = {
      "holds, certified by an enclosure on every instance",
      "holds, certified on some instances, numerically on the others",
      "holds numerically, as far as the search went",
      "**false**: a witness refutes it on some instance",
      "undecided: inconclusive or error on some instance",
      "applies to no instance here"};
  fc_text_append(out, "| over every instance to which it applies | statements "
                      "| sharper forms | literal sentences | identities |\n"
                      "|---|--:|--:|--:|--:|\n");
  for (int i = 0; i < FC_ANSWER_COUNT; i++) {
    fc_text_printf(out, "| %s", rows[i]);
    for (int kind = 0; kind < FC_KIND_COUNT; kind++)
      if (fc_kind_is_claim((fc_kind)kind))
        fc_text_printf(out, " | %zu", summary->claims[kind][i]);
    fc_text_append(out, " |\n");
  }
  fc_text_printf(out,
                 "\nEquality is attained, to working precision, on some "
                 "instance: %zu of these claims.\n",
                 summary->attained);
}

static void append_controls(fc_text *out, const fc_summary *summary) {
  fc_text_printf(out,
                 "Controls, false bounds planted to be caught: %zu planted, "
                 "%zu refuted.\n",
                 summary->planted,
                 summary->verdicts[FC_KIND_CONTROL][FC_VERDICT_VIOLATED]);
}

static void append_example(fc_text *out, const fc_record *record) {
  fc_markdown(out, fc_present(record->instance));
  if (record->schedule) {
    fc_text_append(out, ", ");
    fc_markdown(out, record->schedule);
  }
  if (record->measured.mid && record->bound.mid) {
    fc_text_append(out, ": measured ");
    fc_readable_exact(out, &record->measured);
    fc_text_append(out, " where ");
    fc_markdown(out, fc_relation_symbol(record));
    fc_text_append(out, " ");
    fc_readable_exact(out, &record->bound);
    fc_text_append(out, " is stated");
  }
  if (record->witness_t.mid || record->witness_count) {
    fc_text_append(out, " at ");
    fc_readable_witness(out, record, false);
  }
  if (record->reason && record->reason[0]) {
    fc_text_append(out, "; ");
    fc_markdown(out, record->reason);
  }
}

static void append_claim(fc_text *out, const fc_claim_view *claim,
                         bool undecided) {
  const fc_tally tally = fc_claim_tally(claim);
  fc_text_append(out, "- ");
  fc_markdown_claim_name(out, claim->first);
  if (claim->first->statement) {
    fc_text_append(out, ": ");
    fc_markdown(out, claim->first->statement);
  }
  fc_text_printf(out, " — on %zu of %zu, for example ",
                 undecided ? tally.undecided : tally.violated,
                 tally.applicable);
  append_example(out, fc_claim_example(claim, undecided));
  fc_text_append(out, "\n");
}

static void append_list(fc_text *out, const fc_view *view, fc_answer answer,
                        const char *title) {
  bool titled = false;
  for (size_t i = 0; i < view->claim_count; i++) {
    const fc_claim_view *claim = &view->claims[i];
    if (claim->answer != answer || !fc_kind_is_claim(claim->first->kind))
      continue;
    if (!titled)
      fc_text_printf(out, "\n%s\n\n", title);
    titled = true;
    append_claim(out, claim, answer == FC_ANSWER_UNDECIDED);
  }
}

static void append_bases(fc_text *out, const fc_summary *summary) {
  fc_text_printf(
      out,
      "\n**What the verdicts rest on:** %zu certified, %zu mpfr, %zu double, "
      "%zu statistical, %zu nothing (not applicable or failed).\n"
      "*certified* is an enclosure over the whole stated domain: it proves. "
      "*mpfr* and *double* are values in that arithmetic at points that a "
      "search chose. A sampled supremum is a lower estimate: it can refute a "
      "bound, but not prove it. *statistical* rests on random samples, with a "
      "stated probability of a false alarm. *attained* means equal to working "
      "precision.\n",
      summary->bases[FC_BASIS_CERTIFIED], summary->bases[FC_BASIS_MPFR],
      summary->bases[FC_BASIS_DOUBLE], summary->bases[FC_BASIS_STATISTICAL],
      summary->bases[FC_BASIS_NONE]);
  if (summary->false_alarm > 0) {
    fc_text_append(out,
                   "The probability, over the choice of the seed, that any "
                   "statistical verdict of this run is wrong is at most ");
    fc_readable_double(out, summary->false_alarm, 2);
    fc_text_append(out, ".\n");
  }
}

static void append_versions(fc_text *out, const fc_manifest *manifest) {
  if (!fc_manifest_get(manifest, "tool", "version")) {
    fc_text_append(out, "\n**Made with:** not recorded; the records came "
                        "without a manifest.\n");
    return;
  }
  fc_text_append(out, "\n**Made with:** flowcert ");
  fc_markdown(out, fc_manifest_get(manifest, "tool", "version"));
  fc_text_append(out, "; ");
  fc_manifest_words(out, manifest, "libraries", fc_markdown);
  fc_text_append(out, "; compiler ");
  fc_manifest_words(out, manifest, "compiler", fc_markdown);
  fc_text_append(out, "; platform ");
  fc_manifest_words(out, manifest, "platform", fc_markdown);
  fc_text_append(out, ".\n**Settings:** ");
  fc_manifest_words(out, manifest, "settings", fc_markdown);
  fc_text_append(out, ".\n");
}

void fc_markdown_counts(fc_text *out, const fc_summary *summary) {
  append_answers(out, summary);
  append_controls(out, summary);
}

void fc_markdown_answer(fc_text *out, const fc_view *view,
                        const fc_summary *summary, const fc_report *report) {
  fc_text_append(out, "# flowcert report\n\n");
  fc_markdown_headline(out, summary);
  fc_markdown_counts(out, summary);
  append_list(out, view, FC_ANSWER_FALSE, "**False as literally stated:**");
  append_list(out, view, FC_ANSWER_UNDECIDED, "**Undecided:**");
  append_bases(out, summary);
  append_versions(out, report->manifest);
}
