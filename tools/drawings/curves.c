/* Figures 5 and 6. */
#include <math.h>
#include <string.h>

#include "canvas.h"
#include "drawings.h"
#include "scale.h"

/* The frame in pixels. */
enum { LEFT = 64, RIGHT = 520, TOP = 72, BOTTOM = 396, KEY = 536, WIDTH = 860 };

typedef struct plot {
  fc_scale x, y;
  int keys; /* written so far */
} plot;

typedef double part(const fc_record_point *point);

static double measured_of(const fc_record_point *p) { return p->measured; }
static double bound_of(const fc_record_point *p) { return p->bound; }

static double across(const plot *p, double x) {
  return LEFT + (RIGHT - LEFT) * fc_scale_place(&p->x, x);
}

static double upward(const plot *p, double y) {
  return BOTTOM - (BOTTOM - TOP) * fc_scale_place(&p->y, y);
}

static void append_pair(fc_text *out, char command, double x, double y) {
  fc_text_printf(out, "%c", command);
  fc_canvas_number(out, x);
  fc_text_append(out, " ");
  fc_canvas_number(out, y);
}

/* A tick's value: at most two decimals. */
static void append_tick_text(fc_text *out, double x, double y,
                             const char *anchor, double value) {
  fc_text label[1];
  fc_text_init(label);
  long hundredths = lround(100 * value);
  fc_text_printf(label, "%ld", hundredths / 100);
  if (hundredths % 100)
    fc_text_printf(label, hundredths % 10 ? ".%02ld" : ".%ld",
                   hundredths % 10 ? hundredths % 100 : hundredths % 100 / 10);
  fc_canvas_text(out, x, y, anchor, 12, label->data ? label->data : "");
  fc_text_clear(label);
}

static void draw_axes(fc_text *out, const plot *p, const char *x_label,
                      const char *y_label) {
  fc_text_append(out, "<path fill=\"none\" stroke=\"#dddddd\" d=\"");
  for (int i = 0; i < p->x.tick_count; i++) {
    append_pair(out, 'M', across(p, p->x.ticks[i]), TOP);
    fc_text_printf(out, "V%d", BOTTOM);
  }
  for (int i = 0; i < p->y.tick_count; i++) {
    append_pair(out, 'M', LEFT, upward(p, p->y.ticks[i]));
    fc_text_printf(out, "H%d", RIGHT);
  }
  fc_text_printf(out,
                 "\"/>\n<path fill=\"none\" stroke=\"#444444\" "
                 "d=\"M%d %dV%dH%d\"/>\n",
                 LEFT, TOP, BOTTOM, RIGHT);
  for (int i = 0; i < p->x.tick_count; i++)
    append_tick_text(out, across(p, p->x.ticks[i]), BOTTOM + 18, "middle",
                     p->x.ticks[i]);
  for (int i = 0; i < p->y.tick_count; i++)
    append_tick_text(out, LEFT - 8, upward(p, p->y.ticks[i]) + 4, "end",
                     p->y.ticks[i]);
  fc_canvas_text(out, (LEFT + RIGHT) / 2.0, BOTTOM + 40, "middle", 13, x_label);
  fc_canvas_text(out, LEFT - 8, TOP - 14, "middle", 13, y_label);
}

/* A key beside the frame: up to three short lines. */
static void draw_key(fc_text *out, plot *p, const char *style,
                     const char *const lines[3]) {
  double y = TOP + 16 + 66 * p->keys++;
  fc_text_printf(out, "<path fill=\"none\" %s d=\"", style);
  append_pair(out, 'M', KEY, y - 4);
  append_pair(out, 'L', KEY + 28, y - 4);
  fc_text_append(out, "\"/>\n");
  for (int i = 0; i < 3 && lines[i]; i++)
    fc_canvas_text(out, KEY + 36, y + 16 * i, "start", 12, lines[i]);
}

static void draw_curve(fc_text *out, const plot *p,
                       const fc_record_point *points, size_t count, part *value,
                       const char *style) {
  fc_text_printf(out, "<path fill=\"none\" %s d=\"", style);
  for (size_t i = 0; i < count; i++)
    append_pair(out, i ? 'L' : 'M', across(p, points[i].t),
                upward(p, value(&points[i])));
  fc_text_append(out, "\"/>\n<path fill=\"none\" stroke-linecap=\"round\" ");
  /* Dots in the colour of the line, which the style begins with. */
  fc_text_append_bytes(out, style, strlen("stroke=\"#000000\""));
  fc_text_append(out, " stroke-width=\"6\" d=\"");
  for (size_t i = 0; i < count; i++) {
    append_pair(out, 'M', across(p, points[i].t), upward(p, value(&points[i])));
    fc_text_append(out, "h0");
  }
  fc_text_append(out, "\"/>\n");
}

static const fc_record *find(const fc_records *records, const char *claim,
                             fc_error *error) {
  for (size_t i = 0; i < records->count; i++)
    if (strcmp(records->items[i].claim, claim) == 0 &&
        records->items[i].profile_count >= 2)
      return &records->items[i];
  fc_fail(error, FC_VALUE, "the records have no profile of %s", claim);
  return NULL;
}

