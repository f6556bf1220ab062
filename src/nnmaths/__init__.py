"""The mathematics of neural networks, as equations that run."""

from nnmaths.activations import (
    ACTIVATIONS,
    IDENTITY,
    LEAKY_RELU,
    RELU,
    SIGMOID,
    SOFTPLUS,
    STEP,
    TANH,
    Activation,
)
from nnmaths.approximation import Built, bump, hat, interpolant, shallow, staircase, sup_error
from nnmaths.arrays import column, columns, one_hot
from nnmaths.backprop import deltas, gradient
from nnmaths.costs import (
    COSTS,
    CROSS_ENTROPY,
    QUADRATIC,
    SOFTMAX_CROSS_ENTROPY,
    Cost,
    iou,
    soft_iou,
    softmax,
)
from nnmaths.descent import ADAM, GD, MOMENTUM, Rule, Step, adam, decayed, descend, momentum
from nnmaths.differences import numerical_gradient, relative_error
from nnmaths.network import Network, Parameters, Trace, collapse, forward, initialise, predict
from nnmaths.training import Epoch, accuracy, minibatches, train

__version__ = "0.1.0"

__all__ = [
    "ACTIVATIONS",
    "ADAM",
    "COSTS",
    "CROSS_ENTROPY",
    "GD",
    "IDENTITY",
    "LEAKY_RELU",
    "MOMENTUM",
    "QUADRATIC",
    "RELU",
    "SIGMOID",
    "SOFTMAX_CROSS_ENTROPY",
    "SOFTPLUS",
    "STEP",
    "TANH",
    "Activation",
    "Built",
    "Cost",
    "Epoch",
    "Network",
    "Parameters",
    "Rule",
    "Step",
    "Trace",
    "accuracy",
    "adam",
    "bump",
    "collapse",
    "column",
    "columns",
    "decayed",
    "deltas",
    "descend",
    "forward",
    "gradient",
    "hat",
    "initialise",
    "interpolant",
    "iou",
    "minibatches",
    "momentum",
    "numerical_gradient",
    "one_hot",
    "predict",
    "relative_error",
    "shallow",
    "soft_iou",
    "softmax",
    "staircase",
    "sup_error",
    "train",
]
