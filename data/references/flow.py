#!/usr/bin/env python3
"""Writes flow.txt: X_{s,t}(x) and its derivative at points that hurt.

Three methods, without any formula of lib/, at 160 digits:
- on the line F_t(X_{s,t}(x)) = F_s(x): F_t from mpmath's erfc for mixtures, for
  restricted normal and uniform laws by tanh-sinh quadrature over y of
  nu(y) Phi((x - b y)/a) between breakpoints that follow the integrand's mode;
  always the smaller tail, inverted by Newton's method on its logarithm inside a
  shrinking bracket.  The derivative is p_s(x)/p_t(X), p_t by the normal law of
  y given x.  Collinear equal mixtures in the plane: along the line so, and
  across it sqrt(a_t^2 + s^2 b_t^2)/sqrt(a_s^2 + s^2 b_s^2);
- single normal laws by mpmath.sqrtm: b_t m + S_t S_s^-1 (x - b_s m);
- other mixtures in R^d: dX/dt = v(t, X) and dJ/dt = grad v(t, X) J in t by the
  Gragg-Bulirsch-Stoer method, order 36, equal steps (shorter by
  the branch point of vp), at 90 digits; v is the
  regression of a'Z + b'X_1 on X_t within each component, which needs a^2,
  (a^2)', b, b' alone.  Done twice, the second time with one and a half times
  the steps; both must agree to 10^-44 or the script fails, and the second,
  which is taken, is closer by (2/3)^36 < 10^-6.
Schedules are written out again from Table 1.  Run by Debian's python3 with
python3-mpmath (python3-gmpy2 makes it faster and changes nothing).
"""
import sys
from mpmath import mp, mpf, matrix, sqrt, exp, log, erfc, pi, cos, sin

DIGITS = 160
mp.dps = DIGITS


def R(text):
    """An exact rational, 1-2^-n, p/2^n or p/10^n."""
    if text.startswith("1-2^-"):
        return 1 - mpf(2) ** -int(text.split("^-")[1])
    if "^" in text:
        p, q = text.split("/")
        base, n = q.split("^")
        return mpf(p) / mpf(base) ** int(n)
    if "/" in text:
        p, q = text.split("/")
        return mpf(p) / mpf(q)
    return mpf(text)


# t -> (a^2, (a^2)', b, b')
def ve(t):
    return 4 * (1 - t) ** 2, -8 * (1 - t), mpf(1), mpf(0)


def vp(t):
    c = (mpf(99) / 100) ** 2
    A, dA = c * (1 - t) ** 2, -2 * c * (1 - t)
    b = sqrt(1 - A)
    return A, dA, b, -dA / (2 * b)


def linear(t):
    return (1 - t) ** 2, -2 * (1 - t), t, mpf(1)


def follmer(t):
    return (1 - t) * (1 + t), -2 * t, t, mpf(1)


def trigonometric(t):
    a, b = sin(pi * (1 - t) / 2), cos(pi * (1 - t) / 2)
    return a * a, -pi * a * b, b, pi / 2 * a


def shifted(t):
    z = mpf(1) / 10
    return ((1 - t) / (1 + z)) ** 2, -2 * (1 - t) / (1 + z) ** 2, \
        (t + z) / (1 + z), 1 / (1 + z)


def vp_sde(t):
    low, high, r = mpf(1) / 10, mpf(20), 1 - t
    b = exp(-r * r * (high - low) / 4 - r * low / 2)
    db = b * (r * (high - low) / 2 + low / 2)
    return -mp.expm1(2 * log(b)), -2 * b * db, b, db


def custom(t):
    a, da = (1 - t) * (2 - t) / 2, (2 * t - 3) / 2
    return a * a, 2 * a * da, t * (3 - t) / 2, (3 - 2 * t) / 2


SCHEDULES = {
    "ve": ve, "vp": vp, "linear": linear, "follmer": follmer,
    "trigonometric": trigonometric, "shifted-linear:zeta=1/10": shifted,
    "vp-sde": vp_sde, "custom:a=(1-t)*(2-t)/2,b=t*(3-t)/2": custom,
}

