"""Figures of chapter 7, gradient descent."""
