"""Backpropagation: four equations.

    δ⁽ᴸ⁾    = ∂C/∂a⁽ᴸ⁾ ⊙ σ′(z⁽ᴸ⁾)
    δ⁽ˡ⁾    = (W⁽ˡ⁺¹⁾)ᵀ δ⁽ˡ⁺¹⁾ ⊙ σ′(z⁽ˡ⁾)
    ∂C/∂W⁽ˡ⁾ = δ⁽ˡ⁾ (a⁽ˡ⁻¹⁾)ᵀ
    ∂C/∂b⁽ˡ⁾ = δ⁽ˡ⁾ 1

The code uses only `@ * .T .sum`, so it runs on floats and on SymPy symbols. The mean over samples
is inside the cost. Source: Rumelhart, Hinton and Williams 1986; Linnainmaa 1970.
"""

import numpy as np

from nnmaths.costs import Cost
from nnmaths.network import Network, Parameters, Trace, forward


def deltas(
    network: Network, theta: Parameters, trace: Trace, y: np.ndarray, cost: Cost
) -> dict[int, np.ndarray]:
    """Return δ⁽ˡ⁾ = ∂C/∂z⁽ˡ⁾ for l = L…1, each of shape (n_l, N).

    Raises ValueError when y does not have the shape of the network's output.
    """
    W, z, a, sigma, L = theta.W, trace.z, trace.a, network.sigma, network.L
    check_target(a[L], y)
    delta = {L: cost.grad(a[L], y) * sigma[L].df(z[L])}
    for l in range(L - 1, 0, -1):
        delta[l] = (W[l + 1].T @ delta[l + 1]) * sigma[l].df(z[l])
    return delta


def gradient(
    network: Network, theta: Parameters, x: np.ndarray, y: np.ndarray, cost: Cost
) -> Parameters:
    """Return ∇C, in the shape of θ: ∂C/∂W⁽ˡ⁾ = δ⁽ˡ⁾(a⁽ˡ⁻¹⁾)ᵀ and ∂C/∂b⁽ˡ⁾ = Σ_i δ⁽ˡ⁾_i.

    x is (n_0, N) and y is (n_L, N). Raises ValueError when a shape does not fit.
    """
    trace = forward(network, theta, x)
    delta = deltas(network, theta, trace, y, cost)
    W = {l: delta[l] @ trace.a[l - 1].T for l in network.layers}
    b = {l: delta[l].sum(axis=1, keepdims=True) for l in network.layers}
    return Parameters.of(W, b)


def check_target(y_hat: np.ndarray, y: np.ndarray) -> None:
    """Raise ValueError unless the target has the shape (n_L, N) of the output."""
    if np.shape(y) != y_hat.shape:
        raise ValueError(f"y: expected shape {y_hat.shape}, found {np.shape(y)}")
