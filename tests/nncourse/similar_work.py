"""Ten solutions of one small task, written apart from each other in ten ways, and what copiers do.

The task: `standard(X)` centres and scales the columns of X; `descend(x, y, steps, rate)` fits a
line by gradient descent on the half mean squared error and returns w, b and the costs;
`confusion(truth, guess, K)` counts which of K classes was taken for which.
"""

import ast
import builtins
import keyword
import re

SOLUTION = '''def standard(X):
    """Return X with columns of mean 0 and deviation 1."""
    # BEGIN SOLUTION
    return (X - X.mean(axis=0)) / X.std(axis=0)
    # END SOLUTION


def descend(x, y, steps, rate):
    """Return w, b and the list of costs."""
    # BEGIN SOLUTION
    w, b, costs = 0.0, 0.0, []
    for _ in range(steps):
        error = w * x + b - y
        costs.append(float(np.mean(error**2) / 2))
        w -= rate * np.mean(error * x)
        b -= rate * np.mean(error)
    return w, b, costs
    # END SOLUTION


def confusion(truth, guess, K):
    """Return the K × K array of counts, truth in rows."""
    # BEGIN SOLUTION
    counts = np.zeros((K, K), dtype=int)
    np.add.at(counts, (truth, guess), 1)
    return counts
    # END SOLUTION
'''

