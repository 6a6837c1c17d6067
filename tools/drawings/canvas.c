#include "canvas.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"

#define TURN 6.283185307179586

/* --- colours ---------------------------------------------------------------
 */

static uint8_t gamma_encoded(double linear) {
  double x = fmin(fmax(linear, 0), 1);
  double y = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055;
  return (uint8_t)lround(255 * y);
}

fc_rgb fc_rgb_from_hue(double turns, double lightness, double chroma) {
  double a = chroma * cos(TURN * turns), b = chroma * sin(TURN * turns);
  double l = lightness + 0.3963377774 * a + 0.2158037573 * b;
  double m = lightness - 0.1055613458 * a - 0.0638541728 * b;
  double s = lightness - 0.0894841775 * a - 1.2914855480 * b;
  l = l * l * l;
  m = m * m * m;
  s = s * s * s;
  return (fc_rgb){
      gamma_encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      gamma_encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      gamma_encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

fc_rgb fc_rgb_category(unsigned i) {
  static const fc_rgb colours[] = {{0xe6, 0x9f, 0x00}, {0x00, 0x72, 0xb2},
                                   {0x00, 0x9e, 0x73}, {0xcc, 0x79, 0xa7},
                                   {0xd5, 0x5e, 0x00}, {0x56, 0xb4, 0xe9}};
  return colours[i % (sizeof colours / sizeof *colours)];
}

/* --- the document ----------------------------------------------------------
 */

void fc_canvas_number(fc_text *out, double pixels) {
  long tenths = lround(pixels * 10);
  fc_text_printf(out, "%s%ld", tenths < 0 ? "-" : "", labs(tenths) / 10);
  if (tenths % 10)
    fc_text_printf(out, ".%ld", labs(tenths) % 10);
}

void fc_canvas_open(fc_text *out, int width, int height, const char *title) {
  fc_text_printf(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
                 "height=\"%d\" viewBox=\"0 0 %d %d\" "
                 "font-family=\"sans-serif\" font-size=\"13\" "
                 "fill=\"#222222\">\n<title>",
                 width, height, width, height);
  fc_xml(out, title);
  fc_text_printf(out,
                 "</title>\n<rect width=\"%d\" height=\"%d\" "
                 "fill=\"#ffffff\"/>\n"
                 "<text x=\"16\" y=\"26\" font-size=\"16\" "
                 "font-weight=\"bold\">",
                 width, height);
  fc_xml(out, title);
  fc_text_append(out, "</text>\n");
}

void fc_canvas_close(fc_text *out) { fc_text_append(out, "</svg>\n"); }

void fc_canvas_text(fc_text *out, double x, double y, const char *anchor,
                    int size, const char *text) {
  fc_text_append(out, "<text x=\"");
  fc_canvas_number(out, x);
  fc_text_append(out, "\" y=\"");
  fc_canvas_number(out, y);
  fc_text_printf(out, "\" text-anchor=\"%s\" font-size=\"%d\">", anchor, size);
  fc_xml(out, text);
  fc_text_append(out, "</text>\n");
}

static void append_move(fc_text *out, char command, double x, double y) {
  fc_text_printf(out, "%c", command);
  fc_canvas_number(out, x);
  fc_text_append(out, " ");
  fc_canvas_number(out, y);
}

void fc_canvas_arrow(fc_text *out, double x, double y, double to_x,
                     double to_y) {
  double length = hypot(to_x - x, to_y - y);
  double u = (to_x - x) / length, v = (to_y - y) / length;
  fc_text_append(out, "<path fill=\"none\" stroke=\"#444444\" "
                      "stroke-width=\"1.5\" d=\"");
  append_move(out, 'M', x, y);
  append_move(out, 'L', to_x, to_y);
  append_move(out, 'M', to_x - 8 * u - 4 * v, to_y - 8 * v + 4 * u);
  append_move(out, 'L', to_x, to_y);
  append_move(out, 'L', to_x - 8 * u + 4 * v, to_y - 8 * v - 4 * u);
  fc_text_append(out, "\"/>\n");
}

/* --- clouds ----------------------------------------------------------------
 */

static bool same_colour(fc_rgb x, fc_rgb y) {
  return x.red == y.red && x.green == y.green && x.blue == y.blue;
}

static void append_dot(fc_text *out, const fc_panel *panel, double x,
                       double y) {
  double middle = panel->side / 2, scale = middle / panel->reach;
  if (!(fabs(x) <= panel->reach && fabs(y) <= panel->reach))
    return;
  append_move(out, 'M', panel->left + middle + scale * x,
              panel->top + middle - scale * y);
  fc_text_append(out, "h0");
}

void fc_canvas_cloud(fc_text *out, const fc_panel *panel, const double *x,
                     const double *y, const fc_rgb *colours, size_t count,
                     double diameter) {
  bool *drawn = calloc(count + 1, sizeof *drawn);
  if (!drawn) {
    out->failed = true;
    return;
  }
  fc_text_append(out, "<g fill=\"none\" stroke-linecap=\"round\" "
                      "stroke-width=\"");
  fc_canvas_number(out, diameter);
  fc_text_append(out, "\">\n");
  for (size_t p = 0; p < count; p++) {
    if (drawn[p])
      continue;
    fc_text_printf(out, "<path stroke=\"#%02x%02x%02x\" d=\"", colours[p].red,
                   colours[p].green, colours[p].blue);
    for (size_t q = p; q < count; q++)
      if (same_colour(colours[p], colours[q])) {
        append_dot(out, panel, x[q], y[q]);
        drawn[q] = true;
      }
    fc_text_append(out, "\"/>\n");
  }
  fc_text_append(out, "</g>\n");
  free(drawn);
}

void fc_canvas_frame(fc_text *out, const fc_panel *panel) {
  fc_text_append(out, "<path fill=\"none\" stroke=\"#bbbbbb\" d=\"");
  append_move(out, 'M', panel->left, panel->top);
  fc_text_append(out, "h");
  fc_canvas_number(out, panel->side);
  fc_text_append(out, "v");
  fc_canvas_number(out, panel->side);
  fc_text_append(out, "h");
  fc_canvas_number(out, -panel->side);
  fc_text_append(out, "z\"/>\n");
}
