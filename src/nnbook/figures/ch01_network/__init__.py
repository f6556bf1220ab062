"""Figures of chapter 1, a network."""
