/* How the page looks: on a screen, light and dark, narrow and wide, and on
 * paper.  Colours are told apart by the colour-blind, and never the only sign;
 * text has a contrast of at least 4.5 to what is behind it. */
#include "html.h"

static const char *const rules[] = {
    ":root{color-scheme:light dark;--page:#fff;--text:#1b1b1b;--muted:#555;"
    "--line:#d5d5d5;--soft:#f4f5f7;--link:#0b5cad;--good:#00663d;--bad:#b00020;"
    "--open:#7a4b00;--refuted:#8a3b00;--measured:#0072b2;--bound:#b84a00;"
    "--witness:#00704f}",
    "@media(prefers-color-scheme:dark){:root{--page:#14171a;--text:#e8e8e8;"
    "--muted:#a9b1b9;--line:#3b4249;--soft:#1e2328;--link:#82bdff;"
    "--good:#5fd69c;--bad:#ff8f98;--open:#f2bd52;--refuted:#ffab70;"
    "--measured:#5ab4ee;--bound:#ff9c4d;--witness:#45dcae}}",
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:1rem;max-width:72rem;background:var(--page);"
    "color:var(--text);font:16px/1.5 system-ui,sans-serif;"
    "overflow-wrap:anywhere}"
    "a{color:var(--link)}"
    "h1{margin:0;font-size:1.6rem}"
    "h2{margin:2.5rem 0 .5rem;padding-top:.5rem;font-size:1.3rem;"
    "border-top:2px solid var(--line)}"
    "h3{margin:2rem 0 .4rem;font-size:1.05rem}"
    "h2 code,h3 code{font-weight:normal;color:var(--muted)}"
    "p{margin:.4rem 0}",
    "code{font:.88em/1.4 ui-monospace,monospace}"
    ".command{display:block;padding:.3rem .5rem;background:var(--soft);"
    "border:1px solid var(--line);border-radius:4px;user-select:all}"
    ".muted,small{color:var(--muted)}small{font-size:.82em}"
    ".headline{font-size:1.2rem;font-weight:600}"
    ".good{color:var(--good)}.bad{color:var(--bad);font-weight:bold}"
    ".open{color:var(--open);font-weight:bold}.refuted{color:var(--refuted)}",
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,"
    "1fr));gap:.5rem;margin:.6rem 0;padding:0;list-style:none}"
    ".tiles li{padding:.5rem .7rem;background:var(--soft);border:1px solid "
    "var(--line);border-radius:6px;font-size:.9rem;line-height:1.3}"
    ".tiles b{display:block;font-size:1.5rem}"
    "nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:1rem 0;padding:0;"
    "list-style:none}",
    ".scroll{max-width:100%;overflow-x:auto;overflow-y:hidden;padding-block:."
    "2em}"
    ".formula{margin:.5rem 0;padding:.2rem 0}"
    "math[display=block]{margin:0;font-size:1.15rem;text-align:left;"
    "display:block math;width:max-content}"
    "table{border-collapse:collapse;margin:.6rem "
    "0;overflow-wrap:break-word;font-size:.85rem;"
    "line-height:1.35}"
    "caption{padding:.2rem 0;text-align:left;color:var(--muted)}"
    "th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);"
    "text-align:left;vertical-align:top;font-weight:normal;min-width:3.5rem}"
    "thead th,thead td{border-bottom:2px solid var(--line);font-weight:600;"
    "white-space:nowrap}",
    ".numbers td,.records td:nth-child(n+3):nth-child(-n+5),"
    ".controls td:nth-child(n+3):nth-child(-n+4){text-align:right;"
    "font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".records th{min-width:9rem}.records td:nth-child(2){min-width:7rem}"
    ".records td:nth-child(6){min-width:10rem}"
    ".records td:nth-child(8){min-width:11rem}"
    ".controls td:nth-child(2),.instances td:nth-child(4){min-width:14rem}"
    ".instances td:nth-child(5){min-width:12rem}"
    ".instances code,.controls code{overflow-wrap:anywhere}"
    ".numbers th,.attained td{min-width:9rem}.controls th,.attained "
    "th{min-width:11rem}",
    "dl{display:grid;grid-template-columns:max-content "
    "minmax(0,1fr);gap:.15rem "
    ".8rem;margin:.5rem 0;font-size:.9rem}dt{color:var(--muted)}dd{margin:0}"
    "figure{margin:.8rem 0}figcaption{color:var(--muted);font-size:.85rem}"
    "summary{cursor:pointer;color:var(--link);font-size:.9rem;margin:.3rem 0}"
    ".erratum{padding-left:.9rem;border-left:4px solid var(--refuted)}"
    "footer{margin-top:2rem;border-top:2px solid var(--line);"
    "color:var(--muted)}",
    ".plot{display:block;width:100%;min-width:34rem;max-width:46rem;"
    "height:auto}.plot text{fill:var(--text)}.plot .muted{fill:var(--muted)}"
    ".grid{stroke:var(--line)}.frame{fill:none;stroke:var(--muted)}"
    ".line{fill:none}.measured{stroke:var(--measured);stroke-width:1.5}"
    ".bound{stroke:var(--bound);stroke-width:2;stroke-dasharray:8 3}"
    ".witness{stroke:var(--witness);stroke-width:1.5;stroke-dasharray:2 4}"
    ".dots{fill:none;stroke:var(--measured);stroke-width:5;"
    "stroke-linecap:round}.dots.refuted{stroke:var(--bound);stroke-width:7}"
    ".ring{fill:none;stroke:var(--witness);stroke-width:2}",
    /* Paper is light, and has no scroll bars. */
    "@media print{:root{color-scheme:light;--page:#fff;--text:#000;"
    "--muted:#444;--line:#bbb;--soft:#fff;--link:#000;--good:#00663d;"
    "--bad:#b00020;--open:#7a4b00;--refuted:#8a3b00;--measured:#0072b2;"
    "--bound:#b84a00;--witness:#00704f}"
    "@page{size:A4;margin:15mm}html{font-size:10pt}"
    "body{max-width:none;padding:0;font-size:1rem}"
    ".tiles{grid-template-columns:repeat(7,1fr)}nav{display:none}a{text-"
    "decoration:none}.scroll{overflow:visible}"
    "table{font-size:7.5pt}th,td{min-width:0!important;padding:.1rem .25rem;"
    "}td{white-space:normal!important}"
    "math[display=block]{font-size:10pt}"
    ".plot{min-width:0;max-width:13cm}"
    "h2,h3,caption{break-after:avoid}figure,tr,dl,.erratum dl{break-inside:"
    "avoid}#errata{break-before:page}"
    "details.full::details-content{content-visibility:visible;block-size:auto}"
    "summary{color:var(--muted)}}",
};

void fc_html_style(fc_text *out) {
  fc_text_append(out, "<style>\n");
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    fc_text_append(out, rules[i]);
    fc_text_append(out, "\n");
  }
  fc_text_append(out, "</style>\n");
}
