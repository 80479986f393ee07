/** The dialog for choosing the workout's next exercise. */

import { find } from "./dom.js";
import { narrow } from "./narrow.js";

/** A list of links with a search field. */
export class Chooser {
  #dialog;
  #field;
  #none;
  #groups;
  /** The links that the search finds. @type {HTMLElement[]} */
  #shown = [];

  /**
   * @param {HTMLElement} body
   * @param {(address: string, exercise: string) => void} onChoice
   */
  constructor(body, onChoice) {
    this.#dialog = /** @type {HTMLDialogElement} */ (body.querySelector("dialog.next"));
    this.#field = /** @type {HTMLInputElement} */ (this.#dialog.querySelector("input"));
    this.#none = find(this.#dialog, "[data-testid=nothing-found]");
    this.#groups = this.#dialog.querySelectorAll("section");
    this.#field.addEventListener("input", () => this.#narrow());
    this.#dialog.addEventListener("keydown", (event) => this.#onKey(event));
    this.#dialog.addEventListener("click", (event) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#dialog.close();
      onChoice(link.href, link.dataset.exercise ?? "");
    });
  }

  open() {
    this.#field.value = "";
    this.#narrow();
    this.#dialog.showModal();
    // On a touch screen the keyboard would cover the list.
    if (window.matchMedia("(any-hover: hover)").matches) this.#field.focus();
  }

  #narrow() {
    this.#shown = narrow(this.#field, this.#groups, this.#none);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const shown = this.#shown;
    const at = shown.findIndex((link) => link === document.activeElement);
    if (event.key === "Enter" && event.target === this.#field) shown[0]?.click();
    else if (event.key === "ArrowDown") shown[Math.min(at + 1, shown.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (shown[at - 1] ?? this.#field).focus();
    else return;
    event.preventDefault();
  }
}
