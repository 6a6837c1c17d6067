#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "readable.h"
#include "scale.h"

/* The frame of the plot inside the picture, in pixels. */
enum {
  WIDTH = 720,
  HEIGHT = 460,
  MARGIN = 24,
  LEFT = 96,
  RIGHT = 692,
  TOP = 92,
  BOTTOM = 404
};

#define MEASURED_COLOUR "#1f5fa8"
#define BOUND_COLOUR "#c0392b"
#define WITNESS_COLOUR "#2e7d32"

typedef struct plot {
  fc_scale t, y;
  const fc_record *record;
} plot;

/* Two decimals by integers, as SVG wants them in any locale. */
static void append_pixels(fc_text *out, double pixels) {
  long hundredths = lround(pixels * 100);
  fc_text_printf(out, "%s%ld.%02ld", hundredths < 0 ? "-" : "",
                 labs(hundredths) / 100, labs(hundredths) % 100);
}

static double x_of(const plot *p, double t) {
  return LEFT + (RIGHT - LEFT) * fc_scale_place(&p->t, t);
}

static double y_of(const plot *p, double value) {
  return BOTTOM - (BOTTOM - TOP) * fc_scale_place(&p->y, value);
}

static double measured_at(const fc_record_point *point) {
  return point->measured;
}

static double bound_at(const fc_record_point *point) { return point->bound; }

static bool drawable(const fc_record_point *point) {
  return isfinite(point->t) &&
         (isfinite(point->measured) || isfinite(point->bound));
}

bool fc_figure_possible(const fc_record *record) {
  size_t count = 0;
  for (size_t i = 0; i < record->profile_count; i++)
    count += drawable(&record->profile[i]);
  return count >= 2;
}

static void append_text(fc_text *out, int x, int y, const char *attributes,
                        const char *text) {
  fc_text_printf(out, "<text x=\"%d\" y=\"%d\"%s>", x, y, attributes);
  fc_xml(out, text);
  fc_text_append(out, "</text>\n");
}

static size_t length_of(const char *text) {
  size_t characters = 0;
  for (; *text; text++)
    characters += (*text & 0xc0) != 0x80;
  return characters;
}

/* Cuts a text of more characters than there is room for. */
static void shorten(fc_text *text, size_t room) {
  size_t characters = 0;
  for (size_t i = 0; text->data && text->data[i]; i++)
    if ((text->data[i] & 0xc0) != 0x80 && ++characters > room) {
      text->length = i;
      text->data[i] = '\0';
      fc_text_append(text, "…");
      return;
    }
}

static void append_title_line(fc_text *out, int y, const char *attributes,
                              fc_text *line, size_t room) {
  shorten(line, room);
  if (line->data)
    append_text(out, MARGIN, y, attributes, line->data);
  fc_text_clear(line);
}

/* Where the second line is too long the source is cut, not the verdict. */
static void append_title(fc_text *out, const fc_record *record) {
  enum { ROOM = 96, LEAST = 24 };
  fc_text line[1], place[1];
  fc_text_init(line);
  fc_text_append(line, fc_present(record->claim));
  append_title_line(out, 28, " font-size=\"16\" font-weight=\"bold\"", line,
                    66);
  fc_text_init(place);
  fc_text_printf(place, " on %s%s%s: %s, %s", fc_present(record->instance),
                 record->schedule ? ", " : "", fc_present(record->schedule),
                 fc_verdict_name(record->verdict),
                 fc_basis_name(record->basis));
  size_t taken = place->data ? length_of(place->data) : 0;
  fc_text_append(line, fc_present(record->source));
  shorten(line, taken + LEAST < ROOM ? ROOM - taken - 1 : LEAST);
  fc_text_append(line, place->data ? place->data : "");
  append_title_line(out, 48, "", line, ROOM);
  fc_text_clear(place);
}

