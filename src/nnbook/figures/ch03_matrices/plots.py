"""Plots of chapter 3: the shapes in a matrix product as blocks, and matrices as tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from nnbook.drawing.axes import axes_in_points
from nnbook.drawing.numbers import short
from nnbook.drawing.style import BLUE, FONT, INK, MUTED, PAPER, PURPLE, SKY, YELLOW, style

# Lengths are in points.
CELL = 26.0, 17.0  # width and height of a cell of a table
_BLOCK = 13.0  # side of a cell of a block
_SIGN = 18.0  # room for a sign between blocks
_GAP = 8.0
_TINTS = (SKY, YELLOW, PURPLE)


@dataclass(frozen=True)
class Block:
    """A matrix that is drawn by its shape: its name and its numbers of rows and columns.

    `row` or `column`, counted from 1, is filled; with both, only the cell where they meet.
    """

    name: str
    rows: int
    columns: int
    row: int | None = None
    column: int | None = None


@style()
def plot_shapes(ax: Axes, parts: Sequence[Block | str]) -> dict[str, list[Rectangle]]:
    """Draw the matrices of a formula as blocks of cells with their shapes below; a text is a sign.

    Returns the cells of each block, row by row. The figure takes the size of the drawing.
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
    axes_in_points(
        ax, (-12, x - _GAP + 12), (-tallest * _BLOCK / 2 - 18, tallest * _BLOCK / 2 + 17)
    )
    return drawn


def _block(ax: Axes, block: Block, left: float, low: float) -> list[Rectangle]:
    """Draw the cells of a block and fill the marked row or column, or the cell where they meet."""
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


@dataclass(frozen=True)
class Table:
    """A matrix drawn as a table: its cells and its numbers, by (row, column) from 1."""

    cells: dict[tuple[int, int], Rectangle]
    texts: dict[tuple[int, int], Text]


def draw_table(
    ax: Axes, values: np.ndarray, left: float, top: float, tints: np.ndarray | None = None
) -> Table:
    """Draw a matrix as a table from its upper left corner; `tints` numbers the cells' colours."""
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
    """Draw named tables of numbers side by side; equal numbers have the same background.

    The figure takes the size of the tables.
    """
    wide, high = CELL
    x, drawn = 0.0, []
    for name, values in tables:
        tints = np.unique(values, return_inverse=True)[1].reshape(values.shape)
        drawn.append(draw_table(ax, values, x, 0.0, tints))
        ax.text(x + values.shape[1] * wide / 2, 6, name, ha="center")
        x += values.shape[1] * wide + 30
    lowest = max(values.shape[0] for _, values in tables) * high
    axes_in_points(ax, (-12, x - 18), (-lowest - 6, 20))
    return drawn
