#include "plot.h"

#include <math.h>
#include <stdlib.h>

#include "escape.h"
#include "readable.h"

/* Colours that the colour-blind tell apart; each line has its dashes, too. */
static const char style[] =
    "<style>text{fill:#222222}.muted{fill:#666666}.grid{stroke:#dddddd}"
    ".frame{fill:none;stroke:#444444}.line{fill:none}"
    ".measured{stroke:#0072b2;stroke-width:1.5}"
    ".bound{stroke:#b84a00;stroke-width:2;stroke-dasharray:8 3}"
    ".witness{stroke:#00704f;stroke-width:1.5;stroke-dasharray:2 4}"
    ".dots{fill:none;stroke:#0072b2;stroke-width:5;stroke-linecap:round}"
    ".refuted{stroke:#b84a00;stroke-width:7}"
    ".ring{fill:none;stroke:#00704f;stroke-width:2}</style>\n";

void fc_plot_pixels(fc_text *out, double pixels) {
  long hundredths = lround(pixels * 100);
  fc_text_printf(out, "%s%ld.%02ld", hundredths < 0 ? "-" : "",
                 labs(hundredths) / 100, labs(hundredths) % 100);
}

double fc_plot_x(const fc_plot *plot, double value) {
  return FC_PLOT_LEFT +
         (FC_PLOT_RIGHT - FC_PLOT_LEFT) * fc_scale_place(&plot->x, value);
}

double fc_plot_y(const fc_plot *plot, double value) {
  return FC_PLOT_BOTTOM -
         (FC_PLOT_BOTTOM - FC_PLOT_TOP) * fc_scale_place(&plot->y, value);
}

void fc_plot_text(fc_text *out, int x, int y, const char *attributes,
                  const char *text) {
  fc_text_printf(out, "<text x=\"%d\" y=\"%d\"%s>", x, y, attributes);
  fc_xml(out, text);
  fc_text_append(out, "</text>\n");
}

void fc_plot_shorten(fc_text *text, size_t room) {
  size_t characters = 0;
  for (size_t i = 0; text->data && text->data[i]; i++)
    if ((text->data[i] & 0xc0) != 0x80 && ++characters > room) {
      text->length = i;
      text->data[i] = '\0';
      fc_text_append(text, "…");
      return;
    }
}

/* Inside a page the heading stands above: the picture begins below its own. */
void fc_plot_open(fc_text *out, const fc_plot *plot, const char *title,
                  const char *description) {
  enum { HEADING = 52 };
  int top = plot->number ? HEADING : 0, height = FC_PLOT_HEIGHT - top;
  size_t n = plot->number;
  fc_text_append(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" ");
  if (n)
    fc_text_append(out, "class=\"plot\" ");
  fc_text_printf(out,
                 "role=\"img\" aria-labelledby=\"plot%zu-title plot%zu-text\" "
                 "width=\"%d\" height=\"%d\" viewBox=\"0 %d %d %d\" "
                 "font-family=\"sans-serif\" font-size=\"13\">\n",
                 n, n, FC_PLOT_WIDTH, height, top, FC_PLOT_WIDTH, height);
  fc_text_printf(out, "<title id=\"plot%zu-title\">", n);
  fc_xml(out, title);
  fc_text_printf(out, "</title>\n<desc id=\"plot%zu-text\">", n);
  fc_xml(out, description);
  fc_text_append(out, "</desc>\n");
  if (!n)
    fc_text_printf(out,
                   "%s<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
                   style, FC_PLOT_WIDTH, FC_PLOT_HEIGHT);
  fc_text_printf(out,
                 "<clipPath id=\"frame%zu\"><rect x=\"%d\" y=\"%d\" "
                 "width=\"%d\" height=\"%d\"/></clipPath>\n",
                 n, FC_PLOT_LEFT, FC_PLOT_TOP, FC_PLOT_RIGHT - FC_PLOT_LEFT,
                 FC_PLOT_BOTTOM - FC_PLOT_TOP);
}

