"""Answers to assignment 4: right ones in other forms, and wrong ones with their hints."""

RIGHT = {
    "q1": [
        "W_tilde = np.eye(3) + W1 + W2 + W2 @ W1\nb_tilde = b1 + b2 + W2 @ b1",
        "def through(x):\n"
        "    a = x + W1 @ x + b1\n"
        "    return a + W2 @ a + b2\n"
        "b_tilde = through(np.zeros((3, 1)))\n"
        "W_tilde = np.hstack([through(np.eye(3)[:, [k]]) - b_tilde for k in range(3)])",
        "one = np.block([[W1 + np.eye(3), b1], [np.zeros((1, 3)), np.ones((1, 1))]])\n"
        "two = np.block([[W2 + np.eye(3), b2], [np.zeros((1, 3)), np.ones((1, 1))]])\n"
        "W_tilde, b_tilde = (two @ one)[:3, :3], (two @ one)[:3, 3:]",
        "W_tilde, b_tilde = np.eye(3), np.zeros((3, 1))\n"
        "for W, b in ((W1, b1), (W2, b2)):\n"
        "    W_tilde, b_tilde = W_tilde + W @ W_tilde, b_tilde + W @ b_tilde + b",
    ],
    "q2": [
        "V1 = np.array([[1, 0], [1, 1], [1, 1]])\n"
        "d1 = np.array([[0], [0], [-1]])\n"
        "V2 = np.array([[y10 - y01, y01 - y00, y11 - y10 - y01 + y00]])\n"
        "d2 = y[:, [0]]",
        "V1 = np.array([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])\n"
        "d1 = np.array([[1.0], [0.0], [0.0]])\n"
        "V2 = np.array([[y00 - y11, y10 - y11, y01 - y11]])\n"
        "d2 = np.array([[y11]])",
        "V1 = np.array([[1.0, 0.3], [0.2, 1.0], [2.0, 2.0]])\n"
        "d1 = np.array([[0.1], [0.2], [-2.5]])\n"
        "hidden = np.vstack([np.maximum(V1 @ corners + d1, 0), np.ones((1, 4))])\n"
        "last = y @ np.linalg.inv(hidden)\n"
        "V2, d2 = last[:, :3], last[:, 3:]",
    ],
    "q3": [
        "z, c = sp.symbols('z c')\nbend_slope = sp.diff((z + sp.sqrt(z**2 + c**2)) / 2, z)",
        "z, c = sp.symbols('z c', positive=True)\n"
        "bend_slope = sp.Rational(1, 2) + 0.5 * z * (z**2 + c**2) ** sp.Rational(-1, 2)",
        "f = (z + sp.sqrt(z**2 + c**2)) / 2\nbend_slope = f / sp.sqrt(z**2 + c**2)",
        "f = (z + sp.sqrt(z**2 + c**2)) / 2\nbend_slope = 1 / (1 + c**2 / (4 * f**2))",
        "bend_slope = sp.Derivative((z + sp.sqrt(z**2 + c**2)) / 2, z)",
        "bend_slope = (1 + sp.sin(sp.atan(z / c))) / 2",
    ],
    "q4": [
        "bend_inverse = (2 * p - c) * (2 * p + c) / (4 * p)",
        "z, p, c = sp.symbols('z p c')\n"
        "bend_inverse = sp.solve((2 * p - z) ** 2 - z**2 - c**2, z)[0]",
        "p, c = sp.symbols('p c', real=True)\nbend_inverse = p - (c / 2) ** 2 / p",
        "bend_inverse = c * sp.sinh(sp.log(2 * p / c))",
    ],
    "q5": [
        "def bend(z, c):\n"
        "    with np.errstate(all='ignore'):\n"
        "        root = np.hypot(z, c)\n"
        "        return np.where(z > 0, (z + root) / 2, c**2 / (2 * (root - z)))",
        "def bend(z, c):\n"
        "    flat = []\n"
        "    for one in z.ravel():\n"
        "        large = (abs(one) + (one**2 + c**2) ** 0.5) / 2\n"
        "        flat.append(large if one >= 0 else c**2 / 4 / large)\n"
        "    return np.array(flat).reshape(z.shape)",
        "def bend(z, c):\n"
        "    right = (abs(z) + np.sqrt(z * z + c * c)) / 2\n"
        "    out = right.copy()\n"
        "    out[z < 0] = c**2 / 4 / right[z < 0]\n"
        "    return out",
        "bend = lambda z, c: c / 2 * np.exp(np.arcsinh(z / c))",
        "def bend(z, c):\n"
        "    r = np.sqrt(z**2 + c**2)\n"
        "    return np.where(z >= 0, (z + r) / 2, c**2 / (2 * (r - z)))",
        "def bend(z, c):\n"
        "    left = z < 0\n"
        "    z[left] *= -1\n"
        "    z += np.sqrt(z**2 + c**2)\n"
        "    z /= 2\n"
        "    z[left] = c**2 / (4 * z[left])\n"
        "    return z",
        "bend = np.vectorize(\n"
        "    lambda z, c: (z + np.hypot(z, c)) / 2 if z > 0 else c * c / 2 / (np.hypot(z, c) - z)\n"
        ")",
    ],
    "q6": [
        "tau = lead / (np.log(K - 1) + np.log(P) - np.log(1 - P))",
        "t = sp.Symbol('t', positive=True)\n"
        "tau = sp.nsimplify(lead) / sp.log((K - 1) * sp.nsimplify(P) / (1 - sp.nsimplify(P)))",
        "low, high = 1e-3, 1e3\n"
        "for _ in range(200):\n"
        "    tau = (low + high) / 2\n"
        "    e = np.exp(np.array([0.0] + [-lead / tau] * (K - 1)))\n"
        "    low, high = (tau, high) if e[0] / e.sum() > P else (low, tau)",
    ],
    "q7": [
        "def jacobian(z, c):\n"
        "    K = len(z)\n"
        "    z = [float(one) for one in z[:, 0]]\n"
        "    f = [(one + (one * one + c * c) ** 0.5) / 2 for one in z]\n"
        "    S = sum(f)\n"
        "    J = np.zeros((K, K))\n"
        "    for j in range(K):\n"
        "        for k in range(K):\n"
        "            slope = f[k] / (z[k] ** 2 + c * c) ** 0.5\n"
        "            J[j, k] = slope * ((S if j == k else 0) - f[j]) / S**2\n"
        "    return J",
        "def jacobian(z, c):\n"
        "    def p(z):\n"
        "        f = (z + np.sqrt(z**2 + c**2)) / 2\n"
        "        return f / f.sum()\n"
        "    h, J = 1e-5, []\n"
        "    for e in np.eye(len(z)):\n"
        "        J.append((p(z + h * e[:, None]) - p(z - h * e[:, None])) / (2 * h))\n"
        "    return np.hstack(J)",
        "def jacobian(z, c):\n"
        "    root = np.sqrt(z**2 + c**2)\n"
        "    f = (z + root) / 2\n"
        "    S, df = f.sum(), np.diagflat(f / root)\n"
        "    return df / S - f @ np.ones((1, len(z))) @ df / S**2",
        *(
            "def jacobian(z, c):\n"
            "    def p(z):\n"
            "        f = (z + np.sqrt(z**2 + c**2)) / 2\n"
            "        return f / f.sum()\n"
            f"    h, J = {h}, np.zeros((len(z), len(z)))\n"
            "    for k in range(len(z)):\n"
            "        before = p(z)[:, 0]\n"
            "        z[k] += h\n"
            "        J[:, k] = (p(z)[:, 0] - before) / h\n"
            "        z[k] -= h\n"
            "    return J"
            for h in (1e-5, 1e-6, 1e-8)
        ),
    ],
}

