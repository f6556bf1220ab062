"""A tape: what a function did with its arrays, written down so that it can be played elsewhere.

`record` calls a function once on arrays that hold no numbers. NumPy hands every operation on them
to us (`__array_ufunc__`, `__array_function__`), and we write it down. The list is plain JSON:
a page of the book plays it without NumPy, and `Tape.run` plays it here. It holds no sizes, so one
recording serves every width and every number of samples. Nothing here knows what a network is.
"""

import json
import operator
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from pathlib import Path

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

VERSION = 1

UNARY = (
    *("negative", "positive", "absolute", "exp", "expm1", "log", "log1p", "sqrt", "square"),
    *("reciprocal", "sign", "tanh", "sin", "cos"),
)
BINARY = (
    *("add", "subtract", "multiply", "divide", "power", "maximum", "minimum"),
    *("greater", "greater_equal", "less", "less_equal", "equal", "not_equal"),
)
# Python's own operators give on arrays what NumPy's functions give, and leave its numbers alone.
BY_OPERATOR = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "pow": operator.pow,
    "matmul": operator.matmul,
}
PLAY = (
    {name: getattr(np, name) for name in UNARY + BINARY}
    | BY_OPERATOR
    | {
        "where": np.where,
        "T": np.transpose,
        "stack": lambda *entries: np.stack(entries),
        "const": lambda value: value,
        "fill": lambda value, like: np.full_like(like, value),
        "dim": lambda value, axis: np.shape(value)[axis],
        "pick": lambda value, i: value[i],
        "sum": lambda value, axis: folded(np.sum, value, axis),
        "max": lambda value, axis: folded(np.max, value, axis),
    }
)
# The arguments that are no slots, by their places; all others are.
PLAIN = {"const": {0}, "fill": {0}, "dim": {1}, "pick": {1}, "sum": {1}, "max": {1}, "part": {0}}
COUNT = (
    dict.fromkeys((*UNARY, "const", "T"), 1)
    | dict.fromkeys((*BINARY, "pow", "matmul", "fill", "dim", "pick", "sum", "max"), 2)
    | {"where": 3}
)


class RecordingError(TypeError):
    """What a function did cannot be written down; says what, and where it stands."""


def folded(f, value, axis):
    """Return f over all entries (axis None), or along an axis that is kept with length 1."""
    return f(value) if axis is None else f(value, axis=axis, keepdims=True)


def refuse(what, instead=""):
    """Raise RecordingError, with the line of the recorded function on which it happened."""
    frame = sys._getframe(1)
    inside = (__file__, str(Path(np.__file__).parent))
    while frame.f_back and frame.f_code.co_filename.startswith(inside):
        frame = frame.f_back
    code = frame.f_code
    place = f"{Path(code.co_filename).name}:{frame.f_lineno}, in {code.co_name}"
    raise RecordingError(f"record: {what} cannot be recorded ({place}){instead and '; ' + instead}")


class Dim(int):
    """The length of an axis: an integer to whoever asks, and on the tape the axis of that array."""

    def __new__(cls, array, axis, length):
        """Return the length of this axis of a recorded array."""
        dim = super().__new__(cls, length)
        dim.origin = array, axis
        return dim

    @property
    def recorded(self):
        """The length as a scalar of the tape."""
        array, axis = self.origin
        return array.builder.note("dim", (), array.slot, axis)


def through_tape(name):
    """Return an operator of a Dim that works on the tape, not on the integer."""
    return lambda dim, other: getattr(dim.recorded, name)(other)


for _name in ("add", "sub", "mul", "truediv", "pow"):
    for _side in (f"__{_name}__", f"__r{_name}__"):
        setattr(Dim, _side, through_tape(_side))


