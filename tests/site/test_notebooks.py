"""Every stored chapter holds words and numbers, was executed, and keeps a chapter's shape."""

import ast
import copy
import os
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
import notebooks
import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
HIDDEN = {"hide-input", "hide-cell", "remove-input", "remove-cell"}
LONGEST_CELL = 15
MEDIAN_CELL = 4

chapters = pytest.mark.parametrize(
    "chapter", [nbformat.read(p, as_version=4) for p in CHAPTERS], ids=[p.stem for p in CHAPTERS]
)


def code_cells(chapter):
    return [cell for cell in chapter.cells if cell.cell_type == "code"]


def tags(cell):
    return set(cell.metadata.get("tags", ()))


def lines(cell):
    return len([line for line in cell.source.splitlines() if line.strip()])


def holds(cell, *kinds):
    """Whether a cell holds a statement of these kinds; magics are no Python."""
    source = "\n".join(s for s in cell.source.splitlines() if not s.startswith(("%", "!")))
    return any(isinstance(node, kinds) for node in ast.walk(ast.parse(source)))


def test_there_are_chapters():
    assert CHAPTERS


@chapters
def test_every_code_cell_was_executed_in_order_without_error(chapter):
    cells = code_cells(chapter)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    for cell in cells:
        failed = [out.evalue for out in cell.outputs if out.output_type == "error"]
        assert not failed or "raises-exception" in tags(cell)


@chapters
def test_outputs_are_text_alone_and_nothing_warns(chapter):
    for out in (out for cell in code_cells(chapter) for out in cell.outputs):
        assert out.output_type == "error" or set(out.get("data", ())) <= {"text/plain"}
        assert out.get("name") != "stderr", out.text


@chapters
def test_no_output_holds_an_address_or_a_folder_of_a_machine(chapter):
    for cell in code_cells(chapter):
        text = str(cell.outputs)
        assert " at 0x" not in text, cell.source
        assert str(Path.home()) not in text, cell.source
        assert sys.prefix not in text, cell.source


@chapters
def test_stored_chapters_are_as_the_tool_writes_them(chapter):
    again = notebooks.normalise(copy.deepcopy(chapter))
    assert chapter == again, "run: make store"
    nbformat.validate(chapter)


@chapters
def test_everything_is_imported_in_one_cell(chapter):
    importing = [cell for cell in code_cells(chapter) if holds(cell, ast.Import, ast.ImportFrom)]
    assert len(importing) == 1, [cell.source for cell in importing[1:]]


@chapters
def test_visible_cells_are_short(chapter):
    shown = [lines(cell) for cell in code_cells(chapter) if not tags(cell) & HIDDEN]
    assert max(shown) <= LONGEST_CELL
    assert statistics.median(shown) <= MEDIAN_CELL


# --- the tool that stores them ----------------------------------------------------------------

CELL = """
class Both:
    def __repr__(self):
        return "words"
    def _repr_html_(self):
        return "<svg>"
print("said"); Both()
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return a small notebook, stored by the tool from metadata that it should not keep."""
    cells = [
        nbformat.v4.new_markdown_cell("# Words", id="one"),
        nbformat.v4.new_code_cell(CELL, id="two", metadata={"tags": ["kept"], "scrolled": True}),
        nbformat.v4.new_code_cell("1 / 0", id="three", metadata={"tags": ["raises-exception"]}),
        nbformat.v4.new_code_cell("2", id="four"),
        nbformat.v4.new_code_cell("2", id="five"),
    ]
    path = tmp_path_factory.mktemp("stored") / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"vscode": {}}), path)
    notebooks.store(path)
    return path


@pytest.fixture
def stored(path):
    return nbformat.read(path, as_version=4)


def compared(path):
    """Return whether nbval, as `make test` calls it, finds in a notebook what is stored."""
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "conftest", path]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, "-c", ROOT / "pyproject.toml"], env=env, capture_output=True, check=False
    ).returncode


def test_storing_keeps_text_and_drops_pictures(stored):
    stream, result = stored.cells[1].outputs
    assert stream.text == "said\n"
    assert result.data == {"text/plain": "words"}


def test_storing_keeps_a_wanted_error_without_its_traceback(stored):
    (error,) = stored.cells[2].outputs
    assert (error.ename, error.traceback) == ("ZeroDivisionError", [])


def test_storing_normalises_metadata_and_names_cells_by_what_they_say(stored):
    assert stored.metadata == notebooks.METADATA
    assert stored.cells[1].metadata == {"tags": ["kept"]}
    names = [cell.id for cell in stored.cells]
    assert names[4] == f"{names[3]}-2"
    assert len(set(names)) == 5


def test_what_is_stored_is_compared_with_what_is_computed(path, stored, tmp_path):
    assert compared(path) == pytest.ExitCode.OK
    stored.cells[1].outputs[0].text = "something else\n"
    changed = tmp_path / "changed.ipynb"
    nbformat.write(stored, changed)
    assert compared(changed) == pytest.ExitCode.TESTS_FAILED


def test_an_error_that_nobody_wanted_stops_the_tool(tmp_path):
    path = tmp_path / "wrong.ipynb"
    cell = nbformat.v4.new_code_cell("1 / 0")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    before = path.read_text()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        notebooks.store(path)
    assert path.read_text() == before