WRONG = {
    "q1": [
        ("W_tilde = W2 @ W1\nb_tilde = W2 @ b1 + b2", "do not keep their inputs"),
        ("W_tilde = np.eye(3) + W2 @ W1\nb_tilde = b1 + W2 @ b1 + b2", "once, around both"),
        (
            "W_tilde = (np.eye(3) + W1) @ (np.eye(3) + W2)\nb_tilde = b1 + W2 @ b1 + b2",
            "wrong order",
        ),
        ("W_tilde = np.eye(3) + W1 + W2\nb_tilde = b1 + b2", "also goes through the second"),
        (
            "W_tilde = (np.eye(3) + W2) @ (np.eye(3) + W1)\nb_tilde = (b1 + W2 @ b1 + b2).ravel()",
            "A column has two axes",
        ),
        (
            "W_tilde = (np.eye(3) + W2) @ (np.eye(3) + W1)\nb_tilde = W2 @ b1 + b2",
            "includes the first bias",
        ),
        ("W_tilde = np.zeros((3, 3))\nb_tilde = np.full((3, 1), np.nan)", "NaN"),
        *(
            (source, hint)
            for source in (
                "W_tilde = (1 + W2) @ (1 + W1)\nb_tilde = (1 + W2) @ b1 + b2",
                "W_tilde = (1 + W2) @ (1 + W1)\nb_tilde = b1 + W2 @ b1 + b2",
                "W_tilde = (np.eye(3) + W2) @ (np.eye(3) + W1)\nb_tilde = (1 + W2) @ b1 + b2",
            )
            for hint in ("The matrix that keeps x", "not only on the diagonal")
        ),
        (
            "W_tilde = 1 + W1 + W2 + W2 @ W1\nb_tilde = b1 + W2 @ b1 + b2",
            "not only on the diagonal",
        ),
        (
            "W_tilde = (np.eye(3) + W1) @ (np.eye(3) + W2)\nb_tilde = b1 + W2 @ b1 + b2",
            "which one acts first?",
        ),
        (
            "W_tilde = (np.eye(3) + W1) @ (np.eye(3) + W2)\nb_tilde = b2 + W1 @ b2 + b1",
            "which bias goes through",
        ),
        (
            "W_tilde = (np.eye(3) + W2) @ (np.eye(3) + W1)\nb_tilde = b1 + W1 @ b1 + b2",
            "not through the first",
        ),
    ],
    "q2": [
        (
            "V1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])\nd1 = np.zeros((3, 1))\n"
            "V2 = np.array([[y10 - y00, y01 - y00, 0.0]])\nd2 = np.array([[y00]])",
            "like a linear one",
        ),
        (
            "V1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])\n"
            "d1 = np.array([[0.0], [0.0], [-1.0]])\n"
            "V2 = np.array([[y01 - y00, y10 - y00, y11 - y10 - y01 + y00]])\n"
            "d2 = np.array([[y00]])",
            "are swapped",
        ),
        (
            "V1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])\n"
            "d1 = np.array([[0.0], [0.0], [-1.0]])\n"
            "V2 = np.array([[y10, y01, y11]])\nd2 = np.array([[y00]])",
            "The output at the first three corners",
        ),
        (
            "V1 = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])\n"
            "d1 = np.array([[0.0], [0.0], [-1.0]])\n"
            "V2 = np.array([[y10 - y00, y01 - y00, y11]])\nd2 = np.array([[y00]])",
            "The output at the four corners",
        ),
        (
            "V1 = np.ones((3, 2))\nd1 = np.zeros(3)\nV2 = np.ones((1, 3))\nd2 = np.ones((1, 1))",
            "A column has two axes",
        ),
        (
            "V1 = np.zeros((3, 2))\nd1 = np.zeros((3, 1))\nV2 = np.zeros((1, 3))\n"
            "d2 = np.array([[y.mean()]])",
            "The output at (0, 0)",
        ),
        (
            "V1 = np.zeros((3, 2))\nd1 = np.zeros((3, 1))\nV2 = np.zeros((1, 3))\n"
            "d2 = np.array([[y00]])",
            "Two corners have the same output",
        ),
        (
            "V1 = np.zeros((3, 2))\nd1 = np.full((3, 1), np.nan)\nV2 = np.zeros((1, 3))\n"
            "d2 = np.array([[y00]])",
            "NaN",
        ),
    ],
    "q3": [
        ("bend_slope = (1 + 1 / sp.sqrt(z**2 + c**2)) / 2", "the inside of the root"),
        ("bend_slope = (1 + 2 * z / sp.sqrt(z**2 + c**2)) / 2", "a factor of its own"),
        ("bend_slope = (1 + z / (2 * sp.sqrt(z**2 + c**2))) / 2", "a factor 2"),
        ("bend_slope = 1 + z / sp.sqrt(z**2 + c**2)", "twice the length"),
        ("bend_slope = sp.Rational(1, 2) + z / sp.sqrt(z**2 + c**2)", "applies to it too"),
        ("bend_slope = (1 + (z + c) / sp.sqrt(z**2 + c**2)) / 2", "c is a number"),
        ("bend_slope = (z + sp.sqrt(z**2 + c**2)) / 2", "This is bend itself"),
        ("bend_slope = 1 / (1 + sp.exp(-z))", "is not right"),
        ("bend_slope = sp.Rational(1, 2)", "far on the right"),
        ("bend_slope = sp.nan", "is not a number"),
    ],
    "q4": [
        ("bend_inverse = p + c**2 / (4 * p)", "Check the sign"),
        ("bend_inverse = p - c**2 / p", "Square 2p − z"),
        ("bend_inverse = p - c**2 / (2 * p)", "Square 2p − z"),
        ("bend_inverse = 4 * p - c**2 / p", "4 times z"),
        ("bend_inverse = 2 * p - c**2 / (2 * p)", "twice the length"),
        ("bend_inverse = p - c / 2", "only shift"),
        ("bend_inverse = sp.log(p / (1 - p))", "This is the logit"),
        ("bend_inverse = sp.Integer(0)", "does not grow"),
        ("bend_inverse = 2 * p - c", "not near 1000"),
        ("bend_inverse = p - c / 2", "not near 1000"),
        ("bend_inverse = p - c**2 * sp.exp(2 - 4 * p / c) / (4 * p)", "not right"),
        ("bend_inverse = (p**2 - c**2 / 4) / sp.sqrt(p**2 + c**2 / 16)", "not far on the left"),
        ("bend_inverse = lambda p: p", "Give the expression itself"),
    ],
    "q5": [
        ("def bend(z, c):\n    return (z + np.sqrt(z**2 + c**2)) / 2", "Far on the left"),
        ("def bend(z, c):\n    return np.maximum(z, 0)", "This is the ReLU"),
        ("def bend(z, c):\n    return (z + np.sqrt(z**2 + c)) / 2", "c should be squared"),
        ("def bend(z, c):\n    return z + np.sqrt(z**2 + c**2)", "twice the length"),
        ("def bend(z, c):\n    return c**2 / (2 * (np.sqrt(z**2 + c**2) - z))", "far from 0"),
        (
            "def bend(z, c):\n"
            "    near = (z + np.sqrt(z**2 + c**2)) / 2\n"
            "    return np.where(z < -1e7, 0, near)",
            "Far on the left",
        ),
        (
            "def bend(z, c):\n"
            "    near = (z + np.sqrt(z**2 + c**2)) / 2\n"
            "    return np.where(z < 0, np.maximum(near, 1e-9), near)",
            "six correct digits",
        ),
        ("def bend(z, c):\n    return c * np.log(1 + np.exp(z / c))", "is not right"),
        ("def bend(z, c):\n    return np.nan * z", "NaN"),
        (
            "def bend(z, c):\n"
            "    r = np.sqrt(z**2 + c**2)\n"
            "    if z < 0:\n"
            "        return c**2 / (2 * (r - z))\n"
            "    return (z + r) / 2",
            "use np.where or a mask",
        ),
        ("def bend(z, c):\n    return np.array([c]).reshape(2, 3)", "cannot reshape"),
        ("def bend(z, c):\n    return ((z + np.hypot(z, c)) / 2).ravel()", "shape"),
    ],
    "q6": [
        ("tau = np.log((K - 1) * P / (1 - P)) / lead", "factor that multiplies z"),
        ("tau = lead / np.log(P / (1 - P))", "two classes"),
        ("tau = lead / np.log(K * P / (1 - P))", "leading class among the others"),
        ("tau = lead / np.log(K * P)", "The sum in the denominator"),
        ("tau = lead * np.log((K - 1) * P / (1 - P))", "more confident or less"),
        ("tau = lead / np.log((1 - P) / ((K - 1) * P))", "A temperature is positive"),
        ("tau = np.nan", "NaN"),
        ("tau = 0.0", "A temperature is positive"),
        ("tau = 1", "At τ = 1 the leading class has"),
        ("tau = np.array([1.0])", "Pick the one entry"),
    ],
    "q7": [
        (
            "def jacobian(z, c):\n"
            "    e = np.exp(z)\n"
            "    p = e / e.sum()\n"
            "    return np.diagflat(p) - p @ p.T",
            "jacobian(z, c) is not right",
        ),
        (
            "def jacobian(z, c):\n"
            "    f = (z + np.sqrt(z**2 + c**2)) / 2\n"
            "    p = f / f.sum()\n"
            "    return np.diagflat(p) - p @ p.T",
            "Jacobian of the softmax",
        ),
        (
            "def jacobian(z, c):\n"
            "    root = np.sqrt(z**2 + c**2)\n"
            "    f = (z + root) / 2\n"
            "    return ((np.eye(len(z)) - f / f.sum()) * (f / root).T / f.sum()).T",
            "is p_j in row j?",
        ),
        (
            "def jacobian(z, c):\n"
            "    root = np.sqrt(z**2 + c**2)\n"
            "    f = (z + root) / 2\n"
            "    return (np.eye(len(z)) - f / f.sum()) * (f / root).T",
            "the sum in the denominator",
        ),
        (
            "def jacobian(z, c):\n"
            "    f = (z + np.sqrt(z**2 + c**2)) / 2\n"
            "    return (np.eye(len(z)) - f / f.sum()) / f.sum()",
            "The slope of bend is missing",
        ),
        (
            "def jacobian(z, c):\n"
            "    root = np.sqrt(z**2 + c**2)\n"
            "    f = (z + root) / 2\n"
            "    return (np.eye(len(z)) - f / f.sum()) * (f / root) / f.sum()",
            "that at z_j",
        ),
        (
            "def jacobian(z, c):\n"
            "    root = np.sqrt(z**2 + c**2)\n"
            "    f = (z + root) / 2\n"
            "    return np.diagflat(f / root) / f.sum()",
            "The denominator depends on z too",
        ),
        ("def jacobian(z, c):\n    return np.zeros((len(z), len(z)))", "the diagonal"),
        ("def jacobian(z, c):\n    return np.eye(len(z)) - 1 / len(z)", "is not right"),
        (
            "def jacobian(z, c):\n"
            "    def p(z):\n"
            "        f = (z + np.sqrt(z**2 + c**2)) / 2\n"
            "        return f / f.sum()\n"
            "    h = 0.01\n"
            "    return np.hstack([(p(z + h * e[:, None]) - p(z)) / h for e in np.eye(len(z))])",
            "is not right",
        ),
        ("def jacobian(z, c):\n    return np.full((len(z), len(z)), np.nan)", "NaN"),
    ],
}
