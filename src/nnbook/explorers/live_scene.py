"""A live scene: a picture of a computation that goes on, step by step, until its reader stops it.

The scene says what a step is (a function of the package, and its tape for the page), what else is
looked at after each, and how every moving artist follows these values. The kinds of drawing are
few, and the page's script knows the same ones.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.path import Path

from nnbook.drawing.numbers import small
from nnbook.explorers.scene import picture_template
from nnbook.svg.artists import Element, dotted, elements
from nnbook.svg.document import clip_path, close, unique
from nnmaths.descent import LIMIT
from nnmaths.tape import Tape

TRAIL = 400  # points of a path that stay in the picture
_BOUND = small(LIMIT).removeprefix("1·")
THIN = 1.02  # a cost is kept when its step is two per cent further than the last that was kept


class Package(NamedTuple):
    """The package's own functions of named arrays: `step`, and what is looked at (the first: C)."""

    step: Callable
    look: tuple


def bound_parts(part: str, function: str, ends=("f", "df")) -> dict:
    """The names of a function's tapes under those of a part."""
    return {f"{part}.{end}": f"{function}.{end}" for end in ends}


@dataclass(frozen=True)
class Choice:
    """A named list of options; each is a text and the settings that it changes."""

    name: str
    label: str
    options: Mapping[str, Mapping]
    first: int = 0


@dataclass(frozen=True)
class LiveScene:
    """What moves, what computes, and what the reader may change.

    `draw` lists (artist, kind, values …). `settings` holds the dictionaries values, shapes, random
    (standard deviations), grids, bind, and batch, which the options of a choice may change.
    `package(settings)` gives the functions; `step` and `look` are their tapes. `rate` is (lowest,
    highest, first) as powers of ten. Raises ValueError for an artist without a drawing, or the
    other way round.
    """

    name: str
    fig: Figure
    moving: Mapping[str, Artist]
    draw: tuple
    package: Callable[[Mapping], Package]
    step: Tape
    look: tuple
    settings: Mapping
    rate: tuple
    reading: str
    pace: float
    end: int
    shown: int
    parts: Mapping[str, Tape] = field(default_factory=dict)
    choices: tuple = ()
    drag: Mapping | None = None

    def __post_init__(self):
        drawn = [k for k, *_ in self.draw]
        if sorted(drawn) != sorted(self.moving):
            raise ValueError(f"draw: expected each of {list(self.moving)} once, found {drawn}")

    def draws_lots(self):
        """Return whether its run depends on the seed: random first weights, or mini-batches."""
        options = [option for choice in self.choices for option in choice.options.values()]
        return any(o.get("random") or o.get("batch") for o in (self.settings, *options))

    def chosen(self, indices=None):
        """Return the settings with the options of these indices (the first ones if None)."""
        settings = {key: merged(value, {}) for key, value in self.settings.items()}
        indices = [choice.first for choice in self.choices] if indices is None else indices
        for choice, index in zip(self.choices, indices, strict=True):
            for key, value in list(choice.options.values())[index].items():
                settings[key] = merged(settings.get(key), value)
        return settings


def merged(old, new):
    """Return two dictionaries as one, and of anything else the new one."""
    return {**(old or {}), **new} if isinstance(new, Mapping) and isinstance(old, Mapping) else new


def grid(x0, x1, nx, y0, y1, ny):
    """Return the points of a grid as columns (2, nx·ny), row by row."""
    xs, ys = np.meshgrid(np.linspace(x0, x1, nx), np.linspace(y0, y1, ny))
    return np.stack([xs.ravel(), ys.ravel()])


