"""Reads the master notebook of an assignment, in otter-grader's authoring format.

Raw cells mark the parts: ASSIGNMENT CONFIG, BEGIN/END QUESTION, SOLUTION, TESTS. A test cell has
one function. Its annotated parameters are answers and their kinds (`slope: "formula"`); its other
parameters are given: the judge takes them from the reference run, never from the student.
"""

import ast
import re
from pathlib import Path

import yaml

from nncourse import files, kinds
from nncourse.assignment import Assignment, Check, Question
from nncourse.cells import text_of

MARK = re.compile(r"#\s*(BEGIN|END|ASSIGNMENT)\s+(QUESTION|SOLUTION|TESTS|CONFIG|PROMPT)", re.I)
CONFIG = re.compile(r'^"""\s*#\s*BEGIN TEST CONFIG\n(.*?)\n"""\s*#\s*END TEST CONFIG\n', re.S)
# A solution line that binds several names: otter would leave `= ...`, which fails to unpack.
SEVERAL_NAMES = re.compile(r"^[^=#\n(]*,[^=\n(]*=[^=].*#\s*SOLUTION", re.M)


class BadMaster(ValueError):  # noqa: N818 (it says what is wrong)
    """Raised where a master notebook is not in the format; the message names the place."""


def read(path: str | Path) -> Assignment:
    """Return the Assignment of a master notebook; raise BadMaster with the place of an error."""
    path = Path(path)
    reader = _Reader(path)
    for number, cell in enumerate(files.read_notebook(path)["cells"], 1):
        try:
            reader.take(cell)
        except (BadMaster, SyntaxError, yaml.YAMLError) as why:
            raise BadMaster(f"{path.name}, cell {number}: {why}") from None
    return reader.finish()


class _Reader:
    """Reads the cells of a master in order, and knows which parts are open."""

    def __init__(self, path: Path):
        self.path, self.config = path, {}
        self.questions: list[Question] = []
        self.code: list[str] = []
        self.markdown: list[str] = []
        self.open_parts: list[str] = []  # from the outside in, as QUESTION, SOLUTION

    def take(self, cell: dict) -> None:
        """Take the next cell."""
        text = text_of(cell)
        if cell["cell_type"] == "raw":
            self.take_mark(text)
        elif cell["cell_type"] == "markdown":
            self.take_prose(text)
        elif self.part == "TESTS":
            self.questions[-1].checks.append(check_of(text))
        else:
            self.code.append(text)
            if self.part == "SOLUTION":
                self.questions[-1].solution.append(text)

    @property
    def part(self) -> str:
        """Return the innermost open part, or an empty string."""
        return self.open_parts[-1] if self.open_parts else ""

    def take_mark(self, text: str) -> None:
        """Open or close a part at a raw cell."""
        found = MARK.match(text.strip())
        if not found:
            start = text.strip()[:40]
            raise BadMaster(f"expected a mark such as # BEGIN QUESTION, found {start!r}")
        verb, part = (word.upper() for word in found.groups())
        if verb == "ASSIGNMENT":
            self.config = yaml.safe_load(text.partition("\n")[2]) or {}
        elif verb == "BEGIN":
            self.open_parts.append(part)
            if part == "QUESTION":
                self.questions.append(_question(text))
        elif self.part == part:
            self.open_parts.pop()
        else:
            raise BadMaster(f"END {part} without its BEGIN")

    def take_prose(self, text: str) -> None:
        """Take a Markdown cell: the title, or the text of a question."""
        self.markdown.append(text)
        if self.part == "QUESTION":
            self.questions[-1].prompt.append(text)

    def finish(self) -> Assignment:
        """Return the Assignment; raise BadMaster for an open part or an inconsistent question."""
        if self.open_parts:
            raise BadMaster(f"{self.path.name}: # END {self.open_parts[-1]} is missing")
        for question in self.questions:
            _require_consistent(question, self.path.name)
        title = next((t for t in self.markdown if t.startswith("# ")), "# " + self.path.stem)
        name = self.config.get("name", self.path.stem)
        return Assignment(name, self.path, title.splitlines()[0][2:], self.questions, self.code)


def _question(text: str) -> Question:
    """Return the Question that a raw cell begins."""
    config = yaml.safe_load(text.partition("\n")[2]) or {}
    if "name" not in config or "points" not in config:
        raise BadMaster("a question needs a name and points")
    return Question(str(config["name"]), float(config["points"]), bool(config.get("manual")))


def _require_consistent(question: Question, where: str) -> None:
    """Raise BadMaster unless a question's points, solution and kinds of answers agree."""
    if not question.manual and abs(sum(c.points for c in question.checks) - question.points) > 1e-9:
        raise BadMaster(f"{where}: the points of the checks of {question.name} do not add up")
    if not question.solution:
        raise BadMaster(f"{where}: {question.name} has no solution")
    if any(SEVERAL_NAMES.search(source) for source in question.solution):
        raise BadMaster(
            f"{where}: {question.name} binds several names in one # SOLUTION line, which "
            "would be `= ...` for the student and fail: bind one name on each line"
        )
    unknown = set(question.answers.values()) - set(kinds.A_KIND)
    if unknown or not question.answers:
        raise BadMaster(f"{where}: the answers of {question.name} have unknown kinds: {unknown}")


def check_of(text: str) -> Check:
    """Return the Check of a test cell; raise BadMaster where its configuration is missing."""
    found = CONFIG.match(text)
    if not found:
        raise BadMaster(
            'a test cell must begin with """ # BEGIN TEST CONFIG … """ # END TEST CONFIG'
        )
    config = yaml.safe_load(found[1]) or {}
    source = text[found.end() :].strip()
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1:
        raise BadMaster(f"a test cell must define one function, found {len(functions)}")
    args = functions[0].args.args
    return Check(
        source=source,
        points=float(config.get("points", 0)),
        hidden=bool(config.get("hidden", False)),
        hint=str(config.get("failure_message", "")),
        title=ast.get_docstring(functions[0]) or functions[0].name,
        kinds={arg.arg: arg.annotation.value for arg in args if arg.annotation is not None},
    )
