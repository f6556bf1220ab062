"""Explorers: sliders over a scene, alive in JupyterLab and on a page without a kernel."""

from nnbook.explorers.views import Explorer, Live, Scene, Slider, frames, live

__all__ = ["Explorer", "Live", "Scene", "Slider", "frames", "live"]
