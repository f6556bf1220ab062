"""Answers to the template: right ones in other forms, and wrong ones with their hints."""

RIGHT = {
    "q1": ["z = np.einsum('ij,jk->ik', A, b)", "z = sum(A[:, [j]] * b[j] for j in range(2))"],
    "q2": [
        "w, x, y = sp.symbols('w x y', real=True)\ndC_dw = sp.diff((w * x - y) ** 2 / 2, w)",
        "dC_dw = w * x**2 - x * y",
    ],
    "q3": ["cost = lambda w, X, Y: (w * X - Y) @ (w * X - Y) / (2 * len(X))"],
}

WRONG = {
    "q1": [
        ("z = A.T @ b", "transpose"),
        ("z = (A @ b).ravel()", "A column has two axes"),
        ("z = [1, 2]", "np.array"),
    ],
    "q2": [
        ("dC_dw = w * x - y", "inner derivative"),
        ("dC_dw = 2 * (w * x - y) * x", "twice the length"),
        ("dC_dw = '(w*x-y)*x'", "without quotes"),
    ],
    "q3": [
        ("def cost(w, X, Y):\n    return np.sum((w * X - Y) ** 2) / 2", "1/N"),
        ("def cost(w, X, Y):\n    return np.nan", "NaN"),
    ],
}
