"""The page computes what the package computes: the player against NumPy, in a real browser.

The error of a run is the largest difference of any parameter over the largest parameter.
"""

import numpy as np
import pytest
from strategies import random_targets, rng

from nnbook.site.scripts import bundle_page_script
from nnmaths.activations import ACTIVATIONS, IDENTITY
from nnmaths.backprop import gradient
from nnmaths.costs import COSTS
from nnmaths.descent import ADAM, GD, MOMENTUM, decayed
from nnmaths.network import Network, initialise
from nnmaths.tape import trace, tracer
from nnmaths.tape.training_step import function_tapes, named, training_step, unpacked

# A thousand steps, each with some hundred roundings of 1e-16 that mostly cancel.
PARITY = 1e-12
# One operation: two units in the last place, and a few more for functions of two libraries.
LAST_PLACES = 8 * np.finfo(float).eps
STEPS = 1000
FUNCTIONS = {name: tape.data() for name, tape in function_tapes().items()}

TRAIN = """([tape, fillings, shapes, values, data, batches]) => {
  const program = nnPlayer.compile(tape, shapes, fillings);
  for (const [name, v] of Object.entries(values)) program.inputs[name].set([v].flat(3));
  const sources = ["x", "y"].map((name) => ({
    name, data: Float64Array.from(data[name].flat()),
    rows: data[name].length, samples: data[name][0].length }));
  batches.forEach((columns, t) => {
    program.loadBatch(sources, columns);
    program.inputs.t[0] = t + 1;
    program.run();
    program.carryOver();
  });
  return Object.fromEntries(program.carried.map((name) => [name, [...program.inputs[name]]]));
}"""
RUN = """([tape, shapes, values]) => {
  const read = (v) => (Array.isArray(v) ? v.map(read) : Number(v));
  const program = nnPlayer.compile(tape, shapes);
  for (const [name, v] of Object.entries(values)) program.inputs[name].set([read(v)].flat(3));
  program.run();
  return Object.fromEntries(Object.entries(program.outputs).map(([name, v]) =>
    [name, [program.outputShapes[name], [...v].map((x) => Object.is(x, -0) ? "-0" : String(x))]]));
}"""


@pytest.fixture(scope="module")
def page(browser):
    """Return an empty page with the player."""
    page = browser.new_page()
    script = bundle_page_script("player/index.js", "--global-name=nnPlayer")
    page.add_script_tag(content=script)
    yield page
    page.close()


def delicate(hidden, rule):
    """Return whether errors grow along the run, so that equal weights ask for a smaller rate.

    Where a pre-activation is within an error of a kink, the two runs take different slopes; with
    momentum at rates of 0.04 and 0.09 such errors grew to 1e-10 in a thousand steps. Adam divides
    by the size of the gradients, which fades at a minimum.
    """
    return rule is ADAM or "relu" in hidden.name


