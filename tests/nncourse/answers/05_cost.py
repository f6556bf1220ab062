"""Answers to the assignment on costs: right ones in other forms, wrong ones with their hints."""

HONEST = "predicted / (predicted + alpha_own * (1 - predicted))"
NAIVE = """
def cost(z, y, alpha):
    p = 1 / (1 + np.exp(-z))
    return np.mean(-alpha * y * np.log(p) - (1 - y) * np.log(1 - p))
"""
CLIPPED = """
def cost(z, y, alpha):
    p = np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)
    return np.mean(-alpha * y * np.log(p) - (1 - y) * np.log(1 - p))
"""
CLIPPED_LOGITS = """
def cost(z, y, alpha):
    z = np.clip(z, -50, 50)
    return np.mean(alpha * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))
"""
CUT = """
def cost(z, y, alpha):
    p = 1 / (1 + np.exp(-z))
    one = np.where(z < -36, -z, -np.log(p))
    none = np.where(z > 36, z, -np.log(1 - p))
    return np.mean(alpha * y * one + (1 - y) * none)
"""
LOOP = """
def cost(z, y, alpha):
    total = 0
    for i in range(z.shape[1]):
        u = -z[0, i] if y[0, i] == 1 else z[0, i]
        weight = alpha if y[0, i] == 1 else 1
        total = total + weight * (max(u, 0) + np.log(1 + np.exp(-abs(u))))
    return total / z.shape[1]
"""
WITH_PACKAGE = """
def cost(z, y, alpha):
    from nnmaths import CROSS_ENTROPY
    mass = z.shape[1]
    result = 0.0
    for i in range(mass):
        one = CROSS_ENTROPY.value(z[:, [i]], y[:, [i]])
        result += (alpha if y[0, i] else 1) * float(one)
    return result / mass
"""
BY_CASES = """
def cost(z, y, alpha):
    z = np.asarray(z, dtype=float)
    softplus = np.where(z > 0, z + np.log1p(np.exp(-z)), np.log1p(np.exp(z)))
    return ((alpha * y + 1 - y) * softplus - alpha * y * z).sum() / z.size
"""
DICE_LOOP = """
def dice_grad(p, y):
    I, S = 0, 0
    for chance, truth in zip(p[0], y[0]):
        I += chance * truth
        S += chance + truth
    return np.array([[2 * (I - truth * S) / S**2 for truth in y[0]]])
"""
DICE_BY_IOU = """
from nnmaths.costs import soft_iou, soft_iou_grad


def dice_grad(p, y):
    J = 1 - soft_iou(p.T, y.T)
    return 2 / (1 + J) ** 2 * soft_iou_grad(p.T, y.T).T
"""

BRANCHES = """
def cost(z, y, alpha):
    e = np.exp(z)
    softplus = np.where(z > 30, z, np.log1p(e))
    minus = np.where(z < -30, -z, np.log1p(1 / e))
    return np.average(np.where(y == 1, alpha * minus, softplus))
"""
BY_PIXEL = """
import math


def cost(z, y, alpha):
    total = 0.0
    for logit, yes in zip(np.ravel(z), np.ravel(y)):
        sign = -1 if yes else 1
        one = max(sign * logit, 0.0) + math.log1p(math.exp(-abs(logit)))
        total += alpha * one if yes else one
    return total / np.size(z)
"""
FROM_OUTSIDE = """
def cost(z, y, alpha):
    total = np.sum(alpha * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))
    return total / {count}
"""
DICE_FILLED = """
def dice_grad(p, y):
    out = np.empty(p.shape)
    both, inter = float(np.sum(p)) + float(np.sum(y)), float(p.ravel() @ y.ravel())
    for t in range(p.shape[1]):
        out[0, t] = 2 * inter / both**2 - (2 / both if y[0, t] else 0)
    return out
"""
DICE_BY_DIFFERENCES = """
from nnmaths.differences import numerical_gradient


def dice_grad(p, y):
    return numerical_gradient(lambda p: 1 - 2 * np.sum(p * y) / (np.sum(p) + np.sum(y)), p)
"""