class LiveRun:
    """A run of a live scene by the package itself: in JupyterLab, and for the still picture."""

    def __init__(self, scene, settings, eta, seed=1):
        self.scene, self.settings, self.eta, self.seed = scene, settings, eta, seed
        self.package = scene.package(settings)
        self.data = {name: np.array(v, dtype=float) for name, v in settings["values"].items()}
        self.reset()

    def reset(self):
        """Go back to the start: the same seed, the same numbers."""
        rng = np.random.default_rng(self.seed)
        self.rng, self.t, self.lost, self.order = rng, 0, None, np.arange(0)
        shapes = self.settings["shapes"]
        self.values = {n: np.zeros(s) for n, s in shapes.items() if n not in ("eta", "t")}
        self.values |= {n: a.copy() for n, a in self.data.items()}
        self.values |= {n: grid(*g) for n, g in self.settings.get("grids", {}).items()}
        for name, spread in self.settings.get("random", {}).items():
            self.values[name] = spread * rng.standard_normal(tuple(shapes[name]))
        self.history = {}

    def inputs(self):
        """Return what a step takes: values, η, t, and a mini-batch where there is one."""
        at_hand = self.values | {"eta": self.eta, "t": self.t + 1}
        taken = {n: at_hand[n] for n, _ in self.settings.get("step", self.scene.step).inputs}
        batch = self.settings.get("batch")
        if batch:
            N = self.values[batch["names"][0]].shape[1]
            if not self.order.size:
                self.order = self.rng.permutation(N)
            columns, self.order = np.split(self.order, [batch["B"]])
            taken |= {name: self.values[name][:, columns] for name in batch["names"]}
        return taken

    def looked(self, k, values):
        """Return what the k-th look gives for these values."""
        names = [name for name, _ in self.scene.look[k].inputs]
        return self.package.look[k](**{name: values[name] for name in names})

    def advance(self, steps):
        """Make steps, until the bound is crossed or the end of the axis is reached."""
        for _ in range(steps):
            if self.lost or self.t >= self.scene.end:
                return
            self.remember()
            with np.errstate(all="ignore"):
                after = self.package.step(**self.inputs())
            self.t += 1
            self.lost = beyond(after)
            self.values |= {name: value for name, value in after.items() if name != "C"}

    def remember(self):
        """Keep the values of which the picture shows the past."""
        for _, kind, name, *_ in self.scene.draw:
            past = self.history.setdefault(name, []) if kind in ("trail", "history") else None
            if kind == "trail":
                past.append(np.array(self.values[name]))
                del past[:-TRAIL]
            elif kind == "history" and (not past or self.t + 1 >= THIN * past[-1][0]):
                past.append((self.t + 1, self.seen(self.values)[name]))

    def seen(self, values):
        """Return the values together with the cost."""
        with np.errstate(all="ignore"):
            return values | self.looked(0, values)

    def now(self):
        """Return all that can be drawn or read: values, what is looked at, and the next step."""
        values = self.values | {"eta": self.eta, "t": self.t}
        with np.errstate(all="ignore"):
            for k in range(len(self.package.look)):
                values |= self.looked(k, values)
            order = self.order
            after = self.package.step(**self.inputs())
            self.order = order  # the batch of the next step is still to come
            ahead = self.seen(self.values | {n: v for n, v in after.items() if n != "C"})
        return values | {f"next.{name}": value for name, value in ahead.items()}

    def reading(self, now):
        """Return the sentence on what one sees."""
        if self.lost:
            name, value = self.lost
            return diverged(self.t, name, value)
        if self.t >= self.scene.end:
            return ended(self.t)
        return re.sub(r"\{([^}]*)\}", lambda match: told(match.group(1), now), self.scene.reading)

    def show(self):
        """Move the artists to where the run is, and return the sentence."""
        now = self.now()
        for k, kind, *names in self.scene.draw:
            place(self.scene.moving[k], kind, names, now, self)
        return self.reading(now)


def beyond(after):
    """Return (name, number) of the first number beyond the bound, or None."""
    for name in ["C", *[n for n in after if n != "C"]]:
        for value in np.ravel(after[name]):
            if not abs(value) <= LIMIT:
                return name, float(value)
    return None


def told(name, now):
    """Return a value as it is read: {name}, or {name.i} for an entry."""
    whole, _, index = name.partition(".") if name not in now else (name, "", "")
    value = float(np.ravel(now[whole])[int(index or 0)])
    return str(int(value)) if name == "t" else small(value)


def diverged(t, name, value="{value}"):
    """Return the sentence on a run that has left every bound; the page fills in the numbers."""
    if not isinstance(value, str):
        value = f"= {small(value)}" if np.isfinite(value) else "has no finite value"
    return (
        f"Diverged at step {t}: {name} {value}, past the bound {_BOUND}. The run has "
        "stopped. Choose a smaller η, then Reset."
    )


def ended(t):
    """Return the sentence on a run that has come to the end of the axis."""
    return f"Stopped after {t} steps, the end of the axis. Reset to begin again."


