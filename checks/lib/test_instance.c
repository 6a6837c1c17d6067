/* Instance files: what is read from good ones. */
#include <check.h>
#include <dirent.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "instance/instance.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Reads text, which must be good. */
static fc_instance *read_at(const char *text, const char *path) {
  fc_instance *instance = NULL;
  fc_error error = {0};
  char line[1200];
  fc_status status =
      fc_instance_parse(&instance, text, strlen(text), path, &error);
  ck_assert_msg(status == FC_OK, "%s in\n%s",
                fc_error_text(line, sizeof line, &error), text);
  return instance;
}

static fc_instance *read_text(const char *text) { return read_at(text, NULL); }

/* A target alone; the linear schedule. */
static fc_instance *read_target(const char *target) {
  char text[4096];
  snprintf(text, sizeof text, "name: x\nschedule: linear\ntarget: %s\n",
           target);
  return read_text(text);
}

static double constant(const fc_instance *instance, fc_class_constant which) {
  fc_ctx ctx[1];
  fc_num z;
  fc_ctx_init_double(ctx);
  fc_init(z, ctx);
  fc_status status =
      fc_target_constant(z, NULL, NULL, instance->target, which, ctx);
  double value = status == FC_OK ? fc_get_d(z, ctx) : (double)NAN;
  fc_clear(z, ctx);
  return value;
}

static void near(double value, double expected) {
  ck_assert_msg(fabs(value - expected) <= 1e-14 * fmax(1, fabs(expected)),
                "%.17g instead of %.17g", value, expected);
}

/* Component k of an isotropic mixture: mean (up to four numbers), weight. */
static void get_component(double mean[4], double *weight,
                          const fc_instance *instance, size_t k) {
  fc_ctx ctx[1];
  fc_ctx_init_double(ctx);
  size_t d = fc_target_dimension(instance->target);
  ck_assert_uint_le(d, 4);
  fc_ptr m = fc_vec_new(d, ctx), w = fc_vec_new(1, ctx);
  fc_target_isotropic_get(m, w, instance->target, k, ctx);
  for (size_t i = 0; i < d; i++)
    mean[i] = fc_get_d(m + i, ctx);
  *weight = fc_get_d(w, ctx);
  fc_vec_free(m, d, ctx);
  fc_vec_free(w, 1, ctx);
}

/* --- the whole -------------------------------------------------------- */

START_TEST(a_small_instance) {
  fc_instance *x = read_at("name: std\ntarget: {family: gaussian, mean: 0, "
                           "stddev: 1}\n",
                           "folder/std.yaml");
  ck_assert_str_eq(x->name, "std");
  ck_assert_str_eq(x->title, "");
  ck_assert_ptr_null(x->why);
  ck_assert_str_eq(x->path, "folder/std.yaml");
  ck_assert_str_eq(x->family, "gaussian");
  ck_assert(x->schedules_defaulted);
  ck_assert_uint_eq(x->check_count, 0);
  ck_assert_uint_eq(x->expectation_count, 0);
  size_t defaults = 0;
  for (size_t i = 0; i < fc_schedule_known_count(); i++)
    if (fc_schedule_known_default(i))
      ck_assert_str_eq(fc_schedule_name(x->schedules[defaults++]),
                       fc_schedule_known_name(i));
  ck_assert_uint_eq(x->schedule_count, defaults);
  fc_instance_free(x);
}
END_TEST

