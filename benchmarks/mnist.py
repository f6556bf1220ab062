"""Train networks with one hidden layer on MNIST, and keep what they reach for the book's page.

    make mnist                                      fetches the digits
    .venv/bin/python benchmarks/mnist.py            15 runs of three recipes, about 15 minutes
    .venv/bin/python benchmarks/mnist.py search     how the settings of the last recipe were chosen

Everything that learns is the package's own. One thread; the seconds are of our processor alone.
"""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
    os.environ[f"{library}_NUM_THREADS"] = "1"  # read by NumPy when it is imported

import numpy as np  # noqa: E402

from nnmaths.activations import ACTIVATIONS  # noqa: E402
from nnmaths.costs import COSTS, softmax  # noqa: E402
from nnmaths.datasets import Data, mnist  # noqa: E402
from nnmaths.descent import GD, Rule, decayed, momentum  # noqa: E402
from nnmaths.network import Network, Parameters, initialise, predict  # noqa: E402
from nnmaths.training import accuracy, train  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "src" / "nnmaths" / "data"
SEEDS = range(5)
KEPT = 60  # mistakes whose pictures are stored


class Recipe(NamedTuple):
    """What one needs to know to train a network again."""

    name: str
    sizes: tuple
    sigma: tuple
    cost: str
    start: str
    eta: float
    B: int
    epochs: int
    N: int
    beta: float = 0.0
    lam: float = 0.0
    falling: bool = False


PLAIN = Recipe(
    "Nielsen's, 30 hidden",
    sizes=(784, 30, 10),
    sigma=("sigmoid", "sigmoid"),
    cost="quadratic",
    start="normal",
    eta=3.0,
    B=10,
    epochs=30,
    N=50_000,
)
WIDER = PLAIN._replace(name="Nielsen's, 100 hidden", sizes=(784, 100, 10))
BEST = Recipe(
    "ours, 300 hidden",
    sizes=(784, 300, 10),
    sigma=("relu", "identity"),
    cost="softmax cross-entropy",
    start="he",
    eta=0.1,
    B=64,
    epochs=20,
    N=60_000,
    beta=0.9,
    lam=5e-5,
    falling=True,
)
RECIPES = (PLAIN, WIDER, BEST)
# The three that reach 98.40 % on the digits held out are equal; the smallest network is taken.
SEARCHED = tuple(
    BEST._replace(name=f"{hidden} hidden", sizes=(784, hidden, 10), eta=eta, lam=lam, N=50_000)
    for hidden, eta, lam in (
        (300, 0.1, 5e-5),
        (500, 0.1, 5e-5),
        (500, 0.1, 1e-4),
        (500, 0.1, 2e-4),
        (500, 0.05, 1e-4),
        (500, 0.2, 1e-4),
    )
)


def falling(rule, steps):
    """Return the rule with a rate that falls in a straight line, from η to 0 after these steps."""

    def step(theta, grad, state, eta, t):
        return rule.step(theta, grad, state, eta * (1 - (t - 1) / steps), t)

    return Rule(f"{rule.name}, falling rate", rule.start, step)


