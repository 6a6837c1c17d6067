/* An SVG document being drawn: text, arrows, and clouds of coloured points in
 * square panels.  Every number is printed by integers (tenths of a pixel), so
 * that neither the locale nor the last bit of a double shows. */
#ifndef FC_TOOLS_DRAWINGS_CANVAS_H
#define FC_TOOLS_DRAWINGS_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef struct fc_rgb {
  uint8_t red, green, blue;
} fc_rgb;

/* Hue in turns, lightness and chroma of OKLCh (Ottosson 2020): equal steps look
 * equal.  Colours beyond sRGB are cut. */
fc_rgb fc_rgb_from_hue(double turns, double lightness, double chroma);

/* The six colours of Okabe and Ito that are told apart on white. */
fc_rgb fc_rgb_category(unsigned i);

/* A document with a white ground, so that it can be read in any colour scheme,
 * and its title (shown) on top. */
void fc_canvas_open(fc_text *out, int width, int height, const char *title);
void fc_canvas_close(fc_text *out);

/* anchor: "start", "middle" or "end". */
void fc_canvas_text(fc_text *out, double x, double y, const char *anchor,
                    int size, const char *text);

/* From (x, y) to (to_x, to_y), with an open head. */
void fc_canvas_arrow(fc_text *out, double x, double y, double to_x,
                     double to_y);

/* A square panel that shows [-reach, reach]^2. */
typedef struct fc_panel {
  double left, top, side;
  double reach;
} fc_panel;

/* Count points, x[p] and y[p], each with its colour; points outside are left
 * out.  Points of one colour become one path. */
void fc_canvas_cloud(fc_text *out, const fc_panel *panel, const double *x,
                     const double *y, const fc_rgb *colours, size_t count,
                     double diameter);
void fc_canvas_frame(fc_text *out, const fc_panel *panel);

/* Tenths of a pixel, without a needless zero. */
void fc_canvas_number(fc_text *out, double pixels);

#endif
