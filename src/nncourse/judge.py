"""The judge: reads answers as data and says which checks of a question they pass.

It runs in a process of its own, with the master at hand and no code of the student's. What is given
to the checks (a student's own data) comes from the master's run for that id; only answers come from
the student, from a `source` with `get(name, kind)`: a value, or a callable that asks the sandbox.
"""

import warnings
from dataclasses import asdict, dataclass

from nncourse import checks, serialise
from nncourse.student import as_data, define, parameters

UNDECIDED = "A person has to look at this answer."


@dataclass(frozen=True)
class Verdict:
    """What a check says of an answer: points won of those there are, and a sentence."""

    title: str
    points: float
    out_of: float
    right: bool
    hidden: bool
    message: str
    undecided: bool = False


class Local:
    """Answers that lie in a namespace of this process: a reference solution, or a test's."""

    def __init__(self, names):
        self.names = names

    def get(self, name, kind):
        """Return an answer after its way as data; raise Wrong if its kind is wrong."""
        value = self.names.get(name)
        fault = serialise.kind_fault(value, kind, name)
        checks.require(not fault, fault)
        return as_data(value, kind)


def judged(question, given, source):
    """Return the Verdicts of a question's checks, in order."""
    return [_verdict(check, given, source) for check in question.checks]


def _verdict(check, given, source):
    """Return the Verdict of one check."""
    try:
        function = define(check.source)
        names = parameters(function)
        values = {
            name: source.get(name, check.kinds[name]) if name in check.kinds else given[name]
            for name in names
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            function(**values)
    except checks.Undecided as why:
        return lost(check, str(why) or UNDECIDED, undecided=True)
    except (AssertionError, serialise.NotData) as why:
        return lost(check, str(why) or check.hint or "This is not so.")
    except (MemoryError, RecursionError) as why:
        return lost(check, f"{UNDECIDED} ({type(why).__name__})", undecided=True)
    except Exception as why:
        return lost(check, f"{UNDECIDED} ({type(why).__name__}: {why})", undecided=True)
    return Verdict(check.title, check.points, check.points, True, check.hidden, "")


def lost(check, message, undecided=False):
    """Return the Verdict of a check that was not passed, for this reason."""
    return Verdict(check.title, 0.0, check.points, False, check.hidden, message[:600], undecided)


def as_rows(verdicts):
    """Return verdicts as plain dicts."""
    return [asdict(verdict) for verdict in verdicts]
