"""The shape convention: samples are columns.

A data set of N samples with n features is an array of shape (n, N). One sample is (n, 1), the
same code path with N = 1. `columns` turns the usual table (one sample per row) into this shape
without copying: the transposed view keeps each sample contiguous, so that picking a mini-batch
stays fast.
"""

import numpy as np
from numpy.typing import ArrayLike


def column(values: ArrayLike) -> np.ndarray:
    """Return the n numbers as a column, shape (n, 1).

    Raises ValueError when the values are not one-dimensional.
    """
    values = np.asarray(values)
    if values.ndim != 1:
        raise ValueError(f"column: expected shape (n,), found {values.shape}")
    return values[:, None]


def columns(rows: ArrayLike) -> np.ndarray:
    """Return the samples of a table as columns: a view of shape (n, N) for a table (N, n).

    Raises ValueError when the table is not two-dimensional.
    """
    rows = np.ascontiguousarray(rows)
    if rows.ndim != 2:
        raise ValueError(f"columns: expected shape (N, n), found {rows.shape}")
    return rows.T


def one_hot(labels: ArrayLike, K: int) -> np.ndarray:
    """Return y with y[k, i] = 1 where sample i has label k and 0 elsewhere, shape (K, N).

    Raises TypeError when the labels are not integers, ValueError when one lies outside 0…K−1.
    """
    labels = np.asarray(labels)
    if not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(f"labels: expected integers 0…{K - 1}, found dtype {labels.dtype}")
    if labels.ndim != 1:
        raise ValueError(f"labels: expected shape (N,), found {labels.shape}")
    outside = labels[(labels < 0) | (labels >= K)]
    if outside.size:
        raise ValueError(f"labels: expected integers 0…{K - 1}, found {outside[0]}")
    return columns(np.eye(K)[labels])


def check_data(name: str, values: ArrayLike, rows: int) -> None:
    """Check that the values are finite real numbers of shape (rows, N) with N ≥ 1.

    Raises TypeError for another dtype, and ValueError for another shape, NaN or infinity. The
    message names the symbol, and says what was expected and what was found.
    """
    shape = np.shape(values)
    if len(shape) != 2 or shape[0] != rows or shape[1] < 1:
        raise ValueError(f"{name}: expected shape ({rows}, N), found {shape}")
    if np.asarray(values).dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected real numbers, found dtype {np.asarray(values).dtype}")
    if not np.isfinite(values).all():
        raise ValueError(f"{name}: expected finite numbers, found NaN or infinity")
