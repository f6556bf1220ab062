"""Answers to assignment 1: right ones in other forms, and wrong ones with their hints."""

PERPENDICULAR = "d = (q - p).ravel()\nw = np.array([[-d[1], d[0]]])\n"
POINTS = "A = np.hstack([np.hstack([p, q, r]).T, np.ones((3, 1))])\n"
ROWS = "A = np.vstack([W1, U])\n"
SYMBOLS = "n, m, H = sp.symbols('n m H')\n"
VOTES = """
yes = [k in counts for k in range(4)]
flip = yes[0]
if flip:
    yes = [not y for y in yes]
up = yes.index(True)
down = up + yes[up:].index(False)
drop = 2 if any(yes[down:]) else 6
"""

RIGHT = {
    "q1": [
        "z1 = np.einsum('jk,ki->ji', W1, x) + np.tile(b1, (1, 5))\na1 = (1 + np.tanh(z1 / 2)) / 2",
        "z1, a1 = np.zeros((2, 5)), np.zeros((2, 5))\n"
        "for j in range(2):\n"
        "    for i in range(5):\n"
        "        z1[j, i] = sum(W1[j, k] * x[k, i] for k in range(4)) + b1[j, 0]\n"
        "        a1[j, i] = np.exp(z1[j, i]) / (1 + np.exp(z1[j, i]))",
        "z1 = np.column_stack([W1 @ x[:, i] + b1[:, 0] for i in range(5)])\n"
        "a1 = 1 / (1 + np.exp(-z1))",
    ],
    "q2": [
        PERPENDICULAR + "w = w * np.sign(w @ (r - p)) * 100\nb = (-w @ q).item()",
        POINTS + "s = np.linalg.solve(A, [0, 0, 2.5])\nw, b = s[None, :2], float(s[2])",
        POINTS + "s = np.linalg.solve(A, [0, 0, np.log(9)])\nw, b = s[None, :2], s[2]",
        # The output is 0.8999999999999999, or a little less, where 0.9 is asked for.
        POINTS + "s = np.linalg.solve(A, [0, 0, np.log(9) - 1e-8])\nw, b = s[None, :2], s[2]",
        PERPENDICULAR + "w = (w * np.sign(w @ (r - p)) * 10).astype(int)\nb = int(-(w @ p)[0, 0])",
        PERPENDICULAR + "w = w * np.sign(w @ (r - p)) * 7\nb = sp.Rational(-(w @ p).item())",
    ],
    "q3": [
        "f = lambda z: 0.5 + np.tanh(z / 2) / 2\n"
        "alarm = lambda W1, b1, W2, U, b2, x: f(W2 @ f(W1 @ x + b1) + U @ x + b2)\n"
        "y_hat = alarm(W1, b1, W2, U, b2, x)",
        "def alarm(W1, b1, W2, U, b2, x):\n"
        "    out = []\n"
        "    for i in range(x.shape[1]):\n"
        "        a = [1 / (1 + np.exp(-(W1[j] @ x[:, i] + b1[j, 0]))) for j in range(len(b1))]\n"
        "        z = sum(W2[0, j] * a[j] for j in range(len(a))) + U[0] @ x[:, i] + b2[0, 0]\n"
        "        out.append(1 / (1 + np.exp(-z)))\n"
        "    return np.array([out])\n"
        "y_hat = alarm(W1, b1, W2, U, b2, x)",
        # The exponential in the numerator: NaN for sums above 709.
        "def alarm(W1, b1, W2, U, b2, x):\n"
        "    f = lambda t: np.exp(t) / (1 + np.exp(t))\n"
        "    out = np.zeros((1, x.shape[1]))\n"
        "    for i in range(x.shape[1]):\n"
        "        t = b2[0, 0]\n"
        "        for j in range(W1.shape[0]):\n"
        "            t = t + W2[0, j] * f(W1[j] @ x[:, i] + b1[j, 0])\n"
        "        out[0, i] = f(t + U[0] @ x[:, i])\n"
        "    return out\n"
        "y_hat = alarm(W1, b1, W2, U, b2, x)",
        "def alarm(W1, b1, W2, U, b2, x):\n"
        "    both = np.vstack([SIGMOID(W1 @ x + b1), x])\n"
        "    return SIGMOID(np.hstack([W2, U]) @ both + b2)\n"
        "y_hat = alarm(W1, b1, W2, U, b2, x)",
    ],
    "q4": [
        "n, m, H = sp.symbols('n m H', integer=True, positive=True)\n"
        "l = sp.Symbol('l', integer=True)\n"
        "count = sp.Sum(m * (n + (l - 1) * m + 1), (l, 1, H)) + n + H * m + 1",
        SYMBOLS + "count = (H * m + 1) * (n + 1) + m * H * (m * H + 2 - m) / 2",
        SYMBOLS + "pairs = sp.binomial(H, 2).expand(func=True)\n"
        "count = sp.expand((1 + m * H) * (n + 1) + m * H + pairs * m * m)",
        SYMBOLS + "count = (m * H + 1) * (n + 1) + m * H + m**2 * sp.binomial(H, 2)",
        "n, m, H = sp.symbols('n m H', integer=True, positive=True)\n"
        "count = m * H * (n + 1) + m**2 * sp.binomial(H, 2) + n + m * H + 1",
        SYMBOLS + "l = sp.Symbol('l')\n"
        "count = sp.summation(m * (n + (l - 1) * m + 1), (l, 1, H)) + n + m * H + 1",
        "n, m, H = sp.symbols('n m H', integer=True, nonnegative=True)\n"
        "k, l = sp.symbols('k l', integer=True)\n"
        "pairs = sp.Sum(sp.Sum(1, (k, 1, l - 1)), (l, 1, H))\n"
        "count = (m * H + 1) * (n + 1) + m * H + m**2 * pairs",
        "n, m, H = sp.symbols('n m H', integer=True, nonnegative=True)\n"
        "count = (m * H + 1) * (n + 1) + m * H + m**2 * sp.Max(0, H * (H - 1) / 2)",
        SYMBOLS + "count = (m * H + 1) * (n + 1) + m * H + m**2 * H * sp.Max(0, H - 1) / 2",
        SYMBOLS + "count = (m * H + 1) * (n + 1) + m * H + sp.Piecewise(\n"
        "    (0, H <= 1), (m**2 * H * (H - 1) / 2, True)\n)",
        "n, m, H = sp.symbols('n m H', positive=True)\n"
        "count = sp.factor(m * H * (n + 1) + m**2 * H * (H - 1) / 2 + n + m * H + 1)",
        "n, m, H = sp.symbols('n m H', integer=True, nonnegative=True)\n"
        "count = (n + 1) * (m * H + 1) + sp.Rational(1, 2) * m**2 * (H**2 - H) + m * H",
    ],
    "q5": [
        ROWS + "v = np.linalg.svd(A)[2][-1:].T",
        ROWS + "v = np.array(sp.Matrix(A.astype(int)).nullspace()[0].tolist(), dtype=float)",
        ROWS
        + "v = np.array([[(-1) ** k * np.linalg.det(np.delete(A, k, axis=1))] for k in range(4)])",
        ROWS + "rest = np.linalg.solve(A[:, :3], -A[:, 3])\nv = np.append(rest, 1).reshape(4, 1)",
        ROWS + "minors = [round(np.linalg.det(np.delete(A, k, axis=1))) for k in range(4)]\n"
        "v = 1000 * np.array([[minors[0]], [-minors[1]], [minors[2]], [-minors[3]]])",
    ],
    "q6": [
        VOTES + "s = -1 if flip else 1\n"
        "vote_W, vote_b = np.ones((1, 3)), 0.5 - down\n"
        "vote_s, vote_U, vote_c = -s * drop, s * np.ones((1, 3)), s * (0.5 - up)",
        # The hidden neuron fires up to a number of 1s, not from it on.
        VOTES + "s = -1 if flip else 1\n"
        "vote_W, vote_b = -np.ones((1, 3)), down - 0.5\n"
        "vote_s, vote_U = s * drop, s * np.ones((1, 3), dtype=int)\n"
        "vote_c = float(s * (0.5 - up - drop))",
        VOTES + "s = -1 if flip else 1\n"
        "vote_W, vote_b = np.array([[2, 2, 2]]), 1 - 2 * down\n"
        "vote_s, vote_U, vote_c = -2 * s * drop, 2 * s * np.array([[1, 1, 1]]), s * (1 - 2 * up)",
    ],
}