START_TEST(a_full_instance) {
  fc_instance *x = read_text("%YAML 1.1\n"
                             "--- # comment\n"
                             "name: \"two-bumps\"\n"
                             "title: 'Two bumps: on the line'\n"
                             "why: >-\n"
                             "  folded\n"
                             "  text\n"
                             "target:\n"
                             "  family: gaussian-mixture\n"
                             "  weights: [1/3, \"2/3\"]\n"
                             "  means:\n"
                             "    - [-3/2]\n"
                             "    - [+1.5e0]\n"
                             "  stddev: 0.5\n"
                             "schedule: linear\n"
                             "checks: [gif.*, ext.schedule-invariance]\n"
                             "expect:\n"
                             "  gif.reversal/literal: violated\n"
                             "  gif.velocity-bounds/d.*:\n"
                             "    linear: holds\n"
                             "    'vp*': not-applicable\n"
                             "...\n");
  double mean[4], weight;
  ck_assert_str_eq(x->name, "two-bumps");
  ck_assert_str_eq(x->title, "Two bumps: on the line");
  ck_assert_str_eq(x->why, "folded text");
  ck_assert_ptr_null(x->path);
  ck_assert(!x->schedules_defaulted);
  ck_assert_uint_eq(x->schedule_count, 1);
  ck_assert_uint_eq(x->check_count, 2);
  ck_assert_str_eq(x->checks[1], "ext.schedule-invariance");
  ck_assert_uint_eq(x->expectation_count, 3);
  ck_assert_str_eq(x->expectations[0].claim, "gif.reversal/literal");
  ck_assert_str_eq(x->expectations[0].schedule, "*");
  ck_assert_str_eq(x->expectations[0].verdict, "violated");
  ck_assert_str_eq(x->expectations[2].claim, "gif.velocity-bounds/d.*");
  ck_assert_str_eq(x->expectations[2].schedule, "vp*");
  ck_assert_str_eq(x->expectations[2].verdict, "not-applicable");
  ck_assert_uint_eq(fc_target_isotropic_count(x->target), 2);
  get_component(mean, &weight, x, 0);
  ck_assert_double_eq(mean[0], -1.5);
  near(weight, 1.0 / 3);
  get_component(mean, &weight, x, 1);
  ck_assert_double_eq(mean[0], 1.5);
  fc_instance_free(x);
}
END_TEST

/* FIPS 180-4's own examples. */
START_TEST(digests) {
  char hex[65];
  fc_sha256_hex(hex, "", 0);
  ck_assert_str_eq(hex, "e3b0c44298fc1c149afbf4c8996fb924"
                        "27ae41e4649b934ca495991b7852b855");
  fc_sha256_hex(hex, "abc", 3);
  ck_assert_str_eq(hex, "ba7816bf8f01cfea414140de5dae2223"
                        "b00361a396177a9cb410ff61f20015ad");
  static const char text[] =
      "name: x\ntarget: {family: atoms, points: [0, 1]}\n";
  fc_instance *x = read_text(text);
  fc_sha256_hex(hex, text, strlen(text));
  ck_assert_str_eq(x->sha256, hex);
  fc_instance_free(x);
}
END_TEST

/* --- families, judged by the class constants of THEORY.md, section 2 --- */

START_TEST(gaussians) {
  fc_instance *x = read_target("{family: gaussian, mean: 2, stddev: 1/2}");
  ck_assert(fc_target_is_gaussian(x->target));
  near(constant(x, FC_KAPPA), 4);
  near(constant(x, FC_BETA), 4);
  fc_instance_free(x);
  x = read_target("{family: gaussian, mean: [2], covariance: 1/4}");
  near(constant(x, FC_KAPPA), 4);
  fc_instance_free(x);
  x = read_target("{family: gaussian, mean: 2, covariance: [[1/4]]}");
  near(constant(x, FC_KAPPA), 4);
  fc_instance_free(x);
  /* eigenvalues (3/2 +- sqrt(1/4 + 36/25))/2 = 7/5 and 1/10 */
  x = read_target("{family: gaussian, mean: [1/2, -1], "
                  "covariance: [[1, 3/5], [0.6, 1/2]]}");
  ck_assert_uint_eq(fc_target_dimension(x->target), 2);
  near(constant(x, FC_KAPPA), 5.0 / 7);
  near(constant(x, FC_BETA), 10);
  fc_instance_free(x);
  x = read_target("{family: gaussian, mean: [0, 0, 0, 0, 0], stddev: sqrt(2)}");
  ck_assert_uint_eq(fc_target_dimension(x->target), 5);
  near(constant(x, FC_KAPPA), 0.5);
  fc_instance_free(x);
}
END_TEST

