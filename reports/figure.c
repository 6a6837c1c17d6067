#include "figure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "escape.h"
#include "plot.h"
#include "readable.h"

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

static size_t length_of(const char *text) {
  size_t characters = 0;
  for (; *text; text++)
    characters += (*text & 0xc0) != 0x80;
  return characters;
}

static void append_title_line(fc_text *out, int y, const char *attributes,
                              fc_text *line, size_t room) {
  fc_plot_shorten(line, room);
  if (line->data)
    fc_plot_text(out, FC_PLOT_MARGIN, y, attributes, line->data);
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
  fc_plot_shorten(line, taken + LEAST < ROOM ? ROOM - taken - 1 : LEAST);
  fc_text_append(line, place->data ? place->data : "");
  append_title_line(out, 48, "", line, ROOM);
  fc_text_clear(place);
}

/* Lines through the finite values; a gap where there is none. */
static void append_curve(fc_text *out, const fc_plot *p,
                         const fc_record *record,
                         double (*value)(const fc_record_point *),
                         const char *name) {
  bool pen_down = false, started = false;
  fc_text_printf(out, "<path class=\"line %s\"", name);
  fc_plot_clip(out, p);
  fc_text_append(out, " d=\"");
  for (size_t i = 0; i < record->profile_count; i++) {
    const fc_record_point *point = &record->profile[i];
    if (!isfinite(point->t) || !isfinite(value(point))) {
      pen_down = false;
      continue;
    }
    fc_text_append(out, pen_down ? " L" : started ? " M" : "M");
    fc_plot_pixels(out, fc_plot_x(p, point->t));
    fc_text_append(out, " ");
    fc_plot_pixels(out, fc_plot_y(p, value(point)));
    pen_down = started = true;
  }
  fc_text_append(out, "\"/>\n");
}

/* A dot is a line of length 0 with round ends. */
static void append_dots(fc_text *out, const fc_plot *p,
                        const fc_record *record) {
  fc_text_append(out, "<path class=\"dots\"");
  fc_plot_clip(out, p);
  fc_text_append(out, " d=\"");
  for (size_t i = 0; i < record->profile_count; i++) {
    const fc_record_point *point = &record->profile[i];
    if (!isfinite(point->t) || !isfinite(point->measured))
      continue;
    fc_text_append(out, "M");
    fc_plot_pixels(out, fc_plot_x(p, point->t));
    fc_text_append(out, " ");
    fc_plot_pixels(out, fc_plot_y(p, point->measured));
    fc_text_append(out, "h0");
  }
  fc_text_append(out, "\"/>\n");
}

static void append_witness(fc_text *out, const fc_plot *p,
                           const fc_record *record) {
  if (record->abscissa)
    return;
  double t = fc_approximate(record->witness_t.mid);
  double place = isfinite(t) ? fc_scale_place(&p->x, t) : -1;
  if (place < 0 || place > 1)
    return;
  fc_text_append(out, "<path class=\"witness\" d=\"M");
  fc_plot_pixels(out, fc_plot_x(p, t));
  fc_text_printf(out, " %dV%d\"/>\n", FC_PLOT_TOP, FC_PLOT_BOTTOM);
}

/* True where the witness lies on the curve: profiles of flows begin at time 0.
 */
static bool starts_at_zero(const fc_record *record) {
  return !record->abscissa &&
         (!record->witness_s.mid || fc_approximate(record->witness_s.mid) == 0);
}

static void append_legend(fc_text *out, const fc_record *record) {
  fc_text label[1];
  fc_text_init(label);
  fc_plot_key(out, FC_PLOT_LEFT, "measured", "measured");
  fc_text_printf(label, "bound (measured %s bound)",
                 fc_relation_symbol(record));
  if (label->data)
    fc_plot_key(out, FC_PLOT_LEFT + 130, "bound", label->data);
  fc_text_clear(label);
  if (record->witness_t.mid && !record->abscissa) {
    fc_text_append(label, "witness, t = ");
    fc_readable_time(label, record->witness_t.mid, 4);
    if (label->data)
      fc_plot_key(out, FC_PLOT_LEFT + 390, "witness", label->data);
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

static fc_status choose_scales(fc_plot *p, const fc_record *record) {
  size_t count = 0;
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
  choose_time_scale(&p->x, record);
  free(values);
  return FC_OK;
}

/* For those who do not see the curves. */
static void describe(fc_text *out, const fc_record *record) {
  fc_text_append(out, "Curves of measured value and bound over ");
  fc_text_append(out, record->abscissa ? record->abscissa : "t");
  fc_text_printf(out, " at %zu points", record->profile_count);
  if (record->measured.mid && record->bound.mid) {
    fc_text_append(out, "; at the witness measured ");
    fc_readable_exact(out, &record->measured);
    fc_text_append(out, ", bound ");
    fc_readable_exact(out, &record->bound);
  }
  fc_text_append(out, ".");
}

static void append_head(fc_text *out, const fc_plot *p,
                        const fc_record *record) {
  fc_text title[1], description[1];
  fc_text_init(title);
  fc_text_init(description);
  fc_text_printf(title, "%s on %s%s%s", fc_present(record->claim),
                 fc_present(record->instance), record->schedule ? ", " : "",
                 fc_present(record->schedule));
  describe(description, record);
  fc_plot_open(out, p, fc_present(title->data), fc_present(description->data));
  fc_text_clear(title);
  fc_text_clear(description);
  if (!p->number)
    append_title(out, record);
}

fc_status fc_figure(fc_text *out, const fc_record *record, size_t number) {
  fc_plot p = {.label = record->abscissa ? record->abscissa : "t",
               .number = number};
  if (!fc_figure_possible(record))
    return FC_UNSUPPORTED;
  fc_status status = choose_scales(&p, record);
  if (status != FC_OK)
    return status;
  append_head(out, &p, record);
  fc_plot_axes(out, &p);
  append_witness(out, &p, record);
  append_curve(out, &p, record, measured_at, "measured");
  if (record->profile_count <= 80)
    append_dots(out, &p, record);
  append_curve(out, &p, record, bound_at, "bound");
  if (starts_at_zero(record))
    fc_plot_mark(out, &p, fc_approximate(record->witness_t.mid),
                 fc_approximate(record->measured.mid));
  append_legend(out, record);
  fc_plot_close(out);
  return out->failed ? FC_MEMORY : FC_OK;
}
