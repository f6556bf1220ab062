"""Times of things that do the same work, taken in turns: what slows a machine slows them alike."""

import gc
import statistics
import time


def interleave(runs, seconds, least=5, clock=time.process_time):
    """Call each run in turn until `seconds` are over; return a list of times for each name.

    There are at least `least` rounds, and every round starts with another run. The clock counts
    the seconds of our processor alone, so what else the machine does takes no part; one untimed
    round warms up.
    """
    names, times = list(runs), {name: [] for name in runs}
    for run in runs.values():
        run()
    gc.collect()
    end = time.perf_counter() + seconds
    while len(times[names[0]]) < least or time.perf_counter() < end:
        for name in names:
            times[name].append(timed(runs[name], clock))
        names.append(names.pop(0))
    return times


def timed(run, clock=time.process_time):
    """Return the seconds of one call."""
    start = clock()
    run()
    return clock() - start


def ratio(ours, theirs):
    """Return the median over the rounds of our time by theirs, each pair from the same round."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
