"""Explorers move: frames are matplotlib's own pictures, and native controls show them on a page."""

import gzip
import json
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest

from nnbook import explorers, figures
from nnbook.figures.ch07_descent.scenes import regime
from nnbook.site.scripts import bundle_page_script
from nnbook.svg.document import draw
from nnmaths.activations import SIGMOID, TANH
from nnmaths.backprop import gradient
from nnmaths.costs import QUADRATIC
from nnmaths.network import Network, Parameters

ALT = "A point on a parabola"
ASK = "Where does it stop?"


def worked_example():
    """A 2-2-2 network with sigmoids, one sample, and its target."""
    W = {1: np.array([[0.15, 0.20], [0.25, 0.30]]), 2: np.array([[0.40, 0.45], [0.50, 0.55]])}
    b = {1: np.full((2, 1), 0.35), 2: np.full((2, 1), 0.60)}
    sample = np.array([[0.05], [0.10]]), np.array([[0.01], [0.99]])
    return Network((2, 2, 2), (SIGMOID, SIGMOID)), Parameters(W, b), *sample


SCENES = {
    "quadratic": figures.scene_quadratic,
    "valley": figures.scene_valley,
    "momentum": figures.scene_momentum,
    "backward": lambda: figures.scene_backward(*worked_example()),
    "vanishing": lambda: figures.scene_vanishing(np.random.default_rng(0)),
}


@pytest.fixture(scope="module", params=SCENES)
def explorer(request):
    return explorers.frames(SCENES[request.param](), alt=ALT, ask=ASK)


def small_scene(update=None, **more):
    """A dot, a word and a line over a parabola, moved by one number."""
    fig, ax = figures.subplots()
    xs = np.linspace(-2, 2, 9)
    ax.plot(xs, xs**2)
    (dot,) = ax.plot([0], [0], "o", color="red")
    (line,) = ax.plot([], [], "s--", color="blue")
    word = ax.text(0, 3, "")

    def move(x):
        dot.set_data([x], [x * x])
        line.set_data([0, x], [0, x * x])
        word.set(text=f"x = {x} <", color="red" if x > 0 else "blue")
        return f"At x = {x}."

    moving = {"dot": dot, "line": line, "word": word}
    return figures.Scene(fig, moving, update or move, **more)


def slider(values=(-1, 0, 1), name="x", **more):
    return explorers.Slider(name, values, "place", **more)


# Bad use ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: slider(()), "slider 'x': values is empty"),
        (lambda: slider((1, 1)), "slider 'x': a value occurs twice"),
        (lambda: slider((2, 1)), "slider 'x': values are not in ascending order"),
        (lambda: slider(start=7), "slider 'x': start 7 is not one of"),
        (lambda: explorers.Slider("x", (1, 2), " "), "slider 'x': label is empty"),
    ],
)
def test_a_slider_says_what_is_wrong_with_it(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"alt": " "}, ValueError, "alt is empty"),
        ({"ask": ""}, ValueError, "ask is empty"),
        ({"play": "t"}, ValueError, "play: 't' is not one of the sliders ['x']"),
        ({"sliders": ()}, ValueError, "sliders: none given, and the scene has none"),
        ({"sliders": (slider(name="y"),)}, ValueError, "sliders ['y'] do not match update(x)"),
        ({"sliders": (slider(), slider())}, ValueError, "sliders ['x', 'x'] do not match"),
        ({"sliders": ((1, 2),)}, TypeError, "sliders: expected Slider, found tuple"),
        ({"scene": 3}, TypeError, "scene: expected a Scene, found int"),
    ],
)
def test_frames_says_what_is_missing(change, error, message):
    given = {"scene": small_scene(), "sliders": (slider(),), "alt": ALT, "ask": ASK} | change
    scene, sliders = given.pop("scene"), given.pop("sliders")
    with pytest.raises(error, match=re.escape(message)):
        explorers.frames(scene, *sliders, **given)


