/**
 * Spoken counts and cues: off until asked for, then on for this tab, so that it goes on with the next exercise. Nothing
 * is queued: what is late is not worth saying.
 */

import { read, write } from "./storage.js";

const KEY = "posecoach.voice";

export class Voice {
  #available;

  constructor() {
    this.#available = "speechSynthesis" in window;
    this.on = this.#available && read("sessionStorage", KEY) === "on";
  }

  /** @returns {boolean} whether it speaks now */
  toggle() {
    this.on = this.#available && !this.on;
    write("sessionStorage", KEY, this.on ? "on" : "");
    if (this.#available && !this.on) speechSynthesis.cancel();
    return this.on;
  }

  /** @param {string} text */
  say(text) {
    if (!this.on) return;
    speechSynthesis.cancel();
    speechSynthesis.speak(Object.assign(new SpeechSynthesisUtterance(text), { lang: "en", rate: 1.1 }));
  }
}
