/** The summary: what is touched among bars or rows is marked in both. */

/** @param {Document} page */
function join(page) {
  /** @param {Event} event */
  const choose = ({ target }) => {
    const row = target instanceof Element ? target.closest("[data-row]")?.getAttribute("data-row") : null;
    for (const element of page.querySelectorAll("[data-row]")) {
      element.classList.toggle("chosen", row !== null && element.getAttribute("data-row") === row);
    }
  };
  page.addEventListener("pointerover", choose);
  page.addEventListener("click", choose);
}

join(document);
