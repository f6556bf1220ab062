"""The package keeps its arrows, its sizes and its manners: read from the syntax tree.

Imports point down only. The table says for each part of the package what it may import from the
package, and what from outside beside Python's own library. A part that is not in the table has not
been thought about, and fails. Every rule is a function from source to complaints, and is shown to
complain about a few bad lines.
"""

import ast
import statistics
import sys
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("nnmaths")))

GROUND = {"arrays", "activations", "costs", "datasets"}
NUMERIC = GROUND | {"network", "backprop", "descent", "approximation", "training"}
WITNESSES = {"differences", "symbolic", "tape"}

MAY_IMPORT = {
    # 0  ground: NumPy, and within the level what is named here
    "arrays": set(),
    "activations": {"arrays"},
    "costs": {"arrays", "activations"},
    "datasets": {"arrays"},
    # 1  objects
    "network": {"arrays", "activations"},
    # 2  algorithms, and the witnesses, which take types only and nothing that they judge
    "backprop": GROUND | {"network"},
    "descent": GROUND | {"network"},
    "approximation": GROUND | {"network"},
    "differences": {"network"},
    "symbolic": {"network", "activations"},
    "tape": set(),
    # 3  use
    "training": GROUND | {"network", "backprop", "descent"},
    "recordings": GROUND | {"network", "backprop", "descent", "tape"},
    "proofs": NUMERIC | WITNESSES,
    # 4  edge
    "figures": NUMERIC | {"differences", "tape", "recordings"},
    "explore": {"figures", "tape"},
    # 4  edge, of the assignments: a notebook's names, a notebook's file, what is said to a student
    "answers": set(),
    "laws": {"proofs"},
    "assignment": {"answers", "laws"},
    # the public names: all of mathematics, no pictures, no SymPy
    "__init__": NUMERIC | {"differences"},
}

FROM_OUTSIDE = {
    "symbolic": {"numpy", "sympy"},
    "proofs": {"numpy", "sympy"},
    "figures": {"numpy", "matplotlib"},
    "explore": {"numpy", "ipywidgets"},
    "answers": {"numpy", "sympy"},
    "laws": {"numpy", "sympy"},
}

# A browser's Python has neither threads nor processes; the command line of the proofs may use them.
NOT_IN_A_BROWSER = {"threading", "multiprocessing", "concurrent", "subprocess", "socket", "asyncio"}

# What a witness may take from the objects that it looks at.
TYPES = {"Network", "Parameters", "Trace", "Activation"}

LONGEST, MEDIAN = 25, 5


def sources():
    """Return the name and the syntax tree of every module, `proofs.core` for proofs/core.py."""
    trees = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        trees[name] = ast.parse(path.read_text(encoding="utf-8"))
    return trees


TREES = sources()
every_module = pytest.mark.parametrize("name", TREES)


def part(name):
    """Return the part of the package to which a module belongs: proofs for proofs.core."""
    return name.partition(".")[0]