class Recorded(NDArrayOperatorsMixin):
    """An array of which only the shape is known, and its slot on the tape."""

    __hash__ = None

    def __init__(self, builder, slot, lengths):
        self.builder, self.slot, self.lengths = builder, slot, lengths

    @property
    def shape(self):
        """The shape; whoever computes with a length computes on the tape."""
        return tuple(Dim(self, axis, length) for axis, length in enumerate(self.lengths))

    @property
    def ndim(self):
        """The number of axes: 0, 1 or 2."""
        return len(self.lengths)

    @property
    def T(self):
        """The transpose of a matrix."""
        if self.ndim != 2:
            refuse(f"the transpose of an array of shape {self.lengths}")
        return self.builder.note("T", self.lengths[::-1], self.slot)

    def sum(self, axis=None, keepdims=False):
        """Return the sum of all entries, or along an axis that is kept."""
        return self.fold("sum", axis, keepdims)

    def max(self, axis=None, keepdims=False):
        """Return the largest of all entries, or along an axis that is kept."""
        return self.fold("max", axis, keepdims)

    def fold(self, name, axis, keepdims):
        """Write down a sum or a maximum."""
        if axis is None and not keepdims:
            return self.builder.note(name, (), self.slot, None)
        if self.ndim != 2 or axis not in (0, 1) or not keepdims:
            refuse(
                f"{name}(axis={axis!r}, keepdims={keepdims}) of shape {self.lengths}",
                "all entries, or axis 0 or 1 of a matrix with keepdims=True",
            )
        shape = tuple(1 if k == axis else n for k, n in enumerate(self.lengths))
        return self.builder.note(name, shape, self.slot, axis)

    def __getitem__(self, i):
        if self.ndim != 1 or not isinstance(i, int) or not 0 <= i < self.lengths[0]:
            refuse(f"the index [{i!r}] on shape {self.lengths}", "count in a vector from 0")
        return self.builder.note("pick", (), self.slot, int(i))

    def __pow__(self, other):
        return self.builder.elementwise("pow", self, other)

    def __rpow__(self, other):
        return self.builder.elementwise("pow", other, self)

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        """Write down an elementwise function or a matrix product."""
        if any(has_own_way(value) for value in inputs):
            return NotImplemented
        if "out" in options:
            refuse(f"{ufunc.__name__} in place", "make a new array")
        if method != "__call__" or options:
            refuse(f"np.{ufunc.__name__} with {method} {sorted(options)}")
        if ufunc is np.matmul:
            return self.builder.product(*inputs)
        if ufunc.__name__ not in UNARY + BINARY:
            refuse(f"np.{ufunc.__name__}")
        return self.builder.elementwise(ufunc.__name__, *inputs)

    def __array_function__(self, function, types, args, options):
        """Write down what NumPy does with whole arrays, if it is among what can be recorded."""
        if function not in WHOLE:
            refuse(f"np.{function.__name__}")
        return WHOLE[function](*args, **options)


def refusing(what, instead=""):
    """Return a method that says what cannot be recorded."""
    return lambda *_, **__: refuse(what, instead)


for _names, _what, _instead in (
    (("__bool__",), "a decision on a value (if, while, and, or)", "use np.where or a comparison"),
    (("__float__", "__int__", "__index__", "__complex__"), "a value made a Python number", ""),
    (("__iter__", "__len__", "__contains__"), "a loop over entries", "use whole arrays"),
    (("__setitem__", "__delitem__"), "a write in place", "make a new array"),
    (("__array__", "item", "tolist", "astype", "copy"), "a value taken out as numbers", ""),
):
    for _name in _names:
        setattr(Recorded, _name, refusing(_what, _instead))


def has_own_way(value):
    """Tell whether a value, such as parameters, brings its own way to meet NumPy's functions."""
    ours = isinstance(value, Recorded | np.ndarray | np.generic)
    return not ours and hasattr(value, "__array_ufunc__")


def filled(number):
    """Return the function that records an array of one number in the shape of another."""
    return lambda like: like.builder.note("fill", like.lengths, number, like.slot)


def where(condition, a, b):
    """Record a where the condition holds, b elsewhere."""
    found = next(value for value in (condition, a, b) if isinstance(value, Recorded))
    return found.builder.elementwise("where", condition, a, b)


def stack(entries):
    """Record scalars as a vector."""
    builder = next(entry for entry in entries if isinstance(entry, Recorded)).builder
    entries = [builder.operand(entry) for entry in entries]
    if any(entry.ndim for entry in entries):
        refuse("np.stack of arrays", "stack scalars")
    return builder.note("stack", (len(entries),), *[entry.slot for entry in entries])


WHOLE = {
    np.shape: lambda array: array.shape,
    np.ndim: lambda array: array.ndim,
    np.sum: lambda array, axis=None, keepdims=False: array.sum(axis, keepdims),
    np.max: lambda array, axis=None, keepdims=False: array.max(axis, keepdims),
    np.transpose: lambda array: array.T,
    np.where: where,
    np.stack: stack,
    np.ones_like: filled(1),
    np.zeros_like: filled(0),
}


