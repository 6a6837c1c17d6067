#include "suprema/flow_extremum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "suprema/flow_search.h"

enum {
  LINE_FINALISTS = 6,
  SPACE_FINALISTS = 1, /* flows in R^d are dear */
  LINE_TIES = 4,       /* further structured starts at the top */
  LINE_OVERFLOWS = 6,  /* candidates that only MPFR can evaluate */
  SPACE_TIES = 1,
  SPACE_OVERFLOWS = 1,
  MANY = 4, /* components, beyond which integrating what overflows fails: the
               trajectory is as unstable as the value is large */
  ADMISSIBLE = -20, /* log2 of the largest relative error */
};

struct fc_flow_extremizer {
  const fc_target *target;
  const fc_schedule *schedule;
  fc_ctx ctx[1];
  size_t d;
  long bits; /* of a point's coordinates */
  /* A product: the search goes factor by factor. */
  fc_flow_extremizer **factors;
  fc_flow_extremum *found; /* one a factor */
  size_t factor_count;
  /* else: */
  fc_flow_search *search;
  fc_flow_norm *norm; /* in ctx */
  fc_starts *starts;
  fc_time time[2][1];
  fc_schedule_value at[2][1];
  fc_ptr trial;
  fc_num value, error, limit;
  bool begun, reached; /* what the search is about, if anything */
  fc_flow_moment moments[2];
  size_t begun_count; /* candidates before any improvement */
};

void fc_flow_moment_time(fc_time *time, const fc_flow_moment *m,
                         const fc_ctx *ctx) {
  fc_time_set_d(time, m->time, m->from_end, ctx);
}

bool fc_flow_moment_before(const fc_flow_moment *s, const fc_flow_moment *t) {
  if (s->from_end && t->from_end)
    return s->time > t->time;
  return (s->from_end ? 1 - s->time : s->time) <
         (t->from_end ? 1 - t->time : t->time);
}

fc_status fc_flow_extremum_init(fc_flow_extremum *e, size_t d,
                                const fc_ctx *ctx) {
  fc_init(e->value, ctx);
  fc_init(e->error, ctx);
  e->point = fc_vec_new(d, ctx);
  e->at_image = e->found = false;
  e->failure.message[0] = '\0';
  return e->point ? FC_OK : FC_MEMORY;
}

void fc_flow_extremum_clear(fc_flow_extremum *e, size_t d, const fc_ctx *ctx) {
  fc_clear(e->value, ctx);
  fc_clear(e->error, ctx);
  fc_vec_free(e->point, e->point ? d : 0, ctx);
}

/* --- making one ---------------------------------------------------------- */

static fc_status new_factors(fc_flow_extremizer *e, const fc_random *random,
                             fc_error *error) {
  e->factors = calloc(e->factor_count, sizeof(fc_flow_extremizer *));
  e->found = calloc(e->factor_count, sizeof *e->found);
  fc_status status = e->factors && e->found ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < e->factor_count && !status; i++) {
    const fc_target *factor = fc_target_factor(e->target, i);
    fc_random branch = fc_random_branch(random, i);
    status = fc_flow_extremizer_new(&e->factors[i], factor, e->schedule, e->ctx,
                                    e->bits, &branch, error);
    if (!status)
      status = fc_flow_extremum_init(&e->found[i], e->factors[i]->d, e->ctx);
  }
  return status;
}

static fc_status new_search(fc_flow_extremizer *e, const fc_random *random,
                            fc_error *error) {
  e->trial = fc_vec_new(e->d, e->ctx);
  e->search = calloc(1, sizeof *e->search);
  if (!e->trial || !e->search)
    return FC_MEMORY;
  fc_status status =
      fc_flow_search_init(e->search, e->target, e->schedule, random, error);
  if (!status)
    status = fc_flow_norm_new(&e->norm, e->target, e->schedule, e->ctx, error);
  if (!status)
    status = fc_starts_new(&e->starts, e->target, e->ctx);
  return status;
}

