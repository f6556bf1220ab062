"""Live explorers: the page and JupyterLab play the package's own steps, by one script.

First the tapes: what a page gets computes what the package computes, for every choice. Then the
widget. Then the page itself, in a real browser whose clock the test turns. The parts of the script
that need no browser are tested in tests/js.
"""

import json
import re
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnbook import explorers, figures
from nnbook.drawing.numbers import small
from nnbook.explorers import live_scene
from nnbook.explorers.live_scene import Reference
from nnbook.explorers.widget import LiveWidget
from nnbook.figures.ch07_descent.scenes import double_well, double_well_gradient
from nnbook.site.scripts import bundle_assets, bundle_page_script
from nnbook.site.stills import draw_stills
from nnmaths.descent import ADAM, GD, LIMIT, MOMENTUM, descend
from nnmaths.tape import Tape, trace

ALT, ASK = "A picture that moves.", "What becomes of it?"
MAKERS = {
    name.removeprefix("scene_live_"): getattr(figures, name)
    for name in figures.__all__
    if name.startswith("scene_live_")
}


def scene_waves():
    """Return a scene that is not in the book: where a wave over the plane is high."""
    fig, ax = figures.subplots()
    area = ax.add_patch(PathPatch(Path([(0, 0), (1, 1)])))
    ax.set(xlim=(-2, 2), ylim=(-2, 2))

    def step(w, eta, t):
        return {"w": w - eta * w, "C": (w**2).sum() / 2}

    looks = (lambda w: {"C": (w**2).sum() / 2}, lambda w, g: {"f": np.sin(w @ g) + np.cos(g.sum())})
    shapes = {"w": (1, 2), "g": (2, 441), "eta": (), "t": ()}
    return figures.LiveScene(
        name="waves",
        fig=fig,
        moving={"area": area},
        draw=(("area", "region", "f", 0.2, "g"),),
        reference=lambda chosen: Reference(step, looks),
        step=trace(step, {name: shapes[name] for name in ("w", "eta", "t")}),
        look=(
            trace(looks[0], {"w": (1, 2)}),
            trace(looks[1], {"w": (1, 2), "g": (2, 441)}),
        ),
        settings={
            "values": {"w": [[3.0, 1.0]]},
            "shapes": shapes,
            "grids": {"g": (-2.0, 2.0, 21, -2.0, 2.0, 21)},
        },
        rate=(-2.0, 2.0, -1.0),
        reading="Step {t}: C = {C}.",
        pace=10,
        end=100,
        shown=1,
    )


MAKERS["waves"] = scene_waves


@pytest.fixture(scope="module")
def made():
    """Return one explorer of every live scene, by name."""
    return {name: explorers.live(make(), alt=ALT, ask=ASK) for name, make in MAKERS.items()}


@pytest.fixture(params=MAKERS)
def explorer(request, made):
    return made[request.param]


def choices_of(scene):
    """Yield the indices of every combination of options."""
    return product(*(range(len(choice.options)) for choice in scene.choices))


def first_values(settings, seed=0):
    """Return values for all inputs of these settings, random where the settings give none."""
    rng = np.random.default_rng(seed)
    values = {name: rng.standard_normal(shape) for name, shape in settings["shapes"].items()}
    values |= {name: np.array(v, dtype=float) for name, v in settings["values"].items()}
    return values | {"eta": 0.05, "t": 3}


def inputs_of(tape, values, settings):
    """Return what a tape takes from these values: of samples, those of the first mini-batch."""
    taken = {name: values[name] for name, _ in tape.inputs}
    batch = settings.get("batch") or {"names": ()}
    return taken | {name: values[name][:, : batch["B"]] for name in batch["names"]}


def descent(scene, indices, eta, steps):
    """Return the values by name after some steps of the package, and its costs before each."""
    settings = scene.chosen(indices)
    reference = scene.reference(settings)
    step = settings.get("step", scene.step)
    values = {n: np.zeros(shape) for n, shape in settings["shapes"].items()}
    values |= {n: np.array(v, dtype=float) for n, v in settings["values"].items()}
    costs = []
    for t in range(1, steps + 1):
        after = reference.step(**inputs_of(step, values | {"eta": eta, "t": t}, {}))
        costs.append(after.pop("C"))
        values |= after
    return values, costs


