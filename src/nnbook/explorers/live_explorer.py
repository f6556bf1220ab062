"""Live explorers: a scene that computes while one watches, on a page and in JupyterLab.

Both show the same HTML and run the same script (book/assets/js/live), which plays the tape of the
package's own step. On a page it comes with the page; in JupyterLab, with a widget.
"""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from nnbook.drawing.numbers import small
from nnbook.explorers.live_scene import (
    DIVERGED,
    ENDED,
    LIMIT,
    SEED,
    Choice,
    LivePicture,
    LiveScene,
    picture_of,
)
from nnbook.explorers.markup import check_texts, json_text, roomy
from nnmaths.tape import Tape

_UNDRAWN = "A script draws this picture; it has not run here."
_LONG_NUMBER = "−0.00·10⁻⁰⁰"


def live(scene: LiveScene, *, alt: str, ask: str) -> "Live":
    """An explorer that computes as one watches: ``live(scene_live_line(), alt="…", ask="…")``.

    `alt` says what there is to see, `ask` is a question to answer by trying. Raises TypeError for
    what is not a live scene, ValueError for an empty text.
    """
    if not isinstance(scene, LiveScene):
        raise TypeError(f"scene: expected a LiveScene, found {type(scene).__name__}")
    check_texts(alt=alt, ask=ask)
    return Live(scene, alt, ask, picture_of(scene, alt))


def _tape_data(value: Any) -> dict[str, Any]:
    """Serialise a tape for `json.dumps`."""
    if isinstance(value, Tape):
        return value.data()
    raise TypeError(f"expected a tape or what JSON knows, found {type(value).__name__}")


@dataclass(frozen=True)
class Live:
    """A live scene with its texts: a value that a cell ends with, made by ``live``."""

    scene: LiveScene
    alt: str
    ask: str
    picture: LivePicture

    def __repr__(self) -> str:
        controls = ["learning rate η", *[choice.label for choice in self.scene.choices]]
        return f"Live explorer: {', '.join(controls)}. Ask: {self.ask}"

    def data(self) -> str:
        """What the script needs, as JSON: tapes, start, drawing, sentences (live/types.d.ts)."""
        scene, picture = self.scene, self.picture
        content = {
            "name": scene.name,
            "seed": SEED,
            "rate": scene.rate[2],
            "limit": LIMIT,
            "pace": scene.pace,
            "end": scene.end,
            "shown": scene.shown,
            "step": scene.step,
            "look": scene.look,
            "fillings": scene.fillings,
            **scene.settings,
            "choices": [
                {"first": c.first, "options": list(c.options.values())} for c in scene.choices
            ],
            "draw": scene.draw,
            **picture.data(),
            "drag": scene.drag,
            "reading": scene.reading,
            "diverged": DIVERGED,
            "ended": ENDED,
        }
        return json_text(content, _tape_data)

    def html(self) -> str:
        """The explorer as HTML; its controls are hidden until the script runs.

        The picture is still empty. The site draws the run at the step `shown` into it
        (nnbook.site.stills); where no site does, the script draws the start.
        """
        controls = self._rate() + "".join(map(self._choice, self.scene.choices)) + self._buttons()
        return (
            f'<figure class="explorer live" id="live-{self.scene.name}" data-undrawn>'
            f"{self.picture.svg()}"
            f"<figcaption>{roomy('p', 'reading', _UNDRAWN, self._long_readings())}"
            f'<div class="controls" hidden>{controls}</div><p class="ask">{escape(self.ask)}</p>'
            '<p class="unseen" role="status"></p></figcaption>'
            f'<script type="application/json">{self.data()}</script></figure>'
        )

    def _long_readings(self) -> list[str]:
        """The longest sentences that can come."""
        words = {"t": str(self.scene.end), "what": "theta", "value": "has no finite value"}

        def longest(match: re.Match) -> str:
            return words.get(match.group(1), _LONG_NUMBER)

        texts = (self.scene.reading, DIVERGED, ENDED)
        return [re.sub(r"\{([^}]*)\}", longest, text) for text in texts]

    def _rate(self) -> str:
        low, high, first = self.scene.rate
        text = small(10**first)
        return (
            '<label><span class="label">learning rate η</span>'
            f'<input type="range" class="rate" min="{low}" max="{high}" step="0.01" '
            f'value="{first}" autocomplete="off" aria-label="learning rate η" '
            f'aria-valuetext="{text}">{roomy("span", "value", text, ["0.00123"])}</label>'
        )

    def _choice(self, choice: Choice) -> str:
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
        if self.scene.is_random():
            acts.append("New seed")
            seed = f' Seed <span class="seed">{SEED}</span>.'
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
        """The explorer as widgets: a slider for η, linked with the `eta` of the explorer itself.

        Raises FileNotFoundError where the script was not bundled (`make lab` does it).
        """
        from nnbook.explorers.widget import live_widget

        return live_widget(self.html(), self.scene.rate)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Text for the terminal, HTML for the page, and the widget view for JupyterLab."""
        bundle = {"text/plain": repr(self), "text/html": self.html()}
        try:
            view = self.widget()._repr_mimebundle_() or {}
        except (ImportError, FileNotFoundError):  # no anywidget, or no script: HTML is still there
            view = {}
        return {**view, **bundle}
