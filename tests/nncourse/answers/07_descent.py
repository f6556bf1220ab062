"""Answers to the assignment on descent: right ones in other forms, and wrong ones with hints."""

MOMENTUM_BY_HAND = """
def lookahead(w, X, y, eta, beta, steps):
    before, now = w, w
    for _ in range(steps):
        ahead = now + beta * (now - before)
        before, now = now, ahead - eta * X.T @ np.tanh(X @ ahead - y) / y.size
    return now
"""
BY_ENTRIES = """
def lookahead(w, X, y, eta, beta, steps):
    w = [float(entry) for entry in w[:, 0]]
    v, d, N = [0.0] * len(w), len(w), len(y)
    for _ in range(steps):
        at = [w[k] - eta * beta * v[k] for k in range(d)]
        pull = [np.tanh(sum(X[i, k] * at[k] for k in range(d)) - y[i, 0]) for i in range(N)]
        v = [beta * v[k] + sum(pull[i] * X[i, k] for i in range(N)) / N for k in range(d)]
        w = [w[k] - eta * v[k] for k in range(d)]
    return np.array(w).reshape(d, 1)
"""
LOOP = """
def grad_C(w, X, y):
    total = np.zeros_like(w)
    for row, target in zip(X, y):
        total = total + row.reshape(-1, 1) * np.tanh(row @ w - target)
    return total / y.shape[0]
"""
NEWTON = """
w_star = np.linalg.lstsq(X, y, rcond=None)[0]
for _ in range(50):
    t = np.tanh(X @ w_star - y)
    w_star = w_star - 0.5 * np.linalg.solve(X.T @ ((1 - t**2) * X), X.T @ t)
"""
PACKAGE = """
from nnmaths.descent import MOMENTUM, descend
run = descend(
    lambda w: float(np.log(np.cosh(X @ w - y)).mean()),
    lambda w: X.T @ np.tanh(X @ w - y) / 8,
    np.zeros((2, 1)), eta=0.05, rule=MOMENTUM, steps=4000,
)
*_, last = run
w_star = last.theta
"""
PATH = """
def lookahead(w, X, y, eta, beta, steps):
    v = 0 * w
    for _ in range(steps{more}):
        at = w {sign} eta * beta * v
        v = beta * v + X.T @ np.tanh(X @ at - y){mean}
        w = w - eta * v
    return w
"""


def path(sign="-", mean=" / len(y)", more=""):
    """Return the source of a look-ahead with a slip."""
    return PATH.format(sign=sign, mean=mean, more=more)


HESSIAN = """
a, b = sp.symbols('a b')
C = sum((a * X[i, 0] + b - y[i, 0]) ** 2 for i in range(8)) / 16
H = np.array(sp.hessian(C, (a, b)).tolist(), dtype=float)
t, D = H[0, 0] + H[1, 1], H[0, 0] * H[1, 1] - H[0, 1] * H[1, 0]
"""
GROWTH = """
axis = np.linalg.svd(H)[0][:, :1]
error = axis - max(eta_1, eta_2) * H @ axis
growth = float(np.sqrt((error**2).sum()))
"""
BY_EXP = """
def grad_C(w, X, y):
    N, d = X.shape
    total = np.zeros((d, 1))
    for i in range(N):
        r = sum(X[i, k] * w[k, 0] for k in range(d)) - y[i, 0]
        small = np.exp(-2 * abs(r))
        for k in range(d):
            total[k, 0] += (1 - small) / (1 + small) * (1 if r >= 0 else -1) * X[i, k] / N
    return total
"""
BY_DIFFERENCES = """
def grad_C(w, X, y):
    C = lambda w: (np.logaddexp(X @ w - y, y - X @ w) - np.log(2)).mean()
    steps = 1e-5 * np.eye(len(w))[:, :, None]
    return np.array([[(C(w + h) - C(w - h)) / 2e-5] for h in steps])
"""
IN_PLACE = """
def lookahead(w, X, y, eta, beta, steps):
    w, v = w.copy(), np.zeros(w.shape)
    for _ in range(steps):
        v *= beta
        v += grad_C(w - eta * v, X, y)
        w -= eta * v
    return w
"""
RECURSIVE = """
def lookahead(w, X, y, eta, beta, steps, v=0):
    if not steps:
        return w
    v = beta * v + grad_C(w - eta * beta * v, X, y)
    return lookahead(w - eta * v, X, y, eta, beta, steps - 1, v)
"""
DAMPED = """
w_star = np.linalg.solve(X.T @ X, X.T @ y)
for _ in range(50):
    bend = X.T @ (X * (1 - np.tanh(X @ w_star - y) ** 2)) / 8
    w_star = w_star - 0.5 * np.linalg.solve(bend + 1e-2 * np.eye(2), grad_C(w_star, X, y))
w_star = lookahead(w_star, X, y, eta_max / 2, 0.8, 3000)
"""
BOUNDED = """
w_star = np.zeros((2, 1))
for _ in range(20000):
    slope = grad_C(w_star, X, y)
    if np.linalg.norm(slope) < 1e-6:
        break
    w_star = w_star - eta_max / 2 * slope
"""
BACKWARDS = """
rows = []
for pair in [[i, j] for j in range(7, 3, -1) for i in range(3, -1, -1)]:
    A, c = X[pair], y[pair]
    rows.append((A.T @ (A @ np.zeros((2, 1)) - c) / 2).ravel())
batches = np.array(rows)
variance = np.trace(np.cov(batches.T, bias=True))
"""

