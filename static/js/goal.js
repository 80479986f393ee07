/** The target and the body weight in the set-up, remembered only in this browser. */

import { find } from "./dom.js";
import { read, readJson, WEIGHT, write } from "./storage.js";
import { fieldsNote, inShort, target, weight_kg } from "./targets.js";

/** @param {string} exercise */
const key = (exercise) => `posecoach.target.${exercise}`;

/** One `<details>` in the set-up. */
export class Goal {
  #details;
  #short;
  #note;
  #usual;
  #kind;
  #key;
  #told;

  /**
   * @param {HTMLElement} body
   * @param {import("./wire.js").Target | null} asked the target in the address: shown, but not remembered
   */
  constructor(body, asked) {
    this.#details = /** @type {HTMLDetailsElement} */ (body.querySelector("[data-testid=goal]"));
    this.#short = find(this.#details, "summary");
    this.#note = find(this.#details, "[data-testid=goal-note]");
    this.#usual = this.#note.textContent ?? "";
    this.#kind = body.dataset.kind === "hold" ? /** @type {const} */ ("hold") : /** @type {const} */ ("reps");
    this.#key = key(body.dataset.exercise ?? "");
    const { amount = "", sets = "", rest = "" } = asked ? typed(asked) : remembered(this.#key);
    this.#fill({ amount, sets, rest, weight: read("localStorage", WEIGHT) });
    this.#told = JSON.stringify(this.wish);
    this.#show();
  }

  /** What `start` asks for. @returns {import("./wire.js").Wish} */
  get wish() {
    const fields = this.#fields();
    return { target: target(fields), body_kg: weight_kg(fields.weight) };
  }

  /** Handle a choice. @returns {boolean} whether anything changed */
  choose() {
    const { weight, ...fields } = this.#fields();
    write("localStorage", this.#key, target(fields) ? JSON.stringify(fields) : "");
    write("localStorage", WEIGHT, weight);
    this.#show();
    const before = this.#told;
    this.#told = JSON.stringify(this.wish);
    return this.#told !== before;
  }

  /** @returns {import("./targets.js").Fields} */
  #fields() {
    const value = (/** @type {import("./targets.js").Field} */ name) => this.#input(name).value;
    return { amount: value("amount"), sets: value("sets"), rest: value("rest"), weight: value("weight") };
  }

  /** @param {import("./targets.js").Fields} fields */
  #fill(fields) {
    for (const name of /** @type {const} */ (["amount", "sets", "rest", "weight"])) {
      this.#input(name).value = fields[name];
    }
  }

  #show() {
    const fields = this.#fields();
    this.#short.textContent = inShort(target(fields), this.#kind);
    this.#note.textContent = fieldsNote(fields, this.#kind, this.#usual);
  }

  /** @param {import("./targets.js").Field} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#details.querySelector(`[data-testid="goal-${name}"]`));
  }
}

/** @param {import("./wire.js").Target} asked */
function typed({ amount, sets, rest_s }) {
  return { amount: String(amount), sets: sets ? String(sets) : "", rest: String(rest_s) };
}

/** @param {string} name @returns {Partial<import("./targets.js").Fields>} */
function remembered(name) {
  return readJson("localStorage", name) ?? {};
}
