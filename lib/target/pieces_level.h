/* Pieces on the line bound to one working precision; private to this folder.
 *
 * Restricted normal laws lose digits to cancellation far out in a tail (about
 * 6 log2 of the distance in standard deviations), so evaluation takes place at
 * a working precision that is chosen per point: a level.
 */
#ifndef FC_TARGET_PIECES_LEVEL_H
#define FC_TARGET_PIECES_LEVEL_H

#include "target/posterior_impl.h"
#include "target/truncated.h"

/* Constants of one piece and what it contributes at (a, b, x). */
typedef struct fc_piece_terms {
  bool has_lower, has_upper, uniform;
  bool live;                         /* false where its density is 0 */
  fc_ptr lower, upper, centre, half; /* centre, half: where both ends finite */
  fc_ptr mean, rho;                  /* rho = 1/s^2, 0 where uniform */
  fc_ptr log_norm; /* log w - log of the integral of exp(-rho (y-mean)^2/2) */
  fc_ptr log_r;    /* log of w p_j(x), then the responsibility */
  fc_ptr moment[3], score[3]; /* first, second, third cumulants */
} fc_piece_terms;

typedef struct fc_pieces_level {
  fc_ctx base, ctx; /* ctx is a series over base where asked */
  size_t count;
  fc_piece_terms *pieces;
  fc_truncated law;
  fc_ptr storage; /* behind all numbers */
  size_t storage_count;
  fc_ptr a, b, x, a2, b2;
  fc_ptr scratch[8];
  fc_ptr moment[3], score[3], log_density; /* of the whole */
} fc_pieces_level;

fc_status fc_pieces_level_new(fc_pieces_level **level, const fc_target *target,
                              const fc_ctx *ctx, long precision);
void fc_pieces_level_free(fc_pieces_level *level); /* NULL is allowed */

/* Evaluates at level->a, b, x.  FC_DOMAIN where a = 0 and x is not certainly
 * inside or outside the support b [lower, upper] of every piece, or outside
 * all. */
fc_status fc_pieces_level_eval(fc_pieces_level *level);

/* At a = 0, b > 0 where x is off the support of every piece: the limits (the
 * nearest point, log p = -infinity, infinite s and S; third derivatives are
 * not known).  False where x may be in the support. */
bool fc_pieces_level_beyond(fc_pieces_level *level);

#endif
