#!/usr/bin/env python3
"""Writes velocity.txt: v, grad v and d/dt v at points that hurt.

Method, without any formula of lib/: v(t, x) = E[a'Z + b'X_1 | X_t = x] by
regression within each component (the covariance of a'Z + b'X_1 with X_t against
that of X_t), which needs a^2, (a^2)', b, b' alone; for restricted normal laws
from the mean of a normal law on an interval, by mpmath's erfc (far out by the
continued fraction of Mills' ratio; exp(-20000) counts as 0).  grad v and
d/dt v are central differences of that v at 420 digits.  Schedules are written
out again from Table 1 with derivatives by hand.
"""
import sys
from mpmath import mp, mpf, matrix, sqrt, exp, log, erfc, pi, cos, sin

mp.dps = 420
STEP = mpf(10) ** -90


def R(text):
    """An exact rational, or 1-10^-n."""
    if "10^-" in text:
        return 1 - mpf(10) ** -int(text.split("^-")[1])
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
    return 1 - t**2, -2 * t, t, mpf(1)


def trigonometric(t):
    a, b = cos(pi * t / 2), sin(pi * t / 2)
    return a * a, -pi * a * b, b, pi / 2 * a


def shifted(t):
    z = mpf(1) / 10
    return ((1 - t) / (1 + z)) ** 2, -2 * (1 - t) / (1 + z) ** 2, \
        (t + z) / (1 + z), 1 / (1 + z)


def vp_sde(t):
    low, high, r = mpf(1) / 10, mpf(20), 1 - t
    b = exp(-r * r * (high - low) / 4 - r * low / 2)
    db = b * (r * (high - low) / 2 + low / 2)
    return 1 - b * b, -2 * b * db, b, db


def custom(t):
    a, da = (1 - t) * (2 - t) / 2, (2 * t - 3) / 2
    return a * a, 2 * a * da, t * (3 - t) / 2, (3 - 2 * t) / 2


SCHEDULES = [
    ("ve", ve), ("vp", vp), ("linear", linear), ("follmer", follmer),
    ("trigonometric", trigonometric), ("shifted-linear:zeta=1/10", shifted),
    ("vp-sde", vp_sde), ("custom:a=(1-t)*(2-t)/2,b=t*(3-t)/2", custom),
]


def mixture_velocity(weights, means, covariances):
    d = len(means[0])

    def v(at, x):
        A, dA, b, db = at
        logs, fields = [], []
        for w, m, S in zip(weights, means, covariances):
            V = A * mp.eye(d) + b * b * S
            gap = matrix([x[i] - b * m[i] for i in range(d)])
            solved = mp.lu_solve(V, gap) if d > 1 else gap / V[0]
            logs.append(log(w) - log(mp.det(V)) / 2 - (gap.T * solved)[0] / 2)
            fields.append((dA / 2) * solved + db * b * (S * solved)
                          + db * matrix(m))
        top = max(logs)
        r = [exp(l - top) for l in logs]
        total = mp.fsum(r)
        return [mp.fsum(r[k] * fields[k][i] for k in range(len(r))) / total
                for i in range(d)]
    return v


def mills(z):
    """(1 - Phi(z))/phi(z), z >= 0; far out by its continued fraction."""
    if z < 200:
        return exp(z * z / 2) * erfc(z / sqrt(2)) * sqrt(pi / 2)
    f = mpf(z)
    for k in range(400, 0, -1):
        f = z + k / f
    return 1 / f


def interval_mean(p, q):
    """Mean of the standard normal law on [p, q] (None: infinite)."""
    low = -mp.inf if p is None else p
    high = mp.inf if q is None else q
    if low + high < 0:
        return -interval_mean(None if q is None else -q,
                              None if p is None else -p)
    bell = lambda z: exp(-z * z / 2) / sqrt(2 * pi)
    if low < 0:  # both tails are small beside the middle
        tails = erfc(-low / sqrt(2)) / 2 + (
            0 if q is None else erfc(q / sqrt(2)) / 2) \
            if max(-low, 0 if q is None else q) < 200 else (
            erfc(-low / sqrt(2)) / 2 if -low < 200 else mpf(0))
        tops = (bell(low) if -low < 200 else 0) - (
            0 if q is None or q > 200 else bell(q))
        return tops / (1 - tails)
    e = mpf(0) if q is None else (q * q - low * low) / 2
    e = mpf(0) if q is None or e > 10**5 else exp(-e)
    return (1 - e) / (mills(low) - (e * mills(q) if e else 0))


def piece_velocity(mean, deviation, lower, upper):
    """N(mean, deviation^2) on [lower, upper]; deviation None: uniform."""
    def v(at, x):
        A, dA, b, db = at
        x = x[0]
        if A == 0:  # by its limit, the score of nu inside the support
            s = 0 if deviation is None else -(x - mean) / deviation ** 2
            return [db / b * x - dA / 2 * s]
        if deviation is None and b == 0:
            return [dA / (2 * A) * x + db * (lower + upper) / 2]
        precise = b * b / A + (0 if deviation is None else 1 / deviation ** 2)
        centre = (b * x / A
                  + (0 if deviation is None else mean / deviation ** 2)) \
            / precise
        s = 1 / sqrt(precise)
        ends = [None if e is None else (e - centre) / s for e in (lower, upper)]
        y = centre + s * interval_mean(*ends)
        return [dA / (2 * A) * (x - b * y) + db * y]
    return v


