#include "spectral_gap/panels.h"

#include <gsl/gsl_integration.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = FC_PANEL_NODES, RANGE = 8, HALVINGS = 60 };

#define RESOLVED 1e-11
#define SEEN (1 + 0x1p-6) /* a component that is wider than this was not */

/* Nodes and weights on [-1, 1], Legendre polynomials at the nodes, and the
 * matrix of antiderivatives: with l_k = w_k sum_m (m + 1/2) P_m(x_k) P_m,
 *   int_-1^x l_k = (w_k/2) (x + 1 + sum_{m>0} P_m(x_k) (P_{m+1} - P_{m-1})(x)).
 */
typedef struct fc_panel_rule {
  double x[N], w[N], legendre[N][N + 1], left[N][N], right[N][N];
} rule; /* on [-1, 1] */

static void fill_matrices(rule *r) {
  for (int j = 0; j < N; j++) {
    double *p = r->legendre[j];
    p[0] = 1;
    p[1] = r->x[j];
    for (int m = 1; m < N; m++)
      p[m + 1] = ((2 * m + 1) * r->x[j] * p[m] - m * p[m - 1]) / (m + 1);
  }
  for (int j = 0; j < N; j++)
    for (int k = 0; k < N; k++) {
      double sum = r->x[j] + 1;
      for (int m = 1; m < N; m++)
        sum +=
            r->legendre[k][m] * (r->legendre[j][m + 1] - r->legendre[j][m - 1]);
      r->left[j][k] = r->w[k] / 2 * sum;
      r->right[j][k] = r->w[k] - r->left[j][k];
    }
}

static rule *rule_new(void) {
  rule *r = calloc(1, sizeof *r);
  gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(N);
  for (size_t j = 0; r && table && j < N; j++)
    gsl_integration_glfixed_point(-1, 1, j, &r->x[j], &r->w[j], table);
  if (!r || !table) {
    free(r);
    r = NULL;
  } else {
    fill_matrices(r);
  }
  if (table)
    gsl_integration_glfixed_table_free(table);
  return r;
}

/* What panels are collected in. */
typedef struct collector {
  fc_line_density *law;
  const rule *rule;
  fc_panels *panels;
  size_t capacity;
  double top; /* the largest log p seen */
  fc_error *error;
} collector;

/* --- one panel ----------------------------------------------------------- */

/* The last Legendre coefficients of exp(sign (log p - middle)) are small beside
 * its least value. */
static bool is_resolved(const rule *r, const double *log_p, double middle,
                        int sign) {
  double value[N], least = INFINITY;
  for (int j = 0; j < N; j++) {
    value[j] = exp(sign * (log_p[j] - middle));
    least = fmin(least, value[j]);
  }
  for (int m = N - 2; m < N; m++) {
    double sum = 0;
    for (int j = 0; j < N; j++)
      sum += r->w[j] * r->legendre[j][m] * value[j];
    if (fabs(sum) * (m + 0.5) > RESOLVED * least)
      return false;
  }
  return true;
}

static fc_status grow(collector *c) {
  fc_panels *p = c->panels;
  if (p->count < c->capacity)
    return FC_OK;
  size_t more = c->capacity ? 2 * c->capacity : 64;
  double **const vectors[] = {&p->half, &p->x, &p->p, &p->w};
  for (int i = 0; i < 4; i++) {
    double *v = realloc(*vectors[i], more * (i == 0 ? 1 : N) * sizeof *v);
    if (!v)
      return fc_fail(c->error, FC_MEMORY, "out of memory");
    *vectors[i] = v;
  }
  c->capacity = more;
  return FC_OK;
}

static fc_status append(collector *c, double left, double right,
                        const double *log_p) {
  fc_panels *p = c->panels;
  fc_status status =
      p->count < FC_PANELS_MAX
          ? grow(c)
          : fc_fail(c->error, FC_BUDGET,
                    "the density varies too much for %d panels", FC_PANELS_MAX);
  if (status)
    return status;
  double half = (right - left) / 2, centre = left + half;
  size_t first = N * p->count;
  p->half[p->count++] = half;
  p->nodes = N * p->count;
  for (size_t j = 0; j < N; j++) {
    p->x[first + j] = centre + half * c->rule->x[j];
    p->w[first + j] = half * c->rule->w[j];
    p->p[first + j] = exp(log_p[j] - c->top);
  }
  return FC_OK;
}

