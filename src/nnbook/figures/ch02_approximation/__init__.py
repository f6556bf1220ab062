"""Figures of chapter 2, what a network can represent."""