HONEST = [
    [
        """def standard(X):
    m = X.mean(axis=0)
    s = X.std(axis=0)
    return (X - m) / s
""",
        """def descend(x, y, steps, rate):
    w = 0.0
    b = 0.0
    costs = []
    N = len(x)
    for step in range(steps):
        y_hat = w * x + b
        delta = y_hat - y
        costs.append(np.sum(delta ** 2) / (2 * N))
        dw = np.sum(delta * x) / N
        db = np.sum(delta) / N
        w = w - rate * dw
        b = b - rate * db
    return w, b, costs
""",
        """def confusion(truth, guess, K):
    C = np.zeros((K, K), dtype=int)
    for t, g in zip(truth, guess):
        C[t, g] += 1
    return C
""",
    ],
    [
        """def standard(X):
    result = np.zeros(X.shape)
    for j in range(X.shape[1]):
        column = X[:, j]
        result[:, j] = (column - np.mean(column)) / np.std(column)
    return result
""",
        """def descend(x, y, steps, rate):
    theta = np.zeros(2)
    A = np.stack([x, np.ones_like(x)], axis=1)
    history = []
    while len(history) < steps:
        residual = A @ theta - y
        history.append(0.5 * residual @ residual / len(y))
        theta = theta - rate * A.T @ residual / len(y)
    return theta[0], theta[1], history
""",
        """def confusion(truth, guess, K):
    pairs = K * np.asarray(truth) + np.asarray(guess)
    return np.bincount(pairs, minlength=K * K).reshape(K, K)
""",
    ],
    [
        """standard = lambda X: (X - np.average(X, 0)) / np.sqrt(np.var(X, 0))
""",
        """def cost_of(w, b, x, y):
    return np.square(w * x + b - y).mean() / 2

def gradient_of(w, b, x, y):
    e = w * x + b - y
    return (e * x).mean(), e.mean()

def descend(x, y, steps, rate):
    w = b = 0
    losses = []
    for i in range(0, steps):
        losses += [cost_of(w, b, x, y)]
        gw, gb = gradient_of(w, b, x, y)
        w, b = w - rate * gw, b - rate * gb
    return w, b, losses
""",
        """def confusion(truth, guess, K):
    return np.array([[np.sum((truth == i) & (guess == j)) for j in range(K)] for i in range(K)])
""",
    ],
    [
        """def standard(X):
    n, d = X.shape
    mean = sum(X) / n
    centred = X - mean
    deviation = (sum(centred * centred) / n) ** 0.5
    return centred / deviation
""",
        """def descend(x, y, steps, rate):
    x = list(x)
    y = list(y)
    n = len(x)
    w, b = 0.0, 0.0
    all_costs = []
    for k in range(steps):
        c = gw = gb = 0.0
        for i in range(n):
            e = w * x[i] + b - y[i]
            c += e * e / 2 / n
            gw += e * x[i] / n
            gb += e / n
        all_costs.append(c)
        w -= rate * gw
        b -= rate * gb
    return w, b, all_costs
""",
        """def confusion(truth, guess, K):
    table = [[0] * K for _ in range(K)]
    for i in range(len(truth)):
        row = int(truth[i])
        column = int(guess[i])
        table[row][column] = table[row][column] + 1
    return np.array(table)
""",
    ],
    [
        """def standard(X):
    X = np.array(X, dtype=float)
    X -= X.mean(0)
    X /= X.std(0)
    return X
""",
        """def descend(x, y, steps, rate):
    p = np.array([0.0, 0.0])
    J = np.zeros(steps)
    for t in range(steps):
        r = np.polyval(p, x) - y
        J[t] = np.dot(r, r) / (2 * r.size)
        g = np.array([np.dot(r, x), r.sum()]) / r.size
        p = p - rate * g
    return p[0], p[1], list(J)
""",
        """def confusion(truth, guess, K):
    one_hot_t = np.eye(K, dtype=int)[truth]
    one_hot_g = np.eye(K, dtype=int)[guess]
    return one_hot_t.T @ one_hot_g
""",
    ],
    [
        """def standard(X):
    columns = []
    for c in X.T:
        mu = c.sum() / c.size
        var = ((c - mu) ** 2).sum() / c.size
        columns.append((c - mu) / np.sqrt(var))
    return np.array(columns).T
""",
        """def one_step(w, b, x, y, rate):
    m = x.size
    diff = y - (b + w * x)
    cost = (diff ** 2).sum() / (2 * m)
    w_new = w + rate * (diff * x).sum() / m
    b_new = b + rate * diff.sum() / m
    return w_new, b_new, cost

def descend(x, y, steps, rate):
    w, b, costs = 0, 0, []
    for _ in range(steps):
        w, b, c = one_step(w, b, x, y, rate)
        costs.append(c)
    return w, b, costs
""",
        """from collections import Counter

def confusion(truth, guess, K):
    count = Counter(zip(truth.tolist(), guess.tolist()))
    M = np.empty((K, K), int)
    for i in range(K):
        for j in range(K):
            M[i, j] = count[i, j]
    return M
""",
    ],
    [
        """def standard(X):
    return np.divide(np.subtract(X, np.mean(X, axis=0, keepdims=True)), np.std(X, axis=0))
""",
        """def descend(x, y, steps, rate):
    def cost(w, b):
        return np.mean((y - w * x - b) ** 2) / 2
    w, b = 0.0, 0.0
    track = [cost(w, b)]
    for s in range(1, steps + 1):
        w_step = -rate * np.mean((w * x + b - y) * x)
        b_step = -rate * np.mean(w * x + b - y)
        w, b = w + w_step, b + b_step
        if s < steps:
            track.append(cost(w, b))
    return w, b, track[:steps]
""",
        """def confusion(truth, guess, K):
    out = np.zeros(K * K, dtype=int)
    indices, numbers = np.unique(truth * K + guess, return_counts=True)
    out[indices] = numbers
    return out.reshape((K, K))
""",
    ],
    [
        """def standard(X):
    mean, std = X.mean(axis=0), X.std(axis=0)
    Z = np.empty_like(X)
    for i, row in enumerate(X):
        Z[i] = (row - mean) / std
    return Z
""",
        """class Line:
    def __init__(self):
        self.w, self.b = 0.0, 0.0
    def error(self, x, y):
        return self.w * x + self.b - y
    def update(self, x, y, rate):
        err = self.error(x, y)
        self.w -= rate * np.average(err * x)
        self.b -= rate * np.average(err)
        return 0.5 * np.average(err ** 2)

def descend(x, y, steps, rate):
    line = Line()
    costs = [line.update(x, y, rate) for _ in range(steps)]
    return line.w, line.b, costs
""",
        """def confusion(truth, guess, K):
    rows = []
    for k in range(K):
        guesses = guess[truth == k]
        rows.append(np.bincount(guesses, minlength=K))
    return np.vstack(rows)
""",
    ],
    [
        """def standard(X):
    N = X.shape[0]
    mu = X.T @ np.ones(N) / N
    sigma = np.sqrt((X ** 2).T @ np.ones(N) / N - mu ** 2)
    return (X - mu) * (1 / sigma)
""",
        """def descend(x, y, steps, rate):
    N = x.shape[0]
    Sx, Sy, Sxx, Sxy, Syy = x.sum()/N, y.sum()/N, (x*x).sum()/N, (x*y).sum()/N, (y*y).sum()/N
    w, b, costs = 0.0, 0.0, []
    for n in range(steps):
        costs.append((w*w*Sxx + b*b + Syy + 2*w*b*Sx - 2*w*Sxy - 2*b*Sy) / 2)
        w, b = w - rate * (w*Sxx + b*Sx - Sxy), b - rate * (w*Sx + b - Sy)
    return w, b, costs
""",
        """def confusion(truth, guess, K):
    C, xedges, yedges = np.histogram2d(truth, guess, bins=[np.arange(K + 1)] * 2)
    return C.astype(int)
""",
    ],
    [
        """def standard(X):
    X = X - np.mean(X, axis=0)
    length = np.linalg.norm(X, axis=0)
    return X / length * np.sqrt(len(X))
""",
        """def descend(x, y, steps, rate, w=0.0, b=0.0):
    if steps == 0:
        return w, b, []
    z = w * x + b
    here = ((z - y) ** 2).mean() / 2
    new_w = w - rate * ((z - y) * x).mean()
    new_b = b - rate * (z - y).mean()
    last_w, last_b, rest = descend(x, y, steps - 1, rate, new_w, new_b)
    return last_w, last_b, [here] + rest
""",
        """def confusion(truth, guess, K):
    C = np.zeros([K, K], dtype="int64")
    for i in np.arange(K):
        for j in np.arange(K):
            C[i][j] = len(np.where((truth == i) * (guess == j))[0])
    return C
""",
    ],
]