WRONG = {
    "q1": [
        ("z1 = W1 @ x\na1 = SIGMOID(z1)", "lacks the biases"),
        ("z1 = (W1 @ x + b1).T\na1 = SIGMOID(z1)", "It is transposed"),
        ("z1 = W1 @ x + b1\na1 = 1 / (1 + np.exp(z1))", "sign in the exponent"),
        ("z1 = W1 @ x + b1\na1 = np.maximum(z1, 0)", "outside (0, 1)"),
        ("z1 = W1 @ x - b1\na1 = SIGMOID(z1)", "added, not subtracted"),
        ("z1 = W1 @ x + b1\na1 = z1 * np.nan", "NaN"),
        ("z1 = W1 @ x + b1", "a1 has no answer"),
        ("z1 = (W1 @ x + b1).tolist()\na1 = SIGMOID(W1 @ x + b1)", "np.array"),
    ],
    "q2": [
        ("w = (q - p).T\nb = (-w @ p).item()", "What is the angle"),
        ("w = np.zeros((1, 2))\nb = 0", "Both weights are 0"),
        (PERPENDICULAR + "b = 0.1", "without turning it"),
        (PERPENDICULAR + "w = -w * np.sign(w @ (r - p)) * 9\nb = (-w @ p).item()", "wrong side"),
        (
            PERPENDICULAR + "w = w * np.sign(w @ (r - p)) / 100\nb = (-w @ p).item()",
            "scale the neuron up",
        ),
        (PERPENDICULAR + "b = (w @ p).item()", "without turning it"),
        (PERPENDICULAR + "w = w[0]\nb = -w @ p[:, 0]", "should be (1, 2)"),
        (PERPENDICULAR + "b = -w @ p", "Pick the one entry"),
        (PERPENDICULAR + "w = w * np.inf\nb = 0", "infinite"),
    ],
    "q3": [
        (
            "def alarm(W1, b1, W2, U, b2, x):\n    return SIGMOID(W2 @ SIGMOID(W1 @ x + b1) + b2)",
            "skip connection is missing",
        ),
        (
            "def alarm(W1, b1, W2, U, b2, x):\n"
            "    return SIGMOID(W2 @ SIGMOID(W1 @ x + b1) + b2) + U @ x",
            "after the sigmoid",
        ),
        (
            "def alarm(W1, b1, W2, U, b2, x):\n    return W2 @ SIGMOID(W1 @ x + b1) + U @ x + b2",
            "has the sigmoid, too",
        ),
        (
            "def alarm(W1, b1, W2, U, b2, x):\n    return SIGMOID(W2 @ (W1 @ x + b1) + U @ x + b2)",
            "lacks its sigmoid",
        ),
        (
            "def alarm(W1, b1, W2, U, b2, x):\n"
            "    return SIGMOID(W2 @ SIGMOID(W1 @ x + b1) + U @ x + b2).ravel()",
            "should be (1, 3)",
        ),
        (
            "def alarm(W1, b1, W2, U, b2, x):\n"
            "    return SIGMOID(W2 @ SIGMOID(W1 @ x + b1[:, 0]) + U @ x + b2)",
            "raised ValueError",
        ),
        (
            "W, c, V, S, d = W1, b1, W2, U, b2\n"
            "def alarm(W1, b1, W2, U, b2, x):\n"
            "    return SIGMOID(V @ SIGMOID(W @ x + c) + S @ x + d)",
            "raised ValueError",
        ),
        (
            "def alarm(W1, b1, W2, U, b2, x):\n"
            "    return SIGMOID(W2 @ SIGMOID(W1 @ x + b1) + b2) + SIGMOID(U @ x)",
            "is not right",
        ),
        (
            "alarm = lambda W1, b1, W2, U, b2, x: SIGMOID(W2 @ SIGMOID(W1 @ x + b1) + U @ x + b2)\n"
            "y_hat = SIGMOID(W2 @ SIGMOID(W1 @ x + b1) + b2)",
            "without its skip",
        ),
        ("def alarm(*args):\n    return np.zeros((1, args[-1].shape[1]))", "is not right"),
    ],
    "q4": [
        (
            SYMBOLS + "count = m * H * n + m**2 * H * (H - 1) / 2 + n + m * H",
            "not counted its bias",
        ),
        (SYMBOLS + "count = m * (n + 1) + (H - 1) * m * (m + 1) + m + 1", "network of the chapter"),
        (SYMBOLS + "count = m * H * (n + 1) + m**2 * (H - 1) + n + m * H + 1", "not just one"),
        (
            SYMBOLS + "count = m * H * (n + 1) + m**2 * H * (H + 1) / 2 + n + m * H + 1",
            "not itself",
        ),
        (SYMBOLS + "count = m * H * (n + 1) + m**2 * H * (H - 1) + n + m * H + 1", "counted twice"),
        (
            SYMBOLS + "count = m * H * (n + 1) + m**2 * H * (H - 1) / 2 + n + m + 1",
            "all hidden layers",
        ),
        (
            SYMBOLS + "count = m * H * (n + 1) + m**2 * H * (H - 1) / 2 + m * H + 1",
            "reads the inputs",
        ),
        (SYMBOLS + "count = m * H * (n + 2) + m**2 * H * (H - 1) / 2 + 1", "which numbers does it"),
        (
            SYMBOLS + "count = sp.Lambda((n, m, H), m * H * (n + 1) + n + 1)",
            "give the expression itself",
        ),
        (SYMBOLS + "count = n + 1", "is not right"),
        (SYMBOLS + "count = 17", "is not right"),
        (SYMBOLS + "k = sp.Symbol('k')\ncount = n * k", "no symbols but"),
        (SYMBOLS + "count = lambda n, m, H: n + 1", "Give the expression itself"),
    ],
    "q5": [
        ("v = np.zeros((4, 1))", "not a step"),
        (ROWS + "v = np.array(sp.Matrix(A.astype(int)).nullspace()[0])", "astype(float)"),
        ("v = np.linalg.svd(W1)[2][-1:].T", "through the skip"),
        (ROWS + "v = np.linalg.svd(A)[2][0:1].T", "hidden neuron sees"),
        (ROWS + "v = np.linalg.svd(A)[2][-1]", "A column has two axes"),
        (ROWS + "v = np.linalg.svd(A)[2][-1:]", "It is transposed"),
        (ROWS + "v = np.linalg.svd(A)[2][-1:].T * 1e-12", "not a step"),
        (ROWS + "v = np.linalg.svd(A)[2][-1:].T * np.nan", "NaN"),
        (
            ROWS + "v = np.vstack([np.linalg.solve(A[:, :3], A[:, 3:]), [[1]]])",
            "hidden neuron sees",
        ),
    ],
    "q6": [
        (
            "vote_W, vote_U = np.ones((1, 3)), np.zeros((1, 3))\nvote_b = vote_s = 0\nvote_c = 1",
            "the same for all eight",
        ),
        # Where neither 0 nor 3 is in counts, both ends are right by chance.
        (
            "vote_W, vote_U = np.zeros((1, 3)), np.zeros((1, 3))\nvote_b = vote_s = 0\nvote_c = -1",
            "your network is 0",
        ),
        (
            "vote_W, vote_U = np.zeros((1, 3)), np.zeros((1, 3))\nvote_b = vote_s = 0\nvote_c = 1",
            "your network is 1",
        ),
        (
            "vote_W, vote_U = np.ones((1, 3)), np.ones((1, 3))\n"
            "vote_b, vote_s, vote_c = -2, -2, -0.25",
            "of the eight answers are wrong",
        ),
        (
            VOTES + "s = 1 if flip else -1\n"
            "vote_W, vote_b = np.ones((1, 3)), 0.5 - down\n"
            "vote_s, vote_U, vote_c = -s * drop, s * np.ones((1, 3)), s * (0.5 - up)",
            "reversed",
        ),
        (
            "vote_W, vote_U, vote_b = np.ones((1, 3)), np.ones((1, 3)), -2\n"
            "vote_s = -4 if 0 in counts else 4\nvote_c = 0 if 0 not in counts else -1",
            "what is then the sum",
        ),
        (
            "vote_W, vote_U = np.ones(3), np.ones((1, 3))\nvote_b, vote_s, vote_c = -2, -2, -0.5",
            "should be (1, 3)",
        ),
        (
            "vote_W, vote_U = np.ones((1, 3)), np.ones((1, 3)) * np.nan\n"
            "vote_b, vote_s, vote_c = -2, -2, -0.5",
            "NaN",
        ),
        (
            VOTES + "vote_W, vote_U = np.ones((1, 3)), np.ones((1, 3))\nvote_b, vote_s = -1, 1",
            "vote_c",
        ),
    ],
}
