#include "transport/line_pushed.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "transport/line_pair.h"

static void each(fc_line_pushed *p, const fc_ctx *ctx,
                 void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {p->w, p->low, p->high, p->slope, p->turn};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

/* w = F_0^-1 of the law's masses, sought from the last one. */
static void find_start(fc_line_law *law) {
  fc_line_pushed *p = law->pushed;
  double width = p->start.high - p->start.low;
  fc_set_d(p->low, p->start.low - width, &law->ctx);
  fc_set_d(p->high, p->start.high + width, &law->ctx);
  fc_line_quantile(p->w, &p->start, 0, law->below, law->above, p->low, p->high);
}

static void take_tails(fc_line_law *law) {
  fc_set(law->below, law->pushed->noise.below, &law->ctx);
  fc_set(law->above, law->pushed->noise.above, &law->ctx);
}

void fc_line_pushed_tails(fc_line_law *law) {
  find_start(law);
  fc_line_law_tails(&law->pushed->noise, 0, law->pushed->w);
  take_tails(law);
}

/* With l = log p_1(x) - log p_0(w) + log n(w), w' = p_1/p_0 and
 * w'' = w' (s_1 - s_0 w'):
 *   l' = s_1 + (s_n - s_0) w',
 *   l'' = s_1' + (s_n' - s_0') w'^2 + (s_n - s_0) w''. */
void fc_line_pushed_at(fc_line_law *law) {
  const fc_ctx *ctx = &law->ctx;
  fc_line_pushed *p = law->pushed;
  fc_line_law *start = &p->start, *noise = &p->noise;
  find_start(law);
  fc_line_law_at(start, 0, p->w);
  fc_line_law_at(noise, 0, p->w);
  take_tails(law);
  fc_sub(p->slope, law->log_density, start->log_density, ctx);
  fc_add(law->log_density, p->slope, noise->log_density, ctx);
  fc_exp(p->slope, p->slope, ctx); /* w' */
  fc_mul(p->turn, start->score, p->slope, ctx);
  fc_sub(p->turn, law->score, p->turn, ctx);
  fc_mul(p->turn, p->turn, p->slope, ctx); /* w'' */
  fc_sub(law->t, noise->score, start->score, ctx);
  fc_addmul(law->score, law->t, p->slope, ctx);
  fc_addmul(law->bend, law->t, p->turn, ctx);
  fc_sub(law->t, noise->bend, start->bend, ctx);
  fc_sqr(p->slope, p->slope, ctx);
  fc_addmul(law->bend, law->t, p->slope, ctx);
}

/* --- making one --------------------------------------------------------- */

/* T(w), so that the law knows where its mass is. */
static double image(fc_line_law *law, double w) {
  fc_line_pushed *p = law->pushed;
  const fc_ctx *ctx = &law->ctx;
  fc_num x, low, high;
  fc_init(x, ctx);
  fc_init(low, ctx);
  fc_init(high, ctx);
  double width = law->high - law->low;
  fc_set_d(x, w, ctx);
  fc_line_law_tails(&p->start, 0, x);
  fc_set_d(x, (law->low + law->high) / 2, ctx);
  fc_set_d(low, law->low - width, ctx);
  fc_set_d(high, law->high + width, ctx);
  law->pushed = NULL; /* the quantile of F_1 */
  fc_status status =
      fc_line_quantile(x, law, 0, p->start.below, p->start.above, low, high);
  law->pushed = p;
  double value = status ? NAN : fc_get_d(x, ctx);
  fc_clear(x, ctx);
  fc_clear(low, ctx);
  fc_clear(high, ctx);
  return value;
}

/* The marks of F_1, and the images of those of N. */
static fc_status set_marks(fc_line_law *law) {
  const fc_line_law *noise = &law->pushed->noise;
  size_t most = law->mark_count + noise->mark_count;
  double *larger = realloc(law->marks, (most + 1) * sizeof *larger);
  if (!larger)
    return FC_MEMORY;
  law->marks = larger;
  for (size_t i = 0; i < noise->mark_count; i++) {
    double x = image(law, noise->marks[i]);
    if (isfinite(x))
      law->marks[law->mark_count++] = x;
  }
  fc_sort_doubles(law->marks, law->mark_count);
  double low = image(law, noise->low), high = image(law, noise->high);
  if (isfinite(low) && isfinite(high)) {
    law->low = low;
    law->high = high;
  }
  return FC_OK;
}

fc_status fc_line_law_push(fc_line_law *law, fc_line_law *start,
                           fc_line_law *noise, fc_error *error) {
  fc_line_pushed *p = malloc(sizeof *p);
  if (!p) {
    fc_line_law_clear(start);
    fc_line_law_clear(noise);
    return fc_fail(error, FC_MEMORY, "out of memory");
  }
  p->start = *start;
  p->noise = *noise;
  each(p, &law->ctx, fc_init);
  law->pushed = p;
  return set_marks(law) ? fc_fail(error, FC_MEMORY, "out of memory") : FC_OK;
}

void fc_line_pushed_free(fc_line_pushed *p, const fc_ctx *ctx) {
  if (!p)
    return;
  each(p, ctx, fc_clear);
  fc_line_law_clear(&p->start);
  fc_line_law_clear(&p->noise);
  free(p);
}
