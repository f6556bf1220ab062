"""Plots of chapter 3: shapes of a product as blocks, and matrices as tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnbook.drawing.numbers import short
from nnbook.drawing.style import BLUE, FONT, INK, MUTED, PAPER, PURPLE, SKY, YELLOW, style

CELL = 26.0, 17.0  # points, as are all lengths here: a cell of a table, wide and high
_BLOCK = 13.0  # and the side of a cell of a block
_SIGN = 18.0  # room for a sign between blocks
_GAP = 8.0
_TINTS = (SKY, YELLOW, PURPLE)


@dataclass(frozen=True)
class Block:
    """A matrix of which only the shape is drawn: its name and numbers of rows and columns.

    `row` and `column` (counted from 1) are filled, and where both are given their one cell.
    """

    name: str
    rows: int
    columns: int
    row: int | None = None
    column: int | None = None


@style()
def plot_shapes(ax: Axes, parts: Sequence[Block | str]) -> dict[str, list[Rectangle]]:
    """Matrices of a formula as blocks of cells with their shapes below; a text is a sign between.

    Returns the cells of each block, row by row. The figure takes the size that the drawing needs.
    """
    tallest = max(part.rows for part in parts if isinstance(part, Block))
    x, drawn = 0.0, {}
    for part in parts:
        if isinstance(part, str):
            ax.text(x + _SIGN / 2 - _GAP / 2, -4, part, ha="center", fontsize=FONT + 2)
            x += _SIGN
            continue
        low = -part.rows * _BLOCK / 2
        drawn[part.name] = _block(ax, part, x, low)
        middle = x + part.columns * _BLOCK / 2
        ax.text(middle, low - 13, f"{part.rows} × {part.columns}", ha="center", color=MUTED)
        ax.text(middle, -low + 5, part.name, ha="center")
        x += part.columns * _BLOCK + _GAP
    _bare(ax, (-12, x - _GAP + 12), (-tallest * _BLOCK / 2 - 18, tallest * _BLOCK / 2 + 17))
    return drawn


def _block(ax: Axes, block: Block, left: float, low: float) -> list[Rectangle]:
    """The cells of a block; those of the marked row and column, or their common one, are filled."""
    cells = []
    for row, column in np.ndindex(block.rows, block.columns):
        marks = [
            here + 1 == mark
            for here, mark in ((row, block.row), (column, block.column))
            if mark is not None
        ]
        face = BLUE if marks and all(marks) else PAPER
        place = left + column * _BLOCK, low + (block.rows - 1 - row) * _BLOCK
        look = {"facecolor": face, "edgecolor": MUTED, "linewidth": 0.6}
        cells.append(ax.add_patch(Rectangle(place, _BLOCK, _BLOCK, **look)))
    return cells


def _bare(ax: Axes, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Nothing but the drawing: no axes, one unit a point, the figure as large as it needs."""
    ax.set(xlim=x, ylim=y)
    ax.set_axis_off()
    ax.set_position((0, 0, 1, 1))
    ax.get_figure(root=True).set_size_inches((x[1] - x[0]) / 72, (y[1] - y[0]) / 72)


@dataclass(frozen=True)
class Table:
    """A matrix written out: its cells and its numbers, by (row, column) from 1."""

    cells: dict[tuple[int, int], Rectangle]
    texts: dict[tuple[int, int], Text]


def draw_table(ax: Axes, values: np.ndarray, left: float, top: float, tints=None) -> Table:
    """Write a matrix as a table whose upper left corner is given; `tints` numbers the grounds."""
    wide, high = CELL
    table = Table({}, {})
    for row, column in np.ndindex(*values.shape):
        place = left + column * wide, top - (row + 1) * high
        look = {"facecolor": PAPER, "edgecolor": MUTED, "linewidth": 0.6}
        key = row + 1, column + 1
        table.cells[key] = ax.add_patch(Rectangle(place, wide, high, **look))
        if tints is not None:
            tint = _TINTS[tints[row, column] % len(_TINTS)]
            table.cells[key].set(facecolor=tint, alpha=0.35)
        middle, base = place[0] + wide / 2, place[1] + high / 2 - 3
        number = short(values[row, column])
        table.texts[key] = ax.text(middle, base, number, ha="center", color=INK, zorder=3)
    return table


@style()
def plot_added(ax: Axes, tables: Sequence[tuple[str, np.ndarray]]) -> list[Table]:
    """Tables of numbers side by side, each under its name; equal numbers have one ground.

    The figure takes the size that the tables need.
    """
    wide, high = CELL
    x, drawn = 0.0, []
    for name, values in tables:
        tints = np.unique(values, return_inverse=True)[1].reshape(values.shape)
        drawn.append(draw_table(ax, values, x, 0.0, tints))
        ax.text(x + values.shape[1] * wide / 2, 6, name, ha="center")
        x += values.shape[1] * wide + 30
    lowest = max(values.shape[0] for _, values in tables) * high
    _bare(ax, (-12, x - 18), (-lowest - 6, 20))
    return drawn
