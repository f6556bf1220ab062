"""The runs on MNIST: the recipes are run as they are written, and what is stored is theirs."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from strategies import rng

from nnmaths.arrays import columns, one_hot
from nnmaths.datasets import Data, mnist_mistakes, mnist_runs
from nnmaths.datasets import mnist as read
from nnmaths.descent import GD

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))
import mnist  # noqa: E402

FETCHED = ROOT / "data" / "mnist"
TINY = [recipe._replace(sizes=(4, 6, 10), N=40, B=8, epochs=2) for recipe in mnist.RECIPES]
every_recipe = pytest.mark.parametrize("recipe", TINY, ids=lambda recipe: recipe.name)


@pytest.fixture
def made():
    """Return 60 samples with 4 greys and a label that they tell: the place of the largest."""
    x = rng(3).random((60, 4), dtype=np.float32)
    return Data(columns(x), one_hot(x.argmax(axis=1), 10).astype(np.float32))


@every_recipe
def test_a_run_says_what_is_right_at_the_start_and_after_each_epoch(recipe, made):
    theta, found = mnist.run(recipe, 0, made, made)
    assert found["seed"] == 0
    assert len(found["seen"]) == len(found["judged"]) == recipe.epochs + 1
    network = mnist.network_of(recipe)
    assert found["judged"][-1] == round(
        mnist.accuracy(network, theta, *made, mnist.COSTS[recipe.cost]), 4
    )
    assert {leaf.dtype for leaf in theta} == {np.dtype(np.float32)}


@every_recipe
def test_a_run_repeats_with_its_seed_and_learns_from_its_first_samples_alone(recipe, made):
    theta, _ = mnist.run(recipe, 1, made, made)
    again, _ = mnist.run(recipe, 1, mnist.first(made, recipe.N), made)
    other, _ = mnist.run(recipe, 2, made, made)
    assert all((a == b).all() for a, b in zip(theta, again, strict=True))
    assert (theta.W[1] != other.W[1]).any()


def test_the_last_recipe_learns_the_largest_entry(made):
    recipe = TINY[-1]._replace(sizes=(4, 20, 10), N=60, epochs=100)
    _, found = mnist.run(recipe, 0, made, made)
    assert found["judged"][-1] > 0.9


def test_a_falling_rate_falls_in_a_straight_line_to_its_last_step():
    rule = mnist.falling(GD, 4)
    steps = [rule.step(0.0, 1.0, None, 2.0, t)[0] for t in (1, 2, 3, 4)]
    assert steps == [-2.0, -1.5, -1.0, -0.5]
    assert mnist.rule_of(mnist.PLAIN) is GD


def test_the_search_never_sees_the_test_digits_nor_trains_on_those_held_out(monkeypatch):
    asked = []
    monkeypatch.setattr(
        mnist, "run", lambda recipe, seed, learn, judge: asked.append((learn, judge)) or FAKE
    )
    x = np.arange(60_000.0)[None]
    mnist.search(Data(x, x))
    assert len(asked) == len(mnist.SEARCHED)
    for learn, judge in asked:
        assert (learn.x[0, 0], learn.x[0, -1]) == (0, 49_999)
        assert (judge.x[0, 0], judge.x[0, -1]) == (50_000, 59_999)


FAKE = None, {"seed": 0, "seconds": 1, "seen": [0.1, 0.9], "judged": [0.1, 0.9]}


def test_what_is_stored_can_be_read_again(made, tmp_path, capsys):
    mnist.store(tmp_path, {"search": [1, 2]})
    found, arrays = mnist.runs(made, made, TINY[-1:], range(2))
    mnist.store(tmp_path, found, arrays)
    read_again = json.loads((tmp_path / "mnist_runs.json").read_text())
    assert read_again["search"] == [1, 2]
    assert [run["seed"] for run in read_again["recipes"][0]["runs"]] == [0, 1]
    assert np.sum(read_again["confusion"]) == 60
    assert np.sum(read_again["recipes"][0]["runs"][0]["said"]) == 60
    wrong = 60 - np.trace(read_again["confusion"])
    assert len(read_again["mistakes"]) == wrong
    assert len(np.load(tmp_path / "mnist_mistakes.npz")["label"]) == min(wrong, mnist.KEPT)
    assert capsys.readouterr().out.count("% right") == 2


# --- what the book shows ----------------------------------------------------------------------


def plain(recipe):
    """Return a recipe as JSON holds it."""
    return json.loads(json.dumps(recipe._asdict()))


def test_the_stored_runs_are_those_of_the_recipes():
    stored = mnist_runs()
    for name, recipes, seeds in (
        ("recipes", mnist.RECIPES, list(mnist.SEEDS)),
        ("search", mnist.SEARCHED, [0]),
    ):
        assert [{**r, "runs": 0} for r in stored[name]] == [
            {**plain(r), "runs": 0} for r in recipes
        ]
        assert all([run["seed"] for run in r["runs"]] == seeds for r in stored[name])


def test_the_settings_are_those_that_did_best_on_the_digits_held_out():
    best = max(mnist_runs()["search"], key=lambda found: found["runs"][0]["judged"][-1])
    chosen = plain(mnist.BEST)
    assert {key for key in chosen if best[key] != chosen[key]} == {"name", "N"}


def test_one_hidden_layer_reaches_what_the_book_promises():
    runs = mnist_runs()["recipes"][-1]["runs"]
    assert np.mean([run["judged"][-1] for run in runs]) >= 0.983
    assert max(run["seconds"] for run in runs) < 120


def test_the_mistakes_agree_with_the_matrix_and_with_each_other():
    stored, mistakes = mnist_runs(), mnist_mistakes()
    confusion = np.array(stored["confusion"])
    assert confusion.sum(axis=1).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert len(stored["mistakes"]) == confusion.sum() - np.trace(confusion)
    assert confusion.sum(axis=0).tolist() == stored["recipes"][-1]["runs"][0]["said"]
    assert np.trace(confusion) / 10_000 == stored["recipes"][-1]["runs"][0]["judged"][-1]
    count = len(mistakes.label)
    assert mistakes.index.tolist() == stored["mistakes"][:count]
    assert mistakes.grey.shape == (count, 28, 28)
    assert mistakes.p.shape == (10, count)
    np.testing.assert_allclose(mistakes.p.sum(axis=0), 1, atol=1e-3)
    assert (mistakes.p.argmax(axis=0) != mistakes.label).all()


def test_what_is_stored_is_small():
    folder = ROOT / "src" / "nnmaths" / "data"
    assert sum(path.stat().st_size for path in folder.glob("mnist*")) < 60_000


def test_a_missing_folder_is_said_in_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(mnist, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["mnist.py"])
    with pytest.raises(SystemExit, match=r"^Error: .*make mnist"):
        mnist.main()


@pytest.mark.skipif(not FETCHED.is_dir(), reason="`make mnist` has not fetched the digits")
def test_an_epoch_on_the_real_digits_learns():
    learn, judge = read(FETCHED)
    recipe = mnist.BEST._replace(sizes=(784, 20, 10), N=6_000, epochs=1)
    _, found = mnist.run(recipe, 0, learn, judge)
    assert found["judged"][0] < 0.3
    assert found["judged"][1] > 0.8