fc_status fc_flow_extremizer_new(fc_flow_extremizer **extremizer,
                                 const fc_target *target,
                                 const fc_schedule *schedule, const fc_ctx *ctx,
                                 long bits, const fc_random *random,
                                 fc_error *error) {
  fc_flow_extremizer *e = calloc(1, sizeof *e);
  if (!e)
    return fc_fail(error, FC_MEMORY, "out of memory");
  e->target = target;
  e->schedule = schedule;
  e->ctx[0] = *ctx;
  e->bits = bits;
  e->d = fc_target_dimension(target);
  e->factor_count = fc_target_factor_count(target);
  for (int end = 0; end < 2; end++) {
    fc_time_init(e->time[end], ctx);
    fc_schedule_value_init(e->at[end], ctx);
  }
  fc_init(e->value, ctx);
  fc_init(e->error, ctx);
  fc_init(e->limit, ctx);
  fc_status status = e->factor_count > 0 ? new_factors(e, random, error)
                                         : new_search(e, random, error);
  if (status)
    fc_flow_extremizer_free(e);
  else
    *extremizer = e;
  return status;
}

static void free_factors(fc_flow_extremizer *e) {
  for (size_t i = 0; e->factors && e->found && i < e->factor_count; i++)
    if (e->factors[i]) {
      fc_flow_extremum_clear(&e->found[i], e->factors[i]->d, e->ctx);
      fc_flow_extremizer_free(e->factors[i]);
    }
  free(e->factors);
  free(e->found);
}

void fc_flow_extremizer_free(fc_flow_extremizer *e) {
  if (!e)
    return;
  free_factors(e);
  if (e->search)
    fc_flow_search_clear(e->search);
  free(e->search);
  fc_flow_norm_free(e->norm);
  fc_starts_free(e->starts);
  fc_vec_free(e->trial, e->trial ? e->d : 0, e->ctx);
  for (int end = 0; end < 2; end++) {
    fc_time_clear(e->time[end], e->ctx);
    fc_schedule_value_clear(e->at[end], e->ctx);
  }
  fc_clear(e->value, e->ctx);
  fc_clear(e->error, e->ctx);
  fc_clear(e->limit, e->ctx);
  free(e);
}

/* --- the winners in the working context ----------------------------------- */

/* Takes e->trial, which stands at `end`, where it is better and admissible. */
static void consider(fc_flow_extremum *best, fc_flow_extremizer *e,
                     fc_flow_end end, fc_flow_end start) {
  const fc_ctx *ctx = e->ctx;
  fc_error failure = {0};
  fc_status status = fc_flow_norm_at(e->value, e->error, e->norm, e->trial, end,
                                     start, &failure);
  if (status == FC_BUDGET)
    best->failure = failure;
  if (status)
    return;
  fc_mul_2exp_si(e->limit, e->value, ADMISSIBLE, ctx);
  if (fc_le(e->error, e->limit, ctx) != FC_TRUE)
    return;
  if (best->found && fc_cmp_mid(e->value, best->value, ctx) <= 0)
    return;
  best->found = true;
  best->at_image = end != start;
  fc_set(best->value, e->value, ctx);
  fc_set(best->error, e->error, ctx);
  fc_vec_set(best->point, e->trial, e->d, ctx);
}

static void round_trial(fc_flow_extremizer *e) {
  mpfr_t short_number;
  if (e->ctx->kind != FC_MPFR)
    return;
  mpfr_init2(short_number, e->bits);
  for (size_t k = 0; k < e->d; k++) {
    fc_get_mid(short_number, e->trial + k, e->ctx);
    fc_set_mpfr(e->trial + k, short_number, e->ctx);
  }
  mpfr_clear(short_number);
}

static void consider_candidate(fc_flow_extremum *best, fc_flow_extremizer *e,
                               const fc_flow_candidate *c, fc_flow_end start) {
  if (c->start >= 0)
    fc_starts_get(e->trial, e->starts, (size_t)c->start, e->at[c->end]->a,
                  e->at[c->end]->b);
  else
    for (size_t k = 0; k < e->d; k++)
      fc_set_d(e->trial + k, c->x[k], e->ctx);
  round_trial(e);
  consider(best, e, c->end, start);
}