# --- the line ---------------------------------------------------------------


def upper_tail(z):
    return erfc(z / sqrt(mpf(2))) / 2


def bell(z, s):
    return exp(-z * z / (2 * s * s)) / (s * sqrt(2 * pi))


class Mixture:
    """On the line; weights, means, standard deviations."""

    def __init__(self, weights, means, deviations):
        self.parts = list(zip(weights, means, deviations))

    def tail(self, x, A, b, above):
        sign = 1 if above else -1
        return mp.fsum(w * upper_tail(sign * (x - b * m) / sqrt(A + b * b * s * s))
                       for w, m, s in self.parts)

    def density(self, x, A, b):
        return mp.fsum(w * bell(x - b * m, sqrt(A + b * b * s * s))
                       for w, m, s in self.parts)

    def bounds(self, A, b):
        far = [sqrt(A + b * b * s * s) for w, m, s in self.parts]
        means = [b * m for w, m, s in self.parts]
        return min(means) - 4000 * max(far), max(means) + 4000 * max(far)


def normal_mass(low, high):
    """Of the standard normal law; None: infinite."""
    if low is None:
        return upper_tail(-high) if high is not None else mpf(1)
    if high is None:
        return upper_tail(low)
    if low + high < 0:
        low, high = -high, -low
    return upper_tail(low) - upper_tail(high)


class Pieces:
    """c_k exp(-(y - m)^2/(2 s^2)) (s None: c_k) on [l, u], None: infinite."""

    def __init__(self, parts):
        total = mp.fsum(c * self.whole(m, s, l, u) for c, m, s, l, u in parts)
        self.parts = [(c / total, m, s, l, u) for c, m, s, l, u in parts]

    @staticmethod
    def whole(m, s, l, u):
        if s is None:
            return u - l
        return s * sqrt(2 * pi) * normal_mass(
            None if l is None else (l - m) / s, None if u is None else (u - m) / s)

    def density(self, x, A, b):
        total = mpf(0)
        for c, m, s, l, u in self.parts:
            if A == 0:
                if (l is None or l <= x) and (u is None or x <= u):
                    total = c if s is None else c * exp(-(x - m) ** 2 / (2 * s * s))
                continue
            if b == 0:
                total += c * self.whole(m, s, l, u) * bell(x, sqrt(A))
                continue
            precise = b * b / A + (0 if s is None else 1 / s ** 2)
            centre = (b * x / A + (0 if s is None else m / s ** 2)) / precise
            width = 1 / sqrt(precise)
            # -(y-m)^2/2s^2 - (x-by)^2/2A at its top
            top = 0 if s is None else -(centre - m) ** 2 / (2 * s * s)
            top -= (x - b * centre) ** 2 / (2 * A)
            mass = normal_mass(None if l is None else (l - centre) / width,
                               None if u is None else (u - centre) / width)
            total += c * exp(top) * width * mass / sqrt(A)
        return total

    def tail(self, x, A, b, above):
        total = mpf(0)
        for c, m, s, l, u in self.parts:
            if A == 0:
                low = l if not above or (l is not None and l > x) else x
                high = u if above or (u is not None and u < x) else x
                if low is None or high is None or low < high:
                    total += c * self.whole(m, s, low, high)
            elif b == 0:
                z = x / sqrt(A)
                total += c * self.whole(m, s, l, u) * upper_tail(z if above else -z)
            else:
                total += c * self.smoothed(x, sqrt(A), b, m, s, l, u,
                                           1 if above else -1)
        return total

    @staticmethod
    def smoothed(x, a, b, m, s, l, u, sign):
        def f(y):
            core = upper_tail(sign * (x - b * y) / a)
            return core if s is None else core * exp(-(y - m) ** 2 / (2 * s * s))

        def slope(y):  # of log f, decreasing
            z = sign * (x - b * y) / a
            mills = bell(z, mpf(1)) / upper_tail(z) if z < 10**4 else z
            return sign * b / a * mills - (0 if s is None else (y - m) / s ** 2)
        far = 10 ** 4
        low, high = mpf(-far if l is None else l), mpf(far if u is None else u)
        with mp.workdps(30):
            p, q = low, high
            for _ in range(80):
                middle = (p + q) / 2
                if slope(middle) > 0:
                    p = middle
                else:
                    q = middle
            mode = (p + q) / 2
            g = abs(slope(mode))  # not 0 where the mode is an end
        scales = [a / b] + ([] if s is None else [s]) + \
            ([1 / g] if g > 0 and 1 / g < a / b else [])
        cuts = {low, high}
        for scale in scales:
            for k in (0, 1, 2, 4, 7, 11, 16, 22, 28, 40, 80, 160, 400):
                for centre in (mode, x / b):
                    cuts |= {centre - k * scale, centre + k * scale}
        limit = 28 * s if s is not None else None
        cuts = sorted(y for y in cuts if low <= y <= high and (
            limit is None or abs(y - mode) <= limit))
        cuts = [y for i, y in enumerate(cuts)
                if i == 0 or y - cuts[i - 1] > (high - low) * mpf(10) ** -60]
        top = f(mode)  # the tolerance of quad is absolute
        return top * mp.quad(lambda y: f(y) / top, cuts)

    def bounds(self, A, b):
        reach = max(abs(mpf(e)) for _, m, s, l, u in self.parts
                    for e in (l, u, m) if e is not None)
        reach += 60 * max([mpf(1)] + [s for _, m, s, l, u in self.parts
                                      if s is not None])
        if A == 0:
            lows = [l for _, _, _, l, _ in self.parts]
            highs = [u for _, _, _, _, u in self.parts]
            return (-reach if None in lows else min(lows),
                    reach if None in highs else max(highs))
        return -reach - 4000 * sqrt(A), reach + 4000 * sqrt(A)