def place(artist, kind, names, now, run):
    """Move one artist by the kind of its drawing."""
    if kind == "region":
        return artist.set_path(region(now[names[0]], names[1], run.settings["grids"][names[2]]))
    x, y = KINDS[kind](names, now, run)
    return artist.set_data(*within(artist, np.ravel(x), np.ravel(y)))


def within(artist, x, y):
    """Return the finite ones of some points; far ones are brought to the neighbourhood."""
    kept = np.isfinite(x) & np.isfinite(y)
    ends = [
        (np.array(e), log) for e, log in zip(spans(artist.axes), logs(artist.axes), strict=True)
    ]
    return tuple(near(v[kept], *end) for v, end in zip((x, y), ends, strict=True))


def near(v, ends, log):
    """Return values at most three spans outside of the ends of an axis."""
    if log:
        low, high = ends[0] / 1e3, ends[1] * 1e3
    else:
        low, high = ends[0] - 3 * np.ptp(ends), ends[1] + 3 * np.ptp(ends)
    return np.clip(v, low, high)


def spans(ax: Axes):
    """Return the limits of both axes."""
    return ax.get_xlim(), ax.get_ylim()


def logs(ax: Axes):
    """Return which of the axes are logarithmic."""
    return ax.get_xscale() == "log", ax.get_yscale() == "log"


def trail(names, now, run):
    """The way of a vector: its past, and where it is."""
    return np.array([*run.history.get(names[0], []), now[names[0]]]).T


def dot(names, now, run):
    """Where a vector is."""
    return now[names[0]]


def curve(names, now, run):
    """One value against another."""
    return now[names[0]], now[names[1]]


def history(names, now, run):
    """The past of a number and its present, against the step, from 1 on."""
    return np.array([*run.history.get(names[0], []), (run.t + 1, now[names[0]])]).T


def ahead(names, now, run):
    """Where a number will be after the next step."""
    return np.array([run.t + 2]), np.ravel(now[names[0]])


def columns(names, now, run):
    """A marker for each sample, or for those of one class."""
    x, y = now[names[0]][0], now[names[1]][1 if names[1] == names[0] else 0]
    kept = np.ravel(now[names[2]]) == names[3] if len(names) > 2 else slice(None)
    return x[kept], y[kept]


KINDS = {
    "trail": trail,
    "dot": dot,
    "curve": curve,
    "history": history,
    "ahead": ahead,
    "columns": columns,
}


def region(values, level, size):
    """The part of a grid where the values reach the level: between two rows, trapezia."""
    x0, x1, nx, y0, y1, ny = size
    rows = np.reshape(values, (ny, nx)) - level
    xs, ys = np.linspace(x0, x1, nx), np.linspace(y0, y1, ny)
    ends = [list(runs(row, xs)) for row in rows]
    corners = []
    for below, above, low, high in zip(ends, ends[1:], ys, ys[1:], strict=False):
        for (a, b), (c, d), bottom, top in strips(below, above, low, high):
            corners += [(a, bottom), (b, bottom), (d, top), (c, top), (a, bottom)]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY]
    count = len(corners) // 5
    return Path(np.reshape(corners, (-1, 2)), codes * count if count else None)


def strips(below, above, low, high):
    """Yield (ends below, ends above, bottom, top): stretches that meet are joined by slanted sides.

    Where the stretches of two rows do not pair off, each reaches half way to the other row.
    """
    if len(below) == len(above) and all(
        a <= d and c <= b for (a, b), (c, d) in zip(below, above, strict=True)
    ):
        yield from ((one, two, low, high) for one, two in zip(below, above, strict=True))
        return
    middle = (low + high) / 2
    yield from ((one, one, low, middle) for one in below)
    yield from ((two, two, middle, high) for two in above)


def runs(row, xs):
    """Yield the ends of the stretches where a row is not negative, interpolated between points."""
    inside = np.flatnonzero(np.diff(np.concatenate([[0], row >= 0, [0]]).astype(int)))
    for a, b in inside.reshape(-1, 2):
        yield crossing(row, xs, a - 1, a, xs[0]), crossing(row, xs, b, b - 1, xs[-1])