/* The largest and least log p at the nodes of [left, right]. */
static fc_status look(collector *c, double range[2], double *log_p, double left,
                      double right) {
  double half = (right - left) / 2, centre = left + half;
  range[0] = INFINITY;
  range[1] = -INFINITY;
  for (size_t j = 0; j < N; j++) {
    log_p[j] = fc_line_density_log(c->law, centre + half * c->rule->x[j]);
    range[0] = fmin(range[0], log_p[j]);
    range[1] = fmax(range[1], log_p[j]);
    if (!isfinite(log_p[j]))
      return fc_fail(c->error, FC_DOMAIN,
                     "the density is not positive and finite at %.6g",
                     centre + half * c->rule->x[j]);
  }
  return range[0] > c->top - FC_PANELS_FALL
             ? FC_OK
             : fc_fail(c->error, FC_LIMIT,
                       "between its modes the density falls by more than "
                       "e^-%d, which is out of the reach of binary64 here",
                       FC_PANELS_FALL);
}

/* [left, right], halved until it is resolved: a stack in place of recursion. */
static fc_status add_stretch(collector *c, double left, double right) {
  double ends[HALVINGS + 1], log_p[N] = {0}, range[2];
  int depth = 0;
  ends[0] = right;
  fc_status status = FC_OK;
  while (depth >= 0 && !status) {
    right = ends[depth];
    status = look(c, range, log_p, left, right);
    if (status)
      break;
    double middle = (range[0] + range[1]) / 2;
    bool fits = range[1] - range[0] < RANGE &&
                is_resolved(c->rule, log_p, middle, 1) &&
                is_resolved(c->rule, log_p, middle, -1);
    if (fits) {
      status = append(c, left, right, log_p);
      left = right;
      depth--;
    } else if (depth < HALVINGS) {
      ends[++depth] = left + (right - left) / 2;
    } else {
      status = fc_fail(c->error, FC_BUDGET, "the density jumps at %.6g", left);
    }
  }
  return status;
}

/* --- where the line is cut off -------------------------------------------- */

/* -(log p)'' by the second difference. */
static double curvature_at(fc_line_density *law, double x, double h) {
  double sum = fc_line_density_log(law, x - h) +
               fc_line_density_log(law, x + h) -
               2 * fc_line_density_log(law, x);
  return -sum / (h * h);
}

/* The end of the law beyond its outermost mark, in the direction of step. */
static double find_end(collector *c, bool right, double mark, double step) {
  double tiny = ldexp(step, -30), near = 0, far = step;
  double *curvature = &c->panels->curvature[right];
  double widest = fc_line_density_widest(c->law);
  *curvature = INFINITY;
  if (!isfinite(fc_line_density_log(c->law, mark + tiny)))
    return mark;
  double level = c->top - FC_PANELS_DEPTH;
  for (int i = 0; i < 200; i++, far *= 2) {
    if (!(fc_line_density_log(c->law, mark + far) > level))
      break;
    near = far;
  }
  for (int i = 0; i < 12; i++) {
    double middle = (near + far) / 2;
    if (fc_line_density_log(c->law, mark + middle) > level)
      near = middle;
    else
      far = middle;
  }
  *curvature = curvature_at(c->law, mark + far, far / 64);
  c->panels->hidden[right] =
      fc_line_density_hidden(c->law, mark + far, SEEN / *curvature);
  if (widest > 0)
    *curvature = fmin(*curvature, 1 / widest);
  return mark + far;
}

