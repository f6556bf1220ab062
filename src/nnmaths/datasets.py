"""Data sets: seeded, offline, samples in columns.

A data set is `Data(x, y)` with x of shape (n_0, N) and y of shape (n_L, N). Functions that draw at
random take `rng`, a `numpy.random.default_rng(seed)`. `split`, `standardise` and `mislabelled`
return new data sets.
"""

import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nnmaths.arrays import column, columns, one_hot


class Data(NamedTuple):
    """Inputs x of shape (n_0, N) and targets y of shape (n_L, N), one sample per column."""

    x: np.ndarray
    y: np.ndarray


class Mistakes(NamedTuple):
    """N test digits that a network classified wrongly.

    `grey` (N, 28, 28) goes from 0 to 255, `label` is the correct digit, `index` the position among
    the 10,000, and `p` (10, N) holds the probabilities that the network gave.
    """

    grey: np.ndarray
    label: np.ndarray
    index: np.ndarray
    p: np.ndarray


class Line(NamedTuple):
    """A regression with known parameters: y = w x + b + noise, with w (1, n) and b (1, 1)."""

    x: np.ndarray
    y: np.ndarray
    w: np.ndarray
    b: np.ndarray


def xor() -> Data:
    """Return the corners of the unit square; y is 1 where the two coordinates differ, else 0."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return Data(columns(x), columns(column(x.sum(axis=1) % 2)))


def moons(N: int, rng: np.random.Generator, noise: float = 0.1) -> Data:
    """Return two interlocking half circles; y is 0 on the upper one and 1 on the lower one.

    noise is the standard deviation in both coordinates.
    """
    label = _half_and_half(N)
    angle = np.pi * rng.random(N)
    up = np.stack([np.cos(angle), np.sin(angle)])
    down = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return _with_noise(np.where(label == 0, up, down), label, rng, noise)


def circles(N: int, rng: np.random.Generator, noise: float = 0.05, inner: float = 0.5) -> Data:
    """Return two circles around 0: y is 0 on radius 1 and 1 on the inner radius."""
    label = _half_and_half(N)
    angle = 2 * np.pi * rng.random(N)
    radius = np.where(label == 0, 1.0, inner)
    return _with_noise(radius * np.stack([np.cos(angle), np.sin(angle)]), label, rng, noise)


def spiral(N: int, rng: np.random.Generator, noise: float = 0.02, turns: float = 1.0) -> Data:
    """Return two spiral arms with radius from 0.1 to 1; y is 0 on one arm and 1 on the other."""
    label = _half_and_half(N)
    radius = 0.1 + 0.9 * np.sqrt(rng.random(N))
    angle = 2 * np.pi * turns * radius + np.pi * label
    return _with_noise(radius * np.stack([np.cos(angle), np.sin(angle)]), label, rng, noise)


def linear_regression(
    N: int,
    rng: np.random.Generator,
    w: Sequence[float] = (2.0, -1.0),
    b: float = 0.5,
    noise: float = 0.1,
) -> Line:
    """Return y = w x + b + noise for standard normal inputs, together with the true w and b."""
    w = np.array([w], dtype=float)
    x = columns(rng.standard_normal((N, w.shape[1])))
    return Line(x, w @ x + b + noise * rng.standard_normal((1, N)), w, np.array([[float(b)]]))


def digits() -> Data:
    """Return 1,797 handwritten digits: x is (64, 1797), grey from 0 to 1, y is one-hot (10, 1797).

    An image has 8 × 8 pixels in row-major order. Source: Alpaydin and Kaynak, Optical Recognition
    of Handwritten Digits, UCI Machine Learning Repository 1998, CC BY 4.0 (see data/DIGITS.txt).
    """
    with files("nnmaths").joinpath("data/digits.npz").open("rb") as file:
        stored = np.load(file)
        grey, labels = stored["grey"], stored["labels"]
    return Data(columns(grey / 16), one_hot(labels, 10))


def split(data: Data, sizes: Sequence[int], rng: np.random.Generator) -> tuple[Data, ...]:
    """Return the samples, in random order, as disjoint sets of these sizes, which add up to N.

    `train, validation, test = split(data, (1000, 300, 497), rng)`. Raises ValueError when a size is
    below 1 or the sizes do not add up.
    """
    N = data.x.shape[1]
    if min(sizes, default=0) < 1 or sum(sizes) != N:
        raise ValueError(f"sizes: expected numbers ≥ 1 that add up to N = {N}, found {sizes}")
    parts = np.split(rng.permutation(N), np.cumsum(sizes)[:-1])
    return tuple(Data(columns(data.x.T[part]), columns(data.y.T[part])) for part in parts)


def standardise(train: Data, *others: Data) -> tuple[Data, ...]:
    """Return the data sets with x̃ = (x − x̄)/s, where x̄ and s are those of the first set.

    Each input (a row of x) has its own x̄ and s. Raises ValueError for an input that is the same in
    all samples of the first set: its standard deviation is 0.
    """
    constant = np.flatnonzero(np.ptp(train.x, axis=1) == 0)
    if constant.size:
        raise ValueError(f"x: inputs {constant.tolist()} are constant, so s = 0; leave them out")
    mean, s = moments(train.x)
    return tuple(data._replace(x=rescaled(data.x, mean, s)) for data in (train, *others))


def moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x̄ = 1/N Σ x_i and s = √(1/N Σ (x_i − x̄)²) of each row, both of shape (n, 1)."""
    N = x.shape[1]
    mean = x.sum(axis=1, keepdims=True) / N
    return mean, np.sqrt(((x - mean) ** 2).sum(axis=1, keepdims=True) / N)


