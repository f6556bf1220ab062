"""Figures of chapter 5, costs."""