/* -1 where p comes before q: higher scores first, then those at the start, then
 * by age; NaN last. */
static int compare_scores(const fc_flow_candidate *p,
                          const fc_flow_candidate *q, fc_flow_end start) {
  double x = p->score[start], y = q->score[start];
  if (isnan(x) != isnan(y))
    return isnan(x) ? 1 : -1;
  if (!isnan(x) && x != y)
    return x > y ? -1 : 1;
  if (p->end != q->end)
    return p->end == start ? -1 : 1;
  return p->order < q->order ? -1 : 1;
}

static int from_earlier(const void *p, const void *q) {
  return compare_scores(*(const fc_flow_candidate *const *)p,
                        *(const fc_flow_candidate *const *)q, FC_EARLIER);
}

static int from_later(const void *p, const void *q) {
  return compare_scores(*(const fc_flow_candidate *const *)p,
                        *(const fc_flow_candidate *const *)q, FC_LATER);
}

/* Evaluates the best candidates, and structured ones that are as good within
 * rounding: those at their exact place. */
static void finals(fc_flow_extremum *best, fc_flow_extremizer *e,
                   const fc_flow_candidate *const *sorted, size_t count,
                   fc_flow_end start) {
  int finite = 0, ties = 0, overflowing = 0;
  bool line = e->d == 1 && !e->search->dear;
  bool many = fc_target_isotropic_count(e->target) > MANY;
  int finalists = line ? LINE_FINALISTS : SPACE_FINALISTS;
  int tie_limit = line ? LINE_TIES : many ? 0 : SPACE_TIES;
  int overflow_limit = line ? LINE_OVERFLOWS : many ? 0 : SPACE_OVERFLOWS;
  double top = NAN;
  for (size_t i = 0; i < count; i++) {
    const fc_flow_candidate *c = sorted[i];
    double score = c->score[start];
    if (isnan(score) || score == -INFINITY)
      return;
    if (isinf(score)) {
      if (overflowing++ < overflow_limit)
        consider_candidate(best, e, c, start);
      continue;
    }
    if (isnan(top))
      top = score;
    bool tied = c->start >= 0 && score >= top - 1e-7;
    if (finite++ < finalists || (tied && ties++ < tie_limit))
      consider_candidate(best, e, c, start);
  }
}

static fc_status search_from(fc_flow_extremum *best, fc_flow_extremizer *e,
                             fc_flow_end start) {
  fc_flow_search *s = e->search;
  best->failure = s->failure;
  s->count = e->begun_count;
  fc_flow_search_improve(s, start);
  const fc_flow_candidate **sorted = calloc(s->count, sizeof *sorted);
  if (!sorted)
    return FC_MEMORY;
  for (size_t i = 0; i < s->count; i++)
    sorted[i] = &s->candidates[i];
  qsort(sorted, s->count, sizeof *sorted,
        start == FC_EARLIER ? from_earlier : from_later);
  finals(best, e, sorted, s->count, start);
  free(sorted);
  return FC_OK;
}

/* --- between two times ---------------------------------------------------- */

static bool same(const fc_flow_moment *p, const fc_flow_moment *q) {
  return p->time == q->time && p->from_end == q->from_end;
}

static fc_status begin(fc_flow_extremizer *e, const fc_flow_moment *earlier,
                       const fc_flow_moment *later) {
  if (e->begun && same(earlier, &e->moments[0]) && same(later, &e->moments[1]))
    return FC_OK;
  e->moments[0] = *earlier;
  e->moments[1] = *later;
  e->begun = true;
  e->reached = false;
  fc_status status = FC_OK;
  for (int end = 0; end < 2 && !status; end++) {
    fc_flow_moment_time(e->time[end], &e->moments[end], e->ctx);
    status =
        fc_schedule_eval(e->at[end], e->schedule, e->time[end], false, e->ctx);
  }
  if (!status)
    status = fc_flow_norm_set_times(e->norm, e->time[0], e->time[1], NULL);
  if (!status)
    status = fc_flow_search_begin(e->search, earlier, later);
  if (status)
    return status == FC_DOMAIN ? FC_OK : status;
  e->begun_count = e->search->count;
  e->reached = true;
  return FC_OK;
}

