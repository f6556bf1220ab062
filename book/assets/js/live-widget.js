// The live explorer in JupyterLab: the module of the pages behind an anywidget model.
import { mount } from "./live/mount.js";

/**
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, listener: () => void) => void} on
 * @property {(event: string, listener: () => void) => void} off
 */

/**
 * Show the explorer, its learning rate synchronised with the model's `eta`. A slider linked with
 * `eta` takes the place of its own.
 *
 * @param {{ model: Model, el: HTMLElement }} context
 */
function render({ model, el }) {
  el.innerHTML = model.get("html");
  el.style.setProperty("--nn-paper", "var(--jp-layout-color0, #fff)"); // also in a dark theme
  el.querySelector(".run-link")?.remove(); // it leads to a page of the book
  const figure = /** @type {HTMLElement} */ (el.querySelector("figure"));
  figure.removeAttribute("id");
  const explorer = mount(figure);
  /** @type {HTMLElement} */ (explorer.slider.closest("label")).style.display = "none";
  // R and the arrow keys are for the explorer, not for JupyterLab's command mode, which looks at the
  // element with the focus.
  for (const control of figure.querySelectorAll("button, select, input")) {
    control.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  const take = () => explorer.setRate(model.get("eta"));
  take();
  model.on("change:eta", take);
  return () => {
    explorer.loop.stop();
    model.off("change:eta", take);
  };
}

export default { render };