START_TEST(mixtures) {
  fc_instance *x = read_target(
      "{family: gaussian-mixture, means: [-3/2, 3/2], stddev: 1/2}");
  near(constant(x, FC_SIGMA), 0.5);
  near(constant(x, FC_R), 1.5);
  near(constant(x, FC_HALF_DIAM), 1.5);
  fc_instance_free(x);
  x = read_target("{family: gaussian-mixture, means: [[0, 3], [4, 0]], "
                  "stddev: [1/2, 0.5]}");
  near(constant(x, FC_SIGMA), 0.5);
  near(constant(x, FC_HALF_DIAM), 2.5);
  fc_instance_free(x);
  x = read_target("{family: gaussian-mixture, means: [0, 1, 2], "
                  "weights: [0.1, 2/10, 7e-1], stddev: [1/2, 1/4, 1]}");
  ck_assert_uint_eq(fc_target_isotropic_count(x->target), 0);
  near(constant(x, FC_BETA), 16);
  fc_instance_free(x);
  x = read_target("{family: gaussian-mixture, means: [[0, 0], [1, 1]], "
                  "covariances: [[[1, 3/5], [3/5, 1/2]], [[1, 0], [0, 1]]]}");
  near(constant(x, FC_BETA), 10);
  fc_instance_free(x);
  x = read_target("{family: gaussian-mixture, means: [0, 1], "
                  "weights: [sqrt(2)/2, 1-sqrt(2)/2], covariances: [1, 1/4]}");
  near(constant(x, FC_BETA), 4);
  fc_instance_free(x);
}
END_TEST

START_TEST(bounded_laws) {
  fc_instance *x = read_target("{family: uniform-box, lower: 0, upper: 1}");
  ck_assert_double_eq(constant(x, FC_KAPPA), 0);
  near(constant(x, FC_D), sqrt(0.5));
  near(constant(x, FC_SUPPORT_HALF_DIAM), 0.5);
  fc_instance_free(x);
  x = read_target("{family: uniform-box, lower: [0, 0], upper: [3, 4]}");
  ck_assert_uint_eq(fc_target_dimension(x->target), 2);
  near(constant(x, FC_SUPPORT_HALF_DIAM), 2.5);
  fc_instance_free(x);
  x = read_target("{family: truncated-gaussian, mean: 0, stddev: 1/2, "
                  "lower: -1, upper: 1}");
  near(constant(x, FC_KAPPA), 4);
  near(constant(x, FC_D), sqrt(2));
  fc_instance_free(x);
  x = read_target("{family: atoms, points: [[0, 0], [3, 4]], "
                  "weights: [1/4, 3/4]}");
  ck_assert(!fc_target_has_density(x->target));
  near(constant(x, FC_SUPPORT_HALF_DIAM), 2.5);
  fc_instance_free(x);
}
END_TEST

START_TEST(open_sides) {
  static const char *const sides[] = {"lower: 0",
                                      "lower: 0, upper: infinity",
                                      "lower: 0, upper: inf",
                                      "lower: 0, upper: +inf",
                                      "lower: 0, upper: .inf",
                                      "upper: 0",
                                      "lower: -infinity, upper: 0",
                                      "lower: -.inf, upper: 0"};
  for (size_t i = 0; i < COUNT(sides); i++) {
    char target[256];
    snprintf(target, sizeof target,
             "{family: truncated-gaussian, mean: 0, stddev: 2, %s}", sides[i]);
    fc_instance *x = read_target(target);
    near(constant(x, FC_KAPPA), 0.25);
    ck_assert(isnan(constant(x, FC_D)));
    ck_assert(!fc_target_has_full_support(x->target));
    fc_instance_free(x);
  }
}
END_TEST

