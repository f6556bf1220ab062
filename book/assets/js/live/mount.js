// A live explorer on a page or in a notebook: its controls, its picture, and the run they steer.
import { addDragHandles, movePoint } from "./drag-handles.js";
import { pathsOf } from "./draw.js";
import { formatNumber } from "./format.js";
import { linkedRun, linkTo } from "./link.js";
import { Loop } from "./loop.js";
import { readingOf } from "./reading.js";
import { Run } from "./run.js";

const FORBIDDEN =
  "This site's Content-Security-Policy forbids the code that trains: it lacks 'unsafe-eval'.";

/**
 * Bring a figure made by nnbook.explorers.live to life.
 *
 * @param {HTMLElement} figure
 */
export function mount(figure) {
  const explorer = new LiveExplorer(figure);
  explorer.listen();
  const linked = linkedRun(explorer.description.name, location.search);
  if (linked) explorer.follow(linked);
  else if (figure.hasAttribute("data-undrawn")) explorer.act(() => {});
  explorer.find(".controls").hidden = false;
  return explorer;
}

class LiveExplorer {
  /** @param {HTMLElement} figure */
  constructor(figure) {
    this.figure = figure;
    /** @type {import("./types.js").Description} */
    this.description = JSON.parse(this.find("script").textContent ?? "");
    this.slider = /** @type {HTMLInputElement} */ (this.find(".rate"));
    this.selects = [...figure.querySelectorAll("select")];
    this.seed = this.description.seed;
    this.eta = 10 ** Number(this.slider.value);
    /** @type {Run | undefined} made when it is first needed: a page opens as fast as text */
    this.run = undefined;
    this.loop = new Loop({
      pace: this.description.pace,
      step: () => {
        this.run?.step();
        return this.run?.isOver === false;
      },
      show: () => this.#show(),
    });
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement}
   */
  find(selector) {
    return /** @type {HTMLElement} */ (this.figure.querySelector(selector));
  }

  /**
   * @param {string} name
   * @returns {HTMLElement | null}
   */
  #button(name) {
    return this.figure.querySelector(`[data-act=${name}]`);
  }

  /** The indices of the chosen options. */
  get #choice() {
    return this.selects.map((select) => select.selectedIndex);
  }

  /**
   * Do something with the run, which is made first if need be, and show the result.
   *
   * @param {(run: Run) => void} change
   */
  act(change) {
    try {
      this.run ??= new Run(this.description, this.#choice, this.seed, this.eta);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      this.find(".reading").textContent = FORBIDDEN;
      return;
    }
    change(this.run);
    this.#show();
  }

  /** @param {boolean} [isRunning] whether the run then goes on by itself */
  #restart(isRunning = false) {
    this.loop.stop();
    this.find("[role=status]").textContent = "";
    this.act((run) => {
      run.seed = this.seed;
      run.reset();
      if (isRunning) this.loop.start();
    });
  }

  #toggle() {
    this.act((run) => {
      if (this.loop.isRunning || run.isOver) this.loop.stop();
      else this.loop.start();
    });
  }

  #step() {
    this.loop.stop();
    this.act((run) => run.step());
  }

  #newSeed() {
    this.seed += 1;
    this.#restart();
  }

  /** Begin again with the chosen options. */
  #choose() {
    this.run = undefined;
    this.#restart();
  }

  /**
   * Take a learning rate for the next step; the run goes on.
   *
   * @param {number} eta
   */
  setRate(eta) {
    this.eta = eta;
    this.act((run) => {
      run.eta = eta;
    });
    const reading = this.find(".reading").textContent;
    this.slider.setAttribute("aria-valuetext", `${formatNumber(eta)}. ${reading}`);
  }

  /**
   * Move the start, from which the run begins again, or a point, and the run goes on.
   *
   * @param {number} index
   * @param {import("./types.js").Point} point
   */
  #drag(index, point) {
    this.act((run) => movePoint(this.description, run, index, point));
    if (this.description.drag?.kind === "start") this.#restart(this.loop.isRunning);
  }

  /**
   * Start the run of a link. Options and rates that are not offered are left out.
   *
   * @param {import("./link.js").LinkedRun} linked
   */
  follow({ seed, eta, choice }) {
    if (eta > 0) this.slider.value = `${Math.log10(eta)}`;
    this.eta = 10 ** Number(this.slider.value);
    this.seed = seed;
    choice.forEach((index, i) => {
      if (this.selects[i]?.options[index]) this.selects[i].selectedIndex = index;
    });
    this.#restart();
  }

  /** Draw where the run is, and write it under the picture. */
  #show() {
    const run = /** @type {Run} */ (this.run);
    const values = run.values();
    for (const [artist, path] of Object.entries(pathsOf(run, values))) {
      this.find(`[data-artist="${artist}"]`).setAttribute("d", path);
    }
    const reading = readingOf(run, values);
    this.find(".reading").textContent = reading;
    if (run.isOver) this.find("[role=status]").textContent = reading;
    this.#showControls(run, reading);
  }

  /**
   * @param {Run} run
   * @param {string} reading
   */
  #showControls(run, reading) {
    const { seed, loop } = this;
    const choice = this.#choice;
    const eta = formatNumber(run.eta);
    this.find(".value").textContent = eta;
    // A reading that changes by itself must not be read out again and again.
    if (!loop.isRunning) this.slider.setAttribute("aria-valuetext", `${eta}. ${reading}`);
    for (const name of ["run", "step"]) {
      this.#button(name)?.setAttribute("aria-disabled", `${run.isOver}`);
    }
    /** @type {HTMLElement} */ (this.#button("run")).textContent = loop.isRunning ? "Pause" : "Run";
    const seedText = this.find(".seed");
    if (seedText) seedText.textContent = `${seed}`;
    const link = linkTo(this.description.name, { seed, eta: run.eta, choice }, this.figure.id);
    this.find(".run-link")?.setAttribute("href", link);
  }

  /** Connect the controls, the keys, the handles, and what tells whether the figure is in view. */
  listen() {
    const actions = {
      run: () => this.#toggle(),
      step: () => this.#step(),
      reset: () => this.#restart(),
      seed: () => this.#newSeed(),
    };
    for (const [name, action] of Object.entries(actions)) {
      this.#button(name)?.addEventListener("click", action);
    }
    this.slider.addEventListener("input", () => this.setRate(10 ** Number(this.slider.value)));
    for (const select of this.selects) select.addEventListener("change", () => this.#choose());
    this.figure.addEventListener("keydown", (event) => {
      const isTyping = event.target instanceof HTMLSelectElement;
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.toLowerCase() === "r") this.#restart();
    });
    // A busy page reports several changes at once; the last one is how it is now.
    new IntersectionObserver((changes) => {
      this.loop.setVisible(/** @type {any} */ (changes.at(-1)).isIntersecting);
    }).observe(this.figure);
    document.addEventListener("visibilitychange", () => this.loop.request());
    const svg = this.figure.querySelector("svg");
    if (svg && this.description.drag) {
      addDragHandles(svg, this.description, (index, point) => this.#drag(index, point));
    }
  }
}
