"""Answers on backpropagation: right ones in other forms, wrong ones with their hints."""

PREPARED = """
z1 = W1 @ x_own + b1
a1 = z1 / np.sqrt(1 + z1**2)
r = W2 @ a1 + U @ x_own + b2 - y_own
d2 = np.tanh(r)
d1 = (W2.T @ d2) * (1 + z1**2) ** -1.5
"""
BY_DIFFERENCES = """
from nnmaths.differences import numerical_gradient
delta_2 = numerical_gradient(lambda b: cost(W1, b1, W2, b, U, x_own, y_own), b2)
delta_1 = numerical_gradient(lambda b: cost(W1, b, W2, b2, U, x_own, y_own), b1)
grad_x = numerical_gradient(lambda x: cost(W1, b1, W2, b2, U, x, y_own), x_own)
grad_tied = numerical_gradient(lambda W: cost(W, b1, W.T, b2, U, x_four, y_four), W1)
"""
LOOPS = """
z, a, delta_2, delta_1 = np.zeros(3), np.zeros(3), np.zeros((2, 1)), np.zeros((3, 1))
for j in range(3):
    z[j] = sum(W1[j, k] * x_own[k, 0] for k in range(2)) + b1[j, 0]
    a[j] = z[j] / (1 + z[j] ** 2) ** 0.5
for p in range(2):
    out = b2[p, 0]
    for j in range(3):
        out += W2[p, j] * a[j]
    for k in range(2):
        out += U[p, k] * x_own[k, 0]
    up, down = np.exp(out - y_own[p, 0]), np.exp(y_own[p, 0] - out)
    delta_2[p] = (up - down) / (up + down)
for j in range(3):
    for p in range(2):
        delta_1[j] += W2[p, j] * delta_2[p] * (1 - a[j] ** 2) ** 1.5
grad_x = np.zeros((2, 1))
for k in range(2):
    for j in range(3):
        grad_x[k, 0] += W1[j, k] * delta_1[j, 0]
    for p in range(2):
        grad_x[k, 0] += U[p, k] * delta_2[p, 0]
"""
BACK = """
def backward(W1, b1, W2, b2, U, x, y):
    N = x.shape[1]
    z1 = W1 @ x + b1
    a1 = z1 / np.sqrt(1 + z1**2)
    r = W2 @ a1 + U @ x + b2 - y
    d2 = {d2}
    d1 = {d1}
    db1, db2 = {db}
    return [d1 @ x.T, db1, {dW2}, db2, d2 @ x.T]
"""


def back(**lines):
    """Return the source of a backward pass with some of its lines replaced."""
    right = {
        "d2": "np.tanh(r) / N",
        "d1": "(W2.T @ d2) * (1 + z1**2) ** -1.5",
        "db": "d1.sum(axis=1, keepdims=True), d2.sum(axis=1, keepdims=True)",
        "dW2": "d2 @ a1.T",
    }
    return BACK.format(**(right | lines))


