"""In JupyterLab, as `make lab` opens it, a chapter looks and moves as it does in the book."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

PATIENCE = 60  # seconds for a slow machine to start a server or a kernel
TEXT = r"""# A chapter

By {eq}`eq-descent` we step.

$$
\theta_{t+1} = \theta_t - \eta\,\nabla C(\theta_t)
$$ (eq-descent)

```{exercise} ● One step
:label: ex-step
Take one step.
```

```{solution} ex-step
:class: dropdown
It is taken.
```
"""
EXPLORER = """from nnbook import explorers, figures
explorers.frames(figures.scene_quadratic(), alt="A descent on a parabola.", ask="Which rate?")"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where JupyterLab serves a folder with one small chapter."""
    folder = tmp_path_factory.mktemp("lab")
    cells = [nbformat.v4.new_markdown_cell(TEXT), nbformat.v4.new_code_cell(EXPLORER)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    chapter = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(chapter, folder / "chapter.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    jupyter = Path(sys.executable).with_name("jupyter")
    command = [jupyter, "lab", "--no-browser", "--allow-root", "--IdentityProvider.token=t"]
    serving = subprocess.Popen(
        [*command, f"--ServerApp.root_dir={folder}", f"--port={port}"],
        env={**os.environ, "JUPYTER_CONFIG_DIR": str(folder / ".config")},
        stderr=subprocess.DEVNULL,
    )
    try:
        yield answered(f"http://127.0.0.1:{port}")
    finally:
        serving.terminate()
        serving.wait(timeout=PATIENCE)


def answered(address):
    """Return the address once a server answers there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=PATIENCE).close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return address
    pytest.fail("JupyterLab did not start")


@pytest.fixture(scope="module")
def lab(address, browser):
    """Return a page on which the chapter is open and was run."""
    page = browser.new_page(viewport={"width": 1200, "height": 1300})
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{address}/lab/tree/chapter.ipynb?token=t")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(timeout=PATIENCE * 1000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.locator(".jp-OutputArea-output svg").first.wait_for()
    yield page
    page.close()


def test_equations_are_numbered_and_referred_to(lab):
    sentence = lab.get_by_text("By (1) we step.")
    expect(sentence).to_be_visible()
    expect(lab.locator(".katex, .katex-display").first).to_be_visible()


def test_solutions_are_folded(lab):
    solution = lab.locator("details p", has_text="It is taken.")
    expect(solution).not_to_be_visible()
    lab.locator("summary", has_text="Solution to").click()
    expect(solution).to_be_visible()


def test_sliders_are_live(lab):
    reading = lab.get_by_text("After 5 steps")
    expect(reading).to_be_visible()
    lab.locator(
        ".jp-OutputArea-output [role=slider], .jp-OutputArea-output .noUi-handle"
    ).last.press("ArrowRight")
    expect(lab.get_by_text("After 6 steps")).to_be_visible()