class Builder:
    """A tape that grows. The same operation on the same slots is written once."""

    def __init__(self):
        self.inputs, self.ops, self.seen = [], [], {}

    def input(self, name, shape):
        """Return a new input; inputs come before all operations."""
        if not isinstance(shape, tuple) or len(shape) > 2:
            raise ValueError(f"{name}: expected a shape of at most 2 lengths, found {shape!r}")
        self.inputs.append((name, len(shape)))
        return Recorded(self, len(self.inputs) - 1, shape)

    def emit(self, *op):
        """Return the slot of an operation, an old one if it was written before."""
        key = (*op, *map(type, op))  # 1, 1.0 and True are equal, but not the same
        if key not in self.seen:
            self.ops.append(op)
            self.seen[key] = len(self.inputs) + len(self.ops) - 1
        return self.seen[key]

    def note(self, name, shape, *arguments):
        """Write an operation down and return its result, an array of this shape."""
        return Recorded(self, self.emit(name, *arguments), tuple(map(int, shape)))

    def operand(self, value):
        """Return a value as recorded: an array of the tape, a length, or a number."""
        if isinstance(value, Recorded):
            if value.builder is not self:
                refuse("an array of another recording")
            return value
        if isinstance(value, Dim):
            return self.operand(value.recorded)
        if isinstance(value, np.ndarray | np.generic) and value.ndim == 0:
            value = value.item()
        if not isinstance(value, Real):
            refuse(f"{type(value).__name__} that is no input", "name every array in the shapes")
        return self.note("const", (), value)

    def elementwise(self, name, *values):
        """Write down a function of entries; shapes are broadcast as NumPy does."""
        operands = [self.operand(value) for value in values]
        shape = np.broadcast_shapes(*[operand.lengths for operand in operands])
        return self.note(name, shape, *[operand.slot for operand in operands])

    def product(self, a, b):
        """Write down a matrix product."""
        a, b = self.operand(a), self.operand(b)
        if a.ndim != 2 or b.ndim != 2 or a.lengths[1] != b.lengths[0]:
            refuse(f"the product of shapes {a.lengths} and {b.lengths}", "multiply matrices")
        return self.note("matmul", (a.lengths[0], b.lengths[1]), a.slot, b.slot)

    def tape(self, outputs):
        """Return the tape, without the operations on which no output depends."""
        start, needed = len(self.inputs), set()
        waiting = list(outputs.values())
        while waiting:
            slot = waiting.pop()
            if slot >= start and slot not in needed:
                needed.add(slot)
                waiting += slots_of(self.ops[slot - start])
        new = {old: old for old in range(start)}
        new |= {old: start + k for k, old in enumerate(sorted(needed))}
        ops = tuple(moved(self.ops[old - start], new) for old in sorted(needed))
        places = {name: new[slot] for name, slot in outputs.items()}
        return Tape(tuple(self.inputs), ops, places)


def slots_of(op):
    """Return the slots that an operation reads."""
    plain = PLAIN.get(op[0], set())
    return [argument for k, argument in enumerate(op[1:]) if k not in plain]


def moved(op, places):
    """Return the operation with its slots at their new places."""
    plain = PLAIN.get(op[0], set())
    return (op[0], *[a if k in plain else places[a] for k, a in enumerate(op[1:])])


