"""The same training step in four implementations: ours, PyTorch, scikit-learn, bare products.

Each contender starts from the same parameters and has `run(epochs, rng)`, which makes plain
gradient steps on mini-batches, drawing them too; `theta` is what it has reached. Each is written
as its own users write it: the package has samples in columns, the others in rows.
"""

import warnings
from typing import NamedTuple

import numpy as np

from nnmaths.activations import IDENTITY, RELU, SIGMOID, TANH, Activation
from nnmaths.arrays import columns, one_hot
from nnmaths.costs import QUADRATIC, SOFTMAX_CROSS_ENTROPY, Cost
from nnmaths.descent import GD
from nnmaths.network import Network, Parameters, initialise
from nnmaths.training import minibatches, sweep

ETA = 0.01


class Case(NamedTuple):
    """A network, a cost, and how many samples there are, B to a step."""

    sizes: tuple
    sigma: Activation
    cost: Cost
    B: int
    N: int

    def __str__(self):
        return f"{'-'.join(map(str, self.sizes))} {self.sigma.name}, {self.B}"

    @property
    def network(self):
        """The network: sigma in the hidden layers, IDENTITY in the last."""
        hidden = len(self.sizes) - 2
        return Network(self.sizes, (self.sigma,) * hidden + (IDENTITY,))

    @property
    def steps(self):
        """The number of steps in an epoch."""
        return -(-self.N // self.B)


CASES = (
    Case((2, 16, 16, 1), TANH, QUADRATIC, 32, 1600),
    Case((64, 32, 10), TANH, SOFTMAX_CROSS_ENTROPY, 32, 1600),
    Case((784, 30, 10), SIGMOID, SOFTMAX_CROSS_ENTROPY, 10, 2000),
    Case((784, 512, 512, 10), RELU, SOFTMAX_CROSS_ENTROPY, 256, 1024),
)


class Problem(NamedTuple):
    """Where all start, and from what they learn: samples and targets in rows, labels of classes."""

    theta: Parameters
    rows: np.ndarray
    targets: np.ndarray
    labels: np.ndarray | None

    def astype(self, dtype):
        """Return the problem in another precision."""
        theta = self.theta.map(lambda leaf: leaf.astype(dtype))
        return Problem(theta, self.rows.astype(dtype), self.targets.astype(dtype), self.labels)


def problem(case, rng):
    """Draw start parameters and data; a quadratic cost gets numbers to meet, the other classes."""
    n = case.sizes
    theta = initialise(case.network, rng)
    rows = rng.standard_normal((case.N, n[0]))
    if case.cost is QUADRATIC:
        return Problem(theta, rows, rng.standard_normal((case.N, n[-1])), None)
    labels = rng.permutation(np.arange(case.N) % n[-1])
    return Problem(theta, rows, np.ascontiguousarray(one_hot(labels, n[-1]).T), labels)


class Ours:
    """The package's `training.sweep` over `minibatches`, which is what `train` does."""

    def __init__(self, case, problem):
        self.case, self.network, self.theta = case, case.network, problem.theta
        self.x, self.y = columns(problem.rows), columns(problem.targets)

    def run(self, epochs, rng):
        for _ in range(epochs):
            batches = minibatches(self.x, self.y, self.case.B, rng)
            self.theta, *_ = sweep(
                self.network, self.theta, batches, self.case.cost, ETA, GD, None, 0
            )


class PyTorch:
    """Eager PyTorch: `nn.Sequential`, `SGD`, a mean loss, and batches picked by index."""

    def __init__(self, case, problem):
        import torch
        from torch import nn

        torch.set_num_threads(1)
        self.torch, self.B = torch, case.B
        self.x = torch.from_numpy(problem.rows)
        quadratic = case.cost is QUADRATIC
        self.y = torch.from_numpy(problem.targets if quadratic else problem.labels)
        self.loss = nn.MSELoss() if quadratic else nn.CrossEntropyLoss()
        sigma = {TANH: nn.Tanh, SIGMOID: nn.Sigmoid, RELU: nn.ReLU}[case.sigma]
        layers = [m for l in case.network.layers for m in (self.layer(problem.theta, l), sigma())]
        self.model = nn.Sequential(*layers[:-1])
        # MSELoss is the mean of (ŷ − y)² over n_L N numbers, ours is half their sum by N.
        eta = ETA * case.sizes[-1] / 2 if quadratic else ETA
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=eta)

    def layer(self, theta, l):
        """Return a linear layer with our W[l] and b[l]."""
        W, b = self.torch.tensor(theta.W[l]), self.torch.tensor(theta.b[l][:, 0])
        linear = self.torch.nn.Linear(W.shape[1], W.shape[0], dtype=W.dtype)
        linear.weight.data, linear.bias.data = W, b
        return linear

    def run(self, epochs, rng):
        for _ in range(epochs):
            order = self.torch.from_numpy(rng.permutation(len(self.x)))
            for chosen in order.split(self.B):
                self.optimizer.zero_grad()
                self.loss(self.model(self.x[chosen]), self.y[chosen]).backward()
                self.optimizer.step()

    @property
    def theta(self):
        linear = dict(enumerate(self.model[::2], start=1))
        return Parameters(
            {l: m.weight.detach().numpy() for l, m in linear.items()},
            {l: m.bias.detach().numpy()[:, None] for l, m in linear.items()},
        )