START_TEST(tilts) {
  fc_instance *x = read_target("{family: tilted-gaussian, log_ratio: 'abs(x - "
                               "1/2) - 2*max(x, 0)', L: 4}");
  ck_assert_str_eq(x->family, "tilted-gaussian");
  ck_assert_uint_eq(fc_target_dimension(x->target), 1);
  ck_assert(fc_target_has_full_support(x->target));
  near(constant(x, FC_L), 4);
  ck_assert(isnan(constant(x, FC_KAPPA)) && isnan(constant(x, FC_BETA)));
  fc_instance_free(x);
  x = read_target("{family: tilted-gaussian, log_ratio: '-abs(3*x)/4'}");
  near(constant(x, FC_L), 0.75); /* without L it is derived */
  near(constant(x, FC_KAPPA), 1);
  fc_instance_free(x);
  x = read_target("{family: product, factors: ["
                  "{family: tilted-gaussian, log_ratio: abs(x)}, "
                  "{family: gaussian, mean: 0, stddev: 1}]}");
  near(constant(x, FC_L), 1);
  near(constant(x, FC_BETA), 1);
  fc_instance_free(x);
}
END_TEST

START_TEST(products) {
  fc_instance *x = read_target(
      "{family: product, factors: ["
      "{family: gaussian, mean: [0, 1], stddev: 1/2}, "
      "{family: product, factors: [{family: gaussian, mean: 3, stddev: 1}]}, "
      "{family: gaussian-mixture, means: [0, 1], stddev: 1/3}]}");
  ck_assert_str_eq(x->family, "product");
  ck_assert_uint_eq(fc_target_dimension(x->target), 4);
  near(constant(x, FC_BETA), 9);
  fc_instance_free(x);
  x = read_target("{family: product, factors: ["
                  "{family: uniform-box, lower: [0, 0], upper: [1, 2]}, "
                  "{family: uniform-box, lower: 0, upper: 2}]}");
  ck_assert_uint_eq(fc_target_dimension(x->target), 3);
  near(constant(x, FC_SUPPORT_HALF_DIAM), 1.5);
  fc_instance_free(x);
}
END_TEST

START_TEST(numbers_are_exact) {
  double mean[4], weight;
  fc_instance *x = read_target("{family: gaussian-mixture, stddev: 3/100, "
                               "means: [[12*sin(2*pi/8), 12*cos(2*pi*2/8)], "
                               "[0.1, 1e-30]]}");
  get_component(mean, &weight, x, 0);
  ck_assert_double_eq(mean[0], 8.48528137423857029281); /* 6 sqrt 2 */
  ck_assert_double_le(fabs(mean[1]), 1e-300);
  get_component(mean, &weight, x, 1);
  ck_assert_double_eq(mean[0], 0.1);
  ck_assert_double_eq(mean[1], 1e-30);
  ck_assert_double_eq(weight, 0.5);
  fc_instance_free(x);
}
END_TEST

START_TEST(families_are_listed) {
  bool seen = false;
  for (size_t i = 0; i < fc_family_count(); i++) {
    ck_assert(fc_family_name(i)[0] && fc_family_help(i)[0]);
    seen = seen || strcmp(fc_family_name(i), "product") == 0;
  }
  ck_assert(seen);
  ck_assert_ptr_null(fc_family_name(fc_family_count()));
}
END_TEST

/* --- schedules -------------------------------------------------------- */

static void check_schedules(const char *yaml, const char *labels) {
  char text[1024], found[512] = "";
  snprintf(text, sizeof text,
           "name: x\ntarget: {family: gaussian, mean: 0, stddev: 1}\n"
           "schedule: %s\n",
           yaml);
  fc_instance *x = read_text(text);
  for (size_t i = 0; i < x->schedule_count; i++) {
    strcat(found, i ? " " : "");
    strcat(found, fc_schedule_label(x->schedules[i]));
  }
  ck_assert_str_eq(found, labels);
  fc_instance_free(x);
}

