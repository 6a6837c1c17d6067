#!/usr/bin/env python3
"""W_2 between two samples by SciPy's linear programming, as a candidate:

    flowcert test triangle --schedule linear --quantity w2 \
        --candidate 'program:python3 tools/examples/w2.py' --rtol 1/10^6
"""
import json
import sys

import numpy as np
from scipy.optimize import linprog


def w2(x, y):
    n, m = len(x), len(y)
    cost = ((x[:, None, :] - y[None, :, :]) ** 2).sum(axis=2)
    rows = np.zeros((n + m, n * m))
    for i in range(n):
        rows[i, i * m:(i + 1) * m] = 1
    for j in range(m):
        rows[n + j, j::m] = 1
    sums = np.concatenate([np.full(n, 1 / n), np.full(m, 1 / m)])
    plan = linprog(cost.ravel(), A_eq=rows, b_eq=sums, method="highs")
    return float(np.sqrt(max(plan.fun, 0)))


for line in sys.stdin:
    request = json.loads(line)
    value = w2(np.array(request["x"]), np.array(request["y"]))
    print(json.dumps({"id": request["id"], "values": [value]}), flush=True)
