"""Evaluate functions on a grid of points, and find and colour the region where one is positive."""

from collections.abc import Callable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnbook.drawing.style import SKY, YELLOW


def grid_points(xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Return the points of a grid as columns (2, len(ys)·len(xs)), row by row from the first y."""
    return np.stack([axis.ravel() for axis in np.meshgrid(xs, ys)])


def grid_values(f: Callable, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Evaluate a function of points (2, M) on a grid: entry [i, j] is its value at (xs[j], ys[i]).

    One call computes all values; for a function of a single point use `pointwise_values`.
    """
    return np.reshape(f(grid_points(xs, ys)), (len(ys), len(xs)))


def pointwise_values(f: Callable, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Evaluate a function of one point (2,) on a grid, point by point."""
    return np.array([[float(f(np.array([x, y]))) for x in xs] for y in ys])


def positive_region(f: Callable, x: Sequence[float], y: Sequence[float], count: int = 34) -> Path:
    """Return the region of a rectangle where a function of points (2, M) is positive, as one path.

    `count` is the number of grid points along each side. An empty region is a path of one point.
    """
    xs, ys = np.linspace(*x, count), np.linspace(*y, count)
    values = grid_values(f, xs, ys)
    if values.max() <= 0:
        return Path([(x[0], y[0])])
    filled = Figure().subplots().contourf(xs, ys, values, [0, values.max() + 1])
    return filled.get_paths()[0]


def region_patch(ax: Axes) -> PathPatch:
    """Add an empty patch behind the samples, for a region whose path an update sets."""
    patch = PathPatch(Path([(0, 0), (1, 1)]), facecolor=YELLOW, alpha=0.35, linewidth=0, zorder=0)
    return ax.add_patch(patch)


def decision_map(ax: Axes, x: Sequence[float], y: Sequence[float]) -> PathPatch:
    """Colour a rectangle for one class; return the patch for the region of the other class."""
    ax.axhspan(*y, color=SKY, alpha=0.2, linewidth=0, zorder=-1)
    ax.set(xlim=x, ylim=y)
    return region_patch(ax)
