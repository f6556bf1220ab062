"""Figures of chapter 6, backpropagation."""
