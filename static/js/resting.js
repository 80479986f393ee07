/** The rest on the page: a ring that empties, what the set was, and what comes next. It reads the state alone. */

import { lastSeconds, restView } from "./rest.js";

/** Digits that are more than these are drawn smaller, to stay within the ring. */
const LARGE = 2;

/** One section over the picture. */
export class Resting {
  #section;
  #ring;
  #digits;
  #go;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#section = /** @type {HTMLElement} */ (body.querySelector(".rest"));
    this.#ring = this.#part(".ring");
    this.#digits = this.#part("[data-testid=rest-digits]");
    this.#go = this.#part("[data-action=start]");
  }

  /** @param {import("./state.js").State} state */
  render(state) {
    const view = restView(state);
    if (!view) return;
    write(this.#part("h2"), view.title);
    write(this.#digits, view.digits);
    write(this.#part("[data-testid=rest-was]"), view.was);
    write(this.#part("[data-testid=rest-next]"), view.next);
    write(this.#part("[data-action=start] span"), view.go);
    this.#go.hidden = !view.go;
    this.#section.dataset.kind = state.rest?.last ? "last" : view.part === null ? "noticed" : "timed";
    this.#ring.classList.toggle("small", view.digits.length > LARGE);
    this.#ring.classList.toggle("soon", lastSeconds(state) !== null);
    this.#ring.style.setProperty("--part", (view.part ?? 0).toFixed(3));
  }

  /** @param {string} selector */
  #part(selector) {
    const found = this.#section.querySelector(selector);
    if (!(found instanceof HTMLElement)) throw new Error(`the page lacks ${selector}`);
    return found;
  }
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
