/** Shows the rest: a ring that empties, a summary of the set, and what comes next. */

import { find, setText } from "./dom.js";
import { lastSeconds, restView } from "./rest.js";

/** More digits than this are drawn smaller, to fit into the ring. */
const LARGE = 2;

/** The section over the picture. */
export class Resting {
  #section;
  #ring;
  #digits;
  #go;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#section = find(body, ".rest");
    this.#ring = find(this.#section, ".ring");
    this.#digits = find(this.#section, "[data-testid=rest-digits]");
    this.#go = find(this.#section, "[data-action=start]");
  }

  /** @param {import("./state.js").State} state */
  render(state) {
    const view = restView(state);
    if (!view) return;
    setText(find(this.#section, "h2"), view.title);
    setText(this.#digits, view.digits);
    setText(find(this.#section, "[data-testid=rest-was]"), view.was);
    setText(find(this.#section, "[data-testid=rest-next]"), view.next);
    setText(find(this.#section, "[data-action=start] span"), view.go);
    this.#go.hidden = !view.go;
    this.#section.dataset.kind = state.rest?.last ? "last" : view.part === null ? "noticed" : "timed";
    this.#ring.classList.toggle("small", view.digits.length > LARGE);
    this.#ring.classList.toggle("soon", lastSeconds(state) !== null);
    this.#ring.style.setProperty("--part", (view.part ?? 0).toFixed(3));
  }
}
