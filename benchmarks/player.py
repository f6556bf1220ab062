"""What training in a page costs: steps a second beside NumPy's, the weight of it, and its frames.

    python benchmarks/player.py      with the Python of the book; frames need the built book

Both sides make the same steps (plain descent, tanh, cross-entropy) and draw their mini-batches; the
page also looks for numbers beyond the bound, as its explorers do. Rounds alternate, by the wall
clock, and the ratio is the median over the rounds.
"""

import gzip
import os
import statistics
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read by NumPy when it is imported

import numpy as np
from pages import HTML, ROOT, book
from playwright.sync_api import sync_playwright
from timing import timed

sys.path.insert(0, str(ROOT / "tools"))
import browser as chromium

from nnbook.site.scripts import PAGE_SCRIPTS, bundle_page_script
from nnmaths.activations import IDENTITY, TANH
from nnmaths.costs import CROSS_ENTROPY
from nnmaths.descent import ADAM, GD, MOMENTUM
from nnmaths.network import Network, initialise
from nnmaths.tape.training_step import function_tapes, named, training_step
from nnmaths.training import minibatches, sweep

CASES = (
    ((2, 4, 2, 1), 10),
    ((2, 8, 8, 1), 10),
    ((2, *[8] * 6, 1), 10),
    ((2, 16, 16, 1), 32),
)
ROUNDS, STEPS, PASSES, ETA = 9, 25, 40, 0.1
SLOW = 20  # milliseconds from one frame to the next that an eye begins to notice

PREPARE = """([tape, fillings, shapes, values, data, B]) => {
  const program = nnPlayer.compile(tape, shapes, fillings);
  for (const [name, v] of Object.entries(values)) program.inputs[name].set([v].flat(3));
  const N = data.x[0].length, batches = nnPlayer.minibatches(nnPlayer.randomGenerator(1), N, B);
  const sources = ["x", "y"].map((name) => ({
    name, data: Float64Array.from(data[name].flat()), rows: data[name].length, samples: N }));
  window.train = (steps) => {
    const start = performance.now();
    for (let t = 1; t <= steps; t++) {
      program.loadBatch(sources, batches.next());
      program.inputs.t[0] = t;
      program.run();
      if (program.firstBeyond(1e12)) throw Error("diverged");
      program.carryOver();
    }
    return (performance.now() - start) / 1000;
  };
}"""
FRAMES = """async (figure) => {
  figure.querySelector("[data-act=run]").click();
  const times = [];
  await new Promise((done) => {
    const frame = (time) => {
      times.push(time);
      if (time - times[0] < 6000) requestAnimationFrame(frame); else done();
    };
    requestAnimationFrame(frame);
  });
  figure.querySelector("[data-act=run]").click();
  return times.slice(1).map((time, k) => time - times[k]);
}"""
LAST = {"last.f": "identity.f", "last.df": "identity.df"}
FILLINGS = LAST | {"hidden.f": "tanh.f", "hidden.df": "tanh.df"}
FILLINGS |= {f"cost.{k}": f"cross-entropy.{k}" for k in ("value", "grad")}


def problem(sizes, B):
    """Return a network, a start, and a data set of 25 mini-batches."""
    rng = np.random.default_rng(0)
    network = Network(sizes, (TANH,) * (len(sizes) - 2) + (IDENTITY,))
    x = rng.standard_normal((STEPS * B, sizes[0])).T
    return network, initialise(network, rng), x, (x[:1] * x[1:] > 0).astype(float)


def in_numpy(network, theta, x, y, B):
    """Make a number of passes with the package."""
    rng = np.random.default_rng(1)
    for _ in range(PASSES):
        batches = minibatches(x, y, B, rng)
        theta, *_ = sweep(network, theta, batches, CROSS_ENTROPY, ETA, GD, None, 0)