RIGHT = {
    "q1": [
        "likelihood = 1\nfor t in range(N):\n"
        "    likelihood *= p_own[0, t] ** y_own[0, t] * (1 - p_own[0, t]) ** (1 - y_own[0, t])\n"
        "C = sp.log(1 / sp.Float(likelihood, 20)) / N",
        "chances = [p if y else 1 - p for p, y in zip(p_own[0], y_own[0])]\n"
        "likelihood = 1\nfor chance in chances:\n    likelihood *= chance\n"
        "C = -np.log(likelihood) / 10",
        "C = (-y_own * np.log(p_own) - (1 - y_own) * np.log(1 - p_own)).mean()\n"
        "likelihood = np.exp(-N * C)",
        "likelihood = sp.Float(np.prod(p_own**y_own * (1 - p_own) ** (1 - y_own)))\n"
        "C = -sp.log(likelihood) / 10",
    ],
    "q2": [
        "dC_dp = np.array([[-alpha_own / p / 10 if y else 1 / (1 - p) / 10\n"
        "    for p, y in zip(p_own[0], y_own[0])]])",
        "dC_dp = np.where(y_own == 1, alpha_own, 1) * (p_own - y_own)\n"
        "dC_dp = dC_dp / (p_own * (1 - p_own)) / p_own.size",
        "from nnmaths.differences import numerical_gradient\n"
        "def weighted(p):\n"
        "    return -(alpha_own * y_own * np.log(p) + (1 - y_own) * np.log(1 - p)).mean()\n"
        "dC_dp = numerical_gradient(weighted, p_own)",
        "t = sp.Symbol('t')\n"
        "slope = {v: sp.lambdify(t, sp.diff(\n"
        "    (-alpha_own * v * sp.log(t) - (1 - v) * sp.log(1 - t)) / N, t)) for v in (0, 1)}\n"
        "dC_dp = np.array([[slope[int(v)](c) for c, v in zip(p_own.ravel(), y_own.ravel())]])",
    ],
    "q3": [
        "q, alpha = sp.symbols('q alpha')\nc_best = 1 / (1 + (1 - q) / (alpha * q))\n"
        "odds = predicted / (1 - predicted) / alpha_own\nhonest = odds / (1 + odds)",
        "q, alpha, c = sp.symbols('q alpha c', positive=True)\n"
        "cost_c = -alpha * q * sp.log(c) - (1 - q) * sp.log(1 - c)\n"
        "c_best = sp.solve(sp.diff(cost_c, c), c)[0]\n"
        "honest = sp.solve(c_best.subs(alpha, alpha_own) - predicted, q)[0]",
        "q, alpha = sp.symbols('q alpha', positive=True)\n"
        "c_best = 1 / (1 + sp.exp(-sp.log(alpha) - sp.log(q / (1 - q))))\n"
        "honest = 1 / (1 + alpha_own * (1 / predicted - 1))",
        "q, alpha = sp.symbols('q alpha')\nroot = sp.sqrt(alpha * q / (1 - q))\n"
        "c_best = sp.sin(sp.atan(root)) ** 2\n"
        "honest = sp.Rational(str(predicted)) / (predicted + alpha_own - alpha_own * predicted)",
    ],
    "q4": [
        "z, y, alpha = sp.symbols('z y alpha')\nsigma = 1 / (1 + sp.exp(-z))\n"
        "dC_dz = (1 + (alpha - 1) * y) * (sigma - y)",
        "z, y, alpha = sp.symbols('z y alpha', real=True)\np = 1 / (1 + sp.exp(-z))\n"
        "dC_dz = sp.diff(-alpha * y * sp.log(p) - (1 - y) * sp.log(1 - p), z)",
        "z, y, alpha = sp.symbols('z y alpha', positive=True)\np = sp.exp(z) / (1 + sp.exp(z))\n"
        "dC_dz = alpha**y * (p - y)",
        "z, y, alpha = sp.symbols('z y alpha')\np = (1 + sp.tanh(z / 2)) / 2\n"
        "dC_dz = sp.Piecewise((alpha * (p - 1), sp.Eq(y, 1)), (p, True))",
    ],
    "q5": [
        "cost = lambda z, y, alpha: np.mean(\n"
        "    alpha * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))",
        LOOP,
        WITH_PACKAGE,
        BY_CASES,
        BRANCHES,
        BY_PIXEL,
    ],
    "q6": [
        "dice_grad = lambda p, y: 2 * (p * y).sum() / (p + y).sum() ** 2 - 2 * y / (p + y).sum()",
        DICE_LOOP,
        DICE_BY_IOU,
        DICE_FILLED,
        DICE_BY_DIFFERENCES,
    ],
    "q7": [
        "M, k = pixels_start, scratched_start\nu = np.exp(z_start)\n"
        "p, bend = u / (1 + u), u / (1 + u) ** 2\n"
        "S = M * p + k\n"
        "slopes = np.array([-bend / (1 + u), alpha_own * (p - 1), 2 * (k * p - S) / S**2 * df])",
        "M, k = pixels_start, scratched_start\nz1 = sp.Symbol('z1')\n"
        "p1, rest = 1 / (1 + sp.exp(-z1)), 1 / (1 + sp.exp(-z_start))\n"
        "dice = 1 - 2 * (p1 + (k - 1) * rest) / (p1 + (M - 1) * rest + k)\n"
        "three = [(p1 - 1) ** 2 / 2, -alpha_own * sp.log(p1), dice]\n"
        "slopes = np.array([float(sp.diff(f, z1).subs(z1, z_start)) for f in three])",
        "def three(z):\n"
        "    p, rest = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-z_start))\n"
        "    both = p + (scratched_start - 1) * rest\n"
        "    total = p + (pixels_start - 1) * rest + scratched_start\n"
        "    return np.array([(p - 1) ** 2 / 2, -alpha_own * np.log(p), 1 - 2 * both / total])\n"
        "slopes = (three(z_start + 1e-5) - three(z_start - 1e-5)) / 2e-5",
    ],
}