def rescaled(x: np.ndarray, mean: np.ndarray, s: np.ndarray) -> np.ndarray:
    """Return (x − x̄)/s for each row of x (n, N); x̄ and s are (n, 1)."""
    return (x - mean) / s


def mislabelled(data: Data, share: float, rng: np.random.Generator) -> Data:
    """Return the data with wrong labels for round(share · N) samples, chosen at random.

    y is one row of 0 and 1, or one-hot; the wrong class is drawn uniformly from the others.
    Raises ValueError when the share lies outside [0, 1] or y is neither.
    """
    K, N = data.y.shape
    if not 0 <= share <= 1:
        raise ValueError(f"share: expected a number from 0 to 1, found {share}")
    _check_labels(data.y)
    labels = data.y.argmax(axis=0) if K > 1 else data.y[0].astype(int)
    wrong = rng.permutation(N)[: round(share * N)]
    classes = max(K, 2)
    labels[wrong] = (labels[wrong] + rng.integers(1, classes, size=wrong.size)) % classes
    y = one_hot(labels, K) if K > 1 else columns(column(labels.astype(float)))
    return data._replace(y=y)


def _check_labels(y: np.ndarray) -> None:
    """Raise ValueError unless the targets are one row of 0 and 1, or one-hot."""
    if not np.isin(y, (0, 1)).all() or (len(y) > 1 and (y.sum(axis=0) != 1).any()):
        raise ValueError(
            f"y: expected one row of 0 and 1 or one-hot columns, found neither; shape {y.shape}"
        )


def mnist(folder: str | Path = "data/mnist", dtype: type = np.float32) -> tuple[Data, Data]:
    """Return MNIST as (train, test): 60,000 and 10,000 handwritten digits of 28 × 28 pixels.

    Each is a Data with x (784, N), grey from 0 to 1 in row-major order, and one-hot y (10, N). The
    folder holds the four IDX files that `make mnist` downloads. In single precision, which is
    enough for greys of 8 bits, the training inputs take 188 MB, in double precision 376 MB; with
    parameters of the same type a training step stays in that precision. Raises FileNotFoundError
    for a missing folder or file, and ValueError for a file that does not hold what its name says.
    Source: LeCun, Cortes and Burges 1998.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: there is no such folder; `make mnist` creates it")
    return _idx_pair(folder, "train", dtype), _idx_pair(folder, "t10k", dtype)


def _idx_pair(folder: Path, part: str, dtype: type) -> Data:
    """Return the images and the labels of one part of MNIST as Data in columns."""
    grey = _idx(folder / f"{part}-images-idx3-ubyte", 3)
    path = folder / f"{part}-labels-idx1-ubyte"
    labels = _idx(path, 1)
    if len(labels) != len(grey):
        raise ValueError(f"{path}: expected {len(grey)} labels, one per image, found {len(labels)}")
    if labels.max(initial=0) > 9:
        raise ValueError(f"{path}: expected labels 0…9, found {labels.max()}")
    x = np.divide(grey.reshape(len(grey), -1), 255, dtype=dtype)
    return Data(columns(x), one_hot(labels, 10).astype(dtype))


def _idx(path: Path, axes: int) -> np.ndarray:
    """Return the bytes of an IDX file as an array with this number of axes.

    The file begins with 0, 0, 8 (for bytes), the number of axes, and the length of each axis as a
    big-endian integer of four bytes. Raises FileNotFoundError or ValueError that names the file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"{path}: there is no such file; `make mnist` downloads it")
    data = path.read_bytes()
    start = 4 + 4 * axes
    if len(data) < start or data[:4] != bytes([0, 0, 8, axes]):
        raise ValueError(
            f"{path}: expected an IDX file of bytes with {axes} axes, found another header"
        )
    shape = tuple(np.frombuffer(data[4:start], ">u4").tolist())
    values = np.frombuffer(data, np.uint8, offset=start)
    if values.size != np.prod(shape, dtype=int):
        raise ValueError(f"{path}: expected {shape} bytes after the header, found {values.size}")
    return values.reshape(shape)


def mnist_runs() -> dict:
    """Return the settings, seeds and accuracies of the runs that `benchmarks/mnist.py` stored."""
    return json.loads(files("nnmaths").joinpath("data/mnist_runs.json").read_text("utf-8"))


def mnist_mistakes() -> Mistakes:
    """Return the first test digits that the first run of the best network classified wrongly.

    Source and licence of the images: data/MNIST.txt.
    """
    with files("nnmaths").joinpath("data/mnist_mistakes.npz").open("rb") as file:
        stored = np.load(file)
        grey, label, index = stored["grey"], stored["label"].astype(int), stored["index"]
        return Mistakes(grey, label, index.astype(int), columns(stored["probability"]))


def _half_and_half(N: int) -> np.ndarray:
    """Return N labels: 0 for the first half (rounded up) and 1 for the rest."""
    return (np.arange(N) >= (N + 1) // 2).astype(int)


def _with_noise(
    points: np.ndarray, label: np.ndarray, rng: np.random.Generator, noise: float
) -> Data:
    """Return the points (2, N) with normal noise added, and their labels as targets (1, N)."""
    rows = points.T + noise * rng.standard_normal((points.shape[1], 2))
    return Data(columns(rows), columns(column(label.astype(float))))
