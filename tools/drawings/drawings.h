/* The figures of "Gaussian Interpolation Flows" computed over again: 2 to 4
 * from the exact velocity field, 5 and 6 from records of gif.experiments. */
#ifndef FC_TOOLS_DRAWINGS_DRAWINGS_H
#define FC_TOOLS_DRAWINGS_DRAWINGS_H

#include "base/text.h"
#include "instance/instance.h"
#include "record/record.h"

/* Appends an SVG document to out, and a line on what was measured to note. */

/* Snapshots of the flow of six Gaussians. */
fc_status fc_draw_snapshots(fc_text *out, fc_text *note, const fc_instance *six,
                            fc_error *error);

/* Data, latent space, data again. */
fc_status fc_draw_autoencoding(fc_text *out, fc_text *note,
                               const fc_instance *rings, fc_error *error);

/* One domain, latent space, the other domain, and back. */
fc_status fc_draw_cycle(fc_text *out, fc_text *note, const fc_instance *moons,
                        const fc_instance *squares, fc_error *error);

/* From the profiles of gif.experiments' records.  FC_VALUE where they are
 * missing. */
fc_status fc_draw_source(fc_text *out, fc_text *note, const fc_records *records,
                         fc_error *error);
fc_status fc_draw_noise(fc_text *out, fc_text *note, const fc_records *records,
                        fc_error *error);

#endif
