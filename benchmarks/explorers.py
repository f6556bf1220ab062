"""What a slider costs: the time to compute its frames, and their weight on a page.

python benchmarks/explorers.py      with the Python of the book, for it draws
"""

import functools
import gzip
import inspect
import time
from math import prod

import numpy as np

from nnbook import figures
from nnbook.explorers import frames
from nnmaths.activations import SIGMOID
from nnmaths.datasets import mnist_mistakes
from nnmaths.network import Network, initialise

NETWORK = Network((2, 2, 1), (SIGMOID, SIGMOID))
ARGUMENTS = {
    "network": NETWORK,
    "theta": initialise(NETWORK, np.random.default_rng(0)),
    "x": np.array([[0.5], [-1.0]]),
    "y": np.array([[1.0]]),
    "rng": np.random.default_rng(0),
    "mistakes": mnist_mistakes(),
    "x1": np.arange(-2, 2.1, 0.5),
    "x2": np.arange(-1, 1.1, 0.5),
}
# What some scenes need in place of these.
OWN = {
    "scene_hand_fit": {"x": np.linspace(-1, 1, 8)[None], "y": np.linspace(-1, 2, 8)[None]},
    "scene_product": {"W": np.arange(1.0, 7).reshape(2, 3), "a": np.arange(12.0).reshape(3, 4)},
}


def scenes():
    """Yield the name and the maker of every scene, with the arguments that it needs."""
    for name in figures.__all__:
        if name.startswith("scene_") and not name.startswith("scene_live_"):
            make = getattr(figures, name)
            needed = inspect.signature(make).parameters.values()
            known = ARGUMENTS | OWN.get(name, {})
            given = {p.name: known[p.name] for p in needed if p.default is p.empty}
            yield name, functools.partial(make, **given)


def explorer_of(make):
    """Return the explorer of a scene, with the sliders that come with it."""
    return frames(make(), alt="A scene.", ask="What does it cost?")


def main():
    """Print one line for each scene."""
    print(f"{'scene':20} {'frames':>7} {'ms/frame':>9} {'seconds':>8} {'kB gzipped':>11}")
    explorer_of(next(scenes())[1])  # matplotlib reads its fonts once
    for name, make in scenes():
        start = time.process_time()
        explorer = explorer_of(make)
        seconds = time.process_time() - start
        count = prod(len(slider.values) for slider in explorer.sliders)
        weight = len(gzip.compress(explorer.html().encode(), 9)) / 1000
        print(f"{name:20} {count:7} {1000 * seconds / count:9.2f} {seconds:8.2f} {weight:11.1f}")


if __name__ == "__main__":
    main()
