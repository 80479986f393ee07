/** The summary: what is touched among bars or rows is marked in both; its link is copied and sent. */

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

/**
 * Offer what this browser can do with the link; without any of it the field is there to be copied from.
 *
 * @param {Document} page
 */
function offer(page) {
  const field = page.querySelector("[data-testid='share-link']");
  if (!(field instanceof HTMLInputElement)) return;
  field.addEventListener("focus", () => field.select());
  // Neither is there on a page without https, whatever the types say.
  if (navigator.clipboard !== undefined) {
    on(page, "copy", () => navigator.clipboard.writeText(field.value).then(() => say(page, "Copied.")));
  }
  if (navigator.share !== undefined) on(page, "send", () => navigator.share({ title: page.title, url: field.value }));
}

/** @param {Document} page @param {string} action @param {() => Promise<void>} act */
function on(page, action, act) {
  const button = page.querySelector(`[data-action='${action}']`);
  if (!(button instanceof HTMLElement)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    act().catch((/** @type {unknown} */ problem) => {
      if (problem instanceof DOMException && problem.name === "AbortError") return; // the person thought again
      say(page, "This browser does not allow it: copy the link from the field.");
    });
  });
}

/** @param {Document} page @param {string} text */
function say(page, text) {
  const said = page.querySelector("[data-testid='share-said']");
  if (said) said.textContent = text;
}

join(document);
offer(document);
