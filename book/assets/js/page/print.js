/** Unfold what is folded while the page is printed: paper does not unfold. */
export function unfoldForPrint() {
  addEventListener("beforeprint", () => {
    const folded = /** @type {NodeListOf<HTMLDetailsElement>} */ (
      document.querySelectorAll("details:not([open])")
    );
    for (const fold of folded) {
      fold.open = true;
      addEventListener("afterprint", () => (fold.open = false), { once: true });
    }
  });
}
