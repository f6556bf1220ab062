"""Answers to the assignment on training: right ones in other forms, and wrong ones with hints."""

MEAN = "mean = measured.mean(axis=1, keepdims=True)\nS = np.cov(measured, bias=True)\n"
EIGEN = MEAN + "values, Q = np.linalg.eigh(S)\n"
U = "later_u = T @ (later - mean)\n"

COLUMN_BY_COLUMN = """
mean = sum(measured.T) / 60
T = np.linalg.inv(np.linalg.cholesky(np.cov(measured, bias=True)))
later_u = np.zeros((3, 20))
for i in range(20):
    later_u[:, i] = T @ (later[:, i] - mean)
"""
STEPWISE = """
D = (measured - mean).copy()
T = np.eye(3)
for k in range(3):
    for j in range(k):
        share = (D[k] * D[j]).mean()
        D[k], T[k] = D[k] - share * D[j], T[k] - share * T[j]
    size = (D[k] ** 2).mean() ** 0.5
    D[k], T[k] = D[k] / size, T[k] / size
"""

SAMPLE_BY_SAMPLE = """
def gradient(W, b, V, S, c, x, y):
    m, d, N = len(b), len(x), x.shape[1]
    dW, db, dV = np.zeros((m, d)), np.zeros((m, 1)), np.zeros((1, m))
    dS, dc = np.zeros((1, d)), np.zeros((1, 1))
    for i in range(N):
        z = [b[j, 0] + sum(W[j, k] * x[k, i] for k in range(d)) for j in range(m)]
        out = c[0, 0] + sum(V[0, j] * abs(z[j]) for j in range(m))
        out += sum(S[0, k] * x[k, i] for k in range(d))
        error = (0.5 + 0.5 * np.tanh(out / 2) - y[0, i]) / N
        dc += error
        for k in range(d):
            dS[0, k] += error * x[k, i]
        for j in range(m):
            dV[0, j] += error * abs(z[j])
            low = error * V[0, j] * (1 if z[j] > 0 else -1)
            db[j, 0] += low
            for k in range(d):
                dW[j, k] += low * x[k, i]
    return [dW, db, dV, dS, dc]
"""
AS_RELU = """
def gradient(W, b, V, S, c, x, y):
    one = np.ones((1, x.shape[1]))
    z = np.vstack([W, -W]) @ x + np.vstack([b, -b]) @ one
    y_hat = np.hstack([V, V]) @ np.maximum(z, 0) + S @ x + c @ one
    delta = (1 / (1 + np.exp(-y_hat)) - y) / y.size
    low = np.hstack([V, V]).T @ delta * (z > 0)
    m = len(W)
    low = low[:m] - low[m:]
    a = np.maximum(z, 0)
    return low @ x.T, low @ one.T, delta @ (a[:m] + a[m:]).T, delta @ x.T, delta @ one.T
"""
GRADIENT = """
def gradient(W, b, V, S, c, x, y):
    z = W @ x + b
    delta = (1 / (1 + np.exp(-(V @ np.abs(z) + S @ x + c))) - y){mean}
    low = {low}
    dc, db = delta.sum(axis=1, keepdims=True), low.sum(axis=1, keepdims=True)
    return {result}
"""


def written(
    mean=" / x.shape[1]",
    low="V.T @ delta * np.sign(z)",
    result="[low @ x.T, db, delta @ np.abs(z).T, delta @ x.T, dc]",
):
    """Return the source of a gradient with a slip."""
    return GRADIENT.format(mean=mean, low=low, result=result)


SWEEP = """
def sweep(theta, x, y, batches, eta, lam):
    for batch in batches{which}:
        at = gradient(*theta, x[:, {columns}], y[:, {columns}])
        theta = [p - eta * g {sign} eta * lam * p * d for p, g, d in zip(theta, at, {decays})]
    return {result}
"""


def swept(which="", columns="batch", sign="-", decays="(1, 0, 1, 1, 0)", result="theta"):
    """Return the source of a sweep with a slip."""
    return SWEEP.format(which=which, columns=columns, sign=sign, decays=decays, result=result)


