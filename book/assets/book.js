// Three small services; the page is whole without them.
(() => {
  // What scrolls sideways must be reachable by keyboard, and only then be a stop of the tab key.
  const reachable = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  const boxes = "pre, .nn-eq-body, .table-wrapper, .output.text_html";
  for (const box of document.querySelectorAll(boxes)) reachable.observe(box);

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