START_TEST(schedules) {
  check_schedules("linear", "linear");
  check_schedules("[follmer, linear]", "follmer linear");
  check_schedules("vp:a0=1/2", "vp:a0=1/2");
  check_schedules("'shifted-linear:zeta=1/10'", "shifted-linear:zeta=1/10");
  check_schedules("{name: shifted-linear, zeta: 1/10}",
                  "shifted-linear:zeta=1/10");
  check_schedules("{zeta: 1/10, name: shifted-linear}",
                  "shifted-linear:zeta=1/10");
  check_schedules("[ve, {name: ve, a0: 1/2}]", "ve ve:a0=1/2");
  check_schedules("{name: vp-sde, beta_min: 0, beta_max: 10}",
                  "vp-sde:beta_min=0,beta_max=10");
  check_schedules("{name: custom, a: 1-t^2, b: t*(2-t)}",
                  "custom:a=1-t^2,b=t*(2-t)");
}
END_TEST

/* --- samples ---------------------------------------------------------- */

static char folder[] = "/tmp/fc-instance-XXXXXX";
static char sample[64];

static void make_folder(void) {
  strcpy(folder, "/tmp/fc-instance-XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(sample, sizeof sample, "%s/sample", folder);
}

static void remove_folder(void) {
  unlink(sample);
  rmdir(folder);
}

/* An instance beside a sample file of the given bytes. */
static fc_instance *read_sample(const void *bytes, size_t length) {
  char path[64];
  FILE *file = fopen(sample, "wb");
  ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
  fclose(file);
  snprintf(path, sizeof path, "%s/x.yaml", folder);
  return read_at("name: x\nschedule: linear\ntarget: {family: "
                 "smoothed-sample, file: sample, stddev: 1/4}\n",
                 path);
}

static void check_points(fc_instance *x, size_t d, size_t count,
                         const double *points) {
  double mean[4], weight;
  ck_assert_uint_eq(fc_target_dimension(x->target), d);
  ck_assert_uint_eq(fc_target_isotropic_count(x->target), count);
  for (size_t k = 0; k < count; k++) {
    get_component(mean, &weight, x, k);
    near(weight, 1.0 / (double)count);
    for (size_t i = 0; i < d; i++)
      ck_assert_double_eq(mean[i], points[k * d + i]);
  }
  near(constant(x, FC_SIGMA), 0.25);
  fc_instance_free(x);
}

START_TEST(csv_samples) {
  static const double points[] = {0.1, -2, 1e-30, 0.25, 3, 4};
  static const char unix_text[] = "0.1,-2\n1e-30, 1/4\n3,4\n";
  static const char dos_text[] = "0.1,-2\r\n 1e-30\t,1/4\r\n3,4";
  check_points(read_sample(unix_text, strlen(unix_text)), 2, 3, points);
  check_points(read_sample(dos_text, strlen(dos_text)), 2, 3, points);
  check_points(read_sample("0.1\n-2", 6), 1, 2, points);
}
END_TEST

START_TEST(sample_digests) {
  char hex[65];
  fc_instance *x = read_sample("0.1\n-2", 6);
  fc_sha256_hex(hex, "0.1\n-2", 6);
  ck_assert_uint_eq(x->data_count, 1);
  ck_assert_str_eq(x->data[0].path, sample);
  ck_assert_str_eq(x->data[0].sha256, hex);
  fc_instance_free(x);
}
END_TEST

/* An NPY file as the format's specification lays it out. */
static size_t make_npy(char *out, int version, const char *header,
                       const void *data, size_t size) {
  size_t length = strlen(header), start = version == 1 ? 10 : 12;
  memcpy(out, "\x93NUMPY", 6);
  out[6] = (char)version;
  out[7] = 0;
  memset(out + 8, 0, 4);
  out[8] = (char)(length & 255);
  out[9] = (char)(length >> 8);
  memcpy(out + start, header, length);
  memcpy(out + start + length, data, size);
  return start + length + size;
}

START_TEST(npy_samples) {
  static const double points[] = {0.1, -2, 1e-300, 0.25, 3, 4};
  static const float halves[] = {0.1f, -2, 1e-30f};
  static const double widened[] = {0.1f, -2, 1e-30f};
  char bytes[512];
  size_t size = make_npy(
      bytes, 1,
      "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }     \n",
      points, sizeof points);
  check_points(read_sample(bytes, size), 2, 3, points);
  size = make_npy(bytes, 2,
                  "{'shape': (6,), 'fortran_order': False, 'descr': '<f8'}\n",
                  points, sizeof points);
  check_points(read_sample(bytes, size), 1, 6, points);
  size = make_npy(bytes, 1,
                  "{'descr': '<f4', 'fortran_order': False, 'shape': (3,1,)}",
                  halves, sizeof halves);
  check_points(read_sample(bytes, size), 1, 3, widened);
  double many[12];
  for (int i = 0; i < 12; i++)
    many[i] = i - 5.5;
  size = make_npy(bytes, 1,
                  "{'descr': '<f8', 'fortran_order': False, 'shape': (12,)}",
                  many, sizeof many);
  check_points(read_sample(bytes, size), 1, 12, many);
}
END_TEST

/* --- metamorphic ------------------------------------------------------ */

/* The same instance in two spellings has the same constants. */
START_TEST(spellings_agree) {
  fc_instance *flow =
      read_target("{family: gaussian-mixture, weights: [1/4, 3/4], "
                  "means: [[0, 1], [2, 3]], stddev: 0.125}");
  fc_instance *block = read_text("# comment\n"
                                 "target:\n"
                                 "    stddev: \"1/8\"\n"
                                 "    means:\n"
                                 "    -   - 2-2\n"
                                 "        - 1.0\n"
                                 "    - [4/2, '3']\n"
                                 "    family: gaussian-mixture\n"
                                 "    weights: [0.25, 0.75]\n"
                                 "name: x\n");
  static const fc_class_constant some[] = {FC_SIGMA, FC_R, FC_HALF_DIAM,
                                           FC_BETA};
  for (size_t i = 0; i < COUNT(some); i++)
    ck_assert_double_eq(constant(flow, some[i]), constant(block, some[i]));
  for (size_t k = 0; k < 2; k++) {
    double one[4], other[4], w, v;
    get_component(one, &w, flow, k);
    get_component(other, &v, block, k);
    ck_assert(w == v && one[0] == other[0] && one[1] == other[1]);
  }
  ck_assert_str_ne(flow->sha256, block->sha256);
  fc_instance_free(flow);
  fc_instance_free(block);
}
END_TEST

START_TEST(the_locale_does_not_matter) {
  static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8",
                                      "fr_FR.UTF-8"};
  for (size_t i = 0; i < COUNT(names); i++)
    if (setlocale(LC_ALL, names[i])) {
      fc_instance *x =
          read_target("{family: gaussian, mean: 0.5, stddev: 0.25}");
      near(constant(x, FC_KAPPA), 16);
      fc_instance_free(x);
    }
  setlocale(LC_ALL, "C");
}
END_TEST