ONE_BY_ONE = """
def sweep(theta, x, y, batches, eta, lam):
    W, b, V, S, c = [np.array(p, dtype=float) for p in theta]
    for batch in batches:
        xs = np.stack([x[:, i] for i in batch], axis=1)
        ys = np.stack([y[:, i] for i in batch], axis=1)
        dW, db, dV, dS, dc = gradient(W, b, V, S, c, xs, ys)
        W *= 1 - eta * lam
        V *= 1 - eta * lam
        S *= 1 - eta * lam
        W -= eta * dW
        b -= eta * db
        V -= eta * dV
        S -= eta * dS
        c -= eta * dc
    return W, b, V, S, c
"""
BY_NAME = """
def sweep(theta, x, y, batches, eta, lam):
    W, b, V, S, c = theta
    keep = 1 - eta * lam
    for batch in batches:
        xs, ys = np.array([x[:, i] for i in batch]).T, np.array([y[:, i] for i in batch]).T
        dW, db, dV, dS, dc = gradient(W, b, V, S, c, xs, ys)
        W, V, S = keep * W - eta * dW, keep * V - eta * dV, keep * S - eta * dS
        b, c = b - eta * db, c - eta * dc
    return [W, b, V, S, c]
"""
ENTRIES_OF_LIST = """
def sweep(theta, x, y, batches, eta, lam):
    theta = theta[:]
    for batch in batches:
        slopes = gradient(*theta, x[:, batch], y[:, batch])
        for k in range(5):
            theta[k] = theta[k] - eta * (slopes[k] + (lam if k in (0, 2, 3) else 0) * theta[k])
    return theta
"""
SPOILS = """
def sweep(theta, x, y, batches, eta, lam):
    for batch in batches:
        slopes = gradient(*theta, x[:, batch], y[:, batch])
        for k in range(5):
            theta[k] -= eta * (slopes[k] + (lam if k in (0, 2, 3) else 0) * theta[k])
    return theta

start = [part.copy() for part in start]
"""
LOWEST_SO_FAR = """
held, best = [], np.inf
for lam in strengths:
    theta, row = list(start), []
    for e in range(31):
        theta = sweep(theta, x, y, order[e - 1], 0.5, lam) if e else theta
        W, b, V, S, c = theta
        y_hat = V @ abs(W @ x_out + b) + S @ x_out + c
        row.append(np.mean([np.log1p(np.exp(u)) - l * u for u, l in zip(y_hat[0], y_out[0])]))
        if row[-1] < best:
            best, lam_best, epoch_best = row[-1], lam, e
    held.append(row)
held = np.array(held)
"""
RUNS = """
def logit(theta, x):
    W, b, V, S, c = theta
    return V @ np.abs(W @ x + b) + S @ x + c

def one(lam):
    theta, costs = start, []
    for batches in [[], *order]:
        theta = sweep(theta, x, y, batches, 0.5, lam)
        p = 1 / (1 + np.exp(-logit(theta, {x})))
        costs.append(-np.mean(np.where({y} == 1, np.log(p), np.log(1 - p))))
    return costs

held = np.array([one(lam) for lam in {strengths}])
"""
BEST = "k, epoch_best = np.unravel_index(held.argmin(), held.shape)\nlam_best = strengths[k]\n"
LOOPED_BEST = """
lowest = min(map(min, held.tolist()))
for lam, costs in zip(strengths, held.tolist()):
    if lowest in costs:
        lam_best, epoch_best = lam, sp.Integer(costs.index(lowest))
"""


def runs(x="x_out", y="y_out", strengths="strengths", best=BEST):
    """Return the source of the three runs with a slip."""
    return RUNS.format(x=x, y=y, strengths=strengths) + best