def line_flow(law, s, t, x):
    A, _, b, _ = s
    below, above = law.tail(x, A, b, False), law.tail(x, A, b, True)
    side = above < below  # True: the upper tail is the smaller one
    goal = log(min(below, above))
    B, _, c, _ = t
    low, high = law.bounds(B, c)
    y = (low + high) / 2
    tiny = mpf(10) ** -(mp.dps - 40)
    for _ in range(400):
        tail = law.tail(y, B, c, side)
        gap = (log(tail) - goal) if tail > 0 else mpf(-1)
        if (gap > 0) == side:
            low = y
        else:
            high = y
        p = law.density(y, B, c) if tail > 0 else 0
        new = None
        if p > 0:  # d log tail/dy = -+p/tail
            new = y + (gap * tail / p) * (1 if side else -1)
            if abs(new - y) <= tiny * (abs(y) + tiny):
                return new, law.density(x, A, b) / law.density(new, B, c)
        if new is None or not (low < new < high):
            new = (low + high) / 2
        if high - low <= tiny * (abs(y) + tiny):
            return new, law.density(x, A, b) / law.density(new, B, c)
        y = new
    raise ArithmeticError("no convergence")

# --- R^d --------------------------------------------------------------------


def inverse(M):
    """Inverse and determinant of a matrix given as lists."""
    M = matrix(M)
    inv = M ** -1
    d = M.rows
    return [[inv[i, j] for j in range(d)] for i in range(d)], mp.det(M)