def imports(name, tree):
    """Yield (dotted module, imported names) for every import, wherever it stands in the module."""
    folder = ["nnmaths", *name.split(".")][:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            names = {alias.name for alias in node.names}
            if module == "nnmaths":
                yield from ((f"nnmaths.{inner}", set()) for inner in names)
            else:
                yield module, names


def wrong_arrows(name, tree):
    """Complain about imports from the package that the table does not have."""
    home = part(name)
    if home not in MAY_IMPORT:
        return [f"{name} is not in the table"]
    inside = [m.split(".") for m, _ in imports(name, tree) if m.startswith("nnmaths")]
    parts = {m[1] if len(m) > 1 else "__init__" for m in inside}
    return [f"{name} imports {p}" for p in sorted(parts - MAY_IMPORT[home] - {home})]


def wrong_guests(name, tree):
    """Complain about imports from outside that do not belong into this part."""
    allowed = FROM_OUTSIDE.get(part(name), {"numpy"}) | set(sys.stdlib_module_names) | {"nnmaths"}
    if part(name) != "proofs":
        allowed -= NOT_IN_A_BROWSER
    roots = {module.split(".")[0] for module, _ in imports(name, tree)}
    return [f"{name} imports {root}" for root in sorted(roots - allowed)]


def shared_code(name, tree):
    """Complain about a witness that takes more than types from what it judges."""
    if part(name) not in WITNESSES:
        return []
    taken = [(m, names) for m, names in imports(name, tree) if m.startswith("nnmaths")]
    return [f"{name} takes {m} whole" for m, names in taken if not names] + [
        f"{name} takes {one} from {m}" for m, names in taken for one in sorted(names - TYPES)
    ]


def hidden_imports(name, tree):
    """Complain about imports that the other rules cannot see."""
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    ways = {"__import__", "importlib.import_module", "import_module", "exec", "eval"}
    # A proof is written in the ledger; a check travels as text in a student's notebook.
    return (
        []
        if name in ("proofs.core", "assignment")
        else [f"{name} calls {c}" for c in calls if c in ways]
    )


def functions(tree):
    """Return every function and method of a module, nested ones too."""
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def length(function):
    """Return the number of lines of the body, its docstring not counted."""
    body = function.body[ast.get_docstring(function) is not None :]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def too_long(name, tree):
    """Complain about functions longer than the longest that may be."""
    return [f"{name}.{f.name}: {length(f)} lines" for f in functions(tree) if length(f) > LONGEST]


def public(tree):
    """Yield what a reader may use: public functions and classes, and public methods of these."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


def undocumented(name, tree):
    """Complain about a module or a public name that does not say in its first line what it is."""
    nodes = [(name, tree), *((f"{name}.{node.name}", node) for node in public(tree))]
    return [where for where, node in nodes if not first_line(node)]


def first_line(node):
    """Return the first line of a docstring as it stands, without cleaning."""
    return (ast.get_docstring(node, clean=False) or "").split("\n")[0].strip()


def loud(name, tree):
    """Complain about printing: only the command line speaks, and a check to its reader."""
    if name in ("proofs.__main__", "assignment"):
        return []
    return [
        f"{name}:{node.lineno} prints"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "print"
    ]


def is_numeric(name):
    """Tell whether randomness is an argument here: a proof or a picture may fix a seed."""
    return part(name) in NUMERIC | WITNESSES


def global_chance(name, tree):
    """Complain about random numbers whose generator is hidden, or has no seed."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [
        f"{name}:{call.lineno} calls {ast.unparse(call)}"
        for call in calls
        if (text := ast.unparse(call.func)).startswith(("np.random.", "numpy.random.", "random."))
        and not (text.endswith((".default_rng", ".Random")) and call.args and not is_numeric(name))
    ] + [
        f"{name} imports from {module}"
        for module, names in imports(name, tree)
        if module in {"random", "numpy.random"} and names - {"Random", "Generator"}
    ]


