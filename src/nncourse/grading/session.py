"""One submission between its box and the judge: a box that dies starts again without the cause.

The judge runs in a forked process of its own, with bounds on time and memory, for each question.
"""

import contextlib
import json
import os
import resource
import select
import signal
import time

from nncourse import checks, judge, serialise
from nncourse.grading import results, sandbox

SECONDS, MEMORY = 30, 2 << 30  # for the judge, a question
RESTARTS = 6


class Session:
    """The boxes of one submission, started when first asked, again without the cell that ended one.

    It is the `source` of the judge: `get` returns an answer, or a function that asks the box.
    """

    def __init__(self, cells, kind, limits):
        self.cells, self.kind, self.limits = cells, kind, limits
        self.skip, self.box, self.restarts, self.log = {}, None, 0, {}
        self.deadline = time.monotonic() + limits.total
        self.why, self.asked, self.deaths = "", False, []

    def __enter__(self):
        """Return the session itself; nothing runs yet."""
        return self

    def __exit__(self, *_):
        self.drop()

    def drop(self):
        """End the box, if there is one."""
        if self.box:
            self.box.close()
            self.box = None

    def open(self):
        """Return a box in which all cells ran that let it live; raise BoxDiedError if none did."""
        while self.box is None:
            if self.asked or self.restarts > RESTARTS or time.monotonic() > self.deadline:
                raise sandbox.BoxDiedError(self.why or "it ran for too long")
            self.restarts += 1
            box = sandbox.Box(self.kind, self.limits, self.deadline)
            try:
                box.run([cell for cell in self.cells if cell[0] not in self.skip])
                self.box, self.log = box, dict(box.log)
            except sandbox.BoxDiedError as why:
                box.close()
                self.why = str(why)
                if box.at is None and self.restarts == 1:  # no line of the student's has run
                    raise sandbox.NoSandboxError(f"the box did not start: {why}") from None
                if box.at is None:
                    raise
                self.skip[box.at] = f"{why}; the cell was left out"
        return self.box

    def errors(self):
        """Return what went wrong in which cell."""
        log = {**self.log, **self.skip}
        return [{"cell": number, "error": error} for number, error in sorted(log.items()) if error]

    def eyes(self):
        """Return sentences on what ended a box: a person should read that code."""
        return [f"Cell {number}: {why}." for number, why in sorted(self.skip.items())] + [
            f"{death}." for death in self.deaths
        ]

    def get(self, name, kind):
        """Return an answer; raise checks.Wrong with what is wrong with its kind."""
        reply = self.ask(get=name, kind=kind)
        if "data" not in reply:
            raise checks.Wrong(str(reply.get("fault", "it has no answer"))[:400])
        if kind == "function":
            return lambda *args: self.call(name, args)
        value = serialise.unpack(reply["data"])
        fault = serialise.kind_fault(value, kind, name)
        checks.require(not fault, fault)
        return value

    def call(self, name, args):
        """Return the value of the student's function; raise checks.Wrong if it has none."""
        reply = self.ask(call=name, args=[serialise.pack(arg) for arg in args])
        if "data" not in reply:
            raise checks.Wrong(f"your function {name} failed: {str(reply.get('raised'))[:400]}")
        return serialise.unpack(reply["data"])

    def ask(self, **request):
        """Return the box's reply; raise checks.Wrong where it died of the question."""
        try:
            return self.open().ask(**request)
        except sandbox.BoxDiedError as why:
            self.why = str(why)
            self.drop()
            raise checks.Wrong(f"your notebook could not be asked: {why}") from None


def judge_one(question, sheet, given, session, digest):
    """Return the entry of a question, judged in a process of its own."""
    with contextlib.suppress(sandbox.BoxDiedError):
        session.open()
    reply = apart(lambda: _judged(question, sheet, given, session, digest), SECONDS)
    if reply is None or reply["died"]:
        session.drop()
    if reply and reply["died"]:
        session.deaths.append(f"{question.name}: when it was asked, {reply['died']}")
    if reply is None:
        rows = [judge.lost(check, judge.UNDECIDED, undecided=True) for check in question.checks]
        return results.entry(question, sheet, {}, judge.as_rows(rows))
    return reply["entry"]


def _judged(question, sheet, given, session, digest):
    """Return the entry of a question and whether its box died of it."""
    session.asked = True  # a box that dies of this question is started again for the next
    checks.seed(sheet.name, digest, question.name)
    data = {name: _datum(session, name, kind) for name, kind in question.answers.items()}
    rows = judge.as_rows(judge.judged(question, given, session))
    died = session.why if session.box is None else ""
    return {"entry": results.entry(question, sheet, data, rows), "died": died}


def _datum(session, name, kind):
    """Return an answer as it came, for the feedback and the comparison of answers."""
    try:
        reply = session.ask(get=name, kind=kind)
    except checks.Wrong as why:
        return {"kind": kind, "data": None, "fault": str(why)}
    return {"kind": kind, "data": reply.get("data"), "fault": str(reply.get("fault", ""))[:400]}


def apart(action, seconds):
    """Return what an action returns in a forked process with bounds, or None if it fails there."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _child(action, writer, seconds)
    os.close(writer)
    try:
        return _read_all(reader, time.monotonic() + seconds + 5)
    finally:
        os.close(reader)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _child(action, writer, seconds):
    """Run the action in the child, write its value as JSON, and end."""
    try:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(int(seconds) + 4)
        text = json.dumps(action()).encode()
        with os.fdopen(writer, "wb") as stream:
            stream.write(text)
    finally:
        os._exit(0)


def _read_all(reader, until):
    """Return the JSON that comes through a pipe until its end, or None."""
    chunks = []
    while (left := until - time.monotonic()) > 0:
        if not select.select([reader], [], [], left)[0]:
            return None
        chunk = os.read(reader, 1 << 20)
        if not chunk:
            return json.loads(b"".join(chunks)) if chunks else None
        chunks.append(chunk)
    return None