def sentence(scene, values, t, following):
    """Return the reading for these values and those after one more step."""

    def number(match):
        name, _, index = match.group(1).partition(".")
        if name == "t":
            return str(t)
        if name == "next":
            return small(float(following))
        return small(float(np.ravel(values[name])[int(index or 0)]))

    return re.sub(r"\{([^}]*)\}", number, scene.reading).replace("+ −", "− ")


def reading_after(scene, indices, eta, steps):
    """Return the sentence after some steps of the package."""
    values, _ = descent(scene, indices, eta, steps)
    _, costs = descent(scene, indices, eta, steps + 2)
    return sentence(scene, values | {"C": costs[-2]}, steps, costs[-1])


# --- the package's side ---------------------------------------------------------------------------


def test_what_the_page_plays_is_what_the_package_computes_for_every_choice(explorer):
    scene = explorer.scene
    for indices in choices_of(scene):
        settings = scene.chosen(indices)
        reference, values = scene.reference(settings), first_values(settings)
        fillings = {slot: scene.fillings[name] for slot, name in settings.get("bind", {}).items()}
        step = settings.get("step", scene.step).filled(fillings)
        inputs = inputs_of(step, values, settings)
        with np.errstate(all="ignore"):
            pairs = [(step.run(inputs), reference.step(**inputs))]
            for tape, look in zip(scene.look, reference.look, strict=True):
                seen = {name: values[name] for name, _ in tape.inputs}
                pairs.append((tape.filled(fillings).run(seen), look(**seen)))
        for played, computed in pairs:
            assert set(played) == set(computed)
            for name, value in computed.items():
                np.testing.assert_array_equal(played[name], value)


def test_what_is_sent_to_the_page_is_json_with_tapes_that_load(explorer):
    sent = json.loads(explorer.data())
    tapes = [sent["step"], *sent["look"], *sent["fillings"].values()]
    assert all(Tape.load(tape).ops is not None for tape in tapes)
    assert {artist for artist, *_ in sent["draw"]} == set(sent["axes"])
    assert set(sent["markers"]) == set(sent["box"])
    assert "<" not in explorer.data()


@pytest.mark.parametrize("k", range(3))
def test_a_step_on_the_surface_is_the_package_s_descent(made, k):
    scene, eta = made["surface"].scene, 0.1
    values, _ = descent(scene, [k], eta, 30)
    start, rule = scene.settings["values"]["theta"], (GD, MOMENTUM, ADAM)[k]
    path = [
        *descend(double_well, double_well_gradient, np.array(start), eta=eta, rule=rule, steps=30)
    ]
    np.testing.assert_allclose(values["theta"], path[-1].theta, rtol=1e-12)


def test_the_fitted_line_becomes_that_of_the_normal_equations(made):
    scene = made["line"].scene
    values, _ = descent(scene, [], 0.5, 2000)
    best = scene.reference(scene.chosen()).look[2](*[values[n] for n in ("x", "y", "ends")])["best"]
    slope, shift = np.polyfit(values["x"][0], values["y"][0], 1)
    np.testing.assert_allclose([values["W1"].item(), values["b1"].item()], [slope, shift])
    np.testing.assert_allclose(best, slope * values["ends"] + shift)


def test_every_line_is_cut_at_its_axes(explorer):
    groups = re.findall(r'<g clip-path="[^"]+">(.*?)</g>', explorer.html())
    inside = re.findall(r'data-artist="(\w+)" d=""', "".join(groups))
    assert set(inside) | set(explorer.picture.markers) == set(explorer.scene.moving)


def test_a_scene_without_a_drawing_for_an_artist_is_refused(made):
    scene = made["surface"].scene
    with pytest.raises(ValueError, match="draw: expected each of"):
        figures.LiveScene(**{**vars(scene), "draw": scene.draw[1:]})


