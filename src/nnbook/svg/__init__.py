"""Matplotlib figures as lean SVG: paths, artists and the whole document."""
