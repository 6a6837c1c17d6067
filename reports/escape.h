/* Text of users and of formulas made harmless where it is put. */
#ifndef FC_REPORTS_ESCAPE_H
#define FC_REPORTS_ESCAPE_H

#include "base/text.h"

/* Plain text inside a Markdown line or table cell: nothing in it is markup. */
void fc_markdown(fc_text *out, const char *text);

/* A Markdown code span of the text; nothing for an empty one.  In a table the
 * bar needs an escape, elsewhere the escape would be seen. */
void fc_markdown_code(fc_text *out, const char *text, bool in_table);

/* Character data or an attribute's value of XML. */
void fc_xml(fc_text *out, const char *text);

/* Plain text in LaTeX without any package; characters that its fonts lack
 * become mathematics where there is a command for them, else question marks.
 * breakable: lines may break behind '.', '-' and '/'. */
void fc_tex(fc_text *out, const char *text);
void fc_tex_breakable(fc_text *out, const char *text);

#endif
