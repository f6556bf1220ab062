"""Answers to assignment 2: right ones in other forms, and wrong ones with their hints."""

SYMBOLS = "Lam, h, r = sp.symbols('Lam h r', positive=True)\n"
STRETCH = "a, z = float(hours[1]), float(hours[2])\n"
# Each next knot as far as the error on its interval allows; bisect the error until 12 suffice.
GREEDY = """
def error(p, q):
    t = np.linspace(p, q, 201)
    f = np.exp(rate * t)
    return np.max(np.abs(f - (f[0] + (f[-1] - f[0]) * (t - p) / (q - p))))


def walk(limit):
    x = [0.0]
    while x[-1] < 1 and len(x) < 20:
        low, high = x[-1], 1.0
        if error(x[-1], 1.0) > limit:
            for _ in range(30):
                middle = (low + high) / 2
                low, high = (middle, high) if error(x[-1], middle) <= limit else (low, middle)
        x.append(high)
    return x


low, high = 0.0, 100.0
for _ in range(30):
    limit = (low + high) / 2
    low, high = (low, limit) if len(walk(limit)) <= 13 and walk(limit)[-1] == 1 else (limit, high)
x = walk(high)
while len(x) < 13:
    x.insert(1, x[1] / 2)
knots = np.array(x)
"""

RIGHT = {
    "q1": [
        STRETCH + "relu_w = np.array([1 / (z - a), 1 / (z - a)])\n"
        "relu_b = np.array([-a / (z - a), -z / (z - a)])\nrelu_v = np.array([1, -1])",
        STRETCH + "relu_w, relu_b = np.array([2, 6]), np.array([-2 * z, -6 * a])\n"
        "relu_v = np.array([-1 / 2, 1 / 6]) / (z - a)",
        STRETCH + "relu_w, relu_b = np.ones((2, 1)), np.array([[-a], [-z]])\n"
        "relu_v = np.array([[1.0, -1.0]]) / (z - a)",
    ],
    "q2": [
        # The ramps in the other order, in columns.
        "def ramps(x, y):\n"
        "    w, b, v = [], [], []\n"
        "    for j in range(len(x) - 1, 0, -1):\n"
        "        w.append([1 / (x[j] - x[j - 1])])\n"
        "        b.append([x[j - 1] / (x[j - 1] - x[j])])\n"
        "        v.append([y[j] - y[j - 1]])\n"
        "    return [np.array(w), np.array(b), np.array(v).T, np.array([[y[0]]])]",
        # From right to left: each ramp falls, and the constant is the last value.
        "def ramps(x, y):\n"
        "    h = x[1:] - x[:-1]\n"
        "    return -1 / h, x[1:] / h, y[:-1] - y[1:], y[-1]",
        "ramps = lambda x, y: [1 / np.diff(x), -x[:-1] / np.diff(x), np.diff(y), float(y[0])]",
        "def ramps(x, y):\n"
        "    n = len(x) - 1\n"
        "    w = [float(1 / (x[j + 1] - x[j])) for j in range(n)]\n"
        "    b, v = [-w[j] * x[j] for j in range(n)], [y[j + 1] - y[j] for j in range(n)]\n"
        "    return [w, b, v, y[0]]",
    ],
    "q3": [
        SYMBOLS + "gap = Lam * h / 2 - Lam * r / 2",
        "Lam, h, r = sp.symbols('Lam h r')\ngap = sp.Abs(Lam * (h - r)) / 2",
        "Lam, h, r = sp.symbols('Lam h r', real=True)\ngap = Lam * sp.Max(0, h - r) / 2",
        SYMBOLS + "gap = Lam * (h - r) * sp.Rational(1, 2)",
        SYMBOLS + "gap = 0.5 * Lam * h * (1 - r / h)",
        SYMBOLS + "gap = sp.Piecewise((Lam * (h - r) / 2, r < h), (0, True))",
    ],
    "q4": [
        "n_even = n_split = 1\n"
        "while 10**2 / n_even**2 / 8 * M1 > eps:\n"
        "    n_even += 1\n"
        "first = second = 1\n"
        "while early**2 / first**2 / 8 * M1 > eps:\n"
        "    first += 1\n"
        "while (10 - early) ** 2 / second**2 / 8 * M2 > eps:\n"
        "    second += 1\n"
        "n_split = first + second",
        "h1, h2 = (8 * eps / M1) ** 0.5, (8 * eps / M2) ** 0.5\n"
        "n_even, n_split = np.ceil(10 / h1), np.ceil(early / h1) + np.ceil((10 - early) / h2)",
        "root = lambda M: sp.sqrt(sp.Integer(M) / (8 * sp.Rational(eps)))\n"
        "n_even = sp.ceiling(10 * root(M1))\n"
        "n_split = sp.ceiling(early * root(M1)) + sp.ceiling((10 - early) * root(M2))",
    ],
    "q5": [
        GREEDY,
        # Points where the integral of √|f''| has grown by a twelfth, from a table.
        "t = np.linspace(0, 1, 100001)\n"
        "total = np.concatenate([[0], np.cumsum(np.exp(rate * (t[1:] + t[:-1]) / 4))])\n"
        "knots = np.interp(np.linspace(0, total[-1], 13), total, t)",
        "s = np.arange(13) / 12\nknots = np.log((1 - s) + s * np.exp(rate / 2)) / (rate / 2)",
    ],
    "q6": [
        "least = 1.5 * kappa * ((right - left) / 4) ** 4",
        "x = left + (right - left) * np.arange(5) / 4\nleast = np.diff(kappa * x**4, n=4)[0] / 16",
        "least = sp.Rational(3, 512) * kappa * (right - left) ** 4",
    ],
}