@pytest.mark.parametrize("returned", [None, 3, " "])
def test_an_update_must_return_a_sentence(returned):
    scene = small_scene(update=lambda x: returned)
    with pytest.raises(TypeError, match=r"update\(x=-1\) returned .*: expected a sentence"):
        explorers.frames(scene, slider(), alt=ALT, ask=ASK)


def test_a_frame_with_nan_is_named_by_its_values():
    scene = small_scene()
    values = slider((-1.0, float("inf")))
    with pytest.raises(ValueError, match=r"frame x = inf: Line2D .* NaN or infinite"):
        explorers.frames(scene, values, alt=ALT, ask=ASK)


def test_a_scene_without_moving_artists_is_refused():
    fig, _ = figures.subplots()
    with pytest.raises(ValueError, match="moving is empty"):
        figures.Scene(fig, {}, lambda x: "said")


# What an explorer holds ---------------------------------------------------------------------------


def test_the_text_face_is_one_stable_line(explorer):
    text = repr(explorer)
    assert text.startswith("Explorer: ")
    assert "\n" not in text
    assert text.endswith(f"Ask: {ASK}")


def test_the_text_face_counts_the_frames():
    assert repr(explorers.frames(small_scene(), slider(), alt=ALT, ask=ASK)) == (
        "Explorer: place (3 frames). Ask: Where does it stop?"
    )


def test_sliders_read_their_values_with_unit_and_true_minus():
    assert slider(unit="m").texts == ["−1 m", "0 m", "1 m"]
    assert slider(np.array([0.5, 1.0]), format="{:.2f}").texts == ["0.50", "1.00"]
    assert slider(("b", "a"), start="a").texts == ["b", "a"]
    assert slider((1, 2, 3)).start == 2


def test_the_last_slider_turns_fastest():
    fig, ax = figures.subplots()
    (dot,) = ax.plot([0], [0], "o")

    def update(x, y):
        dot.set_data([x], [y])
        return f"({x}, {y})."

    scene = figures.Scene(fig, {"dot": dot}, update)
    made = explorers.frames(scene, slider((0, 1)), slider((0, 1, 2), "y"), alt=ALT, ask=ASK)
    said = ("(0, 0).", "(0, 1).", "(0, 2).", "(1, 0).", "(1, 1).", "(1, 2).")
    assert made.rendering.readings == said
    assert made.first == 4


def test_each_frame_is_what_drawing_it_afresh_gives():
    """A frame put together from differences is the picture of a scene that stands there."""
    made = explorers.frames(small_scene(), slider(), alt=ALT, ask=ASK)
    for frame, x in enumerate((-1, 0, 1)):
        alone = explorers.frames(small_scene(), slider((x,)), alt=ALT, ask=ASK)
        here, there = (
            re.sub(r"n[0-9a-f]{6}_*-", "", e.rendering.svg(f))
            for e, f in ((made, frame), (alone, 0))
        )
        assert here == there


def test_differences_rebuild_every_frame(explorer):
    """What the script does with the data gives each frame as Python has it."""
    data = json.loads(explorer.data())
    still = ElementTree.fromstring(explorer.rendering.svg(explorer.first, marked=True))
    parts = {node.get("data-part"): node for node in still.iter() if node.get("data-part")}
    for frame in range(len(explorer.rendering.readings)):
        for k, name, distinct, index in data["tracks"]:
            value = distinct[index[frame]]
            if name:
                parts[str(k)].set(name, value)
            else:
                parts[str(k)].text = value
        wanted = ElementTree.fromstring(explorer.rendering.svg(frame, marked=True))
        ours = [(n.attrib, n.text or "") for n in still.iter()]
        assert ours == [(n.attrib, n.text or "") for n in wanted.iter()]


def test_an_explorer_is_light(explorer):
    assert len(gzip.compress(explorer.html().encode(), mtime=0)) < 12_000


def test_225_frames_of_descent_on_a_parabola_weigh_less_than_10_kb():
    scene = figures.scene_quadratic(steps=14)
    rates = explorers.Slider("eta", np.linspace(0.1, 2.2, 15).round(2), "learning rate η")
    steps = explorers.Slider("t", range(15), "step t")
    made = explorers.frames(scene, rates, steps, alt=ALT, ask=ASK)
    assert len(made.rendering.readings) == 225
    assert len(gzip.compress(made.data().encode(), mtime=0)) < 10_000


