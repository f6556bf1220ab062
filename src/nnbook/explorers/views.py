"""Explorers: sliders over a scene, alive in JupyterLab and on a page without a kernel.

One object, two faces. For `frames`, every frame is computed once; the page gets one picture and
what differs, native range inputs, and a script of its own. JupyterLab gets the same frames behind
linked widgets. For `live`, the page gets the tape of a step and plays it; JupyterLab calls the
package itself.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from math import prod
from typing import Any

from nnbook.drawing.numbers import small
from nnbook.explorers.live_scene import LIMIT, LiveRun, LiveScene, Still, diverged, ended, still
from nnbook.explorers.scene import Recording, Scene, Slider, record

__all__ = ["Explorer", "Live", "Scene", "Slider", "frames", "live"]

_BEAT = 1100  # milliseconds from one step of a story to the next: calm enough to read along


def frames(
    scene: Scene, *sliders: Slider, alt: str, ask: str, play: str | None = None
) -> "Explorer":
    """An explorer of a scene: each slider moves one parameter of ``scene.update``.

    Without sliders the scene's own are taken: ``frames(scene_valley(), alt="…", ask="…")``. `alt`
    says what there is to see, `ask` is a question to answer by moving, `play` names the slider that
    a button steps through. Raises TypeError for what is not a scene or a slider or returns no
    sentence, ValueError for missing or unknown names, empty texts and data that are not finite.
    """
    if not isinstance(scene, Scene):
        raise TypeError(f"scene: expected a Scene, found {type(scene).__name__}")
    sliders = sliders or scene.sliders
    play = play or (scene.play if sliders == scene.sliders else None)
    _check(scene, sliders, alt, ask, play)
    grid = [
        dict(zip((s.name for s in sliders), values, strict=True))
        for values in product(*(s.values for s in sliders))
    ]
    first = _frame(sliders, [s.first for s in sliders])
    return Explorer(tuple(sliders), alt, ask, play, record(scene, grid, first, alt))


def _check(scene: Scene, sliders: Sequence[Slider], alt: str, ask: str, play: str | None) -> None:
    for slider in sliders:
        if not isinstance(slider, Slider):
            raise TypeError(f"sliders: expected Slider, found {type(slider).__name__}")
    names = [s.name for s in sliders]
    if not names:
        raise ValueError("sliders: none given, and the scene has none of its own")
    if sorted(names) != sorted(scene.parameters()):
        raise ValueError(f"sliders {names} do not match update({', '.join(scene.parameters())})")
    if play is not None and play not in names:
        raise ValueError(f"play: {play!r} is none of the sliders {names}")
    for name, text in (("alt", alt), ("ask", ask)):
        if not text.strip():
            raise ValueError(f"{name} is empty: write a sentence")


def _frame(sliders: Sequence[Slider], indices: Sequence[int]) -> int:
    """The number of a frame: the last slider turns fastest."""
    frame = 0
    for slider, index in zip(sliders, indices, strict=True):
        frame = frame * len(slider.values) + index
    return frame


def _roomy(tag: str, name: str, text: str, texts: Iterable[str]) -> str:
    """A text that changes, in a box that keeps room for the longest: nothing around it moves."""
    hidden = ' aria-hidden="true"' if name == "value" else ""  # the slider itself says its value
    return (
        f'<{tag} class="room" data-longest="{escape(max(texts, key=len))}"{hidden}>'
        f'<span class="{name}">{escape(text)}</span></{tag}>'
    )


def _distinct(values: Sequence[str]) -> list:
    """A list with repetitions as [distinct values, index for each place]."""
    place = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return [list(place), [place[v] for v in values]]


@dataclass(frozen=True)
class Explorer:
    """Sliders over recorded frames: a value that a cell ends with, made by ``frames``."""

    sliders: tuple[Slider, ...]
    alt: str
    ask: str
    play: str | None
    recording: Recording

    @property
    def first(self) -> int:
        """The number of the frame shown first."""
        return _frame(self.sliders, [s.first for s in self.sliders])

    def __repr__(self) -> str:
        labels = " × ".join(s.label for s in self.sliders)
        sizes = " × ".join(str(len(s.values)) for s in self.sliders)
        count = prod(len(s.values) for s in self.sliders)
        noun = "frames" if len(self.sliders) > 1 or count > 1 else "frame"
        return f"Explorer: {labels} ({sizes} {noun}). Ask: {self.ask}"

    def data(self) -> str:
        """The differences between frames as JSON, as the page's script reads them."""
        tracks = [[k, a, *_distinct(values)] for (k, a), values in self.recording.tracks.items()]
        content = {
            "texts": [s.texts for s in self.sliders],
            "tracks": tracks,
            "readings": _distinct(self.recording.readings),
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")

    def html(self) -> str:
        """The page's face: picture, controls (hidden until the script runs), reading, question."""
        reading = self.recording.readings[self.first]
        controls = "".join(self._control(s, reading) for s in self.sliders)
        if self.play:
            index = [s.name for s in self.sliders].index(self.play)
            controls += (
                f'<button type="button" data-play="{index}" data-beat="{_BEAT}">Play</button>'
            )
        return (
            f'<figure class="explorer">{self.recording.svg(self.first, marked=True)}'
            f"<figcaption>{_roomy('p', 'reading', reading, self.recording.readings)}"
            f'<div class="controls" hidden>{controls}</div>'
            f'<p class="ask">{escape(self.ask)}</p></figcaption>'
            f'<script type="application/json">{self.data()}</script></figure>'
        )

    def _control(self, slider: Slider, reading: str) -> str:
        text = slider.texts[slider.first]
        return (
            f'<label><span class="label">{escape(slider.label)}</span>'
            f'<input type="range" min="0" max="{len(slider.values) - 1}" step="1" '
            f'value="{slider.first}" autocomplete="off" aria-label="{escape(slider.label)}" '
            f'aria-valuetext="{escape(f"{text}. {reading}")}">'
            f"{_roomy('span', 'value', text, slider.texts)}</label>"
        )

    def widget(self) -> Any:
        """JupyterLab's face: linked sliders, the picture, the reading, and a play button."""
        import ipywidgets

        picture = ipywidgets.HTML()
        controls = [
            ipywidgets.SelectionSlider(
                options=list(zip(s.texts, range(len(s.values)), strict=True)),
                value=s.first,
                description=s.label,
                style={"description_width": "initial"},
                layout={"width": "32em"},
            )
            for s in self.sliders
        ]

        def show(_=None) -> None:
            frame = _frame(self.sliders, [c.value for c in controls])
            picture.value = (
                f"{self.recording.svg(frame)}<p>{escape(self.recording.readings[frame])}</p>"
            )

        for control in controls:
            control.observe(show, "value")
        show()
        question = ipywidgets.HTML(f"<p>{escape(self.ask)}</p>")
        return ipywidgets.VBox([picture, *self._player(controls), *controls, question])

    def _player(self, controls: Sequence[Any]) -> list:
        """A play button that turns one slider, where the story has one."""
        import ipywidgets

        if self.play is None:
            return []
        control = controls[[s.name for s in self.sliders].index(self.play)]
        last = len(control.options) - 1
        player = ipywidgets.Play(min=0, max=last, value=control.value, interval=_BEAT)
        ipywidgets.link((player, "value"), (control, "value"))
        return [player]

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        """Text for the terminal, HTML for the page, and the widget view for JupyterLab."""
        bundle = {"text/plain": repr(self), "text/html": self.html()}
        view = self.widget()._repr_mimebundle_() or {}
        return {**view, **bundle}


# Live: what is computed while one watches ---------------------------------------------------------

_TICK = 100  # milliseconds from one picture to the next in JupyterLab


def live(scene: LiveScene, *, alt: str, ask: str) -> "Live":
    """An explorer that computes as one watches: ``live(scene_live_line(), alt="…", ask="…")``.

    `alt` says what there is to see, `ask` is a question to answer by trying. Raises TypeError for
    what is not a live scene, ValueError for an empty text.
    """
    if not isinstance(scene, LiveScene):
        raise TypeError(f"scene: expected a LiveScene, found {type(scene).__name__}")
    for name, text in (("alt", alt), ("ask", ask)):
        if not text.strip():
            raise ValueError(f"{name} is empty: write a sentence")
    return Live(scene, alt, ask, still(scene, alt))


def _plain(value: Any) -> Any:
    """A setting as JSON knows it."""
    if hasattr(value, "data") and hasattr(value, "ops"):
        return value.data()
    if hasattr(value, "items"):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value


@dataclass(frozen=True)
class Live:
    """A live scene with its texts: a value that a cell ends with, made by ``live``."""

    scene: LiveScene
    alt: str
    ask: str
    still: Still

    def __repr__(self) -> str:
        controls = ["learning rate η", *[choice.label for choice in self.scene.choices]]
        return f"Live explorer: {', '.join(controls)}. Ask: {self.ask}"

    def data(self) -> str:
        """What the page's script needs, as JSON: tapes, start, drawing, sentences."""
        scene = self.scene
        content = {
            "name": scene.name,
            "seed": 1,
            "limit": LIMIT,
            "pace": scene.pace,
            "end": scene.end,
            "step": scene.step,
            "look": scene.look,
            "parts": scene.parts,
            **scene.settings,
            "choices": [
                {"first": c.first, "options": list(c.options.values())} for c in scene.choices
            ],
            "draw": scene.draw,
            "axes": self.still.axes,
            "box": self.still.box,
            "stamps": self.still.stamps,
            "drag": scene.drag,
            "reading": scene.reading,
            "diverged": diverged("{t}", "{what}"),
            "ended": ended("{t}"),
        }
        text = json.dumps(_plain(content), ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")

    def run(self, seed: int = 1) -> LiveRun:
        """A run by the package, from the first settings."""
        return LiveRun(self.scene, self.scene.chosen(), 10 ** self.scene.rate[2], seed)

    def html(self) -> str:
        """The page's face: the picture of a run at its end, and controls that a script wakes."""
        run = self.run()
        run.advance(self.scene.shown)
        reading = run.show()
        room = [reading + "0" * 16, diverged(self.scene.end, "theta", -LIMIT) + "00000"]
        controls = self._rate() + "".join(map(self._choice, self.scene.choices)) + self._buttons()
        return (
            f'<figure class="explorer live" id="live-{self.scene.name}">{self.still.svg()}'
            f"<figcaption>{_roomy('p', 'reading', reading, room)}"
            f'<div class="controls" hidden>{controls}</div><p class="ask">{escape(self.ask)}</p>'
            '<p class="unseen" role="status"></p></figcaption>'
            f'<script type="application/json">{self.data()}</script></figure>'
        )

    def _rate(self) -> str:
        low, high, first = self.scene.rate
        text = small(10**first)
        return (
            '<label><span class="label">learning rate η</span>'
            f'<input type="range" class="rate" min="{low}" max="{high}" step="0.01" '
            f'value="{first}" autocomplete="off" aria-label="learning rate η" '
            f'aria-valuetext="{text}">{_roomy("span", "value", text, ["0.00123"])}</label>'
        )

    def _choice(self, choice: Any) -> str:
        options = "".join(
            f"<option{' selected' if k == choice.first else ''}>{escape(text)}</option>"
            for k, text in enumerate(choice.options)
        )
        return (
            f'<label><span class="label">{escape(choice.label)}</span>'
            f'<select autocomplete="off" aria-label="{escape(choice.label)}">{options}</select>'
            "</label>"
        )

    def _buttons(self) -> str:
        acts, seed = ["Run", "Step", "Reset"], ""
        if self.scene.draws_lots():
            acts.append("New seed")
            seed = ' Seed <span class="seed">1</span>.'
        buttons = "".join(
            f'<button type="button" data-act="{act.split()[-1].lower()}">{act}</button>'
            for act in acts
        )
        moves = " Arrow keys or a drag move the points." if self.scene.drag else ""
        link = '<a class="run-link" href="">link to this run</a>'
        return (
            f'<div class="buttons">{buttons}</div><p class="keys">R resets.{moves}{seed} {link}</p>'
        )

    def widget(self) -> Any:
        """JupyterLab's face: the package itself makes the steps, widgets steer it."""
        return _Desk(self).box

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        """Text for the terminal, HTML for the page, and the widget view for JupyterLab."""
        bundle = {"text/plain": repr(self), "text/html": self.html()}
        view = self.widget()._repr_mimebundle_() or {}
        return {**view, **bundle}


class _Desk:
    """The widgets of a live explorer, and the run that they steer."""

    def __init__(self, explorer: Live):
        import ipywidgets as w

        self.explorer, self.scene, self.run = explorer, explorer.scene, explorer.run()
        low, high, first = self.scene.rate
        wide = {"style": {"description_width": "initial"}, "layout": {"width": "32em"}}
        label = {"description": "learning rate η", "readout_format": ".3g"}
        self.rate = w.FloatLogSlider(10**first, min=low, max=high, step=0.01, **label, **wide)
        self.picture, self.reading = w.HTML(), w.HTML()
        self.play = w.Play(min=0, max=10**9, interval=_TICK, show_repeat=False)
        self.step, self.reset = w.Button(description="Step"), w.Button(description="Reset")
        self.choices = [self._dropdown(choice, wide) for choice in self.scene.choices]
        self.places = self._places(wide)
        self._listen()
        keys = w.HBox([self.play, self.step, self.reset])
        question = w.HTML(f"<p>{escape(explorer.ask)}</p>")
        steered = [self.rate, *self.choices, *self.places]
        self.box = w.VBox([self.picture, self.reading, keys, *steered, question])
        self.show()

    def _dropdown(self, choice: Any, wide: dict) -> Any:
        import ipywidgets as w

        options = [(text, k) for k, text in enumerate(choice.options)]
        return w.Dropdown(options=options, value=choice.first, description=choice.label, **wide)

    def _places(self, wide: dict) -> list:
        """Sliders for what is dragged on the page: the start, or one of the points."""
        import ipywidgets as w

        drag = self.scene.drag
        if drag is None:
            return []
        names = ("θ₁", "θ₂") if drag["kind"] == "start" else ("x", "y")
        ends = zip(names, drag["low"], drag["high"], drag["step"], strict=True)
        sliders = [
            w.FloatSlider(min=a, max=b, step=s, description=name, **wide) for name, a, b, s in ends
        ]
        if drag["kind"] == "start":
            return self._filled(sliders)
        N = len(self.run.data[drag["x"]][0])
        which = w.Dropdown(options=range(1, N + 1), description="point", **wide)
        return [which, *self._filled(sliders, 0)]

    def _filled(self, sliders: list, i: int = 0) -> list:
        for slider, value in zip(sliders, self._place(i), strict=True):
            slider.value = value
        return sliders

    def _place(self, i: int) -> tuple:
        """Where the start, or the i-th point, is."""
        drag, data = self.scene.drag, self.run.data
        if drag["kind"] == "start":
            return tuple(data[drag["value"]])
        return data[drag["x"]][0, i], data[drag["y"]][0, i]

    def _listen(self) -> None:
        self.rate.observe(lambda _: self.set_rate(), "value")
        self.play.observe(lambda change: self.tick(change), "value")
        self.step.on_click(lambda _: self.advance(1))
        self.reset.on_click(lambda _: self.restart())
        for choice in self.choices:
            choice.observe(lambda _: self.choose(), "value")
        for place in self.places:
            place.observe(self.move, "value")

    def show(self) -> None:
        """Draw where the run is."""
        sentence = self.run.show()
        self.picture.value = self.explorer.still.svg()
        self.reading.value = f"<p>{escape(sentence)}</p>"

    def set_rate(self) -> None:
        """Take the slider's rate for the next step; the run goes on."""
        self.run.eta = self.rate.value
        self.show()

    def tick(self, change: Any) -> None:
        """Make the steps of a tenth of a second; the player's own stop button is a reset."""
        if change["new"] == 0:
            return self.restart()
        return self.advance(max(1, round(self.scene.pace * _TICK / 1000)))

    def advance(self, steps: int) -> None:
        """Make steps, and stop where the run diverged or came to its end."""
        self.run.advance(steps)
        if self.run.lost or self.run.t >= self.scene.end:
            self.play.playing = False
        self.show()

    def restart(self) -> None:
        """Go back to the start, standing still."""
        self.play.playing = False
        self.run.reset()
        self.show()

    def choose(self) -> None:
        """Begin anew with the chosen settings."""
        settings = self.scene.chosen([choice.value for choice in self.choices])
        self.run = LiveRun(self.scene, settings, self.rate.value, self.run.seed)
        self.restart()

    def move(self, change: Any) -> None:
        """Move the start, from which the run begins anew, or a point, and the run goes on."""
        drag, values = self.scene.drag, [place.value for place in self.places]
        if drag["kind"] == "start":
            self.run.data[drag["value"]][:] = values
            return self.restart()
        if change["owner"] is self.places[0]:
            self._filled(self.places[1:], values[0] - 1)
            return None
        for name, value in zip((drag["x"], drag["y"]), values[1:], strict=True):
            self.run.data[name][0, values[0] - 1] = value
            self.run.values[name] = self.run.data[name].copy()
        return self.show()