class Field:
    def __init__(self, schedule, weights, means, covariances):
        self.schedule, self.w, self.m, self.S = \
            schedule, weights, means, covariances
        self.d, self.cache = len(means[0]), {}

    def prepare(self, t):
        if t in self.cache:
            return self.cache[t]
        A, dA, b, db = self.schedule(t)
        d, parts = self.d, []
        for w, m, S in zip(self.w, self.m, self.S):
            V = [[(A if i == j else 0) + b * b * S[i][j] for j in range(d)]
                 for i in range(d)]
            inv, det = inverse(V)
            G = [[(dA / 2 if i == j else 0) + b * db * S[i][j]
                  for j in range(d)] for i in range(d)]
            F = [[mp.fdot(G[i], [inv[k][j] for k in range(d)])
                  for j in range(d)] for i in range(d)]
            parts.append((log(w) - log(det) / 2, inv, F,
                          [b * q for q in m], [db * q for q in m]))
        self.cache[t] = parts
        return parts

    def __call__(self, t, state):
        """v and grad v J: state is X then J row by row."""
        d, x = self.d, state[:self.d]
        logs, fields, normals, slopes = [], [], [], []
        for base, inv, F, bm, dbm in self.prepare(t):
            gap = [x[i] - bm[i] for i in range(d)]
            n = [mp.fdot(inv[i], gap) for i in range(d)]
            logs.append(base - mp.fdot(gap, n) / 2)
            fields.append([mp.fdot(F[i], gap) + dbm[i] for i in range(d)])
            normals.append(n)
            slopes.append(F)
        top = max(logs)
        r = [exp(l - top) for l in logs]
        total = mp.fsum(r)
        r = [q / total for q in r]
        ks = range(len(r))
        v = [mp.fsum(r[k] * fields[k][i] for k in ks) for i in range(d)]
        D = [[mp.fsum(r[k] * (slopes[k][i][j]
                              - (fields[k][i] - v[i]) * normals[k][j])
                      for k in ks) for j in range(d)] for i in range(d)]
        J = [state[d + i * d:d + (i + 1) * d] for i in range(d)]
        return v + [mp.fdot(D[i], [J[k][j] for k in range(d)])
                    for i in range(d) for j in range(d)]


COLUMNS = 18


def gbs_step(f, t, y, h):
    """Modified midpoint with 2, 4, ..., 36 substeps, extrapolated to 0."""
    size = range(len(y))
    start = f(t, y)
    rows = []
    for j in range(1, COLUMNS + 1):
        n = 2 * j
        k = h / n
        before, now = y, [y[i] + k * start[i] for i in size]
        for step in range(1, n):
            slope = f(t + step * k, now)
            before, now = now, [before[i] + 2 * k * slope[i] for i in size]
        slope = f(t + h, now)
        rows.append([(now[i] + before[i] + k * slope[i]) / 2 for i in size])
    result = [mpf(0)] * len(y)
    for j in range(1, COLUMNS + 1):  # Lagrange in 1/n^2 at 0
        c = mpf(1)
        for i in range(1, COLUMNS + 1):
            if i != j:
                c *= mpf(j * j) / (j * j - i * i)
        result = [result[i] + c * rows[j - 1][i] for i in size]
    return result


def integrate(field, s, t, x, steps):
    d = len(x)
    y = list(x) + [mpf(i == j) for i in range(d) for j in range(d)]
    times = [s + (t - s) * k / steps for k in range(steps + 1)]
    if field.schedule is vp:  # b has a branch point at t = -1/99
        times = [s]
        while times[-1] < t:
            times.append(min(t, times[-1]
                             + min(1, 5 * times[-1] + mpf(5) / 99) / steps))
    for k in range(len(times) - 1):
        y = gbs_step(field, times[k], y, times[k + 1] - times[k])
        field.cache.clear()
    return y