/* --- the shipped suite ------------------------------------------------ */

static bool has_suffix(const char *text, const char *suffix) {
  size_t length = strlen(text), tail = strlen(suffix);
  return length > tail && strcmp(text + length - tail, suffix) == 0;
}

static void mark_schedules(unsigned *seen, const fc_instance *x) {
  for (size_t i = 0; i < x->schedule_count; i++)
    for (size_t k = 0; k < fc_schedule_known_count(); k++)
      if (strcmp(fc_schedule_name(x->schedules[i]),
                 fc_schedule_known_name(k)) == 0)
        *seen |= 1u << k;
}

static void mark_family(unsigned *seen, const fc_instance *x) {
  for (size_t k = 0; k < fc_family_count(); k++)
    if (strcmp(x->family, fc_family_name(k)) == 0)
      *seen |= 1u << k;
}

/* Assumption 2.2: which of the cases i to iv hold, read off the constants. */
static void mark_cases(unsigned *seen, const fc_instance *x) {
  bool whole = fc_target_has_full_support(x->target);
  double kappa = constant(x, FC_KAPPA), beta = constant(x, FC_BETA);
  *seen |= whole && kappa > 0 && beta > 0 ? 1 : 0;
  *seen |= !isnan(kappa) && constant(x, FC_D) > 0 ? 2 : 0;
  *seen |= constant(x, FC_SIGMA) > 0 && constant(x, FC_R) >= 0 ? 4 : 0;
  *seen |= whole && kappa <= 0 && constant(x, FC_L) >= 0 ? 8 : 0;
}