def test_a_curve_that_is_clipped_stays_clipped_while_it_moves():
    html = explorers.frames(figures.scene_quadratic(), alt=ALT, ask=ASK).html()
    clip = re.search(r'<clipPath id="([^"]+)"', html).group(1)
    assert re.search(rf'<g clip-path="url\(#{clip}\)"><marker', html)


def test_two_explorers_on_one_page_share_no_id():
    pages = [explorers.frames(figures.scene_valley(), alt=ALT, ask=ASK).html() for _ in range(2)]
    ids = [set(re.findall(r' id="([^"]+)"', page)) for page in pages]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert re.sub(r"n[0-9a-f]{6}_*-", "", pages[0]) == re.sub(r"n[0-9a-f]{6}_*-", "", pages[1])


def test_the_page_face_is_plain_html_with_controls_asleep():
    html = explorers.frames(small_scene(), slider(), alt=ALT, ask="Is 1 < 2?").html()
    assert '<div class="controls" hidden>' in html
    assert 'aria-valuetext="0. At x = 0."' in html
    assert '<span class="reading">At x = 0.</span></p>' in html
    assert '<p class="ask">Is 1 &lt; 2?</p>' in html
    assert "x = 0 &lt;</text>" in html
    assert not re.search(r"\son[a-z]+=|<script(?! type=\"application/json\")|data-play", html)
    assert "<" not in html.split('json">')[1].split("</script>")[0]


def test_all_faces_are_offered(explorer):
    bundle = explorer._repr_mimebundle_()
    assert bundle["text/plain"] == repr(explorer)
    assert bundle["text/html"] == explorer.html()
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_widget_follows_its_sliders_and_its_player():
    made = explorers.frames(figures.scene_quadratic(), alt=ALT, ask=ASK)
    picture, player, rate, step, question = made.widget().children
    for index in (0, 4):
        rate.value = index
        assert made.rendering.readings[index * 16 + 5] in picture.value
    player.value = 2
    assert step.value == 2
    assert made.rendering.readings[4 * 16 + 2] in picture.value
    assert ASK in question.value


def test_without_a_story_there_is_no_player():
    made = explorers.frames(figures.scene_valley(), alt=ALT, ask=ASK)
    assert len(made.widget().children) == 4


def test_own_sliders_replace_those_of_the_scene():
    scene = figures.scene_quadratic()
    eta, t = (replace(s, values=s.values[:2], start=s.values[0]) for s in scene.sliders)
    assert len(explorers.frames(scene, eta, t, alt=ALT, ask=ASK).rendering.readings) == 4
    assert explorers.frames(scene, eta, t, alt=ALT, ask=ASK).play is None
    assert "data-play" in explorers.frames(scene, eta, t, alt=ALT, ask=ASK, play="t").html()


def test_drawing_the_base_leaves_the_scene_as_it_was():
    scene = small_scene()
    scene.update(x=1)
    explorers.frames(scene, slider(start=1), alt=ALT, ask=ASK)
    assert scene.moving["word"].get_text() == "x = 1 <"
    assert "x = 1 &lt;" in draw(scene.fig, ALT)


# What the scenes say ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("u", "said"),
    [
        (0.02, "crawls"),
        (0.5, "one side"),
        (1, "one step"),
        (1.5, "zig-zag"),
        (2, "for ever"),
        (2.1, "diverges"),
    ],
)
def test_the_parabola_names_its_regime(u, said):
    assert said in regime(u)


def test_a_diverging_path_says_where_it_went_and_stays_in_the_picture():
    scene = figures.scene_quadratic()
    assert "it diverges" in scene.update(eta=2.3, t=15)
    assert scene.moving["note"].get_text() == "θ₁₅ = −154 has left the picture"
    assert scene.moving["here"].get_xdata()[0] == pytest.approx(-1.35 * 3)
    scene.update(eta=0.3, t=15)
    assert scene.moving["note"].get_text() == ""


