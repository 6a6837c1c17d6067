/* One figure: the profile of a record, measured and bound against t. */
#ifndef FC_REPORTS_FIGURE_H
#define FC_REPORTS_FIGURE_H

#include "view.h"

/* True where the record has a profile that can be drawn: two finite points or
 * more. */
bool fc_figure_possible(const fc_record *record);

/* Appends a whole SVG document; number > 0: the same as part of a page, which
 * gives the classes their colours and has no other plot of that number. */
fc_status fc_figure(fc_text *out, const fc_record *record, size_t number);

/* True where the margins (fc_record_margin) of the records differ enough to be
 * drawn: records are `count` as fc_claim_worst_first orders them. */
bool fc_margins_possible(const fc_record *const *records, size_t count);

/* Appends the margins of the records, worst first, as part of a page; the first
 * is marked. */
fc_status fc_margins(fc_text *out, const char *claim,
                     const fc_record *const *records, size_t count,
                     size_t number);

/* The record of the claim whose figure says most: the one that comes closest
 * to its bound, relative to it, among those where measured and bound are not
 * the same all along; NULL where no record can be drawn. */
const fc_record *fc_figure_choose(const fc_claim_view *claim);

/* True for the claims that get a figure in the report: what the paper says or
 * what is sharper, with a record that can be drawn. */
bool fc_figure_wanted(const fc_claim_view *claim);

/* The file name of a claim's figure: the id with '/' as '_', ending in .svg;
 * characters that are not letters, digits, '.', '-' become '_'. */
void fc_figure_name(fc_text *out, const char *claim);

#endif
