"""Broken and hostile submissions to the template assignment, each with the expected result.

A case changes the honest notebook (its code cells, by name) or writes a file of its own. It says
how many points each question keeps, and a fragment that the teacher's report must contain.
The honest notebook has q1 2, q2 2, q3 3 points, and q4, which a person marks.
"""

import os
import zipfile
from dataclasses import dataclass, field

from classroom import notebook

FULL = {"q1": 2.0, "q2": 2.0, "q3": 3.0}
ALL_WRONG = {"q1": 0.0, "q2": 0.0, "q3": 0.0}


@dataclass(frozen=True)
class Case:
    """One kind of submission: how its cells are changed, the points it keeps, what is reported."""

    change: object
    keeps: dict = field(default_factory=dict)
    reported: str = ""
    status: str = "graded"
    file: bool = False  # the change writes the file itself

    @property
    def points(self):
        """Return the points that each question must have."""
        return {**(FULL if self.status == "graded" else ALL_WRONG), **self.keeps}


def extra(source, before="q1"):
    """Return a change that puts a cell before another one."""

    def change(cells):
        changed = {}
        for name, text in cells.items():
            if name == before:
                changed["extra"] = source
            changed[name] = text
        return changed

    return change


def last(source):
    """Return a change that puts a cell after all others."""
    return lambda cells: {**cells, "extra": source}


def instead(**new):
    """Return a change that replaces cells."""
    return lambda cells: {**cells, **new}


def without(*names):
    """Return a change that deletes cells."""
    return lambda cells: {name: text for name, text in cells.items() if name not in names}


def text_file(text):
    """Return a change that writes a text in place of a notebook."""
    return lambda folder, cells: (folder / "template.ipynb").write_text(text, encoding="utf-8")


