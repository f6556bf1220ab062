"""The master notebook of an assignment, in otter-grader's authoring format, read for our own use.

Raw cells mark the parts: ASSIGNMENT CONFIG, BEGIN/END QUESTION, SOLUTION, TESTS. A test cell holds
one function. Its annotated parameters are answers and their kinds (`slope: "formula"`); its other
parameters are given: the judge takes them from the master's own run, never from the student.
"""

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from nncourse import serialise
from nncourse.student import bound

MARK = re.compile(r"#\s*(BEGIN|END|ASSIGNMENT)\s+(QUESTION|SOLUTION|TESTS|CONFIG|PROMPT)", re.I)
CONFIG = re.compile(r'^"""\s*#\s*BEGIN TEST CONFIG\n(.*?)\n"""\s*#\s*END TEST CONFIG\n', re.S)
STUDENT = re.compile(r"^student\s*=\s*[\"']([^\"']*)[\"']", re.M)
COURSE = re.compile(r'course="[^"]*"')


class BadMaster(ValueError):  # noqa: N818 (it says what is wrong)
    """Raised where a master notebook is not in the format; the message names the place."""


@dataclass(frozen=True)
class Check:
    """One test cell: its source without the configuration, its points, whether it is hidden."""

    source: str
    points: float
    hidden: bool
    hint: str
    title: str
    kinds: dict


@dataclass
class Question:
    """One question: what is asked, what it is worth, its solution, its checks."""

    name: str
    points: float = 0.0
    manual: bool = False
    prompt: list = field(default_factory=list)
    solution: list = field(default_factory=list)
    checks: list = field(default_factory=list)

    @property
    def answers(self):
        """Return the answers asked for with their kinds; for a manual question its one text."""
        if not self.manual:
            return {name: kind for check in self.checks for name, kind in check.kinds.items()}
        names = [name for source in self.solution for name in _first_bound(source)]
        return {names[0]: "text"}


@dataclass
class Master:
    """A whole assignment: its name, title, questions, and the code of a reference run in order."""

    name: str
    path: Path
    title: str
    questions: list
    code: list  # the sources of all code cells but the checks, solutions included
    course: str | None = (
        None  # the word from which own numbers derive, where it is not the master's
    )

    def question(self, name):
        """Return a question by its name."""
        return next(q for q in self.questions if q.name == name)

    @property
    def given(self):
        """Return the sources of the code cells that a student gets as they are."""
        solved = {source for question in self.questions for source in question.solution}
        return [source for source in self.code if source not in solved]

    @property
    def word(self):
        """Return the word of the course from which own numbers derive."""
        written = re.search(r'course="([^"]*)"', "\n".join(self.given))
        return self.course if self.course is not None else written[1] if written else ""

    def digest(self, question):
        """Return a digest of what decides the marks of a question."""
        parts = [question.name, repr(question.points), str(self.course), *self.given]
        parts += [f"{c.source}|{c.points}|{c.hidden}|{c.hint}" for c in question.checks]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def reference(self, student):
        """Return the names that the master's own run leaves behind for a student's id."""
        space = {"__name__": "__main__"}
        for source in self.code:
            source = STUDENT.sub(lambda _: f"student = {student!r}", source)
            if self.course is not None:
                source = COURSE.sub(lambda _: f"course={self.course!r}", source)
            exec(compile(source, f"<{self.name}>", "exec"), space)
        return space