def test_only_paths_can_be_live(made):
    with pytest.raises(ValueError, match="title: expected an artist that is one path"):
        live_scene._element_of("title", made["line"].scene.fig.text(0, 0, "words and words"))


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        ({"scene": None}, TypeError, "expected a LiveScene, found NoneType"),
        ({"alt": " "}, ValueError, "alt is empty"),
        ({"ask": ""}, ValueError, "ask is empty"),
    ],
)
def test_what_is_not_a_live_explorer_is_refused(made, change, error, what):
    arguments = {"scene": made["line"].scene, "alt": ALT, "ask": ASK} | change
    with pytest.raises(error, match=what):
        explorers.live(arguments.pop("scene"), **arguments)


def test_settings_that_json_cannot_hold_are_refused(made):
    scene = made["line"].scene
    odd = figures.LiveScene(**{**vars(scene), "settings": {"values": {"x": {1, 2}}}})
    with pytest.raises(TypeError, match="expected a tape or what JSON knows, found set"):
        explorers.live(odd, alt=ALT, ask=ASK).data()


# --- JupyterLab -----------------------------------------------------------------------------------


@pytest.fixture
def bundled(monkeypatch, tmp_path_factory):
    """Make the script of the widget, as `make lab` does, in a folder of the test."""
    folder = tmp_path_factory.mktemp("assets")
    monkeypatch.setattr("nnbook.site.scripts.BUNDLES", folder)
    monkeypatch.setattr("nnbook.explorers.widget._ASSETS", folder)
    bundle_assets()


def test_the_text_of_an_explorer_names_its_controls(made, bundled):
    assert repr(made["network"]) == (
        f"Live explorer: learning rate η, data, activation, neurons per layer. Ask: {ASK}"
    )
    bundle = made["line"]._repr_mimebundle_()
    assert bundle["text/plain"] == repr(made["line"])
    assert bundle["text/html"] == made["line"].html()
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_widget_has_a_slider_for_the_rate_that_the_script_takes(made, bundled):
    slider, widget = made["line"].widget().children
    assert isinstance(widget, LiveWidget)
    assert slider.value == widget.eta == 0.1
    assert (slider.min, slider.max) == (-2, 0.7)
    assert widget.html == made["line"].html()
    assert "eta" in widget._esm


def test_where_no_script_was_bundled_the_page_is_still_offered(made, monkeypatch, tmp_path):
    monkeypatch.setattr("nnbook.explorers.widget._ASSETS", tmp_path)
    assert set(made["line"]._repr_mimebundle_()) == {"text/plain", "text/html"}


def test_no_widget_library_is_loaded_before_a_widget_is_shown():
    code = (
        "import sys; from nnbook.explorers import live; "
        "assert not {'anywidget', 'ipywidgets'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# --- the page ------------------------------------------------------------------------------------

ADDRESS = "http://book.test/"


@pytest.fixture(scope="module")
def html(root, made):
    """Return a page with all explorers, their stills drawn as the site draws them."""
    body = draw_stills("".join(explorer.html() for explorer in made.values()))
    return whole_page(root, body)


def whole_page(root, body, head=""):
    style = (root / "book" / "assets" / "explorer.css").read_text()
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8">{head}<title>Test</title>'
        f"<style>{style}</style><body>{body}<script>{bundle_page_script('live.js')}</script>"
        "</body></html>"
    )


