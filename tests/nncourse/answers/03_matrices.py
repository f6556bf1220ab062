"""Answers to assignment 3: right ones in other forms, and wrong ones with their hints."""

RIGHT = {
    "q1": [
        "z = (X @ kernel + bias).T",
        "z = np.hstack([kernel.T @ X[[i]].T + bias.reshape(4, 1) for i in range(4)])",
        "z = np.zeros((4, 4))\n"
        "for j in range(4):\n"
        "    for i in range(4):\n"
        "        z[j, i] = sum(kernel[k, j] * X[i, k] for k in range(3)) + bias[j]",
        "z = np.hstack([kernel.T, bias[:, None]]) @ np.vstack([X.T, np.ones((1, 4))])",
    ],
    "q2": [
        "b = np.array([[b_first + D[0, j]] for j in range(5)])",
        "b = b_first - D[:, [0]]",
        "b = D.mean(axis=0)[:, None]\nb = b - b[0, 0] + b_first",
        "b = np.full((5, 1), b_first)\nfor j in range(1, 5):\n    b[j] = b[j - 1] + D[j - 1, j]",
    ],
    "q3": [
        "Wb = np.linalg.solve(np.vstack([a, np.ones(4)]).T, answers.T).T",
        "steps = a[:, 1:] - a[:, [0]]\n"
        "W = (answers[:, 1:] - answers[:, [0]]) @ np.linalg.inv(steps)\n"
        "Wb = np.hstack([W, answers[:, [0]] - W @ a[:, [0]]])",
        "A = sp.Matrix(np.vstack([a, np.ones((1, 4))]).astype(int))\n"
        "Wb = np.array(sp.Matrix(answers) * A.inv(), dtype=float)",
    ],
    "q4": [
        "L, n, d, K = sp.symbols('L n d K', integer=True)\n"
        "count = sp.expand(n * (d + 1) + ((L - 2) * n + K) * (n + d + 1))",
        "L, n, d, K = sp.symbols('L n d K')\n"
        "count = (L - 1) * n * (n + d + 1) - n**2 + K * (n + d) + K",
        "l = sp.Symbol('l', integer=True)\n"
        "L, n, d, K = sp.symbols('L n d K', integer=True, positive=True)\n"
        "count = n * d + n + sp.Sum(n * (n + d + 1), (l, 2, L - 1)) + K * (n + d + 1)",
    ],
    "q5": [
        "def predict_rows(X, weights, biases):\n"
        "    a = x = X.T\n"
        "    for l in range(len(weights)):\n"
        "        if l > 0:\n"
        "            a = np.vstack([np.tanh(a), x])\n"
        "        a = weights[l] @ a + biases[l].reshape(-1, 1)\n"
        "    return a.T",
        "def predict_rows(X, weights, biases):\n"
        "    z = X @ weights[0].T + biases[0]\n"
        "    for W, b in zip(weights[1:], biases[1:]):\n"
        "        n = W.shape[1] - X.shape[1]\n"
        "        z = np.tanh(z) @ W[:, :n].T + X @ W[:, n:].T + b\n"
        "    return z",
        "predict_rows = lambda X, weights, biases: (\n"
        "    X @ weights[0].T + biases[0]\n"
        "    if len(weights) == 1\n"
        "    else np.c_[np.tanh(predict_rows(X, weights[:-1], biases[:-1])), X] @ weights[-1].T\n"
        "    + biases[-1]\n"
        ")",
        "def predict_rows(X, weights, biases):\n"
        "    out = []\n"
        "    for x in X:\n"
        "        read = list(x)\n"
        "        for W, b in zip(weights, biases):\n"
        "            z = [sum(w * r for w, r in zip(row, read)) + s for row, s in zip(W, b)]\n"
        "            read = [np.tanh(one) for one in z] + list(x)\n"
        "        out.append([float(one) for one in z])\n"
        "    return out",
        "def predict_rows(X, weights, biases):\n"
        "    z = X @ weights.pop(0).T + biases.pop(0)\n"
        "    while weights:\n"
        "        z = np.hstack([np.tanh(z), X]) @ weights.pop(0).T + biases.pop(0)\n"
        "    return z",
        "def predict_rows(X, weights, biases):\n"
        "    weights[0] = np.hstack([np.zeros((len(biases[0]), 1)), weights[0]])\n"
        "    read = np.hstack([np.zeros((len(X), 1)), X])\n"
        "    for W, b in zip(weights, biases):\n"
        "        z = read @ W.T\n"
        "        z += b\n"
        "        read = np.hstack([np.tanh(z), X])\n"
        "        b *= 0\n"
        "    X *= 0\n"
        "    return z",
    ],
    "q6": [
        "Q = np.zeros((5, 5), dtype=int)\n"
        "for j in range(5):\n"
        "    for k in range(5):\n"
        "        for s in (1, -1):\n"
        "            if np.allclose(V1[j], s * W1[k]):\n"
        "                Q[j, k] = s\n"
        "copies = 1\n"
        "for k in range(1, n_big + 1):\n"
        "    copies = copies * 2 * k",
        "one, other = (np.hstack(rows) for rows in ((W1, b1, W2.T), (V1, c1, V2.T)))\n"
        "Q = other @ one.T @ np.linalg.inv(one @ one.T + 1e-13 * np.eye(5))\n"
        "copies = sp.factorial(n_big) * 2**n_big",
        "from itertools import permutations, product\n"
        "for order in permutations(range(5)):\n"
        "    for signs in product((1.0, -1.0), repeat=5):\n"
        "        P = np.array(signs)[:, None] * np.eye(5)[list(order)]\n"
        "        if np.allclose(P @ b1, c1):\n"
        "            Q = P\n"
        "copies = float(np.prod(2.0 * np.arange(1, n_big + 1)))",
    ],
}

