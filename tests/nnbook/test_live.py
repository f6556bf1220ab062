"""Live explorers: what JupyterLab runs is the package, and the page shows the same run.

The package's side first: every tape that a page gets plays what the package computes, for every
choice. Then the widgets. Then the page itself, in a real browser whose clock the test turns.
"""

import json
import re
from itertools import product

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from nnbook import explorers, figures
from nnbook.explorers import live_scene
from nnbook.explorers.live_scene import LiveRun, Package, region, runs
from nnbook.explorers.views import _Desk
from nnbook.figures.ch07_descent.scenes import double_well, double_well_gradient
from nnmaths.descent import ADAM, GD, LIMIT, MOMENTUM, descend
from nnmaths.tape import Tape, record

ALT, ASK = "A picture that moves.", "What becomes of it?"
MAKERS = {
    name.removeprefix("scene_live_"): getattr(figures, name)
    for name in figures.__all__
    if name.startswith("scene_live_")
}


def scene_waves():
    """Return a scene that is none of the book's: where a wave over the plane is high."""
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
        package=lambda chosen: Package(step, looks),
        step=record(step, {name: shapes[name] for name in ("w", "eta", "t")}),
        look=(
            record(looks[0], {"w": (1, 2)}),
            record(looks[1], {"w": (1, 2), "g": (2, 441)}),
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


# --- the package's side ---------------------------------------------------------------------------


def test_what_the_page_plays_is_what_the_package_computes_for_every_choice(explorer):
    scene = explorer.scene
    for indices in choices_of(scene):
        run = LiveRun(scene, scene.chosen(indices), eta=0.05)
        settings = run.settings
        parts = {slot: scene.parts[name] for slot, name in settings.get("bind", {}).items()}
        step = settings.get("step", scene.step).linked(parts)
        inputs = run.inputs()
        played, computed = step.run(inputs), run.package.step(**inputs)
        assert set(played) == set(computed)
        for name, value in computed.items():
            np.testing.assert_array_equal(played[name], value)
        for k, look in enumerate(scene.look):
            seen = {n: run.values[n] for n, _ in look.inputs}
            for name, value in run.package.look[k](**seen).items():
                np.testing.assert_array_equal(look.linked(parts).run(seen)[name], value)


def test_what_is_sent_to_the_page_is_json_with_tapes_that_load(explorer):
    sent = json.loads(explorer.data())
    tapes = [sent["step"], *sent["look"], *sent["parts"].values()]
    assert all(Tape.load(tape).ops is not None for tape in tapes)
    assert {k for k, *_ in sent["draw"]} == set(sent["axes"]) == set(sent["box"])
    assert "<" not in explorer.data()


@pytest.mark.parametrize("k", range(3))
def test_a_run_on_the_surface_is_the_package_s_descent(made, k):
    scene, eta = made["surface"].scene, 0.1
    run = LiveRun(scene, scene.chosen([k]), eta)
    run.advance(30)
    start, rule = run.data["theta"], (GD, MOMENTUM, ADAM)[k]
    path = [*descend(double_well, double_well_gradient, start, eta=eta, rule=rule, steps=30)]
    np.testing.assert_allclose(run.values["theta"], path[-1].theta, rtol=1e-12)
    np.testing.assert_allclose(run.history["theta"][7], path[7].theta, rtol=1e-12)


def test_the_fitted_line_becomes_that_of_the_normal_equations(made):
    run = made["line"].run()
    run.eta = 0.5
    run.advance(2000)
    now = run.now()
    np.testing.assert_allclose(now["y_hat"], now["best"], atol=1e-9)
    slope, shift = np.polyfit(now["x"][0], now["y"][0], 1)
    np.testing.assert_allclose([now["W1"].item(), now["b1"].item()], [slope, shift], atol=1e-9)


def test_a_network_learns_and_the_same_seed_learns_the_same(made):
    first, again, other = (made["network"].run(seed) for seed in (1, 1, 2))
    for run in (first, again, other):
        before = run.now()["C"]
        run.advance(300)
        assert run.now()["C"] < before
    assert first.now()["C"] == again.now()["C"] != other.now()["C"]


def test_a_mini_batch_is_every_sample_once_a_pass(made):
    run = made["network"].run()
    N, B = run.data["x"].shape[1], run.settings["batch"]["B"]
    taken = np.hstack([run.inputs()["x"] for _ in range(N // B)])
    assert sorted(map(tuple, taken.T)) == sorted(map(tuple, run.data["x"].T))


def test_the_reading_looks_ahead_without_taking_the_step(made):
    run = made["network"].run()
    run.advance(5)
    promised = run.now()["next.C"]
    assert run.now()["next.C"] == promised
    run.advance(1)
    assert run.now()["C"] == promised


def test_a_run_that_diverges_names_step_bound_and_number_and_stops(explorer):
    run = explorer.run()
    run.eta = 1e14  # the slopes of tanh and of the cross-entropy are bounded: θ itself must go
    run.advance(500)
    assert run.lost
    assert not abs(run.lost[1]) <= LIMIT
    t, sentence = run.t, run.show()
    assert f"Diverged at step {t}: {run.lost[0]}" in sentence
    assert "10¹²" in sentence
    assert "Reset" in sentence
    run.advance(10)
    assert run.t == t


def test_a_number_that_is_none_is_said_in_words(made):
    run = made["line"].run()
    run.values["W1"] = np.array([[np.nan]])
    run.advance(1)
    assert "C has no finite value" in run.show()


def test_a_run_ends_with_the_axis(made):
    run = made["surface"].run()
    run.advance(5000)
    assert run.t == run.scene.end == 1000
    assert run.show().startswith("Stopped after 1000 steps")


def test_reset_goes_back_to_the_very_start(explorer):
    run = explorer.run()
    before = run.show()
    run.advance(40)
    assert run.show() != before
    run.reset()
    assert run.show() == before


def test_a_region_is_where_the_values_reach_the_level():
    size = (0.0, 4.0, 5, 0.0, 1.0, 2)
    values = np.array([[0.0, 1.0, 1.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
    assert list(runs(values[0] - 0.5, np.arange(5.0))) == [(0.5, 2.5), (3.5, 4.0)]
    path = region(values, 0.5, size)
    assert path.vertices[:, 0].tolist() == [0.5, 2.5, 2.5, 0.5, 0.5, 3.5, 4, 4, 3.5, 3.5]
    assert path.vertices[:, 1].max() == 0.5
    assert len(region(values * 0, 0.5, size).vertices) == 0


def test_the_sides_of_a_region_slant_where_two_rows_pair_off():
    x, y = live_scene.grid(0.0, 4.0, 41, 0.0, 3.0, 4)
    half_plane = region(x - y / 2 - 0.73, 0.0, (0.0, 4.0, 41, 0.0, 3.0, 4))
    left = half_plane.vertices.reshape(-1, 5, 2)[:, [0, 3]].reshape(-1, 2)
    np.testing.assert_allclose(left[:, 0], left[:, 1] / 2 + 0.73)


def test_a_live_scene_without_a_drawing_for_an_artist_is_refused(made):
    scene = made["surface"].scene
    with pytest.raises(ValueError, match="draw: expected each of"):
        figures.LiveScene(**{**vars(scene), "draw": scene.draw[1:]})


def test_only_paths_can_be_live(made):
    with pytest.raises(ValueError, match="title: expected an artist that is one path"):
        live_scene.element_of("title", made["line"].scene.fig.text(0, 0, "words and words"))


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        ({"scene": None}, TypeError, "expected a LiveScene, found NoneType"),
        ({"alt": " "}, ValueError, "alt is empty"),
        ({"ask": ""}, ValueError, "ask is empty"),
    ],
)
def test_what_is_no_live_explorer_is_refused(made, change, error, what):
    arguments = {"scene": made["line"].scene, "alt": ALT, "ask": ASK} | change
    with pytest.raises(error, match=what):
        explorers.live(arguments.pop("scene"), **arguments)


def test_the_words_of_an_explorer_name_its_controls(made):
    assert repr(made["network"]) == (
        f"Live explorer: learning rate η, data, activation, neurons a layer. Ask: {ASK}"
    )
    bundle = made["line"]._repr_mimebundle_()
    assert bundle["text/plain"] == repr(made["line"])
    assert bundle["text/html"] == made["line"].html()
    assert "application/vnd.jupyter.widget-view+json" in bundle


# --- JupyterLab -----------------------------------------------------------------------------------


def said(desk):
    return re.sub("<[^>]*>", "", desk.reading.value)


def test_widgets_step_run_and_reset_the_package_s_run(made):
    desk = _Desk(made["line"])
    start, picture = said(desk), desk.picture.value
    desk.step.click()
    assert said(desk).startswith("Step 1:")
    assert desk.picture.value != picture
    desk.play.value = 1
    assert said(desk).startswith("Step 3:")  # twenty steps a second, ten pictures
    desk.reset.click()
    assert said(desk) == start


def test_the_rate_is_moved_while_the_run_goes_on(made):
    desk = _Desk(made["line"])
    desk.step.click()
    before = said(desk)
    desk.rate.value = 0.5
    assert said(desk).split("The next")[0] == before.split("The next")[0]
    assert said(desk) != before


def test_the_player_stops_where_a_run_diverges(made):
    desk = _Desk(made["line"])
    desk.rate.value, desk.play.playing = 5, True
    for tick in range(1, 60):
        desk.play.value = tick
    assert "Diverged at step" in said(desk)
    assert not desk.play.playing
    desk.play.value = 0
    assert said(desk).startswith("Step 0:")


def test_a_choice_begins_anew(made):
    desk = _Desk(made["network"])
    desk.step.click()
    desk.choices[0].value = 2
    assert said(desk).startswith("Step 0:")
    assert desk.run.data["x"].shape == (2, 4)


def test_the_start_is_moved_by_sliders(made):
    desk = _Desk(made["surface"])
    desk.step.click()
    desk.places[0].value = -1.5
    assert said(desk).startswith("Step 0: θ = (−1.5, 1)")


def test_a_point_is_chosen_and_moved_while_the_run_stands(made):
    desk = _Desk(made["line"])
    desk.step.click()
    which, x, y = desk.places
    which.value = 3
    assert (x.value, y.value) == (-0.8, -0.7)
    y.value = 2.0
    assert desk.run.values["y"][0, 2] == 2.0
    assert said(desk).startswith("Step 1:")


# --- the page ------------------------------------------------------------------------------------

ADDRESS = "http://book.test/"


@pytest.fixture(scope="module")
def html(root, made):
    assets = root / "book" / "assets"
    scripts = "".join(
        f"<script>{(assets / f'{n}.js').read_text()}</script>" for n in ("player", "live")
    )
    body = "".join(explorer.html() for explorer in made.values())
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title>'
        f"<style>{(assets / 'explorer.css').read_text()}</style><body>{body}{scripts}</body></html>"
    )


@pytest.fixture
def go(browser, html):
    """Return a function that opens the page, its clock in the hands of the test."""
    pages, faults = [], []

    def open_page(query="", width=640, first="", **options):
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
def test_the_page_and_the_package_say_the_same_of_the_line(go, made, steps):
    page, run = go(), made["line"].run()
    press(page, "line", "step", steps)
    run.advance(steps)
    assert reading(page, "line") == run.show()


@pytest.mark.parametrize("k", range(3))
def test_the_page_and_the_package_draw_the_same_path_for_every_rule(go, made, k):
    page, scene = go(), made["surface"].scene
    figure(page, "surface").locator("select").select_option(index=k)
    set_rate(page, "surface", -1)
    press(page, "surface", "step", 25)
    run = LiveRun(scene, scene.chosen([k]), eta=0.1)
    run.advance(25)
    assert reading(page, "surface") == run.show()
    drawn = figure(page, "surface").locator("[data-k=path]").get_attribute("d")
    told = [float(v) for v in re.findall(r"-?[\d.]+", drawn)]
    sx, tx, sy, ty, *_ = made["surface"].still.axes["path"]
    path = np.array([*run.history["theta"], run.values["theta"]])
    expected = np.column_stack([sx * path[:, 0] + tx, sy * path[:, 1] + ty])
    np.testing.assert_allclose(np.reshape(told, (-1, 2)), expected, atol=0.06)


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
    """The figure had left the window and come back before its observer was told of either."""
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


def test_divergence_is_said_where_it_happens_and_nothing_goes_on(go, made):
    page = go()
    set_rate(page, "line", 0.7)
    look_at(page, "line")
    press(page, "line", "run")
    page.clock.run_for(20000)
    run = made["line"].run()
    run.eta = 10**0.7
    run.advance(1000)
    assert reading(page, "line") == run.show()
    assert figure(page, "line").locator("[role=status]").inner_text() == run.show()
    for act in ("run", "step"):
        button = figure(page, "line").locator(f"[data-act={act}]")
        assert button.get_attribute("aria-disabled") == "true"
        press(page, "line", act)
    assert reading(page, "line") == run.show()
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
    grip = figure(page, "surface").locator(".grip")
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=4)
    page.mouse.up()
    dragged = grip.get_attribute("aria-label")
    assert dragged != "start at 0.1, 1: arrow keys move it"
    assert reading(page, "surface").startswith("Step 0: θ = (")
    moved = grip.bounding_box()
    assert moved["x"] - box["x"] == pytest.approx(60, abs=2)
    assert moved["y"] - box["y"] == pytest.approx(30, abs=2)
    grip.focus()
    page.keyboard.press("Shift+ArrowLeft")
    assert grip.get_attribute("aria-label") != dragged


def test_a_finger_drags_a_point_and_does_not_scroll_the_page(go):
    page = go(has_touch=True)
    grip = figure(page, "line").locator(".grip").first
    assert grip.evaluate("g => getComputedStyle(g).touchAction") == "none"
    grip.scroll_into_view_if_needed()
    box = grip.bounding_box()
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
    assert grip.bounding_box()["y"] == pytest.approx(box["y"] - 40, abs=2)
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


def test_the_page_draws_the_region_that_the_package_draws(go, made):
    page, run = go(), made["waves"].run()
    press(page, "waves", "step", 3)
    run.advance(3)
    size = run.settings["grids"]["g"]
    drawn = figure(page, "waves").locator("[data-k=area]").get_attribute("d")
    told = np.reshape([float(v) for v in re.findall(r"-?[\d.]+", drawn)], (-1, 4, 2))
    path = region(run.now()["f"], 0.2, size).vertices.reshape(-1, 5, 2)[:, :4]
    sx, tx, sy, ty, *_ = made["waves"].still.axes["area"]
    np.testing.assert_allclose(told, path * [sx, sy] + [tx, ty], atol=0.06)
    assert (
        len({len(list(runs(row - 0.2, range(21)))) for row in run.now()["f"].reshape(21, 21)}) > 1
    )


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
