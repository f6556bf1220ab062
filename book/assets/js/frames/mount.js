// An explorer whose frames were all made beforehand: sliders change a few attributes of a picture.

/**
 * What nnbook.explorers sends with it, as JSON. A list with repetitions is [distinct values, index
 * for each frame].
 *
 * @typedef {object} Frames
 * @property {string[][]} texts for each slider, its values as they are read
 * @property {[string, string, string[], number[]][]} tracks part, attribute ("" is the text), list
 * @property {[string[], number[]]} readings
 */

const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

/**
 * Bring a figure made by nnbook.explorers.frames to life.
 *
 * @param {HTMLElement} figure
 */
export function mount(figure) {
  const explorer = new FramesExplorer(figure);
  explorer.listen();
  /** @type {HTMLElement} */ (figure.querySelector(".controls")).hidden = false;
}

class FramesExplorer {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    this.sliders = /** @type {HTMLInputElement[]} */ ([
      ...figure.querySelectorAll('input[type="range"]'),
    ]);
    this.values = [...figure.querySelectorAll(".value")];
    this.reading = /** @type {Element} */ (figure.querySelector(".reading"));
    this.playButton = /** @type {HTMLElement | null} */ (figure.querySelector("[data-play]"));
    /** @type {Record<string, Element>} */
    this.parts = {};
    for (const part of figure.querySelectorAll("[data-part]")) {
      this.parts[/** @type {SVGElement} */ (part).dataset.part ?? ""] = part;
    }
    /** @type {Frames | undefined} */
    this.frames = undefined;
    this.shown = -1;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
  }

  /** The number of the frame that the sliders choose: the last slider turns fastest. */
  get #frame() {
    return this.sliders.reduce((n, slider) => n * (+slider.max + 1) + +slider.value, 0);
  }

  #show() {
    // Parsed only when someone moves something: a page with many explorers opens as fast as text.
    this.frames ??= /** @type {Frames} */ (
      JSON.parse(this.figure.querySelector("script")?.textContent ?? "")
    );
    const { frames } = this;
    const frame = this.#frame;
    if (frame === this.shown) return;
    this.shown = frame;
    for (const [part, attribute, distinct, index] of frames.tracks) {
      const value = distinct[index[frame]];
      if (attribute) this.parts[part].setAttribute(attribute, value);
      else this.parts[part].textContent = value;
    }
    const [sentences, which] = frames.readings;
    const reading = sentences[which[frame]];
    this.reading.textContent = reading;
    this.sliders.forEach((slider, i) => {
      const text = frames.texts[i][+slider.value];
      this.values[i].textContent = text;
      slider.setAttribute("aria-valuetext", `${text}. ${reading}`);
    });
  }

  #pause() {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.playButton) this.playButton.textContent = "Play";
  }

  /** @param {HTMLElement} button */
  #play(button) {
    const slider = this.sliders[Number(button.dataset.play)];
    const step = () => {
      slider.value = `${+slider.value + 1}`;
      this.#show();
      if (+slider.value === +slider.max) this.#pause();
    };
    button.textContent = "Pause";
    this.timer = setInterval(step, Number(button.dataset.beat) * (reducedMotion.matches ? 2 : 1));
    if (+slider.value < +slider.max) return step();
    slider.value = "0"; // at its end the story begins again
    this.#show();
  }

  listen() {
    for (const slider of this.sliders) {
      slider.addEventListener("input", () => {
        this.#pause();
        this.#show();
      });
    }
    const button = this.playButton;
    if (!button) return;
    button.addEventListener("click", () => (this.timer ? this.#pause() : this.#play(button)));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#pause();
    });
  }
}