SAMPLE_BY_SAMPLE = """
def backward(W1, b1, W2, b2, U, x, y):
    N = x.shape[1]
    total = [0 * part for part in (W1, b1, W2, b2, U)]
    for i in range(N):
        z = W1 @ x[:, [i]] + b1
        a = z / (1 + z * z) ** 0.5
        e = np.tanh(W2 @ a + U @ x[:, [i]] + b2 - y[:, [i]])
        d = np.diag((1 - a[:, 0] ** 2) ** 1.5) @ W2.T @ e
        new = [np.outer(d, x[:, i]), d, np.outer(e, a), e, np.outer(e, x[:, i])]
        total = [old + part / N for old, part in zip(total, new)]
    return tuple(total)
"""
WITH_ONES = """
def backward(W1, b1, W2, b2, U, x, y):
    one = np.ones((1, x.shape[1]))
    z1 = np.hstack([W1, b1]) @ np.vstack([x, one])
    into = np.vstack([z1 / np.hypot(1, z1), x, one])
    r = np.hstack([W2, U, b2]) @ into - y
    last = (1 - 2 / (np.exp(2 * r) + 1)) @ into.T / one.size
    d1 = np.einsum('pj,pi->ji', W2, np.tanh(r)) / np.hypot(1, z1) ** 3
    first = d1 @ np.vstack([x, one]).T / one.size
    n0, n1 = len(x), len(b1)
    return [first[:, :n0], first[:, n0:], last[:, :n1], last[:, n1 + n0 :], last[:, n1 : n1 + n0]]
"""
NUMERICAL = """
from nnmaths.differences import numerical_gradient


def backward(W1, b1, W2, b2, U, x, y):
    theta = [W1, b1, W2, b2, U]
    result = []
    for m in range(5):
        f = lambda part: cost(*theta[:m], part, *theta[m + 1 :], x, y)
        result.append(numerical_gradient(f, theta[m]))
    return result
"""
COUNTED = """
forward_count = n1 * n0 + n2 * n1 + n2 * n0
backward_count = forward_count + n2 * n1
"""
TIED = """
z = W1 @ x_four + b1
a = z / np.sqrt(1 + z**2)
last = W1.T
d2 = np.tanh(last @ a + U @ x_four + b2 - y_four) / 4
d1 = (last.T @ d2) * (1 + z**2) ** -1.5
"""

BY_ROWS = """
def backward(W1, b1, W2, b2, U, x, y):
    N = x.shape[1]
    grads = [np.zeros(np.shape(v)) for v in (W1, b1, W2, b2, U)]
    for i in range(N):
        xi = x[:, i]
        s = W1 @ xi + b1[:, 0]
        h = s / np.sqrt(1 + s * s)
        err = np.tanh(W2 @ h + U @ xi + b2[:, 0] - y[:, i])
        back = (err @ W2) * np.sqrt(1 - h * h) ** 3
        new = np.outer(back, xi), back[:, None], np.outer(err, h), err[:, None], np.outer(err, xi)
        for g, part in zip(grads, new):
            g += part / N
    return grads
"""
TIED_BY_ENTRIES = """
grad_tied = np.zeros((3, 2))
for i in range(4):
    s = W1 @ x_four[:, [i]] + b1
    h = s / np.sqrt(1 + s**2)
    err = np.tanh(W1.T @ h + U @ x_four[:, [i]] + b2 - y_four[:, [i]])
    for j in range(3):
        for k in range(2):
            as_first = (W1[j] @ err.ravel()) * (1 + s[j, 0] ** 2) ** -1.5 * x_four[k, i]
            as_second = err[k, 0] * h[j, 0]
            grad_tied[j, k] += (as_first + as_second) / 4
"""