def truncated(folder, cells):
    """Write half a notebook."""
    whole = notebook(cells, "template")
    (folder / "template.ipynb").write_text(whole[: len(whole) // 2], encoding="utf-8")


def enormous(folder, cells):
    """Write a notebook of 200 MB (with a hole in it, to be quick)."""
    with (folder / "template.ipynb").open("wb") as stream:
        stream.write(notebook(cells, "template").encode())
        stream.truncate(200_000_000)


def zipped(*entries):
    """Return a change that writes a zip with these entries (name, bytes or None: the notebook)."""

    def write(folder, cells):
        with zipfile.ZipFile(folder / "work.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in entries:
                archive.writestr(name, notebook(cells, "template") if data is None else data)

    return write


def symbolic_link(folder, cells):
    """Hand in a link to another file of the machine."""
    os.symlink("/etc/passwd", folder / "template.ipynb")


def odd_name(folder, cells):
    """Hand in an honest notebook under a name that is hard to read."""
    (folder / "temp\u0301late \u202e🙂\n-final(2).ipynb").write_text(
        notebook(cells, "template"), "utf-8"
    )


def lost_ids(folder, cells):
    """Hand in an honest notebook whose cells have no ids."""
    (folder / "template.ipynb").write_text(notebook(cells, "template", ids=False), encoding="utf-8")


WRONG = "z = b.T * 0\ndC_dw = w + 17\ndef cost(w, X, Y): return 17.0\n"
# What a cell finds of the grader's files, put where the teacher can read it.
LOOK = """
import os, sys
found = []
places = ("{root}", "/home", "/root", "/tmp", "/sandbox", "/srv", os.getcwd(), "/proc/1/root/home")
for place in places:
    for path, folders, files in os.walk(place):
        folders[:] = [f for f in folders if not f.startswith(("nn", "matplotlib"))]
        if path.startswith((sys.prefix, sys.base_prefix)):
            folders[:] = files[:] = []
        found += [f for f in files if f.endswith((".ipynb", ".json", ".csv"))]
why = "found: " + repr(sorted(set(found))[:20])
"""
# Where other submissions and the masters could be, from inside and by way of other processes.
OVERWRITE = """
import glob
places = ("{root}/assignments", "/home", "/root", "/tmp", "/sandbox", "/srv", "/proc/*/root/tmp")
for place in places:
    for path in glob.glob(place + "/**/*.ipynb", recursive=True):
        open(path, "w").close()
"""
CALL = """
import socket, urllib.request
why = "reached: "
for host, port in (("127.0.0.1", {port}), ("10.0.0.1", 80), ("1.1.1.1", 53)):
    try:
        socket.create_connection((host, port), timeout=0.3).close()
        why += host
    except OSError:
        pass
"""
EQUAL = """
class Anything:
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
    __rsub__ = __mul__ = __add__ = __sub__
    def __bool__(self): return True
    def __float__(self): return 0.0
    def __array__(self, *args, **kw): return np.zeros((2, 1))
    def __call__(self, *args): return self
z = dC_dw = cost = Anything()
"""
IMITATION = """
import json, os
for fd in range(3, 32):
    for reply in ({"done": True}, {"id": "1", "data": 1}, {"q1": 2, "points": 9}, "9 of 9 points"):
        try:
            os.write(fd, (json.dumps(reply) + "\\n").encode())
        except OSError:
            pass
"""
FLOOD = """
import os
while True:
    for fd in range(3, 32):
        try:
            os.write(fd, b"\\n" * 65536)
        except OSError:
            pass
"""
STACK = """
import sys
def cost(w, X, Y):
    frame, found = sys._getframe(), []
    while frame:
        found += [v for k, v in frame.f_locals.items() if k in ("expected", "mean", "truth")]
        frame = frame.f_back
    return found[0] if found else 17.0
"""
PICKLE = """
import os
class Bomb:
    def __reduce__(self): return (os.system, ("touch /tmp/bomb-went-off",))
z = np.array([Bomb(), Bomb()], dtype=object).reshape(2, 1)
dC_dw = Bomb()
"""
THREAD = """
import threading, time
def forever():
    while True:
        time.sleep(0.01)
        globals().update(A=None, b=None)
threading.Thread(target=forever, daemon=False).start()
"""
STUBBORN = """
import signal
signal.signal(signal.SIGPROF, signal.SIG_IGN)
while True:
    pass
"""

# The two that last longest come first, so that the others run beside them.
CASES = {
    "endless loop without the clock": Case(extra(STUBBORN), {}, "ran for"),
    "floods the channel": Case(extra(FLOOD), {}, "ran for"),
    "honest": Case(lambda cells: cells),
    "syntax error": Case(instead(q2="dC_dw = = x"), {"q2": 0.0}, "SyntaxError"),
    "exception in the first cell": Case(extra("1 / 0", "given-0"), {}, "ZeroDivisionError"),
    "endless loop": Case(extra("while True: pass"), {}, "ran for"),
    "endless output": Case(extra("while True: print('a' * 9999)"), {}, "ran for"),
    "memory bomb": Case(extra("m = []\nwhile True: m.append(b'a' * 10**8)"), {}, "emory"),
    "fork bomb": Case(extra("import os\nwhile True: os.fork()"), {}, "left out"),
    "disk filler": Case(
        extra("for i in range(999): open(f'/tmp/{i}', 'wb').write(b'a' * 10**7)"), {}, "OSError"
    ),
    "os._exit": Case(extra("import os\nos._exit(0)"), {}, "ended its process"),
    "sys.exit": Case(extra("import sys\nsys.exit(0)"), {}, "SystemExit"),
    "killing the parent": Case(
        extra("import os\nfor p in (1, os.getppid(), os.getpid()): os.kill(p, 9)"), {}, "left out"
    ),
    "kernel restart": Case(
        extra("get_ipython().kernel.do_shutdown(restart=True)"), {}, "NameError"
    ),
    "deleted cells": Case(without("q1"), {"q1": 0.0}),
    "deleted setup": Case(without("given-0"), ALL_WRONG, "NameError"),
    "reordered cells": Case(lambda cells: dict(reversed(cells.items()))),
    "renamed variables": Case(instead(q1="zz = A @ b"), {"q1": 0.0}),
    "cell ids lost": Case(lost_ids, file=True),
    "not a notebook": Case(text_file("Dear teacher, my dog"), {}, "not a", "unreadable", True),
    "another JSON": Case(text_file('{"cells": [3, null]}'), {}, "not a", "unreadable", True),
    "empty file": Case(text_file(""), {}, "empty", "unreadable", True),
    "truncated JSON": Case(truncated, {}, "not a", "unreadable", True),
    "notebook of 200 MB": Case(enormous, {}, "MB", "unreadable", True),
    "zip that climbs": Case(
        zipped(("../../../climbed.ipynb", None), ("/climbed.ipynb", None)),
        {}, "", "unreadable", True,
    ),
    "zip bomb": Case(zipped(("template.ipynb", b"0" * 300_000_000)), {}, "", "unreadable", True),
    "honest zip": Case(zipped(("work/template.ipynb", None)), file=True),
    "symbolic link": Case(symbolic_link, {}, "", "unreadable", True),
    "odd unicode name": Case(odd_name, file=True),
    "patched sympy": Case(
        last(WRONG + "sp.simplify = sp.expand = sp.diff = lambda *a, **k: sp.Integer(0)"), ALL_WRONG
    ),
    "patched numpy": Case(
        last(WRONG + "np.allclose = np.isclose = np.all = np.array_equal = lambda *a, **k: True"),
        ALL_WRONG,
    ),
    "patched builtins": Case(
        last(WRONG + "import builtins\nbuiltins.abs = lambda x: 0\nbuiltins.all = lambda x: True"),
        ALL_WRONG,
    ),
    "patched checks": Case(
        last(
            WRONG + "from nncourse import checks, kinds, serialise\n"
            "checks.assert_close = checks.require = checks.same_formula = lambda *a, **k: None\n"
            "kinds.kind_fault = lambda *a: ''"
        ),
        ALL_WRONG,
    ),
    "equals everything": Case(last(EQUAL), ALL_WRONG),
    "reads the disk": Case(last(LOOK)),
    "uses the network": Case(last(CALL)),
    "writes to others": Case(
        last(OVERWRITE)
    ),
    "imitates the grader": Case(last(WRONG + IMITATION), ALL_WRONG),
    "reads the stack": Case(last(STACK), {"q3": 0.0}),
    "background thread": Case(last(THREAD)),
    "pickle": Case(last(PICKLE), {"q1": 0.0, "q2": 0.0}),
    "not a number": Case(
        last("z = b * np.nan\ndC_dw = sp.nan\ndef cost(w, X, Y): return np.nan"), ALL_WRONG
    ),
    "power tower": Case(last("dC_dw = sp.Pow(10, sp.Pow(10, 9), evaluate=False)"), {"q2": 0.0}),
    "expression of 20,000 terms": Case(
        last("dC_dw = sp.Add(*[sp.Symbol(f's{i}') for i in range(20_000)])"), {"q2": 0.0}
    ),
    "code as text in a formula": Case(
        last("class T(sp.Symbol):\n    def _sympystr(s, p): return '1'\n    "
             "def _sympyrepr(s, p): return '__import__(\"os\").system(\"id\")'\ndC_dw = T('w')"),
        {"q2": 0.0},
    ),
    "function that exits": Case(
        last("def cost(w, X, Y):\n    import os\n    os._exit(0)"), {"q3": 0.0}, "q3"
    ),
    "function without end": Case(last("def cost(w, X, Y):\n    while True: pass"), {"q3": 0.0}),
    "answer without end": Case(last("z = np.zeros((3000, 3000))"), {"q1": 0.0}),
}  # fmt: skip