WRONG = {
    "q1": [
        ("likelihood = np.prod(p_own)\nC = -np.log(likelihood) / N", "does not have probability p"),
        (
            "likelihood = np.prod(np.where(y_own == 1, p_own, 1 - p_own))\nC = -np.log(likelihood)",
            "a mean over the samples",
        ),
        (
            "likelihood = np.prod(np.where(y_own == 0, p_own, 1 - p_own))\n"
            "C = -np.log(likelihood) / N",
            "swapped",
        ),
        (
            "likelihood = np.prod(np.where(y_own == 1, p_own, 1 - p_own))\n"
            "C = -np.log2(likelihood) / N",
            "base 2",
        ),
        (
            "likelihood = np.prod(p_own[y_own == 1])\nC = -np.log(likelihood) / N",
            "likely was it to be intact",
        ),
        ("likelihood = 0.5\nC = np.log(2) / N", "likelihood is not right"),
        ("likelihood = 0.5\nC = np.log(2) / N", "larger than any such product"),
        ("likelihood = 1e-30\nC = -np.log(likelihood) / N", "smaller than any such product"),
        ("likelihood, C = np.array([[0.1]]), 1.0", "Pick the one entry"),
        ("likelihood, C = float('nan'), float('nan')", "between 0 and 1"),
    ],
    "q2": [
        ("dC_dp = -alpha_own * y_own / p_own + (1 - y_own) / (1 - p_own)", "1/N of the mean"),
        ("dC_dp = (p_own - y_own) / (p_own * (1 - p_own)) / N", "weight is missing"),
        ("dC_dp = alpha_own * (p_own - y_own) / (p_own * (1 - p_own)) / N", "intact pixels too"),
        ("dC_dp = (alpha_own * y_own / p_own - (1 - y_own) / (1 - p_own)) / N", "signs"),
        (
            "dC_dp = (p_own - y_own) * np.where(y_own == 1, alpha_own, 1) / N",
            "with respect to the logits",
        ),
        ("dC_dp = (-alpha_own * y_own / p_own + (1 - y_own) / (1 - p_own)).T / N", "transposed"),
        ("dC_dp = np.zeros((1, 10))", "signs"),
        ("dC_dp = np.full((1, 10), np.nan)", "NaN"),
        ("dC_dp = 1 - 2 * y_own", "is not right"),
        ("dC_dp = 1 - 2 * y_own", "the slopes should rise"),
    ],
    "q3": [
        ("c_best = q\nhonest = predicted", "Where has the weight gone?"),
        ("c_best = alpha * q\nhonest = predicted / alpha_own", "What about the intact pixels"),
        ("c_best = q / (q + alpha * (1 - q))\nhonest = 0.5", "wrong side"),
        ("c_best = alpha * q / (1 - q)\nhonest = 0.5", "Solve for c"),
        (
            "c_best = alpha * q / (alpha * q + 1 - q)\n"
            "honest = alpha_own * predicted / (alpha_own * predicted + 1 - predicted)",
            "asks for its inverse",
        ),
        (
            "c_best = alpha * q / (alpha * q + 1 - q)\nhonest = predicted / alpha_own",
            "tiny fractions",
        ),
        ("c_best = q**alpha\nhonest = 0.5", "c_best is not right"),
        ("c_best = 'q'\nhonest = 0.5", "without quotes"),
        ("c_best = q\nhonest = 0.5", "c_best does not contain alpha"),
        (
            "c_best = alpha_own * q / (alpha_own * q + 1 - q)\nhonest = 0.5",
            "not as your number alpha_own",
        ),
        ("c_best = 2 * alpha * q / (alpha * q + 1 - q)\nhonest = 0.5", "twice as large"),
        (
            "c_best = 2 * alpha * q / (alpha * q + 1 - q)\nhonest = 0.5",
            "c_best is twice what it should be",
        ),
        ("c_best = alpha * q / (alpha * q + 1 - q) / 2\nhonest = 0.5", "c_best is half"),
        ("c_best = alpha * q / (q - 1 - alpha * q)\nhonest = 0.5", "c_best is negative"),
        ("c_best = (1 - q) / (alpha * q + 1 - q)\nhonest = 0.5", "a pixel is intact"),
        *(
            (
                f"c_best = q\nhonest = {change.format(HONEST)}",
                hint,
            )
            for change, hint in (
                ("2 * {}", "honest is twice what it should be"),
                ("{} / 2", "honest is half"),
                ("-{}", "a fraction cannot be"),
                ("1 - {}", "fraction of intact pixels"),
                ("round({}, 3)", "honest is rounded"),
            )
        ),
        ("c_best = q\nhonest = predicted / (1 - predicted) / alpha_own", "asks for q"),
    ],
    "q4": [
        ("p = 1 / (1 + sp.exp(-z))\ndC_dz = p - y", "weight is missing"),
        ("p = 1 / (1 + sp.exp(-z))\ndC_dz = alpha * (p - y)", "counts once"),
        ("p = 1 / (1 + sp.exp(-z))\ndC_dz = p - alpha * y", "weight only the target"),
        (
            "p = 1 / (1 + sp.exp(-z))\ndC_dz = -alpha * y / p + (1 - y) / (1 - p)",
            "inner derivative",
        ),
        (
            "p = 1 / (1 + sp.exp(-z))\ndC_dz = ((1 - y) * p - alpha * y * (1 - p)) * p * (1 - p)",
            "too many",
        ),
        (
            "p = 1 / (1 + sp.exp(-z))\ndC_dz = alpha * y * (1 - p) - (1 - y) * p",
            "opposite sign",
        ),
        ("dC_dz = 0", "is not right"),
        ("p = 1 / (1 + sp.exp(-z))\ndC_dz = p - y", "dC_dz does not contain alpha"),
        (
            "p = 1 / (1 + sp.exp(-z))\ndC_dz = (1 - y) * p - alpha_own * y * (1 - p)",
            "not as your number alpha_own",
        ),
        (
            "p = 1 / (1 + sp.exp(-z))\ndC_dz = 2 * ((1 - y) * p - alpha * y * (1 - p))",
            "twice the prediction",
        ),
    ],
    "q5": [
        (NAIVE, "Start from z"),
        (CLIPPED, "hides how wrong"),
        (CLIPPED_LOGITS, "hides how wrong"),
        (CUT, "loses digits"),
        (
            "def cost(z, y, alpha):\n"
            "    return np.sum(alpha * y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))",
            "where is the factor 1/N",
        ),
        (
            "def cost(z, y, alpha):\n"
            "    return np.mean(alpha * y * np.logaddexp(0, z) + (1 - y) * np.logaddexp(0, -z))",
            "sign of the logit",
        ),
        (
            "def cost(z, y, alpha):\n"
            "    return alpha * np.mean(y * np.logaddexp(0, -z) + (1 - y) * np.logaddexp(0, z))",
            "You weight all pixels",
        ),
        ("def cost(z, y, alpha):\n    return np.zeros((1, 1))", "it should be one number"),
        (FROM_OUTSIDE.format(count="N"), "do you use a global N?"),
        (FROM_OUTSIDE.format(count="pixels_start"), "do you use a global N?"),
        (FROM_OUTSIDE.format(count="-z.size"), "where is the minus?"),
        (
            "def cost(z, y, alpha):\n    return np.log(2) * np.mean(alpha * y + 1 - y)",
            "Each logit moves",
        ),
        ("def cost(z, y, alpha):\n    return float('nan')", "NaN"),
        ("def cost(z, y):\n    return 0.0", "your function raised"),
    ],
    "q6": [
        ("def dice_grad(p, y):\n    return -2 * y / (p + y).sum()", "should raise D"),
        (
            "def dice_grad(p, y):\n    I, S = (p * y).sum(), (p + y).sum()\n"
            "    return 2 * (y * S - I) / S**2",
            "should lower D",
        ),
        (
            "def dice_grad(p, y):\n    I, S = (p * y).sum(), (p + y).sum()\n"
            "    return -2 * (y * S - I) / S",
            "squared",
        ),
        (
            "def dice_grad(p, y):\n    I, S = (p * y).sum(), (p + y).sum()\n"
            "    return -(y * S - I) / S**2",
            "half the length",
        ),
        (
            "from nnmaths.costs import soft_iou_grad\n"
            "def dice_grad(p, y):\n    return soft_iou_grad(p.T, y.T).T",
            "soft IoU cost",
        ),
        (
            "def dice_grad(p, y):\n    I, S = (p * y).sum(), (p + y).sum()\n"
            "    return -2 * (y * S - I) / S**2 / p.size",
            "No mean",
        ),
        ("def dice_grad(p, y):\n    return 1 - 2 * y", "is not right"),
        ("def dice_grad(p, y):\n    return 1 - 2 * y", "its slope depends on p"),
        ("def dice_grad(p, y):\n    return 0 * p", "lower D"),
        ("def dice_grad(p, y):\n    return p.ravel()", "shape"),
    ],
    "q7": [
        (
            "M, k, p = pixels_start, scratched_start, 1 / (1 + np.exp(-z_start))\nS = M * p + k\n"
            "slopes = np.array([p - 1, -alpha_own / p, -2 * (S - k * p) / S**2])",
            "Number 1 is the slope with respect to p",
        ),
        (
            "M, k, p = pixels_start, scratched_start, 1 / (1 + np.exp(-z_start))\n"
            "S = M * p + k\ndf = p * (1 - p)\n"
            "slopes = np.array([(p - 1) * df, p - 1, -2 * (S - k * p) / S**2 * df])",
            "lost its weight",
        ),
        (
            "M, k, p = pixels_start, scratched_start, 1 / (1 + np.exp(-z_start))\n"
            "S = M * p + k\ndf = p * (1 - p)\n"
            "slopes = np.array([(p - 1) * df, alpha_own * (p - 1), -2 * (S - k * p) / S**2])",
            "Number 3 is the slope with respect to p",
        ),
        (
            "M, k, p = pixels_start, scratched_start, 1 / (1 + np.exp(-z_start))\n"
            "S = M * p + k\ndf = p * (1 - p)\n"
            "slopes = np.array([(p - 1) * df, alpha_own * (p - 1), -2 * k * k / S**2 * df])",
            "all logits",
        ),
        ("slopes = -np.ones(3)", "number 1 of slopes"),
        ("slopes = -np.ones(3)", "Two of your slopes are the same"),
        ("slopes = np.zeros(3)", "should fall as z rises"),
        ("slopes = np.full((3, 1), -0.1)", "shape"),
    ],
}
