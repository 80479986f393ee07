/** The target and the body weight in the set-up, remembered only in this browser. */

import { find, setAttribute, setText } from "./dom.js";
import { read, readJson, WEIGHT, write } from "./storage.js";
import { inShort, mistakes, target, weight_kg } from "./targets.js";

const FIELDS = /** @type {const} */ (["amount", "sets", "rest", "weight"]);

/** @param {string} exercise */
const key = (exercise) => `posecoach.target.${exercise}`;

/** One `<details>` in the set-up. */
export class Goal {
  #details;
  #short;
  #note;
  #usual;
  #kind;
  #limits;
  #key;
  #told;

  /**
   * @param {HTMLElement} body
   * @param {ReturnType<typeof import("./targets.js").targetIn>} asked in the address: shown, but not remembered
   */
  constructor(body, asked) {
    this.#details = /** @type {HTMLDetailsElement} */ (body.querySelector("[data-testid=goal]"));
    this.#short = find(this.#details, "summary");
    this.#note = find(this.#details, "[data-testid=goal-note]");
    this.#usual = this.#note.textContent ?? "";
    this.#kind = body.dataset.kind === "hold" ? /** @type {const} */ ("hold") : /** @type {const} */ ("reps");
    this.#key = key(body.dataset.exercise ?? "");
    this.#limits = this.#read(({ min, max }) => /** @type {[number, number]} */ ([Number(min), Number(max)]));
    const { amount = "", sets = "", rest = "" } = asked ?? recall(this.#key);
    this.#fill({ amount, sets, rest, weight: read("localStorage", WEIGHT) });
    this.#told = JSON.stringify(this.wish);
    this.#show();
    this.#details.addEventListener("change", () => this.#show());
  }

  /** What `start` asks for. @returns {import("./wire.js").Wish} */
  get wish() {
    const fields = this.#fields();
    return { target: target(fields, this.#limits), body_kg: weight_kg(fields.weight, this.#limits.weight) };
  }

  /** Handle a choice. @returns {boolean} whether anything changed */
  choose() {
    const { weight, ...fields } = this.#fields();
    write("localStorage", this.#key, target(fields, this.#limits) ? JSON.stringify(fields) : "");
    write("localStorage", WEIGHT, weight_kg(weight, this.#limits.weight) === null ? "" : weight);
    this.#show();
    const before = this.#told;
    this.#told = JSON.stringify(this.wish);
    return this.#told !== before;
  }

  /** @returns {import("./targets.js").Fields} */
  #fields() {
    // What is no number the browser keeps to itself.
    return this.#read(({ value, validity }) => (validity.badInput ? "?" : value));
  }

  /** @template T @param {(input: HTMLInputElement) => T} of @returns {Record<import("./targets.js").Field, T>} */
  #read(of) {
    const each = (/** @type {import("./targets.js").Field} */ name) => of(this.#input(name));
    return { amount: each("amount"), sets: each("sets"), rest: each("rest"), weight: each("weight") };
  }

  /** @param {import("./targets.js").Fields} fields */
  #fill(fields) {
    for (const name of FIELDS) this.#input(name).value = fields[name];
  }

  #show() {
    const fields = this.#fields();
    const wrong = mistakes(fields, this.#kind, this.#limits);
    for (const name of FIELDS) setAttribute(this.#input(name), "aria-invalid", String(name in wrong));
    const valid = Object.keys(wrong).every((name) => name === "weight");
    setText(this.#short, valid ? inShort(target(fields, this.#limits), this.#kind) : "Target: not valid");
    setText(this.#note, Object.values(wrong).join(" ") || this.#usual);
  }

  /** @param {import("./targets.js").Field} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.#details.querySelector(`[data-testid="goal-${name}"]`));
  }
}

/** @param {string} name @returns {Partial<import("./targets.js").Fields>} */
function recall(name) {
  return readJson("localStorage", name) ?? {};
}
