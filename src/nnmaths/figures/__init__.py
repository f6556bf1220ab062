"""Pictures of the book: palette and style, drawings, plots, and the scenes that move.

Nothing but this folder imports matplotlib. A cell draws with ``plot_…(ax, …)`` on the axes that
``subplots`` makes and ends with ``picture(fig, alt="…")``.
"""

from .activations import plot_activation, plot_boundaries, plot_curves_of, plot_unfolding
from .approximation import plot_fits, plot_hats, plot_level_lines, plot_steps, plot_width_errors
from .backpropagation import plot_gradient_check, plot_pass_cost, plot_vanishing
from .cost import plot_bells, plot_costs, plot_mask
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
from .matrices import Block, plot_added, plot_shapes
from .mnist import plot_confusion, plot_digits, plot_error
from .network import Drawing, draw_layer, draw_network
from .neuron import Layers, draw_layers, plot_output, plot_shades
from .scene import Scene, Slider
from .scenes import scene_momentum, scene_quadratic, scene_valley
from .scenes_activations import scene_bends, scene_depth, scene_tangent, scene_temperature
from .scenes_approximation import scene_bump, scene_width
from .scenes_cost import scene_classes, scene_hand_fit, scene_overlap, scene_two_costs
from .scenes_live import scene_live_line, scene_live_network, scene_live_surface
from .scenes_live_approximation import scene_live_learner
from .scenes_matrices import scene_affine, scene_orders, scene_product
from .scenes_mnist import scene_mistakes
from .scenes_network import scene_backward, scene_vanishing
from .scenes_neuron import scene_forward, scene_neuron, scene_widths
from .scenes_training import (
    scene_batches,
    scene_epochs,
    scene_labels,
    scene_size,
    scene_start,
)
from .style import PALETTE, style, subplots
from .svg import Picture, picture
from .training import plot_errors, plot_held_out, plot_images, plot_variance

__all__ = [
    "PALETTE",
    "Block",
    "Drawing",
    "Layers",
    "LiveRun",
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
    "still",
    "style",
    "subplots",
]
