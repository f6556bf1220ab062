"""In JupyterLab, as `make lab` opens it, a chapter looks and moves as it does in the book."""

import os
import re
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

from nnbook.site.scripts import bundle_assets

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
FRAMES = """from nnbook import explorers, figures
explorers.frames(figures.scene_quadratic(), alt="A descent on a parabola.", ask="Which rate?")"""

LIVE = (
    """explorers.live(figures.scene_live_line(), alt="A line through points.", ask="Which rate?")"""
)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return where JupyterLab serves a folder with one small chapter."""
    folder = tmp_path_factory.mktemp("lab")
    cells = [nbformat.v4.new_markdown_cell(TEXT)]
    cells += [nbformat.v4.new_code_cell(source) for source in (FRAMES, LIVE)]
    bundle_assets()  # as `make lab` does
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
    page.locator(".jp-OutputArea-output figure.live svg").wait_for()
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
    sliders = lab.locator(".jp-OutputArea-output .noUi-handle")
    sliders.nth(1).press("ArrowRight")
    expect(lab.get_by_text("After 6 steps")).to_be_visible()


@pytest.fixture
def live(lab):
    """Return the live explorer, at its start."""
    figure = lab.locator(".jp-OutputArea-output figure.live")
    figure.get_by_role("button", name="Reset").click()
    expect(figure.locator(".reading")).to_contain_text("Step 0: ŷ = −1 x + 1")
    return figure


def test_a_live_explorer_trains(live):
    run = live.locator("[data-act=run]")
    run.click()
    expect(live.locator(".reading")).to_have_text(re.compile(r"^Step \d{2,}: "))
    assert live.locator("[data-artist=fit]").get_attribute("d")
    run.click()
    expect(run).to_have_text("Run")


def test_its_slider_changes_the_rate_for_the_next_step(lab, live):
    reading, rate = live.locator(".reading"), live.locator(".value")
    before = reading.text_content()
    assert rate.text_content() == "0.1"
    lab.locator(".jp-OutputArea-output .noUi-handle").last.press("ArrowRight")
    expect(rate).to_have_text("0.102")
    now, promised = reading.text_content().split("The next")
    assert before.startswith(now)
    assert not before.endswith(promised)


def test_a_key_for_the_explorer_does_not_change_the_cell(lab, live):
    """In JupyterLab R turns a cell into raw text; here it resets the run."""
    live.get_by_role("button", name="Step").click()
    live.get_by_role("button", name="Step").press("r")
    expect(live.locator(".reading")).to_contain_text("Step 0:")
    expect(lab.locator(".jp-RawCell")).to_have_count(0)
