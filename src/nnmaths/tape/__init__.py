"""A tape: the array operations of a function as a list, and the training step as a tape."""

from nnmaths.tape.tracer import RecordingError, Tape, part, record

__all__ = ["RecordingError", "Tape", "part", "record"]
