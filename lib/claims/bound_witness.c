#include "claims/bound_witness.h"

#include <stdlib.h>
#include <string.h>

#include "matrix/matrix.h"
#include "velocity/velocity.h"

enum { DIRECTION_BITS = 64, EXTRA_BITS = 320 };

/* --- the direction -------------------------------------------------------- */

/* The entry as a fraction with denominator 2^64, the largest being 1; malloc'd.
 */
static char *direction_text(fc_srcptr entry, fc_srcptr largest,
                            const fc_ctx *ctx) {
  fc_num ratio;
  mpfr_t value;
  mpq_t fraction;
  fc_text text[1];
  fc_init(ratio, ctx);
  mpfr_init2(value, ctx->precision);
  mpq_init(fraction);
  fc_text_init(text);
  fc_div(ratio, entry, largest, ctx);
  fc_get_mid(value, ratio, ctx);
  mpfr_mul_2si(value, value, DIRECTION_BITS, MPFR_RNDN);
  if (mpfr_number_p(value))
    mpfr_get_z(mpq_numref(fraction), value, MPFR_RNDN);
  mpq_div_2exp(fraction, fraction, DIRECTION_BITS);
  char *digits = mpq_get_str(NULL, 10, fraction);
  fc_text_append(text, digits ? digits : "0");
  free(digits);
  mpq_clear(fraction);
  mpfr_clear(value);
  fc_clear(ratio, ctx);
  return fc_text_take(text);
}

static fc_srcptr largest_entry(fc_srcptr vector, size_t d, const fc_ctx *ctx) {
  size_t most = 0;
  fc_num x, y;
  fc_init(x, ctx);
  fc_init(y, ctx);
  for (size_t i = 1; i < d; i++) {
    fc_abs(x, vector + i, ctx);
    fc_abs(y, vector + most, ctx);
    if (fc_lt(y, x, ctx) == FC_TRUE)
      most = i;
  }
  fc_clear(x, ctx);
  fc_clear(y, ctx);
  return vector + most;
}

/* What the texts of the record say. */
static fc_status read_point(fc_time *time, fc_ptr x, const fc_record *record,
                            const fc_ctx *ctx) {
  fc_formula *constant = NULL;
  fc_status status =
      fc_constant_parse(&constant, record->witness_t.mid, NULL, NULL);
  if (status == FC_OK)
    status = fc_time_set(time, constant, ctx);
  fc_formula_free(constant);
  for (size_t i = 0; i < record->witness_count && status == FC_OK; i++) {
    constant = NULL;
    status = fc_constant_parse(&constant, record->witness_x[i].mid, NULL, NULL);
    if (status == FC_OK)
      status = fc_constant_eval(x + i, constant, ctx);
    fc_formula_free(constant);
  }
  return status;
}

/* vector (d) = the eigenvector of grad v that belongs to the side. */
static fc_status eigenvector(fc_ptr vector, const fc_job *job,
                             const fc_record *record, fc_side side,
                             const fc_ctx *ctx) {
  size_t d = record->witness_count;
  fc_velocity *velocity = NULL;
  fc_time time[1];
  fc_ptr room = fc_vec_new(2 * d + d * d, ctx); /* x, eigenvalues, vectors */
  fc_status status = room ? FC_OK : FC_MEMORY;
  fc_time_init(time, ctx);
  if (status == FC_OK)
    status = read_point(time, room, record, ctx);
  if (status == FC_OK)
    status = fc_velocity_new(&velocity, job->instance->target, job->schedule,
                             ctx, NULL);
  if (status == FC_OK)
    status = fc_velocity_set_time(velocity, time);
  if (status == FC_OK)
    status = fc_velocity_eval(velocity, room, FC_VELOCITY_JACOBIAN);
  if (status == FC_OK)
    status = fc_matrix_eigen(room + d, room + 2 * d,
                             fc_velocity_values(velocity)->jacobian, d, ctx);
  if (status == FC_OK)
    fc_vec_set(vector, room + 2 * d + (side == FC_LARGEST ? d * (d - 1) : 0), d,
               ctx);
  fc_velocity_free(velocity);
  fc_time_clear(time, ctx);
  fc_vec_free(room, 2 * d + d * d, ctx);
  return status;
}

