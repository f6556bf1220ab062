/** How many frames the target must stand still. */
const SETTLED = 4;

/**
 * Scroll to the anchor of the address until it stands still: sections out of sight have an estimated
 * height until they are laid out.
 */
export function followAnchors() {
  addEventListener("hashchange", () => arrive(SETTLED));
  arrive(SETTLED);
}

/** @param {number} frames how many are left */
function arrive(frames) {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target || !frames) return;
  const before = target.getBoundingClientRect().top;
  target.scrollIntoView();
  const moved = Math.abs(target.getBoundingClientRect().top - before) > 1;
  requestAnimationFrame(() => arrive(moved ? SETTLED : frames - 1));
}
