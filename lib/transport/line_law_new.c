/* Spelling a target out: parts, events and marks. */
#include "transport/line_law.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "transport/line_pushed.h"

/* --- parts ------------------------------------------------------------ */

static void number_each(fc_line_law *law, void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {law->below, law->above, law->log_density,
                            law->score, law->bend,  law->root,
                            law->t,     law->u,     law->v};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], &law->ctx);
}

static void part_each(fc_line_part *part, const fc_ctx *ctx,
                      void (*act)(fc_ptr, const fc_ctx *)) {
  fc_ptr const numbers[] = {part->weight, part->mean, part->spread, part->lower,
                            part->upper,  part->mass, part->height};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    act(numbers[i], ctx);
}

/* The events before they are sorted: end positions of terms. */
typedef struct place {
  const fc_formula *at;
  double near;
  long index;  /* of the event, when sorted */
  size_t term; /* whose end it is */
  bool is_upper;
} place;

static int compare_places(const void *left, const void *right) {
  const place *x = left, *y = right;
  int sign = 0;
  if (x->near != y->near)
    return x->near < y->near ? -1 : 1;
  if (fc_constant_compare(&sign, x->at, y->at) != FC_OK)
    return 0;
  return sign;
}

typedef struct builder {
  fc_line_law *law;
  const fc_target *target;
  const fc_line_frame *frame;
  place *places;
  size_t place_count;
  double reach;
} builder;

static fc_status read_spread(fc_ptr z, const fc_line_term *term,
                             const fc_line_frame *frame, const fc_ctx *ctx) {
  long scale = frame->scale * (term->spread_is_variance ? 2 : 1);
  fc_status status = fc_line_difference(z, term->spread, NULL, scale, ctx);
  if (term->spread_is_variance)
    fc_sqrt(z, z, ctx);
  return status;
}

/* Widths below this count as this in law->moved: their squares underflow. */
#define SEEN 0x1p-500

/* A normal law so narrow that binary64 could not tell its places apart is taken
 * for an atom; what that moves is law->moved. */
static bool is_atom(double *spread, const fc_line_term *term,
                    const fc_line_frame *frame) {
  fc_ctx ctx;
  fc_num s;
  *spread = 0;
  if (!term->spread || !term->mean || term->lower || term->upper)
    return false;
  fc_ctx_init_double(&ctx);
  fc_init(s, &ctx);
  fc_status status = read_spread(s, term, frame, &ctx);
  *spread = status ? 1 : fc_get_d(s, &ctx);
  fc_clear(s, &ctx);
  int sign = 0;
  if (*spread < SEEN && (fc_constant_sign(&sign, term->spread) || sign))
    *spread = SEEN;
  return *spread < 0x1p-44;
}

static fc_status add_place(builder *b, const fc_formula *at, size_t term,
                           bool is_upper) {
  fc_ctx ctx;
  fc_num z;
  if (!at)
    return FC_OK;
  fc_ctx_init_double(&ctx);
  fc_init(z, &ctx);
  fc_status status =
      fc_line_difference(z, at, b->frame->centre, b->frame->scale, &ctx);
  b->places[b->place_count++] =
      (place){at, fc_get_d(z, &ctx), 0, term, is_upper};
  fc_clear(z, &ctx);
  return status;
}

/* Atoms and ends, sorted; equal ones share an index. */
static fc_status find_events(builder *b) {
  size_t count = fc_target_term_count(b->target);
  fc_line_law *law = b->law;
  fc_status status = FC_OK;
  b->places = calloc(2 * count, sizeof *b->places);
  if (!b->places)
    return FC_MEMORY;
  for (size_t k = 0; k < count && !status; k++) {
    fc_line_term term;
    fc_target_term_get(&term, b->target, k);
    double spread;
    bool atom = is_atom(&spread, &term, b->frame);
    status = add_place(b, atom ? term.mean : term.lower, k, false);
    if (!status && !atom)
      status = add_place(b, term.upper, k, true);
  }
  if (b->place_count > 0)
    qsort(b->places, b->place_count, sizeof *b->places, compare_places);
  for (size_t i = 0; i < b->place_count; i++) {
    bool again = i > 0 && compare_places(b->places + i - 1, b->places + i) == 0;
    law->event_count += !again;
    b->places[i].index = law->event_count - 1;
  }
  law->event = fc_vec_new((size_t)law->event_count + 1, &law->ctx);
  if (!law->event)
    return FC_MEMORY;
  for (size_t i = 0; i < b->place_count && !status; i++)
    status =
        fc_line_difference(law->event + b->places[i].index, b->places[i].at,
                           b->frame->centre, b->frame->scale, &law->ctx);
  return status;
}