def crossing(row, xs, outside, inside, edge):
    """Return where a row crosses zero between two neighbours, or the edge of the grid."""
    if not 0 <= outside < len(xs):
        return edge
    share = row[inside] / (row[inside] - row[outside])
    return xs[inside] + share * (xs[outside] - xs[inside])


@dataclass(frozen=True)
class Still:
    """The picture behind a live scene: a template, and the axes in its units."""

    scene: LiveScene
    template: str
    prefix: str
    axes: Mapping[str, list]
    box: Mapping[str, list]
    stamps: Mapping[str, str]

    def svg(self) -> str:
        """Return the picture as its artists stand now, each under its name."""
        looks = {k: element_of(k, artist) for k, artist in self.scene.moving.items()}
        names = list(looks)

        def put(match: re.Match) -> str:
            k = int(match.group(1))
            element = looks[names[k]]
            dots = dotted(f"{self.prefix}{k}") if element.dot else {}
            cut = {} if names[k] in self.stamps else {"clip-path": f"url(#{self.prefix}{k}c)"}
            box = clip_path(f"{self.prefix}{k}c", cornered(*self.box[names[k]])) if cut else ""
            look = {"data-k": names[k], **element.attributes, **dots, **cut}
            return box + str(Element(element.tag, look))

        return re.sub("\0([0-9]+)\0", put, self.template)


def cornered(x0, y0, x1, y1):
    """Return x, y, width and height of a rectangle between two corners."""
    return x0, y0, x1 - x0, y1 - y0


def element_of(name: str, artist: Artist) -> Element:
    """Return the one element that an artist is."""
    found = elements(artist)
    if len(found) != 1 or found[0].tag != "path":
        raise ValueError(f"{name}: expected an artist that is one path, found {len(found)} shapes")
    return found[0]


def still(scene: LiveScene, alt: str) -> Still:
    """Return the picture of a live scene, drawn once; the figure is closed."""
    scene.fig.draw_without_rendering()
    scene.fig.set_layout_engine("none")
    looks = {k: [element_of(k, artist)] for k, artist in scene.moving.items()}
    prefix = unique(alt + scene.name)
    template = picture_template(scene, alt, looks, prefix)
    axes = {k: to_page(artist) for k, artist in scene.moving.items()}
    box = {k: corners_of(artist) for k, artist in scene.moving.items()}
    stamps = {k: stamp_of(artist) for k, artist in scene.moving.items()}
    close(scene.fig)
    return Still(scene, template, prefix, axes, box, {k: s for k, s in stamps.items() if s})


def to_page(artist: Artist) -> list:
    """Return [sx, tx, sy, ty, logx, logy]: X = sx·f(x) + tx in points, Y downwards."""
    ax, height = artist.axes, artist.get_figure(root=True).get_size_inches()[1] * 72
    scale = 72 / artist.get_figure(root=True).dpi
    log = logs(ax)
    one, two = ((1, 10) if l else (0, 1) for l in log), ((10, 10) if l else (1, 1) for l in log)
    (x0, _), (y0, _) = one
    (x1, _), (y1, _) = two
    low, high = scale * ax.transData.transform([(x0, y0), (x1, y1)])
    low[1], high[1] = height - low[1], height - high[1]
    sx, sy = high - low
    return [round(float(v), 4) for v in (sx, low[0], sy, low[1])] + [int(l) for l in log]


def corners_of(artist: Artist) -> list:
    """Return the rectangle of an artist's axes: [x0, y0, x1, y1] in points, y downwards."""
    figure = artist.get_figure(root=True)
    scale, height = 72 / figure.dpi, figure.get_size_inches()[1] * 72
    (x0, y0), (x1, y1) = scale * artist.axes.bbox.get_points()
    return [round(float(v), 1) for v in (x0, height - y1, x1, height - y0)]


def stamp_of(artist: Artist) -> str:
    """Return the shape of a marker as the path's letters after its place; none for lines."""
    if not hasattr(artist, "get_marker") or artist.get_linestyle() != "None":
        return ""
    before = artist.get_data()
    middle = [
        np.mean(end) if not log else np.sqrt(end[0] * end[1])
        for end, log in zip(spans(artist.axes), logs(artist.axes), strict=True)
    ]
    artist.set_data([middle[0]], [middle[1]])
    shape = re.match(r"M[^a-z]*(.*)", element_of("marker", artist).attributes["d"]).group(1)
    artist.set_data(*before)
    return shape
