/** The summary: bars, rows, charts and replay highlight the same repetition. */

import { lookBack } from "./looking_back.js";

/** The width at which the style sheets stack a table's rows. */
const STACKED = "(max-width: 560px)";

/**
 * @param {Document} page
 * @param {(key: string) => void} onTap called for a bar or a row
 * @returns {(key: string) => void} highlights a repetition in both
 */
function join(page, onTap) {
  /** @param {string} key */
  const choose = (key) => {
    for (const element of page.querySelectorAll("[data-row]")) {
      element.classList.toggle("chosen", element.getAttribute("data-row") === key);
    }
  };
  /** @param {Event} event */
  const keyOf = ({ target }) =>
    target instanceof Element ? (target.closest("[data-row]")?.getAttribute("data-row") ?? null) : null;
  for (const name of ["pointerover", "focusin"]) {
    page.addEventListener(name, (event) => {
      const key = keyOf(event);
      if (key) choose(key);
    });
  }
  page.addEventListener("click", (event) => {
    const key = keyOf(event);
    if (!key) return;
    choose(key);
    onTap(key);
  });
  return choose;
}

/** With a replay to show, a row's number becomes a button, for the keyboard. @param {Document} page */
function addButtons(page) {
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (page.querySelectorAll("tr[data-row]"))) {
    const [cell] = row.children;
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "to-replay", textContent: cell.textContent });
    button.setAttribute("aria-label", row.dataset.says ?? "");
    cell.replaceChildren(button);
  }
}

/** @type {(key: string) => void} */
let show = () => {};
const choose = join(document, (key) => show(key));
const place = document.querySelector("[data-content]");
if (place instanceof HTMLElement) {
  void lookBack(place, choose).then((shows) => {
    if (!shows) return;
    addButtons(document);
    show = shows;
  });
}

// On a phone every repetition is a block of its own: the list starts out closed.
if (matchMedia(STACKED).matches) {
  for (const numbers of document.querySelectorAll("details.numbers")) numbers.removeAttribute("open");
}

// Print what is folded away on the screen.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
