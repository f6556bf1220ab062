"""What every test run shares, the chapters under nbval included."""

import os

os.environ.setdefault("MPLBACKEND", "Agg")


def pytest_collectstart(collector):
    """Chapters are stored without pictures: let nbval compare their text alone."""
    if getattr(collector, "skip_compare", None) is not None:
        collector.skip_compare += ("image/svg+xml", "text/html", "text/latex")
