/** The picker of pose engines: what the server offers, and which one was chosen in this browser. */

import { find } from "./dom.js";
import { about, pick } from "./engines.js";
import { read, write } from "./storage.js";

const KEY = "posecoach.engine";

/** The list in the set-up. */
export class Picker {
  #list;
  #note;
  #usual;
  #offers;
  #wish;

  /** @param {HTMLElement} body */
  constructor(body) {
    this.#list = /** @type {HTMLSelectElement} */ (body.querySelector("[data-testid=engine]"));
    this.#note = find(body, "[data-testid=engine-note]");
    this.#usual = this.#list.dataset.usual ?? "";
    this.#offers = [...this.#list.options].map(offer);
    this.#wish = read("localStorage", KEY);
    this.#show(pick(this.#offers, this.#wish, this.#usual));
    const other = this.#list.value !== this.#wish && this.#offers.some(({ name }) => name === this.#wish);
    if (other) this.#list.closest("details")?.setAttribute("open", "");
  }

  /** The engine to ask for; empty for the server's own. @returns {string} */
  get chosen() {
    return this.#list.value === this.#usual ? "" : this.#list.value;
  }

  /** Handle a choice from the list. */
  choose() {
    this.#wish = this.#list.value;
    write("localStorage", KEY, this.#wish);
    this.#show(this.#wish);
  }

  /** Replace a chosen engine that cannot be used here. */
  replace() {
    this.#show(pick(this.#offers, "", this.#usual, this.#list.value));
  }

  /** @param {string} name */
  #show(name) {
    this.#list.value = name;
    this.#note.textContent = about(this.#offers, this.#wish, name);
  }
}

/** @param {HTMLOptionElement} option @returns {import("./engines.js").Offer} */
function offer({ value, dataset: { title = "", lacks = "", depth, misses = "" } }) {
  return { name: value, title, lacks, depth: depth === "true", misses };
}