static fc_status read_weight(fc_ptr z, const fc_line_term *term,
                             const builder *b) {
  const fc_ctx *ctx = &b->law->ctx;
  if (term->weight)
    return fc_constant_eval(z, term->weight, ctx);
  fc_set_si(z, (long)fc_target_term_count(b->target), ctx);
  fc_inv(z, z, ctx);
  return FC_OK;
}

/* height = log(weight/(mass spread sqrt(2 pi))), log(weight/length). */
static void set_height(fc_line_part *part, const fc_ctx *ctx) {
  fc_set(part->height, part->mass, ctx);
  if (!part->uniform) {
    fc_set_pi(part->height, ctx);
    fc_mul_2exp_si(part->height, part->height, 1, ctx);
    fc_sqrt(part->height, part->height, ctx);
    fc_mul(part->height, part->height, part->spread, ctx);
    fc_mul(part->height, part->height, part->mass, ctx);
  }
  fc_div(part->height, part->weight, part->height, ctx);
  fc_log(part->height, part->height, ctx);
}

static void standard_end(fc_ptr z, const fc_line_part *part,
                         const fc_ctx *ctx) {
  if (part->uniform)
    return;
  fc_sub(z, z, part->mean, ctx);
  fc_div(z, z, part->spread, ctx);
}

static fc_status read_part(fc_line_part *part, const fc_line_term *term,
                           builder *b) {
  const fc_ctx *ctx = &b->law->ctx;
  part->uniform = !term->mean || !term->spread;
  part->has_lower = term->lower != NULL;
  part->has_upper = term->upper != NULL;
  fc_status status = read_weight(part->weight, term, b);
  if (!status && !part->uniform)
    status = fc_line_difference(part->mean, term->mean, b->frame->centre,
                                b->frame->scale, ctx);
  if (!status && !part->uniform)
    status = read_spread(part->spread, term, b->frame, ctx);
  if (part->has_lower)
    fc_set(part->lower, b->law->event + part->first, ctx);
  if (part->has_upper)
    fc_set(part->upper, b->law->event + part->last, ctx);
  standard_end(part->lower, part, ctx);
  standard_end(part->upper, part, ctx);
  fc_line_part_set_mass(part, b->law);
  set_height(part, ctx);
  return status;
}

/* The events at the ends of term k. */
static void ends_of(long *first, long *last, const builder *b, size_t k) {
  *first = -1;
  *last = b->law->event_count;
  for (size_t i = 0; i < b->place_count; i++)
    if (b->places[i].term == k)
      *(b->places[i].is_upper ? last : first) = b->places[i].index;
}

/* Whole parts: past where they end at or before the stretch begins. */
static void add_mass(fc_line_law *law, fc_srcptr weight, long first,
                     long last) {
  for (long i = last + 1; i <= law->event_count; i++)
    fc_add(law->past + i, law->past + i, weight, &law->ctx);
  for (long i = 0; i <= first; i++)
    fc_add(law->future + i, law->future + i, weight, &law->ctx);
}

static fc_status read_term(builder *b, size_t k) {
  fc_line_law *law = b->law;
  fc_line_term term;
  long first, last;
  fc_target_term_get(&term, b->target, k);
  if (b->place_count)
    ends_of(&first, &last, b, k);
  else
    first = -1, last = 0;
  double spread;
  if (is_atom(&spread, &term, b->frame)) {
    fc_status status = read_weight(law->t, &term, b);
    law->moved += fc_get_d(law->t, &law->ctx) * spread * spread;
    add_mass(law, law->t, first, first);
    return status;
  }
  fc_line_part *part = law->parts + law->count;
  part_each(part, &law->ctx, fc_init);
  law->count++;
  part->first = first;
  part->last = last;
  fc_status status = read_part(part, &term, b);
  add_mass(law, part->weight, first, last);
  return status;
}

/* --- marks ------------------------------------------------------------ */

static double start_of(const fc_line_law *law, const fc_line_part *part) {
  return part->has_lower ? fc_get_d(law->event + part->first, &law->ctx)
                         : -INFINITY;
}

static double end_of(const fc_line_law *law, const fc_line_part *part) {
  return part->has_upper ? fc_get_d(law->event + part->last, &law->ctx)
                         : INFINITY;
}

static void add_mark(fc_line_law *law, double x, const fc_line_part *part) {
  if (start_of(law, part) < x && x < end_of(law, part) && isfinite(x))
    law->marks[law->mark_count++] = x;
}

enum { MARKS_A_PART = 3 };