LAYERS = """
h, found = x_deep, [(x_deep**2).mean()]
for W in weights:
    h = {layer}
    found.append((h**2).mean())
squares = np.array(found)
"""
COLUMNS = """
total = np.zeros(7)
for i in range(8):
    h = x_deep[:, i]
    total[0] += h @ h
    for l in range(1, 7):
        h = h + weights[l - 1].dot(abs(h))
        total[l] += h @ h
squares = total / 128
"""
SYMBOLS = "n, v, L = sp.symbols('n v L')\n"
PAIR = "u, v, M = sp.symbols('u v M', real=True)\n"
D = "d = right_1 - right_2\n"
VARIANCE = """
cases = {1: u, -1: v, 0: 1 - u - v}
mu = sum(d * chance for d, chance in cases.items())
deviation = sp.sqrt(sum((d - mu) ** 2 * chance for d, chance in cases.items())) / sp.sqrt(M)
shares = {u: np.mean(right_1 > right_2), v: np.mean(right_2 > right_1), M: 300}
quotient = (right_1.mean() - right_2.mean()) / deviation.subs(shares)
"""

RIGHT = {
    "q1": [
        EIGEN + "T = np.diag(values**-0.5) @ Q.T\n" + U,
        EIGEN + "T = Q @ np.diag(values**-0.5) @ Q.T\nlater_u = T @ later - T @ mean\n",
        COLUMN_BY_COLUMN,
        MEAN
        + "U, s, _ = np.linalg.svd(measured - mean, full_matrices=False)\n"
        + "T = 60**0.5 * U.T / s[:, None]\n"
        + U,
        MEAN
        + STEPWISE
        + "later_u = np.stack([T @ (column - mean[:, 0]) for column in later.T], axis=1)\n",
    ],
    "q2": [COLUMNS, LAYERS.format(layer="h + np.einsum('jk,ki->ji', W, np.sqrt(h * h))")],
    "q3": [
        SYMBOLS + "growth = sp.exp(L * sp.log(n * v + 1))\nv_double = (sp.root(2, L) - 1) / n",
        "growth = (n * (v + 1 / n)) ** L\nv_double = (sp.exp(sp.log(2) / L) - 1) / n",
        "k = sp.symbols('k', integer=True)\n(v_double,) = sp.solve(sp.Eq((1 + n * v) ** L, 2), v)\n"
        "growth = (1 + 2 * n * v + n**2 * v**2) ** (L / 2)",
    ],
    "q4": [
        SAMPLE_BY_SAMPLE,
        AS_RELU,
        written(low="np.where(z > 0, V.T, -V.T) @ np.diag(delta[0])"),
    ],
    "q5": [ONE_BY_ONE, swept(), BY_NAME, ENTRIES_OF_LIST],
    "q6": [runs(), runs(best=LOOPED_BEST), LOWEST_SO_FAR],
    "q8": [
        VARIANCE,
        PAIR + "p = u - v\ndeviation = sp.sqrt(u * (1 - p) ** 2 + v * (1 + p) ** 2 "
        "+ (1 - u - v) * p**2) / sp.sqrt(M)\n"
        + "n10, n01 = int(((right_1 == 1) & (right_2 == 0)).sum()), 0\n"
        + "for a, b in zip(right_1, right_2):\n    n01 += int(b > a)\n"
        + "quotient = float((u - v).subs({u: n10 / 300, v: n01 / 300}) / "
        + "deviation.subs({u: n10 / 300, v: n01 / 300, M: 300}))",
        "M = sp.Symbol('M', integer=True, positive=True)\n"
        "deviation = ((u * (1 - u) + v * (1 - v) + 2 * u * v) / M) ** sp.Rational(1, 2)\n"
        + D
        + "quotient = d.sum() / np.sqrt((d**2).sum() - d.sum() ** 2 / 300)",
    ],
}

FORMULA = "growth = (1 + n * v) ** L\n"
DOUBLE = "v_double = (2 ** (1 / L) - 1) / n\n"
RIGHT_8 = "deviation = sp.sqrt((u + v - (u - v) ** 2) / M)\n"

