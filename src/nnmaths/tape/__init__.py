"""A tape: the array operations of a function as a list, and the training step as a tape."""

from nnmaths.tape.tracer import Tape, TraceError, placeholder, trace

__all__ = ["Tape", "TraceError", "placeholder", "trace"]
