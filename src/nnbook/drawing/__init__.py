"""What every figure uses: style, axes, numbers as text, and the drawing of a network."""