def test_the_valley_says_the_factors_that_explain_it():
    update = figures.scene_valley().update
    said = update(kappa=10, eta=1.9)
    assert "θ₁ by 0.810 and θ₂ by −0.900" in said
    assert "diverges" not in said
    assert "it diverges" in update(kappa=10, eta=2.05)


def test_momentum_converges_where_plain_descent_does_not():
    said = figures.scene_momentum().update(beta=0.8, eta=2.5)
    momentum, plain = said.split("Plain descent")
    assert "falls" in momentum
    assert "it diverges" in plain


def test_a_run_that_was_stopped_says_after_how_many_steps():
    said = figures.scene_momentum().update(beta=0, eta=3.5)
    assert "it diverges, and after 15 steps C = 2.71·10¹²" in said


def test_a_run_that_goes_round_in_circles_is_said_to_stay():
    assert "C is still 43.6 after 30 steps" in figures.scene_valley().update(kappa=1, eta=2)


def test_the_backward_pass_shows_the_numbers_of_the_package():
    network, theta, x, y = worked_example()
    scene = figures.scene_backward(network, theta, x, y)
    texts = [artist for artist in scene.moving.values() if hasattr(artist, "get_text")]
    last = len(scene.sliders[0].values) - 1
    story = []
    for stage in range(last + 1):
        said = scene.update(stage=stage)
        story.append((said, *(text.get_text() for text in texts[-3:])))
    assert story[1][1] == "z₁⁽¹⁾ = w₁₁⁽¹⁾ x₁ + w₁₂⁽¹⁾ x₂ + b₁⁽¹⁾"
    assert story[1][2] == "= 0.15 · 0.05 + 0.2 · 0.1 + 0.35 = 0.3775"
    assert story[1][3] == "a₁⁽¹⁾ = σ(0.3775) = 0.5933"
    assert story[6][1] == "δ₁⁽²⁾ = (a₁⁽²⁾ − y₁) · σ′(z₁⁽²⁾)"
    assert story[6][2:] == ("= (0.7514 − 0.01) · 0.1868 = 0.1385", "")
    assert story[9][1] == "δ₁⁽¹⁾ = (w₁₁⁽²⁾ δ₁⁽²⁾ + w₂₁⁽²⁾ δ₂⁽²⁾) · σ′(z₁⁽¹⁾)"
    assert story[9][2] == "= (0.4 · 0.1385 + 0.5 · (−0.0381)) · 0.2413"
    assert story[9][3] == "= (0.0554 − 0.0191) · 0.2413 = 0.0088"
    grad = gradient(network, theta, x, y, QUADRATIC)
    assert story[8][2] == f"= 0.1385 · 0.5933 = {grad.W[2][0, 0]:.4f}"
    assert story[8][3] == f"∂C/∂b₁⁽²⁾ = δ₁⁽²⁾ = {grad.b[2][0, 0]:.4f}"
    assert scene.sliders[0].start == 6


def test_negative_numbers_in_a_formula_stand_in_brackets():
    network, theta, x, y = worked_example()
    scene = figures.scene_backward(network, theta * -1, x, y)
    scene.update(stage=1)
    said = [artist.get_text() for artist in scene.moving.values() if hasattr(artist, "get_text")]
    assert said[-2] == "= (−0.15) · 0.05 + (−0.2) · 0.1 + (−0.35) = −0.3775"


def test_the_backward_pass_shows_biases_and_targets_from_the_start():
    made = explorers.frames(figures.scene_backward(*worked_example()), alt=ALT, ask=ASK)
    for frame in (0, 11):
        svg = made.rendering.svg(frame)
        assert [svg.count(f">{text}</text>") for text in ("b = 0.35", "b = 0.6")] == [2, 2]
        assert ">y = 0.01</text>" in svg
        assert ">y = 0.99</text>" in svg


def test_the_backward_pass_reveals_numbers_one_by_one():
    scene = figures.scene_backward(*worked_example())
    texts = [artist for artist in scene.moving.values() if hasattr(artist, "get_text")]
    shown = []
    for stage in scene.sliders[0].values:
        scene.update(stage=stage)
        shown.append(sum(bool(text.get_text()) for text in texts[:-3]))
    assert shown == [2, 4, 6, 8, 10, 10, 11, 12, 12, 13, 14, 14]


