"""Mistakes that a person might make, and which ordinary test catches each.

`python tests/seeded_bugs.py` copies the packages once for each mistake, makes it in the copy, and
runs the ordinary tests of that module on the copy until one fails. It prints mistake → test. A copy
without a mistake must pass, and a mistake whose line is no longer in the source is an error.

The libraries are imported once; each copy is then tried in a fork of this process.
"""

import contextlib
import gc
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SOURCE = TESTS.parent / "src"


@dataclass(frozen=True)
class Bug:
    """A mistake: in this module this text becomes that text."""

    name: str
    module: str
    old: str
    new: str


BUGS = [
    Bug("no transpose", "nnmaths.backprop", "W[l + 1].T @", "W[l + 1] @"),
    Bug(
        "the slope at a instead of z", "nnmaths.backprop", "sigma[l].df(z[l])", "sigma[l].df(a[l])"
    ),
    Bug(
        "no slope at the output",
        "nnmaths.backprop",
        "cost.grad(a[L], y) * sigma[L].df(z[L])",
        "cost.grad(a[L], y)",
    ),
    Bug(
        "the bias gradient a mean",
        "nnmaths.backprop",
        "delta[l].sum(axis=1",
        "delta[l].mean(axis=1",
    ),
    Bug(
        "z instead of a in the weight gradient",
        "nnmaths.backprop",
        "trace.a[l - 1].T",
        "(trace.z[l - 1] if l > 1 else x).T",
    ),
    Bug(
        "the weight gradient divided by N again",
        "nnmaths.backprop",
        "delta[l] @ trace.a[l - 1].T",
        "delta[l] @ trace.a[l - 1].T / x.shape[1]",
    ),
    Bug(
        "a target that broadcasts is let through",
        "nnmaths.backprop",
        "if np.shape(y) != y_hat.shape:",
        "if np.shape(y)[-1] != y_hat.shape[1]:",
    ),
    Bug("the half forgotten", "nnmaths.costs", "/ (2 * y.shape[1])", "/ y.shape[1]"),
    Bug("the mean over outputs too", "nnmaths.costs", "/ (2 * y.shape[1])", "/ (2 * y.size)"),
    Bug(
        "the gradient without its mean",
        "nnmaths.costs",
        "return (y_hat - y) / y.shape[1]",
        "return y_hat - y",
    ),
    Bug(
        "the gradient of y − ŷ",
        "nnmaths.costs",
        "return (y_hat - y) / y.shape[1]",
        "return (y - y_hat) / y.shape[1]",
    ),
    Bug(
        "a sign in the cross-entropy", "nnmaths.costs", "softplus(z) - y * z", "softplus(z) + y * z"
    ),
    Bug(
        "the mean over rows",
        "nnmaths.costs",
        "return (sigmoid(z) - y) / y.shape[1]",
        "return (sigmoid(z) - y) / y.shape[0]",
    ),
    Bug(
        "softmax over the whole batch",
        "nnmaths.costs",
        "return e / e.sum(axis=0, keepdims=True)",
        "return e / e.sum()",
    ),
    Bug(
        "softmax without its shift",
        "nnmaths.costs",
        "np.exp(z - z.max(axis=0, keepdims=True))",
        "np.exp(z)",
    ),
    Bug("the shift not put back", "nnmaths.costs", "log_sum = top + np.log(", "log_sum = np.log("),
    Bug("the threshold marked too", "nnmaths.costs", "(p > threshold)", "(p >= threshold)"),
    Bug(
        "the overlap counted twice in the union",
        "nnmaths.costs",
        "/ ((inside + y).sum(axis=0, keepdims=True) - both)",
        "/ (inside + y).sum(axis=0, keepdims=True)",
    ),
    Bug(
        "a soft union without its overlap",
        "nnmaths.costs",
        "keepdims=True) - both\n",
        "keepdims=True)\n",
    ),
    Bug(
        "the soft overlap itself as the cost",
        "nnmaths.costs",
        "(1 - both / either)",
        "(both / either)",
    ),
    Bug(
        "a sign in the slope of the overlap",
        "nnmaths.costs",
        "* both - y * either)",
        "* both + y * either)",
    ),
    Bug(
        "the slope of the sigmoid's output",
        "nnmaths.activations",
        "return e / (1 + e) ** 2",
        "return z * (1 - z)",
    ),
    Bug(
        "the textbook sigmoid",
        "nnmaths.activations",
        "return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))",
        "return 1 / (1 + np.exp(-z))",
    ),
    Bug(
        "the slope of tanh's output",
        "nnmaths.activations",
        "return 1 - np.tanh(z) ** 2",
        "return 1 - z**2",
    ),
    Bug(
        "the other slope at the kink",
        "nnmaths.activations",
        "return np.ones_like(z) * (z > 0)",
        "return np.ones_like(z) * (z >= 0)",
    ),
    Bug("the leak counted twice", "nnmaths.activations", "LEAK + (1 - LEAK) *", "LEAK + 1.0 *"),
    Bug(
        "softplus that overflows",
        "nnmaths.activations",
        "np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))",
        "np.log1p(np.exp(z))",
    ),
    Bug(
        "tanh paired with the sigmoid's slope",
        "nnmaths.activations",
        'Activation("tanh", tanh, tanh_slope)',
        'Activation("tanh", tanh, sigmoid_slope)',
    ),
    Bug(
        "up instead of down",
        "nnmaths.descent",
        "return theta - eta * grad, state",
        "return theta + eta * grad, state",
    ),
    Bug(
        "momentum as a mean",
        "nnmaths.descent",
        "v = beta * v + grad",
        "v = beta * v + (1 - beta) * grad",
    ),
    Bug(
        "Adam without its correction",
        "nnmaths.descent",
        "m / (1 - beta1**t), v / (1 - beta2**t)",
        "m, v",
    ),
    Bug("ε under Adam's root", "nnmaths.descent", "(np.sqrt(v_hat) + eps)", "np.sqrt(v_hat + eps)"),
    Bug("twice the decay", "nnmaths.descent", "grad + lam * theta", "grad + 2 * lam * theta"),
    Bug(
        "steps counted from 0",
        "nnmaths.descent",
        "rule.step(theta, grad, state, eta, t + 1)",
        "rule.step(theta, grad, state, eta, t)",
    ),
    Bug(
        "NaN taken for convergence",
        "nnmaths.descent",
        "not (abs(value) <= LIMIT and within_limit(theta, LIMIT))",
        "abs(value) > LIMIT",
    ),
    Bug("no bias", "nnmaths.network", "W[l] @ a[l - 1] + b[l]", "W[l] @ a[l - 1]"),
    Bug(
        "the activation of the layer before",
        "nnmaths.network",
        "sigma[l](z[l])",
        "sigma[max(l - 1, 1)](z[l])",
    ),
    Bug(
        "a flat bias is let through",
        "nnmaths.network",
        "if np.shape(b) != (np.shape(W)[0], 1):",
        "if np.shape(b)[0] != np.shape(W)[0]:",
    ),
    Bug("He by the wrong side", "nnmaths.network", "(2 / n_in) ** 0.5", "(2 / n_out) ** 0.5"),
    Bug(
        "Xavier without its root",
        "nnmaths.network",
        "(2 / (n_in + n_out)) ** 0.5",
        "2 / (n_in + n_out)",
    ),
    Bug(
        "the layers multiplied in the wrong order",
        "nnmaths.network",
        "theta.W[l] @ W,",
        "W @ theta.W[l],",
    ),
    Bug(
        "a bias that the later layers do not see",
        "nnmaths.network",
        "theta.W[l] @ b + theta.b[l]",
        "b + theta.b[l]",
    ),
    Bug("the last layer left out", "nnmaths.network", "range(2, theta.L + 1)", "range(2, theta.L)"),
    Bug(
        "samples drawn with replacement",
        "nnmaths.training",
        "rng.permutation(N)",
        "rng.integers(N, size=N)",
    ),
    Bug(
        "the last mini-batch dropped",
        "nnmaths.training",
        "range(0, N, B)",
        "range(0, N - B + 1, B)",
    ),
    Bug(
        "targets in another order",
        "nnmaths.training",
        "y_rows.take(chosen, axis=0)",
        "y_rows[start : start + B]",
    ),
    Bug(
        "the rule's memory lost at each step",
        "nnmaths.training",
        "theta, state = rule.step(",
        "theta, _ = rule.step(",
    ),
    Bug(
        "biases that cancel hide a divergence",
        "nnmaths.training",
        "np.vdot(b, b) <= LIMIT**2",
        "abs(b.sum()) <= LIMIT",
    ),
    Bug("a decision at 0 for probabilities", "nnmaths.training", "(y_hat > 0.5)", "(y_hat > 0)"),
    Bug(
        "the decision over the samples",
        "nnmaths.training",
        "y_hat.argmax(axis=0) == y.argmax(axis=0)",
        "y_hat.argmax(axis=1) == y.argmax(axis=1)",
    ),
    Bug(
        "the share of decisions for 1",
        "nnmaths.training",
        "((y_hat > 0.5) == (y > 0.5)).mean()",
        "(y_hat > 0.5).mean()",
    ),
    Bug(
        "each set standardised by itself",
        "nnmaths.datasets",
        "rescaled(data.x, mean, s)) for",
        "rescaled(data.x, *moments(data.x))) for",
    ),
    Bug(
        "the deviation of N − 1",
        "nnmaths.datasets",
        "((x - mean) ** 2).sum(axis=1, keepdims=True) / N",
        "((x - mean) ** 2).sum(axis=1, keepdims=True) / (N - 1)",
    ),
    Bug(
        "a constant input told by its deviation",
        "nnmaths.datasets",
        "np.flatnonzero(np.ptp(train.x, axis=1) == 0)",
        "np.flatnonzero(train.x.std(axis=1) == 0)",
    ),
    Bug(
        "a wrong label that may be the right one",
        "nnmaths.datasets",
        "rng.integers(1, classes, size=wrong.size)",
        "rng.integers(0, classes, size=wrong.size)",
    ),
    Bug(
        "targets left in their old order",
        "nnmaths.datasets",
        "columns(data.y.T[part])) for part",
        "columns(data.y.T[: part.size])) for part",
    ),
    Bug("half the difference", "nnmaths.differences", "/ (2 * h)", "/ h"),
    Bug(
        "a one-sided difference",
        "nnmaths.differences",
        "leaf[index] = here - h",
        "leaf[index] = here",
    ),
    Bug(
        "a number taken for its equal of another kind",
        "nnmaths.tape.tracer",
        "key = (*op, *map(type, op))",
        "key = op",
    ),
    Bug("a write in place let through", "nnmaths.tape.tracer", 'if "out" in options:', "if False:"),
    Bug("a length baked in", "nnmaths.tape.tracer", "if isinstance(value, Dim):", "if False:"),
    Bug(
        "a sum along the other axis",
        "nnmaths.tape.tracer",
        "f(value, axis=axis,",
        "f(value, axis=1 - axis,",
    ),
    Bug(
        "the cost taken after the step",
        "nnmaths.tape.training_step",
        "C = cost.value(predict(network, theta, x), y)\n        return",
        "C = cost.value(predict(network, after, x), y)\n        return",
    ),
    Bug("a bump of the same sign twice", "nnmaths.approximation", "[1, -1], 0", "[1, 1], 0"),
    Bug("steps at the knots", "nnmaths.approximation", "(x[:-1] + x[1:]) / 2", "x[1:]"),
    Bug(
        "the bias of a steep step without its weight",
        "nnmaths.approximation",
        "-steep * middle",
        "-middle",
    ),
    Bug(
        "the stairs begin at zero",
        "nnmaths.approximation",
        "np.diff(y), y[0], sigma",
        "np.diff(y), 0, sigma",
    ),
    Bug("the middle of a hat counted once", "nnmaths.approximation", "-2 / h", "-1 / h"),
    Bug(
        "slopes for changes of slope",
        "nnmaths.approximation",
        "np.diff(slopes, prepend=slopes[:1] * 0)",
        "slopes",
    ),
    Bug("kinks one knot too late", "nnmaths.approximation", "-x[:-1], turns", "-x[1:], turns"),
    Bug(
        "the last place forgotten",
        "nnmaths.approximation",
        "np.linspace(a, b, count)",
        "np.linspace(a, b, count, endpoint=False)",
    ),
    Bug(
        "knots that stand still",
        "nnmaths.approximation",
        "(np.diff(values) > 0)",
        "(np.diff(values) >= 0)",
    ),
    Bug("the lengths of an IDX file read backwards", "nnmaths.datasets", '">u4"', '"<u4"'),
    Bug(
        "images in rows of samples",
        "nnmaths.datasets",
        "Data(columns(x), one_hot",
        "Data(x, one_hot",
    ),
    Bug(
        "double where single was asked",
        "nnmaths.datasets",
        "one_hot(labels, 10).astype(dtype)",
        "one_hot(labels, 10)",
    ),
    Bug(
        "a short IDX file let through",
        "nnmaths.datasets",
        "if values.size != np.prod",
        "if values.size > np.prod",
    ),
    Bug(
        "an attribute of a formula followed",
        "nncourse.formulas",
        "    if isinstance(node, ast.Name):\n",
        "    if isinstance(node, ast.Attribute):\n"
        "        return getattr(_build(node.value, depth + 1), node.attr)\n"
        "    if isinstance(node, ast.Name):\n",
    ),
    Bug("every name of SymPy's built", "nncourse.formulas", "if name not in allowed:", "if False:"),
    Bug("words let through to any node", "nncourse.formulas", "head not in WITH_KEYWORDS or ", ""),
    Bug(
        "an array without its shape",
        "nncourse.serialise",
        "[list(array.shape), letter",
        "[[array.size], letter",
    ),
    Bug("NaN carried as zero", "nncourse.serialise", '"nan": math.nan', '"nan": 0.0'),
    Bug(
        "a truth value taken for a number",
        "nncourse.kinds",
        "    if isinstance(value, bool):\n        return False\n",
        "",
    ),
    Bug(
        "a list taken for an array",
        "nncourse.kinds",
        "isinstance(value, np.ndarray) and value.dtype.kind",
        "np.asarray(value).dtype.kind",
    ),
    Bug(
        "NaN is close to everything",
        "nncourse.checks",
        "    finite(value, name)\n    if _near",
        "    if not np.all(np.isfinite(value)) or _near",
    ),
    Bug(
        "shapes that broadcast are close",
        "nncourse.checks",
        "    shape(value, expected.shape, name)\n    finite",
        "    finite",
    ),
    Bug(
        "closeness without a size",
        "nncourse.checks",
        "<= tolerance * _scale(expected)))",
        "<= tolerance))",
    ),
    Bug(
        "one entry is enough",
        "nncourse.checks",
        "return bool(np.all(np.abs",
        "return bool(np.any(np.abs",
    ),
    Bug("a slope in scaled steps", "nncourse.checks", ", step) / scale", ", step)"),
    Bug(
        "letters with their assumptions",
        "nncourse.checks",
        "return expression.xreplace(new)",
        "return expression",
    ),
    Bug(
        "a formula that nothing refutes",
        "nncourse.checks",
        "range(3), left, right",
        "range(0), left, right",
    ),
    Bug(
        "the same inputs for everybody",
        "nncourse.checks",
        "_seed + label.encode()",
        "label.encode()",
    ),
    Bug("the id's case matters", "nncourse.student", "student.strip().lower()", "student.strip()"),
    Bug(
        "all students have the same numbers",
        "nncourse.student",
        "(name, student.strip().lower(), course",
        '(name, "", course',
    ),
    Bug(
        "outputs handed in",
        "nncourse.cells",
        '{**cell, "outputs": [], "execution_count": None} if',
        "{**cell} if",
    ),
]