def combination(k):
    """Return the k-th random combination: network, cost, rule, batch, rate, data and start."""
    made = rng([k, 7])
    names = [name for name in ACTIVATIONS if name != "step"]
    sizes = made.integers(1, 10, size=made.integers(2, 8))
    hidden = ACTIVATIONS[names[k % len(names)]]
    cost = list(COSTS.values())[k % 3]
    rule = (GD, MOMENTUM, ADAM, decayed(GD, 0.01))[(k // 3) % 4]
    network = Network([int(n) for n in sizes], (*[hidden] * (len(sizes) - 2), IDENTITY))
    N, B = 40, int(made.integers(1, 33))
    x = made.standard_normal((network.sizes[0], N))
    y = random_targets(network.sizes[-1], N, cost, k)
    batches = [made.permutation(N)[:B] for _ in range(STEPS)]
    eta = 10 ** made.uniform(-3, -1) * (0.1 if delicate(hidden, rule) else 1)
    return network, hidden, cost, rule, eta, x, y, batches, initialise(network, made)


def fillings(network, hidden, cost):
    """Return the tapes that fill the placeholders with this activation and this cost."""
    slots = (
        {"hidden": hidden.name, "last": IDENTITY.name} if network.L > 1 else {"last": "identity"}
    )
    filled = {
        f"{slot}.{k}": FUNCTIONS[f"{name}.{k}"] for slot, name in slots.items() for k in ("f", "df")
    }
    return filled | {f"cost.{k}": FUNCTIONS[f"{cost.name}.{k}"] for k in ("value", "grad")}


def by_package(network, theta, cost, rule, eta, x, y, batches):
    """Return the parameters after these batches, by the package itself."""
    state = rule.start(theta)
    for t, columns in enumerate(batches, start=1):
        grad = gradient(network, theta, x[:, columns], y[:, columns], cost)
        theta, state = rule.step(theta, grad, state, eta, t)
    return theta


def by_page(page, made, network, hidden, theta, cost, rule, eta, x, y, batches):
    """Return the named parameters after these batches, by the page."""
    values = {"eta": eta} | named(theta)
    for k, memory in enumerate(unpacked(rule.start(theta)), start=1):
        values |= named(memory, f"s{k}.")
    B = len(batches[0])
    shapes = {name: np.shape(v) for name, v in values.items()} | {"t": ()}
    shapes |= {"x": (x.shape[0], B), "y": (y.shape[0], B)}
    sent = {name: np.asarray(v).tolist() for name, v in values.items()}
    data = {"x": x.tolist(), "y": y.tolist()}
    orders = [columns.tolist() for columns in batches]
    arguments = [made.data(), fillings(network, hidden, cost), shapes, sent, data, orders]
    return page.evaluate(TRAIN, arguments)


def error(theta, played):
    """Return the largest difference of any parameter over the largest parameter."""
    leaves = named(theta)
    off = max(np.abs(leaf - np.reshape(played[n], leaf.shape)).max() for n, leaf in leaves.items())
    return off / max(np.abs(leaf).max() for leaf in leaves.values())


ERRORS = {}


@pytest.mark.parametrize("k", range(36))
def test_after_a_thousand_steps_the_page_has_the_package_s_weights(page, k):
    network, hidden, cost, rule, eta, x, y, batches, theta = combination(k)
    made = training_step(network.L, rule)
    played = by_page(page, made, network, hidden, theta, cost, rule, eta, x, y, batches)
    after = by_package(network, theta, cost, rule, eta, x, y, batches)
    ERRORS[k] = error(after, played)
    moved = error(after, {n: leaf.ravel() for n, leaf in named(theta).items()})
    print(f"{k}: {network.sizes} {hidden!r} {cost!r} {rule!r} eta={eta:.4f} {ERRORS[k]:.1e}")
    assert moved > 1e-4
    assert ERRORS[k] <= PARITY


def test_a_tape_with_one_wrong_operation_is_not_taken_for_the_package(page):
    network, hidden, cost, rule, eta, x, y, batches, theta = combination(0)
    right, few = training_step(network.L, rule), batches[:5]
    relatives = {"add": "subtract", "subtract": "add", "multiply": "add", "sum": "max"}
    after, tried = by_package(network, theta, cost, rule, eta, x, y, few), 0
    for k, op in enumerate(right.ops):
        slot = len(right.inputs) + k
        if op[0] not in relatives or right.outputs["C"] == slot:
            continue
        ops = (*right.ops[:k], (relatives[op[0]], *op[1:]), *right.ops[k + 1 :])
        wrong = tracer.Tape(right.inputs, ops, right.outputs)
        played = by_page(page, wrong, network, hidden, theta, cost, rule, eta, x, y, few)
        assert not error(after, played) <= PARITY, op
        tried += 1
    assert tried > 5


EDGES = np.array([[-np.inf, -800.0, -1.5, -0.0], [0.0, 0.25, 710.0, np.nan]])


def sent(value):
    """Return an array as JSON with words for what JSON has no number for."""
    return (
        [sent(v) for v in value] if np.ndim(value) else str(float(value)).replace("inf", "Infinity")
    )


def compare(page, function, values, near_zero=5e-324):
    """Compare a traced function in the page with NumPy, to the last places."""
    made = trace(function, {name: np.shape(v) for name, v in values.items()})
    shapes = {name: np.shape(v) for name, v in values.items()}
    with np.errstate(all="ignore"):
        truth = made.run(values)
    played = page.evaluate(RUN, [made.data(), shapes, {n: sent(v) for n, v in values.items()}])
    for name, (shape, numbers) in played.items():
        expected = np.asarray(truth[name], dtype=float)
        assert tuple(shape) == expected.shape
        found = np.array([float(n) for n in numbers]).reshape(shape)
        np.testing.assert_allclose(found, expected, rtol=LAST_PLACES, atol=near_zero)


@pytest.mark.parametrize("name", tracer.UNARY)
def test_functions_of_one_array_agree_at_every_edge(page, name):
    values = EDGES if name not in ("sin", "cos") else np.where(np.isfinite(EDGES), EDGES, 1.0)
    compare(page, lambda a: getattr(np, name)(a), {"a": values})
    compare(page, lambda a: getattr(np, name)(a), {"a": rng(1).standard_normal((3, 5))})


def test_tanh_is_right_to_the_last_places_from_the_smallest_to_the_largest(page):
    z = np.concatenate([10.0 ** np.arange(-300, 3, 7), np.linspace(-21, 21, 2000)])
    compare(page, lambda a: np.tanh(a), {"a": np.stack([z, -z])})


@pytest.mark.parametrize("name", tracer.BINARY)
@pytest.mark.parametrize(
    "shapes", [((2, 4), (2, 4)), ((2, 1), (2, 4)), ((), (2, 4)), ((4,), (2, 1))]
)
def test_functions_of_two_arrays_agree_and_broadcast(page, name, shapes):
    a, b = (rng(k).standard_normal(shape) for k, shape in enumerate(shapes))
    if name == "power":
        a = np.abs(a)
    compare(page, lambda a, b: getattr(np, name)(a, b), {"a": a, "b": b})
    compare(page, lambda a, b: getattr(np, name)(b, a), {"a": np.abs(a), "b": np.abs(b)})


def test_the_edges_agree_in_functions_of_two_arrays(page):
    for name in ("add", "multiply", "divide", "maximum", "minimum", "greater", "less_equal"):
        compare(page, lambda a, b, f=name: getattr(np, f)(a, b), {"a": EDGES, "b": EDGES[::-1]})


@pytest.mark.parametrize(
    "sizes", [(1, 1, 1), (4, 3, 2), (5, 1, 7), (3, 9, 1), (9, 8, 10), (1, 6, 5)]
)
def test_products_sums_and_transposes_agree(page, sizes):
    r, n, c = sizes
    a, b = rng(0).standard_normal((r, n)), rng(1).standard_normal((n, c))

    def everything(a, b):
        z = a @ b
        whole = z.T.max() + (b.T @ a.T).sum()
        rows = z.max(axis=1, keepdims=True) + z.sum(axis=1, keepdims=True)
        columns = (z - z.max(axis=0, keepdims=True)).sum(axis=0, keepdims=True)
        squares = a.T @ a
        return {
            "z": z,
            "whole": whole,
            "rows": rows,
            "columns": columns,
            "squares": squares,
            "pieces": np.stack([whole, a.shape[1] * 2.0]),
            "kept": np.where(z > 0, z, rows),
        }

    # a sum of fifty terms in another order, which may all but cancel
    compare(page, everything, {"a": a, "b": b}, near_zero=1e-13)


@pytest.mark.parametrize(
    ("change", "shapes", "what"),
    [
        ({"tape": 2}, {"a": [2, 2]}, "expected version 1, found 2"),
        ({"ops": [["arctan", 0]]}, {"a": [2, 2]}, "unknown operation arctan"),
        ({"ops": [["placeholder", "f", 0]]}, {"a": [2, 2]}, "nothing fills the placeholder f"),
        ({}, {}, "a: expected a shape of 2 lengths"),
        ({"ops": [["matmul", 0, 0]]}, {"a": [2, 3]}, r"matmul: shapes \(2,3\) and \(2,3\)"),
        ({"ops": [["T", 0], ["add", 0, 1]], "outputs": [["b", 2]]}, {"a": [2, 3]}, "add: shapes"),
    ],
)
def test_what_cannot_be_played_is_named(page, change, shapes, what):
    data = trace(lambda a: {"b": np.tanh(a)}, {"a": (2, 2)}).data() | change
    with pytest.raises(Exception, match=what):
        page.evaluate("([tape, shapes]) => { nnPlayer.compile(tape, shapes); }", [data, shapes])
