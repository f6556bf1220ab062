"""Explorers of frames: sliders over a scene, in JupyterLab and on a page without a kernel.

Every frame is computed once. The page gets one picture and what differs, native range inputs, and a
script (book/assets/js/frames). JupyterLab gets the same frames behind linked widgets.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import product
from math import prod
from typing import Any

from nnbook.explorers.markup import check_texts, json_text, roomy
from nnbook.explorers.scene import Rendering, Scene, Slider, render

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
    return Explorer(tuple(sliders), alt, ask, play, render(scene, grid, first, alt))


def _check(scene: Scene, sliders: Sequence[Slider], alt: str, ask: str, play: str | None) -> None:
    for slider in sliders:
        if not isinstance(slider, Slider):
            raise TypeError(f"sliders: expected Slider, found {type(slider).__name__}")
    names = [s.name for s in sliders]
    if not names:
        raise ValueError("sliders: none given, and the scene has none")
    if sorted(names) != sorted(scene.parameters()):
        raise ValueError(f"sliders {names} do not match update({', '.join(scene.parameters())})")
    if play is not None and play not in names:
        raise ValueError(f"play: {play!r} is not one of the sliders {names}")
    check_texts(alt=alt, ask=ask)


def _frame(sliders: Sequence[Slider], indices: Sequence[int]) -> int:
    """The number of a frame: the last slider turns fastest."""
    frame = 0
    for slider, index in zip(sliders, indices, strict=True):
        frame = frame * len(slider.values) + index
    return frame


def _distinct(values: Sequence[str]) -> list:
    """A list with repetitions as [distinct values, index for each place]."""
    place = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return [list(place), [place[v] for v in values]]


@dataclass(frozen=True)
class Explorer:
    """Sliders over rendered frames: a value that a cell ends with, made by ``frames``."""

    sliders: tuple[Slider, ...]
    alt: str
    ask: str
    play: str | None
    rendering: Rendering

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
        tracks = [[k, a, *_distinct(values)] for (k, a), values in self.rendering.tracks.items()]
        content = {
            "texts": [s.texts for s in self.sliders],
            "tracks": tracks,
            "readings": _distinct(self.rendering.readings),
        }
        return json_text(content)

    def html(self) -> str:
        """The explorer as HTML; its controls are hidden until the script runs."""
        reading = self.rendering.readings[self.first]
        controls = "".join(self._control(s, reading) for s in self.sliders)
        if self.play:
            index = [s.name for s in self.sliders].index(self.play)
            controls += (
                f'<button type="button" data-play="{index}" data-beat="{_BEAT}">Play</button>'
            )
        return (
            f'<figure class="explorer">{self.rendering.svg(self.first, marked=True)}'
            f"<figcaption>{roomy('p', 'reading', reading, self.rendering.readings)}"
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
            f"{roomy('span', 'value', text, slider.texts)}</label>"
        )

    def widget(self) -> Any:
        """The explorer as widgets: linked sliders, the picture, the reading, and a play button."""
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
                f"{self.rendering.svg(frame)}<p>{escape(self.rendering.readings[frame])}</p>"
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