static fc_status set_point(fc_certificate_witness *witness,
                           const fc_record *record, fc_srcptr vector,
                           const fc_ctx *ctx) {
  size_t d = record->witness_count;
  char **direction = calloc(d, sizeof *direction);
  const char **x = calloc(d, sizeof *x);
  bool ok = direction && x;
  for (size_t i = 0; ok && i < d; i++) {
    x[i] = record->witness_x[i].mid;
    direction[i] =
        direction_text(vector + i, largest_entry(vector, d, ctx), ctx);
    ok = direction[i];
  }
  fc_status status = ok ? fc_certificate_witness_point(
                              witness, x, (const char *const *)direction, d)
                        : FC_MEMORY;
  for (size_t i = 0; direction && i < d; i++)
    free(direction[i]);
  free(direction);
  free(x);
  return status;
}

static fc_status fill_point(fc_certificate_witness *witness, const fc_job *job,
                            const fc_record *record, fc_side side) {
  fc_ctx ctx[1];
  fc_ctx_init_mpfr(ctx, job->precision + EXTRA_BITS);
  fc_ptr vector = fc_vec_new(record->witness_count, ctx);
  if (!vector)
    return FC_MEMORY;
  fc_set_si(vector, 1, ctx); /* on the line there is but one direction */
  fc_status status = record->witness_count > 1
                         ? eigenvector(vector, job, record, side, ctx)
                         : FC_OK;
  if (status == FC_OK)
    status = set_point(witness, record, vector, ctx);
  if (status == FC_OK)
    status = fc_certificate_set(&witness->t, record->witness_t.mid);
  fc_vec_free(vector, record->witness_count, ctx);
  return status;
}

/* --- the certificate ------------------------------------------------------ */

static fc_status add_constants(fc_certificate *certificate,
                               const fc_record *record) {
  fc_status status = FC_OK;
  for (size_t i = 0; i < record->constant_count && status == FC_OK; i++) {
    const fc_record_constant *constant = &record->constants[i];
    status =
        fc_certificate_add_constant(certificate, constant->name, NULL,
                                    constant->value.mid, constant->value.rad);
  }
  return status;
}

static fc_status fill(fc_certificate *certificate, const fc_job *job,
                      const fc_bound_detail *detail, const fc_record *record) {
  fc_status status = fc_certificate_set_where(
      certificate, detail->where, detail->late_formula, detail->late_where);
  if (status == FC_OK)
    status = fc_certificate_set(&certificate->domain, "one t and one x");
  if (status == FC_OK)
    status = add_constants(certificate, record);
  if (status == FC_OK)
    status = fill_point(certificate->witness, job, record, detail->side);
  certificate->precision = job->precision;
  return status;
}

fc_status fc_bound_certify_witness(const fc_job *job, const fc_claim *claim,
                                   const fc_bound_detail *detail,
                                   bool of_covariance,
                                   const fc_record *record) {
  fc_certificate certificate[1];
  if (!job->certify || record->verdict != FC_VERDICT_VIOLATED ||
      record->basis != FC_BASIS_CERTIFIED ||
      strcmp(record->witness_t.mid, "1") == 0 ||
      !fc_certificate_knows(job->instance->target))
    return FC_OK;
  fc_status status =
      fc_job_certificate(certificate, job, claim, FC_CERTIFICATE_WITNESS, true);
  if (status)
    return status;
  certificate->quantity =
      of_covariance ? FC_CERTIFIED_COVARIANCE : FC_CERTIFIED_JACOBIAN;
  status = fill(certificate, job, detail, record);
  if (status == FC_OK)
    status = job->certify(job->sink, certificate);
  else if (status != FC_MEMORY)
    status = FC_OK; /* no certificate; the verdict stands without one */
  fc_certificate_clear(certificate);
  return status;
}
