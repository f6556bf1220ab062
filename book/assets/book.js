// Three small services; the page is whole without them.
(() => {
  // What scrolls sideways must be reachable by keyboard, and only then be a stop of the tab key.
  const reach = (box) => {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  };
  const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target)));
  const boxes = document.querySelectorAll("pre, .nn-eq-body, .table-wrapper, .output.text_html");
  boxes.forEach((box) => resized.observe(box));
  // A font that comes late changes what is in a box and not the box; what is not laid out can wait.
  const seen = (box) => box.checkVisibility?.({ contentVisibilityAuto: true });
  document.fonts.addEventListener("loadingdone", () => [...boxes].filter(seen).forEach(reach));

  // Sections out of sight have a guessed height until they are laid out: go on until it is settled.
  const arrive = (frames) => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !frames) return;
    const before = target.getBoundingClientRect().top;
    target.scrollIntoView();
    const moved = Math.abs(target.getBoundingClientRect().top - before) > 1;
    requestAnimationFrame(() => arrive(moved ? 4 : frames - 1));
  };
  addEventListener("hashchange", () => arrive(4));
  arrive(4);

  // Paper does not unfold.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not([open])")) {
      fold.open = true;
      addEventListener("afterprint", () => { fold.open = false; }, { once: true });
    }
  });
})();
