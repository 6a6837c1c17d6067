/* Candidates for `flowcert test`, right ones and ones with a planted mistake:
 *   wrong MODE        speaks JSON on standard input and output
 * (as a library: FLOWCERT_WRONG=MODE).  The field is that of the mixture
 * 1/5 N(-3/2, 1/4) + 4/5 N(3/2, 1/4) on the line under the schedule linear. */
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flowcert_candidate.h"

typedef struct at {
  double a, b, da, db;
} at;

static at linear(double t) { return (at){1 - t, t, -1, 1}; }

static at trigonometric(double t) {
  double h = M_PI / 2;
  return (at){cos(h * t), sin(h * t), -h * sin(h * t), h * cos(h * t)};
}

/* Sum of r_k [b' m_k + (a a' + b b' s^2)/(a^2 + b^2 s^2) (x - b m_k)]. */
static double field(at s, double x, double weight, double width) {
  const double means[] = {-1.5, 1.5}, weights[] = {weight, 1 - weight};
  double variance = s.a * s.a + s.b * s.b * width * width, logs[2], top;
  for (int k = 0; k < 2; k++) {
    double gap = x - s.b * means[k];
    logs[k] = log(weights[k]) - gap * gap / (2 * variance);
  }
  top = fmax(logs[0], logs[1]);
  double sum = 0, total = 0;
  for (int k = 0; k < 2; k++) {
    double r = exp(logs[k] - top);
    double ratio = (s.a * s.da + s.b * s.db * width * width) / variance;
    sum += r * (s.db * means[k] + ratio * (x - s.b * means[k]));
    total += r;
  }
  return sum / total;
}

static double mistaken(const char *mode, double t, double x) {
  double right = field(linear(t), x, 0.2, 0.5);
  if (strcmp(mode, "sign") == 0)
    return -right;
  if (strcmp(mode, "factor") == 0)
    return 2 * right;
  if (strcmp(mode, "schedule") == 0)
    return field(trigonometric(t), x, 0.2, 0.5);
  if (strcmp(mode, "clip") == 0)
    return field(linear(fmin(t, 0.95)), x, 0.2, 0.5);
  if (strcmp(mode, "clip-start") == 0)
    return field(linear(fmax(t, 0.01)), x, 0.2, 0.5);
  if (strcmp(mode, "swap") == 0)
    return field((at){t, 1 - t, 1, -1}, x, 0.2, 0.5);
  if (strcmp(mode, "reverse") == 0)
    return field(linear(1 - t), x, 0.2, 0.5);
  if (strcmp(mode, "weights") == 0)
    return field(linear(t), x, 0.5, 0.5);
  if (strcmp(mode, "width") == 0)
    return field(linear(t), x, 0.2, 0.25);
  if (strcmp(mode, "noise") == 0)
    return right + 1e-3 * sin(1000 * x + 77 * t);
  if (strcmp(mode, "nan") == 0 && t > 0.9)
    return NAN;
  return right;
}

/* Modes that are no field: at a time above 0.9 something else happens. */
static void misbehave(const char *mode, double t) {
  if (t <= 0.9)
    return;
  if (strcmp(mode, "crash") == 0) {
    signal(SIGSEGV, SIG_DFL); /* no sanitizer speaks before it dies */
    raise(SIGSEGV);
  }
  if (strcmp(mode, "exit") == 0)
    _exit(7);
  if (strcmp(mode, "hang") == 0)
    for (;;)
      pause();
}

int flowcert_velocity(size_t n, size_t d, const double *t, const double *x,
                      double *v) {
  const char *mode = getenv("FLOWCERT_WRONG");
  mode = mode ? mode : "right";
  if (d != 1)
    return 1;
  for (size_t i = 0; i < n; i++) {
    misbehave(mode, t[i]);
    v[i] = mistaken(mode, t[i], x[i]);
  }
  return 0;
}

int flowcert_score(size_t n, size_t d, const double *t, const double *x,
                   double *v) {
  (void)d;
  for (size_t i = 0; i < n; i++) {
    at s = linear(t[i]); /* the score of a field v: (b v - b' x)/(a omega) */
    v[i] = s.a > 0 ? (s.b * field(s, x[i], 0.2, 0.5) - x[i]) / s.a : NAN;
  }
  puts("a library may print");
  return 0;
}

static void answer(const char *mode, const json_t *request) {
  const json_t *t = json_object_get(request, "t");
  const json_t *x = json_object_get(request, "x");
  size_t n = json_array_size(t);
  printf("{\"id\":%d,\"values\":[",
         (int)json_integer_value(json_object_get(request, "id")));
  if (strcmp(mode, "shape") == 0)
    n--;
  for (size_t i = 0; i < n; i++) {
    double time = json_number_value(json_array_get(t, i));
    double place = json_number_value(json_array_get(json_array_get(x, i), 0));
    misbehave(mode, time);
    double value = mistaken(mode, time, place);
    printf(isnan(value) ? "%s[NaN]" : "%s[%.17g]", i ? "," : "", value);
  }
  puts("]}");
}

int main(int argc, char **argv) {
  const char *mode = argc > 1 ? argv[1] : "right";
  char *line = NULL;
  size_t room = 0;
  if (strcmp(mode, "mute") == 0) {
    fclose(stdin);
    fclose(stdout);
    for (;;)
      pause();
  }
  while (getline(&line, &room, stdin) > 0) {
    json_t *request = json_loads(line, 0, NULL);
    if (strcmp(mode, "garbage") == 0)
      puts("Loading the model ... done");
    else if (strcmp(mode, "endless") == 0)
      for (;;)
        fputs("1111111111111111111111111111111111111111111111111111", stdout);
    else if (strcmp(mode, "refuse") == 0)
      printf("{\"id\":%d,\"error\":\"no such instance\"}\n",
             (int)json_integer_value(json_object_get(request, "id")));
    else
      answer(mode, request);
    fflush(stdout);
    json_decref(request);
  }
  free(line);
  return 0;
}
