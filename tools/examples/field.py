#!/usr/bin/env python3
"""A velocity field in NumPy and SciPy, as a candidate for `flowcert test`.

    flowcert test two-bumps --schedule linear \
        --candidate 'program:python3 tools/examples/field.py'

The target is the mixture 1/2 N(-3/2, 1/4) + 1/2 N(3/2, 1/4); schedules linear,
follmer and trigonometric.  A mistake can be planted, to see it caught:
field.py sign | factor | schedule | clip.
"""
import json
import sys

import numpy as np
from scipy.special import softmax
from scipy.stats import norm

WEIGHTS = np.array([0.5, 0.5])
MEANS = np.array([-1.5, 1.5])
STDDEV = 0.5


def schedule(name, t):
    """b, (a^2)'/2, b' and a^2: finite at both ends, where a' may not be."""
    if name == "linear":
        return t, t - 1, np.ones_like(t), (1 - t) ** 2
    if name == "follmer":
        return t, -t, np.ones_like(t), (1 - t) * (1 + t)
    if name == "trigonometric":
        h = np.pi / 2
        return (np.sin(h * t), -h * np.sin(h * t) * np.cos(h * t),
                h * np.cos(h * t), np.cos(h * t) ** 2)
    raise ValueError("the schedule %s is not known here" % name)


def velocity(name, t, x):
    """v = sum_k r_k (b' m_k + (a a' + b b' s^2)/(a^2 + b^2 s^2) (x - b m_k)),
    r_k the responsibilities.  t: n numbers, x: n."""
    b, ada, db, a2 = schedule(name, t)
    variance = a2 + (b * STDDEV) ** 2
    gap = x[:, None] - b[:, None] * MEANS
    logs = np.log(WEIGHTS) + norm.logpdf(gap, scale=np.sqrt(variance)[:, None])
    r = softmax(logs, axis=1)
    slope = (ada + b * db * STDDEV ** 2) / variance
    return np.sum(r * (db[:, None] * MEANS + slope[:, None] * gap), axis=1)


def candidate(mistake, name, t, x):
    if mistake == "sign":
        return -velocity(name, t, x)
    if mistake == "factor":
        return 0.5 * velocity(name, t, x)
    if mistake == "schedule":
        return velocity("follmer", t, x)
    if mistake == "clip":
        return velocity(name, np.clip(t, 1e-3, 1 - 1e-3), x)
    return velocity(name, t, x)


def main():
    mistake = sys.argv[1] if len(sys.argv) > 1 else None
    for line in sys.stdin:
        request = json.loads(line)
        answer = {"id": request["id"]}
        try:
            if request["quantity"] != "velocity" or request["dimension"] != 1:
                raise ValueError("a velocity on the line is all there is here")
            t = np.array(request["t"])
            x = np.array(request["x"])[:, 0]
            v = candidate(mistake, request["schedule"], t, x)
            answer["values"] = v[:, None].tolist()
        except ValueError as reason:
            answer["error"] = str(reason)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
