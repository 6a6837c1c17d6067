#include "suprema/mesh.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"

enum { CAPACITY = 96, TIME_BITS = 20 };
static const double HALF_PI = 1.5707963267948966;
static const double END = 0x1p-20; /* distance of the outermost points */

double fc_mesh_round(double time) {
  int exponent;
  double mantissa = frexp(time, &exponent);
  return ldexp(rint(ldexp(mantissa, TIME_BITS)), exponent - TIME_BITS);
}

double fc_mesh_start_angle(const fc_schedule *schedule) {
  fc_schedule_rough start = fc_schedule_rough_at(schedule, 0, false);
  return isnan(start.a) ? 0 : atan2(start.b, start.a);
}

void fc_mesh_time(fc_time *time, const fc_mesh_point *point,
                  const fc_ctx *ctx) {
  fc_time_set_d(time, point->time, point->from_end, ctx);
}

static void free_point(fc_mesh_point *point, const fc_mesh *mesh) {
  for (int side = 0; side < 2; side++)
    if (mesh->sides[side])
      fc_extremum_clear(&point->extremum[side], mesh->d, mesh->ctx);
  free(point);
}

/* t < t' where each is given from its own end. */
static bool earlier(double time, bool from_end, const fc_mesh_point *p) {
  double t = from_end ? 1 - time : time,
         u = p->from_end ? 1 - p->time : p->time;
  if (t != u)
    return t < u;
  return from_end && p->from_end && time > p->time;
}

static bool same(double time, bool from_end, const fc_mesh_point *p) {
  return !earlier(time, from_end, p) &&
         (from_end == p->from_end ? time == p->time : time == 1 - p->time);
}

/* A point that was searched earlier, or NULL. */
static fc_mesh_point *recall(const fc_mesh *mesh, double time, bool from_end) {
  for (size_t i = 0; i < mesh->known_count; i++)
    if (same(time, from_end, mesh->known[i]))
      return mesh->known[i];
  return NULL;
}

static fc_status remember(fc_mesh *mesh, fc_mesh_point *point) {
  if (!fc_grow(&mesh->known, &mesh->known_capacity, mesh->known_count,
               sizeof *mesh->known))
    return FC_MEMORY;
  mesh->known[mesh->known_count++] = point;
  return FC_OK;
}

/* The extremum at the last point of the first mesh before place, if any. */
static const fc_extremum *neighbour(const fc_mesh *mesh, size_t place,
                                    int side) {
  while (place > 0 && !mesh->points[place - 1]->first)
    place--;
  return place > 0 ? &mesh->points[place - 1]->extremum[side] : NULL;
}

/* A new point, both sides searched. */
static fc_status search(fc_mesh_point **result, fc_mesh *mesh, size_t place,
                        double time, bool from_end) {
  fc_mesh_point *point = calloc(1, sizeof *point);
  if (!point)
    return FC_MEMORY;
  point->time = time;
  point->from_end = from_end;
  point->first = !mesh->complete;
  fc_status status = FC_OK;
  for (int side = 0; side < 2; side++)
    if (mesh->sides[side] &&
        fc_extremum_init(&point->extremum[side], mesh->d, mesh->ctx))
      status = FC_MEMORY;
  for (int side = 0; side < 2 && status == FC_OK; side++)
    if (mesh->sides[side])
      status = fc_extremizer_at(&point->extremum[side], mesh->extremizer, time,
                                from_end, (fc_side)side,
                                neighbour(mesh, place, side));
  if (status == FC_OK)
    status = remember(mesh, point);
  if (status)
    free_point(point, mesh);
  else
    *result = point;
  return status;
}

/* Puts a time in its place; one that is there already is left alone. */
static fc_status insert(fc_mesh *mesh, double time, bool from_end,
                        double theta) {
  size_t place = 0;
  while (place < mesh->count && !earlier(time, from_end, mesh->points[place])) {
    if (same(time, from_end, mesh->points[place]))
      return FC_OK;
    place++;
  }
  fc_mesh_point *point = recall(mesh, time, from_end);
  fc_status status =
      point ? FC_OK : search(&point, mesh, place, time, from_end);
  if (status)
    return status;
  point->theta = theta;
  memmove(mesh->points + place + 1, mesh->points + place,
          (mesh->count - place) * sizeof *mesh->points);
  mesh->points[place] = point;
  mesh->count++;
  return FC_OK;
}

static fc_status insert_angle(fc_mesh *mesh, double theta) {
  double t, r;
  if (fc_schedule_time_of_snr(&t, &r, mesh->schedule, pow(tan(theta), 2)))
    return FC_OK;
  bool from_end = r < t;
  return insert(mesh, fc_mesh_round(from_end ? r : t), from_end, theta);
}

fc_status fc_mesh_init(fc_mesh *mesh, const fc_target *target,
                       const fc_schedule *schedule, const bool sides[2],
                       size_t interior, bool with_end, const fc_random *random,
                       const fc_ctx *ctx, fc_error *error) {
  memset(mesh, 0, sizeof *mesh);
  mesh->target = target;
  mesh->schedule = schedule;
  mesh->ctx[0] = *ctx;
  mesh->d = fc_target_dimension(target);
  mesh->sides[0] = sides[0];
  mesh->sides[1] = sides[1];
  mesh->theta_start = fc_mesh_start_angle(schedule);
  mesh->capacity = CAPACITY;
  mesh->points = calloc(mesh->capacity, sizeof(fc_mesh_point *));
  if (!mesh->points)
    return fc_fail(error, FC_MEMORY, "out of memory");
  fc_status status = fc_extremizer_new(&mesh->extremizer, target, schedule, ctx,
                                       random, error);
  if (status == FC_OK)
    status = insert(mesh, END, false, mesh->theta_start);
  double width = HALF_PI - mesh->theta_start;
  for (size_t k = 0; k < interior && status == FC_OK; k++)
    status = insert_angle(mesh, mesh->theta_start + width * ((double)k + 0.5) /
                                                        (double)interior);
  if (status == FC_OK)
    status = insert(mesh, END, true, HALF_PI);
  if (status == FC_OK && with_end)
    status = insert(mesh, 0, true, HALF_PI);
  mesh->complete = true;
  if (status)
    fc_mesh_clear(mesh);
  return status;
}

void fc_mesh_restart(fc_mesh *mesh) {
  size_t kept = 0;
  for (size_t i = 0; i < mesh->count; i++)
    if (mesh->points[i]->first)
      mesh->points[kept++] = mesh->points[i];
  mesh->count = kept;
}

void fc_mesh_clear(fc_mesh *mesh) {
  for (size_t i = 0; i < mesh->known_count; i++)
    free_point(mesh->known[i], mesh);
  free(mesh->known);
  free(mesh->points);
  fc_extremizer_free(mesh->extremizer);
  memset(mesh, 0, sizeof *mesh);
}

fc_status fc_mesh_refine(size_t *added, fc_mesh *mesh, size_t i) {
  size_t before = mesh->count;
  *added = 0;
  if (mesh->count + 2 > mesh->capacity)
    return FC_OK;
  double theta = mesh->points[i]->theta;
  double left = i > 0 ? mesh->points[i - 1]->theta : theta;
  double right = i + 1 < mesh->count ? mesh->points[i + 1]->theta : theta;
  fc_status status = FC_OK;
  if (right > theta)
    status = insert_angle(mesh, (theta + right) / 2);
  if (status == FC_OK && left < theta)
    status = insert_angle(mesh, (theta + left) / 2);
  *added = mesh->count - before;
  return status;
}