def rule_of(recipe):
    """Return the update rule of a recipe."""
    rule = momentum(recipe.beta) if recipe.beta else GD
    rule = decayed(rule, recipe.lam) if recipe.lam else rule
    steps = recipe.epochs * -(-recipe.N // recipe.B)
    return falling(rule, steps) if recipe.falling else rule


def start_of(recipe, network, rng, dtype):
    """Return the parameters to start from; where the weights are normal, the biases are too."""
    theta = initialise(network, rng, recipe.start)
    if recipe.start == "normal":
        theta = Parameters(theta.W, {l: rng.standard_normal(b.shape) for l, b in theta.b.items()})
    return theta.map(lambda leaf: leaf.astype(dtype))


def first(data, N):
    """Return the first N samples."""
    return Data(data.x[:, :N], data.y[:, :N])


def network_of(recipe):
    """Return the network of a recipe."""
    return Network(recipe.sizes, [ACTIVATIONS[name] for name in recipe.sigma])


def run(recipe, seed, learn, judge):
    """Train once; return the last θ, the seconds, and what was right after each epoch.

    `seen` is the share of the first 10,000 digits learnt from, `judged` that of the other digits.
    """
    begin, rng = time.process_time(), np.random.default_rng(seed)
    learn, network, cost = first(learn, recipe.N), network_of(recipe), COSTS[recipe.cost]
    theta = start_of(recipe, network, rng, learn.x.dtype)
    how = {"eta": recipe.eta, "rule": rule_of(recipe), "B": recipe.B, "epochs": recipe.epochs}
    seen, judged = [], []
    for epoch in train(network, theta, *learn, cost, rng=rng, **how):
        seen.append(round(accuracy(network, epoch.theta, *first(learn, 10_000), cost), 4))
        judged.append(round(accuracy(network, epoch.theta, *judge, cost), 4))
    seconds = round(time.process_time() - begin)
    return epoch.theta, {"seed": seed, "seconds": seconds, "seen": seen, "judged": judged}


def search(digits):
    """Return each setting with its accuracy on the last 10,000 digits, learning from the rest."""
    learn, held = first(digits, 50_000), Data(digits.x[:, 50_000:], digits.y[:, 50_000:])
    found = []
    for recipe in SEARCHED:
        _, run_of_it = run(recipe, 0, learn, held)
        found.append(recipe._asdict() | {"runs": [run_of_it]})
        print(line(recipe, run_of_it), flush=True)
    return {"search": found}


def runs(digits, judge, recipes=RECIPES, seeds=SEEDS):
    """Return each recipe with its runs, and what the last recipe's first run got wrong.

    Each first run says too how often each digit was its answer.
    """
    found = []
    for recipe in recipes:
        outcomes = []
        for seed in seeds:
            theta, outcome = run(recipe, seed, digits, judge)
            outcomes.append(outcome)
            print(line(recipe, outcome), flush=True)
            if seed == seeds[0]:
                z = predict(network_of(recipe), theta, judge.x)
                outcome["said"] = np.bincount(z.argmax(axis=0), minlength=10).tolist()
        found.append(recipe._asdict() | {"runs": outcomes})
    label = judge.y.argmax(axis=0)
    return {"recipes": found} | verdict(z, label), pictures(judge.x, z, label)


def line(recipe, outcome):
    """Return a line on a run."""
    sizes = "-".join(map(str, recipe.sizes))
    right = f"{100 * outcome['judged'][-1]:.2f} % right in {outcome['seconds']} s"
    return f"{sizes}, η {recipe.eta:g}, λ {recipe.lam:g}, seed {outcome['seed']}: {right}"


def verdict(z, label):
    """Return how often each digit was taken for each, and the places of the mistakes."""
    digit = z.argmax(axis=0)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (label, digit), 1)
    return {"confusion": confusion.tolist(), "mistakes": np.flatnonzero(digit != label).tolist()}


def pictures(x, z, label):
    """Return the first mistakes as arrays: images, labels, places and the ten probabilities."""
    index = np.flatnonzero(z.argmax(axis=0) != label)[:KEPT]
    side = round(len(x) ** 0.5)
    return {
        "grey": np.round(255 * x[:, index].T).astype(np.uint8).reshape(-1, side, side),
        "label": label[index].astype(np.uint8),
        "index": index.astype(np.uint16),
        "probability": softmax(z[:, index]).T.astype(np.float32).round(4),
    }


def store(folder, found, arrays=None):
    """Write what was found beside what was found before, one list of plain numbers a line."""
    path = folder / "mnist_runs.json"
    before = json.loads(path.read_text()) if path.exists() else {}
    text = json.dumps(before | found, ensure_ascii=False, indent=1)
    flat = re.sub(r"\[\s+([^][{}]*?)\s+\]", lambda m: f"[{' '.join(m[1].split())}]", text)
    path.write_text(flat + "\n", encoding="utf-8")
    if arrays:
        np.savez_compressed(folder / "mnist_mistakes.npz", **arrays)


def main():
    """Search or run, and store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=("runs", "search"), default="runs")
    what = parser.parse_args().what
    try:
        digits, judge = mnist(ROOT / "data" / "mnist")
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f"Error: {error}")
    if what == "search":
        store(STORED, search(digits))
    else:
        store(STORED, *runs(digits, judge))


if __name__ == "__main__":
    main()
