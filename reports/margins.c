/* The margins of a claim's records, worst first: where there is no profile,
 * this shows how close the instances come. */
#include <math.h>
#include <stdlib.h>

#include "figure.h"
#include "pick.h"
#include "plot.h"

/* Margins below this are equality to working precision, and drawn there. */
#define LEAST 1e-20
/* Below this all margins count as the same. */
#define SAME 1e-12

static double shown(const fc_record *record) {
  double margin = fc_record_margin(record);
  return margin > 0 && margin < LEAST ? LEAST : margin;
}

/* The finite margins, malloc'd; NULL when memory ran out. */
static double *margins_of(size_t *count, const fc_record *const *records,
                          size_t record_count) {
  double *values = malloc((record_count + 1) * sizeof *values);
  *count = 0;
  for (size_t i = 0; values && i < record_count; i++)
    if (isfinite(shown(records[i])))
      values[(*count)++] = shown(records[i]);
  return values;
}

bool fc_margins_possible(const fc_record *const *records, size_t count) {
  double low = INFINITY, high = -INFINITY;
  size_t finite = 0;
  for (size_t i = 0; i < count; i++) {
    double margin = shown(records[i]);
    if (!isfinite(margin))
      continue;
    finite++;
    low = fmin(low, margin);
    high = fmax(high, margin);
  }
  return finite >= 3 && high - low > SAME;
}

/* The dots of the records that are violated, or of the others. */
static void append_dots(fc_text *out, const fc_plot *p,
                        const fc_record *const *records, size_t count,
                        bool violated) {
  fc_text_printf(out, "<path class=\"dots%s\"", violated ? " refuted" : "");
  fc_plot_clip(out, p);
  fc_text_append(out, " d=\"");
  for (size_t i = 0; i < count; i++) {
    double margin = shown(records[i]);
    if ((records[i]->verdict == FC_VERDICT_VIOLATED) != violated ||
        !isfinite(margin) || (p->y.logarithmic && !(margin > 0)))
      continue;
    fc_text_append(out, "M");
    fc_plot_pixels(out, fc_plot_x(p, (double)(i + 1)));
    fc_text_append(out, " ");
    fc_plot_pixels(out, fc_plot_y(p, margin));
    fc_text_append(out, "h0");
  }
  fc_text_append(out, "\"/>\n");
}

static void append_key(fc_text *out, const fc_record *worst) {
  fc_text label[1];
  fc_text_init(label);
  fc_text_printf(label, "ring: the worst, %s%s%s", fc_present(worst->instance),
                 worst->schedule ? ", " : "", fc_present(worst->schedule));
  fc_plot_shorten(label, 72);
  if (label->data)
    fc_plot_text(out, FC_PLOT_LEFT, 76, "", label->data);
  fc_text_clear(label);
}

static void append_head(fc_text *out, const fc_plot *p, const char *claim,
                        size_t count) {
  fc_text title[1], description[1];
  fc_text_init(title);
  fc_text_init(description);
  fc_text_printf(title, "Margins of %s", claim);
  fc_text_printf(description,
                 "Slack relative to the larger of measured value and bound, "
                 "for %zu records, the worst first.",
                 count);
  fc_plot_open(out, p, fc_present(title->data), fc_present(description->data));
  fc_text_clear(title);
  fc_text_clear(description);
}

fc_status fc_margins(fc_text *out, const char *claim,
                     const fc_record *const *records, size_t count,
                     size_t number) {
  fc_plot p = {.label = "record, the worst first", .number = number};
  size_t finite;
  double *values = margins_of(&finite, records, count);
  if (!values)
    return FC_MEMORY;
  if (finite)
    fc_scale_choose(&p.y, values, finite);
  free(values);
  if (!finite)
    return FC_UNSUPPORTED;
  fc_scale_linear(&p.x, 0, (double)(count + 1));
  append_head(out, &p, claim, count);
  fc_plot_axes(out, &p);
  append_dots(out, &p, records, count, false);
  append_dots(out, &p, records, count, true);
  fc_plot_mark(out, &p, 1, shown(records[0]));
  append_key(out, records[0]);
  fc_plot_close(out);
  return out->failed ? FC_MEMORY : FC_OK;
}