class _Renamed(ast.NodeTransformer):
    """Renames every name of a program except those of Python and of NumPy."""

    def new(self, name):
        known = name in dir(builtins) or keyword.iskeyword(name) or name == "np"
        return name if known else name[::-1] + "_mine"

    def visit_Name(self, node):
        node.id = self.new(node.id)
        return node

    def visit_arg(self, node):
        node.arg = self.new(node.arg)
        return node


def renamed(cells):
    """Return cells with other names, other line breaks and other brackets."""
    return [ast.unparse(_Renamed().visit(ast.parse(cell))) for cell in cells]


def reordered(cells):
    """Return cells in another order, two of them put together."""
    return [cells[-1], "\n\n".join(cells[:-1])]


def commented(cells):
    """Return cells with comments, a docstring, other numbers and other spaces."""
    commented = ("# my own idea\n" + re.sub(r"\n", "  # so\n\n", cell) for cell in cells)
    described = (re.sub(r"(def .*:)(  # so)", r'\1\n    """Mine."""', c) for c in commented)
    return [re.sub(r" ([-+*/]) ", r"\1", cell).replace("0.0", "0.") for cell in described]


def all_at_once(cells):
    """Return cells copied with all of this together."""
    return commented(reordered(renamed(cells)))


DISGUISES = [renamed, reordered, commented, all_at_once]

