"""Figures of chapter 8, training."""
