/* Densities exp(-U): making, copying, freeing. */
#include "target/density.h"

#include <math.h>
#include <stdlib.h>

#include "formula/branches.h"

static void free_list(fc_formula **list, size_t count) {
  for (size_t i = 0; list && i < count; i++)
    fc_formula_free(list[i]);
  free(list);
}

void fc_density_free(fc_density *density) {
  if (!density)
    return;
  for (int k = 0; k <= FC_DENSITY_DERIVATIVES; k++)
    free_list(density->u[k], density->count);
  free_list(density->kinks, density->count ? density->count - 1 : 0);
  fc_formula_free(density->potential);
  fc_formula_free(density->lower);
  fc_formula_free(density->upper);
  fc_formula_free(density->kappa);
  fc_formula_free(density->beta);
  fc_formula_free(density->lipschitz);
  free(density->breaks);
  free(density->modes);
  free(density);
}

static fc_status copy_one(fc_formula **copy, const fc_formula *from) {
  return from ? fc_formula_copy(copy, from) : FC_OK;
}

static fc_status copy_list(fc_formula ***copy, fc_formula *const *from,
                           size_t count) {
  *copy = calloc(count + 1, sizeof(fc_formula *));
  fc_status status = *copy ? FC_OK : FC_MEMORY;
  for (size_t i = 0; i < count && !status; i++)
    status = fc_formula_copy(*copy + i, from[i]);
  return status;
}

static void *copy_bytes(const void *from, size_t size) {
  char *copy = malloc(size + 1);
  for (size_t i = 0; copy && i < size; i++)
    copy[i] = ((const char *)from)[i];
  return copy;
}

fc_status fc_density_copy(fc_density **copy, const fc_density *from) {
  fc_density *made = calloc(1, sizeof *made);
  if (!made)
    return FC_MEMORY;
  made->count = from->count;
  made->mode_count = from->mode_count;
  made->deepest = from->deepest;
  fc_status status = copy_list(&made->kinks, from->kinks, from->count - 1);
  for (int k = 0; k <= FC_DENSITY_DERIVATIVES && !status; k++)
    status = copy_list(&made->u[k], from->u[k], from->count);
  fc_formula **const to[] = {&made->potential, &made->lower, &made->upper,
                             &made->kappa,     &made->beta,  &made->lipschitz};
  const fc_formula *const parts[] = {from->potential, from->lower,
                                     from->upper,     from->kappa,
                                     from->beta,      from->lipschitz};
  for (size_t i = 0; i < sizeof to / sizeof *to && !status; i++)
    status = copy_one(to[i], parts[i]);
  made->breaks =
      copy_bytes(from->breaks, (from->count + 1) * sizeof *from->breaks);
  made->modes = copy_bytes(from->modes, from->mode_count * sizeof *from->modes);
  if (!status && (!made->breaks || !made->modes))
    status = FC_MEMORY;
  if (status)
    fc_density_free(made);
  else
    *copy = made;
  return status;
}

size_t fc_density_branch(const fc_density *density, double y) {
  size_t i = 0;
  while (i + 1 < density->count && y > density->breaks[i + 1])
    i++;
  return i;
}

fc_status fc_density_derivative(fc_ptr z, const fc_density *density, int k,
                                size_t branch, fc_srcptr y, const fc_ctx *ctx) {
  return fc_formula_eval(z, density->u[k][branch], y, ctx);
}

double fc_density_derivative_d(const fc_density *density, int k, size_t branch,
                               double y) {
  enum { ROOM = 48 };
  const fc_formula *formula = density->u[k][branch];
  fc_num_struct room[ROOM + 2]; /* numbers of binary64 own nothing */
  fc_ctx ctx;
  fc_ctx_init_double(&ctx);
  fc_ptr at = room + ROOM, z = room + ROOM + 1;
  fc_set_d(at, y, &ctx);
  fc_status status = FC_OK;
  if (fc_formula_size(formula) <= ROOM)
    fc_formula_eval_in(z, formula, at, room, &ctx);
  else
    status = fc_formula_eval(z, formula, at, &ctx);
  return status ? NAN : fc_get_d(z, &ctx);
}

size_t fc_density_size(const fc_density *density) {
  size_t most = 0;
  for (size_t i = 0; i < density->count; i++)
    for (int k = 0; k <= FC_DENSITY_DERIVATIVES; k++)
      if (fc_formula_size(density->u[k][i]) > most)
        most = fc_formula_size(density->u[k][i]);
  return most;
}

/* --- making --------------------------------------------------------------- */

/* False where the kink is certainly outside the support, or on its edge. */
static fc_status is_inside(bool *inside, const fc_formula *kink,
                           const fc_formula *lower, const fc_formula *upper) {
  int sign = 1;
  fc_status status = FC_OK;
  *inside = true;
  if (lower)
    status = fc_constant_compare(&sign, kink, lower);
  *inside = *inside && sign > 0;
  sign = -1;
  if (!status && upper)
    status = fc_constant_compare(&sign, kink, upper);
  *inside = *inside && sign < 0;
  return status;
}

/* U and its derivatives on the branch. */
static fc_status add_branch(fc_density *density, const fc_formula *branch,
                            fc_error *error) {
  size_t i = density->count++;
  fc_status status = fc_formula_copy(&density->u[0][i], branch);
  for (int k = 1; k <= FC_DENSITY_DERIVATIVES && !status; k++)
    status =
        fc_formula_diff(&density->u[k][i], density->u[k - 1][i], "x", error);
  return status;
}