/* What one curve of a figure is. */
typedef struct series {
  const char *claim; /* NULL: the published one */
  part *value;
  const char *style;
  const char *lines[3];
} series;

typedef struct figure {
  const char *title, *x_label, *y_label, *note;
  double x_most, y_most;
  const fc_record_point *published;
  size_t published_count;
  const series *series;
  size_t count;
} figure;

static fc_status draw(fc_text *out, fc_text *note, const figure *f,
                      const fc_records *records, fc_error *error) {
  plot p = {.keys = 0};
  fc_scale_linear(&p.x, 0, f->x_most);
  fc_scale_linear(&p.y, 0, f->y_most);
  fc_canvas_open(out, WIDTH, BOTTOM + 56, f->title);
  draw_axes(out, &p, f->x_label, f->y_label);
  for (size_t i = 0; i < f->count; i++) {
    const series *s = &f->series[i];
    const fc_record *record = s->claim ? find(records, s->claim, error) : NULL;
    if (s->claim && !record)
      return FC_VALUE;
    draw_curve(out, &p, record ? record->profile : f->published,
               record ? record->profile_count : f->published_count, s->value,
               s->style);
    draw_key(out, &p, s->style, s->lines);
  }
  fc_canvas_close(out);
  fc_text_append(note, f->note);
  return FC_OK;
}

#define GREY "stroke=\"#777777\" stroke-width=\"1.5\""
#define BLUE "stroke=\"#0072b2\" stroke-width=\"1.5\""
#define ORANGE                                                                 \
  "stroke=\"#e69f00\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\""
#define GREEN "stroke=\"#009e73\" stroke-width=\"2\""
#define PURPLE "stroke=\"#cc79a7\" stroke-width=\"1.5\""
#define RED "stroke=\"#d55e00\" stroke-width=\"1.5\""

fc_status fc_draw_source(fc_text *out, fc_text *note, const fc_records *records,
                         fc_error *error) {
  /* Read off the page; zeta = 0.05 to 0.4 in nine equal steps. */
  static const fc_record_point published[] = {
      {0.0476, 1.75, 0}, {0.0816, 1.86, 0}, {0.1133, 2.03, 0},
      {0.1429, 2.24, 0}, {0.1705, 2.47, 0}, {0.1964, 2.71, 0},
      {0.2208, 2.94, 0}, {0.2437, 3.17, 0}, {0.2653, 3.40, 0},
      {0.2857, 3.60, 0}};
  static const series all[] = {
      {NULL, measured_of, GREY, {"as published (read off the page)"}},
      {"gif.experiments/figure-5.slope",
       measured_of,
       BLUE,
       {"W₂ between samples of 1500 points",
        "of X₁#N(0, a₀²I), exact flow, and of ν,", "mean of 16 pairs"}},
      {"gif.experiments/figure-5.slope",
       bound_of,
       ORANGE,
       {"W₂ between two independent",
        "samples of ν, 1500 points each:", "the noise floor"}},
      {"gif.experiments/figure-5.linear",
       measured_of,
       GREEN,
       {"true W₂(X₁#N(0, a₀²I), ν),", "by folding and quadrature"}}};
  const figure f = {"W₂ against b₀ on eight Gaussians (Figure 5)",
                    "b₀",
                    "W₂",
                    "from figure-5.slope and figure-5.linear",
                    0.3,
                    4,
                    published,
                    sizeof published / sizeof *published,
                    all,
                    sizeof all / sizeof *all};
  return draw(out, note, &f, records, error);
}

fc_status fc_draw_noise(fc_text *out, fc_text *note, const fc_records *records,
                        fc_error *error) {
  /* Read off the page; epsilon = 0.5 to 5.5 in nine equal steps. */
  static const fc_record_point published[] = {
      {0.50, 3.1, 0},  {2.23, 3.5, 0}, {5.19, 4.2, 0},  {9.39, 5.3, 0},
      {14.8, 6.7, 0},  {21.5, 8.3, 0}, {29.4, 10.2, 0}, {38.5, 12.5, 0},
      {48.9, 15.1, 0}, {60.5, 17.8, 0}};
  static const series all[] = {
      {NULL, measured_of, GREY, {"as published (read off the page)"}},
      {"gif.experiments/figure-6.slope.two-steps",
       measured_of,
       RED,
       {"signs at each of two Euler steps,", "1500 points, mean of 4 pairs"}},
      {"gif.experiments/figure-6.slope.step",
       measured_of,
       BLUE,
       {"signs at each of 100 Euler steps"}},
      {"gif.experiments/figure-6.slope.trajectory",
       measured_of,
       PURPLE,
       {"signs once a trajectory,", "100 Euler steps"}},
      {"gif.experiments/figure-6.slope.step",
       bound_of,
       ORANGE,
       {"two independent samples of ν:", "the noise floor"}}};
  const figure f = {"W₂² against 2ε² on eight Gaussians (Figure 6)",
                    "2ε²",
                    "W₂²",
                    "from figure-6.slope.step, .trajectory and .two-steps",
                    64,
                    20,
                    published,
                    sizeof published / sizeof *published,
                    all,
                    sizeof all / sizeof *all};
  return draw(out, note, &f, records, error);
}