/* A tick of the t axis, or of the other one. */
static void append_tick(fc_text *out, const plot *p, double value, bool is_t) {
  fc_text_append(out, "<path stroke=\"#dddddd\" d=\"M");
  double at = is_t ? x_of(p, value) : y_of(p, value);
  append_pixels(out, is_t ? at : LEFT);
  fc_text_append(out, " ");
  append_pixels(out, is_t ? TOP : at);
  fc_text_printf(out, "%c", is_t ? 'V' : 'H');
  fc_text_printf(out, "%d\"/>\n<text x=\"", is_t ? BOTTOM : RIGHT);
  append_pixels(out, is_t ? at : LEFT - 8);
  fc_text_append(out, "\" y=\"");
  append_pixels(out, is_t ? BOTTOM + 20 : at + 4);
  fc_text_printf(out, "\" text-anchor=\"%s\">", is_t ? "middle" : "end");
  fc_readable_double(out, value, 6);
  fc_text_append(out, "</text>\n");
}

static void append_axes(fc_text *out, const plot *p) {
  for (int i = 0; i < p->t.tick_count; i++)
    append_tick(out, p, p->t.ticks[i], true);
  for (int i = 0; i < p->y.tick_count; i++)
    append_tick(out, p, p->y.ticks[i], false);
  fc_text_printf(out,
                 "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                 "fill=\"none\" stroke=\"#444444\"/>\n",
                 LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP);
  append_text(out, (LEFT + RIGHT) / 2, HEIGHT - 16, " text-anchor=\"middle\"",
              p->record->abscissa ? p->record->abscissa : "t");
  if (p->y.logarithmic || p->y.cut)
    append_text(out, RIGHT, HEIGHT - 16,
                " text-anchor=\"end\" fill=\"#666666\"",
                p->y.logarithmic ? "logarithmic scale"
                                 : "axis cut: some values lie beyond");
}

/* Lines through the finite values; a gap where there is none. */
static void append_curve(fc_text *out, const plot *p,
                         double (*value)(const fc_record_point *),
                         const char *style) {
  bool pen_down = false, started = false;
  fc_text_printf(out, "<path fill=\"none\" clip-path=\"url(#frame)\" %s d=\"",
                 style);
  for (size_t i = 0; i < p->record->profile_count; i++) {
    const fc_record_point *point = &p->record->profile[i];
    if (!isfinite(point->t) || !isfinite(value(point))) {
      pen_down = false;
      continue;
    }
    fc_text_append(out, pen_down ? " L" : started ? " M" : "M");
    append_pixels(out, x_of(p, point->t));
    fc_text_append(out, " ");
    append_pixels(out, y_of(p, value(point)));
    pen_down = started = true;
  }
  fc_text_append(out, "\"/>\n");
}

static void append_dots(fc_text *out, const plot *p) {
  for (size_t i = 0; i < p->record->profile_count; i++) {
    const fc_record_point *point = &p->record->profile[i];
    if (!isfinite(point->t) || !isfinite(point->measured))
      continue;
    fc_text_append(out, "<circle clip-path=\"url(#frame)\" r=\"2.5\" "
                        "fill=\"" MEASURED_COLOUR "\" cx=\"");
    append_pixels(out, x_of(p, point->t));
    fc_text_append(out, "\" cy=\"");
    append_pixels(out, y_of(p, point->measured));
    fc_text_append(out, "\"/>\n");
  }
}

static void append_witness(fc_text *out, const plot *p) {
  if (p->record->abscissa)
    return;
  double t = fc_approximate(p->record->witness_t.mid);
  double place = isfinite(t) ? fc_scale_place(&p->t, t) : -1;
  if (place < 0 || place > 1)
    return;
  fc_text_append(out, "<path stroke=\"" WITNESS_COLOUR
                      "\" stroke-width=\"1.5\" stroke-dasharray=\"2 4\" d=\"M");
  append_pixels(out, x_of(p, t));
  fc_text_printf(out, " %dV%d\"/>\n", TOP, BOTTOM);
}

