/**
 * Do something once the page is parsed.
 *
 * @param {() => void} action
 */
export function whenParsed(action) {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", action);
  else action();
}