void fc_plot_close(fc_text *out) { fc_text_append(out, "</svg>\n"); }

void fc_plot_clip(fc_text *out, const fc_plot *plot) {
  fc_text_printf(out, " clip-path=\"url(#frame%zu)\"", plot->number);
}

/* A tick of the x axis, or of the other one. */
static void append_tick(fc_text *out, const fc_plot *p, double value,
                        bool is_x) {
  double at = is_x ? fc_plot_x(p, value) : fc_plot_y(p, value);
  fc_text_append(out, "<path class=\"grid\" d=\"M");
  fc_plot_pixels(out, is_x ? at : FC_PLOT_LEFT);
  fc_text_append(out, " ");
  fc_plot_pixels(out, is_x ? FC_PLOT_TOP : at);
  fc_text_printf(out, "%c", is_x ? 'V' : 'H');
  fc_text_printf(out, "%d\"/>\n<text x=\"",
                 is_x ? FC_PLOT_BOTTOM : FC_PLOT_RIGHT);
  fc_plot_pixels(out, is_x ? at : FC_PLOT_LEFT - 8);
  fc_text_append(out, "\" y=\"");
  fc_plot_pixels(out, is_x ? FC_PLOT_BOTTOM + 20 : at + 4);
  fc_text_printf(out, "\" text-anchor=\"%s\">", is_x ? "middle" : "end");
  fc_readable_double(out, value, 6);
  fc_text_append(out, "</text>\n");
}

static void append_label(fc_text *out, const char *text) {
  fc_text label[1];
  fc_text_init(label);
  fc_text_append(label, text);
  fc_plot_shorten(label, 30);
  if (label->data)
    fc_plot_text(out, (FC_PLOT_LEFT + FC_PLOT_RIGHT) / 2, FC_PLOT_HEIGHT - 16,
                 " text-anchor=\"middle\"", label->data);
  fc_text_clear(label);
}

void fc_plot_axes(fc_text *out, const fc_plot *p) {
  for (int i = 0; i < p->x.tick_count; i++)
    append_tick(out, p, p->x.ticks[i], true);
  for (int i = 0; i < p->y.tick_count; i++)
    append_tick(out, p, p->y.ticks[i], false);
  fc_text_printf(out,
                 "<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" "
                 "height=\"%d\"/>\n",
                 FC_PLOT_LEFT, FC_PLOT_TOP, FC_PLOT_RIGHT - FC_PLOT_LEFT,
                 FC_PLOT_BOTTOM - FC_PLOT_TOP);
  append_label(out, p->label);
  if (p->y.logarithmic || p->y.cut)
    fc_plot_text(out, FC_PLOT_RIGHT, FC_PLOT_HEIGHT - 16,
                 " text-anchor=\"end\" class=\"muted\"",
                 p->y.logarithmic ? "logarithmic scale"
                                  : "axis cut: some values lie beyond");
}

void fc_plot_key(fc_text *out, int x, const char *name, const char *text) {
  fc_text_printf(out, "<path class=\"%s\" d=\"M%d 72H%d\"/>\n", name, x,
                 x + 28);
  fc_plot_text(out, x + 34, 76, "", text);
}

void fc_plot_mark(fc_text *out, const fc_plot *plot, double x, double y) {
  if (!isfinite(x) || !isfinite(y) || (plot->y.logarithmic && !(y > 0)))
    return;
  double right = fc_scale_place(&plot->x, x), up = fc_scale_place(&plot->y, y);
  if (!(right >= 0 && right <= 1 && up >= 0 && up <= 1))
    return;
  fc_text_append(out, "<circle class=\"ring\" r=\"6\" cx=\"");
  fc_plot_pixels(out, fc_plot_x(plot, x));
  fc_text_append(out, "\" cy=\"");
  fc_plot_pixels(out, fc_plot_y(plot, y));
  fc_text_append(out, "\"/>\n");
}