WRONG = {
    "q1": [
        (
            STRETCH + "relu_w, relu_b = np.array([1, 1]), np.array([-a, -z])\n"
            "relu_v = np.array([1, -1])",
            "rise linearly",
        ),
        (
            STRETCH + "relu_w, relu_b = np.array([1, 1]), np.array([-a, -z])\n"
            "relu_v = np.array([1, 0]) / (z - a)",
            "what has to cancel",
        ),
        (
            STRETCH + "relu_w, relu_b = np.array([1, 1]), np.array([a, z])\n"
            "relu_v = np.array([1, -1]) / (z - a)",
            "active where it should be 0",
        ),
        (
            STRETCH + "relu_w, relu_b = np.array([1, 1]) / (z - a), np.array([-a, -z])\n"
            "relu_v = np.array([1, -1])",
            "is not 0 before",
        ),
        (
            STRETCH + "relu_w, relu_b, relu_v = np.ones(3), -np.array([a, z, z]), np.zeros(3)",
            "should be (2,)",
        ),
        ("relu_w = relu_b = relu_v = np.zeros(2)", "has not risen"),
        (
            STRETCH + "relu_w, relu_b = np.array([1, 1]), np.array([-a, -z])\n"
            "relu_v = np.array([-1, 1]) / (z - a)",
            "with which sign",
        ),
        ("relu_w = relu_b = relu_v = np.array([np.nan, 1])", "NaN"),
    ],
    "q2": [
        # The chapter's interpolant, with ramps in place of its ReLUs.
        (
            "def ramps(x, y):\n"
            "    s = np.diff(y) / np.diff(x)\n"
            "    return [np.ones(len(s)), -x[:-1], np.diff(s, prepend=0), y[0]]",
            "misses",
        ),
        (
            "def ramps(x, y):\n"
            "    h = np.diff(x)\n"
            "    return [1 / h, -x[:-1] / h, np.diff(y) / h, y[0]]",
            "misses",
        ),
        (
            "def ramps(x, y):\n    h = np.diff(x)\n    return [1 / h, -x[:-1] / h, np.diff(y), 0]",
            "At the first knot",
        ),
        # Steep in the middle: through all knots, but a staircase.
        (
            "def ramps(x, y):\n"
            "    h = np.diff(x)\n"
            "    return [9 / h, 0.5 - 9 * (x[:-1] + h / 2) / h, np.diff(y), y[0]]",
            "not linear between",
        ),
        # Evenly spaced knots taken for granted.
        (
            "def ramps(x, y):\n"
            "    h = (x[-1] - x[0]) / (len(x) - 1) * np.ones(len(x) - 1)\n"
            "    return [1 / h, -x[:-1] / h, np.diff(y), y[0]]",
            "is not right",
        ),
        # A sum of hats: two ramps per knot.
        (
            "def ramps(x, y):\n"
            "    h = np.diff(x)\n"
            "    w, b = np.tile(1 / h, 2), np.tile(-x[:-1] / h, 2)\n"
            "    return [w, b, np.concatenate([y[1:], -y[:-1]]), y[0]]",
            "there are 2 ramps",
        ),
        # One ramp beyond each end.
        (
            "def ramps(x, y):\n"
            "    x = np.concatenate([[x[0] - 1], x, [x[-1] + 1]])\n"
            "    y = np.concatenate([[0], y, [0]])\n"
            "    h = np.diff(x)\n"
            "    return [1 / h, -x[:-1] / h, np.diff(y), 0]",
            "yours has 7",
        ),
        ("def ramps(x, y):\n    return np.interp(x, x, y)", "list of four"),
        ("def ramps(x, y):\n    return np.interp", "cannot be carried"),
        ("ramps = lambda x, y: [x[1:] * np.nan, x[1:], y[1:], 0]", "NaN"),
        (
            "def ramps(x, y):\n    return [hours[1:], -hours[:-1], degrees[1:], degrees[0]]",
            "misses",
        ),
    ],
    "q3": [
        (SYMBOLS + "gap = Lam * (h - r)", "on both sides"),
        (SYMBOLS + "gap = Lam * h / 2", "error of steps"),
        (SYMBOLS + "gap = Lam * r / 2", "shrink as r grows"),
        (SYMBOLS + "gap = Lam * (r - h) / 2", "An error is a distance"),
        (SYMBOLS + "gap = Lam * (r - h)", "gap is negative"),
        (
            SYMBOLS + "gap = sp.Lambda((Lam, h, r), Lam * (h - r) / 2)",
            "give the expression itself",
        ),
        (SYMBOLS + "gap = (h - r) / 2", "where is Λ"),
        (SYMBOLS + "gap = Lam * (h - r) / 4", "longer than that"),
        (SYMBOLS + "gap = Lam * h**2 / 8", "curved functions"),
        (SYMBOLS + "gap = 0", "is not right"),
        (SYMBOLS + "gap = lambda Lam, h, r: Lam * (h - r) / 2", "Give the expression itself"),
        (SYMBOLS + "x = sp.Symbol('x')\ngap = Lam * x", "no symbols but"),
    ],
    "q4": [
        ("n_even = 10 * (M1 / 8 / eps) ** 0.5\nn_split = 7", "whole number"),
        ("n_even = int(10 * (M1 / 8 / eps) ** 0.5)\nn_split = 3", "one is missing"),
        ("n_even = int(10 * (M1 / 8 / eps) ** 0.5) + 2\nn_split = 3", "counts the knots"),
        ("n_even = int(10 * (M2 / 8 / eps) ** 0.5) + 1\nn_split = 3", "larger of the two"),
        ("n_even = n_split = int(10 * (M1 / 8 / eps) ** 0.5) + 1", "may be farther apart"),
        (
            "e = lambda length, M: int(length * (M / 8 / eps) ** 0.5) + 1\n"
            "n_even, n_split = e(10, M1), e(early, M1)",
            "after `early` are missing",
        ),
        (
            "e = lambda length, M: int(length * (M / 8 / eps) ** 0.5) + 1\n"
            "n_even, n_split = e(10, M1), e(early, M1) + e(10 - early, M2) + 1",
            "belongs to both sides",
        ),
        ("n_even = int(10 * (M1 / 2 / eps) ** 0.5) + 1\nn_split = 3", "far fewer are enough"),
        ("n_even = int((M1 / 8 / eps) ** 0.5) + 1\nn_split = 1", "more ramps are needed"),
        ("n_even = int(10 * (M2 / 8 / eps) ** 0.5) + 1\nn_split = 3", "more ramps are needed"),
        ("n_even, n_split = int(10 * (M1 / 8 / eps) ** 0.5) + 1, 2", "n_split is too small"),
        ("n_even, n_split = np.nan, 3", "NaN"),
        ("n_even, n_split = 0, -1", "at least 1"),
    ],
    "q5": [
        ("knots = np.linspace(0, 1, 13)", "1.00 times"),
        ("s = np.linspace(0, 1, 13)\nknots = s**2 if rate > 0 else 1 - (1 - s) ** 2", "bend most"),
        ("s = np.linspace(0, 1, 13)\nknots = 1 - (1 - s) ** 2 if rate > 0 else s**2", "times that"),
        # Lengths as 1/|f''|, without the root.
        (
            "s = np.linspace(0, 1, 13)\nknots = np.log(1 + s * (np.exp(rate) - 1)) / rate",
            "times that",
        ),
        ("knots = np.linspace(0, 1, 12)", "should be (13,)"),
        ("knots = np.linspace(0, 1, 13)[::-1].copy()", "first knot should be 0"),
        ("knots = np.zeros(13)\nknots[-1] = 1", "do not increase"),
        ("knots = np.linspace(0, 1, 13) * np.nan", "NaN"),
        ("knots = list(np.linspace(0, 1, 13))", "np.array"),
    ],
    "q6": [
        ("least = 1.5 * ((right - left) / 4) ** 4", "what does kappa do"),
        ("least = 24 * kappa * ((right - left) / 4) ** 4 / 8", "one more difference"),
        ("least = 24 * kappa * ((right - left) / 3) ** 4 / 16", "How many steps"),
        ("least = 6 * kappa * ((right - left) / 4) ** 4 / 16", "which factorial"),
        ("least = kappa * (right - left) ** 4 / 128", "best cubic"),
        ("least = 0.75 * kappa * ((right - left) / 3) ** 3", "degree at most 3"),
        ("least = 24 * kappa * ((right - left) / 4) ** 4", "adds up several errors"),
        ("least = 0", "positive"),
        ("least = float('inf')", "infinite"),
        ("least = 1e6", "The constant halfway"),
    ],
}