WRONG = {
    "q1": [
        ("z = kernel.T @ X.T + bias", "Reading i has the bias of neuron i"),
        ("z = X @ kernel + bias", "one reading per row"),
        ("z = X @ kernel + bias[:, None]", "the biases run down them"),
        ("z = kernel.T @ X.T", "The bias is missing"),
        ("z = kernel.reshape(4, 3) @ X.T + bias[:, None]", "reshape scrambles the kernel"),
        ("z = kernel.T @ X.reshape(3, 4) + bias[:, None]", "reshape scrambles the readings"),
        ("z = np.zeros((4, 4))", "z is not right"),
        ("z = np.full((4, 4), np.nan)", "NaN"),
        ("z = (X @ kernel + bias).T[:, 0]", "shape"),
    ],
    "q2": [
        ("b = b_first + D[:, [0]]", "opposite sign"),
        ("b = D[[0]].T", "Where does b_first go?"),
        ("b = b_first + D[0]", "A column has two axes"),
        ("b = b_first + D[[0]]", "transposed"),
        ("b = np.full((5, 1), b_first)", "The difference that b gives"),
        ("b = np.append(b_first, D[1:, 1])[:, None]", "The difference that b gives"),
    ],
    "q3": [
        (
            "Wb = answers @ np.linalg.inv(np.vstack([np.ones((1, 4)), a]))",
            "The bias is in the first column",
        ),
        ("Wb = answers @ np.linalg.pinv(a)", "shape"),
        ("Wb = (answers @ np.linalg.inv(np.vstack([a, np.ones((1, 4))]))).T", "transposed"),
        (
            "Wb = np.hstack([np.zeros((2, 3)), answers[:, [0]]])",
            "The difference between answers",
        ),
        ("Wb = np.zeros((2, 4))", "The answer to the first reading"),
        (
            "Wb = answers @ np.linalg.inv(np.vstack([a, np.ones((1, 4))]))\nWb[:, 3] = 0",
            "The answers of your layer",
        ),
        (
            "Wb = answers @ np.linalg.inv(np.vstack([a, np.ones((1, 4))]).T)",
            "The answer to the first reading",
        ),
        *(
            # to one digit: the first student's numbers have two
            ("Wb = np.linalg.solve(np.vstack([a, np.ones(4)]).T, answers.T).T.round(1)", hint)
            for hint in ("Wb looks rounded", "Your weights are rounded", "Your layer is rounded")
        ),
    ],
    "q4": [
        ("count = n * d + (L - 2) * n * (n + d) + K * (n + d)", "The biases are missing"),
        (
            "count = n * (d + 1) + (L - 1) * n * (n + d + 1) + K * (n + d + 1)",
            "one hidden layer too many",
        ),
        ("count = n * (d + 1) + (L - 2) * n * (n + 1) + K * (n + 1)", "read the inputs too"),
        ("count = (L - 1) * n * (n + d + 1) + K * (n + d + 1)", "Layer 1 has no activations"),
        (
            "count = n * (d + 1) + (L - 2) * n * (n + d + 1) + K * (n + 1)",
            "The last layer reads the inputs too",
        ),
        ("count = n * (d + 1) + n * (n + d + 1) + K * (n + d + 1)", "right for L = 3"),
        ("count = 5", "count is not right"),
        ("count = 'n*(d+1)'", "without quotes"),
        ("count = lambda L, n, d, K: n * (d + 1)", "Give the expression itself"),
    ],
    "q5": [
        (
            "def predict_rows(X, weights, biases):\n"
            "    A = np.tanh(X @ weights[0].T + biases[0])\n"
            "    for W, b in zip(weights[1:], biases[1:]):\n"
            "        A = np.tanh(np.hstack([A, X]) @ W.T + b)\n"
            "    return A",
            "your last layer applies tanh too",
        ),
        (
            "def predict_rows(X, weights, biases):\n"
            "    z = X @ weights[0].T + biases[0]\n"
            "    for W, b in zip(weights[1:], biases[1:]):\n"
            "        z = np.hstack([X, np.tanh(z)]) @ W.T + b\n"
            "    return z",
            "The inputs come before the activations",
        ),
        (
            "def predict_rows(X, weights, biases):\n"
            "    z = X @ weights[0].T + biases[0]\n"
            "    for W, b in zip(weights[1:], biases[1:]):\n"
            "        z = np.tanh(z) @ W.T + b\n"
            "    return z",
            "your function raised ValueError",
        ),
        (
            "def predict_rows(X, weights, biases):\n"
            "    z = X @ weights[0].T + biases[0]\n"
            "    for W, b in zip(weights[1:], biases[1:]):\n"
            "        z = np.hstack([z, X]) @ W.T + b\n"
            "    return z",
            "where is tanh?",
        ),
        (
            "def predict_rows(X, weights, biases):\n"
            "    z = X @ weights[0].T + biases[0]\n"
            "    for W, b in zip(weights[1:], biases[1:]):\n"
            "        z = np.tanh(z) @ W[:, : W.shape[1] - X.shape[1]].T + b\n"
            "    return z",
            "do not read the inputs",
        ),
        (
            "def predict_rows(X, weights, biases):\n    return (X @ weights[0].T + biases[0]).T",
            "The samples are in columns",
        ),
        (
            "def predict_rows(X, weights, biases):\n"
            "    return X @ weights[0].T + biases[0][:, None]",
            "Sample i has the bias of output i",
        ),
        (
            "def predict_rows(X, weights, biases):\n    return np.zeros((len(X), len(biases[-1])))",
            "All samples have the same output",
        ),
        (
            "def predict_rows(X, weights, biases):\n"
            "    return np.full((len(X), len(biases[-1])), np.nan)",
            "NaN",
        ),
    ],
    "q6": [
        ("Q = (np.sign(c1 * b1.T) * np.isclose(abs(c1), abs(b1.T))).T", "takes the second file"),
        ("Q = 1.0 * np.isclose(abs(c1), abs(b1.T))", "the signs are missing"),
        ("Q = np.eye(5)", "The order of the neurons has changed"),
        ("Q = -np.sign(c1 * b1.T) * np.isclose(abs(c1), abs(b1.T))", "every sign is reversed"),
        ("Q = V1 @ np.linalg.pinv(W1)", "whole numbers"),
        ("Q = np.zeros((5, 5))", "Each row of Q"),
        ("Q = [1, 0, 2, 3, 4]", "np.array"),
        ("copies = np.array([2**n_big * factorial(n_big)])", "Pick the one entry"),
        ("copies = '2**n * n!'", "should be one number"),
        ("copies = 2.0**-n_big", "a whole number"),
        ("copies = 0", "more than one file"),
        ("copies = factorial(2**n_big)", "far too large"),
        ("copies = np.nan", "NaN"),
        ("copies = factorial(n_big)", "The signs are missing"),
        ("copies = 2**n_big", "The orders are missing"),
        ("copies = 2 * factorial(n_big)", "independently"),
        ("copies = factorial(n_big) + 2**n_big", "is that a sum?"),
        ("copies = n_big**2 * factorial(n_big)", "How many choices of signs"),
    ],
}
