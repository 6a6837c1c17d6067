/* GSL's odeiv2 steppers as candidates for a flow: does the error stay near the
 * tolerance that they were given?
 *
 *   gsl-flow STEPPER TOLERANCE      rk4, rkf45, rkck, rk8pd, msadams or msbdf
 *   flowcert test two-bumps --schedule linear --quantity flow \
 *       --candidate 'program:gsl-flow rk8pd 1e-10' --rtol 1/10^10
 *
 * Speaks JSON, one line a request and one an answer.  The field is that of
 * 1/2 N(-3/2, 1/4) + 1/2 N(3/2, 1/4) under the schedule linear. */
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double velocity(double t, double x, double *slope_of_x) {
  const double mean = 1.5, s2 = 0.25, a = 1 - t, b = t;
  double variance = a * a + b * b * s2, slope = (-a + b * s2) / variance;
  double lean = tanh(b * mean * x / variance); /* difference of the r_k */
  double pull = 1 - slope * b;
  *slope_of_x = slope + pull * mean * (1 - lean * lean) * b * mean / variance;
  return slope * x + pull * mean * lean;
}

static int field(double t, const double y[], double f[], void *data) {
  double unused;
  (void)data;
  f[0] = velocity(t, y[0], &unused);
  return GSL_SUCCESS;
}

/* msbdf asks for derivatives, in t by a difference. */
static int jacobian(double t, const double y[], double *dfdy, double dfdt[],
                    void *data) {
  double unused;
  (void)data;
  velocity(t, y[0], dfdy);
  dfdt[0] =
      (velocity(t + 1e-6, y[0], &unused) - velocity(t - 1e-6, y[0], &unused)) /
      2e-6;
  return GSL_SUCCESS;
}

static const gsl_odeiv2_step_type *stepper(const char *name) {
  const struct {
    const char *name;
    const gsl_odeiv2_step_type *type;
  } known[] = {
      {"rk4", gsl_odeiv2_step_rk4},         {"rkf45", gsl_odeiv2_step_rkf45},
      {"rkck", gsl_odeiv2_step_rkck},       {"rk8pd", gsl_odeiv2_step_rk8pd},
      {"msadams", gsl_odeiv2_step_msadams}, {"msbdf", gsl_odeiv2_step_msbdf}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (strcmp(name, known[i].name) == 0)
      return known[i].type;
  return NULL;
}

static double flow(const gsl_odeiv2_step_type *type, double tolerance, double s,
                   double t, double x) {
  gsl_odeiv2_system system = {field, jacobian, 1, NULL};
  double first = t > s ? 1e-4 : -1e-4;
  gsl_odeiv2_driver *driver =
      gsl_odeiv2_driver_alloc_y_new(&system, type, first, tolerance, tolerance);
  int status =
      s == t ? GSL_SUCCESS : gsl_odeiv2_driver_apply(driver, &s, t, &x);
  gsl_odeiv2_driver_free(driver);
  return status == GSL_SUCCESS ? x : NAN;
}

static double number_at(const json_t *list, size_t i) {
  return json_number_value(json_array_get(list, i));
}

int main(int argc, char **argv) {
  const gsl_odeiv2_step_type *type = argc == 3 ? stepper(argv[1]) : NULL;
  char *line = NULL;
  size_t room = 0;
  if (!type) {
    fprintf(stderr, "usage: gsl-flow STEPPER TOLERANCE\n");
    return 2;
  }
  gsl_set_error_handler_off();
  while (getline(&line, &room, stdin) > 0) {
    json_t *request = json_loads(line, 0, NULL);
    const json_t *s = json_object_get(request, "s");
    const json_t *t = json_object_get(request, "t");
    const json_t *x = json_object_get(request, "x");
    printf("{\"id\":%d,\"values\":[",
           (int)json_integer_value(json_object_get(request, "id")));
    for (size_t i = 0; i < json_array_size(x); i++) {
      double y = flow(type, atof(argv[2]), number_at(s, i), number_at(t, i),
                      number_at(json_array_get(x, i), 0));
      printf(isnan(y) ? "%snull" : "%s%.17g", i ? "," : "", y);
    }
    puts("]}");
    fflush(stdout);
    json_decref(request);
  }
  free(line);
  return 0;
}
