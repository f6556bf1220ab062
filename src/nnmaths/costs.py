"""Cost functions, each with its gradient with respect to the last activation.

A cost is a mean over the N samples: the 1/N is inside, so nothing that follows divides again.
`value(y_hat, y)` is the number C, `grad(y_hat, y)` is ∂C/∂a⁽ᴸ⁾ of shape (n_L, N). The two
cross-entropies take pre-activations, so the last activation of their networks is IDENTITY;
`link` turns that output into probabilities.

Two functions for masks follow: `iou` is the metric to report, `soft_iou` a cost that gradient
descent can minimise.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnmaths.activations import identity, sigmoid, softplus


@dataclass(frozen=True)
class Cost:
    """A cost: its value C, its gradient ∂C/∂a⁽ᴸ⁾, and the link from a⁽ᴸ⁾ to the prediction."""

    name: str
    value: Callable[[np.ndarray, np.ndarray], float]
    grad: Callable[[np.ndarray, np.ndarray], np.ndarray]
    link: Callable[[np.ndarray], np.ndarray]

    def __repr__(self) -> str:
        return self.name.upper().replace(" ", "_").replace("-", "_")


def quadratic(y_hat: np.ndarray, y: np.ndarray) -> float:
    """Return C = 1/(2N) Σ (ŷ − y)², for ŷ and y of shape (n_L, N)."""
    return ((y_hat - y) ** 2).sum() / (2 * y.shape[1])


def quadratic_grad(y_hat: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂ŷ = (ŷ − y)/N."""
    return (y_hat - y) / y.shape[1]


def cross_entropy(z: np.ndarray, y: np.ndarray) -> float:
    """Return C = 1/N Σ [log(1 + eᶻ) − y z], the binary cross-entropy of ŷ = σ(z)."""
    return (softplus(z) - y * z).sum() / y.shape[1]


def cross_entropy_grad(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂z = (σ(z) − y)/N."""
    return (sigmoid(z) - y) / y.shape[1]


def softmax(z: np.ndarray) -> np.ndarray:
    """Return e^{z_j} / Σ_k e^{z_k} for each column, its largest entry subtracted first.

    A shift of a whole column does not change the quotient (Bridle 1990), so nothing overflows.
    """
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def softmax_cross_entropy(z: np.ndarray, y: np.ndarray) -> float:
    """Return C = 1/N Σ_i [log Σ_k e^{z_ki} − Σ_k y_ki z_ki]; each column of y adds up to 1."""
    top = z.max(axis=0, keepdims=True)
    log_sum = top + np.log(np.exp(z - top).sum(axis=0, keepdims=True))
    return (log_sum - (y * z).sum(axis=0, keepdims=True)).sum() / y.shape[1]


def softmax_cross_entropy_grad(z: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂z = (softmax(z) − y)/N."""
    return (softmax(z) - y) / y.shape[1]


QUADRATIC = Cost("quadratic", quadratic, quadratic_grad, identity)
CROSS_ENTROPY = Cost("cross-entropy", cross_entropy, cross_entropy_grad, sigmoid)
SOFTMAX_CROSS_ENTROPY = Cost(
    "softmax cross-entropy", softmax_cross_entropy, softmax_cross_entropy_grad, softmax
)

COSTS = {cost.name: cost for cost in (QUADRATIC, CROSS_ENTROPY, SOFTMAX_CROSS_ENTROPY)}


def iou(p: np.ndarray, y: np.ndarray, threshold: float = 0.5) -> float:
    """Return the mean over columns of |A ∩ B| / |A ∪ B| for A = {p > threshold} and B = {y = 1}.

    p and y have shape (n_L, N), and y consists of zeros and ones. It is a metric, not a cost: its
    slope is 0 wherever it has one. If A and B are both empty in a column, the quotient is 0/0
    (Jaccard 1901).
    """
    inside = np.ones_like(p) * (p > threshold)
    both = (inside * y).sum(axis=0, keepdims=True)
    return (both / ((inside + y).sum(axis=0, keepdims=True) - both)).sum() / y.shape[1]


def overlap(p: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return I = Σ_j p_j y_j and U = Σ_j (p_j + y_j − p_j y_j) of each column, as rows (1, N)."""
    both = (p * y).sum(axis=0, keepdims=True)
    return both, (p + y).sum(axis=0, keepdims=True) - both


def soft_iou(p: np.ndarray, y: np.ndarray) -> float:
    """Return C = 1/N Σ_i (1 − I_i/U_i), the soft IoU cost of p in [0, 1] (Rahman and Wang 2016).

    p and y have shape (n_L, N). If both are 0 throughout a column, the quotient is 0/0.
    """
    both, either = overlap(p, y)
    return (1 - both / either).sum() / y.shape[1]


def soft_iou_grad(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return ∂C/∂p = −(y U − (1 − y) I) / (U² N), in the shape of p."""
    both, either = overlap(p, y)
    return ((1 - y) * both - y * either) / either**2 / y.shape[1]