def space_flow(field, s, t, x, steps):
    with mp.workdps(90):
        coarse = integrate(field, s, t, x, steps)
        fine = integrate(field, s, t, x, steps * 3 // 2)
        size = max(abs(q) for q in fine[:len(x)]), \
            max(abs(q) for q in fine[len(x):])
        for i, (p, q) in enumerate(zip(coarse, fine)):
            if abs(p - q) > mpf(10) ** -44 * size[i >= len(x)]:
                raise ArithmeticError("too few steps: %s"
                                 % mp.nstr(abs(p - q) / size[i >= len(x)], 5))
        return fine


def gaussian_flow(m, S, s, t, x):
    d = len(m)
    m, x = matrix(m), matrix(x)

    def root(at):
        return mp.sqrtm(at[0] * mp.eye(d) + at[2] ** 2 * matrix(S))
    J = root(t) * root(s) ** -1
    X = t[2] * m + J * (x - s[2] * m)
    return [mp.re(q) for q in X], [mp.re(J[i, j]) for i in range(d)
                                   for j in range(d)]

# --- cases ------------------------------------------------------------------


def numbers(text):
    return [R(q) for q in text.split()]


def weights_of(text, count):
    return [mpf(1) / count] * count if text == "-" else numbers(text)


def rows_of(values, d):
    return [values[k:k + d] for k in range(0, len(values), d)]


def isotropic(d, parts):
    s = numbers(parts[2])
    means = rows_of(numbers(parts[1]), d)
    return weights_of(parts[0], len(s)), means, s


TILTS = {  # slope and value at 0 of the log-ratio on each interval
    "-abs(x)": [(None, 0, 1, 0), (0, None, -1, 0)],
    "abs(x-1/2) - 2*max(x, 0)": [(None, 0, -1, "1/2"), (0, "1/2", -3, "1/2"),
                                 ("1/2", None, -1, "-1/2")],
}


def pieces_law(kind, parts):
    if kind == "tilted":  # -y^2/2 + p y + c = -(y-p)^2/2 + c + p^2/2
        out = []
        for l, u, p, c in TILTS[parts[0]]:
            out.append((exp(R(str(c)) + mpf(p) ** 2 / 2), mpf(p), mpf(1),
                        None if l is None else R(str(l)),
                        None if u is None else R(str(u))))
        return Pieces(out)
    mean, deviation, low, high = [None if q == "-" else R(q) for q in parts]
    return Pieces([(mpf(1), mpf(0) if mean is None else mean, deviation, low,
                    high)])


def collinear_flow(parts, s, t, x):
    """Means c_k e with e = (3/5, 4/5), equal deviations."""
    w, means, sigma = isotropic(2, parts)
    e, n = (mpf(3) / 5, mpf(4) / 5), (-mpf(4) / 5, mpf(3) / 5)
    along = [m[0] * e[0] + m[1] * e[1] for m in means]
    assert all(abs(m[0] * n[0] + m[1] * n[1]) < mpf(10) ** -100 for m in means)
    law = Mixture(w, along, sigma)
    X, J = line_flow(law, s, t, x[0] * e[0] + x[1] * e[1])
    q = sigma[0] ** 2
    c = sqrt((t[0] + q * t[2] ** 2) / (s[0] + q * s[2] ** 2))
    Y = c * (x[0] * n[0] + x[1] * n[1])
    return [X * e[i] + Y * n[i] for i in range(2)], \
        [J * e[i] * e[j] + c * n[i] * n[j] for i in range(2) for j in range(2)]


def compute(kind, d, parts, schedule, s, t, x, steps):
    at = SCHEDULES[schedule]
    begin, end = at(R(s)), at(R(t))
    point = numbers(x)
    if kind in ("piece", "tilted"):
        X, J = line_flow(pieces_law(kind, parts), begin, end, point[0])
        return [X], [J]
    if kind == "isotropic" and d == 1:
        w, means, sigma = isotropic(d, parts)
        law = Mixture(w, [m[0] for m in means], sigma)
        X, J = line_flow(law, begin, end, point[0])
        return [X], [J]
    if steps == "collinear":
        return collinear_flow(parts, begin, end, point)
    if kind == "isotropic":
        w, means, sigma = isotropic(d, parts)
        cov = [[[q * q if i == j else mpf(0) for j in range(d)]
                for i in range(d)] for q in sigma]
    else:
        means = rows_of(numbers(parts[1]), d)
        w = weights_of(parts[0], len(means))
        cov = [rows_of(q, d) for q in rows_of(numbers(parts[2]), d * d)]
    if len(means) == 1:
        return gaussian_flow(means[0], cov[0], begin, end, point)
    y = space_flow(Field(at, w, means, cov), R(s), R(t), point, steps)
    return y[:d], y[d:]


BUMPS = ("isotropic", 1, ("-", "-3/2 3/2", "1/2 1/2"))
THREE = ("isotropic", 1, ("1/2 1/3 1/6", "-1 1/3 2", "1/2 1 1/5"))
NARROW = ("isotropic", 1, ("1/4 3/4", "-6 6", "3/100 3/100"))
NORMAL = ("isotropic", 1, ("-", "7/10", "3/5"))
UNIFORM = ("piece", 1, ("-", "-", "0", "1"))
CUT = ("piece", 1, ("1/2", "3/4", "-1/4", "2"))
HALF = ("piece", 1, ("0", "1", "0", "-"))
LAPLACE = ("tilted", 1, ("-abs(x)",))
SKEW = ("tilted", 1, ("abs(x-1/2) - 2*max(x, 0)",))
PLANE_NORMAL = ("full", 2, ("-", "1 -1/2", "2 1/2 1/2 1/3"))
SPACE_NORMAL = ("full", 3, ("-", "1 2 -1/2", "2 1/2 0 1/2 1 1/4 0 1/4 1/2"))
LINE = ("isotropic", 2, ("1/4 3/4", "-9/10 -6/5 9/10 6/5", "1/2 1/2"))
STIFF_LINE = ("isotropic", 2, ("1/3 2/3", "-18/5 -24/5 18/5 24/5",
                               "3/100 3/100"))
TRIANGLE = ("isotropic", 2, ("1/8 3/8 1/2", "-1 0 1 1/2 0 3/4", "1/3 1/3 1/3"))
PLANE = ("full", 2, ("1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5"))
SPACE = ("isotropic", 3, ("1/8 3/8 1/4 1/4", "1 1 1 1 -1 -1 -1 1 -1 -1 -1 1",
                          "1/2 1/2 1/2 1/2"))
SPACE_FULL = ("full", 3, ("1/5 4/5", "0 1 -1 1/2 0 2",
                          "1/4 0 0 0 1 1/2 0 1/2 1 3 1 0 1 2 0 0 0 1/2"))
SHIFTED = "shifted-linear:zeta=1/10"
CUSTOM = "custom:a=(1-t)*(2-t)/2,b=t*(3-t)/2"

# target, schedule, s, t, x, steps of the integration (None on the line)
CASES = [
    (BUMPS, "linear", "0", "99/100", "3/10", None),
    (BUMPS, "linear", "0", "1", "0", None),
    (BUMPS, "linear", "0", "1", "1/1024", None),
    (BUMPS, "linear", "0", "1", "40", None),
    (BUMPS, "ve", "0", "1", "5/16", None),
    (BUMPS, "vp", "1/4", "3/4", "-1/8", None),
    (BUMPS, "follmer", "0", "1", "8", None),
    (BUMPS, "follmer", "1", "0", "5/4", None),
    (BUMPS, "trigonometric", "1/2", "1-2^-100", "3/8", None),
    (BUMPS, "vp-sde", "0", "1", "-11/8", None),
    (BUMPS, "vp-sde", "7/8", "1/8", "2", None),
    (BUMPS, SHIFTED, "1", "0", "-1/2", None),
    (BUMPS, CUSTOM, "0", "1", "5/16", None),
    (BUMPS, CUSTOM, "1", "3/8", "1/128", None),
    (THREE, "linear", "0", "1", "3/8", None),
    (THREE, "linear", "1", "0", "40", None),
    (THREE, "follmer", "1/8", "1-2^-40", "-5/4", None),
    (THREE, "vp", "1", "0", "7/4", None),
    (THREE, "vp-sde", "0", "1/2", "8", None),
    (NARROW, "linear", "0", "1", "-185401932885/2^38", None),
    (NARROW, "linear", "0", "1",
     "-6744897501960817432022270145413072436934/10^40", None),
    (NARROW, "linear", "0", "1", "40", None),
    (NARROW, "linear", "1", "0", "-5", None),
    (NARROW, "follmer", "0", "7/8", "-43/64", None),
    (NARROW, SHIFTED, "0", "1", "-5/8", None),
    (NARROW, "vp-sde", "1", "1/8", "6", None),
    (NORMAL, "linear", "0", "1", "40", None),
    (NORMAL, "follmer", "1", "0", "-1/1024", None),
    (NORMAL, "vp-sde", "3/16", "1-2^-100", "8", None),
    (UNIFORM, "linear", "0", "1", "5/16", None),
    (UNIFORM, "linear", "1", "0", "5/16", None),
    (UNIFORM, "linear", "1/4", "3/4", "8", None),
    (UNIFORM, "follmer", "0", "1/2", "2", None),
    (UNIFORM, "ve", "0", "1", "1/2", None),
    (UNIFORM, "vp-sde", "1", "1/2", "1/1024", None),
    (CUT, "linear", "0", "1", "1", None),
    (CUT, "trigonometric", "1", "1/2", "15/8", None),
    (CUT, "vp", "3/4", "1/4", "40", None),
    (HALF, "linear", "0", "1", "-5", None),
    (HALF, "follmer", "3/8", "3/4", "3/2", None),
    (HALF, CUSTOM, "1", "0", "1/128", None),
    (LAPLACE, "linear", "0", "1", "11/8", None),
    (LAPLACE, "vp", "3/4", "0", "-4", None),
    (SKEW, "follmer", "0", "1", "-1/2", None),
    (SKEW, "linear", "1/2", "15/16", "1/4", None),
    (PLANE_NORMAL, "linear", "0", "1", "40 -8", None),
    (PLANE_NORMAL, "vp-sde", "1", "0", "1 -3/8", None),
    (SPACE_NORMAL, "follmer", "3/16", "1", "1 -2 3", None),
    (SPACE_NORMAL, "ve", "1", "1/2", "0 0 1/8", None),
    (LINE, "linear", "0", "1", "5/16 -1/4", "collinear"),
    (LINE, "vp-sde", "1", "0", "1/2 2", "collinear"),
    (LINE, "trigonometric", "1/8", "1-2^-40", "-2 8", "collinear"),
    (STIFF_LINE, "linear", "0", "7/8", "-1/4 -3/8", "collinear"),
    (STIFF_LINE, "follmer", "0", "1", "2 1/8", "collinear"),
    (STIFF_LINE, SHIFTED, "1", "0", "29/8 77/16", "collinear"),
    (TRIANGLE, "linear", "0", "1", "1/2 -1/4", 40),
    (TRIANGLE, "linear", "1", "0", "-3/8 5/8", 40),
    (TRIANGLE, "follmer", "1/4", "7/8", "8 -3", 40),
    (TRIANGLE, "vp", "0", "1", "0 1/8", 40),
    (TRIANGLE, "vp-sde", "7/8", "1/8", "1 1/2", 40),
    (PLANE, "linear", "0", "1", "11/8 -3/8", 40),
    (PLANE, "ve", "1", "0", "-1/2 1/2", 40),
    (PLANE, "trigonometric", "1", "3/8", "-8 3", 40),
    (PLANE, CUSTOM, "0", "1/2", "0 0", 40),
    (SPACE, "linear", "0", "1", "1/8 -3/16 3/8", 40),
    (SPACE, "follmer", "1", "0", "1 1/2 -1", 64),
    (SPACE, SHIFTED, "3/16", "13/16", "-2 3 1/8", 40),
    (SPACE_FULL, "linear", "0", "1", "1/8 -2 1", 40),
    (SPACE_FULL, "vp-sde", "1", "1/2", "1/2 3/8 1", 40),
]


def text(values):
    return " ".join(mp.nstr(mpf(q), 50) for q in values)


def line_of(case):
    (kind, d, parts), schedule, s, t, x, steps = case
    X, J = compute(kind, d, parts, schedule, s, t, x, steps)
    return " | ".join([kind, str(d), " ; ".join(parts), schedule, s, t, x,
                       text(X), text(J)]) + "\n"


def main():
    import multiprocessing
    import mpmath
    chosen = [int(q) for q in sys.argv[1:]] or range(len(CASES))
    sys.stdout.write(
        "# X_{s,t}(x) and its derivative to 48 digits.  Made by flow.py with "
        "python3-mpmath\n# %s at 160 digits; the script says how.  Fields: "
        "kind | d | texts of the target |\n# schedule | s | t | x | X_{s,t}(x) "
        "| derivative, row by row.  The first line is the\n# worked value of "
        "the theory.\n" % mpmath.__version__)
    with multiprocessing.Pool(2) as pool:
        for line in pool.imap(line_of, [CASES[k] for k in chosen]):
            sys.stdout.write(line)
            sys.stdout.flush()


if __name__ == "__main__":
    main()