/* The sample of a style and what it stands for. */
static void append_key(fc_text *out, int x, const char *style,
                       const char *text) {
  fc_text_printf(out, "<path %s d=\"M%d 72H%d\"/>\n", style, x, x + 28);
  append_text(out, x + 34, 76, "", text);
}

static const char measured_style[] =
    "stroke=\"" MEASURED_COLOUR "\" stroke-width=\"1.5\"";
static const char bound_style[] =
    "stroke=\"" BOUND_COLOUR "\" stroke-width=\"2\" stroke-dasharray=\"8 3\"";
static const char witness_style[] =
    "stroke=\"" WITNESS_COLOUR
    "\" stroke-width=\"1.5\" stroke-dasharray=\"2 4\"";

static void append_legend(fc_text *out, const fc_record *record) {
  fc_text label[1];
  fc_text_init(label);
  append_key(out, LEFT, measured_style, "measured");
  fc_text_printf(label, "bound (measured %s bound)",
                 fc_relation_symbol(record));
  if (label->data)
    append_key(out, LEFT + 130, bound_style, label->data);
  fc_text_clear(label);
  if (record->witness_t.mid && !record->abscissa) {
    fc_text_append(label, "witness, t = ");
    fc_readable_time(label, record->witness_t.mid, 4);
    if (label->data)
      append_key(out, LEFT + 390, witness_style, label->data);
  }
  fc_text_clear(label);
}

static void choose_time_scale(fc_scale *scale, const fc_record *record) {
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < record->profile_count; i++) {
    double t = record->profile[i].t;
    if (drawable(&record->profile[i]) && fabs(t) < 1e300) {
      low = fmin(low, t);
      high = fmax(high, t);
    }
  }
  if (record->abscissa)
    fc_scale_linear(scale, fmin(low, 0), high > 0 ? high : 1);
  /* All of [0, 1], unless the claim is about a small part of it. */
  else if (high - low < 0.3 && high > low)
    fc_scale_linear(scale, low, high);
  else
    fc_scale_linear(scale, fmin(low, 0), fmax(high, 1));
}

static fc_status choose_scales(plot *p) {
  size_t count = 0;
  const fc_record *record = p->record;
  double *values = malloc(2 * record->profile_count * sizeof *values);
  if (!values)
    return FC_MEMORY;
  for (size_t i = 0; i < record->profile_count; i++) {
    const fc_record_point *point = &record->profile[i];
    if (!isfinite(point->t))
      continue;
    if (isfinite(point->measured))
      values[count++] = point->measured;
    if (isfinite(point->bound))
      values[count++] = point->bound;
  }
  fc_scale_choose(&p->y, values, count);
  choose_time_scale(&p->t, record);
  free(values);
  return FC_OK;
}

fc_status fc_figure(fc_text *out, const fc_record *record) {
  plot p = {.record = record};
  if (!fc_figure_possible(record))
    return FC_UNSUPPORTED;
  fc_status status = choose_scales(&p);
  if (status != FC_OK)
    return status;
  fc_text_printf(out,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
                 "height=\"%d\" viewBox=\"0 0 %d %d\" "
                 "font-family=\"sans-serif\" font-size=\"13\" "
                 "fill=\"#222222\">\n<rect width=\"%d\" height=\"%d\" "
                 "fill=\"#ffffff\"/>\n<clipPath id=\"frame\"><rect x=\"%d\" "
                 "y=\"%d\" width=\"%d\" height=\"%d\"/></clipPath>\n",
                 WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, HEIGHT, LEFT, TOP,
                 RIGHT - LEFT, BOTTOM - TOP);
  append_title(out, record);
  append_axes(out, &p);
  append_witness(out, &p);
  append_curve(out, &p, measured_at, measured_style);
  if (record->profile_count <= 80)
    append_dots(out, &p);
  append_curve(out, &p, bound_at, bound_style);
  append_legend(out, record);
  fc_text_append(out, "</svg>\n");
  return out->failed ? FC_MEMORY : FC_OK;
}
