/* Figures 2, 3 and 4. */
#include <math.h>
#include <stdlib.h>

#include "cloud.h"
#include "drawings.h"
#include "readable.h"

enum { SNAPSHOTS = 6, SNAPSHOT_POINTS = 700, SEED = 1 };

static fc_status no_memory(fc_error *error) {
  return fc_fail(error, FC_MEMORY, "out of memory");
}

static void draw(fc_text *out, const fc_panel *panel, const fc_cloud *cloud,
                 const fc_rgb *colours, const char *caption) {
  fc_canvas_frame(out, panel);
  fc_canvas_cloud(out, panel, cloud->x, cloud->x + cloud->count, colours,
                  cloud->count, 3.2);
  fc_canvas_text(out, panel->left + panel->side / 2,
                 panel->top + panel->side + 18, "middle", 13, caption);
}

static void note_distance(fc_text *note, const char *what, double distance) {
  fc_text_printf(note, "%s: ", what);
  fc_readable_double(note, distance, 2);
}

/* --- Figure 2 --------------------------------------------------------------
 */

/* A colour for each point by the mode it ends at. */
static fc_rgb *mode_colours(const fc_cloud *end, const fc_cloud *modes) {
  fc_rgb *colours = calloc(end->count + 1, sizeof *colours);
  for (size_t p = 0; p < end->count && colours; p++) {
    size_t nearest = 0;
    double least = INFINITY;
    for (size_t k = 0; k < modes->count; k++) {
      double distance =
          hypot(end->x[p] - modes->x[k],
                end->x[end->count + p] - modes->x[modes->count + k]);
      if (distance < least) {
        least = distance;
        nearest = k;
      }
    }
    colours[p] = fc_rgb_category((unsigned)nearest);
  }
  return colours;
}

static fc_status snapshot(fc_text *out, int i, const fc_cloud *start,
                          const fc_rgb *colours, const fc_instance *six,
                          fc_error *error) {
  int row = i / 3, column = i % 3;
  const fc_panel panel = {16 + 232 * column, 48 + 256 * row, 224, 5.2};
  double t = (double)i / (SNAPSHOTS - 1);
  fc_cloud cloud[1];
  fc_status status = fc_cloud_carry(cloud, start, six, 0, t, error);
  if (!status) {
    int fifths = i * 10 / (SNAPSHOTS - 1);
    fc_text label[1];
    fc_text_init(label);
    fc_text_printf(label, "t = %d.%d", fifths / 10, fifths % 10);
    draw(out, &panel, cloud, colours, label->data ? label->data : "");
    fc_text_clear(label);
  }
  fc_cloud_clear(cloud);
  return status;
}

fc_status fc_draw_snapshots(fc_text *out, fc_text *note, const fc_instance *six,
                            fc_error *error) {
  fc_cloud start[1] = {{0, NULL}}, end[1] = {{0, NULL}}, modes[1] = {{0, NULL}};
  fc_rgb *colours = NULL;
  fc_status status = fc_cloud_normal(start, SNAPSHOT_POINTS, SEED, six->name);
  if (!status)
    status = fc_cloud_means(modes, six);
  if (!status)
    status = fc_cloud_carry(end, start, six, 0, 1, error);
  if (!status && !(colours = mode_colours(end, modes)))
    status = no_memory(error);
  fc_canvas_open(out, 712, 576,
                 "Six Gaussians under the Föllmer interpolant (Figure 2)");
  for (int i = 0; i < SNAPSHOTS && !status; i++)
    status = snapshot(out, i, start, colours, six, error);
  fc_canvas_close(out);
  fc_text_printf(note,
                 "%d points of N(0, I), seed %d, coloured by the mode "
                 "they end at",
                 SNAPSHOT_POINTS, SEED);
  free(colours);
  fc_cloud_clear(start);
  fc_cloud_clear(end);
  fc_cloud_clear(modes);
  return status;
}

/* --- Figure 3 --------------------------------------------------------------
 */

fc_status fc_draw_autoencoding(fc_text *out, fc_text *note,
                               const fc_instance *rings, fc_error *error) {
  static const fc_panel panels[] = {
      {16, 44, 240, 2.2}, {312, 44, 240, 3.4}, {608, 44, 240, 2.2}};
  fc_cloud data[1] = {{0, NULL}}, latent[1] = {{0, NULL}},
           again[1] = {{0, NULL}};
  fc_rgb *colours = NULL;
  fc_status status = fc_cloud_means(data, rings);
  if (!status)
    status = fc_cloud_carry(latent, data, rings, 1, 0, error);
  if (!status)
    status = fc_cloud_carry(again, latent, rings, 0, 1, error);
  if (!status && !(colours = fc_cloud_colours(data)))
    status = no_memory(error);
  if (!status) {
    fc_text caption[1];
    fc_text_init(caption);
    note_distance(caption, "largest distance from the data",
                  fc_cloud_distance(data, again));
    fc_text_append(note, caption->data ? caption->data : "");
    fc_canvas_open(out, 864, 330, "Auto-encoding of three rings (Figure 3)");
    draw(out, &panels[0], data, colours, "data x");
    fc_canvas_arrow(out, 264, 164, 304, 164);
    fc_canvas_text(out, 284, 154, "middle", 13, "X*₁");
    draw(out, &panels[1], latent, colours, "latent space: X*₁(x)");
    fc_canvas_arrow(out, 560, 164, 600, 164);
    fc_canvas_text(out, 580, 154, "middle", 13, "X₁");
    draw(out, &panels[2], again, colours, "X₁(X*₁(x))");
    fc_canvas_text(out, 848, 322, "end", 12,
                   caption->data ? caption->data : "");
    fc_canvas_close(out);
    fc_text_clear(caption);
  }
  free(colours);
  fc_cloud_clear(data);
  fc_cloud_clear(latent);
  fc_cloud_clear(again);
  return status;
}

