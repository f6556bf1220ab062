"""The commands work, are cheap when nothing changed, and fail in one clear sentence."""

import ast
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import tomllib
import urllib.request
from itertools import chain
from pathlib import Path

import links
import pytest
import yaml
from packaging.requirements import Requirement

import book
import nnmaths

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("awk", "bash", "cat", "cksum", "dirname", "env", "grep", "make", "sh", "tail", "tee")
OLD = """#!/bin/sh
case "$1" in
  -V) echo Python 3.9.18 ;;
  -c) [ -z "$2" ] ;;
esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$2" in
  *ensurepip*) exit 1 ;;
esac
exec {python} "$@"
"""


@pytest.fixture
def clone(tmp_path):
    """Return a copy of the commands, without an environment."""
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    for name in ("Makefile", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def path(tmp_path):
    """Return a folder for PATH that holds what the commands need, but no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        (folder / name).symlink_to(shutil.which(name))
    return folder


def executable(path, text):
    path.write_text(text)
    path.chmod(0o755)


def make(folder, *words, **variables):
    """Run make in a folder as a person would, with these environment variables added."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "PYTHON"))}
    return subprocess.run(
        ["make", *words],
        cwd=folder,
        env={**inherited, **{k: str(v) for k, v in variables.items()}},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def error_of(done):
    """Return the one-sentence error of a command that failed."""
    assert done.returncode != 0
    sentences = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(sentences) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return sentences[0]


# --- what a person can type -------------------------------------------------------------------


def test_make_alone_lists_every_command_with_a_line():
    listed = dict(
        re.match(r"make (\w+) +(.+)", line).groups() for line in make(ROOT).stdout.splitlines()
    )
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(listed) == set(phony[1].split()) - {"setup"}
    assert all(len(line) > 15 for line in listed.values())


def test_pre_commit_checks_what_make_check_checks():
    recipe = re.search(r"^check:.*\n((?:\t.+\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    typed = [
        line.strip().removeprefix("@").replace("$(BIN)", ".venv/bin")
        for line in recipe[1].splitlines()
    ]
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert [hook["entry"] for hook in config["repos"][0]["hooks"]] == typed


@pytest.mark.parametrize("script", [".ci/run", "tools/setup.sh"])
def test_scripts_can_be_run_and_parsed(script):
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["bash", "-n", ROOT / script], check=False).returncode == 0


# --- no suitable Python -------------------------------------------------------------------------


def test_a_missing_python_is_named_with_its_remedy(clone, path):
    sentence = error_of(make(clone, "serve", PATH=path))
    assert "Python was not found" in sentence
    assert "apt install python3" in sentence


def test_a_python_that_was_asked_for_and_is_missing_is_named(clone):
    assert "tried nonesuch" in error_of(make(clone, "book", "PYTHON=nonesuch"))


def test_a_python_too_old_is_named_with_its_version(clone, path):
    executable(path / "python3", OLD)
    sentence = error_of(make(clone, "serve", PATH=path))
    assert "Python 3.9.18" in sentence
    assert "3.11 or newer" in sentence


def test_a_newer_python_beside_an_old_one_is_found(clone, path):
    executable(path / "python3", OLD)
    executable(path / "python3.12", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    found = subprocess.run(
        ["bash", "tools/setup.sh", "python"],
        cwd=clone,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == "python3.12"


def test_debian_without_venv_is_told_which_package_to_install(clone, path):
    executable(path / "python3", WITHOUT_VENV.format(python=sys.executable))
    assert "apt install python3-venv" in error_of(make(clone, "book", PATH=path))


def test_no_network_on_the_first_install_is_reported(clone):
    done = make(
        clone,
        "book",
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        PIP_CONFIG_FILE=os.devnull,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS="",
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="1",
    )
    assert "connect to the internet" in error_of(done)
    assert "Installing the" in done.stdout
    assert not (clone / ".venv/.lock").exists()  # the next run tries again


def test_no_browser_and_no_way_to_fetch_one_is_reported(tmp_path):
    code = (
        "import browser, pathlib\n"
        "browser.NAMES = browser.MAC_APPS = ()\n"
        f"browser.MEMORY = pathlib.Path({str(tmp_path / 'none')!r})\n"
        "browser.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT / "tools",
        env={
            **{k: v for k, v in os.environ.items() if k != "CHROMIUM"},
            "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path),
            "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "apt install chromium" in error_of(done)


# --- ports and serving ------------------------------------------------------------------------


def test_a_port_in_use_is_reported_before_anything_is_installed(clone):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        sentence = error_of(make(clone, "serve", f"PORT={port}", PYTHON=sys.executable))
    assert f"port {port} is in use" in sentence
    assert f"PORT={port + 1}" in sentence
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("port", ["http", "-1", "99999"])
def test_an_invalid_port_is_an_error(clone, port):
    sentence = error_of(make(clone, "serve", f"PORT={port}", PYTHON=sys.executable))
    assert "is not a valid port" in sentence


def test_the_book_is_served_at_the_address_that_is_printed(clone):
    pages = clone / "_build/html"
    pages.mkdir(parents=True)
    (pages / "index.html").write_text("a page")
    serving = subprocess.Popen(
        [sys.executable, "tools/book.py", "serve", "0"],
        cwd=clone,
        env={k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY")},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(serving.stdout.readline, "")
        address = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+/", s) for s in lines)))[0]
        with urllib.request.urlopen(address) as answer:
            assert answer.read() == b"a page"
            assert answer.headers["Cache-Control"] == "no-cache"
    finally:
        serving.send_signal(signal.SIGINT)
        rest = serving.communicate(timeout=10)[0]
    assert (serving.returncode, rest) == (0, "\nStopped.\n")


# --- building what changed, and nothing else --------------------------------------------------


@pytest.fixture
def workshop(tmp_path, monkeypatch):
    """Return a small book whose builds are written down instead of done."""
    monkeypatch.setattr(book, "ROOT", tmp_path)
    for name in ("BUILD", "HTML", "STAMP"):
        monkeypatch.setattr(book, name, tmp_path / getattr(book, name).relative_to(ROOT))
    for name in (
        "src/nnmaths/code.py",
        "book/page.md",
        "src/nnbook/site/marks.py",
        "book/assets/look.css",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    for name in (
        "src/nnmaths/code.py",
        "book/page.md",
        "src/nnbook/site/marks.py",
        "book/assets/look.css",
        "requirements.txt",
        "_config.yml",
        "_toc.yml",
        "package-lock.json",
    ):
        (tmp_path / name).write_text(name)
    script = (
        "import pathlib, sys\n"
        "pathlib.Path('built').open('a').write(' '.join(sys.argv[1:]) + ';')\n"
        "for made in ('_build/html/index.html', '_build/.jupyter_cache/output'):\n"
        "    pathlib.Path(made).parent.mkdir(parents=True, exist_ok=True)\n"
        "    pathlib.Path(made).write_text('made')\n"
    )
    monkeypatch.setattr(book, "COMMAND", (sys.executable, "-c", script, "build"))
    book.build()
    assert builds(tmp_path) == "build --all;"
    (tmp_path / "_build/html/old.html").write_text("made by the build before")
    (tmp_path / "_build/.jupyter_cache/old").write_text("made by the build before")
    return tmp_path


def builds(workshop):
    """Return what was built since last asked."""
    log = workshop / "built"
    text = log.read_text() if log.exists() else ""
    log.unlink(missing_ok=True)
    return text


def outputs_were_kept(workshop):
    return (workshop / "_build/.jupyter_cache/old").exists()


def test_nothing_is_built_when_nothing_changed(workshop):
    assert book.build() == 0
    assert builds(workshop) == ""


def test_a_changed_page_is_built_and_the_outputs_are_kept(workshop):
    (workshop / "book/page.md").write_text("new words")
    book.build()
    assert builds(workshop) == "build;"
    assert outputs_were_kept(workshop)


@pytest.mark.parametrize("name", ["src/nnbook/site/marks.py", "book/assets/look.css", "_toc.yml"])
def test_what_shapes_every_page_builds_all_of_them_and_leaves_no_old_one(workshop, name):
    (workshop / name).write_text("other")
    book.build()
    assert builds(workshop) == "build --all;"
    assert outputs_were_kept(workshop)
    assert not (workshop / "_build/html/old.html").exists()


@pytest.mark.parametrize("name", ["src/nnmaths/code.py", "requirements.txt"])
def test_changed_code_makes_every_output_anew(workshop, name):
    (workshop / name).write_text("other")
    book.build()
    assert builds(workshop) == "build --all;"
    assert not outputs_were_kept(workshop)


def test_a_failed_build_is_an_error_and_is_done_again_in_full(workshop, monkeypatch, capsys):
    (workshop / "book/page.md").write_text("a page with a warning")
    with monkeypatch.context() as patch:
        patch.setattr(book, "COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
        assert book.build() == 3
    assert "Error: the book was not built" in capsys.readouterr().err
    book.build()
    assert builds(workshop) == "build --all;"
    assert outputs_were_kept(workshop)


# --- what the documents show ------------------------------------------------------------------


def examples(name):
    """Return the pieces of Python in a document."""
    text = (ROOT / name).read_text()
    blocks = re.findall(r"^( *)```python\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(code) for _, code in blocks]


def printed(program):
    """Return what a program prints; every warning is an error."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_example_of_the_readme_prints_what_it_says():
    (program,) = examples("README.md")
    assert printed(program) == re.search(r"print\(.+\)  # (.+)", program)[1]


def test_the_formula_shown_to_contributors_is_proved():
    formula = next(code for code in examples("CONTRIBUTING.md") if "@register" in code)
    proof = "from nnbook.ledger.registry import prove\nprint(prove(tanh_slope).passed)"
    assert printed(f"{formula}\n{proof}") == "True"


@pytest.mark.parametrize(
    ("call", "page"), [("figures.picture(", "_repr_html_()"), ("explorers.frames(", "html()")]
)
def test_the_figure_and_the_explorer_shown_to_contributors_are_made(call, page):
    (program,) = (code for code in examples("CONTRIBUTING.md") if call in code)
    *before, last = ast.parse(program).body
    shown = f"print('<svg' in ({ast.unparse(last)}).{page})"
    assert printed(f"{ast.unparse(before)}\n{shown}") == "True"


def test_one_version_stands_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == nnmaths.__version__ == citation["version"]
    dated = f"## [{citation['version']}] - {citation['date-released']}"
    assert dated in (ROOT / "CHANGELOG.md").read_text()


# --- the lock ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lock():
    """Return the packages of the lock, each with its versions."""
    text = (ROOT / "requirements.txt").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    versions = {}
    for line in lines:
        requirement = Requirement(line.partition(" --hash=")[0])
        assert "--hash=sha256:" in line, f"{requirement.name} has no hash"
        (pin,) = requirement.specifier
        assert pin.operator == "==", line
        versions.setdefault(requirement.name, []).append(pin.version)
    return versions


def test_the_lock_keeps_within_the_ranges(lock):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    for requirement in map(Requirement, wanted):
        assert all(requirement.specifier.contains(v) for v in lock[requirement.name.lower()])


def test_the_lock_names_no_host_and_no_folder():
    text = (ROOT / "requirements.txt").read_text()
    assert not re.search(r"https?:|file:|--index-url|--find-links|^/", text, re.MULTILINE)


# --- links ------------------------------------------------------------------------------------


def test_every_link_inside_the_book_leads_somewhere():
    assert links.broken() == []


def test_links_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/refs.bib").write_text("@article{known,\n title={}}\n")
    (tmp_path / "book/page.md").write_text(
        "$$\na\n$$ (eq-here)\n\n{eq}`eq-here` {eq}`eq-gone` {cite:t}`known, unknown`\n"
        "[a](page.md) [b](gone.md) [c](https://example.org) <img alt='' src=\"no.png\">\n"
        "`` {eq}`eq-sample` ``\n\n- item\n\n  ```\n  [d](sample.md)\n  ```\n"
        "```{note}\n[e](lost.md) and ``code``\n```\n"
    )
    ends = {line.split(": ")[1].split()[0] for line in links.broken(tmp_path)}
    assert ends == {"eq-gone", "unknown", "gone.md", "no.png", "lost.md"}


def test_the_files_that_start_first_exist():
    source = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    (named,) = re.findall(r"^LONGEST = (\(.*?^\))", source, re.MULTILINE | re.DOTALL)
    found = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert set(re.findall(r'"(\w+)"', named)) <= found
