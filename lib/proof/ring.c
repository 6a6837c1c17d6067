/* Rings: their symbols and names. */
#include "proof/rational.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Names are cut rather than refused: longer ones match nothing. */
static void copy_name(char *to, const char *from) {
  size_t length = strlen(from);
  if (length >= FC_RING_LONGEST)
    length = FC_RING_LONGEST - 1;
  memmove(to, from, length);
  to[length] = '\0';
}

static void add_name(fc_ring *ring, const char *name, const fc_rational *x) {
  if (ring->name_count == FC_RING_NAMES) {
    ring->status = FC_LIMIT;
    return;
  }
  long at = ring->name_count++;
  copy_name(ring->names[at].name, name);
  fc_rational_init(&ring->names[at].value, ring);
  fc_rational_set(&ring->names[at].value, x, ring);
}

static long add_symbol(fc_ring *ring, const char *name, fc_symbol_kind kind,
                       unsigned signs, const fc_interval *value) {
  if (ring->count == FC_RING_SYMBOLS) {
    ring->status = FC_LIMIT;
    return -1;
  }
  fc_symbol *symbol = &ring->symbols[ring->count];
  copy_name(symbol->name, name);
  symbol->kind = kind;
  symbol->signs = signs;
  symbol->homogeneous = kind == FC_SYMBOL_PLAIN || kind == FC_SYMBOL_CONSTANT;
  symbol->degree = ring->count <= FC_B;
  symbol->has_value = value != NULL;
  if (value) {
    fc_interval_init(&symbol->value, mpfr_get_prec(value->lower));
    fc_interval_set(&symbol->value, value);
  }
  return ring->count++;
}

static void name_symbol(fc_ring *ring, long symbol) {
  fc_rational x;
  fc_rational_init(&x, ring);
  fc_rational_set_symbol(&x, symbol, ring);
  add_name(ring, ring->symbols[symbol].name, &x);
  fc_rational_clear(&x, ring);
}

void fc_ring_init(fc_ring *ring) {
  memset(ring, 0, sizeof *ring);
  fmpz_mpoly_ctx_init(ring->ctx, FC_RING_SYMBOLS, ORD_LEX);
  add_symbol(ring, "a", FC_SYMBOL_PLAIN, FC_MAY_RISE, NULL);
  add_symbol(ring, "b", FC_SYMBOL_PLAIN, FC_MAY_RISE, NULL);
  add_symbol(ring, "(da/a)", FC_SYMBOL_PLAIN, FC_MAY_ALL, NULL);
  add_symbol(ring, "omega", FC_SYMBOL_PLAIN, FC_MAY_RISE | FC_MAY_VANISH, NULL);
  name_symbol(ring, FC_A);
  name_symbol(ring, FC_B);
}

void fc_ring_clear(fc_ring *ring) {
  for (long i = 0; i < ring->count; i++) {
    fc_symbol *symbol = &ring->symbols[i];
    if (symbol->has_value)
      fc_interval_clear(&symbol->value);
    if (symbol->kind != FC_SYMBOL_PLAIN && symbol->kind != FC_SYMBOL_CONSTANT)
      fc_rational_clear(&symbol->argument, ring);
  }
  for (long i = 0; i < ring->name_count; i++)
    fc_rational_clear(&ring->names[i].value, ring);
  fmpz_mpoly_ctx_clear(ring->ctx);
}

long fc_ring_add_symbol(fc_ring *ring, const char *name, unsigned signs,
                        const fc_interval *value) {
  return add_symbol(ring, name, FC_SYMBOL_CONSTANT, signs, value);
}

long fc_ring_add_constant(fc_ring *ring, const char *name, unsigned signs,
                          const fc_interval *value) {
  long symbol = fc_ring_add_symbol(ring, name, signs, value);
  if (symbol >= 0)
    name_symbol(ring, symbol);
  return symbol;
}

fc_status fc_ring_define(fc_ring *ring, const char *name, const char *text,
                         fc_error *error) {
  fc_rational x;
  int bit = 0;
  fc_rational_init(&x, ring);
  fc_status status = fc_rational_read(&x, text, 0, &bit, NULL, ring, error);
  if (status == FC_OK)
    add_name(ring, name, &x);
  fc_rational_clear(&x, ring);
  return status ? status : ring->status;
}

void fc_ring_name_derivatives(fc_ring *ring) {
  fc_rational x, y;
  fc_rational_init(&x, ring);
  fc_rational_init(&y, ring);
  fc_rational_set_symbol(&x, FC_W, ring);
  add_name(ring, "omega", &x);
  fc_rational_set_symbol(&x, FC_K, ring);
  fc_rational_set_symbol(&y, FC_A, ring);
  fc_rational_mul(&x, &x, &y, ring);
  add_name(ring, "da", &x); /* k a */
  fc_rational_set_symbol(&x, FC_W, ring);
  fc_rational_div(&x, &x, &y, ring);
  fc_rational_set_symbol(&y, FC_K, ring);
  fmpz_mpoly_t b;
  fmpz_mpoly_init(b, ring->ctx);
  fmpz_mpoly_gen(b, FC_B, ring->ctx);
  fmpz_mpoly_mul(y.top, y.top, b, ring->ctx);
  fmpz_mpoly_clear(b, ring->ctx);
  fc_rational_add(&x, &x, &y, ring);
  add_name(ring, "db", &x); /* k b + w/a */
  fc_rational_clear(&x, ring);
  fc_rational_clear(&y, ring);
}

void fc_ring_name_start(fc_ring *ring) {
  fc_ring_add_constant(ring, "a_s", FC_MAY_RISE, NULL);
  fc_ring_add_constant(ring, "b_s", FC_MAY_RISE | FC_MAY_VANISH, NULL);
}

/* --- printing ------------------------------------------------------------- */

char *fc_polynomial_print(const fmpz_mpoly_t x, const fc_ring *ring) {
  const char *names[FC_RING_SYMBOLS];
  for (long i = 0; i < FC_RING_SYMBOLS; i++)
    names[i] = i < ring->count ? ring->symbols[i].name : "?";
  char *text = fmpz_mpoly_get_str_pretty(x, names, ring->ctx);
  char *copy = text ? fc_strdup(text) : NULL;
  flint_free(text);
  return copy;
}

char *fc_rational_print(const fc_rational *x, const fc_ring *ring) {
  char *top = fc_polynomial_print(x->top, ring),
       *bottom = fc_polynomial_print(x->bottom, ring);
  fc_text text[1];
  fc_text_init(text);
  if (top && fmpz_mpoly_is_one(x->bottom, ring->ctx))
    fc_text_append(text, top);
  else if (top && bottom)
    fc_text_printf(text, "(%s)/(%s)", top, bottom);
  free(top);
  free(bottom);
  return fc_text_take(text);
}

char *fc_atom_print(long symbol, const fc_ring *ring) {
  const fc_symbol *atom = &ring->symbols[symbol];
  char *inside = fc_rational_print(&atom->argument, ring);
  fc_text text[1];
  fc_text_init(text);
  if (inside)
    fc_text_printf(text,
                   atom->kind == FC_SYMBOL_ROOT           ? "sqrt(%s)"
                   : atom->kind == FC_SYMBOL_INVERSE_ROOT ? "(%s)^(-1/2)"
                                                          : "log(%s)",
                   inside);
  free(inside);
  return fc_text_take(text);
}
