"""What a network of affine layers draws, and the smallest network that draws more.

A stack of affine layers is one affine layer, so its boundary is a hyperplane; two neurons with a
bend between two affine layers are enough for XOR.
"""

import numpy as np

from nnmaths.activations import IDENTITY, RELU
from nnmaths.network import Network, Parameters


def collapse(theta):
    """Return the one affine layer that a stack of affine layers is, as parameters with L = 1.

    W̃ = W⁽ᴸ⁾ ⋯ W⁽¹⁾ is (n_L, n_0), b̃ = Σ_l W⁽ᴸ⁾ ⋯ W⁽ˡ⁺¹⁾ b⁽ˡ⁾ is (n_L, 1). It is the same map only
    where every activation of the network is IDENTITY.
    """
    W, b = theta.W[1], theta.b[1]
    for l in range(2, theta.L + 1):
        W, b = theta.W[l] @ W, theta.W[l] @ b + theta.b[l]
    return Parameters({1: W}, {1: b})


def xor_network():
    """Return a 2-2-1 network and its parameters: relu(x₁ + x₂) − 2 relu(x₁ + x₂ − 1).

    On the corners of the unit square its output is 1 where x₁ ≠ x₂, else 0. The weights are those
    of Goodfellow, Bengio and Courville (2016), section 6.1.
    """
    W = {1: np.array([[1.0, 1.0], [1.0, 1.0]]), 2: np.array([[1.0, -2.0]])}
    b = {1: np.array([[0.0], [-1.0]]), 2: np.array([[0.0]])}
    return Network((2, 2, 1), (RELU, IDENTITY)), Parameters(W, b)
