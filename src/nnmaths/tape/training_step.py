"""Tapes of the package's own training step: a page plays what is proved here.

A tape is traced for a number of layers. The activation of the hidden layers, that of the last one
and the cost are placeholders, and it holds no sizes: a few kilobytes serve every such network.
"""

from collections.abc import Callable, Mapping
from typing import Any

from nnmaths.activations import ACTIVATIONS, TANH, Activation
from nnmaths.backprop import gradient
from nnmaths.costs import COSTS, QUADRATIC, Cost
from nnmaths.descent import GD, Rule
from nnmaths.network import Network, Parameters, predict
from nnmaths.tape import Tape, placeholder, trace

HIDDEN = Activation("hidden", placeholder("hidden.f", TANH.f), placeholder("hidden.df", TANH.df))
LAST = Activation("last", placeholder("last.f", TANH.f), placeholder("last.df", TANH.df))
COST = Cost(
    "cost",
    placeholder("cost.value", QUADRATIC.value),
    placeholder("cost.grad", QUADRATIC.grad),
    placeholder("cost.link", QUADRATIC.link),
)
_N = 5  # any number of samples will do: a tape holds no sizes


def named(theta: Parameters, prefix: str = "") -> dict[str, Any]:
    """Return the arrays of some parameters by name: W1, b1, W2, …"""
    W = {f"{prefix}W{l}": leaf for l, leaf in theta.W.items()}
    b = {f"{prefix}b{l}": leaf for l, leaf in theta.b.items()}
    return {name: leaf for pair in zip(W.items(), b.items(), strict=True) for name, leaf in pair}


def unnamed(values: Mapping[str, Any], L: int, prefix: str = "") -> Parameters:
    """Return named arrays as parameters of L layers; their shapes are not checked."""
    layers = range(1, L + 1)
    W, b = ({l: values[f"{prefix}{name}{l}"] for l in layers} for name in "Wb")
    return Parameters.of(W, b)


def example_network(L: int) -> Network:
    """Return a network of L layers whose activations are placeholders; its widths are examples."""
    return Network(range(2, L + 3), (*[HIDDEN] * (L - 1), LAST))


def shapes_of(network: Network, prefix: str = "") -> dict[str, tuple[int, int]]:
    """Return the shapes of the parameters of a network by name."""
    n, shapes = network.sizes, {}
    for l in network.layers:
        shapes |= {f"{prefix}W{l}": (n[l], n[l - 1]), f"{prefix}b{l}": (n[l], 1)}
    return shapes


def sample_shapes(network: Network) -> dict[str, tuple[int, int]]:
    """Return the shapes of x and y by name."""
    return {"x": (network.sizes[0], _N), "y": (network.sizes[-1], _N)}


def _memories(rule: Rule) -> int:
    """Return how many copies of the parameters a rule keeps between steps."""
    return len(unpacked(rule.start(0.0)))


def training_step(L: int, rule: Rule = GD) -> Tape:
    """Return the tape of one step θ ← rule(θ, ∇C) of a network of L layers: `step_of`, traced.

    Inputs: x, y, eta, t = 1, 2, …, the parameters W1, b1, …, and where the rule has a memory the
    same names after "s1.", "s2."; all of the memory starts at zero. Outputs: the parameters and the
    memory after the step, and "C", the cost of x and y before it.
    """
    network = example_network(L)
    shapes = sample_shapes(network) | {"eta": (), "t": ()} | shapes_of(network)
    for k in range(1, _memories(rule) + 1):
        shapes |= shapes_of(network, f"s{k}.")
    return trace(step_of(network, COST, rule), shapes)


def step_of(network: Network, cost: Cost, rule: Rule = GD) -> Callable[..., dict[str, Any]]:
    """Return the step of the package as a function of named arrays, to be called or traced."""
    L, kept = network.L, _memories(rule)

    def step(x, y, eta, t, **values):
        theta = unnamed(values, L)
        state = tuple(unnamed(values, L, f"s{k}.") for k in range(1, kept + 1))
        grad = gradient(network, theta, x, y, cost)
        after, state = rule.step(theta, grad, packed(state), eta, t)
        memory = dict(enumerate(unpacked(state), start=1))
        kept_on = {k: v for s, m in memory.items() for k, v in named(m, f"s{s}.").items()}
        C = cost.value(predict(network, theta, x), y)
        return named(after) | kept_on | {"C": C}

    return step


def packed(memory: tuple) -> Any:
    """Return a rule's memory in the form it uses: None, one copy of the parameters, or a tuple."""
    return memory if len(memory) > 1 else next(iter(memory), None)


def unpacked(state: Any) -> tuple:
    """Return the memory of a rule as a tuple of parameters."""
    return state if isinstance(state, tuple) else () if state is None else (state,)


def prediction(L: int, x: str = "x") -> Tape:
    """Return the tape of ŷ = link(a⁽ᴸ⁾): inputs x (or of that name) and θ, output "y_hat"."""
    network = example_network(L)
    shapes = {x: sample_shapes(network)["x"]} | shapes_of(network)
    return trace(prediction_of(network, COST, x), shapes)


def prediction_of(network: Network, cost: Cost, x: str = "x") -> Callable[..., dict[str, Any]]:
    """Return the prediction as a function of named arrays."""

    def read(**values):
        theta = unnamed(values, network.L)
        return {"y_hat": cost.link(predict(network, theta, values[x]))}

    return read


def evaluation(L: int) -> Tape:
    """Return the tape of the cost C of x and y: inputs x, y and the parameters, output "C"."""
    network = example_network(L)
    return trace(evaluation_of(network, COST), sample_shapes(network) | shapes_of(network))


def evaluation_of(network: Network, cost: Cost) -> Callable[..., dict[str, Any]]:
    """Return the cost as a function of named arrays."""

    def value(x, y, **values):
        return {"C": cost.value(predict(network, unnamed(values, network.L), x), y)}

    return value


def function_tapes(*names: str) -> dict[str, Tape]:
    """Return the tapes of the named activations and costs (of all, if none is named), by name.

    "tanh.f" and "tanh.df" for an activation; "quadratic.value", ".grad" and ".link" for a cost.
    Raises ValueError for a name that is neither.
    """
    unknown = set(names) - set(ACTIVATIONS) - set(COSTS)
    if unknown:
        raise ValueError(f"names: expected activations or costs, found {sorted(unknown)}")
    tapes = {}
    for name in names or (*ACTIVATIONS, *COSTS):
        if name in ACTIVATIONS:
            sigma = ACTIVATIONS[name]
            tapes |= {f"{name}.{k}": _of_one(f) for k, f in (("f", sigma.f), ("df", sigma.df))}
        else:
            cost = COSTS[name]
            tapes |= {f"{name}.value": _of_two(cost.value), f"{name}.grad": _of_two(cost.grad)}
            tapes[f"{name}.link"] = _of_one(cost.link)
    return tapes


def _of_one(f: Callable) -> Tape:
    """Return the tape of a function of one matrix."""
    return trace(lambda z: f(z), {"z": (3, _N)})


def _of_two(f: Callable) -> Tape:
    """Return the tape of a function of a prediction and a target."""
    return trace(lambda y_hat, y: f(y_hat, y), {"y_hat": (3, _N), "y": (3, _N)})