/* --- Figure 4 --------------------------------------------------------------
 */

enum { STATIONS = 5 };

/* moons -> latent -> squares -> latent -> moons */
static fc_status go_round(fc_cloud clouds[STATIONS], const fc_instance *moons,
                          const fc_instance *squares, fc_error *error) {
  fc_status status = fc_cloud_means(&clouds[0], moons);
  for (int i = 1; i < STATIONS && !status; i++) {
    const fc_instance *through = i == 1 || i == 4 ? moons : squares;
    double from = i % 2 ? 1 : 0;
    status = fc_cloud_carry(&clouds[i], &clouds[i - 1], through, from, 1 - from,
                            error);
  }
  return status;
}

/* What the squares are, in grey below what arrives there. */
static fc_status draw_ground(fc_text *out, const fc_panel *panel,
                             const fc_instance *squares) {
  fc_cloud data[1];
  fc_status status = fc_cloud_means(data, squares);
  fc_rgb *grey = calloc(data->count + 1, sizeof *grey);
  for (size_t p = 0; p < data->count && grey; p++)
    grey[p] = (fc_rgb){0xdd, 0xdd, 0xdd};
  if (!status && grey)
    fc_canvas_cloud(out, panel, data->x, data->x + data->count, grey,
                    data->count, 4.6);
  free(grey);
  fc_cloud_clear(data);
  return grey ? status : FC_MEMORY;
}

static fc_status draw_cycle(fc_text *out, const fc_cloud clouds[STATIONS],
                            const fc_rgb *colours, const fc_instance *squares) {
  static const fc_panel panels[STATIONS] = {{16, 44, 220, 2.2},
                                            {292, 44, 220, 3.4},
                                            {568, 178, 220, 2.2},
                                            {292, 312, 220, 3.4},
                                            {16, 312, 220, 2.2}};
  static const char *const captions[STATIONS] = {"moons x", "latent space",
                                                 "squares (grey: their data)",
                                                 "latent space", "moons again"};
  static const struct {
    double x, y, to_x, to_y, text_x, text_y;
    const char *text;
  } arrows[] = {{244, 154, 284, 154, 264, 144, "X*₁,₁"},
                {520, 170, 560, 220, 528, 164, "X₂,₁"},
                {560, 372, 520, 422, 528, 440, "X*₂,₁"},
                {284, 422, 244, 422, 264, 412, "X₁,₁"}};
  fc_status status = draw_ground(out, &panels[2], squares);
  for (int i = 0; i < STATIONS; i++)
    draw(out, &panels[i], &clouds[i], colours, captions[i]);
  for (size_t i = 0; i < sizeof arrows / sizeof *arrows; i++) {
    fc_canvas_arrow(out, arrows[i].x, arrows[i].y, arrows[i].to_x,
                    arrows[i].to_y);
    fc_canvas_text(out, arrows[i].text_x, arrows[i].text_y,
                   i % 3 ? "start" : "middle", 13, arrows[i].text);
  }
  return status;
}

fc_status fc_draw_cycle(fc_text *out, fc_text *note, const fc_instance *moons,
                        const fc_instance *squares, fc_error *error) {
  fc_cloud clouds[STATIONS] = {{0, NULL}};
  fc_rgb *colours = NULL;
  fc_status status = go_round(clouds, moons, squares, error);
  if (!status && !(colours = fc_cloud_colours(&clouds[0])))
    status = no_memory(error);
  if (!status) {
    fc_text caption[1];
    fc_text_init(caption);
    note_distance(caption, "largest distance from the start",
                  fc_cloud_distance(&clouds[0], &clouds[STATIONS - 1]));
    fc_text_append(note, caption->data ? caption->data : "");
    fc_canvas_open(out, 804, 574,
                   "Moons to squares and back: cycle consistency (Figure 4)");
    status = draw_cycle(out, clouds, colours, squares);
    fc_canvas_text(out, 788, 550, "end", 12,
                   caption->data ? caption->data : "");
    fc_canvas_close(out);
    fc_text_clear(caption);
  }
  free(colours);
  for (int i = 0; i < STATIONS; i++)
    fc_cloud_clear(&clouds[i]);
  return status;
}
