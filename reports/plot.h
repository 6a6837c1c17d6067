/* The frame that every figure shares: axes, keys, title, and colours by class,
 * so that a page can choose them; private to figure*.c. */
#ifndef FC_REPORTS_PLOT_H
#define FC_REPORTS_PLOT_H

#include "base/text.h"
#include "scale.h"

/* The frame of the plot inside the picture, in pixels. */
enum {
  FC_PLOT_WIDTH = 720,
  FC_PLOT_HEIGHT = 460,
  FC_PLOT_MARGIN = 24,
  FC_PLOT_LEFT = 96,
  FC_PLOT_RIGHT = 692,
  FC_PLOT_TOP = 92,
  FC_PLOT_BOTTOM = 404
};

typedef struct fc_plot {
  fc_scale x, y;
  const char *label; /* of the x axis */
  /* 0: a file of its own, with the colours in it.  Otherwise a part of a page,
   * which gives the classes their colours; no other plot there has the number.
   */
  size_t number;
} fc_plot;

/* Two decimals by integers, as SVG wants them in any locale. */
void fc_plot_pixels(fc_text *out, double pixels);

double fc_plot_x(const fc_plot *plot, double value);
double fc_plot_y(const fc_plot *plot, double value);

/* The beginning of the picture; title and description are its accessible name
 * and what it says to those who do not see it. */
void fc_plot_open(fc_text *out, const fc_plot *plot, const char *title,
                  const char *description);
void fc_plot_axes(fc_text *out, const fc_plot *plot);
void fc_plot_close(fc_text *out);

/* attributes: with a blank in front, or "". */
void fc_plot_text(fc_text *out, int x, int y, const char *attributes,
                  const char *text);

/* Cuts a text of more characters than there is room for. */
void fc_plot_shorten(fc_text *text, size_t room);

/* The sample of a line's class and what it stands for. */
void fc_plot_key(fc_text *out, int x, const char *name, const char *text);

/* ` clip-path="url(#...)"`: nothing is drawn outside the frame. */
void fc_plot_clip(fc_text *out, const fc_plot *plot);

/* A ring about the point that a figure is about; nothing outside the frame. */
void fc_plot_mark(fc_text *out, const fc_plot *plot, double x, double y);

#endif
