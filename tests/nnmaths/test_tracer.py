"""A tape computes what the function does, bit for bit, and refuses what it cannot hold."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import rng, seeds

from nnmaths.tape import Tape, TraceError, placeholder, trace, tracer

KINK_AND_TAIL = np.array([[-800.0, -1.5, -0.0], [0.0, 0.25, 710.0]])
ONES = {"a": (2, 3)}


def same(left, right):
    """Return whether two results are equal in every bit, NaN included, and in shape."""
    left, right = np.asarray(left), np.asarray(right)
    return left.shape == right.shape and left.tobytes() == right.tobytes()


def mixed(x, w, s, t):
    """Use every kind of operation that a tape holds."""
    z = w @ x
    top = z.max(axis=0, keepdims=True)
    soft = np.exp(z - top) / np.exp(z - top).sum(axis=0, keepdims=True)
    kinked = np.where(z > 0.5, z**2, -np.abs(z)) + np.maximum(z, 0.1 * z) * (z >= 0)
    ends = np.stack([s[0], s[1] * t, 2.5])
    size = (kinked**2).sum() / (2 * x.shape[1])
    return {
        "soft": soft,
        "kinked": kinked - (np.zeros_like(z) + np.ones_like(top)),
        "size": size * (1 - 0.9**t) ** 0.5,
        "ends": np.sqrt(ends**2 + 1) - np.tanh(ends) + np.log1p(ends**2),
        "flat": x.T.max() / x.shape[1] - x.shape[0] * np.sin(t),
    }


MIXED = {"x": (3, 4), "w": (2, 3), "s": (2,), "t": ()}


@given(seeds, st.integers(1, 5), st.integers(1, 5), st.integers(1, 6), st.integers(1, 40))
def test_playback_is_direct_evaluation_in_every_bit_for_all_sizes(seed, rows, inner, columns, t):
    made = rng(seed)
    values = {
        "x": made.standard_normal((inner, columns)),
        "w": made.standard_normal((rows, inner)),
        "s": made.standard_normal(2),
        "t": t,
    }
    played, direct = trace(mixed, MIXED).run(values), mixed(**values)
    assert played.keys() == direct.keys()
    assert all(same(played[name], direct[name]) for name in direct)


@pytest.mark.parametrize("name", tracer.UNARY)
def test_every_function_of_one_array_is_traced_under_its_name(name):
    f = getattr(np, name)
    with np.errstate(all="ignore"):
        assert same(
            trace(lambda a: f(a), ONES).run({"a": KINK_AND_TAIL})["result"], f(KINK_AND_TAIL)
        )


@pytest.mark.parametrize("name", tracer.BINARY)
def test_every_function_of_two_arrays_is_traced_under_its_name(name):
    f, other = getattr(np, name), KINK_AND_TAIL[::-1, ::-1]
    made = trace(lambda a, b: f(a, b), ONES | {"b": (2, 3)})
    with np.errstate(all="ignore"):
        assert same(made.run({"a": KINK_AND_TAIL, "b": other})["result"], f(KINK_AND_TAIL, other))


def test_a_tape_survives_json():
    made = trace(mixed, MIXED)
    again = Tape.load(json.loads(made.json()))
    assert again == made
    assert json.loads(made.json())["tape"] == 1


def test_a_tape_with_one_wrong_operation_is_caught():
    """Each operation in turn is replaced by a similar one, and the outputs differ."""
    relatives = {
        "add": "subtract",
        "subtract": "add",
        "multiply": "divide",
        "divide": "multiply",
        "maximum": "minimum",
        "greater": "less",
        "greater_equal": "less_equal",
        "sum": "max",
        "max": "sum",
        "exp": "expm1",
        "log1p": "log",
        "tanh": "sin",
        "absolute": "negative",
        "negative": "positive",
        "sin": "cos",
        "sqrt": "square",
    }
    made = rng(0)
    values = {n: made.standard_normal(shape) for n, shape in MIXED.items() if n != "t"} | {"t": 3}
    original = trace(mixed, MIXED)
    truth, tried = original.run(values), 0
    for k, op in enumerate(original.ops):
        if op[0] not in relatives:
            continue
        ops = (*original.ops[:k], (relatives[op[0]], *op[1:]), *original.ops[k + 1 :])
        with np.errstate(all="ignore"):
            wrong = Tape(original.inputs, ops, original.outputs).run(values)
        assert not all(same(wrong[name], truth[name]) for name in truth), op
        tried += 1
    assert tried > 20


def test_the_same_operation_is_added_once_and_an_unused_one_not_at_all():
    def twice(a):
        np.exp(a)
        return np.tanh(a) * np.tanh(a)

    assert [op[0] for op in trace(twice, ONES).ops] == ["tanh", "multiply"]


def test_an_integer_a_float_and_a_boolean_of_one_value_stay_apart():
    made = trace(lambda a: a**2 + a**2.0 + np.float64(2) * a, ONES)
    kinds = [type(op[1]) for op in made.ops if op[0] == "const"]
    assert kinds == [int, float]


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (lambda a: a if a.sum() > 0 else -a, "decision on a value"),
        (lambda a: np.add(a, 1, out=a), "add in place"),
        (lambda a: a.__iadd__(1), "add in place"),
        (lambda a: a.__setitem__(0, 1), "write in place"),
        (lambda a: np.arctan(a), "np.arctan"),
        (lambda a: np.linalg.norm(a), "np.norm"),
        (lambda a: np.add.reduce(a), "np.add with reduce"),
        (lambda a: float(a.sum()), "Python number"),
        (lambda a: list(a), "loop over entries"),
        (lambda a: np.array(a), "taken out as numbers"),
        (lambda a: a[0], r"index \[0\] on shape \(2, 3\)"),
        (lambda a: a.sum(axis=1), r"sum\(axis=1, keepdims=False\)"),
        (lambda a: a.sum().T, "transpose"),
        (lambda a: a @ a, r"product of shapes \(2, 3\) and \(2, 3\)"),
        (lambda a: a + np.ones((2, 3)), "ndarray that is not an input"),
        (lambda a: np.stack([a, a]), "np.stack of arrays"),
        (lambda a: "text", "str that is not an input"),
    ],
)
def test_what_cannot_be_traced_is_named_with_its_line(function, what):
    line = function.__code__.co_firstlineno
    with pytest.raises(TraceError, match=what) as error:
        trace(function, ONES)
    if "not an input" not in what or "ndarray" in what:
        assert f"(test_tracer.py:{line}, in <lambda>)" in str(error.value)


def test_arrays_of_two_tapes_cannot_be_combined():
    kept = []
    trace(lambda a: kept.append(a) or a, ONES)
    with pytest.raises(TraceError, match="another tape"):
        trace(lambda a: a + kept[0], ONES)


def test_a_placeholder_is_traced_by_its_name_and_filled_later():
    bend = placeholder("bend", np.tanh)
    open_tape = trace(lambda a: 2 * bend(a) + bend(a), ONES)
    assert open_tape.placeholders == ("bend",)
    assert [op[0] for op in open_tape.ops].count("placeholder") == 1
    closed = open_tape.filled({"bend": trace(lambda z: z**2 - z, {"z": (4, 4)})})
    assert closed.placeholders == ()
    assert same(closed.run({"a": KINK_AND_TAIL})["result"], 3 * (KINK_AND_TAIL**2 - KINK_AND_TAIL))
    assert same(bend(KINK_AND_TAIL), np.tanh(KINK_AND_TAIL))


def test_fillings_share_their_common_operations():
    f, df = placeholder("f", np.tanh), placeholder("df", lambda z: 1 - np.tanh(z) ** 2)
    made = trace(lambda a: f(a) * df(a), ONES)
    tapes = {
        "f": trace(lambda z: np.tanh(z), {"z": (1, 1)}),
        "df": trace(lambda z: 1 - np.tanh(z) ** 2, {"z": (1, 1)}),
    }
    assert [op[0] for op in made.filled(tapes).ops].count("tanh") == 1


def test_a_tape_runs_only_when_it_is_filled_and_has_its_inputs():
    made = trace(lambda a: placeholder("f", np.tanh)(a), ONES)
    with pytest.raises(ValueError, match="fill its placeholders first: f"):
        made.run({"a": KINK_AND_TAIL})
    whole = trace(lambda a: a, ONES)
    with pytest.raises(ValueError, match=r"expected values for \['a'\], found \['b'\]"):
        whole.run({"b": KINK_AND_TAIL})
    with pytest.raises(ValueError, match="a: expected 2 axes"):
        whole.run({"a": 1.0})


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"tape": 2}, "expected version 1"),
        ({"ops": [["arctan", 0]]}, "not a known operation"),
        ({"ops": [["tanh", 0, 0]]}, "not a known operation"),
        ({"ops": [["tanh", 1]]}, "reads a slot that does not come before it"),
        ({"ops": [["tanh", -1]]}, "reads a slot that does not come before it"),
        ({"outputs": [["b", 7]]}, "output 'b' is in slot 7"),
    ],
)
def test_a_tape_that_does_not_fit_together_is_refused(change, what):
    data = trace(lambda a: np.tanh(a), ONES).data() | change
    with pytest.raises(ValueError, match=what):
        Tape.load(data)


def test_a_shape_is_a_tuple_of_at_most_two_lengths():
    for shape in ((1, 2, 3), 4):
        with pytest.raises(ValueError, match="a: expected a shape of at most 2 lengths"):
            trace(lambda a: a, {"a": shape})


def test_a_length_is_an_integer_in_python_and_an_axis_on_the_tape():
    made = trace(lambda a: a.sum() / (1 + 2 * a.shape[1]) ** 2 if a.shape == (2, 3) else a, ONES)
    wide = np.ones((2, 10))
    assert made.run({"a": wide})["result"] == 20 / 21**2
    assert [op for op in made.ops if op[0] == "dim"] == [("dim", 0, 1)]


def test_a_tape_says_what_it_is():
    assert repr(trace(lambda a: {"b": -a}, ONES)) == "Tape(a → b; 1 operations)"
