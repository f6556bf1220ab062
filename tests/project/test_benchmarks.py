"""The benchmark compares equals: the same steps from the same start, timed in turns."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from strategies import ROUNDING, distance, rng

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))
import contenders
import explorers
import run
import timing

from nnbook.explorers import Scene

# Single precision rounds at 6e-8 of a number; three steps on numbers up to 1.
SINGLE = 1e-6

every_case = pytest.mark.parametrize("case", contenders.CASES, ids=str)


def activation(case, z):
    """Return σ(z) and σ′(z), each by its textbook formula."""
    if case.sigma.name == "tanh":
        return np.tanh(z), 1 / np.cosh(z) ** 2
    if case.sigma.name == "relu":
        return z * (z > 0), np.where(z > 0, 1, 0)
    a = 1 / (1 + np.exp(-z))
    return a, a * (1 - a)


def bare_step(case, W, b, x, y):
    """Change W and b, lists of arrays for rows of samples, by one step: formulas and nothing else.

    An affine map, an activation, the slope of the cost, and back: no line of the package.
    """
    a, slopes = [x], []
    for l in range(len(W)):
        z = a[-1] @ W[l].T + b[l]
        f, df = activation(case, z)
        a.append(f)
        slopes.append(df)
    if case.cost.name == "softmax cross-entropy":
        e = np.exp(z)
        delta = (e / e.sum(axis=1, keepdims=True) - y) / len(x)
    else:
        delta = (z - y) / len(x)
    for l in reversed(range(len(W))):
        grad_W, grad_b = delta.T @ a[l], delta.sum(axis=0)
        if l > 0:
            delta = delta @ W[l] * slopes[l - 1]
        W[l] -= contenders.ETA * grad_W
        b[l] -= contenders.ETA * grad_b


@every_case
def test_ours_makes_the_steps_of_the_bare_formulas(case):
    case = case._replace(N=3 * case.B)
    start = contenders.problem(case, rng())
    ours = contenders.Ours(case, start)
    ours.run(1, rng(1))
    W = [W.copy() for W in start.theta.W.values()]
    b = [b[:, 0].copy() for b in start.theta.b.values()]
    for chosen in rng(1).permutation(case.N).reshape(3, case.B):
        bare_step(case, W, b, start.rows[chosen], start.targets[chosen])
    for l in case.network.layers:
        np.testing.assert_allclose(ours.theta.W[l], W[l - 1], rtol=0, atol=ROUNDING)
        np.testing.assert_allclose(ours.theta.b[l][:, 0], b[l - 1], rtol=0, atol=ROUNDING)
    assert distance(ours.theta, start.theta) > 1e-3 * contenders.ETA


@every_case
@pytest.mark.parametrize(("dtype", "rounding"), [(np.float64, ROUNDING), (np.float32, SINGLE)])
def test_pytorch_makes_the_same_steps_on_the_same_batches(case, dtype, rounding):
    pytest.importorskip("torch", reason="PyTorch is in the environment of `make bench` alone")
    case = case._replace(N=3 * case.B - 1)
    start = contenders.problem(case, rng()).astype(dtype)
    ours, theirs = contenders.Ours(case, start), contenders.PyTorch(case, start)
    ours.run(1, rng(1))
    theirs.run(1, rng(1))
    assert distance(ours.theta, theirs.theta) < rounding
    assert {leaf.dtype for leaf in ours.theta} == {np.dtype(dtype)}


@every_case
def test_scikit_learn_makes_the_same_steps_on_all_samples(case):
    pytest.importorskip(
        "sklearn", reason="scikit-learn is in the environment of `make bench` alone"
    )
    assert contenders.disagreement(contenders.ScikitLearn, case, np.float64, rng()) < ROUNDING


@every_case
def test_bare_products_are_those_of_a_step(case):
    bare = contenders.BareProducts(case, contenders.problem(case, rng()))
    n, B, L = case.sizes, case.B, len(case.sizes) - 1
    forward = [n[l] * n[l - 1] * B for l in range(1, L + 1)]
    # Backwards all layers but the first pass δ on, and every layer has a gradient.
    assert sum(a.shape[0] * a.shape[1] * b.shape[1] for a, b, _ in bare.products) == (
        sum(forward) + sum(forward[1:]) + sum(forward)
    )


def test_contenders_run_in_turns_and_another_begins_each_round():
    ran = []
    runs = {name: lambda name=name: ran.append(name) for name in "abc"}
    times = timing.interleave(runs, seconds=0, least=4)
    assert "".join(ran) == "abc" + "abc" + "bca" + "cab" + "abc"
    assert {name: len(values) for name, values in times.items()} == {"a": 4, "b": 4, "c": 4}


def test_a_time_is_what_the_clock_went_on():
    ticks = iter([10.0, 12.5])
    assert timing.timed(lambda: None, clock=lambda: next(ticks)) == 2.5


def test_a_ratio_is_the_median_over_rounds_that_each_had_their_own_pace():
    theirs = [2.0, 20.0, 4.0]
    ours = [1.0, 10.0, 4.0]  # a slow round slows both; one round was disturbed
    assert timing.ratio(ours, theirs) == 0.5
    with pytest.raises(ValueError, match="zip"):
        timing.ratio(ours, theirs[:2])


def test_every_scene_of_the_book_is_timed():
    made = {name: make() for name, make in explorers.scenes()}
    assert len(made) > 20
    assert all(isinstance(scene, Scene) and scene.sliders for scene in made.values())


def test_a_part_that_fails_fails_the_command_and_stops_no_other(monkeypatch, capsys):
    ran = []
    monkeypatch.setitem(run.PARTS, "steps", lambda: 1 / 0)
    monkeypatch.setitem(run.PARTS, "pages", lambda: ran.append("pages"))
    assert run.run(["steps", "pages"]) == 1
    assert run.run(["pages"]) == 0
    assert ran == ["pages", "pages"]
    assert "these parts failed: steps" in capsys.readouterr().err


def test_a_script_that_fails_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "broken.py").write_text("raise SystemExit(3)")
    with pytest.raises(subprocess.CalledProcessError):
        run.script("broken.py")
