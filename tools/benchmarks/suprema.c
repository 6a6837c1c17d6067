/* Suprema of lambda_max(grad v) over all x, proved: time and boxes at a gap of
 * 1 per cent and of 10^-6, linear schedule. */
#include <stdio.h>

#include "arith/arith.h"
#include "bench.h"
#include "suprema/certified_eigenvalue.h"

enum { BOXES = 100000, BITS = 64, MOST_NUMBERS = 32 };

typedef struct scene {
  const char *name;
  size_t d;
  const char *weights; /* NULL: equal */
  const char *means;
  const char *spreads;       /* one a component */
  const char *lower, *upper; /* of a piece; NULL: a mixture */
  const char *time;
} scene;

static const scene scenes[] = {
    {"two bumps, t = 2/5", 1, NULL, "-3/2 3/2", "1/2 1/2", NULL, NULL, "2/5"},
    {"three bumps, t = 7/10", 1, "1/2 3/10 1/5", "-2 1/2 3/2", "2/5 2/5 2/5",
     NULL, NULL, "7/10"},
    {"unequal widths, t = 7/10", 1, "2/3 1/3", "-1 2", "1/4 1", NULL, NULL,
     "7/10"},
    {"uniform on [0, 1], t = 1/2", 1, NULL, NULL, NULL, "0", "1", "1/2"},
    {"triangle, t = 3/5", 2, NULL, "1 0 -1/2 sqrt(3)/2 -1/2 -sqrt(3)/2",
     "1/2 1/2 1/2", NULL, NULL, "3/5"},
    {"four means in the plane, t = 3/5", 2, "1/4 1/4 1/3 1/6",
     "1 0 0 6/5 -9/10 0 0 -1", "1/2 1/2 1/2 1/2", NULL, NULL, "3/5"},
    {"a square (two flat ridges), t = 3/5", 2, NULL, "1 0 0 1 -1 0 0 -1",
     "1/2 1/2 1/2 1/2", NULL, NULL, "3/5"},
    {"six on a circle, t = 7/10", 2, NULL,
     "4 0 2 2*sqrt(3) -2 2*sqrt(3) -4 0 -2 -2*sqrt(3) 2 -2*sqrt(3)",
     "1/4 1/4 1/4 1/4 1/4 1/4", NULL, NULL, "7/10"},
};

static fc_status read_numbers(fc_formula **list, size_t *count,
                              const char *text) {
  char word[64];
  int used = 0;
  *count = 0;
  fc_status status = FC_OK;
  while (text && status == FC_OK && *count < MOST_NUMBERS &&
         sscanf(text, " %63s%n", word, &used) == 1) {
    status = fc_constant_parse(&list[(*count)++], word, NULL, NULL);
    text += used;
  }
  return status;
}

static fc_status make_piece(fc_target **target, const scene *s) {
  fc_piece piece = {NULL, NULL, NULL, NULL, NULL};
  fc_status status = fc_constant_parse(&piece.lower, s->lower, NULL, NULL);
  if (status == FC_OK)
    status = fc_constant_parse(&piece.upper, s->upper, NULL, NULL);
  if (status == FC_OK)
    status = fc_target_new_pieces(target, 1, &piece, NULL, NULL);
  fc_formula_free(piece.lower);
  fc_formula_free(piece.upper);
  return status;
}

static fc_status make_target(fc_target **target, const scene *s) {
  fc_formula *list[3][MOST_NUMBERS] = {{NULL}};
  size_t count[3] = {0, 0, 0};
  if (s->lower)
    return make_piece(target, s);
  fc_status status = read_numbers(list[0], &count[0], s->weights);
  if (status == FC_OK)
    status = read_numbers(list[1], &count[1], s->means);
  if (status == FC_OK)
    status = read_numbers(list[2], &count[2], s->spreads);
  if (status == FC_OK)
    status = fc_target_new_isotropic(target, s->d, count[2],
                                     s->weights ? list[0] : NULL, list[1],
                                     list[2], NULL, NULL);
  for (int i = 0; i < 3; i++)
    for (size_t k = 0; k < count[i]; k++)
      fc_formula_free(list[i][k]);
  return status;
}

typedef struct work {
  fc_eigenvalue_question question;
  fc_eigenvalue_answer answer[1];
  fc_status status;
} work;

static void run(void *data) {
  work *w = data;
  fc_status status = fc_certified_eigenvalue(w->answer, &w->question, NULL);
  if (status)
    w->status = status;
}

static fc_status measure(const scene *s, fc_schedule *schedule) {
  static const double gaps[] = {1e-2, 1e-6};
  work w = {.status = FC_OK};
  fc_target *target = NULL;
  fc_formula *time = NULL;
  fc_status status = make_target(&target, s);
  if (status == FC_OK)
    status = fc_constant_parse(&time, s->time, NULL, NULL);
  fc_eigenvalue_answer_init(w.answer);
  w.question = (fc_eigenvalue_question){.target = target,
                                        .schedule = schedule,
                                        .time = time,
                                        .side = FC_LARGEST,
                                        .boxes = BOXES,
                                        .precision = BITS};
  printf("  %-38s", s->name);
  for (int i = 0; i < 2 && status == FC_OK; i++) {
    w.question.gap = gaps[i];
    double seconds = bench_seconds(run, &w);
    status = w.status;
    printf("%10.2f ms %7zu%s", 1000 * seconds, w.answer->boxes,
           w.answer->reached ? " " : "*");
  }
  printf("  %.8g\n", mpfr_get_d(w.answer->high, MPFR_RNDU));
  fc_eigenvalue_answer_clear(w.answer);
  fc_formula_free(time);
  fc_target_free(target);
  return status;
}

int main(void) {
  fc_schedule *schedule = NULL;
  if (!fc_have_arb()) {
    printf("\nSuprema over all x need Arb\n");
    return 0;
  }
  fc_status status = fc_schedule_parse(&schedule, "linear", NULL);
  printf(
      "\nsup over all x of lambda_max(grad v(t, x)), proved: time, boxes (0: "
      "closed form; *: budget spent)\n  %-38s%21s%21s  %s\n",
      "", "gap 1 %", "gap 10^-6", "upper end");
  for (size_t i = 0; i < sizeof scenes / sizeof *scenes && !status; i++)
    status = measure(&scenes[i], schedule);
  fc_schedule_free(schedule);
  if (status)
    fprintf(stderr, "bench_suprema: %s\n", fc_status_text(status));
  return status ? 1 : 0;
}