# What the tests of the package need of it; the rest need not be copied forty times.
PARTS = ["nnmaths/**/*.py", "nnmaths/data/*", "nncourse/*.py"]


NO_MISTAKE, ALL_PASSED = "no mistake", "every test passes"


class NoLongerThereError(Exception):
    """The text that a mistake changes is not in the source exactly once."""


def seed(bug, copy):
    """Make the mistake in a copy of the package."""
    path = copy / f"{bug.module.replace('.', '/')}.py"
    text = path.read_text(encoding="utf-8")
    if text.count(bug.old) != 1:
        raise NoLongerThereError(f"{path.name} has {text.count(bug.old)} times: {bug.old}")
    path.write_text(text.replace(bug.old, bug.new), encoding="utf-8")


def copy_packages(folder):
    """Return a copy of the packages, in the folder."""
    copy = Path(folder)
    for pattern in PARTS:
        for path in SOURCE.glob(pattern):
            target = copy / path.relative_to(SOURCE)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return copy


def file_of_tests(module):
    """Return the file of tests of a module: tests/nnmaths/test_costs.py for nnmaths.costs."""
    package, *_, name = module.split(".")
    return TESTS / package / f"test_{name}.py"


class FirstFailure:
    """A pytest plugin: it tries few examples, shrinks none, and keeps the first test that fails."""

    failed = None

    def pytest_configure(self, config):
        """Choose the quick examples, after conftest has chosen the thorough ones."""
        from hypothesis import HealthCheck, Phase, settings

        settings.register_profile(
            "seeded",
            derandomize=True,
            deadline=None,
            max_examples=25,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        settings.load_profile("seeded")

    def pytest_runtest_logreport(self, report):
        """Keep the name of a test that ran and failed; an error while collecting does not count."""
        if report.failed and report.when == "call" and self.failed is None:
            self.failed = report.nodeid


def first_failure(copy, modules):
    """Return (first failing test or None, pytest's exit code) of these modules' tests on a copy."""
    import pytest

    sys.path.insert(0, str(copy))
    where = Path(import_module("nnmaths").__file__)
    if where.parent.parent != copy.resolve():
        raise RuntimeError(f"the tests would run on {where}")
    plugin = FirstFailure()
    files = [str(file_of_tests(module)) for module in modules]
    quiet = ["-q", "--no-header", "--tb=no", "--assert=plain", "-p", "no:cacheprovider"]
    code = pytest.main(["-x", *quiet, *files], [plugin])
    return plugin.failed, int(code)


def in_a_fork(task):
    """Return what the task returns, done in a fork of this process, its output kept silent."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
            answer = ["not tried", -1]
            with contextlib.suppress(BaseException):
                answer = task()
        os.write(writer, json.dumps(answer).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return json.loads(text)


def trial(bug, modules):
    """Return (first failing test, exit code) of the modules' tests, with the bug or without one."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_packages(Path(folder).resolve())
        if bug is not None:
            try:
                seed(bug, copy)
            except NoLongerThereError as error:
                return str(error), -1
        return in_a_fork(lambda: first_failure(copy, modules))


def prepare():
    """Import what every fork needs, but not the package itself."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # A process is forked safely as long as it has one thread.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    # The copies are tried in turn: a remembered bytecode of one must not serve another.
    sys.dont_write_bytecode = True
    for library in ("numpy", "sympy", "pytest", "hypothesis.extra.numpy", "playwright.sync_api"):
        import_module(library)
    # What stays for good need not be searched for litter in every fork.
    gc.freeze()


def caught_by(test, code):
    """Return the words for what came of a trial."""
    if test is None:
        return ALL_PASSED if code == 0 else f"no test ran to its end (pytest says {code})"
    return test.removeprefix("tests/").partition("[")[0]


def main():
    """Print a line for the copy without a mistake, and one for each mistake."""
    prepare()
    modules = list(dict.fromkeys(bug.module for bug in BUGS))
    print(f"{NO_MISTAKE} → {caught_by(*trial(None, modules))}", flush=True)
    for bug in BUGS:
        print(f"{bug.name} → {caught_by(*trial(bug, [bug.module]))}", flush=True)


if __name__ == "__main__":
    main()
