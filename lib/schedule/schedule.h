/* Schedules (a_t, b_t) of X_t = a_t Z + b_t X_1: Table 1 of the paper and what
 * the project adds to it, in every arithmetic and stable at both ends.
 *
 *   name            a_t                b_t                    parameters
 *   ve              a0 (1-t)           1                      a0 = 2
 *   vp              a0 (1-t)           sqrt(1-a_t^2)          a0 = 99/100
 *   linear          1-t                t
 *   follmer         sqrt(1-t^2)        t
 *   trigonometric   cos(pi t/2)        sin(pi t/2)
 *   shifted-linear  (1-t)/(1+zeta)     (t+zeta)/(1+zeta)      zeta
 *   vp-sde          sqrt(1-b^2)        exp(-r^2 (beta_max-beta_min)/4
 *                                          - r beta_min/2), r = 1-t
 *                                      beta_min = 1/10, beta_max = 20
 *   custom          formula in t       formula in t           a, b
 */
#ifndef FC_SCHEDULE_SCHEDULE_H
#define FC_SCHEDULE_SCHEDULE_H

#include "arith/arith.h"
#include "base/status.h"
#include "formula/formula.h"

typedef struct fc_schedule fc_schedule;

/* A parameter as written: its name, its text and where it stands. */
typedef struct fc_schedule_parameter {
  const char *key;
  const char *text;
  fc_position position;
} fc_schedule_parameter;

/* Makes a schedule from its name and parameters (defaults where left out;
 * shifted-linear has no default zeta).  Checks ranges (a0 > 0; 0 < a0 < 1;
 * zeta >= 0; 0 <= beta_min <= beta_max, beta_max > 0) and, for custom, that
 * a and b are twice differentiable formulas with the end values of (3.2):
 * a(1) = 0, b(1) = 1, a(0) > 0, b(0) >= 0 (the rest is what gif.schedule
 * judges).  position (may be NULL) is where the name stands. */
fc_status fc_schedule_new(fc_schedule **schedule, const char *name,
                          const fc_schedule_parameter *parameters, size_t count,
                          const fc_position *position, fc_error *error);

/* From the command line form: NAME or NAME:key=value,key=value. */
fc_status fc_schedule_parse(fc_schedule **schedule, const char *text,
                            fc_error *error);

fc_status fc_schedule_copy(fc_schedule **copy, const fc_schedule *schedule);
void fc_schedule_free(fc_schedule *schedule); /* NULL is allowed */

const char *fc_schedule_name(const fc_schedule *schedule);

/* The command line form that makes this schedule again; parameters at their
 * defaults are left out ("ve", "shifted-linear:zeta=1/10"). */
const char *fc_schedule_label(const fc_schedule *schedule);

/* The formulas of a_t and b_t as text in t and the parameters' values. */
const char *fc_schedule_text_a(const fc_schedule *schedule);
const char *fc_schedule_text_b(const fc_schedule *schedule);

/* The built-in names, in Table 1's order and then the added ones. */
size_t fc_schedule_known_count(void);
const char *fc_schedule_known_name(size_t i);
const char *
fc_schedule_known_help(size_t i); /* one line: formulas, parameters */
/* True for the schedules that an instance without a `schedule` key gets: those
 * without parameters, ve and vp. */
bool fc_schedule_known_default(size_t i);

/* A time, kept together with r = 1 - t so that neither end loses digits. */
typedef struct fc_time {
  fc_num t;
  fc_num r;
} fc_time;

void fc_time_init(fc_time *time, const fc_ctx *ctx);
void fc_time_clear(fc_time *time, const fc_ctx *ctx);
/* From an exact constant; t and 1 - t are each rounded once. */
fc_status fc_time_set(fc_time *time, const fc_formula *constant,
                      const fc_ctx *ctx);
/* From a dyadic number: t or (from_end) 1 - t is exactly x. */
void fc_time_set_mpfr(fc_time *time, mpfr_srcptr x, bool from_end,
                      const fc_ctx *ctx);
void fc_time_set_d(fc_time *time, double x, bool from_end, const fc_ctx *ctx);
/* In a series context: t_0 + h, from a time of the base context. */
void fc_time_set_series(fc_time *time, const fc_time *base, const fc_ctx *ctx);

/* From one context to another, t and r each rounded once. */
void fc_time_convert(fc_time *to, const fc_ctx *to_ctx, const fc_time *from,
                     const fc_ctx *from_ctx);

/* Everything that the velocity field needs.  da, d2a (and d2b) are -inf/NaN
 * where they diverge (Follmer and vp-sde at t = 1); the fused quantities ada,
 * dada, omega (if regular), aomega stay finite there: never form them from da.
 * In balls an infinite derivative is an infinite ball. */
typedef struct fc_schedule_value {
  fc_num a, b;     /* a_t, b_t */
  fc_num da, db;   /* a', b' */
  fc_num d2a, d2b; /* a'', b'' */
  fc_num ada;      /* a a' = (a^2)'/2 */
  fc_num dada;     /* (a a')' = a'^2 + a a'' */
  fc_num omega;    /* a b' - a' b >= 0 */
  fc_num aomega;   /* a omega = a^2 b' - (a a') b */
  fc_num rho2;     /* a^2 + b^2, rho the polar radius */
  fc_num rho;      /* sqrt(a^2 + b^2) */
  fc_num theta;    /* atan2(b, a) in [0, pi/2] */
} fc_schedule_value;

void fc_schedule_value_init(fc_schedule_value *value, const fc_ctx *ctx);
void fc_schedule_value_clear(fc_schedule_value *value, const fc_ctx *ctx);

/* Evaluates at a time in [0, 1], both ends included.  Relative accuracy in
 * binary64 and MPFR: a few units in the last place for the built-in ones (b''
 * and (a a')' of vp-sde beside their zeros: of the larger term).  Custom ones
 * are evaluated with more bits, so that what a formula in t cancels at either
 * end, down to 2^-2000 or so, is made good.  Balls of times may reach t = 1.
 * Series about t = 1 exactly do not exist where a is a root there (Follmer,
 * vp-sde): a and what needs it are NaN then, the fused quantities stay.
 * rho and theta are filled only where polar is true. */
fc_status fc_schedule_eval(fc_schedule_value *value,
                           const fc_schedule *schedule, const fc_time *time,
                           bool polar, const fc_ctx *ctx);

/* The same in binary64, for questions that need no more; all NaN where the
 * schedule has no value.  The time is `time`, or from_end 1 - time. */
typedef struct fc_schedule_rough {
  double a, b, da, db, ada;
} fc_schedule_rough;
fc_schedule_rough fc_schedule_rough_at(const fc_schedule *schedule, double time,
                                       bool from_end);

/* u = b/a (infinite at t = 1). */
void fc_schedule_u(fc_ptr u, const fc_schedule_value *value, const fc_ctx *ctx);

/* Finds by bisection the time at which u_t^2 = w (w a positive constant): the
 * binary64 t and 1-t closest to it.  FC_DOMAIN where u_0^2 >= w (then the root
 * does not exist: erratum 3). */
fc_status fc_schedule_time_of_snr(double *t, double *r,
                                  const fc_schedule *schedule, double w);

#endif