/* The centre of a factor at one of the times. */
static fc_status set_centre(fc_ptr x, const fc_flow_extremizer *e,
                            const fc_flow_moment *moment) {
  fc_schedule_value at[1];
  fc_time time[1];
  fc_schedule_value_init(at, e->ctx);
  fc_time_init(time, e->ctx);
  fc_flow_moment_time(time, moment, e->ctx);
  fc_status status = fc_schedule_eval(at, e->schedule, time, false, e->ctx);
  if (!status)
    fc_starts_get(x, e->starts, 0, at->a, at->b);
  fc_time_clear(time, e->ctx);
  fc_schedule_value_clear(at, e->ctx);
  return status;
}

/* The derivative is block diagonal: its norm is the largest of the blocks'. The
 * other factors stand at their centres. */
static fc_status at_product(fc_flow_extremum *best, fc_flow_extremizer *e,
                            const fc_flow_moment *s, const fc_flow_moment *t) {
  fc_status status = FC_OK;
  fc_flow_extremum *most = NULL;
  for (size_t i = 0; i < e->factor_count && !status; i++) {
    fc_flow_extremum *found = &e->found[i];
    status = fc_flow_extremizer_at(found, e->factors[i], s, t);
    best->failure = found->failure;
    if (status || !found->found)
      return status; /* one factor without a flow: none */
    if (!most || fc_cmp_mid(found->value, most->value, e->ctx) > 0)
      most = found;
  }
  size_t place = 0;
  for (size_t i = 0; i < e->factor_count && !status; i++) {
    const fc_flow_extremizer *factor = e->factors[i];
    if (&e->found[i] == most)
      fc_vec_set(best->point + place, most->point, factor->d, e->ctx);
    else
      status = set_centre(best->point + place, factor, most->at_image ? t : s);
    place += factor->d;
  }
  fc_set(best->value, most->value, e->ctx);
  fc_set(best->error, most->error, e->ctx);
  best->at_image = most->at_image;
  best->found = !status;
  return status;
}

fc_status fc_flow_extremizer_at(fc_flow_extremum *best, fc_flow_extremizer *e,
                                const fc_flow_moment *s,
                                const fc_flow_moment *t) {
  best->found = false;
  best->failure.message[0] = '\0';
  if (e->factor_count > 0)
    return at_product(best, e, s, t);
  bool forward = fc_flow_moment_before(s, t);
  fc_status status = forward ? begin(e, s, t) : begin(e, t, s);
  if (status || !e->reached)
    return status;
  return search_from(best, e, forward ? FC_EARLIER : FC_LATER);
}

fc_status fc_flow_value_at(fc_ptr value, fc_ptr error, const fc_target *target,
                           const fc_schedule *schedule, const fc_flow_moment *s,
                           const fc_flow_moment *t, fc_srcptr point,
                           bool at_image, const fc_ctx *ctx,
                           fc_error *failure) {
  bool forward = fc_flow_moment_before(s, t);
  fc_flow_end start = forward ? FC_EARLIER : FC_LATER;
  fc_flow_end end = at_image ? (forward ? FC_LATER : FC_EARLIER) : start;
  fc_flow_norm *norm = NULL;
  fc_time time[2][1];
  fc_status status = fc_flow_norm_new(&norm, target, schedule, ctx, NULL);
  if (status)
    return status;
  for (int i = 0; i < 2; i++)
    fc_time_init(time[i], ctx);
  fc_flow_moment_time(time[0], forward ? s : t, ctx);
  fc_flow_moment_time(time[1], forward ? t : s, ctx);
  status = fc_flow_norm_set_times(norm, time[0], time[1], NULL);
  if (!status)
    status = fc_flow_norm_at(value, error, norm, point, end, start, failure);
  for (int i = 0; i < 2; i++)
    fc_time_clear(time[i], ctx);
  fc_flow_norm_free(norm);
  return status;
}
