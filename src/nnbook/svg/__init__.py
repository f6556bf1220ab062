"""Convert matplotlib figures to lean SVG: paths, artists and the whole document."""