@dataclass(frozen=True)
class Tape:
    """Inputs (name, number of axes), operations (name, arguments …) and outputs, name → slot.

    Slots count the inputs first, then the operations. Raises ValueError when something does not
    fit together.
    """

    inputs: tuple
    ops: tuple
    outputs: Mapping

    def __post_init__(self):
        for k, op in enumerate(self.ops):
            check_op(op, len(self.inputs) + k)
        for name, slot in self.outputs.items():
            if not is_slot(slot, len(self.inputs) + len(self.ops)):
                raise ValueError(f"tape: output {name!r} is in slot {slot!r}, which is not there")

    @cached_property
    def parts(self):
        """The names of the parts that must be linked before it can run, in order."""
        return tuple(dict.fromkeys(op[1] for op in self.ops if op[0] == "part"))

    def __repr__(self):
        names = ", ".join(name for name, _ in self.inputs)
        return f"Tape({names} → {', '.join(self.outputs)}; {len(self.ops)} operations)"

    def data(self):
        """Return the tape as JSON knows it: numbers, texts, lists and one dictionary."""
        return {
            "tape": VERSION,
            "inputs": [list(entry) for entry in self.inputs],
            "ops": [list(op) for op in self.ops],
            "outputs": [list(entry) for entry in self.outputs.items()],
        }

    def json(self):
        """Return the tape as text."""
        return json.dumps(self.data(), separators=(",", ":"), allow_nan=False)

    @classmethod
    def load(cls, data):
        """Return the tape of such data, or of its text; ValueError for another version or kind."""
        data = json.loads(data) if isinstance(data, str) else data
        if not isinstance(data, Mapping) or data.get("tape") != VERSION:
            raise ValueError(f"tape: expected version {VERSION}, found {str(data)[:40]!r}")
        inputs, ops = (tuple(map(tuple, data[key])) for key in ("inputs", "ops"))
        return cls(inputs, ops, dict(data["outputs"]))

    def linked(self, parts):
        """Return the tape with each part that is given, name → `Tape`, written out in its place."""
        builder = Builder()
        builder.inputs = list(self.inputs)
        outputs = write_out(builder, self, range(len(self.inputs)), parts)
        return builder.tape(outputs)

    def run(self, values):
        """Return the outputs by name, for arrays or numbers by name, as direct evaluation gives.

        Raises ValueError for a missing or unknown name, another number of axes, or an open part.
        """
        if self.parts:
            raise ValueError(f"tape: link its parts first: {', '.join(self.parts)}")
        names = [name for name, _ in self.inputs]
        if set(names) != set(values):
            raise ValueError(f"tape: expected values for {names}, found {list(values)}")
        for name, axes in self.inputs:
            if np.ndim(values[name]) != axes:
                raise ValueError(f"{name}: expected {axes} axes, found {np.shape(values[name])}")
        slots = [values[name] for name in names]
        for op in self.ops:
            plain = PLAIN.get(op[0], set())
            given = [a if k in plain else slots[a] for k, a in enumerate(op[1:])]
            slots.append(PLAY[op[0]](*given))
        return {name: slots[slot] for name, slot in self.outputs.items()}


def is_slot(slot, end):
    """Tell whether this is the number of a slot before the end."""
    return type(slot) is int and 0 <= slot < end


def check_op(op, slot):
    """Refuse an operation that is not known, or reads what is not there yet: ValueError."""
    name, *arguments = op
    known = name in PLAY or name == "part"
    if not known or len(arguments) != COUNT.get(name, len(arguments)):
        raise ValueError(f"tape: {list(op)!r} in slot {slot} is no known operation")
    if not all(is_slot(argument, slot) for argument in slots_of(op)):
        raise ValueError(f"tape: {list(op)!r} in slot {slot} reads a slot that is not before it")


def write_out(builder, tape, places, parts):
    """Write a tape's operations on a builder, its inputs at these places; return its outputs."""
    at = dict(enumerate(places))
    for k, op in enumerate(tape.ops):
        here = moved(op, at)
        slot = len(tape.inputs) + k
        if op[0] == "part" and op[1] in parts:
            (at[slot],) = write_out(builder, parts[op[1]], here[2:], parts).values()
        else:
            at[slot] = builder.emit(*here)
    return {name: at[slot] for name, slot in tape.outputs.items()}


def record(function: Callable, shapes: Mapping) -> Tape:
    """Return the tape of a function of named arrays, called once as `function(**arrays)`.

    `shapes` gives for each name a shape of 0, 1 or 2 lengths; the tape serves other lengths too.
    The function returns one array, which is then named "result", or a dictionary of them. Raises
    RecordingError, with the operation and its line, for what a tape cannot hold: a decision on a
    value, a write in place, an unknown function.
    """
    builder = Builder()
    arrays = {name: builder.input(name, shape) for name, shape in shapes.items()}
    result = function(**arrays)
    results = result if isinstance(result, Mapping) else {"result": result}
    return builder.tape({name: builder.operand(value).slot for name, value in results.items()})


def part(name: str, example: Callable) -> Callable:
    """Return a function that a recording notes by its name alone, to be linked later.

    The example has the same shape of result as every function that may take its place; on plain
    arrays the part is the example.
    """

    def named(*values):
        found = [value for value in values if isinstance(value, Recorded)]
        if not found:
            return example(*values)
        scratch = Builder()
        stand_ins = [scratch.input("", value.lengths) for value in found]
        lengths = scratch.operand(example(*stand_ins)).lengths
        builder = found[0].builder
        return builder.note("part", lengths, name, *[builder.operand(v).slot for v in values])

    return named
