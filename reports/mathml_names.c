/* What the names in formulas look like in the paper. */
#include <string.h>

#include "mathml_tree.h"

/* Not as an exponent: the character is small and raised by itself. */
#define PRIME "<mo lspace=\"0\" rspace=\"0\">′</mo>"
#define PRIMED(base) "<mrow>" base PRIME "</mrow>"
#define TWICE(base) "<mrow>" base "<mo lspace=\"0\" rspace=\"0\">″</mo></mrow>"

static const struct {
  const char *name;
  const char *shown; /* whole elements */
} names[] = {
    {"alpha", "<mi>α</mi>"},
    {"beta", "<mi>β</mi>"},
    {"gamma", "<mi>γ</mi>"},
    {"eps", "<mi>ε</mi>"},
    {"zeta", "<mi>ζ</mi>"},
    {"theta", "<mi>θ</mi>"},
    {"kappa", "<mi>κ</mi>"},
    {"lambda", "<mi>λ</mi>"},
    {"mu", "<mi>μ</mi>"},
    {"nu", "<mi>ν</mi>"},
    {"pi", "<mi>π</mi>"},
    {"rho", "<mi>ρ</mi>"},
    {"sigma", "<mi>σ</mi>"},
    {"phi", "<mi>φ</mi>"},
    {"omega", "<mi>ω</mi>"},
    {"Sigma", "<mi>Σ</mi>"},
    {"Gamma", "<mi>Γ</mi>"},
    {"inf", "<mi>∞</mi>"},
    {"grad", "<mo lspace=\"0\" rspace=\"0\">∇</mo>"},
    {"da", PRIMED("<mi>a</mi>")},
    {"db", PRIMED("<mi>b</mi>")},
    {"d2a", TWICE("<mi>a</mi>")},
    {"d2b", TWICE("<mi>b</mi>")},
    {"da1", PRIMED("<msub><mi>a</mi><mn>1</mn></msub>")},
    {"db1", PRIMED("<msub><mi>b</mi><mn>1</mn></msub>")},
    {"dv", "<mrow><msub><mo lspace=\"0\" rspace=\"0\">∂</mo><mi>t</mi></msub>"
           "<mi>v</mi></mrow>"},
    {"df", PRIMED("<mi>f</mi>")},
    {"ddU", TWICE("<mi>U</mi>")},
    {"Edf",
     "<mrow><mi mathvariant=\"normal\">E</mi>" PRIMED("<mi>f</mi>") "</mrow>"},
    {"EddU",
     "<mrow><mi mathvariant=\"normal\">E</mi>" TWICE("<mi>U</mi>") "</mrow>"},
    {"M2M1", "<mrow><msub><mi>M</mi><mn>2</mn></msub><msub><mi>M</mi>"
             "<mn>1</mn></msub></mrow>"},
    {"CM1", "<mrow><mi>C</mi><msub><mi>M</mi><mn>1</mn></msub></mrow>"},
    {"M2x", "<mrow><msub><mi>M</mi><mn>2</mn></msub><mi>x</mi></mrow>"},
    {"M2cx", "<mrow><msubsup><mi>M</mi><mn>2</mn><mi>c</mi></msubsup>"
             "<mi>x</mi></mrow>"},
    {"Qf", "<mrow><mover><mi>Q</mi><mo>~</mo></mover><mi>f</mi></mrow>"},
};

enum { NAME_COUNT = sizeof names / sizeof *names };

static const char *find(const char *name, size_t length) {
  for (int i = 0; i < NAME_COUNT; i++)
    if (strlen(names[i].name) == length &&
        strncmp(names[i].name, name, length) == 0)
      return names[i].shown;
  return NULL;
}

static size_t letters_of(const char *name, size_t length) {
  size_t count = 0;
  while (count < length && !(name[count] >= '0' && name[count] <= '9'))
    count++;
  return count;
}

/* One letter, and digits that are its index: x1, M3. */
static bool is_indexed(const char *name, size_t length) {
  size_t digits = 1;
  while (digits < length && name[digits] >= '0' && name[digits] <= '9')
    digits++;
  return length > 1 && digits == length && letters_of(name, length) == 1;
}

size_t fc_mathml_letters(const char *name, size_t length) {
  return is_indexed(name, length) && !find(name, length) ? 1 : length;
}

bool fc_mathml_is_word(const char *name, size_t length) {
  return length > 1 && !find(name, length) && !is_indexed(name, length);
}

static void append_plain(fc_text *out, const char *element, const char *name,
                         size_t length) {
  fc_text_printf(out, "<%s>%.*s</%s>", element, (int)length, name, element);
}

/* Letters, digits and dots only: nothing here needs an escape. */
static void append_base(fc_text *out, const char *name, size_t length) {
  const char *shown = find(name, length);
  if (shown)
    fc_text_append(out, shown);
  else if (length == 0)
    fc_text_append(out, "<mo lspace=\"0\" rspace=\"0\">*</mo>");
  else if (is_indexed(name, length)) {
    fc_text_append(out, "<msub>");
    append_plain(out, "mi", name, 1);
    append_plain(out, "mn", name + 1, length - 1);
    fc_text_append(out, "</msub>");
  } else
    append_plain(out, "mi", name, length);
}

void fc_mathml_name(fc_text *out, const char *name, size_t length, int primes) {
  if (primes == 0) {
    append_base(out, name, length);
    return;
  }
  fc_text_append(out, "<mrow>");
  append_base(out, name, length);
  for (int i = 0; i < primes && i < 4; i++)
    fc_text_append(out, PRIME);
  fc_text_append(out, "</mrow>");
}
