"""Figures of chapter 4, activations."""
