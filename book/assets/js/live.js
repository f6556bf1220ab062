// The script of pages with live explorers.
import { mount } from "./live/mount.js";
import { whenParsed } from "./when-parsed.js";

whenParsed(() => {
  const figures = document.querySelectorAll("figure.explorer.live");
  for (const figure of figures) mount(/** @type {HTMLElement} */ (figure));
});