@pytest.fixture
def go(browser, html):
    """Return a function that opens the page, its clock in the hands of the test."""
    pages, faults = [], []

    def open_page(query="", width=640, first="", html=html, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        page = context.new_page()
        page.add_init_script(first)
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.clock.install(time=0)
        page.goto(ADDRESS + query)
        page.clock.pause_at(1000)  # from here on, time passes in `run_for` alone
        pages.append(context)
        return page

    yield open_page
    for context in pages:
        context.close()
    assert faults == []


def figure(page, name):
    return page.locator(f"#live-{name}")


def press(page, name, act, times=1):
    figure(page, name).locator(f"[data-act={act}]").evaluate(
        "(button, times) => { for (let k = 0; k < times; k++) button.click(); }", times
    )


def reading(page, name):
    return figure(page, name).locator(".reading").inner_text()


def step_of(page, name):
    return int(re.search(r"\d+", reading(page, name)).group())


def set_rate(page, name, power):
    figure(page, name).locator(".rate").evaluate(
        "(r, power) => { r.value = power; r.dispatchEvent(new Event('input')); }", power
    )


@pytest.mark.parametrize("steps", [1, 17, 200])
def test_the_page_shows_the_package_s_numbers_of_the_line(go, made, steps):
    page = go()
    press(page, "line", "step", steps)
    assert reading(page, "line") == reading_after(made["line"].scene, [], 0.1, steps)


@pytest.mark.parametrize("k", range(3))
def test_the_page_draws_the_package_s_path_for_every_rule(go, made, k):
    page, scene = go(), made["surface"].scene
    figure(page, "surface").locator("select").select_option(index=k)
    set_rate(page, "surface", -1)
    press(page, "surface", "step", 25)
    assert reading(page, "surface") == reading_after(scene, [k], 0.1, 25)
    drawn = numbers(figure(page, "surface").locator("[data-artist=path]").get_attribute("d"))
    scale_x, shift_x, scale_y, shift_y, *_ = made["surface"].picture.axes["path"]
    path = np.array([descent(scene, [k], 0.1, t)[0]["theta"] for t in range(26)])
    expected = path * [scale_x, scale_y] + [shift_x, shift_y]
    np.testing.assert_allclose(np.reshape(drawn, (-1, 2)), expected, atol=0.06)


def numbers(path):
    """Return the numbers of path data."""
    return [float(v) for v in re.findall(r"-?[\d.]+", path)]


def test_the_still_is_the_run_of_its_seed_at_the_step_shown(go, made):
    page = go()
    scenes = {name: e.scene for name, e in made.items() if e.scene.shown < 100}
    for name, scene in scenes.items():
        before = reading(page, name)
        picture = points(page, name)
        press(page, name, "step", scene.shown)
        assert reading(page, name) == before
        np.testing.assert_allclose(points(page, name), picture, atol=0.06)
    assert before.startswith("Step 1:")
    assert reading(page, "surface") == reading_after(made["surface"].scene, None, 10**-0.4, 20)


def points(page, name):
    """Return the first and the last point of each artist's path."""
    paths = page.locator(f"#live-{name} [data-artist]").evaluate_all(
        "(paths) => paths.map((path) => { const n = path.getTotalLength();"
        " return [path.getPointAtLength(0), path.getPointAtLength(n)].map((p) => [p.x, p.y]); })"
    )
    return np.array(paths)


def look_at(page, name, away=False):
    """Scroll to a figure, or far away from it, and wait until its observer has seen that."""
    figure(page, name).evaluate(
        """async (f, away) => {
          document.body.style.marginBottom = "9000px";
          scrollTo(0, away ? 1e6 : f.getBoundingClientRect().top + scrollY);
          await new Promise((done) => new IntersectionObserver(([entry], watch) => {
            if (entry.isIntersecting !== away) { watch.disconnect(); done(); }
          }).observe(f));
        }""",
        away,
    )


def test_a_run_goes_on_by_itself_and_pauses(go):
    page = go()
    look_at(page, "surface")
    press(page, "surface", "run")
    page.clock.run_for(3000)
    at = step_of(page, "surface")
    assert 14 <= at <= 19  # six steps a second, counted from the first frame
    assert figure(page, "surface").locator("[data-act=run]").inner_text() == "Pause"
    press(page, "surface", "run")
    page.clock.run_for(2000)
    assert step_of(page, "surface") == at


LATE = """IntersectionObserver = class {
  constructor(told) { this.told = told; }
  observe() { this.told([{ isIntersecting: false }, { isIntersecting: true }]); }
};"""


def test_a_run_goes_on_when_a_busy_page_reports_two_changes_at_once(go):
    """The figure left the window and came back before its observer was called."""
    page = go(first=LATE)
    press(page, "surface", "run")
    page.clock.run_for(3000)
    assert step_of(page, "surface") >= 14


def test_the_rate_is_moved_while_it_trains(go):
    page = go()
    look_at(page, "line")
    press(page, "line", "run")
    page.clock.run_for(1000)
    before = step_of(page, "line")
    figure(page, "line").locator(".rate").focus()
    page.keyboard.press("ArrowRight")
    page.clock.run_for(1000)
    assert step_of(page, "line") > before
    assert figure(page, "line").locator(".value").inner_text() == "0.102"


def test_r_resets_and_a_letter_with_a_modifier_does_not(go):
    page = go()
    press(page, "line", "step", 3)
    figure(page, "line").locator("[data-act=step]").focus()
    page.keyboard.press("Alt+r")
    assert step_of(page, "line") == 3
    page.keyboard.press("r")
    assert step_of(page, "line") == 0


def test_divergence_is_named_where_it_happens_and_nothing_goes_on(go, made):
    page = go()
    set_rate(page, "line", 0.7)
    look_at(page, "line")
    press(page, "line", "run")
    page.clock.run_for(20000)
    found = reading(page, "line")
    with np.errstate(all="ignore"):
        _, costs = descent(made["line"].scene, [], 10**0.7, 60)
    step = next(t for t, C in enumerate(costs, start=1) if not abs(C) <= LIMIT)
    assert found.startswith(f"Diverged at step {step}: C = {small(costs[step - 1])}, past the")
    assert "10¹²" in found
    assert "Reset" in found
    assert figure(page, "line").locator("[role=status]").inner_text() == found
    for act in ("run", "step"):
        button = figure(page, "line").locator(f"[data-act={act}]")
        assert button.get_attribute("aria-disabled") == "true"
        press(page, "line", act)
    assert reading(page, "line") == found
    press(page, "line", "reset")
    assert step_of(page, "line") == 0


def hide(page, hidden):
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange")); }""",
        hidden,
    )