RIGHT = {
    "q1": [
        "a, y_hat, y = sp.symbols('a y_hat y')\nslope_a = sp.sqrt(1 - a**2) * (1 - a**2)\n"
        "r = y_hat - y\ne_out = (sp.exp(r) - sp.exp(-r)) / (sp.exp(r) + sp.exp(-r))",
        "a = sp.Symbol('a', positive=True)\nz2 = a**2 / (1 - a**2)\n"
        "slope_a = (1 + z2) ** -sp.Rational(3, 2)\n"
        "y_hat, y = sp.symbols('y_hat y')\ne_out = 1 - 2 / (1 + sp.exp(2 * y_hat - 2 * y))",
        "slope_a = sp.sqrt((1 - a) ** 3 * (1 + a) ** 3)\n"
        "e_out = sp.sinh(y_hat - y) / sp.cosh(y - y_hat)",
        "slope_a = (1 - a**2) ** 1.5\ne_out = sp.diff(sp.log(sp.cosh(y_hat - y)), y_hat)",
        "z = sp.Symbol('z')\n"
        "slope_a = sp.diff(z / sp.sqrt(1 + z**2), z).subs(z, a / sp.sqrt(1 - a**2))\n"
        "e_out = -sp.tanh(y - y_hat)",
        "z = sp.Symbol('z', real=True)\na = sp.Symbol('a', real=True)\n"
        "slope_a = sp.diff(z / sp.sqrt(1 + z**2), z).subs(z, a / sp.sqrt(1 - a**2))\n"
        "e_out = sp.diff(sp.log(sp.cosh(y_hat - y)), y_hat)",
        # right for −1 < a < 1; beyond, a root takes another branch
        *(
            f"a = sp.Symbol('a', real=True)\nh = sp.Rational(3, 2)\nslope_a = {form}\n"
            "e_out = sp.tanh(y_hat - y)"
            for form in (
                "(1 + a**2 / (1 - a**2)) ** -h",
                "(1 / (1 - a**2)) ** -h",
                "sp.sqrt((1 - a**2) ** 3)",
                "sp.Abs(1 - a**2) ** h",
                "sp.sqrt(1 - a) ** 3 * sp.sqrt(1 + a) ** 3",
                "sp.cos(sp.asin(a)) ** 3",
                "1 / sp.diff(a / sp.sqrt(1 - a**2), a)",
            )
        ),
    ],
    "q2": [
        LOOPS,
        BY_DIFFERENCES,
        PREPARED + "delta_2 = d2\ndelta_1 = (W2.T @ d2) * (1 - a1**2) ** 1.5",
        PREPARED
        + "delta_2, delta_1 = (np.exp(r) - np.exp(-r)) / (np.exp(r) + np.exp(-r)), 0 * z1\n"
        "for j in range(3):\n    for k in range(2):\n"
        "        delta_1[j, 0] += W2[k, j] * delta_2[k, 0] / np.sqrt(1 + z1[j, 0] ** 2) ** 3",
    ],
    "q3": [
        BY_DIFFERENCES,
        LOOPS,
        PREPARED + "delta_2 = d2\n"
        "grad_x = ((np.diag(((1 + z1**2) ** -1.5).ravel()) @ W1).T @ W2.T + U.T) @ delta_2",
        "both = np.hstack([W1.T, U.T])\ngrad_x = both @ np.vstack([delta_1, delta_2])",
    ],
    "q4": [SAMPLE_BY_SAMPLE, WITH_ONES, BY_ROWS, back(d1="(W2.T @ d2) * (1 - a1**2) ** 1.5")],
    "q5": [
        "forward_count = sum(m * n for m, n in ((n1, n0), (n2, n1), (n2, n0)))\n"
        "backward_count = n0 * n1 + 2 * n1 * n2 + n0 * n2\n"
        "size = sum(part for part in (n1 * (n0 + 1), n2 * (n1 + n0 + 1)))\n"
        "differences_count = 2.0 * size * forward_count",
        "forward_count = sp.Integer(n0 * n1 + n2 * (n0 + n1))\n"
        "backward_count = np.int64(forward_count + n2 * n1)\n"
        "differences_count = forward_count * 2 * (forward_count + n1 + n2)",
        "ways = [(n1, n0), (n2, n1), (n2, n0)]\n"
        "forward_count = sum(rows * columns for rows, columns in ways)\n"
        "backward_count = n1 * n0 + 2 * n2 * n1 + n2 * n0\n"
        "differences_count = 2 * (sum(m * n for m, n in ways) + n1 + n2) * forward_count",
    ],
    "q6": [
        BY_DIFFERENCES,
        TIED_BY_ENTRIES,
        TIED + "grad_tied = np.einsum('ji,ki->jk', d1, x_four) + a @ d2.T",
    ],
}