/* Keeps the branches that meet the support. */
static fc_status add_branches(fc_density *density, const fc_branches *all,
                              fc_error *error) {
  fc_formula *kink = NULL;
  fc_status status = FC_OK;
  size_t first = 0;
  bool inside = true;
  for (size_t i = 0; i + 1 < all->count && !status; i++) {
    status = fc_constant_new_mpq(&kink, all->kinks[i]);
    if (!status)
      status = is_inside(&inside, kink, density->lower, density->upper);
    if (status == FC_BUDGET)
      status = fc_fail(error, status,
                       "whether a kink lies between lower and upper cannot be "
                       "decided; write them in a simpler way");
    int above = 0; /* kinks at or below lower: later branches count */
    if (!status && !inside && density->lower)
      status = fc_constant_compare(&above, kink, density->lower);
    if (!status && !inside && density->lower && above <= 0)
      first = i + 1;
    if (!status && inside) {
      status = add_branch(density, all->formulas[i], error);
      density->kinks[density->count - 1] = kink;
      kink = NULL;
      first = i + 1;
    }
    fc_formula_free(kink);
    kink = NULL;
  }
  return status ? status : add_branch(density, all->formulas[first], error);
}

static fc_status set_breaks(fc_density *density) {
  size_t count = density->count;
  density->breaks = calloc(count + 1, sizeof *density->breaks);
  if (!density->breaks)
    return FC_MEMORY;
  density->breaks[0] = -INFINITY;
  density->breaks[count] = INFINITY;
  fc_status status = FC_OK;
  if (density->lower)
    status = fc_constant_eval_d(density->breaks, density->lower);
  if (!status && density->upper)
    status = fc_constant_eval_d(density->breaks + count, density->upper);
  for (size_t i = 1; i < count && !status; i++)
    status = fc_constant_eval_d(density->breaks + i, density->kinks[i - 1]);
  return status;
}

static fc_status fill(fc_density *density, const fc_formula *potential,
                      const fc_formula *lower, const fc_formula *upper,
                      fc_error *error) {
  fc_branches all = {0, NULL, NULL};
  fc_status status = fc_formula_copy(&density->potential, potential);
  if (!status)
    status = copy_one(&density->lower, lower);
  if (!status)
    status = copy_one(&density->upper, upper);
  if (!status)
    status = fc_branches_init(&all, potential, error);
  density->kinks = calloc(all.count + 1, sizeof(fc_formula *));
  for (int k = 0; k <= FC_DENSITY_DERIVATIVES; k++) {
    density->u[k] = calloc(all.count + 1, sizeof(fc_formula *));
    if (!density->u[k] || !density->kinks)
      status = FC_MEMORY;
  }
  if (!status)
    status = add_branches(density, &all, error);
  if (!status)
    status = set_breaks(density);
  if (!status)
    status = fc_density_find_modes(density, error);
  if (!status)
    status = fc_density_derive(density);
  fc_branches_clear(&all);
  return status;
}

/* exp(-U) and its second moment are integrable, as far as 64 bits can see. */
static fc_status check_moments(const fc_density *density, fc_error *error) {
  enum { BITS = 96, TOLERANCE = 40 };
  fc_ctx ctx;
  fc_density_level *level = NULL;
  fc_ctx_init_mpfr(&ctx, BITS);
  fc_status status = fc_density_level_new(&level, density, &ctx);
  for (int order = 0; order <= 2 && !status; order += 2) {
    const fc_density_window window = {
        .low = -INFINITY, .high = INFINITY, .order = order, .bits = TOLERANCE};
    status = fc_density_integrate(level, &window);
    if (status == FC_BUDGET)
      status = fc_fail(
          error, FC_VALUE,
          order ? "the second moment of exp(-U) is not finite, or converges "
                  "too slowly to be seen; Assumption 2.1 needs it: let U grow "
                  "faster, or give a finite lower and upper"
                : "exp(-U) is not integrable, or converges too slowly to be "
                  "seen; let U grow at infinity (and not fall to -infinity "
                  "elsewhere), or give a finite lower and upper");
    else if (status == FC_DOMAIN)
      status = fc_fail(error, FC_VALUE,
                       "U is not a number, or -infinity, somewhere in the "
                       "support; give a lower and an upper between which it is "
                       "defined");
  }
  fc_density_level_free(level);
  return status;
}

static fc_status check_ends(const fc_formula *lower, const fc_formula *upper,
                            fc_error *error) {
  const fc_piece piece = {.lower = (fc_formula *)lower,
                          .upper = (fc_formula *)upper};
  return fc_target_check_ends(&piece, error);
}

fc_status fc_target_new_density(fc_target **target, const fc_formula *potential,
                                const fc_formula *lower,
                                const fc_formula *upper, long *culprit,
                                fc_error *error) {
  long ignored, *where = culprit ? culprit : &ignored;
  *where = 1;
  fc_status status = check_ends(lower, upper, error);
  if (status)
    return status;
  *where = 0;
  fc_target *made = calloc(1, sizeof *made);
  fc_density *density = calloc(1, sizeof *density);
  if (made && density) {
    *made =
        (fc_target){.kind = FC_DENSITY, .d = 1, .count = 1, .density = density};
    status = fill(density, potential, lower, upper, error);
    if (!status)
      status = check_moments(density, error);
  } else {
    fc_density_free(density);
    status = FC_MEMORY;
  }
  if (status) {
    fc_target_free(made);
    return status == FC_MEMORY ? fc_fail(error, status, "out of memory")
                               : status;
  }
  *where = -1;
  *target = made;
  return FC_OK;
}
