/* Flows: storage and the choice of a method. */
#include <math.h>
#include <stdlib.h>

#include "flow/flow_impl.h"

const char *fc_flow_method_name(fc_flow_method method) {
  static const char *const names[FC_FLOW_METHOD_COUNT] = {
      [FC_FLOW_AUTO] = "auto",           [FC_FLOW_CLOSED] = "closed",
      [FC_FLOW_EXACT] = "exact",         [FC_FLOW_TAYLOR] = "taylor",
      [FC_FLOW_DIRECT] = "direct",       [FC_FLOW_GSL] = "gsl",
      [FC_FLOW_VALIDATED] = "validated",
  };
  return names[method];
}

static const fc_flow_kind *kind_of(fc_flow_method method) {
  switch (method) {
  case FC_FLOW_CLOSED:
    return &fc_flow_closed;
  case FC_FLOW_EXACT:
    return &fc_flow_exact;
  case FC_FLOW_TAYLOR:
    return &fc_flow_taylor;
  case FC_FLOW_DIRECT:
    return &fc_flow_direct;
  case FC_FLOW_GSL:
    return &fc_flow_gsl;
  case FC_FLOW_VALIDATED:
    return &fc_flow_validated;
  case FC_FLOW_AUTO:
  case FC_FLOW_METHOD_COUNT:
    break;
  }
  return NULL;
}

static fc_status new_storage(fc_flow *flow) {
  size_t d = flow->d;
  flow->storage_count = d + d * d + 2;
  flow->point = fc_vec_new(d, &flow->ctx);
  flow->storage = fc_vec_new(flow->storage_count, &flow->ctx);
  flow->value.x = flow->storage;
  if (!flow->storage || !flow->point)
    return FC_MEMORY;
  flow->value.jacobian = flow->value.x + d;
  flow->value.x_error = flow->value.jacobian + d * d;
  flow->value.jacobian_error = flow->value.x_error + 1;
  return FC_OK;
}

static fc_status bind_kind(fc_flow *flow, const fc_flow_kind *kind,
                           fc_error *error) {
  flow->kind = kind;
  fc_status status = kind->bind(flow, error);
  if (status && flow->state) {
    kind->release(flow);
    flow->state = NULL;
  }
  return status;
}

static fc_status bind_method(fc_flow *flow, fc_flow_method method,
                             fc_error *error) {
  flow->method = method;
  fc_status status = bind_kind(flow, kind_of(method), error);
  if (status == FC_UNSUPPORTED && method == FC_FLOW_CLOSED)
    status = bind_kind(flow, &fc_flow_collinear, error);
  return status;
}

static fc_status bind(fc_flow *flow, fc_error *error) {
  if (fc_target_factor_count(flow->target) > 0) {
    flow->kind = &fc_flow_product;
    return flow->kind->bind(flow, error);
  }
  if (flow->asked != FC_FLOW_AUTO)
    return bind_method(flow, flow->asked, error);
  static const fc_flow_method order[] = {FC_FLOW_CLOSED, FC_FLOW_EXACT,
                                         FC_FLOW_TAYLOR, FC_FLOW_VALIDATED};
  fc_status status = FC_UNSUPPORTED;
  for (int i = 0; i < 4 && status == FC_UNSUPPORTED; i++)
    status = bind_method(flow, order[i], error);
  return status;
}

/* A step costs about the cube of the precision: fewer of them where it is high,
 * but always several times what a smooth flow takes. */
static long affordable_steps(const fc_ctx *ctx) {
  const double most = 20000, least = 400, bits = 192;
  double steps = most * pow(bits / (double)ctx->precision, 3);
  return (long)fmin(fmax(steps, least), most);
}

fc_status fc_flow_new(fc_flow **result, const fc_target *target,
                      const fc_schedule *schedule, fc_flow_method method,
                      const fc_ctx *ctx, fc_error *error) {
  fc_flow *flow = calloc(1, sizeof *flow);
  if (!flow)
    return fc_fail(error, FC_MEMORY, "out of memory");
  flow->ctx = *ctx;
  flow->target = target;
  flow->schedule = schedule;
  flow->d = fc_target_dimension(target);
  flow->asked = method;
  flow->budget = affordable_steps(ctx);
  fc_time_init(&flow->s, ctx);
  fc_time_init(&flow->t, ctx);
  fc_schedule_value_init(flow->from, ctx);
  fc_schedule_value_init(flow->to, ctx);
  fc_status status = new_storage(flow);
  if (status)
    fc_fail(error, status, "out of memory");
  else
    status = bind(flow, error);
  if (status)
    fc_flow_free(flow);
  else
    *result = flow;
  return status;
}

void fc_flow_free(fc_flow *flow) {
  if (!flow)
    return;
  if (flow->state)
    flow->kind->release(flow);
  fc_time_clear(&flow->s, &flow->ctx);
  fc_time_clear(&flow->t, &flow->ctx);
  fc_schedule_value_clear(flow->from, &flow->ctx);
  fc_schedule_value_clear(flow->to, &flow->ctx);
  fc_vec_free(flow->storage, flow->storage_count, &flow->ctx);
  fc_vec_free(flow->point, flow->d, &flow->ctx);
  fc_flow_free(flow->second);
  free(flow);
}