WRONG = {
    "q1": [
        (MEAN + "T = np.diag(1 / measured.std(axis=1))\n" + U, "only standardises"),
        (EIGEN + "T = np.diag(1 / values) @ Q.T\n" + U, "a variance or a standard deviation"),
        (EIGEN + "T = Q @ np.diag(values**-0.5)\n" + U, "they in rows"),
        (EIGEN + "T = np.diag(values**-0.5) @ Q\n" + U, "they in rows"),
        (
            MEAN + "values, Q = np.linalg.eigh(np.cov(measured))\n"
            "T = np.diag(values**-0.5) @ Q.T\n" + U,
            "np.cov divides",
        ),
        (EIGEN + "T = np.diag(values**-0.5) @ Q.T\nlater_u = T.T @ (later - mean)", "transposed"),
        (EIGEN + "T = np.linalg.cholesky(S)\n" + U, "are not 1"),
        (
            EIGEN + "T = np.diag(values**-0.5) @ Q.T\n"
            "later_u = T @ (later - later.mean(axis=1, keepdims=True))",
            "their own mean",
        ),
        (EIGEN + "T = np.diag(values**-0.5) @ Q.T\nlater_u = T @ later", "has not been subtracted"),
        ("T = np.zeros((2, 3))\nlater_u = np.zeros((2, 20))", "(3, 3)"),
        ("T = np.zeros((3, 3))\nlater_u = np.zeros((3, 20))", "are not 1"),
        ("T = np.zeros((3, 3))\nlater_u = np.zeros((3, 20))", "not invertible"),
        ("T = np.full((3, 3), np.nan)\nlater_u = np.zeros((20, 3))", "NaN"),
    ],
    "q2": [
        (LAYERS.format(layer="W @ np.abs(h)"), "direct path is missing"),
        (LAYERS.format(layer="h + np.abs(W @ h)"), "before the weights"),
        (LAYERS.format(layer="h + W @ h"), "absolute value is missing"),
        (LAYERS.format(layer="h + W @ np.maximum(h, 0)"), "ReLU"),
        (LAYERS.format(layer="np.abs(h) + W @ np.abs(h)"), "carries h"),
        (LAYERS.format(layer="h + W @ np.abs(h)") + "squares = squares * 128", "the sum"),
        (LAYERS.format(layer="h + W @ np.abs(h)") + "squares = squares**0.5", "a square root"),
        (LAYERS.format(layer="h + W @ np.abs(h)") + "squares = squares[1:]", "(6,)"),
        ("squares = np.full(7, (x_deep**2).mean())", "6 of its 7"),
    ],
    "q3": [
        ("growth = (n * v) ** L\nv_double = 1 / n", "direct path is missing"),
        ("growth = (n * v) ** L\nv_double = 1 / n", "each layer doubles"),
        ("growth = (1 + n * v / 2) ** L\nv_double = 2 * (2 ** (1 / L) - 1) / n", "Half is lost"),
        ("growth = 1 + L * n * v\nv_double = 1 / (n * L)", "multiply"),
        ("growth = 1 + L * n * v\nv_double = 1 / (n * L)", "near e"),
        (FORMULA + "v_double = sp.log(2) / (n * L)", "exact"),
        ("growth = (1 + v) ** L\nv_double = 2 ** (1 / L) / n", "How many weights"),
        ("growth = (1 + v) ** L\nv_double = 2 ** (1 / L) / n", "already gives a 1"),
        ("growth = 1\n" + DOUBLE, "growth is not right"),
        ("growth = 1 + n * v\nv_double = 2 / n", "one layer"),
        ("growth = (1 + n * v) ** (L - 1)\nv_double = v", "begins at"),
        (FORMULA + "v_double = lambda n, L: (2 ** (1 / L) - 1) / n", "not a function"),
    ],
    "q4": [
        (written(mean=""), "where is the 1/N"),
        (written(low="V.T @ delta"), "not 1 everywhere"),
        (written(low="V.T @ delta * (z > 0)"), "slope of ReLU"),
        (written(low="V.T @ delta * z"), "the sign of z"),
        (written(low="V.T @ delta * np.abs(z)"), "not its value"),
        (
            written(result="[low @ x.T, db, delta @ z.T, delta @ x.T, dc]"),
            "where is the absolute value",
        ),
        (written(result="[low @ x.T, low, delta @ np.abs(z).T, delta @ x.T, dc]"), "(4, 7)"),
        (written(result="None"), "where is its return"),
        (written(result="[0 * W, 0 * b, 0 * V, 0 * S, 0 * c]"), "not right"),
        (written(result="[0 * W, 0 * b, 0 * V, 0 * S, 0 * c]"), "In one direction"),
        (written(low="V.T @ delta * np.abs(np.sign(z))"), "In one direction"),
        (written(mean=""), "All derivatives are N times"),
        (
            written(result="[-low @ x.T, -db, -delta @ np.abs(z).T, -delta @ x.T, -dc]"),
            "cost falls",
        ),
        (written(low="V @ delta"), "raised ValueError"),
    ],
    "q5": [
        (swept(decays="[1] * 5"), "biases have decayed"),
        (swept(sign="+"), "W has grown"),
        (swept(decays="[0] * 5"), "has not decayed"),
        (swept(which="[:1]"), "Only the first batch"),
        (swept(which="[::-1]"), "wrong order"),
        (swept(columns=":"), "uses all samples"),
        (swept(which="[:1] and [sum(batches, [])]"), "one step for all batches"),
        (swept(result="None"), "where is its return"),
        ("sweep = lambda theta, x, y, batches, eta, lam: theta", "has not decayed"),
        (swept(decays="(2, 0, 2, 2, 0)"), "twice as much"),
        (
            "def sweep(theta, x, y, batches, eta, lam):\n    for batch in batches:\n"
            "        at = gradient(*theta, x[:, batch], y[:, batch])\n"
            "        theta = [p * (1 - lam * d) - eta * g\n"
            "                 for p, g, d in zip(theta, at, (1, 0, 1, 1, 0))]\n    return theta",
            "what multiplies lam",
        ),
    ],
    "q6": [
        (runs(x="x", y="y"), "on the training set"),
        (runs(x="x", y="y"), "on x, y"),
        (SPOILS + runs(), "Only the first row begins at start"),
        (runs(strengths="(0, 0, 0)"), "without decay"),
        (runs(best="held = held[:, 1:]\nlam_best, epoch_best = 0, 3"), "(3, 30)"),
        (runs(best="lam_best, epoch_best = 0.1, 0"), "Another entry"),
        (runs(best="lam_best, epoch_best = 2, 7"), "none of the three"),
        (runs(best="lam_best, epoch_best = 0.01, 7.5"), "whole number"),
        ("held = np.zeros((3, 31))\nlam_best, epoch_best = 0, 0", "hardly changes"),
        ("held = np.full((3, 31), np.nan)\nlam_best, epoch_best = 0, 0", "NaN"),
    ],
    "q8": [
        (
            "deviation = sp.sqrt((u + v) / M)\n" + D + "quotient = d.mean() * 300 / d.any()",
            "subtract the square of the mean",
        ),
        (
            "deviation = sp.sqrt((u * (1 - u) + v * (1 - v)) / M)\n"
            "p, q = right_1.mean(), right_2.mean()\n"
            "quotient = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 300)",
            "mutually exclusive",
        ),
        (
            "deviation = (u + v - (u - v) ** 2) / M\n"
            "p, q = right_1.mean(), right_2.mean()\n"
            "quotient = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 300)",
            "halve the deviation",
        ),
        (
            "deviation = sp.sqrt((u - v) * (1 - u + v) / M)\n"
            "p, q = right_1.mean(), right_2.mean()\n"
            "quotient = (p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 300)",
            "two test sets",
        ),
        (RIGHT_8 + D + "quotient = d.mean() / d.std()", "there are 300"),
        (RIGHT_8 + D + "quotient = -d.mean() / d.std() * 300**0.5", "opposite sign"),
        (RIGHT_8 + D + "quotient = d.mean() / d.var() * 300", "divides by the variance"),
        (RIGHT_8 + D + "quotient = d.mean() / d.std(ddof=1) * 300**0.5", "divide by 300"),
        ("deviation = 0\nquotient = np.nan", "does not contain u"),
        ("deviation = (u - 2 * v) / sp.sqrt(M)\nquotient = 1", "random, not fixed"),
        (
            "u, v = (right_1 > right_2).mean(), (right_2 > right_1).mean()\n"
            + RIGHT_8
            + "quotient = 1",
            "a number when",
        ),
        ("deviation = sp.sqrt(n * v / M)\nquotient = right_1", "no symbols but u, v and M"),
    ],
}
