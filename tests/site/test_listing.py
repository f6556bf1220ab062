"""The listing in PyTorch of chapter 8 makes the steps that ours makes, where PyTorch is there."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from nnmaths.activations import IDENTITY, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import CROSS_ENTROPY
from nnmaths.datasets import moons
from nnmaths.network import Network, initialise

PAGE = Path(__file__).resolve().parents[2] / "book" / "08_training.ipynb"
LOOP = "for x, y in batches:"
# Both compute in float64; sums are taken in another order.
ROUNDING = 1e-12


def listing():
    """Return the one listing of the chapter that imports PyTorch."""
    cells = nbformat.read(PAGE, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if "import torch" in block]
    return found


def test_the_listing_is_python_and_has_the_five_steps_in_order():
    code = listing()
    compile(code, "listing", "exec")
    assert code.count(LOOP) == 1
    assert re.findall(r"# (\d)", code) == ["1", "2", "3", "4", "5"]


@pytest.fixture
def torch():
    """Return PyTorch, computing in float64 as we do."""
    torch = pytest.importorskip("torch")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(before)


def test_the_listing_makes_our_steps(torch):
    rng = np.random.default_rng(8)
    data, network = moons(12, rng), Network((2, 8, 1), (TANH, IDENTITY))
    theta = initialise(network, rng)
    parts = [(data.x[:, i : i + 4], data.y[:, i : i + 4]) for i in (0, 4, 8)]
    batches = [tuple(torch.tensor(part.T.copy()) for part in pair) for pair in parts]
    before, loop = listing().split(LOOP)
    names = {}
    exec(compile(before, "before the loop", "exec"), names)
    linear = [names["model"][0], names["model"][2]]
    with torch.no_grad():
        for l, layer in enumerate(linear, start=1):
            layer.weight.copy_(torch.tensor(theta.W[l]))
            layer.bias.copy_(torch.tensor(theta.b[l].ravel()))
    step = compile(LOOP + loop, "the loop", "exec")
    for (x, y), batch in zip(parts, batches, strict=True):
        exec(step, names | {"batches": [batch]})
        theta = theta - 0.5 * gradient(network, theta, x, y, CROSS_ENTROPY)
        for l, layer in enumerate(linear, start=1):
            W, b = layer.weight.detach().numpy(), layer.bias.detach().numpy()[:, None]
            np.testing.assert_allclose(W, theta.W[l], rtol=0, atol=ROUNDING)
            np.testing.assert_allclose(b, theta.b[l], rtol=0, atol=ROUNDING)
