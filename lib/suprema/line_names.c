#include "suprema/line_flow.h"

void fc_line_supremum_init(fc_line_supremum *supremum) {
  *supremum = (fc_line_supremum){.way = FC_LINE_SEARCHED};
  mpfr_inits2(64, supremum->low, supremum->high, supremum->x_low,
              supremum->x_high, (mpfr_ptr)0);
}

void fc_line_supremum_clear(fc_line_supremum *supremum) {
  mpfr_clears(supremum->low, supremum->high, supremum->x_low, supremum->x_high,
              (mpfr_ptr)0);
}