class ScikitLearn:
    """scikit-learn's `MLPRegressor` or `MLPClassifier`, fitted on from where it stands.

    It draws batches from a generator of its own. Many epochs to a `fit` make its checks of the
    data vanish beside its steps.
    """

    def __init__(self, case, problem):
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        kind = MLPRegressor if case.cost is QUADRATIC else MLPClassifier
        names = {TANH: "tanh", SIGMOID: "logistic", RELU: "relu"}
        self.model = kind(
            hidden_layer_sizes=case.sizes[1:-1],
            activation=names[case.sigma],
            solver="sgd",
            alpha=0,
            momentum=0,
            nesterovs_momentum=False,
            batch_size=case.B,
            learning_rate_init=ETA,
            tol=0,
            n_iter_no_change=10**9,
            warm_start=True,
            random_state=0,
        )
        self.data = (
            problem.rows,
            problem.targets[:, 0] if problem.labels is None else problem.labels,
        )
        self.run(1, None)
        W, b = problem.theta.W, problem.theta.b
        self.model.coefs_ = [W[l].T.copy() for l in W]
        self.model.intercepts_ = [b[l][:, 0].copy() for l in b]

    def run(self, epochs, rng):
        self.model.max_iter = epochs
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would rather go on until it has converged
            self.model.fit(*self.data)

    @property
    def theta(self):
        return Parameters(
            {l: W.T for l, W in enumerate(self.model.coefs_, start=1)},
            {l: b[:, None] for l, b in enumerate(self.model.intercepts_, start=1)},
        )


class BareProducts:
    """The matrix products of a step and nothing else, into arrays that are there already."""

    def __init__(self, case, problem):
        self.steps, self.L = case.steps, case.network.L
        W, B = problem.theta.W, case.B
        a = {0: columns(problem.rows[:B])}
        a |= {l: np.ones((n, B), W[l].dtype) for l, n in enumerate(case.sizes) if l}
        delta = {l: a[l].copy() for l in W}
        forward = [(W[l], a[l - 1], np.empty_like(a[l])) for l in W]
        backward = [(W[l + 1].T, delta[l + 1], np.empty_like(a[l])) for l in W if l < self.L]
        gradient = [(delta[l], a[l - 1].T, np.empty_like(W[l])) for l in W]
        self.products = forward + backward[::-1] + gradient

    def run(self, epochs, rng):
        for _ in range(epochs * self.steps):
            for left, right, out in self.products:
                np.matmul(left, right, out=out)


def disagreement(contender, case, dtype, rng):
    """Return the largest difference in θ, ours to theirs, after 3 steps on all of B samples."""
    case = case._replace(N=case.B)
    same = problem(case, rng).astype(dtype)
    ours, theirs = Ours(case, same), contender(case, same)
    ours.run(3, rng)
    theirs.run(3, rng)
    return max(np.abs(a - b).max() for a, b in zip(ours.theta, theirs.theta, strict=True))
