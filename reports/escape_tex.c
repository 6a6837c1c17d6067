/* Text in LaTeX. */
#include <string.h>

#include "base/utf8.h"
#include "escape.h"

static const struct {
  const char *character;
  const char *command;
} commands[] = {
    /* ASCII that means something to TeX */
    {"\\", "\\textbackslash{}"},
    {"{", "\\{"},
    {"}", "\\}"},
    {"$", "\\$"},
    {"&", "\\&"},
    {"#", "\\#"},
    {"%", "\\%"},
    {"_", "\\_"},
    {"^", "\\^{}"},
    {"~", "\\~{}"},
    {"<", "$<$"},
    {">", "$>$"},
    {"|", "$|$"},
    {"\"", "''"},
    {"'", "$'$"},
    {"`", "`{}"},
    {"-", "-{}"}, /* no ligatures */
    /* Greek */
    {"α", "$\\alpha$"},
    {"β", "$\\beta$"},
    {"γ", "$\\gamma$"},
    {"δ", "$\\delta$"},
    {"ε", "$\\varepsilon$"},
    {"ζ", "$\\zeta$"},
    {"η", "$\\eta$"},
    {"θ", "$\\theta$"},
    {"ϑ", "$\\vartheta$"},
    {"κ", "$\\kappa$"},
    {"λ", "$\\lambda$"},
    {"μ", "$\\mu$"},
    {"ν", "$\\nu$"},
    {"ξ", "$\\xi$"},
    {"π", "$\\pi$"},
    {"ρ", "$\\rho$"},
    {"σ", "$\\sigma$"},
    {"τ", "$\\tau$"},
    {"φ", "$\\varphi$"},
    {"ψ", "$\\psi$"},
    {"ω", "$\\omega$"},
    {"Γ", "$\\Gamma$"},
    {"Δ", "$\\Delta$"},
    {"Θ", "$\\Theta$"},
    {"Λ", "$\\Lambda$"},
    {"Π", "$\\Pi$"},
    {"Σ", "$\\Sigma$"},
    {"Φ", "$\\Phi$"},
    {"Ψ", "$\\Psi$"},
    {"Ω", "$\\Omega$"},
    /* signs */
    {"∇", "$\\nabla$"},
    {"∂", "$\\partial$"},
    {"∫", "$\\int$"},
    {"√", "$\\surd$"},
    {"∞", "$\\infty$"},
    {"≤", "$\\le$"},
    {"≥", "$\\ge$"},
    {"≼", "$\\preceq$"},
    {"≽", "$\\succeq$"},
    {"≠", "$\\ne$"},
    {"≈", "$\\approx$"},
    {"→", "$\\to$"},
    {"∈", "$\\in$"},
    {"∘", "$\\circ$"},
    {"∗", "$*$"},
    {"×", "$\\times$"},
    {"·", "$\\cdot$"},
    {"⋅", "$\\cdot$"},
    {"±", "$\\pm$"},
    {"−", "$-$"},
    {"⟨", "$\\langle$"},
    {"⟩", "$\\rangle$"},
    {"′", "$'$"},
    {"″", "$''$"},
    {"…", "\\ldots{}"},
    {"–", "--"},
    {"—", "---"},
    {"“", "``"},
    {"”", "''"},
    {"‘", "`"},
    {"’", "'"},
    /* raised and lowered */
    {"⁰", "$^0$"},
    {"¹", "$^1$"},
    {"²", "$^2$"},
    {"³", "$^3$"},
    {"⁴", "$^4$"},
    {"⁵", "$^5$"},
    {"⁻", "$^-$"},
    {"₀", "$_0$"},
    {"₁", "$_1$"},
    {"₂", "$_2$"},
    {"₃", "$_3$"},
    {"ₜ", "$_t$"},
    {"ₛ", "$_s$"},
    {"ₓ", "$_x$"},
};

static const char *command_of(const char *bytes, size_t count) {
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
    if (strlen(commands[i].character) == count &&
        memcmp(commands[i].character, bytes, count) == 0)
      return commands[i].command;
  return NULL;
}

/* Letters with accents are known to LaTeX by itself; eth, thorn and the two
 * signs between them are not. */
static bool is_known(uint32_t code) {
  bool other = code == 0xd0 || code == 0xd7 || code == 0xde || code == 0xf0 ||
               code == 0xf7 || code == 0xfe;
  return (code >= 0x20 && code < 0x7f) ||
         (code >= 0xc0 && code <= 0xff && !other);
}

static void append(fc_text *out, const char *text, bool breakable) {
  size_t length = strlen(text);
  for (size_t i = 0; i < length;) {
    uint32_t code = 0;
    size_t count = fc_utf8_next(&code, text + i, length - i);
    const char *command = count ? command_of(text + i, count) : NULL;
    if (command)
      fc_text_append(out, command);
    else if (count && is_known(code))
      fc_text_append_bytes(out, text + i, count);
    else
      fc_text_append(out, code && code < 0x20 ? " " : "?");
    if (breakable && (text[i] == '.' || text[i] == '-' || text[i] == '/'))
      fc_text_append(out, "\\allowbreak{}");
    i += count ? count : 1;
  }
}

void fc_tex(fc_text *out, const char *text) { append(out, text, false); }

void fc_tex_breakable(fc_text *out, const char *text) {
  append(out, text, true);
}