@pytest.mark.parametrize("way", ["out of sight", "in a hidden tab"])
def test_nothing_is_computed_where_nobody_looks(go, way):
    page = go()

    def leave(away):
        look_at(page, "surface", away) if way == "out of sight" else hide(page, away)

    look_at(page, "surface")
    press(page, "surface", "run")
    page.clock.run_for(1000)
    leave(True)
    page.clock.run_for(100)
    at = step_of(page, "surface")
    assert at > 0
    page.clock.run_for(5000)
    assert step_of(page, "surface") == at
    leave(False)
    page.clock.run_for(1000)
    assert at < step_of(page, "surface") < at + 10  # and what was missed is not made up for


def test_a_link_brings_seed_rate_and_choices(go):
    page = go()
    press(page, "network", "seed", 4)
    set_rate(page, "network", -1.3)
    figure(page, "network").locator("select").nth(2).select_option("4")
    press(page, "network", "step", 40)
    found, address = reading(page, "network"), figure(page, "network").locator(".run-link")
    assert figure(page, "network").locator(".seed").inner_text() == "5"
    query = address.get_attribute("href")
    assert query == "?live=network&seed=5&eta=0.05012&choice=0,0,1#live-network"
    again = go(query)
    press(again, "network", "step", 40)
    assert reading(again, "network") == found
    assert reading(go(), "network") != found


def test_another_seed_is_another_run(go):
    page = go()
    press(page, "network", "reset")
    first = reading(page, "network")
    press(page, "network", "seed")
    assert reading(page, "network") != first


def test_the_start_is_dragged_by_mouse_and_moved_by_keys(go):
    page = go()
    handle = figure(page, "surface").locator(".handle")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    dragged = handle.get_attribute("aria-label")
    assert dragged != "start at 0.1, 1: arrow keys move it"
    assert reading(page, "surface").startswith("Step 0: θ = (")
    moved = handle.bounding_box()
    assert moved["x"] - box["x"] == pytest.approx(60, abs=2)
    assert moved["y"] - box["y"] == pytest.approx(30, abs=2)
    handle.focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert handle.get_attribute("aria-label") != dragged


def test_a_finger_drags_a_point_and_does_not_scroll_the_page(go):
    page = go(has_touch=True)
    handle = figure(page, "line").locator(".handle").first
    assert handle.evaluate("h => getComputedStyle(h).touchAction") == "none"
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = page.context.new_cdp_session(page)
    send = lambda kind, points: touch.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
    )
    press(page, "line", "step")
    before = reading(page, "line")
    send("touchStart", [at])
    send("touchMove", [{"x": at["x"], "y": at["y"] - 40}])
    send("touchEnd", [])
    assert handle.bounding_box()["y"] == pytest.approx(box["y"] - 40, abs=2)
    assert step_of(page, "line") == 1
    assert reading(page, "line") != before


