"""What all figures share: style, axes, grids, formatted numbers, and drawings of networks."""
