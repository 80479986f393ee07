/** The samples of a replay, fetched a minute at a time and as needed. */

import { readParts } from "./parts.js";
import { partAt } from "./timeline.js";

/** @typedef {import("./parts.js").Sample} Sample */

export class Reel {
  #address;
  #atATime;
  /** @type {Map<number, Promise<Sample[]>>} */
  #asked = new Map();
  /** @type {Map<number, Sample[]>} */
  #here = new Map();

  /**
   * @param {string} address of the parts
   * @param {{parts_s: number[], parts_at_a_time: number, start_s: number, ends_s: number}} content
   */
  constructor(address, content) {
    this.#address = address;
    this.#atATime = content.parts_at_a_time;
    this.parts_s = content.parts_s;
    this.start_s = content.start_s;
    this.begins_s = content.parts_s[0];
    this.ends_s = content.ends_s;
  }

  /** @param {number} t_s @returns {Sample[] | null} the samples around a time, if loaded */
  loaded(t_s) {
    return this.#here.get(this.#stretch(t_s)) ?? null;
  }

  /** Fetch the samples around a time, then prefetch the next ones. @param {number} t_s @returns {Promise<Sample[]>} */
  async load(t_s) {
    const stretch = this.#stretch(t_s);
    const samples = await this.#fetchOnce(stretch);
    if ((stretch + 1) * this.#atATime < this.parts_s.length) void this.#fetchOnce(stretch + 1).catch(() => undefined);
    return samples;
  }

  /** @param {number} t_s */
  #stretch(t_s) {
    return Math.floor(partAt(this.parts_s, t_s) / this.#atATime);
  }

  /** @param {number} stretch */
  #fetchOnce(stretch) {
    let asked = this.#asked.get(stretch);
    if (!asked) {
      asked = this.#fetch(stretch);
      asked.catch(() => this.#asked.delete(stretch)); // allow another try
      this.#asked.set(stretch, asked);
    }
    return asked;
  }

  /** @param {number} stretch */
  async #fetch(stretch) {
    const answer = await fetch(`${this.#address}?from=${stretch * this.#atATime}`);
    if (!answer.ok) throw new Error(`the replay cannot be fetched: ${answer.status}`);
    const samples = (await readParts(await answer.arrayBuffer())).flat();
    this.#here.set(stretch, samples);
    return samples;
  }
}