def isotropic(d, weights, means, stddevs):
    n = len(stddevs.split())
    w = [R(q) for q in weights.split()] if weights != "-" else [mpf(1) / n] * n
    m = [R(q) for q in means.split()]
    s = [R(q) for q in stddevs.split()]
    return mixture_velocity(w, [m[k * d:(k + 1) * d] for k in range(n)],
                            [mp.eye(d) * s[k] ** 2 for k in range(n)])


def full(d, weights, means, covariances):
    c, m = [R(q) for q in covariances.split()], [R(q) for q in means.split()]
    n = len(m) // d
    w = [R(q) for q in weights.split()] if weights != "-" else [mpf(1) / n] * n
    return mixture_velocity(
        w, [m[k * d:(k + 1) * d] for k in range(n)],
        [matrix(d, d) + matrix([[c[(k * d + i) * d + j] for j in range(d)]
                                for i in range(d)]) for k in range(n)])


def piece(mean, deviation, lower, upper):
    return piece_velocity(*[None if q == "-" else R(q)
                            for q in (mean, deviation, lower, upper)])


# kind, dimension, its texts, v, smooth (t = 1 allowed everywhere), points
TARGETS = [
    ("isotropic", 1, ("-", "7/10", "3/5"), ["0", "7/10", "40", "-1/1000"]),
    ("isotropic", 1, ("-", "-3/2 3/2", "1/2 1/2"),
     ["0", "3/10", "40", "-1/10000000000"]),
    ("isotropic", 1, ("1/4 3/4", "-6 6", "3/100 3/100"),
     ["0", "1/10", "6", "40"]),
    ("isotropic", 1, ("1/2 1/3 1/6", "-1 1/3 2", "1/2 1 1/5"),
     ["0", "-5/4", "40"]),
    ("isotropic", 2, ("1/8 3/8 1/2", "-1 0 1 1/2 0 3/4", "1/3 1/3 1/3"),
     ["0 0", "1/2 -1/4", "40 -30"]),
    ("full", 2, ("1/3 2/3", "-1 0 1/2 1", "1 1/2 1/2 2 1/3 0 0 1/5"),
     ["0 0", "7/5 -1/3", "-40 12"]),
    ("full", 3, ("-", "1 2 -1/2", "2 1/2 0 1/2 1 1/4 0 1/4 1/2"),
     ["0 0 0", "1 -2 3"]),
    ("full", 3, ("1/5 4/5", "0 1 -1 1/2 0 2",
                 "1/100 0 0 0 1 1/2 0 1/2 1 3 1 0 1 2 0 0 0 1/7"),
     ["0 0 0", "1/10 -2 1"]),
    ("piece", 1, ("-", "-", "0", "1"), ["1/2", "3/10", "2", "40"]),
    ("piece", 1, ("1/2", "3/4", "-1/4", "2"), ["0", "1", "40"]),
    ("piece", 1, ("0", "1", "0", "-"), ["0", "1/3", "-5", "40"]),
]
TIMES = ["0", "1/1000000", "3/10", "1/2", "9/10", "1-10^-12", "1-10^-30", "1"]


def differences(v, schedule, t, x):
    d = len(x)
    at = schedule(t)
    size = sqrt(at[0]) if at[0] > 0 else mpf(1)
    h = STEP * size
    jacobian = [[None] * d for _ in range(d)]
    for j in range(d):
        plus, minus = list(x), list(x)
        plus[j] += h
        minus[j] -= h
        p, m = v(at, plus), v(at, minus)
        for i in range(d):
            jacobian[i][j] = (p[i] - m[i]) / (2 * h)
    return [q for row in jacobian for q in row]


def time_difference(v, schedule, t, x):
    h = STEP * (1 - t if t < 1 else 1)
    p, m = v(schedule(t + h), x), v(schedule(t - h), x)
    return [(q - w) / (2 * h) for q, w in zip(p, m)]


def text(values):
    out = []
    for q in values:
        q = mp.re(q)
        out.append("0" if abs(q) < mpf(10) ** -70 else mp.nstr(q, 50))
    return " ".join(out)


def inside(parts, x):
    low, high = parts[2], parts[3]
    return (low == "-" or R(low) < x) and (high == "-" or x < R(high))


def main():
    out = sys.stdout
    out.write("# v, grad v, d/dt v to 50 digits.  Made by velocity.py with "
              "python3-mpmath %s\n# at 420 digits; the script says how.  "
              "Fields: kind | d | texts of the target | schedule | t | x |\n"
              "# v | grad v, row by row | d/dt v (- where it has no "
              "reference).\n" % __import__("mpmath").__version__)
    for kind, d, parts, points in TARGETS:
        turn = 0  # each line takes the next point
        v = isotropic(d, *parts) if kind == "isotropic" else \
            full(d, *parts) if kind == "full" else piece(*parts)
        for name, schedule in SCHEDULES:
            turn += 1
            for time in TIMES:
                t = R(time)
                turn += 1
                for point in points[turn % len(points):][:1]:
                    x = [R(q) for q in point.split()]
                    at_end = kind == "piece" and t == 1
                    if at_end and not inside(parts, x[0]):
                        continue
                    at_start = kind == "piece" and schedule(t)[2] == 0
                    rate = "-" if at_end or at_start else text(
                        time_difference(v, schedule, t, x))
                    out.write(" | ".join([
                        kind, str(d), " ; ".join(parts), name, time, point,
                        text(v(schedule(t), x)),
                        text(differences(v, schedule, t, x)), rate]) + "\n")


if __name__ == "__main__":
    main()