def test_each_scene_moves_its_picture_when_a_step_is_taken(go, made):
    page = go()
    for name in made:
        before = figure(page, name).locator("svg").inner_html()
        press(page, name, "step")
        assert figure(page, name).locator("svg").inner_html() != before
        assert "NaN" not in figure(page, name).locator("svg").inner_html()


def test_every_choice_runs_without_a_fault(go, made):
    page = go()
    for name, explorer in made.items():
        selects = figure(page, name).locator("select")
        for k, choice in enumerate(explorer.scene.choices):
            for index in range(len(choice.options)):
                selects.nth(k).select_option(index=index)
                press(page, name, "step", 5)
                assert step_of(page, name) == 5


def test_without_scripts_the_picture_and_the_words_are_there_and_no_control(go, made):
    page = go(java_script_enabled=False)
    for name in made:
        assert figure(page, name).locator("svg").is_visible()
        assert len(reading(page, name)) > 10
        assert not figure(page, name).locator("input").is_visible()


def test_the_page_draws_the_region_where_the_package_s_values_reach_the_level(go, made):
    """Every corner is where the values of a row cross the level, or at the edge of the grid."""
    page, scene = go(), made["waves"].scene
    press(page, "waves", "step", 3)
    drawn = figure(page, "waves").locator("[data-artist=area]").get_attribute("d")
    scale_x, shift_x, scale_y, shift_y, *_ = made["waves"].picture.axes["area"]
    corners = (np.reshape(numbers(drawn), (-1, 2)) - [shift_x, shift_y]) / [scale_x, scale_y]
    xs = ys = np.linspace(-2, 2, 21)
    w = descent(scene, [], 0.1, 3)[0]["w"]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(xs, ys)])
    rows = scene.reference(scene.chosen()).look[1](w=w, g=grid)["f"].reshape(21, 21)
    half_way = (ys[1] - ys[0]) / 2 + 0.005
    for x, y in corners:
        near = rows[np.abs(ys - y) < half_way]
        to_level = min(abs(np.interp(x, xs, row) - 0.2) for row in near)
        assert to_level < 0.02 or abs(x) > 1.995
    assert len(corners) > 100
    counts = {np.count_nonzero(np.diff(np.sign(row - 0.2))) for row in rows}
    assert len(counts) > 1  # some rows do not pair off


def test_what_is_dragged_stays_for_the_next_choice(go):
    page = go()
    handle = figure(page, "surface").locator(".handle")
    handle.press("ArrowLeft")
    figure(page, "surface").locator("select").select_option(index=1)
    assert reading(page, "surface").startswith("Step 0: θ = (0.05, 1)")


def test_where_nothing_was_drawn_the_script_draws_the_start(go, root, made):
    page = go(html=whole_page(root, made["line"].html()))
    assert reading(page, "line").startswith("Step 0: ŷ = −1 x + 1")
    assert figure(page, "line").locator("[data-artist=fit]").get_attribute("d")


def test_where_a_policy_forbids_compiled_code_the_page_says_so(go, root, made):
    """The still stays, and a sentence names the reason."""
    policy = "script-src 'unsafe-inline'"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    page = go(html=whole_page(root, draw_stills(made["line"].html()), head))
    figure(page, "line").locator("[data-act=run]").click()  # a script of a test may compile
    assert "Content-Security-Policy forbids" in reading(page, "line")
    assert figure(page, "line").locator("[data-artist=fit]").get_attribute("d")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_page_and_targets_are_large_enough(go, width):
    page = go(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator("button[data-act], select").all():
        assert box.bounding_box()["height"] >= 44


def test_no_control_moves_while_a_run_goes_on(go):
    page = go(width=360)
    press(page, "line", "reset")
    height = figure(page, "line").bounding_box()["height"]
    for power in (-2, 0.7):
        set_rate(page, "line", power)
        press(page, "line", "step", 60)
        assert figure(page, "line").bounding_box()["height"] == height
