"""Figures of chapter 3, a layer is a matrix."""
