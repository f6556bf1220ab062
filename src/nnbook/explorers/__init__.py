"""Explorers: pictures that readers move, in JupyterLab and on a page without a kernel."""

from nnbook.explorers.frame_explorer import Explorer, frames
from nnbook.explorers.live_explorer import Live, live
from nnbook.explorers.scene import Scene, Slider

__all__ = ["Explorer", "Live", "Scene", "Slider", "frames", "live"]
