"""Small pieces of English for messages."""


def count(number: float, singular: str, plural: str = "") -> str:
    """Return a number with its noun: 1 point, 2 points, 0.5 points."""
    return f"{number:g} {singular if number == 1 else plural or singular + 's'}"
