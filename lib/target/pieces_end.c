/* The end a = 0 at a point off the support of the pieces.
 *
 * The posterior ~ exp(-|x - b y|^2/(2 a^2)) nu(dy) settles on the nearest point
 * p of the support, an end of a piece at which the density is f > 0.  With
 * delta = x - b p, Laplace's method gives as a -> 0
 *   p_t(x) ~ (f/b) a exp(-delta^2/(2 a^2))/(sqrt(2 pi) |delta|) -> 0,
 *   b (M - p) ~ a^2/delta, so that M -> p,
 *   b^2 C ~ a^4/delta^2 (an exponential law of that scale), C and T -> 0,
 *   s = (b M - x)/a^2 = -delta/a^2 + O(1) -> -infinity sign(delta),
 *   S = (b^2 C/a^2 - 1)/a^2 = -1/a^2 + O(1) -> -infinity.
 * In the middle of a gap both sides compete, and only log p -> -infinity is
 * known.
 */
#include "target/pieces_level.h"

/* Keeps in *least the smaller of itself (where *any) and z. */
static void take_least(fc_ptr least, bool *any, fc_srcptr z,
                       const fc_ctx *ctx) {
  if (*any)
    fc_min(least, least, z, ctx);
  else
    fc_set(least, z, ctx);
  *any = true;
}

typedef struct gap {
  fc_ptr below, above; /* distances of x from the support on either side */
  bool has_below, has_above;
} gap;

/* False unless x is off every piece for certain. */
static bool measure(gap *g, fc_pieces_level *level) {
  const fc_ctx *ctx = &level->ctx;
  fc_ptr t = level->scratch[2];
  for (size_t j = 0; j < level->count; j++) {
    const fc_piece_terms *p = level->pieces + j;
    fc_mul(t, level->b, p->upper, ctx);
    fc_sub(t, level->x, t, ctx);
    if (p->has_upper && fc_is_positive(t, ctx) == FC_TRUE) {
      take_least(g->below, &g->has_below, t, ctx);
      continue;
    }
    fc_mul(t, level->b, p->lower, ctx);
    fc_sub(t, t, level->x, ctx);
    if (!p->has_lower || fc_is_positive(t, ctx) != FC_TRUE)
      return false;
    take_least(g->above, &g->has_above, t, ctx);
  }
  return true;
}

/* The sign of delta; 0 where both sides are, or may be, equally near. */
static int nearer_side(const gap *g, const fc_ctx *ctx) {
  if (!g->has_above || !g->has_below)
    return g->has_below ? 1 : -1;
  if (fc_lt(g->below, g->above, ctx) == FC_TRUE)
    return 1;
  return fc_lt(g->above, g->below, ctx) == FC_TRUE ? -1 : 0;
}

bool fc_pieces_level_beyond(fc_pieces_level *level) {
  const fc_ctx *ctx = &level->ctx;
  gap g = {level->scratch[0], level->scratch[1], false, false};
  if (!measure(&g, level))
    return false;
  int sign = nearer_side(&g, ctx);
  fc_set_inf(level->log_density, -1, ctx);
  fc_set_undefined(level->score[2], ctx);
  if (sign == 0) {
    for (int i = 0; i < 3; i++)
      fc_set_undefined(level->moment[i], ctx);
    fc_set_undefined(level->score[0], ctx);
    fc_set_undefined(level->score[1], ctx);
    return true;
  }
  if (sign > 0)
    fc_sub(level->moment[0], level->x, g.below, ctx);
  else
    fc_add(level->moment[0], level->x, g.above, ctx);
  fc_div(level->moment[0], level->moment[0], level->b, ctx);
  fc_set_si(level->moment[1], 0, ctx);
  fc_set_si(level->moment[2], 0, ctx);
  fc_set_inf(level->score[0], -sign, ctx);
  fc_set_inf(level->score[1], -1, ctx);
  return true;
}
