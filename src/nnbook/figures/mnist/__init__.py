"""Figures of the page on MNIST."""