# Six who wrote the usual solution, each by hand: alike, and honest.
USUAL = [
    [
        """def standard(X):
    return (X - np.mean(X, axis=0)) / np.std(X, axis=0)

def descend(x, y, steps, rate):
    w, b = 0.0, 0.0
    costs = []
    for i in range(steps):
        z = w * x + b
        costs.append(np.mean((z - y) ** 2) / 2)
        w -= rate * np.mean((z - y) * x)
        b -= rate * np.mean(z - y)
    return w, b, costs

def confusion(truth, guess, K):
    M = np.zeros((K, K))
    for i in range(len(truth)):
        M[truth[i], guess[i]] += 1
    return M
"""
    ],
    [
        """def standard(X):
    mean = X.mean(axis=0)
    std = X.std(axis=0)
    X_new = (X - mean) / std
    return X_new

def descend(x, y, steps, rate):
    w = 0
    b = 0
    costs = []
    for _ in range(steps):
        error = (w * x + b) - y
        cost = 0.5 * np.mean(error ** 2)
        costs.append(cost)
        w = w - rate * np.mean(error * x)
        b = b - rate * np.mean(error)
    return w, b, costs

def confusion(truth, guess, K):
    matrix = np.zeros((K, K), dtype=int)
    for t, g in zip(truth, guess):
        matrix[t][g] += 1
    return matrix
"""
    ],
    [
        """def standard(X):
    return (X - X.mean(0)) / X.std(0)

def descend(x, y, steps, rate):
    N = len(x)
    w, b, C = 0.0, 0.0, []
    for k in range(steps):
        d = w * x + b - y
        C.append(sum(d ** 2) / (2 * N))
        w, b = w - rate * sum(d * x) / N, b - rate * sum(d) / N
    return w, b, C

def confusion(truth, guess, K):
    c = np.zeros((K, K), int)
    for i, j in zip(truth, guess):
        c[i, j] = c[i, j] + 1
    return c
"""
    ],
    [
        """def standard(X):
    mu, sd = np.mean(X, axis=0), np.std(X, axis=0)
    return (X - mu) / sd

def descend(x, y, steps, rate):
    w = b = 0.0
    list_of_costs = []
    for step in range(steps):
        prediction = w * x + b
        loss = ((prediction - y) ** 2).mean() / 2
        list_of_costs.append(loss)
        grad_w = ((prediction - y) * x).mean()
        grad_b = (prediction - y).mean()
        w -= rate * grad_w
        b -= rate * grad_b
    return w, b, list_of_costs

def confusion(truth, guess, K):
    result = np.zeros((K, K), dtype=int)
    for n in range(len(truth)):
        result[int(truth[n]), int(guess[n])] += 1
    return result
"""
    ],
    [
        """def standard(X):
    m = np.mean(X, axis=0)
    s = np.std(X, axis=0)
    return (X - m) / s

def descend(x, y, steps, rate):
    w = 0.
    b = 0.
    costs = []
    for _ in range(steps):
        yhat = w * x + b
        costs.append(((yhat - y) ** 2).sum() / (2 * len(y)))
        dw = ((yhat - y) * x).sum() / len(y)
        db = (yhat - y).sum() / len(y)
        w = w - rate * dw
        b = b - rate * db
    return w, b, costs

def confusion(truth, guess, K):
    conf = np.zeros(shape=(K, K))
    for a, b in zip(truth, guess):
        conf[a, b] += 1
    return conf.astype(int)
"""
    ],
    [
        """def standard(X):
    means = np.array([np.mean(X[:, j]) for j in range(X.shape[1])])
    stds = np.array([np.std(X[:, j]) for j in range(X.shape[1])])
    return (X - means) / stds

def descend(x, y, steps, rate):
    w, b = 0, 0
    costs = []
    for n in range(steps):
        delta = w * x + b - y
        costs.append(float(np.mean(delta * delta)) / 2)
        gradient_w = float(np.mean(delta * x))
        gradient_b = float(np.mean(delta))
        w, b = w - rate * gradient_w, b - rate * gradient_b
    return w, b, costs

def confusion(truth, guess, K):
    counts = np.zeros((K, K), dtype=int)
    for i in range(K):
        for j in range(K):
            counts[i, j] = np.sum((truth == i) & (guess == j))
    return counts
"""
    ],
]