static void copy_time(fc_time *z, const fc_time *x, const fc_ctx *ctx) {
  fc_set(z->t, x->t, ctx);
  fc_set(z->r, x->r, ctx);
}

fc_status fc_flow_set_times(fc_flow *flow, const fc_time *s, const fc_time *t,
                            fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  copy_time(&flow->s, s, ctx);
  copy_time(&flow->t, t, ctx);
  fc_status status = fc_schedule_eval(flow->from, flow->schedule, s, true, ctx);
  if (!status)
    status = fc_schedule_eval(flow->to, flow->schedule, t, true, ctx);
  if (status)
    return fc_fail(error, status, "the schedule has no value there");
  return flow->kind->set_times(flow, error);
}

/* The tails of binary64 end where a probability underflows; those of MPFR do
 * not. */
enum { TAIL_BITS = 64 };

static fc_status new_second(fc_flow *flow, fc_error *error) {
  fc_ctx wide;
  fc_ctx_init_mpfr(&wide, TAIL_BITS);
  return fc_flow_new(&flow->second, flow->target, flow->schedule, FC_FLOW_AUTO,
                     &wide, error);
}

static fc_status convert_times(fc_flow *to, const fc_flow *from,
                               fc_error *error) {
  fc_time s, t;
  fc_time_init(&s, &to->ctx);
  fc_time_init(&t, &to->ctx);
  fc_time_convert(&s, &to->ctx, &from->s, &from->ctx);
  fc_time_convert(&t, &to->ctx, &from->t, &from->ctx);
  fc_status status = fc_flow_set_times(to, &s, &t, error);
  fc_time_clear(&s, &to->ctx);
  fc_time_clear(&t, &to->ctx);
  return status;
}

/* The same point in MPFR; what comes out is rounded to binary64, and the errors
 * count that. */
static fc_status evaluate_wide(fc_flow *flow, fc_srcptr x, unsigned want,
                               fc_error *error) {
  fc_status status = flow->second ? FC_OK : new_second(flow, error);
  if (!status)
    status = convert_times(flow->second, flow, error);
  if (status)
    return status;
  fc_flow *second = flow->second;
  fc_ptr point = fc_vec_new(flow->d, &second->ctx);
  if (!point)
    return fc_fail(error, FC_MEMORY, "out of memory");
  for (size_t i = 0; i < flow->d; i++)
    fc_convert(point + i, &second->ctx, x + i, &flow->ctx);
  second->budget = flow->budget;
  status = fc_flow_eval(second, point, want, error);
  fc_vec_free(point, flow->d, &second->ctx);
  flow->reached = second->reached;
  if (status)
    return status;
  for (size_t i = 0; i < flow->storage_count; i++)
    fc_convert(flow->storage + i, &flow->ctx, second->storage + i,
               &second->ctx);
  double x_error = fc_get_d(flow->value.x_error, &flow->ctx),
         jacobian_error = fc_get_d(flow->value.jacobian_error, &flow->ctx);
  fc_flow_set_rounding(flow, want, 2);
  fc_num extra;
  fc_init(extra, &flow->ctx);
  fc_set_d(extra, x_error + 0x1p-1022, &flow->ctx);
  fc_add(flow->value.x_error, flow->value.x_error, extra, &flow->ctx);
  fc_set_d(extra, jacobian_error + 0x1p-1022, &flow->ctx);
  fc_add(flow->value.jacobian_error, flow->value.jacobian_error, extra,
         &flow->ctx);
  fc_clear(extra, &flow->ctx);
  return FC_OK;
}

/* A box of points by the validated integrator: the exact map, evaluated over a
 * ball, loses what its parts have in common. */
static fc_status evaluate_box(fc_flow *flow, fc_srcptr x, unsigned want,
                              fc_error *error) {
  fc_status status = FC_OK;
  if (!flow->second)
    status = fc_flow_new(&flow->second, flow->target, flow->schedule,
                         FC_FLOW_VALIDATED, &flow->ctx, error);
  if (!status)
    status = fc_flow_set_times(flow->second, &flow->s, &flow->t, error);
  if (status)
    return status;
  flow->second->budget = flow->budget;
  status = fc_flow_eval(flow->second, x, want, error);
  flow->reached = flow->second->reached;
  fc_vec_set(flow->storage, flow->second->storage, flow->storage_count,
             &flow->ctx);
  return status;
}

static bool is_box(const fc_flow *flow, fc_srcptr x) {
  if (flow->ctx.kind != FC_ARB || flow->asked != FC_FLOW_AUTO ||
      (flow->kind != &fc_flow_exact && flow->kind != &fc_flow_collinear))
    return false;
  mpfr_t rad;
  mpfr_init2(rad, 53);
  bool box = false;
  for (size_t i = 0; i < flow->d; i++) {
    fc_get_rad(rad, x + i, &flow->ctx);
    box = box ||
          (mpfr_regular_p(rad) && mpfr_get_exp(rad) > -flow->ctx.precision / 2);
  }
  mpfr_clear(rad);
  return box;
}