def test_the_backward_pass_takes_one_sample_alone():
    network, theta, x, y = worked_example()
    with pytest.raises(
        ValueError, match=r"x: expected one sample, a column \(n_0, 1\), found \(2, 2\)"
    ):
        figures.scene_backward(network, theta, np.hstack([x, x]), np.hstack([y, y]))


def test_the_backward_pass_takes_deeper_networks():
    rng = np.random.default_rng(1)
    network = Network((3, 2, 2, 1), (TANH, TANH, SIGMOID))
    W = {l: rng.normal(size=(n, m)) for l, (m, n) in enumerate(((3, 2), (2, 2), (2, 1)), 1)}
    theta = Parameters(W, {l: np.zeros((W[l].shape[0], 1)) for l in W})
    scene = figures.scene_backward(network, theta, rng.normal(size=(3, 1)), np.ones((1, 1)))
    assert len(scene.sliders[0].values) == 1 + 5 + 1 + 5 + 3


def test_delta_fades_with_sigmoids_and_not_with_he():
    scene = figures.scene_vanishing(np.random.default_rng(0))
    scene.update(kind="sigmoid, Xavier", depth=20)
    assert scene.moving["sizes"].get_ydata()[0] < 1e-9
    scene.update(kind="ReLU, He", depth=20)
    assert 0.05 < scene.moving["sizes"].get_ydata()[0] < 20


# The page's face in a real browser ----------------------------------------------------------------


@pytest.fixture(scope="module")
def page_html(root):
    made = [explorers.frames(SCENES[name](), alt=ALT, ask=ASK) for name in ("backward", "valley")]
    style = (root / "book" / "assets" / "explorer.css").read_text()
    script = bundle_page_script("frames.js")
    body = "".join(e.html() for e in made)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Test</title>'
        f"<style>{style}</style><body>{body}<script>{script}</script></body></html>"
    )


@pytest.fixture
def page(browser, page_html):
    opened = browser.new_page(viewport={"width": 640, "height": 800})
    faults = []
    opened.on("console", lambda message: faults.append(message.text))
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.clock.install()
    opened.set_content(page_html)
    yield opened
    opened.close()
    assert faults == []


def state(page, explorer=0):
    """What a reader sees and hears of an explorer: picture, reading, valuetext, value."""
    figure = page.locator("figure.explorer").nth(explorer)
    control = figure.locator("input").first
    return {
        "picture": figure.locator("svg").first.inner_html(),
        "reading": figure.locator(".reading").inner_text(),
        "valuetext": control.get_attribute("aria-valuetext"),
        "value": figure.locator(".value").first.inner_text(),
    }


def test_a_slider_moved_by_keyboard_changes_picture_and_words(page):
    before, other = state(page), state(page, 1)
    page.locator("input").first.focus()
    page.keyboard.press("ArrowRight")
    after = state(page)
    assert [key for key in before if before[key] == after[key]] == []
    assert after["valuetext"] == f"{after['value']}. {after['reading']}"
    assert state(page, 1) == other
    page.keyboard.press("ArrowLeft")
    assert state(page) == before


def test_each_frame_on_the_page_is_the_rendered_one(page):
    made = explorers.frames(SCENES["valley"](), alt=ALT, ask=ASK)
    inputs = page.locator("figure.explorer").nth(1).locator("input")
    inputs.nth(0).focus()
    page.keyboard.press("End")
    inputs.nth(1).focus()
    page.keyboard.press("Home")
    eta, kappa = made.sliders
    frame = (len(eta.values) - 1) * len(kappa.values)
    assert state(page, 1)["reading"] == made.rendering.readings[frame]
    drawn = re.findall(r' d="([^"]*)"', state(page, 1)["picture"])
    assert drawn == re.findall(r' d="([^"]*)"', made.rendering.svg(frame))


