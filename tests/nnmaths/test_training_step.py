"""The tape of the training step is the training step: the same bits, for every network and rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import ALL_SIGMAS, problems, rng, seeds

from nnmaths.activations import IDENTITY, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import COSTS, CROSS_ENTROPY
from nnmaths.descent import ADAM, GD, MOMENTUM, decayed
from nnmaths.network import Network, initialise, predict
from nnmaths.tape.training_step import (
    evaluation,
    function_tapes,
    named,
    prediction,
    training_step,
    unnamed,
    unpacked,
)

RULES = (GD, MOMENTUM, ADAM, decayed(MOMENTUM, 0.1))
FUNCTIONS = function_tapes()
TAPES = {(L, rule.name): training_step(L, rule) for L in (1, 2, 3) for rule in RULES}


def fillings(hidden, last, cost):
    """Return the tapes that fill the placeholders with these activations and this cost."""
    slots = {"hidden": hidden, "last": last}
    chosen = {f"{s}.{k}": FUNCTIONS[f"{f.name}.{k}"] for s, f in slots.items() for k in ("f", "df")}
    return chosen | {f"cost.{k}": FUNCTIONS[f"{cost.name}.{k}"] for k in ("value", "grad", "link")}


def same(theta, values):
    """Return whether parameters and named arrays are equal in every bit."""
    return all(leaf.tobytes() == values[name].tobytes() for name, leaf in named(theta).items())


@given(
    problems(tuple(COSTS.values()), ALL_SIGMAS),
    st.sampled_from(ALL_SIGMAS),
    st.sampled_from(ALL_SIGMAS),
    st.sampled_from(RULES),
    st.floats(1e-3, 1.0),
)
def test_five_steps_of_the_tape_are_five_steps_of_the_package(problem, hidden, last, rule, eta):
    drawn, theta, x, y, cost = problem
    network = Network(drawn.sizes, (*[hidden] * (drawn.L - 1), last))
    tape = TAPES[network.L, rule.name].filled(fillings(hidden, last, cost))
    state = rule.start(theta)
    values = {"x": x, "y": y, "eta": eta} | named(theta)
    for k, memory in enumerate(unpacked(state), start=1):
        values |= named(memory, f"s{k}.")
    for t in range(1, 6):
        with np.errstate(all="ignore"):
            played = tape.run(values | {"t": t})
            C = cost.value(predict(network, theta, x), y)
            grad = gradient(network, theta, x, y, cost)
            theta, state = rule.step(theta, grad, state, eta, t)
        assert np.float64(C).tobytes() == np.float64(played.pop("C")).tobytes()
        assert same(theta, played)
        values |= played


@given(seeds, st.sampled_from(ALL_SIGMAS), st.sampled_from(list(COSTS.values())))
def test_prediction_and_evaluation_are_those_of_the_package(seed, hidden, cost):
    network = Network((2, 4, 3), (hidden, IDENTITY))
    theta = initialise(network, rng(seed))
    x, y = rng(seed).standard_normal((2, 7)), rng(seed).random((3, 7))
    filled = fillings(hidden, IDENTITY, cost)
    seen = prediction(2).filled(filled).run({"x": x} | named(theta))["y_hat"]
    assert seen.tobytes() == cost.link(predict(network, theta, x)).tobytes()
    C = evaluation(2).filled(filled).run({"x": x, "y": y} | named(theta))["C"]
    assert cost.value(predict(network, theta, x), y) == C


def test_names_lead_there_and_back():
    theta = initialise(Network((2, 3, 1), (TANH, IDENTITY)), rng())
    there = named(theta, "s1.")
    assert list(there) == ["s1.W1", "s1.b1", "s1.W2", "s1.b2"]
    assert same(unnamed(there, 2, "s1."), named(theta))


@pytest.mark.parametrize("rule", RULES)
def test_a_step_returns_what_the_next_one_takes(rule):
    """All outputs but C have the name of an input: the player carries them over."""
    tape = TAPES[3, rule.name]
    names = {name for name, _ in tape.inputs}
    assert set(tape.outputs) - {"C"} == names - {"x", "y", "eta", "t"}


def test_a_page_ships_two_kilobytes_for_every_network_of_a_depth():
    """Plain descent on three layers, and functions that may fill it."""
    assert len(TAPES[3, GD.name].json()) < 2000
    assert (
        sum(len(tape.json()) for tape in function_tapes("tanh", "relu", "cross-entropy").values())
        < 2000
    )


def test_an_unknown_function_is_named():
    with pytest.raises(ValueError, match=r"expected activations or costs, found \['cosine'\]"):
        function_tapes("tanh", "cosine")


def test_the_tape_of_a_wrong_gradient_is_not_that_of_the_right_one():
    """The bias gradient without its sum, as a slip would have it, gives another θ."""
    network = Network((2, 3, 1), (TANH, IDENTITY))
    theta, x, y = initialise(network, rng()), rng(1).standard_normal((2, 6)), np.ones((1, 6))
    tape = TAPES[2, GD.name].filled(fillings(TANH, IDENTITY, CROSS_ENTROPY))
    k = next(k for k, op in enumerate(tape.ops) if op[0] == "sum" and op[2] == 1)
    ops = (*tape.ops[:k], ("max", *tape.ops[k][1:]), *tape.ops[k + 1 :])
    values = {"x": x, "y": y, "eta": 0.1, "t": 1} | named(theta)
    wrong = type(tape)(tape.inputs, ops, tape.outputs).run(values)
    right = tape.run(values)
    assert any((wrong[name] != right[name]).any() for name in named(theta))
