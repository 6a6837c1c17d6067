#include "target/density_place.h"

#include <math.h>

enum {
  SEARCH_STEPS = 600,
  RISE_STEPS = 400,
  REACH_STEPS = 2000,
  REFINEMENTS = 80,
  FIRST_STEP = -60 /* log2, beside the width of the noise or of the mode */
};

bool fc_place_is_narrow(const fc_density_place *p) {
  const fc_density *f = p->density;
  double y = p->x / p->b;
  return p->factor != FC_FACTOR_NONE && p->b > 0 &&
         p->a / p->b < f->modes[f->deepest].scale && y > p->ends[0] &&
         y < p->ends[1];
}

/* log Phi(u), about. */
static double log_phi(double u) { return u > 0 ? 0 : -u * u / 2 - log1p(-u); }

/* log of the factor at the offset less that at the reference: differences of
 * squares as products, as they may be huge. */
static double log_factor(const fc_density_place *p, double offset) {
  double w0 = (p->rest - p->b * p->reference) / p->a,
         step = -p->b * (offset - p->reference) / p->a, w = w0 + step;
  double sign = p->factor == FC_FACTOR_ABOVE ? -1 : 1;
  if (p->factor == FC_FACTOR_NONE || p->b == 0)
    return 0;
  if (p->factor == FC_FACTOR_NOISE)
    return -step * (w + w0) / 2;
  if (sign * w0 < 0 && sign * w < 0)
    return -step * (w + w0) / 2 - log1p(-sign * w) + log1p(-sign * w0);
  return log_phi(sign * w) - log_phi(sign * w0);
}

double fc_place_weight(const fc_density_place *p, double offset) {
  const fc_density *f = p->density;
  double y = p->origin + offset;
  if (!(y >= p->ends[0] && y <= p->ends[1]) || !isfinite(y))
    return -INFINITY;
  double u = fc_density_derivative_d(f, 0, fc_density_branch(f, y), y);
  double weight = -u + log_factor(p, offset);
  return isnan(weight) ? -INFINITY : weight;
}

static double clipped(const fc_density_place *p, double offset) {
  return fmin(fmax(offset, p->ends[0] - p->origin), p->ends[1] - p->origin);
}

static void consider(fc_density_place *p, double offset) {
  double weight = fc_place_weight(p, offset);
  if (weight > p->weight) {
    p->weight = weight;
    p->peak = offset;
  }
}

/* The width of what varies fastest. */
static double base_step(const fc_density_place *p) {
  const fc_density *f = p->density;
  double step = f->modes[f->deepest].scale;
  if (p->factor != FC_FACTOR_NONE && p->b > 0)
    step = fmin(step, p->a / p->b);
  return step;
}

static void climb(fc_density_place *p) {
  double step = base_step(p);
  for (int i = 0; i < SEARCH_STEPS; i++) {
    double at = p->peak;
    consider(p, clipped(p, at + step));
    if (p->peak == at)
      consider(p, clipped(p, at - step));
    step *= p->peak == at ? 0.5 : 1.7;
    if (step < 1e-15 * fabs(p->peak) || step < ldexp(base_step(p), FIRST_STEP))
      break;
  }
}

/* How far on one side the weight falls by 1/2, or the support ends. */
static double fall(const fc_density_place *p, int side) {
  double step = ldexp(base_step(p), FIRST_STEP);
  for (int i = 0; i < RISE_STEPS; i++) {
    if (!(fc_place_weight(p, p->peak + side * step) > p->weight - 0.5))
      break;
    step *= 1.4;
  }
  return step;
}

bool fc_place_search(fc_density_place *p) {
  const fc_density *f = p->density;
  p->weight = -INFINITY;
  p->reference = p->factor != FC_FACTOR_NONE && p->b > 0
                     ? clipped(p, p->rest / p->b)
                     : clipped(p, f->modes[f->deepest].at - p->origin);
  if (!isfinite(p->reference))
    return false;
  consider(p, p->reference);
  for (size_t i = 0; i < f->mode_count; i++)
    consider(p, clipped(p, f->modes[i].at - p->origin));
  if (!isfinite(p->weight))
    return false;
  climb(p);
  p->scale = fmax(fall(p, -1), fall(p, 1));
  return isfinite(p->peak) && isfinite(p->scale) && p->scale > 0;
}

void fc_place_move(fc_density_place *p) {
  p->origin += p->peak;
  p->rest = fma(-p->b, p->peak, p->rest);
  p->peak = p->reference = 0;
  p->weight = fc_place_weight(p, 0);
  climb(p);
  p->scale = fmax(fall(p, -1), fall(p, 1));
}

double fc_place_reach(const fc_density_place *p, int side, double nats,
                      int order) {
  double end = p->ends[side > 0] - p->origin;
  double near = 0, step = p->scale;
  for (int i = 0; i < REACH_STEPS; i++) {
    if (side * (p->peak + side * step - end) >= 0)
      return side * INFINITY;
    double far = (order + 1) * log(step / p->scale);
    if (fc_place_weight(p, p->peak + side * step) + far < p->weight - nats)
      break;
    near = step;
    step *= 1.5;
  }
  for (int i = 0; i < REFINEMENTS && near < 0.9 * step; i++) {
    double middle = (near + step) / 2,
           far = (order + 1) * log(middle / p->scale);
    bool enough =
        fc_place_weight(p, p->peak + side * middle) + far < p->weight - nats;
    *(enough ? &step : &near) = middle;
  }
  return p->peak + side * step;
}
