"""The package's own code, run on symbols, gives the formulas that the book prints."""

import numpy as np
import pytest
import sympy as sp
from strategies import ROUNDING, random_theta, rng

from nnmaths.activations import ACTIVATIONS, IDENTITY, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import COSTS, QUADRATIC
from nnmaths.network import Network, Parameters, forward, predict
from nnmaths.symbolic import EXACT, Symbols, differentiate, exact, parameters, symbols, undefined

t, u = sp.symbols("t u", real=True)


def test_floats_become_the_fractions_of_their_printed_decimals():
    assert exact(0.1) == sp.Rational(1, 10)
    assert exact(t) is t
    assert Symbols([[0.25, 3]]).tolist() == [[sp.Rational(1, 4), 3]]


@pytest.mark.parametrize(
    ("numpy", "sympy"),
    [
        (np.exp, sp.exp(t)),
        (np.log, sp.log(t)),
        (np.log1p, sp.log(1 + t)),
        (np.tanh, sp.tanh(t)),
        (np.sqrt, sp.sqrt(t)),
        (np.abs, sp.Abs(t)),
        (lambda z: np.maximum(z, 0), sp.Max(0, t)),
        (lambda z: np.minimum(z, 0), sp.Min(0, t)),
        (lambda z: z > 0, sp.Piecewise((1, t > 0), (0, True))),
        (lambda z: 1.0 * (z >= 0), sp.Piecewise((1, t >= 0), (0, True))),
        (lambda z: 0.5 * z**2 - z / 4, t**2 / 2 - t / 4),
    ],
)
def test_a_numpy_function_becomes_its_sympy_counterpart(numpy, sympy):
    found = numpy(Symbols([[t]]))
    assert isinstance(found, Symbols)
    assert sp.simplify(found.item() - sympy) == 0


def test_every_sympy_counterpart_has_the_value_of_its_numpy_function():
    for function, twin in EXACT.items():
        numbers = (0.75, 0.5)[: function.nin]
        found = twin(*(sp.Rational(str(number)) for number in numbers))
        assert float(found) == pytest.approx(float(function(*numbers)), rel=ROUNDING)


def test_products_sums_and_slices_stay_expressions():
    W, a = symbols("w", 2, 2), symbols("a", 2, 1)
    w = W.tolist()
    assert (W @ a).tolist()[0][0] == w[0][0] * a.tolist()[0][0] + w[0][1] * a.tolist()[1][0]
    assert isinstance(W @ a, Symbols)
    assert W.sum() == sum(w[0] + w[1])
    assert W.T.tolist() == [[w[0][0], w[1][0]], [w[0][1], w[1][1]]]
    assert W.max(axis=0, keepdims=True).tolist() == [
        [sp.Max(w[0][0], w[1][0]), sp.Max(w[0][1], w[1][1])]
    ]


def test_symbols_are_named_by_row_and_column_and_are_real():
    w = symbols("w", 2, 3)
    assert w.shape == (2, 3)
    assert [[s.name for s in row] for row in w] == [
        ["w_{11}", "w_{12}", "w_{13}"],
        ["w_{21}", "w_{22}", "w_{23}"],
    ]
    assert all(s.is_real for s in w.ravel())
    assert symbols("a", 1, 1, positive=True).item().is_positive


def test_symbolic_parameters_have_the_shapes_and_letters_of_the_book():
    theta = parameters((2, 3, 1))
    assert isinstance(theta, Parameters)
    assert theta.sizes == (2, 3, 1)
    assert theta.W[1][2, 1].name == "w^{(1)}_{32}"
    assert theta.b[2].item().name == "b^{(2)}_{1}"
    assert len({s for leaf in theta for s in leaf.ravel()}) == theta.size


def test_an_undefined_activation_has_only_a_derivative():
    sigma = undefined()
    value, slope = sigma(Symbols([[t, u]])), sigma.df(Symbols([[t, u]]))
    assert sp.diff(value[0, 0], t) == slope[0, 0]
    assert sp.diff(value[0, 0], u) == 0
    assert sp.diff(value[0, 0] ** 2, t) == 2 * value[0, 0] * slope[0, 0]
    assert str(value[0, 1]) == "sigma(u)"
    assert undefined("phi").name == "phi"
    assert value[0, 0].is_real
    assert slope[0, 0].is_real


def test_differentiate_returns_the_shape_of_theta():
    theta, x = parameters((2, 1)), symbols("x", 2, 1)
    C = (theta.W[1] @ x + theta.b[1]).sum()
    slope = differentiate(C, theta)
    assert slope.W[1].tolist() == x.T.tolist()
    assert slope.b[1].tolist() == [[1]]
    assert differentiate(C, x).tolist() == theta.W[1].T.tolist()


def numbers_for(theta, x, y, values):
    """Return the table from symbols to the numbers that replace them."""
    pairs = zip([*theta, x, y], values, strict=True)
    return {s: v for names, leaf in pairs for s, v in zip(names.flat, leaf.flat, strict=True)}


@pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
@pytest.mark.parametrize("sigma", ACTIVATIONS.values(), ids=repr)
def test_the_symbolic_gradient_at_numbers_is_the_numeric_one(sigma, cost):
    network = Network((1, 2, 2), (sigma, IDENTITY))
    theta, x, y = parameters(network.sizes), symbols("x", 1, 2), symbols("y", 2, 2)
    numbers = random_theta(network, 1), rng(2).standard_normal((1, 2)), np.eye(2)
    table = numbers_for(theta, x, y, [*numbers[0], *numbers[1:]])
    formula, found = (gradient(network, *args, cost) for args in ((theta, x, y), numbers))
    for names, leaf in zip(formula, found, strict=True):
        values = [float(sp.sympify(entry).xreplace(table)) for entry in names.flat]
        np.testing.assert_allclose(values, leaf.ravel(), atol=ROUNDING)


def test_the_forward_pass_of_symbols_is_the_formula_of_the_book():
    network = Network((1, 1), (TANH,))
    theta, x = parameters((1, 1)), symbols("x", 1, 1)
    w, b = theta.W[1].item(), theta.b[1].item()
    assert forward(network, theta, x).a[1].item() == sp.tanh(w * x.item() + b)


def test_a_forgotten_factor_is_detected_on_symbols():
    network = Network((1, 1), (undefined(),))
    theta, x, y = parameters((1, 1)), symbols("x", 1, 1), symbols("y", 1, 1)
    exact_slope = differentiate(QUADRATIC.value(predict(network, theta, x), y), theta)
    grad = gradient(network, theta, x, y, QUADRATIC)
    for ours, wanted in zip(grad, exact_slope, strict=True):
        assert sp.expand(ours.item() - wanted.item()) == 0
        assert sp.expand(2 * ours.item() - wanted.item()) != 0
