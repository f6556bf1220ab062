const BOXES = "pre, .nn-eq-body, .table-wrapper, .output.text_html";

/** Let the keyboard reach the boxes that scroll sideways, and no others. */
export function watchScrollBoxes() {
  const boxes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(BOXES));
  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) setTabStop(/** @type {HTMLElement} */ (target));
  });
  for (const box of boxes) resized.observe(box);
  // A font that arrives late changes the content of a box and not its size. What is not laid out
  // yet can wait.
  document.fonts.addEventListener("loadingdone", () => {
    for (const box of boxes) {
      if (box.checkVisibility?.({ contentVisibilityAuto: true })) setTabStop(box);
    }
  });
}

/** @param {HTMLElement} box */
function setTabStop(box) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  else box.removeAttribute("tabindex");
}