ROOTS = """
r = sp.symbols('r')
b, s = sp.symbols('beta s', positive=True)
edge = sp.solve((r**2 - (1 + b) * (1 - s) * r + b * (1 - s)).subs(r, -1), s)[0]
bound = edge / sp.Symbol('lam')
"""
ELIMINATED = """
v, prev, cur = sp.symbols('v prev cur')
ahead = cur - eta * beta * v
step = sp.expand((cur - eta * (beta * v + lam * ahead)).subs(v, (prev - cur) / eta))
"""

RIGHT = {
    "q1": [
        "H = sum(np.outer(row, row) for row in X) / 8\n"
        "eta_max = sp.Float(2 / max(abs(np.linalg.eigvals(H))))",
        "H = np.einsum('ij,ik->jk', X, X) / X.shape[0]\n"
        "t, D = H[0, 0] + H[1, 1], H[0, 0] * H[1, 1] - H[0, 1] ** 2\n"
        "eta_max = 4 / (t + np.sqrt(t * t - 4 * D))",
        HESSIAN + "eta_max = 4 / (t + np.sqrt(t**2 - 4 * D))",
        "x = X[:, 0]\nH = np.array([[(x**2).mean(), x.mean()], [x.mean(), 1]])\n"
        "eta_max = 2 * 8 / np.linalg.norm(X, 2) ** 2",
    ],
    "q2": [
        "curves = np.linalg.svd(X)[1] ** 2 / 8\neta_1, eta_2 = 1 / curves\n"
        "growth = abs(1 - curves[0] / curves[1])",
        "H = X.T @ X / 8\nt, D = np.trace(H), np.linalg.det(H)\n"
        "eta_1 = (t + np.sqrt(t**2 - 4 * D)) / (2 * D)\neta_2 = 1 / (D * eta_1)\n"
        "growth = np.linalg.cond(H) - 1",
        HESSIAN + "eta_2, eta_1 = (float(root) for root in np.roots([D, -t, 1]))\n" + GROWTH,
        "e = np.linalg.eigvalsh(X.T @ X / 8)\neta_1 = round(1 / e[0], 6)\n"
        "eta_2 = round(1 / e[1], 9)\ngrowth = round(e[1] / e[0] - 1, 3)",
    ],
    "q3": [
        LOOP,
        BY_EXP,
        BY_DIFFERENCES,
        "grad_C = lambda w, X, y: sp.Matrix(X.T @ np.tanh(X @ w - y) / len(y))",
        "grad_C = lambda w, X, y: np.mean(np.tanh(X @ w - y) * X, axis=0, keepdims=True).T",
        "grad_C = lambda w, X, y: np.einsum('ij,ik->jk', X, np.tanh(X @ w - y)) / len(y)",
        "def grad_C(w, X, y):\n    r = X @ w - y\n"
        "    s = np.sign(r) * (1 - np.exp(-2 * abs(r))) / (1 + np.exp(-2 * abs(r)))\n"
        "    return (s * X).mean(axis=0).reshape(w.shape)",
    ],
    "q4": [
        "beta, eta, lam = sp.symbols('beta eta lam')\n"
        "p = 1 - eta * lam + beta - beta * eta * lam\nq = beta - eta * beta * lam\n"
        "bound = 1 / lam + 1 / (lam * (2 * beta + 1))",
        ELIMINATED + "p, q = step.coeff(cur), -step.coeff(prev)\n" + ROOTS,
        "beta, eta, lam = sp.symbols('beta eta lam', real=True)\n"
        "p = (1 + beta) * (1 - eta * lam)\nq = p * beta / (1 + beta)\n"
        "bound = (beta + 1) / ((beta + sp.Rational(1, 2)) * lam)",
    ],
    "q5": [MOMENTUM_BY_HAND, BY_ENTRIES, IN_PLACE, RECURSIVE],
    "q6": [NEWTON, PACKAGE, DAMPED, BOUNDED],
    "q7": [
        BACKWARDS,
        "g = -y * X\nbatches = ((g[4:, None] + g[None, :4]) / 2).reshape(16, 2)\n"
        "variance = batches.var(axis=0).sum()",
        "G = [-y[i, 0] * X[i] for i in range(8)]\n"
        "batches = np.array([0.5 * (a + b) for a in G[:4][::-1] for b in G[4:]])\n"
        "variance = (np.var(G[:4], axis=0).sum() + np.var(G[4:], axis=0).sum()) / 4",
    ],
}