static fc_status collect(collector *c) {
  size_t count;
  const double *marks = fc_line_density_marks(&count, c->law);
  c->top = -INFINITY;
  for (size_t i = 0; i < count; i++) /* a mark may be an end: look beside it */
    for (int side = -1; side <= 1; side++) {
      double x = marks[i] + side * ldexp(fmax(fabs(marks[i]), 0x1p-10), -30);
      double log_p = fc_line_density_log(c->law, x);
      if (isfinite(log_p))
        c->top = fmax(c->top, log_p);
    }
  if (!isfinite(c->top))
    return fc_fail(c->error, FC_DOMAIN, "the law has no density");
  double width = fmax(exp(-c->top), ldexp(marks[count - 1] - marks[0], -10));
  double left = find_end(c, false, marks[0], -width);
  double right = find_end(c, true, marks[count - 1], width);
  fc_status status = FC_OK;
  for (size_t i = 0; i < count && !status; i++)
    if (marks[i] > left) {
      status = add_stretch(c, left, marks[i]);
      left = marks[i];
    }
  if (!status && right > left)
    status = add_stretch(c, left, right);
  return status;
}

static fc_status normalise(fc_panels *p, fc_error *error) {
  double mass = 0;
  for (size_t j = 0; j < p->nodes; j++)
    mass += p->w[j] * p->p[j];
  double below = 0;
  for (size_t j = 0; j < p->nodes; j++) {
    p->p[j] /= mass;
    if (j % N == 0 && below < 0.5)
      p->middle = j / N;
    below += p->w[j] * p->p[j];
  }
  return mass > 0 && isfinite(mass)
             ? FC_OK
             : fc_fail(error, FC_DOMAIN, "the density has no finite mass");
}

fc_status fc_panels_init(fc_panels *panels, fc_line_density *law,
                         fc_error *error) {
  memset(panels, 0, sizeof *panels);
  panels->rule = rule_new();
  collector c = {
      .law = law, .rule = panels->rule, .panels = panels, .error = error};
  fc_status status =
      panels->rule ? collect(&c) : fc_fail(error, FC_MEMORY, "out of memory");
  if (!status)
    status = normalise(panels, error);
  if (status)
    fc_panels_clear(panels);
  return status;
}

void fc_panels_clear(fc_panels *panels) {
  free(panels->rule);
  free(panels->half);
  free(panels->x);
  free(panels->p);
  free(panels->w);
  memset(panels, 0, sizeof *panels);
}

/* --- integrals ------------------------------------------------------------ */

double fc_panels_mean(const fc_panels *panels, const double *h) {
  double sum = 0;
  for (size_t j = 0; j < panels->nodes; j++)
    sum += panels->w[j] * panels->p[j] * h[j];
  return sum;
}

/* z = the integral from the left end of panel first, for panels first to last.
 */
static void sweep_right(double *z, const fc_panels *panels, const double *h,
                        size_t first) {
  const rule *r = panels->rule;
  double before = 0;
  for (size_t i = first; i < panels->count; i++) {
    const double *here = h + N * i;
    double all = 0;
    for (size_t j = 0; j < N; j++) {
      double sum = 0;
      for (size_t k = 0; k < N; k++)
        sum += r->left[j][k] * here[k];
      z[N * i + j] = before + panels->half[i] * sum;
      all += r->w[j] * here[j];
    }
    before += panels->half[i] * all;
  }
}

/* z = the integral up to the left end of panel last, for the panels before it.
 */
static void sweep_left(double *z, const fc_panels *panels, const double *h,
                       size_t last) {
  const rule *r = panels->rule;
  double after = 0;
  for (size_t i = last; i-- > 0;) {
    const double *here = h + N * i;
    double all = 0;
    for (size_t j = 0; j < N; j++) {
      double sum = 0;
      for (size_t k = 0; k < N; k++)
        sum += r->right[j][k] * here[k];
      z[N * i + j] = after + panels->half[i] * sum;
      all += r->w[j] * here[j];
    }
    after += panels->half[i] * all;
  }
}

void fc_panels_from_left(double *z, const fc_panels *panels, const double *h) {
  sweep_right(z, panels, h, 0);
}

void fc_panels_to_right(double *z, const fc_panels *panels, const double *h) {
  sweep_left(z, panels, h, panels->count);
}

void fc_panels_from_middle(double *z, const fc_panels *panels,
                           const double *h) {
  sweep_right(z, panels, h, panels->middle);
  sweep_left(z, panels, h, panels->middle);
  for (size_t j = 0; j < N * panels->middle; j++)
    z[j] = -z[j];
}
