#include "candidate/distances.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "candidate/number.h"
#include "transport/laws.h"

enum { SIZE = 12 };

/* --- references ------------------------------------------------------------
 */

static fc_status sample_law(fc_target **law, const double *x, size_t n,
                            size_t d) {
  fc_formula **numbers = calloc(n * (d + 1), sizeof *numbers);
  fc_status status = numbers ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < n * d && status == FC_OK; i++) {
    fc_text text[1];
    mpq_t exact;
    void (*release)(void *, size_t);
    mp_get_memory_functions(NULL, NULL, &release);
    fc_text_init(text);
    mpq_init(exact);
    mpq_set_d(exact, x[i]);
    char *written = mpq_get_str(NULL, 10, exact);
    status = fc_constant_parse(&numbers[i], written, NULL, NULL);
    release(written, strlen(written) + 1);
    mpq_clear(exact);
  }
  for (size_t i = 0; i < n && status == FC_OK; i++)
    status = fc_constant_new_si(&numbers[n * d + i], 0, 1);
  if (status == FC_OK)
    status = fc_target_new_isotropic(law, d, n, NULL, numbers, numbers + n * d,
                                     NULL, NULL);
  for (size_t i = 0; numbers && i < n * (d + 1); i++)
    fc_formula_free(numbers[i]);
  free(numbers);
  return status;
}

static fc_status right_distance(fc_distance *item, const double *x,
                                const double *y, size_t d, fc_error *error) {
  fc_target *p = NULL, *q = NULL;
  fc_w2_value value;
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, 128);
  fc_w2_value_init(&value, ctx);
  item->right = item->error = NAN;
  fc_status status = sample_law(&p, x, item->n, d);
  if (status == FC_OK)
    status = sample_law(&q, y, item->m, d);
  if (status == FC_OK &&
      fc_w2_laws(&value, p, q, FC_W2_EXACT, ctx, error) == FC_OK) {
    item->right = fc_get_d(value.w2, ctx);
    item->error = fc_get_d(value.error, ctx);
  }
  fc_w2_value_clear(&value, ctx);
  fc_target_free(p);
  fc_target_free(q);
  return status;
}

/* --- pairs of samples ------------------------------------------------------
 */

typedef struct pair {
  double *x, *y;
  size_t n, m, d;
  const char *why;
} pair;

typedef struct maker {
  const fc_subject *subject;
  fc_random *random;
} maker;

static fc_status draw(const maker *from, double *x, size_t n, bool of_target) {
  return fc_spots_draw(x, n, from->subject, of_target ? 1 : 0, from->random);
}

/* The k-th pair; room is for SIZE + 1 points in either. */
static fc_status make_pair(pair *p, const maker *from, int k) {
  size_t d = p->d, size = SIZE * d;
  p->n = p->m = SIZE;
  fc_status status = draw(from, p->x, SIZE, false);
  if (status == FC_OK)
    status = draw(from, p->y, SIZE, true);
  switch (k) {
  case 0:
    p->why = "noise against the target";
    break;
  case 1:
    p->why = "one sample, in another order";
    for (size_t i = 0; i < SIZE; i++)
      memcpy(p->y + i * d, p->x + (i * 5 + 3) % SIZE * d, d * sizeof *p->y);
    break;
  case 2:
    p->why = "a sample and its translate by 10^-7";
    for (size_t i = 0; i < size; i++)
      p->y[i] = p->x[i] + 1e-7;
    break;
  case 3:
    p->why = "one point against many";
    p->n = 1;
    break;
  case 4:
    p->why = "unequal numbers of points";
    p->n = SIZE / 2 + 1;
    break;
  case 5:
    p->why = "an outlier at 10^6";
    p->y[0] = 1e6;
    break;
  case 6:
    p->why = "points far from 0";
    for (size_t i = 0; i < size; i++) {
      p->x[i] += 0x1p20;
      p->y[i] += 0x1p20;
    }
    break;
  case 7:
    p->why = "repeated points";
    for (size_t i = 0; i < SIZE; i++) {
      memcpy(p->x + i * d, p->x + i % 3 * d, d * sizeof *p->x);
      memcpy(p->y + i * d, p->y + i % 2 * d, d * sizeof *p->y);
    }
    break;
  default:
    p->why = "random samples";
  }
  return status;
}

static double size_of(const pair *p) {
  double sum = 0;
  for (size_t i = 0; i < p->n * p->d; i++)
    sum += p->x[i] * p->x[i] / (double)p->n;
  for (size_t i = 0; i < p->m * p->d; i++)
    sum += p->y[i] * p->y[i] / (double)p->m;
  return sqrt(sum / 2);
}

/* --- the test --------------------------------------------------------------
 */

static void judge(fc_distances *all, fc_distance *item, double rtol) {
  if (isnan(item->right)) {
    all->none++;
    return;
  }
  if (!isfinite(item->value)) {
    all->silent++;
    return;
  }
  double scale = fmax(item->right, 0x1p-26 * item->size);
  item->relative = fabs(item->value - item->right) / scale;
  bool wrong = item->relative - item->error / scale > rtol;
  *(wrong ? &all->wrong : &all->right) += 1;
  if (!isfinite(all->items[all->worst].relative) ||
      item->relative > all->items[all->worst].relative)
    all->worst = (size_t)(item - all->items);
  double square = item->right * item->right;
  if (wrong && fabs(item->value - square) > 1e-3 * square)
    all->squared = false;
}

static fc_status one(fc_distances *all, fc_candidate *candidate, pair *p,
                     const maker *from, int k, double rtol, fc_error *error) {
  fc_status status = make_pair(p, from, k);
  fc_distance *item = &all->items[all->count++];
  *item = (fc_distance){.why = p->why,
                        .n = p->n,
                        .m = p->m,
                        .value = NAN,
                        .relative = NAN,
                        .size = size_of(p)};
  if (status == FC_OK)
    status = right_distance(item, p->x, p->y, p->d, error);
  const fc_question question = {.asked = FC_ASKED_W2,
                                .n = p->n,
                                .d = p->d,
                                .x = p->x,
                                .m = p->m,
                                .y = p->y};
  if (status == FC_OK)
    status = fc_candidate_ask(&item->value, candidate, &question, error);
  if (status == FC_OK)
    judge(all, item, rtol);
  return status;
}

fc_status fc_test_distances(fc_distances *all, fc_candidate *candidate,
                            const fc_subject *subject, double rtol,
                            fc_error *error) {
  fc_random random;
  const maker from = {subject, &random};
  size_t size = SIZE * subject->d;
  memset(all, 0, sizeof *all);
  all->squared = true;
  fc_random_init(&random, subject->seed, "candidate-w2", subject->name);
  double *room = malloc(2 * size * sizeof *room);
  fc_status status = room ? FC_OK : FC_MEMORY;
  for (int k = 0; k < 16 && status == FC_OK; k++) {
    pair p = {.x = room, .y = room + size, .d = subject->d};
    status = one(all, candidate, &p, &from, k, rtol, error);
  }
  all->squared = all->squared && all->wrong;
  free(room);
  return status;
}