CURVATURES = "e = np.linalg.eigvalsh(X.T @ X / 8)\n"
SQUARES = "w_star = np.linalg.lstsq(X, y, rcond=None)[0]"
PLAIN = """
w_star = np.zeros((2, 1))
for _ in range({steps}):
    w_star = w_star - 0.07 * X.T @ np.tanh(X @ w_star - y) / 8
"""
G = "g = -y * X\n"
ALL_16 = G + "batches = np.array([(g[i] + g[j]) / 2 for i in range(4) for j in range(4, 8)])\n"

WRONG = {
    "q1": [
        ("H = X.T @ X\neta_max = 2 / np.linalg.eigvalsh(H).max()", "where is the 1/N"),
        ("H = X @ X.T / 8\neta_max = 1", "(8, 8)"),
        ("H = 2 * X.T @ X / 8\neta_max = 1", "twice the length"),
        ("H = np.triu(X.T @ X / 8)\neta_max = 1", "not symmetric"),
        (CURVATURES + "H = X.T @ X / 8\neta_max = 1 / e.max()", "zig-zag"),
        (CURVATURES + "H = X.T @ X / 8\neta_max = 2 / e.min()", "only in the flat direction"),
        (CURVATURES + "H = X.T @ X / 8\neta_max = 2 / e.sum()", "best rate for a valley"),
        ("H = X.T @ X / 8\neta_max = 2 / np.linalg.eigvalsh(H)", "Pick the one entry"),
        ("H = np.full((2, 2), np.nan)\neta_max = np.nan", "NaN"),
    ],
    "q2": [
        (CURVATURES + "eta_1 = eta_2 = 2 / e.sum()\ngrowth = 1", "both eigenvectors"),
        (CURVATURES + "eta_1 = eta_2 = 1 / e[1]\ngrowth = 1", "one by one"),
        (CURVATURES + "eta_1, eta_2 = 2 / e\ngrowth = e[1] / e[0]", "both eigenvectors"),
        ("eta_1, eta_2 = 1 / np.linalg.eigvalsh(X.T @ X)\ngrowth = 1", "both eigenvectors"),
        ("eta_1 = eta_2 = 0\ngrowth = 0", "both eigenvectors"),
        ("eta_1 = eta_2 = growth = np.nan", "NaN"),
        (CURVATURES + "eta_1, eta_2 = (1 / e).round(2)\ngrowth = 1", "Have you rounded"),
        (
            CURVATURES + "eta_2, eta_1 = (round(1 / b, 4) for b in e)\ngrowth = 1",
            "Have you rounded",
        ),
        ("eta_1 = eta_2 = 1j\ngrowth = 1", "a complex number"),
        (
            CURVATURES + "eta_1, eta_2 = 1 / e\ngrowth = 1 - e[1] / e[0]",
            "asks for its absolute value",
        ),
        (CURVATURES + "eta_1, eta_2 = 1 / e\ngrowth = e[1] / e[0]", "By what does a step multiply"),
        (CURVATURES + "eta_1, eta_2 = 1 / e\ngrowth = 1 - e[0] / e[1]", "short step"),
    ],
    "q3": [
        ("grad_C = lambda w, X, y: X.T @ np.tanh(X @ w - y)", "where is the 1/N"),
        ("grad_C = lambda w, X, y: X.T @ np.tanh(y - X @ w) / len(y)", "opposite sign"),
        ("grad_C = lambda w, X, y: X.T @ (X @ w - y) / len(y)", "pulls harder"),
        ("grad_C = lambda w, X, y: X.T @ (np.sinh(X@w-y) / np.cosh(X@w-y)) / len(y)", "overflow"),
        ("grad_C = lambda w, X, y: (X.T @ np.tanh(X @ w - y) / len(y)).ravel()", "two axes"),
        ("grad_C = lambda w, X, y: 0 * w", "not right"),
        ("grad_C = lambda w, X, y: 0 * w", "nothing pulls"),
        ("grad_C = lambda w, X, y: X.T @ np.tanh(X @ w - y) / 8", "divide by 8"),
        ("grad_C = lambda w, X, y: X.T @ np.tanh(X @ w - y)", "N times too long: the cost"),
        ("grad_C = lambda w, X, y: X.T @ np.tanh(y - X @ w)", "a mean, of r"),
        ("grad_C = lambda w, X, y: X.T @ np.tanh(y - X @ w) / len(y)", "the cost falls"),
        (
            "grad_C = lambda w, X, y: np.tanh(X @ w - y).mean() * X.mean(axis=0)[:, None]",
            "In one direction",
        ),
        ("grad_C = lambda w, X, y: X @ np.tanh(X @ w - y) / len(y)", "raised ValueError"),
        ("grad_C = lambda w, X, y: X.T @ np.sign(X @ w - y) / len(y)", "not right"),
    ],
    "q4": [
        (
            "p = 1 + beta - eta * lam\nq = beta\nbound = 2 * (1 + beta) / lam",
            "slope at the current point",
        ),
        (
            "p = 1 + beta - eta * lam\nq = beta\nbound = 2 * (1 + beta) / lam",
            "without looking ahead",
        ),
        ("p = (1+beta)*(1-eta*lam)\nq = -beta*(1-eta*lam)\nbound = 2 / lam", "sign of q"),
        ("p = (1+beta)*(1-eta*lam)\nq = beta*(1-eta*lam)\nbound = 2 / lam", "the case beta = 0"),
        ("p = 1 - eta * lam\nq = 0\nbound = 1 / lam", "may go further"),
        ("p = 1 + beta\nq = beta\nbound = eta / lam", "factor of plain descent"),
        ("p = 1 + beta\nq = beta\nbound = eta / lam", "holds eta"),
        (
            "p = 1 + beta - eta*lam*(1 - beta)\nq = beta + eta*lam*beta\n"
            "bound = 2 * (1 + beta) / (1 + 2 * beta)",
            "curvature",
        ),
        ("p = (1+beta)*(1-eta*lam)\nq = lambda beta: beta\nbound = '2'", "without quotes"),
    ],
    "q5": [
        (path(sign="- 0 *"), "at w itself"),
        (path(sign="+"), "mind the sign"),
        (path(mean=""), "mean over the samples"),
        (path(more=" - 1"), "one step too few"),
        (path(more=" + 1"), "after 0 steps"),
        ("lookahead = lambda w, X, y, eta, beta, steps: w", "has not moved"),
        (
            "def lookahead(w, X, y, eta, beta, steps):\n    for _ in range(steps):\n"
            "        w = w - eta * grad_C(w, X, y)\n    return w",
            "plain descent",
        ),
        (
            "lookahead = lambda w, X, y, eta, beta, steps: w - steps * X.T @ (X @ w - y)",
            "is not right",
        ),
        (path(sign="- 1 / beta *"), "is not right"),
        ("def lookahead(w, X, y, eta, beta, steps):\n    w = grad_C(w, X, y)", "returns nothing"),
    ],
    "q6": [
        (SQUARES, "least-squares line"),
        (PLAIN.format(steps=400), "more steps"),
        (PLAIN.format(steps=3), "not converged"),
        ("w_star = np.zeros(2)", "two axes"),
        ("w_star = np.full((2, 1), np.nan)", "NaN"),
    ],
    "q7": [
        (
            G + "batches = np.array([g[i] + g[j] for i in range(4) for j in range(4, 8)])\n"
            "variance = 0",
            "a factor ½",
        ),
        (G + "batches = np.tile(g.mean(axis=0), (16, 1))\nvariance = 1", "missing"),
        (G + "batches = np.vstack([g, g])\nvariance = 1", "missing"),
        (
            ALL_16 + "variance = np.square(g - g.mean(axis=0)).sum(axis=1).mean() * 3 / 7",
            "all eight",
        ),
        (ALL_16 + "variance = batches.var(axis=0).mean()", "distance"),
        (ALL_16 + "variance = batches.var(axis=0, ddof=1).sum()", "divide by 16"),
        (ALL_16 + "variance = np.sqrt(batches.var(axis=0).sum())", "standard deviation"),
        (ALL_16 + "variance = batches.var(axis=0)", "one number"),
    ],
}
