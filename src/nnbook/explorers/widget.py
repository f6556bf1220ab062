"""The live explorer as a widget: the module of the pages, with its learning rate as a trait."""

from pathlib import Path

import anywidget
import ipywidgets
import traitlets

# Written by nnbook.site.scripts, for `make lab` and `make book`.
_ASSETS = Path(__file__).resolve().parents[3] / "_build" / "assets"


class LiveWidget(anywidget.AnyWidget):
    """A live explorer; `eta`, its learning rate, may be read, set and linked."""

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    html = traitlets.Unicode().tag(sync=True)
    eta = traitlets.Float().tag(sync=True)


def live_widget(html: str, rate: tuple[float, float, float]) -> ipywidgets.VBox:
    """Return the explorer of this HTML under a slider for its learning rate.

    `rate` is (lowest, highest, first) as powers of ten. Raises FileNotFoundError where the script
    was not bundled.
    """
    low, high, first = rate
    explorer = LiveWidget(
        html=html,
        eta=10**first,
        _esm=(_ASSETS / "live-widget.js").read_text(encoding="utf-8"),
        _css=(_ASSETS / "explorer.css").read_text(encoding="utf-8"),
    )
    slider = ipywidgets.FloatLogSlider(
        10**first,
        min=low,
        max=high,
        step=0.01,
        description="learning rate η",
        readout_format=".3g",
        style={"description_width": "initial"},
        layout={"width": "32em"},
    )
    ipywidgets.jslink((slider, "value"), (explorer, "eta"))
    return ipywidgets.VBox([slider, explorer])