/* Where the exact map in binary64 has no value. */
static bool wants_more(const fc_flow *flow, fc_status status) {
  return (status == FC_DOMAIN || status == FC_BUDGET) &&
         flow->asked == FC_FLOW_AUTO && flow->ctx.kind == FC_DOUBLE &&
         (flow->kind == &fc_flow_exact || flow->kind == &fc_flow_collinear);
}

static bool all_finite(fc_srcptr x, size_t count, const fc_ctx *ctx) {
  for (size_t i = 0; i < count; i++)
    if (!fc_is_finite(x + i, ctx))
      return false;
  return true;
}

fc_status fc_flow_eval(fc_flow *flow, fc_srcptr x, unsigned want,
                       fc_error *error) {
  const fc_ctx *ctx = &flow->ctx;
  size_t d = flow->d;
  if (!all_finite(x, d, ctx))
    return fc_fail(error, FC_DOMAIN, "the point is not finite");
  fc_vec_set(flow->point, x, d, ctx); /* x may be the last result */
  flow->reached = fc_get_d(flow->t.t, ctx);
  fc_set_si(flow->value.x_error, 0, ctx);
  fc_set_si(flow->value.jacobian_error, 0, ctx);
  fc_status status = FC_UNSUPPORTED;
  bool box = is_box(flow, x);
  if (box)
    status = evaluate_box(flow, flow->point, want, error);
  box = status != FC_UNSUPPORTED;
  if (!box)
    status = flow->kind->eval(flow, flow->point, want, error);
  bool more = !box && wants_more(flow, status);
  flow->widened = box || more;
  if (more)
    status = evaluate_wide(flow, flow->point, want, error);
  if (status == FC_OK &&
      !(all_finite(flow->value.x, want & FC_FLOW_POSITION ? d : 0, ctx) &&
        all_finite(flow->value.jacobian, want & FC_FLOW_JACOBIAN ? d * d : 0,
                   ctx)))
    status = fc_fail(error, FC_DOMAIN,
                     "the result is beyond the range of this arithmetic");
  return status;
}

const fc_flow_value *fc_flow_values(const fc_flow *flow) {
  return &flow->value;
}

bool fc_flow_get_stretch(fc_flow_stretch *stretch, const fc_flow *flow) {
  if (flow->kind != &fc_flow_collinear || flow->widened)
    return false;
  fc_collinear_get_stretch(stretch, flow);
  return true;
}

fc_flow_method fc_flow_method_used(const fc_flow *flow) { return flow->method; }

void fc_flow_set_budget(fc_flow *flow, long steps) { flow->budget = steps; }

double fc_flow_reached(const fc_flow *flow) { return flow->reached; }

fc_status fc_flow_needs_density(fc_flow *flow, fc_error *error) {
  bool end = fc_is_zero(flow->from->a, &flow->ctx) != FC_FALSE ||
             fc_is_zero(flow->to->a, &flow->ctx) != FC_FALSE;
  return end && !fc_target_has_density(flow->target)
             ? fc_fail(error, FC_DOMAIN,
                       "the law has no density: the flow ends before t = 1")
             : FC_OK;
}

/* --- for the methods ------------------------------------------------------ */

void fc_largest_magnitude(fc_ptr z, fc_srcptr x, size_t count,
                          const fc_ctx *ctx) {
  fc_num size;
  fc_init(size, ctx);
  fc_set_si(z, 0, ctx);
  for (size_t i = 0; i < count; i++) {
    fc_abs(size, x + i, ctx);
    fc_max(z, z, size, ctx);
  }
  fc_clear(size, ctx);
}

void fc_flow_set_rounding(fc_flow *flow, unsigned want, long bits) {
  const fc_ctx *ctx = &flow->ctx;
  if (ctx->kind == FC_ARB)
    return;
  long shift = bits - ctx->precision;
  if (want & FC_FLOW_POSITION) {
    fc_largest_magnitude(flow->value.x_error, flow->value.x, flow->d, ctx);
    fc_mul_2exp_si(flow->value.x_error, flow->value.x_error, shift, ctx);
  }
  if (want & FC_FLOW_JACOBIAN) {
    fc_largest_magnitude(flow->value.jacobian_error, flow->value.jacobian,
                         flow->d * flow->d, ctx);
    fc_mul_2exp_si(flow->value.jacobian_error, flow->value.jacobian_error,
                   shift, ctx);
  }
}

double fc_flow_time_of_u(const fc_flow *flow, double u) {
  double t = 0, r = 1;
  if (isinf(u))
    return 1;
  if (!(u > 0) || fc_schedule_time_of_snr(&t, &r, flow->schedule, u * u))
    return 0;
  return t;
}

void fc_flow_set_reached(fc_flow *flow, double t) {
  double s = fc_get_d(flow->s.t, &flow->ctx),
         end = fc_get_d(flow->t.t, &flow->ctx);
  t += (s < end ? -1 : 1) * 0x1p-48; /* a bisection's error, and more */
  flow->reached = fmin(fmax(t, fmin(s, end)), fmax(s, end));
}
