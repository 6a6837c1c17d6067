/* Power series programs in balls: a system of differential equations written
 * with sums, products and integrals, whose Taylor coefficients, and a proved
 * bound on what is left of them, follow from the program alone; private to this
 * folder, Arb only.
 *
 * A node is a series c_0 + c_1 h + ... in the step h:
 *   time      tau + h
 *   sum       a linear combination of nodes, and of 1
 *   product   of two nodes
 *   integral  c_0 (given) plus the integral of a node: a variable of the system
 * A product or sum uses only nodes made before it; the integrand of an integral
 * is named later (fc_tape_close), so that the system may be closed.
 *
 * The tail.  Let w > 0, |u|_w = sum |u_k| w^k, and suppose numbers D_i >= 0,
 * one for each integral, such that the tails (coefficients beyond the order N)
 * of all integrands, computed from |uv| <= |u| |v| with the tails of the
 * integrals replaced by D_i, give w |c_N(integrand)| w^N/(N+1) + w
 * tail(integrand)/(N+2) <= D_i. Then sum_{k>N} |u_{i,k}| w^k <= D_i: by
 * induction on the degree, since u_{i,k+1} = integrand_k/(k+1) and integrand_k
 * depends on the coefficients up to k only.  So the series converge for |h| <=
 * w (they are the solution there), and at |h| <= w the neglected terms are
 * below D_i (|h|/w)^(N+1).  It holds for every point of the balls c_0 at once.
 */
#ifndef FC_FLOW_TAPE_H
#define FC_FLOW_TAPE_H

#include "arith/arb_compat.h"

typedef enum fc_tape_op {
  FC_TAPE_TIME,
  FC_TAPE_SUM,
  FC_TAPE_PRODUCT,
  FC_TAPE_INTEGRAL
} fc_tape_op;

typedef struct fc_tape_node {
  fc_tape_op op;
  int left, right; /* factors; the integrand; of a sum: its first term and the
                      one after its last */
} fc_tape_node;

enum { FC_TAPE_ONE = -1, FC_TAPE_PLUS = -1, FC_TAPE_MINUS = -2 };

/* coefficient: a constant, or FC_TAPE_PLUS, FC_TAPE_MINUS for 1, -1;
 * node: FC_TAPE_ONE for 1. */
typedef struct fc_tape_term {
  int coefficient, node;
} fc_tape_term;

typedef struct fc_tape {
  fc_tape_node *nodes;
  fc_tape_term *terms;
  int count, capacity, term_count, term_capacity, constant_count;
  bool failed; /* memory ran out, or too many numbers */
  long most;   /* the largest order */
  arb_ptr constants;
  arb_ptr series; /* count * (most + 1) */
  /* of the last fc_tape_bound */
  mag_ptr sizes; /* count * (most + 2): sum_{i>=k} |c_i| w^i, k = 0..N+1 */
  mag_ptr high;  /* count: of products what two polynomials leave beyond N */
  mag_ptr tail;  /* count: bounds on sum_{k>N} |c_k| w^k */
  mag_ptr fresh; /* count */
} fc_tape;

/* --- writing a program ----------------------------------------------------
 * Nodes are numbered from 0 in the order in which they are made.  What cannot
 * be had sets `failed`, and fc_tape_ready says so. */
void fc_tape_init(fc_tape *tape, int constants);
void fc_tape_clear(fc_tape *tape);
int fc_tape_time(fc_tape *tape);
int fc_tape_integral(fc_tape *tape);
void fc_tape_close(fc_tape *tape, int integral, int integrand);
int fc_tape_product(fc_tape *tape, int x, int y);
/* A sum, empty at first; terms belong to the sum that was made last. */
int fc_tape_sum(fc_tape *tape);
void fc_tape_add(fc_tape *tape, int coefficient, int node);
/* Makes room for series up to the order `most`, and gives the constants room.
 * FC_MEMORY; FC_BUDGET where they would be too many. */
fc_status fc_tape_ready(fc_tape *tape, long most);

/* --- running it -----------------------------------------------------------*/
static inline arb_ptr fc_tape_series(const fc_tape *tape, int node) {
  return tape->series + (size_t)node * (size_t)(tape->most + 1);
}

/* The coefficient j of one node from lower ones (of time and integrals for j >
 * 0: c_0 is given). */
void fc_tape_coefficient(fc_tape *tape, int node, long j, slong precision);

/* All coefficients up to the order n of the nodes `first` to `end` - 1, from
 * the order `from` on. */
void fc_tape_expand(fc_tape *tape, int first, int end, long from, long n,
                    slong precision);

/* Finds tails for the nodes before `end`, expanded to the order n, that fulfil
 * the condition above at w; false where it finds none. */
bool fc_tape_bound(fc_tape *tape, int end, long n, const mag_t w);

/* An estimate, proving nothing, of log2 of the radius of convergence. */
double fc_tape_log2_radius(const fc_tape *tape, int end, long n);

/* z = the value of the node at the step h, |h| <= w, its tail included: within
 * tail * ratio, ratio >= (|h|/w)^(n+1). */
void fc_tape_value(arb_t z, const fc_tape *tape, int node, long n,
                   const arb_t h, const mag_t ratio, slong precision);

#endif
