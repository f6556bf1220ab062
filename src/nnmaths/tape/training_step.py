"""Recordings of the package's own training step: what a page plays is what is proved here.

A tape is made for a number of layers. The activation of the hidden layers, that of the last one and
the cost are its named parts, and sizes are not on it: a few kilobytes serve every such network.
"""

from nnmaths.activations import ACTIVATIONS, TANH, Activation
from nnmaths.backprop import gradient
from nnmaths.costs import COSTS, QUADRATIC, Cost
from nnmaths.descent import GD
from nnmaths.network import Network, Parameters, predict
from nnmaths.tape import part, record

HIDDEN = Activation("hidden", part("hidden.f", TANH.f), part("hidden.df", TANH.df))
LAST = Activation("last", part("last.f", TANH.f), part("last.df", TANH.df))
COST = Cost(
    "cost",
    part("cost.value", QUADRATIC.value),
    part("cost.grad", QUADRATIC.grad),
    part("cost.link", QUADRATIC.link),
)
N = 5  # as good as any: no size is on a tape


def named(theta, prefix=""):
    """Return the arrays of some parameters by name: W1, b1, W2, …"""
    W = {f"{prefix}W{l}": leaf for l, leaf in theta.W.items()}
    b = {f"{prefix}b{l}": leaf for l, leaf in theta.b.items()}
    return {name: leaf for pair in zip(W.items(), b.items(), strict=True) for name, leaf in pair}


def unnamed(values, L, prefix=""):
    """Return the parameters that these named arrays are; their shapes are taken as they are."""
    layers = range(1, L + 1)
    W, b = ({l: values[f"{prefix}{name}{l}"] for l in layers} for name in "Wb")
    return Parameters.of(W, b)


def stand_in(L):
    """Return a network of L layers whose activations are parts; its widths are examples."""
    return Network(range(2, L + 3), (*[HIDDEN] * (L - 1), LAST))


def shapes_of(network, prefix=""):
    """Return the shapes of the parameters of a network by name."""
    n = network.sizes
    pairs = [((f"{prefix}W{l}", (n[l], n[l - 1])), (f"{prefix}b{l}", (n[l], 1))) for l in layers(n)]
    return {name: shape for pair in pairs for name, shape in pair}


def layers(sizes):
    """Return the numbers of the layers that have weights."""
    return range(1, len(sizes))


def samples(network):
    """Return the shapes of x and y by name."""
    return {"x": (network.sizes[0], N), "y": (network.sizes[-1], N)}


def memories(rule):
    """Return how many copies of the parameters a rule keeps between steps."""
    kept = rule.start(0.0)
    return 0 if kept is None else len(kept) if isinstance(kept, tuple) else 1


def training_step(L, rule=GD):
    """Return the tape of one step θ ← rule(θ, ∇C) of a network of L layers: `step_of`, recorded.

    Inputs: x, y, eta, t = 1, 2, …, the parameters W1, b1, …, and where the rule has a memory the
    same names after "s1.", "s2."; all of the memory starts at zero. Outputs: the parameters and the
    memory after the step, and "C", the cost of x and y before it.
    """
    network = stand_in(L)
    shapes = samples(network) | {"eta": (), "t": ()} | shapes_of(network)
    for k in range(1, memories(rule) + 1):
        shapes |= shapes_of(network, f"s{k}.")
    return record(step_of(network, COST, rule), shapes)


def step_of(network, cost, rule=GD):
    """Return the step of the package as a function of named arrays, to be called or recorded."""
    L, kept = network.L, memories(rule)

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


def packed(memory):
    """Return the memory as rules pass it on: nothing, one copy of the parameters, or a tuple."""
    return memory if len(memory) > 1 else next(iter(memory), None)


def unpacked(state):
    """Return the memory of a rule as a tuple of parameters."""
    return state if isinstance(state, tuple) else () if state is None else (state,)


def prediction(L, x="x"):
    """Return the tape of ŷ = link(a⁽ᴸ⁾): inputs x (or of that name) and θ, output "y_hat"."""
    network = stand_in(L)
    shapes = {x: samples(network)["x"]} | shapes_of(network)
    return record(prediction_of(network, COST, x), shapes)


def prediction_of(network, cost, x="x"):
    """Return the prediction as a function of named arrays."""

    def read(**values):
        theta = unnamed(values, network.L)
        return {"y_hat": cost.link(predict(network, theta, values[x]))}

    return read


def evaluation(L):
    """Return the tape of the cost C of x and y: inputs x, y and the parameters, output "C"."""
    network = stand_in(L)
    return record(evaluation_of(network, COST), samples(network) | shapes_of(network))


def evaluation_of(network, cost):
    """Return the cost as a function of named arrays."""

    def value(x, y, **values):
        return {"C": cost.value(predict(network, unnamed(values, network.L), x), y)}

    return value


def part_tapes(*names):
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
            tapes |= {f"{name}.{k}": of_one(f) for k, f in (("f", sigma.f), ("df", sigma.df))}
        else:
            cost = COSTS[name]
            tapes |= {f"{name}.value": of_two(cost.value), f"{name}.grad": of_two(cost.grad)}
            tapes[f"{name}.link"] = of_one(cost.link)
    return tapes


def of_one(f):
    """Return the tape of a function of one matrix."""
    return record(lambda z: f(z), {"z": (3, N)})


def of_two(f):
    """Return the tape of a function of a prediction and a target."""
    return record(lambda y_hat, y: f(y_hat, y), {"y_hat": (3, N), "y": (3, N)})