/* Dimensions (bit d - 1) with a schedule that starts from noisy data, b_0 > 0.
 */
static void mark_noisy_starts(unsigned *dimensions, const fc_instance *x) {
  fc_ctx ctx;
  fc_time start;
  fc_schedule_value at;
  fc_ctx_init_double(&ctx);
  fc_time_init(&start, &ctx);
  fc_schedule_value_init(&at, &ctx);
  fc_time_set_d(&start, 0, false, &ctx);
  for (size_t i = 0; i < x->schedule_count; i++)
    if (fc_schedule_eval(&at, x->schedules[i], &start, false, &ctx) == FC_OK &&
        fc_get_d(at.b, &ctx) > 0)
      *dimensions |= 1u << (fc_target_dimension(x->target) - 1);
  fc_schedule_value_clear(&at, &ctx);
  fc_time_clear(&start, &ctx);
}

static fc_instance *read_shipped(const char *path, const char *file) {
  fc_instance *x = NULL;
  fc_error error;
  char line[1200], name[128];
  ck_assert_msg(fc_instance_read(&x, path, &error) == FC_OK, "%s",
                fc_error_text(line, sizeof line, &error));
  snprintf(name, sizeof name, "%s.yaml", x->name);
  ck_assert_str_eq(name, file);
  ck_assert_msg(x->title[0] && x->why && x->why[0], "%s", file);
  return x;
}

START_TEST(the_shipped_suite) {
  const char *source = getenv("FLOWCERT_SOURCE");
  if (!source)
    return;
  char path[1024];
  unsigned schedules_seen = 0, families = 0, cases = 0, noisy = 0, count = 0;
  snprintf(path, sizeof path, "%s/data/instances", source);
  DIR *listing = opendir(path);
  ck_assert_ptr_nonnull(listing);
  for (struct dirent *entry; (entry = readdir(listing));) {
    if (!has_suffix(entry->d_name, ".yaml"))
      continue;
    snprintf(path, sizeof path, "%s/data/instances/%s", source, entry->d_name);
    fc_instance *x = read_shipped(path, entry->d_name);
    mark_schedules(&schedules_seen, x);
    mark_family(&families, x);
    mark_cases(&cases, x);
    mark_noisy_starts(&noisy, x);
    fc_instance_free(x);
    count++;
  }
  closedir(listing);
  ck_assert_uint_ge(count, 24);
  ck_assert_uint_eq(schedules_seen, (1u << fc_schedule_known_count()) - 1);
  ck_assert_uint_eq(families, (1u << fc_family_count()) - 1);
  ck_assert_uint_eq(cases, 15);
  ck_assert_uint_eq(noisy, 0xff); /* dimensions 1 to 8 */
}
END_TEST

int main(void) {
  Suite *suite = suite_create("instance");
  TCase *texts = tcase_create("texts");
  TCase *files = tcase_create("files");
  tcase_add_test(texts, a_small_instance);
  tcase_add_test(texts, a_full_instance);
  tcase_add_test(texts, digests);
  tcase_add_test(texts, gaussians);
  tcase_add_test(texts, mixtures);
  tcase_add_test(texts, bounded_laws);
  tcase_add_test(texts, open_sides);
  tcase_add_test(texts, tilts);
  tcase_add_test(texts, products);
  tcase_add_test(texts, numbers_are_exact);
  tcase_add_test(texts, families_are_listed);
  tcase_add_test(texts, schedules);
  tcase_add_test(texts, spellings_agree);
  tcase_add_test(texts, the_locale_does_not_matter);
  tcase_add_test(texts, the_shipped_suite);
  tcase_add_checked_fixture(files, make_folder, remove_folder);
  tcase_add_test(files, csv_samples);
  tcase_add_test(files, sample_digests);
  tcase_add_test(files, npy_samples);
  tcase_set_timeout(texts, 60);
  suite_add_tcase(suite, texts);
  suite_add_tcase(suite, files);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed != 0;
}
