// Two small services; the page is whole without them.
(() => {
  // What scrolls sideways must be reachable by keyboard, and only then be a stop of the tab key.
  const reachable = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
      else target.removeAttribute("tabindex");
    }
  });
  for (const box of document.querySelectorAll("pre, .nn-eq-body, .table-wrapper")) {
    reachable.observe(box);
  }
  // Paper does not unfold.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details:not([open])")) {
      fold.open = true;
      addEventListener("afterprint", () => { fold.open = false; }, { once: true });
    }
  });
})();