RULES = [
    wrong_arrows,
    wrong_guests,
    shared_code,
    hidden_imports,
    too_long,
    undocumented,
    loud,
    global_chance,
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@every_module
def test_every_module_keeps_every_rule(name, rule):
    assert rule(name, TREES[name]) == []


def test_the_functions_of_the_package_are_short():
    lengths = [length(f) for tree in TREES.values() for f in functions(tree)]
    assert statistics.median(lengths) <= MEDIAN


def test_the_table_points_down_only():
    order = list(MAY_IMPORT)
    for home, targets in MAY_IMPORT.items():
        if home != "__init__":
            assert all(order.index(target) < order.index(home) for target in targets), home


def test_no_witness_may_import_what_it_judges():
    for witness in WITNESSES:
        assert not MAY_IMPORT[witness] & {"backprop", "descent", "training", "costs"}


LONG = "def f():\n" + "    x = 1\n" * (LONGEST + 1)


@pytest.mark.parametrize(
    ("rule", "name", "source", "complaint"),
    [
        (wrong_arrows, "network", "from nnmaths.backprop import gradient", "network imports"),
        (wrong_arrows, "differences", "import nnmaths.backprop", "differences imports backprop"),
        (wrong_arrows, "backprop", "from nnmaths import training", "backprop imports training"),
        (wrong_arrows, "backprop", "from nnmaths.training import train", "backprop imports train"),
        (wrong_arrows, "descent", "from .backprop import gradient", "descent imports backprop"),
        (
            wrong_arrows,
            "figures.svg",
            "from ..explore import frames",
            "figures.svg imports explore",
        ),
        (wrong_arrows, "costs", "def f():\n    from . import network", "costs imports network"),
        (wrong_arrows, "arrays", "import nnmaths", "arrays imports __init__"),
        (wrong_arrows, "newcomer", "x = 1", "newcomer is not in the table"),
        (
            wrong_guests,
            "backprop",
            "import matplotlib.pyplot as plt",
            "backprop imports matplotlib",
        ),
        (wrong_guests, "costs", "def f():\n    import sympy", "costs imports sympy"),
        (wrong_guests, "figures.style", "import ipywidgets", "figures.style imports ipywidgets"),
        (wrong_guests, "explore", "from matplotlib.figure import Figure", "explore imports matpl"),
        (wrong_guests, "symbolic", "import scipy", "symbolic imports scipy"),
        (wrong_guests, "training", "import threading", "training imports threading"),
        (shared_code, "differences", "from nnmaths.network import forward", "takes forward"),
        (shared_code, "symbolic", "import nnmaths.network", "takes nnmaths.network whole"),
        (hidden_imports, "costs", "m = __import__('sympy')", "costs calls __import__"),
        (hidden_imports, "costs", "importlib.import_module('sympy')", "costs calls importlib"),
        (too_long, "costs", LONG, f"costs.f: {LONGEST + 1} lines"),
        (undocumented, "costs", '"""A."""\ndef f():\n    return 1', "costs.f"),
        (undocumented, "costs", '"""A."""\nclass C:\n    """B."""\n    def m(s): 1', "costs.m"),
        (undocumented, "costs", '"""A."""\ndef f():\n    """\n    Late."""', "costs.f"),
        (undocumented, "costs", "x = 1", "costs"),
        (loud, "training", "print(1)", "training:1 prints"),
        (loud, "training", "show = partial(print, flush=True)", "training:1 prints"),
        (global_chance, "datasets", "np.random.seed(0)", "datasets:1 calls np.random.seed(0)"),
        (global_chance, "datasets", "x = np.random.rand(3)", "calls np.random.rand(3)"),
        (global_chance, "datasets", "g = np.random.default_rng(7)", "np.random.default_rng(7)"),
        (global_chance, "figures", "g = np.random.default_rng()", "calls np.random.default_rng()"),
        (global_chance, "datasets", "x = random.random()", "calls random.random()"),
        (global_chance, "datasets", "from random import shuffle", "imports from random"),
    ],
)
def test_a_bad_line_is_complained_about(rule, name, source, complaint):
    assert any(complaint in found for found in rule(name, ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (wrong_arrows, "training", "from nnmaths.backprop import gradient"),
        (wrong_arrows, "figures.scenes", "from .style import BLUE\nfrom . import svg"),
        (wrong_guests, "figures", "import json, numpy as np\nfrom matplotlib.figure import Figure"),
        (shared_code, "differences", "from nnmaths.network import Parameters"),
        (too_long, "costs", 'def f():\n    """A.\n\n    B."""\n' + "    x = 1\n" * LONGEST),
        (
            undocumented,
            "costs",
            '"""A."""\ndef _f(): 1\nclass C:\n    """B."""\n    def __len__(s): 1',
        ),
        (global_chance, "proofs.ch07", "rng = np.random.default_rng(7)\nx = rng.random(3)"),
        (global_chance, "datasets", "x = rng.random(3)"),
    ],
)
def test_a_good_line_is_not_complained_about(rule, name, source):
    assert rule(name, ast.parse(source)) == []