def test_controls_have_names_and_fingers_can_scroll_past_them(page):
    control = page.locator("input").nth(1)
    assert control.get_attribute("aria-label") == "learning rate η"
    assert control.evaluate("e => getComputedStyle(e).touchAction") == "pan-y"
    box = page.locator("button").bounding_box()
    assert min(box["width"], box["height"]) >= 44


def test_play_steps_to_the_end_stops_and_begins_again(page):
    button, control = page.get_by_role("button", name="Play"), page.locator("input").first
    page.locator("input").first.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    button.click()
    assert page.locator("button").inner_text() == "Pause"
    assert control.input_value() == "10"
    page.clock.run_for(1200)
    assert control.input_value() == "11"
    assert page.locator("button").inner_text() == "Play"
    button.click()
    assert control.input_value() == "0"
    page.clock.run_for(2300)
    assert control.input_value() == "2"


def test_pause_and_moving_the_slider_stop_the_story(page):
    button, control = page.locator("button"), page.locator("input").first
    button.click()
    button.click()
    page.clock.run_for(5000)
    assert control.input_value() == "7"
    button.click()
    control.focus()
    page.keyboard.press("Home")
    page.clock.run_for(5000)
    assert control.input_value() == "0"
    assert button.inner_text() == "Play"


def test_a_hidden_page_pauses(page):
    page.locator("button").click()
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.clock.run_for(5000)
    assert page.locator("input").first.input_value() == "7"


def test_reduced_motion_plays_at_half_the_pace(page):
    page.emulate_media(reduced_motion="reduce")
    page.locator("button").click()
    page.clock.run_for(1200)
    assert page.locator("input").first.input_value() == "7"
    page.clock.run_for(1200)
    assert page.locator("input").first.input_value() == "8"


def test_print_shows_the_chosen_frame_without_controls(page):
    page.locator("input").first.focus()
    page.keyboard.press("End")
    reading = state(page)["reading"]
    page.emulate_media(media="print")
    assert state(page)["reading"] == reading
    assert not page.locator("input").first.is_visible()
    assert page.locator("figure svg").first.is_visible()


def test_without_scripts_the_picture_the_reading_and_the_question_stay(browser, page_html):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(page_html)
    figure = page.locator("figure.explorer").first
    assert figure.locator("svg").first.is_visible()
    assert figure.locator(".reading").is_visible()
    assert figure.get_by_text(ASK).is_visible()
    assert not figure.locator(".controls").is_visible()
    context.close()


MOVES = """() => [...document.querySelectorAll("figure.explorer")].map((figure) => {
  const inputs = [...figure.querySelectorAll("input")];
  const places = new Set(), heights = new Set();
  const visit = (k) => {
    if (k < inputs.length) {
      for (let v = 0; v <= +inputs[k].max; v++) {
        inputs[k].value = v;
        inputs[k].dispatchEvent(new Event("input"));
        visit(k + 1);
      }
      return;
    }
    const boxes = inputs.map((input) => input.getBoundingClientRect());
    places.add(JSON.stringify([boxes, document.documentElement.scrollHeight]));
    heights.add(figure.querySelector(".reading").getBoundingClientRect().height);
  };
  visit(0);
  return [places.size, heights.size];
})"""


def test_no_control_moves_while_the_reading_changes_its_number_of_lines(browser, page_html):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_content(page_html)
    moves = page.evaluate(MOVES)
    assert [places for places, _ in moves] == [1, 1]
    assert max(heights for _, heights in moves) > 1
    page.close()


SMALLEST = """() => [...document.querySelectorAll("figure svg")].map((svg) => Math.min(
  ...[...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize)
    * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width)))"""


def test_words_in_a_picture_have_11_pixels_on_a_narrow_page(browser, page_html):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_content(page_html)
    assert min(page.evaluate(SMALLEST)) >= 11
    page.close()


@pytest.mark.parametrize("width", [360, 640])
def test_nothing_is_wider_than_the_page(browser, page_html, width):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(page_html)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_the_script_is_small():
    assert len(gzip.compress(bundle_page_script("frames.js").encode(), mtime=0)) < 1000