def prepare(page, network, theta, x, y, B):
    """Compile the same step in the page."""
    tapes = function_tapes("tanh", "identity", "cross-entropy")
    values = {name: leaf.tolist() for name, leaf in named(theta).items()} | {"eta": ETA}
    shapes = {name: np.shape(v) for name, v in values.items()}
    shapes |= {"t": (), "x": (2, B), "y": (1, B)}
    fillings = {slot: tapes[name].data() for slot, name in FILLINGS.items()}
    data = {"x": x.tolist(), "y": y.tolist()}
    page.evaluate(PREPARE, [training_step(network.L).data(), fillings, shapes, values, data, B])


def speed(page):
    """Print steps a second of the page and of NumPy, network by network."""
    print("Steps a second, at least twice NumPy's wanted.")
    print(f"{'network, batch':24} {'page':>9} {'NumPy':>9} {'ratio':>6}")
    for sizes, B in CASES:
        case = (*problem(sizes, B), B)
        prepare(page, *case)
        steps, rounds = STEPS * PASSES, []
        page.evaluate("train(2000)")
        for _ in range(ROUNDS):
            ours = timed(lambda case=case: in_numpy(*case), time.perf_counter)
            rounds.append((page.evaluate(f"train({steps})"), ours))
        there, here = (steps / statistics.median(side) for side in zip(*rounds, strict=True))
        times = statistics.median(ours / played for played, ours in rounds)
        name = f"{'-'.join(map(str, sizes))}, {B}"
        print(f"{name:24} {there:9.0f} {here:9.0f} {times:6.2f}{' MISSED' * (times < 2)}")


def packed(text):
    """Return the kilobytes of a text, gzipped."""
    return len(gzip.compress(text.encode(), 9)) / 1000


def sizes():
    """Print what tapes and scripts weigh."""
    print(
        "\nOperations and kB (gzipped) of the tape of a step, before activations and costs fill it."
    )
    for L, rule in ((1, GD), (3, GD), (3, MOMENTUM), (3, ADAM), (7, GD)):
        tape = training_step(L, rule)
        text = tape.json()
        kB = f"{len(text) / 1000:6.2f} ({packed(text):.2f})"
        print(f"{L} layers, {rule!s:22} {len(tape.ops):4} {kB}")
    functions = "".join(tape.json() for tape in function_tapes().values())
    print(f"all activations and costs {len(functions) / 1000:12.2f} ({packed(functions):.2f})")
    folder = HTML / "_static"
    names = [n for n in PAGE_SCRIPTS if (folder / n).exists()]
    weights = {n: packed((folder / n).read_text()) for n in names}
    listed = ", ".join(f"{n} {kB:.2f}" for n, kB in weights.items())
    total = sum(weights.values())
    print(f"scripts on the page, kB gzipped: {listed or 'book not built'}; {total:.2f}")


def frames(browser):
    """Print how long frames took on a page while an explorer trained."""
    page_of = "book/07_descent.html"
    if not (HTML / page_of).exists():
        print("\nframes: left out, for the book is not built (`make book` builds it).")
        return
    print(
        f"\nFrames in 6 s of training: how many, how many over {SLOW} ms, median and longest in ms"
    )
    with book.served(HTML) as site:
        page = browser.new_page()
        page.goto(f"{site}/{page_of}")
        for figure in page.locator("figure.live").all():
            figure.scroll_into_view_if_needed()
            took = page.evaluate(FRAMES, figure.element_handle())
            slow = sum(t > SLOW for t in took)
            name = figure.get_attribute("id")
            print(
                f"{name:14} {len(took):4} {slow:4} {statistics.median(took):6.1f} {max(took):6.1f}"
            )
        page.close()


def main():
    """Print the three tables."""
    path = chromium.find() or sys.exit(f"Error: {chromium.ADVICE}")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=chromium.FLAGS)
        page = browser.new_page()
        script = bundle_page_script("player/index.js", "--global-name=nnPlayer")
        page.add_script_tag(content=script)
        speed(page)
        sizes()
        frames(browser)


if __name__ == "__main__":
    main()
