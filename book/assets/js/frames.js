// The script of pages with explorers whose frames were made beforehand.
import { mount } from "./frames/mount.js";
import { whenParsed } from "./when-parsed.js";

whenParsed(() => {
  const figures = document.querySelectorAll("figure.explorer:not(.live)");
  for (const figure of figures) mount(/** @type {HTMLElement} */ (figure));
});