static fc_status set_marks(fc_line_law *law, double reach) {
  static const double out[] = {-3, 0, 3};
  law->low = INFINITY;
  law->high = -INFINITY;
  law->marks = calloc(MARKS_A_PART * law->count + 1, sizeof *law->marks);
  if (!law->marks)
    return FC_MEMORY;
  for (size_t k = 0; k < law->count; k++) {
    fc_line_part *part = law->parts + k;
    double m = fc_get_d(part->mean, &law->ctx),
           s = fc_get_d(part->spread, &law->ctx);
    if (part->uniform)
      continue;
    for (size_t i = 0; i < MARKS_A_PART; i++)
      add_mark(law, m + out[i] * s, part);
    if (!part->has_lower)
      law->low = fmin(law->low, fmin(m, end_of(law, part)) - reach * s);
    if (!part->has_upper)
      law->high = fmax(law->high, fmax(m, start_of(law, part)) + reach * s);
  }
  if (law->event_count && isinf(law->low))
    law->low = fc_get_d(law->event, &law->ctx);
  if (law->event_count && isinf(law->high))
    law->high = fc_get_d(law->event + law->event_count - 1, &law->ctx);
  if (law->mark_count)
    fc_sort_doubles(law->marks, law->mark_count);
  return FC_OK;
}

/* --- the whole -------------------------------------------------------- */

static fc_status build(builder *b) {
  fc_line_law *law = b->law;
  fc_status status = find_events(b);
  size_t count = fc_target_term_count(b->target);
  size_t stretches = (size_t)law->event_count + 1;
  law->parts = calloc(count, sizeof *law->parts);
  law->past = fc_vec_new(stretches, &law->ctx);
  law->future = fc_vec_new(stretches, &law->ctx);
  if (!law->parts || !law->past || !law->future)
    return FC_MEMORY;
  for (size_t k = 0; k < count && !status; k++)
    status = read_term(b, k);
  return status ? status : set_marks(law, b->reach);
}

fc_status fc_line_law_init(fc_line_law *law, const fc_target *target,
                           const fc_line_frame *frame, double reach,
                           const fc_ctx *ctx, fc_error *error) {
  builder b = {.law = law, .target = target, .frame = frame, .reach = reach};
  *law = (fc_line_law){.ctx = *ctx};
  number_each(law, fc_init);
  fc_set_si(law->root, 2, ctx);
  fc_sqrt(law->root, law->root, ctx);
  fc_status status = build(&b);
  free(b.places);
  return status ? fc_fail(error, status, "the law on the line: %s",
                          fc_status_text(status))
                : FC_OK;
}

/* The k-th normal law of fc_line_law_init_normals. */
static void set_normal(fc_line_law *law, fc_srcptr weight, fc_srcptr mean,
                       fc_srcptr spread) {
  fc_line_part *part = law->parts + law->count++;
  part_each(part, &law->ctx, fc_init);
  part->first = -1;
  fc_set(part->weight, weight, &law->ctx);
  fc_set(part->mean, mean, &law->ctx);
  fc_set(part->spread, spread, &law->ctx);
  fc_line_part_set_mass(part, law);
  set_height(part, &law->ctx);
}

fc_status fc_line_law_init_normals(fc_line_law *law, size_t count,
                                   fc_srcptr weights, fc_srcptr means,
                                   fc_srcptr spreads, double reach,
                                   const fc_ctx *ctx, fc_error *error) {
  *law = (fc_line_law){.ctx = *ctx};
  number_each(law, fc_init);
  fc_set_si(law->root, 2, ctx);
  fc_sqrt(law->root, law->root, ctx);
  law->parts = calloc(count + 1, sizeof *law->parts);
  law->event = fc_vec_new(1, ctx);
  law->past = fc_vec_new(1, ctx);
  law->future = fc_vec_new(1, ctx);
  if (!law->parts || !law->event || !law->past || !law->future)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t k = 0; k < count; k++)
    set_normal(law, weights + k, means + k, spreads + k);
  return set_marks(law, reach) ? fc_fail(error, FC_MEMORY, "out of memory")
                               : FC_OK;
}

void fc_line_law_clear(fc_line_law *law) {
  fc_line_pushed_free(law->pushed, &law->ctx);
  size_t stretches = (size_t)law->event_count + 1;
  for (size_t k = 0; k < law->count; k++)
    part_each(law->parts + k, &law->ctx, fc_clear);
  free(law->parts);
  fc_vec_free(law->event, stretches, &law->ctx);
  fc_vec_free(law->past, stretches, &law->ctx);
  fc_vec_free(law->future, stretches, &law->ctx);
  free(law->marks);
  number_each(law, fc_clear);
}