WRONG = {
    "q1": [
        ("slope_a = 1 - a**2\ne_out = y_hat - y", "slope of tanh"),
        ("slope_a = (1 + a**2) ** -sp.Rational(3, 2)\ne_out = y_hat - y", "in the place of z"),
        (
            "z = sp.Symbol('z')\nslope_a = (1 + z**2) ** -sp.Rational(3, 2)\ne_out = 0",
            "using only the output a",
        ),
        ("slope_a = sp.sqrt(1 - a**2)\ne_out = sp.sinh(y_hat - y)", "only the outer factor"),
        ("slope_a = (1 - a**2) ** 3\ne_out = 1 / sp.cosh(y_hat - y)", "look at the exponent"),
        ("slope_a = a * (1 - a)\ne_out = sp.tanh(y - y_hat)", "look at the sign of e_out"),
        ("slope_a = 1 / (1 - a**2) ** 1.5\ne_out = sp.sign(y_hat - y)", "one over the slope"),
        ("slope_a = 1 - abs(a)\ne_out = sp.tanh(y_hat - y) / 2", "e_out is half"),
        ("slope_a = (1 - a**2) ** 1.5 / 2\ne_out = 2 * sp.tanh(y_hat - y)", "slope_a is half"),
        ("slope_a = 2 * (1 - a**2) ** 1.5\ne_out = 2 * sp.tanh(y_hat - y)", "slope_a is twice"),
        ("slope_a = -((1 - a**2) ** 1.5)\ne_out = 2 * sp.tanh(y_hat - y)", "does σ fall?"),
        ("slope_a = a\ne_out = 2 * sp.tanh(y_hat - y)", "e_out is twice"),
        ("slope_a = a\ne_out = sp.tanh(y - y_hat)", "with respect to ŷ"),
        ("slope_a = a\ne_out = y_hat - y", "squared error"),
        ("slope_a = sp.Matrix([a])\ne_out = sp.Eq(y_hat, y)", "should be one expression"),
    ],
    "q2": [
        (PREPARED + "delta_2 = r\ndelta_1 = (W2.T @ r) * (1 + z1**2) ** -1.5", "is the residual"),
        (
            PREPARED + "delta_2 = d2\ndelta_1 = (W2.T @ r) * (1 + z1**2) ** -1.5",
            "not the residual",
        ),
        (PREPARED + "delta_2 = d2\ndelta_1 = W2.T @ d2", "but not through σ"),
        (
            PREPARED + "delta_2 = d2\ndelta_1 = (W2.T @ d2) * (1 + a1**2) ** -1.5",
            "at a instead of z",
        ),
        (PREPARED + "delta_2 = d2\ndelta_1 = (W2.T @ d2) * (1 - a1**2)", "slope of tanh"),
        (PREPARED + "delta_2 = -d2\ndelta_1 = -d1", "signs of delta_2"),
        (
            PREPARED + "delta_2 = d2 * (1 + (r + y_own) ** 2) ** -1.5\ndelta_1 = d1",
            "no activation function",
        ),
        (PREPARED + "delta_2 = d2.ravel()\ndelta_1 = d1.ravel()", "A column has two axes"),
        ("delta_2 = np.zeros((2, 1))\ndelta_1 = np.zeros((3, 1))", "not right"),
        ("delta_2 = np.zeros((2, 1))\ndelta_1 = np.zeros((3, 1))", "would affect the cost"),
        (PREPARED + "delta_2 = d2\ndelta_1 = W2.T @ d2", "does not rise as delta_1 says"),
        (
            PREPARED + "delta_2 = d2\ndelta_1 = (W2.T @ d2) * (1 + a1**2) ** -1.5",
            "taken at the right point",
        ),
        (
            PREPARED + "delta_2 = d2\ndelta_1 = W2.T @ (d2 * (1 + (r + y_own) ** 2) ** -1.5)",
            "belong to the right layer",
        ),
        ("delta_2 = np.full((2, 1), np.nan)\ndelta_1 = np.zeros((3, 1))", "NaN"),
    ],
    "q3": [
        (PREPARED + "grad_x = W1.T @ d1", "only through the hidden layer"),
        (PREPARED + "grad_x = U.T @ d2", "only along the shortcut"),
        (PREPARED + "grad_x = W1.T @ d1 + U @ d2", "is U transposed?"),
        (PREPARED + "grad_x = W1.T @ (W2.T @ d2) + U.T @ d2", "slope of σ is missing"),
        (PREPARED + "grad_x = -(W1.T @ d1 + U.T @ d2)", "one of the two paths is missing"),
        (PREPARED + "grad_x = (W1.T @ d1 + U.T @ d2).T", "transposed"),
        ("grad_x = np.zeros((2, 1))", "zero"),
        ("grad_x = x_own", "not right"),
    ],
    "q4": [
        (back(d2="np.tanh(r)"), "The cost has a 1/N"),
        (
            back(
                db="d1.mean(axis=1, keepdims=True), d2.mean(axis=1, keepdims=True)",
            ),
            "divide by N twice",
        ),
        (back(d2="r / N"), "dW2 uses the residual"),
        (back(d1="W2.T @ d2"), "dW1: the slope of σ is missing"),
        (back(d1="(W2.T @ d2) * (1 + a1**2) ** -1.5"), "taken at a"),
        (back(d1="(W2.T @ d2) * (1 - a1**2)"), "slope of tanh"),
        (back(d1="(W2.T @ d2) * a1"), "multiplied by a"),
        (back(dW2="d2 @ z1.T"), "the weight multiplies a"),
        (back(db="d1.sum(axis=1), d2.sum(axis=1)"), "A column has two axes"),
        (back(db="0 * b1, 0 * b2"), "nothing would be learned"),
        (back(db="d1[:, :1], d2[:, :1]"), "or use only one sample"),
        (
            back(d1="((W2.T if W2.shape[0] != W2.shape[1] else W2) @ d2) * (1 + z1**2) ** -1.5"),
            "W2 should be transposed",
        ),
        (NUMERICAL, "Go back by the chain rule"),
        (back().replace(", d2 @ x.T]", "]"), "list of five arrays"),
        (
            "def backward(W1, b1, W2, b2, U, x, y):\n    return [W1, b1, W2, b2, U]",
            "raises the cost",
        ),
        (
            "def backward(W1, b1, W2, b2, U, x, y):\n    return [np.nan * p for p in (W1, b1)]",
            "list of five",
        ),
    ],
    "q5": [
        (
            "forward_count = n1 * n0 + n2 * n1\nbackward_count = forward_count + n2 * n1\n"
            "differences_count = 2 * (n1 * n0 + n1 + n2 * n1 + n2) * forward_count",
            "The shortcut is a matrix product",
        ),
        (
            "forward_count = n1 * n0 + n2 * n1 + n2 * n0\nbackward_count = 2 * forward_count\n"
            "differences_count = 2 * forward_count**2",
            "through W1 and U",
        ),
        (
            "forward_count = n1 * n0 + n2 * n1 + n2 * n0\nbackward_count = forward_count\n"
            "differences_count = 2 * forward_count**2",
            "only the outer products",
        ),
        (
            "forward_count = n1 * n0 + n2 * n1 + n2 * n0\n"
            "backward_count = forward_count + n2 * n1 + n2 * n0\n"
            "differences_count = 2 * forward_count**2",
            "back through U",
        ),
        (
            COUNTED + "differences_count = (forward_count + n1 + n2) * forward_count",
            "forward difference",
        ),
        (
            COUNTED + "differences_count = 2 * (forward_count + n1 + n2)",
            "You count passes",
        ),
        ("forward_count = backward_count = differences_count = 0", "positive whole numbers"),
        ("forward_count = backward_count = differences_count = float('nan')", "NaN"),
    ],
    "q6": [
        (TIED + "grad_tied = d1 @ x_four.T", "only the weights of the first layer"),
        (TIED + "grad_tied = (d2 @ a.T).T", "only the weights of the last layer"),
        (TIED + "grad_tied = (d1 @ x_four.T + a @ d2.T) * 4", "where is the factor 1/N"),
        (TIED + "grad_tied = (d1 @ x_four.T + a @ d2.T) / 2", "mean"),
        (TIED.replace("W1.T", "W2") + "grad_tied = d1 @ x_four.T + a @ d2.T", "old W2"),
        (TIED + "grad_tied = d1 @ x_four.T + (d2 @ a.T).reshape(3, 2)", "reshape"),
        (TIED + "grad_tied = (d1 @ x_four.T + a @ d2.T).T", "transposed"),
        (TIED + "grad_tied = -(d1 @ x_four.T + a @ d2.T)", "raises the cost"),
        ("grad_tied = np.zeros((3, 2))", "zero"),
    ],
}
