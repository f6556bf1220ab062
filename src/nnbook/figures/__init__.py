"""The figures of the chapters: palette and style, drawings, plots, and scenes that move.

A cell draws with ``plot_…(ax, …)`` on the axes that ``subplots`` makes, and ends with
``picture(fig, alt="…")``.
"""

from nnbook.drawing.axes import plot_points, plot_training
from nnbook.drawing.network import Drawing, draw_layer, draw_network
from nnbook.drawing.style import PALETTE, style, subplots
from nnbook.explorers.live_scene import LiveScene
from nnbook.explorers.scene import Scene, Slider
from nnbook.figures.ch01_network.plots import Layers, draw_layers, plot_output, plot_shades
from nnbook.figures.ch01_network.scenes import scene_forward, scene_neuron, scene_widths
from nnbook.figures.ch02_approximation.live import scene_live_learner
from nnbook.figures.ch02_approximation.plots import (
    plot_fits,
    plot_hats,
    plot_level_lines,
    plot_steps,
    plot_width_errors,
)
from nnbook.figures.ch02_approximation.scenes import scene_bump, scene_width
from nnbook.figures.ch03_matrices.plots import Block, plot_added, plot_shapes
from nnbook.figures.ch03_matrices.scenes import scene_affine, scene_orders, scene_product
from nnbook.figures.ch04_activations.plots import (
    plot_activation,
    plot_boundaries,
    plot_curves_of,
    plot_unfolding,
)
from nnbook.figures.ch04_activations.scenes import (
    scene_bends,
    scene_depth,
    scene_tangent,
    scene_temperature,
)
from nnbook.figures.ch05_cost.plots import plot_bells, plot_costs, plot_mask
from nnbook.figures.ch05_cost.scenes import (
    scene_classes,
    scene_hand_fit,
    scene_overlap,
    scene_two_costs,
)
from nnbook.figures.ch06_backpropagation.plots import (
    plot_gradient_check,
    plot_pass_cost,
    plot_vanishing,
)
from nnbook.figures.ch06_backpropagation.scenes import scene_backward, scene_vanishing
from nnbook.figures.ch07_descent.live import scene_live_line, scene_live_network, scene_live_surface
from nnbook.figures.ch07_descent.plots import (
    plot_contours,
    plot_decision,
    plot_descent,
    plot_function,
    plot_gradient_cloud,
    plot_landscape,
    plot_minimum,
    plot_paths,
    plot_regression,
    plot_saddle,
)
from nnbook.figures.ch07_descent.scenes import scene_momentum, scene_quadratic, scene_valley
from nnbook.figures.ch08_training.plots import (
    plot_errors,
    plot_held_out,
    plot_images,
    plot_variance,
)
from nnbook.figures.ch08_training.scenes import (
    scene_batches,
    scene_epochs,
    scene_labels,
    scene_size,
    scene_start,
)
from nnbook.figures.mnist.plots import plot_confusion, plot_digits, plot_error
from nnbook.figures.mnist.scenes import scene_mistakes
from nnbook.svg.document import Picture, picture

__all__ = [
    "PALETTE",
    "Block",
    "Drawing",
    "Layers",
    "LiveScene",
    "Picture",
    "Scene",
    "Slider",
    "draw_layer",
    "draw_layers",
    "draw_network",
    "picture",
    "plot_activation",
    "plot_added",
    "plot_bells",
    "plot_boundaries",
    "plot_confusion",
    "plot_contours",
    "plot_costs",
    "plot_curves_of",
    "plot_decision",
    "plot_descent",
    "plot_digits",
    "plot_error",
    "plot_errors",
    "plot_fits",
    "plot_function",
    "plot_gradient_check",
    "plot_gradient_cloud",
    "plot_hats",
    "plot_held_out",
    "plot_images",
    "plot_landscape",
    "plot_level_lines",
    "plot_mask",
    "plot_minimum",
    "plot_output",
    "plot_pass_cost",
    "plot_paths",
    "plot_points",
    "plot_regression",
    "plot_saddle",
    "plot_shades",
    "plot_shapes",
    "plot_steps",
    "plot_training",
    "plot_unfolding",
    "plot_vanishing",
    "plot_variance",
    "plot_width_errors",
    "scene_affine",
    "scene_backward",
    "scene_batches",
    "scene_bends",
    "scene_bump",
    "scene_classes",
    "scene_depth",
    "scene_epochs",
    "scene_forward",
    "scene_hand_fit",
    "scene_labels",
    "scene_live_learner",
    "scene_live_line",
    "scene_live_network",
    "scene_live_surface",
    "scene_mistakes",
    "scene_momentum",
    "scene_neuron",
    "scene_orders",
    "scene_overlap",
    "scene_product",
    "scene_quadratic",
    "scene_size",
    "scene_start",
    "scene_tangent",
    "scene_temperature",
    "scene_two_costs",
    "scene_valley",
    "scene_vanishing",
    "scene_width",
    "scene_widths",
    "style",
    "subplots",
]