def text_of(cell):
    """Return the source of a cell as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def read(path):
    """Return the Master of a notebook file; raise BadMaster with the place of what is wrong."""
    path = Path(path)
    notebook = json.loads(path.read_text(encoding="utf-8"))
    reader = _Reader(path)
    for number, cell in enumerate(notebook["cells"], 1):
        try:
            reader.take(cell)
        except (BadMaster, SyntaxError, yaml.YAMLError) as why:
            raise BadMaster(f"{path.name}, cell {number}: {why}") from None
    return reader.finished()


class _Reader:
    """Reads the cells of a master in order, and knows in which part it is."""

    def __init__(self, path):
        self.path, self.config = path, {}
        self.questions, self.code, self.markdown = [], [], []
        self.inside = []  # the open parts, as QUESTION, SOLUTION

    def take(self, cell):
        """Take the next cell."""
        text = text_of(cell)
        if cell["cell_type"] == "raw":
            self.mark(text)
        elif cell["cell_type"] == "markdown":
            self.prose(text)
        elif self.part == "TESTS":
            self.questions[-1].checks.append(check_of(text))
        else:
            self.code.append(text)
            if self.part == "SOLUTION":
                self.questions[-1].solution.append(text)

    @property
    def part(self):
        """Return the innermost open part, or nothing."""
        return self.inside[-1] if self.inside else ""

    def mark(self, text):
        """Open or close a part at a raw cell."""
        found = MARK.match(text.strip())
        if not found:
            raise BadMaster(f"a raw cell that is no mark: {text.strip()[:40]!r}")
        verb, part = (word.upper() for word in found.groups())
        if verb == "ASSIGNMENT":
            self.config = yaml.safe_load(text.partition("\n")[2]) or {}
        elif verb == "BEGIN":
            self.inside.append(part)
            if part == "QUESTION":
                self.questions.append(_question(text))
        elif self.part == part:
            self.inside.pop()
        else:
            raise BadMaster(f"END {part} without its BEGIN")

    def prose(self, text):
        """Take a Markdown cell: the title, or what a question asks."""
        self.markdown.append(text)
        if self.part == "QUESTION":
            self.questions[-1].prompt.append(text)

    def finished(self):
        """Return the Master; raise BadMaster if a part is open or a question's points differ."""
        if self.inside:
            raise BadMaster(f"{self.path.name}: {self.inside[-1]} is not ended")
        for question in self.questions:
            _weigh(question, self.path.name)
        title = next((t for t in self.markdown if t.startswith("# ")), "# " + self.path.stem)
        name = self.config.get("name", self.path.stem)
        return Master(name, self.path, title.splitlines()[0][2:], self.questions, self.code)


def _question(text):
    """Return the Question that a raw cell begins."""
    config = yaml.safe_load(text.partition("\n")[2]) or {}
    if "name" not in config or "points" not in config:
        raise BadMaster("a question needs a name and points")
    return Question(str(config["name"]), float(config["points"]), bool(config.get("manual")))


def _weigh(question, where):
    """Raise BadMaster unless the checks' points sum to the question's, and answers are named."""
    if not question.manual and abs(sum(c.points for c in question.checks) - question.points) > 1e-9:
        raise BadMaster(f"{where}: the checks of {question.name} do not sum to its points")
    for source in question.solution:
        if re.search(r"^[^=#\n(]*,[^=\n(]*=[^=].*#\s*SOLUTION", source, re.M):
            raise BadMaster(
                f"{where}: {question.name} binds several names in one # SOLUTION line, which "
                "would be `= ...` for the student and fail: bind one name a line"
            )
    if not question.solution:
        raise BadMaster(f"{where}: {question.name} has no solution")
    bad = set(question.answers.values()) - set(serialise.A_KIND)
    if bad or not question.answers:
        raise BadMaster(f"{where}: the answers of {question.name} are of no known kind: {bad}")


def _first_bound(source):
    """Return the names that a source binds, in order."""
    names = [node.targets[0].id for node in ast.parse(source).body if isinstance(node, ast.Assign)]
    return [name for name in names if name in bound(source)]


def check_of(text):
    """Return the Check of a test cell; raise BadMaster where its configuration is missing."""
    found = CONFIG.match(text)
    if not found:
        raise BadMaster('a test cell begins with """ # BEGIN TEST CONFIG … """ # END TEST CONFIG')
    config = yaml.safe_load(found[1]) or {}
    source = text[found.end() :].strip()
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        raise BadMaster("a test cell holds one function")
    args = functions[0].args.args
    kinds = {arg.arg: arg.annotation.value for arg in args if arg.annotation is not None}
    return Check(
        source=source,
        points=float(config.get("points", 0)),
        hidden=bool(config.get("hidden", False)),
        hint=str(config.get("failure_message", "")),
        title=ast.get_docstring(functions[0]) or functions[0].name,
        kinds=kinds,
    )
