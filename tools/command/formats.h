/* What --format means, for the commands that have it. */
#ifndef FC_TOOLS_COMMAND_FORMATS_H
#define FC_TOOLS_COMMAND_FORMATS_H

#define FC_FORMATS_USUAL "md,html,json"

#define FC_FORMATS_HELP                                                        \
  "Formats, a file each:\n"                                                    \
  "  md       report.md and figures/\n"                                        \
  "  html     report.html, one page without scripts, for screen and paper\n"   \
  "  json     report.json, everything\n"                                       \
  "  jsonl    records.jsonl, the records alone\n"                              \
  "  junit    junit.xml, as GitLab and Jenkins read it\n"                      \
  "  summary  summary.md, short, for the page of a CI job\n"                   \
  "  tex      table.tex, a table for an appendix\n"                            \
  "  verdicts verdicts.tsv, verdicts and bases alone, for `flowcert diff`\n"   \
  "  intoto   test-result.intoto.json, a statement about the other files\n"    \
  "With them goes SHA256SUMS.\n\n"

#endif
