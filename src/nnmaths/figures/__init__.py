"""Pictures of the book: palette and style, drawings, plots, and the scenes that move.

Nothing but this folder imports matplotlib. A cell draws with ``plot_…(ax, …)`` on the axes that
``subplots`` makes and ends with ``picture(fig, alt="…")``.
"""

from .backpropagation import plot_gradient_check, plot_pass_cost, plot_vanishing
from .descent import (
    plot_contours,
    plot_decision,
    plot_descent,
    plot_function,
    plot_gradient_cloud,
    plot_landscape,
    plot_minimum,
    plot_paths,
    plot_points,
    plot_regression,
    plot_saddle,
    plot_training,
)
from .live import LiveRun, LiveScene, still
from .mnist import plot_confusion, plot_digits, plot_error
from .network import Drawing, draw_network
from .scene import Scene, Slider
from .scenes import scene_momentum, scene_quadratic, scene_valley
from .scenes_live import scene_live_line, scene_live_network, scene_live_surface
from .scenes_mnist import scene_mistakes
from .scenes_network import scene_backward, scene_vanishing
from .style import PALETTE, style, subplots
from .svg import Picture, picture

__all__ = [
    "PALETTE",
    "Drawing",
    "LiveRun",
    "LiveScene",
    "Picture",
    "Scene",
    "Slider",
    "draw_network",
    "picture",
    "plot_confusion",
    "plot_contours",
    "plot_decision",
    "plot_descent",
    "plot_digits",
    "plot_error",
    "plot_function",
    "plot_gradient_check",
    "plot_gradient_cloud",
    "plot_landscape",
    "plot_minimum",
    "plot_pass_cost",
    "plot_paths",
    "plot_points",
    "plot_regression",
    "plot_saddle",
    "plot_training",
    "plot_vanishing",
    "scene_backward",
    "scene_live_line",
    "scene_live_network",
    "scene_live_surface",
    "scene_mistakes",
    "scene_momentum",
    "scene_quadratic",
    "scene_valley",
    "scene_vanishing",
    "still",
    "style",
    "subplots",
]
